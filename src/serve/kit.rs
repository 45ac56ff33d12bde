//! The files for checking a notice, as they are served.

use std::collections::BTreeMap;

use askama::Template;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};

use super::ServeError;
use super::content::page_policy;
use super::finished::{Finished, HTML, TEXT, plain, put};
use super::tally::Counter;
use crate::design::Theme;
use crate::digest::Digest;
use crate::language::LanguageTag;
use crate::notice::{COVERAGE_PROOF, Edition, HOWTO_TXT, KIT_PATH, NOTICE_NOTE, NOTICE_TXT, VERIFY_HTML, manifest_of};
use crate::words::Words;

/// Every file of the kit, by its name.
pub fn kit(edition: &Edition, counter: &Counter) -> Result<BTreeMap<String, Finished>, ServeError> {
    edition.kit.iter().map(|(file, octets)| kit_file(edition, file, octets, counter.clone())).collect()
}

fn kit_file(edition: &Edition, file: &str, octets: &[u8], counter: Counter) -> Result<(String, Finished), ServeError> {
    if !is_plain_path(file) {
        return Err(ServeError::KitFile { edition: edition.id.clone(), file: crate::domain::excerpt(file) });
    }
    let mut finished = plain(StatusCode::OK, media_type(file, octets), Bytes::copy_from_slice(octets), counter);
    if finished.headers.get(CONTENT_TYPE).is_some_and(|media| media == HTML) {
        // `verify.html` works from disk alone: over http a browser does not let it check signatures, and the policy of this
        // response lets no script run. Nor should a page of the seized name say of itself that it is genuine.
        put(&mut finished.headers, CONTENT_DISPOSITION, "attachment");
    }
    Ok((file.to_owned(), finished))
}

/// A name that needs no escaping in an address or in HTML, so that there is one way to ask for it.
fn is_plain_path(file: &str) -> bool {
    file.split('/').all(|part| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    })
}

/// Whatever is text is shown as text: people read a signed note in the browser before they save it.
fn media_type(file: &str, octets: &[u8]) -> &'static str {
    match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => HTML,
        Some("json") => "application/json",
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("zip") => "application/zip",
        _ if std::str::from_utf8(octets).is_ok_and(|text| !text.contains('\0')) => TEXT,
        _ => "application/octet-stream",
    }
}

/// The page that lists them, in one language.
#[derive(Template)]
#[template(path = "kit.html")]
struct Index<'a> {
    colours: String,
    language: &'a LanguageTag,
    words: &'a Words,
    id: &'a str,
    verify_at: Option<String>,
    files: Vec<Listed<'a>>,
}

struct Listed<'a> {
    name: &'a str,
    address: String,
    /// `None` of a file that every name has for itself.
    content: Option<Content>,
    is_first: bool,
    /// Whether it is in English, whatever language the list is in.
    is_english: bool,
}

struct Content {
    size: String,
    digest: String,
}

/// The pages that list them, in the order of the edition's languages.
pub fn indexes(edition: &Edition, counter: &Counter) -> Result<Vec<Finished>, ServeError> {
    let page = |language: &LanguageTag| {
        let html =
            index(edition, language).map_err(|source| ServeError::KitIndex { edition: edition.id.clone(), source })?;
        let policy = page_policy(html.as_bytes());
        let mut finished = plain(StatusCode::OK, HTML, html.into(), counter.clone());
        put(&mut finished.headers, CONTENT_SECURITY_POLICY, &policy);
        put(&mut finished.headers, CONTENT_LANGUAGE, language.as_str());
        put(&mut finished.headers, VARY, "Accept-Language");
        Ok(finished)
    };
    edition.pages.keys().map(page).collect()
}

fn index(edition: &Edition, language: &LanguageTag) -> askama::Result<String> {
    // An agency's own page may be in a language for which there are no words.
    let words = Words::of(language).or_else(|_| Words::of(&edition.default_language));
    let words = words.map_err(|error| askama::Error::Custom(error.into()))?;
    Index {
        colours: Theme::default().style(),
        language,
        words,
        id: &edition.id,
        verify_at: manifest_of(edition).map(|manifest| manifest.verify_at),
        files: in_order(edition).map(|(name, octets)| Listed::of(words, name, octets)).collect(),
    }
    .render()
}

/// What a person needs first, and with which most have all that they need; the rest are for those who know what they look for.
const FIRST: [&str; 4] = [VERIFY_HTML, HOWTO_TXT, NOTICE_TXT, NOTICE_NOTE];

/// The files of the kit in the order in which they are listed. Each of the names that are sealed has a proof for itself.
fn in_order(edition: &Edition) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
    fn of_kit<'e>((name, octets): (&'e String, &'e Vec<u8>)) -> (&'e str, Option<&'e [u8]>) {
        (name, Some(octets))
    }
    let first = FIRST.iter().filter_map(|name| edition.kit.get_key_value(*name));
    let rest = edition.kit.iter().filter(|(name, _)| !FIRST.contains(&name.as_str()));
    let proof = edition.names.sealed.is_some().then_some((COVERAGE_PROOF, None));
    first.map(of_kit).chain(proof).chain(rest.map(of_kit))
}

impl<'a> Listed<'a> {
    fn of(words: &Words, name: &'a str, octets: Option<&[u8]>) -> Self {
        let content = octets.map(|octets| Content {
            size: words.size(octets.len().try_into().unwrap_or(u64::MAX)),
            digest: Digest::of(octets).hex(),
        });
        Self {
            name,
            address: format!("{KIT_PATH}{name}"),
            content,
            is_first: FIRST.contains(&name),
            is_english: [HOWTO_TXT, VERIFY_HTML].contains(&name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tally::Tally;
    use super::*;

    #[test]
    fn kit_files_have_plain_names_and_right_types() {
        for (file, octets, media) in [
            ("notice.txt", &b"notice"[..], TEXT),
            ("allowed_signers", b"police.example", TEXT),
            ("pages/en.html", b"<p>", HTML),
            ("coverage.json", b"{}", "application/json"),
            ("notice.sig", b"\xff\x00", "application/octet-stream"),
            ("notice.bin", b"a\0b", "application/octet-stream"),
        ] {
            assert!(is_plain_path(file));
            assert_eq!(media_type(file, octets), media, "{file}");
        }
        for file in ["", "/", "a/", "/a", "../a", ".a", "a b", "a%2e", "a?b", "<b>", "\u{fc}"] {
            assert!(!is_plain_path(file), "{file}");
        }
    }

    #[test]
    fn the_list_of_the_files_is_in_every_language_of_the_notice_and_may_have_its_own_styles() {
        let (mut editions, tally) = (crate::serve::sample::editions(), Tally::default());
        let edition = &mut editions[0];
        // No words come with the program for it.
        edition.pages.insert("tlh".parse().unwrap(), Vec::new());
        for name in [HOWTO_TXT, NOTICE_NOTE, VERIFY_HTML, "ncu.vkey"] {
            edition.kit.insert(name.to_owned(), name.into());
        }
        let pages = indexes(edition, &tally.requests(true, StatusCode::OK, None)).unwrap();
        assert_eq!(pages.len(), edition.pages.len());
        for (language, page) in edition.pages.keys().zip(&pages) {
            let html = std::str::from_utf8(&page.body).unwrap();
            let words = Words::of(language).or_else(|_| Words::of(&edition.default_language)).unwrap();
            assert!(html.contains(&format!("<html lang=\"{language}\" dir=\"{}\">", language.direction().html())));
            assert!(html.contains(&words.check) && html.contains(&words.check_files), "{language}");
            for (file, octets) in &edition.kit {
                assert!(html.contains(&format!("href=\"{KIT_PATH}{file}\"")), "{language}: {file}");
                assert!(html.contains(&Digest::of(octets).hex()), "{language}: {file}");
            }
            let link = format!("href=\"{KIT_PATH}");
            let listed = html.split(&link).skip(1).map(|rest| rest.split_once('"').unwrap().0);
            let listed: Vec<_> = listed.collect();
            assert_eq!(listed[..4], ["verify.html", "HOWTO.txt", "notice.txt", "notice.note"]);
            assert!(listed.len() == edition.kit.len() && listed[4..].is_sorted(), "{listed:?}");
            assert!(page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("style-src 'sha256-"));
        }
    }

    #[test]
    fn a_page_of_the_kit_is_saved_and_never_run_where_it_is_served() {
        let (edition, tally) = (&crate::serve::sample::editions()[0], Tally::default());
        let disposition = |file: &str| {
            let (_, finished) = kit_file(edition, file, b"<p>", tally.requests(true, StatusCode::OK, None)).unwrap();
            assert!(
                finished.headers[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"),
                "{file}"
            );
            finished.headers.get(CONTENT_DISPOSITION).map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(disposition("verify.html").as_deref(), Some("attachment"));
        assert_eq!(disposition("notice.txt"), None);
    }
}

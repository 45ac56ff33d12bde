//! The files for checking a notice, as they are served.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::ServeError;
use super::finished::{Finished, HTML, TEXT, plain, put};
use super::tally::Counter;
use crate::digest::Digest;
use crate::notice::{Edition, KIT_PATH};

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

/// The page that lists them.
pub fn kit_index(edition: &Edition) -> String {
    let lines: String = edition
        .kit
        .iter()
        .map(|(file, octets)| {
            format!("<li><a href=\"{KIT_PATH}{file}\">{file}</a> {} bytes, {}</li>\n", octets.len(), Digest::of(octets))
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Files for checking this notice</title>\n\
         <h1>Files for checking this notice</h1>\n<ul>\n{lines}</ul>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_SECURITY_POLICY;

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

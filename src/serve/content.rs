//! Finished responses, made once for each edition, language and encoding.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, LINK, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::encoding::Encoding;
use super::hosts::{HostName, HostTable};
use super::tally::{Counter, Tally};
use super::{Options, ServeError};
use crate::coverage::SealedNames;
use crate::digest::Digest;
use crate::language::LanguageTag;
use crate::notice::{Edition, KIT_PATH, STATUS_GONE};

const TEXT: &str = "text/plain; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// Let every crawler in: one that is kept out goes on showing the old page from its index, one that comes in sees 451.
const ROBOTS: &str = "User-agent: *\nDisallow:\n";

/// What takes the place of a seized site's service worker, which otherwise goes on showing the old site from its cache: it
/// empties the caches, signs itself off, and loads the open pages again, now from here.
const WORKER: &str = "\
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil((async () => {
  for (const key of await caches.keys()) await caches.delete(key);
  await self.registration.unregister();
  for (const client of await self.clients.matchAll({ type: 'window' })) await client.navigate(client.url);
})()));
";

/// One response, ready to be sent.
#[derive(Debug)]
pub struct Finished {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub counter: Counter,
}

/// One page in each encoding, in the order of [`Encoding::ALL`].
#[derive(Debug)]
pub struct Page {
    shown: [Finished; 3],
    /// The same page for other methods than GET and HEAD.
    not_allowed: [Finished; 3],
}

/// One edition's responses.
#[derive(Debug)]
pub struct Showing {
    pub default_language: LanguageTag,
    /// In the order of `pages`.
    pub languages: Vec<LanguageTag>,
    pages: Vec<Page>,
    pub kit: BTreeMap<String, Finished>,
    pub kit_index: Finished,
    pub security_txt: Finished,
    /// What proves that a name is covered, where the notice does not tell its names.
    sealed: Option<Arc<SealedNames>>,
    found: Counter,
}

/// Everything that a server says, and for whom.
#[derive(Debug)]
pub struct Site {
    pub hosts: HostTable,
    showings: Vec<Showing>,
    pub robots: Finished,
    pub favicon: Finished,
    pub worker: Finished,
    pub not_found: Finished,
    pub misdirected: Finished,
    pub bad_request: Finished,
    pub not_modified: Counter,
    pub clear_site_data: bool,
}

impl Page {
    /// The response in one encoding.
    pub fn shown(&self, encoding: Encoding) -> &Finished {
        pick(&self.shown, encoding)
    }

    /// The answer to a method that a notice does not have.
    pub fn not_allowed(&self, encoding: Encoding) -> &Finished {
        pick(&self.not_allowed, encoding)
    }
}

fn pick([identity, gzip, brotli]: &[Finished; 3], encoding: Encoding) -> &Finished {
    match encoding {
        Encoding::Identity => identity,
        Encoding::Gzip => gzip,
        Encoding::Brotli => brotli,
    }
}

impl Site {
    /// Makes everything ready.
    pub fn prepare(editions: &[Edition], options: &Options, tally: &Tally) -> Result<Self, ServeError> {
        let blocked_by = options.blocked_by.as_deref().map(blocked_by).transpose()?;
        let hosts = table(editions)?;
        let showings = editions.iter().map(|edition| Showing::prepare(edition, blocked_by.as_ref(), tally));
        let known = |status, media: &'static str, body: &'static str| {
            plain(status, media, Bytes::from_static(body.as_bytes()), tally.requests(true, status, None))
        };
        let stranger = |status, body: &'static str| {
            plain(status, TEXT, Bytes::from_static(body.as_bytes()), tally.requests(false, status, None))
        };
        Ok(Self {
            hosts,
            showings: showings.collect::<Result<_, _>>()?,
            robots: known(StatusCode::OK, TEXT, ROBOTS),
            favicon: empty(tally.requests(true, StatusCode::NO_CONTENT, None)),
            worker: worker(tally.requests(true, StatusCode::OK, None)),
            not_found: known(StatusCode::NOT_FOUND, TEXT, "Not found\n"),
            // Neutral, and without the name: whoever points a name at us gets no word that could be shown around.
            misdirected: stranger(StatusCode::MISDIRECTED_REQUEST, "Misdirected request\n"),
            bad_request: stranger(StatusCode::BAD_REQUEST, "Bad request\n"),
            not_modified: tally.requests(true, StatusCode::NOT_MODIFIED, None),
            clear_site_data: options.clear_site_data,
        })
    }

    /// The responses of one edition.
    pub fn showing(&self, edition: u16) -> Option<&Showing> {
        self.showings.get(usize::from(edition))
    }
}

fn table(editions: &[Edition]) -> Result<HostTable, ServeError> {
    let mut hosts = HostTable::default();
    for (index, edition) in editions.iter().enumerate() {
        let number = u16::try_from(index).map_err(|_| ServeError::TooManyNames)?;
        for name in &edition.names.hosts {
            hosts.insert(name, number)?;
        }
        for name in edition.names.subdomains_of() {
            hosts.insert_below(name, number)?;
        }
    }
    Ok(hosts)
}

impl Showing {
    fn prepare(edition: &Edition, blocked_by: Option<&HeaderValue>, tally: &Tally) -> Result<Self, ServeError> {
        let status = match edition.status {
            451 => StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS,
            200 => StatusCode::OK,
            STATUS_GONE => StatusCode::GONE,
            status => return Err(ServeError::Status { edition: edition.id.clone(), status }),
        };
        if !edition.pages.contains_key(&edition.default_language) {
            let language = edition.default_language.clone();
            return Err(ServeError::NoDefaultPage { edition: edition.id.clone(), language });
        }
        // RFC 7725 section 4: the link goes with a 451 and names who carries out the block.
        let blocked_by = blocked_by.filter(|_| edition.status == 451);
        let pages = edition.pages.iter().map(|(language, html)| page(status, language, html, blocked_by, tally));
        let found = tally.requests(true, StatusCode::OK, None);
        Ok(Self {
            default_language: edition.default_language.clone(),
            languages: edition.pages.keys().cloned().collect(),
            pages: pages.collect(),
            kit: kit(edition, &found)?,
            kit_index: plain(StatusCode::OK, HTML, kit_index(edition).into(), found.clone()),
            security_txt: plain(StatusCode::OK, TEXT, edition.security_txt.clone().into(), found.clone()),
            sealed: edition.names.sealed.clone(),
            found,
        })
    }

    /// The proof that a host is covered, made for this request: none of a million is kept.
    pub fn coverage_proof(&self, host: &HostName) -> Option<Finished> {
        let proof = self.sealed.as_ref()?.prove_within(host.as_str())?;
        Some(plain(StatusCode::OK, TEXT, proof.to_string().into(), self.found.clone()))
    }

    /// The page in a language that the edition has.
    pub fn page(&self, language: &LanguageTag) -> Option<&Page> {
        self.pages.get(self.languages.binary_search(language).ok()?)
    }
}

fn page(
    status: StatusCode,
    language: &LanguageTag,
    html: &[u8],
    blocked_by: Option<&HeaderValue>,
    tally: &Tally,
) -> Page {
    let policy = page_policy(html);
    let finish = |encoding: Encoding| {
        // An encoder that fails leaves the page as it is: the visitor must see it.
        let (token, body) = match encoding.encode(html) {
            Ok(body) => (encoding.token(), body),
            Err(_) => (None, html.to_vec()),
        };
        let mut page = plain(status, HTML, body.into(), tally.requests(true, status, Some(language)));
        put(&mut page.headers, CONTENT_SECURITY_POLICY, &policy);
        put(&mut page.headers, CONTENT_LANGUAGE, language.as_str());
        put(&mut page.headers, VARY, "Accept-Language, Accept-Encoding");
        page.headers.extend(token.map(|token| (CONTENT_ENCODING, HeaderValue::from_static(token))));
        page.headers.extend(blocked_by.map(|link| (LINK, link.clone())));
        page
    };
    let shown = Encoding::ALL.map(finish);
    let counter = tally.requests(true, StatusCode::METHOD_NOT_ALLOWED, Some(language));
    let not_allowed = shown.each_ref().map(|page| not_allowed(page, counter.clone()));
    Page { shown, not_allowed }
}

/// 405 with the notice in its body: somebody who sent a form to the seized site reads the same as everyone else.
fn not_allowed(page: &Finished, counter: Counter) -> Finished {
    let mut headers = page.headers.clone();
    headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    headers.remove(ETAG);
    Finished { status: StatusCode::METHOD_NOT_ALLOWED, headers, body: page.body.clone(), counter }
}

/// A response with what all have.
fn plain(status: StatusCode, media: &'static str, body: Bytes, counter: Counter) -> Finished {
    let mut headers = common();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    put(&mut headers, CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
    put(&mut headers, ETAG, &entity_tag(&body));
    Finished { status, headers, body, counter }
}

/// RFC 9110 section 15.3.5: no content, and so no length and no type.
fn empty(counter: Counter) -> Finished {
    Finished { status: StatusCode::NO_CONTENT, headers: common(), body: Bytes::new(), counter }
}

fn worker(counter: Counter) -> Finished {
    let body = Bytes::from_static(WORKER.as_bytes());
    let mut worker = plain(StatusCode::OK, "text/javascript; charset=utf-8", body, counter);
    // The old worker may have had a wider scope than its path; without this its update would be refused.
    let allowed = HeaderName::from_static("service-worker-allowed");
    worker.headers.insert(allowed, HeaderValue::from_static("/"));
    worker
}

/// There is no `Strict-Transport-Security` here: it would outlive the seizure and bind the site that gets its name back.
fn common() -> HeaderMap {
    let mut headers = HeaderMap::new();
    // RFC 7725 section 3 lets caches keep a 451. A court may order a name back at once; nobody may go on seeing the notice.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers
}

/// What goes in is ASCII that we wrote or checked; were it not, the header would be missing and the page still shown.
fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// RFC 9110 section 8.8.3, strong: half of the SHA-256 of exactly these octets.
fn entity_tag(body: &[u8]) -> String {
    let digits = Digest::of(body).hex();
    format!("\"{}\"", digits.get(..32).unwrap_or(&digits))
}

/// No script, no frame, no form, nothing from elsewhere; the page's own style by its digest. Pictures may stand in the page
/// or in the kit.
fn page_policy(html: &[u8]) -> String {
    let styles: String = styles(html).map(|style| format!(" 'sha256-{}'", style_digest(style))).collect();
    let styles = if styles.is_empty() { " 'none'" } else { &styles };
    format!(
        "default-src 'none'; style-src{styles}; img-src 'self' data:; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
}

/// CSP Level 3 section 6.7.2.3: SHA-256 of the element's text, in base64.
fn style_digest(style: &str) -> String {
    data_encoding::BASE64.encode(Digest::of(style).as_bytes())
}

/// The text of each `style` element.
fn styles(html: &[u8]) -> impl Iterator<Item = &str> {
    let mut rest = std::str::from_utf8(html).unwrap_or_default();
    std::iter::from_fn(move || {
        let (_, after) = split_at_tag(rest, "<style")?;
        let (_, text) = after.split_once('>')?;
        let (style, after) = split_at_tag(text, "</style")?;
        rest = after;
        Some(style)
    })
}

/// Cuts around the first `tag`, in any case.
fn split_at_tag<'a>(html: &'a str, tag: &str) -> Option<(&'a str, &'a str)> {
    let at = html.as_bytes().windows(tag.len()).position(|window| window.eq_ignore_ascii_case(tag.as_bytes()))?;
    Some((html.get(..at)?, html.get(at + tag.len()..)?))
}

/// `<https://police.example/>; rel="blocked-by"` (RFC 7725 section 4).
fn blocked_by(uri: &str) -> Result<HeaderValue, ServeError> {
    let refuse = || ServeError::BlockedBy { text: crate::domain::excerpt(uri) };
    let parsed: http::Uri = uri.parse().map_err(|_| refuse())?;
    if parsed.scheme().is_none() || parsed.host().is_none() || uri.contains(['<', '>', '"']) {
        return Err(refuse());
    }
    HeaderValue::from_str(&format!("<{uri}>; rel=\"blocked-by\"")).map_err(|_| refuse())
}

fn kit(edition: &Edition, counter: &Counter) -> Result<BTreeMap<String, Finished>, ServeError> {
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

fn kit_index(edition: &Edition) -> String {
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
    use super::*;

    #[test]
    fn the_policy_has_the_digest_of_each_style_and_no_other_source() {
        // echo -n 'p{}' | openssl dgst -sha256 -binary | base64
        let digest = style_digest("p{}");
        assert_eq!(digest, "gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y=");
        let policy = page_policy(b"<STYLE media=print>p{}</Style><style>\n</style ><p>");
        assert!(policy.contains(&format!("style-src 'sha256-{digest}' 'sha256-{}';", style_digest("\n"))), "{policy}");
        assert!(page_policy(b"<p>no style").contains("style-src 'none';"));
        assert!(page_policy(b"<style>never closed").contains("style-src 'none';"));
    }

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

    #[test]
    fn the_link_is_an_absolute_address() {
        assert_eq!(blocked_by("https://police.example/x").unwrap(), "<https://police.example/x>; rel=\"blocked-by\"");
        for text in ["", "police", "/x", "https://", "https://police.example/>x", "https://police.example/\r\nX: y"] {
            assert!(blocked_by(text).is_err(), "{text:?}");
        }
    }
}

//! Finished responses, made once for each edition, language and encoding.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, LINK, VARY};
use http::{HeaderValue, StatusCode};

use super::encoding::Encoding;
use super::finished::{Finished, HTML, TEXT, empty, not_allowed, plain, put, worker};
use super::hosts::{HostName, HostTable};
use super::kit::{indexes, kit};
use super::tally::{Counter, Tally};
use super::{Options, ServeError};
use crate::cores;
use crate::coverage::SealedNames;
use crate::digest::Digest;
use crate::language::LanguageTag;
use crate::notice::{Edition, STATUS_GONE};

/// Let every crawler in: one that is kept out goes on showing the old page from its index, one that comes in sees 451.
const ROBOTS: &str = "User-agent: *\nDisallow:\n";

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
    /// In the order of `pages`.
    kit_indexes: Vec<Finished>,
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
    let all = || editions.iter().map(|edition| &edition.names.hosts);
    let (names, octets) =
        (all().map(|hosts| hosts.iter().count()).sum(), all().map(|hosts| hosts.as_text().len()).sum());
    let mut hosts = HostTable::with_room(names, octets);
    for (index, edition) in editions.iter().enumerate() {
        let number = u16::try_from(index).map_err(|_| ServeError::TooManyNames)?;
        for name in edition.names.hosts.iter() {
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
        let found = tally.requests(true, StatusCode::OK, None);
        Ok(Self {
            default_language: edition.default_language.clone(),
            languages: edition.pages.keys().cloned().collect(),
            pages: pages(edition, status, blocked_by, tally),
            kit: kit(edition, &found)?,
            kit_indexes: indexes(edition, &found)?,
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

    /// The page that lists the kit's files, in a language that the edition has.
    pub fn kit_index(&self, language: &LanguageTag) -> Option<&Finished> {
        self.kit_indexes.get(self.languages.binary_search(language).ok()?)
    }
}

/// Every page, in the order of the languages. Compressing them takes most of the time of a start.
fn pages(edition: &Edition, status: StatusCode, blocked_by: Option<&HeaderValue>, tally: &Tally) -> Vec<Page> {
    let mut pages: Vec<Option<Page>> = edition.pages.iter().map(|_| None).collect();
    cores::each(edition.pages.iter().zip(&mut pages), |((language, html), place)| {
        *place = Some(page(status, language, html, blocked_by, tally));
    });
    pages.into_iter().flatten().collect()
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

/// No script, no frame, no form, nothing from elsewhere, not even from this server; the page's own styles by their digests,
/// pictures that stand in the page, and fonts where it brings some.
pub fn page_policy(html: &[u8]) -> String {
    let styles: String = styles(html).map(|style| format!(" 'sha256-{}'", style_digest(style))).collect();
    let styles = if styles.is_empty() { " 'none'" } else { &styles };
    let brings_fonts = html.windows(FONT.len()).any(|part| part.eq_ignore_ascii_case(FONT));
    let fonts = if brings_fonts { "font-src data:; " } else { "" };
    format!(
        "default-src 'none'; style-src{styles}; img-src data:; {fonts}\
         frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
}

/// How the address of a font begins that stands in the page.
const FONT: &[u8] = b"data:font/";

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
        assert!(
            page_policy(b"<style>@font-face{src:url(data:font/woff2;base64,AA)}</style>").contains(" font-src data:;")
        );
        for nothing in ["font-src", "'self'", "http", "script-src", "unsafe"] {
            assert!(!policy.contains(nothing), "{policy}");
        }
    }

    #[test]
    fn the_link_is_an_absolute_address() {
        assert_eq!(blocked_by("https://police.example/x").unwrap(), "<https://police.example/x>; rel=\"blocked-by\"");
        for text in ["", "police", "/x", "https://", "https://police.example/>x", "https://police.example/\r\nX: y"] {
            assert!(blocked_by(text).is_err(), "{text:?}");
        }
    }
}

//! The manifest: the text that agencies sign. It binds the pages to names, an order and a time.
//!
//! ```text
//! seizure-notice/v1
//! notice-id: harbour-light/main/2
//! issuer: police.example
//! order: District Court of Havn, 118/2026
//! domain: shop.example
//! domain: xn--bcher-kva.example
//! onion: 2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion
//! subdomains: yes
//! not-before: 2026-11-22T08:00:00Z
//! not-after: 2027-11-22T08:00:00Z
//! review: 2027-05-22T08:00:00Z
//! verify-at: https://police.example/notices/harbour-light
//! content: ar text/html sha256:… ar/index.html
//! content: en text/html sha256:… en/index.html
//! supersedes: harbour-light/main/1
//! ```
//!
//! Instead of `domain:` and `onion:` lines a notice may have one line `sealed: COUNT ROOT`: it covers that many names without
//! telling them, and each site serves the proof for its own ([`crate::coverage`]).
//!
//! One statement has one byte form: printable ASCII and line feeds, keys in this order, names and languages sorted, no empty
//! line. What is read must print to the same bytes or it is refused, so nothing can be hidden in how a notice is written.
//! Words in other scripts stand in the pages, whose digests are listed; only the order's name is percent-encoded.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::clock::UtcTime;
use crate::coverage::{CoverageError, CoverageProof, Seal};
use crate::digest::Digest;
use crate::domain::{DomainName, OnionName, excerpt};
use crate::language::LanguageTag;
use crate::playbook::Id;

/// The longest manifest that lists its names: about two thousand names of usual length, and still one screen of `less`
/// away from its end for the person who checks it.
pub const MANIFEST_MAX_BYTES: usize = 64 * 1024;

/// The first line.
const VERSION_LINE: &str = "seizure-notice/v1";

/// The media type of every page.
const PAGE_TYPE: &str = "text/html";

/// What a notice calls itself: `operation/notice/edition`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoticeId {
    /// The operation.
    pub operation: Id,
    /// The notice within it.
    pub notice: Id,
    /// The edition, from 1.
    pub edition: u32,
}

impl fmt::Display for NoticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.operation, self.notice, self.edition)
    }
}

impl FromStr for NoticeId {
    type Err = ManifestProblem;

    fn from_str(text: &str) -> Result<Self, ManifestProblem> {
        let mut parts = text.split('/');
        let mut next = || parts.next();
        let (operation, notice, edition) = (next(), next(), next());
        let id = |part: Option<&str>| part.and_then(Id::parse);
        let edition = edition.and_then(|digits| digits.parse().ok()).filter(|number| *number > 0);
        match (id(operation), id(notice), edition, next()) {
            (Some(operation), Some(notice), Some(edition), None) => Ok(Self { operation, notice, edition }),
            _ => Err(ManifestProblem::NoticeId { text: excerpt(text) }),
        }
    }
}

/// What a notice states. See the module's own page for its written form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its name.
    pub id: NoticeId,
    /// The domain from which the issuing agency speaks.
    pub issuer: DomainName,
    /// Who ordered it, and the order's reference.
    pub order: String,
    /// The names for which it may be shown.
    pub domains: BTreeSet<DomainName>,
    /// The onion services for which it may be shown.
    pub onions: BTreeSet<OnionName>,
    /// The names for which it may be shown and which it does not tell; then it lists none.
    pub sealed: Option<Seal>,
    /// Whether it may be shown for every name below its domains.
    pub subdomains: bool,
    /// Valid from this moment.
    pub not_before: UtcTime,
    /// Valid before this moment.
    pub not_after: UtcTime,
    /// When the order must be looked at again.
    pub review: Option<UtcTime>,
    /// Where the issuer says how to check the notice: an `https` address on its own domain.
    pub verify_at: String,
    /// The digest of each language's page, which is at `<language>/index.html`.
    pub pages: BTreeMap<LanguageTag, Digest>,
    /// The edition that this one replaces.
    pub supersedes: Option<NoticeId>,
}

/// A text is not a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the notice: {problem}")]
pub struct ManifestError {
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong there.
    #[source]
    pub problem: Box<ManifestProblem>,
}

/// What is wrong with one line of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestProblem {
    /// Larger than [`MANIFEST_MAX_BYTES`].
    #[error("the text has {bytes} bytes; a notice has at most {MANIFEST_MAX_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// An octet other than 0x20 to 0x7E and line feed.
    #[error("the octet 0x{octet:02x} is not printable ASCII")]
    Octet {
        /// The octet.
        octet: u8,
    },
    /// The last line has no end.
    #[error("the last line does not end in a line feed")]
    Unended,
    /// The first line is another.
    #[error("`{text}` is not `{VERSION_LINE}`: not a notice, or one of a later version")]
    Version {
        /// What stands there.
        text: String,
    },
    /// Another key is due.
    #[error("`{key}: ` is due here, not `{text}`")]
    Key {
        /// The key.
        key: &'static str,
        /// What stands there.
        text: String,
    },
    /// Lines after the last key.
    #[error("nothing follows `supersedes`, but here stands `{text}`")]
    Trailing {
        /// What stands there.
        text: String,
    },
    /// Not an identifier of a notice.
    #[error("`{text}` is not operation/notice/edition")]
    NoticeId {
        /// What stands there.
        text: String,
    },
    /// Not a name.
    #[error(transparent)]
    Domain(#[from] crate::domain::DomainError),
    /// Not an onion service.
    #[error(transparent)]
    Onion(#[from] crate::domain::OnionError),
    /// Not a moment.
    #[error(transparent)]
    Time(#[from] crate::clock::TimeError),
    /// Not a language.
    #[error(transparent)]
    Language(#[from] crate::language::LanguageError),
    /// Not a digest.
    #[error(transparent)]
    Digest(#[from] crate::digest::DigestError),
    /// The order is empty, or its percent-encoding is broken or not UTF-8.
    #[error("`{text}` is not the name of an order in percent-encoded UTF-8")]
    Order {
        /// What stands there.
        text: String,
    },
    /// Neither `yes` nor `no`.
    #[error("`{text}` is neither `yes` nor `no`")]
    YesOrNo {
        /// What stands there.
        text: String,
    },
    /// The address is not `https`, or not on the issuer's domain, so the issuer does not stand behind it.
    #[error("`{text}` is not an https address on {issuer}")]
    VerifyAt {
        /// What stands there.
        text: String,
        /// The issuer.
        issuer: DomainName,
    },
    /// Not `language text/html digest path`.
    #[error("`{text}` is not `LANGUAGE {PAGE_TYPE} sha256:DIGEST LANGUAGE/index.html`")]
    Content {
        /// What stands there.
        text: String,
    },
    /// Not a number of names and their root.
    #[error("`{text}` is not the number of sealed names and the root of their tree")]
    Seal {
        /// What stands there.
        text: String,
    },
    /// Names are listed and sealed: nobody could say which of the two a name needs.
    #[error("a notice lists its names or seals them, and not both")]
    ListedAndSealed,
    /// It covers nothing.
    #[error("the notice covers no name")]
    NoNames,
    /// It has no page.
    #[error("the notice has no page")]
    NoPages,
    /// It ends before it begins.
    #[error("the notice ends at {not_after}, which is not after its beginning")]
    Ends {
        /// The end.
        not_after: UtcTime,
    },
    /// It replaces itself, a later edition or another notice.
    #[error("edition {id} cannot replace {supersedes}")]
    Supersedes {
        /// This edition.
        id: NoticeId,
        /// What it says it replaces.
        supersedes: NoticeId,
    },
    /// Readable, but not in the one form that this statement has.
    #[error("this statement is written `{written}` here")]
    Form {
        /// The line as it must be.
        written: String,
    },
}

impl ManifestProblem {
    fn at(self, line: usize) -> ManifestError {
        ManifestError { line, problem: Box::new(self) }
    }
}

impl Manifest {
    /// Reads a manifest; refuses whatever does not print to the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let text = printable(bytes)?;
        let manifest = read(&mut Lines::new(text))?;
        let printed = manifest.to_string();
        if printed == text { Ok(manifest) } else { Err(first_difference(text, &printed)) }
    }

    /// Checks a manifest made from parts, by the same rules as one that is read.
    pub fn checked(self) -> Result<Self, ManifestError> {
        Self::parse(self.to_string().as_bytes())
    }

    /// Whether the notice lists `host`, written in any way a person or a browser writes names. Names below an onion service
    /// are never covered. A notice with sealed names lists none: see [`Manifest::covers_by`].
    pub fn covers(&self, host: &str) -> bool {
        if let Ok(onion) = host.parse::<OnionName>() {
            return self.onions.contains(&onion);
        }
        let Ok(name) = DomainName::parse(host) else { return false };
        self.domains.contains(&name) || (self.subdomains && self.covers_above(name))
    }

    /// Whether `proof` shows that `host` is among the sealed names, or below one where the notice covers those as well.
    ///
    /// # Errors
    ///
    /// The proof leads to another root, or the notice has no sealed names.
    pub fn covers_by(&self, host: &str, proof: &CoverageProof) -> Result<bool, CoverageError> {
        let seal = self.sealed.as_ref().ok_or(CoverageError::NoNames)?;
        proof.verify(seal)?;
        if let Ok(onion) = host.parse::<OnionName>() {
            return Ok(onion.to_string() == proof.name);
        }
        let Ok(name) = DomainName::parse(host) else { return Ok(false) };
        let Ok(covered) = DomainName::parse(&proof.name) else { return Ok(false) };
        Ok(name == covered || (self.subdomains && name.is_within(&covered)))
    }

    fn covers_above(&self, name: DomainName) -> bool {
        std::iter::successors(name.parent(), DomainName::parent).any(|ancestor| self.domains.contains(&ancestor))
    }

    /// Whether the notice is in force at `moment`.
    pub fn is_in_force(&self, moment: UtcTime) -> bool {
        self.not_before <= moment && moment < self.not_after
    }

    /// Every name it lists, onion services included, as browsers write hosts.
    pub fn hosts(&self) -> Vec<String> {
        self.domains.iter().map(ToString::to_string).chain(self.onions.iter().map(ToString::to_string)).collect()
    }

    /// Where a language's page is, below the notice's directory and on the web.
    pub fn page_path(language: &LanguageTag) -> String {
        format!("{language}/index.html")
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{VERSION_LINE}\nnotice-id: {}\nissuer: {}", self.id, self.issuer)?;
        writeln!(f, "order: {}", percent_encoded(&self.order))?;
        self.domains.iter().try_for_each(|name| writeln!(f, "domain: {name}"))?;
        self.onions.iter().try_for_each(|name| writeln!(f, "onion: {name}"))?;
        self.sealed.iter().try_for_each(|seal| writeln!(f, "sealed: {seal}"))?;
        writeln!(f, "subdomains: {}", if self.subdomains { "yes" } else { "no" })?;
        writeln!(f, "not-before: {}\nnot-after: {}", self.not_before, self.not_after)?;
        writeln!(f, "review: {}", OrNone(self.review.as_ref()))?;
        writeln!(f, "verify-at: {}", self.verify_at)?;
        for (language, digest) in &self.pages {
            writeln!(f, "content: {language} {PAGE_TYPE} {digest} {}", Self::page_path(language))?;
        }
        writeln!(f, "supersedes: {}", OrNone(self.supersedes.as_ref()))
    }
}

/// A value, or the word `none`.
struct OrNone<'a, T>(Option<&'a T>);

impl<T: fmt::Display> fmt::Display for OrNone<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str("none"),
        }
    }
}

/// The text, if it is short enough and of printable ASCII and line feeds only.
fn printable(bytes: &[u8]) -> Result<&str, ManifestError> {
    let line_of = |at: usize| 1 + bytes.iter().take(at).filter(|octet| **octet == b'\n').count();
    if bytes.len() > MANIFEST_MAX_BYTES {
        return Err(ManifestProblem::TooLarge { bytes: bytes.len() }.at(1));
    }
    let odd = bytes.iter().enumerate().find(|(_, octet)| !matches!(octet, b' '..=b'~' | b'\n'));
    if let Some((at, octet)) = odd {
        return Err(ManifestProblem::Octet { octet: *octet }.at(line_of(at)));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.ends_with('\n') => Ok(text),
        _ => Err(ManifestProblem::Unended.at(line_of(bytes.len()))),
    }
}

/// The lines of a manifest, taken one by one with their keys.
struct Lines<'a> {
    lines: std::iter::Peekable<std::str::Split<'a, char>>,
    number: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { lines: text.split('\n').peekable(), number: 0 }
    }

    fn next(&mut self) -> &'a str {
        self.number += 1;
        self.lines.next().unwrap_or_default()
    }

    /// The next line's value, read by `read`; its key must be `key`.
    fn value<T, E: Into<ManifestProblem>>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Result<T, ManifestError> {
        let line = self.next();
        let value = after_key(line, key).ok_or_else(|| ManifestProblem::Key { key, text: excerpt(line) });
        value.and_then(|value| read(value).map_err(Into::into)).map_err(|problem| problem.at(self.number))
    }

    /// The values of as many lines as have this key.
    fn values<T, E: Into<ManifestProblem>, C: Default + Extend<T>>(
        &mut self,
        key: &'static str,
        read: impl Fn(&'a str) -> Result<T, E>,
    ) -> Result<C, ManifestError> {
        let mut values = C::default();
        while self.lines.peek().is_some_and(|line| after_key(line, key).is_some()) {
            values.extend([self.value(key, &read)?]);
        }
        Ok(values)
    }

    fn end(&mut self) -> Result<(), ManifestError> {
        // After the last line feed comes an empty remainder, and nothing after that.
        let rest = self.next();
        if rest.is_empty() && self.lines.peek().is_none() {
            return Ok(());
        }
        Err(ManifestProblem::Trailing { text: excerpt(rest) }.at(self.number))
    }

    fn refuse(&self, problem: ManifestProblem) -> ManifestError {
        problem.at(self.number)
    }
}

fn after_key<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(": ")
}

fn read(lines: &mut Lines<'_>) -> Result<Manifest, ManifestError> {
    let version = lines.next();
    if version != VERSION_LINE {
        return Err(lines.refuse(ManifestProblem::Version { text: excerpt(version) }));
    }
    let id: NoticeId = lines.value("notice-id", str::parse)?;
    let issuer = lines.value("issuer", DomainName::parse)?;
    let order = lines.value("order", percent_decoded)?;
    let domains: BTreeSet<_> = lines.values("domain", DomainName::parse)?;
    let onions: BTreeSet<_> = lines.values("onion", str::parse::<OnionName>)?;
    let sealed: Vec<Seal> = lines.values("sealed", sealed)?;
    let listed = !domains.is_empty() || !onions.is_empty();
    let sealed = match sealed.as_slice() {
        [] if !listed => {
            lines.next();
            return Err(lines.refuse(ManifestProblem::NoNames));
        }
        [] => None,
        [seal] if !listed => Some(*seal),
        _ => return Err(lines.refuse(ManifestProblem::ListedAndSealed)),
    };
    let subdomains = lines.value("subdomains", yes_or_no)?;
    let not_before = lines.value("not-before", str::parse)?;
    let not_after = lines.value("not-after", |text| end_after(text, not_before))?;
    let review = lines.value("review", |text| unless_none(text, str::parse))?;
    let verify_at = lines.value("verify-at", |text| address_of(text, &issuer))?;
    let pages: BTreeMap<_, _> = lines.values("content", content)?;
    if pages.is_empty() {
        lines.next();
        return Err(lines.refuse(ManifestProblem::NoPages));
    }
    let supersedes = lines.value("supersedes", |text| earlier_edition(text, &id))?;
    lines.end()?;
    #[rustfmt::skip]
    let manifest = Manifest {
        id, issuer, order, domains, onions, sealed, subdomains, not_before, not_after, review, verify_at, pages, supersedes,
    };
    Ok(manifest)
}

fn sealed(text: &str) -> Result<Seal, ManifestProblem> {
    text.parse().map_err(|_| ManifestProblem::Seal { text: excerpt(text) })
}

fn yes_or_no(text: &str) -> Result<bool, ManifestProblem> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(ManifestProblem::YesOrNo { text: excerpt(text) }),
    }
}

fn unless_none<T, E>(text: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Result<Option<T>, E> {
    if text == "none" { Ok(None) } else { read(text).map(Some) }
}

fn end_after(text: &str, not_before: UtcTime) -> Result<UtcTime, ManifestProblem> {
    let not_after: UtcTime = text.parse()?;
    if not_before < not_after { Ok(not_after) } else { Err(ManifestProblem::Ends { not_after }) }
}

/// An address that the issuer alone can answer for. Host, port and path are kept as they are written; user names, which could
/// make another host look like the issuer's, are refused with every other character that host names do not have.
fn address_of(text: &str, issuer: &DomainName) -> Result<String, ManifestProblem> {
    let host = text.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#', ':']).next().unwrap_or(rest));
    let on_issuer = host.and_then(|host| DomainName::parse(host).ok()).is_some_and(|host| host.is_within(issuer));
    if on_issuer && !text.contains([' ', '@', '\\', '"', '<', '>']) {
        return Ok(text.to_owned());
    }
    Err(ManifestProblem::VerifyAt { text: excerpt(text), issuer: issuer.clone() })
}

fn content(text: &str) -> Result<(LanguageTag, Digest), ManifestProblem> {
    let parts: Vec<&str> = text.split(' ').collect();
    let [language, PAGE_TYPE, digest, path] = parts.as_slice() else {
        return Err(ManifestProblem::Content { text: excerpt(text) });
    };
    let language: LanguageTag = language.parse()?;
    if *path != Manifest::page_path(&language) {
        return Err(ManifestProblem::Content { text: excerpt(text) });
    }
    Ok((language, digest.parse()?))
}

fn earlier_edition(text: &str, id: &NoticeId) -> Result<Option<NoticeId>, ManifestProblem> {
    let Some(former) = unless_none(text, str::parse::<NoticeId>)? else { return Ok(None) };
    if former.operation == id.operation && former.notice == id.notice && former.edition < id.edition {
        return Ok(Some(former));
    }
    Err(ManifestProblem::Supersedes { id: id.clone(), supersedes: former })
}

/// RFC 3986 section 2.1, for what is not printable ASCII and for the percent sign itself.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for octet in text.bytes() {
        if matches!(octet, b' '..=b'~') && octet != b'%' {
            encoded.push(char::from(octet));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{octet:02X}");
        }
    }
    encoded
}

fn percent_decoded(text: &str) -> Result<String, ManifestProblem> {
    let refuse = || ManifestProblem::Order { text: excerpt(text) };
    let mut octets = Vec::with_capacity(text.len());
    let mut pieces = text.split('%');
    octets.extend_from_slice(pieces.next().unwrap_or_default().as_bytes());
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2).ok_or_else(refuse)?;
        octets.extend(data_encoding::HEXUPPER.decode(digits.as_bytes()).map_err(|_| refuse())?);
        octets.extend_from_slice(rest.as_bytes());
    }
    let order = String::from_utf8(octets).map_err(|_| refuse())?;
    if order.trim().is_empty() { Err(refuse()) } else { Ok(order) }
}

fn first_difference(text: &str, printed: &str) -> ManifestError {
    let same = text.split('\n').zip(printed.split('\n')).take_while(|(found, written)| found == written).count();
    ManifestProblem::Form { written: excerpt(printed.split('\n').nth(same).unwrap_or_default()) }.at(same + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONION: &str = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion";

    fn good() -> String {
        format!(
            "seizure-notice/v1\n\
             notice-id: harbour-light/main/2\n\
             issuer: police.example\n\
             order: District Court of H%C3%A4fen, 118/2026\n\
             domain: shop.example\n\
             domain: xn--bcher-kva.example\n\
             onion: {ONION}\n\
             subdomains: yes\n\
             not-before: 2026-11-22T08:00:00Z\n\
             not-after: 2027-11-22T08:00:00Z\n\
             review: 2027-05-22T08:00:00Z\n\
             verify-at: https://www.police.example/notices/harbour-light\n\
             content: ar text/html {ar} ar/index.html\n\
             content: zh-Hans text/html {zh} zh-Hans/index.html\n\
             supersedes: harbour-light/main/1\n",
            ar = Digest::of("ar"),
            zh = Digest::of("zh"),
        )
    }

    fn parse(text: &str) -> Result<Manifest, ManifestError> {
        Manifest::parse(text.as_bytes())
    }

    #[test]
    fn a_manifest_says_what_it_says_and_prints_to_the_same_bytes() {
        let manifest = parse(&good()).unwrap();
        assert_eq!(manifest.to_string(), good());
        assert_eq!(manifest.order, "District Court of Häfen, 118/2026");
        assert_eq!(manifest.id.edition, 2);
        assert_eq!(manifest.domains.len(), 2);
        assert_eq!(manifest.pages.len(), 2);
        let first = good().replace("main/2", "main/1").replace("supersedes: harbour-light/main/1", "supersedes: none");
        assert_eq!(parse(&first).unwrap().supersedes, None);
        let open = good().replace("review: 2027-05-22T08:00:00Z", "review: none");
        assert_eq!(parse(&open).unwrap().review, None);
    }

    #[test]
    fn what_is_not_in_the_one_form_is_refused_at_its_line() {
        let names = format!("domain: shop.example\ndomain: xn--bcher-kva.example\nonion: {ONION}\n");
        let swapped = "domain: xn--bcher-kva.example\ndomain: shop.example\n";
        let cases: &[(&str, &str, usize, &str)] = &[
            ("seizure-notice/v1", "seizure-notice/v2", 1, "later version"),
            ("notice-id: harbour-light/main/2", "notice-id: harbour-light/main/0", 2, "operation/notice/edition"),
            ("notice-id: harbour-light/main/2", "notice-id: harbour-light/main/02", 2, "written"),
            ("notice-id: harbour-light/main/2", "notice-id: ../main/2", 2, "operation/notice/edition"),
            ("issuer: police.example", "issuer: Police.example", 3, "written `issuer: police.example`"),
            ("issuer: police.example", "issuer:police.example", 3, "`issuer: ` is due"),
            ("issuer: police.example\n", "", 3, "`issuer: ` is due"),
            ("%C3%A4", "%c3%a4", 4, "percent-encoded"),
            ("%C3%A4", "%C3", 4, "percent-encoded"),
            ("%C3%A4", "%41", 4, "written"),
            ("%C3%A4", "%", 4, "percent-encoded"),
            ("%C3%A4", "ä", 4, "0xc3"),
            ("order: District Court of H%C3%A4fen, 118/2026", "order:  ", 4, "percent-encoded"),
            ("domain: shop.example", "domain: shop.example.", 5, "written"),
            ("domain: shop.example", "domain: *.shop.example", 5, "host name"),
            ("domain: shop.example", "domain: SHOP.example", 5, "written"),
            ("domain: shop.example\n", "domain: shop.example\ndomain: shop.example\n", 6, "written"),
            ("domain: shop.example\ndomain: xn--bcher-kva.example\n", swapped, 5, "written"),
            ("domain: shop.example", &format!("domain: {ONION}"), 5, "onion"),
            (&format!("onion: {ONION}"), "onion: shop.example", 7, "onion name"),
            (&names, "", 5, "covers no name"),
            ("subdomains: yes", "subdomains: maybe", 8, "neither"),
            ("not-after: 2027-11-22T08:00:00Z", "not-after: 2026-11-22T08:00:00Z", 10, "not after its beginning"),
            ("not-after: 2027-11-22T08:00:00Z", "not-after: 2027-11-22", 10, "not a time"),
            ("review: 2027-05-22T08:00:00Z", "review: never", 11, "not a time"),
            ("https://www.police", "http://www.police", 12, "https address"),
            ("https://www.police.example/", "https://police.example.evil.test/", 12, "https address"),
            ("https://www.police.example/", "https://notpolice.example/", 12, "https address"),
            ("https://www.police.example/", "https://police.example@evil.test/", 12, "https address"),
            ("https://www.police.example/", "https://police.example:x@evil.test/", 12, "https address"),
            ("content: ar text/html", "content: ar text/plain", 13, "is not `LANGUAGE"),
            ("ar/index.html", "en/index.html", 13, "is not `LANGUAGE"),
            ("content: ar text/html", "content: AR text/html", 13, "is written `ar`"),
            ("supersedes: harbour-light/main/1", "supersedes: harbour-light/main/2", 15, "cannot replace"),
            ("supersedes: harbour-light/main/1", "supersedes: harbour-light/other/1", 15, "cannot replace"),
            ("supersedes: harbour-light/main/1\n", "supersedes: harbour-light/main/1", 15, "line feed"),
            ("supersedes: harbour-light/main/1\n", "supersedes: harbour-light/main/1\n\n", 16, "nothing follows"),
            ("supersedes: harbour-light/main/1\n", "supersedes: harbour-light/main/1\nx: y\n", 16, "nothing follows"),
            ("subdomains: yes\n", "\nsubdomains: yes\n", 8, "`subdomains: ` is due"),
            ("subdomains: yes\n", "subdomains: yes\r\n", 8, "0x0d"),
            ("subdomains: yes", "subdomains:\tyes", 8, "0x09"),
            ("subdomains: yes", "subdomains: yes\u{7f}", 8, "0x7f"),
        ];
        for (from, to, line, reason) in cases {
            let text = good().replacen(from, to, 1);
            assert_ne!(text, good(), "{from} is not in the example");
            match parse(&text) {
                Err(error) => assert!(error.line == *line && error.to_string().contains(reason), "{to}: {error}"),
                Ok(_) => panic!("{to} was accepted"),
            }
        }
        assert!(parse("").is_err());
        assert!(parse(&format!("\u{feff}{}", good())).is_err());
        let no_pages: String =
            good().lines().filter(|line| !line.starts_with("content")).map(|l| format!("{l}\n")).collect();
        assert_eq!(parse(&no_pages).unwrap_err(), ManifestProblem::NoPages.at(13));
    }

    #[test]
    fn a_manifest_too_long_to_be_read_is_refused() {
        let many: String = (0..4000).map(|n| format!("domain: name{n:05}.example\n")).collect();
        let text = good().replace("domain: shop.example\n", &many);
        assert!(matches!(*parse(&text).unwrap_err().problem, ManifestProblem::TooLarge { .. }));
    }

    #[test]
    fn a_name_is_covered_exactly_or_below_when_the_notice_says_so() {
        let below = parse(&good()).unwrap();
        let exact = parse(&good().replace("subdomains: yes", "subdomains: no")).unwrap();
        for (host, with_subdomains, without) in [
            ("shop.example", true, true),
            ("SHOP.example.", true, true),
            ("bücher.example", true, true),
            ("www.shop.example", true, false),
            ("a.b.c.xn--bcher-kva.example", true, false),
            ("myshop.example", false, false),
            ("example", false, false),
            ("", false, false),
            ("192.0.2.1", false, false),
            ("shop.example:443", false, false),
            (ONION, true, true),
            (&ONION.to_uppercase(), true, true),
            (&format!("www.{ONION}"), false, false),
        ] {
            assert_eq!(below.covers(host), with_subdomains, "{host} with subdomains");
            assert_eq!(exact.covers(host), without, "{host} without");
        }
    }

    #[test]
    fn a_notice_is_in_force_from_its_first_second_to_before_its_last() {
        let manifest = parse(&good()).unwrap();
        for (moment, in_force) in [
            ("2026-11-22T07:59:59Z", false),
            ("2026-11-22T08:00:00Z", true),
            ("2027-11-22T07:59:59Z", true),
            ("2027-11-22T08:00:00Z", false),
        ] {
            assert_eq!(manifest.is_in_force(moment.parse().unwrap()), in_force, "{moment}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_print_to_themselves(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(manifest) = Manifest::parse(&bytes) {
                prop_assert_eq!(manifest.to_string().into_bytes(), bytes);
            }
        }

        #[test]
        fn a_manifest_with_a_piece_replaced_is_refused_or_prints_to_itself(
            at in 0usize..900, cut in 0usize..40, piece in "[ -~\n]{0,20}"
        ) {
            let mut text = good();
            let at = at.min(text.len());
            let end = (at + cut).min(text.len());
            text.replace_range(at..end, &piece);
            if let Ok(manifest) = parse(&text) {
                prop_assert_eq!(manifest.to_string(), text);
            }
        }

        #[test]
        fn an_order_in_any_script_comes_back(order in "\\PC{1,60}") {
            if let Ok(back) = percent_decoded(&percent_encoded(&order)) {
                prop_assert_eq!(back, order);
            } else {
                prop_assert!(order.trim().is_empty());
            }
        }
    }
}

//! The manifest: the text that agencies sign. It binds the pages to names, an order and a time.
//!
//! ```text
//! seizure-notice/v1
//! notice-id: harbour-light/main/2
//! issuer: police.example
//! order: District Court of Havn, 118/2026
//! status: in-force
//! domain: shop.example
//! domain: xn--bcher-kva.example
//! onion: 2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion
//! returned: forum.example
//! subdomains: yes
//! not-before: 2026-12-01T09:00:00Z
//! not-after: 2027-11-22T08:00:00Z
//! review: 2027-05-22T08:00:00Z
//! verify-at: https://police.example/notices/harbour-light
//! content: ar text/html sha256:… ar/index.html
//! content: en text/html sha256:… en/index.html
//! supersedes: harbour-light/main/1 sha256:…
//! ```
//!
//! Instead of `domain:` and `onion:` lines a notice may have one line `sealed: COUNT ROOT`: it covers that many names without
//! telling them, and each site serves the proof for its own ([`crate::coverage`]). Names that such a notice returns stand under
//! a seal of their own, `returned-sealed: COUNT ROOT`.
//!
//! The life of a notice is its editions. A later one names every earlier one by the digest of its text, and replaces it from its
//! own `not-before` on. The last may say `status: withdrawn`: then the names that it lists are covered no more. A name that an
//! earlier edition covered and this one does not is `returned:`.
//!
//! One statement has one byte form: names and languages sorted, keys in this order ([`super::statement`]).

mod read;

pub(super) use read::{host, status};

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use super::statement::{OrNone, StatementError, StatementProblem, each_or_none, percent_encoded};
use crate::clock::UtcTime;
use crate::coverage::{CoverageError, CoverageProof, Seal};
use crate::digest::Digest;
use crate::domain::{DomainName, OnionName};
use crate::language::LanguageTag;
use crate::playbook::Id;

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
    type Err = StatementProblem;

    fn from_str(text: &str) -> Result<Self, StatementProblem> {
        let mut parts = text.split('/');
        let mut next = || parts.next();
        let (operation, notice, edition) = (next(), next(), next());
        let id = |part: Option<&str>| part.and_then(Id::parse);
        let edition = edition.and_then(|digits| digits.parse().ok()).filter(|number| *number > 0);
        match (id(operation), id(notice), edition, next()) {
            (Some(operation), Some(notice), Some(edition), None) => Ok(Self { operation, notice, edition }),
            _ => Err(StatementProblem::value(text, "operation/notice/edition")),
        }
    }
}

impl NoticeId {
    /// Whether both are editions of one notice.
    pub fn is_of_same(&self, other: &Self) -> bool {
        self.operation == other.operation && self.notice == other.notice
    }
}

/// What an edition says of the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It is shown for its names.
    InForce,
    /// It is shown no more: what it rested on has ended.
    Withdrawn,
}

impl Status {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::Withdrawn => "withdrawn",
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
    /// Who ordered it, and the order's reference; of an edition that is withdrawn, the decision that ended it.
    pub order: String,
    /// Whether it is in force or withdrawn.
    pub status: Status,
    /// The names for which it may be shown, or might until it was withdrawn.
    pub domains: BTreeSet<DomainName>,
    /// The onion services for which it may be shown.
    pub onions: BTreeSet<OnionName>,
    /// The names for which it may be shown and which it does not tell; then it lists none.
    pub sealed: Option<Seal>,
    /// The names that earlier editions covered and this one does not, as hosts are written.
    pub returned: BTreeSet<String>,
    /// Those of them that it does not tell.
    pub returned_sealed: Option<Seal>,
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
    /// The editions that this one replaces, each with the digest of its text: every earlier one that was signed.
    pub supersedes: BTreeMap<NoticeId, Digest>,
}

impl Manifest {
    /// Reads a manifest; refuses whatever does not print to the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        super::statement::parse(bytes, VERSION_LINE, read::manifest)
    }

    /// Checks a manifest made from parts, by the same rules as one that is read.
    pub fn checked(self) -> Result<Self, StatementError> {
        Self::parse(self.to_string().as_bytes())
    }

    /// The digest of its text, by which later editions name it.
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_string())
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

    /// Whether `host` was returned to its holder. A notice with sealed names tells none: see [`Manifest::returns_by`].
    pub fn returns(&self, host: &str) -> bool {
        read::host(host).is_ok_and(|host| self.returned.contains(&host))
    }

    /// Whether `proof` shows that `host` is among the sealed names that were returned.
    pub fn returns_by(&self, host: &str, proof: &CoverageProof) -> bool {
        let proven = |seal: &Seal| proof.verify(seal).is_ok();
        self.returned_sealed.as_ref().is_some_and(proven) && read::host(host).is_ok_and(|host| host == proof.name)
    }

    fn covers_above(&self, name: DomainName) -> bool {
        std::iter::successors(name.parent(), DomainName::parent).any(|ancestor| self.domains.contains(&ancestor))
    }

    /// Whether `moment` lies within its dates.
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
        writeln!(f, "order: {}\nstatus: {}", percent_encoded(&self.order), self.status.as_str())?;
        self.domains.iter().try_for_each(|name| writeln!(f, "domain: {name}"))?;
        self.onions.iter().try_for_each(|name| writeln!(f, "onion: {name}"))?;
        self.sealed.iter().try_for_each(|seal| writeln!(f, "sealed: {seal}"))?;
        self.returned.iter().try_for_each(|name| writeln!(f, "returned: {name}"))?;
        self.returned_sealed.iter().try_for_each(|seal| writeln!(f, "returned-sealed: {seal}"))?;
        writeln!(f, "subdomains: {}", if self.subdomains { "yes" } else { "no" })?;
        writeln!(f, "not-before: {}\nnot-after: {}", self.not_before, self.not_after)?;
        writeln!(f, "review: {}", OrNone(self.review.as_ref()))?;
        writeln!(f, "verify-at: {}", self.verify_at)?;
        for (language, digest) in &self.pages {
            writeln!(f, "content: {language} {PAGE_TYPE} {digest} {}", Self::page_path(language))?;
        }
        each_or_none(f, "supersedes", self.supersedes.iter().map(|(id, digest)| format!("{id} {digest}")))
    }
}

#[cfg(test)]
pub(super) mod tests;

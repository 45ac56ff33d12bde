//! The life of a notice after it was shown: amended, without some of its names, withdrawn.
//!
//! Editions lie in a site in rows. A row is what was drafted in one go: the first edition, and one more for each release step.
//! Whatever comes after goes on from all that was signed before: its editions have the next numbers, name the earlier ones by
//! their digests, and begin at a later moment. A row begins with an edition that no step releases, by which the rows are told
//! apart; so the site is the only memory that is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::edition::{AskedAgency, Draft, DraftError, agency, parties};
use super::manifest::{Manifest, NoticeId, Status};
use super::names::Names;
use super::page::withdrawn;
use super::security::security_txt;
use super::sign::NOTICE_TXT;
use super::site::Edition;
use crate::clock::UtcTime;
use crate::coverage::{CoverageError, SealedNames, Seed};
use crate::digest::Digest;
use crate::language::LanguageTag;
use crate::playbook::{Notice, Playbook};
use crate::words::Words;

/// The status of a page that stands for a notice no more (RFC 9110 section 15.5.11).
pub const STATUS_GONE: u16 = 410;

/// What was signed of a notice before the editions that are drafted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// Every edition, by the digest of its text.
    pub(super) editions: BTreeMap<NoticeId, Digest>,
    /// Every name that an edition has listed.
    told: BTreeSet<String>,
    /// Every name that an edition covered without telling it.
    sealed: BTreeSet<String>,
    /// The last edition.
    last: Option<(Manifest, Arc<Names>)>,
    /// When those begin that follow.
    pub(super) from: Option<UtcTime>,
}

impl Past {
    /// The past that `editions` of one notice are, for those that begin at `from`. An edition without a manifest is none.
    pub fn of<'e>(editions: impl IntoIterator<Item = &'e Edition>, from: UtcTime) -> Self {
        let mut past = Self { from: Some(from), ..Self::default() };
        for edition in editions {
            let Some(manifest) = manifest_of(edition) else { continue };
            past.editions.insert(manifest.id.clone(), manifest.digest());
            let names = if manifest.sealed.is_some() { &mut past.sealed } else { &mut past.told };
            names.extend(edition.names.hosts.iter().map(ToOwned::to_owned));
            if past.last.as_ref().is_none_or(|(last, _)| last.id < manifest.id) {
                past.last = Some((manifest, Arc::clone(&edition.names)));
            }
        }
        past
    }

    /// When the editions begin that follow; `None` where nothing was signed before.
    pub fn from(&self) -> Option<UtcTime> {
        self.from
    }

    /// Whether nothing was signed before.
    pub fn is_empty(&self) -> bool {
        self.editions.is_empty()
    }

    /// The number of the edition that comes next.
    pub(super) fn next_edition(&self) -> u32 {
        self.editions.keys().map(|id| id.edition).max().unwrap_or(0).saturating_add(1)
    }

    /// The names that the last edition covered and `names` does not.
    pub fn missing_in(&self, names: &Names) -> BTreeSet<String> {
        let hosts = self.last.iter().flat_map(|(_, last)| last.hosts.iter());
        not_covered(hosts.map(ToOwned::to_owned), names)
    }

    /// The names that any edition covered and `names` does not. Those that were never told are not told by a notice that lists
    /// its names: it leaves them out.
    pub(super) fn returned(&self, names: &Names) -> BTreeSet<String> {
        match &names.sealed {
            None => not_covered(self.told.iter().cloned(), names),
            Some(_) => not_covered(self.told.iter().chain(&self.sealed).cloned(), names),
        }
    }

    /// The proofs of names that a notice with sealed names has returned; `None` when there are none.
    ///
    /// # Errors
    ///
    /// The names cannot be sealed.
    pub fn returned_under_seal(&self, names: &Names) -> Result<Option<SealedNames>, CoverageError> {
        let Some(sealed) = &names.sealed else { return Ok(None) };
        let returned = self.returned(names);
        if returned.is_empty() {
            return Ok(None);
        }
        seal_returned(sealed.seed(), &returned).map(Some)
    }
}

/// Under salts of their own: who has seen the proof of a neighbour learns nothing from the root.
fn seal_returned(seed: &Seed, names: &BTreeSet<String>) -> Result<SealedNames, CoverageError> {
    SealedNames::seal(seed.of_returned(), names.iter().map(String::as_str))
}

fn not_covered(hosts: impl IntoIterator<Item = String>, names: &Names) -> BTreeSet<String> {
    let covered: BTreeSet<&str> = names.hosts.iter().collect();
    let above = |host: &str| {
        let mut above = std::iter::successors(host.split_once('.'), |(_, rest)| rest.split_once('.'));
        names.subdomains && above.any(|(_, name)| covered.contains(name))
    };
    hosts.into_iter().filter(|host| !covered.contains(host.as_str()) && !above(host)).collect()
}

/// What an edition states.
pub fn manifest_of(edition: &Edition) -> Option<Manifest> {
    Manifest::parse(edition.kit.get(NOTICE_TXT)?).ok()
}

/// The editions of one notice in a site: those that were replaced, and the row that replaces them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Life {
    /// Those of earlier rows.
    pub past: Vec<Edition>,
    /// The last row.
    pub present: Vec<Edition>,
}

impl Life {
    /// Of a notice's editions.
    pub fn of(editions: impl IntoIterator<Item = Edition>) -> Self {
        let numbered = editions.into_iter().filter_map(|edition| Some((manifest_of(&edition)?.id.edition, edition)));
        let mut numbered: Vec<(u32, Edition)> = numbered.collect();
        numbered.sort_by_key(|(number, _)| *number);
        let first = numbered.iter().rposition(|(_, edition)| edition.release.is_none()).unwrap_or(0);
        let mut past: Vec<Edition> = numbered.into_iter().map(|(_, edition)| edition).collect();
        let present = past.split_off(first);
        Self { past, present }
    }

    /// When the last row begins, and the decision that ended the notice if it is withdrawn.
    pub fn present(&self) -> Option<(UtcTime, Option<String>)> {
        let first = self.present.iter().find_map(manifest_of)?;
        let end = (first.status == Status::Withdrawn).then_some(first.order);
        Some((first.not_before, end))
    }

    /// What is behind the editions of the last row.
    pub fn behind(&self) -> Past {
        match self.present() {
            Some((from, _)) => Past::of(&self.past, from),
            None => Past::default(),
        }
    }
}

/// The edition that withdraws a notice. It claims nothing, so it needs no authorization; it is for the names that the last
/// edition covered. `decision` is what it rests on; without one, the order stands there that the notice was shown under.
///
/// # Errors
///
/// [`DraftError`]: nothing was signed before, or the parts do not make a manifest.
pub fn withdrawal(
    playbook: &Playbook,
    notice: &Notice,
    past: &Past,
    decision: Option<&str>,
) -> Result<Draft, DraftError> {
    let nothing = || DraftError::NothingSigned { notice: notice.id.clone() };
    let (last, names) = past.last.as_ref().ok_or_else(nothing)?;
    let from = past.from.ok_or_else(nothing)?;
    let id = NoticeId { edition: past.next_edition(), ..last.id.clone() };
    let order = decision.map_or_else(|| last.order.clone(), ToOwned::to_owned);
    let manifest = Manifest {
        id,
        order,
        status: Status::Withdrawn,
        not_before: from,
        // It ends nothing later than it began, however late it comes.
        not_after: last.not_after.max(from.plus(std::time::Duration::from_secs(1))),
        supersedes: past.editions.clone(),
        ..last.clone()
    };
    let languages = languages(last, notice)?;
    let pages = withdrawn::pages(playbook, notice, agency(playbook, notice, &notice.issuer)?, &manifest, &languages)?;
    let digests = pages.iter().map(|(language, page)| (language.clone(), Digest::of(page))).collect();
    let manifest = Manifest { pages: digests, ..manifest };
    let manifest = manifest.checked().map_err(|source| DraftError::Manifest { notice: notice.id.clone(), source })?;
    let default_language = languages.iter().find(|language| **language == notice.default_language);
    let agencies: Vec<AskedAgency> = parties(playbook, notice)?;
    Ok(Draft {
        security_txt: security_txt(playbook, notice, &manifest).into_bytes(),
        default_language: default_language.or(languages.first()).unwrap_or(&notice.default_language).clone(),
        pages,
        status: STATUS_GONE,
        release: None,
        names: Arc::clone(names),
        agencies,
        manifest,
    })
}

/// The languages in which a notice was shown, and in which its withdrawal is told: our own words alone stand in it, so those of
/// which the agencies had only a page of their own are left out, and English stands in when there is no other.
fn languages(last: &Manifest, notice: &Notice) -> Result<Vec<LanguageTag>, DraftError> {
    let shown: Vec<_> = last.pages.keys().filter(|language| Words::of(language).is_ok()).cloned().collect();
    if !shown.is_empty() {
        return Ok(shown);
    }
    let english = "en".parse().map_err(|_| DraftError::NothingSigned { notice: notice.id.clone() })?;
    Ok(vec![english])
}

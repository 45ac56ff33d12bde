//! Editions: what a notice says from the start, and what it says after each release.
//!
//! What is under embargo must not be found by whoever looks at the files, the digests or the signatures, so it is in no
//! edition before the one that releases it: neither its address nor its title nor its digest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::life::Past;
use super::manifest::{Manifest, NoticeId, Status};
use super::names::Names;
use super::page::{self, PageError};
use super::security::security_txt;
use super::statement::StatementError;
use crate::authority::{Action, Authorization, OrderId, Subject};
use crate::coverage::{CoverageError, Seal, SealedNames};
use crate::digest::Digest;
use crate::domain::{DomainName, HostList, OnionName};
use crate::language::LanguageTag;
use crate::playbook::{Agency, Id, Notice, Playbook, SEED_FILE, Step, Target, Work};

/// One edition of one notice, before it is signed. Nothing but [`editions_after`] makes one, and that takes an [`Authorization`]
/// for every name it covers; or [`super::withdrawal`], which claims nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub(super) manifest: Manifest,
    pub(super) pages: BTreeMap<LanguageTag, Vec<u8>>,
    pub(super) security_txt: Vec<u8>,
    pub(super) status: u16,
    pub(super) default_language: LanguageTag,
    pub(super) release: Option<Id>,
    pub(super) names: Arc<Names>,
    pub(super) agencies: Vec<AskedAgency>,
}

/// An agency that is asked to sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AskedAgency {
    pub id: Id,
    pub key: Option<crate::signed_note::VerifierKey>,
}

impl Draft {
    /// What is signed.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The pages whose digests the manifest lists.
    pub fn pages(&self) -> &BTreeMap<LanguageTag, Vec<u8>> {
        &self.pages
    }

    /// The step that publishes it; `None`: published with the operation's first publication.
    pub fn release(&self) -> Option<&Id> {
        self.release.as_ref()
    }

    /// The names that it is for.
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }
}

/// Why a notice cannot be drafted.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// No target shows this notice.
    #[error("no target shows notice `{notice}`")]
    NoTargets {
        /// The notice.
        notice: Id,
    },
    /// Targets for which no authorization was given.
    #[error("notice `{notice}` would cover {} without authorization: {}", names.len(), listed(names))]
    Unauthorized {
        /// The notice.
        notice: Id,
        /// The targets.
        names: Vec<Subject>,
    },
    /// A target that has no name under which a browser could ask for it.
    #[error("notice `{notice}` cannot be shown for {subject}: it has no name")]
    Nameless {
        /// The notice.
        notice: Id,
        /// The target.
        subject: Subject,
    },
    /// An item is released by a step that releases nothing, so it would never appear.
    #[error("`{item}` of notice `{notice}` is under embargo until `{step}`, which is not a release step")]
    Embargo {
        /// The notice.
        notice: Id,
        /// The help or press item.
        item: Id,
        /// The step.
        step: Id,
    },
    /// An item is under embargo and not written: it would be announced, and might never come.
    #[error("`{item}` of notice `{notice}` is under embargo and has no file whose digest is approved")]
    Unwritten {
        /// The notice.
        notice: Id,
        /// The help or press item.
        item: Id,
    },
    /// The issuer is not an agency of the playbook.
    #[error("notice `{notice}` names `{agency}`, which the playbook does not have")]
    Agency {
        /// The notice.
        notice: Id,
        /// The agency.
        agency: Id,
    },
    /// The seed of its sealed names is not there.
    #[error("notice `{notice}` seals its names, and there is no `{SEED_FILE}` beside the playbook")]
    NoSeed {
        /// The notice.
        notice: Id,
    },
    /// Its names cannot be sealed.
    #[error("the names of notice `{notice}` cannot be sealed")]
    Seal {
        /// The notice.
        notice: Id,
        /// Why.
        source: CoverageError,
    },
    /// There is nothing to withdraw.
    #[error("no edition of notice `{notice}` was signed")]
    NothingSigned {
        /// The notice.
        notice: Id,
    },
    /// A page cannot be made.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The parts do not make a manifest: too many names, dates in the wrong order, an address that is not the issuer's.
    #[error("notice `{notice}` cannot be stated")]
    Manifest {
        /// The notice.
        notice: Id,
        /// Why.
        source: StatementError,
    },
}

fn listed(names: &[Subject]) -> String {
    const SHOWN: usize = 5;
    let mut text = names.iter().take(SHOWN).map(Subject::to_string).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(", …");
    }
    text
}

/// Drafts every edition of a notice: the first with what is free from the start, and one more for each release step that ends
/// an embargo, in the order of the steps. Such an edition begins when its step may at the earliest, so that the one before it is
/// not replaced until then.
///
/// `authorizations` has one for every target that shows the notice, in any order; more do no harm. The same playbook gives
/// the same bytes.
///
/// # Errors
///
/// [`DraftError`]: a target without authorization, an embargo without an end, a language without words, a manifest that cannot
/// be stated.
pub fn editions(
    playbook: &Playbook,
    notice: &Notice,
    authorizations: &[Authorization],
) -> Result<Vec<Draft>, DraftError> {
    editions_after(playbook, notice, authorizations, &Past::default())
}

/// The same for a notice that was signed before: the editions have the next numbers, begin when `past` says, replace every
/// earlier edition, and return what those covered and they do not.
///
/// # Errors
///
/// As [`editions`].
pub fn editions_after(
    playbook: &Playbook,
    notice: &Notice,
    authorizations: &[Authorization],
    past: &Past,
) -> Result<Vec<Draft>, DraftError> {
    let covered = Covered::of(playbook, notice, authorizations, past)?;
    let mut notice = notice.clone();
    notice.not_before = past.from.map_or(notice.not_before, |from| from.max(notice.not_before));
    let mut ended = BTreeSet::new();
    let mut former = past.editions.clone();
    let mut drafts = vec![draft(playbook, &notice, &covered, &ended, &former)?];
    for step in releases(playbook, &notice)? {
        ended.insert(&step.id);
        former.extend(drafts.last().map(|draft| (draft.manifest.id.clone(), draft.manifest.digest())));
        notice.not_before = notice.not_before.max(playbook.earliest(step));
        drafts.push(Draft { release: Some(step.id.clone()), ..draft(playbook, &notice, &covered, &ended, &former)? });
    }
    Ok(drafts)
}

/// The release steps that end an embargo of this notice, in their order.
fn releases<'a>(playbook: &'a Playbook, notice: &Notice) -> Result<Vec<&'a Step>, DraftError> {
    let items = notice.help.iter().chain(&notice.press);
    let items = items.map(|item| (&item.id, item.embargo.as_ref(), item.file.is_some()));
    let pages = notice.pages.iter().map(|page| (&notice.id, page.embargo.as_ref(), true));
    let items = items.chain(pages);
    let items: Vec<_> = items.filter_map(|(item, step, is_written)| Some((item, step?, is_written))).collect();
    if let Some((item, ..)) = items.iter().find(|(.., is_written)| !is_written) {
        return Err(DraftError::Unwritten { notice: notice.id.clone(), item: (*item).clone() });
    }
    let embargoes: Vec<_> = items.into_iter().map(|(item, step, _)| (item, step)).collect();
    let steps = playbook.steps.iter().filter(|step| step.work == Work::Release);
    let releases: Vec<&Step> = steps.filter(|step| embargoes.iter().any(|(_, id)| **id == step.id)).collect();
    match embargoes.iter().find(|(_, id)| releases.iter().all(|step| step.id != **id)) {
        None => Ok(releases),
        Some((item, step)) => {
            Err(DraftError::Embargo { notice: notice.id.clone(), item: (*item).clone(), step: (*step).clone() })
        }
    }
}

/// The names that show the notice: listed in its manifest, or sealed.
struct Covered {
    domains: BTreeSet<DomainName>,
    onions: BTreeSet<OnionName>,
    names: Arc<Names>,
    returned: BTreeSet<String>,
    returned_sealed: Option<Seal>,
}

impl Covered {
    fn of(
        playbook: &Playbook,
        notice: &Notice,
        authorizations: &[Authorization],
        past: &Past,
    ) -> Result<Self, DraftError> {
        let subjects = authorized(playbook, notice, authorizations)?;
        let hosts: HostList = subjects.iter().map(ToString::to_string).collect();
        let mut covered = Self {
            domains: BTreeSet::new(),
            onions: BTreeSet::new(),
            names: Arc::default(),
            returned: BTreeSet::new(),
            returned_sealed: None,
        };
        let mut sealed = None;
        if notice.sealed_names {
            let seed = playbook.seed.clone().ok_or_else(|| DraftError::NoSeed { notice: notice.id.clone() })?;
            let names = SealedNames::seal(seed, hosts.iter());
            let names = names.map_err(|source| DraftError::Seal { notice: notice.id.clone(), source })?;
            sealed = Some(Arc::new(names));
        } else {
            subjects.into_iter().for_each(|subject| covered.list(subject));
        }
        covered.names = Arc::new(Names { hosts, subdomains: notice.subdomains, sealed });
        covered.leave(notice, past)?;
        Ok(covered)
    }

    /// Finds what earlier editions covered and this one does not.
    fn leave(&mut self, notice: &Notice, past: &Past) -> Result<(), DraftError> {
        let refuse = |source| DraftError::Seal { notice: notice.id.clone(), source };
        self.returned_sealed = past.returned_under_seal(&self.names).map_err(refuse)?.map(|names| names.stated());
        if self.names.sealed.is_none() {
            self.returned = past.returned(&self.names);
        }
        Ok(())
    }

    fn list(&mut self, subject: &Subject) {
        match subject {
            Subject::Name(name) => drop(self.domains.insert(name.clone())),
            Subject::Onion(name) => drop(self.onions.insert(name.clone())),
            // No browser asks for a server: [`authorized`] has refused it.
            Subject::Server(_) => {}
        }
    }
}

/// The targets that show the notice, each once and in order: domains, then onion services.
fn authorized<'a>(
    playbook: &Playbook,
    notice: &Notice,
    authorizations: &'a [Authorization],
) -> Result<Vec<&'a Subject>, DraftError> {
    let given = Given::of(authorizations);
    let (mut subjects, mut without) = (Vec::new(), Vec::new());
    for target in playbook.all_targets().filter(|target| target.means.notice() == Some(&notice.id)) {
        if let Subject::Server(_) = target.subject {
            return Err(DraftError::Nameless { notice: notice.id.clone(), subject: target.subject });
        }
        match given.find(&target) {
            Some(authorization) => subjects.push(authorization.subject()),
            None => without.push(target.subject),
        }
    }
    if !without.is_empty() {
        return Err(DraftError::Unauthorized { notice: notice.id.clone(), names: without });
    }
    if subjects.is_empty() {
        return Err(DraftError::NoTargets { notice: notice.id.clone() });
    }
    subjects.sort_unstable();
    subjects.dedup();
    Ok(subjects)
}

/// Authorizations by what they are about, what they allow, and the order. There may be millions: references in order take a
/// fraction of what a map does.
struct Given<'a>(Vec<&'a Authorization>);

impl<'a> Given<'a> {
    fn of(authorizations: &'a [Authorization]) -> Self {
        let mut given: Vec<_> = authorizations.iter().collect();
        given.sort_by(|one, other| Self::key(one).cmp(&Self::key(other)));
        Self(given)
    }

    fn key(one: &Authorization) -> (&Subject, Action, &OrderId) {
        (one.subject(), one.action(), one.order())
    }

    fn find(&self, target: &Target) -> Option<&'a Authorization> {
        let asked = (&target.subject, target.means.action(), &target.order);
        let place = self.0.binary_search_by(|one| Self::key(one).cmp(&asked)).ok()?;
        self.0.get(place).copied()
    }
}

fn draft(
    playbook: &Playbook,
    notice: &Notice,
    covered: &Covered,
    ended: &BTreeSet<&Id>,
    former: &BTreeMap<NoticeId, Digest>,
) -> Result<Draft, DraftError> {
    let edition = former.keys().map(|former| former.edition).max().unwrap_or(0).saturating_add(1);
    let id = NoticeId { operation: playbook.operation.id.clone(), notice: notice.id.clone(), edition };
    let contents = page::Contents { playbook, notice, id: &id, ended };
    let page = |language: &LanguageTag| Ok((language.clone(), page::of_edition(&contents, language)?));
    let pages = notice.texts.keys().map(page).collect::<Result<BTreeMap<_, _>, PageError>>()?;
    let manifest = manifest(playbook, notice, covered, &pages, id, former)?;
    Ok(Draft {
        security_txt: security_txt(playbook, notice, &manifest).into_bytes(),
        manifest,
        pages,
        status: notice.status.code(),
        default_language: notice.default_language.clone(),
        release: None,
        names: Arc::clone(&covered.names),
        agencies: parties(playbook, notice)?,
    })
}

fn manifest(
    playbook: &Playbook,
    notice: &Notice,
    covered: &Covered,
    pages: &BTreeMap<LanguageTag, Vec<u8>>,
    id: NoticeId,
    supersedes: &BTreeMap<NoticeId, Digest>,
) -> Result<Manifest, DraftError> {
    let order = playbook
        .order(&notice.order)
        .ok_or_else(|| PageError::Unknown { notice: notice.id.clone(), name: notice.order.to_string() })?;
    let manifest = Manifest {
        id,
        issuer: agency(playbook, notice, &notice.issuer)?.domain.clone(),
        order: format!("{}, {}", order.issuer, order.reference),
        status: Status::InForce,
        domains: covered.domains.clone(),
        onions: covered.onions.clone(),
        sealed: covered.names.sealed.as_ref().map(|sealed| sealed.stated()),
        returned: covered.returned.clone(),
        returned_sealed: covered.returned_sealed,
        subdomains: notice.subdomains,
        not_before: notice.not_before,
        not_after: notice.not_after,
        review: order.review,
        verify_at: notice.verify_at.clone(),
        pages: pages.iter().map(|(language, page)| (language.clone(), Digest::of(page))).collect(),
        supersedes: supersedes.clone(),
    };
    manifest.checked().map_err(|source| DraftError::Manifest { notice: notice.id.clone(), source })
}

pub(super) fn agency<'a>(playbook: &'a Playbook, notice: &Notice, id: &Id) -> Result<&'a Agency, DraftError> {
    playbook.agency(id).ok_or_else(|| DraftError::Agency { notice: notice.id.clone(), agency: id.clone() })
}

pub(super) fn parties(playbook: &Playbook, notice: &Notice) -> Result<Vec<AskedAgency>, DraftError> {
    let party =
        |id| agency(playbook, notice, id).map(|one| AskedAgency { id: one.id.clone(), key: one.notice_key.clone() });
    notice.agencies.iter().map(party).collect()
}

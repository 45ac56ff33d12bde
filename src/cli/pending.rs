//! Editions that wait for signatures. Until enough agencies have signed them, the editions before them stand.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use super::{Env, Failure, site};
use crate::keyring::{QuorumVerdict, TrustedKeys};
use crate::notice::{Edition, INCLUSION_PROOF, Life, POLICY};
use crate::playbook::Playbook;
use crate::signed_note::{Note, NoteError};

/// An edition that waits.
#[derive(Debug)]
pub(super) struct Waiting {
    id: String,
    votes: Option<QuorumVerdict>,
    stands: String,
}

/// Reads a site as [`site::read_signed`] does, without the rows that wait while an earlier row stands. Of those it is
/// told that they are not `done` yet.
pub(super) fn read_signed(
    playbook: &Playbook,
    dir: &Path,
    done: &str,
    env: &mut Env<'_>,
) -> Result<Vec<Edition>, Failure> {
    let mut drafts = site::drafts(playbook, Some(dir))?;
    let trusted = site::trusted(playbook)?;
    let (editions, waiting) = without(site::read_signed(playbook, dir, &[])?, Some(&trusted));
    // What the playbook says today is what waits, not what stands.
    drafts.retain(|draft| {
        let id = draft.manifest().id.to_string();
        !waiting.iter().any(|one| notice_of(&one.id) == notice_of(&id))
    });
    site::hold(&trusted, dir, &drafts, &editions)?;
    tell(&waiting, done, env);
    Ok(editions)
}

pub(super) fn tell(waiting: &[Waiting], done: &str, env: &mut Env<'_>) {
    for Waiting { id, votes, stands } in waiting {
        let votes = Votes(votes.as_ref());
        env.say(format!("{id} is not {done} yet: {votes}; {stands} is"));
    }
}

/// The editions of a site without the rows that wait, where an earlier row of the same notice is signed by enough.
/// Where none is, nothing is left out, and whoever uses the editions refuses them.
///
/// `trusted` are the keys and the policy of the playbook. Without one, the policy in each kit says who must have signed
/// it.
pub(super) fn without(editions: Vec<Edition>, trusted: Option<&TrustedKeys>) -> (Vec<Edition>, Vec<Waiting>) {
    let notices: BTreeSet<&str> = editions.iter().map(|edition| notice_of(&edition.id)).collect();
    let of = |notice: &str| {
        let its = editions.iter().filter(|edition| notice_of(&edition.id) == notice).cloned();
        left_out(Life::of(its), trusted)
    };
    let waiting: Vec<Waiting> = notices.into_iter().flat_map(of).collect();
    let stays = |edition: &Edition| !waiting.iter().any(|one| one.id == edition.id);
    (editions.into_iter().filter(stays).collect(), waiting)
}

/// The rows at the end of a notice's life that wait as a whole, if the row before them stands as a whole. A row that
/// was signed in part is neither.
fn left_out(mut life: Life, trusted: Option<&TrustedKeys>) -> Vec<Waiting> {
    let mut waiting = Vec::new();
    while !life.present.is_empty() && life.present.iter().all(|edition| is_pending(edition, trusted)) {
        let Life { past, present } = life;
        waiting.splice(0..0, present);
        life = Life::of(past);
    }
    let stands = life.present.first().filter(|_| life.present.iter().all(|edition| is_signed(edition, trusted)));
    let Some(stands) = stands.map(|edition| edition.id.clone()) else { return Vec::new() };
    let waits = |edition: Edition| {
        let votes = trusted.map_or_else(|| own_votes(&edition), |trusted| votes(trusted, &edition));
        Waiting { id: edition.id, votes, stands: stands.clone() }
    };
    waiting.into_iter().map(waits).collect()
}

/// Whether an edition waits for signatures and never had enough: neither by the playbook, nor by the policy that it was
/// signed under, nor by the log, which takes in none before. One that was complete and whose keys count no more is not
/// pending: the edition before it was replaced for good.
pub(super) fn is_pending(edition: &Edition, trusted: Option<&TrustedKeys>) -> bool {
    let lacks = |votes: Option<QuorumVerdict>| votes.is_some_and(|votes| !votes.reached);
    let too_few = || lacks(own_votes(edition)) && trusted.is_none_or(|trusted| lacks(votes(trusted, edition)));
    !edition.kit.contains_key(INCLUSION_PROOF) && (edition.note().is_none() || too_few())
}

/// Whether enough agencies have signed an edition.
fn is_signed(edition: &Edition, trusted: Option<&TrustedKeys>) -> bool {
    let votes = trusted.map_or_else(|| own_votes(edition), |trusted| votes(trusted, edition));
    votes.is_some_and(|votes| votes.reached)
}

/// The votes by the policy in the kit.
fn own_votes(edition: &Edition) -> Option<QuorumVerdict> {
    let policy = std::str::from_utf8(edition.kit.get(POLICY)?).ok()?;
    votes(&policy.parse().ok()?, edition)
}

/// Who has signed; `None` where a signature is bad, which is no reason to wait for another.
fn votes(trusted: &TrustedKeys, edition: &Edition) -> Option<QuorumVerdict> {
    let Some(note) = edition.note() else { return Some(trusted.evaluate(&[])) };
    match trusted.verify(&Note::parse(note).ok()?) {
        Ok(votes) => Some(votes),
        Err(NoteError::NoKnownSignature { .. }) => Some(trusted.evaluate(&[])),
        Err(_) => None,
    }
}

/// `operation/notice` of an edition.
pub(super) fn notice_of(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(notice, _)| notice)
}

/// How many have signed and who has not, in words.
struct Votes<'v>(Option<&'v QuorumVerdict>);

impl fmt::Display for Votes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("nobody has signed it"),
            Some(QuorumVerdict { have, need, missing, .. }) => {
                let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
                write!(f, "signed by {have} of {need}, not yet by {}", missing.join(", "))
            }
        }
    }
}

//! What entries cite, and what they say was erased, held against the evidence that is at hand.
//!
//! Evidence that is missing is a failure, with two exceptions. Sealed evidence is apart from the log and may be destroyed, or be
//! elsewhere. And evidence that the law asks to have removed is named in an entry with the action [`ERASED`]:
//!
//! ```json
//! {"action":"erased","authority":"12-Js-345/26","body":{"evidence":["sha256:…"],"openings":["sha256:…"]},…}
//! ```
//!
//! That entry is durable before anything is removed. What an entry cites after that must be there again.

use std::collections::BTreeMap;

use serde_json::Value;

use super::entry::{Entry, EvidenceRef, Kind, Recorded};
use super::error::AuditError;
use super::evidence::EvidenceStore;
use super::sealed::Commitment;
use crate::digest::Digest;
use crate::tlog::LeafIndex;

/// The action of an entry that says what was erased.
pub const ERASED: &str = "erased";

/// The parts of such an entry's body: digests of evidence files, and commitments whose openings were destroyed.
pub const ERASED_EVIDENCE: &str = "evidence";

/// See [`ERASED_EVIDENCE`].
pub const ERASED_OPENINGS: &str = "openings";

/// What an entry says was erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// Evidence files.
    pub evidence: Vec<Digest>,
    /// What opened sealed texts.
    pub openings: Vec<Commitment>,
}

impl Erased {
    /// What `entry` says; `None` when it is about something else.
    pub fn of(entry: &Entry) -> Option<Self> {
        let is_it = entry.kind == Kind::Fact && entry.action == ERASED;
        let digests = |key| entry.body.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(digest);
        is_it.then(|| Self {
            evidence: digests(ERASED_EVIDENCE).collect(),
            openings: digests(ERASED_OPENINGS).map(Commitment::of_digest).collect(),
        })
    }
}

fn key(piece: &EvidenceRef) -> (Digest, bool, u64) {
    (piece.digest, piece.sealed, piece.bytes)
}

fn digest(value: &Value) -> Option<Digest> {
    value.as_str()?.parse().ok()
}

/// What the entries of a log cite, and which of it they say was erased.
#[derive(Debug, Clone, Default)]
pub struct Citations {
    times: u64,
    /// Each file, by digest, whether it is sealed, and size: what is sealed lies elsewhere, and is another file.
    files: BTreeMap<(Digest, bool, u64), Citation>,
    /// The last entry that says that a file was erased.
    erased: BTreeMap<Digest, LeafIndex>,
    /// The last entry that says that an opening was destroyed.
    destroyed: BTreeMap<Commitment, LeafIndex>,
}

/// A file that is cited.
#[derive(Debug, Clone)]
struct Citation {
    piece: EvidenceRef,
    first: LeafIndex,
    last: LeafIndex,
}

/// What was seen of the evidence of a log.
#[derive(Debug, Default)]
pub struct EvidenceSeen {
    /// How often entries cite a file.
    pub cited: u64,
    /// How many different files that are.
    pub files: u64,
    /// Those that are not as they were recorded, each with the first entry that cites it.
    pub bad: Vec<(Digest, LeafIndex, AuditError)>,
    /// Those that are not there, each with the entry that says that they were erased.
    pub erased: Vec<(Digest, LeafIndex)>,
    /// How many sealed files are not there: destroyed, lost, or elsewhere.
    pub shut: u64,
    /// How many others could not be looked at, because no evidence is beside the log.
    pub apart: u64,
    /// How many files are there that no entry cites; nothing where the directories cannot be listed.
    pub uncited: Option<u64>,
}

impl EvidenceSeen {
    /// How many files were read, and are as they were recorded.
    pub fn good(&self) -> u64 {
        self.files.saturating_sub(self.bad.len() as u64 + self.erased.len() as u64 + self.shut + self.apart)
    }
}

impl Citations {
    /// Takes in one more entry. Entries come in the order of the log.
    pub fn note(&mut self, recorded: &Recorded) {
        for piece in &recorded.entry.evidence {
            self.times += 1;
            let new = || Citation { piece: piece.clone(), first: recorded.seq, last: recorded.seq };
            self.files.entry(key(piece)).or_insert_with(new).last = recorded.seq;
        }
        let erased = Erased::of(&recorded.entry).unwrap_or_default();
        self.erased.extend(erased.evidence.into_iter().map(|digest| (digest, recorded.seq)));
        self.destroyed.extend(erased.openings.into_iter().map(|one| (one, recorded.seq)));
    }

    /// The openings of which an entry says that they were destroyed, each with that entry.
    pub fn destroyed(&self) -> &BTreeMap<Commitment, LeafIndex> {
        &self.destroyed
    }

    /// The files of this digest that are cited, sealed or not; which sizes are wrong is not known here.
    pub fn of(&self, digest: Digest) -> impl Iterator<Item = &EvidenceRef> {
        self.files.range((digest, false, 0)..=(digest, true, u64::MAX)).map(|(_, citation)| &citation.piece)
    }

    /// The entry that says that a file was erased, unless it was cited again after that.
    pub fn erased(&self, piece: &EvidenceRef) -> Option<LeafIndex> {
        let last = self.files.get(&key(piece)).map(|citation| citation.last);
        self.erased.get(&piece.digest).copied().filter(|erased| last.is_none_or(|last| last < *erased))
    }

    /// Reads every file that is cited, and checks its size and digest.
    pub fn seen_in(&self, store: &EvidenceStore) -> EvidenceSeen {
        let uncited = store.others(self.files.values().map(|citation| &citation.piece)).ok();
        let (cited, files) = (self.times, self.files.len() as u64);
        let mut seen = EvidenceSeen { cited, files, uncited, ..EvidenceSeen::default() };
        for Citation { piece, first, .. } in self.files.values() {
            let erased = self.erased(piece);
            match (store.get(piece), erased) {
                (Ok(_), None) => {}
                (Err(AuditError::Missing { .. }), Some(entry)) => seen.erased.push((piece.digest, entry)),
                (Err(AuditError::Missing { .. }), None) if piece.sealed => seen.shut += 1,
                (Err(AuditError::Missing { .. }), None) if !store.is_beside() => seen.apart += 1,
                (Err(error), None) => seen.bad.push((piece.digest, *first, error)),
                // Altered or not, it should not be there.
                (_, Some(erased)) => {
                    seen.bad.push((piece.digest, *first, AuditError::NotErased { path: store.path(piece), erased }));
                }
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests;

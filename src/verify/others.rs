//! Notes beside the one that is judged: of a site, or of a register. By these an earlier edition is known to be replaced.

use serde::Deserialize;

use super::inclusion::Logged;
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::signed_note::Note;

/// The most notes that are held: as many as a register has.
pub const OTHERS_MAX: usize = 40_000;

/// The most octets of notes and proofs that are held: for as many notes 6 KiB each, which is several times what notes and their
/// proofs usually have. A copy of a register comes from anybody.
pub const OTHERS_MAX_BYTES: usize = 256 << 20;

/// The notes that are at hand beside the one that is judged. None of them is believed before its own signatures were counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Others {
    notes: Vec<OtherNote>,
    bytes: usize,
    /// Where they were looked for, in words; `None` when nowhere.
    pub place: Option<String>,
    /// What those who are trusted have signed of its being all.
    pub complete: Option<Complete>,
    /// What is listed and not at hand.
    pub lacking: Lacking,
}

/// The notes that a list names and that are not at hand. Whoever handed on a copy may have left them out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Whether those who are trusted have signed the list. If not, anybody may have written it.
    pub is_vouched: bool,
    /// The notes.
    pub notes: Vec<Named>,
}

/// What a list says of a note.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// `notice`, `denial` or `advisory`.
    pub kind: String,
    /// What the note calls itself.
    pub id: String,
    /// Who speaks.
    pub issuer: String,
    /// From when on it holds.
    pub begins: String,
    /// `in-force` or `withdrawn`.
    pub status: String,
    /// Of its text.
    pub digest: Digest,
    /// Of the file, signatures included.
    pub signed: Digest,
    /// The texts that it replaces.
    pub supersedes: Vec<Digest>,
}

impl Named {
    /// Whether it is of this kind, by this issuer, and has begun at this moment.
    pub(super) fn is_of(&self, kind: &str, issuer: &str, at: UtcTime) -> bool {
        self.kind == kind && self.issuer == issuer && self.begins <= at.to_string()
    }
}

/// One of them, as it was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherNote {
    /// The note.
    pub note: Vec<u8>,
    /// The receipt of its log entry, where one lies beside it.
    pub proof: Option<Vec<u8>>,
    /// The time stamp over the receipt's checkpoint, where one lies beside it.
    pub stamp: Option<Vec<u8>>,
}

/// For how long a list of notes is to be taken as all that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Complete {
    /// When it was drawn up.
    pub at: UtcTime,
    /// When the next one is due; from then on it shows nothing.
    pub until: UtcTime,
}

/// More notes than are held in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are more than {OTHERS_MAX} notes, or more than {} MiB of notes and proofs", OTHERS_MAX_BYTES >> 20)]
pub struct TooManyNotes;

impl Others {
    /// Adds a note.
    ///
    /// # Errors
    ///
    /// There are too many, or they are too large together.
    pub fn add(&mut self, other: OtherNote) -> Result<(), TooManyNotes> {
        let bytes = self.bytes.saturating_add(other.bytes());
        if self.notes.len() >= OTHERS_MAX || bytes > OTHERS_MAX_BYTES {
            return Err(TooManyNotes);
        }
        self.bytes = bytes;
        self.notes.push(other);
        Ok(())
    }

    /// The notes that can be read, each with how it was found.
    pub(super) fn readable(&self) -> impl Iterator<Item = (&OtherNote, Note)> {
        self.notes.iter().filter_map(|other| Some((other, Note::parse(&other.note).ok()?)))
    }

    /// What shows that this very note, signatures included, stands in the log.
    pub(super) fn logged(&self, note: &[u8]) -> Option<Logged<'_>> {
        let same = self.notes.iter().filter(|other| other.note == note);
        same.map(OtherNote::logged).find(|logged| logged.proof.is_some())
    }
}

impl OtherNote {
    fn bytes(&self) -> usize {
        let beside = [&self.proof, &self.stamp].into_iter().flatten();
        beside.map(Vec::len).fold(self.note.len(), usize::saturating_add)
    }

    pub(super) fn logged(&self) -> Logged<'_> {
        Logged { proof: self.proof.as_deref(), stamp: self.stamp.as_deref() }
    }
}

impl From<Vec<u8>> for OtherNote {
    /// A note with nothing beside it.
    fn from(note: Vec<u8>) -> Self {
        Self { note, proof: None, stamp: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_fill_the_memory_is_refused_and_counts_proofs_as_well() {
        let mut others = Others::default();
        for _ in 0..OTHERS_MAX {
            others.add(OtherNote::default()).unwrap();
        }
        assert_eq!(others.add(OtherNote::default()), Err(TooManyNotes));
        // A budget that is nearly used up stands for notes that would fill it.
        let mut others = Others { bytes: OTHERS_MAX_BYTES - 3, ..Others::default() };
        let octets = |count| Some(vec![0; count]);
        let of = |note, proof, stamp| OtherNote { note: vec![0; note], proof: octets(proof), stamp: octets(stamp) };
        assert_eq!(others.add(of(2, 1, 1)), Err(TooManyNotes));
        assert_eq!(others.add(of(1, 1, 1)), Ok(()));
        assert_eq!(others.add(of(0, 0, 1)), Err(TooManyNotes));
        assert!(TooManyNotes.to_string().contains("256 MiB"));
    }
}

//! What is in a register.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::audit::{AuditError, Entry, LogReader, Recorded};
use crate::digest::Digest;
use crate::notice::{LoggedNotice, Manifest, Statement};
use crate::signed_note::Note;
use crate::tlog::LeafIndex;

/// One note that was published, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// What it states.
    pub statement: Statement,
    /// With its signatures.
    pub note: Note,
    /// The receipt of the log entry that cites it.
    pub proof: Option<Vec<u8>>,
    /// The time stamp over that receipt's checkpoint.
    pub stamp: Option<Vec<u8>>,
    /// The files that an advisory lists.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Every note, by the digest of its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    notes: BTreeMap<Digest, Published>,
}

impl Published {
    /// The octets of the note and of everything beside it.
    pub(super) fn bytes(&self) -> usize {
        let beside = [&self.proof, &self.stamp].into_iter().flatten().chain(self.files.values());
        beside.map(Vec::len).sum::<usize>() + self.note.to_string().len()
    }
}

impl Register {
    /// Adds a note. Of one that is there already, further signatures, a proof and files are added; nothing is taken away.
    pub fn add(&mut self, new: Published) {
        let digest = new.statement.digest();
        let Some(known) = self.notes.get_mut(&digest) else {
            self.notes.insert(digest, new);
            return;
        };
        for line in new.note.signatures {
            if !known.note.signatures.contains(&line) {
                known.note.signatures.push(line);
            }
        }
        if known.proof.is_none() {
            (known.proof, known.stamp) = (new.proof, new.stamp);
        }
        known.files.extend(new.files);
    }

    /// Puts a better proof into the place of the one that a note has. Nothing happens where there is no such note.
    pub fn prove(&mut self, text: &Digest, proof: Vec<u8>, stamp: Option<Vec<u8>>) {
        if let Some(known) = self.notes.get_mut(text) {
            (known.proof, known.stamp) = (Some(proof), stamp);
        }
    }

    /// The notes, the earliest first.
    pub fn notes(&self) -> Vec<(&Digest, &Published)> {
        let mut notes: Vec<_> = self.notes.iter().collect();
        notes.sort_by_key(|(digest, one)| (one.statement.begins(), one.statement.id(), **digest));
        notes
    }

    /// The note with this text.
    pub fn get(&self, text: &Digest) -> Option<&Published> {
        self.notes.get(text)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.notes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }
}

/// Where a log records a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The entry's number.
    pub index: LeafIndex,
    /// The entry as it was written, which a receipt hands on whole.
    pub entry: Vec<u8>,
    /// Whether it is the fact of a notice ([`LoggedNotice`]) by the id that the notice has itself, and so tells nothing that the
    /// notice does not.
    pub is_of_notice: bool,
}

/// How much an entry says of a note; later ones say more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    /// It names the digest of its text.
    Text,
    /// It names the digest of the whole note, signatures included.
    Whole,
    /// It is the fact that this very notice is served, which is what `verify` asks for.
    Served,
}

/// For each of the notes, by its place among them, the entry of the log that says most of it; of several the first. The log is
/// walked once.
pub fn recordings(log: &LogReader, notes: &[&Note]) -> Result<BTreeMap<usize, Recording>, AuditError> {
    let wanted = Wanted::of(notes);
    let mut best: BTreeMap<usize, (Says, LeafIndex, bool)> = BTreeMap::new();
    for recorded in log.entries()? {
        let Recorded { seq, entry } = recorded?;
        for (place, says) in wanted.in_entry(&entry) {
            if best.get(&place).is_none_or(|(known, ..)| *known < says) {
                let is_of_notice = notes.get(place).is_some_and(|note| is_of_notice(&entry, note));
                best.insert(place, (says, seq, is_of_notice));
            }
        }
    }
    let read = |(place, (_, index, is_of_notice))| {
        Ok((place, Recording { index, entry: log.entry_bytes(index)?, is_of_notice }))
    };
    best.into_iter().map(read).collect()
}

/// The digests that are looked for, each with the notes that it is of.
struct Wanted(BTreeMap<Digest, Vec<(usize, Says)>>);

impl Wanted {
    fn of(notes: &[&Note]) -> Self {
        let mut wanted: BTreeMap<Digest, Vec<(usize, Says)>> = BTreeMap::new();
        for (place, note) in notes.iter().enumerate() {
            wanted.entry(Digest::of(note.text.as_str())).or_default().push((place, Says::Text));
            wanted.entry(Digest::of(note.to_string())).or_default().push((place, Says::Whole));
        }
        Self(wanted)
    }

    /// The notes that an entry cites, as evidence or by a digest somewhere in its body.
    fn in_entry(&self, entry: &Entry) -> Vec<(usize, Says)> {
        let served = LoggedNotice::of(entry).map(|logged| logged.signed);
        let mut cited: Vec<Digest> = entry.evidence.iter().map(|piece| piece.digest).collect();
        entry.body.values().for_each(|value| digests_in(value, &mut cited));
        let of = |digest: &Digest| self.0.get(digest).into_iter().flatten().copied().collect::<Vec<_>>();
        let said = |digest: &Digest| {
            let is_served = served == Some(*digest);
            of(digest).into_iter().map(move |(place, says)| (place, if is_served { Says::Served } else { says }))
        };
        cited.iter().flat_map(said).collect()
    }
}

fn is_of_notice(entry: &Entry, note: &Note) -> bool {
    let fact = LoggedNotice::of_note(note);
    let id = Manifest::parse(note.text.as_str().as_bytes()).ok().map(|manifest| manifest.id.to_string());
    LoggedNotice::of(entry).is_some_and(|of| of.manifest == fact.manifest)
        && entry.body.len() == fact.body().len()
        && id.is_some()
        && entry.subject == id
}

/// The digests that stand somewhere in a value. Entries are bounded, and so is their depth.
fn digests_in(value: &Value, found: &mut Vec<Digest>) {
    match value {
        Value::String(text) => found.extend(text.parse::<Digest>().ok()),
        Value::Array(values) => values.iter().for_each(|value| digests_in(value, found)),
        Value::Object(values) => values.values().for_each(|value| digests_in(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

//! What is in a register.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::audit::{AuditError, LogReader, Recorded};
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
    /// The files that an advisory lists.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Every note, by the digest of its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    notes: BTreeMap<Digest, Published>,
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
        known.proof = known.proof.take().or(new.proof);
        known.files.extend(new.files);
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

/// The first entry of a log that cites the note, as evidence or by a digest: of the whole note or of its text.
pub fn recording(log: &LogReader, note: &Note) -> Result<Option<Recording>, AuditError> {
    let digests = [Digest::of(note.to_string()), Digest::of(note.text.as_str())];
    for recorded in log.entries()? {
        let recorded = recorded?;
        if cites(&recorded, &digests) {
            let is_of_notice = is_of_notice(&recorded, note);
            return Ok(Some(Recording { index: recorded.seq, entry: log.entry_bytes(recorded.seq)?, is_of_notice }));
        }
    }
    Ok(None)
}

fn is_of_notice(recorded: &Recorded, note: &Note) -> bool {
    let (entry, fact) = (&recorded.entry, LoggedNotice::of_note(note));
    let id = Manifest::parse(note.text.as_str().as_bytes()).ok().map(|manifest| manifest.id.to_string());
    LoggedNotice::of(entry).is_some_and(|of| of.manifest == fact.manifest)
        && entry.body.len() == fact.body().len()
        && id.is_some()
        && entry.subject == id
}

fn cites(recorded: &Recorded, digests: &[Digest]) -> bool {
    let written: BTreeSet<String> = digests.iter().map(Digest::to_string).collect();
    recorded.entry.evidence.iter().any(|piece| digests.contains(&piece.digest))
        || recorded.entry.body.values().any(|value| names(value, &written))
}

/// Whether one of the texts stands somewhere in a value. Entries are bounded, and so is their depth.
fn names(value: &Value, texts: &BTreeSet<String>) -> bool {
    match value {
        Value::String(text) => texts.contains(text),
        Value::Array(values) => values.iter().any(|value| names(value, texts)),
        Value::Object(values) => values.values().any(|value| names(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

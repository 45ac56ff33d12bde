//! The log in the forms that other people's tools read: a timeline for [Timesketch](https://timesketch.org), a table, and a graph
//! in the terms of the [CASE ontology](https://caseontology.org); or a few entries of it, to be handed over with their proofs.
//!
//! Every form is a function of the entries in order and of the checkpoint that vouches for them, and writes as it reads: one
//! entry at a time is in memory, and the same log always gives the same octets. What is sealed stays sealed unless
//! openings are handed in. Whoever calls verifies the log first.

mod case;
mod csv;
mod handover;
mod timesketch;

use std::io;

use crate::audit::{
    AuditError, Commitment, EvidenceRef, Kind, LogReader, Openings, OutcomeResult, Recorded, SealedError, for_reading,
};
use crate::tlog::Checkpoint;

pub use case::write as case;
pub use csv::{HEADINGS, write as csv};
pub use handover::{Along, CHECK_RECEIPT, CHOSEN_MAX, Choice, ChoiceError, File, files_of, readme};
pub use timesketch::write as timesketch;

/// Why a log is not exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It cannot be read.
    #[error(transparent)]
    Log(#[from] AuditError),
    /// A sealed text cannot be opened, although there is an opening.
    #[error(transparent)]
    Sealed(#[from] SealedError),
    /// The export cannot be written.
    #[error("the export cannot be written")]
    Write(#[from] io::Error),
}

/// The log that is exported: its checkpoint, and that as it was signed.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Name, size and root.
    pub checkpoint: &'a Checkpoint,
    /// The signed note.
    pub signed: &'a [u8],
}

impl<'a> Source<'a> {
    /// The log that is being read.
    pub fn of(reader: &'a LogReader) -> Self {
        Self { checkpoint: reader.checkpoint(), signed: reader.signed_checkpoint() }
    }
}

/// All entries in order, to be read: what is sealed is opened with `openings`, or named by its commitment.
pub fn told<'a>(
    reader: &LogReader,
    openings: Option<&'a Openings>,
) -> Result<impl Iterator<Item = Result<Recorded, ExportError>> + use<'a>, ExportError> {
    Ok(reader.entries()?.map(move |recorded| {
        let mut recorded = recorded?;
        recorded.entry.body = for_reading(&recorded.entry.body, openings, Commitment::in_full)?;
        Ok(recorded)
    }))
}

/// The kind of an entry in the word of the log; for an outcome also of which entry, and how it came out.
fn kind(kind: Kind) -> (&'static str, Option<u64>, Option<&'static str>) {
    match kind {
        Kind::Intent => ("intent", None, None),
        Kind::Fact => ("fact", None, None),
        Kind::Outcome { of, result } => {
            let result = match result {
                OutcomeResult::Done => "done",
                OutcomeResult::Failed => "failed",
                OutcomeResult::Unknown => "unknown",
            };
            ("outcome", Some(of.0), Some(result))
        }
    }
}

/// What the time of an entry means: when it was written down.
fn timestamp_desc(kind: Kind) -> &'static str {
    match kind {
        Kind::Intent => "Intent recorded",
        Kind::Outcome { .. } => "Outcome recorded",
        Kind::Fact => "Fact recorded",
    }
}

/// The evidence of an entry in one line: digest, media type and size of each file.
fn evidence_line(recorded: &Recorded) -> String {
    let files = recorded.entry.evidence.iter();
    let sealed = |file: &EvidenceRef| if file.sealed { " sealed" } else { "" };
    let line: Vec<String> =
        files.map(|file| format!("{} {} {} bytes{}", file.digest, file.media, file.bytes, sealed(file))).collect();
    line.join(", ")
}

/// Microseconds since 1970, as timelines count.
fn microseconds(recorded: &Recorded) -> i64 {
    recorded.entry.at.unix().saturating_mul(1_000_000)
}

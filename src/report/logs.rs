//! The logs that are retold: what was verified of each, and what was not.

use std::collections::BTreeSet;
use std::ops::Range;

use super::words::{counted, listed};
use crate::digest::Digest;

/// One log, and how far it could be believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogTold {
    /// Where it was read.
    pub dir: String,
    /// Its name, which is that of its key. Where nothing could be verified, what its checkpoint claims.
    pub origin: String,
    /// How many entries the checkpoint vouches for.
    pub size: u64,
    /// The root of the tree, as the checkpoint has it.
    pub root: String,
    /// The checkpoint as it was published, with its signatures; empty where it did not verify.
    pub checkpoint: String,
    /// The public key, as `openssl` reads it.
    pub pem: String,
    /// The public key, as `impound` reads it.
    pub vkey: String,
    /// How many checkpoints agree with the entries, the present one included.
    pub agreed: usize,
    /// How many entries verified, and are told here.
    pub read: u64,
    /// Entries that are not told, because they do not verify.
    pub gaps: Vec<Range<u64>>,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// What was seen of its evidence.
    pub evidence: EvidenceTold,
}

/// What was seen of a log's evidence files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum EvidenceTold {
    /// It was not looked at.
    #[default]
    NotLookedAt,
    /// It is not beside the log, so it could not be looked at.
    NotBeside,
    /// Every file that an entry cites was read, and its digest recomputed.
    Checked {
        /// How often entries cite a file.
        cited: u64,
        /// How many different files that are.
        files: u64,
        /// Those that are not as they were recorded.
        bad: Vec<BadEvidence>,
        /// Those that were erased, as an entry says.
        erased: Vec<ErasedEvidence>,
        /// How many sealed files are not at hand: destroyed, lost or elsewhere.
        shut: u64,
    },
}

/// An evidence file that was erased because the law asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedEvidence {
    /// The digest that it had.
    pub digest: Digest,
    /// The entry that says so.
    pub seq: u64,
}

/// An evidence file that is not as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadEvidence {
    /// The digest that it must have.
    pub digest: Digest,
    /// The first entry that cites it.
    pub seq: u64,
    /// What is wrong.
    pub why: String,
}

impl EvidenceTold {
    /// The files that are not as they were recorded.
    pub fn bad(&self) -> &[BadEvidence] {
        match self {
            Self::Checked { bad, .. } => bad,
            Self::NotLookedAt | Self::NotBeside => &[],
        }
    }

    /// In one sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotLookedAt => "The evidence files were not looked at.".to_owned(),
            Self::NotBeside => {
                "The evidence files were not looked at: they are not beside the log. Nothing is said here about them but what the \
                 entries say."
                    .to_owned()
            }
            Self::Checked { cited, files, bad, erased, shut } if bad.is_empty() => {
                let gone = erased.len() as u64 + shut;
                if gone > 0 { sentence_of_some(*files, gone, erased, *shut) } else { sentence_of_all(*cited, *files) }
            }
            Self::Checked { files, bad, .. } => format!(
                "Of {} that entries cite, {} cannot be read as recorded.",
                counted(*files, "evidence file", "evidence files"),
                bad.len()
            ),
        }
    }
}

fn sentence_of_all(cited: u64, files: u64) -> String {
    format!(
        "Every evidence file that an entry cites was read, and its digest recomputed: {}, cited {}, each as it was recorded.",
        counted(files, "file", "files"),
        counted(cited, "time", "times"),
    )
}

fn sentence_of_some(files: u64, gone: u64, erased: &[ErasedEvidence], shut: u64) -> String {
    let cited = counted(files, "evidence file", "evidence files");
    let read = counted(files.saturating_sub(gone), "was", "were");
    let shut = match shut {
        0 => String::new(),
        shut => format!(" Not checked, because sealed and not at hand: {}.", counted(shut, "file", "files")),
    };
    format!("Of {cited} that entries cite, {read} read, each as it was recorded.{}{shut}", sentence_of_erased(erased))
}

fn sentence_of_erased(erased: &[ErasedEvidence]) -> String {
    /// An entry names up to a hundred files; more entries than these are not listed in a sentence.
    const ENTRIES_TOLD: usize = 10;
    if erased.is_empty() {
        return String::new();
    }
    let entries: BTreeSet<u64> = erased.iter().map(|one| one.seq).collect();
    let mut told: Vec<String> = entries.iter().take(ENTRIES_TOLD).map(ToString::to_string).collect();
    if entries.len() > ENTRIES_TOLD {
        told.push("others".to_owned());
    }
    let under = if entries.len() == 1 { "entry" } else { "entries" };
    let files = counted(erased.len() as u64, "file", "files");
    format!(" Not checked, because erased under {under} {}: {files}.", listed(&told))
}

impl LogTold {
    /// Whether everything that was looked at is as it was signed.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty() && self.gaps.is_empty() && self.evidence.bad().is_empty()
    }

    /// Everything that is wrong, one sentence each. A long list of files ends with how many more there are.
    pub fn failures(&self) -> Vec<String> {
        /// Enough to see what happened; JSON has all.
        const FILES_TOLD: usize = 20;
        let mut failures = self.problems.clone();
        for gap in &self.gaps {
            failures.push(format!(
                "Entries {} to {} do not verify and are not told here.",
                gap.start,
                gap.end.saturating_sub(1)
            ));
        }
        let bad = self.evidence.bad();
        for BadEvidence { digest, seq, why } in bad.iter().take(FILES_TOLD) {
            failures.push(format!("Evidence {digest}, cited by entry {seq}: {why}."));
        }
        if bad.len() > FILES_TOLD {
            failures.push(format!("{} more evidence files are not as they were recorded.", bad.len() - FILES_TOLD));
        }
        failures
    }
}

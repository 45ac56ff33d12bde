//! The logs that are retold: what was verified of each, and what was not.

use std::collections::BTreeSet;
use std::ops::Range;

use super::words::{counted, listed, shown};
use crate::anchor::Stamped;
use crate::digest::Digest;
use crate::witness::{Judgement, Standing, cosigners};

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
    /// How many entries the checkpoint that was kept elsewhere vouches for, where one was given and agrees.
    pub since: Option<u64>,
    /// What witnesses have cosigned; nothing where that was not asked.
    pub witnessed: Option<Standing>,
    /// The time stamps over its checkpoints that hold.
    pub stamps: Vec<Stamped>,
    /// How many entries its writer had committed, where that is more than it had published when it was interrupted.
    pub committed: Option<u64>,
    /// How many entries verified, and are told here.
    pub read: u64,
    /// Entries that are not told, because they do not verify.
    pub gaps: Vec<Gap>,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// What was seen of its evidence.
    pub evidence: EvidenceTold,
}

/// Entries that are not told, because nothing vouches for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Which.
    pub entries: Range<u64>,
    /// What is wrong.
    pub why: String,
}

impl Gap {
    /// `entry 7`, or `entries 7 to 9`.
    pub fn named(&self) -> String {
        match (self.entries.start, self.entries.end.saturating_sub(1)) {
            (first, last) if first == last => format!("entry {first}"),
            (first, last) => format!("entries {first} to {last}"),
        }
    }
}

/// `log A`, or `logs A and B`.
pub(super) fn named(logs: &[LogTold]) -> String {
    let names: Vec<String> = logs.iter().map(|log| shown(&log.origin)).collect();
    format!("{} {}", if logs.len() == 1 { "log" } else { "logs" }, listed(&names))
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
        /// How many others could not be looked at, because no evidence is beside the log; told where some of what is there is bad.
        apart: u64,
        /// How many files lie among them that no entry cites.
        uncited: u64,
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

    /// In one sentence. Where not all entries are told, the others may cite files too, and that is not hidden.
    fn sentence(&self, is_whole: bool) -> String {
        match self {
            Self::NotLookedAt => "The evidence files were not looked at.".to_owned(),
            Self::NotBeside => {
                "The evidence files were not looked at: they are not beside the log. Nothing is said here about them but what the \
                 entries say."
                    .to_owned()
            }
            Self::Checked { cited, files, bad, erased, shut, apart, uncited } => {
                let gone = erased.len() as u64 + shut;
                let told = match (bad.len(), gone) {
                    (0, 0) => sentence_of_all(*cited, *files, is_whole),
                    (0, gone) => sentence_of_some(&of_cited(*files, is_whole), files.saturating_sub(gone), erased, *shut),
                    (bad, _) => sentence_of_bad(&of_cited(*files, is_whole), bad, *apart),
                };
                match (uncited, is_whole) {
                    (0, _) => told,
                    (more, true) => format!("{told} {more} more, cited by no entry."),
                    (more, false) => format!(
                        "{told} {more} more, cited by none of these entries; whether one that is not told cites them is not known."
                    ),
                }
            }
        }
    }
}

/// `Of 7 evidence files that entries cite`.
fn of_cited(files: u64, is_whole: bool) -> String {
    let entries = if is_whole { "entries" } else { "the entries that are told" };
    format!("Of {} that {entries} cite", counted(files, "evidence file", "evidence files"))
}

fn sentence_of_bad(of_cited: &str, bad: usize, apart: u64) -> String {
    let apart = match apart {
        0 => String::new(),
        apart => format!(" Not looked at, because not beside the log: {}.", counted(apart, "file", "files")),
    };
    format!("{of_cited}, {bad} cannot be read as recorded.{apart}")
}

fn sentence_of_all(cited: u64, files: u64, is_whole: bool) -> String {
    let of = match (is_whole, files) {
        (true, _) => "Every evidence file that an entry cites",
        (false, 0) => return "The entries that are told cite no evidence file.".to_owned(),
        (false, _) => "Every evidence file that one of the entries that are told cites",
    };
    format!(
        "{of} was read, and its digest recomputed: {}, cited {}, each as it was recorded.",
        counted(files, "file", "files"),
        counted(cited, "time", "times"),
    )
}

fn sentence_of_some(of_cited: &str, read: u64, erased: &[ErasedEvidence], shut: u64) -> String {
    let read = counted(read, "was", "were");
    let shut = match shut {
        0 => String::new(),
        shut => format!(" Not checked, because sealed and not at hand: {}.", counted(shut, "file", "files")),
    };
    format!("{of_cited}, {read} read, each as it was recorded.{}{shut}", sentence_of_erased(erased))
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

    /// What was seen of its evidence, in one sentence.
    pub fn evidence_sentence(&self) -> String {
        self.evidence.sentence(self.is_told_whole())
    }

    /// Whether every entry that there is known to be is told. An older checkpoint that was put back is one of the problems.
    fn is_told_whole(&self) -> bool {
        let is_verified = !self.checkpoint.is_empty() && self.problems.is_empty() && self.gaps.is_empty();
        is_verified && self.read == self.size && self.committed.is_none()
    }

    /// What the writer had not published when it was interrupted, in one sentence.
    pub fn unpublished_sentence(&self) -> Option<String> {
        let (origin, size, committed) = (shown(&self.origin), self.size, self.committed?);
        Some(format!(
            "What entries {size} to {} of {origin} say: they are in its journal and not published, as after an interruption. Only the \
             log's key can tell whether they are genuine: open the log for writing, then make this report again.",
            committed.saturating_sub(1)
        ))
    }

    /// Whether somebody else vouches for a part of it: witnesses as the policy asks for, or a time stamping authority that is
    /// believed. Then it cannot have been made up as a whole afterwards by whoever holds its key.
    pub fn is_vouched(&self) -> bool {
        let witnessed = self.witnessed.as_ref().is_some_and(|one| one.judgement == Judgement::Pass);
        witnessed || self.stamps.iter().any(|one| one.stamp.is_vouched)
    }

    /// What witnesses say, in one sentence.
    pub fn witnesses_sentence(&self) -> String {
        let told = self.witnessed.as_ref().map(|one| (one.judgement, one.size, one));
        match told {
            Some((Judgement::Pass, Some(size), one)) => {
                let all = counted(self.size, "entry", "entries");
                let part = if size.0 == self.size { "All of".to_owned() } else { format!("The first {size} of") };
                format!("{part} {all} were cosigned by {}.", cosigners(&one.cosigned))
            }
            Some((Judgement::NotChecked, None, _)) => "No cosignatures lie beside it.".to_owned(),
            Some((Judgement::NotChecked, Some(_), one)) => format!("Not checked: {}.", one.detail),
            Some((_, _, one)) => format!("They do not vouch for this log: {}.", one.detail),
            None => "Not checked.".to_owned(),
        }
    }

    /// What time stamps say, in one sentence for each, the oldest first.
    pub fn stamp_sentences(&self) -> Vec<String> {
        let one = |Stamped { size, stamp, .. }: &Stamped| {
            let whose = if stamp.is_vouched { "" } else { ", whose certificate was not checked" };
            let entries = counted(size.0, "entry", "entries");
            format!("The first {entries} existed before {}, says {}{whose}.", stamp.latest, stamp.authority)
        };
        self.stamps.iter().map(one).collect()
    }

    /// Everything that is wrong, one sentence each. A long list ends with how many more there are.
    pub fn failures(&self) -> Vec<String> {
        /// Enough to see what happened; JSON has all.
        const TOLD: usize = 20;
        let Self { problems, gaps, evidence, .. } = self;
        let mut failures: Vec<String> = problems.iter().take(TOLD).cloned().collect();
        failures.extend(gaps.iter().take(TOLD).map(|gap| {
            format!("Not told here, because it cannot be proved: {}. What is wrong: {}.", gap.named(), gap.why)
        }));
        failures.extend(
            evidence
                .bad()
                .iter()
                .take(TOLD)
                .map(|BadEvidence { digest, seq, why }| format!("Evidence {digest}, cited by entry {seq}: {why}.")),
        );
        let all = [(problems.len(), "files"), (gaps.len(), "gaps"), (evidence.bad().len(), "evidence files")];
        for (count, what) in all.iter().filter(|(count, _)| *count > TOLD) {
            failures.push(format!("{} more {what} are not as they were signed or recorded.", count - TOLD));
        }
        failures
    }
}

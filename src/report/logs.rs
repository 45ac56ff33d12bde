//! The logs that are retold: what was verified of each, and what was not.

use std::ops::Range;

use super::words::counted;
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
        /// How many files lie among them that no entry cites.
        uncited: u64,
    },
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
            Self::Checked { cited, files, bad, uncited } if bad.is_empty() => format!(
                "Every evidence file that an entry cites was read, and its digest recomputed: {}, cited {}, \
                 each as it was recorded.{}",
                counted(*files, "file", "files"),
                counted(*cited, "time", "times"),
                match uncited {
                    0 => String::new(),
                    more => format!(" {more} more, cited by no entry."),
                },
            ),
            Self::Checked { files, bad, .. } => format!(
                "Of {} that entries cite, {} cannot be read as recorded.",
                counted(*files, "evidence file", "evidence files"),
                bad.len()
            ),
        }
    }
}

impl LogTold {
    /// Whether everything that was looked at is as it was signed.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty() && self.gaps.is_empty() && self.evidence.bad().is_empty()
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
            format!("The first {size} entries existed before {}, says {}{whose}.", stamp.latest, stamp.authority)
        };
        self.stamps.iter().map(one).collect()
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

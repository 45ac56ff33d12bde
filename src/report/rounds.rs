//! How the change spread: how many targets were as ordered at each look at all of them.

use std::collections::HashMap;

use super::moment::{number, word};
use crate::audit::Recorded;
use crate::check::Verdict;
use crate::clock::UtcTime;

/// One look at all targets, or one round of waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Whose log tells it.
    pub log: usize,
    /// The first entry of it.
    pub seq: u64,
    /// When it was over.
    pub at: UtcTime,
    /// The step.
    pub step: String,
    /// What kind of look it was.
    pub kind: RoundKind,
    /// Targets that were seen as ordered.
    pub good: u64,
    /// Targets that were seen otherwise.
    pub not: u64,
    /// Targets of which it could not be found out. A round of waiting does not tell these apart from the others.
    pub unknown: u64,
    /// Whether the step came to its end after it; a round that was broken off has not seen all targets.
    pub whole: bool,
}

/// What kind of look a round was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundKind {
    /// Waiting: a target counts when its change is seen and no cache that was asked holds the old state.
    Waiting,
    /// Verification: a target counts when the look and all visits found it as ordered.
    Verification,
}

impl RoundKind {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Verification => "verification",
        }
    }
}

/// The rounds so far, and those under way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rounds {
    pub told: Vec<Round>,
    open: HashMap<usize, (Round, Option<Verdict>)>,
}

impl Rounds {
    /// Takes in a look after the operation.
    pub fn looked(&mut self, log: usize, recorded: &Recorded, verdict: Verdict) {
        let step = recorded.entry.step.as_deref().unwrap_or_default();
        if self.open.get(&log).is_some_and(|(round, _)| round.step != step) {
            self.close(log, false);
        }
        let (round, last) = self.open.entry(log).or_insert_with(|| {
            let at = recorded.entry.at;
            let (seq, kind) = (recorded.seq.0, RoundKind::Verification);
            (Round { log, seq, at, step: step.to_owned(), kind, good: 0, not: 0, unknown: 0, whole: false }, None)
        });
        *round.count(verdict) += 1;
        *last = Some(verdict);
        round.at = recorded.entry.at;
    }

    /// Takes in a visit that belongs to the look before it, after which that look concludes `verdict`.
    pub fn visited(&mut self, log: usize, recorded: &Recorded, verdict: Verdict) {
        let Some((round, last)) = self.open.get_mut(&log) else { return };
        if let Some(before) = last.replace(verdict) {
            let count = round.count(before);
            *count = count.saturating_sub(1);
            *round.count(verdict) += 1;
        }
        round.at = recorded.entry.at;
    }

    /// Takes in a round of waiting.
    pub fn waited(&mut self, log: usize, recorded: &Recorded) {
        let (body, at) = (&recorded.entry.body, recorded.entry.at);
        let (of, not) = (number(body, "of"), number(body, "unsettled"));
        let step = recorded.entry.step.clone().unwrap_or_default();
        let (good, kind) = (of.saturating_sub(not), RoundKind::Waiting);
        self.told.push(Round { log, seq: recorded.seq.0, at, step, kind, good, not, unknown: 0, whole: true });
    }

    /// Takes in the end of a step.
    pub fn ended(&mut self, log: usize, recorded: &Recorded) {
        if self.open.get(&log).is_some_and(|(round, _)| Some(&round.step) == recorded.entry.step.as_ref()) {
            self.close(log, true);
        }
    }

    /// All rounds, in order of time; one that is still under way has no end.
    pub fn finish(&mut self) {
        let open: Vec<usize> = self.open.keys().copied().collect();
        for log in open {
            self.close(log, false);
        }
        self.told.sort_by_key(|round| (round.at, round.log, round.seq));
    }

    fn close(&mut self, log: usize, whole: bool) {
        if let Some((round, _)) = self.open.remove(&log) {
            self.told.push(Round { whole, ..round });
        }
    }
}

impl Round {
    fn count(&mut self, verdict: Verdict) -> &mut u64 {
        match verdict {
            Verdict::Pass => &mut self.good,
            Verdict::Fail => &mut self.not,
            Verdict::Unknown => &mut self.unknown,
        }
    }

    /// How many targets it looked at.
    pub fn all(&self) -> u64 {
        self.good.saturating_add(self.not).saturating_add(self.unknown)
    }
}

/// Whether an `observe` entry is of a look after the operation.
pub(super) fn is_after(recorded: &Recorded) -> bool {
    word(&recorded.entry.body, "moment") == Some("after")
}

//! What is known of one target, from before to after, by each agency that looked.

use std::collections::BTreeMap;

use serde_json::Value;

use super::moment::{flag, word};
use crate::audit::Recorded;
use crate::check::Verdict;
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::words::counted;

/// What is known of one target, from before to after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The target.
    pub subject: String,
    /// The list it came from, if it did.
    pub list: Option<String>,
    /// What happened to it.
    pub action: String,
    /// Its order.
    pub order: Option<String>,
    /// What each log tells of it, in the order of the logs' first mention.
    pub accounts: Vec<Account>,
}

/// What one log tells of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose it is: a place in [`super::Retold::logs`].
    pub log: usize,
    /// The last look before anything was changed.
    pub before: Option<Look>,
    /// The looks after that came before the last one: entry, time, and what they concluded.
    pub earlier: Vec<(u64, UtcTime, Verdict)>,
    /// The last look after.
    pub after: Option<Look>,
}

/// One look at a target, and the visits that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Its entry.
    pub seq: u64,
    /// When.
    pub at: UtcTime,
    /// What was seen, in a few words.
    pub state: String,
    /// What it concluded, its visits included.
    pub verdict: Verdict,
    /// Its findings.
    pub findings: Vec<FindingTold>,
    /// How many findings had no room in the entry.
    pub left_out: u64,
    /// The evidence file that tells of all the rest.
    pub evidence: Option<Digest>,
    /// The visits.
    pub visits: Vec<VisitTold>,
}

/// A finding, as an entry has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingTold {
    /// Its code.
    pub code: String,
    /// How grave it is.
    pub severity: String,
    /// Whether it was seen; otherwise it could not be found out.
    pub known: bool,
    /// What it says.
    pub message: String,
}

/// A visit, as an entry has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitTold {
    /// Its entry.
    pub seq: u64,
    /// Whether the visitor met the genuine notice that is due.
    pub genuine: bool,
    /// What was met, in words.
    pub summary: String,
    /// The evidence file that tells of all the rest.
    pub evidence: Option<Digest>,
}

/// What an entry says that a look concluded; where it says nothing, nothing is known.
fn verdict_of(word: Option<&str>) -> Verdict {
    let all = [Verdict::Pass, Verdict::Fail, Verdict::Unknown];
    all.into_iter().find(|verdict| Some(verdict.word()) == word).unwrap_or(Verdict::Unknown)
}

/// An entry's first evidence file is the one that tells of the others.
fn first_evidence(recorded: &Recorded) -> Option<Digest> {
    recorded.entry.evidence.first().map(|evidence| evidence.digest)
}

fn findings(body: &BTreeMap<String, Value>) -> Vec<FindingTold> {
    let findings = body.get("findings").and_then(Value::as_array).into_iter().flatten();
    let told = |finding: &Value| {
        let part = |key: &str| finding.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let known = finding.get("known").and_then(Value::as_bool) != Some(false);
        FindingTold { code: part("code"), severity: part("severity"), known, message: part("message") }
    };
    findings.map(told).collect()
}

impl std::fmt::Display for FindingTold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, severity, message, .. } = self;
        let unknown = if self.known { "" } else { " (could not be found out)" };
        write!(f, "{code} {severity}: {message}{unknown}")
    }
}

impl Look {
    /// The look that an `observe` entry tells of.
    pub(super) fn of(recorded: &Recorded) -> Self {
        let body = &recorded.entry.body;
        Self {
            seq: recorded.seq.0,
            at: recorded.entry.at,
            state: word(body, "state").unwrap_or_default().to_owned(),
            verdict: verdict_of(word(body, "verdict")),
            findings: findings(body),
            left_out: super::moment::number(body, "findings_left_out"),
            evidence: first_evidence(recorded),
            visits: Vec::new(),
        }
    }

    /// Takes in a visit; what it concluded with it.
    pub(super) fn visited(&mut self, recorded: &Recorded) -> Verdict {
        let body = &recorded.entry.body;
        let genuine = flag(body, "genuine");
        let summary = word(body, "summary").unwrap_or_default().to_owned();
        self.visits.push(VisitTold { seq: recorded.seq.0, genuine, summary, evidence: first_evidence(recorded) });
        if !genuine {
            self.verdict = match word(body, "verdict") {
                // Not found out: it takes a pass away, but makes no failure.
                Some("unknown") if self.verdict != Verdict::Fail => Verdict::Unknown,
                _ => Verdict::Fail,
            };
        }
        self.verdict
    }

    /// Visits that met the genuine notice, and visits in all.
    pub fn genuine(&self) -> (usize, usize) {
        (self.visits.iter().filter(|visit| visit.genuine).count(), self.visits.len())
    }

    /// The findings, and what the visits met that were shown something else, one line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.findings.iter().map(ToString::to_string).collect();
        if self.left_out > 0 {
            lines.push(format!(
                "{} in the evidence only",
                counted(self.left_out, "more finding stands", "more findings stand")
            ));
        }
        lines.extend(self.visits.iter().filter(|visit| !visit.genuine).map(|visit| visit.summary.clone()));
        lines
    }

    /// The entries of the look and its visits, each with its evidence.
    pub fn exhibits(&self) -> impl Iterator<Item = (u64, Option<Digest>)> {
        let visits = self.visits.iter().map(|visit| (visit.seq, visit.evidence));
        std::iter::once((self.seq, self.evidence)).chain(visits)
    }
}

impl Story {
    pub(super) fn new(subject: &str) -> Self {
        Self { subject: subject.to_owned(), list: None, action: String::new(), order: None, accounts: Vec::new() }
    }

    pub(super) fn account(&mut self, log: usize) -> Option<&mut Account> {
        let place = self.accounts.iter().position(|account| account.log == log);
        let place = place.unwrap_or_else(|| {
            self.accounts.push(Account { log, before: None, earlier: Vec::new(), after: None });
            self.accounts.len() - 1
        });
        self.accounts.get_mut(place)
    }

    /// The key of the instruction that it came under.
    pub fn task(&self) -> String {
        self.list.as_ref().map_or_else(|| self.subject.clone(), |list| format!("list:{list}"))
    }

    /// The first state that was seen before anything was changed.
    pub fn before(&self) -> Option<&str> {
        self.accounts.iter().find_map(|account| account.before.as_ref()).map(|look| look.state.as_str())
    }

    /// The last looks after, one for each log that has one.
    pub fn looks_after(&self) -> impl Iterator<Item = &Look> {
        self.accounts.iter().filter_map(|account| account.after.as_ref())
    }

    /// The state that was seen after.
    pub fn after(&self) -> Option<&str> {
        self.looks_after().next().map(|look| look.state.as_str())
    }

    /// What the last looks after concluded. Where several agencies looked, the worst counts: what one of them saw that is not
    /// as ordered is not undone by another who did not see it, and what one could not find out is not known.
    pub fn verdict(&self) -> Verdict {
        let verdicts: Vec<Verdict> = self.looks_after().map(|look| look.verdict).collect();
        let worst = [Verdict::Fail, Verdict::Unknown].into_iter().find(|verdict| verdicts.contains(verdict));
        worst.unwrap_or(if verdicts.is_empty() { Verdict::Unknown } else { Verdict::Pass })
    }

    /// Visits that met the genuine notice, and visits in all, of the last looks.
    pub fn visits(&self) -> (usize, usize) {
        let both = self.looks_after().map(Look::genuine);
        both.fold((0, 0), |(genuine, all), (more, visits)| (genuine + more, all + visits))
    }
}

//! One line of the timeline.

use std::collections::BTreeMap;

use serde_json::Value;

use super::words::counted;
use crate::audit::{ERASED, Entry, Erased, Kind, OutcomeResult, Recorded};
use crate::clock::UtcTime;

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Whose log tells it: a place in [`super::Retold::logs`].
    pub log: usize,
    /// Index of the entry in that log.
    pub seq: u64,
    /// When.
    pub at: UtcTime,
    /// Who: agency and role.
    pub who: String,
    /// Under which order, where one is needed.
    pub authority: Option<String>,
    /// Step, where it belongs to one.
    pub step: Option<String>,
    /// What, in words.
    pub what: String,
    /// Whether something did not go as it should: told first where there is not room for all.
    pub grave: bool,
}

impl Moment {
    /// The line of any entry of a log that stands alone, the looks and visits included.
    pub fn of(recorded: &Recorded) -> Self {
        Self::in_log(0, recorded)
    }

    /// The line of an entry of one log among several.
    pub fn in_log(log: usize, recorded: &Recorded) -> Self {
        let entry = &recorded.entry;
        Self {
            log,
            seq: recorded.seq.0,
            at: entry.at,
            who: format!("{}, {}", entry.actor.agency, entry.actor.role),
            authority: entry.authority.clone(),
            step: entry.step.clone(),
            what: what(recorded),
            grave: is_grave(recorded),
        }
    }
}

/// A part of a body that is a text.
pub(super) fn word<'a>(body: &'a BTreeMap<String, Value>, key: &str) -> Option<&'a str> {
    body.get(key).and_then(Value::as_str)
}

pub(super) fn number(body: &BTreeMap<String, Value>, key: &str) -> u64 {
    body.get(key).and_then(Value::as_u64).unwrap_or_default()
}

pub(super) fn flag(body: &BTreeMap<String, Value>, key: &str) -> bool {
    body.get(key).and_then(Value::as_bool) == Some(true)
}

/// Who approved: the person as far as that is told, of which agency, as what, with which key.
pub(super) fn approver(body: &BTreeMap<String, Value>) -> String {
    let Some(approver) = word(body, "approver") else { return "a person whom the entry does not name".to_owned() };
    match (word(body, "agency"), word(body, "role"), word(body, "key")) {
        (Some(agency), Some(role), Some(key)) => format!("{approver} of {agency} as {role} with {key}"),
        _ => approver.to_owned(),
    }
}

/// How an outcome is known, and who said so and why, as far as that is told.
pub(super) fn how(body: &BTreeMap<String, Value>) -> String {
    let said = |before: &str, key: &str| word(body, key).map(|text| format!("{before}{text}")).unwrap_or_default();
    format!("{}{}{}", said("", "how"), said(" by ", "by"), said(": ", "why"))
}

/// What a person wrote down, on one line: as whom, about what, and what was kept with it.
fn noted(entry: &Entry, text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let about = entry
        .subject
        .as_deref()
        .or_else(|| word(&entry.body, "subject"))
        .map(|subject| format!(" about {subject}"))
        .unwrap_or_default();
    let kept: Vec<String> = entry.evidence.iter().map(|piece| piece.digest.to_string()).collect();
    let kept = if kept.is_empty() { String::new() } else { format!(" (kept: {})", kept.join(", ")) };
    format!("{} of {} noted{about}: {text}{kept}", entry.actor.role, entry.actor.agency)
}

/// What was erased, by how many files there were of each kind.
fn erased(entry: &Entry) -> String {
    let Erased { evidence, openings } = Erased::of(entry).unwrap_or_default();
    let evidence = counted(evidence.len() as u64, "evidence file", "evidence files");
    let openings = counted(openings.len() as u64, "sealed text", "sealed texts");
    format!("erased for good: {evidence}, and what opened {openings}")
}

/// What an entry says, in words.
fn what(recorded: &Recorded) -> String {
    let entry = &recorded.entry;
    let subject = entry.subject.as_deref().unwrap_or_default();
    let body = &entry.body;
    let told = |key: &str| word(body, key).unwrap_or_default();
    match (&entry.kind, entry.action.as_str()) {
        (Kind::Fact, "run.open") => format!("began to carry out plan {}", told("plan")),
        (Kind::Fact, "approval") => format!("plan approved by {}", approver(body)),
        (Kind::Fact, "run.compare") if flag(body, "same") => "drew the plan again: the same".to_owned(),
        (Kind::Fact, "run.compare") => "drew the plan again: it differs, nothing was changed".to_owned(),
        (Kind::Fact, "gate") if flag(body, "opened") => format!("{} said that the step may begin", told("by")),
        (Kind::Fact, "gate") => format!("{} said that the step may not begin: {}", told("by"), told("why")),
        (Kind::Fact, "refused") => format!("did not give `{subject}`: {}", told("why")),
        (Kind::Fact, "observe") => format!("looked at {subject}: {}; {}", told("state"), told("verdict")),
        (Kind::Fact, "visit") => format!("visited {}", told("summary")),
        (Kind::Fact, "outsider") if flag(body, "clean") => format!("{subject}, which nobody ordered, is not answered"),
        (Kind::Fact, "outsider") => format!("{subject}, which nobody ordered, is answered"),
        (Kind::Fact, "settle") => {
            format!("{} of {} targets not settled yet", number(body, "unsettled"), number(body, "of"))
        }
        (Kind::Fact, "step.end") if flag(body, "reached") => "step over".to_owned(),
        (Kind::Fact, "step.end") => "step over without reaching what it is for".to_owned(),
        (Kind::Fact, "notice") => format!("signed notice {subject} recorded"),
        (Kind::Fact, "run.close") => "plan over".to_owned(),
        (Kind::Fact, "note") => noted(entry, told("text")),
        (Kind::Fact, ERASED) => erased(entry),
        (Kind::Fact, other) => format!("{other} {subject}"),
        (Kind::Intent, "instruct") => format!("about to instruct: {}", told("what")),
        (Kind::Intent, "confirm") => format!("about to ask whether it is done: {}", told("what")),
        (Kind::Intent, _) => format!("about to {}", told("what")),
        (Kind::Outcome { result, .. }, _) => format!("{}: {subject}, {}", result_word(*result), how(body)),
    }
}

/// Looks and visits have their own chapter; the timeline is what was decided and done.
pub(super) fn is_in_timeline(recorded: &Recorded) -> bool {
    !matches!(recorded.entry.action.as_str(), "observe" | "visit")
}

fn is_grave(recorded: &Recorded) -> bool {
    let entry = &recorded.entry;
    match (&entry.kind, entry.action.as_str()) {
        (Kind::Outcome { result, .. }, _) => *result != OutcomeResult::Done,
        (Kind::Fact, "refused") => true,
        (Kind::Fact, "run.compare") => !flag(&entry.body, "same"),
        (Kind::Fact, "gate") => !flag(&entry.body, "opened"),
        (Kind::Fact, "outsider") => !flag(&entry.body, "clean"),
        (Kind::Fact, "step.end") => !flag(&entry.body, "reached"),
        _ => false,
    }
}

/// What became of an intent, in words.
pub fn result_word(result: OutcomeResult) -> &'static str {
    match result {
        OutcomeResult::Done => "done",
        OutcomeResult::Failed => "not done",
        OutcomeResult::Unknown => "still in doubt",
    }
}

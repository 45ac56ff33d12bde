//! The operation retold from its log, for people.
//!
//! Everything said here is a fold over log entries; nothing is remembered from anywhere else, so that a report made years
//! later from the log alone says the same.

mod text;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::audit::{Entry, Kind, OutcomeResult, Recorded};
use crate::check::Verdict;
use crate::clock::UtcTime;
use crate::digest::Digest;

pub use text::{line, rows, text};

/// The version of [`Retold::json`].
const REPORT_VERSION: u32 = 1;

/// The whole operation, as its log tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retold {
    /// The digest of the plan that was carried out.
    pub plan: Option<String>,
    /// Who approved the plan, as the log has it.
    pub approvals: Vec<String>,
    /// When the first and the last entry were written.
    pub span: Option<(UtcTime, UtcTime)>,
    /// How many entries.
    pub entries: u64,
    /// What happened, in order.
    pub timeline: Vec<Moment>,
    /// One story for each target, in order of first mention.
    pub stories: Vec<Story>,
    /// Where the story of each subject stands in `stories`.
    places: HashMap<String, usize>,
    /// Tasks of which the log does not say what became, by the index of the intent.
    pub in_doubt: BTreeMap<u64, String>,
    /// Whether the log says that the plan is over.
    pub closed: bool,
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Index of the entry.
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
}

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
    /// Its state before.
    pub before: Option<String>,
    /// Its state after.
    pub after: Option<String>,
    /// What the last look after the operation concluded.
    pub verdict: Verdict,
    /// Visits that met the genuine notice, and visits in all, of the last look.
    pub visits: (usize, usize),
    /// Findings of the last look, with their codes.
    pub findings: Vec<String>,
    /// Entries of the last look and its visits, by index.
    pub entries: Vec<u64>,
    /// For each of these, the digest of the evidence file that tells of all the rest.
    pub evidence: Vec<Digest>,
}

/// What an entry says that a look concluded; where it says nothing, nothing is known.
fn verdict_of(word: Option<&str>) -> Verdict {
    let all = [Verdict::Pass, Verdict::Fail, Verdict::Unknown];
    all.into_iter().find(|verdict| Some(verdict.word()) == word).unwrap_or(Verdict::Unknown)
}

impl Retold {
    /// Folds entries, oldest first.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut retold = Self::default();
        for recorded in entries {
            retold.note(recorded);
        }
        retold
    }

    /// Takes in one more entry.
    pub fn note(&mut self, recorded: &Recorded) {
        let entry = &recorded.entry;
        self.entries += 1;
        self.span = Some((self.span.map_or(entry.at, |(first, _)| first), entry.at));
        match (&entry.kind, entry.action.as_str()) {
            (Kind::Fact, "run.open") => self.plan = word(&entry.body, "plan").map(str::to_owned),
            (Kind::Fact, "approval") => self.approvals.extend(word(&entry.body, "approver").map(str::to_owned)),
            (Kind::Fact, "observe") => self.note_look(recorded),
            (Kind::Fact, "visit") => self.note_visit(recorded),
            (Kind::Fact, "run.close") => self.closed = true,
            (Kind::Intent, _) => {
                self.in_doubt.insert(recorded.seq.0, entry.subject.clone().unwrap_or_default());
            }
            (Kind::Outcome { of, result }, _) if *result != OutcomeResult::Unknown => {
                self.in_doubt.remove(&of.0);
            }
            _ => {}
        }
        if is_in_timeline(recorded) {
            self.timeline.push(Moment::of(recorded));
        }
    }

    fn note_look(&mut self, recorded: &Recorded) {
        let entry = &recorded.entry;
        let Some(subject) = &entry.subject else { return };
        let state = word(&entry.body, "state").unwrap_or_default().to_owned();
        let after = word(&entry.body, "moment") == Some("after");
        let Some(story) = self.story(subject) else { return };
        story.list = word(&entry.body, "list").map(str::to_owned);
        story.action = word(&entry.body, "action").unwrap_or_default().to_owned();
        story.order.clone_from(&entry.authority);
        if !after {
            story.before = Some(state);
            return;
        }
        story.after = Some(state);
        story.verdict = verdict_of(word(&entry.body, "verdict"));
        story.visits = (0, 0);
        story.findings = findings(&entry.body);
        story.entries = vec![recorded.seq.0];
        story.evidence = first_evidence(recorded).into_iter().collect();
    }

    fn note_visit(&mut self, recorded: &Recorded) {
        let entry = &recorded.entry;
        let genuine = entry.body.get("genuine").and_then(Value::as_bool) == Some(true);
        let summary = word(&entry.body, "summary").unwrap_or_default().to_owned();
        let place = entry.subject.as_ref().and_then(|subject| self.places.get(subject));
        let Some(story) = place.and_then(|place| self.stories.get_mut(*place)) else { return };
        // A visit before the operation's last look (to the notice hosts, say) is in the timeline only.
        if story.after.is_none() {
            return;
        }
        story.visits = (story.visits.0 + usize::from(genuine), story.visits.1 + 1);
        story.entries.push(recorded.seq.0);
        story.evidence.extend(first_evidence(recorded));
        if !genuine {
            story.verdict = match word(&entry.body, "verdict") {
                // Not found out: it takes a pass away, but makes no failure.
                Some("unknown") if story.verdict != Verdict::Fail => Verdict::Unknown,
                _ => Verdict::Fail,
            };
            story.findings.push(summary);
        }
    }

    /// The story of a subject, begun if there is none yet.
    fn story(&mut self, subject: &str) -> Option<&mut Story> {
        let next = self.stories.len();
        let index = *self.places.entry(subject.to_owned()).or_insert(next);
        if index == next {
            self.stories.push(Story::new(subject));
        }
        self.stories.get_mut(index)
    }

    /// The whole as JSON, for machines.
    pub fn json(&self) -> Value {
        json!({
            "version": REPORT_VERSION,
            "plan": self.plan,
            "approvals": self.approvals,
            "entries": self.entries,
            "from": self.span.map(|(from, _)| from),
            "to": self.span.map(|(_, to)| to),
            "closed": self.closed,
            "in_doubt": self.in_doubt,
            "targets": self.stories.iter().map(Story::json).collect::<Vec<_>>(),
            "timeline": self.timeline.iter().map(Moment::json).collect::<Vec<_>>(),
        })
    }
}

impl Moment {
    fn json(&self) -> Value {
        json!({
            "seq": self.seq,
            "at": self.at,
            "who": self.who,
            "authority": self.authority,
            "step": self.step,
            "what": self.what,
        })
    }
}

impl Story {
    fn new(subject: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            list: None,
            action: String::new(),
            order: None,
            before: None,
            after: None,
            verdict: Verdict::Unknown,
            visits: (0, 0),
            findings: Vec::new(),
            entries: Vec::new(),
            evidence: Vec::new(),
        }
    }

    fn json(&self) -> Value {
        json!({
            "subject": self.subject,
            "list": self.list,
            "action": self.action,
            "order": self.order,
            "before": self.before,
            "after": self.after,
            "verdict": self.verdict.word(),
            "visits_genuine": self.visits.0,
            "visits": self.visits.1,
            "findings": self.findings,
            "entries": self.entries,
            "evidence": self.evidence,
        })
    }
}

/// An entry's first evidence file is the one that tells of the others.
fn first_evidence(recorded: &Recorded) -> Option<Digest> {
    recorded.entry.evidence.first().map(|evidence| evidence.digest)
}

fn word<'a>(body: &'a BTreeMap<String, Value>, key: &str) -> Option<&'a str> {
    body.get(key).and_then(Value::as_str)
}

fn findings(body: &BTreeMap<String, Value>) -> Vec<String> {
    let findings = body.get("findings").and_then(Value::as_array).into_iter().flatten();
    findings
        .map(|finding| {
            let part = |key: &str| finding.get(key).and_then(Value::as_str).unwrap_or_default();
            format!("{} {}: {}", part("code"), part("severity"), part("message"))
        })
        .collect()
}

impl Moment {
    /// The line of any entry, the looks and visits included.
    pub fn of(recorded: &Recorded) -> Self {
        let entry = &recorded.entry;
        Self {
            seq: recorded.seq.0,
            at: entry.at,
            who: format!("{}, {}", entry.actor.agency, entry.actor.role),
            authority: entry.authority.clone(),
            step: entry.step.clone(),
            what: what(recorded),
        }
    }
}

/// What an entry says, in words.
fn what(recorded: &Recorded) -> String {
    let entry = &recorded.entry;
    let subject = entry.subject.as_deref().unwrap_or_default();
    let told = |key: &str| word(&entry.body, key).unwrap_or_default();
    let flag = |key: &str| entry.body.get(key).and_then(Value::as_bool) == Some(true);
    let number = |key: &str| entry.body.get(key).and_then(Value::as_u64).unwrap_or_default();
    match (&entry.kind, entry.action.as_str()) {
        (Kind::Fact, "run.open") => format!("began to carry out plan {}", told("plan")),
        (Kind::Fact, "approval") => format!("plan approved by {}", told("approver")),
        (Kind::Fact, "run.compare") if flag("same") => "drew the plan again: the same".to_owned(),
        (Kind::Fact, "run.compare") => "drew the plan again: it differs, nothing was changed".to_owned(),
        (Kind::Fact, "gate") if flag("opened") => format!("{} said that the step may begin", told("by")),
        (Kind::Fact, "gate") => format!("{} said that the step may not begin: {}", told("by"), told("why")),
        (Kind::Fact, "refused") => format!("did not give `{subject}`: {}", told("why")),
        (Kind::Fact, "observe") => format!("looked at {subject}: {}; {}", told("state"), told("verdict")),
        (Kind::Fact, "visit") => format!("visited {}", told("summary")),
        (Kind::Fact, "outsider") if flag("clean") => format!("{subject}, which nobody ordered, is not answered"),
        (Kind::Fact, "outsider") => format!("{subject}, which nobody ordered, is answered"),
        (Kind::Fact, "settle") => format!("{} of {} targets not settled yet", number("unsettled"), number("of")),
        (Kind::Fact, "step.end") if flag("reached") => "step over".to_owned(),
        (Kind::Fact, "step.end") => "step over without reaching what it is for".to_owned(),
        (Kind::Fact, "run.close") => "plan over".to_owned(),
        (Kind::Fact, "note") => noted(entry, told("text")),
        (Kind::Fact, other) => format!("{other} {subject}"),
        (Kind::Intent, _) => format!("about to {}", told("what")),
        (Kind::Outcome { result, .. }, _) => format!("{}: {subject}, {}", result_word(*result), told("how")),
    }
}

/// What a person wrote down, on one line.
fn noted(entry: &Entry, text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let about = entry.subject.as_deref().map(|subject| format!(" about {subject}")).unwrap_or_default();
    let kept = match entry.evidence.len() {
        0 => String::new(),
        1 => " (1 file kept)".to_owned(),
        files => format!(" ({files} files kept)"),
    };
    format!("noted{about}: {text}{kept}")
}

/// Looks and visits have their own chapter; the timeline is what was decided and done.
fn is_in_timeline(recorded: &Recorded) -> bool {
    !matches!(recorded.entry.action.as_str(), "observe" | "visit")
}

fn result_word(result: OutcomeResult) -> &'static str {
    match result {
        OutcomeResult::Done => "done",
        OutcomeResult::Failed => "not done",
        OutcomeResult::Unknown => "still in doubt",
    }
}

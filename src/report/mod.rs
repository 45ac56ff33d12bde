//! The operation retold from its log, for people; from several logs, where several agencies kept one.
//!
//! Everything said here is a fold over log entries, and over the plan and the playbook that they cite as evidence; nothing is
//! remembered from anywhere else, so that a report made years later says the same.

mod html;
mod json;
mod logs;
mod moment;
mod papers;
mod rounds;
mod story;
mod text;
mod words;

use std::collections::{BTreeSet, HashMap};

use crate::audit::{EvidenceRef, Kind, OutcomeResult, Recorded};
use crate::check::Verdict;
use crate::clock::UtcTime;
use crate::operate::REHEARSAL;
use crate::signed_note::KeyName;

use moment::{is_in_timeline, word};
use rounds::{Rounds, is_after};

pub use html::{ReportError, html, lines_left_out};
pub use logs::{BadEvidence, ErasedEvidence, EvidenceTold, Gap, LogTold};
pub use moment::{Moment, result_word};
pub use papers::{AgencyPaper, OperationPaper, OrderPaper, Papers, PlaybookPaper};
pub use rounds::{Round, RoundKind};
pub use story::{Account, FindingTold, Look, Story, VisitTold};
pub use text::{line, rows, text};
pub use words::shown;

/// The whole operation, as its logs tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retold {
    /// The logs, in the order in which they were given. Empty when only entries were at hand, of one log.
    pub logs: Vec<LogTold>,
    /// Whether any entry was written in a rehearsal: then nothing of it happened in the world.
    pub rehearsed: bool,
    /// The plan and the playbook, as far as they were at hand.
    pub papers: Papers,
    /// Each beginning of a plan.
    pub opened: Vec<Opened>,
    /// Who approved the plan, as the logs have it.
    pub approvals: Vec<Approved>,
    /// When the first and the last entry were written.
    pub span: Option<(UtcTime, UtcTime)>,
    /// How many entries.
    pub entries: u64,
    /// What happened, in order of time, then of the logs, then of the entries.
    pub timeline: Vec<Moment>,
    /// What was set about, in the same order.
    pub deeds: Vec<Deed>,
    /// Where the deed of each intent stands in `deeds`.
    intents: HashMap<(usize, u64), usize>,
    /// Where the instructions of each task stand in `deeds`.
    tasks: HashMap<String, Vec<usize>>,
    /// One story for each target, in order of first mention.
    pub stories: Vec<Story>,
    /// Where the story of each subject stands in `stories`.
    places: HashMap<String, usize>,
    rounds: Rounds,
    /// Which logs say that the plan is over.
    closed: BTreeSet<usize>,
}

/// The beginning of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Whose log tells it.
    pub log: usize,
    /// Its entry.
    pub seq: u64,
    /// When.
    pub at: UtcTime,
    /// The digest of the plan.
    pub plan: String,
    /// Where the plan and the playbook are.
    pub evidence: Vec<EvidenceRef>,
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// Whose log tells it.
    pub log: usize,
    /// Its entry.
    pub seq: u64,
    /// When it was written down.
    pub at: UtcTime,
    /// Who, of which agency, as what, with which key.
    pub approver: String,
    /// The short name of the agency, where the entry has it.
    pub agency: Option<String>,
    /// In which role, where the entry has it.
    pub role: Option<String>,
    /// With which key; `None` where that is sealed, and what opens it is not at hand.
    pub key: Option<KeyName>,
}

/// Something that was set about, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Whose log tells it.
    pub log: usize,
    /// The entry of the intent.
    pub intent: u64,
    /// When it was about to be done.
    pub at: UtcTime,
    /// `instruct`, `publish` or `confirm`.
    pub action: String,
    /// For which step.
    pub step: String,
    /// To what.
    pub task: String,
    /// In words.
    pub what: String,
    /// Under which order.
    pub authority: Option<String>,
    /// What became of it, where the log says so.
    pub outcome: Option<Outcome>,
}

/// What became of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its entry.
    pub seq: u64,
    /// When.
    pub at: UtcTime,
    /// Done, not done, or not known.
    pub result: OutcomeResult,
    /// How.
    pub how: String,
}

impl Deed {
    /// Whether the log says that it was done.
    pub fn is_done(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| outcome.result == OutcomeResult::Done)
    }

    /// Whether the log does not say what became of it.
    pub fn is_in_doubt(&self) -> bool {
        self.outcome.as_ref().is_none_or(|outcome| outcome.result == OutcomeResult::Unknown)
    }
}

impl Retold {
    /// Folds the entries of one log, oldest first.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut retold = Self::default();
        for recorded in entries {
            retold.note(0, recorded);
        }
        retold.finish();
        retold
    }

    /// Takes in one more entry of one of the logs. Entries come in order of time.
    pub fn note(&mut self, log: usize, recorded: &Recorded) {
        let (entry, seq) = (&recorded.entry, recorded.seq.0);
        self.entries += 1;
        self.rehearsed |= entry.actor.role == REHEARSAL;
        self.span = Some((self.span.map_or(entry.at, |(first, _)| first), entry.at));
        match (&entry.kind, entry.action.as_str()) {
            (Kind::Fact, "run.open") => self.opened.push(Opened {
                log,
                seq,
                at: entry.at,
                plan: word(&entry.body, "plan").unwrap_or_default().to_owned(),
                evidence: entry.evidence.clone(),
            }),
            (Kind::Fact, "approval") => {
                let told = |key| word(&entry.body, key).map(str::to_owned);
                self.approvals.push(Approved {
                    log,
                    seq,
                    at: entry.at,
                    approver: moment::approver(&entry.body),
                    agency: told("agency"),
                    role: told("role"),
                    key: word(&entry.body, "key").and_then(|key| key.parse().ok()),
                });
            }
            (Kind::Fact, "observe") => self.note_look(log, recorded),
            (Kind::Fact, "visit") => self.note_visit(log, recorded),
            (Kind::Fact, "settle") => self.rounds.waited(log, recorded),
            (Kind::Fact, "step.end") => self.rounds.ended(log, recorded),
            (Kind::Fact, "run.close") => drop(self.closed.insert(log)),
            (Kind::Intent, _) => self.note_intent(log, recorded),
            (Kind::Outcome { of, result }, _) => {
                let how = moment::how(&entry.body);
                let deed = self.intents.get(&(log, of.0)).and_then(|place| self.deeds.get_mut(*place));
                if let Some(deed) = deed {
                    deed.outcome = Some(Outcome { seq, at: entry.at, result: *result, how });
                }
            }
            (Kind::Fact, _) => {}
        }
        if is_in_timeline(recorded) {
            self.timeline.push(Moment::in_log(log, recorded));
        }
    }

    /// Closes what is still open when no more entries come.
    pub fn finish(&mut self) {
        self.rounds.finish();
    }

    fn note_intent(&mut self, log: usize, recorded: &Recorded) {
        let entry = &recorded.entry;
        let place = self.deeds.len();
        let task = entry.subject.clone().unwrap_or_default();
        self.intents.insert((log, recorded.seq.0), place);
        if entry.action == "instruct" {
            self.tasks.entry(task.clone()).or_default().push(place);
        }
        self.deeds.push(Deed {
            log,
            intent: recorded.seq.0,
            at: entry.at,
            action: entry.action.clone(),
            step: entry.step.clone().unwrap_or_default(),
            task,
            what: word(&entry.body, "what").unwrap_or_default().to_owned(),
            authority: entry.authority.clone(),
            outcome: None,
        });
    }

    fn note_look(&mut self, log: usize, recorded: &Recorded) {
        let entry = &recorded.entry;
        let Some(subject) = &entry.subject else { return };
        let look = Look::of(recorded);
        let after = is_after(recorded);
        if after {
            self.rounds.looked(log, recorded, look.verdict);
        }
        let Some(story) = self.story(subject) else { return };
        story.list = word(&entry.body, "list").map(str::to_owned);
        story.action = word(&entry.body, "action").unwrap_or_default().to_owned();
        story.order.clone_from(&entry.authority);
        let Some(account) = story.account(log) else { return };
        if !after {
            account.before = Some(look);
        } else if let Some(earlier) = account.after.replace(look) {
            account.earlier.push((earlier.seq, earlier.at, earlier.verdict));
        }
    }

    fn note_visit(&mut self, log: usize, recorded: &Recorded) {
        let place = recorded.entry.subject.as_ref().and_then(|subject| self.places.get(subject));
        let Some(story) = place.and_then(|place| self.stories.get_mut(*place)) else { return };
        // A visit before the operation's first look (to the notice hosts, say) is counted nowhere.
        let look = story.account(log).and_then(|account| account.after.as_mut());
        if let Some(verdict) = look.map(|look| look.visited(recorded)) {
            self.rounds.visited(log, recorded, verdict);
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

    /// The operation's name, where the playbook is at hand.
    pub fn operation(&self) -> Option<String> {
        let paper = self.papers.playbook.as_ref()?;
        Some(shown(&paper.operation.title)).filter(|title| !title.is_empty())
    }

    /// What the report is headed with: the operation's name, or whose logs these are. A rehearsal says that it is one.
    pub fn title(&self) -> String {
        let title = self.operation().unwrap_or_else(|| match self.logs.as_slice() {
            [] => "A log".to_owned(),
            logs => format!("The {}", logs::named(logs)),
        });
        if self.rehearsed { format!("Rehearsal: {title}") } else { title }
    }

    /// The digest of the plan that was carried out, the first where the logs tell of several.
    pub fn plan(&self) -> Option<&str> {
        self.opened.first().map(|opened| opened.plan.as_str())
    }

    /// Whether a plan was begun, or anything that belongs to one: otherwise the logs hold what people wrote down.
    pub fn is_of_a_run(&self) -> bool {
        !self.opened.is_empty() || !self.stories.is_empty() || !self.deeds.is_empty()
    }

    /// Whether each log that tells of a plan's beginning also tells that it is over.
    pub fn is_closed(&self) -> bool {
        !self.opened.is_empty() && self.opened.iter().all(|opened| self.closed.contains(&opened.log))
    }

    /// The looks at all targets, in order of time.
    pub fn rounds(&self) -> &[Round] {
        &self.rounds.told
    }

    /// The instructions that a target came under.
    pub fn instructions(&self, story: &Story) -> impl Iterator<Item = &Deed> {
        let places = self.tasks.get(&story.task()).into_iter().flatten();
        places.filter_map(|place| self.deeds.get(*place))
    }

    /// What was set about and of which the logs do not say what became.
    pub fn in_doubt(&self) -> impl Iterator<Item = &Deed> {
        self.deeds.iter().filter(|deed| deed.is_in_doubt())
    }

    /// How many targets have this verdict.
    pub fn count(&self, verdict: Verdict) -> u64 {
        self.stories.iter().filter(|story| story.verdict() == verdict).count() as u64
    }

    /// Whether all logs and all their evidence are as they were signed and recorded.
    pub fn is_sound(&self) -> bool {
        self.logs.iter().all(LogTold::is_sound)
    }

    /// Whose log: its name, or nothing where only one is told.
    pub fn origin(&self, log: usize) -> &str {
        self.logs.get(log).map_or("", |log| log.origin.as_str())
    }
}

#[cfg(test)]
mod tests;

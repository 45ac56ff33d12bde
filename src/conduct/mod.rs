//! The step engine: what has been done, what comes next. Pure.
//!
//! The log is the database. [`Progress`] is a fold over its [`Event`]s, and [`next`] is a function of the playbook, the
//! progress and the time; whoever carries the answer out appends more events and asks again. After a crash the same
//! fold gives the same answer, and an intent without an outcome comes back as [`Next::Doubt`], to be settled by looking at
//! the world or asking a person, never by doing it again blindly.

use std::collections::{BTreeMap, BTreeSet};

use crate::authority::{Action, OrderId, Subject};
use crate::clock::UtcTime;
use crate::plan::PlanId;
use crate::playbook::{Id, Means, Playbook, Step, Target, Work};

/// What the engine needs to know of one log entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// This plan is being carried out.
    Opened {
        /// Which plan.
        plan: PlanId,
    },
    /// The plan was drawn again at the hour and was the same.
    Compared,
    /// A person in the gate's role let the step begin.
    GateOpened {
        /// The step.
        step: Id,
    },
    /// Something is about to be done.
    Intended {
        /// Index of the entry that says so.
        intent: u64,
        /// For which step.
        step: Id,
        /// To which task of the step.
        task: TaskKey,
    },
    /// What became of an intent.
    Came {
        /// The intent.
        of: u64,
        /// What became of it.
        result: DeedResult,
    },
    /// A step is over.
    StepEnded {
        /// The step.
        step: Id,
        /// Whether what it is for was reached.
        reached: bool,
    },
    /// The plan is over; it does not run again.
    Closed,
}

/// What became of an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeedResult {
    /// It was done.
    Done,
    /// It was not done.
    NotDone,
}

/// Names a task inside its step, byte for byte the same in every run: `shop.example`, `list:dga`, `site`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskKey(pub String);

/// One instruction of a step: what is done to whom, under which order.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its name.
    pub key: TaskKey,
    /// How.
    pub means: Means,
    /// Under which order.
    pub order: OrderId,
    /// To what: one subject, or all names of a list.
    pub subjects: Vec<Subject>,
}

/// What the log says so far.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    plan: Option<PlanId>,
    compared: bool,
    gates: BTreeSet<Id>,
    open: BTreeMap<u64, OpenIntent>,
    done: BTreeSet<(Id, TaskKey)>,
    ended: BTreeMap<Id, bool>,
    closed: bool,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Find out what became of these intents.
    Doubt(Vec<OpenIntent>),
    /// Nothing until this moment.
    Wait {
        /// The step that waits.
        step: Id,
        /// Until when.
        until: UtcTime,
    },
    /// Ask a person in this role whether the step may begin.
    Gate {
        /// The step.
        step: Id,
        /// The role.
        role: Id,
    },
    /// Do this step's work.
    Work {
        /// The step.
        step: Id,
    },
    /// A step ended without reaching what it is for; what needs it cannot begin.
    Halted {
        /// The step.
        step: Id,
    },
    /// Every step is over.
    Finished,
}

/// An intent of which the log does not say what became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenIntent {
    /// Index of its entry.
    pub intent: u64,
    /// Its step.
    pub step: Id,
    /// Its task.
    pub task: TaskKey,
}

impl Task {
    /// The targets of the task, one by one.
    pub fn targets(&self) -> impl Iterator<Item = Target> + '_ {
        self.subjects.iter().map(|subject| Target {
            subject: subject.clone(),
            means: self.means.clone(),
            order: self.order.clone(),
        })
    }
}

impl Progress {
    /// Folds events, oldest first.
    pub fn of(events: impl IntoIterator<Item = Event>) -> Self {
        let mut progress = Self::default();
        for event in events {
            progress.note(event);
        }
        progress
    }

    /// Takes in one more event.
    pub fn note(&mut self, event: Event) {
        match event {
            Event::Opened { plan } => self.plan = Some(plan),
            Event::Compared => self.compared = true,
            Event::GateOpened { step } => {
                self.gates.insert(step);
            }
            Event::Intended { intent, step, task } => {
                self.open.insert(intent, OpenIntent { intent, step, task });
            }
            Event::Came { of, result } => {
                if let Some(OpenIntent { step, task, .. }) = self.open.remove(&of)
                    && result == DeedResult::Done
                {
                    self.done.insert((step, task));
                }
            }
            Event::StepEnded { step, reached } => {
                self.ended.insert(step, reached);
            }
            Event::Closed => self.closed = true,
        }
    }

    /// The plan that is being or was carried out.
    pub fn plan(&self) -> Option<PlanId> {
        self.plan
    }

    /// Whether the plan was drawn again at the hour and was the same. After that the world is not what it was in the plan,
    /// because the operation changes it.
    pub fn is_compared(&self) -> bool {
        self.compared
    }

    /// Whether the plan is over.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether the step's task was done.
    pub fn is_done(&self, step: &Id, task: &TaskKey) -> bool {
        self.done.contains(&(step.clone(), task.clone()))
    }

    /// Whether the step is over, and whether it reached what it is for.
    pub fn ended(&self, step: &Id) -> Option<bool> {
        self.ended.get(step).copied()
    }

    /// Lets a step that was not reached begin again, as a run that is resumed does; its tasks that are done stay done.
    pub fn retry_unreached(&mut self) {
        self.ended.retain(|_, reached| *reached);
    }

    /// The intent of that index, while nobody knows what became of it.
    pub fn open_intent(&self, intent: u64) -> Option<&OpenIntent> {
        self.open.get(&intent)
    }
}

/// What comes next.
///
/// Doubts first; then the first step, in the order of the playbook, whose needs are met and whose time has come; then the
/// shortest wait.
pub fn next(playbook: &Playbook, progress: &Progress, now: UtcTime) -> Next {
    if !progress.open.is_empty() {
        return Next::Doubt(progress.open.values().cloned().collect());
    }
    let ready: Vec<&Step> = playbook
        .steps
        .iter()
        .filter(|step| progress.ended(&step.id).is_none())
        .filter(|step| step.needs.iter().all(|need| progress.ended(need) == Some(true)))
        .collect();
    let begins = |step: &Step| playbook.begins(step);
    if let Some(step) = ready.iter().find(|step| begins(step) <= now) {
        return match &step.gate {
            Some(role) if !progress.gates.contains(&step.id) => {
                Next::Gate { step: step.id.clone(), role: role.clone() }
            }
            _ => Next::Work { step: step.id.clone() },
        };
    }
    if let Some(step) = ready.iter().min_by_key(|step| begins(step)) {
        return Next::Wait { step: step.id.clone(), until: begins(step) };
    }
    match playbook.steps.iter().find(|step| progress.ended(&step.id) == Some(false)) {
        Some(step) => Next::Halted { step: step.id.clone() },
        None => Next::Finished,
    }
}

/// The instructions that a step gives, in the order of the playbook: one for each target, one for each list.
pub fn tasks(playbook: &Playbook, step: &Step) -> Vec<Task> {
    let Work::Instruct { actions } = &step.work else { return Vec::new() };
    let chosen = |action: Action| actions.contains(&action);
    let single = playbook.targets.iter().filter(|target| chosen(target.means.action())).map(task_of);
    let lists = playbook.lists.iter().filter(|list| chosen(list.means.action())).map(|list| Task {
        key: TaskKey(format!("list:{}", list.id)),
        means: list.means.clone(),
        order: list.order.clone(),
        subjects: list.names.iter().map(Subject::Name).collect(),
    });
    single.chain(lists).collect()
}

fn task_of(target: &Target) -> Task {
    Task {
        key: TaskKey(target.subject.to_string()),
        means: target.means.clone(),
        order: target.order.clone(),
        subjects: vec![target.subject.clone()],
    }
}

#[cfg(test)]
mod tests;

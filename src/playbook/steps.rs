//! Steps: what is done, in an order that the needs allow, and what every operation must not leave out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::authority::Action;
use crate::clock::UtcTime;
use crate::domain::excerpt;

use super::Id;
use super::problem::{Code, Problems};
use super::source::Place;
use super::spec::{DEFAULT_SETTLE, Placed, PlaybookSpec, Start, StepSpec};
use super::values::{Defined, duration, identifier, moment_at, unique};

/// One step of the operation.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its short name.
    pub id: Id,
    /// What is done.
    pub work: Work,
    /// Steps that must be done before.
    pub needs: Vec<Id>,
    /// It does not start before this moment.
    pub not_before: Option<UtcTime>,
    /// A person in this role must say yes, at the time, before it starts.
    pub gate: Option<Id>,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Look at every target and stop on a blocking finding.
    Check,
    /// Put the signed site on the notice hosts and see it there.
    Publish,
    /// Give the instructions for the targets with these actions.
    Instruct {
        /// Which actions.
        actions: Vec<Action>,
    },
    /// Wait until the delegations have moved and the caches have run out.
    Settle {
        /// Give up, and say so, after this long.
        within: Duration,
    },
    /// Look at every target as a visitor does.
    Verify,
    /// Publish the edition of the notices with what was under embargo to this step.
    Release,
    /// A person does something outside the program and says so.
    Confirm {
        /// What.
        what: String,
    },
}

impl Work {
    /// The word in playbooks.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Publish => "publish",
            Self::Instruct { .. } => "instruct",
            Self::Settle { .. } => "settle",
            Self::Verify => "verify",
            Self::Release => "release",
            Self::Confirm { .. } => "confirm",
        }
    }

    /// Whether the step changes the world, so that it waits for the hour and for approval.
    pub fn changes_the_world(&self) -> bool {
        matches!(self, Self::Publish | Self::Instruct { .. } | Self::Release | Self::Confirm { .. })
    }
}

pub(super) fn steps(
    problems: &mut Problems,
    defined: &Defined,
    hour: Option<UtcTime>,
    specs: &[Placed<StepSpec>],
) -> Vec<Step> {
    unique(problems, "step", specs.iter().map(|spec| &spec.id));
    let noted = problems.found.len();
    let steps: Vec<Step> = specs.iter().filter_map(|spec| step(problems, defined, hour, spec)).collect();
    let steps = in_order(problems, steps, specs);
    if problems.found.len() > noted || defined.mistaken.contains("step") {
        // What comes before what is known only once every step is right.
        return steps;
    }
    let before = Before::of(&steps);
    for step in &steps {
        changes_are_watched(problems, &steps, &before, step, specs);
    }
    steps
}

fn step(problems: &mut Problems, defined: &Defined, hour: Option<UtcTime>, spec: &Placed<StepSpec>) -> Option<Step> {
    let id = identifier(problems, &spec.id);
    let work = work(problems, spec);
    let needs = defined.refer_all(problems, "step", &spec.needs);
    let gate = spec.gate.as_ref().map(|role| defined.refer(problems, "approver", role));
    let not_before = start(problems, hour, spec);
    let work = work?;
    if let (true, Some(start), Some(hour)) = (work.changes_the_world(), not_before, hour)
        && start < hour
    {
        let place = spec.not_before.as_ref().map_or_else(|| Place::from(spec), Place::from);
        let message = format!("the step is to start before the hour, {hour}");
        problems.add(Code::BeforeHour, place, message, "write \"hour\", or a later time");
    }
    Some(Step { id: id?, work, needs, not_before, gate: gate.map_or(Some(None), |role| role.map(Some))? })
}

fn start(problems: &mut Problems, hour: Option<UtcTime>, spec: &StepSpec) -> Option<UtcTime> {
    let at = spec.not_before.as_ref().and_then(|start| match &start.value {
        Start::At(moment) => moment_at(problems, moment, &start.span),
        // The shape of the file lets no other word through.
        Start::Word(word) => hour.filter(|_| word == "hour"),
    });
    let after = spec.after_hour.as_ref().and_then(|text| duration(problems, text));
    if let (Some(first), Some(second)) = (&spec.not_before, &spec.after_hour) {
        problems.add(Code::StartTwice, second, "the step says twice when it starts", "remove one of the two");
        problems.also(first, "here first");
    }
    at.or_else(|| Some(hour?.plus(after?)))
}

fn work(problems: &mut Problems, spec: &Placed<StepSpec>) -> Option<Work> {
    let word = spec.work.value.as_str();
    let keys = [
        ("actions", spec.actions.as_ref().map(Place::from), "instruct", true),
        ("within", spec.within.as_ref().map(Place::from), "settle", false),
        ("what", spec.what.as_ref().map(Place::from), "confirm", true),
    ];
    for (key, given, user, required) in keys {
        match given {
            Some(place) if user != word => {
                let help = format!("remove it, or write do = \"{user}\"");
                problems.add(Code::Excess, place, format!("`{word}` does not use `{key}`"), help);
            }
            None if user == word && required => {
                problems.add(Code::Lacks, &spec.work, format!("`{word}` needs `{key}`"), format!("add `{key}`"));
            }
            _ => {}
        }
    }
    Some(match word {
        "check" => Work::Check,
        "publish" => Work::Publish,
        "instruct" => Work::Instruct { actions: actions(problems, spec.actions.as_ref()?) },
        "settle" => {
            Work::Settle { within: spec.within.as_ref().map_or(Some(DEFAULT_SETTLE), |text| duration(problems, text))? }
        }
        "verify" => Work::Verify,
        "release" => Work::Release,
        _ => Work::Confirm { what: spec.what.as_ref()?.value.clone() },
    })
}

fn actions(problems: &mut Problems, words: &Placed<Vec<Placed<String>>>) -> Vec<Action> {
    if words.is_empty() {
        problems.add(Code::Lacks, words, "there is no action", "write at least one: [\"redirect\"]");
    }
    words.iter().filter_map(|word| Action::of_word(word)).collect()
}

/// Sorts the steps so that each stands after those it needs, otherwise as they are written; notes a circle.
fn in_order(problems: &mut Problems, mut waiting: Vec<Step>, specs: &[Placed<StepSpec>]) -> Vec<Step> {
    let known: BTreeSet<String> = waiting.iter().map(|step| step.id.to_string()).collect();
    let mut done: Vec<Step> = Vec::with_capacity(waiting.len());
    let mut ids: BTreeSet<String> = BTreeSet::new();
    loop {
        // A step that has mistakes of its own is not waited for.
        let ready =
            |step: &Step| step.needs.iter().all(|need| ids.contains(need.as_str()) || !known.contains(need.as_str()));
        let (mut free, stuck): (Vec<Step>, Vec<Step>) = waiting.into_iter().partition(ready);
        if free.is_empty() {
            circle(problems, &stuck, specs);
            done.extend(stuck);
            return done;
        }
        ids.extend(free.iter().map(|step| step.id.to_string()));
        done.append(&mut free);
        waiting = stuck;
    }
}

/// Notes one circle among steps that all wait for another of them.
fn circle(problems: &mut Problems, stuck: &[Step], specs: &[Placed<StepSpec>]) {
    let Some(mut step) = stuck.first() else { return };
    let mut path: Vec<&Step> = Vec::new();
    while !path.iter().any(|seen| seen.id == step.id) {
        path.push(step);
        let next = step.needs.iter().find_map(|need| stuck.iter().find(|other| other.id == *need));
        // Every stuck step needs a stuck one, so there is a next.
        let Some(next) = next else { return };
        step = next;
    }
    let names = path.iter().skip_while(|seen| seen.id != step.id).chain([&step]).map(|seen| seen.id.as_str());
    let names: Vec<_> = names.collect();
    let Some(spec) = specs.iter().find(|spec| spec.id.value == step.id.as_str()) else { return };
    let message = format!("steps wait for each other: {}", names.join(" needs "));
    let need = spec.needs.iter().find(|need| names.get(1).is_some_and(|name| *name == need.value));
    problems.add(Code::StepCycle, need.unwrap_or(&spec.id), message, "remove one of these needs");
}

/// For each step, all that are done before it.
struct Before(BTreeMap<String, BTreeSet<String>>);

impl Before {
    /// Of steps that stand after what they need; those in a circle are taken as far as they are known.
    fn of(steps: &[Step]) -> Self {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for step in steps {
            let mut before = BTreeSet::new();
            for need in &step.needs {
                before.insert(need.to_string());
                before.extend(all.get(need.as_str()).into_iter().flatten().cloned());
            }
            all.insert(step.id.to_string(), before);
        }
        Self(all)
    }

    fn is_before(&self, earlier: &Step, later: &Step) -> bool {
        self.0.get(later.id.as_str()).is_some_and(|before| before.contains(earlier.id.as_str()))
    }
}

fn changes_are_watched(
    problems: &mut Problems,
    steps: &[Step],
    before: &Before,
    step: &Step,
    specs: &[Placed<StepSpec>],
) {
    let Some(spec) = specs.iter().find(|spec| spec.id.value == step.id.as_str()) else { return };
    if !step.work.changes_the_world() {
        return;
    }
    // Told once, at the first change: those after it have the same mistake.
    let watched = |other: &Step| other.work == Work::Check || other.work.changes_the_world();
    if !steps.iter().any(|other| watched(other) && before.is_before(other, step)) {
        let message = format!("`{}` changes the world, and no check comes before it", step.id);
        problems.add(Code::NoCheckBefore, &spec.id, message, "let it need a step with do = \"check\"");
    }
    let instructs = matches!(step.work, Work::Instruct { .. });
    if instructs && !steps.iter().any(|other| other.work == Work::Verify && before.is_before(step, other)) {
        let message = format!("nothing verifies what `{}` has changed", step.id);
        problems.add(Code::NoVerify, &spec.id, message, "add a step with do = \"verify\" that needs it");
    }
}

/// Notes actions of targets that no step instructs.
pub(super) fn actions_are_instructed(problems: &mut Problems, spec: &PlaybookSpec) {
    let instructed: BTreeSet<&str> = spec
        .step
        .iter()
        .filter_map(|step| step.actions.as_ref())
        .flat_map(|words| words.iter())
        .map(|word| word.value.as_str())
        .collect();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let of_targets = spec.target.iter().map(|target| &target.action);
    for action in of_targets.chain(spec.list.iter().map(|list| &list.action)) {
        if !instructed.contains(action.value.as_str()) && told.insert(&action.value) {
            let message = format!("no step instructs `{}`", excerpt(action));
            problems.add(
                Code::ActionWithoutStep,
                action,
                message,
                "add it to the actions of a step with do = \"instruct\"",
            );
        }
    }
}

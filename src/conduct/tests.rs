//! The engine against every history it can meet.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::digest::Digest;
use crate::playbook::load;

fn playbook() -> Playbook {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks/harbour-light");
    load(&path).unwrap().playbook.unwrap()
}

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn over(step: &str) -> Event {
    Event::StepEnded { step: id(step), reached: true }
}

fn failed(step: &str) -> Event {
    Event::StepEnded { step: id(step), reached: false }
}

fn intended(intent: u64, step: &str, task: &str) -> Event {
    Event::Intended { intent, step: id(step), task: TaskKey(task.to_owned()) }
}

fn came(of: u64, result: DeedResult) -> Event {
    Event::Came { of, result }
}

fn work(step: &str) -> Next {
    Next::Work { step: id(step) }
}

#[test]
fn each_history_has_one_next_thing_to_do() {
    let playbook = playbook();
    let hour = playbook.operation.hour;
    let early = hour.minus(std::time::Duration::from_secs(3600));
    let late = hour.plus(std::time::Duration::from_secs(7 * 86_400));
    let done = |upto: usize| playbook.steps.iter().take(upto).map(|step| over(step.id.as_str())).collect::<Vec<_>>();
    let doubt = OpenIntent { intent: 7, step: id("redirect"), task: TaskKey("greytide.example".into()) };
    let gate = Event::GateOpened { step: id("suspend-block") };
    let cases: Vec<(&str, Vec<Event>, UtcTime, Next)> = vec![
        ("nothing yet: look", vec![], early, work("check-before")),
        (
            "looked, before the hour: wait",
            vec![over("check-before")],
            early,
            Next::Wait { step: id("publish"), until: hour },
        ),
        ("looked, at the hour: publish", vec![over("check-before")], hour, work("publish")),
        (
            "a check that was not clear holds everything",
            vec![failed("check-before")],
            late,
            Next::Halted { step: id("check-before") },
        ),
        ("published: the first instructions", done(2), hour, work("redirect")),
        ("those are given: the gate", done(3), hour, Next::Gate { step: id("suspend-block"), role: id("command") }),
        ("the gate is open", [done(3), vec![gate]].concat(), hour, work("suspend-block")),
        (
            "an intent without outcome comes before everything",
            [done(2), vec![intended(7, "redirect", "greytide.example")]].concat(),
            hour,
            Next::Doubt(vec![doubt]),
        ),
        (
            "an intent that came to nothing is no doubt",
            [done(2), vec![intended(7, "redirect", "greytide.example"), came(7, DeedResult::NotDone)]].concat(),
            hour,
            work("redirect"),
        ),
        ("the last", done(playbook.steps.len()), late, Next::Finished),
    ];
    for (what, history, now, expected) in cases {
        assert_eq!(next(&playbook, &Progress::of(history), now), expected, "{what}");
    }
}

#[test]
fn a_task_is_done_when_its_outcome_says_so_and_not_before() {
    let (step, task) = (id("redirect"), TaskKey("greytide.example".into()));
    let mut progress = Progress::of([intended(7, "redirect", "greytide.example")]);
    assert!(!progress.is_done(&step, &task));
    assert!(progress.open_intent(7).is_some());
    progress.note(came(7, DeedResult::NotDone));
    assert!(!progress.is_done(&step, &task));
    progress.note(intended(9, "redirect", "greytide.example"));
    progress.note(came(9, DeedResult::Done));
    assert!(progress.is_done(&step, &task));
    assert!(progress.open_intent(9).is_none());
    // An outcome of nothing changes nothing.
    progress.note(came(99, DeedResult::Done));
    assert!(progress.is_done(&step, &task));
}

#[test]
fn a_retry_opens_what_was_not_reached_and_keeps_what_was_done() {
    let playbook = playbook();
    let hour = playbook.operation.hour;
    let history = [over("check-before"), over("publish"), intended(7, "redirect", "greytide.example")];
    let mut progress = Progress::of(history.into_iter().chain([came(7, DeedResult::Done), failed("redirect")]));
    progress.retry_unreached();
    assert_eq!(next(&playbook, &progress, hour), work("redirect"));
    assert!(progress.is_done(&id("redirect"), &TaskKey("greytide.example".into())));
}

#[test]
fn a_step_instructs_each_of_its_targets_once_and_each_list_once() {
    let playbook = playbook();
    let mut all = Vec::new();
    for step in &playbook.steps {
        all.extend(tasks(&playbook, step).into_iter().map(|task| task.key));
    }
    let mut once = all.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), all.len(), "no target is instructed twice");
    assert_eq!(all.len(), playbook.targets.len() + playbook.lists.len(), "and none is left out");
    assert!(all.contains(&TaskKey("list:dga".into())));
}

proptest! {
    /// Whatever the log says, a step never begins before what it needs is reached, nor before the hour if it changes the
    /// world, and what is over never begins again.
    #[test]
    fn no_history_makes_a_step_begin_too_early(
        ended in proptest::collection::vec((0..9_usize, any::<bool>()), 0..12),
        gates in proptest::collection::vec(0..9_usize, 0..4),
        seconds in -100_000_i64..1_000_000,
    ) {
        let playbook = playbook();
        let step = |index: usize| playbook.steps[index % playbook.steps.len()].id.clone();
        let mut history = vec![Event::Opened { plan: PlanId(Digest::of("plan")) }];
        history.extend(ended.iter().map(|(index, reached)| Event::StepEnded { step: step(*index), reached: *reached }));
        history.extend(gates.iter().map(|index| Event::GateOpened { step: step(*index) }));
        let progress = Progress::of(history);
        let now = UtcTime::from_unix(playbook.operation.hour.unix() + seconds);
        if let Next::Work { step } = next(&playbook, &progress, now) {
            let begun = playbook.steps.iter().find(|one| one.id == step).unwrap();
            prop_assert!(progress.ended(&step).is_none());
            prop_assert!(begun.needs.iter().all(|need| progress.ended(need) == Some(true)));
            prop_assert!(!begun.work.changes_the_world() || now >= playbook.operation.hour);
            prop_assert!(begun.not_before.is_none_or(|moment| now >= moment));
            prop_assert!(begun.gate.is_none() || gates.iter().any(|index| playbook.steps[*index % 9].id == step));
        }
    }
}

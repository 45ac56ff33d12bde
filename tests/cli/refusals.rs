//! What stops a run: nothing is changed, and the exit code says why.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use impound::cli::Exit;
use impound::clock::{Clock, SimulatedClock, Sleep, UtcTime};
use impound::rehearse::{Instruction, World};

use crate::desk::Ended;
use crate::operation::Operation;
use crate::person::Word;

/// Nobody is to be asked anything: the run must end before.
fn nothing_to_ask(question: &str) -> Word {
    panic!("asked although it must be refused: {question}")
}

async fn refused(operation: &Operation) -> Ended {
    operation.run(nothing_to_ask).await
}

/// The record has no intent: nothing left the program.
async fn nothing_was_changed(operation: &Operation) {
    let entries = operation.entries().await;
    assert!(!entries.is_empty());
    assert!(entries.iter().all(|entry| entry["kind"] == "fact"), "{entries:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_without_the_approvals_that_it_needs_is_not_run() {
    let operation = Operation::ready().await;
    let desk = &operation.desk;
    desk.ok("plan {}/op").await;
    refused(&operation).await.must(Exit::Refused, "the plan is not approved");

    let police = "key new police.example/approval/stranger -o {}/stranger.key --unencrypted";
    desk.ok(police).await;
    let stranger = desk.run("approve {}/op/plan.note --key {}/stranger.key").await;
    stranger.must(Exit::Refused, "is not among the approvers of this plan");
    let of_other_role = desk.run("approve {}/op/plan.note --key {}/police.key").await;
    of_other_role.must(Exit::Refused, "a key of the role approval is needed here");

    desk.ok("approve {}/op/plan.note --key {}/commander.key").await;
    refused(&operation).await.must(Exit::Refused, "the plan is not approved");
    // The same person twice is one person.
    desk.ok("approve {}/op/plan.note --key {}/commander.key").await;
    refused(&operation).await.must(Exit::Refused, "the plan is not approved");

    desk.ok("approve {}/op/plan.note --key {}/prosecutor.key --refuse --reason out-of-scope").await;
    refused(&operation).await.must(Exit::Refused, "refused the plan: out-of-scope");
    desk.ok("approve {}/op/plan.note --key {}/prosecutor.key").await;
    refused(&operation).await.must(Exit::Refused, "refused the plan: out-of-scope");
    assert!(!desk.path("op/log").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_or_a_refusal_that_was_altered_is_not_run() {
    let operation = Operation::approved().await;
    let desk = &operation.desk;
    let plan = desk.read("op/plan.note");
    desk.edit("op/plan.note", "panel.example", "other.example");
    let ended = refused(&operation).await;
    assert!(matches!(ended.exit, Exit::Refused | Exit::NotVerified), "{ended}");
    desk.write("op/plan.note", &plan);

    desk.write("op/plan.note.refused-somebody", "no note at all");
    refused(&operation).await.must(Exit::NotVerified, "refused-somebody");
    std::fs::remove_file(desk.path("op/plan.note.refused-somebody")).unwrap();

    desk.write("op/plan.note", "");
    let empty = refused(&operation).await;
    assert_eq!(empty.exit, Exit::Usage, "{empty}");
    std::fs::remove_file(desk.path("op/plan.note")).unwrap();
    refused(&operation).await.must(Exit::Usage, "plan.note");
    assert!(!desk.path("op/log").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_playbook_that_was_changed_after_the_approval_is_not_carried_out() {
    let operation = Operation::approved().await;
    operation.desk.edit("op/playbook.toml", "orders@registry.example", "orders@elsewhere.example");
    refused(&operation).await.must(Exit::Refused, "was changed after the plan was drawn");
    assert!(!operation.desk.dir().join("op/log").exists(), "not even a record is begun");
}

/// A clock with which something happens in the world while the program waits.
struct Meanwhile {
    clock: SimulatedClock,
    world: Arc<World>,
    happened: AtomicBool,
}

impl Clock for Meanwhile {
    fn now(&self) -> UtcTime {
        self.clock.now()
    }

    fn sleep_until(&self, moment: UtcTime) -> Sleep<'_> {
        if !self.happened.swap(true, Ordering::SeqCst) {
            let name = "panel.example".parse().unwrap();
            self.world.registry_act(&Instruction::Suspend { name }, Duration::ZERO).unwrap();
        }
        self.clock.sleep_until(moment)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_world_that_is_another_at_the_hour_stops_the_run_before_anything_is_changed() {
    let mut operation = Operation::approved().await;
    let (clock, world) = (operation.desk.clock.clone(), Arc::clone(&operation.world));
    operation.desk.waits = Arc::new(Meanwhile { clock, world, happened: AtomicBool::new(false) });
    let ended = refused(&operation).await;
    ended.must(Exit::Refused, "the world or the playbook is not what was approved; nothing was changed");
    assert!(ended.messages.contains("panel.example"), "{ended}");
    nothing_was_changed(&operation).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_world_that_cannot_be_seen_at_the_hour_stops_the_run() {
    let mut operation = Operation::approved().await;
    operation.desk.network = impound::observe::Network::simulated(&[]);
    let ended = refused(&operation).await;
    ended.must(Exit::Findings, "halted: step `check-before`");
    nothing_was_changed(&operation).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_runs_out_before_the_instruction_refuses_it() {
    let operation = Operation::approved().await;
    let late = |question: &str| {
        if question.contains("May step `instruct` begin?") {
            operation.desk.clock.advance_to("2028-01-01T00:00:00Z".parse().unwrap());
        }
        assert!(!question.contains("INSTRUCTION"), "{question}");
        Word::Yes
    };
    let ended = operation.run(late).await;
    ended.must(Exit::Refused, "seized.example");
    let entries = operation.entries().await;
    assert!(entries.iter().any(|entry| entry["action"] == "refused"));
    assert!(!entries.iter().any(|entry| entry["action"] == "instruct"));
    let again = operation.run_line("run {}/op/plan.note --key {}/log.key --retry", &mut |_| Word::Yes).await;
    again.must(Exit::Refused, "seized.example");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_is_unsigned_or_altered_is_neither_run_nor_served() {
    let operation = Operation::approved().await;
    let desk = &operation.desk;
    let both = async |exit: Exit, said: &str| {
        refused(&operation).await.must(exit, said);
        desk.run("serve {}/op --http 127.0.0.1:0").await.must(exit, said);
    };
    desk.copy_dir("op/site", "signed");
    desk.edit("op/site/banner/1/en/index.html", "<html", "<html data-altered");
    both(Exit::NotVerified, "en/index.html").await;
    desk.run("serve {}/op/site --http 127.0.0.1:0").await.must(Exit::NotVerified, "en/index.html");
    desk.run("notice show {}/op").await.must(Exit::NotVerified, "en/index.html");
    let verified = desk.run("verify {}/op/site --keys {}/police.vkey").await;
    assert_eq!(verified.exit, Exit::NotVerified, "{verified}");

    desk.ok("notice build {}/op --anew").await;
    both(Exit::Refused, "op/banner/1 is not signed").await;
    desk.run("serve {}/op/site --http 127.0.0.1:0").await.must(Exit::Refused, "op/banner/1 is not signed");

    std::fs::remove_dir_all(desk.path("op/site")).unwrap();
    both(Exit::NotVerified, "op/site").await;

    desk.copy_dir("signed", "op/site");
    desk.edit("op/site/banner/1/notice.note", "seized.example", "spared.example");
    let ended = refused(&operation).await;
    assert_eq!(ended.exit, Exit::NotVerified, "{ended}");
    assert!(!desk.path("op/log").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_record_of_one_plan_is_not_continued_with_another() {
    let operation = Operation::approved().await;
    let put_off = operation.run(|_| Word::Later).await;
    assert_eq!(put_off.exit, Exit::Findings, "{put_off}");
    let desk = &operation.desk;
    desk.ok("plan {}/op --anew").await;
    desk.ok("approve {}/op/plan.note --key {}/prosecutor.key").await;
    desk.ok("approve {}/op/plan.note --key {}/commander.key").await;
    refused(&operation).await.must(Exit::Refused, "the record is of plan");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_recipient_declines_halts_the_run_until_it_is_tried_again() {
    let operation = Operation::approved().await;
    let declined = |question: &str| match question.contains("INSTRUCTION  suspend") {
        true => Word::No,
        false => operation.obey(question),
    };
    operation.run(declined).await.must(Exit::Findings, "halted: step `instruct`");
    let still = operation.run(|question| panic!("{question}")).await;
    still.must(Exit::Findings, "--retry");
    let line = "run {}/op/plan.note --key {}/log.key --retry";
    let ended = operation.run_line(line, &mut |question| operation.obey(question)).await;
    assert_eq!(ended.exit, Exit::Ok, "{ended}");
}

//! A run that is cut off goes on where it stood, and no instruction is given twice.

use std::collections::BTreeSet;

use impound::cli::Exit;
use serde_json::Value;

use crate::operation::{Operation, task_of};
use crate::person::Word;

/// The instructions that were accepted, by subject, in the order of the record.
async fn accepted(operation: &Operation) -> Vec<String> {
    let entries = operation.entries().await;
    let done = |intent: &Value| {
        let of = |entry: &&Value| entry["kind"] == "outcome" && entry["of"] == intent["seq"];
        entries.iter().filter(of).any(|outcome| outcome["result"] == "done")
    };
    let given = entries.iter().filter(|entry| entry["kind"] == "intent" && done(entry));
    given.map(|intent| intent["subject"].as_str().unwrap().to_owned()).collect()
}

/// Everything that the operation of `init` does, once.
const ALL: [&str; 4] = ["site:1", "seized.example", "panel.example", "203.0.113.7:443"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_off_is_taken_up_again() {
    let operation = Operation::approved().await;
    for put_off in ["PUBLISH", "May step `instruct` begin?", "INSTRUCTION  suspend panel.example"] {
        let ended = operation
            .run(|question| if question.contains(put_off) { Word::Later } else { operation.obey(question) })
            .await;
        ended.must(Exit::Findings, "goes on where it stopped");
    }
    let ended = operation.run(|question| operation.obey(question)).await;
    assert_eq!(ended.exit, Exit::Ok, "{ended}");
    assert_eq!(accepted(&operation).await, ALL);
}

/// When the power fails: before the instruction was passed on, or after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Before,
    After,
}

/// Lets the power fail at a question and runs again with somebody who tells the truth.
async fn cut_off(at: &str, cut: Cut) {
    let operation = Operation::approved().await;
    let mut done = BTreeSet::new();
    let ended = operation
        .run(|question| {
            let task = task_of(question).map(str::to_owned);
            let is_the_one = question.contains(at);
            if !is_the_one || cut == Cut::After {
                operation.obey(question);
                done.extend(task);
            }
            if is_the_one {
                // What is on the disk now is all that a power failure leaves.
                operation.desk.copy_dir("op/log", "left");
            }
            if is_the_one { Word::Later } else { Word::Yes }
        })
        .await;
    assert_eq!(ended.exit, Exit::Findings, "{ended}");
    operation.desk.copy_dir("left", "op/log");

    let mut asked_back = 0;
    let ended = operation
        .run(|question| {
            if let Some((_, doubt)) = question.split_once(": was `") {
                asked_back += 1;
                let task = doubt.split('`').next().unwrap();
                return if done.contains(task) { Word::Yes } else { Word::No };
            }
            if let Some(task) = task_of(question) {
                assert!(done.insert(task.to_owned()), "{task} was instructed already");
            }
            operation.obey(question)
        })
        .await;
    assert_eq!(ended.exit, Exit::Ok, "{ended}");
    assert!(ended.messages.contains("the last run ended in the middle of"), "{ended}");
    // A notice and a closed port are seen; what a registry does takes its time, so a person is asked.
    let seen = at == "PUBLISH" || at.contains("offline") && cut == Cut::After;
    assert_eq!(asked_back, usize::from(!seen), "{ended}");
    assert_eq!(accepted(&operation).await, ALL);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_that_was_put_up_before_the_cut_is_seen_and_not_put_up_again() {
    cut_off("PUBLISH", Cut::After).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instruction_that_was_not_passed_on_before_the_cut_is_given_then() {
    cut_off("INSTRUCTION  redirect", Cut::Before).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instruction_that_was_passed_on_before_the_cut_is_not_given_again() {
    cut_off("INSTRUCTION  suspend", Cut::After).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instruction_whose_effect_is_seen_after_the_cut_needs_nobody_to_say_so() {
    cut_off("INSTRUCTION  offline", Cut::After).await;
}

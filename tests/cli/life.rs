//! An operation from `init` to its report, outside a rehearsal: every command by itself, people at the keyboard.

use impound::cli::Exit;
use serde_json::Value;

use crate::operation::{Operation, task_of, with_keys};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operation_is_carried_out_from_init_to_its_report() {
    let operation = prepared().await;
    let mut given = Vec::new();
    let ended = operation
        .run(|question| {
            given.extend(task_of(question).map(str::to_owned));
            operation.obey(question)
        })
        .await;
    assert_eq!(ended.exit, Exit::Ok, "{ended}");
    assert_eq!(given, ["seized.example", "panel.example", "203.0.113.7:443"]);
    retold(&operation).await;
    seen_by_everybody(&operation).await;

    let again = operation.run(|question| panic!("asked again: {question}")).await;
    again.must(Exit::Refused, "a plan runs once");
}

/// Two agencies sign the notice, one of them with a key under a passphrase; two people approve the plan.
async fn prepared() -> Operation {
    let mut desk = with_keys().await;
    desk.edit("op/playbook.toml", "\nnotice = 1\n", "\nnotice = 2\n");
    desk.passphrases = vec!["correct horse battery", "correct horse battery"];
    desk.ok("key new prosecution.example/notice -o {}/guarded.key").await;
    let (old, new) = (desk.read("prosecution.vkey"), desk.read("guarded.vkey"));
    desk.edit("op/playbook.toml", old.trim_end(), new.trim_end());
    desk.ok("lint {}/op").await;

    let mut operation = Operation::in_its_world(desk).await;
    let desk = &operation.desk;
    desk.ok("notice build {}/op").await;
    assert!(desk.ok("notice show {}/op").await.contains("signed by    nobody yet"));
    desk.ok("notice sign {}/op --key {}/police.key").await;
    let too_few = desk.run("serve {}/op --http 127.0.0.1:0").await;
    too_few.must(Exit::Refused, "op/banner/1");
    desk.ok("notice sign {}/op --key {}/guarded.key").await;
    let shown = desk.ok("notice show {}/op").await;
    assert!(shown.contains("signed by    police.example/notice, prosecution.example/notice"), "{shown}");

    operation.serve().await;
    let desk = &operation.desk;
    // Mail is still accepted for the names, and other warnings: nothing that blocks.
    desk.run("check {}/op").await.must(Exit::Findings, "");
    let plan = desk.ok("plan {}/op").await;
    assert!(plan.contains("seized.example") && plan.contains("op/plan.note"), "{plan}");
    desk.ok("approve {}/op/plan.note --key {}/prosecutor.key").await;
    desk.ok("approve {}/op/plan.note --key {}/commander.key").await;
    operation
}

/// The record verifies, and tells everything that was done, under which order and by whom.
async fn retold(operation: &Operation) {
    let desk = &operation.desk;
    let verified = desk.ok("log verify {}/op/log --keys {}/log.vkey").await;
    assert!(verified.ends_with("\nverified\n"), "{verified}");
    let entries = operation.entries().await;
    assert!(entries.iter().all(|entry| entry["actor"]["role"] != "rehearsal"));
    let actions = |kind: &str| -> Vec<&str> {
        let of_kind = entries.iter().filter(|entry| entry["kind"] == kind);
        of_kind.filter_map(|entry| entry["action"].as_str()).collect()
    };
    assert_eq!(actions("intent"), ["publish", "instruct", "instruct", "instruct"]);
    assert_eq!(actions("outcome").len(), 4);
    let under = |entry: &&Value| entry["action"] == "instruct" && entry["authority"] == "order";
    assert_eq!(entries.iter().filter(under).count(), 3);
    let shown = desk.ok("log show {}/op/log --keys {}/log.vkey").await;
    assert_eq!(shown.lines().count(), entries.len());

    let report = desk.ok("report {}/op/log --keys {}/log.vkey").await;
    for told in ["seized.example", "panel.example", "203.0.113.7:443", "Ada Example"] {
        assert!(report.contains(told), "no {told} in\n{report}");
    }
}

/// Visitors of the seized name are shown the notice, and nobody else.
async fn seen_by_everybody(operation: &Operation) {
    let desk = &operation.desk;
    desk.ok("check {}/op --after").await;
    for scheme in ["http", "https"] {
        desk.ok(&format!("verify {scheme}://seized.example/ --keys {{}}/police.vkey")).await;
    }
    desk.ok("verify {}/op/site --keys {}/police.vkey --name seized.example").await;
    let stranger =
        desk.run(&format!("verify http://{}/ --keys {{}}/police.vkey", operation.world.stranger().unwrap())).await;
    assert_ne!(stranger.exit, Exit::Ok, "{stranger}");
    let before = desk.run("check {}/op --before").await;
    assert!(before.output.contains("C102 warning: panel.example"), "{before}");
}

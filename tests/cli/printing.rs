//! What is printed for programs: JSON with a version, whole and alone on the standard output.

use serde_json::Value;

use crate::operation::Operation;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_that_prints_prints_json_with_a_version() {
    let operation = Operation::ready().await;
    let desk = &operation.desk;
    let has = |value: &Value, key: &str| assert!(!value[key].is_null(), "no `{key}` in\n{value:#}");
    for (line, key) in [
        ("lint {}/op", "problems"),
        ("explain", "codes"),
        ("explain P020", "codes"),
        ("explain C105", "codes"),
        ("init {}/other", "files"),
        ("key show {}/police.key", "vkey"),
        ("key new police.example/witness -o {}/witness.key --unencrypted", "fingerprint"),
        ("notice build {}/op --site {}/again", "notices"),
        ("notice sign {}/op --site {}/again --key {}/police.key", "notices"),
        ("notice show {}/op --site {}/again", "notices"),
        ("verify {}/again --keys {}/police.vkey --name seized.example", "notices"),
        ("check {}/op", "targets"),
        ("check {}/op --after", "targets"),
        ("plan {}/op", "targets"),
        ("approve {}/op/plan.note --key {}/prosecutor.key", "decision"),
        ("approve {}/op/plan.note --key {}/commander.key", "decision"),
    ] {
        has(&desk.json(line).await, key);
    }
    let mut obey = |question: &str| operation.obey(question);
    let ended = operation.run_line("run {}/op/plan.note --key {}/log.key --format json", &mut obey).await;
    let run: Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!(run["version"], 1, "{run:#}");
    for (line, key) in [
        ("log verify {}/op/log --keys {}/log.vkey", "root"),
        ("report {}/op/log --keys {}/log.vkey", "targets"),
        ("verify http://seized.example/ --keys {}/police.vkey", "visits"),
    ] {
        has(&desk.json(line).await, key);
    }
    for entry in operation.entries().await {
        assert!(entry["v"].is_number() || entry["version"].is_number() || entry["format"].is_string(), "{entry:#}");
    }
}

//! A notice stands in the log, and its kit proves it: from the run to whoever checks it on the web.

use std::fs;

use impound::cli::Exit;
use serde_json::Value;

use crate::desk::Desk;
use crate::operation::{Operation, with_keys};

const SITE: &str = "verify {}/op/site --name seized.example --keys {}/police.vkey";
/// A moment at which the notice is in force, whatever the clock says.
const IN_FORCE: &str = "--at 2026-12-08T09:00:00Z";
const KIT: &str = "op/site/banner/1";

/// What `verify` says of the log entry: result and detail.
async fn entry_line(desk: &Desk, line: &str) -> (Exit, String, String) {
    let ended = desk.run(&format!("{line} --format json")).await;
    let told: Value = serde_json::from_str(&ended.output).unwrap_or_else(|_| panic!("{line}\n{ended}"));
    let report = if told["notices"].is_array() { &told["notices"][0]["report"] } else { &told["visits"][0]["report"] };
    let checks = report["checks"].as_array().unwrap();
    let line = checks.iter().find(|check| check["check"] == "log entry").unwrap();
    (ended.exit, line["result"].as_str().unwrap().into(), line["detail"].as_str().unwrap().into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_enters_each_notice_before_it_is_served_and_the_site_and_the_web_prove_it() {
    let operation = Operation::approved().await;
    let desk = &operation.desk;
    // Nothing is in the log yet, and whoever asks for the log is not told that all is well.
    let asked = format!("{SITE} {IN_FORCE} --log {{}}/log.vkey");
    let (exit, result, _) = entry_line(desk, &asked).await;
    assert_eq!((exit, result.as_str()), (Exit::Environment, "not checked"));
    let told = desk.run(&asked).await;
    assert!(told.output.contains("inclusion.tlog-proof") && told.output.contains("--register"), "{told}");
    operation.run(|question| operation.obey(question)).await.must(Exit::Ok, "");
    let actions: Vec<String> =
        operation.entries().await.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect();
    let at = |action: &str| actions.iter().position(|one| one == action).unwrap();
    assert!(at("notice") < at("publish"), "{actions:?}");
    assert_eq!(actions.iter().filter(|action| *action == "notice").count(), 1);

    let (exit, result, detail) = entry_line(desk, &format!("{SITE} --log {{}}/log.vkey")).await;
    assert_eq!((exit, result.as_str()), (Exit::Ok, "pass"), "{detail}");
    assert!(detail.starts_with("entry ") && detail.contains(" of police.example/log/op, written 2026-1"), "{detail}");
    // The server has not read the site again since.
    let (exit, result, _) =
        entry_line(desk, "verify http://seized.example/ --keys {}/police.vkey --log {}/log.vkey").await;
    assert_eq!((exit, result.as_str()), (Exit::Environment, "not checked"));
    // A server that starts now has it.
    let mut operation = operation;
    operation.serve().await;
    let desk = &operation.desk;
    for scheme in ["http", "https"] {
        let line = format!("verify {scheme}://seized.example/ --keys {{}}/police.vkey --log {{}}/log.vkey");
        let (exit, result, detail) = entry_line(desk, &line).await;
        assert_eq!((exit, result.as_str()), (Exit::Ok, "pass"), "{detail}");
    }
    // The proof is also a receipt, and its entry cites what was served.
    desk.ok(&format!("verify {{}}/{KIT}/inclusion.tlog-proof --keys {{}}/log.vkey")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_cannot_put_the_proofs_into_the_site_says_so_and_ends_with_its_report() {
    let operation = Operation::approved().await;
    let desk = &operation.desk;
    let ended = operation
        .run(|question| {
            // By now it was put there once.
            let _ = fs::remove_file(desk.path(&format!("{KIT}/inclusion.tlog-proof")));
            desk.write("op/site/diary.txt", "dear");
            operation.obey(question)
        })
        .await;
    ended.must(Exit::Findings, "proofs: not all of them could be put into the site");
    ended.must(Exit::Findings, "op/site/diary.txt is no part of a notice site");
    assert!(ended.output.contains("VERDICT") && ended.output.contains("seized.example"), "{ended}");
    fs::remove_file(desk.path("op/site/diary.txt")).unwrap();
    let later = ended.messages.lines().find_map(|line| line.strip_prefix("  impound ")).unwrap();
    desk.ok(later).await;
    let (exit, result, detail) = entry_line(desk, &format!("{SITE} --log {{}}/log.vkey")).await;
    assert_eq!((exit, result.as_str()), (Exit::Ok, "pass"), "{detail}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_of_another_notice_or_log_and_one_that_was_altered_do_not_verify() {
    let desk = with_keys().await;
    desk.ok("notice build {}/op").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    desk.run("notice record {}/op --keys {}/log.vkey").await.must(Exit::Usage, "holds no log");
    assert_eq!(desk.ok("notice record {}/op --key {}/log.key").await, "op/banner/1  proven\n");
    let kept = desk.read(&format!("{KIT}/inclusion.tlog-proof"));
    // Once more changes nothing, with the key or without.
    desk.ok("notice record {}/op --key {}/log.key").await;
    let told = desk.json("notice record {}/op --keys {}/log.vkey").await;
    assert_eq!(told["notices"][0]["log"], "proven");
    assert_eq!(desk.read(&format!("{KIT}/inclusion.tlog-proof")), kept);
    assert_eq!(desk.ok("log show {}/op/log --keys {}/log.vkey").await.lines().count(), 1);

    desk.ok("key new court.example/log -o {}/other.key --unencrypted").await;
    let with_log = |key: &str| format!("{SITE} --log {{}}/{key}");
    let (exit, result, _) = entry_line(&desk, &with_log("other.vkey")).await;
    assert_eq!((exit, result.as_str()), (Exit::NotVerified, "fail"));
    for (from, to) in [("extra eyJ", "extra eyK"), ("\nindex 0\n", "\nindex 1\n"), ("— police", "— palice")] {
        desk.write(&format!("{KIT}/inclusion.tlog-proof"), kept.replacen(from, to, 1));
        let (exit, result, detail) = entry_line(&desk, &with_log("log.vkey")).await;
        assert_eq!((exit, result.as_str()), (Exit::NotVerified, "fail"), "{from}: {detail}");
        // Whoever does not ask about the log is told of none.
        let (exit, result, _) = entry_line(&desk, &format!("{SITE} {IN_FORCE}")).await;
        assert_eq!((exit, result.as_str()), (Exit::Ok, "not checked"));
    }
    // A receipt of another entry of the same log.
    desk.ok("log add {}/op/log --key {}/log.key --text confirmed --evidence {}/op/site/banner/1/notice.txt").await;
    desk.ok(&format!("log prove {{}}/op/log 1 --keys {{}}/log.vkey -o {{}}/{KIT}/inclusion.tlog-proof")).await;
    let (exit, _, detail) = entry_line(&desk, &with_log("log.vkey")).await;
    assert_eq!(exit, Exit::NotVerified);
    assert!(detail.contains("not that of this notice"), "{detail}");
    // Left out, it is not there, and that is no better.
    fs::remove_file(desk.path(&format!("{KIT}/inclusion.tlog-proof"))).unwrap();
    let (exit, result, _) = entry_line(&desk, &format!("{} {IN_FORCE}", with_log("log.vkey"))).await;
    assert_eq!((exit, result.as_str()), (Exit::Environment, "not checked"));
    assert_eq!(entry_line(&desk, &format!("{SITE} {IN_FORCE}")).await.0, Exit::Ok, "nobody asked for the log");
    // What is wrong in the kit is replaced.
    desk.ok("notice record {}/op --keys {}/log.vkey").await;
    assert_eq!(entry_line(&desk, &with_log("log.vkey")).await.1, "pass");
    desk.run("verify {}/op/site/banner/1/inclusion.tlog-proof --keys {}/log.vkey --log {}/log.vkey")
        .await
        .must(Exit::Usage, "for notices");
}

/// Signatures that came later are not in the entry; entered again, they are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_that_is_signed_again_is_entered_again() {
    let desk = with_keys().await;
    desk.ok("notice build {}/op").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    desk.ok("notice record {}/op --key {}/log.key").await;
    let proof = fs::read(desk.path(&format!("{KIT}/inclusion.tlog-proof"))).unwrap();
    desk.ok("notice sign {}/op --key {}/prosecution.key").await;
    assert!(!desk.path(&format!("{KIT}/inclusion.tlog-proof")).exists(), "a new note has no proof yet");
    desk.write(&format!("{KIT}/inclusion.tlog-proof"), &proof);
    let (_, result, detail) = entry_line(&desk, &format!("{SITE} --log {{}}/log.vkey")).await;
    assert!(result == "pass" && detail.contains("with other signatures than these"), "{detail}");
    let missing = desk.run("notice record {}/op --keys {}/log.vkey").await;
    assert_eq!((missing.exit, missing.output.as_str()), (Exit::Findings, "op/banner/1  not in the log\n"));
    desk.ok("notice record {}/op --key {}/log.key").await;
    let (_, result, detail) = entry_line(&desk, &format!("{SITE} --log {{}}/log.vkey")).await;
    assert!(result == "pass" && detail.starts_with("entry 1 of ") && !detail.contains("other signatures"), "{detail}");
}

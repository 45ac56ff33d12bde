//! What people write into the record themselves, and a record that was put back.

use std::fs;

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::{Operation, with_keys};
use crate::person::Word;

const ADD: &str = "log add {}/op/log --key {}/log.key";
const VERIFY: &str = "log verify {}/op/log --keys {}/log.vkey";

async fn with_a_note() -> Desk {
    let desk = with_keys().await;
    assert_eq!(desk.ok(&format!("{ADD} --begin --text first")).await, "entry 0\n");
    desk
}

#[tokio::test]
async fn a_note_stands_in_the_record_with_who_wrote_it_about_what_and_its_evidence() {
    let desk = with_a_note().await;
    desk.write("call.txt", "called back at 10:05");
    desk.write("disk.img", [0, 159, 146, 150]);
    let about = "--as liaison --by prosecution.example --subject market.example --step delegate --authority order-1";
    let added = desk.ok(&format!("{ADD} --text reached --evidence {{}}/call.txt {{}}/disk.img {about}")).await;
    assert_eq!(added, "entry 1\n");
    let shown = desk.ok("log show {}/op/log --keys {}/log.vkey --format json").await;
    let entry: serde_json::Value = serde_json::from_str(shown.lines().nth(1).unwrap()).unwrap();
    assert_eq!(entry["action"], "note");
    assert_eq!(entry["kind"], "fact");
    // What a person typed is sealed; what opens it lies apart from the record.
    assert!(entry["body"]["text"]["sealed"].is_string(), "{entry}");
    assert_eq!(entry["actor"]["agency"], "prosecution.example");
    assert_eq!(entry["actor"]["role"], "liaison");
    assert_eq!(entry["actor"]["key"], "police.example/log/op");
    assert_eq!(entry["evidence"][0]["sealed"], true);
    assert!(!desk.path("op/log/evidence").exists());
    for (key, value) in [("subject", "market.example"), ("step", "delegate"), ("authority", "order-1")] {
        assert_eq!(entry[key], value);
    }
    assert_eq!(entry["evidence"][0]["media"], "text/plain; charset=utf-8");
    assert_eq!(entry["evidence"][1]["media"], "application/octet-stream");
    assert!(desk.ok(VERIFY).await.contains("cited 2 times"));
    let told = "liaison of prosecution.example noted about market.example: reached (kept: sha256:";
    for line in ["log show {}/op/log --keys {}/log.vkey", "report {}/op/log --keys {}/log.vkey"] {
        let text = desk.ok(line).await;
        // The report breaks its lines at 80 columns.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(told) && text.contains("noted: first"), "{text}");
    }
    let added = desk.json(&format!("{ADD} --text again --media image/png --evidence {{}}/disk.img")).await;
    assert_eq!(added["entry"], 2);
    let shown = desk.ok("log show {}/op/log --keys {}/log.vkey --format json").await;
    assert!(shown.lines().nth(2).unwrap().contains("\"media\":\"image/png\""), "{shown}");
    // What is no target may be about a person.
    desk.ok(&format!("{ADD} --text called --subject Jane-Doe,+49-170-123 --public --evidence {{}}/call.txt")).await;
    let shown = desk.ok("log show {}/op/log --keys {}/log.vkey --format json").await;
    let entry: serde_json::Value = serde_json::from_str(shown.lines().nth(3).unwrap()).unwrap();
    assert!(entry.get("subject").is_none() && entry["body"]["subject"]["sealed"].is_string(), "{entry}");
    assert!(entry["evidence"][0].get("sealed").is_none() && desk.path("op/log/evidence").is_dir());
    let told = desk.ok("log show {}/op/log --keys {}/log.vkey").await;
    assert!(told.contains("noted about Jane-Doe,+49-170-123: called"), "{told}");
}

#[tokio::test]
async fn what_cannot_be_written_down_is_refused_for_its_own_reason_and_leaves_the_record_as_it_was() {
    let desk = with_a_note().await;
    let long = "x".repeat(8193);
    let cases = [
        (format!("--text {long}"), Exit::Usage, "8193 bytes"),
        ("--text \u{1b}[2J".to_owned(), Exit::Usage, "control character"),
        ("--text a --as \u{7}b".to_owned(), Exit::Usage, "must not name a person"),
        ("--text a --as Kommissar".to_owned(), Exit::Usage, "must not name a person"),
        ("--text a --by Muster".to_owned(), Exit::Usage, "named by its domain"),
        ("--text a --step Doe".to_owned(), Exit::Usage, "must not name a person"),
        ("--text a --authority Doe".to_owned(), Exit::Usage, "must not name a person"),
        ("--text a --evidence {}/log.vkey --media Doe".to_owned(), Exit::Usage, "image/png"),
        ("--text a --subject \u{1b}[2J".to_owned(), Exit::Usage, "control character"),
        ("--text a --public".to_owned(), Exit::Usage, "--evidence"),
        (String::new(), Exit::Usage, "--text"),
        ("--text a --lines".to_owned(), Exit::Usage, "--lines"),
        ("--text a --evidence {}/nowhere".to_owned(), Exit::Usage, "nowhere"),
        ("--text a --evidence {}/op".to_owned(), Exit::Usage, "op"),
        ("--text a --new-checkpoint-copy".to_owned(), Exit::Usage, "--checkpoint-copy"),
    ];
    for (words, exit, said) in cases {
        let ended = desk.run(&format!("{ADD} {words}")).await;
        ended.must(exit, said);
        assert_eq!(ended.output, "");
    }
    desk.run("log add {}/op/log --key {}/police.key --text a").await.must(Exit::Refused, "a key of the role log");
    desk.run("log add {}/elsewhere --key {}/log.key --text a").await.must(Exit::Usage, "--begin does so without a run");
    assert!(!desk.path("elsewhere").exists());
    assert_eq!(desk.json(VERIFY).await["entries"], 1);
    // A clock that was set back.
    desk.clock.advance_to("2026-11-22T09:00:00Z".parse().unwrap());
    desk.ok(&format!("{ADD} --text later")).await;
    let mut early = Desk::new().twin();
    early.network = desk.network.clone();
    let key = desk.path("log.key");
    let line = format!("log add {} --key {} --text early", desk.path("op/log").display(), key.display());
    early.run(&line).await.must(Exit::Refused, "the clock went backwards");
    assert_eq!(desk.json(VERIFY).await["entries"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_goes_on_from_a_record_in_which_people_wrote_before_and_between() {
    let operation = Operation::approved().await;
    let desk = &operation.desk;
    desk.ok(&format!("{ADD} --begin --text before")).await;
    let unguarded = operation.run(|_| Word::Later).await;
    unguarded.must(Exit::Findings, "stopped");
    assert_eq!(unguarded.messages.matches("put back from an older backup").count(), 1, "{unguarded}");
    desk.ok(&format!("{ADD} --text between")).await;
    operation.run(|_| Word::Later).await.must(Exit::Findings, "stopped");
    let shown = desk.ok("log show {}/op/log --keys {}/log.vkey").await;
    assert!(shown.contains("plan approved by") && shown.contains("noted: between"), "{shown}");
    assert_eq!(shown.matches("began to carry out plan").count(), 1, "{shown}");
    desk.ok(VERIFY).await;
}

#[tokio::test]
async fn a_record_that_was_put_back_from_a_backup_is_refused_by_its_copy_elsewhere() {
    let desk = with_keys().await;
    fs::create_dir(desk.path("share")).unwrap();
    let add = format!("{ADD} --checkpoint-copy {{}}/share/harbour");
    desk.ok(&format!("{add} --begin --text first")).await;
    desk.copy_dir("op/log", "backup");
    desk.ok(&format!("{add} --text second")).await;
    assert_eq!(desk.read("share/harbour"), desk.read("op/log/checkpoint"));
    desk.copy_dir("op/log", "newest");

    desk.copy_dir("backup", "op/log");
    desk.ok(VERIFY).await;
    let ended = desk.run(&format!("{add} --text third")).await;
    ended.must(Exit::NotVerified, "share/harbour vouches for 2 entries, the log has 1");
    assert!(ended.messages.contains("help: write nothing; find the newer log"), "{ended}");
    desk.run(&format!("{add} --new-checkpoint-copy --text third")).await.must(Exit::NotVerified, "rolled back");
    // The whole directory is gone, and begun again.
    fs::remove_dir_all(desk.path("op/log")).unwrap();
    let ended = desk.run(&format!("{add} --begin --text first")).await;
    ended.must(Exit::NotVerified, "vouches for 2 entries, the log has 0");
    assert!(!desk.path("op/log").exists());

    desk.copy_dir("newest", "op/log");
    desk.ok(&format!("{add} --text third")).await;
    // A copy that is lost is not replaced in silence.
    fs::remove_file(desk.path("share/harbour")).unwrap();
    let ended = desk.run(&format!("{add} --text fourth")).await;
    ended.must(Exit::Environment, "share/harbour is missing");
    assert!(ended.messages.contains("--new-checkpoint-copy"), "{ended}");
    desk.ok(&format!("{add} --new-checkpoint-copy --text fourth")).await;
    assert_eq!(desk.read("share/harbour"), desk.read("op/log/checkpoint"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_keeps_the_copy_too_and_refuses_a_record_that_was_put_back() {
    let operation = Operation::approved().await;
    let desk = &operation.desk;
    let run = "run {}/op/plan.note --key {}/log.key --checkpoint-copy {}/copy";
    let guarded = operation.run_line(run, &mut |_| Word::Later).await;
    guarded.must(Exit::Findings, "stopped");
    assert!(!guarded.messages.contains("put back from an older backup"), "{guarded}");
    assert_eq!(desk.read("copy"), desk.read("op/log/checkpoint"));
    desk.copy_dir("op/log", "backup");
    desk.ok(&format!("{ADD} --checkpoint-copy {{}}/copy --text between")).await;
    desk.copy_dir("backup", "op/log");
    let ended = operation.run_line(run, &mut |question| panic!("{question}")).await;
    ended.must(Exit::NotVerified, "the log was rolled back");
}

#[tokio::test]
async fn an_alarm_stops_whoever_wants_to_write_and_says_how_it_ends() {
    let desk = with_a_note().await;
    desk.write("op/log/.state/alarm", "the witness knows 12 entries, the log has 9\n");
    let ended = desk.run(&format!("{ADD} --text more")).await;
    ended.must(Exit::NotVerified, "the witness knows 12 entries, the log has 9");
    assert!(ended.messages.contains("op/log/.state/alarm") && ended.messages.contains("a person removes"), "{ended}");
    let ended = desk.run(VERIFY).await;
    ended.must(Exit::NotVerified, "");
    assert!(ended.output.contains("pass         entries") && ended.output.contains("FAIL         alarm"), "{ended}");
    // What is genuine can be taken from it, and is not handed on in silence.
    for command in ["log show {}/op/log", "log prove {}/op/log 0", "log export {}/op/log --as csv"] {
        let ended = desk.run(&format!("{command} --keys {{}}/log.vkey")).await;
        ended.must(Exit::Findings, "warning: the alarm of this log was raised");
        assert!(!ended.output.is_empty(), "{ended}");
    }
    desk.run("log export {}/op/log --keys {}/log.vkey --disclose 0 -o {}/out").await.must(Exit::Findings, "the alarm");
    fs::remove_file(desk.path("op/log/.state/alarm")).unwrap();
    assert_eq!(desk.ok(&format!("{ADD} --text more")).await, "entry 1\n");
}

#[tokio::test]
async fn what_is_no_part_of_the_record_is_told_and_what_only_the_writer_needs_is_a_warning() {
    let desk = with_a_note().await;
    desk.write("call.txt", "called back at 10:05");
    desk.ok(&format!("{ADD} --text reached --evidence {{}}/call.txt")).await;
    desk.ok(&format!("{ADD} --text reached --public --evidence {{}}/call.txt")).await;
    assert!(!desk.ok(VERIFY).await.contains("others"));
    desk.write("op/log/evidence/uncited.txt", "x");
    desk.write("op/private/evidence/uncited.txt", "x");
    desk.write("op/log/notes.txt", "x");
    desk.write("op/log/tile/entries/x", "x");
    let told = desk.ok(VERIFY).await.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("not checked evidence 2 files are there, cited by no entry"), "{told}");
    assert!(told.contains("vouches for it: notes.txt, tile/entries/x"), "{told}");

    let signed = desk.read("op/log/.state/signed");
    for damage in [Some(signed.replacen("\n3\n", "\n2\n", 1)), None] {
        match damage {
            Some(damaged) => desk.write("op/log/.state/signed", damaged),
            None => fs::remove_file(desk.path("op/log/.state/signed")).unwrap(),
        }
        let ended = desk.run(VERIFY).await;
        assert_eq!(ended.exit, Exit::Findings, "{ended}");
        assert!(
            ended.output.contains("warning      state") && ended.output.contains("op/log/.state/signed"),
            "{ended}"
        );
        assert!(ended.output.ends_with("verified, with a warning\n"), "{ended}");
    }
    // A copy that was handed on has nothing of the writer's.
    fs::remove_dir_all(desk.path("op/log/.state")).unwrap();
    assert!(desk.ok(VERIFY).await.ends_with("\nverified\n"));
}

#[tokio::test]
async fn a_checkpoint_whose_first_line_was_altered_is_named_as_that_and_no_other_key_is_asked_for() {
    for name in ["checkpoint", "checkpoints/0"] {
        let desk = with_a_note().await;
        let path = format!("op/log/{name}");
        desk.edit(&path, "police.example", "qolice.example");
        for command in ["log verify", "report"] {
            let ended = desk.run(&format!("{command} {{}}/op/log --keys {{}}/log.vkey")).await;
            ended.must(Exit::NotVerified, &format!("{path} says that it is of the log `qolice.example/log/op`"));
            assert!(ended.messages.contains("its first line was altered"), "{ended}");
            assert!(!ended.messages.contains("key that is needed"), "{ended}");
        }
    }
}

/// The backup is copied over the newer log, so that what the backup does not have stays: newer tiles and checkpoints.
#[tokio::test]
async fn a_backup_that_was_laid_over_a_newer_record_is_refused_every_time_and_nothing_is_signed() {
    let desk = with_a_note().await;
    desk.copy_dir("op/log", "backup");
    for text in ["second", "third"] {
        desk.ok(&format!("{ADD} --text {text}")).await;
    }
    let newest = desk.read("op/log/checkpoints/3");
    let over = std::process::Command::new("cp").arg("-a").arg(desk.path("backup/.")).arg(desk.path("op/log")).status();
    assert!(over.unwrap().success());
    for _ in 0..4 {
        desk.run(&format!("{ADD} --text again")).await.must(Exit::NotVerified, "the log was rolled back");
    }
    assert_eq!(desk.read("op/log/checkpoints/3"), newest);
    assert!(!desk.path("op/log/checkpoints/4").exists());
    for command in ["log show", "log export --as csv", "report"] {
        desk.run(&format!("{command} {{}}/op/log --keys {{}}/log.vkey")).await.must(Exit::NotVerified, "");
    }
    desk.run(VERIFY).await.must(Exit::NotVerified, "");
}

/// The key could not sign, the disk was full, or the process was killed, before the first checkpoint.
#[tokio::test]
async fn a_record_whose_beginning_was_interrupted_is_begun_anew() {
    let desk = with_keys().await;
    fs::create_dir_all(desk.path("op/log/.state/staging")).unwrap();
    fs::create_dir_all(desk.path("op/log/checkpoints")).unwrap();
    desk.write("op/log/.state/lock", "");
    desk.write("op/log/.state/journal", "");
    assert_eq!(desk.ok(&format!("{ADD} --begin --text first")).await, "entry 0\n");
    desk.ok(VERIFY).await;
}

/// A pipe would be waited for without end.
#[tokio::test]
async fn a_record_in_which_something_is_no_file_is_refused() {
    let desk = with_a_note().await;
    fs::remove_file(desk.path("op/log/checkpoint")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(desk.path("op/log/checkpoint")).status();
    assert!(made.unwrap().success());
    desk.run(VERIFY).await.must(Exit::NotVerified, "does not belong in a log");
}

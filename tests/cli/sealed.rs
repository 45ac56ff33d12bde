//! What people said is in the record only sealed; what opens it lies beside it and can be destroyed.

use std::fs;
use std::path::{Path, PathBuf};

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::{Operation, with_keys};
use crate::person::{NAME, Word};

const VERIFY: &str = "log verify {}/op/log --keys {}/log.vkey";
const SHOW: &str = "log show {}/op/log --keys {}/log.vkey";
const REPORT: &str = "report {}/op/log --keys {}/log.vkey";

/// An operation in which somebody opened the gate, and declined the first instruction.
async fn with_a_refusal() -> Operation {
    let operation = Operation::approved().await;
    let decide = |question: &str| if question.contains("INSTRUCTION") { Word::No } else { Word::Yes };
    let ended = operation.run(decide).await;
    assert_eq!(ended.exit, Exit::Findings, "{ended}");
    operation
}

fn openings(desk: &Desk) -> Vec<PathBuf> {
    let files = fs::read_dir(desk.path("op/private")).unwrap();
    files.map(|file| file.unwrap().path()).filter(|path| path.is_file()).collect()
}

/// Whether any file below the directory holds the text.
fn holds(dir: &Path, text: &str) -> bool {
    fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        let there = |bytes: Vec<u8>| bytes.windows(text.len()).any(|some| some == text.as_bytes());
        if path.is_dir() { holds(&path, text) } else { there(fs::read(&path).unwrap()) }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_said_stands_in_the_record_only_sealed_and_can_be_forgotten() {
    let operation = with_a_refusal().await;
    let desk = &operation.desk;
    // Nor is who approved, or whom to call: the plan and the playbook are sealed as a whole.
    let playbook = desk.read("op/playbook.toml");
    let contact = playbook.lines().find(|line| line.contains('@')).expect("a playbook has contacts");
    for personal in ["approval/prosecutor", "[[approver]]", contact] {
        assert!(!holds(&desk.path("op/log"), personal), "{personal} is in the log");
        assert!(holds(&desk.path("op/private/evidence"), personal), "{personal}");
    }
    for personal in [NAME, "not as agreed"] {
        assert!(!holds(&desk.path("op/log"), personal), "{personal} is in the log");
        assert!(holds(&desk.path("op/private"), personal));
        for line in [SHOW, REPORT] {
            assert!(desk.ok(line).await.contains(personal), "{line}");
        }
        assert!(!desk.ok(&format!("{SHOW} --format json")).await.contains(personal));
    }
    let told = desk.ok(SHOW).await;
    let approved = "plan approved by prosecutor of prosecution as legal with prosecution.example/approval/prosecutor";
    assert!(told.contains(approved), "{told}");
    assert!(told.contains(&format!("declined by {NAME}: not as agreed")), "{told}");
    assert!(desk.ok(VERIFY).await.contains("pass         sealed       what opens the"));

    // Kept elsewhere.
    fs::rename(desk.path("op/private"), desk.path("safe")).unwrap();
    assert!(desk.ok(&format!("{SHOW} --private {{}}/safe")).await.contains(NAME));
    desk.run(&format!("{SHOW} --private {{}}/nowhere")).await.must(Exit::Usage, "no directory of openings");
    for line in [SHOW, REPORT] {
        let told = desk.ok(line).await;
        assert!(!told.contains(NAME) && told.contains("sealed (sha256:"), "{told}");
        assert!(!told.contains("approval/prosecutor"), "{told}");
        // What is no person's is told all the same.
        assert!(told.contains("of prosecution as legal"), "{told}");
    }
    let said = desk.ok(VERIFY).await;
    assert!(said.contains("not checked  evidence") && said.contains("sealed files are"), "{said}");
    desk.ok(&format!("{REPORT} -o {{}}/sealed.html")).await;
    let html = desk.read("sealed.html");
    assert!(!html.contains("not noted") && html.contains("noted, sealed: entry 0"));

    // One of them destroyed.
    fs::rename(desk.path("safe"), desk.path("op/private")).unwrap();
    let refusal = openings(desk).into_iter().find(|path| fs::read_to_string(path).unwrap().contains("agreed")).unwrap();
    fs::remove_file(refusal).unwrap();
    let told = desk.ok(SHOW).await;
    assert!(told.contains(&format!("declined by {NAME}: sealed (sha256:")), "{told}");
    let said = desk.ok(VERIFY).await;
    assert!(said.contains("not checked  sealed") && said.contains("what opens 1"), "{said}");
    // Only what opens the approvals is gone: whoever signed the plan is in one row with what is noted.
    for path in openings(desk) {
        if ["approver", "key"].iter().any(|field| fs::read_to_string(&path).unwrap().contains(field)) {
            fs::remove_file(path).unwrap();
        }
    }
    desk.ok(&format!("{REPORT} -o {{}}/approvals.html")).await;
    let html = desk.read("approvals.html");
    let row = html.split("<tr>").find(|row| row.contains("prosecution.example/approval/prosecutor")).unwrap();
    assert!(row.contains("signed; checked here") && row.contains("noted, sealed: entry 0"), "{row}");
    assert!(!html.contains("not noted") && !html.contains("not checked here"));
}

#[tokio::test]
async fn an_opening_that_no_entry_cites_is_told() {
    let desk = with_keys().await;
    desk.ok("log add {}/op/log --key {}/log.key --begin --text first").await;
    assert!(!desk.ok(VERIFY).await.contains("cited by no entry"));
    let good = fs::read_to_string(&openings(&desk)[0]).unwrap();
    let name = format!("{}.json", "0".repeat(64));
    desk.write(&format!("op/private/{name}"), good);
    let said = desk.ok(VERIFY).await;
    assert!(said.contains("1 opening is cited by no entry") && said.contains("pass         sealed"), "{said}");
}

#[tokio::test]
async fn what_a_write_that_was_killed_left_in_clear_is_gone_after_the_next() {
    let desk = with_keys().await;
    let add = "log add {}/op/log --key {}/log.key --begin --text first";
    desk.ok(add).await;
    let shown = desk.ok(&format!("{SHOW} --format json")).await;
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let opening = shown["body"]["text"]["sealed"].as_str().unwrap();
    let erase = format!("log erase {{}}/op/log --key {{}}/log.key --order 1 --opening {opening}");
    for line in [add, &erase] {
        for place in ["op/private/.staging", "op/log/evidence/.staging"] {
            fs::create_dir_all(desk.path(place)).unwrap();
            desk.write(&format!("{place}/1-0"), NAME);
        }
        desk.ok(line).await;
        assert!(!holds(&desk.path("op"), NAME), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_opening_that_was_altered_is_found_out() {
    let operation = with_a_refusal().await;
    let desk = &operation.desk;
    let opening = openings(desk).into_iter().find(|path| fs::read_to_string(path).unwrap().contains(NAME)).unwrap();
    let good = fs::read_to_string(&opening).unwrap();
    fs::write(&opening, good.replace(NAME, "Eve Example")).unwrap();
    let name = opening.file_name().unwrap().to_str().unwrap();
    let ended = desk.run(VERIFY).await;
    ended.must(Exit::NotVerified, "");
    assert!(ended.output.contains(name) && ended.output.contains("FAIL         sealed"), "{ended}");
    for line in [SHOW, REPORT] {
        let ended = desk.run(line).await;
        ended.must(Exit::NotVerified, name);
        assert!(!ended.output.contains("Eve Example"), "{line}");
    }
    // The run does not rest on it.
    let ended = operation.run_line("run {}/op/plan.note --key {}/log.key", &mut |_| Word::Later).await;
    assert!(!ended.messages.contains("panicked"), "{ended}");
}

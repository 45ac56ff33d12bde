//! Receipts: made from a record, checked without it.

use std::fs;

use impound::cli::Exit;
use impound::keyring::{KeyFile, Role};
use impound::signed_note::{Note, NoteSignature};

use crate::operation::Operation;
use crate::person::Word;

const PROVE: &str = "log prove {}/op/log --keys {}/log.vkey";
const VERIFY: &str = "verify {}/r.tlog-proof --keys {}/log.vkey";

/// An operation whose run was put off, so that it has a record.
async fn with_a_record() -> Operation {
    let operation = Operation::approved().await;
    let ended = operation.run(|_| Word::Later).await;
    assert_eq!(ended.exit, Exit::Findings, "{ended}");
    operation
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_entry_has_a_receipt_that_needs_nothing_but_the_key() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    let entries = desk.ok("log show {}/op/log --keys {}/log.vkey --format json").await;
    for (index, entry) in entries.lines().enumerate() {
        desk.write("entry.json", format!("{entry}\n"));
        let ended = desk.run(&format!("{PROVE} --entry {{}}/entry.json -o {{}}/r.tlog-proof")).await;
        ended.must(Exit::Ok, &format!("entry {index}"));
        assert_eq!(desk.ok(&format!("{PROVE} {index}")).await, desk.read("r.tlog-proof"));

        let judged = desk.json(&format!("{VERIFY} --entry {{}}/entry.json")).await;
        assert_eq!(judged["report"]["verdict"]["code"], "recorded", "{judged:#}");
        assert_eq!(judged["entry"].to_string(), entry);
    }
    let wire = desk.json(&format!("{PROVE} 0")).await;
    assert_eq!(wire["receipt"], desk.ok(&format!("{PROVE} 0")).await);

    // Without the record, and under another file name.
    fs::remove_dir_all(desk.path("op/log")).unwrap();
    let text = desk.ok(VERIFY).await;
    assert!(text.contains("\n\nrecorded: entry "), "{text}");
    let (report, _entry) = text.rsplit_once("\n\n").unwrap();
    assert!(report.lines().skip(1).all(|line| line.chars().count() <= 80), "{text}");
    fs::rename(desk.path("r.tlog-proof"), desk.path("receipt.txt")).unwrap();
    assert!(desk.ok("verify {}/receipt.txt --keys {}/log.vkey").await.contains("recorded"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_that_is_altered_or_of_somebody_else_does_not_verify() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    desk.ok(&format!("{PROVE} 1 -o {{}}/good.tlog-proof")).await;
    desk.ok("key new prosecution.example/log -o {}/other.key --unencrypted").await;
    let other = "verify {}/good.tlog-proof --keys {}/other.vkey";
    desk.run(other).await.must(Exit::NotVerified, "");
    assert!(desk.run(other).await.output.contains("unknown log"));

    let good = desk.read("good.tlog-proof");
    for (from, to, verdict) in [
        ("index 1", "index 0", "altered: the entry"),
        ("\nextra ", "\nextra AAAA", "altered: the entry"),
        ("@v1", "@v9", "malformed: the receipt does not begin"),
        ("— ", "", "malformed: the checkpoint"),
    ] {
        desk.write("r.tlog-proof", good.replacen(from, to, 1));
        let ended = desk.run(VERIFY).await;
        assert_eq!(ended.exit, Exit::NotVerified, "{ended}");
        assert!(ended.output.contains(verdict), "{from} as {to}: {ended}");
    }
    // Another entry of the same record is not the one that this receipt is of.
    let entries = desk.ok("log show {}/op/log --keys {}/log.vkey --format json").await;
    desk.write("entry.json", entries.lines().next().unwrap());
    desk.write("r.tlog-proof", &good);
    assert_eq!(desk.run(&format!("{VERIFY} --entry {{}}/entry.json")).await.exit, Exit::NotVerified);
    // An altered entry has no receipt.
    desk.edit("entry.json", "\"kind\"", "\"kine\"");
    desk.run(&format!("{PROVE} --entry {{}}/entry.json")).await.must(Exit::NotVerified, "is not entry 0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_no_receipt_is_told() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    desk.write("no-entry", "{}");
    for (line, exit, said) in [
        (format!("{PROVE} 999"), Exit::Usage, "has no leaf 999"),
        (format!("{PROVE} --entry {{}}/no-entry"), Exit::Usage, "log show --format json"),
        (format!("{PROVE} --entry {{}}/nowhere"), Exit::Usage, "nowhere"),
        (PROVE.to_owned(), Exit::Usage, "<INDEX>"),
        (format!("{PROVE} 1 -o {{}}/nowhere/r"), Exit::Environment, "nowhere"),
        ("verify {}/nowhere.tlog-proof --keys {}/log.vkey".to_owned(), Exit::Usage, "nowhere"),
        (
            "verify {}/no-entry --keys {}/log.vkey --entry {}/no-entry".to_owned(),
            Exit::Usage,
            "--entry is for receipts",
        ),
    ] {
        desk.run(&line).await.must(exit, said);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_carries_the_checkpoint_that_others_signed_too() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    desk.ok("key new court.example/witness -o {}/witness.key --unencrypted").await;
    let witness = KeyFile::read(&desk.path("witness.key")).unwrap().unlock(Role::Witness, None).unwrap();
    let mut note = Note::parse(desk.read("op/log/checkpoint").as_bytes()).unwrap();
    let at = "2026-11-22T09:00:00Z".parse().unwrap();
    note.signatures.push(NoteSignature::cosign(&note.text, at, &witness).unwrap());
    desk.write("op/log/witnessed", note.to_string());
    let (_, newer) = (desk.read("op/log/checkpoint"), operation.run(|_| Word::Later).await);
    assert_eq!(newer.exit, Exit::Findings, "{newer}");

    desk.ok(&format!("{PROVE} 0 -o {{}}/r.tlog-proof")).await;
    assert!(desk.read("r.tlog-proof").ends_with(&format!("\n\n{note}")));
    assert!(desk.ok(VERIFY).await.contains("1 further signature"));
    // An entry that the witnesses have not seen yet stands under the log's own signature.
    let entries = desk.ok("log show {}/op/log --keys {}/log.vkey --format json").await.lines().count();
    desk.ok(&format!("{PROVE} {} -o {{}}/r.tlog-proof", entries - 1)).await;
    assert!(desk.read("r.tlog-proof").ends_with(&desk.read("op/log/checkpoint")));
    desk.ok(VERIFY).await;

    desk.edit("op/log/witnessed", "court", "cover");
    desk.edit("op/log/witnessed", "log/op\n", "log/of\n");
    desk.run(&format!("{PROVE} 0")).await.must(Exit::NotVerified, "witnessed");
}

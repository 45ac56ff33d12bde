//! The record in the forms that other tools read.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use impound::audit::{Actor, Entry, Kind, Log};
use impound::cli::Exit;
use impound::keyring::{KeyFile, Role};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::operation::{Operation, with_keys};
use crate::person::{NAME, Word};

const EXPORT: &str = "log export {}/op/log --keys {}/log.vkey";
const SHOW: &str = "log show {}/op/log --keys {}/log.vkey";

/// An operation in which somebody opened the gate and declined the first instruction.
async fn with_a_record() -> Operation {
    let operation = Operation::approved().await;
    let decide = |question: &str| if question.contains("INSTRUCTION") { Word::No } else { Word::Yes };
    operation.run(decide).await.must(Exit::Findings, "");
    operation
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_entry_is_in_every_export_and_the_same_record_gives_the_same_octets() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    let entries = lines(&desk.ok(&format!("{SHOW} --format json")).await);
    assert!(entries.len() > 10);

    let events = lines(&desk.ok(&format!("{EXPORT} --as timesketch")).await);
    assert_eq!(events.len(), entries.len());
    for (event, entry) in events.iter().zip(&entries) {
        for field in ["seq", "kind", "action", "subject", "step", "authority", "of", "result", "tool"] {
            assert_eq!(event.get(field), entry.get(field), "{field} of {event}");
        }
        assert_eq!((&event["datetime"], &event["agency"]), (&entry["at"], &entry["actor"]["agency"]));
        assert!(event["message"].as_str().is_some_and(|message| !message.is_empty()), "{event}");
        assert!(event.as_object().unwrap().values().all(|value| !value.is_object() && !value.is_array()), "{event}");
    }

    let table = desk.ok(&format!("{EXPORT} --as csv")).await;
    assert!(table.ends_with("\"\r\n"));
    let rows = rows(&table);
    assert_eq!(rows.len(), entries.len() + 1);
    let column = |name: &str| rows[0].iter().position(|heading| heading == name).unwrap();
    for (row, entry) in rows[1..].iter().zip(&entries) {
        assert_eq!(row[column("seq")], entry["seq"].to_string());
        assert_eq!(row[column("action")], entry["action"].as_str().unwrap());
    }

    let graph: Value = serde_json::from_str(&desk.ok(&format!("{EXPORT} --as case")).await).unwrap();
    let nodes = graph["@graph"].as_array().unwrap();
    let of_type = |class: &str| nodes.iter().filter(|node| node["@type"] == class).count();
    assert_eq!(of_type("case-investigation:InvestigativeAction"), entries.len());
    assert_eq!(of_type("case-investigation:ProvenanceRecord"), entries.len());
    assert_eq!(of_type("case-investigation:Investigation"), 1);
    let ids: BTreeSet<&str> = nodes.iter().map(|node| node["@id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), nodes.len(), "no node is written twice");
    let checkpoint = desk.read("op/log/checkpoint");
    let holds_it = |node: &Value| node.to_string().contains(&json!(checkpoint).to_string());
    assert_eq!(nodes.iter().filter(|node| holds_it(node)).count(), 1);

    for form in ["timesketch", "csv", "case"] {
        let first = desk.ok(&format!("{EXPORT} --as {form}")).await;
        desk.run(&format!("{EXPORT} --as {form} -o {{}}/out")).await.must(Exit::Ok, "entries written to");
        assert_eq!(desk.read("out"), first, "{form}");
        assert_eq!(fs::metadata(desk.path("out")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sealed_is_exported_in_clear_only_when_that_is_asked_for() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    for form in ["timesketch", "csv", "case"] {
        let sealed = desk.ok(&format!("{EXPORT} --as {form}")).await;
        assert!(!sealed.contains(NAME) && sealed.contains("sealed (sha256:"), "{form}");
        let clear = desk.ok(&format!("{EXPORT} --as {form} --with-private")).await;
        assert!(clear.contains(NAME), "{form}");
        fs::rename(desk.path("op/private"), desk.path("safe")).unwrap();
        assert_eq!(desk.ok(&format!("{EXPORT} --as {form} --with-private")).await, sealed);
        assert_eq!(desk.ok(&format!("{EXPORT} --as {form} --with-private --private {{}}/safe")).await, clear);
        fs::rename(desk.path("safe"), desk.path("op/private")).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_was_altered_is_not_exported_and_nothing_is_left_behind() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    let size = lines(&desk.ok(&format!("{SHOW} --format json")).await).len();
    let bundle = desk.path(&format!("op/log/tile/entries/000.p/{size}"));
    let mut bytes = fs::read(&bundle).unwrap();
    let place = bytes.windows(7).position(|seven| seven == b"observe").unwrap();
    bytes[place] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    for form in ["timesketch", "csv", "case"] {
        let ended = desk.run(&format!("{EXPORT} --as {form} -o {{}}/out/export")).await;
        ended.must(Exit::NotVerified, "was altered");
        let ended = desk.run(&format!("{EXPORT} --as {form}")).await;
        ended.must(Exit::NotVerified, "was altered");
        assert_eq!(ended.output, "");
    }
    assert!(!desk.path("out").exists());
}

/// A record with what a hostile name or page could bring into an export, written without the program's own words.
async fn with_hostile_texts() -> Desk {
    let desk = with_keys().await;
    let key = KeyFile::read(&desk.path("log.key")).unwrap().unlock(Role::Log, None).unwrap();
    let mut log = Log::create(&desk.path("op/log"), key).unwrap();
    let texts = [
        "=HYPERLINK(\"http://a.example\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "a\r\n=1",
        "a\"b,c;=d",
        "\u{2028}",
        "</script>",
    ];
    let entries = texts.map(|text| Entry {
        at: "2026-11-22T08:00:00Z".parse().unwrap(),
        actor: Actor { agency: text.to_owned(), key: None, role: text.to_owned() },
        authority: Some(text.to_owned()),
        step: Some(text.to_owned()),
        kind: Kind::Fact,
        action: text.to_owned(),
        subject: Some(text.to_owned()),
        body: [(text.to_owned(), json!(text)), ("list".to_owned(), json!([text, {"a": text}]))].into(),
        evidence: Vec::new(),
        tool: text.to_owned(),
    });
    log.append(&entries).unwrap();
    desk
}

#[tokio::test]
async fn texts_made_to_be_formulas_or_markup_are_text_in_every_export() {
    let desk = with_hostile_texts().await;
    let rows = rows(&desk.ok(&format!("{EXPORT} --as csv")).await);
    assert_eq!(rows.len(), 10);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell}");
    }
    let column = |name: &str| rows[0].iter().position(|heading| heading == name).unwrap();
    assert_eq!(rows[2][column("subject")], "'+1");
    assert_eq!(rows[7][column("subject")], "a\"b,c;=d");
    let events = lines(&desk.ok(&format!("{EXPORT} --as timesketch")).await);
    assert_eq!(events.len(), 9);
    assert_eq!(events[5]["subject"], "a\r\n=1");
    let graph: Value = serde_json::from_str(&desk.ok(&format!("{EXPORT} --as case")).await).unwrap();
    assert_eq!(graph["@context"]["kb"], "https://police.example/log/op#");
}

#[tokio::test]
async fn an_empty_record_gives_an_export_without_entries() {
    let desk = with_keys().await;
    let key = KeyFile::read(&desk.path("log.key")).unwrap().unlock(Role::Log, None).unwrap();
    drop(Log::create(&desk.path("op/log"), key).unwrap());
    assert_eq!(desk.ok(&format!("{EXPORT} --as timesketch")).await, "");
    assert_eq!(rows(&desk.ok(&format!("{EXPORT} --as csv")).await).len(), 1);
    let graph: Value = serde_json::from_str(&desk.ok(&format!("{EXPORT} --as case")).await).unwrap();
    assert_eq!(graph["@graph"].as_array().unwrap().len(), 2);
}

//! The record in the forms that other tools read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

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
    let refer = |class: &str, property: &str| {
        let holders = nodes.iter().filter(|node| node["@type"] == class);
        let referred = holders.flat_map(|node| node[property].as_array().unwrap());
        let referred: Vec<&str> = referred.map(|other| other["@id"].as_str().unwrap()).collect();
        assert!(referred.iter().all(|id| ids.contains(id)), "{class} refers to what is not there");
        referred.len()
    };
    assert_eq!(refer("case-investigation:Investigation", "uco-core:object"), 2 * entries.len() + 1);
    let under_orders = entries.iter().filter(|entry| entry["authority"].is_string()).count();
    assert_eq!(refer("uco-core:Relationship", "uco-core:source"), under_orders);
    assert!(under_orders > 0);
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
        "\u{202e}fdp.exe\u{2066}\u{200b}",
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
    assert_eq!(rows.len(), 11);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell}");
        assert!(!cell.contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{2028}', '\t', '\r', '\n']), "{cell}");
    }
    let column = |name: &str| rows[0].iter().position(|heading| heading == name).unwrap();
    assert_eq!(rows[2][column("subject")], "'+1");
    assert_eq!(rows[6][column("subject")], "a⟨U+000D⟩⟨U+000A⟩=1");
    assert_eq!(rows[7][column("subject")], "a\"b,c;=d");
    assert_eq!(rows[10][column("subject")], "⟨U+202E⟩fdp.exe⟨U+2066⟩⟨U+200B⟩");
    let events = lines(&desk.ok(&format!("{EXPORT} --as timesketch")).await);
    assert_eq!(events.len(), 10);
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

/// Every file below a directory, by its place in it.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            found.insert(name, fs::read(path).unwrap());
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|some| some == text.as_bytes())
}

/// The entries of the record, as they were written, and where the first with this action and this in its body stands.
async fn entries_and(desk: &Desk, action: &str, part: &str) -> (Vec<String>, usize) {
    let entries: Vec<String> = desk.ok(&format!("{SHOW} --format json")).await.lines().map(str::to_owned).collect();
    let there = |line: &String| line.contains(&format!("\"action\":\"{action}\"")) && line.contains(part);
    let place = entries.iter().position(there).unwrap_or_else(|| panic!("no {action} with {part}"));
    (entries, place)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chosen_entries_are_handed_over_with_their_proofs_and_nothing_of_the_others() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    let (entries, declined) = entries_and(desk, "outcome", "declined").await;
    let chosen = [0, 1, declined];
    desk.run(&format!("{EXPORT} --disclose 0-1,{declined} -o {{}}/out")).await.must(Exit::Ok, "3 entries");
    let out = files(&desk.path("out"));
    let expected: BTreeSet<String> = chosen
        .iter()
        .flat_map(|n| [format!("entries/{n}.json"), format!("entries/{n}.tlog-proof")])
        .chain(["README.txt", "check-receipt.py", "checkpoint"].map(str::to_owned))
        .collect();
    assert_eq!(out.keys().cloned().collect::<BTreeSet<_>>(), expected);
    assert_eq!(out["checkpoint"], desk.read("op/log/checkpoint").into_bytes());
    for n in chosen {
        assert_eq!(out[&format!("entries/{n}.json")], entries[n].as_bytes());
    }
    // Not one sealed text, and nothing that would open one.
    let openings = files(&desk.path("op/private"));
    assert!(openings.len() > 4);
    for opening in openings.iter().filter(|(place, _)| place.ends_with(".json")).map(|(_, bytes)| bytes) {
        let opening: Value = serde_json::from_slice(opening).unwrap();
        for (place, bytes) in &out {
            assert!(!holds(bytes, opening["salt"].as_str().unwrap()), "{place}");
            let value = opening["value"].as_str().unwrap();
            // A short name that is also a word (`commander`) stands in the clear nowhere else in an entry.
            assert!(!holds(bytes, value), "{place} holds {value}");
        }
    }
    for (n, entry) in entries.iter().enumerate().filter(|(n, _)| !chosen.contains(n)) {
        assert!(out.values().all(|bytes| !holds(bytes, entry)), "entry {n}");
    }

    // Somewhere else, with the log's key and nothing else.
    let other = Desk::new();
    fs::rename(desk.path("out"), other.path("out")).unwrap();
    fs::copy(desk.path("log.vkey"), other.path("log.vkey")).unwrap();
    for n in chosen {
        let line =
            format!("verify {{}}/out/entries/{n}.tlog-proof --keys {{}}/log.vkey --entry {{}}/out/entries/{n}.json");
        let said = other.ok(&line).await;
        assert!(said.contains("sealed (sha256:") && !said.contains(NAME), "{said}");
        let wrong = line.replace(&format!("{n}.json"), &format!("{}.json", if n == 0 { 1 } else { 0 }));
        assert_eq!(other.run(&wrong).await.exit, Exit::NotVerified);
    }
    // As the README says.
    let readme = other.read("out/README.txt");
    assert!(readme.lines().all(|line| line.len() <= 100), "{readme}");
    let command = readme.lines().find_map(|line| line.trim().strip_prefix("impound ")).unwrap();
    let command = command.replace("entries/", "{}/out/entries/").replace("log.vkey", "{}/log.vkey");
    other.ok(&command).await;
    assert!(readme.contains(other.read("log.vkey").trim()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_opens_the_chosen_entries_and_their_evidence_go_along_when_that_is_asked_for() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    let (entries, declined) = entries_and(desk, "outcome", "declined").await;
    let observe = entries.iter().position(|entry| entry.contains("\"action\":\"observe\"")).unwrap();
    let line = format!("{EXPORT} --disclose {observe},{declined} --with-private --with-evidence -o {{}}/out");
    desk.run(&line).await.must(Exit::Ok, "2 entries");
    let out = files(&desk.path("out"));
    let private = |(place, _): &(&String, &Vec<u8>)| place.starts_with("private/") && place.ends_with(".json");
    assert_eq!(out.iter().filter(private).count(), 2, "who declined, and why: {:?}", out.keys());
    assert!(out.iter().filter(private).any(|(_, bytes)| holds(bytes, NAME)));
    assert!(out.values().all(|bytes| !holds(bytes, "approval/prosecutor")), "who approved is not of these entries");
    let cited: Value = serde_json::from_str(&entries[observe]).unwrap();
    let cited = cited["evidence"].as_array().unwrap();
    for one in cited {
        let hex = one["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
        // What the registry answered is sealed.
        let apart = if one["sealed"] == true { "private/" } else { "" };
        let place = format!("{apart}evidence/{}/{hex}", &hex[..2]);
        assert_eq!(out[&place].len() as u64, one["bytes"].as_u64().unwrap());
    }
    let sealed = |place: &String| place.starts_with("private/evidence/");
    assert_eq!(out.keys().filter(|place| sealed(place)).count(), 1, "{:?}", out.keys());
    desk.ok(&line.replace(" --with-private", "").replace("/out", "/clear")).await;
    assert!(!desk.path("clear/private").exists() && desk.path("clear/evidence").is_dir());
    fs::remove_dir_all(desk.path("clear")).unwrap();
    let verify =
        format!("verify {{}}/out/entries/{declined}.tlog-proof --keys {{}}/log.vkey --private {{}}/out/private");
    let said = desk.ok(&verify).await;
    assert!(said.contains(&format!("declined by {NAME}: not as agreed")), "{said}");

    // An opening that was altered on the way.
    let (place, bytes) = out.iter().find(|(place, bytes)| place.starts_with("private/") && holds(bytes, NAME)).unwrap();
    desk.write(&format!("out/{place}"), String::from_utf8(bytes.clone()).unwrap().replace(NAME, "Eve Example"));
    desk.run(&verify).await.must(Exit::NotVerified, "it was altered, or is another's");

    // Nothing is overwritten, and what cannot be handed over leaves nothing behind.
    desk.run(&line).await.must(Exit::Usage, "exists already");
    let before = fs::read_dir(desk.dir()).unwrap().count();
    let open = cited.iter().find(|one| one.get("sealed").is_none()).unwrap();
    let digest = open["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap().to_owned();
    fs::remove_file(desk.path(&format!("op/log/evidence/{}/{digest}", &digest[..2]))).unwrap();
    desk.run(&line.replace("/out", "/new")).await.must(Exit::NotVerified, &digest);
    desk.run(&format!("{EXPORT} --disclose 9999 -o {{}}/new")).await.must(Exit::Usage, "no such entry");
    assert_eq!(fs::read_dir(desk.dir()).unwrap().count(), before);
}

#[tokio::test]
async fn what_is_asked_of_an_export_fits_together() {
    let desk = with_hostile_texts().await;
    for (line, said) in [
        ("", "--as"),
        ("--disclose 1", "--output"),
        ("--disclose 1 --as csv -o {}/out", "cannot be used with"),
        ("--as csv --with-evidence", "--with-evidence goes with --disclose"),
        ("--as csv --with-evidence -o {}/out", "beside the log"),
        ("--disclose 4-3 -o {}/out", "4-3"),
        ("--disclose 0-10000 -o {}/out", "more than 10000 entries"),
        ("--as xml", "invalid value"),
    ] {
        desk.run(&format!("{EXPORT} {line}")).await.must(Exit::Usage, said);
    }
    assert!(!desk.path("out").exists());
    desk.run(&format!("{EXPORT} --disclose 0 -o {{}}/none/out")).await.must(Exit::Environment, "none/out");
    desk.run(&format!("{EXPORT} --as csv -o {{}}/none/out")).await.must(Exit::Environment, "none/out");
}

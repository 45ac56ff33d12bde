//! Exports against the programs that other people read them with: Python's `csv` and `json`, and the validator of the CASE
//! community (`case_validate` of case-utils, which `.ci/run` installs).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at once on what they did not expect")]

mod bench;

use bench::{Bench, good, refused};
use impound::audit::{Actor, Entry, EvidenceStore, Kind, Log, Openings, OutcomeResult};
use impound::keyring::SecretKey;
use impound::signed_note::NoteSigner;
use impound::tlog::LeafIndex;
use serde_json::{Value, json};

/// Where `.ci/run` puts the validator.
const CASE_VALIDATE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/case-utils/bin/case_validate");

/// Reads the table as any Python program would; prints how many rows it has, and each row's `seq`, on a line.
const READ_CSV: &str = r#"
import csv, datetime
with open("out.csv", newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file, strict=True))
for row in rows:
    assert None not in row and None not in row.values(), row
    moment = datetime.datetime.fromisoformat(row["datetime"].replace("Z", "+00:00"))
    assert int(row["timestamp"]) == moment.timestamp() * 1000000, row
    assert row["message"] and row["timestamp_desc"], row
    assert not any(cell.startswith(tuple("=+-@\t\r\n")) for cell in row.values()), row
print(len(rows), *(row["seq"] for row in rows))
"#;

/// The same for the events. What Timesketch asks for is there, and nothing is nested.
const READ_TIMESKETCH: &str = r#"
import datetime, json
with open("out.jsonl", encoding="utf-8") as file:
    events = [json.loads(line) for line in file.read().split("\n")[:-1]]
for event in events:
    moment = datetime.datetime.fromisoformat(event["datetime"].replace("Z", "+00:00"))
    assert event["timestamp"] == moment.timestamp() * 1000000, event
    assert event["message"] and event["timestamp_desc"], event
    assert all(isinstance(value, (str, int, bool)) for value in event.values()), event
print(len(events), *(event["seq"] for event in events))
"#;

/// The log in a bench, and how many entries it has.
struct Exported {
    bench: Bench,
    entries: usize,
}

impl Exported {
    /// Every form of a log, with what Python reads of it.
    fn check(bench: Bench, log: &str, key: &str) -> Self {
        let shown = good(&bench.run("impound", &["log", "show", log, "--keys", key, "--format", "json"], ""));
        let entries = shown.lines().count();
        for (form, file) in [("csv", "out.csv"), ("timesketch", "out.jsonl"), ("case", "out.jsonld")] {
            let out = ["log", "export", log, "--keys", key, "--as", form, "-o", file];
            good(&bench.run("impound", &out, ""));
        }
        let all: Vec<String> = std::iter::once(entries).chain(0..entries).map(|n| n.to_string()).collect();
        for script in [READ_CSV, READ_TIMESKETCH] {
            assert_eq!(good(&bench.run("python3", &["-c", script], "")).trim_end(), all.join(" "));
        }
        Self { bench, entries }
    }

    /// The graph is valid whole, and says nothing that the ontology does not know.
    fn is_valid_case(&self) {
        let graph: Value = serde_json::from_str(&self.bench.read("out.jsonld")).unwrap();
        let nodes = graph["@graph"].as_array().unwrap();
        let actions = nodes.iter().filter(|node| node["@type"] == "case-investigation:InvestigativeAction");
        assert_eq!(actions.count(), self.entries);
        let validated = self.bench.run(CASE_VALIDATE, &["out.jsonld"], "");
        assert!(good(&validated).contains("Conforms: True"));
        assert_eq!(String::from_utf8_lossy(&validated.stderr), "");
    }
}

#[test]
fn other_peoples_programs_read_every_entry_of_a_rehearsal() {
    let bench = Bench::new();
    good(&bench.run("impound", &["init", "op"], ""));
    good(&bench.run("impound", &["rehearse", "op", "-o", "out"], ""));
    let exported = Exported::check(bench, "out/log", "out/keys/log.vkey");
    assert!(exported.entries > 40, "{}", exported.entries);
    exported.is_valid_case();
}

#[test]
fn whatever_stands_in_a_log_its_export_is_read() {
    let bench = Bench::new();
    let key = SecretKey::generate("police.example/log/a-1".parse().unwrap()).unwrap();
    bench.write("log.vkey", &key.verifier().to_string());
    let mut log = Log::create(&bench.path().join("log"), key).unwrap();
    log.append(&entries(&bench)).unwrap();
    drop(log);
    let exported = Exported::check(bench, "log", "log.vkey");
    exported.is_valid_case();

    // The validator does bite.
    let graph = exported.bench.read("out.jsonld");
    exported.bench.write("bad.jsonld", &graph.replace("\"xsd:hexBinary\"", "\"xsd:string\""));
    assert!(refused(&exported.bench.run(CASE_VALIDATE, &["bad.jsonld"], "")).contains("Conforms: False"));
}

/// An entry of every kind, about every kind of target, and texts that are made to be something else.
fn entries(bench: &Bench) -> Vec<Entry> {
    let mut evidence = EvidenceStore::new(&bench.path().join("log/evidence"), &bench.path().join("private"));
    let sealed = Openings::new(&bench.path().join("private")).seal("by", "Ada Example").unwrap();
    let subjects = [
        "shop.example",
        "xn--bcher-kva.example",
        "3frxlbrstqlzy5dkmeknxb3hpwdz6ozsdis47ahkzwl2qx7vl5xlmjad.onion",
        "203.0.113.7:443",
        "[2001:db8:5e::21]:443",
        "list:dga",
        "confirm",
        "=HYPERLINK(\"http://a.example\")",
        "@a",
        "-1",
        "a\r\n\"b\",c;\t=d\u{2028}\u{0}\u{7f}",
        "</script>{}[]\\\"",
    ];
    let mut entries = Vec::new();
    for (n, subject) in subjects.into_iter().enumerate() {
        let cited = evidence.put("application/json", format!("{{\"n\":{}}}", n / 2).as_bytes()).unwrap();
        let of = LeafIndex(3 * n as u64);
        let entry = |kind: Kind| Entry {
            at: "2026-11-22T08:00:00Z".parse().unwrap(),
            actor: Actor {
                agency: "police.example".into(),
                key: Some("police.example/operator".parse().unwrap()),
                role: "operator".into(),
            },
            authority: (n % 2 == 0).then(|| "order-1".into()),
            step: Some("step".into()),
            kind,
            action: "instruct".into(),
            subject: Some(subject.into()),
            body: [
                ("by".into(), sealed.clone()),
                ("list".into(), json!([subject, {"n": 1}])),
                ("none".into(), json!(null)),
            ]
            .into(),
            evidence: vec![cited.clone()],
            tool: "impound 0.1.0".into(),
        };
        let result = [OutcomeResult::Done, OutcomeResult::Failed, OutcomeResult::Unknown][n % 3];
        entries.extend([Kind::Intent, Kind::Outcome { of, result }, Kind::Fact].map(entry));
    }
    entries
}

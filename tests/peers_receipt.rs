//! Receipts, checked by other hands: Python's hashes and OpenSSL's signatures, none of our code.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests stop at once on what they did not expect"
)]

mod bench;

use std::collections::BTreeMap;

use bench::{Bench, good, refused};
use impound::audit::{Actor, Entry, EvidenceStore, Kind, Log, LogReader, Openings};
use impound::keyring::{SecretKey, verifier_key_line};
use impound::signed_note::{NoteSignature, NoteSigner};
use impound::tlog::{LeafIndex, Receipt};

const SCRIPT: &str = include_str!("../docs/check-receipt.py");

fn entry(nth: u64) -> Entry {
    Entry {
        at: "2026-11-22T08:00:00Z".parse().unwrap(),
        actor: Actor { agency: "police.example".into(), key: None, role: "operator".into() },
        authority: None,
        step: None,
        kind: Kind::Fact,
        action: "observe".into(),
        subject: Some(format!("bücher-{nth}.example")),
        body: BTreeMap::new(),
        evidence: Vec::new(),
        tool: "impound".into(),
    }
}

#[test]
fn a_receipt_is_checked_with_nothing_but_hashes_and_openssl() {
    let bench = Bench::new();
    let key = SecretKey::generate("police.example/log".parse().unwrap()).unwrap();
    let public = key.verifier().clone();
    bench.write("log.vkey", &verifier_key_line(&public));
    bench.write("check.py", SCRIPT);
    let mut log = Log::create(&bench.path().join("log"), key).unwrap();
    log.append(&(0..600).map(entry).collect::<Vec<_>>()).unwrap();
    log.publish().unwrap();
    let reader = LogReader::open(&bench.path().join("log"), &[public]).unwrap();
    let check = || bench.run("python3", &["check.py", "log.vkey", "r.tlog-proof"], "");
    for index in [0, 1, 255, 256, 511, 512, 513, 598, 599] {
        bench.write("r.tlog-proof", &reader.receipt(LeafIndex(index)).unwrap().to_string());
        let printed = good(&check());
        assert_eq!(printed.trim_end().as_bytes(), entry(index).to_bytes(LeafIndex(index)).unwrap());
    }

    // A line of somebody who is not known does no harm; anything else that is changed does.
    let receipt = reader.receipt(LeafIndex(300)).unwrap();
    let text = receipt.to_string();
    assert!(text.ends_with(&format!("\n\n{}", bench.read("log/checkpoint"))));
    let witness = SecretKey::generate("court.example/witness".parse().unwrap()).unwrap();
    let mut note = receipt.note().clone();
    note.signatures
        .insert(0, NoteSignature::cosign(&note.text, "2026-11-22T09:00:00Z".parse().unwrap(), &witness).unwrap());
    let extra = receipt.extra().map(<[u8]>::to_vec);
    let witnessed = Receipt::new(extra, receipt.proof().clone(), note).unwrap();
    bench.write("r.tlog-proof", &witnessed.to_string());
    good(&check());
    let path = receipt.proof().path.first().unwrap().to_string();
    let other = receipt.proof().path.last().unwrap().to_string();
    let root = receipt.checkpoint().root.to_string();
    for (from, to) in [
        ("index 300", "index 301"),
        ("index 300", "index 600"),
        ("\n600\n", "\n601\n"),
        (path.as_str(), other.as_str()),
        (root.as_str(), path.as_str()),
        ("police.example/log\n", "police.example/lag\n"),
    ] {
        assert!(text.contains(from), "{from}");
        bench.write("r.tlog-proof", &text.replacen(from, to, 1));
        refused(&check());
    }
}

/// The commands in the documentation under "By hand", as they are printed.
fn commands_by_hand() -> Vec<String> {
    let section = include_str!("../docs/audit-log.md").split("\n## By hand\n").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut blocks = vec![String::new()];
    for line in section.lines() {
        match line.strip_prefix("    ") {
            Some(command) => blocks.last_mut().unwrap().push_str(&format!("{command}\n")),
            None => blocks.push(String::new()),
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

#[test]
fn a_log_is_checked_by_hand_as_the_documentation_says() {
    let bench = Bench::new();
    let key = SecretKey::generate("police.example/log".parse().unwrap()).unwrap();
    bench.write("log.vkey", &verifier_key_line(key.verifier()));
    let private = bench.path().join("private");
    let mut evidence = EvidenceStore::new(&bench.path().join("log/evidence"), &private);
    let mut log = Log::create(&bench.path().join("log"), key).unwrap();
    let commands = commands_by_hand();
    let [pem, signature, root, openings, files] = commands.as_slice() else { panic!("{commands:#?}") };
    let sh = |command: &str| bench.run("sh", &["-e", "-c", command], "");
    for upto in [1, 2, 3, 255, 256, 257, 600] {
        let from = log.size().0;
        let mut entries: Vec<Entry> = (from..upto).map(entry).collect();
        let by = Openings::new(&private).seal("by", "Ada Ü").unwrap();
        entries[0].body.insert("by".into(), by);
        entries[0].evidence = vec![evidence.put("text/plain", format!("{upto}").as_bytes()).unwrap()];
        entries[0].evidence.push(evidence.seal("text/plain", b"Ada").unwrap());
        log.append(&entries).unwrap();
        log.publish().unwrap();
        for command in [pem, signature] {
            good(&sh(command));
        }
        assert!(good(&sh(root)).contains(&format!("{upto} entries, the root that was signed")));
        assert!(good(&sh(openings)).contains("by: Ada Ü: fits"));
        assert_eq!(good(&sh(files)), "");
    }
    // Where there is no evidence, or nothing was sealed, there is nothing to find fault with.
    for dir in ["log/evidence", "private"] {
        std::fs::rename(bench.path().join(dir), bench.path().join("away")).unwrap();
        assert_eq!((good(&sh(openings)).is_empty(), good(&sh(files))), (dir == "private", String::new()));
        std::fs::rename(bench.path().join("away"), bench.path().join(dir)).unwrap();
    }
    // Each of them finds what was altered.
    let alter = |name: &str, from: &str, to: &str, command: &str| {
        let kept = std::fs::read(bench.path().join(name)).unwrap();
        let place = kept.windows(from.len()).position(|some| some == from.as_bytes()).unwrap();
        let altered = [&kept[..place], to.as_bytes(), &kept[place + from.len()..]].concat();
        std::fs::write(bench.path().join(name), altered).unwrap();
        refused(&sh(command));
        std::fs::write(bench.path().join(name), kept).unwrap();
        good(&sh(command));
    };
    alter("log/checkpoint", "police.example", "polize.example", signature);
    alter("log/tile/entries/001", "observe", "obzerve", root);
    let some_file = |dir: &str| {
        let mut file = std::fs::read_dir(bench.path().join(dir)).unwrap().map(|file| file.unwrap().path());
        let file = file.find(|path| path.is_file()).unwrap();
        file.strip_prefix(bench.path()).unwrap().to_str().unwrap().to_owned()
    };
    alter(&some_file("private"), "Ada", "Eva", openings);
    // More of them than there is room for on a command line: each is looked at.
    let one = bench.path().join(some_file("private"));
    std::fs::create_dir(bench.path().join("many")).unwrap();
    for n in 0..40_000 {
        std::fs::hard_link(&one, bench.path().join(format!("many/{n:064x}.json"))).unwrap();
    }
    let many = sh(&openings.replacen("python3 - private", "python3 - many", 1));
    assert_eq!(String::from_utf8_lossy(&many.stdout).matches("DOES NOT FIT").count(), 40_000);
    let sealed = log_evidence(&bench);
    alter(&sealed, "Ada", "Eva", files);
}

/// A file of sealed evidence.
fn log_evidence(bench: &Bench) -> String {
    let dir = bench.path().join("private/evidence");
    let sub = std::fs::read_dir(dir).unwrap().map(|one| one.unwrap().path()).find(|path| path.is_dir()).unwrap();
    let file = std::fs::read_dir(sub).unwrap().next().unwrap().unwrap().path();
    file.strip_prefix(bench.path()).unwrap().to_str().unwrap().to_owned()
}

//! Receipts, checked by other hands: Python's hashes and OpenSSL's signatures, none of our code.

#![allow(clippy::unwrap_used, reason = "tests stop at once on what they did not expect")]

mod bench;

use std::collections::BTreeMap;

use bench::{Bench, good, refused};
use impound::audit::{Actor, Entry, Kind, Log, LogReader};
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

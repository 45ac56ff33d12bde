//! The witness against other people's tools: curl asks it, and OpenSSL verifies what it signs.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests stop at once on what they did not expect"
)]

mod bench;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use base64ct::{Base64, Encoding};
use bench::{Bench, good, refused};
use impound::audit::{Actor, Entry, Kind, Log, LogReader};
use impound::keyring::{KeyFile, Protection, SecretKey, public_key_pem};
use impound::signed_note::{Note, NoteSigner};
use impound::tlog::TreeSize;
use impound::witness::AddCheckpoint;

/// The command, which ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn fact(nth: u64) -> Entry {
    Entry {
        at: "2026-11-22T08:00:00Z".parse().unwrap(),
        actor: Actor { agency: "police.example".into(), key: None, role: "operator".into() },
        authority: None,
        step: None,
        kind: Kind::Fact,
        action: "observe".into(),
        subject: Some(format!("name-{nth}.example")),
        body: BTreeMap::new(),
        evidence: Vec::new(),
        tool: "impound 0.1.0".into(),
    }
}

/// The request for a cosignature on what is published, with the proof from `old` on.
fn request(reader: &LogReader, old: u64) -> String {
    let checkpoint = reader.checkpoint().clone();
    let proof = if old == 0 { Vec::new() } else { reader.prove_consistency(TreeSize(old), checkpoint.size).unwrap() };
    let note = Note::parse(reader.signed_checkpoint()).unwrap();
    AddCheckpoint { old: TreeSize(old), proof, note, checkpoint }.to_string()
}

#[test]
fn curl_gets_cosignatures_that_openssl_verifies() {
    let bench = Bench::new();
    let log_key = SecretKey::generate("police.example/log".parse().unwrap()).unwrap();
    let log_vkey = log_key.verifier().clone();
    let witness = SecretKey::generate("court.example/witness".parse().unwrap()).unwrap();
    KeyFile::create(&bench.path().join("witness.key"), &witness, Protection::Plain).unwrap();
    assert_eq!(bench.read("witness.vkey").trim_end(), witness.verifier().to_string());
    bench.write("witness.pem", &public_key_pem(witness.verifier()));
    let child = Command::new(env!("CARGO_BIN_EXE_impound"))
        .args(["log", "witness", "--key", "witness.key", "--state", "state", "--listen", "127.0.0.1:0"])
        .args(["--first-start", "police.example/log", "--log", &log_vkey.to_string()])
        .current_dir(bench.path())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut running = Running(child);
    let mut url = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let url = format!("{}add-checkpoint", url.trim());
    let ask = |body: &str| {
        bench.write("body", body);
        let told = "\n%{http_code} %{content_type}";
        good(&bench.run("curl", &["-sS", "--data-binary", "@body", "-w", told, &url], ""))
    };

    let dir = bench.path().join("log");
    let mut log = Log::create(&dir, log_key).unwrap();
    let mut old = 0;
    for size in [3, 300] {
        let batch: Vec<_> = (old..size).map(fact).collect();
        log.append(&batch).unwrap();
        log.publish().unwrap();
        let reader = LogReader::open(&dir, std::slice::from_ref(&log_vkey)).unwrap();
        let answer = ask(&request(&reader, old));
        let (line, told) = answer.split_once('\n').unwrap();
        assert_eq!(told.trim_start(), "200 text/plain; charset=utf-8", "{answer}");
        let blob = Base64::decode_vec(line.strip_prefix("— court.example/witness ").unwrap()).unwrap();
        let time = u64::from_be_bytes(blob[4..12].try_into().unwrap());
        let text = Note::parse(reader.signed_checkpoint()).unwrap().text;
        bench.write("message", &format!("cosignature/v1\ntime {time}\n{}", text.as_str()));
        fs::write(bench.path().join("signature"), &blob[12..]).unwrap();
        let verify = [
            "pkeyutl",
            "-verify",
            "-rawin",
            "-pubin",
            "-inkey",
            "witness.pem",
            "-in",
            "message",
            "-sigfile",
            "signature",
        ];
        good(&bench.run("openssl", &verify, ""));
        bench.write("message", &format!("cosignature/v1\ntime {}\n{}", time + 1, text.as_str()));
        refused(&bench.run("openssl", &verify, ""));
        old = size;
    }
    let reader = LogReader::open(&dir, std::slice::from_ref(&log_vkey)).unwrap();
    assert_eq!(ask(&request(&reader, 3)), "300\n\n409 text/x.tlog.size");
    assert!(ask("hello").ends_with("400 text/plain; charset=utf-8"));
    let shown = good(&bench.run(
        "sh",
        &[
            "-c",
            "curl -sS \"$1/$(printf %s \"$2\" | sha256sum | cut -d ' ' -f 1)/checkpoint\"",
            "sh",
            url.trim_end_matches("/add-checkpoint"),
            "police.example/log",
        ],
        "",
    ));
    assert!(shown.starts_with("police.example/log\n300\n") && shown.contains("\n— court.example/witness "), "{shown}");
}

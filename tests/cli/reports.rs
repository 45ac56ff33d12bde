//! Reports from the logs of several agencies, whole and damaged.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use impound::audit::{Actor, Entry, EvidenceStore, Kind, Log};
use impound::cli::Exit;
use impound::clock::UtcTime;
use impound::keyring::{KeyFile, Role};
use serde_json::{Value, json};

use crate::desk::{Desk, MORNING};

const BOTH: &str = "report {}/police {}/partner --keys {}/police.vkey --keys {}/partner.vkey";

/// What an agency writes down: minutes after the beginning, what, to what, and the details.
type Told<'t> = (u64, &'t str, Option<&'t str>, Value);

/// A log of an agency at `{}/NAME`, with its keys beside it; each entry cites a piece of evidence of its own.
async fn log(desk: &Desk, name: &str, told: &[Told<'_>]) {
    desk.ok(&format!("key new {name}.example/log/op -o {{}}/{name}.key --unencrypted")).await;
    let key = KeyFile::read(&desk.path(&format!("{name}.key"))).unwrap().unlock(Role::Log, None).unwrap();
    let mut log = Log::create(&desk.path(name), key).unwrap();
    let mut store = EvidenceStore::new(&desk.path(&format!("{name}/evidence")), &desk.path("private"));
    let start: UtcTime = MORNING.parse().unwrap();
    let entries: Vec<Entry> = told
        .iter()
        .enumerate()
        .map(|(index, (minutes, action, subject, body))| Entry {
            at: start.plus(Duration::from_secs(minutes * 60)),
            actor: Actor { agency: format!("{name}.example"), key: None, role: "operator".into() },
            authority: None,
            step: Some("verify".into()),
            kind: Kind::Fact,
            action: (*action).into(),
            subject: subject.map(str::to_owned),
            body: serde_json::from_value::<BTreeMap<_, _>>(body.clone()).unwrap(),
            evidence: vec![store.put("text/plain", format!("{name} {index}").as_bytes()).unwrap()],
            tool: "test".into(),
        })
        .collect();
    // In two parts, so that there is an earlier checkpoint.
    let (first, second) = entries.split_at(entries.len() / 2);
    log.append(first).unwrap();
    log.publish().unwrap();
    log.append(second).unwrap();
}

fn look(moment: &str, state: &str, verdict: &str) -> Value {
    json!({"moment": moment, "action": "suspend", "list": null, "state": state, "verdict": verdict, "findings": []})
}

/// Two agencies look at the same name, in turn.
async fn two_logs() -> Desk {
    let desk = Desk::new();
    let name = Some("shop.example");
    let police = [
        (0, "observe", name, look("before", "NS ns1.old.test", "pass")),
        (10, "approval", None, json!({"approver": "ada of ppo"})),
        (30, "observe", name, look("after", "NXDOMAIN", "pass")),
        (40, "step.end", None, json!({"reached": true})),
    ];
    let partner = [
        (10, "gate", None, json!({"opened": true, "by": "bob", "role": "command", "why": ""})),
        (20, "outsider", Some("other.example"), json!({"clean": true})),
        (35, "observe", name, look("after", "not delegated", "unknown")),
        (50, "step.end", None, json!({"reached": false})),
    ];
    log(&desk, "police", &police).await;
    log(&desk, "partner", &partner).await;
    desk
}

#[tokio::test]
async fn two_agencies_logs_make_one_timeline_and_one_story_that_says_who_saw_what() {
    let desk = two_logs().await;
    let told = desk.json(BOTH).await;
    assert_eq!(told["sound"], true, "{told:#}");
    let origins: Vec<_> = told["logs"].as_array().unwrap().iter().map(|log| log["origin"].as_str().unwrap()).collect();
    assert_eq!(origins, ["police.example/log/op", "partner.example/log/op"]);
    let order: Vec<_> =
        told["timeline"].as_array().unwrap().iter().map(|line| (line["log"].as_u64(), line["seq"].as_u64())).collect();
    let expected = [(0, 1), (1, 0), (1, 1), (0, 3), (1, 3)].map(|(log, seq)| (Some(log), Some(seq)));
    assert_eq!(order, expected, "by time, then by log, then by number");
    let story = &told["targets"][0];
    // What one agency could not find out is not known, though another saw it.
    assert_eq!(story["verdict"], "unknown", "{story:#}");
    assert_eq!(story["accounts"][0]["after"]["state"], "NXDOMAIN");
    assert_eq!(story["accounts"][1]["after"]["state"], "not delegated");

    let text = desk.ok(BOTH).await;
    assert!(text.contains("2026-11-22T08:10:00Z  partner.example/log/op  entry 0  verify"), "{text}");
    assert!(desk.ok(&format!("{BOTH} -o {{}}/report.html")).await.contains("report.html"));
    let page = desk.read("report.html");
    assert!(page.contains("told under the name of its log") && page.contains("<bdi>partner.example/log/op</bdi>"));
    assert!(!page.contains("Not all of this verifies"));
}

#[tokio::test]
async fn keys_are_given_one_by_one_or_in_one_file_and_each_log_is_read_with_its_own() {
    let desk = two_logs().await;
    let both = format!("# both\n{}\n{}", desk.read("police.vkey"), desk.read("partner.vkey"));
    desk.write("both.vkey", both);
    let told = desk.json("report {}/police {}/partner --keys {}/both.vkey").await;
    assert_eq!(told["sound"], true);

    // One key is missing: the other log is told, and whose it is that is not.
    let ended = desk.run("report {}/police {}/partner --keys {}/police.vkey").await;
    ended.must(Exit::NotVerified, "partner.example/log/op");
    assert!(ended.output.contains("NOT ALL OF THIS VERIFIES") && ended.output.contains("shop.example"), "{ended}");
    assert!(ended.output.contains("partner.example/log/op did not verify"), "{ended}");

    for (line, exit, said) in [
        ("report {}/police {}/police --keys {}/police.vkey", Exit::Usage, "both the record"),
        ("report {}/police {}/nowhere --keys {}/police.vkey", Exit::Usage, "holds no log"),
        ("report {}/police --keys {}/police.vkey -o {}/r.html --format json", Exit::Usage, "-o"),
        ("report {}/police --keys {}/police.vkey -o {}/nowhere/r.html", Exit::Environment, "nowhere"),
        ("report {}/police", Exit::Usage, "--keys"),
    ] {
        desk.run(line).await.must(exit, said);
    }
}

#[tokio::test]
async fn a_damaged_log_is_told_as_whose_it_is_and_takes_nothing_from_the_other() {
    for (damage, said) in [
        ("altered", "entry 3 was altered"),
        ("truncated", "is truncated"),
        ("gone", "is missing"),
        ("put back", "an older checkpoint was put back"),
        ("put back and its checkpoints removed", "an older checkpoint was put back"),
        ("put back but for what was witnessed", "an older checkpoint was put back"),
    ] {
        let desk = two_logs().await;
        let bundle = desk.path("partner/tile/entries/000.p/4");
        let bytes = fs::read(&bundle).unwrap();
        match damage {
            "altered" => {
                let mut altered = bytes;
                let last = altered.len() - 3;
                altered[last] ^= 1;
                fs::write(&bundle, altered).unwrap();
            }
            "truncated" => fs::write(&bundle, &bytes[..bytes.len() - 9]).unwrap(),
            "gone" => fs::remove_file(&bundle).unwrap(),
            _ => put_back(&desk, damage),
        }
        let verify = "log verify {}/partner --keys {}/partner.vkey";
        assert_eq!(desk.run(verify).await.exit, Exit::NotVerified, "{damage}");
        let ended = desk.run(BOTH).await;
        ended.must(Exit::NotVerified, "partner.example/log/op");
        let top = ended.output.split("What follows").next().unwrap().replace("\n    ", " ");
        assert!(top.contains("partner.example/log/op") && top.contains(said), "{damage}: {ended}");
        assert!(!top.contains("police.example"), "{damage}: {ended}");
        let told: Value = serde_json::from_str(&desk.run(&format!("{BOTH} --format json")).await.output).unwrap();
        assert_eq!((&told["sound"], &told["logs"][0]["sound"]), (&json!(false), &json!(true)), "{damage}");
        assert_eq!(told["logs"][0]["entries"], 4, "{damage}");
        assert_eq!(told["targets"][0]["after"], "NXDOMAIN", "{damage}");
        desk.run(&format!("{BOTH} -o {{}}/report.html")).await.must(Exit::NotVerified, "partner.example");
        assert!(desk.read("report.html").contains("Not all of this verifies"), "{damage}");
    }
}

#[tokio::test]
async fn a_log_without_its_checkpoint_is_named_and_the_others_are_told() {
    let desk = two_logs().await;
    desk.write("kept", desk.read("partner/checkpoint"));
    fs::remove_file(desk.path("partner/checkpoint")).unwrap();
    for line in [BOTH.to_owned(), format!("{BOTH} --since {{}}/kept")] {
        let ended = desk.run(&line).await;
        ended.must(Exit::NotVerified, "partner/checkpoint is missing");
        let top = ended.output.split("What follows").next().unwrap();
        assert!(top.contains("partner.example/log/op") && !top.contains("police.example"), "{ended}");
        assert!(ended.output.contains("partner.example/log/op did not verify"), "{ended}");
        assert!(ended.output.contains("shop.example"), "{ended}");
    }
    let told: Value = serde_json::from_str(&desk.run(&format!("{BOTH} --format json")).await.output).unwrap();
    assert_eq!(
        (&told["sound"], &told["logs"][1]["sound"], &told["entries"]),
        (&json!(false), &json!(false), &json!(4))
    );
    desk.run(&format!("{BOTH} -o {{}}/report.html")).await.must(Exit::NotVerified, "partner/checkpoint is missing");
    assert!(desk.read("report.html").contains("partner/checkpoint is missing"));
    // What is no log at all was named by mistake; and where none is left there is nothing to tell.
    fs::create_dir(desk.path("empty")).unwrap();
    let empty = BOTH.replace("{}/partner ", "{}/empty ");
    desk.run(&empty).await.must(Exit::Usage, "holds no log");
    fs::remove_file(desk.path("police/checkpoint")).unwrap();
    let ended = desk.run(BOTH).await;
    ended.must(Exit::Usage, "police holds no log: it has no `checkpoint`");
    assert_eq!(ended.output, "");
}

/// Of four entries two are left, and what shows that there were more.
fn put_back(desk: &Desk, how: &str) {
    let path = |name: &str| desk.path(&format!("partner/{name}"));
    if how.ends_with("witnessed") {
        fs::copy(path("checkpoint"), path("witnessed")).unwrap();
        for tile in ["tile/0/000.p/4", "tile/entries/000.p/4"] {
            fs::remove_file(path(tile)).unwrap();
        }
    }
    if how != "put back" {
        fs::remove_file(path("checkpoints/4")).unwrap();
        fs::remove_dir_all(path(".state")).unwrap();
    }
    fs::copy(path("checkpoints/2"), path("checkpoint")).unwrap();
}

/// A checkpoint that was kept elsewhere shows what the directory alone does not.
#[tokio::test]
async fn a_record_that_was_put_back_whole_is_told_by_a_checkpoint_that_was_kept_elsewhere() {
    let desk = two_logs().await;
    desk.write("kept", desk.read("partner/checkpoint"));
    desk.write("older", desk.read("partner/checkpoints/2"));
    let told = desk.json(&format!("{BOTH} --since {{}}/older")).await;
    assert_eq!((&told["logs"][0]["since"], &told["logs"][1]["since"]), (&json!(null), &json!(2)), "{:#}", told["logs"]);
    put_back(&desk, "put back but for what was witnessed");
    fs::remove_file(desk.path("partner/witnessed")).unwrap();
    assert_eq!(desk.json(BOTH).await["sound"], true, "nothing in the directory shows it");
    desk.run(&format!("{BOTH} --since {{}}/kept")).await.must(Exit::NotVerified, "the log was rolled back");
    desk.write("nonsense", "x");
    for (line, said) in [
        (format!("{BOTH} --since {{}}/nonsense"), "is not a checkpoint"),
        (format!("{BOTH} --since {{}}/kept --since {{}}/older"), "two checkpoints of"),
        ("report {}/police --keys {}/police.vkey --since {}/kept".to_owned(), "none of these records"),
    ] {
        desk.run(&line).await.must(Exit::Usage, said);
    }
}

#[tokio::test]
async fn an_alarm_stands_above_everything_else_in_a_report() {
    let desk = two_logs().await;
    desk.write("partner/.state/alarm", "a witness shows another log of this name\n");
    let ended = desk.run(BOTH).await;
    ended.must(Exit::NotVerified, "partner.example/log/op: The alarm of this log was raised");
    let top = ended.output.split("Plan ").next().unwrap();
    assert!(top.contains("NOT ALL OF THIS VERIFIES") && top.contains("alarm"), "{ended}");
    assert_eq!(desk.run(&format!("{BOTH} -o {{}}/report.html")).await.exit, Exit::NotVerified);
    assert!(desk.read("report.html").contains("a witness shows another log of this name"));
}

#[tokio::test]
async fn the_entries_before_and_behind_a_gap_are_told_and_the_gap_is_too() {
    let desk = Desk::new();
    let many: Vec<Told<'_>> = (0..600).map(|n| (n, "note", Some("x.example"), json!({}))).collect();
    log(&desk, "police", &many).await;
    let (bundle, tile) = (desk.path("police/tile/entries/001"), desk.path("police/tile/0/000"));
    for (place, at, entries, gaps, said) in [
        (&bundle, 1000, 599, json!([[259, 259]]), "cannot be proved: entry 259."),
        // Nothing but the entries vouches for a file of hashes; and they do.
        (&tile, 40, 600, json!([]), "computed again"),
    ] {
        let bytes = fs::read(place).unwrap();
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        fs::write(place, altered).unwrap();
        let ended = desk.run("report {}/police --keys {}/police.vkey --format json").await;
        assert_eq!(ended.exit, Exit::NotVerified, "{ended}");
        let told: Value = serde_json::from_str(&ended.output).unwrap();
        let found: Vec<_> =
            told["logs"][0]["gaps"].as_array().unwrap().iter().map(|gap| json!([gap["from"], gap["to"]])).collect();
        assert_eq!((&told["entries"], json!(found)), (&json!(entries), gaps), "{:#}", told["logs"]);
        let ended = desk.run("report {}/police --keys {}/police.vkey").await;
        let output = ended.output.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        assert!(output.contains(said) && output.contains("was altered"), "{ended}");
        assert_eq!(output.matches("was altered").count(), 1, "{ended}");
        fs::write(place, bytes).unwrap();
    }
}

#[tokio::test]
async fn what_a_file_has_no_room_for_is_said_and_nothing_is_said_of_evidence_that_nobody_could_look_at() {
    let desk = Desk::new();
    let many: Vec<Told<'_>> =
        (0..600).map(|n| (n, "gate", None, json!({"opened": true, "by": n.to_string()}))).collect();
    log(&desk, "police", &many).await;
    let line = "report {}/police --keys {}/police.vkey";
    let written = desk.run(&format!("{line} -o {{}}/report.html")).await;
    written.must(Exit::Ok, "lines left out: 400");
    let whole = desk.run(line).await;
    assert!(!whole.messages.contains("left out") && whole.output.contains("599 said that"), "{whole}");
    assert!(whole.output.contains("Every evidence file that an entry cites"), "{whole}");
    // A name that promises another form gets none.
    let ended = desk.run(&format!("{line} -o {{}}/report.PDF")).await;
    ended.must(Exit::Usage, "print it from a browser");
    assert!(!desk.path("report.PDF").exists());
    // What the entries of a lost bundle cite is not known.
    fs::remove_file(desk.path("police/tile/entries/001")).unwrap();
    let ended = desk.run(line).await;
    assert_eq!(ended.exit, Exit::NotVerified, "{ended}");
    let said = ended.output.split_whitespace().collect::<Vec<_>>().join(" ");
    let evidence = "Every evidence file that one of the entries that are told cites was read, and its digest recomputed: 344 files";
    assert!(said.contains(evidence), "{ended}");
    assert!(said.contains("256 more, cited by none of these entries"), "{ended}");
}

#[tokio::test]
async fn evidence_is_verified_before_anything_is_said_of_it() {
    let desk = two_logs().await;
    let digest = |text: &str| impound::digest::Digest::of(text).hex();
    let place = |hex: &str| desk.path(&format!("police/evidence/{}/{hex}", &hex[..2]));
    let (before, after) = (digest("police 0"), digest("police 2"));
    fs::write(place(&before), "police O").unwrap();
    fs::remove_file(place(&after)).unwrap();
    let line = "report {}/police --keys {}/police.vkey";
    let ended = desk.run(line).await;
    ended.must(Exit::NotVerified, "the file is missing");
    for (hex, why) in [(&before, "the file was altered"), (&after, "the file is missing")] {
        assert!(ended.output.contains(hex.as_str()) && ended.output.contains(why), "{ended}");
    }
    desk.run(&format!("{line} -o {{}}/report.html")).await.must(Exit::NotVerified, &after);
    let page = desk.read("report.html");
    assert!(page.contains(&format!("<code>{after}</code> <strong class=\"bad\"><bdi>the file is missing")), "{page}");

    // Where none is at hand, nothing can be wrong with it; but nothing was looked at either, and that is said.
    fs::remove_dir_all(desk.path("police/evidence")).unwrap();
    let ended = desk.run(line).await;
    ended.must(Exit::Ok, "the evidence was not looked at");
    assert!(ended.output.replace("\n           ", " ").contains("The evidence files were not looked at"), "{ended}");
    desk.run("log show {}/police --keys {}/police.vkey").await.must(Exit::Ok, "were not looked at");
}

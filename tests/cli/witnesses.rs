//! A partner witnesses the record of an operation: while it grows, when it is put back, and when the witness is away.

use std::fs;
use std::net::SocketAddr;

use impound::cli::Exit;
use impound::observe::Protocol;
use serde_json::Value;

use crate::desk::Desk;
use crate::operation::{Operation, Serving, with_keys};
use crate::person::Word;

const WITNESS: &str = "log witness --key {}/witness.key --log {}/log.vkey --state {}/witness --listen 127.0.0.1:0";
const FIRST: &str = "--first-start police.example/log/op";

/// The operation of `init`, approved, whose log the prosecution witnesses.
async fn witnessed() -> (Operation, Serving) {
    let desk = with_keys().await;
    desk.ok("key new prosecution.example/witness -o {}/witness.key --unencrypted").await;
    let witness = Serving::start(&desk, &format!("{WITNESS} {FIRST}")).await;
    let (url, key) = (witness.output.trim(), desk.read("witness.vkey"));
    let at: SocketAddr = url.strip_prefix("http://").unwrap().trim_end_matches('/').parse().unwrap();
    let table = format!("\n[[witness]]\nagency = \"prosecution\"\nurl = \"{url}\"\nkey = \"{}\"\n", key.trim_end());
    desk.write("op/playbook.toml", desk.read("op/playbook.toml") + &table);
    desk.write("log.policy", format!("log {}witness it {}quorum it\n", desk.read("log.vkey"), key));
    let mut operation = Operation::in_its_world(desk).await;
    operation.desk.network.route(Protocol::Tcp, at, at).unwrap();
    operation.desk.ok("notice build {}/op").await;
    operation.desk.ok("notice sign {}/op --key {}/police.key").await;
    operation.serve().await;
    operation.desk.ok("plan {}/op").await;
    operation.desk.ok("approve {}/op/plan.note --key {}/prosecutor.key").await;
    operation.desk.ok("approve {}/op/plan.note --key {}/commander.key").await;
    (operation, witness)
}

const VERIFY: &str = "log verify {}/op/log --keys {}/log.policy";

/// What `log verify` says of the witnesses.
async fn said(desk: &Desk) -> (Exit, String, String) {
    let ended = desk.run(&format!("{VERIFY} --format json")).await;
    let told: Value = serde_json::from_str(&ended.output).unwrap_or_else(|_| panic!("{ended}"));
    let checks = told["checks"].as_array().unwrap();
    let line = checks.iter().find(|check| check["check"] == "witnesses").unwrap();
    let word = |key: &str| line[key].as_str().unwrap().to_owned();
    (ended.exit, word("result"), word("detail"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_witnessed_while_it_grows_and_refused_when_it_was_put_back() {
    let (operation, _witness) = witnessed().await;
    let desk = &operation.desk;
    let first = operation.run(|_| Word::Later).await;
    first.must(Exit::Findings, "entries witnessed: 1 of 1 needed; signed by prosecution.example");
    let (exit, result, detail) = said(desk).await;
    assert_eq!((exit, result.as_str()), (Exit::Ok, "pass"), "{detail}");
    assert!(detail.contains(" by prosecution.example/witness at 2026-"), "{detail}");
    assert!(detail.ends_with("; 0 are newer"), "{detail}");
    told_in_a_report(desk).await;
    // A cosignature that was altered is in a file that is named.
    let good = desk.read("op/log/witnessed");
    let (rest, cosignature) = good.trim_end().rsplit_once(' ').unwrap();
    for altered in [format!("{}AAAA", &cosignature[..cosignature.len() - 4]), format!("AAAAAA{}", &cosignature[6..])] {
        desk.write("op/log/witnessed", format!("{rest} {altered}\n"));
        let (exit, result, detail) = said(desk).await;
        assert_eq!((exit, result.as_str()), (Exit::NotVerified, "fail"), "{detail}");
        assert!(detail.contains("op/log/witnessed"), "{detail}");
    }
    desk.write("op/log/witnessed", good);
    desk.copy_dir("op/log", "backup");
    let second = operation.run(|question| operation.obey(question)).await;
    assert_eq!(second.exit, Exit::Ok, "{second}");

    // What was witnessed is of more entries than the log has, or the file is gone with the rest: either way it is found out.
    let newest = desk.read("op/log/witnessed");
    desk.copy_dir("backup", "op/log");
    let put_back = operation.run(|_| Word::Yes).await;
    put_back.must(Exit::NotVerified, "the log was put back; it shows a checkpoint of");
    operation.run(|_| Word::Yes).await.must(Exit::NotVerified, "the log does not sign any more");
    assert_eq!(said(desk).await.1, "pass", "what the backup holds is genuine");
    desk.write("op/log/witnessed", newest);
    let (exit, result, detail) = said(desk).await;
    assert_eq!((exit, result.as_str()), (Exit::NotVerified, "fail"), "{detail}");
    assert!(detail.contains("the log was put back"), "{detail}");
}

/// What witnesses vouch for is told, in every form, where the policy names them; and who is not asked is not said to vouch.
async fn told_in_a_report(desk: &Desk) {
    const REPORT: &str = "report {}/op/log --keys {}/log";
    let told = desk.json(&format!("{REPORT}.policy")).await;
    let witnessed = &told["logs"][0]["witnessed"];
    assert_eq!((&witnessed["result"], &witnessed["size"]), (&"pass".into(), &told["logs"][0]["size"]), "{witnessed:#}");
    assert_eq!(witnessed["by"][0]["name"], "prosecution.example/witness");
    assert!(desk.ok(&format!("{REPORT}.policy")).await.contains("cosigned by"));
    desk.ok(&format!("{REPORT}.policy -o {{}}/report.html")).await;
    let page = desk.read("report.html");
    assert!(page.contains("were cosigned by prosecution.example/witness at 2026-"));
    assert!(page.contains("others vouch for") && !page.contains("can be shown only with a checkpoint"));

    let told = desk.json(&format!("{REPORT}.vkey")).await;
    assert_eq!(told["logs"][0]["witnessed"]["result"], "not checked", "{:#}", told["logs"]);
    desk.ok(&format!("{REPORT}.vkey -o {{}}/report.html")).await;
    let page = desk.read("report.html");
    assert!(
        page.contains("give the policy that names the witnesses")
            && page.contains("can be shown only with a checkpoint")
    );
}

/// The beginning of a line that adds a note, having asked the witness at this address by the policy `with.policy`.
fn add_with_witness(desk: &Desk, address: &str) -> &'static str {
    let (log, key) = (desk.read("log.vkey"), desk.read("witness.vkey"));
    desk.write("with.policy", format!("log {log}witness it {} {address}\nquorum it\n", key.trim_end()));
    "log add {}/op/log --begin --key {}/log.key --witnesses {}/with.policy --text"
}

/// The first entry on top of a backup would be a second history, whose checkpoint is signed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_record_that_was_put_back_nothing_is_signed_by_hand_before_the_witnesses_are_asked() {
    let (operation, witness) = witnessed().await;
    let desk = &operation.desk;
    let add = add_with_witness(desk, witness.output.trim());
    let record = "notice record {}/op --key {}/log.key";
    desk.ok(&format!("{add} first")).await;
    desk.copy_dir("op/log", "backup");
    for (write, again) in [(format!("{add} second"), record), (record.to_owned(), record), (record.to_owned(), add)] {
        desk.ok(&write).await;
        desk.copy_dir("op/log", "newest");
        desk.copy_dir("backup", "op/log");
        let again = if again == add { format!("{add} third") } else { again.to_owned() };
        let ended = desk.run(&again).await;
        ended.must(Exit::NotVerified, "the log was put back; it shows a checkpoint of");
        assert_eq!(ended.output, "", "{ended}");
        for name in ["op/log/checkpoint", "op/log/.state/signed"] {
            assert_eq!(desk.read(name), desk.read("backup/checkpoint"), "{name} after {again}");
        }
        assert!(!desk.path("op/log/checkpoints/2").exists(), "{again}");
        // It was a restore and no fork: the newest copy goes on.
        desk.copy_dir("newest", "op/log");
    }
    desk.ok(&format!("{add} fourth")).await;
    assert_eq!(said(desk).await.1, "pass");
}

/// Nothing is erased on the strength of a backup either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_record_that_was_put_back_nothing_is_erased() {
    let (operation, witness) = witnessed().await;
    let desk = &operation.desk;
    let add = add_with_witness(desk, witness.output.trim());
    desk.ok(&format!("{add} first")).await;
    desk.copy_dir("op/log", "backup");
    desk.ok(&format!("{add} second")).await;
    desk.copy_dir("op/log", "newest");
    desk.copy_dir("backup", "op/log");
    let shown = desk.ok("log show {}/op/log --keys {}/log.vkey --format json").await;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let opening = shown["body"]["text"]["sealed"].as_str().unwrap();
    let file = desk.path(&format!("op/private/{}.json", opening.strip_prefix("sha256:").unwrap()));
    let erase = format!("log erase {{}}/op/log --key {{}}/log.key --order 1 --opening {opening}");
    let erase = format!("{erase} --witnesses {{}}/with.policy");
    let ended = desk.run(&erase).await;
    ended.must(Exit::NotVerified, "the log was put back; it shows a checkpoint of");
    assert_eq!(desk.read("op/log/checkpoint"), desk.read("backup/checkpoint"));
    assert!(file.exists());
    desk.copy_dir("newest", "op/log");
    let ended = desk.run(&erase).await;
    ended.must(Exit::Ok, "log: 3 entries witnessed: 1 of 1 needed");
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_that_is_away_is_told_of_and_stops_nothing() {
    let (operation, witness) = witnessed().await;
    assert_eq!(witness.stop(), Exit::Ok);
    let ended = operation.run(|question| operation.obey(question)).await;
    ended.must(Exit::Ok, "warning: the witness `prosecution.example/witness` at http://127.0.0.1");
    ended.must(Exit::Ok, "NOT witnessed: 0 of 1 needed; not signed by prosecution.example");
    let (exit, result, detail) = said(&operation.desk).await;
    assert_eq!((exit, result.as_str()), (Exit::NotVerified, "fail"), "{detail}");
    // Without the policy it is not asked.
    operation.desk.ok("log verify {}/op/log --keys {}/log.vkey").await;
    // Once it is back, the command that was printed puts the proofs of the notices into their kits.
    let desk = &operation.desk;
    let command = ended.messages.lines().find_map(|line| line.trim().strip_prefix("impound ")).unwrap().to_owned();
    let waiting = desk.run(&command).await;
    assert!(waiting.exit == Exit::Findings && waiting.output.contains("waiting for witnesses"), "{command}\n{waiting}");
    let at = desk
        .read("op/playbook.toml")
        .lines()
        .find_map(|line| line.strip_prefix("url = \"http://")?.strip_suffix('"').map(str::to_owned));
    let line = WITNESS.replace("127.0.0.1:0", at.unwrap().trim_end_matches('/'));
    let _back = Serving::start(desk, &line).await;
    let proven = desk.ok(&command).await;
    assert!(proven.contains("proven") && !proven.contains("waiting"), "{proven}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cosignatures_that_are_altered_or_of_another_log_do_not_verify() {
    let (operation, _witness) = witnessed().await;
    let desk = &operation.desk;
    operation.run(|_| Word::Later).await;
    let path = desk.path("op/log/witnessed");
    let good = fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&path, bad).unwrap();
        let (exit, result, detail) = said(desk).await;
        assert_eq!((exit, result.as_str()), (Exit::NotVerified, "fail"), "octet {at}: {detail}");
    }
    fs::write(&path, good).unwrap();
    assert_eq!(said(desk).await.0, Exit::Ok);
    // A policy that asks for another witness.
    desk.ok("key new court.example/witness -o {}/court.key --unencrypted").await;
    let policy = format!("log {}witness it {}quorum it\n", desk.read("log.vkey"), desk.read("court.vkey"));
    desk.write("log.policy", policy.clone());
    let (exit, _, detail) = said(desk).await;
    assert_eq!((exit, detail.contains("not signed by court.example")), (Exit::NotVerified, true), "{detail}");
    // Where nobody has cosigned that is a failure, unless the policy asks for nobody.
    let kept = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let (exit, result, detail) = said(desk).await;
    assert_eq!((exit, result.as_str()), (Exit::NotVerified, "fail"), "{detail}");
    desk.write("log.policy", policy.replace("quorum it", "quorum none"));
    let (exit, result, detail) = said(desk).await;
    assert_eq!((exit, result.as_str()), (Exit::Ok, "not checked"), "{detail}");
    fs::write(&path, kept).unwrap();
    // A policy that cannot be read, and one without a log.
    desk.write("log.policy", "quorum it\n");
    desk.run(VERIFY).await.must(Exit::Usage, "line 1 of the policy cannot be used");
    desk.write("log.policy", "quorum none\n");
    desk.run(VERIFY).await.must(Exit::Usage, "names no log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_starts_only_where_it_stood_or_for_the_first_time() {
    let desk = with_keys().await;
    desk.ok("key new prosecution.example/witness -o {}/witness.key --unencrypted").await;
    desk.run(WITNESS).await.must(Exit::Refused, "add --first-start police.example/log/op");
    let wrong = WITNESS.replace("witness.key", "log.key");
    desk.run(&wrong).await.must(Exit::Refused, "a key of the role witness is needed");
    let other = format!("{WITNESS} --first-start court.example/log");
    desk.run(&other).await.must(Exit::Usage, "not one of the logs");
    let witness = Serving::start(&desk, &format!("{WITNESS} {FIRST}")).await;
    desk.run(WITNESS).await.must(Exit::Environment, "another witness runs");
    assert_eq!(witness.stop(), Exit::Ok);
    desk.run(&format!("{WITNESS} {FIRST}")).await.must(Exit::Refused, "start it without --first-start");
    assert_eq!(Serving::start(&desk, WITNESS).await.stop(), Exit::Ok);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_without_a_key_in_the_playbook_is_asked_for_before_anything_is_done() {
    let (operation, _witness) = witnessed().await;
    let desk = &operation.desk;
    let playbook = desk.read("op/playbook.toml");
    let without: Vec<&str> = playbook.lines().filter(|line| !line.contains("/witness+")).collect();
    desk.write("op/playbook.toml", without.join("\n") + "\n");
    desk.ok("plan {}/op -o {}/op/plan2.note").await;
    desk.ok("approve {}/op/plan2.note --key {}/prosecutor.key").await;
    desk.ok("approve {}/op/plan2.note --key {}/commander.key").await;
    let ended = operation.run_line("run {}/op/plan2.note --key {}/log.key", &mut |_| Word::Yes).await;
    ended.must(Exit::Usage, "the key of the witness of `prosecution` is not in the playbook");
}

/// A line added by hand stands whether a witness answers or not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_added_by_hand_is_cosigned_when_witnesses_are_named() {
    let (operation, witness) = witnessed().await;
    let desk = &operation.desk;
    let (log, key) = (desk.read("log.vkey"), desk.read("witness.vkey"));
    let line = |url: &str| format!("log {log}witness it {} {url}\nquorum it\n", key.trim_end());
    desk.write("with.policy", line(witness.output.trim()));
    desk.ok("key new police.example/log/other -o {}/other.key --unencrypted").await;
    let other = desk.read("other.vkey");
    let add = "log add {}/op/log --begin --key {}/log.key --text";
    let added = desk.run(&format!("{add} first --witnesses {{}}/with.policy")).await;
    assert_eq!((added.exit, added.output.as_str()), (Exit::Ok, "entry 0\n"), "{added}");
    assert!(added.messages.contains("log: 1 entry witnessed: 1 of 1 needed"), "{added}");
    assert_eq!(said(desk).await.1, "pass");
    for (policy, text) in [
        (line(""), "has no address in"),
        (format!("log {log}quorum none\n"), "names no witness"),
        (line("ftp://w.example/"), "ftp://w.example/"),
        (line("http://192.0.2.1/").replacen(&log, &other, 1), "is a policy for another log than"),
        ("log x\n".to_owned(), "neither a verifier key nor a policy"),
    ] {
        desk.write("bad.policy", policy);
        desk.run(&format!("{add} refused --witnesses {{}}/bad.policy")).await.must(Exit::Usage, text);
    }
    assert_eq!(desk.ok("log show {}/op/log --keys {}/log.vkey").await.lines().count(), 1, "nothing was written");
    assert_eq!(witness.stop(), Exit::Ok);
    let added = desk.run(&format!("{add} second --witnesses {{}}/with.policy")).await;
    assert_eq!((added.exit, added.output.as_str()), (Exit::Ok, "entry 1\n"), "{added}");
    assert!(added.messages.contains("NOT witnessed"), "{added}");
}

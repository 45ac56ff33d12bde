//! A record that is locked, in the way, cut short, altered by one bit, or of somebody else.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use impound::audit::{CheckpointCopy, Log, LogReader, Place};
use impound::cli::Exit;
use impound::keyring::{KeyFile, Role};
use impound::tlog::LeafIndex;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::operation::{Operation, with_keys};
use crate::person::Word;

/// An operation whose run was put off, so that it has a record.
async fn with_a_record() -> Operation {
    let operation = Operation::approved().await;
    let ended = operation.run(|_| Word::Later).await;
    assert_eq!(ended.exit, Exit::Findings, "{ended}");
    operation
}

/// All files below a directory.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

const VERIFY: &str = "log verify {}/op/log --keys {}/log.vkey";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_with_one_bit_altered_or_one_octet_less_does_not_verify() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    desk.ok(VERIFY).await;
    let log = desk.path("op/log");
    let public = files(&log).into_iter().filter(|path| !path.starts_with(log.join(".state")));
    let public: Vec<PathBuf> = public.collect();
    assert!(public.len() > 5, "{public:?}");
    let size = desk.json(VERIFY).await["entries"].to_string();
    for path in public {
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        let middle = bad.len() / 2;
        bad[middle] ^= 1;
        for bytes in [&bad[..], &good[..good.len() - 1], &[]] {
            fs::write(&path, bytes).unwrap();
            let ended = desk.run(VERIFY).await;
            assert_eq!(ended.exit, Exit::NotVerified, "{} of {} bytes\n{ended}", path.display(), bytes.len());
            // Evidence that does not fit is a line of the result; anything else ends the command.
            let name = path.file_name().unwrap().to_str().unwrap();
            let names_it = ended.messages.contains(name) || ended.output.contains(name);
            assert!(names_it || ended.messages.contains("entry "), "{}\n{ended}", path.display());
        }
        // Earlier checkpoints are witnesses, and tiles of an earlier size are kept for readers who are behind: nothing tells
        // how many of them there were.
        let of_this_size = path.parent().is_none_or(|dir| dir.extension().is_none()) || path.ends_with(&size);
        if path.starts_with(log.join("checkpoints")) || !of_this_size {
            fs::write(&path, good).unwrap();
            continue;
        }
        fs::remove_file(&path).unwrap();
        let ended = desk.run(VERIFY).await;
        assert!(matches!(ended.exit, Exit::NotVerified | Exit::Usage), "{} is gone\n{ended}", path.display());
        fs::write(&path, good).unwrap();
    }
    desk.ok(VERIFY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_was_altered_is_neither_shown_nor_continued_and_what_is_wrong_is_not_retold() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    let bundles = files(&desk.path("op/log/tile/entries"));
    let bundle = bundles.into_iter().max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
    let mut bytes = fs::read(&bundle).unwrap();
    let place = bytes.windows(7).position(|seven| seven == b"observe").unwrap();
    bytes[place] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    for line in [VERIFY, "log show {}/op/log --keys {}/log.vkey"] {
        let ended = desk.run(line).await;
        ended.must(Exit::NotVerified, "was altered");
        let table = ended.output.lines().last().unwrap_or_default();
        assert_eq!(table, if line == VERIFY { "NOT VERIFIED" } else { "" }, "{line}");
    }
    let ended = desk.run("report {}/op/log --keys {}/log.vkey").await;
    ended.must(Exit::NotVerified, "cannot be proved");
    assert!(ended.output.contains("NOT ALL OF THIS VERIFIES"), "{ended}");
    let ended = desk.run(&format!("{VERIFY} --format json")).await;
    ended.must(Exit::NotVerified, "help: keep the directory as it is");
    let told: Value = serde_json::from_str(&ended.output).unwrap();
    assert_eq!((&told["verified"], &told["checks"][0]["result"]), (&json!(false), &json!("fail")), "{told:#}");
    assert!(told["error"]["text"].as_str().unwrap().contains("was altered"), "{told:#}");
    let ended = operation.run(|question| panic!("{question}")).await;
    ended.must(Exit::NotVerified, "altered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_was_rewritten_is_found_out_by_an_older_checkpoint() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    desk.copy_dir("op/log", "first");
    fs::copy(desk.path("op/log/checkpoint"), desk.path("kept")).unwrap();
    operation.run(|_| Word::Later).await;
    desk.ok(&format!("{VERIFY} --since {{}}/kept")).await;

    // The same operation under the same key, but another history of the same length or longer.
    fs::remove_dir_all(desk.path("op/log")).unwrap();
    desk.clock.advance_to("2026-12-06T08:00:01Z".parse().unwrap());
    operation.run(|_| Word::Later).await;
    operation.run(|_| Word::Later).await;
    desk.ok(VERIFY).await;
    desk.run(&format!("{VERIFY} --since {{}}/kept")).await.must(Exit::NotVerified, "the log was");
    desk.run(&format!("{VERIFY} --since {{}}/nowhere")).await.must(Exit::Usage, "nowhere");
    desk.run(&format!("{VERIFY} --since {{}}/log.vkey")).await.must(Exit::NotVerified, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_another_program_writes_is_left_to_it() {
    let operation = Operation::approved().await;
    let desk = &operation.desk;
    let key = KeyFile::read(&desk.path("log.key")).unwrap().unlock(Role::Log, None).unwrap();
    let held = Log::create(&desk.path("op/log"), key).unwrap();
    let ended = operation.run(|question| panic!("{question}")).await;
    ended.must(Exit::Environment, "another process is writing this log");
    drop(held);
    operation.run(|_| Word::Later).await.must(Exit::Findings, "stopped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_cannot_be_written_stops_the_run_before_anything_is_asked() {
    let operation = Operation::approved().await;
    let desk = &operation.desk;
    desk.write("op/log", "a file in the way");
    operation.run(|question| panic!("{question}")).await.must(Exit::Environment, "op/log");
    let line = "run {}/op/plan.note --key {}/log.key --log {}/op/playbook.toml/log";
    let ended = operation.run_line(line, &mut |question| panic!("{question}")).await;
    ended.must(Exit::Environment, "op/playbook.toml");
    let other = "run {}/op/plan.note --key {}/police.key";
    let ended = operation.run_line(other, &mut |question| panic!("{question}")).await;
    ended.must(Exit::Refused, "a key of the role log is needed here");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_read_with_the_key_of_its_own_log_only() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    desk.ok("key new prosecution.example/log -o {}/other.key --unencrypted").await;
    for command in ["log verify", "log show", "report"] {
        for (keys, exit, said) in [
            (
                "other.vkey",
                Exit::NotVerified,
                "is of the log `police.example/log/op`, not of `prosecution.example/log`",
            ),
            ("nowhere.vkey", Exit::Usage, "nowhere.vkey"),
            ("log.key", Exit::Usage, "log.key holds a secret key"),
            ("op/playbook.toml", Exit::Usage, "op/playbook.toml"),
            ("op/plan.note.missing", Exit::Usage, "does not exist"),
        ] {
            let ended = desk.run(&format!("{command} {{}}/op/log --keys {{}}/{keys}")).await;
            ended.must(exit, said);
            let is_judged = exit == Exit::NotVerified && command == "log verify";
            let table = ended.output.lines().last().unwrap_or_default();
            assert_eq!(table, if is_judged { "NOT VERIFIED" } else { "" }, "{command} {keys}");
        }
    }
    // A key of the same name is still another key.
    desk.ok("key new police.example/log/op -o {}/same.key --unencrypted").await;
    let ended = desk.run("log verify {}/op/log --keys {}/same.vkey").await;
    ended.must(Exit::NotVerified, "checkpoint");
    let ended = operation.run_line("run {}/op/plan.note --key {}/same.key", &mut |_| Word::Yes).await;
    assert_eq!(ended.exit, Exit::NotVerified, "{ended}");
}

#[tokio::test]
async fn what_is_no_record_is_called_none() {
    let desk: Desk = with_keys().await;
    fs::create_dir(desk.path("empty")).unwrap();
    for (dir, exit, said) in [
        ("nowhere", Exit::Usage, "holds no log"),
        ("empty", Exit::Usage, "holds no log"),
        ("op", Exit::Usage, "holds no log"),
        ("log.vkey", Exit::Environment, "log.vkey/checkpoint"),
    ] {
        desk.run(&format!("log verify {{}}/{dir} --keys {{}}/log.vkey")).await.must(exit, said);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_that_is_altered_or_gone_is_a_line_of_its_own() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    let evidence = files(&desk.path("op/log/evidence"));
    assert!(!evidence.is_empty());
    for path in evidence {
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        bad[0] ^= 1;
        for bytes in [Some(&bad[..]), Some(&good[1..]), None] {
            match bytes {
                Some(bytes) => fs::write(&path, bytes).unwrap(),
                None => fs::remove_file(&path).unwrap(),
            }
            let ended = desk.run(VERIFY).await;
            assert_eq!(ended.exit, Exit::NotVerified, "{ended}");
            assert!(ended.output.lines().any(|line| line.starts_with("FAIL         evidence")), "{ended}");
            assert!(ended.output.contains(path.to_str().unwrap()), "{ended}");
            assert!(ended.output.starts_with("pass         entries"), "{ended}");
            assert!(ended.output.ends_with("NOT VERIFIED\n"), "{ended}");
        }
        fs::write(&path, good).unwrap();
    }
    desk.ok(VERIFY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_that_was_put_back_fails_and_both_causes_are_told() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    let older = desk.read("op/log/checkpoint");
    operation.run(|_| Word::Later).await;
    desk.write("op/log/checkpoint", older);
    let ended = desk.run(VERIFY).await;
    assert_eq!(ended.exit, Exit::NotVerified, "{ended}");
    let said = ended.output.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["FAIL checkpoints", "no journal explains it", "put an older `checkpoint` back"] {
        assert!(said.contains(part), "{ended}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_whose_writer_was_killed_before_it_published_is_interrupted_and_not_put_back() {
    let desk: Desk = with_keys().await;
    let add = "log add {}/log --key {}/log.key --begin --checkpoint-copy {}/copy --text";
    for inside in ["log/copy", "log/checkpoint", "log/../log/.state/copy"] {
        let line = "log add {}/log --key {}/log.key --begin --text one --checkpoint-copy {}/";
        desk.run(&format!("{line}{inside}")).await.must(Exit::Usage, "lies in the log itself");
    }
    desk.ok(&format!("{add} one")).await;
    let (older, tiles) = (desk.read("log/checkpoint"), files(&desk.path("log/tile")));
    let place = Place::from(&desk.path("log")).with_copy(CheckpointCopy::at(&desk.path("copy")));
    let mut log =
        Log::open(place, KeyFile::read(&desk.path("log.key")).unwrap().unlock(Role::Log, None).unwrap()).unwrap();
    let first = LogReader::open(log.dir(), std::slice::from_ref(log.verifier())).unwrap().entry(LeafIndex(0)).unwrap();
    log.append(&[first.entry]).unwrap();
    log.publish().unwrap();
    desk.copy_dir("log", "killed");
    log.close().unwrap();
    // What was published since the log was settled must be in the journal.
    let killed = "log verify {}/killed --keys {}/log.vkey";
    desk.ok(killed).await;
    let journal = fs::read(desk.path("killed/.state/journal")).unwrap();
    for taken in [|path: &Path| fs::write(path, "").unwrap(), |path: &Path| fs::remove_file(path).unwrap()] {
        taken(&desk.path("killed/.state/journal"));
        let ended = desk.run(killed).await;
        assert_eq!(ended.exit, Exit::Findings, "{ended}");
        assert!(ended.output.contains("\nwarning      state "), "{ended}");
    }
    fs::write(desk.path("killed/.state/journal"), journal).unwrap();
    // As if it had been killed after the commit: the journal and the copy know the entry, and nothing else does.
    fs::remove_dir_all(desk.path("log")).unwrap();
    fs::rename(desk.path("killed"), desk.path("log")).unwrap();
    desk.write("log/checkpoint", older);
    fs::remove_file(desk.path("log/checkpoints/2")).unwrap();
    let made = files(&desk.path("log/tile")).into_iter().filter(|path| !tiles.contains(path));
    made.for_each(|path| fs::remove_file(path).unwrap());
    let verify = "log verify {}/log --keys {}/log.vkey";
    let since = format!("{verify} --since {{}}/copy");
    let ended = desk.run(&since).await;
    assert_eq!(ended.exit, Exit::Findings, "{ended}");
    let said = ended.output.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "interrupted checkpoints 1 entries are published, and with those in the journal there are 2",
        "interrupted since the older checkpoint is of 2 entries",
        "so none is lost",
        "verified as far as it is published",
    ] {
        assert!(said.contains(part), "{part}\n{ended}");
    }
    let ended = desk.run(&format!("{since} --format json")).await;
    assert!(ended.output.contains("\"verified\": false") || ended.output.contains("\"verified\":false"), "{ended}");
    // A journal that was altered or taken away is told as that.
    for meddle in [|journal: &mut Vec<u8>| journal[100] ^= 1, |journal: &mut Vec<u8>| journal.clear()] {
        desk.copy_dir("log", "meddled");
        let mut journal = fs::read(desk.path("meddled/.state/journal")).unwrap();
        meddle(&mut journal);
        fs::write(desk.path("meddled/.state/journal"), journal).unwrap();
        desk.run("log verify {}/meddled --keys {}/log.vkey --since {}/copy")
            .await
            .must(Exit::NotVerified, "rolled back");
    }
    // Without the journal nobody can tell.
    desk.copy_dir("log", "kept");
    fs::remove_dir_all(desk.path("kept/.state")).unwrap();
    let ended = desk.run("log verify {}/kept --keys {}/log.vkey --since {}/copy").await;
    ended.must(Exit::NotVerified, "was rolled back");
    assert!(ended.messages.contains("without `.state`"), "{ended}");
    desk.ok(&format!("{add} three")).await;
    desk.ok(&since).await;
    assert_eq!(desk.json(verify).await["entries"], 3);
}

/// What docs/audit-log.md says a person does, but for the copy.
fn go_on_from_what_is_published(log: &Path) {
    fs::create_dir_all(log.join(".state")).unwrap();
    fs::copy(log.join("checkpoint"), log.join(".state/signed")).unwrap();
    fs::write(log.join(".state/journal"), vec![0; 4 << 20]).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_whose_journal_was_lost_is_read_and_goes_on_from_what_is_published_once_a_person_says_so() {
    let desk: Desk = with_keys().await;
    let add = "log add {}/log --key {}/log.key --begin --text";
    desk.ok(&format!("{add} one")).await;
    let key = KeyFile::read(&desk.path("log.key")).unwrap().unlock(Role::Log, None).unwrap();
    let mut log = Log::open(desk.path("log").as_path(), key).unwrap();
    let first = LogReader::open(log.dir(), std::slice::from_ref(log.verifier())).unwrap().entry(LeafIndex(0)).unwrap();
    // As if it had been killed a moment after it acknowledged an entry, and a moment after it published that.
    log.append(std::slice::from_ref(&first.entry)).unwrap();
    desk.copy_dir("log", "acknowledged");
    log.publish().unwrap();
    desk.copy_dir("log", "killed");
    log.close().unwrap();
    desk.ok("log verify {}/killed --keys {}/log.vkey").await;
    // What was acknowledged stands in the journal alone: without it nothing is written, and no number given twice.
    let cut = |path: &Path| File::options().write(true).open(path).unwrap().set_len(1000).unwrap();
    for meddle in [cut, |path: &Path| fs::remove_file(path).unwrap()] {
        let _ = fs::remove_dir_all(desk.path("log"));
        desk.copy_dir("acknowledged", "log");
        meddle(&desk.path("log/.state/journal"));
        desk.run(&format!("{add} two")).await.must(Exit::NotVerified, "docs/audit-log.md");
        let ended = desk.run("log verify {}/log --keys {}/log.vkey").await;
        assert!(ended.exit == Exit::Findings && ended.output.contains("\nwarning      state "), "{ended}");
    }
    let foreign = |path: &Path| {
        let mut journal = fs::read(path).unwrap();
        journal[70] ^= 1;
        fs::write(path, journal).unwrap();
    };
    type Meddle = fn(&Path);
    let cases: [(&str, Meddle, &str, Exit); 7] = [
        ("signed", |path| fs::remove_file(path).unwrap(), "docs/audit-log.md", Exit::Usage),
        ("signed", |path| fs::remove_dir_all(path.parent().unwrap()).unwrap(), "docs/audit-log.md", Exit::Usage),
        ("journal", |path| fs::remove_file(path).unwrap(), "docs/audit-log.md", Exit::NotVerified),
        ("journal", |path| fs::write(path, "").unwrap(), "docs/audit-log.md", Exit::NotVerified),
        ("journal", foreign, "docs/audit-log.md", Exit::NotVerified),
        ("journal", |path| fs::write(path, "impound journal 9\n").unwrap(), "another version", Exit::Environment),
        ("signed", |path| fs::write(path, "").unwrap(), "signed", Exit::NotVerified),
    ];
    for (name, meddle, told, exit) in cases {
        let _ = fs::remove_dir_all(desk.path("log"));
        desk.copy_dir("killed", "log");
        meddle(&desk.path("log/.state").join(name));
        desk.run(&format!("{add} two")).await.must(exit, told);
        // Everybody can read what was published, and it is sound.
        let ended = desk.run("log verify {}/log --keys {}/log.vkey").await;
        // Without `.state` it is a copy like others.
        let is_copy = !desk.path("log/.state").exists();
        assert_eq!(ended.output.contains("\nwarning      state "), !is_copy, "{name}: {ended}");
        assert_eq!(ended.exit, if is_copy { Exit::Ok } else { Exit::Findings }, "{name}: {ended}");
        assert!(ended.output.contains("\nverified"), "{name}: {ended}");
        go_on_from_what_is_published(&desk.path("log"));
        desk.ok(&format!("{add} three")).await;
        assert_eq!(desk.json("log verify {}/log --keys {}/log.vkey").await["entries"], 3, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_gives_the_operation_instead_of_its_record_is_told_where_that_is() {
    let operation = with_a_record().await;
    let desk = &operation.desk;
    let line = "log verify {}/op --keys {}/log.vkey";
    let log = desk.path("op/log");
    desk.run(line).await.must(Exit::Usage, &format!("its log is {}", log.display()));
    desk.run("log show {} --keys {}/log.vkey").await.must(Exit::Usage, "with a file `checkpoint`");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_of_the_log_fits_a_terminal_and_is_whole_elsewhere() {
    let mut desk = Desk::new();
    desk.ok("key new police.example/log/op -o {}/log.key --unencrypted").await;
    let text = "word ".repeat(60).replace(' ', "_");
    desk.ok(&format!("log add {{}}/log --key {{}}/log.key --begin --text {text} --subject 例え.test")).await;
    const SHOW: &str = "log show {}/log --keys {}/log.vkey";
    assert!(desk.ok(SHOW).await.contains(&text));
    desk.terminal = true;
    for (line, is_whole) in [(SHOW, false), ("log show {}/log --keys {}/log.vkey --wide", true)] {
        let ended = desk.run(line).await;
        assert_eq!(ended.output.contains(&text), is_whole, "{ended}");
        assert_eq!(ended.messages.contains("cut to the width"), !is_whole, "{ended}");
        assert!(is_whole || ended.output.lines().all(|line| line.chars().count() <= 80), "{ended}");
    }
    // One entry with everything that it says, on a terminal or not.
    let one = desk.ok("log show {}/log 0 --keys {}/log.vkey").await;
    let by = "by        police.example, operator, with the key police.example/log/op\n";
    for said in [&text, "entry     0\n", by, "subject   xn--r8jz45g.test\n", "tool      impound "] {
        assert!(one.contains(said), "no `{said}` in\n{one}");
    }
    let json = desk.ok("log show {}/log 0 --keys {}/log.vkey --format json").await;
    assert_eq!(json, desk.ok("log show {}/log --keys {}/log.vkey --format json").await);
    desk.run("log show {}/log 1 --keys {}/log.vkey").await.must(Exit::Usage, "no such entry");
    // Without a plan, a report is headed by whose log it is.
    let report = desk.ok("report {}/log --keys {}/log.vkey").await;
    assert!(report.starts_with("THE LOG, RETOLD\n\nThe log police.example/log/op\n"), "{report}");
    assert!(!report.contains("Targets"), "{report}");
    desk.ok("report {}/log --keys {}/log.vkey -o {}/report.html").await;
    let page = desk.read("report.html");
    assert!(page.contains("<h1><bdi>The log police.example/log/op</bdi></h1>") && page.contains("No plan was begun."));
    assert!(!page.contains("class=\"counts\"") && !page.contains("0 targets"));
}

#[tokio::test]
async fn what_is_damaged_beside_the_entries_is_named_and_the_entries_are_not_blamed() {
    let desk: Desk = with_keys().await;
    let add = "log add {}/log --key {}/log.key --begin --text";
    for text in ["one", "two"] {
        desk.ok(&format!("{add} {text}")).await;
    }
    desk.write("since", desk.read("log/checkpoints/1"));
    let verify = "log verify {}/log --keys {}/log.vkey --since {}/since";
    desk.ok(verify).await;
    for (file, check) in [("log/checkpoints/1", "checkpoints"), ("since", "since")] {
        let good = desk.read(file);
        let other = good.replacen("\n1\n", "\n2\n", 1);
        for bad in [other.as_str(), &good[..good.len() - 9], "x"] {
            desk.write(file, bad);
            let ended = desk.run(&format!("{verify} --format json")).await;
            let told: Value = serde_json::from_str(&ended.output).unwrap();
            let checks = told["checks"].as_array().unwrap();
            let results: Vec<_> = checks.iter().map(|line| (&line["check"], &line["result"])).collect();
            let expected = [("entries", "pass"), (check, "fail"), ("the rest", "not checked")];
            let expected = expected.map(|(check, result)| (json!(check), json!(result)));
            assert_eq!(results, expected.each_ref().map(|(check, result)| (check, result)), "{ended}");
            let named = if check == "since" { "the earlier checkpoint" } else { file };
            assert!(checks[1]["detail"].as_str().unwrap().contains(named), "{ended}");
            assert_eq!(ended.exit, Exit::NotVerified, "{ended}");
        }
        desk.write(file, good);
    }
    desk.ok(verify).await;
}

/// What opens the texts of entries stays where the entries are put back.
#[tokio::test]
async fn openings_that_no_entry_cites_may_be_of_a_newer_state_of_the_log() {
    let desk: Desk = with_keys().await;
    desk.ok("log add {}/log --key {}/log.key --begin --text one").await;
    desk.copy_dir("log", "backup");
    desk.ok("log add {}/log --key {}/log.key --text two").await;
    desk.copy_dir("backup", "log");
    let told = desk.ok("log verify {}/log --keys {}/log.vkey").await;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("1 opening is cited by no entry") && told.contains("an older state of the log"), "{told}");
}

#[test]
fn an_entry_that_is_written_and_cannot_be_told_is_not_called_unwritten() {
    let dir = tempfile::tempdir().unwrap();
    let impound = |arguments: &str, full: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_impound"));
        command.current_dir(dir.path()).args(arguments.split(' '));
        if full {
            command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
        }
        command.output().unwrap()
    };
    assert!(impound("key new police.example/log -o log.key --unencrypted", false).status.success());
    let ended = impound("log add log --key log.key --begin --text one", true);
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(Exit::Environment as i32), "{said}");
    for part in ["the entry was written; that could not be told", "do not write it again"] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!said.contains("half-written"), "{said}");
    let shown = impound("log show log --keys log.vkey", false);
    assert_eq!(String::from_utf8_lossy(&shown.stdout).matches("noted: one").count(), 1);
}

#[tokio::test]
async fn whoever_adds_to_a_log_that_nothing_guards_is_told_so_once() {
    let desk: Desk = with_keys().await;
    let add = "log add {}/log --key {}/log.key --begin --text one";
    let ended = desk.run(add).await;
    ended.must(Exit::Ok, "or --witnesses POLICY");
    assert_eq!(ended.messages.matches("put back from an older backup").count(), 1, "{ended}");
    let guarded = desk.run(&format!("{add} --checkpoint-copy {{}}/copy --new-checkpoint-copy")).await;
    assert_eq!((guarded.exit, guarded.messages.as_str()), (Exit::Ok, ""));
    desk.write("log/witnessed", desk.read("log/checkpoint"));
    let witnessed = desk.run(add).await;
    assert_eq!((witnessed.exit, witnessed.messages.as_str()), (Exit::Ok, ""));
}

//! Evidence and sealed texts that the law asks to be removed, and what is said of the record after that.

use std::fs;

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::with_keys;

const ADD: &str = "log add {}/op/log --key {}/log.key";
const VERIFY: &str = "log verify {}/op/log --keys {}/log.vkey";
const REPORT: &str = "report {}/op/log --keys {}/log.vkey";
const ERASE: &str = "log erase {}/op/log --key {}/log.key --order 12-Js-345/26";

/// A record with two public files, a sealed one, and sealed texts.
async fn with_evidence() -> Desk {
    let desk = with_keys().await;
    for (name, public) in [("one", "--public "), ("two", "--public "), ("three", "")] {
        desk.write(name, name);
        desk.ok(&format!("{ADD} --begin --text {name} {public}--evidence {{}}/{name}")).await;
    }
    desk
}

async fn entry(desk: &Desk, index: usize) -> serde_json::Value {
    let shown = desk.ok("log show {}/op/log --keys {}/log.vkey --format json").await;
    serde_json::from_str(shown.lines().nth(index).unwrap()).unwrap()
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn place(digest: &str) -> String {
    let hex = digest.strip_prefix("sha256:").unwrap();
    format!("{}/{hex}", &hex[..2])
}

#[tokio::test]
async fn evidence_that_an_entry_says_was_erased_is_not_checked_and_no_failure() {
    let desk = with_evidence().await;
    let digest = text(&entry(&desk, 0).await["evidence"][0]["digest"]);
    let file = desk.path(&format!("op/log/evidence/{}", place(&digest)));
    let erase = format!("{ERASE} --evidence {digest}");
    let said = desk.ok(&erase).await;
    assert_eq!(said, "entry 3: evidence erased: 1; openings erased: 0; not there any more: 0\n");
    assert!(!file.exists());
    let told = entry(&desk, 3).await;
    assert_eq!((&told["action"], &told["authority"]), (&"erased".into(), &"12-Js-345/26".into()));
    assert_eq!(told["body"], serde_json::json!({"evidence": [digest], "openings": []}));
    let said = desk.ok(VERIFY).await;
    assert!(said.contains("not checked  evidence") && said.contains("removed under entry 3"), "{said}");
    assert!(desk.ok(REPORT).await.contains("erased for good"));
    let report = desk.json(REPORT).await;
    assert_eq!(report["logs"][0]["evidence"]["erased"][0], serde_json::json!({"digest": digest, "seq": 3}));
    assert_eq!(report["sound"], true);

    // The command was stopped before it erased the file, or somebody put it back.
    fs::write(&file, "one").unwrap();
    for line in [VERIFY, REPORT] {
        let ended = desk.run(line).await;
        ended.must(Exit::NotVerified, "");
        assert!(format!("{ended}").contains("entry 3 says"), "{ended}");
    }
    assert!(desk.ok(&erase).await.starts_with("no new entry: evidence erased: 1;"));
    assert!(!file.exists());
    assert!(desk.ok(&erase).await.contains("not there any more: 1"));
    desk.ok(VERIFY).await;
    // What is erased does not go along, and keeps nothing from going along.
    desk.ok("log export {}/op/log --keys {}/log.vkey --disclose 0-2 --with-evidence -o {}/out").await;
    let handed = |name: &str| desk.path(&format!("out/{name}")).exists();
    assert!(handed("entries/0.json") && !handed(&format!("evidence/{}", place(&digest))));

    // Given again, it is there again; and what is missing without an entry is a failure.
    desk.ok(&format!("{ADD} --text again --public --evidence {{}}/one")).await;
    assert!(!desk.ok(VERIFY).await.contains("removed under"));
    fs::remove_file(&file).unwrap();
    desk.run(VERIFY).await.must(Exit::NotVerified, "");
    fs::write(&file, "one").unwrap();
    let other = text(&entry(&desk, 1).await["evidence"][0]["digest"]);
    fs::remove_file(desk.path(&format!("op/log/evidence/{}", place(&other)))).unwrap();
    for line in [VERIFY, REPORT] {
        let ended = desk.run(line).await;
        ended.must(Exit::NotVerified, "");
        assert!(format!("{ended}").contains("is missing"), "{ended}");
    }
}

#[tokio::test]
async fn sealed_texts_and_sealed_evidence_are_erased_by_the_same_command() {
    let desk = with_evidence().await;
    let last = entry(&desk, 2).await;
    let (digest, opening) = (text(&last["evidence"][0]["digest"]), text(&last["body"]["text"]["sealed"]));
    let opened = desk.path(&format!("op/private/{}.json", opening.strip_prefix("sha256:").unwrap()));
    let kept = fs::read(&opened).unwrap();
    let file = fs::read(desk.path(&format!("op/private/evidence/{}", place(&digest)))).unwrap();
    let said = desk.json(&format!("{ERASE} --evidence {digest} --opening {opening}")).await;
    assert_eq!((&said["entry"], &said["evidence"], &said["openings"]), (&3.into(), &1.into(), &1.into()));
    assert!(!opened.exists() && !desk.path(&format!("op/private/evidence/{}", place(&digest))).exists());
    let told = desk.ok("log show {}/op/log --keys {}/log.vkey").await;
    assert!(told.contains("noted: one") && told.contains("noted: sealed (sha256:"), "{told}");
    let said = desk.ok(VERIFY).await;
    assert!(said.contains("removed under entry 3") && said.contains("1 under an entry"), "{said}");
    fs::write(&opened, kept).unwrap();
    desk.run(VERIFY).await.must(Exit::NotVerified, "");
    // What should be gone is not handed over.
    let sealed = desk.path(&format!("op/private/evidence/{}", place(&digest)));
    fs::write(sealed, file).unwrap();
    desk.ok("log export {}/op/log --keys {}/log.vkey --disclose 0-2 --with-evidence --with-private -o {}/out").await;
    assert!(!desk.path(&format!("out/private/evidence/{}", place(&digest))).exists());
    assert!(!desk.path("out").join("private").join(opened.file_name().unwrap()).exists());
    assert!(desk.path("out/private").is_dir() && desk.path("out/evidence").is_dir());
}

/// The entry would excuse for ever what happened to the file before.
#[tokio::test]
async fn what_is_altered_or_missing_is_not_erased_as_if_it_were_whole() {
    let desk = with_evidence().await;
    let (first, last) = (entry(&desk, 0).await, entry(&desk, 2).await);
    let (open, sealed) = (text(&first["evidence"][0]["digest"]), text(&last["evidence"][0]["digest"]));
    let opening = text(&last["body"]["text"]["sealed"]);
    let hex = opening.strip_prefix("sha256:").unwrap();
    for (file, erase) in [
        (format!("op/log/evidence/{}", place(&open)), format!("{ERASE} --evidence {open}")),
        (format!("op/private/evidence/{}", place(&sealed)), format!("{ERASE} --evidence {sealed}")),
        (format!("op/private/{hex}.json"), format!("{ERASE} --opening {opening}")),
    ] {
        let path = desk.path(&file);
        let whole = fs::read_to_string(&path).unwrap();
        let swapped = whole.replace("three", "eerht").replace("one", "eno");
        let longer = format!("{whole} and more");
        for altered in [Some(swapped), Some(longer), None] {
            match altered {
                Some(altered) => fs::write(&path, altered).unwrap(),
                None => fs::remove_file(&path).unwrap(),
            }
            let ended = desk.run(&erase).await;
            ended.must(Exit::NotVerified, "as if it were whole");
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(ended.messages.contains(name), "{ended}");
            assert_eq!(desk.ok("log show {}/op/log --keys {}/log.vkey --format json").await.lines().count(), 3);
        }
        fs::write(&path, whole).unwrap();
    }
    // Nor is anything said of files that were looked for in the wrong place.
    fs::create_dir(desk.path("elsewhere")).unwrap();
    for what in [format!("--evidence {sealed}"), format!("--opening {opening}")] {
        let line = format!("{ERASE} {what} --private {{}}/elsewhere");
        desk.run(&line).await.must(Exit::NotVerified, "elsewhere");
    }
    desk.ok(VERIFY).await;
    let said = desk.ok(&format!("{ERASE} --evidence {open} {sealed} --opening {opening}")).await;
    assert!(said.starts_with("entry 3: evidence erased: 2; openings erased: 1;"), "{said}");
    desk.ok(VERIFY).await;
}

#[tokio::test]
async fn a_sealed_file_that_was_altered_is_told_where_the_other_evidence_is_not_beside_the_log() {
    let desk = with_evidence().await;
    let digest = text(&entry(&desk, 2).await["evidence"][0]["digest"]);
    let file = format!("op/private/evidence/{}", place(&digest));
    let altered = desk.read(&file).replace("three", "threE");
    desk.write(&file, altered);
    fs::remove_dir_all(desk.path("op/log/evidence")).unwrap();
    let ended = desk.run(REPORT).await;
    ended.must(Exit::NotVerified, "the file was altered");
    let told = ended.output.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("1 cannot be read as recorded. Not looked at, because not beside the log: 2 files."),
        "{told}"
    );
    let ended = desk.run(&format!("{REPORT} --format json")).await;
    let report: serde_json::Value = serde_json::from_str(&ended.output).unwrap();
    let evidence = &report["logs"][0]["evidence"];
    assert_eq!((&evidence["result"], &evidence["not_beside"]), (&"fail".into(), &2.into()), "{evidence}");
    assert_eq!((&evidence["bad"][0]["digest"], &report["sound"]), (&digest.into(), &false.into()));
}

#[tokio::test]
async fn a_sealed_file_that_is_missing_from_its_directory_is_a_warning_and_never_a_pass() {
    let desk = with_evidence().await;
    assert_eq!(desk.json(REPORT).await["logs"][0]["evidence"]["result"], "pass");
    let digest = text(&entry(&desk, 2).await["evidence"][0]["digest"]);
    fs::remove_file(desk.path(&format!("op/private/evidence/{}", place(&digest)))).unwrap();
    let ended = desk.run(VERIFY).await;
    ended.must(Exit::Findings, "");
    let told = ended.output.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("warning evidence 1 sealed file is not at hand, though"), "{told}");
    assert!(told.ends_with("verified, with a warning"), "{told}");
    assert_eq!(desk.json(REPORT).await["logs"][0]["evidence"]["result"], "not checked");
    // Where the whole directory is elsewhere, so is the file.
    fs::remove_dir_all(desk.path("op/private/evidence")).unwrap();
    assert!(desk.ok(VERIFY).await.contains("not checked  evidence"));
    assert_eq!(desk.json(REPORT).await["logs"][0]["evidence"]["result"], "not checked");
}

#[tokio::test]
async fn evidence_that_no_entry_cites_is_told_also_where_no_cited_file_is_good() {
    let desk = with_evidence().await;
    for index in 0..3 {
        let digest = text(&entry(&desk, index).await["evidence"][0]["digest"]);
        let dir = if index == 2 { "op/private/evidence" } else { "op/log/evidence" };
        desk.write(&format!("{dir}/{}", place(&digest)), "x");
    }
    desk.write("op/log/evidence/uncited", "x");
    for (line, said) in
        [(VERIFY, "not checked evidence 1 file is there, cited by no entry"), (REPORT, "1 more, cited by no entry.")]
    {
        let ended = desk.run(line).await;
        ended.must(Exit::NotVerified, "");
        let told = ended.output.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(said), "{told}");
    }
}

#[tokio::test]
async fn what_cannot_be_erased_is_refused_and_nothing_is_written() {
    let desk = with_evidence().await;
    let digest = text(&entry(&desk, 0).await["evidence"][0]["digest"]);
    let none = format!("sha256:{}", "0".repeat(64));
    let line = "log erase {}/op/log --key {}/log.key";
    for (words, said) in [
        (format!("--order 1 --evidence {none}"), "no entry cites"),
        (format!("--order 1 --opening {none}"), "no entry cites"),
        (format!("--order Muster --evidence {digest}"), "must not name a person"),
        ("--order 1".to_owned(), "--evidence"),
        (format!("--evidence {digest}"), "--order"),
        ("--order 1 --evidence x".to_owned(), "not a digest"),
        (format!("--order 1 --evidence {digest} --private {{}}/nowhere"), "no directory of openings"),
    ] {
        desk.run(&format!("{line} {words}")).await.must(Exit::Usage, said);
    }
    assert_eq!(desk.json(VERIFY).await["entries"], 3);
    assert!(desk.path(&format!("op/log/evidence/{}", place(&digest))).exists());
}

//! A site that is built and signed again, by several at a time, from damaged files, or after a command was stopped: no
//! signature is lost.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use impound::cli::Exit;
use impound::notice::read_site;

use crate::desk::Desk;
use crate::operation::{shown, sign, with_keys};

const LEFT: &str = "op/banner/1 is signed and says the same: left as it is";
const KEPT: &str = "op/banner/1 is signed and says the same: its signatures are kept";

/// A notice that two agencies have signed.
async fn signed() -> Desk {
    let desk = with_keys().await;
    shown(&desk, false).await;
    desk
}

/// Has the notice say something else.
fn change(desk: &Desk) {
    desk.edit("op/playbook.toml", "https://police.example/notices", "https://police.example/new");
}

fn change_back(desk: &Desk) {
    desk.edit("op/playbook.toml", "https://police.example/new", "https://police.example/notices");
}

/// Every file of a site, without the lock.
fn files(site: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    collect(site, site, &mut found);
    found.remove(".impound-lock");
    found
}

fn collect(site: &Path, dir: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => collect(site, &path, found),
            false => {
                // What is being written may be gone again.
                let bytes = fs::read(&path).unwrap_or_default();
                found.insert(path.strip_prefix(site).unwrap().to_str().unwrap().to_owned(), bytes);
            }
        }
    }
}

/// The program as its own process.
pub fn program(desk: &Desk, line: &str) -> Child {
    let place = desk.dir().display().to_string();
    let mut program = Command::new(env!("CARGO_BIN_EXE_impound"));
    program.args(line.split(' ').map(|word| word.replace("{}", &place)));
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn must_succeed(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

const BY_POLICE: &str = "notice sign {}/op --key {}/police.key";
const BY_PROSECUTION: &str = "notice sign {}/op --key {}/prosecution.key";

async fn must_be_signed_by_both(desk: &Desk) {
    let shown = desk.ok("notice show {}/op").await;
    assert!(shown.contains("police.example/notice, prosecution.example/notice"), "{shown}");
    let verify = "verify {}/op/site --at 2027-01-01T00:00:00Z --keys {}/policy --name seized.example";
    desk.ok(verify).await;
}

#[tokio::test]
async fn what_is_signed_and_says_the_same_is_left_as_it_is_down_to_the_last_octet() {
    let desk = signed().await;
    desk.ok("notice record {}/op --key {}/log.key").await;
    let good = files(&desk.path("op/site"));
    assert!(good.contains_key("banner/1/inclusion.tlog-proof"));
    for line in ["notice build {}/op", "notice build {}/op --format json", BY_POLICE] {
        let built = desk.run(line).await;
        assert_eq!(built.exit, Exit::Ok, "{built}");
        assert!(line == BY_POLICE || built.messages.contains(LEFT), "{built}");
        assert!(!built.messages.contains("wrote"), "{built}");
        assert!(files(&desk.path("op/site")) == good, "{line}");
    }
    change(&desk);
    desk.run("notice build {}/op").await.must(Exit::Refused, "impound notice amend");
    assert!(files(&desk.path("op/site")) == good);
    desk.run("notice build {}/op --anew").await.must(Exit::Ok, "each agency runs");
    assert!(!desk.path("op/site/banner/1/notice.note").exists());
}

#[tokio::test]
async fn a_note_that_was_altered_is_called_that_and_not_another_playbook() {
    let desk = signed().await;
    let path = desk.path("op/site/banner/1/notice.note");
    let good = fs::read_to_string(&path).unwrap();
    fs::write(&path, good.replace("verify-at: https://police.example/", "verify-at: https://police.example/x"))
        .unwrap();
    let built = desk.run("notice build {}/op").await;
    built.must(Exit::NotVerified, "notice.note was altered");
    built.must(Exit::NotVerified, "put it back");
    fs::write(&path, good).unwrap();
    desk.run("notice build {}/op").await.must(Exit::Ok, LEFT);
}

#[tokio::test]
async fn damaged_and_missing_files_are_written_again_under_the_same_signatures() {
    let desk = signed().await;
    let site = desk.path("op/site");
    let good = files(&site);
    let names = good.keys().filter(|name| !name.ends_with("/notice.note"));
    for (place, name) in names.enumerate() {
        match place % 2 {
            0 => fs::write(site.join(name), "other").unwrap(),
            _ => fs::remove_file(site.join(name)).unwrap(),
        }
        desk.run(BY_POLICE).await.must(Exit::NotVerified, "keeps every signature");
        change(&desk);
        desk.run("notice build {}/op").await.must(Exit::Refused, "the playbook says something else today");
        change_back(&desk);
        let built = desk.run("notice build {}/op").await;
        built.must(Exit::Ok, KEPT);
        if name.starts_with("banner/1/notice.txt.") {
            let agency = if name.contains("police") { "police" } else { "prosecution" };
            built.must(Exit::Ok, &format!("  {agency}: the signatures for minisign and OpenSSH"));
            desk.ok(&format!("notice sign {{}}/op --key {{}}/{agency}.key")).await;
        }
        let now = files(&site);
        let differing: Vec<_> = good.iter().filter(|(name, bytes)| now.get(*name) != Some(*bytes)).collect();
        assert!(differing.is_empty() && now.len() == good.len(), "{name}: {:?}", differing.first());
    }
    must_be_signed_by_both(&desk).await;
}

#[tokio::test]
async fn without_its_list_of_files_an_edition_keeps_the_signatures_beside_it_that_verify() {
    let desk = signed().await;
    let site = desk.path("op/site");
    let good = files(&site);
    let junk = |name: &str| fs::write(site.join("banner/1").join(name), "junk").unwrap();
    for damaged in ["notice.txt.police.minisig", "notice.txt.police.sig"] {
        junk("edition.json");
        junk(damaged);
        junk("notice.txt.stranger.sig");
        let built = desk.run("notice build {}/op").await;
        built.must(Exit::Ok, KEPT);
        built.must(Exit::Ok, "  police: the signatures for minisign and OpenSSH are damaged or missing");
        assert!(!built.messages.contains("  prosecution: "), "{built}");
        let now = files(&site);
        let signatures = |files: &BTreeMap<String, Vec<u8>>| -> BTreeMap<String, Vec<u8>> {
            let is_signature = |name: &str| name.starts_with("banner/1/notice.txt.") && !name.ends_with(damaged);
            files
                .iter()
                .filter(|(name, _)| is_signature(name))
                .map(|(name, bytes)| (name.clone(), bytes.clone()))
                .collect()
        };
        assert!(signatures(&now) == signatures(&good) && now.values().all(|bytes| bytes != b"junk"));
        desk.ok(BY_POLICE).await;
        assert!(files(&site) == good, "{damaged}");
    }
}

#[tokio::test]
async fn an_edition_that_is_damaged_and_out_of_date_is_repaired_and_then_amended() {
    let desk = signed().await;
    fs::remove_file(desk.path("op/site/banner/1/en/index.html")).unwrap();
    change(&desk);
    desk.run("notice amend {}/op").await.must(Exit::NotVerified, "`impound notice build` writes again what it can");
    let built = desk.run("notice build {}/op").await;
    built.must(Exit::Refused, "banner/1/en/index.html does not exist");
    built.must(Exit::Refused, "put the playbook back as it was, run this command again, which repairs the edition");
    change_back(&desk);
    desk.run("notice build {}/op").await.must(Exit::Ok, KEPT);
    change(&desk);
    desk.ok("notice amend {}/op").await;
}

#[tokio::test]
async fn a_note_that_is_damaged_is_not_written_over() {
    let desk = signed().await;
    let note = desk.path("op/site/banner/1/notice.note");
    let good = fs::read_to_string(&note).unwrap();
    let place = good.rfind("— ").unwrap() + 60;
    let flipped = if good.as_bytes()[place] == b'A' { "B" } else { "A" };
    let mut bad_signature = good.clone();
    bad_signature.replace_range(place..=place, flipped);
    for damaged in [Some("nonsense"), Some(&good[..good.len() - 30]), Some(bad_signature.as_str()), None] {
        match damaged {
            Some(bytes) => fs::write(&note, bytes).unwrap(),
            None => fs::remove_file(&note).unwrap(),
        }
        let before = files(&desk.path("op/site"));
        let built = desk.run("notice build {}/op").await;
        built.must(Exit::NotVerified, "put");
        built.must(Exit::NotVerified, "notice.note");
        built.must(Exit::NotVerified, "--anew");
        assert!(files(&desk.path("op/site")) == before);
    }
    // Nor where nothing but the signatures beside it tells that there was one.
    fs::remove_file(desk.path("op/site/banner/1/edition.json")).unwrap();
    desk.run("notice build {}/op").await.must(Exit::NotVerified, "notice.note does not exist");
    fs::write(&note, &good).unwrap();
    desk.run("notice build {}/op").await.must(Exit::Ok, KEPT);
    must_be_signed_by_both(&desk).await;
    fs::remove_file(&note).unwrap();
    desk.run("notice build {}/op --anew").await.must(Exit::Ok, "each agency runs");
}

#[tokio::test]
async fn an_edition_that_was_replaced_is_never_dropped() {
    let desk = signed().await;
    change(&desk);
    desk.ok("notice amend {}/op").await;
    sign(&desk).await;
    let good = files(&desk.path("op/site"));
    for name in good.keys().filter(|name| name.starts_with("banner/1/")) {
        let path = desk.path("op/site").join(name);
        fs::write(&path, "other").unwrap();
        for line in ["notice build {}/op", "notice build {}/op --anew", "notice withdraw {}/op", BY_POLICE] {
            let ended = desk.run(line).await;
            assert!(ended.exit == Exit::NotVerified || ended.exit == Exit::Refused, "{name}, {line}: {ended}");
            assert!(ended.exit == Exit::Refused || ended.messages.contains(name), "{name}, {line}: {ended}");
        }
        fs::write(&path, &good[name]).unwrap();
        assert!(files(&desk.path("op/site")) == good, "{name}");
    }
    // Of the last edition what can be built is built.
    fs::remove_file(desk.path("op/site/banner/2/en/index.html")).unwrap();
    desk.run("notice build {}/op").await.must(Exit::Ok, "op/banner/2 is signed and says the same: its signatures");
    assert!(files(&desk.path("op/site")) == good);
    // Without its `edition.json` nobody knows what it replaces.
    fs::remove_file(desk.path("op/site/banner/2/edition.json")).unwrap();
    desk.run("notice build {}/op").await.must(Exit::NotVerified, "banner/2/edition.json");
    fs::write(desk.path("op/site/banner/2/edition.json"), &good["banner/2/edition.json"]).unwrap();
    change_back(&desk);
    desk.ok("notice amend {}/op").await;
    desk.write("op/site/banner/3/edition.json", "other");
    desk.run("notice build {}/op --anew").await.must(Exit::NotVerified, "banner/3/edition.json");
    fs::remove_dir_all(desk.path("op/site/banner/3")).unwrap();
    assert!(files(&desk.path("op/site")) == good);
}

#[tokio::test]
async fn a_signed_edition_that_the_playbook_has_no_more_is_lost_only_when_asked_for() {
    let desk = signed().await;
    let renamed = desk.read("op/playbook.toml").replace("\"banner\"", "\"panel\"");
    desk.write("op/playbook.toml", renamed);
    desk.run("notice build {}/op").await.must(Exit::Refused, "op/banner/1 is signed, and the playbook has no such");
    desk.ok("notice sign {}/op --key {}/police.key").await;
    assert!(desk.path("op/site/banner/1/notice.note").exists() && desk.path("op/site/panel/1/notice.note").exists());
    desk.ok("notice build {}/op --anew").await;
    assert!(!desk.path("op/site/banner").exists());
}

#[tokio::test]
async fn a_build_that_is_refused_makes_no_seed_and_replaces_none() {
    let desk = signed().await;
    desk.edit("op/playbook.toml", "[[notice]]\n", "[[notice]]\nsealed-names = true\n");
    desk.run("notice build {}/op").await.must(Exit::Refused, "put coverage.seed back");
    assert!(!desk.path("op/coverage.seed").exists());
    desk.run("notice build {}/op --anew").await.must(Exit::Ok, "coverage.seed; keep it");
    sign(&desk).await;
    let seed = desk.read("op/coverage.seed");
    fs::remove_file(desk.path("op/coverage.seed")).unwrap();
    desk.run("notice build {}/op").await.must(Exit::Refused, "put coverage.seed back");
    assert!(!desk.path("op/coverage.seed").exists());
    desk.write("op/coverage.seed", &seed);
    desk.run("notice build {}/op").await.must(Exit::Ok, LEFT);
    change(&desk);
    desk.run("notice build {}/op").await.must(Exit::Refused, "impound notice amend");
    assert_eq!(desk.read("op/coverage.seed"), seed);
}

#[tokio::test]
async fn agencies_that_sign_at_the_same_time_have_both_signed() {
    let desk = signed().await;
    for _ in 0..10 {
        desk.ok("notice build {}/op --anew").await;
        let lines = [BY_POLICE, "notice build {}/op", BY_PROSECUTION];
        let started: Vec<Child> = lines.iter().map(|line| program(&desk, line)).collect();
        started.into_iter().for_each(|one| must_succeed(&one.wait_with_output().unwrap()));
        must_be_signed_by_both(&desk).await;
        desk.run("notice build {}/op").await.must(Exit::Ok, LEFT);
    }
}

#[tokio::test]
async fn those_who_countersign_at_the_same_time_have_all_signed() {
    let desk = with_keys().await;
    let deny = "notice deny --id false-1 --name fake.example --seen 2026-11-21T21:30:00Z --verify-at https://police.example/notices --key {}/police.key -o {}/false-1.note";
    desk.ok(deny).await;
    let others = ["court", "customs", "ministry", "prosecution"];
    for other in &others[..3] {
        desk.ok(&format!("key new {other}.example/notice -o {{}}/{other}.key --unencrypted")).await;
    }
    let line = |other| format!("notice countersign {{}}/false-1.note --key {{}}/{other}.key");
    let started: Vec<Child> = others.iter().map(|other| program(&desk, &line(other))).collect();
    started.into_iter().for_each(|one| must_succeed(&one.wait_with_output().unwrap()));
    let note = desk.read("false-1.note");
    assert_eq!(note.matches("\n— ").count(), 5, "{note}");
}

#[tokio::test]
async fn a_site_that_another_command_holds_is_told() {
    let desk = signed().await;
    let lock = fs::File::open(desk.path("op/site/.impound-lock")).unwrap();
    lock.lock().unwrap();
    desk.run(BY_POLICE).await.must(Exit::Environment, "another impound is working on this site");
    desk.ok("notice show {}/op").await;
    drop(lock);
    desk.ok(BY_POLICE).await;
}

/// Whatever a command that was killed has left behind, the others go on from there.
#[tokio::test]
async fn a_command_that_is_killed_anywhere_loses_nothing() {
    let desk = with_keys().await;
    shown(&desk, false).await;
    desk.ok("notice build {}/op --anew").await;
    desk.ok(BY_POLICE).await;
    let of_police = desk.read("op/site/banner/1/notice.note");
    desk.copy_dir("op/site", "before");
    let mut killed = 0;
    for round in 0..30 {
        desk.copy_dir("before", "op/site");
        let mut signing = program(&desk, BY_PROSECUTION);
        // Until it begins to write.
        while !files(&desk.path("op/site")).keys().any(|name| name.contains(".impound-")) {
            if signing.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        std::thread::sleep(Duration::from_micros(round * 400));
        let _ = signing.kill();
        killed += usize::from(!signing.wait_with_output().unwrap().status.success());
        let lines = ["notice build {}/op", BY_POLICE];
        desk.ok(lines[usize::try_from(round % 2).unwrap()]).await;
        let note = desk.read("op/site/banner/1/notice.note");
        assert!(note.starts_with(&of_police), "round {round}: {note}");
        desk.ok(BY_PROSECUTION).await;
        must_be_signed_by_both(&desk).await;
        assert_eq!(fs::read_dir(desk.path("op/site")).unwrap().count(), 2, "round {round}: nothing is left behind");
    }
    assert!(killed > 0, "all ended before they were killed");
}

#[tokio::test]
async fn a_reader_finds_every_edition_whole_while_others_build_and_sign() {
    const ROUNDS: usize = 6;
    let desk = signed().await;
    let (site, rounds) = (desk.path("op/site"), AtomicUsize::new(0));
    let looks = std::thread::scope(|scope| {
        scope.spawn(|| {
            while rounds.load(Ordering::Relaxed) < ROUNDS {
                for line in ["notice build {}/op --anew", BY_POLICE, BY_PROSECUTION] {
                    must_succeed(&program(&desk, line).wait_with_output().unwrap());
                }
                rounds.fetch_add(1, Ordering::Relaxed);
            }
        });
        let mut looks = 0;
        while looks < 300 || rounds.load(Ordering::Relaxed) < ROUNDS {
            let found: Vec<String> = read_site(&site).unwrap().into_iter().map(|edition| edition.id).collect();
            assert_eq!(found, ["op/banner/1"], "look {looks}");
            looks += 1;
        }
        looks
    });
    assert!(looks >= 300);
    must_be_signed_by_both(&desk).await;
}

/// As where a file system cannot exchange two directories: the edition is away, and nothing is in its place.
#[tokio::test]
async fn a_site_in_which_a_command_was_stopped_is_refused_until_it_is_put_right() {
    let desk = signed().await;
    let site = desk.path("op/site");
    let good = files(&site);
    fs::create_dir_all(site.join(".impound-old/banner")).unwrap();
    fs::rename(site.join("banner/1"), site.join(".impound-old/banner/1")).unwrap();
    for line in [
        "serve {}/op/site --http 127.0.0.1:0",
        "serve {}/op --http 127.0.0.1:0",
        "verify {}/op/site --keys {}/policy",
        "notice show {}/op",
        "plan {}/op",
        "notice register {}/public --keys {}/policy --site {}/op/site",
    ] {
        let ended = desk.run(line).await;
        ended.must(Exit::NotVerified, "a command that changed this site was stopped: ");
        ended.must(Exit::NotVerified, "op/site/banner/1 is not in its place");
        ended.must(Exit::NotVerified, "help: run `impound notice build`, which puts it back");
    }
    desk.run("notice build {}/op").await.must(Exit::Ok, LEFT);
    assert!(files(&site) == good);
    must_be_signed_by_both(&desk).await;
}

#[tokio::test]
async fn a_disk_that_is_full_changes_nothing() {
    let desk = with_keys().await;
    shown(&desk, false).await;
    desk.ok("notice build {}/op --anew").await;
    desk.ok(BY_POLICE).await;
    let good = files(&desk.path("op/site"));
    let place = desk.dir().display().to_string();
    for blocks in [1, 2, 4, 8, 16, 32] {
        let limited = Command::new("sh")
            .args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_impound")])
            .args(BY_PROSECUTION.split(' ').map(|word| word.replace("{}", &place)))
            .output()
            .unwrap();
        assert_eq!(limited.status.code(), Some(5), "{}", String::from_utf8_lossy(&limited.stderr));
        assert!(files(&desk.path("op/site")) == good, "{blocks}");
    }
    desk.run("notice build {}/op").await.must(Exit::Ok, LEFT);
    desk.ok(BY_PROSECUTION).await;
    must_be_signed_by_both(&desk).await;
}

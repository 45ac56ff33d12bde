//! The program itself, as its own process: what Ctrl-C and SIGHUP do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::{shown, with_keys};

/// The messages are written by the command and by the task that waits for signals: neither may keep the other from it.
#[test]
fn ctrl_c_stops_a_rehearsal_and_leaves_a_record_that_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let output = dir.path().join("rehearsal");
    let mut program = Command::new(env!("CARGO_BIN_EXE_impound"))
        .arg("rehearse")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/harbour-light"))
        .arg("-o")
        .arg(&output)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut messages = BufReader::new(program.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("step `") {
        line.clear();
        assert_ne!(messages.read_line(&mut line).unwrap(), 0, "the rehearsal ended before its first step");
    }
    let interrupt = Command::new("sh").arg("-c").arg(format!("kill -INT {}", program.id())).status().unwrap();
    assert!(interrupt.success());
    // Ends by itself: a rehearsal that hears nothing would go on to its end and say that all is as ordered.
    let mut rest = String::new();
    messages.read_to_string(&mut rest).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(1), "{rest}");
    assert!(rest.contains("stopping; once more stops at once"), "{rest}");
    let verified = Command::new(env!("CARGO_BIN_EXE_impound"))
        .args(["log", "verify"])
        .arg(output.join("log"))
        .arg("--keys")
        .arg(output.join("keys/log.vkey"))
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

/// Starts `impound serve` on a site; the program, its messages, and the address for HTTP.
fn serving(site: &Path) -> (Child, BufReader<ChildStderr>, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_impound"))
        .arg("serve")
        .arg(site)
        .args(["--http", "127.0.0.1:0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let messages = BufReader::new(program.stderr.take().unwrap());
    (program, messages, address.trim().trim_start_matches("http://").to_owned())
}

fn asked(at: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: seized.example\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Reads messages up to the one that has `text` in it.
fn heard(messages: &mut impl BufRead, text: &str) {
    let mut line = String::new();
    while !line.contains(text) {
        line.clear();
        assert_ne!(messages.read_line(&mut line).unwrap(), 0, "`{text}` was never said");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sighup_has_a_server_read_its_site_again_and_a_site_that_cannot_be_served_changes_nothing() {
    const PROOF: &str = "/.well-known/seizure-notice/inclusion.tlog-proof";
    let desk = with_keys().await;
    desk.ok("notice build {}/op").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    let (mut program, mut messages, at) = serving(&desk.path("op/site"));
    heard(&mut messages, "serving ");
    assert!(asked(&at, PROOF).starts_with("HTTP/1.1 404"));
    let hang_up = || Command::new("kill").args(["-HUP", &program.id().to_string()]).status().unwrap();
    assert!(desk.ok("notice record {}/op --key {}/log.key").await.contains("op/banner/1  proven"));
    assert!(hang_up().success());
    heard(&mut messages, "read again: ");
    assert!(asked(&at, PROOF).contains("\r\n\r\nc2sp.org/tlog-proof@v1\n"));
    desk.write("op/site/banner/1/notice.txt", "something else");
    assert!(hang_up().success());
    heard(&mut messages, "still serving what was read before");
    assert!(asked(&at, PROOF).contains("\r\n\r\nc2sp.org/tlog-proof@v1\n"));
    std::fs::remove_dir_all(desk.path("op/site/banner")).unwrap();
    assert!(hang_up().success());
    heard(&mut messages, "still serving what was read before");
    heard(&mut messages, "op/site holds no notice");
    assert!(asked(&at, PROOF).contains("\r\n\r\nc2sp.org/tlog-proof@v1\n"));
    assert!(Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap().success());
    assert_eq!(program.wait().unwrap().code(), Some(0));
}

/// What the page and the kit tell is the edition before, until the last agency has signed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_started_while_an_edition_waits_shows_the_one_before_and_after_the_last_signature_the_new_one() {
    const NOTICE: &str = "/.well-known/seizure-notice/notice.txt";
    let amendment = ("notice amend {}/op", "HTTP/1.1 451", "notice-id: op/banner/2\n");
    let withdrawal = ("notice withdraw {}/op", "HTTP/1.1 410", "status: withdrawn\n");
    for (line, status, stated) in [amendment, withdrawal] {
        for what in ["op", "op/site"] {
            let desk = with_keys().await;
            shown(&desk, false).await;
            desk.edit("op/playbook.toml", "https://police.example/notices", "https://police.example/new");
            desk.ok(line).await;
            let waits = |votes: &str| format!("op/banner/2 is not served yet: {votes}");
            let (mut program, mut messages, at) = serving(&desk.path(what));
            let votes =
                if what == "op" { "signed by 0 of 2, not yet by police.example" } else { "nobody has signed it" };
            heard(&mut messages, &waits(votes));
            heard(&mut messages, "serving ");
            let first = |at: &str| {
                assert!(asked(at, NOTICE).contains("notice-id: op/banner/1\n"), "{line} {what}");
                assert!(asked(at, "/").starts_with("HTTP/1.1 451"), "{line} {what}");
            };
            first(&at);
            let id = program.id().to_string();
            let hang_up = || Command::new("kill").args(["-HUP", &id]).status().unwrap();
            desk.ok("notice sign {}/op --key {}/police.key").await;
            assert!(hang_up().success());
            heard(&mut messages, &waits("signed by 1 of 2, not yet by prosecution.example; op/banner/1 is"));
            heard(&mut messages, "read again: ");
            first(&at);
            desk.ok("notice sign {}/op --key {}/prosecution.key").await;
            assert!(hang_up().success());
            heard(&mut messages, "read again: ");
            assert!(asked(&at, NOTICE).contains(stated), "{line} {what}");
            assert!(asked(&at, "/").starts_with(status), "{line} {what}");
            assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
            assert_eq!(program.wait().unwrap().code(), Some(0));
        }
    }
}

/// A limit of the shell on the size of files ends no process and leaves nothing half written.
#[tokio::test]
async fn a_file_that_may_not_grow_so_large_is_told_and_leaves_nothing_behind() {
    let desk = Desk::new();
    desk.ok("key new police.example/log/op -o {}/log.key --unencrypted").await;
    let text = "x".repeat(4000);
    desk.ok(&format!("log add {{}}/log --key {{}}/log.key --begin --text {text}")).await;
    std::fs::create_dir(desk.path("out")).unwrap();
    for line in [
        "init {}/out/new",
        "report {}/log --keys {}/log.vkey -o {}/out/report.html",
        "log export {}/log --keys {}/log.vkey --as case -o {}/out/case.json",
        "log add {}/out/log --key {}/log.key --begin --text another",
    ] {
        let place = desk.dir().display().to_string();
        // One block: 512 or 1024 octets.
        let limited = Command::new("sh")
            .args(["-c", "ulimit -f 1; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_impound")])
            .args(line.split(' ').map(|word| word.replace("{}", &place)))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&limited.stderr);
        assert_eq!(limited.status.code(), Some(5), "{line}: {:?}: {said}", limited.status);
        assert!(said.contains("File too large") && said.contains("ulimit -f"), "{line}: {said}");
        let mut left = Vec::new();
        files(&desk.path("out"), &mut left);
        // A log that was not begun is begun anew the next time; what was made for it until then holds no entry.
        left.retain(|path| !path.starts_with(desk.path("out/log/.state")));
        assert_eq!(left, Vec::<PathBuf>::new(), "{line}");
        assert_eq!(desk.run(line).await.exit, Exit::Ok, "{line}");
        std::fs::remove_dir_all(desk.path("out")).unwrap();
        std::fs::create_dir(desk.path("out")).unwrap();
    }
}

/// All files below a directory.
fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

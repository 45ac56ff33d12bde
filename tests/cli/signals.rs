//! The program itself, as its own process: what Ctrl-C does.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

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

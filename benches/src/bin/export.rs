//! The export of a log of a million entries in each form.
//!
//! `export [ENTRIES]` makes the log in a temporary directory; `impound log export`, in a process of its own, verifies it whole and
//! writes it out.

use std::fs;
use std::process::Command;

use impound_benches::figures::line;
use impound_benches::program::run;
use impound_benches::{Outcome, log};

const ENTRIES: u64 = 1_000_000;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        // In a process of its own, so that its memory does not stand on the account of those that are measured.
        [word, dir, entries] if word == "make" => Ok(println!("{}", log::make(dir.as_ref(), entries.parse()?)?)),
        [entries] => measure(entries.parse()?),
        _ => measure(ENTRIES),
    }
}

fn measure(entries: u64) -> Outcome<()> {
    let dir = tempfile::tempdir()?;
    let text = |name: &str| dir.path().join(name).to_str().map(ToOwned::to_owned).ok_or("a path that is no text");
    let (log, keys, out) = (text("log")?, text("log.vkey")?, text("out")?);
    let made = Command::new(std::env::current_exe()?).args(["make", &log, &entries.to_string()]).output()?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).into_owned().into());
    }
    fs::write(&keys, made.stdout)?;
    println!("{entries} entries");
    for form in ["timesketch", "csv", "case"] {
        let run = run(&["log", "export", &log, "--keys", &keys, "--as", form, "-o", &out])?;
        line(form, &run.told(), &format!("{} MiB written", fs::metadata(&out)?.len() >> 20));
        fs::remove_file(&out)?;
    }
    Ok(())
}

//! The log on the real binary: every system call of an append fails or is the last, `kill -9` again and again, two writers, and
//! a disk without room. What was acknowledged must be there, and the log must open again.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at once on what they did not expect, and use a part of the bench"
)]

mod bench;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use impound::audit::{EvidenceStore, LogReader, Openings, Recorded, for_reading};
use impound::signed_note::VerifierKey;
use impound::tlog::LeafIndex;
use tempfile::TempDir;

use bench::{Bench, good};

/// Seconds after which an append hangs: it takes a tenth of one.
const HANGS: &str = "120";

/// How many injections run at a time.
const AT_ONCE: usize = 2;

/// A directory with a log, its key, and the copy of its checkpoint.
struct Desk(TempDir);

impl Desk {
    /// In memory where the system offers that: what is tested is the order of the calls, and a real disk would take minutes.
    fn empty() -> Self {
        let memory = Path::new("/dev/shm");
        Self(if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() })
    }

    /// With a log of so many entries.
    fn with(entries: usize) -> Self {
        let desk = Self::empty();
        good(&desk.impound(&["key", "new", "police.example/log", "-o", "log.key", "--unencrypted"]).output().unwrap());
        let lines: String = (0..entries).map(|n| format!("entry number {n}\n")).collect();
        let begun = desk.fed(desk.impound(&[&ADD[..], &["--begin", "--lines"]].concat()), &lines);
        assert_eq!(good(&begun).lines().count(), entries);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn copy(&self) -> Self {
        let desk = Self::empty();
        copy(self.0.path(), desk.0.path());
        desk
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.0.path()).env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn impound(&self, arguments: &[&str]) -> Command {
        self.command(IMPOUND, arguments)
    }

    /// Runs a command to its end, with this input.
    fn fed(&self, mut command: Command, input: &str) -> Output {
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        // It may end before it has read all.
        let feeder = thread::spawn(move || stdin.write_all(input.as_bytes()).is_ok());
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        output
    }

    fn reader(&self) -> LogReader {
        let key: VerifierKey = fs::read_to_string(self.path("log.vkey")).unwrap().trim_end().parse().unwrap();
        LogReader::open(&self.path("log"), &[key]).unwrap()
    }

    /// The texts of the entries from one on, as they are published.
    fn texts_from(&self, first: u64) -> BTreeMap<u64, String> {
        // What people typed is sealed in the entry; what opens it must be as durable as the entry itself.
        let openings = Openings::new(&self.path("private"));
        let text = |recorded: Recorded| {
            let body = for_reading(&recorded.entry.body, Some(&openings), |_| "not opened".to_owned()).unwrap();
            (recorded.seq.0, body["text"].as_str().unwrap().to_owned())
        };
        self.reader().entries_from(LeafIndex(first)).unwrap().map(|recorded| text(recorded.unwrap())).collect()
    }

    /// Opens the log for writing and closes it, which publishes what a writer that was killed had only committed.
    /// In a process of its own: of a lock that this one held, a child that another test starts at that moment would have a part.
    fn reopen(&self) {
        good(&self.impound(&[&ADD[..], &["--lines"]].concat()).output().unwrap());
    }

    /// Verifies all of it, the copy of the checkpoint included.
    fn verify(&self) {
        let copy = fs::read(self.path("copy")).unwrap();
        let reader = self.reader();
        let verified = reader.verify_all(Some(&copy)).unwrap();
        assert_eq!((verified.unpublished(), verified.ahead), (None, None));
        let store = EvidenceStore::new(&self.path("log/evidence"), &self.path("private"));
        let seen = reader.verify_evidence(&store).unwrap();
        assert_eq!(seen.good(), seen.files, "{seen:?}");
    }
}

const IMPOUND: &str = env!("CARGO_BIN_EXE_impound");
const ADD: [&str; 7] = ["log", "add", "log", "--key", "log.key", "--checkpoint-copy", "copy"];

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The numbers that were acknowledged. A line that is not whole acknowledges nothing.
fn acknowledged(output: &[u8]) -> Vec<u64> {
    let text = String::from_utf8_lossy(output);
    let whole = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    whole.map(|line| line.strip_prefix("entry ").unwrap().parse().unwrap()).collect()
}

/// Which call of the traced program is to go wrong, and how.
#[derive(Debug, Clone)]
struct Injection {
    call: String,
    nth: usize,
    what: &'static str,
}

/// Left out is what has no counterpart on a disk that fails: memory, threads, signals, the runtime's own waiting. `close` is
/// only killed: one that fails has closed all the same, and the standard library takes a directory that does not close for a
/// broken program and panics.
const CALLS: [&str; 21] = [
    "close",
    "fdatasync",
    "fcntl",
    "flock",
    "fstat",
    "fsync",
    "ftruncate",
    "getdents64",
    "lseek",
    "mkdir",
    "newfstatat",
    "openat",
    "pread64",
    "pwrite64",
    "read",
    "rename",
    "rmdir",
    "statx",
    "unlink",
    "unlinkat",
    "write",
];

/// Those that need room.
const ROOM: [&str; 7] = ["fdatasync", "fsync", "mkdir", "openat", "pwrite64", "rename", "write"];

/// All calls that one append makes from when it opens its key: before that the loader and the runtime start, and a failure
/// there says something of libc only. strace counts the calls of each thread for itself; threads that only sync have made
/// none before, so counting from the first `fsync` reaches theirs as well.
fn calls_of_an_append(desk: &Desk, add: &[&str]) -> Vec<(String, usize)> {
    let traced = [&["-f", "-o", "trace", IMPOUND][..], add].concat();
    good(&desk.command("strace", &traced).output().unwrap());
    let trace = fs::read_to_string(desk.path("trace")).unwrap();
    let main = trace.split_whitespace().next().unwrap();
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let (mut found, mut begun) = (BTreeSet::new(), false);
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let Some((name, _)) = call.trim_start().split_once('(') else { continue };
        // The runtime wakes its own threads, through an eventfd: no file, and a wake-up that is lost is one that never comes.
        let wakes = call.contains(r#""\1\0\0\0\0\0\0\0", 8"#);
        let Some(name) = CALLS.iter().find(|known| **known == name) else { continue };
        begun |= line.contains("log.key");
        let nth = seen.entry((thread, name)).or_default();
        *nth += 1;
        if begun && !wakes && (thread == main || *name == "fsync") {
            found.insert(((*name).to_owned(), *nth));
        }
    }
    found.into_iter().collect()
}

fn injections(calls: &[(String, usize)]) -> Vec<Injection> {
    let of = |(call, nth): &(String, usize)| {
        let ways = ["error=EIO", "signal=KILL", "error=ENOSPC"].into_iter();
        let ways = ways.filter(|what| match *what {
            "error=ENOSPC" => ROOM.contains(&call.as_str()),
            "error=EIO" => call != "close",
            _ => true,
        });
        ways.map(|what| Injection { call: call.clone(), nth: *nth, what }).collect::<Vec<_>>()
    };
    calls.iter().flat_map(of).collect()
}

/// One append with one fault, on a log of its own; then all that must hold.
fn inject(template: &Desk, add: &[&str], entries: u64, injection: &Injection) -> Result<Ending, String> {
    let desk = template.copy();
    let Injection { call, nth, what } = injection;
    let (traced, fault) = (format!("trace={call}"), format!("inject={call}:{what}:when={nth}"));
    let strace = ["-f", "-qqq", "-o", "/dev/null", "-e", &traced, "-e", &fault, IMPOUND];
    let output = desk
        .command("timeout", &[&["--foreground", "-s", "KILL", HANGS, "strace"][..], &strace, add].concat())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // strace counts for each thread, so the fault may strike where another thread of the runtime wakes the first: it aborts.
    let not_woken = said.contains("failed to wake I/O driver");
    let killed = output.status.signal() == Some(9);
    let ending = match output.status.code() {
        Some(0) => Ending::Done,
        Some(3..=5) if said.starts_with("error: ") => Ending::Refused,
        // Standard error itself could not be written to, or what was said last was cut off.
        Some(1..=5) => Ending::Refused,
        _ if killed || not_woken => Ending::Killed,
        Some(137) => return Err("it hung".to_owned()),
        other => return Err(format!("ended with {other:?}: {said}")),
    };
    if said.contains("panicked") && !not_woken {
        return Err(said);
    }
    let told = acknowledged(&output.stdout);
    if !(told.is_empty() || told == [entries]) || ending == Ending::Done && *what == "signal=KILL" && told.is_empty() {
        return Err(format!("acknowledged {told:?}"));
    }
    // What is published verifies before anybody has recovered it; and the copy, which may know of one append more, is of this
    // log, which was interrupted and not put back. Only where the kill was between the journal and the copy is the copy behind.
    let copy = fs::read(desk.path("copy")).map_err(|error| error.to_string())?;
    desk.reader().verify_all(Some(&copy)).map_err(|error| error.to_string())?;
    let again = desk.impound(&[&ADD[..], &["--text", "second"]].concat()).output().unwrap();
    let next = acknowledged(&again.stdout);
    if !again.status.success() || next.len() != 1 {
        return Err(format!("does not open again: {}", String::from_utf8_lossy(&again.stderr)));
    }
    desk.verify();
    let texts = desk.texts_from(entries);
    let kept = texts.get(&entries).is_some_and(|text| text == "first");
    if texts.get(&next[0]).map(String::as_str) != Some("second") || !told.is_empty() && !kept {
        return Err(format!("acknowledged {told:?} and {next:?}, but there are {texts:?}"));
    }
    Ok(ending)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    Done,
    Refused,
    Killed,
}

#[test]
fn an_append_that_fails_or_is_killed_at_any_system_call_loses_nothing_that_was_acknowledged() {
    let bench = Bench::new();
    good(&bench.run("strace", &["--version"], ""));
    // The next entry fills a bundle, so everything that an append can do is done. It cites evidence, too.
    const ENTRIES: u64 = 255;
    let template = Desk::with(ENTRIES as usize);
    fs::write(template.path("seen.txt"), "what was seen").unwrap();
    let add = [&ADD[..], &["--text", "first", "--evidence", "seen.txt"]].concat();
    let calls = calls_of_an_append(&template.copy(), &add);
    for call in ["fdatasync", "fsync", "openat", "pread64", "pwrite64", "rename", "write"] {
        assert!(calls.iter().any(|(name, _)| name == call), "no {call} in {calls:?}");
    }
    let queue = Mutex::new(injections(&calls).into_iter());
    let (endings, failures) = (Mutex::new(BTreeMap::<Ending, usize>::new()), Mutex::new(Vec::new()));
    let work = || {
        while let Some(injection) = { queue.lock().unwrap().next() } {
            match inject(&template, &add, ENTRIES, &injection) {
                Ok(ending) => *endings.lock().unwrap().entry(ending).or_default() += 1,
                Err(what) => failures.lock().unwrap().push(format!("{injection:?}: {what}")),
            }
        }
    };
    thread::scope(|scope| {
        (0..AT_ONCE).for_each(|_| drop(scope.spawn(work)));
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let endings = endings.into_inner().unwrap();
    // Each fault struck: every kill kills, and most calls cannot fail without the append failing.
    assert!(endings[&Ending::Killed] >= calls.len() * 9 / 10, "{endings:?} of {}", calls.len());
    assert!(endings[&Ending::Refused] >= calls.len() / 2, "{endings:?} of {}", calls.len());
}

/// A writer of lines that is fed for as long as it lives.
struct Writer {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Writer {
    fn start(desk: &Desk) -> (Self, ChildStdin) {
        let mut command = desk.impound(&[&ADD[..], &["--lines"]].concat());
        let mut child = command.stdin(Stdio::piped()).stderr(File::create(desk.path("said")).unwrap()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        (Self { child, output }, input)
    }

    /// Waits for one acknowledgement.
    fn acknowledgement(&mut self) -> Vec<u8> {
        let mut line = Vec::new();
        self.output.read_until(b'\n', &mut line).unwrap();
        line
    }

    /// Ends it with SIGKILL; what it had acknowledged that was not read yet.
    fn kill(mut self) -> Vec<u8> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut rest = Vec::new();
        self.output.read_to_end(&mut rest).unwrap();
        rest
    }
}

/// So long that few share a commit, since the program reads 8 KiB at a time.
fn line(round: u64, n: u64, m: u64) -> String {
    format!("round {round} line {n}.{m} {}\n", "x".repeat(800))
}

#[test]
fn three_hundred_times_kill_9_on_a_writer_lose_nothing_that_was_acknowledged() {
    const ROUNDS: u64 = 300;
    let desk = Desk::with(1);
    let (mut size, mut acknowledged_in_all) = (1, 0);
    for round in 0..ROUNDS {
        let (mut writer, mut input) = Writer::start(&desk);
        let feeder = thread::spawn(move || {
            // Until the pipe breaks, in pieces of different sizes.
            for n in 0.. {
                let lines: String = (0..=(n * 7 + round) % 5).map(|m| line(round, n, m)).collect();
                if input.write_all(lines.as_bytes()).is_err() {
                    break;
                }
            }
        });
        let mut told = Vec::new();
        for _ in 0..1 + round % 17 {
            told.extend(writer.acknowledgement());
        }
        // Not at once after an acknowledgement, but somewhere on the way to the next.
        (0..(round * 7919) % 20_000).for_each(|_| std::hint::spin_loop());
        told.extend(writer.kill());
        feeder.join().unwrap();
        let told = acknowledged(&told);
        assert!(!told.is_empty(), "round {round}: {}", fs::read_to_string(desk.path("said")).unwrap());
        // Numbers without a gap, from where the log stood: nothing was acknowledged twice and nothing passed over.
        assert!(told[0] >= size, "round {round}: {} of {size}", told[0]);
        assert!(told.windows(2).all(|two| two[1] == two[0] + 1), "round {round}: {told:?}");
        if round % 10 == 0 {
            // The copy is never taken for that of a log that was put back.
            desk.reader().verify_all(Some(&fs::read(desk.path("copy")).unwrap())).unwrap();
        }
        desk.reopen();
        let texts = desk.texts_from(size);
        for index in &told {
            assert!(texts[index].starts_with(&format!("round {round} ")), "round {round}: {index} is {}", texts[index]);
        }
        acknowledged_in_all += told.len();
        size = told[told.len() - 1] + 1;
        if round % 50 == 49 {
            good(&desk.impound(&[&ADD[..], &["--text", &format!("round {round} is over")]].concat()).output().unwrap());
            desk.verify();
        }
    }
    good(&desk.impound(&[&ADD[..], &["--text", "last"]].concat()).output().unwrap());
    desk.verify();
    assert!(acknowledged_in_all as u64 > ROUNDS * 5, "{acknowledged_in_all}");
    assert!(desk.reader().checkpoint().size.0 as usize >= acknowledged_in_all);
}

#[test]
fn lines_are_acknowledged_when_they_are_durable_and_a_second_writer_is_refused_while_the_first_lives() {
    let desk = Desk::with(1);
    let (mut writer, mut input) = Writer::start(&desk);
    input.write_all(b"from the first\n").unwrap();
    assert_eq!(writer.acknowledgement(), b"entry 1\n");
    // Published soon, while the writer still lives.
    let begun = Instant::now();
    while desk.reader().checkpoint().size.0 < 2 {
        assert!(begun.elapsed() < Duration::from_secs(60));
        thread::yield_now();
    }
    assert_eq!(desk.texts_from(1)[&1], "from the first");
    let second = desk.impound(&[&ADD[..], &["--text", "from the second"]].concat());
    let refused = desk.fed(second, "");
    assert_eq!(refused.status.code(), Some(5));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("another process is writing this log") && said.contains("help: "), "{said}");
    input.write_all(b"and then\nwithout an end").unwrap();
    drop(input);
    let mut rest = String::new();
    writer.output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "entry 2\nentry 3\n");
    assert!(writer.child.wait().unwrap().success());
    let second = desk.impound(&[&ADD[..], &["--text", "from the second"]].concat()).output().unwrap();
    assert_eq!(good(&second), "entry 4\n");
    assert_eq!(desk.texts_from(3)[&3], "without an end");
    desk.verify();
}

#[test]
fn a_file_that_cannot_grow_is_named_and_nothing_that_was_acknowledged_is_lost() {
    let desk = Desk::with(1);
    let lines: String = (0..400).map(|n| format!("line {n} {}\n", "x".repeat(300))).collect();
    let command = [IMPOUND, &ADD.join(" "), "--lines"].join(" ");
    // The largest file, in blocks of 512 octets: the journal passes it first. Without the signal the write itself fails.
    let limited = desk.command("sh", &["-c", &format!("trap '' XFSZ; ulimit -f 64; exec {command}")]);
    let output = desk.fed(limited, &lines);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("log/") && said.contains("because: "), "{said}");
    let told = acknowledged(&output.stdout);
    assert!(!told.is_empty() && told.len() < 400, "{}", told.len());
    let again = desk.impound(&[&ADD[..], &["--text", "with room again"]].concat()).output().unwrap();
    good(&again);
    let texts = desk.texts_from(0);
    for (n, index) in told.iter().enumerate() {
        assert!(texts[index].starts_with(&format!("line {n} ")), "{index}");
    }
    desk.verify();
}

//! The check of a whole log of a million entries, and one proof from its tiles.
//!
//! `verify [ENTRIES]` makes the log in a temporary directory. What is measured runs in a process of its own (`verify in DIR VKEY`),
//! so that the peak of memory is that of the check, not that of the making.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use impound::audit::LogReader;
use impound::signed_note::VerifierKey;
use impound::tlog::LeafIndex;
use impound_benches::figures::median;
use impound_benches::{Outcome, log};
use sha2::{Digest as _, Sha256};

/// How many entries the log has.
const ENTRIES: u64 = 1_000_000;
/// How often the whole log is verified; the median counts.
const RUNS: usize = 5;
/// How many proofs are made; the median counts.
const PROOFS: u64 = 1001;

const VERIFY_GOAL: Duration = Duration::from_secs(3);
const PROOF_GOAL: Duration = Duration::from_millis(1);
/// Bounded means: not by the length of the log, which takes half a gigabyte on the disk.
const MEMORY_GOAL_MIB: u64 = 64;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [word, dir, key] if word == "in" => measure(Path::new(dir), &[key.parse()?]),
        [entries] => make_and_measure(entries.parse()?),
        _ => make_and_measure(ENTRIES),
    }
}

fn make_and_measure(entries: u64) -> Outcome<()> {
    let dir = tempfile::tempdir()?;
    let public = log::make(dir.path(), entries)?;
    let status = Command::new(std::env::current_exe()?).arg("in").arg(dir.path()).arg(public).status()?;
    if status.success() { Ok(()) } else { Err("the measurement failed".into()) }
}

fn measure(dir: &Path, keys: &[VerifierKey]) -> Outcome<()> {
    let mut checks = Vec::new();
    let mut size = 0;
    for _ in 0..RUNS {
        let start = Instant::now();
        size = LogReader::open(dir, keys)?.verify_all(None)?.size.0;
        checks.push(start.elapsed());
    }
    let check = median(checks);
    // Before anything else is measured: the peak counts from the start of the process.
    let peak = peak_mib()?;
    let (bytes, floor) = hash_all(dir)?;
    println!(
        "{size} entries, {} MiB of entries and tiles, {} cores",
        bytes >> 20,
        std::thread::available_parallelism()?
    );
    println!("verify all: {:.2} s (goal: under {} s)", check.as_secs_f64(), VERIFY_GOAL.as_secs());
    println!("peak memory: {peak} MiB (goal: under {MEMORY_GOAL_MIB} MiB)");
    let ratio = check.as_secs_f64() / floor.as_secs_f64();
    println!("SHA-256 of the same files, one thread: {:.2} s; verify takes {ratio:.2} times that", floor.as_secs_f64());
    let mut proofs = Vec::new();
    for nth in 0..PROOFS {
        let index = LeafIndex(nth * 7_919_999 % size);
        let start = Instant::now();
        LogReader::open(dir, keys)?.prove(index)?;
        proofs.push(start.elapsed());
    }
    println!("one proof: {:.3} ms (goal: under {} ms)", median(proofs).as_secs_f64() * 1e3, PROOF_GOAL.as_millis());
    Ok(())
}

/// The largest share of memory that this process has had (`VmHWM`).
fn peak_mib() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib >> 10)
}

/// Reads every file below `tile` and hashes it: less than that no check of these bytes can do. How many bytes, and how long.
fn hash_all(dir: &Path) -> Outcome<(u64, Duration)> {
    let start = Instant::now();
    let (mut bytes, mut hasher) = (0, Sha256::new());
    let mut open: Vec<PathBuf> = vec![dir.join("tile")];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let read = fs::read(&path)?;
                bytes += read.len() as u64;
                hasher.update(&read);
            }
        }
    }
    std::hint::black_box(hasher.finalize());
    Ok((bytes, start.elapsed()))
}

//! Durable appends: the log beside SQLite, which writes the same octets with the same promise (on the disk when it returns).
//!
//! SQLite runs in WAL mode with `synchronous=FULL`, one INSERT a transaction, statements prepared once. With many writers it
//! is measured in two shapes, and compared in the better one: one connection behind a mutex, and a connection for each
//! writer, where the writers wait for each other inside SQLite. The log takes many writers through its `Appender`.
//!
//! Rounds alternate; what is printed are medians. `append [DIR]`: on which disk, by default that of the temporary files.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use impound::audit::{Actor, Appender, Entry, Kind, Log};
use impound::clock::UtcTime;
use impound::keyring::SecretKey;
use impound::tlog::LeafIndex;
use rusqlite::Connection;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const ROUNDS: usize = 15;
/// A round of one writer. The log is settled after a thousand appends, and SQLite makes a checkpoint after a thousand pages: every
/// round pays for two of each.
const APPENDS: usize = 2048;
const WRITERS: usize = 64;
const EACH: usize = 16;

fn entry() -> Outcome<Entry> {
    let at: UtcTime = "2026-11-22T08:00:00Z".parse()?;
    let text = "The registrar confirmed by telephone that the delegation was changed as ordered, and that the former \
                holder was told at the same time; the officer who called back used the number from the registry.";
    Ok(Entry {
        at,
        actor: Actor { agency: "police.example".into(), key: None, role: "operator".into() },
        authority: Some("order-1".into()),
        step: Some("delegate".into()),
        kind: Kind::Fact,
        action: "note".into(),
        subject: Some("market.example".into()),
        body: BTreeMap::from([("text".into(), serde_json::json!(text))]),
        evidence: Vec::new(),
        tool: "impound 0.1.0".into(),
    })
}

fn key() -> Outcome<SecretKey> {
    Ok(SecretKey::generate("police.example/log".parse()?)?)
}

fn connection(path: &Path) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(60))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch("CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")?;
    Ok(connection)
}

fn insert(connection: &Connection, bytes: &[u8]) -> Outcome<()> {
    connection.prepare_cached("INSERT INTO entry (bytes) VALUES (?1)")?.execute([bytes])?;
    Ok(())
}

/// Seconds for each of `count` things that `work` does.
fn time(count: usize, work: impl FnOnce() -> Outcome<()>) -> Outcome<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64() / count as f64)
}

/// Processor seconds of this process so far, user and system, in steps of 10 ms.
fn cpu_seconds() -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let behind = stat.rsplit(')').next().unwrap_or_default();
    // proc(5): utime and stime are fields 14 and 15, in ticks of which Linux shows 100 a second.
    let ticks = behind.split_whitespace().skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / 100.0)
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn at_once(work: impl Fn() -> Outcome<()> + Clone + Send + 'static) -> Outcome<()> {
    let threads: Vec<_> = (0..WRITERS).map(|_| thread::spawn(work.clone())).collect();
    threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a writer panicked")?)
}

/// One thing that is measured: its name, and one round of it.
struct Contender<'c> {
    name: &'static str,
    round: Box<dyn FnMut() -> Outcome<f64> + 'c>,
}

/// Runs the rounds in turn; the medians in milliseconds.
fn measure(title: &str, mut contenders: Vec<Contender<'_>>) -> Outcome<Vec<f64>> {
    println!("{title}");
    let mut seconds = vec![Vec::new(); contenders.len()];
    let mut cpu = vec![0.0; contenders.len()];
    for _ in 0..ROUNDS {
        for (place, contender) in contenders.iter_mut().enumerate() {
            let before = cpu_seconds()?;
            seconds[place].push((contender.round)()?);
            cpu[place] += cpu_seconds()? - before;
        }
    }
    let medians: Vec<f64> = seconds.into_iter().map(|one| median(one) * 1000.0).collect();
    for ((contender, median), cpu) in contenders.iter().zip(&medians).zip(cpu) {
        println!(
            "  {:<34} {median:>8.3} ms an append, {:>8.0} a second, {cpu:.2} s cpu",
            contender.name,
            1000.0 / median
        );
    }
    Ok(medians)
}

fn one_writer(dir: &Path, bytes: &[u8]) -> Outcome<()> {
    let mut log = Log::create(&dir.join("log-1"), key()?)?;
    let sqlite = connection(&dir.join("one.sqlite"))?;
    let entry = entry()?;
    let one = [entry];
    let medians = measure(
        "1 writer",
        vec![
            Contender {
                name: "log",
                round: Box::new(|| time(APPENDS, || (0..APPENDS).try_for_each(|_| Ok(log.append(&one).map(drop)?)))),
            },
            Contender {
                name: "SQLite",
                round: Box::new(|| time(APPENDS, || (0..APPENDS).try_for_each(|_| insert(&sqlite, bytes)))),
            },
        ],
    )?;
    println!("  log / SQLite {:.3}\n", medians[0] / medians[1]);
    Ok(())
}

fn many_writers(dir: &Path, bytes: &[u8]) -> Outcome<()> {
    let (appender, _thread) = Appender::start(Log::create(&dir.join("log-64"), key()?)?)?;
    let shared = Arc::new(Mutex::new(connection(&dir.join("shared.sqlite"))?));
    let separate = dir.join("separate.sqlite");
    drop(connection(&separate)?);
    let (entry, bytes) = (entry()?, Arc::new(bytes.to_vec()));
    let all = WRITERS * EACH;
    let through_log = || {
        let (appender, entry) = (appender.clone(), entry.clone());
        time(all, || at_once(move || (0..EACH).try_for_each(|_| Ok(appender.append(vec![entry.clone()]).map(drop)?))))
    };
    let through_one = || {
        let (shared, bytes) = (Arc::clone(&shared), Arc::clone(&bytes));
        let insert = move || insert(&*shared.lock().map_err(|_| "a writer panicked")?, &bytes);
        time(all, || at_once(move || (0..EACH).try_for_each(|_| insert())))
    };
    let through_many = || {
        let (path, bytes) = (separate.clone(), Arc::clone(&bytes));
        let write = move || {
            let own = connection(&path)?;
            (0..EACH).try_for_each(|_| insert(&own, &bytes))
        };
        time(all, || at_once(write))
    };
    let medians = measure(
        "64 writers",
        vec![
            Contender { name: "log", round: Box::new(through_log) },
            Contender { name: "SQLite, one shared connection", round: Box::new(through_one) },
            Contender { name: "SQLite, a connection each", round: Box::new(through_many) },
        ],
    )?;
    println!("  log / SQLite at its best {:.3}\n", medians[0] / medians[1].min(medians[2]));
    Ok(())
}

fn grown(dir: PathBuf, size: u64) -> Outcome<Log> {
    const BATCH: u64 = 10_000;
    let mut log = Log::create(&dir, key()?)?;
    let batch = vec![entry()?; BATCH as usize];
    while log.size().0 < size {
        let left = size - log.size().0;
        log.append(&batch[..left.min(BATCH) as usize])?;
    }
    Ok(log)
}

fn by_size(dir: &Path) -> Outcome<()> {
    let (mut small, mut large) = (grown(dir.join("small"), 1_000)?, grown(dir.join("large"), 1_000_000)?);
    let one = [entry()?];
    let round = |log: &mut Log| time(APPENDS, || (0..APPENDS).try_for_each(|_| Ok(log.append(&one).map(drop)?)));
    let medians = measure(
        "1 writer, by the size of the log",
        vec![
            Contender { name: "1,000 entries", round: Box::new(|| round(&mut small)) },
            Contender { name: "1,000,000 entries", round: Box::new(|| round(&mut large)) },
        ],
    )?;
    println!("  large / small {:.3}", medians[1] / medians[0]);
    Ok(())
}

fn main() -> Outcome<()> {
    let place = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let dir = tempfile::tempdir_in(place)?;
    let bytes = entry()?.to_bytes(LeafIndex(1000))?;
    println!("entries of {} octets, {ROUNDS} alternating rounds, medians\n", bytes.len());
    one_writer(dir.path(), &bytes)?;
    many_writers(dir.path(), &bytes)?;
    by_size(dir.path())
}

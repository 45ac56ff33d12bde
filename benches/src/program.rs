//! The program itself, run as a process: how long it took, and the most memory it had.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::Outcome;

/// One run of a process.
#[derive(Debug, Clone)]
pub struct Run {
    pub wall: Duration,
    /// User and system time together.
    pub processor: Duration,
    /// The largest share of memory that it had.
    pub peak_mib: u64,
    pub output: Vec<u8>,
}

impl Run {
    /// `3.14 s, 3.00 s CPU, 512 MiB`
    pub fn told(&self) -> String {
        let (wall, processor) = (self.wall.as_secs_f64(), self.processor.as_secs_f64());
        format!("{wall:.2} s, {processor:.2} s CPU, {} MiB", self.peak_mib)
    }
}

/// `impound`, which `benches/run` builds beside the measurements.
pub fn impound() -> Outcome<PathBuf> {
    let beside = std::env::current_exe()?.with_file_name("impound");
    if beside.is_file() { Ok(beside) } else { Err(format!("{} is missing: use benches/run", beside.display()).into()) }
}

/// Runs the program to its end. A process starts with the memory of its parent on its account, so the parent must be small.
pub fn run(arguments: &[&str]) -> Outcome<Run> {
    let start = Instant::now();
    let mut child = Command::new(impound()?).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let (mut out, mut err) = (child.stdout.take().ok_or("no output")?, child.stderr.take().ok_or("no messages")?);
    let messages = std::thread::spawn(move || std::io::copy(&mut err, &mut errors).map(|_| errors));
    std::io::copy(&mut out, &mut output)?;
    let used = child.wait4()?;
    let wall = start.elapsed();
    let messages = messages.join().map_err(|_| "the messages were not read")??;
    if !used.status.success() {
        let messages = String::from_utf8_lossy(&messages).into_owned();
        return Err(format!("impound {}: {}\n{messages}", arguments.join(" "), used.status).into());
    }
    let usage = used.rusage;
    Ok(Run { wall, processor: usage.utime + usage.stime, peak_mib: usage.maxrss >> 20, output })
}

/// A server that runs until this is dropped.
pub struct Server {
    child: Child,
    /// What it said first on its output, without the line's end.
    pub said: String,
    /// From the start until it said so.
    pub ready: Duration,
}

impl Server {
    /// Starts it and waits for its first line.
    pub fn start(arguments: &[&str]) -> Outcome<Self> {
        let start = Instant::now();
        let mut child =
            Command::new(impound()?).args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut said = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut said)?;
        Ok(Self { child, said: said.trim_end().to_owned(), ready: start.elapsed() })
    }

    /// Bytes of memory that it has now (`VmRSS`) and had at most (`VmHWM`).
    pub fn memory(&self) -> Outcome<(u64, u64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let bytes = |field: &str| -> Outcome<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(field)).ok_or("no such line")?;
            Ok(line.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<u64>()? << 10)
        };
        Ok((bytes("VmRSS")?, bytes("VmHWM")?))
    }

    /// Processor time so far, user and system, in the hundredths of a second that Linux tells programs (`USER_HZ`).
    pub fn processor(&self) -> Outcome<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The program's name, in brackets, may hold spaces; the 14th and 15th field stand behind it.
        let (_, fields) = stat.rsplit_once(") ").ok_or("no fields")?;
        let ticks = fields.split(' ').skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        Ok(Duration::from_millis(ticks * 10))
    }

    /// The regular files that it has open.
    pub fn open_files(&self) -> Outcome<usize> {
        let links = fs::read_dir(format!("/proc/{}/fd", self.child.id()))?;
        let paths = links.filter_map(|link| fs::read_link(link.ok()?.path()).ok());
        Ok(paths.filter(|path| path.is_file()).count())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

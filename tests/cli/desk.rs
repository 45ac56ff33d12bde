//! A place to work at: a directory, a clock that stands still, a network or none, and what was printed.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use impound::cli::{self, Env, Exit};
use impound::clock::{Clock, SimulatedClock, UtcTime};
use impound::columns::COLUMNS;
use impound::keyring::Passphrase;
use impound::observe::Network;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::watch;

/// When every test begins.
pub const MORNING: &str = "2026-11-22T08:00:00Z";

/// Far longer than any command of a test takes, so that one that never ends fails.
const ENDLESS: Duration = Duration::from_secs(120);

/// A directory, a clock and a network. In every command line `{}` stands for the directory.
pub struct Desk {
    dir: Arc<TempDir>,
    pub clock: SimulatedClock,
    /// What commands wait with; the clock itself unless something shall happen while they wait.
    pub waits: Arc<dyn Clock>,
    /// Without one, nothing outside can be reached: a simulated network with nothing on it.
    pub network: Network,
    /// What is answered when a passphrase is asked for, first to last; then nobody answers.
    pub passphrases: Vec<&'static str>,
    /// Whether results are read on a terminal, of 80 columns.
    pub terminal: bool,
    /// The socket of an ssh-agent.
    pub agent: Option<PathBuf>,
}

/// What a command printed, as far as it has come; others may wait for more of it.
#[derive(Clone)]
pub struct Printed(Arc<watch::Sender<Vec<u8>>>);

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub exit: Exit,
    pub output: String,
    pub messages: String,
}

/// A command line, word by word.
fn words(line: &str, dir: &Path) -> Vec<OsString> {
    let place = dir.display().to_string();
    let words = line.split_whitespace().map(|word| word.replace("{}", &place).into());
    std::iter::once("impound".into()).chain(words).collect()
}

impl Desk {
    pub fn new() -> Self {
        let morning: UtcTime = MORNING.parse().unwrap();
        let clock = SimulatedClock::new(morning);
        Self {
            dir: Arc::new(tempfile::tempdir().unwrap()),
            waits: Arc::new(clock.clone()),
            clock,
            network: Network::simulated(&[]),
            passphrases: Vec::new(),
            terminal: false,
            agent: None,
        }
    }

    /// Another one at the same place, for a command that runs beside others.
    pub fn twin(&self) -> Self {
        Self {
            dir: Arc::clone(&self.dir),
            clock: self.clock.clone(),
            waits: Arc::clone(&self.waits),
            network: self.network.clone(),
            passphrases: self.passphrases.clone(),
            terminal: self.terminal,
            agent: self.agent.clone(),
        }
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Copies a directory as it is at this moment, in place of what is there.
    pub fn copy_dir(&self, from: &str, to: &str) {
        let _ = fs::remove_dir_all(self.path(to));
        copy(&self.path(from), &self.path(to));
    }

    /// Replaces text that must be in the file.
    pub fn edit(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert!(text.contains(old), "{name} has no `{old}`");
        self.write(name, text.replacen(old, new, 1));
    }

    /// Runs a command at which nobody sits.
    pub async fn run(&self, line: &str) -> Ended {
        self.run_with(line, None).await
    }

    /// Runs a command that must end with 0; what it printed as its result.
    pub async fn ok(&self, line: &str) -> String {
        let ended = self.run(line).await;
        assert_eq!(ended.exit, Exit::Ok, "{line}\n{ended}");
        ended.output
    }

    /// Runs a command that prints JSON with a version; the JSON.
    pub async fn json(&self, line: &str) -> Value {
        let ended = self.run(&format!("{line} --format json")).await;
        let value: Value =
            serde_json::from_str(&ended.output).unwrap_or_else(|error| panic!("{line}: {error}\n{ended}"));
        assert_eq!(value["version"], 1, "{line}\n{value:#}");
        value
    }

    /// Runs a command with somebody at the keyboard.
    pub async fn run_with(&self, line: &str, person: Option<crate::person::Decide<'_>>) -> Ended {
        let (_stopper, stop) = watch::channel(false);
        let (output, messages) = (Printed::new(), Printed::new());
        // Boxed: a test with many commands has one such future for each on its small stack.
        let run = Box::pin(self.run_until(line, person, output.clone(), messages.clone(), stop));
        let ended = tokio::time::timeout(ENDLESS, run).await;
        let exit = ended.unwrap_or_else(|_| panic!("{line}: does not end\n{}", messages.text()));
        Ended { exit, output: output.text(), messages: messages.text() }
    }

    /// Runs a command whose streams and Ctrl-C are in somebody else's hands.
    pub async fn run_until(
        &self,
        line: &str,
        person: Option<crate::person::Decide<'_>>,
        mut output: Printed,
        mut messages: Printed,
        stop: watch::Receiver<bool>,
    ) -> Exit {
        let interactive = person.is_some();
        let mut nobody = io::empty();
        let mut somebody = person.map(|decide| crate::person::Person::new(messages.clone(), decide));
        let input: &mut dyn BufRead = match &mut somebody {
            Some(person) => person,
            None => &mut nobody,
        };
        let known = Mutex::new(self.passphrases.iter());
        let mut env = Env {
            clock: Arc::clone(&self.waits),
            network: Some(self.network.clone()),
            input,
            output: &mut output,
            messages: &mut messages,
            interactive,
            terminal: self.terminal,
            columns: COLUMNS,
            colour: false,
            passphrase: &mut |_| {
                let next = known.lock().unwrap().next().map(|text| Passphrase::new((*text).to_owned()));
                next.ok_or_else(|| io::Error::other("nobody is there to give a passphrase"))
            },
            agent: self.agent.clone(),
            stop,
        };
        cli::run(words(line, self.dir()), &mut env).await
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

impl Printed {
    pub fn new() -> Self {
        Self(Arc::new(watch::channel(Vec::new()).0))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }

    /// Done once the text is there.
    pub async fn wait_for(&self, text: &str) -> String {
        let there = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).contains(text);
        self.0.subscribe().wait_for(there).await.unwrap();
        self.text()
    }
}

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send_modify(|so_far| so_far.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Ended {
    /// Ended with this code, and said this among its messages.
    pub fn must(&self, exit: Exit, message: &str) {
        assert_eq!(self.exit, exit, "{self}");
        assert!(self.messages.contains(message), "no `{message}` in\n{self}");
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit {:?}\n--- output\n{}\n--- messages\n{}", self.exit, self.output, self.messages)
    }
}

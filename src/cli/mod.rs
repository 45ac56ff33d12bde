//! The command line. Everything it touches is handed in, so that tests run it whole inside their own process.

mod approve;
mod args;
mod check;
mod entry_proof;
mod explain;
mod exit;
mod fetched_keys;
mod init;
mod kept;
mod kit_lists;
mod key_list;
mod keys;
mod lint;
mod log;
mod look;
mod manual;
mod notice;
mod open;
mod partners;
mod pending;
mod plan;
mod progress;
mod published_keys;
mod proofs;
mod record;
mod rehearse;
mod report;
mod run;
mod serve;
mod site;
mod plan_file;
mod table;
mod terminal;
mod verify;
mod witnesses;

pub use args::{Arguments, Command, Format};
pub use exit::{Exit, Failure};

use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::keyring::Passphrase;
use crate::observe::Network;
use exit::OrFail;

/// What a command may touch.
pub struct Env<'a> {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The network; `None`: this machine's own, with the resolvers of the playbook or of the machine.
    pub network: Option<Network>,
    /// Answers to questions.
    pub input: &'a mut dyn BufRead,
    /// Results, and nothing else.
    pub output: &'a mut dyn Write,
    /// Progress and errors.
    pub messages: &'a mut dyn Write,
    /// Whether a person sits at the input; without one, a question is answered with "later".
    pub interactive: bool,
    /// Whether results are read on a terminal, and not by a program or from a file.
    pub terminal: bool,
    /// How wide tables may be.
    pub columns: usize,
    /// Whether messages may be coloured, and with them results that are read on a terminal.
    pub colour: bool,
    /// Asks for a passphrase without showing it.
    pub passphrase: &'a mut dyn FnMut(&str) -> io::Result<Passphrase>,
    /// The socket of an ssh-agent, if there is one.
    pub agent: Option<PathBuf>,
    /// Becomes true when the user presses Ctrl-C.
    pub stop: watch::Receiver<bool>,
}

impl Env<'_> {
    /// Prints a result.
    fn print(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        self.output.write_all(text.as_ref().as_bytes()).and_then(|()| self.output.flush()).or_fail(Exit::Environment)
    }

    /// Prints the lines of a check; what failed stands out on a terminal.
    fn print_checks(&mut self, text: impl AsRef<str>) -> Result<(), Failure> {
        match self.terminal && self.colour {
            true => self.print(failures_marked(text.as_ref())),
            false => self.print(text),
        }
    }

    /// Prints a result as JSON.
    fn print_json(&mut self, value: &serde_json::Value) -> Result<(), Failure> {
        self.print(format!("{value:#}\n"))
    }

    /// Says how it goes. That nobody listens is no reason to stop.
    fn say(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(self.messages, "{}", text.as_ref());
    }
}

/// Lines that begin with the word for what failed, in which that word is bold and red (ECMA-48, SGR 1, 31 and 0).
fn failures_marked(text: &str) -> String {
    let marked = |line: &str| {
        let word = ["FAIL", "NOT VERIFIED"].into_iter().find(|word| line.starts_with(word));
        let rest = word.and_then(|word| Some((word, line.strip_prefix(word)?)));
        rest.map_or_else(|| line.to_owned(), |(word, rest)| format!("\x1b[1;31m{word}\x1b[0m{rest}"))
    };
    text.split_inclusive('\n').map(marked).collect()
}

/// Runs one command line; its result is the exit code.
pub async fn run(arguments: impl IntoIterator<Item = OsString>, env: &mut Env<'_>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, env),
    };
    let format = arguments.format;
    match carry_out(arguments, env).await {
        Ok(exit) => exit,
        Err(failure) if failure.is_broken_pipe() => Exit::Ok,
        Err(failure) => {
            env.say(failure.to_string());
            if format == Format::Json {
                // Whoever reads the results by program learns there that there are none. Nobody is left to be told if this fails.
                let _ = env.print_json(&failure.to_json());
            }
            failure.exit
        }
    }
}

/// `--help` and `--version` are results; everything else is a message.
fn usage(error: &clap::Error, env: &mut Env<'_>) -> Exit {
    let text = error.render();
    let shown = if env.colour { text.ansi().to_string() } else { text.to_string() };
    if error.use_stderr() {
        let _ = write!(env.messages, "{shown}");
        Exit::Usage
    } else {
        let _ = write!(env.output, "{text}");
        Exit::Ok
    }
}

async fn carry_out(arguments: Arguments, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let format = arguments.format;
    match arguments.command {
        Command::Init(arguments) => init::run(&arguments, format, env),
        Command::Lint(arguments) => lint::run(&arguments, format, env),
        Command::Plan(arguments) => plan::run(&arguments, format, env).await,
        Command::Approve(arguments) => approve::run(&arguments, format, env),
        Command::Check(arguments) => check::run(&arguments, format, env).await,
        Command::Notice(command) => notice::run(&command, format, env).await,
        Command::Serve(arguments) => serve::run(&arguments, env).await,
        Command::Run(arguments) => run::run(&arguments, format, env).await,
        Command::Rehearse(arguments) => rehearse::run(&arguments, format, env).await,
        Command::Verify(arguments) => verify::run(&arguments, format, env).await,
        Command::Log(command) => log::run(&command, format, env).await,
        Command::Report(arguments) => report::run(&arguments, format, env),
        Command::Key(command) => keys::run(&command, format, env).await,
        Command::Explain(arguments) => explain::run(&arguments, format, env),
        Command::Completions(arguments) => manual::completions(&arguments, env),
        Command::Man(arguments) => manual::pages(&arguments, env),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_failed_is_marked_and_nothing_of_the_text_is_lost() {
        let text = "pass  a\nFAIL  b: FAIL\nNOT VERIFIED\n  FAIL";
        let marked = failures_marked(text);
        assert_eq!(marked, "pass  a\n\x1b[1;31mFAIL\x1b[0m  b: FAIL\n\x1b[1;31mNOT VERIFIED\x1b[0m\n  FAIL");
    }
}

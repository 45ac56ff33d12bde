//! How a command ends: the exit code, and what is said when it could not do its work.

use std::error::Error;
use std::fmt;
use std::io::ErrorKind;

/// The exit codes; the README has the same table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// All well.
    Ok = 0,
    /// The command did its work and found something.
    Findings = 1,
    /// Wrong usage, or a playbook with errors.
    Usage = 2,
    /// Authority, approval or policy says no.
    Refused = 3,
    /// A signature, digest or proof does not hold.
    NotVerified = 4,
    /// Network, disk or permissions prevented an answer.
    Environment = 5,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub struct Failure {
    /// With which code the program ends.
    pub exit: Exit,
    cause: Box<dyn Error + Send + Sync>,
    help: Option<String>,
}

impl Failure {
    /// A failure with its cause.
    pub fn new(exit: Exit, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { exit, cause: cause.into(), help: None }
    }

    /// Whether the reader of the results has gone, as `head` does; there is nobody to tell.
    pub(super) fn is_broken_pipe(&self) -> bool {
        let is_pipe = |error: &std::io::Error| error.kind() == ErrorKind::BrokenPipe;
        self.causes().any(|error| error.downcast_ref().is_some_and(is_pipe))
    }

    /// The cause, then what it comes from, and so on.
    fn causes(&self) -> impl Iterator<Item = &(dyn Error + 'static)> {
        let mut next: Option<&(dyn Error + 'static)> = Some(self.cause.as_ref());
        std::iter::from_fn(move || {
            let cause = next?;
            next = cause.source();
            Some(cause)
        })
    }

    /// The cause and its own causes in one line.
    pub(super) fn in_one_line(&self) -> String {
        self.causes().map(ToString::to_string).collect::<Vec<_>>().join(": ")
    }

    /// The cause, its own causes, and the help, for programs.
    pub(super) fn to_json(&self) -> serde_json::Value {
        let causes = self.causes().skip(1);
        serde_json::json!({
            "version": 1,
            "error": {
                "text": self.cause.to_string(),
                "because": causes.map(ToString::to_string).collect::<Vec<_>>(),
                "help": self.advice(),
                "exit": self.exit as u8,
            },
        })
    }

    /// What the user can do about it: what was said with it, or what there is to say wherever a file has no room.
    fn advice(&self) -> Option<&str> {
        let kind = |error: &(dyn Error + 'static)| error.downcast_ref().map(std::io::Error::kind);
        self.help.as_deref().or_else(|| self.causes().filter_map(kind).find_map(no_room))
    }

    /// With what the user can do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Failure {
    /// The cause and its own causes, one a line, then the help.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.cause)?;
        for cause in self.causes().skip(1) {
            write!(f, "\n  because: {cause}")?;
        }
        if let Some(help) = self.advice() {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// What to do where a file has no room.
fn no_room(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some("make room, or name a place on another disk"),
        ErrorKind::FileTooLarge => {
            Some("files may not grow that large here: see `ulimit -f`, or name a place on another file system")
        }
        _ => None,
    }
}

/// Shorthand for turning an error into a failure with a code.
pub trait OrFail<T> {
    /// The value, or a failure with this code.
    fn or_fail(self, exit: Exit) -> Result<T, Failure>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> OrFail<T> for Result<T, E> {
    fn or_fail(self, exit: Exit) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(exit, error))
    }
}

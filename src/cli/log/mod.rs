//! `impound log`: one file for each of its commands.

mod disclose;
mod export;
mod prove;
mod show;
mod verify;

pub(super) use prove::entry;

use super::args::{Format, Log};
use super::{Env, Exit, Failure};

/// Reads, checks and keeps a log.
pub(super) fn run(command: &Log, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match command {
        Log::Export(arguments) => export::run(arguments, env),
        Log::Prove(arguments) => prove::run(arguments, format, env),
        Log::Show(arguments) => show::run(arguments, format, env),
        Log::Verify(arguments) => verify::run(arguments, format, env),
    }
}

//! `impound log`: one file for each of its commands.

mod add;
mod anchor;
mod anchors;
mod beside;
mod clear;
mod disclose;
mod erase;
mod export;
mod line;
mod prove;
mod show;
pub(super) mod verify;
mod witness;

pub(super) use anchors::{authorities as tsa_authorities, broken as stamps_failure};
pub(super) use prove::entry;

use super::args::{Format, Log};
use super::{Env, Exit, Failure};

/// Reads, checks and keeps a log.
pub(super) async fn run(command: &Log, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match command {
        Log::Export(arguments) => export::run(arguments, env),
        Log::Prove(arguments) => prove::run(arguments, format, env),
        Log::Show(arguments) => show::run(arguments, format, env),
        Log::Verify(arguments) => verify::run(arguments, format, env),
        Log::Anchor(arguments) => anchor::run(arguments, format, env).await,
        Log::Add(arguments) => add::run(arguments, format, env).await,
        Log::Erase(arguments) => erase::run(arguments, format, env).await,
        Log::Witness(arguments) => witness::run(arguments, env).await,
    }
}

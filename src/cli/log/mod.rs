//! `impound log`: one file for each of its commands.

mod anchor;
mod anchors;
mod show;
mod verify;

use super::args::{Format, Log};
use super::{Env, Exit, Failure};

/// Reads, checks and keeps a log.
pub(super) async fn run(command: &Log, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match command {
        Log::Show(arguments) => show::run(arguments, format, env),
        Log::Verify(arguments) => verify::run(arguments, format, env),
        Log::Anchor(arguments) => anchor::run(arguments, format, env).await,
    }
}

//! `impound report`.

use super::args::{Format, LogArg};
use super::{Env, Exit, Failure, open};
use crate::report::{Retold, text};

/// Retells the operation from its log, which is verified whole first.
pub(super) fn run(arguments: &LogArg, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let entries = open::told_entries(arguments)?;
    let retold = Retold::of(&entries);
    match format {
        Format::Text => env.print(text(&retold))?,
        Format::Json => env.print_json(&retold.json())?,
    }
    Ok(Exit::Ok)
}

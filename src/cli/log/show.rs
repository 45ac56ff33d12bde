//! `impound log show`.

use crate::cli::args::{Format, LogArg};
use crate::cli::open::{told_entries, verified_entries};
use crate::cli::{Env, Exit, Failure};
use crate::report::{Moment, line};

/// One line an entry; the log is verified whole first. As JSON, the entries exactly as they were written.
pub(super) fn run(arguments: &LogArg, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match format {
        Format::Text => told_entries(arguments)?.iter().try_for_each(|told| env.print(line(&Moment::of(told))))?,
        Format::Json => {
            for recorded in verified_entries(arguments)? {
                let bytes =
                    recorded.entry.to_bytes(recorded.seq).map_err(|error| Failure::new(Exit::NotVerified, error))?;
                env.print(format!("{}\n", String::from_utf8_lossy(&bytes)))?;
            }
        }
    }
    Ok(Exit::Ok)
}

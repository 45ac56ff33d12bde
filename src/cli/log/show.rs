//! `impound log show`.

use crate::cli::args::{Format, LogArg};
use crate::cli::open::{alarmed, audit_failure, openings, told, verified_log};
use crate::cli::{Env, Exit, Failure};
use crate::report::{Moment, line};

/// One line an entry; the log is verified whole first. As JSON, the entries exactly as they were written.
/// Nothing is read here but the entries, and that is said.
pub(super) fn run(arguments: &LogArg, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let openings = openings(arguments)?;
    // Verified before the first line is printed, and read again for each: a long log is not held in memory.
    for recorded in verified_log(arguments)?.entries().map_err(audit_failure)? {
        let recorded = recorded.map_err(audit_failure)?;
        let line = match format {
            Format::Text => line(&Moment::of(&told(recorded, Some(&openings))?)),
            Format::Json => {
                let bytes =
                    recorded.entry.to_bytes(recorded.seq).map_err(|error| Failure::new(Exit::NotVerified, error))?;
                format!("{}\n", String::from_utf8_lossy(&bytes))
            }
        };
        env.print(line)?;
    }
    env.say("note: the evidence files were not looked at; `impound log verify` and `impound report` check them");
    alarmed(&arguments.dir, env)
}

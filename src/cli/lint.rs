//! `impound lint`.

use super::args::{Format, PlaybookArg};
use super::open::load_failure;
use super::{Env, Exit, Failure};
use crate::playbook::load;

/// Tells every problem. Errors end with 2, warnings alone with 1.
pub(super) fn run(arguments: &PlaybookArg, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let loaded = load(&arguments.playbook).map_err(load_failure)?.at(env.clock.now());
    match format {
        Format::Json => env.print_json(&loaded.to_json())?,
        Format::Text if loaded.problems.is_empty() => env.print("no problems\n")?,
        Format::Text => {
            env.print(format!("{}\n", loaded.render(env.colour && env.terminal)))?;
            env.say("`impound explain CODE` says more about each");
        }
    }
    Ok(match (loaded.has_errors(), loaded.problems.is_empty()) {
        (true, _) => Exit::Usage,
        (false, false) => Exit::Findings,
        (false, true) => Exit::Ok,
    })
}

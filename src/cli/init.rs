//! `impound init`.

use serde_json::json;

use super::args::{Format, Init};
use super::{Env, Exit, Failure};
use crate::playbook::{ScaffoldError, scaffold};

/// Writes a new operation and says what to do next.
pub(super) fn run(arguments: &Init, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let files = scaffold(&arguments.dir, env.clock.now()).map_err(|error| match &error {
        ScaffoldError::NotEmpty { .. } => Failure::new(Exit::Usage, error).help("name an empty or new directory"),
        ScaffoldError::Write(_) | ScaffoldError::Directory { .. } => Failure::new(Exit::Environment, error),
    })?;
    match format {
        Format::Text => files.iter().try_for_each(|file| env.print(format!("{}\n", file.display())))?,
        Format::Json => env.print_json(&json!({"version": 1, "files": files}))?,
    }
    env.say(format!("next: edit playbook.toml, then run `impound lint {}`", arguments.dir.display()));
    env.say("  one warning, P101, stays until a person who has read the page vouches for it: see reviewed-by in the playbook");
    Ok(Exit::Ok)
}

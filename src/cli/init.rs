//! `impound init`.

use super::args::Init;
use super::{Env, Exit, Failure};
use crate::playbook::{ScaffoldError, scaffold};

/// Writes a new operation and says what to do next.
pub(super) fn run(arguments: &Init, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let files = scaffold(&arguments.dir, env.clock.now()).map_err(|error| match &error {
        ScaffoldError::NotEmpty { .. } => Failure::new(Exit::Usage, error).help("name an empty or new directory"),
        ScaffoldError::Write(_) | ScaffoldError::Directory { .. } => Failure::new(Exit::Environment, error),
    })?;
    for file in files {
        env.print(format!("{}\n", file.display()))?;
    }
    env.say(format!("next: edit playbook.toml, then run `impound lint {}`", arguments.dir.display()));
    Ok(Exit::Ok)
}

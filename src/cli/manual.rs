//! `impound completions` and `impound man`.

use clap::CommandFactory;

use super::args::{Arguments, Completions, Man};
use super::exit::OrFail;
use super::{Env, Exit, Failure};
use crate::whole_file::WriteError;

/// Prints a completion script.
pub(super) fn completions(arguments: &Completions, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "impound", &mut script);
    env.output.write_all(&script).or_fail(Exit::Environment)?;
    Ok(Exit::Ok)
}

/// Writes one page for the program and one for each command.
pub(super) fn pages(arguments: &Man, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let unwritable = |source| WriteError::Unwritable { path: arguments.dir.clone(), source };
    std::fs::create_dir_all(&arguments.dir).map_err(unwritable).or_fail(Exit::Environment)?;
    clap_mangen::generate_to(Arguments::command(), &arguments.dir).map_err(unwritable).or_fail(Exit::Environment)?;
    env.say(format!("wrote the manual pages to {}", arguments.dir.display()));
    Ok(Exit::Ok)
}

//! `impound log witness`.

use std::sync::Arc;

use crate::cli::args::LogWitness;
use crate::cli::exit::OrFail;
use crate::cli::open::{read_exit, unlock, verifier_key};
use crate::cli::serve::serve_failure;
use crate::cli::{Env, Exit, Failure};
use crate::keyring::Role;
use crate::serve::bind;
use crate::signed_note::{KeyName, VerifierKey};
use crate::witness::{Witness, WitnessError, serve};
use crate::words::counted;

/// Cosigns until Ctrl-C.
pub(super) async fn run(arguments: &LogWitness, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let logs: Vec<VerifierKey> = arguments.log.iter().map(|text| verifier_key(text)).collect::<Result<_, _>>()?;
    let first: Vec<KeyName> =
        arguments.first_start.iter().map(|name| name.parse()).collect::<Result<_, _>>().or_fail(Exit::Usage)?;
    let key = unlock(&arguments.key, Role::Witness, env)?;
    let witness = Witness::open(&arguments.state, key, &logs, &first).map_err(witness_failure)?;
    let listener = bind(arguments.listen).await.map_err(serve_failure)?;
    env.print(format!("http://{}/\n", listener.local_addr().or_fail(Exit::Environment)?))?;
    env.say(format!(
        "{} witnesses {}; Ctrl-C stops",
        witness.verifier().name(),
        counted(logs.len() as u64, "log", "logs")
    ));
    let mut stop = env.stop.clone();
    let stopped = async move {
        // A sender that is gone can never say stop: then the witness runs until it is killed.
        if stop.wait_for(|stop| *stop).await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    serve(Arc::new(witness), Arc::clone(&env.clock), listener, stopped).await;
    env.say("stopped");
    Ok(Exit::Ok)
}

/// The exit code of a witness that does not start, and what to do.
fn witness_failure(error: WitnessError) -> Failure {
    use WitnessError as E;
    let exit = match &error {
        E::NotAWitness { .. } | E::NoLogs | E::FirstOfNone { .. } => Exit::Usage,
        E::StateMissing { .. } | E::NotFirst { .. } => Exit::Refused,
        E::Damaged { .. } => Exit::NotVerified,
        E::Read(error) => read_exit(error),
        E::Locked { .. } | E::Directory { .. } | E::Write(_) => Exit::Environment,
    };
    let help = match &error {
        E::StateMissing { origin, .. } => {
            Some(format!("put the newest state back; if this log was never witnessed here, add --first-start {origin}"))
        }
        E::NotFirst { .. } => Some("start it without --first-start".to_owned()),
        E::Damaged { .. } => Some("put the newest state back, and tell the log's operator".to_owned()),
        E::FirstOfNone { .. } => Some("write the log's name as it stands in its verifier key".to_owned()),
        _ => None,
    };
    let failure = Failure::new(exit, error);
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

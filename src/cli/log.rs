//! `impound log`.

use serde_json::json;

use super::args::{Format, Log, LogArg, LogVerify};
use super::open::{audit_failure, read_bounded, verified_log};
use super::run::EVIDENCE;
use super::{Env, Exit, Failure};
use crate::audit::EvidenceStore;
use crate::report::{Moment, line};
use crate::signed_note::NOTE_MAX_BYTES;

/// Shows or verifies a log.
pub(super) fn run(command: &Log, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match command {
        Log::Show(arguments) => show(arguments, format, env),
        Log::Verify(arguments) => verify(arguments, format, env),
    }
}

/// One line an entry; the log is verified whole first. As JSON, the entries exactly as they were written.
fn show(arguments: &LogArg, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    for recorded in verified_log(arguments, None)?.entries {
        let line = match format {
            Format::Text => line(&Moment::of(&recorded)),
            Format::Json => {
                let bytes =
                    recorded.entry.to_bytes(recorded.seq).map_err(|error| Failure::new(Exit::NotVerified, error))?;
                format!("{}\n", String::from_utf8_lossy(&bytes))
            }
        };
        env.print(line)?;
    }
    Ok(Exit::Ok)
}

fn verify(arguments: &LogVerify, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let older = arguments.since.as_deref().map(|path| read_bounded(path, NOTE_MAX_BYTES)).transpose()?;
    let log = verified_log(&arguments.log, older.as_deref())?;
    let checkpoint = log.reader.checkpoint();
    let evidence = arguments.log.dir.join(EVIDENCE);
    let cited = evidence.is_dir().then(|| log.reader.verify_evidence(&EvidenceStore::new(&evidence)));
    let cited = cited.transpose().map_err(audit_failure)?;
    match format {
        Format::Text => {
            let since = if older.is_some() { ", and nothing was rewritten since the older checkpoint" } else { "" };
            env.print(format!(
                "verified: {} entries of {}, root {}{since}\n",
                checkpoint.size.0, checkpoint.origin, checkpoint.root
            ))?;
            env.print(match cited {
                Some(cited) => format!("evidence: cited {cited} times, each time as it was recorded\n"),
                None => "evidence: not beside the record, and not looked at\n".to_owned(),
            })?;
        }
        Format::Json => env.print_json(&json!({
            "version": 1,
            "verified": true,
            "origin": checkpoint.origin,
            "entries": checkpoint.size.0,
            "root": checkpoint.root.to_string(),
            "consistent_with_older": older.is_some(),
            "evidence_verified": cited,
        }))?,
    }
    Ok(Exit::Ok)
}

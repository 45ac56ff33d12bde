//! `impound log verify`: one line for each thing that can be checked, and what was not.

use std::fmt;

use serde_json::{Value, json};

use super::anchors;
use crate::audit::{EvidenceStore, LogReader, Verified};
use crate::cli::args::{Format, LogVerify};
use crate::cli::open::{audit_failure, read_bounded, verifier_key};
use crate::cli::run::EVIDENCE;
use crate::cli::{Env, Exit, Failure};
use crate::signed_note::NOTE_MAX_BYTES;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Pass,
    Fail,
    /// It was not asked for, or there is nothing to check. This is not a pass.
    NotChecked,
}

/// One check.
pub(super) struct Line {
    check: &'static str,
    outcome: Outcome,
    detail: String,
}

impl Line {
    pub(super) fn new(check: &'static str, outcome: Outcome, detail: impl Into<String>) -> Self {
        Self { check, outcome, detail: detail.into() }
    }

    fn wire(&self) -> Value {
        let result = match self.outcome {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::NotChecked => "not checked",
        };
        json!({"check": self.check, "result": result, "detail": self.detail})
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let result = match self.outcome {
            Outcome::Pass => "pass",
            Outcome::Fail => "FAIL",
            Outcome::NotChecked => "not checked",
        };
        writeln!(f, "  {result:<12} {:<12} {}", self.check, self.detail)
    }
}

/// Verifies a log and all that lies beside it.
pub(super) fn run(arguments: &LogVerify, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let older = arguments.since.as_deref().map(|path| read_bounded(path, NOTE_MAX_BYTES)).transpose()?;
    let key = verifier_key(&arguments.log.keys)?;
    let reader = LogReader::open(&arguments.log.dir, std::slice::from_ref(&key)).map_err(audit_failure)?;
    // All the rest stands on the entries: where these are not what was signed, there is nothing more to say.
    let verified = reader.verify_all(older.as_deref()).map_err(audit_failure)?;
    let lines = [
        entries(&reader, &verified),
        checkpoints(&verified),
        since(older.is_some()),
        evidence(arguments, &reader)?,
        anchors::line(arguments, &reader, &verified)?,
    ];
    let good = lines.iter().all(|line| line.outcome != Outcome::Fail);
    match format {
        Format::Text => {
            let text: String = lines.iter().map(ToString::to_string).collect();
            env.print(format!("{text}{}\n", if good { "verified" } else { "NOT VERIFIED" }))?;
        }
        Format::Json => env.print_json(&json!({
            "version": 1,
            "verified": good,
            "origin": reader.checkpoint().origin,
            "entries": verified.size.0,
            "root": verified.root.to_string(),
            "checks": lines.iter().map(Line::wire).collect::<Vec<_>>(),
        }))?,
    }
    Ok(if good { Exit::Ok } else { Exit::NotVerified })
}

fn entries(reader: &LogReader, verified: &Verified) -> Line {
    let Verified { size, root, .. } = verified;
    let detail = format!("{size} of {}, each as it was signed; root {root}", reader.checkpoint().origin);
    Line::new("entries", Outcome::Pass, detail)
}

fn checkpoints(verified: &Verified) -> Line {
    match verified.ahead {
        None => Line::new("checkpoints", Outcome::Pass, format!("{} agree with the entries", verified.checkpoints)),
        Some(ahead) => {
            let size = verified.size;
            let detail =
                format!("`checkpoint` is of size {size}, but `checkpoints/{ahead}` was signed: it was put back");
            Line::new("checkpoints", Outcome::Fail, detail)
        }
    }
}

fn since(given: bool) -> Line {
    match given {
        true => Line::new("since", Outcome::Pass, "nothing was rewritten since the older checkpoint"),
        false => Line::new("since", Outcome::NotChecked, "give a checkpoint that you kept, with --since"),
    }
}

fn evidence(arguments: &LogVerify, reader: &LogReader) -> Result<Line, Failure> {
    let dir = arguments.log.dir.join(EVIDENCE);
    if !dir.is_dir() {
        return Ok(Line::new("evidence", Outcome::NotChecked, "is not beside the log"));
    }
    let cited = reader.verify_evidence(&EvidenceStore::new(&dir)).map_err(audit_failure)?;
    Ok(Line::new("evidence", Outcome::Pass, format!("cited {cited} times, each time as it was recorded")))
}

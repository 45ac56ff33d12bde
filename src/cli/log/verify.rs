//! `impound log verify`: one line for each thing that can be checked, and what was not.

use std::error::Error;
use std::fmt;

use serde_json::{Value, json};

use super::anchors;
use super::beside::Beside;
use crate::audit::{Alarm, LogReader, Verified};
use crate::cli::args::{Format, LogVerify};
use crate::cli::open::{audit_failure, log_keys, open_log, openings, read_bounded};
use crate::cli::progress::Progress;
use crate::cli::{Env, Exit, Failure};
use crate::columns;
use crate::keyring::{LogPolicy, Witnessed};
use crate::signed_note::NOTE_MAX_BYTES;
use crate::tlog::TreeSize;
use crate::witness::{cosigners, read_witnessed};

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Pass,
    Fail,
    /// The writer was interrupted before it published all that it had committed. Nothing is wrong, and it is not all there yet.
    Interrupted,
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

    /// A line of the same check, with the same outcome.
    pub(super) fn like(&self, detail: String) -> Self {
        Self { detail, ..*self }
    }

    fn wire(&self) -> Value {
        let result = match self.outcome {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Interrupted => "interrupted",
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
            Outcome::Interrupted => "interrupted",
            Outcome::NotChecked => "not checked",
        };
        f.write_str(&columns::row(&format!("{result:<11}  {:<11}  ", self.check), &self.detail))
    }
}

/// Verifies a log and all that lies beside it.
pub(super) fn run(arguments: &LogVerify, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let older = arguments.since.as_deref().map(|path| read_bounded(path, NOTE_MAX_BYTES)).transpose()?;
    let (keys, policy) = log_keys(&arguments.log.keys)?;
    let reader = open_log(&arguments.log.dir, &keys)?;
    // All the rest stands on the entries: where these are not what was signed, there is nothing more to say.
    let verified = verify(&reader, older.as_deref(), env)?;
    let mut lines = vec![
        entries(&reader, &verified),
        checkpoints(&verified),
        since(&verified),
        witnesses(&reader, policy.as_ref()),
    ];
    let beside = Beside::of(&reader, openings(&arguments.log)?)?;
    lines.extend(beside.evidence()?);
    lines.push(anchors::line(arguments, &reader, &verified)?);
    lines.extend(beside.sealed());
    lines.extend(alarm(&reader)?);
    let any = |outcome| lines.iter().any(|line| line.outcome == outcome);
    let (exit, verdict) = match (any(Outcome::Fail), any(Outcome::Interrupted)) {
        (true, _) => (Exit::NotVerified, "NOT VERIFIED"),
        (false, true) => {
            (Exit::Findings, "verified as far as it is published; open the log for writing, and verify it again")
        }
        (false, false) => (Exit::Ok, "verified"),
    };
    match format {
        Format::Text => {
            let text: String = lines.iter().map(ToString::to_string).collect();
            env.print(format!("{text}{verdict}\n"))?;
        }
        Format::Json => env.print_json(&json!({
            "version": 1,
            "verified": exit == Exit::Ok,
            "origin": reader.checkpoint().origin,
            "entries": verified.size.0,
            "root": verified.root.to_string(),
            "checks": lines.iter().map(Line::wire).collect::<Vec<_>>(),
        }))?,
    }
    Ok(exit)
}

/// Verifies the entries, with a bar on a terminal when it takes long enough to wonder.
fn verify(reader: &LogReader, older: Option<&[u8]>, env: &mut Env<'_>) -> Result<Verified, Failure> {
    /// A tenth of a second or more.
    const MANY: u64 = 100_000;
    let size = reader.checkpoint().size.0;
    let progress = (size > MANY).then(|| Progress::start(env, "entries", usize::try_from(size).unwrap_or(usize::MAX)));
    let mut done = 0;
    let watch = &mut |now: TreeSize| {
        if let Some(progress) = &progress {
            progress.advance(usize::try_from(now.0 - done).unwrap_or_default());
            done = now.0;
        }
    };
    reader.verify_watched(older, watch).map_err(audit_failure)
}

fn entries(reader: &LogReader, verified: &Verified) -> Line {
    let Verified { size, root, .. } = verified;
    let detail = format!("{size} of {}, each as it was signed; root {root}", reader.checkpoint().origin);
    Line::new("entries", Outcome::Pass, detail)
}

fn checkpoints(verified: &Verified) -> Line {
    let size = verified.size;
    match (verified.ahead, verified.unpublished) {
        (None, None) => {
            Line::new("checkpoints", Outcome::Pass, format!("{} agree with the entries", verified.checkpoints))
        }
        (None, Some(committed)) => Line::new(
            "checkpoints",
            Outcome::Interrupted,
            format!(
                "{size} entries are published, and {committed} are committed: the writer was interrupted, and the next \
                 opening of the log (`impound run` or `impound log add`) publishes the others, which its journal holds"
            ),
        ),
        (Some(ahead), _) => Line::new(
            "checkpoints",
            Outcome::Fail,
            format!(
                "`checkpoint` is of size {size}, but `checkpoints/{ahead}` was signed, and no journal explains it: \
                 somebody put an older `checkpoint` back, or the copy was made without `.state`, while an append went on"
            ),
        ),
    }
}

fn since(verified: &Verified) -> Line {
    match verified.older {
        None => Line::new("since", Outcome::NotChecked, "give a checkpoint that you kept, with --since"),
        Some(older) if verified.unpublished.is_some_and(|committed| older > verified.size && older <= committed) => {
            Line::new(
                "since",
                Outcome::Interrupted,
                format!(
                    "the older checkpoint is of {older} entries, not all of them published; the journal holds the \
                     others as they were signed, so the log was interrupted and not put back"
                ),
            )
        }
        Some(_) => Line::new("since", Outcome::Pass, "nothing was rewritten since the older checkpoint"),
    }
}

fn witnesses(reader: &LogReader, policy: Option<&LogPolicy>) -> Line {
    let Some(policy) = policy else {
        return Line::new("witnesses", Outcome::NotChecked, "give the policy that names them, with --keys");
    };
    match witnessed(reader, policy) {
        Ok((outcome, detail)) => Line::new("witnesses", outcome, detail),
        Err(error) => Line::new("witnesses", Outcome::Fail, chain(error.as_ref())),
    }
}

/// Whether the newest checkpoint that the witnesses cosigned is one of this log, and enough of them did. The tiles were
/// compared with the entries before, so the root that they give is that of the entries.
fn witnessed(reader: &LogReader, policy: &LogPolicy) -> Result<(Outcome, String), Box<dyn Error + Send + Sync>> {
    let Some((note, witnessed)) = read_witnessed(reader.dir(), std::slice::from_ref(reader.key()))? else {
        let none_needed = policy.witnesses().is_empty();
        let outcome = if none_needed { Outcome::NotChecked } else { Outcome::Fail };
        return Ok((outcome, "no checkpoint with cosignatures lies beside the log".to_owned()));
    };
    let (size, present) = (witnessed.size, reader.checkpoint().size);
    if size > present {
        return Ok((
            Outcome::Fail,
            format!("{size} entries were witnessed, and there are {present}: the log was put back"),
        ));
    }
    if reader.root_at(size)? != witnessed.root {
        return Ok((
            Outcome::Fail,
            format!("what was witnessed at {size} entries is another log: this one was forked"),
        ));
    }
    let Witnessed { verdict, cosigned } = policy.witnessed(&note)?;
    if verdict.need == 0 {
        return Ok((Outcome::NotChecked, "the policy asks for none".to_owned()));
    }
    if !verdict.reached {
        return Ok((Outcome::Fail, format!("{size} entries: {verdict}")));
    }
    let newer = present.0 - size.0;
    Ok((Outcome::Pass, format!("{size} entries by {}; {newer} are newer", cosigners(&cosigned))))
}

/// An error and its causes on one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

/// Whether an alarm stops the log from signing. Only who has its state can tell: it is not published.
fn alarm(reader: &LogReader) -> Result<Option<Line>, Failure> {
    let raised = Alarm::of(reader.dir()).reason().map_err(audit_failure)?;
    Ok(raised.map(|why| Line::new("alarm", Outcome::Fail, format!("nothing is signed any more: {why}"))))
}

//! `impound log verify`: one line for each thing that can be checked, and what was not.

use serde_json::json;

use super::anchors;
use super::beside::Beside;
use super::line::{Line, Outcome};
use crate::anchor::ANCHORS;
use crate::audit::{Ahead, Alarm, AuditError, LogReader, Verified};
use crate::cli::args::{Format, LogVerify};
use crate::cli::open::{EVIDENCE, audit_failure, log_keys, open_log, openings, read_bounded};
use crate::cli::progress::Progress;
use crate::cli::{Env, Exit, Failure};
use crate::keyring::LogPolicy;
use crate::signed_note::NOTE_MAX_BYTES;
use crate::tlog::{Checkpoint, TreeSize};
use crate::whole_file::UNFINISHED;
use crate::witness::{Judgement, Standing};

const NOT_VERIFIED: &str = "NOT VERIFIED";

/// The check that everything else stands on.
const ENTRIES: &str = "entries";

/// Verifies a log and all that lies beside it.
pub(super) fn run(arguments: &LogVerify, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let older = arguments.since.as_deref().map(|path| read_bounded(path, NOTE_MAX_BYTES)).transpose()?;
    let (keys, policy) = log_keys(&arguments.log.keys)?;
    // All the rest stands on the entries: where these are not what was signed, nothing more is looked at.
    let reader = match open_log(&arguments.log.dir, &keys) {
        Ok(reader) => reader,
        Err(failure) => return refuse(None, "checkpoint", failure, format, env),
    };
    let verified = match verify(&reader, older.as_deref(), env) {
        Ok(verified) => verified,
        Err(error) => {
            let check = check_of(&error, &reader);
            let good = (check != ENTRIES).then(|| entries(&reader));
            return refuse(good, check, audit_failure(error), format, env);
        }
    };
    let mut lines = vec![
        entries(&reader),
        checkpoints(&verified),
        since(&verified),
        witnesses(&reader, policy.as_ref(), &verified),
    ];
    let beside = Beside::of(&reader, openings(&arguments.log)?)?;
    lines.extend(beside.evidence()?);
    lines.push(anchors::line(arguments, &reader)?);
    lines.extend(beside.sealed());
    lines.extend(state(&reader));
    lines.extend(others(&reader)?);
    lines.extend(alarm(&reader)?);
    let (exit, verdict) = verdict(&lines);
    match format {
        Format::Text => {
            let text: String = lines.iter().map(ToString::to_string).collect();
            env.print_checks(format!("{text}{verdict}\n"))?;
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

/// What all lines amount to.
fn verdict(lines: &[Line]) -> (Exit, &'static str) {
    let any = |outcome| lines.iter().any(|line| line.outcome == outcome);
    if any(Outcome::Fail) {
        (Exit::NotVerified, NOT_VERIFIED)
    } else if any(Outcome::Interrupted) {
        (Exit::Findings, "verified as far as it is published; open the log for writing, and verify it again")
    } else if any(Outcome::Warning) {
        (Exit::Findings, "verified, with a warning")
    } else {
        (Exit::Ok, "verified")
    }
}

/// What failed: the checkpoints are compared once the entries were found to be those that were signed, and one that was kept
/// elsewhere after them.
fn check_of(error: &AuditError, reader: &LogReader) -> &'static str {
    use AuditError as E;
    match error {
        E::Note { path, .. }
        | E::Checkpoint { path, .. }
        | E::ForeignOrigin { path, .. }
        | E::AlteredOrigin { path, .. }
        | E::AlteredFile { path }
        | E::Missing { path }
        | E::Length { path, .. }
        | E::Rewritten { witness: path, .. }
        | E::RolledBack { witness: path, .. } => match path.strip_prefix(reader.dir()) {
            Ok(file) if file.starts_with("checkpoints") => "checkpoints",
            Ok(_) => ENTRIES,
            Err(_) => "since",
        },
        _ => ENTRIES,
    }
}

/// Says of a log that does not verify what is the first that is wrong, in the form of the result, after what was found good
/// before. What says nothing about the log (a usage error, a disk that fails) is no result.
fn refuse(
    good: Option<Line>,
    check: &'static str,
    failure: Failure,
    format: Format,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    if failure.exit != Exit::NotVerified {
        return Err(failure);
    }
    let why =
        if good.is_none() { "all of it stands on this" } else { "nothing more is looked at before this is settled" };
    let wrong =
        [Line::new(check, Outcome::Fail, failure.in_one_line()), Line::new("the rest", Outcome::NotChecked, why)];
    let lines: Vec<Line> = good.into_iter().chain(wrong).collect();
    match format {
        Format::Text => {
            let text: String = lines.iter().map(ToString::to_string).collect();
            env.print(format!("{text}{NOT_VERIFIED}\n"))?;
            Err(failure)
        }
        Format::Json => {
            let mut told = failure.to_json();
            if let Some(told) = told.as_object_mut() {
                told.insert("verified".to_owned(), json!(false));
                told.insert("checks".to_owned(), lines.iter().map(Line::wire).collect());
            }
            env.say(failure.to_string());
            env.print_json(&told)?;
            Ok(Exit::NotVerified)
        }
    }
}

/// Verifies the entries, with a bar on a terminal when it takes long enough to wonder.
fn verify(reader: &LogReader, older: Option<&[u8]>, env: &mut Env<'_>) -> Result<Verified, AuditError> {
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
    reader.verify_watched(older, watch)
}

fn entries(reader: &LogReader) -> Line {
    let Checkpoint { origin, size, root, .. } = reader.checkpoint();
    Line::new(ENTRIES, Outcome::Pass, format!("{size} of {origin}, each as it was signed; root {root}"))
}

fn checkpoints(verified: &Verified) -> Line {
    let size = verified.size;
    match (&verified.ahead, verified.unpublished()) {
        (None, None) => {
            Line::new("checkpoints", Outcome::Pass, format!("{} agree with the entries", verified.checkpoints))
        }
        (None, Some(committed)) => Line::new(
            "checkpoints",
            Outcome::Interrupted,
            format!(
                "{size} entries are published, and with those in the journal there are {committed}: its writer seems to \
                 have been interrupted. The next opening of the log (`impound run` or `impound log add`) publishes them, \
                 if the log's key has sealed them; nobody else can tell"
            ),
        ),
        (Some(ahead), _) => Line::new("checkpoints", Outcome::Fail, told_ahead(ahead, size)),
    }
}

fn told_ahead(Ahead { path, size, is_signed }: &Ahead, present: TreeSize) -> String {
    let path = path.display();
    let there = match is_signed {
        true => format!("{path} is signed and of {size}"),
        false => format!("{path} is there, of {size} or more"),
    };
    format!(
        "`checkpoint` is of {present} entries, but {there}, and no journal explains it: somebody put an older `checkpoint` \
         back, or the copy was made without `.state`, while an append went on"
    )
}

fn since(verified: &Verified) -> Line {
    match verified.older {
        None => Line::new("since", Outcome::NotChecked, "give a checkpoint that you kept, with --since"),
        Some(older) if verified.unpublished().is_some_and(|committed| older > verified.size && older <= committed) => {
            Line::new(
                "since",
                Outcome::Interrupted,
                format!(
                    "the older checkpoint is of {older} entries, not all of them published; the journal holds the \
                     others, with the root that was signed, so none is lost: the next opening publishes them, if the \
                     log's key has sealed them there"
                ),
            )
        }
        Some(_) => Line::new("since", Outcome::Pass, "nothing was rewritten since the older checkpoint"),
    }
}

fn witnesses(reader: &LogReader, policy: Option<&LogPolicy>, verified: &Verified) -> Line {
    let Standing { judgement, detail, .. } = Standing::of(reader, policy, &verified.left_behind);
    let outcome = match judgement {
        Judgement::Pass => Outcome::Pass,
        Judgement::Fail => Outcome::Fail,
        Judgement::Interrupted => Outcome::Interrupted,
        Judgement::NotChecked => Outcome::NotChecked,
    };
    Line::new("witnesses", outcome, detail)
}

/// Where the writer's own note of the last settled checkpoint is damaged: nothing that was published rests on it.
fn state(reader: &LogReader) -> Option<Line> {
    let detail = match (reader.state_fault(), reader.journal_fault()) {
        (Some(fault), _) => format!(
            "{fault}; it is the writer's own note, and nothing that was published rests on it, but without it the log is not \
             written on"
        ),
        (None, Some(fault)) => format!(
            "{fault}; it is the writer's own, and nothing that was published rests on it, but what was acknowledged in the \
             last moment stands in it alone: look for a copy of it; how the log is written on without it stands in \
             docs/audit-log.md"
        ),
        (None, None) => return None,
    };
    Some(Line::new("state", Outcome::Warning, detail))
}

/// What lies in the log's directory and is no part of a log.
fn others(reader: &LogReader) -> Result<Option<Line>, Failure> {
    /// Enough to see what they are.
    const TOLD_MAX: usize = 5;
    let mut others = reader.others(&[EVIDENCE, ANCHORS]).map_err(audit_failure)?;
    // A file that somebody writes at this moment, or was interrupted in writing.
    others.retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED)));
    if others.is_empty() {
        return Ok(None);
    }
    let names = others.iter().take(TOLD_MAX).map(|path| path.strip_prefix(reader.dir()).unwrap_or(path));
    let mut names: Vec<String> = names.map(|name| crate::report::shown(&name.to_string_lossy())).collect();
    if others.len() > TOLD_MAX {
        names.push(format!("{} more", others.len() - TOLD_MAX));
    }
    let detail = format!("no part of the log, and nothing vouches for it: {}", names.join(", "));
    Ok(Some(Line::new("others", Outcome::NotChecked, detail)))
}

/// Whether an alarm stops the log from signing. Only who has its state can tell: it is not published.
fn alarm(reader: &LogReader) -> Result<Option<Line>, Failure> {
    let raised = Alarm::of(reader.dir()).reason().map_err(audit_failure)?;
    Ok(raised.map(|why| Line::new("alarm", Outcome::Fail, format!("nothing is signed any more: {why}"))))
}

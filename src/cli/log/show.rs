//! `impound log show`.

use serde_json::Value;

use crate::audit::{Kind, Openings, Recorded};
use crate::cli::args::{Format, LogShow};
use crate::cli::open::{alarmed, audit_failure, openings, told, verified_log};
use crate::cli::table::fit;
use crate::cli::{Env, Exit, Failure};
use crate::columns::hanging;
use crate::report::{Moment, line, result_word, shown};
use crate::tlog::LeafIndex;

/// One line an entry, or one entry whole; the log is verified whole first. As JSON, the entries exactly as they were written.
/// Nothing is read here but the entries, and that is said.
pub(super) fn run(arguments: &LogShow, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let openings = openings(&arguments.log)?;
    let reader = verified_log(&arguments.log)?;
    let is_cut = format == Format::Text && env.terminal && !arguments.wide && arguments.index.is_none();
    if let Some(index) = arguments.index {
        let recorded = reader.entry(LeafIndex(index)).map_err(audit_failure)?;
        env.print(match format {
            Format::Text => details(&recorded, &openings)?,
            Format::Json => written(&recorded)?,
        })?;
    } else {
        // Verified before the first line is printed, and read again for each: a long log is not held in memory.
        for recorded in reader.entries().map_err(audit_failure)? {
            let recorded = recorded.map_err(audit_failure)?;
            env.print(match format {
                Format::Text if is_cut => {
                    let whole = line(&Moment::of(&told(recorded, Some(&openings))?));
                    format!("{}\n", fit(whole.trim_end(), env.columns))
                }
                Format::Text => line(&Moment::of(&told(recorded, Some(&openings))?)),
                Format::Json => written(&recorded)?,
            })?;
        }
    }
    if is_cut {
        env.say("note: lines are cut to the width of the terminal; `--wide` prints them whole, a number after DIR one entry");
    }
    env.say("note: the evidence files were not looked at; `impound log verify` and `impound report` check them");
    alarmed(&arguments.log.dir, env)
}

/// The entry as it was written, on a line.
fn written(recorded: &Recorded) -> Result<String, Failure> {
    let bytes = recorded.entry.to_bytes(recorded.seq).map_err(|error| Failure::new(Exit::NotVerified, error))?;
    Ok(format!("{}\n", String::from_utf8_lossy(&bytes)))
}

/// Everything that an entry says, a line each; what was sealed as far as it can be opened.
fn details(recorded: &Recorded, openings: &Openings) -> Result<String, Failure> {
    let recorded = told(recorded.clone(), Some(openings))?;
    let entry = &recorded.entry;
    let actor = &entry.actor;
    let key = actor.key.as_ref().map(|key| format!(", with the key {key}")).unwrap_or_default();
    let kind = match &entry.kind {
        Kind::Fact => "fact".to_owned(),
        Kind::Intent => "intent".to_owned(),
        Kind::Outcome { of, result } => format!("outcome of entry {of}: {}", result_word(*result)),
    };
    let mut lines = vec![
        ("entry", recorded.seq.to_string()),
        ("at", entry.at.to_string()),
        ("by", format!("{}, {}{key}", actor.agency, actor.role)),
        ("says", Moment::of(&recorded).what),
        ("kind", kind),
        ("action", entry.action.clone()),
    ];
    let optional = [("subject", &entry.subject), ("step", &entry.step), ("order", &entry.authority)];
    lines.extend(optional.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))));
    lines.extend(entry.body.iter().map(|(key, value)| ("body", format!("{key}: {}", plain(value)))));
    let evidence =
        |piece: &crate::audit::EvidenceRef| format!("{}, {}, {} bytes", piece.digest, piece.media, piece.bytes);
    lines.extend(entry.evidence.iter().map(|piece| ("evidence", evidence(piece))));
    lines.push(("tool", entry.tool.clone()));
    Ok(lines.iter().map(|(key, value)| hanging(&format!("{key:<9} "), 10, &shown(value))).collect())
}

/// A text as it is, everything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

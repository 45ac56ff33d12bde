//! JSON Lines for Timesketch: one event a line, with the three fields that it asks for (`message`, `datetime`,
//! `timestamp_desc`), its own `timestamp` and `data_type`, and the entry's fields beside them, flat.
//!
//! Parts of the body are called `body_` and their key. Text, numbers and truth values are written as they are; lists and objects as
//! JSON in a text, so that the index behind Timesketch does not grow a field for every finding.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::{ExportError, Source, evidence_line, kind, microseconds, timestamp_desc};
use crate::audit::Recorded;
use crate::report::Moment;

/// What the events are called, after the custom of Plaso and Timesketch.
const DATA_TYPE: &str = "impound:log:entry";

/// Writes one line an entry; how many.
pub fn write(
    source: Source<'_>,
    entries: impl Iterator<Item = Result<Recorded, ExportError>>,
    out: &mut dyn Write,
) -> Result<u64, ExportError> {
    let mut written = 0;
    for recorded in entries {
        writeln!(out, "{}", event(source, &recorded?))?;
        written += 1;
    }
    Ok(written)
}

/// The fields of one event.
fn event(source: Source<'_>, recorded: &Recorded) -> Value {
    let mut event = match fields(source, recorded) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    for (key, value) in &recorded.entry.body {
        let flat = match value {
            Value::Array(_) | Value::Object(_) => Value::String(value.to_string()),
            scalar => scalar.clone(),
        };
        event.insert(format!("body_{key}"), flat);
    }
    event.retain(|_, value| !value.is_null());
    Value::Object(event)
}

/// What every entry has; null where it has not.
fn fields(source: Source<'_>, recorded: &Recorded) -> Value {
    let entry = &recorded.entry;
    let (kind, of, result) = kind(entry.kind);
    let evidence = evidence_line(recorded);
    json!({
        "message": Moment::of(recorded).what,
        "datetime": entry.at,
        "timestamp": microseconds(recorded),
        "timestamp_desc": timestamp_desc(entry.kind),
        "data_type": DATA_TYPE,
        "log": source.checkpoint.origin.as_str(),
        "log_size": source.checkpoint.size.0,
        "log_root": source.checkpoint.root.to_string(),
        "seq": recorded.seq.0,
        "kind": kind,
        "of": of,
        "result": result,
        "action": entry.action,
        "subject": entry.subject,
        "step": entry.step,
        "authority": entry.authority,
        "agency": entry.actor.agency,
        "role": entry.actor.role,
        "key": entry.actor.key.as_ref().map(|key| key.as_str()),
        "evidence": (!evidence.is_empty()).then_some(evidence),
        "tool": entry.tool,
    })
}

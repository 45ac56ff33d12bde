//! A table of comma-separated values ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)): fixed columns, the first four as
//! Timesketch wants them, lines that end in CR LF, every cell in quotes.
//!
//! Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a formula, and a name or page that was looked at may be
//! made to be one. Such a cell has an apostrophe put before it, which spreadsheets take for "this is text". Characters that hide or
//! turn a text are written out, as wherever people read it.

use std::io::{self, Write};

use ::csv::{QuoteStyle, Terminator, WriterBuilder};
use serde_json::Value;

use super::{ExportError, Source, evidence_line, kind, microseconds, timestamp_desc};
use crate::audit::Recorded;
use crate::report::{Moment, shown};

/// The columns. `details` is the body of the entry as JSON.
pub const HEADINGS: [&str; 19] = [
    "message",
    "timestamp",
    "datetime",
    "timestamp_desc",
    "seq",
    "kind",
    "of",
    "result",
    "action",
    "subject",
    "step",
    "authority",
    "agency",
    "role",
    "key",
    "evidence",
    "details",
    "tool",
    "log",
];

/// Writes the headings and one row an entry; how many entries.
pub fn write(
    source: Source<'_>,
    entries: impl Iterator<Item = Result<Recorded, ExportError>>,
    out: &mut dyn Write,
) -> Result<u64, ExportError> {
    let mut table = WriterBuilder::new().quote_style(QuoteStyle::Always).terminator(Terminator::CRLF).from_writer(out);
    table.write_record(HEADINGS).map_err(io::Error::from)?;
    let mut written = 0;
    for recorded in entries {
        table.write_record(row(source, &recorded?)).map_err(io::Error::from)?;
        written += 1;
    }
    table.flush()?;
    Ok(written)
}

fn row(source: Source<'_>, recorded: &Recorded) -> [String; 19] {
    let entry = &recorded.entry;
    let (kind, of, result) = kind(entry.kind);
    let text = |text: Option<&str>| harmless(text.unwrap_or_default());
    let details = Value::Object(entry.body.clone().into_iter().collect());
    [
        harmless(&Moment::of(recorded).what),
        // Numbers are ours, and a number is no formula.
        microseconds(recorded).to_string(),
        entry.at.to_string(),
        timestamp_desc(entry.kind).to_owned(),
        recorded.seq.to_string(),
        kind.to_owned(),
        of.map(|of| of.to_string()).unwrap_or_default(),
        result.unwrap_or_default().to_owned(),
        harmless(&entry.action),
        text(entry.subject.as_deref()),
        text(entry.step.as_deref()),
        text(entry.authority.as_deref()),
        harmless(&entry.actor.agency),
        harmless(&entry.actor.role),
        text(entry.actor.key.as_ref().map(|key| key.as_str())),
        harmless(&evidence_line(recorded)),
        harmless(&details.to_string()),
        harmless(&entry.tool),
        harmless(source.checkpoint.origin.as_str()),
    ]
}

/// The text, which no spreadsheet takes for a formula. The wide forms count where text is typed in Chinese, Japanese or Korean;
/// tab and line ends are passed over before a formula. What would hide or turn it is written out.
fn harmless(text: &str) -> String {
    const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let mark = if text.starts_with(FORMULA) { "'" } else { "" };
    format!("{mark}{}", shown(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_like_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"] {
            assert_eq!(harmless(text), format!("'{}", shown(text)));
        }
        for text in ["", "a=1", "shop.example", "'=1", " -"] {
            assert_eq!(harmless(text), text);
        }
        assert_eq!(harmless("=\u{202e}a\u{7}"), "'=⟨U+202E⟩a⟨U+0007⟩");
    }
}

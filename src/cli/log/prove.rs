//! `impound log prove`: the receipt of one entry.

use std::path::Path;

use serde_json::{Value, json};

use crate::audit::ENTRY_MAX_BYTES;
use crate::cli::args::{Format, LogProve};
use crate::cli::open::{alarmed, audit_failure, log_keys, open_log, read_bounded, write_whole};
use crate::cli::{Env, Exit, Failure};
use crate::tlog::{LeafIndex, Receipt};

/// Writes a receipt, or prints it where no file is named for it.
pub(super) fn run(arguments: &LogProve, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (keys, _) = log_keys(&arguments.log.keys)?;
    let given = arguments.entry.as_deref().map(|path| Ok((path, entry(path)?))).transpose()?;
    let index = match &given {
        Some((path, bytes)) => number(path, bytes)?,
        None => LeafIndex(arguments.index.unwrap_or_default()),
    };
    let reader = open_log(&arguments.log.dir, &keys)?;
    let receipt = reader.receipt(index).map_err(audit_failure)?;
    if let Some((path, bytes)) = given
        && receipt.extra() != Some(bytes.as_slice())
    {
        let why = format!("{} is not entry {index} of this log, whatever it says", path.display());
        return Err(Failure::new(Exit::NotVerified, why));
    }
    let text = receipt.to_string();
    if let Some(output) = &arguments.output {
        write_whole(output, text.as_bytes())?;
    }
    match (format, &arguments.output) {
        (Format::Json, _) => env.print_json(&wire(&receipt, &text))?,
        (Format::Text, None) => env.print(text)?,
        (Format::Text, Some(output)) => {
            let size = receipt.checkpoint().size;
            env.say(format!("wrote {}: entry {index}, proven to be among the {size} of the log", output.display()));
        }
    }
    alarmed(&arguments.log.dir, env)
}

/// An entry as `log show --format json` prints it: with a line feed, which is not part of it.
pub(in crate::cli) fn entry(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = read_bounded(path, ENTRY_MAX_BYTES + 1)?;
    bytes.pop_if(|last| *last == b'\n');
    Ok(bytes)
}

/// The number that an entry says it has.
fn number(path: &Path, bytes: &[u8]) -> Result<LeafIndex, Failure> {
    let value: Option<Value> = serde_json::from_slice(bytes).ok();
    value.and_then(|value| value.get("seq")?.as_u64()).map(LeafIndex).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("{} is not an entry of a log", path.display()))
            .help("give one line of `impound log show --format json`, or the number of the entry")
    })
}

fn wire(receipt: &Receipt, text: &str) -> Value {
    let checkpoint = receipt.checkpoint();
    json!({
        "version": 1,
        "origin": checkpoint.origin,
        "index": receipt.index().0,
        "entries": checkpoint.size.0,
        "root": checkpoint.root.to_string(),
        "receipt": text,
    })
}

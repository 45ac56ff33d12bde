//! Is this entry in that log? Answered from a receipt and the log's public key alone.

use super::report::{Check, CheckLine, Report, Verdict};
use crate::audit::Recorded;
use crate::keyring::{LogPolicy, Role, Witnessed};
use crate::signed_note::{NoteError, VerifierKey};
use crate::tlog::{Checkpoint, Receipt, leaf_hash};
use crate::words::counted;

/// What is to be said of a receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedReceipt {
    /// The judgement.
    pub report: Report,
    /// The entry, where it was proven to be in the log.
    pub recorded: Option<Recorded>,
}

/// Judges a receipt under `keys`, the public keys of logs that are trusted; with `policy`, its checkpoint must be witnessed as the
/// policy asks. `entry` is the entry that it must be of; without it, the one that the receipt carries. Never fails: whatever
/// the bytes are, there is a verdict.
pub fn judge_receipt(
    bytes: &[u8],
    keys: &[VerifierKey],
    policy: Option<&LogPolicy>,
    entry: Option<&[u8]>,
) -> JudgedReceipt {
    let mut lines = vec![CheckLine::not_checked(Check::Evidence, "lies beside the log, not in the receipt")];
    let receipt = match Receipt::parse(bytes) {
        Ok(receipt) => receipt,
        Err(error) => {
            let what = std::error::Error::source(&error).map_or(error.to_string(), |why| format!("{error}: {why}"));
            lines.push(CheckLine::fail(Check::Receipt, Verdict::Malformed { what: what.clone() }, what));
            lines.extend(open(&[Check::Checkpoint, Check::Included, Check::Entry], "the receipt cannot be read"));
            return judged(lines, None, None);
        }
    };
    let Checkpoint { origin, size, .. } = receipt.checkpoint();
    let entries = counted(size.0, "entry", "entries");
    let detail = format!("of entry {} of {origin}, under a checkpoint of {entries}", receipt.index());
    lines.push(CheckLine::pass(Check::Receipt, detail));
    lines.push(signature(&receipt, keys));
    if lines.last().is_some_and(CheckLine::is_failure) {
        lines.extend(open(&[Check::Included, Check::Entry], "no checkpoint can be relied on"));
        return judged(lines, Some(&receipt), None);
    }
    let Some(leaf) = entry.or(receipt.extra()) else {
        lines.extend(open(&[Check::Included, Check::Entry], "the receipt does not carry the entry; give it as well"));
        return judged(lines, Some(&receipt), None);
    };
    lines.push(witnesses(&receipt, policy));
    lines.push(included(&receipt, leaf));
    let recorded = self::entry(&receipt, leaf, &mut lines);
    judged(lines, Some(&receipt), recorded)
}

fn judged(lines: Vec<CheckLine>, receipt: Option<&Receipt>, recorded: Option<Recorded>) -> JudgedReceipt {
    let good = match receipt {
        Some(receipt) => Verdict::Recorded { log: receipt.checkpoint().origin.clone(), index: receipt.index() },
        None => Verdict::Undetermined { what: Check::Receipt.as_str().to_owned() },
    };
    let report = Report::of(lines, good, None);
    let recorded = recorded.filter(|_| report.is_good());
    JudgedReceipt { report, recorded }
}

fn open<'a>(checks: &'a [Check], why: &'a str) -> impl Iterator<Item = CheckLine> + 'a {
    checks.iter().map(move |check| CheckLine::not_checked(*check, why))
}

/// The checkpoint is signed by the key that bears the name of the log, and this key is a log's: what another key signs is not
/// a log's word, even if it has the form.
fn signature(receipt: &Receipt, keys: &[VerifierKey]) -> CheckLine {
    let origin = &receipt.checkpoint().origin;
    let of_this_log = |key: &&VerifierKey| key.name() == origin && Role::of(key.name()) == Some(Role::Log);
    let keys: Vec<VerifierKey> = keys.iter().filter(of_this_log).cloned().collect();
    match receipt.note().verify(&keys) {
        Ok(_) => {
            let others = receipt.note().signatures.iter().filter(|line| line.name != *origin).count();
            let others = match others {
                0 => String::new(),
                others => format!("; {others} further signatures"),
            };
            CheckLine::pass(Check::Checkpoint, format!("signed by {origin}{others}"))
        }
        Err(error @ NoteError::BadSignature { .. }) => {
            CheckLine::fail(Check::Checkpoint, Verdict::Altered { what: "the checkpoint".into() }, error.to_string())
        }
        Err(_) => CheckLine::fail(
            Check::Checkpoint,
            Verdict::UnknownLog,
            format!("no trusted key of the log {origin} signed it"),
        ),
    }
}

/// Whether enough witnesses have cosigned the checkpoint.
fn witnesses(receipt: &Receipt, policy: Option<&LogPolicy>) -> CheckLine {
    let Some(policy) = policy else {
        return CheckLine::not_checked(Check::Witnesses, "a policy that names witnesses was not given");
    };
    match policy.witnessed(receipt.note()) {
        Ok(Witnessed { verdict, .. }) if verdict.need == 0 => {
            CheckLine::not_checked(Check::Witnesses, "the policy asks for none")
        }
        Ok(Witnessed { verdict, cosigned }) if verdict.reached => {
            let by: Vec<String> = cosigned.iter().map(|(name, at)| format!("{name} at {at}")).collect();
            CheckLine::pass(Check::Witnesses, format!("{verdict}; {}", by.join(", ")))
        }
        Ok(Witnessed { verdict, .. }) => {
            let what = format!("witnesses: {verdict}");
            CheckLine::fail(Check::Witnesses, Verdict::NotEnoughSignatures { what: what.clone() }, what)
        }
        Err(error) => {
            let what = "a cosignature under the checkpoint".to_owned();
            CheckLine::fail(Check::Witnesses, Verdict::Altered { what }, error.to_string())
        }
    }
}

fn included(receipt: &Receipt, leaf: &[u8]) -> CheckLine {
    let Checkpoint { size, root, .. } = receipt.checkpoint();
    match receipt.proof().verify(&leaf_hash(leaf), root) {
        Ok(()) => {
            let detail = format!("entry {} is among the {size} with the root {root}", receipt.index());
            CheckLine::pass(Check::Included, detail)
        }
        Err(error) => {
            let what = "the entry is not the one that was proven, or its proof was altered".to_owned();
            CheckLine::fail(Check::Included, Verdict::Altered { what }, error.to_string())
        }
    }
}

/// The entry by itself, and that the receipt carries no other.
fn entry(receipt: &Receipt, leaf: &[u8], lines: &mut Vec<CheckLine>) -> Option<Recorded> {
    if receipt.extra().is_some_and(|carried| carried != leaf) {
        let what = "the entry in the receipt is not the one that was given".to_owned();
        lines.push(CheckLine::fail(Check::Entry, Verdict::Altered { what: what.clone() }, what));
        return None;
    }
    match Recorded::parse(leaf, receipt.index()) {
        Ok(recorded) => {
            let detail = format!("{} at {}, in its one written form", recorded.entry.action, recorded.entry.at);
            lines.push(CheckLine::pass(Check::Entry, detail));
            let cited = recorded.entry.evidence.len();
            if cited == 0 {
                lines.retain(|line| line.check != Check::Evidence);
                lines.push(CheckLine::not_checked(Check::Evidence, "the entry cites none"));
            }
            Some(recorded)
        }
        Err(error) => {
            lines.push(CheckLine::fail(
                Check::Entry,
                Verdict::Malformed { what: error.to_string() },
                error.to_string(),
            ));
            None
        }
    }
}

#[cfg(test)]
mod tests;

//! Statements beside notices: denials, advisories, registers. The same signatures under the same policy, fewer things to check.

use std::collections::BTreeMap;

use super::inclusion::{Logged, inclusion, of_paper};
use super::judge::{Expected, Judged, issuer, signers};
use super::later::{TooFew, none, weigh};
use super::others::Named;
use super::report::{Check, CheckLine, CheckResult, Report, Verdict};
use crate::digest::Digest;
use crate::notice::{Denial, REGISTER_JSON, Statement, Status};
use crate::observe::WebHost;
use crate::signed_note::Note;

/// The checks that need a text which somebody trusted has signed.
const ON_STATEMENT: [Check; 4] = [Check::Manifest, Check::Issuer, Check::Status, Check::Dates];

/// Whether a note is one of these; a note that cannot be read, or whose text is something else, is judged as a notice.
pub(super) fn is_statement(note: &[u8]) -> bool {
    let statement = Note::parse(note).ok().and_then(|note| Statement::parse(note.text.as_str().as_bytes()).ok());
    !matches!(statement, None | Some(Statement::Notice(_)))
}

/// Judges such a note. `files` are the digests of the files beside it that it may list, `logged` is what shows that an entry of a
/// log cites it. Never fails: whatever the bytes are, there is a verdict.
pub fn judge_statement(
    note: &[u8],
    files: &BTreeMap<String, Digest>,
    logged: Logged<'_>,
    expected: Expected<'_>,
) -> Report {
    let Ok(parsed) = Note::parse(note) else { return Judged::nothing("the note cannot be read").into_report() };
    let mut lines = vec![CheckLine::pass(Check::Form, format!("signature lines: {}", parsed.signatures.len()))];
    let found = of_paper(&parsed, note, logged, expected.trust);
    lines.extend(found.lines);
    let undetermined = || Verdict::Undetermined { what: Check::Manifest.as_str().to_owned() };
    let Some(signers) = signers(&parsed, found.proven_before, expected, &mut lines) else {
        lines.extend(
            ON_STATEMENT.map(|check| CheckLine::not_checked(check, "nobody who is trusted has signed the text")),
        );
        return Report::of(lines, undetermined(), None);
    };
    let statement = match Statement::parse(parsed.text.as_str().as_bytes()) {
        Ok(statement) => statement,
        Err(error) => {
            let what = Verdict::Malformed { what: error.to_string() };
            lines.push(CheckLine::fail(Check::Manifest, what, error.to_string()));
            return Report::of(lines, undetermined(), None);
        }
    };
    if let Statement::Listing(_) = statement {
        // A register tells of what is in the log; it is not in there itself.
        lines.iter_mut().filter(|line| line.check == Check::Inclusion).for_each(|line| line.is_needed = false);
    }
    let what = format!("{} {} by {}", statement.kind(), statement.id(), statement.issuer());
    lines.push(CheckLine::pass(Check::Manifest, what));
    lines.push(issuer(statement.issuer(), statement.verify_at(), &signers));
    lines.push(status(&statement, expected));
    lines.push(dates(&statement, expected));
    lines.extend(name(&statement, expected.name));
    lines.extend(pages(&statement, files));
    lines.extend(later(&statement, expected));
    Report::of(lines, Verdict::Genuine { what: said(&statement) }, None)
}

/// Whether enough agencies have signed a note of any kind, its issuer among them, whatever its dates say. A proof that does not hold
/// is passed over.
///
/// # Errors
///
/// The verdict on it.
pub fn judge_note(note: &[u8], logged: Logged<'_>, expected: Expected<'_>) -> Result<(), Verdict> {
    let malformed = |what: String| Verdict::Malformed { what };
    let parsed = Note::parse(note).map_err(|error| malformed(error.to_string()))?;
    let statement = Statement::parse(parsed.text.as_str().as_bytes()).map_err(|error| malformed(error.to_string()))?;
    let mut lines = Vec::new();
    let proven_before = inclusion(&parsed, logged, expected.trust).proven_before;
    if let Some(signers) = signers(&parsed, proven_before, expected, &mut lines) {
        lines.push(issuer(statement.issuer(), statement.verify_at(), &signers));
    }
    lines.sort_by_key(|line| line.check);
    match lines.into_iter().find_map(|line| match line.result {
        CheckResult::Fail(verdict) => Some(verdict),
        CheckResult::Pass | CheckResult::NotChecked => None,
    }) {
        Some(verdict) => Err(verdict),
        None => Ok(()),
    }
}

/// What it comes to, in words.
fn said(statement: &Statement) -> String {
    let issuer = statement.issuer();
    match statement {
        Statement::Denial(denial) => {
            format!("{issuer} says that the banner seen at {} ({}) is not theirs", denial.seen_at, denial.about())
        }
        Statement::Advisory(advisory) => {
            format!("the advisory {} of {issuer} and those who signed with it", advisory.id)
        }
        Statement::Listing(listing) => {
            format!("the register of {issuer}, {} notes, complete as of {}", listing.count, listing.issued)
        }
        Statement::Notice(notice) => notice.id.to_string(),
    }
}

fn status(statement: &Statement, expected: Expected<'_>) -> CheckLine {
    let since = statement.begins();
    match statement.status() {
        Status::Withdrawn if since <= expected.at => {
            let detail = format!("it withdraws what it names, since {since}");
            CheckLine::fail(Check::Status, Verdict::Withdrawn { since }, detail)
        }
        status => CheckLine::pass(Check::Status, format!("it says {}", status.as_str())),
    }
}

fn dates(statement: &Statement, expected: Expected<'_>) -> CheckLine {
    let (from, at) = (statement.begins(), expected.at);
    let detail = format!("asked for {at}; stated at {from}");
    if at < from {
        return CheckLine::fail(Check::Dates, Verdict::NotYet { from }, detail);
    }
    match statement {
        Statement::Listing(listing) if listing.expires <= at => {
            CheckLine::fail(Check::Dates, Verdict::Expired { since: listing.expires }, detail)
        }
        _ => CheckLine::pass(Check::Dates, detail),
    }
}

/// A denial is about the name asked for, if one was; an advisory and a register are about no name.
fn name(statement: &Statement, asked: Option<&WebHost>) -> Option<CheckLine> {
    let asked = asked?;
    let about = match statement {
        Statement::Denial(denial) if is_about(denial, asked) => {
            return Some(CheckLine::pass(Check::Name, format!("it is about {asked}")));
        }
        Statement::Denial(denial) => denial.about(),
        other => format!("the {} {}", other.kind(), other.id()),
    };
    let verdict = Verdict::NotCovered { name: asked.to_string() };
    Some(CheckLine::fail(Check::Name, verdict, format!("it is about {about}, not about {asked}")))
}

fn is_about(denial: &Denial, asked: &WebHost) -> bool {
    denial.name.as_deref() == Some(asked.as_str())
}

/// The files that an advisory lists; the list of a register, where it is at hand.
fn pages(statement: &Statement, files: &BTreeMap<String, Digest>) -> Option<CheckLine> {
    let listed = match statement {
        Statement::Advisory(advisory) => advisory.files(),
        Statement::Listing(listing) if files.contains_key(REGISTER_JSON) => {
            BTreeMap::from([(REGISTER_JSON.to_owned(), listing.list)])
        }
        _ => return None,
    };
    let altered = listed.iter().find(|(name, digest)| files.get(*name).is_some_and(|found| found != *digest));
    if let Some((name, _)) = altered {
        let what = format!("{name} is not the file that was signed");
        return Some(CheckLine::fail(Check::Pages, Verdict::Altered { what: what.clone() }, what));
    }
    let missing: Vec<&str> = listed.keys().filter(|name| !files.contains_key(*name)).map(String::as_str).collect();
    Some(match missing.as_slice() {
        [] => CheckLine::pass(Check::Pages, format!("{} files as signed", listed.len())),
        missing => CheckLine::not_checked(Check::Pages, format!("not at hand: {}", missing.join(", "))),
    })
}

/// Whether a later statement that counts names this one's digest.
fn later(statement: &Statement, expected: Expected<'_>) -> Option<CheckLine> {
    if matches!(statement, Statement::Listing(_)) {
        return None;
    }
    let digest = statement.digest();
    let others = &expected.trust.others;
    let mut too_few = None;
    for (other, note) in others.readable() {
        let Ok(one) = Statement::parse(note.text.as_str().as_bytes()) else { continue };
        let is_later = one.kind() == statement.kind()
            && one.issuer() == statement.issuer()
            && one.begins() <= expected.at
            && one.supersedes().contains(&digest);
        if !is_later {
            continue;
        }
        let weighed = weigh((other, &note), (one.issuer(), one.verify_at()), expected);
        if !weighed.counts {
            too_few = Some(TooFew { id: one.id(), of_proof: weighed.of_proof });
            continue;
        }
        let verdict = match one.status() {
            Status::Withdrawn => Verdict::Withdrawn { since: one.begins() },
            Status::InForce => Verdict::Replaced { by: one.id() },
        };
        let detail = format!("{} names it, since {}{}", one.id(), one.begins(), weighed.of_proof);
        return Some(CheckLine::fail(Check::Later, verdict, detail));
    }
    let issuer = statement.issuer().as_str();
    let is_listed_later =
        |named: &Named| named.is_of(statement.kind(), issuer, expected.at) && named.supersedes.contains(&digest);
    Some(none(others, too_few, is_listed_later, expected))
}

#[cfg(test)]
mod tests;

//! Whether a later edition replaces a notice or withdraws it, as far as other notes are at hand.
//!
//! A later edition counts when enough agencies have signed it and the same issuer speaks, as for the notice itself. It
//! replaces the editions that it names by their digests; one that it does not name is replaced as well, since a notice has one
//! latest edition, and the report says that the text was not the one that was known. That none is at hand shows nothing by
//! itself: a copy of the notes may be old, or somebody may hold one back.

use super::judge::{Expected, counted, issuer};
use super::report::{Check, CheckLine, Verdict};
use super::trust::{Complete, Others};
use crate::notice::{Manifest, Status};
use crate::signed_note::Note;

/// Looks for it among the notes that the trust has beside it.
pub(super) fn later(manifest: &Manifest, expected: Expected<'_>) -> CheckLine {
    let others = &expected.trust.others;
    let mut too_few = None;
    let mut newest: Option<Manifest> = None;
    for other in others.notes.iter().filter_map(|bytes| Note::parse(bytes).ok()) {
        let Ok(edition) = Manifest::parse(other.text.as_str().as_bytes()) else { continue };
        let is_later = edition.id.is_of_same(&manifest.id) && edition.id.edition > manifest.id.edition;
        if !is_later || edition.issuer != manifest.issuer || edition.not_before > expected.at {
            continue;
        }
        let signers = counted(&other, expected)
            .filter(|signers| !issuer(&edition.issuer, &edition.verify_at, signers).is_failure());
        if signers.is_none() {
            too_few = Some(edition.id);
        } else if newest.as_ref().is_none_or(|newest| newest.id < edition.id) {
            newest = Some(edition);
        }
    }
    match newest {
        Some(newest) => replaced(manifest, &newest, expected),
        None => none(others, too_few.map(|id| id.to_string()), expected),
    }
}

fn replaced(manifest: &Manifest, newest: &Manifest, expected: Expected<'_>) -> CheckLine {
    let by = newest.id.clone();
    let verdict = match (newest.status, expected.name) {
        (Status::Withdrawn, _) => Verdict::Withdrawn { since: newest.not_before },
        (Status::InForce, Some(name)) if newest.returns(name.as_str()) => {
            Verdict::Returned { name: name.to_string(), by: by.clone() }
        }
        (Status::InForce, _) => Verdict::Superseded { by: by.clone() },
    };
    let what = match newest.status {
        Status::Withdrawn => "withdraws it",
        Status::InForce => "replaces it",
    };
    let known = match newest.supersedes.get(&manifest.id) {
        Some(digest) if *digest == manifest.digest() => "",
        _ => "; it does not know this text",
    };
    CheckLine::fail(Check::Later, verdict, format!("{by} {what} since {}{known}", newest.not_before))
}

/// That there is no later edition is shown only by those who are trusted, for as long as they have said so. One that is there and
/// does not count leaves it open, whoever vouches: its signatures may have been taken off, or a key under it was revoked since.
pub(super) fn none(others: &Others, too_few: Option<String>, expected: Expected<'_>) -> CheckLine {
    let Some(place) = &others.place else {
        return CheckLine::not_checked(
            Check::Later,
            "whether it was replaced or withdrawn since was not asked of a register",
        );
    };
    if let Some(id) = too_few {
        let what = format!("{id} is there, and too few have signed it with keys that count");
        return CheckLine::fail(Check::Later, Verdict::Undetermined { what: what.clone() }, what);
    }
    let none = format!("no later edition in {place}");
    match others.complete {
        Some(Complete { at, until }) if expected.at < until => {
            CheckLine::pass(Check::Later, format!("{none}, complete as of {at}"))
        }
        Some(Complete { until, .. }) => {
            CheckLine::not_checked(Check::Later, format!("{none}, which was complete until before {until}"))
        }
        None => CheckLine::not_checked(Check::Later, format!("{none}; nobody vouches that it is complete")),
    }
}

#[cfg(test)]
mod tests;

//! Whether a later edition replaces a notice or withdraws it, as far as other notes are at hand.
//!
//! A later edition counts when enough agencies have signed it and the same issuer speaks, as for the notice itself. It
//! replaces the editions that it names by their digests; one that it does not name is replaced as well, since a notice has one
//! latest edition, and the report says that the text was not the one that was known. That none is at hand shows nothing by
//! itself: a copy of the notes may be old, or somebody may hold one back.

use super::inclusion::inclusion;
use super::judge::{Expected, counted, issuer};
use super::others::{Complete, Lacking, Named, OtherNote, Others};
use super::report::{Check, CheckLine, CheckResult, Verdict};
use crate::clock::UtcTime;
use crate::domain::{DomainName, excerpt};
use crate::notice::{Manifest, NoticeId, Status};
use crate::signed_note::Note;

/// A later note as it was judged, by the rule of the one whose place it would take.
pub(super) struct Weighed {
    /// Whether enough agencies have signed it with keys that count, its issuer among them.
    pub(super) counts: bool,
    /// What is to be said of its proof in the log; empty, or with a `; ` before it.
    pub(super) of_proof: String,
}

/// Judges a note that lies beside the one that is judged. `speaker` is its issuer and where that says how to check it. A proof that
/// is not of this note is passed over: whoever handed on the copy may have put it there, and it takes nothing from the signatures.
pub(super) fn weigh(
    (other, note): (&OtherNote, &Note),
    (by, verify_at): (&DomainName, &str),
    expected: Expected<'_>,
) -> Weighed {
    let found = inclusion(note, other.logged(), expected.trust);
    let signers = counted(note, found.proven_before, expected);
    let counts = signers.is_some_and(|signers| !issuer(by, verify_at, &signers).is_failure());
    let has_proof = other.proof.is_some();
    let (failed, others): (Vec<_>, Vec<_>) = found.lines.iter().partition(|line| line.is_failure());
    let mut lines = failed.into_iter().chain(others);
    let of_proof = lines.find_map(|line| proof_words(line, counts, found.proven_before));
    Weighed { counts, of_proof: of_proof.filter(|_| has_proof).unwrap_or_default() }
}

/// What a reader should know of the proof beside a note: that it does not hold, and where the note does not count, why it is no help.
fn proof_words(line: &CheckLine, counts: bool, proven_before: Option<UtcTime>) -> Option<String> {
    match (&line.result, proven_before) {
        (CheckResult::Fail(_), _) if line.check == Check::TimeStamp => {
            Some(format!("; its time stamp is passed over: {}", line.detail))
        }
        (CheckResult::Fail(_), _) => Some(format!("; its proof is passed over: {}", line.detail)),
        _ if counts => None,
        (CheckResult::NotChecked, _) if line.check == Check::Inclusion => {
            Some(format!("; its proof was not looked at: {}", line.detail))
        }
        (_, Some(before)) => Some(format!("; it was in the log before {before}")),
        (_, None) => Some("; nobody who is believed says since when it is in the log".to_owned()),
    }
}

/// A later note that is there and does not count.
pub(super) struct TooFew {
    /// What it calls itself.
    pub(super) id: String,
    /// As [`Weighed::of_proof`].
    pub(super) of_proof: String,
}

/// Looks for it among the notes that the trust has beside it.
pub(super) fn later(manifest: &Manifest, expected: Expected<'_>) -> CheckLine {
    let others = &expected.trust.others;
    let mut too_few = None;
    let mut newest: Option<(Manifest, String)> = None;
    for (other, note) in others.readable() {
        let Ok(edition) = Manifest::parse(note.text.as_str().as_bytes()) else { continue };
        let is_later = edition.id.is_of_same(&manifest.id) && edition.id.edition > manifest.id.edition;
        if !is_later || edition.issuer != manifest.issuer || edition.not_before > expected.at {
            continue;
        }
        let weighed = weigh((other, &note), (&edition.issuer, &edition.verify_at), expected);
        if !weighed.counts {
            too_few = Some(TooFew { id: edition.id.to_string(), of_proof: weighed.of_proof });
        } else if newest.as_ref().is_none_or(|(newest, _)| newest.id < edition.id) {
            newest = Some((edition, weighed.of_proof));
        }
    }
    match newest {
        Some((newest, of_proof)) => replaced(manifest, &newest, &of_proof, expected),
        None => none(others, too_few, |named| is_listed_later(manifest, named, expected), expected),
    }
}

/// Whether a list says of a note that it is a later edition: by its number, or by the text that it replaces.
fn is_listed_later(manifest: &Manifest, named: &Named, expected: Expected<'_>) -> bool {
    let has_later_id = |id: NoticeId| id.is_of_same(&manifest.id) && id.edition > manifest.id.edition;
    named.is_of("notice", manifest.issuer.as_str(), expected.at)
        && (named.id.parse().is_ok_and(has_later_id) || named.supersedes.contains(&manifest.digest()))
}

fn replaced(manifest: &Manifest, newest: &Manifest, of_proof: &str, expected: Expected<'_>) -> CheckLine {
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
    CheckLine::fail(Check::Later, verdict, format!("{by} {what} since {}{known}{of_proof}", newest.not_before))
}

/// That there is no later edition is shown only by those who are trusted, for as long as they have said so. One that is there and
/// does not count leaves it open, whoever vouches: its signatures may have been taken off, or a key under it was revoked since. So
/// does one that is listed and not there.
pub(super) fn none(
    others: &Others,
    too_few: Option<TooFew>,
    is_listed_later: impl Fn(&Named) -> bool,
    expected: Expected<'_>,
) -> CheckLine {
    let Some(place) = &others.place else {
        return CheckLine::not_checked(
            Check::Later,
            "whether it was replaced or withdrawn since was not asked of a register",
        );
    };
    if let Some(TooFew { id, of_proof }) = too_few {
        return undetermined(format!("{id} is there, and too few have signed it with keys that count{of_proof}"));
    }
    if let Some(named) = others.lacking.notes.iter().rev().find(|named| is_listed_later(named)) {
        return lacks(place, &others.lacking, named);
    }
    let none = format!("no later edition in {place}");
    match others.complete {
        Some(Complete { at, until }) if expected.at < until => {
            CheckLine::pass(Check::Later, format!("{none}, complete as of {at}"))
        }
        Some(Complete { until, .. }) => {
            CheckLine::not_checked(Check::Later, format!("{none}, which was complete until before {until}"))
        }
        None if others.lacking.is_vouched => {
            CheckLine::not_checked(Check::Later, format!("{none}; this copy is not all that the agencies have listed"))
        }
        None => CheckLine::not_checked(Check::Later, format!("{none}; nobody vouches that it is complete")),
    }
}

/// What a list says of a note comes from whoever has written the list, and can be anything.
fn lacks(place: &str, lacking: &Lacking, named: &Named) -> CheckLine {
    let list =
        if lacking.is_vouched { place.to_owned() } else { format!("the list of {place}, for which nobody vouches,") };
    let (id, status) = (excerpt(&named.id), excerpt(&named.status));
    let verb = if lacking.is_vouched { "lists" } else { "names" };
    undetermined(format!("{list} {verb} {id} ({status}), and this copy does not have it: get the whole register"))
}

fn undetermined(what: String) -> CheckLine {
    CheckLine::fail(Check::Later, Verdict::Undetermined { what: what.clone() }, what)
}

#[cfg(test)]
mod tests;

//! The judgement, from bytes alone.

use std::collections::BTreeSet;

use super::inclusion::{Logged, NO_PROOF, of_paper};
use super::later;
use super::report::{Check, CheckLine, Report, Verdict};
use super::trust::Trust;
use crate::clock::UtcTime;
use crate::coverage::{CoverageProof, Seal};
use crate::digest::Digest;
use crate::domain::{DomainName, excerpt};
use crate::keyring::{Role, Standing};
use crate::language::LanguageTag;
use crate::notice::{Manifest, Statement, Status};
use crate::observe::WebHost;
use crate::signed_note::{Note, NoteError, VerifierKey};

/// What the notice is held against.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Whose signatures count.
    pub trust: &'a Trust,
    /// The name that somebody asks about. It never comes from the notice or the page.
    pub name: Option<&'a WebHost>,
    /// The moment asked about.
    pub at: UtcTime,
}

/// A page as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSeen {
    /// The language that it is said to be in, where that is said.
    pub language: Option<LanguageTag>,
    /// Of its bytes.
    pub digest: Digest,
    /// Where it lies among the files, if it is a file.
    pub path: Option<String>,
}

/// What there is of a notice.
#[derive(Debug, Clone, Copy)]
pub struct Papers<'a> {
    /// The text with its signatures, `notice.note`.
    pub note: &'a [u8],
    /// The text alone, `notice.txt`, if it was looked at.
    pub text: Option<&'a [u8]>,
    /// The proof that the name asked about is covered, if there is one: for a notice that does not list its names.
    pub coverage: Option<&'a [u8]>,
    /// The pages that were looked at.
    pub pages: &'a [PageSeen],
    /// What shows that it stands in the audit log.
    pub logged: Logged<'a>,
}

/// The lines so far, and the notice if somebody who is trusted signed it.
pub(super) struct Judged {
    pub(super) lines: Vec<CheckLine>,
    pub(super) manifest: Option<Manifest>,
}

impl Judged {
    /// The report of these lines.
    pub(super) fn into_report(mut self) -> Report {
        // Where no note was read: that is the failure then, or what is lacking.
        if !self.lines.iter().any(|line| line.check == Check::Inclusion) {
            self.lines.push(CheckLine::not_checked(Check::Inclusion, NO_PROOF));
        }
        match self.manifest {
            Some(Manifest { not_after, id, .. }) => {
                Report::of(self.lines, Verdict::InForce { until: not_after }, Some(id))
            }
            // Not reached with a pass in every line: without a manifest the checks that build on it were not made.
            None => Report::of(self.lines, Verdict::Undetermined { what: Check::Manifest.as_str().to_owned() }, None),
        }
    }

    /// Nothing was judged: every check on a note is open, for this reason.
    pub(super) fn nothing(why: &str) -> Self {
        Self { lines: open([&[Check::Form], ON_NOTE.as_slice(), &ON_MANIFEST].concat(), why), manifest: None }
    }
}

/// The checks that need a readable note.
const ON_NOTE: [Check; 4] = [Check::Signatures, Check::Roles, Check::KeyList, Check::Quorum];
/// The checks that need a text which somebody trusted has signed.
const ON_MANIFEST: [Check; 7] =
    [Check::Manifest, Check::Issuer, Check::Name, Check::Status, Check::Dates, Check::Pages, Check::Later];

fn open(checks: impl IntoIterator<Item = Check>, why: &str) -> Vec<CheckLine> {
    checks.into_iter().map(|check| CheckLine::not_checked(check, why)).collect()
}

/// Judges a notice. Never fails: whatever the bytes are, there is a verdict.
pub fn judge(papers: Papers<'_>, expected: Expected<'_>) -> Report {
    examine(papers, expected).into_report()
}

/// The checks on the notice itself, for callers that add their own.
pub(super) fn examine(papers: Papers<'_>, expected: Expected<'_>) -> Judged {
    let note = match Note::parse(papers.note) {
        Ok(note) => note,
        Err(error) => return unreadable(&error),
    };
    let mut lines = vec![CheckLine::pass(Check::Form, count(note.signatures.len(), "signature"))];
    let inclusion = of_paper(&note, papers.note, papers.logged, expected.trust);
    lines.extend(inclusion.lines);
    let Some(signers) = signers(&note, inclusion.proven_before, expected, &mut lines) else {
        lines.extend(open(ON_MANIFEST, "nobody who is trusted has signed the text"));
        return Judged { lines, manifest: None };
    };
    lines.extend(papers.text.map(|text| copy(text, &note)));
    let manifest = match Manifest::parse(note.text.as_str().as_bytes()) {
        Ok(manifest) => manifest,
        Err(error) => {
            let what = Verdict::Malformed { what: error.to_string() };
            lines.extend(open(ON_MANIFEST, "the signed text is no notice").into_iter().skip(1));
            lines.push(CheckLine::fail(Check::Manifest, what, error.to_string()));
            return Judged { lines, manifest: None };
        }
    };
    lines.push(CheckLine::pass(Check::Manifest, format!("notice {} by {}", manifest.id, manifest.issuer)));
    lines.push(issuer(&manifest.issuer, &manifest.verify_at, &signers));
    lines.push(name(&manifest, expected.name, papers.coverage));
    lines.push(status(&manifest, expected.at));
    lines.push(dates(&manifest, expected.at));
    lines.push(pages(&manifest, papers));
    lines.push(later::later(&manifest, expected));
    Judged { lines, manifest: Some(manifest) }
}

fn unreadable(error: &NoteError) -> Judged {
    let mut judged = Judged::nothing("the note cannot be read");
    let verdict = Verdict::Malformed { what: error.to_string() };
    judged.lines.retain(|line| line.check != Check::Form);
    judged.lines.push(CheckLine::fail(Check::Form, verdict, error.to_string()));
    judged
}

/// The signers who count, if they are enough for the trust; for notes that are looked at beside the one that is judged.
pub(super) fn counted(note: &Note, proven_before: Option<UtcTime>, expected: Expected<'_>) -> Option<Vec<VerifierKey>> {
    let mut lines = Vec::new();
    let signers = signers(note, proven_before, expected, &mut lines)?;
    (!lines.iter().any(CheckLine::is_failure)).then_some(signers)
}

/// Checks signatures, roles, key list and quorum. `None` when nobody who is trusted with notices has signed.
pub(super) fn signers(
    note: &Note,
    proven_before: Option<UtcTime>,
    expected: Expected<'_>,
    lines: &mut Vec<CheckLine>,
) -> Option<Vec<VerifierKey>> {
    let keys = expected.trust.keys.keys();
    let good = match note.verify(&keys) {
        Ok(good) => good,
        Err(error) => {
            let [_, further @ ..] = ON_NOTE;
            lines.push(bad_signatures(&error, note));
            lines.extend(open(further, "no signature can be relied on"));
            return None;
        }
    };
    let names = good.iter().map(|key| key.name().to_string());
    lines.push(CheckLine::pass(Check::Signatures, format!("good: {}", listed(names))));
    let (of_notices, others): (Vec<_>, Vec<_>) =
        good.into_iter().partition(|key| Role::of(key.name()) == Some(Role::Notice));
    lines.push(roles(&of_notices, &others));
    let stated = stated(note, expected.at);
    let objection = |key: &VerifierKey| expected.trust.objection(key, stated, proven_before);
    let objected = objected(&of_notices, objection);
    let counting: Vec<_> = of_notices.into_iter().filter(|key| objection(key).is_none()).collect();
    lines.push(key_list(expected, &objected));
    lines.push(quorum(expected.trust, &counting, &objected));
    let signers: Vec<_> = counting.into_iter().cloned().collect();
    (!signers.is_empty()).then_some(signers)
}

fn bad_signatures(error: &NoteError, note: &Note) -> CheckLine {
    if let NoteError::BadSignature { name } = error {
        let what = format!("the text is not the one that {name} signed");
        return CheckLine::fail(Check::Signatures, Verdict::Altered { what }, error.to_string());
    }
    // Names are ASCII without spaces, by the reader of notes.
    let names: BTreeSet<String> = note.signatures.iter().map(|signature| excerpt(signature.name.as_str())).collect();
    CheckLine::fail(Check::Signatures, Verdict::UnknownKeys, format!("{error}: {}", listed(names)))
}

/// A key of another role is taken for unknown: its signature neither counts nor spoils those that do.
fn roles(of_notices: &[&VerifierKey], others: &[&VerifierKey]) -> CheckLine {
    let not_counted = listed(others.iter().map(|key| key.name().to_string()));
    match (of_notices.is_empty(), others.is_empty()) {
        (true, _) => {
            let detail = format!("signed only by keys that may not sign notices: {not_counted}");
            CheckLine::fail(Check::Roles, Verdict::UnknownKeys, detail)
        }
        (false, true) => CheckLine::pass(Check::Roles, "every key may sign notices"),
        (false, false) => CheckLine::pass(Check::Roles, format!("not counted, since of another role: {not_counted}")),
    }
}

/// The date in the signed text, which is when its signers say they signed. What has no date is no statement, and is judged as
/// if it were signed at the moment asked about.
fn stated(note: &Note, at: UtcTime) -> UtcTime {
    Statement::parse(note.text.as_str().as_bytes()).map_or(at, |statement| statement.begins())
}

/// The keys that signed and do not count, each with the reason; empty, or with a `; ` before it.
fn objected(of_notices: &[&VerifierKey], objection: impl Fn(&VerifierKey) -> Option<Standing>) -> String {
    let object = |key: &&VerifierKey| Some(format!("{} ({})", key.name(), objection(key)?));
    let keys: Vec<String> = of_notices.iter().filter_map(object).collect();
    if keys.is_empty() { String::new() } else { format!("; not counted: {}", listed(keys)) }
}

/// Whether the list may still be believed. What it objects to is told here; that too few are left is the quorum's failure.
fn key_list(expected: Expected<'_>, objected: &str) -> CheckLine {
    let Some(verified) = &expected.trust.list else {
        return CheckLine::not_checked(Check::KeyList, "no list of revoked keys was looked at");
    };
    let (list, roots) = (verified.list(), verified.roots());
    let detail = format!("version {}, until before {}; roots: {roots}{objected}", list.version, list.expires);
    if list.has_expired(expected.at) {
        return CheckLine::fail(Check::KeyList, Verdict::KeyListExpired { since: list.expires }, detail);
    }
    if let Some(doubt) = &expected.trust.doubt {
        return CheckLine::fail(
            Check::KeyList,
            Verdict::Undetermined { what: doubt.clone() },
            format!("{detail}; {doubt}"),
        );
    }
    CheckLine::pass(Check::KeyList, detail)
}

fn quorum(trust: &Trust, counting: &[&VerifierKey], objected: &str) -> CheckLine {
    let verdict = trust.keys.evaluate(counting);
    let rule = if trust.has_policy { "" } else { " (no policy was given: one of the listed keys is enough)" };
    let detail = format!("{verdict}{rule}");
    if verdict.reached {
        return CheckLine::pass(Check::Quorum, detail);
    }
    CheckLine::fail(Check::Quorum, Verdict::NotEnoughSignatures { what: format!("{verdict}{objected}") }, detail)
}

/// The manifest's reader has seen to it that `verify-at` is on the issuer's domain. Here the issuer is one of those who
/// signed, so that nobody sends readers to a site of another's.
pub(super) fn issuer(issuer: &DomainName, verify_at: &str, signers: &[VerifierKey]) -> CheckLine {
    let speaks_for = |key: &VerifierKey| DomainName::parse(key.name().host()).is_ok_and(|host| issuer.is_within(&host));
    if signers.iter().any(speaks_for) {
        return CheckLine::pass(Check::Issuer, format!("signed; to be checked at {verify_at}"));
    }
    let what = format!("the issuer, {issuer}, has not signed");
    CheckLine::fail(Check::Issuer, Verdict::NotEnoughSignatures { what: what.clone() }, what)
}

fn name(manifest: &Manifest, asked: Option<&WebHost>, coverage: Option<&[u8]>) -> CheckLine {
    let Some(asked) = asked else {
        return CheckLine::not_checked(Check::Name, format!("no name was asked about; it is for {}", names(manifest)));
    };
    if let Some(seal) = &manifest.sealed {
        return sealed_name(manifest, seal, asked, coverage);
    }
    if manifest.covers(asked.as_str()) {
        return CheckLine::pass(Check::Name, format!("{asked} is covered"));
    }
    if manifest.returns(asked.as_str()) {
        return returned(manifest, asked);
    }
    let verdict = Verdict::NotCovered { name: asked.to_string() };
    CheckLine::fail(Check::Name, verdict, format!("{asked} is not covered; it is for {}", names(manifest)))
}

/// The notice does not tell its names: whether this one is among them takes a proof.
fn sealed_name(manifest: &Manifest, seal: &Seal, asked: &WebHost, coverage: Option<&[u8]>) -> CheckLine {
    let Some(bytes) = coverage else {
        let why = format!("the notice is for {}; there is no proof for {asked}", names(manifest));
        return CheckLine::not_checked(Check::Name, why);
    };
    let covered =
        CoverageProof::parse(bytes).and_then(|proof| Ok((manifest.covers_by(asked.as_str(), &proof)?, proof)));
    if CoverageProof::parse(bytes).is_ok_and(|proof| manifest.returns_by(asked.as_str(), &proof)) {
        return returned(manifest, asked);
    }
    let verdict = Verdict::NotCovered { name: asked.to_string() };
    match covered {
        Ok((true, proof)) => CheckLine::pass(
            Check::Name,
            format!("{asked} is covered: {} is one of {} sealed names", proof.name, seal.count),
        ),
        Ok((false, proof)) => {
            let detail = format!("the proof is for {}, not for {asked}", excerpt(&proof.name));
            CheckLine::fail(Check::Name, verdict, detail)
        }
        Err(error) => CheckLine::fail(Check::Name, verdict, error.to_string()),
    }
}

fn returned(manifest: &Manifest, asked: &WebHost) -> CheckLine {
    let verdict = Verdict::Returned { name: asked.to_string(), by: manifest.id.clone() };
    CheckLine::fail(Check::Name, verdict, format!("{asked} was covered and is returned"))
}

fn status(manifest: &Manifest, at: UtcTime) -> CheckLine {
    let since = manifest.not_before;
    match manifest.status {
        Status::Withdrawn if since <= at => {
            let detail = format!("withdrawn since {since}, by {}", manifest.order);
            CheckLine::fail(Check::Status, Verdict::Withdrawn { since }, detail)
        }
        status => CheckLine::pass(Check::Status, format!("it says {}", status.as_str())),
    }
}

fn names(manifest: &Manifest) -> String {
    if let Some(seal) = &manifest.sealed {
        return format!("{} names that it does not tell", seal.count);
    }
    let domains = manifest.domains.iter().map(ToString::to_string);
    let onions = manifest.onions.iter().map(ToString::to_string);
    let below = if manifest.subdomains { " and what is below" } else { "" };
    format!("{}{below}", listed(domains.chain(onions)))
}

fn dates(manifest: &Manifest, at: UtcTime) -> CheckLine {
    let (from, until) = (manifest.not_before, manifest.not_after);
    let detail = format!("asked for {at}; valid from {from} until before {until}");
    if at < from {
        return CheckLine::fail(Check::Dates, Verdict::NotYet { from }, detail);
    }
    if !manifest.is_in_force(at) {
        return CheckLine::fail(Check::Dates, Verdict::Expired { since: until }, detail);
    }
    let overdue = manifest.review.filter(|review| *review <= at);
    let review = overdue.map_or_else(String::new, |review| format!("; its review was due at {review}"));
    CheckLine::pass(Check::Dates, detail + &review)
}

fn copy(text: &[u8], note: &Note) -> CheckLine {
    if text == note.text.as_str().as_bytes() {
        return CheckLine::pass(Check::Copy, "the signed text");
    }
    let what = "notice.txt is not the signed text".to_owned();
    CheckLine::fail(Check::Copy, Verdict::Altered { what: what.clone() }, what)
}

fn pages(manifest: &Manifest, papers: Papers<'_>) -> CheckLine {
    if let Some(what) = papers.pages.iter().find_map(|page| page_fault(manifest, page)) {
        return CheckLine::fail(Check::Pages, Verdict::Altered { what: what.clone() }, what);
    }
    let total = manifest.pages.len();
    if papers.pages.is_empty() {
        return CheckLine::not_checked(Check::Pages, format!("none of {} at hand", count(total, "page")));
    }
    let is_seen = |digest: &Digest| papers.pages.iter().any(|page| page.digest == *digest);
    let missing: Vec<_> = manifest.pages.iter().filter(|(_, digest)| !is_seen(digest)).collect();
    let seen = format!("{} of {} as signed", total - missing.len(), count(total, "page"));
    if missing.is_empty() {
        return CheckLine::pass(Check::Pages, seen);
    }
    // Who looks at a notice sees, and saves, the page of one language.
    let paths = missing.iter().map(|(language, _)| Manifest::page_path(language));
    CheckLine::pass(Check::Pages, format!("{seen}; not at hand: {}", listed(paths)))
}

/// What is wrong with one page.
fn page_fault(manifest: &Manifest, page: &PageSeen) -> Option<String> {
    let Some(language) = &page.language else {
        let is_known = manifest.pages.values().any(|digest| *digest == page.digest);
        let fault = || match &page.path {
            Some(path) => format!("{} is none of the pages that were signed", excerpt(path)),
            None => "the page is none of those that were signed".to_owned(),
        };
        return (!is_known).then(fault);
    };
    let path = Manifest::page_path(language);
    match manifest.pages.get(language) {
        Some(digest) if *digest == page.digest => None,
        Some(_) => Some(format!("{path} is not the page that was signed")),
        None => Some(format!("{path} is not part of the notice")),
    }
}

/// `1 page`, `2 pages`.
fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// The first few of a list, and how many more.
fn listed(items: impl IntoIterator<Item = String>) -> String {
    const SHOWN: usize = 6;
    let items: Vec<String> = items.into_iter().collect();
    let shown = items.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match items.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests;

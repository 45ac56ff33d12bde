//! What a visitor is shown at one address, and whether it is the notice.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use http::StatusCode;
use http::header::CONTENT_LANGUAGE;

use super::headers;
use super::inclusion::Logged;
use super::judge::{Expected, Judged, PageSeen, Papers, examine};
use super::report::{Check, CheckLine, JSON_VERSION, Report, Verdict, verdict_wire};
use super::trust::Trust;
use crate::anchor::RESPONSE_MAX_BYTES;
use crate::check::{Exhibit, Eyes};
use crate::coverage::PROOF_MAX_BYTES;
use crate::digest::Digest;
use crate::domain::excerpt;
use crate::language::LanguageTag;
use crate::notice::{
    COVERAGE_PROOF, INCLUSION_PROOF, INCLUSION_STAMP, KIT_PATH, Manifest, NOTICE_NOTE, STATEMENT_MAX_BYTES, Status,
};
use crate::observe::{HttpLimits, Observation, Page, Scheme, Unknown, Visit, WEB_LIMITS, WebHost, visit};
use crate::serve::fixed_language;
use crate::signed_note::Note;
use crate::tlog::RECEIPT_MAX_BYTES;

/// How long the note is given and how large it may be: the longest manifest, and as much again for signatures, of which a
/// note has 128 at most.
pub const NOTE_LIMITS: HttpLimits = HttpLimits { time: Duration::from_secs(15), body_bytes: 2 * STATEMENT_MAX_BYTES };

/// The same for a proof of coverage.
const PROOF_LIMITS: HttpLimits = HttpLimits { time: Duration::from_secs(15), body_bytes: PROOF_MAX_BYTES };

/// The same for the proof that the notice is in the log, and for the time stamp over it.
const RECEIPT_LIMITS: HttpLimits = HttpLimits { time: Duration::from_secs(15), body_bytes: RECEIPT_MAX_BYTES };
const STAMP_LIMITS: HttpLimits = HttpLimits { time: Duration::from_secs(15), body_bytes: RESPONSE_MAX_BYTES };

/// What a visitor was shown at one address, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Visited {
    /// With TLS or without.
    pub scheme: Scheme,
    /// The name asked for, which is the name judged.
    pub host: WebHost,
    /// Where.
    pub address: SocketAddr,
    /// The judgement.
    pub report: Report,
    /// The page, once for each language asked for.
    pub pages: Vec<Observation<Page>>,
    /// The note.
    pub note: Observation<Page>,
    /// The proof that the name is covered, where the notice does not list its names.
    pub coverage: Option<Observation<Page>>,
    /// The proof that the notice is in the log, and where a log is believed, the time stamp over it: what there is of them.
    pub logged: Vec<Observation<Page>>,
}

impl Visited {
    /// Whether the visitor sees a notice that is real, for this name, and in force.
    pub fn is_genuine(&self) -> bool {
        self.report.is_good()
    }

    /// The languages that the notice has, as its text says; whether that text is believed is the report's matter.
    pub(super) fn languages(&self) -> Vec<LanguageTag> {
        stated(&self.note).map(|manifest| manifest.pages.into_keys().collect()).unwrap_or_default()
    }

    /// One line: name, address, verdict.
    pub fn summary(&self) -> String {
        let Self { scheme, host, address, report, .. } = self;
        format!("{}://{host} at {address}: {}", scheme.as_str(), report.verdict)
    }

    /// As JSON, version 1: `host`, `scheme`, `address` and the `report`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "version": JSON_VERSION,
            "host": self.host.as_str(),
            "scheme": self.scheme.as_str(),
            "address": self.address.to_string(),
            "verdict": verdict_wire(&self.report.verdict),
            "report": self.report.to_json(),
        })
    }

    /// What belongs into the log: one file with the judgement and every observation, and beside it the octets received,
    /// which are the same for many visits and so are kept once.
    pub fn exhibits(&self) -> Vec<Exhibit> {
        let pages =
            self.pages.iter().enumerate().map(|(index, page)| (format!("page-{}", index + 1), "text/html", page));
        let note = ("note".to_owned(), "text/plain; charset=utf-8", &self.note);
        let coverage = self.coverage.iter().map(|seen| ("coverage".to_owned(), "text/plain; charset=utf-8", seen));
        let names = [INCLUSION_PROOF, INCLUSION_STAMP].into_iter().zip(&self.logged);
        let logged = names.map(|(name, seen)| (name.to_owned(), "application/octet-stream", seen));
        exhibits_of(&self.to_json(), pages.chain([note]).chain(coverage).chain(logged))
    }
}

impl fmt::Display for Visited {
    /// For people: where, then the report.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, address, report, .. } = self;
        write!(f, "{}://{host} at {address}\n\n{report}", scheme.as_str())
    }
}

/// The judgement with all observations in one file, and the octets of each that has any.
pub(super) fn exhibits_of<'o>(
    judgement: &serde_json::Value,
    seen: impl Iterator<Item = (String, &'static str, &'o Observation<Page>)>,
) -> Vec<Exhibit> {
    let mut octets = Vec::new();
    let mut observations = serde_json::Map::new();
    for (label, media_type, observation) in seen {
        observations.insert(label.clone(), observation.evidence_beside());
        if !observation.raw.is_empty() {
            octets.push(Exhibit { label, media_type, bytes: observation.raw.clone(), personal: false });
        }
    }
    let whole = serde_json::json!({"judgement": judgement, "observations": observations});
    let bytes = whole.to_string().into_bytes();
    let judgement = "judgement".to_owned();
    let mut exhibits = vec![Exhibit { label: judgement, media_type: "application/json", bytes, personal: false }];
    exhibits.append(&mut octets);
    exhibits
}

/// Looks at `door` as visitors do who read `languages`, one visit for each, or one by somebody who says nothing about
/// languages; then fetches the note, and judges for the name at the door and the present moment.
///
/// `door` says scheme, name, address and page; whatever language it asks for is replaced.
pub async fn look(eyes: &Eyes, door: &Visit, languages: &[LanguageTag], trust: &Trust) -> Visited {
    look_for(eyes, door, languages, trust, Asker::Operation).await
}

/// Who wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// An operation, of hosts that shall choose the page for each reader.
    Operation,
    /// Somebody, of any server: one that says nothing of languages may have one page for all readers. That there is a proof of the log
    /// entry is told even if no log is believed.
    Person,
}

/// As [`look`], for one or the other.
pub(super) async fn look_for(
    eyes: &Eyes,
    door: &Visit,
    languages: &[LanguageTag],
    trust: &Trust,
    asker: Asker,
) -> Visited {
    let (network, clock) = (&eyes.network, &*eyes.clock);
    let mut shown = Vec::new();
    for asked in asked(languages) {
        shown.push(Shown { asked, asker, seen: visit(network, clock, door_for(door, asked), WEB_LIMITS).await });
    }
    let note = visit(network, clock, of_kit(door, NOTICE_NOTE), NOTE_LIMITS).await;
    let coverage = match stated(&note) {
        Some(manifest) if manifest.sealed.is_some() => {
            Some(visit(network, clock, of_kit(door, COVERAGE_PROOF), PROOF_LIMITS).await)
        }
        _ => None,
    };
    let mut logged = Vec::new();
    let is_believed = !trust.log_keys().is_empty();
    if is_believed || asker == Asker::Person {
        logged.push(visit(network, clock, of_kit(door, INCLUSION_PROOF), RECEIPT_LIMITS).await);
    }
    if is_believed {
        logged.push(visit(network, clock, of_kit(door, INCLUSION_STAMP), STAMP_LIMITS).await);
    }
    let expected = Expected { trust, name: Some(door.host()), at: note.at };
    let report = report(door, &shown, &note, (coverage.as_ref(), &logged), expected);
    Visited {
        scheme: door.scheme(),
        host: door.host().clone(),
        address: door.address,
        report,
        pages: shown.into_iter().map(|shown| shown.seen).collect(),
        note,
        coverage,
        logged,
    }
}

/// A file of the kit.
fn of_kit(door: &Visit, file: &str) -> Visit {
    // The path is of constants in the form of paths.
    door.clone().path(&format!("{KIT_PATH}{file}")).unwrap_or_else(|_| door.clone())
}

/// What a note states, whoever signed it.
fn stated(note: &Observation<Page>) -> Option<Manifest> {
    let note = Note::parse(&note.raw).ok()?;
    Manifest::parse(note.text.as_str().as_bytes()).ok()
}

/// The page as one visitor got it.
struct Shown<'a> {
    asked: Option<&'a LanguageTag>,
    asker: Asker,
    seen: Observation<Page>,
}

fn asked(languages: &[LanguageTag]) -> Vec<Option<&LanguageTag>> {
    if languages.is_empty() { vec![None] } else { languages.iter().map(Some).collect() }
}

fn door_for(door: &Visit, asked: Option<&LanguageTag>) -> Visit {
    // A language tag is of letters, digits and hyphens, so it can be sent.
    asked.and_then(|tag| door.clone().reading(tag.as_str()).ok()).unwrap_or_else(|| door.clone())
}

/// The judgement of what was seen.
fn report<'a>(
    door: &Visit,
    shown: &[Shown<'_>],
    note: &Observation<Page>,
    (coverage, logged): (Option<&'a Observation<Page>>, &'a [Observation<Page>]),
    expected: Expected<'_>,
) -> Report {
    let found = |seen: &'a Observation<Page>| {
        let is_found = seen.outcome.as_ref().is_ok_and(|page| page.status == StatusCode::OK);
        is_found.then_some(seen.raw.as_slice())
    };
    let coverage = coverage.and_then(found);
    let logged = Logged { proof: logged.first().and_then(found), stamp: logged.get(1).and_then(found) };
    let pages: Vec<PageSeen> = shown.iter().filter_map(Shown::page).collect();
    let mut judged = match note_shown(&note.outcome) {
        None => {
            let papers = Papers { note: &note.raw, text: None, coverage, pages: &pages, logged };
            examine(papers, expected)
        }
        Some(line) => {
            let mut judged = Judged::nothing("there is no note");
            judged.lines.retain(|open| open.check != Check::Form);
            judged.lines.push(line);
            judged
        }
    };
    if door.scheme() == Scheme::Https {
        let all = shown.iter().map(|shown| &shown.seen).chain([note]);
        judged.lines.push(certificate(all.map(|seen| &seen.outcome)));
    }
    judged.lines.push(page_shown(shown, judged.manifest.as_ref()));
    judged.lines.push(language(door, shown, judged.manifest.as_ref()));
    judged.into_report()
}

/// What keeps the note from being judged.
fn note_shown(outcome: &Result<Page, Unknown>) -> Option<CheckLine> {
    match outcome {
        Ok(page) if page.status == StatusCode::OK => None,
        Ok(page) => {
            let what = format!("{KIT_PATH}{NOTICE_NOTE} is answered with {}", answered(page.status));
            Some(CheckLine::fail(Check::Form, Verdict::NotShown { what: what.clone() }, what))
        }
        Err(why) => Some(CheckLine::not_checked(Check::Form, format!("the note could not be fetched: {why}"))),
    }
}

/// A certificate that is refused stands between the visitor and the notice; that no session was tried for another reason
/// says nothing about it.
fn certificate<'a>(outcomes: impl Iterator<Item = &'a Result<Page, Unknown>>) -> CheckLine {
    let mut open = None;
    let mut session = None;
    for outcome in outcomes {
        match outcome {
            Ok(page) => session = page.tls.as_ref(),
            Err(Unknown::Tls(why)) => {
                let what = Verdict::NotShown { what: format!("no page over TLS: {why}") };
                return CheckLine::fail(Check::Certificate, what, why.to_string());
            }
            Err(why) => open = Some(why),
        }
    }
    match (open, session.and_then(|session| session.version)) {
        (None, Some(version)) => CheckLine::pass(Check::Certificate, format!("accepted, {version:?}")),
        (Some(why), _) => CheckLine::not_checked(Check::Certificate, why.to_string()),
        (None, None) => CheckLine::not_checked(Check::Certificate, "no TLS session was seen"),
    }
}

/// RFC 7725 section 3 gives 451; an operation may choose 200, since some browsers hide the body of errors. A notice that was
/// withdrawn is gone.
fn is_notice_status(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS | StatusCode::OK | StatusCode::GONE)
}

/// A status in words; 421 is what our own server says of a name for which it shows no notice (RFC 9110 section 15.5.20).
fn answered(status: StatusCode) -> String {
    let meaning =
        if status == StatusCode::MISDIRECTED_REQUEST { ": the server shows no notice for this name" } else { "" };
    format!("{status}{meaning}")
}

fn page_shown(shown: &[Shown<'_>], manifest: Option<&Manifest>) -> CheckLine {
    let in_force = manifest.is_some_and(|manifest| manifest.status == Status::InForce);
    let mut statuses = Vec::new();
    let mut open = None;
    for one in shown {
        match &one.seen.outcome {
            Ok(page) if is_notice_status(page.status) && !(in_force && page.status == StatusCode::GONE) => {
                if let Some(fault) = headers::fault(&page.headers) {
                    let what = format!("{fault}{}", one.for_reader());
                    return CheckLine::fail(Check::Shown, Verdict::NotShown { what: what.clone() }, what);
                }
                statuses.push(page.status.as_str());
            }
            Ok(page) => {
                let what = format!("the page is answered with {}{}", answered(page.status), one.for_reader());
                return CheckLine::fail(Check::Shown, Verdict::NotShown { what: what.clone() }, what);
            }
            Err(why) => open = Some(format!("{why}{}", one.for_reader())),
        }
    }
    statuses.dedup();
    match open {
        Some(why) => CheckLine::not_checked(Check::Shown, why),
        None => CheckLine::pass(Check::Shown, format!("status {}", statuses.join(", "))),
    }
}

/// Whether each visitor got the language that the address says or that was asked for, where the notice has it, and was told which one it
/// is.
fn language(door: &Visit, shown: &[Shown<'_>], manifest: Option<&Manifest>) -> CheckLine {
    let Some(manifest) = manifest else {
        return CheckLine::not_checked(Check::Language, "which languages there are is not known");
    };
    let by_address = fixed_language(manifest.pages.keys(), door.path_alone());
    let got: Vec<&Shown<'_>> = shown.iter().filter(|shown| shown.notice_page().is_some()).collect();
    if let Some(what) = got.iter().find_map(|shown| shown.language_fault(manifest, by_address)) {
        return CheckLine::fail(Check::Language, Verdict::NotShown { what: what.clone() }, what);
    }
    if got.len() < shown.len() {
        return CheckLine::not_checked(Check::Language, "not every page could be fetched");
    }
    let mut languages: Vec<String> =
        got.iter().filter_map(|shown| shown.language_in(manifest)).map(|tag| tag.to_string()).collect();
    languages.dedup();
    let languages = languages.join(", ");
    if got.iter().any(|shown| shown.says_nothing()) {
        let what = format!("no Content-Language is sent; the octets are those of the page in {languages}");
        return CheckLine { is_needed: false, ..CheckLine::not_checked(Check::Language, what) };
    }
    if let Some(language) = by_address {
        return CheckLine::pass(Check::Language, format!("{language}, by its address"));
    }
    CheckLine::pass(Check::Language, languages)
}

impl Shown<'_> {
    /// The page, if it was answered as notices are.
    fn notice_page(&self) -> Option<&Page> {
        self.seen.outcome.as_ref().ok().filter(|page| is_notice_status(page.status))
    }

    /// The page as it came. What comes in a coding is not looked at, and that it does is a fault of its own.
    fn page(&self) -> Option<PageSeen> {
        let page = self.notice_page().filter(|page| !headers::is_coded(&page.headers));
        page.map(|_| PageSeen { language: self.language(), digest: Digest::of(&self.seen.raw), path: None })
    }

    /// The language that the page is said to be in: one, for each of our pages is in one (RFC 9110 section 8.5).
    fn language(&self) -> Option<LanguageTag> {
        self.said().and_then(|said| said.parse().ok())
    }

    fn said(&self) -> Option<&str> {
        self.notice_page()?.headers.get(CONTENT_LANGUAGE)?.to_str().ok()
    }

    /// Whether there is no word of the language: other servers than ours send none with files.
    fn says_nothing(&self) -> bool {
        self.notice_page().is_some_and(|page| !page.headers.contains_key(CONTENT_LANGUAGE))
    }

    /// The language that the page is said to be in, or else the one in which these octets were signed.
    fn language_in(&self, manifest: &Manifest) -> Option<LanguageTag> {
        if !self.says_nothing() {
            return self.language();
        }
        let digest = self.page()?.digest;
        manifest.pages.iter().find(|(_, signed)| **signed == digest).map(|(language, _)| language.clone())
    }

    /// The address decides before the reader does, as on the server.
    fn language_fault(&self, manifest: &Manifest, by_address: Option<&LanguageTag>) -> Option<String> {
        let reader = self.for_reader();
        let Some(got) = self.language_in(manifest) else {
            let said = self.said().map_or_else(|| "nothing".to_owned(), |said| format!("`{}`", excerpt(said)));
            return Some(format!("Content-Language says {said}, not one language{reader}"));
        };
        let may_be_one_for_all = self.says_nothing() && self.asker == Asker::Person;
        let by_reader = self.asked.filter(|asked| !may_be_one_for_all && manifest.pages.contains_key(asked));
        match (by_address, by_reader) {
            (Some(wanted), _) if *wanted != got => {
                Some(format!("the page is in {got}{reader}, and {wanted} by its address"))
            }
            (None, Some(wanted)) if *wanted != got => Some(format!("the page is in {got}{reader}")),
            _ => None,
        }
    }

    fn for_reader(&self) -> String {
        self.asked.map_or_else(String::new, |asked| format!(" for a reader of {asked}"))
    }
}

#[cfg(test)]
mod tests;

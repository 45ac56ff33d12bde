//! The report as one HTML file: no script, nothing from elsewhere, for a screen and for paper.
//!
//! Every text of the log passes [`brief`], is escaped by the template, and stands in its own `bdi`. However long the log is, the
//! file stays of a size that a browser opens: what was left out is counted and said, and where it is.

mod authority;
mod chart;
mod proofs;
mod stories;
mod timeline;

use askama::Template;
use base64ct::{Base64, Encoding};

use super::words::{BRIEF_CHARS, brief, counted, day, for_people, is_cut, listed, long};
use super::{Retold, Story};
use crate::check::Verdict;
use crate::clock::UtcTime;
use crate::digest::Digest;

use authority::{ApprovalRow, OrderRow};
use chart::Chart;
use proofs::Proof;
use stories::{Group, OverviewRow};
use timeline::StepGroup;

/// The style sheet, inside the file.
const STYLE: &str = include_str!("../../../templates/report.css");

/// Things of which the log does not say what became, in a list; more are counted.
const UNKNOWN_MAX: usize = 200;

/// Why the report cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the report cannot be written")]
pub struct ReportError(#[from] askama::Error);

/// A moment, for people and for programs.
struct When {
    iso: String,
    shown: String,
}

impl When {
    fn long(at: UtcTime) -> Self {
        Self { iso: at.to_string(), shown: long(at) }
    }

    fn day(at: UtcTime) -> Self {
        Self { iso: at.to_string(), shown: day(at) }
    }

    fn clock(at: UtcTime) -> Self {
        Self { iso: at.to_string(), shown: super::words::clock_time(at) }
    }
}

/// A name, in the form that people read and, where that is another, the form of the DNS.
struct Name {
    shown: String,
    ascii: Option<String>,
}

impl Name {
    fn of(subject: &str) -> Self {
        let unicode = crate::domain::DomainName::parse(subject).ok().and_then(|name| name.unicode());
        match unicode {
            Some(unicode) => Self { shown: brief(&unicode), ascii: Some(brief(subject)) },
            None => Self { shown: brief(subject), ascii: None },
        }
    }
}

/// Something that does not verify, and whose it is.
struct Failing {
    origin: String,
    dir: String,
    failures: Vec<String>,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    style: &'static str,
    running: String,
    policy: String,
    kind: String,
    title: String,
    case: Option<String>,
    lead: Option<String>,
    plan: Option<String>,
    span: Option<(When, When)>,
    several: bool,
    rehearsed: bool,
    failing: Vec<Failing>,
    summary: Vec<String>,
    /// How many targets have each verdict; `None` where no plan was begun.
    counts: Option<[u64; 3]>,
    orders: Vec<OrderRow>,
    orders_note: Option<String>,
    needed: Option<String>,
    approvals: Vec<ApprovalRow>,
    steps: Vec<StepGroup>,
    chart: Option<Chart>,
    overview: Vec<OverviewRow>,
    groups: Vec<Group>,
    unknown: Vec<String>,
    left_out: Vec<String>,
    proofs: Vec<Proof>,
    afterwards: String,
}

/// The report as one HTML file.
pub fn html(retold: &Retold) -> Result<String, ReportError> {
    let paper = retold.papers.playbook.as_ref();
    let title = brief(&retold.title());
    let running = running_heading(&title);
    let (steps, untold) = timeline::steps(retold);
    let mut left_out: Vec<String> = untold_lines(untold).into_iter().chain(cut_texts(retold)).collect();
    let (overview, groups) = stories::groups(retold, &mut left_out);
    let page = Page {
        style: STYLE,
        policy: policy(&[STYLE, &running]),
        running,
        case: paper.and_then(|paper| paper.operation.case.as_deref()).map(brief),
        lead: paper.and_then(|paper| retold.papers.agency(&paper.operation.lead)).map(|agency| brief(&agency.name)),
        plan: retold.plan().map(brief),
        span: retold.span.map(|(from, to)| (When::long(from), When::long(to))),
        several: retold.logs.len() > 1,
        rehearsed: retold.rehearsed,
        failing: failing(retold),
        summary: summary(retold, untold),
        kind: kind(retold),
        counts: retold
            .is_of_a_run()
            .then(|| [Verdict::Pass, Verdict::Fail, Verdict::Unknown].map(|verdict| retold.count(verdict))),
        orders: authority::orders(retold),
        orders_note: authority::note(retold),
        needed: authority::needed(retold),
        approvals: authority::approvals(retold),
        steps,
        chart: chart::chart(retold, &mut left_out),
        overview,
        groups,
        unknown: unknown(retold, &mut left_out),
        proofs: proofs::proofs(retold),
        afterwards: proofs::afterwards(retold),
        left_out,
        title,
    };
    Ok(page.render()?)
}

/// The style of the running heading on paper. The title becomes a CSS string of letters, digits, spaces and escapes only.
fn running_heading(title: &str) -> String {
    const CHARS_MAX: usize = 80;
    let mut string = String::new();
    for c in title.chars().take(CHARS_MAX) {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => string.push(c),
            // CSS Syntax section 4.3.7: a space after an escape belongs to it, also after six digits.
            c => string.push_str(&format!("\\{:06x} ", u32::from(c))),
        }
    }
    format!("@page{{@top-left{{content:\"{string}\"}}}}")
}

/// The policy of the page: nothing is loaded, nothing runs, and only these style sheets count (CSP level 3).
fn policy(styles: &[&str]) -> String {
    let hashes = styles.iter().map(|style| format!("'sha256-{}'", Base64::encode_string(Digest::of(style).as_bytes())));
    let hashes: Vec<String> = hashes.collect();
    format!("default-src 'none'; style-src {}; img-src data:; base-uri 'none'; form-action 'none'", hashes.join(" "))
}

fn failing(retold: &Retold) -> Vec<Failing> {
    let unsound = retold.logs.iter().filter(|log| !log.is_sound());
    let told = unsound.map(|log| Failing {
        origin: brief(&log.origin),
        dir: brief(&log.dir),
        failures: log.failures().iter().map(|failure| brief(failure)).collect(),
    });
    told.collect()
}

/// How many lines of the timeline [`html`] has no room for.
pub fn lines_left_out(retold: &Retold) -> u64 {
    timeline::steps(retold).1
}

fn untold_lines(untold: u64) -> Option<String> {
    (untold > 0).then(|| format!("{} of the timeline", counted(untold, "line", "lines")))
}

/// How many texts are longer than what stands of them here.
fn cut_texts(retold: &Retold) -> Option<String> {
    let looks = retold.stories.iter().flat_map(Story::looks_after).flat_map(super::Look::lines);
    let cut = retold.timeline.iter().filter(|moment| is_cut(&moment.what)).count()
        + looks.filter(|line| is_cut(line)).count();
    (cut > 0).then(|| {
        let texts = counted(cut as u64, "text that is longer", "texts that are longer");
        format!("what follows after the first {BRIEF_CHARS} characters of a text: {texts}")
    })
}

/// What a reader wants to know first, in sentences.
fn summary(retold: &Retold, untold: u64) -> Vec<String> {
    let mut sentences = vec![beginning(retold)];
    sentences.extend(untold_lines(untold).map(|lines| {
        format!(
            "Not all of them stand in this file: {lines} left out, so that it can be opened and printed. `impound log show` \
             prints every entry, and `impound report` without -o tells them all, as text or with `--format json`."
        )
    }));
    if !retold.is_of_a_run() {
        sentences
            .push("No plan was begun. What follows is what people wrote down, and what was kept with it.".to_owned());
        return sentences;
    }
    sentences.extend(authority::sentence(retold));
    sentences.extend(targets(retold));
    sentences.push(authority::approved_sentence(retold));
    sentences.push(instructed(retold));
    sentences.push(ended(retold));
    sentences
}

fn beginning(retold: &Retold) -> String {
    let Some((from, to)) = retold.span else {
        return "The logs hold no entry that verifies, so nothing can be told.".to_owned();
    };
    let entries = counted(retold.entries, "entry", "entries");
    let logs = match retold.logs.as_slice() {
        [] => "one log".to_owned(),
        logs => format!("the {}", super::logs::named(logs)),
    };
    let what = match (retold.operation().as_deref().map(brief), retold.rehearsed) {
        (Some(title), true) => format!("the rehearsal of {title}, from {entries}"),
        (Some(title), false) => format!("{title} from {entries}"),
        (None, true) => format!("a rehearsal from {entries}"),
        (None, false) => entries,
    };
    format!("This report retells {what} of {logs}, written from {} to {}.", long(from), long(to))
}

/// What kind of report it is.
fn kind(retold: &Retold) -> String {
    let logs = if retold.logs.len() > 1 { "the signed logs" } else { "the signed log" };
    match (retold.rehearsed, retold.opened.is_empty()) {
        (true, _) => format!("Report from {logs} of a rehearsal"),
        (false, false) => format!("Report from {logs} of an operation"),
        (false, true) => format!("Report from {logs}"),
    }
}

/// How many targets, and what was ordered for them.
fn targets(retold: &Retold) -> Option<String> {
    let mut counts: Vec<(&str, u64)> = Vec::new();
    for story in &retold.stories {
        match counts.iter_mut().find(|(action, _)| *action == story.action) {
            Some((_, count)) => *count += 1,
            None => counts.push((&story.action, 1)),
        }
    }
    /// Seven actions are known; a log that names more is not of this program.
    const ACTIONS_MAX: usize = 20;
    let told =
        counts.iter().take(ACTIONS_MAX).map(|(action, count)| format!("{count} {}", super::words::ordered(action)));
    let told: Vec<String> = told.collect();
    let all = counted(retold.stories.len() as u64, "target was", "targets were");
    (!told.is_empty()).then(|| format!("{all} looked at: {}.", listed(&told)))
}

fn instructed(retold: &Retold) -> String {
    let given: Vec<_> = retold.deeds.iter().filter(|deed| deed.action == "instruct").collect();
    let doubt = given.iter().filter(|deed| deed.is_in_doubt()).count();
    let done = given.iter().filter(|deed| deed.is_done()).count();
    if given.is_empty() {
        return "No instruction was given.".to_owned();
    }
    let given_words = counted(given.len() as u64, "instruction was", "instructions were");
    let declined = given.len() - done - doubt;
    format!(
        "{given_words} given: {done} accepted, {declined} not carried out, {doubt} of which the outcome is not known."
    )
}

fn ended(retold: &Retold) -> String {
    let [pass, fail, unknown] = [Verdict::Pass, Verdict::Fail, Verdict::Unknown].map(|verdict| retold.count(verdict));
    let all = counted(retold.stories.len() as u64, "target", "targets");
    let over = match (retold.opened.is_empty(), retold.is_closed()) {
        (true, _) => "No plan was begun.",
        (false, true) => "The plan is over.",
        (false, false) => "The plan is not over.",
    };
    format!("Outcome at the last look: of {all}, {pass} as ordered, {fail} not as ordered, {unknown} not known. {over}")
}

/// What was not known, one sentence each.
fn unknown(retold: &Retold, left_out: &mut Vec<String>) -> Vec<String> {
    let mut sentences = Vec::new();
    for log in &retold.logs {
        if log.evidence.bad().is_empty() && !matches!(log.evidence, super::EvidenceTold::Checked { .. }) {
            sentences.push(format!("{}: {}", brief(&log.origin), log.evidence_sentence()));
        }
        sentences.extend(log.unpublished_sentence());
        for gap in &log.gaps {
            sentences.push(format!("What {} of {} said: it cannot be proved.", gap.named(), brief(&log.origin)));
        }
    }
    for deed in retold.in_doubt() {
        let (entry, what) = (deed.intent, brief(&deed.what));
        sentences.push(format!("What became of “{what}” (entry {entry}): no entry says it."));
    }
    let unknown = retold.stories.iter().filter(|story| story.verdict() == Verdict::Unknown);
    sentences.extend(unknown.map(unknown_target));
    let more = sentences.len().saturating_sub(UNKNOWN_MAX);
    if more > 0 {
        sentences.truncate(UNKNOWN_MAX);
        left_out.push(format!("{} not known", counted(more as u64, "more thing that was", "more things that were")));
    }
    sentences
}

fn unknown_target(story: &Story) -> String {
    let why = match story.looks_after().next() {
        None => "nobody looked at it after the operation",
        Some(_) => "the last look could not find it out",
    };
    format!("Whether {} is as ordered: {why}.", brief(&for_people(&story.subject)))
}

/// The word for a verdict.
fn outcome(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "As ordered",
        Verdict::Fail => "Not as ordered",
        Verdict::Unknown => "Not known",
    }
}

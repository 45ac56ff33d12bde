//! The targets: one story each, and the names of lists together.

use std::collections::{BTreeMap, HashMap};

use super::super::text::apart;
use super::super::words::{brief, counted, for_people, listed, ordered};
use super::super::{Account, Deed, Look, Retold, Story};
use super::{Name, When, outcome};
use crate::audit::OutcomeResult;
use crate::check::Verdict;
use crate::digest::Digest;

/// Stories told in full: those that are not as ordered before the others. A story is some four kilobytes.
const STORIES_MAX: usize = 250;
/// Names of a list that are as ordered, one line each.
const NAMES_PER_LIST: usize = 250;
/// The same of all lists together.
const NAMES_MAX: usize = 1000;
/// Targets in the table at the beginning.
const OVERVIEW_MAX: usize = 300;
/// Findings, visits and instructions of one story.
const DETAILS_MAX: usize = 40;
/// Different states of a list that are told.
const STATES_MAX: usize = 5;

/// One line of the table at the beginning.
pub(super) struct OverviewRow {
    pub name: Name,
    pub ordered: String,
    pub before: String,
    pub after: String,
    pub outcome: &'static str,
}

/// Targets that are told together: those that stand for themselves, or the names of a list.
pub(super) struct Group {
    pub title: String,
    pub sentences: Vec<String>,
    pub events: Vec<Event>,
    pub tales: Vec<Tale>,
    pub names: Vec<NameRow>,
    pub left_out: Option<String>,
}

/// One story in full.
pub(super) struct Tale {
    pub name: Name,
    pub outcome: &'static str,
    pub good: bool,
    pub ordered: String,
    pub order: String,
    pub events: Vec<Event>,
}

/// One thing that a log tells of a target.
pub(super) struct Event {
    pub at: When,
    pub seq: u64,
    pub log: String,
    pub what: String,
    pub details: Vec<String>,
    pub exhibits: Vec<Exhibit>,
}

/// A piece of evidence.
pub(super) struct Exhibit {
    pub what: String,
    pub digest: String,
    /// What is wrong with it, if it was found to be wrong.
    pub bad: Option<String>,
}

/// A name of a list that is as ordered.
pub(super) struct NameRow {
    pub name: Name,
    pub after: String,
    pub seq: u64,
    pub digest: String,
    pub bad: Option<String>,
}

/// What is wrong with which evidence.
type Bad<'r> = HashMap<Digest, &'r str>;

/// How much may still be told in full.
struct Room {
    stories: usize,
    names: usize,
}

/// The table at the beginning, and the stories.
pub(super) fn groups(retold: &Retold, left_out: &mut Vec<String>) -> (Vec<OverviewRow>, Vec<Group>) {
    let (alone, lists) = apart(retold);
    let overview = overview(&alone, &lists, left_out);
    let bad = retold.logs.iter().flat_map(|log| log.evidence.bad());
    let bad: Bad<'_> = bad.map(|one| (one.digest, one.why.as_str())).collect();
    let mut room = Room { stories: STORIES_MAX, names: NAMES_MAX };
    let mut groups = Vec::new();
    if !alone.is_empty() {
        groups.push(single(retold, &alone, &bad, &mut room));
    }
    groups.extend(lists.iter().map(|(list, stories)| of_list(retold, list, stories, &bad, &mut room)));
    for group in &groups {
        left_out.extend(group.left_out.as_ref().map(|more| format!("{}: {more}", group.title)));
    }
    (overview, groups)
}

fn overview(alone: &[&Story], lists: &BTreeMap<&str, Vec<&Story>>, left_out: &mut Vec<String>) -> Vec<OverviewRow> {
    let state = |state: Option<&str>| state.map_or("not looked at".to_owned(), brief);
    let mut sorted: Vec<&&Story> = alone.iter().collect();
    // What is not as ordered first; the order of the log otherwise.
    sorted.sort_by_key(|story| story.verdict() == Verdict::Pass);
    let mut rows: Vec<OverviewRow> = sorted
        .iter()
        .take(OVERVIEW_MAX)
        .map(|story| OverviewRow {
            name: Name::of(&story.subject),
            ordered: ordered(&story.action),
            before: state(story.before()),
            after: state(story.after()),
            outcome: outcome(story.verdict()),
        })
        .collect();
    if alone.len() > OVERVIEW_MAX {
        left_out.push(format!(
            "{} in the table of outcomes",
            counted((alone.len() - OVERVIEW_MAX) as u64, "target", "targets")
        ));
    }
    rows.extend(lists.iter().take(OVERVIEW_MAX).map(|(list, stories)| OverviewRow {
        name: Name { shown: format!("List {}, {} names", brief(list), stories.len()), ascii: None },
        ordered: stories.first().map(|story| ordered(&story.action)).unwrap_or_default(),
        before: states(stories.iter().map(|story| story.before())),
        after: states(stories.iter().map(|story| story.after())),
        outcome: worst(stories),
    }));
    rows
}

fn worst(stories: &[&Story]) -> &'static str {
    let any = |verdict: Verdict| stories.iter().any(|story| story.verdict() == verdict);
    match (any(Verdict::Fail), any(Verdict::Unknown)) {
        (true, _) => "Not all as ordered",
        (false, true) => "Not known of all",
        (false, false) => "All as ordered",
    }
}

/// The states of many names, the most frequent first: `38 NXDOMAIN, 2 not looked at`.
fn states<'s>(states: impl Iterator<Item = Option<&'s str>>) -> String {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for state in states {
        *counts.entry(state.unwrap_or("not looked at")).or_insert(0) += 1;
    }
    let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut words: Vec<String> =
        counts.iter().take(STATES_MAX).map(|(state, count)| format!("{count} × {}", brief(state))).collect();
    let others: u64 = counts.iter().skip(STATES_MAX).map(|(_, count)| count).sum();
    if others > 0 {
        words.push(format!("{others} in other states"));
    }
    words.join("; ")
}

/// The targets that stand for themselves.
fn single(retold: &Retold, stories: &[&Story], bad: &Bad<'_>, room: &mut Room) -> Group {
    let (mut chosen, good): (Vec<&Story>, Vec<&Story>) =
        stories.iter().partition(|story| story.verdict() != Verdict::Pass);
    chosen.extend(good);
    let tales = tales(retold, &chosen, bad, room, false);
    let more = stories.len() - tales.len();
    Group {
        title: "Targets that the plan names one by one".to_owned(),
        sentences: Vec::new(),
        events: Vec::new(),
        left_out: (more > 0).then(|| format!("the stories of {}", counted(more as u64, "target", "targets"))),
        tales,
        names: Vec::new(),
    }
}

/// The names of a list: together, and those in full that are not as ordered.
fn of_list(retold: &Retold, list: &str, stories: &[&Story], bad: &Bad<'_>, room: &mut Room) -> Group {
    let (good, others): (Vec<&Story>, Vec<&Story>) = stories.iter().partition(|story| story.verdict() == Verdict::Pass);
    let tales = tales(retold, &others, bad, room, true);
    let shown_names = good.len().min(NAMES_PER_LIST).min(room.names);
    room.names -= shown_names;
    let names = good.iter().take(shown_names).map(|story| name_row(story, bad)).collect();
    let deeds = stories.first().map(|story| retold.instructions(story)).into_iter().flatten();
    let (untold, unnamed) = (others.len() - tales.len(), good.len() - shown_names);
    let mut missing = Vec::new();
    if untold > 0 {
        missing.push(format!("the stories of {} not as ordered or not known", counted(untold as u64, "name", "names")));
    }
    if unnamed > 0 {
        missing.push(format!("{} as ordered", counted(unnamed as u64, "name", "names")));
    }
    Group {
        title: format!("The list “{}”: {}", brief(list), counted(stories.len() as u64, "name", "names")),
        sentences: list_sentences(stories, good.len()),
        events: deeds.take(DETAILS_MAX).flat_map(|deed| instructed(retold, deed)).collect(),
        tales,
        names,
        left_out: (!missing.is_empty()).then(|| listed(&missing)),
    }
}

fn list_sentences(stories: &[&Story], good: usize) -> Vec<String> {
    let unknown = stories.iter().filter(|story| story.verdict() == Verdict::Unknown).count();
    let action = stories.first().map(|story| ordered(&story.action)).unwrap_or_default();
    let not = stories.len() - good - unknown;
    vec![
        format!("Its names are {action}: {good} as ordered, {not} not, {unknown} not known."),
        format!("Before: {}.", states(stories.iter().map(|story| story.before()))),
        format!("After: {}.", states(stories.iter().map(|story| story.after()))),
    ]
}

fn name_row(story: &Story, bad: &Bad<'_>) -> NameRow {
    let look = story.looks_after().next();
    let digest = look.and_then(|look| look.evidence);
    NameRow {
        name: Name::of(&story.subject),
        after: story.after().map(brief).unwrap_or_default(),
        seq: look.map_or(0, |look| look.seq),
        digest: digest.map_or("none".to_owned(), |digest| digest.hex()),
        bad: digest.and_then(|digest| bad.get(&digest)).map(|why| brief(why)),
    }
}

fn tales(retold: &Retold, stories: &[&Story], bad: &Bad<'_>, room: &mut Room, in_list: bool) -> Vec<Tale> {
    let told = stories.len().min(room.stories);
    room.stories -= told;
    stories.iter().take(told).map(|story| tale(retold, story, bad, in_list)).collect()
}

fn tale(retold: &Retold, story: &Story, bad: &Bad<'_>, in_list: bool) -> Tale {
    let mut events: Vec<(usize, u64, Event)> = Vec::new();
    for account in &story.accounts {
        events.extend(of_account(retold, account, bad));
    }
    // The instruction of a list stands above its names.
    if !in_list {
        for deed in retold.instructions(story).take(DETAILS_MAX) {
            events.extend(instructed(retold, deed).into_iter().map(|event| (deed.log, event.seq, event)));
        }
    }
    events.sort_by(|one, other| (&one.2.at.iso, one.0, one.1).cmp(&(&other.2.at.iso, other.0, other.1)));
    Tale {
        name: Name::of(&story.subject),
        outcome: outcome(story.verdict()),
        good: story.verdict() == Verdict::Pass,
        ordered: ordered(&story.action),
        order: story.order.as_deref().map_or("none".to_owned(), brief),
        events: events.into_iter().map(|(_, _, event)| event).collect(),
    }
}

fn of_account(retold: &Retold, account: &Account, bad: &Bad<'_>) -> Vec<(usize, u64, Event)> {
    let mut events = Vec::new();
    let log = brief(retold.origin(account.log));
    if let Some(look) = &account.before {
        events.push((account.log, look.seq, looked("Before: ", look, &log, bad)));
    }
    for (seq, at, verdict) in account.earlier.iter().take(DETAILS_MAX) {
        let what = format!("Looked at after: {}", outcome(*verdict).to_lowercase());
        let (at, log) = (When::long(*at), log.clone());
        events.push((account.log, *seq, Event { at, seq: *seq, log, what, details: Vec::new(), exhibits: Vec::new() }));
    }
    if let Some(look) = &account.after {
        events.push((account.log, look.seq, looked("After: ", look, &log, bad)));
    }
    events
}

fn looked(moment: &str, look: &Look, log: &str, bad: &Bad<'_>) -> Event {
    let mut details: Vec<String> = look.lines().iter().take(DETAILS_MAX).map(|line| brief(line)).collect();
    let (genuine, visits) = look.genuine();
    if visits > 0 {
        details.push(format!("{genuine} of {} met the genuine notice", counted(visits as u64, "visit", "visits")));
    }
    let exhibit = |what: String, digest: Digest| Exhibit {
        what,
        digest: digest.hex(),
        bad: bad.get(&digest).map(|why| brief(why)),
    };
    let mut exhibits: Vec<Exhibit> =
        look.evidence.map(|digest| exhibit(format!("entry {}", look.seq), digest)).into_iter().collect();
    let visited = look.visits.iter().filter_map(|visit| Some((visit, visit.evidence?)));
    exhibits.extend(visited.take(DETAILS_MAX).map(|(visit, digest)| exhibit(format!("entry {}", visit.seq), digest)));
    Event {
        at: When::long(look.at),
        seq: look.seq,
        log: log.to_owned(),
        what: format!("{moment}{}", brief(&look.state)),
        details,
        exhibits,
    }
}

/// An instruction, and what became of it.
fn instructed(retold: &Retold, deed: &Deed) -> Vec<Event> {
    let log = brief(retold.origin(deed.log));
    let under =
        deed.authority.as_deref().map(|order| format!(", under the order {}", brief(order))).unwrap_or_default();
    let event = |at, seq, what| Event { at, seq, log: log.clone(), what, details: Vec::new(), exhibits: Vec::new() };
    let what = format!("About to instruct: {}{under}", brief(&for_people(&deed.what)));
    let mut events = vec![event(When::long(deed.at), deed.intent, what)];
    if let Some(outcome) = &deed.outcome {
        let result = match outcome.result {
            OutcomeResult::Done => "Instruction accepted",
            OutcomeResult::Failed => "Instruction not carried out",
            OutcomeResult::Unknown => "Outcome not known",
        };
        events.push(event(When::long(outcome.at), outcome.seq, format!("{result}: {}", brief(&outcome.how))));
    } else if let Some(only) = events.first_mut() {
        only.details.push("No entry says what became of it.".to_owned());
    }
    events
}

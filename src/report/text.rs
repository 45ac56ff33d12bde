//! The report as plain text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Moment, Retold, Story};
use crate::check::Verdict;
use crate::domain::DomainName;

/// One row a target, or a list: name, action, before, after, verdict, evidence.
///
/// The names of a list share a row: it shows the state that most of them have, and how many are as ordered. Those that are
/// not have rows of their own below it.
pub fn rows(retold: &Retold) -> Vec<[String; 6]> {
    let (listed, alone): (Vec<&Story>, Vec<&Story>) = retold.stories.iter().partition(|story| story.list.is_some());
    let mut lists: BTreeMap<&str, Vec<&Story>> = BTreeMap::new();
    for story in listed {
        lists.entry(story.list.as_deref().unwrap_or_default()).or_default().push(story);
    }
    let mut rows: Vec<[String; 6]> = alone.into_iter().map(row).collect();
    for (list, stories) in lists {
        rows.push(list_row(list, &stories));
        rows.extend(stories.into_iter().filter(|story| story.verdict != Verdict::Pass).map(row));
    }
    rows
}

fn row(story: &Story) -> [String; 6] {
    let (genuine, visits) = story.visits;
    let evidence = story.evidence.first().map_or("-".to_owned(), |digest| digest.hex().chars().take(8).collect());
    let verdict = match (story.verdict, visits) {
        (Verdict::Pass, 1..) => format!("pass {genuine}/{visits}"),
        (verdict, _) => verdict.word().to_owned(),
    };
    [for_people(&story.subject), story.action.clone(), state(&story.before), state(&story.after), verdict, evidence]
}

/// An internationalised name in both its forms.
fn for_people(subject: &str) -> String {
    DomainName::parse(subject).map_or_else(|_| subject.to_owned(), |name| name.for_people())
}

fn list_row(list: &str, stories: &[&Story]) -> [String; 6] {
    let passed = stories.iter().filter(|story| story.verdict == Verdict::Pass).count();
    let verdict = if passed == stories.len() { "pass" } else { "not all" };
    let action = stories.first().map(|story| story.action.clone()).unwrap_or_default();
    [
        format!("list {list} ({} names)", stories.len()),
        action,
        most(stories.iter().map(|story| state(&story.before))),
        most(stories.iter().map(|story| state(&story.after))),
        format!("{verdict} {passed}/{}", stories.len()),
        "report".to_owned(),
    ]
}

fn state(state: &Option<String>) -> String {
    state.clone().unwrap_or_else(|| "not looked at".to_owned())
}

/// The state that occurs most often, marked where there are others.
fn most(states: impl Iterator<Item = String>) -> String {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for state in states {
        *counted.entry(state).or_insert(0) += 1;
    }
    let others = counted.len() > 1;
    let common = counted.into_iter().max_by_key(|(_, count)| *count).map(|(state, _)| state).unwrap_or_default();
    if others { format!("mostly {common}") } else { common }
}

/// The whole report: summary, targets, timeline, what is not known.
pub fn text(retold: &Retold) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "THE OPERATION, RETOLD FROM ITS LOG\n");
    summary(retold, &mut text);
    let _ = writeln!(text, "\nTARGETS\n");
    for story in &retold.stories {
        tell(story, &mut text);
    }
    let _ = writeln!(text, "TIMELINE\n");
    for moment in &retold.timeline {
        text.push_str(&line(moment));
    }
    let _ = writeln!(text, "\nWHAT IS NOT KNOWN\n");
    unknowns(retold, &mut text);
    text
}

/// One line of the timeline: index, time, step, what, under which order.
pub fn line(moment: &Moment) -> String {
    let step = moment.step.as_deref().unwrap_or("-");
    let under = moment.authority.as_deref().map(|order| format!(" [{order}]")).unwrap_or_default();
    format!("{:>6}  {}  {step:<14} {}{under}\n", moment.seq, moment.at, moment.what)
}

fn summary(retold: &Retold, text: &mut String) {
    let count = |verdict: Verdict| retold.stories.iter().filter(|story| story.verdict == verdict).count();
    let _ = writeln!(text, "Plan       {}", retold.plan.as_deref().unwrap_or("none was begun"));
    for approval in &retold.approvals {
        let _ = writeln!(text, "Approved   {approval}");
    }
    if let Some((from, to)) = retold.span {
        let _ = writeln!(text, "Entries    {} from {from} to {to}", retold.entries);
    }
    let _ = writeln!(text, "Ended      {}", if retold.closed { "the plan is over" } else { "the plan is not over" });
    let (pass, fail, unknown) = (count(Verdict::Pass), count(Verdict::Fail), count(Verdict::Unknown));
    let _ = writeln!(text, "Targets    {} as ordered, {fail} not, {unknown} unknown", pass);
}

fn tell(story: &Story, text: &mut String) {
    let order = story.order.as_deref().unwrap_or("none");
    let subject = for_people(&story.subject);
    let _ = writeln!(text, "{subject} ({}, order {order}): {}", story.action, story.verdict.word());
    let _ = writeln!(text, "  before    {}", story.before.as_deref().unwrap_or("not looked at"));
    let _ = writeln!(text, "  after     {}", story.after.as_deref().unwrap_or("not looked at"));
    if story.visits.1 > 0 {
        let _ = writeln!(text, "  visits    {} of {} met the genuine notice", story.visits.0, story.visits.1);
    }
    for finding in &story.findings {
        let _ = writeln!(text, "  finding   {finding}");
    }
    for (entry, digest) in story.entries.iter().zip(&story.evidence) {
        let _ = writeln!(text, "  entry {entry:<4}evidence {digest}");
    }
    text.push('\n');
}

fn unknowns(retold: &Retold, text: &mut String) {
    let unknown: Vec<&Story> = retold.stories.iter().filter(|story| story.verdict == Verdict::Unknown).collect();
    if unknown.is_empty() && retold.in_doubt.is_empty() {
        let _ = writeln!(text, "Nothing that the log asks about.");
    }
    for story in unknown {
        let _ = writeln!(text, "{}: whether it is as ordered", story.subject);
    }
    for (intent, subject) in &retold.in_doubt {
        let _ = writeln!(text, "entry {intent}: what became of `{subject}`");
    }
}

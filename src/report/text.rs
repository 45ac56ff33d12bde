//! The report as plain text, in 80 columns.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::words::{for_people, listed, shown};
use super::{LogTold, Moment, Retold, Story};
use crate::check::Verdict;
use crate::columns::hanging;
use crate::words::counted;

/// One row a target, or a list: name, action, before, after, verdict, evidence.
///
/// The names of a list share a row: it shows the state that most of them have, and how many are as ordered. Those that are
/// not have rows of their own below it.
pub fn rows(retold: &Retold) -> Vec<[String; 6]> {
    let (alone, lists) = apart(retold);
    let mut rows: Vec<[String; 6]> = alone.into_iter().map(row).collect();
    for (list, stories) in lists {
        rows.push(list_row(list, &stories));
        rows.extend(stories.into_iter().filter(|story| story.verdict() != Verdict::Pass).map(row));
    }
    rows
}

/// The targets that stand for themselves, and those of each list.
pub(super) fn apart(retold: &Retold) -> (Vec<&Story>, BTreeMap<&str, Vec<&Story>>) {
    let mut lists: BTreeMap<&str, Vec<&Story>> = BTreeMap::new();
    let mut alone = Vec::new();
    for story in &retold.stories {
        match &story.list {
            Some(list) => lists.entry(list).or_default().push(story),
            None => alone.push(story),
        }
    }
    (alone, lists)
}

fn row(story: &Story) -> [String; 6] {
    let (genuine, visits) = story.visits();
    let evidence = story.looks_after().find_map(|look| look.evidence);
    let evidence = evidence.map_or("-".to_owned(), |digest| digest.hex().chars().take(8).collect());
    let verdict = match (story.verdict(), visits) {
        (Verdict::Pass, 1..) => format!("pass {genuine}/{visits}"),
        (verdict, _) => verdict.word().to_owned(),
    };
    let (before, after) = (state(story.before()), state(story.after()));
    [for_people(&story.subject), shown(&story.action), before, after, verdict, evidence]
}

fn list_row(list: &str, stories: &[&Story]) -> [String; 6] {
    let passed = stories.iter().filter(|story| story.verdict() == Verdict::Pass).count();
    let verdict = if passed == stories.len() { "pass" } else { "not all" };
    [
        format!("list {} ({})", shown(list), counted(stories.len() as u64, "name", "names")),
        stories.first().map(|story| shown(&story.action)).unwrap_or_default(),
        most(stories.iter().map(|story| state(story.before()))),
        most(stories.iter().map(|story| state(story.after()))),
        format!("{verdict} {passed}/{}", stories.len()),
        "report".to_owned(),
    ]
}

fn state(state: Option<&str>) -> String {
    state.map_or_else(|| "not looked at".to_owned(), shown)
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

/// The whole report: what is wrong with the logs, summary, targets, timeline, what is not known.
pub fn text(retold: &Retold) -> String {
    let mut text = String::new();
    let heading = if retold.opened.is_empty() { "THE LOG, RETOLD" } else { "THE OPERATION, RETOLD FROM ITS LOG" };
    let _ = writeln!(text, "{heading}\n");
    if retold.rehearsed {
        let _ = writeln!(text, "A REHEARSAL, in a simulated world: nothing of this happened.\n");
    }
    failures(retold, &mut text);
    // The name of an operation stands in the summary.
    if retold.operation().is_none() {
        text.push_str(&hanging("", 2, &format!("{}\n", retold.title())));
    }
    summary(retold, &mut text);
    targets(retold, &mut text);
    let _ = writeln!(text, "TIMELINE\n");
    for moment in &retold.timeline {
        timeline_line(retold, moment, &mut text);
    }
    let _ = writeln!(text, "\nWHAT IS NOT KNOWN\n");
    unknowns(retold, &mut text);
    text
}

/// What does not verify stands above everything else.
fn failures(retold: &Retold, text: &mut String) {
    if retold.is_sound() {
        return;
    }
    let _ = writeln!(text, "NOT ALL OF THIS VERIFIES\n");
    for log in &retold.logs {
        for failure in log.failures() {
            text.push_str(&hanging(&format!("  {}: ", shown(&log.origin)), 4, &shown(&failure)));
        }
    }
    let _ = writeln!(text, "\nWhat follows is told from the entries that verify.\n");
}

/// One line of the timeline: index, time, step, what, under which order.
pub fn line(moment: &Moment) -> String {
    format!("{}{}\n", head(moment), tail(moment))
}

fn head(moment: &Moment) -> String {
    let step = moment.step.as_deref().map_or("-".to_owned(), shown);
    format!("{:>6}  {}  {step:<14} ", moment.seq, moment.at)
}

fn tail(moment: &Moment) -> String {
    let under = moment.authority.as_deref().map(|order| format!(" [{}]", shown(order))).unwrap_or_default();
    format!("{}{under}", shown(&moment.what))
}

/// The same within 80 columns, and whose log it is where there are several.
fn timeline_line(retold: &Retold, moment: &Moment, text: &mut String) {
    if retold.logs.len() > 1 {
        let step = moment.step.as_deref().map_or("-".to_owned(), shown);
        let _ = writeln!(text, "{}  {}  entry {}  {step}", moment.at, shown(retold.origin(moment.log)), moment.seq);
        text.push_str(&hanging("    ", 4, &tail(moment)));
    } else {
        text.push_str(&hanging(&head(moment), 10, &tail(moment)));
    }
}

fn summary(retold: &Retold, text: &mut String) {
    let told = |text: &mut String, key: &str, value: &str| text.push_str(&hanging(&format!("{key:<10} "), 11, value));
    if let Some(paper) = &retold.papers.playbook {
        let case = paper.operation.case.as_deref().map(|case| format!(", case {case}")).unwrap_or_default();
        told(text, "Operation", &shown(&format!("{}{case}", paper.operation.title)));
    }
    told(text, "Plan", &retold.plan().map_or("none was begun".to_owned(), shown));
    for order in retold.papers.plan.iter().flat_map(|plan| &plan.orders) {
        let paper = retold.papers.order(&order.id);
        let of = paper.map(|paper| format!(": {}, {} ({})", paper.issuer, paper.reference, paper.statute));
        told(text, "Order", &shown(&format!("{}{}", order.id, of.unwrap_or_default())));
    }
    for approval in &retold.approvals {
        told(text, "Approved", &shown(&approval.approver));
    }
    if let Some((from, to)) = retold.span {
        told(text, "Entries", &format!("{} from {from} to {to}", retold.entries));
    }
    if retold.is_of_a_run() {
        told(text, "Ended", if retold.is_closed() { "the plan is over" } else { "the plan is not over" });
        let counts = [Verdict::Pass, Verdict::Fail, Verdict::Unknown].map(|verdict| retold.count(verdict));
        let [pass, fail, unknown] = counts;
        told(text, "Targets", &format!("{pass} as ordered, {fail} not, {unknown} unknown"));
    }
    for log in &retold.logs {
        told(text, "Log", &log_line(log));
        if !log.checkpoint.is_empty() {
            told(text, "Witnesses", &shown(&log.witnesses_sentence()));
        }
        log.stamp_sentences().iter().for_each(|sentence| told(text, "Stamped", &shown(sentence)));
        told(text, "Evidence", &log.evidence_sentence());
    }
}

fn log_line(log: &LogTold) -> String {
    let LogTold { origin, read, size, root, .. } = log;
    match log.checkpoint.is_empty() {
        true => format!("{} did not verify", shown(origin)),
        false => format!("{}, {read} of {size} entries verified, root {root}", shown(origin)),
    }
}

fn targets(retold: &Retold, text: &mut String) {
    let _ = writeln!(text, "\nTARGETS\n");
    let (alone, lists) = apart(retold);
    for story in alone {
        tell(retold, story, text);
    }
    for (list, stories) in lists {
        let [head, action, before, after, verdict, _] = list_row(list, &stories);
        let _ = writeln!(text, "{head} ({action}): {verdict}");
        text.push_str(&hanging("  before    ", 12, &before));
        text.push_str(&hanging("  after     ", 12, &after));
        text.push('\n');
        for story in stories.iter().filter(|story| story.verdict() != Verdict::Pass) {
            tell(retold, story, text);
        }
        names_as_ordered(&stories, text);
    }
}

/// The names of a list that are as ordered, as far as a page has room for them.
fn names_as_ordered(stories: &[&Story], text: &mut String) {
    /// A few screens; JSON has all.
    const NAMES_MAX: usize = 200;
    let good: Vec<_> = stories.iter().filter(|story| story.verdict() == Verdict::Pass).collect();
    if good.is_empty() {
        return;
    }
    let names: Vec<String> = good.iter().take(NAMES_MAX).map(|story| for_people(&story.subject)).collect();
    text.push_str(&hanging("  as ordered: ", 4, &listed(&names)));
    if good.len() > NAMES_MAX {
        text.push_str(&hanging("  ", 4, &format!("and {} more; --format json has every one", good.len() - NAMES_MAX)));
    }
    text.push('\n');
}

fn tell(retold: &Retold, story: &Story, text: &mut String) {
    let order = story.order.as_deref().map_or("none".to_owned(), shown);
    let subject = for_people(&story.subject);
    let _ = writeln!(text, "{subject} ({}, order {order}): {}", shown(&story.action), story.verdict().word());
    let several = retold.logs.len() > 1;
    for account in &story.accounts {
        if several {
            let _ = writeln!(text, "  told by {}", shown(retold.origin(account.log)));
        }
        if account.before.is_some() || !several {
            text.push_str(&hanging(
                "  before    ",
                12,
                &state(account.before.as_ref().map(|look| look.state.as_str())),
            ));
        }
        text.push_str(&hanging("  after     ", 12, &state(account.after.as_ref().map(|look| look.state.as_str()))));
        let Some(look) = &account.after else { continue };
        let (genuine, visits) = look.genuine();
        if visits > 0 {
            let _ = writeln!(text, "  visits    {genuine} of {visits} met the genuine notice");
        }
        for line in look.lines() {
            text.push_str(&hanging("  finding   ", 12, &shown(&line)));
        }
        for (entry, digest) in look.exhibits() {
            let digest = digest.map_or("none".to_owned(), |digest| digest.hex());
            let _ = writeln!(text, "  entry {entry:<6}{digest}");
        }
    }
    text.push('\n');
}

fn unknowns(retold: &Retold, text: &mut String) {
    let unpublished: Vec<String> = retold.logs.iter().filter_map(LogTold::unpublished_sentence).collect();
    unpublished.iter().for_each(|sentence| text.push_str(&hanging("", 2, sentence)));
    let unknown: Vec<&Story> = retold.stories.iter().filter(|story| story.verdict() == Verdict::Unknown).collect();
    let mut nothing = unknown.is_empty() && unpublished.is_empty();
    for story in unknown {
        text.push_str(&hanging("", 2, &format!("{}: whether it is as ordered", for_people(&story.subject))));
    }
    for deed in retold.in_doubt() {
        nothing = false;
        text.push_str(&hanging("", 2, &format!("entry {}: what became of `{}`", deed.intent, shown(&deed.task))));
    }
    if nothing {
        let _ = writeln!(text, "Nothing that the log asks about.");
    }
}

//! The report as plain text.

use std::fmt::Write as _;

use super::{Retold, Story, Verdict};

/// One row a target: name, action, before, after, verdict, evidence.
pub fn stories_table_rows(retold: &Retold) -> Vec<[String; 6]> {
    retold.stories.iter().map(row).collect()
}

fn row(story: &Story) -> [String; 6] {
    let (genuine, visits) = story.visits;
    let evidence = match story.evidence.first() {
        Some(digest) => digest.chars().take(8).collect(),
        None => "-".to_owned(),
    };
    let verdict = match (story.verdict, visits) {
        (Verdict::Pass, 0) => "pass".to_owned(),
        (Verdict::Pass, _) => format!("pass {genuine}/{visits}"),
        (verdict, _) => verdict.word().to_owned(),
    };
    [
        story.subject.clone(),
        story.action.clone(),
        story.before.clone().unwrap_or_else(|| "not looked at".to_owned()),
        story.after.clone().unwrap_or_else(|| "not looked at".to_owned()),
        verdict,
        evidence,
    ]
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
        let step = moment.step.as_deref().unwrap_or("-");
        let under = moment.authority.as_deref().map(|order| format!(" [order {order}]")).unwrap_or_default();
        let _ = writeln!(text, "{:>6}  {}  {step}: {}{under} ({})", moment.seq, moment.at, moment.what, moment.who);
    }
    let _ = writeln!(text, "\nWHAT IS NOT KNOWN\n");
    unknowns(retold, &mut text);
    text
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
    let _ = writeln!(text, "{} ({}, order {order}): {}", story.subject, story.action, story.verdict.word());
    let _ = writeln!(text, "  before    {}", story.before.as_deref().unwrap_or("not looked at"));
    let _ = writeln!(text, "  after     {}", story.after.as_deref().unwrap_or("not looked at"));
    if story.visits.1 > 0 {
        let _ = writeln!(text, "  visits    {} of {} met the genuine notice", story.visits.0, story.visits.1);
    }
    for finding in &story.findings {
        let _ = writeln!(text, "  finding   {finding}");
    }
    for digest in &story.evidence {
        let _ = writeln!(text, "  evidence  {digest}");
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

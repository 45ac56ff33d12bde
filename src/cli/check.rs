//! `impound check`.

use serde_json::{Value, json};

use super::args::{Check, Format};
use super::open::playbook;
use super::table::table;
use super::{Env, Exit, Failure, look};
use crate::check::{Certainty, Finding, Severity, Verdict, after, before, is_state_known, state_line, verdict};

/// Looks at every target and tells what differs from what should be.
pub(super) async fn run(arguments: &Check, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let playbook = playbook(&arguments.playbook.playbook, env)?;
    let eyes = look::eyes(&playbook, env)?;
    let judge = if arguments.after { after } else { before };
    let mut judged = Vec::new();
    let mut any_known = false;
    for (target, look) in look::at_all(&playbook, &eyes, env).await {
        let findings = judge(&playbook, &target, &look, env.clock.now());
        let row = [
            target.subject.to_string(),
            target.means.action().to_string(),
            state_line(&target, &look),
            verdict(&findings).word().to_owned(),
        ];
        any_known |= is_state_known(&target, &look);
        judged.push((row, findings));
    }
    match format {
        Format::Text => env.print(text(&judged, env.columns))?,
        Format::Json => env.print_json(&json!({
            "version": 1,
            "moment": if arguments.after { "after" } else { "before" },
            "targets": judged.iter().map(target_json).collect::<Vec<_>>(),
        }))?,
    }
    Ok(exit(&judged, any_known))
}

type Judged = ([String; 4], Vec<Finding>);

fn text(judged: &[Judged], columns: usize) -> String {
    let rows: Vec<[String; 4]> = judged.iter().map(|(row, _)| row.clone()).collect();
    let mut text = table(["TARGET", "ACTION", "NOW", "VERDICT"], &rows, columns);
    let mut findings: Vec<&Finding> = judged.iter().flat_map(|(_, findings)| findings).collect();
    // The gravest first; within one weight, in the order of the targets.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    if !findings.is_empty() {
        text.push('\n');
    }
    for finding in findings {
        text.push_str(&format!("{finding}\n"));
    }
    text
}

fn target_json(judged: &Judged) -> Value {
    let ([target, action, now, verdict], findings) = judged;
    let findings: Vec<Value> = findings
        .iter()
        .map(|finding| {
            json!({
                "code": finding.code.to_string(),
                "severity": finding.severity.word(),
                "known": finding.certainty == Certainty::Seen,
                "message": finding.message,
            })
        })
        .collect();
    json!({"target": target, "action": action, "now": now, "verdict": verdict, "findings": findings})
}

/// Findings are 1, warnings too, as for `lint`; notices are none. Nothing but "could not find out", about every target, is 5: the network prevented an answer. That our own
/// servers are silent too is then no finding of its own.
fn exit(judged: &[Judged], any_known: bool) -> Exit {
    let all = |wanted| judged.iter().all(|(_, findings)| verdict(findings) == wanted);
    let warned = judged.iter().flat_map(|(_, findings)| findings).any(|finding| finding.severity == Severity::Warning);
    if all(Verdict::Pass) {
        if warned { Exit::Findings } else { Exit::Ok }
    } else if !any_known || all(Verdict::Unknown) {
        Exit::Environment
    } else {
        Exit::Findings
    }
}

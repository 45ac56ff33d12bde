//! `impound plan`.

use std::path::PathBuf;

use serde_json::json;

use super::args::{Format, Plan as Arguments};
use super::exit::OrFail;
use super::open::{held, playbook};
use super::plan_file::PlanFile;
use super::table::table;
use super::{Env, Exit, Failure, look, site};
use crate::check::{self, Verdict, facts, state_line};
use crate::clock::UtcTime;
use crate::plan::{Plan, StartingState, authorize_all, draw};
use crate::playbook::Playbook;

/// Looks at the world, draws the plan and writes it.
pub(super) async fn run(arguments: &Arguments, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let playbook = playbook(&arguments.playbook.playbook, env)?;
    let eyes = look::eyes(&playbook, env)?;
    let seen = look::at_all(&playbook, &eyes, env).await;
    let mut state = StartingState::default();
    let mut rows = Vec::new();
    let mut all_clear = true;
    for (target, look) in &seen {
        state.insert(target.subject.clone(), facts(look, target));
        let verdict = check::verdict(&check::before(&playbook, target, look, env.clock.now()));
        all_clear &= verdict == Verdict::Pass;
        let order = target.order.to_string();
        let word = verdict.word().to_owned();
        rows.push([
            target.subject.to_string(),
            target.means.action().to_string(),
            order,
            state_line(target, look),
            word,
        ]);
    }
    let path = arguments.output.clone().unwrap_or_else(|| playbook.root.join("plan.note"));
    // Nobody signs it between the look and the writing.
    let _held = path.is_file().then(|| held(&path)).transpose()?;
    let there = if arguments.anew { None } else { PlanFile::if_there(&path)? };
    let file = match there {
        Some(there) => in_place_of(there, &playbook, &state, env)?,
        None => written(path, &playbook, &state, env)?,
    };
    show(&file, &rows, format, env)?;
    if all_clear {
        return Ok(Exit::Ok);
    }
    env.say("some targets are not clear; `impound check PLAYBOOK` says why");
    Ok(Exit::Findings)
}

/// Draws the plan and writes it over whatever lies there.
fn written(path: PathBuf, playbook: &Playbook, state: &StartingState, env: &Env<'_>) -> Result<PlanFile, Failure> {
    let file = PlanFile { path, plan: draw_at(playbook, state, env.clock.now())?, note: None };
    file.write()?;
    Ok(file)
}

/// The plan that lies there, if it would be drawn in the same words again. Another one takes its place only while nobody has
/// signed it: approvals are of one text.
fn in_place_of(
    there: PlanFile,
    playbook: &Playbook,
    state: &StartingState,
    env: &mut Env<'_>,
) -> Result<PlanFile, Failure> {
    let again = draw_at(playbook, state, there.plan.drawn_at())?;
    let differences = there.plan.differences(&again);
    let signers = there.signers().join(", ");
    let path = there.path.display();
    match differences.first() {
        None => {
            env.say(format!("{path} says the same already, and was left as it is"));
            Ok(there)
        }
        Some(_) if signers.is_empty() => written(there.path, playbook, state, env),
        Some(first) => {
            let message =
                format!("{path} is signed by {signers}, and a plan drawn now would differ from it, first in `{first}`");
            Err(Failure::new(Exit::Refused, message).help(
                "approvals are of one plan: carry that one out, write the new one to another file with -o, or give --anew to \
                 write it over the old one and have it approved",
            ))
        }
    }
}

/// Draws the plan of a playbook for its hour.
pub(super) fn draw_at(playbook: &Playbook, state: &StartingState, now: UtcTime) -> Result<Plan, Failure> {
    let authorizations = authorize_all(playbook, playbook.operation.hour).or_fail(Exit::Refused)?;
    let notices = site::digests(&site::drafts(playbook, Some(&site::default_dir(playbook)))?);
    draw(playbook, &authorizations, state, &notices, now).or_fail(Exit::Usage)
}

fn show(file: &PlanFile, rows: &[[String; 5]], format: Format, env: &mut Env<'_>) -> Result<(), Failure> {
    let id = file.plan.id();
    match format {
        Format::Text => {
            env.print(table(["TARGET", "ACTION", "ORDER", "NOW", "CLEAR"], rows, env.columns))?;
            env.print(format!("\nplan {id}\nin   {}\n", file.path.display()))?;
            env.say(format!("next: each approver runs `impound approve {} --key KEY`", file.path.display()));
            Ok(())
        }
        Format::Json => {
            let targets: Vec<_> = rows
                .iter()
                .map(|[target, action, order, now, clear]| {
                    json!({"target": target, "action": action, "order": order, "now": now, "clear": clear})
                })
                .collect();
            env.print_json(&json!({
                "version": 1, "plan": id.to_string(), "file": file.path, "targets": targets,
            }))
        }
    }
}

//! `impound run`: carries out an approved plan with people as hands.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{Format, Run};
use super::exit::OrFail;
use super::open::{
    audit_exit, audit_failure, evidence_store, log_place, open_or_begin, playbook, private_beside, say_unguarded,
    sealed_failure, unlock, whole,
};
use super::plan_file::PlanFile;
use super::proofs::Proofs;
use super::table::table;
use super::terminal::Terminal;
use super::witnesses::{self, Watching};
use super::{Env, Exit, Failure, look, report, site};
use crate::audit::{LogReader, Openings, Place};
use crate::check::Verdict;
use crate::clock::UtcTime;
use crate::domain::DomainName;
use crate::keyring::Role;
use crate::operate::{Actor, OperateError, Operation, Outcome, Record, RecordError, signer};
use crate::plan::{ApprovalVerdict, judge};
use crate::playbook::Playbook;
use crate::report::{Retold, Story, rows};
use crate::signed_note::{NoteSigner, VerifierKey};
use crate::verify::Trust;

/// Asked for at our own servers, to see that a name that nobody ordered is not answered. It can be nobody's (RFC 6761
/// section 6.4).
pub(super) const OUTSIDER: &str = "not-ordered.invalid";

/// Carries out a plan from wherever its record says it stands.
pub(super) async fn run(arguments: &Run, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let file = PlanFile::read(&arguments.plan)?;
    let playbook = playbook(&playbook_path(arguments), env)?;
    if file.plan.operation() != playbook.operation.id.as_str() {
        return Err(Failure::new(Exit::Refused, "the plan is of another operation than the playbook"));
    }
    if !file.plan.is_drawn_from(&playbook) {
        return Err(Failure::new(Exit::Refused, "the playbook was changed after the plan was drawn from it")
            .help("draw a new plan and have it approved, or put the approved playbook back"));
    }
    let verdict = approved(&playbook, &file)?;
    let site = site::default_dir(&playbook);
    let drafts = site::drafts(&playbook, Some(&site))?;
    let mut editions = site::read_signed(&playbook, &site, &drafts)?;
    let key = unlock(&arguments.key, Role::Log, env)?;
    let log_dir = arguments.log.clone().unwrap_or_else(|| playbook.root.join("log"));
    let eyes = look::eyes(&playbook, env)?;
    let outsider: DomainName = OUTSIDER.parse().or_fail(Exit::Usage)?;
    let log_key = key.verifier().clone();
    let mut record = open_record(log_place(&log_dir, &arguments.copy)?, key, actor(&playbook, &log_key))?;
    if playbook.witnesses.is_empty() {
        say_unguarded(&arguments.copy, "name a [[witness]] in the playbook", env);
    }
    if arguments.retry {
        record.retry_unreached();
    }
    let world = (&eyes.network, Arc::clone(&env.clock));
    let watching = Watching::begin(&playbook, (&log_dir, &log_key, record.alarm()), world, env).await?;
    let policy = witnesses::policy(&playbook, &log_key)?;
    let proofs = Proofs { log: log_dir.clone(), key: log_key.clone(), policy, authorities: None, site };
    note_approvals(&mut record, &verdict, env.clock.now())?;
    let (clock, stop) = (Arc::clone(&env.clock), env.stop.clone());
    let outcome = Operation {
        playbook: &playbook,
        plan: &file.plan,
        signed_plan: &file.bytes(),
        stages: &site::stages(&playbook, &editions),
        notices: &site::digests(&drafts),
        trust: &Trust::of_policy(site::trusted(&playbook)?),
        outsider: &outsider,
        eyes: &eyes,
        clock,
        hands: &mut Terminal { env, proofs: &proofs },
        record: &mut record,
        stop,
    }
    .carry_out()
    .await;
    let ended = record.end().map_err(record_failure);
    if let Some(watching) = watching {
        watching.end(env).await?;
    }
    let outcome = outcome.map_err(operate_failure)?;
    ended?;
    let are_put = proofs.put_last(&playbook.root, &mut editions, env);
    let against = report::Against { keys: vec![log_key], policies: vec![proofs.policy], ..Default::default() };
    let retold = report::retell(&[log_dir], &against, &[])?;
    show(&retold, format, env)?;
    let exit = exit_of(&outcome, &retold, env);
    Ok(if are_put { exit } else { exit.max(Exit::Findings) })
}

fn playbook_path(arguments: &Run) -> PathBuf {
    let beside =
        || arguments.plan.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    arguments.playbook.clone().unwrap_or_else(beside)
}

/// The approvals, if they are enough and nobody refused.
pub(super) fn approved(playbook: &Playbook, file: &PlanFile) -> Result<ApprovalVerdict, Failure> {
    let verdict = judge(playbook, &file.plan, file.note.as_ref(), &file.refusals()?).or_fail(Exit::NotVerified)?;
    if let Some(refused) = verdict.refusals.first() {
        let message = format!("`{}` refused the plan: {}", refused.key, refused.reason);
        return Err(Failure::new(Exit::Refused, message).help("draw a plan that answers it"));
    }
    if !verdict.is_approved() {
        let missing: Vec<String> = verdict.missing.iter().map(ToString::to_string).collect();
        return Err(Failure::new(Exit::Refused, format!("the plan is not approved: {}", missing.join("; ")))
            .help("each approver runs `impound approve PLAN --key KEY`"));
    }
    Ok(verdict)
}

/// The lead agency's operator writes the log, with the key that signs it.
pub(super) fn actor(playbook: &Playbook, log_key: &VerifierKey) -> Actor {
    let lead = playbook.agency(&playbook.operation.lead);
    let agency = lead.map_or_else(|| playbook.operation.lead.to_string(), |agency| agency.domain.to_string());
    Actor { agency, ..signer(log_key) }
}

/// Opens the log for writing, or begins it. The raw evidence lies beside the log's own files. What is done next rests on
/// every entry, so the log is verified whole before it is continued.
pub(super) fn open_record<S: NoteSigner + Send + 'static>(
    place: impl Into<Place>,
    key: S,
    actor: Actor,
) -> Result<Record, Failure> {
    let verifier = key.verifier().clone();
    let log = open_or_begin(place.into(), key)?;
    let dir = &log.dir().to_owned();
    let reader = LogReader::open(dir, &[verifier]).map_err(audit_failure)?;
    whole(&reader)?;
    let private = private_beside(dir)?;
    let mut evidence = evidence_store(dir, &private);
    evidence.clear_unfinished().map_err(audit_failure)?;
    Record::new(log, evidence, Openings::new(&private), &reader, actor).map_err(record_failure)
}

/// Writes the approvals into a record in which nothing was done yet.
pub(super) fn note_approvals(record: &mut Record, verdict: &ApprovalVerdict, now: UtcTime) -> Result<(), Failure> {
    if !record.has_begun() {
        record.approvals(now, &verdict.approvals).map_err(record_failure)?;
    }
    Ok(())
}

/// Prints one line a target.
pub(super) fn show(retold: &Retold, format: Format, env: &mut Env<'_>) -> Result<(), Failure> {
    match format {
        Format::Text => {
            env.print(table(["TARGET", "ACTION", "BEFORE", "AFTER", "VERDICT", "EVIDENCE"], &rows(retold), env.columns))
        }
        Format::Json => env.print_json(&retold.json()),
    }
}

/// Says how the run ended; the exit code.
pub(super) fn exit_of(outcome: &Outcome, retold: &Retold, env: &mut Env<'_>) -> Exit {
    match outcome {
        Outcome::Finished => {
            // Without a look at any target nothing is known to be well.
            let passed = |story: &Story| story.verdict() == Verdict::Pass;
            let all_well = !retold.stories.is_empty() && retold.stories.iter().all(passed);
            if all_well { Exit::Ok } else { Exit::Findings }
        }
        Outcome::Halted { step } => {
            env.say(format!("halted: step `{step}` did not reach what it is for"));
            env.say("  help: mend what the findings say, then run it again with --retry");
            Exit::Findings
        }
        Outcome::Refused { step, why } => {
            env.say(format!("refused: step `{step}`: {why}"));
            env.say("  help: what was instructed before it stays; a new order needs a new plan");
            Exit::Refused
        }
        Outcome::Stopped => {
            env.say("stopped before the end: `impound run` goes on where it stopped, a rehearsal begins anew");
            Exit::Findings
        }
        Outcome::Differs { differences } => {
            env.say("refused: the world or the playbook is not what was approved; nothing was changed");
            for line in differences.iter().take(20) {
                env.say(format!("  {line}"));
            }
            env.say("  help: draw a new plan and have it approved");
            Exit::Refused
        }
    }
}

/// The exit code of what the record says.
pub(super) fn record_failure(error: RecordError) -> Failure {
    match error {
        RecordError::Log(error) => audit_failure(error),
        RecordError::Sealed(error) => sealed_failure(error),
        error @ RecordError::NotUnderstood { .. } => Failure::new(Exit::NotVerified, error),
    }
}

/// The exit code of what carrying out says.
pub(super) fn operate_failure(error: OperateError) -> Failure {
    let exit = match &error {
        OperateError::Record(RecordError::Log(error)) => audit_exit(error),
        OperateError::Record(_) => Exit::Environment,
        OperateError::Redraw(_) | OperateError::OtherPlan { .. } | OperateError::AlreadyRun { .. } => Exit::Refused,
        OperateError::NoStep { .. } => Exit::Usage,
    };
    Failure::new(exit, error)
}

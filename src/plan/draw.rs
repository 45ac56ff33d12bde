//! Drawing a plan: from a playbook, its authorizations, and a look at the world, to a text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Facts, PLAN_V1, Plan, PlanError, StartingState};
use crate::authority::{Authorization, Subject};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::playbook::{Means, Playbook, Step, Target, TargetList, Work};
use crate::signed_note::NoteText;

/// Names the manifest of one edition of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeDigest {
    /// `operation/notice/edition`.
    pub id: String,
    /// Digest of the manifest's text, which in turn holds the digest of every page.
    pub digest: Digest,
}

/// Draws the plan. The same arguments give the same bytes.
///
/// `authorizations` must hold one for every target, for the hour of the operation; [`super::authorize_all`] gives them.
pub fn draw(
    playbook: &Playbook,
    authorizations: &[Authorization],
    state: &StartingState,
    notices: &[NoticeDigest],
    drawn_at: UtcTime,
) -> Result<Plan, PlanError> {
    let mut lines = vec![
        PLAN_V1.to_owned(),
        format!("operation: {}", playbook.operation.id),
        format!("drawn-at: {drawn_at}"),
        format!("hour: {}", playbook.operation.hour),
        format!("playbook: {}", playbook.digest),
    ];
    for order in &playbook.orders {
        lines.push(format!("order: {} {} {} {}", order.id, order.document.digest, order.issued, order.expires));
    }
    lines.extend(notices.iter().map(|notice| format!("notice: {} {}", notice.id, notice.digest)));
    lines.extend(approval_lines(playbook));
    lines.extend(playbook.steps.iter().map(step_line));
    let authorizations: BTreeMap<&Subject, &Authorization> =
        authorizations.iter().map(|authorization| (authorization.subject(), authorization)).collect();
    for target in &playbook.targets {
        lines.extend(target_lines(target, &authorizations, state)?);
    }
    for list in &playbook.lists {
        lines.extend(list_lines(list, &authorizations, state)?);
    }
    let mut text = lines.join("\n");
    text.push('\n');
    Plan::parse(NoteText::new(text)?)
}

fn approval_lines(playbook: &Playbook) -> Vec<String> {
    let approvals = &playbook.approvals;
    let roles: Vec<&str> = approvals.roles.iter().map(|role| role.as_str()).collect();
    let mut lines =
        vec![format!("approvals: {} agencies={} roles={}", approvals.plan, approvals.agencies, roles.join(","))];
    for approver in &playbook.approvers {
        let key = approver.key.as_ref().map_or("no-key".to_owned(), ToString::to_string);
        lines.push(format!("approver: {} agency={} role={} {key}", approver.id, approver.agency, approver.role));
    }
    lines
}

fn step_line(step: &Step) -> String {
    let mut line = format!("step: {} {}", step.id, step.work.word());
    match &step.work {
        Work::Instruct { actions } => {
            let words: Vec<&str> = actions.iter().map(|action| action.word()).collect();
            let _ = write!(line, " actions={}", words.join(","));
        }
        Work::Settle { within } => {
            let _ = write!(line, " within={}s", within.as_secs());
        }
        // Free text stands in the playbook, whose digest is above; here it is only pointed at.
        Work::Confirm { what } => {
            let _ = write!(line, " what={}", Digest::of(what));
        }
        Work::Check | Work::Publish | Work::Verify | Work::Release => {}
    }
    if !step.needs.is_empty() {
        let needs: Vec<&str> = step.needs.iter().map(|need| need.as_str()).collect();
        let _ = write!(line, " needs={}", needs.join(","));
    }
    if let Some(moment) = step.not_before {
        let _ = write!(line, " not-before={moment}");
    }
    if let Some(role) = &step.gate {
        let _ = write!(line, " gate={role}");
    }
    line
}

fn target_lines(
    target: &Target,
    authorizations: &BTreeMap<&Subject, &Authorization>,
    state: &StartingState,
) -> Result<[String; 2], PlanError> {
    let subject = &target.subject;
    let order = authorized_by(subject, &target.means, authorizations)?;
    let facts = state.of(subject).ok_or_else(|| PlanError::NoState { subject: subject.clone() })?;
    Ok([
        format!("target: {} {subject} order={order}{}", target.means.action(), means_words(&target.means)),
        format!("before: {subject} {}", facts_words(facts)),
    ])
}

/// A list stands in the plan by its digest, and the state of its names by one digest, so that a plan for a million names is
/// as short as its approvers' patience.
fn list_lines(
    list: &TargetList,
    authorizations: &BTreeMap<&Subject, &Authorization>,
    state: &StartingState,
) -> Result<[String; 2], PlanError> {
    let mut before = String::new();
    let mut unknown = 0;
    for name in list.names.iter() {
        let subject = Subject::Name(name);
        authorized_by(&subject, &list.means, authorizations)?;
        let facts = state.of(&subject).ok_or_else(|| PlanError::NoState { subject: subject.clone() })?;
        unknown += usize::from(facts.values().any(|value| value == "unknown"));
        let _ = writeln!(before, "{subject} {}", facts_words(facts));
    }
    let (id, means) = (&list.id, &list.means);
    Ok([
        format!(
            "list: {} {id} names={} {} order={}{}",
            means.action(),
            list.names.len(),
            list.digest,
            list.order,
            means_words(means)
        ),
        format!("before-list: {id} {} unknown={unknown}", Digest::of(before)),
    ])
}

fn authorized_by<'a>(
    subject: &Subject,
    means: &Means,
    authorizations: &BTreeMap<&Subject, &'a Authorization>,
) -> Result<&'a str, PlanError> {
    match authorizations.get(subject) {
        Some(authorization) if authorization.action() == means.action() => Ok(authorization.order().as_str()),
        _ => Err(PlanError::Unauthorized { subject: subject.clone() }),
    }
}

fn means_words(means: &Means) -> String {
    match means {
        Means::Redirect { notice } => format!(" notice={notice}"),
        Means::Sinkhole { sinkhole } => format!(" sinkhole={sinkhole}"),
        Means::Host { notice, addresses } => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            format!(" notice={notice} addresses={}", addresses.join(","))
        }
        Means::Onion { notice, exclusivity } => format!(" notice={notice} exclusivity={}", exclusivity.word()),
        Means::Suspend | Means::Block | Means::Offline => String::new(),
    }
}

fn facts_words(facts: &Facts) -> String {
    let words: Vec<String> = facts.iter().map(|(fact, value)| format!("{fact}={value}")).collect();
    words.join(" ")
}

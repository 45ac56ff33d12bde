//! Approval: whose signatures stand under a plan, and whether they are enough.

use std::collections::BTreeSet;

use super::{Plan, PlanId};
use crate::playbook::{Approver, Id, Playbook};
use crate::signed_note::{KeyName, Note, NoteError, NoteText, VerifierKey};

/// The first line of a refusal.
const REFUSAL_V1: &str = "impound-refusal/v1";

/// One good signature by an approver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The approver's short name.
    pub approver: Id,
    /// In which capacity.
    pub role: Id,
    /// Of which agency.
    pub agency: Id,
    /// With which key.
    pub key: KeyName,
}

/// What is still missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// Too few approvers.
    #[error("{found} of {needed} approvers have signed")]
    Approvers {
        /// How many signed.
        found: usize,
        /// How many must.
        needed: usize,
    },
    /// A role that nobody among the signers has.
    #[error("nobody in the role `{role}` has signed")]
    Role {
        /// The role.
        role: Id,
    },
    /// Too few agencies.
    #[error("the signers are from {found} of {needed} agencies")]
    Agencies {
        /// How many.
        found: usize,
        /// How many must.
        needed: usize,
    },
}

/// A signed refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Who refused.
    pub key: KeyName,
    /// Why.
    pub reason: String,
}

/// Whether a plan may be carried out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApprovalVerdict {
    /// Who approved.
    pub approvals: Vec<Approval>,
    /// What is missing; empty when it is enough.
    pub missing: Vec<Missing>,
    /// Who refused; one is enough to stop it.
    pub refusals: Vec<Refused>,
}

impl ApprovalVerdict {
    /// Whether enough approved and nobody refused.
    pub fn is_approved(&self) -> bool {
        self.missing.is_empty() && self.refusals.is_empty()
    }
}

/// The text that an approver signs to refuse a plan.
///
/// The reason is one line: control characters become spaces, and what is longer than a few sentences is cut.
pub fn refusal_text(plan: PlanId, reason: &str) -> Result<NoteText, NoteError> {
    NoteText::new(format!("{REFUSAL_V1}\nplan: {plan}\nreason: {}\n", one_line(reason)))
}

fn one_line(reason: &str) -> String {
    const CHARS_MAX: usize = 500;
    reason.chars().take(CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Judges the signatures under a plan, and refusals of it, by the playbook's rules.
///
/// `signatures` is the plan with its signatures, or `None` when nobody has signed yet. A refusal counts when it is about this
/// very plan and signed by an approver; notes about other plans are left aside.
pub fn judge(
    playbook: &Playbook,
    plan: &Plan,
    signatures: Option<&Note>,
    refusals: &[Note],
) -> Result<ApprovalVerdict, NoteError> {
    let keys: Vec<VerifierKey> = playbook.approvers.iter().filter_map(|approver| approver.key.clone()).collect();
    let signers = match signatures {
        Some(note) if note.text == *plan.text() => verified(note, &keys)?,
        _ => Vec::new(),
    };
    let approvals: Vec<Approval> =
        playbook.approvers.iter().filter_map(|approver| approval(approver, &signers)).collect();
    let missing = missing(playbook, &approvals);
    let mut refused = Vec::new();
    for note in refusals {
        refused.extend(read_refusal(note, plan.id(), &keys)?);
    }
    Ok(ApprovalVerdict { approvals, missing, refusals: refused })
}

/// The good signatures by known keys. None at all is no error here: the plan is just not approved yet.
fn verified<'k>(note: &Note, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
    match note.verify(keys) {
        Err(NoteError::NoKnownSignature { .. }) => Ok(Vec::new()),
        other => other,
    }
}

fn approval(approver: &Approver, signers: &[&VerifierKey]) -> Option<Approval> {
    let key = approver.key.as_ref().filter(|key| signers.contains(key))?;
    Some(Approval {
        approver: approver.id.clone(),
        role: approver.role.clone(),
        agency: approver.agency.clone(),
        key: key.name().clone(),
    })
}

fn missing(playbook: &Playbook, approvals: &[Approval]) -> Vec<Missing> {
    let rules = &playbook.approvals;
    let mut missing = Vec::new();
    // Distinct keys: a person who is listed twice with one key is one person.
    let people = approvals.iter().map(|approval| &approval.key).collect::<BTreeSet<_>>().len();
    if people < rules.plan {
        missing.push(Missing::Approvers { found: people, needed: rules.plan });
    }
    for role in &rules.roles {
        if !approvals.iter().any(|approval| approval.role == *role) {
            missing.push(Missing::Role { role: role.clone() });
        }
    }
    let agencies = approvals.iter().map(|approval| &approval.agency).collect::<BTreeSet<_>>().len();
    if agencies < rules.agencies {
        missing.push(Missing::Agencies { found: agencies, needed: rules.agencies });
    }
    missing
}

fn read_refusal(note: &Note, plan: PlanId, keys: &[VerifierKey]) -> Result<Vec<Refused>, NoteError> {
    let mut lines = note.text.as_str().lines();
    let about_this_plan = lines.next() == Some(REFUSAL_V1) && lines.next() == Some(&*format!("plan: {plan}"));
    if !about_this_plan {
        return Ok(Vec::new());
    }
    let reason = lines.next().and_then(|line| line.strip_prefix("reason: ")).unwrap_or_default();
    let signers = verified(note, keys)?;
    Ok(signers.iter().map(|key| Refused { key: key.name().clone(), reason: reason.to_owned() }).collect())
}

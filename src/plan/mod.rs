//! Plans: exactly what would be done, to what, under which order, as a text that people sign.
//!
//! ```text
//! impound-plan/v1
//! operation: harbour-light
//! drawn-at: 2026-11-23T16:00:00Z
//! hour: 2026-11-24T10:00:00Z
//! playbook: sha256:4f…
//! order: court-118 sha256:9c… 2026-11-20T00:00:00Z 2027-11-20T00:00:00Z
//! notice: harbour-light/banner/1 sha256:77…
//! approvals: 3 agencies=2 roles=command,legal
//! approver: prosecutor agency=ppo role=legal ppo.example/approval/prosecutor+…
//! step: redirect instruct actions=redirect,host needs=publish gate=command
//! target: redirect leaks.example order=court-118 notice=banner
//! before: leaks.example delegation=ns1.old.test,ns2.old.test ds=absent
//! ```
//!
//! The text is a function of its inputs. People approve its bytes; at the hour it is drawn again from the same playbook and a
//! new look at the world, and any difference stops the run. It is ASCII, so that two names that look alike are not alike
//! here. Each target costs an [`Authorization`], so that no target gets into a plan without its order.

mod approval;
mod contents;
mod draw;

pub use approval::{Approval, ApprovalVerdict, Missing, Refused, judge, refusal_text};
pub use contents::{Contents, PlannedApprover, PlannedList, PlannedOrder, PlannedTarget};
pub use draw::{NoticeDigest, draw};

use std::collections::BTreeMap;
use std::fmt;

use crate::authority::{Authorization, Refusal, Subject};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::playbook::Playbook;
use crate::signed_note::{NoteError, NoteText};

/// The first line of every plan.
pub const PLAN_V1: &str = "impound-plan/v1";

/// What a look at one target found, in words that do not change while the world does not: `delegation` to
/// `ns1.old.test,ns2.old.test`, `ds` to `absent`. A fact that could not be found out has the value `unknown`.
pub type Facts = BTreeMap<String, String>;

/// The facts of every target, as they were when the plan was drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartingState(BTreeMap<Subject, Facts>);

impl StartingState {
    /// The facts of one subject.
    pub fn of(&self, subject: &Subject) -> Option<&Facts> {
        self.0.get(subject)
    }

    /// Notes the facts of one subject.
    pub fn insert(&mut self, subject: Subject, facts: Facts) {
        self.0.insert(subject, facts);
    }
}

/// Why there is no plan, or a text is not one.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The law says no to at least one target.
    #[error("{} of {targets} targets are not covered by their order; the first: {}", .refusals.len(), first(.refusals))]
    NotAuthorized {
        /// Every refusal.
        refusals: Vec<Refusal>,
        /// How many targets there are.
        targets: usize,
    },
    /// A target of the playbook has no authorization.
    #[error("no authorization was given for {subject}")]
    Unauthorized {
        /// The target.
        subject: Subject,
    },
    /// Nobody has looked at a target, not even in vain.
    #[error("the starting state of {subject} is missing")]
    NoState {
        /// The target.
        subject: Subject,
    },
    /// The text would not be a note's text.
    #[error("the plan cannot be written as a note")]
    Text(#[from] NoteError),
    /// The text does not begin as a plan does, or lacks a line.
    #[error("line {line} of the plan is not `{expected}`")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// What stands there in a plan.
        expected: &'static str,
    },
}

fn first(refusals: &[Refusal]) -> String {
    refusals.first().map(ToString::to_string).unwrap_or_default()
}

/// A plan: its text, and the few things that a reader needs before the playbook is at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    text: NoteText,
    operation: String,
    drawn_at: UtcTime,
}

/// Names a plan: the digest of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlanId(pub Digest);

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Plan {
    /// Reads the parts of a plan's text that [`Plan`] has; the rest is compared as a whole (see [`Plan::differences`]).
    pub fn parse(text: NoteText) -> Result<Self, PlanError> {
        let mut lines = text.as_str().lines();
        let expect = |line, expected| PlanError::Line { line, expected };
        if lines.next() != Some(PLAN_V1) {
            return Err(expect(1, PLAN_V1));
        }
        let operation = lines
            .next()
            .and_then(|line| line.strip_prefix("operation: "))
            .ok_or(expect(2, "operation: ID"))?
            .to_owned();
        let drawn_at = lines
            .next()
            .and_then(|line| line.strip_prefix("drawn-at: "))
            .and_then(|time| time.parse().ok())
            .ok_or(expect(3, "drawn-at: TIME"))?;
        Ok(Self { text, operation, drawn_at })
    }

    /// The text that people sign.
    pub fn text(&self) -> &NoteText {
        &self.text
    }

    /// The digest of the text.
    pub fn id(&self) -> PlanId {
        PlanId(Digest::of(self.text.as_str()))
    }

    /// When it was drawn; a plan drawn again for comparison takes this time.
    pub fn drawn_at(&self) -> UtcTime {
        self.drawn_at
    }

    /// The short name of its operation.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Whether it was drawn from exactly these bytes of a playbook.
    pub fn is_drawn_from(&self, playbook: &Playbook) -> bool {
        let line = format!("playbook: {}", playbook.digest);
        self.text.as_str().lines().any(|other| other == line)
    }

    /// The lines that stand in only one of the two plans: `-` in this one, `+` in the other. Empty when they are the same.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        let (ours, theirs) = (self.counted_lines(), other.counted_lines());
        for (line, count) in &ours {
            if theirs.get(line) != Some(count) {
                differences.push(format!("- {line}"));
            }
        }
        for (line, count) in &theirs {
            if ours.get(line) != Some(count) {
                differences.push(format!("+ {line}"));
            }
        }
        if differences.is_empty() && self.text != other.text {
            differences.push("the same lines in another order".to_owned());
        }
        differences
    }

    fn counted_lines(&self) -> BTreeMap<&str, usize> {
        let mut counted = BTreeMap::new();
        for line in self.text.as_str().lines() {
            *counted.entry(line).or_insert(0) += 1;
        }
        counted
    }
}

/// Asks every order about every one of its targets, at one moment; all refusals at once.
pub fn authorize_all(playbook: &Playbook, at: UtcTime) -> Result<Vec<Authorization>, PlanError> {
    let mut authorizations = Vec::with_capacity(playbook.target_count());
    let mut refusals = Vec::new();
    for target in playbook.all_targets() {
        let Some(order) = playbook.order(&target.order) else {
            return Err(PlanError::Unauthorized { subject: target.subject });
        };
        match order.authorize(&target.subject, target.means.action(), at) {
            Ok(authorization) => authorizations.push(authorization),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() {
        Ok(authorizations)
    } else {
        Err(PlanError::NotAuthorized { refusals, targets: playbook.target_count() })
    }
}

#[cfg(test)]
mod tests;

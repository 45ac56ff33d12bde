//! What the world looks like against what it should.
//!
//! [`look`] asks; everything after it is a function of what was seen: [`facts`] for the plan, [`before`] and [`after`] for
//! findings, [`settled`] for the wait after a change, [`state_line`] for tables and [`evidence`] for the log.
//!
//! A [`Finding`] says that the world differs from what is needed, or that this could not be found out, which never counts as a
//! pass. Each kind of finding is one [`Check`] in one file under `checks`, in one table, explained in `docs/findings.md`.

mod checks;
mod eyes;
mod evidence;
mod facts;
mod finding;
mod look;
mod outsider;
mod parent;
mod register;
mod scene;
mod seizure_servers;
mod settle;
mod state_line;
#[cfg(test)]
mod testing;

pub use evidence::{Exhibit, evidence};
pub use eyes::Eyes;
pub use facts::facts;
pub use finding::{Certainty, Finding, Severity, Verdict, verdict};
pub use look::{Addresses, Answers, Look, look};
pub use outsider::outsider;
pub use parent::{Parent, Standing};
pub use register::{Check, Code, checks, explain};
pub use settle::{Settling, settled};
pub use state_line::state_line;

use crate::clock::UtcTime;
use crate::playbook::{Playbook, Target};
use register::{AFTER, BEFORE, Row};
use scene::Scene;

/// What stands in the way of doing this to the target, or should be known first.
pub fn before(playbook: &Playbook, target: &Target, look: &Look, now: UtcTime) -> Vec<Finding> {
    judge(BEFORE, &Scene { playbook, target, look, now })
}

/// What is not yet, or no longer, as the action leaves it.
pub fn after(playbook: &Playbook, target: &Target, look: &Look, now: UtcTime) -> Vec<Finding> {
    judge(AFTER, &Scene { playbook, target, look, now })
}

fn judge(rows: &[Row], scene: &Scene<'_>) -> Vec<Finding> {
    rows.iter().flat_map(|row| (row.judge)(scene)).collect()
}

//! What the world looks like against what it should.
//!
//! [`look()`] asks; everything after it is a function of what was seen: [`facts()`] for the plan, [`before`] and [`after`]
//! for findings, [`settled`] for the wait after a change, [`state_line()`] for tables and [`evidence()`] for the log.
//!
//! A [`Finding`] says that the world differs from what is needed, or that this could not be found out, which never
//! counts as a pass. Each kind of finding is one [`Check`] in one file under `checks`, in one table, explained in
//! `docs/findings.md`.

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
pub use look::{Addresses, Answers, Look, look, looks, portions, resolved_addresses};
pub use outsider::outsider;
pub use parent::{Parent, Standing};
pub use register::{Check, Code, checks, explain};
pub use settle::{Settling, settled};
pub use state_line::{is_state_known, state_in_full, state_line};

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

#[cfg(test)]
mod tests {
    use super::testing::{self, Sketch, noon, null_mx, redirected, told};
    use super::*;
    use crate::observe::RecordType;

    #[tokio::test]
    async fn a_redirect_that_is_complete_passes_every_check() {
        let target = testing::redirect("shop.example");
        let complete = ["198.51.100.53", "198.51.100.54"];
        let null = null_mx().await;
        let sketch = complete
            .iter()
            .fold(redirected(), |sketch, server| sketch.child_data(server, RecordType::Mx, null.clone()));
        let findings = after(&testing::playbook(), &target, &sketch.look(), noon());
        assert_eq!(told(&findings), Vec::<String>::new());
        assert_eq!(verdict(&findings), Verdict::Pass);
    }

    #[test]
    fn nothing_seen_is_nothing_passed() {
        let name = || Sketch::new("shop.example");
        let targets = [
            (testing::redirect("shop.example"), name()),
            (testing::suspend("shop.example"), name()),
            (testing::sinkhole("shop.example"), name()),
            (testing::block("shop.example"), name()),
            (testing::host("shop.example", &["203.0.113.80"]), name()),
            (testing::offline("203.0.113.80:80"), Sketch::server("203.0.113.80:80")),
        ];
        for (target, sketch) in targets {
            for judge in [before, after] {
                let findings = judge(&testing::playbook(), &target, &sketch.look(), noon());
                assert_eq!(verdict(&findings), Verdict::Unknown, "{:?}", told(&findings));
            }
        }
    }
}

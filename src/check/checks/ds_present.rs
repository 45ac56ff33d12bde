//! The name is signed: its parent holds a DS.

use std::collections::BTreeSet;

use crate::check::evidence::Part;
use crate::check::parent::listed;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Parent, Severity, Standing};
use crate::observe::{RecordType, Unknown};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(104),
    name: "ds-present",
    title: "The name is signed: its parent holds a DS.",
    explanation: "A DS that stays behind when the name servers change makes the name fail for everybody whose \
                  resolver validates (RFC 4035 section 5), so nobody sees the notice.",
    advice: "Have the DS removed with the same instruction, and expect validating users to fail until its \
                  lifetime is over; or sign the zone and have the DS replaced.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if !scene.moves_delegation() {
        return Vec::new();
    }
    about_signers(scene, &CHECK, Severity::Warning, "the parent holds a DS")
}

/// A DS at any of the parent's servers, or that nobody said whether there is one.
pub(super) fn about_signers(scene: &Scene<'_>, check: &Check, severity: Severity, found: &str) -> Vec<Finding> {
    let evidence = scene.look.labels(Part::Parent, RecordType::Ds);
    let known: Vec<BTreeSet<u16>> = scene.look.ds_by_server().filter_map(|(_, tags)| tags.ok()).collect();
    let tags: BTreeSet<u16> = known.iter().flatten().copied().collect();
    if !tags.is_empty() {
        let message = format!("{found} for the keys {}", listed(tags, ", "));
        return vec![scene.seen(check, severity, message).resting_on(evidence)];
    }
    let is_gone = matches!(scene.look.parent(), Parent::Agreed(Standing::NxDomain));
    if known.is_empty() && !is_gone {
        let why = scene.look.ds_by_server().find_map(|(_, tags)| tags.err().cloned()).unwrap_or(Unknown::NobodyToAsk);
        let message = format!("whether the parent holds a DS is unknown: {why}");
        return vec![scene.not_known(check, severity, message).resting_on(evidence)];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect, sinkhole, suspend, timeout};

    #[test]
    fn a_ds_is_told_before_the_servers_change() {
        let shop = || Sketch::new("shop.example").delegated("192.0.2.10", &["ns1.old.test"]);
        let cases: [(Sketch, &[&str]); 5] = [
            (shop().ds("192.0.2.10", &[]), &[]),
            (shop().ds("192.0.2.10", &[]).ds_fails("192.0.2.11", timeout()), &[]),
            (shop().ds("192.0.2.10", &[]).ds("192.0.2.11", &[4711]), &["C104 warning"]),
            (shop().ds_fails("192.0.2.10", timeout()), &["C104 warning (not known)"]),
            (shop(), &["C104 warning (not known)"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected);
            assert_eq!(judged(judge, &sinkhole("shop.example"), &sketch), expected);
            assert!(judged(judge, &suspend("shop.example"), &sketch).is_empty());
        }
    }
}

//! The parent's servers contradict each other.

use crate::check::evidence::Part;
use crate::check::parent::listed;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Parent, Severity};
use crate::observe::RecordType;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(202),
    name: "parents-differ",
    title: "The parent's servers contradict each other.",
    explanation: "The change has not reached all servers of the parent zone, or one of them has stopped \
                  following it. Some visitors still get the old state.",
    advice: "Wait for the zone to be published everywhere; if it lasts longer than the zone's refresh \
                  time, tell the registry which server is behind.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let Parent::Differ(said) = scene.look.parent() else { return Vec::new() };
    if !scene.is_in_parent_zone() {
        return Vec::new();
    }
    let message = format!("the parent's servers say: {}", listed(said, "; "));
    let evidence = scene.look.labels(Part::Parent, RecordType::Ns);
    vec![scene.seen(&CHECK, Severity::Blocker, message).resting_on(evidence)]
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{judged, redirect, redirected};

    #[test]
    fn one_server_that_is_behind_is_told() {
        let target = redirect("shop.example");
        assert!(judged(judge, &target, &redirected()).is_empty());
        let behind = redirected().delegated("192.0.2.12", &["ns1.old.test"]);
        assert_eq!(judged(judge, &target, &behind), ["C202 blocker"]);
    }
}

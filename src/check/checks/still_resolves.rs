//! A suspended name is still in its parent zone.

use crate::authority::Action;
use crate::check::evidence::Part;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Parent, Severity, Standing};
use crate::observe::RecordType;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(211),
    name: "still-resolves",
    title: "A suspended name is still in its parent zone.",
    explanation: "A registry hold takes a name out of the zone. As long as it is there, it works as before.",
    advice: "Ask the registry what became of the instruction. Names below it that serve others as name \
                  servers can keep it in the zone without a delegation.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let Parent::Agreed(standing) = scene.look.parent() else { return Vec::new() };
    if scene.action() != Action::Suspend {
        return Vec::new();
    }
    let severity = match standing {
        Standing::NxDomain => return Vec::new(),
        // Glue below the name keeps an empty name in the zone; nothing is found there.
        Standing::NotDelegated => Severity::Warning,
        Standing::Delegated(_) => Severity::Blocker,
    };
    let message = format!("the parent zone says: {standing}");
    let evidence = scene.look.labels(Part::Parent, RecordType::Ns);
    vec![scene.seen(&CHECK, severity, message).resting_on(evidence)]
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect, suspend};

    #[test]
    fn a_hold_takes_the_name_out_of_the_zone() {
        let shop = || Sketch::new("shop.example");
        let target = suspend("shop.example");
        assert!(judged(judge, &target, &shop().parent_nxdomain("192.0.2.10")).is_empty());
        assert_eq!(judged(judge, &target, &shop().not_delegated("192.0.2.10")), ["C211 warning"]);
        let there = shop().delegated("192.0.2.10", &["ns1.old.test"]);
        assert_eq!(judged(judge, &target, &there), ["C211 blocker"]);
        assert!(judged(judge, &redirect("shop.example"), &there).is_empty());
    }
}

//! The name is not delegated in the zone where the order is to be carried out.

use crate::authority::Action;
use crate::check::evidence::Part;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Parent, Severity, Standing};
use crate::observe::RecordType;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(102),
    name: "not-delegated",
    title: "The name is not delegated in the zone where the order is to be carried out.",
    explanation: "There is nothing to move or to hold: the name was never registered, is on hold already, has \
                  lapsed, or is only a host inside another zone.",
    advice: "Hold the name against the evidence; use `block` for a name that is not registered, and order \
                  the zone above when the name is a part of it.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if !scene.is(&[Action::Redirect, Action::Suspend, Action::Sinkhole]) {
        return Vec::new();
    }
    let Parent::Agreed(standing) = scene.look.parent() else { return Vec::new() };
    let severity = match standing {
        Standing::Delegated(_) => return Vec::new(),
        // It may be on hold already; then the registration data say so, and the order changes little.
        Standing::NxDomain if scene.action() == Action::Suspend => Severity::Warning,
        _ => Severity::Blocker,
    };
    let message = format!("the parent zone says: {standing}");
    let evidence = scene.look.labels(Part::Parent, RecordType::Ns);
    vec![scene.seen(&CHECK, severity, message).resting_on(evidence)]
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, block, judged, redirect, sinkhole, suspend};

    #[test]
    fn what_is_not_delegated_cannot_be_moved() {
        let shop = || Sketch::new("shop.example");
        let gone = shop().parent_nxdomain("192.0.2.10");
        assert_eq!(judged(judge, &redirect("shop.example"), &gone), ["C102 blocker"]);
        assert_eq!(judged(judge, &sinkhole("shop.example"), &gone), ["C102 blocker"]);
        assert_eq!(judged(judge, &suspend("shop.example"), &gone), ["C102 warning"]);
        assert!(judged(judge, &block("shop.example"), &gone).is_empty());
        let redirect = redirect("shop.example");
        assert_eq!(judged(judge, &redirect, &shop().not_delegated("192.0.2.10")), ["C102 blocker"]);
        assert!(judged(judge, &redirect, &shop().delegated("192.0.2.10", &["ns1.old.test"])).is_empty());
    }
}

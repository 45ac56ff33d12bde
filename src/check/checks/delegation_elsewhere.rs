//! The name is not delegated to the servers of the order.

use crate::check::evidence::Part;
use crate::check::parent::listed;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Parent, Severity, Standing};
use crate::observe::RecordType;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(203),
    name: "delegation-elsewhere",
    title: "The name is not delegated to the servers of the order.",
    explanation: "The instruction was not carried out, was undone, or was carried out for another name.",
    advice: "Ask the registry or registrar what became of the instruction.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let Parent::Agreed(standing) = scene.look.parent() else { return Vec::new() };
    if !scene.moves_delegation() {
        return Vec::new();
    }
    let wanted = scene.destination_names();
    if matches!(&standing, Standing::Delegated(servers) if !servers.is_disjoint(&wanted)) {
        return Vec::new();
    }
    let message = format!("the name is {standing}, not to {}", listed(wanted, ", "));
    let evidence = scene.look.labels(Part::Parent, RecordType::Ns);
    vec![scene.seen(&CHECK, Severity::Blocker, message).resting_on(evidence)]
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect, redirected, sinkhole, suspend};

    #[test]
    fn the_servers_of_the_order_or_none() {
        let shop = || Sketch::new("shop.example");
        let target = redirect("shop.example");
        assert!(judged(judge, &target, &redirected()).is_empty());
        assert_eq!(judged(judge, &sinkhole("shop.example"), &redirected()), ["C203 blocker"]);
        let old = shop().delegated("192.0.2.10", &["ns1.old.test"]);
        assert_eq!(judged(judge, &target, &old), ["C203 blocker"]);
        assert_eq!(judged(judge, &target, &shop().parent_nxdomain("192.0.2.10")), ["C203 blocker"]);
        assert!(judged(judge, &suspend("shop.example"), &old).is_empty());
        let half = shop().delegated("192.0.2.10", &["ns1.seized.test", "ns1.old.test"]);
        assert!(judged(judge, &target, &half).is_empty(), "that is C204");
    }
}

//! A blocked name is delegated to others.

use crate::authority::Action;
use crate::check::evidence::Part;
use crate::check::parent::listed;
use crate::check::scene::{Scene, names_of};
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::RecordType;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(213),
    name: "block-elsewhere",
    title: "A blocked name is delegated to others.",
    explanation: "Somebody registered it before the block, or the block was not set: the machines that look \
                  for the name find whoever holds it.",
    advice: "Ask the registry what became of the instruction; order `redirect` or `suspend` when somebody \
                  holds the name.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if scene.action() != Action::Block {
        return Vec::new();
    }
    let servers = scene.look.delegated_to();
    if servers.is_empty() || servers == names_of(&scene.playbook.name_servers) {
        return Vec::new();
    }
    let message = format!("the name is delegated to {}", listed(servers, ", "));
    let evidence = scene.look.labels(Part::Parent, RecordType::Ns);
    vec![scene.seen(&CHECK, Severity::Blocker, message).resting_on(evidence)]
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, block, judged, redirect};

    #[test]
    fn a_blocked_name_is_delegated_to_nobody_or_to_us() {
        let name = || Sketch::new("xkqzv.example");
        let target = block("xkqzv.example");
        assert!(judged(judge, &target, &name().parent_nxdomain("192.0.2.10")).is_empty());
        let ours = name().delegated("192.0.2.10", &["ns1.seized.test", "ns2.seized.test"]);
        assert!(judged(judge, &target, &ours).is_empty());
        let others = name().delegated("192.0.2.10", &["ns1.old.test"]);
        assert_eq!(judged(judge, &target, &others), ["C213 blocker"]);
        assert!(judged(judge, &redirect("xkqzv.example"), &others).is_empty());
    }
}

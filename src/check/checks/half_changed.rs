//! The delegation names some of the right servers, but not exactly those.

use std::collections::BTreeSet;

use crate::check::evidence::Part;
use crate::check::parent::listed;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity, Standing};
use crate::observe::RecordType;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(204),
    name: "half-changed",
    title: "The delegation names some of the right servers, but not exactly those.",
    explanation: "With an old server left in the set the former holder still answers for a share of the \
                  visitors, and can take the name back. With one missing, the name hangs on fewer servers than \
                  planned.",
    advice: "Have the registry set the name servers to exactly those of the order.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if !scene.moves_delegation() {
        return Vec::new();
    }
    let wanted = scene.destination_names();
    let evidence = scene.look.labels(Part::Parent, RecordType::Ns);
    let said: BTreeSet<Standing> = scene.look.parent_by_server().filter_map(|(_, says)| says.ok()).collect();
    let half = said.iter().filter_map(|standing| match standing {
        Standing::Delegated(servers) if *servers != wanted && !servers.is_disjoint(&wanted) => Some(servers),
        _ => None,
    });
    half.map(|servers| {
        let left = listed(servers.difference(&wanted), ", ");
        let missing = listed(wanted.difference(servers), ", ");
        let message = match (left.as_str(), missing.as_str()) {
            ("", _) => format!("missing from the delegation: {missing}"),
            (_, "") => format!("too much in the delegation: {left}"),
            _ => format!("too much in the delegation: {left}; missing: {missing}"),
        };
        scene.seen(&CHECK, Severity::Blocker, message).resting_on(evidence.clone())
    })
    .collect()
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect, redirected, sinkhole};

    #[test]
    fn exactly_the_servers_of_the_order() {
        let target = redirect("shop.example");
        assert!(judged(judge, &target, &redirected()).is_empty());
        let sets: [&[&str]; 3] = [
            &["ns1.seized.test"],
            &["ns1.seized.test", "ns2.seized.test", "ns1.old.test"],
            &["ns1.seized.test", "ns1.old.test"],
        ];
        for servers in sets {
            let half = Sketch::new("shop.example").delegated("192.0.2.10", servers);
            assert_eq!(judged(judge, &target, &half), ["C204 blocker"], "{servers:?}");
            assert!(judged(judge, &sinkhole("shop.example"), &half).is_empty());
        }
    }
}

//! A server answers for the name, but fails for some type of record.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use crate::authority::Action;
use crate::check::evidence::Part;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::{CHILD_TYPES, RecordType};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(208),
    name: "type-unanswered",
    title: "A server answers for the name, but fails for some type of record.",
    explanation: "Resolvers that get SERVFAIL or silence where there should be a plain `no such record` treat \
                  the whole name as broken (a seized name gave an address and failed for everything else).",
    advice: "Make the server answer every type of the zone: with records, or with no data and the SOA.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if scene.action() != Action::Redirect {
        return Vec::new();
    }
    let alive: BTreeSet<SocketAddr> = CHILD_TYPES
        .into_iter()
        .flat_map(|record_type| scene.look.child(record_type))
        .filter_map(|(server, said)| said.is_ok().then_some(server))
        .collect();
    CHILD_TYPES.into_iter().flat_map(|record_type| about_type(scene, record_type, &alive)).collect()
}

/// A server that answers nothing at all is not this check's matter.
fn about_type(scene: &Scene<'_>, record_type: RecordType, alive: &BTreeSet<SocketAddr>) -> Vec<Finding> {
    let evidence = scene.look.labels(Part::Child, record_type);
    let said = scene.look.child(record_type).into_iter();
    let failed = said.filter_map(|(server, said)| Some((server, said.err()?)));
    let failed = failed.filter(|(server, _)| alive.contains(server));
    failed
        .map(|(server, why)| {
            let message = format!("{server} fails for {record_type}: {why}");
            scene.seen(&CHECK, Severity::Blocker, message).resting_on(evidence.clone())
        })
        .collect()
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect, redirected, timeout};
    use crate::observe::Unknown;

    #[test]
    fn every_type_is_answered_by_a_server_that_answers_at_all() {
        let server = "198.51.100.53";
        let target = redirect("shop.example");
        assert!(judged(judge, &target, &redirected()).is_empty());
        let failure = Unknown::ServerFailure { rcode: 2 };
        for record_type in CHILD_TYPES {
            for why in [failure.clone(), timeout()] {
                let sketch = redirected().child_fails(server, record_type, why);
                assert_eq!(judged(judge, &target, &sketch), ["C208 blocker"], "{record_type}");
            }
        }
        let dead = CHILD_TYPES.into_iter().fold(Sketch::new("shop.example"), |sketch, record_type| {
            sketch.child_fails(server, record_type, timeout())
        });
        assert!(judged(judge, &target, &dead).is_empty(), "that is C206");
    }
}

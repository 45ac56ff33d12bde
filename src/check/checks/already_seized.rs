//! The name is already at name servers that are known for seizures.

use std::collections::BTreeSet;

use crate::check::evidence::Part;
use crate::check::scene::{Scene, names_of};
use crate::check::{Check, Code, Finding, Severity, seizure_servers};
use crate::observe::{RecordName, RecordType};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(106),
    name: "already-seized",
    title: "The name is already at name servers that are known for seizures.",
    explanation: "Another agency or a sinkhole operator may hold the name. Taking it from them can end an \
                  investigation or let a botnet loose.",
    advice: "Ask the operator named in the finding before anything is done, and record the answer. When \
                  the servers are ours, the action may have been carried out before.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if !scene.is_in_parent_zone() {
        return Vec::new();
    }
    let ours = names_of(&scene.playbook.name_servers);
    let sinkholes: BTreeSet<RecordName> =
        scene.playbook.sinkholes.iter().flat_map(|sinkhole| names_of(&sinkhole.name_servers)).collect();
    let judged = scene.look.delegated_to().into_iter().filter_map(|server| {
        let (severity, whose) = if ours.contains(&server) {
            (Severity::Notice, "this operation's own".to_owned())
        } else if sinkholes.contains(&server) {
            (Severity::Notice, "a sinkhole of this operation".to_owned())
        } else {
            let known = seizure_servers::known(&server.to_domain()?)?;
            let severity = if known.shared { Severity::Warning } else { Severity::Blocker };
            (severity, format!("known for: {}", known.operator))
        };
        Some(scene.seen(&CHECK, severity, format!("the name is delegated to {server}, {whose}")))
    });
    let evidence = scene.look.labels(Part::Parent, RecordType::Ns);
    judged.map(|finding| finding.resting_on(evidence.clone())).collect()
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect};

    #[test]
    fn the_seizures_of_others_are_left_alone() {
        let cases: [(&str, &[&str]); 5] = [
            ("ns1.old.test", &[]),
            ("ns1.seized.test", &["C106 notice"]),
            ("ns1.sinkhole.test", &["C106 notice"]),
            ("ns1.fbi.seized.gov", &["C106 blocker"]),
            ("plato.ns.cloudflare.com", &["C106 warning"]),
        ];
        for (server, expected) in cases {
            let sketch = Sketch::new("shop.example").delegated("192.0.2.10", &[server]);
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected, "{server}");
        }
    }
}

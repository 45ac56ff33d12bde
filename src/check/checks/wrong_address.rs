//! The name does not lead to the notice hosts.

use crate::authority::Action;
use crate::check::evidence::Part;
use crate::check::scene::Scene;
use crate::check::settle::{leads_to_notices, what};
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::{RecordData, RecordSet, RecordType};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(207),
    name: "wrong-address",
    title: "The name does not lead to the notice hosts.",
    explanation: "Visitors get nothing or somebody else's page. A browser follows an HTTPS record before A and \
                  AAAA (RFC 9460 section 3), so a stale one leads past the notice.",
    advice: "Correct the zone on the server that the finding names, or the notice hosts in the playbook.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if scene.action() != Action::Redirect {
        return Vec::new();
    }
    [RecordType::A, RecordType::Aaaa, RecordType::Https].into_iter().flat_map(|of| about_type(scene, of)).collect()
}

fn about_type(scene: &Scene<'_>, record_type: RecordType) -> Vec<Finding> {
    let evidence = scene.look.labels(Part::Child, record_type);
    let said = scene.look.child(record_type).into_iter().filter_map(|(server, said)| Some((server, said.ok()?)));
    let wrong = said.filter(|(_, records)| !is_right(scene, record_type, records));
    wrong
        .map(|(server, records)| {
            let message = format!("{server} gives {record_type} {}", what(records));
            scene.seen(&CHECK, Severity::Blocker, message).resting_on(evidence.clone())
        })
        .collect()
}

fn is_right(scene: &Scene<'_>, record_type: RecordType, records: &RecordSet) -> bool {
    let RecordType::Https = record_type else { return leads_to_notices(scene, record_type, records) };
    let notice = scene.notice_addresses();
    records.data.iter().all(|record| match record {
        // An alias or another target leads to a host of which nothing is known here.
        RecordData::Https { priority, target, hints } => {
            *priority > 0 && matches!(target.as_str(), ".") && hints.is_subset(&notice)
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect, redirected, timeout};

    #[test]
    fn each_type_leads_to_the_notice_hosts() {
        let server = "198.51.100.53";
        let cases: [(Sketch, &[&str]); 7] = [
            (redirected(), &[]),
            (redirected().child(server, RecordType::A, &["203.0.113.99"]), &["C207 blocker"]),
            (redirected().child(server, RecordType::A, &["203.0.113.10", "203.0.113.99"]), &["C207 blocker"]),
            (redirected().child(server, RecordType::A, &[]), &["C207 blocker"]),
            (redirected().child(server, RecordType::Aaaa, &[]), &["C207 blocker"]),
            (redirected().child(server, RecordType::Https, &["0 old.test"]), &["C207 blocker"]),
            (redirected().child_fails(server, RecordType::A, timeout()), &[]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected);
        }
    }
}

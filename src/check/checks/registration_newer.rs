//! The registration is newer than the evidence.

use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(107),
    name: "registration-newer",
    title: "The registration is newer than the evidence.",
    explanation: "The evidence may be about an earlier holder (a firm was taken down for what stood on its \
                  name years before it bought it).",
    advice: "Hold the name against fresh evidence, then set the evidence date of the operation anew; or \
                  take the name out.",
};

/// Events of a registration that can mean a new holder (RFC 9083 section 10.2.3), with what each weighs: a new
/// registration is a new holder, a transfer may be one, and a change may be anything.
const EVENTS: [(&str, Severity); 4] = [
    ("registration", Severity::Blocker),
    ("reregistration", Severity::Blocker),
    ("transfer", Severity::Warning),
    ("last changed", Severity::Warning),
];

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let Some(domain) = scene.registered().filter(|_| scene.is_in_parent_zone()) else { return Vec::new() };
    let evidence_date = scene.playbook.operation.evidence_date;
    let newer = EVENTS.iter().filter_map(|(event, severity)| {
        let at = domain.events.get(*event).filter(|at| **at > evidence_date)?;
        let message = format!("`{event}` at {at} is later than the evidence of {evidence_date}");
        Some(scene.seen(&CHECK, *severity, message).resting_on(scene.look.rdap_labels()))
    });
    newer.collect()
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect};

    #[test]
    fn what_changed_after_the_evidence_is_told() {
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
        let cases: [Case<'_>; 5] = [
            (&[("registration", "2015-01-01T00:00:00Z"), ("last changed", "2026-09-30T23:59:59Z")], &[]),
            (&[("registration", "2026-10-02T00:00:00Z")], &["C107 blocker"]),
            (&[("transfer", "2026-10-02T00:00:00Z")], &["C107 warning"]),
            (&[("last changed", "2026-10-02T00:00:00Z")], &["C107 warning"]),
            (&[("expiration", "2027-10-02T00:00:00Z")], &[]),
        ];
        for (events, expected) in cases {
            let sketch = Sketch::new("shop.example").registered(&[], events);
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected, "{events:?}");
        }
    }
}

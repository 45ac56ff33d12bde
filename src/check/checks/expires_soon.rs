//! The registration ends soon.

use std::time::Duration;

use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(109),
    name: "expires-soon",
    title: "The registration ends soon.",
    explanation: "A seized name that lapses is bought by the next in line, often those it was taken from (of \
                  the seized names in one study, more than 14 % were released within ten months: NDSS 2019, \
                  Cracking the Wall of Confinement).",
    advice: "Have the registration renewed under the order, and say in the order who pays.",
};

/// How far ahead is looked: a renewal takes weeks when an order has to say who pays.
const AHEAD: Duration = Duration::from_secs(90 * 24 * 60 * 60);

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let domain = scene.registered().filter(|_| scene.is_in_parent_zone());
    let ends = domain.and_then(|domain| domain.events.get("expiration"));
    let Some(ends) = ends.filter(|ends| **ends <= scene.now.plus(AHEAD)) else { return Vec::new() };
    let message = format!("the registration ends at {ends}");
    vec![scene.seen(&CHECK, Severity::Warning, message).resting_on(scene.look.rdap_labels())]
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect};

    #[test]
    fn an_end_within_ninety_days_is_told() {
        let cases: [(&str, &[&str]); 4] = [
            ("2026-11-01T00:00:00Z", &["C109 warning"]),
            ("2026-12-24T00:00:00Z", &["C109 warning"]),
            ("2027-02-20T12:00:00Z", &["C109 warning"]),
            ("2027-02-20T12:00:01Z", &[]),
        ];
        for (ends, expected) in cases {
            let sketch = Sketch::new("shop.example").registered(&[], &[("expiration", ends)]);
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected, "{ends}");
        }
    }
}

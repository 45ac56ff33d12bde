//! A resolver still gives the old state, or it is not known what it gives.

use crate::check::evidence::Part;
use crate::check::scene::Scene;
use crate::check::settle::{asks_resolvers, leftovers, resolvers_unknown};
use crate::check::{Check, Code, Finding, Severity};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(210),
    name: "stale-cache",
    title: "A resolver still gives the old state, or it is not known what it gives.",
    explanation: "Resolvers keep what they have heard until its lifetime is over, some for longer. Their users \
                  still see the old state.",
    advice: "Wait until the time that the finding gives. A resolver that keeps it longer is broken; tell \
                  its operator.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if !asks_resolvers(scene) {
        return Vec::new();
    }
    let stale = leftovers(scene).into_iter().map(|left| {
        let evidence = scene.look.labels(Part::Resolver, left.record_type);
        scene.seen(&CHECK, Severity::Warning, left.to_string()).resting_on(evidence)
    });
    let unknown = resolvers_unknown(scene).into_iter().map(|(resolver, record_type, why)| {
        let message = format!("what the resolver {resolver} gives as {record_type} is unknown: {why}");
        let evidence = scene.look.labels(Part::Resolver, record_type);
        scene.not_known(&CHECK, Severity::Warning, message).resting_on(evidence)
    });
    let nobody = scene
        .look
        .resolved
        .is_empty()
        .then(|| scene.not_known(&CHECK, Severity::Warning, "no resolver was asked".to_owned()));
    stale.chain(unknown).chain(nobody).collect()
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, block, judged, redirect, redirected, suspend, timeout};
    use crate::observe::RecordType;

    #[test]
    fn old_answers_and_unknown_ones_are_told() {
        let target = redirect("shop.example");
        let cases: [(Sketch, &[&str]); 5] = [
            (redirected(), &[]),
            (redirected().resolver("192.0.2.2", RecordType::A, &["203.0.113.99"]), &["C210 warning"]),
            (redirected().resolver("192.0.2.2", RecordType::Ns, &["ns1.old.test"]), &["C210 warning"]),
            (redirected().resolver_fails("192.0.2.2", RecordType::A, timeout()), &["C210 warning (not known)"]),
            (Sketch::new("shop.example"), &["C210 warning (not known)"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &target, &sketch), expected);
        }
        let held = Sketch::new("shop.example").resolver_nxdomain("192.0.2.1", RecordType::A);
        assert!(judged(judge, &suspend("shop.example"), &held).is_empty());
        let cached = Sketch::new("shop.example").resolver("192.0.2.1", RecordType::A, &["203.0.113.99"]);
        assert_eq!(judged(judge, &suspend("shop.example"), &cached), ["C210 warning"]);
        assert!(judged(judge, &block("shop.example"), &cached).is_empty());
    }
}

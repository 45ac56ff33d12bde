//! The DS of the former holder is still there.

use super::ds_present::about_signers;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(205),
    name: "ds-left",
    title: "The DS of the former holder is still there.",
    explanation: "It belongs to keys that the new servers do not have: everybody whose resolver validates gets \
                  SERVFAIL instead of the notice.",
    advice: "Have the registry remove it; validating users fail until its lifetime is over.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if !scene.moves_delegation() {
        return Vec::new();
    }
    about_signers(scene, &CHECK, Severity::Blocker, "the parent still holds a DS")
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect, redirected};

    #[test]
    fn a_ds_must_be_gone_and_seen_to_be_gone() {
        let target = redirect("shop.example");
        assert!(judged(judge, &target, &redirected()).is_empty());
        assert_eq!(judged(judge, &target, &redirected().ds("192.0.2.11", &[4711])), ["C205 blocker"]);
        let unasked = Sketch::new("shop.example").delegated("192.0.2.10", &["ns1.seized.test", "ns2.seized.test"]);
        assert_eq!(judged(judge, &target, &unasked), ["C205 blocker (not known)"]);
    }
}

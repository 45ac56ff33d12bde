//! Others may hold the key of the onion service.

use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};
use crate::playbook::{Exclusivity, Means};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(115),
    name: "key-not-sole",
    title: "Others may hold the key of the onion service.",
    explanation: "Whoever has a copy of the key can answer for the service at any time (criminals and police \
                  took a service from each other for days), so that no lasting seizure can be claimed.",
    advice: "Say so in the notice, publish the signed notice at the agency's own address too, and watch \
                  the service.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let Means::Onion { exclusivity, .. } = &scene.target.means else { return Vec::new() };
    match exclusivity {
        Exclusivity::Sole => Vec::new(),
        Exclusivity::Contested => {
            vec![scene.seen(&CHECK, Severity::Warning, "others are known to hold the key".to_owned())]
        }
        // What the playbook does not know is a risk that was stated, not a question that went unanswered.
        Exclusivity::Unknown => {
            vec![scene.seen(&CHECK, Severity::Warning, "it is not known whether others hold the key".to_owned())]
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, onion_with, redirect};

    #[test]
    fn a_key_that_others_may_hold_is_told() {
        assert!(judged(judge, &onion_with(Exclusivity::Sole), &Sketch::onion()).is_empty());
        assert_eq!(judged(judge, &onion_with(Exclusivity::Contested), &Sketch::onion()), ["C115 warning"]);
        assert_eq!(judged(judge, &onion_with(Exclusivity::Unknown), &Sketch::onion()), ["C115 warning"]);
        assert!(judged(judge, &redirect("shop.example"), &Sketch::new("shop.example")).is_empty());
    }
}

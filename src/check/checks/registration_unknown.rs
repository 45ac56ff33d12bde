//! The registration data could not be had.

use crate::authority::Action;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(108),
    name: "registration-unknown",
    title: "The registration data could not be had.",
    explanation: "Who holds the name, since when, until when and under which holds is then unknown, and the \
                  checks that need it did not run.",
    advice: "Ask again; look at the address of the registration data service in the playbook's registry.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let has_service = scene.registry().is_some_and(|registry| registry.rdap.is_some());
    if !scene.is_in_parent_zone() || !has_service {
        return Vec::new();
    }
    let why = match scene.look.registration() {
        Some(Ok(_)) => return Vec::new(),
        Some(Err(why)) => why.to_string(),
        None => "the service could not be asked".to_owned(),
    };
    // A name can be registered without being delegated, and then only the registry knows.
    let severity = if scene.action() == Action::Block { Severity::Blocker } else { Severity::Warning };
    let message = format!("what the registry holds is unknown: {why}");
    vec![scene.not_known(&CHECK, severity, message).resting_on(scene.look.rdap_labels())]
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, block, judged, redirect, timeout};

    #[test]
    fn silence_of_a_registry_that_has_a_service_is_unknown() {
        let shop = || Sketch::new("shop.example");
        let target = redirect("shop.example");
        assert!(judged(judge, &target, &shop().registered(&[], &[])).is_empty());
        assert!(judged(judge, &target, &shop().not_registered()).is_empty());
        assert_eq!(judged(judge, &target, &shop().rdap_fails(timeout())), ["C108 warning (not known)"]);
        assert_eq!(judged(judge, &target, &shop()), ["C108 warning (not known)"]);
        let blocked = judged(judge, &block("shop.example"), &shop().rdap_fails(timeout()));
        assert_eq!(blocked, ["C108 blocker (not known)"]);
        assert!(judged(judge, &redirect("shop.test"), &Sketch::new("shop.test")).is_empty(), "no service is known");
    }
}

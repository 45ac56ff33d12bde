//! The registry does not show its hold on a suspended name.

use crate::authority::Action;
use crate::check::parent::listed;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::Registration;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(212),
    name: "hold-missing",
    title: "The registry does not show its hold on a suspended name.",
    explanation: "A name can be missing from the zone for other reasons, and then it comes back. A `client \
                  hold` is the registrar's, who can lift it alone.",
    advice: "Ask the registry to set `serverHold`, and look at the registration data again.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if scene.action() != Action::Suspend {
        return Vec::new();
    }
    let finding = match scene.look.registration() {
        Some(Ok(Registration::Registered(domain))) if domain.has_status("server hold") => return Vec::new(),
        Some(Ok(Registration::Registered(domain))) => {
            let message = format!("the registry shows no `server hold`, but: {}", listed(&domain.statuses, ", "));
            scene.seen(&CHECK, Severity::Warning, message)
        }
        Some(Ok(Registration::NotRegistered)) => {
            scene.seen(&CHECK, Severity::Warning, "the registry no longer holds the name".to_owned())
        }
        Some(Err(why)) => {
            scene.not_known(&CHECK, Severity::Warning, format!("what the registry holds is unknown: {why}"))
        }
        None if scene.registry().is_some_and(|registry| registry.rdap.is_some()) => {
            scene.not_known(&CHECK, Severity::Warning, "the registry could not be asked".to_owned())
        }
        None => {
            let message = "no registration data service is known, so the hold itself was not seen".to_owned();
            scene.seen(&CHECK, Severity::Notice, message)
        }
    };
    vec![finding.resting_on(scene.look.rdap_labels())]
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect, suspend, timeout};

    #[test]
    fn a_hold_is_seen_at_the_registry() {
        let shop = || Sketch::new("shop.example");
        let cases: [(Sketch, &[&str]); 6] = [
            (shop().registered(&["serverHold"], &[]), &[]),
            (shop().registered(&["server hold", "active"], &[]), &[]),
            (shop().registered(&["client hold"], &[]), &["C212 warning"]),
            (shop().not_registered(), &["C212 warning"]),
            (shop().rdap_fails(timeout()), &["C212 warning (not known)"]),
            (shop(), &["C212 warning (not known)"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &suspend("shop.example"), &sketch), expected);
            assert!(judged(judge, &redirect("shop.example"), &sketch).is_empty());
        }
        assert_eq!(judged(judge, &suspend("shop.test"), &Sketch::new("shop.test")), ["C212 notice"]);
    }
}

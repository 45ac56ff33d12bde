//! The server does not answer even now.

use crate::authority::Action;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::PortState;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(114),
    name: "already-silent",
    title: "The server does not answer even now.",
    explanation: "It may have moved, be down for the day, or refuse this machine; what is then seen after the \
                  action proves little.",
    advice: "Look again from another network and another day before the hour.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if !scene.is(&[Action::Offline, Action::Host]) {
        return Vec::new();
    }
    let knocks = &scene.look.answers.knocks;
    let evidence = scene.look.knock_labels();
    if knocks.iter().any(|knock| knock.outcome == Ok(PortState::Open)) {
        return Vec::new();
    }
    let unknown = knocks.iter().find_map(|knock| knock.outcome.as_ref().err());
    let finding = match unknown {
        Some(why) => scene.not_known(&CHECK, Severity::Notice, format!("whether the server answers is unknown: {why}")),
        None if knocks.is_empty() => {
            scene.not_known(&CHECK, Severity::Notice, "no port of the server was tried".to_owned())
        }
        None => scene.seen(&CHECK, Severity::Notice, "no port of the server takes connections".to_owned()),
    };
    vec![finding.resting_on(evidence)]
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, host, judged, offline, redirect, timeout};

    #[test]
    fn a_server_that_is_silent_already_is_told() {
        let server = || Sketch::server("203.0.113.80:80");
        let cases: [(Sketch, &[&str]); 5] = [
            (server().port("203.0.113.80:80", Ok(PortState::Open)), &[]),
            (server().port("203.0.113.80:80", Ok(PortState::Closed)), &["C114 notice"]),
            (server().port("203.0.113.80:80", Ok(PortState::Silent)), &["C114 notice"]),
            (server().port("203.0.113.80:80", Err(timeout())), &["C114 notice (not known)"]),
            (server(), &["C114 notice (not known)"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &offline("203.0.113.80:80"), &sketch), expected);
        }
        let one_of_two = Sketch::new("shop.example").port("203.0.113.80:80", Ok(PortState::Open));
        let one_of_two = one_of_two.port("203.0.113.80:443", Ok(PortState::Closed));
        assert!(judged(judge, &host("shop.example", &["203.0.113.80"]), &one_of_two).is_empty());
        assert!(judged(judge, &redirect("shop.example"), &Sketch::new("shop.example")).is_empty());
    }
}

//! A server that was taken off the net still answers.

use crate::authority::Action;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::PortState;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(214),
    name: "still-answers",
    title: "A server that was taken off the net still answers.",
    explanation: "The action was not carried out, or something else now answers at the address.",
    advice: "Ask those who were to take it down. A closed port means that a machine is still there, or \
                  that something before it says no in its place.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if scene.action() != Action::Offline {
        return Vec::new();
    }
    let knocks = &scene.look.answers.knocks;
    if knocks.is_empty() {
        return vec![scene.not_known(&CHECK, Severity::Blocker, "no port of the server was tried".to_owned())];
    }
    let judged = knocks.iter().filter_map(|knock| match &knock.outcome {
        Ok(PortState::Silent) => None,
        Ok(PortState::Open) => Some(scene.seen(&CHECK, Severity::Blocker, "the port takes connections".to_owned())),
        Ok(PortState::Closed) => {
            Some(scene.seen(&CHECK, Severity::Notice, "the port is closed, but something says so".to_owned()))
        }
        Err(why) => {
            Some(scene.not_known(&CHECK, Severity::Blocker, format!("whether the port answers is unknown: {why}")))
        }
    });
    judged.map(|finding| finding.resting_on(scene.look.knock_labels())).collect()
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, offline, out_of_reach, redirect};

    #[test]
    fn a_server_off_the_net_does_not_answer() {
        let server = || Sketch::server("203.0.113.80:80");
        let cases: [(Sketch, &[&str]); 5] = [
            (server().port("203.0.113.80:80", Ok(PortState::Silent)), &[]),
            (server().port("203.0.113.80:80", Ok(PortState::Closed)), &["C214 notice"]),
            (server().port("203.0.113.80:80", Ok(PortState::Open)), &["C214 blocker"]),
            (server().port("203.0.113.80:80", Err(out_of_reach())), &["C214 blocker (not known)"]),
            (server(), &["C214 blocker (not known)"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &offline("203.0.113.80:80"), &sketch), expected);
        }
        assert!(judged(judge, &redirect("shop.example"), &Sketch::new("shop.example")).is_empty());
    }
}

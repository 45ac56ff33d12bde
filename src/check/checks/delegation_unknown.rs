//! It is not known how the name stands in its parent zone.

use crate::check::evidence::Part;
use crate::check::parent::{is_out_of_reach, listed};
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Parent, Severity};
use crate::observe::RecordType;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(101),
    name: "delegation-unknown",
    title: "It is not known how the name stands in its parent zone.",
    explanation: "Whoever does not know where a name is delegated cannot say what an instruction changes, nor \
                  give it back as it was.",
    advice: "Ask again; name the parent's servers in the playbook's registry if resolvers do not find \
                  them.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = about_parent(scene, &CHECK);
    if let Parent::Differ(said) = scene.look.parent()
        && scene.is_in_parent_zone()
    {
        let message = format!("the parent's servers contradict each other: {}", listed(said, "; "));
        findings.push(scene.not_known(&CHECK, Severity::Blocker, message));
    }
    findings
}

/// What is not known of the parent's word, for the checks before and after an action.
pub(super) fn about_parent(scene: &Scene<'_>, check: &Check) -> Vec<Finding> {
    if !scene.is_in_parent_zone() {
        return Vec::new();
    }
    let evidence = scene.look.labels(Part::Parent, RecordType::Ns);
    if let Parent::Unknown(why) = scene.look.parent() {
        let message = format!("no server of the parent zone said how the name stands: {why}");
        return vec![scene.not_known(check, Severity::Blocker, message).resting_on(evidence)];
    }
    let missing = scene.look.parent_by_server().filter_map(|(server, says)| says.err().map(|why| (server, why)));
    let (far, silent): (Vec<_>, Vec<_>) = missing.partition(|(_, why)| is_out_of_reach(why));
    let mut findings = Vec::new();
    if let Some((_, why)) = silent.first() {
        let servers = listed(silent.iter().map(|(server, _)| server.ip()), ", ");
        let message = format!("some of the parent's servers did not say how the name stands: {servers}: {why}");
        findings.push(scene.not_known(check, Severity::Warning, message).resting_on(evidence));
    }
    if !far.is_empty() {
        let servers = listed(far.iter().map(|(server, _)| server.ip()), ", ");
        let message = format!("some of the parent's servers cannot be reached from here and were not asked: {servers}");
        findings.push(scene.seen(check, Severity::Notice, message));
    }
    findings
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, offline, out_of_reach, redirect, suspend};

    #[test]
    fn a_parent_that_does_not_speak_or_contradicts_itself_is_unknown() {
        let shop = || Sketch::new("shop.example");
        let known = || shop().delegated("192.0.2.10", &["ns1.old.test"]);
        let cases: [(Sketch, &[&str]); 6] = [
            (shop(), &["C101 blocker (not known)"]),
            (shop().parent_silent("192.0.2.10"), &["C101 blocker (not known)"]),
            (known(), &[]),
            (known().parent_silent("192.0.2.11"), &["C101 warning (not known)"]),
            (known().parent_fails("2001:db8::10", out_of_reach()), &["C101 notice"]),
            (known().parent_nxdomain("192.0.2.11"), &["C101 blocker (not known)"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected);
            assert_eq!(judged(judge, &suspend("shop.example"), &sketch), expected);
        }
        let server = Sketch::server("203.0.113.80:80");
        assert!(judged(judge, &offline("203.0.113.80:80"), &server).is_empty());
    }
}

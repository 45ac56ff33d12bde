//! A name that is to be reserved belongs to somebody.

use crate::authority::Action;
use crate::check::evidence::Part;
use crate::check::parent::listed;
use crate::check::scene::{Scene, names_of};
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::RecordType;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(103),
    name: "block-registered",
    title: "A name that is to be reserved belongs to somebody.",
    explanation: "Lists of generated names collide with names of real people (a personal site of twelve years \
                  was once taken without a word: https://susam.net/sinkholed.html). Only unregistered names \
                  can be blocked.",
    advice: "Take the name off the list, or order `redirect` or `suspend` for it after holding it against \
                  the evidence.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if scene.action() != Action::Block {
        return Vec::new();
    }
    let servers = scene.look.delegated_to();
    if !servers.is_empty() && servers == names_of(&scene.playbook.name_servers) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if !servers.is_empty() {
        let message = format!("the name is delegated to {}", listed(servers, ", "));
        let evidence = scene.look.labels(Part::Parent, RecordType::Ns);
        findings.push(scene.seen(&CHECK, Severity::Blocker, message).resting_on(evidence));
    }
    if let Some(domain) = scene.registered() {
        let since = domain.events.get("registration").map(|since| format!(" since {since}")).unwrap_or_default();
        let message = format!("the name is registered{since}");
        findings.push(scene.seen(&CHECK, Severity::Blocker, message).resting_on(scene.look.rdap_labels()));
    }
    if scene.registry().is_none_or(|registry| registry.rdap.is_none()) {
        let message =
            "no registration data service is known; a name can be registered without being delegated".to_owned();
        findings.push(scene.seen(&CHECK, Severity::Notice, message));
    }
    findings
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, block, judged, redirect};

    #[test]
    fn only_what_belongs_to_nobody_can_be_blocked() {
        let name = || Sketch::new("xkqzv.example");
        let free = || name().parent_nxdomain("192.0.2.10").not_registered();
        let taken = name().delegated("192.0.2.10", &["ns1.old.test"]).registered(&[], &[]);
        let parked = name().parent_nxdomain("192.0.2.10").registered(&[], &[("registration", "2007-01-01T00:00:00Z")]);
        let ours = name().delegated("192.0.2.10", &["ns1.seized.test", "ns2.seized.test"]).registered(&[], &[]);
        let target = block("xkqzv.example");
        assert!(judged(judge, &target, &free()).is_empty());
        assert_eq!(judged(judge, &target, &taken), ["C103 blocker", "C103 blocker"]);
        assert_eq!(judged(judge, &target, &parked), ["C103 blocker"]);
        assert!(judged(judge, &target, &ours).is_empty());
        assert!(judged(judge, &redirect("xkqzv.example"), &taken).is_empty());
        // The registry of `test` has no registration data service in the playbook.
        let elsewhere = Sketch::new("xkqzv.test").parent_nxdomain("192.0.2.10");
        assert_eq!(judged(judge, &block("xkqzv.test"), &elsewhere), ["C103 notice"]);
    }
}

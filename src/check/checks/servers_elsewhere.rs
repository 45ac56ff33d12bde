//! The name of a name server does not lead to its listed addresses.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::check::parent::listed;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::{DnsAnswer, Question};
use crate::playbook::NameServer;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(112),
    name: "servers-elsewhere",
    title: "The name of a name server does not lead to its listed addresses.",
    explanation: "Resolvers find a name server by its name. One whose name leads elsewhere hands every seized \
                  name to whoever answers there (the name of a seizure name server lapsed, was auctioned, and \
                  served malware on seized names).",
    advice: "Put the playbook's addresses right, or the server's A and AAAA records.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    scene.destination().iter().filter_map(|server| about_server(scene, server)).collect()
}

fn about_server(scene: &Scene<'_>, server: &NameServer) -> Option<Finding> {
    let is_about = |question: &Question| matches!(question, Question::Dns { name, .. } if *name == server.name);
    let answers = scene.look.answers.server_hosts.iter().filter(|seen| is_about(&seen.question));
    let (known, unknown): (Vec<_>, Vec<_>) = answers.map(|seen| &seen.outcome).partition(|outcome| outcome.is_ok());
    let records = known.into_iter().flatten().flat_map(DnsAnswer::records);
    let found: BTreeSet<IpAddr> = records.filter_map(|record| record.data.address()).collect();
    let listed_here: BTreeSet<IpAddr> = server.addresses.iter().copied().collect();
    let name = &server.name;
    if found.iter().any(|address| !listed_here.contains(address)) {
        let message = format!("{name} leads to {}, not to {}", listed(found, ", "), listed(listed_here, ", "));
        return Some(scene.seen(&CHECK, Severity::Blocker, message));
    }
    if found == listed_here {
        return None;
    }
    let missing = listed(listed_here.difference(&found), ", ");
    // A resolver's word that there is no address is not confirmed here, so it is no more than not known.
    let why = unknown.into_iter().find_map(|outcome| outcome.as_ref().err());
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    Some(scene.not_known(&CHECK, Severity::Blocker, format!("{name} was not seen to lead to {missing}{why}")))
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect};
    use crate::observe::RecordType;

    #[test]
    fn a_servers_name_leads_to_its_addresses() {
        let base = || Sketch::new("shop.example").server_host("ns2.seized.test", RecordType::A, &["198.51.100.54"]);
        let cases: [(Sketch, &[&str]); 3] = [
            (base().server_host("ns1.seized.test", RecordType::A, &["198.51.100.53"]), &[]),
            (base().server_host("ns1.seized.test", RecordType::A, &["203.0.113.66"]), &["C112 blocker"]),
            (base().server_host("ns1.seized.test", RecordType::A, &[]), &["C112 blocker (not known)"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected);
        }
    }
}

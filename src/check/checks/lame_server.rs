//! A server of the new delegation does not answer as an authority.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::check::evidence::Part;
use crate::check::scene::{Scene, server_at};
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::{DnsAnswer, RecordType, Unknown};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(206),
    name: "lame-server",
    title: "A server of the new delegation does not answer as an authority.",
    explanation: "Part of the visitors get nothing, and a server that is not ours or does not know the zone \
                  can be taken over.",
    advice: "Load the zone on the server, or take the server out of the delegation.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if !scene.moves_delegation() {
        return Vec::new();
    }
    let through_delegation = scene.look.child(RecordType::Soa).into_iter();
    let mut said: BTreeMap<SocketAddr, Result<(), Unknown>> =
        through_delegation.map(|(server, said)| (server, said.map(|_| ()).map_err(Clone::clone))).collect();
    for seen in &scene.look.answers.servers {
        let Some(server) = seen.asked else { continue };
        said.entry(server).or_insert_with(|| is_authority(&seen.outcome));
    }
    let evidence = [Part::Child, Part::Server].map(|part| scene.look.labels(part, RecordType::Soa)).concat();
    let judged = said.into_iter().filter_map(|(server, said)| about_server(scene, server, said));
    let judged: Vec<Finding> = judged.map(|finding| finding.resting_on(evidence.clone())).collect();
    judged.into_iter().chain(without_address(scene)).collect()
}

/// Servers of the delegation whose name leads nowhere: whoever registers it answers for the seized name.
fn without_address(scene: &Scene<'_>) -> Vec<Finding> {
    let hosts = scene.look.zone.iter().flat_map(|zone| &zone.hosts);
    let lost = hosts.filter_map(|(host, addresses)| match addresses {
        Ok(addresses) if addresses.is_empty() => {
            Some(scene.seen(&CHECK, Severity::Blocker, format!("{host} has no address")))
        }
        Ok(_) => None,
        Err(why) => {
            let message = format!("the address of {host} is unknown: {why}");
            Some(scene.not_known(&CHECK, Severity::Warning, message))
        }
    });
    lost.collect()
}

fn is_authority(outcome: &Result<DnsAnswer, Unknown>) -> Result<(), Unknown> {
    match outcome {
        Ok(answer) if answer.authoritative => Ok(()),
        Ok(_) => Err(Unknown::NotAuthoritative),
        Err(why) => Err(why.clone()),
    }
}

fn about_server(scene: &Scene<'_>, server: SocketAddr, said: Result<(), Unknown>) -> Option<Finding> {
    let listed = server_at(scene.destination(), server);
    match (said, listed) {
        (Ok(()), Some(_)) => None,
        (Ok(()), None) => {
            let message = format!("the delegation leads to {server}, which is none of the listed addresses");
            Some(scene.seen(&CHECK, Severity::Blocker, message))
        }
        (Err(why @ (Unknown::ServerFailure { .. } | Unknown::NotAuthoritative)), _) => {
            Some(scene.seen(&CHECK, Severity::Blocker, format!("{server}: {why}")))
        }
        (Err(why), _) => Some(scene.not_known(&CHECK, Severity::Blocker, format!("{server}: {why}"))),
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect, redirected, timeout};

    #[test]
    fn every_server_answers_as_an_authority_at_its_listed_address() {
        let cases: [(Sketch, &[&str]); 7] = [
            (redirected(), &[]),
            (redirected().child_fails("198.51.100.53", RecordType::Soa, Unknown::NotAuthoritative), &["C206 blocker"]),
            (redirected().child_fails("198.51.100.53", RecordType::Soa, timeout()), &["C206 blocker (not known)"]),
            (redirected().child("203.0.113.66", RecordType::Soa, &[]), &["C206 blocker"]),
            (redirected().server_fails("198.51.100.55", Unknown::ServerFailure { rcode: 5 }), &["C206 blocker"]),
            (redirected().server_fails("198.51.100.55", timeout()), &["C206 blocker (not known)"]),
            (redirected().ns_host("ns2.seized.test", RecordType::A, &[]), &["C206 blocker"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected);
        }
    }
}

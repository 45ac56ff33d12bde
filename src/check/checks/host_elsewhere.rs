//! The name leads elsewhere than to the server that was taken.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::check::evidence::Part;
use crate::check::look::addresses_of;
use crate::check::parent::listed;
use crate::check::scene::Scene;
use crate::check::{Addresses, Check, Code, Finding, Severity};
use crate::observe::RecordType;
use crate::playbook::Means;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(113),
    name: "host-elsewhere",
    title: "The name leads elsewhere than to the server that was taken.",
    explanation: "The DNS stays as it is with this action, so the notice can only be seen when the name leads \
                  to the listed addresses.",
    advice: "Correct the addresses, or order `redirect` instead.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    about_host(scene, &CHECK)
}

/// Where each resolver says that the name of a taken server leads, each type alone.
pub(super) fn about_host(scene: &Scene<'_>, check: &Check) -> Vec<Finding> {
    let Means::Host { addresses, .. } = &scene.target.means else { return Vec::new() };
    if scene.look.zone.is_none() {
        // A server that is known by its address alone has no name that could lead elsewhere.
        return Vec::new();
    }
    let addresses: BTreeSet<IpAddr> = addresses.iter().copied().collect();
    let mut findings = Vec::new();
    for family in [RecordType::A, RecordType::Aaaa] {
        let evidence = scene.look.labels(Part::Resolver, family);
        for (resolver, said) in scene.look.by_resolver(family) {
            let finding = match said.map(addresses_of) {
                Ok(found) if found.is_subset(&addresses) => continue,
                Ok(found) => {
                    let elsewhere = listed(found.difference(&addresses), ", ");
                    let message = format!("the resolver {resolver} gives {family} {elsewhere}");
                    scene.seen(check, Severity::Blocker, message)
                }
                Err(why) => {
                    let message = format!("what the resolver {resolver} gives as {family} is unknown: {why}");
                    scene.not_known(check, Severity::Blocker, message)
                }
            };
            findings.push(finding.resting_on(evidence.clone()));
        }
    }
    findings.extend(no_address(scene, check));
    findings
}

fn no_address(scene: &Scene<'_>, check: &Check) -> Option<Finding> {
    match scene.look.addresses() {
        Addresses::Known(_) => None,
        Addresses::None => Some(scene.seen(check, Severity::Blocker, "the name has no address".to_owned())),
        Addresses::Unknown(why) => {
            Some(scene.not_known(check, Severity::Blocker, format!("where the name leads is unknown: {why}")))
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, host, judged, timeout};

    #[test]
    fn every_resolver_leads_to_the_listed_addresses() {
        let shop = || {
            let sketch = Sketch::new("shop.example").resolver("192.0.2.1", RecordType::A, &["203.0.113.80"]);
            sketch.resolver("192.0.2.1", RecordType::Aaaa, &[])
        };
        let none = || {
            let sketch = Sketch::new("shop.example").resolver("192.0.2.1", RecordType::A, &[]);
            sketch.resolver("192.0.2.1", RecordType::Aaaa, &[])
        };
        let cases: [(Sketch, &[&str]); 6] = [
            (shop(), &[]),
            (shop().resolver("192.0.2.2", RecordType::A, &["203.0.113.99"]), &["C113 blocker"]),
            (shop().resolver("192.0.2.1", RecordType::Aaaa, &["2001:db8::99"]), &["C113 blocker"]),
            (shop().resolver_fails("192.0.2.2", RecordType::A, timeout()), &["C113 blocker (not known)"]),
            (none(), &["C113 blocker (not known)"]),
            (none().parent_nxdomain("192.0.2.10"), &["C113 blocker"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &host("shop.example", &["203.0.113.80"]), &sketch), expected);
        }
    }
}

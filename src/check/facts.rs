//! The facts that stand in a plan: words that do not change while the world does not.

use std::collections::BTreeSet;

use super::parent::listed;
use super::{Addresses, Look, Parent, Standing};
use crate::authority::Action;
use crate::observe::{PortState, Registration};
use crate::plan::Facts;
use crate::playbook::Target;

/// What could not be found out.
const UNKNOWN: &str = "unknown";

/// The facts about one target, for the plan's `before:` line: no times, no lifetimes, no spaces in values.
pub fn facts(look: &Look, target: &Target) -> Facts {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    match target.means.action() {
        Action::Redirect | Action::Suspend | Action::Sinkhole | Action::Block => {
            let dns = [fact("delegation", delegation(look)), fact("ds", ds(look))];
            dns.into_iter().chain(status(look).map(|status| fact("status", status))).collect()
        }
        Action::Host => [fact("addresses", addresses(look))].into(),
        Action::Offline => [fact("port", port(look))].into(),
        Action::Onion => [fact("onion", "held".to_owned())].into(),
    }
}

fn delegation(look: &Look) -> String {
    match look.parent() {
        Parent::Agreed(Standing::Delegated(servers)) => listed(&servers, ","),
        Parent::Agreed(Standing::NotDelegated) => "none".to_owned(),
        Parent::Agreed(Standing::NxDomain) => "nxdomain".to_owned(),
        Parent::Differ(_) | Parent::Unknown(_) => UNKNOWN.to_owned(),
    }
}

/// `absent`, or `present:` and the key tags. Servers that contradict each other leave it unknown.
fn ds(look: &Look) -> String {
    let known: BTreeSet<BTreeSet<u16>> = look.ds_by_server().filter_map(|(_, tags)| tags.ok()).collect();
    let mut known = known.into_iter();
    match (known.next(), known.next()) {
        (Some(tags), None) if tags.is_empty() => "absent".to_owned(),
        (Some(tags), None) => format!("present:{}", listed(tags, ",")),
        _ => UNKNOWN.to_owned(),
    }
}

/// The statuses in RDAP's words with hyphens for spaces; `None` when the registry was not asked.
fn status(look: &Look) -> Option<String> {
    Some(match look.registration()? {
        Err(_) => UNKNOWN.to_owned(),
        Ok(Registration::NotRegistered) => "not-registered".to_owned(),
        Ok(Registration::Registered(domain)) if domain.statuses.is_empty() => "none".to_owned(),
        Ok(Registration::Registered(domain)) => {
            let hyphened = |status: String| status.split_whitespace().collect::<Vec<_>>().join("-");
            listed(domain.statuses.iter().map(|status| hyphened(status.to_string())), ",")
        }
    })
}

fn addresses(look: &Look) -> String {
    match look.addresses() {
        Addresses::Known(addresses) => listed(addresses, ","),
        Addresses::None => "none".to_owned(),
        Addresses::Unknown(_) => UNKNOWN.to_owned(),
    }
}

/// Closed and silent are one: packets that are lost must not look like a world that has changed.
fn port(look: &Look) -> String {
    let outcome = look.answers.knocks.first().map(|knock| &knock.outcome);
    match outcome {
        Some(Ok(PortState::Open)) => "answers",
        Some(Ok(PortState::Closed | PortState::Silent)) => "no-answer",
        Some(Err(_)) | None => UNKNOWN,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, Sketch, timeout};
    use super::*;
    use crate::observe::RecordType;

    fn line(sketch: Sketch, target: &Target) -> String {
        let facts = facts(&sketch.look(), target);
        facts.iter().map(|(fact, value)| format!("{fact}={value}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn facts_of_a_name_are_its_delegation_signers_and_status() {
        let target = testing::redirect("shop.example");
        let sketch = || Sketch::new("shop.example");
        let cases = [
            (sketch(), "delegation=unknown ds=unknown"),
            (
                sketch()
                    .delegated("192.0.2.10", &["ns2.old.test", "ns1.old.test"])
                    .ds("192.0.2.10", &[])
                    .registered(&["serverHold", "ok"], &[]),
                "delegation=ns1.old.test,ns2.old.test ds=absent status=active,server-hold",
            ),
            (
                sketch()
                    .delegated("192.0.2.10", &["ns1.old.test"])
                    .parent_silent("192.0.2.11")
                    .ds("192.0.2.10", &[4711, 12])
                    .ds_fails("192.0.2.11", timeout())
                    .rdap_fails(timeout()),
                "delegation=ns1.old.test ds=present:12,4711 status=unknown",
            ),
            (
                sketch().parent_nxdomain("192.0.2.10").ds("192.0.2.10", &[]).not_registered(),
                "delegation=nxdomain ds=absent status=not-registered",
            ),
            (
                sketch().parent_nxdomain("192.0.2.10").delegated("192.0.2.11", &["ns1.old.test"]),
                "delegation=unknown ds=unknown",
            ),
            (sketch().not_delegated("192.0.2.10"), "delegation=none ds=unknown"),
        ];
        for (sketch, expected) in cases {
            assert_eq!(line(sketch, &target), expected);
        }
    }

    #[test]
    fn facts_of_servers_are_addresses_and_answers() {
        let host = testing::host("shop.example", &["203.0.113.80"]);
        let resolves = Sketch::new("shop.example")
            .resolver("192.0.2.1", RecordType::A, &["203.0.113.81", "203.0.113.80"])
            .resolver("192.0.2.1", RecordType::Aaaa, &[]);
        assert_eq!(line(resolves, &host), "addresses=203.0.113.80,203.0.113.81");
        // One resolver alone cannot say that there is nothing.
        let nothing = Sketch::new("shop.example").resolver("192.0.2.1", RecordType::A, &[]);
        assert_eq!(line(nothing.clone(), &host), "addresses=unknown");
        assert_eq!(line(nothing.parent_nxdomain("192.0.2.10"), &host), "addresses=none");

        let offline = testing::offline("203.0.113.80:8443");
        let states = [
            (Ok(PortState::Open), "port=answers"),
            (Ok(PortState::Closed), "port=no-answer"),
            (Ok(PortState::Silent), "port=no-answer"),
            (Err(timeout()), "port=unknown"),
        ];
        for (state, expected) in states {
            assert_eq!(line(Sketch::server("203.0.113.80:8443").port("203.0.113.80:8443", state), &offline), expected);
        }
        assert_eq!(line(Sketch::onion(), &testing::onion()), "onion=held");
    }
}

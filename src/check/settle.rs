//! Whether a change has reached everybody: the parent's servers, and the caches of the resolvers.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;

use super::parent::{is_out_of_reach, listed};
use super::scene::Scene;
use super::{Look, Standing};
use crate::authority::Action;
use crate::clock::UtcTime;
use crate::observe::{NameStatus, Question, RecordData, RecordName, RecordSet, RecordType, Unknown};
use crate::playbook::{Playbook, Target};

/// How far a change has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settling {
    /// Whether nothing is left to wait for.
    pub done: bool,
    /// What is, one line each.
    pub waiting_for: Vec<String>,
    /// When the last of the caches that were seen runs out.
    pub until: Option<UtcTime>,
}

/// Something old that a resolver still gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leftover {
    pub(super) resolver: SocketAddr,
    pub(super) record_type: RecordType,
    what: String,
    /// When its time runs out, as far as the resolver says.
    pub(super) until: Option<UtcTime>,
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the resolver {} still gives {} {}", self.resolver, self.record_type, self.what)?;
        match self.until {
            Some(until) => write!(f, " until {until}"),
            None => f.write_str(" for an unknown time"),
        }
    }
}

/// Whether the parent has moved, and the resolvers that were asked have let go of the old state.
///
/// A server or resolver that did not answer is waited for as well. Actions that leave the DNS alone are settled at
/// once.
pub fn settled(playbook: &Playbook, target: &Target, look: &Look, now: UtcTime) -> Settling {
    let scene = Scene { playbook, target, look, now };
    let mut waiting_for = parents_to_wait_for(&scene);
    let leftovers = leftovers(&scene);
    waiting_for.extend(leftovers.iter().map(ToString::to_string));
    waiting_for.extend(resolvers_unknown(&scene).into_iter().map(|(resolver, record_type, why)| {
        format!("what the resolver {resolver} gives as {record_type} is unknown: {why}")
    }));
    if asks_resolvers(&scene) && look.resolved.is_empty() {
        waiting_for.push(format!("what resolvers give is unknown: {}", Unknown::NobodyToAsk));
    }
    let until = leftovers.iter().filter_map(|left| left.until).max();
    Settling { done: waiting_for.is_empty(), waiting_for, until }
}

fn parents_to_wait_for(scene: &Scene<'_>) -> Vec<String> {
    if !scene.is_in_parent_zone() {
        return Vec::new();
    }
    let mut waiting = Vec::new();
    let mut answered = false;
    for (server, says) in scene.look.parent_by_server() {
        match says {
            Ok(standing) => {
                answered = true;
                if !has_arrived(scene, &standing) {
                    waiting.push(format!("the parent server {server} says: {standing}"));
                }
            }
            Err(why) if is_out_of_reach(why) => {}
            Err(why) => waiting.push(format!("what the parent server {server} says is unknown: {why}")),
        }
    }
    if !answered && waiting.is_empty() {
        waiting.push("what the parent zone says is unknown".to_owned());
    }
    if scene.moves_delegation() {
        let signed = scene.look.ds_by_server().filter(|(_, tags)| tags.as_ref().is_ok_and(|tags| !tags.is_empty()));
        waiting.extend(signed.map(|(server, _)| format!("the parent server {server} still has a DS")));
    }
    waiting
}

/// Whether the name stands in its parent zone as the action leaves it.
fn has_arrived(scene: &Scene<'_>, standing: &Standing) -> bool {
    match (scene.action(), standing) {
        (Action::Redirect | Action::Sinkhole, Standing::Delegated(servers)) => *servers == scene.destination_names(),
        // Names below the name may keep it in the zone without a delegation of its own.
        (Action::Suspend, Standing::NxDomain | Standing::NotDelegated) => true,
        (Action::Block, Standing::NxDomain | Standing::NotDelegated) => true,
        (Action::Block, Standing::Delegated(servers)) => {
            *servers == super::scene::names_of(&scene.playbook.name_servers)
        }
        _ => false,
    }
}

/// Whether caches play a part: a name that was never registered is in none.
pub(super) fn asks_resolvers(scene: &Scene<'_>) -> bool {
    scene.is(&[Action::Redirect, Action::Suspend, Action::Sinkhole])
}

/// The types by which a resolver shows which state it holds.
fn telling_types(scene: &Scene<'_>) -> &'static [RecordType] {
    match scene.action() {
        Action::Redirect => &[RecordType::Ns, RecordType::A, RecordType::Aaaa],
        Action::Suspend => &[RecordType::Ns, RecordType::A, RecordType::Aaaa, RecordType::Mx],
        // What a sinkhole answers is its operator's business.
        Action::Sinkhole => &[RecordType::Ns],
        Action::Block | Action::Host | Action::Offline | Action::Onion => &[],
    }
}

/// What resolvers still give that the action has replaced or removed.
pub(super) fn leftovers(scene: &Scene<'_>) -> Vec<Leftover> {
    let mut leftovers = Vec::new();
    for record_type in telling_types(scene) {
        for (resolver, said) in scene.look.by_resolver(*record_type) {
            if let Ok(records) = said
                && !is_new(scene, *record_type, records)
            {
                let asked_at = asked_at(scene.look, resolver, *record_type);
                leftovers.push(Leftover {
                    resolver,
                    record_type: *record_type,
                    what: what(records),
                    until: records.ttl.map(|ttl| asked_at.plus(ttl)),
                });
            }
        }
    }
    leftovers
}

fn is_new(scene: &Scene<'_>, record_type: RecordType, records: &RecordSet) -> bool {
    match (scene.action(), record_type) {
        (Action::Suspend, _) => matches!(records.status, NameStatus::NxDomain | NameStatus::NoData),
        (_, RecordType::Ns) => name_servers_of(records) == scene.destination_names(),
        (Action::Redirect, RecordType::A | RecordType::Aaaa) => leads_to_notices(scene, record_type, records),
        _ => true,
    }
}

/// Whether addresses of one family are the notice hosts', and there are some when those have any.
pub(super) fn leads_to_notices(scene: &Scene<'_>, family: RecordType, records: &RecordSet) -> bool {
    let notice = scene.notice_addresses();
    let found = super::look::addresses_of(records);
    let expects_some = notice.iter().any(|address| address.is_ipv4() == (family == RecordType::A));
    found.is_subset(&notice) && found.is_empty() != expects_some
}

fn name_servers_of(records: &RecordSet) -> BTreeSet<RecordName> {
    let servers = records.data.iter().filter_map(|data| match data {
        RecordData::Ns(server) => Some(server.clone()),
        _ => None,
    });
    servers.collect()
}

/// The records in words, or what stands in their place.
pub(super) fn what(records: &RecordSet) -> String {
    if records.data.is_empty() { format!("({})", records.status) } else { listed(&records.data, ", ") }
}

fn asked_at(look: &Look, resolver: SocketAddr, of_type: RecordType) -> UtcTime {
    let is_it = |question: &Question| matches!(question, Question::Dns { record_type, .. } if *record_type == of_type);
    let asked = look.answers.resolvers.iter().find(|seen| seen.asked == Some(resolver) && is_it(&seen.question));
    asked.map_or(look.at, |seen| seen.at)
}

/// Resolvers of which it is not known whether they have let go.
pub(super) fn resolvers_unknown<'a>(scene: &Scene<'a>) -> Vec<(SocketAddr, RecordType, &'a Unknown)> {
    let of_type = |record_type: &RecordType| {
        let record_type = *record_type;
        let said = scene.look.by_resolver(record_type).into_iter();
        said.filter_map(move |(resolver, said)| said.err().map(|why| (resolver, record_type, why)))
    };
    telling_types(scene).iter().flat_map(of_type).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{self, Sketch, noon, timeout};
    use super::*;

    fn settling(sketch: Sketch, target: &Target) -> Settling {
        settled(&testing::playbook(), target, &sketch.look(), noon())
    }

    #[test]
    fn a_redirect_is_settled_when_parents_moved_and_resolvers_let_go() {
        let target = testing::redirect("shop.example");
        assert_eq!(settling(testing::redirected(), &target).waiting_for, Vec::<String>::new());
        assert!(settling(testing::redirected(), &target).done);

        let late = testing::redirected().resolver_for("192.0.2.2", RecordType::Ns, &["ns1.old.test"], 1800);
        let late = late.resolver_for("192.0.2.3", RecordType::A, &["203.0.113.99"], 60);
        let late = settling(late, &target);
        assert!(!late.done);
        assert_eq!(
            late.waiting_for,
            [
                "the resolver 192.0.2.2:53 still gives NS ns1.old.test until 2026-11-22T12:30:00Z",
                "the resolver 192.0.2.3:53 still gives A 203.0.113.99 until 2026-11-22T12:01:00Z"
            ]
        );
        assert_eq!(late.until, Some(noon().plus(Duration::from_secs(1800))));
    }

    #[test]
    fn what_does_not_answer_is_waited_for() {
        let target = testing::redirect("shop.example");
        let half = testing::redirected().delegated("192.0.2.12", &["ns1.old.test"]);
        assert_eq!(
            settling(half, &target).waiting_for,
            ["the parent server 192.0.2.12:53 says: delegated to ns1.old.test"]
        );
        assert!(!settling(testing::redirected().parent_silent("192.0.2.12"), &target).done);
        assert!(!settling(testing::redirected().ds("192.0.2.12", &[4711]), &target).done);
        let resolver = testing::redirected().resolver_fails("192.0.2.9", RecordType::A, timeout());
        assert!(!settling(resolver, &target).done);
        assert!(!settling(Sketch::new("shop.example"), &target).done);
    }

    #[test]
    fn each_action_has_its_own_end() {
        let gone = || Sketch::new("shop.example").parent_nxdomain("192.0.2.10");
        let gone_for_all = || gone().resolver_nxdomain("192.0.2.1", RecordType::A);
        let cached = || gone().resolver("192.0.2.1", RecordType::A, &["203.0.113.99"]);
        let cases = [
            (testing::suspend("shop.example"), gone_for_all(), true),
            (testing::suspend("shop.example"), gone(), false),
            (testing::suspend("shop.example"), cached(), false),
            (testing::block("shop.example"), gone(), true),
            (testing::block("shop.example"), gone().delegated("192.0.2.11", &["ns1.old.test"]), false),
            (testing::sinkhole("shop.example"), gone_for_all(), false),
            (testing::host("shop.example", &["203.0.113.80"]), Sketch::new("shop.example"), true),
            (testing::offline("203.0.113.80:80"), Sketch::server("203.0.113.80:80"), true),
        ];
        for (target, sketch, done) in cases {
            let settling = settling(sketch, &target);
            assert_eq!(settling.done, done, "{:?}: {:?}", target.means, settling.waiting_for);
        }
    }
}

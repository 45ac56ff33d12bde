use hickory_proto::dnssec::rdata::{DNSSECRData, DS};
use hickory_proto::dnssec::{Algorithm, DigestType};
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{RData, RecordType as Wire};

use super::*;
use crate::observe::loopback::{
    Standing, address, cname, name, name_server, noon, ns, other, refusal, reply, send, soa, world,
};
use crate::observe::{DnsLimits, Network};

const PARENT: &str = "192.0.2.1:53";
const CHILD: &str = "192.0.2.53:53";
const OLD_CHILD: &str = "198.51.100.53:53";
const RESOLVER: &str = "203.0.113.53:53";

fn client(network: &Network) -> DnsClient {
    let wait = Duration::from_secs(20);
    DnsClient::new(network.clone(), DnsLimits { attempt: wait, tcp: wait, ..DnsLimits::default() })
}

fn asked(question: &Message) -> (String, Wire) {
    let [query] = question.queries.as_slice() else { panic!("one question") };
    (query.name().to_ascii().to_ascii_lowercase(), query.query_type())
}

fn signer(owner: &str) -> hickory_proto::rr::Record {
    let ds = DS::new(4711, Algorithm::ECDSAP256SHA256, DigestType::SHA256, vec![0xab; 32]);
    other(owner, RData::DNSSEC(DNSSECRData::DS(ds)))
}

/// A server of `example`, which delegates `shop.example` to `hosts`, given with their glue.
async fn parent(network: &Network, at: &str, hosts: &'static [(&'static str, Option<&'static str>)]) -> Standing {
    name_server(network, world(at), move |question, _| {
        let mut reply = reply(&question);
        match asked(&question) {
            (name, Wire::DS) if name == "shop.example." => {
                reply.add_answer(signer("shop.example"));
            }
            (name, Wire::NS) if name == "shop.example." => {
                reply.metadata.authoritative = false;
                for (host, glue) in hosts {
                    reply.add_authority(ns("shop.example", host));
                    reply.add_additionals(glue.map(|glue| address(host, glue)));
                }
            }
            (name, _) if name == "held.example." => {
                let mut reply = refusal(&question, ResponseCode::NXDomain);
                reply.add_authority(soa("example"));
                return send(&reply);
            }
            (name, _) if name == "text.example." => {
                reply.add_authority(soa("example"));
            }
            (_, _) => {
                // A server that is lame points upwards.
                reply.metadata.authoritative = false;
                reply.add_authority(ns("example", "a.nic.example"));
            }
        }
        send(&reply)
    })
    .await
}

/// A server of `shop.example` whose address records say `host`.
async fn child(network: &Network, at: &str, host: &'static str) -> Standing {
    name_server(network, world(at), move |question, _| {
        let mut reply = reply(&question);
        match asked(&question).1 {
            Wire::A => reply.add_answer(address("shop.example", host)),
            Wire::NS => reply.add_answer(ns("shop.example", "ns1.seizure.test")),
            Wire::SOA => reply.add_answer(soa("shop.example")),
            Wire::CAA => return send(&refusal(&question, ResponseCode::ServFail)),
            _ => reply.add_authority(soa("shop.example")),
        };
        send(&reply)
    })
    .await
}

#[tokio::test]
async fn a_delegated_name_is_told_by_its_parent_and_by_its_own_servers_each_type_alone() {
    let network = Network::simulated(&[]);
    let _parent = parent(&network, PARENT, &[("ns1.seizure.test", Some("192.0.2.53"))]).await;
    let _child = child(&network, CHILD, "203.0.113.10").await;
    let shop = name("shop.example");
    let answers = ask_zone(&client(&network), &noon(), &shop, &[world(PARENT)], None).await;
    assert_eq!((answers.parent.len(), answers.hosts.len(), answers.child.len()), (2, 0, CHILD_TYPES.len()));
    let state = fold(&shop, &answers);

    let Verdict::Same(ParentSays::Delegated(delegation)) = state.parent.verdict() else { panic!("{state:?}") };
    let (host, glue) = delegation.servers.first_key_value().unwrap();
    assert_eq!((host.as_str(), glue.len(), delegation.ttl.as_secs()), ("ns1.seizure.test", 1, 300));
    let Verdict::Same(signers) = state.ds.verdict() else { panic!("{state:?}") };
    assert_eq!(signers.0.first().map(|ds| (ds.key_tag, ds.algorithm, ds.digest_type)), Some((4711, 13, 2)));

    let line = state.in_words();
    assert!(line.starts_with("parent: delegated to ns1.seizure.test; DS 4711 13 2 abab"), "{line}");
    assert!(line.contains("; A 203.0.113.10; AAAA no such record; NS ns1.seizure.test; "), "{line}");
    assert_eq!(state.wire()["child"]["A"][0]["known"], "203.0.113.10");
    assert_eq!(state.wire()["child"]["CAA"][0]["unknown"], "server-failure");

    let told = |record_type| match state.child[&record_type].verdict() {
        Verdict::Same(set) => set.status.to_string(),
        Verdict::Differ => "differ".to_owned(),
        Verdict::Unknown(why) => why.to_string(),
    };
    assert_eq!(told(RecordType::A), "exists");
    assert_eq!(told(RecordType::Ns), "exists");
    assert_eq!(told(RecordType::Aaaa), "no such record");
    assert_eq!(told(RecordType::Mx), "no such record");
    assert_eq!(told(RecordType::Caa), "the server answered SERVFAIL", "one type may be unknown while others are known");
}

#[tokio::test]
async fn absence_counts_only_from_an_authority() {
    let network = Network::simulated(&[]);
    let _parent = parent(&network, PARENT, &[]).await;
    let state = async |text| {
        let name = name(text);
        let answers = ask_zone(&client(&network), &noon(), &name, &[world(PARENT)], None).await;
        fold(&name, &answers)
    };
    let held = state("held.example").await;
    assert_eq!(held.parent.verdict(), Verdict::Same(&ParentSays::NxDomain));
    assert_eq!(held.ds.verdict(), Verdict::Same(&DsSet(BTreeSet::new())), "a known absence");
    assert!(held.child.is_empty());
    assert_eq!(state("text.example").await.parent.verdict(), Verdict::Same(&ParentSays::NotDelegated));
    let lame = state("lame.example").await;
    assert_eq!(lame.parent.verdict(), Verdict::Unknown(Unknown::NotAuthoritative));
    assert_eq!(lame.ds.verdict(), Verdict::Unknown(Unknown::NotAuthoritative));
}

#[tokio::test]
async fn servers_that_disagree_are_seen_to_and_a_silent_one_is_no_vote() {
    let network = Network::simulated(&[]);
    let _moved = parent(&network, PARENT, &[("ns1.seizure.test", Some("192.0.2.53"))]).await;
    let _behind = parent(&network, "192.0.2.2:53", &[("ns1.old.test", Some("198.51.100.53"))]).await;
    let _child = child(&network, CHILD, "203.0.113.10").await;
    let _old_child = child(&network, OLD_CHILD, "198.51.100.80").await;
    let shop = name("shop.example");
    let parents = [world(PARENT), world("192.0.2.2:53"), world("192.0.2.3:53")];
    let state = fold(&shop, &ask_zone(&client(&network), &noon(), &shop, &parents, None).await);
    assert_eq!(state.parent.verdict(), Verdict::Differ);
    let line = state.parent.in_words();
    assert!(line.starts_with("servers differ: delegated to ns1.seizure.test (192.0.2.1:53); "), "{line}");
    let silent: Vec<SocketAddr> = state.parent.silent().map(|(server, _)| server).collect();
    assert_eq!(silent, [world("192.0.2.3:53")], "the third is off the map");
    assert_eq!(state.parent.by_server().count(), 3);
    assert_eq!(state.child[&RecordType::A].verdict(), Verdict::Differ);
    assert!(matches!(state.child[&RecordType::Aaaa].verdict(), Verdict::Same(_)));
    assert!(matches!(state.ds.verdict(), Verdict::Same(_)), "two say the same, one is silent");
}

#[tokio::test]
async fn a_parent_that_leaves_glue_out_agrees_with_one_that_gives_it() {
    let network = Network::simulated(&[]);
    let _with = parent(&network, PARENT, &[("ns1.seizure.test", Some("192.0.2.53"))]).await;
    let _without = parent(&network, "192.0.2.2:53", &[("ns1.seizure.test", None)]).await;
    let _child = child(&network, CHILD, "203.0.113.10").await;
    let shop = name("shop.example");
    let parents = [world(PARENT), world("192.0.2.2:53")];
    let state = fold(&shop, &ask_zone(&client(&network), &noon(), &shop, &parents, None).await);
    assert!(matches!(state.parent.verdict(), Verdict::Same(ParentSays::Delegated(_))));
    assert!(state.hosts.values().all(|addresses| addresses.as_ref().is_ok_and(|some| some.len() == 1)));
}

#[tokio::test]
async fn servers_without_glue_are_found_through_the_resolver_and_the_parent_as_well() {
    let network = Network::simulated(&[]);
    let _resolver = name_server(&network, world(RESOLVER), |question, _| {
        let mut reply = reply(&question);
        reply.metadata.authoritative = false;
        match asked(&question) {
            (name, Wire::NS) if name == "example." => reply.add_answer(ns("example", "a.nic.example")),
            (name, Wire::A) if name == "a.nic.example." => reply.add_answer(address("a.nic.example", "192.0.2.1")),
            (name, Wire::A) if name == "ns1.seizure.test." => {
                reply.add_answer(cname("ns1.seizure.test", "host.seizure.test"));
                reply.add_answer(address("host.seizure.test", "192.0.2.53"))
            }
            (_, Wire::A) => reply.add_answer(address("shop.example", "203.0.113.10")),
            _ => reply.add_authority(soa("example")),
        };
        send(&reply)
    })
    .await;
    let _parent = parent(&network, PARENT, &[("ns1.seizure.test", None)]).await;
    let _child = child(&network, CHILD, "203.0.113.10").await;
    let (dns, clock, resolver) = (client(&network), noon(), world(RESOLVER));
    let shop = name("shop.example");

    // `b.shop.example` has no servers of its own in this world, so its parent zone is found further up.
    for below in ["shop.example", "b.c.example"] {
        let found = find_parent(&dns, &clock, &name(below), resolver).await.unwrap();
        assert_eq!((found.zone.as_str(), found.servers.as_slice()), ("example", &[world(PARENT)][..]), "{below}");
    }
    assert!(find_parent(&dns, &clock, &name("example"), resolver).await.is_err(), "above it is the root");

    let answers = ask_zone(&dns, &clock, &shop, &[world(PARENT)], Some(resolver)).await;
    assert_eq!(answers.hosts.len(), 2);
    let state = fold(&shop, &answers);
    assert!(matches!(state.child[&RecordType::A].verdict(), Verdict::Same(set) if set.data.len() == 1));

    let seen = resolved(&ask_resolver(&dns, &clock, &shop, resolver).await);
    assert_eq!(seen.len(), RESOLVED_TYPES.len());
    assert!(matches!(seen[&RecordType::A].verdict(), Verdict::Same(set) if set.status == NameStatus::Exists));
    assert!(matches!(seen[&RecordType::Mx].verdict(), Verdict::Same(set) if set.status == NameStatus::NoData));
}

#[tokio::test]
async fn a_server_of_the_delegation_that_has_no_address_is_not_passed_over() {
    let network = Network::simulated(&[]);
    let _resolver = name_server(&network, world(RESOLVER), |question, _| {
        let code = match asked(&question).0.as_str() {
            "ns1.expired.test." => ResponseCode::NXDomain,
            _ => ResponseCode::ServFail,
        };
        send(&refusal(&question, code))
    })
    .await;
    let hosts = &[("ns1.expired.test", None), ("ns2.broken.test", None), ("ns3.seizure.test", Some("192.0.2.53"))];
    let _parent = parent(&network, PARENT, hosts).await;
    let _child = child(&network, CHILD, "203.0.113.10").await;
    let shop = name("shop.example");
    let look =
        async |resolver| fold(&shop, &ask_zone(&client(&network), &noon(), &shop, &[world(PARENT)], resolver).await);
    let state = look(Some(world(RESOLVER))).await;
    let told: Vec<String> = state.hosts.values().map(|addresses| format!("{addresses:?}")).collect();
    assert_eq!(told, ["Ok({})", "Err(ServerFailure { rcode: 2 })", "Ok({192.0.2.53})"]);
    assert!(state.in_words().contains("; ns1.expired.test has no address; address of ns2.broken.test unknown: "));
    assert_eq!(state.wire()["hosts"]["ns1.expired.test"]["known"], serde_json::json!([]));
    let nobody_asked = look(None).await;
    assert!(nobody_asked.hosts.values().take(2).all(|addresses| *addresses == Err(Unknown::NobodyToAsk)));
}

#[tokio::test]
async fn a_resolver_that_fails_leaves_the_parent_unknown_and_keeps_the_evidence() {
    let network = Network::simulated(&[]);
    let _resolver =
        name_server(&network, world(RESOLVER), |question, _| send(&refusal(&question, ResponseCode::ServFail))).await;
    let failed = find_parent(&client(&network), &noon(), &name("shop.example"), world(RESOLVER)).await.unwrap_err();
    assert_eq!(failed.why, Unknown::ServerFailure { rcode: 2 });
    assert_eq!(failed.answers.len(), 1);
    assert_eq!(failed.to_string(), "the zone above shop.example is unknown: the server answered SERVFAIL");
}

//! Whole looks, over sockets on loopback.

use std::sync::{Arc, Mutex};

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::rdata::{A, NS};
use hickory_proto::rr::{Name, RData, Record, RecordType as WireType};
use tokio::net::TcpListener;

use super::super::testing::{self, Standing, dns_at, eyes, noon, reply, stand, told};
use super::super::{Verdict, before, evidence, facts, outsider, settled, state_line, verdict};
use super::*;
use crate::observe::{Network, Protocol};

type Answer = fn(&Message) -> Message;
type Asked = Arc<Mutex<Vec<String>>>;

/// A small world: the parent of `example` and of `test`, the old name servers, ours, and one resolver.
struct World {
    network: Network,
    asked: Asked,
    _servers: Vec<Standing>,
}

fn wire(text: &str) -> Name {
    let mut name = Name::from_ascii(text).unwrap();
    name.set_fqdn(true);
    name
}

fn a(owner: &str, address: &str) -> Record {
    Record::from_rdata(wire(owner), 300, RData::A(A(address.parse().unwrap())))
}

fn ns(owner: &str, server: &str) -> Record {
    Record::from_rdata(wire(owner), 3600, RData::NS(NS(wire(server))))
}

fn question(message: &Message) -> (String, WireType) {
    let asked = &message.queries[0];
    (asked.name().to_ascii().to_ascii_lowercase().trim_end_matches('.').to_owned(), asked.query_type())
}

fn with_code(question: &Message, code: ResponseCode) -> Message {
    let mut reply = reply(question);
    reply.metadata.response_code = code;
    reply
}

/// The parent delegates `shop.example` to `ns1.old.test`, with glue so that nothing else has to be asked for it.
fn of_parent(message: &Message) -> Message {
    let (name, record_type) = question(message);
    let mut answer = reply(message);
    match (name.as_str(), record_type) {
        ("shop.example", WireType::DS) => {}
        ("shop.example", _) => {
            answer.metadata.authoritative = false;
            answer.add_authority(ns("shop.example", "ns1.old.test"));
            answer.add_additional(a("ns1.old.test", "192.0.2.20"));
        }
        _ => answer.metadata.response_code = ResponseCode::NXDomain,
    }
    answer
}

fn of_old_server(message: &Message) -> Message {
    let mut answer = reply(message);
    if question(message) == ("shop.example".to_owned(), WireType::A) {
        answer.add_answer(a("shop.example", "203.0.113.99"));
    }
    answer
}

fn of_resolver(message: &Message) -> Message {
    let mut answer = reply(message);
    answer.metadata.authoritative = false;
    match (question(message).0.as_str(), question(message).1) {
        ("shop.example", WireType::A) => {
            answer.add_answer(a("shop.example", "203.0.113.99"));
        }
        ("shop.example", WireType::NS) => {
            answer.add_answer(ns("shop.example", "ns1.old.test"));
        }
        ("ns1.seized.test", WireType::A) => {
            answer.add_answer(a("ns1.seized.test", "198.51.100.53"));
        }
        ("ns2.seized.test", WireType::A) => {
            answer.add_answer(a("ns2.seized.test", "198.51.100.54"));
        }
        ("example", WireType::NS) => {
            answer.add_answer(ns("example", "a.nic.example"));
        }
        ("a.nic.example", WireType::A) => {
            answer.add_answer(a("a.nic.example", "192.0.2.10"));
        }
        ("gone.example", _) => answer.metadata.response_code = ResponseCode::NXDomain,
        _ => {}
    }
    answer
}

impl World {
    async fn new() -> Self {
        let network = Network::simulated(&[dns_at("192.0.2.1")]);
        let asked = Asked::default();
        let refuse = |message: &Message| with_code(message, ResponseCode::Refused);
        let servers: [(&str, Answer); 5] = [
            ("192.0.2.1", of_resolver),
            ("192.0.2.10", of_parent),
            ("192.0.2.20", of_old_server),
            ("198.51.100.53", refuse),
            ("198.51.100.54", refuse),
        ];
        let mut standing = Vec::new();
        for (address, answer) in servers {
            let heard = Arc::clone(&asked);
            let listen = move |message: &Message| {
                heard.lock().unwrap().push(question(message).0);
                answer(message)
            };
            standing.push(stand(&network, dns_at(address), listen).await);
        }
        Self { network, asked, _servers: standing }
    }

    async fn look(&self, target: &Target) -> Look {
        look(&eyes(&self.network), &testing::playbook(), target).await
    }
}

#[tokio::test]
async fn a_name_is_looked_at_from_its_parent_to_its_resolvers() {
    let world = World::new().await;
    let target = testing::redirect("shop.example");
    let look = world.look(&target).await;
    let playbook = testing::playbook();
    assert_eq!(state_line(&target, &look), "NS ns1.old.test");
    let facts = facts(&look, &target);
    assert_eq!(facts.get("delegation").unwrap(), "ns1.old.test");
    assert_eq!(facts.get("ds").unwrap(), "absent");
    assert_eq!(facts.get("status").unwrap(), "unknown", "the registry's service is not in this world");
    assert_eq!(resolved_addresses(&look), ["203.0.113.99".parse::<IpAddr>().unwrap()]);
    // Only what the registry holds is unknown; our servers refuse a name that they do not serve yet, and so they live.
    let findings = before(&playbook, &target, &look, noon());
    assert_eq!(told(&findings), ["C108 warning (not known)"]);
    assert_eq!(verdict(&findings), Verdict::Unknown);
    assert!(!settled(&playbook, &target, &look, noon()).done);
    let told: Vec<_> = evidence(&look).collect();
    let index: serde_json::Value = serde_json::from_slice(&told[0].bytes).unwrap();
    let labels: Vec<&str> =
        index["observations"].as_array().unwrap().iter().map(|one| one["label"].as_str().unwrap()).collect();
    for label in ["parent-ds-shop.example-192.0.2.10", "child-https-shop.example-192.0.2.20"] {
        assert!(labels.contains(&label), "{label} in {labels:?}");
    }
}

#[tokio::test]
async fn the_parent_is_found_through_a_resolver_when_the_playbook_does_not_name_it() {
    let world = World::new().await;
    let mut playbook = testing::playbook();
    playbook.registries.clear();
    let target = testing::suspend("shop.example");
    let found = look(&eyes(&world.network), &playbook, &target).await;
    assert_eq!(state_line(&target, &found), "NS ns1.old.test");
    assert!(!found.answers.path.is_empty());
    assert_eq!(found.answers.rdap, None);
}

#[tokio::test]
async fn that_a_host_has_no_address_is_confirmed_by_an_authority() {
    let world = World::new().await;
    let gone = testing::host("gone.example", &["203.0.113.80"]);
    let look = world.look(&gone).await;
    assert_eq!(look.addresses(), Addresses::None);
    assert_eq!(facts(&look, &gone).get("addresses").unwrap(), "none");

    let there = testing::host("shop.example", &["203.0.113.99"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let web = "203.0.113.99:80".parse().unwrap();
    world.network.route(Protocol::Tcp, web, listener.local_addr().unwrap()).unwrap();
    let look = world.look(&there).await;
    assert_eq!(state_line(&there, &look), "203.0.113.99 answers");
    assert!(look.answers.zone.parent.is_empty(), "an address that is found needs no confirmation");
    assert_eq!(look.answers.knocks.len(), 2);
}

#[tokio::test]
async fn an_onion_service_is_never_asked_about() {
    let world = World::new().await;
    let look = world.look(&testing::onion()).await;
    assert_eq!(look.answers, Answers::default());
    assert!(world.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_server_is_knocked_at_and_nothing_else() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = "203.0.113.80:8443".parse().unwrap();
    world.network.route(Protocol::Tcp, at, listener.local_addr().unwrap()).unwrap();
    let target = testing::offline("203.0.113.80:8443");
    let look = world.look(&target).await;
    assert_eq!(facts(&look, &target).get("port").unwrap(), "answers");
    assert!(world.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn our_servers_refuse_a_name_that_nobody_ordered() {
    let world = World::new().await;
    let playbook = testing::playbook();
    let other = testing::name("other.example");
    assert_eq!(outsider(&eyes(&world.network), &playbook, &other).await, []);
    let _wildcard = stand(&world.network, dns_at("198.51.100.53"), of_old_server).await;
    let findings = outsider(&eyes(&world.network), &playbook, &other).await;
    assert_eq!(told(&findings), ["C301 blocker"]);
}

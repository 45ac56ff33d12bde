//! The whole world with real packets, seen through the program's own eyes.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::authority::{OrderId, Subject};
use crate::clock::{Clock, SimulatedClock, UtcTime};
use crate::digest::Digest;
use crate::domain::OnionName;
use crate::observe::{
    DnsAnswer, DnsClient, DnsLimits, DnsQuery, KNOCK_TIMEOUT, NameStatus, Network, ParentSays, PortState, RDAP_LIMITS,
    RdapDomain, RecordData, RecordType, Registration, Scheme, Unknown, Verdict, Visit, WEB_LIMITS, ask_zone,
    find_parent, fold, knock, rdap_domain, visit,
};
use crate::playbook::{
    Agency, Approvals, Exclusivity, Id, Means, NameServer, Notice, NoticeHost, NoticeStatus, Operation, Playbook,
    Registry, Sinkhole, Target,
};

const START: &str = "2026-11-20T12:00:00Z";
const OFFLINE: &str = "203.0.113.66:8080";
const TAKEN: &str = "203.0.113.70";
const RESOLVERS: [&str; 2] = ["192.0.2.1:53", "192.0.2.2:5353"];

fn time(text: &str) -> UtcTime {
    text.parse().unwrap()
}

fn name(text: &str) -> DomainName {
    text.parse().unwrap()
}

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn onion() -> OnionName {
    OnionName::of_key(&[7; 32])
}

fn server(host: &str, addresses: &[&str]) -> NameServer {
    NameServer { name: name(host), addresses: addresses.iter().map(|text| ip(text)).collect() }
}

fn seizure_servers() -> Vec<DomainName> {
    vec![name("ns1.seized.police.test"), name("ns2.seized.police.test")]
}

fn target(subject: Subject, means: Means) -> Target {
    Target { subject, means, order: OrderId::new("order".into()) }
}

fn named(text: &str, means: Means) -> Target {
    target(Subject::Name(name(text)), means)
}

fn notice() -> Notice {
    Notice {
        id: id("main"),
        issuer: id("police"),
        agencies: vec![id("police")],
        order: OrderId::new("order".into()),
        not_before: time(START),
        not_after: time("2027-11-20T12:00:00Z"),
        verify_at: "https://police.test/verify".into(),
        subdomains: false,
        sealed_names: false,
        status: NoticeStatus::UnavailableForLegalReasons,
        default_language: "en".parse().unwrap(),
        texts: BTreeMap::new(),
        help: Vec::new(),
        press: Vec::new(),
        no_more_ransom: false,
        report: Vec::new(),
        theme: crate::design::Theme::default(),
        pages: Vec::new(),
    }
}

fn registry(zone: &str, addresses: &[&str], rdap: Option<&str>) -> Registry {
    Registry {
        zone: name(zone),
        name: zone.into(),
        name_servers: addresses.iter().map(|text| ip(text)).collect(),
        rdap: rdap.map(str::to_owned),
        email: None,
    }
}

fn playbook() -> Playbook {
    let redirect = || Means::Redirect { notice: id("main") };
    Playbook {
        root: "operation".into(),
        digest: Digest::of("playbook"),
        text: "playbook".into(),
        operation: Operation {
            id: id("op"),
            title: "Operation".into(),
            lead: id("police"),
            case: "1/26".into(),
            evidence_date: time("2026-11-01T00:00:00Z"),
            hour: time("2026-11-22T08:00:00Z"),
            language: None,
        },
        agencies: vec![Agency {
            id: id("police"),
            name: "Police".into(),
            names: BTreeMap::new(),
            country: "NL".into(),
            domain: name("police.test"),
            notice_key: None,
            seal: None,
        }],
        contacts: Vec::new(),
        orders: Vec::new(),
        targets: vec![
            named("shop.example", redirect()),
            named("market.co.invalid-land", redirect()),
            named("xn--bcher-kva.example", redirect()),
            named("held.example", Means::Suspend),
            named("bot.example", Means::Sinkhole { sinkhole: id("hole") }),
            named("generated.example", Means::Block),
            named("forum.example", Means::Host { notice: id("main"), addresses: vec![ip(TAKEN)] }),
            target(Subject::Server(address(OFFLINE)), Means::Offline),
            target(Subject::Onion(onion()), Means::Onion { notice: id("main"), exclusivity: Exclusivity::Sole }),
        ],
        lists: Vec::new(),
        registries: vec![
            registry("example", &["192.0.2.20", "2001:db8::20"], Some("https://rdap.nic.example/v1/")),
            registry("co.invalid-land", &[], Some("https://rdap.nic.example/land/")),
        ],
        name_servers: vec![
            server("ns1.seized.police.test", &["203.0.113.53", "2001:db8:53::1"]),
            server("ns2.seized.police.test", &["203.0.113.54"]),
        ],
        sinkholes: vec![Sinkhole {
            id: id("hole"),
            operator: "Partner".into(),
            name_servers: vec![server("ns.sinkhole.test", &["203.0.113.99"])],
        }],
        notice_hosts: vec![NoticeHost { id: id("web"), addresses: vec![ip("203.0.113.80"), ip("2001:db8::80")] }],
        resolvers: RESOLVERS.iter().map(|text| address(text)).collect(),
        notices: vec![notice()],
        seed: None,
        witnesses: Vec::new(),
        approvers: Vec::new(),
        approvals: Approvals { plan: 1, roles: Vec::new(), agencies: 1, notice: 1, witnesses: 0 },
        steps: Vec::new(),
    }
}

struct Eyes {
    world: World,
    clock: SimulatedClock,
    dns: DnsClient,
}

impl Eyes {
    async fn open() -> Self {
        let clock = SimulatedClock::new(time(START));
        let world = World::start(&playbook(), clock.clone()).await.unwrap();
        let dns = DnsClient::new(world.network(), DnsLimits::default());
        Self { world, clock, dns }
    }

    async fn ask(&self, server: SocketAddr, host: &str, record_type: RecordType) -> Result<DnsAnswer, Unknown> {
        self.dns.query(&self.clock, DnsQuery::to_authority(server, &name(host), record_type)).await.outcome
    }

    async fn resolve(&self, host: &str, record_type: RecordType) -> Result<DnsAnswer, Unknown> {
        self.dns
            .query(&self.clock, DnsQuery::to_resolver(address(RESOLVERS[0]), &name(host), record_type))
            .await
            .outcome
    }

    /// The addresses that a visitor's resolver finds.
    async fn visited(&self, host: &str) -> Vec<IpAddr> {
        self.resolve(host, RecordType::A).await.unwrap().records().filter_map(|record| record.data.address()).collect()
    }

    async fn parent_says(&self, host: &str) -> ParentSays {
        let (answers, state) = self.state(host).await;
        match state.parent.verdict() {
            Verdict::Same(said) => said.clone(),
            other => panic!("{host}: {other:?} {answers:?}"),
        }
    }

    async fn state(&self, host: &str) -> (crate::observe::ZoneAnswers, crate::observe::ZoneState) {
        let (host, resolver) = (name(host), address(RESOLVERS[1]));
        let parent = find_parent(&self.dns, &self.clock, &host, resolver).await.unwrap();
        let answers = ask_zone(&self.dns, &self.clock, &host, &parent.servers, Some(resolver)).await;
        let state = fold(&host, &answers);
        (answers, state)
    }

    async fn registered(&self, base: &str, host: &str) -> Option<RdapDomain> {
        let base = base.parse().unwrap();
        let seen = rdap_domain(&self.dns, &self.clock, &base, &name(host), RDAP_LIMITS).await;
        match seen.outcome.unwrap() {
            Registration::Registered(domain) => Some(*domain),
            Registration::NotRegistered => None,
        }
    }

    async fn page(&self, scheme: Scheme, host: &str, at: &str) -> Result<String, Unknown> {
        let what = Visit::new(scheme, &name(host), address(at));
        let seen = visit(&self.world.network(), &self.clock, what, WEB_LIMITS).await;
        seen.outcome.map(|_| String::from_utf8(seen.raw).unwrap())
    }

    fn act(&self, told: Instruction) -> UtcTime {
        self.world.registry_act(&told, Duration::ZERO).unwrap()
    }

    fn redirect(&self, host: &str, remove_ds: bool) {
        self.world.activate_zone(&name(host)).unwrap();
        self.act(Instruction::Redirect { name: name(host), name_servers: seizure_servers(), remove_ds });
    }

    fn wait(&self, time: Duration) {
        self.clock.advance_to(self.clock.now().plus(time));
    }
}

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);
const RDAP: &str = "https://rdap.nic.example/v1/";

fn hosts(said: &ParentSays) -> Vec<String> {
    match said {
        ParentSays::Delegated(delegation) => delegation.servers.keys().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn before_the_operation_every_name_is_where_its_holder_put_it() {
    let eyes = Eyes::open().await;
    let old = ["ns1.old-hosting.test", "ns2.old-hosting.test"];
    for host in ["shop.example", "held.example", "bot.example", "forum.example", "market.co.invalid-land"] {
        assert_eq!(hosts(&eyes.parent_says(host).await), old, "{host}");
    }
    assert_eq!(eyes.parent_says("generated.example").await, ParentSays::NxDomain);
    assert_eq!(eyes.visited("forum.example").await, [ip(TAKEN)]);
    let old_site = eyes.visited("www.shop.example").await;
    assert!(matches!(old_site.as_slice(), [IpAddr::V4(at)] if at.octets()[..3] == [198, 51, 100]), "{old_site:?}");

    // One name is signed, and one only.
    let (_, state) = eyes.state("shop.example").await;
    assert!(matches!(state.ds.verdict(), Verdict::Same(ds) if ds.0.len() == 1));
    let (_, state) = eyes.state("held.example").await;
    assert!(matches!(state.ds.verdict(), Verdict::Same(ds) if ds.0.is_empty()));

    // The machines of the world have names, found through its resolvers.
    assert_eq!(eyes.visited("ns2.seized.police.test").await, [ip("203.0.113.54")]);
    assert_eq!(eyes.visited("ns.sinkhole.test").await, [ip("203.0.113.99")]);
    let at = format!("{}:443", old_site[0]);
    assert!(eyes.page(Scheme::Https, "shop.example", &at).await.unwrap().contains("old site"));
    assert!(eyes.page(Scheme::Http, "forum.example", &format!("{TAKEN}:80")).await.unwrap().contains("old site"));
}

#[tokio::test]
async fn a_redirect_moves_the_delegation_and_takes_the_ds_away() {
    let eyes = Eyes::open().await;
    let seizure = address("203.0.113.53:53");
    let refused = eyes.ask(seizure, "shop.example", RecordType::A).await.unwrap_err();
    assert_eq!(refused, Unknown::ServerFailure { rcode: 5 }, "before it is activated");
    eyes.redirect("shop.example", true);
    let (_, state) = eyes.state("shop.example").await;
    assert!(matches!(state.ds.verdict(), Verdict::Same(ds) if ds.0.is_empty()));
    assert_eq!(hosts(&eyes.parent_says("shop.example").await), ["ns1.seized.police.test", "ns2.seized.police.test"]);
    assert!(state.child.values().all(|said| said.silent().next().is_none()), "{state:?}");
    let answer = eyes.ask(address("[2001:db8:53::1]:53"), "shop.example", RecordType::Mx).await.unwrap();
    let null =
        |data: &RecordData| matches!(data, RecordData::Mx { preference: 0, exchange } if exchange.as_str() == ".");
    assert!(answer.data().iter().all(null) && answer.data().len() == 1);
    let caa = eyes.ask(address("203.0.113.54:53"), "shop.example", RecordType::Caa).await.unwrap().data();
    let issuer = |data: &RecordData| matches!(data, RecordData::Caa { value, .. } if value == b"ca.rehearsal.test");
    assert!(caa.iter().all(issuer) && caa.len() == 1, "{caa:?}");
    assert_eq!(eyes.visited("shop.example").await, [ip("203.0.113.80")]);
}

#[tokio::test]
async fn caches_believe_the_old_delegation_until_its_time_is_up() {
    let eyes = Eyes::open().await;
    let before = eyes.visited("shop.example").await;
    eyes.redirect("shop.example", true);
    // The answer itself has run out, the delegation has not: the old server is asked again and answers.
    eyes.wait(120 * MINUTE);
    assert_eq!(eyes.visited("shop.example").await, before);
    let ttl = eyes.resolve("shop.example", RecordType::A).await.unwrap().ttl().unwrap();
    eyes.wait(10 * MINUTE);
    assert_eq!(eyes.resolve("shop.example", RecordType::A).await.unwrap().ttl().unwrap(), ttl - 10 * MINUTE);
    eyes.wait(DAY);
    assert_eq!(eyes.visited("shop.example").await, [ip("203.0.113.80")]);
}

#[tokio::test]
async fn a_ds_that_is_left_behind_makes_the_name_fail_for_visitors() {
    let eyes = Eyes::open().await;
    eyes.redirect("shop.example", false);
    let failed = eyes.resolve("shop.example", RecordType::A).await.unwrap_err();
    assert_eq!(failed, Unknown::ServerFailure { rcode: 2 });
    eyes.act(Instruction::Redirect { name: name("shop.example"), name_servers: seizure_servers(), remove_ds: true });
    assert!(eyes.resolve("shop.example", RecordType::A).await.is_err(), "the DS is still believed");
    eyes.wait(DAY);
    assert_eq!(eyes.visited("shop.example").await, [ip("203.0.113.80")]);
}

#[tokio::test]
async fn a_registry_instruction_reaches_the_zone_later_and_its_caches_later_still() {
    let eyes = Eyes::open().await;
    let told = Instruction::Suspend { name: name("held.example") };
    let published = eyes.world.registry_act(&told, 5 * MINUTE).unwrap();
    assert_eq!(published, eyes.clock.now().plus(5 * MINUTE));
    assert!(eyes.registered(RDAP, "held.example").await.unwrap().has_status("serverHold"));
    assert!(matches!(eyes.parent_says("held.example").await, ParentSays::Delegated(_)));
    eyes.wait(5 * MINUTE);
    assert_eq!(eyes.parent_says("held.example").await, ParentSays::NxDomain);
    let gone = eyes.resolve("held.example", RecordType::A).await.unwrap();
    assert_eq!(gone.status(), NameStatus::NxDomain);
    // The absence is believed as long as the parent says, though the name is back.
    eyes.act(Instruction::Restore { name: name("held.example") });
    assert!(matches!(eyes.parent_says("held.example").await, ParentSays::Delegated(_)));
    eyes.wait(14 * MINUTE);
    assert_eq!(eyes.resolve("held.example", RecordType::A).await.unwrap().status(), NameStatus::NxDomain);
    eyes.wait(MINUTE);
    assert_eq!(eyes.resolve("held.example", RecordType::A).await.unwrap().status(), NameStatus::Exists);
}

#[tokio::test]
async fn a_sinkhole_answers_for_its_names_and_a_block_keeps_a_name_free() {
    let eyes = Eyes::open().await;
    let hole = vec![name("ns.sinkhole.test")];
    eyes.act(Instruction::Sinkhole { name: name("bot.example"), name_servers: hole });
    assert_eq!(hosts(&eyes.parent_says("bot.example").await), ["ns.sinkhole.test"]);
    assert_eq!(eyes.visited("a.b.bot.example").await, [ip("203.0.113.99")]);
    assert_eq!(eyes.registered(RDAP, "generated.example").await, None);
    eyes.act(Instruction::Block { name: name("generated.example") });
    assert_eq!(eyes.parent_says("generated.example").await, ParentSays::NxDomain);
    let blocked = eyes.registered(RDAP, "generated.example").await.unwrap();
    assert!(blocked.has_status("server hold") && blocked.name_servers.is_empty());
}

#[tokio::test]
async fn registration_data_tell_what_the_registry_did() {
    let eyes = Eyes::open().await;
    let before = eyes.registered(RDAP, "shop.example").await.unwrap();
    assert!(before.has_status("active") && !before.ds.is_empty() && before.delegation_signed == Some(true));
    assert!(before.events["last changed"] < time("2026-11-01T00:00:00Z"));
    assert!(before.events["registration"] < before.events["last changed"]);
    eyes.redirect("shop.example", true);
    let after = eyes.registered(RDAP, "shop.example").await.unwrap();
    for lock in ["server transfer prohibited", "server update prohibited", "server delete prohibited"] {
        assert!(after.has_status(lock), "{lock}");
    }
    assert!(after.ds.is_empty() && after.delegation_signed == Some(false));
    assert_eq!(after.events["last changed"], eyes.clock.now());
    assert_eq!(
        after.name_servers.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["ns1.seized.police.test", "ns2.seized.police.test"]
    );
    // Each registry speaks of its own names; the one with no servers in the playbook has them all the same.
    assert_eq!(eyes.registered(RDAP, "market.co.invalid-land").await, None);
    assert!(eyes.registered("https://rdap.nic.example/land/", "market.co.invalid-land").await.is_some());
    assert!(eyes.registered(RDAP, "xn--bcher-kva.example").await.is_some());
}

#[tokio::test]
async fn a_stranger_who_points_a_name_at_us_gets_nothing() {
    let eyes = Eyes::open().await;
    let stranger = eyes.world.stranger().unwrap().to_string();
    assert_eq!(stranger, "stranger.example");
    eyes.world.activate_zones();
    assert_eq!(hosts(&eyes.parent_says(&stranger).await).len(), 2);
    let refused = eyes.ask(address("203.0.113.53:53"), &stranger, RecordType::A).await.unwrap_err();
    assert_eq!(refused, Unknown::ServerFailure { rcode: 5 });
    let failed = eyes.resolve(&stranger, RecordType::A).await.unwrap_err();
    assert_eq!(failed, Unknown::ServerFailure { rcode: 2 });
    assert!(matches!(eyes.world.activate_zone(&name(&stranger)), Err(WorldError::NotRedirected { .. })));
}

#[tokio::test]
async fn servers_are_taken_off_the_net_or_handed_over() {
    let eyes = Eyes::open().await;
    let network = eyes.world.network();
    let port = async || knock(&network, &eyes.clock, address(OFFLINE), KNOCK_TIMEOUT).await.outcome.unwrap();
    assert_eq!(port().await, PortState::Open);
    eyes.world.take_offline(address(OFFLINE)).await.unwrap();
    assert_eq!(port().await, PortState::Closed);
    assert!(matches!(eyes.world.take_offline(address(OFFLINE)).await, Err(WorldError::NotOpen { .. })));

    assert!(matches!(eyes.world.hand_over(ip(TAKEN)), Err(WorldError::NoSplash)));
    let splash = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let local = splash.local_addr().unwrap();
    eyes.world.attach_splash(local, local).unwrap();
    eyes.world.hand_over(ip(TAKEN)).unwrap();
    let leads_to_splash = async |at: SocketAddr| network.tcp(at).await.unwrap().peer_addr().unwrap() == local;
    for at in ["203.0.113.80:443", "[2001:db8::80]:80", "203.0.113.70:443"] {
        assert!(leads_to_splash(address(at)).await, "{at}");
    }
    assert!(leads_to_splash(eyes.world.onion_address(&onion())).await);
    eyes.world.give_back(ip(TAKEN)).unwrap();
    assert!(!leads_to_splash(address("203.0.113.70:443")).await);
}

#[tokio::test]
async fn the_wrong_instruction_is_refused() {
    let eyes = Eyes::open().await;
    let refusal = |told| eyes.world.registry_act(&told, Duration::ZERO).unwrap_err();
    let nowhere = Instruction::Suspend { name: name("shop.nowhere") };
    assert!(matches!(refusal(nowhere), RegistryRefusal::NoRegistry { .. }));
    let unknown = Instruction::Sinkhole { name: name("bot.example"), name_servers: vec![name("ns.unknown.test")] };
    assert!(matches!(refusal(unknown), RegistryRefusal::Host { .. }));
    let none = Instruction::Redirect { name: name("shop.example"), name_servers: Vec::new(), remove_ds: true };
    assert!(matches!(refusal(none), RegistryRefusal::Host { .. }));
    assert!(matches!(refusal(Instruction::Block { name: name("shop.example") }), RegistryRefusal::Taken { .. }));
}

#[tokio::test]
async fn garbage_is_ignored_and_the_servers_live_on() {
    let eyes = Eyes::open().await;
    let network: Network = eyes.world.network();
    for mapping in eyes.world.addresses() {
        match mapping.protocol {
            crate::observe::Protocol::Udp => {
                let socket = network.udp(mapping.world).await.unwrap();
                for garbage in [&b""[..], b"\0", &[0xff; 600], &[0; 12]] {
                    socket.send(garbage).await.unwrap();
                }
            }
            crate::observe::Protocol::Tcp => {
                let mut stream = network.tcp(mapping.world).await.unwrap();
                // An old server's port hangs up by itself, so this may fail.
                let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, &[0, 3, 1, 2, 3, 0xff, 0xff, 7]).await;
            }
        }
    }
    assert_eq!(eyes.visited("forum.example").await, [ip(TAKEN)]);
    assert!(eyes.registered(RDAP, "shop.example").await.is_some());
}

#[tokio::test]
async fn questions_about_onions_are_counted_because_there_should_be_none() {
    let eyes = Eyes::open().await;
    assert_eq!(eyes.world.onion_questions(), 0);
    let socket = eyes.world.network().udp(address(RESOLVERS[0])).await.unwrap();
    let mut query = hickory_proto::op::Message::query();
    let asked = hickory_proto::rr::Name::from_ascii("leak.onion.").unwrap();
    query.add_query(hickory_proto::op::Query::query(asked, hickory_proto::rr::RecordType::A));
    socket.send(&query.to_vec().unwrap()).await.unwrap();
    let mut buffer = [0; 512];
    let length = socket.recv(&mut buffer).await.unwrap();
    let answer = hickory_proto::op::Message::from_vec(&buffer[..length]).unwrap();
    assert_eq!(answer.metadata.response_code, hickory_proto::op::ResponseCode::NXDomain);
    assert_eq!(eyes.world.onion_questions(), 1);
}

#[tokio::test]
async fn the_same_playbook_gives_the_same_world_and_stopping_ends_it() {
    let (one, other) = (Eyes::open().await, Eyes::open().await);
    let shape = |eyes: &Eyes| -> Vec<_> {
        eyes.world.addresses().into_iter().map(|mapping| (mapping.world, mapping.protocol, mapping.role)).collect()
    };
    assert_eq!(shape(&one), shape(&other));
    for mapping in one.world.addresses() {
        assert!(mapping.local.ip().is_loopback());
    }
    let root = one.world.addresses().into_iter().find(|mapping| mapping.role == "root").unwrap();
    one.world.stop();
    let unanswered = DnsQuery::to_authority(root.world, &name("example"), RecordType::Ns);
    let limits = DnsLimits { attempt: Duration::from_millis(50), attempts: 1, ..DnsLimits::default() };
    let network = one.dns.network().clone();
    let seen = DnsClient::new(network, limits).query(&one.clock, unanswered).await;
    assert!(seen.outcome.is_err(), "{:?}", seen.outcome);
}

#[tokio::test]
async fn an_empty_playbook_still_makes_a_world() {
    let mut bare = playbook();
    bare.targets.clear();
    bare.registries.clear();
    bare.name_servers.clear();
    bare.sinkholes.clear();
    bare.notice_hosts.clear();
    bare.resolvers.clear();
    let world = World::start(&bare, SimulatedClock::new(time(START))).await.unwrap();
    assert_eq!(world.network().resolvers().len(), 1);
    assert!(world.stranger().is_none());
}

#[tokio::test]
async fn a_list_of_many_names_is_served_like_single_ones() {
    let mut many = playbook();
    let names: crate::domain::NameList = (0..5_000).map(|n| name(&format!("n{n}.example"))).collect();
    many.lists.push(crate::playbook::TargetList {
        id: id("list"),
        path: "names.txt".into(),
        digest: Digest::of("names"),
        names: Arc::new(names),
        means: Means::Redirect { notice: id("main") },
        order: OrderId::new("order".into()),
    });
    let clock = SimulatedClock::new(time(START));
    let world = World::start(&many, clock.clone()).await.unwrap();
    assert_eq!(world.activate_zones(), 5_003);
    let eyes = Eyes { dns: DnsClient::new(world.network(), DnsLimits::default()), world, clock };
    eyes.act(Instruction::Redirect { name: name("n4999.example"), name_servers: seizure_servers(), remove_ds: true });
    assert_eq!(eyes.visited("n4999.example").await, [ip("203.0.113.80")]);
    assert!(eyes.visited("n4998.example").await != [ip("203.0.113.80")]);
}

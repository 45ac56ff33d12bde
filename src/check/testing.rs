//! Playbooks, targets and looks made by hand, and one small name server, for the tests of this module.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::Message;
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

use super::scene::Scene;
use super::{Answers, Certainty, Eyes, Finding, Look};
use crate::authority::{OrderId, Subject};
use crate::clock::{SimulatedClock, UtcTime};
use crate::digest::Digest;
use crate::domain::{DomainName, OnionName};
use crate::observe::{
    CHILD_TYPES, DNS_PORT, DnsAnswer, DnsClient, DnsLimits, DnsQuery, Ds, Network, Observation, PortState, Protocol,
    QueryName, Question, RdapBase, RdapDomain, RdapStatus, Record, RecordData, RecordName, RecordType, Registration,
    Transport, Unknown,
};
use crate::playbook::{
    Approvals, Exclusivity, Id, Means, NameServer, NoticeHost, Operation, Playbook, Registry, Sinkhole, Target,
};

pub(super) fn noon() -> UtcTime {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

pub(super) fn name(text: &str) -> DomainName {
    text.parse().unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

pub(super) fn dns_at(address: &str) -> SocketAddr {
    SocketAddr::new(ip(address), DNS_PORT)
}

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

pub(super) fn timeout() -> Unknown {
    Unknown::Timeout { after: Duration::from_secs(6) }
}

pub(super) fn out_of_reach() -> Unknown {
    Unknown::Unreachable { kind: ErrorKind::NetworkUnreachable }
}

fn name_server(host: &str, address: &str) -> NameServer {
    NameServer { name: name(host), addresses: vec![ip(address)] }
}

/// An operation with two name servers, one sinkhole and one notice host. The registry of `example` has a registration
/// data service and the one of `test` has none.
pub(super) fn playbook() -> Playbook {
    let registry = |zone: &str, address: &str, rdap: Option<&str>| Registry {
        zone: name(zone),
        name: format!("Registry of {zone}"),
        name_servers: vec![ip(address)],
        rdap: rdap.map(str::to_owned),
        email: None,
    };
    Playbook {
        root: "/".into(),
        digest: Digest::of("playbook"),
        text: "playbook".into(),
        operation: Operation {
            id: id("op"),
            title: "Operation".into(),
            lead: id("police"),
            case: "1/2026".into(),
            evidence_date: "2026-10-01T00:00:00Z".parse().unwrap(),
            hour: noon(),
            language: None,
        },
        agencies: Vec::new(),
        contacts: Vec::new(),
        orders: Vec::new(),
        targets: Vec::new(),
        lists: Vec::new(),
        registries: vec![
            registry("example", "192.0.2.10", Some("https://rdap.example/")),
            registry("test", "192.0.2.11", None),
        ],
        name_servers: vec![
            name_server("ns1.seized.test", "198.51.100.53"),
            name_server("ns2.seized.test", "198.51.100.54"),
        ],
        sinkholes: vec![Sinkhole {
            id: id("hole"),
            operator: "Partner".into(),
            name_servers: vec![name_server("ns1.sinkhole.test", "198.51.100.80")],
        }],
        notice_hosts: vec![NoticeHost { id: id("web"), addresses: vec![ip("203.0.113.10"), ip("2001:db8::10")] }],
        resolvers: vec![dns_at("192.0.2.1")],
        notices: Vec::new(),
        seed: None,
        witnesses: Vec::new(),
        approvers: Vec::new(),
        approvals: Approvals { plan: 1, roles: Vec::new(), agencies: 1, notice: 1, witnesses: 0 },
        steps: Vec::new(),
    }
}

fn target(subject: Subject, means: Means) -> Target {
    Target { subject, means, order: OrderId::new("court-1".into()) }
}

pub(super) fn redirect(text: &str) -> Target {
    target(Subject::Name(name(text)), Means::Redirect { notice: id("notice") })
}

pub(super) fn suspend(text: &str) -> Target {
    target(Subject::Name(name(text)), Means::Suspend)
}

pub(super) fn sinkhole(text: &str) -> Target {
    target(Subject::Name(name(text)), Means::Sinkhole { sinkhole: id("hole") })
}

pub(super) fn block(text: &str) -> Target {
    target(Subject::Name(name(text)), Means::Block)
}

pub(super) fn host(text: &str, addresses: &[&str]) -> Target {
    let addresses = addresses.iter().map(|address| ip(address)).collect();
    target(Subject::Name(name(text)), Means::Host { notice: id("notice"), addresses })
}

pub(super) fn offline(address: &str) -> Target {
    target(Subject::Server(address.parse().unwrap()), Means::Offline)
}

pub(super) fn onion() -> Target {
    onion_with(Exclusivity::Sole)
}

pub(super) fn onion_with(exclusivity: Exclusivity) -> Target {
    target(onion_subject(), Means::Onion { notice: id("notice"), exclusivity })
}

fn onion_subject() -> Subject {
    Subject::Onion(OnionName::of_key(&[7; 32]))
}

/// Findings in short: `C104 warning`, `C101 blocker (not known)`.
pub(super) fn told(findings: &[Finding]) -> Vec<String> {
    let told = |finding: &Finding| {
        let unknown = if finding.certainty == Certainty::NotKnown { " (not known)" } else { "" };
        format!("{} {}{unknown}", finding.code, finding.severity)
    };
    findings.iter().map(told).collect()
}

/// What one check tells.
pub(super) fn judged(judge: fn(&Scene<'_>) -> Vec<Finding>, target: &Target, sketch: &Sketch) -> Vec<String> {
    let (playbook, look) = (playbook(), sketch.look());
    told(&judge(&Scene { playbook: &playbook, target, look: &look, now: noon() }))
}

/// A look in the making. What is said twice counts as it was said last.
#[derive(Clone)]
pub(super) struct Sketch {
    subject: Subject,
    answers: Answers,
}

/// A name that was redirected, as far as everybody who was asked knows. Nobody was asked for MX.
pub(super) fn redirected() -> Sketch {
    let ours = ["ns1.seized.test", "ns2.seized.test"];
    let mut sketch = Sketch::new("shop.example");
    for parent in ["192.0.2.10", "192.0.2.11"] {
        sketch = sketch.delegated(parent, &ours).ds(parent, &[]);
    }
    for (host, server) in [("ns1.seized.test", "198.51.100.53"), ("ns2.seized.test", "198.51.100.54")] {
        sketch = sketch.ns_host(host, RecordType::A, &[server]).ns_host(host, RecordType::Aaaa, &[]);
        for record_type in CHILD_TYPES.into_iter().filter(|record_type| *record_type != RecordType::Mx) {
            sketch = sketch.child(server, record_type, &[]);
        }
        sketch = sketch.child(server, RecordType::Ns, &ours).server_answers(server);
        sketch = sketch.child(server, RecordType::A, &["203.0.113.10"]);
        sketch = sketch.child(server, RecordType::Aaaa, &["2001:db8::10"]);
    }
    sketch
        .resolver("192.0.2.1", RecordType::Ns, &ours)
        .resolver("192.0.2.1", RecordType::A, &["203.0.113.10"])
        .resolver("192.0.2.1", RecordType::Aaaa, &["2001:db8::10"])
}

impl Sketch {
    pub(super) fn new(text: &str) -> Self {
        Self { subject: Subject::Name(name(text)), answers: Answers::default() }
    }

    pub(super) fn server(address: &str) -> Self {
        Self { subject: Subject::Server(address.parse().unwrap()), answers: Answers::default() }
    }

    pub(super) fn onion() -> Self {
        Self { subject: onion_subject(), answers: Answers::default() }
    }

    pub(super) fn subject(&self) -> Subject {
        self.subject.clone()
    }

    pub(super) fn look(&self) -> Look {
        Look::of(noon(), &self.subject, self.answers.clone())
    }

    fn name(&self) -> DomainName {
        match &self.subject {
            Subject::Name(name) => name.clone(),
            other => panic!("{other} is no name"),
        }
    }

    fn answer(&self, record_type: RecordType) -> DnsAnswer {
        DnsAnswer {
            name: QueryName::from(&self.name()),
            record_type,
            nxdomain: false,
            authoritative: true,
            recursion_available: false,
            answers: Vec::new(),
            authority: Vec::new(),
            additional: Vec::new(),
        }
    }

    fn with(&self, record_type: RecordType, data: Vec<RecordData>, ttl: u64) -> DnsAnswer {
        let owner = RecordName::from(&self.name());
        let ttl = Duration::from_secs(ttl);
        let answers = data.into_iter().map(|data| Record { owner: owner.clone(), ttl, data }).collect();
        DnsAnswer { answers, ..self.answer(record_type) }
    }

    fn seen(
        &self,
        server: &str,
        record_type: RecordType,
        outcome: Result<DnsAnswer, Unknown>,
    ) -> Observation<DnsAnswer> {
        dns_seen(self.name(), server, record_type, outcome)
    }

    fn parent(mut self, server: &str, outcome: Result<DnsAnswer, Unknown>) -> Self {
        let seen = self.seen(server, RecordType::Ns, outcome);
        put(&mut self.answers.zone.parent, seen);
        self
    }

    pub(super) fn delegated(self, server: &str, servers: &[&str]) -> Self {
        let owner = RecordName::from(&self.name());
        let ns = servers.iter().map(|host| Record {
            owner: owner.clone(),
            ttl: Duration::from_secs(3600),
            data: RecordData::Ns(RecordName::from(&name(host))),
        });
        let answer = DnsAnswer { authoritative: false, authority: ns.collect(), ..self.answer(RecordType::Ns) };
        self.parent(server, Ok(answer))
    }

    pub(super) fn parent_nxdomain(self, server: &str) -> Self {
        let answer = DnsAnswer { nxdomain: true, ..self.answer(RecordType::Ns) };
        self.parent(server, Ok(answer))
    }

    pub(super) fn not_delegated(self, server: &str) -> Self {
        let answer = self.answer(RecordType::Ns);
        self.parent(server, Ok(answer))
    }

    pub(super) fn parent_fails(self, server: &str, why: Unknown) -> Self {
        self.parent(server, Err(why))
    }

    pub(super) fn parent_silent(self, server: &str) -> Self {
        self.parent_fails(server, timeout())
    }

    pub(super) fn ds(mut self, server: &str, key_tags: &[u16]) -> Self {
        let ds = |key_tag: &u16| {
            RecordData::Ds(Ds { key_tag: *key_tag, algorithm: 13, digest_type: 2, digest: vec![0; 32] })
        };
        let answer = self.with(RecordType::Ds, key_tags.iter().map(ds).collect(), 3600);
        let seen = self.seen(server, RecordType::Ds, Ok(answer));
        put(&mut self.answers.zone.parent, seen);
        self
    }

    pub(super) fn ds_fails(mut self, server: &str, why: Unknown) -> Self {
        let seen = self.seen(server, RecordType::Ds, Err(why));
        put(&mut self.answers.zone.parent, seen);
        self
    }

    pub(super) fn child_data(mut self, server: &str, record_type: RecordType, data: Vec<RecordData>) -> Self {
        let answer = self.with(record_type, data, 300);
        let seen = self.seen(server, record_type, Ok(answer));
        put(&mut self.answers.zone.child, seen);
        self
    }

    pub(super) fn child(self, server: &str, record_type: RecordType, data: &[&str]) -> Self {
        self.child_data(server, record_type, records(record_type, data))
    }

    pub(super) fn child_fails(mut self, server: &str, record_type: RecordType, why: Unknown) -> Self {
        let seen = self.seen(server, record_type, Err(why));
        put(&mut self.answers.zone.child, seen);
        self
    }

    pub(super) fn resolver_for(mut self, server: &str, record_type: RecordType, data: &[&str], ttl: u64) -> Self {
        let answer = self.with(record_type, records(record_type, data), ttl);
        let answer = DnsAnswer { authoritative: false, ..answer };
        let seen = self.seen(server, record_type, Ok(answer));
        put(&mut self.answers.resolvers, seen);
        self
    }

    pub(super) fn resolver(self, server: &str, record_type: RecordType, data: &[&str]) -> Self {
        self.resolver_for(server, record_type, data, 300)
    }

    pub(super) fn resolver_nxdomain(mut self, server: &str, record_type: RecordType) -> Self {
        let answer = DnsAnswer { nxdomain: true, authoritative: false, ..self.answer(record_type) };
        let seen = self.seen(server, record_type, Ok(answer));
        put(&mut self.answers.resolvers, seen);
        self
    }

    pub(super) fn resolver_fails(mut self, server: &str, record_type: RecordType, why: Unknown) -> Self {
        let seen = self.seen(server, record_type, Err(why));
        put(&mut self.answers.resolvers, seen);
        self
    }

    fn server_says(mut self, server: &str, outcome: Result<DnsAnswer, Unknown>) -> Self {
        let seen = self.seen(server, RecordType::Soa, outcome);
        put(&mut self.answers.servers, seen);
        self
    }

    pub(super) fn server_answers(self, server: &str) -> Self {
        let answer = self.answer(RecordType::Soa);
        self.server_says(server, Ok(answer))
    }

    pub(super) fn server_fails(self, server: &str, why: Unknown) -> Self {
        self.server_says(server, Err(why))
    }

    /// What a resolver says of a server to which the name is delegated.
    pub(super) fn ns_host(mut self, host: &str, record_type: RecordType, data: &[&str]) -> Self {
        let about = Self::new(host);
        let answer = about.with(record_type, records(record_type, data), 300);
        let seen = about.seen("192.0.2.1", record_type, Ok(answer));
        put(&mut self.answers.zone.hosts, seen);
        self
    }

    pub(super) fn server_host(mut self, host: &str, record_type: RecordType, data: &[&str]) -> Self {
        let about = Self::new(host);
        let answer = about.with(record_type, records(record_type, data), 300);
        self.answers.server_hosts.push(about.seen("192.0.2.1", record_type, Ok(answer)));
        self
    }

    fn rdap(mut self, outcome: Result<Registration, Unknown>) -> Self {
        let base: RdapBase = "https://rdap.example/".parse().unwrap();
        self.answers.rdap = Some(Observation {
            question: Question::Rdap { base, name: self.name() },
            asked: None,
            transport: Transport::Tls,
            at: noon(),
            raw: Vec::new(),
            outcome,
        });
        self
    }

    pub(super) fn registered(self, statuses: &[&str], events: &[(&str, &str)]) -> Self {
        let event = |(what, at): &(&str, &str)| ((*what).to_owned(), at.parse().unwrap());
        self.rdap(Ok(Registration::Registered(Box::new(RdapDomain {
            statuses: statuses.iter().map(|status| RdapStatus::new(status)).collect(),
            events: events.iter().map(event).collect(),
            name_servers: Default::default(),
            delegation_signed: None,
            ds: Default::default(),
            registrar: None,
        }))))
    }

    pub(super) fn not_registered(self) -> Self {
        self.rdap(Ok(Registration::NotRegistered))
    }

    pub(super) fn rdap_fails(self, why: Unknown) -> Self {
        self.rdap(Err(why))
    }

    pub(super) fn port(mut self, address: &str, outcome: Result<PortState, Unknown>) -> Self {
        self.answers.knocks.push(Observation {
            question: Question::Knock,
            asked: Some(address.parse().unwrap()),
            transport: Transport::Tcp,
            at: noon(),
            raw: Vec::new(),
            outcome,
        });
        self
    }
}

fn put(answers: &mut Vec<Observation<DnsAnswer>>, seen: Observation<DnsAnswer>) {
    let same = |other: &Observation<DnsAnswer>| other.asked == seen.asked && other.question == seen.question;
    match answers.iter_mut().find(|other| same(other)) {
        Some(earlier) => *earlier = seen,
        None => answers.push(seen),
    }
}

fn dns_seen(
    name: DomainName,
    server: &str,
    record_type: RecordType,
    outcome: Result<DnsAnswer, Unknown>,
) -> Observation<DnsAnswer> {
    Observation {
        question: Question::Dns { name: QueryName::from(&name), record_type, recursion_desired: false },
        asked: Some(dns_at(server)),
        transport: Transport::Udp,
        at: noon(),
        raw: if outcome.is_ok() { vec![0; 12] } else { Vec::new() },
        outcome,
    }
}

fn records(record_type: RecordType, data: &[&str]) -> Vec<RecordData> {
    let pair = |text: &str| {
        let (number, host) = text.split_once(' ').unwrap();
        (number.parse().unwrap(), RecordName::from(&name(host)))
    };
    let record = |text: &&str| match record_type {
        RecordType::A => RecordData::A(text.parse().unwrap()),
        RecordType::Aaaa => RecordData::Aaaa(text.parse().unwrap()),
        RecordType::Ns => RecordData::Ns(RecordName::from(&name(text))),
        RecordType::Mx => {
            let (preference, exchange) = pair(text);
            RecordData::Mx { preference, exchange }
        }
        RecordType::Https => {
            let (priority, target) = pair(text);
            RecordData::Https { priority, target, hints: Default::default() }
        }
        other => panic!("no test needs {other}"),
    };
    data.iter().map(record).collect()
}

/// A null MX as it is read from the wire: the root has no other way into a [`RecordName`].
pub(super) async fn null_mx() -> Vec<RecordData> {
    use hickory_proto::rr::{Name, RData, Record, rdata::MX};
    let network = Network::simulated(&[]);
    let _server = stand(&network, dns_at("192.0.2.53"), |question| {
        let mut reply = reply(question);
        let owner = question.queries[0].name().clone();
        reply.add_answer(Record::from_rdata(owner, 300, RData::MX(MX::new(0, Name::root()))));
        reply
    })
    .await;
    let query = DnsQuery::to_authority(dns_at("192.0.2.53"), &name("shop.example"), RecordType::Mx);
    let clock = SimulatedClock::new(noon());
    let seen = DnsClient::new(network, DnsLimits::default()).query(&clock, query).await;
    seen.outcome.unwrap().data().into_iter().collect()
}

/// A name server that ends when it is dropped.
pub(super) struct Standing(JoinHandle<()>);

impl Drop for Standing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A name server at an address of the world, over UDP.
pub(super) async fn stand<F>(network: &Network, at: SocketAddr, answer: F) -> Standing
where
    F: Fn(&Message) -> Message + Send + 'static,
{
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    network.route(Protocol::Udp, at, socket.local_addr().unwrap()).unwrap();
    Standing(tokio::spawn(async move {
        let mut buffer = [0; 1500];
        while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
            let reply = answer(&Message::from_vec(&buffer[..length]).unwrap());
            socket.send_to(&reply.to_vec().unwrap(), peer).await.unwrap();
        }
    }))
}

/// An empty, authoritative answer.
pub(super) fn reply(question: &Message) -> Message {
    let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
    reply.metadata.authoritative = true;
    reply.add_queries(question.queries.clone());
    reply
}

/// Eyes that see what answers on this network at once, and wait briefly for the rest.
pub(super) fn eyes(network: &Network) -> Eyes {
    let limits = DnsLimits { attempts: 1, attempt: Duration::from_secs(5), ..DnsLimits::default() };
    let eyes = Eyes::new(network.clone(), Arc::new(SimulatedClock::new(noon())));
    Eyes { dns: DnsClient::new(network.clone(), limits), ..eyes }
}

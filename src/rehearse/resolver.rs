//! A caching recursive resolver that walks the world from its root, with real packets, and forgets on the simulated
//! clock.
//!
//! It keeps what it has heard for as long as it was told to: answers, refusals to exist, delegations and their glue.
//! So it goes on believing an old delegation after the parent has changed it, as the resolvers of visitors do. Of
//! DNSSEC it does the part that a seizure can break: where the parent holds a DS, the child must show the key of it,
//! or the name fails. Signatures are not checked, and there are no aliases in this world to follow.

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hickory_proto::dnssec::rdata::{DNSSECRData, DS};
use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{RData, Record, RecordType};
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::wire::{Answer, Question, Reply, ancestors, framed, is_within, key, name_of, read_framed};
use crate::clock::{Clock, SimulatedClock, UtcTime};
use crate::observe::{DNS_PORT, Network};

/// What one question of a client may cost: questions to servers and look-ups of their addresses together. An ordinary
/// name costs under ten.
const COST_MAX: u32 = 64;

/// How long one datagram or connection to a server is given. Everything is on this machine.
const WAIT: Duration = Duration::from_secs(2);

/// Datagrams to one address before the next is tried.
const ATTEMPTS: usize = 2;

/// Packets that are not the answer, after which an attempt is given up.
const STRAYS_MAX: usize = 16;

/// What a packet from a server may hold at most: we offer [`OFFERED_BYTES`].
const BUFFER_BYTES: usize = 4096;

/// What we offer to take over UDP (DNS flag day 2020).
const OFFERED_BYTES: u16 = 1232;

/// Answers and delegations kept, each; some 300 octets a piece. What does not fit is asked for again.
const KEPT_MAX: usize = 1_000_000;

/// The longest that anything is kept (RFC 8767 section 4 suggests a cap of a week).
const TTL_MAX_SECONDS: u32 = 604_800;

/// One recursive resolver with its own cache.
pub(super) struct Resolver {
    network: Network,
    clock: SimulatedClock,
    root: Arc<Zone>,
    cache: Mutex<Cache>,
    onion_questions: Arc<AtomicU64>,
}

#[derive(Default)]
struct Cache {
    answers: HashMap<(Box<str>, RecordType), Kept>,
    zones: HashMap<Box<str>, Arc<Zone>>,
}

/// An answer and how long it may be given out.
#[derive(Clone)]
struct Kept {
    code: ResponseCode,
    answers: Vec<Record>,
    authorities: Vec<Record>,
    since: UtcTime,
    until: UtcTime,
}

/// A delegation as the parent told it.
struct Zone {
    origin: Box<str>,
    hosts: Vec<(String, Vec<IpAddr>)>,
    signers: Vec<DS>,
    /// The child does not show the key that the parent vouches for: everything below fails.
    bogus: bool,
    until: UtcTime,
}

enum Heard {
    Answer(Kept),
    Referral(Zone),
}

type Walk<'a, T> = Pin<Box<dyn Future<Output = Option<T>> + Send + 'a>>;

impl Answer for Resolver {
    async fn answer(&self, question: &Question) -> Reply {
        let name = key(&question.name);
        if is_within(&name, "onion") {
            // RFC 7686 section 2: such a question should never have been asked.
            self.onion_questions.fetch_add(1, Ordering::Relaxed);
        }
        let mut cost = COST_MAX;
        let found = self.resolve(&name, question.record_type, &mut cost).await;
        let reply =
            found.map_or_else(|| Reply::code(ResponseCode::ServFail), |kept| kept.reply(question, self.clock.now()));
        Reply { recursion_available: true, ..reply }
    }
}

impl Kept {
    fn reply(self, question: &Question, now: UtcTime) -> Reply {
        let age = u32::try_from(now.since(self.since).as_secs()).unwrap_or(u32::MAX);
        let aged = |mut record: Record| {
            record.ttl = record.ttl.saturating_sub(age);
            record
        };
        let own = |mut record: Record| {
            record.name = question.name.clone();
            record
        };
        let answers = self.answers.into_iter().map(own).map(aged).collect();
        let authorities = self.authorities.into_iter().map(aged).collect();
        Reply { answers, authorities, ..Reply::code(self.code) }
    }
}

impl Resolver {
    /// A resolver that starts at the root servers at these addresses. It counts questions about onion services.
    pub(super) fn new(network: Network, clock: SimulatedClock, root: Vec<IpAddr>, onions: Arc<AtomicU64>) -> Self {
        let until = UtcTime::from_unix(i64::MAX);
        let hosts = vec![(String::new(), root)];
        let root = Arc::new(Zone { origin: "".into(), hosts, signers: Vec::new(), bogus: false, until });
        Self { network, clock, root, cache: Mutex::default(), onion_questions: onions }
    }

    /// Finds an answer, in the cache or in the world; `None` when nobody could be made to say anything.
    fn resolve<'a>(&'a self, name: &'a str, asked: RecordType, cost: &'a mut u32) -> Walk<'a, Kept> {
        Box::pin(async move {
            // Paid here too, so that servers whose addresses depend on each other end somewhere.
            *cost = cost.checked_sub(1)?;
            if let Some(kept) = self.recall(name, asked) {
                return Some(kept);
            }
            let mut zone = self.closest(name, asked);
            // Each referral leads further down, so this ends.
            while !zone.bogus {
                match self.ask(&zone, name, asked, cost).await? {
                    Heard::Answer(kept) => {
                        self.keep(name, asked, &kept);
                        return Some(kept);
                    }
                    Heard::Referral(next) => zone = self.enter(next, cost).await?,
                }
            }
            None
        })
    }

    /// Keeps a delegation, once it is known whether the child shows the key that the parent vouches for.
    async fn enter(&self, mut zone: Zone, cost: &mut u32) -> Option<Arc<Zone>> {
        if !zone.signers.is_empty() {
            let Heard::Answer(keys) = self.ask(&zone, &zone.origin, RecordType::DNSKEY, cost).await? else {
                return None;
            };
            zone.bogus = !keys.answers.iter().any(|key| is_vouched_for(key, &zone.signers));
        }
        let zone = Arc::new(zone);
        let mut cache = self.cache();
        if has_room(&mut cache.zones, |zone| zone.until, self.clock.now()) {
            cache.zones.insert(zone.origin.clone(), Arc::clone(&zone));
        }
        Some(zone)
    }

    /// Asks the zone's servers, one after another, until one says something useful.
    async fn ask(&self, zone: &Zone, name: &str, asked: RecordType, cost: &mut u32) -> Option<Heard> {
        for (host, glue) in &zone.hosts {
            let looked_up = if glue.is_empty() { self.addresses_of(host, cost).await } else { Vec::new() };
            for address in glue.iter().chain(&looked_up) {
                *cost = cost.checked_sub(1)?;
                let server = SocketAddr::new(*address, DNS_PORT);
                let Some(message) = exchange(&self.network, server, name, asked).await else { continue };
                if let Some(heard) = hear(zone, name, asked, message, self.clock.now()) {
                    return Some(heard);
                }
            }
        }
        None
    }

    async fn addresses_of(&self, host: &str, cost: &mut u32) -> Vec<IpAddr> {
        for asked in [RecordType::A, RecordType::AAAA] {
            let found = self.resolve(host, asked, cost).await;
            let records = found.into_iter().flat_map(|kept| kept.answers);
            let addresses: Vec<_> = records.filter_map(|record| address_in(&record)).collect();
            if !addresses.is_empty() {
                return addresses;
            }
        }
        Vec::new()
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recall(&self, name: &str, asked: RecordType) -> Option<Kept> {
        let kept = self.cache().answers.get(&(name.into(), asked)).cloned();
        kept.filter(|kept| kept.until > self.clock.now())
    }

    fn keep(&self, name: &str, asked: RecordType, kept: &Kept) {
        let now = self.clock.now();
        let mut cache = self.cache();
        if kept.until > now && has_room(&mut cache.answers, |kept| kept.until, now) {
            cache.answers.insert((name.into(), asked), kept.clone());
        }
    }

    /// The closest zone above the question whose delegation is still believed.
    fn closest(&self, name: &str, asked: RecordType) -> Arc<Zone> {
        let now = self.clock.now();
        let cache = self.cache();
        // Of a DS the parent knows (RFC 4035 section 3.1.4.1).
        let above = ancestors(name).skip(usize::from(asked == RecordType::DS));
        let known = above.filter_map(|zone| cache.zones.get(zone)).find(|zone| zone.until > now);
        Arc::clone(known.unwrap_or(&self.root))
    }
}

/// Whether one more can be kept; what has run out makes room.
fn has_room<K, V>(kept: &mut HashMap<K, V>, until: impl Fn(&V) -> UtcTime, now: UtcTime) -> bool {
    if kept.len() >= KEPT_MAX {
        kept.retain(|_, value| until(value) > now);
    }
    kept.len() < KEPT_MAX
}

fn is_vouched_for(key: &Record, signers: &[DS]) -> bool {
    let RData::DNSSEC(DNSSECRData::DNSKEY(dnskey)) = &key.data else { return false };
    signers.iter().any(|signer| signer.covers(&key.name, dnskey).unwrap_or(false))
}

fn address_in(record: &Record) -> Option<IpAddr> {
    match &record.data {
        RData::A(address) => Some(address.0.into()),
        RData::AAAA(address) => Some(address.0.into()),
        _ => None,
    }
}

/// What a server's message says; `None` for a lame one.
fn hear(zone: &Zone, name: &str, asked: RecordType, message: Message, now: UtcTime) -> Option<Heard> {
    let code = message.metadata.response_code;
    match code {
        ResponseCode::NoError | ResponseCode::NXDomain if message.metadata.authoritative => {
            Some(Heard::Answer(answer_in(message, name, asked, now)))
        }
        ResponseCode::NoError => referral_in(zone, name, &message, now).map(Heard::Referral),
        _ => None,
    }
}

fn answer_in(message: Message, name: &str, asked: RecordType, now: UtcTime) -> Kept {
    let wanted = |record: &Record| record.record_type() == asked && key(&record.name) == name;
    let answers: Vec<_> = message.answers.into_iter().filter(wanted).collect();
    let authorities: Vec<_> = if answers.is_empty() {
        message.authorities.into_iter().filter(|record| record.record_type() == RecordType::SOA).collect()
    } else {
        Vec::new()
    };
    let ttl = answers.iter().map(|record| record.ttl).chain(authorities.iter().map(negative_ttl)).min();
    Kept { code: message.metadata.response_code, answers, authorities, since: now, until: until(now, ttl) }
}

/// How long an absence may be believed: RFC 2308 section 5.
fn negative_ttl(record: &Record) -> u32 {
    match &record.data {
        RData::SOA(soa) => record.ttl.min(soa.minimum),
        _ => record.ttl,
    }
}

fn until(now: UtcTime, ttl: Option<u32>) -> UtcTime {
    now.plus(Duration::from_secs(ttl.unwrap_or(0).min(TTL_MAX_SECONDS).into()))
}

/// A delegation further down towards the name; upwards or sideways ones are lame.
fn referral_in(zone: &Zone, name: &str, message: &Message, now: UtcTime) -> Option<Zone> {
    let name_server = |record: &&Record| record.record_type() == RecordType::NS;
    let origin = key(&message.authorities.iter().find(name_server)?.name);
    if *origin == *zone.origin || !is_within(&origin, &zone.origin) || !is_within(name, &origin) {
        return None;
    }
    let of_child = || message.authorities.iter().filter(|record| key(&record.name) == origin);
    let hosts = of_child().filter_map(|record| match &record.data {
        RData::NS(host) => Some(key(&host.0)),
        _ => None,
    });
    // Glue counts only for hosts below the zone that gives it.
    let glue = |host: &str| -> Vec<IpAddr> {
        let believed =
            message.additionals.iter().filter(|record| is_within(host, &zone.origin) && key(&record.name) == host);
        believed.filter_map(address_in).collect()
    };
    let signers = of_child().filter_map(|record| match &record.data {
        RData::DNSSEC(DNSSECRData::DS(signer)) => Some(signer.clone()),
        _ => None,
    });
    Some(Zone {
        hosts: hosts.map(|host| (host.clone(), glue(&host))).collect(),
        signers: signers.collect(),
        bogus: false,
        until: until(now, of_child().map(|record| record.ttl).min()),
        origin: origin.into(),
    })
}

/// Puts one question to one server: over UDP, and over TCP when the answer is cut short.
async fn exchange(network: &Network, server: SocketAddr, name: &str, asked: RecordType) -> Option<Message> {
    for _ in 0..ATTEMPTS {
        let query = query(name, asked)?;
        match timeout(WAIT, over_udp(network, server, &query)).await {
            Ok(Some(message)) if message.metadata.truncation => {
                return timeout(WAIT, over_tcp(network, server, &query)).await.ok().flatten();
            }
            Ok(Some(message)) => return Some(message),
            Ok(None) | Err(_) => {}
        }
    }
    None
}

fn query(name: &str, asked: RecordType) -> Option<Message> {
    let id = u16::try_from(getrandom::u32().ok()? & 0xffff).ok()?;
    let mut message = Message::new(id, MessageType::Query, OpCode::Query);
    message.add_query(Query::query(name_of(name)?, asked));
    let mut edns = Edns::new();
    edns.set_max_payload(OFFERED_BYTES).set_dnssec_ok(true);
    message.edns = Some(edns);
    Some(message)
}

async fn over_udp(network: &Network, server: SocketAddr, query: &Message) -> Option<Message> {
    let socket = network.udp(server).await.ok()?;
    socket.send(&query.to_vec().ok()?).await.ok()?;
    let mut buffer = vec![0; BUFFER_BYTES];
    for _ in 0..STRAYS_MAX {
        let length = socket.recv(&mut buffer).await.ok()?;
        if let Some(message) = answering(query, buffer.get(..length)?) {
            return Some(message);
        }
    }
    None
}

async fn over_tcp(network: &Network, server: SocketAddr, query: &Message) -> Option<Message> {
    let mut stream = network.tcp(server).await.ok()?;
    stream.write_all(&framed(&query.to_vec().ok()?)).await.ok()?;
    answering(query, &read_framed(&mut stream).await.ok()?)
}

/// The message, if it answers this very question.
fn answering(query: &Message, octets: &[u8]) -> Option<Message> {
    let message = Message::from_vec(octets).ok()?;
    let same = message.metadata.id == query.metadata.id
        && message.metadata.message_type == MessageType::Response
        && message.queries == query.queries;
    same.then_some(message)
}

#[cfg(test)]
mod tests {
    use hickory_proto::rr::rdata::{NS, TXT};

    use super::super::wire::serve;
    use super::*;
    use crate::observe::Protocol;

    /// A root that says more than fits a datagram.
    struct Talker;

    impl Answer for Talker {
        async fn answer(&self, question: &Question) -> Reply {
            let text = RData::TXT(TXT::new(vec!["x".repeat(100)]));
            let answers = (0..30).map(|_| Record::from_rdata(question.name.clone(), 60, text.clone())).collect();
            Reply { authoritative: true, answers, ..Reply::code(ResponseCode::NoError) }
        }
    }

    /// A root under which `a` is served by a host in `b`, and `b` by a host in `a`: nobody ever finds an address.
    struct Circle;

    impl Answer for Circle {
        async fn answer(&self, question: &Question) -> Reply {
            let (zone, host) = if is_within(&key(&question.name), "a") { ("a", "ns.b") } else { ("b", "ns.a") };
            let data = RData::NS(NS(name_of(host).unwrap()));
            let authorities = vec![Record::from_rdata(name_of(zone).unwrap(), 60, data)];
            Reply { authorities, ..Reply::code(ResponseCode::NoError) }
        }
    }

    /// A root that sends everybody back to itself, and upwards.
    struct Lame;

    impl Answer for Lame {
        async fn answer(&self, _: &Question) -> Reply {
            let data = RData::NS(NS(name_of("root").unwrap()));
            let authorities = vec![Record::from_rdata(name_of("").unwrap(), 60, data)];
            Reply { authorities, ..Reply::code(ResponseCode::NoError) }
        }
    }

    async fn ask_under(root: impl Answer, name: &str, record_type: RecordType) -> Reply {
        let (_keep_alive, stop) = tokio::sync::watch::channel(false);
        let network = Network::simulated(&[]);
        let local = serve(Arc::new(root), stop).await.unwrap();
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        for protocol in [Protocol::Udp, Protocol::Tcp] {
            network.route(protocol, SocketAddr::new(address, DNS_PORT), local).unwrap();
        }
        let clock = SimulatedClock::new(UtcTime::from_unix(0));
        let resolver = Resolver::new(network, clock, vec![address], Arc::default());
        resolver.answer(&Question { name: name_of(name).unwrap(), record_type, dnssec_ok: false }).await
    }

    #[tokio::test]
    async fn an_answer_that_is_cut_short_is_asked_for_again_over_tcp() {
        let reply = ask_under(Talker, "talk.test", RecordType::TXT).await;
        assert_eq!((reply.code, reply.answers.len()), (ResponseCode::NoError, 30));
        assert!(reply.recursion_available && !reply.authoritative);
    }

    #[tokio::test]
    async fn delegations_that_lead_nowhere_end_in_a_failure() {
        assert_eq!(ask_under(Circle, "www.a", RecordType::A).await.code, ResponseCode::ServFail);
        assert_eq!(ask_under(Lame, "www.a", RecordType::A).await.code, ResponseCode::ServFail);
    }
}

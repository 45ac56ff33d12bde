//! What the parent zone says about a name, and what the name's own servers say.
//!
//! The two are asked apart and kept apart, server by server and type by type: in the hours after a change they differ, and
//! which of them differs is what an operator needs to know. [`fold`] makes a [`ZoneState`] of the answers without asking
//! anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::dns::{DnsAnswer, DnsClient, DnsQuery, Ds, NameStatus, RecordData, RecordName, RecordType};
use super::network::DNS_PORT;
use super::observation::{Finding, Observation, Question, Unknown};
use crate::clock::Clock;
use crate::domain::DomainName;

/// The types that the servers of a zone are asked for, one question each.
pub const CHILD_TYPES: [RecordType; 8] = [
    RecordType::Soa,
    RecordType::Ns,
    RecordType::A,
    RecordType::Aaaa,
    RecordType::Mx,
    RecordType::Txt,
    RecordType::Caa,
    RecordType::Https,
];

/// The types that a resolver is asked for.
pub const RESOLVED_TYPES: [RecordType; 4] = [RecordType::A, RecordType::Aaaa, RecordType::Mx, RecordType::Ns];

/// The most servers of one zone that are asked; the root has 13 names with two addresses each.
const SERVERS_MAX: usize = 32;

/// What each of several servers says about the same thing. One that is silent stands beside the others as unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Said<T>(Vec<(SocketAddr, Result<T, Unknown>)>);

/// What several servers say, taken together.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict<'a, T> {
    /// All who answered say this. Whether all did answer, [`Said::silent`] tells.
    Same(&'a T),
    /// They contradict each other.
    Differ,
    /// Nobody answered; this is one reason.
    Unknown(Unknown),
}

impl<T> Default for Said<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialEq> Said<T> {
    fn push(&mut self, server: SocketAddr, outcome: Result<T, Unknown>) {
        self.0.push((server, outcome));
    }

    /// Every server asked and what it said, in the order of asking.
    pub fn by_server(&self) -> impl Iterator<Item = (SocketAddr, Result<&T, &Unknown>)> {
        self.0.iter().map(|(server, outcome)| (*server, outcome.as_ref()))
    }

    /// The servers of which nothing is known, with the reason.
    pub fn silent(&self) -> impl Iterator<Item = (SocketAddr, &Unknown)> {
        self.0.iter().filter_map(|(server, outcome)| outcome.as_ref().err().map(|why| (*server, why)))
    }

    /// What those who answered say.
    pub fn verdict(&self) -> Verdict<'_, T> {
        let mut known = self.0.iter().filter_map(|(_, outcome)| outcome.as_ref().ok());
        match known.next() {
            Some(first) if known.all(|other| other == first) => Verdict::Same(first),
            Some(_) => Verdict::Differ,
            None => Verdict::Unknown(self.silent().next().map_or(Unknown::NobodyToAsk, |(_, why)| why.clone())),
        }
    }
}

impl<T: PartialEq + fmt::Display> Said<T> {
    /// On one line: what all say, or who says what, or why nothing is known.
    pub fn in_words(&self) -> String {
        match self.verdict() {
            Verdict::Same(value) => value.to_string(),
            Verdict::Differ => {
                let each = self.by_server().map(|(server, said)| match said {
                    Ok(value) => format!("{value} ({server})"),
                    Err(why) => format!("unknown: {why} ({server})"),
                });
                format!("servers differ: {}", each.collect::<Vec<_>>().join("; "))
            }
            Verdict::Unknown(why) => format!("unknown: {why}"),
        }
    }

    fn wire(&self) -> serde_json::Value {
        let each = self.by_server().map(|(server, said)| match said {
            Ok(value) => serde_json::json!({"server": server.to_string(), "known": value.to_string()}),
            Err(why) => {
                serde_json::json!({"server": server.to_string(), "unknown": why.code(), "text": why.to_string()})
            }
        });
        serde_json::Value::Array(each.collect())
    }
}

/// What a server of the parent zone says about a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParentSays {
    /// The name is a zone of its own.
    Delegated(Delegation),
    /// The name stands in the parent zone, or nothing does; it is not delegated.
    NotDelegated,
    /// There is no such name.
    NxDomain,
}

/// A delegation as the parent zone holds it: the servers, with glue for those it has addresses of.
#[derive(Debug, Clone, Eq)]
pub struct Delegation {
    /// The servers, each with its glue; an empty set where there is none.
    pub servers: BTreeMap<RecordName, BTreeSet<IpAddr>>,
    /// How long others may keep it.
    pub ttl: Duration,
}

/// Two parents agree when they name the same servers. Lifetimes count down on the way, and glue for hosts outside the zone
/// is given by some servers and left out by others; what the glue leads to is in [`ZoneState::hosts`] and is asked.
impl PartialEq for Delegation {
    fn eq(&self, other: &Self) -> bool {
        self.servers.keys().eq(other.servers.keys())
    }
}

/// The records of one type, or what stands in their place.
#[derive(Debug, Clone, Eq)]
pub struct RecordSet {
    /// Whether there are any, and if not, why not.
    pub status: NameStatus,
    /// What they say.
    pub data: BTreeSet<RecordData>,
    /// How long others may keep the answer, where it says so.
    pub ttl: Option<Duration>,
}

/// Two sets are the same when they say the same; lifetimes count down and are not part of it.
impl PartialEq for RecordSet {
    fn eq(&self, other: &Self) -> bool {
        self.status == other.status && self.data == other.data
    }
}

impl fmt::Display for ParentSays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delegated(delegation) => {
                let servers: Vec<&str> = delegation.servers.keys().map(RecordName::as_str).collect();
                write!(f, "delegated to {}", servers.join(", "))
            }
            Self::NotDelegated => f.write_str("not delegated"),
            Self::NxDomain => f.write_str("no such name"),
        }
    }
}

impl fmt::Display for RecordSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data: Vec<String> = self.data.iter().map(ToString::to_string).collect();
        match self.status {
            NameStatus::Exists => f.write_str(&data.join(", ")),
            NameStatus::Alias => write!(f, "alias {}", data.join(", ")),
            status => write!(f, "{status}"),
        }
    }
}

/// The delegation signers of a name; empty is a known absence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DsSet(pub BTreeSet<Ds>);

impl fmt::Display for DsSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        f.write_str(&self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    }
}

/// The state of a name, as its parent's servers and its own servers tell it. Each part stands alone and may be unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneState {
    /// The name.
    pub name: DomainName,
    /// The delegation, by server of the parent zone.
    pub parent: Said<ParentSays>,
    /// The delegation signers, by server of the parent zone.
    pub ds: Said<DsSet>,
    /// The addresses of every server that the name is delegated to by any server of the parent zone. An empty set is a
    /// server that is known to have none: a dangling delegation, which whoever registers its name could answer for.
    pub hosts: BTreeMap<RecordName, Result<BTreeSet<IpAddr>, Unknown>>,
    /// The records by type, each by server of the name's own zone.
    pub child: BTreeMap<RecordType, Said<RecordSet>>,
}

/// The version of a [`ZoneState`] as JSON.
const ZONE_STATE_VERSION: u32 = 1;

impl Finding for ZoneState {
    fn in_words(&self) -> String {
        let hosts = self.hosts.iter().filter_map(|(host, addresses)| match addresses {
            Ok(addresses) if addresses.is_empty() => Some(format!("; {host} has no address")),
            Ok(_) => None,
            Err(why) => Some(format!("; address of {host} unknown: {why}")),
        });
        let child = self.child.iter().map(|(record_type, said)| format!("; {record_type} {}", said.in_words()));
        let rest: String = hosts.chain(child).collect();
        format!("parent: {}; DS {}{rest}", self.parent.in_words(), self.ds.in_words())
    }

    /// Without lifetimes, so that two looks at an unchanged zone give the same JSON.
    fn wire(&self) -> serde_json::Value {
        let child = self.child.iter().map(|(record_type, said)| (record_type.to_string(), said.wire()));
        let hosts = self.hosts.iter().map(|(host, addresses)| {
            let said = match addresses {
                Ok(addresses) => serde_json::json!({"known": addresses}),
                Err(why) => serde_json::json!({"unknown": why.code(), "text": why.to_string()}),
            };
            (host.to_string(), said)
        });
        serde_json::json!({
            "version": ZONE_STATE_VERSION,
            "name": self.name,
            "parent": self.parent.wire(),
            "ds": self.ds.wire(),
            "hosts": hosts.collect::<serde_json::Map<_, _>>(),
            "child": child.collect::<serde_json::Map<_, _>>(),
        })
    }
}

/// The answers of which a [`ZoneState`] is made: the evidence for it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ZoneAnswers {
    /// Of the parent zone's servers, about NS and DS.
    pub parent: Vec<Observation<DnsAnswer>>,
    /// Of the resolver, about the addresses of name servers without glue.
    pub hosts: Vec<Observation<DnsAnswer>>,
    /// Of the name's own servers.
    pub child: Vec<Observation<DnsAnswer>>,
}

/// The servers of the zone above a name.
#[derive(Debug, Clone, PartialEq)]
pub struct ParentZone {
    /// The zone.
    pub zone: DomainName,
    /// Its servers' addresses.
    pub servers: Vec<SocketAddr>,
    /// How that was found out.
    pub answers: Vec<Observation<DnsAnswer>>,
}

/// The answers received on the way, when a zone above a name could not be found.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the zone above {name} is unknown: {why}")]
pub struct NoParent {
    /// The name.
    pub name: DomainName,
    /// Why.
    pub why: Unknown,
    /// How that was found out.
    pub answers: Vec<Observation<DnsAnswer>>,
}

/// Finds the servers of the closest zone above `name` through a recursive resolver.
///
/// A label need not be a zone (`b` in `a.b.example`), so it asks upwards until one has name servers. The zone above a
/// top-level name is the root, which is not a [`DomainName`]: its servers have to be handed in by other means.
pub async fn find_parent(
    dns: &DnsClient,
    clock: &dyn Clock,
    name: &DomainName,
    resolver: SocketAddr,
) -> Result<ParentZone, NoParent> {
    let mut answers = Vec::new();
    let mut candidate = name.parent();
    while let Some(zone) = candidate {
        let seen = dns.query(clock, DnsQuery::to_resolver(resolver, &zone, RecordType::Ns)).await;
        let outcome = seen.outcome.clone();
        answers.push(seen);
        let hosts = match outcome {
            Ok(answer) => answer.name_servers(&RecordName::from(&zone)),
            Err(why) => return Err(NoParent { name: name.clone(), why, answers }),
        };
        if !hosts.is_empty() {
            let looked_up = look_up(dns, clock, &hosts, resolver).await;
            let servers = addresses_in(&looked_up);
            answers.extend(looked_up);
            return if servers.is_empty() {
                Err(NoParent { name: name.clone(), why: Unknown::NoAddress, answers })
            } else {
                Ok(ParentZone { zone, servers, answers })
            };
        }
        candidate = zone.parent();
    }
    Err(NoParent { name: name.clone(), why: Unknown::NobodyToAsk, answers })
}

/// Asks a resolver for the addresses of hosts. Names that cannot be asked about are passed over.
async fn look_up(
    dns: &DnsClient,
    clock: &dyn Clock,
    hosts: &BTreeSet<RecordName>,
    resolver: SocketAddr,
) -> Vec<Observation<DnsAnswer>> {
    let names = hosts.iter().take(SERVERS_MAX).filter_map(RecordName::to_domain);
    let queries = names.flat_map(|host| {
        [RecordType::A, RecordType::Aaaa].map(|record_type| DnsQuery::to_resolver(resolver, &host, record_type))
    });
    collect(dns, clock, queries).await
}

async fn collect(
    dns: &DnsClient,
    clock: &dyn Clock,
    queries: impl Iterator<Item = DnsQuery> + Send,
) -> Vec<Observation<DnsAnswer>> {
    let mut seen = Vec::new();
    dns.query_each(clock, queries, |observation| seen.push(observation)).await;
    seen
}

/// The addresses that A and AAAA answers hold, as name servers, each once, at most [`SERVERS_MAX`].
fn addresses_in(answers: &[Observation<DnsAnswer>]) -> Vec<SocketAddr> {
    let known = answers.iter().filter_map(|seen| seen.outcome.as_ref().ok());
    at_dns_port(known.flat_map(DnsAnswer::records).filter_map(|record| record.data.address()))
}

fn at_dns_port(addresses: impl Iterator<Item = IpAddr>) -> Vec<SocketAddr> {
    let unique: BTreeSet<IpAddr> = addresses.collect();
    unique.into_iter().take(SERVERS_MAX).map(|address| SocketAddr::new(address, DNS_PORT)).collect()
}

/// Asks every server of the parent zone about the name, then every server that they name, one type at a time.
///
/// `resolver` finds the addresses of name servers without glue; without it those are not asked.
pub async fn ask_zone(
    dns: &DnsClient,
    clock: &dyn Clock,
    name: &DomainName,
    parents: &[SocketAddr],
    resolver: Option<SocketAddr>,
) -> ZoneAnswers {
    let of_parent = |record_type| {
        parents.iter().take(SERVERS_MAX).map(move |server| DnsQuery::to_authority(*server, name, record_type))
    };
    let parent = collect(dns, clock, of_parent(RecordType::Ns).chain(of_parent(RecordType::Ds))).await;
    let servers = delegated_to(name, &parent);
    let without_glue: BTreeSet<RecordName> =
        servers.iter().filter(|(_, glue)| glue.is_empty()).map(|(host, _)| host.clone()).collect();
    let hosts = match resolver {
        Some(resolver) => look_up(dns, clock, &without_glue, resolver).await,
        None => Vec::new(),
    };
    let found = hosts_of(name, &parent, &hosts);
    let children = at_dns_port(found.into_values().filter_map(Result::ok).flatten());
    // By type and then by server, so that the questions in flight are spread over the servers.
    let queries = CHILD_TYPES
        .iter()
        .flat_map(|record_type| children.iter().map(|server| DnsQuery::to_authority(*server, name, *record_type)));
    let child = collect(dns, clock, queries).await;
    ZoneAnswers { parent, hosts, child }
}

/// The servers that any of the parent's answers delegates the name to, with all glue that any of them has.
fn delegated_to(name: &DomainName, parent: &[Observation<DnsAnswer>]) -> BTreeMap<RecordName, BTreeSet<IpAddr>> {
    let mut all: BTreeMap<RecordName, BTreeSet<IpAddr>> = BTreeMap::new();
    for seen in parent.iter().filter(|seen| asked_for(seen) == Some(RecordType::Ns)) {
        if let Ok(ParentSays::Delegated(delegation)) = parent_says(name, seen) {
            for (host, glue) in delegation.servers {
                all.entry(host).or_default().extend(glue);
            }
        }
    }
    all
}

/// The addresses of each server that the name is delegated to: its glue, or else what the resolver said.
fn hosts_of(
    name: &DomainName,
    parent: &[Observation<DnsAnswer>],
    looked_up: &[Observation<DnsAnswer>],
) -> BTreeMap<RecordName, Result<BTreeSet<IpAddr>, Unknown>> {
    let hosts = delegated_to(name, parent).into_iter().map(|(host, glue)| {
        let addresses = if glue.is_empty() { looked_up_for(&host, looked_up) } else { Ok(glue) };
        (host, addresses)
    });
    hosts.collect()
}

/// An address found is enough; that there is none takes an answer to every question.
fn looked_up_for(host: &RecordName, looked_up: &[Observation<DnsAnswer>]) -> Result<BTreeSet<IpAddr>, Unknown> {
    let about: Vec<_> = looked_up.iter().filter(|seen| is_about(seen, host)).map(known).collect();
    let answers = about.iter().filter_map(|outcome| outcome.as_ref().ok());
    let found: BTreeSet<IpAddr> =
        answers.flat_map(|answer| answer.records()).filter_map(|record| record.data.address()).collect();
    match about.iter().find_map(|outcome| outcome.as_ref().err()) {
        _ if !found.is_empty() => Ok(found),
        Some(why) => Err(why.clone()),
        None if about.is_empty() => Err(Unknown::NobodyToAsk),
        None => Ok(found),
    }
}

fn is_about(seen: &Observation<DnsAnswer>, host: &RecordName) -> bool {
    matches!(&seen.question, Question::Dns { name, .. } if *host == *name)
}

/// Makes the state of a name from what was answered.
pub fn fold(name: &DomainName, answers: &ZoneAnswers) -> ZoneState {
    let mut state = ZoneState {
        name: name.clone(),
        parent: Said::default(),
        ds: Said::default(),
        hosts: hosts_of(name, &answers.parent, &answers.hosts),
        child: BTreeMap::new(),
    };
    for seen in &answers.parent {
        match (seen.asked, asked_for(seen)) {
            (Some(server), Some(RecordType::Ns)) => state.parent.push(server, parent_says(name, seen)),
            (Some(server), Some(RecordType::Ds)) => state.ds.push(server, ds_of(seen)),
            _ => {}
        }
    }
    for seen in &answers.child {
        if let (Some(server), Some(record_type)) = (seen.asked, asked_for(seen)) {
            state.child.entry(record_type).or_default().push(server, authoritative_set(seen));
        }
    }
    state
}

fn asked_for(seen: &Observation<DnsAnswer>) -> Option<RecordType> {
    match seen.question {
        Question::Dns { record_type, .. } => Some(record_type),
        _ => None,
    }
}

fn known(seen: &Observation<DnsAnswer>) -> Result<&DnsAnswer, Unknown> {
    seen.outcome.as_ref().map_err(Clone::clone)
}

/// A referral comes without authority (RFC 1034 section 4.3.2, step 3b); everything else counts only with it.
fn parent_says(name: &DomainName, seen: &Observation<DnsAnswer>) -> Result<ParentSays, Unknown> {
    let answer = known(seen)?;
    let own = RecordName::from(name);
    match answer.referral() {
        Some(zone) if *zone == own => return Ok(ParentSays::Delegated(delegation(answer, &own))),
        // Upwards or sideways it knows nothing of the name; further down than its own zone it is not the closest.
        Some(_) => return Err(Unknown::NotAuthoritative),
        None if !answer.authoritative => return Err(Unknown::NotAuthoritative),
        None => {}
    }
    Ok(match answer.status() {
        NameStatus::NxDomain => ParentSays::NxDomain,
        // The server holds parent and child both, and answers for the child.
        NameStatus::Exists => ParentSays::Delegated(delegation(answer, &own)),
        NameStatus::NoData | NameStatus::Alias | NameStatus::Referral => ParentSays::NotDelegated,
    })
}

fn delegation(answer: &DnsAnswer, zone: &RecordName) -> Delegation {
    let servers = answer.name_servers(zone).into_iter().map(|host| {
        let glue = answer.glue(&host);
        (host, glue)
    });
    let servers = servers.collect();
    Delegation { servers, ttl: answer.ttl().unwrap_or_default() }
}

/// The parent is the authority for DS (RFC 4035 section 3.1.4.1), so only an authoritative answer counts, and with it an
/// empty one.
fn ds_of(seen: &Observation<DnsAnswer>) -> Result<DsSet, Unknown> {
    let answer = known(seen)?;
    if answer.authoritative { Ok(DsSet(answer.delegation_signers())) } else { Err(Unknown::NotAuthoritative) }
}

fn authoritative_set(seen: &Observation<DnsAnswer>) -> Result<RecordSet, Unknown> {
    let answer = known(seen)?;
    if answer.authoritative { Ok(record_set(answer)) } else { Err(Unknown::NotAuthoritative) }
}

fn record_set(answer: &DnsAnswer) -> RecordSet {
    RecordSet { status: answer.status(), data: answer.data(), ttl: answer.ttl() }
}

/// Asks a recursive resolver what a visitor would get, one type at a time.
pub async fn ask_resolver(
    dns: &DnsClient,
    clock: &dyn Clock,
    name: &DomainName,
    resolver: SocketAddr,
) -> Vec<Observation<DnsAnswer>> {
    let queries = RESOLVED_TYPES.iter().map(|record_type| DnsQuery::to_resolver(resolver, name, *record_type));
    collect(dns, clock, queries).await
}

/// What resolvers gave, by type and by resolver. A referral is no answer of a resolver: it did not find out.
pub fn resolved(answers: &[Observation<DnsAnswer>]) -> BTreeMap<RecordType, Said<RecordSet>> {
    let mut by_type: BTreeMap<RecordType, Said<RecordSet>> = BTreeMap::new();
    for seen in answers {
        if let (Some(server), Some(record_type)) = (seen.asked, asked_for(seen)) {
            by_type.entry(record_type).or_default().push(server, resolved_set(seen));
        }
    }
    by_type
}

fn resolved_set(seen: &Observation<DnsAnswer>) -> Result<RecordSet, Unknown> {
    let answer = known(seen)?;
    if answer.status() == NameStatus::Referral { Err(Unknown::NotAuthoritative) } else { Ok(record_set(answer)) }
}

#[cfg(test)]
mod tests;

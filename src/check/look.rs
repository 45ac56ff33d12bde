//! Looking at one target: which questions are asked, and what the answers amount to.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use super::{Eyes, Parent, Standing};
use crate::authority::Subject;
use crate::clock::UtcTime;
use crate::domain::DomainName;
use crate::observe::{
    DNS_PORT, DnsAnswer, DnsQuery, NameStatus, Observation, ParentSays, PortState, RESOLVED_TYPES, RdapBase, RecordSet,
    RecordType, Registration, Said, Unknown, ZoneAnswers, ZoneState, ask_zone, find_parent, fold, knock, rdap_domain,
    resolved,
};
use crate::playbook::{Means, NameServer, Playbook, Target};

/// The ports on which a name's server answers visitors.
const WEB_PORTS: [u16; 2] = [80, 443];

/// Every answer received, by whom it was asked of: the evidence.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// Of a resolver, on the way to the servers of the parent zone.
    pub path: Vec<Observation<DnsAnswer>>,
    /// Of the parent zone's servers and of the name's own.
    pub zone: ZoneAnswers,
    /// Of every resolver, about the name.
    pub resolvers: Vec<Observation<DnsAnswer>>,
    /// Of the servers that the name is or will be delegated to by the operation, about the name.
    pub servers: Vec<Observation<DnsAnswer>>,
    /// Of a resolver, about the addresses of those servers.
    pub server_hosts: Vec<Observation<DnsAnswer>>,
    /// Of the registry's RDAP service.
    pub rdap: Option<Observation<Registration>>,
    /// Of ports.
    pub knocks: Vec<Observation<PortState>>,
}

/// What was seen of one target. Plain data; each part stands alone, and may be unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// When the look began; each answer has its own time.
    pub at: UtcTime,
    /// The delegation, its signers and the name's own servers; `None` for what is no domain name.
    pub zone: Option<ZoneState>,
    /// What resolvers give, by type.
    pub resolved: BTreeMap<RecordType, Said<RecordSet>>,
    /// The answers on which all of it rests.
    pub answers: Answers,
}

/// Where a name leads.
#[derive(Debug, Clone, PartialEq)]
pub enum Addresses {
    /// To all of these, over both families and all resolvers.
    Known(BTreeSet<IpAddr>),
    /// Nowhere, and an authoritative server says so too.
    None,
    /// Nobody said, or only resolvers said that there are none.
    Unknown(Unknown),
}

impl Look {
    /// What the answers amount to.
    pub fn of(at: UtcTime, subject: &Subject, answers: Answers) -> Self {
        let zone = match subject {
            Subject::Name(name) => Some(fold(name, &answers.zone)),
            Subject::Onion(_) | Subject::Server(_) => None,
        };
        Self { at, zone, resolved: resolved(&answers.resolvers), answers }
    }

    /// What the registry holds; `None` when it was not asked.
    pub fn registration(&self) -> Option<Result<&Registration, &Unknown>> {
        self.answers.rdap.as_ref().map(|seen| seen.outcome.as_ref())
    }

    /// What the name's own servers say about a type, server by server.
    pub(super) fn child(&self, record_type: RecordType) -> Vec<(SocketAddr, Result<&RecordSet, &Unknown>)> {
        let said = self.zone.iter().filter_map(|zone| zone.child.get(&record_type));
        said.flat_map(Said::by_server).collect()
    }

    /// What resolvers say about a type, resolver by resolver.
    pub(super) fn by_resolver(&self, record_type: RecordType) -> Vec<(SocketAddr, Result<&RecordSet, &Unknown>)> {
        self.resolved.get(&record_type).into_iter().flat_map(Said::by_server).collect()
    }

    /// The key tags of the delegation signers, by server of the parent zone.
    pub(super) fn ds_by_server(&self) -> impl Iterator<Item = (SocketAddr, Result<BTreeSet<u16>, &Unknown>)> {
        let by_server = self.zone.iter().flat_map(|zone| zone.ds.by_server());
        by_server.map(|(server, said)| (server, said.map(|signers| signers.0.iter().map(|ds| ds.key_tag).collect())))
    }

    /// Where the name leads.
    pub fn addresses(&self) -> Addresses {
        let mut found = BTreeSet::new();
        let mut unknown = None;
        let mut asked = false;
        for record_type in [RecordType::A, RecordType::Aaaa] {
            for (_, said) in self.by_resolver(record_type) {
                asked = true;
                match said {
                    Ok(records) => found.extend(addresses_of(records)),
                    Err(why) => unknown = Some(why.clone()),
                }
            }
        }
        match (found.is_empty(), unknown) {
            (false, _) => Addresses::Known(found),
            (true, Some(why)) => Addresses::Unknown(why),
            (true, None) if !asked => Addresses::Unknown(Unknown::NobodyToAsk),
            (true, None) if self.authority_has_no_address() => Addresses::None,
            (true, None) => Addresses::Unknown(Unknown::NotAuthoritative),
        }
    }

    /// Every address to which visitors are led: by the resolvers, or, when none of them knows one, by the name's own
    /// servers.
    fn led_to(&self) -> BTreeSet<IpAddr> {
        let families = [RecordType::A, RecordType::Aaaa];
        let of = |said: Vec<(SocketAddr, Result<&RecordSet, &Unknown>)>| -> BTreeSet<IpAddr> {
            said.into_iter().filter_map(|(_, said)| said.ok()).flat_map(addresses_of).collect()
        };
        let resolved: BTreeSet<IpAddr> = families.into_iter().flat_map(|family| of(self.by_resolver(family))).collect();
        if !resolved.is_empty() {
            return resolved;
        }
        families.into_iter().flat_map(|family| of(self.child(family))).collect()
    }

    /// Whether an authoritative server confirms that the name has no address. A resolver's word is not enough.
    fn authority_has_no_address(&self) -> bool {
        if self.parent() == Parent::Agreed(Standing::NxDomain) {
            return true;
        }
        [RecordType::A, RecordType::Aaaa].into_iter().all(|record_type| {
            let said = self.child(record_type);
            let is_none = |records: &RecordSet| matches!(records.status, NameStatus::NoData | NameStatus::NxDomain);
            !said.is_empty() && said.iter().all(|(_, said)| said.is_ok_and(is_none))
        })
    }
}

/// Every address to which the look found visitors to be led, in order; empty when there is none or none is known.
pub fn resolved_addresses(look: &Look) -> Vec<IpAddr> {
    look.led_to().into_iter().collect()
}

/// The addresses that a record set holds.
pub(super) fn addresses_of(records: &RecordSet) -> BTreeSet<IpAddr> {
    records.data.iter().filter_map(|record| record.address()).collect()
}

/// The name servers to which an action moves a delegation; none for actions that leave it or take it away.
pub(super) fn destination<'a>(playbook: &'a Playbook, means: &Means) -> &'a [NameServer] {
    match means {
        Means::Redirect { .. } => &playbook.name_servers,
        Means::Sinkhole { sinkhole } => {
            playbook.sinkhole(sinkhole).map(|known| known.name_servers.as_slice()).unwrap_or_default()
        }
        Means::Suspend | Means::Block | Means::Host { .. } | Means::Offline | Means::Onion { .. } => &[],
    }
}

/// How many targets are looked at at once. Each asks a few dozen questions; what is in flight is bounded below that, in all
/// and for each server.
const LOOKS_AT_ONCE: usize = 32;

/// The targets in the portions that are looked at at once, so that a long list is never in memory whole.
pub fn portions(mut targets: impl Iterator<Item = Target>) -> impl Iterator<Item = Vec<Target>> {
    std::iter::from_fn(move || {
        let some: Vec<Target> = targets.by_ref().take(LOOKS_AT_ONCE).collect();
        (!some.is_empty()).then_some(some)
    })
}

/// Looks at several targets at once; the looks come in the order of the targets.
pub async fn looks(eyes: &Eyes, playbook: &Playbook, targets: &[Target]) -> Vec<Look> {
    futures_util::future::join_all(targets.iter().map(|target| look(eyes, playbook, target))).await
}

/// Looks at one target: all that can be seen, without changing anything, of its registration, its DNS and its ports.
///
/// An onion service is never asked about, neither in the DNS nor in registration data (RFC 7686 section 2).
pub async fn look(eyes: &Eyes, playbook: &Playbook, target: &Target) -> Look {
    let at = eyes.clock.now();
    let answers = match (&target.subject, &target.means) {
        (Subject::Onion(_), _) | (_, Means::Onion { .. }) => Answers::default(),
        (Subject::Name(name), Means::Host { addresses, .. }) => look_at_host(eyes, playbook, name, addresses).await,
        (Subject::Name(name), means) => look_at_name(eyes, playbook, name, destination(playbook, means)).await,
        (Subject::Server(_), Means::Host { addresses, .. }) => {
            Answers { knocks: knock_each(eyes, web_ports(addresses)).await, ..Answers::default() }
        }
        (Subject::Server(address), _) => Answers { knocks: knock_each(eyes, [*address]).await, ..Answers::default() },
    };
    Look::of(at, &target.subject, answers)
}

async fn look_at_name(eyes: &Eyes, playbook: &Playbook, name: &DomainName, destination: &[NameServer]) -> Answers {
    let resolvers = eyes.resolvers(playbook);
    let ((path, zone), resolved, servers, server_hosts, rdap) = tokio::join!(
        look_at_zone(eyes, playbook, name),
        ask_resolvers(eyes, resolvers, name),
        ask_servers(eyes, name, destination, RecordType::Soa),
        ask_server_hosts(eyes, resolvers, destination),
        ask_registry(eyes, playbook, name),
    );
    Answers { path, zone, resolvers: resolved, servers, server_hosts, rdap, knocks: Vec::new() }
}

/// The parent's servers and then the name's own. The playbook's word on the parent's servers goes before the
/// resolvers'.
async fn look_at_zone(
    eyes: &Eyes,
    playbook: &Playbook,
    name: &DomainName,
) -> (Vec<Observation<DnsAnswer>>, ZoneAnswers) {
    let listed = playbook.registry_of(name).map(|registry| at_dns_port(&registry.name_servers)).unwrap_or_default();
    let resolvers = eyes.resolvers(playbook);
    let (path, parents) =
        if listed.is_empty() { parents_of(eyes, resolvers, name).await } else { (Vec::new(), listed) };
    let zone = ask_zone(&eyes.dns, &*eyes.clock, name, &parents, resolvers.first().copied()).await;
    (path, zone)
}

fn at_dns_port(addresses: &[IpAddr]) -> Vec<SocketAddr> {
    addresses.iter().map(|address| SocketAddr::new(*address, DNS_PORT)).collect()
}

/// The servers of the zone above a name, as the first resolver that knows them says.
async fn parents_of(
    eyes: &Eyes,
    resolvers: &[SocketAddr],
    name: &DomainName,
) -> (Vec<Observation<DnsAnswer>>, Vec<SocketAddr>) {
    let mut path = Vec::new();
    for resolver in resolvers {
        match find_parent(&eyes.dns, &*eyes.clock, name, *resolver).await {
            Ok(parent) => {
                path.extend(parent.answers);
                return (path, parent.servers);
            }
            Err(none) => path.extend(none.answers),
        }
    }
    (path, Vec::new())
}

/// Asks all resolvers at once, so that a dead one costs its own time only.
async fn ask_resolvers(eyes: &Eyes, resolvers: &[SocketAddr], name: &DomainName) -> Vec<Observation<DnsAnswer>> {
    let queries = RESOLVED_TYPES.iter().flat_map(|record_type| {
        resolvers.iter().map(move |resolver| DnsQuery::to_resolver(*resolver, name, *record_type))
    });
    ask_each(eyes, queries).await
}

/// Asks every address of name servers about a name, whether or not the name is delegated to them yet.
pub(super) async fn ask_servers(
    eyes: &Eyes,
    name: &DomainName,
    servers: &[NameServer],
    record_type: RecordType,
) -> Vec<Observation<DnsAnswer>> {
    let addresses = servers.iter().flat_map(|server| at_dns_port(&server.addresses));
    ask_each(eyes, addresses.map(|server| DnsQuery::to_authority(server, name, record_type))).await
}

/// Asks a resolver for the addresses of name servers.
async fn ask_server_hosts(
    eyes: &Eyes,
    resolvers: &[SocketAddr],
    servers: &[NameServer],
) -> Vec<Observation<DnsAnswer>> {
    let Some(resolver) = resolvers.first() else { return Vec::new() };
    let queries = servers.iter().flat_map(|server| {
        [RecordType::A, RecordType::Aaaa].map(|family| DnsQuery::to_resolver(*resolver, &server.name, family))
    });
    ask_each(eyes, queries).await
}

async fn ask_each(eyes: &Eyes, queries: impl Iterator<Item = DnsQuery> + Send) -> Vec<Observation<DnsAnswer>> {
    let mut seen = Vec::new();
    eyes.dns.query_each(&*eyes.clock, queries, |observation| seen.push(observation)).await;
    seen
}

/// Asks the registry, when the playbook says where.
async fn ask_registry(eyes: &Eyes, playbook: &Playbook, name: &DomainName) -> Option<Observation<Registration>> {
    let base: RdapBase = playbook.registry_of(name)?.rdap.as_ref()?.parse().ok()?;
    Some(rdap_domain(&eyes.dns, &*eyes.clock, &base, name, eyes.rdap_limits).await)
}

async fn look_at_host(eyes: &Eyes, playbook: &Playbook, name: &DomainName, addresses: &[IpAddr]) -> Answers {
    let resolvers = eyes.resolvers(playbook);
    let (resolved, knocks) = tokio::join!(ask_resolvers(eyes, resolvers, name), knock_each(eyes, web_ports(addresses)));
    let mut answers = Answers { resolvers: resolved, knocks, ..Answers::default() };
    if !gives_address(&answers.resolvers) {
        (answers.path, answers.zone) = ask_authority(eyes, resolvers, name).await;
    }
    answers
}

fn gives_address(answers: &[Observation<DnsAnswer>]) -> bool {
    let known = answers.iter().filter_map(|seen| seen.outcome.as_ref().ok());
    known.flat_map(DnsAnswer::records).any(|record| record.data.address().is_some())
}

/// What the servers of the zone that holds a name say: its own servers, or, when it is not a zone of its own, those of
/// the zone above.
async fn ask_authority(
    eyes: &Eyes,
    resolvers: &[SocketAddr],
    name: &DomainName,
) -> (Vec<Observation<DnsAnswer>>, ZoneAnswers) {
    let (path, parents) = parents_of(eyes, resolvers, name).await;
    let mut zone = ask_zone(&eyes.dns, &*eyes.clock, name, &parents, resolvers.first().copied()).await;
    let holders: Vec<SocketAddr> = fold(name, &zone)
        .parent
        .by_server()
        .filter(|(_, says)| matches!(says, Ok(ParentSays::NotDelegated)))
        .map(|(server, _)| server)
        .collect();
    let families = [RecordType::A, RecordType::Aaaa];
    let queries =
        families.iter().flat_map(|family| holders.iter().map(|server| DnsQuery::to_authority(*server, name, *family)));
    zone.child.extend(ask_each(eyes, queries).await);
    (path, zone)
}

fn web_ports(addresses: &[IpAddr]) -> impl Iterator<Item = SocketAddr> + '_ {
    addresses.iter().flat_map(|address| WEB_PORTS.map(|port| SocketAddr::new(*address, port)))
}

async fn knock_each(eyes: &Eyes, ports: impl IntoIterator<Item = SocketAddr>) -> Vec<Observation<PortState>> {
    let mut knocks = Vec::new();
    for port in ports {
        knocks.push(knock(&eyes.network, &*eyes.clock, port, eyes.knock_wait).await);
    }
    knocks
}

#[cfg(test)]
mod tests;

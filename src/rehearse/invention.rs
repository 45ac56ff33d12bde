//! The state of the world before the operation, invented from the playbook: the same each time for the same playbook.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use super::rdap::Service;
use super::registry::{Parent, Registration};
use super::wire::ancestors;
use super::zones::{Content, Holder, Template, Zones};
use crate::authority::Subject;
use crate::domain::{DomainError, DomainName};
use crate::observe::DNS_PORT;
use crate::playbook::{Means, NameServer, Playbook, Target};

/// How long caches may keep delegations of the first registry: a day, so that a rehearsal meets caches that lag behind.
const FIRST_DELEGATION_TTL: u32 = 86_400;

/// How long they may keep delegations of the others: what most registries of today say.
const DELEGATION_TTL: u32 = 3_600;

/// How long they may keep the root's.
const ROOT_DELEGATION_TTL: u32 = 172_800;

/// How long they may keep what the former holders' zones say.
const OLD_TTL: u32 = 3_600;

/// How long they may keep what the notices' zones say: short, so that a name can be given back quickly.
const NOTICE_TTL: u32 = 300;

/// The former holders registered two years before the evidence was last looked at, and touched nothing in its last
/// year.
const REGISTERED_BEFORE: Duration = Duration::from_secs(2 * 365 * 86_400);
const CHANGED_BEFORE: Duration = Duration::from_secs(365 * 86_400);

/// Every registration lasts beyond the operation, and beyond the alarms about names that will run out.
const EXPIRES_AFTER: Duration = Duration::from_secs(2 * 365 * 86_400);

/// The networks of RFC 5737 from which addresses are invented: for the world's own machines, and for the former
/// holders'.
const MACHINES: [u8; 3] = [192, 0, 2];
const HOLDERS: [u8; 3] = [198, 51, 100];

/// What is invented, as data; nothing runs yet.
pub(super) struct Invention {
    pub zones: Zones,
    /// Every name server of the world, and what it holds.
    pub name_servers: BTreeMap<IpAddr, BTreeSet<Holder>>,
    pub root: IpAddr,
    pub resolvers: Vec<SocketAddr>,
    /// Where the former holders' sites are.
    pub sites: BTreeSet<IpAddr>,
    /// Ports that will be closed.
    pub offline: BTreeSet<SocketAddr>,
    /// RDAP services, and where they are.
    pub services: Vec<Service>,
    pub rdap: BTreeSet<SocketAddr>,
    pub stranger: Option<DomainName>,
    taken: BTreeSet<IpAddr>,
    /// The machine that serves every parent of which the playbook does not say where it is.
    shared: IpAddr,
    /// What a registration looks like before the operation.
    registration: Registration,
}

/// Makes the world as it was.
pub(super) fn invent(playbook: &Playbook) -> Result<Invention, DomainError> {
    let mut made = Invention::new(playbook);
    made.add_root()?;
    made.add_registries(playbook)?;
    made.add_name_servers(playbook);
    made.add_targets(playbook)?;
    made.add_stranger(playbook)?;
    made.add_services(playbook);
    made.add_infrastructure()?;
    made.delegate_parents();
    Ok(made)
}

impl Invention {
    fn new(playbook: &Playbook) -> Self {
        let (evidence, hour) = (playbook.operation.evidence_date, playbook.operation.hour);
        let unspecified = Ipv4Addr::UNSPECIFIED.into();
        Self {
            zones: Zones::default(),
            name_servers: BTreeMap::new(),
            root: unspecified,
            resolvers: playbook.resolvers.clone(),
            sites: BTreeSet::new(),
            offline: BTreeSet::new(),
            services: Vec::new(),
            rdap: BTreeSet::new(),
            stranger: None,
            taken: addresses_of(playbook),
            shared: unspecified,
            registration: Registration {
                name_servers: Arc::new([]),
                signed: false,
                hold: false,
                locked: false,
                created: evidence.minus(REGISTERED_BEFORE),
                changed: evidence.minus(CHANGED_BEFORE),
                expires: evidence.max(hour).plus(EXPIRES_AFTER),
            },
        }
    }

    fn add_root(&mut self) -> Result<(), DomainError> {
        self.root = self.address(MACHINES);
        self.shared = self.address(MACHINES);
        let server = NameServer { name: infrastructure("root")?, addresses: vec![self.root] };
        self.add_parent("", &[server], ROOT_DELEGATION_TTL);
        if self.resolvers.is_empty() {
            let address = self.address(MACHINES);
            self.resolvers.push(SocketAddr::new(address, DNS_PORT));
        }
        Ok(())
    }

    /// An address that nobody has: of this network, or when that is full of the IPv6 one (RFC 3849).
    fn address(&mut self, network: [u8; 3]) -> IpAddr {
        let [a, b, c] = network;
        let fourth = (1..=254).map(|d| IpAddr::from([a, b, c, d]));
        let sixth = (1..=u16::MAX).map(|d| Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, d).into());
        // A playbook does not take all of them; the last resort is one that nobody can reach.
        let free = fourth.chain(sixth).find(|address| !self.taken.contains(address));
        let address = free.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
        self.taken.insert(address);
        address
    }

    fn add_host(&mut self, host: &NameServer) {
        self.zones.hosts.entry(host.name.as_str().into()).or_insert_with(|| host.addresses.clone());
    }

    fn serve(&mut self, server: &NameServer, holder: Holder) {
        self.add_host(server);
        for address in &server.addresses {
            self.name_servers.entry(*address).or_default().insert(holder.clone());
        }
    }

    fn add_parent(&mut self, zone: &str, servers: &[NameServer], delegation_ttl: u32) {
        for server in servers {
            self.serve(server, Holder::Parent(zone.into()));
        }
        let names = servers.iter().map(|server| server.name.clone()).collect();
        self.zones.parents.insert(zone.into(), Parent::new(names, delegation_ttl));
    }

    fn add_registries(&mut self, playbook: &Playbook) -> Result<(), DomainError> {
        for (index, registry) in playbook.registries.iter().enumerate() {
            let shared = [self.shared];
            let known = if registry.name_servers.is_empty() { &shared[..] } else { &registry.name_servers };
            let ttl = if index == 0 { FIRST_DELEGATION_TTL } else { DELEGATION_TTL };
            self.add_parent(registry.zone.as_str(), &servers_of(&registry.zone, known)?, ttl);
        }
        Ok(())
    }

    /// Sees to it that there is a zone in which the name can be delegated.
    fn ensure_parent(&mut self, name: &str) -> Result<(), DomainError> {
        let tld = name.rsplit('.').next().unwrap_or(name);
        if tld == name || self.zones.parents.contains_key(tld) {
            return Ok(());
        }
        let servers = servers_of(&DomainName::parse(tld)?, &[self.shared])?;
        self.add_parent(tld, &servers, DELEGATION_TTL);
        Ok(())
    }

    fn add_name_servers(&mut self, playbook: &Playbook) {
        for server in &playbook.name_servers {
            self.serve(server, Holder::Seizure);
        }
        for sinkhole in &playbook.sinkholes {
            for server in &sinkhole.name_servers {
                self.serve(server, Holder::Sinkhole(sinkhole.id.to_string()));
            }
        }
    }

    /// Enters a registration that has been there for long; the zone in which it stands must exist.
    fn register(&mut self, name: &str, name_servers: &Arc<[DomainName]>, signed: bool) {
        let registration = Registration { name_servers: Arc::clone(name_servers), signed, ..self.registration.clone() };
        let parent = self.zones.parent_of(name).map(Box::<str>::from);
        if let Some(parent) = parent.and_then(|zone| self.zones.parents.get_mut(&zone)) {
            parent.register(name, registration);
        }
    }

    fn is_registered(&self, name: &str) -> bool {
        let parent = self.zones.parent_of(name).and_then(|zone| self.zones.parents.get(zone));
        parent.is_some_and(|parent| parent.registration(name).is_some())
    }

    fn add_targets(&mut self, playbook: &Playbook) -> Result<(), DomainError> {
        let mut old = self.add_former_holders(first_redirected(playbook))?;
        self.add_sinkholed(playbook);
        for Target { subject, means, .. } in playbook.all_targets() {
            match subject {
                Subject::Name(name) => self.add_name(&name, &means, &mut old)?,
                // An onion service has no place in the DNS, and its name is its only address.
                Subject::Onion(_) => {}
                Subject::Server(address) => drop(self.offline.insert(address)),
            }
        }
        Ok(())
    }

    fn add_name(&mut self, name: &DomainName, means: &Means, old: &mut Old) -> Result<(), DomainError> {
        self.ensure_parent(name.as_str())?;
        let template = match means {
            // Nobody has registered it yet.
            Means::Block => return Ok(()),
            Means::Host { addresses, .. } => {
                self.sites.extend(addresses);
                old.at(addresses)
            }
            _ => old.of(name),
        };
        let signed = template.content == Content::Site { signed: true };
        self.register(name.as_str(), &template.name_servers, signed);
        self.zones.hold(Holder::Old, name.as_str(), template);
        Ok(())
    }

    /// A sinkhole is ready for its names before they come.
    fn add_sinkholed(&mut self, playbook: &Playbook) {
        let templates: BTreeMap<_, _> =
            playbook.sinkholes.iter().map(|hole| (&hole.id, sinkhole_template(&hole.name_servers))).collect();
        for target in playbook.all_targets() {
            if let (Subject::Name(name), Means::Sinkhole { sinkhole }) = (&target.subject, &target.means)
                && let Some(template) = templates.get(sinkhole)
            {
                self.zones.hold(Holder::Sinkhole(sinkhole.to_string()), name.as_str(), Arc::clone(template));
            }
        }
    }

    fn add_former_holders(&mut self, signed: Option<DomainName>) -> Result<Old, DomainError> {
        let mut name_servers = Vec::new();
        for host in ["ns1.old-hosting.test", "ns2.old-hosting.test"] {
            let server = NameServer { name: DomainName::parse(host)?, addresses: vec![self.address(HOLDERS)] };
            self.serve(&server, Holder::Old);
            name_servers.push(server.name);
        }
        let site = self.address(HOLDERS);
        self.sites.insert(site);
        let content = Content::Site { signed: false };
        let plain = Template {
            name_servers: name_servers.into(),
            ttl: OLD_TTL,
            negative_ttl: OLD_TTL,
            addresses: vec![site],
            content,
        };
        Ok(Old { plain: Arc::new(plain), signed, taken: BTreeMap::new() })
    }

    /// Somebody whom no order names points a name of their own at the seizure name servers, as people have done for
    /// fun.
    fn add_stranger(&mut self, playbook: &Playbook) -> Result<(), DomainError> {
        let Some(zone) = playbook.registries.first().map(|registry| &registry.zone) else { return Ok(()) };
        if playbook.name_servers.is_empty() {
            return Ok(());
        }
        // A playbook takes one such name at most by chance; the bound is only there to be one.
        let numbers = (1..100).map(|number| if number == 1 { String::new() } else { format!("-{number}") });
        let candidates = numbers.map(|number| DomainName::parse(&format!("stranger{number}.{zone}")));
        let mut free = candidates.filter(|name| !name.as_ref().is_ok_and(|name| is_ordered(playbook, name)));
        let Some(name) = free.next().transpose()? else { return Ok(()) };
        self.register(name.as_str(), &seizure_names(playbook), false);
        self.stranger = Some(name);
        Ok(())
    }

    fn add_services(&mut self, playbook: &Playbook) {
        let address = self.address(MACHINES);
        let stated = playbook.registries.iter().filter_map(|registry| Some((registry, registry.rdap.as_deref()?)));
        for service in stated.filter_map(|(registry, base)| Service::at(base, &registry.zone)) {
            let addresses = self.zones.hosts.entry(service.host.as_str().into()).or_insert_with(|| vec![address]);
            self.rdap.extend(addresses.iter().map(|address| SocketAddr::new(*address, service.port)));
            self.services.push(service);
        }
    }

    /// Gives every machine of the world a zone in which its addresses stand, unless its name belongs to a target.
    fn add_infrastructure(&mut self) -> Result<(), DomainError> {
        let server = NameServer { name: infrastructure("ns1")?, addresses: vec![self.address(MACHINES)] };
        self.serve(&server, Holder::Infrastructure);
        let name_servers: Arc<[DomainName]> = Arc::new([server.name]);
        let template = Arc::new(Template {
            name_servers: Arc::clone(&name_servers),
            ttl: OLD_TTL,
            negative_ttl: NOTICE_TTL,
            addresses: Vec::new(),
            content: Content::Hosts,
        });
        // Twice, because new parents have machines of their own.
        for _ in 0..2 {
            let hosts: Vec<Box<str>> = self.zones.hosts.keys().cloned().collect();
            for host in &hosts {
                self.ensure_parent(host)?;
                let Some(zone) = self.zone_for(host).map(Box::<str>::from).filter(|zone| !self.is_registered(zone))
                else {
                    continue;
                };
                self.register(&zone, &name_servers, false);
                self.zones.hold(Holder::Infrastructure, &zone, Arc::clone(&template));
            }
        }
        Ok(())
    }

    /// The zone of a machine: what is delegated above it in the zone where names are registered.
    fn zone_for<'a>(&self, host: &'a str) -> Option<&'a str> {
        let parent = self.zones.parent_of(host)?;
        ancestors(host).take_while(|above| *above != parent).last().filter(|_| !self.zones.parents.contains_key(host))
    }

    /// Enters every zone that delegates in the one above it.
    fn delegate_parents(&mut self) {
        let zones: Vec<_> =
            self.zones.parents.iter().map(|(zone, parent)| (zone.clone(), Arc::clone(&parent.name_servers))).collect();
        for (zone, name_servers) in zones.iter().filter(|(zone, _)| !zone.is_empty()) {
            self.register(zone, name_servers, false);
        }
    }
}

/// What the former holders' zones look like.
struct Old {
    plain: Arc<Template>,
    /// The one name whose holder had signed it.
    signed: Option<DomainName>,
    /// Those of servers that will be taken, by their addresses.
    taken: BTreeMap<Vec<IpAddr>, Arc<Template>>,
}

impl Old {
    fn of(&self, name: &DomainName) -> Arc<Template> {
        if self.signed.as_ref() != Some(name) {
            return Arc::clone(&self.plain);
        }
        Arc::new(Template { content: Content::Site { signed: true }, ..(*self.plain).clone() })
    }

    fn at(&mut self, addresses: &[IpAddr]) -> Arc<Template> {
        let made = || Arc::new(Template { addresses: addresses.to_vec(), ..(*self.plain).clone() });
        Arc::clone(self.taken.entry(addresses.to_vec()).or_insert_with(made))
    }
}

fn infrastructure(host: &str) -> Result<DomainName, DomainError> {
    DomainName::parse(&format!("{host}.infrastructure.test"))
}

/// Names for the name servers of a parent zone at these addresses.
fn servers_of(zone: &DomainName, addresses: &[IpAddr]) -> Result<Vec<NameServer>, DomainError> {
    let name = |number| DomainName::parse(&format!("ns{number}.nic.{zone}"));
    let numbered = addresses.iter().zip(1..);
    numbered.map(|(address, number)| Ok(NameServer { name: name(number)?, addresses: vec![*address] })).collect()
}

/// The first redirected name whose registry the playbook knows: its former holder had signed the zone.
fn first_redirected(playbook: &Playbook) -> Option<DomainName> {
    playbook.all_targets().find_map(|target| match (target.subject, target.means) {
        (Subject::Name(name), Means::Redirect { .. }) if playbook.registry_of(&name).is_some() => Some(name),
        _ => None,
    })
}

/// Whether the playbook does anything to the name.
fn is_ordered(playbook: &Playbook, name: &DomainName) -> bool {
    let subject = Subject::Name(name.clone());
    playbook.targets.iter().any(|target| target.subject == subject)
        || playbook.lists.iter().any(|list| list.names.contains(name))
}

/// The names of the seizure name servers.
pub(super) fn seizure_names(playbook: &Playbook) -> Arc<[DomainName]> {
    playbook.name_servers.iter().map(|server| server.name.clone()).collect()
}

/// What the zones on the seizure name servers look like.
pub(super) fn notice_template(playbook: &Playbook, subdomains: bool) -> Arc<Template> {
    Arc::new(Template {
        name_servers: seizure_names(playbook),
        ttl: NOTICE_TTL,
        negative_ttl: NOTICE_TTL,
        addresses: playbook.notice_hosts.iter().flat_map(|host| host.addresses.iter().copied()).collect(),
        content: Content::Notice { subdomains },
    })
}

/// A sinkhole's machines answer for everything with themselves.
fn sinkhole_template(servers: &[NameServer]) -> Arc<Template> {
    Arc::new(Template {
        name_servers: servers.iter().map(|server| server.name.clone()).collect(),
        ttl: NOTICE_TTL,
        negative_ttl: NOTICE_TTL,
        addresses: servers.iter().flat_map(|server| server.addresses.iter().copied()).collect(),
        content: Content::Sinkhole,
    })
}

/// Every address that the playbook speaks of.
fn addresses_of(playbook: &Playbook) -> BTreeSet<IpAddr> {
    let sinkholes = playbook.sinkholes.iter().flat_map(|sinkhole| &sinkhole.name_servers);
    let servers = playbook.name_servers.iter().chain(sinkholes).flat_map(|server| &server.addresses);
    let registries = playbook.registries.iter().flat_map(|registry| &registry.name_servers);
    let hosts = playbook.notice_hosts.iter().flat_map(|host| &host.addresses);
    let mut taken: BTreeSet<IpAddr> = servers.chain(registries).chain(hosts).copied().collect();
    taken.extend(playbook.resolvers.iter().map(SocketAddr::ip));
    for target in &playbook.targets {
        match (&target.subject, &target.means) {
            (Subject::Server(address), _) => drop(taken.insert(address.ip())),
            (_, Means::Host { addresses, .. }) => taken.extend(addresses),
            _ => {}
        }
    }
    taken
}

//! The simulated world, running.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};
use std::time::Duration;

use tokio::sync::watch;

use super::WorldError;
use super::ca::{Ca, Issued, OnDemand};
use super::hosts::{Door, OldSite, serve_http};
use super::invention::{Invention, invent, notice_template};
use super::rdap::Rdap;
use super::registry::{Instruction, RegistryRefusal};
use super::resolver::Resolver;
use super::wire::{Stop, serve};
use super::zones::{Authority, Holder, Zones, publish_due};
use crate::authority::Subject;
use crate::clock::{Clock, SimulatedClock, UtcTime};
use crate::digest::Digest;
use crate::domain::{DomainName, OnionName};
use crate::observe::{DNS_PORT, Network, Protocol};
use crate::playbook::{Means, Playbook};

/// The ports of the web (RFC 9110 sections 4.2.1 and 4.2.2).
const HTTP_PORT: u16 = 80;
const HTTPS_PORT: u16 = 443;

/// An address of the world and where it really is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The address of the world.
    pub world: SocketAddr,
    /// Over what.
    pub protocol: Protocol,
    /// What stands there, for people.
    pub role: String,
    /// The loopback port behind it.
    pub local: SocketAddr,
}

/// The two loopback ports of a web server.
#[derive(Debug, Clone, Copy)]
struct Web {
    plain: SocketAddr,
    tls: SocketAddr,
}

/// A simulated world, made from a playbook, as it stands before the operation. It ends when it is dropped.
///
/// It must be started within a tokio runtime; its servers are tasks of that runtime.
pub struct World {
    network: Network,
    clock: SimulatedClock,
    playbook: Playbook,
    zones: Arc<RwLock<Zones>>,
    ca: Arc<Ca>,
    onion_questions: Arc<AtomicU64>,
    mappings: Mutex<Vec<Mapping>>,
    doors: Mutex<HashMap<SocketAddr, Door>>,
    old_web: Web,
    splash: Mutex<Option<Web>>,
    stranger: Option<DomainName>,
    stop: watch::Sender<bool>,
}

impl World {
    /// Invents the world of this playbook and starts its servers. The same playbook gives the same world, save for the
    /// loopback ports and the certificate authority's keys.
    pub async fn start(playbook: &Playbook, clock: SimulatedClock) -> Result<Self, WorldError> {
        let mut invention = invent(playbook).map_err(|source| WorldError::Name { source })?;
        let ca = Arc::new(Ca::new()?);
        let network = Network::simulated(&invention.resolvers).trusting(&[ca.root_der()])?;
        let (stop, stopped) = watch::channel(false);
        let old_web = Web {
            plain: serve_http(OldSite, None, stopped.clone()).await?,
            tls: serve_http(OldSite, Some(OnDemand::new(Arc::clone(&ca)).tls()?), stopped.clone()).await?,
        };
        let world = Self {
            network,
            clock,
            playbook: playbook.clone(),
            zones: Arc::new(RwLock::new(std::mem::take(&mut invention.zones))),
            ca,
            onion_questions: Arc::default(),
            mappings: Mutex::default(),
            doors: Mutex::default(),
            old_web,
            splash: Mutex::default(),
            stranger: invention.stranger.take(),
            stop,
        };
        world.start_name_servers(&invention, &stopped).await?;
        world.start_resolvers(&invention, &stopped).await?;
        world.start_rdap(&invention, &stopped).await?;
        world.open_old_hosts(&invention).await?;
        Ok(world)
    }

    async fn start_name_servers(&self, invention: &Invention, stop: &Stop) -> Result<(), WorldError> {
        for (address, holders) in &invention.name_servers {
            let role = holders.iter().map(role_of).collect::<Vec<_>>().join(", ");
            let holders = holders.iter().cloned().collect();
            let behind = Authority { zones: Arc::clone(&self.zones), holders, clock: self.clock.clone() };
            let local = serve(Arc::new(behind), stop.clone()).await?;
            self.map_dns(SocketAddr::new(*address, DNS_PORT), &role, local)?;
        }
        Ok(())
    }

    async fn start_resolvers(&self, invention: &Invention, stop: &Stop) -> Result<(), WorldError> {
        for address in &invention.resolvers {
            let (network, onions) = (self.network.clone(), Arc::clone(&self.onion_questions));
            let resolver = Resolver::new(network, self.clock.clone(), vec![invention.root], onions);
            let local = serve(Arc::new(resolver), stop.clone()).await?;
            self.map_dns(*address, "resolver", local)?;
        }
        Ok(())
    }

    async fn start_rdap(&self, invention: &Invention, stop: &Stop) -> Result<(), WorldError> {
        let pages = Rdap { services: invention.services.clone(), zones: Arc::clone(&self.zones) };
        let local = serve_http(pages, Some(OnDemand::new(Arc::clone(&self.ca)).tls()?), stop.clone()).await?;
        for address in &invention.rdap {
            self.map(Protocol::Tcp, *address, "registration data", local)?;
        }
        Ok(())
    }

    async fn open_old_hosts(&self, invention: &Invention) -> Result<(), WorldError> {
        for site in &invention.sites {
            self.map_web(*site, "old site", self.old_web)?;
        }
        for address in &invention.offline {
            let door = Door::open().await?;
            self.map(Protocol::Tcp, *address, "old server", door.local)?;
            lock(&self.doors).insert(*address, door);
        }
        Ok(())
    }

    /// The network in which this world is everything that there is. It believes the world's authority and no other, and
    /// asks the world's resolvers.
    pub fn network(&self) -> Network {
        self.network.clone()
    }

    /// The root certificate of the world's authority, PEM.
    pub fn ca_root_pem(&self) -> String {
        self.ca.root_pem()
    }

    /// Certificates from the world's authority for these host names, many names on each.
    pub fn issue(&self, names: &[String]) -> Result<Vec<Issued>, WorldError> {
        self.ca.issue(names)
    }

    /// Tells the registry of a name what to do. The registration changes at once; the zone `delay` later, at the
    /// moment that is returned.
    pub fn registry_act(&self, told: &Instruction, delay: Duration) -> Result<UtcTime, RegistryRefusal> {
        let now = self.clock.now();
        publish_due(&self.zones, now);
        let name = told.name();
        let mut zones = self.zones();
        self.check_hosts(&zones, told)?;
        let parent = zones.parent_of(name.as_str()).filter(|zone| !zone.is_empty()).map(Box::<str>::from);
        let parent = parent.and_then(|zone| zones.parents.get_mut(&zone));
        let published = now.plus(delay);
        parent.ok_or_else(|| RegistryRefusal::NoRegistry { name: name.clone() })?.act(told, now, published)?;
        drop(zones);
        publish_due(&self.zones, now);
        Ok(published)
    }

    /// A registry delegates only to name servers that exist.
    fn check_hosts(&self, zones: &Zones, told: &Instruction) -> Result<(), RegistryRefusal> {
        let (Instruction::Redirect { name, name_servers, .. } | Instruction::Sinkhole { name, name_servers }) = told
        else {
            return Ok(());
        };
        let refused = |host: &str| RegistryRefusal::Host { name: name.clone(), host: host.to_owned() };
        if name_servers.is_empty() {
            return Err(refused("no name server"));
        }
        match name_servers.iter().find(|host| !zones.hosts.contains_key(host.as_str())) {
            Some(unknown) => Err(refused(unknown.as_str())),
            None => Ok(()),
        }
    }

    /// Puts the zone of a redirected name on the seizure name servers. Until then they refuse it.
    pub fn activate_zone(&self, name: &DomainName) -> Result<(), WorldError> {
        let covers = self.covers_subdomains(name).ok_or_else(|| WorldError::NotRedirected { name: name.clone() })?;
        let template = notice_template(&self.playbook, covers);
        self.zones().hold(Holder::Seizure, name.as_str(), template);
        Ok(())
    }

    /// Puts the zones of all redirected names on the seizure name servers, and says how many they are.
    pub fn activate_zones(&self) -> usize {
        let templates = [false, true].map(|covers| (covers, notice_template(&self.playbook, covers)));
        let mut zones = self.zones();
        let mut count = 0;
        for target in self.playbook.all_targets() {
            if let (Subject::Name(name), Means::Redirect { notice }) = (&target.subject, &target.means) {
                let covers = self.playbook.notice(notice).is_some_and(|notice| notice.subdomains);
                if let Some((_, template)) = templates.iter().find(|(which, _)| *which == covers) {
                    zones.hold(Holder::Seizure, name.as_str(), Arc::clone(template));
                    count += 1;
                }
            }
        }
        count
    }

    /// Takes a name's zone off the seizure name servers again.
    pub fn deactivate_zone(&self, name: &DomainName) {
        self.zones().release(&Holder::Seizure, name.as_str());
    }

    /// Whether the notice of a redirected name covers the names below it.
    fn covers_subdomains(&self, name: &DomainName) -> Option<bool> {
        let alone = self.playbook.targets.iter().filter(|target| target.subject == Subject::Name(name.clone()));
        let listed = self.playbook.lists.iter().filter(|list| list.names.contains(name));
        let mut means = alone.map(|target| &target.means).chain(listed.map(|list| &list.means));
        means.find_map(|means| match means {
            Means::Redirect { notice } => Some(self.playbook.notice(notice).is_some_and(|notice| notice.subdomains)),
            _ => None,
        })
    }

    /// Leads the addresses of every notice host, and every onion service, to the splash server: two loopback ports.
    pub fn attach_splash(&self, plain: SocketAddr, tls: SocketAddr) -> Result<(), WorldError> {
        let web = Web { plain, tls };
        *lock(&self.splash) = Some(web);
        for host in &self.playbook.notice_hosts {
            for address in &host.addresses {
                self.map_web(*address, "notice host", web)?;
            }
        }
        for target in &self.playbook.targets {
            if let Subject::Onion(onion) = &target.subject {
                // tor hands the visitors of an onion service to its server without TLS, from loopback.
                self.map(Protocol::Tcp, self.onion_address(onion), "onion service", plain)?;
            }
        }
        Ok(())
    }

    /// Hands a taken server to the splash server: what answers at this address from now on is the notice.
    pub fn hand_over(&self, address: IpAddr) -> Result<(), WorldError> {
        let web = lock(&self.splash).ok_or(WorldError::NoSplash)?;
        self.map_web(address, "taken server", web)
    }

    /// Gives a taken server back to its holder.
    pub fn give_back(&self, address: IpAddr) -> Result<(), WorldError> {
        self.map_web(address, "old site", self.old_web)
    }

    /// Takes a server off the net: when this is done, its port refuses connections.
    pub async fn take_offline(&self, address: SocketAddr) -> Result<(), WorldError> {
        let door = lock(&self.doors).remove(&address).ok_or(WorldError::NotOpen { address })?;
        door.close().await;
        // Somebody else may come to listen on the freed port; the address of the world stays closed all the same.
        self.network.close(Protocol::Tcp, address)?;
        lock(&self.mappings).retain(|mapping| (mapping.world, mapping.protocol) != (address, Protocol::Tcp));
        Ok(())
    }

    /// Where the world keeps an onion service: the seam has no names, so each has an address (RFC 3849) made of its
    /// key.
    pub fn onion_address(&self, onion: &OnionName) -> SocketAddr {
        let [a, b, c, d, ..] = *Digest::of(onion.as_str()).as_bytes();
        let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        // `6f6e` is "on" in ASCII.
        SocketAddr::new(Ipv6Addr::new(0x2001, 0xdb8, 0x6f6e, 0, 0, 0, high, low).into(), HTTP_PORT)
    }

    /// A name that no order covers, which its owner has delegated to the seizure name servers; `None` when the
    /// playbook has no name servers or no registries.
    pub fn stranger(&self) -> Option<&DomainName> {
        self.stranger.as_ref()
    }

    /// How often a resolver of this world was asked about a name under `.onion`, which must never happen (RFC 7686).
    pub fn onion_questions(&self) -> u64 {
        self.onion_questions.load(Ordering::Relaxed)
    }

    /// Every address of the world where something answers, as it is now, in order.
    pub fn addresses(&self) -> Vec<Mapping> {
        let mut mappings = lock(&self.mappings).clone();
        mappings.sort_by_key(|mapping| (mapping.world, mapping.protocol == Protocol::Tcp));
        mappings
    }

    /// Ends the world.
    pub fn stop(self) {
        self.stop.send_replace(true);
    }

    fn zones(&self) -> RwLockWriteGuard<'_, Zones> {
        self.zones.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn map_dns(&self, world: SocketAddr, role: &str, local: SocketAddr) -> Result<(), WorldError> {
        self.map(Protocol::Udp, world, role, local)?;
        self.map(Protocol::Tcp, world, role, local)
    }

    fn map_web(&self, address: IpAddr, role: &str, web: Web) -> Result<(), WorldError> {
        self.map(Protocol::Tcp, SocketAddr::new(address, HTTP_PORT), role, web.plain)?;
        self.map(Protocol::Tcp, SocketAddr::new(address, HTTPS_PORT), role, web.tls)
    }

    fn map(&self, protocol: Protocol, world: SocketAddr, role: &str, local: SocketAddr) -> Result<(), WorldError> {
        self.network.route(protocol, world, local)?;
        let mut mappings = lock(&self.mappings);
        mappings.retain(|mapping| (mapping.world, mapping.protocol) != (world, protocol));
        mappings.push(Mapping { world, protocol, role: role.to_owned(), local });
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn role_of(holder: &Holder) -> String {
    match holder {
        Holder::Parent(zone) if zone.is_empty() => "root".to_owned(),
        Holder::Parent(zone) => format!("registry of {zone}"),
        Holder::Old => "old name server".to_owned(),
        Holder::Seizure => "seizure name server".to_owned(),
        Holder::Sinkhole(id) => format!("sinkhole {id}"),
        Holder::Infrastructure => "other name server".to_owned(),
    }
}

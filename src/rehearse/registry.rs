//! The parent side: who has registered what, what is delegated where, and what instructions change.
//!
//! A registration changes at once; the zone follows when the registry next publishes it. Both moments are on the
//! simulated clock, so "instructed" and "in the zone" are different things, as they are in the world.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use hickory_proto::dnssec::rdata::{DNSKEY, DS};
use hickory_proto::dnssec::{Algorithm, DigestType, PublicKeyBuf};

use super::wire::{ancestors, name_of};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::DomainName;

/// What a registry is told to do with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instruction {
    /// Delegate it to these name servers and lock it.
    Redirect {
        /// The name.
        name: DomainName,
        /// Where to.
        name_servers: Vec<DomainName>,
        /// Whether the DS is removed as well; one that stays makes the name fail for those who validate.
        remove_ds: bool,
    },
    /// Take it out of the zone and lock it.
    Suspend {
        /// The name.
        name: DomainName,
    },
    /// Delegate it to a sinkhole's name servers, without a DS, and lock it.
    Sinkhole {
        /// The name.
        name: DomainName,
        /// The sinkhole's.
        name_servers: Vec<DomainName>,
    },
    /// Register it to the registry itself, undelegated and locked, so that nobody else can.
    Block {
        /// The name.
        name: DomainName,
    },
    /// Put everything back as it was before the first instruction; only the moment of the last change tells that it
    /// was not always so.
    Restore {
        /// The name.
        name: DomainName,
    },
}

impl Instruction {
    /// The name that it is about.
    pub fn name(&self) -> &DomainName {
        match self {
            Self::Redirect { name, .. }
            | Self::Suspend { name }
            | Self::Sinkhole { name, .. }
            | Self::Block { name }
            | Self::Restore { name } => name,
        }
    }
}

/// Why a registry does not do what it is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryRefusal {
    /// No registry of the world delegates such a name.
    #[error("no registry delegates {name}")]
    NoRegistry {
        /// The name.
        name: DomainName,
    },
    /// Nobody has registered it.
    #[error("{name} is not registered")]
    Unregistered {
        /// The name.
        name: DomainName,
    },
    /// Somebody has registered it, so it cannot be reserved.
    #[error("{name} is registered already")]
    Taken {
        /// The name.
        name: DomainName,
    },
    /// A name server that the registry does not know, or none at all.
    #[error("{name} cannot be delegated to {host}: no such name server is known")]
    Host {
        /// The name.
        name: DomainName,
        /// The name server.
        host: String,
    },
    /// There is nothing to put back.
    #[error("{name} has not been changed by an instruction")]
    Unchanged {
        /// The name.
        name: DomainName,
    },
}

/// What a registry knows about a registered name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Registration {
    pub name_servers: Arc<[DomainName]>,
    /// Whether there is a DS; it is always that of [`signing_key`].
    pub signed: bool,
    pub hold: bool,
    pub locked: bool,
    pub created: UtcTime,
    pub expires: UtcTime,
    pub changed: UtcTime,
}

impl Registration {
    /// The status values of RFC 8056 section 2 and RFC 9083 section 10.2.2.
    pub(super) fn status(&self) -> Vec<&'static str> {
        let mut status = Vec::new();
        if self.hold {
            status.push("server hold");
        }
        if self.locked {
            status.extend(["server delete prohibited", "server transfer prohibited", "server update prohibited"]);
        }
        if self.name_servers.is_empty() {
            status.push("inactive");
        }
        if status.is_empty() {
            status.push("active");
        }
        status
    }

    fn delegation(&self) -> Option<Delegation> {
        let delegated = !self.hold && !self.name_servers.is_empty();
        delegated.then(|| Delegation { name_servers: Arc::clone(&self.name_servers), signed: self.signed })
    }
}

/// What the parent zone says about a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Delegation {
    pub name_servers: Arc<[DomainName]>,
    pub signed: bool,
}

#[derive(Debug, Default)]
struct Entry {
    now: Option<Registration>,
    /// What it was before the first instruction: `Some(None)` is a name that was free.
    before: Option<Option<Registration>>,
    published: Option<Delegation>,
}

/// A registry: its own zone, its registrations, and what is still to be published.
#[derive(Debug)]
pub(super) struct Parent {
    /// The name servers of the zone itself.
    pub name_servers: Arc<[DomainName]>,
    /// How long caches may keep a delegation, in seconds.
    pub delegation_ttl: u32,
    /// The zone's version.
    pub serial: u32,
    entries: HashMap<Box<str>, Entry>,
    due: BTreeMap<UtcTime, Vec<Box<str>>>,
}

impl Parent {
    pub(super) fn new(name_servers: Arc<[DomainName]>, delegation_ttl: u32) -> Self {
        Self { name_servers, delegation_ttl, serial: 1, entries: HashMap::new(), due: BTreeMap::new() }
    }

    /// Enters a name that has been registered and published long ago.
    pub(super) fn register(&mut self, name: &str, registration: Registration) {
        let published = registration.delegation();
        self.entries.insert(name.into(), Entry { now: Some(registration), before: None, published });
    }

    pub(super) fn registration(&self, name: &str) -> Option<&Registration> {
        self.entries.get(name)?.now.as_ref()
    }

    /// The delegation at or above `name`, below `origin`, with the name at which it is made: the topmost, because a
    /// zone ends at its first cut (RFC 1034 section 4.2).
    pub(super) fn cut<'a>(&self, name: &'a str, origin: &str) -> Option<(&'a str, &Delegation)> {
        ancestors(name)
            .take_while(|ancestor| *ancestor != origin)
            .filter_map(|ancestor| Some((ancestor, self.entries.get(ancestor)?.published.as_ref()?)))
            .last()
    }

    /// Does what it is told: the registration changes now, the zone at `published`.
    pub(super) fn act(&mut self, told: &Instruction, now: UtcTime, published: UtcTime) -> Result<(), RegistryRefusal> {
        let name: Box<str> = told.name().as_str().into();
        let after = self.entries.get(&name).unwrap_or(&Entry::default()).after(told, now)?;
        let entry = self.entries.entry(name.clone()).or_default();
        let before = std::mem::replace(&mut entry.now, after);
        match told {
            Instruction::Restore { .. } => entry.before = None,
            _ => drop(entry.before.get_or_insert(before)),
        }
        self.due.entry(published).or_default().push(name);
        Ok(())
    }

    /// Whether a change waits to be published that should be in the zone by now.
    pub(super) fn is_due(&self, now: UtcTime) -> bool {
        self.due.first_key_value().is_some_and(|(moment, _)| *moment <= now)
    }

    /// Publishes what is due.
    pub(super) fn publish(&mut self, now: UtcTime) {
        while let Some(first) = self.due.first_entry().filter(|first| *first.key() <= now) {
            for name in first.remove() {
                if let Some(entry) = self.entries.get_mut(&name) {
                    entry.published = entry.now.as_ref().and_then(Registration::delegation);
                }
            }
            self.serial = self.serial.wrapping_add(1);
        }
    }
}

impl Entry {
    fn after(&self, told: &Instruction, now: UtcTime) -> Result<Option<Registration>, RegistryRefusal> {
        let name = told.name().clone();
        let existing = || self.now.clone().ok_or_else(|| RegistryRefusal::Unregistered { name: name.clone() });
        Ok(match told {
            Instruction::Redirect { name_servers, remove_ds, .. } => {
                let old = existing()?;
                let signed = old.signed && !remove_ds;
                Some(Registration { name_servers: name_servers.as_slice().into(), signed, ..locked(old, now) })
            }
            Instruction::Sinkhole { name_servers, .. } => {
                let name_servers = name_servers.as_slice().into();
                Some(Registration { name_servers, signed: false, ..locked(existing()?, now) })
            }
            Instruction::Suspend { .. } => Some(Registration { hold: true, ..locked(existing()?, now) }),
            Instruction::Block { .. } if self.now.is_some() => return Err(RegistryRefusal::Taken { name }),
            Instruction::Block { .. } => Some(reserved(now)),
            Instruction::Restore { .. } => {
                let before = self.before.clone().ok_or(RegistryRefusal::Unchanged { name })?;
                before.map(|before| Registration { changed: now, ..before })
            }
        })
    }
}

fn locked(old: Registration, now: UtcTime) -> Registration {
    Registration { locked: true, changed: now, ..old }
}

fn reserved(now: UtcTime) -> Registration {
    Registration {
        name_servers: Arc::new([]),
        signed: false,
        hold: true,
        locked: true,
        created: now,
        // A reservation lasts; ten years is the longest term that registries give (RFC 5731 section 3.2.1 leaves it
        // to them).
        expires: now.plus(std::time::Duration::from_secs(10 * 365 * 86_400)),
        changed: now,
    }
}

/// The key with which the former holder signed a zone: invented, the same for a name each time. Nobody has its secret
/// half.
pub(super) fn signing_key(name: &str) -> DNSKEY {
    /// Zone key and secure entry point (RFC 4034 section 2.1.1).
    const FLAGS: u16 = 257;
    let octets = Digest::of(format!("rehearsal key of {name}")).as_bytes().to_vec();
    DNSKEY::with_flags(FLAGS, PublicKeyBuf::new(octets, Algorithm::ED25519))
}

/// The DS of [`signing_key`]; `None` only for a name that the wire cannot hold.
pub(super) fn signer(name: &str) -> Option<DS> {
    let key = signing_key(name);
    let digest = key.to_digest(&name_of(name)?, DigestType::SHA256).ok()?;
    let tag = key.calculate_key_tag().ok()?;
    Some(DS::new(tag, Algorithm::ED25519, DigestType::SHA256, digest.as_ref().to_vec()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn name(text: &str) -> DomainName {
        text.parse().unwrap()
    }

    fn servers(text: &str) -> Vec<DomainName> {
        text.split(' ').map(name).collect()
    }

    fn time(seconds: i64) -> UtcTime {
        UtcTime::from_unix(seconds)
    }

    fn registry() -> Parent {
        let mut parent = Parent::new(servers("ns.nic.test").into(), 3600);
        let registration = Registration {
            name_servers: servers("ns1.old.test ns2.old.test").into(),
            signed: true,
            hold: false,
            locked: false,
            created: time(0),
            expires: time(1_000_000),
            changed: time(0),
        };
        parent.register("shop.test", registration);
        parent
    }

    #[test]
    fn the_registration_changes_at_once_and_the_zone_when_it_is_published() {
        let mut parent = registry();
        let now = time(1000);
        let told =
            Instruction::Redirect { name: name("shop.test"), name_servers: servers("ns.seized.test"), remove_ds: true };
        parent.act(&told, now, now.plus(Duration::from_secs(300))).unwrap();
        assert_eq!(parent.registration("shop.test").unwrap().name_servers, servers("ns.seized.test").into());
        assert!(!parent.is_due(time(1299)) && parent.is_due(time(1300)));
        parent.publish(time(1299));
        assert!(parent.cut("www.shop.test", "test").unwrap().1.signed);
        parent.publish(time(1300));
        let (at, delegation) = parent.cut("www.shop.test", "test").unwrap();
        assert_eq!((at, delegation.signed), ("shop.test", false));
        assert_eq!(&*delegation.name_servers, servers("ns.seized.test"));
    }

    #[test]
    fn what_is_done_can_be_put_back_and_nothing_is_done_to_the_wrong_name() {
        let mut parent = registry();
        let now = time(1000);
        let before = parent.registration("shop.test").map(|before| Registration { changed: now, ..before.clone() });
        let mut act = |told| parent.act(&told, now, now);
        let (shop, free) = (name("shop.test"), name("free.test"));
        let refused = RegistryRefusal::Unchanged { name: shop.clone() };
        assert_eq!(act(Instruction::Restore { name: shop.clone() }), Err(refused));
        assert!(matches!(act(Instruction::Block { name: shop.clone() }), Err(RegistryRefusal::Taken { .. })));
        assert!(matches!(act(Instruction::Suspend { name: free.clone() }), Err(RegistryRefusal::Unregistered { .. })));
        act(Instruction::Suspend { name: shop.clone() }).unwrap();
        let told = Instruction::Sinkhole { name: shop.clone(), name_servers: servers("ns.hole.test") };
        act(told).unwrap();
        act(Instruction::Block { name: free.clone() }).unwrap();
        act(Instruction::Restore { name: shop }).unwrap();
        parent.publish(now);
        assert_eq!(parent.registration("shop.test").cloned(), before);
        assert!(parent.cut("shop.test", "test").is_some());
        assert!(parent.registration("free.test").is_some() && parent.cut("free.test", "test").is_none());
        parent.act(&Instruction::Restore { name: free }, now, now).unwrap();
        assert!(parent.registration("free.test").is_none());
    }

    #[test]
    fn the_invented_signer_belongs_to_the_invented_key() {
        let ds = signer("shop.test").unwrap();
        assert!(ds.covers(&name_of("shop.test").unwrap(), &signing_key("shop.test")).unwrap());
        assert!(!ds.covers(&name_of("shop.test").unwrap(), &signing_key("other.test")).unwrap());
    }
}

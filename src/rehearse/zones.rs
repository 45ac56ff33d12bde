//! What the authoritative servers of the world say: parents delegate, zones answer, everything else is REFUSED.
//!
//! Zones are not lists of records. All names that met the same fate share one [`Template`], from which the records of
//! a name are made when somebody asks, so that a world of a million names stays small.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use hickory_proto::dnssec::rdata::DNSSECRData;
use hickory_proto::op::ResponseCode;
use hickory_proto::rr::rdata::{A, AAAA, CAA, MX, NS, SOA, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};

use super::registry::{Delegation, Parent, signer, signing_key};
use super::wire::{Answer, Question, Reply, ancestors, is_within, key, name_of};
use crate::clock::{Clock, SimulatedClock, UtcTime};
use crate::domain::DomainName;

/// How long a parent's "no such name" may be kept, in seconds (RFC 2308 section 5).
const PARENT_NEGATIVE_TTL: u32 = 900;

/// How long a name server's address may be kept, in seconds.
const HOST_TTL: u32 = 3600;

/// Whose servers hold a zone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    /// The parent zone of this name; the root is empty.
    Parent(Box<str>),
    /// The former holders' hosting company.
    Old,
    /// The seizure name servers.
    Seizure,
    /// The sinkhole of this short name.
    Sinkhole(String),
    /// Whoever holds the zones of the world's own machines.
    Infrastructure,
}

/// What the zones of names with the same fate look like.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// The zone's own NS.
    pub name_servers: Arc<[DomainName]>,
    /// How long answers may be kept, in seconds.
    pub ttl: u32,
    /// How long negative answers may be kept, in seconds.
    pub negative_ttl: u32,
    /// Where the web site is.
    pub addresses: Vec<IpAddr>,
    /// What stands in it.
    pub content: Content,
}

/// What stands in a zone besides SOA and NS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// The former holder's site, with mail, signed or not.
    Site {
        /// Whether there is a DNSKEY.
        signed: bool,
    },
    /// A notice: web, no mail, nobody may issue certificates but the world's CA.
    Notice {
        /// Whether every name below it is covered.
        subdomains: bool,
    },
    /// A sinkhole: one address for everything.
    Sinkhole,
    /// Machines of the world: the addresses of [`Zones::hosts`].
    Hosts,
}

/// The CA that the notices' CAA records name (RFC 8659).
pub(super) const CA_NAME: &str = "ca.rehearsal.test";

/// Everything that the authoritative servers know.
#[derive(Debug, Default)]
pub(super) struct Zones {
    /// The delegating zones; the root is empty.
    pub parents: BTreeMap<Box<str>, Parent>,
    /// The addresses of the world's own machines.
    pub hosts: BTreeMap<Box<str>, Vec<IpAddr>>,
    leaves: BTreeMap<Holder, HashMap<Box<str>, Arc<Template>>>,
}

enum Held<'a> {
    Parent(&'a Parent),
    Leaf(&'a Template),
}

impl Zones {
    /// Puts a zone on somebody's servers.
    pub(super) fn hold(&mut self, holder: Holder, origin: &str, template: Arc<Template>) {
        self.leaves.entry(holder).or_default().insert(origin.into(), template);
    }

    /// Takes a zone off somebody's servers.
    pub(super) fn release(&mut self, holder: &Holder, origin: &str) {
        if let Some(held) = self.leaves.get_mut(holder) {
            held.remove(origin);
        }
    }

    /// The delegating zone in which `name` is or would be delegated.
    pub(super) fn parent_of(&self, name: &str) -> Option<&str> {
        ancestors(name).skip(1).find_map(|above| self.parents.get_key_value(above)).map(|(zone, _)| &**zone)
    }

    /// Publishes in every parent what is due.
    fn publish(&mut self, now: UtcTime) {
        for parent in self.parents.values_mut() {
            parent.publish(now);
        }
    }

    fn is_due(&self, now: UtcTime) -> bool {
        self.parents.values().any(|parent| parent.is_due(now))
    }

    /// What servers that hold these zones answer.
    fn answer(&self, holders: &[Holder], question: &Question) -> Reply {
        let name = key(&question.name);
        match self.find(holders, &name, question.record_type) {
            Some((origin, Held::Parent(parent))) => self.answer_parent(parent, origin, &name, question),
            Some((origin, Held::Leaf(template))) => self.answer_leaf(template, origin, &name, question),
            None => Reply::code(ResponseCode::Refused),
        }
    }

    /// The closest zone above the question, among those held.
    fn find<'a>(&'a self, holders: &[Holder], name: &'a str, asked: RecordType) -> Option<(&'a str, Held<'a>)> {
        // A DS belongs to the parent's side of a cut (RFC 4035 section 3.1.4.1); the child is asked only for want of
        // a parent.
        let above = |origin: &&str| asked != RecordType::DS || *origin != name;
        let held = |origin| holders.iter().find_map(|holder| Some((origin, self.held(holder, origin)?)));
        ancestors(name).filter(above).find_map(held).or_else(|| ancestors(name).find_map(held))
    }

    fn held(&self, holder: &Holder, origin: &str) -> Option<Held<'_>> {
        match holder {
            Holder::Parent(zone) => (**zone == *origin).then(|| self.parents.get(zone).map(Held::Parent)).flatten(),
            holder => self.leaves.get(holder)?.get(origin).map(|template| Held::Leaf(template)),
        }
    }

    fn answer_parent(&self, parent: &Parent, origin: &str, name: &str, question: &Question) -> Reply {
        match parent.cut(name, origin) {
            Some((at, delegation)) if at == name && question.record_type == RecordType::DS => {
                let signer = delegation.signed.then(|| signer(at)).flatten();
                let data = signer.map(|ds| RData::DNSSEC(DNSSECRData::DS(ds))).into_iter().collect();
                authoritative(question, parent.delegation_ttl, Some(data), parent_soa(parent, origin))
            }
            Some((at, delegation)) => self.referral(parent, origin, at, delegation, question.dnssec_ok),
            None if name == origin => {
                let mut data = name_server_data(&parent.name_servers);
                data.extend(parent_soa(parent, origin).map(|soa| soa.data));
                authoritative(question, parent.delegation_ttl, Some(data), parent_soa(parent, origin))
            }
            None => authoritative(question, 0, None, parent_soa(parent, origin)),
        }
    }

    fn referral(&self, parent: &Parent, origin: &str, at: &str, to: &Delegation, dnssec_ok: bool) -> Reply {
        let ttl = parent.delegation_ttl;
        let Some(owner) = name_of(at) else { return Reply::code(ResponseCode::ServFail) };
        let mut data = name_server_data(&to.name_servers);
        if dnssec_ok && to.signed {
            data.extend(signer(at).map(|ds| RData::DNSSEC(DNSSECRData::DS(ds))));
        }
        let authorities = data.into_iter().map(|data| Record::from_rdata(owner.clone(), ttl, data)).collect();
        // Glue for what stands below this zone; the rest is found by asking for it (RFC 9471).
        let glued = to.name_servers.iter().filter(|host| is_within(host.as_str(), origin));
        let additionals = glued.flat_map(|host| self.glue(host.as_str(), ttl)).collect();
        Reply { authorities, additionals, ..Reply::code(ResponseCode::NoError) }
    }

    fn glue(&self, host: &str, ttl: u32) -> Vec<Record> {
        let Some(owner) = name_of(host) else { return Vec::new() };
        let addresses = self.hosts.get(host).map_or(&[][..], Vec::as_slice);
        addresses.iter().map(|address| Record::from_rdata(owner.clone(), ttl, address_data(*address))).collect()
    }

    fn answer_leaf(&self, template: &Template, origin: &str, name: &str, question: &Question) -> Reply {
        let data = self.data_at(template, origin, name);
        let soa = soa(origin, template.name_servers.first(), 1, template.negative_ttl)
            .and_then(|soa| Some(Record::from_rdata(name_of(origin)?, template.negative_ttl, RData::SOA(soa))));
        let ttl = if template.content == Content::Hosts { HOST_TTL } else { template.ttl };
        authoritative(question, ttl, data, soa)
    }

    /// Everything that stands at a name; `None` where the name does not exist.
    fn data_at(&self, template: &Template, origin: &str, name: &str) -> Option<Vec<RData>> {
        let web = || template.addresses.iter().map(|address| address_data(*address));
        let front = name.strip_suffix(origin).unwrap_or(name).trim_end_matches('.');
        let mut data: Vec<RData> = match (template.content, front) {
            (Content::Hosts, _) => return self.machines_at(template, origin, name),
            (Content::Sinkhole, _) => web().collect(),
            (Content::Site { .. }, "") => web().chain(mail(origin)).chain(text("v=spf1 mx -all")).collect(),
            (Content::Site { .. }, "www" | "mail") => return Some(web().collect()),
            (Content::Site { .. }, _) => return None,
            (Content::Notice { .. }, "") => web().chain(no_mail()).chain(issuer()).collect(),
            // RFC 7489 section 6.1: whoever gets mail in the name's name is to throw it away.
            (Content::Notice { .. }, "_dmarc") => return Some(text("v=DMARC1; p=reject").collect()),
            (Content::Notice { .. }, below) if below.ends_with("._dmarc") => return None,
            (Content::Notice { subdomains: false }, "www") => return Some(web().chain(no_mail()).collect()),
            (Content::Notice { subdomains: false }, _) => return None,
            // The wildcard of RFC 4592 reaches down through every level.
            (Content::Notice { subdomains: true }, _) => return Some(web().chain(no_mail()).collect()),
        };
        if front.is_empty() {
            data.extend(apex(template, origin));
        }
        Some(data)
    }

    fn machines_at(&self, template: &Template, origin: &str, name: &str) -> Option<Vec<RData>> {
        let mut data = Vec::new();
        if name == origin {
            data.extend(apex(template, origin));
        }
        data.extend(self.hosts.get(name).into_iter().flatten().map(|address| address_data(*address)));
        let has_names_below = || self.hosts.keys().any(|host| is_within(host, name));
        (!data.is_empty() || has_names_below()).then_some(data)
    }
}

/// The answer of a server that has the zone: what there is of the type asked for, or the SOA that says how long its
/// absence may be believed (RFC 2308).
fn authoritative(question: &Question, ttl: u32, data: Option<Vec<RData>>, soa: Option<Record>) -> Reply {
    let code = if data.is_some() { ResponseCode::NoError } else { ResponseCode::NXDomain };
    let asked = data.into_iter().flatten().filter(|data| data.record_type() == question.record_type);
    let answers: Vec<_> = asked.map(|data| Record::from_rdata(question.name.clone(), ttl, data)).collect();
    let authorities = if answers.is_empty() { Vec::from_iter(soa) } else { Vec::new() };
    Reply { authoritative: true, answers, authorities, ..Reply::code(code) }
}

fn apex(template: &Template, origin: &str) -> Vec<RData> {
    let mut data = name_server_data(&template.name_servers);
    data.extend(soa(origin, template.name_servers.first(), 1, template.negative_ttl).map(RData::SOA));
    if template.content == (Content::Site { signed: true }) {
        data.push(RData::DNSSEC(DNSSECRData::DNSKEY(signing_key(origin))));
    }
    data
}

fn parent_soa(parent: &Parent, origin: &str) -> Option<Record> {
    let soa = soa(origin, parent.name_servers.first(), parent.serial, PARENT_NEGATIVE_TTL)?;
    Some(Record::from_rdata(name_of(origin)?, PARENT_NEGATIVE_TTL, RData::SOA(soa)))
}

fn soa(origin: &str, primary: Option<&DomainName>, serial: u32, negative_ttl: u32) -> Option<SOA> {
    let below = |label: &str| name_of(&[label, origin].join(".")).filter(|_| !origin.is_empty());
    let primary = name_of(primary?.as_str())?;
    // A zone whose name leaves no room for a mailbox names its primary server's.
    let mailbox = below("hostmaster").unwrap_or_else(|| primary.clone());
    Some(SOA::new(primary, mailbox, serial, 1800, 900, 604_800, negative_ttl))
}

fn name_server_data(name_servers: &[DomainName]) -> Vec<RData> {
    name_servers.iter().filter_map(|host| Some(RData::NS(NS(name_of(host.as_str())?)))).collect()
}

fn address_data(address: IpAddr) -> RData {
    match address {
        IpAddr::V4(address) => RData::A(A(address)),
        IpAddr::V6(address) => RData::AAAA(AAAA(address)),
    }
}

fn text(words: &str) -> impl Iterator<Item = RData> + use<> {
    std::iter::once(RData::TXT(TXT::new(vec![words.to_owned()])))
}

fn mail(origin: &str) -> Option<RData> {
    Some(RData::MX(MX::new(10, name_of(&format!("mail.{origin}"))?)))
}

/// Takes no mail (RFC 7505), and sends none (RFC 7208 section 10.1.2).
fn no_mail() -> impl Iterator<Item = RData> {
    std::iter::once(RData::MX(MX::new(0, Name::root()))).chain(text("v=spf1 -all"))
}

fn issuer() -> Option<RData> {
    // The issuer's name is text in a CAA record (RFC 8659 section 4.2), and written without the dot of the root.
    Some(RData::CAA(CAA::new_issue(false, Some(Name::from_ascii(CA_NAME).ok()?), Vec::new())))
}

/// One authoritative server.
pub(super) struct Authority {
    pub zones: Arc<RwLock<Zones>>,
    pub holders: Vec<Holder>,
    pub clock: SimulatedClock,
}

impl Answer for Authority {
    async fn answer(&self, question: &Question) -> Reply {
        publish_due(&self.zones, self.clock.now());
        self.zones.read().unwrap_or_else(PoisonError::into_inner).answer(&self.holders, question)
    }
}

/// Brings every zone up to date.
pub(super) fn publish_due(zones: &RwLock<Zones>, now: UtcTime) {
    if zones.read().unwrap_or_else(PoisonError::into_inner).is_due(now) {
        zones.write().unwrap_or_else(PoisonError::into_inner).publish(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Arc<[DomainName]> {
        text.split(' ').map(|name| name.parse().unwrap()).collect::<Vec<_>>().into()
    }

    fn zones() -> Zones {
        let mut zones = Zones::default();
        let template = |content| {
            let addresses = vec!["192.0.2.80".parse().unwrap(), "2001:db8::80".parse().unwrap()];
            Arc::new(Template { name_servers: names("ns.seized.test"), ttl: 60, negative_ttl: 30, addresses, content })
        };
        zones.hold(Holder::Seizure, "shop.test", template(Content::Notice { subdomains: false }));
        zones.hold(Holder::Seizure, "wide.test", template(Content::Notice { subdomains: true }));
        zones.hold(Holder::Old, "shop.test", template(Content::Site { signed: true }));
        zones.hold(Holder::Sinkhole("hole".into()), "bot.test", template(Content::Sinkhole));
        zones.hold(Holder::Infrastructure, "seized.test", template(Content::Hosts));
        zones.hosts.insert("ns.a.seized.test".into(), vec!["192.0.2.53".parse().unwrap()]);
        zones
    }

    #[test]
    fn every_type_is_answered_on_purpose() {
        use Holder::{Infrastructure, Old, Seizure};
        let zones = zones();
        let hole = || Holder::Sinkhole("hole".into());
        // Holder, name, type, response code, answers.
        let cases = [
            (Seizure, "shop.test", RecordType::A, ResponseCode::NoError, 1),
            (Seizure, "shop.test", RecordType::AAAA, ResponseCode::NoError, 1),
            (Seizure, "shop.test", RecordType::MX, ResponseCode::NoError, 1),
            (Seizure, "shop.test", RecordType::TXT, ResponseCode::NoError, 1),
            (Seizure, "shop.test", RecordType::CAA, ResponseCode::NoError, 1),
            (Seizure, "shop.test", RecordType::NS, ResponseCode::NoError, 1),
            (Seizure, "shop.test", RecordType::SOA, ResponseCode::NoError, 1),
            (Seizure, "shop.test", RecordType::HTTPS, ResponseCode::NoError, 0),
            (Seizure, "shop.test", RecordType::DNSKEY, ResponseCode::NoError, 0),
            (Seizure, "shop.test", RecordType::DS, ResponseCode::NoError, 0),
            (Seizure, "www.shop.test", RecordType::A, ResponseCode::NoError, 1),
            (Seizure, "_dmarc.shop.test", RecordType::TXT, ResponseCode::NoError, 1),
            (Seizure, "_dmarc.shop.test", RecordType::A, ResponseCode::NoError, 0),
            (Seizure, "any.shop.test", RecordType::A, ResponseCode::NXDomain, 0),
            (Seizure, "any.thing.wide.test", RecordType::A, ResponseCode::NoError, 1),
            (Seizure, "www.wide.test", RecordType::HTTPS, ResponseCode::NoError, 0),
            (Seizure, "a._dmarc.wide.test", RecordType::TXT, ResponseCode::NXDomain, 0),
            (Seizure, "notshop.test", RecordType::A, ResponseCode::Refused, 0),
            (Seizure, "test", RecordType::SOA, ResponseCode::Refused, 0),
            (Old, "shop.test", RecordType::DNSKEY, ResponseCode::NoError, 1),
            (Old, "mail.shop.test", RecordType::A, ResponseCode::NoError, 1),
            (Old, "wide.test", RecordType::A, ResponseCode::Refused, 0),
            (hole(), "a.b.bot.test", RecordType::A, ResponseCode::NoError, 1),
            (hole(), "shop.test", RecordType::A, ResponseCode::Refused, 0),
            (Infrastructure, "ns.a.seized.test", RecordType::A, ResponseCode::NoError, 1),
            (Infrastructure, "a.seized.test", RecordType::A, ResponseCode::NoError, 0),
            (Infrastructure, "b.seized.test", RecordType::A, ResponseCode::NXDomain, 0),
        ];
        for (holder, name, record_type, code, answers) in cases {
            let question = Question { name: name_of(name).unwrap(), record_type, dnssec_ok: false };
            let reply = zones.answer(std::slice::from_ref(&holder), &question);
            assert_eq!((reply.code, reply.answers.len()), (code, answers), "{holder:?} {name} {record_type}");
            let said = code != ResponseCode::Refused;
            assert_eq!(reply.authoritative, said, "{name} {record_type}");
            // Whoever has nothing says for how long.
            assert_eq!(reply.authorities.len(), usize::from(said && answers == 0), "{name} {record_type}");
        }
    }
}

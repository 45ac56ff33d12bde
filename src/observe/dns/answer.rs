//! DNS answers as small types of our own, apart from the codec's.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use hickory_proto::dnssec::rdata::DNSSECRData;
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr as wire;
use hickory_proto::rr::rdata::svcb::SvcParamValue;
use hickory_proto::serialize::binary::BinEncodable;

use super::QueryName;
use crate::domain::{DomainName, excerpt};
use crate::observe::observation::Finding;

/// The types of record that an operation looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordType {
    /// IPv4 address.
    A,
    /// IPv6 address.
    Aaaa,
    /// Name server.
    Ns,
    /// Delegation signer, held by the parent (RFC 4034 section 5).
    Ds,
    /// Mail exchange.
    Mx,
    /// Text.
    Txt,
    /// Start of authority.
    Soa,
    /// Certification authority authorization (RFC 8659).
    Caa,
    /// Service binding for HTTPS (RFC 9460).
    Https,
    /// Alias.
    Cname,
}

impl RecordType {
    pub(super) fn to_wire(self) -> wire::RecordType {
        match self {
            Self::A => wire::RecordType::A,
            Self::Aaaa => wire::RecordType::AAAA,
            Self::Ns => wire::RecordType::NS,
            Self::Ds => wire::RecordType::DS,
            Self::Mx => wire::RecordType::MX,
            Self::Txt => wire::RecordType::TXT,
            Self::Soa => wire::RecordType::SOA,
            Self::Caa => wire::RecordType::CAA,
            Self::Https => wire::RecordType::HTTPS,
            Self::Cname => wire::RecordType::CNAME,
        }
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_wire())
    }
}

/// A name as it stands in a record: lower case, no trailing dot (`.` for the root), unusual octets escaped.
///
/// Records may hold names that are no host names (`_dmarc`), so this is not a [`DomainName`], and cannot be asked about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordName(Box<str>);

impl RecordName {
    fn from_wire(name: &wire::Name) -> Self {
        let text = name.to_ascii().to_ascii_lowercase();
        match text.strip_suffix('.') {
            Some("") | None => Self(text.into()),
            Some(bare) => Self(bare.into()),
        }
    }

    /// A name as it stands in a text, such as an RDAP answer.
    pub(in crate::observe) fn from_text(text: &str) -> Self {
        let bare = text.strip_suffix('.').filter(|bare| !bare.is_empty()).unwrap_or(text);
        Self(excerpt(&bare.to_ascii_lowercase()).into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as one that can be asked about; `None` when it is no host name, or under `.onion`.
    pub fn to_domain(&self) -> Option<DomainName> {
        DomainName::parse(&self.0).ok()
    }
}

impl From<&DomainName> for RecordName {
    fn from(name: &DomainName) -> Self {
        Self(name.as_str().into())
    }
}

impl From<&QueryName> for RecordName {
    fn from(name: &QueryName) -> Self {
        Self(name.as_str().into())
    }
}

impl PartialEq<QueryName> for RecordName {
    fn eq(&self, other: &QueryName) -> bool {
        *self.0 == *other.as_str()
    }
}

impl PartialEq<DomainName> for RecordName {
    fn eq(&self, other: &DomainName) -> bool {
        *self.0 == *other.as_str()
    }
}

impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// Whose it is.
    pub owner: RecordName,
    /// How long it may be kept.
    pub ttl: Duration,
    /// What it says.
    pub data: RecordData,
}

/// A delegation signer: the digest of a child zone's key, as its parent holds it (RFC 4034 section 5.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ds {
    /// The key's tag.
    pub key_tag: u16,
    /// The key's algorithm.
    pub algorithm: u8,
    /// The digest's algorithm.
    pub digest_type: u8,
    /// The digest.
    pub digest: Vec<u8>,
}

impl fmt::Display for Ds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key_tag, algorithm, digest_type, digest } = self;
        write!(f, "{key_tag} {algorithm} {digest_type} {}", data_encoding::HEXLOWER.encode(digest))
    }
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordData {
    /// IPv4 address.
    A(Ipv4Addr),
    /// IPv6 address.
    Aaaa(Ipv6Addr),
    /// Name server.
    Ns(RecordName),
    /// Alias.
    Cname(RecordName),
    /// Delegation signer.
    Ds(Ds),
    /// Mail exchange. `0 .` says that the name takes no mail (RFC 7505).
    Mx {
        /// Lower is tried first.
        preference: u16,
        /// The host.
        exchange: RecordName,
    },
    /// Text, in its character strings.
    Txt(Vec<Vec<u8>>),
    /// Start of authority.
    Soa {
        /// The primary server.
        primary: RecordName,
        /// The version of the zone.
        serial: u32,
        /// How long a negative answer may be kept (RFC 2308 section 4).
        negative_ttl: Duration,
    },
    /// Certification authority authorization.
    Caa {
        /// Whether an issuer that does not know the tag must refuse.
        critical: bool,
        /// `issue`, `issuewild`, `iodef`, ...
        tag: String,
        /// Its value.
        value: Vec<u8>,
    },
    /// Service binding. Browsers follow it before A and AAAA, so a stale one leads visitors past a notice.
    Https {
        /// 0 is an alias.
        priority: u16,
        /// The host, `.` for the owner itself.
        target: RecordName,
        /// The address hints.
        hints: BTreeSet<IpAddr>,
    },
    /// Any other type.
    Other {
        /// Its number.
        record_type: u16,
        /// Its octets, names uncompressed.
        data: Vec<u8>,
    },
}

impl RecordData {
    fn is_of(&self, record_type: RecordType) -> bool {
        matches!(
            (self, record_type),
            (Self::A(_), RecordType::A)
                | (Self::Aaaa(_), RecordType::Aaaa)
                | (Self::Ns(_), RecordType::Ns)
                | (Self::Cname(_), RecordType::Cname)
                | (Self::Ds(_), RecordType::Ds)
                | (Self::Mx { .. }, RecordType::Mx)
                | (Self::Txt(_), RecordType::Txt)
                | (Self::Soa { .. }, RecordType::Soa)
                | (Self::Caa { .. }, RecordType::Caa)
                | (Self::Https { .. }, RecordType::Https)
        )
    }

    /// The address of an A or AAAA record.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::A(address) => Some(IpAddr::V4(*address)),
            Self::Aaaa(address) => Some(IpAddr::V6(*address)),
            _ => None,
        }
    }
}

impl fmt::Display for RecordData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::A(address) => write!(f, "{address}"),
            Self::Aaaa(address) => write!(f, "{address}"),
            Self::Ns(name) | Self::Cname(name) => write!(f, "{name}"),
            Self::Ds(ds) => write!(f, "{ds}"),
            Self::Mx { preference, exchange } => write!(f, "{preference} {exchange}"),
            Self::Txt(strings) => {
                let joined: Vec<String> = strings.iter().map(|text| quoted(text)).collect();
                f.write_str(&joined.join(" "))
            }
            Self::Soa { primary, serial, .. } => write!(f, "{primary} {serial}"),
            Self::Caa { critical, tag, value } => {
                write!(f, "{} {} {}", if *critical { 128 } else { 0 }, excerpt(tag), quoted(value))
            }
            Self::Https { priority, target, hints } => {
                write!(f, "{priority} {target}")?;
                hints.iter().try_for_each(|hint| write!(f, " {hint}"))
            }
            Self::Other { record_type, data } => {
                write!(f, "TYPE{record_type} {}", data_encoding::HEXLOWER.encode(data))
            }
        }
    }
}

fn quoted(octets: &[u8]) -> String {
    format!("\"{}\"", octets.escape_ascii())
}

impl Record {
    fn from_wire(record: &wire::Record) -> Option<Self> {
        // RFC 2181 section 8: a lifetime with the highest bit set counts as zero.
        let seconds = if record.ttl > i32::MAX.unsigned_abs() { 0 } else { record.ttl };
        Some(Self {
            owner: RecordName::from_wire(&record.name),
            ttl: Duration::from_secs(seconds.into()),
            data: data_from_wire(&record.data)?,
        })
    }
}

/// `None` for what the codec cannot write out again.
fn data_from_wire(data: &wire::RData) -> Option<RecordData> {
    Some(match data {
        wire::RData::A(a) => RecordData::A(a.0),
        wire::RData::AAAA(aaaa) => RecordData::Aaaa(aaaa.0),
        wire::RData::NS(ns) => RecordData::Ns(RecordName::from_wire(&ns.0)),
        wire::RData::CNAME(cname) => RecordData::Cname(RecordName::from_wire(&cname.0)),
        wire::RData::DNSSEC(DNSSECRData::DS(ds)) => RecordData::Ds(Ds {
            key_tag: ds.key_tag(),
            algorithm: ds.algorithm().into(),
            digest_type: ds.digest_type().into(),
            digest: ds.digest().to_vec(),
        }),
        wire::RData::MX(mx) => {
            RecordData::Mx { preference: mx.preference, exchange: RecordName::from_wire(&mx.exchange) }
        }
        wire::RData::TXT(txt) => RecordData::Txt(txt.txt_data.iter().map(|text| text.to_vec()).collect()),
        wire::RData::SOA(soa) => RecordData::Soa {
            primary: RecordName::from_wire(&soa.mname),
            serial: soa.serial,
            negative_ttl: Duration::from_secs(soa.minimum.into()),
        },
        wire::RData::CAA(caa) => {
            RecordData::Caa { critical: caa.issuer_critical, tag: caa.tag.clone(), value: caa.value.clone() }
        }
        wire::RData::HTTPS(https) => RecordData::Https {
            priority: https.0.svc_priority,
            target: RecordName::from_wire(&https.0.target_name),
            hints: https.0.svc_params.iter().flat_map(|(_, value)| hints(value)).collect(),
        },
        other => RecordData::Other { record_type: other.record_type().into(), data: other.to_bytes().ok()? },
    })
}

fn hints(value: &SvcParamValue) -> Vec<IpAddr> {
    match value {
        SvcParamValue::Ipv4Hint(list) => list.0.iter().map(|a| IpAddr::V4(a.0)).collect(),
        SvcParamValue::Ipv6Hint(list) => list.0.iter().map(|aaaa| IpAddr::V6(aaaa.0)).collect(),
        _ => Vec::new(),
    }
}

/// The word for a response code.
pub(crate) fn rcode_name(rcode: u16) -> String {
    match rcode {
        0 => "NOERROR".to_owned(),
        1 => "FORMERR".to_owned(),
        2 => "SERVFAIL".to_owned(),
        3 => "NXDOMAIN".to_owned(),
        4 => "NOTIMP".to_owned(),
        5 => "REFUSED".to_owned(),
        9 => "NOTAUTH".to_owned(),
        other => format!("RCODE{other}"),
    }
}

/// What a server says about a name and a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameStatus {
    /// There are records of the type.
    Exists,
    /// The name exists, and has no record of the type (RFC 2308 section 2.2).
    NoData,
    /// The name is an alias, and the answer holds no record of the type at its end: there is none, or it is elsewhere.
    Alias,
    /// There is no such name (RFC 2308 section 2.1).
    NxDomain,
    /// The server does not hold the name, and points to those that do (RFC 1034 section 4.3.1).
    Referral,
}

impl fmt::Display for NameStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exists => "exists",
            Self::NoData => "no such record",
            Self::Alias => "alias",
            Self::NxDomain => "no such name",
            Self::Referral => "referral",
        })
    }
}

/// A DNS answer with response code NOERROR or NXDOMAIN; all others are [`Unknown`](crate::observe::Unknown).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsAnswer {
    /// The name asked for.
    pub name: QueryName,
    /// The type asked for.
    pub record_type: RecordType,
    /// Whether the code is NXDOMAIN.
    pub nxdomain: bool,
    /// Whether the server answers as an authority (RFC 1035 section 4.1.1, AA).
    pub authoritative: bool,
    /// Whether the server offers to find out by itself (RA).
    pub recursion_available: bool,
    /// The answer section.
    pub answers: Vec<Record>,
    /// The authority section.
    pub authority: Vec<Record>,
    /// The additional section, without OPT.
    pub additional: Vec<Record>,
}

/// The most aliases that are followed within one answer; resolvers stop at about as many.
const ALIASES_MAX: usize = 16;

impl DnsAnswer {
    pub(super) fn from_wire(name: &QueryName, record_type: RecordType, message: &Message) -> Self {
        let records = |section: &[wire::Record]| section.iter().filter_map(Record::from_wire).collect();
        Self {
            name: name.clone(),
            record_type,
            nxdomain: message.metadata.response_code == ResponseCode::NXDomain,
            authoritative: message.metadata.authoritative,
            recursion_available: message.metadata.recursion_available,
            answers: records(&message.answers),
            authority: records(&message.authorities),
            additional: records(&message.additionals),
        }
    }

    /// What the answer says about the name and type asked for.
    pub fn status(&self) -> NameStatus {
        if self.records().next().is_some() {
            NameStatus::Exists
        } else if self.canonical_name() != self.name {
            // NXDOMAIN then speaks of the alias's end (RFC 6604 section 3), not of the name.
            NameStatus::Alias
        } else if self.nxdomain {
            NameStatus::NxDomain
        } else if self.referral().is_some() {
            NameStatus::Referral
        } else {
            NameStatus::NoData
        }
    }

    /// The name that the answer's records have, after the aliases in it (RFC 1034 section 3.6.2).
    pub fn canonical_name(&self) -> RecordName {
        let mut name = RecordName::from(&self.name);
        if self.record_type == RecordType::Cname {
            return name;
        }
        for _ in 0..ALIASES_MAX {
            let alias = self.answers.iter().find_map(|record| match &record.data {
                RecordData::Cname(target) if record.owner == name => Some(target),
                _ => None,
            });
            match alias {
                Some(target) => name = target.clone(),
                None => break,
            }
        }
        name
    }

    /// The records that answer the question, at the end of the aliases.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        let owner = self.canonical_name();
        self.answers.iter().filter(move |record| record.owner == owner && record.data.is_of(self.record_type))
    }

    /// What those records say; of an alias without them, the aliases.
    pub fn data(&self) -> BTreeSet<RecordData> {
        if self.status() == NameStatus::Alias {
            let aliases = self.answers.iter().filter(|record| record.data.is_of(RecordType::Cname));
            return aliases.map(|record| record.data.clone()).collect();
        }
        self.records().map(|record| record.data.clone()).collect()
    }

    /// The zone that a referral points to; `None` when the answer is none.
    pub fn referral(&self) -> Option<&RecordName> {
        let has_soa = self.authority.iter().any(|record| matches!(record.data, RecordData::Soa { .. }));
        if self.authoritative || has_soa || self.nxdomain || !self.answers.is_empty() {
            return None;
        }
        self.authority.iter().find(|record| matches!(record.data, RecordData::Ns(_))).map(|record| &record.owner)
    }

    /// The name servers of `zone` that the answer names, in the answer or in the referral.
    pub fn name_servers(&self, zone: &RecordName) -> BTreeSet<RecordName> {
        let of_zone = self.answers.iter().chain(&self.authority).filter(|record| record.owner == *zone);
        of_zone
            .filter_map(|record| match &record.data {
                RecordData::Ns(server) => Some(server.clone()),
                _ => None,
            })
            .collect()
    }

    /// The addresses that the additional section holds for `host`: glue, when the answer is a referral.
    pub fn glue(&self, host: &RecordName) -> BTreeSet<IpAddr> {
        let of_host = self.additional.iter().filter(|record| record.owner == *host);
        of_host.filter_map(|record| record.data.address()).collect()
    }

    /// The delegation signers among the answer's records.
    pub fn delegation_signers(&self) -> BTreeSet<Ds> {
        let signers = self.records().filter_map(|record| match &record.data {
            RecordData::Ds(ds) => Some(ds.clone()),
            _ => None,
        });
        signers.collect()
    }

    /// How long the answer may be kept: the least of its records, or for a negative answer what RFC 2308 section 5 says.
    /// `None` when it says nothing about that.
    pub fn ttl(&self) -> Option<Duration> {
        match self.status() {
            NameStatus::Exists | NameStatus::Alias => self.answers.iter().map(|record| record.ttl).min(),
            NameStatus::Referral => self.authority.iter().map(|record| record.ttl).min(),
            NameStatus::NoData | NameStatus::NxDomain => self.authority.iter().find_map(|record| match &record.data {
                RecordData::Soa { negative_ttl, .. } => Some(record.ttl.min(*negative_ttl)),
                _ => None,
            }),
        }
    }
}

impl Finding for DnsAnswer {
    fn in_words(&self) -> String {
        let shown: Vec<String> = match (self.status(), self.referral()) {
            (NameStatus::Exists, _) => self.records().map(|record| record.data.to_string()).collect(),
            (NameStatus::Alias, _) => vec![format!("alias of {}", self.canonical_name())],
            (status, Some(zone)) => {
                let servers = self.name_servers(zone).iter().map(ToString::to_string).collect::<Vec<_>>();
                vec![format!("{status} of {zone} to {}", servers.join(", "))]
            }
            (status, None) => vec![status.to_string()],
        };
        shown.join(", ")
    }

    fn wire(&self) -> serde_json::Value {
        let section = |records: &[Record]| -> Vec<serde_json::Value> {
            let line = |record: &Record| {
                let Record { owner, ttl, data } = record;
                serde_json::json!({"owner": owner.as_str(), "ttl_seconds": ttl.as_secs(), "data": data.to_string()})
            };
            records.iter().map(line).collect()
        };
        serde_json::json!({
            "status": self.status().to_string(),
            "authoritative": self.authoritative,
            "answers": section(&self.answers),
            "authority": section(&self.authority),
            "additional": section(&self.additional),
        })
    }
}

//! The machines: registries, name servers, sinkholes, notice hosts and resolvers.

use std::net::{IpAddr, SocketAddr};

use crate::domain::DomainName;

use super::Id;
use super::problem::{Code, Problems};
use super::spec::{NameServerSpec, NoticeHostSpec, ObserveSpec, Placed, RegistrySpec, SinkholeSpec};
use super::values::{address, addresses, domain, email, https, identifier, resolver, unique};

/// The parent side of targets: a zone, its operator, and where to ask it.
#[derive(Debug, Clone)]
pub struct Registry {
    /// The zone in which it delegates: `example`.
    pub zone: DomainName,
    /// Its operator's name.
    pub name: String,
    /// Addresses of its name servers; empty: found through the resolvers.
    pub name_servers: Vec<IpAddr>,
    /// Base address of its RDAP service, ending in a slash (RFC 9224 section 3).
    pub rdap: Option<String>,
    /// Where instructions go.
    pub email: Option<String>,
}

/// A name server of ours or of a sinkhole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameServer {
    /// Its name.
    pub name: DomainName,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
}

/// A sinkhole run by a partner.
#[derive(Debug, Clone)]
pub struct Sinkhole {
    /// Its short name.
    pub id: Id,
    /// Who runs it.
    pub operator: String,
    /// Its name servers.
    pub name_servers: Vec<NameServer>,
}

/// A machine that serves the notices.
#[derive(Debug, Clone)]
pub struct NoticeHost {
    /// Its short name.
    pub id: Id,
    /// Its addresses; ports 80 and 443.
    pub addresses: Vec<IpAddr>,
}

pub(super) fn registries(problems: &mut Problems, specs: &[Placed<RegistrySpec>]) -> Vec<Registry> {
    unique(problems, "registry for", specs.iter().map(|spec| &spec.zone));
    specs.iter().filter_map(|spec| registry(problems, spec)).collect()
}

fn registry(problems: &mut Problems, spec: &RegistrySpec) -> Option<Registry> {
    let zone = domain(problems, &spec.zone);
    let name_servers = spec.name_servers.iter().filter_map(|text| address(problems, text)).collect();
    let rdap = spec.rdap.as_ref().and_then(|text| rdap(problems, text));
    let email = spec.email.as_ref().and_then(|text| email(problems, text));
    Some(Registry { zone: zone?, name: spec.name.value.clone(), name_servers, rdap, email })
}

fn rdap(problems: &mut Problems, text: &Placed<String>) -> Option<String> {
    let (url, _) = https(problems, text)?;
    if !url.ends_with('/') {
        // RFC 9224 section 3: the base address ends in a slash, and the rest is put after it.
        problems.add(Code::Url, text, "the address of an RDAP service ends in a slash", format!("write \"{url}/\""));
        return None;
    }
    Some(url)
}

pub(super) fn name_servers(problems: &mut Problems, specs: &[Placed<NameServerSpec>]) -> Vec<NameServer> {
    unique(problems, "name server", specs.iter().map(|spec| &spec.name));
    specs.iter().filter_map(|spec| name_server(problems, spec)).collect()
}

fn name_server(problems: &mut Problems, spec: &NameServerSpec) -> Option<NameServer> {
    let name = domain(problems, &spec.name);
    let addresses = addresses(problems, &spec.addresses);
    public(problems, &spec.addresses);
    Some(NameServer { name: name?, addresses })
}

pub(super) fn sinkholes(problems: &mut Problems, specs: &[Placed<SinkholeSpec>]) -> Vec<Sinkhole> {
    unique(problems, "sinkhole", specs.iter().map(|spec| &spec.id));
    specs.iter().filter_map(|spec| sinkhole(problems, spec)).collect()
}

fn sinkhole(problems: &mut Problems, spec: &SinkholeSpec) -> Option<Sinkhole> {
    let id = identifier(problems, &spec.id);
    let name_servers = name_servers(problems, &spec.name_servers);
    if spec.name_servers.is_empty() {
        let help = "write name-servers = [{ name = \"ns1.sinkhole.example\", addresses = [\"192.0.2.7\"] }]";
        problems.add(Code::NoNameServers, &spec.name_servers, "the sinkhole has no name servers", help);
    }
    Some(Sinkhole { id: id?, operator: spec.operator.value.clone(), name_servers })
}

/// Notes addresses to which the public is led and which it does not reach.
pub(super) fn public(problems: &mut Problems, texts: &[Placed<String>]) {
    for text in texts {
        let Some(kind) = text.parse().ok().and_then(not_public) else { continue };
        let message = format!("`{}` is {kind}: the public does not reach it", text.value);
        problems.add(
            Code::PrivateAddress,
            text,
            message,
            "write the address that the machine has on the public internet",
        );
    }
}

/// What an address is that leads nobody to the machine across the internet (the IANA special-purpose registries, RFC 6890), in words.
/// Those for documentation are not among them.
fn not_public(ip: IpAddr) -> Option<&'static str> {
    match ip.to_canonical() {
        IpAddr::V4(v4) => match v4.octets() {
            [127, ..] => Some("a loopback address"),
            [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("a private address (RFC 1918)"),
            [169, 254, ..] => Some("a link-local address"),
            [100, 64..=127, ..] => Some("an address within a carrier's network (RFC 6598)"),
            [0 | 240..=255, ..] => Some("a reserved address"),
            _ => None,
        },
        IpAddr::V6(v6) if v6.is_loopback() => Some("a loopback address"),
        IpAddr::V6(v6) => match v6.segments() {
            [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Some("a private address (RFC 4193)"),
            [0xfe80..=0xfebf, ..] => Some("a link-local address"),
            _ => None,
        },
    }
}

pub(super) fn notice_hosts(problems: &mut Problems, specs: &[Placed<NoticeHostSpec>]) -> Vec<NoticeHost> {
    unique(problems, "notice host", specs.iter().map(|spec| &spec.id));
    let host = |spec: &Placed<NoticeHostSpec>| {
        let id = identifier(problems, &spec.id);
        let addresses = addresses(problems, &spec.addresses);
        Some(NoticeHost { id: id?, addresses })
    };
    specs.iter().filter_map(host).collect()
}

pub(super) fn resolvers(problems: &mut Problems, spec: Option<&ObserveSpec>) -> Vec<SocketAddr> {
    spec.into_iter().flat_map(|spec| &spec.resolvers).filter_map(|text| resolver(problems, text)).collect()
}

//! The machines: registries, name servers, sinkholes, notice hosts and resolvers.

use std::net::SocketAddr;

use super::problem::{Code, Problems};
use super::spec::{NameServerSpec, NoticeHostSpec, ObserveSpec, Placed, RegistrySpec, SinkholeSpec};
use super::values::{address, addresses, domain, email, https, identifier, resolver, unique};
use super::{NameServer, NoticeHost, Registry, Sinkhole};

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

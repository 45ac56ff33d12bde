//! The registries' registration data over RDAP (RFC 9082, RFC 9083).

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use http::header::HOST;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use serde_json::{Value, json};

use super::hosts::{Pages, response};
use super::registry::{Registration, signer};
use super::zones::Zones;
use crate::domain::DomainName;

/// The media type of RFC 7480 section 4.2.
const MEDIA_TYPE: &str = "application/rdap+json";

/// A registry's service: what its base address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Service {
    /// The host of the base address.
    pub host: DomainName,
    /// Its port.
    pub port: u16,
    /// Its path, with a slash at both ends.
    pub path: String,
    /// The zone whose registrations it tells.
    pub zone: DomainName,
}

impl Service {
    /// Takes a base address apart; `None` when it is no HTTPS address of a named host.
    pub(super) fn at(base: &str, zone: &DomainName) -> Option<Self> {
        let uri: http::Uri = base.parse().ok()?;
        let host = DomainName::parse(uri.host().filter(|_| uri.scheme_str() == Some("https"))?).ok()?;
        let path = format!("{}/", uri.path().trim_end_matches('/'));
        Some(Self { host, port: uri.port_u16().unwrap_or(443), path, zone: zone.clone() })
    }
}

/// All registries' services behind one port; the host and the path of a request say which is meant.
pub(super) struct Rdap {
    pub services: Vec<Service>,
    pub zones: Arc<RwLock<Zones>>,
}

impl Pages for Rdap {
    fn page(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return error(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD");
        }
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        match self.answer(host, request.uri().path()) {
            Some(found) => response(StatusCode::OK, MEDIA_TYPE, found.to_string()),
            None => error(StatusCode::NOT_FOUND, "no such object"),
        }
    }
}

impl Rdap {
    fn answer(&self, host: &str, path: &str) -> Option<Value> {
        let host = DomainName::parse(host.split(':').next()?).ok()?;
        // Several zones may share a base address; the one that is asked about has the name.
        let asked = |service: &&Service| service.host == host && path.starts_with(&service.path);
        let zones = self.zones.read().unwrap_or_else(PoisonError::into_inner);
        self.services.iter().filter(asked).find_map(|service| {
            let rest = path.strip_prefix(&service.path)?;
            // RFC 9082 section 3.1.3.
            let name = DomainName::parse(rest.strip_prefix("domain/")?).ok()?;
            let parent = zones.parents.get(service.zone.as_str())?;
            parent.registration(name.as_str()).map(|registration| domain(&name, registration))
        })
    }
}

fn domain(name: &DomainName, registration: &Registration) -> Value {
    let name_servers = registration.name_servers.iter();
    let mut domain = json!({
        "rdapConformance": ["rdap_level_0"],
        "objectClassName": "domain",
        "handle": format!("REHEARSAL-{name}"),
        "ldhName": name.as_str(),
        "status": registration.status(),
        "events": [
            {"eventAction": "registration", "eventDate": registration.created},
            {"eventAction": "last changed", "eventDate": registration.changed},
            {"eventAction": "expiration", "eventDate": registration.expires},
        ],
        "nameservers": name_servers
            .map(|host| json!({"objectClassName": "nameserver", "ldhName": host.as_str()}))
            .collect::<Vec<_>>(),
        "secureDNS": secure_dns(name, registration),
        "entities": [registrar()],
    });
    if let (Some(unicode), Some(members)) = (name.unicode(), domain.as_object_mut()) {
        members.insert("unicodeName".to_owned(), unicode.into());
    }
    domain
}

fn secure_dns(name: &DomainName, registration: &Registration) -> Value {
    let Some(ds) = signer(name.as_str()).filter(|_| registration.signed) else {
        return json!({"delegationSigned": false});
    };
    let digest = data_encoding::HEXLOWER.encode(ds.digest());
    json!({
        "delegationSigned": true,
        "dsData": [{
            "keyTag": ds.key_tag(),
            "algorithm": u8::from(ds.algorithm()),
            "digestType": u8::from(ds.digest_type()),
            "digest": digest,
        }],
    })
}

fn registrar() -> Value {
    json!({
        "objectClassName": "entity",
        // IANA keeps this number free for tests (registrar-ids registry).
        "handle": "9995",
        "roles": ["registrar"],
        "publicIds": [{"type": "IANA Registrar ID", "identifier": "9995"}],
        "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Rehearsal Registrar"]]],
    })
}

fn error(status: StatusCode, title: &str) -> Response<Full<Bytes>> {
    // RFC 9083 section 6.
    let body = json!({"rdapConformance": ["rdap_level_0"], "errorCode": status.as_u16(), "title": title});
    response(status, MEDIA_TYPE, body.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_address_is_taken_apart() {
        let zone: DomainName = "example".parse().unwrap();
        let at =
            |base: &str| Service::at(base, &zone).map(|service| (service.host.to_string(), service.port, service.path));
        let host = || "rdap.nic.example".to_owned();
        assert_eq!(at("https://rdap.nic.example/"), Some((host(), 443, "/".to_owned())));
        assert_eq!(at("https://rdap.nic.example:8443/v1/"), Some((host(), 8443, "/v1/".to_owned())));
        assert_eq!(at("https://rdap.nic.example"), Some((host(), 443, "/".to_owned())));
        for base in ["http://rdap.nic.example/", "https://192.0.2.1/", "rdap", ""] {
            assert_eq!(at(base), None, "{base}");
        }
    }
}

//! A request with a body, posted to a service: a witness, a time stamping authority.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{StatusCode, Uri};

use super::ObserveError;
use super::dns::DnsClient;
use super::fetch::{Ask, HttpLimits, Scheme, ask};
use super::host::addresses_of;
use super::observation::Unknown;
use crate::clock::Clock;
use crate::domain::{DomainName, excerpt};

/// The address of a service: `http` or `https`, a name of the DNS or an IP address, a path and perhaps a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUrl {
    scheme: Scheme,
    host: Host,
    port: u16,
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Name(DomainName),
    Address(IpAddr),
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        // RFC 3986 section 3.2.2: IPv6 addresses stand in brackets.
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        match bare.parse() {
            Ok(address) => Some(Self::Address(address)),
            Err(_) => DomainName::parse(text).ok().map(Self::Name),
        }
    }
}

impl ServiceUrl {
    /// The host: a name, or an address without brackets.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Name(name) => name.to_string(),
            Host::Address(address) => address.to_string(),
        }
    }

    /// Whether the host is an address, so that nothing is looked up.
    pub fn is_address(&self) -> bool {
        matches!(self.host, Host::Address(_))
    }

    /// The address of `path` below this one, which is taken as a directory.
    pub fn below(&self, path: &str) -> Self {
        Self { path: format!("{}/{path}", self.path.trim_end_matches('/')), ..self.clone() }
    }

    fn locate(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let scheme = match uri.scheme_str()? {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
        Some(Self {
            scheme,
            host: Host::parse(authority.host())?,
            port: authority.port_u16().unwrap_or(scheme.port()),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }

    /// Host and port, a port that the scheme implies left out (RFC 9110 section 4.2.3).
    fn authority(&self) -> String {
        let host = match &self.host {
            Host::Address(IpAddr::V6(address)) => format!("[{address}]"),
            _ => self.host(),
        };
        if self.port == self.scheme.port() { host } else { format!("{host}:{}", self.port) }
    }
}

impl FromStr for ServiceUrl {
    type Err = ObserveError;

    fn from_str(url: &str) -> Result<Self, ObserveError> {
        let located = if url.contains('#') { None } else { Self::locate(url) };
        located.ok_or_else(|| ObserveError::ServiceUrl { url: excerpt(url) })
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme.as_str(), self.authority(), self.path)
    }
}

/// What a service answered, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body, as it came.
    pub body: Vec<u8>,
}

impl Posted {
    /// The media type of the body, in lower case, without parameters; empty when the service does not say.
    pub fn media_type(&self) -> String {
        let value = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

/// Posts `body`, which is of the media type `content_type`, and reads the answer. Redirects are not followed: what is
/// posted is meant for this service.
///
/// The name of the host is looked up through the network's resolvers. Another of its addresses is tried only where one
/// cannot be reached at all, so that no service gets the same request twice. `limits` hold for each address.
///
/// # Errors
///
/// [`Unknown`] says why there is no answer. An answer of any status is none of them.
pub async fn post(
    dns: &DnsClient,
    clock: &dyn Clock,
    url: &ServiceUrl,
    content_type: &'static str,
    body: Bytes,
    limits: HttpLimits,
) -> Result<Posted, Unknown> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    exchange(dns, clock, url, headers, Some(body), limits).await
}

/// Fetches what a service has at an address, with the same bounds as [`post()`].
///
/// # Errors
///
/// As [`post()`].
pub async fn fetch(
    dns: &DnsClient,
    clock: &dyn Clock,
    url: &ServiceUrl,
    limits: HttpLimits,
) -> Result<Posted, Unknown> {
    exchange(dns, clock, url, HeaderMap::new(), None, limits).await
}

async fn exchange(
    dns: &DnsClient,
    clock: &dyn Clock,
    url: &ServiceUrl,
    mut headers: HeaderMap,
    body: Option<Bytes>,
    limits: HttpLimits,
) -> Result<Posted, Unknown> {
    let addresses = match &url.host {
        Host::Address(address) => vec![*address],
        Host::Name(name) => addresses_of(dns, clock, name).await?,
    };
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let mut last = Unknown::NoAddress;
    for address in addresses {
        let asked = Ask {
            scheme: url.scheme,
            host: &url.host(),
            authority: url.authority(),
            address: SocketAddr::new(address, url.port),
            path: &url.path,
            headers: headers.clone(),
            post: body.clone(),
        };
        let mut body = Vec::new();
        match ask(dns.network(), clock.now(), asked, limits, &mut body).await {
            Ok(head) => return Ok(Posted { status: head.status, headers: head.headers, body }),
            Err(unreached @ (Unknown::Refused | Unknown::Unreachable { .. })) => last = unreached,
            Err(unknown) => return Err(unknown),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests;

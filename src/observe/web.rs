//! A page, fetched as a visitor fetches it: this name, at this very address.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderMap, HeaderValue};
use http::uri::PathAndQuery;
use http::{StatusCode, Version};

use super::ObserveError;
use super::fetch::{Ask, HttpLimits, Scheme, TlsSession, ask};
use super::network::Network;
use super::observation::{Finding, Observation, Question};
use crate::clock::Clock;
use crate::domain::{DomainError, DomainName, OnionName, excerpt};

/// How long a page is given, and how large it may be: a notice in one language with its pictures is well under 1 MiB.
pub const WEB_LIMITS: HttpLimits = HttpLimits { time: Duration::from_secs(15), body_bytes: 4 * 1024 * 1024 };

/// The name in the address bar.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WebHost {
    /// A name of the DNS.
    Domain(DomainName),
    /// An onion service. It is asked for at an address that is given, never looked up (RFC 7686 section 2).
    Onion(OnionName),
}

impl WebHost {
    /// The name as it stands in `Host` and in a URL.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Domain(name) => name.as_str(),
            Self::Onion(name) => name.as_str(),
        }
    }
}

impl fmt::Display for WebHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for WebHost {
    type Err = DomainError;

    /// Reads a name as a person or a URL writes it.
    fn from_str(text: &str) -> Result<Self, DomainError> {
        match text.parse() {
            Ok(onion) => Ok(Self::Onion(onion)),
            Err(_) => DomainName::parse(text).map(Self::Domain),
        }
    }
}

/// A page to be fetched. An onion service is visited without TLS only: its name is its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    scheme: Scheme,
    host: WebHost,
    /// Where it is fetched from, as an address of the world.
    pub address: SocketAddr,
    /// The port in the URL, which is not that of the address when the address is only a hop.
    port: u16,
    /// Path and query, from the first slash.
    path: PathAndQuery,
    /// What the visitor reads, `Accept-Language`.
    pub(super) accept_language: Option<Box<str>>,
}

impl Visit {
    /// A visit to the start page, by somebody who has no language set.
    pub fn new(scheme: Scheme, host: &DomainName, address: SocketAddr) -> Self {
        Self::to_host(scheme, WebHost::Domain(host.clone()), address, address.port())
    }

    /// A visit to an onion service at the hop behind its tor daemon: plain HTTP as the daemon hands it on, whatever port it
    /// hands it to. Nothing is looked up, and tor is not involved.
    pub fn of_onion(host: &OnionName, hop: SocketAddr) -> Self {
        Self::to_host(Scheme::Http, WebHost::Onion(host.clone()), hop, Scheme::Http.port())
    }

    fn to_host(scheme: Scheme, host: WebHost, address: SocketAddr, port: u16) -> Self {
        Self { scheme, host, address, port, path: PathAndQuery::from_static("/"), accept_language: None }
    }

    /// The same visit with another port in the URL than that of the address, which is then only a hop.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The same visit to another page, such as `/notice?lang=de`.
    pub fn path(mut self, path: &str) -> Result<Self, ObserveError> {
        let refuse = || ObserveError::Path { path: excerpt(path) };
        if !path.starts_with('/') {
            return Err(refuse());
        }
        self.path = PathAndQuery::try_from(path).map_err(|_| refuse())?;
        Ok(self)
    }

    /// The same visit by a reader of these languages, as `Accept-Language` says it: `uk, ru;q=0.8`.
    pub fn reading(mut self, languages: &str) -> Result<Self, ObserveError> {
        HeaderValue::from_str(languages).map_err(|_| ObserveError::AcceptLanguage { value: excerpt(languages) })?;
        self.accept_language = Some(languages.into());
        Ok(self)
    }

    /// The URL as it stands in the address bar.
    pub fn url(&self) -> String {
        format!("{}://{}{}", self.scheme.as_str(), self.authority(), self.path)
    }

    /// The path alone, without a query.
    pub fn path_alone(&self) -> &str {
        self.path.path()
    }

    /// With TLS or without.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The name in the address bar.
    pub fn host(&self) -> &WebHost {
        &self.host
    }

    /// Host and port as `Host` says them: a port that the scheme implies is left out (RFC 9110 section 4.2.3).
    fn authority(&self) -> String {
        if self.port == self.scheme.port() { self.host.to_string() } else { format!("{}:{}", self.host, self.port) }
    }
}

impl fmt::Display for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url())?;
        match &self.accept_language {
            Some(languages) => write!(f, " for a reader of {languages}"),
            None => Ok(()),
        }
    }
}

/// What a visitor got. The body is the [`Observation`]'s raw octets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// The version of HTTP.
    pub version: Version,
    /// The header fields.
    pub headers: HeaderMap,
    /// How many octets the body has.
    pub body_bytes: usize,
    /// The TLS session, over HTTPS.
    pub tls: Option<TlsSession>,
}

impl Finding for Page {
    fn in_words(&self) -> String {
        let tls = match &self.tls {
            Some(session) => {
                format!(", {}", session.version.map_or_else(String::new, |version| format!("{version:?}")))
            }
            None => String::new(),
        };
        format!("{} over {:?}{tls}, {} bytes", self.status, self.version, self.body_bytes)
    }

    fn wire(&self) -> serde_json::Value {
        let headers: Vec<[String; 2]> = self
            .headers
            .iter()
            .map(|(name, value)| [name.to_string(), value.as_bytes().escape_ascii().to_string()])
            .collect();
        let tls = self.tls.as_ref().map(|session| {
            serde_json::json!({
                "version": session.version.map(|version| format!("{version:?}")),
                "alpn": session.alpn,
                "not_after": session.not_after,
                "chain": session.chain,
            })
        });
        serde_json::json!({
            "status": self.status.as_u16(),
            "version": format!("{:?}", self.version),
            "headers": headers,
            "body_bytes": self.body_bytes,
            "tls": tls,
        })
    }
}

/// Fetches a page. Redirects are not followed: a redirect is what the visitor got.
pub async fn visit(network: &Network, clock: &dyn Clock, visit: Visit, limits: HttpLimits) -> Observation<Page> {
    let at = clock.now();
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("text/html, */*;q=0.5"));
    // The octets are kept as evidence, so they come as they are.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some(languages) = visit.accept_language.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
        headers.insert(ACCEPT_LANGUAGE, languages);
    }
    let asked = Ask {
        scheme: visit.scheme,
        host: visit.host.as_str(),
        authority: visit.authority(),
        address: visit.address,
        path: visit.path.as_str(),
        headers,
        post: None,
    };
    let mut raw = Vec::new();
    let outcome = ask(network, at, asked, limits, &mut raw).await.map(|head| Page {
        status: head.status,
        version: head.version,
        headers: head.headers,
        body_bytes: raw.len(),
        tls: head.tls,
    });
    Observation {
        asked: Some(visit.address),
        transport: visit.scheme.transport(),
        question: Question::Web(visit),
        at,
        raw,
        outcome,
    }
}

#[cfg(test)]
mod tests;

//! A service whose address is written as a URL: one request to it, and the whole answer.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{StatusCode, Uri};

use super::ObserveError;
use super::dns::DnsClient;
use super::fetch::{Get, HttpLimits, Scheme, get};
use super::observation::Unknown;
use super::rdap::addresses_of;
use crate::clock::Clock;
use crate::domain::{DomainName, excerpt};

/// Where a service lies: `https://witness.court.example/`, or an IP address in place of the name. What is asked for is put
/// behind it, so it ends in a slash.
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

/// What is sent along with a request.
#[derive(Debug, Clone)]
pub struct Body {
    /// Its media type.
    pub media_type: &'static str,
    /// Its octets.
    pub bytes: Bytes,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The `Content-Type`, where one was given that can be read.
    pub content_type: Option<String>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl ServiceUrl {
    /// Whether what is said there can be read on the way.
    pub fn is_plain(&self) -> bool {
        self.scheme == Scheme::Http
    }

    fn host(&self) -> String {
        match &self.host {
            Host::Name(name) => name.to_string(),
            Host::Address(address) => address.to_string(),
        }
    }

    /// Host and port as `Host` says them, the scheme's own port left out.
    fn authority(&self) -> String {
        let host = match &self.host {
            Host::Address(IpAddr::V6(address)) => format!("[{address}]"),
            _ => self.host(),
        };
        if self.port == self.scheme.port() { host } else { format!("{host}:{}", self.port) }
    }

    fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
        let scheme = [Scheme::Http, Scheme::Https].into_iter().find(|one| uri.scheme_str() == Some(one.as_str()))?;
        if uri.query().is_some() || url.contains('#') {
            return None;
        }
        let host = authority.host();
        let host = match host.trim_start_matches('[').trim_end_matches(']').parse() {
            Ok(address) => Host::Address(address),
            Err(_) => Host::Name(DomainName::parse(host).ok()?),
        };
        let mut path = uri.path().to_owned();
        if !path.ends_with('/') {
            path.push('/');
        }
        Some(Self { scheme, host, port: authority.port_u16().unwrap_or(scheme.port()), path })
    }

    async fn addresses(&self, dns: &DnsClient, clock: &dyn Clock) -> Result<Vec<IpAddr>, Unknown> {
        match &self.host {
            Host::Name(name) => addresses_of(dns, clock, name).await,
            Host::Address(address) => Ok(vec![*address]),
        }
    }
}

impl FromStr for ServiceUrl {
    type Err = ObserveError;

    fn from_str(url: &str) -> Result<Self, ObserveError> {
        Self::parse(url).ok_or_else(|| ObserveError::ServiceUrl { url: excerpt(url) })
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme.as_str(), self.authority(), self.path)
    }
}

/// Asks for `path` below the service's address, with a body as a POST and without one as a GET. Its host is looked up through
/// the network's resolvers, and its addresses are tried until one speaks HTTP. `limits` are those of each try.
///
/// # Errors
///
/// Why nothing is known: nobody there, no answer in time, or one that is too large.
pub async fn ask(
    dns: &DnsClient,
    clock: &dyn Clock,
    service: &ServiceUrl,
    path: &str,
    body: Option<&Body>,
    limits: HttpLimits,
) -> Result<Reply, Unknown> {
    let (host, path) = (service.host(), format!("{}{path}", service.path));
    let mut headers = HeaderMap::new();
    headers.extend(body.map(|body| (CONTENT_TYPE, HeaderValue::from_static(body.media_type))));
    let mut last = Unknown::NoAddress;
    for address in service.addresses(dns, clock).await? {
        let asked = Get {
            scheme: service.scheme,
            host: &host,
            authority: service.authority(),
            address: SocketAddr::new(address, service.port),
            path: &path,
            headers: headers.clone(),
            body: body.map(|body| body.bytes.clone()),
        };
        let mut answer = Vec::new();
        match get(dns.network(), clock.now(), asked, limits, &mut answer).await {
            Ok(head) => {
                let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
                return Ok(Reply { status: head.status, content_type: content_type.map(str::to_owned), body: answer });
            }
            Err(why) => last = why,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::loopback::{noon, raw_server, world};
    use super::super::{DnsLimits, Network};
    use super::*;

    #[test]
    fn an_address_of_a_service_is_read_and_printed_in_one_form() {
        for (url, printed) in [
            ("https://witness.court.example", "https://witness.court.example/"),
            ("https://witness.court.example:443/w/", "https://witness.court.example/w/"),
            ("http://127.0.0.1:8080/a/b", "http://127.0.0.1:8080/a/b/"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
        ] {
            let read: ServiceUrl = url.parse().unwrap();
            assert_eq!(read.to_string(), printed);
            assert_eq!(read.is_plain(), url.starts_with("http:"));
        }
        for url in [
            "",
            "witness.example",
            "ftp://a.example/",
            "https://a@b.example/",
            "http://a.example/?q",
            "http://a.example/#f",
            "https:///",
        ] {
            assert!(url.parse::<ServiceUrl>().is_err(), "{url}");
        }
    }

    #[tokio::test]
    async fn a_body_goes_out_as_a_post_and_the_whole_answer_comes_back() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let network = Network::simulated(&[]);
        let at = world("192.0.2.7:80");
        let _server = raw_server(&network, at, |mut stream| async move {
            let mut seen = vec![0; 4096];
            let read = stream.read(&mut seen).await.unwrap();
            let head = b"HTTP/1.1 202 Accepted\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n";
            stream.write_all(head).await.unwrap();
            stream.write_all(&seen[..read]).await.unwrap();
        })
        .await;
        let dns = DnsClient::new(network, DnsLimits::default());
        let service: ServiceUrl = "http://192.0.2.7/w".parse().unwrap();
        let limits = HttpLimits { time: Duration::from_secs(10), body_bytes: 4096 };
        let body = Body { media_type: "application/x-test", bytes: Bytes::from_static(b"hello") };
        let reply = ask(&dns, &noon(), &service, "add", Some(&body), limits).await.unwrap();
        let seen = String::from_utf8(reply.body).unwrap();
        assert_eq!((reply.status, reply.content_type.as_deref()), (StatusCode::ACCEPTED, Some("text/plain")));
        assert!(seen.starts_with("POST /w/add HTTP/1.1\r\n"), "{seen}");
        assert!(seen.contains("content-type: application/x-test\r\n") && seen.ends_with("\r\n\r\nhello"), "{seen}");
        let reply = ask(&dns, &noon(), &service, "", None, limits).await.unwrap();
        assert!(reply.body.starts_with(b"GET /w/ HTTP/1.1\r\n"));
    }
}

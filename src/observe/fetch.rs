//! One HTTP request to one address, over TLS or not, with a bound on everything that comes back.

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use pkcs8::der::asn1::{self, AnyRef};
use pkcs8::der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};
use rustls::client::Resumption;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ProtocolVersion};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::network::Network;
use super::observation::{TlsFailure, Transport, Unknown};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::excerpt;

/// How we call ourselves to those whom we ask.
pub(super) const USER_AGENT: &str = concat!("impound/", env!("CARGO_PKG_VERSION"));

/// The most octets of response head that are read; servers and browsers commonly stop at 8 to 32 KiB.
const HEAD_MAX_BYTES: u32 = 32 * 1024;

/// The most header fields of an HTTP/1.1 response.
const HEADERS_MAX: usize = 100;

/// How long is waited and how much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpLimits {
    /// From the first SYN to the last octet of the body.
    pub time: Duration,
    /// The most octets of body that are read.
    pub body_bytes: usize,
}

/// With TLS or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP under TLS.
    Https,
}

impl Scheme {
    /// As it stands in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that a URL leaves out.
    pub fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    pub(super) fn transport(self) -> Transport {
        match self {
            Self::Http => Transport::Tcp,
            Self::Https => Transport::Tls,
        }
    }
}

/// What the TLS session was like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSession {
    /// The version.
    pub version: Option<ProtocolVersion>,
    /// The application protocol agreed on, `h2` or `http/1.1`.
    pub alpn: Option<String>,
    /// The digest of each certificate as the server sent it, its own first.
    pub chain: Vec<Digest>,
    /// The server's own certificate, as sent.
    pub certificate: CertificateDer<'static>,
    /// When that certificate ends, where it can be read.
    pub not_after: Option<UtcTime>,
}

/// What came back before the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) version: Version,
    pub(super) headers: HeaderMap,
    pub(super) tls: Option<TlsSession>,
}

/// What is asked for: `headers` go out beside `Host` and `User-Agent`.
pub(super) struct Ask<'a> {
    pub(super) scheme: Scheme,
    /// The name that the certificate must be for.
    pub(super) host: &'a str,
    /// Host and port as `Host` says them.
    pub(super) authority: String,
    pub(super) address: SocketAddr,
    pub(super) path: &'a str,
    pub(super) headers: HeaderMap,
    /// What is posted; without it, this is a GET.
    pub(super) post: Option<Bytes>,
}

/// Asks, and reads the answer into `body`, which holds what was received even where the outcome is unknown.
///
/// `at` is the moment for which certificates are judged.
pub(super) async fn ask(
    network: &Network,
    at: UtcTime,
    ask: Ask<'_>,
    limits: HttpLimits,
    body: &mut Vec<u8>,
) -> Result<Head, Unknown> {
    match timeout(limits.time, ask_unhurried(network, at, ask, limits, body)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Unknown::Timeout { after: limits.time }),
    }
}

async fn ask_unhurried(
    network: &Network,
    at: UtcTime,
    ask: Ask<'_>,
    limits: HttpLimits,
    body: &mut Vec<u8>,
) -> Result<Head, Unknown> {
    let stream = network.tcp(ask.address).await?;
    match ask.scheme {
        Scheme::Http => exchange_http1(stream, ask, limits, body).await,
        Scheme::Https => {
            let stream = secure(network, at, ask.host, stream).await?;
            let session = session_of(&stream);
            let is_h2 = session.alpn.as_deref() == Some("h2");
            let head = if is_h2 {
                exchange_http2(stream, ask, limits, body).await?
            } else {
                exchange_http1(stream, ask, limits, body).await?
            };
            Ok(Head { tls: Some(session), ..head })
        }
    }
}

/// A clock that stands at the moment of the question: certificates are judged by the time that was handed in.
#[derive(Debug)]
struct Moment(UtcTime);

impl TimeProvider for Moment {
    fn current_time(&self) -> Option<UnixTime> {
        u64::try_from(self.0.unix()).ok().map(|seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// TLS with the name in the open (SNI), as a browser does it; sessions are not resumed, so that each visit sees the chain.
async fn secure(
    network: &Network,
    at: UtcTime,
    host: &str,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, Unknown> {
    let broken = |error| Unknown::Tls(TlsFailure::from(error));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_details(provider, Arc::new(Moment(at)))
        .with_safe_default_protocol_versions()
        .map_err(broken)?
        .with_root_certificates(Arc::clone(network.roots()))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    let name = ServerName::try_from(host.to_owned())
        .map_err(|error| Unknown::Garbage { why: format!("`{host}` cannot stand in TLS: {error}") })?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| tls_failure(&error))
}

fn tls_failure(error: &io::Error) -> Unknown {
    match rustls_error(error) {
        Some(error) => Unknown::Tls(error.clone().into()),
        None => match Unknown::from_io(error) {
            Unknown::Closed => Unknown::Tls(TlsFailure::Closed),
            other => other,
        },
    }
}

fn rustls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())
}

fn session_of(stream: &TlsStream<TcpStream>) -> TlsSession {
    let (_, session) = stream.get_ref();
    let chain = session.peer_certificates().unwrap_or_default();
    let own = chain.first().map_or_else(|| CertificateDer::from(Vec::new()), |own| own.clone().into_owned());
    TlsSession {
        version: session.protocol_version(),
        alpn: session.alpn_protocol().map(|protocol| String::from_utf8_lossy(protocol).into_owned()),
        chain: chain.iter().map(Digest::of).collect(),
        not_after: not_after(&own),
        certificate: own,
    }
}

/// The end of a certificate's validity (RFC 5280 section 4.1): the second time of the fourth member after the version.
fn not_after(certificate: &[u8]) -> Option<UtcTime> {
    let signed = members(AnyRef::from_der(certificate).ok()?)?.into_iter().next()?;
    let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    let mut members_of_signed = members(signed)?.into_iter().filter(|member| member.tag() != version);
    let validity = members_of_signed.nth(3)?;
    let end = *members(validity)?.get(1)?;
    let since_epoch = match end.tag() {
        Tag::UtcTime => end.decode_as::<asn1::UtcTime>().ok()?.to_unix_duration(),
        Tag::GeneralizedTime => end.decode_as::<asn1::GeneralizedTime>().ok()?.to_unix_duration(),
        _ => return None,
    };
    i64::try_from(since_epoch.as_secs()).ok().map(UtcTime::from_unix)
}

/// The members of a sequence.
fn members(sequence: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    let mut members = Vec::new();
    while !reader.is_finished() {
        members.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(members)
}

/// The connection's own work, which ends with the request.
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn exchange_http1(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ask: Ask<'_>,
    limits: HttpLimits,
    body: &mut Vec<u8>,
) -> Result<Head, Unknown> {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEAD_MAX_BYTES as usize).max_headers(HEADERS_MAX);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(|error| failure(&error))?;
    let _driver = Driver(tokio::spawn(async move {
        // What goes wrong here is told to the one who waits for the response.
        let _ = connection.await;
    }));
    let response = sender.send_request(request(ask, Version::HTTP_11)?).await.map_err(|error| failure(&error))?;
    read(response, limits, body).await
}

async fn exchange_http2(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ask: Ask<'_>,
    limits: HttpLimits,
    body: &mut Vec<u8>,
) -> Result<Head, Unknown> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.max_header_list_size(HEAD_MAX_BYTES);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(|error| failure(&error))?;
    let _driver = Driver(tokio::spawn(async move {
        // What goes wrong here is told to the one who waits for the response.
        let _ = connection.await;
    }));
    let response = sender.send_request(request(ask, Version::HTTP_2)?).await.map_err(|error| failure(&error))?;
    read(response, limits, body).await
}

/// HTTP/1.1 names the host in a field, HTTP/2 in the target (RFC 9113 section 8.3.1).
fn request(ask: Ask<'_>, version: Version) -> Result<Request<Full<Bytes>>, Unknown> {
    let authority = ask.authority;
    let method = if ask.post.is_some() { Method::POST } else { Method::GET };
    let builder = Request::builder().method(method).uri(match version {
        Version::HTTP_2 => format!("{}://{authority}{}", ask.scheme.as_str(), ask.path),
        _ => ask.path.to_owned(),
    });
    let builder = if version == Version::HTTP_2 { builder } else { builder.header(http::header::HOST, authority) };
    let mut request = builder
        .version(version)
        .header(http::header::USER_AGENT, USER_AGENT)
        .body(Full::new(ask.post.unwrap_or_default()))
        .map_err(|error| Unknown::Garbage { why: format!("the request cannot be written: {error}") })?;
    request.headers_mut().extend(ask.headers);
    Ok(request)
}

async fn read(response: Response<Incoming>, limits: HttpLimits, body: &mut Vec<u8>) -> Result<Head, Unknown> {
    let (parts, mut incoming) = response.into_parts();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| failure(&error))?;
        let Some(data) = frame.data_ref() else { continue };
        let room = limits.body_bytes.saturating_sub(body.len());
        body.extend_from_slice(data.get(..room).unwrap_or(data));
        if data.len() > room {
            return Err(Unknown::TooLarge { limit_bytes: limits.body_bytes });
        }
    }
    Ok(Head { status: parts.status, version: parts.version, headers: parts.headers, tls: None })
}

/// What hyper's error says about the peer.
fn failure(error: &hyper::Error) -> Unknown {
    if error.is_parse_too_large() {
        return Unknown::TooLarge { limit_bytes: HEAD_MAX_BYTES as usize };
    }
    if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        return Unknown::Closed;
    }
    match error.source().and_then(|source| source.downcast_ref::<io::Error>()) {
        Some(source) => match rustls_error(source) {
            Some(error) => Unknown::Tls(error.clone().into()),
            None => Unknown::from_io(source),
        },
        None => Unknown::Garbage { why: excerpt(&error.to_string()) },
    }
}

//! Servers for this module's tests: they stand on loopback under addresses of the world, and end with the test.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CNAME, NS, SOA};
use hickory_proto::rr::{Name, RData, Record};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::network::{Network, Protocol};
use crate::clock::SimulatedClock;
use crate::domain::DomainName;

/// The clock of these tests; it never moves.
pub(crate) fn noon() -> SimulatedClock {
    SimulatedClock::new("2026-11-22T12:00:00Z".parse().unwrap())
}

pub(crate) fn name(text: &str) -> DomainName {
    text.parse().unwrap()
}

pub(crate) fn world(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// A server that ends when it is dropped.
pub(crate) struct Standing {
    tasks: Vec<JoinHandle<()>>,
    asked: Arc<AtomicUsize>,
}

impl Standing {
    /// How many requests it got.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// What a name server sends back.
pub(crate) enum Send {
    Octets(Vec<u8>),
    FromAnotherPort(Vec<u8>),
}

/// A name server at `at`, over UDP and TCP. `answer` says what goes back for a question; over TCP each goes with its length.
pub(crate) async fn name_server<F>(network: &Network, at: SocketAddr, answer: F) -> Standing
where
    F: Fn(Message, Protocol) -> Vec<Send> + Clone + std::marker::Send + Sync + 'static,
{
    let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    network.route(Protocol::Udp, at, udp.local_addr().unwrap()).unwrap();
    network.route(Protocol::Tcp, at, tcp.local_addr().unwrap()).unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let (over_udp, over_tcp) = (answer.clone(), answer);
    let (count_udp, count_tcp) = (Arc::clone(&asked), Arc::clone(&asked));
    let udp = tokio::spawn(async move {
        let other = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let mut buffer = [0; 4096];
        while let Ok((length, peer)) = udp.recv_from(&mut buffer).await {
            count_udp.fetch_add(1, Ordering::SeqCst);
            let question = Message::from_vec(&buffer[..length]).unwrap();
            for send in over_udp(question, Protocol::Udp) {
                match send {
                    Send::Octets(octets) => udp.send_to(&octets, peer).await.unwrap(),
                    Send::FromAnotherPort(octets) => other.send_to(&octets, peer).await.unwrap(),
                };
            }
        }
    });
    let tcp = tokio::spawn(async move {
        while let Ok((mut stream, _)) = tcp.accept().await {
            count_tcp.fetch_add(1, Ordering::SeqCst);
            let length = stream.read_u16().await.unwrap();
            let mut octets = vec![0; length.into()];
            stream.read_exact(&mut octets).await.unwrap();
            for send in over_tcp(Message::from_vec(&octets).unwrap(), Protocol::Tcp) {
                let (Send::Octets(octets) | Send::FromAnotherPort(octets)) = send;
                stream.write_u16(octets.len().try_into().unwrap()).await.unwrap();
                stream.write_all(&octets).await.unwrap();
            }
        }
    });
    Standing { tasks: vec![udp, tcp], asked }
}

/// An empty, authoritative NOERROR answer to `question`.
pub(crate) fn reply(question: &Message) -> Message {
    let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
    reply.metadata.authoritative = true;
    reply.metadata.recursion_desired = question.metadata.recursion_desired;
    reply.add_queries(question.queries.clone());
    reply
}

/// An empty answer with a response code.
pub(crate) fn refusal(question: &Message, code: ResponseCode) -> Message {
    let mut reply = reply(question);
    reply.metadata.response_code = code;
    reply
}

pub(crate) fn octets(message: &Message) -> Send {
    Send::Octets(message.to_vec().unwrap())
}

/// One answer, as it is.
pub(crate) fn send(message: &Message) -> Vec<Send> {
    vec![octets(message)]
}

pub(crate) fn wire_name(text: &str) -> Name {
    let mut name = Name::from_ascii(text).unwrap();
    name.set_fqdn(true);
    name
}

fn record(owner: &str, data: RData) -> Record {
    Record::from_rdata(wire_name(owner), 300, data)
}

pub(crate) fn address(owner: &str, address: &str) -> Record {
    match address.parse().unwrap() {
        IpAddr::V4(v4) => record(owner, RData::A(A(v4))),
        IpAddr::V6(v6) => record(owner, RData::AAAA(AAAA(v6))),
    }
}

pub(crate) fn ns(owner: &str, server: &str) -> Record {
    record(owner, RData::NS(NS(wire_name(server))))
}

pub(crate) fn cname(owner: &str, target: &str) -> Record {
    record(owner, RData::CNAME(CNAME(wire_name(target))))
}

pub(crate) fn soa(owner: &str) -> Record {
    let host = wire_name(&format!("ns1.{owner}"));
    record(owner, RData::SOA(SOA::new(host.clone(), host, 2026, 7200, 900, 86400, 60)))
}

pub(crate) fn other(owner: &str, data: RData) -> Record {
    record(owner, data)
}

/// A certificate authority of a test.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn certificate(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// A TLS server with a certificate for `host` that ends on the first of January of `until`.
    pub(crate) fn server(&self, host: &str, until: i32, protocols: &[&str]) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let leaf = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let mut config = tls_server().with_single_cert(vec![leaf.der().clone()], key).unwrap();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        config
    }
}

pub(crate) fn tls_server() -> rustls::ConfigBuilder<ServerConfig, rustls::server::WantsServerCert> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap().with_no_client_auth()
}

pub(crate) type Answer = Response<Full<bytes::Bytes>>;

/// A web server at `at`; with TLS when it is given a configuration.
pub(crate) async fn web_server<F>(network: &Network, at: SocketAddr, tls: Option<ServerConfig>, answer: F) -> Standing
where
    F: Fn(Request<Incoming>) -> Answer + Clone + std::marker::Send + Sync + 'static,
{
    let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let counting = move |request: Request<Incoming>| {
        count.fetch_add(1, Ordering::SeqCst);
        answer(request)
    };
    let raw = raw_server(network, at, move |stream| {
        let (tls, answer) = (tls.clone(), counting.clone());
        async move {
            let service = service_fn(move |request| {
                let response = answer(request);
                async move { Ok::<_, std::convert::Infallible>(response) }
            });
            // A client that turns away in the middle is part of some tests.
            let Some(tls) = tls else {
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                return;
            };
            let Ok(stream) = tls.accept(stream).await else { return };
            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                let builder = http2::Builder::new(TokioExecutor::new());
                let _ = builder.serve_connection(TokioIo::new(stream), service).await;
            } else {
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            }
        }
    });
    let mut standing = raw.await;
    standing.asked = asked;
    standing
}

/// Anything that takes connections at `at`.
pub(crate) async fn raw_server<F, R>(network: &Network, at: SocketAddr, serve: F) -> Standing
where
    F: Fn(TcpStream) -> R + std::marker::Send + 'static,
    R: Future<Output = ()> + std::marker::Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    network.route(Protocol::Tcp, at, listener.local_addr().unwrap()).unwrap();
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    Standing { tasks: vec![task], asked: Arc::default() }
}

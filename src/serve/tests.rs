//! The server over real sockets on loopback.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{AlertDescription, ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use super::tls::provider;
use super::{Certificates, Options, ServeError, Splash, Stats, bind, sample};
use crate::clock::UtcTime;
use crate::notice::{Edition, Names};

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// No answer is waited for longer than this; a test that gets here has failed.
const PATIENCE: Duration = Duration::from_secs(10);

fn now() -> UtcTime {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

struct Running {
    splash: Splash,
    plain: SocketAddr,
    tls: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Stats>,
}

impl Running {
    async fn start(splash: Splash) -> Self {
        let (plain, tls) = (bind(LOOPBACK).await.unwrap(), bind(LOOPBACK).await.unwrap());
        let (stop, stopped) = oneshot::channel();
        let (server, addresses) = (splash.clone(), (plain.local_addr().unwrap(), tls.local_addr().unwrap()));
        let ended =
            tokio::spawn(async move { server.run(vec![plain], vec![tls], async { drop(stopped.await) }).await });
        Self { splash, plain: addresses.0, tls: addresses.1, stop, ended }
    }

    async fn plain(options: Options) -> Self {
        Self::start(sample::splash(options)).await
    }

    async fn self_signed(options: Options) -> Self {
        let certificates = Certificates::self_signed(now()).unwrap();
        Self::start(Splash::new(&sample::editions(), Some(certificates), options).unwrap()).await
    }

    async fn end(self) -> Stats {
        self.stop.send(()).unwrap();
        tokio::time::timeout(PATIENCE, self.ended).await.unwrap().unwrap()
    }
}

/// Sends octets and reads until the server closes.
async fn exchange(address: SocketAddr, octets: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may close before it has read all.
    let _ = stream.write_all(octets).await;
    rest(&mut stream).await
}

/// What comes until the server closes; a reset is a close.
async fn rest(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    let closed = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut received)).await;
    assert!(closed.is_ok(), "still open after {}", String::from_utf8_lossy(&received));
    String::from_utf8_lossy(&received).into_owned()
}

/// One response from a connection that stays open.
async fn one(stream: &mut TcpStream, host: &str) -> String {
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    let mut received = String::new();
    let mut octets = [0; 4096];
    while !(received.ends_with("</html>\n") || received.ends_with("request\n")) {
        let count = tokio::time::timeout(PATIENCE, stream.read(&mut octets)).await.unwrap().unwrap();
        assert!(count > 0, "closed after {received:?}");
        received.push_str(&String::from_utf8_lossy(&octets[..count]));
    }
    received
}

/// Takes any certificate and keeps it.
#[derive(Debug, Default)]
struct Witness(Mutex<Vec<CertificateDer<'static>>>);

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.0.lock().unwrap().push(end_entity.clone().into_owned());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}

fn client(witness: &Arc<Witness>, alpn: &[&str]) -> ClientConfig {
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(witness) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    config
}

type Stream = tokio_rustls::client::TlsStream<TcpStream>;

async fn connect(address: SocketAddr, name: &str, config: ClientConfig) -> std::io::Result<Stream> {
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    tokio::time::timeout(PATIENCE, TlsConnector::from(Arc::new(config)).connect(name, stream)).await.unwrap()
}

fn alert(result: std::io::Result<Stream>) -> Option<AlertDescription> {
    let error = result.err()?;
    match error.get_ref()?.downcast_ref::<rustls::Error>()? {
        rustls::Error::AlertReceived(alert) => Some(*alert),
        _ => None,
    }
}

async fn get_h1(stream: Stream, host: &str) -> Response<Bytes> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::get("/").header("host", host).body(Empty::<Bytes>::new()).unwrap();
    let response = whole(sender.send_request(request).await.unwrap()).await;
    drop(sender);
    let _ = connection.await;
    response
}

async fn whole(response: Response<hyper::body::Incoming>) -> Response<Bytes> {
    let (parts, body) = response.into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn the_notice_comes_over_plain_http_and_hostile_requests_get_none() {
    let running = Running::plain(Options::default()).await;
    let long_host = format!("GET / HTTP/1.1\r\nHost: {}.example\r\nConnection: close\r\n\r\n", "a.".repeat(3000));
    let huge = format!("GET / HTTP/1.1\r\nHost: shop.example\r\nCookie: {}\r\n\r\n", "a".repeat(100_000));
    let many = format!("GET / HTTP/1.1\r\nHost: shop.example\r\n{}\r\n", "X: y\r\n".repeat(200));
    let cookies =
        format!("GET / HTTP/1.1\r\nHost: shop.example\r\nCookie: {}\r\nConnection: close\r\n\r\n", "a".repeat(12_000));
    for (octets, start) in [
        ("GET /x HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 451 "),
        ("GET /x HTTP/1.0\r\nHost: shop.example\r\n\r\n", "HTTP/1.0 451 "),
        ("GET http://SHOP.example:80/ HTTP/1.1\r\nHost: shop.example.\r\nConnection: close\r\n\r\n", "HTTP/1.1 451 "),
        ("POST /login HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 9999999\r\n\r\nname=x", "HTTP/1.1 405 "),
        ("GET / HTTP/1.1\r\nHost: innocent.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 421 "),
        ("GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\nConnection: close\r\n\r\n", "HTTP/1.1 421 "),
        (
            "CONNECT innocent.example:443 HTTP/1.1\r\nHost: innocent.example:443\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 421 ",
        ),
        ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 "),
        ("GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 400 "),
        ("GET / HTTP/1.1\r\nHost: shop.example\r\nHost: shop.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 "),
        ("GET / HTTP/1.1\r\nHost: a\x01b.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 "),
        ("GET / HTTP/1.1\r\nHost: \u{fc}.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 400 "),
        ("\x16\x03\x01\x02\0\x01\0\x01\u{fc}\x03\x03\r\n\r\n", "HTTP/1.1 400 "),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ""),
        (&long_host, "HTTP/1.1 400 "),
        (&cookies, "HTTP/1.1 451 "),
        // 431, which the reset that follows may overtake.
        (&huge, ""),
        (&many, "HTTP/1.1 431 "),
    ] {
        let response = exchange(running.plain, octets.as_bytes()).await;
        let shown = &octets[..octets.len().min(60)];
        assert!(response.starts_with(start), "{shown:?}: {response}");
        assert!(response.contains("\ndate: ") || start.is_empty(), "{shown:?}: {response}");
        assert!(!response.to_lowercase().contains("\nserver:"), "{shown:?}: {response}");
        let has_banner = response.contains("op/first/1");
        assert_eq!(has_banner, start.ends_with("451 ") || start.ends_with("405 "), "{shown:?}: {response}");
        assert!(!response.contains("innocent"), "{shown:?}: {response}");
    }
    let stats = running.end().await;
    let count = |known, status| {
        stats.requests.iter().filter(|kind| (kind.known, kind.status) == (known, status)).map(|kind| kind.count).sum()
    };
    let counts: [u64; 4] = [count(true, 451), count(true, 405), count(false, 421), count(false, 400)];
    assert_eq!(counts, [4, 1, 3, 5]);
    assert_eq!(stats.connections, 18);
}

#[tokio::test]
async fn tls_shows_a_certificate_of_its_own_to_each_covered_name_and_none_to_others() {
    let running = Running::self_signed(Options::default()).await;
    let witness = Arc::new(Witness::default());
    for name in ["shop.example", "www.shop.example", "shop.example", "plain.test"] {
        let stream = connect(running.tls, name, client(&witness, &["http/1.1"])).await.unwrap();
        let response = get_h1(stream, name).await;
        assert!(matches!(response.status().as_u16(), 451 | 200), "{name}");
        assert_eq!(response.headers()["clear-site-data"], "\"cache\", \"storage\"", "{name}");
    }
    let seen = std::mem::take(&mut *witness.0.lock().unwrap());
    let names = |certificate: &CertificateDer<'_>| -> Vec<String> {
        let leaf = webpki::EndEntityCert::try_from(certificate).unwrap();
        leaf.valid_dns_names().map(str::to_owned).collect()
    };
    let [first, second, third, fourth] = &seen[..] else { panic!("{}", seen.len()) };
    assert_eq!([names(first), names(second)], [["shop.example"], ["www.shop.example"]]);
    assert_eq!(first, third, "made once");
    assert_eq!(names(fourth), ["plain.test"]);
    let serials: std::collections::BTreeSet<_> =
        seen.iter().map(|der| webpki::EndEntityCert::try_from(der).unwrap().serial().to_vec()).collect();
    assert_eq!(serials.len(), 3, "one serial number for each certificate");

    let onion = sample::onion();
    for name in ["innocent.example", "example", "www.plain.test", &onion] {
        let refused = connect(running.tls, name, client(&witness, &["h2"])).await;
        assert_eq!(alert(refused), Some(AlertDescription::UnrecognisedName), "{name}");
    }
    let mut without_sni = client(&witness, &[]);
    without_sni.enable_sni = false;
    let refused = connect(running.tls, "shop.example", without_sni).await;
    assert_eq!(alert(refused), Some(AlertDescription::UnrecognisedName));
    let refused = connect(running.tls, "shop.example", client(&witness, &["spdy/3"])).await;
    assert_eq!(alert(refused), Some(AlertDescription::NoApplicationProtocol));
    assert!(!exchange(running.tls, b"GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n").await.contains("seized"));
    assert!(witness.0.lock().unwrap().is_empty());
    let stats = running.end().await;
    assert_eq!((stats.tls_refusals, stats.tls_failures), (5, 2));
}

#[tokio::test]
async fn http2_shows_the_notice_and_a_connection_is_for_its_own_name_only() {
    let running = Running::self_signed(Options::default()).await;
    let witness = Arc::new(Witness::default());
    let stream = connect(running.tls, "shop.example", client(&witness, &["h2", "http/1.1"])).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    for (target, host, status) in [
        ("https://shop.example/a/b", None, 451),
        ("https://SHOP.example:8443/", None, 451),
        ("https://shop.example/ja/", Some("shop.example"), 451),
        ("https://shop.example/", Some("plain.test"), 400),
        ("https://plain.test/", None, 421),
        ("https://www.shop.example/", None, 421),
        ("https://innocent.example/", None, 421),
        ("http://shop.example/", None, 421),
    ] {
        let mut request = Request::get(target);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let response = whole(sender.send_request(request.body(Empty::<Bytes>::new()).unwrap()).await.unwrap()).await;
        assert_eq!(response.status(), status, "{target} {host:?}");
        assert_eq!(response.body().starts_with(b"<!doctype html>"), status == 451, "{target} {host:?}");
    }
    let head = Request::head("https://shop.example/").body(Empty::<Bytes>::new()).unwrap();
    let head = whole(sender.send_request(head).await.unwrap()).await;
    assert_eq!(head.headers()["content-length"], sample::page("en", "op/first/1").len().to_string().as_str());
    assert!(head.body().is_empty());
    drop(sender);
    connection.await.unwrap().unwrap();

    let stream = connect(running.tls, "shop.example", client(&witness, &[])).await.unwrap();
    assert_eq!(get_h1(stream, "plain.test").await.status(), 421);
    running.end().await;
}

#[tokio::test]
async fn certificates_of_a_ca_are_found_by_exact_name_and_by_wildcard_and_checked_by_the_client() {
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let ca = rcgen::CertifiedIssuer::self_signed(params, rcgen::KeyPair::generate().unwrap()).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let names = ["shop.example".to_owned(), "*.shop.example".to_owned()];
    let leaf = rcgen::CertificateParams::new(names).unwrap().signed_by(&key, &ca).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let (chain_file, key_file) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    std::fs::write(&chain_file, leaf.pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    let certificates = Certificates::from_pem_files([(chain_file.as_path(), key_file.as_path())]).unwrap();
    for (host, covered) in [
        ("shop.example", true),
        ("WWW.shop.example", true),
        ("a.b.shop.example", false),
        ("plain.test", false),
        (&sample::onion(), false),
    ] {
        assert_eq!(certificates.covers(host), covered, "{host}");
    }

    let splash = Splash::new(&sample::editions(), Some(certificates), Options::default()).unwrap();
    let running = Running::start(splash).await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(ca.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    for name in ["shop.example", "www.shop.example"] {
        let stream = connect(running.tls, name, config.clone()).await.unwrap();
        assert_eq!(get_h1(stream, name).await.status(), 451, "{name}");
    }
    // Ours, but without a certificate: the handshake says no rather than show another name's.
    for name in ["plain.test", "a.b.shop.example"] {
        let refused = connect(running.tls, name, config.clone()).await;
        assert_eq!(alert(refused), Some(AlertDescription::UnrecognisedName), "{name}");
    }
    running.end().await;
}

#[test]
fn certificate_files_that_cannot_be_used_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name)
    };
    let made = rcgen::generate_simple_self_signed(["shop.example".to_owned()]).unwrap();
    let nameless = rcgen::generate_simple_self_signed(["192.0.2.1".to_owned()]).unwrap();
    let chain = file("chain.pem", made.cert.pem().as_bytes());
    let key = file("key.pem", made.signing_key.serialize_pem().as_bytes());
    let other = file("other.pem", rcgen::KeyPair::generate().unwrap().serialize_pem().as_bytes());
    let empty = file("empty.pem", b"");
    let huge = file("huge.pem", &vec![b'x'; (1 << 20) + 1]);
    let damaged = file("damaged.pem", made.cert.pem().replace("MII", "!!!").as_bytes());
    let address = file("address.pem", nameless.cert.pem().as_bytes());
    let address_key = file("address-key.pem", nameless.signing_key.serialize_pem().as_bytes());
    let missing = folder.path().join("missing.pem");
    let directory = folder.path().to_owned();
    for (chain, key, reason) in [
        (&missing, &key, "does not exist"),
        (&chain, &missing, "does not exist"),
        (&directory, &key, "not a regular file"),
        (&huge, &key, "more than 1048576 bytes"),
        (&empty, &key, "no usable PEM certificate"),
        (&damaged, &key, "no usable PEM certificate"),
        (&key, &key, "no usable PEM certificate"),
        (&chain, &empty, "no usable PEM private key"),
        (&chain, &chain, "no usable PEM private key"),
        (&chain, &other, "does not go with the certificate"),
        (&address, &address_key, "no DNS name"),
    ] {
        let error = Certificates::from_pem_files([(chain.as_path(), key.as_path())]).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn silent_and_slow_peers_are_closed() {
    let brief = Duration::from_millis(500);
    let running =
        Running::self_signed(Options { head_timeout: brief, handshake_timeout: brief, ..Options::default() }).await;
    for octets in ["", "GET / HTTP/1.1\r\nHost: shop.example\r\n"] {
        assert!(!exchange(running.plain, octets.as_bytes()).await.contains("op/first"), "{octets:?}");
    }
    for octets in [&b""[..], &[22, 3, 1, 2, 0, 1, 0, 1, 252]] {
        exchange(running.tls, octets).await;
    }
    let mut idle = TcpStream::connect(running.plain).await.unwrap();
    one(&mut idle, "shop.example").await;
    assert_eq!(rest(&mut idle).await, "", "answered once, then silent");
    assert_eq!(running.end().await.tls_failures, 2);
}

#[tokio::test]
async fn no_connection_grows_older_than_it_may() {
    let brief = Duration::from_millis(200);
    let options = Options { connection_age_max: brief, drain_timeout: brief, ..Options::default() };
    let running = Running::self_signed(options).await;
    // Over h2, a client that never sends its preface.
    let mut silent = connect(running.tls, "shop.example", client(&Arc::default(), &["h2"])).await.unwrap();
    let _ = tokio::time::timeout(PATIENCE, silent.read_to_end(&mut Vec::new())).await.unwrap();
    // One that never stops asking.
    let mut busy = TcpStream::connect(running.plain).await.unwrap();
    let mut octets = [0; 16_384];
    while busy.write_all(b"GET /robots.txt HTTP/1.1\r\nHost: shop.example\r\n\r\n").await.is_ok() {
        if !matches!(tokio::time::timeout(PATIENCE, busy.read(&mut octets)).await.unwrap(), Ok(1..)) {
            break;
        }
    }
    // One that asks for more than it reads: the server cannot write, and does not wait for ever.
    let mut deaf = TcpStream::connect(running.plain).await.unwrap();
    let requests = b"GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n".repeat(1000);
    while tokio::time::timeout(PATIENCE, deaf.write_all(&requests)).await.unwrap().is_ok() {}
    running.end().await;
}

#[tokio::test]
async fn beyond_the_cap_the_next_visitor_waits_for_a_place() {
    let running = Running::plain(Options { connections_max: 1, ..Options::default() }).await;
    let mut first = TcpStream::connect(running.plain).await.unwrap();
    one(&mut first, "shop.example").await;
    let mut second = TcpStream::connect(running.plain).await.unwrap();
    second.write_all(b"GET / HTTP/1.1\r\nHost: plain.test\r\nConnection: close\r\n\r\n").await.unwrap();
    one(&mut first, "shop.example").await;
    assert_eq!(running.splash.stats().connections, 1);
    drop(first);
    assert!(rest(&mut second).await.starts_with("HTTP/1.1 200 "));
    assert_eq!(running.end().await.connections, 2);
}

#[tokio::test]
async fn other_editions_take_the_place_of_all_at_once_also_on_open_connections() {
    let running = Running::plain(Options::default()).await;
    let mut visitor = TcpStream::connect(running.plain).await.unwrap();
    assert!(one(&mut visitor, "shop.example").await.contains("op/first/1"));
    let mut editions = sample::editions();
    editions.pop();
    for (language, html) in &mut editions[0].pages {
        *html = sample::page(language.as_str(), "op/first/2");
    }
    running.splash.replace(&editions).unwrap();
    assert!(one(&mut visitor, "shop.example").await.contains("op/first/2"));
    assert!(one(&mut visitor, "plain.test").await.starts_with("HTTP/1.1 421 "));
    editions[0].status = 404;
    assert!(matches!(running.splash.replace(&editions), Err(ServeError::Status { status: 404, .. })));
    assert!(one(&mut visitor, "shop.example").await.contains("op/first/2"));
    let stats = running.end().await;
    let shown = stats.requests.iter().find(|kind| kind.status == 451).unwrap();
    assert_eq!((shown.language.as_ref().unwrap().as_str(), shown.count), ("en", 3));
}

#[tokio::test]
async fn a_stop_ends_idle_connections_at_once_and_stuck_ones_after_the_drain() {
    let running = Running::plain(Options { drain_timeout: Duration::from_millis(200), ..Options::default() }).await;
    let mut idle = TcpStream::connect(running.plain).await.unwrap();
    one(&mut idle, "shop.example").await;
    let mut stuck = TcpStream::connect(running.plain).await.unwrap();
    one(&mut stuck, "shop.example").await;
    stuck.write_all(b"GET / HTTP/1.1\r\nHost: shop").await.unwrap();
    let address = running.plain;
    running.end().await;
    assert_eq!(rest(&mut idle).await, "");
    assert!(!rest(&mut stuck).await.contains("op/first"));
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn an_address_that_cannot_be_had_is_named() {
    let taken = bind(LOOPBACK).await.unwrap();
    let address = taken.local_addr().unwrap();
    assert_eq!(bind(address).await.unwrap_err().to_string(), format!("{address} is in use"));
    // 192.0.2.0/24 is no machine's (RFC 5737).
    let foreign: SocketAddr = "192.0.2.1:8080".parse().unwrap();
    assert_eq!(bind(foreign).await.unwrap_err().to_string(), "cannot listen on 192.0.2.1:8080");
    let both: (TcpListener, TcpListener) = {
        let six = bind("[::1]:0".parse().unwrap()).await.unwrap();
        let port = six.local_addr().unwrap().port();
        (six, bind(SocketAddr::new(LOOPBACK.ip(), port)).await.unwrap())
    };
    drop(both);
}

fn named(host: &str) -> Arc<Names> {
    Arc::new(Names { hosts: vec![host.to_owned()].into(), ..Names::default() })
}

#[test]
fn editions_that_cannot_be_served_are_refused() {
    type Change = fn(&mut Vec<Edition>);
    let changes: [(Change, &str); 5] = [
        (|all| all[1].status = 301, "has the status 301"),
        (|all| all[1].names = named("shop.example"), "two editions are for `shop.example`"),
        (|all| all[1].names = named("no name"), "`no name` is not a host name"),
        (|all| all[1].pages.clear(), "no page in its default language en"),
        (|all| drop(all[1].kit.insert("../x".into(), Vec::new())), "kit file `../x`"),
    ];
    for (change, reason) in changes {
        let mut editions = sample::editions();
        change(&mut editions);
        let error = Splash::new(&editions, None, Options::default()).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    let options = Options { blocked_by: Some("police".into()), ..Options::default() };
    let error = Splash::new(&sample::editions(), None, options).unwrap_err();
    assert_eq!(error.to_string(), "`police` is not an absolute URI for the Link header");
}

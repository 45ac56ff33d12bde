use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use rustls::server::ResolvesServerCertUsingSni;
use tokio::io::AsyncWriteExt;

use super::*;
use crate::observe::loopback::{Answer, Authority, Standing, name, noon, raw_server, tls_server, web_server, world};
use crate::observe::{TlsFailure, Unknown};

const HOST: &str = "203.0.113.10";

fn limits() -> HttpLimits {
    HttpLimits { time: Duration::from_secs(20), body_bytes: 1000 }
}

fn https() -> Visit {
    Visit::new(Scheme::Https, &name("shop.example"), world(&format!("{HOST}:443")))
}

fn page(body: &'static str) -> Answer {
    Response::new(Full::new(Bytes::from_static(body.as_bytes())))
}

/// What the server saw of the visitor, said back in the body.
fn mirror(request: hyper::Request<hyper::body::Incoming>) -> Answer {
    let header = |name: &str| request.headers().get(name).map_or("-", |value| value.to_str().unwrap()).to_owned();
    let host = request.uri().authority().map_or_else(|| header("host"), ToString::to_string);
    let path = request.uri().path_and_query().unwrap().to_string();
    let said = format!("{host} {path} {} {}", header("accept-language"), header("user-agent"));
    Response::builder().status(451).header("x-kind", "notice").body(Full::new(said.into())).unwrap()
}

async fn notice_host(network: &Network, authority: &Authority, protocols: &[&str]) -> Standing {
    let config = authority.server("shop.example", 2030, protocols);
    web_server(network, world(&format!("{HOST}:443")), Some(config), mirror).await
}

fn trusting(authority: &Authority) -> Network {
    Network::simulated(&[]).trusting(&[authority.certificate()]).unwrap()
}

#[tokio::test]
async fn a_page_is_fetched_as_a_browser_does_over_each_version_of_http() {
    let authority = Authority::new("Test CA");
    for (protocols, version, alpn) in [
        (&["h2", "http/1.1"][..], Version::HTTP_2, Some("h2")),
        (&["http/1.1"][..], Version::HTTP_11, Some("http/1.1")),
        (&[][..], Version::HTTP_11, None),
    ] {
        let network = trusting(&authority);
        let _server = notice_host(&network, &authority, protocols).await;
        let asked = https().path("/notice?x=1").unwrap().reading("uk, ru;q=0.8").unwrap();
        let seen = visit(&network, &noon(), asked, limits()).await;
        let page = seen.outcome.clone().unwrap();
        assert_eq!((page.status.as_u16(), page.version), (451, version));
        assert_eq!(page.headers["x-kind"], "notice");
        let said = String::from_utf8(seen.raw.clone()).unwrap();
        assert_eq!(said, format!("shop.example /notice?x=1 uk, ru;q=0.8 impound/{}", env!("CARGO_PKG_VERSION")));
        let tls = page.tls.as_ref().unwrap();
        assert_eq!(tls.alpn.as_deref(), alpn);
        assert_eq!(tls.chain.len(), 1);
        assert!(!tls.certificate.is_empty());
        assert_eq!(tls.not_after.unwrap().to_string(), "2030-01-01T00:00:00Z");
        let line = seen.line();
        assert!(line.starts_with("https://shop.example/notice?x=1 for a reader of uk, ru;q=0.8: 451"), "{line}");
        assert_eq!(seen.evidence()["outcome"]["known"]["tls"]["version"], "TLSv1_3");
    }
}

#[tokio::test]
async fn plain_http_names_the_port_when_it_is_an_unusual_one_and_follows_no_redirect() {
    let network = Network::simulated(&[]);
    let at = world("203.0.113.10:8080");
    let _server = web_server(&network, at, None, |request| {
        let host = request.headers()["host"].to_str().unwrap().to_owned();
        let moved = Response::builder().status(301).header("location", "https://elsewhere.test/");
        moved.body(Full::new(host.into())).unwrap()
    })
    .await;
    let seen = visit(&network, &noon(), Visit::new(Scheme::Http, &name("shop.example"), at), limits()).await;
    assert_eq!(seen.raw, b"shop.example:8080");
    let page = seen.outcome.unwrap();
    assert_eq!((page.status.as_u16(), page.tls), (301, None));
}

async fn failure(network: &Network, asked: Visit) -> Unknown {
    visit(network, &noon(), asked, limits()).await.outcome.unwrap_err()
}

#[tokio::test]
async fn a_certificate_that_we_refuse_is_told_apart_from_a_server_that_refuses_us() {
    let authority = Authority::new("Test CA");
    let network = trusting(&authority);
    let at = world(&format!("{HOST}:443"));
    let _good = notice_host(&network, &authority, &[]).await;

    let stranger = Visit::new(Scheme::Https, &name("stranger.example"), at);
    let Unknown::Tls(why) = failure(&network, stranger.clone()).await else { panic!() };
    assert!(matches!(why, TlsFailure::WrongName(_)), "{why}");
    assert!(!why.is_refusal_by_server());

    let elsewhere = network.trusting(&[Authority::new("Elsewhere").certificate()]).unwrap();
    assert_eq!(failure(&elsewhere, https()).await, Unknown::Tls(TlsFailure::UnknownIssuer));

    let expired = authority.server("shop.example", 2026, &[]);
    let _expired = web_server(&network, at, Some(expired), |_| page("")).await;
    let Unknown::Tls(why) = failure(&network, https()).await else { panic!() };
    assert!(matches!(why, TlsFailure::Validity(_)), "{why}");
    // The time that counts is the one handed in.
    let then = crate::clock::SimulatedClock::new("2025-06-01T00:00:00Z".parse().unwrap());
    assert!(visit(&network, &then, https(), limits()).await.outcome.is_ok());

    // A server that holds nothing for the name answers with an alert.
    let nothing = tls_server().with_cert_resolver(Arc::new(ResolvesServerCertUsingSni::new()));
    let _closed = web_server(&network, at, Some(nothing), |_| page("")).await;
    let Unknown::Tls(why) = failure(&network, stranger).await else { panic!() };
    assert!(matches!(why, TlsFailure::Alert(_)) && why.is_refusal_by_server(), "{why}");

    let _gone = raw_server(&network, at, |stream| async move { drop(stream) }).await;
    let Unknown::Tls(why) = failure(&network, https()).await else { panic!() };
    assert!(matches!(why, TlsFailure::Closed), "{why}");

    let _plain = raw_server(&network, at, |mut stream| async move {
        // Speaks plain HTTP on the port of HTTPS, and stays until the visitor has gone.
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await;
    let Unknown::Tls(why) = failure(&network, https()).await else { panic!() };
    assert!(matches!(why, TlsFailure::Protocol(_)), "{why}");
}

#[tokio::test]
async fn bodies_and_heads_have_bounds_and_what_came_before_is_kept() {
    let network = Network::simulated(&[]);
    let at = world(&format!("{HOST}:80"));
    let plain = Visit::new(Scheme::Http, &name("shop.example"), at);
    let body = |bytes: usize| move |_| Response::new(Full::new(Bytes::from(vec![b'x'; bytes])));

    let _fits = web_server(&network, at, None, body(1000)).await;
    assert_eq!(visit(&network, &noon(), plain.clone(), limits()).await.outcome.unwrap().body_bytes, 1000);
    let _large = web_server(&network, at, None, body(1001)).await;
    let seen = visit(&network, &noon(), plain.clone(), limits()).await;
    assert_eq!(seen.outcome, Err(Unknown::TooLarge { limit_bytes: 1000 }));
    assert_eq!(seen.raw.len(), 1000);

    let _head = raw_server(&network, at, |mut stream| async move {
        let line = format!("x-long: {}\r\n", "y".repeat(1000));
        let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\n{}", line.repeat(200)).as_bytes()).await;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await;
    let why = failure(&network, plain).await;
    assert!(matches!(why, Unknown::TooLarge { .. }), "{why}");
}

#[tokio::test]
async fn servers_that_misbehave_leave_the_page_unknown() {
    let network = Network::simulated(&[]);
    let at = world(&format!("{HOST}:80"));
    let plain = Visit::new(Scheme::Http, &name("shop.example"), at);
    for (said, code) in [
        (&b"\x16\x03\x01 what is this\r\n\r\n"[..], "garbage"),
        (&b""[..], "closed"),
        (&b"HTTP/1.1 200 OK\r\ncontent-le"[..], "closed"),
        (&b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf a bo"[..], "closed"),
    ] {
        let _server = raw_server(&network, at, move |mut stream| async move {
            use tokio::io::AsyncReadExt;
            // The whole request is read first: closing with octets unread would reset the connection.
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            let _ = stream.write_all(said).await;
        })
        .await;
        let why = failure(&network, plain.clone()).await;
        assert_eq!(why.code(), code, "{}: {why}", said.escape_ascii());
    }
    // One that takes the connection and says nothing.
    let _slow = raw_server(&network, at, |mut stream| async move {
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await;
    let time = Duration::from_millis(100);
    let seen = visit(&network, &noon(), plain, HttpLimits { time, ..limits() }).await;
    assert_eq!(seen.outcome, Err(Unknown::Timeout { after: time }));
}

#[test]
fn a_path_that_is_none_and_a_language_that_cannot_be_sent_are_refused() {
    for path in ["", "notice", "https://elsewhere.test/", "/a b", "/a\r\nHost: x"] {
        assert!(https().path(path).is_err(), "{path:?}");
    }
    assert!(https().reading("de\r\nX-Evil: 1").is_err());
}

#[tokio::test]
async fn an_onion_service_is_asked_for_at_the_hop_behind_tor_and_looked_up_nowhere() {
    let network = Network::simulated(&[]);
    let hop = world("203.0.113.10:8080");
    let _server = web_server(&network, hop, None, mirror).await;
    let onion = OnionName::of_key(&[7; 32]);
    let asked = Visit::of_onion(&onion, hop).path("/de/").unwrap().reading("de").unwrap();
    assert_eq!(asked.scheme(), Scheme::Http);
    assert_eq!(asked.url(), format!("http://{onion}/de/"));
    let seen = visit(&network, &noon(), asked, limits()).await;
    assert_eq!(seen.asked, Some(hop));
    let said = String::from_utf8(seen.raw).unwrap();
    assert!(said.starts_with(&format!("{onion} /de/ de ")), "{said}");
}

#[test]
fn a_host_is_a_domain_or_an_onion_service_and_nothing_below_one() {
    let onion = OnionName::of_key(&[7; 32]);
    assert_eq!(onion.as_str().to_uppercase().parse(), Ok(WebHost::Onion(onion.clone())));
    assert_eq!("Bücher.example.".parse(), Ok(WebHost::Domain(name("xn--bcher-kva.example"))));
    for bad in ["", "192.0.2.1", "abc.onion", &format!("www.{onion}")] {
        assert!(bad.parse::<WebHost>().is_err(), "{bad}");
    }
}

#[test]
fn the_url_shows_its_own_port_and_not_that_of_a_hop() {
    let visit = Visit::new(Scheme::Https, &name("shop.example"), world("203.0.113.10:8443"));
    assert_eq!(visit.url(), "https://shop.example:8443/");
    assert_eq!(visit.port(443).url(), "https://shop.example/");
}

use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::observe::loopback::{Authority, noon, raw_server, web_server, world};
use crate::observe::{DnsLimits, Network, Protocol};

const LIMITS: HttpLimits = HttpLimits { time: Duration::from_secs(20), body_bytes: 100 };

async fn posted(network: &Network, url: &str, body: &'static [u8], limits: HttpLimits) -> Result<Posted, Unknown> {
    let dns = DnsClient::new(network.clone(), DnsLimits::default());
    post(&dns, &noon(), &url.parse().unwrap(), "application/x-test", Bytes::from_static(body), limits).await
}

/// Says back method, host, path, media type and body.
async fn mirror(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let host = parts.headers.get("host").map_or("-", |value| value.to_str().unwrap()).to_owned();
    let kind = parts.headers["content-type"].to_str().unwrap();
    let said = format!("{} {host} {} {kind} {}", parts.method, parts.uri.path(), body.escape_ascii());
    Ok(Response::builder().status(409).header("content-type", "Text/Plain; a=b").body(Full::new(said.into())).unwrap())
}

#[test]
fn a_service_is_named_by_one_kind_of_url() {
    for (url, host, printed) in [
        ("http://tsa.example", "tsa.example", "http://tsa.example/"),
        ("https://TSA.example:443/a?b=c", "tsa.example", "https://tsa.example/a?b=c"),
        ("http://127.0.0.1:3180/tsr", "127.0.0.1", "http://127.0.0.1:3180/tsr"),
        ("https://[2001:db8::1]/", "2001:db8::1", "https://[2001:db8::1]/"),
    ] {
        let parsed: ServiceUrl = url.parse().unwrap();
        assert_eq!((parsed.host().as_str(), parsed.to_string().as_str()), (host, printed));
    }
    for url in ["", "tsa.example", "ftp://tsa.example/", "http://a@tsa.example/", "http://tsa.example/#x", "http:///a"]
    {
        assert!(matches!(url.parse::<ServiceUrl>(), Err(ObserveError::ServiceUrl { .. })), "{url}");
    }
}

#[tokio::test]
async fn a_body_is_posted_with_its_media_type_and_the_answer_is_kept_whatever_its_status() {
    let network = Network::simulated(&[]);
    let _server = raw_server(&network, world("203.0.113.10:8080"), |stream| async move {
        let http = hyper::server::conn::http1::Builder::new();
        let _ = http.serve_connection(TokioIo::new(stream), service_fn(mirror)).await;
    })
    .await;
    let answer = posted(&network, "http://203.0.113.10:8080/add?x=1", b"old 0\n", LIMITS).await.unwrap();
    let said = String::from_utf8(answer.body.clone()).unwrap();
    assert_eq!(said, "POST 203.0.113.10:8080 /add application/x-test old 0\\n");
    assert_eq!((answer.status.as_u16(), answer.media_type().as_str()), (409, "text/plain"));
}

#[tokio::test]
async fn over_tls_the_service_is_the_one_that_its_certificate_names() {
    let authority = Authority::new("Test CA");
    let network = Network::simulated(&[]).trusting(&[authority.certificate()]).unwrap();
    for (name, good) in [("203.0.113.10", true), ("203.0.113.11", false)] {
        let config = authority.server(name, 2030, &["h2"]);
        let at = world("203.0.113.10:443");
        let _server = web_server(&network, at, Some(config), |request| {
            Response::new(Full::new(request.method().to_string().into()))
        })
        .await;
        let answer = posted(&network, "https://203.0.113.10/", b"x", LIMITS).await;
        match answer {
            Ok(answer) => assert!(good && answer.body == b"POST", "{answer:?}"),
            Err(unknown) => assert!(!good && matches!(unknown, Unknown::Tls(_)), "{unknown}"),
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_or_never_ends_is_none() {
    let network = Network::simulated(&[]);
    let large = world("203.0.113.10:80");
    let _large =
        web_server(&network, large, None, |_| Response::new(Full::new(Bytes::from_static(&[b'x'; 101])))).await;
    let slow = world("203.0.113.11:80");
    let _slow = raw_server(&network, slow, |mut stream| async move {
        let mut octets = [0; 1024];
        let _ = stream.read(&mut octets).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        std::future::pending::<()>().await;
    })
    .await;
    network.close(Protocol::Tcp, world("203.0.113.12:80")).unwrap();
    let soon = HttpLimits { time: Duration::from_millis(200), ..LIMITS };
    let failed = async |url, limits| posted(&network, url, b"x", limits).await.unwrap_err();
    assert_eq!(failed("http://203.0.113.10/", LIMITS).await, Unknown::TooLarge { limit_bytes: 100 });
    assert_eq!(failed("http://203.0.113.11/", soon).await, Unknown::Timeout { after: soon.time });
    assert_eq!(failed("http://203.0.113.12/", LIMITS).await, Unknown::Refused);
    assert_eq!(failed("http://tsa.example/", LIMITS).await, Unknown::NobodyToAsk);
}

#[tokio::test]
async fn what_lies_below_a_service_is_fetched_from_there() {
    let network = Network::simulated(&[]);
    let seen = |request: Request<Incoming>| {
        let text = format!("{} {}", request.method(), request.uri());
        Response::new(Full::new(Bytes::from(text)))
    };
    let _server = web_server(&network, world("192.0.2.7:80"), None, seen).await;
    let dns = DnsClient::new(network, DnsLimits::default());
    for (url, expected) in [("http://192.0.2.7", "GET /a/b"), ("http://192.0.2.7/w/", "GET /w/a/b")] {
        let url: ServiceUrl = url.parse().unwrap();
        let limits = HttpLimits { time: Duration::from_secs(10), body_bytes: 4096 };
        let fetched = fetch(&dns, &noon(), &url.below("a/b"), limits).await.unwrap();
        assert_eq!((fetched.status, fetched.body.as_slice()), (StatusCode::OK, expected.as_bytes()));
    }
}

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use rustls::server::ResolvesServerCertUsingSni;

use super::*;
use crate::observe::Network;
use crate::observe::loopback::{Authority, raw_server, tls_server, web_server};
use crate::verify::fixture::{House, eyes, good_note, page, pages};

const PLAIN: &str = "203.0.113.10:80";
const TLS: &str = "203.0.113.10:443";

async fn comes(network: &Network) -> TurnedAway {
    let (host, pages) = ("innocent.example".parse().unwrap(), pages().into_values().collect());
    let who = Stranger { host: &host, http: PLAIN.parse().unwrap(), https: TLS.parse().unwrap(), pages: &pages };
    stranger(&eyes(network), who).await
}

/// A server that has nothing for the name ends the handshake with an alert.
fn nothing() -> rustls::ServerConfig {
    tls_server().with_cert_resolver(Arc::new(ResolvesServerCertUsingSni::new()))
}

#[tokio::test]
async fn a_stranger_is_turned_away_when_nothing_of_ours_is_shown() {
    let cases: [(u16, String, u16, Vec<u8>, &str); 6] = [
        (421, String::new(), 421, Vec::new(), "turned-away"),
        (404, "not here".to_owned(), 404, b"not here".to_vec(), "turned-away"),
        (200, "hello".to_owned(), 421, Vec::new(), "answered"),
        (451, page("en"), 421, Vec::new(), "answered"),
        (421, page("en"), 421, Vec::new(), "answered"),
        (421, String::new(), 421, good_note(), "answered"),
    ];
    for (status, body, kit_status, kit, code) in cases {
        let network = Network::simulated(&[]);
        let _plain = web_server(&network, PLAIN.parse().unwrap(), None, move |request| {
            let is_kit = request.uri().path().starts_with(KIT_PATH);
            let (status, body) = if is_kit { (kit_status, kit.clone()) } else { (status, body.clone().into_bytes()) };
            Response::builder().status(status).body(Full::new(Bytes::from(body))).unwrap()
        })
        .await;
        let _tls = House::good().open(&network, TLS, Some(nothing())).await;
        let seen = comes(&network).await;
        assert_eq!(seen.report.verdict.code(), code, "{}", seen.report);
        assert_eq!(seen.is_turned_away(), code == "turned-away");
    }
}

#[tokio::test]
async fn any_certificate_is_an_answer_and_a_closed_connection_is_none() {
    let authority = Authority::new("ours");
    let network = Network::simulated(&[]).trusting(&[authority.certificate()]).unwrap();
    let _plain = web_server(&network, PLAIN.parse().unwrap(), None, |_| {
        Response::builder().status(421).body(Full::new(Bytes::new())).unwrap()
    })
    .await;
    let unasked = comes(&network).await;
    assert_eq!(unasked.report.verdict.code(), "undetermined", "{}", unasked.report);
    assert!(unasked.summary().starts_with("innocent.example: undetermined: not checked: tls: "));

    for host in ["shop.example", "innocent.example"] {
        let _tls = House::good().open(&network, TLS, Some(authority.server(host, 2030, &[]))).await;
        let seen = comes(&network).await;
        assert_eq!(seen.report.verdict.code(), "answered", "{host}\n{}", seen.report);
    }

    let _closed = raw_server(&network, TLS.parse().unwrap(), |stream| async move { drop(stream) }).await;
    let seen = comes(&network).await;
    assert!(seen.is_turned_away(), "{}", seen.report);
    let labels: Vec<String> = seen.exhibits().into_iter().map(|exhibit| exhibit.label).collect();
    assert_eq!(labels, ["judgement"], "nobody said anything");
}

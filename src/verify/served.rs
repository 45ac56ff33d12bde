//! The whole way on loopback: an edition on disk, the splash server over TLS and without, visitors and a stranger.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;

use super::fixture::{both, eyes, good_note, manifest, noon, onion, page, pages, tag};
use super::*;
use crate::domain::DomainName;
use crate::notice::{Edition, NOTICE_NOTE, NOTICE_TXT, read_site, write_site};
use crate::observe::{Network, Protocol, Scheme, Visit, WebHost};
use crate::serve::{Certificates, Options, Splash, bind};

const PLAIN: &str = "203.0.113.10:80";
const TLS: &str = "203.0.113.10:443";

fn edition() -> Edition {
    let kit = [(NOTICE_TXT, manifest().to_string().into_bytes()), (NOTICE_NOTE, good_note())];
    Edition {
        id: manifest().id.to_string(),
        status: 451,
        default_language: tag("en"),
        pages: pages().into_keys().map(|language| (language.clone(), page(language.as_str()).into_bytes())).collect(),
        kit: kit.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect::<BTreeMap<_, _>>(),
        security_txt: b"Contact: mailto:appeal@police.example\n".to_vec(),
        hosts: manifest().hosts(),
        subdomains_of: vec!["shop.example".parse().unwrap()],
        release: None,
    }
}

/// A certificate for `shop.example`, by an authority that the network believes.
fn certified(network: &Network) -> (Network, Certificates) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["shop.example".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let certified = CertifiedKey::new(vec![leaf.der().clone()], any_supported_type(&private).unwrap());
    let network = network.trusting(&[authority.der().clone()]).unwrap();
    (network, Certificates::from_keys([Arc::new(certified)]).unwrap())
}

#[tokio::test]
async fn what_the_splash_server_shows_is_genuine_to_its_visitors_and_nothing_to_strangers() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &[edition()]).unwrap();
    let (trust, name): (_, WebHost) = (both(), "shop.example".parse().unwrap());
    let placed = of_path(dir.path(), Expected { trust: &trust, name: Some(&name), at: noon() }).unwrap();
    assert!(placed.iter().all(|placed| placed.report.is_good()), "{}", placed[0]);

    let (network, certificates) = certified(&Network::simulated(&[]));
    let splash = Splash::new(&read_site(dir.path()).unwrap(), Some(certificates), Options::default()).unwrap();
    let plain = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let tls = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    network.route(Protocol::Tcp, PLAIN.parse().unwrap(), plain.local_addr().unwrap()).unwrap();
    network.route(Protocol::Tcp, TLS.parse().unwrap(), tls.local_addr().unwrap()).unwrap();
    let server = tokio::spawn(async move { splash.run(vec![plain], vec![tls], pending()).await });

    let eyes = eyes(&network);
    let shop: DomainName = "shop.example".parse().unwrap();
    let deep: DomainName = "www.shop.example".parse().unwrap();
    let languages = ["ar", "de", "en", "ja"].map(tag);
    for door in [
        Visit::new(Scheme::Http, &shop, PLAIN.parse().unwrap()),
        Visit::new(Scheme::Https, &shop, TLS.parse().unwrap()),
        Visit::new(Scheme::Http, &deep, PLAIN.parse().unwrap()),
        Visit::of_onion(&onion(), PLAIN.parse().unwrap()),
    ] {
        let visited = look(&eyes, &door, &languages, &trust).await;
        assert!(visited.is_genuine(), "{visited}");
    }

    let (host, pages) = ("innocent.example".parse().unwrap(), pages().into_values().collect());
    let who = Stranger { host: &host, http: PLAIN.parse().unwrap(), https: TLS.parse().unwrap(), pages: &pages };
    let stranger = stranger(&eyes, who).await;
    assert!(stranger.is_turned_away(), "{}", stranger.report);
    server.abort();
}

//! The whole way on loopback: an edition on disk, the splash server over TLS and without, visitors and a stranger.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;

use super::fixture::{COURT, POLICE, both, eyes, good_note, manifest, noon, note, onion, page, pages, tag};
use super::*;
use crate::coverage::{SealedNames, Seed};
use crate::domain::DomainName;
use crate::notice::{
    COVERAGE_PROOF, COVERED_NAMES, Edition, KIT_PATH, Manifest, NOTICE_NOTE, NOTICE_TXT, Names, read_site,
    read_site_of, sealed_names, write_site,
};
use crate::observe::{Network, Protocol, Scheme, Visit, WebHost, visit};
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
        names: Arc::new(Names { hosts: manifest().hosts().into(), subdomains: true, sealed: None }),
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

    // The page's own links to its languages lead to these addresses, and stand in the address bar of whoever follows them.
    for path in ["ar", "ar/", "ar/index.html?from=link"] {
        let url = format!("http://shop.example/{path}");
        let seen = of_url(&eyes, &url, Some(PLAIN.parse().unwrap()), &[], &trust).await.unwrap();
        assert!(seen.is_genuine(), "{seen}");
        let report = &seen.visits[0].report;
        assert_eq!(report.line(Check::Language).unwrap().detail, "ar, by its address");
        assert!(report.line(Check::Pages).unwrap().detail.starts_with("1 of 3 pages as signed"), "{report}");
    }

    let (host, pages) = ("innocent.example".parse().unwrap(), pages().into_values().collect());
    let who = Stranger { host: &host, http: PLAIN.parse().unwrap(), https: TLS.parse().unwrap(), pages: &pages };
    let stranger = stranger(&eyes, who).await;
    assert!(stranger.is_turned_away(), "{}", stranger.report);
    server.abort();
}

/// The same edition, which covers its names without telling them.
fn sealed_edition() -> Edition {
    let hosts = vec!["hidden.example".to_owned(), onion().to_string(), "shop.example".to_owned()];
    let sealed = SealedNames::seal(Seed::generate().unwrap(), hosts.iter().map(String::as_str)).unwrap();
    let stated = Some(sealed.stated());
    let listed = manifest();
    let manifest = Manifest { domains: [].into(), onions: [].into(), sealed: stated, ..listed }.checked().unwrap();
    let mut edition = edition();
    edition.kit.insert(NOTICE_TXT.to_owned(), manifest.to_string().into_bytes());
    edition.kit.insert(NOTICE_NOTE.to_owned(), note(&manifest.to_string(), &[POLICE, COURT]));
    Edition {
        names: Arc::new(Names { hosts: hosts.into(), subdomains: true, sealed: Some(Arc::new(sealed)) }),
        ..edition
    }
}

#[tokio::test]
async fn a_notice_that_does_not_tell_its_names_is_proven_for_each_and_tells_none_of_the_others() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &[sealed_edition()]).unwrap();
    let network = Network::simulated(&[]);
    let splash = Splash::new(&read_site(dir.path()).unwrap(), None, Options::default()).unwrap();
    let plain = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    network.route(Protocol::Tcp, PLAIN.parse().unwrap(), plain.local_addr().unwrap()).unwrap();
    let server = tokio::spawn(async move { splash.run(vec![plain], vec![], pending()).await });

    let (eyes, trust) = (eyes(&network), both());
    let at = || PLAIN.parse().unwrap();
    let shop: DomainName = "shop.example".parse().unwrap();
    let deep: DomainName = "www.shop.example".parse().unwrap();
    for door in
        [Visit::new(Scheme::Http, &shop, at()), Visit::new(Scheme::Http, &deep, at()), Visit::of_onion(&onion(), at())]
    {
        let visited = look(&eyes, &door, &[tag("en")], &trust).await;
        assert!(visited.is_genuine(), "{visited}");
        let line = visited.report.line(Check::Name).unwrap();
        assert!(line.detail.contains("is one of 3 sealed names"), "{}", line.detail);
        let shown: String =
            visited.exhibits().iter().map(|one| String::from_utf8_lossy(&one.bytes).into_owned()).collect();
        assert!(!shown.contains("hidden.example"));
    }
    // Every file of the kit, and the proof of one name.
    let mut told = Vec::new();
    for file in ["", "notice.txt", "notice.note", COVERAGE_PROOF, COVERED_NAMES, "edition.json"] {
        let door = Visit::new(Scheme::Http, &shop, at()).path(&format!("{KIT_PATH}{file}")).unwrap();
        told.extend(visit(&network, &*eyes.clock, door, NOTE_LIMITS).await.raw);
    }
    let told = String::from_utf8_lossy(&told);
    assert!(
        told.contains("name: shop.example\n") && !told.contains("hidden.example") && !told.contains(onion().as_str())
    );
    server.abort();
}

#[test]
fn a_proof_beside_the_note_is_for_its_own_name() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &[sealed_edition()]).unwrap();
    let home = dir.path().join("main/1");
    let verdict = |name: &str| {
        let (trust, name): (_, WebHost) = (both(), name.parse().unwrap());
        let placed = of_path(&home, Expected { trust: &trust, name: Some(&name), at: noon() }).unwrap();
        placed[0].report.verdict.code()
    };
    // The publisher has the names.
    assert_eq!(verdict("shop.example"), "in-force");
    assert_eq!(verdict("www.hidden.example"), "in-force");
    assert_eq!(verdict("other.example"), "undetermined");
    // Anybody else has the proof of one name.
    let (sealed, _) = sealed_names(&home.join(COVERED_NAMES)).unwrap();
    let proof = sealed.prove("shop.example").unwrap().to_string();
    std::fs::remove_file(home.join(COVERED_NAMES)).unwrap();
    assert_eq!(verdict("shop.example"), "undetermined");
    std::fs::write(home.join(COVERAGE_PROOF), &proof).unwrap();
    assert_eq!(verdict("shop.example"), "in-force");
    assert_eq!(verdict("www.shop.example"), "in-force");
    assert_eq!(verdict("hidden.example"), "not-covered");
    std::fs::write(home.join(COVERAGE_PROOF), proof.replace("shop.example", "evil.example")).unwrap();
    assert_eq!(verdict("evil.example"), "not-covered");
    std::fs::write(home.join(COVERAGE_PROOF), "seizure-coverage/v2\n").unwrap();
    assert_eq!(verdict("shop.example"), "not-covered");
}

#[test]
fn names_that_are_not_those_under_the_seal_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &[sealed_edition()]).unwrap();
    let names = dir.path().join("main/1").join(COVERED_NAMES);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&names).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);

    // Names that are at hand are not sealed again, and stand for no others.
    let at_hand = read_site(dir.path()).unwrap().remove(0).names;
    let read = || read_site_of(dir.path(), vec![Arc::clone(&at_hand)]);
    assert!(Arc::ptr_eq(&read().unwrap().remove(0).names, &at_hand));

    let text = std::fs::read_to_string(&names).unwrap();
    for (changed, why) in [
        (format!("{text}added.example\n"), "not those that notice.txt seals"),
        (text.replace("hidden.example\n", ""), "not those that notice.txt seals"),
        (text.replace("seizure-coverage-seed/v1\n", ""), "not a seed and names"),
        (text.trim_end().to_owned(), "not a seed and names"),
        (String::new(), "not a seed and names"),
    ] {
        std::fs::write(&names, changed).unwrap();
        for error in [read_site(dir.path()).unwrap_err(), read().unwrap_err()].map(|error| error.to_string()) {
            assert!(error.contains(why) && error.contains(COVERED_NAMES), "{error}");
        }
    }
}

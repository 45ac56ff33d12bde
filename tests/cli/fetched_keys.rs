//! Key lists from agencies' sites, with a resolver and a site on loopback.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::rdata::{A, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use impound::cli::Exit;
use impound::observe::{Network, Protocol};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};
use tokio_rustls::TlsAcceptor;

use crate::desk::Desk;
use crate::key_list::with_list;

const RESOLVER: &str = "192.0.2.2:53";
const SITE: &str = "203.0.113.20";
const VERIFY: &str =
    "verify {}/op/site --name seized.example --at 2026-12-06T12:00:00Z --fetch-keys police.example --ca {}/ca.pem";

/// Answers for `police.example` and its record, from what the file `record` at the desk holds.
fn answer(question: &Message, record: &str) -> Message {
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    answer.add_queries(question.queries.clone());
    let query = &question.queries[0];
    let name = query.name().to_ascii().to_ascii_lowercase();
    let add = |answer: &mut Message, data| {
        answer.add_answer(Record::from_rdata(Name::from_ascii(&name).unwrap(), 300, data));
    };
    match (name.as_str(), query.query_type()) {
        ("police.example.", RecordType::A) => add(&mut answer, RData::A(A(SITE.parse().unwrap()))),
        ("_seizure-keys.police.example.", RecordType::TXT) if !record.is_empty() => {
            add(&mut answer, RData::TXT(TXT::new(vec![record.to_owned()])));
        }
        ("police.example." | "_seizure-keys.police.example.", _) => {}
        _ => answer.metadata.response_code = ResponseCode::NXDomain,
    }
    answer
}

async fn resolver(desk: &Desk) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let world: SocketAddr = RESOLVER.parse().unwrap();
    desk.network.route(Protocol::Udp, world, socket.local_addr().unwrap()).unwrap();
    let record = desk.path("record");
    tokio::spawn(async move {
        let mut octets = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut octets).await {
            let question = Message::from_vec(&octets[..length]).unwrap();
            let answer = answer(&question, &fs::read_to_string(&record).unwrap());
            let _ = socket.send_to(&answer.to_vec().unwrap(), from).await;
        }
    });
}

/// Serves the directory `website` at the desk over HTTPS, under a certificate authority that is written to `ca.pem`.
async fn site(desk: &Desk) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    desk.write("ca.pem", authority.pem());
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["police.example".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let world: SocketAddr = format!("{SITE}:443").parse().unwrap();
    desk.network.route(Protocol::Tcp, world, listener.local_addr().unwrap()).unwrap();
    let root = desk.path("website");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            let path = String::from_utf8_lossy(&request[..length]).split(' ').nth(1).unwrap().to_owned();
            let file = fs::read(root.join(path.trim_start_matches('/')));
            let (status, body) = file.map_or(("404 Not Found", Vec::new()), |file| ("200 OK", file));
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
            let _ = stream.shutdown().await;
        }
    });
}

/// An agency that publishes its list as `key list publish` says, and the fingerprint that is printed on paper.
async fn published() -> (Desk, String) {
    let mut desk = with_list().await;
    desk.network = Network::simulated(&[RESOLVER.parse().unwrap()]);
    let told = desk.json("key list publish {}/keys.note -o {}/website").await;
    let fingerprint = told["roots"].as_str().unwrap().to_owned();
    let record = told["records"][0].as_str().unwrap().split('"').nth(1).unwrap().to_owned();
    assert_eq!(record, format!("v=sk1; root={fingerprint}"));
    desk.write("record", record);
    resolver(&desk).await;
    site(&desk).await;
    (desk, fingerprint)
}

#[tokio::test]
async fn a_lawyer_with_the_fingerprint_from_the_order_needs_no_key_list() {
    let (desk, fingerprint) = published().await;
    let ended = desk.run(&format!("{VERIFY} --root {fingerprint}")).await;
    assert_eq!(ended.exit, Exit::Ok, "{ended}");
    for said in ["shows key list 1, roots", "agree    yes", "vouched  by the fingerprint", "in force until"] {
        assert!(ended.output.contains(said), "{said}\n{ended}");
    }
    assert!(ended.output.lines().all(|line| line.chars().count() <= 80), "{ended}");
    desk.ok(&format!("{VERIFY} --roots {{}}/roots")).await;
    desk.ok(&format!("{VERIFY} --since {{}}/keys.note")).await;
    let json = desk.json(&format!("{VERIFY} --roots {fingerprint}")).await;
    let fetched = &json["fetched_keys"];
    assert_eq!((&fetched["agree"], &fetched["doubt"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(fetched["roots"], fingerprint.as_str());
    // The same fingerprint serves where somebody brings the list himself, and asks nobody.
    desk.ok(&format!(
        "verify {{}}/op/site --name seized.example --keys {{}}/keys.note --root {fingerprint} --at 2026-12-06T12:00:00Z"
    ))
    .await;
}

#[tokio::test]
async fn with_nothing_in_hand_the_answer_is_neither_yes_nor_no() {
    let (desk, fingerprint) = published().await;
    let ended = desk.run(VERIFY).await;
    assert_eq!(ended.exit, Exit::Environment, "{ended}");
    for said in ["undetermined", "vouched  by nobody", "agree    yes", fingerprint.as_str()] {
        assert!(ended.output.contains(said), "{said}\n{ended}");
    }
    let other = format!("sha256:{}", "0".repeat(64));
    let ended = desk.run(&format!("{VERIFY} --root {other}")).await;
    ended.must(Exit::NotVerified, "no key list at hand has the roots");
    desk.write("record", format!("v=sk1; root={other}"));
    let ended = desk.run(&format!("{VERIFY} --root {fingerprint}")).await;
    assert!(ended.exit == Exit::Environment && ended.output.contains("agree    no"), "{ended}");
    fs::remove_dir_all(desk.path("website")).unwrap();
    desk.run(VERIFY).await.must(Exit::Environment, "no key list could be fetched");
    for (line, said) in [
        (format!("{VERIFY} --root sha256:12"), "is not a digest"),
        (format!("{VERIFY} --keys {{}}/keys.note"), "cannot be used with"),
        ("verify {}/op/site".to_owned(), "--keys"),
        ("verify {}/x.tlog-proof --fetch-keys police.example".to_owned(), "x.tlog-proof"),
    ] {
        desk.run(&line).await.must(Exit::Usage, said);
    }
}

#[tokio::test]
async fn a_list_that_was_fetched_is_kept_and_followed_when_it_is_replaced() {
    let (desk, fingerprint) = published().await;
    let fetch = "key list fetch police.example --ca {}/ca.pem";
    desk.ok(&format!("{fetch} --root {fingerprint} -o {{}}/mine.note")).await;
    assert_eq!(desk.read("mine.note"), desk.read("keys.note"));
    desk.run(&format!("{fetch} -o {{}}/other.note")).await.must(Exit::Environment, "wrote key list 1");

    // The agencies replace it; both files are published.
    desk.ok("key list next {}/keys.note --expires 2027-01-22T08:00:00Z -o {}/next.note").await;
    for root in ["police-root", "prosecution-root"] {
        desk.ok(&format!("key list sign {{}}/next.note --key {{}}/{root}.key")).await;
    }
    fs::rename(desk.path("keys.note"), desk.path("keys.1.note")).unwrap();
    fs::rename(desk.path("next.note"), desk.path("keys.note")).unwrap();
    desk.ok("key list publish {}/keys.note -o {}/website").await;
    let files: BTreeMap<_, _> = ["", ".1", ".2"]
        .map(|number| (number, desk.read(&format!("website/.well-known/seizure-keys{number}.note"))))
        .into();
    assert!(files[""] == files[".2"] && files[".1"] == desk.read("mine.note"));

    let shown = desk.ok(&format!("{fetch} --since {{}}/mine.note -o {{}}/mine.note")).await;
    assert!(shown.contains("key list   version 2"), "{shown}");
    assert_eq!((desk.read("mine.note"), desk.read("mine.1.note")), (files[".2"].clone(), files[".1"].clone()));
    desk.ok(&format!("key list show {{}}/mine.note --root {fingerprint}")).await;
    // Nothing newer: nothing changes. What lies in the way is not overwritten.
    desk.ok(&format!("{fetch} --since {{}}/mine.note -o {{}}/mine.note")).await;
    desk.run(&format!("{fetch} --root {fingerprint} -o {{}}/roots.note")).await;
    desk.write("held.note", "mine");
    desk.run(&format!("{fetch} --root {fingerprint} -o {{}}/held.note")).await.must(Exit::Usage, "held.note");
    // An older list is not published in place of a newer one, nor one that too few have signed.
    desk.run("key list publish {}/keys.1.note -o {}/website").await.must(Exit::NotVerified, "key list 2 was believed");
    desk.run("key list publish {}/unsigned.note -o {}/website").await.must(Exit::NotVerified, "cannot be read");
}

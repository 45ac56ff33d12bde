//! Time stamps against `openssl ts`: as the authority that answers us, and as the auditor who checks what we kept.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at once on what they did not expect")]

mod bench;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;

use bench::{Bench, good, refused};
use impound::audit::{Actor, Entry, Kind, Log};
use impound::clock::UtcTime;
use impound::keyring::SecretKey;
use impound::signed_note::NoteSigner;

/// Two authorities, one on RSA and one on elliptic curves, each with its own root; and signers under the second that a
/// verifier must refuse.
const CONFIG: &str = "\
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[no-usage]
basicConstraints = critical,CA:FALSE
[two-usages]
extendedKeyUsage = critical,timeStamping,codeSigning
[uncritical]
extendedKeyUsage = timeStamping
[tsa]
serial = ./serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[older]
serial = ./serial
crypto_device = builtin
signer_digest = sha512
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256
clock_precision_digits = 3
ess_cert_id_alg = sha1
[strict]
serial = ./serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1
digests = sha512
[ca]
default_ca = ca_default
[ca_default]
database = ./index
serial = ./ca-serial
new_certs_dir = .
default_md = sha256
policy = ca_policy
[ca_policy]
organizationName = optional
commonName = supplied
";

/// A log, and a time stamping authority that answers on loopback, by path.
struct World {
    bench: Arc<Bench>,
    log: Log,
    at: String,
}

impl World {
    fn new() -> Self {
        let bench = Bench::new();
        bench.write("config", CONFIG);
        bench.write("serial", "01");
        bench.write("index", "");
        root(&bench, "rsa-root", &["-newkey", "rsa:2048"]);
        signer(&bench, "rsa", "rsa-root", &["-newkey", "rsa:3072"], "signer");
        root(&bench, "ec-root", &EC_256);
        signer(&bench, "ec", "ec-root", &EC_384, "signer");
        let key = SecretKey::generate("police.example/log".parse().unwrap()).unwrap();
        bench.write("log.vkey", &key.verifier().to_string());
        let mut log = Log::create(&bench.path().join("log"), key).unwrap();
        log.append(&[entry(0), entry(1)]).unwrap();
        log.publish().unwrap();
        let bench = Arc::new(bench);
        let at = serve(Arc::clone(&bench));
        Self { bench, log, at }
    }

    fn impound(&self, line: &str) -> Output {
        self.bench.run("impound", &line.split(' ').collect::<Vec<_>>(), "")
    }

    fn anchor(&self, path: &str, more: &str) -> Output {
        self.impound(&format!("log anchor log --keys log.vkey --tsa {}/{path}{more}", self.at))
    }

    fn verify(&self, more: &str) -> Output {
        self.impound(&format!("log verify log --keys log.vkey{more}"))
    }

    /// The files of all time stamps, below the directory of the log.
    fn kept(&self) -> Vec<String> {
        let mut kept = Vec::new();
        let Ok(sizes) = fs::read_dir(self.path("log/anchors")) else { return kept };
        for size in sizes.map(|size| size.unwrap().path()) {
            for file in fs::read_dir(&size).unwrap() {
                let size = size.file_name().unwrap().to_string_lossy().into_owned();
                kept.push(format!("{size}/{}", file.unwrap().file_name().to_string_lossy()));
            }
        }
        kept.sort();
        kept
    }

    fn path(&self, name: &str) -> PathBuf {
        self.bench.path().join(name)
    }
}

const EC_256: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
const EC_384: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"];

fn entry(second: i64) -> Entry {
    Entry {
        at: UtcTime::from_unix(1_795_334_400 + second),
        actor: Actor { agency: "police.example".into(), key: None, role: "operator".into() },
        authority: None,
        step: None,
        kind: Kind::Fact,
        action: "observe".into(),
        subject: None,
        body: BTreeMap::new(),
        evidence: Vec::new(),
        tool: "impound 0.1.0".into(),
    }
}

fn openssl(bench: &Bench, line: &str) -> Output {
    bench.run("openssl", &line.split(' ').collect::<Vec<_>>(), "")
}

fn root(bench: &Bench, name: &str, key: &[&str]) {
    let (file, subject) = (format!("{name}.pem"), format!("/O=Test/CN={name}"));
    let secret = format!("{name}.key");
    let rest = ["-nodes", "-keyout", &secret, "-out", &file, "-subj", &subject, "-days", "3650"];
    let config = ["-config", "config", "-extensions", "root"];
    good(&bench.run("openssl", &[&["req", "-x509"], key, &rest, &config].concat(), ""));
}

fn request(bench: &Bench, name: &str, key: &[&str]) {
    let (file, subject) = (format!("{name}.csr"), format!("/O=Test/CN=time of {name}"));
    let secret = format!("{name}.key");
    let rest = ["-nodes", "-keyout", &secret, "-out", &file, "-subj", &subject, "-config", "config"];
    good(&bench.run("openssl", &[&["req"], key, &rest].concat(), ""));
}

fn signer(bench: &Bench, name: &str, above: &str, key: &[&str], extensions: &str) {
    request(bench, name, key);
    let line = format!(
        "x509 -req -in {name}.csr -CA {above}.pem -CAkey {above}.key -set_serial 77 -days 365 -extfile config \
         -extensions {extensions} -out {name}.pem"
    );
    good(&openssl(bench, &line));
}

/// A signer whose certificate ended before today.
fn expired(bench: &Bench) {
    request(bench, "expired", &EC_256);
    good(&openssl(
        bench,
        "ca -batch -config config -in expired.csr -cert ec-root.pem -keyfile ec-root.key -create_serial -extfile config \
         -extensions signer -startdate 20200101000000Z -enddate 20210101000000Z -notext -out expired.pem",
    ));
}

/// Answers on loopback for as long as the test runs. The first part of the path says how.
fn serve(bench: Arc<Bench>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (path, query) = read_request(&mut stream);
            let (status, body) = answer(&bench, &path, &query);
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            // One who has read enough hangs up.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    at
}

/// The path without its slash, and the body.
fn read_request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut octets = Vec::new();
    loop {
        let mut more = [0; 4096];
        let count = stream.read(&mut more).unwrap();
        octets.extend_from_slice(more.get(..count).unwrap());
        let Some(end) = octets.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(octets.get(..end).unwrap().to_vec()).unwrap().to_lowercase();
        assert!(head.contains("content-type: application/timestamp-query"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let body = octets.get(end + 4..).unwrap();
        if body.len() >= length.parse().unwrap() {
            let path = head.split(' ').nth(1).unwrap().trim_start_matches('/').to_owned();
            return (path, body.to_vec());
        }
    }
}

fn answer(bench: &Bench, path: &str, query: &[u8]) -> (&'static str, Vec<u8>) {
    let granted = |signer, section| ("200 OK", reply(bench, signer, section, query));
    match path {
        "rsa" => granted("rsa", "tsa"),
        "rsa-older" => granted("rsa", "older"),
        "ec" => granted("ec", "tsa"),
        "ec-older" => granted("ec", "older"),
        "expired" => granted("expired", "tsa"),
        "strict" => granted("ec", "strict"),
        "other-bytes" => {
            let made = openssl(bench, "ts -query -data config -sha256 -cert -out other.tsq");
            assert!(made.status.success());
            ("200 OK", reply(bench, "ec", "tsa", &fs::read(bench.path().join("other.tsq")).unwrap()))
        }
        "other-nonce" => {
            // The nonce stands before the last member, `certReq`, which is 01 01 FF.
            let mut other = query.to_vec();
            let place = other.len() - 4;
            *other.get_mut(place).unwrap() ^= 1;
            ("200 OK", reply(bench, "ec", "tsa", &other))
        }
        "altered" => {
            let mut body = reply(bench, "ec", "tsa", query);
            *body.last_mut().unwrap() ^= 1;
            ("200 OK", body)
        }
        "no-usage" | "two-usages" | "uncritical" => ("200 OK", signed_again(bench, path, TIME_STAMP, query)),
        "pss" => {
            let more = "-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:32 -cades";
            ("200 OK", signed_again(bench, "rsa", &format!("{TIME_STAMP} {more}"), query))
        }
        "two-signers" => {
            let second = format!("{TIME_STAMP} -signer rsa.pem -inkey rsa.key");
            ("200 OK", signed_again(bench, "ec", &second, query))
        }
        "no-name" => ("200 OK", signed_again(bench, "ec", "-econtent_type 1.2.840.113549.1.9.16.1.4", query)),
        "other-type" => ("200 OK", signed_again(bench, "ec", "-econtent_type 1.2.840.113549.1.9.16.1.2 -cades", query)),
        "no-certificate" => {
            // Without the last member, `certReq`.
            let mut without = query.get(..query.len() - 3).unwrap().to_vec();
            *without.get_mut(1).unwrap() -= 3;
            ("200 OK", reply(bench, "ec", "tsa", &without))
        }
        "html" => ("200 OK", b"<!doctype html><title>Log in</title>".to_vec()),
        "empty" => ("200 OK", Vec::new()),
        "large" => ("200 OK", vec![0x30; 70_000]),
        "gone" => ("404 Not Found", b"gone".to_vec()),
        other => panic!("{other}"),
    }
}

fn reply(bench: &Bench, signer: &str, section: &str, query: &[u8]) -> Vec<u8> {
    fs::write(bench.path().join("query.tsq"), query).unwrap();
    good(&openssl(
        bench,
        &format!(
            "ts -reply -queryfile query.tsq -signer {signer}.pem -inkey {signer}.key -section {section} -config config \
             -out answer.tsr"
        ),
    ));
    fs::read(bench.path().join("answer.tsr")).unwrap()
}

/// The type of the content, and the attribute that names the certificate.
const TIME_STAMP: &str = "-econtent_type 1.2.840.113549.1.9.16.1.4 -cades";

/// `openssl ts` does not sign where a rule is broken, so the same content is signed as any CMS message.
fn signed_again(bench: &Bench, signer: &str, how: &str, query: &[u8]) -> Vec<u8> {
    reply(bench, "ec", "tsa", query);
    good(&openssl(bench, "ts -reply -in answer.tsr -token_out -out token.der"));
    good(&openssl(bench, "cms -verify -noverify -binary -inform DER -in token.der -out content.der"));
    good(&openssl(
        bench,
        &format!(
            "cms -sign -nodetach -binary -nosmimecap -signer {signer}.pem -inkey {signer}.key -md sha256 {how} \
             -in content.der -outform DER -out resigned.der"
        ),
    ));
    let token = fs::read(bench.path().join("resigned.der")).unwrap();
    let length = u16::try_from(token.len() + 5).unwrap().to_be_bytes();
    [&[0x30, 0x82, length[0], length[1]], b"\x30\x03\x02\x01\x00".as_slice(), &token].concat()
}

#[test]
fn what_we_keep_is_what_openssl_accepts_and_we_verify_it_offline() {
    let world = World::new();
    for (path, authority, digest) in
        [("rsa", "rsa", ""), ("rsa-older", "rsa", "-2"), ("ec", "ec", "-3"), ("ec-older", "ec", "-4")]
    {
        let said = good(&world.anchor(path, &format!(" --tsa-ca {authority}-root.pem")));
        assert!(said.starts_with("2 entries of police.example/log existed before 20"), "{said}");
        assert!(said.contains(&format!("says         CN=time of {authority},O=Test\n")), "{said}");
        let stem = format!("log/anchors/2/127.0.0.1{digest}");
        assert!(said.contains(&format!("kept         {stem}.tsr\n")), "{said}");
        for what in ["-data log/checkpoints/2".to_owned(), format!("-queryfile {stem}.tsq")] {
            let line = format!("ts -verify {what} -in {stem}.tsr -CAfile {authority}-root.pem");
            assert_eq!(good(&openssl(&world.bench, &line)), "Verification: OK\n");
        }
    }
    assert_eq!(world.kept().len(), 8);
    // Each is believed only with its own authority.
    let said = refused(&world.verify(" --tsa-ca ec-root.pem"));
    assert!(said.contains("FAIL         anchors      log/anchors/2/127.0.0.1-2.tsr: the signer's"), "{said}");
    let both = world.bench.read("ec-root.pem") + &world.bench.read("rsa-root.pem");
    world.bench.write("both.pem", &both);
    let said = good(&world.verify(" --tsa-ca both.pem"));
    assert!(said.contains("pass         anchors      entries before 2 existed before 20"), "{said}");
    assert!(said.contains(",O=Test; 4 time stamps\n"), "{said}");
    let said = good(&world.verify(""));
    assert!(said.contains("not checked  anchors      4 time stamps fit; give --tsa-ca"), "{said}");
    told_in_a_report(&world);
}

/// A report tells the time stamps, and whether the authority is one that is believed.
fn told_in_a_report(world: &World) {
    const REPORT: &str = "report log --keys log.vkey --format json";
    for (authorities, believed) in [(" --tsa-ca both.pem", true), ("", false)] {
        let said = good(&world.impound(&format!("{REPORT}{authorities}")));
        let told: serde_json::Value = serde_json::from_str(&said).unwrap();
        let anchors = told.pointer("/logs/0/anchors").and_then(serde_json::Value::as_array).unwrap();
        assert_eq!(anchors.len(), 4, "{said}");
        for anchor in anchors {
            assert_eq!((&anchor["size"], &anchor["believed"]), (&2.into(), &believed.into()), "{said}");
        }
    }
    let said = refused(&world.impound("report log --keys log.vkey --tsa-ca ec-root.pem"));
    assert!(said.contains("A time stamp does not hold") && said.contains("2.tsr"), "{said}");
    good(&world.impound("report log --keys log.vkey --tsa-ca both.pem -o report.html"));
    let page = world.bench.read("report.html");
    assert!(page.contains("The first 2 entries existed before 20") && page.contains("others vouch for"));
}

/// `openssl ts` of OpenSSL 3.0 knows no RSASSA-PSS, `openssl cms` does.
#[test]
fn a_signature_by_rsa_pss_is_accepted_as_openssl_cms_accepts_it() {
    let world = World::new();
    good(&world.anchor("pss", " --tsa-ca rsa-root.pem"));
    good(&world.verify(" --tsa-ca rsa-root.pem"));
    good(&openssl(&world.bench, "ts -reply -in log/anchors/2/127.0.0.1.tsr -token_out -out kept.der"));
    good(&openssl(
        &world.bench,
        "cms -verify -binary -inform DER -in kept.der -CAfile rsa-root.pem -purpose timestampsign -out content.der",
    ));
}

#[test]
fn an_answer_that_breaks_a_rule_is_refused_and_not_kept() {
    let world = World::new();
    expired(&world.bench);
    for extensions in ["no-usage", "two-usages", "uncritical"] {
        signer(&world.bench, extensions, "ec-root", &EC_256, extensions);
    }
    for (path, exit, words) in [
        ("other-bytes", 4, "the time stamp is of something else"),
        ("other-nonce", 4, "the nonce differs"),
        ("altered", 4, "the token's signature does not hold"),
        ("expired", 4, "is not vouched for at 20"),
        ("rsa", 4, "is not vouched for at 20"),
        ("no-usage", 4, "not for time stamping alone"),
        ("two-usages", 4, "not for time stamping alone"),
        ("uncritical", 4, "not for time stamping alone"),
        ("two-signers", 4, "exactly one signer"),
        ("no-name", 4, "does not say which certificate signed it"),
        ("other-type", 4, "content of the type 1.2.840.113549.1.9.16.1.2, not a time stamp"),
        ("no-certificate", 4, "holds no certificate of its signer"),
        ("strict", 5, "the authority refuses, status 2"),
        ("html", 4, "the answer is not in the form of RFC 3161"),
        ("empty", 4, "the answer is not in the form of RFC 3161"),
        ("large", 5, "larger than 65536 bytes"),
        ("gone", 5, "HTTP status 404"),
    ] {
        let output = world.anchor(path, " --tsa-ca ec-root.pem");
        let said = refused(&output);
        assert!(said.contains(words), "{path}: {said}");
        assert_eq!(output.status.code(), Some(exit), "{path}: {said}");
        assert_eq!(world.kept(), Vec::<String>::new(), "{path}");
    }
    let said = good(&world.verify(" --tsa-ca ec-root.pem"));
    assert!(said.contains("not checked  anchors      there is no time stamp beside the log"), "{said}");
}

#[test]
fn a_kept_time_stamp_that_was_altered_or_moved_is_named() {
    let mut world = World::new();
    good(&world.anchor("ec", " --tsa-ca ec-root.pem"));
    world.log.append(&[entry(2)]).unwrap();
    world.log.publish().unwrap();
    good(&world.anchor("ec", ""));
    let said = good(&world.verify(" --tsa-ca ec-root.pem"));
    assert!(said.contains("entries before 3 existed before"), "{said}");

    let (response, query) = ("log/anchors/2/127.0.0.1.tsr", "log/anchors/2/127.0.0.1.tsq");
    let genuine = fs::read(world.path(response)).unwrap();
    let fails = |world: &World, more: &str, words: &str| {
        let output = world.verify(more);
        // The table breaks lines where it must to fit 80 columns.
        let said = refused(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(said.contains(&format!("FAIL anchors {words}")), "{said}");
    };
    for place in [0, 30, 100, genuine.len() / 2, genuine.len() - 1] {
        let mut altered = genuine.clone();
        *altered.get_mut(place).unwrap() ^= 4;
        fs::write(world.path(response), altered).unwrap();
        // With authorities or without.
        fails(&world, " --tsa-ca ec-root.pem", response);
        fails(&world, "", response);
    }
    fs::copy(world.path("log/anchors/3/127.0.0.1.tsr"), world.path(response)).unwrap();
    fs::remove_file(world.path(query)).unwrap();
    fails(&world, "", &format!("{response}: the time stamp is of something else"));
    fs::write(world.path(response), &genuine).unwrap();
    good(&world.verify(" --tsa-ca ec-root.pem"));

    fs::rename(world.path("log/anchors/3"), world.path("log/anchors/4")).unwrap();
    fails(&world, "", "log/anchors/4/127.0.0.1.tsr: its checkpoint is not among the published entries");
    fs::rename(world.path("log/anchors/4"), world.path("log/anchors/three")).unwrap();
    fails(&world, "", "log/anchors/three is not a time stamp");
}

#[test]
fn a_machine_without_a_network_has_its_query_carried() {
    let mut world = World::new();
    let said = good(&world.impound("log anchor log --keys log.vkey --query log.tsq"));
    assert!(said.contains("curl -sS -H 'Content-Type: application/timestamp-query' --data-binary @log.tsq"), "{said}");
    let again = world.impound("log anchor log --keys log.vkey --query log.tsq");
    assert!(refused(&again).contains("exists already"));
    let text = good(&openssl(&world.bench, "ts -query -in log.tsq -text"));
    assert!(text.contains("Hash Algorithm: sha256") && text.contains("Certificate required: yes"), "{text}");

    let posted = good(&world.bench.run(
        "curl",
        &[
            "-sS",
            "-H",
            "Content-Type: application/timestamp-query",
            "--data-binary",
            "@log.tsq",
            "-o",
            "carried.tsr",
            &format!("{}/ec", world.at),
        ],
        "",
    ));
    assert_eq!(posted, "");
    // The log goes on while the answer is on its way; the answer says which checkpoint it is of.
    world.log.append(&[entry(2)]).unwrap();
    world.log.publish().unwrap();
    let line = "log anchor log --keys log.vkey --query log.tsq --response carried.tsr --tsa-ca ec-root.pem \
                --tsa http://tsa.example/tsr";
    for _ in 0..2 {
        let said = good(&world.impound(line));
        assert!(said.starts_with("2 entries of police.example/log existed before 20"), "{said}");
        assert_eq!(world.kept(), ["2/tsa.example.tsq", "2/tsa.example.tsr"]);
    }
    let said = good(&world.verify(" --tsa-ca ec-root.pem --format json"));
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    let anchors = json["checks"].as_array().unwrap().iter().find(|check| check["check"] == "anchors").unwrap();
    assert_eq!(anchors["result"], "pass", "{said}");

    // Without the query, it is not known that the answer is to it; and an answer about something else is not of this log.
    let said = good(&world.impound("log anchor log --keys log.vkey --response carried.tsr --format json"));
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&json["nonce_checked"], &json["authority_checked"]), (&false.into(), &false.into()));
    assert_eq!(json["response"], "log/anchors/2/tsa.tsr");
    let (_, foreign) = answer(&world.bench, "other-bytes", &[]);
    fs::write(world.path("foreign.tsr"), foreign).unwrap();
    let said = refused(&world.impound("log anchor log --keys log.vkey --response foreign.tsr"));
    assert!(said.contains("not of a checkpoint of this log"), "{said}");
}

/// The police's notice key is in other hands. What it signed counts where an authority that is believed has stamped the log
/// before that, with this very note in it, and nowhere else.
#[test]
fn a_time_stamp_over_the_log_shows_that_a_revoked_key_signed_in_time() {
    let world = World::new();
    let bench = &world.bench;
    let impound = |line: &str| good(&world.impound(line));
    impound("init op");
    for (name, file) in [("notice", "police"), ("log/op", "op-log"), ("root", "root")] {
        impound(&format!("key new police.example/{name} -o {file}.key --unencrypted"));
    }
    let line = "domain = \"police.example\"\n";
    let keyed = format!("{line}notice-key = \"{}\"\n", bench.read("police.vkey").trim_end());
    bench.write("op/playbook.toml", &bench.read("op/playbook.toml").replace(line, &keyed));
    impound("notice build op");
    impound("notice sign op --key police.key");
    let manifest = bench.read("op/site/banner/1/notice.txt");
    let at = manifest.split_once("not-before: ").unwrap().1.lines().next().unwrap().to_owned();
    impound(
        "key list new --expires 2040-01-01T00:00:00Z --root root.vkey --threshold 1 --quorum 1 police.vkey -o k.note",
    );
    for (since, list) in [("2039-01-01", "late"), ("2026-01-01", "early")] {
        let revoke = "key revoke police.example/notice --list k.note --expires 2040-01-01T00:00:00Z";
        impound(&format!("{revoke} --compromised-since {since}T00:00:00Z -o {list}.note"));
        impound(&format!("key list sign {list}.note --key root.key"));
    }
    // The table breaks its lines where it likes.
    let flat = |said: String| said.split_whitespace().collect::<Vec<_>>().join(" ");
    let verify = |list: &str, more: &str| {
        let what = "verify op/site --name seized.example --roots root.vkey --log op-log.vkey";
        world.impound(&format!("{what} --keys {list}.note --at {at}{more}"))
    };
    const REVOKED: &str = "a witness or timestamp";
    impound("notice record op --key op-log.key");
    assert!(flat(refused(&verify("late", " --tsa-ca ec-root.pem"))).contains(REVOKED));
    // Anybody can stamp a checkpoint. Such a stamp is handed on, and makes way for one that is believed.
    let stamped_by = |authority: &str| {
        impound(&format!("log anchor op/log --keys op-log.vkey --tsa {}/{authority}", world.at));
    };
    stamped_by("rsa");
    impound("notice record op --keys op-log.vkey");
    assert!(flat(refused(&verify("late", " --tsa-ca ec-root.pem"))).contains("of no authority that is believed"));
    stamped_by("ec");
    impound("notice record op --keys op-log.vkey --tsa-ca ec-root.pem");
    let said = flat(good(&verify("late", " --tsa-ca ec-root.pem")));
    assert!(said.contains("pass time stamp before ") && said.contains("time of ec"), "{said}");
    assert!(flat(refused(&verify("late", ""))).contains("not checked time stamp no authority is believed"));
    assert!(flat(refused(&verify("late", " --tsa-ca rsa-root.pem"))).contains("of no authority that is believed"));
    assert!(flat(refused(&verify("early", " --tsa-ca ec-root.pem"))).contains("which is later"));
    // Entered before the witness of time came, and stamped when the log had grown: the earliest stamp that covers it is taken.
    impound("log add op/log --key op-log.key --text more");
    impound(&format!("log anchor op/log --keys op-log.vkey --tsa {}/ec", world.at));
    let kit = world.path("op/site/banner/1");
    let (stamp, proof) = (kit.join("inclusion.tsr"), kit.join("inclusion.tlog-proof"));
    let first = fs::read(&stamp).unwrap();
    for file in [&stamp, &proof] {
        fs::remove_file(file).unwrap();
    }
    impound("notice record op --keys op-log.vkey --tsa-ca ec-root.pem");
    good(&verify("late", " --tsa-ca ec-root.pem"));
    // A stamp over another checkpoint of the same log says nothing of this one.
    let now = fs::read(&stamp).unwrap();
    fs::write(
        &stamp,
        if now == first { fs::read(world.path("op/log/anchors/2/127.0.0.1.tsr")).unwrap() } else { first },
    )
    .unwrap();
    let said = flat(refused(&verify("late", " --tsa-ca ec-root.pem")));
    assert!(said.contains("FAIL time stamp it does not hold"), "{said}");
    fs::write(&stamp, "garbage").unwrap();
    assert!(flat(refused(&verify("late", " --tsa-ca ec-root.pem"))).contains(REVOKED));
}

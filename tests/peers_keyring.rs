//! Keys and signatures against the tools that other people check them with: OpenSSL, minisign, OpenSSH.

#![allow(clippy::unwrap_used, reason = "tests stop at once on what they did not expect")]

mod bench;

use std::process::Output;

use bench::{Bench, good, refused};
use impound::keyring::{
    KeyFile, KeyringError, Passphrase, Protection, Role, SecretKey, SshNamespace, allowed_signers, minisign_public_key,
    minisign_signature, public_key_pem, ssh_public_key, ssh_signature,
};
use impound::signed_note::{KeyName, Note, NoteSignature, NoteSigner, NoteText};

const PASSPHRASE: &str = "correct horse battery";
const MANIFEST: &str = "seizure-notice/v1\nnotice-id: 2026-0042\nissuer: police.example\n";

fn openssl(bench: &Bench, arguments: &[&str]) -> Output {
    bench.run("openssl", arguments, "")
}

fn ssh_keygen(bench: &Bench, arguments: &[&str], input: &str) -> Output {
    bench.run("ssh-keygen", arguments, input)
}

fn minisign(bench: &Bench, arguments: &[&str]) -> Output {
    bench.run("minisign", arguments, "")
}

fn name() -> KeyName {
    "police.example/notice".parse().unwrap()
}

fn key() -> SecretKey {
    SecretKey::generate(name()).unwrap()
}

fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE.to_owned())
}

#[test]
fn openssl_reads_our_key_files_plain_and_encrypted() {
    let bench = Bench::new();
    let key = key();
    bench.write("pass", PASSPHRASE);
    bench.write("wrong", "incorrect horse");
    KeyFile::create(&bench.path().join("plain.key"), &key, Protection::Plain).unwrap();
    KeyFile::create(&bench.path().join("locked.key"), &key, Protection::Passphrase(&passphrase())).unwrap();
    let expected = public_key_pem(key.verifier());
    assert_eq!(good(&openssl(&bench, &["pkey", "-in", "plain.key", "-pubout"])), expected);
    let unlock = |pass| openssl(&bench, &["pkey", "-in", "locked.key", "-passin", pass, "-pubout"]);
    assert_eq!(good(&unlock("file:pass")), expected);
    refused(&unlock("file:wrong"));
    let text = good(&openssl(&bench, &["pkey", "-in", "locked.key", "-passin", "file:pass", "-noout", "-text"]));
    assert!(text.starts_with("ED25519 Private-Key:"), "{text}");
}

#[test]
fn we_read_the_key_files_of_openssl() {
    let bench = Bench::new();
    bench.write("pass", PASSPHRASE);
    good(&openssl(&bench, &["genpkey", "-algorithm", "ed25519", "-out", "plain.key"]));
    let expected = good(&openssl(&bench, &["pkey", "-in", "plain.key", "-pubout"]));
    let convert = |out: &str, options: &[&str]| {
        let arguments =
            [&["pkcs8", "-topk8", "-in", "plain.key", "-out", out, "-passout", "file:pass"], options].concat();
        good(&openssl(&bench, &arguments));
    };
    convert("pbkdf2.key", &["-v2", "aes-256-cbc"]);
    convert("scrypt.key", &["-scrypt"]);
    for file in ["plain.key", "pbkdf2.key", "scrypt.key"] {
        let path = bench.path().join(file);
        good(&bench.run("chmod", &["600", file], ""));
        let read = KeyFile::read_as(&path, &name()).unwrap();
        assert_eq!(read.is_encrypted(), file != "plain.key");
        let key = read.unlock(Role::Notice, Some(&passphrase())).unwrap();
        assert_eq!(public_key_pem(key.verifier()), expected, "{file}");
        assert!(matches!(KeyFile::read(&path), Err(KeyringError::Nameless { .. })));
    }
}

#[test]
fn keys_of_openssl_that_are_not_ed25519_are_refused() {
    let bench = Bench::new();
    for (file, options) in [
        ("x25519.key", ["-algorithm", "x25519"].as_slice()),
        ("ed448.key", &["-algorithm", "ed448"]),
        ("p256.key", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ] {
        good(&openssl(&bench, &[&["genpkey", "-out", file], options].concat()));
        good(&bench.run("chmod", &["600", file], ""));
        let read = KeyFile::read_as(&bench.path().join(file), &name()).unwrap();
        assert!(matches!(read.unlock(Role::Notice, None), Err(KeyringError::NotEd25519 { .. })), "{file}");
    }
}

#[test]
fn openssl_verifies_a_line_of_a_signed_note() {
    const RECIPE: &str = "sed '/^$/,$d' notice.note > body && \
        grep '^— police.example/' notice.note | awk '{print $3}' | base64 -d | tail -c +5 > sig && \
        openssl pkeyutl -verify -rawin -pubin -inkey police.pub.pem -in body -sigfile sig";
    let bench = Bench::new();
    let (police, court) = (key(), SecretKey::generate("court.example/notice".parse().unwrap()).unwrap());
    let text = NoteText::new(MANIFEST.to_owned()).unwrap();
    let signatures = [&court, &police].map(|key| NoteSignature::sign(&text, key).unwrap()).into();
    let note = Note { text, signatures }.to_string();
    bench.write("police.pub.pem", &public_key_pem(police.verifier()));
    bench.write("notice.note", &note);
    assert_eq!(good(&bench.run("sh", &["-c", RECIPE], "")), "Signature Verified Successfully\n");
    bench.write("notice.note", &note.replace("2026-0042", "2026-0043"));
    refused(&bench.run("sh", &["-c", RECIPE], ""));
}

#[test]
fn minisign_verifies_our_signatures_and_refuses_altered_ones() {
    let bench = Bench::new();
    let key = key();
    let signature = minisign_signature(&key, MANIFEST.as_bytes(), &"notice-id: 2026-0042".parse().unwrap()).unwrap();
    bench.write("police.minisign.pub", &minisign_public_key(key.verifier()));
    bench.write("notice.txt", MANIFEST);
    bench.write("notice.txt.minisig", &signature);
    // -H: only the prehashed form is taken.
    let verify = || minisign(&bench, &["-V", "-H", "-m", "notice.txt", "-p", "police.minisign.pub"]);
    assert_eq!(good(&verify()), "Signature and comment signature verified\nTrusted comment: notice-id: 2026-0042\n");
    bench.write("notice.txt.minisig", &signature.replace("2026-0042", "2026-0043"));
    refused(&verify());
    bench.write("notice.txt.minisig", &signature);
    bench.write("notice.txt", &MANIFEST.replace("2026-0042", "2026-0043"));
    refused(&verify());
}

#[test]
fn ssh_keygen_verifies_our_signatures_and_refuses_altered_ones() {
    let bench = Bench::new();
    let key = key();
    let namespace = SshNamespace::of_notices(key.name()).unwrap();
    bench.write("allowed_signers", &allowed_signers(key.verifier(), &namespace).unwrap());
    bench.write("notice.sig", &ssh_signature(&key, MANIFEST.as_bytes(), &namespace).unwrap());
    let verify = |principal, namespace, message: &str| {
        let arguments = ["-Y", "verify", "-f", "allowed_signers", "-I", principal, "-n", namespace, "-s", "notice.sig"];
        ssh_keygen(&bench, &arguments, message)
    };
    let right = "seizure-notice@police.example";
    let shown = good(&verify("police.example", right, MANIFEST));
    assert!(shown.starts_with("Good \"seizure-notice@police.example\" signature for police.example"), "{shown}");
    refused(&verify("police.example", right, &MANIFEST.replace("2026-0042", "2026-0043")));
    refused(&verify("police.example", "file", MANIFEST));
    refused(&verify("court.example", right, MANIFEST));
    // A signature of the same key in another namespace: the line in allowed_signers does not let it through.
    bench.write("notice.sig", &ssh_signature(&key, MANIFEST.as_bytes(), &"file".parse().unwrap()).unwrap());
    refused(&verify("police.example", "file", MANIFEST));
}

#[test]
fn every_form_of_a_public_key_is_read_by_the_tool_that_it_is_for() {
    let bench = Bench::new();
    let impound = |arguments: &[&str]| good(&bench.run("impound", arguments, ""));
    let (notice, root) = (key(), SecretKey::generate("police.example/root".parse().unwrap()).unwrap());
    bench.write("notice.vkey", &format!("{}\n", notice.verifier()));
    bench.write("root.vkey", &format!("{}\n", root.verifier()));
    let export = |file: &str, form: &str| bench.write(form, &impound(&["key", "export", file, "--as", form]));
    ["pem", "minisign", "ssh", "allowed-signers"].iter().for_each(|form| export("notice.vkey", form));
    export("root.vkey", "dns-txt");
    bench.write("notice.txt", MANIFEST);
    let namespace = SshNamespace::of_notices(notice.name()).unwrap();
    bench.write("notice.sig", &ssh_signature(&notice, MANIFEST.as_bytes(), &namespace).unwrap());
    let minisig = minisign_signature(&notice, MANIFEST.as_bytes(), &"notice-id: 2026-0042".parse().unwrap()).unwrap();
    bench.write("notice.txt.minisig", &minisig);
    let text = good(&openssl(&bench, &["pkey", "-pubin", "-in", "pem", "-noout", "-text"]));
    assert!(text.starts_with("ED25519 Public-Key:"), "{text}");
    good(&minisign(&bench, &["-V", "-H", "-m", "notice.txt", "-p", "minisign"]));
    assert!(good(&ssh_keygen(&bench, &["-l", "-f", "ssh"], "")).contains("police.example/notice (ED25519)"));
    let verify = ["-Y", "verify", "-f", "allowed-signers", "-I", "police.example", "-s", "notice.sig", "-n"];
    good(&ssh_keygen(&bench, &[&verify[..], &["seizure-notice@police.example"]].concat(), MANIFEST));
    // The line of the zone is read as it stands, and the digest in it is that of the file.
    let zone = "$TTL 3600\n@ SOA ns.police.example. hostmaster.police.example. 1 2 3 4 5\n@ NS ns.police.example.\n\
                ns A 192.0.2.1\n$INCLUDE dns-txt\n";
    bench.write("zone", zone);
    let shown = good(&bench.run("named-checkzone", &["-D", "police.example", "zone"], ""));
    let digest = good(&bench.run("sha256sum", &["root.vkey"], ""));
    let line = format!("\"v=sk1; root=sha256:{}\"", digest.split_whitespace().next().unwrap());
    assert!(shown.contains("_seizure-keys.police.example.") && shown.contains(&line), "{shown}");
}

#[test]
fn ssh_keygen_reads_our_public_key() {
    let bench = Bench::new();
    let key = key();
    bench.write("police.ssh.pub", &ssh_public_key(key.verifier()));
    let shown = good(&ssh_keygen(&bench, &["-l", "-f", "police.ssh.pub"], ""));
    assert!(shown.starts_with("256 SHA256:") && shown.contains("police.example/notice (ED25519)"), "{shown}");
    assert_eq!(bench.read("police.ssh.pub").lines().count(), 1);
}

/// Dates and revocations of a key list, as OpenSSH understands them: with `-r` the list as it is, and the KRL made of it.
#[test]
fn ssh_keygen_reads_dates_and_revocations_of_a_key_list() {
    let bench = Bench::new();
    let impound = |line: &str| good(&bench.run("impound", &line.split(' ').collect::<Vec<_>>(), ""));
    let [police, court] = ["police.example/notice", "court.example/notice"]
        .map(|name| SecretKey::generate(name.parse().unwrap()).unwrap());
    let root = SecretKey::generate("police.example/root".parse().unwrap()).unwrap();
    let status = "status=active not-before=2026-11-22T08:00:00Z not-after=2027-11-22T08:00:00Z";
    let revoked = status.replace("active", "revoked") + " compromised-since=2027-02-01T00:00:00Z";
    bench.write(
        "keys.note",
        &format!(
            "seizure-keys/v1\nversion: 1\nissued: 2026-11-22T08:00:00Z\nexpires: 2027-11-22T08:00:00Z\nthreshold: 1\n\
             root: {}\nquorum: 1\nkey: {} role=notice {revoked}\nkey: {} role=notice {status}\n",
            root.verifier(),
            court.verifier(),
            police.verifier()
        ),
    );
    bench.write("allowed_signers", &impound("key export keys.note --as allowed-signers"));
    bench.write("revoked", &impound("key export keys.note --as revoked-keys"));
    good(&ssh_keygen(&bench, &["-k", "-f", "krl", "revoked"], ""));
    for key in [&police, &court] {
        let namespace = SshNamespace::of_notices(key.name()).unwrap();
        let file = format!("{}.sig", key.name().host());
        bench.write(&file, &ssh_signature(key, MANIFEST.as_bytes(), &namespace).unwrap());
    }
    let verify = |host: &str, time: &str, revocations: &[&str]| {
        let (namespace, sig) = (format!("seizure-notice@{host}"), format!("{host}.sig"));
        let time = format!("-Overify-time={time}Z");
        let line = ["-Y", "verify", "-f", "allowed_signers", "-I", host, "-n", &namespace, "-s", &sig, &time];
        ssh_keygen(&bench, &[&line, revocations].concat(), MANIFEST)
    };
    for (host, time, revocations, is_good) in [
        ("police.example", "20261122080001", &[][..], true),
        ("police.example", "20271122075959", &["-r", "revoked"], true),
        ("police.example", "20270301000000", &["-r", "krl"], true),
        ("police.example", "20261122075959", &[], false),
        ("police.example", "20271122080001", &[], false),
        ("court.example", "20270131235959", &[], true),
        ("court.example", "20270201000001", &[], false),
        ("court.example", "20270131235959", &["-r", "revoked"], false),
        ("court.example", "20270131235959", &["-r", "krl"], false),
    ] {
        let output = verify(host, time, revocations);
        assert_eq!(output.status.success(), is_good, "{host} at {time} {revocations:?}: {output:?}");
    }
    // A list that revokes nobody is an empty file, and one key says nothing of it.
    bench.write("keys.note", &bench.read("keys.note").replace(&revoked, status));
    assert_eq!(impound("key export keys.note --as revoked-keys"), "");
    bench.write("police.vkey", &format!("{}\n", police.verifier()));
    let alone = refused(&bench.run("impound", &["key", "export", "police.vkey", "--as", "revoked-keys"], ""));
    assert!(alone.contains("is not a key list"), "{alone}");
}

//! Key files that are missing, open to others, damaged, of another role, or locked.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::with_keys;

/// An operation with a built site, and a key file for each way in which one can be bad.
async fn with_bad_keys() -> Desk {
    let mut desk = with_keys().await;
    desk.ok("notice build {}/op").await;
    desk.passphrases = vec!["correct horse battery", "correct horse battery"];
    desk.ok("key new police.example/notice/guarded -o {}/guarded.key").await;
    let good = desk.read("police.key");
    let put = |name: &str, text: &str| {
        desk.write(name, text);
        fs::set_permissions(desk.path(name), Permissions::from_mode(0o600)).unwrap();
    };
    let body = good.lines().find(|line| line.starts_with("MC4") || line.len() > 40 && !line.contains(' ')).unwrap();
    put("cut.key", &good[..good.len() / 2]);
    put("garbled.key", &good.replace(body, &body.replacen(&body[10..14], "####", 1)));
    put("flipped.key", &good.replace(body, &body.chars().rev().collect::<String>()));
    let other = desk.read("commander.key");
    let vkey = |text: &str| text.lines().find(|line| line.starts_with("vkey:")).unwrap().to_owned();
    put("mixed.key", &good.replace(&vkey(&good), &vkey(&other)));
    put("later.key", &good.replace("impound-key/v1", "impound-key/v9"));
    put("text.key", "hello\n");
    put("empty.key", "");
    put("open.key", &good);
    fs::set_permissions(desk.path("open.key"), Permissions::from_mode(0o644)).unwrap();
    put("huge.key", &"x".repeat(1 << 20));
    fs::create_dir(desk.path("dir.key")).unwrap();
    desk
}

#[tokio::test]
async fn a_bad_key_file_signs_nothing_and_says_why() {
    let mut desk = with_bad_keys().await;
    desk.passphrases = vec!["a wrong passphrase"];
    for (file, exit, said) in [
        ("nowhere.key", Exit::Usage, "does not exist"),
        ("open.key", Exit::Refused, "chmod 600"),
        ("cut.key", Exit::NotVerified, "cut.key"),
        ("garbled.key", Exit::NotVerified, "garbled.key"),
        ("flipped.key", Exit::NotVerified, "flipped.key"),
        ("mixed.key", Exit::NotVerified, "mixed.key"),
        ("later.key", Exit::Usage, "impound-key/v9"),
        ("text.key", Exit::Usage, "is not a key file"),
        ("empty.key", Exit::Usage, "is not a key file"),
        ("huge.key", Exit::Usage, "has more than 16384 bytes"),
        ("dir.key", Exit::Usage, "is not a regular file"),
        ("log.key", Exit::Refused, "a key of the role notice is needed here"),
        ("guarded.key", Exit::Usage, "the passphrase for"),
    ] {
        let ended = desk.run(&format!("notice sign {{}}/op --key {{}}/{file}")).await;
        ended.must(exit, said);
        assert_eq!(ended.output, "", "{file}");
    }
    desk.passphrases.clear();
    let nobody = desk.run("notice sign {}/op --key {}/guarded.key").await;
    nobody.must(Exit::Environment, "--passphrase-fd");
    let closed = desk.run("notice sign {}/op --key {}/guarded.key --passphrase-fd 987654").await;
    closed.must(Exit::Environment, "987654");
    assert!(desk.ok("notice show {}/op").await.contains("nobody yet"));
}

#[tokio::test]
async fn a_new_key_overwrites_nothing_and_a_bad_request_writes_nothing() {
    let mut desk = with_keys().await;
    let before = desk.read("police.key");
    desk.passphrases = vec!["correct horse battery", "another horse battery"];
    for (line, exit, said) in [
        ("police.example/notice -o {}/police.key --unencrypted", Exit::Environment, "exists already"),
        ("police.example/notice -o {}/new.pem --unencrypted", Exit::Usage, "does not end in `.key`"),
        ("police.example/banana -o {}/new.key --unencrypted", Exit::Usage, "is not HOST/ROLE or HOST/ROLE/LABEL"),
        ("police.example -o {}/new.key --unencrypted", Exit::Usage, "is not HOST/ROLE or HOST/ROLE/LABEL"),
        ("police/notice -o {}/new.key --unencrypted", Exit::Usage, "a domain name with a dot"),
        ("police+example/notice -o {}/new.key --unencrypted", Exit::Usage, "police+example"),
        ("police.example/notice -o {}/nowhere/new.key --unencrypted", Exit::Environment, "nowhere"),
        ("police.example/notice -o {}/new.key", Exit::Usage, "the two passphrases differ"),
    ] {
        desk.run(&format!("key new {line}")).await.must(exit, said);
        assert!(!desk.path("new.key").exists() && !desk.path("new.pem").exists(), "{line}");
    }
    desk.passphrases = vec!["short", "short"];
    desk.run("key new police.example/notice -o {}/new.key").await.must(Exit::Usage, "a new one needs at least");
    assert!(!desk.path("new.key").exists());
    assert_eq!(desk.read("police.key"), before);
}

#[tokio::test]
async fn a_key_shows_its_public_half_and_nothing_else() {
    let desk = with_bad_keys().await;
    let from_key = desk.ok("key show {}/police.key").await;
    assert_eq!(from_key, desk.ok("key show {}/police.vkey").await);
    assert!(from_key.contains(desk.read("police.vkey").trim_end()));
    assert!(!from_key.contains("PRIVATE"));
    // The public half of a locked key is shown without its passphrase.
    assert!(desk.ok("key show {}/guarded.key").await.contains("police.example/notice/guarded"));
    for (file, exit, said) in [
        ("nowhere.key", Exit::Usage, "nowhere.key"),
        ("text.key", Exit::Usage, "is not a key file"),
        ("open.key", Exit::Refused, "chmod 600"),
        ("huge.key", Exit::Usage, "huge.key"),
    ] {
        desk.run(&format!("key show {{}}/{file}")).await.must(exit, said);
    }
}

#[tokio::test]
async fn a_key_is_exported_in_one_form_and_nothing_beside_it() {
    let desk = with_bad_keys().await;
    desk.ok("key new police.example/root -o {}/root.key --unencrypted").await;
    let export = async |file: &str, form: &str| desk.ok(&format!("key export {{}}/{file} --as {form}")).await;
    for (form, start) in [
        ("vkey", "police.example/notice+"),
        ("pem", "-----BEGIN PUBLIC KEY-----\n"),
        ("minisign", "untrusted comment: minisign public key "),
        ("ssh", "ssh-ed25519 AAAA"),
        ("allowed-signers", "police.example namespaces=\"seizure-notice@police.example\" ssh-ed25519 AAAA"),
    ] {
        let text = export("police.key", form).await;
        assert!(text.starts_with(start) && text.ends_with('\n'), "{form}: {text}");
        assert_eq!(text, export("police.vkey", form).await);
        assert_eq!(desk.json(&format!("key export {{}}/police.vkey --as {form}")).await["text"], text.as_str());
    }
    assert_eq!(export("police.key", "vkey").await, desk.read("police.vkey"));
    let txt = export("root.vkey", "dns-txt").await;
    assert!(txt.starts_with("_seizure-keys.police.example. IN TXT \"v=sk1; root=sha256:"), "{txt}");
    let list =
        "key list new --root {}/root.vkey --threshold 1 --quorum 1 --expires 2027-01-01T00:00:00Z {}/police.vkey";
    desk.ok(&format!("{list} -o {{}}/keys.note")).await;
    assert_eq!(export("keys.note", "dns-txt").await, txt, "the roots of the list are this one");
    for (line, exit, said) in [
        ("{}/police.vkey --as dns-txt", Exit::Refused, "a key of the role root is needed here"),
        // An approver's key in this file would let whoever has it sign notices.
        ("{}/commander.vkey --as allowed-signers", Exit::Refused, "a key of the role notice is needed here"),
        ("{}/nowhere.vkey --as pem", Exit::Usage, "nowhere.vkey does not exist"),
        ("{}/police.vkey --as jwk", Exit::Usage, "jwk"),
        ("agent:police.example/notice --as vkey", Exit::Environment, "there is no ssh-agent"),
    ] {
        let ended = desk.run(&format!("key export {line}")).await;
        ended.must(exit, said);
        assert_eq!(ended.output, "", "{line}");
    }
}

#[tokio::test]
async fn a_key_that_is_in_no_file_is_asked_for_where_it_is() {
    let mut desk = with_bad_keys().await;
    let sign = "notice sign {}/op --key";
    desk.run(&format!("{sign} agent:police.example/notice")).await.must(Exit::Environment, "SSH_AUTH_SOCK");
    desk.agent = Some(desk.path("no-agent"));
    desk.run(&format!("{sign} agent:police.example/notice")).await.must(Exit::Environment, "no-agent does not answer");
    let token = desk.run(&format!("{sign} pkcs11:object=police.example/notice")).await;
    let said = if cfg!(feature = "pkcs11") { "?module-path=" } else { "built without the feature pkcs11" };
    token.must(Exit::Usage, said);
    assert!(desk.ok("notice show {}/op").await.contains("nobody yet"));
}

#[tokio::test]
async fn a_verifier_key_that_was_copied_wrongly_is_told_with_both_ids() {
    let desk = with_keys().await;
    let vkey = desk.read("log.vkey").trim_end().to_owned();
    let (name, rest) = vkey.split_once('+').unwrap();
    let (id, key) = rest.split_once('+').unwrap();
    let wrong = format!("{name}+00000000+{key}");
    desk.write("wrong.vkey", format!("{wrong}\n"));
    let said = format!("it says the ID 00000000, and its name and key give {id}");
    for line in [
        format!("log verify {{}}/op --keys {wrong}"),
        "log verify {}/op --keys {}/wrong.vkey".to_owned(),
        "verify {}/op --keys {}/wrong.vkey".to_owned(),
        "key show {}/wrong.vkey".to_owned(),
    ] {
        desk.run(&line).await.must(Exit::Usage, &said);
    }
    desk.edit("op/playbook.toml", desk.read("police.vkey").trim_end(), &wrong);
    assert!(desk.run("lint {}/op").await.output.contains(&said));
}

#[tokio::test]
async fn a_secret_key_in_place_of_its_public_half_is_called_so_and_not_shown() {
    let desk = with_keys().await;
    let key = desk.read("log.key");
    desk.write("bare.key", &key[key.find("-----BEGIN").unwrap()..]);
    for file in ["log.key", "bare.key"] {
        for line in [
            "log verify {}/op --keys {}/FILE",
            "report {}/op --keys {}/FILE",
            "verify {}/op --keys {}/FILE",
            "verify {}/op --keys {}/log.vkey --log {}/FILE",
            "key list show {}/log.vkey --roots {}/FILE",
            "key list new --expires 2026-12-22T08:00:00Z --root {}/FILE --threshold 1 --quorum 1 -o {}/l.note {}/log.vkey",
        ] {
            let ended = desk.run(&line.replace("FILE", file)).await;
            if line.starts_with("key list show") {
                assert_eq!(ended.exit, Exit::Usage, "{ended}");
            } else {
                ended.must(Exit::Usage, "holds a secret key");
                ended.must(Exit::Usage, &format!("{file} --as vkey` prints"));
            }
            let secret = key.lines().filter(|line| line.len() > 20 && !line.contains(' '));
            assert!(
                secret.clone().count() > 0 && !secret.into_iter().any(|line| ended.messages.contains(line)),
                "{ended}"
            );
        }
    }
}

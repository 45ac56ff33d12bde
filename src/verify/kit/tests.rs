use std::fs;

use super::*;
use crate::keyring::{TrustedComment, minisign_signature, ssh_signature};
use crate::verify::fixture::{COURT, POLICE, STRANGER, Signer, both, good_note, key, manifest, page, public};
use crate::verify::{CheckResult, Report};

/// The kit of a notice that both agencies signed, as `impound notice sign` leaves it.
fn kit() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(dir.path().join(name), bytes).unwrap();
    let text = manifest().to_string();
    let mut signers = String::new();
    for (agency, signer) in [("police", POLICE), ("court", COURT)] {
        let (key, namespace) = (key(signer), SshNamespace::of_notices(public(signer).name()).unwrap());
        let comment: TrustedComment = "notice-id: harbour-light/main/1".parse().unwrap();
        put(&format!("{agency}.vkey"), verifier_key_line(&public(signer)).as_bytes());
        put(&format!("{agency}.pub.pem"), public_key_pem(&public(signer)).as_bytes());
        put(&format!("{agency}.minisign.pub"), minisign_public_key(&public(signer)).as_bytes());
        let minisig = minisign_signature(&key, text.as_bytes(), &comment).unwrap();
        put(&format!("notice.txt.{agency}.minisig"), minisig.as_bytes());
        put(&format!("notice.txt.{agency}.sig"), ssh_signature(&key, text.as_bytes(), &namespace).unwrap().as_bytes());
        signers.push_str(&allowed_signers(&public(signer), &namespace).unwrap());
    }
    put(ALLOWED_SIGNERS, signers.as_bytes());
    put(POLICY, both().keys.to_string().as_bytes());
    put(VERIFY_HTML, VERIFY_PAGE.as_bytes());
    put(NOTICE_NOTE, &good_note());
    dir
}

fn line(dir: &Path) -> CheckLine {
    of_dir(dir, &good_note(), &both()).unwrap().unwrap()
}

/// The line after this file was changed.
fn after(name: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> CheckLine {
    let dir = kit();
    let path = dir.path().join(name);
    fs::write(&path, change(fs::read(&path).unwrap_or_default())).unwrap();
    line(dir.path())
}

fn longer(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.push(b'x');
    bytes
}

#[test]
fn a_whole_kit_fits_and_a_note_alone_has_none() {
    let dir = kit();
    assert_eq!(line(dir.path()), CheckLine::pass(Check::Kit, "files that fit what is trusted: 13"));
    let alone = tempfile::tempdir().unwrap();
    for name in CHECKED.into_iter().filter(|name| *name != EDITION_JSON) {
        fs::write(alone.path().join(name), "").unwrap();
    }
    assert_eq!(of_dir(alone.path(), &good_note(), &both()).unwrap(), None);
    assert_eq!(of_dir(dir.path(), b"no note", &both()).unwrap(), None);
}

#[test]
fn a_file_that_was_altered_is_named_and_fails_or_is_said_not_to_be_checked() {
    for name in [
        "police.vkey",
        "court.pub.pem",
        "police.minisign.pub",
        "notice.txt.court.minisig",
        "notice.txt.police.sig",
        "evil.html",
        "evil.HTM",
    ] {
        let line = after(name, longer);
        assert!(line.is_failure() && line.detail.starts_with(name), "{line:?}");
        let report = Report::of(vec![line], Verdict::TurnedAway, None);
        assert!(report.verdict.to_string().starts_with(&format!("altered: {name} ")), "{report}");
    }
    for name in [VERIFY_HTML, ALLOWED_SIGNERS, POLICY, "HOWTO.txt", "keys.note", "notice.txt.bak", "a\u{202e}b.txt"] {
        let line = after(name, longer);
        assert_eq!(line.result, CheckResult::NotChecked, "{line:?}");
        assert!(line.detail.contains(&format!("nothing vouches for {}", excerpt(name))), "{line:?}");
        assert!(!line.is_needed, "the notice itself needs none of them");
    }
    for name in [PAGE, "Notice.html"] {
        let saved = after(name, |_| page("en").into_bytes());
        assert_eq!(saved, CheckLine::pass(Check::Kit, "files that fit what is trusted: 14"), "a page that was signed");
    }
    let page = after(VERIFY_HTML, |_| b"<p>yes</p>".to_vec());
    assert!(page.detail.contains("do not check with it"), "{page:?}");
}

#[test]
fn the_keys_and_signatures_of_a_stranger_are_never_good() {
    let swap = |name: &str, signer: Signer| {
        let form = match name.ends_with(".vkey") {
            true => verifier_key_line(&public(signer)),
            false => public_key_pem(&public(signer)),
        };
        after(name, |_| form.clone().into_bytes())
    };
    assert!(swap("police.vkey", STRANGER).is_failure());
    assert!(swap("police.pub.pem", STRANGER).is_failure());
    assert!(swap("police.pub.pem", COURT).is_failure(), "another's, though it is trusted");
    let strange = ssh_signature(
        &key(STRANGER),
        manifest().to_string().as_bytes(),
        &SshNamespace::of_notices(public(STRANGER).name()).unwrap(),
    );
    let strange = strange.unwrap().into_bytes();
    assert!(after("notice.txt.police.sig", |_| strange.clone()).is_failure());
    // Of an agency of which nobody trusts a key nothing is said but its name.
    let line = after("notice.txt.other.sig", |_| strange.clone());
    assert!(line.detail.ends_with("nothing vouches for notice.txt.other.sig"), "{line:?}");
    let dir = kit();
    let only = Trust::of_policy(crate::keyring::TrustedKeys::at_least(1, &[public(POLICE)]).unwrap());
    let line = of_dir(dir.path(), &good_note(), &only).unwrap().unwrap();
    assert!(line.result == CheckResult::NotChecked && line.detail.contains("court.vkey (not a key that"), "{line:?}");
}

#[test]
fn of_a_site_every_file_is_held_against_its_edition_json() {
    let with = |files: &[(&str, &str)]| {
        let dir = kit();
        let mut stated: BTreeMap<String, Digest> = BTreeMap::new();
        for entry in fs::read_dir(dir.path()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            stated.insert(name, Digest::of(fs::read(&path).unwrap()));
        }
        stated.insert("HOWTO.txt".into(), Digest::of("how"));
        fs::write(dir.path().join("HOWTO.txt"), "how").unwrap();
        let about = serde_json::json!({
            "version": "impound-edition/v1", "status": 451, "default_language": "en", "release": null, "files": stated,
        });
        fs::write(dir.path().join(EDITION_JSON), about.to_string()).unwrap();
        files.iter().for_each(|(name, text)| fs::write(dir.path().join(name), text).unwrap());
        line(dir.path())
    };
    assert_eq!(with(&[]).detail, "files that fit what is trusted: 13; nothing vouches for HOWTO.txt");
    for (name, said) in [
        ("HOWTO.txt", "HOWTO.txt is not the file that edition.json names"),
        (VERIFY_HTML, "verify.html is not the file that edition.json names"),
        (ALLOWED_SIGNERS, "allowed_signers is not the file"),
        ("more.txt", "more.txt is no file of the kit"),
        (EDITION_JSON, "edition.json cannot be used"),
    ] {
        let line = with(&[(name, "changed")]);
        assert!(line.is_failure() && line.detail.starts_with(said), "{line:?}");
    }
    let both = with(&[("HOWTO.txt", "x"), (POLICY, "x")]);
    assert_eq!(both.detail.matches("is not the file").count(), 2, "{both:?}");
}

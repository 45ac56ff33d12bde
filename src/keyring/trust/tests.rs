use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::keyring::SecretKey;
use crate::signed_note::{NoteSignature, NoteSigner, NoteText};

fn secret(name: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap()
}

fn public(name: &str, seed: u8) -> VerifierKey {
    secret(name, seed).verifier().clone()
}

/// Two keys of the police, one each of three others.
static KEYS: LazyLock<[VerifierKey; 5]> = LazyLock::new(|| {
    [
        public("police.example/notice", 1),
        public("police.example/notice/spare", 2),
        public("prosecutor.example/notice", 3),
        public("court.example/notice", 4),
        public("ministry.example/notice", 5),
    ]
});

/// The signers `police`, `spare`, `prosec`, `court` and `ministry`, and then `rest`.
fn with_signers(rest: &str) -> String {
    let names = ["police", "spare", "prosec", "court", "ministry"];
    let lines: String = names.iter().zip(&*KEYS).map(|(name, key)| format!("signer {name} {key}\n")).collect();
    format!("{lines}{rest}")
}

#[test]
fn a_quorum_counts_agencies_and_not_keys() {
    let [police, spare, prosec, court, ministry] = &*KEYS;
    let stranger = &public("police.example/notice", 9);
    let two = "group ok 2 police spare prosec court\nquorum ok\n";
    let both = "group courts any court\ngroup ok all police prosec courts\nquorum ok\n";
    let cases: [(&str, &[&VerifierKey], bool, usize); 12] = [
        (two, &[], false, 0),
        (two, &[police], false, 1),
        (two, &[police, spare], false, 1),
        (two, &[police, police], false, 1),
        (two, &[police, stranger], false, 1),
        (two, &[police, ministry], false, 1),
        (two, &[spare, court], true, 2),
        (two, &[police, spare, prosec, court], true, 3),
        (both, &[police, prosec], false, 2),
        (both, &[police, prosec, court], true, 3),
        ("quorum court\n", &[court], true, 1),
        ("quorum none\n", &[], true, 0),
    ];
    for (rest, signed, reached, have) in cases {
        let policy: TrustedKeys = with_signers(rest).parse().unwrap();
        let verdict = policy.evaluate(signed);
        assert_eq!((verdict.reached, verdict.have), (reached, have), "{rest}: {verdict}");
    }
}

#[test]
fn the_verdict_says_who_signed_and_who_did_not() {
    let policy = TrustedKeys::at_least(2, &*KEYS).unwrap();
    let [_, spare, _, court, _] = &*KEYS;
    assert_eq!(
        policy.evaluate(&[spare, court]).to_string(),
        "2 of 2 needed; signed by court.example, police.example; not signed by ministry.example, prosecutor.example"
    );
    assert_eq!(policy.not_of_role(Role::Notice), None);
    assert_eq!(policy.not_of_role(Role::Approval), Some(KEYS[3].name()), "the first in the order of names");
}

#[test]
fn a_note_is_verified_against_the_policy_in_one_go() {
    let (police, court) = (secret("police.example/notice", 1), secret("court.example/notice", 4));
    let policy = TrustedKeys::at_least(2, &*KEYS).unwrap();
    let text = NoteText::new("seizure-notice/v1\n".to_owned()).unwrap();
    let sign = |key: &SecretKey| NoteSignature::sign(&text, key).unwrap();
    let mut note = Note { signatures: vec![sign(&police)], text: text.clone() };
    assert!(!policy.verify(&note).unwrap().reached);
    note.signatures.push(sign(&court));
    assert!(policy.verify(&note).unwrap().reached);
    note.text = NoteText::new("seizure-notice/v2\n".to_owned()).unwrap();
    assert!(matches!(policy.verify(&note), Err(NoteError::BadSignature { .. })));
}

#[test]
fn a_policy_prints_the_text_it_was_read_from() {
    let text = with_signers("\n# two of three\n  group  ok\t2 police court prosec\nquorum ok\n");
    assert_eq!(text.parse::<TrustedKeys>().unwrap().to_string(), text);
}

#[test]
fn every_mistake_is_reported_with_its_line() {
    let again = KEYS[0].to_string();
    let renamed = public("other.example/notice", 1).to_string();
    let shouting = VerifierKey::new("Court.example/notice".parse().unwrap(), &KEYS[4].public_key()).unwrap();
    let cases: Vec<(String, &str)> = vec![
        ("quorum nobody\n".into(), "6: `nobody` is not defined above this line"),
        ("\n\nquorum\n".into(), "8: `quorum` is not `signer NAME VKEY`"),
        ("witness a b\n".into(), "6: `witness a b` is not `signer NAME VKEY`"),
        ("group g 1\n".into(), "6: `group g 1` is not"),
        ("signer police x\n".into(), "6: the name `police` is taken"),
        ("signer none x\n".into(), "6: the name `none` is taken"),
        ("signer x y\n".into(), "6: the verifier key of `x` is not usable"),
        (format!("signer x {again}\n"), "6: the public key of `x` is that of `police` as well"),
        (format!("signer x {renamed}\n"), "6: the public key of `x` is that of `police` as well"),
        (format!("signer x {shouting}\n"), "6: the key name `Court.example/notice` is not HOST/ROLE"),
        ("group g 0 police\n".into(), "6: `0` is not `all`, `any` or a number from 1 to the 1 members"),
        ("group g 2 police\n".into(), "6: `2` is not"),
        ("group g 01 police\n".into(), "6: `01` is not"),
        ("group g +1 police\n".into(), "6: `+1` is not"),
        ("group g all police spare\n".into(), "6: the group `g` needs 2, but its members count 1 at most"),
        ("group g any g\n".into(), "6: `g` is not defined above this line"),
        ("group g any h\ngroup h any g\n".into(), "6: `h` is not defined above this line"),
        ("group g any none\n".into(), "6: `none` is not defined"),
        ("group g any court court\n".into(), "6: `court` is already a member of a group"),
        ("group g any court\ngroup h any court\n".into(), "7: `court` is already a member of a group"),
        ("group g any police\ngroup h 2 g spare\n".into(), "7: the agency police.example has a key in another group"),
        ("quorum none\nquorum court\n".into(), "7: there is a quorum already"),
        ("# nothing more\n".into(), "6: the policy ends without a quorum line"),
        ("quorum court".into(), "6: the last line does not end in a line feed"),
        ("quorum court\r\n".into(), "6: a character that is not printable ASCII"),
        ("# Gericht f\u{fc}r\n".into(), "6: a character that is not printable ASCII"),
    ];
    for (rest, expected) in cases {
        let error = with_signers(&rest).parse::<TrustedKeys>().unwrap_err();
        let shown = format!("{}: {}", error.line, error.problem);
        assert!(shown.starts_with(expected), "{rest}: {error}");
    }
    assert_eq!("".parse::<TrustedKeys>().unwrap_err(), TrustError { line: 1, problem: TrustProblem::NoQuorum });
}

#[test]
fn a_policy_of_any_size_is_bounded() {
    let large = "#".repeat(POLICY_MAX_BYTES) + "\n";
    let error = large.parse::<TrustedKeys>().unwrap_err();
    assert_eq!(error.problem, TrustProblem::TooLarge { bytes: POLICY_MAX_BYTES + 1 });
    let names = (0..=SIGNERS_MAX).map(|n| (n, format!("a{n}.example/notice")));
    let signer = |(n, name): (usize, String)| {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&n.to_le_bytes());
        let key = SecretKey::from_seed(name.parse().unwrap(), &seed).unwrap();
        format!("signer s{n} {}\n", key.verifier())
    };
    let lines: Vec<String> = names.map(signer).collect();
    let error = lines.concat().parse::<TrustedKeys>().unwrap_err();
    assert_eq!(error, TrustError { line: SIGNERS_MAX + 1, problem: TrustProblem::TooMany });
    let most = format!("{}group g 2 s0 s1\nquorum g\n", lines[..SIGNERS_MAX].concat());
    assert!(most.parse::<TrustedKeys>().is_ok(), "the most signers leave room for a group");
    let nested = (0..GROUPS_MAX).map(|n| format!("group g{} any g{n}\n", n + 1)).collect::<String>();
    let error = with_signers(&format!("group g0 any court\n{nested}")).parse::<TrustedKeys>().unwrap_err();
    assert_eq!(error.problem, TrustProblem::TooMany);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(lines in proptest::collection::vec("(signer|group|quorum|#)?( (none|any|all|2|police|court|g)){0,4}\n?", 0..12)) {
        let text = with_signers(&lines.concat());
        if let Ok(policy) = text.parse::<TrustedKeys>() {
            let keys = policy.keys();
            let everyone: Vec<&VerifierKey> = keys.iter().collect();
            prop_assert!(policy.evaluate(&everyone).reached, "a quorum that nobody can reach: {}", text);
            prop_assert_eq!(policy.to_string(), text);
        }
    }
}

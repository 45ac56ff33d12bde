use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::keyring::SecretKey;
use crate::signed_note::{KeyType, Note, NoteSignature, NoteSigner, NoteText};

mod chain;

fn secret(name: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap()
}

fn vkey(name: &str, seed: u8) -> VerifierKey {
    secret(name, seed).verifier().clone()
}

fn time(text: &str) -> UtcTime {
    text.parse().unwrap()
}

fn listed(name: &str, seed: u8, status: KeyStatus) -> ListedKey {
    let (not_before, not_after) = (time("2026-11-22T08:00:00Z"), time("2027-11-22T08:00:00Z"));
    ListedKey { key: vkey(name, seed), status, not_before, not_after }
}

/// In other hands since the first of February.
fn revoked() -> KeyStatus {
    KeyStatus::Revoked { compromised_since: time("2027-02-01T00:00:00Z") }
}

/// Two agencies with a key that counts each; the second has a revoked and a retired one as well.
fn list() -> KeyList {
    let keys = vec![
        listed("police.example/notice", 1, KeyStatus::Active),
        listed("court.example/notice", 2, KeyStatus::Active),
        listed("court.example/notice/lost", 3, revoked()),
        listed("court.example/notice/old", 4, KeyStatus::Retired),
        listed("police.example/log/harbour-light", 5, KeyStatus::Active),
    ];
    let (issued, expires) = (time("2026-11-22T08:00:00Z"), time("2027-02-22T08:00:00Z"));
    let roots = [POLICE, COURT].map(|(name, seed)| vkey(name, seed)).into();
    KeyList { version: 3, issued, expires, threshold: 2, roots, quorum: 2, keys }.checked().unwrap()
}

static GOOD: LazyLock<String> = LazyLock::new(|| list().to_string());

#[test]
fn a_list_says_what_it_says_and_prints_to_the_same_bytes() {
    let read: KeyList = GOOD.parse().unwrap();
    assert_eq!(read, list());
    assert_eq!(read.to_string(), *GOOD);
    let head = "seizure-keys/v1\nversion: 3\nissued: 2026-11-22T08:00:00Z\nexpires: 2027-02-22T08:00:00Z\nthreshold: 2\nroot: court.example/root+";
    assert!(GOOD.starts_with(head), "{}", *GOOD);
    let end = " role=notice status=active not-before=2026-11-22T08:00:00Z not-after=2027-11-22T08:00:00Z\n";
    assert!(GOOD.ends_with(end), "{}", *GOOD);
}

#[test]
fn what_is_not_in_the_one_form_is_refused_at_its_line() {
    let roots: Vec<&str> = GOOD.lines().skip(5).take(2).collect();
    let keys: Vec<&str> = GOOD.lines().skip(8).collect();
    let again = format!("{}\n{}\n", keys[0], keys[0]);
    let renamed =
        keys[0].replace(&vkey("court.example/notice", 2).to_string(), &vkey("zoo.example/notice", 2).to_string());
    let swapped = format!("{}\n{}\n", keys[1], keys[0]);
    let approval = keys[0]
        .replace(&vkey("court.example/notice", 2).to_string(), &vkey("court.example/approval/jane", 2).to_string());
    let two_roots = format!("{}\n{}\n", roots[0], roots[1]);
    let swapped_roots = format!("{}\n{}\n", roots[1], roots[0]);
    let same_root = format!("{}\nroot: {}\n", roots[0], vkey("zoo.example/root", COURT.1));
    let as_root = keys[0]
        .replace(&vkey("court.example/notice", 2).to_string(), &vkey("court.example/notice", COURT.1).to_string());
    let of_type =
        |of, name: &str, seed| VerifierKey::of_type(of, name.parse().unwrap(), &vkey(name, seed).public_key());
    let cosigning = keys[0].replace(
        &vkey("court.example/notice", 2).to_string(),
        &of_type(KeyType::Cosigner, "court.example/notice", 2).unwrap().to_string(),
    );
    let cosigning_root = format!("root: {}", of_type(KeyType::Cosigner, "court.example/root", COURT.1).unwrap());
    let first_two = format!("{}\n{}\n", keys[0], keys[1]);
    let cases: &[(&str, &str, usize, &str)] = &[
        ("seizure-keys/v1", "seizure-keys/v2", 1, "later version"),
        ("seizure-keys/v1\n", "", 1, "not a key list"),
        ("seizure-keys/v1\n", "\nseizure-keys/v1\n", 1, "not a key list"),
        ("version: 3", "version: 0", 2, "number from 1"),
        ("version: 3", "version: +3", 2, "written `version: 3`"),
        ("version: 3", "version: 03", 2, "written `version: 3`"),
        ("version: 3", "version: 4294967296", 2, "number from 1"),
        ("version: 3", "version:3", 2, "`version: ` is due here"),
        ("version: 3\n", "", 2, "`version: ` is due here, not `issued"),
        ("issued: 2026-11-22T08:00:00Z", "issued: 2026-11-22", 3, "not a time"),
        ("expires: 2027-02-22T08:00:00Z", "expires: 2026-11-22T08:00:00Z", 4, "not after the beginning"),
        ("expires: 2027-02-22T08:00:00Z", "expires: 2027-02-22T08:00:00+00:00", 4, "not a time"),
        ("threshold: 2", "threshold: 0", 5, "number from 1"),
        ("threshold: 2", "threshold: 02", 5, "written `threshold: 2`"),
        ("threshold: 2", "threshold: 3", 5, "3 roots must sign the list, but it has 2"),
        ("threshold: 2\n", "", 5, "`threshold: ` is due here, not `root"),
        (&format!("{}\n{}\n", roots[0], roots[1]), "", 5, "2 roots must sign the list, but it has 0"),
        (roots[0], &roots[0].replace("root: ", "root:  "), 6, "is not a key name"),
        (roots[0], &roots[0][..roots[0].len() - 1], 6, "is not a verifier key"),
        (roots[0], &format!("root: {}", vkey("court.example/notice", 2)), 6, "has not the role root"),
        (&two_roots, &swapped_roots, 7, "stands after a key that it sorts before"),
        (&two_roots, &same_root, 7, "stands above as well, as `court.example/root`"),
        ("quorum: 2", "quorum: 0", 8, "number from 1"),
        ("quorum: 2", "quorum: 3", 8, "3 agencies must sign a notice, but the list has notice keys of 2"),
        ("quorum: 2", "quorum: 2\n", 9, "`key: ` is due here, not ``"),
        ("quorum: 2\n", "quorum: 2\nroot: a\n", 9, "`key: ` is due here, not `root"),
        ("key: court.example/notice+", "key:  court.example/notice+", 9, "is not `VKEY role=ROLE"),
        ("key: court.example/notice+", "key: Court.example/notice+", 9, "was copied wrongly"),
        ("key: court.example/notice+", "KEY: court.example/notice+", 9, "`key: ` is due here"),
        ("role=notice", "role=root", 9, "`root` is not the role"),
        ("role=notice", "role=log", 9, "`log` is not the role in the key name `court.example/notice`"),
        ("role=notice ", "", 9, "is not `VKEY role=ROLE"),
        ("status=active", "status=good", 9, "active|retired|revoked"),
        ("status=active", "state=active", 9, "active|retired|revoked"),
        ("status=active", "status=revoked", 9, "compromised-since=TIME"),
        (" compromised-since=2027-02-01T00:00:00Z", "", 10, "compromised-since=TIME"),
        ("status=revoked", "status=active", 10, "is not `VKEY role=ROLE"),
        ("status=revoked", "status=retired", 10, "is not `VKEY role=ROLE"),
        ("compromised-since=2027-02-01T00:00:00Z", "compromised-since=ever", 10, "not a time"),
        ("not-before=2026-11-22T08:00:00Z", "not-before=none", 9, "not a time"),
        ("not-before=2026-11-22T08:00:00Z", "not-before=2028-11-22T08:00:00Z", 9, "not after the beginning"),
        (keys[0], &cosigning, 9, "`court.example/notice` is a cosigner's key; a key for notes has this role"),
        (roots[0], &cosigning_root, 6, "`court.example/root` is a cosigner's key; a key for notes has this role"),
        (keys[0], &approval, 9, "one of notice, log and witness"),
        (&format!("{}\n", keys[0]), &again, 10, "stands above as well, as `court.example/notice`"),
        (keys[0], &as_root, 9, "stands above as well, as `court.example/root`"),
        (keys[1], &renamed, 10, "the public key of `zoo.example/notice` stands above as well"),
        (&first_two, &swapped, 10, "stands after a key that it sorts before"),
        (keys[4], &format!("{}\nnote: hello", keys[4]), 14, "`key: ` is due here"),
        (keys[4], &format!("{}\r", keys[4]), 13, "printable ASCII"),
        ("quorum: 2", "quorum: \u{662}", 8, "printable ASCII"),
        ("quorum: 2", "quorum:\t2", 8, "printable ASCII"),
    ];
    for (old, new, line, said) in cases {
        assert!(GOOD.contains(old), "{old}");
        let error = GOOD.replacen(old, new, 1).parse::<KeyList>().unwrap_err();
        assert_eq!(error.line, *line, "{new}: {}", error.problem);
        assert!(error.problem.to_string().contains(said), "{new}: {}", error.problem);
    }
    let unended = GOOD.trim_end().parse::<KeyList>().unwrap_err();
    assert_eq!(unended, KeyListProblem::Unended.at(13));
    assert_eq!("".parse::<KeyList>().unwrap_err(), KeyListProblem::Unended.at(1));
}

#[test]
fn a_list_says_to_openssh_when_each_notice_key_counts_and_which_are_revoked() {
    let signers = list().allowed_signers().unwrap();
    let lines: Vec<&str> = signers.lines().collect();
    assert_eq!(lines.len(), 4, "the log's key is not one of them: {signers}");
    let dates = |until: &str| {
        format!("court.example\",valid-after=\"20261122080000Z\",valid-before=\"{until}\" ssh-ed25519 AAAA")
    };
    assert!(lines[0].starts_with("court.example namespaces=\"seizure-notice@"), "{}", lines[0]);
    assert!(lines[0].contains(&dates("20271122080000Z")), "{}", lines[0]);
    assert!(lines[1].contains(&dates("20270201000000Z")), "a revoked key ends when others may have it: {}", lines[1]);
    let revoked = list().revoked_ssh_keys();
    assert!(revoked.ends_with(" court.example/notice/lost\n") && revoked.lines().count() == 1, "{revoked}");
}

#[test]
fn a_list_of_any_size_is_bounded_and_the_largest_is_a_policy() {
    let large = "k".repeat(KEY_LIST_MAX_BYTES) + "\n";
    let problem = KeyListProblem::TooLarge { bytes: KEY_LIST_MAX_BYTES + 1 };
    assert_eq!(large.parse::<KeyList>().unwrap_err().problem, problem);
    let with = |count: usize| {
        let label = "x".repeat(150);
        let key = |n: usize| listed(&format!("agency{n:04}.example/notice/{label}"), 0, revoked());
        let own = |n: usize| {
            let mut seed = [0; 32];
            seed[..8].copy_from_slice(&n.to_le_bytes());
            let name = key(n).key.name().clone();
            ListedKey { key: SecretKey::from_seed(name, &seed).unwrap().verifier().clone(), ..key(n) }
        };
        KeyList { quorum: count, keys: (0..count).map(own).collect(), ..list() }.checked()
    };
    let most = with(LISTED_KEYS_MAX).unwrap();
    assert_eq!(most.notice_policy().unwrap().keys().len(), LISTED_KEYS_MAX);
    assert_eq!(with(LISTED_KEYS_MAX + 1).unwrap_err().problem, KeyListProblem::TooMany);
}

/// The largest list that could be written fits into what is read of one.
#[test]
fn the_roots_of_a_list_are_bounded_too() {
    let root = |n: u8| vkey(&format!("agency{n:04}.example/root/{}", "x".repeat(150)), 100 + n);
    let with = |count: u8| KeyList { roots: (0..count).map(root).collect(), ..list() }.checked();
    let most = u8::try_from(ROOTS_MAX).unwrap();
    assert!(with(most).is_ok());
    assert_eq!(with(most + 1).unwrap_err().problem, KeyListProblem::TooMany);
}

#[test]
fn where_agencies_share_a_list_none_of_them_changes_it_alone() {
    let root = |name: &str, seed| vkey(name, seed);
    let with = |threshold, roots: &[VerifierKey]| KeyList { threshold, roots: roots.into(), ..list() }.checked();
    let [a, b, c] = [("police.example/root/a", 20), ("police.example/root/b", 21), ("court.example/root", 12)]
        .map(|(name, seed)| root(name, seed));
    let alone = |held, threshold| KeyListProblem::OneAgency { agency: "police.example".to_owned(), held, threshold };
    assert_eq!(with(2, &[a.clone(), b.clone(), c.clone()]).unwrap_err().problem, alone(2, 2));
    assert!(with(3, &[a.clone(), b.clone(), c.clone()]).is_ok());
    assert!(with(1, &[a.clone(), c]).is_ok(), "any one root is enough, and that is said");
    assert!(with(2, &[a, b]).is_ok(), "an agency may have a list of its own");
}

#[test]
fn a_signature_counts_when_its_text_is_dated_within_the_validity_of_the_key() {
    let list = list();
    let noon = time("2026-12-01T12:00:00Z");
    let (from, since) = (time("2026-11-22T08:00:00Z"), time("2027-11-22T08:00:00Z"));
    for (name, seed, stated, standing) in [
        ("police.example/notice", 1, noon, Standing::Counts),
        ("police.example/notice", 1, from, Standing::Counts),
        ("police.example/notice", 1, time("2026-11-22T07:59:59Z"), Standing::NotYet { from }),
        ("police.example/notice", 1, time("2027-11-22T07:59:59Z"), Standing::Counts),
        ("police.example/notice", 1, since, Standing::Over { since }),
        ("court.example/notice/old", 4, noon, Standing::Counts),
        ("court.example/notice/old", 4, since, Standing::Over { since }),
        ("police.example/notice", 9, noon, Standing::Unlisted),
        ("zoo.example/notice", 1, noon, Standing::Unlisted),
    ] {
        assert_eq!(list.standing_of(&vkey(name, seed), stated, None), standing, "{name} at {stated}");
    }
    // Signed ahead of its date, with a key that was retired before that date: shown to have been signed in time.
    let old = vkey("court.example/notice/old", 4);
    assert_eq!(list.standing_of(&old, time("2028-01-01T00:00:00Z"), Some(noon)), Standing::Counts);
    assert_eq!(list.standing_of(&old, noon, Some(time("2028-01-01T00:00:00Z"))), Standing::Counts, "logged late");
    assert!(!list.has_expired(time("2027-02-22T07:59:59Z")) && list.has_expired(time("2027-02-22T08:00:00Z")));
}

#[test]
fn a_revoked_key_counts_only_with_a_proof_from_before_it_was_in_other_hands() {
    let (lost, compromised_since) = (vkey("court.example/notice/lost", 3), time("2027-02-01T00:00:00Z"));
    let refused = |proven_before| Standing::Revoked { compromised_since, proven_before };
    let (early, late) = (time("2026-12-01T00:00:00Z"), time("2027-02-01T00:00:01Z"));
    for (stated, proven_before, standing) in [
        // Whoever has the key dates his notice back.
        ("2026-12-01T00:00:00Z", None, refused(None)),
        ("2026-12-01T00:00:00Z", Some(late), refused(Some(late))),
        ("2026-12-01T00:00:00Z", Some(early), Standing::Counts),
        ("2026-12-01T00:00:00Z", Some(compromised_since), Standing::Counts),
        ("2026-01-01T00:00:00Z", Some(early), Standing::Counts),
        (
            "2026-01-01T00:00:00Z",
            Some(time("2026-02-01T00:00:00Z")),
            Standing::NotYet { from: time("2026-11-22T08:00:00Z") },
        ),
    ] {
        assert_eq!(list().standing_of(&lost, time(stated), proven_before), standing, "{stated} {proven_before:?}");
    }
}

#[test]
fn the_policy_of_a_list_knows_its_notice_keys_and_counts_agencies() {
    // The agency's new key has the name of its old one.
    let mut rotated = list();
    rotated.keys.push(listed("court.example/notice", 6, KeyStatus::Active));
    let rotated = rotated.checked().unwrap();
    let policy = rotated.notice_policy().unwrap();
    assert_eq!((policy.keys().len(), policy.not_of_role(Role::Notice)), (5, None));
    let [police, old, new] = [("police.example/notice", 1), ("court.example/notice", 2), ("court.example/notice", 6)]
        .map(|(n, s)| vkey(n, s));
    for (signed, reached) in
        [(vec![&police, &new], true), (vec![&police, &old], true), (vec![&old, &new], false), (vec![], false)]
    {
        assert_eq!(policy.evaluate(&signed).reached, reached, "{signed:?}");
    }
}

/// A root's name and seed.
type Root = (&'static str, u8);
const POLICE: Root = ("police.example/root", 11);
const COURT: Root = ("court.example/root", 12);

fn note(text: &str, signers: &[Root]) -> Note {
    let text = NoteText::new(text.to_owned()).unwrap();
    let sign = |(name, seed): &Root| NoteSignature::sign(&text, &secret(name, *seed)).unwrap();
    Note { signatures: signers.iter().map(sign).collect(), text }
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_print_to_themselves(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(list) = text.parse::<KeyList>() {
            prop_assert_eq!(list.to_string(), text);
        }
    }

    #[test]
    fn a_list_with_a_piece_replaced_is_refused_or_prints_to_itself(
        at in 0usize..1500, cut in 0usize..40, piece in "[ -~\n]{0,20}"
    ) {
        let mut text = GOOD.clone();
        let at = at.min(text.len());
        let end = (at + cut).min(text.len());
        text.replace_range(at..end, &piece);
        if let Ok(list) = text.parse::<KeyList>() {
            prop_assert!(list.notice_policy().is_ok());
            prop_assert_eq!(list.to_string(), text);
        }
    }
}

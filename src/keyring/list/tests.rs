use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::keyring::SecretKey;
use crate::signed_note::{NoteSignature, NoteSigner, NoteText};

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

/// Two agencies with a key that counts each; the second has a revoked and a retired one as well.
fn list() -> KeyList {
    let keys = vec![
        listed("police.example/notice", 1, KeyStatus::Active),
        listed("court.example/notice", 2, KeyStatus::Active),
        listed("court.example/notice/lost", 3, KeyStatus::Revoked),
        listed("court.example/notice/old", 4, KeyStatus::Retired),
        listed("police.example/log/harbour-light", 5, KeyStatus::Active),
    ];
    let (issued, expires) = (time("2026-11-22T08:00:00Z"), time("2027-02-22T08:00:00Z"));
    KeyList { version: 3, issued, expires, quorum: 2, keys }.checked().unwrap()
}

static GOOD: LazyLock<String> = LazyLock::new(|| list().to_string());

#[test]
fn a_list_says_what_it_says_and_prints_to_the_same_bytes() {
    let read: KeyList = GOOD.parse().unwrap();
    assert_eq!(read, list());
    assert_eq!(read.to_string(), *GOOD);
    let head = "seizure-keys/v1\nversion: 3\nissued: 2026-11-22T08:00:00Z\nexpires: 2027-02-22T08:00:00Z\nquorum: 2\nkey: court.example/notice+";
    assert!(GOOD.starts_with(head), "{}", *GOOD);
    let end = " role=notice status=active not-before=2026-11-22T08:00:00Z not-after=2027-11-22T08:00:00Z\n";
    assert!(GOOD.ends_with(end), "{}", *GOOD);
}

#[test]
fn what_is_not_in_the_one_form_is_refused_at_its_line() {
    let keys: Vec<&str> = GOOD.lines().skip(5).collect();
    let again = format!("{}\n{}\n", keys[0], keys[0]);
    let renamed =
        keys[0].replace(&vkey("court.example/notice", 2).to_string(), &vkey("zoo.example/notice", 2).to_string());
    let swapped = format!("{}\n{}\n", keys[1], keys[0]);
    let approval = keys[0]
        .replace(&vkey("court.example/notice", 2).to_string(), &vkey("court.example/approval/jane", 2).to_string());
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
        ("quorum: 2", "quorum: 0", 5, "number from 1"),
        ("quorum: 2", "quorum: 3", 5, "3 agencies must sign a notice, but the list has notice keys of 2"),
        ("quorum: 2", "quorum: 2\n", 6, "`key: ` is due here, not ``"),
        ("key: court.example/notice+", "key:  court.example/notice+", 6, "is not `VKEY role=ROLE"),
        ("key: court.example/notice+", "key: Court.example/notice+", 6, "is not a verifier key"),
        ("key: court.example/notice+", "KEY: court.example/notice+", 6, "`key: ` is due here"),
        ("role=notice", "role=root", 6, "`root` is not the role"),
        ("role=notice", "role=log", 6, "`log` is not the role in the key name `court.example/notice`"),
        ("role=notice ", "", 6, "is not `VKEY role=ROLE"),
        ("status=active", "status=good", 6, "active|retired|revoked"),
        ("status=active", "state=active", 6, "active|retired|revoked"),
        ("not-before=2026-11-22T08:00:00Z", "not-before=none", 6, "not a time"),
        ("not-before=2026-11-22T08:00:00Z", "not-before=2028-11-22T08:00:00Z", 6, "not after the beginning"),
        (keys[0], &approval, 6, "one of notice, log and witness"),
        (&format!("{}\n", keys[0]), &again, 7, "stands above as well, as `court.example/notice`"),
        (keys[1], &renamed, 7, "the public key of `zoo.example/notice` stands above as well"),
        (&first_two, &swapped, 7, "stands after a key that it sorts before"),
        (keys[4], &format!("{}\nnote: hello", keys[4]), 11, "`key: ` is due here"),
        (keys[4], &format!("{}\r", keys[4]), 10, "printable ASCII"),
        ("quorum: 2", "quorum: \u{662}", 5, "printable ASCII"),
        ("quorum: 2", "quorum:\t2", 5, "printable ASCII"),
    ];
    for (old, new, line, said) in cases {
        assert!(GOOD.contains(old), "{old}");
        let error = GOOD.replacen(old, new, 1).parse::<KeyList>().unwrap_err();
        assert_eq!(error.line, *line, "{new}: {}", error.problem);
        assert!(error.problem.to_string().contains(said), "{new}: {}", error.problem);
    }
    let unended = GOOD.trim_end().parse::<KeyList>().unwrap_err();
    assert_eq!(unended, KeyListProblem::Unended.at(10));
    assert_eq!("".parse::<KeyList>().unwrap_err(), KeyListProblem::Unended.at(1));
}

#[test]
fn a_list_of_any_size_is_bounded_and_the_largest_is_a_policy() {
    let large = "k".repeat(KEY_LIST_MAX_BYTES) + "\n";
    let problem = KeyListProblem::TooLarge { bytes: KEY_LIST_MAX_BYTES + 1 };
    assert_eq!(large.parse::<KeyList>().unwrap_err().problem, problem);
    let with = |count: usize| {
        let label = "x".repeat(150);
        let key = |n: usize| listed(&format!("agency{n:04}.example/notice/{label}"), 0, KeyStatus::Revoked);
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

#[test]
fn a_key_counts_while_it_is_active_and_within_its_dates() {
    let list = list();
    let noon = time("2026-12-01T12:00:00Z");
    let (from, since) = (time("2026-11-22T08:00:00Z"), time("2027-11-22T08:00:00Z"));
    for (name, seed, at, standing) in [
        ("police.example/notice", 1, noon, Standing::Counts),
        ("police.example/notice", 1, from, Standing::Counts),
        ("police.example/notice", 1, time("2026-11-22T07:59:59Z"), Standing::NotYet { from }),
        ("police.example/notice", 1, time("2027-11-22T07:59:59Z"), Standing::Counts),
        ("police.example/notice", 1, since, Standing::Over { since }),
        ("court.example/notice/lost", 3, noon, Standing::Revoked),
        ("court.example/notice/lost", 3, time("2026-11-22T07:59:59Z"), Standing::Revoked),
        ("court.example/notice/old", 4, noon, Standing::Retired),
        ("police.example/notice", 9, noon, Standing::Unlisted),
        ("zoo.example/notice", 1, noon, Standing::Unlisted),
    ] {
        assert_eq!(list.standing_at(&vkey(name, seed), at), standing, "{name} at {at}");
    }
    assert!(!list.has_expired(time("2027-02-22T07:59:59Z")) && list.has_expired(time("2027-02-22T08:00:00Z")));
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
const STRANGER: Root = ("police.example/root", 13);
/// Known to the policy of the test, and no root.
const NOTICE: Root = ("ministry.example/notice", 14);

fn note(text: &str, signers: &[Root]) -> Note {
    let text = NoteText::new(text.to_owned()).unwrap();
    let sign = |(name, seed): &Root| NoteSignature::sign(&text, &secret(name, *seed)).unwrap();
    Note { signatures: signers.iter().map(sign).collect(), text }
}

#[test]
fn a_list_is_believed_when_enough_agencies_have_signed_it_with_their_roots() {
    let known = [POLICE, COURT, NOTICE].map(|(name, seed)| vkey(name, seed));
    let roots = TrustedKeys::at_least(2, &known).unwrap();
    let of = |note: &Note| VerifiedKeyList::of(note, &roots);
    for signers in [&[POLICE, COURT][..], &[COURT, STRANGER, POLICE], &[POLICE, COURT, NOTICE]] {
        let verified = of(&note(&GOOD, signers)).unwrap();
        assert_eq!((verified.list(), verified.roots().have), (&list(), 2), "{signers:?}");
    }
    for signers in [&[POLICE][..], &[POLICE, POLICE], &[POLICE, NOTICE], &[COURT, STRANGER]] {
        let refusal = of(&note(&GOOD, signers)).unwrap_err();
        assert!(matches!(&refusal, KeyListRefusal::NotEnough { what } if what.starts_with("1 of 2")), "{refusal:?}");
    }
    let by_notice_key = of(&note(&GOOD, &[NOTICE])).unwrap_err();
    assert_eq!(by_notice_key, KeyListRefusal::NotByRoots { names: NOTICE.0.to_owned() });
    let by_stranger = of(&note(&GOOD, &[STRANGER])).unwrap_err();
    assert_eq!(by_stranger, KeyListRefusal::Signature(NoteError::NoKnownSignature { signatures: 1 }));
    let mut altered = note(&GOOD, &[POLICE, COURT]);
    altered.text = NoteText::new(GOOD.replace("status=revoked", "status=active")).unwrap();
    assert!(matches!(of(&altered), Err(KeyListRefusal::Signature(NoteError::BadSignature { .. }))));
    let other = of(&note("seizure-notice/v1\n", &[POLICE, COURT])).unwrap_err();
    assert!(matches!(other, KeyListRefusal::Text(KeyListError { line: 1, .. })), "{other:?}");
}

#[test]
fn a_policy_that_asks_for_nobody_still_needs_a_root() {
    let key = |(name, seed): Root| vkey(name, seed);
    let policy = format!("signer police {}\nsigner ministry {}\nquorum none\n", key(POLICE), key(NOTICE));
    let roots: TrustedKeys = policy.parse().unwrap();
    assert!(VerifiedKeyList::of(&note(&GOOD, &[POLICE]), &roots).is_ok());
    assert!(matches!(VerifiedKeyList::of(&note(&GOOD, &[NOTICE]), &roots), Err(KeyListRefusal::NotByRoots { .. })));
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
        at in 0usize..1200, cut in 0usize..40, piece in "[ -~\n]{0,20}"
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

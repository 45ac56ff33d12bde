//! Which list is believed, and every way round that.

use super::*;
use crate::keyring::{TrustedKeys, roots_fingerprint};
use crate::signed_note::NoteError;

const STRANGER: Root = ("police.example/root", 13);
/// The roots that take over.
const NEW_POLICE: Root = ("police.example/root/2027", 15);
const NEW_COURT: Root = ("court.example/root/2027", 16);
/// Known to the policy of the test, and no root.
const NOTICE: Root = ("ministry.example/notice", 14);

fn keys(roots: &[Root]) -> Vec<VerifierKey> {
    roots.iter().map(|(name, seed)| vkey(name, *seed)).collect()
}

fn policy(roots: &[Root]) -> TrustedKeys {
    TrustedKeys::at_least(2, &keys(roots)).unwrap()
}

/// The list with this number, its roots, and a text of its own.
fn numbered(version: u32, roots: &[Root]) -> KeyList {
    KeyList { version, roots: keys(roots), ..list() }.checked().unwrap()
}

fn signed(list: &KeyList, signers: &[Root]) -> Note {
    note(&list.to_string(), signers)
}

fn chain(notes: &[Note]) -> KeyListChain {
    KeyListChain::of(notes.iter().cloned()).unwrap()
}

/// Lists 3 to 7. With the fifth the new roots take over, which the old ones sign too.
fn three_to_seven() -> Vec<Note> {
    let (old, new) = ([POLICE, COURT], [NEW_POLICE, NEW_COURT]);
    let both = [old, new].concat();
    vec![
        signed(&numbered(3, &old), &old),
        signed(&numbered(4, &old), &old),
        signed(&numbered(5, &new), &both),
        signed(&numbered(6, &new), &new),
        signed(&numbered(7, &new), &new),
    ]
}

/// What the chain ends at under the old roots, with one of its lists replaced.
fn with_link(version: u32, link: Note) -> Result<u32, KeyListRefusal> {
    let mut notes = three_to_seven();
    notes[version as usize - 3] = link;
    KeyListChain::of(notes)?.newest_under(&policy(&[POLICE, COURT])).map(|newest| newest.list().version)
}

#[test]
fn a_list_is_believed_when_enough_agencies_have_signed_it_with_their_roots() {
    let roots = policy(&[POLICE, COURT, NOTICE]);
    let of = |note: &Note| VerifiedKeyList::of(note, &roots);
    for signers in [&[POLICE, COURT][..], &[COURT, STRANGER, POLICE], &[POLICE, COURT, NOTICE]] {
        let verified = of(&note(&GOOD, signers)).unwrap();
        assert_eq!((verified.list(), verified.roots().have), (&list(), 2), "{signers:?}");
    }
    for signers in [&[POLICE][..], &[POLICE, POLICE], &[POLICE, NOTICE], &[COURT, STRANGER]] {
        let refusal = of(&note(&GOOD, signers)).unwrap_err();
        assert!(
            matches!(&refusal, KeyListRefusal::NotEnough { what, .. } if what.starts_with("1 of 2")),
            "{refusal:?}"
        );
    }
    let by_notice_key = of(&note(&GOOD, &[NOTICE])).unwrap_err();
    assert_eq!(by_notice_key, KeyListRefusal::NotByRoots { version: 3, names: NOTICE.0.to_owned() });
    let by_stranger = of(&note(&GOOD, &[STRANGER])).unwrap_err();
    let source = NoteError::NoKnownSignature { signatures: 1 };
    assert_eq!(by_stranger, KeyListRefusal::Signature { version: 3, source });
    let mut altered = note(&GOOD, &[POLICE, COURT]);
    altered.text = NoteText::new(GOOD.replace("2027-02-01T00", "2027-02-02T00")).unwrap();
    let refusal = of(&altered).unwrap_err();
    assert!(matches!(refusal, KeyListRefusal::Signature { source: NoteError::BadSignature { .. }, .. }), "{refusal:?}");
    let other = of(&note("seizure-notice/v1\n", &[POLICE, COURT])).unwrap_err();
    assert!(matches!(other, KeyListRefusal::Text(KeyListError { line: 1, .. })), "{other:?}");
}

#[test]
fn a_policy_that_asks_for_nobody_still_needs_a_root() {
    let key = |(name, seed): Root| vkey(name, seed);
    let policy = format!("signer police {}\nsigner ministry {}\nquorum none\n", key(POLICE), key(NOTICE));
    let roots: TrustedKeys = policy.parse().unwrap();
    assert!(VerifiedKeyList::of(&note(&GOOD, &[POLICE, COURT]), &roots).is_ok());
    assert!(matches!(VerifiedKeyList::of(&note(&GOOD, &[NOTICE]), &roots), Err(KeyListRefusal::NotByRoots { .. })));
}

#[test]
fn the_first_list_needs_the_threshold_of_its_own_roots_as_well() {
    // Whoever checks is content with any one root; the list is not.
    let any = TrustedKeys::at_least(1, &keys(&[POLICE, COURT])).unwrap();
    let of = |signers: &[Root]| VerifiedKeyList::of(&note(&GOOD, signers), &any);
    assert!(of(&[POLICE, COURT]).is_ok());
    assert!(matches!(of(&[POLICE]), Err(KeyListRefusal::OwnRoots { version: 3, .. })));
    assert!(matches!(of(&[POLICE, STRANGER]), Err(KeyListRefusal::OwnRoots { .. })));
}

#[test]
fn whoever_trusts_version_3_and_is_given_3_to_7_ends_at_7() {
    let mut notes = three_to_seven();
    let newest = chain(&notes).newest_under(&policy(&[POLICE, COURT])).unwrap();
    assert_eq!((newest.list().version, newest.roots().have), (7, 2));
    let third = VerifiedKeyList::believed(&notes[0]).unwrap();
    assert_eq!(chain(&notes).newest_after(&third).unwrap(), newest);
    assert_eq!(
        chain(&notes[1..]).newest_after(&third).unwrap(),
        newest,
        "the one that is believed need not be among them"
    );
    // In any order, and some of them twice.
    notes.reverse();
    notes.extend(three_to_seven());
    assert_eq!(chain(&notes).newest_under(&policy(&[POLICE, COURT])).unwrap(), newest);
    // The old roots alone lead nowhere without the list that names the new ones.
    let refusal = chain(&three_to_seven()[3..]).newest_under(&policy(&[POLICE, COURT])).unwrap_err();
    assert!(matches!(refusal, KeyListRefusal::Signature { version: 7, .. }), "{refusal:?}");
    // Those who know the new roots begin where these begin, whatever lies below.
    let known_later = chain(&three_to_seven()).newest_under(&policy(&[NEW_POLICE, NEW_COURT])).unwrap();
    assert_eq!(known_later.list(), newest.list());
}

#[test]
fn a_list_that_not_enough_roots_of_the_one_before_have_signed_is_refused() {
    let new = [NEW_POLICE, NEW_COURT];
    let fifth = numbered(5, &new);
    for signers in [&[NEW_POLICE, NEW_COURT, POLICE][..], &[NEW_POLICE, NEW_COURT, COURT, COURT]] {
        let refusal = with_link(5, signed(&fifth, signers)).unwrap_err();
        let expected = matches!(&refusal, KeyListRefusal::FormerRoots { version: 5, former: 4, what } if what.starts_with("1 of 2"));
        assert!(expected, "{refusal:?}");
    }
    let refusal = with_link(5, signed(&fifth, &new)).unwrap_err();
    assert!(matches!(refusal, KeyListRefusal::Signature { version: 5, .. }), "{refusal:?}");
    // Nor do a known root under another key, or the new list's own say that one root is enough, help.
    let lax = KeyList { threshold: 1, ..fifth };
    let refusal = with_link(5, signed(&lax, &[NEW_POLICE, NEW_COURT, POLICE, STRANGER])).unwrap_err();
    assert!(matches!(refusal, KeyListRefusal::FormerRoots { .. }), "{refusal:?}");
}

#[test]
fn a_list_that_not_enough_of_its_own_roots_have_signed_is_refused() {
    let fifth = numbered(5, &[NEW_POLICE, NEW_COURT]);
    for signers in [&[POLICE, COURT, NEW_POLICE][..], &[POLICE, COURT, NEW_COURT, NEW_COURT]] {
        let refusal = with_link(5, signed(&fifth, signers)).unwrap_err();
        let expected = matches!(&refusal, KeyListRefusal::OwnRoots { version: 5, what } if what.starts_with("1 of 2"));
        assert!(expected, "{refusal:?}");
    }
    assert!(matches!(
        with_link(5, signed(&fifth, &[POLICE, COURT])),
        Err(KeyListRefusal::Signature { version: 5, .. })
    ));
}

#[test]
fn a_missing_list_is_a_gap_also_when_the_old_roots_have_signed_the_one_after() {
    let old = policy(&[POLICE, COURT]);
    let mut notes = three_to_seven();
    notes.remove(1);
    let refusal = chain(&notes).newest_under(&old).unwrap_err();
    assert_eq!(refusal, KeyListRefusal::Gap { after: 3, found: 5 });
    assert_eq!(refusal.to_string(), "key list 5 is at hand, but not key list 4, which it follows from");
    // Roots that were replaced, and are now in other hands, sign a list far above.
    let mut notes = three_to_seven();
    notes.push(signed(&numbered(99, &[POLICE, COURT]), &[POLICE, COURT]));
    assert_eq!(chain(&notes).newest_under(&old).unwrap_err(), KeyListRefusal::Gap { after: 7, found: 99 });
    // Nor the one that would come next.
    *notes.last_mut().unwrap() = signed(&numbered(8, &[POLICE, COURT]), &[POLICE, COURT]);
    let refusal = chain(&notes).newest_under(&old).unwrap_err();
    assert!(matches!(refusal, KeyListRefusal::Signature { version: 8, .. }), "{refusal:?}");
}

#[test]
fn two_lists_with_one_number_are_a_fork_whoever_signed_them() {
    let old = [POLICE, COURT];
    let other = KeyList { expires: time("2028-01-01T00:00:00Z"), ..numbered(4, &old) };
    let mut notes = three_to_seven();
    notes.push(signed(&other, &old));
    assert_eq!(KeyListChain::of(notes).unwrap_err(), KeyListRefusal::Fork { version: 4 });
    // Whoever believed one of the two is not talked into the other.
    let believed = VerifiedKeyList::believed(&signed(&other, &old)).unwrap();
    let refusal = chain(&three_to_seven()).newest_after(&believed).unwrap_err();
    assert_eq!(refusal, KeyListRefusal::Fork { version: 4 });
    // The same text with a signature more is the same list.
    let split = [signed(&numbered(3, &old), &[POLICE]), signed(&numbered(3, &old), &[COURT])];
    assert_eq!(chain(&split).newest_under(&policy(&old)).unwrap().list().version, 3);
}

#[test]
fn whoever_believed_a_newer_list_is_not_put_back() {
    let notes = three_to_seven();
    let seventh = chain(&notes).newest_under(&policy(&[POLICE, COURT])).unwrap();
    let refusal = chain(&notes[..3]).newest_after(&seventh).unwrap_err();
    assert_eq!(refusal, KeyListRefusal::Rollback { believed: 7, newest: 5 });
    assert_eq!(chain(&notes).newest_after(&seventh).unwrap(), seventh);
}

#[test]
fn a_list_is_not_older_than_the_one_that_it_replaces() {
    let old = [POLICE, COURT];
    let backdated = KeyList { issued: time("2026-11-22T07:59:59Z"), ..numbered(4, &old) };
    assert_eq!(with_link(4, signed(&backdated, &old)).unwrap_err(), KeyListRefusal::Backdated { version: 4 });
}

/// What the chain of lists 3, 4 and 5 says, where the later two have these keys.
fn with_keys(fourth: Vec<ListedKey>, fifth: Vec<ListedKey>) -> Result<u32, KeyListRefusal> {
    let old = [POLICE, COURT];
    let with = |version, keys| KeyList { keys, ..numbered(version, &old) }.checked().unwrap();
    let lists = [numbered(3, &old), with(4, fourth), with(5, fifth)];
    let notes = lists.each_ref().map(|list| signed(list, &old));
    let newest = chain(&notes).newest_under(&policy(&old));
    // Whoever believed the third list before is told the same.
    let third = VerifiedKeyList::believed(&notes[0]).unwrap();
    assert_eq!(chain(&notes).newest_after(&third), newest);
    newest.map(|newest| newest.list().version)
}

#[test]
fn no_list_takes_back_that_a_key_is_revoked() {
    let (lost, since) = ("court.example/notice/lost", time("2027-02-01T00:00:00Z"));
    let others = || list().keys.into_iter().filter(|one| one.key != vkey(lost, 3)).collect::<Vec<_>>();
    let with = |status| [others(), vec![listed(lost, 3, status)]].concat();
    let from = |moment| KeyStatus::Revoked { compromised_since: time(moment) };
    assert_eq!(with_keys(with(revoked()), with(revoked())), Ok(5));
    assert_eq!(
        with_keys(with(from("2027-01-01T00:00:00Z")), others()),
        Ok(5),
        "an earlier moment, and not listed at all"
    );
    for status in [KeyStatus::Active, KeyStatus::Retired, from("2027-02-01T00:00:01Z")] {
        let taken_back =
            |version| Err(KeyListRefusal::TakenBack { version, name: lost.parse().unwrap(), compromised_since: since });
        assert_eq!(with_keys(with(status), others()), taken_back(4), "{status:?}");
        assert_eq!(with_keys(others(), with(status)), taken_back(5), "{status:?}, after a list without the key");
    }
}

#[test]
fn a_key_keeps_its_role_and_its_holder_through_all_lists() {
    let public = |seed| vkey("a.example/log", seed).public_key();
    let others = |seed| list().keys.into_iter().filter(move |one| one.key.public_key() != public(seed));
    let with = |name, seed| others(seed).chain([listed(name, seed, KeyStatus::Active)]).collect::<Vec<_>>();
    // A retired notice key as the key of a log, as another's, and under a further name of its own; then a root's.
    for (name, seed, former) in [
        ("court.example/log/harbour-light", 4, "court.example/notice/old"),
        ("zoo.example/notice", 4, "court.example/notice/old"),
        ("court.example/notice/again", 4, "court.example/notice/old"),
        ("police.example/log/second", 5, "police.example/log/harbour-light"),
    ] {
        let renamed = |version| {
            Err(KeyListRefusal::Renamed { version, name: name.parse().unwrap(), former: former.parse().unwrap() })
        };
        assert_eq!(with_keys(with(name, seed), list().keys), renamed(4), "{name}");
        let without = others(seed).collect();
        assert_eq!(with_keys(without, with(name, seed)), renamed(5), "{name}, after a list without the key");
    }
    // The root of the court goes, and comes back as its notice key.
    let (old, new) = ([POLICE, COURT], [POLICE, NEW_COURT]);
    let mut sixth = numbered(5, &new);
    sixth.keys.push(listed("court.example/notice/root", COURT.1, KeyStatus::Active));
    let notes = [
        signed(&numbered(3, &old), &old),
        signed(&numbered(4, &new), &[POLICE, COURT, NEW_COURT]),
        signed(&sixth.checked().unwrap(), &new),
    ];
    let refusal = chain(&notes).newest_under(&policy(&old)).unwrap_err();
    assert!(matches!(refusal, KeyListRefusal::Renamed { version: 5, .. }), "{refusal:?}");
}

#[test]
fn what_was_believed_before_and_was_damaged_since_is_not_believed() {
    let good = note(&GOOD, &[POLICE, COURT]);
    assert!(VerifiedKeyList::believed(&good).is_ok());
    assert!(matches!(
        VerifiedKeyList::believed(&note(&GOOD, &[POLICE])),
        Err(KeyListRefusal::OwnRoots { version: 3, .. })
    ));
    let mut damaged = good;
    damaged.text = NoteText::new(GOOD.replace("version: 3", "version: 2")).unwrap();
    assert!(matches!(VerifiedKeyList::believed(&damaged), Err(KeyListRefusal::Signature { .. })));
}

#[test]
fn a_chain_is_bounded_and_has_a_list() {
    assert_eq!(KeyListChain::of([]).unwrap_err(), KeyListRefusal::Nothing);
    let unsigned = |version| Note {
        text: NoteText::new(GOOD.replace("version: 3", &format!("version: {version}"))).unwrap(),
        signatures: Vec::new(),
    };
    assert_eq!(KeyListChain::of((1..=1025).map(unsigned)).unwrap_err(), KeyListRefusal::TooMany);
}

#[test]
fn the_next_list_has_the_next_number_and_differs_in_what_was_asked_for() {
    let (issued, expires) = (time("2027-02-20T00:00:00Z"), time("2027-05-22T08:00:00Z"));
    let since = time("2027-02-10T00:00:00Z");
    let (police, court) = (vkey("police.example/notice", 1), vkey("court.example/notice", 2));
    let new = vkey("police.example/notice", 7);
    let mut before = list();
    before.keys.iter_mut().find(|listed| listed.key == court).unwrap().not_after = before.expires;
    let changes = [
        KeyListChange::Add(new.clone()),
        KeyListChange::Revoke { key: police.clone(), compromised_since: since },
        KeyListChange::Retire(vkey("police.example/log/harbour-light", 5)),
        KeyListChange::AddRoot(vkey(NEW_POLICE.0, NEW_POLICE.1)),
        KeyListChange::DropRoot(vkey(POLICE.0, POLICE.1)),
    ];
    let next = before.next(changes, issued, expires).unwrap();
    assert_eq!((next.version, next.issued, next.expires, next.threshold), (4, issued, expires, 2));
    assert_eq!(next.roots, keys(&[COURT, NEW_POLICE]));
    let of = |key: &VerifierKey| next.keys.iter().find(|listed| listed.key == *key).unwrap().clone();
    let same = |key: &VerifierKey| before.keys.iter().find(|listed| listed.key == *key).unwrap().clone();
    assert_eq!(of(&new), ListedKey { key: new, status: KeyStatus::Active, not_before: issued, not_after: expires });
    let revoked = KeyStatus::Revoked { compromised_since: since };
    assert_eq!(of(&police), ListedKey { status: revoked, ..same(&police) });
    assert_eq!(of(&court), ListedKey { not_after: expires, ..same(&court) }, "renewed with the list");
    let log = vkey("police.example/log/harbour-light", 5);
    assert_eq!(of(&log), ListedKey { status: KeyStatus::Retired, not_after: issued, ..same(&log) });
}

#[test]
fn a_change_that_cannot_be_made_is_refused() {
    let (issued, expires) = (time("2027-02-20T00:00:00Z"), time("2027-05-22T08:00:00Z"));
    let stranger = vkey("police.example/notice", 9);
    for change in [
        KeyListChange::Retire(stranger.clone()),
        KeyListChange::Revoke { key: stranger.clone(), compromised_since: issued },
        KeyListChange::DropRoot(stranger),
    ] {
        let refused = list().next([change], issued, expires).unwrap_err();
        assert!(matches!(refused, KeyListChangeError::Unlisted { version: 3, .. }), "{refused:?}");
    }
    let police = vkey("police.example/notice", 1);
    for change in [
        KeyListChange::Add(police),
        KeyListChange::AddRoot(vkey("police.example/notice", 30)),
        KeyListChange::AddRoot(vkey("police.example/root/again", POLICE.1)),
        KeyListChange::DropRoot(vkey(POLICE.0, POLICE.1)),
        KeyListChange::Threshold(3),
        KeyListChange::Quorum(3),
    ] {
        let refused = list().next([change.clone()], issued, expires).unwrap_err();
        assert!(matches!(refused, KeyListChangeError::List(_)), "{change:?}: {refused:?}");
    }
    let lost = vkey("court.example/notice/lost", 3);
    let later = KeyListChange::Revoke { key: lost.clone(), compromised_since: time("2027-02-01T00:00:01Z") };
    for change in [KeyListChange::Retire(lost.clone()), later] {
        let refused = list().next([change], issued, expires).unwrap_err();
        assert!(matches!(refused, KeyListChangeError::Revoked { .. }), "{refused:?}");
    }
    let earlier = KeyListChange::Revoke { key: lost, compromised_since: time("2027-01-01T00:00:00Z") };
    assert!(list().next([earlier], issued, expires).is_ok());
    let last = KeyList { version: u32::MAX, ..list() };
    assert_eq!(last.next([], issued, expires).unwrap_err(), KeyListChangeError::LastNumber);
    assert!(matches!(list().next([], expires, issued), Err(KeyListChangeError::List(_))));
}

#[test]
fn a_fingerprint_of_roots_leads_to_the_newest_list_and_no_others_roots_do() {
    let (old, new) = ([POLICE, COURT], [NEW_POLICE, NEW_COURT]);
    let of = |roots: &[Root]| roots_fingerprint(&keys(roots));
    let version = |verified: Result<VerifiedKeyList, KeyListRefusal>| verified.map(|newest| newest.list().version);
    let all = chain(&three_to_seven());
    for roots in [old, new] {
        assert_eq!(version(all.newest_with_roots(of(&roots))), Ok(7), "{roots:?}");
    }
    for roots in [&[POLICE][..], &[POLICE, STRANGER], &[POLICE, COURT, NEW_POLICE]] {
        let refusal = KeyListRefusal::OtherRoots { wanted: of(roots), newest: 7, found: of(&new) };
        assert_eq!(all.newest_with_roots(of(roots)), Err(refusal), "{roots:?}");
    }
    // That a list names the roots is not enough: they must have signed it, and whoever comes after them as well.
    let half = chain(&[signed(&numbered(3, &old), &[POLICE])]);
    assert!(matches!(half.newest_with_roots(of(&old)), Err(KeyListRefusal::OwnRoots { version: 3, .. })));
    let seized = chain(&[signed(&numbered(3, &old), &old), signed(&numbered(4, &new), &new)]);
    assert!(matches!(seized.newest_with_roots(of(&old)), Err(KeyListRefusal::Signature { version: 4, .. })));
    let skipping = chain(&[signed(&numbered(3, &old), &old), signed(&numbered(5, &old), &old)]);
    assert_eq!(skipping.newest_with_roots(of(&old)), Err(KeyListRefusal::Gap { after: 3, found: 5 }));
}

#[test]
fn lists_by_themselves_must_follow_from_their_oldest() {
    let all = three_to_seven();
    assert_eq!(chain(&all).newest_by_itself().unwrap().list().version, 7);
    assert_eq!(chain(&all[4..]).newest_by_itself().unwrap().list().version, 7);
    let numbers: Vec<u32> = chain(&all).notes().map(|(number, _)| number).collect();
    assert_eq!(numbers, [3, 4, 5, 6, 7]);
    let stranger = signed(&numbered(8, &[STRANGER, NEW_COURT]), &[STRANGER, NEW_COURT]);
    let refusal = chain(&[&all[..], &[stranger]].concat()).newest_by_itself().unwrap_err();
    assert!(matches!(refusal, KeyListRefusal::FormerRoots { version: 8, former: 7, .. }), "{refusal:?}");
}

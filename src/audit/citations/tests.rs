use std::collections::BTreeMap;
use std::fs;

use serde_json::json;

use super::super::fixture::plain;
use super::*;

/// An entry that cites this, and says that that was erased.
fn entry(seq: u64, evidence: &[&EvidenceRef], erased: &[&EvidenceRef]) -> Recorded {
    let digests: Vec<String> = erased.iter().map(|piece| piece.digest.to_string()).collect();
    let action = if erased.is_empty() { "note" } else { ERASED };
    let entry = Entry {
        body: BTreeMap::from([(ERASED_EVIDENCE.to_owned(), json!(digests))]),
        evidence: evidence.iter().map(|piece| (*piece).clone()).collect(),
        ..plain(action)
    };
    Recorded { seq: LeafIndex(seq), entry }
}

fn citations(entries: &[Recorded]) -> Citations {
    let mut citations = Citations::default();
    entries.iter().for_each(|recorded| citations.note(recorded));
    citations
}

/// How many are good, bad, erased, sealed and not at hand, and not beside the log.
fn counts(seen: &EvidenceSeen) -> [u64; 5] {
    [seen.good(), seen.bad.len() as u64, seen.erased.len() as u64, seen.shut, seen.apart]
}

#[test]
fn what_is_missing_is_a_failure_unless_an_entry_says_that_it_was_erased() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = EvidenceStore::new(&dir.path().join("evidence"), &dir.path().join("private"));
    let one = store.put("text/plain", b"one").unwrap();
    let other = store.put("text/plain", b"other").unwrap();
    let sealed = store.seal("text/plain", b"Ada Example").unwrap();
    let cited = entry(0, &[&one, &other, &sealed], &[]);
    let erased = entry(1, &[], &[&one]);
    let again = entry(2, &[&one], &[]);
    let seen = |entries: &[&Recorded], store: &EvidenceStore| {
        counts(&citations(&entries.iter().map(|one| (*one).clone()).collect::<Vec<_>>()).seen_in(store))
    };
    assert_eq!(seen(&[&cited], &store), [3, 0, 0, 0, 0]);
    // It says so, and it is there.
    assert_eq!(seen(&[&cited, &erased], &store), [2, 1, 0, 0, 0]);
    // Cited again after that, it must be there again.
    assert_eq!(seen(&[&cited, &erased, &again], &store), [3, 0, 0, 0, 0]);
    assert!(store.erase(&one).unwrap());
    assert!(!store.erase(&one).unwrap());
    assert_eq!(seen(&[&cited], &store), [2, 1, 0, 0, 0]);
    assert_eq!(seen(&[&cited, &erased], &store), [2, 0, 1, 0, 0]);
    assert_eq!(seen(&[&cited, &erased, &again], &store), [2, 1, 0, 0, 0]);
    // Another file is not excused by it.
    assert!(store.erase(&other).unwrap());
    assert_eq!(seen(&[&cited, &erased], &store), [1, 1, 1, 0, 0]);
    // What is sealed may be missing, and not be altered.
    let path = store.path(&sealed);
    let file = fs::read(&path).unwrap();
    fs::write(&path, file.to_ascii_uppercase()).unwrap();
    assert_eq!(seen(&[&cited, &erased], &store), [0, 2, 1, 0, 0]);
    assert!(store.erase(&sealed).unwrap());
    assert_eq!(seen(&[&cited, &erased], &store), [0, 1, 1, 1, 0]);
    fs::remove_dir_all(dir.path().join("evidence")).unwrap();
    assert_eq!(seen(&[&cited, &erased], &store), [0, 0, 1, 1, 1]);
}

/// Whoever says of the copy that was sealed that it is open would otherwise have only one of them looked at.
#[test]
fn a_sealed_file_and_an_open_one_of_the_same_digest_are_two() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = EvidenceStore::new(&dir.path().join("evidence"), &dir.path().join("private"));
    let sealed = store.seal("text/plain", b"Ada Example").unwrap();
    let open = store.put("text/plain", &store.file(&sealed).unwrap()).unwrap();
    assert_eq!((open.digest, open.bytes), (sealed.digest, sealed.bytes));
    let (first, second) = (entry(0, &[&sealed], &[]), entry(1, &[&open], &[]));
    let both = citations(&[first.clone(), second.clone()]);
    assert_eq!(both.of(open.digest).collect::<Vec<_>>(), [&open, &sealed]);
    assert_eq!(counts(&both.seen_in(&store)), [2, 0, 0, 0, 0]);
    // Cited again as open, it is not said to be there again as sealed.
    let again = citations(&[first, second, entry(2, &[], &[&open]), entry(3, &[&open], &[])]);
    assert_eq!((again.erased(&open), again.erased(&sealed)), (None, Some(LeafIndex(2))));
    assert!(store.erase(&open).unwrap());
    assert_eq!(counts(&both.seen_in(&store)), [1, 1, 0, 0, 0]);
}

#[test]
fn files_that_no_entry_cites_are_counted_sealed_or_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = EvidenceStore::new(&dir.path().join("evidence"), &dir.path().join("private"));
    let (one, other) = (store.put("text/plain", b"one").unwrap(), store.put("text/plain", b"other").unwrap());
    let (ada, bob) = (store.seal("text/plain", b"Ada").unwrap(), store.seal("text/plain", b"Bob").unwrap());
    let uncited = |cited: &[&EvidenceRef]| citations(&[entry(0, cited, &[])]).seen_in(&store).uncited;
    // The openings of texts lie beside the sealed evidence, and are not among it.
    fs::write(dir.path().join("private/opening.json"), "{}").unwrap();
    assert_eq!(uncited(&[&one, &other, &ada, &bob]), Some(0));
    assert_eq!(uncited(&[&one, &ada, &bob]), Some(1));
    assert_eq!(uncited(&[&one, &ada]), Some(2));
    // Cited as sealed is not cited as open.
    let sealed = EvidenceRef { sealed: true, ..one.clone() };
    assert_eq!(uncited(&[&sealed, &other, &ada, &bob]), Some(1));
    fs::write(dir.path().join("evidence/stray"), "").unwrap();
    fs::write(store.path(&one).with_file_name("stray"), "").unwrap();
    assert_eq!(uncited(&[&one, &other, &ada, &bob]), Some(2));
}

#[test]
fn only_a_fact_of_this_action_says_that_something_was_erased() {
    let piece = EvidenceRef { bytes: 1, digest: Digest::of("x"), media: "text/plain".into(), sealed: false };
    let said = entry(1, &[], &[&piece]).entry;
    assert_eq!(Erased::of(&said).unwrap().evidence, [piece.digest]);
    assert_eq!(Erased::of(&Entry { action: "note".into(), ..said.clone() }), None);
    assert_eq!(Erased::of(&Entry { kind: Kind::Intent, ..said.clone() }), None);
    let body = BTreeMap::from([(ERASED_EVIDENCE.to_owned(), json!([1, "x", null]))]);
    assert_eq!(Erased::of(&Entry { body, ..said }), Some(Erased::default()));
}

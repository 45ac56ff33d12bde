use std::os::unix::fs::PermissionsExt as _;

use proptest::prelude::*;

use super::*;

fn store() -> (tempfile::TempDir, Openings) {
    let dir = tempfile::tempdir().unwrap();
    let openings = Openings::new(&dir.path().join("a/private"));
    (dir, openings)
}

fn only_file(openings: &Openings) -> PathBuf {
    let at_hand = openings.at_hand().unwrap();
    assert_eq!(at_hand.len(), 1);
    openings.dir().join(at_hand.first().unwrap().file_name())
}

#[test]
fn a_commitment_is_the_digest_that_the_description_says() {
    let opening = Opening { salt: [7; 32], field: "by".into(), value: "Ada Ü".into() };
    let mut octets = b"impound-sealed/v1\n".to_vec();
    octets.extend([7; 32]);
    octets.extend([0, 0, 0, 0, 0, 0, 0, 2]);
    octets.extend(b"by");
    octets.extend([0, 0, 0, 0, 0, 0, 0, 6]);
    octets.extend("Ada Ü".as_bytes());
    assert_eq!(opening.commitment().to_string(), Digest::of(&octets).to_string());
    let written = format!("{{\"field\":\"by\",\"salt\":\"{}\",\"v\":1,\"value\":\"Ada Ü\"}}\n", "07".repeat(32));
    assert_eq!(String::from_utf8(opening.to_bytes()).unwrap(), written);
    assert_eq!(Opening::parse(written.as_bytes()).unwrap(), opening);
}

#[test]
fn what_is_sealed_is_opened_again_until_its_opening_is_destroyed() {
    let (_dir, openings) = store();
    let value = openings.seal("by", "Ada Example").unwrap();
    assert!(!value.to_string().contains("Ada"));
    let commitment = Commitment::in_value(&value).unwrap();
    assert_eq!(commitment.to_value(), value);
    assert_eq!(openings.open("by", commitment).unwrap().unwrap().value, "Ada Example");

    let body = BTreeMap::from([("by".to_owned(), value), ("opened".to_owned(), json!(true))]);
    assert_eq!(for_reading(&body, Some(&openings), Commitment::excerpt).unwrap()["by"], json!("Ada Example"));
    assert_eq!(for_reading(&body, None, Commitment::excerpt).unwrap()["by"], json!(commitment.excerpt()));
    assert_eq!(for_reading(&body, None, Commitment::excerpt).unwrap()["opened"], json!(true));
    let (sealed, opened) = openings.of_body(&body).unwrap();
    assert_eq!((sealed, opened[0].value.as_str()), (1, "Ada Example"));

    fs::remove_file(only_file(&openings)).unwrap();
    assert_eq!(openings.open("by", commitment).unwrap(), None);
    assert_eq!(for_reading(&body, Some(&openings), Commitment::excerpt).unwrap()["by"], json!(commitment.excerpt()));
    assert!(for_reading(&body, None, Commitment::in_full).unwrap()["by"].to_string().contains(&commitment.to_string()));
    assert_eq!(openings.of_body(&body).unwrap(), (1, vec![]));
}

#[test]
fn openings_are_their_owners_alone() {
    let (_dir, openings) = store();
    openings.seal("by", "Ada Example").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(openings.dir()), 0o700);
    assert_eq!(mode(&only_file(&openings)), 0o600);
}

#[test]
fn the_same_text_sealed_twice_cannot_be_told_to_be_the_same() {
    let (_dir, openings) = store();
    assert_ne!(openings.seal("by", "Ada Example").unwrap(), openings.seal("by", "Ada Example").unwrap());
}

#[test]
fn an_opening_that_does_not_fit_is_an_error_and_not_an_absence() {
    let (_dir, openings) = store();
    let commitment = Commitment::in_value(&openings.seal("by", "Ada Example").unwrap()).unwrap();
    assert!(matches!(openings.open("why", commitment), Err(SealedError::DoesNotFit { .. })));
    let path = only_file(&openings);
    let good = fs::read_to_string(&path).unwrap();
    type Expected = fn(&SealedError) -> bool;
    let cases: [(&str, &str, Expected); 6] = [
        ("Ada", "Eve", |e| matches!(e, SealedError::DoesNotFit { .. })),
        ("\"by\"", "\"why\"", |e| matches!(e, SealedError::DoesNotFit { .. })),
        ("\"v\":1", "\"v\":2", |e| matches!(e, SealedError::NotAnOpening { .. })),
        ("\"salt\":\"", "\"salt\":\"00", |e| matches!(e, SealedError::NotAnOpening { .. })),
        ("\"salt\":\"", "\"salt\":\"G", |e| matches!(e, SealedError::NotAnOpening { .. })),
        ("{", "", |e| matches!(e, SealedError::NotAnOpening { .. })),
    ];
    for (from, to, expected) in cases {
        fs::write(&path, good.replacen(from, to, 1)).unwrap();
        let error = openings.open("by", commitment).unwrap_err();
        assert!(expected(&error), "{to}: {error}");
    }
    fs::write(&path, vec![b' '; OPENING_MAX_BYTES + 1]).unwrap();
    assert!(matches!(openings.open("by", commitment), Err(SealedError::Unreadable(ReadError::TooLarge { .. }))));
}

#[test]
fn only_the_one_object_is_a_commitment() {
    let digest = Digest::of("x").to_string();
    assert!(Commitment::in_value(&json!({"sealed": digest})).is_some());
    for other in [
        json!(digest),
        json!({"sealed": "abc"}),
        json!({"sealed": 1}),
        json!({"sealed": digest, "more": 1}),
        json!({"unsealed": digest}),
        json!([{"sealed": digest}]),
    ] {
        assert_eq!(Commitment::in_value(&other), None, "{other}");
    }
}

#[test]
fn a_text_that_is_too_long_is_refused_before_anything_is_written() {
    let (_dir, openings) = store();
    let long = "\u{1}".repeat(VALUE_MAX_BYTES);
    let commitment = Commitment::in_value(&openings.seal("text", &long).unwrap()).unwrap();
    assert_eq!(openings.open("text", commitment).unwrap().unwrap().value, long);
    let longer = openings.seal("text", &"x".repeat(VALUE_MAX_BYTES + 1));
    assert!(matches!(longer, Err(SealedError::TooLong { .. })));
    only_file(&openings);
}

#[test]
fn many_are_kept_in_one_go_and_taken_back_with_the_entries_that_were_refused() {
    let (_dir, openings) = store();
    let many: Vec<Opening> = (0..300).map(|n| Opening::new("text", &format!("line {n}")).unwrap()).collect();
    openings.keep(&many).unwrap();
    assert_eq!(openings.at_hand().unwrap(), many.iter().map(Opening::commitment).collect());
    let entry = |opening: &Opening| Entry {
        body: BTreeMap::from([("text".to_owned(), opening.commitment().to_value())]),
        ..super::super::fixture::fact(0)
    };
    let refused: Vec<Entry> = many[..299].iter().map(entry).collect();
    openings.take_back(&refused).unwrap();
    assert_eq!(only_file(&openings), openings.dir().join(many[299].commitment().file_name()));
    assert!(openings.is_there(many[299].commitment()) && !openings.is_there(many[0].commitment()));
    // What is destroyed already is no error.
    assert_eq!(openings.destroy(many.iter().map(Opening::commitment)).unwrap(), [many[299].commitment()]);
    assert!(openings.at_hand().unwrap().is_empty());
    assert!(Openings::new(Path::new("/nowhere/private")).at_hand().unwrap().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_octets_are_an_opening_or_refused(bytes: Vec<u8>, at in 0..100_usize, octet: u8) {
        let _ = Opening::parse(&bytes);
        let opening = Opening { salt: [1; 32], field: "by".into(), value: "Ada".into() };
        let mut near = opening.to_bytes();
        let place = at % near.len();
        near[place] = octet;
        if let Ok(read) = Opening::parse(&near) {
            // Nothing but white space may differ without the commitment noticing.
            prop_assert!(read == opening || read.commitment() != opening.commitment());
        }
    }
}

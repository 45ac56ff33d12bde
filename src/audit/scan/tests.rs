use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::super::fixture::plain;
use super::super::{Actor, Entry, EvidenceRef, Kind, OutcomeResult};
use super::*;

/// Entries of every kind, with all that an entry can have and with as little as it can have.
fn entries() -> Vec<Entry> {
    let evidence = |media: &str| EvidenceRef {
        bytes: 3,
        digest: Digest::of(media),
        media: media.into(),
        sealed: media.ends_with("html"),
    };
    let least = plain("observe");
    let most = Entry {
        actor: Actor { key: Some("police.example/operator".parse().unwrap()), ..least.actor.clone() },
        authority: Some("order-1".into()),
        step: Some("delegate".into()),
        kind: Kind::Outcome { of: LeafIndex(6), result: OutcomeResult::Unknown },
        subject: Some("bücher.example".into()),
        body: BTreeMap::from([
            ("a".into(), json!({"b": 0, "c": [1, null, true, false, {}, [], "x", 18446744073709551615_u64]})),
            ("é".into(), json!("\u{7f}\u{2028}")),
        ]),
        evidence: vec![evidence("text/plain"), evidence("text/html")],
        ..least.clone()
    };
    vec![least.clone(), most, Entry { kind: Kind::Intent, ..least }]
}

#[test]
fn plain_entries_are_recognised_and_the_others_are_read_in_full() {
    let index = LeafIndex(7);
    for entry in entries() {
        let bytes = entry.to_bytes(index).unwrap();
        assert_eq!(glance(&bytes, index), Some(entry.at), "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(glance(&bytes, LeafIndex(8)), None);
        for value in [json!("line\nfeed"), json!(-1), json!("\""), json!("\u{1}")] {
            let bytes = Entry { body: BTreeMap::from([("a".into(), value)]), ..entry.clone() }.to_bytes(index).unwrap();
            assert_eq!(glance(&bytes, index), None);
            assert_eq!(time_of(&bytes, index).unwrap(), entry.at);
        }
    }
}

#[test]
fn what_is_not_an_entry_is_not_recognised() {
    let index = LeafIndex(7);
    let written = String::from_utf8(entries()[1].to_bytes(index).unwrap()).unwrap();
    for (from, to) in [
        ("{\"b\":0,", "{\"b\":0,\"b\":0,"),
        ("{\"b\":0,", "{\"d\":0,"),
        ("\"b\":0", "\"b\":00"),
        ("\"b\":0", "\"b\":0.5"),
        ("\"b\":0", "\"b\":-0"),
        ("\"b\":0", "\"b\":1e3"),
        ("18446744073709551615", "18446744073709551616"),
        ("\"b\":0", "\"b\": 0"),
        ("[],", "[,],"),
        ("[],", "[]],"),
        ("null", "nul"),
        ("08:00:00Z", "08:00:00.0Z"),
        ("08:00:00Z", "25:00:00Z"),
        ("police.example/operator", "police.example operator"),
        ("sha256:", "sha512:"),
        ("\"of\":6", "\"of\":7"),
        ("unknown", "known"),
        ("outcome", "intent"),
        ("\"step\"", "\"stop\""),
        ("\"v\":1", "\"v\":2"),
        ("\"v\":1}", "\"v\":1} "),
        ("order-1", "order\u{1}1"),
    ] {
        assert!(written.contains(from), "{from}");
        let bent = written.replacen(from, to, 1);
        assert_eq!(glance(bent.as_bytes(), index), None, "{bent}");
        assert!(time_of(bent.as_bytes(), index).is_err(), "{bent}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(Scan { rest: &deep }.value(DEPTH_MAX), None);
    assert_eq!(glance(&vec![b'{'; ENTRY_MAX_BYTES + 1], index), None);
}

/// Pieces of JSON, well-formed or nearly so.
fn json_pieces() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "-?[0-9]{1,21}(\\.[0-9])?",
        "\"[ -~é\\\\\"\\n]{0,3}\"",
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("{}".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let pair = (prop_oneof!["[a-c]", "\\\\u0061", "é"], inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(|values| format!("[{}]", values.join(","))),
            prop::collection::vec(pair, 0..3).prop_map(|pairs| {
                let pairs: Vec<_> = pairs.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", pairs.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2048) })]

    /// What the glance takes for an entry, the reader takes too, and reads the same time.
    #[test]
    fn nothing_is_recognised_that_the_reader_refuses(
        which in 0..3_usize,
        at: prop::sample::Index,
        octet in prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:\\ 0129-.eE+ntf".to_vec())],
        insert: bool,
        piece in json_pieces(),
    ) {
        let index = LeafIndex(7);
        let written = entries()[which].to_bytes(index).unwrap();
        let at = at.index(written.len());
        let mut bent = written.clone();
        if insert { bent.insert(at, octet) } else { bent[at] = octet }
        let body = String::from_utf8(written).unwrap().replacen("\"body\":{", &format!("\"body\":{{\"\":{piece},"), 1);
        let body = body.replacen(",}", "}", 1);
        for bytes in [bent.as_slice(), body.as_bytes()] {
            if let Some(time) = glance(bytes, index) {
                prop_assert_eq!(Recorded::parse(bytes, index).unwrap().entry.at, time);
            }
        }
    }
}

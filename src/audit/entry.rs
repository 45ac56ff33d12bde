//! One entry of the log: who did or saw what, when, on whose authority.
//!
//! On disk an entry is one JSON object on one line, keys sorted, without white space and without fractions, so that the same
//! entry is always the same bytes:
//!
//! ```json
//! {"action":"delegate","actor":{"agency":"police.example","role":"operator"},"at":"2026-11-22T08:00:00Z","body":{},"evidence":[],"kind":"intent","seq":7,"tool":"impound 0.1.0","v":1}
//! ```
//!
//! Reading is printing backwards: bytes that would not be printed the same are refused.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::signed_note::KeyName;
use crate::tlog::LeafIndex;

/// The largest entry. The format's own limit is 65,535 octets; whatever is large belongs in the evidence, not in the entry.
pub const ENTRY_MAX_BYTES: usize = 16 * 1024;

/// The version of the wire form.
const VERSION: u64 = 1;

/// Why an entry is not written, or not believed.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Larger than [`ENTRY_MAX_BYTES`].
    #[error("the entry has {bytes} bytes; at most {ENTRY_MAX_BYTES} are allowed")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not the JSON object that an entry is.
    #[error("the entry is not an entry of version {VERSION}")]
    Json(#[source] serde_json::Error),
    /// Written by a later program.
    #[error("the entry has version {version}; this program knows version {VERSION}")]
    Version {
        /// The version found.
        version: u64,
    },
    /// The same content in other bytes: white space, another order of keys, another way to write a character.
    #[error("the entry is not in the one form that it can be written in")]
    NotCanonical,
    /// A number that is not whole, or that does not fit 64 bits.
    #[error("the body of the entry holds {number}; only whole numbers of 64 bits are written the same everywhere")]
    Fraction {
        /// The number.
        number: String,
    },
    /// It says that it stands elsewhere.
    #[error("the entry says that it is number {found}, but it stands at {index}")]
    Sequence {
        /// What it says.
        found: LeafIndex,
        /// Where it is.
        index: LeafIndex,
    },
    /// The outcome of something that comes later, or of itself.
    #[error("the entry is the outcome of entry {of}, which does not come before it")]
    OutcomeOf {
        /// The entry it names.
        of: LeafIndex,
    },
    /// `result` and `of` belong to outcomes, and to nothing else.
    #[error("an outcome, and only an outcome, says of what and with which result")]
    Outcome,
    /// Earlier than the entry before it: the clock was set back, or the order is not the one in which things happened.
    #[error("the clock went backwards: the entry is of {at}, the one before it of {last}")]
    ClockBackwards {
        /// The time of the entry before.
        last: UtcTime,
        /// The time of this one.
        at: UtcTime,
    },
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The agency, as the playbook names it.
    pub agency: String,
    /// The key that was used, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyName>,
    /// In which role: operator, approver, the program itself.
    pub role: String,
}

/// What became of an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeResult {
    /// It was done.
    Done,
    /// It was not done.
    Failed,
    /// It is not known whether it was done. A later outcome of the same intent may tell.
    Unknown,
}

/// How an entry stands to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something is about to be done. Durable before it is; its number in the log is what the outcome names.
    Intent,
    /// What became of an earlier intent.
    Outcome {
        /// The number of the intent.
        of: LeafIndex,
        /// What became of it.
        result: OutcomeResult,
    },
    /// Something that was seen, decided or received, and that changes nothing outside.
    Fact,
}

/// Raw evidence that an entry rests on; the bytes themselves are kept beside the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRef {
    /// How many bytes.
    pub bytes: u64,
    /// Their digest, which is also where they are kept.
    pub digest: Digest,
    /// The media type, such as `application/dns-message`.
    pub media: String,
    /// Whether the file is one of [`super::EvidenceStore::seal`]: it begins with a salt and is kept apart, since what follows
    /// is about people. Digest and size are those of the file, salt and all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sealed: bool,
}

/// What is to be written. The log gives it its number.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When.
    pub at: UtcTime,
    /// Who.
    pub actor: Actor,
    /// The order it was done under.
    pub authority: Option<String>,
    /// The step of the plan that it belongs to.
    pub step: Option<String>,
    /// Intent, outcome or fact.
    pub kind: Kind,
    /// What was done, in one word of the program's own.
    pub action: String,
    /// The target.
    pub subject: Option<String>,
    /// Whatever else belongs to this action. Whole numbers only.
    pub body: BTreeMap<String, Value>,
    /// What it rests on.
    pub evidence: Vec<EvidenceRef>,
    /// The program and its version.
    pub tool: String,
}

/// An entry and its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its number, from 0.
    pub seq: LeafIndex,
    /// What it says.
    pub entry: Entry,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum KindWord {
    Intent,
    Outcome,
    Fact,
}

/// The wire form. The fields stand in the order of their names, which is the order they are printed in.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'e> {
    action: Cow<'e, str>,
    actor: Cow<'e, Actor>,
    at: UtcTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<Cow<'e, str>>,
    body: Cow<'e, BTreeMap<String, Value>>,
    evidence: Cow<'e, [EvidenceRef]>,
    kind: KindWord,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<OutcomeResult>,
    seq: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<Cow<'e, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Cow<'e, str>>,
    tool: Cow<'e, str>,
    v: u64,
}

#[derive(Deserialize)]
struct VersionOnly {
    v: u64,
}

impl Entry {
    /// The bytes of this entry as number `seq` of a log.
    pub fn to_bytes(&self, seq: LeafIndex) -> Result<Vec<u8>, EntryError> {
        check(self.kind, &self.body, seq)?;
        // Most fit, and few are much smaller.
        let mut bytes = Vec::with_capacity(1024);
        serde_json::to_writer(&mut bytes, &self.wire(seq)).map_err(EntryError::Json)?;
        if bytes.len() > ENTRY_MAX_BYTES { Err(EntryError::TooLarge { bytes: bytes.len() }) } else { Ok(bytes) }
    }

    fn wire(&self, seq: LeafIndex) -> Wire<'_> {
        let (kind, of, result) = match self.kind {
            Kind::Intent => (KindWord::Intent, None, None),
            Kind::Fact => (KindWord::Fact, None, None),
            Kind::Outcome { of, result } => (KindWord::Outcome, Some(of.0), Some(result)),
        };
        Wire {
            action: self.action.as_str().into(),
            actor: Cow::Borrowed(&self.actor),
            at: self.at,
            authority: self.authority.as_deref().map(Cow::from),
            body: Cow::Borrowed(&self.body),
            evidence: Cow::Borrowed(&self.evidence),
            kind,
            of,
            result,
            seq: seq.0,
            step: self.step.as_deref().map(Cow::from),
            subject: self.subject.as_deref().map(Cow::from),
            tool: self.tool.as_str().into(),
            v: VERSION,
        }
    }
}

/// What the types do not say: an outcome comes after its intent, and numbers are whole.
fn check(kind: Kind, body: &BTreeMap<String, Value>, seq: LeafIndex) -> Result<(), EntryError> {
    match kind {
        Kind::Outcome { of, .. } if of >= seq => Err(EntryError::OutcomeOf { of }),
        _ => body.values().try_for_each(whole_numbers),
    }
}

/// Refuses fractions at any depth; the depth itself is bounded where JSON is read.
fn whole_numbers(value: &Value) -> Result<(), EntryError> {
    match value {
        Value::Number(number) if number.is_f64() => Err(EntryError::Fraction { number: number.to_string() }),
        Value::Array(values) => values.iter().try_for_each(whole_numbers),
        Value::Object(values) => values.values().try_for_each(whole_numbers),
        _ => Ok(()),
    }
}

impl Recorded {
    /// Reads the bytes of entry `index`.
    pub fn parse(bytes: &[u8], index: LeafIndex) -> Result<Self, EntryError> {
        if bytes.len() > ENTRY_MAX_BYTES {
            return Err(EntryError::TooLarge { bytes: bytes.len() });
        }
        let wire = parse_wire(bytes)?;
        if wire.seq != index.0 {
            return Err(EntryError::Sequence { found: LeafIndex(wire.seq), index });
        }
        let kind = wire_kind(&wire)?;
        check(kind, &wire.body, index)?;
        // Parse, print, compare.
        if serde_json::to_vec(&wire).map_err(EntryError::Json)? != bytes {
            return Err(EntryError::NotCanonical);
        }
        Ok(Self { seq: index, entry: from_wire(wire, kind) })
    }
}

fn parse_wire(bytes: &[u8]) -> Result<Wire<'static>, EntryError> {
    match serde_json::from_slice::<Wire<'static>>(bytes) {
        Ok(wire) if wire.v == VERSION => Ok(wire),
        Ok(wire) => Err(EntryError::Version { version: wire.v }),
        // A later version may have other fields: say that, rather than which field is unknown.
        Err(source) => match serde_json::from_slice::<VersionOnly>(bytes) {
            Ok(VersionOnly { v }) if v != VERSION => Err(EntryError::Version { version: v }),
            _ => Err(EntryError::Json(source)),
        },
    }
}

fn wire_kind(wire: &Wire<'_>) -> Result<Kind, EntryError> {
    match (wire.kind, wire.of, wire.result) {
        (KindWord::Intent, None, None) => Ok(Kind::Intent),
        (KindWord::Fact, None, None) => Ok(Kind::Fact),
        (KindWord::Outcome, Some(of), Some(result)) => Ok(Kind::Outcome { of: LeafIndex(of), result }),
        _ => Err(EntryError::Outcome),
    }
}

fn from_wire(wire: Wire<'_>, kind: Kind) -> Entry {
    Entry {
        at: wire.at,
        actor: wire.actor.into_owned(),
        authority: wire.authority.map(Cow::into_owned),
        step: wire.step.map(Cow::into_owned),
        kind,
        action: wire.action.into_owned(),
        subject: wire.subject.map(Cow::into_owned),
        body: wire.body.into_owned(),
        evidence: wire.evidence.into_owned(),
        tool: wire.tool.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn entry() -> Entry {
        Entry {
            at: "2026-11-22T08:00:00Z".parse().unwrap(),
            actor: Actor {
                agency: "police.example".into(),
                key: Some("police.example/operator".parse().unwrap()),
                role: "operator".into(),
            },
            authority: Some("order-1".into()),
            step: Some("delegate".into()),
            kind: Kind::Outcome { of: LeafIndex(6), result: OutcomeResult::Unknown },
            action: "delegate".into(),
            subject: Some("market.example".into()),
            body: BTreeMap::from([("z".into(), json!({"b": 1, "a": [-2, null]})), ("a".into(), json!("line\nfeed"))]),
            evidence: vec![EvidenceRef {
                bytes: 3,
                digest: Digest::of("abc"),
                media: "text/plain".into(),
                sealed: false,
            }],
            tool: "impound 0.1.0".into(),
        }
    }

    const WRITTEN: &str = concat!(
        r#"{"action":"delegate","actor":{"agency":"police.example","key":"police.example/operator","role":"operator"},"#,
        r#""at":"2026-11-22T08:00:00Z","authority":"order-1","body":{"a":"line\nfeed","z":{"a":[-2,null],"b":1}},"#,
        r#""evidence":[{"bytes":3,"digest":"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","#,
        r#""media":"text/plain"}],"kind":"outcome","of":6,"#,
        r#""result":"unknown","seq":7,"step":"delegate","subject":"market.example","tool":"impound 0.1.0","v":1}"#,
    );

    #[test]
    fn an_entry_is_always_the_same_bytes_on_one_line() {
        let bytes = entry().to_bytes(LeafIndex(7)).unwrap();
        assert_eq!(String::from_utf8(bytes.clone()).unwrap(), WRITTEN);
        assert!(!bytes.contains(&b'\n'));
        assert_eq!(Recorded::parse(&bytes, LeafIndex(7)).unwrap(), Recorded { seq: LeafIndex(7), entry: entry() });
    }

    #[test]
    fn other_bytes_are_refused_for_their_own_reason() {
        type Expected = fn(&EntryError) -> bool;
        let cases: [(&str, &str, Expected); 15] = [
            (r#""media":"text/plain""#, r#""media":"text/plain","sealed":false"#, |e| {
                matches!(e, EntryError::NotCanonical)
            }),
            (r#""seq":7"#, r#""seq": 7"#, |e| matches!(e, EntryError::NotCanonical)),
            (r#""b":1"#, r#""b":1,"b":1"#, |e| matches!(e, EntryError::NotCanonical)),
            (r#"{"a":[-2,null],"b":1}"#, r#"{"b":1,"a":[-2,null]}"#, |e| matches!(e, EntryError::NotCanonical)),
            ("market", "m\\u0061rket", |e| matches!(e, EntryError::NotCanonical)),
            (r#""subject":"market.example""#, r#""subject":null"#, |e| matches!(e, EntryError::NotCanonical)),
            (r#""b":1"#, r#""b":1.0"#, |e| matches!(e, EntryError::Fraction { .. })),
            (r#""b":1"#, r#""b":18446744073709551616"#, |e| matches!(e, EntryError::Fraction { .. })),
            (r#""seq":7"#, r#""seq":8"#, |e| matches!(e, EntryError::Sequence { found: LeafIndex(8), .. })),
            (r#""of":6"#, r#""of":7"#, |e| matches!(e, EntryError::OutcomeOf { of: LeafIndex(7) })),
            (r#""of":6,"#, "", |e| matches!(e, EntryError::Outcome)),
            (r#""kind":"outcome""#, r#""kind":"fact""#, |e| matches!(e, EntryError::Outcome)),
            (r#""v":1"#, r#""v":2"#, |e| matches!(e, EntryError::Version { version: 2 })),
            (r#""v":1"#, r#""new":0,"v":2"#, |e| matches!(e, EntryError::Version { version: 2 })),
            ("ba7816bf", "BA7816BF", |e| matches!(e, EntryError::Json(_))),
        ];
        for (from, to, expected) in cases {
            assert!(WRITTEN.contains(from), "{from}");
            let error = Recorded::parse(WRITTEN.replacen(from, to, 1).as_bytes(), LeafIndex(7)).unwrap_err();
            assert!(expected(&error), "{to}: {error}");
        }
    }

    #[test]
    fn an_entry_that_is_too_large_or_has_a_fraction_is_not_written() {
        let large = Entry { action: "x".repeat(ENTRY_MAX_BYTES), ..entry() };
        assert!(matches!(large.to_bytes(LeafIndex(7)), Err(EntryError::TooLarge { .. })));
        let fraction = Entry { body: BTreeMap::from([("n".into(), json!([{"x": 0.5}]))]), ..entry() };
        assert!(matches!(fraction.to_bytes(LeafIndex(7)), Err(EntryError::Fraction { .. })));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

        #[test]
        fn any_bytes_are_read_or_refused(at in 0..WRITTEN.len(), octet: u8, cut in 0..WRITTEN.len()) {
            let mut bytes = WRITTEN.as_bytes().to_vec();
            bytes[at] = octet;
            for bytes in [&bytes[..], &bytes[cut..], &bytes[..cut]] {
                if let Ok(read) = Recorded::parse(bytes, LeafIndex(7)) {
                    prop_assert_eq!(read.entry.to_bytes(LeafIndex(7)).unwrap(), bytes);
                }
            }
        }
    }
}

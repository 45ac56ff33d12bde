//! What the log says of a notice before it is served, and how its proof lies in the kit.
//!
//! One fact of the action [`NOTICE_ENTRY`] names the digests of the signed text and of the whole note. Only such an entry vouches
//! for a notice: others cite whatever was met on the net, and a forged notice may be among it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::audit::{Entry, Kind};
use crate::digest::Digest;
use crate::signed_note::Note;

/// The action of the entry.
pub const NOTICE_ENTRY: &str = "notice";
/// The name in the kit of the receipt of that entry ([`crate::tlog::Receipt`]). It proves itself, so it is no part of what
/// `edition.json` vouches for, and may come or be replaced after the site was signed.
pub const INCLUSION_PROOF: &str = "inclusion.tlog-proof";
/// The name in the kit of the time stamp over the checkpoint in the receipt ([`crate::anchor`]), if there is one.
pub const INCLUSION_STAMP: &str = "inclusion.tsr";

/// The part of the body that names the text, and the one that names the note.
const PARTS: [&str; 2] = ["manifest", "signed"];

/// A notice as the log names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggedNotice {
    /// Of the signed text, which is also the file `notice.txt`.
    pub manifest: Digest,
    /// Of the file `notice.note`: the text with the signatures that it had.
    pub signed: Digest,
}

impl LoggedNotice {
    /// What an entry about this note says.
    pub fn of_note(note: &Note) -> Self {
        Self { manifest: Digest::of(note.text.as_str()), signed: Digest::of(note.to_string()) }
    }

    /// What `entry` says; `None` when it is not of a notice.
    pub fn of(entry: &Entry) -> Option<Self> {
        if entry.kind != Kind::Fact || entry.action != NOTICE_ENTRY {
            return None;
        }
        let part = |name: &str| entry.body.get(name).and_then(Value::as_str)?.parse().ok();
        let [manifest, signed] = PARTS.map(part);
        Some(Self { manifest: manifest?, signed: signed? })
    }

    /// The body of the entry.
    pub fn body(&self) -> BTreeMap<String, Value> {
        let [manifest, signed] = PARTS.map(str::to_owned);
        BTreeMap::from([(manifest, json!(self.manifest.to_string())), (signed, json!(self.signed.to_string()))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::OutcomeResult;
    use crate::audit::fixture::plain;
    use crate::tlog::LeafIndex;

    fn entry(action: &str, kind: Kind, body: BTreeMap<String, Value>) -> Entry {
        Entry { kind, body, ..plain(action) }
    }

    #[test]
    fn only_a_fact_of_its_own_action_with_both_digests_is_about_a_notice() {
        let logged = LoggedNotice { manifest: Digest::of("text"), signed: Digest::of("note") };
        let fact = |action, body| LoggedNotice::of(&entry(action, Kind::Fact, body));
        assert_eq!(fact(NOTICE_ENTRY, logged.body()), Some(logged));
        for action in ["visit", "note", "publish", "notices"] {
            assert_eq!(fact(action, logged.body()), None, "{action}");
        }
        for missing in PARTS {
            let mut body = logged.body();
            body.remove(missing);
            assert_eq!(fact(NOTICE_ENTRY, body.clone()), None, "{missing}");
            body.insert(missing.to_owned(), json!("sha256:00"));
            assert_eq!(fact(NOTICE_ENTRY, body), None, "{missing}");
        }
        for kind in [Kind::Intent, Kind::Outcome { of: LeafIndex(0), result: OutcomeResult::Done }] {
            assert_eq!(LoggedNotice::of(&entry(NOTICE_ENTRY, kind, logged.body())), None);
        }
    }
}

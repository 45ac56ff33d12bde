//! Entries and small logs for tests.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use super::{Actor, Entry, Kind, Log, LogReader};
use crate::clock::UtcTime;
use crate::keyring::SecretKey;
use crate::signed_note::NoteSigner;
use crate::tlog::{Hash, LeafIndex, leaf_hash};

/// The key of the log.
pub(super) fn key() -> SecretKey {
    SecretKey::from_seed("police.example/log".parse().unwrap(), &[7; 32]).unwrap()
}

/// An entry with as little as it can have.
pub(crate) fn plain(action: &str) -> Entry {
    Entry {
        at: "2026-11-22T08:00:00Z".parse().unwrap(),
        actor: Actor { agency: "police.example".into(), key: None, role: "operator".into() },
        authority: None,
        step: None,
        kind: Kind::Fact,
        action: action.into(),
        subject: None,
        body: BTreeMap::new(),
        evidence: Vec::new(),
        tool: "impound 0.1.0".into(),
    }
}

/// A moment so many seconds after the first.
pub(super) fn at(second: u64) -> UtcTime {
    plain("observe").at.plus(Duration::from_secs(second))
}

/// An entry that differs from all others.
pub(super) fn fact(nth: u64) -> Entry {
    Entry {
        at: at(nth),
        subject: Some(format!("name-{nth}.example")),
        body: BTreeMap::from([("nth".into(), json!(nth))]),
        ..plain("observe")
    }
}

/// The hashes of the first facts of a log.
pub(super) fn leaves(range: Range<u64>) -> Vec<Hash> {
    range.map(|nth| leaf_hash(&fact(nth).to_bytes(LeafIndex(nth)).unwrap())).collect()
}

/// A log that was grown to each of these sizes in turn, and closed.
pub(super) fn log_of(sizes: &[u64]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::create(dir.path(), key()).unwrap();
    for size in sizes {
        let batch: Vec<_> = (log.size().0..*size).map(fact).collect();
        log.append(&batch).unwrap();
        log.publish().unwrap();
    }
    dir
}

pub(super) fn reader(dir: &Path) -> LogReader {
    LogReader::open(dir, &[key().verifier().clone()]).unwrap()
}

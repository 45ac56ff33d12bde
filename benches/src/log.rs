//! Long logs as an operation leaves them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use impound::audit::{Actor, Entry, EvidenceRef, Kind, Log};
use impound::clock::UtcTime;
use impound::digest::Digest;
use impound::keyring::SecretKey;
use impound::signed_note::NoteSigner;
use serde_json::json;

use crate::Outcome;

/// How many are appended at once: the bound of a batch is 64 MiB.
const BATCH: u64 = 50_000;

/// Makes a log of so many entries in `dir`; its verifier key.
pub fn make(dir: &Path, entries: u64) -> Outcome<String> {
    let key = SecretKey::generate("police.example/log".parse()?)?;
    let public = key.verifier().to_string();
    let mut log = Log::create(dir, key)?;
    while log.size().0 < entries {
        let end = entries.min(log.size().0 + BATCH);
        let batch = (log.size().0..end).map(look).collect::<Outcome<Vec<_>>>()?;
        log.append(&batch)?;
    }
    Ok(public)
}

/// An entry as a look at a target leaves it.
fn look(nth: u64) -> Outcome<Entry> {
    let start: UtcTime = "2026-11-22T08:00:00Z".parse()?;
    let state =
        json!({"delegation": ["ns1.hoster.example", "ns2.hoster.example"], "ds": [], "registration": ["active"]});
    Ok(Entry {
        at: start.plus(Duration::from_secs(nth / 8)),
        actor: Actor { agency: "police.example".into(), key: None, role: "operator".into() },
        authority: Some("order-1".into()),
        step: Some("takeover".into()),
        kind: Kind::Fact,
        action: "observe".into(),
        subject: Some(format!("name-{nth}.example")),
        body: BTreeMap::from([
            ("moment".into(), json!("after")),
            ("state".into(), state),
            ("verdict".into(), json!("pass")),
            ("findings".into(), json!([])),
        ]),
        evidence: vec![EvidenceRef {
            bytes: 4096 + nth % 512,
            digest: Digest::of(&nth.to_be_bytes()),
            media: "application/json".into(),
            sealed: false,
        }],
        tool: "impound 0.1.0".into(),
    })
}

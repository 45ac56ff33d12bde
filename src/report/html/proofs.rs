//! What vouches for each log, and how to check it.

use super::super::words::{brief, listed};
use super::super::{LogTold, Retold};

/// What vouches for one log.
pub(super) struct Proof {
    pub origin: String,
    pub verified: bool,
    pub sound: bool,
    pub size: u64,
    pub read: u64,
    pub root: String,
    pub agreed: usize,
    pub since: Option<u64>,
    pub witnesses: String,
    pub stamps: Vec<String>,
    pub checkpoint: String,
    pub evidence: String,
    pub vkey: String,
    pub pem: String,
    /// What signature lines of the log begin with, for `grep`.
    pub line: String,
}

pub(super) fn proofs(retold: &Retold) -> Vec<Proof> {
    retold.logs.iter().map(proof).collect()
}

/// Who can show that the record was not made up afterwards, as far as this report knows.
pub(super) fn afterwards(retold: &Retold) -> String {
    const ALONE: &str = "can be shown only with a checkpoint that somebody else kept at the time";
    let alone: Vec<String> = retold.logs.iter().filter(|log| !log.is_vouched()).map(|log| brief(&log.origin)).collect();
    match (alone.len(), retold.logs.len()) {
        (0, 1..) => {
            "That the record was not made up later, others vouch for: section 7 says who cosigned or time-stamped how \
                     much of it, and when."
                .to_owned()
        }
        (one, all) if one < all => format!(
            "That a record was not made up later, others vouch for where section 7 says who, when, and for how much of it; of \
             {} it {ALONE}.",
            listed(&alone)
        ),
        _ => format!("That the whole record was not made up afterwards {ALONE}: section 7 tells of none."),
    }
}

fn proof(log: &LogTold) -> Proof {
    // In a command, a name with other characters could mean something to a shell.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-' | '_');
    let name = if log.origin.chars().all(plain) { format!("{} ", log.origin) } else { String::new() };
    Proof {
        origin: brief(&log.origin),
        verified: !log.checkpoint.is_empty(),
        sound: log.is_sound(),
        size: log.size,
        read: log.read,
        root: brief(&log.root),
        agreed: log.agreed,
        since: log.since,
        witnesses: brief(&log.witnesses_sentence()),
        stamps: log.stamp_sentences().iter().map(|sentence| brief(sentence)).collect(),
        checkpoint: log.checkpoint.clone(),
        evidence: log.evidence_sentence(),
        vkey: log.vkey.clone(),
        pem: log.pem.clone(),
        line: format!("— {name}"),
    }
}

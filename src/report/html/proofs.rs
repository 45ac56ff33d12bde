//! What vouches for each log, and how to check it.

use super::super::words::shown;
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
    pub checkpoint: String,
    pub witnesses: String,
    pub evidence: String,
    pub vkey: String,
    pub pem: String,
    /// What signature lines of the log begin with, for `grep`.
    pub line: String,
}

pub(super) fn proofs(retold: &Retold) -> Vec<Proof> {
    retold.logs.iter().map(proof).collect()
}

fn proof(log: &LogTold) -> Proof {
    // In a command, a name with other characters could mean something to a shell.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-' | '_');
    let name = if log.origin.chars().all(plain) { format!("{} ", log.origin) } else { String::new() };
    Proof {
        origin: shown(&log.origin),
        verified: !log.checkpoint.is_empty(),
        sound: log.is_sound(),
        size: log.size,
        read: log.read,
        root: shown(&log.root),
        agreed: log.agreed,
        checkpoint: log.checkpoint.clone(),
        witnesses: shown(&log.witnesses),
        evidence: log.evidence.sentence(),
        vkey: log.vkey.clone(),
        pem: log.pem.clone(),
        line: format!("— {name}"),
    }
}

//! Raw evidence, kept beside the log under its own digest: `<first 2 hex digits>/<sha256 in hex>`.
//!
//! What an entry cites is durable before the entry is written; so evidence is put first, and the entry appended after. The
//! same bytes are kept once.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::digest::Digest;

use super::disk::{self, Disk};
use super::entry::EvidenceRef;
use super::error::AuditError;
use super::fsck;

/// The largest piece of evidence: a page with its pictures, a packet capture of one check. Larger things are cited by digest
/// and kept by whoever made them.
pub const EVIDENCE_MAX_BYTES: u64 = 16 << 20;

const STAGING: &str = ".staging";

/// A directory of evidence.
#[derive(Debug)]
pub struct EvidenceStore {
    disk: Disk,
}

impl EvidenceStore {
    /// Evidence in `dir`, which is made when the first piece is put there.
    pub fn new(dir: &Path) -> Self {
        Self { disk: Disk::new(dir, STAGING) }
    }

    /// Keeps `bytes`, durably, and says how an entry cites them.
    pub fn put(&mut self, media: &str, bytes: &[u8]) -> Result<EvidenceRef, AuditError> {
        let size = bytes.len() as u64;
        if size > EVIDENCE_MAX_BYTES {
            return Err(AuditError::EvidenceTooLarge { bytes: size, max: EVIDENCE_MAX_BYTES });
        }
        let digest = Digest::of(bytes);
        self.disk.make_dir(&self.disk.path(STAGING))?;
        self.disk.create(&name(&digest), bytes)?;
        self.disk.sync_created()?;
        Ok(EvidenceRef { bytes: size, digest, media: media.to_owned() })
    }

    /// Reads a piece back; its digest and size are checked.
    pub fn get(&self, cited: &EvidenceRef) -> Result<Vec<u8>, AuditError> {
        let path = self.path(&cited.digest);
        let bytes = disk::read(&path, EVIDENCE_MAX_BYTES)?;
        let (expected, length) = (cited.bytes, bytes.len() as u64);
        if length != expected {
            return Err(AuditError::Length { path, expected, found: length });
        }
        let found = Digest::of(&bytes);
        if found == cited.digest { Ok(bytes) } else { Err(AuditError::AlteredEvidence { path, found }) }
    }

    /// How many files are there that are not one of these pieces: kept for an entry that was never written, or put there by
    /// somebody. Nothing vouches for them.
    pub fn others(&self, cited: &BTreeSet<Digest>) -> Result<u64, AuditError> {
        let mut others = 0;
        for child in fsck::children(self.disk.root())?.into_iter().filter(|child| child.file_name() != STAGING) {
            let is_cited = |name: &OsStr| {
                let name = name.to_str().unwrap_or_default();
                let digest = format!("sha256:{name}").parse();
                child.file_name().to_str() == name.get(..2) && digest.is_ok_and(|digest| cited.contains(&digest))
            };
            others += match child.path().is_dir() {
                true => {
                    fsck::children(&child.path())?.iter().filter(|file| !is_cited(&file.file_name())).count() as u64
                }
                false => 1,
            };
        }
        Ok(others)
    }

    /// Where a piece lies.
    pub fn path(&self, digest: &Digest) -> PathBuf {
        self.disk.path(&name(digest))
    }
}

fn name(digest: &Digest) -> String {
    let hex = digest.hex();
    format!("{}/{hex}", hex.get(..2).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn evidence_is_kept_once_and_read_back_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = EvidenceStore::new(&dir.path().join("evidence"));
        let cited = store.put("text/plain", b"abc").unwrap();
        assert_eq!(store.put("text/plain", b"abc").unwrap(), cited);
        assert_eq!(store.get(&cited).unwrap(), b"abc");
        let path = store.path(&cited.digest);
        let expected = "evidence/ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(path, dir.path().join(expected));

        fs::write(&path, b"abd").unwrap();
        assert!(matches!(store.get(&cited), Err(AuditError::AlteredEvidence { path: named, .. }) if named == path));
        assert!(
            matches!(store.put("text/plain", b"abc"), Err(AuditError::AlteredFile { path: named }) if named == path)
        );
        fs::write(&path, b"ab").unwrap();
        assert!(matches!(store.get(&cited), Err(AuditError::Length { expected: 3, found: 2, .. })));
        fs::remove_file(&path).unwrap();
        assert!(matches!(store.get(&cited), Err(AuditError::Missing { path: named }) if named == path));
    }

    #[test]
    fn evidence_that_is_too_large_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = EvidenceStore::new(dir.path());
        let large = vec![0; EVIDENCE_MAX_BYTES as usize + 1];
        assert!(matches!(store.put("image/png", &large), Err(AuditError::EvidenceTooLarge { .. })));
        assert!(store.put("image/png", &large[1..]).is_ok());
    }
}

//! Raw evidence, kept beside the log under its own digest: `<first 2 hex digits>/<sha256 in hex>`.
//!
//! What an entry cites is durable before the entry is written; so evidence is put first, and the entry appended after. The
//! same bytes are kept once.
//!
//! Evidence that tells of people is *sealed*: kept apart, in `evidence/` of the directory with the openings of sealed texts
//! ([`super::Openings`]), in a file that begins with a salt of its own:
//!
//! ```text
//! impound-sealed-evidence/v1 <64 hexadecimal digits>
//! <the evidence, as it was received>
//! ```
//!
//! The digest that the entry cites is of the whole file, so it tells nothing to whoever does not have the salt: no guess at the
//! evidence can be tried. Once the file is destroyed, that is so for ever.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use crate::digest::Digest;

use super::disk::{self, Disk};
use super::entry::EvidenceRef;
use super::error::AuditError;
use super::fsck;
use super::sealed::{SALT_BYTES, STAGING, SealedError, new_salt};

/// The largest piece of evidence: a page with its pictures, a packet capture of one check. Larger things are cited by digest
/// and kept by whoever made them.
pub const EVIDENCE_MAX_BYTES: u64 = 16 << 20;

/// The first line of a sealed file begins with this. Its salt and a line feed follow.
const SEALED_LINE: &str = "impound-sealed-evidence/v1 ";

/// How long that line is.
const SEALED_LINE_BYTES: usize = SEALED_LINE.len() + 2 * SALT_BYTES + 1;

/// Where sealed evidence lies in the directory of what is apart from the log.
const SEALED_DIR: &str = "evidence";

/// A directory of evidence, and another of what is sealed.
#[derive(Debug)]
pub struct EvidenceStore {
    open: Disk,
    private: Disk,
}

impl EvidenceStore {
    /// Evidence in `dir`, and below `private` what is sealed. Either is made when the first piece is put there, `private` for its
    /// owner alone.
    pub fn new(dir: &Path, private: &Path) -> Self {
        Self { open: Disk::new(dir, STAGING), private: Disk::private(private, STAGING) }
    }

    /// Removes what writers that were killed had not finished, durably, also of the openings below `private`: it is in clear and
    /// nothing refers to it. Call it once the log is held.
    pub fn clear_unfinished(&mut self) -> Result<(), AuditError> {
        self.open.clear_staging()?;
        self.private.clear_staging()
    }

    /// Keeps `bytes`, durably, and says how an entry cites them.
    pub fn put(&mut self, media: &str, bytes: &[u8]) -> Result<EvidenceRef, AuditError> {
        check_size(bytes)?;
        let digest = Digest::of(bytes);
        keep(&mut self.open, &name(&digest), bytes)?;
        Ok(EvidenceRef { bytes: bytes.len() as u64, digest, media: media.to_owned(), sealed: false })
    }

    /// Keeps `bytes` sealed, durably, and says how an entry cites them: by the digest and the size of a file that begins with a
    /// salt. The same bytes are kept again each time, so that nobody can see that they are the same.
    pub fn seal(&mut self, media: &str, bytes: &[u8]) -> Result<EvidenceRef, SealedError> {
        check_size(bytes)?;
        let mut file = format!("{SEALED_LINE}{}\n", HEXLOWER.encode(&new_salt()?)).into_bytes();
        file.extend(bytes);
        let digest = Digest::of(&file);
        keep(&mut self.private, &sealed_name(&digest), &file)?;
        Ok(EvidenceRef { bytes: file.len() as u64, digest, media: media.to_owned(), sealed: true })
    }

    /// Reads a piece back, without the salt if it is sealed; digest and size of its file are checked.
    pub fn get(&self, cited: &EvidenceRef) -> Result<Vec<u8>, AuditError> {
        let mut bytes = self.file(cited)?;
        if cited.sealed {
            let line = bytes.get(..SEALED_LINE_BYTES).filter(|line| line.starts_with(SEALED_LINE.as_bytes()));
            if line.is_none_or(|line| !line.ends_with(b"\n")) {
                return Err(AuditError::NotSealed { path: self.path(cited) });
            }
            bytes.drain(..SEALED_LINE_BYTES);
        }
        Ok(bytes)
    }

    /// The file of a piece as it is, with its salt if it is sealed; digest and size are checked.
    pub fn file(&self, cited: &EvidenceRef) -> Result<Vec<u8>, AuditError> {
        let path = self.path(cited);
        let bytes = disk::read(&path, EVIDENCE_MAX_BYTES + SEALED_LINE_BYTES as u64)?;
        let (expected, length) = (cited.bytes, bytes.len() as u64);
        if length != expected {
            return Err(AuditError::Length { path, expected, found: length });
        }
        let found = Digest::of(&bytes);
        if found == cited.digest { Ok(bytes) } else { Err(AuditError::AlteredEvidence { path, found }) }
    }

    /// How many files are in either directory that are none of these: kept for an entry that was never written, or put there by
    /// somebody. Nothing vouches for them.
    pub(super) fn others<'c>(&self, cited: impl Iterator<Item = &'c EvidenceRef>) -> Result<u64, AuditError> {
        let cited: BTreeSet<PathBuf> = cited.map(|piece| self.path(piece)).collect();
        let open = fsck::children(self.open.root())?;
        let sealed = fsck::children(&self.private.path(SEALED_DIR))?;
        let mut others = 0;
        for child in open.into_iter().filter(|child| child.file_name() != STAGING).chain(sealed) {
            let path = child.path();
            others += match path.is_dir() {
                true => fsck::children(&path)?.iter().filter(|file| !cited.contains(&file.path())).count() as u64,
                false => 1,
            };
        }
        Ok(others)
    }

    /// Destroys a piece, durably; whether it was there.
    pub fn erase(&mut self, cited: &EvidenceRef) -> Result<bool, AuditError> {
        let (disk, name) = match cited.sealed {
            true => (&mut self.private, sealed_name(&cited.digest)),
            false => (&mut self.open, name(&cited.digest)),
        };
        let was_there = disk.remove(&name)?;
        disk.sync_created()?;
        Ok(was_there)
    }

    /// Whether there is a directory with evidence that is not sealed.
    pub fn is_beside(&self) -> bool {
        self.open.root().is_dir()
    }

    /// Whether there is a directory with sealed evidence.
    pub fn is_sealed_beside(&self) -> bool {
        self.private.path(SEALED_DIR).is_dir()
    }

    /// Where a piece lies.
    pub fn path(&self, cited: &EvidenceRef) -> PathBuf {
        match cited.sealed {
            true => self.private.path(&sealed_name(&cited.digest)),
            false => self.open.path(&name(&cited.digest)),
        }
    }
}

fn check_size(bytes: &[u8]) -> Result<(), AuditError> {
    let (bytes, max) = (bytes.len() as u64, EVIDENCE_MAX_BYTES);
    if bytes > max { Err(AuditError::EvidenceTooLarge { bytes, max }) } else { Ok(()) }
}

fn keep(disk: &mut Disk, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
    disk.make_dir(&disk.path(STAGING))?;
    disk.create(name, bytes)?;
    disk.sync_created()
}

fn name(digest: &Digest) -> String {
    let hex = digest.hex();
    format!("{}/{hex}", hex.get(..2).unwrap_or_default())
}

fn sealed_name(digest: &Digest) -> String {
    format!("{SEALED_DIR}/{}", name(digest))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn evidence_is_kept_once_and_read_back_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = EvidenceStore::new(&dir.path().join("evidence"), &dir.path().join("private"));
        let cited = store.put("text/plain", b"abc").unwrap();
        assert_eq!(store.put("text/plain", b"abc").unwrap(), cited);
        assert_eq!(store.get(&cited).unwrap(), b"abc");
        let path = store.path(&cited);
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
    fn sealed_evidence_is_apart_under_a_digest_that_tells_nothing() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let mut store = EvidenceStore::new(&dir.path().join("log/evidence"), &dir.path().join("private"));
        let (one, other) = (store.seal("text/plain", b"Ada").unwrap(), store.seal("text/plain", b"Ada").unwrap());
        assert!(one.sealed && one.digest != other.digest && one.digest != Digest::of("Ada"));
        assert_eq!(store.get(&one).unwrap(), b"Ada");
        assert!(!dir.path().join("log").exists());
        let path = store.path(&one);
        assert!(path.starts_with(dir.path().join("private/evidence")));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (mode(&path), mode(path.parent().unwrap()), mode(&dir.path().join("private"))),
            (0o600, 0o700, 0o700)
        );
        let file = fs::read(&path).unwrap();
        assert_eq!(store.file(&one).unwrap(), file);
        assert_eq!((file.len(), file.iter().position(|octet| *octet == b'\n')), (95, Some(91)));
        fs::write(&path, [&file[..94], b"b"].concat()).unwrap();
        assert!(matches!(store.get(&one), Err(AuditError::AlteredEvidence { .. })));

        // A file that fits its digest and has no salt was not sealed by this program.
        let bare = EvidenceRef { bytes: 3, digest: Digest::of("Ada"), media: "text/plain".into(), sealed: true };
        let path = store.path(&bare);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, b"Ada").unwrap();
        assert!(matches!(store.get(&bare), Err(AuditError::NotSealed { .. })));
        assert!(store.erase(&bare).unwrap() && !path.exists());
    }

    #[test]
    fn evidence_that_is_too_large_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = EvidenceStore::new(dir.path(), &dir.path().join("private"));
        let large = vec![0; EVIDENCE_MAX_BYTES as usize + 1];
        assert!(matches!(store.put("image/png", &large), Err(AuditError::EvidenceTooLarge { .. })));
        assert!(store.put("image/png", &large[1..]).is_ok());
    }
}

//! Where a log lies, and where the copy of its last checkpoint is kept.
//!
//! A log that is replaced whole by an older backup of itself is sound in every file. Only somebody who remembers more can
//! tell: a copy of the last signed checkpoint on another disk or another machine's share. It is written after each commit and
//! before the entries are acknowledged or published, so the log can be ahead of it by the append that a crash interrupted,
//! and it is never ahead of the log: unless the log was rolled back. It may be ahead of what is published.

use std::path::{Path, PathBuf};

use crate::signed_note::VerifierKey;
use crate::tlog::{Checkpoint, TreeSize};

use super::disk::Disk;
use super::error::AuditError;
use super::store::read_checkpoint;

/// Where a log lies.
#[derive(Debug, Clone)]
pub struct Place {
    pub(super) dir: PathBuf,
    pub(super) copy: Option<CheckpointCopy>,
}

impl Place {
    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The same, with a copy of the last checkpoint elsewhere.
    #[must_use]
    pub fn with_copy(self, copy: CheckpointCopy) -> Self {
        Self { copy: Some(copy), ..self }
    }
}

impl From<&Path> for Place {
    fn from(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), copy: None }
    }
}

impl From<&PathBuf> for Place {
    fn from(dir: &PathBuf) -> Self {
        dir.as_path().into()
    }
}

/// A copy of the last signed checkpoint, kept away from the log.
#[derive(Debug, Clone)]
pub struct CheckpointCopy {
    path: PathBuf,
    anew: bool,
}

impl CheckpointCopy {
    /// The copy in this file. Where it is missing and the log has entries, the log is not opened: a lost copy is not
    /// quietly replaced, since it may have been the only thing that knew better.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), anew: false }
    }

    /// The same, but a copy that is missing is made. One that is there is compared all the same.
    pub fn anew(path: &Path) -> Self {
        Self { path: path.to_owned(), anew: true }
    }

    /// Before a log is made: this must not be the copy of one that has entries.
    pub(super) fn check_before_creation(&self, key: &VerifierKey) -> Result<(), AuditError> {
        let none = TreeSize(0);
        match self.read(key)?.filter(|copy| copy.size > none) {
            Some(Checkpoint { size, .. }) => {
                Err(AuditError::RolledBack { witness: self.path.clone(), size, present: none })
            }
            None => Ok(()),
        }
    }

    /// Where the copy lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the copy of a log that is of this size is to be brought up to date. What it says was compared with the log before.
    pub(super) fn is_behind(&self, key: &VerifierKey, present: TreeSize) -> Result<bool, AuditError> {
        match self.read(key)? {
            Some(copy) => Ok(copy.size < present),
            None if present == TreeSize(0) || self.anew => Ok(true),
            None => Err(AuditError::CopyMissing { copy: self.path.clone(), present }),
        }
    }

    /// Writes the copy, whole or not at all. Durable when it returns.
    pub(super) fn write(&self, disk: &mut Disk, signed: &[u8]) -> Result<(), AuditError> {
        disk.replace_elsewhere(&self.path, signed)
    }

    fn read(&self, key: &VerifierKey) -> Result<Option<Checkpoint>, AuditError> {
        match read_checkpoint(&self.path, key) {
            Ok((_, checkpoint)) => Ok(Some(checkpoint)),
            Err(AuditError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;

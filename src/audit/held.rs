//! A file that this process keeps open, and whether it is still the one that stands at its path.
//!
//! It stays open, so no file that comes in its place can have its number.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::error::AuditError;

/// A file that is open.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) file: File,
    path: PathBuf,
    /// Which file it is: the device, and its number there.
    identity: (u64, u64),
}

impl Held {
    /// A file that was opened at this path.
    pub(super) fn new(file: File, path: PathBuf) -> Result<Self, AuditError> {
        let metadata = file.metadata().map_err(|source| AuditError::read(&path, source))?;
        Ok(Self { file, path, identity: (metadata.dev(), metadata.ino()) })
    }

    /// Opens a file to read it.
    pub(super) fn open(path: PathBuf) -> Result<Self, AuditError> {
        let file = File::open(&path).map_err(|source| AuditError::read(&path, source))?;
        Self::new(file, path)
    }

    /// The path at which it was opened.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses when another file stands at the path.
    pub(super) fn check_in_place(&self) -> Result<(), AuditError> {
        let there = identity(&self.path).map_err(|source| AuditError::read(&self.path, source))?;
        if there == self.identity { Ok(()) } else { Err(AuditError::Overtaken { path: self.path.clone() }) }
    }

    /// Refuses when another file stands at the path, or this one holds anything but these octets.
    pub(super) fn check_holds(&self, bytes: &[u8]) -> Result<(), AuditError> {
        self.check_in_place()?;
        if self.read_at(0, bytes.len() + 1)? == bytes {
            Ok(())
        } else {
            Err(AuditError::Overtaken { path: self.path.clone() })
        }
    }

    /// So many octets from this place on, or as many as there are.
    pub(super) fn read_at(&self, at: u64, length: usize) -> Result<Vec<u8>, AuditError> {
        let mut bytes = vec![0; length];
        let read = read_at(&self.file, &mut bytes, at).map_err(|source| AuditError::read(&self.path, source))?;
        bytes.truncate(read);
        Ok(bytes)
    }
}

/// Which file stands at a path. It is asked for nothing else: once somebody has asked when a file was written to, Linux
/// notes the time of its next write in full, and the sync of that write may have to wait for the disk once more.
#[cfg(target_os = "linux")]
fn identity(path: &Path) -> io::Result<(u64, u64)> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, makedev, statx};
    let there = statx(CWD, path, AtFlags::empty(), StatxFlags::INO)?;
    Ok((makedev(there.stx_dev_major, there.stx_dev_minor), there.stx_ino))
}

#[cfg(not(target_os = "linux"))]
fn identity(path: &Path) -> io::Result<(u64, u64)> {
    std::fs::metadata(path).map(|there| (there.dev(), there.ino()))
}

/// Reads until the buffer is full or the file ends; how much was read.
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut read = 0;
    while let Some(rest) = buffer.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, at + read as u64) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

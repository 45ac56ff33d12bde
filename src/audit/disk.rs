//! Writes that are on the disk when they return. All durable writes of this module are here.
//!
//! A file is never written in place where a reader could see half of it: it is written under `staging`, synced, and renamed;
//! then its directory is synced, since a rename is durable only with the directory that shows it. A new directory is synced
//! into its parent. The journal alone is written in place: only the writer reads it, and it carries its own digest.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::AuditError;

/// A directory that is written durably.
#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
    staging: &'static str,
    /// Directories with renames that are not synced yet.
    unsynced: BTreeSet<PathBuf>,
    #[cfg(test)]
    pub(super) fault: fault::Fault,
}

impl Disk {
    /// `staging` is a directory under `root`, on the same file system, for files that are not finished.
    pub(super) fn new(root: &Path, staging: &'static str) -> Self {
        Self {
            root: root.to_owned(),
            staging,
            unsynced: BTreeSet::new(),
            #[cfg(test)]
            fault: fault::Fault::default(),
        }
    }

    /// The directory.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The whole path of a file.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// One change of the disk, with its name for the error.
    fn step(
        &mut self,
        action: &'static str,
        path: &Path,
        change: impl FnOnce() -> io::Result<()>,
    ) -> Result<(), AuditError> {
        #[cfg(test)]
        let change = self.fault.around(change);
        change().map_err(|source| AuditError::write(action, path, source))
    }

    /// Makes the root, with its parents.
    pub(super) fn make_root(&mut self) -> Result<(), AuditError> {
        let root = self.root.clone();
        self.make_dir(&root)
    }

    /// Makes a directory with its parents, each durable in its own parent.
    pub(super) fn make_dir(&mut self, dir: &Path) -> Result<(), AuditError> {
        if dir.is_dir() {
            return Ok(());
        }
        let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        self.make_dir(parent)?;
        self.step("make the directory", dir, || match fs::create_dir(dir) {
            Err(source) if source.kind() == io::ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
            result => result,
        })?;
        self.sync_dir(parent)
    }

    fn sync_dir(&mut self, dir: &Path) -> Result<(), AuditError> {
        self.step("sync the directory", dir, || File::open(dir)?.sync_all())
    }

    /// Syncs the directories of what was created since the last call.
    pub(super) fn sync_created(&mut self) -> Result<(), AuditError> {
        for dir in std::mem::take(&mut self.unsynced) {
            self.sync_dir(&dir)?;
        }
        Ok(())
    }

    /// Overwrites a file in place and syncs its data.
    pub(super) fn overwrite(&mut self, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
        let path = self.path(name);
        self.write_synced(&path, bytes)
    }

    fn write_synced(&mut self, path: &Path, bytes: &[u8]) -> Result<(), AuditError> {
        // Two writes, so that a test can stop between them and leave half a file.
        let (first, second) = bytes.split_at(bytes.len() / 2);
        let mut open = None;
        self.step("write", path, || {
            let mut file = File::create(path)?;
            file.write_all(first)?;
            open = Some(file);
            Ok(())
        })?;
        let Some(mut file) = open else { return Ok(()) };
        self.step("write", path, || file.write_all(second))?;
        // The length is metadata that fdatasync writes too, since the data cannot be read without it.
        self.step("sync", path, || file.sync_data())
    }

    /// Replaces a file, whole or not at all. Durable when it returns.
    pub(super) fn replace(&mut self, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
        let path = self.path(name);
        self.rename_into(&path, bytes)?;
        self.sync_created()
    }

    /// Creates a file that is never changed. The same bytes again are welcome, other bytes are an error that names the file.
    /// Durable after [`Disk::sync_created`].
    pub(super) fn create(&mut self, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(there) if there == bytes => self.adopt(&path),
            Ok(_) => Err(AuditError::AlteredFile { path }),
            Err(source) if source.kind() == io::ErrorKind::NotFound => self.rename_into(&path, bytes),
            Err(source) => Err(AuditError::read(&path, source)),
        }
    }

    /// Makes durable what an interrupted run has left: it may be in memory only.
    fn adopt(&mut self, path: &Path) -> Result<(), AuditError> {
        self.step("sync", path, || File::open(path)?.sync_all())?;
        self.unsynced.extend(path.parent().map(Path::to_owned));
        Ok(())
    }

    fn rename_into(&mut self, path: &Path, bytes: &[u8]) -> Result<(), AuditError> {
        /// Tells apart what this process stages at one time.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let staging = self.path(self.staging);
        let staged = staging.join(format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        if let Some(dir) = path.parent() {
            self.make_dir(dir)?;
            self.unsynced.insert(dir.to_owned());
        }
        self.write_synced(&staged, bytes)?;
        self.step("rename into place", path, || fs::rename(&staged, path))
    }

    /// Empties a file. Not synced: an emptied journal only spares the next opening some work.
    pub(super) fn empty(&mut self, name: &str) -> Result<(), AuditError> {
        let path = self.path(name);
        self.step("empty", &path, || File::create(&path).map(drop))
    }

    /// Removes a directory and what is in it, if it is there. Not synced: what comes back does no harm.
    pub(super) fn remove_dir(&mut self, name: &str) -> Result<(), AuditError> {
        let path = self.path(name);
        self.step("remove", &path, || match fs::remove_dir_all(&path) {
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        })
    }
}

/// Reads a file of at most `max` bytes; a larger one is an error that says how large it is.
pub(super) fn read(path: &Path, max: u64) -> Result<Vec<u8>, AuditError> {
    use io::Read;
    let file = File::open(path).map_err(|source| AuditError::read(path, source))?;
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes).map_err(|source| AuditError::read(path, source))?;
    if bytes.len() as u64 > max {
        let found = fs::metadata(path).map_or(max + 1, |metadata| metadata.len());
        return Err(AuditError::Length { path: path.to_owned(), expected: max, found });
    }
    Ok(bytes)
}

/// Faults for tests: the disk fails at one step, before the change or after it.
#[cfg(test)]
pub(super) mod fault {
    use std::io;

    /// When and how to fail.
    #[derive(Debug, Clone, Copy, Default)]
    pub(in super::super) struct Fault {
        /// How many steps were begun.
        pub(in super::super) steps: usize,
        /// The step that fails, and whether its change is made all the same.
        pub(in super::super) at: Option<(usize, Persisted)>,
        /// What the system says.
        pub(in super::super) kind: Option<io::ErrorKind>,
    }

    /// Whether a change that was reported as failed was made.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in super::super) enum Persisted {
        Yes,
        No,
    }

    impl Fault {
        pub(super) fn around<F: FnOnce() -> io::Result<()>>(
            &mut self,
            change: F,
        ) -> impl FnOnce() -> io::Result<()> + use<F> {
            let fails = self.at.filter(|(step, _)| *step == self.steps).map(|(_, persisted)| persisted);
            let kind = self.kind.unwrap_or(io::ErrorKind::Other);
            self.steps += 1;
            move || match fails {
                None => change(),
                Some(Persisted::No) => Err(kind.into()),
                Some(Persisted::Yes) => change().and(Err(kind.into())),
            }
        }
    }
}

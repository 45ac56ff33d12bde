//! Writes that are on the disk when they return. All durable writes of this module are here.
//!
//! A file is never written in place where a reader could see half of it: it is written under `staging`, synced, and renamed;
//! then its directory is synced, since a rename is durable only with the directory that shows it. A new directory is synced
//! into its parent. Two exceptions: the journal is written in place, since its records carry their own
//! digests; and what the journal can give again ([`Disk::lay`]) is renamed before it is synced.
//!
//! A write that the system reported as done may fail on its way to the disk. The first sync of that file after it is told so,
//! but the system may forget it once nobody has the file open. So what is renamed before it is synced stays open until then.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::error::AuditError;
use crate::whole_file::Readers;

/// How many files are synced at a time: the system writes those that wait together in one go.
const SYNC_THREADS_MAX: usize = 16;

/// How many files are kept open until they are synced; one more, and all are synced. A process may often have 1024 open.
const HELD_MAX: usize = 128;

/// A directory that is written durably.
#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
    staging: &'static str,
    readers: Readers,
    /// Files that are not synced yet, those that this process wrote still open; and directories with names that are not.
    pub(super) unsynced: BTreeMap<PathBuf, Option<File>>,
    #[cfg(test)]
    pub(super) fault: fault::Fault,
    /// What the journal held when it was synced last.
    #[cfg(test)]
    pub(super) synced: std::sync::Arc<Mutex<Option<Vec<u8>>>>,
}

impl Disk {
    /// `staging` is a directory under `root`, on the same file system, for files that are not finished.
    pub(super) fn new(root: &Path, staging: &'static str) -> Self {
        Self::read_by(root, staging, Readers::Everyone)
    }

    /// The same for what nobody but its owner may look into: directories of mode 0700, files of mode 0600.
    pub(super) fn private(root: &Path, staging: &'static str) -> Self {
        Self::read_by(root, staging, Readers::Owner)
    }

    fn read_by(root: &Path, staging: &'static str, readers: Readers) -> Self {
        Self {
            root: root.to_owned(),
            staging,
            readers,
            unsynced: BTreeMap::new(),
            #[cfg(test)]
            fault: fault::Fault::default(),
            #[cfg(test)]
            synced: std::sync::Arc::default(),
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
        // Even where it is there: it may be of a process that was killed before it synced it into its parent.
        self.note_unsynced(parent_of(&root));
        self.make_dir(&root)
    }

    /// Makes a directory with its parents. Durable after [`Disk::sync_created`].
    pub(super) fn make_dir(&mut self, dir: &Path) -> Result<(), AuditError> {
        if dir.is_dir() {
            return Ok(());
        }
        let parent = parent_of(dir);
        self.make_dir(parent)?;
        self.note_unsynced(parent);
        let mode = if self.readers == Readers::Owner { 0o700 } else { 0o777 };
        self.step("make the directory", dir, || match DirBuilder::new().mode(mode).create(dir) {
            Err(source) if source.kind() == io::ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
            result => result,
        })
    }

    /// Syncs what was written and is not synced yet: files, and the directories that show them. All at once, since a disk
    /// takes hardly longer for many that wait together than for one.
    pub(super) fn sync_created(&mut self) -> Result<(), AuditError> {
        self.sync_unsynced()?;
        // Only now: what failed to sync stays unsynced.
        self.unsynced.clear();
        Ok(())
    }

    fn sync_unsynced(&mut self) -> Result<(), AuditError> {
        let mut syncs = Vec::new();
        for (path, held) in &self.unsynced {
            let sync = move || match held {
                Some(file) => file.sync_all(),
                None => File::open(path)?.sync_all(),
            };
            #[cfg(test)]
            let sync = self.fault.around(sync);
            syncs.push((path, sync));
        }
        let helpers = syncs.len().saturating_sub(1).min(SYNC_THREADS_MAX);
        let queue = Mutex::new(syncs.into_iter());
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || {
            while let Some((path, sync)) = next() {
                sync().map_err(|source| AuditError::write("sync", path, source))?;
            }
            Ok(())
        };
        thread::scope(|scope| {
            // A thread that cannot be had is done without.
            let helpers: Vec<_> =
                (0..helpers).map_while(|_| thread::Builder::new().spawn_scoped(scope, work).ok()).collect();
            let own = work();
            // What one that panicked was syncing is not known to be synced.
            let panicked = |_| Err(AuditError::write("sync", &self.root, io::Error::other("a thread panicked")));
            helpers.into_iter().map(|helper| helper.join().unwrap_or_else(panicked)).fold(own, Result::and)
        })
    }

    /// Leaves what is below `dir` out of the next sync, because it is about to be removed.
    pub(super) fn forget_below(&mut self, dir: &str) {
        let dir = self.path(dir);
        self.unsynced.retain(|path, _| !path.starts_with(&dir));
    }

    /// What is at this path is not synced yet, nor is its name.
    fn note_unsynced(&mut self, path: &Path) {
        self.unsynced.entry(path.to_owned()).or_default();
    }

    /// A file was made: its name is durable after [`Disk::sync_created`].
    pub(super) fn note_created(&mut self, name: &str) {
        let path = self.path(name);
        self.note_unsynced(parent_of(&path));
    }

    /// Writes into a file that is open, at this place.
    pub(super) fn write_at(&mut self, path: &Path, file: &File, bytes: &[u8], at: u64) -> Result<(), AuditError> {
        let (first, second) = steps_of(bytes);
        if !first.is_empty() {
            self.step("write", path, || file.write_all_at(first, at))?;
        }
        self.step("write", path, || file.write_all_at(second, at + first.len() as u64))
    }

    /// Syncs the data of a file that is open. Its length is synced too if it grew, since the data cannot be read without it.
    pub(super) fn sync_data(&mut self, name: &str, file: &File) -> Result<(), AuditError> {
        let path = self.path(name);
        #[cfg(test)]
        let synced = std::sync::Arc::clone(&self.synced);
        self.step("sync", &path, || {
            file.sync_data()?;
            #[cfg(test)]
            synced.lock().unwrap_or_else(PoisonError::into_inner).replace(fs::read(&path)?);
            Ok(())
        })
    }

    /// Cuts a file that is open. Not synced: whoever reads what comes back must know it for old.
    pub(super) fn cut(&mut self, name: &str, file: &File, length: u64) -> Result<(), AuditError> {
        let path = self.path(name);
        self.step("cut", &path, || file.set_len(length))
    }

    /// Replaces a file, whole or not at all. Durable when it returns, and so is all that was written before.
    pub(super) fn replace(&mut self, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
        let path = self.path(name);
        self.stage(&path, bytes, true)?;
        self.sync_created()
    }

    /// The same for a file that is not in this directory; it is staged beside itself. Only this file is made durable.
    pub(super) fn replace_elsewhere(&mut self, path: &Path, bytes: &[u8]) -> Result<(), AuditError> {
        let mut staged = path.as_os_str().to_owned();
        staged.push(".new");
        let staged = PathBuf::from(staged);
        let file = self.write(&staged, bytes)?;
        self.step("sync", &staged, || file.sync_data())?;
        self.step("rename into place", path, || fs::rename(&staged, path))?;
        let dir = parent_of(path);
        self.step("sync the directory", dir, || File::open(dir)?.sync_all())
    }

    /// Creates a file that is never changed and is not seen before it is synced. The same bytes again are welcome, other
    /// bytes are an error that names the file. Its name is durable after [`Disk::sync_created`].
    pub(super) fn create(&mut self, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
        let path = self.path(name);
        if self.is_new(&path, bytes)? { self.stage(&path, bytes, true).map(drop) } else { Ok(()) }
    }

    /// Creates a file that is never changed, and may be seen before it is synced: after a power cut anything may be in it, so
    /// it must be possible to write it again. Otherwise as [`Disk::create`].
    pub(super) fn lay(&mut self, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
        let path = self.path(name);
        if self.is_new(&path, bytes)? { self.lay_over(name, bytes) } else { Ok(()) }
    }

    /// The same, over whatever is there. Readers see the old file or the new one.
    pub(super) fn lay_over(&mut self, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
        let path = self.path(name);
        let file = self.stage(&path, bytes, false)?;
        self.unsynced.insert(path, Some(file));
        let held = self.unsynced.values().flatten().count();
        if held > HELD_MAX { self.sync_created() } else { Ok(()) }
    }

    /// Whether something is there.
    pub(super) fn is_there(&self, name: &str) -> Result<bool, AuditError> {
        let path = self.path(name);
        path.try_exists().map_err(|source| AuditError::read(&path, source))
    }

    /// Whether a file is yet to be written. One that is there with these bytes may be in memory only, and is synced next.
    fn is_new(&mut self, path: &Path, bytes: &[u8]) -> Result<bool, AuditError> {
        let there = has(path, bytes)?;
        if there {
            self.note_unsynced(path);
            self.note_unsynced(parent_of(path));
        }
        Ok(!there)
    }

    /// Writes a file under staging, and renames it into place; what fails leaves nothing there.
    fn stage(&mut self, path: &Path, bytes: &[u8], synced: bool) -> Result<File, AuditError> {
        let staged = self.staged(path)?;
        let placed = self.write(&staged, bytes).and_then(|file| {
            if synced {
                self.step("sync", path, || file.sync_data())?;
            }
            self.step("rename into place", path, || fs::rename(&staged, path))?;
            Ok(file)
        });
        if placed.is_err() {
            // What cannot be removed now either, `clear_staging` removes.
            let _ = fs::remove_file(&staged);
        }
        placed
    }

    /// Removes what writers that were killed left under staging, durably. What another writer is at is locked, and stays.
    pub(super) fn clear_staging(&mut self) -> Result<(), AuditError> {
        let staging = self.path(self.staging);
        let listed = match fs::read_dir(&staging) {
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(()),
            listed => listed.map_err(|source| AuditError::read(&staging, source))?,
        };
        for child in listed {
            let path = child.map_err(|source| AuditError::read(&staging, source))?.path();
            let left = File::open(&path).is_ok_and(|file| path.is_file() && file.try_lock().is_ok());
            if left {
                self.step("remove", &path, || fs::remove_file(&path))?;
                self.note_unsynced(&staging);
            }
        }
        self.sync_created()
    }

    /// A new name under staging for what will stand at `path`, in a directory that will be synced.
    fn staged(&mut self, path: &Path) -> Result<PathBuf, AuditError> {
        /// Tells apart what this process stages at one time.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        if let Some(dir) = path.parent() {
            self.make_dir(dir)?;
            // All of them: one that is there may be of a process that was killed before it synced it into its parent.
            let root = self.root.clone();
            dir.ancestors().take_while(|dir| dir.starts_with(&root)).for_each(|dir| self.note_unsynced(dir));
        }
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Ok(self.path(self.staging).join(name))
    }

    fn write(&mut self, path: &Path, bytes: &[u8]) -> Result<File, AuditError> {
        let mode = if self.readers == Readers::Owner { 0o600 } else { 0o666 };
        let mut made = None;
        self.step("make", path, || {
            made = Some(File::options().write(true).create(true).truncate(true).mode(mode).open(path)?);
            Ok(())
        })?;
        let file = made.ok_or_else(|| AuditError::Missing { path: path.to_owned() })?;
        // For `clear_staging` of another process. Where nothing can be locked, nothing is cleared.
        let _ = file.try_lock();
        self.write_at(path, &file, bytes, 0)?;
        Ok(file)
    }

    /// Removes a file, if it is there; whether it was. Durable after [`Disk::sync_created`].
    pub(super) fn remove(&mut self, name: &str) -> Result<bool, AuditError> {
        let path = self.path(name);
        let mut was_there = true;
        self.step("remove", &path, || match fs::remove_file(&path) {
            Err(source) if source.kind() == io::ErrorKind::NotFound => {
                was_there = false;
                Ok(())
            }
            result => result,
        })?;
        // It is to be gone after a power cut too, also where whoever removed it was stopped before that was so.
        if parent_of(&path).is_dir() {
            self.note_unsynced(parent_of(&path));
        }
        self.unsynced.remove(&path);
        Ok(was_there)
    }

    /// Removes a directory and what is in it, if it is there. Durable after [`Disk::sync_created`].
    pub(super) fn remove_dir(&mut self, name: &str) -> Result<(), AuditError> {
        let path = self.path(name);
        if parent_of(&path).is_dir() {
            self.note_unsynced(parent_of(&path));
        }
        self.step("remove", &path, || match fs::remove_dir_all(&path) {
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        })
    }
}

/// One write. In tests there are two, so that one can stop between them and leave half of it.
fn steps_of(bytes: &[u8]) -> (&[u8], &[u8]) {
    bytes.split_at(if cfg!(test) { bytes.len() / 2 } else { 0 })
}

fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a file is there with exactly these bytes. Other bytes are an error that names it.
fn has(path: &Path, bytes: &[u8]) -> Result<bool, AuditError> {
    match read(path, bytes.len() as u64) {
        Ok(there) if there == bytes => Ok(true),
        Err(AuditError::Missing { .. }) => Ok(false),
        Ok(_) | Err(AuditError::Length { .. }) => Err(AuditError::AlteredFile { path: path.to_owned() }),
        Err(error) => Err(error),
    }
}

/// Reads a file of at most `max` bytes; a larger one is an error that says how large it is. What is no file is no part of a
/// log: a pipe, which would be waited for without end, is not opened.
pub(super) fn read(path: &Path, max: u64) -> Result<Vec<u8>, AuditError> {
    use io::Read;
    let there = fs::metadata(path).map_err(|source| AuditError::read(path, source))?;
    if !there.is_file() {
        return Err(AuditError::Stray { path: path.to_owned() });
    }
    let file = File::open(path).map_err(|source| AuditError::read(path, source))?;
    let mut bytes = Vec::with_capacity(usize::try_from(there.len().min(max) + 1).unwrap_or_default());
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
        /// Nobody knows: the thread panics.
        Panic,
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
                Some(Persisted::Panic) => panic!("a fault"),
                Some(Persisted::Yes) => change().and(Err(kind.into())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::fault::Persisted;
    use super::*;

    #[test]
    fn what_a_writer_left_unfinished_is_cleared_and_what_one_is_at_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let mut disk = Disk::private(dir.path(), "staging");
        disk.clear_staging().unwrap();
        let staging = dir.path().join("staging");
        disk.make_dir(&staging).unwrap();
        fs::write(staging.join("1-0"), "half").unwrap();
        let _writing = disk.write(&staging.join("2-0"), b"half").unwrap();
        Disk::private(dir.path(), "staging").clear_staging().unwrap();
        assert!(!staging.join("1-0").exists() && staging.join("2-0").exists());
    }

    #[test]
    fn a_write_that_fails_leaves_nothing_of_it_under_staging() {
        for synced in [true, false] {
            for at in 0.. {
                let dir = tempfile::tempdir().unwrap();
                let mut disk = Disk::private(dir.path(), "staging");
                let staging = dir.path().join("staging");
                disk.make_dir(&staging).unwrap();
                disk.fault.at = Some((disk.fault.steps + at, Persisted::No));
                let written = if synced { disk.create("name", b"Ada") } else { disk.lay("name", b"Ada") };
                assert_eq!(fs::read_dir(&staging).unwrap().count(), 0, "{at}");
                if written.is_ok() {
                    assert!(at >= 4 - usize::from(!synced), "{at}");
                    break;
                }
            }
        }
    }

    #[test]
    fn what_a_thread_that_panics_was_to_sync_stays_unsynced() {
        for one in 0..20 {
            let dir = tempfile::tempdir().unwrap();
            let mut disk = Disk::new(dir.path(), "staging");
            disk.make_dir(&dir.path().join("staging")).unwrap();
            (0..20).for_each(|nth| disk.lay(&nth.to_string(), b"x").unwrap());
            disk.fault.at = Some((disk.fault.steps + one, Persisted::Panic));
            // It may be this thread that panics.
            let synced = catch_unwind(AssertUnwindSafe(|| disk.sync_created()));
            assert!(!matches!(synced, Ok(Ok(()))) && disk.unsynced.len() > 20, "{one}");
            disk.sync_created().unwrap();
            assert!(disk.unsynced.is_empty());
        }
    }
}

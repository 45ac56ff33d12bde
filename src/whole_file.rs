//! Files that are read whole, within a bound, and written whole or not at all.

use std::fs::{self, File, Permissions, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

/// How the names of unfinished files begin. One that is left behind was being written when the machine stopped.
pub const UNFINISHED: &str = ".impound-";

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such file.
    #[error("{} does not exist", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// It is there and cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A directory, a pipe, a socket or a device.
    #[error("{} is not a regular file", path.display())]
    NotAFile {
        /// What it is.
        path: PathBuf,
    },
    /// Larger than a file of its kind can be.
    #[error("{} has more than {max_bytes} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound.
        max_bytes: usize,
    },
}

impl ReadError {
    /// What the system said about opening, measuring or reading `path`.
    pub fn of(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { path: path.to_owned() },
            _ => Self::Unreadable { path: path.to_owned(), source },
        }
    }
}

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Something of that name is there already, and was to be kept.
    #[error("{} exists already and is not overwritten", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A directory, a pipe or a device, which no file takes the place of.
    #[error("{} is not a regular file, and is not replaced by one", path.display())]
    NotAFile {
        /// What it is.
        path: PathBuf,
    },
    /// The directory in which it was to stand is not there.
    #[error("{} cannot be written: there is no directory {}", path.display(), dir.display())]
    NoDirectory {
        /// The file.
        path: PathBuf,
        /// The directory.
        dir: PathBuf,
    },
    /// It could not be written and made durable.
    #[error("{} cannot be written", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Its owner (mode 0600).
    Owner,
    /// Everyone (mode 0644).
    Everyone,
}

impl Readers {
    fn permissions(self) -> Permissions {
        Permissions::from_mode(match self {
            Self::Owner => 0o600,
            Self::Everyone => 0o644,
        })
    }
}

/// The whole of a regular file of at most `max_bytes`.
pub fn read(path: &Path, max_bytes: usize) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    fill(&mut bytes, open(path)?, path, max_bytes)?;
    Ok(bytes)
}

/// Opens a regular file. Opening a pipe would wait for a writer, so the kind is looked at first.
pub fn open(path: &Path) -> Result<File, ReadError> {
    let failed = |source| ReadError::of(path, source);
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(ReadError::NotAFile { path: path.to_owned() });
    }
    File::open(path).map_err(failed)
}

/// The rest of an open file, or of a pipe, that holds a secret; `path` is for the error. Wiped from memory when dropped.
pub fn read_secret(file: File, path: &Path, max_bytes: usize) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    // Room for everything from the start: a vector that grows leaves copies of the secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(max_bytes.saturating_add(1)));
    fill(&mut bytes, file, path, max_bytes)?;
    Ok(bytes)
}

fn fill(bytes: &mut Vec<u8>, file: File, path: &Path, max_bytes: usize) -> Result<(), ReadError> {
    // One byte more than is allowed shows that there is more.
    let bound = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
    file.take(bound).read_to_end(bytes).map_err(|source| ReadError::of(path, source))?;
    if bytes.len() > max_bytes { Err(ReadError::TooLarge { path: path.to_owned(), max_bytes }) } else { Ok(()) }
}

/// Writes a file in the place of whatever has its name: a reader sees the former file or the new one, also after a power loss.
pub fn replace(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), WriteError> {
    let path = &place(path)?;
    let failed = |source| WriteError::Unwritable { path: path.to_owned(), source };
    let file = unfinished(path, bytes, readers).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    sync_parent(path).map_err(failed)
}

/// Writes a file that was not there.
pub fn create(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), WriteError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => WriteError::Exists { path: path.to_owned() },
        _ => WriteError::Unwritable { path: path.to_owned(), source },
    };
    in_a_directory(path)?;
    let file = unfinished(path, bytes, readers).map_err(failed)?;
    file.persist_noclobber(path).map_err(|error| failed(error.error))?;
    sync_parent(path).map_err(|error| {
        // Whether the name survives a power loss is not known, so it is taken back; the error is told either way.
        let _ = fs::remove_file(path);
        failed(error)
    })
}

/// Makes a directory with those above it. Durable when this returns, also where it was there already: whoever made it may have
/// been stopped before that.
pub fn make_dir(dir: &Path) -> io::Result<()> {
    make_dir_and_sync(dir, &mut |above| File::open(above)?.sync_all())
}

fn make_dir_and_sync(dir: &Path, sync: &mut dyn FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    let above = parent(dir);
    if !dir.is_dir() {
        if !above.is_dir() {
            make_dir_and_sync(above, sync)?;
        }
        match fs::create_dir(dir) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && dir.is_dir() => {}
            made => made?,
        }
    }
    // A new name is durable only with the directory that shows it.
    sync(above)
}

/// Holds a file for whoever changes what stands there or what it stands for, until the value is dropped. Waits some seconds
/// for others who hold it; `None` where that was not enough.
pub fn hold(path: &Path) -> io::Result<Option<File>> {
    const PATIENCE: Duration = Duration::from_secs(5);
    const PAUSE: Duration = Duration::from_millis(20);
    let begun = Instant::now();
    loop {
        // On a network a file is locked by those who may write it; elsewhere who may read it can lock it too.
        let file = File::options().write(true).open(path).or_else(|_| File::open(path))?;
        match file.try_lock() {
            // Whoever held it may have replaced it.
            Ok(()) if is_at(&file, path)? => return Ok(Some(file)),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Whether this is the file that stands at `path`.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let (held, there) = (file.metadata()?, fs::metadata(path)?);
    Ok((held.dev(), held.ino()) == (there.dev(), there.ino()))
}

/// A file that is written piece by piece, and takes its place when it is whole. Dropped before that, it leaves nothing.
pub struct Growing {
    file: BufWriter<tempfile::NamedTempFile>,
    path: PathBuf,
    readers: Readers,
}

impl Growing {
    /// Begins a file that will stand at `path`, in the place of whatever has that name.
    pub fn begin(path: &Path, readers: Readers) -> Result<Self, WriteError> {
        let path = &place(path)?;
        let made = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(parent(path));
        let file = made.map_err(|source| WriteError::Unwritable { path: path.to_owned(), source })?;
        Ok(Self { file: BufWriter::new(file), path: path.to_owned(), readers })
    }

    /// Puts the file in its place, durably.
    pub fn finish(self) -> Result<(), WriteError> {
        let Self { file, path, readers } = self;
        let failed = |source| WriteError::Unwritable { path: path.clone(), source };
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        let whole = || {
            file.as_file().set_permissions(readers.permissions())?;
            file.as_file().sync_all()
        };
        whole().map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        sync_parent(&path).map_err(failed)
    }
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Where a file that is to be replaced stands: behind a symbolic link, what the link names. What is there and is no file stays.
fn place(path: &Path) -> Result<PathBuf, WriteError> {
    let failed = |source| WriteError::Unwritable { path: path.to_owned(), source };
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(path.to_owned()),
        Ok(found) if found.is_symlink() => {
            let real = path.canonicalize().map_err(failed)?;
            if real.is_file() { Ok(real) } else { Err(WriteError::NotAFile { path: path.to_owned() }) }
        }
        Ok(_) => Err(WriteError::NotAFile { path: path.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            in_a_directory(path)?;
            Ok(path.to_owned())
        }
        Err(error) => Err(failed(error)),
    }
}

/// The error for a file whose directory is not there: the system would name the unfinished file.
fn in_a_directory(path: &Path) -> Result<(), WriteError> {
    let dir = parent(path);
    match dir.is_dir() {
        true => Ok(()),
        false => Err(WriteError::NoDirectory { path: path.to_owned(), dir: dir.to_owned() }),
    }
}

/// A file with all its bytes on the disk, beside the place that it will take.
fn unfinished(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<tempfile::NamedTempFile> {
    // Made with mode 0600, so that no byte of a secret ever stands in a file that others can open.
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(parent(path))?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(readers.permissions())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A rename is durable only with the directory that shows it.
fn sync_parent(path: &Path) -> io::Result<()> {
    File::open(parent(path))?.sync_all()
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn a_file_is_created_once_and_replaced_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        create(&path, b"one", Readers::Owner).unwrap();
        assert_eq!((fs::read(&path).unwrap(), mode(&path)), (b"one".to_vec(), 0o600));
        assert!(
            matches!(create(&path, b"two", Readers::Owner), Err(WriteError::Exists { path: named }) if named == path)
        );
        assert_eq!(fs::read(&path).unwrap(), b"one");
        replace(&path, b"two", Readers::Everyone).unwrap();
        assert_eq!((fs::read(&path).unwrap(), mode(&path)), (b"two".to_vec(), 0o644));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing unfinished is left behind");
    }

    #[test]
    fn every_directory_that_is_made_is_synced_into_the_one_above_it() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let mut synced = Vec::new();
        let mut make = |path: &Path| {
            synced.clear();
            make_dir_and_sync(path, &mut |above| {
                synced.push(above.to_owned());
                Ok(())
            })
            .unwrap();
            assert!(path.is_dir());
            synced.clone()
        };
        assert_eq!(make(&root.join("a/b/c")), [root.to_owned(), root.join("a"), root.join("a/b")]);
        assert_eq!(make(&root.join("a/b/c")), [root.join("a/b")], "it may have been made by one who was stopped");
        make_dir(&root.join("d/e")).unwrap();
        assert!(root.join("d/e").is_dir());
    }

    #[test]
    fn a_directory_that_cannot_be_made_or_synced_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        create(&file, b"", Readers::Owner).unwrap();
        assert!(make_dir(&file).is_err());
        assert!(make_dir(&file.join("below")).is_err());
        let broken = make_dir_and_sync(&dir.path().join("new"), &mut |_| Err(io::Error::other("the disk is gone")));
        assert_eq!(broken.unwrap_err().to_string(), "the disk is gone");
    }

    #[test]
    fn a_file_that_grows_is_not_there_before_it_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let mut growing = Growing::begin(&path, Readers::Owner).unwrap();
        growing.write_all(b"one").unwrap();
        assert!(!path.exists());
        drop(growing);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing unfinished is left behind");
        let mut growing = Growing::begin(&path, Readers::Owner).unwrap();
        growing.write_all(&vec![b'x'; 100_000]).unwrap();
        growing.finish().unwrap();
        assert_eq!((fs::read(&path).unwrap().len(), mode(&path)), (100_000, 0o600));
        assert!(Growing::begin(&dir.path().join("none/a"), Readers::Owner).is_err());
    }

    #[test]
    fn what_cannot_be_written_is_told_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let below_nothing = dir.path().join("none/a");
        for written in [create(&below_nothing, b"", Readers::Owner), replace(&below_nothing, b"", Readers::Owner)] {
            assert!(
                matches!(written, Err(WriteError::NoDirectory { dir: named, .. }) if named == dir.path().join("none"))
            );
        }
        fs::create_dir(dir.path().join("dir")).unwrap();
        std::os::unix::fs::symlink(dir.path().join("dir"), dir.path().join("link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
        for name in ["dir", "link", "socket"] {
            let over = replace(&dir.path().join(name), b"", Readers::Owner);
            assert!(matches!(over, Err(WriteError::NotAFile { .. })), "{name}: {over:?}");
            assert!(matches!(Growing::begin(&dir.path().join(name), Readers::Owner), Err(WriteError::NotAFile { .. })));
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_file_is_held_by_one_at_a_time_and_also_when_another_has_replaced_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("count");
        create(&path, b"", Readers::Owner).unwrap();
        let add = || {
            let _held = hold(&path).unwrap().unwrap();
            let longer = [fs::read(&path).unwrap(), b"x".to_vec()].concat();
            replace(&path, &longer, Readers::Owner).unwrap();
        };
        std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(|| (0..5).for_each(|_| add())))));
        assert_eq!(fs::read(&path).unwrap().len(), 20);
        assert!(hold(&dir.path().join("none")).is_err());
    }

    #[test]
    fn a_link_stays_one_and_what_it_names_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        fs::write(&real, "one").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        replace(&link, b"two", Readers::Owner).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"two");
        fs::remove_file(&real).unwrap();
        assert!(replace(&link, b"three", Readers::Owner).is_err(), "it leads nowhere");
    }

    #[test]
    fn what_cannot_be_read_is_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        assert!(matches!(read(&path, 3), Err(ReadError::Missing { .. })));
        fs::write(&path, "abc").unwrap();
        assert_eq!(read(&path, 3).unwrap(), b"abc");
        assert_eq!(*read_secret(open(&path).unwrap(), &path, 3).unwrap(), b"abc");
        assert!(matches!(read(&path, 2), Err(ReadError::TooLarge { max_bytes: 2, .. })));
        assert!(matches!(read(dir.path(), 3), Err(ReadError::NotAFile { .. })));
        // A file is no directory (ENOTDIR), whoever asks.
        assert!(matches!(read(&path.join("b"), 3), Err(ReadError::Unreadable { .. })));
    }
}

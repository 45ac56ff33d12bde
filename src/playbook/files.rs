//! Files that a playbook names: found below its directory, bounded, and compared with their digests.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::domain::excerpt;

use super::problem::{Code, Problems};
use super::source::Place;
use super::spec::{FileSpec, Placed};

/// A text file holds a few paragraphs; 256 KiB is a hundred times more.
pub const TEXTS_MAX_BYTES: u64 = 256 << 10;

/// Ten million names of fifty characters, the most that a list may hold.
pub const LIST_MAX_BYTES: u64 = 512 << 20;

/// A scanned order of a thousand pages, or a decryptor with its libraries.
pub const DOCUMENT_MAX_BYTES: u64 = 256 << 20;

/// A file whose exact bytes are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    /// Path as the playbook writes it.
    pub path: PathBuf,
    /// Its digest; compared when the playbook is loaded.
    pub digest: Digest,
    /// Its size.
    pub bytes: u64,
}

/// The directory of an operation, below which all its files stand.
#[derive(Debug)]
pub(super) struct Folder {
    pub root: PathBuf,
}

impl Folder {
    /// Opens a file of at most `max` bytes; what prevents it is noted at `place`.
    pub fn open(&self, problems: &mut Problems, path: &str, place: &Place, max: u64) -> Option<File> {
        match self.try_open(path, max) {
            Ok(file) => Some(file),
            Err((code, message, help)) => {
                problems.add(code, place.clone(), message, help);
                None
            }
        }
    }

    fn try_open(&self, path: &str, max: u64) -> Result<File, (Code, String, String)> {
        let shown = excerpt(path);
        let inside = |plain: bool| {
            let help = "write a relative path below the directory of the playbook, without `..`".to_owned();
            plain.then_some(()).ok_or((Code::Path, format!("`{shown}` leads out of the operation's directory"), help))
        };
        let unreadable = |error: io::Error| {
            let help = "let this program read the file".to_owned();
            (Code::FileUnreadable, format!("`{shown}` cannot be read: {error}"), help)
        };
        inside(Path::new(path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)))?;
        let whole = match self.root.join(path).canonicalize() {
            Ok(whole) => whole,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let help = format!("put the file at {}, or correct the path", self.root.join(path).display());
                return Err((Code::FileMissing, format!("`{shown}` does not exist"), help));
            }
            Err(error) => return Err(unreadable(error)),
        };
        inside(whole.starts_with(self.root.canonicalize().map_err(unreadable)?))?;
        // Before opening: a named pipe would be waited for without end.
        let facts = whole.metadata().map_err(unreadable)?;
        if !facts.is_file() {
            return Err((Code::FileUnreadable, format!("`{shown}` is not a file"), "name a file".into()));
        }
        if facts.len() > max {
            let message = format!("`{shown}` has {} bytes; such a file may have {max}", facts.len());
            return Err((Code::FileTooLarge, message, "name a smaller file".into()));
        }
        File::open(&whole).map_err(unreadable)
    }

    /// The whole file, at most `max` bytes.
    pub fn read(&self, problems: &mut Problems, path: &str, place: &Place, max: u64) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        // Read with a bound again: the file may have grown since it was measured.
        let read = self.open(problems, path, place, max)?.take(max).read_to_end(&mut bytes);
        self.noted(problems, path, place, read).map(|_| bytes)
    }

    fn noted<T>(&self, problems: &mut Problems, path: &str, place: &Place, read: io::Result<T>) -> Option<T> {
        read.map_err(|error| {
            let message = format!("`{}` cannot be read: {error}", excerpt(path));
            problems.add(Code::FileUnreadable, place.clone(), message, "look at the disk that holds the file");
        })
        .ok()
    }

    /// A file with a digest, and its bytes, at most `max` of them.
    pub fn known_bytes(
        &self,
        problems: &mut Problems,
        (path, sha256): (&Placed<String>, &Placed<String>),
        max: u64,
    ) -> Option<(KnownFile, Vec<u8>)> {
        let written = digest(problems, sha256);
        let bytes = self.read(problems, path, &Place::from(path), max)?;
        let found = Digest::of(&bytes);
        compare(problems, sha256, written?, found, path)?;
        let file = KnownFile { path: PathBuf::from(&*path.value), digest: found, bytes: bytes.len() as u64 };
        Some((file, bytes))
    }

    /// A file with a digest, as the playbook gives both; read in pieces.
    pub fn known(&self, problems: &mut Problems, spec: &FileSpec) -> Option<KnownFile> {
        let place = Place::from(&spec.path);
        let written = digest(problems, &spec.sha256);
        let file = self.open(problems, &spec.path, &place, DOCUMENT_MAX_BYTES)?;
        let (found, bytes) = self.noted(problems, &spec.path, &place, digest_of(file))?;
        compare(problems, &spec.sha256, written?, found, &spec.path)?;
        Some(KnownFile { path: PathBuf::from(&*spec.path.value), digest: found, bytes })
    }
}

/// Digest and size of a file, read in pieces.
fn digest_of(file: File) -> io::Result<(Digest, u64)> {
    const PIECE: usize = 1 << 16;
    let mut file = file.take(DOCUMENT_MAX_BYTES);
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((Digest::from_bytes(hash.finalize().into()), bytes));
        }
        hash.update(piece.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}

/// Reads a digest of 64 digits.
pub(super) fn digest(problems: &mut Problems, text: &Placed<String>) -> Option<Digest> {
    digest_at(problems, text, Place::from(text))
}

/// Reads a digest of 64 digits that may stand in another file than the playbook.
pub(super) fn digest_at(problems: &mut Problems, text: &str, place: Place) -> Option<Digest> {
    let read = format!("sha256:{text}").parse().ok();
    if read.is_none() {
        let message = format!("`{}` is not a SHA-256 digest", excerpt(text));
        problems.add(
            Code::DigestForm,
            place,
            message,
            "write 64 lower-case hexadecimal digits, as `sha256sum` prints them",
        );
    }
    read
}

/// Notes when a file's digest is another one than the playbook says.
pub(super) fn compare(
    problems: &mut Problems,
    place: &Placed<String>,
    written: Digest,
    found: Digest,
    path: &str,
) -> Option<()> {
    if written == found {
        return Some(());
    }
    let help = format!("if it is the right file, write sha256 = \"{}\"", found.hex());
    problems.add(Code::DigestDiffers, place, format!("`{}` has another digest", excerpt(path)), help);
    None
}

//! Time stamps on disk, beside the log: `anchors/<size>/<name>.tsr`, the answer as it came, and `<name>.tsq`, the query.
//!
//! They are public, like the log itself, and `openssl ts` reads them. No file is ever overwritten: a second stamp by the same
//! authority over the same checkpoint gets a number.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::error::AnchorError;
use super::stamp::RESPONSE_MAX_BYTES;
use crate::tlog::TreeSize;
use crate::whole_file::{self, ReadError, Readers, UNFINISHED, WriteError};

/// The directory beside the log's own files.
pub const ANCHORS: &str = "anchors";

const RESPONSE: &str = "tsr";
const QUERY: &str = "tsq";

/// The largest query that is read; ours have under 80 octets.
const QUERY_MAX_BYTES: usize = 1024;

/// The most stamps of one name over one checkpoint: one an hour for forty days without an entry.
const NUMBERS_MAX: usize = 1000;

/// The time stamps of one log.
#[derive(Debug, Clone)]
pub struct Anchors(PathBuf);

/// The files of one time stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The size of the checkpoint that it is over, as the name of the directory says it.
    pub size: TreeSize,
    /// The answer.
    pub response: PathBuf,
}

impl Anchor {
    /// The answer.
    pub fn read(&self) -> Result<Vec<u8>, AnchorError> {
        Ok(whole_file::read(&self.response, RESPONSE_MAX_BYTES)?)
    }

    /// The query, where it was kept.
    pub fn read_query(&self) -> Result<Option<Vec<u8>>, AnchorError> {
        match whole_file::read(&self.query(), QUERY_MAX_BYTES) {
            Err(ReadError::Missing { .. }) => Ok(None),
            read => Ok(Some(read?)),
        }
    }

    /// Where the query is, if it was kept.
    pub fn query(&self) -> PathBuf {
        self.response.with_extension(QUERY)
    }
}

impl Anchors {
    /// The time stamps beside the log in `dir`; there may be none.
    pub fn beside(dir: &Path) -> Self {
        Self(dir.join(ANCHORS))
    }

    /// All of them, by size and name. What is neither an answer nor a query is refused.
    pub fn list(&self) -> Result<Vec<Anchor>, AnchorError> {
        let mut anchors = Vec::new();
        for dir in entries(&self.0)? {
            let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let size = name.parse().ok().filter(|size: &u64| size.to_string() == name);
            let Some(size) = size.map(TreeSize).filter(|_| dir.is_dir()) else {
                return Err(AnchorError::Stray { path: dir });
            };
            for response in responses(&dir)? {
                anchors.push(Anchor { size, response });
            }
        }
        anchors.sort_by(|one, other| (one.size, &one.response).cmp(&(other.size, &other.response)));
        Ok(anchors)
    }

    /// Keeps an answer, and the query where it is at hand, under `name`: the authority's host. The query is written first, so
    /// an answer is never without it. An answer that is there already is not kept twice.
    pub fn keep(
        &self,
        size: TreeSize,
        name: &str,
        query: Option<&[u8]>,
        response: &[u8],
    ) -> Result<Anchor, AnchorError> {
        let dir = self.0.join(size.to_string());
        make_dir(&self.0).and_then(|()| make_dir(&dir))?;
        let name = file_name(name);
        for number in 1..=NUMBERS_MAX {
            let stem = if number == 1 { name.clone() } else { format!("{name}-{number}") };
            let anchor = Anchor { size, response: dir.join(format!("{stem}.{RESPONSE}")) };
            match create(&anchor, query, response) {
                Ok(()) => return Ok(anchor),
                Err(WriteError::Exists { .. }) => {}
                Err(other) => return Err(other.into()),
            }
            if whole_file::read(&anchor.response, RESPONSE_MAX_BYTES).is_ok_and(|kept| kept == response) {
                return Ok(anchor);
            }
        }
        Err(AnchorError::Numbers { path: dir })
    }
}

/// A host as the name of a file: the colons of an IPv6 address are not for every file system.
fn file_name(host: &str) -> String {
    let safe = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
    host.trim_start_matches('.').chars().map(safe).collect()
}

/// Both files or none. The name of an answer is free only when that of its query is.
fn create(anchor: &Anchor, query: Option<&[u8]>, response: &[u8]) -> Result<(), WriteError> {
    let beside = anchor.query();
    match query {
        Some(query) => whole_file::create(&beside, query, Readers::Everyone)?,
        None if beside.exists() => return Err(WriteError::Exists { path: beside }),
        None => {}
    }
    whole_file::create(&anchor.response, response, Readers::Everyone).inspect_err(|_| {
        if query.is_some() {
            // A query without its answer means nothing; that it could not be removed is less than the error told.
            let _ = fs::remove_file(&beside);
        }
    })
}

fn responses(dir: &Path) -> Result<Vec<PathBuf>, AnchorError> {
    let mut responses = Vec::new();
    for path in entries(dir)? {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some(RESPONSE) => responses.push(path),
            Some(QUERY) => {}
            _ => return Err(AnchorError::Stray { path }),
        }
    }
    Ok(responses)
}

/// What is in a directory, without what was being written when the machine stopped; nothing when it is not there.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, AnchorError> {
    let failed = |source| AnchorError::Directory { path: dir.to_owned(), source };
    let listed = match fs::read_dir(dir) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(failed)?,
    };
    let mut paths = Vec::new();
    for entry in listed {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            paths.push(entry.path());
        }
    }
    Ok(paths)
}

/// Makes a directory, durable in its parent.
fn make_dir(dir: &Path) -> Result<(), AnchorError> {
    let failed = |source| AnchorError::Directory { path: dir.to_owned(), source };
    match fs::create_dir(dir) {
        Err(source) if source.kind() == io::ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
        Err(source) => Err(failed(source)),
        Ok(()) => match dir.parent() {
            Some(parent) => File::open(parent).and_then(|parent| parent.sync_all()).map_err(failed),
            None => Ok(()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(anchors: &Anchors) -> Vec<(u64, String)> {
        let name =
            |anchor: Anchor| (anchor.size.0, anchor.response.file_name().unwrap().to_string_lossy().into_owned());
        anchors.list().unwrap().into_iter().map(name).collect()
    }

    #[test]
    fn time_stamps_are_kept_with_their_queries_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let anchors = Anchors::beside(dir.path());
        assert_eq!(names(&anchors), []);
        let keep = |size, name, query: Option<&[u8]>, response: &[u8]| {
            let kept = anchors.keep(TreeSize(size), name, query, response).unwrap();
            assert_eq!(kept.read().unwrap(), response);
            (kept.response.file_name().unwrap().to_string_lossy().into_owned(), kept.read_query().unwrap())
        };
        let (first, second) = (Some(b"q1".as_slice()), Some(b"q2".as_slice()));
        assert_eq!(keep(10, "tsa.example", first, b"r1"), ("tsa.example.tsr".into(), Some(b"q1".to_vec())));
        assert_eq!(keep(10, "tsa.example", second, b"r2"), ("tsa.example-2.tsr".into(), Some(b"q2".to_vec())));
        // The same again is the same.
        assert_eq!(keep(10, "tsa.example", second, b"r2").0, "tsa.example-2.tsr");
        assert_eq!(keep(10, "tsa.example", None, b"r1").0, "tsa.example.tsr");
        assert_eq!(keep(10, "tsa.example", None, b"r3"), ("tsa.example-3.tsr".into(), None));
        assert_eq!(keep(9, "2001:db8::1", None, b"r4").0, "2001-db8--1.tsr");
        assert_eq!(keep(9, "../../etc", None, b"r5").0, "-..-etc.tsr");
        // A query whose answer was never written takes its name with it.
        fs::remove_file(dir.path().join("anchors/9/2001-db8--1.tsr")).unwrap();
        fs::write(dir.path().join("anchors/9/2001-db8--1.tsq"), "q").unwrap();
        assert_eq!(keep(9, "2001:db8::1", None, b"r6").0, "2001-db8--1-2.tsr");
        let expected = [
            (9, "-..-etc.tsr"),
            (9, "2001-db8--1-2.tsr"),
            (10, "tsa.example-2.tsr"),
            (10, "tsa.example-3.tsr"),
            (10, "tsa.example.tsr"),
        ];
        assert_eq!(names(&anchors), expected.map(|(size, name)| (size, name.to_owned())));
    }

    #[test]
    fn what_is_no_time_stamp_is_named_and_what_was_being_written_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let anchors = Anchors::beside(dir.path());
        anchors.keep(TreeSize(1), "tsa", Some(b"q"), b"r").unwrap();
        fs::write(dir.path().join("anchors/1/.impound-x"), "half").unwrap();
        assert_eq!(names(&anchors), [(1, "tsa.tsr".to_owned())]);
        for stray in ["anchors/1/note.txt", "anchors/01", "anchors/x"] {
            let path = dir.path().join(stray);
            if stray.ends_with("txt") {
                fs::write(&path, "").unwrap()
            } else {
                fs::create_dir(&path).unwrap()
            }
            assert!(matches!(anchors.list(), Err(AnchorError::Stray { path: named }) if named == path), "{stray}");
            if path.is_dir() { fs::remove_dir(&path).unwrap() } else { fs::remove_file(&path).unwrap() }
        }
        fs::write(dir.path().join("anchors/2"), "a file").unwrap();
        assert!(matches!(anchors.list(), Err(AnchorError::Stray { .. })));
        let in_the_way = anchors.keep(TreeSize(2), "tsa", None, b"r");
        assert!(matches!(in_the_way, Err(AnchorError::Directory { .. })), "{in_the_way:?}");
    }
}

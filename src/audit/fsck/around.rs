//! What lies in the directory of a log beside what its checkpoint vouches for: traces of a larger log, and what no log has.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use super::super::error::AuditError;
use super::super::read::{LogReader, WITNESSED};
use super::super::store::{CHECKPOINT, CHECKPOINTS, SIGNED, STATE, read_checkpoint};
use crate::tlog::{Tile, TreeSize};

/// The directory of tiles and bundles.
const TILES: &str = "tile";

/// A file of a larger log than the published one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// The file: a checkpoint, a tile or a bundle.
    pub path: PathBuf,
    /// How many entries that log has; where it is a tile or a bundle, at least.
    pub size: TreeSize,
    /// Whether the log's key has signed that: a tile or a bundle says nothing of itself.
    pub is_signed: bool,
}

impl Ahead {
    /// As the reason for which a log of `present` entries is refused.
    pub fn refusal(self, present: TreeSize) -> AuditError {
        let Self { path, size, is_signed } = self;
        match is_signed {
            true => AuditError::RolledBack { witness: path, size, present },
            false => AuditError::CutShort { path, size, present },
        }
    }
}

/// The largest state of this log of which there is a trace: a checkpoint that is kept, the one that witnesses have cosigned,
/// the one at which the writer settled the log last, tiles and bundles. Of what is equally large, what is signed.
pub(super) fn largest(reader: &LogReader, kept: &[u64]) -> Result<Option<Ahead>, AuditError> {
    let mut largest: Option<Ahead> = None;
    let mut note = |path: PathBuf, size, is_signed| {
        if largest.as_ref().is_none_or(|largest| largest.size < size) {
            largest = Some(Ahead { path, size, is_signed });
        }
    };
    // A kept checkpoint is verified, and must be of the size that it is named for.
    if let Some(size) = kept.last() {
        note(reader.dir().join(CHECKPOINTS).join(size.to_string()), TreeSize(*size), true);
    }
    // What is not signed by the log's key says nothing of the log. A log is settled only at what it has published, durably.
    for path in [WITNESSED, SIGNED].map(|name| reader.dir().join(name)) {
        if let Ok((_, checkpoint)) = read_checkpoint(&path, reader.key()) {
            note(path, checkpoint.size, true);
        }
    }
    each_file(reader.dir(), |path, tile| {
        tile.into_iter().for_each(|tile| note(path.clone(), tile.least_size(), false))
    })?;
    Ok(largest)
}

/// The largest, if what is published by now is smaller. An append leaves its files first and publishes its checkpoint then: it
/// may have done so since the log was opened.
pub(super) fn ahead(reader: &LogReader, largest: Option<Ahead>) -> Result<Option<Ahead>, AuditError> {
    let Some(largest) = largest.filter(|largest| largest.size > reader.checkpoint().size) else { return Ok(None) };
    let (_, now) = read_checkpoint(&reader.dir().join(CHECKPOINT), reader.key())?;
    Ok((now.size < largest.size).then_some(largest))
}

/// The files and directories that belong to no log, nor to what is kept `beside` one, in order. Nothing vouches for them.
pub(in super::super) fn others(dir: &Path, beside: &[&str]) -> Result<Vec<PathBuf>, AuditError> {
    const OURS: [&str; 5] = [CHECKPOINT, CHECKPOINTS, TILES, STATE, WITNESSED];
    let is_known = |name: &str| OURS.contains(&name) || beside.contains(&name);
    let top = children(dir)?.into_iter().filter(|child| !child.file_name().to_str().is_some_and(is_known));
    let mut others: Vec<PathBuf> = top.map(|child| child.path()).collect();
    each_file(dir, |path, tile| others.extend(tile.is_none().then_some(path)))?;
    others.sort();
    Ok(others)
}

/// Every file under `tile`, and the tile or bundle that has this path. Links are not followed.
fn each_file(dir: &Path, mut see: impl FnMut(PathBuf, Option<Tile>)) -> Result<(), AuditError> {
    let mut open = vec![dir.join(TILES)];
    while let Some(next) = open.pop() {
        for child in children(&next)? {
            let path = child.path();
            if child.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push(path);
            } else {
                let tile = path.strip_prefix(dir).ok().and_then(Path::to_str).and_then(Tile::at);
                see(path, tile);
            }
        }
    }
    Ok(())
}

/// What is in a directory; nothing where it is gone, as that of partial tiles may be at any moment.
pub(in super::super) fn children(dir: &Path) -> Result<Vec<DirEntry>, AuditError> {
    let read = |source| AuditError::read(dir, source);
    match fs::read_dir(dir) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        children => children.map_err(read)?.collect::<Result<_, _>>().map_err(read),
    }
}

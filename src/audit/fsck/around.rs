//! What lies in the directory of a log beside what its checkpoint vouches for: traces of a larger log, and what no log has.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use super::super::error::AuditError;
use super::super::read::{LogReader, WITNESSED};
use super::super::store::{CHECKPOINT, CHECKPOINTS, SIGNED, STATE, read_checkpoint};
use crate::tlog::{Checkpoint, Tile, TreeSize};

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

/// What there is of the largest state of this log.
#[derive(Debug, Default)]
pub(super) struct Traces {
    /// Its largest checkpoint: one that is kept, the one that witnesses have cosigned, the one at which the writer settled
    /// the log last.
    signed: Option<(PathBuf, Checkpoint)>,
    /// The tile or bundle that only the largest log has, and how many entries that has at least.
    laid: Option<(PathBuf, TreeSize)>,
}

pub(super) fn traces(reader: &LogReader, kept: &[u64]) -> Result<Traces, AuditError> {
    let mut traces = Traces::default();
    let kept = kept.last().map(|size| reader.dir().join(CHECKPOINTS).join(size.to_string()));
    let others = [WITNESSED, SIGNED].map(|name| reader.dir().join(name));
    for path in kept.into_iter().chain(others) {
        // What is not signed by the log's key says nothing of the log. A log is settled only at what it has published, durably.
        if let Ok((_, checkpoint)) = read_checkpoint(&path, reader.key())
            && traces.signed.as_ref().is_none_or(|(_, largest)| largest.size < checkpoint.size)
        {
            traces.signed = Some((path, checkpoint));
        }
    }
    each_file(reader.dir(), |path, tile| {
        if let Some(size) = tile.map(|tile| tile.least_size())
            && traces.laid.as_ref().is_none_or(|(_, largest)| *largest < size)
        {
            traces.laid = Some((path, size));
        }
    })?;
    Ok(traces)
}

/// The largest that is neither published by now nor `left_behind` in the journal. An append leaves its files first and
/// publishes its checkpoint then: it may have done so since the log was opened. Of what is equally large, what is signed.
/// What is not signed the journal explains by its size alone: whoever could forge the journal could as well take the file
/// away.
pub(super) fn ahead(
    reader: &LogReader,
    traces: Traces,
    left_behind: &[Checkpoint],
) -> Result<Option<Ahead>, AuditError> {
    let Traces { signed, laid } = traces;
    let signed = signed.filter(|(_, checkpoint)| !left_behind.contains(checkpoint));
    let laid = laid.filter(|(_, size)| left_behind.last().is_none_or(|last| last.size < *size));
    let signed = signed.map(|(path, Checkpoint { size, .. })| Ahead { path, size, is_signed: true });
    let laid = laid.map(|(path, size)| Ahead { path, size, is_signed: false });
    let largest = laid.into_iter().chain(signed).max_by_key(|ahead| ahead.size);
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

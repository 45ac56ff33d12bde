//! The checkpoints that are kept: beside the log, and elsewhere.

use std::path::{Path, PathBuf};

use super::super::error::AuditError;
use super::super::lanes::in_order;
use super::super::read::LogReader;
use super::super::store::{CHECKPOINTS, parse_checkpoint, read_checkpoint};
use super::super::tiles::Tiles;
use super::list;
use crate::tlog::{Checkpoint, TreeSize};

/// The sizes of all checkpoints beside the log, in order.
pub(super) fn sizes(dir: &Path) -> Result<Vec<u64>, AuditError> {
    let size = |(name, path): (String, PathBuf)| {
        let size = name.parse().ok().filter(|size: &u64| size.to_string() == name);
        size.ok_or(AuditError::Stray { path })
    };
    let mut found = list(&dir.join(CHECKPOINTS))?.into_iter().map(size).collect::<Result<Vec<u64>, _>>()?;
    found.sort_unstable();
    Ok(found)
}

/// Verifies each kept checkpoint, and that its root is the one that the entries had at its size. How many there are, those
/// not counted that are ahead of the published one.
pub(super) fn verify(reader: &LogReader, tiles: &Tiles, kept: &[u64]) -> Result<usize, AuditError> {
    let (mut count, mut agreed) = (0, TreeSize(0));
    let path = |size: u64| reader.dir().join(CHECKPOINTS).join(size.to_string());
    let worker = || {
        let mut tiles = tiles.clone();
        move |nth: u64| {
            let size = usize::try_from(nth).ok().and_then(|nth| kept.get(nth)).copied().unwrap_or_default();
            let (_, checkpoint) = read_checkpoint(&path(size), reader.key())?;
            if checkpoint.size != TreeSize(size) {
                return Err(AuditError::AlteredFile { path: path(size) });
            }
            let is_covered = checkpoint.size <= tiles.size();
            let agrees = !is_covered || tiles.root_at(checkpoint.size)? == checkpoint.root;
            Ok((checkpoint.size, is_covered, agrees))
        }
    };
    in_order(kept.len() as u64, worker, |found: Result<(TreeSize, bool, bool), AuditError>| {
        let (size, is_covered, agrees) = found?;
        if !agrees {
            return Err(AuditError::Rewritten { witness: path(size.0), size, agreed });
        }
        if is_covered {
            agreed = size;
            count += 1;
        }
        Ok(())
    })?;
    Ok(count)
}

/// Verifies a checkpoint that was kept elsewhere, after those that lie beside the log were; its size. `left_behind` are the
/// checkpoints that were committed and not published.
pub(super) fn verify_older(
    reader: &LogReader,
    older: &[u8],
    mut tiles: Tiles,
    kept: &[u64],
    left_behind: &[Checkpoint],
) -> Result<TreeSize, AuditError> {
    let witness = PathBuf::from("the earlier checkpoint");
    let checkpoint = parse_checkpoint(older, &witness, reader.key())?;
    let (size, present) = (checkpoint.size, reader.checkpoint().size);
    if size <= present {
        if tiles.root_at(size)? == checkpoint.root {
            return Ok(size);
        }
        let agreed = kept.iter().copied().filter(|kept| *kept < size.0).max().map_or(TreeSize(0), TreeSize);
        return Err(AuditError::Rewritten { witness, size, agreed });
    }
    if left_behind.contains(&checkpoint) || went_on(reader, &checkpoint)? {
        return Ok(size);
    }
    Err(AuditError::RolledBack { witness, size, present })
}

/// Whether the log has grown to this checkpoint since it was opened for reading.
fn went_on(reader: &LogReader, checkpoint: &Checkpoint) -> Result<bool, AuditError> {
    let now = reader.anew()?;
    if now.checkpoint().size < checkpoint.size {
        return Ok(false);
    }
    let (size, root) = (reader.checkpoint().size, reader.checkpoint().root);
    Ok(now.root_at(checkpoint.size)? == checkpoint.root && now.root_at(size)? == root)
}

//! Tiles that are not as they should be, made anew from what is below them and believed only where they then give the hash
//! above them, or the signed root.

use std::path::Path;

use crate::tlog::{Checkpoint, Hash, RightEdge, TILE_WIDTH, Tile, TileKind, edge_tiles, root_of};

use super::{Tiles, made_anew, read_tile};
use crate::audit::error::AuditError;

/// How many levels of tiles there can be.
const LEVELS: u8 = 8;

impl Tiles {
    /// As [`Tiles::open`]; where the right edge does not give the root, it is made anew. Returns what was wrong with it.
    pub(in crate::audit) fn open_mended(
        dir: &Path,
        checkpoint: &Checkpoint,
    ) -> Result<(Self, Option<AuditError>), AuditError> {
        let error = match Self::open(dir, checkpoint) {
            Err(error) if error.is_damage() => error,
            opened => return opened.map(|tiles| (tiles, None)),
        };
        match mended_edge(dir, checkpoint) {
            Some(edge) => Ok((Self { dir: dir.to_owned(), edge, last: vec![None; usize::from(LEVELS)] }, Some(error))),
            None => Err(error),
        }
    }

    /// Makes the full tiles over bundle `index` anew that are not as they should be, the highest first. Returns what was wrong
    /// with them.
    pub(in crate::audit) fn mend(&mut self, index: u64) -> Result<Vec<AuditError>, AuditError> {
        let mut wrong = Vec::new();
        for level in (0..LEVELS).rev() {
            let above = index.checked_shr(8 * u32::from(level)).unwrap_or(0);
            let Err(error) = self.tile(level, above) else { continue };
            let tile = Tile { kind: TileKind::Hashes { level }, index: above, width: TILE_WIDTH };
            let anew = error.is_damage().then(|| made_anew(&self.dir, tile)).flatten();
            match (anew, self.expected(level, above)?) {
                (Some(anew), Some(root)) if root_of(&anew) == root => {
                    wrong.push(error);
                    self.last
                        .get_mut(usize::from(level))
                        .into_iter()
                        .for_each(|last| *last = Some((above, anew.clone())));
                }
                _ => return Err(error),
            }
        }
        Ok(wrong)
    }
}

/// The right edge that gives the root, with one of its tiles made anew, or all of them.
fn mended_edge(dir: &Path, checkpoint: &Checkpoint) -> Option<RightEdge> {
    let tiles = edge_tiles(checkpoint.size);
    let anew: Vec<Option<Vec<Hash>>> = tiles.iter().map(|tile| made_anew(dir, *tile)).collect();
    let read: Vec<Option<Vec<Hash>>> = tiles.iter().map(|tile| read_tile(dir, *tile).ok()).collect();
    // The place of the tile that is made anew; behind the last one, all are.
    (0..=tiles.len()).find_map(|made| {
        let mut partial: Vec<Vec<Hash>> = Vec::new();
        for (place, tile) in tiles.iter().enumerate() {
            let TileKind::Hashes { level } = tile.kind else { continue };
            partial.resize(usize::from(level), Vec::new());
            partial
                .push(if made == place || made == tiles.len() { anew.get(place) } else { read.get(place) }?.clone()?);
        }
        let edge = RightEdge::from_partial_tiles(partial);
        (edge.size() == checkpoint.size && edge.root() == checkpoint.root).then_some(edge)
    })
}

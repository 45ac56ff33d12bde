//! Tiles read from the disk, each checked against the signed root before it is believed.
//!
//! The partial tiles at the right edge give the root together, so they are checked at once, when the tiles are opened. Every
//! full tile is the child of a hash in a tile one level up, and is checked against it when it is read.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::tlog::{
    Checkpoint, Hash, InclusionProof, LeafIndex, RightEdge, TILE_WIDTH, Tile, TileKind, TlogError, TreeSize,
    consistency_ranges, edge_tiles, inclusion_ranges, root_of, subtree_hash,
};

use super::bundle::Bundle;
use super::disk;
use super::error::AuditError;

const HASH_BYTES: u64 = 32;

/// The tiles of a log at one checkpoint.
#[derive(Clone)]
pub(super) struct Tiles {
    dir: PathBuf,
    edge: RightEdge,
    /// The full tile that was read last, for each level: proofs and readers go from left to right.
    last: Vec<Option<(u64, Vec<Hash>)>>,
}

impl Tiles {
    /// Reads the right edge and checks it against the root of `checkpoint`, which was verified.
    pub(super) fn open(dir: &Path, checkpoint: &Checkpoint) -> Result<Self, AuditError> {
        let mut partial: Vec<Vec<Hash>> = Vec::new();
        for tile in edge_tiles(checkpoint.size) {
            if let TileKind::Hashes { level } = tile.kind {
                partial.resize(usize::from(level), Vec::new());
                partial.push(read_tile(dir, tile)?);
            }
        }
        let edge = RightEdge::from_partial_tiles(partial.clone());
        if edge.root() != checkpoint.root {
            return Err(blame(dir, &partial, checkpoint));
        }
        Ok(Self { dir: dir.to_owned(), edge, last: vec![None; 8] })
    }

    /// The right edge.
    pub(super) fn into_edge(self) -> RightEdge {
        self.edge
    }

    /// How many leaves there are.
    pub(super) fn size(&self) -> TreeSize {
        self.edge.size()
    }

    /// How many entries bundle `index` has, which the tree has.
    pub(super) fn width(&self, index: u64) -> u64 {
        self.size().0.saturating_sub(index * TILE_WIDTH).min(TILE_WIDTH)
    }

    /// The hashes of the partial tile at `level`.
    pub(super) fn partial(&self, level: u8) -> &[Hash] {
        self.edge.partial(level)
    }

    /// The hashes of tile `index` at `level`, as many as the tree has of them.
    pub(super) fn tile(&mut self, level: u8, index: u64) -> Result<&[Hash], AuditError> {
        let subtrees = self.size().0.checked_shr(8 * u32::from(level)).unwrap_or(0);
        if index >= subtrees / TILE_WIDTH {
            return Ok(self.edge.partial(level));
        }
        let slot = usize::from(level);
        if !matches!(self.last.get(slot), Some(Some((at, _))) if *at == index) {
            let read = self.read_full(level, index)?;
            if let Some(last) = self.last.get_mut(slot) {
                *last = Some((index, read));
            }
        }
        Ok(self.last.get(slot).and_then(Option::as_ref).map_or(&[], |(_, hashes)| hashes.as_slice()))
    }

    /// The root that the full tile `index` at `level` must have, from the tile above it.
    pub(super) fn expected(&mut self, level: u8, index: u64) -> Result<Option<Hash>, AuditError> {
        let parent = self.tile(level + 1, index / TILE_WIDTH)?;
        Ok(usize::try_from(index % TILE_WIDTH).ok().and_then(|at| parent.get(at)).copied())
    }

    fn read_full(&mut self, level: u8, index: u64) -> Result<Vec<Hash>, AuditError> {
        let tile = Tile { kind: TileKind::Hashes { level }, index, width: TILE_WIDTH };
        let hashes = read_tile(&self.dir, tile)?;
        if self.expected(level, index)? == Some(root_of(&hashes)) {
            Ok(hashes)
        } else {
            Err(AuditError::AlteredFile { path: self.dir.join(tile.path()) })
        }
    }

    /// The hashes of the leaves of bundle `index`.
    pub(super) fn leaves(&mut self, index: u64) -> Result<&[Hash], AuditError> {
        self.tile(0, index)
    }

    /// The root of the leaves `n * 2^level .. (n + 1) * 2^level`, which the tree has.
    fn node(&mut self, level: u32, n: u64) -> Result<Hash, AuditError> {
        // Eight levels of the tree in each level of tiles: the node stands over 2^(level mod 8) hashes of one tile.
        let tile_level = u8::try_from(level / 8).unwrap_or(u8::MAX);
        let below = level % 8;
        let first = n << below;
        let hashes = self.tile(tile_level, first / TILE_WIDTH)?;
        let start = usize::try_from(first % TILE_WIDTH).unwrap_or(usize::MAX);
        Ok(root_of(hashes.get(start..start.saturating_add(1 << below)).unwrap_or(&[])))
    }

    /// The proof for one leaf in the tree of the first `size`. A perfect subtree of an earlier tree is one of every later tree,
    /// so the tiles of the present one have all that is needed.
    pub(super) fn inclusion_proof(&mut self, index: LeafIndex, size: TreeSize) -> Result<InclusionProof, AuditError> {
        self.check_size(size)?;
        let ranges = inclusion_ranges(index, size).map_err(AuditError::NoSuchEntry)?;
        Ok(InclusionProof { index, size, path: self.hashes(ranges)? })
    }

    /// The proof that the tree of the first `new` leaves continues the tree of the first `old`.
    pub(super) fn consistency_proof(&mut self, old: TreeSize, new: TreeSize) -> Result<Vec<Hash>, AuditError> {
        self.check_size(new)?;
        self.hashes(consistency_ranges(old, new).map_err(AuditError::NoProof)?)
    }

    /// The root of the tree of the first `size` leaves.
    pub(super) fn root_at(&mut self, size: TreeSize) -> Result<Hash, AuditError> {
        self.check_size(size)?;
        subtree_hash(0..size.0, |level, n| self.node(level, n))
    }

    fn hashes(&mut self, ranges: Vec<Range<u64>>) -> Result<Vec<Hash>, AuditError> {
        ranges.into_iter().map(|range| subtree_hash(range, |level, n| self.node(level, n))).collect()
    }

    /// Refuses a tree that is not there yet.
    fn check_size(&self, size: TreeSize) -> Result<(), AuditError> {
        let present = self.size();
        if size <= present {
            return Ok(());
        }
        Err(AuditError::NoProof(TlogError::Shrunk { old: size, new: present }))
    }
}

/// The bytes of a tile.
pub(super) fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Reads a tile; where a partial one is gone, the beginning of the full one (tlog-tiles, "Partial Tiles").
fn read_tile(dir: &Path, tile: Tile) -> Result<Vec<Hash>, AuditError> {
    match read_exactly(dir, tile) {
        Err(missing @ AuditError::Missing { .. }) if !tile.is_full() => {
            let mut hashes = read_exactly(dir, tile.full()).map_err(|error| match error {
                AuditError::Missing { .. } => missing,
                other => other,
            })?;
            hashes.truncate(usize::try_from(tile.width).unwrap_or(usize::MAX));
            Ok(hashes)
        }
        result => result,
    }
}

fn read_exactly(dir: &Path, tile: Tile) -> Result<Vec<Hash>, AuditError> {
    let path = dir.join(tile.path());
    let expected = tile.width * HASH_BYTES;
    let bytes = disk::read(&path, expected)?;
    if bytes.len() as u64 != expected {
        return Err(AuditError::Length { path, expected, found: bytes.len() as u64 });
    }
    Ok(bytes.as_chunks::<32>().0.iter().map(|octets| Hash(*octets)).collect())
}

/// Which file makes the right edge disagree with the root: the one that, made anew from what is below it, sets it right.
fn blame(dir: &Path, partial: &[Vec<Hash>], checkpoint: &Checkpoint) -> AuditError {
    for tile in edge_tiles(checkpoint.size) {
        let (TileKind::Hashes { level }, Some(hashes)) = (tile.kind, made_anew(dir, tile)) else { continue };
        let mut mended = partial.to_vec();
        if let Some(slot) = mended.get_mut(usize::from(level)) {
            *slot = hashes;
        }
        if RightEdge::from_partial_tiles(mended).root() == checkpoint.root {
            return AuditError::AlteredFile { path: dir.join(tile.path()) };
        }
    }
    AuditError::RightEdge { dir: dir.to_owned(), size: checkpoint.size }
}

/// The hashes of a tile from its entries, or from the full tiles one level down.
fn made_anew(dir: &Path, tile: Tile) -> Option<Vec<Hash>> {
    match tile.kind {
        TileKind::Hashes { level: 0 } => Bundle::read(dir, tile.index, tile.width).ok()?.leaf_hashes(),
        TileKind::Hashes { level } => {
            let first = tile.index * TILE_WIDTH;
            let below = |index| Tile { kind: TileKind::Hashes { level: level - 1 }, index, width: TILE_WIDTH };
            (first..first + tile.width).map(|index| Some(root_of(&read_exactly(dir, below(index)).ok()?))).collect()
        }
        TileKind::Entries => None,
    }
}

mod mend;
#[cfg(test)]
mod peer;
#[cfg(test)]
mod tests;

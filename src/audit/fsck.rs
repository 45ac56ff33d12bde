//! The check of a whole log from its raw entries.
//!
//! The tree is built again from the entries, one bundle at a time, and compared with every tile, every kept checkpoint and the
//! published root. Nothing that the writer keeps in memory or in `.state` is used.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::clock::UtcTime;
use crate::tlog::{Hash, LeafIndex, RightEdge, TILE_WIDTH, Tile, TileKind, TreeSize, edge_tiles};

use super::bundle::Bundle;
use super::disk;
use super::entry::{EntryError, Recorded};
use super::error::AuditError;
use super::read::LogReader;
use super::store::{CHECKPOINTS, check_time, parse_checkpoint, read_checkpoint};
use super::tiles::{Tiles, tile_bytes};

/// What was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries.
    pub size: TreeSize,
    /// Their root, recomputed and equal to the signed one.
    pub root: Hash,
    /// How many earlier and present checkpoints agree with the entries.
    pub checkpoints: usize,
    /// The time of the last entry.
    pub last: Option<UtcTime>,
    /// A kept checkpoint that is larger than the published one, the largest: an append was interrupted or is under way, or an
    /// older `checkpoint` was put back.
    pub ahead: Option<TreeSize>,
}

/// A root that was signed once.
struct Milestone {
    size: TreeSize,
    root: Hash,
    path: PathBuf,
}

/// The milestones in order of size, and how far they agree.
struct Milestones {
    waiting: std::iter::Peekable<std::vec::IntoIter<Milestone>>,
    agreed: TreeSize,
    count: usize,
}

impl Milestones {
    /// Compares the tree with each milestone of its size.
    fn pass(&mut self, edge: &RightEdge) -> Result<(), AuditError> {
        while let Some(milestone) = self.waiting.next_if(|milestone| milestone.size == edge.size()) {
            if milestone.root != edge.root() {
                let Milestone { size, path: witness, .. } = milestone;
                return Err(AuditError::Rewritten { witness, size, agreed: self.agreed });
            }
            self.agreed = milestone.size;
            self.count += 1;
        }
        Ok(())
    }
}

pub(super) fn verify(reader: &LogReader, older: Option<&[u8]>) -> Result<Verified, AuditError> {
    let checkpoint = reader.checkpoint();
    let mut kept = kept_checkpoints(reader)?;
    let ahead = kept.iter().map(|milestone| milestone.size).filter(|size| *size > checkpoint.size).max();
    kept.retain(|milestone| milestone.size <= checkpoint.size);
    kept.extend(older.map(|older| older_checkpoint(reader, older)).transpose()?);
    kept.sort_by_key(|milestone| milestone.size);
    let mut walk = Walk {
        dir: reader.dir(),
        tiles: Tiles::open(reader.dir(), checkpoint)?,
        edge: RightEdge::default(),
        milestones: Milestones { waiting: kept.into_iter().peekable(), agreed: TreeSize(0), count: 0 },
        last: None,
    };
    walk.milestones.pass(&walk.edge)?;
    for index in 0..checkpoint.size.0.div_ceil(TILE_WIDTH) {
        walk.bundle(index)?;
    }
    walk.right_edge()?;
    if walk.edge.root() != checkpoint.root {
        return Err(AuditError::RightEdge { dir: reader.dir().to_owned(), size: checkpoint.size });
    }
    let Walk { milestones, last, .. } = walk;
    Ok(Verified { size: checkpoint.size, root: checkpoint.root, checkpoints: milestones.count, last, ahead })
}

/// All checkpoints beside the log, each verified.
fn kept_checkpoints(reader: &LogReader) -> Result<Vec<Milestone>, AuditError> {
    let mut kept = Vec::new();
    for (name, path) in list(&reader.dir().join(CHECKPOINTS))? {
        let (_, checkpoint) = read_checkpoint(&path, reader.key())?;
        if name != checkpoint.size.to_string() {
            return Err(AuditError::AlteredFile { path });
        }
        kept.push(Milestone { size: checkpoint.size, root: checkpoint.root, path });
    }
    Ok(kept)
}

fn older_checkpoint(reader: &LogReader, older: &[u8]) -> Result<Milestone, AuditError> {
    let path = PathBuf::from("the earlier checkpoint");
    let checkpoint = parse_checkpoint(older, &path, reader.key())?;
    let (size, present) = (checkpoint.size, reader.checkpoint().size);
    if size > present {
        return Err(AuditError::RolledBack { witness: path, size, present });
    }
    Ok(Milestone { size, root: checkpoint.root, path })
}

/// The files of a directory and their names; none when it is not there.
pub(super) fn list(dir: &Path) -> Result<Vec<(String, PathBuf)>, AuditError> {
    let entries = match fs::read_dir(dir) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|source| AuditError::read(dir, source))?,
    };
    let name = |entry: io::Result<fs::DirEntry>| {
        let entry = entry.map_err(|source| AuditError::read(dir, source))?;
        let path = entry.path();
        entry.file_name().into_string().map(|name| (name, path.clone())).map_err(|_| AuditError::Stray { path })
    };
    let mut listed = entries.map(name).collect::<Result<Vec<_>, _>>()?;
    listed.sort();
    Ok(listed)
}

/// The walk through the bundles, from left to right.
struct Walk<'d> {
    dir: &'d Path,
    tiles: Tiles,
    edge: RightEdge,
    milestones: Milestones,
    last: Option<UtcTime>,
}

impl Walk<'_> {
    /// Verifies a bundle, its entries, and the full tiles that it completes.
    fn bundle(&mut self, index: u64) -> Result<(), AuditError> {
        let leaves = self.tiles.leaves(index)?;
        let bundle = Bundle::read(self.dir, index, leaves.len() as u64)?;
        let entries = bundle.entries(leaves)?;
        let mut filled = Vec::new();
        let mut ends = Vec::with_capacity(entries.len());
        // Each leaf is the hash of its entry: the bundle has just computed and compared it.
        for ((index, bytes), leaf) in (bundle.first()..).map(LeafIndex).zip(&entries).zip(leaves) {
            self.last = Some(entry_time(bytes, index, self.last).map_err(|source| AuditError::BadEntry {
                index,
                path: bundle.path.clone(),
                source,
            })?);
            self.edge.push(*leaf, |tile, hashes| filled.push((tile, tile_bytes(hashes))));
            self.milestones.pass(&self.edge)?;
            ends.push(ends.last().copied().unwrap_or(0) + 2 + bytes.len());
        }
        let width = entries.len() as u64;
        let bytes = bundle.into_bytes();
        let kind = TileKind::Entries;
        partial_files(self.dir, Tile { kind, index, width }, &bytes, |width| ends.get(width - 1).copied())?;
        filled.iter().try_for_each(|(tile, bytes)| full_file(self.dir, *tile, bytes))
    }

    /// Verifies the partial tiles at the end.
    fn right_edge(&self) -> Result<(), AuditError> {
        for tile in edge_tiles(self.edge.size()) {
            if let TileKind::Hashes { level } = tile.kind {
                partial_hashes(self.dir, tile, &tile_bytes(self.edge.partial(level)))?;
            }
        }
        Ok(())
    }
}

fn entry_time(bytes: &[u8], index: LeafIndex, last: Option<UtcTime>) -> Result<UtcTime, EntryError> {
    let at = Recorded::parse(bytes, index)?.entry.at;
    check_time(last, at)?;
    Ok(at)
}

/// The file of a full tile has these bytes, and so do what partial forms of it are left.
fn full_file(dir: &Path, tile: Tile, bytes: &[u8]) -> Result<(), AuditError> {
    same(dir.join(tile.path()), bytes)?;
    partial_hashes(dir, tile, bytes)
}

fn partial_hashes(dir: &Path, tile: Tile, bytes: &[u8]) -> Result<(), AuditError> {
    partial_files(dir, tile, bytes, |width| (width * 32 <= bytes.len()).then_some(width * 32))
}

/// Each partial form of a tile holds the beginning of `bytes`: `end(width)` of them. Those that hold more than the tree has
/// are not covered by the checkpoint, and passed over.
fn partial_files(dir: &Path, tile: Tile, bytes: &[u8], end: impl Fn(usize) -> Option<usize>) -> Result<(), AuditError> {
    for (name, path) in list(&dir.join(tile.partials_path()))? {
        let Some(width) = parse_width(&name) else { return Err(AuditError::Stray { path }) };
        if let Some(expected) = end(width).and_then(|end| bytes.get(..end)) {
            same(path, expected)?;
        }
    }
    Ok(())
}

/// 1 to 255, no leading zeros (tlog-tiles, "Merkle Tree").
fn parse_width(name: &str) -> Option<usize> {
    let width: u8 = name.parse().ok()?;
    (width > 0 && width.to_string() == name).then_some(usize::from(width))
}

fn same(path: PathBuf, expected: &[u8]) -> Result<(), AuditError> {
    let found = disk::read(&path, expected.len() as u64)?;
    if found.len() != expected.len() {
        let (expected, found) = (expected.len() as u64, found.len() as u64);
        return Err(AuditError::Length { path, expected, found });
    }
    if found == expected { Ok(()) } else { Err(AuditError::AlteredFile { path }) }
}

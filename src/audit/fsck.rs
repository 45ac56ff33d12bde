//! The check of a whole log from its raw entries.
//!
//! The hash of every entry is computed again, and from these the tree, which must have the signed root; every tile, every
//! partial form of one that is left, and every kept checkpoint is compared with it. Nothing that the writer keeps in memory or
//! in `.state` is used.
//!
//! One bundle is one piece of work. All cores do them at once, and what they find is taken in the order of the log, so that
//! the first wrong entry is the one that is named. A bundle is read, its entries are hashed, and the root of these is compared
//! with the hash in the tile above, which was found under the signed root in the same way. Only where they differ are the
//! tiles below asked which entry, or which tile, is the wrong one.

mod around;
mod kept;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::clock::UtcTime;
use crate::tlog::{
    Checkpoint, Frontier, Hash, LeafIndex, TILE_WIDTH, Tile, TileKind, TreeSize, edge_tiles, leaf_hash, root_of,
};

use super::bundle::Bundle;
use super::disk;
use super::error::AuditError;
use super::lanes::in_order;
use super::read::LogReader;
use super::scan::time_of;
use super::store::check_time;
use super::tiles::{Tiles, tile_bytes};

pub use around::Ahead;
pub(super) use around::{children, others};

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
    /// What is there of a larger log than the published one, and that the journal does not explain: an older `checkpoint` was put
    /// back. Not an append that went on while the log was verified.
    pub ahead: Option<Ahead>,
    /// The checkpoints of what the journal holds beyond what is published: its writer was interrupted, it seems, and the next
    /// opening of the log publishes what the log's key has sealed. Nothing vouches for them ([`LogReader::committed`]).
    pub left_behind: Vec<Checkpoint>,
    /// How many entries the older checkpoint vouches for, if one was given.
    pub older: Option<TreeSize>,
}

impl Verified {
    /// How many entries there are with those in the journal, if it holds any that are not published.
    pub fn unpublished(&self) -> Option<TreeSize> {
        self.left_behind.last().map(|checkpoint| checkpoint.size)
    }
}

pub(super) fn verify(
    reader: &LogReader,
    older: Option<&[u8]>,
    watch: &mut dyn FnMut(TreeSize),
) -> Result<Verified, AuditError> {
    let checkpoint = reader.checkpoint();
    let tiles = Tiles::open(reader.dir(), checkpoint)?;
    // Before the walk: what is signed while it goes on is behind what is published after it.
    let sizes = kept::sizes(reader.dir())?;
    let traces = around::traces(reader, &sizes)?;
    let (tree, last) = entries(reader.dir(), &tiles, watch)?;
    right_edge(reader.dir(), &tiles)?;
    if tree.root() != checkpoint.root || tree.size() != checkpoint.size {
        return Err(AuditError::RightEdge { dir: reader.dir().to_owned(), size: checkpoint.size });
    }
    let mut count = kept::verify(reader, &tiles, &sizes)?;
    let left_behind = reader.left_behind()?;
    let older = older.map(|older| kept::verify_older(reader, older, tiles, &sizes, &left_behind)).transpose()?;
    count += older.iter().len();
    let ahead = around::ahead(reader, traces, &left_behind)?;
    Ok(Verified { size: checkpoint.size, root: checkpoint.root, checkpoints: count, last, ahead, left_behind, older })
}

/// What a lane found in one bundle.
struct Checked {
    path: PathBuf,
    index: u64,
    /// The time of its first entry, if there is one: whether it is after the bundle before is not for the lane to say.
    first: Option<UtcTime>,
    rest: Result<Whole, AuditError>,
}

/// A bundle that is as it should be.
struct Whole {
    /// The root of a full bundle; of the last one, the hashes of its entries.
    hashes: Vec<Hash>,
    /// How many entries stand under each hash.
    under_each: u64,
    last: Option<UtcTime>,
}

/// Verifies all bundles; the tree of their entries, and the time of the last.
fn entries(
    dir: &Path,
    tiles: &Tiles,
    watch: &mut dyn FnMut(TreeSize),
) -> Result<(Frontier, Option<UtcTime>), AuditError> {
    let (mut tree, mut last) = (Frontier::default(), None);
    let worker = || {
        let mut lane = Lane { dir, tiles: tiles.clone() };
        move |index| lane.check(index)
    };
    in_order(tiles.size().0.div_ceil(TILE_WIDTH), worker, |Checked { path, index, first, rest }: Checked| {
        if let Some(first) = first {
            let index = LeafIndex(index * TILE_WIDTH);
            check_time(last, first).map_err(|source| AuditError::BadEntry { index, path, source })?;
        }
        let whole = rest?;
        last = whole.last.or(last);
        tree.push_subtrees(&whole.hashes, whole.under_each);
        watch(tree.size());
        Ok(())
    })?;
    Ok((tree, last))
}

/// One of several that go through the bundles.
struct Lane<'d> {
    dir: &'d Path,
    tiles: Tiles,
}

impl Lane<'_> {
    fn check(&mut self, index: u64) -> Checked {
        let (bundle, mut first) = (Bundle::read(self.dir, index, self.tiles.width(index)), None);
        let path = bundle.as_ref().map_or_else(|_| self.dir.to_owned(), |bundle| bundle.path.clone());
        let rest = bundle.and_then(|bundle| self.whole(index, &bundle, &mut first));
        Checked { path, index, first, rest }
    }

    /// Verifies a bundle, its entries, and the full tiles that it completes.
    fn whole(&mut self, index: u64, bundle: &Bundle, first: &mut Option<UtcTime>) -> Result<Whole, AuditError> {
        let Some(entries) = bundle.split() else { return Err(self.blame(index, bundle)) };
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let Some((hashes, under_each)) = self.found(index, &leaves)? else { return Err(self.blame(index, bundle)) };
        let last = times(bundle, &entries, first)?;
        let end = |width| Some(entries.get(..width)?.iter().map(|entry| 2 + entry.len()).sum());
        let tile = Tile { kind: TileKind::Entries, index, width: leaves.len() as u64 };
        partial_files(self.dir, tile, bundle.bytes(), end)?;
        if tile.is_full() {
            full_file(self.dir, Tile { kind: TileKind::Hashes { level: 0 }, ..tile }, &tile_bytes(&leaves))?;
            self.completed(index)?;
        }
        Ok(Whole { hashes, under_each, last })
    }

    /// The hashes that the tree has of these leaves, if it has them: of a full tile its root, otherwise the leaves.
    fn found(&mut self, index: u64, leaves: &[Hash]) -> Result<Option<(Vec<Hash>, u64)>, AuditError> {
        if leaves.len() as u64 == TILE_WIDTH {
            let root = root_of(leaves);
            return Ok((self.tiles.expected(0, index)? == Some(root)).then(|| (vec![root], TILE_WIDTH)));
        }
        Ok((self.tiles.leaves(index)? == leaves).then(|| (leaves.to_vec(), 1)))
    }

    /// What is wrong with a bundle: the tile of its hashes, or the first entry that is not the one in the tile.
    fn blame(&mut self, index: u64, bundle: &Bundle) -> AuditError {
        match self.tiles.leaves(index).and_then(|leaves| bundle.entries(leaves).map(drop)) {
            Err(error) => error,
            Ok(()) => AuditError::AlteredFile { path: bundle.path.clone() },
        }
    }

    /// Verifies the full tiles of the levels above that end with bundle `index`. The tile itself was verified when it was
    /// read as the parent of what is below it; here come the partial forms of it that are left.
    fn completed(&mut self, index: u64) -> Result<(), AuditError> {
        let (mut count, mut level) = (index + 1, 1);
        while count.is_multiple_of(TILE_WIDTH) {
            count /= TILE_WIDTH;
            let tile = Tile { kind: TileKind::Hashes { level }, index: count - 1, width: TILE_WIDTH };
            partial_hashes(self.dir, tile, &tile_bytes(self.tiles.tile(level, tile.index)?))?;
            level += 1;
        }
        Ok(())
    }
}

/// Reads the times of the entries, which do not go back; the last of them.
fn times(bundle: &Bundle, entries: &[&[u8]], first: &mut Option<UtcTime>) -> Result<Option<UtcTime>, AuditError> {
    let mut last = None;
    for (index, bytes) in (bundle.first()..).map(LeafIndex).zip(entries) {
        let wrong = |source| AuditError::BadEntry { index, path: bundle.path.clone(), source };
        let at = time_of(bytes, index).map_err(wrong)?;
        first.get_or_insert(at);
        check_time(last, at).map_err(wrong)?;
        last = Some(at);
    }
    Ok(last)
}

/// Verifies the partial tiles at the end.
fn right_edge(dir: &Path, tiles: &Tiles) -> Result<(), AuditError> {
    for tile in edge_tiles(tiles.size()) {
        if let TileKind::Hashes { level } = tile.kind {
            partial_hashes(dir, tile, &tile_bytes(tiles.partial(level)))?;
        }
    }
    Ok(())
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

/// The file of a full tile has these bytes, and so do what partial forms of it are left.
fn full_file(dir: &Path, tile: Tile, bytes: &[u8]) -> Result<(), AuditError> {
    same(dir.join(tile.path()), bytes)?;
    partial_hashes(dir, tile, bytes)
}

fn partial_hashes(dir: &Path, tile: Tile, bytes: &[u8]) -> Result<(), AuditError> {
    partial_files(dir, tile, bytes, |width| (width * 32 <= bytes.len()).then_some(width * 32))
}

/// Each partial form of a tile holds the beginning of `bytes`: `end(width)` of them. Those that hold more than the tree has
/// are not covered by the checkpoint, and passed over; and so are those that the writer removes at this moment, because the
/// full tile is there.
fn partial_files(dir: &Path, tile: Tile, bytes: &[u8], end: impl Fn(usize) -> Option<usize>) -> Result<(), AuditError> {
    for (name, path) in list(&dir.join(tile.partials_path()))? {
        let Some(width) = parse_width(&name) else { return Err(AuditError::Stray { path }) };
        if let Some(expected) = end(width).and_then(|end| bytes.get(..end)) {
            match same(path, expected) {
                Ok(()) | Err(AuditError::Missing { .. }) => {}
                Err(error) => return Err(error),
            }
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

#[cfg(test)]
mod tests;

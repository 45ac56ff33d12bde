//! Our logs and proofs against those of the `tlog_tiles` crate, at the sizes where tiles fill.
//!
//! That crate puts the height of a tile into its path (`tile/8/0/000`), which is left out here, and it panics for the empty
//! tree, which is not shown to it.

use std::collections::BTreeSet;
use std::fs;

use tlog_tiles as peer;

use super::super::Log;
use super::super::fixture::{fact, key, reader};
use super::super::read::LogReader;
use super::*;
use crate::tlog::{leaf_hash, verify_consistency};

const SIZES: [u64; 9] = [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000];

/// The peer's store of hashes, in memory.
#[derive(Default)]
struct Stored(Vec<peer::Hash>);

impl Stored {
    fn push(&mut self, nth: u64, entry: &[u8]) {
        let hashes = peer::stored_hashes(nth, entry, self).unwrap();
        self.0.extend(hashes);
    }

    fn root(&self, size: u64) -> peer::Hash {
        peer::tree_hash(size, self).unwrap()
    }
}

impl peer::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<peer::Hash>, peer::Error> {
        Ok(indexes.iter().map(|index| self.0[*index as usize]).collect())
    }
}

/// Our files, as the peer reads tiles.
struct Files<'d>(&'d Path);

impl peer::TileReader for Files<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[peer::Tile]) -> Result<Vec<Vec<u8>>, peer::Error> {
        Ok(tiles.iter().map(|tile| fs::read(self.0.join(path(tile))).unwrap()).collect())
    }

    fn save_tiles(&self, _: &[peer::Tile], _: &[Vec<u8>]) {}
}

/// The path of C2SP tlog-tiles.
fn path(tile: &peer::Tile) -> String {
    tile.path().replacen("tile/8/", "tile/", 1)
}

fn ours(hash: peer::Hash) -> Hash {
    Hash(hash.0)
}

fn theirs(hash: Hash) -> peer::Hash {
    peer::Hash(hash.0)
}

/// The tiles of hashes that lie below `dir`.
fn tiles_in(dir: &Path) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![dir.join("tile")]);
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.retain(|path| !path.starts_with("tile/entries/"));
    found
}

/// Some indexes below `size`, chosen and scattered.
fn indexes(size: u64) -> BTreeSet<u64> {
    let chosen = [0, 1, 254, 255, 256, 257, 65_534, 65_535, 65_536, size / 2, size.saturating_sub(1)];
    let scattered = (0..24_u64).map(|nth| nth.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 17);
    chosen
        .into_iter()
        .filter(|index| *index < size)
        .chain(scattered.filter(|_| size > 0).map(|nth| nth % size))
        .collect()
}

fn compare_inclusion(reader: &LogReader, stored: &Stored, size: u64, leaf: impl Fn(u64) -> Hash) {
    let root = stored.root(size);
    for index in indexes(size) {
        let proof = reader.prove_at(LeafIndex(index), TreeSize(size)).unwrap();
        let other = peer::prove_record(size, index, stored).unwrap();
        assert_eq!(proof.path, other.iter().copied().map(ours).collect::<Vec<_>>(), "{index} of {size}");
        let (leaf, path) = (leaf(index), proof.path.iter().copied().map(theirs).collect());
        peer::check_record(&path, size, root, index, theirs(leaf)).unwrap();
        proof.verify(&leaf, &ours(root)).unwrap();
    }
}

fn compare_consistency(reader: &LogReader, stored: &Stored, new: u64) {
    for old in SIZES.into_iter().filter(|old| (1..=new).contains(old)) {
        let path = reader.prove_consistency(TreeSize(old), TreeSize(new)).unwrap();
        let (old_root, new_root) = (stored.root(old), stored.root(new));
        let other = peer::prove_tree(new, old, stored).unwrap();
        assert_eq!(path, other.iter().copied().map(ours).collect::<Vec<_>>(), "{old} to {new}");
        let theirs = path.iter().copied().map(theirs).collect();
        peer::check_tree(&theirs, new, new_root, old, old_root).unwrap();
        verify_consistency((TreeSize(old), &ours(old_root)), (TreeSize(new), &ours(new_root)), &path).unwrap();
    }
}

#[test]
fn roots_tiles_and_proofs_are_those_of_another_implementation_at_the_sizes_where_tiles_fill() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::create(dir.path(), key()).unwrap();
    let (mut stored, mut leaves) = (Stored::default(), Vec::new());
    let mut expected: BTreeSet<String> = BTreeSet::new();
    for size in SIZES {
        let old = log.size().0;
        let batch: Vec<_> = (old..size).map(fact).collect();
        for (nth, entry) in (old..size).zip(&batch) {
            let bytes = entry.to_bytes(LeafIndex(nth)).unwrap();
            stored.push(nth, &bytes);
            leaves.push(leaf_hash(&bytes));
        }
        log.append(&batch).unwrap();
        // Partial tiles that have become full are removed when the log is settled.
        log.close().unwrap();
        log = Log::open(dir.path(), key()).unwrap();
        let reader = reader(dir.path());
        assert_eq!(reader.checkpoint().root, ours(stored.root(size)), "{size}");

        let made = peer::Tile::new_tiles(8, old, size);
        for tile in &made {
            assert_eq!(
                fs::read(dir.path().join(path(tile))).unwrap(),
                tile.read_data(&stored).unwrap(),
                "{}",
                path(tile)
            );
            // Its partial forms are removed once a tile is full.
            if tile.width() == 256 {
                expected.retain(|other| !other.starts_with(&format!("{}.p/", path(tile))));
            }
        }
        expected.extend(made.iter().map(path));
        assert_eq!(tiles_in(dir.path()), expected, "{size}");

        compare_inclusion(&reader, &stored, size, |index| leaves[index as usize]);
        compare_consistency(&reader, &stored, size);
        // The peer finds its way through our files by itself, and believes them under the root alone.
        if size > 0 {
            let files = Files(dir.path());
            let tiles = peer::TileHashReader::new(size, theirs(reader.checkpoint().root), &files);
            let proof = peer::prove_record(size, size / 2, &tiles).unwrap();
            assert_eq!(proof, peer::prove_record(size, size / 2, &stored).unwrap());
        }
    }
    // Earlier sizes, from the tiles of the last.
    let last = reader(dir.path());
    for size in SIZES {
        compare_inclusion(&last, &stored, size, |index| leaves[index as usize]);
        compare_consistency(&last, &stored, size);
    }
}

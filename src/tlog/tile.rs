//! Tiles: the tree cut into files of 256 hashes ([C2SP tlog-tiles](https://c2sp.org/tlog-tiles)).

use super::merkle::{Frontier, root_of};
use super::{Hash, TreeSize};

/// Hashes in a full tile, entries in a full bundle (tlog-tiles, "Merkle Tree").
pub const TILE_WIDTH: u64 = 256;

/// The highest level that a path may name (tlog-tiles, "Merkle Tree").
const LEVEL_MAX: u8 = 63;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TileKind {
    /// Hashes of perfect subtrees of `256^level` leaves each; level 0 has the leaf hashes.
    Hashes {
        /// 0 to 63.
        level: u8,
    },
    /// The entries themselves.
    Entries,
}

/// One tile of a tree: which, where, and how much of it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// Hashes or entries.
    pub kind: TileKind,
    /// Its place among those of its kind, from 0.
    pub index: u64,
    /// How many hashes or entries it holds: 1 to [`TILE_WIDTH`].
    pub width: u64,
}

impl Tile {
    /// Whether nothing can be added to it.
    pub fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The same tile once it is full.
    pub fn full(self) -> Self {
        Self { width: TILE_WIDTH, ..self }
    }

    /// Where it lies under the log's prefix: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`.
    pub fn path(&self) -> String {
        if self.is_full() { self.stem() } else { format!("{}/{}", self.partials_path(), self.width) }
    }

    /// The directory that its partial forms lie in.
    pub fn partials_path(&self) -> String {
        format!("{}.p", self.stem())
    }

    /// The tile that lies at this path, which is written as [`Tile::path`] writes it.
    pub fn at(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes { level: level.parse().ok().filter(|level| *level <= LEVEL_MAX)? },
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().ok().filter(|width| (1..TILE_WIDTH).contains(width))?),
            None => (rest, TILE_WIDTH),
        };
        let group = |so_far: u64, group: &str| {
            let digits: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
            so_far.checked_mul(1000)?.checked_add(digits)
        };
        let tile = Self { kind, index: index.split('/').try_fold(0, group)?, width };
        (tile.path() == path).then_some(tile)
    }

    /// The size of the smallest tree that has this tile, as far as it can be told in 64 bits.
    pub fn least_size(&self) -> TreeSize {
        let level = match self.kind {
            TileKind::Hashes { level } => u32::from(level),
            TileKind::Entries => 0,
        };
        let hashes = self.index.saturating_mul(TILE_WIDTH).saturating_add(self.width);
        TreeSize(1_u64.checked_shl(8 * level).map_or(u64::MAX, |under_each| hashes.saturating_mul(under_each)))
    }

    fn stem(&self) -> String {
        let index = index_path(self.index);
        match self.kind {
            TileKind::Hashes { level } => format!("tile/{level}/{index}"),
            TileKind::Entries => format!("tile/entries/{index}"),
        }
    }
}

/// Groups of three digits, all but the last after an `x`: `x001/x234/067` (tlog-tiles, "Merkle Tree").
fn index_path(index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

/// The last tile of a kind in a tree of `size` leaves: its index and width, where the width may be 0.
fn edge_at(level: u8, size: TreeSize) -> (u64, u64) {
    // The size counted in subtrees of 256^level leaves; nothing is left of a 64-bit number at level 8.
    let subtrees = size.0.checked_shr(8 * u32::from(level)).unwrap_or(0);
    (subtrees / TILE_WIDTH, subtrees % TILE_WIDTH)
}

/// The partial tiles at the right edge of a tree of `size` leaves, lowest level first, the entries not among them.
pub fn edge_tiles(size: TreeSize) -> Vec<Tile> {
    let edge = |level| {
        let (index, width) = edge_at(level, size);
        (width > 0).then_some(Tile { kind: TileKind::Hashes { level }, index, width })
    };
    (0..levels(size)).filter_map(edge).collect()
}

/// How many levels of tiles a tree of `size` leaves has.
fn levels(size: TreeSize) -> u8 {
    (0..8).find(|level| size.0 >> (8 * level) == 0).unwrap_or(8)
}

/// The right edge of a growing tree: the partial tile of every level, and with it the root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RightEdge {
    frontier: Frontier,
    /// The hashes of the partial tile at each level.
    partial: Vec<Vec<Hash>>,
}

impl RightEdge {
    /// The edge whose partial tiles hold these hashes, lowest level first: one list for each level, empty where the tree
    /// ends on a full tile.
    pub fn from_partial_tiles(partial: Vec<Vec<Hash>>) -> Self {
        let mut frontier = Frontier::default();
        for (level, hashes) in partial.iter().enumerate().rev() {
            frontier.push_subtrees(hashes, 1 << (8 * level.min(7)));
        }
        Self { frontier, partial }
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> TreeSize {
        self.frontier.size()
    }

    /// Its root.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The hashes of the partial tile at `level`.
    pub fn partial(&self, level: u8) -> &[Hash] {
        self.partial.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// Adds the hash of the next leaf, and hands over each tile that it fills, lowest level first.
    pub fn push(&mut self, leaf: Hash, mut filled: impl FnMut(Tile, &[Hash])) {
        self.frontier.push(leaf);
        let mut hash = leaf;
        for level in 0..8_u8 {
            if self.partial.len() == usize::from(level) {
                self.partial.push(Vec::with_capacity(TILE_WIDTH as usize));
            }
            let Some(hashes) = self.partial.get_mut(usize::from(level)) else { return };
            hashes.push(hash);
            if (hashes.len() as u64) < TILE_WIDTH {
                return;
            }
            let (next, _) = edge_at(level, self.frontier.size());
            let tile = Tile { kind: TileKind::Hashes { level }, index: next.saturating_sub(1), width: TILE_WIDTH };
            filled(tile, hashes);
            hash = root_of(hashes);
            hashes.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::merkle::leaf_hash;
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let hashes = |level, index, width| Tile { kind: TileKind::Hashes { level }, index, width };
        let entries = |index, width| Tile { kind: TileKind::Entries, index, width };
        for (tile, path) in [
            (hashes(0, 0, 256), "tile/0/000"),
            (hashes(0, 273, 112), "tile/0/273.p/112"),
            (hashes(1, 999, 256), "tile/1/999"),
            (hashes(2, 1000, 1), "tile/2/x001/000.p/1"),
            (hashes(63, 1_234_067, 256), "tile/63/x001/x234/067"),
            (entries(1_234_067, 8), "tile/entries/x001/x234/067.p/8"),
            (entries(u64::MAX, 256), "tile/entries/x018/x446/x744/x073/x709/x551/615"),
        ] {
            assert_eq!(tile.path(), path);
            assert_eq!(Tile::at(path), Some(tile));
        }
        for path in [
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/64/000",
            "tile/+1/000",
            "tile/0/+00",
            "tile/entries",
            "tile/entries/",
            "tile/entries/x001/x234",
            "tile/entries/x999/x999/x999/x999/x999/x999/999",
            "checkpoint",
            "",
        ] {
            assert_eq!(Tile::at(path), None, "{path}");
        }
    }

    #[test]
    fn a_tile_tells_how_many_entries_there_are_at_least() {
        for (path, least) in [
            ("tile/0/000.p/3", 3),
            ("tile/entries/001.p/1", 257),
            ("tile/1/000.p/1", 256),
            ("tile/1/001", 2 * 65_536),
            ("tile/2/000.p/1", 65_536),
            ("tile/8/000.p/1", u64::MAX),
            ("tile/entries/x018/x446/x744/x073/x709/x551/615", u64::MAX),
        ] {
            assert_eq!(Tile::at(path).unwrap().least_size(), TreeSize(least), "{path}");
        }
    }

    /// The example of the specification: 70,000 = 273 full tiles and 112 hashes; 1 full and 17; 1.
    #[test]
    fn the_right_edge_has_the_widths_of_the_specification() {
        let edge = |size| edge_tiles(TreeSize(size)).iter().map(|tile| (tile.index, tile.width)).collect::<Vec<_>>();
        assert_eq!(edge(70_000), [(273, 112), (1, 17), (0, 1)]);
        assert_eq!(edge(0), []);
        assert_eq!(edge(255), [(0, 255)]);
        assert_eq!(edge(256), [(0, 1)]);
        assert_eq!(edge(257), [(1, 1), (0, 1)]);
        assert_eq!(edge_tiles(TreeSize(256)).first().map(Tile::path).as_deref(), Some("tile/1/000.p/1"));
        assert_eq!(edge(u64::MAX).len(), 8);
    }

    #[test]
    fn the_edge_grows_as_the_tree_does_and_can_be_put_together_again() {
        let mut edge = RightEdge::default();
        let mut whole = Frontier::default();
        let mut full = Vec::new();
        for n in 0..66_000_u64 {
            let leaf = leaf_hash(&n.to_be_bytes());
            edge.push(leaf, |tile, hashes| full.push((tile.path(), hashes.len())));
            whole.push(leaf);
            if [0, 1, 254, 255, 256, 257, 511, 65_535, 65_536, 65_999].contains(&n) {
                assert_eq!(edge.root(), whole.root(), "{n}");
                let levels = levels(edge.size());
                let again = RightEdge::from_partial_tiles((0..levels).map(|l| edge.partial(l).to_vec()).collect());
                assert_eq!((again.size(), again.root()), (edge.size(), edge.root()), "{n}");
            }
        }
        assert_eq!(full.len(), 257 + 1);
        assert!(full.contains(&("tile/0/256".into(), 256)));
        assert_eq!(full[256], ("tile/1/000".into(), 256));
    }
}

//! The arithmetic of a Merkle tree log: hashes, proofs, tiles, checkpoints. Nothing here reads or writes a file.
//!
//! Hashes and proofs are those of [RFC 6962](https://www.rfc-editor.org/rfc/rfc6962) section 2.1, tiles those of
//! [C2SP tlog-tiles](https://c2sp.org/tlog-tiles), checkpoints those of
//! [C2SP tlog-checkpoint](https://c2sp.org/tlog-checkpoint), receipts those of [C2SP tlog-proof](https://c2sp.org/tlog-proof). [`crate::audit`] keeps such a log on disk; a notice uses the
//! same tree over salted names.

mod checkpoint;
mod merkle;
mod receipt;
mod tile;

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64, Encoding};

use crate::signed_note::NoteError;

pub use checkpoint::Checkpoint;
pub use merkle::{
    Frontier, InclusionProof, consistency_proof, consistency_ranges, empty_root, inclusion_proof, inclusion_ranges,
    leaf_hash, node_hash, root_of, subtree_hash, verify_consistency,
};
pub use receipt::{RECEIPT_MARK, RECEIPT_MAX_BYTES, Receipt, ReceiptError};
pub use tile::{RightEdge, TILE_WIDTH, Tile, TileKind, edge_tiles};

/// A SHA-256 digest in the tree: of a leaf, of a node, or of the whole. Written in standard base64, as C2SP does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// How many leaves a tree has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeSize(pub u64);

/// Where a leaf stands, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeafIndex(pub u64);

/// Why a checkpoint, a hash or a proof is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogError {
    /// Not 32 octets in standard base64.
    #[error("`{text}` is not a SHA-256 digest in base64")]
    Digest {
        /// What was found, shortened and escaped.
        text: String,
    },
    /// The text of a note is not origin, size and root.
    #[error("a checkpoint is three lines (origin, size, root); this text has {lines}")]
    CheckpointLines {
        /// How many it has.
        lines: usize,
    },
    /// The origin is not a key name.
    #[error("the origin of the checkpoint is not a key name")]
    Origin(#[source] NoteError),
    /// Not a decimal number in its shortest form, or larger than a tree may be.
    #[error("`{text}` is not the size of a tree")]
    Size {
        /// What was found, shortened and escaped.
        text: String,
    },
    /// There is no such leaf.
    #[error("a tree of {} leaves has no leaf {}", size.0, index.0)]
    NoSuchLeaf {
        /// The leaf asked for.
        index: LeafIndex,
        /// The size of the tree.
        size: TreeSize,
    },
    /// The earlier tree is larger than the later one.
    #[error("a tree of {} leaves cannot continue one of {}", new.0, old.0)]
    Shrunk {
        /// The earlier size.
        old: TreeSize,
        /// The later size.
        new: TreeSize,
    },
    /// The path has the wrong length or leads to another root.
    #[error("the proof does not show that the leaf {} is in the tree of {} leaves with this root", index.0, size.0)]
    NotIncluded {
        /// The leaf.
        index: LeafIndex,
        /// The size of the tree.
        size: TreeSize,
    },
    /// The path has the wrong length or leads to other roots.
    #[error("the proof does not show that the tree of {} leaves continues the one of {}", new.0, old.0)]
    NotConsistent {
        /// The earlier size.
        old: TreeSize,
        /// The later size.
        new: TreeSize,
    },
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Base64::encode_string(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = TlogError;

    fn from_str(text: &str) -> Result<Self, TlogError> {
        let mut octets = [0; 32];
        match Base64::decode(text, &mut octets) {
            Ok(decoded) if decoded.len() == 32 => Ok(Self(octets)),
            _ => Err(TlogError::Digest { text: crate::domain::excerpt(text) }),
        }
    }
}

impl fmt::Display for TreeSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for LeafIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

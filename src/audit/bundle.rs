//! Entry bundles: entries one after the other, each after its length in two octets, the larger first
//! (tlog-tiles, "Log entries").

use std::path::{Path, PathBuf};

use crate::tlog::{Hash, LeafIndex, TILE_WIDTH, Tile, TileKind, leaf_hash};

use super::disk;
use super::entry::ENTRY_MAX_BYTES;
use super::error::AuditError;

/// The largest bundle that is read: a full one of the largest entries.
const BUNDLE_MAX_BYTES: u64 = TILE_WIDTH * (2 + ENTRY_MAX_BYTES as u64);

/// Appends an entry, which has at most [`ENTRY_MAX_BYTES`].
pub(super) fn put(bundle: &mut Vec<u8>, entry: &[u8]) {
    let length = u16::try_from(entry.len()).unwrap_or(u16::MAX);
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
}

/// Takes the first entry off; nothing when it is not whole.
pub(super) fn take<'b>(bundle: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, rest) = bundle.split_first_chunk::<2>()?;
    let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    *bundle = rest;
    Some(entry)
}

/// A bundle as it was read.
pub(super) struct Bundle {
    /// Where from.
    pub(super) path: PathBuf,
    tile: Tile,
    /// Its entries with their lengths, and, if it was read from a larger file, what follows them.
    bytes: Vec<u8>,
    /// Whether the file holds more entries than were asked for.
    longer: bool,
}

impl Bundle {
    /// Reads the first `width` entries of bundle `index`.
    pub(super) fn read(dir: &Path, index: u64, width: u64) -> Result<Self, AuditError> {
        let tile = Tile { kind: TileKind::Entries, index, width };
        let path = dir.join(tile.path());
        match disk::read(&path, BUNDLE_MAX_BYTES) {
            Ok(bytes) => Ok(Self { path, tile, bytes, longer: false }),
            // A partial bundle may be gone once the full one is there (tlog-tiles, "Partial Tiles").
            Err(missing @ AuditError::Missing { .. }) if !tile.is_full() => {
                let path = dir.join(tile.full().path());
                let bytes = disk::read(&path, BUNDLE_MAX_BYTES).map_err(|error| match error {
                    AuditError::Missing { .. } => missing,
                    other => other,
                })?;
                Ok(Self { path, tile, bytes, longer: true })
            }
            Err(error) => Err(error),
        }
    }

    /// The number of its first entry.
    pub(super) fn first(&self) -> u64 {
        self.tile.index * TILE_WIDTH
    }

    /// The entries, after each was found to be the one whose hash is in `leaves`. Names the first that is not.
    pub(super) fn entries(&self, leaves: &[Hash]) -> Result<Vec<&[u8]>, AuditError> {
        let mut rest = self.bytes.as_slice();
        let mut entries = Vec::with_capacity(leaves.len());
        for (index, leaf) in (self.first()..).map(LeafIndex).zip(leaves) {
            let Some(entry) = take(&mut rest) else {
                return Err(AuditError::TruncatedEntry { path: self.path.clone(), index });
            };
            if leaf_hash(entry) != *leaf {
                return Err(AuditError::AlteredEntry { path: self.path.clone(), index });
            }
            entries.push(entry);
        }
        if rest.is_empty() || self.longer { Ok(entries) } else { Err(self.altered()) }
    }

    /// The entries, believed; nothing when they are not as many as they should be, or something follows them.
    pub(super) fn split(&self) -> Option<Vec<&[u8]>> {
        let mut rest = self.bytes.as_slice();
        let entries = (0..self.tile.width).map(|_| take(&mut rest)).collect::<Option<_>>()?;
        (rest.is_empty() || self.longer).then_some(entries)
    }

    /// What was read: the entries with their lengths, and perhaps more of them than were asked for.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The hashes of its entries, believed; nothing when they are not as many as they should be.
    pub(super) fn leaf_hashes(&self) -> Option<Vec<Hash>> {
        let mut rest = self.bytes.as_slice();
        (0..self.tile.width).map(|_| take(&mut rest).map(leaf_hash)).collect()
    }

    /// The bytes of its entries with their lengths.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        let mut rest = self.bytes.as_slice();
        for _ in 0..self.tile.width {
            take(&mut rest);
        }
        let behind = rest.len();
        self.bytes.truncate(self.bytes.len() - behind);
        self.bytes
    }

    fn altered(&self) -> AuditError {
        AuditError::AlteredFile { path: self.path.clone() }
    }
}

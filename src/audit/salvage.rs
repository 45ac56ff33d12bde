//! What of a damaged log can still be proved.
//!
//! [`LogReader::entries`] ends at the first thing that is wrong. Here the rest is read on: an entry is told if its own hash stands
//! in a tile that the signed root vouches for, wherever in its bundle it lies; a tile that is not as it should be is made anew
//! from what is below it. If the tiles at the right edge are beyond that, the entries up to an earlier checkpoint are told
//! under that one, which the log has signed too.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::path::PathBuf;

use crate::tlog::{Checkpoint, Hash, LeafIndex, TILE_WIDTH, TreeSize, leaf_hash};

use super::bundle::{self, Bundle};
use super::entry::{ENTRY_MAX_BYTES, Recorded};
use super::error::AuditError;
use super::read::LogReader;
use super::store::{CHECKPOINTS, read_checkpoint};
use super::tiles::Tiles;

/// Earlier checkpoints that are tried where the right edge cannot be made anew; a log has one for each time it was published.
const EARLIER_MAX: usize = 1024;

/// How much is hashed to find entries again in one bundle where their lengths are wrong: several times what a bundle holds.
const SEARCHED_MAX_BYTES: usize = 32 << 20;

/// How the written form of every entry begins and ends (see [`super::entry`]).
const BEGINNING: &[u8] = b"{\"action\":";
const END: &[u8] = b"}";

/// What is found in a log, in its order.
#[derive(Debug)]
pub enum Salvaged {
    /// An entry that the signed root vouches for.
    Entry(Box<Recorded>),
    /// Entries that nothing vouches for any more, or that are not there.
    Lost {
        /// Which.
        entries: Range<u64>,
        /// What is wrong.
        why: AuditError,
    },
    /// A file that is not as it should be, and of which everything was found elsewhere.
    Mended(AuditError),
}

/// What is left of a log. Ends after the first failure of the machine itself.
pub struct Salvage {
    dir: PathBuf,
    tiles: Option<Tiles>,
    /// The next bundle.
    bundle: u64,
    ready: VecDeque<Salvaged>,
    /// What is lost behind the last entry that is vouched for.
    behind: Option<Salvaged>,
}

impl LogReader {
    /// Reads everything that can be proved, however much of the rest is damaged.
    pub fn salvage(&self) -> Result<Salvage, AuditError> {
        let mut salvage =
            Salvage { dir: self.dir().to_owned(), tiles: None, bundle: 0, ready: VecDeque::new(), behind: None };
        let why = match Tiles::open_mended(self.dir(), self.checkpoint()) {
            Ok((tiles, wrong)) => {
                salvage.tiles = Some(tiles);
                salvage.ready.extend(wrong.map(Salvaged::Mended));
                return Ok(salvage);
            }
            Err(error) if error.is_damage() => error,
            Err(error) => return Err(error),
        };
        salvage.tiles = self.earlier();
        let kept = salvage.tiles.as_ref().map_or(0, |tiles| tiles.size().0);
        salvage.behind = Some(Salvaged::Lost { entries: kept..self.checkpoint().size.0, why });
        Ok(salvage)
    }

    /// The tiles at the newest of the earlier checkpoints at which they can be believed.
    fn earlier(&self) -> Option<Tiles> {
        let sizes = self.kept_sizes().unwrap_or_default();
        let kept = |size: &TreeSize| -> Option<Checkpoint> {
            let (_, kept) = read_checkpoint(&self.dir().join(CHECKPOINTS).join(size.to_string()), self.key()).ok()?;
            (kept.size == *size && *size < self.checkpoint().size).then_some(kept)
        };
        let mut newest_first = sizes.iter().rev().take(EARLIER_MAX).filter_map(kept);
        newest_first.find_map(|kept| Tiles::open_mended(self.dir(), &kept).ok()).map(|(tiles, _)| tiles)
    }
}

impl Salvage {
    /// Reads the next bundle.
    fn refill(&mut self) -> Result<(), AuditError> {
        let Some(tiles) = &mut self.tiles else { return Ok(()) };
        let index = self.bundle;
        self.bundle += 1;
        let width = tiles.width(index);
        let entries = index * TILE_WIDTH..index * TILE_WIDTH + width;
        match tiles.mend(index) {
            Ok(wrong) => self.ready.extend(wrong.into_iter().map(Salvaged::Mended)),
            Err(why) if why.is_damage() => {
                self.ready.push_back(Salvaged::Lost { entries, why });
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        match Bundle::read(&self.dir, index, width) {
            Ok(bundle) => self.ready.extend(proved(&bundle, tiles.leaves(index)?)),
            Err(why) if why.is_damage() => self.ready.push_back(Salvaged::Lost { entries, why }),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl Iterator for Salvage {
    type Item = Result<Salvaged, AuditError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() && self.tiles.as_ref().is_some_and(|tiles| tiles.width(self.bundle) > 0) {
            if let Err(error) = self.refill() {
                self.tiles = None;
                return Some(Err(error));
            }
        }
        self.ready.pop_front().or_else(|| self.behind.take()).map(Ok)
    }
}

/// The entries of a bundle whose hashes are among `leaves`, which were verified, and what is lost between them.
fn proved(bundle: &Bundle, leaves: &[Hash]) -> Vec<Salvaged> {
    let mut wrong = bundle.entries(leaves).err();
    let mut told: Vec<Salvaged> = Vec::new();
    for (index, found) in (bundle.first()..).map(LeafIndex).zip(matching(bundle.bytes(), leaves)) {
        let path = || bundle.path.clone();
        let lost = match found.map(|bytes| Recorded::parse(bytes, index)) {
            Some(Ok(recorded)) => {
                told.push(Salvaged::Entry(Box::new(recorded)));
                continue;
            }
            Some(Err(source)) => AuditError::BadEntry { index, path: path(), source },
            None => wrong.take().unwrap_or_else(|| AuditError::AlteredEntry { index, path: path() }),
        };
        match told.last_mut() {
            Some(Salvaged::Lost { entries, .. }) => entries.end = index.0 + 1,
            _ => told.push(Salvaged::Lost { entries: index.0..index.0 + 1, why: lost }),
        }
    }
    // Every entry is there, and something else is wrong with the file.
    if told.iter().all(|found| matches!(found, Salvaged::Entry(_))) {
        told.extend(wrong.map(Salvaged::Mended));
    }
    told
}

/// For each leaf the entry that has its hash. Where lengths are wrong, entries are looked for behind.
fn matching<'b>(mut bytes: &'b [u8], leaves: &[Hash]) -> Vec<Option<&'b [u8]>> {
    let mut found = vec![None; leaves.len()];
    let places: HashMap<&Hash, usize> = leaves.iter().enumerate().rev().map(|(place, leaf)| (leaf, place)).collect();
    let (mut next, mut searched) = (0, 0);
    while let Some(leaf) = leaves.get(next) {
        let mut behind = bytes;
        let framed = bundle::take(&mut behind).filter(|entry| leaf_hash(entry) == *leaf);
        let hit = match framed {
            Some(entry) => Some((next, entry, behind)),
            None => search(bytes, &places, &mut searched),
        };
        let Some((place, entry, behind)) = hit else { break };
        found.get_mut(place).into_iter().for_each(|found| *found = Some(entry));
        (next, bytes) = (place.max(next) + 1, behind);
    }
    found
}

/// The first entry in `bytes` that is one of those wanted: its place, itself, and what comes after it.
fn search<'b>(
    bytes: &'b [u8],
    places: &HashMap<&Hash, usize>,
    searched: &mut usize,
) -> Option<(usize, &'b [u8], &'b [u8])> {
    let mut rest = bytes;
    while !rest.is_empty() && *searched < SEARCHED_MAX_BYTES {
        let mut behind = rest;
        let entry = bundle::take(&mut behind)
            .filter(|entry| entry.len() <= ENTRY_MAX_BYTES && entry.starts_with(BEGINNING) && entry.ends_with(END));
        if let Some(entry) = entry {
            *searched += entry.len();
            if let Some(place) = places.get(&leaf_hash(entry)) {
                return Some((*place, entry, behind));
            }
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    None
}

#[cfg(test)]
mod tests;

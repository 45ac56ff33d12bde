//! Opening a log: what was committed and not settled is done, and what does not agree is refused. The order stands in
//! [`super::store`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::clock::UtcTime;
use crate::tlog::{Checkpoint, LeafIndex, TILE_WIDTH, Tile, TileKind, TreeSize, leaf_hash};

use super::alarm::Alarm;
use super::bundle::{self, Bundle};
use super::disk::{self, Disk};
use super::entry::Recorded;
use super::error::AuditError;
use super::fsck;
use super::journal::{self, Batch, Contents, JournalFile, Record};
use super::key::{Key, SEAL_BYTES, Voucher};
use super::place::{CheckpointCopy, Place};
use super::read::WITNESSED;
use super::store::{
    CHECKPOINT, CHECKPOINT_MAX_BYTES, CHECKPOINTS, End, JOURNAL, SIGNED, STAGING, Store, checkpoint_of, kept, lock,
    parse_checkpoint, read_checkpoint,
};
use super::tiles::Tiles;

/// Checkpoints that the log's key has signed, and where they lie, by their sizes.
type Known = BTreeMap<TreeSize, Vec<(PathBuf, Checkpoint)>>;

impl Store {
    /// Opens a log for writing: finishes what was interrupted, and verifies the end of the log.
    pub(super) fn open(place: Place, key: Key) -> Result<Self, AuditError> {
        Self::open_on(Disk::new(&place.dir, STAGING), place.copy, key)
    }

    pub(super) fn open_on(mut disk: Disk, copy: Option<CheckpointCopy>, key: Key) -> Result<Self, AuditError> {
        if !disk.is_there(SIGNED)? {
            let (dir, missing) = (disk.root().to_owned(), SIGNED);
            return Err(match disk.is_there(CHECKPOINT)? {
                true => AuditError::NotWritable { dir, missing },
                false => AuditError::NotALog { dir, missing },
            });
        }
        let lock = lock(&disk)?;
        let alarm = Alarm::of(disk.root());
        alarm.check()?;
        let (settled, base) = read_checkpoint(&disk.path(SIGNED), &key.verifier)?;
        disk.remove_dir(STAGING)?;
        disk.make_dir(&disk.path(STAGING))?;
        let mut journal = JournalFile::open(&disk)?;
        let written = journal.read(&disk)?;
        let contents = journal::read(&written, base.size);
        let contents = contents.ok_or_else(|| AuditError::AlteredFile { path: disk.path(JOURNAL) })?;
        // Nothing of it may be seen before it is durable, and the process that wrote it may have been killed before that.
        journal.confirm(&mut disk, written.get(..contents.length).unwrap_or_default())?;
        let end = read_end(disk.root(), &base)?;
        Self::at(disk, copy, key, (journal, lock, alarm), settled, end)?.recover(contents, base)
    }

    /// Does what was committed and not settled, and makes sure of the rest.
    fn recover(mut self, journal: Contents, base: Checkpoint) -> Result<Self, AuditError> {
        let never_settled = self.check_kept(base.size, journal.records.is_empty())?;
        self.published.extend(journal.old);
        // What is refused stays as it is: until all was looked at nothing is written, and nothing is signed.
        let known = self.known(&base)?;
        let (present, states) = self.states(&journal.records, base, &known)?;
        let published = self.check_published(&present, &states)?;
        self.check_nothing_is_ahead(present.size, &known)?;
        let copy = self.copy.as_ref().map(|copy| copy.is_behind(&self.key.verifier, present.size));
        let copy_is_behind = copy.transpose()?.unwrap_or(false);
        for (nth, record) in (1..).zip(&journal.records) {
            self.replay(record, nth == journal.records.len())?;
        }
        let signed = self.signed()?;
        if let Some(copy) = self.copy.as_ref().filter(|_| copy_is_behind) {
            copy.write(&mut self.disk, &signed)?;
        }
        // Nobody saw more than there is: what is torn was never whole.
        if journal.torn {
            self.journal.erase_torn(&mut self.disk)?;
        }
        if never_settled {
            return self.begin();
        }
        // Whoever published it may have been killed before it was synced.
        if !published || !journal.records.is_empty() {
            self.disk.lay_over(CHECKPOINT, &signed)?;
        }
        self.published.push(self.size());
        self.settle()?;
        self.poisoned = false;
        Ok(self)
    }

    /// What the log's key has signed since the log was settled at `base`, what witnesses cosigned last, and the copy elsewhere.
    /// What is of no more entries than `base` agrees with it. Of a write that was torn there may be anything, but no good
    /// signature.
    fn known(&self, base: &Checkpoint) -> Result<Known, AuditError> {
        let is_newer = |name: &String| name.parse().is_ok_and(|size: u64| size > base.size.0);
        let kept = fsck::list(&self.disk.path(CHECKPOINTS))?.into_iter().filter(|(name, _)| is_newer(name));
        let copy = self.copy.iter().map(|copy| copy.path().to_owned());
        let mut known = Known::new();
        for path in kept.map(|(_, path)| path).chain([self.disk.path(WITNESSED)]).chain(copy) {
            if let Ok((_, checkpoint)) = read_checkpoint(&path, &self.key.verifier) {
                known.entry(checkpoint.size).or_default().push((path, checkpoint));
            }
        }
        for size in known.range(..=base.size).map(|(size, _)| *size) {
            let root = Tiles::open(self.disk.root(), base)?.root_at(size)?;
            check_agrees(&known, &Checkpoint { size, root, ..base.clone() })?;
        }
        Ok(known)
    }

    /// What the log is with all records, and its states after each, the first before all of them. The log's key vouched for
    /// each of them, and what is known agrees with all that they hold.
    fn states(
        &mut self,
        records: &[Record],
        base: Checkpoint,
        known: &Known,
    ) -> Result<(Checkpoint, Vec<Checkpoint>), AuditError> {
        let path = self.disk.path(JOURNAL);
        let (mut edge, mut sealed, mut states) = (self.edge.clone(), self.sealed, vec![base.clone()]);
        let (mut present, mut unknown) = (base, None);
        for record in records {
            let mut entries = record.batch.records.as_slice();
            while let Some(entry) = bundle::take(&mut entries) {
                edge.push(leaf_hash(entry), |_, _| {});
                if known.contains_key(&edge.size()) {
                    check_agrees(known, &checkpoint_of(&self.key, &edge))?;
                }
            }
            present = checkpoint_of(&self.key, &edge);
            if !self.is_vouched(record, &present, &mut sealed)? {
                unknown = Some(present.size);
            }
            self.last = last_time(&record.batch, &path)?.or(self.last);
            states.push(present.clone());
        }
        match unknown {
            Some(unknown) if !self.is_signed_beyond(unknown, &states, known) => Err(AuditError::SealedJournal { path }),
            _ => Ok((present, states)),
        }
    }

    /// Whether the log's key has signed one of these states of this size or a larger one, and so vouches for all before it. A power
    /// cut may have taken what was published, and left what was kept.
    fn is_signed_beyond(&self, size: TreeSize, states: &[Checkpoint], known: &Known) -> bool {
        if states.last().is_some_and(|present| known.range(size..=present.size).next().is_some()) {
            return true;
        }
        let published = read_checkpoint(&self.disk.path(CHECKPOINT), &self.key.verifier);
        published.is_ok_and(|(_, published)| published.size >= size && states.contains(&published))
    }

    /// Whether the log's key vouched for a record, with which the log is at this checkpoint. `sealed` is the seal of the record
    /// before. A key that only signs cannot tell of a seal whether it is good: then it is not.
    fn is_vouched(
        &self,
        record: &Record,
        present: &Checkpoint,
        sealed: &mut [u8; SEAL_BYTES],
    ) -> Result<bool, AuditError> {
        let path = self.disk.path(JOURNAL);
        let is_good = match &record.voucher {
            Voucher::Signed(signed) => Some(parse_checkpoint(signed, &path, &self.key.verifier)? == *present),
            Voucher::Sealed(seal) => {
                let before = std::mem::replace(sealed, *seal);
                self.key.is_sealed(&before, &record.body().digest(), seal)
            }
        };
        match is_good {
            Some(false) => Err(AuditError::ForeignRecord { path }),
            known => Ok(known.is_some()),
        }
    }

    /// Applies a record of the journal. Its files are written over whatever is there. It may have been published or not: if it
    /// is not the last, what only its own size has is written where something is there, and may be damaged.
    fn replay(&mut self, record: &Record, is_last: bool) -> Result<(), AuditError> {
        self.add(record.batch.clone());
        self.grow();
        if let Voucher::Signed(signed) = &record.voucher {
            self.signed = Some(signed.clone());
        }
        let signed = self.signed()?;
        for (tile, bytes) in std::mem::take(&mut self.full) {
            self.disk.lay_over(&tile.path(), &bytes)?;
        }
        // What a state had already that was not published is for the last to write.
        let since = if is_last { self.published.first().copied() } else { None }.unwrap_or(record.batch.base);
        for tile in self.partial_tiles(since) {
            if is_last || self.disk.is_there(&tile.path())? {
                self.disk.lay_over(&tile.path(), &self.partial_bytes(tile))?;
            }
        }
        // Whether it was published is not known: a power cut may have taken the file, and somebody may have seen it before.
        self.disk.lay_over(&kept(self.size()), &signed)?;
        self.published.push(record.batch.base);
        Ok(())
    }

    /// The checkpoint at which the log was settled is among those that are kept. Says whether the log was made and its
    /// creation interrupted, so that nothing is kept yet.
    fn check_kept(&self, size: TreeSize, nothing_pending: bool) -> Result<bool, AuditError> {
        let path = self.disk.path(&kept(size));
        match disk::read(&path, CHECKPOINT_MAX_BYTES) {
            Ok(bytes) if bytes == self.settled => Ok(false),
            Err(AuditError::Missing { .. }) if size == TreeSize(0) && nothing_pending => Ok(true),
            Ok(_) => Err(AuditError::AlteredFile { path }),
            Err(error) => Err(error),
        }
    }

    /// No checkpoint of more entries than there are was signed: it would be of a later state of this log. What is not signed
    /// by the log's key says nothing, and is looked at last: whatever a later state was, it has more in the last tile and in
    /// the last bundle, or has filled them.
    fn check_nothing_is_ahead(&self, present: TreeSize, known: &Known) -> Result<(), AuditError> {
        if let Some((witness, Checkpoint { size, .. })) = known.values().flatten().next_back()
            && *size > present
        {
            return Err(AuditError::RolledBack { witness: witness.clone(), size: *size, present });
        }
        for tile in [TileKind::Hashes { level: 0 }, TileKind::Entries].map(|kind| last_tile(kind, present)) {
            let partial = fsck::list(&self.disk.path(&tile.partials_path()))?;
            let widths = partial.iter().filter_map(|(name, _)| name.parse().ok()).chain([TILE_WIDTH]);
            for wider in widths.filter(|width| *width > tile.width).map(|width| Tile { width, ..tile }) {
                let (path, size) = (self.disk.path(&wider.path()), wider.least_size());
                if path.exists() {
                    return Err(AuditError::CutShort { path, size, present });
                }
            }
        }
        Ok(())
    }

    /// The published checkpoint is one of `states`, of which the last is the log's. Says whether it is the last.
    fn check_published(&self, present: &Checkpoint, states: &[Checkpoint]) -> Result<bool, AuditError> {
        let path = self.disk.path(CHECKPOINT);
        let unsettled = states.len() > 1;
        let published = match read_checkpoint(&path, &self.key.verifier) {
            Ok((_, checkpoint)) => checkpoint,
            // Not synced when the power went, or not made yet. It is written anew.
            Err(_) if unsettled => return Ok(false),
            Err(AuditError::Missing { .. }) if present.size == TreeSize(0) => return Ok(false),
            Err(error) => return Err(error),
        };
        match states.iter().find(|state| state.size == published.size) {
            Some(state) if *state == published => Ok(published.size == present.size),
            Some(_) => Err(AuditError::AlteredFile { path }),
            None => Err(AuditError::OutOfStep { path, published: published.size, present: present.size }),
        }
    }
}

/// What is known of as many entries as this state of the log has is this state.
fn check_agrees(known: &Known, state: &Checkpoint) -> Result<(), AuditError> {
    let same_size = known.get(&state.size).into_iter().flatten();
    match same_size.into_iter().find(|(_, checkpoint)| checkpoint != state) {
        Some((witness, _)) => Err(AuditError::TwoHistories { witness: witness.clone(), size: state.size }),
        None => Ok(()),
    }
}

/// The tile that the next entry goes into, as wide as it is.
fn last_tile(kind: TileKind, size: TreeSize) -> Tile {
    Tile { kind, index: size.0 / TILE_WIDTH, width: size.0 % TILE_WIDTH }
}

/// Reads the right edge and the last bundle, verified against a checkpoint.
fn read_end(dir: &Path, checkpoint: &Checkpoint) -> Result<End, AuditError> {
    let mut tiles = Tiles::open(dir, checkpoint)?;
    let Some(last) = checkpoint.size.0.checked_sub(1) else { return Ok((tiles.into_edge(), Vec::new(), None)) };
    let leaves = tiles.leaves(last / TILE_WIDTH)?;
    let bundle = Bundle::read(dir, last / TILE_WIDTH, leaves.len() as u64)?;
    let entry = bundle.entries(leaves)?.pop().unwrap_or_default();
    let at = time_of(entry, LeafIndex(last), &bundle.path)?;
    let bytes = if checkpoint.size.0.is_multiple_of(TILE_WIDTH) { Vec::new() } else { bundle.into_bytes() };
    Ok((tiles.into_edge(), bytes, Some(at)))
}

fn time_of(entry: &[u8], index: LeafIndex, path: &Path) -> Result<UtcTime, AuditError> {
    let read = Recorded::parse(entry, index);
    read.map(|recorded| recorded.entry.at).map_err(|source| AuditError::BadEntry {
        index,
        path: path.to_owned(),
        source,
    })
}

/// The time of the last entry of a batch.
fn last_time(batch: &Batch, path: &Path) -> Result<Option<UtcTime>, AuditError> {
    let mut records = batch.records.as_slice();
    let last = std::iter::from_fn(|| bundle::take(&mut records)).last();
    let index = LeafIndex(batch.end().0.saturating_sub(1));
    last.map(|entry| time_of(entry, index, path)).transpose()
}

#[cfg(test)]
pub(super) mod tests;

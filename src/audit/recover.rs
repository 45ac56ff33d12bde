//! Opening a log: what was committed and not settled is done, and what does not agree is refused. The order stands in
//! [`super::store`].

use std::path::Path;

use crate::clock::UtcTime;
use crate::tlog::{Checkpoint, LeafIndex, RightEdge, TILE_WIDTH, Tile, TreeSize};

use super::alarm::Alarm;
use super::bundle::{self, Bundle};
use super::disk::{self, Disk};
use super::entry::Recorded;
use super::error::AuditError;
use super::fsck;
use super::journal::{self, Batch, JOURNAL_MAX_BYTES, Record};
use super::place::CheckpointCopy;
use super::read::WITNESSED;
use super::store::{
    CHECKPOINT, CHECKPOINT_MAX_BYTES, CHECKPOINTS, JOURNAL, Journal, Key, Log, SIGNED, STAGING, filled, kept, lock,
    parse_checkpoint, read_checkpoint,
};
use super::tiles::Tiles;

impl Log {
    pub(super) fn open_on(mut disk: Disk, copy: Option<CheckpointCopy>, key: Key) -> Result<Self, AuditError> {
        if !disk.path(SIGNED).try_exists().map_err(|source| AuditError::read(&disk.path(SIGNED), source))? {
            return Err(AuditError::NotALog { dir: disk.root().to_owned(), missing: SIGNED });
        }
        let lock = lock(&disk)?;
        let alarm = Alarm::on(Disk::new(disk.root(), STAGING));
        alarm.check()?;
        let (settled, base) = read_checkpoint(&disk.path(SIGNED), &key.verifier)?;
        disk.remove_dir(STAGING)?;
        disk.make_dir(&disk.path(STAGING))?;
        let pending = Pending::read(&disk, base.size)?;
        if !pending.records.is_empty() {
            // Nothing of it may be seen before it is durable, and the process that wrote it may have been killed before that.
            disk.replace(JOURNAL, &pending.whole)?;
        }
        let file = disk.open_to_append(JOURNAL)?;
        let path = disk.path(JOURNAL);
        let length = file.metadata().map_err(|source| AuditError::read(&path, source))?.len();
        let journal = Journal { file, length };
        let (edge, bundle, last) = read_end(disk.root(), &base)?;
        let signed = settled.clone();
        let log =
            Self { disk, key, copy, journal, settled, signed, edge, bundle, last, poisoned: true, alarm, _lock: lock };
        log.recover(pending, base)
    }

    /// Does what was committed and not settled, and makes sure of the rest.
    fn recover(mut self, pending: Pending, base: Checkpoint) -> Result<Self, AuditError> {
        let never_settled = self.check_kept(base.size, pending.records.is_empty())?;
        let mut states = vec![base];
        for record in &pending.records {
            states.push(self.replay(record)?);
        }
        let published = self.check_published(&states)?;
        self.check_nothing_is_ahead()?;
        if let Some(copy) = &self.copy {
            let present = states.last().cloned().unwrap_or_else(|| self.checkpoint());
            copy.check(&mut self.disk, &self.key.verifier, &present, &self.signed)?;
        }
        if never_settled {
            return self.begin();
        }
        if !published {
            self.disk.replace(CHECKPOINT, &self.signed)?;
        }
        self.settle(&pending.filled(self.size()))?;
        self.poisoned = false;
        Ok(self)
    }

    /// Applies a record of the journal. Its files are written over whatever is there.
    fn replay(&mut self, record: &Record) -> Result<Checkpoint, AuditError> {
        let path = self.disk.path(JOURNAL);
        let checkpoint = parse_checkpoint(&record.signed, &path, &self.key.verifier)?;
        let files = self.grow(&record.batch);
        if checkpoint != self.checkpoint() {
            return Err(AuditError::AlteredFile { path });
        }
        self.last = last_time(&record.batch, &path)?.or(self.last);
        self.signed.clone_from(&record.signed);
        // Of a write that was torn there may be anything, but no good signature.
        let path = kept(&self.disk, self.size());
        if read_checkpoint(&path, &self.key.verifier).is_ok_and(|(_, kept)| kept != checkpoint) {
            return Err(AuditError::AlteredFile { path });
        }
        files.iter().try_for_each(|(tile, bytes)| self.disk.lay_over(&tile.path(), bytes))?;
        self.disk.lay_over(&format!("{CHECKPOINTS}/{}", self.size()), &self.signed)?;
        Ok(checkpoint)
    }

    /// The checkpoint at which the log was settled is among those that are kept. Says whether the log was made and its
    /// creation interrupted, so that nothing is kept yet.
    fn check_kept(&self, size: TreeSize, nothing_pending: bool) -> Result<bool, AuditError> {
        let path = kept(&self.disk, size);
        match disk::read(&path, CHECKPOINT_MAX_BYTES) {
            Ok(bytes) if bytes == self.settled => Ok(false),
            Err(AuditError::Missing { .. }) if size == TreeSize(0) && nothing_pending => Ok(true),
            Ok(_) => Err(AuditError::AlteredFile { path }),
            Err(error) => Err(error),
        }
    }

    /// No checkpoint of more entries than there are was ever signed: it would be of a later state of this log. What is not
    /// signed by the log's key says nothing.
    fn check_nothing_is_ahead(&self) -> Result<(), AuditError> {
        let present = self.size();
        let is_ahead = |name: &String| name.parse().is_ok_and(|size: u64| size > present.0);
        let kept = fsck::list(&self.disk.path(CHECKPOINTS))?.into_iter().filter(|(name, _)| is_ahead(name));
        for witness in kept.map(|(_, path)| path).chain([self.disk.path(WITNESSED)]) {
            match read_checkpoint(&witness, &self.key.verifier) {
                Ok((_, Checkpoint { size, .. })) if size > present => {
                    return Err(AuditError::RolledBack { witness, size, present });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The published checkpoint is one of `states`, of which the last is the log's. Says whether it is the last.
    fn check_published(&self, states: &[Checkpoint]) -> Result<bool, AuditError> {
        let path = self.disk.path(CHECKPOINT);
        let unsettled = states.len() > 1;
        let published = match read_checkpoint(&path, &self.key.verifier) {
            Ok((_, checkpoint)) => checkpoint,
            // Not synced when the power went, or not made yet. It is written anew.
            Err(_) if unsettled => return Ok(false),
            Err(AuditError::Missing { .. }) if self.size() == TreeSize(0) => return Ok(false),
            Err(error) => return Err(error),
        };
        match states.iter().find(|state| state.size == published.size) {
            Some(state) if *state == published => Ok(published.size == self.size()),
            Some(_) => Err(AuditError::AlteredFile { path }),
            None => Err(AuditError::OutOfStep { path, published: published.size, signed: self.size() }),
        }
    }
}

/// What the journal says at opening.
struct Pending {
    /// Its bytes, as far as its records are whole.
    whole: Vec<u8>,
    /// The sizes before records that were settled.
    settled: Vec<TreeSize>,
    /// Records that were not.
    records: Vec<Record>,
}

impl Pending {
    /// Reads the journal of a log that was settled at `base`.
    fn read(disk: &Disk, base: TreeSize) -> Result<Self, AuditError> {
        let path = disk.path(JOURNAL);
        let mut whole = match disk::read(&path, JOURNAL_MAX_BYTES) {
            // Made durable with the first checkpoint; a copy of the log may lack it, and then nothing is pending.
            Err(AuditError::Missing { .. }) => Vec::new(),
            read => read?,
        };
        let altered = || AuditError::AlteredFile { path: path.clone() };
        let records = journal::parse(&whole).ok_or_else(altered)?;
        whole.truncate(records.iter().map(|record| record.to_bytes().len()).sum());
        let (settled, records): (Vec<_>, Vec<_>) = records.into_iter().partition(|one| one.batch.end() <= base);
        let mut size = base;
        for record in &records {
            if record.batch.base != size {
                return Err(altered());
            }
            size = record.batch.end();
        }
        let settled = settled.into_iter().map(|record| record.batch.base).collect();
        Ok(Self { whole, settled, records })
    }

    /// The partial tiles that were published and are full at `size`: some may not be removed yet.
    fn filled(&self, size: TreeSize) -> Vec<Tile> {
        let bases = self.settled.iter().copied().chain(self.records.iter().map(|record| record.batch.base));
        let mut tiles: Vec<Tile> = bases.flat_map(|base| filled(base, size)).collect();
        tiles.dedup_by_key(|tile| tile.partials_path());
        tiles
    }
}

/// Reads the right edge and the last bundle, verified against a checkpoint.
fn read_end(dir: &Path, checkpoint: &Checkpoint) -> Result<(RightEdge, Vec<u8>, Option<UtcTime>), AuditError> {
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

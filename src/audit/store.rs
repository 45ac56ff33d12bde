//! The log on disk, for the one process that writes it.
//!
//! # What lies where
//!
//! ```text
//! checkpoint              the last checkpoint, for everybody to read
//! checkpoints/<size>      every checkpoint that was ever signed
//! tile/<L>/<N>[.p/<W>]    hashes          tile/entries/<N>[.p/<W>]    entries
//! .state/lock             held by the writer as long as it lives
//! .state/journal          the batch that is being appended; empty at rest
//! .state/signed           the last checkpoint that was signed: what this log is
//! .state/alarm            why this log must not sign any more; there only after an alarm
//! .state/staging/         files that are not finished
//! ```
//!
//! # The order of writes
//!
//! An append is one batch, and returns when all of it is durable:
//!
//! 1. The batch goes to the journal, which is synced. Nothing has happened yet: a crash here leaves the log as it was.
//! 2. The new root is computed, and the new checkpoint is signed.
//! 3. `.state/signed` is compared with what this process wrote last, and replaced: written aside, synced, renamed, its
//!    directory synced. This is the commit: from here on the entries are in the log, whatever else happens.
//! 4. Tiles and bundles are created, and `checkpoints/<size>`. None is ever changed; if one is there already it must have the
//!    same bytes. They and their directories are synced.
//! 5. `checkpoint` is replaced. Now everybody can see the entries, and everything it vouches for is there.
//! 6. Partial tiles whose full tile was created are removed, and the journal is emptied. The append is acknowledged.
//!
//! If any write or sync fails, what is on the disk is no longer known: after a failed fsync the system may show pages that it
//! has dropped. Such a [`Log`] refuses everything and must be opened again.
//!
//! Opening finishes what was committed: if the journal continues the log to the size that `.state/signed` vouches for, steps
//! 4 to 6 are done again. If the journal is of a batch that was not signed, it is dropped; nobody was told that it was
//! written. Then the right edge of the tree and the last bundle are verified against the signed root. Whatever else differs
//! is refused, with the name of the file.

use std::error::Error;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::clock::UtcTime;
use crate::signed_note::{Note, NoteError, NoteSignature, NoteSigner, NoteText, VerifierKey};
use crate::tlog::{Checkpoint, LeafIndex, RightEdge, TILE_WIDTH, Tile, TileKind, TreeSize, edge_tiles, leaf_hash};

use super::alarm::Alarm;
use super::bundle::{self, Bundle};
use super::disk::{self, Disk};
use super::entry::{Entry, EntryError, Recorded};
use super::error::AuditError;
use super::journal::{BATCH_MAX_BYTES, Batch, JOURNAL_MAX_BYTES};
use super::tiles::{Tiles, tile_bytes};

/// The published checkpoint.
pub(super) const CHECKPOINT: &str = "checkpoint";
/// Every checkpoint that was signed.
pub(super) const CHECKPOINTS: &str = "checkpoints";
pub(super) const STATE: &str = ".state";
const LOCK: &str = ".state/lock";
const JOURNAL: &str = ".state/journal";
const SIGNED: &str = ".state/signed";
pub(super) const STAGING: &str = ".state/staging";

/// The largest checkpoint that is read: the text, and as many witnesses as a note may have signatures.
pub(super) const CHECKPOINT_MAX_BYTES: u64 = 64 * 1024;

type Sign = dyn Fn(&NoteText) -> Result<NoteSignature, Box<dyn Error + Send + Sync>> + Send;

/// The log's key, whatever keeps it.
struct Key {
    verifier: VerifierKey,
    sign: Box<Sign>,
}

impl Key {
    fn new<S: NoteSigner + Send + 'static>(signer: S) -> Self {
        let verifier = signer.verifier().clone();
        let sign = move |text: &NoteText| NoteSignature::sign(text, &signer).map_err(|source| Box::new(source).into());
        Self { verifier, sign: Box::new(sign) }
    }

    fn sign(&self, checkpoint: &Checkpoint) -> Result<Vec<u8>, AuditError> {
        let text = checkpoint.to_text().map_err(|source| AuditError::Signer(Box::new(source)))?;
        let signature = (self.sign)(&text).map_err(AuditError::Signer)?;
        Ok(Note { text, signatures: vec![signature] }.to_string().into_bytes())
    }
}

/// A log that this process writes, and no other.
///
/// It names itself as its key is named: the origin of its checkpoints is the name of the signer's key.
pub struct Log {
    disk: Disk,
    key: Key,
    /// What `.state/signed` holds.
    signed: Vec<u8>,
    edge: RightEdge,
    /// The last bundle, while it is not full.
    bundle: Vec<u8>,
    /// The time of the last entry.
    last: Option<UtcTime>,
    poisoned: bool,
    alarm: Alarm,
    /// Locked until it is closed, which happens when the log is dropped or the process ends, however it ends.
    _lock: File,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").field("key", &self.key.verifier).field("size", &self.size()).finish_non_exhaustive()
    }
}

impl Log {
    /// Makes a new, empty log in `dir`, which is made if it is not there.
    pub fn create<S: NoteSigner + Send + 'static>(dir: &Path, signer: S) -> Result<Self, AuditError> {
        Self::create_on(Disk::new(dir, STAGING), Key::new(signer))
    }

    fn create_on(mut disk: Disk, key: Key) -> Result<Self, AuditError> {
        disk.make_root()?;
        let made = [STATE, STAGING, CHECKPOINTS].map(|name| disk.path(name));
        made.iter().try_for_each(|dir| disk.make_dir(dir))?;
        let lock = lock(&disk)?;
        let alarm = Alarm::on(Disk::new(disk.root(), STAGING));
        alarm.check()?;
        if [SIGNED, CHECKPOINT, "tile"].iter().any(|name| disk.path(name).exists()) {
            return Err(AuditError::AlreadyALog { dir: disk.root().to_owned() });
        }
        disk.overwrite(JOURNAL, &[])?;
        let edge = RightEdge::default();
        let signed = key.sign(&checkpoint_of(&key, &edge))?;
        // Synced with its directory, and the lock and the journal with it. From here on this is a log.
        disk.replace(SIGNED, &signed)?;
        let mut log =
            Self { disk, key, signed, edge, bundle: Vec::new(), last: None, poisoned: false, alarm, _lock: lock };
        log.settle(Vec::new(), TreeSize(0))?;
        Ok(log)
    }

    /// Opens a log for writing: finishes an append that was interrupted, and verifies the end of the log.
    ///
    /// The whole log is verified by [`super::LogReader::verify_all`].
    pub fn open<S: NoteSigner + Send + 'static>(dir: &Path, signer: S) -> Result<Self, AuditError> {
        Self::open_on(Disk::new(dir, STAGING), Key::new(signer))
    }

    fn open_on(mut disk: Disk, key: Key) -> Result<Self, AuditError> {
        if !disk.path(SIGNED).try_exists().map_err(|source| AuditError::read(&disk.path(SIGNED), source))? {
            return Err(AuditError::NotALog { dir: disk.root().to_owned(), missing: SIGNED });
        }
        let lock = lock(&disk)?;
        let alarm = Alarm::on(Disk::new(disk.root(), STAGING));
        alarm.check()?;
        let (signed, checkpoint) = read_checkpoint(&disk.path(SIGNED), &key.verifier)?;
        disk.remove_dir(STAGING)?;
        disk.make_dir(&disk.path(STAGING))?;
        let pending = pending(&disk, &checkpoint)?;
        let base = pending.as_ref().map_or(checkpoint.size, |batch| batch.base);
        check_published(&disk, &key.verifier, &checkpoint, base)?;
        let at_base = match &pending {
            None => checkpoint.clone(),
            Some(batch) => read_checkpoint(&kept(&disk, batch.base), &key.verifier)?.1,
        };
        let (edge, bundle, last) = read_end(disk.root(), &at_base)?;
        let mut log = Self { disk, key, signed, edge, bundle, last, poisoned: false, alarm, _lock: lock };
        log.finish(pending, &checkpoint)?;
        Ok(log)
    }

    /// Does the last steps of an append that was committed and interrupted, and makes sure of them otherwise.
    fn finish(&mut self, pending: Option<Batch>, checkpoint: &Checkpoint) -> Result<(), AuditError> {
        if let Some(batch) = pending {
            let files = self.grow(&batch);
            if self.edge.root() != checkpoint.root {
                return Err(AuditError::AlteredFile { path: self.disk.path(JOURNAL) });
            }
            self.last = last_time(&batch, &self.disk.path(JOURNAL))?.or(self.last);
            return self.settle(files, batch.base);
        }
        if checkpoint.size == TreeSize(0) {
            // Creation may have been interrupted after its commit.
            return self.settle(Vec::new(), TreeSize(0));
        }
        self.check_kept()?;
        self.disk.empty(JOURNAL)
    }

    /// The last checkpoint is among those that are kept.
    fn check_kept(&self) -> Result<(), AuditError> {
        let path = kept(&self.disk, self.size());
        if disk::read(&path, CHECKPOINT_MAX_BYTES)? == self.signed {
            Ok(())
        } else {
            Err(AuditError::AlteredFile { path })
        }
    }

    /// How many entries there are.
    pub fn size(&self) -> TreeSize {
        self.edge.size()
    }

    /// The state that was signed last.
    pub fn checkpoint(&self) -> Checkpoint {
        checkpoint_of(&self.key, &self.edge)
    }

    /// The signed checkpoint as it was published.
    pub fn signed_checkpoint(&self) -> &[u8] {
        &self.signed
    }

    /// The handle with which this log is stopped from signing, whoever holds the log by then.
    pub fn alarm(&self) -> Alarm {
        self.alarm.clone()
    }

    /// The public half of the log's key.
    pub fn verifier(&self) -> &VerifierKey {
        &self.key.verifier
    }

    /// Appends a batch: all of it or nothing. Returns the number of each entry once all are durable and published.
    ///
    /// An entry that cannot be written (too large, a fraction, earlier than the one before it) refuses the batch and leaves the
    /// log as it was; so does an alarm. After any other error it is not known whether the batch was written: the log is poisoned, and opening
    /// it again finds out.
    pub fn append(&mut self, entries: &[Entry]) -> Result<Vec<LeafIndex>, AuditError> {
        self.alarm.check()?;
        if self.poisoned {
            return Err(AuditError::Poisoned);
        }
        let batch = self.batch(entries)?;
        if batch.count > 0 {
            self.poisoned = true;
            self.commit(&batch)?;
            self.poisoned = false;
        }
        self.last = entries.last().map(|entry| entry.at).or(self.last);
        Ok((batch.base.0..batch.end().0).map(LeafIndex).collect())
    }

    fn batch(&self, entries: &[Entry]) -> Result<Batch, AuditError> {
        let base = self.size();
        let mut records = Vec::new();
        let mut last = self.last;
        for (index, entry) in (base.0..).map(LeafIndex).zip(entries) {
            let refuse = |source| AuditError::Refused { index, source };
            check_time(last, entry.at).map_err(refuse)?;
            last = Some(entry.at);
            bundle::put(&mut records, &entry.to_bytes(index).map_err(refuse)?);
        }
        if records.len() > BATCH_MAX_BYTES {
            return Err(AuditError::BatchTooLarge { bytes: records.len(), max: BATCH_MAX_BYTES });
        }
        Ok(Batch { base, count: entries.len() as u64, records })
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), AuditError> {
        self.disk.overwrite(JOURNAL, &batch.to_bytes())?;
        let files = self.grow(batch);
        let signed = self.key.sign(&self.checkpoint())?;
        let path = self.disk.path(SIGNED);
        if disk::read(&path, CHECKPOINT_MAX_BYTES)? != self.signed {
            return Err(AuditError::Overtaken { path });
        }
        self.disk.replace(SIGNED, &signed)?;
        self.signed = signed;
        self.settle(files, batch.base)
    }

    /// Adds a batch to the tree in memory, and returns the files that it makes.
    fn grow(&mut self, batch: &Batch) -> Vec<(Tile, Vec<u8>)> {
        let mut files = Vec::new();
        let mut records = batch.records.as_slice();
        while let Some(entry) = bundle::take(&mut records) {
            bundle::put(&mut self.bundle, entry);
            self.edge.push(leaf_hash(entry), |tile, hashes| files.push((tile, tile_bytes(hashes))));
            if self.edge.size().0.is_multiple_of(TILE_WIDTH) {
                let index = self.edge.size().0 / TILE_WIDTH - 1;
                let full = Tile { kind: TileKind::Entries, index, width: TILE_WIDTH };
                files.push((full, std::mem::take(&mut self.bundle)));
            }
        }
        let before = edge_tiles(batch.base);
        for tile in edge_tiles(self.size()).into_iter().filter(|tile| !before.contains(tile)) {
            if let TileKind::Hashes { level } = tile.kind {
                files.push((tile, tile_bytes(self.edge.partial(level))));
            }
        }
        files.extend(partial_bundle(self.size()).map(|tile| (tile, self.bundle.clone())));
        files
    }

    /// Steps 4 to 6: everything after the commit. May be done again.
    fn settle(&mut self, files: Vec<(Tile, Vec<u8>)>, base: TreeSize) -> Result<(), AuditError> {
        for (tile, bytes) in &files {
            self.disk.create(&tile.path(), bytes)?;
        }
        self.disk.create(&format!("{CHECKPOINTS}/{}", self.size()), &self.signed)?;
        self.disk.sync_created()?;
        self.disk.replace(CHECKPOINT, &self.signed)?;
        let partial = edge_tiles(base).into_iter().chain(partial_bundle(base));
        for tile in partial.filter(|tile| files.iter().any(|(made, _)| *made == tile.full())) {
            // tlog-tiles, "Partial Tiles": they may go once the full tile is there.
            self.disk.remove_dir(&tile.partials_path())?;
        }
        self.disk.empty(JOURNAL)
    }
}

fn checkpoint_of(key: &Key, edge: &RightEdge) -> Checkpoint {
    Checkpoint { origin: key.verifier.name().clone(), size: edge.size(), root: edge.root() }
}

fn partial_bundle(size: TreeSize) -> Option<Tile> {
    let width = size.0 % TILE_WIDTH;
    (width > 0).then_some(Tile { kind: TileKind::Entries, index: size.0 / TILE_WIDTH, width })
}

fn kept(disk: &Disk, size: TreeSize) -> PathBuf {
    disk.path(CHECKPOINTS).join(size.to_string())
}

fn lock(disk: &Disk) -> Result<File, AuditError> {
    let path = disk.path(LOCK);
    let open = File::options().create(true).truncate(false).write(true).open(&path);
    let file = open.map_err(|source| AuditError::write("open the lock", &path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(AuditError::Locked { path }),
        Err(TryLockError::Error(source)) => Err(AuditError::write("lock", &path, source)),
    }
}

/// Time may stand still between entries; it does not go back.
pub(super) fn check_time(last: Option<UtcTime>, at: UtcTime) -> Result<(), EntryError> {
    match last {
        Some(last) if at < last => Err(EntryError::ClockBackwards { last, at }),
        _ => Ok(()),
    }
}

/// Reads a checkpoint that must be signed by `key` and bear its name.
pub(super) fn read_checkpoint(path: &Path, key: &VerifierKey) -> Result<(Vec<u8>, Checkpoint), AuditError> {
    let bytes = disk::read(path, CHECKPOINT_MAX_BYTES)?;
    let checkpoint = parse_checkpoint(&bytes, path, key)?;
    Ok((bytes, checkpoint))
}

/// Reads a checkpoint from bytes; `path` is for the error.
pub(super) fn parse_checkpoint(bytes: &[u8], path: &Path, key: &VerifierKey) -> Result<Checkpoint, AuditError> {
    let not_signed = |source: NoteError| AuditError::Note { path: path.to_owned(), source };
    let note = Note::parse(bytes).map_err(not_signed)?;
    let checkpoint =
        Checkpoint::parse(&note.text).map_err(|source| AuditError::Checkpoint { path: path.to_owned(), source })?;
    if checkpoint.origin != *key.name() {
        let (found, expected) = (checkpoint.origin, key.name().clone());
        return Err(AuditError::ForeignOrigin { path: path.to_owned(), found, expected });
    }
    note.verify(std::slice::from_ref(key)).map_err(not_signed)?;
    Ok(checkpoint)
}

/// The batch that was committed and perhaps not finished.
fn pending(disk: &Disk, checkpoint: &Checkpoint) -> Result<Option<Batch>, AuditError> {
    let path = disk.path(JOURNAL);
    let bytes = match disk::read(&path, JOURNAL_MAX_BYTES) {
        // Made durable with the first checkpoint; a copy of the log may lack it, and then nothing is pending.
        Err(AuditError::Missing { .. }) => Vec::new(),
        read => read?,
    };
    match Batch::parse(&bytes) {
        Some(batch) if batch.end() == checkpoint.size => Ok(Some(batch)),
        // Not signed, so not committed: dropped.
        Some(batch) if batch.base == checkpoint.size => Ok(None),
        Some(_) => Err(AuditError::AlteredFile { path }),
        // Not whole, so not synced, so not signed.
        None => Ok(None),
    }
}

/// The published checkpoint is the signed one, or the one before it if the append was interrupted.
fn check_published(disk: &Disk, key: &VerifierKey, signed: &Checkpoint, base: TreeSize) -> Result<(), AuditError> {
    let path = disk.path(CHECKPOINT);
    let published = match read_checkpoint(&path, key) {
        // Creation was interrupted.
        Err(AuditError::Missing { .. }) if signed.size == TreeSize(0) => return Ok(()),
        read => read?.1,
    };
    if published == *signed {
        return Ok(());
    }
    if published.size == signed.size {
        return Err(AuditError::AlteredFile { path });
    }
    if published.size != base {
        return Err(AuditError::OutOfStep { path, published: published.size, signed: signed.size });
    }
    Ok(())
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

#[cfg(test)]
mod tests;

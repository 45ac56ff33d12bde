//! The log on disk, for the one process that writes it.
//!
//! # What lies where
//!
//! ```text
//! checkpoint              the last checkpoint, for everybody to read
//! checkpoints/<size>      every checkpoint that was ever signed
//! tile/<L>/<N>[.p/<W>]    hashes          tile/entries/<N>[.p/<W>]    entries
//! .state/lock             held by the writer as long as it lives
//! .state/journal          what was committed since the log was last settled; empty at rest
//! .state/signed           the last checkpoint at which the log was settled
//! .state/alarm            why this log must not sign any more; there only after an alarm
//! .state/staging/         files that are not finished
//! ```
//!
//! # The order of writes
//!
//! An append is one batch, and returns when all of it is durable:
//!
//! 1. The new root is computed, and the new checkpoint is signed. It is in memory only.
//! 2. `.state/signed` and the length of the journal are compared with what this process wrote last: somebody who did not
//!    mind the lock is noticed here. Nothing else may stand where this append will write: it would be of a later state of the
//!    log, over which an older one was put back.
//! 3. The batch and the checkpoint are added to the journal as one record, which is synced. This is the commit, and the only
//!    sync that an append waits for: a crash before it leaves the log as it was, and after it the entries are in the log,
//!    whatever else happens.
//! 4. The copy of the checkpoint that is kept elsewhere, if one is ([`super::CheckpointCopy`]), is replaced: written aside,
//!    synced, renamed, its directory synced. It comes after the commit, so it never knows more than the log, and before
//!    everything that others can see, so nothing that was ever seen is unknown to it.
//! 5. Tiles and bundles are created, and `checkpoints/<size>`. None is ever changed; if one is there already it must have the
//!    same bytes. Then `checkpoint` is replaced: now everybody can see the entries, and everything it vouches for is there.
//!    None of these is synced: the journal can give all of them again. The append is acknowledged.
//!
//! The log is settled whenever a bundle has become full, when it is opened, and when it is closed:
//!
//! 6. All that was written in step 5 since it was last settled is synced, with its directories.
//! 7. `.state/signed` is replaced by the last checkpoint, durably. The journal is not needed any more.
//! 8. Partial tiles whose full tile was created are removed, and their directories synced.
//! 9. The journal is emptied.
//!
//! If any write or sync fails, what is on the disk is no longer known: after a failed fsync the system may show pages that it
//! has dropped. Such a [`Log`] refuses everything and must be opened again.
//!
//! # Opening
//!
//! The end of the log is read at the size of `.state/signed`, and verified against it. Then the records of the journal that
//! continue it are applied. First the journal is written anew, durably: a record may be whole in memory only, where the process
//! was killed before its sync. Each record must give the root that its own checkpoint signs. The files they make are written anew
//! over whatever is there, since after a power cut a file that was not synced may hold anything, except a signed checkpoint of
//! another root; and the log is settled. A record
//! that is not whole at the end of the journal was never synced, so nobody was told that it was written: it is dropped.
//! A checkpoint of more entries than the log then has, signed by its key and kept in `checkpoints` or `witnessed`, is of a later
//! state: the log was rolled back, and is refused.
//! Records that `.state/signed` already covers are of an append that was settled; only step 8 is done again for them. Whatever
//! else differs is refused, with the name of the file.
//!
//! Between a power cut and the next opening a reader may find files that are not whole, and says so; a process that was
//! killed, or a program that crashed, leaves none.

use std::error::Error;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::clock::UtcTime;
use crate::signed_note::{Note, NoteError, NoteSignature, NoteSigner, NoteText, VerifierKey};
use crate::tlog::{Checkpoint, LeafIndex, RightEdge, TILE_WIDTH, Tile, TileKind, TreeSize, edge_tiles, leaf_hash};

use super::alarm::Alarm;
use super::bundle;
use super::disk::{self, Disk};
use super::entry::{Entry, EntryError};
use super::error::AuditError;
use super::fsck;
use super::journal::{BATCH_MAX_BYTES, Batch, Record};
use super::place::{CheckpointCopy, Place};
use super::tiles::tile_bytes;

/// The published checkpoint.
pub(super) const CHECKPOINT: &str = "checkpoint";
/// Every checkpoint that was signed.
pub(super) const CHECKPOINTS: &str = "checkpoints";
pub(super) const STATE: &str = ".state";
pub(super) const LOCK: &str = ".state/lock";
pub(super) const JOURNAL: &str = ".state/journal";
pub(super) const SIGNED: &str = ".state/signed";
pub(super) const STAGING: &str = ".state/staging";

/// The largest checkpoint that is read: the text, and as many witnesses as a note may have signatures.
pub(super) const CHECKPOINT_MAX_BYTES: u64 = 64 * 1024;

type Sign = dyn Fn(&NoteText) -> Result<NoteSignature, Box<dyn Error + Send + Sync>> + Send;

/// The log's key, whatever keeps it.
pub(super) struct Key {
    pub(super) verifier: VerifierKey,
    sign: Box<Sign>,
}

impl Key {
    pub(super) fn new<S: NoteSigner + Send + 'static>(signer: S) -> Self {
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

/// The journal while it is open.
pub(super) struct Journal {
    pub(super) file: File,
    /// How long this process has made it.
    pub(super) length: u64,
}

/// A log that this process writes, and no other.
///
/// It names itself as its key is named: the origin of its checkpoints is the name of the signer's key. It is settled when it
/// is dropped; [`Log::close`] also tells whether that went well.
pub struct Log {
    pub(super) disk: Disk,
    pub(super) key: Key,
    pub(super) copy: Option<CheckpointCopy>,
    pub(super) journal: Journal,
    /// What `.state/signed` holds.
    pub(super) settled: Vec<u8>,
    /// The last checkpoint that was committed.
    pub(super) signed: Vec<u8>,
    pub(super) edge: RightEdge,
    /// The last bundle, while it is not full.
    pub(super) bundle: Vec<u8>,
    /// The time of the last entry.
    pub(super) last: Option<UtcTime>,
    pub(super) poisoned: bool,
    pub(super) alarm: Alarm,
    /// Locked until it is closed, which happens when the log is dropped or the process ends, however it ends.
    pub(super) _lock: File,
}

impl Drop for Log {
    fn drop(&mut self) {
        // What fails here is in the journal, and done by the next opening.
        let _ = self.settle_what_is_left();
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").field("key", &self.key.verifier).field("size", &self.size()).finish_non_exhaustive()
    }
}

impl Log {
    /// Makes a new, empty log; its directory is made if it is not there.
    pub fn create<S: NoteSigner + Send + 'static>(place: impl Into<Place>, signer: S) -> Result<Self, AuditError> {
        let place = place.into();
        Self::create_on(Disk::new(&place.dir, STAGING), place.copy, Key::new(signer))
    }

    fn create_on(mut disk: Disk, copy: Option<CheckpointCopy>, key: Key) -> Result<Self, AuditError> {
        copy.iter().try_for_each(|copy| copy.check_before_creation(&key.verifier))?;
        disk.make_root()?;
        let made = [STATE, STAGING, CHECKPOINTS].map(|name| disk.path(name));
        made.iter().try_for_each(|dir| disk.make_dir(dir))?;
        let lock = lock(&disk)?;
        let alarm = Alarm::on(Disk::new(disk.root(), STAGING));
        alarm.check()?;
        let begun = [SIGNED, CHECKPOINT, "tile"].iter().any(|name| disk.path(name).exists());
        if begun || !fsck::list(&disk.path(CHECKPOINTS))?.is_empty() || !disk.is_empty(JOURNAL)? {
            return Err(AuditError::AlreadyALog { dir: disk.root().to_owned() });
        }
        let journal = Journal { file: disk.open_to_append(JOURNAL)?, length: 0 };
        let edge = RightEdge::default();
        let signed = key.sign(&checkpoint_of(&key, &edge))?;
        // Synced with its directory, and the lock and the journal with it. From here on this is a log.
        disk.replace(SIGNED, &signed)?;
        let (settled, bundle) = (signed.clone(), Vec::new());
        let log = Self {
            disk,
            key,
            copy,
            journal,
            settled,
            signed,
            edge,
            bundle,
            last: None,
            poisoned: true,
            alarm,
            _lock: lock,
        };
        log.begin()
    }

    /// The rest of a creation, after its commit. May be done again.
    pub(super) fn begin(mut self) -> Result<Self, AuditError> {
        if let Some(copy) = &self.copy {
            copy.check(&mut self.disk, &self.key.verifier, &checkpoint_of(&self.key, &self.edge), &self.signed)?;
        }
        self.disk.create(&format!("{CHECKPOINTS}/{}", self.size()), &self.signed)?;
        self.disk.replace(CHECKPOINT, &self.signed)?;
        self.settle(&[])?;
        self.poisoned = false;
        Ok(self)
    }

    /// Opens a log for writing: finishes what was interrupted, and verifies the end of the log.
    ///
    /// The whole log is verified by [`super::LogReader::verify_all`].
    pub fn open<S: NoteSigner + Send + 'static>(place: impl Into<Place>, signer: S) -> Result<Self, AuditError> {
        let place = place.into();
        Self::open_on(Disk::new(&place.dir, STAGING), place.copy, Key::new(signer))
    }

    /// Where it lies.
    pub fn dir(&self) -> &Path {
        self.disk.root()
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
    /// log as it was; so does an alarm. After any other error it is not known whether the batch was written: the log is
    /// poisoned, and opening it again finds out.
    pub fn append(&mut self, entries: &[Entry]) -> Result<Vec<LeafIndex>, AuditError> {
        self.append_groups(&[entries])?.pop().unwrap_or(Ok(Vec::new()))
    }

    /// Appends several groups of entries in one commit, in this order. Each group is written whole or refused for itself:
    /// the result has the numbers of its entries, or why it was refused. Otherwise as [`Log::append`].
    pub fn append_groups(
        &mut self,
        groups: &[&[Entry]],
    ) -> Result<Vec<Result<Vec<LeafIndex>, AuditError>>, AuditError> {
        self.alarm.check()?;
        if self.poisoned {
            return Err(AuditError::Poisoned);
        }
        let mut draft = Draft::new(self.size(), self.last);
        let written = groups.iter().map(|group| draft.add(group)).collect();
        if draft.batch.count > 0 {
            self.poisoned = true;
            self.last = draft.last;
            self.commit(draft.batch)?;
            self.poisoned = false;
        }
        Ok(written)
    }

    fn commit(&mut self, batch: Batch) -> Result<(), AuditError> {
        let filled = filled(batch.base, batch.end());
        let files = self.grow(&batch);
        let signed = self.key.sign(&self.checkpoint())?;
        self.check_not_overtaken()?;
        self.check_nothing_newer(&files, &signed)?;
        let base = batch.base;
        let record = Record { batch, signed };
        let bytes = record.to_bytes();
        self.disk.append(JOURNAL, &self.journal.file, &bytes)?;
        self.journal.length += bytes.len() as u64;
        self.signed = record.signed;
        if let Some(copy) = &self.copy {
            copy.write(&mut self.disk, &self.signed)?;
        }
        self.publish(&files)?;
        let full_before = base.0 / TILE_WIDTH;
        if self.size().0 / TILE_WIDTH > full_before { self.settle(&filled) } else { Ok(()) }
    }

    /// Compare and swap: the log is still as this process left it.
    fn check_not_overtaken(&self) -> Result<(), AuditError> {
        let path = self.disk.path(SIGNED);
        if disk::read(&path, CHECKPOINT_MAX_BYTES)? != self.settled {
            return Err(AuditError::Overtaken { path });
        }
        let path = self.disk.path(JOURNAL);
        let length = self.journal.file.metadata().map_err(|source| AuditError::read(&path, source))?.len();
        if length == self.journal.length { Ok(()) } else { Err(AuditError::Overtaken { path }) }
    }

    /// Nothing stands where this append will write, unless it is the same. What is there would be of a later state of this log,
    /// over which an older one was put back; it must be found before another checkpoint of its size is signed for good.
    fn check_nothing_newer(&self, files: &[(Tile, Vec<u8>)], signed: &[u8]) -> Result<(), AuditError> {
        files.iter().try_for_each(|(tile, bytes)| self.disk.check_free(&tile.path(), bytes))?;
        self.disk.check_free(&format!("{CHECKPOINTS}/{}", self.size()), signed)
    }

    /// Closes the log, and tells whether all of it is where it is kept. What could not be settled is in the journal.
    pub fn close(mut self) -> Result<(), AuditError> {
        let settled = self.settle_what_is_left();
        self.poisoned = true;
        settled
    }

    fn settle_what_is_left(&mut self) -> Result<(), AuditError> {
        if self.poisoned || self.journal.length == 0 { Ok(()) } else { self.settle(&[]) }
    }

    /// Adds a batch to the tree in memory, and returns the files that it makes.
    pub(super) fn grow(&mut self, batch: &Batch) -> Vec<(Tile, Vec<u8>)> {
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

    /// Step 5: everybody can see it. Not synced.
    fn publish(&mut self, files: &[(Tile, Vec<u8>)]) -> Result<(), AuditError> {
        files.iter().try_for_each(|(tile, bytes)| self.disk.lay(&tile.path(), bytes))?;
        self.disk.lay(&format!("{CHECKPOINTS}/{}", self.size()), &self.signed)?;
        self.disk.lay_over(CHECKPOINT, &self.signed)
    }

    /// Steps 6 to 9. May be done again. `filled` are partial tiles that were published and have become full since.
    pub(super) fn settle(&mut self, filled: &[Tile]) -> Result<(), AuditError> {
        filled.iter().for_each(|tile| self.disk.forget_below(&tile.partials_path()));
        self.disk.sync_created()?;
        if self.settled != self.signed {
            self.disk.replace(SIGNED, &self.signed)?;
            self.settled.clone_from(&self.signed);
        }
        // tlog-tiles, "Partial Tiles": they may go once the full tile is there.
        filled.iter().try_for_each(|tile| self.disk.remove_dir(&tile.partials_path()))?;
        self.disk.sync_created()?;
        self.disk.empty(JOURNAL, &self.journal.file)?;
        self.journal.length = 0;
        Ok(())
    }
}

/// A batch while it is put together.
struct Draft {
    batch: Batch,
    last: Option<UtcTime>,
}

impl Draft {
    fn new(base: TreeSize, last: Option<UtcTime>) -> Self {
        Self { batch: Batch { base, count: 0, records: Vec::new() }, last }
    }

    /// Adds all of a group, or nothing of it.
    fn add(&mut self, group: &[Entry]) -> Result<Vec<LeafIndex>, AuditError> {
        let (first, mut last) = (self.batch.end().0, self.last);
        let mut records = Vec::new();
        for (index, entry) in (first..).map(LeafIndex).zip(group) {
            let refuse = |source| AuditError::Refused { index, source };
            check_time(last, entry.at).map_err(refuse)?;
            last = Some(entry.at);
            bundle::put(&mut records, &entry.to_bytes(index).map_err(refuse)?);
        }
        let bytes = self.batch.records.len() + records.len();
        if bytes > BATCH_MAX_BYTES {
            return Err(AuditError::BatchTooLarge { bytes, max: BATCH_MAX_BYTES });
        }
        self.batch.records.append(&mut records);
        self.batch.count += group.len() as u64;
        self.last = last;
        Ok((first..self.batch.end().0).map(LeafIndex).collect())
    }
}

/// The partial tiles of a log of size `base` that are full at `size`.
pub(super) fn filled(base: TreeSize, size: TreeSize) -> Vec<Tile> {
    let is_full = |tile: &Tile| {
        let level = match tile.kind {
            TileKind::Hashes { level } => u32::from(level),
            TileKind::Entries => 0,
        };
        size.0.checked_shr(8 * (level + 1)).unwrap_or(0) > tile.index
    };
    let partial = edge_tiles(base).into_iter().chain(partial_bundle(base));
    partial.filter(|tile| !tile.is_full()).filter(is_full).collect()
}

pub(super) fn checkpoint_of(key: &Key, edge: &RightEdge) -> Checkpoint {
    Checkpoint { origin: key.verifier.name().clone(), size: edge.size(), root: edge.root() }
}

fn partial_bundle(size: TreeSize) -> Option<Tile> {
    let width = size.0 % TILE_WIDTH;
    (width > 0).then_some(Tile { kind: TileKind::Entries, index: size.0 / TILE_WIDTH, width })
}

pub(super) fn kept(disk: &Disk, size: TreeSize) -> PathBuf {
    disk.path(CHECKPOINTS).join(size.to_string())
}

pub(super) fn lock(disk: &Disk) -> Result<File, AuditError> {
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

#[cfg(test)]
pub(super) mod tests;

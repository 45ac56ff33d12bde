//! The log on disk, for the one process that writes it.
//!
//! # What lies where
//!
//! ```text
//! checkpoint              the last checkpoint that was published, for everybody to read
//! checkpoints/<size>      every checkpoint that was ever published, and after a crash those that were only committed
//! tile/<L>/<N>[.p/<W>]    hashes          tile/entries/<N>[.p/<W>]    entries
//! .state/lock             held by the writer as long as it lives
//! .state/journal          what was committed since the log was last settled, and old records
//! .state/signed           the last checkpoint at which the log was settled
//! .state/alarm            why this log must not sign any more; there only after an alarm
//! .state/staging/         files that are not finished
//! ```
//!
//! # The order of writes
//!
//! An append is one batch, and returns when all of it is durable:
//!
//! 1. The log's key vouches for the batch and for all that was before it: by its seal, or where it has none the tree grows,
//!    and the new checkpoint is signed ([`super::key`]). It is in memory only.
//! 2. `.state/signed` and the journal are compared with what this process wrote last: somebody who did not mind the lock is
//!    noticed here.
//! 3. The batch, and what vouches for it, are written into the journal as one record, which is synced. This is the commit, and
//!    the only sync that an append waits for: a crash before it leaves the log as it was, and after it the entries are in the
//!    log, whatever else happens.
//! 4. Where a copy of the checkpoint is kept elsewhere ([`super::CheckpointCopy`]), the tree grows, its checkpoint is signed,
//!    and the copy is replaced: written aside, synced, renamed, its directory synced. It comes after the commit, so it never
//!    knows more than the log, and before everything that others can see, so nothing that was ever seen is unknown to it. The
//!    append is acknowledged.
//!
//! Publishing makes the entries of one or several appends visible, a fraction of a second after the first of them
//! ([`super::Log`] says when):
//!
//! 5. The tree grows and the checkpoint is signed, if that was not done before and no alarm was raised since: after an alarm
//!    what was sealed stays in the journal, and is signed by the opening after it. Tiles and bundles are created, and
//!    `checkpoints/<size>`. None is ever changed; if one is there already it must have the same bytes: otherwise it is of a
//!    later state of the log, over which an older one was put back. Then `checkpoint` is replaced: now everybody can see the
//!    entries, and everything it vouches for is there. None of these is synced: the journal can give all of them again.
//!
//! Before anything is published, and before the log is settled, the comparison of step 2 with `.state/signed` and the journal
//! is made again: the directory may have been replaced by a backup since, which somebody else holds and has written to.
//!
//! The log is settled when the journal is full, after [`PUBLICATIONS_MAX`] publications, when it is opened, and when it is
//! closed:
//!
//! 6. What is not published is published. All that was written in step 5 since the log was last settled is synced, with its
//!    directories.
//! 7. `.state/signed` is replaced by the last checkpoint, durably. The journal is not needed any more.
//! 8. Partial tiles whose full tile was created are removed, and their directories synced.
//! 9. The next record will be written over the first one in the journal.
//!
//! If any write or sync fails, what is on the disk is no longer known: after a failed fsync the system may show pages that it
//! has dropped. Such a [`Store`] refuses everything and must be opened again.
//!
//! # What an append costs
//!
//! Two waits for the disk: the record's blocks, and the flush of the disk's own memory. All else is arranged so that there is
//! no third. The journal's length and place on the disk never change, so its sync has nothing else to write down; it is
//! written once for each append; and nobody asks when it was written ([`super::held`]). The root and its signature, more than
//! 20 µs, are made once for all appends that are published together, if the key can vouch for a record without them.
//!
//! # Why an append may be acknowledged before it is published
//!
//! What was acknowledged can only be lost if the journal is, and that is synced. Who reads the static files sees a log that
//! was true a moment ago, and whole: `checkpoint` comes last, so it never vouches for what is not there. Nobody who reads
//! them can be shown something that is later taken back, because whatever is published was committed before. A witness
//! cosigns only what is published, so it never knows more than the log. And where the writer dies between the commit and the
//! publication, the next opening publishes; until then the copy elsewhere is ahead of `checkpoint`, and a reader who sees the
//! journal can tell that from a log that was put back ([`super::LogReader::committed`]).
//!
//! # Opening
//!
//! The end of the log is read at the size of `.state/signed`, and verified against it. Then the records of the journal that
//! count are applied ([`super::journal`] says which those are). First they are written once more where they stand, and
//! synced: a record may be whole in memory only, where the process was killed before its sync. The log's key must have
//! vouched for each, by a seal or by signing the root that it gives; what was sealed is signed now. The files they make are
//! written anew over whatever is there, since after a power cut a file that was not synced may hold anything, except a signed
//! checkpoint of another root; and the log is settled. A record that is not whole was never synced, so nobody was told that
//! it was written: it is dropped, and its first block erased once all that follows was looked at. A checkpoint of more
//! entries than the log then has, signed by its key and kept in `checkpoints` or `witnessed`, is of a later state: the log
//! was rolled back, and is refused. So it is where a last tile or bundle has more than the log. This is looked at here,
//! before anything is signed, and not at every append: as long as the writer lives nobody else writes into the log without
//! step 2 noticing it, and what somebody only lays beside it stops the publication, before anybody has seen what was signed.
//! Old records are of appends that were settled; only step 8 is done again for them. Whatever else differs is refused, with
//! the name of the file.
//!
//! Between a power cut and the next opening a reader may find files that are not whole, and says so; a process that was
//! killed, or a program that crashed, leaves none.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::signed_note::{Note, NoteError, VerifierKey};
use crate::tlog::{Checkpoint, LeafIndex, RightEdge, TILE_WIDTH, Tile, TileKind, TreeSize, edge_tiles, leaf_hash};

use super::alarm::Alarm;
use super::bundle;
use super::disk::{self, Disk};
use super::entry::{Entry, EntryError};
use super::error::AuditError;
use super::fsck;
use super::held::Held;
use super::journal::{BATCH_MAX_BYTES, Batch, Body, JournalFile};
use super::key::{Key, SEAL_BYTES, Voucher};
use super::place::{CheckpointCopy, Place};
use super::read::foreign;
use super::tiles::tile_bytes;

/// The published checkpoint.
pub(super) const CHECKPOINT: &str = "checkpoint";
/// Every checkpoint that was published.
pub(super) const CHECKPOINTS: &str = "checkpoints";
pub(super) const STATE: &str = ".state";
pub(super) const LOCK: &str = ".state/lock";
pub(super) const JOURNAL: &str = ".state/journal";
pub(super) const SIGNED: &str = ".state/signed";
pub(super) const STAGING: &str = ".state/staging";

/// The largest checkpoint that is read: the text, and as many witnesses as a note may have signatures.
pub(super) const CHECKPOINT_MAX_BYTES: u64 = 64 * 1024;

/// How many publications there are between two settlings: each leaves files that a settling syncs, and an opening after a
/// crash writes anew.
const PUBLICATIONS_MAX: usize = 64;

/// The numbers of a group's entries, or why they were not written.
type Appended = Result<Vec<LeafIndex>, AuditError>;

/// The end of a log: its right edge, its last bundle while that is not full, and the time of its last entry.
pub(super) type End = (RightEdge, Vec<u8>, Option<UtcTime>);

/// A log that this process writes, and no other.
///
/// It names itself as its key is named: the origin of its checkpoints is the name of the signer's key. It is settled when it
/// is dropped; [`Store::close`] also tells whether that went well.
pub(super) struct Store {
    pub(super) disk: Disk,
    pub(super) key: Key,
    pub(super) copy: Option<CheckpointCopy>,
    pub(super) journal: JournalFile,
    /// What `.state/signed` holds.
    pub(super) settled: Vec<u8>,
    settled_in: Held,
    /// The checkpoint of what was committed last, once it was signed.
    pub(super) signed: Option<Vec<u8>>,
    /// What was committed and is not in the tree yet.
    committed: Vec<Batch>,
    /// What the seal of the next record is over, before its own digest.
    pub(super) sealed: [u8; SEAL_BYTES],
    pub(super) edge: RightEdge,
    /// The last bundle, while it is not full.
    pub(super) bundle: Vec<u8>,
    /// The full tiles and bundles that are not published yet.
    pub(super) full: Vec<(Tile, Vec<u8>)>,
    /// The size at which the log was settled, and those at which it was published since.
    pub(super) published: Vec<TreeSize>,
    /// The time of the last entry.
    pub(super) last: Option<UtcTime>,
    pub(super) poisoned: bool,
    /// What poisoned it, until somebody was told.
    pub(super) failed: Option<AuditError>,
    pub(super) alarm: Alarm,
    /// Locked until it is closed, which happens when the log is dropped or the process ends, however it ends.
    pub(super) _lock: File,
}

impl Drop for Store {
    fn drop(&mut self) {
        // What fails here is in the journal, and done by the next opening.
        let _ = self.settle_what_is_left();
    }
}

impl Store {
    /// Makes a new, empty log; its directory is made if it is not there.
    pub(super) fn create(place: Place, key: Key) -> Result<Self, AuditError> {
        Self::create_on(Disk::new(&place.dir, STAGING), place.copy, key)
    }

    pub(super) fn create_on(mut disk: Disk, copy: Option<CheckpointCopy>, key: Key) -> Result<Self, AuditError> {
        copy.iter().try_for_each(|copy| copy.check_before_creation(&key.verifier))?;
        disk.make_root()?;
        let made = [STATE, STAGING, CHECKPOINTS].map(|name| disk.path(name));
        made.iter().try_for_each(|dir| disk.make_dir(dir))?;
        let lock = lock(&disk)?;
        let alarm = Alarm::of(disk.root());
        alarm.check()?;
        let begun = [SIGNED, CHECKPOINT, "tile"].iter().any(|name| disk.path(name).exists());
        if begun || !fsck::list(&disk.path(CHECKPOINTS))?.is_empty() {
            return Err(AuditError::AlreadyALog { dir: disk.root().to_owned() });
        }
        let journal = JournalFile::create(&mut disk)?;
        if !journal.is_blank(&disk)? {
            return Err(AuditError::AlreadyALog { dir: disk.root().to_owned() });
        }
        let edge = RightEdge::default();
        let signed = key.sign(&checkpoint_of(&key, &edge))?;
        // Synced with its directory, and the lock and the journal with it. From here on this is a log.
        disk.replace(SIGNED, &signed)?;
        Self::at(disk, copy, key, (journal, lock, alarm), signed, (edge, Vec::new(), None))?.begin()
    }

    /// A log that was settled with this checkpoint and has this end. It is not to be used before it was made sure of.
    pub(super) fn at(
        disk: Disk,
        copy: Option<CheckpointCopy>,
        key: Key,
        (journal, lock, alarm): (JournalFile, File, Alarm),
        signed: Vec<u8>,
        (edge, bundle, last): End,
    ) -> Result<Self, AuditError> {
        Ok(Self {
            settled_in: Held::open(disk.path(SIGNED))?,
            disk,
            key,
            copy,
            journal,
            sealed: *Digest::of(&signed).as_bytes(),
            settled: signed.clone(),
            signed: Some(signed),
            committed: Vec::new(),
            published: vec![edge.size()],
            edge,
            bundle,
            full: Vec::new(),
            last,
            poisoned: true,
            failed: None,
            alarm,
            _lock: lock,
        })
    }

    /// The rest of a creation, after its commit. May be done again.
    pub(super) fn begin(mut self) -> Result<Self, AuditError> {
        let signed = self.signed()?;
        if let Some(copy) = &self.copy
            && copy.is_behind(&self.key.verifier, self.size())?
        {
            copy.write(&mut self.disk, &signed)?;
        }
        self.disk.create(&kept(self.size()), &signed)?;
        self.disk.replace(CHECKPOINT, &signed)?;
        self.settle()?;
        self.poisoned = false;
        Ok(self)
    }

    /// How many entries there are.
    pub(super) fn size(&self) -> TreeSize {
        self.committed.last().map_or(self.edge.size(), Batch::end)
    }

    /// What was committed last.
    pub(super) fn checkpoint(&mut self) -> Checkpoint {
        self.grow();
        checkpoint_of(&self.key, &self.edge)
    }

    /// Commits several groups of entries at once, in this order; see [`super::Log::append_groups`]. They are not published.
    pub(super) fn append_groups(&mut self, groups: &[&[Entry]]) -> Result<Vec<Appended>, AuditError> {
        self.alarm.check()?;
        self.check_sound()?;
        let mut draft = Draft::new(self.size(), self.last);
        let written = groups.iter().map(|group| draft.add(group)).collect();
        if draft.batch.count > 0 {
            self.poisoned = true;
            self.last = draft.last;
            self.commit(draft.batch)?;
            self.poisoned = false;
            if self.journal.is_full() {
                self.beyond_commit(Self::settle);
            }
        }
        Ok(written)
    }

    /// Steps 1 to 4. Whatever may be refused is done before anything is written: so after an alarm none of the batch is there.
    fn commit(&mut self, batch: Batch) -> Result<(), AuditError> {
        let (base, body) = (batch.base, Body::of(&batch));
        self.add(batch);
        let voucher = match self.key.seal(&self.sealed, &body.digest()) {
            Some(seal) => Voucher::Sealed(seal),
            None => Voucher::Signed(self.signed()?),
        };
        let copied = self.copy.is_some().then(|| self.signed()).transpose()?;
        self.check_not_overtaken(base)?;
        self.journal.append(&mut self.disk, body.with(&voucher))?;
        if let Voucher::Sealed(seal) = voucher {
            self.sealed = seal;
        }
        let copied = self.copy.as_ref().zip(copied);
        copied.map_or(Ok(()), |(copy, signed)| copy.write(&mut self.disk, &signed))
    }

    /// Does what comes after a commit. What goes wrong poisons the log, and is told to whoever uses it next: what was committed
    /// is durable all the same.
    fn beyond_commit(&mut self, work: impl FnOnce(&mut Self) -> Result<(), AuditError>) {
        self.poisoned = true;
        match work(self) {
            Ok(()) => self.poisoned = false,
            Err(error) => self.failed = Some(error),
        }
    }

    /// The checkpoint of what was committed last, signed, for others to see.
    pub(super) fn signed(&mut self) -> Result<Vec<u8>, AuditError> {
        let signed = match self.signed.take() {
            Some(signed) => signed,
            None => {
                // What was sealed before the alarm waits until somebody has settled it.
                self.alarm.check()?;
                let checkpoint = self.checkpoint();
                self.key.sign(&checkpoint)?
            }
        };
        Ok(self.signed.insert(signed).clone())
    }

    /// Refuses a log that is poisoned: at first with what poisoned it.
    pub(super) fn check_sound(&mut self) -> Result<(), AuditError> {
        if self.poisoned { Err(self.failed.take().unwrap_or(AuditError::Poisoned)) } else { Ok(()) }
    }

    /// Compare and swap: the log is still as this process left it, of this size.
    fn check_not_overtaken(&self, size: TreeSize) -> Result<(), AuditError> {
        self.settled_in.check_holds(&self.settled)?;
        self.journal.check_untouched(size)
    }

    /// Closes the log, and tells whether all of it is where it is kept. What could not be settled is in the journal.
    pub(super) fn close(&mut self) -> Result<(), AuditError> {
        let is_settled = self.journal.is_rewound();
        let settled = self.check_sound().and_then(|()| match is_settled {
            // What was settled must still be what stands there.
            true => self.check_not_overtaken(self.size()),
            false => self.settle(),
        });
        let blank = settled.and_then(|()| self.journal.erase_first(&mut self.disk));
        self.poisoned = true;
        blank
    }

    pub(super) fn settle_what_is_left(&mut self) -> Result<(), AuditError> {
        if self.poisoned || self.journal.is_rewound() { Ok(()) } else { self.settle() }
    }

    /// Adds a batch to what was committed. Nobody has signed that.
    pub(super) fn add(&mut self, batch: Batch) {
        self.committed.push(batch);
        self.signed = None;
    }

    /// Brings all that was committed into the tree in memory.
    pub(super) fn grow(&mut self) {
        let committed = std::mem::take(&mut self.committed);
        committed.iter().for_each(|batch| self.grow_by(&batch.records));
    }

    fn grow_by(&mut self, mut entries: &[u8]) {
        while let Some(entry) = bundle::take(&mut entries) {
            bundle::put(&mut self.bundle, entry);
            self.edge.push(leaf_hash(entry), |tile, hashes| self.full.push((tile, tile_bytes(hashes))));
            if self.edge.size().0.is_multiple_of(TILE_WIDTH) {
                let index = self.edge.size().0 / TILE_WIDTH - 1;
                let full = Tile { kind: TileKind::Entries, index, width: TILE_WIDTH };
                self.full.push((full, std::mem::take(&mut self.bundle)));
            }
        }
    }

    /// The partial tiles at the end of the log that it did not have when it was of size `base`, the bundle last.
    pub(super) fn partial_tiles(&self, base: TreeSize) -> Vec<Tile> {
        let before = edge_tiles(base);
        let new = edge_tiles(self.size()).into_iter().filter(|tile| !before.contains(tile));
        new.chain(partial_bundle(self.size())).collect()
    }

    /// What is in such a tile.
    pub(super) fn partial_bytes(&self, tile: Tile) -> Vec<u8> {
        match tile.kind {
            TileKind::Hashes { level } => tile_bytes(self.edge.partial(level)),
            TileKind::Entries => self.bundle.clone(),
        }
    }

    /// Whether everybody can see all that was committed.
    pub(super) fn is_published(&self) -> bool {
        self.published.last() == Some(&self.size())
    }

    /// Makes visible what was committed.
    pub(super) fn publish(&mut self) {
        if !self.poisoned && !self.is_published() {
            self.beyond_commit(|store| {
                store.lay_out()?;
                if store.published.len() > PUBLICATIONS_MAX { store.settle() } else { Ok(()) }
            });
        }
    }

    /// Step 5: everybody can see it. Not synced.
    fn lay_out(&mut self) -> Result<(), AuditError> {
        self.check_not_overtaken(self.size())?;
        let signed = self.signed()?;
        for (tile, bytes) in &self.full {
            self.disk.lay(&tile.path(), bytes)?;
        }
        self.full.clear();
        for tile in self.partial_tiles(self.published.last().copied().unwrap_or_default()) {
            self.disk.lay(&tile.path(), &self.partial_bytes(tile))?;
        }
        self.disk.lay(&kept(self.size()), &signed)?;
        self.disk.lay_over(CHECKPOINT, &signed)?;
        self.published.push(self.size());
        Ok(())
    }

    /// Steps 6 to 9. May be done again.
    pub(super) fn settle(&mut self) -> Result<(), AuditError> {
        self.check_not_overtaken(self.size())?;
        if !self.is_published() {
            self.lay_out()?;
        }
        // Partial tiles that were published and have become full since.
        let filled = filled(&self.published, self.size());
        filled.iter().for_each(|tile| self.disk.forget_below(&tile.partials_path()));
        self.disk.sync_created()?;
        let signed = self.signed()?;
        if self.settled != signed {
            // Syncing took its time.
            self.check_not_overtaken(self.size())?;
            self.disk.replace(SIGNED, &signed)?;
            self.sealed = *Digest::of(&signed).as_bytes();
            self.settled = signed;
            self.settled_in = Held::open(self.disk.path(SIGNED))?;
        }
        // tlog-tiles, "Partial Tiles": they may go once the full tile is there.
        filled.iter().try_for_each(|tile| self.disk.remove_dir(&tile.partials_path()))?;
        self.disk.sync_created()?;
        self.journal.rewind(&mut self.disk)?;
        self.published = vec![self.size()];
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

/// The partial tiles that a log had at one of the sizes `bases` and that are full at `size`.
fn filled(bases: &[TreeSize], size: TreeSize) -> Vec<Tile> {
    let is_full = |tile: &Tile| {
        let level = match tile.kind {
            TileKind::Hashes { level } => u32::from(level),
            TileKind::Entries => 0,
        };
        size.0.checked_shr(8 * (level + 1)).unwrap_or(0) > tile.index
    };
    let partial = bases.iter().flat_map(|base| edge_tiles(*base).into_iter().chain(partial_bundle(*base)));
    let mut filled: BTreeMap<String, Tile> = BTreeMap::new();
    filled.extend(partial.filter(|tile| !tile.is_full() && is_full(tile)).map(|tile| (tile.partials_path(), tile)));
    filled.into_values().collect()
}

pub(super) fn checkpoint_of(key: &Key, edge: &RightEdge) -> Checkpoint {
    Checkpoint { origin: key.verifier.name().clone(), size: edge.size(), root: edge.root() }
}

fn partial_bundle(size: TreeSize) -> Option<Tile> {
    let width = size.0 % TILE_WIDTH;
    (width > 0).then_some(Tile { kind: TileKind::Entries, index: size.0 / TILE_WIDTH, width })
}

/// Where the checkpoint of this size is kept.
pub(super) fn kept(size: TreeSize) -> String {
    format!("{CHECKPOINTS}/{size}")
}

/// The lock, for as long as the file is held. A process that ends at this moment, or a child that one has just begun, may have
/// its part in it for an instant yet.
pub(super) fn lock(disk: &Disk) -> Result<File, AuditError> {
    const PATIENCE: Duration = Duration::from_millis(250);
    const PAUSE: Duration = Duration::from_millis(10);
    let path = disk.path(LOCK);
    let open = File::options().create(true).truncate(false).write(true).open(&path);
    let file = open.map_err(|source| AuditError::write("open the lock", &path, source))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Err(AuditError::Locked { path }),
            Err(TryLockError::Error(source)) => return Err(AuditError::write("lock", &path, source)),
        }
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
        return Err(foreign(&note, path, checkpoint.origin, std::slice::from_ref(key), key.name()));
    }
    note.verify(std::slice::from_ref(key)).map_err(not_signed)?;
    Ok(checkpoint)
}

#[cfg(test)]
pub(super) mod tests;

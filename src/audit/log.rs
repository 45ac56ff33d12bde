//! The log as its writer uses it: a [`Store`], and a thread that publishes what was committed.
//!
//! An append returns when its entries are durable. Publishing takes four files, whose making costs the processor as much as the
//! commit costs the disk; so it is done for several appends together. The thread waits until something was committed, then
//! [`PUBLISH_AFTER`] (longer on a busy disk, but at most [`PAUSE_MAX`]), and publishes. While appends follow each other without
//! a pause it might never find the log free; so it says that it waits, and the append that ends next publishes for it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::signed_note::{NoteSigner, VerifierKey};
use crate::tlog::{Checkpoint, LeafIndex, TreeSize};

use super::alarm::Alarm;
use super::entry::Entry;
use super::error::AuditError;
use super::key::Key;
use super::place::Place;
use super::store::Store;

/// How long what was committed may wait to be published: hundreds of appends, and less than any reader notices. Witnesses are
/// asked once a second.
const PUBLISH_AFTER: Duration = Duration::from_millis(200);

/// On a busy disk a publication takes longer. The pause after it is so many times as long, so that it takes at most this share
/// of the writer's time.
const PAUSE_FACTOR: u32 = 10;

/// The longest pause.
pub(super) const PAUSE_MAX: Duration = Duration::from_millis(500);

/// A log that this process writes, and no other.
///
/// It names itself as its key is named: the origin of its checkpoints is the name of the signer's key. When it is dropped all
/// of it is published and settled; [`Log::close`] also tells whether that went well.
pub struct Log {
    pub(super) shared: Arc<Shared>,
    publisher: Option<JoinHandle<()>>,
    dir: PathBuf,
    verifier: VerifierKey,
    alarm: Alarm,
}

/// What the log and its thread have in common.
pub(super) struct Shared {
    store: Mutex<Store>,
    /// The thread waits for the store.
    is_due: AtomicBool,
    bell: Mutex<Bell>,
    rung: Condvar,
}

/// What the thread waits for.
#[derive(Default)]
struct Bell {
    /// Something was committed and not published.
    committed: bool,
    /// The log is closed.
    closed: bool,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").field("key", &self.verifier).field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // What fails here is in the journal, and done by the next opening.
        let _ = self.end();
    }
}

impl Log {
    /// Makes a new, empty log; its directory is made if it is not there.
    pub fn create<S: NoteSigner + Send + 'static>(place: impl Into<Place>, signer: S) -> Result<Self, AuditError> {
        Self::of(Store::create(place.into(), Key::new(signer))?)
    }

    /// Opens a log for writing: finishes what was interrupted, and verifies the end of the log.
    ///
    /// The whole log is verified by [`super::LogReader::verify_all`].
    pub fn open<S: NoteSigner + Send + 'static>(place: impl Into<Place>, signer: S) -> Result<Self, AuditError> {
        Self::of(Store::open(place.into(), Key::new(signer))?)
    }

    fn of(store: Store) -> Result<Self, AuditError> {
        let (dir, verifier, alarm) = (store.disk.root().to_owned(), store.key.verifier.clone(), store.alarm.clone());
        let (is_due, bell, rung) = (AtomicBool::new(false), Mutex::default(), Condvar::new());
        let shared = Arc::new(Shared { store: Mutex::new(store), is_due, bell, rung });
        let its = Arc::clone(&shared);
        let publisher = thread::Builder::new().name("publish".to_owned()).spawn(move || its.publish_when_due());
        let publisher =
            publisher.map_err(|source| AuditError::write("start the thread that publishes", &dir, source))?;
        Ok(Self { shared, publisher: Some(publisher), dir, verifier, alarm })
    }

    /// Where it lies.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How many entries there are.
    pub fn size(&self) -> TreeSize {
        self.shared.store().size()
    }

    /// The state that was committed last.
    pub fn checkpoint(&self) -> Checkpoint {
        self.shared.store().checkpoint()
    }

    /// The handle with which this log is stopped from signing, whoever holds the log by then.
    pub fn alarm(&self) -> Alarm {
        self.alarm.clone()
    }

    /// The public half of the log's key.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Appends a batch: all of it or nothing. Returns the number of each entry once all are durable. They are published a
    /// fraction of a second later; [`Log::publish`] does it now.
    ///
    /// An entry that cannot be written (too large, a fraction, earlier than the one before it) refuses the batch and leaves the
    /// log as it was; so does an alarm. After any other error it is not known whether the batch was written: the log is
    /// poisoned, and opening it again finds out. So it is when what was appended before could not be published.
    pub fn append(&mut self, entries: &[Entry]) -> Result<Vec<LeafIndex>, AuditError> {
        self.append_groups(&[entries])?.pop().unwrap_or(Ok(Vec::new()))
    }

    /// Appends several groups of entries in one commit, in this order. Each group is written whole or refused for itself:
    /// the result has the numbers of its entries, or why it was refused. Otherwise as [`Log::append`].
    pub fn append_groups(
        &mut self,
        groups: &[&[Entry]],
    ) -> Result<Vec<Result<Vec<LeafIndex>, AuditError>>, AuditError> {
        let mut store = self.shared.store();
        let written = store.append_groups(groups)?;
        if self.shared.is_due.load(Ordering::Relaxed) {
            store.publish();
        } else if !store.is_published() {
            self.shared.ring();
        }
        Ok(written)
    }

    /// Publishes what was appended: everybody can see it when this returns. A log that is poisoned says so.
    pub fn publish(&mut self) -> Result<(), AuditError> {
        let mut store = self.shared.store();
        store.publish();
        store.check_sound()
    }

    /// Closes the log, and tells whether all of it is published and where it is kept. What could not be is in the journal; a log
    /// that is poisoned says so, even if its reason was told before.
    pub fn close(mut self) -> Result<(), AuditError> {
        self.end()
    }

    fn end(&mut self) -> Result<(), AuditError> {
        let Some(publisher) = self.publisher.take() else { return Ok(()) };
        lock(&self.shared.bell).closed = true;
        self.shared.rung.notify_one();
        // A thread that panicked has left a store that is poisoned.
        let _ = publisher.join();
        self.shared.store().close()
    }
}

impl Shared {
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    /// Tells the thread that there is something to publish, unless it knows.
    fn ring(&self) {
        let mut bell = lock(&self.bell);
        if !bell.committed {
            bell.committed = true;
            self.rung.notify_one();
        }
    }

    /// The thread. What it fails in is told to whoever uses the log next.
    fn publish_when_due(&self) {
        let mut pause = PUBLISH_AFTER;
        loop {
            let bell = lock(&self.bell);
            let bell = self.rung.wait_while(bell, |bell| !bell.committed && !bell.closed);
            let bell = bell.unwrap_or_else(PoisonError::into_inner);
            let bell = self.rung.wait_timeout_while(bell, pause, |bell| !bell.closed);
            let (mut bell, _) = bell.unwrap_or_else(PoisonError::into_inner);
            if bell.closed {
                return;
            }
            bell.committed = false;
            drop(bell);
            self.is_due.store(true, Ordering::Relaxed);
            let begun = Instant::now();
            let mut store = self.store();
            self.is_due.store(false, Ordering::Relaxed);
            store.publish();
            pause = begun.elapsed().saturating_mul(PAUSE_FACTOR).clamp(PUBLISH_AFTER, PAUSE_MAX);
        }
    }
}

/// A mutex whose holder panicked is taken all the same: the store knows for itself that it was left in the middle.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;

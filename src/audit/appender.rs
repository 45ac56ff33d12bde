//! Many writers, one log: a thread owns it, and what waits together is committed together.
//!
//! A sync takes the disk milliseconds, however much it syncs. While one commit is under way the entries of other callers
//! wait in a queue; the next commit takes all of them. So the more callers there are, the less each waits for its own sync.
//!
//! The log's rule that time does not go back holds here too. The entries of one call stay together and in their order. Calls
//! that wait together are written in the order of their times, so that two callers who read the clock in one order and
//! came to the queue in the other are both served. An entry that is older than what was committed before it is refused,
//! and only its own call: its time is a statement of its author, which the log does not change and cannot put into a place that is
//! already signed. The author may say it again with the present time.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use crate::tlog::LeafIndex;

use super::entry::Entry;
use super::error::AuditError;
use super::log::Log;

/// How many calls may wait; the next ones wait for a place.
const QUEUE_MAX: usize = 1024;

/// How many entries one call has at most, and how many are committed together before another call is added to them: of
/// the largest entries, both together make half of what one batch may hold.
const CALL_MAX_ENTRIES: usize = 1024;

/// The numbers of the entries, or why they were not written. What ends the log's life is told to all who waited.
pub type Appended = Result<Vec<LeafIndex>, Arc<AuditError>>;

/// Appends to a log that a thread of its own writes. Clones append to the same log.
#[derive(Debug, Clone)]
pub struct Appender {
    queue: SyncSender<Call>,
}

#[derive(Debug)]
struct Call {
    entries: Vec<Entry>,
    answer: SyncSender<Appended>,
}

/// Entries that are on their way into the log.
#[derive(Debug)]
pub struct Pending(Receiver<Appended>);

impl Appender {
    /// Hands a log to a thread. It ends when the last clone is dropped, and gives the log back.
    pub fn start(log: Log) -> Result<(Self, JoinHandle<Log>), AuditError> {
        let (queue, calls) = sync_channel(QUEUE_MAX);
        let dir = log.dir().to_owned();
        let thread = thread::Builder::new().name("log".to_owned()).spawn(move || write(log, &calls));
        let thread = thread.map_err(|source| AuditError::write("start the thread that writes", &dir, source))?;
        Ok((Self { queue }, thread))
    }

    /// Appends entries, all of them or none. They are durable when this returns. Waits; an asynchronous caller
    /// calls it where it may block.
    pub fn append(&self, entries: Vec<Entry>) -> Appended {
        self.submit(entries)?.wait()
    }

    /// Puts entries into the queue, and waits only for a place in it.
    pub fn submit(&self, entries: Vec<Entry>) -> Result<Pending, Arc<AuditError>> {
        if entries.len() > CALL_MAX_ENTRIES {
            return Err(Arc::new(AuditError::TooManyEntries { entries: entries.len(), max: CALL_MAX_ENTRIES }));
        }
        let (answer, pending) = sync_channel(1);
        self.queue.send(Call { entries, answer }).map_err(|_| Arc::new(AuditError::Closed))?;
        Ok(Pending(pending))
    }
}

impl Pending {
    /// Waits until the entries are durable, or refused.
    pub fn wait(self) -> Appended {
        self.0.recv().unwrap_or_else(|_| Err(Arc::new(AuditError::Closed)))
    }
}

fn write(mut log: Log, calls: &Receiver<Call>) -> Log {
    while let Ok(first) = calls.recv() {
        let mut entries = first.entries.len();
        let mut waiting = vec![first];
        while entries < CALL_MAX_ENTRIES
            && let Ok(next) = calls.try_recv()
        {
            entries += next.entries.len();
            waiting.push(next);
        }
        commit(&mut log, waiting);
    }
    log
}

fn commit(log: &mut Log, mut waiting: Vec<Call>) {
    waiting.sort_by_key(|call| call.entries.first().map(|entry| entry.at));
    let groups: Vec<&[Entry]> = waiting.iter().map(|call| call.entries.as_slice()).collect();
    let answers: Vec<Appended> = match log.append_groups(&groups) {
        Ok(written) => written.into_iter().map(|one| one.map_err(Arc::new)).collect(),
        Err(error) => {
            let error = Arc::new(error);
            waiting.iter().map(|_| Err(Arc::clone(&error))).collect()
        }
    };
    for (call, answer) in waiting.into_iter().zip(answers) {
        // A caller who does not wait any more has nothing to be told.
        let _ = call.answer.send(answer);
    }
}

#[cfg(test)]
mod tests;

//! What was committed and is not published, as a reader finds it.
//!
//! An append is acknowledged, and known to the copy of the checkpoint elsewhere, a moment before it is published. A writer that
//! was killed in between leaves a log that is behind its own copy, as one is that was put back. The journal tells the two
//! apart: it holds the entries, and the root that they give can be compared with that of the copy, which is signed. It is the
//! writer's own file, and a reader cannot tell whether the log's key has sealed it; so of itself it explains nothing.

use std::thread;
use std::time::Duration;

use crate::tlog::{Checkpoint, leaf_hash};

use super::bundle;
use super::disk;
use super::error::AuditError;
use super::journal::{self, JOURNAL_BYTES, JOURNAL_MAX_BYTES};
use super::key::Voucher;
use super::log::PAUSE_MAX;
use super::read::LogReader;
use super::store::{JOURNAL, SIGNED, parse_checkpoint, read_checkpoint};
use super::tiles::Tiles;

/// How often, and with what pause, it is looked whether a writer publishes what it has committed. One that lives has by then.
const LOOKS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(if cfg!(test) {
    // The writers of tests publish at once or never.
    5
} else {
    PAUSE_MAX.as_millis() as u64 / 10
});

impl LogReader {
    /// The checkpoints that were committed after the published one, in their order, as far as the journal is there and can be
    /// read: each with the root that the published entries and those in the journal give. Mostly they are not signed yet, and
    /// whoever can write into the journal could have put them there: one of them explains a signed checkpoint that is equal
    /// to it, and nothing else.
    ///
    /// While a writer is at work there may be some at any time. One that does not become published was left behind by a writer
    /// that was interrupted, it seems; the next opening of the log publishes it, if the log's key has sealed it.
    pub fn committed(&self) -> Result<Vec<Checkpoint>, AuditError> {
        let mut committed = Vec::new();
        let (path, published) = (self.dir().join(JOURNAL), self.checkpoint().size);
        // A log is settled at what it has published. Where it was settled beyond that, an older `checkpoint` was put back.
        let settled = read_checkpoint(&self.dir().join(SIGNED), self.key()).map(|(_, settled)| settled.size);
        let Some(settled) = settled.ok().filter(|settled| *settled <= published) else { return Ok(committed) };
        let Ok(written) = disk::read(&path, JOURNAL_MAX_BYTES) else { return Ok(committed) };
        if journal::is_of_another_version(&written) {
            return Err(AuditError::OtherJournal { path });
        }
        let Some(contents) = journal::read(&written, settled) else { return Ok(committed) };
        let mut edge = Tiles::open(self.dir(), self.checkpoint())?.into_edge();
        for record in contents.records.iter().skip_while(|record| record.batch.base < published) {
            if record.batch.base != edge.size() {
                break;
            }
            let mut entries = record.batch.records.as_slice();
            while let Some(entry) = bundle::take(&mut entries) {
                edge.push(leaf_hash(entry), |_, _| {});
            }
            let found = Checkpoint { size: edge.size(), root: edge.root(), ..self.checkpoint().clone() };
            if let Voucher::Signed(signed) = &record.voucher
                && parse_checkpoint(signed, &path, self.key()).ok().as_ref() != Some(&found)
            {
                break;
            }
            committed.push(found);
        }
        Ok(committed)
    }

    /// What is wrong with the writer's journal, where its own files are there: it has its length, and holds all that was
    /// published since the log was settled. What was acknowledged after that stands nowhere else.
    pub fn journal_fault(&self) -> Option<AuditError> {
        let path = self.dir().join(JOURNAL);
        let settled = || read_checkpoint(&self.dir().join(SIGNED), self.key()).map(|(_, settled)| settled.size).ok();
        for _ in 0..LOOKS {
            let (before, published) = (settled()?, self.checkpoint().size);
            let written = disk::read(&path, JOURNAL_MAX_BYTES);
            // Settled meanwhile: look again. Settled beyond this checkpoint: it is of an older state, and nothing is known.
            if settled()? != before {
                continue;
            }
            return match written {
                _ if before > published => None,
                Err(error) => Some(error),
                Ok(written) if journal::is_of_another_version(&written) => Some(AuditError::OtherJournal { path }),
                Ok(written) if (written.len() as u64) < JOURNAL_BYTES => Some(AuditError::AlteredFile { path }),
                Ok(written) => match journal::read(&written, before) {
                    Some(contents) if contents.size >= published => None,
                    _ => Some(AuditError::AlteredFile { path }),
                },
            };
        }
        None
    }

    /// Those that are not published though a writer that lives would have done it: it was interrupted.
    pub(super) fn left_behind(&self) -> Result<Vec<Checkpoint>, AuditError> {
        let mut committed = match self.committed() {
            // What it holds is known to that version alone; nothing that was published rests on it.
            Err(AuditError::OtherJournal { .. }) => Vec::new(),
            committed => committed?,
        };
        for _ in 0..LOOKS {
            if committed.is_empty() {
                break;
            }
            thread::sleep(PAUSE);
            let published = self.anew()?.checkpoint().size;
            committed.retain(|checkpoint| checkpoint.size > published);
        }
        Ok(committed)
    }
}

#[cfg(test)]
mod tests;

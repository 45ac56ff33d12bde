//! The journal while it is open.

use std::fs::File;
use std::io::ErrorKind;

use crate::tlog::TreeSize;

use super::super::disk::{self, Disk};
use super::super::error::AuditError;
use super::super::held::Held;
use super::super::store::JOURNAL;
use super::{BLOCK_BYTES, HEADING, JOURNAL_BYTES, JOURNAL_MAX_BYTES};

const ZEROS: [u8; BLOCK_BYTES] = [0; BLOCK_BYTES];

/// The journal of a log that this process writes.
pub(in super::super) struct JournalFile {
    held: Held,
    /// Where the next record goes.
    at: u64,
    /// The last block before that, as this process wrote it.
    last: Vec<u8>,
}

impl JournalFile {
    /// Makes the journal of a log that is being made, or takes the one that is there because that was interrupted. It is
    /// durable after [`Disk::sync_created`].
    pub(in super::super) fn create(disk: &mut Disk) -> Result<Self, AuditError> {
        let path = disk.path(JOURNAL);
        let open = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let held = Held::new(open.map_err(|source| AuditError::write("open", &path, source))?, path)?;
        let length = length(&held)?;
        if length < JOURNAL_BYTES {
            fill(disk, &held, length)?;
            disk.sync_data(JOURNAL, &held.file)?;
            disk.note_created(JOURNAL);
        }
        Ok(Self { held, at: 0, last: Vec::new() })
    }

    /// Opens the journal of a log. It was there before the log was, and never became shorter: one that is missing or was cut
    /// is refused, since what was acknowledged last may have stood in it alone. So is one of another version. No record counts
    /// before [`JournalFile::confirm`].
    pub(in super::super) fn open(disk: &Disk) -> Result<Self, AuditError> {
        let path = disk.path(JOURNAL);
        let open = File::options().read(true).write(true).open(&path);
        let file = open.map_err(|source| match source.kind() {
            ErrorKind::NotFound => AuditError::read(&path, source),
            _ => AuditError::write("open", &path, source),
        })?;
        let held = Held::new(file, path)?;
        let path = || held.path().to_owned();
        if super::is_of_another_version(&held.read_at(0, HEADING.len())?) {
            return Err(AuditError::OtherJournal { path: path() });
        }
        if length(&held)? < JOURNAL_BYTES {
            return Err(AuditError::AlteredFile { path: path() });
        }
        Ok(Self { held, at: 0, last: Vec::new() })
    }

    /// All that stands in it.
    pub(in super::super) fn read(&self, disk: &Disk) -> Result<Vec<u8>, AuditError> {
        disk::read(&disk.path(JOURNAL), JOURNAL_MAX_BYTES)
    }

    /// Whether nothing was ever written into it.
    pub(in super::super) fn is_blank(&self, disk: &Disk) -> Result<bool, AuditError> {
        Ok(self.read(disk)?.iter().all(|octet| *octet == 0))
    }

    /// Whether nothing was written since it was last rewound.
    pub(in super::super) fn is_rewound(&self) -> bool {
        self.at == 0
    }

    /// Whether the log must be settled before anything more is written.
    pub(in super::super) fn is_full(&self) -> bool {
        self.at >= JOURNAL_BYTES
    }

    /// Writes records that were read from the beginning of it once more, and syncs them: they may be whole in memory only.
    pub(in super::super) fn confirm(&mut self, disk: &mut Disk, records: &[u8]) -> Result<(), AuditError> {
        if records.is_empty() { Ok(()) } else { self.append(disk, records.to_vec()) }
    }

    /// Erases the first block of a torn record behind those that count: [`JournalFile::check_untouched`] would take it for
    /// somebody else's. A last record that was whole and is damaged looks the same, so this comes after everything that can tell
    /// that it was there.
    pub(in super::super) fn erase_torn(&mut self, disk: &mut Disk) -> Result<(), AuditError> {
        disk.write_at(self.held.path(), &self.held.file, &ZEROS, self.at)?;
        disk.sync_data(JOURNAL, &self.held.file)
    }

    /// Erases the first block of a journal that was rewound, so that a log that was closed can be opened by another version.
    pub(in super::super) fn erase_first(&mut self, disk: &mut Disk) -> Result<(), AuditError> {
        if self.held.read_at(0, BLOCK_BYTES)? == ZEROS { Ok(()) } else { self.erase_torn(disk) }
    }

    /// Adds a record, which has whole blocks. It is durable when this returns. One that does not fit makes the file longer.
    pub(in super::super) fn append(&mut self, disk: &mut Disk, mut record: Vec<u8>) -> Result<(), AuditError> {
        disk.write_at(self.held.path(), &self.held.file, &record, self.at)?;
        disk.sync_data(JOURNAL, &self.held.file)?;
        self.at += record.len() as u64;
        record.drain(..record.len().saturating_sub(BLOCK_BYTES));
        self.last = record;
        Ok(())
    }

    /// Compare and swap: this is still the log's journal, what this process wrote last stands in it, and behind that nothing
    /// that continues the log, which has this size.
    pub(in super::super) fn check_untouched(&self, size: TreeSize) -> Result<(), AuditError> {
        self.held.check_in_place()?;
        let (last, next) = (self.last.as_slice(), HEADING.len() + 8);
        let read = self.held.read_at(self.at - last.len() as u64, last.len() + next)?;
        match read.strip_prefix(last) {
            // What does not begin before this size continues the log.
            Some(next) if base(next).is_none_or(|base| base < size) => Ok(()),
            _ => Err(AuditError::Overtaken { path: self.held.path().to_owned() }),
        }
    }

    /// The log was settled: the next record is written over the first. Nothing is erased.
    pub(in super::super) fn rewind(&mut self, disk: &mut Disk) -> Result<(), AuditError> {
        if self.at > JOURNAL_BYTES {
            disk.cut(JOURNAL, &self.held.file, JOURNAL_BYTES)?;
        }
        self.at = 0;
        self.last.clear();
        Ok(())
    }
}

fn length(held: &Held) -> Result<u64, AuditError> {
    held.file.metadata().map(|data| data.len()).map_err(|source| AuditError::read(held.path(), source))
}

/// Makes the journal as long as it must be, with zeros: written and not only claimed, so that no append has to find room or to
/// write down where it was found. In single blocks, because the system keeps a file in memory in pieces as large as what was
/// written at once, and goes through the whole piece for every block that is written into it later.
fn fill(disk: &mut Disk, held: &Held, length: u64) -> Result<(), AuditError> {
    (length..JOURNAL_BYTES).step_by(BLOCK_BYTES).try_for_each(|at| {
        let left = usize::try_from(JOURNAL_BYTES - at).unwrap_or(BLOCK_BYTES);
        disk.write_at(held.path(), &held.file, ZEROS.get(..left).unwrap_or(&ZEROS), at)
    })
}

/// The size of the log before the record that begins here, whole or not, if one does.
pub(super) fn base(bytes: &[u8]) -> Option<TreeSize> {
    let base = bytes.strip_prefix(HEADING)?.first_chunk::<8>()?;
    Some(TreeSize(u64::from_be_bytes(*base)))
}

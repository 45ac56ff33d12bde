//! The journal: what was committed since the files of the log were last synced, so that a crash loses none of it.
//!
//! A file of fixed length, full of zeros when it is made, and written in place from its beginning. So a sync has to bring the
//! blocks of one record to the disk and nothing else; of a file that grows, the file system would have to write down how long
//! it is now, and with that all that it knows of other files that are not synced yet.
//!
//! # A record
//!
//! What one append adds: a heading, the size of the log before, how many entries, how many octets they take as in a bundle,
//! the entries; how many octets the signed checkpoint of the log with them takes, that checkpoint, or where there is none the
//! seal ([`super::key`]); and the SHA-256 digest of all that. Numbers have eight octets, the larger first. Each record begins
//! at a multiple of [`BLOCK_BYTES`], and zeros fill up its last block: no block that holds an acknowledged record is written
//! to again while the record is needed, so that a write that is cut short cannot damage it.
//!
//! # Which records count
//!
//! Once the log is settled no record is needed. Nothing is erased: the next one is written over the first, and what lay behind
//! it stays until it is written over in turn. So old records and pieces of them stand behind those that count. The sizes tell
//! them apart, because a log only grows:
//!
//! 1. From the beginning of the file, a record counts as long as it is whole and begins where the log ends so far; at first
//!    that is the size at which the log was settled.
//! 2. A record that ends at or below the size that the log then has is an old one: everything that was committed before the
//!    log was settled ends at or below the size at which it was settled. None can be taken for one that counts, since that
//!    begins at this size and ends above it. That is why there is no number of the round and no salt.
//! 3. No whole record ends above that size. It would have been committed, and what is missing before it was damaged; or it is
//!    of a later state of the log, over which an older one was put back. Such a journal is refused.
//!
//! What is not whole was never synced, so nobody was told that it was written. Where it stands behind the records that count
//! and begins where the log ends, the opening erases its first block: the writer takes what continues the log for a sign that
//! somebody else wrote. That a record which counts is of this log and
//! of no other history is for the opening to see: it must be vouched for by the log's key.
//!
//! # Versions
//!
//! The heading says which. A journal that begins with a record of another version is refused: only that version can tell what
//! counts in it. Where the log was closed the first block is blank.

mod file;

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::tlog::TreeSize;

use super::bundle;
use super::key::{SEAL_BYTES, Voucher};

pub(super) use file::JournalFile;

/// The most octets of one batch: an append holds them in memory, and so does the opening that finishes it.
pub(super) const BATCH_MAX_BYTES: usize = 64 << 20;

/// A record begins at a multiple of this: the unit in which file systems and disks write.
pub(super) const BLOCK_BYTES: usize = 4096;

/// How long the journal is: a thousand small appends between two settlings. In tests so short that it is often full.
pub(super) const JOURNAL_BYTES: u64 = if cfg!(test) { 16 } else { 1024 } * BLOCK_BYTES as u64;

/// How records of all versions of the journal begin.
const NAME: &[u8] = b"impound journal ";
const HEADING: &[u8; 18] = b"impound journal 4\n";
const NUMBERS_BYTES: usize = 4 * 8;
const DIGEST_BYTES: usize = 32;
/// Room for most vouchers.
const VOUCHER_GUESS_BYTES: usize = 256;

/// The largest journal: one whose last record, the largest there is, began in its last block.
pub(super) const JOURNAL_MAX_BYTES: u64 =
    JOURNAL_BYTES + BATCH_MAX_BYTES as u64 + super::store::CHECKPOINT_MAX_BYTES + 2 * BLOCK_BYTES as u64;

/// A batch: entries, and where they go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    /// The size of the log before.
    pub(super) base: TreeSize,
    /// How many entries.
    pub(super) count: u64,
    /// The entries with their lengths, as in a bundle.
    pub(super) records: Vec<u8>,
}

impl Batch {
    /// The size of the log after.
    pub(super) fn end(&self) -> TreeSize {
        TreeSize(self.base.0.saturating_add(self.count))
    }
}

/// What one append commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The entries.
    pub(super) batch: Batch,
    /// That the holder of the log's key wrote it.
    pub(super) voucher: Voucher,
}

impl Record {
    /// The octets of this record in a journal: whole blocks.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.body().with(&self.voucher)
    }

    /// Its part that is vouched for.
    pub(super) fn body(&self) -> Body {
        Body::of(&self.batch)
    }

    /// The record at the beginning of these octets; nothing when it is not whole.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(HEADING)?;
        let (base, count) = (TreeSize(number(&mut rest)?), number(&mut rest)?);
        let entries = usize::try_from(number(&mut rest)?).ok()?;
        let (records, mut rest) = rest.split_at_checked(entries)?;
        let checkpoint = usize::try_from(number(&mut rest)?).ok()?;
        let (voucher, rest) = match checkpoint {
            0 => rest.split_first_chunk::<SEAL_BYTES>().map(|(seal, rest)| (Voucher::Sealed(*seal), rest))?,
            _ => rest.split_at_checked(checkpoint).map(|(signed, rest)| (Voucher::Signed(signed.to_vec()), rest))?,
        };
        let (digest, rest) = rest.split_at_checked(DIGEST_BYTES)?;
        let digested = bytes.get(..bytes.len() - rest.len() - DIGEST_BYTES)?;
        if Digest::of(digested).as_bytes() != digest || !holds(records, count) {
            return None;
        }
        Some(Self { batch: Batch { base, count, records: records.to_vec() }, voucher })
    }
}

/// Takes a number off.
fn number(rest: &mut &[u8]) -> Option<u64> {
    let (number, behind) = rest.split_first_chunk::<8>()?;
    *rest = behind;
    Some(u64::from_be_bytes(*number))
}

/// A record without its voucher: the batch, and where it goes.
pub(super) struct Body {
    bytes: Vec<u8>,
    hash: Sha256,
}

impl Body {
    pub(super) fn of(batch: &Batch) -> Self {
        let length = HEADING.len() + NUMBERS_BYTES + batch.records.len() + VOUCHER_GUESS_BYTES + DIGEST_BYTES;
        let mut bytes = Vec::with_capacity(length.next_multiple_of(BLOCK_BYTES));
        bytes.extend_from_slice(HEADING);
        for number in [batch.base.0, batch.count, batch.records.len() as u64] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&batch.records);
        let hash = Sha256::new_with_prefix(&bytes);
        Self { bytes, hash }
    }

    /// What a seal is over.
    pub(super) fn digest(&self) -> Digest {
        Digest::from_bytes(self.hash.clone().finalize().into())
    }

    /// The whole record.
    pub(super) fn with(self, voucher: &Voucher) -> Vec<u8> {
        let Self { mut bytes, mut hash } = self;
        let (checkpoint, voucher) = match voucher {
            Voucher::Signed(checkpoint) => (checkpoint.len() as u64, checkpoint.as_slice()),
            Voucher::Sealed(seal) => (0, seal.as_slice()),
        };
        for part in [&checkpoint.to_be_bytes(), voucher] {
            hash.update(part);
            bytes.extend_from_slice(part);
        }
        bytes.extend_from_slice(&hash.finalize());
        bytes.resize(bytes.len().next_multiple_of(BLOCK_BYTES), 0);
        bytes
    }
}

/// What stands in a journal.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// The records that count, in their order.
    pub(super) records: Vec<Record>,
    /// How many octets they take, from the beginning.
    pub(super) length: usize,
    /// The size of the log with them.
    pub(super) size: TreeSize,
    /// Whether behind them a record begins that would continue them and is not whole.
    pub(super) torn: bool,
    /// The sizes of the log before old records that are still there.
    pub(super) old: Vec<TreeSize>,
}

/// Reads the journal of a log that was settled at this size. Nothing when it is damaged, or of a later state of the log.
pub(super) fn read(journal: &[u8], settled: TreeSize) -> Option<Contents> {
    let mut contents = Contents { size: settled, ..Contents::default() };
    while let Some(record) = journal.get(contents.length..).and_then(Record::read)
        && record.batch.base == contents.size
        && record.batch.end() > contents.size
    {
        contents.length += record.to_bytes().len();
        contents.size = record.batch.end();
        contents.records.push(record);
    }
    let behind = journal.get(contents.length..).unwrap_or_default();
    contents.torn = file::base(behind) == Some(contents.size);
    for at in (0..behind.len()).step_by(BLOCK_BYTES) {
        if let Some(Record { batch, .. }) = behind.get(at..).and_then(Record::read) {
            if batch.end() > contents.size {
                return None;
            }
            contents.old.push(batch.base);
        }
    }
    Some(contents)
}

/// Whether a journal begins with a record of another version.
pub(super) fn is_of_another_version(journal: &[u8]) -> bool {
    journal.starts_with(NAME) && !journal.starts_with(HEADING)
}

/// Whether these are `count` whole entries and nothing else.
fn holds(mut records: &[u8], count: u64) -> bool {
    let mut found = 0;
    while bundle::take(&mut records).is_some() {
        found += 1;
    }
    found == count && records.is_empty()
}

#[cfg(test)]
mod tests;

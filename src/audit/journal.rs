//! The journal: the batch that is being appended, so that an append that was signed can be finished after a crash.
//!
//! A heading, the size of the log before, how many entries, how many octets they take as in a bundle, the entries, and the
//! SHA-256 digest of all that. Numbers have eight octets, the larger first. An empty file is an empty journal.

use crate::digest::Digest;
use crate::tlog::TreeSize;

use super::bundle;

/// The most octets of one batch: an append holds them in memory, and so does the opening that finishes it.
pub(super) const BATCH_MAX_BYTES: usize = 64 << 20;

const HEADING: &[u8; 18] = b"impound journal 1\n";
const DIGEST_BYTES: usize = 32;

/// The largest journal.
pub(super) const JOURNAL_MAX_BYTES: u64 = (HEADING.len() + 3 * 8 + DIGEST_BYTES + BATCH_MAX_BYTES) as u64;

/// A batch: entries, and where they go.
#[derive(Debug, PartialEq, Eq)]
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

    /// The journal that holds this batch.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = HEADING.to_vec();
        for number in [self.base.0, self.count, self.records.len() as u64] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&self.records);
        let digest = Digest::of(&bytes);
        bytes.extend_from_slice(digest.as_bytes());
        bytes
    }

    /// Reads a journal; nothing when it is not whole, as after a crash while it was written.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (signed, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST_BYTES)?)?;
        if Digest::of(signed).as_bytes() != digest {
            return None;
        }
        let mut rest = signed.strip_prefix(HEADING)?;
        let mut number = || {
            let (number, behind) = rest.split_first_chunk::<8>()?;
            rest = behind;
            Some(u64::from_be_bytes(*number))
        };
        let (base, count, length) = (TreeSize(number()?), number()?, number()?);
        (rest.len() as u64 == length && holds(rest, count)).then(|| Self { base, count, records: rest.to_vec() })
    }
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
mod tests {
    use super::*;

    #[test]
    fn a_journal_is_read_whole_or_not_at_all() {
        let mut records = Vec::new();
        bundle::put(&mut records, b"first");
        bundle::put(&mut records, b"");
        let batch = Batch { base: TreeSize(7), count: 2, records };
        let bytes = batch.to_bytes();
        assert_eq!(Batch::parse(&bytes), Some(batch));
        for cut in 0..bytes.len() {
            assert_eq!(Batch::parse(&bytes[..cut]), None, "{cut}");
        }
        for at in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[at] ^= 1;
            assert_eq!(Batch::parse(&bent), None, "{at}");
        }
        let short = Batch { base: TreeSize(7), count: 3, records: b"\0\x01a".to_vec() };
        assert_eq!(Batch::parse(&short.to_bytes()), None);
    }
}

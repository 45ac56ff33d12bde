//! The journal: what was committed since the files of the log were last synced, so that a crash loses none of it.
//!
//! One record after the other, each with what one append adds: a heading, the size of the log before, how many entries, how
//! many octets they take as in a bundle, how many octets the checkpoint takes, the entries, the signed checkpoint of the log
//! with them, and the SHA-256 digest of all that. Numbers have eight octets, the larger first. An empty file is an empty
//! journal.

use crate::digest::Digest;
use crate::tlog::TreeSize;

use super::bundle;

/// The most octets of one batch: an append holds them in memory, and so does the opening that finishes it.
pub(super) const BATCH_MAX_BYTES: usize = 64 << 20;

const HEADING: &[u8; 18] = b"impound journal 2\n";
const DIGEST_BYTES: usize = 32;

/// The largest journal: one batch, and before it less than a bundle of small ones (255 of the largest entries, each with a
/// checkpoint of its own, stay far below 32 MiB).
pub(super) const JOURNAL_MAX_BYTES: u64 = BATCH_MAX_BYTES as u64 + (32 << 20);

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
}

/// What one append commits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The entries.
    pub(super) batch: Batch,
    /// The signed checkpoint of the log with them.
    pub(super) signed: Vec<u8>,
}

impl Record {
    /// The octets of this record in a journal.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let Self { batch, signed } = self;
        let mut bytes = HEADING.to_vec();
        for number in [batch.base.0, batch.count, batch.records.len() as u64, signed.len() as u64] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&batch.records);
        bytes.extend_from_slice(signed);
        let digest = Digest::of(&bytes);
        bytes.extend_from_slice(digest.as_bytes());
        bytes
    }

    /// Takes the first record off; nothing when it is not whole.
    fn take(journal: &mut &[u8]) -> Option<Self> {
        let mut rest = journal.strip_prefix(HEADING)?;
        let mut number = || {
            let (number, behind) = rest.split_first_chunk::<8>()?;
            rest = behind;
            Some(u64::from_be_bytes(*number))
        };
        let (base, count) = (TreeSize(number()?), number()?);
        let (entries, checkpoint) = (usize::try_from(number()?).ok()?, usize::try_from(number()?).ok()?);
        let (records, rest) = rest.split_at_checked(entries)?;
        let (signed, rest) = rest.split_at_checked(checkpoint)?;
        let (digest, rest) = rest.split_at_checked(DIGEST_BYTES)?;
        let digested = journal.get(..journal.len() - rest.len() - DIGEST_BYTES)?;
        if Digest::of(digested).as_bytes() != digest || !holds(records, count) {
            return None;
        }
        *journal = rest;
        Some(Self { batch: Batch { base, count, records: records.to_vec() }, signed: signed.to_vec() })
    }
}

/// Reads a journal. What is not whole at its end was not synced, so not committed, and is left out. Nothing when it is
/// damaged: a record that is not whole stands before one that is.
pub(super) fn parse(mut journal: &[u8]) -> Option<Vec<Record>> {
    let mut records = Vec::new();
    while let Some(record) = Record::take(&mut journal) {
        records.push(record);
    }
    // No entry and no checkpoint holds a heading: an entry is JSON on one line, and a checkpoint names a log.
    let mut places = journal.windows(HEADING.len()).enumerate().filter(|(_, window)| window == HEADING);
    let damaged = places.any(|(at, _)| Record::take(&mut journal.get(at..).unwrap_or_default()).is_some());
    (!damaged).then_some(records)
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
    use proptest::prelude::*;

    use super::*;

    fn record(base: u64, entries: &[&[u8]]) -> Record {
        let mut records = Vec::new();
        entries.iter().for_each(|entry| bundle::put(&mut records, entry));
        let batch = Batch { base: TreeSize(base), count: entries.len() as u64, records };
        Record { batch, signed: b"a checkpoint".to_vec() }
    }

    fn two() -> (Vec<u8>, usize) {
        let (first, second) = (record(7, &[b"first", b""]).to_bytes(), record(9, &[b"third"]).to_bytes());
        ([first.as_slice(), &second].concat(), first.len())
    }

    #[test]
    fn a_journal_is_read_as_far_as_it_is_whole() {
        let (bytes, first) = two();
        assert_eq!(parse(&bytes).unwrap(), [record(7, &[b"first", b""]), record(9, &[b"third"])]);
        for cut in 0..bytes.len() {
            assert_eq!(parse(&bytes[..cut]).unwrap().len(), usize::from(cut >= first), "{cut}");
        }
        let trailing = [bytes.as_slice(), HEADING, b"garbage"].concat();
        assert_eq!(parse(&trailing).unwrap().len(), 2);
        let short = Record { batch: Batch { count: 3, ..record(7, &[b"a"]).batch }, signed: Vec::new() };
        assert_eq!(parse(&short.to_bytes()).unwrap(), []);
    }

    #[test]
    fn damage_before_a_whole_record_is_no_torn_end() {
        let (bytes, first) = two();
        for at in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[at] ^= 1;
            match at < first {
                true => assert_eq!(parse(&bent), None, "{at}"),
                false => assert_eq!(parse(&bent).unwrap().len(), 1, "{at}"),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

        #[test]
        fn any_bytes_are_read_or_refused(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            numbers in any::<[u64; 4]>(),
        ) {
            let mut journal = HEADING.to_vec();
            numbers.iter().for_each(|number| journal.extend_from_slice(&number.to_be_bytes()));
            journal.extend_from_slice(&bytes);
            prop_assert_eq!(parse(&journal).map_or(0, |records| records.len()), 0);
            parse(&bytes);
        }
    }
}

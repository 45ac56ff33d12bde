use proptest::prelude::*;

use super::*;

fn record(base: u64, entries: &[&[u8]]) -> Record {
    let mut records = Vec::new();
    entries.iter().for_each(|entry| bundle::put(&mut records, entry));
    let batch = Batch { base: TreeSize(base), count: entries.len() as u64, records };
    let is_sealed = base.is_multiple_of(3);
    let voucher = if is_sealed { Voucher::Sealed([7; SEAL_BYTES]) } else { Voucher::Signed(b"a checkpoint".to_vec()) };
    Record { batch, voucher }
}

fn two() -> (Vec<u8>, usize) {
    let (first, second) = (record(7, &[b"first", b""]).to_bytes(), record(9, &[b"third"]).to_bytes());
    ([first.as_slice(), &second].concat(), first.len())
}

/// How many octets of a record's blocks are not filling.
fn whole(record: &Record) -> usize {
    let voucher = match &record.voucher {
        Voucher::Signed(checkpoint) => checkpoint.len(),
        Voucher::Sealed(seal) => seal.len(),
    };
    HEADING.len() + NUMBERS_BYTES + record.batch.records.len() + voucher + DIGEST_BYTES
}

#[test]
fn a_record_has_whole_blocks() {
    for size in [0, 10, BLOCK_BYTES - whole(&record(7, &[b""])), BLOCK_BYTES, 3 * BLOCK_BYTES] {
        let one = record(7, &[&vec![b'x'; size]]);
        let bytes = one.to_bytes();
        assert_eq!(bytes.len(), whole(&one).next_multiple_of(BLOCK_BYTES), "{size}");
        assert_eq!(read(&bytes, TreeSize(7)).unwrap().records, [one], "{size}");
    }
}

#[test]
fn a_journal_is_read_as_far_as_it_is_whole() {
    let (bytes, first) = two();
    let contents = read(&bytes, TreeSize(7)).unwrap();
    assert_eq!(contents.records, [record(7, &[b"first", b""]), record(9, &[b"third"])]);
    assert_eq!((contents.length, contents.old), (bytes.len(), vec![]));
    let ends = [whole(&record(7, &[b"first", b""])), first + whole(&record(9, &[b"third"]))];
    for cut in 0..bytes.len() {
        let found = read(&bytes[..cut], TreeSize(7)).unwrap().records.len();
        assert_eq!(found, ends.iter().filter(|end| **end <= cut).count(), "{cut}");
    }
    let trailing = [bytes.as_slice(), HEADING, b"garbage"].concat();
    assert_eq!(read(&trailing, TreeSize(7)).unwrap().records.len(), 2);
    let short = Record { batch: Batch { count: 3, ..record(7, &[b"a"]).batch }, ..record(7, &[]) };
    assert_eq!(read(&short.to_bytes(), TreeSize(7)).unwrap().records, []);
    assert_eq!(read(&[0; 5 * BLOCK_BYTES], TreeSize(7)), Some(Contents { size: TreeSize(7), ..Contents::default() }));
}

#[test]
fn damage_before_a_whole_record_is_no_torn_end() {
    let (bytes, first) = two();
    let ends = [whole(&record(7, &[b"first", b""])), first + whole(&record(9, &[b"third"]))];
    for at in 0..bytes.len() {
        let mut bent = bytes.clone();
        bent[at] ^= 1;
        let found = read(&bent, TreeSize(7)).map(|contents| contents.records.len());
        let expected = match at {
            _ if at < ends[0] => None,
            // What fills up a block says nothing.
            _ if at < first || at >= ends[1] => Some(2),
            _ => Some(1),
        };
        assert_eq!(found, expected, "{at}");
    }
}

#[test]
fn what_was_settled_is_old_and_what_is_of_a_later_state_is_refused() {
    let (bytes, first) = two();
    // Settled with both: nothing counts, and both are still there.
    let contents = read(&bytes, TreeSize(10)).unwrap();
    let old = vec![TreeSize(7), TreeSize(9)];
    assert_eq!(contents, Contents { old, size: TreeSize(10), ..Contents::default() });
    // The next one over the first.
    let third = record(10, &[b"fourth"]);
    let over = [third.to_bytes(), bytes[first..].to_vec()].concat();
    let contents = read(&over, TreeSize(10)).unwrap();
    assert_eq!((contents.records, contents.old), (vec![third], vec![TreeSize(9)]));
    // Settled long before, or in the middle of a record; or the state that was settled is an older one.
    for settled in [3, 6, 8, 9] {
        assert_eq!(read(&bytes, TreeSize(settled)), None, "{settled}");
    }
    assert_eq!(read(&over, TreeSize(9)), None);
}

/// A history of a journal: rounds of records, each round written from the beginning over the one before.
fn rounds() -> impl Strategy<Value = Vec<Vec<(u8, u16)>>> {
    prop::collection::vec(prop::collection::vec((1..5_u8, 0..3000_u16), 1..7), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Records of earlier rounds, the last record torn anywhere, anything behind it: what counts is exactly what was written
    /// whole since the log was settled.
    #[test]
    fn no_record_of_an_earlier_round_is_ever_taken_for_one_that_counts(
        rounds in rounds(),
        torn in prop::option::of(any::<prop::sample::Index>()),
        litter in prop::collection::vec(any::<u8>(), 0..2000),
        place in any::<prop::sample::Index>(),
    ) {
        let (mut journal, mut size, mut settled) = (vec![0; 40 * BLOCK_BYTES], 0, 0);
        let (mut written, mut at, mut last) = (Vec::new(), 0, (0, Vec::new()));
        for round in rounds {
            (settled, at) = (size, 0);
            written.clear();
            for (count, length) in round {
                let text = vec![b'a' + count; usize::from(length)];
                let one = record(size, &vec![text.as_slice(); usize::from(count)]);
                let bytes = one.to_bytes();
                last = (at, journal[at..at + bytes.len()].to_vec());
                journal[at..at + bytes.len()].copy_from_slice(&bytes);
                at += bytes.len();
                size += u64::from(count);
                written.push(one);
            }
        }
        if let Some(torn) = torn {
            // The last record from some octet on is what stood there before it.
            let one = written.pop().unwrap();
            let cut = torn.index(whole(&one));
            journal[last.0 + cut..at].copy_from_slice(&last.1[cut..]);
            size -= one.batch.count;
        } else if at < journal.len() {
            let to = at + place.index(journal.len() - at);
            journal.iter_mut().skip(to).zip(&litter).for_each(|(to, from)| *to = *from);
        }
        let contents = read(&journal, TreeSize(settled));
        // Torn in nothing but octets that stood there already, it is whole.
        let contents = contents.unwrap();
        prop_assert!(contents.records == written || contents.records.len() == written.len() + 1);
        prop_assert!(contents.old.iter().all(|base| base.0 < size));
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        numbers in any::<[u64; 4]>(),
        settled in any::<u64>(),
    ) {
        let mut journal = HEADING.to_vec();
        numbers.iter().for_each(|number| journal.extend_from_slice(&number.to_be_bytes()));
        journal.extend_from_slice(&bytes);
        prop_assert_eq!(read(&journal, TreeSize(settled)).map_or(0, |contents| contents.records.len()), 0);
        read(&bytes, TreeSize(settled));
    }
}

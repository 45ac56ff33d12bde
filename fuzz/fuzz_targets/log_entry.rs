//! An entry has one form: what is read prints as it was.
#![no_main]

use impound::audit::Recorded;
use impound::tlog::LeafIndex;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u64, &[u8])| {
    let (index, bytes) = input;
    if let Ok(read) = Recorded::parse(bytes, LeafIndex(index)) {
        assert_eq!(read.entry.to_bytes(LeafIndex(index)).unwrap(), bytes);
    }
});

//! A proof that is read prints the same bytes, and none is believed under a seal that is not its own.
#![no_main]

use impound::coverage::{CoverageProof, Seal};
use impound::tlog::Hash;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(proof) = CoverageProof::parse(bytes) {
        assert_eq!(proof.to_string().as_bytes(), bytes);
        assert!(proof.verify(&Seal { count: 3, root: Hash([0; 32]) }).is_err());
    }
});

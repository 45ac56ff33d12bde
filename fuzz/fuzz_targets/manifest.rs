//! A manifest has one form: what is read prints as it was.
#![no_main]

use impound::notice::Manifest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(manifest) = Manifest::parse(bytes) {
        assert_eq!(manifest.to_string().as_bytes(), bytes);
    }
});

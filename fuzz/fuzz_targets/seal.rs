//! Any bytes are a seal or are refused, and a seal's address needs no escaping.
#![no_main]

use impound::design::Seal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(seal) = Seal::read(bytes) {
        assert!(seal.address().bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>&#".contains(&byte)));
    }
});

//! A record of the DNS about roots says which, or not, and reads the same with another agency's tags beside it.
#![no_main]

use impound::keyring::KeysRecord;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    if let KeysRecord::Roots(digest) = KeysRecord::parse(octets) {
        let written = format!("v=sk1; root={digest}; note=later");
        assert_eq!(KeysRecord::parse(written.as_bytes()), KeysRecord::Roots(digest));
    }
});

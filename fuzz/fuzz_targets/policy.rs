//! A policy that is read prints a text that reads the same.
#![no_main]

use impound::keyring::TrustedKeys;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(keys) = text.parse::<TrustedKeys>() {
        assert_eq!(keys.to_string().parse::<TrustedKeys>().unwrap(), keys);
    }
});

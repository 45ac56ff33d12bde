//! A key list that is read prints the same bytes.
#![no_main]

use impound::keyring::KeyList;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(list) = text.parse::<KeyList>() {
        assert_eq!(list.to_string(), text);
        assert!(list.notice_policy().is_ok());
    }
});

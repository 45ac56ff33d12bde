//! A list of indicators has one form, and is collected from any text without harm.
#![no_main]

use impound::notice::Indicators;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(list) = Indicators::parse(bytes) {
        assert_eq!(list.to_string().as_bytes(), bytes);
    }
    if let Ok(list) = Indicators::collect(bytes) {
        assert_eq!(Indicators::parse(list.to_string().as_bytes()).as_ref(), Ok(&list));
    }
});

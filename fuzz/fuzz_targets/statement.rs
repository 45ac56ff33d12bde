//! A statement of any kind has one form: what is read prints as it was.
#![no_main]

use impound::notice::Statement;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(statement) = Statement::parse(bytes) {
        assert_eq!(statement.to_string().as_bytes(), bytes);
    }
});

//! Openings of sealed texts.
#![no_main]

use impound::audit::Opening;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(opening) = Opening::parse(data) {
        let again = Opening::parse(&opening.to_bytes()).expect("what is printed can be read");
        assert_eq!(again, opening);
        assert_eq!(again.commitment(), opening.commitment());
    }
});

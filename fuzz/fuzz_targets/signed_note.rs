//! A note that is read prints as it was, and verifying it with a key ends.
#![no_main]

use impound::signed_note::Note;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
        let _ = note.verify(&[]);
    }
});

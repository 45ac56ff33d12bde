//! A checkpoint that is read prints a text that reads the same.
#![no_main]

use impound::signed_note::NoteText;
use impound::tlog::Checkpoint;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: String| {
    let Ok(text) = NoteText::new(text) else { return };
    if let Ok(checkpoint) = Checkpoint::parse(&text) {
        assert_eq!(Checkpoint::parse(&checkpoint.to_text().unwrap()).unwrap(), checkpoint);
    }
});

//! A playbook gives problems or a playbook, and the problems can be shown.
#![no_main]

use std::fs;

use impound::playbook::load;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("impound-fuzz-{}.toml", std::process::id()));
    fs::write(&path, bytes).unwrap();
    if let Ok(loaded) = load(&path) {
        assert_eq!(loaded.playbook.is_none(), loaded.has_errors());
        let _ = loaded.render(false);
    }
    fs::remove_file(&path).unwrap();
});

//! A key file is read or refused. A passphrase is not tried: that takes time by design.
#![no_main]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use impound::keyring::{KeyFile, Role};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("impound-fuzz-{}.key", std::process::id()));
    fs::write(&path, bytes).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    if let Ok(file) = KeyFile::read(&path) {
        let _ = file.unlock(Role::Notice, None);
    }
    fs::remove_file(&path).unwrap();
});

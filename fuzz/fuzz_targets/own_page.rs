//! Any text is a page or has faults, each of them within it.
#![no_main]

use impound::design::{faults, said};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    let language = "ar".parse().expect("a language");
    for fault in faults(html, &language) {
        assert!(fault.span.start <= fault.span.end && fault.span.end <= html.len());
    }
    said(html);
});

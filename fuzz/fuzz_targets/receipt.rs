//! A receipt has one form: what is read prints as it was. Judging it never fails.
#![no_main]

use impound::tlog::Receipt;
use impound::verify::judge_receipt;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(receipt) = Receipt::parse(bytes) {
        assert_eq!(receipt.to_string().as_bytes(), bytes);
    }
    assert!(!judge_receipt(bytes, &[], None, None).report.is_good());
});

//! Any octets are answered, as the answer of an authority, a query or a list of authorities. A query that is read prints as
//! it was, and no made-up answer is a time stamp of these bytes. Seeds: `src/anchor/vectors`.
#![no_main]

use impound::anchor::{Authorities, Query, imprint_of, stamp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let _ = imprint_of(octets);
    let _ = Authorities::from_pem(octets);
    let query = Query::parse(octets);
    if let Ok(query) = &query {
        assert_eq!(query.to_der().unwrap(), octets);
    }
    assert!(stamp(octets, b"never stamped", query.ok().as_ref(), None).is_err());
});

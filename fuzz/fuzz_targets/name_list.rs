//! Every name of a list is found in it, and there are no more problems than were asked for.
#![no_main]

use impound::domain::{NameList, NameListLimits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = NameListLimits::default();
    let (list, problems) = NameList::parse(bytes, limits);
    assert!(problems.len() <= limits.problems);
    assert!(list.iter().all(|name| list.contains(&name)));
});

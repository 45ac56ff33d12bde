//! What is read as a name, a language, a moment, a key or a digest prints a text that reads the same.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use impound::clock::UtcTime;
use impound::digest::Digest;
use impound::domain::{DomainName, OnionName};
use impound::language::LanguageTag;
use impound::observe::RdapBase;
use impound::signed_note::{KeyName, VerifierKey};
use libfuzzer_sys::fuzz_target;

fn again<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string().parse::<T>().ok(), Some(read), "{text:?}");
    }
}

fuzz_target!(|text: &str| {
    again::<DomainName>(text);
    again::<OnionName>(text);
    again::<LanguageTag>(text);
    again::<UtcTime>(text);
    again::<Digest>(text);
    again::<KeyName>(text);
    again::<VerifierKey>(text);
    again::<RdapBase>(text);
});

//! The statement that a register is complete: what it lists is all that its signers have published.
//!
//! ```text
//! notice-register/v1
//! issuer: police.example
//! issued: 2026-12-02T10:00:00Z
//! expires: 2026-12-09T10:00:00Z
//! verify-at: https://police.example/notices
//! list: 7 application/json sha256:… register.json
//! ```
//!
//! Without it a register shows what there is, and never that there is no more: whoever copies it may leave something out. It shows
//! that only until it expires, for whoever copies it may also have stopped copying.

use std::fmt;

use super::statement::{Lines, StatementError, StatementProblem, address_of, parse};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::DomainName;

/// The first line.
pub(super) const VERSION_LINE: &str = "notice-register/v1";
/// The name of the list.
pub const REGISTER_JSON: &str = "register.json";
/// Its largest size. Forty thousand notes of two thousand names would be more; a register of that kind is split by its operators.
pub const REGISTER_JSON_MAX_BYTES: usize = 256 << 20;

/// What the signers say of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The domain from which the leading agency speaks.
    pub issuer: DomainName,
    /// When the list was drawn up.
    pub issued: UtcTime,
    /// When the next one is due at the latest.
    pub expires: UtcTime,
    /// Where the issuer says how to check this: an `https` address on its own domain.
    pub verify_at: String,
    /// How many notes are listed.
    pub count: u64,
    /// The digest of the list.
    pub list: Digest,
}

impl Listing {
    /// Reads the statement; refuses whatever does not print to the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        parse(bytes, VERSION_LINE, read)
    }

    /// Checks a statement made from parts, by the same rules as one that is read.
    pub fn checked(self) -> Result<Self, StatementError> {
        Self::parse(self.to_string().as_bytes())
    }
}

fn read(lines: &mut Lines<'_>) -> Result<Listing, StatementError> {
    let issuer = lines.value("issuer", DomainName::parse)?;
    let issued: UtcTime = lines.value("issued", str::parse)?;
    let expires: UtcTime = lines.value("expires", |text| later(text, issued))?;
    let verify_at = lines.value("verify-at", |text| address_of(text, &issuer))?;
    let listed = lines.last_values("list", list)?;
    match listed.as_slice() {
        [(count, list)] => Ok(Listing { issuer, issued, expires, verify_at, count: *count, list: *list }),
        _ => Err(lines.refuse(StatementProblem::Empty { wanted: "list" })),
    }
}

fn later(text: &str, issued: UtcTime) -> Result<UtcTime, StatementProblem> {
    let expires: UtcTime = text.parse()?;
    if issued < expires { Ok(expires) } else { Err(StatementProblem::value(text, "a time after it was issued")) }
}

fn list(text: &str) -> Result<(u64, Digest), StatementProblem> {
    let refuse = || StatementProblem::value(text, "`COUNT application/json sha256:DIGEST register.json`");
    match text.split(' ').collect::<Vec<_>>().as_slice() {
        [count, "application/json", digest, REGISTER_JSON] => {
            Ok((count.parse().map_err(|_| refuse())?, digest.parse()?))
        }
        _ => Err(refuse()),
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{VERSION_LINE}\nissuer: {}\nissued: {}", self.issuer, self.issued)?;
        writeln!(f, "expires: {}\nverify-at: {}", self.expires, self.verify_at)?;
        writeln!(f, "list: {} application/json {} {REGISTER_JSON}", self.count, self.list)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::notice) fn good() -> String {
        format!(
            "notice-register/v1\nissuer: police.example\nissued: 2026-12-02T10:00:00Z\nexpires: 2026-12-09T10:00:00Z\n\
             verify-at: https://police.example/n\nlist: 7 application/json {} register.json\n",
            Digest::of("list")
        )
    }

    #[test]
    fn a_listing_has_one_form() {
        assert_eq!(Listing::parse(good().as_bytes()).unwrap().to_string(), good());
        for (from, to) in [
            ("expires: 2026-12-09", "expires: 2026-12-01"),
            ("list: 7", "list: 07"),
            ("register.json", "other.json"),
            ("notice-register/v1", "seizure-notice/v1"),
        ] {
            assert!(Listing::parse(good().replacen(from, to, 1).as_bytes()).is_err(), "{to}");
        }
        let none = good().split_once("list").unwrap().0.to_owned() + "list: none\n";
        assert!(Listing::parse(none.as_bytes()).is_err());
    }
}

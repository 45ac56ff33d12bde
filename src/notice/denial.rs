//! The signed statement that a banner is not ours.
//!
//! ```text
//! banner-denial/v1
//! denial-id: false-banner-1
//! issuer: police.example
//! issued: 2026-12-02T10:00:00Z
//! status: in-force
//! seen-at: 2026-12-01T21:30:00Z
//! name: fake-shop.example
//! address: 203.0.113.99
//! page: sha256:…
//! verify-at: https://police.example/notices
//! supersedes: none
//! ```
//!
//! Name, address and the digest of the page that was seen may each be `none`, but not all three. A denial that was mistaken is
//! ended by a later one with `status: withdrawn` that names the digest of its text.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use super::manifest::{Status, host, status};
use super::statement::{
    Lines, OrNone, StatementError, StatementProblem, address_of, each_or_none, identifier, parse, unless_none,
};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::DomainName;
use crate::playbook::Id;

/// The first line.
pub(super) const VERSION_LINE: &str = "banner-denial/v1";

/// A banner that somebody has put up, and that the signers have not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// What it calls itself among its issuer's denials.
    pub id: Id,
    /// The domain from which the agency speaks.
    pub issuer: DomainName,
    /// When it was stated.
    pub issued: UtcTime,
    /// Whether it is upheld.
    pub status: Status,
    /// When the banner was seen.
    pub seen_at: UtcTime,
    /// The name under which it was seen, as hosts are written.
    pub name: Option<String>,
    /// The address at which it was seen.
    pub address: Option<IpAddr>,
    /// The digest of the page as it was sent.
    pub page: Option<Digest>,
    /// Where the issuer says how to check this: an `https` address on its own domain.
    pub verify_at: String,
    /// The digests of earlier statements that this one replaces.
    pub supersedes: BTreeSet<Digest>,
}

impl Denial {
    /// Reads a denial; refuses whatever does not print to the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        parse(bytes, VERSION_LINE, read)
    }

    /// Checks a denial made from parts, by the same rules as one that is read.
    pub fn checked(self) -> Result<Self, StatementError> {
        Self::parse(self.to_string().as_bytes())
    }

    /// What it is about, in a few words.
    pub fn about(&self) -> String {
        let name = self.name.clone();
        let address = self.address.map(|address| address.to_string());
        let page = self.page.map(|page| format!("page {page}"));
        [name, address, page].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn read(lines: &mut Lines<'_>) -> Result<Denial, StatementError> {
    let id = lines.value("denial-id", identifier)?;
    let issuer = lines.value("issuer", DomainName::parse)?;
    let issued: UtcTime = lines.value("issued", str::parse)?;
    let status = lines.value("status", status)?;
    let seen_at = lines.value("seen-at", |text| no_later(text, issued))?;
    let name = lines.value("name", |text| unless_none(text, host))?;
    let address = lines.value("address", |text| unless_none(text, address))?;
    let page = lines.value("page", |text| unless_none(text, str::parse::<Digest>))?;
    if name.is_none() && address.is_none() && page.is_none() {
        return Err(lines.refuse(StatementProblem::Empty { wanted: "name" }));
    }
    let verify_at = lines.value("verify-at", |text| address_of(text, &issuer))?;
    let supersedes: BTreeSet<_> = lines.last_values("supersedes", str::parse::<Digest>)?.into_iter().collect();
    if status == Status::Withdrawn && supersedes.is_empty() {
        return Err(lines.refuse(StatementProblem::Empty { wanted: "supersedes" }));
    }
    Ok(Denial { id, issuer, issued, status, seen_at, name, address, page, verify_at, supersedes })
}

fn address(text: &str) -> Result<IpAddr, StatementProblem> {
    text.parse().map_err(|_| StatementProblem::value(text, "an IP address"))
}

fn no_later(text: &str, issued: UtcTime) -> Result<UtcTime, StatementProblem> {
    let seen: UtcTime = text.parse()?;
    if seen <= issued { Ok(seen) } else { Err(StatementProblem::value(text, "a time before it was stated")) }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{VERSION_LINE}\ndenial-id: {}\nissuer: {}", self.id, self.issuer)?;
        writeln!(f, "issued: {}\nstatus: {}\nseen-at: {}", self.issued, self.status.as_str(), self.seen_at)?;
        writeln!(f, "name: {}", OrNone(self.name.as_ref()))?;
        writeln!(f, "address: {}", OrNone(self.address.as_ref()))?;
        writeln!(f, "page: {}\nverify-at: {}", OrNone(self.page.as_ref()), self.verify_at)?;
        each_or_none(f, "supersedes", self.supersedes.iter().map(Digest::to_string))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::notice) fn good() -> String {
        format!(
            "banner-denial/v1\ndenial-id: false-banner-1\nissuer: police.example\nissued: 2026-12-02T10:00:00Z\n\
             status: in-force\nseen-at: 2026-12-01T21:30:00Z\nname: fake-shop.example\naddress: 2001:db8::99\n\
             page: {}\nverify-at: https://police.example/notices\nsupersedes: none\n",
            Digest::of("page")
        )
    }

    #[test]
    fn a_denial_says_what_it_is_about_in_one_form() {
        let denial = Denial::parse(good().as_bytes()).unwrap();
        assert_eq!(denial.to_string(), good());
        assert!(denial.about().starts_with("fake-shop.example, 2001:db8::99, page sha256:"));
        let page = format!("page: {}", Digest::of("page"));
        for (from, to, reason) in [
            ("denial-id: false-banner-1", "denial-id: False", "an identifier"),
            ("seen-at: 2026-12-01", "seen-at: 2026-12-03", "before it was stated"),
            ("name: fake-shop.example", "name: Fake-Shop.example", "written"),
            ("address: 2001:db8::99", "address: 2001:db8:0::99", "written"),
            ("address: 2001:db8::99", "address: nowhere", "an IP address"),
            ("status: in-force", "status: withdrawn", "supersedes"),
            ("https://police", "https://notpolice", "https address"),
            ("supersedes: none", "supersedes: none\nsupersedes: none", "nothing follows"),
            ("supersedes: none\n", "supersedes: none", "line feed"),
            (&page, "page: sha256:00", "digest"),
        ] {
            let text = good().replacen(from, to, 1);
            assert_ne!(text, good(), "{from}");
            let error = Denial::parse(text.as_bytes()).expect_err(to).to_string();
            assert!(error.contains(reason), "{to}: {error}");
        }
        let nothing =
            good().replace("fake-shop.example", "none").replace("2001:db8::99", "none").replace(&page, "page: none");
        assert!(Denial::parse(nothing.as_bytes()).is_err());
    }
}

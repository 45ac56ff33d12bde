//! The kinds of statements, told apart by their first line.

use std::collections::BTreeSet;
use std::fmt;

use super::advisory::{self, Advisory};
use super::denial::{self, Denial};
use super::listing::{self, Listing};
use super::manifest::{Manifest, Status};
use super::statement::StatementError;
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::DomainName;

/// Anything that agencies sign as a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// An edition of a notice.
    Notice(Box<Manifest>),
    /// A banner that is not ours.
    Denial(Box<Denial>),
    /// A joint advisory.
    Advisory(Box<Advisory>),
    /// That a register is complete.
    Listing(Box<Listing>),
}

impl Statement {
    /// Reads a statement of the kind that its first line names; a text that names none is taken for a notice.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        let first = bytes.split(|octet| *octet == b'\n').next().unwrap_or_default();
        let is = |version: &str| first == version.as_bytes();
        if is(denial::VERSION_LINE) {
            return Denial::parse(bytes).map(|denial| Self::Denial(Box::new(denial)));
        }
        if is(advisory::VERSION_LINE) {
            return Advisory::parse(bytes).map(|advisory| Self::Advisory(Box::new(advisory)));
        }
        if is(listing::VERSION_LINE) {
            return Listing::parse(bytes).map(|listing| Self::Listing(Box::new(listing)));
        }
        Manifest::parse(bytes).map(|manifest| Self::Notice(Box::new(manifest)))
    }

    /// One word for its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Notice(_) => "notice",
            Self::Denial(_) => "denial",
            Self::Advisory(_) => "advisory",
            Self::Listing(_) => "register",
        }
    }

    /// What it calls itself.
    pub fn id(&self) -> String {
        match self {
            Self::Notice(notice) => notice.id.to_string(),
            Self::Denial(denial) => denial.id.to_string(),
            Self::Advisory(advisory) => advisory.id.to_string(),
            Self::Listing(listing) => listing.issued.to_string(),
        }
    }

    /// The domain from which the leading agency speaks.
    pub fn issuer(&self) -> &DomainName {
        match self {
            Self::Notice(notice) => &notice.issuer,
            Self::Denial(denial) => &denial.issuer,
            Self::Advisory(advisory) => &advisory.issuer,
            Self::Listing(listing) => &listing.issuer,
        }
    }

    /// Where the issuer says how to check it.
    pub fn verify_at(&self) -> &str {
        match self {
            Self::Notice(notice) => &notice.verify_at,
            Self::Denial(denial) => &denial.verify_at,
            Self::Advisory(advisory) => &advisory.verify_at,
            Self::Listing(listing) => &listing.verify_at,
        }
    }

    /// From when it counts, which is when its signers say they signed.
    pub fn begins(&self) -> UtcTime {
        match self {
            Self::Notice(notice) => notice.not_before,
            Self::Denial(denial) => denial.issued,
            Self::Advisory(advisory) => advisory.issued,
            Self::Listing(listing) => listing.issued,
        }
    }

    /// Whether it is upheld.
    pub fn status(&self) -> Status {
        match self {
            Self::Notice(notice) => notice.status,
            Self::Denial(denial) => denial.status,
            Self::Advisory(advisory) => advisory.status,
            Self::Listing(_) => Status::InForce,
        }
    }

    /// The digests of the texts that it replaces.
    pub fn supersedes(&self) -> BTreeSet<Digest> {
        match self {
            Self::Notice(notice) => notice.supersedes.values().copied().collect(),
            Self::Denial(denial) => denial.supersedes.clone(),
            Self::Advisory(advisory) => advisory.supersedes.clone(),
            Self::Listing(_) => BTreeSet::new(),
        }
    }

    /// The digest of its text.
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_string())
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notice(notice) => notice.fmt(f),
            Self::Denial(denial) => denial.fmt(f),
            Self::Advisory(advisory) => advisory.fmt(f),
            Self::Listing(listing) => listing.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{advisory, denial, listing, manifest};
    use super::*;

    /// A good one of each kind.
    fn each() -> [String; 4] {
        [manifest::tests::good(), denial::tests::good(), advisory::tests::good(), listing::tests::good()]
    }

    #[test]
    fn each_kind_is_told_by_its_first_line() {
        let kinds = each().map(|text| Statement::parse(text.as_bytes()).unwrap().kind());
        assert_eq!(kinds, ["notice", "denial", "advisory", "register"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1024))]

        #[test]
        fn a_statement_with_a_piece_replaced_is_refused_or_prints_to_itself(
            kind in 0usize..4, at in any::<prop::sample::Index>(), cut in 0usize..40, piece in "[ -~\n]{0,20}"
        ) {
            let mut text = each()[kind].clone();
            let at = at.index(text.len() + 1);
            let end = (at + cut).min(text.len());
            text.replace_range(at..end, &piece);
            if let Ok(statement) = Statement::parse(text.as_bytes()) {
                prop_assert_eq!(statement.to_string(), text);
            }
        }
    }
}

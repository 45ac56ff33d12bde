//! Names: domains in their A-label form, onion services, and large lists of names.
//!
//! [`DomainName`] is the only type that the DNS and registration code takes, and it cannot hold a name under `.onion`;
//! [`OnionName`] is the only type that can. So RFC 7686 section 2 (never look such a name up in the DNS) is kept by the
//! compiler and not by care.

mod hosts;
mod list;
mod onion;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use hosts::HostList;
pub use list::{ListProblem, ListProblemKind, NameList, NameListLimits};
pub use onion::{OnionError, OnionName};

/// The longest name in presentation form without the trailing dot (RFC 1035 section 2.3.4: 255 octets on the wire).
pub const NAME_MAX_CHARS: usize = 253;

/// A domain name as the DNS compares it: lower-case A-labels, no trailing dot, at least two labels or a top-level label,
/// letters, digits and hyphens only.
///
/// Made from anything a person may write (`Bücher.Example.`), stored in one form (`xn--bcher-kva.example`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(Box<str>);

/// Why a text is not a domain name that can be ordered seized.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// Nothing there.
    #[error("the name is empty")]
    Empty,
    /// More than [`NAME_MAX_CHARS`] characters in A-label form.
    #[error("the name has {chars} characters; the DNS allows {NAME_MAX_CHARS}")]
    TooLong {
        /// Length found, in characters of the A-label form or of the text.
        chars: usize,
    },
    /// One label is empty or has more than 63 characters.
    #[error("the label `{label}` is empty or has more than 63 characters")]
    Label {
        /// The label, shortened.
        label: String,
    },
    /// A character that host names do not have, or a label that IDNA 2008 / UTS 46 refuses.
    #[error("`{text}` is not a host name: letters, digits, hyphens and dots, or a valid international name")]
    Characters {
        /// The text, shortened and with control characters escaped.
        text: String,
    },
    /// An address stands where a name should.
    #[error("`{text}` is an address, not a name")]
    Address {
        /// The text.
        text: String,
    },
    /// A name under `.onion` (RFC 7686).
    #[error("`{text}` is an onion service; it never goes to the DNS")]
    Onion {
        /// The text.
        text: String,
    },
}

/// A text cut to what fits in a message, control characters escaped.
pub(crate) fn excerpt(text: &str) -> String {
    const CHARS: usize = 80;
    let mut shown: String = text.chars().take(CHARS).flat_map(char::escape_debug).collect();
    if text.chars().nth(CHARS).is_some() {
        shown.push('…');
    }
    shown
}

impl DomainName {
    /// Reads a name as a person or a list writes it: any case, one trailing dot, U-labels or A-labels.
    pub fn parse(text: &str) -> Result<Self, DomainError> {
        let bare = text.strip_suffix('.').unwrap_or(text);
        if bare.is_empty() {
            return Err(DomainError::Empty);
        }
        // Before any mapping: UTS 46 works on the whole text, so its length is bounded first.
        if bare.len() > 4 * NAME_MAX_CHARS {
            return Err(DomainError::TooLong { chars: bare.chars().count() });
        }
        let ascii = if is_plain(bare) {
            bare.to_owned()
        } else {
            idna::domain_to_ascii_strict(bare).map_err(|_| why_not(bare))?
        };
        Self::check(&ascii, text)?;
        Ok(Self(ascii.into_boxed_str()))
    }

    fn check(ascii: &str, text: &str) -> Result<(), DomainError> {
        if ascii.len() > NAME_MAX_CHARS {
            return Err(DomainError::TooLong { chars: ascii.len() });
        }
        if let Some(label) = ascii.split('.').find(|label| label.is_empty() || label.len() > 63) {
            return Err(DomainError::Label { label: excerpt(label) });
        }
        let last = ascii.rsplit('.').next().unwrap_or(ascii);
        if last.bytes().all(|byte| byte.is_ascii_digit()) {
            // RFC 3696 section 2: a top-level label is not all digits; what looks so is an address.
            return Err(DomainError::Address { text: excerpt(text) });
        }
        if last == "onion" {
            return Err(DomainError::Onion { text: excerpt(text) });
        }
        Ok(())
    }

    /// The A-label form: `xn--bcher-kva.example`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The U-label form, where it differs from the A-label form: `bücher.example`.
    pub fn unicode(&self) -> Option<String> {
        if !self.0.split('.').any(|label| label.starts_with("xn--")) {
            return None;
        }
        let (unicode, result) = idna::domain_to_unicode(&self.0);
        (result.is_ok() && unicode != *self.0).then_some(unicode)
    }

    /// Both forms for people: `bücher.example (xn--bcher-kva.example)`, or just the one.
    pub fn for_people(&self) -> String {
        match self.unicode() {
            Some(unicode) => format!("{unicode} ({})", self.0),
            None => self.0.to_string(),
        }
    }

    /// The name without its first label; `None` for a top-level name.
    pub fn parent(&self) -> Option<Self> {
        self.0.split_once('.').map(|(_, rest)| Self(rest.into()))
    }

    /// The last label: `example`.
    pub fn tld(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or(&self.0)
    }

    /// Whether this is `ancestor` or stands below it.
    pub fn is_within(&self, ancestor: &Self) -> bool {
        match self.0.strip_suffix(&*ancestor.0) {
            Some("") => true,
            Some(front) => front.ends_with('.'),
            None => false,
        }
    }

    /// The name under which the public registers: one label below the public suffix.
    ///
    /// `None` when the name is itself a public suffix (`co.uk`, `github.io`): seizing one would hit every tenant.
    pub fn registrable(&self) -> Option<Self> {
        psl::domain_str(&self.0).map(|name| Self(name.into()))
    }

    /// Whether the public suffix list has the name's suffix in its private section: a host with many tenants.
    pub fn is_under_private_suffix(&self) -> bool {
        psl::suffix(self.0.as_bytes()).and_then(|suffix| suffix.typ()) == Some(psl::Type::Private)
    }
}

/// Already in stored form, so that a million ordinary names skip the mapping: lower-case letters, digits, inner hyphens and
/// dots, no A-label (those are checked by IDNA), no `--` in third place.
fn is_plain(text: &str) -> bool {
    text.split('.').all(|label| {
        let bytes = label.as_bytes();
        !label.is_empty()
            && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
            && bytes.first() != Some(&b'-')
            && bytes.last() != Some(&b'-')
            && bytes.get(2..4) != Some(b"--")
    })
}

/// IDNA says only that it failed; this says where.
fn why_not(text: &str) -> DomainError {
    if text.parse::<std::net::IpAddr>().is_ok() || (text.starts_with('[') && text.ends_with(']')) {
        return DomainError::Address { text: excerpt(text) };
    }
    if let Some(label) = text.split('.').find(|label| label.is_empty() || (label.is_ascii() && label.len() > 63)) {
        return DomainError::Label { label: excerpt(label) };
    }
    if text.is_ascii() && text.len() > NAME_MAX_CHARS {
        return DomainError::TooLong { chars: text.len() };
    }
    DomainError::Characters { text: excerpt(text) }
}

impl FromStr for DomainName {
    type Err = DomainError;

    fn from_str(text: &str) -> Result<Self, DomainError> {
        Self::parse(text)
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl Serialize for DomainName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DomainName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> DomainName {
        text.parse().unwrap()
    }

    #[test]
    fn every_way_of_writing_a_name_is_stored_as_one() {
        for (written, stored) in [
            ("shop.example", "shop.example"),
            ("Shop.EXAMPLE.", "shop.example"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
            ("a-b.c0.test", "a-b.c0.test"),
        ] {
            assert_eq!(name(written).as_str(), stored, "{written}");
        }
        assert_eq!(name("bücher.example").for_people(), "bücher.example (xn--bcher-kva.example)");
        assert_eq!(name("shop.example").for_people(), "shop.example");
    }

    #[test]
    fn what_is_not_a_name_is_refused_for_its_own_reason() {
        let long_label = format!("{}.example", "a".repeat(64));
        let long_name = format!("{}example", "abcdefgh.".repeat(30));
        for (written, reason) in [
            ("", "empty"),
            (".", "empty"),
            ("a..example", "label"),
            (&long_label, "label"),
            (&long_name, "253"),
            ("ex ample.test", "host name"),
            ("-a.example", "host name"),
            ("a_b.example", "host name"),
            ("a\u{202e}b.example", "host name"),
            ("a/b.example", "host name"),
            ("192.0.2.1", "address"),
            ("2001:db8::1", "address"),
            ("abc.onion", "onion"),
            ("ABC.ONION.", "onion"),
            ("xn--a.example", "host name"),
        ] {
            let refusal = DomainName::parse(written).unwrap_err().to_string();
            assert!(refusal.contains(reason), "{written}: {refusal}");
        }
    }

    #[test]
    fn ancestry_goes_by_labels_and_not_by_letters() {
        assert!(name("www.shop.example").is_within(&name("shop.example")));
        assert!(name("shop.example").is_within(&name("shop.example")));
        assert!(!name("myshop.example").is_within(&name("shop.example")));
        assert_eq!(name("www.shop.example").registrable(), Some(name("shop.example")));
        assert_eq!(name("example").registrable(), None);
        assert!(name("someone.github.io").is_under_private_suffix());
        assert!(!name("shop.example").is_under_private_suffix());
        assert_eq!(name("shop.example").parent(), Some(name("example")));
    }

    proptest! {
        #[test]
        fn what_is_read_prints_to_what_is_read_again(text in "\\PC{0,300}") {
            if let Ok(name) = DomainName::parse(&text) {
                prop_assert_eq!(DomainName::parse(name.as_str()).unwrap(), name);
            }
        }
    }
}

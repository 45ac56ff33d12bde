//! What can be asked about in the DNS.

use std::fmt;

use crate::domain::{DomainError, DomainName, NAME_MAX_CHARS};

/// A name of the DNS, or one of its attributes (RFC 8552): `_seizure-keys.police.example`, which is no host name.
///
/// It is made of a [`DomainName`] and of nothing else, so that no name under `.onion` is ever asked about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct QueryName(Box<str>);

impl QueryName {
    /// The attribute of `name` whose label is `label`, written with its underscore.
    ///
    /// # Errors
    ///
    /// The two together are longer than a name may be.
    pub fn attribute(label: &'static str, name: &DomainName) -> Result<Self, DomainError> {
        let text = format!("{label}.{name}");
        let chars = text.len();
        if chars > NAME_MAX_CHARS { Err(DomainError::TooLong { chars }) } else { Ok(Self(text.into())) }
    }

    /// The name, in lower-case A-labels without a trailing dot.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&DomainName> for QueryName {
    fn from(name: &DomainName) -> Self {
        Self(name.as_str().into())
    }
}

impl PartialEq<DomainName> for QueryName {
    fn eq(&self, other: &DomainName) -> bool {
        *self.0 == *other.as_str()
    }
}

impl fmt::Display for QueryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

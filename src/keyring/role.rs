use std::fmt;
use std::str::FromStr;

use super::KeyringError;
use crate::domain::{DomainName, excerpt};
use crate::signed_note::{KeyName, KeyType};

/// What a key may sign. A key has one role for its whole life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The list of an agency's keys; kept offline.
    Root,
    /// Notices.
    Notice,
    /// Plans, by one person: `police.example/approval/jane-doe`.
    Approval,
    /// Checkpoints of one log: `police.example/log/harbour-light`.
    Log,
    /// Cosignatures on other people's logs.
    Witness,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Root, Self::Notice, Self::Approval, Self::Log, Self::Witness];

    /// The word in a key's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Notice => "notice",
            Self::Approval => "approval",
            Self::Log => "log",
            Self::Witness => "witness",
        }
    }

    /// What a key of this role signs. Decided here and nowhere else: a witness's key is a cosigner's, all others sign notes.
    pub fn key_type(self) -> KeyType {
        match self {
            Self::Witness => KeyType::Cosigner,
            Self::Root | Self::Notice | Self::Approval | Self::Log => KeyType::Note,
        }
    }

    /// The role that a name says: `HOST/ROLE` or `HOST/ROLE/LABEL`, the host a domain name in lower-case A-labels.
    pub fn of(name: &KeyName) -> Option<Self> {
        let mut parts = name.as_str().split('/');
        let host = parts.next()?;
        let role = parts.next()?.parse().ok()?;
        let label_is_good = parts.next().is_none_or(is_label);
        let host_is_good = DomainName::parse(host).is_ok_and(|parsed| parsed.as_str() == host);
        (host_is_good && label_is_good && parts.next().is_none()).then_some(role)
    }

    /// The name of a key of this role, held by `host`.
    pub fn key_name(self, host: &DomainName, label: Option<&str>) -> Result<KeyName, KeyringError> {
        match label {
            None => Ok(format!("{host}/{self}").parse()?),
            Some(label) if is_label(label) => Ok(format!("{host}/{self}/{label}").parse()?),
            Some(label) => Err(KeyringError::Label { label: excerpt(label) }),
        }
    }

    /// Nothing when `name` has this role, otherwise why it does not.
    pub fn require(self, name: &KeyName) -> Result<(), KeyringError> {
        match Self::of(name) {
            Some(role) if role == self => Ok(()),
            Some(role) => Err(KeyringError::WrongRole { name: name.clone(), role, wanted: self }),
            None => Err(KeyringError::NoRole { name: name.clone() }),
        }
    }
}

/// Labels end up in file names and are compared by eye: one case, and nothing a shell or a path would take apart.
fn is_label(label: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    label.bytes().next().is_some_and(plain) && label.bytes().all(|b| plain(b) || matches!(b, b'-' | b'_' | b'.'))
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Role {
    type Err = KeyringError;

    fn from_str(text: &str) -> Result<Self, KeyringError> {
        let found = Self::ALL.into_iter().find(|role| role.as_str() == text);
        found.ok_or_else(|| KeyringError::UnknownRole { text: excerpt(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_key_says_its_role() {
        for (name, role) in [
            ("police.example/root", Some(Role::Root)),
            ("police.example/notice", Some(Role::Notice)),
            ("police.example/approval/jane-doe", Some(Role::Approval)),
            ("xn--bcher-kva.example/log/harbour-light", Some(Role::Log)),
            ("police.example/witness/2026.1_a", Some(Role::Witness)),
            ("police.example", None),
            ("police.example/", None),
            ("police.example/Notice", None),
            ("police.example/seizure", None),
            ("police.example/notice/", None),
            ("police.example/notice/.hidden", None),
            ("police.example/notice/Jane", None),
            ("police.example/notice/jane/doe", None),
            ("Police.example/notice", None),
            ("police.example./notice", None),
            ("/notice", None),
            ("192.0.2.1/notice", None),
        ] {
            assert_eq!(Role::of(&name.parse().unwrap()), role, "{name}");
        }
    }

    #[test]
    fn a_name_made_for_a_role_is_read_as_that_role() {
        let host = DomainName::parse("Police.Example.").unwrap();
        for role in Role::ALL {
            for label in [None, Some("jane-doe")] {
                assert_eq!(Role::of(&role.key_name(&host, label).unwrap()), Some(role));
            }
            assert_eq!(role.to_string().parse::<Role>().unwrap(), role);
        }
        for label in ["", "Jane", "a/b", "a b", "-", "\u{e9}"] {
            assert!(matches!(Role::Log.key_name(&host, Some(label)), Err(KeyringError::Label { .. })), "{label:?}");
        }
        assert!(matches!("judge".parse::<Role>(), Err(KeyringError::UnknownRole { .. })));
    }
}

//! Version 3 onion service names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha3::{Digest, Sha3_256};

use super::excerpt;

/// A version 3 onion service name, `<56 letters>.onion`, whose checksum is right.
///
/// The name is the service's public key, so it has no registrar and no DNS, and whoever holds a copy of the key can answer
/// for it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OnionName(Box<str>);

/// Why a text is not an onion service name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OnionError {
    /// It is not 56 characters of base32 and `.onion`.
    #[error("`{text}` is not a version 3 onion name: 56 characters of a-z and 2-7, then .onion")]
    Form {
        /// The text, shortened.
        text: String,
    },
    /// A letter was changed or lost on the way.
    #[error("`{text}` has a wrong checksum: at least one character is mistaken")]
    Checksum {
        /// The text.
        text: String,
    },
}

/// The version octet of the names that Tor makes today.
const VERSION: u8 = 3;

impl OnionName {
    /// The name of the service with this Ed25519 public key (tor-spec, rend-spec-v3 section 6 "Encoding onion addresses").
    pub fn of_key(public_key: &[u8; 32]) -> Self {
        let mut octets = Vec::with_capacity(35);
        octets.extend_from_slice(public_key);
        octets.extend_from_slice(&checksum(public_key));
        octets.push(VERSION);
        let mut name = data_encoding::BASE32_NOPAD.encode(&octets).to_ascii_lowercase();
        name.push_str(".onion");
        Self(name.into_boxed_str())
    }

    /// The name, in lower case with `.onion`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The two checksum octets: `SHA3-256(".onion checksum" || key || version)`, cut.
fn checksum(public_key: &[u8]) -> [u8; 2] {
    let digest = Sha3_256::new().chain_update(b".onion checksum").chain_update(public_key).chain_update([VERSION]);
    let octets: [u8; 32] = digest.finalize().into();
    let [first, second, ..] = octets;
    [first, second]
}

impl FromStr for OnionName {
    type Err = OnionError;

    fn from_str(text: &str) -> Result<Self, OnionError> {
        let form = || OnionError::Form { text: excerpt(text) };
        let lower = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let host = lower.strip_suffix(".onion").filter(|host| host.len() == 56).ok_or_else(form)?;
        let octets = data_encoding::BASE32_NOPAD.decode(host.to_ascii_uppercase().as_bytes()).map_err(|_| form())?;
        let (key, tail) = octets.split_at_checked(32).ok_or_else(form)?;
        let [first, second, version] = tail else { return Err(form()) };
        if *version != VERSION {
            return Err(form());
        }
        if checksum(key) != [*first, *second] {
            return Err(OnionError::Checksum { text: lower });
        }
        Ok(Self(lower.into_boxed_str()))
    }
}

impl fmt::Display for OnionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for OnionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl Serialize for OnionName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for OnionName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Tor Project's own site, published at <https://community.torproject.org/onion-services/>.
    const TOR_PROJECT: &str = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion";

    #[test]
    fn a_published_name_is_read_in_any_case() {
        assert_eq!(TOR_PROJECT.parse::<OnionName>().unwrap().as_str(), TOR_PROJECT);
        assert_eq!(TOR_PROJECT.to_uppercase().parse::<OnionName>().unwrap().as_str(), TOR_PROJECT);
        let made = OnionName::of_key(&[7; 32]);
        assert_eq!(made.as_str().parse::<OnionName>().unwrap(), made);
    }

    #[test]
    fn one_wrong_letter_is_noticed() {
        let altered = TOR_PROJECT.replacen('2', "3", 1);
        assert!(matches!(altered.parse::<OnionName>(), Err(OnionError::Checksum { .. })));
        for text in ["", ".onion", "shop.example", "expyuzz4wqqyqhjn.onion", &TOR_PROJECT.replace('z', "1")] {
            assert!(matches!(text.parse::<OnionName>(), Err(OnionError::Form { .. })), "{text}");
        }
    }
}

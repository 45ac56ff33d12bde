//! Where an agency publishes its key lists, and the digest of their roots.
//!
//! ```text
//! https://police.example/.well-known/seizure-keys.note      the newest list
//! https://police.example/.well-known/seizure-keys.2.note    an earlier one, by its number
//! _seizure-keys.police.example. IN TXT "v=sk1; root=sha256:…"
//! ```
//!
//! Neither the site nor the zone is proof: whoever holds both can show roots of his own. They are held against a fingerprint that
//! came another way, such as on the paper of a court order.

use std::collections::BTreeSet;

use super::{KeyringError, Role, verifier_key_line};
use crate::digest::Digest;
use crate::signed_note::VerifierKey;

/// The label under which a host's roots stand in the DNS (RFC 8552).
pub const KEYS_LABEL: &str = "_seizure-keys";

/// How every version of the record begins, and the one that is written.
const RECORD_MARK: &str = "v=sk";
const RECORD_VERSION: &str = "v=sk1";
/// What stands before the digest.
const ROOT_TAG: &str = "root=";

/// The name of the file with the newest list, or with that of a number. It lies in `/.well-known/` (RFC 8615).
pub fn list_file(number: Option<u32>) -> String {
    match number {
        None => "seizure-keys.note".to_owned(),
        Some(number) => format!("seizure-keys.{number}.note"),
    }
}

/// The fingerprint of the roots of a list: the digest of their verifier keys, sorted, each with a line feed. Of one root it is
/// what `sha256sum NAME.vkey` prints. It does not say how many of them must sign; the list does.
pub fn roots_fingerprint(roots: &[VerifierKey]) -> Digest {
    let mut lines: Vec<String> = roots.iter().map(verifier_key_line).collect();
    lines.sort();
    Digest::of(lines.concat())
}

/// What an agency publishes in the DNS so that its roots can be held against another source (`delv`, `dig +dnssec`): one line of
/// a zone for each host of the keys, which are all the roots of a key list, or one.
///
/// ```text
/// _seizure-keys.police.example. IN TXT "v=sk1; root=sha256:…"
/// ```
pub fn dns_txt(roots: &[VerifierKey]) -> Result<String, KeyringError> {
    roots.iter().try_for_each(|root| Role::Root.require(root.name()))?;
    let digest = roots_fingerprint(roots);
    let hosts: BTreeSet<&str> = roots.iter().map(|root| root.name().host()).collect();
    let line = |host: &str| format!("{KEYS_LABEL}.{host}. IN TXT \"{RECORD_VERSION}; {ROOT_TAG}{digest}\"\n");
    Ok(hosts.into_iter().map(line).collect())
}

/// What one text record under [`KEYS_LABEL`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysRecord {
    /// The fingerprint of the roots.
    Roots(Digest),
    /// It is meant to say that, and cannot be understood: another version, or no digest.
    Unclear,
    /// It is about something else.
    Other,
}

impl KeysRecord {
    /// Reads a record, its character strings one after the other. Spaces around `;` do not matter, and what else stands between
    /// them is left to later versions that mean the same by `v=sk1`.
    pub fn parse(octets: &[u8]) -> Self {
        let Ok(text) = str::from_utf8(octets) else { return Self::Other };
        let mut parts = text.split(';').map(|part| part.trim_matches(' '));
        match parts.next() {
            Some(RECORD_VERSION) => {}
            Some(other) if other.starts_with(RECORD_MARK) => return Self::Unclear,
            _ => return Self::Other,
        }
        let mut roots = parts.filter_map(|part| part.strip_prefix(ROOT_TAG));
        match (roots.next().map(str::parse), roots.next()) {
            (Some(Ok(digest)), None) => Self::Roots(digest),
            _ => Self::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keyring::SecretKey;
    use crate::signed_note::NoteSigner as _;

    fn root(name: &str, seed: u8) -> VerifierKey {
        SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap().verifier().clone()
    }

    #[test]
    fn the_roots_are_published_in_the_dns_by_the_digest_of_their_files() {
        let (police, court) = (root("police.example/root", 1), root("court.example/root", 2));
        let one =
            format!("_seizure-keys.police.example. IN TXT \"v=sk1; root={}\"\n", Digest::of(format!("{police}\n")));
        assert_eq!(dns_txt(std::slice::from_ref(&police)).unwrap(), one);
        let digest = Digest::of(format!("{court}\n{police}\n"));
        let line = |host| format!("_seizure-keys.{host}.example. IN TXT \"v=sk1; root={digest}\"\n");
        assert_eq!(dns_txt(&[police, court]).unwrap(), line("court") + &line("police"));
        assert!(matches!(dns_txt(&[root("police.example/notice", 1)]), Err(KeyringError::WrongRole { .. })));
    }

    #[test]
    fn a_record_that_is_written_is_read_and_another_is_not_mistaken_for_it() {
        let police = root("police.example/root", 1);
        let digest = roots_fingerprint(std::slice::from_ref(&police));
        let line = dns_txt(&[police]).unwrap();
        let written = line.split('"').nth(1).unwrap();
        let other = Digest::of("other");
        for (text, said) in [
            (written.to_owned(), KeysRecord::Roots(digest)),
            (format!("v=sk1;root={digest}"), KeysRecord::Roots(digest)),
            (format!(" v=sk1 ; note=x; root={digest} ;"), KeysRecord::Roots(digest)),
            (format!("v=sk1; root={digest}; root={other}"), KeysRecord::Unclear),
            (format!("v=sk1; root={}", digest.hex()), KeysRecord::Unclear),
            ("v=sk1".to_owned(), KeysRecord::Unclear),
            (format!("v=sk2; root={digest}"), KeysRecord::Unclear),
            (format!("root={digest}; v=sk1"), KeysRecord::Other),
            ("v=spf1 -all".to_owned(), KeysRecord::Other),
            (String::new(), KeysRecord::Other),
        ] {
            assert_eq!(KeysRecord::parse(text.as_bytes()), said, "{text}");
        }
        assert_eq!(KeysRecord::parse(b"v=sk1; root=\xff"), KeysRecord::Other);
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_record_is_answered(octets: Vec<u8>, tail in "[ -~]{0,90}") {
            let _ = KeysRecord::parse(&octets);
            let read = KeysRecord::parse(format!("v=sk1; root=sha256:{tail}").as_bytes());
            prop_assert_ne!(read, KeysRecord::Other);
        }
    }
}

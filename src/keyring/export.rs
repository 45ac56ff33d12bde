//! One public key in the forms that other people's tools read.

use base64ct::{Base64, Encoding};

use super::detached::{MinisignKeyNumber, SshNamespace, ssh_key_blob};
use super::{KeyringError, Role};
use crate::digest::Digest;
use crate::signed_note::VerifierKey;

/// The verifier key with a line feed, as it stands in `NAME.vkey` ([signed-note](https://c2sp.org/signed-note)).
pub fn verifier_key_line(key: &VerifierKey) -> String {
    format!("{key}\n")
}

/// The key as `-----BEGIN PUBLIC KEY-----`, for `openssl pkeyutl -verify -pubin` (RFC 7468 section 13).
pub fn public_key_pem(key: &VerifierKey) -> String {
    // RFC 8410 section 4: SEQUENCE { SEQUENCE { 1.3.101.112 }, BIT STRING of 32 octets }; only the key itself varies.
    const PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let der = [PREFIX.as_slice(), &key.public_key()].concat();
    // 44 octets are 60 characters: one line, where PEM breaks after 64.
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", Base64::encode_string(&der))
}

/// A minisign public key file, for `minisign -V -p`. The key number is the start of the key's own digest.
pub fn minisign_public_key(key: &VerifierKey) -> String {
    let number = MinisignKeyNumber::of(key);
    let blob = [b"Ed".as_slice(), &number.octets(), &key.public_key()].concat();
    format!("untrusted comment: minisign public key {number} of {}\n{}\n", key.name(), Base64::encode_string(&blob))
}

/// An OpenSSH public key line: `ssh-ed25519 AAAA… police.example/notice`.
pub fn ssh_public_key(key: &VerifierKey) -> String {
    format!("ssh-ed25519 {} {}\n", Base64::encode_string(&ssh_key_blob(key)), key.name())
}

/// An `allowed_signers` line for `ssh-keygen -Y verify`: the key's host is the principal, and only signatures in `namespace`
/// count (ssh-keygen(1), "ALLOWED SIGNERS").
///
/// The key's name must say a role, for only then is its host a domain: a principal such as `*` would stand for everyone.
pub fn allowed_signers(key: &VerifierKey, namespace: &SshNamespace) -> Result<String, KeyringError> {
    signer_line(key, namespace, "")
}

/// Such a line with `options` after the namespace.
pub(super) fn signer_line(key: &VerifierKey, namespace: &SshNamespace, options: &str) -> Result<String, KeyringError> {
    if Role::of(key.name()).is_none() {
        return Err(KeyringError::NoRole { name: key.name().clone() });
    }
    let (host, blob) = (key.name().host(), Base64::encode_string(&ssh_key_blob(key)));
    Ok(format!("{host} namespaces=\"{namespace}\"{options} ssh-ed25519 {blob}\n"))
}

/// SHA-256 of the 32 octets of the key, in lower-case hexadecimal: what is printed on paper and read out.
pub fn fingerprint(key: &VerifierKey) -> String {
    Digest::of(key.public_key()).hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 8410 section 10.1.
    fn key() -> VerifierKey {
        let octets = Base64::decode_vec("Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=").unwrap();
        VerifierKey::new("police.example/notice".parse().unwrap(), &octets.try_into().unwrap()).unwrap()
    }

    #[test]
    fn the_pem_form_is_the_one_in_the_standard() {
        assert_eq!(
            public_key_pem(&key()),
            "-----BEGIN PUBLIC KEY-----\n\
             MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
             -----END PUBLIC KEY-----\n"
        );
    }

    #[test]
    fn every_form_carries_the_same_key() {
        let raw = key().public_key();
        let field = |text: &str, index| Base64::decode_vec(text.split_whitespace().nth(index).unwrap()).unwrap();
        assert!(field(&ssh_public_key(&key()), 1).ends_with(&raw));
        let namespace = SshNamespace::of_notices(key().name()).unwrap();
        let line = allowed_signers(&key(), &namespace).unwrap();
        assert!(
            line.starts_with("police.example namespaces=\"seizure-notice@police.example\" ssh-ed25519 AAAA"),
            "{line}"
        );
        assert!(field(&line, 3).ends_with(&raw));
        let minisign = minisign_public_key(&key());
        assert!(Base64::decode_vec(minisign.lines().nth(1).unwrap()).unwrap().ends_with(&raw));
        assert!(minisign_verify::PublicKey::decode(&minisign).is_ok());
        assert_eq!(verifier_key_line(&key()).trim_end().parse::<VerifierKey>().unwrap(), key());
        assert!(
            data_encoding::HEXLOWER
                .decode(fingerprint(&key()).as_bytes())
                .unwrap()
                .starts_with(&MinisignKeyNumber::of(&key()).octets())
        );
    }

    #[test]
    fn a_name_that_is_no_domain_does_not_become_a_principal() {
        let everyone = VerifierKey::new("*/notice".parse().unwrap(), &key().public_key()).unwrap();
        assert!(matches!(SshNamespace::of_notices(everyone.name()), Err(KeyringError::NoRole { .. })));
        let line = allowed_signers(&everyone, &"file".parse().unwrap());
        assert!(matches!(line, Err(KeyringError::NoRole { .. })));
    }
}

//! Detached signatures that stock tools verify: minisign and OpenSSH.
//!
//! What is signed here cannot be mistaken for the text of a note: minisign signs a BLAKE2b digest, OpenSSH a message that
//! starts with `SSHSIG`.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64, Encoding};
use blake2::Blake2b512;
use sha2::{Digest as _, Sha512};

use super::{KeyringError, Role};
use crate::digest::Digest;
use crate::domain::excerpt;
use crate::signed_note::{KeyName, NoteSigner, VerifierKey};

/// The comment that a minisign signature covers and `minisign -V` prints: 1 to 1000 printable ASCII characters, one line.
///
/// minisign itself takes up to 8192 octets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedComment(String);

/// What an OpenSSH signature is for; a verifier names the namespace and refuses every other. 1 to 200 printable ASCII
/// characters without quotation marks, white space or commas, which have a meaning in `allowed_signers`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshNamespace(String);

/// A text of 1 to `max` octets that are all `good`.
fn checked(text: &str, max: usize, good: impl Fn(u8) -> bool) -> Result<String, KeyringError> {
    if !text.is_empty() && text.len() <= max && text.bytes().all(good) {
        Ok(text.to_owned())
    } else {
        Err(KeyringError::SignatureText { text: excerpt(text), max })
    }
}

impl FromStr for TrustedComment {
    type Err = KeyringError;

    fn from_str(text: &str) -> Result<Self, KeyringError> {
        checked(text, 1000, |b| matches!(b, 0x20..=0x7e)).map(Self)
    }
}

impl FromStr for SshNamespace {
    type Err = KeyringError;

    fn from_str(text: &str) -> Result<Self, KeyringError> {
        checked(text, 200, |b| b.is_ascii_graphic() && !matches!(b, b'"' | b',' | b'\\' | b'*' | b'?' | b'!')).map(Self)
    }
}

impl SshNamespace {
    /// `seizure-notice@HOST`: the notices of the key's holder. The name must say a role, for only then is its host a domain.
    pub fn of_notices(name: &KeyName) -> Result<Self, KeyringError> {
        match Role::of(name) {
            Some(_) => format!("seizure-notice@{}", name.host()).parse(),
            None => Err(KeyringError::NoRole { name: name.clone() }),
        }
    }
}

impl fmt::Display for SshNamespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The eight octets by which minisign tells keys apart. minisign draws them at random; here they are the first eight of the
/// key's SHA-256, so that they need not be stored.
pub(super) struct MinisignKeyNumber([u8; 8]);

impl MinisignKeyNumber {
    pub(super) fn of(key: &VerifierKey) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = *Digest::of(key.public_key()).as_bytes();
        Self([a, b, c, d, e, f, g, h])
    }

    pub(super) fn octets(&self) -> [u8; 8] {
        self.0
    }
}

impl fmt::Display for MinisignKeyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // minisign prints the number as a little-endian integer.
        write!(f, "{:016X}", u64::from_le_bytes(self.0))
    }
}

/// A minisign signature file over `message`, prehashed (`ED`), for `minisign -V -x`.
///
/// Format: <https://jedisct1.github.io/minisign/>, "Signature format".
pub fn minisign_signature<S: NoteSigner>(
    signer: &S,
    message: &[u8],
    comment: &TrustedComment,
) -> Result<String, S::Error> {
    let signature = signer.sign(&Blake2b512::digest(message))?;
    // The global signature binds the comment to the signature, and through it to the message.
    let global = signer.sign(&[signature.as_slice(), comment.0.as_bytes()].concat())?;
    Ok(minisign_file(signer.verifier(), &comment.0, &signature, &global))
}

fn minisign_file(key: &VerifierKey, comment: &str, signature: &[u8; 64], global: &[u8; 64]) -> String {
    let blob = [b"ED".as_slice(), &MinisignKeyNumber::of(key).octets(), signature].concat();
    format!(
        "untrusted comment: signature by {}\n{}\ntrusted comment: {comment}\n{}\n",
        key.name(),
        Base64::encode_string(&blob),
        Base64::encode_string(global)
    )
}

/// Whether `file` is what [`minisign_signature`] writes, to the octet, with good signatures of `key` over `message`.
pub fn is_minisign_signature(file: &str, key: &VerifierKey, message: &[u8]) -> bool {
    let lines: Vec<&str> = file.split('\n').collect();
    let [_, blob, comment, global, ""] = lines.as_slice() else { return false };
    let Some(comment) = comment.strip_prefix("trusted comment: ") else { return false };
    let (Some(signature), Some(global)) = (last_64(blob), last_64(global)) else { return false };
    key.verifies(&Blake2b512::digest(message), &signature)
        && key.verifies(&[signature.as_slice(), comment.as_bytes()].concat(), &global)
        && file == minisign_file(key, comment, &signature, &global)
}

/// The last 64 octets of what is written in base64: where both forms have the signature.
fn last_64(base64: &str) -> Option<[u8; 64]> {
    Base64::decode_vec(base64).ok()?.last_chunk().copied()
}

/// The preamble of everything that OpenSSH signs for files.
const SSHSIG_MAGIC: &[u8] = b"SSHSIG";
/// The version of the signature format.
const SSHSIG_VERSION: u32 = 1;
/// The digest that is signed in place of the message.
const SSHSIG_HASH: &[u8] = b"sha512";

/// An armored OpenSSH signature over `message`, for `ssh-keygen -Y verify -n NAMESPACE -s`.
///
/// Format: OpenSSH's `PROTOCOL.sshsig`.
pub fn ssh_signature<S: NoteSigner>(signer: &S, message: &[u8], namespace: &SshNamespace) -> Result<String, S::Error> {
    let signature = signer.sign(&ssh_signed(message, namespace))?;
    Ok(ssh_file(signer.verifier(), namespace, &signature))
}

/// Section 3 of `PROTOCOL.sshsig`: what is signed. The third string is reserved and empty.
fn ssh_signed(message: &[u8], namespace: &SshNamespace) -> Vec<u8> {
    let mut signed = SSHSIG_MAGIC.to_vec();
    for field in [namespace.0.as_bytes(), b"", SSHSIG_HASH, &Sha512::digest(message)] {
        put_string(&mut signed, field);
    }
    signed
}

/// Section 2 of `PROTOCOL.sshsig`: what is written.
fn ssh_file(key: &VerifierKey, namespace: &SshNamespace, signature: &[u8; 64]) -> String {
    let mut blob = [SSHSIG_MAGIC, &SSHSIG_VERSION.to_be_bytes()].concat();
    for field in [&ssh_key_blob(key), namespace.0.as_bytes(), b"", SSHSIG_HASH, &ssh_pair(signature)] {
        put_string(&mut blob, field);
    }
    armor(&blob)
}

/// Whether `file` is what [`ssh_signature`] writes, to the octet, with a good signature of `key` over `message`.
pub fn is_ssh_signature(file: &str, key: &VerifierKey, message: &[u8], namespace: &SshNamespace) -> bool {
    let base64: String = file.lines().filter(|line| !line.starts_with("-----")).collect();
    let Some(signature) = last_64(&base64) else { return false };
    key.verifies(&ssh_signed(message, namespace), &signature) && file == ssh_file(key, namespace, &signature)
}

/// A public key in SSH's own encoding (RFC 8709 section 4).
pub(super) fn ssh_key_blob(key: &VerifierKey) -> Vec<u8> {
    ssh_pair(&key.public_key())
}

/// `string "ssh-ed25519" || string octets`: the form of keys (RFC 8709 section 4) and of signatures (section 6) alike.
fn ssh_pair(octets: &[u8]) -> Vec<u8> {
    let mut pair = Vec::new();
    put_string(&mut pair, b"ssh-ed25519");
    put_string(&mut pair, octets);
    pair
}

/// RFC 4251 section 5, `string`: a length of four octets and the octets. None here is longer than a few hundred.
pub(super) fn put_string(out: &mut Vec<u8>, octets: &[u8]) {
    out.extend_from_slice(&u32::try_from(octets.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(octets);
}

/// Section 1 of `PROTOCOL.sshsig`: base64 in lines of at most 76 characters.
fn armor(blob: &[u8]) -> String {
    let encoded = Base64::encode_string(blob);
    let mut text = String::from("-----BEGIN SSH SIGNATURE-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(70).unwrap_or((rest, ""));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END SSH SIGNATURE-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyring::{SecretKey, minisign_public_key};

    fn key() -> SecretKey {
        SecretKey::from_seed("police.example/notice".parse().unwrap(), &[7; 32]).unwrap()
    }

    #[test]
    fn another_implementation_accepts_our_minisign_signatures_and_no_altered_one() {
        let public = minisign_verify::PublicKey::decode(&minisign_public_key(key().verifier())).unwrap();
        let text = minisign_signature(&key(), b"notice\n", &"notice-id: 2026-0042".parse().unwrap()).unwrap();
        let verify = |text: &str, message: &[u8]| {
            let signature = minisign_verify::Signature::decode(text).unwrap();
            // `false`: the legacy form without a prehash is not accepted.
            public.verify(message, &signature, false).is_ok()
        };
        assert!(verify(&text, b"notice\n"));
        assert!(!verify(&text, b"Notice\n"));
        assert!(!verify(&text.replace("2026-0042", "2026-0043"), b"notice\n"));
        let other = SecretKey::from_seed("police.example/notice".parse().unwrap(), &[8; 32]).unwrap();
        let foreign = minisign_signature(&other, b"notice\n", &"x".parse().unwrap()).unwrap();
        assert!(!verify(&foreign, b"notice\n"));
        let verifier = key().verifier().clone();
        assert!(is_minisign_signature(&text, &verifier, b"notice\n"));
        assert!(!is_minisign_signature(&text, &verifier, b"Notice\n"));
        assert!(!is_minisign_signature(&text, other.verifier(), b"notice\n"));
        let altered =
            [text.replace("0042", "0043"), text.replace("by police", "by us"), format!("{text}x"), format!("{text}\n")];
        assert!(altered.iter().all(|text| !is_minisign_signature(text, &verifier, b"notice\n")));
    }

    #[test]
    fn a_signature_for_openssh_holds_for_its_text_key_and_namespace_alone() {
        let (verifier, namespace) = (key().verifier().clone(), SshNamespace::of_notices(key().name()).unwrap());
        let text = ssh_signature(&key(), b"notice\n", &namespace).unwrap();
        let holds = |text: &str, key: &VerifierKey, message: &[u8], of: &str| {
            is_ssh_signature(text, key, message, &of.parse().unwrap())
        };
        let (own, other) =
            (namespace.to_string(), SecretKey::generate("police.example/notice".parse().unwrap()).unwrap());
        assert!(holds(&text, &verifier, b"notice\n", &own));
        assert!(!holds(&text, &verifier, b"Notice\n", &own) && !holds(&text, &verifier, b"notice\n", "file"));
        assert!(!holds(&text, other.verifier(), b"notice\n", &own));
        for altered in [format!("{text}x"), format!("x{text}"), text.replace('\n', "\r\n"), String::new()] {
            assert!(!holds(&altered, &verifier, b"notice\n", &own), "{altered}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_of_a_stranger_is_a_signature(text: String) {
            let namespace = SshNamespace::of_notices(key().name()).unwrap();
            proptest::prop_assert!(!is_ssh_signature(&text, key().verifier(), b"x", &namespace));
            proptest::prop_assert!(!is_minisign_signature(&text, key().verifier(), b"x"));
        }
    }

    #[test]
    fn an_ssh_signature_has_the_fields_of_the_protocol_and_verifies() {
        let namespace = SshNamespace::of_notices(key().name()).unwrap();
        let text = ssh_signature(&key(), b"notice\n", &namespace).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("-----")).collect();
        assert!(lines.iter().all(|line| line.len() <= 76));
        let blob = Base64::decode_vec(&lines.concat()).unwrap();
        assert!(blob.starts_with(b"SSHSIG\0\0\0\x01"));
        let mut rest = &blob[10..];
        let mut fields = Vec::new();
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let (field, after) = after.split_at(u32::from_be_bytes(*length) as usize);
            fields.push(field);
            rest = after;
        }
        assert_eq!(fields[1..4], [b"seizure-notice@police.example".as_slice(), b"", b"sha512"]);
        assert_eq!((fields.len(), rest.len()), (5, 0));
        let mut signed = b"SSHSIG".to_vec();
        for field in [fields[1], fields[2], fields[3], &Sha512::digest(b"notice\n")] {
            put_string(&mut signed, field);
        }
        let signature: &[u8; 64] = fields[4].last_chunk().unwrap();
        assert!(key().verifier().verifies(&signed, signature));
    }

    #[test]
    fn comments_and_namespaces_that_a_format_cannot_carry_are_refused() {
        for text in ["", "a\nb", "a\rb", "\u{e9}", "a\u{202e}b", &"a".repeat(1001)] {
            assert!(
                matches!(text.parse::<TrustedComment>(), Err(KeyringError::SignatureText { max: 1000, .. })),
                "{text:?}"
            );
        }
        for text in ["", "a b", "a\"b", "a,b", "*", "a\n", &"a".repeat(201)] {
            assert!(
                matches!(text.parse::<SshNamespace>(), Err(KeyringError::SignatureText { max: 200, .. })),
                "{text:?}"
            );
        }
        assert!("file".parse::<SshNamespace>().is_ok());
    }
}

use std::convert::Infallible;
use std::fmt;

use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{KeyringError, Role};
use crate::signed_note::{KeyName, NoteSigner, VerifierKey};

/// The fewest characters of a passphrase for a new key file. NIST SP 800-63B-4 section 3.1.1.2 asks for eight where the
/// passphrase is the second of two factors; the first is the file.
pub const PASSPHRASE_MIN_CHARS: usize = 8;

/// A passphrase: wiped from memory when dropped, never shown.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Whether both are the same, as they must be when a new one is typed twice.
    pub fn is_same_as(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }

    /// Takes over `text`. The caller keeps no copy.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    #[cfg(feature = "pkcs11")]
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether it is long enough for a new key file. Old files are read whatever their passphrase.
    pub(super) fn check_new(&self) -> Result<(), KeyringError> {
        let chars = self.0.chars().count();
        if chars < PASSPHRASE_MIN_CHARS { Err(KeyringError::ShortPassphrase { chars }) } else { Ok(()) }
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// A private Ed25519 key with its name, in memory; wiped when dropped.
///
/// The public key is always derived from the private one and never taken from a file (RUSTSEC-2022-0093).
pub struct SecretKey {
    key: SigningKey,
    verifier: VerifierKey,
}

impl SecretKey {
    /// A new key from the system's random number source. The name must say a [`Role`].
    pub fn generate(name: KeyName) -> Result<Self, KeyringError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut()).map_err(KeyringError::Random)?;
        Self::from_seed(name, &seed)
    }

    /// The key of an RFC 8032 seed (section 5.1.5).
    pub(crate) fn from_seed(name: KeyName, seed: &[u8; 32]) -> Result<Self, KeyringError> {
        let Some(role) = Role::of(&name) else { return Err(KeyringError::NoRole { name }) };
        let key = SigningKey::from_bytes(seed);
        let verifier = VerifierKey::of_type(role.key_type(), name, key.verifying_key().as_bytes())?;
        Ok(Self { key, verifier })
    }

    pub(super) fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes())
    }

    /// The key's name.
    pub fn name(&self) -> &KeyName {
        self.verifier.name()
    }
}

impl NoteSigner for SecretKey {
    type Error = Infallible;

    fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Infallible> {
        Ok(self.key.sign(message).to_bytes())
    }

    /// `HMAC-SHA256(seed, purpose)` (RFC 2104). RFC 8032 uses the seed only under SHA-512.
    fn secret(&self, purpose: &str) -> Option<Zeroizing<[u8; 32]>> {
        let keyed = Hmac::<Sha256>::new_from_slice(&*self.seed()).ok()?;
        Some(Zeroizing::new(keyed.chain_update(purpose).finalize().into_bytes().into()))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_note::{Note, NoteSignature, NoteText};

    #[test]
    fn a_new_key_signs_notes_and_no_two_are_alike() {
        let name: KeyName = "police.example/notice".parse().unwrap();
        let (one, two) = (SecretKey::generate(name.clone()).unwrap(), SecretKey::generate(name).unwrap());
        assert_ne!(one.verifier(), two.verifier());
        let text = NoteText::new("seizure-notice/v1\n".to_owned()).unwrap();
        let signatures = vec![NoteSignature::sign(&text, &one).unwrap()];
        let note = Note { text, signatures };
        assert_eq!(note.verify(&[one.verifier().clone()]).unwrap(), [one.verifier()]);
        assert!(note.verify(&[two.verifier().clone()]).is_err());
    }

    #[test]
    fn a_key_is_made_for_a_role_only() {
        assert!(SecretKey::generate("police.example/log/harbour-light".parse().unwrap()).is_ok());
        let roleless = SecretKey::generate("police.example/seizure".parse().unwrap());
        assert!(matches!(roleless, Err(KeyringError::NoRole { .. })));
    }

    #[test]
    fn a_witness_has_a_cosigners_key_and_everybody_else_one_for_notes() {
        for role in Role::ALL {
            let key = SecretKey::generate(format!("police.example/{role}").parse().unwrap()).unwrap();
            assert_eq!(key.verifier().key_type(), role.key_type());
            let line = key.verifier().to_string();
            let octet = if role == Role::Witness { 0x04 } else { 0x01 };
            let encoded = line.splitn(3, '+').nth(2).unwrap();
            assert_eq!(<base64ct::Base64 as base64ct::Encoding>::decode_vec(encoded).unwrap()[0], octet, "{line}");
            assert_eq!(line.parse::<VerifierKey>().unwrap(), *key.verifier());
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let key = SecretKey::from_seed("police.example/notice".parse().unwrap(), &[0x41; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "SecretKey(police.example/notice)");
        assert_eq!(format!("{:?}", Passphrase::new("correct horse".to_owned())), "Passphrase(…)");
    }

    /// RFC 8032 section 7.1, test 2.
    #[test]
    fn the_public_key_and_signature_are_those_of_the_standard() {
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        let key = SecretKey::from_seed("a.example/root".parse().unwrap(), &seed.try_into().unwrap()).unwrap();
        assert_eq!(
            key.verifier().public_key().to_vec(),
            hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        );
        assert_eq!(
            key.sign(&[0x72]).unwrap().to_vec(),
            hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                 085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        );
    }
}

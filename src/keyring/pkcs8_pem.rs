//! An Ed25519 seed as PKCS#8 version 1, plain or encrypted: the forms that OpenSSL 3.0 writes and reads.

use pkcs8::der::asn1::{ObjectIdentifier, OctetStringRef};
use pkcs8::der::{Decode, Encode};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs8::{AlgorithmIdentifierRef, EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef, SecretDocument};
use zeroize::Zeroizing;

use super::Passphrase;

/// The PEM label of a private key in the clear (RFC 7468 section 10).
pub(super) const PLAIN_LABEL: &str = "PRIVATE KEY";
/// The PEM label of an encrypted private key (RFC 7468 section 11).
pub(super) const ENCRYPTED_LABEL: &str = "ENCRYPTED PRIVATE KEY";

/// id-Ed25519 (RFC 8410 section 3).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// The most memory that scrypt gets: sixteen times what is needed for the parameters written here (N = 2^14, r = 8).
const SCRYPT_MAX_BYTES: u64 = 256 << 20;
/// The most lanes that scrypt gets; one is written here, and time grows with each.
const SCRYPT_MAX_LANES: u16 = 16;
/// The most rounds that PBKDF2 gets: sixteen times the 600,000 that OWASP recommends for SHA-256; some seconds.
const PBKDF2_MAX_ROUNDS: u32 = 10_000_000;

/// Why a private key could not be taken out of its container.
#[derive(Debug)]
pub(super) enum UnpackError {
    Damaged(pkcs8::Error),
    NotEd25519,
    OtherPublicKey,
    TooCostly,
    WrongPassphrase,
}

/// The PEM block of a seed.
pub(super) fn pack(seed: &[u8; 32], passphrase: Option<&Passphrase>) -> Result<Zeroizing<String>, pkcs8::Error> {
    // RFC 8410 section 7: the seed is an OCTET STRING inside the OCTET STRING of the private key. Without the public key
    // the structure is version 1; OpenSSL 3.0 does not read version 2.
    let inner = Zeroizing::new(OctetStringRef::new(seed)?.to_der()?);
    let algorithm = AlgorithmIdentifierRef { oid: ED25519, parameters: None };
    let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(&inner)?);
    // scrypt (N = 2^14, r = 8, p = 1) and AES-256-CBC: the most that OpenSSL 3.0's memory limit lets it read.
    let (label, document) = match passphrase {
        Some(passphrase) => (ENCRYPTED_LABEL, info.encrypt(passphrase.as_bytes())?),
        None => (PLAIN_LABEL, SecretDocument::encode_msg(&info)?),
    };
    Ok(document.to_pem(label, LineEnding::LF)?)
}

/// The seed in a plain PKCS#8 structure, version 1 or 2.
pub(super) fn unpack(der: &[u8]) -> Result<Zeroizing<[u8; 32]>, UnpackError> {
    let damaged = |error: pkcs8::der::Error| UnpackError::Damaged(error.into());
    let info = PrivateKeyInfoRef::from_der(der).map_err(damaged)?;
    // RFC 8410 section 3: the parameters are absent.
    if info.algorithm.oid != ED25519 || info.algorithm.parameters.is_some() {
        return Err(UnpackError::NotEd25519);
    }
    let inner = <&OctetStringRef>::from_der(info.private_key.as_bytes()).map_err(damaged)?;
    let seed: [u8; 32] = inner.as_bytes().try_into().map_err(|_| UnpackError::NotEd25519)?;
    let seed = Zeroizing::new(seed);
    let derived = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    match info.public_key {
        Some(stated) if stated.as_bytes() != Some(&derived) => Err(UnpackError::OtherPublicKey),
        _ => Ok(seed),
    }
}

/// The seed in an encrypted PKCS#8 structure.
pub(super) fn decrypt(der: &[u8], passphrase: &Passphrase) -> Result<Zeroizing<[u8; 32]>, UnpackError> {
    let info = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|error| UnpackError::Damaged(error.into()))?;
    if is_too_costly(&info.encryption_algorithm) {
        return Err(UnpackError::TooCostly);
    }
    let plain = match info.decrypt(passphrase.as_bytes()) {
        Ok(plain) => plain,
        Err(error) => return Err(why_not_decrypted(error)),
    };
    match unpack(plain.as_bytes()) {
        // With a wrong passphrase, the padding looks right once in 256 times; what comes out is not DER.
        Err(UnpackError::Damaged(_)) => Err(UnpackError::WrongPassphrase),
        other => other,
    }
}

fn why_not_decrypted(error: pkcs8::Error) -> UnpackError {
    match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::DecryptFailed) => UnpackError::WrongPassphrase,
        // The plain text is not DER.
        pkcs8::Error::Asn1(_) => UnpackError::WrongPassphrase,
        other => UnpackError::Damaged(other),
    }
}

fn is_too_costly(scheme: &EncryptionScheme) -> bool {
    match scheme {
        EncryptionScheme::Pbes2(parameters) => match &parameters.kdf {
            Kdf::Pbkdf2(pbkdf2) => pbkdf2.iteration_count > PBKDF2_MAX_ROUNDS,
            Kdf::Scrypt(scrypt) => {
                // RFC 7914 section 2: 128 * N * r octets.
                let bytes = scrypt.cost_parameter.saturating_mul(128).saturating_mul(u64::from(scrypt.block_size));
                bytes > SCRYPT_MAX_BYTES || scrypt.parallelization > SCRYPT_MAX_LANES
            }
            _ => true,
        },
        // PBES1 is refused by the decryption itself.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;
    use pkcs8::pkcs5::pbes2::{Parameters, Pbkdf2Params};

    use super::*;

    fn der(pem: &str) -> SecretDocument {
        SecretDocument::from_pem(pem).unwrap().1
    }

    /// RFC 8410 section 10.3, the first example.
    #[test]
    fn the_plain_form_is_the_one_in_the_standard() {
        let example = BASE64.decode(b"MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC").unwrap();
        let seed = unpack(&example).unwrap();
        assert_eq!(der(&pack(&seed, None).unwrap()).as_bytes(), example);
    }

    /// RFC 8410 section 10.3, the second example: version 2, with attributes and the public key.
    #[test]
    fn version_two_is_read_and_its_public_key_compared() {
        let mut example = BASE64
            .decode(
                b"MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCoB8wHQYKKoZIhvcNAQkJFDEP\
                  DA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
            )
            .unwrap();
        assert!(unpack(&example).is_ok());
        *example.last_mut().unwrap() ^= 1;
        assert!(matches!(unpack(&example), Err(UnpackError::OtherPublicKey)));
    }

    #[test]
    fn what_is_encrypted_comes_back_with_its_passphrase_only() {
        let (right, wrong) = (Passphrase::new("correct horse".into()), Passphrase::new("correct house".into()));
        let document = der(&pack(&[7; 32], Some(&right)).unwrap());
        assert_eq!(*decrypt(document.as_bytes(), &right).unwrap(), [7; 32]);
        assert!(matches!(decrypt(document.as_bytes(), &wrong), Err(UnpackError::WrongPassphrase)));
    }

    #[test]
    fn parameters_that_would_stall_the_machine_are_refused_before_any_work() {
        let scrypt = |log_n, r, p| {
            let params = pkcs8::pkcs5::scrypt::Params::new(log_n, r, p).unwrap();
            Parameters::generate_scrypt_aes256cbc(params, &[0; 16], [0; 16]).unwrap()
        };
        let pbkdf2 = |rounds| {
            let kdf = Pbkdf2Params::hmac_sha256(rounds, &[0; 16]).unwrap().into();
            Parameters { kdf, encryption: pkcs8::pkcs5::pbes2::EncryptionScheme::Aes256Cbc { iv: [0; 16] } }
        };
        for (parameters, refused) in [
            (scrypt(14, 8, 1), false),
            (scrypt(18, 8, 1), false),
            (scrypt(19, 8, 1), true),
            (scrypt(40, 8, 1), true),
            (scrypt(14, 8, 17), true),
            (pbkdf2(PBKDF2_MAX_ROUNDS), false),
            (pbkdf2(PBKDF2_MAX_ROUNDS + 1), true),
        ] {
            assert_eq!(is_too_costly(&parameters.clone().into()), refused, "{parameters:?}");
        }
    }

    #[test]
    fn other_algorithms_and_broken_octets_are_refused() {
        let document = der(&pack(&[7; 32], None).unwrap());
        let good = document.as_bytes();
        // X25519 is 1.3.101.110, one octet away.
        let mut x25519 = good.to_vec();
        let position = x25519.windows(3).position(|w| w == [0x2b, 0x65, 0x70]).unwrap();
        x25519[position + 2] = 0x6e;
        assert!(matches!(unpack(&x25519), Err(UnpackError::NotEd25519)));
        for cut in 0..good.len() {
            assert!(unpack(&good[..cut]).is_err(), "{cut}");
        }
        assert!(unpack(&[good, &[0]].concat()).is_err());
    }

    #[test]
    fn no_altered_octet_of_an_encrypted_key_stops_the_program() {
        let inner = OctetStringRef::new(&[7; 32]).unwrap().to_der().unwrap();
        let algorithm = AlgorithmIdentifierRef { oid: ED25519, parameters: None };
        let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(&inner).unwrap());
        let passphrase = Passphrase::new("correct horse".into());
        // Few rounds, so that the many decryptions cost nothing.
        let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(5, &[1; 16], [2; 16]).unwrap();
        let document = info.encrypt_with_params(parameters, passphrase.as_bytes()).unwrap();
        assert_eq!(*decrypt(document.as_bytes(), &passphrase).unwrap(), [7; 32]);
        for position in 0..document.as_bytes().len() {
            for change in [0x01, 0x02, 0x10, 0x80, 0xff] {
                let mut altered = document.as_bytes().to_vec();
                altered[position] ^= change;
                // Most are refused. Some give another seed, which the comparison with the stated public key catches.
                let seed = decrypt(&altered, &passphrase).map(|seed| *seed);
                assert!(!matches!(seed, Ok(seed) if seed == [7; 32]), "octet {position} means nothing");
            }
        }
    }
}

//! Who signed a token: the certificate, its signature, and who vouches for it.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime, alg_id};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use webpki::aws_lc_rs as algorithms;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_cert::Certificate;
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier};
use x509_cert::der::{Decode, Encode, Tag};
use x509_cert::ext::pkix::{ExtendedKeyUsage, SubjectKeyIdentifier};

use super::cms::{SignedData, SignerInfo, SignerName};
use super::error::AnchorError;
use super::info::digest_algorithm;
use super::members::Members;
use super::query::SHA_256;
use crate::clock::UtcTime;
use crate::domain::excerpt;

const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// `rsaEncryption` (RFC 3370 section 3.2): the digest is named beside it.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// `sha256WithRSAEncryption` and its sisters (RFC 5754 section 3.2).
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
/// `ecdsa-with-SHA256` and its sisters (RFC 5754 section 3.3).
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");

/// `id-aa-signingCertificate` (RFC 2634 section 5.4), by SHA-1, and `id-aa-signingCertificateV2` (RFC 5035 section 3).
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// `id-kp-timeStamping` (RFC 3161 section 2.3), and its octets.
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
const TIME_STAMPING_DER: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

/// The certificate authorities whose time stamping authorities are believed.
#[derive(Debug, Clone)]
pub struct Authorities(Vec<TrustAnchor<'static>>);

impl Authorities {
    /// Reads the certificates in a PEM file. Each is believed as it stands, an intermediate one as well as a root.
    ///
    /// # Errors
    ///
    /// No certificate in it, or one that cannot be read.
    pub fn from_pem(pem: &[u8]) -> Result<Self, AnchorError> {
        let mut anchors = Vec::new();
        for (number, certificate) in (1..).zip(CertificateDer::pem_slice_iter(pem)) {
            let certificate = certificate.map_err(|source| AnchorError::AuthoritiesMalformed { source })?;
            let anchor = anchor_from_trusted_cert(&certificate);
            anchors.push(anchor.map_err(|source| AnchorError::Authority { number, source })?.to_owned());
        }
        if anchors.is_empty() { Err(AnchorError::NoAuthorities) } else { Ok(Self(anchors)) }
    }
}

/// The certificate that signed a token.
pub(super) struct Signer {
    der: CertificateDer<'static>,
    certificate: Certificate,
}

impl Signer {
    /// The certificate that bears the signer's name and that the signed attributes name by digest.
    pub(super) fn of(token: &SignedData<'_>) -> Result<Self, AnchorError> {
        let named = named_digest(&token.signer)?;
        let mut of_name = 0;
        for der in &token.certificates {
            let certificate =
                Certificate::from_der(der).map_err(|source| AnchorError::NotDer { what: "certificate", source })?;
            if !bears(&certificate, &token.signer.name) {
                continue;
            }
            of_name += 1;
            if named.is_of(der)? {
                return Ok(Self { der: CertificateDer::from(der.clone()), certificate });
            }
        }
        Err(if of_name == 0 { AnchorError::NoSignerCertificate } else { AnchorError::SigningCertificate })
    }

    /// Who it is for, shortened and escaped: the certificate's subject (RFC 4514).
    pub(super) fn subject(&self) -> String {
        excerpt(&self.certificate.tbs_certificate().subject().to_string())
    }

    /// The signature over the signed attributes holds.
    pub(super) fn verify(&self, info: &SignerInfo<'_>) -> Result<(), AnchorError> {
        let certificate = EndEntityCert::try_from(&self.der).map_err(|source| AnchorError::Certificate { source })?;
        let found = algorithm_name(info.algorithm).map_err(AnchorError::token)?;
        let unaccepted = || AnchorError::SignatureAlgorithm { found };
        for algorithm in verifiers(info.algorithm, info.digest).ok_or_else(unaccepted)? {
            match certificate.verify_signature(algorithm, &info.signed, info.signature) {
                Ok(()) => return Ok(()),
                // The key is on another curve, or of another kind.
                Err(webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)) => {}
                Err(source) => return Err(AnchorError::Signature { source }),
            }
        }
        Err(unaccepted())
    }

    /// The certificate is for time stamping, critically, and for nothing else (RFC 3161 section 2.3).
    pub(super) fn check_usage(&self) -> Result<(), AnchorError> {
        let usage = self.certificate.tbs_certificate().get_extension::<ExtendedKeyUsage>();
        match usage.map_err(|source| AnchorError::NotDer { what: "certificate", source })? {
            Some((true, ExtendedKeyUsage(purposes))) if purposes == [TIME_STAMPING] => Ok(()),
            _ => Err(AnchorError::Usage),
        }
    }

    /// A chain of certificates leads from an authority to the signer, and all of it was valid at `at`. Whether one of them
    /// was revoked is not asked.
    pub(super) fn check_chain(
        &self,
        others: &[Vec<u8>],
        authorities: &Authorities,
        at: UtcTime,
    ) -> Result<(), AnchorError> {
        let certificate = EndEntityCert::try_from(&self.der).map_err(|source| AnchorError::Certificate { source })?;
        let others: Vec<_> = others.iter().map(|other| CertificateDer::from(other.as_slice())).collect();
        let seconds = u64::try_from(at.unix()).unwrap_or(0);
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        // That the signer's own certificate has it is checked apart; one above it may leave it out.
        let usage = KeyUsage::required_if_present(TIME_STAMPING_DER);
        let verified =
            certificate.verify_for_usage(ALL_VERIFICATION_ALGS, &authorities.0, &others, time, usage, None, None);
        verified.map(drop).map_err(|source| AnchorError::Chain { at, source })
    }
}

/// The digest by which the signed attributes name the signer's certificate.
enum NamedDigest<'a> {
    Sha1(&'a [u8]),
    Other(ObjectIdentifier, &'a [u8]),
}

impl NamedDigest<'_> {
    fn is_of(&self, certificate: &[u8]) -> Result<bool, AnchorError> {
        Ok(match self {
            Self::Sha1(named) => digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate).as_ref() == *named,
            Self::Other(algorithm, named) => digest_of(*algorithm, certificate)? == *named,
        })
    }
}

fn named_digest<'a>(info: &SignerInfo<'a>) -> Result<NamedDigest<'a>, AnchorError> {
    let newer = info.attribute(SIGNING_CERTIFICATE_V2).map_err(AnchorError::token)?;
    if let Some(value) = newer {
        return first_named(value).and_then(newer_name).map_err(AnchorError::token);
    }
    match info.attribute(SIGNING_CERTIFICATE).map_err(AnchorError::token)? {
        Some(value) => first_named(value).and_then(older_name).map_err(AnchorError::token),
        None => Err(AnchorError::NoSigningCertificate),
    }
}

/// The first of the certificates that the attribute names is the signer's (RFC 5035 section 5.4).
fn first_named(value: AnyRef<'_>) -> x509_cert::der::Result<Members<'_>> {
    let list = Members::of(value, Tag::Sequence)?.next(Tag::Sequence)?;
    let first = Members::of(list, Tag::Sequence)?.next(Tag::Sequence)?;
    Members::of(first, Tag::Sequence)
}

/// `ESSCertIDv2`; its issuer and serial number say nothing that the digest of the whole certificate does not.
fn newer_name(mut name: Members<'_>) -> x509_cert::der::Result<NamedDigest<'_>> {
    let algorithm = name.optional(Tag::Sequence).map(digest_algorithm).transpose()?.unwrap_or(SHA_256);
    Ok(NamedDigest::Other(algorithm, name.next(Tag::OctetString)?.value()))
}

/// `ESSCertID`.
fn older_name(mut name: Members<'_>) -> x509_cert::der::Result<NamedDigest<'_>> {
    Ok(NamedDigest::Sha1(name.next(Tag::OctetString)?.value()))
}

fn bears(certificate: &Certificate, name: &SignerName<'_>) -> bool {
    let signed = certificate.tbs_certificate();
    match name {
        SignerName::Issuer(issuer, serial) => {
            signed.issuer().to_der().is_ok_and(|own| own == *issuer) && signed.serial_number().as_bytes() == *serial
        }
        SignerName::KeyIdentifier(identifier) => {
            let own = signed.get_extension::<SubjectKeyIdentifier>().ok().flatten();
            own.is_some_and(|(_, own)| own.0.as_bytes() == *identifier)
        }
    }
}

/// A digest by one of the accepted algorithms.
pub(super) fn digest_of(algorithm: ObjectIdentifier, bytes: &[u8]) -> Result<Vec<u8>, AnchorError> {
    match algorithm {
        SHA_256 => Ok(Sha256::digest(bytes).to_vec()),
        SHA_384 => Ok(Sha384::digest(bytes).to_vec()),
        SHA_512 => Ok(Sha512::digest(bytes).to_vec()),
        found => Err(AnchorError::DigestAlgorithm { found }),
    }
}

fn algorithm_name(algorithm: AnyRef<'_>) -> x509_cert::der::Result<ObjectIdentifier> {
    Members::of(algorithm, Tag::Sequence)?.next(Tag::ObjectIdentifier)?.decode_as()
}

/// The verifiers for a signature algorithm over a digest, one for each kind of key. A digest that the algorithm names too must
/// be the same.
fn verifiers(
    algorithm: AnyRef<'_>,
    digest: ObjectIdentifier,
) -> Option<Vec<&'static dyn SignatureVerificationAlgorithm>> {
    // RSASSA-PSS says digest, mask and length of salt in its parameters; one form of them is accepted for each digest.
    let pss = [
        (alg_id::RSA_PSS_SHA256, SHA_256, algorithms::RSA_PSS_2048_8192_SHA256_LEGACY_KEY),
        (alg_id::RSA_PSS_SHA384, SHA_384, algorithms::RSA_PSS_2048_8192_SHA384_LEGACY_KEY),
        (alg_id::RSA_PSS_SHA512, SHA_512, algorithms::RSA_PSS_2048_8192_SHA512_LEGACY_KEY),
    ];
    for (identifier, of_digest, verifier) in pss {
        if algorithm.value() == identifier.as_ref() && digest == of_digest {
            return Some(vec![verifier]);
        }
    }
    // All others have no parameters.
    Some(match (digest_algorithm(algorithm).ok()?, digest) {
        (RSA | RSA_SHA_256, SHA_256) => vec![algorithms::RSA_PKCS1_2048_8192_SHA256],
        (RSA | RSA_SHA_384, SHA_384) => vec![algorithms::RSA_PKCS1_2048_8192_SHA384],
        (RSA | RSA_SHA_512, SHA_512) => vec![algorithms::RSA_PKCS1_2048_8192_SHA512],
        (ECDSA_SHA_256, SHA_256) => vec![algorithms::ECDSA_P256_SHA256, algorithms::ECDSA_P384_SHA256],
        (ECDSA_SHA_384, SHA_384) => vec![algorithms::ECDSA_P256_SHA384, algorithms::ECDSA_P384_SHA384],
        (ECDSA_SHA_512, SHA_512) => vec![algorithms::ECDSA_P256_SHA512, algorithms::ECDSA_P384_SHA512],
        _ => return None,
    })
}

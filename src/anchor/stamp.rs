//! Whether an answer is a time stamp of these bytes, and what it says.

use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Tag, Tagged};

use super::cms::{SignedData, TST_INFO, identifier};
use super::error::AnchorError;
use super::info::Info;
use super::query::{Query, SHA_256, integer};
use super::response::token;
use super::signer::{Authorities, Signer, digest_of};
use crate::clock::UtcTime;
use crate::digest::Digest;

/// The largest answer that is read; real ones, with their chain of certificates, have 1 to 10 KiB.
pub const RESPONSE_MAX_BYTES: usize = 64 * 1024;

/// `id-contentType` and `id-messageDigest` (RFC 5652 sections 11.1 and 11.2).
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");

/// A time stamp that fits its bytes and whose signature holds. Only [`stamp()`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stamp {
    /// The authority's time, to the second.
    pub at: UtcTime,
    /// The end of what the authority means by it, with the fraction of a second and the accuracy that it states, rounded up:
    /// the bytes existed before this moment.
    pub latest: UtcTime,
    /// The subject of the signer's certificate, shortened and escaped. It is the signer's own word where `is_vouched` is
    /// false.
    pub authority: String,
    /// The number that the authority gave to the stamp, in hexadecimal digits.
    pub serial: String,
    /// The policy under which the authority works.
    pub policy: String,
    /// Whether the answer repeats the nonce of the query; `false` when there was no query at hand.
    pub is_answer: bool,
    /// Whether the certificate leads to an authority that is believed; `false` when none was given.
    pub is_vouched: bool,
}

/// Judges the answer of a time stamping authority about `stamped`, by every rule of RFC 3161 section 2.4.2 and RFC 5816: the
/// status, the one signer, the signed content and its digest, the certificate that the signature names, its purpose, the
/// signature, the digest of `stamped`; with the `query` its nonce; with `authorities` the chain of certificates at the time of
/// the stamp.
///
/// What is not covered by any signature, and not judged: the words beside a granted status, revocation lists, and
/// certificates that are not the signer's (they count only as far as they lead to an authority).
///
/// # Errors
///
/// [`AnchorError`] says which rule is broken.
pub fn stamp(
    response: &[u8],
    stamped: &[u8],
    query: Option<&Query>,
    authorities: Option<&Authorities>,
) -> Result<Stamp, AnchorError> {
    let token = read(response)?;
    let info = content(&token)?;
    check_content(&info, stamped, query)?;
    check_attributes(&token)?;
    let signer = Signer::of(&token)?;
    signer.check_usage()?;
    signer.verify(&token.signer)?;
    if let Some(authorities) = authorities {
        signer.check_chain(&token.certificates, authorities, info.at)?;
    }
    Ok(Stamp {
        at: info.at,
        latest: info.latest,
        authority: signer.subject(),
        serial: data_encoding::HEXLOWER.encode(info.serial),
        policy: info.policy.to_string(),
        is_answer: query.is_some(),
        is_vouched: authorities.is_some(),
    })
}

/// The SHA-256 digest that an answer claims to be about, to find out what was stamped. Nothing is verified.
pub fn imprint_of(response: &[u8]) -> Result<Digest, AnchorError> {
    let token = read(response)?;
    let info = content(&token)?;
    let imprint = info.imprint.try_into().map_err(|_| AnchorError::Imprint)?;
    Ok(Digest::from_bytes(imprint))
}

fn read(response: &[u8]) -> Result<SignedData<'_>, AnchorError> {
    if response.len() > RESPONSE_MAX_BYTES {
        return Err(AnchorError::TooLarge { bytes: response.len(), limit_bytes: RESPONSE_MAX_BYTES });
    }
    SignedData::parse(token(response)?)
}

fn content<'a>(token: &SignedData<'a>) -> Result<Info<'a>, AnchorError> {
    if token.content_type != TST_INFO {
        return Err(AnchorError::ContentType { found: token.content_type });
    }
    let info = Info::parse(token.content).map_err(|source| AnchorError::NotDer { what: "time stamp", source })?;
    if info.version != 1 {
        return Err(AnchorError::InfoVersion);
    }
    if info.imprint_algorithm != SHA_256 {
        return Err(AnchorError::ImprintAlgorithm { found: info.imprint_algorithm });
    }
    if info.has_critical_extension {
        return Err(AnchorError::CriticalExtension);
    }
    Ok(info)
}

fn check_content(info: &Info<'_>, stamped: &[u8], query: Option<&Query>) -> Result<(), AnchorError> {
    let digest = Digest::of(stamped);
    if info.imprint != digest.as_bytes() {
        return Err(AnchorError::Imprint);
    }
    let Some(query) = query else { return Ok(()) };
    if query.imprint != digest {
        return Err(AnchorError::QueryImprint);
    }
    if info.nonce != Some(integer(query.nonce).as_slice()) {
        return Err(AnchorError::Nonce);
    }
    Ok(())
}

/// The signed attributes say what the content is, and its digest (RFC 5652 section 5.4).
fn check_attributes(token: &SignedData<'_>) -> Result<(), AnchorError> {
    let kind = token.signer.attribute(CONTENT_TYPE).map_err(AnchorError::token)?;
    if kind.map(identifier).transpose().map_err(AnchorError::token)? != Some(TST_INFO) {
        return Err(AnchorError::ContentTypeAttribute);
    }
    let expected = digest_of(token.signer.digest, token.content)?;
    match token.signer.attribute(MESSAGE_DIGEST).map_err(AnchorError::token)? {
        Some(value) if value.tag() == Tag::OctetString && value.value() == expected => Ok(()),
        _ => Err(AnchorError::MessageDigest),
    }
}

#[cfg(test)]
mod tests;

//! What a time stamping authority is asked.

use x509_cert::der::asn1::{AnyRef, Null, ObjectIdentifier};
use x509_cert::der::{Decode, Encode, Error, Tag};

use super::error::AnchorError;
use super::members::Members;
use crate::digest::Digest;

/// `id-sha256` (RFC 5754 section 2.2).
pub(super) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// A request for a time stamp (RFC 3161 section 2.4.1): a SHA-256 digest, a nonce, and the wish for the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// The digest of what is to be stamped.
    pub imprint: Digest,
    /// A number that the answer must repeat, so that it cannot be an older one.
    pub nonce: u64,
}

impl Query {
    /// A query about the SHA-256 of `stamped`. `nonce` comes from the system's random numbers.
    pub fn new(stamped: &[u8], nonce: u64) -> Self {
        Self { imprint: Digest::of(stamped), nonce }
    }

    /// The query in DER, media type `application/timestamp-query`.
    pub fn to_der(&self) -> Result<Vec<u8>, AnchorError> {
        self.encoded().map_err(|source| AnchorError::Query { source })
    }

    fn encoded(&self) -> Result<Vec<u8>, Error> {
        // With the parameter NULL, as OpenSSL writes it: authorities that compare octets know this form.
        let algorithm = sequence(&[SHA_256.to_der()?, Null.to_der()?])?;
        let digest = AnyRef::new(Tag::OctetString, self.imprint.as_bytes())?.to_der()?;
        let nonce = AnyRef::new(Tag::Integer, &integer(self.nonce))?.to_der()?;
        let wants_certificate = true.to_der()?;
        sequence(&[1u8.to_der()?, sequence(&[algorithm, digest])?, nonce, wants_certificate])
    }

    /// Reads a query that [`Query::to_der`] wrote; one in any other form is refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, AnchorError> {
        let query = Self::decoded(bytes).map_err(|source| AnchorError::Query { source })?;
        let query = query.ok_or(AnchorError::ForeignQuery)?;
        if query.to_der()? == bytes { Ok(query) } else { Err(AnchorError::ForeignQuery) }
    }

    /// Digest and nonce, whatever stands around them.
    fn decoded(bytes: &[u8]) -> Result<Option<Self>, Error> {
        let mut members = Members::of(AnyRef::from_der(bytes)?, Tag::Sequence)?;
        members.next(Tag::Integer)?;
        let mut imprint = Members::of(members.next(Tag::Sequence)?, Tag::Sequence)?;
        imprint.next(Tag::Sequence)?;
        let digest = imprint.next(Tag::OctetString)?.value().try_into().ok();
        let nonce = members.next(Tag::Integer)?.decode_as().ok();
        Ok(digest.zip(nonce).map(|(digest, nonce)| Self { imprint: Digest::from_bytes(digest), nonce }))
    }
}

fn sequence(members: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    AnyRef::new(Tag::Sequence, &members.concat())?.to_der()
}

/// The octets of a number as an INTEGER has them: as few as there can be, with a zero before a first bit that is set.
pub(super) fn integer(number: u64) -> Vec<u8> {
    let octets = [&[0], number.to_be_bytes().as_slice()].concat();
    let is_spare = |pair: &[u8]| matches!(pair, [0, next] if *next < 0x80);
    let spare = octets.windows(2).take_while(|pair| is_spare(pair)).count();
    octets.into_iter().skip(spare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_written_and_read_in_one_form() {
        for nonce in [0, 1, 0x7f, 0x80, 0xff, 0x0100, 0x8000_0000_0000_0000, u64::MAX] {
            let query = Query::new(b"checkpoint", nonce);
            let bytes = query.to_der().unwrap();
            assert_eq!(Query::parse(&bytes).unwrap(), query, "{nonce}");
            for place in 0..bytes.len() {
                let mut other = bytes.clone();
                other[place] ^= 1;
                assert!(Query::parse(&other).is_ok_and(|other| other != query) || Query::parse(&other).is_err());
            }
        }
        for foreign in [b"".as_slice(), b"\x30\x00", b"checkpoint"] {
            assert!(Query::parse(foreign).is_err());
        }
    }
}

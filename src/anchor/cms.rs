//! The signed envelope of a token: `SignedData` of CMS (RFC 5652 section 5), as far as RFC 3161 uses it.

use x509_cert::der::asn1::{AnyRef, ObjectIdentifier};
use x509_cert::der::{Decode, ErrorKind, Result, Tag, Tagged};

use super::error::AnchorError;
use super::info::digest_algorithm;
use super::members::{Members, context, context_primitive, only, whole};

/// `id-signedData` (RFC 5652 section 5.1).
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// `id-ct-TSTInfo` (RFC 3161 section 2.4.2).
pub(super) const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// The version of signed data whose content is not plain data, and has neither attribute certificates nor odd lists.
const SIGNED_DATA_VERSION: u8 = 3;

/// The most certificates of one token; chains have two to four.
pub(super) const CERTIFICATES_MAX: usize = 16;

/// The most signed attributes; tokens have about five.
const ATTRIBUTES_MAX: usize = 32;

/// A token taken apart. Nothing in it is verified yet.
pub(super) struct SignedData<'a> {
    pub(super) content_type: ObjectIdentifier,
    /// The octets that the signature is about.
    pub(super) content: &'a [u8],
    /// The certificates, each as it stood.
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) signer: SignerInfo<'a>,
}

/// The one signer.
pub(super) struct SignerInfo<'a> {
    pub(super) name: SignerName<'a>,
    pub(super) digest: ObjectIdentifier,
    /// The signed attributes: the type and the set of values of each.
    pub(super) attributes: Vec<(ObjectIdentifier, AnyRef<'a>)>,
    /// The octets that are signed: the attributes as a SET (RFC 5652 section 5.4).
    pub(super) signed: Vec<u8>,
    /// The whole identifier of the signature algorithm, with its parameters.
    pub(super) algorithm: AnyRef<'a>,
    pub(super) signature: &'a [u8],
}

/// How the signer's certificate is named.
pub(super) enum SignerName<'a> {
    /// The issuer in DER, and the octets of the serial number.
    Issuer(Vec<u8>, &'a [u8]),
    /// The subject key identifier.
    KeyIdentifier(&'a [u8]),
}

impl<'a> SignedData<'a> {
    pub(super) fn parse(token: AnyRef<'a>) -> std::result::Result<Self, AnchorError> {
        let wrong = |source| AnchorError::NotDer { what: "token", source };
        let mut members = Members::of(token, Tag::Sequence).map_err(wrong)?;
        let kind: ObjectIdentifier = members.next(Tag::ObjectIdentifier).and_then(AnyRef::decode_as).map_err(wrong)?;
        if kind != SIGNED_DATA {
            return Err(AnchorError::NotSignedData);
        }
        let content = members.next(context(0)).and_then(|content| only(content, Tag::Sequence)).map_err(wrong)?;
        members.end().map_err(wrong)?;
        Parts::of(content).map_err(wrong)?.judged()
    }
}

/// The members of `SignedData`.
struct Parts<'a> {
    version: u8,
    digests: Vec<ObjectIdentifier>,
    content_type: ObjectIdentifier,
    content: Option<&'a [u8]>,
    certificates: Vec<AnyRef<'a>>,
    signers: Vec<AnyRef<'a>>,
}

impl<'a> Parts<'a> {
    fn of(whole: AnyRef<'a>) -> Result<Self> {
        let mut members = Members::of(whole, Tag::Sequence)?;
        let version = members.next(Tag::Integer)?.decode_as()?;
        let digests = Members::of(members.next(Tag::Set)?, Tag::Set)?.rest();
        let digests = digests.map(digest_algorithm).collect::<Result<_>>()?;
        let mut encapsulated = Members::of(members.next(Tag::Sequence)?, Tag::Sequence)?;
        let content_type = encapsulated.next(Tag::ObjectIdentifier)?.decode_as()?;
        let content = encapsulated.optional(context(0));
        let content = content.map(|content| only(content, Tag::OctetString).map(AnyRef::value)).transpose()?;
        encapsulated.end()?;
        let certificates = match members.optional(context(0)) {
            Some(set) => Members::of(set, context(0))?.rest().collect(),
            None => Vec::new(),
        };
        // Revocation lists are not used: see docs/audit-log.md.
        members.optional(context(1));
        let signers = Members::of(members.next(Tag::Set)?, Tag::Set)?.rest().collect();
        members.end()?;
        Ok(Self { version, digests, content_type, content, certificates, signers })
    }

    fn judged(self) -> std::result::Result<SignedData<'a>, AnchorError> {
        if self.version != SIGNED_DATA_VERSION {
            return Err(AnchorError::SignedDataVersion);
        }
        if self.certificates.len() > CERTIFICATES_MAX {
            return Err(AnchorError::TooManyCertificates);
        }
        let [signer] = self.signers.as_slice() else { return Err(AnchorError::SignerCount) };
        let Some(content) = self.content else { return Err(AnchorError::NoContent) };
        let signer = SignerInfo::parse(*signer)?;
        if self.digests != [signer.digest] {
            return Err(AnchorError::DigestListed);
        }
        let certificates = self.certificates.into_iter().map(certificate).collect::<Result<_>>();
        let certificates = certificates.map_err(|source| AnchorError::NotDer { what: "certificate", source })?;
        Ok(SignedData { content_type: self.content_type, content, certificates, signer })
    }
}

/// A certificate; the other choices of `CertificateChoices` are not.
fn certificate(choice: AnyRef<'_>) -> Result<Vec<u8>> {
    choice.tag().assert_eq(Tag::Sequence)?;
    whole(choice)
}

impl<'a> SignerInfo<'a> {
    fn parse(info: AnyRef<'a>) -> std::result::Result<Self, AnchorError> {
        let wrong = |source| AnchorError::NotDer { what: "signer", source };
        let mut members = Members::of(info, Tag::Sequence).map_err(wrong)?;
        let version: u8 = members.next(Tag::Integer).and_then(AnyRef::decode_as).map_err(wrong)?;
        let signer = Self::unversioned(&mut members).map_err(wrong)?;
        let expected = match signer.name {
            SignerName::Issuer(..) => 1,
            SignerName::KeyIdentifier(_) => 3,
        };
        if version != expected {
            return Err(AnchorError::SignerVersion);
        }
        if signer.attributes.len() > ATTRIBUTES_MAX {
            return Err(AnchorError::TooManyAttributes);
        }
        // Nothing vouches for an attribute that is not signed, and nothing that we need stands in one.
        if members.optional(context(1)).is_some() {
            return Err(AnchorError::UnsignedAttributes);
        }
        members.end().map_err(wrong)?;
        Ok(signer)
    }

    fn unversioned(members: &mut Members<'a>) -> Result<Self> {
        let name = signer_name(members.any()?)?;
        let digest = digest_algorithm(members.next(Tag::Sequence)?)?;
        let set = members.next(context(0))?;
        let attributes = Members::of(set, context(0))?.rest().map(attribute).collect::<Result<_>>()?;
        let signed = whole(AnyRef::new(Tag::Set, set.value())?)?;
        let algorithm = members.next(Tag::Sequence)?;
        let signature = members.next(Tag::OctetString)?.value();
        Ok(Self { name, digest, attributes, signed, algorithm, signature })
    }
}

fn signer_name(member: AnyRef<'_>) -> Result<SignerName<'_>> {
    if member.tag() == context_primitive(0) {
        return Ok(SignerName::KeyIdentifier(member.value()));
    }
    let mut members = Members::of(member, Tag::Sequence)?;
    let issuer = whole(members.next(Tag::Sequence)?)?;
    let serial = members.next(Tag::Integer)?.value();
    members.end()?;
    Ok(SignerName::Issuer(issuer, serial))
}

fn attribute(member: AnyRef<'_>) -> Result<(ObjectIdentifier, AnyRef<'_>)> {
    let mut members = Members::of(member, Tag::Sequence)?;
    let kind = members.next(Tag::ObjectIdentifier)?.decode_as()?;
    let values = members.next(Tag::Set)?;
    members.end()?;
    Ok((kind, values))
}

impl<'a> SignerInfo<'a> {
    /// The one value of a signed attribute; `None` when the attribute is not there. It stands once (RFC 5652 section 5.3).
    pub(super) fn attribute(&self, kind: ObjectIdentifier) -> Result<Option<AnyRef<'a>>> {
        let mut found = self.attributes.iter().filter(|(other, _)| *other == kind).map(|(_, values)| *values);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(values), None) => {
                let mut members = Members::of(values, Tag::Set)?;
                let value = members.any()?;
                members.end()?;
                Ok(Some(value))
            }
            (Some(_), Some(_)) => Err(ErrorKind::SetOrdering.into()),
        }
    }
}

/// An object identifier as the value of an attribute.
pub(super) fn identifier(value: AnyRef<'_>) -> Result<ObjectIdentifier> {
    ObjectIdentifier::from_der(&whole(value)?)
}

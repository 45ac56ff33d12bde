//! Why a time stamp does not count.

use std::io;
use std::path::PathBuf;

use x509_cert::der::asn1::ObjectIdentifier;

use crate::clock::UtcTime;
use crate::whole_file::{ReadError, WriteError};

/// Why a query, an answer or a token does not count, or is not kept. Each rule that is checked has its own variant.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// More than any authority answers.
    #[error("the answer has {bytes} bytes, more than {limit_bytes}")]
    TooLarge {
        /// How many it has.
        bytes: usize,
        /// The bound.
        limit_bytes: usize,
    },
    /// The bytes are not what stands there in RFC 3161, RFC 5652 or RFC 5280, or not in DER.
    #[error("the {what} is not in the form of RFC 3161")]
    NotDer {
        /// Which part.
        what: &'static str,
        /// What the decoder says.
        source: x509_cert::der::Error,
    },
    /// The query cannot be written or read.
    #[error("the query is not a time stamp query")]
    Query {
        /// What the codec says.
        source: x509_cert::der::Error,
    },
    /// A time stamp query, but none that this program wrote.
    #[error("the query is not one that this program writes")]
    ForeignQuery,
    /// The query is about other bytes.
    #[error("the query is about another digest than that of the stamped bytes")]
    QueryImprint,
    /// The authority says no.
    #[error("the authority refuses, status {status}: {text}")]
    NotGranted {
        /// `PKIStatus`: 1 with changes, 2 rejected, 3 waiting, 4 and 5 revoked.
        status: u8,
        /// Its reasons, shortened and escaped.
        text: String,
    },
    /// It says that it grants a token, and there is none.
    #[error("the answer grants a token and holds none")]
    NoToken,
    /// The token is another kind of CMS message.
    #[error("the token is not signed data")]
    NotSignedData,
    /// Not version 3.
    #[error("the token's signed data has another version than 3")]
    SignedDataVersion,
    /// More certificates than are read.
    #[error("the token holds more than {} certificates", super::cms::CERTIFICATES_MAX)]
    TooManyCertificates,
    /// None or several.
    #[error("the token does not have exactly one signer")]
    SignerCount,
    /// The signature is about something that is not there.
    #[error("the token holds nothing that is signed")]
    NoContent,
    /// The list of digest algorithms is not the signer's one.
    #[error("the token lists other digest algorithms than the signer's")]
    DigestListed,
    /// The version does not fit how the signer is named.
    #[error("the version of the signer's information does not fit how the signer is named")]
    SignerVersion,
    /// More signed attributes than are read.
    #[error("the token has too many signed attributes")]
    TooManyAttributes,
    /// Nothing vouches for those.
    #[error("the token has attributes that are not signed")]
    UnsignedAttributes,
    /// The content is not `TSTInfo`.
    #[error("the token holds content of the type {found}, not a time stamp")]
    ContentType {
        /// The type.
        found: ObjectIdentifier,
    },
    /// The attribute that repeats the type of the content is missing or says another.
    #[error("the signature is about content of another type")]
    ContentTypeAttribute,
    /// SHA-256, SHA-384 and SHA-512 are.
    #[error("the digest algorithm {found} is not accepted")]
    DigestAlgorithm {
        /// The algorithm.
        found: ObjectIdentifier,
    },
    /// The attribute with the digest of the content is missing or does not fit: the content was changed.
    #[error("the signature is not about this content: its digest differs")]
    MessageDigest,
    /// The token has no certificate of the signer's name.
    #[error("the token holds no certificate of its signer")]
    NoSignerCertificate,
    /// The attribute that names the signer's certificate by digest is missing.
    #[error("the token does not say which certificate signed it")]
    NoSigningCertificate,
    /// The attribute names another certificate (RFC 5816 section 2.2.1).
    #[error("the token was signed with another certificate than the one in it")]
    SigningCertificate,
    /// The signer's certificate cannot be used.
    #[error("the signer's certificate cannot be used")]
    Certificate {
        /// Why.
        source: webpki::Error,
    },
    /// RSA (PKCS #1 and PSS) from 2048 bits on, and ECDSA on P-256 and P-384, are.
    #[error("the signature algorithm {found} is not accepted with this key and digest")]
    SignatureAlgorithm {
        /// The algorithm.
        found: ObjectIdentifier,
    },
    /// The signature does not hold.
    #[error("the token's signature does not hold")]
    Signature {
        /// What the verifier says.
        source: webpki::Error,
    },
    /// RFC 3161 section 2.3: the extended key usage is critical, and time stamping alone.
    #[error("the signer's certificate is not for time stamping alone")]
    Usage,
    /// The certificate does not lead to an authority that is believed, or did not at the time of the stamp.
    #[error("the signer's certificate is not vouched for at {at}")]
    Chain {
        /// The time of the stamp.
        at: UtcTime,
        /// What the verifier says.
        source: webpki::Error,
    },
    /// Not version 1.
    #[error("the time stamp has another version than 1")]
    InfoVersion,
    /// The time stamp has an extension that must be understood.
    #[error("the time stamp has a critical extension that is not understood")]
    CriticalExtension,
    /// The digest is not one by SHA-256.
    #[error("the time stamp is over a digest by {found}, not SHA-256")]
    ImprintAlgorithm {
        /// The algorithm.
        found: ObjectIdentifier,
    },
    /// The time stamp is of other bytes.
    #[error("the time stamp is of something else: the digest differs")]
    Imprint,
    /// The time stamp answers another query.
    #[error("the time stamp answers another query: the nonce differs")]
    Nonce,
    /// The file of authorities holds none.
    #[error("the file holds no certificate in PEM")]
    NoAuthorities,
    /// The file of authorities is not PEM.
    #[error("the certificates cannot be read")]
    AuthoritiesMalformed {
        /// Why.
        source: rustls::pki_types::pem::Error,
    },
    /// A certificate of the file of authorities is none.
    #[error("certificate {number} of the authorities cannot be used")]
    Authority {
        /// Which, from 1.
        number: usize,
        /// Why.
        source: webpki::Error,
    },
    /// A file is not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file is not written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A directory cannot be listed or made.
    #[error("{} cannot be used", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something stands among the time stamps that is none.
    #[error("{} is not a time stamp, nor a query for one", path.display())]
    Stray {
        /// What it is.
        path: PathBuf,
    },
    /// An authority has given more time stamps over one checkpoint than can be numbered.
    #[error("{} holds too many time stamps of this name", path.display())]
    Numbers {
        /// The directory.
        path: PathBuf,
    },
}

impl AnchorError {
    pub(super) fn token(source: x509_cert::der::Error) -> Self {
        Self::NotDer { what: "token", source }
    }
}

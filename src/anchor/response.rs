//! The answer of a time stamping authority (RFC 3161 section 2.4.2), down to the token in it.

use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode, Result, Tag};

use super::error::AnchorError;
use super::members::Members;
use crate::domain::excerpt;

/// `granted`. `grantedWithMods` is refused: nothing was asked for that could be modified.
const GRANTED: u8 = 0;

/// The token of an answer that grants one.
pub(super) fn token(response: &[u8]) -> std::result::Result<AnyRef<'_>, AnchorError> {
    let (status, token) = parts(response).map_err(|source| AnchorError::NotDer { what: "answer", source })?;
    if status.number != GRANTED {
        return Err(AnchorError::NotGranted { status: status.number, text: status.text });
    }
    token.ok_or(AnchorError::NoToken)
}

struct Status {
    number: u8,
    text: String,
}

fn parts(response: &[u8]) -> Result<(Status, Option<AnyRef<'_>>)> {
    let mut members = Members::of(AnyRef::from_der(response)?, Tag::Sequence)?;
    let status = status(members.next(Tag::Sequence)?)?;
    let token = members.optional(Tag::Sequence);
    members.end()?;
    Ok((status, token))
}

/// `PKIStatusInfo` (RFC 3161 section 2.4.2): the number, what it says in words, why it failed.
fn status(info: AnyRef<'_>) -> Result<Status> {
    let mut members = Members::of(info, Tag::Sequence)?;
    let number = members.next(Tag::Integer)?.decode_as()?;
    let mut text = Vec::new();
    if let Some(words) = members.optional(Tag::Sequence) {
        for word in Members::of(words, Tag::Sequence)?.rest() {
            text.push(excerpt(&word.decode_as::<String>()?));
        }
    }
    if let Some(failure) = members.optional(Tag::BitString) {
        text.extend(failures(failure)?.into_iter().map(str::to_owned));
    }
    members.end()?;
    Ok(Status { number, text: text.join("; ") })
}

/// `PKIFailureInfo`: the bits that RFC 3161 names.
fn failures(info: AnyRef<'_>) -> Result<Vec<&'static str>> {
    const NAMED: [(usize, &str); 8] = [
        (0, "badAlg"),
        (2, "badRequest"),
        (5, "badDataFormat"),
        (14, "timeNotAvailable"),
        (15, "unacceptedPolicy"),
        (16, "unacceptedExtension"),
        (17, "addInfoNotAvailable"),
        (25, "systemFailure"),
    ];
    let bits: Vec<bool> = info.decode_as::<x509_cert::der::asn1::BitStringRef<'_>>()?.bits().collect();
    Ok(NAMED.into_iter().filter(|(bit, _)| bits.get(*bit) == Some(&true)).map(|(_, name)| name).collect())
}

//! What a token says: `TSTInfo` (RFC 3161 section 2.4.2).

use x509_cert::der::asn1::{AnyRef, ObjectIdentifier};
use x509_cert::der::{Decode, ErrorKind, Result, Tag};

use super::members::{Members, context, context_primitive};
use crate::clock::UtcTime;

/// The content of a token.
pub(super) struct Info<'a> {
    pub(super) version: u8,
    pub(super) policy: ObjectIdentifier,
    pub(super) imprint_algorithm: ObjectIdentifier,
    pub(super) imprint: &'a [u8],
    /// The number that the authority gave to the token, big-endian.
    pub(super) serial: &'a [u8],
    /// The authority's time, its fraction of a second left out.
    pub(super) at: UtcTime,
    /// The end of the time that the token means: with the fraction and the accuracy, rounded up.
    pub(super) latest: UtcTime,
    /// As the octets of the integer.
    pub(super) nonce: Option<&'a [u8]>,
    /// Whether it has an extension that must be understood; we understand none.
    pub(super) has_critical_extension: bool,
}

const MICROS: u64 = 1_000_000;

impl<'a> Info<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self> {
        let mut members = Members::of(AnyRef::from_der(bytes)?, Tag::Sequence)?;
        let version = members.next(Tag::Integer)?.decode_as()?;
        let policy = members.next(Tag::ObjectIdentifier)?.decode_as()?;
        let (imprint_algorithm, imprint) = imprint(members.next(Tag::Sequence)?)?;
        let serial = members.next(Tag::Integer)?.value();
        let (at, fraction_micros) = time(members.next(Tag::GeneralizedTime)?)?;
        let accuracy_micros = members.optional(Tag::Sequence).map(accuracy).transpose()?.unwrap_or(0);
        if let Some(ordering) = members.optional(Tag::Boolean) {
            ordering.decode_as::<bool>()?;
        }
        let nonce = members.optional(Tag::Integer).map(AnyRef::value);
        // The authority's name for itself; its certificate says it better.
        members.optional(context(0));
        let has_critical_extension = members.optional(context(1)).map(has_critical).transpose()?.unwrap_or(false);
        members.end()?;
        let after = fraction_micros.saturating_add(accuracy_micros).div_ceil(MICROS);
        let latest = at.plus(std::time::Duration::from_secs(after));
        Ok(Self { version, policy, imprint_algorithm, imprint, serial, at, latest, nonce, has_critical_extension })
    }
}

/// The algorithm and the digest.
fn imprint(whole: AnyRef<'_>) -> Result<(ObjectIdentifier, &[u8])> {
    let mut members = Members::of(whole, Tag::Sequence)?;
    let algorithm = digest_algorithm(members.next(Tag::Sequence)?)?;
    let digest = members.next(Tag::OctetString)?.value();
    members.end()?;
    Ok((algorithm, digest))
}

/// The name of a digest algorithm; its parameters are absent or NULL (RFC 5754 section 2).
pub(super) fn digest_algorithm(whole: AnyRef<'_>) -> Result<ObjectIdentifier> {
    let mut members = Members::of(whole, Tag::Sequence)?;
    let algorithm = members.next(Tag::ObjectIdentifier)?.decode_as()?;
    if let Some(null) = members.optional(Tag::Null) {
        null.decode_as::<x509_cert::der::asn1::Null>()?;
    }
    members.end()?;
    Ok(algorithm)
}

/// `20261122080000.25Z`: unlike in a certificate, there may be a fraction of a second. It is told in microseconds, rounded up.
fn time(whole: AnyRef<'_>) -> Result<(UtcTime, u64)> {
    let wrong = || x509_cert::der::Error::from(ErrorKind::DateTime);
    let text = std::str::from_utf8(whole.value()).map_err(|_| wrong())?;
    let text = text.strip_suffix('Z').ok_or_else(wrong)?;
    let (seconds, fraction) = match text.split_once('.') {
        Some((seconds, fraction)) => (seconds, micros(fraction).ok_or_else(wrong)?),
        None => (text, 0),
    };
    Ok((civil(seconds).ok_or_else(wrong)?, fraction))
}

/// Fourteen digits.
fn civil(digits: &str) -> Option<UtcTime> {
    if digits.len() != 14 || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range);
    let date = format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..8)?);
    format!("{date}T{}:{}:{}Z", part(8..10)?, part(10..12)?, part(12..14)?).parse().ok()
}

/// The digits after the point. No clock has more than nine that mean something.
fn micros(digits: &str) -> Option<u64> {
    if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    let nanos: u64 = format!("{digits:0<9}").parse().ok()?;
    Some(nanos.div_ceil(1000))
}

/// Seconds, thousandths `[0]`, millionths `[1]`, each optional; in microseconds.
fn accuracy(whole: AnyRef<'_>) -> Result<u64> {
    let mut members = Members::of(whole, Tag::Sequence)?;
    let seconds = members.optional(Tag::Integer).map(|member| member.decode_as::<u32>()).transpose()?;
    let millis = members.optional(context_primitive(0)).map(small).transpose()?;
    let micros = members.optional(context_primitive(1)).map(small).transpose()?;
    members.end()?;
    Ok(u64::from(seconds.unwrap_or(0)) * MICROS
        + u64::from(millis.unwrap_or(0)) * 1000
        + u64::from(micros.unwrap_or(0)))
}

/// An implicitly tagged integer of 1 to 999.
fn small(member: AnyRef<'_>) -> Result<u16> {
    let number = AnyRef::new(Tag::Integer, member.value())?.decode_as::<u16>()?;
    if (1..=999).contains(&number) { Ok(number) } else { Err(ErrorKind::Value { tag: Tag::Integer }.into()) }
}

fn has_critical(extensions: AnyRef<'_>) -> Result<bool> {
    let mut found = false;
    for extension in Members::of(extensions, context(1))?.rest() {
        let mut members = Members::of(extension, Tag::Sequence)?;
        members.next(Tag::ObjectIdentifier)?;
        if let Some(critical) = members.optional(Tag::Boolean) {
            found |= critical.decode_as::<bool>()?;
        }
        members.next(Tag::OctetString)?;
        members.end()?;
    }
    Ok(found)
}

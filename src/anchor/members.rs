//! The members of a DER sequence or set, as they stand.

use std::iter::Peekable;
use std::vec;

use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode, Encode, ErrorKind, Reader, Result, SliceReader, Tag, TagNumber, Tagged};

/// The members of one sequence or set, to be taken in order.
pub(super) struct Members<'a>(Peekable<vec::IntoIter<AnyRef<'a>>>);

impl<'a> Members<'a> {
    /// The members of `whole`, which has the tag `tag`.
    pub(super) fn of(whole: AnyRef<'a>, tag: Tag) -> Result<Self> {
        tagged(whole, tag)?;
        let mut reader = SliceReader::new(whole.value())?;
        let mut members = Vec::new();
        while !reader.is_finished() {
            members.push(AnyRef::decode(&mut reader)?);
        }
        Ok(Self(members.into_iter().peekable()))
    }

    /// The next member, which must be there.
    pub(super) fn any(&mut self) -> Result<AnyRef<'a>> {
        self.0.next().ok_or_else(|| ErrorKind::Failed.into())
    }

    /// The next member, which must have this tag.
    pub(super) fn next(&mut self, tag: Tag) -> Result<AnyRef<'a>> {
        tagged(self.any()?, tag)
    }

    /// The next member, if it has this tag.
    pub(super) fn optional(&mut self, tag: Tag) -> Option<AnyRef<'a>> {
        self.0.next_if(|member| member.tag() == tag)
    }

    /// The members that are left.
    pub(super) fn rest(self) -> impl Iterator<Item = AnyRef<'a>> {
        self.0
    }

    /// There must be none left.
    pub(super) fn end(mut self) -> Result<()> {
        match self.0.next() {
            Some(member) => Err(member.tag().unexpected_error(None).into()),
            None => Ok(()),
        }
    }
}

/// `[number]`, with members of its own.
pub(super) fn context(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// `[number] IMPLICIT` of a type without members.
pub(super) fn context_primitive(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: false, number: TagNumber(number) }
}

/// The one member of an explicitly tagged field.
pub(super) fn only(whole: AnyRef<'_>, tag: Tag) -> Result<AnyRef<'_>> {
    let mut members = Members::of(whole, whole.tag())?;
    let member = members.next(tag)?;
    members.end()?;
    Ok(member)
}

fn tagged(member: AnyRef<'_>, tag: Tag) -> Result<AnyRef<'_>> {
    member.tag().assert_eq(tag)?;
    Ok(member)
}

/// The whole of a member with its tag and length, as it stood: DER has one form for both.
pub(super) fn whole(member: AnyRef<'_>) -> Result<Vec<u8>> {
    member.to_der()
}

//! The time of an entry, and that the entry is one, at a glance.
//!
//! Reading is printing backwards (see [`super::entry`]), which costs more than all the hashing when a million entries are
//! verified. The plain entry, without an escape in a text and without a negative number, can be recognised in one pass over
//! its bytes. Whatever the glance does not recognise is read in full, and only that says what is wrong: so the glance may
//! miss an entry that is one, but must never take for one what [`Recorded::parse`] refuses.

use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::signed_note::KeyName;
use crate::tlog::LeafIndex;

use super::entry::{ENTRY_MAX_BYTES, EntryError, Recorded};

/// How deep a body may be nested to be recognised; deeper ones are read in full.
const DEPTH_MAX: u32 = 16;

/// The time of entry `index`, after it was found to be an entry in its one written form.
pub(super) fn time_of(bytes: &[u8], index: LeafIndex) -> Result<UtcTime, EntryError> {
    match glance(bytes, index) {
        Some(at) => Ok(at),
        None => Recorded::parse(bytes, index).map(|recorded| recorded.entry.at),
    }
}

/// The time of the entry, if it is recognised as one.
fn glance(bytes: &[u8], index: LeafIndex) -> Option<UtcTime> {
    if bytes.len() > ENTRY_MAX_BYTES {
        return None;
    }
    let mut scan = Scan { rest: std::str::from_utf8(bytes).ok()? };
    scan.literal("{\"action\":")?;
    scan.text()?;
    scan.actor()?;
    scan.literal(",\"at\":")?;
    let at: UtcTime = scan.text()?.parse().ok()?;
    scan.optional_text(",\"authority\":")?;
    scan.literal(",\"body\":")?;
    scan.object(DEPTH_MAX)?;
    scan.literal(",\"evidence\":[")?;
    scan.evidence()?;
    scan.literal(",\"kind\":")?;
    scan.kind(index)?;
    scan.literal(",\"seq\":")?;
    let seq = scan.number()?;
    scan.optional_text(",\"step\":")?;
    scan.optional_text(",\"subject\":")?;
    scan.literal(",\"tool\":")?;
    scan.text()?;
    scan.literal(",\"v\":1}")?;
    (scan.rest.is_empty() && seq == index.0).then_some(at)
}

/// What is left to be looked at. Each step takes what it expects, or nothing is recognised.
struct Scan<'e> {
    rest: &'e str,
}

impl<'e> Scan<'e> {
    fn literal(&mut self, literal: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(literal)?;
        Some(())
    }

    /// A text in which nothing is escaped and nothing must be.
    fn text(&mut self) -> Option<&'e str> {
        let inner = self.rest.strip_prefix('"')?;
        let end = inner.bytes().position(|octet| octet < 0x20 || octet == b'"' || octet == b'\\')?;
        let (text, rest) = inner.split_at_checked(end)?;
        self.rest = rest.strip_prefix('"')?;
        Some(text)
    }

    /// A key and its text, or neither.
    fn optional_text(&mut self, key: &str) -> Option<()> {
        match self.rest.strip_prefix(key) {
            Some(rest) => {
                self.rest = rest;
                self.text().map(drop)
            }
            None => Some(()),
        }
    }

    /// A whole number that is not negative, in its shortest form.
    fn number(&mut self) -> Option<u64> {
        let end = self.rest.bytes().position(|octet| !octet.is_ascii_digit())?;
        let (digits, rest) = self.rest.split_at_checked(end)?;
        if digits.len() > 1 && digits.starts_with('0') {
            return None;
        }
        self.rest = rest;
        digits.parse().ok()
    }

    fn actor(&mut self) -> Option<()> {
        self.literal(",\"actor\":{\"agency\":")?;
        self.text()?;
        if self.literal(",\"key\":").is_some() {
            self.text()?.parse::<KeyName>().ok()?;
        }
        self.literal(",\"role\":")?;
        self.text()?;
        self.literal("}")
    }

    /// The rest of the list of evidence.
    fn evidence(&mut self) -> Option<()> {
        if self.literal("]").is_some() {
            return Some(());
        }
        loop {
            self.literal("{\"bytes\":")?;
            self.number()?;
            self.literal(",\"digest\":")?;
            self.text()?.parse::<Digest>().ok()?;
            self.literal(",\"media\":")?;
            self.text()?;
            // Where it is not sealed, nothing is said.
            let _ = self.literal(",\"sealed\":true");
            self.literal("}")?;
            if self.literal("]").is_some() {
                return Some(());
            }
            self.literal(",")?;
        }
    }

    /// The kind, and of an outcome of what and with which result.
    fn kind(&mut self, index: LeafIndex) -> Option<()> {
        match self.text()? {
            "intent" | "fact" => Some(()),
            "outcome" => {
                self.literal(",\"of\":")?;
                let of = self.number()?;
                self.literal(",\"result\":")?;
                let known = matches!(self.text()?, "done" | "failed" | "unknown");
                (known && of < index.0).then_some(())
            }
            _ => None,
        }
    }

    fn value(&mut self, depth: u32) -> Option<()> {
        match self.rest.as_bytes().first()? {
            b'"' => self.text().map(drop),
            b'0'..=b'9' => self.number().map(drop),
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            _ => None,
        }
    }

    /// An object whose keys stand in order, each once.
    fn object(&mut self, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.literal("{")?;
        if self.literal("}").is_some() {
            return Some(());
        }
        let mut last = None;
        loop {
            let key = self.text()?;
            if last.is_some_and(|last| last >= key) {
                return None;
            }
            last = Some(key);
            self.literal(":")?;
            self.value(depth)?;
            if self.literal("}").is_some() {
                return Some(());
            }
            self.literal(",")?;
        }
    }

    fn array(&mut self, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.literal("[")?;
        if self.literal("]").is_some() {
            return Some(());
        }
        loop {
            self.value(depth)?;
            if self.literal("]").is_some() {
                return Some(());
            }
            self.literal(",")?;
        }
    }
}

#[cfg(test)]
mod tests;

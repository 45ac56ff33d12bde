//! Seals: pictures that stand inside the page itself.

use std::fmt::Write as _;

use data_encoding::BASE64;

use super::png::{self, PngError};
use super::svg::{self, SvgError};

/// A seal of vectors has some ten kilobytes, a small picture no more. Every page of every language holds it.
pub const SEAL_MAX_BYTES: u64 = 64 << 10;

/// The first octets of a PNG (PNG specification, third edition, section 5.2).
pub(super) const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A picture that runs nothing and asks nobody for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    address: String,
}

/// Why a file is no seal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Larger than [`SEAL_MAX_BYTES`].
    #[error("it has {bytes} bytes; a seal may have {SEAL_MAX_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// An SVG that is refused.
    #[error(transparent)]
    Svg(#[from] SvgError),
    /// A PNG that is refused.
    #[error(transparent)]
    Png(#[from] PngError),
}

impl Seal {
    /// Reads an SVG or a PNG; what begins with the signature of a PNG is one.
    ///
    /// # Errors
    ///
    /// [`SealError`], which names what is refused and where.
    pub fn read(bytes: &[u8]) -> Result<Self, SealError> {
        if bytes.len() as u64 > SEAL_MAX_BYTES {
            return Err(SealError::TooLarge { bytes: bytes.len() });
        }
        if bytes.starts_with(PNG_SIGNATURE) {
            png::check(bytes)?;
            return Ok(Self { address: format!("data:image/png;base64,{}", BASE64.encode(bytes)) });
        }
        let text = svg::check(bytes)?;
        Ok(Self { address: format!("data:image/svg+xml,{}", percent_encoded(text)) })
    }

    /// The picture as a `data:` address (RFC 2397), printable ASCII without quotation marks, brackets and ampersands.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Vectors as text, since that compresses four times better than base64.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 5 / 4);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~!*()=:/;,+@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: &str =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><circle cx=\"4\" cy=\"4\" r=\"4\"/></svg>";

    #[test]
    fn a_seal_is_an_address_that_needs_no_escaping_and_decodes_to_the_file() {
        let seal = Seal::read(PLAIN.as_bytes()).unwrap();
        let encoded = seal.address().strip_prefix("data:image/svg+xml,").unwrap();
        assert!(!encoded.contains(['"', '\'', '<', '>', '&', '#', ' ']), "{encoded}");
        let mut decoded = Vec::new();
        let mut parts = encoded.split('%');
        decoded.extend_from_slice(parts.next().unwrap().as_bytes());
        for part in parts {
            decoded.push(u8::from_str_radix(&part[..2], 16).unwrap());
            decoded.extend_from_slice(&part.as_bytes()[2..]);
        }
        assert_eq!(decoded, PLAIN.as_bytes());
    }

    #[test]
    fn a_seal_has_a_bound() {
        let padded = PLAIN.replace("<circle", &format!("{}<circle", " ".repeat(SEAL_MAX_BYTES as usize)));
        assert!(matches!(Seal::read(padded.as_bytes()), Err(SealError::TooLarge { .. })));
        assert!(matches!(Seal::read(b""), Err(SealError::Svg(_))));
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0..3_usize) {
            let head: &[u8] = [&b""[..], PNG_SIGNATURE, b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\">"][kind];
            let _ = Seal::read(&[head, &bytes].concat());
        }

        #[test]
        fn any_damage_is_answered(at in 0..200_usize, put in "[<>/=\"a-z:&;#%!\\[\\]?-]{0,9}") {
            let at = at.min(PLAIN.len());
            let _ = Seal::read(format!("{}{put}{}", &PLAIN[..at], &PLAIN[at..]).as_bytes());
        }
    }
}

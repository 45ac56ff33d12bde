//! Content encodings: made once at start, chosen by a table look-up.

use std::io::Write as _;

use crate::language::weighted;

/// How a page's octets are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

impl Encoding {
    /// All, in the order of preference where the client weighs them alike: the smallest last.
    pub const ALL: [Self; 3] = [Self::Identity, Self::Gzip, Self::Brotli];

    /// The value of `Content-Encoding`; `None` for identity, which is not said (RFC 9110 section 8.4).
    pub fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// Encodes; the same octets give the same octets.
    pub fn encode(self, octets: &[u8]) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(octets.to_vec()),
            Self::Gzip => gzip(octets),
            Self::Brotli => brotli(octets),
        }
    }

    /// The best encoding that the client accepts (RFC 9110 section 12.5.3). No field, or nothing acceptable: identity.
    pub fn choose(accept_encoding: &str) -> Self {
        let weights = Weights::read(accept_encoding);
        let best = Self::ALL.into_iter().max_by_key(|encoding| weights.of(*encoding));
        best.filter(|encoding| weights.of(*encoding) > 0).unwrap_or(Self::Identity)
    }
}

/// What a client gives each encoding, in thousandths.
#[derive(Default)]
struct Weights {
    identity: Option<u16>,
    gzip: Option<u16>,
    brotli: Option<u16>,
    /// `*`: whatever is not named.
    rest: Option<u16>,
}

impl Weights {
    fn read(accept_encoding: &str) -> Self {
        let mut weights = Self::default();
        for (token, weight) in weighted(accept_encoding) {
            let slot = match token.to_ascii_lowercase().as_str() {
                "identity" => &mut weights.identity,
                "gzip" | "x-gzip" => &mut weights.gzip,
                "br" => &mut weights.brotli,
                "*" => &mut weights.rest,
                _ => continue,
            };
            *slot = Some(weight);
        }
        weights
    }

    fn of(&self, encoding: Encoding) -> u16 {
        match encoding {
            // Acceptable when not named, but whatever is named with any weight is wanted more.
            Encoding::Identity => self.identity.or(self.rest.map(|rest| rest.min(1))).unwrap_or(1),
            Encoding::Gzip => self.gzip.or(self.rest).unwrap_or(0),
            Encoding::Brotli => self.brotli.or(self.rest).unwrap_or(0),
        }
    }
}

fn gzip(octets: &[u8]) -> std::io::Result<Vec<u8>> {
    // The header's time stays zero, so a restart does not change the entity tag.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(octets)?;
    encoder.finish()
}

fn brotli(octets: &[u8]) -> std::io::Result<Vec<u8>> {
    // The slowest quality, 11: it costs some 15 ms for a page of 12 KiB, once, and saves a sixth of each response.
    let params = brotli::enc::BrotliEncoderParams { size_hint: octets.len(), ..Default::default() };
    let mut encoded = Vec::new();
    brotli::BrotliCompress(&mut &*octets, &mut encoded, &params)?;
    Ok(encoded)
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Read as _;

    use super::*;

    /// What a client makes of an encoded body.
    pub fn decode(token: Option<&str>, octets: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        match token {
            None => plain.extend_from_slice(octets),
            Some("gzip") => drop(flate2::read::GzDecoder::new(octets).read_to_end(&mut plain).unwrap()),
            Some("br") => drop(brotli::Decompressor::new(octets, 4096).read_to_end(&mut plain).unwrap()),
            Some(other) => panic!("{other}"),
        }
        plain
    }

    #[test]
    fn each_encoding_gives_the_page_back() {
        let page = "<p>This domain has been seized.</p>\n".repeat(300);
        for encoding in Encoding::ALL {
            let encoded = encoding.encode(page.as_bytes()).unwrap();
            assert_eq!(decode(encoding.token(), &encoded), page.as_bytes(), "{encoding:?}");
            assert_eq!(encoding.encode(page.as_bytes()).unwrap(), encoded);
        }
    }

    #[test]
    fn the_client_weighs_and_brotli_wins_a_tie() {
        for (field, chosen) in [
            ("", Encoding::Identity),
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip, deflate", Encoding::Gzip),
            ("GZIP", Encoding::Gzip),
            ("x-gzip", Encoding::Gzip),
            ("br;q=0.5, gzip", Encoding::Gzip),
            ("br;q=0, gzip;q=0", Encoding::Identity),
            ("identity, gzip;q=0.5", Encoding::Identity),
            ("identity;q=0, gzip;q=0.1", Encoding::Gzip),
            ("identity;q=0", Encoding::Identity),
            ("*", Encoding::Brotli),
            ("*;q=0", Encoding::Identity),
            ("*;q=0.5, br;q=0", Encoding::Gzip),
            ("gzip;q=0.001", Encoding::Gzip),
            ("deflate", Encoding::Identity),
            ("br;q=x", Encoding::Identity),
        ] {
            assert_eq!(Encoding::choose(field), chosen, "{field}");
        }
    }
}

//! PNG (W3C, third edition): the chunks of a still picture and nothing else, each whole, and pixels for every row.

use std::io::Read as _;

use super::seal::PNG_SIGNATURE;

/// Enough for a seal on a dense screen and in print, and 4 MiB of pixels at most.
const SIDE_MAX: u32 = 1024;

/// Fewer pixels are a blot.
const SIDE_MIN: u32 = 32;

/// What a still picture needs. Texts, times and camera data tell who made it where; `acTL` and its like move.
const CHUNKS: [&[u8; 4]; 9] = [b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"pHYs", b"IDAT", b"IEND"];

/// Why a PNG is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PngError {
    /// A chunk is cut off, or its checksum is wrong.
    #[error("the PNG is damaged at byte {offset}")]
    Damaged {
        /// Where the chunk begins.
        offset: usize,
    },
    /// A chunk that is not needed, or not there.
    #[error("the PNG has a chunk `{name}` at byte {offset}, which is refused: save it without metadata and animation")]
    Chunk {
        /// Its name.
        name: String,
        /// Where it begins.
        offset: usize,
    },
    /// The header is none.
    #[error("the header of the PNG is not that of a picture")]
    Header,
    /// Its rows come in passes.
    #[error("the PNG is interlaced: save it without")]
    Interlaced,
    /// Too large or too small.
    #[error("the PNG has {width} x {height} pixels; a side has {SIDE_MIN} to {SIDE_MAX}")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The pixels are not those of the header.
    #[error("the pixels of the PNG are not whole")]
    Pixels,
    /// Something follows the end.
    #[error("{bytes} bytes follow the end of the PNG")]
    Trailing {
        /// How many.
        bytes: usize,
    },
}

struct Chunk<'a> {
    name: &'a [u8],
    data: &'a [u8],
    offset: usize,
}

/// Whether a file that begins with the signature is a whole still picture.
pub(super) fn check(bytes: &[u8]) -> Result<(), PngError> {
    let chunks = chunks(bytes)?;
    let header = chunks.first().filter(|chunk| chunk.name == b"IHDR").ok_or(PngError::Header)?;
    let rows = Rows::of(header.data)?;
    let order: Vec<&[u8]> = chunks.iter().map(|chunk| chunk.name).collect();
    in_order(&order, &chunks, rows.has_palette)?;
    let packed: Vec<u8> =
        chunks.iter().filter(|chunk| chunk.name == b"IDAT").flat_map(|chunk| chunk.data).copied().collect();
    rows.are_whole(&packed)
}

/// Every chunk up to `IEND`, which is last.
fn chunks(bytes: &[u8]) -> Result<Vec<Chunk<'_>>, PngError> {
    let mut offset = PNG_SIGNATURE.len();
    let mut found: Vec<Chunk<'_>> = Vec::new();
    // Each round takes twelve bytes or more.
    while found.last().is_none_or(|chunk| chunk.name != b"IEND") {
        let damaged = PngError::Damaged { offset };
        let (chunk, end) = chunk_at(bytes, offset).ok_or(damaged)?;
        if !CHUNKS.iter().any(|known| known.as_slice() == chunk.name) {
            return Err(PngError::Chunk { name: chunk.name.escape_ascii().to_string(), offset });
        }
        found.push(chunk);
        offset = end;
    }
    match bytes.len() - offset {
        0 => Ok(found),
        bytes => Err(PngError::Trailing { bytes }),
    }
}

/// A chunk whose checksum is right, and where it ends.
fn chunk_at(bytes: &[u8], offset: usize) -> Option<(Chunk<'_>, usize)> {
    let length = u32::from_be_bytes(bytes.get(offset..offset + 4)?.try_into().ok()?);
    let end = offset.checked_add(8)?.checked_add(usize::try_from(length).ok()?)?;
    let named = bytes.get(offset + 4..end)?;
    let written = u32::from_be_bytes(bytes.get(end..end.checked_add(4)?)?.try_into().ok()?);
    let mut sum = flate2::Crc::new();
    sum.update(named);
    let (name, data) = named.split_at_checked(4)?;
    (sum.sum() == written).then_some((Chunk { name, data, offset }, end + 4))
}

/// One header, a palette if there must be one, and the pixels in one run.
fn in_order(names: &[&[u8]], chunks: &[Chunk<'_>], needs_palette: bool) -> Result<(), PngError> {
    let count = |name: &[u8]| names.iter().filter(|known| **known == name).count();
    let twice = chunks.iter().find(|chunk| chunk.name != b"IDAT" && count(chunk.name) > 1);
    if let Some(chunk) = twice {
        return Err(PngError::Chunk { name: chunk.name.escape_ascii().to_string(), offset: chunk.offset });
    }
    let mut runs = names.to_vec();
    runs.dedup();
    let one_run = runs.iter().filter(|name| **name == b"IDAT").count() == 1;
    (one_run && (!needs_palette || count(b"PLTE") == 1)).then_some(()).ok_or(PngError::Pixels)
}

/// How many rows of how many bytes.
struct Rows {
    count: usize,
    bytes: usize,
    has_palette: bool,
}

impl Rows {
    fn of(header: &[u8]) -> Result<Self, PngError> {
        let [w0, w1, w2, w3, h0, h1, h2, h3, depth, colour, compression, filter, interlace] = *header else {
            return Err(PngError::Header);
        };
        let (width, height) = (u32::from_be_bytes([w0, w1, w2, w3]), u32::from_be_bytes([h0, h1, h2, h3]));
        // Table 12 of the specification: samples a pixel, and the depths that each kind may have.
        let (samples, depths): (usize, &[u8]) = match colour {
            0 => (1, &[1, 2, 4, 8, 16]),
            2 => (3, &[8, 16]),
            3 => (1, &[1, 2, 4, 8]),
            4 => (2, &[8, 16]),
            6 => (4, &[8, 16]),
            _ => return Err(PngError::Header),
        };
        match (compression, filter, interlace) {
            (0, 0, 0) if depths.contains(&depth) => {}
            (0, 0, 1) => return Err(PngError::Interlaced),
            _ => return Err(PngError::Header),
        }
        if ![width, height].iter().all(|side| (SIDE_MIN..=SIDE_MAX).contains(side)) {
            return Err(PngError::Size { width, height });
        }
        let [width, count] = [width, height].map(|side| usize::try_from(side).unwrap_or(usize::MAX));
        Ok(Self { count, bytes: 1 + (width * samples * usize::from(depth)).div_ceil(8), has_palette: colour == 3 })
    }

    /// Each row begins with the number of its filter, 0 to 4.
    fn are_whole(&self, packed: &[u8]) -> Result<(), PngError> {
        let expected = self.bytes * self.count;
        let mut rows = Vec::new();
        // One more than there may be, so that more is noticed and no bomb goes off.
        let bound = expected as u64 + 1;
        flate2::read::ZlibDecoder::new(packed).take(bound).read_to_end(&mut rows).map_err(|_| PngError::Pixels)?;
        let filters_known = rows.chunks(self.bytes).all(|row| row.first().is_some_and(|filter| *filter <= 4));
        (rows.len() == expected && filters_known).then_some(()).ok_or(PngError::Pixels)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let named = [name, data].concat();
        let mut sum = flate2::Crc::new();
        sum.update(&named);
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], &named, &sum.sum().to_be_bytes()].concat()
    }

    fn header(width: u32, height: u32, rest: [u8; 5]) -> Vec<u8> {
        chunk(b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &rest].concat())
    }

    fn pixels(bytes: &[u8]) -> Vec<u8> {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        chunk(b"IDAT", &packed.finish().unwrap())
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        [PNG_SIGNATURE, &chunks.concat()].concat()
    }

    const GREY: [u8; 5] = [8, 0, 0, 0, 0];

    #[test]
    fn a_still_picture_is_accepted_and_everything_else_is_not() {
        let head = || header(32, 32, GREY);
        let body = || pixels(&[0; 33 * 32]);
        let end = || chunk(b"IEND", b"");
        let damaged = |at: usize| {
            let mut bytes = file(&[head(), body(), end()]);
            bytes[at] ^= 1;
            bytes
        };
        let palette = |chunks: &[Vec<u8>]| {
            file(&[&[header(32, 32, [1, 3, 0, 0, 0])], chunks, &[pixels(&[0; 5 * 32]), end()]].concat())
        };
        for (bytes, part) in [
            (file(&[head(), body(), end()]), "accepted"),
            (file(&[head(), chunk(b"gAMA", &[0; 4]), body(), end()]), "accepted"),
            (palette(&[chunk(b"PLTE", &[0; 6])]), "accepted"),
            (palette(&[]), "not whole"),
            (palette(&[chunk(b"PLTE", &[0; 6]), chunk(b"PLTE", &[0; 6])]), "chunk `PLTE`"),
            (file(&[header(32, 32, [16, 6, 0, 0, 0]), pixels(&[0; 257 * 32]), end()]), "accepted"),
            (file(&[]), "damaged at byte 8"),
            (file(&[head(), body()]), "damaged"),
            (damaged(20), "damaged at byte 8"),
            (damaged(45), "damaged at byte 33"),
            ([file(&[head(), body(), end()]), b"<script>".to_vec()].concat(), "8 bytes follow"),
            (file(&[head(), chunk(b"tEXt", b"Author\0Detective"), body(), end()]), "chunk `tEXt`"),
            (file(&[head(), chunk(b"eXIf", b"MM"), body(), end()]), "chunk `eXIf`"),
            (file(&[head(), chunk(b"iCCP", b"x"), body(), end()]), "chunk `iCCP`"),
            (file(&[head(), chunk(b"acTL", &[0; 8]), body(), end()]), "chunk `acTL`"),
            (file(&[head(), chunk(b"<sc>", b""), body(), end()]), "chunk `<sc>`"),
            (file(&[body(), head(), end()]), "header"),
            (file(&[head(), end()]), "not whole"),
            (file(&[head(), body(), chunk(b"gAMA", &[0; 4]), body(), end()]), "not whole"),
            (file(&[head(), pixels(&[0; 33 * 31]), end()]), "not whole"),
            (file(&[head(), pixels(&[0; 33 * 33]), end()]), "not whole"),
            (file(&[head(), pixels(&vec![0; 64 << 20]), end()]), "not whole"),
            (file(&[head(), pixels(&[9; 33 * 32]), end()]), "not whole"),
            (file(&[head(), chunk(b"IDAT", b"no zlib"), end()]), "not whole"),
            (file(&[header(32, 32, [8, 0, 0, 0, 1]), body(), end()]), "interlaced"),
            (file(&[header(32, 32, [3, 0, 0, 0, 0]), body(), end()]), "header"),
            (file(&[header(32, 32, [8, 5, 0, 0, 0]), body(), end()]), "header"),
            (file(&[chunk(b"IHDR", &[0; 12]), body(), end()]), "header"),
            (file(&[header(31, 32, GREY), body(), end()]), "31 x 32"),
            (file(&[header(u32::MAX, u32::MAX, GREY), body(), end()]), "4294967295"),
            ([PNG_SIGNATURE, &[0xff; 40]].concat(), "damaged"),
        ] {
            let said = check(&bytes).err().map_or_else(|| "accepted".into(), |error| error.to_string());
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}

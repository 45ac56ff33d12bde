//! Personal data in the log: only as salted commitments.
//!
//! What is in the log stays there for ever, and a person's name must not have to. So an entry says `{"sealed":"sha256:…"}` in
//! place of such a text, and what opens it, the *opening*, is kept in a directory of its own that is no part of the log:
//!
//! ```text
//! private/<64 hexadecimal digits of the commitment>.json
//! {"field":"by","salt":"<64 hexadecimal digits>","v":1,"value":"Ada Example"}
//! ```
//!
//! The commitment is the SHA-256 of the line `impound-sealed/v1`, the salt (32 octets from the system), and then the field's name
//! and the value, each after its length in octets as 8 octets, big-endian; so no two (salt, field, value) are the same octets.
//! Without the salt nobody can try names against it, and the same name in two entries cannot be told to be the same. Whoever
//! destroys an opening makes the value unknown, also to guessing, while every entry and proof of the log stays as it is.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::digest::Digest;
use crate::whole_file::{self, ReadError, Readers, WriteError};

/// What a commitment is the digest of begins with this, so that it is the digest of nothing else.
const PREFIX: &[u8] = b"impound-sealed/v1\n";

/// Octets of a salt: as many as the digest has, so that the salt is not what is guessed.
const SALT_BYTES: usize = 32;

/// The key of the object that stands in place of a sealed value.
const SEALED: &str = "sealed";

/// The longest value: as long as a whole entry may be, although it does not stand in one.
pub const VALUE_MAX_BYTES: usize = super::ENTRY_MAX_BYTES;

/// The largest opening: JSON writes an octet with six characters at most; field and salt are short.
const OPENING_MAX_BYTES: usize = 6 * VALUE_MAX_BYTES + 4096;

/// The version of the form of an opening.
const VERSION: u64 = 1;

/// Why a value cannot be sealed, or a commitment not opened.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    /// The system has no random octets.
    #[error("the system gives no random octets for a salt")]
    NoSalt(#[source] getrandom::Error),
    /// Longer than is kept.
    #[error("the text for `{field}` has {bytes} bytes; at most {VALUE_MAX_BYTES} are sealed")]
    TooLong {
        /// The field.
        field: String,
        /// How many bytes.
        bytes: usize,
    },
    /// The directory of the openings cannot be made.
    #[error("cannot make the directory {}", path.display())]
    NoDirectory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The opening cannot be kept, so the value is not committed to.
    #[error(transparent)]
    Unwritable(#[from] WriteError),
    /// The opening is there and cannot be read.
    #[error(transparent)]
    Unreadable(ReadError),
    /// It is not an opening.
    #[error("{} is not an opening of a sealed text", path.display())]
    NotAnOpening {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// It opens another commitment, or another field than it is kept for: it was altered or renamed.
    #[error("{} does not open {commitment} as `{field}`: it was altered, or is another's", path.display())]
    DoesNotFit {
        /// The file.
        path: PathBuf,
        /// What it should open.
        commitment: Commitment,
        /// In which field that stands.
        field: String,
    },
}

/// What stands in an entry in place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment(Digest);

impl Commitment {
    /// The commitment in a value of an entry's body, if that is what it is.
    pub fn in_value(value: &Value) -> Option<Self> {
        let object = value.as_object().filter(|object| object.len() == 1)?;
        object.get(SEALED)?.as_str()?.parse().ok().map(Self)
    }

    /// As it stands in the body of an entry: `{"sealed":"sha256:…"}`.
    pub fn to_value(self) -> Value {
        json!({ SEALED: self.0.to_string() })
    }

    /// For people who cannot open it: `sealed (sha256:` with the first eight digits and `…)`.
    pub fn excerpt(self) -> String {
        format!("sealed (sha256:{}…)", self.0.hex().get(..8).unwrap_or_default())
    }

    /// The same with all its digits.
    pub fn in_full(self) -> String {
        format!("sealed ({self})")
    }

    /// The file of the opening, in a directory of openings.
    pub fn file_name(self) -> String {
        format!("{}.json", self.0.hex())
    }
}

impl std::fmt::Display for Commitment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What opens a commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    salt: [u8; SALT_BYTES],
    /// The key in the body of the entry.
    pub field: String,
    /// What is sealed.
    pub value: String,
}

/// The form of an opening on disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    field: String,
    salt: String,
    v: u64,
    value: String,
}

impl Opening {
    /// What it opens.
    pub fn commitment(&self) -> Commitment {
        let mut octets = PREFIX.to_vec();
        octets.extend(self.salt);
        for part in [&self.field, &self.value] {
            octets.extend((part.len() as u64).to_be_bytes());
            octets.extend(part.as_bytes());
        }
        Commitment(Digest::of(&octets))
    }

    /// The file: one JSON object on one line.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { salt, field, value } = self;
        let object = json!({"field": field, "salt": HEXLOWER.encode(salt), "v": VERSION, "value": value});
        format!("{object}\n").into_bytes()
    }

    /// Reads the file. Whether it opens anything is another matter.
    pub fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        use serde::de::Error as _;
        let Wire { field, salt, v, value } = serde_json::from_slice(bytes)?;
        if v != VERSION {
            return Err(serde_json::Error::custom(format!("version {v}; this program knows {VERSION}")));
        }
        let octets = HEXLOWER.decode(salt.as_bytes()).map_err(serde_json::Error::custom)?;
        let salt = octets.try_into().map_err(|_| serde_json::Error::custom("the salt has not 32 octets"))?;
        Ok(Self { salt, field, value })
    }
}

/// A directory of openings, apart from the log.
#[derive(Debug, Clone)]
pub struct Openings {
    dir: PathBuf,
}

impl Openings {
    /// Openings in `dir`, which is made, for its owner alone, when the first value is sealed.
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Seals a value; what stands in its place in the body of an entry. The opening is durable when this returns, so the entry
    /// is written after. An opening of an entry that then was not written does no harm.
    pub fn seal(&self, field: &str, value: &str) -> Result<Value, SealedError> {
        if value.len() > VALUE_MAX_BYTES {
            return Err(SealedError::TooLong { field: field.to_owned(), bytes: value.len() });
        }
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(SealedError::NoSalt)?;
        let opening = Opening { salt, field: field.to_owned(), value: value.to_owned() };
        self.make_dir()?;
        let commitment = opening.commitment();
        whole_file::create(&self.dir.join(commitment.file_name()), &opening.to_bytes(), Readers::Owner)?;
        Ok(commitment.to_value())
    }

    /// Makes the directory durable in its parent, and nobody's but the owner's.
    fn make_dir(&self) -> Result<(), SealedError> {
        if self.dir.is_dir() {
            return Ok(());
        }
        let parent = self.dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let made = fs::create_dir_all(parent)
            .and_then(|()| DirBuilder::new().recursive(true).mode(0o700).create(&self.dir))
            .and_then(|()| File::open(parent)?.sync_all());
        made.map_err(|source| SealedError::NoDirectory { path: self.dir.clone(), source })
    }

    /// The opening of the commitment in `field`; `None` when it is not there, because it was destroyed or is kept elsewhere.
    pub fn open(&self, field: &str, commitment: Commitment) -> Result<Option<Opening>, SealedError> {
        let path = self.dir.join(commitment.file_name());
        let bytes = match whole_file::read(&path, OPENING_MAX_BYTES) {
            Err(ReadError::Missing { .. }) => return Ok(None),
            read => read.map_err(SealedError::Unreadable)?,
        };
        let opening =
            Opening::parse(&bytes).map_err(|source| SealedError::NotAnOpening { path: path.clone(), source })?;
        if opening.commitment() == commitment && opening.field == field {
            Ok(Some(opening))
        } else {
            Err(SealedError::DoesNotFit { path, commitment, field: field.to_owned() })
        }
    }

    /// Opens what is sealed in a body; how many texts are, and the openings of those that can be opened.
    pub fn of_body(&self, body: &BTreeMap<String, Value>) -> Result<(u64, Vec<Opening>), SealedError> {
        let (mut sealed, mut opened) = (0, Vec::new());
        for (key, value) in body {
            if let Some(commitment) = Commitment::in_value(value) {
                sealed += 1;
                opened.extend(self.open(key, commitment)?);
            }
        }
        Ok((sealed, opened))
    }
}

/// The body to be read: every sealed value in clear where `openings` has it, and otherwise as `unopened` writes it, which is
/// [`Commitment::excerpt`] for people and [`Commitment::in_full`] for other programs.
///
/// What comes out is not what was written, and its bytes are not those of the entry.
pub fn for_reading(
    body: &BTreeMap<String, Value>,
    openings: Option<&Openings>,
    unopened: fn(Commitment) -> String,
) -> Result<BTreeMap<String, Value>, SealedError> {
    let mut read = body.clone();
    for (key, value) in &mut read {
        if let Some(commitment) = Commitment::in_value(value) {
            let opening = openings.map(|openings| openings.open(key, commitment)).transpose()?.flatten();
            *value = Value::String(opening.map_or_else(|| unopened(commitment), |opening| opening.value));
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests;

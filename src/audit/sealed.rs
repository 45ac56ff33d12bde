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

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::digest::Digest;
use crate::whole_file::{self, ReadError};

use super::disk::Disk;
use super::entry::Entry;
use super::error::AuditError;

/// What a commitment is the digest of begins with this, so that it is the digest of nothing else.
const PREFIX: &[u8] = b"impound-sealed/v1\n";

/// Octets of a salt: as many as the digest has, so that the salt is not what is guessed.
pub(super) const SALT_BYTES: usize = 32;

/// The key of the object that stands in place of a sealed value.
const SEALED: &str = "sealed";

/// The longest value: as long as a whole entry may be, although it does not stand in one.
pub const VALUE_MAX_BYTES: usize = super::ENTRY_MAX_BYTES;

/// The largest opening: JSON writes an octet with six characters at most; field and salt are short.
const OPENING_MAX_BYTES: usize = 6 * VALUE_MAX_BYTES + 4096;

/// Where openings are written before they have their name.
pub(super) const STAGING: &str = ".staging";

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
    /// The opening cannot be kept, so the value is not committed to; or it cannot be destroyed.
    #[error(transparent)]
    Disk(#[from] AuditError),
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

    /// The commitment of this digest.
    pub fn of_digest(digest: Digest) -> Self {
        Self(digest)
    }

    /// Whose opening is kept under this name.
    fn of_file(name: &OsStr) -> Option<Self> {
        format!("sha256:{}", name.to_str()?.strip_suffix(".json")?).parse().ok().map(Self)
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

/// A salt that nobody can guess.
pub(super) fn new_salt() -> Result<[u8; SALT_BYTES], SealedError> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(SealedError::NoSalt)?;
    Ok(salt)
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
    /// What opens a value, with a new salt.
    pub fn new(field: &str, value: &str) -> Result<Self, SealedError> {
        if value.len() > VALUE_MAX_BYTES {
            return Err(SealedError::TooLong { field: field.to_owned(), bytes: value.len() });
        }
        Ok(Self { salt: new_salt()?, field: field.to_owned(), value: value.to_owned() })
    }

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
    /// is written after.
    pub fn seal(&self, field: &str, value: &str) -> Result<Value, SealedError> {
        let opening = Opening::new(field, value)?;
        self.keep(std::slice::from_ref(&opening))?;
        Ok(opening.commitment().to_value())
    }

    /// Keeps openings: all of them are durable when this returns, and their directory is synced once.
    pub fn keep(&self, openings: &[Opening]) -> Result<(), SealedError> {
        if openings.is_empty() {
            return Ok(());
        }
        let mut disk = Disk::private(&self.dir, STAGING);
        disk.make_dir(&disk.path(STAGING))?;
        let laid = openings.iter().try_for_each(|one| disk.lay(&one.commitment().file_name(), &one.to_bytes()));
        let kept = laid.and_then(|()| disk.sync_created());
        if kept.is_err() {
            // No entry cites them. What cannot be removed either is found by `log verify`.
            let _ = self.destroy(openings.iter().map(Opening::commitment));
        }
        Ok(kept?)
    }

    /// Destroys openings, durably; those that were there.
    pub fn destroy(&self, commitments: impl IntoIterator<Item = Commitment>) -> Result<Vec<Commitment>, SealedError> {
        let mut disk = Disk::private(&self.dir, STAGING);
        let mut destroyed = Vec::new();
        for commitment in commitments {
            if disk.remove(&commitment.file_name())? {
                destroyed.push(commitment);
            }
        }
        disk.sync_created()?;
        Ok(destroyed)
    }

    /// Takes back what was kept for entries that were refused, so that texts about people do not stay for nothing.
    pub fn take_back<'e>(&self, refused: impl IntoIterator<Item = &'e Entry>) -> Result<(), SealedError> {
        let bodies = refused.into_iter().map(|entry| &entry.body);
        self.destroy(bodies.flat_map(|body| body.values()).filter_map(Commitment::in_value)).map(drop)
    }

    /// Whether the opening is there, whatever stands in it.
    pub fn is_there(&self, commitment: Commitment) -> bool {
        self.dir.join(commitment.file_name()).exists()
    }

    /// The commitments for which there is a file, whatever stands in it. Empty when there is no such directory.
    pub fn at_hand(&self) -> Result<BTreeSet<Commitment>, SealedError> {
        let unreadable = |source| SealedError::Unreadable(ReadError::of(&self.dir, source));
        let listed = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            listed => listed.map_err(unreadable)?,
        };
        let mut at_hand = BTreeSet::new();
        for entry in listed {
            at_hand.extend(Commitment::of_file(&entry.map_err(unreadable)?.file_name()));
        }
        Ok(at_hand)
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

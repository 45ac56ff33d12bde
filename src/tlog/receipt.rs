//! Receipts: the proof that an entry is in a log, in one file that is checked without the log
//! ([C2SP tlog-proof](https://c2sp.org/tlog-proof)).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra eyJhY3Rpb24iOi…
//! index 7
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! police.example/log
//! 9
//! sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=
//!
//! — police.example/log hI2DJw…
//! ```
//!
//! Nothing vouches for the extra data by itself. Ours are the bytes of the entry: the proof tells whether they are.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64, Encoding};

use super::{Checkpoint, Hash, InclusionProof, LeafIndex, TlogError};
use crate::domain::excerpt;
use crate::signed_note::{Note, NoteError};

/// The first line (tlog-proof, "Format").
pub const RECEIPT_MARK: &str = "c2sp.org/tlog-proof@v1";

/// The longest receipt that is read: the largest entry that tlog-tiles allows (65,535 octets) in base64, the longest path, and
/// as many signatures as a note may have, several times over.
pub const RECEIPT_MAX_BYTES: usize = 256 * 1024;

/// The longest path: no tree has more than 2^64 leaves.
const PATH_MAX: usize = 64;

/// Why a receipt is refused. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Larger than [`RECEIPT_MAX_BYTES`].
    #[error("the receipt has {bytes} bytes; at most {RECEIPT_MAX_BYTES} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not UTF-8.
    #[error("the receipt is not UTF-8")]
    NotUtf8,
    /// Another format, or another version of it.
    #[error("the receipt does not begin with the line `{RECEIPT_MARK}`")]
    Mark,
    /// Extra data that is not base64.
    #[error("line 2 of the receipt is not `extra` and base64")]
    Extra,
    /// No index, or one in another form than the shortest.
    #[error("line {line} of the receipt is `{text}`, not `index` and a number")]
    Index {
        /// Line number.
        line: usize,
        /// What is there, shortened and escaped.
        text: String,
    },
    /// A line of the path that is no hash.
    #[error("line {line} of the receipt is not a hash of the proof")]
    Hash {
        /// Line number.
        line: usize,
        /// Why.
        source: TlogError,
    },
    /// A path that leads out of every tree.
    #[error("the proof has more than {PATH_MAX} hashes")]
    PathTooLong,
    /// The end is missing: no empty line and checkpoint after the proof.
    #[error("the receipt ends before its checkpoint")]
    Unended,
    /// The checkpoint is not a signed note.
    #[error("the checkpoint in the receipt is not a signed note")]
    Note(#[from] NoteError),
    /// The signed note is not a checkpoint.
    #[error("the note in the receipt is not a checkpoint")]
    Checkpoint(#[source] TlogError),
    /// The proof is for a tree of another size than the checkpoint's.
    #[error("the proof is for a tree of {proof} entries, the checkpoint is of {checkpoint}")]
    Size {
        /// The size that the proof is for.
        proof: u64,
        /// The size that the checkpoint vouches for.
        checkpoint: u64,
    },
}

/// An entry's place in a log, the proof of it, and the signed checkpoint that it is proven against. Nothing is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    extra: Option<Vec<u8>>,
    proof: InclusionProof,
    note: Note,
    checkpoint: Checkpoint,
}

impl Receipt {
    /// Puts a receipt together. `note` is a signed checkpoint of the size that `proof` is for.
    pub fn new(extra: Option<Vec<u8>>, proof: InclusionProof, note: Note) -> Result<Self, ReceiptError> {
        let checkpoint = Checkpoint::parse(&note.text).map_err(ReceiptError::Checkpoint)?;
        if proof.size != checkpoint.size {
            return Err(ReceiptError::Size { proof: proof.size.0, checkpoint: checkpoint.size.0 });
        }
        if proof.path.len() > PATH_MAX {
            return Err(ReceiptError::PathTooLong);
        }
        Ok(Self { extra, proof, note, checkpoint })
    }

    /// Reads a receipt. What it reads prints as the same bytes: base64 and numbers have one form each.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > RECEIPT_MAX_BYTES {
            return Err(ReceiptError::TooLarge { bytes: bytes.len() });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ReceiptError::NotUtf8)?;
        // The proof has no empty line, so the first one ends it; the checkpoint has one of its own.
        let (proof, note) = text.split_once("\n\n").ok_or(ReceiptError::Unended)?;
        let mut lines = (1..).zip(proof.split('\n')).peekable();
        lines.next_if(|(_, line)| *line == RECEIPT_MARK).ok_or(ReceiptError::Mark)?;
        let extra = lines.next_if(|(_, line)| line.starts_with("extra ")).map(|(_, line)| parse_extra(line));
        let (line, text) = lines.next().ok_or(ReceiptError::Unended)?;
        let index = parse_index(text).ok_or_else(|| ReceiptError::Index { line, text: excerpt(text) })?;
        let hash = |(line, text): (usize, &str)| text.parse().map_err(|source| ReceiptError::Hash { line, source });
        let path = lines.take(PATH_MAX + 1).map(hash).collect::<Result<Vec<Hash>, _>>()?;
        let note = Note::parse(note.as_bytes())?;
        let size = Checkpoint::parse(&note.text).map_err(ReceiptError::Checkpoint)?.size;
        Self::new(extra.transpose()?, InclusionProof { index, size, path }, note)
    }

    /// The extra data: in our receipts the bytes of the entry, which nothing but the proof vouches for.
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// Where the entry stands.
    pub fn index(&self) -> LeafIndex {
        self.proof.index
    }

    /// The proof, against the root of [`Receipt::checkpoint`].
    pub fn proof(&self) -> &InclusionProof {
        &self.proof
    }

    /// The signed checkpoint as it stands in the receipt, with every signature line.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The checkpoint as the log signed it, without the lines of others: what time stamps are of.
    pub fn checkpoint_by_log(&self) -> Note {
        let mut note = self.note.clone();
        note.signatures.retain(|line| line.name == self.checkpoint.origin);
        note
    }

    /// What the checkpoint says.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

fn parse_extra(line: &str) -> Result<Vec<u8>, ReceiptError> {
    let encoded = line.strip_prefix("extra ").ok_or(ReceiptError::Extra)?;
    Base64::decode_vec(encoded).map_err(|_| ReceiptError::Extra)
}

/// ASCII decimal without leading zeros (tlog-proof, "Format").
fn parse_index(line: &str) -> Option<LeafIndex> {
    let text = line.strip_prefix("index ")?;
    let index: u64 = text.parse().ok()?;
    (index.to_string() == text).then_some(LeafIndex(index))
}

impl FromStr for Receipt {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        Self::parse(text.as_bytes())
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{RECEIPT_MARK}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", Base64::encode_string(extra))?;
        }
        writeln!(f, "index {}", self.proof.index)?;
        self.proof.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

#[cfg(test)]
mod tests;

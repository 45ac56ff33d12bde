//! The body of `add-checkpoint`: the size that the witness knows, a consistency proof, a checkpoint.
//!
//! ```text
//! old 20852014
//! PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
//! jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
//!
//! example.com/behind-the-sofa
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q…
//! ```

use std::fmt;

use crate::domain::excerpt;
use crate::signed_note::{Note, NoteError};
use crate::tlog::{Checkpoint, Hash, TlogError, TreeSize};

/// The most lines of a proof (tlog-witness, "add-checkpoint"): more than a tree of any size needs.
pub const PROOF_LINES_MAX: usize = 63;

/// The largest body that is read: 63 lines of 45 octets, and a checkpoint with as many signatures as a note may have.
pub const REQUEST_MAX_BYTES: usize = 128 << 10;

/// A request to cosign a checkpoint; nothing in it is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size up to which the client believes that the witness knows the log.
    pub old: TreeSize,
    /// The proof that the checkpoint continues the log of that size (RFC 6962 section 2.1.2).
    pub proof: Vec<Hash>,
    /// The checkpoint with its signatures.
    pub note: Note,
    /// What it says.
    pub checkpoint: Checkpoint,
}

/// Why a body is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// More than [`REQUEST_MAX_BYTES`].
    #[error("the request has {bytes} bytes; at most {REQUEST_MAX_BYTES} are read")]
    TooLarge {
        /// How many it has.
        bytes: usize,
    },
    /// Not UTF-8, or not the lines that it must have.
    #[error("a request is a line `old SIZE`, a proof of one hash a line, an empty line, and a checkpoint")]
    Form,
    /// The first line is not `old` and a number in its shortest form.
    #[error("`{line}` is not `old SIZE`")]
    Old {
        /// The line, shortened and escaped.
        line: String,
    },
    /// A line of the proof is not a hash.
    #[error("line {line} is not a hash of the proof")]
    Proof {
        /// Line number, from 1.
        line: usize,
        /// Why.
        source: TlogError,
    },
    /// More than [`PROOF_LINES_MAX`] lines of proof.
    #[error("the proof has more than {PROOF_LINES_MAX} lines")]
    LongProof,
    /// What follows is not a signed note.
    #[error("the checkpoint is not a signed note")]
    Note(#[from] NoteError),
    /// The note is not a checkpoint.
    #[error("the note is not a checkpoint")]
    Checkpoint(#[from] TlogError),
    /// The old size is larger than that of the checkpoint.
    #[error("the old size {old} is larger than the checkpoint's, {new}")]
    Shrunk {
        /// The old size.
        old: TreeSize,
        /// The checkpoint's.
        new: TreeSize,
    },
}

impl AddCheckpoint {
    /// Reads a body.
    pub fn parse(body: &[u8]) -> Result<Self, RequestError> {
        if body.len() > REQUEST_MAX_BYTES {
            return Err(RequestError::TooLarge { bytes: body.len() });
        }
        let text = std::str::from_utf8(body).map_err(|_| RequestError::Form)?;
        let (head, note) = text.split_once("\n\n").ok_or(RequestError::Form)?;
        let mut lines = head.split('\n');
        let old = parse_old(lines.next().unwrap_or_default())?;
        let mut proof = Vec::new();
        for (index, line) in lines.enumerate() {
            if proof.len() == PROOF_LINES_MAX {
                return Err(RequestError::LongProof);
            }
            proof.push(line.parse().map_err(|source| RequestError::Proof { line: index + 2, source })?);
        }
        let note = Note::parse(note.as_bytes())?;
        let checkpoint = Checkpoint::parse(&note.text)?;
        if old > checkpoint.size {
            return Err(RequestError::Shrunk { old, new: checkpoint.size });
        }
        Ok(Self { old, proof, note, checkpoint })
    }
}

fn parse_old(line: &str) -> Result<TreeSize, RequestError> {
    let refuse = || RequestError::Old { line: excerpt(line) };
    line.strip_prefix("old ").and_then(parse_size).ok_or_else(refuse)
}

/// ASCII decimal without leading zeros.
pub(super) fn parse_size(text: &str) -> Option<TreeSize> {
    let size: u64 = text.parse().ok()?;
    // Parse, print, compare: a sign or a leading zero is another form.
    (size.to_string() == text).then_some(TreeSize(size))
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The request body that the specification shows, with the two signature lines in full.
    const EXAMPLE: &str = "old 20852014\n\
        PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
        jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
        5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
        /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\
        \n\
        example.com/behind-the-sofa\n\
        20852163\n\
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
        \n\
        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        — example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";

    #[test]
    fn the_example_of_the_specification_is_read_and_prints_the_same() {
        let request = AddCheckpoint::parse(EXAMPLE.as_bytes()).unwrap();
        assert_eq!((request.old, request.checkpoint.size), (TreeSize(20_852_014), TreeSize(20_852_163)));
        assert_eq!((request.proof.len(), request.note.signatures.len()), (4, 2));
        assert_eq!(request.to_string(), EXAMPLE);
    }

    #[test]
    fn what_is_not_a_request_is_refused_for_its_own_reason() {
        type Expected = fn(&RequestError) -> bool;
        let long = format!("old 1\n{}", "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n".repeat(64));
        let cases: Vec<(String, Expected)> = vec![
            (String::new(), |e| *e == RequestError::Form),
            ("old 1\n".into(), |e| *e == RequestError::Form),
            (EXAMPLE.replace("old 20852014", "old 020852014"), |e| matches!(e, RequestError::Old { .. })),
            (EXAMPLE.replace("old 20852014", "old +1"), |e| matches!(e, RequestError::Old { .. })),
            (EXAMPLE.replace("old 20852014", "old  1"), |e| matches!(e, RequestError::Old { .. })),
            (EXAMPLE.replace("old 20852014", "20852014"), |e| matches!(e, RequestError::Old { .. })),
            (EXAMPLE.replace("old 20852014", "old 20852014\r"), |e| matches!(e, RequestError::Old { .. })),
            (EXAMPLE.replace("old 20852014", "old 20852164"), |e| matches!(e, RequestError::Shrunk { .. })),
            (EXAMPLE.replace("jrJZ", "jr Z"), |e| matches!(e, RequestError::Proof { line: 3, .. })),
            (EXAMPLE.replace("old 20852014\n", &long), |e| *e == RequestError::LongProof),
            (EXAMPLE.replace("\n\n— example", "\n— example"), |e| matches!(e, RequestError::Note(_))),
            (EXAMPLE.replace("\n20852163\n", "\n-1\n"), |e| matches!(e, RequestError::Checkpoint(_))),
            ("a".repeat(REQUEST_MAX_BYTES + 1), |e| matches!(e, RequestError::TooLarge { .. })),
        ];
        for (body, expected) in cases {
            let error = AddCheckpoint::parse(body.as_bytes()).unwrap_err();
            assert!(expected(&error), "{}: {error}", excerpt(&body));
        }
        assert_eq!(AddCheckpoint::parse(b"old 1\n\xff\n\n"), Err(RequestError::Form));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_and_what_is_read_prints_the_same(cut in 0usize..600, with in "\\PC{0,3}|\n{0,2}", at in 0usize..600) {
            let mut text: Vec<char> = EXAMPLE.chars().collect();
            let at = at.min(text.len());
            text.splice(at..(at + cut % 4).min(text.len()), with.chars());
            let body: String = text.into_iter().collect();
            if let Ok(request) = AddCheckpoint::parse(body.as_bytes()) {
                prop_assert_eq!(request.to_string(), body);
            }
        }
    }
}

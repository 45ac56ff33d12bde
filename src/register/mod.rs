//! A public register of notices: every edition, withdrawal, denial and advisory that was published, as files that any web server
//! serves and anybody can copy.
//!
//! ```text
//! REGISTER/index.html                  for people, in the first of its languages
//! REGISTER/de/index.html               the same in each
//! REGISTER/register.json               for programs: what there is
//! REGISTER/register.note               once signed: that this is all (a `notice-register/v1`)
//! REGISTER/DIGEST/notice.note          a signed note; DIGEST is that of its text, 64 hexadecimal digits
//! REGISTER/DIGEST/log.tlog-proof       that an entry of the audit log cites it
//! REGISTER/DIGEST/log.tsr              the time stamp over that proof's checkpoint, if there is one
//! REGISTER/DIGEST/advisory.note        …
//! REGISTER/DIGEST/en.txt               a file that an advisory lists
//! ```
//!
//! A register only grows: what an earlier build has published must be there and unaltered, or nothing is built. It tells what
//! the notes tell; a notice with sealed names tells none, and no page, proof or list of its names is in it.

mod build;
mod html;
mod list;
mod place;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::digest::Digest;
use crate::notice::StatementError;
use crate::signed_note::NoteError;
use crate::verify::TooManyNotes;
use crate::whole_file::{ReadError, WriteError};

pub use build::{Published, Recording, Register, recordings};
pub use place::{REGISTER_NOTE, others, read_register, write_register};

/// The most notes of a register: a note a day for a century.
pub const ENTRIES_MAX: usize = 40_000;

/// The most octets of a register that is read to be built on, advisories' files included: it is held in memory whole. Forty thousand
/// notes with their proofs have a quarter of it.
pub const REGISTER_MAX_BYTES: usize = 1 << 30;

/// Why a register is not read or not built.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// A file is not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file is not written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A directory cannot be made.
    #[error("{} cannot be made", path.display())]
    Make {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There are more than [`ENTRIES_MAX`] notes.
    #[error("{} holds more than {ENTRIES_MAX} notes", path.display())]
    TooMany {
        /// The register.
        path: PathBuf,
    },
    /// Its notes, proofs and files are more than [`REGISTER_MAX_BYTES`].
    #[error("{} holds more than {} MiB of notes, proofs and files", path.display(), REGISTER_MAX_BYTES >> 20)]
    TooLarge {
        /// The register.
        path: PathBuf,
    },
    /// Its notes and proofs are more than are held to judge another by.
    #[error("{} is not looked at whole", path.display())]
    TooManyNotes {
        /// The register.
        path: PathBuf,
        /// Why.
        source: TooManyNotes,
    },
    /// A note is refused.
    #[error("{} is no signed note", path.display())]
    Note {
        /// The file.
        path: PathBuf,
        /// Why.
        source: NoteError,
    },
    /// Its text is no statement.
    #[error("{} is no statement", path.display())]
    Statement {
        /// The file.
        path: PathBuf,
        /// Why.
        source: StatementError,
    },
    /// A file is not what it was when it was published.
    #[error("{} was altered after it was published", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
    },
    /// A note that was published is gone.
    #[error("the note {digest} was published in {}, and is not there any more", path.display())]
    Lost {
        /// The register.
        path: PathBuf,
        /// The digest of its text.
        digest: Digest,
    },
    /// `register.json` is not one, or one of a later version.
    #[error("{} cannot be understood", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// The page cannot be made.
    #[error("the page of the register cannot be made")]
    Page(#[from] askama::Error),
    /// There are no words for one of its languages.
    #[error(transparent)]
    Words(#[from] crate::words::WordsError),
    /// No language was given for its pages.
    #[error("a register needs a language for its page")]
    NoLanguage,
}

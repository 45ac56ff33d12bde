//! Why a log cannot be written, read or believed.

use std::io;
use std::path::{Path, PathBuf};

use crate::digest::Digest;
use crate::signed_note::{KeyName, NoteError};
use crate::tlog::{LeafIndex, ReceiptError, TlogError, TreeSize};

use super::entry::EntryError;
use super::store::JOURNAL;

/// Why a log cannot be written, read or believed.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// There is no log in this directory.
    #[error("{} holds no log: it has no `{}`", dir.display(), missing)]
    NotALog {
        /// The directory.
        dir: PathBuf,
        /// The file that makes a directory a log.
        missing: &'static str,
    },
    /// There is a log, and what its writer needs is gone.
    #[error("{} holds a log that cannot be written: it has no `{}`", dir.display(), missing)]
    NotWritable {
        /// The directory.
        dir: PathBuf,
        /// The file that is gone.
        missing: &'static str,
    },
    /// There is one already; it is never overwritten.
    #[error("{} already holds a log", dir.display())]
    AlreadyALog {
        /// The directory.
        dir: PathBuf,
    },
    /// Another process writes it.
    #[error("another process is writing this log: it holds the lock {}", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// It belongs to another operation or agency.
    #[error("{} is of the log `{found}`, not of `{expected}`", path.display())]
    ForeignOrigin {
        /// The checkpoint.
        path: PathBuf,
        /// Whose it is.
        found: KeyName,
        /// Whose was asked for.
        expected: KeyName,
    },
    /// It names another log, and bears a signature of this one.
    #[error("{} says that it is of the log `{found}`, but stands over a signature of `{signer}`: its first line was altered", path.display())]
    AlteredOrigin {
        /// The checkpoint.
        path: PathBuf,
        /// Whose it says that it is.
        found: KeyName,
        /// Who signed.
        signer: KeyName,
    },
    /// No space is left.
    #[error("the disk is full: cannot {action} {}", path.display())]
    DiskFull {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Writing is not allowed.
    #[error("no permission to write: cannot {action} {}", path.display())]
    ReadOnly {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another failure of the file system.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the log is gone.
    #[error("{} is missing", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A file has more or fewer bytes than it must.
    #[error("{} is truncated or grown: it has {found} bytes, not {expected}", path.display())]
    Length {
        /// The file.
        path: PathBuf,
        /// How many it must have.
        expected: u64,
        /// How many it has.
        found: u64,
    },
    /// A bundle of entries ends too early.
    #[error("{} is truncated: it ends inside entry {index}", path.display())]
    TruncatedEntry {
        /// The bundle.
        path: PathBuf,
        /// The first entry that is not whole.
        index: LeafIndex,
    },
    /// An entry is not the one that was signed.
    #[error("entry {index} was altered, in {}", path.display())]
    AlteredEntry {
        /// The first such entry.
        index: LeafIndex,
        /// The bundle that holds it.
        path: PathBuf,
    },
    /// A file is not what the signed checkpoint vouches for, or not what is to be written there.
    #[error("{} was altered: it does not agree with the signed checkpoint", path.display())]
    AlteredFile {
        /// The file.
        path: PathBuf,
    },
    /// What was committed stands in a journal of another version.
    #[error(
        "{} was written by another version of this tool: let that version open the log and close it once, for instance with \
         `log add`", path.display()
    )]
    OtherJournal {
        /// The journal.
        path: PathBuf,
    },
    /// Somebody who does not hold the log's key wrote into the journal, or it is of another history.
    #[error("{} holds entries that are not sealed by the log's key, or not for this place in the log", path.display())]
    ForeignRecord {
        /// The journal.
        path: PathBuf,
    },
    /// The last entries were sealed by the log's key in a file, and the key that opens the log now only signs.
    #[error(
        "{} holds entries that are not signed yet, and only the log's key file can tell whether they are genuine: open the log \
         once with that file, for instance with `log add`", path.display()
    )]
    SealedJournal {
        /// The journal.
        path: PathBuf,
    },
    /// The right edge disagrees with the root in more than one file.
    #[error("the tiles at the right edge of {} do not give the root that was signed at size {size}", dir.display())]
    RightEdge {
        /// The log.
        dir: PathBuf,
        /// The size.
        size: TreeSize,
    },
    /// A file that no log has.
    #[error("{} does not belong in a log", path.display())]
    Stray {
        /// The file.
        path: PathBuf,
    },
    /// An entry that is the one that was signed, but not an entry.
    #[error("entry {index} in {} is wrong", path.display())]
    BadEntry {
        /// Which.
        index: LeafIndex,
        /// The bundle that holds it.
        path: PathBuf,
        /// What is wrong.
        source: EntryError,
    },
    /// An entry that is not written. Nothing of its batch is.
    #[error("entry {index} is not written")]
    Refused {
        /// The number it would have had.
        index: LeafIndex,
        /// Why.
        source: EntryError,
    },
    /// More in one batch than is held in memory.
    #[error("the batch has {bytes} bytes; at most {max} are written at once")]
    BatchTooLarge {
        /// Its size.
        bytes: usize,
        /// The bound.
        max: usize,
    },
    /// A checkpoint is not a signed note by the log's key.
    #[error("{} is not signed by the log", path.display())]
    Note {
        /// The file.
        path: PathBuf,
        /// Why.
        source: NoteError,
    },
    /// A checkpoint is not a checkpoint.
    #[error("{} is not a checkpoint", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// Why.
        source: TlogError,
    },
    /// What was published and what was signed are of different sizes, and no interrupted append explains it.
    #[error("{} is of size {published}, but the log is of size {present}", path.display())]
    OutOfStep {
        /// The published checkpoint.
        path: PathBuf,
        /// Its size.
        published: TreeSize,
        /// The size in the writer's own state.
        present: TreeSize,
    },
    /// The log was written since it was opened, by somebody who did not mind the lock.
    #[error("{} changed while this process held the log", path.display())]
    Overtaken {
        /// The file.
        path: PathBuf,
    },
    /// An earlier append failed, and what is on the disk is not known. Opening the log again finds out.
    #[error("an earlier write to this log failed; it must be opened again")]
    Poisoned,
    /// Somebody found out that the log cannot be trusted, and stopped it from signing.
    #[error("the log does not sign any more: {reason}; this stands in {}", path.display())]
    Alarm {
        /// The file that says so. A person removes it once the matter is settled.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The signer could not sign.
    #[error("the log's key could not sign")]
    Signer(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Entries that an earlier checkpoint vouches for were rewritten.
    #[error("the log was rewritten: {} vouches for {size} entries that are not these; the first {agreed} agree", witness.display())]
    Rewritten {
        /// The earlier checkpoint.
        witness: PathBuf,
        /// Its size.
        size: TreeSize,
        /// The size of the largest smaller checkpoint that agrees.
        agreed: TreeSize,
    },
    /// An earlier checkpoint is larger than the log.
    #[error("the log was rolled back: {} vouches for {size} entries, the log has {present}", witness.display())]
    RolledBack {
        /// The earlier checkpoint.
        witness: PathBuf,
        /// Its size.
        size: TreeSize,
        /// The size of the log.
        present: TreeSize,
    },
    /// There is a tile or a bundle of entries that the log does not have.
    #[error("the log was cut short: {} is of at least {size} entries, `checkpoint` of {present}", path.display())]
    CutShort {
        /// The tile or bundle.
        path: PathBuf,
        /// How many entries the log had at least.
        size: TreeSize,
        /// The size of the log.
        present: TreeSize,
    },
    /// A checkpoint that the log's key has signed, and the log disagree about the same entries.
    #[error("{} and the log tell two histories: at {size} entries their roots differ", witness.display())]
    TwoHistories {
        /// The checkpoint: kept, cosigned, or the copy elsewhere.
        witness: PathBuf,
        /// The size at which they differ.
        size: TreeSize,
    },
    /// There is no copy of the last checkpoint where one is kept.
    #[error("{} is missing: without it nobody can tell whether the log, of {present} entries, was rolled back", copy.display())]
    CopyMissing {
        /// The copy.
        copy: PathBuf,
        /// The size of the log.
        present: TreeSize,
    },
    /// More entries in one call than wait together.
    #[error("{entries} entries at once are too many; at most {max} are appended in one call")]
    TooManyEntries {
        /// How many.
        entries: usize,
        /// The bound.
        max: usize,
    },
    /// The thread that writes the log has ended.
    #[error("the log is closed")]
    Closed,
    /// There is no such entry.
    #[error("there is no such entry")]
    NoSuchEntry(#[source] TlogError),
    /// Nothing proves that: the log has not that many entries, or the sizes are the wrong way round.
    #[error("there is no such proof")]
    NoProof(#[source] TlogError),
    /// A receipt that cannot be put together.
    #[error("no receipt can be made of it")]
    Receipt(#[source] ReceiptError),
    /// Evidence that is larger than is kept.
    #[error("evidence of {bytes} bytes is too large; at most {max} are kept")]
    EvidenceTooLarge {
        /// Its size.
        bytes: u64,
        /// The bound.
        max: u64,
    },
    /// Evidence whose bytes are not those that its digest names.
    #[error("the evidence {} was altered: its digest is {found}", path.display())]
    AlteredEvidence {
        /// The file, named by the digest it should have.
        path: PathBuf,
        /// The digest it has.
        found: Digest,
    },
    /// Evidence that an entry calls sealed, and whose file does not begin with a salt.
    #[error("the evidence {} is not sealed: it does not begin with a salt", path.display())]
    NotSealed {
        /// The file.
        path: PathBuf,
    },
    /// Evidence of which the log says that it was destroyed.
    #[error("{} is there, but entry {erased} says that it was erased", path.display())]
    NotErased {
        /// The file.
        path: PathBuf,
        /// The entry.
        erased: LeafIndex,
    },
}

impl AuditError {
    /// Whether it says that the writer's journal is damaged. The log is read and verified without it, and not written.
    pub fn is_of_the_journal(&self) -> bool {
        matches!(self, Self::AlteredFile { path } | Self::Missing { path, .. } if path.ends_with(JOURNAL))
    }

    /// Whether it says of a file of the log that it is not as it was written. What this machine could not do says nothing of that.
    pub(super) fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Missing { .. }
                | Self::Length { .. }
                | Self::Stray { .. }
                | Self::TruncatedEntry { .. }
                | Self::AlteredEntry { .. }
                | Self::AlteredFile { .. }
                | Self::RightEdge { .. }
                | Self::BadEntry { .. }
        )
    }

    /// A failure to write.
    pub(super) fn write(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { action, path, source },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { action, path, source }
            }
            _ => Self::Io { action, path, source },
        }
    }

    /// A failure to read. That a file is not there is another thing than that it cannot be read.
    pub(super) fn read(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            _ => Self::Io { action: "read", path, source },
        }
    }
}

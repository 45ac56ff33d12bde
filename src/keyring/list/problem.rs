//! What can be wrong with the text of a key list.

use super::{KEY_LIST_MAX_BYTES, LISTED_KEYS_MAX, ROOTS_MAX, VERSION_LINE};
use crate::clock::{TimeError, UtcTime};
use crate::signed_note::{KeyName, KeyType, NoteError};

/// A text is not a key list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the key list cannot be used")]
pub struct KeyListError {
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong there.
    #[source]
    pub problem: KeyListProblem,
}

/// What is wrong with one line of a key list. What stands there is shortened and escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyListProblem {
    /// More than [`KEY_LIST_MAX_BYTES`].
    #[error("the list has {bytes} bytes; at most {KEY_LIST_MAX_BYTES} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// More than [`LISTED_KEYS_MAX`] keys or [`ROOTS_MAX`] roots.
    #[error("more than {LISTED_KEYS_MAX} keys or {ROOTS_MAX} roots")]
    TooMany,
    /// Something else than printable ASCII and spaces.
    #[error("a character that is not printable ASCII")]
    Characters,
    /// The last line has no line feed: the end of the list may be missing.
    #[error("the last line does not end in a line feed")]
    Unended,
    /// The first line is another.
    #[error("`{text}` is not `{VERSION_LINE}`: not a key list, or one of a later version")]
    Version {
        /// What stands there.
        text: String,
    },
    /// Another line is due.
    #[error("`{key}: ` is due here, not `{text}`")]
    Due {
        /// The key.
        key: &'static str,
        /// What stands there.
        text: String,
    },
    /// Not a number, or zero.
    #[error("`{text}` is not a number from 1")]
    Number {
        /// What stands there.
        text: String,
    },
    /// Not a moment.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// It ends before it begins.
    #[error("the end, {end}, is not after the beginning")]
    Ends {
        /// The end.
        end: UtcTime,
    },
    /// A `key` line of another form.
    #[error(
        "`{text}` is not `VKEY role=ROLE status=active|retired|revoked not-before=TIME not-after=TIME`, \
         and for a revoked key `compromised-since=TIME`"
    )]
    KeyLine {
        /// What stands there.
        text: String,
    },
    /// Not a verifier key.
    #[error(transparent)]
    VerifierKey(#[from] NoteError),
    /// The role is not the one in the key's name, or not one that stands in a list.
    #[error("`{role}` is not the role in the key name `{name}`, or not one of notice, log and witness")]
    Role {
        /// The key's name.
        name: KeyName,
        /// What stands there.
        role: String,
    },
    /// A `root` line with a key of another role.
    #[error("`{name}` has not the role root")]
    NotARoot {
        /// The key's name.
        name: KeyName,
    },
    /// A key that signs something else than its role.
    #[error("`{name}` is {found}; {wanted} has this role")]
    KeyType {
        /// The key's name.
        name: KeyName,
        /// What it is.
        found: KeyType,
        /// What is needed.
        wanted: KeyType,
    },
    /// More roots must sign than there are.
    #[error("{threshold} roots must sign the list, but it has {roots}")]
    ThresholdOutOfReach {
        /// What is asked.
        threshold: usize,
        /// How many roots there are.
        roots: usize,
    },
    /// Several agencies share the list, and one of them could change it alone.
    #[error("{agency} has {held} roots and could reach the threshold of {threshold} alone, without the other agencies")]
    OneAgency {
        /// The agency's host.
        agency: String,
        /// How many roots it has.
        held: usize,
        /// What is asked.
        threshold: usize,
    },
    /// A public key that stands above already, perhaps under another name.
    #[error("the public key of `{name}` stands above as well, as `{other}`")]
    SameKey {
        /// The key's name.
        name: KeyName,
        /// The name above.
        other: KeyName,
    },
    /// The `key` lines are not sorted.
    #[error("`{name}` stands after a key that it sorts before")]
    Unsorted {
        /// The key's name.
        name: KeyName,
    },
    /// Even if every key counted, no notice could reach the quorum.
    #[error("{quorum} agencies must sign a notice, but the list has notice keys of {agencies}")]
    OutOfReach {
        /// What is asked.
        quorum: usize,
        /// How many agencies have a notice key.
        agencies: usize,
    },
    /// Readable, but not in the one form that this statement has.
    #[error("this statement is written `{written}` here")]
    Form {
        /// The line as it must be.
        written: String,
    },
}

impl KeyListProblem {
    pub(super) fn at(self, line: usize) -> KeyListError {
        KeyListError { line, problem: self }
    }
}

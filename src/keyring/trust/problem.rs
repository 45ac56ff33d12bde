//! What can be wrong with a policy.

use super::{GROUPS_MAX, POLICY_MAX_BYTES, SIGNERS_MAX};
use crate::signed_note::{KeyName, KeyType, NoteError};

/// What is wrong with a policy, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy cannot be used")]
pub struct TrustError {
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong there.
    #[source]
    pub problem: TrustProblem,
}

/// What can be wrong with a line of a policy. Names are shortened and escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustProblem {
    /// More than [`POLICY_MAX_BYTES`].
    #[error("the policy has {bytes} bytes; at most {POLICY_MAX_BYTES} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Something else than printable ASCII, spaces and tabs.
    #[error("a character that is not printable ASCII")]
    Characters,
    /// The last line has no line feed: the end of the file may be missing.
    #[error("the last line does not end in a line feed")]
    Unended,
    /// A line that is none of those that stand in such a policy.
    #[error("`{text}` is not {forms}`group NAME all|any|NUMBER MEMBER…` or `quorum NAME|none`")]
    Line {
        /// The line.
        text: String,
        /// The other lines that may stand there.
        forms: &'static str,
    },
    /// A name that is defined above, or `none`.
    #[error("the name `{name}` is taken")]
    Taken {
        /// The name.
        name: String,
    },
    /// A name that is not defined above this line, or is the group itself.
    #[error("`{name}` is not defined above this line")]
    Undefined {
        /// The name.
        name: String,
    },
    /// A verifier key that does not parse.
    #[error("the verifier key of `{name}` is not usable")]
    Key {
        /// The name.
        name: String,
        /// What is wrong with it.
        source: NoteError,
    },
    /// A key whose name does not say a role. Its host need not be a domain name then, and agencies could not be told apart.
    #[error("the key name `{key}` is not HOST/ROLE or HOST/ROLE/LABEL")]
    NoRole {
        /// The key name.
        key: KeyName,
    },
    /// A key of another type than the line is for.
    #[error("`{key}` is {found}; {wanted} stands on such a line")]
    KeyType {
        /// The key's name.
        key: KeyName,
        /// What it is.
        found: KeyType,
        /// What it should be.
        wanted: KeyType,
    },
    /// A key whose name does not begin with a domain name, by which agencies are told apart.
    #[error("the key name `{key}` does not begin with a domain name in lower case")]
    NoDomain {
        /// The key name.
        key: KeyName,
    },
    /// A public key that stands above already, perhaps under another name.
    #[error("the public key of `{name}` is that of `{other}` as well")]
    SameKey {
        /// The name.
        name: String,
        /// The signer above.
        other: String,
    },
    /// A threshold that is not a number from 1 to the number of members.
    #[error("`{need}` is not `all`, `any` or a number from 1 to the {members} members")]
    Threshold {
        /// The word.
        need: String,
        /// How many members there are.
        members: usize,
    },
    /// A group that can never reach its number, because some members are of one agency, which counts once.
    #[error("the group `{group}` needs {need}, but its members count {voters} at most: keys of one agency count once")]
    OutOfReach {
        /// The group.
        group: String,
        /// What is needed.
        need: usize,
        /// How many votes its members can give.
        voters: usize,
    },
    /// A member of two groups, or twice of one.
    #[error("`{name}` is already a member of a group")]
    TwoGroups {
        /// The name.
        name: String,
    },
    /// An agency with keys in two groups would count twice.
    #[error("the agency {agency} has a key in another group already and would count twice")]
    TwiceCounted {
        /// The agency's host.
        agency: String,
    },
    /// A second quorum line.
    #[error("there is a quorum already")]
    SecondQuorum,
    /// No quorum line up to the end of the file.
    #[error("the policy ends without a quorum line")]
    NoQuorum,
    /// More than [`SIGNERS_MAX`] signers, witnesses or logs, or [`GROUPS_MAX`] groups.
    #[error("more than {SIGNERS_MAX} keys of one kind or {GROUPS_MAX} groups")]
    TooMany,
}

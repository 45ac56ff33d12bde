//! The key list: which keys count, said by the offline roots.
//!
//! ```text
//! seizure-keys/v1
//! version: 3
//! issued: 2026-11-22T08:00:00Z
//! expires: 2027-02-22T08:00:00Z
//! threshold: 2
//! root: court.example/root+5d0c1b7e+AUk1…
//! root: police.example/root+0b54a1d2+AfP9…
//! quorum: 2
//! key: court.example/notice+9a0c1be3+AYd0… role=notice status=active not-before=2026-11-22T08:00:00Z not-after=2027-11-22T08:00:00Z
//! key: police.example/notice+44e78004+AY5I… role=notice status=revoked not-before=… not-after=… compromised-since=…
//! ```
//!
//! It is the text of a signed note. `threshold` of the `root` keys must have signed it, and as many must sign the list that
//! replaces it: the rules are those of [The Update Framework](https://theupdateframework.github.io/specification/latest/)
//! (sections 5.3 and 6.1), kept by [`KeyListChain`]. `quorum` is how many agencies must sign a notice. As with notices, one
//! statement has one byte form: printable ASCII and line feeds, keys in this order, `root` and `key` lines sorted, no empty
//! line; what does not print to the same bytes is refused.

mod chain;
mod change;
mod history;
mod parse;
mod problem;
mod ssh;
mod standing;

use std::fmt;

use super::{QuorumVerdict, Role, SIGNERS_MAX, TrustError, TrustedKeys};
use crate::clock::UtcTime;
use crate::signed_note::VerifierKey;

pub use chain::{KEY_LISTS_MAX, KeyListChain, KeyListRefusal, VerifiedKeyList};
pub use change::{KeyListChange, KeyListChangeError};
pub use problem::{KeyListError, KeyListProblem};
pub use standing::Standing;

/// The longest key list that is read: [`LISTED_KEYS_MAX`] keys and [`ROOTS_MAX`] roots with the longest names.
pub const KEY_LIST_MAX_BYTES: usize = 64 << 10;
/// The longest file with a key list that is read: the list and as many signatures as a note may have.
pub const KEY_LIST_FILE_MAX_BYTES: usize = KEY_LIST_MAX_BYTES + (64 << 10);
/// The most keys of a list, as many as a policy may have signers.
pub const LISTED_KEYS_MAX: usize = SIGNERS_MAX;
/// The most roots of a list: those of two lists together sign one note.
pub const ROOTS_MAX: usize = 32;
/// How every version of this format begins.
pub const KEY_LIST_MARK: &str = "seizure-keys/";

/// The first line.
const VERSION_LINE: &str = "seizure-keys/v1";

/// What the roots say about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    /// It signs.
    Active,
    /// It signs no longer. Nothing speaks against what it signed while it was valid.
    Retired,
    /// Somebody else may have signed with it.
    Revoked {
        /// From when on.
        compromised_since: UtcTime,
    },
}

impl KeyStatus {
    /// The word in a list.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Revoked { .. } => "revoked",
        }
    }
}

/// One `key` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// The key. Its name says its role: notice, log or witness.
    pub key: VerifierKey,
    /// What the roots say about it.
    pub status: KeyStatus,
    /// It signs from this moment.
    pub not_before: UtcTime,
    /// It signs before this moment.
    pub not_after: UtcTime,
}

/// What the roots state. See the module's own page for its written form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyList {
    /// The number of the list, from 1; each list replaces the one before.
    pub version: u32,
    /// When it was written.
    pub issued: UtcTime,
    /// It is believed before this moment: without an end, an old list could be shown for ever.
    pub expires: UtcTime,
    /// How many of the roots must sign this list, and the one that replaces it.
    pub threshold: usize,
    /// The roots, in the order of their verifier keys.
    pub roots: Vec<VerifierKey>,
    /// How many agencies must sign a notice.
    pub quorum: usize,
    /// The keys, in the order of their verifier keys.
    pub keys: Vec<ListedKey>,
}

impl KeyList {
    /// Puts the keys in order and checks the list by the same rules as one that is read.
    pub fn checked(mut self) -> Result<Self, KeyListError> {
        self.roots.sort_by_cached_key(ToString::to_string);
        self.keys.sort_by_cached_key(|listed| listed.key.to_string());
        self.to_string().parse()
    }

    /// Whether the list is no longer to be believed.
    pub fn has_expired(&self, moment: UtcTime) -> bool {
        self.expires <= moment
    }

    /// How many of the roots are among keys that have signed, and whether they are enough. Each key counts once, and what
    /// it names are keys, not agencies: a root is one person's.
    pub fn count_roots(&self, signed: &[&VerifierKey]) -> QuorumVerdict {
        let (by, missing): (Vec<_>, Vec<_>) = self.roots.iter().partition(|root| signed.contains(root));
        let names = |keys: Vec<&VerifierKey>| keys.into_iter().map(|key| key.name().to_string()).collect();
        let (need, have) = (self.threshold, by.len());
        QuorumVerdict { reached: have >= need, need, have, signed: names(by), missing: names(missing) }
    }

    /// The policy for notices over every notice key of the list, whatever its standing, so that a signature by a key that
    /// does not count can be told from one by a stranger. Whoever evaluates it hands in those that count.
    pub fn notice_policy(&self) -> Result<TrustedKeys, TrustError> {
        // An agency may have a new key under the name of the old one, so the names are not those of the keys.
        let named: Vec<_> = self.notice_keys().enumerate().map(|(n, key)| (format!("key-{}", n + 1), key)).collect();
        let signers: String = named.iter().map(|(name, key)| format!("signer {name} {key}\n")).collect();
        let members: Vec<_> = named.iter().map(|(name, _)| name.as_str()).collect();
        format!("{signers}group listed {} {}\nquorum listed\n", self.quorum, members.join(" ")).parse()
    }

    fn notice_keys(&self) -> impl Iterator<Item = &VerifierKey> {
        self.keys.iter().map(|listed| &listed.key).filter(|key| Role::of(key.name()) == Some(Role::Notice))
    }
}

impl fmt::Display for KeyStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for ListedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, status, not_before, not_after } = self;
        // A list is only ever printed with keys whose names say a role, or to be refused.
        let role = Role::of(key.name()).map_or("none", Role::as_str);
        write!(f, "{key} role={role} status={status} not-before={not_before} not-after={not_after}")?;
        match status {
            KeyStatus::Revoked { compromised_since } => write!(f, " compromised-since={compromised_since}"),
            KeyStatus::Active | KeyStatus::Retired => Ok(()),
        }
    }
}

impl fmt::Display for KeyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{VERSION_LINE}\nversion: {}", self.version)?;
        writeln!(f, "issued: {}\nexpires: {}\nthreshold: {}", self.issued, self.expires, self.threshold)?;
        self.roots.iter().try_for_each(|root| writeln!(f, "root: {root}"))?;
        writeln!(f, "quorum: {}", self.quorum)?;
        self.keys.iter().try_for_each(|listed| writeln!(f, "key: {listed}"))
    }
}

#[cfg(test)]
mod tests;

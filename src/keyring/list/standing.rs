//! Whether a signature of a listed key counts.

use std::fmt;

use super::{KeyList, KeyStatus, ListedKey};
use crate::clock::UtcTime;
use crate::signed_note::VerifierKey;

/// How a key stands for one signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The signature counts.
    Counts,
    /// The key is valid from a later moment.
    NotYet {
        /// From when.
        from: UtcTime,
    },
    /// The key was valid before.
    Over {
        /// Since when it is not.
        since: UtcTime,
    },
    /// The key was revoked, and nothing shows that it signed before it came into other hands.
    Revoked {
        /// Since when it may be in other hands.
        compromised_since: UtcTime,
        /// Before when it is shown to have signed. That is too late, if it is shown at all.
        proven_before: Option<UtcTime>,
    },
    /// It is not on the list.
    Unlisted,
}

impl ListedKey {
    /// How the key stands for a signature under a text that is dated `stated`.
    ///
    /// The time of a signature is known in two ways. `stated` is what the signed text says, and whoever holds the key can
    /// write what he likes there. `proven_before` is what others vouch for: the signature itself was there before that
    /// moment. One of them must lie in the key's validity. For a revoked key the date in the text proves nothing: the
    /// signature must be proven older than the moment from which on somebody else may have made it.
    pub fn standing_of(&self, stated: UtcTime, proven_before: Option<UtcTime>) -> Standing {
        if let KeyStatus::Revoked { compromised_since } = self.status
            && proven_before.is_none_or(|proven| proven > compromised_since)
        {
            return Standing::Revoked { compromised_since, proven_before };
        }
        let is_valid = |moment| self.not_before <= moment && moment < self.not_after;
        match () {
            () if is_valid(stated) || proven_before.is_some_and(is_valid) => Standing::Counts,
            () if stated < self.not_before => Standing::NotYet { from: self.not_before },
            () => Standing::Over { since: self.not_after },
        }
    }
}

impl KeyList {
    /// How `key` stands for a signature under a text that is dated `stated`; see [`ListedKey::standing_of`].
    pub fn standing_of(&self, key: &VerifierKey, stated: UtcTime, proven_before: Option<UtcTime>) -> Standing {
        let listed = self.keys.iter().find(|listed| listed.key == *key);
        listed.map_or(Standing::Unlisted, |listed| listed.standing_of(stated, proven_before))
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counts => f.write_str("counts"),
            Self::NotYet { from } => write!(f, "not valid before {from}"),
            Self::Over { since } => write!(f, "not valid since {since}"),
            Self::Revoked { compromised_since, proven_before } => {
                write!(f, "revoked: perhaps in other hands since {compromised_since}; ")?;
                match proven_before {
                    None => {
                        f.write_str("a witness or timestamp on the log would have to show that it signed before then")
                    }
                    Some(proven) => write!(f, "shown to have signed only before {proven}, which is later"),
                }
            }
            Self::Unlisted => f.write_str("not on the list"),
        }
    }
}

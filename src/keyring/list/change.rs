//! The list that is to replace another: what changes, the next number, and new dates.

use super::{KeyList, KeyListError, KeyStatus, ListedKey};
use crate::clock::UtcTime;
use crate::signed_note::{KeyName, VerifierKey};

/// One thing in which the next list differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyListChange {
    /// A key that signs from now on, as long as the new list is believed.
    Add(VerifierKey),
    /// A key that signs no longer.
    Retire(VerifierKey),
    /// A key that somebody else may have signed with.
    Revoke {
        /// The key.
        key: VerifierKey,
        /// From when on.
        compromised_since: UtcTime,
    },
    /// A further root.
    AddRoot(VerifierKey),
    /// A root that signs one last list, this one, and counts no longer.
    DropRoot(VerifierKey),
    /// How many of the roots must sign.
    Threshold(usize),
    /// How many agencies must sign a notice.
    Quorum(usize),
}

/// Why there is no next list of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyListChangeError {
    /// The key is not on the list, so nothing can be said of it.
    #[error("`{name}` is not on key list {version}")]
    Unlisted {
        /// The key's name.
        name: KeyName,
        /// The number of the list.
        version: u32,
    },
    /// The key is revoked, which cannot be taken back: its holder makes a new one.
    #[error("`{name}` is revoked since {compromised_since}, which cannot be taken back or moved to a later moment")]
    Revoked {
        /// The key's name.
        name: KeyName,
        /// What the list says.
        compromised_since: UtcTime,
    },
    /// The number of the list is the last that there is.
    #[error("there is no number after that of the list")]
    LastNumber,
    /// What comes out is no list.
    #[error("the changed list cannot be used")]
    List(#[from] KeyListError),
}

impl KeyList {
    /// The list that replaces this one, with these changes. Active keys whose validity ends with this list get that of the
    /// new one, which is what renewing a list is for; all other dates stay.
    pub fn next(
        &self,
        changes: impl IntoIterator<Item = KeyListChange>,
        issued: UtcTime,
        expires: UtcTime,
    ) -> Result<Self, KeyListChangeError> {
        let version = self.version.checked_add(1).ok_or(KeyListChangeError::LastNumber)?;
        let mut next = Self { version, issued, expires, ..self.clone() };
        for listed in &mut next.keys {
            if listed.status == KeyStatus::Active && listed.not_after == self.expires {
                listed.not_after = expires;
            }
        }
        for change in changes {
            next.change(change, self.version)?;
        }
        Ok(next.checked()?)
    }

    fn change(&mut self, change: KeyListChange, version: u32) -> Result<(), KeyListChangeError> {
        let (issued, expires) = (self.issued, self.expires);
        match change {
            KeyListChange::Add(key) => {
                self.keys.push(ListedKey { key, status: KeyStatus::Active, not_before: issued, not_after: expires });
            }
            KeyListChange::Retire(key) => {
                let listed = self.listed(&key, version)?;
                listed.revoked_not_after(None)?;
                listed.status = KeyStatus::Retired;
                listed.not_after = listed.not_after.min(issued);
            }
            KeyListChange::Revoke { key, compromised_since } => {
                let listed = self.listed(&key, version)?;
                listed.revoked_not_after(Some(compromised_since))?;
                listed.status = KeyStatus::Revoked { compromised_since };
            }
            KeyListChange::AddRoot(key) => self.roots.push(key),
            KeyListChange::DropRoot(key) => {
                let at = self.roots.iter().position(|root| *root == key);
                let at = at.ok_or_else(|| KeyListChangeError::Unlisted { name: key.name().clone(), version })?;
                self.roots.remove(at);
            }
            KeyListChange::Threshold(threshold) => self.threshold = threshold,
            KeyListChange::Quorum(quorum) => self.quorum = quorum,
        }
        Ok(())
    }

    fn listed(&mut self, key: &VerifierKey, version: u32) -> Result<&mut ListedKey, KeyListChangeError> {
        let listed = self.keys.iter_mut().find(|listed| listed.key == *key);
        listed.ok_or_else(|| KeyListChangeError::Unlisted { name: key.name().clone(), version })
    }
}

impl ListedKey {
    /// Refused where the key is revoked and the change, with this new moment or none, would give it back some time.
    fn revoked_not_after(&self, compromised_since: Option<UtcTime>) -> Result<(), KeyListChangeError> {
        match self.status {
            KeyStatus::Revoked { compromised_since: listed }
                if compromised_since.is_none_or(|since| since > listed) =>
            {
                Err(KeyListChangeError::Revoked { name: self.key.name().clone(), compromised_since: listed })
            }
            _ => Ok(()),
        }
    }
}

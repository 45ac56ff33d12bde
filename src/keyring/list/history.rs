//! What the lists of a chain have said of a key, and a later list cannot take back.

use std::collections::BTreeMap;

use super::{KeyList, KeyListRefusal, KeyStatus};
use crate::clock::UtcTime;
use crate::signed_note::{KeyName, VerifierKey};

/// Every key that a chain of lists has named, by its public key.
///
/// Whoever reads the newest list alone would not see that a key was called revoked before and is active again, or that the
/// key of one agency is now another's. Enough roots can sign such a list; nobody has a reason to, since a new key costs
/// nothing, so it is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeyHistory(BTreeMap<[u8; 32], Past>);

/// What is known of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Past {
    /// Says its role and its holder, which are for life.
    name: KeyName,
    /// The earliest moment from which on somebody else may have signed with it.
    compromised_since: Option<UtcTime>,
}

impl KeyHistory {
    /// With what `list` says, if that takes back nothing.
    pub(super) fn with(mut self, list: &KeyList) -> Result<Self, KeyListRefusal> {
        for root in &list.roots {
            self.named(list, root)?;
        }
        for listed in &list.keys {
            let past = self.named(list, &listed.key)?;
            let since = match listed.status {
                KeyStatus::Revoked { compromised_since } => Some(compromised_since),
                KeyStatus::Active | KeyStatus::Retired => None,
            };
            if let Some(earliest) = past.compromised_since
                && since.is_none_or(|since| since > earliest)
            {
                let name = listed.key.name().clone();
                return Err(KeyListRefusal::TakenBack { version: list.version, name, compromised_since: earliest });
            }
            past.compromised_since = since;
        }
        Ok(self)
    }

    fn named(&mut self, list: &KeyList, key: &VerifierKey) -> Result<&mut Past, KeyListRefusal> {
        let name = key.name();
        let past = self.0.entry(key.public_key());
        let past = past.or_insert_with(|| Past { name: name.clone(), compromised_since: None });
        if past.name == *name {
            Ok(past)
        } else {
            let (name, former) = (name.clone(), past.name.clone());
            Err(KeyListRefusal::Renamed { version: list.version, name, former })
        }
    }
}

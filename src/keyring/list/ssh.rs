//! What a key list says to people who have OpenSSH and not `impound`.
//!
//! OpenSSH knows since when and until when a key counts, and which keys count no more. What it does not know is a moment from which
//! on a key may be in other hands: a revoked key is refused whole by `-r`, and without that its line ends at that moment.

use super::{KeyList, KeyStatus};
use crate::clock::UtcTime;
use crate::keyring::export::{signer_line, ssh_public_key};
use crate::keyring::{KeyringError, Role, SshNamespace};

impl KeyList {
    /// The `allowed_signers` file of the notice keys, each with the dates between which it counts, for `ssh-keygen -Y verify -f`
    /// of OpenSSH 9.1 or later, which reads times in UTC; `-Overify-time=TIME` asks about another moment than now.
    pub fn allowed_signers(&self) -> Result<String, KeyringError> {
        let of_notices = self.keys.iter().filter(|listed| Role::of(listed.key.name()) == Some(Role::Notice));
        let line = |listed: &super::ListedKey| {
            let until = match listed.status {
                KeyStatus::Revoked { compromised_since } => compromised_since.min(listed.not_after),
                KeyStatus::Active | KeyStatus::Retired => listed.not_after,
            };
            let (from, until) = (ssh_time(listed.not_before), ssh_time(until));
            let dates = format!(",valid-after=\"{from}\",valid-before=\"{until}\"");
            signer_line(&listed.key, &SshNamespace::of_notices(listed.key.name())?, &dates)
        };
        of_notices.map(line).collect()
    }

    /// The revoked keys, one a line, for `ssh-keygen -Y verify -r`, which takes such a list as it takes a KRL, and for
    /// `ssh-keygen -kf KRL`, which makes one of it. Empty when none is revoked.
    pub fn revoked_ssh_keys(&self) -> String {
        let is_revoked = |listed: &&super::ListedKey| matches!(listed.status, KeyStatus::Revoked { .. });
        self.keys.iter().filter(is_revoked).map(|listed| ssh_public_key(&listed.key)).collect()
    }
}

/// `20261122080000Z` (ssh-keygen(1), "ALLOWED SIGNERS").
fn ssh_time(at: UtcTime) -> String {
    at.to_jiff().strftime("%Y%m%d%H%M%SZ").to_string()
}

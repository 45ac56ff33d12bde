//! Who may sign, and how many agencies must have signed: [`TrustedKeys`] for notices, [`LogPolicy`] for logs and their
//! witnesses.

mod log_policy;
mod problem;
mod quorum;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

pub use log_policy::{LogPolicy, WitnessLine, Witnessed};
pub use problem::{TrustError, TrustProblem};
pub use quorum::QuorumVerdict;

use super::Role;
use crate::signed_note::{KeyName, KeyType, Note, NoteError, VerifierKey};
use quorum::{Quorum, read_lines};

/// The longest policy that is read: several times what the most signers and groups need.
pub const POLICY_MAX_BYTES: usize = 64 << 10;
/// The most signers of a policy, as many as a note may have signatures; and the most logs and witnesses.
pub const SIGNERS_MAX: usize = 128;
/// The most groups of a policy; [tlog-policy](https://c2sp.org/tlog-policy) asks for at least 32.
pub const GROUPS_MAX: usize = 64;

/// The keys that are known and the quorum that they must reach.
///
/// ```text
/// signer police   police.example/notice+44e78004+AY5I…
/// signer prosec   prosecutor.example/notice+fb614800+AWG4…
/// signer court    court.example/notice+9a0c1be3+AYd0…
/// group ok 2 police prosec court
/// quorum ok
/// ```
///
/// The syntax is that of [tlog-policy](https://c2sp.org/tlog-policy) with `signer` for `witness` and in ASCII: a name is defined
/// above the line that uses it, and is a member of one group at most, so there are no circles. `all` and `any` stand for a
/// number; empty lines and lines that start with `#` are passed over; `quorum none` asks for nothing.
///
/// A group counts *agencies*, which the host in a key's name tells apart: two keys of one agency count once. So that this
/// holds across groups too, the keys of one agency stand in one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKeys {
    /// As it was read, and as it is printed.
    text: String,
    quorum: Quorum,
}

impl TrustedKeys {
    /// The policy that at least `need` different agencies among the holders of `keys` have signed. Signers are called by
    /// their key names.
    pub fn at_least(need: usize, keys: &[VerifierKey]) -> Result<Self, TrustError> {
        let mut text = String::new();
        let mut group = format!("group signers {need}");
        for key in keys {
            // Writing to a string never fails.
            let _ = writeln!(text, "signer {} {key}", key.name());
            let _ = write!(group, " {}", key.name());
        }
        format!("{text}{group}\nquorum signers\n").parse()
    }

    /// The known keys, for [`Note::verify`].
    pub fn keys(&self) -> Vec<VerifierKey> {
        self.quorum.keys().cloned().collect()
    }

    /// The first signer whose key name does not say `role`.
    pub fn not_of_role(&self, role: Role) -> Option<&KeyName> {
        self.quorum.keys().map(VerifierKey::name).find(|name| Role::of(name) != Some(role))
    }

    /// Verifies a note's signatures with the known keys and counts them.
    ///
    /// An error means that the note is bad or that nobody known signed it; a verdict may still say that it is not enough.
    pub fn verify(&self, note: &Note) -> Result<QuorumVerdict, NoteError> {
        let keys = self.keys();
        Ok(self.evaluate(&note.verify(&keys)?))
    }

    /// Counts verified signers. Keys that the policy does not know do not count.
    pub fn evaluate(&self, verified: &[&VerifierKey]) -> QuorumVerdict {
        self.quorum.evaluate(verified)
    }

    fn read_words(&mut self, words: &[&str]) -> Result<(), TrustProblem> {
        match words {
            ["signer", name, vkey] => self.quorum.add_key(name, vkey, is_signer),
            words => self.quorum.read_words(words, "`signer NAME VKEY`, "),
        }
    }
}

/// A signer's key is for notes, and its name says a role.
fn is_signer(key: &VerifierKey) -> Result<(), TrustProblem> {
    require_type(key, KeyType::Note)?;
    match Role::of(key.name()) {
        Some(_) => Ok(()),
        None => Err(TrustProblem::NoRole { key: key.name().clone() }),
    }
}

fn require_type(key: &VerifierKey, wanted: KeyType) -> Result<(), TrustProblem> {
    match key.key_type() {
        found if found == wanted => Ok(()),
        found => Err(TrustProblem::KeyType { key: key.name().clone(), found, wanted }),
    }
}

impl AsRef<Quorum> for TrustedKeys {
    fn as_ref(&self) -> &Quorum {
        &self.quorum
    }
}

impl FromStr for TrustedKeys {
    type Err = TrustError;

    fn from_str(text: &str) -> Result<Self, TrustError> {
        let empty = Self { text: text.to_owned(), quorum: Quorum::default() };
        read_lines(text, empty, Self::read_words)
    }
}

impl fmt::Display for TrustedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

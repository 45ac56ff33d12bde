//! The key list: which keys count, said by the offline roots.
//!
//! ```text
//! seizure-keys/v1
//! version: 3
//! issued: 2026-11-22T08:00:00Z
//! expires: 2027-02-22T08:00:00Z
//! quorum: 2
//! key: court.example/notice+9a0c1be3+AYd0… role=notice status=active not-before=2026-11-22T08:00:00Z not-after=2027-11-22T08:00:00Z
//! key: police.example/notice+44e78004+AY5I… role=notice status=revoked not-before=2026-01-01T00:00:00Z not-after=2027-01-01T00:00:00Z
//! ```
//!
//! It is the text of a signed note, and its signatures are those of keys with the role `root`. `quorum` is how many agencies must
//! sign a notice. As with notices, one statement has one byte form: printable ASCII and line feeds, keys in this order, `key`
//! lines sorted, no empty line; what does not print to the same bytes is refused.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::{QuorumVerdict, Role, SIGNERS_MAX, TrustError, TrustedKeys};
use crate::clock::{TimeError, UtcTime};
use crate::domain::excerpt;
use crate::signed_note::{KeyName, Note, NoteError, VerifierKey};

/// The longest key list that is read: [`LISTED_KEYS_MAX`] keys with the longest names.
pub const KEY_LIST_MAX_BYTES: usize = 48 << 10;
/// The most keys of a list, as many as a policy may have signers.
pub const LISTED_KEYS_MAX: usize = SIGNERS_MAX;
/// How every version of this format begins.
pub const KEY_LIST_MARK: &str = "seizure-keys/";

/// The first line.
const VERSION_LINE: &str = "seizure-keys/v1";

/// What the roots say about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStatus {
    /// It signs.
    Active,
    /// It signs no longer. Nothing speaks against what it signed.
    Retired,
    /// Somebody else may have signed with it.
    Revoked,
}

impl KeyStatus {
    const ALL: [Self; 3] = [Self::Active, Self::Retired, Self::Revoked];

    /// The word in a list.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Revoked => "revoked",
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
    /// It counts from this moment.
    pub not_before: UtcTime,
    /// It counts before this moment.
    pub not_after: UtcTime,
}

/// How a key stands at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Counts,
    /// It counts from a later moment.
    NotYet {
        /// From when.
        from: UtcTime,
    },
    /// It counted before.
    Over {
        /// Since when it does not.
        since: UtcTime,
    },
    /// It was retired.
    Retired,
    /// It was revoked.
    Revoked,
    /// It is not on the list.
    Unlisted,
}

impl ListedKey {
    /// How the key stands at `moment`. What the roots say of its status holds for every moment.
    pub fn standing_at(&self, moment: UtcTime) -> Standing {
        match self.status {
            KeyStatus::Retired => Standing::Retired,
            KeyStatus::Revoked => Standing::Revoked,
            KeyStatus::Active if moment < self.not_before => Standing::NotYet { from: self.not_before },
            KeyStatus::Active if moment >= self.not_after => Standing::Over { since: self.not_after },
            KeyStatus::Active => Standing::Counts,
        }
    }
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
    /// How many agencies must sign a notice.
    pub quorum: usize,
    /// The keys, in the order of their verifier keys.
    pub keys: Vec<ListedKey>,
}

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
    /// More than [`LISTED_KEYS_MAX`] keys.
    #[error("more than {LISTED_KEYS_MAX} keys")]
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
    #[error("`{text}` is not `VKEY role=ROLE status=active|retired|revoked not-before=TIME not-after=TIME`")]
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
    fn at(self, line: usize) -> KeyListError {
        KeyListError { line, problem: self }
    }
}

/// Why a key list is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyListRefusal {
    /// It was altered, or no root that is known has signed it.
    #[error("its signatures do not hold")]
    Signature(#[from] NoteError),
    /// Those who are known and have signed are no roots.
    #[error("it is signed by {names}, and only keys with the role root count")]
    NotByRoots {
        /// Their names.
        names: String,
    },
    /// Some roots have signed, and more must.
    #[error("not enough roots have signed it: {what}")]
    NotEnough {
        /// How many did, and which.
        what: String,
    },
    /// The roots have signed something else.
    #[error("what the roots have signed is not a key list")]
    Text(#[from] KeyListError),
}

/// A list that enough roots have signed. Whether it has expired is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedKeyList {
    list: KeyList,
    roots: QuorumVerdict,
}

impl VerifiedKeyList {
    /// Checks the signatures of a list, then reads it. Of the keys in `roots` only those with the role root count.
    pub fn of(note: &Note, roots: &TrustedKeys) -> Result<Self, KeyListRefusal> {
        let known = roots.keys();
        let good = note.verify(&known)?;
        let is_root = |key: &&VerifierKey| Role::of(key.name()) == Some(Role::Root);
        let by_roots: Vec<_> = good.iter().copied().filter(is_root).collect();
        // Asked first, since a policy may ask for nobody.
        if by_roots.is_empty() {
            let names: Vec<_> = good.iter().map(|key| key.name().as_str()).collect();
            return Err(KeyListRefusal::NotByRoots { names: names.join(", ") });
        }
        let verdict = roots.evaluate(&by_roots);
        if !verdict.reached {
            return Err(KeyListRefusal::NotEnough { what: verdict.to_string() });
        }
        Ok(Self { list: note.text.as_str().parse()?, roots: verdict })
    }

    /// What the roots state.
    pub fn list(&self) -> &KeyList {
        &self.list
    }

    /// Which of them do.
    pub fn roots(&self) -> &QuorumVerdict {
        &self.roots
    }
}

impl KeyList {
    /// Puts the keys in order and checks the list by the same rules as one that is read.
    pub fn checked(mut self) -> Result<Self, KeyListError> {
        self.keys.sort_by_cached_key(|listed| listed.key.to_string());
        self.to_string().parse()
    }

    /// Whether the list is no longer to be believed.
    pub fn has_expired(&self, moment: UtcTime) -> bool {
        self.expires <= moment
    }

    /// How a key stands at `moment`.
    pub fn standing_at(&self, key: &VerifierKey, moment: UtcTime) -> Standing {
        let listed = self.keys.iter().find(|listed| listed.key == *key);
        listed.map_or(Standing::Unlisted, |listed| listed.standing_at(moment))
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

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counts => f.write_str("counts"),
            Self::NotYet { from } => write!(f, "not valid before {from}"),
            Self::Over { since } => write!(f, "not valid since {since}"),
            Self::Retired => f.write_str("retired"),
            Self::Revoked => f.write_str("revoked"),
            Self::Unlisted => f.write_str("not on the list"),
        }
    }
}

impl fmt::Display for ListedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, status, not_before, not_after } = self;
        // A list is only ever printed with keys whose names say a role, or to be refused.
        let role = Role::of(key.name()).map_or("none", Role::as_str);
        write!(f, "{key} role={role} status={status} not-before={not_before} not-after={not_after}")
    }
}

impl fmt::Display for KeyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{VERSION_LINE}\nversion: {}", self.version)?;
        writeln!(f, "issued: {}\nexpires: {}\nquorum: {}", self.issued, self.expires, self.quorum)?;
        self.keys.iter().try_for_each(|listed| writeln!(f, "key: {listed}"))
    }
}

impl FromStr for KeyList {
    type Err = KeyListError;

    fn from_str(text: &str) -> Result<Self, KeyListError> {
        check_form(text)?;
        let list = read(&mut Lines { lines: text.lines(), number: 0 })?;
        let printed = list.to_string();
        if printed == text { Ok(list) } else { Err(first_difference(text, &printed)) }
    }
}

fn check_form(text: &str) -> Result<(), KeyListError> {
    if text.len() > KEY_LIST_MAX_BYTES {
        return Err(KeyListProblem::TooLarge { bytes: text.len() }.at(1));
    }
    for (index, line) in text.split('\n').enumerate() {
        if !line.bytes().all(|octet| matches!(octet, b' '..=b'~')) {
            return Err(KeyListProblem::Characters.at(index + 1));
        }
    }
    if text.ends_with('\n') { Ok(()) } else { Err(KeyListProblem::Unended.at(text.lines().count().max(1))) }
}

fn first_difference(text: &str, printed: &str) -> KeyListError {
    let same = text.lines().zip(printed.lines()).take_while(|(found, written)| found == written).count();
    KeyListProblem::Form { written: excerpt(printed.lines().nth(same).unwrap_or_default()) }.at(same + 1)
}

/// The lines of a list, taken one by one.
struct Lines<'a> {
    lines: std::str::Lines<'a>,
    /// Of the line taken last.
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        self.number += 1;
        self.lines.next()
    }

    /// The value of the next line, whose key must be `key`.
    fn value<T, E: Into<KeyListProblem>>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Result<T, KeyListError> {
        let line = self.next().unwrap_or_default();
        value_of(line, key).and_then(|value| read(value).map_err(Into::into)).map_err(|problem| problem.at(self.number))
    }
}

fn value_of<'a>(line: &'a str, key: &'static str) -> Result<&'a str, KeyListProblem> {
    let value = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(": "));
    value.ok_or_else(|| KeyListProblem::Due { key, text: excerpt(line) })
}

fn read(lines: &mut Lines<'_>) -> Result<KeyList, KeyListError> {
    let first = lines.next().unwrap_or_default();
    if first != VERSION_LINE {
        return Err(KeyListProblem::Version { text: excerpt(first) }.at(lines.number));
    }
    let version = lines.value("version", number)?;
    let issued = lines.value("issued", str::parse)?;
    let expires = lines.value("expires", |text| end_after(text, issued))?;
    let quorum =
        lines.value("quorum", |text| number(text).map(|quorum| usize::try_from(quorum).unwrap_or(usize::MAX)))?;
    let quorum_line = lines.number;
    let mut keys: Vec<ListedKey> = Vec::new();
    while let Some(line) = lines.next() {
        let listed = value_of(line, "key").and_then(listed_key).and_then(|listed| check_place(listed, &keys));
        keys.push(listed.map_err(|problem| problem.at(lines.number))?);
    }
    let list = KeyList { version, issued, expires, quorum, keys };
    let agencies = list.notice_keys().map(|key| key.name().host()).collect::<BTreeSet<_>>().len();
    if agencies < quorum {
        return Err(KeyListProblem::OutOfReach { quorum, agencies }.at(quorum_line));
    }
    Ok(list)
}

fn number(text: &str) -> Result<u32, KeyListProblem> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| KeyListProblem::Number { text: excerpt(text) })
}

fn end_after(text: &str, beginning: UtcTime) -> Result<UtcTime, KeyListProblem> {
    let end: UtcTime = text.parse()?;
    if beginning < end { Ok(end) } else { Err(KeyListProblem::Ends { end }) }
}

fn listed_key(text: &str) -> Result<ListedKey, KeyListProblem> {
    let refuse = || KeyListProblem::KeyLine { text: excerpt(text) };
    let words: Vec<&str> = text.split(' ').collect();
    let [key, role, status, not_before, not_after] = words.as_slice() else { return Err(refuse()) };
    let (Some(role), Some(status)) = (role.strip_prefix("role="), status.strip_prefix("status=")) else {
        return Err(refuse());
    };
    let dates = (not_before.strip_prefix("not-before="), not_after.strip_prefix("not-after="));
    let (Some(not_before), Some(not_after)) = dates else { return Err(refuse()) };
    let key: VerifierKey = key.parse()?;
    let named = Role::of(key.name()).filter(|role| matches!(role, Role::Notice | Role::Log | Role::Witness));
    if named.map(Role::as_str) != Some(role) {
        return Err(KeyListProblem::Role { name: key.name().clone(), role: excerpt(role) });
    }
    let status = KeyStatus::ALL.into_iter().find(|known| known.as_str() == status).ok_or_else(refuse)?;
    let not_before = not_before.parse()?;
    Ok(ListedKey { key, status, not_before, not_after: end_after(not_after, not_before)? })
}

/// The key, if it may stand below those `above`.
fn check_place(listed: ListedKey, above: &[ListedKey]) -> Result<ListedKey, KeyListProblem> {
    let name = || listed.key.name().clone();
    if above.len() == LISTED_KEYS_MAX {
        return Err(KeyListProblem::TooMany);
    }
    // A key has one role and one holder for its whole life.
    if let Some(same) = above.iter().find(|other| other.key.public_key() == listed.key.public_key()) {
        return Err(KeyListProblem::SameKey { name: name(), other: same.key.name().clone() });
    }
    if above.last().is_some_and(|last| last.key.to_string() > listed.key.to_string()) {
        return Err(KeyListProblem::Unsorted { name: name() });
    }
    Ok(listed)
}

#[cfg(test)]
mod tests;

//! Which list is believed: from one that is trusted, up to the newest, list by list.

use std::collections::BTreeMap;

use super::history::KeyHistory;
use super::{KeyList, KeyListError};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::keyring::{QuorumVerdict, Role, TrustedKeys, roots_fingerprint};
use crate::signed_note::{KeyName, Note, NoteError, VerifierKey};

/// The most lists of a chain: one a week for twenty years. The Update Framework asks for such a bound (section 5.3.3).
pub const KEY_LISTS_MAX: usize = 1024;

/// Why a key list is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyListRefusal {
    /// It was altered, or no root that is known has signed it.
    #[error("the signatures of key list {version} do not hold")]
    Signature {
        /// Its number.
        version: u32,
        /// Why.
        source: NoteError,
    },
    /// Those who are known and have signed are no roots.
    #[error("key list {version} is signed by {names}, and only keys with the role root count")]
    NotByRoots {
        /// Its number.
        version: u32,
        /// Their names.
        names: String,
    },
    /// Some of the roots that are trusted have signed, and more must.
    #[error("not enough of the roots that are trusted have signed key list {version}: {what}")]
    NotEnough {
        /// Its number.
        version: u32,
        /// How many did, and which.
        what: String,
    },
    /// Fewer of its own roots have signed than it says must.
    #[error("not enough of its own roots have signed key list {version}: {what}")]
    OwnRoots {
        /// Its number.
        version: u32,
        /// How many did, and which.
        what: String,
    },
    /// Fewer roots of the list before have signed than that one says must.
    #[error("not enough roots of key list {former} have signed key list {version}, which is to replace it: {what}")]
    FormerRoots {
        /// Its number.
        version: u32,
        /// The number of the list before.
        former: u32,
        /// How many did, and which.
        what: String,
    },
    /// A list between two others is missing, so nobody can say who had to sign the later one.
    #[error("key list {found} is at hand, but not key list {missing}, which it follows from", missing = after.saturating_add(1))]
    Gap {
        /// The last list that is believed.
        after: u32,
        /// The next one that is at hand.
        found: u32,
    },
    /// Two lists have the same number, so one of them is not what everybody else is shown.
    #[error("there are two different key lists with the number {version}")]
    Fork {
        /// The number.
        version: u32,
    },
    /// A newer list was believed before.
    #[error("the newest key list at hand is {newest}, but key list {believed} was believed already")]
    Rollback {
        /// The number of the list that was believed before.
        believed: u32,
        /// The number of the newest one that is at hand.
        newest: u32,
    },
    /// A list says that it is older than the one it replaces.
    #[error("key list {version} was issued before the one that it is to replace")]
    Backdated {
        /// Its number.
        version: u32,
    },
    /// A key was called revoked, and is not any more, or only from a later moment.
    #[error("key list {version} takes back that `{name}` is revoked, with `compromised-since={compromised_since}`")]
    TakenBack {
        /// The number of the list that does.
        version: u32,
        /// The key's name.
        name: KeyName,
        /// What a list before it says.
        compromised_since: UtcTime,
    },
    /// A key stands under two names: it would have two roles or two holders in its life.
    #[error("key list {version} calls a key `{name}` that a list before it calls `{former}`")]
    Renamed {
        /// The number of the later list.
        version: u32,
        /// The name there.
        name: KeyName,
        /// The name before.
        former: KeyName,
    },
    /// The note's text is something else.
    #[error("what is signed is not a key list")]
    Text(#[from] KeyListError),
    /// More than [`KEY_LISTS_MAX`] lists.
    #[error("there are more than {KEY_LISTS_MAX} key lists")]
    TooMany,
    /// There is no list.
    #[error("there is no key list")]
    Nothing,
    /// The roots are others than those that are trusted.
    #[error("no key list at hand has the roots {wanted}; key list {newest}, the newest, has the roots {found}")]
    OtherRoots {
        /// The fingerprint of those that are trusted.
        wanted: Digest,
        /// The number of the newest list.
        newest: u32,
        /// The fingerprint of its roots.
        found: Digest,
    },
}

/// A list that enough roots have signed. Whether it has expired is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedKeyList {
    list: KeyList,
    roots: QuorumVerdict,
    /// From the first list that is believed up to this one.
    history: KeyHistory,
}

impl VerifiedKeyList {
    /// The first list that is believed: enough of the trusted roots have signed it, and enough of its own. Of the keys in
    /// `trusted` only those with the role root count.
    pub fn of(note: &Note, trusted: &TrustedKeys) -> Result<Self, KeyListRefusal> {
        Self::under(note, note.text.as_str().parse()?, trusted)
    }

    fn under(note: &Note, list: KeyList, trusted: &TrustedKeys) -> Result<Self, KeyListRefusal> {
        let (version, known) = (list.version, trusted.keys());
        let good = note.verify(&known).map_err(|source| KeyListRefusal::Signature { version, source })?;
        let is_root = |key: &&VerifierKey| Role::of(key.name()) == Some(Role::Root);
        let by_roots: Vec<_> = good.iter().copied().filter(is_root).collect();
        // Asked first, since a policy may ask for nobody.
        if by_roots.is_empty() {
            let names: Vec<_> = good.iter().map(|key| key.name().as_str()).collect();
            return Err(KeyListRefusal::NotByRoots { version, names: names.join(", ") });
        }
        let verdict = trusted.evaluate(&by_roots);
        if !verdict.reached {
            return Err(KeyListRefusal::NotEnough { version, what: verdict.to_string() });
        }
        Self::by_own_roots(note, list, KeyHistory::default())
    }

    /// A list that is trusted as it is, because it was believed before. Its own roots must have signed it all the same, so
    /// that a file that was damaged since is noticed.
    pub fn believed(note: &Note) -> Result<Self, KeyListRefusal> {
        Self::by_own_roots(note, note.text.as_str().parse()?, KeyHistory::default())
    }

    /// `history` is that of the lists before.
    fn by_own_roots(note: &Note, list: KeyList, history: KeyHistory) -> Result<Self, KeyListRefusal> {
        let version = list.version;
        let good = note.verify(&list.roots).map_err(|source| KeyListRefusal::Signature { version, source })?;
        let roots = list.count_roots(&good);
        if roots.reached {
            let history = history.with(&list)?;
            Ok(Self { list, roots, history })
        } else {
            Err(KeyListRefusal::OwnRoots { version, what: roots.to_string() })
        }
    }

    /// The list that replaces this one: the next number, signed by the threshold of this list's roots and by that of its own
    /// (The Update Framework, section 5.3.4 and 5.3.5), that takes back nothing of what was said of a key.
    fn followed_by(&self, note: &Note, list: KeyList) -> Result<Self, KeyListRefusal> {
        let (version, former) = (list.version, self.list.version);
        if former.checked_add(1) != Some(version) {
            return Err(KeyListRefusal::Gap { after: former, found: version });
        }
        let good = note.verify(&self.list.roots).map_err(|source| KeyListRefusal::Signature { version, source })?;
        let verdict = self.list.count_roots(&good);
        if !verdict.reached {
            return Err(KeyListRefusal::FormerRoots { version, former, what: verdict.to_string() });
        }
        if list.issued < self.list.issued {
            return Err(KeyListRefusal::Backdated { version });
        }
        Self::by_own_roots(note, list, self.history.clone())
    }

    /// What the roots state.
    pub fn list(&self) -> &KeyList {
        &self.list
    }

    /// Which of the list's own roots do.
    pub fn roots(&self) -> &QuorumVerdict {
        &self.roots
    }
}

/// The lists that are at hand, by their numbers, nothing of them believed yet.
#[derive(Debug, Clone)]
pub struct KeyListChain(BTreeMap<u32, (Note, KeyList)>);

impl KeyListChain {
    /// Reads lists. The same list twice is one list, with the signatures of both notes.
    pub fn of(notes: impl IntoIterator<Item = Note>) -> Result<Self, KeyListRefusal> {
        let mut chain: BTreeMap<u32, (Note, KeyList)> = BTreeMap::new();
        for note in notes {
            let list: KeyList = note.text.as_str().parse()?;
            let is_full = chain.len() == KEY_LISTS_MAX;
            match chain.get_mut(&list.version) {
                Some((known, _)) if known.text != note.text => {
                    return Err(KeyListRefusal::Fork { version: list.version });
                }
                Some((known, _)) => {
                    let known = &mut known.signatures;
                    let further = note.signatures.into_iter().filter(|line| !known.contains(line));
                    let further: Vec<_> = further.collect();
                    known.extend(further);
                }
                None if is_full => return Err(KeyListRefusal::TooMany),
                None => drop(chain.insert(list.version, (note, list))),
            }
        }
        if chain.is_empty() { Err(KeyListRefusal::Nothing) } else { Ok(Self(chain)) }
    }

    /// The newest list, if it follows from one that the `trusted` roots have signed.
    ///
    /// The walk begins at the oldest list that they have signed, not at the newest: roots that have been replaced since
    /// cannot, with keys that somebody found, sign a list that skips those in between. Older lists are passed over.
    pub fn newest_under(&self, trusted: &TrustedKeys) -> Result<VerifiedKeyList, KeyListRefusal> {
        let mut last_refusal = KeyListRefusal::Nothing;
        for (note, list) in self.0.values() {
            match VerifiedKeyList::under(note, list.clone(), trusted) {
                Ok(first) => return self.walk(first),
                Err(refusal) => last_refusal = refusal,
            }
        }
        Err(last_refusal)
    }

    /// The newest list, if it follows from one that has the roots with this fingerprint, and that these have signed.
    ///
    /// The walk begins at the oldest of these lists, as in [`KeyListChain::newest_under`]. The fingerprint does not tell how many
    /// roots must sign: for that the list itself is taken at its word, and a policy for the roots would be better.
    pub fn newest_with_roots(&self, wanted: Digest) -> Result<VerifiedKeyList, KeyListRefusal> {
        let Some((newest, (_, last))) = self.0.last_key_value() else { return Err(KeyListRefusal::Nothing) };
        let found = roots_fingerprint(&last.roots);
        let mut last_refusal = KeyListRefusal::OtherRoots { wanted, newest: *newest, found };
        for (note, list) in self.0.values().filter(|(_, list)| roots_fingerprint(&list.roots) == wanted) {
            match VerifiedKeyList::by_own_roots(note, list.clone(), KeyHistory::default()) {
                Ok(first) => return self.walk(first),
                Err(refusal) => last_refusal = refusal,
            }
        }
        Err(last_refusal)
    }

    /// The newest list, if it follows from the oldest at hand, and that from nothing but itself. That it is anybody's in
    /// particular is not shown by this.
    pub fn newest_by_itself(&self) -> Result<VerifiedKeyList, KeyListRefusal> {
        let Some((note, list)) = self.0.values().next() else { return Err(KeyListRefusal::Nothing) };
        self.walk(VerifiedKeyList::by_own_roots(note, list.clone(), KeyHistory::default())?)
    }

    /// The lists with their signatures, from the oldest.
    pub fn notes(&self) -> impl Iterator<Item = (u32, &Note)> {
        self.0.iter().map(|(number, (note, _))| (*number, note))
    }

    /// The newest list, if it is `believed` itself or follows from it.
    pub fn newest_after(&self, believed: &VerifiedKeyList) -> Result<VerifiedKeyList, KeyListRefusal> {
        let version = believed.list.version;
        let newest = self.0.last_key_value().map_or(0, |(newest, _)| *newest);
        if newest < version {
            return Err(KeyListRefusal::Rollback { believed: version, newest });
        }
        match self.0.get(&version) {
            Some((_, list)) if *list != believed.list => Err(KeyListRefusal::Fork { version }),
            _ => self.walk(believed.clone()),
        }
    }

    fn walk(&self, first: VerifiedKeyList) -> Result<VerifiedKeyList, KeyListRefusal> {
        let after = first.list.version.saturating_add(1);
        let further = self.0.range(after..).map(|(_, link)| link);
        further.into_iter().try_fold(first, |last, (note, list)| last.followed_by(note, list.clone()))
    }
}

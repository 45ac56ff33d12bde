//! Reading a key list: one line after the other, each in its one form.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use super::{
    KEY_LIST_MAX_BYTES, KeyList, KeyListError, KeyListProblem, KeyStatus, LISTED_KEYS_MAX, ListedKey, ROOTS_MAX,
    VERSION_LINE,
};
use crate::clock::UtcTime;
use crate::domain::excerpt;
use crate::keyring::Role;
use crate::signed_note::VerifierKey;

impl FromStr for KeyList {
    type Err = KeyListError;

    fn from_str(text: &str) -> Result<Self, KeyListError> {
        check_form(text)?;
        let list = read(&mut Lines { lines: text.lines().peekable(), number: 0 })?;
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
    lines: std::iter::Peekable<std::str::Lines<'a>>,
    /// Of the line taken last.
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        self.number += 1;
        self.lines.next()
    }

    /// The next line, if its key is `key`.
    fn next_of(&mut self, key: &'static str) -> Option<&'a str> {
        let is_one = self.lines.peek().is_some_and(|line| value_of(line, key).is_ok());
        if is_one { self.next() } else { None }
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
    let threshold = lines.value("threshold", count)?;
    let threshold_line = lines.number;
    let roots = roots(lines)?;
    check_threshold(threshold, &roots).map_err(|problem| problem.at(threshold_line))?;
    let quorum = lines.value("quorum", count)?;
    let quorum_line = lines.number;
    let keys = keys(lines, &roots)?;
    let list = KeyList { version, issued, expires, threshold, roots, quorum, keys };
    let agencies = list.notice_keys().map(|key| key.name().host()).collect::<BTreeSet<_>>().len();
    if agencies < quorum {
        return Err(KeyListProblem::OutOfReach { quorum, agencies }.at(quorum_line));
    }
    Ok(list)
}

fn roots(lines: &mut Lines<'_>) -> Result<Vec<VerifierKey>, KeyListError> {
    let mut roots: Vec<VerifierKey> = Vec::new();
    while let Some(line) = lines.next_of("root") {
        let root = value_of(line, "root").and_then(|key| root(key, &roots));
        roots.push(root.map_err(|problem| problem.at(lines.number))?);
    }
    Ok(roots)
}

fn root(text: &str, above: &[VerifierKey]) -> Result<VerifierKey, KeyListProblem> {
    let key: VerifierKey = text.parse()?;
    if Role::of(key.name()) != Some(Role::Root) {
        return Err(KeyListProblem::NotARoot { name: key.name().clone() });
    }
    check_type(&key, Role::Root)?;
    if above.len() == ROOTS_MAX {
        return Err(KeyListProblem::TooMany);
    }
    check_place(&key, above, above.iter())?;
    Ok(key)
}

/// The threshold can be reached, and where agencies share a list none of them reaches it alone. One that is 1 says that
/// any root is enough, whoever holds it.
fn check_threshold(threshold: usize, roots: &[VerifierKey]) -> Result<(), KeyListProblem> {
    if roots.len() < threshold {
        return Err(KeyListProblem::ThresholdOutOfReach { threshold, roots: roots.len() });
    }
    let mut agencies: BTreeMap<&str, usize> = BTreeMap::new();
    for root in roots {
        *agencies.entry(root.name().host()).or_default() += 1;
    }
    let alone = agencies.iter().find(|(_, held)| **held >= threshold);
    match alone {
        Some((agency, held)) if threshold > 1 && agencies.len() > 1 => {
            Err(KeyListProblem::OneAgency { agency: (*agency).to_owned(), held: *held, threshold })
        }
        _ => Ok(()),
    }
}

fn keys(lines: &mut Lines<'_>, roots: &[VerifierKey]) -> Result<Vec<ListedKey>, KeyListError> {
    let mut keys: Vec<ListedKey> = Vec::new();
    let mut above: Vec<VerifierKey> = Vec::new();
    while let Some(line) = lines.next() {
        let listed = value_of(line, "key").and_then(listed_key).and_then(|listed| {
            if above.len() == LISTED_KEYS_MAX {
                return Err(KeyListProblem::TooMany);
            }
            check_place(&listed.key, &above, roots.iter().chain(&above))?;
            Ok(listed)
        });
        let listed = listed.map_err(|problem| problem.at(lines.number))?;
        above.push(listed.key.clone());
        keys.push(listed);
    }
    Ok(keys)
}

fn count(text: &str) -> Result<usize, KeyListProblem> {
    number(text).map(|count| usize::try_from(count).unwrap_or(usize::MAX))
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
    let mut words = text.split(' ');
    let key = words.next().unwrap_or_default();
    let mut word = |name: &str| {
        let value = words.next().and_then(|word| word.strip_prefix(name)?.strip_prefix('='));
        value.ok_or_else(refuse)
    };
    let (role, status) = (word("role")?, word("status")?);
    let (not_before, not_after) = (word("not-before")?, word("not-after")?);
    let key: VerifierKey = key.parse()?;
    let named = Role::of(key.name()).filter(|role| matches!(role, Role::Notice | Role::Log | Role::Witness));
    let wrong_role = || KeyListProblem::Role { name: key.name().clone(), role: excerpt(role) };
    check_type(&key, named.filter(|named| named.as_str() == role).ok_or_else(wrong_role)?)?;
    let status = match status {
        "active" => KeyStatus::Active,
        "retired" => KeyStatus::Retired,
        "revoked" => KeyStatus::Revoked { compromised_since: word("compromised-since")?.parse()? },
        _ => return Err(refuse()),
    };
    if words.next().is_some() {
        return Err(refuse());
    }
    let not_before = not_before.parse()?;
    Ok(ListedKey { key, status, not_before, not_after: end_after(not_after, not_before)? })
}

/// A witness's key cosigns and all others sign notes: a key of the other type could never sign what its role is for.
fn check_type(key: &VerifierKey, role: Role) -> Result<(), KeyListProblem> {
    match key.key_type() {
        found if found == role.key_type() => Ok(()),
        found => Err(KeyListProblem::KeyType { name: key.name().clone(), found, wanted: role.key_type() }),
    }
}

/// Whether a key may stand below those `above`, and beside those `known`: a key has one role and one holder for its whole
/// life.
fn check_place<'k>(
    key: &VerifierKey,
    above: &[VerifierKey],
    mut known: impl Iterator<Item = &'k VerifierKey>,
) -> Result<(), KeyListProblem> {
    if let Some(same) = known.find(|other| other.public_key() == key.public_key()) {
        return Err(KeyListProblem::SameKey { name: key.name().clone(), other: same.name().clone() });
    }
    if above.last().is_some_and(|last| last.to_string() > key.to_string()) {
        return Err(KeyListProblem::Unsorted { name: key.name().clone() });
    }
    Ok(())
}

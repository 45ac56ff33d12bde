//! Named keys, groups of them, and the quorum that they must reach: one arithmetic for whoever signs notices and whoever
//! witnesses logs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::problem::{TrustError, TrustProblem};
use super::{GROUPS_MAX, POLICY_MAX_BYTES, SIGNERS_MAX};
use crate::domain::excerpt;
use crate::signed_note::VerifierKey;

/// The name that asks for no signature at all (tlog-policy, "Defining the quorum").
const NONE: &str = "none";

/// Keys by name, in groups, and how many of them must have signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Quorum {
    keys: BTreeMap<String, VerifierKey>,
    /// In the order of the file: members come before the group that they are in.
    groups: Vec<Group>,
    /// The name after `quorum`, which may be [`NONE`].
    quorum: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    name: String,
    need: usize,
    members: Vec<String>,
}

/// What a group counts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Voter<'a> {
    Agency(&'a str),
    Group(&'a str),
}

/// Whether enough agencies signed, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuorumVerdict {
    /// Whether the quorum is reached.
    pub reached: bool,
    /// How many votes the quorum needs; 0 for `quorum none`.
    pub need: usize,
    /// How many of them there are. A group that is met within the quorum's own is one vote.
    pub have: usize,
    /// Agencies of the policy that signed.
    pub signed: BTreeSet<String>,
    /// Agencies of the policy that did not.
    pub missing: BTreeSet<String>,
}

impl Quorum {
    /// The keys in the order of their names.
    pub(super) fn keys(&self) -> impl Iterator<Item = &VerifierKey> {
        self.keys.values()
    }

    /// Counts verified signers. Keys that are not known here do not count.
    pub(super) fn evaluate(&self, verified: &[&VerifierKey]) -> QuorumVerdict {
        let has_signed = |key: &VerifierKey| verified.contains(&key);
        let mut met: BTreeSet<&str> = BTreeSet::new();
        let signers = self.keys.iter().filter(|(_, key)| has_signed(key));
        met.extend(signers.map(|(name, _)| name.as_str()));
        for group in &self.groups {
            if self.voters(group, |member| met.contains(member)).len() >= group.need {
                met.insert(&group.name);
            }
        }
        let (need, have) = self.count_quorum(&met);
        let agencies = |wanted: bool| self.keys.values().filter(move |key| has_signed(key) == wanted).map(agency);
        let signed: BTreeSet<String> = agencies(true).collect();
        // An agency with two keys has signed when one of them has.
        let missing = agencies(false).filter(|agency| !signed.contains(agency)).collect();
        QuorumVerdict { reached: have >= need, need, have, signed, missing }
    }

    fn count_quorum(&self, met: &BTreeSet<&str>) -> (usize, usize) {
        let quorum = self.quorum.as_deref().unwrap_or(NONE);
        match self.groups.iter().find(|group| group.name == quorum) {
            Some(group) => (group.need, self.voters(group, |member| met.contains(member)).len()),
            None if quorum == NONE => (0, 0),
            None => (1, usize::from(met.contains(quorum))),
        }
    }

    /// What the members of a group that `counts` amount to: each agency once, each group once.
    fn voters<'a>(&'a self, group: &'a Group, counts: impl Fn(&str) -> bool) -> BTreeSet<Voter<'a>> {
        let members = group.members.iter().filter(|member| counts(member));
        let voter = |member: &'a String| match self.keys.get(member) {
            Some(key) => Voter::Agency(key.name().host()),
            None => Voter::Group(member),
        };
        members.map(voter).collect()
    }

    fn is_defined(&self, name: &str) -> bool {
        self.keys.contains_key(name) || self.groups.iter().any(|group| group.name == name)
    }

    fn check_new_name(&self, name: &str) -> Result<(), TrustProblem> {
        // tlog-policy: signers and groups share one namespace, and `none` is predefined.
        if name == NONE || self.is_defined(name) {
            return Err(TrustProblem::Taken { name: excerpt(name) });
        }
        Ok(())
    }

    /// Enrols a key under a name. `check` says what else its line asks of it.
    pub(super) fn add_key(
        &mut self,
        name: &str,
        vkey: &str,
        check: impl FnOnce(&VerifierKey) -> Result<(), TrustProblem>,
    ) -> Result<(), TrustProblem> {
        self.check_new_name(name)?;
        if self.keys.len() == SIGNERS_MAX {
            return Err(TrustProblem::TooMany);
        }
        let key: VerifierKey = vkey.parse().map_err(|source| TrustProblem::Key { name: excerpt(name), source })?;
        check(&key)?;
        // tlog-policy: the same public key under another key name is a duplicate all the same.
        if let Some((other, _)) = self.keys.iter().find(|(_, other)| other.public_key() == key.public_key()) {
            return Err(TrustProblem::SameKey { name: excerpt(name), other: excerpt(other) });
        }
        self.keys.insert(name.to_owned(), key);
        Ok(())
    }

    /// The lines that every policy has: empty ones, comments, `group` and `quorum`. `forms` tells of the others, for the error.
    pub(super) fn read_words(&mut self, words: &[&str], forms: &'static str) -> Result<(), TrustProblem> {
        match words {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["group", name, need, members @ ..] if !members.is_empty() => self.add_group(name, need, members),
            ["quorum", name] => self.set_quorum(name),
            words => Err(TrustProblem::Line { text: excerpt(&words.join(" ")), forms }),
        }
    }

    fn add_group(&mut self, name: &str, need: &str, members: &[&str]) -> Result<(), TrustProblem> {
        self.check_new_name(name)?;
        if self.groups.len() == GROUPS_MAX {
            return Err(TrustProblem::TooMany);
        }
        for (index, member) in members.iter().enumerate() {
            self.check_member(member, members.get(..index).unwrap_or_default())?;
        }
        let need = threshold(need, members.len())?;
        let members = members.iter().map(|member| (*member).to_owned()).collect();
        let group = Group { name: name.to_owned(), need, members };
        let voters = self.voters(&group, |_| true).len();
        if voters < need {
            return Err(TrustProblem::OutOfReach { group: excerpt(name), need, voters });
        }
        self.groups.push(group);
        Ok(())
    }

    /// tlog-policy: a member is defined above and is in no other group. Beyond it: nor is its agency.
    fn check_member(&self, member: &str, before: &[&str]) -> Result<(), TrustProblem> {
        if !self.is_defined(member) {
            return Err(TrustProblem::Undefined { name: excerpt(member) });
        }
        let mut grouped = self.groups.iter().flat_map(|group| &group.members);
        if before.contains(&member) || grouped.clone().any(|other| other == member) {
            return Err(TrustProblem::TwoGroups { name: excerpt(member) });
        }
        let Some(key) = self.keys.get(member) else { return Ok(()) };
        let same_agency = |other: &VerifierKey| other.name().host() == key.name().host();
        if grouped.any(|other| self.keys.get(other).is_some_and(same_agency)) {
            return Err(TrustProblem::TwiceCounted { agency: agency(key) });
        }
        Ok(())
    }

    fn set_quorum(&mut self, name: &str) -> Result<(), TrustProblem> {
        if self.quorum.is_some() {
            return Err(TrustProblem::SecondQuorum);
        }
        if name != NONE && !self.is_defined(name) {
            return Err(TrustProblem::Undefined { name: excerpt(name) });
        }
        self.quorum = Some(name.to_owned());
        Ok(())
    }

    fn is_whole(&self) -> bool {
        self.quorum.is_some()
    }
}

/// Hands the words of each line to `line`, and sees that the whole is a policy in ASCII with a quorum.
pub(super) fn read_lines<P: AsRef<Quorum>>(
    text: &str,
    mut policy: P,
    line: impl Fn(&mut P, &[&str]) -> Result<(), TrustProblem>,
) -> Result<P, TrustError> {
    let at = |line: usize, problem: TrustProblem| TrustError { line, problem };
    if text.len() > POLICY_MAX_BYTES {
        return Err(at(1, TrustProblem::TooLarge { bytes: text.len() }));
    }
    let mut last = 1;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        last = index + 1;
        let whole = whole.strip_suffix('\n').ok_or_else(|| at(last, TrustProblem::Unended))?;
        if !whole.bytes().all(|b| matches!(b, b'\t' | 0x20..=0x7e)) {
            return Err(at(last, TrustProblem::Characters));
        }
        let words: Vec<&str> = whole.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        line(&mut policy, &words).map_err(|problem| at(last, problem))?;
    }
    if policy.as_ref().is_whole() { Ok(policy) } else { Err(at(last, TrustProblem::NoQuorum)) }
}

/// The agency that holds a key: the host in its name.
fn agency(key: &VerifierKey) -> String {
    key.name().host().to_owned()
}

/// The number that `all`, `any` or a decimal number without a leading zero stands for.
fn threshold(text: &str, members: usize) -> Result<usize, TrustProblem> {
    let refuse = || TrustProblem::Threshold { need: excerpt(text), members };
    match text {
        "all" => Ok(members),
        "any" => Ok(1),
        _ => {
            let need: usize = text.parse().map_err(|_| refuse())?;
            if (1..=members).contains(&need) && need.to_string() == text { Ok(need) } else { Err(refuse()) }
        }
    }
}

impl fmt::Display for QuorumVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |names: &BTreeSet<String>| names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        write!(f, "{} of {} needed", self.have, self.need)?;
        if !self.signed.is_empty() {
            write!(f, "; signed by {}", list(&self.signed))?;
        }
        if !self.missing.is_empty() {
            write!(f, "; not signed by {}", list(&self.missing))?;
        }
        Ok(())
    }
}

//! Who may sign, and how many agencies must have signed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use super::Role;
use crate::domain::excerpt;
use crate::signed_note::{KeyName, Note, NoteError, VerifierKey};

/// The longest policy that is read: several times what the most signers and groups need.
pub const POLICY_MAX_BYTES: usize = 64 << 10;
/// The most signers of a policy, as many as a note may have signatures.
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
    signers: BTreeMap<String, VerifierKey>,
    /// In the order of the file: members come before the group that they are in.
    groups: Vec<Group>,
    /// The name after `quorum`, which may be [`NONE`].
    quorum: Option<String>,
}

/// The name that asks for no signature at all (tlog-policy, "Defining the quorum").
const NONE: &str = "none";

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

/// What is wrong with a policy, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy cannot be used")]
pub struct TrustError {
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong there.
    #[source]
    pub problem: TrustProblem,
}

/// What can be wrong with a line of a policy. Names are shortened and escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustProblem {
    /// More than [`POLICY_MAX_BYTES`].
    #[error("the policy has {bytes} bytes; at most {POLICY_MAX_BYTES} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Something else than printable ASCII, spaces and tabs.
    #[error("a character that is not printable ASCII")]
    Characters,
    /// The last line has no line feed: the end of the file may be missing.
    #[error("the last line does not end in a line feed")]
    Unended,
    /// A line that is none of the three.
    #[error("`{text}` is not `signer NAME VKEY`, `group NAME all|any|NUMBER MEMBER…` or `quorum NAME|none`")]
    Line {
        /// The line.
        text: String,
    },
    /// A name that is defined above, or `none`.
    #[error("the name `{name}` is taken")]
    Taken {
        /// The name.
        name: String,
    },
    /// A name that is not defined above this line, or is the group itself.
    #[error("`{name}` is not defined above this line")]
    Undefined {
        /// The name.
        name: String,
    },
    /// A verifier key that does not parse.
    #[error("the verifier key of `{name}` is not usable")]
    Key {
        /// The name.
        name: String,
        /// What is wrong with it.
        source: NoteError,
    },
    /// A key whose name does not say a role. Its host need not be a domain name then, and agencies could not be told apart.
    #[error("the key name `{key}` is not HOST/ROLE or HOST/ROLE/LABEL")]
    NoRole {
        /// The key name.
        key: KeyName,
    },
    /// A public key that stands above already, perhaps under another name.
    #[error("the public key of `{name}` is that of `{other}` as well")]
    SameKey {
        /// The name.
        name: String,
        /// The signer above.
        other: String,
    },
    /// A threshold that is not a number from 1 to the number of members.
    #[error("`{need}` is not `all`, `any` or a number from 1 to the {members} members")]
    Threshold {
        /// The word.
        need: String,
        /// How many members there are.
        members: usize,
    },
    /// A group that can never reach its number, because some members are of one agency, which counts once.
    #[error("the group `{group}` needs {need}, but its members count {voters} at most: keys of one agency count once")]
    OutOfReach {
        /// The group.
        group: String,
        /// What is needed.
        need: usize,
        /// How many votes its members can give.
        voters: usize,
    },
    /// A member of two groups, or twice of one.
    #[error("`{name}` is already a member of a group")]
    TwoGroups {
        /// The name.
        name: String,
    },
    /// An agency with keys in two groups would count twice.
    #[error("the agency {agency} has a key in another group already and would count twice")]
    TwiceCounted {
        /// The agency's host.
        agency: String,
    },
    /// A second quorum line.
    #[error("there is a quorum already")]
    SecondQuorum,
    /// No quorum line up to the end of the file.
    #[error("the policy ends without a quorum line")]
    NoQuorum,
    /// More than [`SIGNERS_MAX`] signers or [`GROUPS_MAX`] groups.
    #[error("more than {SIGNERS_MAX} signers or {GROUPS_MAX} groups")]
    TooMany,
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
        self.signers.values().cloned().collect()
    }

    /// The first signer whose key name does not say `role`.
    pub fn not_of_role(&self, role: Role) -> Option<&KeyName> {
        self.signers.values().map(VerifierKey::name).find(|name| Role::of(name) != Some(role))
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
        let has_signed = |key: &VerifierKey| verified.contains(&key);
        let mut met: BTreeSet<&str> = BTreeSet::new();
        let signers = self.signers.iter().filter(|(_, key)| has_signed(key));
        met.extend(signers.map(|(name, _)| name.as_str()));
        for group in &self.groups {
            if self.voters(group, |member| met.contains(member)).len() >= group.need {
                met.insert(&group.name);
            }
        }
        let (need, have) = self.count_quorum(&met);
        let agencies = |wanted: bool| self.signers.values().filter(move |key| has_signed(key) == wanted).map(agency);
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
        let voter = |member: &'a String| match self.signers.get(member) {
            Some(key) => Voter::Agency(key.name().host()),
            None => Voter::Group(member),
        };
        members.map(voter).collect()
    }

    fn is_defined(&self, name: &str) -> bool {
        self.signers.contains_key(name) || self.groups.iter().any(|group| group.name == name)
    }

    fn check_new_name(&self, name: &str) -> Result<(), TrustProblem> {
        // tlog-policy: signers and groups share one namespace, and `none` is predefined.
        if name == NONE || self.is_defined(name) {
            return Err(TrustProblem::Taken { name: excerpt(name) });
        }
        Ok(())
    }

    fn read_line(&mut self, line: &str) -> Result<(), TrustProblem> {
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["signer", name, vkey] => self.add_signer(name, vkey),
            ["group", name, need, members @ ..] if !members.is_empty() => self.add_group(name, need, members),
            ["quorum", name] => self.set_quorum(name),
            _ => Err(TrustProblem::Line { text: excerpt(line) }),
        }
    }

    fn add_signer(&mut self, name: &str, vkey: &str) -> Result<(), TrustProblem> {
        self.check_new_name(name)?;
        if self.signers.len() == SIGNERS_MAX {
            return Err(TrustProblem::TooMany);
        }
        let key: VerifierKey = vkey.parse().map_err(|source| TrustProblem::Key { name: excerpt(name), source })?;
        if Role::of(key.name()).is_none() {
            return Err(TrustProblem::NoRole { key: key.name().clone() });
        }
        // tlog-policy: the same public key under another key name is a duplicate all the same.
        if let Some((other, _)) = self.signers.iter().find(|(_, other)| other.public_key() == key.public_key()) {
            return Err(TrustProblem::SameKey { name: excerpt(name), other: excerpt(other) });
        }
        self.signers.insert(name.to_owned(), key);
        Ok(())
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
        let Some(key) = self.signers.get(member) else { return Ok(()) };
        let same_agency = |other: &VerifierKey| other.name().host() == key.name().host();
        if grouped.any(|other| self.signers.get(other).is_some_and(same_agency)) {
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

impl FromStr for TrustedKeys {
    type Err = TrustError;

    fn from_str(text: &str) -> Result<Self, TrustError> {
        let at = |line: usize, problem: TrustProblem| TrustError { line, problem };
        if text.len() > POLICY_MAX_BYTES {
            return Err(at(1, TrustProblem::TooLarge { bytes: text.len() }));
        }
        let mut policy = Self { text: text.to_owned(), signers: BTreeMap::new(), groups: Vec::new(), quorum: None };
        let mut last = 1;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            last = index + 1;
            let line = line.strip_suffix('\n').ok_or_else(|| at(last, TrustProblem::Unended))?;
            if !line.bytes().all(|b| matches!(b, b'\t' | 0x20..=0x7e)) {
                return Err(at(last, TrustProblem::Characters));
            }
            policy.read_line(line).map_err(|problem| at(last, problem))?;
        }
        if policy.quorum.is_some() { Ok(policy) } else { Err(at(last, TrustProblem::NoQuorum)) }
    }
}

impl fmt::Display for TrustedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::keyring::SecretKey;
    use crate::signed_note::{NoteSignature, NoteSigner, NoteText};

    fn secret(name: &str, seed: u8) -> SecretKey {
        SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap()
    }

    fn public(name: &str, seed: u8) -> VerifierKey {
        secret(name, seed).verifier().clone()
    }

    /// Two keys of the police, one each of three others.
    static KEYS: LazyLock<[VerifierKey; 5]> = LazyLock::new(|| {
        [
            public("police.example/notice", 1),
            public("police.example/notice/spare", 2),
            public("prosecutor.example/notice", 3),
            public("court.example/notice", 4),
            public("ministry.example/notice", 5),
        ]
    });

    /// The signers `police`, `spare`, `prosec`, `court` and `ministry`, and then `rest`.
    fn with_signers(rest: &str) -> String {
        let names = ["police", "spare", "prosec", "court", "ministry"];
        let lines: String = names.iter().zip(&*KEYS).map(|(name, key)| format!("signer {name} {key}\n")).collect();
        format!("{lines}{rest}")
    }

    #[test]
    fn a_quorum_counts_agencies_and_not_keys() {
        let [police, spare, prosec, court, ministry] = &*KEYS;
        let stranger = &public("police.example/notice", 9);
        let two = "group ok 2 police spare prosec court\nquorum ok\n";
        let both = "group courts any court\ngroup ok all police prosec courts\nquorum ok\n";
        let cases: [(&str, &[&VerifierKey], bool, usize); 12] = [
            (two, &[], false, 0),
            (two, &[police], false, 1),
            (two, &[police, spare], false, 1),
            (two, &[police, police], false, 1),
            (two, &[police, stranger], false, 1),
            (two, &[police, ministry], false, 1),
            (two, &[spare, court], true, 2),
            (two, &[police, spare, prosec, court], true, 3),
            (both, &[police, prosec], false, 2),
            (both, &[police, prosec, court], true, 3),
            ("quorum court\n", &[court], true, 1),
            ("quorum none\n", &[], true, 0),
        ];
        for (rest, signed, reached, have) in cases {
            let policy: TrustedKeys = with_signers(rest).parse().unwrap();
            let verdict = policy.evaluate(signed);
            assert_eq!((verdict.reached, verdict.have), (reached, have), "{rest}: {verdict}");
        }
    }

    #[test]
    fn the_verdict_says_who_signed_and_who_did_not() {
        let policy = TrustedKeys::at_least(2, &*KEYS).unwrap();
        let [_, spare, _, court, _] = &*KEYS;
        assert_eq!(
            policy.evaluate(&[spare, court]).to_string(),
            "2 of 2 needed; signed by court.example, police.example; not signed by ministry.example, prosecutor.example"
        );
        assert_eq!(policy.not_of_role(Role::Notice), None);
        assert_eq!(policy.not_of_role(Role::Approval), Some(KEYS[3].name()), "the first in the order of names");
    }

    #[test]
    fn a_note_is_verified_against_the_policy_in_one_go() {
        let (police, court) = (secret("police.example/notice", 1), secret("court.example/notice", 4));
        let policy = TrustedKeys::at_least(2, &*KEYS).unwrap();
        let text = NoteText::new("seizure-notice/v1\n".to_owned()).unwrap();
        let sign = |key: &SecretKey| NoteSignature::sign(&text, key).unwrap();
        let mut note = Note { signatures: vec![sign(&police)], text: text.clone() };
        assert!(!policy.verify(&note).unwrap().reached);
        note.signatures.push(sign(&court));
        assert!(policy.verify(&note).unwrap().reached);
        note.text = NoteText::new("seizure-notice/v2\n".to_owned()).unwrap();
        assert!(matches!(policy.verify(&note), Err(NoteError::BadSignature { .. })));
    }

    #[test]
    fn a_policy_prints_the_text_it_was_read_from() {
        let text = with_signers("\n# two of three\n  group  ok\t2 police court prosec\nquorum ok\n");
        assert_eq!(text.parse::<TrustedKeys>().unwrap().to_string(), text);
    }

    #[test]
    fn every_mistake_is_reported_with_its_line() {
        let again = KEYS[0].to_string();
        let renamed = public("other.example/notice", 1).to_string();
        let shouting = VerifierKey::new("Court.example/notice".parse().unwrap(), &KEYS[4].public_key()).unwrap();
        let cases: Vec<(String, &str)> = vec![
            ("quorum nobody\n".into(), "6: `nobody` is not defined above this line"),
            ("\n\nquorum\n".into(), "8: `quorum` is not `signer NAME VKEY`"),
            ("witness a b\n".into(), "6: `witness a b` is not `signer NAME VKEY`"),
            ("group g 1\n".into(), "6: `group g 1` is not"),
            ("signer police x\n".into(), "6: the name `police` is taken"),
            ("signer none x\n".into(), "6: the name `none` is taken"),
            ("signer x y\n".into(), "6: the verifier key of `x` is not usable"),
            (format!("signer x {again}\n"), "6: the public key of `x` is that of `police` as well"),
            (format!("signer x {renamed}\n"), "6: the public key of `x` is that of `police` as well"),
            (format!("signer x {shouting}\n"), "6: the key name `Court.example/notice` is not HOST/ROLE"),
            ("group g 0 police\n".into(), "6: `0` is not `all`, `any` or a number from 1 to the 1 members"),
            ("group g 2 police\n".into(), "6: `2` is not"),
            ("group g 01 police\n".into(), "6: `01` is not"),
            ("group g +1 police\n".into(), "6: `+1` is not"),
            ("group g all police spare\n".into(), "6: the group `g` needs 2, but its members count 1 at most"),
            ("group g any g\n".into(), "6: `g` is not defined above this line"),
            ("group g any h\ngroup h any g\n".into(), "6: `h` is not defined above this line"),
            ("group g any none\n".into(), "6: `none` is not defined"),
            ("group g any court court\n".into(), "6: `court` is already a member of a group"),
            ("group g any court\ngroup h any court\n".into(), "7: `court` is already a member of a group"),
            (
                "group g any police\ngroup h 2 g spare\n".into(),
                "7: the agency police.example has a key in another group",
            ),
            ("quorum none\nquorum court\n".into(), "7: there is a quorum already"),
            ("# nothing more\n".into(), "6: the policy ends without a quorum line"),
            ("quorum court".into(), "6: the last line does not end in a line feed"),
            ("quorum court\r\n".into(), "6: a character that is not printable ASCII"),
            ("# Gericht f\u{fc}r\n".into(), "6: a character that is not printable ASCII"),
        ];
        for (rest, expected) in cases {
            let error = with_signers(&rest).parse::<TrustedKeys>().unwrap_err();
            let shown = format!("{}: {}", error.line, error.problem);
            assert!(shown.starts_with(expected), "{rest}: {error}");
        }
        assert_eq!("".parse::<TrustedKeys>().unwrap_err(), TrustError { line: 1, problem: TrustProblem::NoQuorum });
    }

    #[test]
    fn a_policy_of_any_size_is_bounded() {
        let large = "#".repeat(POLICY_MAX_BYTES) + "\n";
        let error = large.parse::<TrustedKeys>().unwrap_err();
        assert_eq!(error.problem, TrustProblem::TooLarge { bytes: POLICY_MAX_BYTES + 1 });
        let names = (0..=SIGNERS_MAX).map(|n| (n, format!("a{n}.example/notice")));
        let signer = |(n, name): (usize, String)| {
            let mut seed = [0; 32];
            seed[..8].copy_from_slice(&n.to_le_bytes());
            let key = SecretKey::from_seed(name.parse().unwrap(), &seed).unwrap();
            format!("signer s{n} {}\n", key.verifier())
        };
        let lines: Vec<String> = names.map(signer).collect();
        let error = lines.concat().parse::<TrustedKeys>().unwrap_err();
        assert_eq!(error, TrustError { line: SIGNERS_MAX + 1, problem: TrustProblem::TooMany });
        let most = format!("{}group g 2 s0 s1\nquorum g\n", lines[..SIGNERS_MAX].concat());
        assert!(most.parse::<TrustedKeys>().is_ok(), "the most signers leave room for a group");
        let nested = (0..GROUPS_MAX).map(|n| format!("group g{} any g{n}\n", n + 1)).collect::<String>();
        let error = with_signers(&format!("group g0 any court\n{nested}")).parse::<TrustedKeys>().unwrap_err();
        assert_eq!(error.problem, TrustProblem::TooMany);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(lines in proptest::collection::vec("(signer|group|quorum|#)?( (none|any|all|2|police|court|g)){0,4}\n?", 0..12)) {
            let text = with_signers(&lines.concat());
            if let Ok(policy) = text.parse::<TrustedKeys>() {
                let keys = policy.keys();
                let everyone: Vec<&VerifierKey> = keys.iter().collect();
                prop_assert!(policy.evaluate(&everyone).reached, "a quorum that nobody can reach: {}", text);
                prop_assert_eq!(policy.to_string(), text);
            }
        }
    }
}

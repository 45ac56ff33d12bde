//! Names that a notice covers without telling which: a Merkle tree of salted names.
//!
//! A notice states how many names it covers and the root of their tree. Each site serves the proof for its own name; from that
//! and all other proofs together nobody learns a name that was not shown, since every leaf holds a salt of its own. Whoever
//! holds the seed of the salts and the names can make every proof.
//!
//! - The salt of a name is `HMAC-SHA256(seed, "seizure-salt/v1\n" name)`.
//! - Its leaf is the text `seizure-name/v1\n` name `\n` salt in base64 `\n`.
//! - The leaves stand in the order of their hashes, so that a place tells nothing; the tree over them is that of RFC 6962
//!   section 2.1.
//!
//! A proof is a file of one form:
//!
//! ```text
//! seizure-coverage/v1
//! name: shop.example
//! salt: mh0r2vCk6VzbhX2nYhTk0nYx2Gm4qv6o0n1c2b3a4Zs=
//! index: 1
//! path: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
//! ```

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::cores;
use crate::domain::{DomainName, OnionName, excerpt};
use crate::tlog::{
    Hash, InclusionProof, LeafIndex, TlogError, TreeSize, inclusion_ranges, leaf_hash, node_hash, root_of, subtree_hash,
};

/// The largest proof that is read: its four lines, and a path of as many hashes as the largest tree has levels.
pub const PROOF_MAX_BYTES: usize = 4096;

const PROOF_VERSION: &str = "seizure-coverage/v1";
const SEED_VERSION: &str = "seizure-coverage-seed/v1";

/// Octets of a seed and of a salt.
const SALT_BYTES: usize = 32;

/// Why names are not sealed, or a proof is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CoverageError {
    /// The system gave no random octets.
    #[error("the system's random number source failed: {why}")]
    Random {
        /// What it said.
        why: String,
    },
    /// A text that is not a seed.
    #[error("this is not the seed of sealed names: two lines, `{SEED_VERSION}` and 32 octets in base64")]
    Seed,
    /// There is nothing to seal.
    #[error("there is no name to seal")]
    NoNames,
    /// A name that is not written as hosts are.
    #[error("`{text}` is not a domain name in A-labels, nor an onion service")]
    Name {
        /// What stands there.
        text: String,
    },
    /// A proof that is not in the one form of proofs.
    #[error("line {line} of the proof is not `{expected}`")]
    Form {
        /// Line number, from 1.
        line: usize,
        /// What is due there.
        expected: &'static str,
    },
    /// More than [`PROOF_MAX_BYTES`], or no text.
    #[error("the proof is not a text of at most {PROOF_MAX_BYTES} bytes")]
    Size,
    /// The proof does not lead to the root.
    #[error("the proof does not show that `{name}` is among the sealed names")]
    NotIncluded {
        /// The name in the proof.
        name: String,
        /// Why.
        source: TlogError,
    },
}

/// What a notice states of its sealed names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// How many names.
    pub count: u64,
    /// The root of their tree.
    pub root: Hash,
}

/// The secret that all salts come from. Whoever has it can find out whether a name is among the sealed ones by trying.
#[derive(Clone)]
pub struct Seed(Zeroizing<[u8; SALT_BYTES]>);

impl Seed {
    /// A new one, from the system.
    pub fn generate() -> Result<Self, CoverageError> {
        let mut octets = Zeroizing::new([0; SALT_BYTES]);
        getrandom::fill(&mut *octets).map_err(|error| CoverageError::Random { why: error.to_string() })?;
        Ok(Self(octets))
    }

    /// Reads the text that [`Seed::to_text`] writes.
    pub fn parse(text: &[u8]) -> Result<Self, CoverageError> {
        let text = std::str::from_utf8(text).map_err(|_| CoverageError::Seed)?;
        let line = text.strip_prefix(SEED_VERSION).and_then(|rest| rest.strip_prefix('\n')?.strip_suffix('\n'));
        let mut octets = Zeroizing::new([0; SALT_BYTES]);
        match Base64::decode(line.ok_or(CoverageError::Seed)?, &mut *octets) {
            Ok(decoded) if decoded.len() == SALT_BYTES => Ok(Self(octets)),
            _ => Err(CoverageError::Seed),
        }
    }

    /// As it is kept in a file.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{SEED_VERSION}\n{}\n", Base64::encode_string(&*self.0)))
    }

    /// The seed of names that were covered and are returned: `HMAC-SHA256(seed, "seizure-returned/v1\n")`. With salts of their
    /// own, their leaves are not those that stood beside their neighbours in earlier proofs.
    pub fn of_returned(&self) -> Self {
        // Any length of key is good for HMAC (RFC 2104), so the other never comes.
        let mac = Hmac::<Sha256>::new_from_slice(&*self.0).map(|mac| mac.chain_update(b"seizure-returned/v1\n"));
        Self(Zeroizing::new(mac.map_or([0; SALT_BYTES], |mac| mac.finalize().into_bytes().into())))
    }

    /// What gives each name its salt. The seed is taken in once for all names: that is near half of the work.
    fn salts(&self) -> impl Fn(&str) -> [u8; SALT_BYTES] + Sync + use<> {
        let keyed = Hmac::<Sha256>::new_from_slice(&*self.0).map(|mac| mac.chain_update(b"seizure-salt/v1\n"));
        move |name| match &keyed {
            Ok(mac) => mac.clone().chain_update(name).finalize().into_bytes().into(),
            // Any length of key is good for HMAC (RFC 2104), so this never comes.
            Err(_) => [0; SALT_BYTES],
        }
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

fn leaf(name: &str, salt: &[u8; SALT_BYTES]) -> Hash {
    leaf_hash(format!("seizure-name/v1\n{name}\n{}\n", Base64::encode_string(salt)).as_bytes())
}

/// The leaf of each name, in the order of the names.
fn leaves(seed: &Seed, names: &[&str]) -> Vec<Hash> {
    /// As many as one core does in some milliseconds.
    const SHARE: usize = 8192;
    let salt = seed.salts();
    let mut leaves = vec![Hash([0; 32]); names.len()];
    cores::each(names.chunks(SHARE).zip(leaves.chunks_mut(SHARE)), |(names, places)| {
        for (name, place) in names.iter().zip(places) {
            *place = leaf(name, &salt(name));
        }
    });
    leaves
}

/// Names under a seal, and what is needed to prove each. 36 octets a name; the names themselves are not held.
#[derive(Debug)]
pub struct SealedNames {
    seed: Seed,
    leaves: Vec<Hash>,
    /// The roots of all whole subtrees of 2^[`HELD_FROM`] leaves, then of twice as many, and so on. What is below is quickly made
    /// again for one proof, and would take as much memory as all the leaves.
    upper: Vec<Vec<Hash>>,
}

/// The lowest level above the leaves that is held.
const HELD_FROM: u32 = 4;

impl PartialEq for SealedNames {
    /// The same names with the same salts.
    fn eq(&self, other: &Self) -> bool {
        self.leaves == other.leaves
    }
}

impl Eq for SealedNames {}

impl SealedNames {
    /// Seals names, written as hosts are: A-labels in lower case, no dot at the end. A name that stands twice counts once.
    pub fn seal<'n>(seed: Seed, names: impl IntoIterator<Item = &'n str>) -> Result<Self, CoverageError> {
        let mut leaves = leaves(&seed, &names.into_iter().collect::<Vec<_>>());
        if leaves.is_empty() {
            return Err(CoverageError::NoNames);
        }
        leaves.sort_unstable();
        leaves.dedup();
        let mut upper = Vec::new();
        let mut level: Vec<Hash> = leaves.chunks_exact(1 << HELD_FROM).map(root_of).collect();
        while !level.is_empty() {
            let above = level.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
            upper.push(std::mem::replace(&mut level, above));
        }
        Ok(Self { seed, leaves, upper })
    }

    /// The seed of their salts.
    pub fn seed(&self) -> &Seed {
        &self.seed
    }

    /// How many names there are.
    pub fn count(&self) -> u64 {
        self.leaves.len() as u64
    }

    /// What a notice states of them.
    pub fn stated(&self) -> Seal {
        let count = self.count();
        Seal { count, root: self.subtree(0..count) }
    }

    /// The proof for one name; `None` when it is not among them.
    pub fn prove(&self, name: &str) -> Option<CoverageProof> {
        self.prove_with(&self.seed.salts(), name)
    }

    fn prove_with(&self, salt: &impl Fn(&str) -> [u8; SALT_BYTES], name: &str) -> Option<CoverageProof> {
        let salt = salt(name);
        let index = self.leaves.binary_search(&leaf(name, &salt)).ok()?;
        let index = LeafIndex(index as u64);
        let ranges = inclusion_ranges(index, TreeSize(self.count())).ok()?;
        let path = ranges.into_iter().map(|range| self.subtree(range)).collect();
        Some(CoverageProof { name: name.to_owned(), salt, index, path })
    }

    /// The proof for a host: its own, or that of the nearest name above it.
    pub fn prove_within(&self, host: &str) -> Option<CoverageProof> {
        // At most 127 steps for a host that was read as one: its length bounds its labels.
        let mut names = std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, above)| above));
        let salt = self.seed.salts();
        names.find_map(|name| self.prove_with(&salt, name))
    }

    fn subtree(&self, range: std::ops::Range<u64>) -> Hash {
        let node = |level: u32, n: u64| -> Result<Hash, std::convert::Infallible> {
            // There is every whole node below the tree's size.
            Ok(self.node(level, n).unwrap_or(Hash([0; 32])))
        };
        match subtree_hash(range, node) {
            Ok(hash) => hash,
            Err(never) => match never {},
        }
    }

    /// The root of number `n` of the whole subtrees of 2^`level` leaves.
    fn node(&self, level: u32, n: u64) -> Option<Hash> {
        let n = usize::try_from(n).ok()?;
        match level.checked_sub(HELD_FROM) {
            Some(above) => self.upper.get(above as usize)?.get(n).copied(),
            None => self.leaves.get(n << level..(n + 1) << level).map(root_of),
        }
    }
}

/// The proof that one name is among the sealed ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageProof {
    /// The name, as hosts are written.
    pub name: String,
    salt: [u8; SALT_BYTES],
    index: LeafIndex,
    path: Vec<Hash>,
}

impl CoverageProof {
    /// Reads a proof; refuses whatever does not print to the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, CoverageError> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= PROOF_MAX_BYTES);
        let text = text.ok_or(CoverageError::Size)?;
        let mut lines = text.split_inclusive('\n').zip(1..);
        let mut value = |expected: &'static str, key: &str| {
            let (line, number) = lines.next().unwrap_or(("", 0));
            let value = line.strip_prefix(key).and_then(|rest| rest.strip_suffix('\n'));
            value.map(|value| (value, number)).ok_or(CoverageError::Form { line: number, expected })
        };
        value(PROOF_VERSION, PROOF_VERSION).and_then(|(rest, line)| match rest {
            "" => Ok(()),
            _ => Err(CoverageError::Form { line, expected: PROOF_VERSION }),
        })?;
        let (name, _) = value("name: NAME", "name: ")?;
        let (salt, line) = value("salt: BASE64", "salt: ")?;
        let salt: Hash = salt.parse().map_err(|_| CoverageError::Form { line, expected: "salt: BASE64" })?;
        let (index, line) = value("index: NUMBER", "index: ")?;
        let index = index.parse().map_err(|_| CoverageError::Form { line, expected: "index: NUMBER" })?;
        let step = |(text, line): (&str, usize)| {
            let hash = text.strip_prefix("path: ").and_then(|rest| rest.strip_suffix('\n')?.parse().ok());
            hash.ok_or(CoverageError::Form { line, expected: "path: BASE64" })
        };
        let path = lines.map(step).collect::<Result<Vec<Hash>, _>>()?;
        let proof = Self { name: host(name)?, salt: salt.0, index: LeafIndex(index), path };
        let written = proof.to_string();
        if written == text { Ok(proof) } else { Err(first_difference(text, &written)) }
    }

    /// Whether the name of the proof is among those under the seal.
    pub fn verify(&self, seal: &Seal) -> Result<(), CoverageError> {
        let proof = InclusionProof { index: self.index, size: TreeSize(seal.count), path: self.path.clone() };
        proof
            .verify(&leaf(&self.name, &self.salt), &seal.root)
            .map_err(|source| CoverageError::NotIncluded { name: self.name.clone(), source })
    }
}

/// Which line is not in its one form: a number with zeros before it, mostly.
fn first_difference(text: &str, written: &str) -> CoverageError {
    let same = text.lines().zip(written.lines()).take_while(|(text, written)| text == written).count();
    CoverageError::Form { line: same + 1, expected: "index: NUMBER" }
}

/// The name, if it is written as hosts are.
fn host(text: &str) -> Result<String, CoverageError> {
    let onion = || text.parse::<OnionName>().map(|name| name.to_string()).ok();
    let domain = || DomainName::parse(text).map(|name| name.to_string()).ok();
    let host = domain().or_else(onion).filter(|host| host == text);
    host.ok_or_else(|| CoverageError::Name { text: excerpt(text) })
}

impl fmt::Display for CoverageProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{PROOF_VERSION}\nname: {}\nsalt: {}", self.name, Hash(self.salt))?;
        writeln!(f, "index: {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "path: {hash}"))
    }
}

impl FromStr for Seal {
    type Err = TlogError;

    /// `COUNT ROOT`, the count without leading zeros and not 0.
    fn from_str(text: &str) -> Result<Self, TlogError> {
        let refuse = || TlogError::Size { text: excerpt(text) };
        let (count, root) = text.split_once(' ').ok_or_else(refuse)?;
        let seal = Self { count: count.parse().map_err(|_| refuse())?, root: root.parse()? };
        if seal.count > 0 && seal.to_string() == text { Ok(seal) } else { Err(refuse()) }
    }
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.root)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("name-{n}.example")).collect()
    }

    fn sealed(count: usize) -> SealedNames {
        SealedNames::seal(Seed(Zeroizing::new([7; 32])), names(count).iter().map(String::as_str)).unwrap()
    }

    #[test]
    fn every_name_has_a_proof_and_no_other_name_has_one() {
        for count in [1, 2, 3, 4, 5, 7, 8, 9, 64, 65, 100] {
            let all = sealed(count);
            let seal = all.stated();
            assert_eq!((seal.count, seal.root), (count as u64, root_of(&all.leaves)), "{count}");
            for name in names(count) {
                let proof = all.prove(&name).unwrap();
                assert_eq!(proof.verify(&seal), Ok(()), "{name} of {count}");
                assert_eq!(CoverageProof::parse(proof.to_string().as_bytes()).unwrap(), proof);
            }
            assert!(all.prove("other.example").is_none());
        }
    }

    #[test]
    fn ten_thousand_names_stay_under_the_memory_they_may_have_and_are_proven_in_few_octets() {
        let all = sealed(10_000);
        let hashes = all.leaves.capacity() + all.upper.iter().map(Vec::capacity).sum::<usize>();
        assert!(hashes * 32 <= 40 * 10_000, "{hashes} hashes");
        let proof = all.prove("name-4711.example").unwrap();
        assert_eq!(proof.verify(&all.stated()), Ok(()));
        assert!(proof.to_string().len() < 2048);
    }

    #[test]
    fn a_proof_is_of_its_own_name_under_its_own_seal() {
        let (all, fewer) = (sealed(9), sealed(8));
        let proof = all.prove("name-3.example").unwrap();
        let refused =
            |proof: &CoverageProof, seal: &Seal| matches!(proof.verify(seal), Err(CoverageError::NotIncluded { .. }));
        assert!(refused(&proof, &fewer.stated()));
        assert!(refused(&CoverageProof { name: "name-4.example".into(), ..proof.clone() }, &all.stated()));
        assert!(refused(&CoverageProof { salt: [0; 32], ..proof.clone() }, &all.stated()));
        assert!(refused(&CoverageProof { index: LeafIndex(proof.index.0 ^ 1), ..proof.clone() }, &all.stated()));
        assert!(refused(&CoverageProof { path: vec![], ..proof }, &all.stated()));
    }

    #[test]
    fn the_same_names_under_another_seed_have_another_root_and_the_order_of_names_does_not_matter() {
        let (forward, backward) = (names(5), names(5).into_iter().rev().chain(names(2)).collect::<Vec<_>>());
        let seal = |seed: u8, names: &[String]| {
            let seed = Seed(Zeroizing::new([seed; 32]));
            SealedNames::seal(seed, names.iter().map(String::as_str)).unwrap().stated()
        };
        assert_eq!(seal(1, &forward), seal(1, &backward));
        assert_ne!(seal(1, &forward).root, seal(2, &forward).root);
        let none = SealedNames::seal(Seed(Zeroizing::new([1; 32])), []);
        assert_eq!(none.unwrap_err(), CoverageError::NoNames);
    }

    /// Eight hundred thousand names, the largest operation that is known, have twenty levels.
    #[test]
    fn the_proof_of_one_name_among_eight_hundred_thousand_is_smaller_than_two_kilobytes() {
        let deep = CoverageProof {
            path: vec![Hash([0; 32]); 20],
            index: LeafIndex(799_999),
            ..sealed(1).prove("name-0.example").unwrap()
        };
        let long = CoverageProof { name: format!("{}.example", "a".repeat(63)), ..deep };
        assert!(long.to_string().len() < 2048, "{}", long.to_string().len());
        let deepest = CoverageProof { path: vec![Hash([0; 32]); 48], ..long };
        assert!(deepest.to_string().len() < PROOF_MAX_BYTES);
    }

    #[test]
    fn other_forms_of_a_proof_are_refused_with_their_line() {
        let text = sealed(9).prove("name-3.example").unwrap().to_string();
        let index = text.lines().nth(3).unwrap().to_owned();
        let cases: [(&str, &str, usize); 8] = [
            ("seizure-coverage/v1", "seizure-coverage/v2", 1),
            ("seizure-coverage/v1", "seizure-coverage/v1 ", 1),
            ("name: ", "host: ", 2),
            ("salt: ", "salt:", 3),
            (&index, "index: -1", 4),
            (&index, "index: 07", 4),
            ("path: ", "path:  ", 5),
            ("path: ", "\npath: ", 5),
        ];
        for (from, to, line) in cases {
            let error = CoverageProof::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert!(matches!(error, CoverageError::Form { line: found, .. } if found == line), "{to}: {error}");
        }
        for name in ["NAME-3.example", "name-3.example.", "a b", "", "bücher.example"] {
            let error = CoverageProof::parse(text.replace("name-3.example", name).as_bytes()).unwrap_err();
            assert!(matches!(error, CoverageError::Name { .. }), "{name}: {error}");
        }
        assert_eq!(CoverageProof::parse(&vec![b'\n'; PROOF_MAX_BYTES + 1]), Err(CoverageError::Size));
        assert!(CoverageProof::parse(text.trim_end().as_bytes()).is_err());
    }

    #[test]
    fn a_seed_is_read_as_it_was_written_or_refused_and_never_shown() {
        let seed = Seed::generate().unwrap();
        let text = seed.to_text();
        assert_eq!(*Seed::parse(text.as_bytes()).unwrap().0, *seed.0);
        assert_eq!(format!("{seed:?}"), "Seed(…)");
        for bad in ["", "seizure-coverage-seed/v1\n", "seizure-coverage-seed/v1\nAAAA\n", text.trim_end(), &text[1..]] {
            assert_eq!(Seed::parse(bad.as_bytes()).unwrap_err(), CoverageError::Seed, "{bad}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

        #[test]
        fn any_bytes_are_a_proof_or_refused(at: prop::sample::Index, octet: u8) {
            let mut bytes = sealed(5).prove("name-3.example").unwrap().to_string().into_bytes();
            let (at, seal) = (at.index(bytes.len()), sealed(5).stated());
            let before = bytes[at];
            bytes[at] = octet;
            let believed = CoverageProof::parse(&bytes).and_then(|proof| proof.verify(&seal));
            prop_assert_eq!(believed.is_ok(), octet == before);
        }

        #[test]
        fn a_seal_is_read_as_it_was_written(count in 1u64.., root: [u8; 32]) {
            let seal = Seal { count, root: Hash(root) };
            prop_assert_eq!(seal.to_string().parse::<Seal>(), Ok(seal));
            let padded = format!("0{seal}");
            prop_assert!(padded.parse::<Seal>().is_err());
        }
    }
}

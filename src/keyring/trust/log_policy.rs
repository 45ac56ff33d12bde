//! Which logs are known, who witnesses them, and how many of the witnesses must have cosigned.

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use super::problem::{TrustError, TrustProblem};
use super::quorum::{Quorum, QuorumVerdict, read_lines};
use super::{SIGNERS_MAX, require_type};
use crate::clock::UtcTime;
use crate::domain::{DomainName, excerpt};
use crate::signed_note::{KeyName, KeyType, Note, NoteError, VerifierKey};

/// Logs, their witnesses, and the quorum of these.
///
/// ```text
/// log police.example/log/harbour-light+1b2c3d4e+AQ…
/// witness court  court.example/witness+9a0c1be3+BA…  https://witness.court.example/
/// witness prosec prosecutor.example/witness+fb614800+BA…
/// group ok 1 court prosec
/// quorum ok
/// ```
///
/// The syntax is that of [tlog-policy](https://c2sp.org/tlog-policy) in ASCII. Groups count agencies as those of
/// [`super::TrustedKeys`] do. The address of a witness is where its `add-checkpoint` lies; whoever only verifies needs none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPolicy {
    /// As it was read, and as it is printed.
    text: String,
    logs: Vec<VerifierKey>,
    witnesses: Vec<WitnessLine>,
    quorum: Quorum,
}

/// A witness, as a policy names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessLine {
    /// Its key, a cosigner's.
    pub key: VerifierKey,
    /// Its submission prefix, where one stands.
    pub url: Option<String>,
}

/// How far a checkpoint is witnessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// Whether the quorum is reached, and by which agencies.
    pub verdict: QuorumVerdict,
    /// Who cosigned and when, in the order of the lines.
    pub cosigned: Vec<(KeyName, UtcTime)>,
}

impl LogPolicy {
    /// The policy of one log of whose checkpoints at least `need` different agencies among the holders of these keys have
    /// cosigned; `need` 0 asks for none. Witnesses are called by their key names.
    pub fn at_least(
        need: usize,
        log: &VerifierKey,
        witnesses: &[(VerifierKey, Option<&str>)],
    ) -> Result<Self, TrustError> {
        let mut text = format!("log {log}\n");
        let mut group = format!("group witnesses {need}");
        for (key, url) in witnesses {
            // Writing to a string never fails.
            let _ = writeln!(text, "witness {} {key} {}", key.name(), url.unwrap_or_default());
            let _ = write!(group, " {}", key.name());
        }
        match need {
            0 => format!("{text}quorum none\n").parse(),
            _ => format!("{text}{group}\nquorum witnesses\n").parse(),
        }
    }

    /// The logs' keys; each is the key of the log that bears its name.
    pub fn logs(&self) -> &[VerifierKey] {
        &self.logs
    }

    /// The witnesses, in the order of the lines.
    pub fn witnesses(&self) -> &[WitnessLine] {
        &self.witnesses
    }

    /// Whether it asks for any cosignature: with `quorum none` it does not, whomever it names.
    pub fn asks_for_any(&self) -> bool {
        self.quorum.evaluate(&[]).need > 0
    }

    /// Verifies the cosignatures under a checkpoint and counts them. The log's own signature is not looked at here.
    ///
    /// An error means that a cosignature by a known witness is bad; a verdict may still say that they are not enough.
    pub fn witnessed(&self, note: &Note) -> Result<Witnessed, NoteError> {
        let keys: Vec<VerifierKey> = self.witnesses.iter().map(|witness| witness.key.clone()).collect();
        let cosignatures = note.cosignatures(&keys)?;
        let verified: Vec<&VerifierKey> = cosignatures.iter().map(|one| one.key).collect();
        let cosigned = cosignatures.iter().map(|one| (one.key.name().clone(), one.at)).collect();
        Ok(Witnessed { verdict: self.quorum.evaluate(&verified), cosigned })
    }

    /// The moment by which enough witnesses had cosigned, and one at least, whatever the policy asks for: what a checkpoint vouches
    /// for is older than that. `None` when they never did.
    ///
    /// A witness says its own time, so as many must be believed as the policy asks for.
    pub fn witnessed_by(&self, note: &Note) -> Result<Option<UtcTime>, NoteError> {
        let keys: Vec<VerifierKey> = self.witnesses.iter().map(|witness| witness.key.clone()).collect();
        let mut cosignatures = note.cosignatures(&keys)?;
        cosignatures.sort_by_key(|one| one.at);
        let mut so_far: Vec<&VerifierKey> = Vec::new();
        let reached = cosignatures.iter().find(|one| {
            so_far.push(one.key);
            self.quorum.evaluate(&so_far).reached
        });
        Ok(reached.map(|one| one.at))
    }

    fn read_words(&mut self, words: &[&str]) -> Result<(), TrustProblem> {
        match words {
            // The address of a log is of no use to this program, but may stand there.
            ["log", vkey] | ["log", vkey, _] => self.add_log(vkey),
            ["witness", name, vkey] => self.add_witness(name, vkey, None),
            ["witness", name, vkey, url] => self.add_witness(name, vkey, Some(url)),
            words => self.quorum.read_words(words, "`log VKEY [URL]`, `witness NAME VKEY [URL]`, "),
        }
    }

    fn add_log(&mut self, vkey: &str) -> Result<(), TrustProblem> {
        let key: VerifierKey = vkey.parse().map_err(|source| TrustProblem::Key { name: excerpt(vkey), source })?;
        require_type(&key, KeyType::Note)?;
        let known = self.logs.iter().chain(self.witnesses.iter().map(|witness| &witness.key));
        if let Some(other) = known.into_iter().find(|other| other.public_key() == key.public_key()) {
            let (name, other) = (key.name().to_string(), other.name().to_string());
            return Err(TrustProblem::SameKey { name, other });
        }
        if self.logs.len() == SIGNERS_MAX {
            return Err(TrustProblem::TooMany);
        }
        self.logs.push(key);
        Ok(())
    }

    fn add_witness(&mut self, name: &str, vkey: &str, url: Option<&&str>) -> Result<(), TrustProblem> {
        let (mut line, logs) = (None, &self.logs);
        self.quorum.add_key(name, vkey, |key| {
            line = Some(WitnessLine { key: key.clone(), url: url.map(|url| (*url).to_owned()) });
            is_witness(key)?;
            // A log that witnesses itself says nothing that it has not said.
            if let Some(log) = logs.iter().find(|log| log.public_key() == key.public_key()) {
                let (name, other) = (key.name().to_string(), log.name().to_string());
                return Err(TrustProblem::SameKey { name, other });
            }
            Ok(())
        })?;
        self.witnesses.extend(line);
        Ok(())
    }
}

/// A witness has a cosigner's key, and its name begins with a domain name. It need not say a role, as long as agencies can be
/// told apart: witnesses of the public network are named in other ways.
fn is_witness(key: &VerifierKey) -> Result<(), TrustProblem> {
    require_type(key, KeyType::Cosigner)?;
    let host = key.name().host();
    match DomainName::parse(host) {
        Ok(parsed) if parsed.as_str() == host => Ok(()),
        _ => Err(TrustProblem::NoDomain { key: key.name().clone() }),
    }
}

impl AsRef<Quorum> for LogPolicy {
    fn as_ref(&self) -> &Quorum {
        &self.quorum
    }
}

impl FromStr for LogPolicy {
    type Err = TrustError;

    fn from_str(text: &str) -> Result<Self, TrustError> {
        let empty = Self { text: text.to_owned(), logs: Vec::new(), witnesses: Vec::new(), quorum: Quorum::default() };
        read_lines(text, empty, Self::read_words)
    }
}

impl fmt::Display for LogPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keyring::SecretKey;
    use crate::signed_note::{NoteSignature, NoteSigner, NoteText};

    fn secret(name: &str, seed: u8) -> SecretKey {
        SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap()
    }

    fn log() -> SecretKey {
        secret("police.example/log", 1)
    }

    /// Two witnesses of the court, one each of two others.
    fn witnesses() -> [SecretKey; 4] {
        [
            secret("court.example/witness", 2),
            secret("court.example/witness/spare", 3),
            secret("prosecutor.example/witness", 4),
            secret("ministry.example/witness", 5),
        ]
    }

    fn policy_of(rest: &str) -> String {
        let [court, spare, prosec, ministry] = witnesses();
        let mut text = format!("log {} https://log.police.example/\n", log().verifier());
        for (name, key) in [("court", court), ("spare", spare), ("prosec", prosec), ("ministry", ministry)] {
            text.push_str(&format!("witness {name} {} https://w.example/{name}\n", key.verifier()));
        }
        text + rest
    }

    fn cosigned(by: &[&SecretKey]) -> Note {
        let root = crate::tlog::empty_root();
        let text = NoteText::new(format!("police.example/log\n0\n{root}\n")).unwrap();
        let mut signatures = vec![NoteSignature::sign(&text, &log()).unwrap()];
        let at = |seconds: usize| UtcTime::from_unix(seconds as i64);
        signatures.extend(by.iter().enumerate().map(|(n, key)| NoteSignature::cosign(&text, at(n), *key).unwrap()));
        Note { text, signatures }
    }

    #[test]
    fn a_quorum_of_witnesses_counts_agencies_and_says_who_and_when() {
        let [court, spare, prosec, ministry] = &witnesses();
        let two: LogPolicy = policy_of("group ok 2 court spare prosec\nquorum ok\n").parse().unwrap();
        for (by, reached) in [
            (vec![], false),
            (vec![court], false),
            (vec![court, spare], false),
            (vec![court, ministry], false),
            (vec![spare, prosec], true),
        ] {
            assert_eq!(two.witnessed(&cosigned(&by)).unwrap().verdict.reached, reached, "{by:?}");
        }
        let witnessed = two.witnessed(&cosigned(&[prosec, court])).unwrap();
        let names: Vec<_> = witnessed.cosigned.iter().map(|(name, at)| (name.as_str(), at.unix())).collect();
        assert_eq!(names, [("prosecutor.example/witness", 0), ("court.example/witness", 1)]);
        assert_eq!(witnessed.verdict.missing.into_iter().collect::<Vec<_>>(), ["ministry.example"]);
        assert_eq!(two.logs(), [log().verifier().clone()]);
        assert_eq!(two.witnesses()[2].url.as_deref(), Some("https://w.example/prosec"));
    }

    #[test]
    fn a_bad_cosignature_of_a_known_witness_refuses_the_note() {
        let [court, ..] = &witnesses();
        let policy: LogPolicy = policy_of("quorum court\n").parse().unwrap();
        let mut note = cosigned(&[court]);
        note.text = NoteText::new(note.text.as_str().replace("\n0\n", "\n1\n")).unwrap();
        assert!(matches!(policy.witnessed(&note), Err(NoteError::BadSignature { .. })));
    }

    #[test]
    fn a_policy_made_from_keys_reads_the_same_and_may_ask_for_none() {
        let keys: Vec<_> =
            witnesses().iter().map(|key| (key.verifier().clone(), Some("http://127.0.0.1:1/"))).collect();
        let log = log();
        let made = LogPolicy::at_least(2, log.verifier(), &keys).unwrap();
        assert_eq!(made.to_string().parse::<LogPolicy>().unwrap(), made);
        assert_eq!(made.witnesses().len(), 4);
        assert!(LogPolicy::at_least(4, log.verifier(), &keys).is_err(), "four keys of three agencies");
        let none = LogPolicy::at_least(0, log.verifier(), &[]).unwrap();
        assert!(none.witnessed(&cosigned(&[])).unwrap().verdict.reached);
    }

    #[test]
    fn a_key_of_another_type_or_without_a_domain_is_refused_with_its_line() {
        let (log, [court, ..]) = (log(), witnesses());
        let shouting = VerifierKey::of_type(KeyType::Cosigner, "Court.example/witness".parse().unwrap(), &[9; 32])
            .map(|k| k.to_string());
        let own = VerifierKey::of_type(
            KeyType::Cosigner,
            "police.example/witness".parse().unwrap(),
            &log.verifier().public_key(),
        );
        let own = own.map(|key| key.to_string());
        let cases = [
            (format!("witness x {}\n", log.verifier()), "is a key for notes; a cosigner's key stands"),
            (format!("log {}\n", court.verifier()), "is a cosigner's key; a key for notes stands"),
            (format!("log {}\n", log.verifier()), "the public key of `police.example/log` is that of"),
            (
                format!("witness x {}\n", own.unwrap()),
                "`police.example/witness` is that of `police.example/log` as well",
            ),
            (format!("witness x {}\n", shouting.unwrap()), "does not begin with a domain name"),
            ("log x\n".to_owned(), "the verifier key of `x` is not usable"),
            ("log\n".to_owned(), "`log` is not `log VKEY [URL]`, `witness NAME VKEY [URL]`, `group NAME"),
            ("signer a b\n".to_owned(), "`signer a b` is not `log VKEY"),
        ];
        for (line, expected) in cases {
            let error = policy_of(&line).parse::<LogPolicy>().unwrap_err();
            assert_eq!(error.line, 6, "{line}");
            assert!(error.problem.to_string().contains(expected), "{line}: {}", error.problem);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(lines in proptest::collection::vec("(log|witness|group|quorum|#)?( (none|any|all|2|court|prosec|g)){0,4}\n?", 0..12)) {
            let text = policy_of(&lines.concat());
            if let Ok(policy) = text.parse::<LogPolicy>() {
                prop_assert_eq!(policy.to_string(), text);
            }
        }
    }
}

//! Cosignatures: what a witness says of somebody else's checkpoint
//! ([C2SP tlog-cosignature](https://c2sp.org/tlog-cosignature), Ed25519, type 0x04).
//!
//! ```text
//! cosignature/v1
//! time 1679315147
//! example.com/behind-the-sofa
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! ```
//!
//! is what is signed: two lines and the whole text of the checkpoint. It says that this was the largest consistent tree of that
//! log that the witness had seen at that time. In the note stands the time, eight octets, and then the signature.

use super::{KeyType, Note, NoteError, NoteSignature, NoteSigner, NoteText, SignError, VerifierKey, raw_signature};
use crate::clock::UtcTime;

/// A verified cosignature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature<'k> {
    /// Whose it is.
    pub key: &'k VerifierKey,
    /// When the witness made it, by its own clock.
    pub at: UtcTime,
}

/// The octets that a cosigner signs.
fn message(text: &NoteText, seconds: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{}", text.as_str()).into_bytes()
}

/// The time of a cosignature by `key` under `text`, when it is good.
pub(super) fn verify(key: &VerifierKey, text: &NoteText, blob: &[u8]) -> Option<UtcTime> {
    let (time, signature) = blob.split_first_chunk::<8>()?;
    let seconds = u64::from_be_bytes(*time);
    // At most 2^63 - 1 (tlog-cosignature, "Format"); here at most the year 9999, the last that can be written.
    let at = i64::try_from(seconds).map(UtcTime::from_unix).ok().filter(|at| at.unix().unsigned_abs() == seconds)?;
    let good = key.key_type() == KeyType::Cosigner && key.verifies(&message(text, seconds), signature.try_into().ok()?);
    good.then_some(at)
}

impl NoteSignature {
    /// Cosigns the text of a checkpoint as seen at `at`, with a cosigner's key. A time before 1970 is told as 1970.
    pub fn cosign<S: NoteSigner>(text: &NoteText, at: UtcTime, signer: &S) -> Result<Self, SignError<S::Error>> {
        let seconds = u64::try_from(at.unix()).unwrap_or(0);
        let signature = raw_signature(KeyType::Cosigner, &message(text, seconds), signer)?;
        let blob = [seconds.to_be_bytes().as_slice(), signature.as_slice()].concat();
        Ok(Self::by(signer.verifier(), blob))
    }
}

impl Note {
    /// The cosignatures by keys among `known`, each key once: the latest of those it made. Keys of other types are passed over.
    ///
    /// A bad one by a known key refuses the whole note. That there is none is no error: the policy says how many are needed.
    pub fn cosignatures<'k>(&self, known: &'k [VerifierKey]) -> Result<Vec<Cosignature<'k>>, NoteError> {
        let mut found: Vec<Cosignature<'k>> = Vec::new();
        for line in &self.signatures {
            let Some(key) = known.iter().find(|key| key.key_type() == KeyType::Cosigner && key.is_of(line)) else {
                continue;
            };
            let bad = || NoteError::BadSignature { name: line.name.clone() };
            let at = verify(key, &self.text, &line.signature).ok_or_else(bad)?;
            match found.iter_mut().find(|other| other.key == key) {
                Some(other) => other.at = other.at.max(at),
                None => found.push(Cosignature { key, at }),
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use proptest::prelude::*;

    use super::*;

    struct InMemory(SigningKey, VerifierKey);

    impl InMemory {
        fn new(of: KeyType, name: &str, seed: u8) -> Self {
            let key = SigningKey::from_bytes(&[seed; 32]);
            let verifier = VerifierKey::of_type(of, name.parse().unwrap(), key.verifying_key().as_bytes()).unwrap();
            Self(key, verifier)
        }
    }

    impl NoteSigner for InMemory {
        type Error = std::convert::Infallible;

        fn verifier(&self) -> &VerifierKey {
            &self.1
        }

        fn sign(&self, message: &[u8]) -> Result<[u8; 64], Self::Error> {
            Ok(self.0.sign(message).to_bytes())
        }
    }

    const TEXT: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    fn text() -> NoteText {
        NoteText::new(TEXT.to_owned()).unwrap()
    }

    fn time(seconds: i64) -> UtcTime {
        UtcTime::from_unix(seconds)
    }

    #[test]
    fn the_message_is_that_of_the_specification() {
        let expected = format!("cosignature/v1\ntime 1679315147\n{TEXT}");
        assert_eq!(message(&text(), 1_679_315_147), expected.as_bytes());
    }

    /// The checkpoint of the specification, cosigned by the key with the seed 07…07. Name, ID and line were computed with
    /// Python's hashlib and cryptography.
    #[test]
    fn a_known_cosignature_comes_out_octet_for_octet() {
        const VKEY: &str = "witness.example.com/w1+8122a5ab+BOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
        const LINE: &str = "— witness.example.com/w1 gSKlqwAAAABkGFDLWr4Jea05CAgwNVtwky0Jgz6WfX0QJgM//FkB/W9BoT9TX0DkTxG+2cT4p/ViKNhUM/SnUwFcYQzugGFQ15LwDw==";
        let witness = InMemory::new(KeyType::Cosigner, "witness.example.com/w1", 7);
        assert_eq!(witness.1.to_string(), VKEY);
        assert_eq!(VKEY.parse::<VerifierKey>().unwrap(), witness.1);
        let line = NoteSignature::cosign(&text(), time(1_679_315_147), &witness).unwrap();
        assert_eq!(line.to_string(), LINE);
        let note = Note::parse(format!("{TEXT}\n{LINE}\n").as_bytes()).unwrap();
        let known = [witness.1];
        let cosigned = note.cosignatures(&known).unwrap();
        assert_eq!(cosigned, [Cosignature { key: &known[0], at: time(1_679_315_147) }]);
        assert_eq!(note.verify(&known).unwrap(), [&known[0]]);
    }

    #[test]
    fn one_key_under_one_name_is_two_keys_when_the_types_differ() {
        let as_note = InMemory::new(KeyType::Note, "w.example/witness", 3);
        let as_cosigner = InMemory::new(KeyType::Cosigner, "w.example/witness", 3);
        assert_ne!(as_note.1, as_cosigner.1);
        assert_ne!(as_note.1.id(), as_cosigner.1.id());
        assert!(matches!(
            NoteSignature::sign(&text(), &as_cosigner),
            Err(SignError::WrongType { found: KeyType::Cosigner, wanted: KeyType::Note, .. })
        ));
        assert!(matches!(
            NoteSignature::cosign(&text(), time(0), &as_note),
            Err(SignError::WrongType { found: KeyType::Note, wanted: KeyType::Cosigner, .. })
        ));
        let signed = NoteSignature::sign(&text(), &as_note).unwrap();
        let cosigned = NoteSignature::cosign(&text(), time(5), &as_cosigner).unwrap();
        // Even with the other type's ID in front, neither passes for the other.
        let swapped = [
            (NoteSignature { id: as_cosigner.1.id(), ..signed }, &as_cosigner.1),
            (NoteSignature { id: as_note.1.id(), ..cosigned.clone() }, &as_note.1),
            (NoteSignature { id: as_note.1.id(), signature: cosigned.signature[8..].to_vec(), ..cosigned }, &as_note.1),
        ];
        for (line, key) in swapped {
            let note = Note { text: text(), signatures: vec![line] };
            let known = [key.clone()];
            assert!(matches!(note.verify(&known), Err(NoteError::BadSignature { .. })), "{key}");
        }
    }

    #[test]
    fn the_latest_of_several_counts_and_strangers_do_not() {
        let (one, two) = (
            InMemory::new(KeyType::Cosigner, "a.example/witness", 1),
            InMemory::new(KeyType::Cosigner, "b.example/w", 2),
        );
        let cosign = |key: &InMemory, at| NoteSignature::cosign(&text(), time(at), key).unwrap();
        let signatures = vec![cosign(&one, 9), cosign(&two, 8), cosign(&one, 7)];
        let note = Note { text: text(), signatures };
        let known = [one.1.clone(), InMemory::new(KeyType::Note, "b.example/w", 2).1];
        assert_eq!(note.cosignatures(&known).unwrap(), [Cosignature { key: &known[0], at: time(9) }]);
        assert_eq!(note.cosignatures(&[]).unwrap(), []);
    }

    proptest! {
        #[test]
        fn any_blob_is_answered_and_no_altered_one_is_good(at in 0i64..253_402_300_799, flip in 0usize..(72 * 8), blob: Vec<u8>) {
            let key = InMemory::new(KeyType::Cosigner, "a.example/witness", 1);
            let line = NoteSignature::cosign(&text(), time(at), &key).unwrap();
            prop_assert_eq!(verify(&key.1, &text(), &line.signature), Some(time(at)));
            let mut altered = line.signature.clone();
            altered[flip / 8] ^= 1 << (flip % 8);
            prop_assert_eq!(verify(&key.1, &text(), &altered), None);
            prop_assert_eq!(verify(&key.1, &text(), &line.signature[..flip / 8]), None);
            prop_assert_eq!(verify(&key.1, &text(), &blob), None);
        }
    }
}

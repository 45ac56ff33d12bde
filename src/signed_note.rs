//! Signed notes: text that several parties sign, line by line.
//!
//! ```text
//! <text, one or more lines, ends in a line feed>
//!
//! — police.example/notice Qoy7XKEi…
//! — prosecutor.example/notice kB0pVbZ1…
//! ```
//!
//! The format is [C2SP signed-note](https://c2sp.org/signed-note). Two rules are stricter here: the text holds no empty
//! line, so that a reader can cut it out with `sed '/^$/,$d'`; and signatures are checked with `verify_strict`, which
//! refuses small-order keys and points.
//!
//! A key has a [`KeyType`], which is part of its ID. Keys of [`KeyType::Note`] sign the text itself; those of
//! [`KeyType::Cosigner`] sign a checkpoint together with the time at which they saw it, in a message that no other key signs.

mod cosignature;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature as Ed25519Signature, VerifyingKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use cosignature::Cosignature;

/// The longest note that is read: a megabyte holds a plan of ten thousand targets and its signatures.
pub const NOTE_MAX_BYTES: usize = 1 << 24;

/// The most signature lines that are read; C2SP asks for at least 16.
pub const SIGNATURES_MAX: usize = 128;

/// What a key signs, as the octet in its ID says (signed-note, "Signatures").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyType {
    /// The text of notes: Ed25519, octet 0x01.
    Note,
    /// Checkpoints with the time at which they were seen: octet 0x04
    /// ([C2SP tlog-cosignature](https://c2sp.org/tlog-cosignature), Ed25519).
    Cosigner,
}

impl KeyType {
    fn octet(self) -> u8 {
        match self {
            Self::Note => 0x01,
            Self::Cosigner => 0x04,
        }
    }

    fn of_octet(octet: u8) -> Option<Self> {
        [Self::Note, Self::Cosigner].into_iter().find(|of| of.octet() == octet)
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Note => "a key for notes",
            Self::Cosigner => "a cosigner's key",
        })
    }
}

/// The name of a key: a URL without a scheme on a domain of the holder, `police.example/notice`.
///
/// Not empty, no white space, no `+`, no control character. Printed ASCII only, which is stricter than C2SP: a name that a
/// lawyer compares by eye has no look-alikes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(Box<str>);

/// Why a note, a key or a name is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Larger than [`NOTE_MAX_BYTES`].
    #[error("the note has {bytes} bytes; at most {NOTE_MAX_BYTES} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not UTF-8.
    #[error("the note is not UTF-8")]
    NotUtf8,
    /// A control character other than line feed.
    #[error("the note holds the control character U+{code:04X} in line {line}")]
    Control {
        /// The character.
        code: u32,
        /// Line number, from 1.
        line: usize,
    },
    /// The text is empty, has an empty line, or does not end in a line feed.
    #[error("the text of a note is one or more lines, none of them empty, each ended by a line feed")]
    Text,
    /// There is no empty line between text and signatures, or no signature after it.
    #[error("the note has no signatures: after the text stand an empty line and lines that start with `— `")]
    Unsigned,
    /// A signature line that is not `— name base64`.
    #[error("line {line} is not a signature line `— name base64`")]
    SignatureLine {
        /// Line number, from 1.
        line: usize,
    },
    /// More than [`SIGNATURES_MAX`] signature lines.
    #[error("the note has more than {SIGNATURES_MAX} signatures")]
    TooManySignatures,
    /// A key name that C2SP or this program does not allow.
    #[error("`{name}` is not a key name: ASCII letters, digits and punctuation without spaces or `+`")]
    Name {
        /// The name, shortened and escaped.
        name: String,
    },
    /// A verifier key that is not `name+id+base64`.
    #[error("`{text}` is not a verifier key: name+12345678+base64")]
    VerifierKey {
        /// The text, shortened and escaped.
        text: String,
    },
    /// A verifier key whose ID is not the one that follows from its name and key.
    #[error(
        "the verifier key of `{name}` was copied wrongly: it says the ID {stated}, and its name and key give {derived}"
    )]
    KeyId {
        /// Its name.
        name: KeyName,
        /// The ID that stands there.
        stated: String,
        /// The ID that belongs there.
        derived: String,
    },
    /// A verifier key whose key is of another type, not on the curve, or weak.
    #[error("the key of `{name}` is not a usable Ed25519 key")]
    Key {
        /// Its name.
        name: KeyName,
    },
    /// A signature under a known key that does not verify: the text was altered, or the signature was made up.
    #[error("the signature of `{name}` does not match the text")]
    BadSignature {
        /// The key's name.
        name: KeyName,
    },
    /// No signature is by a known key.
    #[error("none of the note's {signatures} signatures is by a known key")]
    NoKnownSignature {
        /// How many there are.
        signatures: usize,
    },
}

impl KeyName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the first slash: the holder's domain.
    pub fn host(&self) -> &str {
        self.0.split('/').next().unwrap_or(&self.0)
    }

    /// Whether the two are surely of one holder: the host of one is that of the other, or stands below it.
    pub fn is_of_one_agency(&self, other: &Self) -> bool {
        let (one, other) = (self.host().to_ascii_lowercase(), other.host().to_ascii_lowercase());
        let below = |name: &str, above: &str| name.strip_suffix(above).is_some_and(|front| front.ends_with('.'));
        one == other || below(&one, &other) || below(&other, &one)
    }
}

impl FromStr for KeyName {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        const CHARS_MAX: usize = 200;
        let good =
            !text.is_empty() && text.len() <= CHARS_MAX && text.bytes().all(|b| b.is_ascii_graphic() && b != b'+');
        if good { Ok(Self(text.into())) } else { Err(NoteError::Name { name: crate::domain::excerpt(text) }) }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl serde::Serialize for KeyName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for KeyName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A public key and its name: what a C2SP vkey says, `police.example/notice+44e78004+AY5I…`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    key: VerifyingKey,
    of: KeyType,
}

impl VerifierKey {
    /// Joins a name and an Ed25519 public key (RFC 8032, 32 octets) that signs notes. Weak keys (small order) are refused.
    pub fn new(name: KeyName, public_key: &[u8; 32]) -> Result<Self, NoteError> {
        Self::of_type(KeyType::Note, name, public_key)
    }

    /// The same for a key of any type.
    pub fn of_type(of: KeyType, name: KeyName, public_key: &[u8; 32]) -> Result<Self, NoteError> {
        match VerifyingKey::from_bytes(public_key) {
            Ok(key) if !key.is_weak() => Ok(Self { name, key, of }),
            _ => Err(NoteError::Key { name }),
        }
    }

    /// What it signs.
    pub fn key_type(&self) -> KeyType {
        self.of
    }

    /// The key's name.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The 32 octets of the key.
    pub fn public_key(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// `SHA-256(name || 0x0A || type || key)`, the first four octets (signed-note, "Signatures").
    pub fn id(&self) -> [u8; 4] {
        let digest = Sha256::new().chain_update(self.name.as_str()).chain_update([b'\n', self.of.octet()]);
        let octets: [u8; 32] = digest.chain_update(self.key.as_bytes()).finalize().into();
        let [a, b, c, d, ..] = octets;
        [a, b, c, d]
    }

    /// Whether a line bears this key's name and ID.
    pub fn is_of(&self, line: &NoteSignature) -> bool {
        *self.name() == line.name && self.id() == line.id
    }

    /// Whether a line that bears this key's name and ID is good under `text`, each type with its own message.
    fn has_signed(&self, text: &NoteText, line: &NoteSignature) -> bool {
        match self.of {
            KeyType::Note => {
                let signature: Option<&[u8; 64]> = line.signature.as_slice().try_into().ok();
                signature.is_some_and(|signature| self.verifies(text.as_str().as_bytes(), signature))
            }
            KeyType::Cosigner => cosignature::verify(self, text, &line.signature).is_some(),
        }
    }

    /// Whether `signature` is by this key over these very octets, strictly (RFC 8032 section 5.1.7, no small-order points).
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.key.verify_strict(message, &Ed25519Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut octets = vec![self.of.octet()];
        octets.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id()), Base64::encode_string(&octets))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let refuse = || NoteError::VerifierKey { text: crate::domain::excerpt(text) };
        // The base64 may itself hold `+`, so only the first two are separators.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(refuse());
        };
        let name: KeyName = name.parse()?;
        let octets = Base64::decode_vec(key).map_err(|_| refuse())?;
        let typed = octets.split_first().and_then(|(octet, key)| Some((KeyType::of_octet(*octet)?, key)));
        let Some((of, key)) = typed else { return Err(NoteError::Key { name }) };
        let key: &[u8; 32] = key.try_into().map_err(|_| NoteError::Key { name: name.clone() })?;
        let made = Self::of_type(of, name, key)?;
        // The ID is derived, so the printed form must match in every character.
        let derived = format!("{:08x}", u32::from_be_bytes(made.id()));
        match id {
            id if id == derived => Ok(made),
            id if id.len() == derived.len() && id.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
                Err(NoteError::KeyId { name: made.name, stated: id.to_owned(), derived })
            }
            _ => Err(refuse()),
        }
    }
}

/// Whatever can sign a note: a key file, a token, an agent.
pub trait NoteSigner {
    /// Why it could not sign; a key in memory never fails.
    type Error: std::error::Error + Send + Sync + 'static;

    /// The public half.
    fn verifier(&self) -> &VerifierKey;

    /// The Ed25519 signature over `message`.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Self::Error>;

    /// A secret that only the holder of the private key can compute, the same each time and another for each purpose. Nothing where
    /// whatever keeps the key does nothing but sign.
    fn secret(&self, purpose: &str) -> Option<Zeroizing<[u8; 32]>> {
        let _ = purpose;
        None
    }
}

/// Why a text is not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError<E> {
    /// A key signs what its type says and nothing else.
    #[error("`{name}` is {found}; {wanted} is needed here")]
    WrongType {
        /// The key's name.
        name: KeyName,
        /// What it is.
        found: KeyType,
        /// What would sign this.
        wanted: KeyType,
    },
    /// Whatever keeps the key did not sign.
    #[error(transparent)]
    Signer(E),
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The key's name.
    pub name: KeyName,
    /// The key's ID.
    pub id: [u8; 4],
    /// The signature: 64 octets for Ed25519, otherwise whatever the type has.
    pub signature: Vec<u8>,
}

impl NoteSignature {
    /// Signs `text` as a note's text, with a key for notes.
    pub fn sign<S: NoteSigner>(text: &NoteText, signer: &S) -> Result<Self, SignError<S::Error>> {
        let signature = raw_signature(KeyType::Note, text.as_str().as_bytes(), signer)?.to_vec();
        Ok(Self::by(signer.verifier(), signature))
    }

    fn by(key: &VerifierKey, signature: Vec<u8>) -> Self {
        Self { name: key.name().clone(), id: key.id(), signature }
    }

    /// Reads one line, without its line feed.
    pub fn parse(line: &str) -> Option<Self> {
        parse_signature(line)
    }
}

/// The one place where a key signs for a note: a key of another type is refused, so that what one type signs can never be
/// taken for what another does.
fn raw_signature<S: NoteSigner>(wanted: KeyType, message: &[u8], signer: &S) -> Result<[u8; 64], SignError<S::Error>> {
    let (name, found) = (signer.verifier().name(), signer.verifier().key_type());
    if found != wanted {
        return Err(SignError::WrongType { name: name.clone(), found, wanted });
    }
    signer.sign(message).map_err(SignError::Signer)
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut octets = self.id.to_vec();
        octets.extend_from_slice(&self.signature);
        write!(f, "— {} {}", self.name, Base64::encode_string(&octets))
    }
}

/// The text of a note: one or more lines without an empty one, each ended by a line feed, no control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteText(String);

impl NoteText {
    /// Checks a text.
    pub fn new(text: String) -> Result<Self, NoteError> {
        if text.len() > NOTE_MAX_BYTES {
            return Err(NoteError::TooLarge { bytes: text.len() });
        }
        check_controls(&text)?;
        if !text.ends_with('\n') || text.starts_with('\n') || text.contains("\n\n") {
            return Err(NoteError::Text);
        }
        Ok(Self(text))
    }

    /// The text with its last line feed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// signed-note: no octet below 0x20 but the line feed. DEL is refused as well.
fn check_controls(text: &str) -> Result<(), NoteError> {
    for (index, line) in text.split('\n').enumerate() {
        if let Some(control) = line.chars().find(|c| c.is_control()) {
            return Err(NoteError::Control { code: u32::from(control), line: index + 1 });
        }
    }
    Ok(())
}

/// A text and its signature lines, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What is signed.
    pub text: NoteText,
    /// By whom, in the order of the lines.
    pub signatures: Vec<NoteSignature>,
}

impl Note {
    /// Reads a note.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_MAX_BYTES {
            return Err(NoteError::TooLarge { bytes: bytes.len() });
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        check_controls(whole)?;
        // signed-note: the split is at the last empty line.
        let split = whole.rfind("\n\n").ok_or(NoteError::Unsigned)?;
        let (text, rest) = whole.split_at(split + 1);
        let lines = rest.strip_prefix('\n').and_then(|rest| rest.strip_suffix('\n')).ok_or(NoteError::Unsigned)?;
        let text = NoteText::new(text.to_owned())?;
        let first_line = text.as_str().lines().count() + 2;
        let mut signatures = Vec::new();
        for (index, line) in lines.split('\n').enumerate() {
            if signatures.len() == SIGNATURES_MAX {
                return Err(NoteError::TooManySignatures);
            }
            signatures.push(parse_signature(line).ok_or(NoteError::SignatureLine { line: first_line + index })?);
        }
        Ok(Self { text, signatures })
    }

    /// The keys among `known` whose signatures stand under the text and are good.
    ///
    /// Signatures by unknown keys are ignored; a bad one by a known key refuses the whole note, and so does a note without
    /// one good known signature (signed-note, "Verifying").
    pub fn verify<'k>(&self, known: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut seen = BTreeSet::new();
        let mut good = Vec::new();
        for line in &self.signatures {
            let Some(key) = known.iter().find(|key| key.is_of(line)) else { continue };
            if !key.has_signed(&self.text, line) {
                return Err(NoteError::BadSignature { name: line.name.clone() });
            }
            // The same line twice is one signature.
            if seen.insert((line.name.clone(), line.id)) {
                good.push(key);
            }
        }
        if good.is_empty() { Err(NoteError::NoKnownSignature { signatures: self.signatures.len() }) } else { Ok(good) }
    }
}

fn parse_signature(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let octets = Base64::decode_vec(encoded).ok()?;
    let (id, signature) = octets.split_at_checked(4)?;
    if signature.is_empty() {
        return None;
    }
    Some(NoteSignature { name: name.parse().ok()?, id: id.try_into().ok()?, signature: signature.to_vec() })
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text.as_str())?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use proptest::prelude::*;

    use super::*;

    struct InMemory(SigningKey, VerifierKey);

    impl InMemory {
        fn new(name: &str, seed: u8) -> Self {
            let key = SigningKey::from_bytes(&[seed; 32]);
            let verifier = VerifierKey::new(name.parse().unwrap(), key.verifying_key().as_bytes()).unwrap();
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

    fn text(text: &str) -> NoteText {
        NoteText::new(text.to_owned()).unwrap()
    }

    fn signed(body: &str, signers: &[&InMemory]) -> Note {
        let text = text(body);
        let signatures = signers.iter().map(|signer| NoteSignature::sign(&text, *signer).unwrap()).collect();
        Note { text, signatures }
    }

    #[test]
    fn two_agencies_sign_one_text_and_each_counts_once() {
        let police = InMemory::new("police.example/notice", 1);
        let court = InMemory::new("court.example/notice", 2);
        let mut note = signed("first\nsecond\n", &[&police, &court, &police]);
        let known = [police.1.clone(), court.1.clone()];
        assert_eq!(Note::parse(note.to_string().as_bytes()).unwrap(), note);
        assert_eq!(note.verify(&known).unwrap().len(), 2);
        assert_eq!(note.verify(&known[1..]).unwrap(), [&known[1]]);
        let stranger = [InMemory::new("police.example/notice", 3).1];
        assert_eq!(note.verify(&stranger), Err(NoteError::NoKnownSignature { signatures: 3 }));
        note.text = text("first\nSecond\n");
        assert_eq!(
            note.verify(&known),
            Err(NoteError::BadSignature { name: "police.example/notice".parse().unwrap() })
        );
    }

    /// The worked example of the specification (c2sp.org/signed-note, "Example").
    #[test]
    fn the_worked_example_of_the_specification_verifies_and_prints_the_same() {
        const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        const NOTE: &str = "This is an example message.\n\n— example.com/foo \
            Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        let key: VerifierKey = VKEY.parse().unwrap();
        assert_eq!(key.to_string(), VKEY);
        let note = Note::parse(NOTE.as_bytes()).unwrap();
        assert_eq!(note.verify(std::slice::from_ref(&key)).unwrap(), [&key]);
        assert_eq!(note.to_string(), NOTE);
        assert!(matches!(
            VKEY.replace("530d903a", "530d903b").parse::<VerifierKey>(),
            Err(NoteError::KeyId { stated, derived, .. }) if stated == "530d903b" && derived == "530d903a"
        ));
        assert!(matches!(
            VKEY.replace("530d903a", "530d903").parse::<VerifierKey>(),
            Err(NoteError::VerifierKey { .. })
        ));
    }

    #[test]
    fn weak_and_foreign_keys_are_not_enrolled() {
        let name: KeyName = "a.example".parse().unwrap();
        // The identity point: every signature would verify under it with a plain check.
        let mut identity = [0; 32];
        identity[0] = 1;
        assert!(matches!(VerifierKey::new(name, &identity), Err(NoteError::Key { .. })));
        let ecdsa = format!("a.example+00000000+{}", Base64::encode_string(&[2; 33]));
        assert!(matches!(ecdsa.parse::<VerifierKey>(), Err(NoteError::Key { .. })));
        for name in ["", "a b", "a+b", "a\u{200b}b", "a\n"] {
            assert!(name.parse::<KeyName>().is_err(), "{name:?}");
        }
    }

    #[test]
    fn what_is_not_a_note_is_refused_for_its_own_reason() {
        let good = signed("text\n", &[&InMemory::new("a.example", 1)]).to_string();
        assert!(Note::parse(good.as_bytes()).is_ok());
        type Expected = fn(&NoteError) -> bool;
        let cases: [(&[u8], Expected); 9] = [
            (b"", |e| *e == NoteError::Unsigned),
            (b"text\n", |e| *e == NoteError::Unsigned),
            (b"text\n\n", |e| *e == NoteError::Unsigned),
            ("\n\n\n— a.example AAAAAAAA\n".as_bytes(), |e| *e == NoteError::Text),
            (b"text\n\n- a.example AAAAAAAA\n", |e| *e == NoteError::SignatureLine { line: 3 }),
            ("text\n\n— a.example AAAA\n".as_bytes(), |e| *e == NoteError::SignatureLine { line: 3 }),
            ("a\n\nb\n\n— a.example AAAAAAAA\n".as_bytes(), |e| *e == NoteError::Text),
            (b"te\txt\n\n", |e| *e == NoteError::Control { code: 9, line: 1 }),
            (b"te\xffxt\n\n", |e| *e == NoteError::NotUtf8),
        ];
        for (bytes, expected) in cases {
            let error = Note::parse(bytes).unwrap_err();
            assert!(expected(&error), "{bytes:?}: {error}");
        }
        assert_eq!(Note::parse(good.trim_end().as_bytes()), Err(NoteError::Unsigned));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_and_what_is_read_prints_the_same(body in "\\PC{0,40}(\n\\PC{0,20}){0,4}", tail in "(— [a-z]{1,4} [A-Za-z0-9+/=]{0,16}\n){0,3}") {
            let bytes = format!("{body}\n\n{tail}");
            if let Ok(note) = Note::parse(bytes.as_bytes()) {
                prop_assert_eq!(note.to_string(), bytes);
            }
        }
    }
}

//! Any line under any checkpoint is answered, as that of a cosigner and as that of a key for notes.
#![no_main]

use impound::keyring::LogPolicy;
use impound::signed_note::{Note, NoteSignature, VerifierKey};
use libfuzzer_sys::fuzz_target;

/// The key of a witness, whose name and ID the fuzzer soon finds in its seeds.
const WITNESS: &str = "witness.example.com/w1+8122a5ab+BOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";

fuzz_target!(|bytes: &[u8]| {
    let Ok(note) = Note::parse(bytes) else { return };
    let known: Vec<VerifierKey> = WITNESS.parse().into_iter().collect();
    let policy: LogPolicy = format!("witness w {WITNESS}\nquorum w\n").parse().unwrap();
    if let (Ok(cosigned), Ok(witnessed)) = (note.cosignatures(&known), policy.witnessed(&note)) {
        assert_eq!(cosigned.is_empty(), !witnessed.verdict.reached);
        assert_eq!(cosigned.is_empty(), note.verify(&known).is_err());
    }
    for line in &note.signatures {
        assert_eq!(NoteSignature::parse(&line.to_string()).as_ref(), Some(line));
    }
});

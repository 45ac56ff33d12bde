use std::os::unix::net::UnixListener;
use std::thread::{self, JoinHandle};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::keyring::{SecretKey, Signer, SignerError};

/// A key's blob and its comment.
type Listed = (Vec<u8>, &'static str);

const NOTICE: &str = "police.example/notice";

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(NOTICE.parse().unwrap(), &[seed; 32]).unwrap()
}

fn string(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_string(&mut out, octets);
    out
}

/// The answer that lists these blobs and comments.
fn listing(identities: &[Listed]) -> Vec<u8> {
    let mut answer = vec![IDENTITIES_ANSWER];
    answer.extend_from_slice(&u32::try_from(identities.len()).unwrap().to_be_bytes());
    for (blob, comment) in identities {
        answer.extend([string(blob), string(comment.as_bytes())].concat());
    }
    answer
}

fn signed(key: &SecretKey, message: &[u8]) -> Vec<u8> {
    let signature = [string(ED25519), string(&key.sign(message).unwrap())].concat();
    [vec![SIGN_RESPONSE], string(&signature)].concat()
}

/// An agent that gives these answers, one a connection, whatever it is asked.
fn agent(answers: Vec<Vec<u8>>) -> (TempDir, PathBuf, JoinHandle<()>) {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("agent");
    let listener = UnixListener::bind(&socket).unwrap();
    let task = thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut length = [0; 4];
            stream.read_exact(&mut length).unwrap();
            let mut request = vec![0; u32::from_be_bytes(length) as usize];
            stream.read_exact(&mut request).unwrap();
            stream.write_all(&answer).unwrap();
        }
    });
    (dir, socket, task)
}

fn framed(answer: &[u8]) -> Vec<u8> {
    string(answer)
}

/// What comes of looking for a key in an agent that answers this.
fn find(answer: Vec<u8>, wanted: &str) -> Result<AgentKey, KeyringError> {
    let (_dir, socket, task) = agent(vec![answer]);
    let found = AgentKey::find(&socket, wanted);
    task.join().unwrap();
    found
}

#[test]
fn a_key_is_found_by_its_name_or_its_fingerprint() {
    let blob = ssh_key_blob(key(1).verifier());
    let fingerprint = Identity { blob: blob.clone(), comment: Vec::new() }.fingerprint();
    let keys = [(ssh_key_blob(key(2).verifier()), "jane@laptop"), (blob, NOTICE), (b"other".to_vec(), "")];
    for wanted in [NOTICE, &fingerprint] {
        let found = find(framed(&listing(&keys)), wanted).unwrap();
        assert_eq!(found.verifier(), key(1).verifier());
    }
}

#[test]
fn what_is_not_the_one_key_of_the_role_is_refused() {
    let blob = || ssh_key_blob(key(1).verifier());
    let rsa = [string(b"ssh-rsa"), string(&[3]), string(&[7; 256])].concat();
    let security_key = [string(b"sk-ssh-ed25519@openssh.com"), string(&[7; 32]), string(b"ssh:")].concat();
    let weak = [string(ED25519), string(&[0; 32])].concat();
    let cases: &[(&[Listed], &str, &str)] = &[
        (&[], NOTICE, "the ssh-agent has no key `police.example/notice`"),
        (&[(blob(), "court.example/notice")], NOTICE, "has no key"),
        (&[(blob(), NOTICE), (ssh_key_blob(key(2).verifier()), NOTICE)], NOTICE, "has 2 keys `police.example/notice`"),
        (&[(rsa, NOTICE)], NOTICE, "not a plain Ed25519 key"),
        (&[(security_key, NOTICE)], NOTICE, "not a plain Ed25519 key"),
        (&[(weak, NOTICE)], NOTICE, "not a usable Ed25519 key"),
        (&[(blob(), "jane@laptop")], "jane@laptop", "is not HOST/ROLE"),
        (&[(blob(), "jane doe")], "jane doe", "is not a key name"),
    ];
    for (keys, wanted, said) in cases {
        let refused = find(framed(&listing(keys)), wanted).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn an_answer_that_is_none_is_refused() {
    let good = listing(&[(ssh_key_blob(key(1).verifier()), NOTICE)]);
    let more = [good.as_slice(), b"x"].concat();
    let many = [&[IDENTITIES_ANSWER][..], &u32::MAX.to_be_bytes()].concat();
    for answer in [
        framed(&[]),
        framed(&[FAILURE]),
        framed(&good[..good.len() - 1]),
        framed(&more),
        framed(&many),
        framed(&[SIGN_RESPONSE]),
        u32::MAX.to_be_bytes().to_vec(),
    ] {
        let refused = find(answer, NOTICE).unwrap_err();
        assert!(matches!(refused, KeyringError::Agent(AgentError::Answer { .. })), "{refused:?}");
    }
    let short = find(framed(&good)[..10].to_vec(), NOTICE).unwrap_err();
    assert!(matches!(short, KeyringError::Agent(AgentError::Io { .. })), "{short:?}");
    let nobody = AgentKey::find(Path::new("/nowhere/agent"), NOTICE).unwrap_err();
    assert!(matches!(nobody, KeyringError::Agent(AgentError::Io { .. })), "{nobody:?}");
}

#[test]
fn a_signature_is_used_only_when_it_is_by_the_key_over_the_message() {
    let message = b"seizure-notice/v1\n";
    let listed = framed(&listing(&[(ssh_key_blob(key(1).verifier()), NOTICE)]));
    let with = |answer: Vec<u8>| {
        let (_dir, socket, task) = agent(vec![listed.clone(), answer]);
        let signer = Signer::Agent(AgentKey::find(&socket, NOTICE).unwrap());
        let signature = signer.sign(message);
        task.join().unwrap();
        signature
    };
    assert_eq!(with(framed(&signed(&key(1), message))).unwrap(), key(1).sign(message).unwrap());
    for answer in [signed(&key(2), message), signed(&key(1), b"another text")] {
        let refused = with(framed(&answer)).unwrap_err();
        assert!(matches!(refused, SignerError::Wrong { .. }), "{refused:?}");
    }
    assert!(matches!(with(framed(&[FAILURE])), Err(SignerError::Agent(AgentError::Refused { .. }))));
    let good = signed(&key(1), message);
    for answer in [&good[..good.len() - 1], &[SIGN_RESPONSE], &[good.as_slice(), b"x"].concat()] {
        assert!(matches!(with(framed(answer)), Err(SignerError::Agent(AgentError::Answer { .. }))));
    }
}

#[test]
fn what_is_longer_than_an_agent_takes_is_not_sent() {
    let key = AgentKey { socket: PathBuf::from("/nowhere/agent"), verifier: key(1).verifier().clone() };
    let refused = key.sign(&vec![b'x'; MESSAGE_MAX_BYTES]).unwrap_err();
    assert!(matches!(refused, AgentError::TooLong { .. }), "{refused:?}");
}

proptest! {
    #[test]
    fn any_answer_is_read_or_refused(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_identities(&octets);
        let _ = ed25519_key(&octets);
        let _ = signature(&octets);
    }
}

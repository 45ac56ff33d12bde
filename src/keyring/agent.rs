//! Keys in an ssh-agent, spoken to over its socket.
//!
//! Two messages of the protocol are needed: which keys are there, and sign this
//! (<https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent>, sections 3.5 and 3.6). An agent signs whatever octets
//! it is given, and for Ed25519 the signature is the plain one of RFC 8032.
//!
//! A key in an agent has a comment, and that comment is its name: `ssh-keygen -t ed25519 -C police.example/notice`. Whoever
//! loads keys into the agent could write another name there; the signatures would then carry another key ID and count
//! nowhere.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64ct::{Base64Unpadded, Encoding};

use super::detached::{put_string, ssh_key_blob};
use super::{KeyringError, Role};
use crate::digest::Digest;
use crate::domain::excerpt;
use crate::signed_note::{KeyName, NoteSigner, VerifierKey};

/// The longest message either way: OpenSSH's agent takes no more.
const MESSAGE_MAX_BYTES: usize = 256 << 10;
/// The most keys of an agent that are looked at, as many as `ssh-add -l` shows.
const IDENTITIES_MAX: u32 = 2048;
/// How long an agent may take: a person may have to confirm the signature (`ssh-add -c`).
const ANSWER_TIME: Duration = Duration::from_secs(120);

/// Section 3.5 and 3.6, and section 6.1 for the numbers.
const FAILURE: u8 = 5;
const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;

/// The algorithm's name (RFC 8709 section 3).
const ED25519: &[u8] = b"ssh-ed25519";

/// Why an agent does not sign.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// Nobody listens, or nobody answers.
    #[error("the ssh-agent at {} does not answer", socket.display())]
    Io {
        /// Its socket.
        socket: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something that is no answer of an agent.
    #[error("what the ssh-agent at {} answers is not understood", socket.display())]
    Answer {
        /// Its socket.
        socket: PathBuf,
    },
    /// No key has this name or fingerprint.
    #[error("the ssh-agent has no key `{wanted}`")]
    Missing {
        /// What was asked for, shortened.
        wanted: String,
    },
    /// More than one key has this name.
    #[error("the ssh-agent has {count} keys `{wanted}`")]
    Several {
        /// What was asked for, shortened.
        wanted: String,
        /// How many.
        count: usize,
    },
    /// A key of another algorithm, or one on a security key, which does not sign plain octets.
    #[error("the key `{wanted}` in the ssh-agent is not a plain Ed25519 key")]
    NotEd25519 {
        /// What was asked for, shortened.
        wanted: String,
    },
    /// The agent does not sign: it is locked, or a person said no.
    #[error("the ssh-agent refused to sign with `{name}`")]
    Refused {
        /// The key's name.
        name: KeyName,
    },
    /// The text is longer than an agent takes.
    #[error("an ssh-agent signs at most {MESSAGE_MAX_BYTES} octets, and this needs {octets}")]
    TooLong {
        /// How many it would be.
        octets: usize,
    },
}

/// An Ed25519 key that an ssh-agent holds.
#[derive(Debug)]
pub struct AgentKey {
    socket: PathBuf,
    verifier: VerifierKey,
}

impl AgentKey {
    /// Finds the key of an agent whose comment, or whose fingerprint as `ssh-add -l` prints it, is `wanted`. The
    /// comment must be a name that says a role.
    pub fn find(socket: &Path, wanted: &str) -> Result<Self, KeyringError> {
        let identities = identities(socket)?;
        let is_wanted =
            |identity: &&Identity| identity.comment == wanted.as_bytes() || identity.fingerprint() == wanted;
        let found: Vec<_> = identities.iter().filter(is_wanted).collect();
        let identity = match found.as_slice() {
            [] => return Err(AgentError::Missing { wanted: excerpt(wanted) }.into()),
            [identity] => identity,
            several => return Err(AgentError::Several { wanted: excerpt(wanted), count: several.len() }.into()),
        };
        let name: KeyName = String::from_utf8_lossy(&identity.comment).parse()?;
        let Some(role) = Role::of(&name) else { return Err(KeyringError::NoRole { name }) };
        let octets = ed25519_key(&identity.blob).ok_or_else(|| AgentError::NotEd25519 { wanted: excerpt(wanted) })?;
        Ok(Self { socket: socket.to_owned(), verifier: VerifierKey::of_type(role.key_type(), name, &octets)? })
    }
}

impl NoteSigner for AgentKey {
    type Error = AgentError;

    fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AgentError> {
        let mut request = vec![SIGN_REQUEST];
        put_string(&mut request, &ssh_key_blob(&self.verifier));
        put_string(&mut request, message);
        // No flags: they choose a hash for RSA.
        request.extend_from_slice(&0u32.to_be_bytes());
        if request.len() > MESSAGE_MAX_BYTES {
            return Err(AgentError::TooLong { octets: request.len() });
        }
        let answer = ask(&self.socket, &request)?;
        match answer.split_first() {
            Some((&FAILURE, _)) => Err(AgentError::Refused { name: self.verifier.name().clone() }),
            Some((&SIGN_RESPONSE, rest)) => {
                signature(rest).ok_or_else(|| AgentError::Answer { socket: self.socket.clone() })
            }
            _ => Err(AgentError::Answer { socket: self.socket.clone() }),
        }
    }
}

/// A key as an agent lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    blob: Vec<u8>,
    comment: Vec<u8>,
}

impl Identity {
    /// `SHA256:…`, as OpenSSH prints it.
    fn fingerprint(&self) -> String {
        format!("SHA256:{}", Base64Unpadded::encode_string(Digest::of(&self.blob).as_bytes()))
    }
}

fn identities(socket: &Path) -> Result<Vec<Identity>, AgentError> {
    let answer = ask(socket, &[REQUEST_IDENTITIES])?;
    read_identities(&answer).ok_or_else(|| AgentError::Answer { socket: socket.to_owned() })
}

fn read_identities(answer: &[u8]) -> Option<Vec<Identity>> {
    let mut fields = Fields(answer.strip_prefix(&[IDENTITIES_ANSWER])?);
    let count = fields.number().filter(|count| *count <= IDENTITIES_MAX)?;
    let mut identity = || Some(Identity { blob: fields.string()?.to_owned(), comment: fields.string()?.to_owned() });
    let identities = (0..count).map(|_| identity()).collect::<Option<_>>()?;
    fields.end().then_some(identities)
}

/// The 32 octets of an Ed25519 key (RFC 8709 section 4).
fn ed25519_key(blob: &[u8]) -> Option<[u8; 32]> {
    let mut fields = Fields(blob);
    let (algorithm, key) = (fields.string()?, fields.string()?);
    (algorithm == ED25519 && fields.end()).then(|| key.try_into().ok())?
}

/// The 64 octets of an Ed25519 signature (RFC 8709 section 6), one string in the answer.
fn signature(answer: &[u8]) -> Option<[u8; 64]> {
    let mut outer = Fields(answer);
    let mut fields = Fields(outer.string()?);
    let (algorithm, signature) = (fields.string()?, fields.string()?);
    (algorithm == ED25519 && fields.end() && outer.end()).then(|| signature.try_into().ok())?
}

/// Sends one message on a connection of its own and reads the answer.
fn ask(socket: &Path, request: &[u8]) -> Result<Vec<u8>, AgentError> {
    exchange(socket, request)
        .map_err(|source| AgentError::Io { socket: socket.to_owned(), source })?
        .ok_or_else(|| AgentError::Answer { socket: socket.to_owned() })
}

/// The answer, or `None` when it is longer than one can be, or empty.
fn exchange(socket: &Path, request: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(ANSWER_TIME))?;
    stream.set_write_timeout(Some(ANSWER_TIME))?;
    let mut framed = Vec::new();
    put_string(&mut framed, request);
    stream.write_all(&framed)?;
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length == 0 || length > MESSAGE_MAX_BYTES {
        return Ok(None);
    }
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer)?;
    Ok(Some(answer))
}

/// The fields of a message (RFC 4251 section 5).
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*number))
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (string, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(string)
    }

    fn end(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests;

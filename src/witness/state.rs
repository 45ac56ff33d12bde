//! What a witness knows of each log, and what it answers.
//!
//! The state directory holds one file for each log, named by the SHA-256 of its origin in hexadecimal digits. It holds the
//! checkpoint that was cosigned last, with the log's signature and ours, and is replaced whole and synced before the
//! cosignature is given out. A log of which nothing was cosigned yet has a file that says so: so a file that is lost is never
//! taken for a log that is new.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::keyring::Signer;
use crate::signed_note::{KeyName, KeyType, Note, NoteError, NoteSignature, NoteSigner, VerifierKey};
use crate::tlog::{Checkpoint, Hash, TlogError, TreeSize, empty_root, verify_consistency};
use crate::whole_file::{self, ReadError, Readers, WriteError};

use super::request::{AddCheckpoint, REQUEST_MAX_BYTES};

/// Held as long as the witness runs.
const LOCK: &str = "lock";

/// Why a witness does not start.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// The key signs notes, not checkpoints of others.
    #[error("`{name}` is not a witness's key")]
    NotAWitness {
        /// Its name.
        name: KeyName,
    },
    /// There is no log to witness.
    #[error("no log is given")]
    NoLogs,
    /// The state of a log is not there, and this is not said to be its first start.
    #[error("{} is missing: what was cosigned of `{origin}` is not known", path.display())]
    StateMissing {
        /// The log.
        origin: KeyName,
        /// Where it should be.
        path: PathBuf,
    },
    /// It is said to be the first start of a log of which there is a state.
    #[error("this is not the first start of `{origin}`: {} is there", path.display())]
    NotFirst {
        /// The log.
        origin: KeyName,
        /// Its state.
        path: PathBuf,
    },
    /// The first start of a log that is not witnessed.
    #[error("`{origin}` is not one of the logs that are given")]
    FirstOfNone {
        /// The log.
        origin: KeyName,
    },
    /// The state of a log is not what this witness writes.
    #[error("{} is damaged, or was written by a witness with another key", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// Another process has the state.
    #[error("another witness runs on {}", path.display())]
    Locked {
        /// The lock.
        path: PathBuf,
    },
    /// The directory cannot be used.
    #[error("{} cannot be used", path.display())]
    Directory {
        /// The directory, or a file in it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The state is not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The state is not written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// What a witness says to a request (tlog-witness, "add-checkpoint").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 200: the cosignature. It is durable that it was given.
    Cosigned(NoteSignature),
    /// 400: not a request.
    Malformed(String),
    /// 403: not signed by the log.
    NotSigned,
    /// 404: of a log that is not witnessed.
    UnknownLog,
    /// 409: the old size is not the size that was cosigned last, which is this.
    OtherSize(TreeSize),
    /// 422: the proof does not fit, or another tree of this size was cosigned.
    Inconsistent,
    /// 500: the witness cannot answer now.
    Unable(&'static str),
}

/// A witness: its key, its logs, and what it cosigned of each.
///
/// The state is checked and set under one lock for each log, so that of two requests that exclude each other one is refused.
pub struct Witness {
    key: Signer,
    /// By the hexadecimal SHA-256 of the origin.
    logs: BTreeMap<String, WitnessedLog>,
    /// Locked until it is closed.
    _lock: File,
}

struct WitnessedLog {
    origin: KeyName,
    keys: Vec<VerifierKey>,
    path: PathBuf,
    /// Locked from the judgement until what follows from it is on the disk.
    last: Mutex<Last>,
    /// The note that was cosigned last. Apart, because it is asked for by those who must not wait for a disk.
    shown: Mutex<Option<String>>,
}

/// What was cosigned last.
enum Last {
    Nothing,
    Seen(Seen),
    /// A write failed: what is on the disk is not known.
    Lost,
}

struct Seen {
    size: TreeSize,
    root: Hash,
    at: UtcTime,
}

impl Witness {
    /// Takes up the state in `dir`. `first_start` names the logs, by origin, that this witness has never witnessed.
    pub fn open(
        dir: &Path,
        key: impl Into<Signer>,
        logs: &[VerifierKey],
        first_start: &[KeyName],
    ) -> Result<Self, WitnessError> {
        let key = key.into();
        if key.verifier().key_type() != KeyType::Cosigner {
            return Err(WitnessError::NotAWitness { name: key.verifier().name().clone() });
        }
        if logs.is_empty() {
            return Err(WitnessError::NoLogs);
        }
        if let Some(origin) = first_start.iter().find(|origin| logs.iter().all(|log| log.name() != *origin)) {
            return Err(WitnessError::FirstOfNone { origin: origin.clone() });
        }
        let lock = lock(dir)?;
        let mut known: BTreeMap<String, WitnessedLog> = BTreeMap::new();
        for log in logs {
            let (origin, id) = (log.name(), log_id(log.name()));
            if known.contains_key(&id) {
                continue;
            }
            let keys: Vec<_> = logs.iter().filter(|other| other.name() == origin).cloned().collect();
            let path = dir.join(&id);
            let (last, shown) = take_up(&path, origin, &keys, key.verifier(), first_start.contains(origin))?;
            let (last, shown) = (Mutex::new(last), Mutex::new(shown));
            known.insert(id, WitnessedLog { origin: origin.clone(), keys, path, last, shown });
        }
        Ok(Self { key, logs: known, _lock: lock })
    }

    /// The witness's own public key.
    pub fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// Answers a request; `now` is the time of the cosignature. What is given out is durable before this returns.
    pub fn add_checkpoint(&self, body: &[u8], now: UtcTime) -> Answer {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(error) => return Answer::Malformed(error.to_string()),
        };
        let Some(log) = self.logs.get(&log_id(&request.checkpoint.origin)) else { return Answer::UnknownLog };
        if request.note.verify(&log.keys).is_err() {
            return Answer::NotSigned;
        }
        let mut last = log.last.lock().unwrap_or_else(PoisonError::into_inner);
        match log.judge(&last, &request, now) {
            Some(refusal) => refusal,
            None => self.cosign(log, &mut last, &request, now),
        }
    }

    /// The checkpoint that was cosigned last of the log with this identifier, with the log's signature and ours. Never waits for
    /// a cosignature that is being written.
    pub fn latest(&self, log_id: &str) -> Option<String> {
        self.logs.get(log_id)?.shown().clone()
    }

    fn cosign(&self, log: &WitnessedLog, last: &mut Last, request: &AddCheckpoint, now: UtcTime) -> Answer {
        let Ok(cosignature) = NoteSignature::cosign(&request.note.text, now, &self.key) else {
            return Answer::Unable("the witness cannot sign");
        };
        let mut note = request.note.clone();
        note.signatures.retain(|line| log.keys.iter().any(|key| *key.name() == line.name && key.id() == line.id));
        note.signatures.push(cosignature.clone());
        let note = note.to_string();
        if whole_file::replace(&log.path, note.as_bytes(), Readers::Everyone).is_err() {
            *last = Last::Lost;
            *log.shown() = None;
            return Answer::Unable("the witness cannot write its state");
        }
        let Checkpoint { size, root, .. } = request.checkpoint;
        *last = Last::Seen(Seen { size, root, at: now });
        *log.shown() = Some(note);
        Answer::Cosigned(cosignature)
    }
}

impl WitnessedLog {
    fn shown(&self) -> MutexGuard<'_, Option<String>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why a request by the log itself is refused; nothing when its checkpoint is to be cosigned.
    fn judge(&self, last: &Last, request: &AddCheckpoint, now: UtcTime) -> Option<Answer> {
        let (size, root) = match last {
            Last::Nothing => (TreeSize(0), empty_root()),
            Last::Seen(seen) if now < seen.at => return Some(Answer::Unable("the clock of the witness went back")),
            Last::Seen(seen) => (seen.size, seen.root),
            Last::Lost => return Some(Answer::Unable("the witness does not know its own state")),
        };
        if request.old != size {
            return Some(Answer::OtherSize(size));
        }
        let new = &request.checkpoint;
        // With equal sizes the roots must be equal too, whatever the proof: that of the empty tree proves nothing.
        let same_size_other_root = new.size == size && new.root != root;
        let proven = verify_consistency((size, &root), (new.size, &new.root), &request.proof);
        (same_size_other_root || proven.is_err()).then_some(Answer::Inconsistent)
    }
}

/// The name of a log in the state directory and in addresses: the SHA-256 of its origin, in hexadecimal digits.
pub(super) fn log_id(origin: &KeyName) -> String {
    data_encoding::HEXLOWER.encode(Digest::of(origin.as_str()).as_bytes())
}

fn lock(dir: &Path) -> Result<File, WitnessError> {
    let unusable = |path: &Path| {
        let path = path.to_owned();
        move |source| WitnessError::Directory { path, source }
    };
    whole_file::make_dir(dir).map_err(unusable(dir))?;
    let path = dir.join(LOCK);
    let open = File::options().create(true).truncate(false).write(true).open(&path);
    let file = open.map_err(unusable(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(WitnessError::Locked { path }),
        Err(TryLockError::Error(source)) => Err(WitnessError::Directory { path, source }),
    }
}

/// What a file says of a log of which nothing was cosigned.
fn nothing_yet(origin: &KeyName) -> String {
    format!("impound-witness/v1\n{origin}\nnothing cosigned yet\n")
}

/// What was cosigned last of a log, and that as it is shown.
fn take_up(
    path: &Path,
    origin: &KeyName,
    keys: &[VerifierKey],
    own: &VerifierKey,
    first: bool,
) -> Result<(Last, Option<String>), WitnessError> {
    let (origin, path) = (origin.clone(), path.to_owned());
    let bytes = match whole_file::read(&path, REQUEST_MAX_BYTES) {
        Err(ReadError::Missing { .. }) if first => {
            whole_file::create(&path, nothing_yet(&origin).as_bytes(), Readers::Everyone)?;
            return Ok((Last::Nothing, None));
        }
        Err(ReadError::Missing { .. }) => return Err(WitnessError::StateMissing { origin, path }),
        read => read?,
    };
    if first {
        return Err(WitnessError::NotFirst { origin, path });
    }
    if bytes == nothing_yet(&origin).as_bytes() {
        return Ok((Last::Nothing, None));
    }
    let (seen, note) = seen(&bytes, &origin, keys, own).map_err(|_| WitnessError::Damaged { path })?;
    Ok((Last::Seen(seen), Some(note.to_string())))
}

/// Why a state is not taken up. The file's name says enough to whoever must look at it.
#[derive(Debug, thiserror::Error)]
enum Unlike {
    #[error(transparent)]
    Note(#[from] NoteError),
    #[error(transparent)]
    Checkpoint(#[from] TlogError),
    #[error("another log, or not cosigned by this witness")]
    Other,
}

/// A state must bear the log's signature and our own.
fn seen(bytes: &[u8], origin: &KeyName, keys: &[VerifierKey], own: &VerifierKey) -> Result<(Seen, Note), Unlike> {
    let note = Note::parse(bytes)?;
    let checkpoint = Checkpoint::parse(&note.text)?;
    note.verify(keys)?;
    let at = note.cosignatures(std::slice::from_ref(own))?.first().map(|cosignature| cosignature.at);
    match at {
        Some(at) if checkpoint.origin == *origin => {
            Ok((Seen { size: checkpoint.size, root: checkpoint.root, at }, note))
        }
        _ => Err(Unlike::Other),
    }
}

impl std::fmt::Debug for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let origins: Vec<_> = self.logs.values().map(|log| &log.origin).collect();
        f.debug_struct("Witness").field("key", self.verifier()).field("logs", &origins).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::keyring::SecretKey;

    #[test]
    fn whoever_asks_what_was_cosigned_does_not_wait_for_what_is_being_written() {
        let dir = tempfile::tempdir().unwrap();
        let key = |name: &str, seed: u8| SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap();
        let log = key("police.example/log", 1).verifier().clone();
        let id = log_id(log.name());
        let witness = Witness::open(
            dir.path(),
            key("court.example/witness", 2),
            std::slice::from_ref(&log),
            &[log.name().clone()],
        )
        .unwrap();
        // As a request holds it from its judgement until its state is on the disk.
        let being_written = witness.logs[&id].last.lock().unwrap();
        *witness.logs[&id].shown() = Some("the one before".to_owned());
        let (say, said) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| say.send(witness.latest(&id)).unwrap());
            let latest = said.recv_timeout(Duration::from_secs(20));
            drop(being_written);
            assert_eq!(latest, Ok(Some("the one before".to_owned())));
        });
    }
}

//! What several commands open: files, keys, playbooks, the log.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::args::{KeyArg, LogArg, PassphraseArg};
use super::exit::OrFail;
use super::keys::keyring_failure;
use super::{Env, Exit, Failure};
use crate::audit::{AuditError, Commitment, LogReader, Openings, Recorded, SealedError, for_reading};
use crate::keyring::{KeyFile, Passphrase, Role, SecretKey};
use crate::playbook::{LoadError, Playbook, load};
use crate::signed_note::{NoteError, VerifierKey};
use crate::whole_file::{self, ReadError, Readers};

/// The longest passphrase that is read from a descriptor.
const PASSPHRASE_MAX_BYTES: usize = 4096;

/// Reads a file of at most `max` octets.
pub(super) fn read_bounded(path: &Path, max: usize) -> Result<Vec<u8>, Failure> {
    whole_file::read(path, max).map_err(|error| Failure::new(read_exit(&error), error))
}

/// The exit code of a file that is not read: which one it is and what is in it is the user's doing, the rest the machine's.
pub(super) fn read_exit(error: &ReadError) -> Exit {
    match error {
        ReadError::Missing { .. } | ReadError::TooLarge { .. } | ReadError::NotAFile { .. } => Exit::Usage,
        ReadError::Unreadable { .. } => Exit::Environment,
    }
}

/// Writes a file whole or not at all, durably.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    whole_file::replace(path, bytes, Readers::Owner).or_fail(Exit::Environment)
}

/// Opens a key for one role; asks for its passphrase when it has one.
pub(super) fn unlock(argument: &KeyArg, role: Role, env: &mut Env<'_>) -> Result<SecretKey, Failure> {
    let file = KeyFile::read(&argument.key).map_err(keyring_failure)?;
    let passphrase = match file.is_encrypted() {
        true => Some(passphrase(&argument.passphrase, &format!("Passphrase of {}: ", file.name()), env)?),
        false => None,
    };
    file.unlock(role, passphrase.as_ref()).map_err(keyring_failure)
}

fn passphrase(argument: &PassphraseArg, prompt: &str, env: &mut Env<'_>) -> Result<Passphrase, Failure> {
    match argument.passphrase_fd {
        Some(descriptor) => from_descriptor(descriptor),
        None => (env.passphrase)(prompt).map_err(|error| {
            Failure::new(Exit::Environment, format!("the passphrase cannot be asked for: {error}"))
                .help("run it on a terminal, or give --passphrase-fd")
        }),
    }
}

/// The first line of an open descriptor.
fn from_descriptor(descriptor: u32) -> Result<Passphrase, Failure> {
    let path = PathBuf::from(format!("/dev/fd/{descriptor}"));
    let file = File::open(&path).map_err(|source| ReadError::of(&path, source)).or_fail(Exit::Environment)?;
    let bytes = whole_file::read_secret(file, &path, PASSPHRASE_MAX_BYTES).or_fail(Exit::Usage)?;
    let line = bytes.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let text = std::str::from_utf8(line).or_fail(Exit::Usage)?;
    Ok(Passphrase::new(text.to_owned()))
}

/// Asks for a new passphrase twice, or reads it once from a descriptor.
pub(super) fn new_passphrase(argument: &PassphraseArg, env: &mut Env<'_>) -> Result<Passphrase, Failure> {
    let first = passphrase(argument, "New passphrase: ", env)?;
    if argument.passphrase_fd.is_none() {
        let second = passphrase(argument, "The same again: ", env)?;
        if !first.is_same_as(&second) {
            return Err(Failure::new(Exit::Usage, "the two passphrases differ").help("try again; nothing was written"));
        }
    }
    Ok(first)
}

/// A verifier key, or the file that holds it.
pub(super) fn verifier_key(text: &str) -> Result<VerifierKey, Failure> {
    /// A verifier key line is about 100 characters long.
    const MAX_BYTES: usize = 4096;
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let bytes = read_bounded(Path::new(text), MAX_BYTES)?;
    String::from_utf8_lossy(&bytes).trim_end().parse().map_err(|why: NoteError| {
        Failure::new(Exit::Usage, NotAKey { path: text.to_owned(), why }).help(
            "a verifier key is one line, NAME+12345678+BASE64; `impound key new` writes it to the file that ends in .vkey",
        )
    })
}

/// What was given with `--keys`.
#[derive(Debug, thiserror::Error)]
#[error("{path} is not a verifier key")]
struct NotAKey {
    path: String,
    #[source]
    why: NoteError,
}

/// The exit code of what the log says.
pub(super) fn audit_failure(error: AuditError) -> Failure {
    use AuditError as E;
    let exit = match &error {
        E::Locked { .. } | E::DiskFull { .. } | E::ReadOnly { .. } | E::Io { .. } | E::Poisoned => Exit::Environment,
        E::NotALog { .. } | E::AlreadyALog { .. } | E::BatchTooLarge { .. } | E::NoSuchEntry(_) | E::NoProof(_) => {
            Exit::Usage
        }
        _ => Exit::NotVerified,
    };
    let help = match &error {
        E::Locked { .. } => Some("another program writes this log; wait for it or stop it".to_owned()),
        E::DiskFull { .. } => Some("make room and run it again; nothing that was acknowledged is lost".to_owned()),
        E::NotALog { dir, .. } => Some(where_the_log_is(dir)),
        E::ForeignOrigin { found, .. } => Some(format!("the key that is needed is the one of `{found}`")),
        _ => None,
    };
    let failure = Failure::new(exit, error);
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

/// What to give instead of a directory that holds no log.
fn where_the_log_is(dir: &Path) -> String {
    let log = dir.join("log");
    match log.join("checkpoint").is_file() {
        true => format!("this is an operation; its log is {}", log.display()),
        false => {
            "a log is a directory with a file `checkpoint`; `impound run` makes it as `log` beside the playbook".into()
        }
    }
}

/// A log, after it was recomputed whole from its entries.
pub(super) fn verified_log(argument: &LogArg) -> Result<LogReader, Failure> {
    let key = verifier_key(&argument.keys)?;
    let reader = LogReader::open(&argument.dir, std::slice::from_ref(&key)).map_err(audit_failure)?;
    reader.verify_all(None).map_err(audit_failure)?;
    Ok(reader)
}

/// The entries of a log as they were written, after it was recomputed whole from them.
fn entries_under(dir: &Path, key: &VerifierKey) -> Result<Vec<Recorded>, Failure> {
    let reader = LogReader::open(dir, std::slice::from_ref(key)).map_err(audit_failure)?;
    reader.verified_entries().map_err(audit_failure)
}

/// The entries of a log for people to read, after it was verified: sealed texts in clear where their openings are at hand.
pub(super) fn told_entries(argument: &LogArg) -> Result<Vec<Recorded>, Failure> {
    told_under(&argument.dir, &verifier_key(&argument.keys)?, Some(&openings(argument)?))
}

/// The same, with the key and the openings at hand.
pub(super) fn told_under(dir: &Path, key: &VerifierKey, openings: Option<&Openings>) -> Result<Vec<Recorded>, Failure> {
    entries_under(dir, key)?.into_iter().map(|recorded| told(recorded, openings)).collect()
}

/// An entry for people to read: sealed texts in clear where their openings are at hand, and otherwise named as sealed.
pub(super) fn told(mut recorded: Recorded, openings: Option<&Openings>) -> Result<Recorded, Failure> {
    recorded.entry.body = for_reading(&recorded.entry.body, openings, Commitment::excerpt).map_err(sealed_failure)?;
    Ok(recorded)
}

/// The openings that are named, or those beside the log.
pub(super) fn openings(argument: &LogArg) -> Result<Openings, Failure> {
    match &argument.private {
        Some(dir) if !dir.is_dir() => {
            Err(Failure::new(Exit::Usage, format!("{} is no directory of openings", dir.display())))
        }
        Some(dir) => Ok(Openings::new(dir)),
        None => Ok(Openings::new(&private_beside(&argument.dir)?)),
    }
}

/// The directory of what opens sealed texts: beside the log and not in it, so that the log can be handed on as it is.
pub(super) fn private_beside(log: &Path) -> Result<PathBuf, Failure> {
    const PRIVATE: &str = "private";
    match log.file_name() {
        Some(_) => Ok(log.with_file_name(PRIVATE)),
        // `.` and `..` have no name of their own.
        None => Ok(log.canonicalize().or_fail(Exit::Environment)?.with_file_name(PRIVATE)),
    }
}

/// The exit code of what openings say.
pub(super) fn sealed_failure(error: SealedError) -> Failure {
    use SealedError as E;
    match error {
        E::NotAnOpening { .. } | E::DoesNotFit { .. } => Failure::new(Exit::NotVerified, error)
            .help("a file that opens nothing can be moved away: the text then counts as sealed"),
        E::TooLong { .. } => Failure::new(Exit::Usage, error),
        E::NoSalt(_) | E::NoDirectory { .. } | E::Unwritable(_) | E::Unreadable(_) => {
            Failure::new(Exit::Environment, error)
        }
    }
}

/// Reads a playbook; its warnings are told, its errors end the command.
pub(super) fn playbook(path: &Path, env: &mut Env<'_>) -> Result<Playbook, Failure> {
    let loaded = load(path).map_err(load_failure)?;
    if !loaded.problems.is_empty() {
        env.say(loaded.render(env.colour));
    }
    loaded.playbook.ok_or_else(|| {
        Failure::new(Exit::Usage, "the playbook has errors").help("`impound explain CODE` says more about each")
    })
}

/// The exit code of a playbook that could not be read at all.
pub(super) fn load_failure(error: LoadError) -> Failure {
    let exit = match &error {
        LoadError::Read(ReadError::Unreadable { .. } | ReadError::NotAFile { .. }) => Exit::Environment,
        _ => Exit::Usage,
    };
    Failure::new(exit, error)
}

//! What several commands open: files, keys, playbooks, the log.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::args::{CopyArg, KeyArg, LogArg, PassphraseArg};
use super::exit::OrFail;
use super::keys::keyring_failure;
use super::{Env, Exit, Failure};
use crate::audit::{
    Alarm, AuditError, CheckpointCopy, Commitment, EvidenceStore, Log, LogReader, Openings, Place, Recorded,
    SealedError, Verified, for_reading,
};
#[cfg(feature = "pkcs11")]
use crate::domain::excerpt;
use crate::keyring::{
    AgentKey, KeyFile, LogPolicy, POLICY_MAX_BYTES, Passphrase, Role, SecretKey, Signer, TrustError, holds_private_key,
};
#[cfg(feature = "pkcs11")]
use crate::keyring::{Token, TokenUri};
use crate::playbook::{FILE_NAME, LoadError, Playbook, load};
use crate::signed_note::{KeyName, NOTE_MAX_BYTES, Note, NoteError, NoteSigner, VerifierKey};
use crate::whole_file::{self, ReadError, Readers, WriteError};

/// The directory of the raw evidence, in that of the record.
pub(super) const EVIDENCE: &str = "evidence";

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

/// Holds a file that several people change in turn, so that each sees what the one before did, until the value is dropped.
pub(super) fn held(path: &Path) -> Result<File, Failure> {
    whole_file::hold(path).or_fail(Exit::Environment)?.ok_or_else(|| {
        Failure::new(Exit::Environment, format!("another impound is writing {}", path.display()))
            .help("wait until it has ended, and run this one again")
    })
}

/// Writes a file whole or not at all, durably.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    whole_file::replace(path, bytes, Readers::Owner).map_err(write_failure)
}

/// The exit code of a file that is not written: its name is the user's doing, the rest the machine's.
pub(super) fn write_failure(error: WriteError) -> Failure {
    match &error {
        WriteError::NotAFile { .. } => {
            Failure::new(Exit::Usage, error).help("name a file; without -o, results go to standard output")
        }
        WriteError::Exists { .. } => Failure::new(Exit::Usage, error),
        WriteError::NoDirectory { .. } | WriteError::Unwritable { .. } => Failure::new(Exit::Environment, error),
    }
}

/// How the address of a key in an ssh-agent begins.
const AGENT: &str = "agent:";
/// How that of a key on a token begins (RFC 7512).
const TOKEN: &str = "pkcs11:";

/// Opens a key for one role, wherever it is kept; asks for its passphrase when it has one.
pub(super) fn unlock(argument: &KeyArg, role: Role, env: &mut Env<'_>) -> Result<Signer, Failure> {
    let place = argument.key.to_str().unwrap_or_default();
    match place.strip_prefix(AGENT) {
        Some(wanted) => {
            let key = in_agent(wanted, env)?;
            role.require(key.verifier().name()).map_err(keyring_failure)?;
            Ok(Signer::Agent(key))
        }
        None if place.starts_with(TOKEN) => on_token(place, argument, role, env),
        None => in_file(argument, role, env).map(Signer::File),
    }
}

/// The public half of a key that is in no file; `None` when `place` is the path of one.
pub(super) fn public_half(place: &Path, env: &Env<'_>) -> Result<Option<VerifierKey>, Failure> {
    let place = place.to_str().unwrap_or_default();
    match place.strip_prefix(AGENT) {
        Some(wanted) => Ok(Some(in_agent(wanted, env)?.verifier().clone())),
        None if place.starts_with(TOKEN) => public_half_on_token(place).map(Some),
        None => Ok(None),
    }
}

fn in_agent(wanted: &str, env: &Env<'_>) -> Result<AgentKey, Failure> {
    let socket = env.agent.as_deref().ok_or_else(|| {
        Failure::new(Exit::Environment, "there is no ssh-agent").help("start one, or set SSH_AUTH_SOCK to its socket")
    })?;
    AgentKey::find(socket, wanted).map_err(keyring_failure)
}

#[cfg(feature = "pkcs11")]
fn on_token(place: &str, argument: &KeyArg, role: Role, env: &mut Env<'_>) -> Result<Signer, Failure> {
    let uri: TokenUri = place.parse().or_fail(Exit::Usage)?;
    // Asked before the PIN, and before somebody's library is loaded.
    role.require(&uri.object).map_err(keyring_failure)?;
    let token = Token::find(&uri).map_err(keyring_failure)?;
    let pin = match token.needs_pin() {
        true => {
            Some(passphrase(&argument.passphrase, &format!("PIN of the token `{}`: ", excerpt(token.label())), env)?)
        }
        false => None,
    };
    token.unlock(pin.as_ref()).map(Signer::Token).map_err(keyring_failure)
}

#[cfg(feature = "pkcs11")]
fn public_half_on_token(place: &str) -> Result<VerifierKey, Failure> {
    let uri: TokenUri = place.parse().or_fail(Exit::Usage)?;
    Token::find(&uri).and_then(|token| token.verifier()).map_err(keyring_failure)
}

#[cfg(not(feature = "pkcs11"))]
fn on_token(_: &str, _: &KeyArg, _: Role, _: &mut Env<'_>) -> Result<Signer, Failure> {
    Err(without_tokens())
}

#[cfg(not(feature = "pkcs11"))]
fn public_half_on_token(_: &str) -> Result<VerifierKey, Failure> {
    Err(without_tokens())
}

#[cfg(not(feature = "pkcs11"))]
fn without_tokens() -> Failure {
    Failure::new(Exit::Usage, "this program was built without the feature pkcs11")
        .help("build it with `cargo install impound --features pkcs11`, or give a key file")
}

fn in_file(argument: &KeyArg, role: Role, env: &mut Env<'_>) -> Result<SecretKey, Failure> {
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
    match typed_key(text)? {
        Some(key) => Ok(key),
        None => key_in(&public_text(Path::new(text), MAX_BYTES)?, text),
    }
}

/// The verifier key that was typed; `None` where the words are the name of a file.
fn typed_key(text: &str) -> Result<Option<VerifierKey>, Failure> {
    match text.parse() {
        Ok(key) => Ok(Some(key)),
        Err(error @ NoteError::KeyId { .. }) => {
            Err(Failure::new(Exit::Usage, error).help("copy it again, the whole line"))
        }
        Err(_) => Ok(None),
    }
}

/// The text of a file of public keys. Of a secret one given by mistake nothing is shown.
fn public_text(path: &Path, max: usize) -> Result<String, Failure> {
    let bytes = read_bounded(path, max)?;
    match holds_private_key(&bytes) {
        true => Err(secret_key_given(
            path,
            format!("{} holds a secret key, and a public one is needed here", path.display()),
        )),
        false => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// What to do where a secret key was given in place of its public half.
pub(super) fn secret_key_given(path: &Path, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    let path = path.display();
    let help =
        format!("give its public half, which `impound key export {path} --as vkey` prints; keep {path} to yourself");
    Failure::new(Exit::Usage, cause).help(help)
}

/// The verifier key that a file consists of.
fn key_in(whole: &str, path: &str) -> Result<VerifierKey, Failure> {
    whole.trim_end().parse().map_err(|why: NoteError| {
        Failure::new(Exit::Usage, NotAKey { path: path.to_owned(), why }).help(
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

/// What was given with `--keys`, of several words a line.
#[derive(Debug, thiserror::Error)]
#[error("{path} is neither a verifier key nor a policy")]
struct NotAPolicy {
    path: String,
    #[source]
    why: TrustError,
}

/// Where a log lies that is to be written, with the copy of its checkpoint if one was asked for.
pub(super) fn log_place(dir: &Path, copy: &CopyArg) -> Result<Place, Failure> {
    let place = Place::from(dir);
    let Some(path) = &copy.checkpoint_copy else { return Ok(place) };
    if real(path).starts_with(real(dir)) {
        let why = format!("{} lies in the log itself: whoever puts an old log back puts it back too", path.display());
        return Err(Failure::new(Exit::Usage, why).help("name a file on another disk or another machine's share"));
    }
    Ok(place.with_copy(if copy.new_checkpoint_copy { CheckpointCopy::anew(path) } else { CheckpointCopy::at(path) }))
}

/// Says that nothing would notice if a log were put back, and what does: a copy of its checkpoint, or this, which asks witnesses.
pub(super) fn say_unguarded(copy: &CopyArg, witnesses: &str, env: &mut Env<'_>) {
    if copy.checkpoint_copy.is_none() {
        env.say("note: if this log were put back from an older backup, nothing here would notice it");
        env.say(format!("  help: give --checkpoint-copy FILE, on another disk or machine, or {witnesses}"));
    }
}

/// Where a path leads, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (path.canonicalize(), path.parent(), path.file_name()) {
        (Ok(real), ..) => real,
        (Err(_), Some(parent), Some(name)) => real(parent).join(name),
        _ => path,
    }
}

/// Opens a log for writing, or makes it where none was begun.
pub(super) fn open_or_begin<S: NoteSigner + Send + 'static>(place: Place, key: S) -> Result<Log, Failure> {
    // A creation that was interrupted before its first checkpoint was signed is begun anew.
    let mut begun = false;
    for name in ["checkpoint", ".state/signed", "tile"] {
        begun |= is_there(&place.dir().join(name))?;
    }
    if begun {
        return Log::open(place, key).map_err(audit_failure);
    }
    let dir = place.dir().to_owned();
    let made = (!is_there(&dir)?).then_some(&dir);
    made.map_or(Ok(()), |dir| private_directory(dir))?;
    Log::create(place, key).map_err(|error| {
        // Not if anything was written into it.
        let _ = made.map(std::fs::remove_dir);
        audit_failure(error)
    })
}

/// Makes a directory that its owner alone can look into: a record names whom an operation is about before they may know. Whoever
/// publishes it opens it to others.
pub(super) fn private_directory(dir: &Path) -> Result<(), Failure> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|error| Failure::new(Exit::Environment, format!("{} cannot be made: {error}", dir.display())))
}

/// Whether there is something at a path. Not being allowed to look is no answer.
fn is_there(path: &Path) -> Result<bool, Failure> {
    path.try_exists().map_err(|error| Failure::new(Exit::Environment, format!("{}: {error}", path.display())))
}

/// The keys of logs: one verifier key, the file that holds it, or a policy, which names witnesses as well.
pub(super) fn log_keys(text: &str) -> Result<(Vec<VerifierKey>, Option<LogPolicy>), Failure> {
    if let Some(key) = typed_key(text)? {
        return Ok((vec![key], None));
    }
    let whole = public_text(Path::new(text), POLICY_MAX_BYTES)?;
    let lines = || whole.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    // A verifier key has one word, and every line of a policy more.
    if lines().all(|line| line.split_ascii_whitespace().count() == 1) {
        let keys: Vec<VerifierKey> = lines().map(|line| key_in(line, text)).collect::<Result<_, _>>()?;
        return if keys.is_empty() { key_in("", text).map(|key| (vec![key], None)) } else { Ok((keys, None)) };
    }
    let policy: LogPolicy = whole.parse().map_err(|why| {
        Failure::new(Exit::Usage, NotAPolicy { path: text.to_owned(), why })
            .help("give a verifier key, or a policy with `log`, `witness` and `quorum` lines")
    })?;
    match policy.logs() {
        [] => Err(Failure::new(Exit::Usage, "the policy names no log").help("add a line `log VKEY`")),
        logs => Ok((logs.to_vec(), Some(policy))),
    }
}

/// The exit code of what the log says.
pub(super) fn audit_exit(error: &AuditError) -> Exit {
    use AuditError as E;
    match error {
        E::Locked { .. } | E::DiskFull { .. } | E::ReadOnly { .. } | E::Io { .. } | E::Poisoned => Exit::Environment,
        E::CopyMissing { .. } | E::Closed | E::SealedJournal { .. } | E::OtherJournal { .. } => Exit::Environment,
        E::Refused { .. } => Exit::Refused,
        E::NotALog { .. }
        | E::NotWritable { .. }
        | E::AlreadyALog { .. }
        | E::BatchTooLarge { .. }
        | E::NoSuchEntry(_)
        | E::NoProof(_)
        | E::TooManyEntries { .. } => Exit::Usage,
        _ => Exit::NotVerified,
    }
}

/// What to do where the writer's journal does not fit the log.
const LOST_JOURNAL: &str = "the writer's journal is damaged, lost or not of this state of the log: keep a copy of the \
    directory, and look for the journal in another one; if there is none, docs/audit-log.md says how the log is written on \
    without it";

/// What the log says, with its exit code and help.
pub(super) fn audit_failure(error: AuditError) -> Failure {
    use AuditError as E;
    let exit = audit_exit(&error);
    let help = match &error {
        E::Locked { .. } => Some("another program writes this log; wait for it or stop it".to_owned()),
        E::DiskFull { .. } => Some("make room and run it again; nothing that was acknowledged is lost".to_owned()),
        E::RolledBack { .. } | E::CutShort { .. } | E::TwoHistories { .. } => Some(
            "write nothing; find the newer log (another disk, the machine that wrote last) and put it back, or ask who \
             restored this one. If this is a copy without `.state`, verify it where the log is written: a writer that was \
             killed may have committed more than it published, and only its journal shows it"
                .to_owned(),
        ),
        E::ForeignRecord { .. } => Some(
            "write nothing, and keep a copy of the directory: somebody wrote into the log who does not hold its key, or put an \
             older journal back. What is published is not touched by it; `log verify` checks that. How the log is written on \
             without that journal stands in docs/audit-log.md"
                .to_owned(),
        ),
        E::SealedJournal { .. } => Some(
            "if this key was never in a file, somebody else wrote there: keep a copy of the directory; how the log is written \
             on without that journal stands in docs/audit-log.md"
                .to_owned(),
        ),
        E::CopyMissing { .. } => Some(
            "look for the copy first: is the disk or share mounted? Only if it is lost for good, compare the log with \
             a checkpoint that somebody else kept (`log verify --since`), and give --new-checkpoint-copy"
                .to_owned(),
        ),
        E::Alarm { .. } => Some("find out what happened; when it is settled, a person removes that file by hand".to_owned()),
        E::NoSuchEntry(_) => Some("entries are numbered from 0; `impound log show` lists them".to_owned()),
        E::NotALog { dir, .. } => Some(where_the_log_is(dir)),
        E::NotWritable { .. } => Some(
            "it can be read and verified as it is. If this is a copy, write where the log was written; otherwise put the file \
             back from a backup of this machine. Where it is lost for good, docs/audit-log.md says how the log is written on"
                .to_owned(),
        ),
        E::ForeignOrigin { path, found, .. } if path.ends_with("checkpoint") => Some(format!(
            "the key that is needed is the one of `{found}`, if that is the log's name and was not altered"
        )),
        E::ForeignOrigin { expected, .. } => Some(format!(
            "the log is of `{expected}`: this file was altered, or it was put here from another log"
        )),
        E::OutOfStep { .. } => Some(LOST_JOURNAL.to_owned()),
        other if other.is_of_the_journal() => Some(LOST_JOURNAL.to_owned()),
        E::AlteredFile { .. }
        | E::AlteredEntry { .. }
        | E::AlteredOrigin { .. }
        | E::BadEntry { .. }
        | E::Checkpoint { .. }
        | E::Length { .. }
        | E::Missing { .. }
        | E::Note { .. }
        | E::Rewritten { .. }
        | E::RightEdge { .. }
        | E::TruncatedEntry { .. } => Some(
            "keep the directory as it is, and verify another copy of it: a backup, or one that a partner has; what is \
             genuine there shows what was changed here"
                .to_owned(),
        ),
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

/// A log to be read. Where its checkpoint is by another key than those given, both are told: it may be the wrong key, or the wrong
/// log.
pub(super) fn open_log(dir: &Path, keys: &[VerifierKey]) -> Result<LogReader, Failure> {
    LogReader::open(dir, keys).map_err(|error| match &error {
        AuditError::Note { path, source: NoteError::NoKnownSignature { .. } } => {
            let help = key_ids(path, keys);
            audit_failure(error).help(help)
        }
        _ => audit_failure(error),
    })
}

/// Whose key IDs stand under a note, and which were given.
fn key_ids(path: &Path, keys: &[VerifierKey]) -> String {
    let id = |name: &KeyName, id: [u8; 4]| format!("{name}+{:08x}", u32::from_be_bytes(id));
    let note = whole_file::read(path, NOTE_MAX_BYTES).ok().and_then(|bytes| Note::parse(&bytes).ok());
    let signed: Vec<String> =
        note.iter().flat_map(|note| &note.signatures).map(|line| id(&line.name, line.id)).collect();
    let given: Vec<String> = keys.iter().map(|key| id(key.name(), key.id())).collect();
    format!(
        "it says that it is signed by {}, and you gave {}: this is another log of the same name, or the key is another one",
        signed.join(", "),
        given.join(", ")
    )
}

/// A log, after it was recomputed whole from its entries.
pub(super) fn verified_log(argument: &LogArg) -> Result<LogReader, Failure> {
    let (keys, _) = log_keys(&argument.keys)?;
    let reader = open_log(&argument.dir, &keys)?;
    whole(&reader)?;
    Ok(reader)
}

/// Verifies a log whole, and refuses one whose checkpoint is older than one that it has signed.
pub(super) fn whole(reader: &LogReader) -> Result<(), Failure> {
    let Verified { size, ahead, .. } = reader.verify_all(None).map_err(audit_failure)?;
    ahead.map_or(Ok(()), |ahead| Err(audit_failure(ahead.refusal(size))))
}

/// How a command ends that did its work on a log: where the alarm of the log was raised, that is told, and is a finding. What was
/// taken from the log is genuine all the same; that there is no other log of this name is what is in doubt.
pub(super) fn alarmed(dir: &Path, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let Some(why) = Alarm::of(dir).reason().map_err(audit_failure)? else { return Ok(Exit::Ok) };
    env.say(format!("warning: the alarm of this log was raised, and nothing is signed in it any more: {why}"));
    env.say("  help: there may be another log of this name; do not hand this on without saying so");
    Ok(Exit::Findings)
}

/// An entry for people to read: sealed texts in clear where their openings are at hand, and otherwise named as sealed.
pub(super) fn told(mut recorded: Recorded, openings: Option<&Openings>) -> Result<Recorded, Failure> {
    recorded.entry.body = for_reading(&recorded.entry.body, openings, Commitment::excerpt).map_err(sealed_failure)?;
    Ok(recorded)
}

/// The openings that are named, or those beside the log.
pub(super) fn openings(argument: &LogArg) -> Result<Openings, Failure> {
    private_or_beside(&argument.dir, argument.private.as_deref()).map(|dir| Openings::new(&dir))
}

/// The directory of openings that is named, or the one beside the log.
pub(super) fn private_or_beside(log: &Path, private: Option<&Path>) -> Result<PathBuf, Failure> {
    match private {
        Some(dir) if !dir.is_dir() => {
            Err(Failure::new(Exit::Usage, format!("{} is no directory of openings", dir.display())))
        }
        Some(dir) => Ok(dir.to_owned()),
        None => private_beside(log),
    }
}

/// The evidence of a log: what is not sealed in the log's directory, what is sealed with what opens sealed texts.
pub(super) fn evidence_store(log: &Path, private: &Path) -> EvidenceStore {
    EvidenceStore::new(&log.join(EVIDENCE), private)
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
        E::Disk(error) => audit_failure(error),
        E::NoSalt(_) | E::Unreadable(_) => Failure::new(Exit::Environment, error),
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
    match not_a_playbook_help(&error) {
        Some(help) => Failure::new(exit, error).help(help),
        None => Failure::new(exit, error),
    }
}

/// The playbook that is meant, if it lies above the file that was given.
fn not_a_playbook_help(error: &LoadError) -> Option<String> {
    let LoadError::NotAPlaybook { path, .. } = error else { return None };
    let above = path.ancestors().skip(1).take(2).map(|dir| dir.join(FILE_NAME));
    let playbook = above.into_iter().find(|file| file != path && file.is_file());
    Some(match playbook {
        Some(playbook) => {
            format!("the playbook that names it may be {}; its files are read with it", playbook.display())
        }
        None => format!("give a directory with a {FILE_NAME}, such as `impound init` makes, or that file"),
    })
}

//! `impound key list`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::{Format, KeyList as Command, KeyListNew, KeyListNext, KeyListShow, KeyListSign, KeyRevoke};
use super::exit::OrFail;
use super::open::{read_bounded, unlock, verifier_key};
use super::verify::trust;
use super::{Env, Exit, Failure, fetched_keys, published_keys};
use crate::clock::UtcTime;
use crate::keyring::{
    KEY_LIST_FILE_MAX_BYTES, KeyList, KeyListChange, KeyStatus, ListedKey, QuorumVerdict, Role, Standing,
    VerifiedKeyList,
};
use crate::signed_note::{Note, NoteError, NoteSignature, NoteSigner as _, NoteText, VerifierKey};
use crate::whole_file::{self, Readers, WriteError};

/// Writes, signs, shows, fetches or publishes a key list.
pub(super) async fn run(command: &Command, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match command {
        Command::New(arguments) => new(arguments, format, env),
        Command::Next(arguments) => next(arguments, format, env),
        Command::Sign(arguments) => sign(arguments, format, env),
        Command::Show(arguments) => show(arguments, format, env),
        Command::Fetch(arguments) => fetched_keys::run(arguments, format, env).await,
        Command::Publish(arguments) => published_keys::run(arguments, format, env),
    }
}

fn new(arguments: &KeyListNew, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (issued, expires) = (env.clock.now(), arguments.expires);
    let mut keys = Vec::new();
    for text in &arguments.keys {
        let key = verifier_key(text)?;
        keys.push(ListedKey { key, status: KeyStatus::Active, not_before: issued, not_after: expires });
    }
    let roots = arguments.root.iter().map(|text| verifier_key(text)).collect::<Result<_, _>>()?;
    let (threshold, quorum) = (arguments.threshold, arguments.quorum);
    let list = KeyList { version: 1, issued, expires, threshold, roots, quorum, keys };
    write(&list.checked().or_fail(Exit::Usage)?, &arguments.output, format, env)
}

fn next(arguments: &KeyListNext, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (old, _) = read(&arguments.list)?;
    let changes = changes(arguments, &old)?;
    follow(&old, changes, arguments.expires, &arguments.output, format, env)
}

fn changes(arguments: &KeyListNext, old: &KeyList) -> Result<Vec<KeyListChange>, Failure> {
    let mut changes = Vec::new();
    for text in &arguments.add {
        changes.push(KeyListChange::Add(verifier_key(text)?));
    }
    for text in &arguments.retire {
        changes.push(KeyListChange::Retire(listed_key(old, text)?));
    }
    if let Some(compromised_since) = arguments.compromised_since {
        for text in &arguments.revoke {
            changes.push(KeyListChange::Revoke { key: listed_key(old, text)?, compromised_since });
        }
    }
    for text in &arguments.add_root {
        changes.push(KeyListChange::AddRoot(verifier_key(text)?));
    }
    for text in &arguments.drop_root {
        changes.push(KeyListChange::DropRoot(named_key(old.roots.iter(), text)?));
    }
    changes.extend(arguments.threshold.map(KeyListChange::Threshold));
    changes.extend(arguments.quorum.map(KeyListChange::Quorum));
    Ok(changes)
}

/// Writes the list that follows, in which one key is revoked.
pub(super) fn revoke(arguments: &KeyRevoke, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (old, _) = read(&arguments.list)?;
    let (key, compromised_since) = (listed_key(&old, &arguments.key)?, arguments.compromised_since);
    let change = KeyListChange::Revoke { key, compromised_since };
    follow(&old, vec![change], arguments.expires, &arguments.output, format, env)
}

fn follow(
    old: &KeyList,
    changes: Vec<KeyListChange>,
    expires: UtcTime,
    output: &Path,
    format: Format,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let new = old.next(changes, env.clock.now(), expires).or_fail(Exit::Usage)?;
    if new.roots != old.roots {
        let (was, is) = (old.threshold, new.threshold);
        env.say(format!(
            "the roots change: {was} of those of list {} must sign, and {is} of the new ones",
            old.version
        ));
    }
    write(&new, output, format, env)
}

/// The key of the list that is meant, of those that are not revoked already.
fn listed_key(list: &KeyList, text: &str) -> Result<VerifierKey, Failure> {
    let known = list.keys.iter().filter(|listed| !matches!(listed.status, KeyStatus::Revoked { .. }));
    named_key(known.map(|listed| &listed.key), text)
}

/// A key by its name, if only one of `known` has it; otherwise a verifier key or a file with it.
fn named_key<'k>(known: impl Iterator<Item = &'k VerifierKey>, text: &str) -> Result<VerifierKey, Failure> {
    let named: Vec<_> = known.filter(|key| key.name().as_str() == text).collect();
    match named.as_slice() {
        [] => verifier_key(text),
        [key] => Ok((*key).clone()),
        several => {
            let message = format!("{} keys on the list are called `{text}`", several.len());
            Err(Failure::new(Exit::Usage, message).help("give the verifier key, or the file with it"))
        }
    }
}

/// A list never takes the place of another: it may be one that somebody has signed.
fn write(list: &KeyList, output: &Path, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    whole_file::create(output, list.to_string().as_bytes(), Readers::Everyone).map_err(write_failure)?;
    let at = output.display();
    env.say(format!("wrote {at}; next: each root runs `impound key list sign {at} --key ROOT.key`"));
    let shown = Shown { list, signed_by: Vec::new(), roots: None };
    shown.print(env.clock.now(), format, env)?;
    Ok(Exit::Ok)
}

fn write_failure(error: WriteError) -> Failure {
    let exists = matches!(error, WriteError::Exists { .. });
    let failure = Failure::new(Exit::Environment, error);
    if exists { failure.help("choose another name, or move the file away") } else { failure }
}

fn sign(arguments: &KeyListSign, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (list, mut note) = read(&arguments.list)?;
    let key = unlock(&arguments.key, Role::Root, env)?;
    must_be_root(&list, key.verifier())?;
    let signature = NoteSignature::sign(&note.text, &key).or_fail(Exit::Environment)?;
    // Signing twice is signing once, also after the text was changed.
    let own = key.verifier().id();
    note.signatures.retain(|line| (&line.name, line.id) != (key.verifier().name(), own));
    note.signatures.push(signature);
    whole_file::replace(&arguments.list, note.to_string().as_bytes(), Readers::Everyone).map_err(write_failure)?;
    let shown = Shown { list: &list, signed_by: signers(&note), roots: None };
    shown.print(env.clock.now(), format, env)?;
    Ok(Exit::Ok)
}

/// Nobody but its own roots signs the first list. A later one is signed by those of the list before as well, which stand there.
fn must_be_root(list: &KeyList, key: &VerifierKey) -> Result<(), Failure> {
    if list.version > 1 || list.roots.contains(key) {
        return Ok(());
    }
    let roots: Vec<String> = list.roots.iter().map(short).collect();
    let message = format!("{} is no root of this list: its signature would not count", short(key));
    Err(Failure::new(Exit::Refused, message).help(format!("its roots are {}", roots.join(", "))))
}

/// Without roots, what the file says; with them, the newest list that is believed.
fn show(arguments: &KeyListShow, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (list, note) = read(&arguments.list)?;
    let now = env.clock.now();
    if arguments.roots.roots.is_none() && arguments.roots.since.is_none() {
        Shown { list: &list, signed_by: signers(&note), roots: None }.print(now, format, env)?;
        return Ok(Exit::Ok);
    }
    let trust = trust(&arguments.list, &arguments.roots)?;
    let Some(verified) = trust.list else { return Ok(Exit::NotVerified) };
    let newest = verified.list();
    if newest.version != list.version {
        env.say(format!("key list {} follows from key list {}, and is shown", newest.version, list.version));
    }
    Shown::verified(&verified).print(now, format, env)?;
    Ok(if newest.has_expired(now) { Exit::NotVerified } else { Exit::Ok })
}

/// Reads a list, signed or not; one that nobody has signed is a note without signatures here.
pub(super) fn read(path: &Path) -> Result<(KeyList, Note), Failure> {
    let not_a_list = |error: NoteError| {
        Failure::new(Exit::Usage, error).help(format!("{} is not made by `impound key list new`", path.display()))
    };
    let bytes = read_bounded(path, KEY_LIST_FILE_MAX_BYTES)?;
    let note = match Note::parse(&bytes) {
        Err(NoteError::Unsigned) => {
            let text = String::from_utf8(bytes).map_err(|_| not_a_list(NoteError::NotUtf8))?;
            Note { text: NoteText::new(text).map_err(not_a_list)?, signatures: Vec::new() }
        }
        other => other.map_err(not_a_list)?,
    };
    Ok((note.text.as_str().parse().or_fail(Exit::Usage)?, note))
}

fn signers(note: &Note) -> Vec<String> {
    note.signatures.iter().map(|line| line.name.to_string()).collect()
}

/// Where the list with a number lies beside the newest, which is `NAME.note`.
pub(super) fn beside(newest: &Path, number: u32) -> Result<PathBuf, Failure> {
    match newest.extension().is_some_and(|extension| extension == "note") {
        true => Ok(newest.with_extension(format!("{number}.note"))),
        false => Err(Failure::new(Exit::Usage, format!("{} does not end in .note", newest.display()))
            .help("name it KEYS.note, for the lists before it lie beside it as KEYS.1.note, KEYS.2.note …")),
    }
}

/// What is shown of a list.
pub(super) struct Shown<'s> {
    list: &'s KeyList,
    /// The names at the signatures.
    signed_by: Vec<String>,
    /// What they amount to, where that was checked.
    roots: Option<&'s QuorumVerdict>,
}

impl<'s> Shown<'s> {
    /// A list that enough roots have signed.
    pub(super) fn verified(verified: &'s VerifiedKeyList) -> Self {
        let signed_by = verified.roots().signed.iter().cloned().collect();
        Self { list: verified.list(), signed_by, roots: Some(verified.roots()) }
    }

    fn print(&self, now: UtcTime, format: Format, env: &mut Env<'_>) -> Result<(), Failure> {
        match format {
            Format::Text => env.print(self.text(now)),
            Format::Json => env.print_json(&self.json(now)),
        }
    }

    pub(super) fn text(&self, now: UtcTime) -> String {
        let Self { list, signed_by, roots } = self;
        let expired = if list.has_expired(now) { " (has expired)" } else { "" };
        let names = if signed_by.is_empty() { "nobody yet".to_owned() } else { signed_by.join(", ") };
        let signed = match roots {
            Some(verdict) => format!("{names}\nverified   {verdict}"),
            None if signed_by.is_empty() => names,
            None => format!("{names} (not verified)"),
        };
        let roots = list.roots.iter().map(|root| format!("  {}  root\n", short(root)));
        let keys = list.keys.iter().map(|listed| format!("  {}  {}\n", short(&listed.key), state(listed, now)));
        let KeyList { version, issued, expires, threshold, quorum, .. } = list;
        format!(
            "key list   version {version}\n\
             issued     {issued}\n\
             expires    {expires}{expired}\n\
             roots      {threshold} of {} must sign the list\n\
             agencies   {quorum} must sign a notice\n\
             signed by  {signed}\n\n{}",
            list.roots.len(),
            roots.chain(keys).collect::<String>()
        )
    }

    pub(super) fn json(&self, now: UtcTime) -> Value {
        let Self { list, signed_by, roots } = self;
        json!({
            "version": 1,
            "number": list.version,
            "issued": list.issued,
            "expires": list.expires,
            "expired": list.has_expired(now),
            "threshold": list.threshold,
            "roots": list.roots.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "quorum": list.quorum,
            "keys": list.keys.iter().map(|listed| key_json(listed, now)).collect::<Vec<_>>(),
            "signed_by": signed_by,
            // Only a list that enough roots have signed gets here with a verdict.
            "verified": roots.is_some(),
        })
    }
}

/// The start of the verifier key, which tells a new key from an old one of the same name.
fn short(key: &VerifierKey) -> String {
    format!("{}+{:08x}", key.name(), u32::from_be_bytes(key.id()))
}

/// What the roots say of a key, as it concerns a notice that is dated today.
fn state(listed: &ListedKey, now: UtcTime) -> String {
    let until = listed.not_after;
    match (listed.status, listed.standing_of(now, None)) {
        (KeyStatus::Revoked { compromised_since }, _) => format!("revoked, in doubt since {compromised_since}"),
        (KeyStatus::Retired, _) => format!("retired, for notices before {until}"),
        (KeyStatus::Active, Standing::Counts) => format!("counts until before {until}"),
        (KeyStatus::Active, other) => other.to_string(),
    }
}

fn key_json(listed: &ListedKey, now: UtcTime) -> Value {
    let compromised_since = match listed.status {
        KeyStatus::Revoked { compromised_since } => Some(compromised_since),
        KeyStatus::Active | KeyStatus::Retired => None,
    };
    json!({
        "vkey": listed.key.to_string(),
        "role": Role::of(listed.key.name()).map(Role::as_str),
        "status": listed.status.as_str(),
        "not_before": listed.not_before,
        "not_after": listed.not_after,
        "compromised_since": compromised_since,
        "counts": listed.standing_of(now, None) == Standing::Counts,
    })
}

//! `impound key list`.

use std::path::Path;

use serde_json::{Value, json};

use super::args::{Format, KeyList as Command, KeyListNew, KeyListShow, KeyListSign};
use super::exit::OrFail;
use super::open::{read_bounded, unlock, verifier_key};
use super::verify::verify_failure;
use super::{Env, Exit, Failure};
use crate::clock::UtcTime;
use crate::keyring::{KeyList, KeyStatus, ListedKey, POLICY_MAX_BYTES, QuorumVerdict, Role, Standing};
use crate::signed_note::{Note, NoteError, NoteSignature, NoteSigner as _, NoteText};
use crate::verify::read_trust;
use crate::whole_file::{self, Readers, WriteError};

/// Writes, signs or shows a key list.
pub(super) fn run(command: &Command, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match command {
        Command::New(arguments) => new(arguments, format, env),
        Command::Sign(arguments) => sign(arguments, format, env),
        Command::Show(arguments) => show(arguments, format, env),
    }
}

/// A list never takes the place of another: it may be one that somebody has signed.
fn new(arguments: &KeyListNew, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (issued, expires) = (env.clock.now(), arguments.expires);
    let mut keys = Vec::new();
    for text in &arguments.keys {
        let key = verifier_key(text)?;
        keys.push(ListedKey { key, status: KeyStatus::Active, not_before: issued, not_after: expires });
    }
    let list = KeyList { version: arguments.number, issued, expires, quorum: arguments.quorum, keys };
    let list = list.checked().or_fail(Exit::Usage)?;
    whole_file::create(&arguments.output, list.to_string().as_bytes(), Readers::Everyone).map_err(write_failure)?;
    let at = arguments.output.display();
    env.say(format!("wrote {at}; next: each root runs `impound key list sign {at} --key ROOT.key`"));
    let shown = Shown { list: &list, signed_by: Vec::new(), roots: None };
    shown.print(issued, format, env)?;
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
    let signature = NoteSignature::sign(&note.text, &key).or_fail(Exit::Environment)?;
    // Signing twice is signing once, also after the text was changed.
    let own = key.verifier().id();
    note.signatures.retain(|line| (&line.name, line.id) != (key.name(), own));
    note.signatures.push(signature);
    whole_file::replace(&arguments.list, note.to_string().as_bytes(), Readers::Everyone).map_err(write_failure)?;
    let shown = Shown { list: &list, signed_by: signers(&note), roots: None };
    shown.print(env.clock.now(), format, env)?;
    Ok(Exit::Ok)
}

fn show(arguments: &KeyListShow, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (list, note) = read(&arguments.list)?;
    let now = env.clock.now();
    let trust = arguments.roots.as_deref().map(|roots| read_trust(&arguments.list, Some(roots)));
    let trust = trust.transpose().map_err(verify_failure)?;
    let verified = trust.as_ref().and_then(|trust| trust.list.as_ref());
    let roots = verified.map(|verified| verified.roots());
    Shown { list: &list, signed_by: signers(&note), roots }.print(now, format, env)?;
    Ok(if roots.is_some() && list.has_expired(now) { Exit::NotVerified } else { Exit::Ok })
}

/// Reads a list, signed or not; one that nobody has signed is a note without signatures here.
fn read(path: &Path) -> Result<(KeyList, Note), Failure> {
    let not_a_list = |error: NoteError| {
        Failure::new(Exit::Usage, error).help(format!("{} is not made by `impound key list new`", path.display()))
    };
    let bytes = read_bounded(path, POLICY_MAX_BYTES)?;
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

/// What is shown of a list.
struct Shown<'s> {
    list: &'s KeyList,
    /// The names at the signatures.
    signed_by: Vec<String>,
    /// What they amount to, where that was checked.
    roots: Option<&'s QuorumVerdict>,
}

impl Shown<'_> {
    fn print(&self, now: UtcTime, format: Format, env: &mut Env<'_>) -> Result<(), Failure> {
        match format {
            Format::Text => env.print(self.text(now)),
            Format::Json => env.print_json(&self.json(now)),
        }
    }

    fn text(&self, now: UtcTime) -> String {
        let Self { list, signed_by, roots } = self;
        let expired = if list.has_expired(now) { " (has expired)" } else { "" };
        let names = if signed_by.is_empty() { "nobody yet".to_owned() } else { signed_by.join(", ") };
        let signed = match roots {
            Some(verdict) => format!("{names}\nverified   {verdict}"),
            None if signed_by.is_empty() => names,
            None => format!("{names} (not verified)"),
        };
        let keys: String = list.keys.iter().map(|listed| format!("  {}\n", key_line(listed, now))).collect();
        format!(
            "key list   version {}\nissued     {}\nexpires    {}{expired}\nagencies   {} must sign a notice\nsigned by  {signed}\n\n{keys}",
            list.version, list.issued, list.expires, list.quorum
        )
    }

    fn json(&self, now: UtcTime) -> Value {
        let Self { list, signed_by, roots } = self;
        json!({
            "version": 1,
            "number": list.version,
            "issued": list.issued,
            "expires": list.expires,
            "expired": list.has_expired(now),
            "quorum": list.quorum,
            "keys": list.keys.iter().map(|listed| key_json(listed, now)).collect::<Vec<_>>(),
            "signed_by": signed_by,
            // Only a list that enough roots have signed gets here with a verdict.
            "verified": roots.is_some(),
        })
    }
}

/// The start of the verifier key, which tells a new key from an old one of the same name, and how it stands.
fn key_line(listed: &ListedKey, now: UtcTime) -> String {
    let id = u32::from_be_bytes(listed.key.id());
    let standing = match listed.standing_at(now) {
        Standing::Counts => format!("counts until before {}", listed.not_after),
        other => other.to_string(),
    };
    format!("{}+{id:08x}  {standing}", listed.key.name())
}

fn key_json(listed: &ListedKey, now: UtcTime) -> Value {
    json!({
        "vkey": listed.key.to_string(),
        "role": Role::of(listed.key.name()).map(Role::as_str),
        "status": listed.status.as_str(),
        "not_before": listed.not_before,
        "not_after": listed.not_after,
        "counts": listed.standing_at(now) == Standing::Counts,
    })
}

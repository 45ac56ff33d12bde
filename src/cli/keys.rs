//! `impound key`.

use std::path::Path;

use super::args::{Format, Key, KeyNew, KeyShow};
use super::exit::OrFail;
use super::open::{new_passphrase, read_bounded, read_exit};
use super::{Env, Exit, Failure, key_list};
use crate::keyring::{
    KEY_FILE_MAX_BYTES, KeyFile, KeyringError, Protection, Role, SecretKey, fingerprint, minisign_public_key,
    public_key_pem, ssh_public_key,
};
use crate::signed_note::{KeyName, NoteError, NoteSigner, VerifierKey};
use crate::whole_file::WriteError;
use serde_json::json;

/// Makes, shows or revokes a key, or deals with a key list.
pub(super) fn run(command: &Key, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match command {
        Key::New(arguments) => new(arguments, format, env),
        Key::Show(arguments) => show(arguments, format, env),
        Key::Revoke(arguments) => key_list::revoke(arguments, format, env),
        Key::List(command) => key_list::run(command, format, env),
    }
}

fn new(arguments: &KeyNew, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let name: KeyName = arguments.name.parse().or_fail(Exit::Usage)?;
    if Role::of(&name).is_none() {
        return Err(Failure::new(Exit::Usage, format!("`{name}` does not say what the key is for"))
            .help("write DOMAIN/ROLE or DOMAIN/ROLE/LABEL, such as police.example/notice"));
    }
    let key = SecretKey::generate(name).map_err(keyring_failure)?;
    let passphrase = match arguments.unencrypted {
        true => None,
        false => Some(new_passphrase(&arguments.passphrase, env)?),
    };
    let protection = passphrase.as_ref().map_or(Protection::Plain, Protection::Passphrase);
    let public = KeyFile::create(&arguments.output, &key, protection).map_err(keyring_failure)?;
    env.say(format!("wrote {} and {}", arguments.output.display(), public.display()));
    print(key.verifier(), format, env)
}

fn show(arguments: &KeyShow, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    print(&verifier_of(&arguments.file)?, format, env)
}

/// The public half that a `.vkey` file or the head of a key file states.
fn verifier_of(path: &Path) -> Result<VerifierKey, Failure> {
    let bytes = read_bounded(path, KEY_FILE_MAX_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    match text.trim_end().parse::<VerifierKey>() {
        Ok(key) => Ok(key),
        Err(NoteError::VerifierKey { .. } | NoteError::Name { .. }) => {
            let file = KeyFile::read(path).map_err(keyring_failure)?;
            file.stated()
                .cloned()
                .ok_or_else(|| Failure::new(Exit::Usage, "the key file does not state its public half"))
        }
        Err(error) => Err(Failure::new(Exit::Usage, error)),
    }
}

fn print(key: &VerifierKey, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let role = Role::of(key.name()).map_or("none", Role::as_str);
    match format {
        Format::Text => env.print(format!(
            "name         {}\nrole         {role}\nvkey         {key}\nfingerprint  {}\n\n{}\n{}\n{}",
            key.name(),
            fingerprint(key),
            public_key_pem(key),
            minisign_public_key(key),
            ssh_public_key(key),
        ))?,
        Format::Json => env.print_json(&json!({
            "version": 1,
            "name": key.name(),
            "role": role,
            "vkey": key.to_string(),
            "fingerprint": fingerprint(key),
            "pem": public_key_pem(key),
            "minisign": minisign_public_key(key),
            "ssh": ssh_public_key(key),
        }))?,
    }
    Ok(Exit::Ok)
}

/// The exit code of what the keyring says.
pub(super) fn keyring_failure(error: KeyringError) -> Failure {
    use KeyringError as E;
    let exit = match &error {
        E::Read(error) => read_exit(error),
        E::Write(_) | E::Random(_) => Exit::Environment,
        E::WrongRole { .. } | E::OpenToOthers { .. } | E::WrongPassphrase { .. } | E::PassphraseNeeded { .. } => {
            Exit::Refused
        }
        E::Damaged { .. } | E::Header { .. } | E::OtherPublicKey { .. } | E::OtherName { .. } => Exit::NotVerified,
        _ => Exit::Usage,
    };
    let help = match &error {
        E::OpenToOthers { path, .. } => Some(format!("chmod 600 {}", path.display())),
        E::Write(WriteError::Exists { .. }) => Some("choose another name, or move the file away".to_owned()),
        E::FileName { .. } => Some("end the name of the file in .key".to_owned()),
        E::WrongRole { wanted, .. } => Some(format!("give a key whose name says `/{wanted}`")),
        E::NotAKeyFile { path } if path.extension().is_some_and(|extension| extension == "vkey") => {
            Some("give the secret key, the `.key` file beside it".to_owned())
        }
        E::PassphraseNeeded { .. } => Some("run it on a terminal, or give --passphrase-fd".to_owned()),
        _ => None,
    };
    let failure = Failure::new(exit, error);
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

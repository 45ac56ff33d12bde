//! `impound key`.

use std::path::Path;

use super::args::{Format, Key, KeyExport, KeyForm, KeyNew, KeyShow};
use super::exit::OrFail;
use super::open::{new_passphrase, public_half, read_bounded, read_exit};
use super::{Env, Exit, Failure, key_list};
#[cfg(feature = "pkcs11")]
use crate::keyring::TokenError;
use crate::keyring::{
    AgentError, KEY_FILE_MAX_BYTES, KEY_LIST_FILE_MAX_BYTES, KEY_LIST_MARK, KeyFile, KeyringError, Protection, Role,
    SecretKey, SshNamespace, allowed_signers, dns_txt, fingerprint, minisign_public_key, public_key_pem,
    ssh_public_key, verifier_key_line,
};
use crate::signed_note::{KeyName, NoteError, NoteSigner, VerifierKey};
use crate::whole_file::WriteError;
use serde_json::json;

/// Makes, shows, exports or revokes a key, or deals with a key list.
pub(super) async fn run(command: &Key, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match command {
        Key::New(arguments) => new(arguments, format, env),
        Key::Show(arguments) => show(arguments, format, env),
        Key::Export(arguments) => export(arguments, format, env),
        Key::Revoke(arguments) => key_list::revoke(arguments, format, env),
        Key::List(command) => key_list::run(command, format, env).await,
    }
}

fn new(arguments: &KeyNew, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let name: KeyName = arguments.name.parse().or_fail(Exit::Usage)?;
    if Role::of(&name).is_none() || !name.host().contains('.') {
        return Err(Failure::new(Exit::Usage, KeyringError::NoRole { name })
            .help("begin with a domain name of the agency that holds the key: police.example/notice"));
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
    print(&verifier_of(&arguments.file, env)?, format, env)
}

/// Prints one form and nothing else, so that it can be written to a file.
fn export(arguments: &KeyExport, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let path = &arguments.file;
    if let Some(text) = of_list(arguments, env)? {
        return print_form(&text, format, env);
    }
    let keys = match arguments.form {
        KeyForm::DnsTxt => roots_of(path, env)?,
        _ => vec![verifier_of(path, env)?],
    };
    let form = |key: &VerifierKey| match arguments.form {
        KeyForm::Vkey => Ok(verifier_key_line(key)),
        KeyForm::Pem => Ok(public_key_pem(key)),
        KeyForm::Minisign => Ok(minisign_public_key(key)),
        KeyForm::Ssh => Ok(ssh_public_key(key)),
        KeyForm::AllowedSigners => notice_signer(key),
        KeyForm::DnsTxt => dns_txt(&keys),
        // One key says nothing of whether it was revoked; asked of a list above.
        KeyForm::RevokedKeys => Ok(String::new()),
    };
    let text = keys.first().map(form).transpose().map_err(keyring_failure)?.unwrap_or_default();
    print_form(&text, format, env)
}

fn print_form(text: &str, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match format {
        Format::Text => env.print(text)?,
        Format::Json => env.print_json(&json!({"version": 1, "text": text}))?,
    }
    Ok(Exit::Ok)
}

/// What a key list says to OpenSSH; nothing when the file is none, or another form is asked for.
fn of_list(arguments: &KeyExport, env: &Env<'_>) -> Result<Option<String>, Failure> {
    let (path, form) = (&arguments.file, arguments.form);
    if !matches!(form, KeyForm::AllowedSigners | KeyForm::RevokedKeys) || public_half(path, env)?.is_some() {
        return Ok(None);
    }
    if !read_bounded(path, KEY_LIST_FILE_MAX_BYTES)?.starts_with(KEY_LIST_MARK.as_bytes()) {
        return match form {
            KeyForm::RevokedKeys => Err(Failure::new(Exit::Usage, format!("{} is not a key list", path.display()))
                .help("which keys were revoked stands in a key list")),
            _ => Ok(None),
        };
    }
    let list = key_list::read(path)?.0;
    match form {
        KeyForm::RevokedKeys => Ok(Some(list.revoked_ssh_keys())),
        _ => list.allowed_signers().map(Some).map_err(keyring_failure),
    }
}

/// A line under which other people's `ssh-keygen` takes the key's signatures for those of notices.
fn notice_signer(key: &VerifierKey) -> Result<String, KeyringError> {
    Role::Notice.require(key.name())?;
    allowed_signers(key, &SshNamespace::of_notices(key.name())?)
}

/// The roots that a key list names, or the one key in the file.
fn roots_of(path: &Path, env: &Env<'_>) -> Result<Vec<VerifierKey>, Failure> {
    if let Some(key) = public_half(path, env)? {
        return Ok(vec![key]);
    }
    let bytes = read_bounded(path, KEY_LIST_FILE_MAX_BYTES)?;
    match bytes.starts_with(KEY_LIST_MARK.as_bytes()) {
        true => Ok(key_list::read(path)?.0.roots),
        false => Ok(vec![verifier_of(path, env)?]),
    }
}

/// The public half that an agent or a token shows, or that a `.vkey` file or the head of a key file states.
fn verifier_of(path: &Path, env: &Env<'_>) -> Result<VerifierKey, Failure> {
    if let Some(key) = public_half(path, env)? {
        return Ok(key);
    }
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

/// What can be done about it.
fn keyring_help(error: &KeyringError) -> Option<String> {
    use KeyringError as E;
    match error {
        E::OpenToOthers { path, .. } => Some(format!("chmod 600 {}", path.display())),
        E::Write(WriteError::Exists { .. }) => Some("choose another name, or move the file away".to_owned()),
        E::FileName { .. } => Some("end the name of the file in .key".to_owned()),
        E::WrongRole { wanted, .. } => Some(format!("give a key whose name says `/{wanted}`")),
        E::NotAKeyFile { path } if path.extension().is_some_and(|extension| extension == "vkey") => {
            Some("give the secret key, the `.key` file beside it".to_owned())
        }
        E::Agent(AgentError::Missing { .. }) => {
            Some("`ssh-add -l` lists its keys; the comment of a key is its name here".to_owned())
        }
        E::Agent(AgentError::Several { .. }) => Some("give the fingerprint, agent:SHA256:…".to_owned()),
        E::PassphraseNeeded { .. } => Some("run it on a terminal, or give --passphrase-fd".to_owned()),
        _ => None,
    }
}

/// The exit code of what the keyring says.
pub(super) fn keyring_failure(error: KeyringError) -> Failure {
    use KeyringError as E;
    let exit = match &error {
        E::Read(error) => read_exit(error),
        E::Write(_) | E::Random(_) | E::Agent(AgentError::Io { .. } | AgentError::Answer { .. }) => Exit::Environment,
        E::Agent(AgentError::Refused { .. }) => Exit::Refused,
        #[cfg(feature = "pkcs11")]
        E::Token(TokenError::Module { .. }) => Exit::Environment,
        #[cfg(feature = "pkcs11")]
        E::Token(TokenError::Pin { .. } | TokenError::PinNeeded { .. }) => Exit::Usage,
        // Roles and secrecy are policy. A wrong passphrase is what was typed: nothing was judged.
        E::WrongRole { .. } | E::OpenToOthers { .. } => Exit::Refused,
        E::WrongPassphrase { .. } | E::PassphraseNeeded { .. } => Exit::Usage,
        E::Damaged { .. } | E::Header { .. } | E::OtherPublicKey { .. } | E::OtherName { .. } => Exit::NotVerified,
        _ => Exit::Usage,
    };
    let help = keyring_help(&error);
    let failure = Failure::new(exit, error);
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

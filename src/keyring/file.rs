use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use pkcs8::SecretDocument;
use zeroize::Zeroizing;

use super::pkcs8_pem::{ENCRYPTED_LABEL, PLAIN_LABEL, UnpackError, decrypt, pack, unpack};
use super::{KeyringError, Passphrase, Role, SecretKey, verifier_key_line};
use crate::domain::excerpt;
use crate::signed_note::{KeyName, NoteSigner, VerifierKey};
use crate::whole_file::{self, ReadError, Readers};

/// The largest key file that is read; one has about 700 octets.
pub const KEY_FILE_MAX_BYTES: usize = 16 << 10;

/// The first line of a key file.
const VERSION: &str = "impound-key/v1";

/// What keeps a key file from whoever gets hold of it.
#[derive(Debug, Clone, Copy)]
pub enum Protection<'a> {
    /// Encrypted under a passphrase.
    Passphrase(&'a Passphrase),
    /// Nothing but the file's mode. For throw-away keys, and for disks that are encrypted themselves.
    Plain,
}

/// A key file that was read and is still locked.
///
/// ```text
/// impound-key/v1
/// name: police.example/notice
/// vkey: police.example/notice+44e78004+AY5I…
/// -----BEGIN ENCRYPTED PRIVATE KEY-----
/// …
/// ```
///
/// The lines before the PEM block are explanatory text (RFC 7468 section 2), which `openssl pkey` skips. A PKCS#8 file that
/// OpenSSL made has none; [`KeyFile::read_as`] takes it under a name.
pub struct KeyFile {
    path: PathBuf,
    name: KeyName,
    stated: Option<VerifierKey>,
    document: SecretDocument,
    encrypted: bool,
}

impl KeyFile {
    /// Writes `key` to `path`, which ends in `.key`, and its verifier key beside it, which ends in `.vkey`.
    ///
    /// Each file appears whole and durable or not at all, the key with mode 0600; an existing file of either name is an error.
    /// Returns the path of the verifier key.
    pub fn create(path: &Path, key: &SecretKey, protection: Protection<'_>) -> Result<PathBuf, KeyringError> {
        if path.extension().is_none_or(|extension| extension != "key") {
            return Err(KeyringError::FileName { path: path.to_owned() });
        }
        let passphrase = match protection {
            Protection::Passphrase(passphrase) => Some(passphrase),
            Protection::Plain => None,
        };
        passphrase.map_or(Ok(()), Passphrase::check_new)?;
        let pem = pack(&key.seed(), passphrase).map_err(KeyringError::Encode)?;
        let header = format!("{VERSION}\nname: {}\nvkey: {}\n", key.name(), key.verifier());
        let public_path = path.with_extension("vkey");
        let whole = Zeroizing::new([header.as_bytes(), pem.as_bytes()].concat());
        whole_file::create(path, &whole, Readers::Owner)?;
        let public = whole_file::create(&public_path, verifier_key_line(key.verifier()).as_bytes(), Readers::Everyone);
        if let Err(error) = public {
            // Both or neither. Nobody has used the key yet; if it cannot be removed either, the first error says more.
            let _ = fs::remove_file(path);
            return Err(error.into());
        }
        Ok(public_path)
    }

    /// Reads a key file that says its own name.
    pub fn read(path: &Path) -> Result<Self, KeyringError> {
        Self::assemble(path, None)
    }

    /// Reads the key file of the key `name`: one that says this name, or one without a header.
    pub fn read_as(path: &Path, name: &KeyName) -> Result<Self, KeyringError> {
        Self::assemble(path, Some(name))
    }

    fn assemble(path: &Path, wanted: Option<&KeyName>) -> Result<Self, KeyringError> {
        let bytes = read_private(path)?;
        let not_a_key_file = || KeyringError::NotAKeyFile { path: path.to_owned() };
        let text = std::str::from_utf8(&bytes).map_err(|_| not_a_key_file())?;
        let Some((header, _)) = text.split_once("-----BEGIN ") else {
            // One of ours that was cut short is damaged, and anything else no key file.
            let cut_short = || KeyringError::Header { path: path.to_owned() };
            return Err(if text.starts_with(VERSION) { cut_short() } else { not_a_key_file() });
        };
        let stated = parse_header(path, header)?;
        let name = match (stated.as_ref().map(VerifierKey::name), wanted) {
            (Some(found), Some(wanted)) if found != wanted => {
                let (found, wanted) = (found.clone(), wanted.clone());
                return Err(KeyringError::OtherName { path: path.to_owned(), found, wanted });
            }
            (Some(name), _) | (None, Some(name)) => name.clone(),
            (None, None) => return Err(KeyringError::Nameless { path: path.to_owned() }),
        };
        let (encrypted, document) = parse_pem(path, text)?;
        Ok(Self { path: path.to_owned(), name, stated, document, encrypted })
    }

    /// The key's name.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The public key that the header states. It is proven only by [`KeyFile::unlock`]: whoever can write to the file can
    /// write another one there.
    pub fn stated(&self) -> Option<&VerifierKey> {
        self.stated.as_ref()
    }

    /// Whether [`KeyFile::unlock`] needs a passphrase.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// The key, for use in `role`. A key of another role is refused before the passphrase is looked at.
    pub fn unlock(&self, role: Role, passphrase: Option<&Passphrase>) -> Result<SecretKey, KeyringError> {
        role.require(&self.name)?;
        let seed = match (self.encrypted, passphrase) {
            (false, _) => unpack(self.document.as_bytes()),
            (true, Some(passphrase)) => decrypt(self.document.as_bytes(), passphrase),
            (true, None) => return Err(KeyringError::PassphraseNeeded { path: self.path.clone() }),
        };
        let key = SecretKey::from_seed(self.name.clone(), &*seed.map_err(|error| self.explain(error))?)?;
        match &self.stated {
            Some(stated) if stated != key.verifier() => Err(KeyringError::OtherPublicKey { path: self.path.clone() }),
            _ => Ok(key),
        }
    }

    fn explain(&self, error: UnpackError) -> KeyringError {
        let path = self.path.clone();
        match error {
            UnpackError::Damaged(source) => KeyringError::Damaged { path, source },
            UnpackError::NotEd25519 => KeyringError::NotEd25519 { path },
            UnpackError::OtherPublicKey => KeyringError::OtherPublicKey { path },
            UnpackError::TooCostly => KeyringError::TooCostly { path },
            UnpackError::WrongPassphrase => KeyringError::WrongPassphrase { path },
        }
    }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyFile({} in {})", self.name, self.path.display())
    }
}

/// The public key of our own header; `None` when the text before the block is not ours.
fn parse_header(path: &Path, header: &str) -> Result<Option<VerifierKey>, KeyringError> {
    let mut lines = header.lines();
    match lines.next() {
        Some(VERSION) => {}
        Some(other) if other.starts_with("impound-key/") => {
            return Err(KeyringError::LaterVersion { path: path.to_owned(), version: excerpt(other) });
        }
        _ => return Ok(None),
    }
    let damaged = || KeyringError::Header { path: path.to_owned() };
    let (Some(name), Some(vkey), None) = (lines.next(), lines.next(), lines.next()) else { return Err(damaged()) };
    let name = name.strip_prefix("name: ").ok_or_else(damaged)?;
    let stated: VerifierKey = vkey.strip_prefix("vkey: ").and_then(|vkey| vkey.parse().ok()).ok_or_else(damaged)?;
    if stated.name().as_str() == name { Ok(Some(stated)) } else { Err(damaged()) }
}

/// The one PEM block of the file, and whether it is encrypted.
fn parse_pem(path: &Path, text: &str) -> Result<(bool, SecretDocument), KeyringError> {
    let damaged = |source: pkcs8::Error| KeyringError::Damaged { path: path.to_owned(), source };
    let encrypted = match pkcs8::der::pem::decode_label(text.as_bytes()).map_err(|error| damaged(error.into()))? {
        PLAIN_LABEL => false,
        ENCRYPTED_LABEL => true,
        other => return Err(KeyringError::NotPkcs8 { path: path.to_owned(), label: excerpt(other) }),
    };
    let (_, document) = SecretDocument::from_pem(text).map_err(|error| damaged(error.into()))?;
    Ok((encrypted, document))
}

/// What every PEM block of a private key says.
const PRIVATE: &[u8] = b"PRIVATE KEY-----";

/// Whether a file holds a private key in PEM, ours or another program's.
pub fn holds_private_key(bytes: &[u8]) -> bool {
    bytes.windows(PRIVATE.len()).any(|window| window == PRIVATE)
}

/// The octets of a file that only its owner may touch.
fn read_private(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyringError> {
    let file = whole_file::open(path)?;
    // The mode of what was opened, which may no longer be what the path said a moment ago.
    let mode = file.metadata().map_err(|source| ReadError::of(path, source))?.permissions().mode() & 0o7777;
    let bytes = whole_file::read_secret(file, path, KEY_FILE_MAX_BYTES)?;
    // A file without a private key, such as a public one given by mistake, has no secret to close.
    if mode & 0o077 != 0 && holds_private_key(&bytes) {
        return Err(KeyringError::OpenToOthers { path: path.to_owned(), mode });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whole_file::WriteError;

    fn key() -> SecretKey {
        SecretKey::from_seed("police.example/notice".parse().unwrap(), &[7; 32]).unwrap()
    }

    fn passphrase() -> Passphrase {
        Passphrase::new("correct horse".to_owned())
    }

    /// Writes `text` as a private file `a.key`.
    fn private(directory: &Path, text: impl AsRef<[u8]>) -> PathBuf {
        let path = directory.join("a.key");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    fn plain_text(directory: &Path) -> String {
        let path = directory.join("template.key");
        KeyFile::create(&path, &key(), Protection::Plain).unwrap();
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_key_that_was_written_is_read_again_with_its_passphrase() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("police.key");
        let public = KeyFile::create(&path, &key(), Protection::Passphrase(&passphrase())).unwrap();
        assert_eq!(fs::read_to_string(public).unwrap(), format!("{}\n", key().verifier()));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        let file = KeyFile::read(&path).unwrap();
        assert_eq!((file.stated(), file.is_encrypted()), (Some(key().verifier()), true));
        let unlocked = file.unlock(Role::Notice, Some(&passphrase())).unwrap();
        assert_eq!((unlocked.verifier(), *unlocked.seed()), (key().verifier(), [7; 32]));
        assert!(matches!(file.unlock(Role::Notice, None), Err(KeyringError::PassphraseNeeded { .. })));
        let wrong = Passphrase::new("correct house".to_owned());
        assert!(matches!(file.unlock(Role::Notice, Some(&wrong)), Err(KeyringError::WrongPassphrase { .. })));
    }

    #[test]
    fn a_key_is_unlocked_for_its_own_role_and_under_its_own_name_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = private(directory.path(), plain_text(directory.path()));
        let file = KeyFile::read(&path).unwrap();
        assert!(file.unlock(Role::Notice, None).is_ok());
        assert!(matches!(
            file.unlock(Role::Log, None),
            Err(KeyringError::WrongRole { role: Role::Notice, wanted: Role::Log, .. })
        ));
        assert!(KeyFile::read_as(&path, key().name()).is_ok());
        let other = "court.example/notice".parse().unwrap();
        assert!(matches!(KeyFile::read_as(&path, &other), Err(KeyringError::OtherName { .. })));
    }

    #[test]
    fn a_file_without_our_header_is_read_under_the_callers_name() {
        let directory = tempfile::tempdir().unwrap();
        let text = plain_text(directory.path());
        let block = text.find("-----BEGIN").unwrap();
        let path = private(directory.path(), &text[block..]);
        assert!(matches!(KeyFile::read(&path), Err(KeyringError::Nameless { .. })));
        let file = KeyFile::read_as(&path, key().name()).unwrap();
        assert_eq!(file.unlock(Role::Notice, None).unwrap().verifier(), key().verifier());
        let roleless = KeyFile::read_as(&path, &"police.example/seizure".parse().unwrap()).unwrap();
        assert!(matches!(roleless.unlock(Role::Notice, None), Err(KeyringError::NoRole { .. })));
    }

    #[test]
    fn nothing_is_ever_overwritten_and_a_failure_leaves_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let (path, public) = (directory.path().join("a.key"), directory.path().join("a.vkey"));
        fs::write(&public, "older").unwrap();
        let create = || KeyFile::create(&path, &key(), Protection::Plain);
        assert!(matches!(create(), Err(KeyringError::Write(WriteError::Exists { path })) if path == public));
        assert!(!path.exists());
        fs::remove_file(&public).unwrap();
        create().unwrap();
        fs::remove_file(&public).unwrap();
        let before = fs::read(&path).unwrap();
        assert!(matches!(create(), Err(KeyringError::Write(WriteError::Exists { path: there })) if there == path));
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_key_is_not_written_under_a_poor_passphrase_or_where_it_cannot_be() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.key");
        let short = Passphrase::new("1234567".to_owned());
        let create = |path: &Path, protection| KeyFile::create(path, &key(), protection).unwrap_err();
        assert!(matches!(create(&path, Protection::Passphrase(&short)), KeyringError::ShortPassphrase { chars: 7 }));
        assert!(matches!(create(&path.with_extension("vkey"), Protection::Plain), KeyringError::FileName { .. }));
        assert!(matches!(
            create(&directory.path().join("no/such/a.key"), Protection::Plain),
            KeyringError::Write(WriteError::NoDirectory { .. })
        ));
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_cannot_be_a_key_is_refused_for_its_own_reason() {
        let directory = tempfile::tempdir().unwrap();
        let template = plain_text(directory.path());
        type Expected = fn(&KeyringError) -> bool;
        let cases: Vec<(Vec<u8>, Expected)> = vec![
            (Vec::new(), |e| matches!(e, KeyringError::NotAKeyFile { .. })),
            (b"hello\n".into(), |e| matches!(e, KeyringError::NotAKeyFile { .. })),
            (b"impound-key/v1\nname: police".into(), |e| matches!(e, KeyringError::Header { .. })),
            (vec![0xff; 100], |e| matches!(e, KeyringError::NotAKeyFile { .. })),
            (vec![b'a'; KEY_FILE_MAX_BYTES + 1], |e| matches!(e, KeyringError::Read(ReadError::TooLarge { .. }))),
            (template.replace("/v1", "/v2").into(), |e| matches!(e, KeyringError::LaterVersion { .. })),
            (template.replace("name: police", "name: court").into(), |e| matches!(e, KeyringError::Header { .. })),
            (template.replace("vkey: ", "vkey:").into(), |e| matches!(e, KeyringError::Header { .. })),
            (template.replace("vkey: ", "more: 1\nvkey: ").into(), |e| matches!(e, KeyringError::Header { .. })),
            (template.replace("PRIVATE KEY", "OPENSSH PRIVATE KEY").into(), |e| {
                matches!(e, KeyringError::NotPkcs8 { .. })
            }),
            (template.replace("MC4C", "M.4C").into(), |e| matches!(e, KeyringError::Damaged { .. })),
            (template.replace("MC4C", "MC4D").into(), |e| matches!(e, KeyringError::Damaged { .. })),
            (template.replace("BQYDK2Vw", "BQYDK2Vu").into(), |e| matches!(e, KeyringError::NotEd25519 { .. })),
            // The seed is all 0x07; here one bit of it is turned.
            (template.replace("BwcHBwcH", "BwcHBwcG").into(), |e| matches!(e, KeyringError::OtherPublicKey { .. })),
            (template.repeat(2).into(), |e| matches!(e, KeyringError::Damaged { .. })),
        ];
        for (bytes, expected) in cases {
            let path = private(directory.path(), &bytes);
            let error = KeyFile::read(&path).and_then(|file| file.unlock(Role::Notice, None)).unwrap_err();
            assert!(expected(&error), "{}: {error:?}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn every_cut_of_an_encrypted_key_file_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("whole.key");
        KeyFile::create(&path, &key(), Protection::Passphrase(&passphrase())).unwrap();
        let whole = fs::read(&path).unwrap();
        for cut in 0..whole.len() - 1 {
            assert!(KeyFile::read(&private(directory.path(), &whole[..cut])).is_err(), "{cut}");
        }
    }

    #[test]
    fn a_missing_an_unreadable_and_an_open_file_are_different_errors() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("none.key");
        assert!(matches!(KeyFile::read(&missing), Err(KeyringError::Read(ReadError::Missing { .. }))));
        assert!(matches!(KeyFile::read(directory.path()), Err(KeyringError::Read(ReadError::NotAFile { .. }))));
        let path = private(directory.path(), plain_text(directory.path()));
        assert!(matches!(
            KeyFile::read(&path.join("below.key")),
            Err(KeyringError::Read(ReadError::Unreadable { .. }))
        ));
        for mode in [0o640, 0o604, 0o610, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = KeyFile::read(&path).unwrap_err();
            assert!(matches!(error, KeyringError::OpenToOthers { mode: found, .. } if found == mode));
            assert!(error.to_string().contains("chmod 600"), "{error}");
        }
    }
}

//! Whose signatures count: a policy, a plain list of keys, or a key list that the roots have signed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{LogTrust, Others, VerifyError};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::keyring::{
    KEY_LIST_FILE_MAX_BYTES, KEY_LIST_MARK, KEY_LISTS_MAX, KeyListChain, KeyListRefusal, Standing, TrustError,
    TrustedKeys, VerifiedKeyList, holds_private_key,
};
use crate::signed_note::{Note, VerifierKey};
use crate::whole_file::{self, ReadError};

/// How the name of a key list ends, if others are to be found beside it.
const LIST_ENDING: &str = ".note";

/// The keys that are trusted, and whether somebody said how many of them must sign.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The keys and the quorum.
    pub keys: TrustedKeys,
    /// Whether the quorum is a policy's. If not, one listed key is enough, and the report says so.
    pub has_policy: bool,
    /// The key list that they stand on, if it was one. Which of them count then depends on the moment.
    pub list: Option<VerifiedKeyList>,
    /// Why it is not known whether these are the keys of those who are meant, if it is not. Nothing is good under such keys.
    pub doubt: Option<String>,
    /// The logs that are believed besides, and their witnesses. Without any, those on the key list are.
    pub logs: LogTrust,
    /// What else its holders have signed, as far as it is at hand: by this an earlier edition is known to be replaced.
    pub others: Others,
}

impl Trust {
    /// What a policy says.
    pub fn of_policy(keys: TrustedKeys) -> Self {
        let (logs, others) = (LogTrust::default(), Others::default());
        Self { keys, has_policy: true, list: None, doubt: None, logs, others }
    }

    /// What the roots say.
    pub fn of_list(list: VerifiedKeyList) -> Result<Self, TrustError> {
        let keys = list.list().notice_policy()?;
        let (logs, others) = (LogTrust::default(), Others::default());
        Ok(Self { keys, has_policy: true, list: Some(list), doubt: None, logs, others })
    }

    /// The same, with logs that are believed.
    pub fn with_logs(self, logs: LogTrust) -> Self {
        Self { logs, ..self }
    }

    /// Why the signature of a known key under a text dated `stated` does not count, if it does not. Only a key list ever says
    /// so. `proven_before` is a moment before which this note, signatures included, is shown to have been there.
    pub(super) fn objection(
        &self,
        key: &VerifierKey,
        stated: UtcTime,
        proven_before: Option<UtcTime>,
    ) -> Option<Standing> {
        let standing = self.list.as_ref()?.list().standing_of(key, stated, proven_before);
        (standing != Standing::Counts).then_some(standing)
    }
}

/// Reads trusted keys: a policy as [`TrustedKeys`] describes it; verifier keys, one a line, of which any one is enough; or
/// signed [key lists](crate::keyring::KeyList).
///
/// Of `NAME.note`, a key list, and the lists `NAME.N.note` beside it the newest counts, when it follows from one that the keys in
/// the file `roots` have signed ([`KeyListChain::newest_under`]). `roots` is a policy or plain keys itself. In plain keys,
/// empty lines and lines that start with `#` are passed over. A file is a policy when the first of its other lines starts with
/// a word of a policy.
pub fn read_trust(path: &Path, roots: Option<&Path>) -> Result<Trust, VerifyError> {
    let text = read_text(path)?;
    match (text.starts_with(KEY_LIST_MARK), roots) {
        (true, Some(roots)) => {
            let roots = read_roots(roots)?;
            newest(path, &text, |chain| chain.newest_under(&roots))
        }
        (true, None) => Err(VerifyError::NoRoots { path: path.to_owned() }),
        (false, Some(_)) => Err(VerifyError::NotAKeyList { path: path.to_owned() }),
        (false, None) => plain(&text, path),
    }
}

/// Reads the newest key list as [`read_trust`] does. It counts when it is the one in the file `believed`, which was believed
/// before, or follows from that ([`KeyListChain::newest_after`]).
pub fn read_trust_after(path: &Path, believed: &Path) -> Result<Trust, VerifyError> {
    let text = read_text(path)?;
    if !text.starts_with(KEY_LIST_MARK) {
        return Err(VerifyError::NotAKeyList { path: path.to_owned() });
    }
    let last = read_believed(believed)?;
    newest(path, &text, |chain| chain.newest_after(&last))
}

/// Reads the newest key list as [`read_trust`] does. It counts when it follows from one whose roots have this fingerprint
/// ([`KeyListChain::newest_with_roots`]).
pub fn read_trust_with_roots(path: &Path, fingerprint: Digest) -> Result<Trust, VerifyError> {
    let text = read_text(path)?;
    if !text.starts_with(KEY_LIST_MARK) {
        return Err(VerifyError::NotAKeyList { path: path.to_owned() });
    }
    newest(path, &text, |chain| chain.newest_with_roots(fingerprint))
}

/// A list that was believed before, from the file in which it was kept.
pub fn read_believed(path: &Path) -> Result<VerifiedKeyList, VerifyError> {
    let last = note_of(path, &read_text(path)?)?;
    VerifiedKeyList::believed(&last).map_err(|source| VerifyError::KeyList { path: path.to_owned(), source })
}

/// The list in a file, and those beside it that [`read_trust`] would read.
pub fn read_key_lists(path: &Path) -> Result<KeyListChain, VerifyError> {
    chain_of(path, &read_text(path)?)
}

fn read_text(path: &Path) -> Result<String, VerifyError> {
    let bytes = whole_file::read(path, KEY_LIST_FILE_MAX_BYTES)?;
    if holds_private_key(&bytes) {
        return Err(VerifyError::SecretKey { path: path.to_owned() });
    }
    String::from_utf8(bytes).map_err(|_| VerifyError::NotTrust { path: path.to_owned() })
}

fn note_of(path: &Path, text: &str) -> Result<Note, VerifyError> {
    Note::parse(text.as_bytes()).map_err(|source| VerifyError::KeyListNote { path: path.to_owned(), source })
}

/// The list in `text` and those beside it, walked up by `walk`.
fn newest(
    path: &Path,
    text: &str,
    walk: impl FnOnce(&KeyListChain) -> Result<VerifiedKeyList, KeyListRefusal>,
) -> Result<Trust, VerifyError> {
    let refused = |source| VerifyError::KeyList { path: path.to_owned(), source };
    let list = walk(&chain_of(path, text)?).map_err(refused)?;
    Trust::of_list(list).map_err(|source| VerifyError::Keys { path: path.to_owned(), source })
}

fn chain_of(path: &Path, text: &str) -> Result<KeyListChain, VerifyError> {
    let mut notes = vec![note_of(path, text)?];
    for beside in key_lists_beside(path)? {
        notes.push(note_of(&beside, &read_text(&beside)?)?);
    }
    KeyListChain::of(notes).map_err(|source| VerifyError::KeyList { path: path.to_owned(), source })
}

/// For `NAME.note` the files `NAME.N.note` in its directory, N a number. What they say counts, not the number in their names.
pub fn key_lists_beside(path: &Path) -> Result<Vec<PathBuf>, VerifyError> {
    let Some(stem) = path.file_name().and_then(OsStr::to_str).and_then(|name| name.strip_suffix(LIST_ENDING)) else {
        return Ok(Vec::new());
    };
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unreadable = |source| ReadError::of(directory, source);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        let number =
            name.to_str().and_then(|name| name.strip_prefix(stem)?.strip_prefix('.')?.strip_suffix(LIST_ENDING));
        if number.is_some_and(|number| !number.is_empty() && number.bytes().all(|octet| octet.is_ascii_digit())) {
            found.push(directory.join(&name));
        }
        if found.len() > KEY_LISTS_MAX {
            return Err(VerifyError::KeyList { path: path.to_owned(), source: KeyListRefusal::TooMany });
        }
    }
    found.sort();
    Ok(found)
}

/// What people give in place of verifier keys, by how it begins.
const OTHER_FORMS: [(&str, &str); 5] = [
    ("-----BEGIN PUBLIC KEY", "a public key in PEM, which does not say whose it is"),
    ("-----BEGIN CERTIFICATE", "a certificate"),
    ("untrusted comment:", "a key for minisign, which does not say whose it is"),
    ("seizure-notice/", "a notice"),
    ("ssh-ed25519 ", "a key for OpenSSH"),
];

/// What is in a file that is no trust, if it is something that is known.
fn other_form(text: &str) -> Option<&'static str> {
    let first = text.trim_start();
    let line = first.lines().next().unwrap_or_default();
    let known = OTHER_FORMS.iter().find(|(mark, _)| first.starts_with(mark)).map(|(_, what)| *what);
    known.or_else(|| line.contains(" ssh-ed25519 ").then_some("keys for OpenSSH (allowed_signers)"))
}

/// The roots in a file: a policy or plain keys.
pub fn read_roots(path: &Path) -> Result<TrustedKeys, VerifyError> {
    Ok(plain(&read_text(path)?, path)?.keys)
}

/// A policy or plain keys.
fn plain(text: &str, path: &Path) -> Result<Trust, VerifyError> {
    if let Some(what) = other_form(text) {
        return Err(VerifyError::NotKeys { path: path.to_owned(), what });
    }
    let first_word = lines_of(text).next().and_then(|(_, line)| line.split_whitespace().next());
    if matches!(first_word, Some("signer" | "group" | "quorum")) {
        let refused = |source| VerifyError::Policy { path: path.to_owned(), source };
        return Ok(Trust::of_policy(text.parse().map_err(refused)?));
    }
    let mut keys: Vec<VerifierKey> = Vec::new();
    for (line, key) in lines_of(text) {
        keys.push(key.parse().map_err(|source| VerifyError::Key { path: path.to_owned(), line, source })?);
    }
    let keys = TrustedKeys::at_least(1, &keys);
    let keys = keys.map_err(|source| VerifyError::Keys { path: path.to_owned(), source })?;
    Ok(Trust { has_policy: false, ..Trust::of_policy(keys) })
}

/// The lines that say something, with their numbers.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::keyring::KeyList;
    use crate::verify::fixture::{COURT, COURT_ROOT, POLICE, POLICE_ROOT, STRANGER, key_list, note, public};

    fn read(text: &[u8]) -> Result<Trust, VerifyError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys");
        fs::write(&path, text).unwrap();
        read_trust(&path, None)
    }

    #[test]
    fn a_policy_says_how_many_and_of_a_list_one_is_enough() {
        let (police, court) = (public(POLICE), public(COURT));
        let policy = format!("# two\n\nsigner a {police}\nsigner b {court}\ngroup all all a b\nquorum all\n");
        let both = read(policy.as_bytes()).unwrap();
        assert!(both.has_policy && !both.keys.evaluate(&[&police]).reached);
        let any = read(format!("# agencies\n{police}\r\n\n  {court}").as_bytes()).unwrap();
        assert!(!any.has_policy && any.keys.evaluate(&[&court]).reached);
    }

    #[test]
    fn what_is_neither_is_refused_for_its_own_reason() {
        let police = public(POLICE).to_string();
        assert!(matches!(read(b""), Err(VerifyError::Keys { .. })));
        assert!(matches!(read(b"\xff\n"), Err(VerifyError::NotTrust { .. })));
        assert!(matches!(read(b"signer a b\n"), Err(VerifyError::Policy { .. })));
        assert!(matches!(read(format!("{police}\nx\n").as_bytes()), Err(VerifyError::Key { line: 2, .. })));
        assert!(matches!(read(format!("{police}\n{police}\n").as_bytes()), Err(VerifyError::Keys { .. })));
        assert!(matches!(
            read(&[b'#'; KEY_LIST_FILE_MAX_BYTES + 1]),
            Err(VerifyError::Read(ReadError::TooLarge { .. }))
        ));
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(read_trust(dir.path(), None), Err(VerifyError::Read(ReadError::NotAFile { .. }))));
        assert!(matches!(
            read_trust(&dir.path().join("none"), None),
            Err(VerifyError::Read(ReadError::Missing { .. }))
        ));
    }

    #[test]
    fn keys_in_the_forms_of_other_tools_are_called_what_they_are() {
        for (text, said) in [
            ("-----BEGIN PUBLIC KEY-----\n", "a public key in PEM"),
            ("untrusted comment: minisign public key\n", "minisign"),
            ("police.example namespaces=\"x\" ssh-ed25519 AAAA\n", "OpenSSH"),
            ("seizure-notice/v1\n", "a notice"),
        ] {
            let error = read(text.as_bytes()).unwrap_err();
            assert!(matches!(error, VerifyError::NotKeys { what, .. } if what.contains(said)), "{text}");
        }
        for form in ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
            let error = read(format!("impound-key/v1\n-----BEGIN {form}-----\nMC4C").as_bytes()).unwrap_err();
            assert!(matches!(error, VerifyError::SecretKey { .. }), "{form}");
        }
    }

    #[test]
    fn a_key_list_needs_its_roots_and_nothing_else_has_any() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &[u8]| {
            let path = dir.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let list = put("keys.note", &note(&key_list().to_string(), &[POLICE_ROOT, COURT_ROOT]));
        let unsigned = put("unsigned", key_list().to_string().as_bytes());
        let plain = put("plain", format!("{}\n{}\n", public(POLICE_ROOT), public(COURT_ROOT)).as_bytes());
        let both = TrustedKeys::at_least(2, &[POLICE_ROOT, COURT_ROOT].map(public)).unwrap();
        let both = put("both", both.to_string().as_bytes());
        let strangers = put("strangers", public(STRANGER).to_string().as_bytes());
        let read = |keys: &Path, roots: &Path| read_trust(keys, Some(roots));
        for roots in [&plain, &both] {
            let trust = read(&list, roots).unwrap();
            assert!(trust.has_policy && trust.list.unwrap().list() == &key_list());
        }
        assert!(matches!(read_trust(&list, None), Err(VerifyError::NoRoots { .. })));
        assert!(matches!(read(&both, &plain), Err(VerifyError::NotAKeyList { .. })));
        assert!(matches!(read(&list, &list), Err(VerifyError::Key { line: 1, .. })));
        assert!(matches!(read(&list, &dir.path().join("none")), Err(VerifyError::Read(ReadError::Missing { .. }))));
        assert!(matches!(read(&unsigned, &both), Err(VerifyError::KeyListNote { .. })));
        let refused = read(&list, &strangers).unwrap_err();
        assert!(
            matches!(&refused, VerifyError::KeyList { source: KeyListRefusal::Signature { .. }, .. }),
            "{refused:?}"
        );
    }

    #[test]
    fn the_lists_beside_one_are_its_chain() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, version: u32, signers: &[crate::verify::fixture::Signer]| {
            let list = KeyList { version, ..key_list() };
            fs::write(dir.path().join(name), note(&list.to_string(), signers)).unwrap();
        };
        let (roots, keys) = (dir.path().join("roots"), dir.path().join("keys.note"));
        fs::write(&roots, TrustedKeys::at_least(2, &[POLICE_ROOT, COURT_ROOT].map(public)).unwrap().to_string())
            .unwrap();
        let read = || read_trust(&keys, Some(&roots)).map(|trust| trust.list.unwrap().list().version);
        let both = [POLICE_ROOT, COURT_ROOT];
        put("keys.1.note", 1, &both);
        put("keys.2.note", 2, &both);
        put("keys.note", 3, &both);
        assert_eq!(read().unwrap(), 3);
        // Others of that kind are not its own, whatever is in them.
        for name in ["keys..note", "keys.x.note", "keys2.note", "other.1.note", "keys.1.note.old", "keys.-1.note"] {
            fs::write(dir.path().join(name), "no list").unwrap();
        }
        assert_eq!(read().unwrap(), 3);
        fs::remove_file(dir.path().join("keys.2.note")).unwrap();
        let gap = KeyListRefusal::Gap { after: 1, found: 3 };
        assert!(matches!(read(), Err(VerifyError::KeyList { source, .. }) if source == gap));
        put("keys.2.note", 2, &[POLICE_ROOT]);
        assert!(matches!(read(), Err(VerifyError::KeyList { source: KeyListRefusal::FormerRoots { .. }, .. })));
        put("keys.2.note", 2, &both);
        put("keys.4.note", 4, &both);
        assert_eq!(read().unwrap(), 4, "the newest counts, also when the file that was named is not it");
        let after = |file: &str| read_trust_after(&keys, &dir.path().join(file)).map(|trust| trust.list.unwrap());
        assert_eq!(after("keys.2.note").unwrap().list().version, 4);
        put("last.note", 5, &both);
        let rollback = KeyListRefusal::Rollback { believed: 5, newest: 4 };
        assert!(matches!(after("last.note"), Err(VerifyError::KeyList { source, .. }) if source == rollback));
        put("last.note", 4, &[COURT_ROOT]);
        assert!(matches!(
            after("last.note"),
            Err(VerifyError::KeyList { source: KeyListRefusal::OwnRoots { .. }, .. })
        ));
        assert!(matches!(read_trust_after(&roots, &keys), Err(VerifyError::NotAKeyList { .. })));
    }
}

//! Whose signatures count: a policy, a plain list of keys, or a key list that the roots have signed.

use std::path::Path;

use super::VerifyError;
use crate::clock::UtcTime;
use crate::keyring::{
    KEY_LIST_MARK, KeyListRefusal, POLICY_MAX_BYTES, Standing, TrustError, TrustedKeys, VerifiedKeyList,
};
use crate::signed_note::{Note, VerifierKey};
use crate::whole_file;

/// The keys that are trusted, and whether somebody said how many of them must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The keys and the quorum.
    pub keys: TrustedKeys,
    /// Whether the quorum is a policy's. If not, one listed key is enough, and the report says so.
    pub has_policy: bool,
    /// The key list that they stand on, if it was one. Which of them count then depends on the moment.
    pub list: Option<VerifiedKeyList>,
}

impl Trust {
    /// What a policy says.
    pub fn of_policy(keys: TrustedKeys) -> Self {
        Self { keys, has_policy: true, list: None }
    }

    /// What the roots say.
    pub fn of_list(list: VerifiedKeyList) -> Result<Self, TrustError> {
        Ok(Self { keys: list.list().notice_policy()?, has_policy: true, list: Some(list) })
    }

    /// Why the signatures of a known key do not count at `moment`, if they do not. Only a key list ever says so.
    pub(super) fn objection(&self, key: &VerifierKey, moment: UtcTime) -> Option<Standing> {
        let standing = self.list.as_ref()?.list().standing_at(key, moment);
        (standing != Standing::Counts).then_some(standing)
    }
}

/// Reads trusted keys: a policy as [`TrustedKeys`] describes it; verifier keys, one a line, of which any one is enough; or a
/// signed [key list](crate::keyring::KeyList), which is believed when the keys in the file `roots` have signed it.
///
/// In plain keys, empty lines and lines that start with `#` are passed over. A file is a policy when the first of its other
/// lines starts with a word of a policy. `roots` is a policy or plain keys itself.
pub fn read_trust(path: &Path, roots: Option<&Path>) -> Result<Trust, VerifyError> {
    let text = read_text(path)?;
    match (text.starts_with(KEY_LIST_MARK), roots) {
        (true, Some(roots)) => key_list(&text, path, &plain(&read_text(roots)?, roots)?),
        (true, None) => Err(VerifyError::NoRoots { path: path.to_owned() }),
        (false, Some(_)) => Err(VerifyError::NotAKeyList { path: path.to_owned() }),
        (false, None) => plain(&text, path),
    }
}

fn read_text(path: &Path) -> Result<String, VerifyError> {
    let bytes = whole_file::read(path, POLICY_MAX_BYTES)?;
    String::from_utf8(bytes).map_err(|_| VerifyError::NotTrust { path: path.to_owned() })
}

fn key_list(text: &str, path: &Path, roots: &Trust) -> Result<Trust, VerifyError> {
    let refused = |source: KeyListRefusal| VerifyError::KeyList { path: path.to_owned(), source };
    let note = Note::parse(text.as_bytes()).map_err(|error| refused(error.into()))?;
    let list = VerifiedKeyList::of(&note, &roots.keys).map_err(refused)?;
    Trust::of_list(list).map_err(|source| VerifyError::Keys { path: path.to_owned(), source })
}

/// A policy or plain keys.
fn plain(text: &str, path: &Path) -> Result<Trust, VerifyError> {
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
    Ok(Trust { keys, has_policy: false, list: None })
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
    use crate::verify::fixture::{COURT, COURT_ROOT, POLICE, POLICE_ROOT, STRANGER, key_list, note, public};
    use crate::whole_file::ReadError;

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
        assert!(matches!(read(&[b'#'; POLICY_MAX_BYTES + 1]), Err(VerifyError::Read(ReadError::TooLarge { .. }))));
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(read_trust(dir.path(), None), Err(VerifyError::Read(ReadError::NotAFile { .. }))));
        assert!(matches!(
            read_trust(&dir.path().join("none"), None),
            Err(VerifyError::Read(ReadError::Missing { .. }))
        ));
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
        for (list, roots) in [(&unsigned, &both), (&list, &strangers)] {
            let refused = read(list, roots).unwrap_err();
            assert!(
                matches!(&refused, VerifyError::KeyList { source: KeyListRefusal::Signature(_), .. }),
                "{refused:?}"
            );
        }
    }
}

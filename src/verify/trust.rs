//! Whose signatures count: a policy, or a plain list of keys.

use std::path::Path;

use super::VerifyError;
use crate::keyring::{POLICY_MAX_BYTES, TrustedKeys};
use crate::signed_note::VerifierKey;
use crate::whole_file;

/// The keys that are trusted, and whether somebody said how many of them must sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// The keys and the quorum.
    pub keys: TrustedKeys,
    /// Whether the quorum is a policy's. If not, one listed key is enough, and the report says so.
    pub has_policy: bool,
}

impl Trust {
    /// What a policy says.
    pub fn of_policy(keys: TrustedKeys) -> Self {
        Self { keys, has_policy: true }
    }
}

/// Reads trusted keys: a policy as [`TrustedKeys`] describes it, or verifier keys, one a line, of which any one is enough.
///
/// In a list, empty lines and lines that start with `#` are passed over. A file is a policy when the first of its other
/// lines starts with a word of a policy.
pub fn read_trust(path: &Path) -> Result<Trust, VerifyError> {
    let bytes = whole_file::read(path, POLICY_MAX_BYTES)?;
    let text = String::from_utf8(bytes).map_err(|_| VerifyError::NotTrust { path: path.to_owned() })?;
    let first_word = lines_of(&text).next().and_then(|(_, line)| line.split_whitespace().next());
    if matches!(first_word, Some("signer" | "group" | "quorum")) {
        let refused = |source| VerifyError::Policy { path: path.to_owned(), source };
        return Ok(Trust::of_policy(text.parse().map_err(refused)?));
    }
    let mut keys: Vec<VerifierKey> = Vec::new();
    for (line, key) in lines_of(&text) {
        keys.push(key.parse().map_err(|source| VerifyError::Key { path: path.to_owned(), line, source })?);
    }
    let keys = TrustedKeys::at_least(1, &keys);
    let keys = keys.map_err(|source| VerifyError::Keys { path: path.to_owned(), source })?;
    Ok(Trust { keys, has_policy: false })
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
    use crate::verify::fixture::{COURT, POLICE, public};
    use crate::whole_file::ReadError;

    fn read(text: &[u8]) -> Result<Trust, VerifyError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys");
        fs::write(&path, text).unwrap();
        read_trust(&path)
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
        assert!(matches!(read_trust(dir.path()), Err(VerifyError::Read(ReadError::NotAFile { .. }))));
        assert!(matches!(read_trust(&dir.path().join("none")), Err(VerifyError::Read(ReadError::Missing { .. }))));
    }
}

//! Checkpoints: what a log vouches for, as the text of a signed note
//! ([C2SP tlog-checkpoint](https://c2sp.org/tlog-checkpoint)).
//!
//! ```text
//! police.example/log
//! 70000
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! ```

use crate::signed_note::{KeyName, NoteError, NoteText};

use super::{Hash, TlogError, TreeSize};

/// The largest tree that is read: far more entries than an operation has, and far from where sums overflow.
const SIZE_MAX: u64 = 1 << 48;

/// The state of a log: its name, its size, its root.
///
/// Extension lines, which the specification allows and advises against, are refused: nothing of ours needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, which is also the name of its key.
    pub origin: KeyName,
    /// How many entries it has.
    pub size: TreeSize,
    /// The root of its tree.
    pub root: Hash,
}

impl Checkpoint {
    /// Reads the text of a note.
    pub fn parse(text: &NoteText) -> Result<Self, TlogError> {
        let mut lines = text.as_str().lines();
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(TlogError::CheckpointLines { lines: text.as_str().lines().count() });
        };
        Ok(Self { origin: origin.parse().map_err(TlogError::Origin)?, size: parse_size(size)?, root: root.parse()? })
    }

    /// The text to be signed.
    pub fn to_text(&self) -> Result<NoteText, NoteError> {
        NoteText::new(format!("{}\n{}\n{}\n", self.origin, self.size, self.root))
    }
}

/// ASCII decimal, no leading zeros (tlog-checkpoint, "Note text").
fn parse_size(text: &str) -> Result<TreeSize, TlogError> {
    let refuse = || TlogError::Size { text: crate::domain::excerpt(text) };
    let size: u64 = text.parse().map_err(|_| refuse())?;
    // Parse, print, compare: a sign or a leading zero is another form.
    if size <= SIZE_MAX && size.to_string() == text { Ok(TreeSize(size)) } else { Err(refuse()) }
}

#[cfg(test)]
mod tests {
    use super::super::empty_root;
    use super::*;

    const ROOT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    fn parse(text: &str) -> Result<Checkpoint, TlogError> {
        Checkpoint::parse(&NoteText::new(text.to_owned()).unwrap())
    }

    #[test]
    fn a_checkpoint_prints_as_it_was_read() {
        let text = format!("police.example/log\n0\n{ROOT}\n");
        let checkpoint = parse(&text).unwrap();
        assert_eq!(checkpoint.root, empty_root());
        assert_eq!(checkpoint.to_text().unwrap().as_str(), text);
    }

    #[test]
    fn other_forms_are_refused_for_their_own_reason() {
        type Expected = fn(&TlogError) -> bool;
        let cases: [(&str, Expected); 10] = [
            ("a.example\n1\n", |e| *e == TlogError::CheckpointLines { lines: 2 }),
            ("a.example\n1\nROOT\nextension\n", |e| *e == TlogError::CheckpointLines { lines: 4 }),
            ("two words\n1\nROOT\n", |e| matches!(e, TlogError::Origin(_))),
            ("a.example\n01\nROOT\n", |e| matches!(e, TlogError::Size { .. })),
            ("a.example\n+1\nROOT\n", |e| matches!(e, TlogError::Size { .. })),
            ("a.example\n-1\nROOT\n", |e| matches!(e, TlogError::Size { .. })),
            ("a.example\n18446744073709551615\nROOT\n", |e| matches!(e, TlogError::Size { .. })),
            ("a.example\n1\nAAAA\n", |e| matches!(e, TlogError::Digest { .. })),
            ("a.example\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", |e| matches!(e, TlogError::Digest { .. })),
            ("a.example\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n", |e| matches!(e, TlogError::Digest { .. })),
        ];
        for (text, expected) in cases {
            let error = parse(&text.replace("ROOT", ROOT)).unwrap_err();
            assert!(expected(&error), "{text:?}: {error}");
        }
    }
}

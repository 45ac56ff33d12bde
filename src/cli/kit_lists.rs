//! The agencies' signed key lists as they go into the kit of a notice: the newest, and those before it, so that whoever
//! knows the roots of an old one walks up from there.

use std::collections::BTreeMap;
use std::path::Path;

use super::exit::OrFail;
use super::{Exit, Failure};
use crate::keyring::{KEY_LIST_FILE_MAX_BYTES, KeyList};
use crate::notice::KEYS_NOTE;
use crate::playbook::Playbook;
use crate::signed_note::Note;
use crate::verify::key_lists_beside;
use crate::whole_file::{self, ReadError};

/// The lists, if the operation has any. Their roots are for their readers to judge.
#[derive(Default)]
pub(super) struct KitLists {
    /// What `keys.note` says.
    newest: Option<KeyList>,
    /// By their names in the kit: `keys.note`, `keys.1.note` and so on.
    files: BTreeMap<String, Vec<u8>>,
}

impl KitLists {
    /// Those that lie beside the playbook.
    pub(super) fn beside(playbook: &Playbook) -> Result<Self, Failure> {
        let path = playbook.root.join(KEYS_NOTE);
        let bytes = match whole_file::read(&path, KEY_LIST_FILE_MAX_BYTES) {
            Err(ReadError::Missing { .. }) => return Ok(Self::default()),
            other => other.or_fail(Exit::Environment)?,
        };
        let mut lists = Self { newest: Some(list(&path, &bytes)?), files: [(KEYS_NOTE.to_owned(), bytes)].into() };
        for older in key_lists_beside(&path).or_fail(Exit::Environment)? {
            let bytes = whole_file::read(&older, KEY_LIST_FILE_MAX_BYTES).or_fail(Exit::Environment)?;
            list(&older, &bytes)?;
            let name = older.file_name().map(|name| name.to_string_lossy().into_owned());
            lists.files.extend(name.map(|name| (name, bytes)));
        }
        Ok(lists)
    }

    /// The first list of all.
    pub(super) fn only(list: &KeyList, note: &Note) -> Self {
        let bytes = note.to_string().into_bytes();
        Self { newest: Some(list.clone()), files: [(KEYS_NOTE.to_owned(), bytes)].into() }
    }

    /// What the newest list says.
    pub(super) fn newest(&self) -> Option<&KeyList> {
        self.newest.as_ref()
    }

    /// By their names in the kit.
    pub(super) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.files.clone()
    }
}

fn list(path: &Path, bytes: &[u8]) -> Result<KeyList, Failure> {
    let help = || format!("{} is no signed key list; make it with `impound key list`", path.display());
    let note = Note::parse(bytes).map_err(|error| Failure::new(Exit::Usage, error).help(help()))?;
    note.text
        .as_str()
        .parse()
        .map_err(|error: crate::keyring::KeyListError| Failure::new(Exit::Usage, error).help(help()))
}

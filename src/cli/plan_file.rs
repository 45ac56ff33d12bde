//! Plans as files: the text, its signatures, and the refusals beside it.

use std::fs;
use std::path::{Path, PathBuf};

use super::exit::OrFail;
use super::open::{read_bounded, write_whole};
use super::{Exit, Failure};
use crate::plan::Plan;
use crate::signed_note::{KeyName, NOTE_MAX_BYTES, Note, NoteError, NoteText};

/// The most refusals that are read; more than the approvers there can be.
const REFUSALS_MAX: usize = 1000;

/// A plan as it lies on disk.
pub(super) struct PlanFile {
    pub(super) path: PathBuf,
    pub(super) plan: Plan,
    /// The plan with its signatures; `None` while nobody has signed.
    pub(super) note: Option<Note>,
}

impl PlanFile {
    /// Reads a plan, signed or not.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        Self::parse(path, read_bounded(path, NOTE_MAX_BYTES)?)
    }

    fn parse(path: &Path, bytes: Vec<u8>) -> Result<Self, Failure> {
        let not_a_plan = |error: NoteError| {
            Failure::new(Exit::Usage, error).help(format!("{} is not a plan made by `impound plan`", path.display()))
        };
        let (text, note) = match Note::parse(&bytes) {
            Ok(note) => (note.text.clone(), Some(note)),
            Err(NoteError::Unsigned) => {
                let text = String::from_utf8(bytes).map_err(|_| not_a_plan(NoteError::NotUtf8))?;
                (NoteText::new(text).map_err(not_a_plan)?, None)
            }
            Err(error) => return Err(not_a_plan(error)),
        };
        let plan = Plan::parse(text).or_fail(Exit::Usage)?;
        Ok(Self { path: path.to_owned(), plan, note })
    }

    /// Reads the plan at a place where one is to be written, if there is a file.
    pub(super) fn if_there(path: &Path) -> Result<Option<Self>, Failure> {
        if !path.is_file() {
            return Ok(None);
        }
        Self::parse(path, read_bounded(path, NOTE_MAX_BYTES)?).map(Some).map_err(|failure| {
            let help = format!("{} is no plan: give another name with -o, or --anew to write over it", path.display());
            failure.help(help)
        })
    }

    /// The names at its signatures.
    pub(super) fn signers(&self) -> Vec<String> {
        self.note.iter().flat_map(|note| &note.signatures).map(|line| line.name.to_string()).collect()
    }

    /// Writes the plan with its signatures in place of the file.
    pub(super) fn write(&self) -> Result<(), Failure> {
        write_whole(&self.path, &self.bytes())
    }

    /// The plan with its signatures, or its text alone.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match &self.note {
            Some(note) => note.to_string().into_bytes(),
            None => self.plan.text().as_str().as_bytes().to_vec(),
        }
    }

    /// Where a refusal by this key stands.
    pub(super) fn refusal_path(&self, key: &KeyName) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".refused-{}", key.as_str().replace('/', "_")));
        name.into()
    }

    /// The refusals beside the plan.
    pub(super) fn refusals(&self) -> Result<Vec<Note>, Failure> {
        let directory = self.path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Some(own) = self.path.file_name().and_then(|name| name.to_str()) else { return Ok(Vec::new()) };
        let prefix = format!("{own}.refused-");
        let mut refusals = Vec::new();
        for entry in fs::read_dir(directory).or_fail(Exit::Environment)? {
            let entry = entry.or_fail(Exit::Environment)?;
            if !entry.file_name().to_string_lossy().starts_with(&prefix) || refusals.len() == REFUSALS_MAX {
                continue;
            }
            let bytes = read_bounded(&entry.path(), NOTE_MAX_BYTES)?;
            refusals.push(Note::parse(&bytes).map_err(|error| {
                Failure::new(Exit::NotVerified, error).help(format!("see {}", entry.path().display()))
            })?);
        }
        Ok(refusals)
    }
}

//! A site of which files may be missing or damaged: what of each edition can be read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{
    Edition, EditionFile, FILE_MAX_BYTES, Home, NOTICE_NOTE, NOTICE_TXT, PROVE_THEMSELVES, SiteError, at_rest, home_of,
    homes, is_kit_name,
};
use crate::digest::Digest;
use crate::notice::manifest::{Manifest, NoticeId};
use crate::notice::names::Names;
use crate::playbook::Id;
use crate::signed_note::{NOTE_MAX_BYTES, Note};
use crate::whole_file::{self, ReadError};

/// One edition as it lies in a site.
#[derive(Debug)]
pub struct Found {
    /// `notice/edition`.
    home: PathBuf,
    /// Its note, read by itself; `None` when nobody has signed the edition. One that is missing or damaged is an error.
    pub note: Result<Option<Note>, SiteError>,
    /// The edition, if all of it is there and holds.
    pub edition: Result<Edition, SiteError>,
    /// Of an edition that does not hold, the files of its kit that do.
    pub intact: BTreeMap<String, Vec<u8>>,
    /// Where its `edition.json` does not hold either, what lies there as signatures beside the note: nothing vouches for them.
    pub claimed: BTreeMap<String, Vec<u8>>,
    /// Of such an edition, what it is among the others.
    outline: Option<Edition>,
}

impl Found {
    /// Whether it lies where this edition belongs.
    pub fn is_at(&self, id: &NoticeId) -> bool {
        self.home == home_of(id)
    }

    /// Whether it is an edition of this notice.
    pub fn is_of(&self, notice: &Id) -> bool {
        self.home.starts_with(notice.as_str())
    }

    /// The edition, or where it is damaged one that has its statement and its release, for [`crate::notice::Life`].
    pub fn outline(&self) -> Option<&Edition> {
        self.edition.as_ref().ok().or(self.outline.as_ref())
    }
}

/// Reads what can be read of a site; `names` are those at hand, as for [`super::read_site_of`].
///
/// # Errors
///
/// [`SiteError::Stray`] for a file that is no site's, and a directory that cannot be listed.
pub fn survey(dir: &Path, mut names: Vec<Arc<Names>>) -> Result<Vec<Found>, SiteError> {
    at_rest(dir, || {
        let homes = homes(dir)?;
        Ok(homes.iter().map(|(below, files)| found(dir, below, files, &mut names)).collect())
    })
}

fn found(site: &Path, below: &Path, files: &BTreeSet<PathBuf>, names: &mut Vec<Arc<Names>>) -> Found {
    let mut home = Home { site, below, known: BTreeSet::new() };
    let edition = home.read_all(files, names).map(|(_, edition)| edition);
    let about = home.about().ok();
    let note = note(&home, about.as_ref(), files);
    let (mut intact, mut claimed, mut outline) = (BTreeMap::new(), BTreeMap::new(), None);
    if edition.is_err() {
        (intact, claimed) = intact_files(&home, about.as_ref(), files);
        outline = about.and_then(|about| outlined(&home, about, note.as_ref().ok()?.as_ref()));
    }
    Found { home: below.to_owned(), note, edition, intact, claimed, outline }
}

/// The note; that there was one is known by `edition.json` and by the signatures beside it too.
fn note(home: &Home<'_>, about: Option<&EditionFile>, files: &BTreeSet<PathBuf>) -> Result<Option<Note>, SiteError> {
    let path = home.path(NOTICE_NOTE);
    match whole_file::read(&path, NOTE_MAX_BYTES) {
        Err(ReadError::Missing { .. }) => {
            let stated = about.is_some_and(|about| about.files.contains_key(NOTICE_NOTE));
            match stated || files.iter().any(|file| is_signature(file_name(file))) {
                true => Err(ReadError::Missing { path }.into()),
                false => Ok(None),
            }
        }
        read => Note::parse(&read?).map(Some).map_err(|source| SiteError::Note { path, source }),
    }
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// Whether it is called as a signature beside the note.
fn is_signature(name: &str) -> bool {
    name.starts_with("notice.txt.")
}

/// The files that are what `edition.json` says, and those that prove themselves. Where it cannot be read, the signatures are
/// apart.
fn intact_files(
    home: &Home<'_>,
    about: Option<&EditionFile>,
    files: &BTreeSet<PathBuf>,
) -> (BTreeMap<String, Vec<u8>>, BTreeMap<String, Vec<u8>>) {
    let (mut intact, mut claimed) = (BTreeMap::new(), BTreeMap::new());
    for name in files.iter().map(|path| file_name(path)).filter(|name| is_kit_name(name)) {
        let Ok(bytes) = whole_file::read(&home.path(name), FILE_MAX_BYTES) else { continue };
        let is_stated = |about: &EditionFile| about.files.get(name) == Some(&Digest::of(&bytes));
        if PROVE_THEMSELVES.contains(&name) || about.is_some_and(is_stated) {
            intact.insert(name.to_owned(), bytes);
        } else if about.is_none() && is_signature(name) {
            claimed.insert(name.to_owned(), bytes);
        }
    }
    (intact, claimed)
}

/// What `edition.json` and the statement say of an edition.
fn outlined(home: &Home<'_>, about: EditionFile, note: Option<&Note>) -> Option<Edition> {
    let text = match note {
        Some(note) => note.text.as_str().as_bytes().to_vec(),
        None => whole_file::read(&home.path(NOTICE_TXT), FILE_MAX_BYTES).ok()?,
    };
    let manifest = Manifest::parse(&text).ok().filter(|manifest| home_of(&manifest.id) == home.below)?;
    let release = about.release.map(|step| Id::parse(&step).ok_or(()));
    Some(Edition {
        id: manifest.id.to_string(),
        status: about.status,
        default_language: about.default_language,
        pages: BTreeMap::new(),
        kit: [(NOTICE_TXT.to_owned(), text)].into(),
        security_txt: Vec::new(),
        names: Arc::default(),
        release: release.transpose().ok()?,
    })
}

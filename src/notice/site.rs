//! A notice as it is served: pages, manifest, signatures and the kit for checking them; and how it lies on disk.
//!
//! ```text
//! SITE/main/1/edition.json         what a server needs besides, and the digest of every other file
//! SITE/main/1/security.txt
//! SITE/main/1/covered.names        the names and their seed, if the notice seals them: for the server alone
//! SITE/main/1/notice.txt           the manifest
//! SITE/main/1/notice.note          the same with signatures, once there are some
//! SITE/main/1/HOWTO.txt …          the rest of the kit
//! SITE/main/1/inclusion.tlog-proof  that the notice is in the log; it proves itself, and comes later
//! SITE/main/1/en/index.html …      one page for each language
//! SITE/main/2/…                    the next edition
//! SITE/.impound-lock               locked by the command that changes the site
//! ```

mod found;
mod held;
mod rest;

pub use found::{Found, survey};
pub use held::{HeldSite, refuse_stopped, write_site};
pub use rest::at_rest;

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::logged::{INCLUSION_PROOF, INCLUSION_STAMP};
use super::manifest::{Manifest, NoticeId};
use super::names::{COVERED_NAMES, Names, covered_names, known_names, sealed_names};
use super::sign::{ALLOWED_SIGNERS, NOTICE_NOTE, NOTICE_TXT, POLICY};
use super::statement::{StatementError, StatementProblem};
use crate::digest::Digest;
use crate::language::LanguageTag;
use crate::playbook::Id;
use crate::signed_note::{Note, NoteError};
use crate::whole_file::{self, ReadError, Readers, UNFINISHED, WriteError};

/// Where the kit stands on every covered name.
pub const KIT_PATH: &str = "/.well-known/seizure-notice/";

/// The largest file of a site that is read: pages and notes have some ten kilobytes, and a megabyte is beyond any use.
pub const FILE_MAX_BYTES: usize = 1 << 20;

/// The most files and directories of a site that are looked at: a hundred editions of a hundred files.
pub const FILES_MAX: usize = 10_000;

/// Files of the kit that prove themselves. `edition.json` does not name them, so that each can be put there or replaced by one
/// write, long after the rest.
const PROVE_THEMSELVES: [&str; 2] = [INCLUSION_PROOF, INCLUSION_STAMP];

/// The file in an edition's directory that states the digests of the others. Nobody has signed it.
pub const EDITION_JSON: &str = "edition.json";
const SECURITY_TXT: &str = "security.txt";

/// One edition of one notice, ready to be served. A later edition (an embargo has ended) replaces it whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// `operation/notice/number`: what the manifest calls itself.
    pub id: String,
    /// HTTP status of the pages: 451 or 200.
    pub status: u16,
    /// The language of those who ask for none of ours.
    pub default_language: LanguageTag,
    /// One whole HTML page for each language; the manifest has the digest of each.
    pub pages: BTreeMap<LanguageTag, Vec<u8>>,
    /// The kit: file name below [`KIT_PATH`] to bytes (`notice.txt`, `notice.note`, `allowed_signers`, …).
    pub kit: BTreeMap<String, Vec<u8>>,
    /// RFC 9116 contact file, served at `/.well-known/security.txt`.
    pub security_txt: Vec<u8>,
    /// The names for which it may be shown.
    pub names: Arc<Names>,
    /// The step that publishes it; `None`: published with the operation's first publication. Until that step an edition is
    /// not served.
    pub release: Option<Id>,
}

impl Edition {
    /// The manifest with its signatures, if the edition is signed.
    pub fn note(&self) -> Option<&[u8]> {
        self.kit.get(NOTICE_NOTE).map(Vec::as_slice)
    }
}

/// Why a site is not written or not read.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A file is not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file is not written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A directory cannot be read or made, or something cannot be removed.
    #[error("{} cannot be {action}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// `read`, `made`, `removed`, `replaced` or `locked`.
        action: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// Another command changes it.
    #[error("another impound is working on this site: it holds the lock {}", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// A command was stopped between the two moves by which it replaces an edition.
    #[error("a command that changed this site was stopped: {} is not in its place", path.display())]
    Stopped {
        /// Where the edition belongs.
        path: PathBuf,
    },
    /// There are more than [`FILES_MAX`] files.
    #[error("{} holds more than {FILES_MAX} files", path.display())]
    TooManyFiles {
        /// The directory.
        path: PathBuf,
    },
    /// Something that is no part of a site: it would be served, or lost.
    #[error("{} is no part of a notice site", path.display())]
    Stray {
        /// What it is.
        path: PathBuf,
    },
    /// A file is not the one that was written or signed.
    #[error("{} was altered: its digest is {found}, and {expected} is written down for it", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
        /// The digest it has.
        found: Digest,
        /// The digest it should have.
        expected: Digest,
    },
    /// `edition.json` is not one, or one of a later version.
    #[error("{} cannot be understood", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// The manifest is refused.
    #[error("{} is refused", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        source: StatementError,
    },
    /// The note is refused.
    #[error("{} is refused", path.display())]
    Note {
        /// The file.
        path: PathBuf,
        /// Why.
        source: NoteError,
    },
    /// Two files contradict each other.
    #[error("{} does not fit: {why}", path.display())]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// What it contradicts.
        why: &'static str,
    },
    /// An edition in memory has no usable number or file name.
    #[error("`{name}` cannot be written to a site")]
    Name {
        /// The edition's identifier or the file's name.
        name: String,
    },
}

/// Whether a file of the kit may have this name: it is served under it, and lies beside the files of the edition.
pub(super) fn is_kit_name(name: &str) -> bool {
    const CHARS_MAX: usize = 100;
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let good = name.len() <= CHARS_MAX && name.bytes().all(plain) && !name.is_empty() && !name.starts_with('.');
    // A language's directory has no dot in its name; nor has any other file of the kit but these, and no language is called so.
    good && (name.contains('.') || [ALLOWED_SIGNERS, POLICY].contains(&name))
        && ![EDITION_JSON, SECURITY_TXT, COVERED_NAMES].contains(&name)
}

/// `edition.json`, version 1.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EditionFile {
    version: Version,
    status: u16,
    default_language: LanguageTag,
    release: Option<String>,
    /// The kit and `security.txt`. The pages have their digests in the manifest.
    files: BTreeMap<String, Digest>,
}

/// The one version of `edition.json`; another is refused by the reader of JSON, with its place.
#[derive(Debug, Serialize, Deserialize)]
enum Version {
    #[serde(rename = "impound-edition/v1")]
    V1,
}

/// The directory of an edition, and every file of it by its path below the site's directory.
fn files_of(edition: &Edition) -> Result<(PathBuf, BTreeMap<PathBuf, Vec<u8>>), SiteError> {
    let refuse = |name: &str| SiteError::Name { name: name.to_owned() };
    let id: NoticeId = edition.id.parse().map_err(|_: StatementProblem| refuse(&edition.id))?;
    if let Some(name) = edition.kit.keys().find(|name| !is_kit_name(name)) {
        return Err(refuse(name));
    }
    let home = home_of(&id);
    let pages = edition.pages.iter().map(|(language, page)| (Manifest::page_path(language), page.clone()));
    let named = named_files(edition).map(|(name, bytes)| (name.to_owned(), bytes.clone()));
    let names = edition.names.sealed.as_ref().map(|sealed| covered_names(sealed, &edition.names.hosts));
    let names = names.map(|names| (COVERED_NAMES.to_owned(), names));
    let about = (EDITION_JSON.to_owned(), about(edition, &home)?);
    let files = pages.chain(named).chain(names).chain([about]);
    let files = files.map(|(name, bytes)| (home.join(name), bytes)).collect();
    Ok((home, files))
}

/// The files whose digests stand in `edition.json`.
fn named_files(edition: &Edition) -> impl Iterator<Item = (&str, &Vec<u8>)> {
    let kit = edition.kit.iter().map(|(name, bytes)| (name.as_str(), bytes));
    kit.chain([(SECURITY_TXT, &edition.security_txt)])
}

/// Whether the directory of an edition says that no step releases it, so that it begins a row of them; nothing else is read.
pub fn is_first_of_row(home: &Path) -> bool {
    let about = whole_file::read(&home.join(EDITION_JSON), FILE_MAX_BYTES).ok();
    let about = about.and_then(|bytes| serde_json::from_slice::<EditionFile>(&bytes).ok());
    about.is_some_and(|about| about.release.is_none())
}

/// The bytes of `edition.json`.
fn about(edition: &Edition, home: &Path) -> Result<Vec<u8>, SiteError> {
    let about = EditionFile {
        version: Version::V1,
        status: edition.status,
        default_language: edition.default_language.clone(),
        release: edition.release.as_ref().map(ToString::to_string),
        files: digested(edition).collect(),
    };
    let path = || home.join(EDITION_JSON);
    let mut json = serde_json::to_vec_pretty(&about).map_err(|source| SiteError::Json { path: path(), source })?;
    json.push(b'\n');
    Ok(json)
}

/// The files that `edition.json` vouches for, with their digests.
fn digested(edition: &Edition) -> impl Iterator<Item = (String, Digest)> {
    let vouched = named_files(edition).filter(|(name, _)| !PROVE_THEMSELVES.contains(name));
    vouched.map(|(name, bytes)| (name.to_owned(), Digest::of(bytes)))
}

/// The digests of the files of an edition by what its [`EDITION_JSON`] states, by name; `None` where `home` has no such file.
///
/// # Errors
///
/// A file that cannot be read, or is no `edition.json`.
pub fn stated_files(home: &Path) -> Result<Option<BTreeMap<String, Digest>>, SiteError> {
    let path = home.join(EDITION_JSON);
    match whole_file::read(&path, FILE_MAX_BYTES) {
        Err(ReadError::Missing { .. }) => Ok(None),
        read => {
            let about: Result<EditionFile, _> = serde_json::from_slice(&read?);
            about.map(|about| Some(about.files)).map_err(|source| SiteError::Json { path, source })
        }
    }
}

/// Puts a file that proves itself ([`INCLUSION_PROOF`], [`INCLUSION_STAMP`]) into the kit of an edition of the site in `dir`, in
/// place of the one that is there. A server shows it once it has read the site again.
///
/// # Errors
///
/// Another file, an edition that the site does not have, or a file that cannot be written.
pub fn put_proof(dir: &Path, edition: &str, name: &str, bytes: &[u8]) -> Result<(), SiteError> {
    let home = home_in(dir, edition)?;
    if !PROVE_THEMSELVES.contains(&name) {
        return Err(SiteError::Name { name: name.to_owned() });
    }
    let _held = HeldSite::open(dir)?;
    let about = home.join(EDITION_JSON);
    if !about.is_file() {
        return Err(ReadError::Missing { path: about }.into());
    }
    replace(&home.join(name), bytes)
}

/// Such a file of an edition of the site in `dir`, as it lies there now.
pub fn read_proof(dir: &Path, edition: &str, name: &str) -> Result<Option<Vec<u8>>, SiteError> {
    match whole_file::read(&home_in(dir, edition)?.join(name), FILE_MAX_BYTES) {
        Err(ReadError::Missing { .. }) => Ok(None),
        read => Ok(Some(read?)),
    }
}

/// Takes such a file away, where it is there.
///
/// # Errors
///
/// Another file, or one that cannot be removed.
pub fn remove_proof(dir: &Path, edition: &str, name: &str) -> Result<(), SiteError> {
    if !PROVE_THEMSELVES.contains(&name) {
        return Err(SiteError::Name { name: name.to_owned() });
    }
    let path = home_in(dir, edition)?.join(name);
    let _held = HeldSite::open(dir)?;
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(SiteError::Io { path, action: "removed", source }),
        _ => Ok(()),
    }
}

/// The directory of an edition, by what it calls itself.
fn home_in(dir: &Path, edition: &str) -> Result<PathBuf, SiteError> {
    let id: Result<NoticeId, StatementProblem> = edition.parse();
    id.map(|id| dir.join(home_of(&id))).map_err(|_| SiteError::Name { name: edition.to_owned() })
}

fn is_temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED))
}

/// Collects the paths of all files below `dir`, without what a command keeps there while it works; a directory that is not there
/// is empty.
fn list(dir: &Path, below: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), SiteError> {
    /// `notice/edition/language/index.html`.
    const DEPTH_MAX: usize = 4;
    let here = dir.join(below);
    let io = |source| SiteError::Io { path: here.clone(), action: "read", source };
    let entries = match std::fs::read_dir(&here) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        other => other.map_err(io)?,
    };
    for entry in entries {
        let entry = entry.map_err(io)?;
        let path = below.join(entry.file_name());
        if below.as_os_str().is_empty() && is_temporary(&path) {
            continue;
        }
        let kind = entry.file_type().map_err(io)?;
        if kind.is_symlink() || path.components().count() > DEPTH_MAX {
            return Err(SiteError::Stray { path: dir.join(path) });
        }
        if found.len() >= FILES_MAX {
            return Err(SiteError::TooManyFiles { path: dir.to_owned() });
        }
        if kind.is_dir() {
            list(dir, &path, found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

/// Writes a file. The server may run under another name than the publisher.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), SiteError> {
    // The seed tells whether a name is covered to whoever tries it.
    let readers = if path.ends_with(COVERED_NAMES) { Readers::Owner } else { Readers::Everyone };
    Ok(whole_file::replace(path, bytes, readers)?)
}

/// Reads a site and compares every file with its digest. The editions come in the order of their notices and numbers.
///
/// Signatures are not judged here, since that takes keys and a policy; where there is a note, its text is the manifest.
///
/// # Errors
///
/// [`SiteError`], which names the file: missing, unreadable, altered, or no part of a site.
pub fn read_site(dir: &Path) -> Result<Vec<Edition>, SiteError> {
    read_site_of(dir, Vec::new())
}

/// The same, where some of the names are at hand already: those of them that lie in the site under seal are not sealed again.
///
/// # Errors
///
/// As [`read_site`].
pub fn read_site_of(dir: &Path, mut names: Vec<Arc<Names>>) -> Result<Vec<Edition>, SiteError> {
    if !dir.is_dir() {
        return Err(ReadError::Missing { path: dir.to_owned() }.into());
    }
    at_rest(dir, || {
        let mut editions = BTreeMap::new();
        for (home, files) in homes(dir)? {
            let (id, edition) =
                Home { site: dir, below: &home, known: BTreeSet::new() }.read_all(&files, &mut names)?;
            editions.insert(id, edition);
        }
        Ok(editions.into_values().collect())
    })
}

/// The directories of the editions, and the files in each.
fn homes(dir: &Path) -> Result<BTreeMap<PathBuf, BTreeSet<PathBuf>>, SiteError> {
    refuse_stopped(dir)?;
    listed_homes(dir)
}

/// The same, of a site in which a command may have been stopped. What was being written then is none of them.
fn listed_homes(dir: &Path) -> Result<BTreeMap<PathBuf, BTreeSet<PathBuf>>, SiteError> {
    let mut found = BTreeSet::new();
    list(dir, Path::new(""), &mut found)?;
    let mut homes: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    for path in found.into_iter().filter(|path| !is_temporary(path)) {
        // `notice/edition/file` is the least that a file of a site has.
        if path.components().count() < 3 {
            return Err(SiteError::Stray { path: dir.join(path) });
        }
        homes.entry(path.components().take(2).collect()).or_default().insert(path);
    }
    Ok(homes)
}

/// The directory of one edition, and what of it has been read.
struct Home<'a> {
    site: &'a Path,
    below: &'a Path,
    known: BTreeSet<PathBuf>,
}

impl Home<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.site.join(self.below).join(name)
    }

    fn misfit(&self, why: &'static str) -> SiteError {
        SiteError::Contradiction { path: self.path(EDITION_JSON), why }
    }

    fn about(&mut self) -> Result<EditionFile, SiteError> {
        let path = self.path(EDITION_JSON);
        self.known.insert(self.below.join(EDITION_JSON));
        serde_json::from_slice(&whole_file::read(&path, FILE_MAX_BYTES)?)
            .map_err(|source| SiteError::Json { path, source })
    }

    fn read_digested(&mut self, name: &str, expected: Digest) -> Result<Vec<u8>, SiteError> {
        let path = self.path(name);
        let bytes = whole_file::read(&path, FILE_MAX_BYTES)?;
        let found = Digest::of(&bytes);
        if found != expected {
            return Err(SiteError::Altered { path, found, expected });
        }
        self.known.insert(self.below.join(name));
        Ok(bytes)
    }

    fn read_kit(&mut self, files: BTreeMap<String, Digest>) -> Result<BTreeMap<String, Vec<u8>>, SiteError> {
        let mut kit = BTreeMap::new();
        for (name, digest) in files {
            if !is_kit_name(&name) && name != SECURITY_TXT {
                return Err(self.misfit("it names a file that no site has"));
            }
            let bytes = self.read_digested(&name, digest)?;
            kit.insert(name, bytes);
        }
        Ok(kit)
    }

    /// The files that nothing but they themselves vouches for, where they are there.
    fn read_proofs(&mut self, kit: &mut BTreeMap<String, Vec<u8>>) -> Result<(), SiteError> {
        for name in PROVE_THEMSELVES {
            match whole_file::read(&self.path(name), FILE_MAX_BYTES) {
                Err(ReadError::Missing { .. }) => continue,
                read => drop(kit.insert(name.to_owned(), read?)),
            }
            self.known.insert(self.below.join(name));
        }
        Ok(())
    }

    fn read_pages(&mut self, manifest: &Manifest) -> Result<BTreeMap<LanguageTag, Vec<u8>>, SiteError> {
        let mut read = |(language, digest): (&LanguageTag, &Digest)| {
            Ok((language.clone(), self.read_digested(&Manifest::page_path(language), *digest)?))
        };
        manifest.pages.iter().map(&mut read).collect()
    }

    /// The names: those that the manifest lists, or those beside it whose root it states.
    fn read_names(&mut self, manifest: &Manifest, at_hand: &mut Vec<Arc<Names>>) -> Result<Arc<Names>, SiteError> {
        let subdomains = manifest.subdomains;
        let Some(stated) = manifest.sealed else {
            return Ok(Arc::new(Names { hosts: manifest.hosts().into(), subdomains, sealed: None }));
        };
        let path = self.path(COVERED_NAMES);
        self.known.insert(self.below.join(COVERED_NAMES));
        let names = match known_names(&path, at_hand)? {
            Some(names) => names,
            None => {
                let (sealed, hosts) = sealed_names(&path)?;
                let names = Arc::new(Names { hosts, subdomains, sealed: Some(Arc::new(sealed)) });
                at_hand.push(Arc::clone(&names));
                names
            }
        };
        if names.sealed.as_ref().map(|sealed| sealed.stated()) != Some(stated) {
            return Err(SiteError::Contradiction { path, why: "its names are not those that notice.txt seals" });
        }
        if names.subdomains == subdomains {
            return Ok(names);
        }
        Ok(Arc::new(Names { hosts: names.hosts.clone(), subdomains, sealed: names.sealed.clone() }))
    }

    /// The edition, of which these are the files.
    fn read_all(
        &mut self,
        files: &BTreeSet<PathBuf>,
        names: &mut Vec<Arc<Names>>,
    ) -> Result<(NoticeId, Edition), SiteError> {
        let read = self.read(names)?;
        match files.iter().find(|path| !self.known.contains(*path)) {
            Some(stray) => Err(SiteError::Stray { path: self.site.join(stray) }),
            None => Ok(read),
        }
    }

    fn read(&mut self, names: &mut Vec<Arc<Names>>) -> Result<(NoticeId, Edition), SiteError> {
        let about = self.about()?;
        let mut kit = self.read_kit(about.files)?;
        self.read_proofs(&mut kit)?;
        let security_txt = kit.remove(SECURITY_TXT).ok_or_else(|| self.misfit("it does not list security.txt"))?;
        let manifest = manifest_of(&self.site.join(self.below), &kit)?;
        if home_of(&manifest.id) != self.below {
            return Err(self.misfit("its notice belongs into another directory"));
        }
        if !manifest.pages.contains_key(&about.default_language) {
            return Err(self.misfit("its default language has no page"));
        }
        let release =
            about.release.map(|step| Id::parse(&step).ok_or_else(|| self.misfit("its release is not a step")));
        let edition = Edition {
            id: manifest.id.to_string(),
            status: about.status,
            default_language: about.default_language,
            pages: self.read_pages(&manifest)?,
            kit,
            security_txt,
            names: self.read_names(&manifest, names)?,
            release: release.transpose()?,
        };
        Ok((manifest.id, edition))
    }
}

/// `notice/edition`.
fn home_of(id: &NoticeId) -> PathBuf {
    Path::new(id.notice.as_str()).join(id.edition.to_string())
}

/// The kit's manifest, which is also the text of its note if it has one.
fn manifest_of(home: &Path, kit: &BTreeMap<String, Vec<u8>>) -> Result<Manifest, SiteError> {
    let path = home.join(NOTICE_TXT);
    let bytes = kit.get(NOTICE_TXT).ok_or_else(|| ReadError::Missing { path: path.clone() })?;
    let manifest = Manifest::parse(bytes).map_err(|source| SiteError::Manifest { path, source })?;
    if let Some(note) = kit.get(NOTICE_NOTE) {
        let path = home.join(NOTICE_NOTE);
        let note = Note::parse(note).map_err(|source| SiteError::Note { path: path.clone(), source })?;
        if note.text.as_str().as_bytes() != bytes.as_slice() {
            return Err(SiteError::Contradiction { path, why: "its text is not that of notice.txt" });
        }
    }
    Ok(manifest)
}

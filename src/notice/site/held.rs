//! A site while a command changes it: locked, and every edition replaced as a whole.
//!
//! An edition is written below [`NEW`], the one that it replaces moves to [`OLD`], and the new one takes its place; both
//! moves are renames. Whoever takes the site next puts back what was moved away and has nothing in its place. So a command
//! that is stopped anywhere leaves each edition as it was, or as it was to be; an edition that stays the same is not
//! touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{EDITION_JSON, Edition, NOTICE_NOTE, NOTICE_TXT, SiteError, files_of, homes, is_temporary, list, replace};
use crate::whole_file::{self, ReadError};

/// Locked by whoever changes the site.
const LOCK: &str = ".impound-lock";
/// Editions that are being written.
const NEW: &str = ".impound-new";
/// Editions whose place is being taken.
const OLD: &str = ".impound-old";
/// Editions whose place is taken.
const GONE: &str = ".impound-gone";

/// The files of an edition by their paths below the site.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A site that nobody else changes as long as this lives.
#[derive(Debug)]
pub struct HeldSite {
    dir: PathBuf,
    _lock: File,
}

/// Writes a whole site below `dir`, which need not exist: [`HeldSite::write`].
///
/// # Errors
///
/// As [`HeldSite::make`] and [`HeldSite::write`].
pub fn write_site(dir: &Path, editions: &[Edition]) -> Result<(), SiteError> {
    HeldSite::make(dir)?.write(editions)
}

impl HeldSite {
    /// Takes the site in `dir`, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// [`SiteError::Stray`] for a file that is no site's, since the directory may be the wrong one; [`SiteError::Locked`]
    /// when another command does not end within some seconds.
    pub fn make(dir: &Path) -> Result<Self, SiteError> {
        whole_file::make_dir(dir).map_err(failed(dir, "made"))?;
        Self::open(dir)
    }

    /// The same for a site that is there.
    ///
    /// # Errors
    ///
    /// As [`HeldSite::make`], and a directory that is not there.
    pub fn open(dir: &Path) -> Result<Self, SiteError> {
        if !dir.is_dir() {
            return Err(ReadError::Missing { path: dir.to_owned() }.into());
        }
        homes(dir)?;
        let path = dir.join(LOCK);
        let made = File::options().create(true).truncate(false).write(true).open(&path);
        // One that another user has made need not be writable.
        if let Err(error) = made
            && !path.exists()
        {
            return Err(failed(&path, "made")(error));
        }
        let Some(lock) = whole_file::hold(&path).map_err(failed(&path, "locked"))? else {
            return Err(SiteError::Locked { path });
        };
        let held = Self { dir: dir.to_owned(), _lock: lock };
        held.recover()?;
        Ok(held)
    }

    /// Writes a whole site: other editions than these are removed. One that lies there as it is to be is left alone.
    ///
    /// # Errors
    ///
    /// [`SiteError::Stray`], before anything is written, for a file that is no site's.
    pub fn write(&self, editions: &[Edition]) -> Result<(), SiteError> {
        let wanted: BTreeMap<PathBuf, Files> = editions.iter().map(files_of).collect::<Result<_, _>>()?;
        let mut found = BTreeSet::new();
        list(&self.dir, Path::new(""), &mut found)?;
        self.refuse_strays(&found, &wanted)?;
        let changed: Vec<_> = wanted.iter().filter(|(home, files)| !self.lies(home, files, &found)).collect();
        let in_homes = found.iter().filter(|path| path.components().count() > 2);
        let homes: BTreeSet<PathBuf> = in_homes.map(|path| home_of_file(path)).collect();
        let removed: Vec<_> = homes.iter().filter(|home| !wanted.contains_key(*home)).collect();
        let written = changed.iter().try_for_each(|(_, files)| self.stage(files));
        let replaced = written.and_then(|()| {
            changed.iter().try_for_each(|(home, _)| self.put_in_place(home))?;
            removed.iter().try_for_each(|home| self.put_away(home))
        });
        if replaced.is_err() {
            // What cannot be put back now, the next command puts back.
            let _ = self.recover();
            return replaced;
        }
        self.clear()
    }

    /// Whether an edition lies there with these files and no others.
    fn lies(&self, home: &Path, files: &Files, found: &BTreeSet<PathBuf>) -> bool {
        let same = |(path, bytes): (&PathBuf, &Vec<u8>)| {
            whole_file::read(&self.dir.join(path), bytes.len()).is_ok_and(|lies| lies == *bytes)
        };
        found.iter().filter(|path| path.starts_with(home)).eq(files.keys()) && files.iter().all(same)
    }

    /// What will not be written is ours to remove inside an edition's directory, and otherwise refused.
    fn refuse_strays(&self, found: &BTreeSet<PathBuf>, wanted: &BTreeMap<PathBuf, Files>) -> Result<(), SiteError> {
        for path in found.iter().filter(|path| !is_temporary(path)) {
            let home = home_of_file(path);
            let files = wanted.get(&home);
            let ours: &[&str] =
                if files.is_some() { &[EDITION_JSON, NOTICE_NOTE, NOTICE_TXT] } else { &[EDITION_JSON] };
            let is_ours = || ours.iter().any(|name| self.dir.join(&home).join(name).is_file());
            if files.is_none_or(|files| !files.contains_key(path)) && !is_ours() {
                return Err(SiteError::Stray { path: self.dir.join(path) });
            }
        }
        Ok(())
    }

    fn stage(&self, files: &Files) -> Result<(), SiteError> {
        let new = self.dir.join(NEW);
        let dirs: BTreeSet<&Path> = files.keys().filter_map(|path| path.parent()).collect();
        for dir in dirs.into_iter().map(|below| new.join(below)) {
            whole_file::make_dir(&dir).map_err(failed(&dir, "made"))?;
        }
        files.iter().try_for_each(|(path, bytes)| replace(&new.join(path), bytes))
    }

    fn put_in_place(&self, home: &Path) -> Result<(), SiteError> {
        let here = self.dir.join(home);
        if here.exists() {
            self.put_away(home)?;
        }
        rename(&self.dir.join(NEW).join(home), &here)
    }

    fn put_away(&self, home: &Path) -> Result<(), SiteError> {
        rename(&self.dir.join(home), &self.dir.join(OLD).join(home))
    }

    /// Makes good what a command left that was stopped.
    fn recover(&self) -> Result<(), SiteError> {
        let old = self.dir.join(OLD);
        for notice in entries(&old)? {
            for edition in entries(&notice)? {
                let home = edition.strip_prefix(&old).map(|home| self.dir.join(home));
                if let Some(home) = home.ok().filter(|home| !home.exists()) {
                    rename(&edition, &home)?;
                }
            }
        }
        [NEW, OLD, GONE].iter().try_for_each(|name| remove_tree(&self.dir.join(name)))
    }

    /// Removes what was replaced. First it gets another name: half removed, it is not to be put back.
    fn clear(&self) -> Result<(), SiteError> {
        let (old, gone) = (self.dir.join(OLD), self.dir.join(GONE));
        let emptied = entries(&old)?.into_iter().filter_map(|notice| Some(self.dir.join(notice.file_name()?)));
        // A directory that is not empty stays.
        emptied.for_each(|notice| drop(fs::remove_dir(notice)));
        if old.exists() {
            rename(&old, &gone)?;
        }
        [NEW, GONE].iter().try_for_each(|name| remove_tree(&self.dir.join(name)))
    }
}

fn failed(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> SiteError {
    let path = path.to_owned();
    move |source| SiteError::Io { path, action, source }
}

/// `notice/edition` of a file below it.
fn home_of_file(path: &Path) -> PathBuf {
    path.components().take(2).collect()
}

/// Renames a directory to a name that is free, durably.
fn rename(from: &Path, to: &Path) -> Result<(), SiteError> {
    if let Some(above) = to.parent() {
        whole_file::make_dir(above).map_err(failed(above, "made"))?;
    }
    fs::rename(from, to).map_err(failed(to, "replaced"))?;
    whole_file::make_dir(to).map_err(failed(to, "made"))
}

/// What is in a directory; nothing if it is not there.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, SiteError> {
    let listed = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(failed(dir, "read"))?,
    };
    let path = |entry: std::io::Result<fs::DirEntry>| Ok(entry.map_err(failed(dir, "read"))?.path());
    listed.map(path).collect()
}

fn remove_tree(dir: &Path) -> Result<(), SiteError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(dir, "removed")(error)),
        _ => Ok(()),
    }
}

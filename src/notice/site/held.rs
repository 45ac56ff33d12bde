//! A site while a command changes it: locked, and every edition replaced as a whole.
//!
//! An edition is written below [`ASIDE`] and changes places with the one that it replaces, in one step. So a reader sees
//! the one or the other, and a command that is stopped anywhere leaves each edition as it was, or as it was to be; an
//! edition that stays the same is not touched.
//!
//! Where the file system cannot do that, the former edition first moves to [`OLD`]. Whoever takes the site next puts back
//! what was moved there and has nothing in its place; until then no reader takes the site for whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{
    EDITION_JSON, Edition, NOTICE_NOTE, NOTICE_TXT, SiteError, files_of, is_temporary, list, listed_homes, replace,
};
use crate::whole_file::{self, ReadError};

/// Locked by whoever changes the site.
const LOCK: &str = ".impound-lock";
/// Editions that are being written, and those whose place is taken.
const ASIDE: &str = ".impound-new";
/// Editions whose place is being taken, where that takes two moves.
pub(super) const OLD: &str = ".impound-old";

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
        listed_homes(dir)?;
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
        let new = self.dir.join(ASIDE);
        let dirs: BTreeSet<&Path> = files.keys().filter_map(|path| path.parent()).collect();
        for dir in dirs.into_iter().map(|below| new.join(below)) {
            whole_file::make_dir(&dir).map_err(failed(&dir, "made"))?;
        }
        files.iter().try_for_each(|(path, bytes)| replace(&new.join(path), bytes))
    }

    fn put_in_place(&self, home: &Path) -> Result<(), SiteError> {
        let (new, here) = (self.dir.join(ASIDE).join(home), self.dir.join(home));
        if !here.exists() {
            return rename(&new, &here);
        }
        match exchange(&new, &here).map_err(failed(&here, "replaced"))? {
            true => whole_file::make_dir(&here).map_err(failed(&here, "made")),
            false => self.put_in_place_by_two_moves(home),
        }
    }

    fn put_in_place_by_two_moves(&self, home: &Path) -> Result<(), SiteError> {
        let here = self.dir.join(home);
        rename(&here, &self.dir.join(OLD).join(home))?;
        rename(&self.dir.join(ASIDE).join(home), &here)
    }

    fn put_away(&self, home: &Path) -> Result<(), SiteError> {
        rename(&self.dir.join(home), &self.dir.join(ASIDE).join(home))?;
        // The notice's directory stays where it has other editions.
        home.parent().map(|notice| fs::remove_dir(self.dir.join(notice)));
        Ok(())
    }

    /// Makes good what a command left that was stopped.
    fn recover(&self) -> Result<(), SiteError> {
        for home in away(&self.dir)? {
            rename(&self.dir.join(OLD).join(&home), &self.dir.join(&home))?;
        }
        self.clear()
    }

    /// Removes what was replaced, and what was not finished.
    fn clear(&self) -> Result<(), SiteError> {
        [ASIDE, OLD].iter().try_for_each(|name| remove_tree(&self.dir.join(name)))
    }
}

/// The editions that a command has moved away and has put nothing in their place, below the site.
fn away(site: &Path) -> Result<Vec<PathBuf>, SiteError> {
    let old = site.join(OLD);
    let mut away = Vec::new();
    for notice in entries(&old)? {
        let editions = entries(&notice)?;
        let homes = editions.iter().filter_map(|edition| edition.strip_prefix(&old).ok());
        away.extend(homes.filter(|home| !site.join(home).exists()).map(Path::to_owned));
    }
    Ok(away)
}

/// Refuses a site in which an edition is neither the former nor the new one, since a command was stopped. Everybody who
/// reads a site asks this; [`HeldSite`] puts the edition back.
///
/// # Errors
///
/// [`SiteError::Stopped`].
pub fn refuse_stopped(site: &Path) -> Result<(), SiteError> {
    match away(site)?.first() {
        Some(home) => Err(SiteError::Stopped { path: site.join(home) }),
        None => Ok(()),
    }
}

/// Has two directories change places in one step; `false` where the file system cannot do that.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> std::io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> std::io::Result<bool> {
    Ok(false)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_edition_takes_its_place_in_one_step_and_where_that_cannot_be_in_two() {
        let dir = tempfile::tempdir().unwrap();
        let home = Path::new("main/1");
        let file = home.join("notice.txt");
        let read = |name: &str| fs::read(dir.path().join(name).join(&file)).ok();
        for (two_moves, aside, old) in [(false, Some("old"), None), (true, None, Some("old"))] {
            fs::create_dir_all(dir.path().join(home)).unwrap();
            fs::write(dir.path().join(&file), "old").unwrap();
            let held = HeldSite::open(dir.path()).unwrap();
            held.stage(&Files::from([(file.clone(), b"new".to_vec())])).unwrap();
            match two_moves {
                true => held.put_in_place_by_two_moves(home).unwrap(),
                false => held.put_in_place(home).unwrap(),
            }
            let lies = [read(""), read(ASIDE), read(OLD)];
            assert_eq!(lies, [Some("new"), aside, old].map(|bytes| bytes.map(|bytes| bytes.as_bytes().to_vec())));
            held.clear().unwrap();
            assert_eq!([read(""), read(ASIDE), read(OLD)], [Some(b"new".to_vec()), None, None]);
        }
    }
}

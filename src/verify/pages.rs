//! The pages that lie with a notice on disk.
//!
//! One good page is enough for a notice, so no other one may go unseen. In a directory every file that a browser would show as
//! a page is one by its name, and in the place of a listed page, the directory of its language, every file is one whatever its
//! name: a server can be told to show it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::VerifyError;
use super::judge::PageSeen;
use super::place::{PLACES_MAX, beside_note, entries};
use crate::digest::Digest;
use crate::language::LanguageTag;
use crate::notice::{FILE_MAX_BYTES, Manifest, VERIFY_HTML};
use crate::signed_note::Note;
use crate::whole_file::{self, ReadError};

/// The file of a page, in the directory of its language.
pub(super) const PAGE: &str = "index.html";

/// How the names of files end that browsers show as pages, or that servers make pages of.
const ENDINGS: [&str; 11] = ["html", "htm", "xhtml", "xht", "shtml", "phtml", "php", "mht", "mhtml", "svg", "xml"];

/// What a browser would show as a page, by its name.
pub(super) fn is_page(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Those at the places where notices have them. What else lies beside a single note is none of its own.
pub(super) fn listed_below(base: &Path) -> Result<Vec<PageSeen>, VerifyError> {
    let mut pages = Vec::new();
    for dir in entries(base)? {
        let page = dir.join(PAGE);
        if let Some(language) = language_of(&dir).filter(|_| page.is_file()) {
            pages.push(seen(base, &page, Some(language))?);
        }
    }
    Ok(pages)
}

/// Every page of an edition or of a copy of a site, whether the notice lists it or not: one that nobody signed is a fault,
/// wherever a visitor may have met it. The kit's own files are none of them, its page for checking notices among these.
pub(super) fn all_below(base: &Path, note: &Path, bytes: &[u8]) -> Result<Vec<PageSeen>, VerifyError> {
    let home = fs::canonicalize(base).map_err(|source| ReadError::of(base, source))?;
    let tree = Tree { base, home, kit: beside_note(note), languages: languages(bytes) };
    let (mut pages, mut dirs, mut seen_dirs) = (Vec::new(), vec![base.to_owned()], 0);
    while let Some(dir) = dirs.pop() {
        seen_dirs += 1;
        for path in entries(&dir)? {
            match tree.found(&path) {
                Found::Dir => dirs.push(path),
                Found::Page(language) => pages.push(seen(base, &path, language)?),
                Found::Astray => pages.push(astray(base, &path)),
                Found::Other => {}
            }
            if pages.len() + dirs.len() + seen_dirs > PLACES_MAX {
                return Err(VerifyError::TooMany { path: base.to_owned() });
            }
        }
    }
    Ok(pages)
}

/// The languages that the notice has, as its text says.
fn languages(note: &[u8]) -> BTreeSet<LanguageTag> {
    let manifest = Note::parse(note).ok().and_then(|note| Manifest::parse(note.text.as_str().as_bytes()).ok());
    manifest.map(|manifest| manifest.pages.into_keys().collect()).unwrap_or_default()
}

/// What an entry of a directory is.
enum Found {
    /// A directory, to be gone through.
    Dir,
    /// A page; of that language where it lies in its place.
    Page(Option<LanguageTag>),
    /// What stands in the place of a page or leads to others, and is not looked into.
    Astray,
    /// Nothing that a visitor would be shown.
    Other,
}

struct Tree<'a> {
    base: &'a Path,
    /// The same without links.
    home: PathBuf,
    /// Where the note lies.
    kit: &'a Path,
    languages: BTreeSet<LanguageTag>,
}

impl Tree<'_> {
    fn found(&self, path: &Path) -> Found {
        if path.is_dir() {
            return match path.is_symlink() {
                true if self.is_of_page(path) || self.leads_out(path) => Found::Astray,
                // What it leads to is looked at in its own place; it could lead round in a circle.
                true => Found::Other,
                false => Found::Dir,
            };
        }
        if !path.is_file() {
            return if self.is_of_page(path) { Found::Astray } else { Found::Other };
        }
        let language = path.parent().filter(|dir| dir.parent() == Some(self.base)).and_then(language_of);
        let is_listed = language.is_some() && path.file_name().is_some_and(|name| name == PAGE);
        let is_stray = is_page(path) && !self.is_of_kit(path);
        match language.filter(|_| is_listed) {
            Some(language) => Found::Page(Some(language)),
            None if is_stray || self.is_of_page(path) && !is_left_behind(path) => Found::Page(None),
            None => Found::Other,
        }
    }

    /// Whether it is the kit's page for checking notices, or in a copy of a web server its list of the kit's files.
    fn is_of_kit(&self, path: &Path) -> bool {
        path == self.kit.join(VERIFY_HTML) || self.kit != self.base && path == self.kit.join(PAGE)
    }

    /// Whether it is, or is below, the directory of a language that the notice has.
    fn is_of_page(&self, path: &Path) -> bool {
        let below = path.strip_prefix(self.base).ok().and_then(|below| below.components().next());
        let language = below.and_then(|first| language_of(first.as_os_str().as_ref()));
        language.is_some_and(|language| self.languages.contains(&language))
    }

    fn leads_out(&self, link: &Path) -> bool {
        !fs::canonicalize(link).is_ok_and(|end| end.starts_with(&self.home))
    }
}

/// What desks leave behind beside a page, such as `.DS_Store`. Where the page itself is missing it may stand for it.
fn is_left_behind(path: &Path) -> bool {
    let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    is_hidden && path.with_file_name(PAGE).is_file()
}

fn seen(base: &Path, page: &Path, language: Option<LanguageTag>) -> Result<PageSeen, VerifyError> {
    let digest = Digest::of(whole_file::read(page, FILE_MAX_BYTES)?);
    Ok(PageSeen { language, digest, path: Some(path_below(base, page)) })
}

/// What is no page that anybody signed, whatever it leads to.
fn astray(base: &Path, path: &Path) -> PageSeen {
    let what = if path.is_symlink() { "a link" } else { "no file" };
    let path = format!("{} ({what})", path_below(base, path));
    PageSeen { language: None, digest: Digest::of(&path), path: Some(path) }
}

fn path_below(base: &Path, path: &Path) -> String {
    path.strip_prefix(base).unwrap_or(path).to_string_lossy().into_owned()
}

fn language_of(dir: &Path) -> Option<LanguageTag> {
    dir.file_name()?.to_str()?.parse().ok()
}

#[cfg(test)]
mod tests;

//! A register on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::build::{Published, Register};
use super::list::{List, Names};
use super::{ENTRIES_MAX, REGISTER_MAX_BYTES, RegisterError, html};
use crate::anchor::RESPONSE_MAX_BYTES;
use crate::digest::Digest;
use crate::language::LanguageTag;
use crate::notice::{
    ADVISORY_NOTE, INDICATORS_MAX_BYTES, Listing, NOTICE_NOTE, REGISTER_JSON, REGISTER_JSON_MAX_BYTES, Statement,
};
use crate::signed_note::{NOTE_MAX_BYTES, Note};
use crate::tlog::RECEIPT_MAX_BYTES;
use crate::verify::{Complete, Expected, Lacking, Logged, OtherNote, Others, judge_statement};
use crate::whole_file::{self, ReadError, Readers};
use crate::words;

/// The name of the statement that the register is complete.
pub const REGISTER_NOTE: &str = "register.note";

const DENIAL_NOTE: &str = "denial.note";
const PROOF: &str = "log.tlog-proof";
const STAMP: &str = "log.tsr";

/// The directory of a note.
pub(super) fn home_of(text: &Digest) -> String {
    text.hex()
}

/// Where its proof lies.
pub(super) fn proof_path(text: &Digest) -> String {
    format!("{}/{PROOF}", home_of(text))
}

/// The name of the note in its directory.
pub(super) fn note_name(statement: &Statement) -> &'static str {
    match statement {
        Statement::Notice(_) => NOTICE_NOTE,
        Statement::Denial(_) => DENIAL_NOTE,
        Statement::Advisory(_) => ADVISORY_NOTE,
        Statement::Listing(_) => REGISTER_NOTE,
    }
}

/// Reads a register; one that is not there is empty. Whatever its list says was published must be there.
///
/// Signatures are not judged here, since that takes keys and a policy.
///
/// # Errors
///
/// [`RegisterError`]: a note is lost or altered, or a file cannot be read.
pub fn read_register(dir: &Path) -> Result<Register, RegisterError> {
    let mut register = Register::default();
    let mut room = REGISTER_MAX_BYTES;
    for digest in homes(dir)? {
        let one = read_note(dir, &digest)?;
        room = room.checked_sub(one.bytes()).ok_or_else(|| RegisterError::TooLarge { path: dir.to_owned() })?;
        register.add(one);
    }
    let lost = |digest: &Digest| register.get(digest).is_none();
    let named = read_list(dir)?.map(|list| names(dir, &list)).transpose()?.into_iter().flat_map(|list| list.notes);
    if let Some(digest) = named.map(|named| named.digest).find(lost) {
        return Err(RegisterError::Lost { path: dir.to_owned(), digest });
    }
    Ok(register)
}

/// A note's text and its whole file, signatures included.
type Digests = (Digest, Digest);

/// The bytes of the list; `None` where there is no list.
fn read_list(dir: &Path) -> Result<Option<Vec<u8>>, RegisterError> {
    unless_missing(whole_file::read(&dir.join(REGISTER_JSON), REGISTER_JSON_MAX_BYTES))
}

/// What the list says of its notes.
fn names(dir: &Path, list: &[u8]) -> Result<Names, RegisterError> {
    serde_json::from_slice(list).map_err(|source| RegisterError::Json { path: dir.join(REGISTER_JSON), source })
}

/// The directories that are named like digests.
fn homes(dir: &Path) -> Result<BTreeSet<Digest>, RegisterError> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.map_err(|source| ReadError::of(dir, source))?,
    };
    let mut homes = BTreeSet::new();
    for entry in entries {
        let name = entry.map_err(|source| ReadError::of(dir, source))?.file_name();
        homes.extend(name.to_str().and_then(|name| format!("sha256:{name}").parse::<Digest>().ok()));
        if homes.len() > ENTRIES_MAX {
            return Err(RegisterError::TooMany { path: dir.to_owned() });
        }
    }
    Ok(homes)
}

fn read_note(dir: &Path, digest: &Digest) -> Result<Published, RegisterError> {
    let home = dir.join(home_of(digest));
    let names = [NOTICE_NOTE, DENIAL_NOTE, ADVISORY_NOTE];
    let path = names.into_iter().map(|name| home.join(name)).find(|path| path.is_file());
    let path = path.ok_or_else(|| RegisterError::Lost { path: dir.to_owned(), digest: *digest })?;
    let note = Note::parse(&whole_file::read(&path, NOTE_MAX_BYTES)?)
        .map_err(|source| RegisterError::Note { path: path.clone(), source })?;
    let statement = Statement::parse(note.text.as_str().as_bytes())
        .map_err(|source| RegisterError::Statement { path: path.clone(), source })?;
    if statement.digest() != *digest {
        return Err(RegisterError::Altered { path });
    }
    let (proof, stamp) = (proof_in(&home)?, stamp_in(&home)?);
    let files = read_files(&home, &statement)?;
    Ok(Published { statement, note, proof, stamp, files })
}

/// The receipt of the log entry that cites a note.
fn proof_in(home: &Path) -> Result<Option<Vec<u8>>, RegisterError> {
    unless_missing(whole_file::read(&home.join(PROOF), RECEIPT_MAX_BYTES))
}

/// The time stamp over that receipt's checkpoint.
fn stamp_in(home: &Path) -> Result<Option<Vec<u8>>, RegisterError> {
    unless_missing(whole_file::read(&home.join(STAMP), RESPONSE_MAX_BYTES))
}

/// The files that an advisory lists, as it lists them.
fn read_files(home: &Path, statement: &Statement) -> Result<BTreeMap<String, Vec<u8>>, RegisterError> {
    let mut files = BTreeMap::new();
    let Statement::Advisory(advisory) = statement else { return Ok(files) };
    for (name, digest) in advisory.files() {
        let path = home.join(&name);
        let bytes = whole_file::read(&path, INDICATORS_MAX_BYTES)?;
        if Digest::of(&bytes) != digest {
            return Err(RegisterError::Altered { path });
        }
        files.insert(name, bytes);
    }
    Ok(files)
}

fn unless_missing<T>(read: Result<T, ReadError>) -> Result<Option<T>, RegisterError> {
    match read {
        Err(ReadError::Missing { .. }) => Ok(None),
        other => Ok(other.map(Some)?),
    }
}

/// Writes a register, each file whole, the list and the pages last. A statement of completeness that is no longer true of the list
/// is taken away, and so are its pages in languages other than these, of which the first stands at the start. Returns the bytes of
/// the list.
///
/// # Errors
///
/// [`RegisterError`]: a file is not written, or there are no words for a language.
pub fn write_register(dir: &Path, register: &Register, languages: &[LanguageTag]) -> Result<Vec<u8>, RegisterError> {
    let pages = html::pages(register, languages)?;
    let mut kept = BTreeSet::new();
    for (digest, one) in register.notes() {
        let home = dir.join(home_of(digest));
        fs::create_dir_all(&home).map_err(|source| RegisterError::Make { path: home.clone(), source })?;
        let note = one.note.to_string().into_bytes();
        let files = one.files.iter().map(|(name, bytes)| (name.as_str(), bytes));
        let proof = one.proof.iter().map(|proof| (PROOF, proof));
        let proof = proof.chain(one.stamp.iter().map(|stamp| (STAMP, stamp)));
        if one.stamp.is_none() {
            // One that is over the checkpoint of a proof that was there before.
            let stale = home.join(STAMP);
            unless_missing(fs::remove_file(&stale).map_err(|source| ReadError::of(&stale, source)))?;
        }
        for (name, bytes) in files.chain(proof).chain([(note_name(&one.statement), &note)]) {
            replace(&home.join(name), bytes)?;
        }
    }
    fs::create_dir_all(dir).map_err(|source| RegisterError::Make { path: dir.to_owned(), source })?;
    let path = dir.join(REGISTER_JSON);
    let list = List::of(register).to_bytes().map_err(|source| RegisterError::Json { path: path.clone(), source })?;
    let signed = dir.join(REGISTER_NOTE);
    if let Some(listing) = unless_missing(whole_file::read(&signed, NOTE_MAX_BYTES))?
        && listing_of(&listing).is_none_or(|listing| listing.list != Digest::of(&list))
    {
        fs::remove_file(&signed).map_err(|source| ReadError::of(&signed, source))?;
    }
    replace(&path, &list)?;
    for page in pages {
        let (place, page) = page?;
        let path = dir.join(&place);
        let home = path.parent().unwrap_or(dir);
        fs::create_dir_all(home).map_err(|source| RegisterError::Make { path: home.to_owned(), source })?;
        replace(&path, &page)?;
        kept.insert(place);
    }
    // An old page in a language that is no longer kept would go on saying what was true then.
    for gone in words::languages().map(|language| html::path_of(&language)).filter(|path| !kept.contains(path)) {
        let path = dir.join(gone);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(ReadError::of(&path, source).into());
            }
            _ => {}
        }
    }
    Ok(list)
}

/// Writes a file unless it is there with the same bytes: a web server's copy keeps its date.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), RegisterError> {
    if whole_file::read(path, bytes.len()).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    Ok(whole_file::replace(path, bytes, Readers::Everyone)?)
}

fn listing_of(note: &[u8]) -> Option<Listing> {
    Listing::parse(Note::parse(note).ok()?.text.as_str().as_bytes()).ok()
}

/// What a register adds to a trust: its notes, and whether those who are trusted vouch that these are all.
pub fn others(dir: &Path, expected: Expected<'_>) -> Result<Others, RegisterError> {
    if !dir.is_dir() {
        return Err(ReadError::Missing { path: dir.to_owned() }.into());
    }
    // A copy that lacks something is no reason not to look at the rest; it is only not complete.
    let (mut others, mut found) = (Others::default(), BTreeSet::new());
    for digest in homes(dir)? {
        let home = dir.join(home_of(&digest));
        for name in [NOTICE_NOTE, DENIAL_NOTE, ADVISORY_NOTE] {
            let Some(bytes) = unless_missing(whole_file::read(&home.join(name), NOTE_MAX_BYTES))? else { continue };
            found.extend(Note::parse(&bytes).ok().map(|note| (Digest::of(note.text.as_str()), Digest::of(&bytes))));
            let (proof, stamp) = (proof_in(&home)?, stamp_in(&home)?);
            let too_many = |source| RegisterError::TooManyNotes { path: dir.to_owned(), source };
            others.add(OtherNote { note: bytes, proof, stamp }).map_err(too_many)?;
        }
    }
    others.place = Some("the register".to_owned());
    (others.complete, others.lacking) = look_at_list(dir, &found, expected)?;
    Ok(others)
}

/// Whether the notes that were found are all that the list names and those who are trusted vouch for it, and which are not there.
fn look_at_list(
    dir: &Path,
    found: &BTreeSet<Digests>,
    expected: Expected<'_>,
) -> Result<(Option<Complete>, Lacking), RegisterError> {
    let Some(list) = read_list(dir)? else { return Ok((None, Lacking::default())) };
    let listing = vouched(dir, &list, expected)?;
    let notes = match names(dir, &list) {
        Ok(list) => list.notes,
        // Anybody may have put anything there.
        Err(_) if listing.is_none() => return Ok((None, Lacking::default())),
        Err(error) => return Err(error),
    };
    let is_whole = notes.iter().all(|named| found.contains(&(named.digest, named.signed)));
    let texts: BTreeSet<Digest> = found.iter().map(|(text, _)| *text).collect();
    let is_vouched = listing.is_some();
    let notes = notes.into_iter().filter(|named| !texts.contains(&named.digest)).collect();
    let complete = listing.filter(|_| is_whole).map(|by| Complete { at: by.issued, until: by.expires });
    Ok((complete, Lacking { is_vouched, notes }))
}

/// The statement that this list is complete, if enough of those who are trusted have signed it.
fn vouched(dir: &Path, list: &[u8], expected: Expected<'_>) -> Result<Option<Listing>, RegisterError> {
    let Some(note) = unless_missing(whole_file::read(&dir.join(REGISTER_NOTE), NOTE_MAX_BYTES))? else {
        return Ok(None);
    };
    let Some(listing) = listing_of(&note).filter(|listing| listing.list == Digest::of(list)) else { return Ok(None) };
    // Asked for the moment at which it was issued: whether it has expired is told by whoever relies on it.
    let then = Expected { at: listing.issued, name: None, ..expected };
    let is_good = || judge_statement(&note, &BTreeMap::new(), Logged::default(), then).is_good();
    Ok((listing.issued <= expected.at && is_good()).then_some(listing))
}

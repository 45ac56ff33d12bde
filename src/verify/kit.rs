//! The files beside a notice that other people's tools and browsers take: keys, detached signatures, instructions.
//!
//! No signature covers them, so each is held against what is known anyway: the keys that are trusted, the signed text, the page
//! that is in this program, and in a publisher's site what `edition.json` states. What cannot be held against anything is named.

use std::collections::BTreeMap;
use std::path::Path;

use super::VerifyError;
use super::pages::{PAGE, is_page};
use super::place::entries;
use super::report::{Check, CheckLine, Verdict};
use super::trust::Trust;
use crate::digest::Digest;
use crate::domain::excerpt;
use crate::keyring::{
    SshNamespace, allowed_signers, is_minisign_signature, is_ssh_signature, minisign_public_key, public_key_pem,
    verifier_key_line,
};
use crate::notice::{
    ALLOWED_SIGNERS, COVERAGE_PROOF, COVERED_NAMES, EDITION_JSON, FILE_MAX_BYTES, INCLUSION_PROOF, INCLUSION_STAMP,
    KEYS_NOTE, Manifest, NOTICE_NOTE, NOTICE_TXT, POLICY, REVOKED_KEYS, VERIFY_HTML, VERIFY_PAGE, stated_files,
};
use crate::signed_note::{Note, VerifierKey};
use crate::whole_file::{self, ReadError};

/// The files that have lines of their own, or are the publisher's alone.
const CHECKED: [&str; 7] =
    [NOTICE_NOTE, NOTICE_TXT, COVERAGE_PROOF, INCLUSION_PROOF, INCLUSION_STAMP, COVERED_NAMES, EDITION_JSON];

/// The most octets of a kit that are held at once. A whole kit has a tenth of that; what comes after is not looked at.
const KIT_MAX_BYTES: usize = 16 << 20;

/// The most names in a line.
const NAMED_MAX: usize = 12;

/// How it stands with one file.
enum Found {
    /// It is what it should be.
    Good,
    /// It is not, and why.
    Bad(String),
    /// Nothing that is known says what it should be; its name, and what is to be said of it.
    Open(String),
}

/// The kit as it was found.
struct Kit<'a> {
    files: BTreeMap<String, Vec<u8>>,
    /// Files that are too large for a kit.
    unread: Vec<String>,
    /// What `edition.json` says, if it is there.
    stated: Option<BTreeMap<String, Digest>>,
    note: &'a Note,
    trust: &'a Trust,
    keys: Vec<VerifierKey>,
}

/// Looks at the files in the directory of a note. `None` when there are none but those that have lines of their own, or the note
/// cannot be read.
pub(super) fn of_dir(dir: &Path, note: &[u8], trust: &Trust) -> Result<Option<CheckLine>, VerifyError> {
    let Ok(note) = Note::parse(note) else { return Ok(None) };
    let stated = match stated_files(dir) {
        Ok(stated) => stated,
        Err(error) => return Ok(Some(bad(&[format!("{EDITION_JSON} cannot be used: {error}")]))),
    };
    let (mut files, mut unread, mut room) = (BTreeMap::new(), Vec::new(), KIT_MAX_BYTES);
    for path in entries(dir)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_file() && !CHECKED.contains(&name.as_str()) {
            match whole_file::read(&path, room.min(FILE_MAX_BYTES)) {
                Ok(bytes) => {
                    room -= bytes.len();
                    files.insert(name, bytes);
                }
                Err(ReadError::TooLarge { .. }) => unread.push(name),
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(Kit { files, unread, stated, note: &note, trust, keys: trust.keys.keys() }.line())
}

fn bad(why: &[String]) -> CheckLine {
    let what = why.first().cloned().unwrap_or_default();
    CheckLine::fail(Check::Kit, Verdict::Altered { what }, listed(why, "; "))
}

fn listed(items: &[String], between: &str) -> String {
    let shown = items.iter().take(NAMED_MAX).map(String::as_str).collect::<Vec<_>>().join(between);
    match items.len().saturating_sub(NAMED_MAX) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

impl Kit<'_> {
    fn line(&self) -> Option<CheckLine> {
        let (mut faults, mut open, mut good) = (Vec::new(), self.missing(), 0_usize);
        open.extend(self.unread.iter().map(|name| format!("{} (too large)", excerpt(name))));
        for (name, bytes) in &self.files {
            match self.against_statement(name, bytes).unwrap_or_else(|| self.file(name, bytes)) {
                Found::Good => good += 1,
                Found::Bad(why) => faults.push(why),
                Found::Open(what) => open.push(what),
            }
        }
        if !faults.is_empty() {
            return Some(bad(&faults));
        }
        if self.files.is_empty() && open.is_empty() {
            return None;
        }
        let holds = format!("files that fit what is trusted: {good}");
        Some(match open.is_empty() {
            true => CheckLine::pass(Check::Kit, holds),
            false => {
                CheckLine::not_checked(Check::Kit, format!("{holds}; nothing vouches for {}", listed(&open, ", ")))
            }
        })
    }

    /// What `edition.json` names and is not there. Of a copy somebody may have taken only a part.
    fn missing(&self) -> Vec<String> {
        let named = self.stated.iter().flat_map(BTreeMap::keys);
        let is_missing = |name: &&String| {
            !CHECKED.contains(&name.as_str()) && !self.files.contains_key(*name) && !self.unread.contains(name)
        };
        named.filter(is_missing).map(|name| format!("{} (missing)", excerpt(name))).collect()
    }

    /// A file that `edition.json` contradicts. That it agrees shows nothing: nobody has signed it.
    fn against_statement(&self, name: &str, bytes: &[u8]) -> Option<Found> {
        match self.stated.as_ref()?.get(name) {
            Some(digest) if *digest == Digest::of(bytes) => None,
            Some(_) => Some(Found::Bad(format!("{} is not the file that {EDITION_JSON} names", excerpt(name)))),
            // What desks and file systems leave behind.
            None if name.starts_with('.') => Some(Found::Open(excerpt(name))),
            None => {
                Some(Found::Bad(format!("{} is no file of the kit: {EDITION_JSON} does not name it", excerpt(name))))
            }
        }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> Found {
        if let Some(agency) = name.strip_suffix(".vkey") {
            return self.verifier_key(agency, bytes);
        }
        for (suffix, form) in
            [(".pub.pem", public_key_pem as fn(&VerifierKey) -> String), (".minisign.pub", minisign_public_key)]
        {
            if let Some(agency) = name.strip_suffix(suffix) {
                return self.public_key(name, agency, bytes, form);
            }
        }
        if let Some(rest) = name.strip_prefix("notice.txt.") {
            return self.detached(name, rest, bytes);
        }
        match name {
            VERIFY_HTML if bytes == VERIFY_PAGE.as_bytes() => Found::Good,
            // The kit of another version has another page, and so has one that somebody else wrote.
            VERIFY_HTML => Found::Open(format!(
                "{VERIFY_HTML} (not the page of this version of impound, {}: do not check with it)",
                env!("CARGO_PKG_VERSION")
            )),
            // Saved beside the note, as the instructions say.
            _ if is_page(Path::new(name)) && self.is_signed_page(bytes) => Found::Good,
            // The server's list of the kit's files, in a copy.
            PAGE => Found::Open(excerpt(name)),
            _ if is_page(Path::new(name)) => Found::Bad(format!("{} is no file of a kit", excerpt(name))),
            _ if self.expected(name).is_some_and(|expected| expected.as_bytes() == bytes) => Found::Good,
            _ => Found::Open(excerpt(name)),
        }
    }

    /// Whether it is one of the pages that the note lists.
    fn is_signed_page(&self, bytes: &[u8]) -> bool {
        let manifest = Manifest::parse(self.note.text.as_str().as_bytes());
        manifest.is_ok_and(|manifest| manifest.pages.values().any(|digest| *digest == Digest::of(bytes)))
    }

    /// What a file must hold that says whose keys count, by what is trusted; a kit of another time may say otherwise.
    fn expected(&self, name: &str) -> Option<String> {
        let list = self.trust.list.as_ref().map(|verified| verified.list());
        match (name, list) {
            (ALLOWED_SIGNERS, Some(list)) => list.allowed_signers().ok(),
            (ALLOWED_SIGNERS, None) => self.signers_file(),
            (REVOKED_KEYS, Some(list)) => Some(list.revoked_ssh_keys()),
            (POLICY, None) if self.trust.has_policy => Some(self.trust.keys.to_string()),
            (KEYS_NOTE, Some(list)) => {
                let note = Note::parse(self.files.get(name)?).ok()?;
                (note.text.as_str() == list.to_string()).then(|| note.to_string())
            }
            _ => None,
        }
    }

    /// The `allowed_signers` that is there, if each of its lines is that of a trusted key.
    fn signers_file(&self) -> Option<String> {
        let text = std::str::from_utf8(self.files.get(ALLOWED_SIGNERS)?).ok()?;
        let line = |key: &VerifierKey| allowed_signers(key, &SshNamespace::of_notices(key.name()).ok()?).ok();
        let known: Vec<String> = self.keys.iter().filter_map(line).collect();
        text.split_inclusive('\n').all(|line| known.iter().any(|known| known == line)).then(|| text.to_owned())
    }

    /// The trusted key of an agency, by the short name that its files have: what its verifier key says.
    fn key_of(&self, agency: &str) -> Option<&VerifierKey> {
        let key = self.key_in(agency)?;
        self.keys.iter().find(|trusted| **trusted == key)
    }

    fn key_in(&self, agency: &str) -> Option<VerifierKey> {
        std::str::from_utf8(self.files.get(&format!("{agency}.vkey"))?).ok()?.trim_end().parse().ok()
    }

    fn verifier_key(&self, agency: &str, bytes: &[u8]) -> Found {
        let name = format!("{}.vkey", excerpt(agency));
        let Some(key) = self.key_in(agency) else { return Found::Bad(format!("{name} is no verifier key")) };
        let is_plain = bytes == verifier_key_line(&key).as_bytes();
        let is_signer = self.note.signatures.iter().any(|line| key.is_of(line));
        match (is_plain, is_signer, self.key_of(agency)) {
            (false, _, _) => Found::Bad(format!("{name} is not a verifier key alone")),
            (true, false, _) => Found::Bad(format!("{name} is not the key of anybody who signed the notice")),
            (true, true, Some(_)) => Found::Good,
            (true, true, None) => Found::Open(format!("{name} (not a key that you trust)")),
        }
    }

    fn public_key(&self, name: &str, agency: &str, bytes: &[u8], form: fn(&VerifierKey) -> String) -> Found {
        let is = |key: &VerifierKey| form(key).as_bytes() == bytes;
        match self.key_of(agency) {
            Some(key) if !is(key) => Found::Bad(format!("{} is not the key of {}", excerpt(name), key.name())),
            None if !self.keys.iter().any(is) => Found::Open(excerpt(name)),
            _ => Found::Good,
        }
    }

    /// A signature over the text for other people's tools. Without the agency's verifier key beside it any trusted one will do.
    fn detached(&self, name: &str, rest: &str, bytes: &[u8]) -> Found {
        let (file, message) = (std::str::from_utf8(bytes).unwrap_or_default(), self.note.text.as_str().as_bytes());
        let minisign = |key: &VerifierKey| is_minisign_signature(file, key, message);
        let ssh = |key: &VerifierKey| {
            SshNamespace::of_notices(key.name()).is_ok_and(|namespace| is_ssh_signature(file, key, message, &namespace))
        };
        let (agency, holds): (_, &dyn Fn(&VerifierKey) -> bool) =
            match (rest.strip_suffix(".minisig"), rest.strip_suffix(".sig")) {
                (Some(agency), _) => (agency, &minisign),
                (None, Some(agency)) => (agency, &ssh),
                (None, None) => return Found::Open(excerpt(name)),
            };
        match self.key_of(agency) {
            Some(key) if !holds(key) => Found::Bad(format!("{} is no signature of {}", excerpt(name), key.name())),
            None if !self.keys.iter().any(holds) => Found::Open(excerpt(name)),
            _ => Found::Good,
        }
    }
}

#[cfg(test)]
mod tests;

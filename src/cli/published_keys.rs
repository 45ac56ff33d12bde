//! `impound key list publish`: the files that an agency puts on its site.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::args::{Format, KeyListPublish};
use super::exit::OrFail;
use super::fetched_keys::keep;
use super::open::write_failure;
use super::verify::{list_help, verify_failure};
use super::{Env, Exit, Failure};
use crate::keyring::{
    KEY_LIST_FILE_MAX_BYTES, KeyList, KeyListRefusal, VerifiedKeyList, dns_txt, list_file, roots_fingerprint,
};
use crate::signed_note::Note;
use crate::verify::read_key_lists;
use crate::whole_file::{self, ReadError, Readers};

/// The directory of a site for such files (RFC 8615).
const WELL_KNOWN: &str = ".well-known";

/// Writes every list under its number, and the newest under the name at which it is looked for. Lists that are not signed as they must
/// be are not published, nor one that has expired, nor an older one in place of a newer.
pub(super) fn run(arguments: &KeyListPublish, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let lists = read_key_lists(&arguments.list).map_err(verify_failure)?;
    let newest = lists.newest_by_itself().map_err(refused)?;
    let list = newest.list();
    if list.has_expired(env.clock.now()) {
        return Err(Failure::new(Exit::Refused, format!("key list {} has expired at {}", list.version, list.expires))
            .help("write the list that follows with `impound key list next`, and have the roots sign it"));
    }
    let record = dns_txt(&list.roots).or_fail(Exit::Usage)?;
    let dir = arguments.output.join(WELL_KNOWN);
    fs::create_dir_all(&dir).or_fail(Exit::Environment)?;
    let current = dir.join(list_file(None));
    not_older(&current, &newest)?;
    for (number, note) in lists.notes() {
        let bytes = note.to_string().into_bytes();
        keep_list(&dir.join(list_file(Some(number))), note, &bytes)?;
        if number == list.version {
            whole_file::replace(&current, &bytes, Readers::Everyone).map_err(write_failure)?;
        }
    }
    tell(&newest, &record, &dir, format, env)?;
    Ok(Exit::Ok)
}

/// Writes a list that is not there yet; one with the same text may have other signatures by now.
fn keep_list(path: &Path, note: &Note, bytes: &[u8]) -> Result<(), Failure> {
    let there = whole_file::read(path, KEY_LIST_FILE_MAX_BYTES).ok().and_then(|bytes| Note::parse(&bytes).ok());
    match there.is_some_and(|there| there.text == note.text) {
        true => whole_file::replace(path, bytes, Readers::Everyone).map_err(write_failure),
        false => keep(path, bytes),
    }
}

/// Whoever believed the list that is there would refuse an older one, or another with its number.
fn not_older(current: &Path, newest: &VerifiedKeyList) -> Result<(), Failure> {
    let bytes = match whole_file::read(current, KEY_LIST_FILE_MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(ReadError::Missing { .. }) => return Ok(()),
        Err(error) => return Err(Failure::new(Exit::Environment, error)),
    };
    let there: KeyList = Note::parse(&bytes).or_fail(Exit::Usage)?.text.as_str().parse().or_fail(Exit::Usage)?;
    let (version, new) = (there.version, newest.list());
    if version > new.version {
        return Err(refused(KeyListRefusal::Rollback { believed: version, newest: new.version }));
    }
    if version == new.version && there != *new {
        return Err(refused(KeyListRefusal::Fork { version }));
    }
    Ok(())
}

fn refused(refusal: KeyListRefusal) -> Failure {
    let help = list_help(&refusal);
    Failure::new(Exit::NotVerified, refusal).help(help)
}

fn tell(newest: &VerifiedKeyList, record: &str, dir: &Path, format: Format, env: &mut Env<'_>) -> Result<(), Failure> {
    let list = newest.list();
    let fingerprint = roots_fingerprint(&list.roots);
    env.say(format!(
        "wrote key list {} into {}; serve it at https://HOST/{WELL_KNOWN}/ of every host below, without a redirect",
        list.version,
        dir.display()
    ));
    match format {
        Format::Text => env.print(format!(
            "fingerprint of the roots, to be printed in orders:\n\n  {fingerprint}\n\nrecords for the zones:\n\n{record}"
        )),
        Format::Json => env.print_json(
            &json!({"version": 1, "list": list.version, "expires": list.expires, "roots": fingerprint, "records": record.lines().collect::<Vec<_>>()}),
        ),
    }
}

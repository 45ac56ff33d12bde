//! Key lists from the sites of agencies: for `impound verify --fetch-keys`, and `impound key list fetch`.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::args::{Format, KeyListFetch, RootsArg, Verify};
use super::exit::OrFail;
use super::key_list::{Shown, beside as list_beside};
use super::open::write_failure;
use super::verify::{believing, list_help, trust, verify_failure};
use super::{Env, Exit, Failure, look};
use crate::check::Eyes;
use crate::columns;
use crate::domain::DomainName;
use crate::keyring::{KeyListRefusal, VerifiedKeyList};
use crate::verify::{PublishedKeys, Trust, VouchedBy, fetch_key_lists, read_believed, read_roots};
use crate::whole_file::{self, Readers, WriteError};

/// The most hosts that are asked: as many as agencies ever signed one notice, with room.
const HOSTS_MAX: usize = 32;

/// Whose signatures count for a notice: keys from a file, or fetched, which is told.
pub(super) async fn trust_for(
    arguments: &Verify,
    format: Format,
    env: &mut Env<'_>,
) -> Result<(Trust, Option<Value>), Failure> {
    if let Some(keys) = &arguments.keys {
        return Ok((trust(keys, &arguments.roots)?, None));
    }
    let now = env.clock.now();
    let published = fetch(&arguments.fetch_keys, &arguments.roots, arguments.ca.as_deref(), env).await?;
    let newest = newest(&published, env)?;
    if format == Format::Text {
        env.print(format!("{}\n", told(&published, Some(&newest), env)))?;
    }
    let trust = published.trust(&newest, now).or_fail(Exit::NotVerified)?;
    Ok((trust, Some(published.to_json(Some(&newest), now))))
}

/// A JSON object with what was fetched in it.
pub(super) fn beside(mut value: Value, fetched: Option<Value>) -> Value {
    if let (Some(fields), Some(fetched)) = (value.as_object_mut(), fetched) {
        fields.insert("fetched_keys".to_owned(), fetched);
    }
    value
}

/// `impound key list fetch`.
pub(super) async fn run(arguments: &KeyListFetch, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let now = env.clock.now();
    let published = fetch(&arguments.hosts, &arguments.roots, arguments.ca.as_deref(), env).await?;
    let newest = newest(&published, env)?;
    if let Some(output) = &arguments.output {
        save(&published, arguments.roots.since.as_deref(), output)?;
        env.say(format!("wrote key list {} to {}", newest.list().version, output.display()));
    }
    let shown = Shown::verified(&newest);
    match format {
        Format::Text => env.print(format!("{}\n{}", told(&published, Some(&newest), env), shown.text(now)))?,
        Format::Json => {
            let fetched = published.to_json(Some(&newest), now);
            env.print_json(&beside(json!({"version": 1, "key_list": shown.json(now)}), Some(fetched)))?;
        }
    }
    Ok(match published.doubt(&newest, now) {
        _ if newest.list().has_expired(now) => Exit::NotVerified,
        Some(_) => Exit::Environment,
        None => Exit::Ok,
    })
}

/// Asks the hosts, and the resolvers about them.
async fn fetch(
    hosts: &[DomainName],
    roots: &RootsArg,
    ca: Option<&Path>,
    env: &Env<'_>,
) -> Result<PublishedKeys, Failure> {
    if hosts.len() > HOSTS_MAX {
        return Err(Failure::new(Exit::Usage, format!("more than {HOSTS_MAX} hosts")));
    }
    let by = vouched_by(roots)?;
    let network = match &env.network {
        Some(network) => network.clone(),
        None => look::machine()?,
    };
    let eyes = Eyes::new(believing(network, ca)?, Arc::clone(&env.clock));
    Ok(fetch_key_lists(&eyes, hosts, by).await)
}

fn vouched_by(roots: &RootsArg) -> Result<VouchedBy, Failure> {
    if let Some(fingerprint) = roots.fingerprint().or_fail(Exit::Usage)? {
        return Ok(VouchedBy::Fingerprint(fingerprint));
    }
    Ok(match (&roots.since, &roots.roots) {
        (Some(since), _) => VouchedBy::Since(Box::new(read_believed(since).map_err(verify_failure)?)),
        (None, Some(roots)) => VouchedBy::Roots(read_roots(roots).map_err(verify_failure)?),
        (None, None) => VouchedBy::Nobody,
    })
}

/// The newest list. Where it is not believed, what was found is told first.
fn newest(published: &PublishedKeys, env: &mut Env<'_>) -> Result<VerifiedKeyList, Failure> {
    published.newest().map_err(|refusal| {
        env.say(told(published, None, env));
        match refusal {
            KeyListRefusal::Nothing => Failure::new(Exit::Environment, "no key list could be fetched")
                .help("try again, or give the list as a file with --keys"),
            refusal => {
                let help = list_help(&refusal);
                Failure::new(Exit::NotVerified, refusal).help(help)
            }
        }
    })
}

fn told(published: &PublishedKeys, newest: Option<&VerifiedKeyList>, env: &Env<'_>) -> String {
    let rows = published.rows(newest, env.clock.now());
    rows.into_iter().map(|(what, said)| columns::row(&format!("{what:<7}  "), &said)).collect()
}

/// Writes the newest list to `output` and those before it beside it. A file is left alone if it is there already, unless it is the
/// list `since`, which the newest follows from, and which is kept beside it as well.
fn save(published: &PublishedKeys, since: Option<&Path>, output: &Path) -> Result<(), Failure> {
    let Ok(lists) = &published.lists else { return Ok(()) };
    let mut notes: Vec<(u32, Vec<u8>)> =
        lists.notes().map(|(number, note)| (number, note.to_string().into_bytes())).collect();
    let Some((newest, bytes)) = notes.pop() else { return Ok(()) };
    let replaces = since.is_some_and(|since| since == output);
    if let (VouchedBy::Since(believed), true) = (&published.by, replaces)
        && believed.list().version != newest
    {
        let known = whole_file::read(output, crate::keyring::KEY_LIST_FILE_MAX_BYTES).or_fail(Exit::Environment)?;
        notes.push((believed.list().version, known));
    }
    for (number, bytes) in notes {
        keep(&list_beside(output, number)?, &bytes)?;
    }
    if replaces {
        return whole_file::replace(output, &bytes, Readers::Everyone).map_err(write_failure);
    }
    keep(output, &bytes)
}

/// Writes a file that is not there yet; one with the same content is as good.
pub(super) fn keep(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    match whole_file::create(path, bytes, Readers::Everyone) {
        Err(WriteError::Exists { .. }) if whole_file::read(path, bytes.len()).is_ok_and(|there| there == bytes) => {
            Ok(())
        }
        Err(error @ WriteError::Exists { .. }) => {
            Err(Failure::new(Exit::Usage, error).help("it holds something else; choose another name, or move it away"))
        }
        other => other.map_err(write_failure),
    }
}

//! `impound notice register`: the public register, built from what was signed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::json;

use super::state;
use crate::audit::LogReader;
use crate::cli::args::{Format, NoticeRegister};
use crate::cli::entry_proof::{Dated, Judges};
use crate::cli::exit::OrFail;
use crate::cli::open::{audit_failure, log_keys, read_bounded, unlock};
use crate::cli::site::site_failure;
use crate::cli::verify::trust;
use crate::cli::{Env, Exit, Failure};
use crate::digest::Digest;
use crate::domain::DomainName;
use crate::keyring::Role;
use crate::language::LanguageTag;
use crate::notice::{
    Edition, INCLUSION_PROOF, INCLUSION_STAMP, INDICATORS_MAX_BYTES, Listing, NOTICE_NOTE, Statement, read_site,
    tells_in_json,
};
use crate::register::{
    Published, REGISTER_NOTE, Recording, Register, RegisterError, read_register, recordings, write_register,
};
use crate::signed_note::{NOTE_MAX_BYTES, Note, NoteSigner};
use crate::tlog::Receipt;
use crate::verify::{Expected, Logged, Trust, judge_note};
use crate::whole_file::{self, ReadError, Readers, WriteError};
use crate::words;

/// Adds what is new to a register, and makes one where there is none.
pub(super) fn register(arguments: &NoticeRegister, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if let (1.., [_, _, ..]) = (arguments.released.len(), arguments.site.as_slice()) {
        return Err(Failure::new(Exit::Usage, "--released is a step of one operation, and several sites are given")
            .help("run it once for each --site, with the steps of its own operation"));
    }
    let trust = trust(&arguments.keys, &arguments.roots)?;
    let mut register = read_register(&arguments.dir).map_err(register_failure)?;
    let before = register.len();
    let mut sealed = Sealed::default();
    for site in &arguments.site {
        let editions = read_site(site).map_err(site_failure)?;
        for edition in &editions {
            sealed.learn(edition);
        }
        for edition in &editions {
            if is_out(edition, &arguments.released, env) {
                let bytes = edition.note().unwrap_or_default();
                let in_kit = |name: &str| edition.kit.get(name).map(Vec::as_slice);
                let logged = Logged { proof: in_kit(INCLUSION_PROOF), stamp: in_kit(INCLUSION_STAMP) };
                register.add(published(bytes, logged, &site.join(NOTICE_NOTE), &trust, env)?);
            }
        }
    }
    for path in &arguments.note {
        let bytes = read_bounded(path, NOTE_MAX_BYTES)?;
        register.add(published(&bytes, Logged::default(), path, &trust, env)?);
    }
    if let Some(log) = &arguments.log {
        let (keys, policy) = log_keys(arguments.log_keys.as_deref().unwrap_or_default())?;
        let reader = LogReader::open(log, &keys).map_err(audit_failure)?;
        let judges = Judges { keys: &keys, policy: policy.as_ref(), authorities: None };
        prove(&mut register, &reader, judges, &sealed, env)?;
    } else {
        for (_, one) in register.notes().into_iter().filter(|(_, one)| one.proof.is_none()) {
            env.say(format!("no proof of {}: {NO_LOG}", words(one)));
        }
    }
    let list = write_register(&arguments.dir, &register, &languages(&arguments.language)?).map_err(register_failure)?;
    let is_signed = vouch(arguments, &register, &list, env)?;
    told(&register, before, is_signed, &arguments.dir, format, env)
}

/// The languages of the pages: those that were asked for, or else all, English first.
fn languages(asked: &[LanguageTag]) -> Result<Vec<LanguageTag>, Failure> {
    if let Some(unknown) = asked.iter().find(|tag| !words::languages().any(|known| known == **tag)) {
        let known: Vec<String> = words::languages().map(|tag| tag.to_string()).collect();
        return Err(Failure::new(Exit::Usage, format!("there are no words in `{unknown}`"))
            .help(format!("--language is one of {}", known.join(", "))));
    }
    let mut languages = asked.to_vec();
    if languages.is_empty() {
        languages = words::languages().collect();
        languages.sort_by_key(|tag| tag.as_str() != "en");
    }
    Ok(languages)
}

/// Whether an edition was published: it is signed, and no embargo holds it back.
fn is_out(edition: &Edition, released: &[String], env: &mut Env<'_>) -> bool {
    if edition.note().is_none() {
        env.say(format!("passed over: {} is not signed", edition.id));
        return false;
    }
    match &edition.release {
        Some(step) if !released.iter().any(|name| name == step.as_str()) => {
            env.say(format!(
                "passed over: {} is under embargo until `{step}`; give --released {step} after it",
                edition.id
            ));
            false
        }
        _ => true,
    }
}

/// A note that counts, with the files that it lists.
fn published(
    bytes: &[u8],
    logged: Logged<'_>,
    path: &Path,
    trust: &Trust,
    env: &Env<'_>,
) -> Result<Published, Failure> {
    let refuse = |error: Box<dyn std::error::Error + Send + Sync>| {
        Failure::new(Exit::NotVerified, error).help(format!("{} is not published", path.display()))
    };
    let note = Note::parse(bytes).map_err(|error| refuse(error.into()))?;
    let statement = Statement::parse(note.text.as_str().as_bytes()).map_err(|error| refuse(error.into()))?;
    if matches!(statement, Statement::Listing(_)) {
        return Err(refuse("a register lists no registers".into()));
    }
    // As of when it begins or now: an edition that begins later is published ahead of its time, an old one stays what it was.
    let at = statement.begins().max(env.clock.now());
    if let Err(verdict) = judge_note(bytes, logged, Expected { trust, name: None, at }) {
        return Err(refuse(format!("{} {}: {verdict}", statement.kind(), statement.id()).into()));
    }
    let mut files = BTreeMap::new();
    if let Statement::Advisory(advisory) = &statement {
        for (name, digest) in advisory.files() {
            let file = read_bounded(&path.with_file_name(&name), INDICATORS_MAX_BYTES)?;
            if Digest::of(&file) != digest {
                return Err(refuse(format!("{name} is not the file that was signed").into()));
            }
            files.insert(name, file);
        }
    }
    Ok(Published { statement, note, proof: None, stamp: None, files })
}

/// The sealed names that this run knows, for they stand in the sites alone and not in the register.
#[derive(Default)]
struct Sealed {
    names: BTreeSet<String>,
    editions: BTreeSet<String>,
}

impl Sealed {
    fn learn(&mut self, edition: &Edition) {
        if edition.names.sealed.is_some() {
            self.names.extend(edition.names.hosts.iter().map(ToOwned::to_owned));
        }
        self.editions.insert(edition.id.clone());
    }

    /// A sealed notice of the register whose names are not known.
    fn unknown(&self, register: &Register) -> Option<String> {
        register.notes().into_iter().find_map(|(_, one)| match &one.statement {
            Statement::Notice(notice) if notice.sealed.is_some() || notice.returned_sealed.is_some() => {
                Some(notice.id.to_string()).filter(|id| !self.editions.contains(id))
            }
            _ => None,
        })
    }

    /// Why an entry is not handed on, if it is not.
    fn objection(&self, found: &Recording, unknown: Option<&str>) -> Option<String> {
        if tells_in_json(&self.names, &found.entry).is_some() {
            return Some(format!("entry {} tells a sealed name", found.index));
        }
        let id = unknown.filter(|_| !found.is_of_notice)?;
        Some(format!("entry {} may tell a sealed name of {id}; give its site with --site", found.index))
    }
}

/// Adds the receipts of the entries that cite the notes, and better ones where there are any by now. An entry that tells a sealed
/// name, or may tell one, is not handed on.
fn prove(
    register: &mut Register,
    log: &LogReader,
    judges: Judges<'_>,
    sealed: &Sealed,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    let unknown = sealed.unknown(register);
    let open: Vec<Unproven> =
        register.notes().into_iter().filter_map(|(digest, one)| Unproven::of(*digest, one, judges)).collect();
    let notes: Vec<&Note> = open.iter().map(|one| &one.note).collect();
    let mut found = recordings(log, &notes).map_err(audit_failure)?;
    for (place, one) in open.iter().enumerate() {
        let best = match found.remove(&place) {
            None => Err(NOT_CITED.to_owned()),
            Some(entry) => match sealed.objection(&entry, unknown.as_deref()) {
                Some(why) => Err(why),
                None => judges.best(log, entry.index)?.ok_or_else(|| NOT_COSIGNED.to_owned()),
            },
        };
        match best {
            Ok(best) if one.is_worse_than(best.dated) => {
                register.prove(&one.digest, best.receipt, best.stamp);
            }
            Err(why) if !one.has_proof => env.say(format!("no proof of {}: {why}", one.what)),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(())
}

/// A note in words.
fn words(one: &Published) -> String {
    format!("{} {}", one.statement.kind(), one.statement.id())
}

/// What is said of a note without a proof when no log was given.
const NO_LOG: &str = "give the log in which it is recorded with --log and --log-keys";

/// What is said of a note that the log does not have.
const NOT_CITED: &str = "no entry of the log cites it; write one with `impound notice record`, or for a denial or an advisory with \
                         `impound log add --public --evidence NOTE`";

/// What is said of one that it has.
const NOT_COSIGNED: &str = "too few witnesses have cosigned its entry yet";

/// A note of the register without a proof that others date.
struct Unproven {
    digest: Digest,
    note: Note,
    /// In words.
    what: String,
    has_proof: bool,
    /// Who dates its proof; `None` where it has none, or none that this log gives.
    dated: Option<Dated>,
}

impl Unproven {
    /// A proof that this log does not give may be another log's, and is replaced only by one that others date.
    fn is_worse_than(&self, dated: Dated) -> bool {
        match self.dated {
            Some(present) => present < dated,
            None => !self.has_proof || dated == Dated::Others,
        }
    }

    fn of(digest: Digest, one: &Published, judges: Judges<'_>) -> Option<Self> {
        let receipt = one.proof.as_ref().and_then(|proof| Receipt::parse(proof).ok());
        let dated = receipt.and_then(|receipt| judges.proof(&receipt, one.stamp.clone())).map(|proof| proof.dated);
        (dated != Some(Dated::Others)).then(|| Self {
            digest,
            note: one.note.clone(),
            what: words(one),
            has_proof: one.proof.is_some(),
            dated,
        })
    }
}

/// Signs that the list is all there is, if a key was given; whether such a statement stands there now.
fn vouch(arguments: &NoticeRegister, register: &Register, list: &[u8], env: &mut Env<'_>) -> Result<bool, Failure> {
    let path = arguments.dir.join(REGISTER_NOTE);
    let (Some(key), Some(verify_at), Some(expires)) =
        (arguments.signing_key(), &arguments.verify_at, arguments.expires)
    else {
        return Ok(path.is_file());
    };
    let key = unlock(&key, Role::Notice, env)?;
    let listing = Listing {
        issuer: DomainName::parse(key.verifier().name().host()).or_fail(Exit::Usage)?,
        issued: env.clock.now(),
        expires,
        verify_at: verify_at.clone(),
        count: register.len() as u64,
        list: Digest::of(list),
    };
    let statement = Statement::Listing(Box::new(listing.checked().or_fail(Exit::Usage)?));
    let note = state::signed(&statement, None, &key)?;
    whole_file::replace(&path, note.to_string().as_bytes(), Readers::Everyone).or_fail(Exit::Environment)?;
    Ok(true)
}

fn told(
    register: &Register,
    before: usize,
    is_signed: bool,
    dir: &Path,
    format: Format,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let (notes, new) = (register.len(), register.len() - before);
    let proven = register.notes().into_iter().filter(|(_, one)| one.proof.is_some()).count();
    match format {
        Format::Json => {
            let list: Vec<_> = register
                .notes()
                .into_iter()
                .map(|(digest, one)| json!({"kind": one.statement.kind(), "id": one.statement.id(), "digest": digest, "proven": one.proof.is_some()}))
                .collect();
            env.print_json(&json!({"version": 1, "notes": list, "new": new, "vouched": is_signed}))?;
        }
        Format::Text => {
            env.print(format!(
                "{}: {notes} notes, {new} of them new, {proven} with a proof in the log\n",
                dir.display()
            ))?;
            if !is_signed {
                env.say("nobody vouches that the register is complete: sign it with --key, --verify-at and --expires");
            }
        }
    }
    // Every note of a register stands in the log; where one does not yet, this one has more to do.
    Ok(if proven < notes { Exit::Findings } else { Exit::Ok })
}

/// The exit code of what the register says.
pub(in crate::cli) fn register_failure(error: RegisterError) -> Failure {
    use RegisterError as E;
    let exit = match &error {
        E::Read(ReadError::Missing { .. }) => Exit::Usage,
        E::Write(WriteError::Exists { .. })
        | E::Note { .. }
        | E::Statement { .. }
        | E::Altered { .. }
        | E::Lost { .. } => Exit::NotVerified,
        E::Json { .. } | E::TooMany { .. } | E::TooLarge { .. } | E::TooManyNotes { .. } => Exit::NotVerified,
        E::Words(_) | E::NoLanguage => Exit::Usage,
        E::Read(_) | E::Write(_) | E::Make { .. } | E::Page(_) => Exit::Environment,
    };
    let lost = matches!(error, E::Lost { .. } | E::Altered { .. });
    let failure = Failure::new(exit, error);
    if lost { failure.help("put it back from a copy: a register only grows") } else { failure }
}

//! Statements beside notices: a banner that is not ours, a joint advisory, and further signatures under them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::json;

use crate::cli::args::{Format, NoticeAdvisory, NoticeCountersign, NoticeDeny, StatementArgs};
use crate::cli::exit::OrFail;
use crate::cli::open::{held, playbook, read_bounded, unlock};
use crate::cli::{Env, Exit, Failure};
use crate::digest::Digest;
use crate::domain::DomainName;
use crate::keyring::{Role, Signer};
use crate::language::LanguageTag;
use crate::notice::{
    ADVISORY_NOTE, Advisory, Denial, FILE_MAX_BYTES, INDICATORS_CSV, INDICATORS_MAX_BYTES, Indicators, Statement,
    Status, tells,
};
use crate::observe::WebHost;
use crate::playbook::{Id, Playbook};
use crate::signed_note::{NOTE_MAX_BYTES, Note, NoteSignature, NoteSigner, NoteText};
use crate::whole_file::{self, Readers};

/// What every statement says of itself.
struct Common {
    id: Id,
    issuer: DomainName,
    status: Status,
    supersedes: BTreeSet<Digest>,
}

impl Common {
    fn of(arguments: &StatementArgs, key: &Signer) -> Result<Self, Failure> {
        let id = Id::parse(&arguments.id).ok_or_else(|| {
            Failure::new(Exit::Usage, format!("`{}` is not an identifier", arguments.id))
                .help("write it in letters in lower case, digits and hyphens")
        })?;
        let issuer = arguments.issuer.as_deref().unwrap_or_else(|| key.verifier().name().host());
        let status = if arguments.withdraws.is_some() { Status::Withdrawn } else { Status::InForce };
        let former = arguments.replaces.as_deref().or(arguments.withdraws.as_deref());
        let former = former.map(|path| Ok(note_at(path)?.0.digest())).transpose()?;
        Ok(Self {
            id,
            issuer: DomainName::parse(issuer).or_fail(Exit::Usage)?,
            status,
            supersedes: former.into_iter().collect(),
        })
    }
}

/// A signed statement in a file.
fn note_at(path: &Path) -> Result<(Statement, Note), Failure> {
    let refused = |error: Box<dyn std::error::Error + Send + Sync>| {
        Failure::new(Exit::Usage, error).help(format!("{} is no signed statement", path.display()))
    };
    let note = Note::parse(&read_bounded(path, NOTE_MAX_BYTES)?).map_err(|error| refused(error.into()))?;
    let statement = Statement::parse(note.text.as_str().as_bytes()).map_err(|error| refused(error.into()))?;
    Ok((statement, note))
}

/// Writes the denial with the signature of one agency.
pub(super) fn deny(arguments: &NoticeDeny, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let name: Option<WebHost> = arguments.name.as_deref().map(str::parse).transpose().or_fail(Exit::Usage)?;
    let page = arguments.page.as_deref().map(|path| read_bounded(path, FILE_MAX_BYTES)).transpose()?;
    let key = unlock(&arguments.statement.key, Role::Notice, env)?;
    let Common { id, issuer, status, supersedes } = Common::of(&arguments.statement, &key)?;
    let denial = Denial {
        id,
        issuer,
        issued: env.clock.now(),
        status,
        seen_at: arguments.seen,
        name: name.map(|name| name.to_string()),
        address: arguments.address,
        page: page.map(Digest::of),
        verify_at: arguments.statement.verify_at.clone(),
        supersedes,
    };
    let statement = Statement::Denial(Box::new(denial.checked().or_fail(Exit::Usage)?));
    let note = signed(&statement, None, &key)?;
    whole_file::create(&arguments.output, note.to_string().as_bytes(), Readers::Everyone).or_fail(Exit::Usage)?;
    tell(&statement, &note, &arguments.output, format, env)
}

/// Writes the advisory, its files, and the signature of one agency.
pub(super) fn advisory(arguments: &NoticeAdvisory, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let playbook = playbook(&arguments.playbook.playbook, env)?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut texts = BTreeMap::new();
    for text in &arguments.text {
        let (language, bytes) = words(text)?;
        files.insert(Advisory::text_path(&language), bytes.clone());
        if texts.insert(language.clone(), Digest::of(bytes)).is_some() {
            return Err(Failure::new(Exit::Usage, format!("--text has two files for `{language}`")));
        }
    }
    let list = arguments.indicators.as_deref().map(indicators).transpose()?;
    files.extend(list.as_ref().map(|list| (INDICATORS_CSV.to_owned(), list.to_string().into_bytes())));
    if !arguments.tell_sealed {
        refuse_sealed(&playbook, &files)?;
    }
    let key = unlock(&arguments.statement.key, Role::Notice, env)?;
    let Common { id, issuer, status, supersedes } = Common::of(&arguments.statement, &key)?;
    let (issued, verify_at) = (env.clock.now(), arguments.statement.verify_at.clone());
    let indicators = list.as_ref().map(Advisory::stated);
    let advisory = Advisory { id, issuer, issued, status, verify_at, texts, indicators, supersedes };
    let statement = Statement::Advisory(Box::new(advisory.checked().or_fail(Exit::Usage)?));
    let note = signed(&statement, None, &key)?;
    std::fs::create_dir_all(&arguments.output).or_fail(Exit::Environment)?;
    let path = arguments.output.join(ADVISORY_NOTE);
    for (name, bytes) in &files {
        whole_file::create(&arguments.output.join(name), bytes, Readers::Everyone).or_fail(Exit::Usage)?;
    }
    whole_file::create(&path, note.to_string().as_bytes(), Readers::Everyone).or_fail(Exit::Usage)?;
    tell(&statement, &note, &path, format, env)
}

/// `LANGUAGE=FILE`, and what is in the file.
fn words(argument: &str) -> Result<(LanguageTag, Vec<u8>), Failure> {
    let usage = || Failure::new(Exit::Usage, format!("--text {argument} is not LANGUAGE=FILE"));
    let (language, path) = argument.split_once('=').ok_or_else(usage)?;
    let language: LanguageTag = language.parse().or_fail(Exit::Usage)?;
    let bytes = read_bounded(Path::new(path), FILE_MAX_BYTES)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) if !text.trim().is_empty() => Ok((language, bytes)),
        Ok(_) => Err(Failure::new(Exit::Usage, format!("{path} is empty"))),
        Err(error) => Err(Failure::new(Exit::Usage, error).help(format!("{path} is not UTF-8"))),
    }
}

fn indicators(path: &Path) -> Result<Indicators, Failure> {
    let bytes = read_bounded(path, INDICATORS_MAX_BYTES)?;
    Indicators::collect(&bytes).map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", path.display())))
}

/// A name that a notice of the operation seals is told to nobody by mistake.
fn refuse_sealed(playbook: &Playbook, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Failure> {
    let sealing = playbook.notices.iter().filter(|notice| notice.sealed_names).map(|notice| &notice.id);
    let sealing: BTreeSet<&Id> = sealing.collect();
    let is_sealed = |notice: Option<&Id>| notice.is_some_and(|notice| sealing.contains(notice));
    let targets = playbook.all_targets().filter(|target| is_sealed(target.means.notice()));
    let sealed: BTreeSet<String> = targets.map(|target| target.subject.to_string()).collect();
    if sealed.is_empty() {
        return Ok(());
    }
    for (name, bytes) in files {
        if let Some(host) = tells(&sealed, &String::from_utf8_lossy(bytes)) {
            return Err(Failure::new(
                Exit::Refused,
                format!("{name} tells {host}, which a notice of the operation seals"),
            )
            .help("take it out; if it is meant to be told, give --tell-sealed"));
        }
    }
    Ok(())
}

/// Adds a signature to a statement that others have signed.
pub(super) fn countersign(arguments: &NoticeCountersign, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (statement, _) = note_at(&arguments.note)?;
    if let Statement::Notice(notice) = &statement {
        return Err(Failure::new(Exit::Usage, format!("{} is a notice", notice.id))
            .help("notices are signed with `impound notice sign`, which checks them against the playbook"));
    }
    env.say(format!("signing this {}:\n\n{statement}", statement.kind()));
    let key = unlock(&arguments.key, Role::Notice, env)?;
    // Another agency may sign it at the same time.
    let _held = held(&arguments.note)?;
    let (now, former) = note_at(&arguments.note)?;
    if now != statement {
        let changed = format!("{} was replaced by another text meanwhile", arguments.note.display());
        return Err(Failure::new(Exit::Refused, changed).help("read what it says now, and run this again"));
    }
    let note = signed(&statement, Some(&former), &key)?;
    whole_file::replace(&arguments.note, note.to_string().as_bytes(), Readers::Everyone).or_fail(Exit::Environment)?;
    tell(&statement, &note, &arguments.note, format, env)
}

/// The statement under one more signature.
pub(super) fn signed(statement: &Statement, former: Option<&Note>, key: &Signer) -> Result<Note, Failure> {
    let text = NoteText::new(statement.to_string()).or_fail(Exit::Usage)?;
    let signature = NoteSignature::sign(&text, key).or_fail(Exit::Environment)?;
    let mut signatures = former.map(|former| former.signatures.clone()).unwrap_or_default();
    signatures.retain(|other| other.name != signature.name || other.id != signature.id);
    signatures.push(signature);
    Ok(Note { text, signatures })
}

pub(super) fn tell(
    statement: &Statement,
    note: &Note,
    path: &Path,
    format: Format,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let signers: Vec<String> = note.signatures.iter().map(|line| line.name.to_string()).collect();
    match format {
        Format::Json => env.print_json(&json!({
            "version": 1,
            "kind": statement.kind(),
            "id": statement.id(),
            "digest": statement.digest(),
            "note": path,
            "signed_by": signers,
        }))?,
        Format::Text => env.print(format!(
            "{} {}\n  written to   {}\n  signed by    {}\n",
            statement.kind(),
            statement.id(),
            path.display(),
            signers.join(", ")
        ))?,
    }
    Ok(Exit::Ok)
}

//! `impound notice`.

mod build;
mod life;
mod register;
mod state;

pub(super) use register::register_failure;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::args::{Format, Notice, NoticeBuild, NoticeProve, NoticeSign};
use super::exit::OrFail;
use super::kit_lists::KitLists;
use super::open::{playbook, unlock, write_whole};
use super::{Env, Exit, Failure, record, site};
use crate::keyring::Role;
use crate::language::LanguageTag;
use crate::notice::{Draft, Edition, HeldSite, Names, NoticeId};
use crate::observe::WebHost;
use crate::playbook::Playbook;
use crate::signed_note::Note;
use crate::words::counted;

/// What comes after editions were written.
const NEXT: &str = "next: each agency runs `impound notice sign`";

/// Builds, signs or shows the site.
pub(super) async fn run(command: &Notice, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match command {
        Notice::Build(arguments) => build::build(arguments, format, env),
        Notice::Sign(arguments) => sign(arguments, format, env),
        Notice::Show(arguments) => show(arguments, format, env),
        Notice::Amend(arguments) => life::amend(arguments, &[], format, env),
        Notice::Return(arguments) => life::amend(&arguments.amend, &arguments.name, format, env),
        Notice::Withdraw(arguments) => life::withdraw(arguments, format, env),
        Notice::Deny(arguments) => state::deny(arguments, format, env),
        Notice::Advisory(arguments) => state::advisory(arguments, format, env),
        Notice::Register(arguments) => register::register(arguments, format, env),
        Notice::Countersign(arguments) => state::countersign(arguments, format, env),
        Notice::Prove(arguments) => prove(arguments, env),
        Notice::Record(arguments) => record::run(arguments, format, env).await,
    }
}

fn open(arguments: &NoticeBuild, env: &mut Env<'_>) -> Result<(Playbook, PathBuf), Failure> {
    let playbook = playbook(&arguments.playbook.playbook, env)?;
    let dir = arguments.site.clone().unwrap_or_else(|| site::default_dir(&playbook));
    Ok((playbook, dir))
}

fn sign(arguments: &NoticeSign, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (playbook, dir) = open(&arguments.build, env)?;
    let key = unlock(&arguments.key, Role::Notice, env)?;
    let lists = KitLists::beside(&playbook)?;
    let site = taken(&dir)?;
    let drafts = site::drafts(&playbook, Some(&dir))?;
    let mut all = site::read_built(&dir, names(&drafts))?;
    let mut editions = Vec::new();
    for draft in &drafts {
        let id = draft.manifest().id.to_string();
        let place = all.iter().position(|edition| edition.id == id);
        let former = place.map(|place| all.swap_remove(place));
        editions.push(site::sign(&playbook, draft, former.as_ref(), (&key, &lists))?);
    }
    all.extend(editions.iter().cloned());
    site.write(&all).map_err(site::site_failure)?;
    print(&playbook, &editions, format, env)?;
    Ok(Exit::Ok)
}

/// The site, held until it is changed. One that is not there is for the reader to tell.
fn taken(dir: &Path) -> Result<HeldSite, Failure> {
    HeldSite::open(dir).map_err(|error| match dir.is_dir() {
        true => site::site_failure(error),
        false => site::site_failure(error).help("build it first with `impound notice build`"),
    })
}

fn names(drafts: &[Draft]) -> Vec<Arc<Names>> {
    drafts.iter().map(|draft| Arc::clone(draft.names())).collect()
}

fn show(arguments: &NoticeBuild, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (playbook, dir) = open(arguments, env)?;
    let editions = site::read_built(&dir, Vec::new())?;
    print(&playbook, &editions, format, env)?;
    Ok(Exit::Ok)
}

/// Writes the proof that one name is covered, for somebody who may not know the others.
fn prove(arguments: &NoticeProve, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (playbook, dir) = open(&arguments.build, env)?;
    let host: WebHost = arguments.name.parse().or_fail(Exit::Usage)?;
    let editions = site::read_built(&dir, Vec::new())?;
    let proof = playbook.notices.iter().find_map(|notice| {
        let life = site::life_of(&playbook, notice, &editions);
        let names = &life.present.last()?.names;
        let sealed = names.sealed.as_ref()?;
        // A name of its own that was returned may stand below one that is covered.
        let returned = || life.behind().returned_under_seal(names).ok()??.prove(host.as_str());
        sealed.prove(host.as_str()).or_else(returned).or_else(|| sealed.prove_within(host.as_str()))
    });
    let proof = proof.ok_or_else(|| {
        Failure::new(Exit::Findings, format!("no notice covers or returns {host} among sealed names"))
            .help("a notice that lists its names needs no proof; `impound notice show` tells which they are")
    })?;
    match &arguments.output {
        Some(path) => write_whole(path, proof.to_string().as_bytes())?,
        None => env.print(proof.to_string())?,
    }
    Ok(Exit::Ok)
}

fn print(playbook: &Playbook, editions: &[Edition], format: Format, env: &mut Env<'_>) -> Result<(), Failure> {
    match format {
        Format::Json => {
            let notices: Vec<Value> = editions.iter().map(|edition| edition_json(playbook, edition)).collect();
            env.print_json(&json!({"version": 1, "notices": notices}))
        }
        Format::Text => editions.iter().try_for_each(|edition| env.print(edition_text(playbook, edition))),
    }
}

fn signers(edition: &Edition) -> Vec<String> {
    let note = edition.note().and_then(|bytes| Note::parse(bytes).ok());
    note.map(|note| note.signatures.iter().map(|line| line.name.to_string()).collect()).unwrap_or_default()
}

fn languages(edition: &Edition) -> Vec<String> {
    edition.pages.keys().map(ToString::to_string).collect()
}

/// Tags with spaces between them, in lines that fit beside the labels on 80 columns.
fn folded(languages: &[String]) -> String {
    const COLUMNS: usize = 64;
    let mut lines = vec![String::new()];
    for tag in languages {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(tag),
            Some(line) if line.len() + 1 + tag.len() <= COLUMNS => line.extend([" ", tag]),
            _ => lines.push(tag.clone()),
        }
    }
    lines.join("\n               ")
}

/// What is to be said of an edition's languages: those for which nobody vouches, and those that are out of date.
struct Doubts {
    not_reviewed: Vec<String>,
    out_of_date: Vec<String>,
}

impl Doubts {
    /// By the playbook as it is now; a notice that it no longer has is doubted in every language.
    fn of(playbook: &Playbook, edition: &Edition) -> Self {
        let id = edition.id.parse::<NoticeId>().ok();
        let Some(notice) = id.and_then(|id| playbook.notices.iter().find(|notice| notice.id == id.notice)) else {
            return Self { not_reviewed: languages(edition), out_of_date: languages(edition) };
        };
        let here = |tag: &&LanguageTag| edition.pages.contains_key(*tag);
        Self {
            not_reviewed: notice.not_reviewed().filter(here).map(ToString::to_string).collect(),
            out_of_date: notice.out_of_date().filter(here).map(ToString::to_string).collect(),
        }
    }

    /// One line for each kind of doubt that there is.
    fn lines(&self) -> String {
        let line = |label: &str, languages: &[String]| match languages {
            [] => String::new(),
            _ => format!("  {label} {}\n", folded(languages)),
        };
        line("not reviewed", &self.not_reviewed) + &line("out of date ", &self.out_of_date)
    }
}

/// The names are told unless they are sealed; then there is only how many.
fn edition_json(playbook: &Playbook, edition: &Edition) -> Value {
    let doubts = Doubts::of(playbook, edition);
    let sealed = edition.names.sealed.as_ref();
    let covers: Vec<_> = edition.names.hosts.iter().filter(|_| sealed.is_none()).collect();
    json!({
        "id": edition.id,
        "status": edition.status,
        "languages": languages(edition),
        "not_reviewed": doubts.not_reviewed,
        "out_of_date": doubts.out_of_date,
        "covers": covers,
        "sealed": sealed.is_some(),
        "sealed_count": sealed.map(|sealed| sealed.count()),
        "subdomains": edition.names.subdomains,
        "released_by": edition.release.as_ref().map(ToString::to_string),
        "signed_by": signers(edition),
    })
}

fn edition_text(playbook: &Playbook, edition: &Edition) -> String {
    let signers = signers(edition);
    let signed = if signers.is_empty() { "nobody yet".to_owned() } else { signers.join(", ") };
    let from = edition.release.as_ref().map_or("the start".to_owned(), |step| format!("step `{step}`"));
    format!(
        "{}\n  served from  {from}, with status {}\n  languages    {}\n{}  covers       {}\n  signed by    {signed}\n",
        edition.id,
        edition.status,
        folded(&languages(edition)),
        Doubts::of(playbook, edition).lines(),
        match &edition.names.sealed {
            Some(sealed) => {
                format!("{}, sealed: the notice does not tell which", counted(sealed.count(), "name", "names"))
            }
            None => edition.names.hosts.iter().collect::<Vec<_>>().join("\n               "),
        },
    )
}

//! Reading a playbook: bytes, TOML, shape, meaning; every problem at once.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

use crate::authority::Order;
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::{DomainName, excerpt};
use crate::whole_file::{self, ReadError};

use super::files::Folder;
use super::problem::{Code, Problem, Problems, Severity};
use super::shape::{FileKind, Shape, schema_of};
use super::source::{Place, Source, SourceId};
use super::spec::{PlaybookSpec, VERSION};
use super::values::Defined;
use super::{
    Agency, Approver, Contact, ContactPurpose, NameServer, Notice, NoticeHost, Operation, Playbook, Registry, Sinkhole,
    Witness, network, notices, orders, parties, steps, targets,
};

/// The file that a directory is searched for.
pub const FILE_NAME: &str = "playbook.toml";

/// Some ten thousand targets; names by the thousand belong into lists.
pub const PLAYBOOK_MAX_BYTES: usize = 4 << 20;

/// Syntax errors of one file that are told; behind the first few, most follow from them.
const SYNTAX_ERRORS_TOLD: usize = 20;

/// Problems that are told; whoever has more starts with these, and a hostile file fills no memory.
const PROBLEMS_TOLD: usize = 500;

/// What became of reading a playbook.
#[derive(Debug)]
pub struct Loaded {
    /// The playbook; there unless a problem is an error.
    pub playbook: Option<Playbook>,
    /// Everything that is wrong or doubtful, in the order of the files.
    pub problems: Vec<Problem>,
    /// How many more problems there are than are told.
    pub untold: usize,
    /// The texts into which the problems point.
    pub sources: Vec<Source>,
}

/// Why nothing could be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The playbook is not read.
    #[error(transparent)]
    Read(ReadError),
    /// It is larger than [`PLAYBOOK_MAX_BYTES`].
    #[error("{} has more than {PLAYBOOK_MAX_BYTES} bytes; put names by the thousand into a list file", path.display())]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// It is not UTF-8, which TOML is.
    #[error("{} is not UTF-8 at byte {offset}, line {line}", path.display())]
    NotUtf8 {
        /// Which file.
        path: PathBuf,
        /// The first byte that is not, from 0.
        offset: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// It is TOML or another text, and not what a playbook is made of.
    #[error("{} is no playbook: it {what}", path.display())]
    NotAPlaybook {
        /// Which file.
        path: PathBuf,
        /// What it is instead, in words.
        what: &'static str,
    },
    /// It is written for a later program.
    #[error("this playbook is version {found}; this program reads {VERSION}")]
    LaterVersion {
        /// The version it gives.
        found: String,
    },
}

/// Reads the playbook in a file, or in the `playbook.toml` of a directory, with all files it names.
pub fn load(path: &Path) -> Result<Loaded, LoadError> {
    let file = if path.is_dir() { path.join(FILE_NAME) } else { path.to_owned() };
    let bytes = whole_file::read(&file, PLAYBOOK_MAX_BYTES).map_err(not_read)?;
    let digest = Digest::of(&bytes);
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(&file, &error))?;
    let root = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    let (mut table, errors) = DeTable::parse_recoverable(&text);
    later_version(table.get_ref())?;
    other_file(&file, &text, table.get_ref())?;
    let mut problems = Problems::default();
    let source = problems.source(Source { path: file, text: text.clone(), first_line: 1 });
    syntax(&mut problems, source, &errors);
    let mut defined = Defined::collect(table.get_ref());
    defined.mistaken = shape(&mut problems, &mut table);
    let playbook = if errors.is_empty() {
        let meant = interpret(&mut problems, &defined, &Folder { root }, digest, table);
        meant.map(|playbook| Playbook { text: text.clone(), ..playbook })
    } else {
        only_sure_ones(&mut problems.found);
        None
    };
    without_follow_ons(&mut problems.found, &defined.mistaken);
    Ok(finish(problems, playbook))
}

impl Loaded {
    /// Adds what depends on the day of reading: so far, whether the hour has passed.
    pub fn at(mut self, now: UtcTime) -> Self {
        if let Some(playbook) = &self.playbook {
            let hour = playbook.operation.hour;
            if hour < now {
                let message = format!("the hour, {hour}, has passed");
                let place = Place::new(SourceId::PLAYBOOK, &self.hour_span());
                let (help, related) =
                    ("write a new hour, and see that the orders are in force then".into(), Vec::new());
                self.problems.push(Problem { code: Code::HourPassed, place, message, help, related });
            }
        }
        self
    }

    /// Where the hour stands; the file was read whole, so it parses again.
    fn hour_span(&self) -> std::ops::Range<usize> {
        let text = self.sources.first().map_or("", |source| source.text.as_str());
        let (table, _) = DeTable::parse_recoverable(text);
        let operation = table.get_ref().get("operation").and_then(|value| value.get_ref().as_table());
        operation.and_then(|operation| operation.get("hour")).map_or(0..0, Spanned::span)
    }

    /// Whether any problem is an error.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity() == Severity::Error)
    }
}

/// Where the TOML is broken, keys seem to be missing and values of the wrong type: only what is sure is kept.
fn only_sure_ones(problems: &mut Vec<Problem>) {
    let syntax = |problem: &&Problem| problem.code == Code::Syntax;
    let broken: Vec<usize> = problems.iter().filter(syntax).map(|problem| problem.place.span.start).collect();
    problems.retain(|problem| match problem.code {
        Code::Syntax => true,
        Code::MissingKey => false,
        _ => !broken.contains(&problem.place.span.start),
    });
}

/// What seems to be missing where tables of that kind are there and mistaken.
fn without_follow_ons(problems: &mut Vec<Problem>, mistaken: &BTreeSet<String>) {
    let is = |name: &str| mistaken.contains(name);
    problems.retain(|problem| match problem.code {
        Code::NoTargets => !is("target") && !is("list"),
        Code::ActionWithoutStep => !is("step"),
        Code::NoNameServers => !is("name-server"),
        Code::NoNoticeHost => !is("notice-host"),
        _ => true,
    });
}

fn finish(problems: Problems, playbook: Option<Playbook>) -> Loaded {
    let Problems { found: mut problems, sources } = problems;
    let untold = problems.len().saturating_sub(PROBLEMS_TOLD);
    if untold > 0 {
        // Errors before warnings, so that none of the former is lost to the latter.
        problems.sort_by_key(Problem::severity);
        problems.truncate(PROBLEMS_TOLD);
    }
    problems.sort_by_key(|problem| (problem.place.source, problem.place.span.start, problem.code));
    let loaded = Loaded { playbook, problems, untold, sources };
    if loaded.has_errors() { Loaded { playbook: None, ..loaded } } else { loaded }
}

fn not_read(error: ReadError) -> LoadError {
    match error {
        ReadError::TooLarge { path, .. } => LoadError::TooLarge { path },
        other => LoadError::Read(other),
    }
}

fn not_utf8(path: &Path, error: &std::string::FromUtf8Error) -> LoadError {
    let offset = error.utf8_error().valid_up_to();
    let line = error.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1;
    LoadError::NotUtf8 { path: path.to_owned(), offset, line }
}

/// A later version may have other keys, so that nothing else that could be said about it would be right.
fn later_version(table: &DeTable<'_>) -> Result<(), LoadError> {
    let Some(version) = table.get("version").and_then(|version| version.get_ref().as_integer()) else { return Ok(()) };
    match u64::from_str_radix(version.as_str(), version.radix()) {
        Ok(found) if found > VERSION => Err(LoadError::LaterVersion { found: found.to_string() }),
        _ => Ok(()),
    }
}

/// Files that are often given for a playbook would have a problem in every line.
fn other_file(path: &Path, text: &str, table: &DeTable<'_>) -> Result<(), LoadError> {
    let schema = schema_of::<PlaybookSpec>();
    let known = schema.get("properties").and_then(|known| known.as_object());
    let is_known = |name: &str| known.is_some_and(|known| known.contains_key(name));
    let is_remark = |line: &str| line.is_empty() || line.starts_with('#');
    let says_nothing = text.trim_start_matches('\u{feff}').lines().all(|line| is_remark(line.trim()));
    let is_named_so = path.file_name().is_some_and(|name| name == FILE_NAME);
    if is_named_so || says_nothing || table.keys().any(|key| is_known(key.get_ref())) {
        return Ok(());
    }
    let what = match table.contains_key("headline") {
        true => "holds the texts of a notice",
        false => "has none of the tables of one",
    };
    Err(LoadError::NotAPlaybook { path: path.to_owned(), what })
}

/// Notes syntax errors.
pub(super) fn syntax(problems: &mut Problems, source: SourceId, errors: &[toml::de::Error]) {
    let text = problems.sources.get(source.0).map_or_else(String::new, |source| source.text.clone());
    let mut duplicates = Duplicates::default();
    for error in errors.iter().take(SYNTAX_ERRORS_TOLD) {
        let span = error.span().unwrap_or(0..0);
        let told = match error.message().lines().next() {
            Some(DUPLICATE) => duplicates.told(&text, span.start),
            message => Some((message.unwrap_or("not TOML").to_owned(), SEE_TOML.to_owned())),
        };
        if let Some((message, help)) = told {
            problems.add(Code::Syntax, Place::new(source, &span), message, help);
        }
    }
    if let Some(error) = errors.get(SYNTAX_ERRORS_TOLD) {
        let place = Place::new(source, &error.span().unwrap_or(0..0));
        let message = format!("{} more syntax errors from here on", errors.len() - SYNTAX_ERRORS_TOLD);
        problems.add(Code::Syntax, place, message, "correct the first ones, and most will be gone");
    }
}

/// What the TOML parser says of a key or header that stands twice in one table.
const DUPLICATE: &str = "duplicate key";

/// What helps where nothing else is known.
const SEE_TOML: &str = "see https://toml.io for how it is written";

/// Keys and headers that stand twice, as they are met.
#[derive(Default)]
struct Duplicates {
    /// Names in headers.
    headers: BTreeSet<String>,
    /// Where the latest header begins.
    latest: Option<usize>,
}

impl Duplicates {
    /// Message and help. Of a header that stands many times the first says it all, and its keys stand twice for no other reason.
    fn told(&mut self, text: &str, at: usize) -> Option<(String, String)> {
        let Some(name) = header_at(text, at) else {
            let follows = self.latest.is_some_and(|header| is_of_header(text, header..at));
            return (!follows).then(|| (DUPLICATE.to_owned(), SEE_TOML.to_owned()));
        };
        self.latest = Some(at);
        let help = format!("there can be several only where each begins with [[{name}]], the first as well");
        self.headers.insert(name.clone()).then(|| (format!("`{name}` stands above already"), help))
    }
}

/// The name in the header that stands on the line of this byte.
fn header_at(text: &str, byte: usize) -> Option<String> {
    let start = text.get(..byte)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.lines().next()?.trim();
    line.starts_with('[').then(|| excerpt(line.split('#').next().unwrap_or(line).trim().trim_matches(['[', ']'])))
}

/// Whether no other header stands between a header and what follows.
fn is_of_header(text: &str, between: std::ops::Range<usize>) -> bool {
    text.get(between).is_some_and(|between| between.lines().skip(1).all(|line| !line.trim_start().starts_with('[')))
}

fn shape(problems: &mut Problems, table: &mut Spanned<DeTable<'_>>) -> BTreeSet<String> {
    let schema = schema_of::<PlaybookSpec>();
    Shape::new(&schema, SourceId::PLAYBOOK, FileKind::Playbook, problems).mend(table)
}

fn interpret(
    problems: &mut Problems,
    defined: &Defined,
    folder: &Folder,
    digest: Digest,
    table: Spanned<DeTable<'_>>,
) -> Option<Playbook> {
    let spec = PlaybookSpec::deserialize(Deserializer::from(table));
    let spec = match spec {
        Ok(spec) => spec,
        Err(error) => {
            let place = Place::new(SourceId::PLAYBOOK, &error.span().unwrap_or(0..0));
            problems.add(Code::WrongType, place, error.message(), "write what docs/playbook.md says");
            return None;
        }
    };
    mean(problems, defined, folder, digest, &spec)
}

/// From what is written to what is meant, each part after those it refers to.
fn mean(
    problems: &mut Problems,
    defined: &Defined,
    folder: &Folder,
    digest: Digest,
    spec: &PlaybookSpec,
) -> Option<Playbook> {
    let who = Who::mean(problems, defined, folder, spec);
    let hour = who.operation.as_ref().map(|operation| operation.hour);
    let names = targets::read_lists(problems, folder, &spec.list);
    let around = orders::Surroundings { folder, defined, lists: &names, hour };
    let orders = orders::orders(problems, &around, &spec.order);
    let machines = Machines::mean(problems, spec);
    let steps = steps::steps(problems, defined, hour, &spec.step);
    steps::actions_are_instructed(problems, spec);
    let notices = mean_notices(problems, defined, folder, (&who, &orders), spec);
    let seed = notices::seed(problems, folder, &spec.notice);
    let gate = orders::Gate { orders: &orders, specs: &spec.order };
    let targets = targets::targets(problems, defined, &gate, &spec.target);
    let lists = targets::lists(problems, defined, &gate, &names, spec);
    let around = targets::Infrastructure { registries: &machines.registries, moved_to: moved_to(spec) };
    targets::infrastructure(problems, &around, &lists, spec);
    targets::subdomains_are_covered(problems, &gate, spec);
    let approvals = spec.approvals.as_ref();
    let approvals =
        approvals.and_then(|spec| parties::approvals(problems, spec, &who.approvers, &notices, &who.witnesses));
    // The text is `load`'s to add.
    let (root, text) = (folder.root.clone(), String::new());
    let Who { operation, agencies, contacts, approvers, witnesses } = who;
    let Machines { registries, name_servers, sinkholes, notice_hosts, resolvers } = machines;
    let (operation, approvals) = (operation?, approvals?);
    Some(Playbook {
        root,
        digest,
        text,
        operation,
        agencies,
        contacts,
        orders,
        targets,
        lists,
        registries,
        name_servers,
        sinkholes,
        notice_hosts,
        resolvers,
        notices,
        seed,
        witnesses,
        approvers,
        approvals,
        steps,
    })
}

/// Who takes part.
struct Who {
    operation: Option<Operation>,
    agencies: Vec<Agency>,
    contacts: Vec<Contact>,
    approvers: Vec<Approver>,
    witnesses: Vec<Witness>,
}

impl Who {
    fn mean(problems: &mut Problems, defined: &Defined, folder: &Folder, spec: &PlaybookSpec) -> Self {
        let operation = spec.operation.as_ref().and_then(|spec| parties::operation(problems, defined, spec));
        let agencies = parties::agencies(problems, folder, &spec.agency);
        let contacts = parties::contacts(problems, defined, &spec.contact);
        let approvers = parties::approvers(problems, defined, &agencies, &spec.approver);
        let witnesses = parties::witnesses(problems, defined, &agencies, spec);
        parties::keys_are_apart(problems, spec);
        Self { operation, agencies, contacts, approvers, witnesses }
    }
}

/// The machines of registries, partners and our own.
struct Machines {
    registries: Vec<Registry>,
    name_servers: Vec<NameServer>,
    sinkholes: Vec<Sinkhole>,
    notice_hosts: Vec<NoticeHost>,
    resolvers: Vec<SocketAddr>,
}

impl Machines {
    fn mean(problems: &mut Problems, spec: &PlaybookSpec) -> Self {
        Self {
            registries: network::registries(problems, &spec.registry),
            name_servers: network::name_servers(problems, &spec.name_server),
            sinkholes: network::sinkholes(problems, &spec.sinkhole),
            notice_hosts: network::notice_hosts(problems, &spec.notice_host),
            resolvers: network::resolvers(problems, spec.observe.as_ref()),
        }
    }
}

fn mean_notices(
    problems: &mut Problems,
    defined: &Defined,
    folder: &Folder,
    (who, orders): (&Who, &[Order]),
    spec: &PlaybookSpec,
) -> Vec<Notice> {
    let around = notices::Surroundings {
        folder,
        defined,
        agencies: &who.agencies,
        orders,
        steps: &spec.step,
        contacts: &who.contacts,
        objections: spec.contact.iter().any(|contact| contact.purpose.value == ContactPurpose::Objections.word()),
        hour: who.operation.as_ref().map(|operation| operation.hour),
    };
    notices::notices(problems, &around, &spec.notice)
}

/// The name servers to which delegations are moved, with their places.
fn moved_to(spec: &PlaybookSpec) -> Vec<(&super::spec::Placed<String>, DomainName)> {
    let of_sinkholes = spec.sinkhole.iter().flat_map(|sinkhole| sinkhole.name_servers.iter());
    let names = spec.name_server.iter().chain(of_sinkholes).map(|server| &server.name);
    names.filter_map(|name| Some((name, DomainName::parse(name).ok()?))).collect()
}

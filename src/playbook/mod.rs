//! The playbook: one operation, described in TOML, read into types that cannot hold nonsense.
//!
//! [`load()`] reads `playbook.toml` and the files it names, and gives either a [`Playbook`] or every [`Problem`] at once.
//! The structs that mirror the file are in `spec`; what stands here is what the file means. The language is documented in
//! `docs/playbook.md`.

mod designs;
mod files;
mod items;
mod load;
mod network;
mod notices;
mod orders;
mod parties;
mod problem;
mod render;
mod scaffold;
mod shape;
mod source;
mod spec;
mod steps;
mod targets;
#[cfg(test)]
mod tests;
mod texts;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use crate::authority::{Action, Order, OrderId, Subject};
use crate::clock::UtcTime;
use crate::coverage::Seed;
use crate::digest::Digest;
use crate::domain::{DomainName, NameList};
use crate::language::LanguageTag;
use crate::signed_note::VerifierKey;

pub use designs::{AgencySeal, OwnPage};
pub use files::{DOCUMENT_MAX_BYTES, KnownFile, LIST_MAX_BYTES, TEXTS_MAX_BYTES};
pub use items::{NoticeItem, ReportPoint};
pub use load::{FILE_NAME, LoadError, Loaded, PLAYBOOK_MAX_BYTES, load};
pub use network::{NameServer, NoticeHost, Registry, Sinkhole};
pub use notices::{Notice, NoticeStatus, SEED_FILE};
pub use problem::{Code, Problem, Severity};
pub use scaffold::{ScaffoldError, scaffold};
pub use source::{Place, Source, SourceId};
pub use steps::{Step, Work};
pub use texts::{ItemTexts, Texts};

/// The JSON schema (2020-12) of `playbook.toml`, for editors.
pub fn schema() -> serde_json::Value {
    shape::schema_of::<spec::PlaybookSpec>()
}

/// A short name that a playbook gives to one of its things: lower-case letters, digits and hyphens, at most 40.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// The longest identifier; it stands in file names, log entries and tables of 80 columns.
    pub const CHARS_MAX: usize = 40;

    /// Checks an identifier.
    pub fn parse(text: &str) -> Option<Self> {
        let good = !text.is_empty()
            && text.len() <= Self::CHARS_MAX
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        good.then(|| Self(text.to_owned()))
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// A whole operation. Every reference in it has been followed and every file it names has been read and compared.
#[derive(Debug, Clone)]
pub struct Playbook {
    /// The directory that holds it; the paths inside start here.
    pub root: PathBuf,
    /// Digest of `playbook.toml`.
    pub digest: Digest,
    /// The bytes of `playbook.toml`, as they were read.
    pub text: String,
    /// What it is and when.
    pub operation: Operation,
    /// Who takes part; the lead is one of them.
    pub agencies: Vec<Agency>,
    /// Whom to call.
    pub contacts: Vec<Contact>,
    /// The law.
    pub orders: Vec<Order>,
    /// What it happens to, one by one.
    pub targets: Vec<Target>,
    /// What it happens to, by the thousand.
    pub lists: Vec<TargetList>,
    /// The parents of the targets: one for each top-level or other zone in which targets are delegated.
    pub registries: Vec<Registry>,
    /// The name servers to which `redirect` moves delegations.
    pub name_servers: Vec<NameServer>,
    /// The sinkholes to which `sinkhole` moves them.
    pub sinkholes: Vec<Sinkhole>,
    /// Where the notices are served.
    pub notice_hosts: Vec<NoticeHost>,
    /// Recursive resolvers to ask (port included); empty: those of this machine.
    pub resolvers: Vec<SocketAddr>,
    /// What the public is told.
    pub notices: Vec<Notice>,
    /// The seed of the names that notices cover without listing them; `None` until `notice build` has made one.
    pub seed: Option<Seed>,
    /// Who cosigns the log; none of them is the lead.
    pub witnesses: Vec<Witness>,
    /// Who may approve.
    pub approvers: Vec<Approver>,
    /// How many must.
    pub approvals: Approvals,
    /// What is done, in an order that the needs allow.
    pub steps: Vec<Step>,
}

/// The operation's own facts.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its short name, in file names and the log's origin.
    pub id: Id,
    /// Its name for people.
    pub title: String,
    /// The agency that leads it.
    pub lead: Id,
    /// The case file's reference.
    pub case: String,
    /// When the list of targets was last held against evidence.
    pub evidence_date: UtcTime,
    /// The hour: no step that changes the world may run before it.
    pub hour: UtcTime,
    /// The language of the playbook's own names, where it is said.
    pub language: Option<LanguageTag>,
}

/// An agency that takes part.
#[derive(Debug, Clone)]
pub struct Agency {
    /// Its short name.
    pub id: Id,
    /// Its name as it calls itself.
    pub name: String,
    /// Its name in other languages.
    pub names: BTreeMap<LanguageTag, String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The domain it speaks from; the host of its keys' names.
    pub domain: DomainName,
    /// The key with which it signs notices, when it is known.
    pub notice_key: Option<VerifierKey>,
    /// Its seal or badge.
    pub seal: Option<AgencySeal>,
}

impl Agency {
    /// Its name in that language, or as it calls itself.
    pub fn name_in(&self, language: &LanguageTag) -> &str {
        self.names.get(language).unwrap_or(&self.name)
    }
}

/// An agency that cosigns the log.
#[derive(Debug, Clone)]
pub struct Witness {
    /// Which; each has one witness at most.
    pub agency: Id,
    /// Where it is asked: an http or https address.
    pub url: String,
    /// Its key, when it is known.
    pub key: Option<VerifierKey>,
}

/// Someone to call.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Of which agency.
    pub agency: Id,
    /// For what.
    pub purpose: ContactPurpose,
    /// An address for mail.
    pub email: String,
    /// A telephone number.
    pub phone: Option<String>,
    /// When it is answered, in words.
    pub hours: Option<String>,
    /// The same in other languages.
    pub hours_in: BTreeMap<LanguageTag, String>,
}

/// What a contact is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactPurpose {
    /// Technical questions, at any hour.
    Technical,
    /// Legal questions.
    Legal,
    /// The press.
    Press,
    /// Holders who object; shown on every notice.
    Objections,
    /// Tips and victims; shown on every notice.
    Tips,
}

impl ContactPurpose {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Technical, Self::Legal, Self::Press, Self::Objections, Self::Tips];

    /// The word in playbooks.
    pub fn word(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::Legal => "legal",
            Self::Press => "press",
            Self::Objections => "objections",
            Self::Tips => "tips",
        }
    }
}

/// One thing to which something happens.
#[derive(Debug, Clone)]
pub struct Target {
    /// What.
    pub subject: Subject,
    /// How.
    pub means: Means,
    /// Under which order.
    pub order: OrderId,
}

/// How an action is carried out on a target, with what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// Move the delegation to the playbook's name servers and show this notice.
    Redirect {
        /// Which notice.
        notice: Id,
    },
    /// Put the name on hold at the registry.
    Suspend,
    /// Move the delegation to this sinkhole.
    Sinkhole {
        /// Which one.
        sinkhole: Id,
    },
    /// Reserve the name.
    Block,
    /// Show this notice at these addresses; the DNS stays.
    Host {
        /// Which notice.
        notice: Id,
        /// Where the name's server answers; ports 80 and 443.
        addresses: Vec<IpAddr>,
    },
    /// Take the server off the net.
    Offline,
    /// Show this notice on the onion service.
    Onion {
        /// Which notice.
        notice: Id,
        /// Who else may hold the key.
        exclusivity: Exclusivity,
    },
}

impl Means {
    /// The action that an order must allow.
    pub fn action(&self) -> Action {
        match self {
            Self::Redirect { .. } => Action::Redirect,
            Self::Suspend => Action::Suspend,
            Self::Sinkhole { .. } => Action::Sinkhole,
            Self::Block => Action::Block,
            Self::Host { .. } => Action::Host,
            Self::Offline => Action::Offline,
            Self::Onion { .. } => Action::Onion,
        }
    }

    /// The notice that visitors are shown, if any.
    pub fn notice(&self) -> Option<&Id> {
        match self {
            Self::Redirect { notice } | Self::Host { notice, .. } | Self::Onion { notice, .. } => Some(notice),
            Self::Suspend | Self::Sinkhole { .. } | Self::Block | Self::Offline => None,
        }
    }
}

/// Whether someone else may still answer for an onion service: whoever holds a copy of the key can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusivity {
    /// Every copy of the key is held, as far as the evidence goes.
    Sole,
    /// Someone else is known or must be assumed to hold a copy; nothing durable can be claimed.
    Contested,
    /// Not known.
    Unknown,
}

impl Exclusivity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sole, Self::Contested, Self::Unknown];

    /// The word in playbooks.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sole => "sole",
            Self::Contested => "contested",
            Self::Unknown => "unknown",
        }
    }
}

/// Many names with the same action.
#[derive(Debug, Clone)]
pub struct TargetList {
    /// Its short name.
    pub id: Id,
    /// The file, as the playbook writes it.
    pub path: PathBuf,
    /// The file's digest; compared when the playbook is loaded.
    pub digest: Digest,
    /// The names.
    pub names: Arc<NameList>,
    /// What happens to each.
    pub means: Means,
    /// Under which order.
    pub order: OrderId,
}

/// Someone who may approve a plan.
#[derive(Debug, Clone)]
pub struct Approver {
    /// Short name.
    pub id: Id,
    /// Of which agency.
    pub agency: Id,
    /// In which capacity: `legal`, `command`, `technical` or another word.
    pub role: Id,
    /// The key, when it is known.
    pub key: Option<VerifierKey>,
}

/// How many must approve, and who must be among them.
#[derive(Debug, Clone)]
pub struct Approvals {
    /// Distinct approvers for a plan.
    pub plan: usize,
    /// Roles of which at least one must approve.
    pub roles: Vec<Id>,
    /// Distinct agencies among them.
    pub agencies: usize,
    /// Distinct agencies that must sign a notice.
    pub notice: usize,
    /// Different agencies that must cosign the log; 0 where there are no witnesses.
    pub witnesses: usize,
}

impl Playbook {
    /// The earliest moment at which a step may begin, if all that it needs is done: its own, and for one that changes the world
    /// never before the hour.
    pub fn begins(&self, step: &Step) -> UtcTime {
        let own = step.not_before.unwrap_or(UtcTime::from_unix(0));
        if step.work.changes_the_world() { own.max(self.operation.hour) } else { own }
    }

    /// The earliest moment at which a step may begin, given when those may that it needs, one after the other.
    pub fn earliest(&self, step: &Step) -> UtcTime {
        let mut earliest = self.begins(step);
        let (mut open, mut seen) = (vec![step], BTreeSet::new());
        while let Some(step) = open.pop() {
            earliest = earliest.max(self.begins(step));
            open.extend(self.steps.iter().filter(|other| step.needs.contains(&other.id) && seen.insert(&other.id)));
        }
        earliest
    }

    /// The agency of that short name.
    pub fn agency(&self, id: &Id) -> Option<&Agency> {
        self.agencies.iter().find(|agency| agency.id == *id)
    }

    /// The order of that short name.
    pub fn order(&self, id: &OrderId) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == *id)
    }

    /// The notice of that short name.
    pub fn notice(&self, id: &Id) -> Option<&Notice> {
        self.notices.iter().find(|notice| notice.id == *id)
    }

    /// The sinkhole of that short name.
    pub fn sinkhole(&self, id: &Id) -> Option<&Sinkhole> {
        self.sinkholes.iter().find(|sinkhole| sinkhole.id == *id)
    }

    /// The registry that delegates this name: the one with the longest zone above it.
    pub fn registry_of(&self, name: &DomainName) -> Option<&Registry> {
        self.registries
            .iter()
            .filter(|registry| *name != registry.zone && name.is_within(&registry.zone))
            .max_by_key(|registry| registry.zone.as_str().len())
    }

    /// Every target, those of the lists included, in the order of the playbook.
    pub fn all_targets(&self) -> impl Iterator<Item = Target> + '_ {
        let listed = self.lists.iter().flat_map(|list| {
            list.names.iter().map(|name| Target {
                subject: Subject::Name(name),
                means: list.means.clone(),
                order: list.order.clone(),
            })
        });
        self.targets.iter().cloned().chain(listed)
    }

    /// The list that a subject comes from, unless it is a target on its own.
    pub fn list_of(&self, subject: &Subject) -> Option<&TargetList> {
        let Subject::Name(name) = subject else { return None };
        if self.targets.iter().any(|target| target.subject == *subject) {
            return None;
        }
        self.lists.iter().find(|list| list.names.contains(name))
    }

    /// How many targets, those of the lists included.
    pub fn target_count(&self) -> usize {
        self.targets.len() + self.lists.iter().map(|list| list.names.len()).sum::<usize>()
    }
}

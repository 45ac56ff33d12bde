//! The playbook as it is written: structs that mirror `playbook.toml` and the text files key by key.
//!
//! Texts stay texts here, each with its place in the file, so that a problem can point at it. What they mean is decided
//! by the files next to this one. The descriptions below go into `docs/playbook.schema.json` and `docs/playbook.md`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::{Deref, Range};
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::authority::{Action, OrderKind};

use super::{ContactPurpose, Exclusivity};

mod notices;

pub(super) use notices::{
    HelpSpec, ItemTextsSpec, NoticeSpec, PageSpec, PressSpec, ReportSpec, SchemeSpec, SealSpec, TextsSpec, ThemeSpec,
};

/// The version of the language that this program reads.
pub(super) const VERSION: u64 = 1;

/// Different people who must approve a plan when the playbook does not say: two, so that nobody acts alone.
pub(super) const DEFAULT_APPROVALS: u64 = 2;

/// Different agencies among those who approve: one, because many operations have only one.
pub(super) const DEFAULT_APPROVING_AGENCIES: u64 = 1;

/// Agencies that must sign a notice: one, its issuer.
pub(super) const DEFAULT_NOTICE_SIGNATURES: u64 = 1;

/// Agencies that must cosign the log where there are witnesses: one, so that one that is down stops no operation's proof.
pub(super) const DEFAULT_WITNESSES: u64 = 1;

/// HTTP status of a notice: 451 Unavailable For Legal Reasons (RFC 7725), so that search engines drop the page.
pub(super) const DEFAULT_STATUS: u64 = 451;

/// How long a `settle` step waits: three days, since the largest registries publish delegations with a time to live of two
/// days and a day is left for the registry to act.
pub(super) const DEFAULT_SETTLE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Words of the key `do` of a step.
pub(super) const WORKS: [&str; 7] = ["check", "publish", "instruct", "settle", "verify", "release", "confirm"];

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub value: T,
    pub span: Range<usize>,
}

impl<T> Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

// A placed key of a table is compared by its text alone.
impl<T: PartialEq> PartialEq for Placed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Placed<T> {}

impl<T: Ord> PartialOrd for Placed<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> Ord for Placed<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = toml::Spanned::<T>::deserialize(deserializer)?;
        let span = spanned.span();
        Ok(Self { value: spanned.into_inner(), span })
    }
}

impl<T: JsonSchema> JsonSchema for Placed<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A TOML date-time, written without quotation marks.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Moment(pub toml::value::Datetime);

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// A moment, or the word `hour` for the hour of the operation.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Start {
    At(Moment),
    Word(String),
}

impl JsonSchema for Start {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Start".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string", "format": "date-time" }, { "type": "string", "enum": ["hour"] }] })
    }
}

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Value {
    all.iter().map(|item| word(*item)).collect()
}

fn actions() -> Value {
    words(&Action::ALL, Action::word)
}

fn an_action() -> Value {
    serde_json::json!({ "type": "string", "enum": actions() })
}

/// The top of `playbook.toml`.
///
/// Its required tables are optional to serde, so that the rest is still read when one of them is mistaken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "playbook", description = "An operation of impound.")]
#[schemars(extend("required" = ["version", "operation", "approvals"]))]
pub(super) struct PlaybookSpec {
    /// The version of the language; 1.
    #[schemars(extend("enum" = [VERSION]))]
    #[expect(dead_code, reason = "compared before anything else is read; it stands here for the schema")]
    pub version: Option<u64>,
    /// What the operation is and when.
    pub operation: Option<OperationSpec>,
    /// The agencies that take part.
    #[serde(default)]
    pub agency: Vec<Placed<AgencySpec>>,
    /// Whom to call.
    #[serde(default)]
    pub contact: Vec<Placed<ContactSpec>>,
    /// The orders of courts and authorities.
    #[serde(default)]
    pub order: Vec<Placed<OrderSpec>>,
    /// What it happens to, one by one.
    #[serde(default)]
    pub target: Vec<Placed<TargetSpec>>,
    /// What it happens to, by the thousand.
    #[serde(default)]
    pub list: Vec<Placed<ListSpec>>,
    /// The registries in whose zones the targets are delegated.
    #[serde(default)]
    pub registry: Vec<Placed<RegistrySpec>>,
    /// The name servers to which `redirect` moves delegations.
    #[serde(default)]
    pub name_server: Vec<Placed<NameServerSpec>>,
    /// The sinkholes to which `sinkhole` moves them.
    #[serde(default)]
    pub sinkhole: Vec<Placed<SinkholeSpec>>,
    /// The machines that serve the notices.
    #[serde(default)]
    pub notice_host: Vec<Placed<NoticeHostSpec>>,
    /// Whom to ask about the state of the world.
    pub observe: Option<ObserveSpec>,
    /// What the public is told.
    #[serde(default)]
    pub notice: Vec<Placed<NoticeSpec>>,
    /// Who cosigns the log.
    #[serde(default)]
    pub witness: Vec<Placed<WitnessSpec>>,
    /// Who may approve the plan.
    #[serde(default)]
    pub approver: Vec<Placed<ApproverSpec>>,
    /// How many must.
    pub approvals: Option<Placed<ApprovalsSpec>>,
    /// What is done, step by step.
    #[serde(default)]
    pub step: Vec<Placed<StepSpec>>,
}

/// What the operation is and when.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "operation")]
pub(super) struct OperationSpec {
    /// Short name of the operation, used in file names and in the log.
    pub id: Placed<String>,
    /// Name of the operation for people.
    pub title: Placed<String>,
    /// The agency that leads.
    pub lead: Placed<String>,
    /// Reference of the case file.
    pub case: Placed<String>,
    /// When the targets were last held against evidence.
    pub evidence_date: Placed<Moment>,
    /// The hour: nothing that changes the world happens before it.
    pub hour: Placed<Moment>,
    /// Language of the names in this file: operation, agencies, courts, laws, hours. A page in another language marks them as such.
    pub language: Option<Placed<String>>,
}

/// An agency that takes part.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "agency")]
pub(super) struct AgencySpec {
    /// Short name.
    pub id: Placed<String>,
    /// Name as the agency calls itself.
    pub name: Placed<String>,
    /// The name in other languages, by language tag.
    #[serde(default)]
    pub names: BTreeMap<Placed<String>, Placed<String>>,
    /// Country, ISO 3166-1 alpha-2.
    pub country: Placed<String>,
    /// Domain from which the agency speaks; its keys are named after it.
    pub domain: Placed<String>,
    /// Public key with which the agency signs notices (a vkey, `police.example/notice+01234567+A…`).
    pub notice_key: Option<Placed<String>>,
    /// Seal or badge, shown on notices.
    pub seal: Option<Placed<SealSpec>>,
}

/// Someone to call.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "contact")]
pub(super) struct ContactSpec {
    /// The agency.
    pub agency: Placed<String>,
    /// For what; `objections` and `tips` are shown on every notice.
    #[schemars(extend("enum" = words(&ContactPurpose::ALL, ContactPurpose::word)))]
    pub purpose: Placed<String>,
    /// E-mail address.
    pub email: Placed<String>,
    /// Telephone number, international form.
    pub phone: Option<Placed<String>>,
    /// When it is answered, in words.
    pub hours: Option<Placed<String>>,
    /// The same in other languages, by language tag.
    #[serde(default)]
    pub hours_in: BTreeMap<Placed<String>, Placed<String>>,
}

/// An order of a court or an authority.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "order")]
pub(super) struct OrderSpec {
    /// Short name.
    pub id: Placed<String>,
    /// What gives it force.
    #[schemars(extend("enum" = words(&OrderKind::ALL, OrderKind::word)))]
    pub kind: Placed<String>,
    /// The court or authority.
    pub issuer: Placed<String>,
    /// Country whose law it is, ISO 3166-1 alpha-2.
    pub jurisdiction: Placed<String>,
    /// Its docket or file number.
    pub reference: Placed<String>,
    /// The law it rests on.
    pub statute: Placed<String>,
    /// In force from this moment.
    pub issued: Placed<Moment>,
    /// In force before this moment.
    pub expires: Placed<Moment>,
    /// When it must be looked at again.
    pub review: Option<Placed<Moment>>,
    /// The paper.
    pub document: Placed<FileSpec>,
    /// What it covers.
    pub scope: Placed<ScopeSpec>,
}

/// A file of the operation whose bytes are fixed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "file")]
pub(super) struct FileSpec {
    /// Path below the directory of the playbook.
    pub path: Placed<String>,
    /// SHA-256 digest: 64 hexadecimal digits, as `sha256sum` prints them.
    pub sha256: Placed<String>,
}

/// What an order covers: these subjects, for these actions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "scope")]
pub(super) struct ScopeSpec {
    /// Exactly these names; onion services may stand here as well.
    #[serde(default)]
    pub names: Vec<Placed<String>>,
    /// These names and every name below them.
    #[serde(default)]
    pub subtrees: Vec<Placed<String>>,
    /// Every name of these lists.
    #[serde(default)]
    pub lists: Vec<Placed<String>>,
    /// Servers at these addresses, any port.
    #[serde(default)]
    pub servers: Vec<Placed<String>>,
    /// The actions that the order allows.
    #[schemars(extend("items" = an_action()))]
    pub actions: Vec<Placed<String>>,
}

/// One thing to which something happens.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "target")]
pub(super) struct TargetSpec {
    /// A domain name or an onion service.
    pub name: Option<Placed<String>>,
    /// A server, `address:port`; only for `offline`.
    pub server: Option<Placed<String>>,
    /// What happens to it.
    #[schemars(extend("enum" = actions()))]
    pub action: Placed<String>,
    /// The order that allows it.
    pub order: Placed<String>,
    /// The notice that visitors see: `redirect`, `host`, `onion`.
    pub notice: Option<Placed<String>>,
    /// The sinkhole: `sinkhole`.
    pub sinkhole: Option<Placed<String>>,
    /// Addresses at which the seized server answers: `host`.
    pub addresses: Option<Placed<Vec<Placed<String>>>>,
    /// Whether others may hold a copy of the key: `onion`.
    #[schemars(extend("enum" = words(&Exclusivity::ALL, Exclusivity::word)))]
    pub exclusivity: Option<Placed<String>>,
}

/// Many names with the same action.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "list")]
pub(super) struct ListSpec {
    /// Short name.
    pub id: Placed<String>,
    /// Path of the list below the directory of the playbook: one name a line, or CSV whose first column is the name.
    pub path: Placed<String>,
    /// SHA-256 digest of the list.
    pub sha256: Placed<String>,
    /// What happens to each name.
    #[schemars(extend("enum" = ["redirect", "suspend", "sinkhole", "block"]))]
    pub action: Placed<String>,
    /// The order that allows it.
    pub order: Placed<String>,
    /// The notice that visitors see: `redirect`.
    pub notice: Option<Placed<String>>,
    /// The sinkhole: `sinkhole`.
    pub sinkhole: Option<Placed<String>>,
}

/// A zone in which targets are delegated, and who runs it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "registry")]
pub(super) struct RegistrySpec {
    /// The zone: `example`, `co.uk`.
    pub zone: Placed<String>,
    /// The operator's name.
    pub name: Placed<String>,
    /// Addresses of the zone's name servers; without them the resolvers are asked.
    #[serde(default)]
    pub name_servers: Vec<Placed<String>>,
    /// Base address of the RDAP service, ending in a slash.
    pub rdap: Option<Placed<String>>,
    /// Where instructions go.
    pub email: Option<Placed<String>>,
}

/// A name server and its addresses.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "name-server")]
pub(super) struct NameServerSpec {
    /// Name of the name server.
    pub name: Placed<String>,
    /// Its addresses, IPv4 and IPv6.
    pub addresses: Placed<Vec<Placed<String>>>,
}

/// A sinkhole run by a partner.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "sinkhole")]
pub(super) struct SinkholeSpec {
    /// Short name.
    pub id: Placed<String>,
    /// Who runs it.
    pub operator: Placed<String>,
    /// Its name servers.
    pub name_servers: Placed<Vec<Placed<NameServerSpec>>>,
}

/// A machine that serves the notices on ports 80 and 443.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "notice-host")]
pub(super) struct NoticeHostSpec {
    /// Short name.
    pub id: Placed<String>,
    /// Its addresses, IPv4 and IPv6.
    pub addresses: Placed<Vec<Placed<String>>>,
}

/// Whom to ask about the state of the world.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "observe")]
pub(super) struct ObserveSpec {
    /// Recursive resolvers, `address` or `address:port`; without them those of this machine.
    #[serde(default)]
    pub resolvers: Vec<Placed<String>>,
}

/// A partner that cosigns the log.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "witness")]
pub(super) struct WitnessSpec {
    /// The agency that runs it; not the one that leads.
    pub agency: Placed<String>,
    /// Where it is, `https://…`; `add-checkpoint` is asked for below it.
    pub url: Placed<String>,
    /// Its public key (a vkey, `court.example/witness+01234567+B…`); it can be added once it is known.
    pub key: Option<Placed<String>>,
}

/// Someone who may approve a plan.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "approver")]
pub(super) struct ApproverSpec {
    /// Short name.
    pub id: Placed<String>,
    /// The agency.
    pub agency: Placed<String>,
    /// In which capacity: `legal`, `command`, `technical` or another word.
    pub role: Placed<String>,
    /// Public key (a vkey); it can be added once it is known.
    pub key: Option<Placed<String>>,
}

/// How many must approve.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "approvals")]
pub(super) struct ApprovalsSpec {
    /// Different approvers for a plan.
    #[schemars(extend("default" = DEFAULT_APPROVALS))]
    pub plan: Option<Placed<u64>>,
    /// Roles of which at least one must be among them.
    #[serde(default)]
    pub roles: Vec<Placed<String>>,
    /// Different agencies among them.
    #[schemars(extend("default" = DEFAULT_APPROVING_AGENCIES))]
    pub agencies: Option<Placed<u64>>,
    /// Different agencies that must sign each notice.
    #[schemars(extend("default" = DEFAULT_NOTICE_SIGNATURES))]
    pub notice: Option<Placed<u64>>,
    /// Different agencies that must cosign the log, where there are witnesses.
    #[schemars(extend("default" = DEFAULT_WITNESSES))]
    pub witnesses: Option<Placed<u64>>,
}

/// One step of the operation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "step")]
pub(super) struct StepSpec {
    /// Short name.
    pub id: Placed<String>,
    /// What is done.
    #[serde(rename = "do")]
    #[schemars(extend("enum" = WORKS))]
    pub work: Placed<String>,
    /// Steps that must be done before.
    #[serde(default)]
    pub needs: Vec<Placed<String>>,
    /// Does not start before this moment, or before the `"hour"`.
    pub not_before: Option<Placed<Start>>,
    /// Does not start until so long after the hour: `"90m"`.
    pub after_hour: Option<Placed<String>>,
    /// A person in this role must say yes, at the time.
    pub gate: Option<Placed<String>>,
    /// The actions whose targets are instructed: `instruct`.
    #[schemars(extend("items" = an_action()))]
    pub actions: Option<Placed<Vec<Placed<String>>>>,
    /// How long to wait: `settle`.
    #[schemars(extend("default" = "3d"))]
    pub within: Option<Placed<String>>,
    /// What a person does outside the program: `confirm`.
    pub what: Option<Placed<String>>,
}

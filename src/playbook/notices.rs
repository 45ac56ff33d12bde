//! Notices: who speaks, for how long, in which words.

use std::collections::BTreeMap;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::authority::{Order, OrderId};
use crate::clock::UtcTime;
use crate::coverage::{CoverageError, Seed};
use crate::design::Theme;
use crate::domain::excerpt;
use crate::language::LanguageTag;
use crate::words::is_reviewed;

use super::files::Folder;
use super::problem::{Code, Problems};
use super::shape::schema_of;
use super::source::Place;
use super::spec::{DEFAULT_STATUS, NoticeSpec, Placed, StepSpec, TextsSpec};
use super::texts::{Texts, all_texts};
use super::values::{Defined, https, identifier, time, unique};
use super::{Agency, Contact, Id, NoticeItem, OwnPage, ReportPoint, designs, items};

/// The seed of sealed names, beside the playbook.
pub const SEED_FILE: &str = "coverage.seed";

/// A seed is 70 characters long.
const SEED_MAX_BYTES: u64 = 1024;

/// What visitors of some targets are told.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its short name.
    pub id: Id,
    /// The agency that issues it.
    pub issuer: Id,
    /// Agencies shown on it and asked to sign it, the issuer first.
    pub agencies: Vec<Id>,
    /// The order that visitors are told about.
    pub order: OrderId,
    /// Valid from.
    pub not_before: UtcTime,
    /// Valid until before.
    pub not_after: UtcTime,
    /// Where the issuer itself publishes how to check it; on the issuer's domain.
    pub verify_at: String,
    /// Whether it covers every name below its names.
    pub subdomains: bool,
    /// Whether it covers its names without listing them ([`crate::coverage`]).
    pub sealed_names: bool,
    /// HTTP status: 451 (RFC 7725) or 200.
    pub status: NoticeStatus,
    /// The language of those who ask for none of ours; it has texts.
    pub default_language: LanguageTag,
    /// The texts, one set for each language; all sets have the same parts.
    pub texts: BTreeMap<LanguageTag, Texts>,
    /// Tools and services for victims.
    pub help: Vec<NoticeItem>,
    /// Press releases.
    pub press: Vec<NoticeItem>,
    /// Whether victims are shown the way to No More Ransom.
    pub no_more_ransom: bool,
    /// Where victims report, country by country.
    pub report: Vec<ReportPoint>,
    /// How it looks.
    pub theme: Theme,
    /// Pages of the agencies' own making, in place of ours.
    pub pages: Vec<OwnPage>,
}

/// The HTTP status of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeStatus {
    /// 451 Unavailable For Legal Reasons (RFC 7725): search engines drop the page.
    UnavailableForLegalReasons,
    /// 200: search engines keep the page.
    Ok,
}

impl NoticeStatus {
    /// The number.
    pub fn code(self) -> u16 {
        match self {
            Self::UnavailableForLegalReasons => 451,
            Self::Ok => 200,
        }
    }
}

impl Notice {
    /// The languages in which nobody vouches for the page: neither a reviewer of the playbook's nor one of the catalogue's.
    pub fn not_reviewed(&self) -> impl Iterator<Item = &LanguageTag> {
        let vouched = |tag: &LanguageTag, texts: &Texts| texts.reviewed_by.is_some() || is_reviewed(tag);
        self.texts.iter().filter(move |(tag, texts)| !vouched(tag, texts)).map(|(tag, _)| tag)
    }

    /// The languages whose texts are not known to say what the source says now.
    pub fn out_of_date(&self) -> impl Iterator<Item = &LanguageTag> {
        self.texts.iter().filter(|(_, texts)| texts.is_out_of_date).map(|(tag, _)| tag)
    }
}

/// What notices are read with.
pub(super) struct Surroundings<'a> {
    pub folder: &'a Folder,
    pub defined: &'a Defined,
    pub agencies: &'a [Agency],
    pub orders: &'a [Order],
    pub steps: &'a [Placed<StepSpec>],
    pub contacts: &'a [Contact],
    /// Whether a contact for those who object is written, however badly.
    pub objections: bool,
    pub hour: Option<UtcTime>,
}

pub(super) fn notices(problems: &mut Problems, around: &Surroundings<'_>, specs: &[Placed<NoticeSpec>]) -> Vec<Notice> {
    unique(problems, "notice", specs.iter().map(|spec| &spec.id));
    if let Some(spec) = specs.first().filter(|_| !around.objections) {
        let help = "add a [[contact]] with purpose = \"objections\"";
        problems.add(Code::NoObjections, &spec.id, "the notice does not say where to object", help);
    }
    let schema = schema_of::<TextsSpec>();
    specs.iter().filter_map(|spec| notice(problems, around, &schema, spec)).collect()
}

fn notice(problems: &mut Problems, around: &Surroundings<'_>, schema: &Value, spec: &NoticeSpec) -> Option<Notice> {
    let id = identifier(problems, &spec.id);
    let issuer = around.defined.refer(problems, "agency", &spec.issuer);
    let agencies = agencies(problems, around.defined, spec);
    let order = around.defined.refer(problems, "order", &spec.order).map(|id| OrderId::new(id.to_string()));
    let period = period(problems, around, spec, order.as_ref());
    let verify_at = verify_at(problems, around.agencies, spec);
    let (help, press) = (items::helps(problems, around, spec), items::presses(problems, around, spec));
    let report = items::reports(problems, spec);
    let (default_language, texts) = all_texts(problems, around.folder, schema, spec);
    let theme = designs::theme(problems, spec.theme.as_ref());
    let pages = designs::pages(problems, around, spec);
    designs::seals_fit(problems, around.agencies, &agencies, spec);
    let (not_before, not_after) = period?;
    Some(Notice {
        id: id?,
        issuer: issuer?,
        agencies,
        order: order?,
        not_before,
        not_after,
        verify_at: verify_at?,
        subdomains: spec.subdomains,
        sealed_names: spec.sealed_names,
        status: status(spec.status),
        default_language: default_language?,
        texts,
        help,
        press,
        no_more_ransom: spec.no_more_ransom,
        report,
        theme,
        pages,
    })
}

fn status(written: Option<u64>) -> NoticeStatus {
    match written.unwrap_or(DEFAULT_STATUS) {
        200 => NoticeStatus::Ok,
        _ => NoticeStatus::UnavailableForLegalReasons,
    }
}

/// The seed of the names that are sealed; `None` where none are, or where nobody has made one yet.
pub(super) fn seed(problems: &mut Problems, folder: &Folder, specs: &[Placed<NoticeSpec>]) -> Option<Seed> {
    let sealed = specs.iter().find(|spec| spec.sealed_names)?;
    if !folder.root.join(SEED_FILE).exists() {
        return None;
    }
    let text = Zeroizing::new(folder.read(problems, SEED_FILE, &Place::from(&sealed.id), SEED_MAX_BYTES)?);
    let refuse = |error: CoverageError| {
        let help = "put the right file back; without the seed, nothing that was signed under it can be proven";
        problems.add(Code::FileUnreadable, &sealed.id, format!("`{SEED_FILE}`: {error}"), help);
    };
    Seed::parse(&text).map_err(refuse).ok()
}

/// The agencies, the issuer first.
fn agencies(problems: &mut Problems, defined: &Defined, spec: &NoticeSpec) -> Vec<Id> {
    let mut agencies: Vec<Id> = Vec::new();
    for name in spec.agencies.iter() {
        let Some(id) = defined.refer(problems, "agency", name) else { continue };
        if agencies.contains(&id) {
            problems.add(Code::NoticeAgencies, name, format!("`{id}` stands here twice"), "remove one");
            continue;
        }
        agencies.push(id);
    }
    if !spec.agencies.iter().any(|name| name.value == spec.issuer.value) {
        let message = format!("the issuer `{}` is not among the agencies", excerpt(&spec.issuer));
        problems.add(Code::NoticeAgencies, &spec.agencies, message, format!("add \"{}\"", excerpt(&spec.issuer)));
    }
    // False sorts first, and the sort keeps the order of the others.
    agencies.sort_by_key(|id| id.as_str() != spec.issuer.value);
    agencies
}

fn period(
    problems: &mut Problems,
    around: &Surroundings<'_>,
    spec: &NoticeSpec,
    order: Option<&OrderId>,
) -> Option<(UtcTime, UtcTime)> {
    let written = spec.not_before.as_ref().map(|moment| time(problems, moment));
    let not_after = time(problems, &spec.not_after)?;
    let not_before = written.unwrap_or(around.hour)?;
    let starts = spec.not_before.as_ref().map_or_else(|| Place::from(&spec.id), Place::from);
    if not_after <= not_before {
        problems.add(
            Code::NoticePeriod,
            &spec.not_after,
            "the notice ends before it begins",
            format!("write a time after {not_before}"),
        );
        return None;
    }
    if let Some(hour) = around.hour.filter(|hour| *hour < not_before || *hour >= not_after) {
        let help = "let it begin at the hour or earlier, and end later";
        problems.add(Code::NoticePeriod, starts.clone(), format!("the notice is not valid at the hour, {hour}"), help);
    }
    let order = around.orders.iter().find(|known| order == Some(&known.id));
    if let Some(order) = order.filter(|order| not_before < order.issued) {
        let message = format!("the notice begins before order `{}` is in force", order.id);
        problems.add(Code::NoticePeriod, starts, message, format!("write {} or later", order.issued));
    }
    if let Some(order) = order.filter(|order| not_after > order.expires) {
        let message = format!("order `{}` expires at {}, before the notice", order.id, order.expires);
        problems.add(Code::OrderEndsFirst, &spec.not_after, message, format!("write not-after = {}", order.expires));
    }
    Some((not_before, not_after))
}

fn verify_at(problems: &mut Problems, agencies: &[Agency], spec: &NoticeSpec) -> Option<String> {
    let text = &spec.verify_at;
    let issuer = agencies.iter().find(|agency| agency.id.as_str() == spec.issuer.value);
    let domain = issuer.map_or_else(|| "police.example".to_owned(), |agency| agency.domain.to_string());
    let help = format!("write a page of the issuer: https://{domain}/…");
    if !text.starts_with("https://") {
        problems.add(Code::VerifyAt, text, "the page is not an https address", help);
        return None;
    }
    let (url, host) = https(problems, text)?;
    if let Some(issuer) = issuer.filter(|issuer| !host.is_within(&issuer.domain)) {
        let message = format!("`{host}` is not on the domain of the issuer, `{}`", issuer.domain);
        problems.add(Code::VerifyAt, text, message, help);
        return None;
    }
    Some(url)
}

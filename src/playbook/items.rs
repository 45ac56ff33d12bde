//! What a notice offers: tools and services for victims, press releases, places to report to; and embargoes on them.

use crate::language::LanguageTag;

use super::notices::Surroundings;
use super::problem::{Code, Problems};
use super::spec::{FileSpec, HelpSpec, NoticeSpec, Placed, PressSpec, ReportSpec};
use super::values::{country, https, identifier, language, unique};
use super::{Id, KnownFile};

/// A place to which victims in one country report: it has an address, a telephone number or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPoint {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Its name as it calls itself.
    pub name: String,
    /// The language of the name, where it is said.
    pub language: Option<LanguageTag>,
    /// Where it is: an https address.
    pub url: Option<String>,
    /// A telephone number: digits and what people write between them.
    pub phone: Option<String>,
}

/// Something that a notice offers: a tool or service for victims, or a press release.
#[derive(Debug, Clone)]
pub struct NoticeItem {
    /// Its short name.
    pub id: Id,
    /// Where it is.
    pub url: String,
    /// The file behind the address, when its bytes are known: digest and size.
    pub file: Option<KnownFile>,
    /// The step with which it is released; `None`: there from the start.
    pub embargo: Option<Id>,
}

/// An item as it is written, whichever of the two tables it stands in.
struct Written<'s> {
    id: &'s Placed<String>,
    url: &'s Placed<String>,
    file: Option<&'s Placed<FileSpec>>,
    embargo: Option<&'s Placed<String>>,
}

pub(super) fn helps(problems: &mut Problems, around: &Surroundings<'_>, spec: &NoticeSpec) -> Vec<NoticeItem> {
    let written = spec.help.iter().map(|item| {
        let HelpSpec { id, url, file, embargo } = &item.value;
        Written { id, url, file: file.as_ref(), embargo: embargo.as_ref() }
    });
    items(problems, around, written)
}

pub(super) fn presses(problems: &mut Problems, around: &Surroundings<'_>, spec: &NoticeSpec) -> Vec<NoticeItem> {
    let written = spec.press.iter().map(|item| {
        let PressSpec { id, url, file, embargo } = &item.value;
        Written { id, url, file: file.as_ref(), embargo: embargo.as_ref() }
    });
    items(problems, around, written)
}

fn items<'s>(
    problems: &mut Problems,
    around: &Surroundings<'_>,
    written: impl Iterator<Item = Written<'s>> + Clone,
) -> Vec<NoticeItem> {
    unique(problems, "item", written.clone().map(|item| item.id));
    written.filter_map(|written| item(problems, around, &written)).collect()
}

fn item(problems: &mut Problems, around: &Surroundings<'_>, written: &Written<'_>) -> Option<NoticeItem> {
    let id = identifier(problems, written.id);
    let url = https(problems, written.url);
    let file = written.file.map(|file| around.folder.known(problems, file));
    let embargo = embargo(problems, around, written.embargo);
    is_written(problems, written.embargo, written.file);
    // An outer `None` means that the key is left out; an inner one, that it was there and mistaken.
    let file = file.map_or(Some(None), |file| file.map(Some));
    Some(NoticeItem { id: id?, url: url?.0, file: file?, embargo: embargo? })
}

/// What is announced must exist, and its bytes be what people approve.
fn is_written(problems: &mut Problems, embargo: Option<&Placed<String>>, file: Option<&Placed<FileSpec>>) {
    if let (Some(step), None) = (embargo, file) {
        let help = "add file = { path = \"files/…\", sha256 = \"…\" }";
        problems.add(Code::EmbargoDigest, step, "what is under embargo has no file and digest yet", help);
    }
}

/// The step that ends an embargo; `None`: it is mistaken. Without an embargo `Some(None)`.
#[expect(clippy::option_option, reason = "no embargo and a mistaken one are two things")]
pub(super) fn embargo(
    problems: &mut Problems,
    around: &Surroundings<'_>,
    name: Option<&Placed<String>>,
) -> Option<Option<Id>> {
    let Some(name) = name else { return Some(None) };
    let id = around.defined.refer(problems, "step", name)?;
    let step = around.steps.iter().find(|step| step.id.value == name.value);
    if let Some(step) = step.filter(|step| step.work.value != "release") {
        let message = format!("`{id}` is not a release step");
        problems.add(Code::EmbargoStep, name, message, "name a step with do = \"release\"");
        problems.also(&step.work, "what the step does");
        return None;
    }
    Some(Some(id))
}

pub(super) fn reports(problems: &mut Problems, spec: &NoticeSpec) -> Vec<ReportPoint> {
    spec.report.iter().filter_map(|point| report(problems, point)).collect()
}

fn report(problems: &mut Problems, spec: &ReportSpec) -> Option<ReportPoint> {
    let country = country(problems, &spec.country);
    let language = spec.language.as_ref().and_then(|tag| language(problems, tag));
    let url = spec.url.as_ref().map(|url| https(problems, url));
    let phone = spec.phone.as_ref().map(|phone| phone_number(problems, phone));
    if spec.url.is_none() && spec.phone.is_none() {
        let help = "add url = \"https://…\" or phone = \"…\"";
        problems.add(Code::Lacks, &spec.name, "nobody can be reached there", help);
        return None;
    }
    let url = url.map_or(Some(None), |url| url.map(|(url, _)| Some(url)))?;
    let phone = phone.map_or(Some(None), |phone| phone.map(Some))?;
    Some(ReportPoint { country: country?, name: spec.name.value.clone(), language, url, phone })
}

/// A number that a telephone can dial.
fn phone_number(problems: &mut Problems, text: &Placed<String>) -> Option<String> {
    /// ITU-T E.164 allows fifteen digits; the shortest numbers have three.
    const DIGITS: std::ops::RangeInclusive<usize> = 3..=15;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let good = DIGITS.contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || "+ -()./".contains(c));
    if !good {
        let message = format!("`{}` is not a telephone number", crate::domain::excerpt(text));
        problems.add(Code::Text, text, message, "write digits, with +, spaces, hyphens or brackets between them");
    }
    good.then(|| text.value.clone())
}

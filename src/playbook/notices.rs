//! Notices: who speaks, for how long, in which words.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use toml::de::{DeTable, Deserializer};
use zeroize::Zeroizing;

use crate::authority::{Order, OrderId};
use crate::clock::UtcTime;
use crate::coverage::{CoverageError, Seed};
use crate::digest::Digest;
use crate::domain::excerpt;
use crate::language::LanguageTag;
use crate::words::Words;

use super::files::{Folder, TEXTS_MAX_BYTES, digest_at};
use super::load::syntax;
use super::problem::{Code, Problems, suggest};
use super::shape::{FileKind, Shape, schema_of};
use super::source::{Place, Source, SourceId};
use super::spec::{DEFAULT_STATUS, HelpSpec, ItemTextsSpec, NoticeSpec, Placed, PressSpec, StepSpec, TextsSpec};
use super::values::{Defined, https, identifier, language, time, unique};
use super::{Agency, HelpItem, Id, ItemTexts, Notice, NoticeStatus, PressItem, Texts};

/// The seed of sealed names, beside the playbook.
pub const SEED_FILE: &str = "coverage.seed";

/// A seed is 70 characters long.
const SEED_MAX_BYTES: u64 = 1024;

/// What notices are read with.
pub(super) struct Surroundings<'a> {
    pub folder: &'a Folder,
    pub defined: &'a Defined,
    pub agencies: &'a [Agency],
    pub orders: &'a [Order],
    pub steps: &'a [Placed<StepSpec>],
    /// Whether there is a contact for those who object.
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
    let help: Vec<_> = spec.help.iter().filter_map(|item| help(problems, around, item)).collect();
    let press: Vec<_> = spec.press.iter().filter_map(|item| press(problems, around, item)).collect();
    unique(problems, "item", spec.help.iter().map(|item| &item.id));
    unique(problems, "item", spec.press.iter().map(|item| &item.id));
    let (default_language, texts) = all_texts(problems, around.folder, schema, spec);
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

fn help(problems: &mut Problems, around: &Surroundings<'_>, spec: &Placed<HelpSpec>) -> Option<HelpItem> {
    let id = identifier(problems, &spec.id);
    let url = https(problems, &spec.url);
    let file = spec.file.as_ref().map(|file| around.folder.known(problems, file));
    let embargo = spec.embargo.as_ref().map(|step| embargo(problems, around, step));
    if let (Some(step), None) = (&spec.embargo, &spec.file) {
        let help = "add file = { path = \"files/…\", sha256 = \"…\" }";
        problems.add(Code::EmbargoDigest, step, "what is under embargo has no file and digest yet", help);
    }
    // An outer `None` means that the key is left out; an inner one, that it was there and mistaken.
    let (file, embargo) =
        (file.map_or(Some(None), |file| file.map(Some)), embargo.map_or(Some(None), |id| id.map(Some)));
    Some(HelpItem { id: id?, url: url?.0, file: file?, embargo: embargo? })
}

fn press(problems: &mut Problems, around: &Surroundings<'_>, spec: &PressSpec) -> Option<PressItem> {
    let id = identifier(problems, &spec.id);
    let url = https(problems, &spec.url);
    let embargo = spec.embargo.as_ref().map(|step| embargo(problems, around, step));
    Some(PressItem { id: id?, url: url?.0, embargo: embargo.map_or(Some(None), |id| id.map(Some))? })
}

fn embargo(problems: &mut Problems, around: &Surroundings<'_>, name: &Placed<String>) -> Option<Id> {
    let id = around.defined.refer(problems, "step", name)?;
    let step = around.steps.iter().find(|step| step.id.value == name.value);
    if let Some(step) = step.filter(|step| step.work.value != "release") {
        let message = format!("`{id}` is not a release step");
        problems.add(Code::EmbargoStep, name, message, "name a step with do = \"release\"");
        problems.also(&step.work, "what the step does");
        return None;
    }
    Some(id)
}

/// The texts of every language, held against their source, and the language of those who ask for none of them.
fn all_texts(
    problems: &mut Problems,
    folder: &Folder,
    schema: &Value,
    spec: &NoticeSpec,
) -> (Option<LanguageTag>, BTreeMap<LanguageTag, Texts>) {
    let default = default_language(problems, spec);
    let source = source_language(problems, spec);
    let reviewers = reviewers(problems, spec);
    let mut files = BTreeMap::new();
    for (tag, path) in spec.texts.iter() {
        let read = text_file(problems, folder, schema, spec, path);
        let Some(tag) = language(problems, tag) else { continue };
        vouched(problems, &tag, path, reviewers.contains_key(&tag));
        if let Some(file) = read {
            files.insert(tag, file);
        }
    }
    let digest = source.as_ref().and_then(|source| files.get(source)).map(|file| file.digest);
    let mut all = BTreeMap::new();
    for (tag, file) in files {
        let is_translation = source.as_ref().is_some_and(|source| *source != tag);
        let is_out_of_date = is_translation && out_of_date(problems, &file, digest);
        let reviewed_by = reviewers.get(&tag).map(|name| (*name).clone());
        all.insert(tag, Texts { reviewed_by, is_out_of_date, ..file.texts });
    }
    (default, all)
}

fn default_language(problems: &mut Problems, spec: &NoticeSpec) -> Option<LanguageTag> {
    let default = language(problems, &spec.default_language)?;
    if !spec.texts.keys().any(|tag| tag.value == default.as_str()) {
        let message = format!("there are no texts in `{default}`, the default language");
        let help = format!("add {default} = \"texts/{default}.toml\" to texts");
        problems.add(Code::NoDefaultTexts, &spec.default_language, message, help);
    }
    Some(default)
}

/// The language from which the others were translated.
fn source_language(problems: &mut Problems, spec: &NoticeSpec) -> Option<LanguageTag> {
    let Some(written) = &spec.source_language else { return spec.default_language.parse().ok() };
    written_in(problems, spec, written)
}

/// A language that must be one of the notice's own.
fn written_in(problems: &mut Problems, spec: &NoticeSpec, written: &Placed<String>) -> Option<LanguageTag> {
    let tag = language(problems, written)?;
    let known = spec.texts.keys().map(|tag| tag.value.as_str());
    if known.clone().any(|known| known == tag.as_str()) {
        return Some(tag);
    }
    let help = suggest(tag.as_str(), known, "add the language to texts");
    problems.add(Code::UnknownReference, written, format!("the notice has no texts in `{tag}`"), help);
    None
}

/// Who vouches for which language.
fn reviewers<'a>(problems: &mut Problems, spec: &'a NoticeSpec) -> BTreeMap<LanguageTag, &'a String> {
    let pairs = spec.reviewed_by.iter();
    pairs.filter_map(|(tag, name)| Some((written_in(problems, spec, tag)?, &name.value))).collect()
}

fn vouched(problems: &mut Problems, tag: &LanguageTag, path: &Placed<String>, has_reviewer: bool) {
    match Words::of(tag) {
        Err(error) => {
            let known: Vec<_> = crate::words::languages().map(|tag| tag.to_string()).collect();
            problems.add(Code::NoWords, path, error.to_string(), format!("there are words for {}", known.join(" ")));
        }
        Ok(words) if words.reviewed_by.is_none() && !has_reviewer => {
            let help = format!("have it read, then write {tag} = \"NAME\" under [notice.reviewed-by]");
            problems.add(Code::NotReviewed, path, format!("nobody vouches for the page in `{tag}`"), help);
        }
        Ok(_) => {}
    }
}

/// Whether a translation was made from something else than the source that is there now, whose digest is given.
fn out_of_date(problems: &mut Problems, file: &TextFile, source: Option<Digest>) -> bool {
    // Without a source there are other problems to tell.
    let Some(source) = source else { return false };
    let (place, message) = match &file.made_from {
        None => (file.place.clone(), "the texts do not say from which source they were translated"),
        Some((_, Some(digest))) if *digest == source => return false,
        Some((place, _)) => (place.clone(), "the texts were translated from another source than the present one"),
    };
    let help = format!("hold them against it, then write source-sha256 = \"{}\"", source.hex());
    problems.add(Code::OutOfDate, place, message, help);
    true
}

/// A file of texts as it was read.
struct TextFile {
    texts: Texts,
    digest: Digest,
    /// Where the file begins.
    place: Place,
    /// The digest of the source from which it was translated, and where it stands; a malformed one is noted already.
    made_from: Option<(Place, Option<Digest>)>,
}

/// One text file, with exactly the items that the notice has.
fn text_file(
    problems: &mut Problems,
    folder: &Folder,
    schema: &Value,
    notice: &NoticeSpec,
    path: &Placed<String>,
) -> Option<TextFile> {
    let bytes = folder.read(problems, path, &Place::from(path), TEXTS_MAX_BYTES)?;
    let digest = Digest::of(&bytes);
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let message = format!("`{}` is not UTF-8 at byte {at}", excerpt(path));
            problems.add(Code::FileUnreadable, path, message, "save the file as UTF-8");
            return None;
        }
    };
    let source = problems.source(Source { path: folder.root.join(&path.value), text: text.clone(), first_line: 1 });
    let mut spec = read_texts(problems, schema, &text, source)?;
    let made_from = spec.source_sha256.take().map(|written| {
        let place = Place::new(source, &written.span);
        let digest = digest_at(problems, &written, place.clone());
        (place, digest)
    });
    Some(TextFile {
        texts: texts(problems, notice, spec, path, source),
        digest,
        place: Place::new(source, &(0..0)),
        made_from,
    })
}

fn texts(
    problems: &mut Problems,
    notice: &NoticeSpec,
    spec: TextsSpec,
    path: &Placed<String>,
    source: SourceId,
) -> Texts {
    let help_ids: Vec<_> = notice.help.iter().map(|item| &item.id).collect();
    let press_ids: Vec<_> = notice.press.iter().map(|item| &item.id).collect();
    let help = items(problems, "help", &help_ids, spec.help, path, source);
    let press = items(problems, "press", &press_ids, spec.press, path, source);
    let paragraphs = |texts: &Placed<Vec<Placed<String>>>| texts.iter().map(|text| one_line(text)).collect();
    for (key, list) in [("happened", &spec.happened), ("visitors", &spec.visitors)] {
        if list.is_empty() {
            let place = Place::new(source, &list.span);
            problems.add(Code::TextMissing, place, format!("`{key}` has no paragraph"), "write at least one");
        }
    }
    Texts {
        reviewed_by: None,
        is_out_of_date: false,
        headline: one_line(&spec.headline),
        happened: paragraphs(&spec.happened),
        authority: one_line(&spec.authority),
        visitors: paragraphs(&spec.visitors),
        objections: one_line(&spec.objections),
        help,
        press,
    }
}

fn read_texts(problems: &mut Problems, schema: &Value, text: &str, source: SourceId) -> Option<TextsSpec> {
    let (mut table, errors) = DeTable::parse_recoverable(text);
    let before = problems.found.len();
    syntax(problems, source, &errors);
    if errors.is_empty() {
        Shape::new(schema, source, FileKind::Texts, problems).mend(&mut table);
    }
    if problems.found.len() > before {
        return None;
    }
    TextsSpec::deserialize(Deserializer::from(table))
        .map_err(|error| {
            let place = Place::new(source, &error.span().unwrap_or(0..0));
            problems.add(Code::WrongType, place, error.message(), "write what docs/playbook.md says");
        })
        .ok()
}

/// The words of the items of one kind; those that are missing or too many are noted.
fn items(
    problems: &mut Problems,
    kind: &str,
    wanted: &[&Placed<String>],
    written: BTreeMap<Placed<String>, ItemTextsSpec>,
    path: &Placed<String>,
    source: SourceId,
) -> BTreeMap<Id, ItemTexts> {
    for id in wanted.iter().filter(|id| !written.contains_key(**id)) {
        let message = format!("`{}` has no words for `{}`", excerpt(path), id.value);
        problems.add(Code::TextMissing, path, message, format!("add [{kind}.{}] with title and text", id.value));
        problems.also(*id, "the item");
    }
    for id in written.keys().filter(|id| !wanted.contains(id)) {
        let place = Place::new(source, &id.span);
        let message = format!("the notice has no {kind} item `{}`", excerpt(id));
        problems.add(Code::TextExtra, place, message, format!("remove it, or add [[notice.{kind}]] with this id"));
    }
    let words = |item: ItemTextsSpec| ItemTexts { title: one_line(&item.title), text: one_line(&item.text) };
    written.into_iter().filter_map(|(id, item)| Some((Id::parse(&id)?, words(item)))).collect()
}

/// A paragraph that was written over several lines.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

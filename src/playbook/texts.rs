//! Texts: the words of a notice, a file for each language, each held against the source it was translated from.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use toml::de::{DeTable, Deserializer};
use unicode_width::UnicodeWidthStr;

use crate::digest::Digest;
use crate::domain::excerpt;
use crate::language::LanguageTag;
use crate::words::Words;

use super::Id;
use super::files::{Folder, TEXTS_MAX_BYTES, digest_at};
use super::load::syntax;
use super::problem::{Code, Problems, suggest};
use super::shape::{FileKind, Shape};
use super::source::{Place, Source, SourceId};
use super::spec::{ItemTextsSpec, NoticeSpec, Placed, TextsSpec};
use super::values::{did_you_mean, language, of_country};

/// A notice's words in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// Who has read the whole page in this language and vouches for it.
    pub reviewed_by: Option<String>,
    /// Translated from another source than the present one, or nobody says from which.
    pub is_out_of_date: bool,
    /// The one line that everybody reads.
    pub headline: String,
    /// What happened; paragraphs.
    pub happened: Vec<String>,
    /// Who decided it, under which law.
    pub authority: String,
    /// What a visitor should do; paragraphs.
    pub visitors: Vec<String>,
    /// How to object.
    pub objections: String,
    /// Name of the court or authority in this language, where it is not as the order has it.
    pub order_issuer: Option<String>,
    /// The law in this language, where it is not as the order has it.
    pub order_statute: Option<String>,
    /// Words for each help item, by its short name.
    pub help: BTreeMap<Id, ItemTexts>,
    /// Words for each press item, by its short name.
    pub press: BTreeMap<Id, ItemTexts>,
}

/// The words of one help or press item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemTexts {
    /// Its title.
    pub title: String,
    /// What it is.
    pub text: String,
}

/// How many letters of text a notice has room for on one sheet of Letter, the shorter of the two papers, beside five agencies with
/// their keys and seven reporting points. Measured in the example's languages by tests/peers_page.rs.
const SHEET_LETTERS: usize = 2150;

/// The texts of every language, held against their source, and the language of those who ask for none of them.
pub(super) fn all_texts(
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
pub(super) fn written_in(problems: &mut Problems, spec: &NoticeSpec, written: &Placed<String>) -> Option<LanguageTag> {
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
            let all = || format!("there are words for {}", known.join(" "));
            let help = of_country(tag.as_str()).map_or_else(all, did_you_mean);
            problems.add(Code::NoWords, path, error.to_string(), help);
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
    let place = Place::new(source, &(0..0));
    let texts = texts(problems, notice, spec, path, source);
    fits_a_sheet(problems, &texts, &place);
    Some(TextFile { texts, digest, place, made_from })
}

fn fits_a_sheet(problems: &mut Problems, texts: &Texts, place: &Place) {
    let help = texts.help.values().flat_map(|item| [&item.title, &item.text]);
    let paragraphs = texts.happened.iter().chain(&texts.visitors).chain([&texts.authority, &texts.objections]);
    let letters: usize = paragraphs.chain(help).map(|text| text.width()).sum();
    if letters > SHEET_LETTERS {
        let message = format!("the texts are {letters} letters long, and {SHEET_LETTERS} fit on one sheet of paper");
        problems.add(Code::LongTexts, place.clone(), message, "shorten them, and print the page to be sure");
    }
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
        order_issuer: spec.order_issuer.as_ref().map(|text| one_line(text)),
        order_statute: spec.order_statute.as_ref().map(|text| one_line(text)),
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

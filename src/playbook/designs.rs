//! The agencies' own design: seals, colours, whole pages; read, and refused where they act, hide or cannot be read.

use std::collections::{BTreeMap, BTreeSet};

use crate::design::{
    FaultKind, OWN_PAGE_MAX_BYTES, Paint, Partners, SEAL_MAX_BYTES, Scheme, Seal, Theme, TooFaint, faults, said,
};
use crate::domain::excerpt;
use crate::language::LanguageTag;

use super::files::Folder;
use super::items::embargo;
use super::notices::Surroundings;
use super::problem::{Code, Problems};
use super::source::{Place, Source};
use super::spec::{NoticeSpec, PageSpec, Placed, SchemeSpec, SealSpec, ThemeSpec};
use super::texts::written_in;
use super::values::in_languages;
use super::{Agency, ContactPurpose, Id, KnownFile};

/// All seals of one notice as they stand in its pages: a site takes files of 1 MiB, and every visitor fetches them.
const SEALS_MAX_CHARS: usize = 384 << 10;

/// Where the files for checking a notice are served, as people write it.
const KIT: &str = "/.well-known/seizure-notice";

/// The seal or badge of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencySeal {
    /// The file, which was compared with its digest.
    pub file: KnownFile,
    /// The picture.
    pub seal: Seal,
    /// What it shows, by language.
    pub alt: BTreeMap<LanguageTag, String>,
}

/// A page of an agency's own making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPage {
    /// Its language; the notice has texts in it.
    pub language: LanguageTag,
    /// The file, which was compared with its digest.
    pub file: KnownFile,
    /// Its text.
    pub html: String,
    /// The step from which it is shown; `None`: from the start.
    pub embargo: Option<Id>,
}

pub(super) fn seal(problems: &mut Problems, folder: &Folder, spec: &SealSpec) -> Option<AgencySeal> {
    let alt = in_languages(problems, &spec.alt);
    let (file, bytes) = folder.known_bytes(problems, (&spec.path, &spec.sha256), SEAL_MAX_BYTES)?;
    let refuse = |error: crate::design::SealError| {
        let help =
            "export it as plain SVG of paths, or as PNG without metadata; docs/playbook.md says what a seal may hold";
        problems.add(Code::Seal, &spec.path, format!("`{}`: {error}", excerpt(&spec.path)), help);
    };
    Seal::read(&bytes).map_err(refuse).ok().map(|seal| AgencySeal { file, seal, alt })
}

/// Whether a page with all seals can still be served.
pub(super) fn seals_fit(problems: &mut Problems, agencies: &[Agency], shown: &[Id], spec: &NoticeSpec) {
    let seals = agencies.iter().filter(|agency| shown.contains(&agency.id)).filter_map(|agency| agency.seal.as_ref());
    let all: usize = seals.map(|seal| seal.seal.address().len()).sum();
    if all > SEALS_MAX_CHARS {
        let message = format!("the seals of this notice take {all} bytes in each page; all may take {SEALS_MAX_CHARS}");
        problems.add(Code::Seal, &spec.agencies, message, "use simpler drawings or smaller pictures");
    }
}

pub(super) fn theme(problems: &mut Problems, spec: Option<&Placed<ThemeSpec>>) -> Theme {
    let mut theme = Theme::default();
    let Some(spec) = spec else { return theme };
    let word = spec.partners.as_ref().map(|word| word.value.as_str());
    theme.partners = Partners::ALL.into_iter().find(|one| Some(one.word()) == word).unwrap_or_default();
    let sides = [(&mut theme.light, &spec.light, "light"), (&mut theme.dark, &spec.dark, "dark")];
    for (scheme, written, side) in sides {
        let Some(written) = written else { continue };
        // Colours that cannot be read were told; what the others make of the rest is told when they can.
        if colours(problems, scheme, written) {
            can_be_read(problems, scheme, written, (side, Place::from(spec)));
        }
    }
    theme
}

/// Whether every colour is one.
fn colours(problems: &mut Problems, scheme: &mut Scheme, written: &SchemeSpec) -> bool {
    let mut all = true;
    for paint in Paint::ALL {
        let Some(text) = written.written(*paint) else { continue };
        match text.parse() {
            Ok(colour) => scheme.set(*paint, colour),
            Err(error) => {
                let message = format!("`{}`: {error}", excerpt(text));
                problems.add(Code::Colour, text, message, "write it as \"#0d2238\"");
                all = false;
            }
        }
    }
    all
}

fn can_be_read(problems: &mut Problems, scheme: &Scheme, written: &SchemeSpec, (side, whole): (&str, Place)) {
    for TooFaint { paint, ground, found, needed, better } in scheme.too_faint() {
        let at = written.written(paint).or(written.written(ground)).map_or_else(|| whole.clone(), Place::from);
        let (text, below) = (paint.key(), ground.key());
        // Rounded down, so that 4.499 is not shown as the 4.5 that it lacks.
        let found = (found * 100.0).floor() / 100.0;
        let message =
            format!("{side}: `{text}` on `{below}` has a contrast of {found:.2} to 1, and {needed:.1} is needed");
        let help = better.map_or_else(
            || format!("give `{below}` another colour: no shade of `{text}` stands out on every ground it is used on"),
            |better| format!("write {text} = \"{better}\", or give `{below}` another colour"),
        );
        problems.add(Code::Contrast, at, message, help);
    }
}

/// Pages of the agencies' own, and what visitors would miss on them.
pub(super) fn pages(problems: &mut Problems, around: &Surroundings<'_>, spec: &NoticeSpec) -> Vec<OwnPage> {
    let mut pages: Vec<OwnPage> = Vec::new();
    for written in &spec.page {
        let Some(page) = page(problems, around, spec, written) else { continue };
        if pages.iter().any(|other| (&other.language, &other.embargo) == (&page.language, &page.embargo)) {
            let message = format!("there is another page in `{}` for the same time", page.language);
            problems.add(Code::DuplicateIdentifier, &written.language, message, "remove one, or give one an embargo");
        }
        pages.push(page);
    }
    in_every_language(problems, spec, &pages);
    with_every_release(problems, spec);
    pages
}

fn page(problems: &mut Problems, around: &Surroundings<'_>, spec: &NoticeSpec, page: &PageSpec) -> Option<OwnPage> {
    let language = written_in(problems, spec, &page.language);
    let embargo = embargo(problems, around, page.embargo.as_ref());
    let path = &page.file.path;
    let (file, bytes) = around.folder.known_bytes(problems, (path, &page.file.sha256), OWN_PAGE_MAX_BYTES)?;
    let Ok(html) = String::from_utf8(bytes) else {
        problems.add(Code::FileUnreadable, path, format!("`{}` is not UTF-8", excerpt(path)), "save the file as UTF-8");
        return None;
    };
    let language = language?;
    let source =
        problems.source(Source { path: around.folder.root.join(&path.value), text: html.clone(), first_line: 1 });
    for fault in faults(&html, &language) {
        let code = match fault.kind {
            FaultKind::Unsafe => Code::OwnPageUnsafe,
            FaultKind::Incomplete => Code::OwnPageIncomplete,
        };
        problems.add(code, Place::new(source, &fault.span), fault.message, fault.help);
    }
    says_enough(problems, around, spec, path, &html);
    Some(OwnPage { language, file, html, embargo: embargo? })
}

/// Visitors must be told how to check the notice, where to object and where to write to.
fn says_enough(
    problems: &mut Problems,
    around: &Surroundings<'_>,
    spec: &NoticeSpec,
    path: &Placed<String>,
    html: &str,
) {
    let said = said(html);
    let mut missing = Vec::new();
    if !said.contains(&spec.verify_at.value) && !said.contains(KIT) {
        missing.push(format!("how to check the notice ({} or {KIT}/)", excerpt(&spec.verify_at)));
    }
    for (purpose, what) in [(ContactPurpose::Objections, "where to object"), (ContactPurpose::Tips, "where tips go")] {
        let mut emails =
            around.contacts.iter().filter(|contact| contact.purpose == purpose).map(|contact| &contact.email);
        let first = emails.clone().next();
        if let Some(first) = first.filter(|_| !emails.any(|email| said.contains(email.as_str()))) {
            missing.push(format!("{what} ({first})"));
        }
    }
    if !missing.is_empty() {
        let message = format!("`{}` does not say {}", excerpt(path), missing.join(", nor "));
        problems.add(Code::OwnPageSilent, path, message, "say it on the page, as a link or as text");
    }
}

/// Where some languages have a page of their own and others have ours, visitors see two designs.
fn in_every_language(problems: &mut Problems, spec: &NoticeSpec, pages: &[OwnPage]) {
    let Some(first) = spec.page.first().filter(|_| !pages.is_empty()) else { return };
    let has = |tag: &str| spec.page.iter().any(|page| page.language.value == tag);
    let without: Vec<&str> = spec.texts.keys().map(|tag| tag.value.as_str()).filter(|tag| !has(tag)).collect();
    if !without.is_empty() {
        let message = format!("there is no page of your own in {}; visitors see ours there", without.join(", "));
        problems.add(
            Code::OwnPageMixed,
            &first.language,
            message,
            "add a [[notice.page]] for each language, or for none",
        );
    }
}

/// What a release announces stands on our pages by itself; a page of one's own needs another one from that step on.
fn with_every_release(problems: &mut Problems, spec: &NoticeSpec) {
    let helps = spec.help.iter().filter_map(|item| Some((&item.id, item.embargo.as_ref()?)));
    let presses = spec.press.iter().filter_map(|item| Some((&item.id, item.embargo.as_ref()?)));
    let items: Vec<_> = helps.chain(presses).collect();
    let languages: BTreeSet<&str> = spec.page.iter().map(|page| page.language.value.as_str()).collect();
    for page in &spec.page {
        let tag = page.language.value.as_str();
        let shown_from = |step: &str| {
            let here = |other: &&Placed<PageSpec>| other.language.value == tag;
            spec.page.iter().filter(here).any(|other| other.embargo.as_ref().is_some_and(|own| own.value == step))
        };
        let silent = items.iter().find(|(_, step)| languages.contains(tag) && !shown_from(&step.value));
        if let Some((item, step)) = silent.filter(|_| page.embargo.is_none()) {
            let message =
                format!("`{}` is released with `{}`, and the page in `{tag}` stays as it is", item.value, step.value);
            let help = format!("add a [[notice.page]] in {tag} with embargo = \"{}\" that shows it", excerpt(step));
            problems.add(Code::OwnPageMixed, &page.language, message, help);
        }
    }
}

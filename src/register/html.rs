//! The pages for people: one in each language, the first of them at the start.

use std::collections::BTreeMap;

use askama::Template;

use super::RegisterError;
use super::build::{Published, Register};
use super::place::{home_of, note_name, proof_path};
use crate::design::Theme;
use crate::digest::Digest;
use crate::language::LanguageTag;
use crate::notice::{Advisory, INDICATORS_CSV, Manifest, PAGE_STYLE, Statement, Status};
use crate::words::{Day, Days, LanguageLink, Words, WordsError, links};

/// What the page of a register has beside the style sheet of notices.
const STYLE: &str = include_str!("../../templates/register.css");

const INDEX_HTML: &str = "index.html";

#[derive(Template)]
#[template(path = "register.html")]
struct Page<'a> {
    style: &'a str,
    /// The digest of the style sheet, by which the page's own policy lets it in.
    style_digest: String,
    language: &'a LanguageTag,
    words: &'static Words,
    languages: Vec<LanguageLink<'a>>,
    /// The way from the page to the register's directory.
    root: &'a str,
    parts: [Part<'a>; 3],
}

/// The notes of one kind.
struct Part<'a> {
    heading: &'a str,
    rows: Vec<Row>,
}

/// One note, in words.
struct Row {
    anchor: String,
    id: String,
    issuer: String,
    begins: Day,
    standing: Standing,
    names: Names,
    /// How many names a notice covers that it does not tell.
    sealed: Option<String>,
    returned: Names,
    seen_on: Option<Day>,
    seen_at: Vec<String>,
    page: Option<String>,
    indicators: Option<String>,
    note: String,
    proof: Option<String>,
    /// The words of an advisory, in each language.
    texts: Vec<(LanguageTag, String, String)>,
    list: Option<String>,
    signers: Vec<String>,
}

/// How a note stands, as far as the register shows.
enum Standing {
    /// A page that is written once cannot say that something is in force on the day on which it is read.
    Until(Day),
    /// It has no end of its own.
    Open,
    /// It is itself what ends others.
    Withdrawal,
    /// Ended, since when.
    Withdrawn(Day),
    /// By the note of this id, at this anchor.
    Replaced(String, String),
}

impl Standing {
    fn is_over(&self) -> bool {
        !matches!(self, Self::Until(_) | Self::Open)
    }
}

/// As many names as are shown, and how many more stand in the note.
#[derive(Default)]
struct Names {
    shown: Vec<String>,
    more: Option<String>,
}

/// The most names of one note that are shown; all of them stand in the note.
const NAMES_SHOWN: usize = 50;

impl Names {
    fn of(mut names: Vec<String>, words: &Words) -> Self {
        let more = names.len().saturating_sub(NAMES_SHOWN);
        names.truncate(NAMES_SHOWN);
        Self { shown: names, more: (more > 0).then(|| words.number(more as u64)) }
    }
}

/// Every page with its path below the register, one after the other: a register may be long, and is in many languages.
///
/// # Errors
///
/// [`RegisterError`]: there are no words for a language, or no language at all.
pub(super) fn pages(
    register: &Register,
    languages: &[LanguageTag],
) -> Result<impl Iterator<Item = Result<(String, Vec<u8>), RegisterError>>, RegisterError> {
    let first = languages.first().ok_or(RegisterError::NoLanguage)?;
    let style = Theme::default().style() + PAGE_STYLE + STYLE;
    let notes = notes(register);
    let start = std::iter::once((INDEX_HTML.to_owned(), first, ""));
    let places = languages.iter().map(|language| (path_of(language), language, "../")).chain(start);
    Ok(places.map(move |(path, language, root)| Ok((path, page(&notes, language, root, (languages, &style))?))))
}

/// Where the page in a language is.
pub(super) fn path_of(language: &LanguageTag) -> String {
    format!("{language}/{INDEX_HTML}")
}

fn page(
    notes: &[Note<'_>],
    language: &LanguageTag,
    root: &str,
    (languages, style): (&[LanguageTag], &str),
) -> Result<Vec<u8>, RegisterError> {
    let words = Words::of(language)?;
    let (mut notices, mut denials, mut advisories) = (Vec::new(), Vec::new(), Vec::new());
    let setting = Setting { words, days: Days::new(language)? };
    for note in notes.iter().rev() {
        match note.one.statement {
            Statement::Notice(_) => notices.push(setting.row(note)?),
            Statement::Denial(_) => denials.push(setting.row(note)?),
            Statement::Advisory(_) => advisories.push(setting.row(note)?),
            Statement::Listing(_) => {}
        }
    }
    let page = Page {
        style,
        style_digest: data_encoding::BASE64.encode(Digest::of(style).as_bytes()),
        language,
        words,
        languages: links(languages, |tag| format!("{root}{}", path_of(tag)))?,
        root,
        parts: [
            Part { heading: &words.notices, rows: notices },
            Part { heading: &words.denials, rows: denials },
            Part { heading: &words.advisories, rows: advisories },
        ],
    };
    Ok(page.render()?.into_bytes())
}

/// What the rows of one page are made from.
struct Setting<'a> {
    words: &'static Words,
    days: Days<'a>,
}

impl Setting<'_> {
    fn row(&self, note: &Note<'_>) -> Result<Row, WordsError> {
        let Note { digest, one, .. } = note;
        let statement = &one.statement;
        let home = home_of(digest);
        let mut row = Row {
            anchor: anchor(digest),
            id: statement.id(),
            issuer: statement.issuer().to_string(),
            begins: self.days.write(statement.begins())?,
            standing: self.standing(note)?,
            names: Names::default(),
            sealed: None,
            returned: Names::default(),
            seen_on: None,
            seen_at: Vec::new(),
            page: None,
            indicators: None,
            note: format!("{home}/{}", note_name(statement)),
            proof: one.proof.as_ref().map(|_| proof_path(digest)),
            texts: Vec::new(),
            list: None,
            signers: one.note.signatures.iter().map(|line| line.name.to_string()).collect(),
        };
        match statement {
            Statement::Notice(notice) => {
                row.names = Names::of(notice.hosts(), self.words);
                row.sealed = notice.sealed.map(|seal| self.words.number(seal.count));
                row.returned = Names::of(notice.returned.iter().cloned().collect(), self.words);
            }
            Statement::Denial(denial) => {
                row.seen_on = Some(self.days.write(denial.seen_at)?);
                row.seen_at =
                    denial.name.iter().cloned().chain(denial.address.iter().map(ToString::to_string)).collect();
                row.page = denial.page.map(|page| page.hex());
            }
            Statement::Advisory(advisory) => self.advisory(advisory, &home, &mut row),
            Statement::Listing(_) => {}
        }
        Ok(row)
    }

    fn advisory(&self, advisory: &Advisory, home: &str, row: &mut Row) {
        let text = |language: &LanguageTag| {
            let name = Words::of(language).map_or_else(|_| language.to_string(), |words| words.autonym_of(language));
            (language.clone(), name, format!("{home}/{}", Advisory::text_path(language)))
        };
        row.texts = advisory.texts.keys().map(text).collect();
        row.list = advisory.indicators.map(|_| format!("{home}/{INDICATORS_CSV}"));
        row.indicators = advisory.indicators.map(|(count, _)| self.words.number(count));
    }

    fn standing(&self, note: &Note<'_>) -> Result<Standing, WordsError> {
        let statement = &note.one.statement;
        if statement.status() == Status::Withdrawn {
            return Ok(Standing::Withdrawal);
        }
        Ok(match (note.later, statement) {
            (None, Statement::Notice(notice)) => Standing::Until(self.days.write(notice.not_after)?),
            (None, _) => Standing::Open,
            (Some((_, later)), _) if later.status() == Status::Withdrawn => {
                Standing::Withdrawn(self.days.write(later.begins())?)
            }
            (Some((digest, later)), _) => Standing::Replaced(later.id(), anchor(digest)),
        })
    }
}

fn anchor(digest: &Digest) -> String {
    format!("note-{}", digest.hex())
}

/// One note of the register, and what stands in its place.
struct Note<'r> {
    digest: &'r Digest,
    one: &'r Published,
    later: Option<Named<'r>>,
}

/// A statement with the digest of its text.
type Named<'r> = (&'r Digest, &'r Statement);

/// The notes, the earliest first. What stands in the place of one is found by the rule of `verify`: of a notice the last edition by
/// the same issuer, whether or not it names the ones before; of anything else the last that names its digest.
fn notes(register: &Register) -> Vec<Note<'_>> {
    let all = register.notes();
    let mut editions: BTreeMap<(String, &str), (u32, Named<'_>)> = BTreeMap::new();
    let mut replaced: BTreeMap<(Digest, &str, &str), Named<'_>> = BTreeMap::new();
    for (digest, one) in &all {
        let statement = &one.statement;
        if let Statement::Notice(notice) = statement {
            let last = editions.entry(series(notice)).or_insert((notice.id.edition, (digest, statement)));
            if last.0 < notice.id.edition {
                *last = (notice.id.edition, (digest, statement));
            }
        } else {
            for former in statement.supersedes() {
                replaced.insert((former, statement.kind(), statement.issuer().as_str()), (digest, statement));
            }
        }
    }
    let later = |digest: &Digest, statement: &Statement| match statement {
        Statement::Notice(notice) => {
            editions.get(&series(notice)).filter(|(last, _)| notice.id.edition < *last).map(|(_, later)| *later)
        }
        other => replaced.get(&(*digest, other.kind(), other.issuer().as_str())).copied(),
    };
    let found = all.iter().map(|(digest, one)| (*digest, *one, later(digest, &one.statement)));
    found.map(|(digest, one, later)| Note { digest, one, later }).collect()
}

/// What the editions of one notice have in common.
fn series(notice: &Manifest) -> (String, &str) {
    let id = notice.id.to_string();
    let name = id.rsplit_once('/').map_or_else(String::new, |(name, _)| name.to_owned());
    (name, notice.issuer.as_str())
}

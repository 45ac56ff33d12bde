//! The page that visitors see: one whole HTML document for each language, without scripts and without outside parts.

mod error;
mod parts;
pub(super) mod withdrawn;

use std::collections::BTreeSet;

use askama::Template;

pub use self::error::PageError;
use self::parts::{ContactLine, Headline, Item, Party, Phrase, Point, Setting};
use super::manifest::NoticeId;
use crate::authority::Order;
use crate::language::LanguageTag;
use crate::playbook::{ContactPurpose, Id, Notice, OwnPage, Playbook, Texts};
use crate::words::{Day, Days, LanguageLink, Words};

/// The style sheet, inside every page behind the colours of the theme.
pub const STYLE: &str = include_str!("../../../templates/notice.css");

/// What all language versions of one edition share.
pub(super) struct Contents<'a> {
    pub playbook: &'a Playbook,
    pub notice: &'a Notice,
    pub id: &'a NoticeId,
    /// The steps whose embargoes have ended.
    pub ended: &'a BTreeSet<&'a Id>,
}

impl<'a> Contents<'a> {
    fn is_free(&self, embargo: Option<&Id>) -> bool {
        embargo.is_none_or(|step| self.ended.contains(step))
    }

    fn unknown(&self, name: impl ToString) -> PageError {
        PageError::Unknown { notice: self.notice.id.clone(), name: name.to_string() }
    }

    /// The agencies' own page in a language, as it is by now: the one whose step came last.
    fn own_page(&self, language: &LanguageTag) -> Option<&'a OwnPage> {
        let steps = &self.playbook.steps;
        let order = |step: &Option<Id>| step.as_ref().map(|id| steps.iter().position(|step| step.id == *id));
        let here = self.notice.pages.iter().filter(|page| page.language == *language);
        here.filter(|page| self.is_free(page.embargo.as_ref())).max_by_key(|page| order(&page.embargo))
    }
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Page<'a> {
    style: String,
    language: &'a LanguageTag,
    words: &'a Words,
    texts: &'a Texts,
    headline: Headline<'a>,
    operation: Phrase<'a>,
    id: &'a NoticeId,
    verify_at: &'a str,
    issuer: Phrase<'a>,
    /// The issuer's seal, which is also among those of the agencies.
    seal: Option<&'a str>,
    order: OrderWords<'a>,
    languages: Vec<LanguageLink<'a>>,
    partners: &'static str,
    agencies: Vec<Party<'a>>,
    dates: Dates,
    help: Vec<Item<'a>>,
    more_help: bool,
    points: Vec<Point<'a>>,
    press: Vec<Item<'a>>,
    objections: Vec<ContactLine<'a>>,
    tips: Vec<ContactLine<'a>>,
}

impl Page<'_> {
    fn any_key(&self) -> bool {
        self.agencies.iter().any(|agency| agency.key.is_some())
    }

    fn any_file(&self) -> bool {
        self.help.iter().any(|item| item.file.is_some())
    }

    fn any_help(&self) -> bool {
        self.more_help || !self.help.is_empty()
    }
}

struct OrderWords<'a> {
    issuer: Phrase<'a>,
    reference: &'a str,
    statute: Phrase<'a>,
}

struct Dates {
    seized: Day,
    valid_from: Day,
    valid_until: Day,
    review: Option<Day>,
}

/// The page of one edition in one language: the agencies' own where they have one, else ours.
pub(super) fn of_edition(contents: &Contents<'_>, language: &LanguageTag) -> Result<Vec<u8>, PageError> {
    match contents.own_page(language) {
        Some(own) => Ok(own.html.clone().into_bytes()),
        None => render(contents, language).map(String::into_bytes),
    }
}

fn render(contents: &Contents<'_>, language: &LanguageTag) -> Result<String, PageError> {
    let Contents { playbook, notice, id, .. } = contents;
    let setting = Setting::of(contents, language)?;
    let order = playbook.order(&notice.order).ok_or_else(|| contents.unknown(&notice.order))?;
    let issuer = playbook.agency(&notice.issuer).ok_or_else(|| contents.unknown(&notice.issuer))?;
    let is_later = |embargo: &Option<Id>| !contents.is_free(embargo.as_ref());
    let page = Page {
        style: format!(
            "{}:root{{--word:{}}}{STYLE}",
            notice.theme.style(),
            parts::longest_word(setting.texts, language)
        ),
        language,
        words: setting.words,
        texts: setting.texts,
        headline: setting.headline(issuer),
        operation: setting.own(&playbook.operation.title),
        id,
        verify_at: &notice.verify_at,
        issuer: setting.name_of(issuer),
        seal: issuer.seal.as_ref().map(|seal| seal.seal.address()),
        order: order_words(&setting, order),
        languages: parts::languages(notice)?,
        partners: notice.theme.partners.word(),
        agencies: setting.agencies()?,
        dates: dates(contents, order, language)?,
        help: setting.help()?,
        more_help: notice.help.iter().any(|item| is_later(&item.embargo)),
        points: setting.points(),
        press: setting.press()?,
        objections: setting.contacts(ContactPurpose::Objections),
        tips: setting.contacts(ContactPurpose::Tips),
    };
    page.render().map_err(|source| PageError::Template { language: language.clone(), source })
}

fn order_words<'a>(setting: &Setting<'a>, order: &'a Order) -> OrderWords<'a> {
    OrderWords {
        issuer: setting.translated(setting.texts.order_issuer.as_deref(), &order.issuer),
        reference: &order.reference,
        statute: setting.translated(setting.texts.order_statute.as_deref(), &order.statute),
    }
}

fn dates(contents: &Contents<'_>, order: &Order, language: &LanguageTag) -> Result<Dates, PageError> {
    let days = Days::new(language)?;
    Ok(Dates {
        seized: days.write(contents.playbook.operation.hour)?,
        valid_from: days.write(contents.notice.not_before)?,
        valid_until: days.write(contents.notice.not_after)?,
        review: order.review.map(|review| days.write(review)).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::STYLE;

    /// Who asked for less motion gets none, because there is none; and no colour stands outside of the theme but black, white
    /// and grey on paper and below seals.
    #[test]
    fn nothing_moves_and_every_colour_is_the_themes() {
        for word in ["animation", "transition", "@keyframes", "scroll-behavior", "url(", "@import"] {
            assert!(!STYLE.contains(word), "{word}");
        }
        let screen = STYLE.split_once("@media print").unwrap().0;
        let colours: Vec<_> = screen.split('#').skip(1).map(|rest| rest.get(..4).unwrap_or_default()).collect();
        let strange = colours
            .iter()
            .filter(|rest| rest.chars().take(3).all(|c| c.is_ascii_hexdigit()) && !rest.starts_with("fff"));
        assert_eq!(strange.count(), 0, "{colours:?}");
    }
}

//! The page that visitors see: one whole HTML document for each language, without scripts and without outside parts.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use askama::Template;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_datetime::input::Date;
use icu_locale::Locale;
use icu_normalizer::DecomposingNormalizerBorrowed;

use super::manifest::NoticeId;
use crate::authority::Order;
use crate::clock::UtcTime;
use crate::keyring;
use crate::language::LanguageTag;
use crate::playbook::{Agency, Contact, ContactPurpose, Id, ItemTexts, Notice, Operation, Playbook, Texts};
use crate::words::{Words, WordsError, country_name};

/// The style sheet, inside every page.
const STYLE: &str = include_str!("../../templates/notice.css");

/// More languages than this push the headline off a phone's first view, so their list is folded.
const LANGUAGES_IN_VIEW: usize = 12;

/// Why a page cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// There are no words for its language.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// The notice has no texts in the language.
    #[error("notice `{notice}` has no texts in `{language}`")]
    Texts {
        /// The notice.
        notice: Id,
        /// The language.
        language: LanguageTag,
    },
    /// The texts lack the words for an item.
    #[error("the texts of notice `{notice}` in `{language}` have no words for `{item}`")]
    Item {
        /// The notice.
        notice: Id,
        /// The language.
        language: LanguageTag,
        /// The help or press item.
        item: Id,
    },
    /// The playbook has no agency or order of a name that the notice uses.
    #[error("notice `{notice}` names `{name}`, which the playbook does not have")]
    Unknown {
        /// The notice.
        notice: Id,
        /// The missing agency or order.
        name: String,
    },
    /// An address of a help or press item that is not for browsers.
    #[error("`{url}` is not an http or https address")]
    Url {
        /// The address.
        url: String,
    },
    /// CLDR has no dates in the language.
    #[error("no dates can be written in `{language}`")]
    Dates {
        /// The language.
        language: LanguageTag,
    },
    /// The template failed.
    #[error("the page in `{language}` cannot be written")]
    Template {
        /// The language.
        language: LanguageTag,
        /// Why.
        source: askama::Error,
    },
}

/// What all language versions of one edition share.
pub(super) struct Contents<'a> {
    pub playbook: &'a Playbook,
    pub notice: &'a Notice,
    pub id: &'a NoticeId,
    /// The steps whose embargoes have ended.
    pub ended: &'a BTreeSet<&'a Id>,
}

impl Contents<'_> {
    fn is_free(&self, embargo: Option<&Id>) -> bool {
        embargo.is_none_or(|step| self.ended.contains(step))
    }

    fn unknown(&self, name: impl ToString) -> PageError {
        PageError::Unknown { notice: self.notice.id.clone(), name: name.to_string() }
    }
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Page<'a> {
    style: &'static str,
    language: &'a LanguageTag,
    words: &'a Words,
    texts: &'a Texts,
    operation: &'a Operation,
    id: &'a NoticeId,
    verify_at: &'a str,
    issuer: &'a str,
    order: &'a Order,
    languages: Vec<LanguageLink<'a>>,
    folded: bool,
    agencies: Vec<Party<'a>>,
    any_key: bool,
    seized: Day,
    valid_from: Day,
    valid_until: Day,
    review: Option<Day>,
    help: Vec<Item<'a>>,
    more_help: bool,
    any_file: bool,
    press: Vec<Item<'a>>,
    objections: Vec<&'a Contact>,
    tips: Vec<&'a Contact>,
}

struct LanguageLink<'a> {
    tag: &'a LanguageTag,
    autonym: String,
}

struct Party<'a> {
    name: &'a str,
    country: String,
    domain: &'a str,
    key: Option<Fingerprint<'a>>,
}

/// A key's SHA-256 in groups of eight digits, which is how far the eye can hold its place.
struct Fingerprint<'a> {
    name: &'a str,
    groups: Vec<String>,
}

struct Day {
    /// ISO 8601, for machines.
    iso: String,
    /// As the language writes it.
    shown: String,
}

struct Item<'a> {
    url: &'a str,
    words: &'a ItemTexts,
    file: Option<File>,
}

struct File {
    size: String,
    digest: String,
}

/// The page of one edition in one language.
pub(super) fn render(contents: &Contents<'_>, language: &LanguageTag) -> Result<String, PageError> {
    let Contents { playbook, notice, id, .. } = contents;
    let texts = notice
        .texts
        .get(language)
        .ok_or_else(|| PageError::Texts { notice: notice.id.clone(), language: language.clone() })?;
    let words = Words::of(language)?;
    let order = playbook.order(&notice.order).ok_or_else(|| contents.unknown(&notice.order))?;
    let issuer = playbook.agency(&notice.issuer).ok_or_else(|| contents.unknown(&notice.issuer))?;
    let days = Days::new(language)?;
    let help = help(contents, texts, words, language)?;
    let agencies = parties(contents, language)?;
    let page = Page {
        style: STYLE,
        language,
        texts,
        operation: &playbook.operation,
        id,
        verify_at: &notice.verify_at,
        issuer: issuer.name_in(language),
        order,
        languages: languages(notice)?,
        folded: notice.texts.len() > LANGUAGES_IN_VIEW,
        any_key: agencies.iter().any(|agency| agency.key.is_some()),
        agencies,
        seized: days.write(playbook.operation.hour)?,
        valid_from: days.write(notice.not_before)?,
        valid_until: days.write(notice.not_after)?,
        review: order.review.map(|review| days.write(review)).transpose()?,
        more_help: notice.help.iter().any(|item| !contents.is_free(item.embargo.as_ref())),
        any_file: help.iter().any(|item| item.file.is_some()),
        help,
        press: press(contents, texts, language)?,
        objections: contacts(playbook, ContactPurpose::Objections),
        tips: contacts(playbook, ContactPurpose::Tips),
        words,
    };
    page.render().map_err(|source| PageError::Template { language: language.clone(), source })
}

/// The languages by their own names, as a reader looks for them: without regard to case and accents, Latin letters first and
/// the other scripts in the order of Unicode.
fn languages(notice: &Notice) -> Result<Vec<LanguageLink<'_>>, PageError> {
    let link = |tag| Ok(LanguageLink { tag, autonym: Words::of(tag)?.autonym_of(tag) });
    let mut links = notice.texts.keys().map(link).collect::<Result<Vec<_>, PageError>>()?;
    // Decomposed, Č is C and a mark, and stands before D.
    let accents_apart = DecomposingNormalizerBorrowed::new_nfd();
    links.sort_by_cached_key(|link| accents_apart.normalize(&link.autonym.to_lowercase()).into_owned());
    Ok(links)
}

fn parties<'a>(contents: &Contents<'a>, language: &LanguageTag) -> Result<Vec<Party<'a>>, PageError> {
    let party = |id| {
        let agency = contents.playbook.agency(id).ok_or_else(|| contents.unknown(id))?;
        Ok(Party {
            name: agency.name_in(language),
            country: country_name(&agency.country, language).unwrap_or_else(|| agency.country.clone()),
            domain: agency.domain.as_str(),
            key: fingerprint(agency),
        })
    };
    contents.notice.agencies.iter().map(party).collect()
}

fn fingerprint(agency: &Agency) -> Option<Fingerprint<'_>> {
    let key = agency.notice_key.as_ref()?;
    let digits: Vec<char> = keyring::fingerprint(key).chars().collect();
    Some(Fingerprint {
        name: key.name().as_str(),
        groups: digits.chunks(8).map(|group| group.iter().collect()).collect(),
    })
}

fn help<'a>(
    contents: &Contents<'a>,
    texts: &'a Texts,
    words: &Words,
    language: &LanguageTag,
) -> Result<Vec<Item<'a>>, PageError> {
    let free = contents.notice.help.iter().filter(|item| contents.is_free(item.embargo.as_ref()));
    let item = |item: &'a crate::playbook::HelpItem| {
        let file = item.file.as_ref();
        let file = file.map(|file| File { size: words.size(file.bytes), digest: file.digest.hex() });
        let words = item_words(contents, texts.help.get(&item.id), &item.id, language)?;
        Ok(Item { url: for_browsers(&item.url)?, words, file })
    };
    free.map(item).collect()
}

fn press<'a>(contents: &Contents<'a>, texts: &'a Texts, language: &LanguageTag) -> Result<Vec<Item<'a>>, PageError> {
    let free = contents.notice.press.iter().filter(|item| contents.is_free(item.embargo.as_ref()));
    let item = |item: &'a crate::playbook::PressItem| {
        let words = item_words(contents, texts.press.get(&item.id), &item.id, language)?;
        Ok(Item { url: for_browsers(&item.url)?, words, file: None })
    };
    free.map(item).collect()
}

fn item_words<'a>(
    contents: &Contents<'_>,
    words: Option<&'a ItemTexts>,
    item: &Id,
    language: &LanguageTag,
) -> Result<&'a ItemTexts, PageError> {
    let missing =
        || PageError::Item { notice: contents.notice.id.clone(), language: language.clone(), item: item.clone() };
    words.ok_or_else(missing)
}

/// Escaping keeps an address inside its attribute; only this keeps `javascript:` out of it.
fn for_browsers(url: &str) -> Result<&str, PageError> {
    let good = url.starts_with("https://") || url.starts_with("http://");
    if good { Ok(url) } else { Err(PageError::Url { url: crate::domain::excerpt(url) }) }
}

fn contacts(playbook: &Playbook, purpose: ContactPurpose) -> Vec<&Contact> {
    playbook.contacts.iter().filter(|contact| contact.purpose == purpose).collect()
}

/// Writes days as a language does, in the digits that CLDR gives for it, but always in the Gregorian calendar: orders and
/// notices are dated in it everywhere. Where a day must be held against the signed text, the page shows the text's own
/// form beside it, so that nobody depends on reading the other digits.
struct Days<'a> {
    language: &'a LanguageTag,
    locale: Locale,
}

impl<'a> Days<'a> {
    fn new(language: &'a LanguageTag) -> Result<Self, PageError> {
        let mut with_calendar = language.as_str().to_owned();
        // Writing to a string does not fail.
        let _ = write!(with_calendar, "-u-ca-gregory");
        let locale = with_calendar.parse().map_err(|_| PageError::Dates { language: language.clone() })?;
        Ok(Self { language, locale })
    }

    fn write(&self, moment: UtcTime) -> Result<Day, PageError> {
        let refuse = || PageError::Dates { language: self.language.clone() };
        let iso = moment.to_string();
        let civil = moment.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
        let [month, day] = [civil.month(), civil.day()].map(|part| u8::try_from(part).unwrap_or_default());
        let date = Date::try_new_gregorian(i32::from(civil.year()), month, day).map_err(|_| refuse())?;
        let formatter = FixedCalendarDateTimeFormatter::try_new((&self.locale).into(), YMD::long());
        let shown = formatter.map_err(|_| refuse())?.format(&date).to_string();
        Ok(Day { iso, shown })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_gregorian_in_every_language() {
        let moment: UtcTime = "2026-11-22T08:00:00Z".parse().unwrap();
        for (language, shown) in [
            ("en", "November 22, 2026"),
            ("en-GB", "22 November 2026"),
            ("de", "22. November 2026"),
            ("ja", "2026年11月22日"),
            ("th", "22 พฤศจิกายน ค.ศ. 2026"),
            ("ar", "22 نوفمبر 2026"),
            ("fa", "۲۲ نوامبر ۲۰۲۶"),
            ("hi", "22 नवंबर, 2026"),
            ("he", "22 בנובמבר 2026"),
            ("zh-Hant", "2026年11月22日"),
            ("fi", "22. marraskuuta 2026"),
            ("ga", "Samhain 22, 2026"),
        ] {
            let language: LanguageTag = language.parse().unwrap();
            let day = Days::new(&language).unwrap().write(moment).unwrap();
            assert_eq!(day.shown, shown, "{language}");
            assert_eq!(day.iso, "2026-11-22T08:00:00Z");
        }
    }

    #[test]
    fn days_can_be_written_in_every_language_of_the_words() {
        let moment: UtcTime = "2026-11-22T08:00:00Z".parse().unwrap();
        for language in crate::words::languages() {
            let shown = Days::new(&language).unwrap().write(moment).unwrap().shown;
            // In any calendar but the Gregorian one, this is another year.
            assert!(shown.contains("2026") || shown.contains("۲۰۲۶"), "{language}: {shown}");
        }
    }

    #[test]
    fn only_addresses_for_browsers_become_links() {
        assert!(for_browsers("https://police.example/tool.zip").is_ok());
        for url in ["javascript:alert(1)", "data:text/html,x", "//police.example/", "ftp://police.example/", ""] {
            assert!(matches!(for_browsers(url), Err(PageError::Url { .. })), "{url}");
        }
    }

    /// The colours of one `:root{…}` block of the style sheet, by name.
    fn colours(block: &str) -> std::collections::BTreeMap<&str, [f64; 3]> {
        let channel = |hex: &str, at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            // WCAG 2.2, "relative luminance".
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let pairs = block.split(['{', ';', '}']).filter_map(|rule| rule.strip_prefix("--")?.split_once(":#"));
        let long = |hex: &str| if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
        pairs.map(|(name, hex)| (name, [0, 2, 4].map(|at| channel(&long(hex), at)))).collect()
    }

    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let luminance = |[r, g, b]: [f64; 3]| 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn text_stands_out_from_its_ground_by_day_and_by_night() {
        let blocks: Vec<_> = STYLE.lines().filter(|line| line.contains(":root{")).map(colours).collect();
        let [light, dark, print] = blocks.as_slice() else { panic!("{} blocks", blocks.len()) };
        // WCAG 2.2 success criteria 1.4.3 (text) and 1.4.11 (focus ring, mark of the chosen language).
        let pairs = [("ink", 4.5), ("soft", 4.5), ("link", 4.5), ("focus", 3.0), ("mark", 3.0)];
        for (theme, colours) in [("light", light), ("dark", dark)] {
            for ((text, least), ground) in pairs.iter().flat_map(|pair| ["paper", "tint"].map(|ground| (pair, ground)))
            {
                let found = contrast(colours[text], colours[ground]);
                assert!(found >= *least, "{theme}: {text} on {ground} has {found:.2}");
            }
            for (words, hex) in [("headline", "--a:#ffffff"), ("kind", "--a:#f0d48f"), ("label", "--a:#ced8e4")] {
                let found = contrast(colours_of(hex), colours["head"]);
                assert!(found >= 7.0, "{theme}: {words} on head has {found:.2}");
                assert!(STYLE.contains(&hex[4..]) || hex.ends_with("ffffff"), "{words}");
            }
        }
        assert!(contrast(print["soft"], print["paper"]) >= 7.0);
    }

    fn colours_of(rule: &str) -> [f64; 3] {
        colours(rule)["a"]
    }
}

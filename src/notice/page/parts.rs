//! What stands in a page, part by part, in the words of its language.

use super::{Contents, PageError};
use crate::keyring;
use crate::language::LanguageTag;
use crate::playbook::{Agency, Contact, ContactPurpose, Id, ItemTexts, Notice, NoticeItem, ReportPoint, Texts};
use crate::words::{LanguageLink, Words, WordsError, collator, country_name, links};

/// Where victims of ransomware find tools of many police forces.
const NO_MORE_RANSOM: &str = "https://www.nomoreransom.org/";

/// A longer name has no place on one line of a headline where the page is narrowest of those that keep names together.
const UNBROKEN_NAME_CHARS: usize = 24;

/// Words that may be in another language than the page: screen readers then say them right (WCAG 2.2, 3.1.2).
pub(super) struct Phrase<'a> {
    pub text: &'a str,
    /// `None`: that of the page, or nobody knows.
    pub language: Option<&'a LanguageTag>,
}

/// Where the parts of one page come from.
pub(super) struct Setting<'a> {
    contents: &'a Contents<'a>,
    language: &'a LanguageTag,
    pub words: &'static Words,
    pub texts: &'a Texts,
}

pub(super) struct Party<'a> {
    pub name: Phrase<'a>,
    pub country: String,
    pub domain: &'a str,
    pub is_lead: bool,
    pub seal: Option<Picture<'a>>,
    pub key: Option<Fingerprint<'a>>,
}

pub(super) struct Picture<'a> {
    pub address: &'a str,
    pub alt: &'a str,
}

/// A headline in three parts, so that no line ends inside the issuer's name: what comes before it, the name, and the rest. A
/// headline without the name is all rest.
pub(super) struct Headline<'a> {
    pub before: &'a str,
    pub name: &'a str,
    pub after: &'a str,
}

/// A key's SHA-256 in groups of eight digits, which is how far the eye can hold its place.
pub(super) struct Fingerprint<'a> {
    pub name: &'a str,
    pub groups: Vec<String>,
}

pub(super) struct Item<'a> {
    pub url: &'a str,
    pub title: &'a str,
    pub text: &'a str,
    pub file: Option<File>,
}

pub(super) struct File {
    pub size: String,
    pub digest: String,
}

/// A place to report to.
pub(super) struct Point<'a> {
    pub country: String,
    pub name: Phrase<'a>,
    pub url: Option<&'a str>,
    pub phone: Option<Phone<'a>>,
}

pub(super) struct Phone<'a> {
    pub shown: &'a str,
    /// Digits alone, for `tel:` (RFC 3966).
    pub dialled: String,
}

pub(super) struct ContactLine<'a> {
    pub email: &'a str,
    pub phone: Option<Phone<'a>>,
    pub hours: Option<Phrase<'a>>,
}

/// The languages of a notice, each at the path of its tag.
pub(super) fn languages(notice: &Notice) -> Result<Vec<LanguageLink<'_>>, WordsError> {
    links(notice.texts.keys(), |tag| format!("/{tag}/"))
}

/// The characters of a headline's longest word, which decides how large it can be on a phone. One, where lines may end inside of
/// words.
pub(super) fn longest_word(texts: &Texts, language: &LanguageTag) -> usize {
    match language.as_str().split('-').next() {
        Some("ja" | "th" | "zh") => 1,
        _ => texts.headline.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(1),
    }
}

impl<'a> Setting<'a> {
    pub fn of(contents: &'a Contents<'a>, language: &'a LanguageTag) -> Result<Self, PageError> {
        let missing = || PageError::Texts { notice: contents.notice.id.clone(), language: language.clone() };
        let texts = contents.notice.texts.get(language).ok_or_else(missing)?;
        Ok(Self { contents, language, words: Words::of(language)?, texts })
    }

    fn in_language(&self, text: &'a str, language: Option<&'a LanguageTag>) -> Phrase<'a> {
        Phrase { text, language: language.filter(|own| *own != self.language) }
    }

    /// Something that the playbook says in its own language.
    pub fn own(&self, text: &'a str) -> Phrase<'a> {
        self.in_language(text, self.contents.playbook.operation.language.as_ref())
    }

    /// What is translated into the page's language, or else as the playbook has it.
    pub fn translated(&self, translation: Option<&'a str>, own: &'a str) -> Phrase<'a> {
        translation.map_or_else(|| self.own(own), |text| Phrase { text, language: None })
    }

    pub fn name_of(&self, agency: &'a Agency) -> Phrase<'a> {
        self.translated(agency.names.get(self.language).map(String::as_str), &agency.name)
    }

    pub fn headline(&self, issuer: &'a Agency) -> Headline<'a> {
        let text = self.texts.headline.as_str();
        let names = [self.name_of(issuer).text, issuer.name.as_str()];
        for name in names.into_iter().filter(|name| name.chars().count() <= UNBROKEN_NAME_CHARS) {
            if let Some((before, after)) = text.split_once(name) {
                return Headline { before, name, after };
            }
        }
        Headline { before: "", name: "", after: text }
    }

    fn country(&self, code: &str) -> String {
        country_name(code, self.language).unwrap_or_else(|| code.to_owned())
    }

    pub fn agencies(&self) -> Result<Vec<Party<'a>>, PageError> {
        let playbook = self.contents.playbook;
        let agency = |id| playbook.agency(id).ok_or_else(|| self.contents.unknown(id));
        self.contents.notice.agencies.iter().map(|id| Ok(self.party(agency(id)?))).collect()
    }

    fn party(&self, agency: &'a Agency) -> Party<'a> {
        let alt = |alts: &'a std::collections::BTreeMap<LanguageTag, String>| {
            alts.get(self.language).map_or(self.words.seal.as_str(), String::as_str)
        };
        Party {
            name: self.name_of(agency),
            country: self.country(&agency.country),
            domain: agency.domain.as_str(),
            is_lead: self.contents.playbook.operation.lead == agency.id,
            seal: agency.seal.as_ref().map(|seal| Picture { address: seal.seal.address(), alt: alt(&seal.alt) }),
            key: fingerprint(agency),
        }
    }

    pub fn help(&self) -> Result<Vec<Item<'a>>, PageError> {
        let notice = self.contents.notice;
        let free = notice.help.iter().filter(|item| self.contents.is_free(item.embargo.as_ref()));
        let mut items = free.map(|item| self.help_item(item)).collect::<Result<Vec<_>, _>>()?;
        let text = self.words.no_more_ransom.as_str();
        let project = Item { url: NO_MORE_RANSOM, title: "No More Ransom", text, file: None };
        items.extend(notice.no_more_ransom.then_some(project));
        Ok(items)
    }

    fn help_item(&self, item: &'a NoticeItem) -> Result<Item<'a>, PageError> {
        let file = item.file.as_ref();
        let file = file.map(|file| File { size: self.words.size(file.bytes), digest: file.digest.hex() });
        self.item(&item.url, self.texts.help.get(&item.id), &item.id, file)
    }

    pub fn press(&self) -> Result<Vec<Item<'a>>, PageError> {
        let free = self.contents.notice.press.iter().filter(|item| self.contents.is_free(item.embargo.as_ref()));
        // What the press is told is read where it stands; nobody compares its digest.
        let item = |item: &'a NoticeItem| self.item(&item.url, self.texts.press.get(&item.id), &item.id, None);
        free.map(item).collect()
    }

    fn item(
        &self,
        url: &'a str,
        words: Option<&'a ItemTexts>,
        id: &Id,
        file: Option<File>,
    ) -> Result<Item<'a>, PageError> {
        let (notice, language) = (&self.contents.notice.id, self.language);
        let missing = || PageError::Item { notice: notice.clone(), language: language.clone(), item: id.clone() };
        let ItemTexts { title, text } = words.ok_or_else(missing)?;
        Ok(Item { url: for_browsers(url)?, title, text, file })
    }

    /// By the names of the countries, in the order that the language has; the code settles what it lets stand alike.
    pub fn points(&self) -> Vec<Point<'a>> {
        let mut points: Vec<Point<'a>> = self.contents.notice.report.iter().map(|point| self.point(point)).collect();
        match collator(self.language) {
            Some(collator) => points.sort_by(|one, other| collator.compare(&one.country, &other.country)),
            None => points.sort_by(|one, other| one.country.cmp(&other.country)),
        }
        points
    }

    fn point(&self, point: &'a ReportPoint) -> Point<'a> {
        Point {
            country: self.country(&point.country),
            name: self.in_language(&point.name, point.language.as_ref()),
            url: point.url.as_deref(),
            phone: point.phone.as_deref().map(phone),
        }
    }

    pub fn contacts(&self, purpose: ContactPurpose) -> Vec<ContactLine<'a>> {
        let contacts = self.contents.playbook.contacts.iter().filter(|contact| contact.purpose == purpose);
        contacts.map(|contact| self.contact(contact)).collect()
    }

    fn contact(&self, contact: &'a Contact) -> ContactLine<'a> {
        let hours_here = contact.hours_in.get(self.language).map(String::as_str);
        ContactLine {
            email: &contact.email,
            phone: contact.phone.as_deref().map(phone),
            hours: contact.hours.as_deref().map(|hours| self.translated(hours_here, hours)),
        }
    }
}

fn phone(shown: &str) -> Phone<'_> {
    Phone { shown, dialled: shown.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect() }
}

fn fingerprint(agency: &Agency) -> Option<Fingerprint<'_>> {
    let key = agency.notice_key.as_ref()?;
    let digits: Vec<char> = keyring::fingerprint(key).chars().collect();
    Some(Fingerprint {
        name: key.name().as_str(),
        groups: digits.chunks(8).map(|group| group.iter().collect()).collect(),
    })
}

/// Escaping keeps an address inside its attribute; only this keeps `javascript:` out of it.
fn for_browsers(url: &str) -> Result<&str, PageError> {
    let good = url.starts_with("https://") || url.starts_with("http://");
    if good { Ok(url) } else { Err(PageError::Url { url: crate::domain::excerpt(url) }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_for_browsers_become_links() {
        assert!(for_browsers("https://police.example/tool.zip").is_ok());
        for url in ["javascript:alert(1)", "data:text/html,x", "//police.example/", "ftp://police.example/", ""] {
            assert!(matches!(for_browsers(url), Err(PageError::Url { .. })), "{url}");
        }
    }
}

//! The page's own words: headings, labels and the names of countries, one catalogue for each language.
//!
//! A notice's texts may be in any language; the words around them must be in the same one, so a language without a catalogue
//! is reported and not filled up with English. The catalogues are Fluent files, which translators' tools open.

mod days;
mod fluent;
mod links;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale::{LanguageIdentifier, Locale, LocaleExpander};
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules};

use crate::language::LanguageTag;
use fluent::Message;

pub use days::{Day, Days};
pub use fluent::CatalogueError;
pub use links::{LANGUAGES_ON_A_DESK, LANGUAGES_ON_A_PHONE, LanguageLink, links};

/// A number and what it counts: `1 name`, `12 names`. For English messages and reports; pages have catalogues.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

macro_rules! catalogues {
    ($($language:literal),* $(,)?) => {
        [$(Catalogue {
            language: $language,
            text: include_str!(concat!("../../templates/words/", $language, ".ftl")),
            words: OnceLock::new(),
        }),*]
    };
}

/// Every catalogue, in the order of the tags.
static CATALOGUES: [Catalogue; 39] = catalogues!(
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "he", "hi", "hr", "hu", "id", "it",
    "ja", "ko", "lt", "lv", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "uk", "vi",
    "zh-Hans", "zh-Hant",
);

/// Names of countries, one line a country and one column a catalogue.
const COUNTRIES: &str = include_str!("../../templates/countries.csv");

/// One language's file, read when it is first asked for.
struct Catalogue {
    language: &'static str,
    text: &'static str,
    words: OnceLock<Result<Words, CatalogueError>>,
}

impl Catalogue {
    fn words(&self) -> Result<&Words, CatalogueError> {
        self.words.get_or_init(|| Words::read(self.language, self.text)).as_ref().map_err(Clone::clone)
    }
}

/// Declares the struct and the keys of its file together: `order_issuer` is `order-issuer` in the file.
macro_rules! words {
    ($($field:ident),* $(,)?) => {
        /// The page's own words in one language. The file of each catalogue has exactly these keys, and `reviewed-by` and the
        /// three sizes.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "each field is the heading or label of its name; the English catalogue shows them")]
        pub struct Words {
            /// The person who speaks the language and has read the whole page in it; `None`: nobody.
            pub reviewed_by: Option<String>,
            $(pub $field: String,)*
            sizes: Sizes,
        }

        impl Words {
            fn read(language: &'static str, text: &str) -> Result<Self, CatalogueError> {
                let mut messages = fluent::messages(text)?;
                let reviewer = plain(&mut messages, "reviewed_by")?;
                let words = Self {
                    reviewed_by: (reviewer != NOBODY).then_some(reviewer),
                    $($field: plain(&mut messages, stringify!($field))?,)*
                    sizes: Sizes::take(language, &mut messages)?,
                };
                match messages.pop_first() {
                    None => Ok(words),
                    Some((key, _)) => Err(CatalogueError::Unknown { key }),
                }
            }
        }
    };
}

words! {
    autonym, official_notice, skip, languages, on_this_page,
    issued_by, order_issuer, order_reference, order_statute, seized_on,
    happened, authority, agencies, visitors, help, press, objections, tips,
    help_later, file_size, file_digest, file_advice,
    email, phone, hours,
    check, check_advice, check_at, notice_id, valid_from, valid_until, review, check_files, check_keys,
    seal, lead_agency, report_crime, no_more_ransom,
    withdrawn_title, withdrawn_text, withdrawn_on, decision,
    register, register_about, notices, denials, advisories,
    dated, covers, given_back, names_sealed, names_more, seen_on, seen_at, indicators,
    signed_by, files, signed_text, log_proof, replaced_by, withdrawal, register_check, register_answer,
}

/// What stands in a catalogue for the name of its reviewer when there is none.
const NOBODY: &str = "nobody";

fn take(messages: &mut BTreeMap<String, Message>, name: &str) -> Result<(String, Message), CatalogueError> {
    let key = name.replace('_', "-");
    let message = messages.remove(&key).ok_or_else(|| CatalogueError::Missing { key: key.clone() })?;
    Ok((key, message))
}

/// A message without arguments.
fn plain(messages: &mut BTreeMap<String, Message>, name: &str) -> Result<String, CatalogueError> {
    let (key, message) = take(messages, name)?;
    message.plain().ok_or(CatalogueError::Argument { key })
}

/// How sizes of files are written.
#[derive(Debug, Clone, PartialEq)]
struct Sizes {
    language: &'static str,
    bytes: Message,
    kilobytes: Message,
    megabytes: Message,
}

impl Sizes {
    fn take(language: &'static str, messages: &mut BTreeMap<String, Message>) -> Result<Self, CatalogueError> {
        let mut size = |name| {
            let (key, message) = take(messages, name)?;
            if message.shows_count() { Ok(message) } else { Err(CatalogueError::Argument { key }) }
        };
        let (bytes, kilobytes, megabytes) = (size("size_bytes")?, size("size_kilobytes")?, size("size_megabytes")?);
        Ok(Self { language, bytes, kilobytes, megabytes })
    }

    fn write(&self, bytes: u64) -> String {
        const KILO: u64 = 1_000;
        const MEGA: u64 = 1_000_000;
        // Tenths, rounded up: no download is larger than what is said of it.
        let tenths = |unit: u64| {
            let mut number = Decimal::from(bytes.div_ceil(unit / 10));
            number.multiply_pow10(-1);
            number.trim_end();
            number
        };
        let (message, number) = match bytes {
            0..KILO => (&self.bytes, Decimal::from(bytes)),
            KILO..MEGA => (&self.kilobytes, tenths(KILO)),
            _ => (&self.megabytes, tenths(MEGA)),
        };
        message.with(self.category(&number), &self.written(&number))
    }

    /// Digits and marks as CLDR has them for the language. Without data, the digits alone.
    fn written(&self, number: &Decimal) -> String {
        let formatter =
            self.locale().and_then(|locale| DecimalFormatter::try_new((&locale).into(), <_>::default()).ok());
        formatter.map_or_else(|| number.to_string(), |formatter| formatter.format(number).to_string())
    }

    fn category(&self, number: &Decimal) -> PluralCategory {
        let rules = self.locale().and_then(|locale| cardinal(&locale));
        rules.map_or(PluralCategory::Other, |rules| rules.category_for(number))
    }

    fn locale(&self) -> Option<Locale> {
        self.language.parse().ok()
    }
}

/// The rules of "one file, two files".
fn cardinal(locale: &Locale) -> Option<PluralRules> {
    PluralRules::try_new(locale.into(), PluralRuleType::Cardinal.into()).ok()
}

/// Why there are no words for a language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// No catalogue is in this language and script.
    #[error("the page's own words are not translated into `{language}`")]
    NoWords {
        /// The language.
        language: LanguageTag,
    },
    /// A catalogue inside the program is damaged; the tests keep this from happening.
    #[error("the words for `{language}` cannot be read")]
    Catalogue {
        /// The language.
        language: LanguageTag,
        /// Why.
        source: CatalogueError,
    },
    /// CLDR has no dates in the language.
    #[error("no dates can be written in `{language}`")]
    Dates {
        /// The language.
        language: LanguageTag,
    },
}

impl Words {
    /// The words for a language: those of a catalogue in the same language and script, whatever the region.
    ///
    /// # Errors
    ///
    /// [`WordsError::NoWords`] when there is no such catalogue.
    pub fn of(language: &LanguageTag) -> Result<&'static Self, WordsError> {
        let found = column(language).and_then(|column| CATALOGUES.get(column));
        let catalogue = found.ok_or_else(|| WordsError::NoWords { language: language.clone() })?;
        catalogue.words().map_err(|source| WordsError::Catalogue { language: language.clone(), source })
    }

    /// The language's name for itself, with its tag where it is not the catalogue's own: `Português (pt-BR)`.
    pub fn autonym_of(&self, language: &LanguageTag) -> String {
        if CATALOGUES.iter().any(|own| own.language == language.as_str()) {
            return self.autonym.clone();
        }
        format!("{} ({language})", self.autonym)
    }

    /// A number in the digits and with the marks of the language.
    pub fn number(&self, number: u64) -> String {
        self.sizes.written(&Decimal::from(number))
    }

    /// The size of a file, rounded up to a tenth of its unit: `999 bytes`, `4.9 MB`.
    pub fn size(&self, bytes: u64) -> String {
        self.sizes.write(bytes)
    }
}

/// Whether a person who speaks the language has vouched for the words of its catalogue.
pub fn is_reviewed(language: &LanguageTag) -> bool {
    Words::of(language).is_ok_and(|words| words.reviewed_by.is_some())
}

/// The languages that have a catalogue, in the order of their tags.
pub fn languages() -> impl Iterator<Item = LanguageTag> {
    CATALOGUES.iter().filter_map(|catalogue| catalogue.language.parse().ok())
}

/// The name of a country (ISO 3166-1 alpha-2) in a language that has a catalogue.
pub fn country_name(code: &str, language: &LanguageTag) -> Option<String> {
    static NAMES: LazyLock<BTreeMap<String, csv::StringRecord>> = LazyLock::new(countries);
    // The first column holds the code.
    let name = NAMES.get(code)?.get(column(language)? + 1)?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// The order of names in a language (CLDR collation); `None`: there is no data for it.
pub fn collator(language: &LanguageTag) -> Option<CollatorBorrowed<'static>> {
    let locale = Locale::from(language.id().clone());
    Collator::try_new((&locale).into(), CollatorOptions::default()).ok()
}

fn countries() -> BTreeMap<String, csv::StringRecord> {
    let mut lines = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(COUNTRIES.as_bytes());
    let lines = lines.records().filter_map(Result::ok);
    lines.filter_map(|line| Some((line.get(0)?.to_owned(), line))).collect()
}

/// Which catalogue has the language and script of `language`.
fn column(language: &LanguageTag) -> Option<usize> {
    if let Some(exact) = CATALOGUES.iter().position(|own| own.language == language.as_str()) {
        return Some(exact);
    }
    let wanted = language_and_script(language.id().clone());
    CATALOGUES
        .iter()
        .position(|own| own.language.parse().is_ok_and(|own: LanguageIdentifier| language_and_script(own) == wanted))
}

/// `zh-TW` and `zh-Hant-HK` are written alike, `zh-CN` is not: CLDR's likely subtags say so.
fn language_and_script(mut id: LanguageIdentifier) -> LanguageIdentifier {
    LocaleExpander::new_extended().maximize(&mut id);
    id.region = None;
    id.variants.clear();
    id
}

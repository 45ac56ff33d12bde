//! The page's own words: headings, labels and the names of countries, one catalogue for each language.
//!
//! A notice's texts may be in any language; the words around them must be in the same one, so a language without a catalogue
//! is reported and not filled up with English.

use icu_locale::{LanguageIdentifier, LocaleExpander};
use serde::Deserialize;

use crate::language::LanguageTag;

macro_rules! catalogues {
    ($($language:literal),*) => {
        [$(($language, include_str!(concat!("../../templates/words/", $language, ".toml")))),*]
    };
}

/// Language and text of every catalogue.
const CATALOGUES: [(&str, &str); 15] =
    catalogues!("ar", "de", "en", "es", "fr", "he", "it", "ja", "ko", "nl", "pl", "pt", "ru", "uk", "zh-Hans");

/// Names of countries, one line a country and one column a catalogue.
const COUNTRIES: &str = include_str!("../../templates/countries.csv");

/// The page's own words in one language. The file of each catalogue has exactly these keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the heading or label of its name; the English catalogue shows them")]
pub struct Words {
    /// Whether a person who speaks the language has read the whole page.
    pub reviewed: bool,
    /// The language's name for itself.
    pub autonym: String,
    pub official_notice: String,
    pub skip: String,
    pub languages: String,
    pub on_this_page: String,
    pub operation: String,
    pub seized_on: String,
    pub issued_by: String,
    pub happened: String,
    pub authority: String,
    pub order_issuer: String,
    pub order_reference: String,
    pub order_statute: String,
    pub agencies: String,
    pub visitors: String,
    pub help: String,
    pub help_later: String,
    pub file_size: String,
    pub file_digest: String,
    pub file_advice: String,
    pub bytes: String,
    pub kilobytes: String,
    pub megabytes: String,
    pub press: String,
    pub objections: String,
    pub tips: String,
    pub email: String,
    pub phone: String,
    pub hours: String,
    pub check: String,
    pub check_advice: String,
    pub check_at: String,
    pub notice_id: String,
    pub valid_from: String,
    pub valid_until: String,
    pub review: String,
    pub check_files: String,
    pub check_keys: String,
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
        source: Box<toml::de::Error>,
    },
}

impl Words {
    /// The words for a language: those of a catalogue in the same language and script, whatever the region.
    pub fn of(language: &LanguageTag) -> Result<Self, WordsError> {
        let found = column(language).and_then(|column| CATALOGUES.get(column));
        let (_, text) = found.ok_or_else(|| WordsError::NoWords { language: language.clone() })?;
        let broken = |source| WordsError::Catalogue { language: language.clone(), source: Box::new(source) };
        toml::from_str(text).map_err(broken)
    }

    /// The language's name for itself, with its tag where it is not the catalogue's own: `Português (pt-BR)`.
    pub fn autonym_of(&self, language: &LanguageTag) -> String {
        if CATALOGUES.iter().any(|(own, _)| *own == language.as_str()) {
            return self.autonym.clone();
        }
        format!("{} ({language})", self.autonym)
    }
}

/// The name of a country (ISO 3166-1 alpha-2) in a language that has a catalogue.
pub fn country_name(code: &str, language: &LanguageTag) -> Option<String> {
    let column = column(language)?;
    let mut lines = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(COUNTRIES.as_bytes());
    let line = lines.records().filter_map(Result::ok).find(|line| line.get(0) == Some(code))?;
    // The first column holds the code.
    line.get(column + 1).map(str::to_owned)
}

/// Which catalogue has the language and script of `language`.
fn column(language: &LanguageTag) -> Option<usize> {
    if let Some(exact) = CATALOGUES.iter().position(|(own, _)| *own == language.as_str()) {
        return Some(exact);
    }
    let wanted = language_and_script(language.id().clone());
    CATALOGUES
        .iter()
        .position(|(own, _)| own.parse().is_ok_and(|own: LanguageIdentifier| language_and_script(own) == wanted))
}

/// `zh-TW` and `zh-Hant-HK` are written alike, `zh-CN` is not: CLDR's likely subtags say so.
fn language_and_script(mut id: LanguageIdentifier) -> LanguageIdentifier {
    LocaleExpander::new_extended().maximize(&mut id);
    id.region = None;
    id.variants.clear();
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> LanguageTag {
        text.parse().unwrap()
    }

    #[test]
    fn every_catalogue_has_every_word_and_says_that_nobody_has_reviewed_it() {
        for (language, text) in CATALOGUES {
            let words: Words = toml::from_str(text).unwrap_or_else(|error| panic!("{language}: {error}"));
            assert!(!words.reviewed, "{language}");
            let table: toml::Table = text.parse().unwrap();
            for (key, word) in table.iter().filter(|(key, _)| *key != "reviewed") {
                let word = word.as_str().unwrap();
                assert!(!word.is_empty() && word.trim() == word, "{language}: {key}");
            }
            assert_eq!(Words::of(&tag(language)).unwrap(), words);
        }
    }

    #[test]
    fn words_go_by_language_and_script_and_never_to_another_script() {
        for (language, autonym) in
            [("en-GB", "English"), ("pt-BR", "Português"), ("zh", "简体中文"), ("zh-CN", "简体中文"), ("he", "עברית")]
        {
            assert_eq!(Words::of(&tag(language)).unwrap().autonym, autonym, "{language}");
        }
        for language in ["zh-Hant", "zh-TW", "sv", "uk-Latn", "fa"] {
            let error = Words::of(&tag(language)).unwrap_err();
            assert_eq!(error, WordsError::NoWords { language: tag(language) });
        }
        assert_eq!(Words::of(&tag("pt-BR")).unwrap().autonym_of(&tag("pt-BR")), "Português (pt-BR)");
    }

    #[test]
    fn countries_are_named_in_every_language() {
        assert_eq!(country_name("NL", &tag("en")).unwrap(), "Netherlands");
        assert_eq!(country_name("NL", &tag("ar")).unwrap(), "هولندا");
        assert_eq!(country_name("NL", &tag("zh-Hans")).unwrap(), "荷兰");
        assert_eq!(country_name("ZZ", &tag("en")), None);
        let header = COUNTRIES.lines().nth(1).unwrap();
        let own: Vec<&str> = CATALOGUES.iter().map(|(language, _)| *language).collect();
        assert_eq!(header, format!("code,{}", own.join(",")), "the columns are the catalogues, in their order");
    }
}

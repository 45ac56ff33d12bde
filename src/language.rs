//! Languages: tags, writing direction, and the choice of one for a visitor.

use std::fmt;
use std::str::FromStr;

use icu_locale::{LanguageIdentifier, Locale, LocaleCanonicalizer, LocaleDirectionality};

/// A canonical BCP 47 language tag of language, script and region: `en`, `zh-Hant`, `pt-BR`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LanguageTag {
    id: LanguageIdentifier,
    text: Box<str>,
}

/// The text is not a language tag, or not in its canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LanguageError {
    /// Not well-formed (RFC 5646 section 2.1).
    #[error("`{text}` is not a language tag such as en, ja or zh-Hant")]
    Form {
        /// The text, shortened.
        text: String,
    },
    /// Well-formed, but another tag is the canonical one.
    #[error("`{text}` is written `{canonical}`")]
    NotCanonical {
        /// The text.
        text: String,
        /// What to write.
        canonical: String,
    },
}

/// Which way a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left: Arabic, Hebrew and others.
    RightToLeft,
}

impl Direction {
    /// The value of HTML's `dir` attribute.
    pub fn html(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

impl LanguageTag {
    /// The tag's text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The tag as the locale library has it.
    pub fn id(&self) -> &LanguageIdentifier {
        &self.id
    }

    /// Which way its script runs, by CLDR data.
    pub fn direction(&self) -> Direction {
        if LocaleDirectionality::new_extended().is_right_to_left(&self.id) {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        }
    }
}

impl FromStr for LanguageTag {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        /// RFC 5646 section 4.4.1: 35 characters hold every tag without extensions.
        const CHARS_MAX: usize = 35;
        let form = || LanguageError::Form { text: crate::domain::excerpt(text) };
        if text.len() > CHARS_MAX {
            return Err(form());
        }
        let id: LanguageIdentifier = text.replace('_', "-").parse().map_err(|_| form())?;
        let mut locale = Locale::from(id);
        LocaleCanonicalizer::new_extended().canonicalize(&mut locale);
        let id = locale.id;
        let canonical = id.to_string();
        if id.language.is_unknown() {
            return Err(form());
        }
        if canonical != text {
            return Err(LanguageError::NotCanonical { text: text.to_owned(), canonical });
        }
        Ok(Self { id, text: canonical.into() })
    }
}

impl PartialOrd for LanguageTag {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LanguageTag {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

impl serde::Serialize for LanguageTag {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> serde::Deserialize<'de> for LanguageTag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_canonical_or_refused_with_the_canonical_one() {
        for good in ["en", "ja", "zh-Hant", "pt-BR", "sr-Latn"] {
            assert_eq!(good.parse::<LanguageTag>().unwrap().as_str(), good);
        }
        for (text, canonical) in [("EN", "en"), ("iw", "he"), ("zh-hant", "zh-Hant"), ("pt_BR", "pt-BR")] {
            let error = text.parse::<LanguageTag>().unwrap_err();
            assert_eq!(error, LanguageError::NotCanonical { text: text.into(), canonical: canonical.into() });
        }
        for bad in ["", "e", "english language", "und", "*", "en-", "zh-Hant-x-very-long-private-use-subtag-1"] {
            assert!(matches!(bad.parse::<LanguageTag>(), Err(LanguageError::Form { .. })), "{bad}");
        }
    }

    #[test]
    fn direction_goes_by_script() {
        for (tag, direction) in [
            ("ar", "rtl"),
            ("he", "rtl"),
            ("fa", "rtl"),
            ("yi", "rtl"),
            ("en", "ltr"),
            ("ja", "ltr"),
            ("ru", "ltr"),
            ("ku", "ltr"),
        ] {
            assert_eq!(tag.parse::<LanguageTag>().unwrap().direction().html(), direction, "{tag}");
        }
    }
}

//! The list of a page's other languages.

use icu_normalizer::DecomposingNormalizerBorrowed;

use super::{Words, WordsError};
use crate::language::LanguageTag;

/// More languages than this take several rows of a phone's first view, so their list is folded there.
pub const LANGUAGES_ON_A_PHONE: usize = 4;

/// More languages than this take several rows of any screen, so their list is folded everywhere.
pub const LANGUAGES_ON_A_DESK: usize = 12;

/// The way to a page in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageLink<'a> {
    /// The language.
    pub tag: &'a LanguageTag,
    /// Its name for itself.
    pub autonym: String,
    /// Where its page is.
    pub href: String,
}

/// The languages by their own names, as a reader looks for them: without regard to case and accents, Latin letters first and
/// the other scripts in the order of Unicode; the same on every page.
///
/// # Errors
///
/// [`WordsError`]: there are no words for one of them.
pub fn links<'a>(
    tags: impl IntoIterator<Item = &'a LanguageTag>,
    href: impl Fn(&LanguageTag) -> String,
) -> Result<Vec<LanguageLink<'a>>, WordsError> {
    let link = |tag| Ok(LanguageLink { tag, autonym: Words::of(tag)?.autonym_of(tag), href: href(tag) });
    let mut links = tags.into_iter().map(link).collect::<Result<Vec<_>, WordsError>>()?;
    // Decomposed, Č is C and a mark, and stands before D.
    let accents_apart = DecomposingNormalizerBorrowed::new_nfd();
    links.sort_by_cached_key(|link| accents_apart.normalize(&link.autonym.to_lowercase()).into_owned());
    Ok(links)
}

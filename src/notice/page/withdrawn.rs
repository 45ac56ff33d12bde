//! What visitors meet of a notice that was withdrawn, until the name is its holder's again.

use std::collections::BTreeMap;

use askama::Template;

use super::parts::Phrase;
use super::{PageError, STYLE};
use crate::language::LanguageTag;
use crate::notice::Manifest;
use crate::playbook::{Agency, Notice, Playbook};
use crate::words::{Day, Days, LanguageLink, Words, links};

#[derive(Template)]
#[template(path = "withdrawn.html")]
struct Page<'a> {
    style: String,
    language: &'a LanguageTag,
    words: &'static Words,
    languages: Vec<LanguageLink<'a>>,
    /// The withdrawal.
    manifest: &'a Manifest,
    issuer: Phrase<'a>,
    seal: Option<&'a str>,
    day: Day,
}

/// The page of a withdrawal in each of these languages, all of which have words.
///
/// `withdrawal` is what the manifest will state but for its pages, which are these.
pub(in crate::notice) fn pages(
    playbook: &Playbook,
    notice: &Notice,
    issuer: &Agency,
    withdrawal: &Manifest,
    languages: &[LanguageTag],
) -> Result<BTreeMap<LanguageTag, Vec<u8>>, PageError> {
    let page = |language: &LanguageTag| {
        let name = match issuer.names.get(language) {
            Some(text) => Phrase { text, language: None },
            None => {
                let own = playbook.operation.language.as_ref();
                Phrase { text: &issuer.name, language: own.filter(|own| *own != language) }
            }
        };
        let page = Page {
            style: notice.theme.style() + STYLE,
            language,
            words: Words::of(language)?,
            languages: links(languages, |tag| format!("/{tag}/"))?,
            manifest: withdrawal,
            issuer: name,
            seal: issuer.seal.as_ref().map(|seal| seal.seal.address()),
            day: Days::new(language)?.write(withdrawal.not_before)?,
        };
        let html = page.render().map_err(|source| PageError::Template { language: language.clone(), source })?;
        Ok((language.clone(), html.into_bytes()))
    };
    languages.iter().map(page).collect()
}

//! Why a page cannot be made.

use crate::language::LanguageTag;
use crate::playbook::Id;
use crate::words::WordsError;

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
    /// The template failed.
    #[error("the page in `{language}` cannot be written")]
    Template {
        /// The language.
        language: LanguageTag,
        /// Why.
        source: askama::Error,
    },
}

//! The part of Project Fluent's format that the catalogues use: messages of text, with at most one argument, `$count`, which
//! may choose among plural forms.
//!
//! The parser is Mozilla's `fluent-syntax`. Its companion `fluent-bundle` is left out: it brings plural rules and locale
//! handling of its own beside ICU's, and no number formatting. What the catalogues need of it is the few lines here.
//! Syntax: <https://projectfluent.org/fluent/guide/>.

use std::collections::BTreeMap;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};
use icu_plurals::PluralCategory;

/// A catalogue cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Not Fluent.
    #[error("the catalogue is not well-formed at byte {at}")]
    Syntax {
        /// Where.
        at: usize,
    },
    /// A message uses something of Fluent that the catalogues do without.
    #[error("message `{key}` has more than text and plural forms of $count")]
    Unsupported {
        /// The message.
        key: String,
    },
    /// A message stands twice.
    #[error("message `{key}` stands twice")]
    Twice {
        /// The message.
        key: String,
    },
    /// A message is missing.
    #[error("message `{key}` is missing")]
    Missing {
        /// The message.
        key: String,
    },
    /// A message that nothing shows.
    #[error("nothing shows message `{key}`")]
    Unknown {
        /// The message.
        key: String,
    },
    /// A message lacks `$count` or has it and should not.
    #[error("message `{key}` has not the arguments that it needs")]
    Argument {
        /// The message.
        key: String,
    },
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Message(Vec<Part>);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    /// The number itself.
    Count,
    /// The form for the number's category, or the last one.
    Plural(Vec<(PluralCategory, Message)>, Message),
}

impl Message {
    /// The text of a message without arguments.
    pub fn plain(&self) -> Option<String> {
        self.0.iter().map(|part| if let Part::Text(text) = part { Some(text.as_str()) } else { None }).collect()
    }

    /// Whether the number is shown, whichever form is chosen.
    pub fn shows_count(&self) -> bool {
        self.0.iter().any(|part| match part {
            Part::Text(_) => false,
            Part::Count => true,
            Part::Plural(forms, other) => other.shows_count() && forms.iter().all(|(_, form)| form.shows_count()),
        })
    }

    /// The text for a number of this category that is written so.
    pub fn with(&self, category: PluralCategory, count: &str) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Count => count.to_owned(),
            Part::Plural(forms, other) => {
                let form = forms.iter().find(|(own, _)| *own == category).map_or(other, |(_, form)| form);
                form.with(category, count)
            }
        };
        self.0.iter().map(part).collect()
    }

    /// The categories for which it has forms of their own; `None`: it does not choose.
    #[cfg(test)]
    pub fn categories(&self) -> Option<Vec<PluralCategory>> {
        self.0.iter().find_map(|part| match part {
            Part::Plural(forms, _) => Some(forms.iter().map(|(category, _)| *category).collect()),
            _ => None,
        })
    }
}

/// The messages of a catalogue by their keys.
pub(super) fn messages(text: &str) -> Result<BTreeMap<String, Message>, CatalogueError> {
    let resource = fluent_syntax::parser::parse_runtime(text)
        .map_err(|(_, errors)| CatalogueError::Syntax { at: errors.first().map_or(0, |error| error.pos.start) })?;
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        let (key, value) = match entry {
            Entry::Message(message) if message.attributes.is_empty() => (message.id.name, message.value),
            Entry::Message(message) => (message.id.name, None),
            Entry::Term(term) => (term.id.name, None),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
            Entry::Junk { .. } => return Err(CatalogueError::Syntax { at: 0 }),
        };
        let message = value.as_ref().and_then(|value| message(value, NESTED_MAX));
        let message = message.ok_or_else(|| CatalogueError::Unsupported { key: key.to_owned() })?;
        if messages.insert(key.to_owned(), message).is_some() {
            return Err(CatalogueError::Twice { key: key.to_owned() });
        }
    }
    Ok(messages)
}

/// One choice holds its forms, and no form chooses again.
const NESTED_MAX: usize = 1;

fn message(pattern: &Pattern<&str>, depth: usize) -> Option<Message> {
    let part = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } => Some(Part::Text((*value).to_owned())),
        PatternElement::Placeable { expression: Expression::Inline(argument) } => {
            is_count(argument).then_some(Part::Count)
        }
        PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
            let depth = depth.checked_sub(1)?;
            is_count(selector).then(|| plural(variants, depth)).flatten()
        }
    };
    pattern.elements.iter().map(part).collect::<Option<_>>().map(Message)
}

fn is_count(expression: &InlineExpression<&str>) -> bool {
    matches!(expression, InlineExpression::VariableReference { id } if id.name == "count")
}

/// The forms; the default one is that of `other`, which CLDR has for every language.
fn plural(variants: &[Variant<&str>], depth: usize) -> Option<Part> {
    let (mut forms, mut other) = (Vec::new(), None);
    for variant in variants {
        let VariantKey::Identifier { name } = variant.key else { return None };
        let category = PluralCategory::get_for_cldr_string(name)?;
        let form = message(&variant.value, depth)?;
        match (category, variant.default) {
            (PluralCategory::Other, true) if other.is_none() => other = Some(form),
            (PluralCategory::Other, _) | (_, true) => return None,
            _ if forms.iter().any(|(own, _)| *own == category) => return None,
            _ => forms.push((category, form)),
        }
    }
    Some(Part::Plural(forms, other?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_text_or_chooses_a_form_by_number() {
        let text = "# a comment\na = one { $count } two\nb =\n    { $count ->\n        [one] { $count } day\n       *[other] { $count } days\n    }\nc = x\n";
        let messages = messages(text).unwrap();
        assert_eq!(messages["a"].with(PluralCategory::One, "5"), "one 5 two");
        assert_eq!(messages["b"].with(PluralCategory::One, "1"), "1 day");
        assert_eq!(messages["b"].with(PluralCategory::Few, "3"), "3 days");
        assert_eq!((messages["c"].plain(), messages["a"].plain()), (Some("x".into()), None));
        let shown = |key: &str| messages[key].shows_count();
        assert_eq!((shown("a"), shown("b"), shown("c")), (true, true, false));
    }

    #[test]
    fn what_the_catalogues_do_without_is_refused() {
        for text in [
            "-term = x",
            "a = x\n    .attribute = y",
            "a = { b }\nb = x",
            "a = { $name }",
            "a = { NUMBER($count) }",
            "a = { \"x\" }",
            "a = { $count ->\n    [1] x\n   *[other] y\n }",
            "a = { $count ->\n    [one] x\n   *[few] y\n }",
            "a = { $count ->\n    [one] x\n    [one] z\n   *[other] y\n }",
            "a = { $count ->\n    [one] { $count ->\n *[other] x\n }\n   *[other] y\n }",
        ] {
            assert!(matches!(messages(text), Err(CatalogueError::Unsupported { .. })), "{text}");
        }
        assert_eq!(messages("a = x\na = y"), Err(CatalogueError::Twice { key: "a".into() }));
        for text in ["a", "a = ", "= x", "a = { $count"] {
            assert!(matches!(messages(text), Err(CatalogueError::Syntax { .. })), "{text}");
        }
    }
}

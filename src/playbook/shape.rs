//! The shape of a file: every key known, every required key there, every value of its type.
//!
//! serde stops at the first mistake. So the parsed TOML is first held against the JSON schema of the very structs that
//! serde will fill, every mistake is noted, and what is mistaken is taken out: a wrong optional key alone, a wrong
//! required key together with the table it stands in. What is left fits the structs, and can be checked further.

use std::collections::BTreeSet;
use std::ops::Range;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::domain::excerpt;

use super::problem::{Code, Problems, nearest, suggest};
use super::source::{Place, SourceId};

/// The JSON schema (2020-12) of a file's struct.
pub(super) fn schema_of<T: JsonSchema>() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value();
    without_null(&mut schema);
    schema
}

/// TOML has no null: a key that may be left out is just not required.
fn without_null(schema: &mut Value) {
    let is_null = |value: &Value| value == "null" || value.get("type").is_some_and(|of_type| of_type == "null");
    match schema {
        Value::Object(map) => {
            for word in ["type", "anyOf"] {
                let Some(Value::Array(choices)) = map.get_mut(word) else { continue };
                choices.retain(|choice| !is_null(choice));
                if choices.len() != 1 {
                    continue;
                }
                let only = choices.remove(0);
                map.remove(word);
                match only {
                    Value::Object(inner) => map.extend(inner),
                    other => drop(map.insert(word.to_owned(), other)),
                }
            }
            map.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

/// A file held against its schema.
pub(super) struct Shape<'a> {
    schema: &'a Value,
    source: SourceId,
    kind: FileKind,
    problems: &'a mut Problems,
    /// Keys, at any depth, in whose values something was mistaken, or that were meant by another.
    mistaken: BTreeSet<String>,
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// Its texts stand on one line each.
    Playbook,
    /// Its texts are paragraphs and may go over several lines; a missing key is a missing translation.
    Texts,
}

impl<'a> Shape<'a> {
    /// To hold a file against this schema.
    pub fn new(schema: &'a Value, source: SourceId, kind: FileKind, problems: &'a mut Problems) -> Self {
        Self { schema, source, kind, problems, mistaken: BTreeSet::new() }
    }

    /// Notes every mistake in a file, takes out what is mistaken, and gives the keys that are no longer whole.
    pub fn mend(mut self, root: &mut Spanned<DeTable<'_>>) -> BTreeSet<String> {
        // The root has no header to point at: what it lacks is shown at its first line.
        self.table(self.schema, root.get_mut(), &(0..0));
        self.mistaken
    }

    fn note(&mut self, code: Code, span: &Range<usize>, message: String, help: String) {
        let place = Place::new(self.source, span);
        self.problems.add(code, place, message, help);
    }

    /// Whether the table can be used after mending.
    fn table(&mut self, schema: &'a Value, table: &mut DeTable<'_>, at: &Range<usize>) -> bool {
        let properties = schema.get("properties").and_then(Value::as_object);
        let rest = schema.get("additionalProperties").filter(|rest| rest.is_object());
        let required: BTreeSet<&str> = list_of(schema, "required").collect();
        for name in required.iter().filter(|name| !table.contains_key(**name)) {
            let help = missing_help(properties.and_then(|known| known.get(*name)), name);
            let code = if self.kind == FileKind::Texts { Code::TextMissing } else { Code::MissingKey };
            self.note(code, at, format!("`{name}` is missing"), help);
        }
        let mut lost = required.iter().any(|name| !table.contains_key(*name));
        let keys: Vec<_> = table.keys().cloned().collect();
        for key in keys {
            let name = key.get_ref().as_ref();
            let Some(wanted) = properties.and_then(|known| known.get(name)).or(rest) else {
                let known = properties.iter().flat_map(|known| known.keys()).map(String::as_str);
                let meant = nearest(name, known.clone());
                let header = meant.and_then(|meant| self.header(&key.span(), meant, properties?.get(meant)?));
                let help = match header {
                    Some(header) => format!("did you mean {header}?"),
                    None => suggest(name, known, "remove it"),
                };
                self.mistaken.extend(meant.map(str::to_owned));
                self.note(Code::UnknownKey, &key.span(), format!("there is no key `{}` here", excerpt(name)), help);
                table.remove(name);
                continue;
            };
            let before = self.problems.found.len();
            let good = table.get_mut(name).is_none_or(|value| self.value(wanted, value));
            if self.problems.found.len() > before {
                self.mistaken.insert(name.to_owned());
            }
            if !good {
                lost |= required.contains(name);
                table.remove(name);
            }
        }
        !lost
    }

    fn value(&mut self, schema: &'a Value, value: &mut Spanned<DeValue<'_>>) -> bool {
        let schema = self.resolve(schema);
        let span = value.span();
        if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
            return self.any_of(choices, value);
        }
        if !is_of_type(schema, value.get_ref()) {
            let message = format!("this is {}, not {}", kind_of(value.get_ref()), kind_wanted(schema));
            let help = self.other_header(&span, schema).unwrap_or_else(|| example_of(schema, value.get_ref()));
            self.note(Code::WrongType, &span, message, help);
            return false;
        }
        match value.get_mut() {
            DeValue::Table(table) => self.table(schema, table, &span),
            DeValue::Array(array) => {
                let Some(items) = schema.get("items") else { return true };
                let mut kept = DeArray::new();
                for mut item in std::mem::replace(array, DeArray::new()) {
                    if self.value(items, &mut item) {
                        kept.push(item);
                    }
                }
                *array = kept;
                true
            }
            DeValue::String(text) => self.word(schema, text, &span) && self.text(text, &span),
            DeValue::Integer(number) => self.word(schema, number.as_str(), &span),
            _ => true,
        }
    }

    fn any_of(&mut self, choices: &'a [Value], value: &mut Spanned<DeValue<'_>>) -> bool {
        let fits = |choice: &&Value| is_of_type(choice, value.get_ref());
        match choices.iter().find(fits).or(choices.first()) {
            Some(choice) => self.value(choice, value),
            None => true,
        }
    }

    /// Whether the value is one of the words that the schema lists, if it lists any.
    fn word(&mut self, schema: &Value, text: &str, span: &Range<usize>) -> bool {
        let Some(words) = schema.get("enum").and_then(Value::as_array) else { return true };
        let words: Vec<String> =
            words.iter().map(|word| word.as_str().map_or(word.to_string(), str::to_owned)).collect();
        if words.iter().any(|word| word == text) {
            return true;
        }
        let message = format!("`{}` is not one of the words that stand here", excerpt(text));
        self.note(Code::UnknownWord, span, message, suggest(text, words.iter().map(String::as_str), ""));
        false
    }

    fn text(&mut self, text: &str, span: &Range<usize>) -> bool {
        if text.trim().is_empty() {
            self.note(Code::Text, span, "the text is empty".into(), "write something, or leave the key out".into());
            return false;
        }
        let breaks = self.kind == FileKind::Texts;
        let bad = text.chars().find(|c| is_unshowable(*c) && !(breaks && matches!(c, '\n' | '\r')));
        if let Some(bad) = bad {
            let message = format!("the text holds U+{:04X}, a character that does not show as it is", u32::from(bad));
            self.note(Code::Text, span, message, format!("write it without U+{:04X}", u32::from(bad)));
        }
        bad.is_none()
    }

    /// The header of the table that was meant by the one whose name, the last in its header, stands at `span`.
    fn header(&self, span: &Range<usize>, meant: &str, schema: &'a Value) -> Option<String> {
        let text = &self.problems.sources.get(self.source.0)?.text;
        let before = text.get(..span.start)?.rsplit('\n').next()?;
        let above = before.trim().strip_prefix('[')?.trim_start_matches('[');
        match type_of(self.resolve(schema)) {
            "array" => Some(format!("[[{above}{meant}]]")),
            "object" => Some(format!("[{above}{meant}]")),
            _ => None,
        }
    }

    /// What to write where the header at `span` has one bracket too few or too many on each side.
    fn other_header(&self, span: &Range<usize>, schema: &'a Value) -> Option<String> {
        let text = &self.problems.sources.get(self.source.0)?.text;
        let is_line = text.get(..span.start)?.rsplit('\n').next()?.trim().is_empty();
        let header = text.get(span.clone()).filter(|header| is_line && header.starts_with('['))?;
        let name = header.trim_matches(['[', ']']);
        let holds_tables = || schema.get("items").is_some_and(|items| type_of(self.resolve(items)) == "object");
        match type_of(schema) {
            "array" if holds_tables() => Some(format!("write [[{name}]], at each of them: there may be several")),
            "object" => Some(format!("write [{name}]: there is one")),
            _ => None,
        }
    }

    /// Follows `$ref`.
    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let pointer = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
        pointer.and_then(|pointer| self.schema.pointer(pointer)).unwrap_or(schema)
    }
}

/// Control characters, characters that steer the writing direction (Unicode UAX 9 section 2), line and paragraph
/// separators, the invisible ones that only hide text, and what is not assigned to anything.
fn is_unshowable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn list_of<'a>(schema: &'a Value, word: &str) -> impl Iterator<Item = &'a str> {
    schema.get(word).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn type_of(schema: &Value) -> &str {
    match (schema.get("type").and_then(Value::as_str), schema.get("format").and_then(Value::as_str)) {
        (_, Some("date-time")) => "date-time",
        (word, _) => word.unwrap_or_default(),
    }
}

fn is_of_type(schema: &Value, value: &DeValue<'_>) -> bool {
    match (type_of(schema), value) {
        ("string", DeValue::String(_)) | ("boolean", DeValue::Boolean(_)) | ("date-time", DeValue::Datetime(_)) => true,
        ("array", DeValue::Array(_)) | ("object", DeValue::Table(_)) => true,
        ("integer", DeValue::Integer(number)) => u32::from_str_radix(number.as_str(), number.radix()).is_ok(),
        _ => false,
    }
}

fn kind_wanted(schema: &Value) -> &'static str {
    match type_of(schema) {
        "string" => "a text",
        "boolean" => "true or false",
        "date-time" => "a time",
        "array" => "an array",
        "object" => "a table",
        "integer" => "a whole number from 0 on",
        _ => "what stands here",
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

/// What to write instead: the value itself in the right form where that can be told, otherwise an example.
fn example_of(schema: &Value, value: &DeValue<'_>) -> String {
    match (type_of(schema), value) {
        ("string", DeValue::Integer(number)) => format!("write it in quotation marks: \"{number}\""),
        ("string", DeValue::Datetime(time)) => format!("write it in quotation marks: \"{time}\""),
        ("array", DeValue::String(text)) => format!("write it in brackets: [\"{}\"]", excerpt(text)),
        ("date-time", DeValue::String(text)) => format!("write it without quotation marks: {}", excerpt(text)),
        ("string", _) => "write a text in quotation marks".into(),
        ("boolean", _) => "write true or false, without quotation marks".into(),
        ("date-time", _) => "write a time in UTC: 2027-03-16T11:30:00Z".into(),
        ("array", _) => "write values in brackets, with commas between them".into(),
        ("object", _) => "write a table: { key = value }".into(),
        _ => "write a whole number, without quotation marks".into(),
    }
}

fn missing_help(schema: Option<&Value>, name: &str) -> String {
    let description = schema.and_then(|schema| schema.get("description")).and_then(Value::as_str).unwrap_or_default();
    let description: String = description.lines().collect::<Vec<_>>().join(" ");
    format!("add `{name}`: {}", description.trim_end_matches('.'))
}

//! What agencies sign: texts of lines `key: value` that have one byte form, and their reader and printer.
//!
//! Printable ASCII and line feeds, the keys in a fixed order, no empty line. What is read must print to the same bytes or it is
//! refused, so nothing can be hidden in how a statement is written. Words in other scripts stand in files whose digests are
//! listed; only the name of an order is percent-encoded.

use std::fmt::{self, Write as _};

use super::manifest::NoticeId;
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::{DomainName, excerpt};
use crate::language::LanguageTag;
use crate::playbook::Id;

/// The longest statement: a notice that lists about two thousand names of usual length, and still one screen of `less` away from
/// its end for the person who checks it.
pub const STATEMENT_MAX_BYTES: usize = 64 * 1024;

/// A text is not the statement that it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the statement: {problem}")]
pub struct StatementError {
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong there.
    #[source]
    pub problem: Box<StatementProblem>,
}

/// What is wrong with one line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementProblem {
    /// Larger than [`STATEMENT_MAX_BYTES`].
    #[error("the text has {bytes} bytes; a statement has at most {STATEMENT_MAX_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// An octet other than 0x20 to 0x7E and line feed.
    #[error("the octet 0x{octet:02x} is not printable ASCII")]
    Octet {
        /// The octet.
        octet: u8,
    },
    /// The last line has no end.
    #[error("the last line does not end in a line feed")]
    Unended,
    /// The first line is another.
    #[error("`{text}` is not `{wanted}`: another kind of statement, or one of a later version")]
    Version {
        /// What stands there.
        text: String,
        /// What should.
        wanted: &'static str,
    },
    /// Another key is due.
    #[error("`{key}: ` is due here, not `{text}`")]
    Key {
        /// The key.
        key: &'static str,
        /// What stands there.
        text: String,
    },
    /// Lines after the last key.
    #[error("nothing follows `{after}`, but here stands `{text}`")]
    Trailing {
        /// The last key.
        after: &'static str,
        /// What stands there.
        text: String,
    },
    /// A value that is not what its key takes.
    #[error("`{text}` is not {wanted}")]
    Value {
        /// What stands there.
        text: String,
        /// What should.
        wanted: &'static str,
    },
    /// Not a name.
    #[error(transparent)]
    Domain(#[from] crate::domain::DomainError),
    /// Not an onion service.
    #[error(transparent)]
    Onion(#[from] crate::domain::OnionError),
    /// Not a moment.
    #[error(transparent)]
    Time(#[from] crate::clock::TimeError),
    /// Not a language.
    #[error(transparent)]
    Language(#[from] crate::language::LanguageError),
    /// Not a digest.
    #[error(transparent)]
    Digest(#[from] crate::digest::DigestError),
    /// The address is not `https`, or not on the issuer's domain, so the issuer does not stand behind it.
    #[error("`{text}` is not an https address on {issuer}")]
    VerifyAt {
        /// What stands there.
        text: String,
        /// The issuer.
        issuer: DomainName,
    },
    /// Names are listed and sealed: nobody could say which of the two a name needs.
    #[error("a notice lists its names or seals them, and not both")]
    ListedAndSealed,
    /// It covers nothing.
    #[error("the notice covers no name")]
    NoNames,
    /// A name is returned and covered in one breath.
    #[error("`{name}` is returned here, and the notice covers it")]
    ReturnedAndCovered {
        /// The name.
        name: String,
    },
    /// It has no page.
    #[error("the notice has no page")]
    NoPages,
    /// There is nothing that it is about.
    #[error("the statement is about nothing: at least one line `{wanted}` is due")]
    Empty {
        /// The keys of which one is due.
        wanted: &'static str,
    },
    /// It ends before it begins.
    #[error("the notice ends at {not_after}, which is not after its beginning")]
    Ends {
        /// The end.
        not_after: UtcTime,
    },
    /// It replaces itself, a later edition or another notice.
    #[error("edition {id} cannot replace {supersedes}")]
    Supersedes {
        /// This edition.
        id: NoticeId,
        /// What it says it replaces.
        supersedes: NoticeId,
    },
    /// Readable, but not in the one form that this statement has.
    #[error("this statement is written `{written}` here")]
    Form {
        /// The line as it must be.
        written: String,
    },
}

impl StatementProblem {
    pub(super) fn at(self, line: usize) -> StatementError {
        StatementError { line, problem: Box::new(self) }
    }

    pub(super) fn value(text: &str, wanted: &'static str) -> Self {
        Self::Value { text: excerpt(text), wanted }
    }
}

/// Reads the statement of which `version` is the first line; refuses whatever does not print to the same bytes.
pub(super) fn parse<T: fmt::Display>(
    bytes: &[u8],
    version: &'static str,
    read: impl FnOnce(&mut Lines<'_>) -> Result<T, StatementError>,
) -> Result<T, StatementError> {
    let text = printable(bytes)?;
    let mut lines = Lines { lines: text.split('\n').peekable(), number: 0 };
    let first = lines.next();
    if first != version {
        return Err(lines.refuse(StatementProblem::Version { text: excerpt(first), wanted: version }));
    }
    let statement = read(&mut lines)?;
    let printed = statement.to_string();
    if printed == text { Ok(statement) } else { Err(first_difference(text, &printed)) }
}

/// The text, if it is short enough and of printable ASCII and line feeds only.
fn printable(bytes: &[u8]) -> Result<&str, StatementError> {
    let line_of = |at: usize| 1 + bytes.iter().take(at).filter(|octet| **octet == b'\n').count();
    if bytes.len() > STATEMENT_MAX_BYTES {
        return Err(StatementProblem::TooLarge { bytes: bytes.len() }.at(1));
    }
    let odd = bytes.iter().enumerate().find(|(_, octet)| !matches!(octet, b' '..=b'~' | b'\n'));
    if let Some((at, octet)) = odd {
        return Err(StatementProblem::Octet { octet: *octet }.at(line_of(at)));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.ends_with('\n') => Ok(text),
        _ => Err(StatementProblem::Unended.at(line_of(bytes.len()))),
    }
}

fn first_difference(text: &str, printed: &str) -> StatementError {
    let same = text.split('\n').zip(printed.split('\n')).take_while(|(found, written)| found == written).count();
    StatementProblem::Form { written: excerpt(printed.split('\n').nth(same).unwrap_or_default()) }.at(same + 1)
}

/// The lines of a statement, taken one by one with their keys.
pub(super) struct Lines<'a> {
    lines: std::iter::Peekable<std::str::Split<'a, char>>,
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> &'a str {
        self.number += 1;
        self.lines.next().unwrap_or_default()
    }

    /// The next line's value, read by `read`; its key must be `key`.
    pub(super) fn value<T, E: Into<StatementProblem>>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Result<T, StatementError> {
        let line = self.next();
        let value = after_key(line, key).ok_or_else(|| StatementProblem::Key { key, text: excerpt(line) });
        value.and_then(|value| read(value).map_err(Into::into)).map_err(|problem| problem.at(self.number))
    }

    /// The values of as many lines as have this key.
    pub(super) fn values<T, E: Into<StatementProblem>, C: Default + Extend<T>>(
        &mut self,
        key: &'static str,
        read: impl Fn(&'a str) -> Result<T, E>,
    ) -> Result<C, StatementError> {
        let mut values = C::default();
        while self.lines.peek().is_some_and(|line| after_key(line, key).is_some()) {
            values.extend([self.value(key, &read)?]);
        }
        Ok(values)
    }

    /// The values of one line `key: none` or of as many lines as have this key, which is the last one.
    pub(super) fn last_values<T, E: Into<StatementProblem>>(
        &mut self,
        key: &'static str,
        read: impl Fn(&'a str) -> Result<T, E>,
    ) -> Result<Vec<T>, StatementError> {
        let is_none = self.lines.peek().is_some_and(|line| after_key(line, key) == Some(NONE));
        let mut values = Vec::new();
        if is_none {
            self.next();
        } else {
            values.push(self.value(key, &read)?);
            values.extend(self.values::<_, _, Vec<_>>(key, &read)?);
        }
        // After the last line feed comes an empty remainder, and nothing after that.
        let rest = self.next();
        if rest.is_empty() && self.lines.peek().is_none() {
            return Ok(values);
        }
        Err(self.refuse(StatementProblem::Trailing { after: key, text: excerpt(rest) }))
    }

    /// A problem with the line that was read last.
    pub(super) fn refuse(&self, problem: StatementProblem) -> StatementError {
        problem.at(self.number)
    }

    /// A problem with the line that stands where something else is due.
    pub(super) fn refuse_next(&mut self, problem: StatementProblem) -> StatementError {
        self.next();
        self.refuse(problem)
    }
}

fn after_key<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(": ")
}

/// What stands for nothing.
const NONE: &str = "none";

/// A value, or the word `none`.
pub(super) struct OrNone<'a, T>(pub(super) Option<&'a T>);

impl<T: fmt::Display> fmt::Display for OrNone<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str(NONE),
        }
    }
}

/// Prints a line for each value, or one line `key: none`.
pub(super) fn each_or_none(
    f: &mut fmt::Formatter<'_>,
    key: &str,
    values: impl IntoIterator<Item = String>,
) -> fmt::Result {
    let mut none = true;
    for value in values {
        none = false;
        writeln!(f, "{key}: {value}")?;
    }
    if none { writeln!(f, "{key}: {NONE}") } else { Ok(()) }
}

pub(super) fn unless_none<T, E>(text: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Result<Option<T>, E> {
    if text == NONE { Ok(None) } else { read(text).map(Some) }
}

pub(super) fn yes_or_no(text: &str) -> Result<bool, StatementProblem> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(StatementProblem::value(text, "`yes` or `no`")),
    }
}

/// What a denial or an advisory calls itself among those of its issuer.
pub(super) fn identifier(text: &str) -> Result<Id, StatementProblem> {
    Id::parse(text)
        .ok_or_else(|| StatementProblem::value(text, "an identifier: letters in lower case, digits, hyphens"))
}

/// An address that the issuer alone can answer for. Host, port and path are kept as they are written; user names, which could
/// make another host look like the issuer's, are refused with every other character that host names do not have.
pub(super) fn address_of(text: &str, issuer: &DomainName) -> Result<String, StatementProblem> {
    let host = text.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#', ':']).next().unwrap_or(rest));
    let on_issuer = host.and_then(|host| DomainName::parse(host).ok()).is_some_and(|host| host.is_within(issuer));
    if on_issuer && !text.contains([' ', '@', '\\', '"', '<', '>']) {
        return Ok(text.to_owned());
    }
    Err(StatementProblem::VerifyAt { text: excerpt(text), issuer: issuer.clone() })
}

/// `LANGUAGE TYPE DIGEST PATH`: a file in one language, at the one place that it has.
pub(super) fn file_line(
    text: &str,
    media: &str,
    path_of: impl Fn(&LanguageTag) -> String,
    wanted: &'static str,
) -> Result<(LanguageTag, Digest), StatementProblem> {
    let refuse = || StatementProblem::value(text, wanted);
    let parts: Vec<&str> = text.split(' ').collect();
    let [language, found, digest, path] = parts.as_slice() else { return Err(refuse()) };
    if *found != media {
        return Err(refuse());
    }
    let language: LanguageTag = language.parse()?;
    if *path != path_of(&language) {
        return Err(refuse());
    }
    Ok((language, digest.parse()?))
}

/// RFC 3986 section 2.1, for what is not printable ASCII and for the percent sign itself.
pub(super) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for octet in text.bytes() {
        if matches!(octet, b' '..=b'~') && octet != b'%' {
            encoded.push(char::from(octet));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{octet:02X}");
        }
    }
    encoded
}

pub(super) fn percent_decoded(text: &str) -> Result<String, StatementProblem> {
    let refuse = || StatementProblem::value(text, "the name of an order in percent-encoded UTF-8");
    let mut octets = Vec::with_capacity(text.len());
    let mut pieces = text.split('%');
    octets.extend_from_slice(pieces.next().unwrap_or_default().as_bytes());
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2).ok_or_else(refuse)?;
        octets.extend(data_encoding::HEXUPPER.decode(digits.as_bytes()).map_err(|_| refuse())?);
        octets.extend_from_slice(rest.as_bytes());
    }
    let order = String::from_utf8(octets).map_err(|_| refuse())?;
    // It is shown to people, on terminals too.
    if order.trim().is_empty() || order.contains(char::is_control) { Err(refuse()) } else { Ok(order) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_order_that_would_move_the_cursor_of_a_terminal_is_refused() {
        for text in ["118%0A2026", "118%1B[2J", "%C2%9B2J", "%7F", "%0D"] {
            assert!(percent_decoded(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_order_in_any_script_comes_back(order in "\\PC{1,60}") {
            if let Ok(back) = percent_decoded(&percent_encoded(&order)) {
                prop_assert_eq!(back, order);
            } else {
                prop_assert!(order.trim().is_empty());
            }
        }
    }
}

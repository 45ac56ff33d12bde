//! Lists of names: one a line or CSV, up to millions, held in one block of memory.

use super::{DomainError, DomainName, OnionError};

/// Names in the order of the list, each once.
///
/// All text stands in one block with a 6-byte place per name, so that a million names cost about 30 bytes each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameList {
    text: String,
    /// Where each name starts and how long it is; sorted by name.
    places: Vec<(u32, u8)>,
}

/// What a list may hold.
#[derive(Debug, Clone, Copy)]
pub struct NameListLimits {
    /// The most names.
    pub names: usize,
    /// The most problems that are told one by one; the rest is only counted.
    pub problems: usize,
}

impl Default for NameListLimits {
    /// Ten million names (the largest predicted list known is about six million); a hundred problems told.
    fn default() -> Self {
        Self { names: 10_000_000, problems: 100 }
    }
}

/// One line of a list that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListProblem {
    /// Line number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub kind: ListProblemKind,
}

/// What is wrong with a line of a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListProblemKind {
    /// Not a domain name.
    #[error(transparent)]
    Name(#[from] DomainError),
    /// An onion name in a list, where it does not belong: it is a target of its own with its own key.
    #[error(transparent)]
    Onion(#[from] OnionError),
    /// The name stands in the list already.
    #[error("`{name}` is in the list already, at line {first}")]
    Duplicate {
        /// The name.
        name: DomainName,
        /// The line where it stands first.
        first: usize,
    },
    /// The list is not UTF-8.
    #[error("the list is not UTF-8 from this line on")]
    NotUtf8,
    /// More names than [`NameListLimits::names`].
    #[error("the list has more than {limit} names")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// The list has not one name.
    #[error("the list has no names")]
    Empty,
}

impl NameList {
    /// Reads a list: one name a line, or CSV whose first column is the name (a header `name` or `domain` is skipped);
    /// blank lines and lines that start with `#` are skipped, CR LF and a byte order mark are accepted.
    ///
    /// Gives the names and every problem. A list with problems must not be used.
    pub fn parse(bytes: &[u8], limits: NameListLimits) -> (Self, Vec<ListProblem>) {
        let mut problems = Vec::new();
        let (text, cut) = readable(bytes);
        let mut note = |line: usize, kind: ListProblemKind| {
            if problems.len() < limits.problems {
                problems.push(ListProblem { line, kind });
            }
        };
        let mut list = Self::default();
        // The line of each name, so that a duplicate can tell where the first one stands.
        let mut lines: Vec<u32> = Vec::new();
        let whole_lines = cut.map_or(usize::MAX, |cut| cut - 1);
        for (number, line) in (1..).zip(text.lines().take(whole_lines)) {
            let field = first_field(line);
            if field.is_empty() || field.starts_with('#') || (list.places.is_empty() && is_header(field)) {
                continue;
            }
            match DomainName::parse(field) {
                Ok(name) => {
                    if list.places.len() == limits.names || list.text.len() + 256 > u32::MAX as usize {
                        note(number, ListProblemKind::TooMany { limit: limits.names });
                        break;
                    }
                    list.push(&name);
                    lines.push(u32::try_from(number).unwrap_or(u32::MAX));
                }
                Err(error) => note(number, error.into()),
            }
        }
        if let Some(line) = cut {
            note(line, ListProblemKind::NotUtf8);
        } else if list.places.is_empty() {
            note(1, ListProblemKind::Empty);
        }
        for (line, name, first) in list.sort(&lines) {
            note(line, ListProblemKind::Duplicate { name, first });
        }
        problems.sort_by_key(|problem| problem.line);
        (list, problems)
    }

    fn push(&mut self, name: &DomainName) {
        // Both casts hold: the block is under 4 GiB by the check above, a name under 254 characters by its type.
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let chars = u8::try_from(name.as_str().len()).unwrap_or(u8::MAX);
        self.text.push_str(name.as_str());
        self.places.push((start, chars));
    }

    /// Sorts by name and drops repetitions, which it returns as (line, name, line of the first).
    fn sort(&mut self, lines: &[u32]) -> Vec<(usize, DomainName, usize)> {
        let text = &self.text;
        let mut order: Vec<u32> = (0..u32::try_from(self.places.len()).unwrap_or(u32::MAX)).collect();
        let at = |index: &u32| self.places.get(*index as usize).map_or("", |place| slice(text, *place));
        order.sort_by(|a, b| at(a).cmp(at(b)).then(a.cmp(b)));
        let mut repeated = Vec::new();
        let mut kept: Vec<(u32, u8)> = Vec::with_capacity(order.len());
        let mut first_line = 0;
        for index in order {
            let Some(place) = self.places.get(index as usize).copied() else { continue };
            let line = lines.get(index as usize).map_or(0, |line| *line as usize);
            let name = slice(text, place);
            if kept.last().is_some_and(|last| slice(text, *last) == name) {
                repeated.push((line, DomainName(name.into()), first_line));
            } else {
                kept.push(place);
                first_line = line;
            }
        }
        self.places = kept;
        repeated
    }

    /// How many names.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The names in their sorted order.
    pub fn iter(&self) -> impl Iterator<Item = DomainName> + '_ {
        // What went in was a name, so what comes out is one.
        self.places.iter().map(|place| DomainName(slice(&self.text, *place).into()))
    }

    /// Whether the list holds exactly this name.
    pub fn contains(&self, name: &DomainName) -> bool {
        self.places.binary_search_by(|place| slice(&self.text, *place).cmp(name.as_str())).is_ok()
    }
}

/// The text as far as it is UTF-8, without its byte order mark, and the number of the line that is not.
fn readable(bytes: &[u8]) -> (&str, Option<usize>) {
    let mut chunks = bytes.utf8_chunks();
    let first = chunks.next();
    let text = first.as_ref().map_or("", |chunk| chunk.valid());
    let is_cut = first.is_some_and(|chunk| !chunk.invalid().is_empty());
    let cut = is_cut.then(|| 1 + text.bytes().filter(|byte| *byte == b'\n').count());
    (text.strip_prefix('\u{feff}').unwrap_or(text), cut)
}

fn first_field(line: &str) -> &str {
    line.split([',', ';']).next().unwrap_or(line).trim().trim_matches('"')
}

fn slice(text: &str, (start, chars): (u32, u8)) -> &str {
    let start = start as usize;
    text.get(start..start + usize::from(chars)).unwrap_or_default()
}

fn is_header(field: &str) -> bool {
    ["name", "domain", "domain_name", "fqdn"].iter().any(|header| field.eq_ignore_ascii_case(header))
}

impl FromIterator<DomainName> for NameList {
    fn from_iter<I: IntoIterator<Item = DomainName>>(names: I) -> Self {
        let mut list = Self::default();
        for name in names {
            list.push(&name);
        }
        list.sort(&[]);
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Vec<String>, Vec<String>) {
        let (list, problems) = NameList::parse(text.as_bytes(), NameListLimits::default());
        (
            list.iter().map(|name| name.to_string()).collect(),
            problems.iter().map(|problem| format!("line {}: {}", problem.line, problem.kind)).collect(),
        )
    }

    #[test]
    fn blank_lines_comments_cr_lf_csv_case_and_unicode_are_read() {
        let (names, problems) = parse(
            "\u{feff}# a list\r\n\r\nB.example\r\n  a.example  \r\nbücher.example,2026-01-01,seen\r\n\"q.example\",x\r\n",
        );
        assert_eq!(problems, [""; 0]);
        assert_eq!(names, ["a.example", "b.example", "q.example", "xn--bcher-kva.example"]);
        assert_eq!(parse("domain,first seen\na.example,2026\n").0, ["a.example"]);
    }

    #[test]
    fn every_bad_line_is_told_with_its_number() {
        let (_, problems) = parse("a.example\nno name\nA.EXAMPLE.\nx.onion\n\n192.0.2.1\n");
        assert_eq!(problems.len(), 4);
        assert!(problems[0].starts_with("line 2: "), "{problems:?}");
        assert_eq!(problems[1], "line 3: `a.example` is in the list already, at line 1");
        assert!(problems[2].contains("onion"));
        assert!(problems[3].starts_with("line 6: "));
        assert_eq!(parse("# nothing\n").1, ["line 1: the list has no names"]);
        let (list, problems) = NameList::parse(b"a.example\nb\xff.example\n", NameListLimits::default());
        assert_eq!(list.len(), 1);
        assert_eq!(problems[0].kind, ListProblemKind::NotUtf8);
        assert_eq!(problems[0].line, 2);
    }

    #[test]
    fn limits_hold() {
        let limits = NameListLimits { names: 2, problems: 1 };
        let (list, problems) = NameList::parse(b"a.example\nb.example\nc.example\n!\n!\n", limits);
        assert_eq!(list.len(), 2);
        assert_eq!(problems, [ListProblem { line: 3, kind: ListProblemKind::TooMany { limit: 2 } }]);
    }

    #[test]
    fn a_million_names_are_found_again() {
        let text: String = (0..1_000_000).map(|n| format!("n{n}.example\n")).collect();
        let (list, problems) = NameList::parse(text.as_bytes(), NameListLimits::default());
        assert!(problems.is_empty());
        assert_eq!(list.len(), 1_000_000);
        assert!(list.contains(&"N777777.example".parse().unwrap()));
        assert!(!list.contains(&"n1000000.example".parse().unwrap()));
    }
}

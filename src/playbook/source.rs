//! The text around a problem: files, or single lines of files that are too large to keep.

use std::ops::Range;
use std::path::PathBuf;

use super::spec::Placed;

/// Which of [`Loaded::sources`](super::Loaded) a place is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceId(pub(super) usize);

impl SourceId {
    /// `playbook.toml` itself, always the first source.
    pub const PLAYBOOK: Self = Self(0);
}

/// A file's text, or one line of it.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file, as it is shown to people.
    pub path: PathBuf,
    /// The text.
    pub text: String,
    /// Number of the text's first line in the file, from 1.
    pub first_line: usize,
}

/// A stretch of a source, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub source: SourceId,
    /// From which byte to before which byte.
    pub span: Range<usize>,
}

impl Place {
    pub(super) fn new(source: SourceId, span: &Range<usize>) -> Self {
        Self { source, span: span.clone() }
    }
}

impl<T> From<&Placed<T>> for Place {
    /// A value of the playbook itself.
    fn from(placed: &Placed<T>) -> Self {
        Self::new(SourceId::PLAYBOOK, &placed.span)
    }
}

impl Source {
    /// Line and column, both from 1, of a byte; the column counts characters.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let before = self.text.get(..self.floor(byte)).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + self.first_line;
        (line, before.get(line_start..).unwrap_or_default().chars().count() + 1)
    }

    /// The line on which a span begins, or the part of it around the span when it is very long, and the part of the span
    /// that is in it.
    pub(super) fn window(&self, span: &Range<usize>) -> (&str, Range<usize>) {
        /// What is shown of a line on either side; a terminal shows less.
        const SIDE: usize = 200;
        let at = self.floor(span.start);
        let line_start = self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        let rest = self.text.get(at..).unwrap_or_default();
        let line_end =
            at + rest.find('\n').map_or(rest.len(), |newline| rest.get(..newline).unwrap_or_default().trim_end().len());
        let start = line_start.max(self.floor(at.saturating_sub(SIDE)));
        let end = line_end.min(self.floor(at + SIDE));
        let span_end = self.floor(span.end).clamp(at, end.max(at));
        (self.text.get(start..end.max(at)).unwrap_or_default(), at - start..span_end - start)
    }

    fn floor(&self, byte: usize) -> usize {
        self.text.floor_char_boundary(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = Source { path: "x".into(), text: "ä = 1\r\nbö = 2\n".into(), first_line: 1 };
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(3), (1, 3));
        assert_eq!(source.position(8), (2, 1));
        assert_eq!(source.position(12), (2, 4));
        assert_eq!(source.position(999), (3, 1));
        assert_eq!(source.window(&(8..11)), ("bö = 2", 0..3));
        assert_eq!(source.window(&(8..999)), ("bö = 2", 0..7));
        assert_eq!(source.window(&(999..1000)), ("", 0..0));
    }

    #[test]
    fn of_a_very_long_line_only_the_surroundings_are_shown() {
        let source =
            Source { path: "x".into(), text: format!("{}!{}", "ä".repeat(5000), "ö".repeat(5000)), first_line: 1 };
        let (window, span) = source.window(&(10_000..10_001));
        assert_eq!((&window[span], source.position(10_000)), ("!", (1, 5001)));
        assert!(window.len() <= 401);
    }
}

//! Text in the columns of a terminal: words broken into lines between them, wide characters counted as such.

use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm, fill};

/// The width of the narrowest terminal that people use.
pub const COLUMNS: usize = 80;

/// `beginning` and the words after it in lines of [`COLUMNS`]; those after the first are indented by `indent` columns. A word
/// that is longer than a line is left whole, so that it can be copied. Ends in a line feed.
pub fn hanging(beginning: &str, indent: usize, words: &str) -> String {
    if words.is_empty() {
        return format!("{}\n", beginning.trim_end());
    }
    let indent = " ".repeat(indent);
    let options = Options::new(COLUMNS)
        .initial_indent(beginning)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    format!("{}\n", fill(words, options))
}

/// As [`hanging`], indented by the width of the beginning: a row of a table with two columns.
pub fn row(beginning: &str, words: &str) -> String {
    hanging(beginning, display_width(beginning), words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_80_columns_under_each_other_and_no_word_is_cut() {
        let long = "x".repeat(90);
        for (words, lines) in [
            ("one two".to_owned(), vec!["pass  one two".to_owned()]),
            (String::new(), vec!["pass".to_owned()]),
            (
                format!("{} {}", "a".repeat(70), "b".repeat(6)),
                vec![format!("pass  {}", "a".repeat(70)), format!("      {}", "b".repeat(6))],
            ),
            (format!("{} {}", "a".repeat(70), "b".repeat(3)), vec![format!("pass  {} bbb", "a".repeat(70))]),
            // Thirty-five wide characters take seventy columns.
            (
                format!("{} {}", "\u{4f8b}".repeat(35), "b".repeat(6)),
                vec![format!("pass  {}", "\u{4f8b}".repeat(35)), format!("      {}", "b".repeat(6))],
            ),
            (
                format!("see {long} there"),
                vec!["pass  see".to_owned(), format!("      {long}"), "      there".to_owned()],
            ),
        ] {
            let text = row("pass  ", &words);
            assert_eq!(text.lines().map(str::trim_end).collect::<Vec<_>>(), lines, "{words}");
            assert!(text.ends_with('\n'));
        }
        assert_eq!(
            hanging("On ", 4, &"word ".repeat(20)).lines().nth(1).map(|line| line.starts_with("    word")),
            Some(true)
        );
    }
}

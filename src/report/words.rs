//! How things are written for people: dates, names, and texts that somebody else chose.

use crate::authority::Action;
use crate::clock::UtcTime;
use crate::domain::DomainName;
pub use crate::words::counted;

/// The longest text of a log that the HTML file has whole, in characters. An entry has 16 KiB; a file of many such texts would
/// not open in a browser.
pub(super) const BRIEF_CHARS: usize = 2000;

/// A text from a log as it may be shown: control characters, invisible ones and those that turn the direction of writing are
/// written out as `⟨U+202E⟩`, so that no text looks like another.
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The same, but what is too long is cut, and says so.
pub(super) fn brief(text: &str) -> String {
    match text.char_indices().nth(BRIEF_CHARS) {
        None => shown(text),
        Some((end, _)) => {
            let (begin, rest) = text.split_at(end);
            format!("{}… ({} more characters)", shown(begin), rest.chars().count())
        }
    }
}

/// Whether [`brief`] cuts it.
pub(super) fn is_cut(text: &str) -> bool {
    text.len() > BRIEF_CHARS && text.chars().nth(BRIEF_CHARS).is_some()
}

/// Control characters (C0, C1), the bidirectional controls (UAX #9 section 2), zero-width and other invisible characters,
/// variation selectors aside.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// An internationalised name in both its forms; everything else as [`shown`].
pub fn for_people(subject: &str) -> String {
    DomainName::parse(subject).map_or_else(|_| shown(subject), |name| shown(&name.for_people()))
}

/// `16 March 2027, 11:30:00 UTC`.
pub fn long(at: UtcTime) -> String {
    format!("{}, {} UTC", day(at), clock_time(at))
}

/// `16 March 2027`.
pub fn day(at: UtcTime) -> String {
    at.to_jiff().strftime("%-d %B %Y").to_string()
}

/// `11:30:00`, in UTC.
pub fn clock_time(at: UtcTime) -> String {
    at.to_jiff().strftime("%H:%M:%S").to_string()
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [many @ .., last] => format!("{} and {last}", many.join(", ")),
    }
}

/// What is ordered by an action, in words: `to be redirected to the seizure name servers`.
pub fn ordered(action: &str) -> String {
    let words = match Action::of_word(action) {
        Some(Action::Redirect) => "to be redirected to the seizure notice",
        Some(Action::Suspend) => "to be suspended at the registry",
        Some(Action::Sinkhole) => "to be pointed at a sinkhole",
        Some(Action::Block) => "to be blocked from registration",
        Some(Action::Host) => "to show the notice at its server",
        Some(Action::Offline) => "to be taken off the network",
        Some(Action::Onion) => "to show the notice as an onion service",
        None => return format!("({})", shown(action)),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_hide_or_turn_a_text_is_written_out() {
        for (text, expected) in [
            ("plain — é 例え", "plain — é 例え"),
            ("evil\u{202e}gpj.exe", "evil⟨U+202E⟩gpj.exe"),
            ("a\u{200b}b\u{feff}", "a⟨U+200B⟩b⟨U+FEFF⟩"),
            ("\u{1b}[31mred\n", "⟨U+001B⟩[31mred⟨U+000A⟩"),
            ("\u{2066}x\u{2069}", "⟨U+2066⟩x⟨U+2069⟩"),
        ] {
            assert_eq!(shown(text), expected);
        }
        let (long, full) = ("x".repeat(BRIEF_CHARS + 5), "x".repeat(BRIEF_CHARS));
        assert_eq!((shown(&long), brief(&long)), (long.clone(), format!("{full}… (5 more characters)")));
        assert_eq!((is_cut(&long), is_cut(&full), brief(&full)), (true, false, full.clone()));
    }

    #[test]
    fn dates_are_long_and_unambiguous() {
        let at: UtcTime = "2027-03-06T09:05:07Z".parse().unwrap();
        assert_eq!(long(at), "6 March 2027, 09:05:07 UTC");
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(
            (listed(&words[..1]), listed(&words[..2]), listed(&words)),
            ("a".into(), "a and b".into(), "a, b and c".into())
        );
        assert_eq!(for_people("xn--bcher-kva.example"), "bücher.example (xn--bcher-kva.example)");
        assert_eq!(for_people("198.51.100.1:80"), "198.51.100.1:80");
    }
}

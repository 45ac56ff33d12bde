//! Hosts by the million, in one block of text.

use std::fmt;

/// Hosts as browsers write them, onion services included, in the order in which they were put in. They stand one a line, each
/// line ended, so that a million cost about twenty octets each and are written to a file as they are.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HostList(String);

impl HostList {
    /// Takes a text of one host a line. `None` when it has an empty line, or none at all, or the last one is not ended.
    pub fn of_text(text: String) -> Option<Self> {
        let is_list = text.ends_with('\n') && !text.starts_with('\n') && !text.contains("\n\n");
        is_list.then_some(Self(text))
    }

    /// One host a line.
    pub fn as_text(&self) -> &str {
        &self.0
    }

    /// The hosts in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.split_terminator('\n')
    }

    /// Whether exactly this host is among them; looks at all of them.
    pub fn contains(&self, host: &str) -> bool {
        self.iter().any(|one| one == host)
    }
}

impl<S: AsRef<str>> FromIterator<S> for HostList {
    fn from_iter<I: IntoIterator<Item = S>>(hosts: I) -> Self {
        let mut text = String::new();
        for host in hosts {
            text.push_str(host.as_ref());
            text.push('\n');
        }
        Self(text)
    }
}

impl From<Vec<String>> for HostList {
    fn from(hosts: Vec<String>) -> Self {
        hosts.into_iter().collect()
    }
}

impl fmt::Debug for HostList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_come_out_as_they_went_in() {
        let hosts = HostList::from(vec!["b.example".to_owned(), "a.example".to_owned()]);
        assert_eq!(hosts.iter().collect::<Vec<_>>(), ["b.example", "a.example"]);
        assert_eq!(hosts.as_text(), "b.example\na.example\n");
        assert_eq!(HostList::of_text(hosts.as_text().to_owned()), Some(hosts.clone()));
        assert!(hosts.contains("a.example"));
        for other in ["example", "a.example\n", "", ".example"] {
            assert!(!hosts.contains(other), "{other:?}");
        }
        assert_eq!(HostList::default().iter().count(), 0);
    }

    #[test]
    fn a_text_with_an_empty_line_or_a_line_that_is_not_ended_is_no_list() {
        for text in ["", "\n", "a.example", "a.example\n\n", "\na.example\n", "a.example\n\nb.example\n"] {
            assert_eq!(HostList::of_text(text.to_owned()), None, "{text:?}");
        }
    }
}

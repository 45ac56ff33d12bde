//! What was seen of a target, and what a visitor was shown.

use crate::check::{Finding, Severity, Verdict};
use crate::playbook::Id;
use crate::verify::{self, Visited};

/// The moment of the operation at which a target was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before anything was changed.
    Before,
    /// After.
    After,
}

impl Moment {
    /// The word in the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// What a look at a target found.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Before anything was changed, or after.
    pub moment: Moment,
    /// The list that the target comes from.
    pub list: Option<Id>,
    /// The state, in a few words.
    pub state: String,
    /// The findings.
    pub findings: Vec<Finding>,
}

/// What a visitor was shown, and what was due.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The visit.
    pub visited: Visited,
    /// The edition that is to be seen now.
    pub due: Option<String>,
}

impl Shown {
    /// Whether the visitor met a genuine notice, and of the edition that is due: an older one is genuine as well, but what
    /// was released is not on it.
    pub fn is_right(&self) -> bool {
        self.visited.is_genuine() && self.edition() == self.due
    }

    /// The visit as a verdict: what could not be found out is unknown, and no failure.
    pub fn verdict(&self) -> Verdict {
        match self.visited.report.verdict {
            _ if self.is_right() => Verdict::Pass,
            verify::Verdict::Undetermined { .. } => Verdict::Unknown,
            _ => Verdict::Fail,
        }
    }

    /// One line for people.
    pub fn summary(&self) -> String {
        match (&self.due, self.edition()) {
            (Some(due), Some(seen)) if *due != seen && self.visited.is_genuine() => {
                format!("{}, but it is {seen} and not {due}", self.visited.summary())
            }
            _ => self.visited.summary(),
        }
    }

    fn edition(&self) -> Option<String> {
        self.visited.report.notice.as_ref().map(ToString::to_string)
    }
}

impl Seen {
    /// What a person should read at once: the findings that are more than notices, the gravest first.
    pub fn lines(&self) -> Vec<String> {
        let mut graver: Vec<&Finding> =
            self.findings.iter().filter(|finding| finding.severity != Severity::Notice).collect();
        graver.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        graver.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect()
    }
}

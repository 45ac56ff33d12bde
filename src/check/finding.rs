//! What a check says, and what several such sayings amount to.

use std::fmt;

use super::Code;
use crate::authority::Subject;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// A risk that a person should have seen.
    Warning,
    /// The operation must not go on, or has not reached what it is for.
    Blocker,
}

impl Severity {
    /// The word in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Blocker => "blocker",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Whether the thing was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// It was seen to be so.
    Seen,
    /// It could not be found out; the severity is that of the worst case.
    NotKnown,
}

/// One thing that one check found about one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Of which kind.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// Whether it was seen, or could not be found out.
    pub certainty: Certainty,
    /// About what.
    pub subject: Subject,
    /// What was found, on one line.
    pub message: String,
    /// Labels of the exhibits on which it rests; see [`super::evidence()`].
    pub evidence: Vec<String>,
}

impl Finding {
    /// The same finding, resting on these exhibits.
    pub(super) fn resting_on(self, evidence: Vec<String>) -> Self {
        Self { evidence, ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown = if self.certainty == Certainty::NotKnown { " (not known)" } else { "" };
        write!(f, "{} {}{unknown}: {}: {}", self.code, self.severity, self.subject, self.message)
    }
}

/// What findings amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everything was found out, and nothing stands in the way.
    Pass,
    /// A blocker was seen.
    Fail,
    /// No blocker was seen, but something could not be found out.
    Unknown,
}

impl Verdict {
    /// The word in tables and records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// What findings amount to; none of them is a pass.
pub fn verdict(findings: &[Finding]) -> Verdict {
    let seen_blocker =
        |finding: &Finding| finding.certainty == Certainty::Seen && finding.severity == Severity::Blocker;
    if findings.iter().any(seen_blocker) {
        Verdict::Fail
    } else if findings.iter().any(|finding| finding.certainty == Certainty::NotKnown) {
        Verdict::Unknown
    } else {
        Verdict::Pass
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(severity: Severity, certainty: Certainty) -> Finding {
        Finding {
            code: Code::new(101),
            severity,
            certainty,
            subject: Subject::Name("shop.example".parse().unwrap()),
            message: "it is so".into(),
            evidence: Vec::new(),
        }
    }

    #[test]
    fn what_could_not_be_found_out_is_never_a_pass() {
        use Certainty::{NotKnown, Seen};
        use Severity::{Blocker, Notice, Warning};
        let cases: [(&[(Severity, Certainty)], Verdict); 6] = [
            (&[], Verdict::Pass),
            (&[(Notice, Seen), (Warning, Seen)], Verdict::Pass),
            (&[(Notice, NotKnown)], Verdict::Unknown),
            (&[(Blocker, NotKnown), (Warning, Seen)], Verdict::Unknown),
            (&[(Blocker, Seen)], Verdict::Fail),
            (&[(Warning, NotKnown), (Blocker, Seen)], Verdict::Fail),
        ];
        for (made_of, expected) in cases {
            let findings: Vec<Finding> = made_of.iter().map(|(s, c)| finding(*s, *c)).collect();
            assert_eq!(verdict(&findings), expected, "{made_of:?}");
        }
    }

    #[test]
    fn a_finding_is_told_on_one_line() {
        let told = finding(Severity::Warning, Certainty::NotKnown).to_string();
        assert_eq!(told, "C101 warning (not known): shop.example: it is so");
    }
}

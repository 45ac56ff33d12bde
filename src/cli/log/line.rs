//! One line of the result of `impound log verify`.

use std::fmt;

use serde_json::{Value, json};

use crate::columns;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Pass,
    Fail,
    /// The journal holds what is not published: its writer was interrupted, it seems. Nothing is wrong with the rest.
    Interrupted,
    /// Nothing of the log is wrong; but something beside it: what the writer needs to go on, or evidence that should be there.
    Warning,
    /// It was not asked for, or there is nothing to check. This is not a pass.
    NotChecked,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Interrupted => "interrupted",
            Self::Warning => "warning",
            Self::NotChecked => "not checked",
        }
    }
}

/// One check.
pub(super) struct Line {
    check: &'static str,
    pub(super) outcome: Outcome,
    detail: String,
}

impl Line {
    /// One check, with what was seen.
    pub(super) fn new(check: &'static str, outcome: Outcome, detail: impl Into<String>) -> Self {
        Self { check, outcome, detail: detail.into() }
    }

    /// A line of the same check, with the same outcome.
    pub(super) fn like(&self, detail: String) -> Self {
        Self { detail, ..*self }
    }

    /// For programs.
    pub(super) fn wire(&self) -> Value {
        json!({"check": self.check, "result": self.outcome.word(), "detail": self.detail})
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let result = if self.outcome == Outcome::Fail { "FAIL" } else { self.outcome.word() };
        f.write_str(&columns::row(&format!("{result:<11}  {:<11}  ", self.check), &self.detail))
    }
}

//! The one table of checks.

use std::fmt;

use super::Finding;
use super::checks as c;
use super::scene::Scene;

/// Names a kind of finding: `C104`. From 100 on before an action, from 200 on after it, from 300 on at any time. A
/// number is never used again for something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

impl Code {
    pub(super) const fn new(number: u16) -> Self {
        Self(number)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("C{:03}", self.0))
    }
}

/// A kind of finding, as it is explained to people.
#[derive(Debug)]
pub struct Check {
    /// Its number.
    pub code: Code,
    /// Its short name, in records and filters.
    pub name: &'static str,
    /// What is the matter, in one line.
    pub title: &'static str,
    /// Why it matters.
    pub explanation: &'static str,
    /// What to do.
    pub advice: &'static str,
}

/// A check with the function that makes its findings.
pub(super) struct Row {
    pub(super) check: &'static Check,
    pub(super) judge: fn(&Scene<'_>) -> Vec<Finding>,
}

macro_rules! rows {
    ($($module:ident),* $(,)?) => {
        &[$(Row { check: &c::$module::CHECK, judge: c::$module::judge }),*]
    };
}

/// The checks before an action.
pub(super) const BEFORE: &[Row] = rows![
    delegation_unknown,
    not_delegated,
    block_registered,
    ds_present,
    mail_present,
    already_seized,
    registration_newer,
    registration_unknown,
    expires_soon,
    being_deleted,
    servers_silent,
    servers_elsewhere,
    host_elsewhere,
    already_silent,
    key_not_sole,
];

/// The checks after an action.
pub(super) const AFTER: &[Row] = rows![
    parent_unknown,
    parents_differ,
    delegation_elsewhere,
    half_changed,
    ds_left,
    lame_server,
    wrong_address,
    type_unanswered,
    mail_not_refused,
    stale_cache,
    still_resolves,
    hold_missing,
    block_elsewhere,
    still_answers,
    host_still_elsewhere,
];

/// Every kind of finding, in the order of the codes.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    BEFORE.iter().chain(AFTER).map(|row| row.check).chain([&super::outsider::CHECK])
}

/// The kind of finding with this code (`C104`) or short name (`ds-present`), in any case.
pub fn explain(code: &str) -> Option<&'static Check> {
    checks().find(|check| check.code.to_string().eq_ignore_ascii_case(code) || check.name.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::Path;

    use super::*;

    #[test]
    fn codes_ascend_and_names_are_unique() {
        let codes: Vec<Code> = checks().map(|check| check.code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
        let names: std::collections::BTreeSet<&str> = checks().map(|check| check.name).collect();
        assert_eq!(names.len(), codes.len());
        assert!(BEFORE.iter().all(|row| (100..200).contains(&row.check.code.0)));
        assert!(AFTER.iter().all(|row| (200..300).contains(&row.check.code.0)));
    }

    #[test]
    fn a_kind_is_found_by_code_and_by_name() {
        assert_eq!(explain("c104").unwrap().name, "ds-present");
        assert_eq!(explain("ds-present").unwrap().code.to_string(), "C104");
        assert!(explain("C999").is_none());
    }

    /// The documentation of all checks, as `docs/findings.md` holds it.
    fn page() -> String {
        let mut page = String::from(
            "# Findings\n\n\
             What `impound check` finds, by code. `C1..` come before an action, `C2..` after it, `C3..` at any time. A\n\
             finding marked *not known* says that something could not be found out; it never counts as a pass.\n\n\
             This page is made from the table of checks;\n\
             `IMPOUND_RENEW=1 cargo test --lib check::register` writes it anew.\n",
        );
        for Check { code, name, title, explanation, advice } in checks() {
            let _ = write!(page, "\n## {code} {name}\n\n**{title}**\n\n{explanation}\n\n*What to do:* {advice}\n");
        }
        page
    }

    #[test]
    fn the_documentation_is_made_from_the_table() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
        if std::env::var_os("IMPOUND_RENEW").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, page()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), page(), "renew docs/findings.md with IMPOUND_RENEW=1");
    }
}

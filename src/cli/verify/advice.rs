//! What a report leaves open, and what to give so that it is looked at.

use crate::columns;
use crate::verify::{Check, CheckResult, Report};

/// For each check that a person can have made, what it would show, and what to give for it.
const WAYS: [(Check, &str); 7] = [
    (Check::KeyList, "whether a key was revoked: --keys KEYS.note --roots ROOTS, the agencies' signed key list"),
    (Check::Name, "whether it is for the site in question: --name NAME, the name as it stands in the address bar"),
    (Check::Copy, "whether notice.txt is the signed text: put it beside notice.note"),
    (
        Check::Pages,
        "whether these are the signed pages: put them beside notice.note, each in the directory of its language",
    ),
    (Check::Later, "whether it was withdrawn or replaced since: --register DIR, a copy of the agencies' register"),
    (Check::Inclusion, "whether it stands in the operation's log: --log VKEY or POLICY, with its proof in the kit"),
    (Check::Witnesses, "who else has seen the log, and when: --log POLICY, a policy that names the witnesses"),
];

/// What shows it of a name that was asked about, where a notice does not tell its names.
const PROOF_OF_NAME: &str =
    "whether it is among the names that are not told: put the site's coverage.proof beside notice.note";

/// What was not checked, as people can have it checked, in 80 columns; empty when all was. A page that could not be fetched, or a note
/// that nobody known has signed, is no matter of options: then nothing is said.
pub(super) fn advice(report: &Report, is_named: bool) -> String {
    let is_open = |check: Check| report.line(check).is_some_and(|line| line.result == CheckResult::NotChecked);
    let is_judged = report.line(Check::Manifest).is_some_and(|line| line.result == CheckResult::Pass);
    let open: Vec<_> = WAYS.into_iter().filter(|(check, _)| is_judged && is_open(*check)).collect();
    if open.is_empty() {
        return String::new();
    }
    let row = |(check, way): (Check, &str)| {
        let way = if check == Check::Name && is_named { PROOF_OF_NAME } else { way };
        columns::row(&format!("  {:<11}  ", check.as_str()), way)
    };
    "\nnot checked, and how it would be:\n".to_owned() + &open.into_iter().map(row).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_names_what_to_give_and_fits_the_columns() {
        for (check, way) in WAYS {
            assert!(way.contains("--") || way.contains("beside"), "{way}");
            let row = columns::row(&format!("  {:<11}  ", check.as_str()), way);
            assert!(row.lines().all(|line| line.len() <= columns::COLUMNS), "{row}");
        }
    }
}

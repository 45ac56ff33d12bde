//! What a report leaves open, and what to give so that it is looked at.

use crate::columns;
use crate::verify::{Check, CheckResult, Report};

/// For each check that a person can have made, what it would show, and what to give for it.
const WAYS: [(Check, &str); 8] = [
    (Check::KeyList, "whether a key was revoked: --keys KEYS.note --roots ROOTS, the agencies' signed key list"),
    (Check::Name, "whether it is for the site in question: --name NAME, the name as it stands in the address bar"),
    (Check::Copy, "whether notice.txt is the signed text: put it beside notice.note"),
    (
        Check::Pages,
        "whether the page is one that was signed: save it, as HTML only, beside notice.note, and give that directory",
    ),
    (Check::Later, "whether it was withdrawn or replaced since: --register DIR, a copy of the agencies' register"),
    (Check::Inclusion, "whether it stands in the operation's log: --log VKEY or POLICY, with its proof in the kit"),
    (Check::Witnesses, "who else has seen the log, and when: --log POLICY, a policy that names the witnesses"),
    (Check::TimeStamp, "since when it stands there: --tsa-ca FILE, the time stamping authorities that you believe"),
];

/// What shows it of a name that was asked about, where a notice does not tell its names.
const PROOF_OF_NAME: &str =
    "whether it is among the names that are not told: put the site's coverage.proof beside notice.note";

/// What shows it where a register was given that has expired or is not whole.
const NEWER_REGISTER: &str = "whether it was withdrawn or replaced since: the copy of the register that you gave does not show it; get a newer one, and the \
                              whole of it, for --register DIR";

/// What shows that the notice stands in the log in which it must: whoever copied it may have left the proof out.
const PROOF_OF_ENTRY: &str = "you asked for the log, and nothing shows that the notice ever stood there: put inclusion.tlog-proof of its kit \
                              beside notice.note, give a register that has one with --register DIR, or ask the issuer";

/// What dates a proof for which witnesses do not stand.
const STAMP_OF_ENTRY: &str = "you asked for a time stamp that you believe, and no other dates the entry: put inclusion.tsr of its kit beside \
                              notice.note, or give a policy that names witnesses with --log POLICY";

/// What was not checked, as people can have it checked, in 80 columns; empty when all was. A page that could not be fetched, or a note
/// that nobody known has signed, is no matter of options: then nothing is said.
pub(super) fn advice(report: &Report, is_named: bool, has_register: bool) -> String {
    let is_open = |check: Check| report.line(check).is_some_and(|line| line.result == CheckResult::NotChecked);
    let is_judged = report.line(Check::Manifest).is_some_and(|line| line.result == CheckResult::Pass);
    let open: Vec<_> = WAYS.into_iter().filter(|(check, _)| is_judged && is_open(*check)).collect();
    if open.is_empty() {
        return String::new();
    }
    let row = |(check, way): (Check, &str)| {
        let is_needed = report.line(check).is_some_and(|line| line.is_needed);
        let way = match check {
            Check::Name if is_named => PROOF_OF_NAME,
            Check::Later if has_register => NEWER_REGISTER,
            Check::Inclusion if is_needed => PROOF_OF_ENTRY,
            Check::TimeStamp if is_needed => STAMP_OF_ENTRY,
            _ => way,
        };
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

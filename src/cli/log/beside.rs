//! What lies beside the entries, for `impound log verify`: the evidence, and what opens the texts about people.

use std::collections::{BTreeMap, BTreeSet};

use super::line::{Line, Outcome};
use crate::audit::{AuditError, Citations, Commitment, EvidenceSeen, LogReader, Openings, SealedError};
use crate::cli::Failure;
use crate::cli::open::{audit_exit, audit_failure, evidence_store, sealed_failure};
use crate::tlog::LeafIndex;
use crate::words::counted;

/// Enough lines to see what happened; `report --format json` has all.
const TOLD_MAX: usize = 20;

/// What was seen beside the entries, in one pass over them.
pub(super) struct Beside {
    openings: Openings,
    evidence: EvidenceSeen,
    /// Whether there is a directory with sealed evidence, so that what is missing was in it.
    has_sealed: bool,
    sealed: u64,
    opened: u64,
    /// What is wrong with the first opening that does not open what it should.
    wrong: Option<String>,
    /// Those of which an entry says that they were destroyed.
    erased: BTreeMap<Commitment, LeafIndex>,
    /// Those at hand that no entry rests on.
    uncited: BTreeSet<Commitment>,
}

impl Beside {
    /// Looks at everything that the entries cite. They were verified before.
    pub(super) fn of(reader: &LogReader, openings: Openings) -> Result<Self, Failure> {
        // Before the entries: what is written meanwhile is not taken for something that no entry cites.
        let uncited = openings.at_hand().map_err(sealed_failure)?;
        let evidence = EvidenceSeen::default();
        let (wrong, erased) = (None, BTreeMap::new());
        let mut beside = Self { openings, evidence, has_sealed: false, sealed: 0, opened: 0, wrong, erased, uncited };
        let mut citations = Citations::default();
        for recorded in reader.entries().map_err(audit_failure)? {
            let recorded = recorded.map_err(audit_failure)?;
            citations.note(&recorded);
            for cited in recorded.entry.body.values().filter_map(Commitment::in_value) {
                beside.uncited.remove(&cited);
            }
            match beside.openings.of_body(&recorded.entry.body) {
                Ok((sealed, fit)) => {
                    beside.sealed += sealed;
                    beside.opened += fit.len() as u64;
                }
                Err(error @ (SealedError::DoesNotFit { .. } | SealedError::NotAnOpening { .. })) => {
                    beside.wrong.get_or_insert(error.to_string());
                }
                Err(error) => return Err(sealed_failure(error)),
            }
        }
        beside.erased.clone_from(citations.destroyed());
        let store = evidence_store(reader.dir(), beside.openings.dir());
        beside.evidence = citations.seen_in(&store);
        beside.has_sealed = store.is_sealed_beside();
        Ok(beside)
    }

    /// How much of the evidence is as it was recorded, and a line for each file that is not, or that was erased. That is a finding
    /// and not the end.
    pub(super) fn evidence(&self) -> Result<Vec<Line>, Failure> {
        let seen = &self.evidence;
        let not_checked = |detail: String| Line::new("evidence", Outcome::NotChecked, detail);
        let mut lines = good(seen);
        let bad: Result<Vec<Line>, Failure> = seen.bad.iter().map(|(_, _, error)| bad(error)).collect();
        lines.extend(first_of(bad?, "more files are not as they were recorded"));
        let erased =
            seen.erased.iter().map(|(digest, entry)| not_checked(format!("{digest}: removed under entry {entry}")));
        lines.extend(first_of(erased.collect(), "more files were removed under an entry"));
        if seen.apart > 0 {
            lines.push(not_checked("is not beside the log".to_owned()));
        }
        lines.extend(self.shut());
        lines.extend(uncited(seen).map(not_checked));
        Ok(lines)
    }

    /// Sealed files that are not at hand. Where others lie, they should too.
    fn shut(&self) -> Option<Line> {
        let files = match self.evidence.shut {
            0 => return None,
            shut => counted(shut, "sealed file is", "sealed files are"),
        };
        let (outcome, why) = match self.has_sealed {
            true => (Outcome::Warning, ", though their directory is there, and no entry says why"),
            false => (Outcome::NotChecked, ""),
        };
        Some(Line::new("evidence", outcome, format!("{files} not at hand{why}: destroyed, lost or elsewhere")))
    }

    /// That every opening at hand opens what it is named for. Those that are not there are no failure: they may have been destroyed.
    /// One that should be gone is a failure, and one that no entry rests on is told.
    pub(super) fn sealed(&self) -> Vec<Line> {
        let line = |outcome, detail: String| Line::new("sealed", outcome, detail);
        if !self.openings.dir().is_dir() {
            let detail = "what opens the texts about people is not beside the log".to_owned();
            return vec![line(Outcome::NotChecked, detail)];
        }
        let there = self.erased.iter().filter(|(one, _)| self.openings.is_there(**one));
        let there = there.map(|(one, entry)| {
            let file = self.openings.dir().join(one.file_name());
            line(Outcome::Fail, format!("{} is there, but entry {entry} says that it was erased", file.display()))
        });
        let mut lines = first_of(there.collect(), "more openings are there that should be gone");
        match &self.wrong {
            Some(wrong) => lines.push(line(Outcome::Fail, wrong.clone())),
            None => lines.push(self.opened()),
        }
        if let Some(one) = self.uncited.first() {
            let count = counted(self.uncited.len() as u64, "opening is", "openings are");
            let why =
                "a write was interrupted, its entry is not published yet, or an older state of the log was put back";
            lines.push(line(
                Outcome::NotChecked,
                format!("{count} cited by no entry of this log ({why}), as {}", one.file_name()),
            ));
        }
        lines
    }

    fn opened(&self) -> Line {
        let Self { sealed, opened, erased, .. } = self;
        let shut = sealed.saturating_sub(*opened);
        if shut == 0 {
            let detail =
                format!("what opens the {} about people is there, and fits", counted(*sealed, "text", "texts"));
            return Line::new("sealed", Outcome::Pass, detail);
        }
        let detail = match erased.len() {
            0 => format!("what opens {shut} was destroyed, lost or is elsewhere"),
            erased => format!("what opens {shut} was destroyed ({erased} under an entry), lost or is elsewhere"),
        };
        let can =
            format!("{opened} of {} about people can be opened, and fit; {detail}", counted(*sealed, "text", "texts"));
        Line::new("sealed", Outcome::NotChecked, can)
    }
}

fn good(seen: &EvidenceSeen) -> Vec<Line> {
    let all = seen.good() == seen.files;
    if seen.good() == 0 && !all {
        return Vec::new();
    }
    let detail = match (all, seen.cited) {
        (true, 0) => "no entry cites any".to_owned(),
        (true, 1) => "cited once, as it was recorded".to_owned(),
        (true, cited) => format!("cited {cited} times, each time as it was recorded"),
        (false, _) => {
            format!("{} of {} as they were recorded", seen.good(), counted(seen.files, "file is", "files are"))
        }
    };
    vec![Line::new("evidence", Outcome::Pass, detail)]
}

/// Files that nothing vouches for.
fn uncited(seen: &EvidenceSeen) -> Option<String> {
    match seen.uncited {
        None => Some("whether files lie there that no entry cites is not known".to_owned()),
        Some(0) => None,
        Some(more) => Some(format!("{} there, cited by no entry", counted(more, "file is", "files are"))),
    }
}

/// A file that is not as it was recorded. What this machine could not do says nothing about the evidence.
fn bad(error: &AuditError) -> Result<Line, Failure> {
    use AuditError as E;
    match error {
        E::Missing { .. }
        | E::Length { .. }
        | E::Stray { .. }
        | E::AlteredEvidence { .. }
        | E::NotSealed { .. }
        | E::NotErased { .. } => Ok(Line::new("evidence", Outcome::Fail, error.to_string())),
        error => Err(Failure::new(audit_exit(error), error.to_string())),
    }
}

/// The first of many lines, and how many there are besides.
fn first_of(mut lines: Vec<Line>, more: &str) -> Vec<Line> {
    let rest = lines.split_off(lines.len().min(TOLD_MAX));
    lines.extend(rest.first().map(|one| one.like(format!("{} {more}", rest.len()))));
    lines
}

//! `impound report`: an operation retold from its record, or from the records that several agencies kept of it.

mod evidence;
mod merge;

use std::path::{Path, PathBuf};

use super::args::{Format, Report};
use super::exit::OrFail;
use super::log::tsa_authorities;
use super::open::{evidence_store, log_keys, private_beside, read_bounded, sealed_failure, write_whole};
use super::{Env, Exit, Failure};
use crate::audit::{Citations, Commitment, EvidenceStore, Openings, Recorded, SealedError, for_reading};
use crate::report::{Papers, Retold, html, lines_left_out, text};
use crate::signed_note::{NOTE_MAX_BYTES, Note};
use crate::tlog::Checkpoint;

pub(super) use merge::Against;

/// Records that are told together. More agencies have never taken part in one operation.
const LOGS_MAX: usize = 64;

/// Retells the operation from its records, each of which is verified whole first, and its evidence with it.
///
/// What does not verify is not told; that it does not is told above everything else, and is the exit code.
pub(super) fn run(arguments: &Report, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if arguments.output.is_some() && format == Format::Json {
        return Err(Failure::new(Exit::Usage, "the file that -o names is HTML")
            .help("leave `-o FILE` out for JSON on standard output, or `--format json` for the file"));
    }
    if let Some(file) = &arguments.output {
        check_name(file)?;
    }
    let retold = retell(&arguments.dirs, &against(arguments)?, &arguments.private)?;
    match (&arguments.output, format) {
        (Some(file), _) => {
            write_html(&retold, file)?;
            env.print(format!("the report was written to {}\n", file.display()))?;
            say_left_out(&retold, env);
        }
        (None, Format::Text) => env.print(text(&retold))?,
        (None, Format::Json) => env.print_json(&retold.json())?,
    }
    for log in &retold.logs {
        if let Some(unpublished) = log.unpublished_sentence() {
            env.say(format!("note: not told: {unpublished}"));
        }
        for failure in log.failures() {
            env.say(format!("error: {}: {}", log.origin, crate::report::shown(&failure)));
        }
        if !matches!(log.evidence, crate::report::EvidenceTold::Checked { .. }) {
            env.say(format!("note: {}: the evidence was not looked at: it is not beside the log", log.origin));
        }
    }
    Ok(match (retold.is_sound(), retold.logs.iter().any(|log| log.committed.is_some())) {
        (false, _) => Exit::NotVerified,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Ok,
    })
}

/// A name that promises another form than HTML is refused.
fn check_name(file: &Path) -> Result<(), Failure> {
    if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf")) {
        return Err(Failure::new(Exit::Usage, format!("the report is HTML, and {} is named as PDF", file.display()))
            .help("name it .html and print it from a browser"));
    }
    Ok(())
}

/// Says what the file has no room for.
fn say_left_out(retold: &Retold, env: &mut Env<'_>) {
    match lines_left_out(retold) {
        0 => {}
        lines => env.say(format!(
            "note: not all of the timeline is in the file, so that a browser opens it; lines left out: {lines}. `impound report` \
             without -o tells them all, and `impound log show` prints every entry"
        )),
    }
}

/// Reads what the records are to be held against.
fn against(arguments: &Report) -> Result<Against, Failure> {
    let mut against =
        Against { authorities: arguments.tsa_ca.as_deref().map(tsa_authorities).transpose()?, ..Against::default() };
    for given in &arguments.keys {
        let (keys, policy) = log_keys(given)?;
        against.keys.extend(keys);
        against.policies.extend(policy);
    }
    for path in &arguments.since {
        let note = read_bounded(path, NOTE_MAX_BYTES)?;
        let checkpoint = Note::parse(&note).ok().and_then(|note| Checkpoint::parse(&note.text).ok());
        let Some(Checkpoint { origin, .. }) = checkpoint else {
            return Err(Failure::new(Exit::Usage, format!("{} is not a checkpoint", path.display())));
        };
        if against.older.iter().any(|(_, other, _)| *other == origin) {
            let message = format!("--since names two checkpoints of `{origin}`");
            return Err(Failure::new(Exit::Usage, message).help("give one of each record, the newest"));
        }
        against.older.push((path.clone(), origin, note));
    }
    Ok(against)
}

/// The operation as its records tell it, each verified whole, with all evidence that is beside them; sealed texts in clear
/// where what opens them is in `private`, in the order of the records, or beside the record.
pub(super) fn retell(dirs: &[PathBuf], against: &Against, private: &[PathBuf]) -> Result<Retold, Failure> {
    if dirs.len() > LOGS_MAX {
        return Err(Failure::new(Exit::Usage, format!("{} records; at most {LOGS_MAX} are told together", dirs.len())));
    }
    let mut logs = merge::open(dirs, against)?;
    let openings = |(place, dir): (usize, &PathBuf)| {
        private.get(place).map_or_else(|| private_beside(dir), |given| Ok(given.clone())).map(|dir| Openings::new(&dir))
    };
    let openings: Vec<Openings> = dirs.iter().enumerate().map(openings).collect::<Result<_, _>>()?;
    let mut retold = Retold::default();
    let stores: Vec<EvidenceStore> =
        dirs.iter().zip(&openings).map(|(dir, openings)| evidence_store(dir, openings.dir())).collect();
    let mut cited = vec![Citations::default(); logs.len()];
    while let Some((log, recorded)) = merge::next(&mut logs) {
        if let Some(cited) = cited.get_mut(log) {
            cited.note(&recorded);
        }
        let recorded = read(recorded, openings.get(log), |wrong| {
            logs.get_mut(log).into_iter().for_each(|log| log.problem(wrong.clone()));
        })?;
        retold.note(log, &recorded);
    }
    retold.finish();
    for ((log, cited), store) in logs.into_iter().zip(cited).zip(&stores) {
        retold.logs.push(log.told(evidence::told(&cited, store))?);
    }
    if retold.entries == 0
        && let Some(failure) = retold.logs.iter().find_map(|log| log.problems.first())
    {
        return Err(Failure::new(Exit::NotVerified, failure.clone()));
    }
    retold.papers = papers(&retold, &stores);
    Ok(retold)
}

/// An entry with its sealed texts in clear. Where what should open one does not, that is told, and the texts stay sealed.
fn read(
    mut recorded: Recorded,
    openings: Option<&Openings>,
    mut tell: impl FnMut(String),
) -> Result<Recorded, Failure> {
    let body = |openings| for_reading(&recorded.entry.body, openings, Commitment::excerpt);
    recorded.entry.body = match body(openings) {
        Err(error @ (SealedError::NotAnOpening { .. } | SealedError::DoesNotFit { .. })) => {
            tell(error.to_string());
            body(None)
        }
        read => read,
    }
    .map_err(sealed_failure)?;
    Ok(recorded)
}

/// The plan and the playbook of the first plan whose papers can be read. What was altered is not read.
fn papers(retold: &Retold, stores: &[EvidenceStore]) -> Papers {
    for opened in &retold.opened {
        let Some(store) = stores.get(opened.log) else { continue };
        let papers = Papers::read(&opened.plan, &evidence::files(store, &opened.evidence));
        if papers.plan.is_some() {
            return papers;
        }
    }
    Papers::default()
}

/// Writes the report as one HTML file.
pub(super) fn write_html(retold: &Retold, file: &Path) -> Result<(), Failure> {
    write_whole(file, html(retold).or_fail(Exit::Environment)?.as_bytes())
}

//! The timeline, grouped by step.

use super::super::words::{brief, counted, day, long};
use super::super::{Moment, Retold};
use super::When;

/// Lines of one step; of a step with more, the grave ones and the first are told.
const LINES_PER_STEP: usize = 200;

/// Lines in all. With the longest texts that is about half a megabyte.
const LINES_MAX: usize = 2000;

/// What happened in one step, without another step in between.
pub(super) struct StepGroup {
    pub title: String,
    pub day: String,
    pub lines: Vec<Line>,
    pub left_out: Option<String>,
}

/// One entry.
pub(super) struct Line {
    pub at: When,
    pub seq: u64,
    pub log: String,
    pub what: String,
    /// How many entries after it say the same, and until when.
    pub same: Option<String>,
    pub order: Option<String>,
    pub grave: bool,
}

/// The steps, and how many lines there is no room for.
pub(super) fn steps(retold: &Retold) -> (Vec<StepGroup>, u64) {
    let mut room = LINES_MAX;
    let mut groups = Vec::new();
    let mut untold = 0;
    for moments in retold.timeline.chunk_by(|one, other| one.step == other.step) {
        let group = group(retold, moments, room.min(LINES_PER_STEP), &mut untold);
        if room > 0 {
            room = room.saturating_sub(group.lines.len());
            groups.push(group);
        }
    }
    (groups, untold as u64)
}

fn group(retold: &Retold, moments: &[Moment], room: usize, untold: &mut usize) -> StepGroup {
    let runs: Vec<&[Moment]> = moments.chunk_by(same).collect();
    let is_grave = |run: &[Moment]| run.first().is_some_and(|moment| moment.grave);
    let mut graver = runs.iter().filter(|run| is_grave(run)).count().min(room);
    let mut plain = room - graver;
    let first = moments.first().map(|moment| day(moment.at)).unwrap_or_default();
    let mut lines = Vec::new();
    for run in &runs {
        let left = if is_grave(run) { &mut graver } else { &mut plain };
        if *left > 0 {
            *left -= 1;
            lines.extend(line(retold, run, &first));
        }
    }
    let more = runs.len() - lines.len();
    *untold += more;
    let step = moments.first().and_then(|moment| moment.step.as_deref());
    StepGroup {
        title: step.map_or("Outside the steps".to_owned(), |step| format!("Step “{}”", brief(step))),
        day: first,
        lines,
        left_out: (more > 0).then(|| format!("{} of this step left out here.", counted(more as u64, "line", "lines"))),
    }
}

/// Whether two entries that follow each other say the same, as those of a long wait do.
fn same(one: &Moment, other: &Moment) -> bool {
    (one.log, &one.what, &one.authority) == (other.log, &other.what, &other.authority)
}

/// The line of entries that say the same. On another day than the first of the step it has its date.
fn line(retold: &Retold, run: &[Moment], first: &str) -> Option<Line> {
    let (moment, last) = (run.first()?, run.last()?);
    let more = run.len() - 1;
    let until =
        || format!("the same in {}, the last at {}", counted(more as u64, "more entry", "more entries"), long(last.at));
    Some(Line {
        at: if day(moment.at) == first { When::clock(moment.at) } else { When::long(moment.at) },
        seq: moment.seq,
        log: brief(retold.origin(moment.log)),
        what: brief(&moment.what),
        same: (more > 0).then(until),
        order: moment.authority.as_deref().map(brief),
        grave: moment.grave,
    })
}

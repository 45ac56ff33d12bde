//! The timeline, grouped by step.

use super::super::words::{counted, day, shown};
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
    pub order: Option<String>,
    pub grave: bool,
}

pub(super) fn steps(retold: &Retold, left_out: &mut Vec<String>) -> Vec<StepGroup> {
    let mut room = LINES_MAX;
    let mut groups = Vec::new();
    let mut untold = 0;
    let same = |one: &Moment, other: &Moment| one.step == other.step && day(one.at) == day(other.at);
    for moments in retold.timeline.chunk_by(same) {
        if room == 0 {
            untold += moments.len();
            continue;
        }
        let group = group(retold, moments, room.min(LINES_PER_STEP));
        room -= group.lines.len();
        untold += moments.len() - group.lines.len();
        groups.push(group);
    }
    if untold > 0 {
        left_out.push(format!("{} of the timeline", counted(untold as u64, "entry", "entries")));
    }
    groups
}

fn group(retold: &Retold, moments: &[Moment], room: usize) -> StepGroup {
    let grave = moments.iter().filter(|moment| moment.grave).count().min(room);
    let mut plain = room - grave;
    let mut graver = grave;
    let mut lines = Vec::new();
    for moment in moments {
        let left = if moment.grave { &mut graver } else { &mut plain };
        if *left > 0 {
            *left -= 1;
            lines.push(line(retold, moment));
        }
    }
    let more = moments.len() - lines.len();
    let step = moments.first().and_then(|moment| moment.step.as_deref());
    StepGroup {
        title: step.map_or("The plan as a whole".to_owned(), |step| format!("Step “{}”", shown(step))),
        day: moments.first().map(|moment| day(moment.at)).unwrap_or_default(),
        lines,
        left_out: (more > 0)
            .then(|| format!("{} of this step left out here.", counted(more as u64, "entry", "entries"))),
    }
}

fn line(retold: &Retold, moment: &Moment) -> Line {
    Line {
        at: When::clock(moment.at),
        seq: moment.seq,
        log: shown(retold.origin(moment.log)),
        what: shown(&moment.what),
        order: moment.authority.as_deref().map(shown),
        grave: moment.grave,
    }
}

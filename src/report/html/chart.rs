//! How the change spread, as a drawing and as a table.
//!
//! A mark stands for one look at all targets. Between two marks nobody looked, so the line between them is dashed and holds the
//! last value that was seen. Where a look could not find out all, a bar reaches from what was seen to what would be if all that is
//! unknown were as ordered.

use std::time::Duration;

use super::super::words::{brief, counted, day, listed, long};
use super::super::{Retold, Round, RoundKind};
use super::When;
use crate::clock::UtcTime;

/// Marks in the drawing; of more looks, those at which the numbers changed.
const MARKS_MAX: usize = 400;
/// Lines of the table.
const ROWS_MAX: usize = 100;
/// Instructed steps that are marked.
const STEPS_MAX: usize = 12;

/// The drawing is this large, in its own units; the space inside the axes is given by the four edges.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 700.0;
const TOP: f64 = 46.0;
const BOTTOM: f64 = 272.0;

pub(super) struct Chart {
    pub width: f64,
    pub height: f64,
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub description: String,
    pub axis: String,
    pub across: Vec<Tick>,
    pub up: Vec<Tick>,
    pub begun: Vec<Begun>,
    pub lines: Vec<String>,
    pub marks: Vec<Mark>,
    pub rows: Vec<Row>,
}

/// A mark on an axis.
pub(super) struct Tick {
    pub at: String,
    pub label: String,
    pub second: Option<String>,
}

/// The moment at which the instructions of one or several steps began.
pub(super) struct Begun {
    pub x: String,
    pub letter: char,
    pub what: String,
    pub when: When,
}

/// One look.
pub(super) struct Mark {
    pub x: String,
    pub y: String,
    /// Where the bar of what is unknown ends.
    pub reach: Option<String>,
    pub waiting: bool,
}

/// One line of the table.
pub(super) struct Row {
    pub when: When,
    pub log: String,
    pub seq: u64,
    pub step: String,
    pub kind: &'static str,
    pub good: u64,
    pub not: u64,
    pub unknown: Option<u64>,
    pub whole: bool,
    /// How many looks after it found the same, and until when.
    pub same: Option<String>,
}

/// From when to when, and how many at most.
struct Scale {
    from: UtcTime,
    seconds: f64,
    most: f64,
}

impl Scale {
    fn x(&self, at: UtcTime) -> f64 {
        let since = at.since(self.from).as_secs() as f64;
        LEFT + (RIGHT - LEFT) * (since / self.seconds).min(1.0)
    }

    fn y(&self, count: u64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * (count as f64 / self.most).min(1.0)
    }
}

/// One place after the point is finer than any printer.
fn place(value: f64) -> String {
    format!("{value:.1}")
}

/// The drawing and its table; `None` when nobody looked after anything was instructed.
pub(super) fn chart(retold: &Retold, left_out: &mut Vec<String>) -> Option<Chart> {
    let rounds = retold.rounds();
    let (first, last) = (rounds.first()?, rounds.last()?);
    let begun = begun(retold);
    let from = begun.iter().map(|(at, _)| *at).chain([first.at]).min()?;
    let most = rounds.iter().map(Round::all).max().unwrap_or(1).max(1);
    let scale = Scale { from, seconds: (last.at.since(from).as_secs() as f64).max(1.0), most: most as f64 };
    let rows: Vec<&[Round]> = rounds.chunk_by(same).collect();
    if rows.len() > ROWS_MAX {
        let more = counted((rows.len() - ROWS_MAX) as u64, "line", "lines");
        left_out.push(format!("{more} of the table of looks"));
    }
    Some(Chart {
        width: WIDTH,
        height: HEIGHT,
        left: LEFT,
        right: RIGHT,
        top: TOP,
        bottom: BOTTOM,
        description: description(rounds),
        axis: format!("Time in UTC, from {}", day(from)),
        across: across(&scale, last.at),
        up: up(&scale, most),
        begun: marked(&scale, begun),
        lines: lines(retold, &scale),
        marks: chosen(rounds, MARKS_MAX).into_iter().map(|round| mark(&scale, round)).collect(),
        rows: rows.into_iter().take(ROWS_MAX).filter_map(|run| row(retold, run)).collect(),
    })
}

/// The rounds, or as many as there is room for: the first, those at which the numbers changed, and the last.
fn chosen(rounds: &[Round], max: usize) -> Vec<&Round> {
    if rounds.len() <= max {
        return rounds.iter().collect();
    }
    let changed = |pair: &[Round]| match pair {
        [before, after] => (before.good, before.not, before.unknown) != (after.good, after.not, after.unknown),
        _ => false,
    };
    let changes = rounds.windows(2).filter(|pair| changed(pair)).filter_map(<[Round]>::last);
    let mut chosen: Vec<&Round> = rounds.first().into_iter().chain(changes).take(max.saturating_sub(1)).collect();
    chosen.extend(rounds.last());
    chosen
}

/// When the instructions of each step began.
fn begun(retold: &Retold) -> Vec<(UtcTime, String)> {
    let mut begun: Vec<(UtcTime, String)> = Vec::new();
    for deed in retold.deeds.iter().filter(|deed| deed.action == "instruct") {
        if begun.len() < STEPS_MAX && !begun.iter().any(|(_, step)| *step == deed.step) {
            begun.push((deed.at, deed.step.clone()));
        }
    }
    begun
}

/// Steps that begin so close together that their lines would touch share one.
fn marked(scale: &Scale, begun: Vec<(UtcTime, String)>) -> Vec<Begun> {
    /// The width of a letter.
    const APART: f64 = 12.0;
    let mut groups: Vec<(UtcTime, Vec<String>)> = Vec::new();
    for (at, step) in begun {
        match groups.last_mut() {
            Some((first, steps)) if scale.x(at) - scale.x(*first) < APART => steps.push(brief(&step)),
            _ => groups.push((at, vec![brief(&step)])),
        }
    }
    let told = groups.into_iter().zip('A'..='Z').map(|((at, steps), letter)| Begun {
        x: place(scale.x(at)),
        letter,
        what: format!("{} {}", if steps.len() == 1 { "step" } else { "steps" }, listed(&steps)),
        when: When::long(at),
    });
    told.collect()
}

/// For each log a line that holds the last value that was seen.
fn lines(retold: &Retold, scale: &Scale) -> Vec<String> {
    let logs = retold.logs.len().max(1);
    let told = (0..logs).map(|log| {
        let mut path = String::new();
        let of_log: Vec<Round> = retold.rounds().iter().filter(|round| round.log == log).cloned().collect();
        for round in chosen(&of_log, MARKS_MAX) {
            let (x, y) = (place(scale.x(round.at)), place(scale.y(round.good)));
            path.push_str(&if path.is_empty() { format!("M{x} {y}") } else { format!("H{x}V{y}") });
        }
        path
    });
    told.filter(|path| path.contains('H')).collect()
}

fn mark(scale: &Scale, round: &Round) -> Mark {
    Mark {
        x: place(scale.x(round.at)),
        y: place(scale.y(round.good)),
        reach: (round.unknown > 0).then(|| place(scale.y(round.good.saturating_add(round.unknown)))),
        waiting: round.kind == RoundKind::Waiting,
    }
}

/// Whether two looks that follow each other found the same.
fn same(one: &Round, other: &Round) -> bool {
    let numbers = |round: &Round| (round.log, round.good, round.not, round.unknown, round.whole);
    numbers(one) == numbers(other) && one.step == other.step
}

fn row(retold: &Retold, run: &[Round]) -> Option<Row> {
    let (round, last) = (run.first()?, run.last()?);
    let more = run.len() - 1;
    let until =
        || format!("the same in {}, the last at {}", counted(more as u64, "more look", "more looks"), long(last.at));
    Some(Row {
        when: When::long(round.at),
        log: brief(retold.origin(round.log)),
        seq: round.seq,
        step: brief(&round.step),
        kind: round.kind.word(),
        good: round.good,
        not: round.not,
        unknown: (round.kind == RoundKind::Verification).then_some(round.unknown),
        whole: round.whole,
        same: (more > 0).then(until),
    })
}

/// What the drawing shows, for who cannot see it.
fn description(rounds: &[Round]) -> String {
    let (Some(first), Some(last)) = (rounds.first(), rounds.last()) else { return String::new() };
    let told = |round: &Round| format!("{} of {} as ordered on {}", round.good, round.all(), long(round.at));
    let looks = counted(rounds.len() as u64, "look", "looks");
    format!(
        "A line chart of {looks} at all targets: at the first {}, at the last {}. The table has every number.",
        told(first),
        told(last)
    )
}

/// Marks of time: at most eight, at round moments.
fn across(scale: &Scale, last: UtcTime) -> Vec<Tick> {
    const STEPS: [i64; 20] = [
        1,
        5,
        15,
        60,
        300,
        900,
        1800,
        3600,
        7200,
        10_800,
        21_600,
        43_200,
        86_400,
        172_800,
        604_800,
        1_209_600,
        2_592_000,
        7_776_000,
        31_536_000,
        315_360_000,
    ];
    const TICKS_MAX: f64 = 8.0;
    let step = STEPS.into_iter().find(|step| scale.seconds / (*step as f64) <= TICKS_MAX).unwrap_or(3_153_600_000);
    let beginning = scale.from.unix();
    let offset = (step - beginning.rem_euclid(step)).rem_euclid(step);
    let mut ticks = Vec::new();
    let mut at = scale.from.plus(Duration::from_secs(offset.unsigned_abs()));
    let mut told = None;
    while at <= last && ticks.len() < 12 {
        let date = at.to_jiff().strftime("%-d %B").to_string();
        let label = at.to_jiff().strftime(if step < 60 { "%H:%M:%S" } else { "%H:%M" }).to_string();
        let second = (told.as_ref() != Some(&date)).then(|| date.clone());
        told = Some(date);
        ticks.push(Tick { at: place(scale.x(at)), label, second });
        at = at.plus(Duration::from_secs(step.unsigned_abs()));
    }
    ticks
}

/// Marks of numbers: whole ones, at most six, and the greatest.
fn up(scale: &Scale, most: u64) -> Vec<Tick> {
    let mut step = 1_u64;
    for factor in [2, 5, 10].into_iter().cycle().take(60) {
        if most / step <= 5 {
            break;
        }
        let power = 10_u64.saturating_pow(step.ilog10());
        step = match factor {
            2 => power.saturating_mul(2),
            5 => power.saturating_mul(5),
            _ => power.saturating_mul(10),
        };
    }
    let rounds = (0..).map(|n: u64| n * step).take_while(|count| *count + step / 2 < most);
    let counts = rounds.chain([most]);
    counts.map(|count| Tick { at: place(scale.y(count)), label: count.to_string(), second: None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_of_an_axis_are_few_whole_and_end_at_the_greatest() {
        for most in [1, 2, 3, 5, 6, 9, 10, 56, 99, 100, 101, 999, 10_000, 800_000, u64::from(u32::MAX)] {
            let scale = Scale { from: UtcTime::from_unix(0), seconds: 1.0, most: most as f64 };
            let labels: Vec<u64> = up(&scale, most).iter().map(|tick| tick.label.parse().unwrap()).collect();
            assert!(
                labels.len() <= 8 && labels.first() == Some(&0) && labels.last() == Some(&most),
                "{most}: {labels:?}"
            );
            assert!(labels.is_sorted_by(|one, other| one < other), "{most}: {labels:?}");
        }
    }

    #[test]
    fn the_marks_of_time_are_few_and_at_round_moments() {
        let from: UtcTime = "2027-03-16T11:30:07Z".parse().unwrap();
        for seconds in [1, 59, 600, 3600, 79_200, 259_200, 3_000_000, 40_000_000, 4_000_000_000] {
            let scale = Scale { from, seconds: seconds as f64, most: 1.0 };
            let ticks = across(&scale, from.plus(Duration::from_secs(seconds)));
            assert!(ticks.len() <= 12, "{seconds}: {}", ticks.len());
            assert!(seconds < 60 || ticks.iter().all(|tick| tick.label.len() == 5), "{seconds}");
        }
    }
}

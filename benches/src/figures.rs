//! Figures beside their goals.

use std::time::Duration;

/// Prints one line of the table.
pub fn line(what: &str, figure: &str, goal: &str) {
    println!("{what:<44} {figure:>24}  {goal}");
}

/// The one in the middle; of an even number the later of the two.
pub fn median(times: Vec<Duration>) -> Duration {
    quantile(times, 0.5)
}

/// The time within which this share of all came.
pub fn quantile(mut times: Vec<Duration>, share: f64) -> Duration {
    times.sort();
    let last = times.len().saturating_sub(1);
    times.get(((times.len() as f64 * share) as usize).min(last)).copied().unwrap_or_default()
}

/// In milliseconds.
pub fn ms(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}

/// In seconds.
pub fn s(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

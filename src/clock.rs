//! The time, handed in.
//!
//! Nothing below the command line reads the wall clock by itself: it is given a [`Clock`]. A rehearsal hands in a
//! [`SimulatedClock`], which jumps instead of waiting, and everything else stays the same.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment in UTC, to the second.
///
/// Written and read in one form only, RFC 3339 with `Z`: `2026-11-22T08:00:00Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcTime(i64);

/// The text is not a moment in the one form that [`UtcTime`] has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a time in UTC such as 2026-11-22T08:00:00Z")]
pub struct TimeError {
    /// What was found, shortened.
    pub text: String,
}

/// The earliest and latest moments that four digits of year can say: 0000-01-01 to 9999-12-31.
const UNIX_SECONDS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

impl UtcTime {
    /// The moment `seconds` after 1970-01-01T00:00:00Z; held inside the years 0 to 9999.
    pub fn from_unix(seconds: i64) -> Self {
        Self(seconds.clamp(*UNIX_SECONDS.start(), *UNIX_SECONDS.end()))
    }

    /// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
    pub fn unix(self) -> i64 {
        self.0
    }

    /// This moment moved by a whole number of seconds; held inside the years 0 to 9999.
    pub fn plus(self, by: Duration) -> Self {
        Self::from_unix(self.0.saturating_add(i64::try_from(by.as_secs()).unwrap_or(i64::MAX)))
    }

    /// This moment moved back; held inside the years 0 to 9999.
    pub fn minus(self, by: Duration) -> Self {
        Self::from_unix(self.0.saturating_sub(i64::try_from(by.as_secs()).unwrap_or(i64::MAX)))
    }

    /// How long from `earlier` to this moment; zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The same moment as the calendar library has it.
    pub fn to_jiff(self) -> jiff::Timestamp {
        // In range by construction; jiff's own range is wider than four digits of year.
        jiff::Timestamp::from_second(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

impl fmt::Debug for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for UtcTime {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let refuse = || TimeError { text: text.chars().take(40).flat_map(char::escape_debug).collect() };
        let moment: jiff::Timestamp = text.parse().map_err(|_| refuse())?;
        let time = Self::from_unix(moment.as_second());
        // Parse, print, compare: fractions, offsets and lower case are other forms, and refused.
        if time.to_string() == text { Ok(time) } else { Err(refuse()) }
    }
}

impl Serialize for UtcTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UtcTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A wait handed back by a [`Clock`].
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells the time and waits for it.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> UtcTime;

    /// Done once [`Clock::now`] is `moment` or later; at once when it already is.
    fn sleep_until(&self, moment: UtcTime) -> Sleep<'_>;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcTime {
        UtcTime::from_unix(jiff::Timestamp::now().as_second())
    }

    fn sleep_until(&self, moment: UtcTime) -> Sleep<'_> {
        Box::pin(async move {
            // A laptop that slept, or a clock that was set, is noticed within one slice.
            const SLICE: Duration = Duration::from_secs(30);
            loop {
                let left = moment.since(self.now());
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(SLICE)).await;
            }
        })
    }
}

/// A clock that stands still until it is moved, and that jumps instead of waiting.
#[derive(Debug, Clone)]
pub struct SimulatedClock(Arc<AtomicI64>);

impl SimulatedClock {
    /// A clock that shows `start`. Clones show the same time.
    pub fn new(start: UtcTime) -> Self {
        Self(Arc::new(AtomicI64::new(start.unix())))
    }

    /// Moves forward to `moment`; never back.
    pub fn advance_to(&self, moment: UtcTime) {
        self.0.fetch_max(moment.unix(), Ordering::SeqCst);
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> UtcTime {
        UtcTime::from_unix(self.0.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, moment: UtcTime) -> Sleep<'_> {
        Box::pin(async move { self.advance_to(moment) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_written_form_is_read_and_no_other() {
        let time: UtcTime = "2026-11-22T08:00:00Z".parse().unwrap();
        assert_eq!(time.unix(), 1_795_334_400);
        assert_eq!(time.to_string(), "2026-11-22T08:00:00Z");
        for other in [
            "",
            "now",
            "2026-11-22",
            "2026-11-22T08:00:00",
            "2026-11-22T08:00:00z",
            "2026-11-22t08:00:00Z",
            "2026-11-22 08:00:00Z",
            "2026-11-22T08:00:00.5Z",
            "2026-11-22T08:00:00+00:00",
            "2026-11-22T09:00:00+01:00",
            "2026-02-30T00:00:00Z",
            "+002026-11-22T08:00:00Z",
        ] {
            assert!(other.parse::<UtcTime>().is_err(), "{other}");
        }
    }

    #[tokio::test]
    async fn a_simulated_clock_jumps_forward_and_never_back() {
        let start: UtcTime = "2026-11-22T08:00:00Z".parse().unwrap();
        let clock = SimulatedClock::new(start);
        clock.sleep_until(start.plus(Duration::from_secs(3600))).await;
        assert_eq!(clock.now().to_string(), "2026-11-22T09:00:00Z");
        clock.sleep_until(start).await;
        assert_eq!(clock.now().to_string(), "2026-11-22T09:00:00Z");
    }
}

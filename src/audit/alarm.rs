//! The alarm: with it, anybody who learns that the log cannot be trusted stops it from signing.
//!
//! A log must never sign two histories. Whoever finds out that it may have (a witness that knows a larger log, say) raises the
//! alarm: from then on every append is refused with the reason, in this process and in any other that holds the log, and so is
//! every opening, until a person has settled it and removes `.state/alarm` by hand. Nothing in this program removes it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::disk::{self, Disk};
use super::error::AuditError;
use super::store::STATE;

/// Where the reason is kept.
pub(super) const ALARM: &str = ".state/alarm";

/// The longest reason that is kept: a sentence or two, not what an outside server chose to send.
pub const ALARM_REASON_MAX_BYTES: usize = 1024;

/// The largest alarm file that is read; a person may have written into it.
const ALARM_FILE_MAX_BYTES: u64 = 64 * 1024;

/// Said where an alarm file is there and empty.
const NO_REASON: &str = "no reason is given";

/// A handle with which the log is stopped from signing. Clones are of the same alarm, and can go to other threads.
#[derive(Debug, Clone)]
pub struct Alarm(Arc<Raised>);

#[derive(Debug)]
struct Raised {
    path: PathBuf,
    /// The first reason that was given in this process.
    reason: OnceLock<String>,
    disk: Mutex<Disk>,
}

impl Alarm {
    /// The alarm of the log in `dir`, whoever writes it: for a process that watches a log that it does not hold.
    pub fn of(dir: &Path) -> Self {
        // Staged in the directory that it will stand in: an opening clears away `staging`.
        Self::on(Disk::new(dir, STATE))
    }

    pub(super) fn on(disk: Disk) -> Self {
        Self(Arc::new(Raised { path: disk.path(ALARM), reason: OnceLock::new(), disk: Mutex::new(disk) }))
    }

    /// Stops the log from signing: at once in this process, and durably once this returns.
    ///
    /// An append that is under way is finished; none begins after it. The first reason stays, since those that come later
    /// mostly follow from it. If this fails, this process signs no more all the same, but another one may: raise it again.
    pub fn raise(&self, reason: &str) -> Result<(), AuditError> {
        let reason = self.0.reason.get_or_init(|| one_line(reason));
        let there = self.on_disk()?.unwrap_or_else(|| format!("{reason}\n"));
        let mut disk = self.0.disk.lock().unwrap_or_else(PoisonError::into_inner);
        // A log that is being made, or was removed, still gets its alarm.
        let dir = disk.path(STATE);
        disk.make_dir(&dir)?;
        // What is there already is written again: it may never have been synced.
        disk.replace(ALARM, there.as_bytes())
    }

    /// Why the log does not sign; nothing while it does.
    pub fn reason(&self) -> Result<Option<String>, AuditError> {
        match self.0.reason.get() {
            Some(reason) => Ok(Some(reason.clone())),
            None => Ok(self.on_disk()?.map(|text| one_line(&text))),
        }
    }

    /// Refuses when it was raised.
    pub(super) fn check(&self) -> Result<(), AuditError> {
        match self.reason()? {
            Some(reason) => Err(AuditError::Alarm { path: self.0.path.clone(), reason }),
            None => Ok(()),
        }
    }

    fn on_disk(&self) -> Result<Option<String>, AuditError> {
        // Asked at every append.
        if matches!(self.0.path.try_exists(), Ok(false)) {
            return Ok(None);
        }
        match disk::read(&self.0.path, ALARM_FILE_MAX_BYTES) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(AuditError::Missing { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A reason as one line of bounded length, whatever it came from.
fn one_line(reason: &str) -> String {
    let plain: String = reason.trim().chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    let end = plain.floor_char_boundary(ALARM_REASON_MAX_BYTES);
    match plain.get(..end) {
        None | Some("") => NO_REASON.to_owned(),
        Some(line) => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_of_bounded_length() {
        let long = "ü".repeat(ALARM_REASON_MAX_BYTES);
        for (given, kept) in [
            ("  a witness\nknows\tmore \n", "a witness knows more"),
            ("\u{1b}[31mred", " [31mred"),
            ("", NO_REASON),
            (" \n", NO_REASON),
            (&long, &long[..ALARM_REASON_MAX_BYTES]),
        ] {
            assert_eq!(one_line(given), kept);
        }
    }

    #[test]
    fn an_alarm_is_seen_by_every_handle_and_its_first_reason_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (first, elsewhere) = (Alarm::of(dir.path()), Alarm::of(dir.path()));
        assert_eq!(first.reason().unwrap(), None);
        first.clone().raise("the witness knows 12 entries, the log has 9").unwrap();
        elsewhere.raise("something else").unwrap();
        first.raise("another").unwrap();
        let later = Alarm::of(dir.path());
        for alarm in [&first, &later] {
            assert_eq!(alarm.reason().unwrap().unwrap(), "the witness knows 12 entries, the log has 9");
        }
        std::fs::remove_file(dir.path().join(ALARM)).unwrap();
        assert!(later.check().is_ok());
        // The process that raised it does not forget.
        assert!(matches!(first.check(), Err(AuditError::Alarm { .. })));
    }

    #[test]
    fn an_alarm_without_a_word_is_an_alarm() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join(STATE)).unwrap();
        std::fs::write(dir.path().join(ALARM), "").unwrap();
        let error = Alarm::of(dir.path()).check().unwrap_err();
        assert!(error.to_string().contains(NO_REASON), "{error}");
        std::fs::remove_file(dir.path().join(ALARM)).unwrap();
        std::fs::create_dir(dir.path().join(ALARM)).unwrap();
        assert!(matches!(Alarm::of(dir.path()).check(), Err(AuditError::Stray { .. })));
    }
}

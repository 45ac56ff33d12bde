//! A new operation, to be edited.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::whole_file::{self, Readers, WriteError};

use super::Id;

/// The files of a new operation, embedded so that the program needs none of its own beside it.
const PLAYBOOK: &str = include_str!("../../templates/operation/playbook.toml");
const ORDER: &str = include_str!("../../templates/operation/documents/order.txt");
const TEXTS: &str = include_str!("../../templates/operation/texts/en.toml");

const DAY: u64 = 24 * 60 * 60;

/// Two weeks: time enough to edit and approve, and not in the past before the first rehearsal.
const UNTIL_HOUR: Duration = Duration::from_secs(14 * DAY);

/// Why no operation was written.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    /// Something is there already; nothing is overwritten.
    #[error("{} is not empty", dir.display())]
    NotEmpty {
        /// The directory.
        dir: PathBuf,
    },
    /// A file is not written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A directory cannot be made or read.
    #[error("{} cannot be made", dir.display())]
    Directory {
        /// Which one.
        dir: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Writes a new operation into an empty or new directory and gives the files written. It has no problems and can be
/// rehearsed as it is; its hour is two weeks after `now`.
pub fn scaffold(dir: &Path, now: UtcTime) -> Result<Vec<PathBuf>, ScaffoldError> {
    empty(dir)?;
    let playbook = fill(dir, now);
    let files = [(super::FILE_NAME, playbook.as_str()), ("documents/order.txt", ORDER), ("texts/en.toml", TEXTS)];
    files.into_iter().map(|(path, text)| write(dir.join(path), text)).collect()
}

fn empty(dir: &Path) -> Result<(), ScaffoldError> {
    let failed = |source| ScaffoldError::Directory { dir: dir.to_owned(), source };
    fs::create_dir_all(dir).map_err(failed)?;
    match fs::read_dir(dir).map_err(failed)?.next() {
        None => Ok(()),
        Some(_) => Err(ScaffoldError::NotEmpty { dir: dir.to_owned() }),
    }
}

/// Made new: what someone else puts there meanwhile is not overwritten.
fn write(path: PathBuf, text: &str) -> Result<PathBuf, ScaffoldError> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir).map_err(|source| ScaffoldError::Directory { dir: dir.to_owned(), source })?;
    whole_file::create(&path, text.as_bytes(), Readers::Owner)?;
    Ok(path)
}

fn fill(dir: &Path, now: UtcTime) -> String {
    let today = UtcTime::from_unix(now.unix() - now.unix().rem_euclid(86_400));
    let days = |number: u64| Duration::from_secs(number * DAY);
    let name = dir.file_name().and_then(|name| name.to_str()).and_then(Id::parse);
    let places = [
        ("@ID@", name.map_or_else(|| "operation".to_owned(), |id| id.to_string())),
        ("@EVIDENCE@", today.to_string()),
        // Eight in the morning, when the people whom it concerns can be reached.
        ("@HOUR@", today.plus(UNTIL_HOUR).plus(Duration::from_secs(8 * 60 * 60)).to_string()),
        ("@ISSUED@", today.minus(days(1)).to_string()),
        ("@REVIEW@", today.plus(days(180)).to_string()),
        ("@EXPIRES@", today.plus(days(365)).to_string()),
        ("@NOT_AFTER@", today.plus(days(365)).to_string()),
        ("@ORDER_SHA256@", Digest::of(ORDER).hex()),
    ];
    places.into_iter().fold(PLAYBOOK.to_owned(), |text, (mark, value)| text.replace(mark, &value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::{Code, load};

    #[test]
    fn a_new_operation_lacks_a_reviewer_and_nothing_else_and_nothing_is_overwritten() {
        let now: UtcTime = "2026-11-22T15:04:05Z".parse().unwrap();
        let parent = tempfile::tempdir().unwrap();
        for (name, id) in [("night-owl", "night-owl"), ("Night Owl", "operation")] {
            let dir = parent.path().join(name);
            assert_eq!(scaffold(&dir, now).unwrap().len(), 3);
            let loaded = load(&dir).unwrap().at(now);
            let found: Vec<_> = loaded.problems.iter().map(|problem| problem.code).collect();
            assert_eq!(found, [Code::NotReviewed], "{}", loaded.render(false));
            let playbook = loaded.playbook.unwrap();
            assert_eq!(playbook.operation.id.as_str(), id);
            assert_eq!(playbook.operation.hour.to_string(), "2026-12-06T08:00:00Z");
            assert!(matches!(scaffold(&dir, now), Err(ScaffoldError::NotEmpty { .. })));
        }
        let file = parent.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(scaffold(&file, now), Err(ScaffoldError::Directory { .. })));
        fs::create_dir(parent.path().join("empty")).unwrap();
        scaffold(&parent.path().join("empty"), now).unwrap();
    }
}

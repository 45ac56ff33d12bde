//! A site that is read while another command changes it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::FILES_MAX;
use super::held::OLD;

/// How often a site is read that changes all the time.
const TIMES_MAX: usize = 20;

/// Reads the site in `dir`, again where an edition was replaced meanwhile: what was read then may be half of the one and half of
/// the other.
pub fn at_rest<T>(dir: &Path, mut read: impl FnMut() -> T) -> T {
    let mut before = stamps(dir);
    for _ in 1..TIMES_MAX {
        let found = read();
        let after = stamps(dir);
        if before == after {
            return found;
        }
        before = after;
    }
    read()
}

/// Which directories stand in the places of the editions, and when each was last moved or had a file put into it.
fn stamps(dir: &Path) -> BTreeMap<PathBuf, (u64, i64, i64)> {
    let notices = below(dir).chain(below(&dir.join(OLD)));
    let homes = notices.flat_map(|notice| below(&notice)).take(FILES_MAX);
    let stamp = |home: PathBuf| {
        let about = fs::metadata(&home).ok()?;
        Some((home, (about.ino(), about.ctime(), about.ctime_nsec())))
    };
    homes.filter_map(stamp).collect()
}

fn below(dir: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path())
}

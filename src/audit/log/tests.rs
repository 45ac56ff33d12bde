use std::fs;
use std::sync::mpsc::channel;

use super::super::CheckpointCopy;
use super::super::disk::fault::{Fault, Persisted};
use super::super::store::tests::{assert_holds, fact, facts, key, log_of, reader, tempdir};
use super::*;

fn published(dir: &Path) -> u64 {
    reader(dir).unwrap().checkpoint().size.0
}

/// Waits until so many entries are published: the thread does it without being asked.
fn wait_for(dir: &Path, size: u64) {
    let begun = Instant::now();
    while published(dir) < size {
        assert!(begun.elapsed() < Duration::from_secs(60), "{} of {size}", published(dir));
        thread::yield_now();
    }
}

#[test]
fn what_was_appended_is_published_soon_and_nobody_has_to_ask() {
    let dir = log_of(&[2]);
    let mut log = Log::open(dir.path(), key()).unwrap();
    for size in 2..6 {
        log.append(&[fact(size)]).unwrap();
        wait_for(dir.path(), size + 1);
        assert_holds(dir.path(), size + 1);
    }
    log.append(&[fact(6)]).unwrap();
    log.publish().unwrap();
    assert_holds(dir.path(), 7);
    log.publish().unwrap();
    log.append(&[fact(7)]).unwrap();
    log.close().unwrap();
    assert_holds(dir.path(), 8);
}

#[test]
fn appends_without_a_pause_are_published_together_while_they_go_on() {
    let dir = tempdir();
    let mut log = Log::create(dir.path(), key()).unwrap();
    let (stop, stopped) = channel();
    let looking = dir.path().to_owned();
    let looker = thread::spawn(move || {
        // It sees the log grow before the last append.
        wait_for(&looking, 1);
        stop.send(()).unwrap();
    });
    let mut size = 0;
    while stopped.try_recv().is_err() {
        log.append(&[fact(size)]).unwrap();
        size += 1;
    }
    looker.join().unwrap();
    log.append(&facts(size..size + 40)).unwrap();
    for _ in 0..40 {
        log.append(&[fact(size + 40)]).unwrap();
    }
    log.close().unwrap();
    let kept = reader(dir.path()).unwrap().kept_sizes().unwrap().len() as u64;
    assert!(kept > 2 && kept < size + 41, "{kept} of {size}");
    reader(dir.path()).unwrap().verify_all(None).unwrap();
}

#[test]
fn a_publication_that_failed_is_told_to_whoever_uses_the_log_next_and_nothing_is_lost() {
    type Use = fn(Log) -> Result<(), AuditError>;
    let uses: [Use; 3] = [|mut log| log.append(&[fact(3)]).map(drop), |mut log| log.publish(), |log| log.close()];
    for used in uses {
        let dir = log_of(&[2]);
        let mut log = Log::open(dir.path(), key()).unwrap();
        {
            // The commit has three steps, and the next is of the publication.
            let mut store = log.shared.store();
            let steps = store.disk.fault.steps;
            store.disk.fault = Fault { at: Some((steps + 3, Persisted::No)), steps, ..Fault::default() };
        }
        assert_eq!(log.append(&[fact(2)]).unwrap(), [LeafIndex(2)]);
        log.shared.store().publish();
        let error = used(log).unwrap_err();
        assert!(matches!(&error, AuditError::Io { .. }), "{error}");
        assert_eq!(published(dir.path()), 2);
        Log::open(dir.path(), key()).unwrap().close().unwrap();
        assert_holds(dir.path(), 3);
    }
}

#[test]
fn a_log_that_is_poisoned_is_never_said_to_be_published_or_kept() {
    let dir = log_of(&[2]);
    let mut log = Log::open(dir.path(), key()).unwrap();
    {
        let mut store = log.shared.store();
        store.disk.fault = Fault { at: Some((0, Persisted::No)), ..Fault::default() };
    }
    assert!(matches!(log.append(&[fact(2)]), Err(AuditError::Io { .. })));
    assert!(matches!(log.publish(), Err(AuditError::Poisoned)));
    assert!(matches!(log.close(), Err(AuditError::Poisoned)));
    // As a thread leaves it that panics while it publishes.
    let log = Log::open(dir.path(), key()).unwrap();
    log.shared.store().poisoned = true;
    assert!(matches!(log.close(), Err(AuditError::Poisoned)));
}

#[test]
fn the_copy_elsewhere_is_never_behind_what_was_acknowledged() {
    let dir = tempdir();
    let copy = dir.path().join("copy");
    let place = Place::from(&dir.path().join("log")).with_copy(CheckpointCopy::at(&copy));
    let mut log = Log::create(place.clone(), key()).unwrap();
    for size in 0..40 {
        log.append(&[fact(size)]).unwrap();
        let copied = fs::read_to_string(&copy).unwrap();
        assert_eq!(copied.lines().nth(1), Some((size + 1).to_string().as_str()));
    }
    // Its state need not have been published on its own.
    drop(log);
    let kept = dir.path().join("kept");
    fs::copy(&copy, &kept).unwrap();
    let mut log = Log::open(dir.path().join("log").as_path(), key()).unwrap();
    log.append(&facts(40..43)).unwrap();
    log.close().unwrap();
    Log::open(place, key()).unwrap().close().unwrap();
    assert_eq!(fs::read(&copy).unwrap(), reader(&dir.path().join("log")).unwrap().signed_checkpoint());
}

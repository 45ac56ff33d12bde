use std::fs;
use std::path::Path;

use super::super::disk::fault::{Fault, Persisted};
use super::super::recover::tests::{copy_of, failing, log_with_copy, place};
use super::super::store::tests::{assert_holds, copy, fact, facts, key, open, reader};
use super::super::{AuditError, Verified};
use super::*;
use crate::tlog::TreeSize;

fn since_copy(dir: &Path, copy: &Path) -> Result<Verified, AuditError> {
    reader(dir)?.verify_all(Some(&fs::read(copy).unwrap()))
}

#[test]
fn a_writer_that_was_killed_before_it_published_is_told_from_a_log_that_was_put_back() {
    let log = log_with_copy(&[3]);
    drop(open(place(log.path()), key()).unwrap());
    let backup = copy(log.path());
    let mut store = open(place(log.path()), key()).unwrap();
    for size in 3..300 {
        store.commit_all(&[fact(size)]).unwrap();
        if size == 100 {
            store.publish();
        }
        // Not where it was just settled.
        if !store.is_published() && size > 297 {
            let copied = copy_of(log.path());
            let verified = since_copy(log.path(), &copied).unwrap();
            let committed = Some(TreeSize(size + 1));
            assert_eq!((verified.unpublished(), verified.older, verified.ahead), (committed, committed, None));
            // The same copy beside the older directory, which is sound in itself.
            let error = since_copy(backup.path(), &copied).unwrap_err();
            assert!(matches!(error, AuditError::RolledBack { present: TreeSize(3), .. }), "{error}");
        }
    }
    store.poisoned = true;
    drop(store);
    let interrupted = reader(log.path()).unwrap();
    assert!(interrupted.checkpoint().size < TreeSize(300));
    assert_eq!(interrupted.committed().unwrap().last().unwrap().size, TreeSize(300));

    let path = log.path().join(JOURNAL);
    let good = fs::read(&path).unwrap();
    for meddle in [|bytes: &mut Vec<u8>| bytes[60] ^= 1, |bytes: &mut Vec<u8>| bytes.clear()] {
        let mut bad = good.clone();
        meddle(&mut bad);
        fs::write(&path, bad).unwrap();
        assert_eq!(reader(log.path()).unwrap().committed().unwrap(), []);
        assert!(matches!(since_copy(log.path(), &copy_of(log.path())), Err(AuditError::RolledBack { .. })));
    }
    fs::write(&path, "impound journal 2\nwhatever it holds").unwrap();
    assert!(matches!(reader(log.path()).unwrap().committed(), Err(AuditError::OtherJournal { .. })));
    // Of what is published it says nothing.
    let published = reader(log.path()).unwrap();
    assert_eq!(published.verify_all(None).unwrap().left_behind, []);
    assert!(matches!(published.journal_fault(), Some(AuditError::OtherJournal { .. })));
    fs::remove_file(&path).unwrap();
    assert!(matches!(since_copy(log.path(), &copy_of(log.path())), Err(AuditError::RolledBack { .. })));
    fs::write(&path, &good).unwrap();

    // An older state than was settled explains nothing either: it was put back.
    let signed = fs::read(log.path().join(SIGNED)).unwrap();
    fs::copy(copy_of(log.path()), log.path().join(SIGNED)).unwrap();
    assert_eq!(reader(log.path()).unwrap().committed().unwrap(), []);
    fs::write(log.path().join(SIGNED), signed).unwrap();

    // The next opening publishes it, as is said.
    open(place(log.path()), key()).unwrap().close().unwrap();
    let verified = since_copy(log.path(), &copy_of(log.path())).unwrap();
    assert_eq!((verified.unpublished(), verified.older), (None, Some(TreeSize(300))));
    assert_holds(log.path(), 300);
}

#[test]
fn a_journal_of_another_history_explains_nothing() {
    let log = log_with_copy(&[3]);
    drop(open(place(log.path()), key()).unwrap());
    let other = copy(log.path());
    let mut forged = open(other.path(), key()).unwrap();
    forged.commit_all(&facts(20..22)).unwrap();
    forged.poisoned = true;
    drop(forged);
    let mut true_one = open(place(log.path()), key()).unwrap();
    true_one.append(&facts(3..5)).unwrap();
    true_one.close().unwrap();
    let error = since_copy(other.path(), &copy_of(log.path())).unwrap_err();
    assert!(matches!(error, AuditError::RolledBack { size: TreeSize(5), present: TreeSize(3), .. }), "{error}");
    // Nor does one that continues another state.
    fs::copy(other.path().join(JOURNAL), log.path().join(JOURNAL)).unwrap();
    assert_eq!(reader(log.path()).unwrap().committed().unwrap(), []);
}

#[test]
fn a_publication_that_was_cut_short_is_explained_by_the_journal_and_without_it_is_not() {
    // Two partial tiles and the kept checkpoint take four steps each; the next is of `checkpoint`.
    cut_short_after(4, "tile/0/000.p/4");
    cut_short_after(8, "tile/entries/000.p/4");
    cut_short_after(12, "checkpoints/4");
}

fn cut_short_after(of_the_publication: usize, last: &str) {
    let log = log_with_copy(&[3]);
    let mut store = open(place(log.path()), key()).unwrap();
    store.commit_all(&[fact(3)]).unwrap();
    let steps = store.disk.fault.steps;
    store.disk.fault = Fault { steps, ..failing(steps + of_the_publication, Persisted::No) };
    store.publish();
    drop(store);
    assert!(log.path().join(last).exists());
    let verified = reader(log.path()).unwrap().verify_all(None).unwrap();
    assert_eq!((verified.size.0, &verified.ahead, verified.unpublished()), (3, &None, Some(TreeSize(4))));
    fs::write(log.path().join(JOURNAL), "").unwrap();
    let verified = reader(log.path()).unwrap().verify_all(None).unwrap();
    assert_eq!(
        (verified.size.0, verified.ahead.as_ref().map(|ahead| ahead.size), verified.unpublished()),
        (3, Some(TreeSize(4)), None)
    );
}

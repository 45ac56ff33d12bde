use std::fs;

use super::super::recover::tests::{copy_of, log_with_copy, place};
use super::super::store::tests::{assert_holds, copy, create, fact, facts, key, open};
use super::*;

#[test]
fn a_log_that_was_put_back_whole_is_found_out_by_the_copy_of_its_checkpoint() {
    let log = log_with_copy(&[3, 5]);
    drop(open(place(log.path()), key()).unwrap());
    let backup = copy(log.path());
    let mut ahead = open(place(log.path()), key()).unwrap();
    ahead.append(&facts(5..9)).unwrap();
    drop(ahead);
    // The older directory is sound in every file.
    let old = Place::from(backup.path()).with_copy(CheckpointCopy::at(&copy_of(log.path())));
    assert_holds(backup.path(), 5);
    let error = open(old.clone(), key()).unwrap_err();
    assert!(matches!(error, AuditError::RolledBack { size: TreeSize(9), present: TreeSize(5), .. }), "{error}");
    // Making the copy anew does not help where there is one.
    let anew = Place::from(backup.path()).with_copy(CheckpointCopy::anew(&copy_of(log.path())));
    assert!(matches!(open(anew, key()), Err(AuditError::RolledBack { .. })));
    // Nor does beginning a new log, and none is begun.
    let fresh = backup.path().join("fresh");
    let begun = create(Place::from(&fresh).with_copy(CheckpointCopy::at(&copy_of(log.path()))), key());
    assert!(matches!(begun, Err(AuditError::RolledBack { present: TreeSize(0), .. })));
    assert!(!fresh.exists());
    // Another history that became as long, and one that became longer.
    let mut forged = open(backup.path(), key()).unwrap();
    forged.append(&facts(20..24)).unwrap();
    drop(forged);
    assert!(matches!(open(old.clone(), key()), Err(AuditError::TwoHistories { size: TreeSize(9), .. })));
    let mut forged = open(backup.path(), key()).unwrap();
    forged.append(&facts(24..25)).unwrap();
    drop(forged);
    assert!(matches!(open(old, key()), Err(AuditError::TwoHistories { size: TreeSize(9), .. })));
    assert_eq!(open(place(log.path()), key()).unwrap().size(), TreeSize(9));
}

#[test]
fn a_copy_that_lags_is_brought_up_to_date_and_one_that_is_missing_is_asked_for() {
    let log = log_with_copy(&[3]);
    let (path, kept) = (copy_of(log.path()), log.path().join("checkpoints"));
    // Written without it for a while.
    let mut without = open(log.path(), key()).unwrap();
    without.append(&facts(3..7)).unwrap();
    drop(without);
    assert_eq!(fs::read(&path).unwrap(), fs::read(kept.join("3")).unwrap());
    drop(open(place(log.path()), key()).unwrap());
    assert_eq!(fs::read(&path).unwrap(), fs::read(kept.join("7")).unwrap());
    fs::remove_file(&path).unwrap();
    let error = open(place(log.path()), key()).unwrap_err();
    assert!(matches!(&error, AuditError::CopyMissing { copy, present: TreeSize(7) } if *copy == path), "{error}");
    drop(open(Place::from(log.path()).with_copy(CheckpointCopy::anew(&path)), key()).unwrap());
    assert_eq!(fs::read(&path).unwrap(), fs::read(kept.join("7")).unwrap());
    // A share that is not there is not made.
    let nowhere = log.path().join("not-mounted/copy");
    let error = open(Place::from(log.path()).with_copy(CheckpointCopy::anew(&nowhere)), key()).unwrap_err();
    assert!(matches!(&error, AuditError::Io { path, .. } if path.starts_with(nowhere.parent().unwrap())), "{error}");
    for not_ours in ["", "no note"] {
        fs::write(&path, not_ours).unwrap();
        assert!(matches!(open(place(log.path()), key()), Err(AuditError::Note { path: named, .. }) if named == path));
    }
}

#[test]
fn a_copy_that_cannot_be_written_is_an_append_that_failed() {
    let log = log_with_copy(&[3]);
    let mut writer = open(place(log.path()), key()).unwrap();
    fs::create_dir(format!("{}.new", copy_of(log.path()).display())).unwrap();
    let error = writer.append(&[fact(3)]).unwrap_err();
    assert!(matches!(&error, AuditError::Io { path, .. } if path.to_string_lossy().contains(".copy.new")), "{error:?}");
    assert!(matches!(writer.append(&[fact(3)]), Err(AuditError::Poisoned)));
    drop(writer);
    fs::remove_dir(format!("{}.new", copy_of(log.path()).display())).unwrap();
    assert_eq!(open(place(log.path()), key()).unwrap().size(), TreeSize(4));
}

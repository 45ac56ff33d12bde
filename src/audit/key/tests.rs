use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use zeroize::Zeroizing;

use super::super::journal::{self, Batch, Record};
use super::super::read::WITNESSED;
use super::super::store::tests::{assert_holds, copy, fact, facts, files, key, log_of, open, reader};
use super::super::store::{CHECKPOINT, JOURNAL, SIGNED, Store, parse_checkpoint};
use super::super::{AuditError, bundle};
use super::*;
use crate::keyring::SecretKey;
use crate::tlog::{LeafIndex, TreeSize};

/// A key that counts what it signs, and gives a secret or not.
pub(in super::super) struct Counted {
    key: SecretKey,
    signed: Arc<AtomicUsize>,
    gives: bool,
}

impl Counted {
    pub(in super::super) fn new(gives: bool) -> (Self, Arc<AtomicUsize>) {
        let signed = Arc::new(AtomicUsize::new(0));
        (Self { key: key(), signed: Arc::clone(&signed), gives }, signed)
    }
}

impl NoteSigner for Counted {
    type Error = Infallible;

    fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Infallible> {
        self.signed.fetch_add(1, Ordering::Relaxed);
        self.key.sign(message)
    }

    fn secret(&self, purpose: &str) -> Option<Zeroizing<[u8; 32]>> {
        self.gives.then(|| self.key.secret(purpose)).flatten()
    }
}

/// A process that is killed: nothing more is published, and nothing is settled.
fn kill(mut log: Store) {
    log.poisoned = true;
}

fn records(dir: &Path, settled: u64) -> Vec<Record> {
    journal::read(&fs::read(dir.join(JOURNAL)).unwrap(), TreeSize(settled)).unwrap().records
}

/// Lays these records into a journal as somebody could who may write there.
fn lay(dir: &Path, records: &[Record]) {
    let mut bytes: Vec<u8> = records.iter().flat_map(Record::to_bytes).collect();
    bytes.resize(journal::JOURNAL_BYTES as usize, 0);
    fs::write(dir.join(JOURNAL), bytes).unwrap();
}

#[test]
fn what_is_published_together_is_signed_once_and_by_a_key_that_only_signs_at_every_append() {
    for (gives, expected) in [(true, 1), (false, 10)] {
        let dir = log_of(&[3]);
        let (signer, signed) = Counted::new(gives);
        let mut log = open(dir.path(), signer).unwrap();
        let before = signed.load(Ordering::Relaxed);
        (3..13).for_each(|n| drop(log.commit_all(&[fact(n)]).unwrap()));
        log.publish();
        assert_eq!(signed.load(Ordering::Relaxed) - before, expected);
        let vouchers = records(dir.path(), 3).into_iter().map(|record| record.voucher);
        assert!(vouchers.into_iter().all(|voucher| matches!(voucher, Voucher::Sealed(_)) == gives));
        log.close().unwrap();
        assert_holds(dir.path(), 13);
    }
}

#[test]
fn what_was_committed_is_signed_by_the_next_opening() {
    for (by, then) in [(true, true), (false, true), (false, false)] {
        let dir = log_of(&[3]);
        let mut log = open(dir.path(), Counted::new(by).0).unwrap();
        (3..8).for_each(|n| drop(log.commit_all(&[fact(n)]).unwrap()));
        kill(log);
        assert_eq!(reader(dir.path()).unwrap().checkpoint().size, TreeSize(3));
        assert_eq!(open(dir.path(), Counted::new(then).0).unwrap().size(), TreeSize(8));
        assert_holds(dir.path(), 8);
    }
}

#[test]
fn what_a_key_file_sealed_waits_for_that_file() {
    let dir = log_of(&[3]);
    let mut log = open(dir.path(), key()).unwrap();
    log.commit_all(&[fact(3)]).unwrap();
    kill(log);
    let error = open(dir.path(), Counted::new(false).0).unwrap_err();
    assert!(matches!(error, AuditError::SealedJournal { .. }), "{error}");
    assert_eq!(open(dir.path(), key()).unwrap().size(), TreeSize(4));
    // What was published is signed: anybody can tell.
    let mut log = open(dir.path(), key()).unwrap();
    log.append(&[fact(4)]).unwrap();
    kill(log);
    assert_eq!(open(dir.path(), Counted::new(false).0).unwrap().size(), TreeSize(5));
}

#[test]
fn a_record_that_somebody_else_wrote_is_never_signed() {
    let dir = log_of(&[3]);
    let mut log = open(dir.path(), key()).unwrap();
    (3..6).for_each(|n| drop(log.commit_all(&[fact(n)]).unwrap()));
    kill(log);
    let ours = records(dir.path(), 3);
    // Another log under the same key, which went on differently from the same size.
    let other = log_of(&[2]);
    let mut log = open(other.path(), key()).unwrap();
    log.append(&[fact(9)]).unwrap();
    log.settle().unwrap();
    (10..13).for_each(|n| drop(log.commit_all(&[fact(n)]).unwrap()));
    kill(log);
    let theirs = records(other.path(), 3);
    let forged = |record: &Record, at: u64| {
        let mut records = Vec::new();
        bundle::put(&mut records, &fact(at).to_bytes(LeafIndex(record.batch.base.0)).unwrap());
        Record { batch: Batch { records, ..record.batch.clone() }, voucher: record.voucher.clone() }
    };
    let unsealed = |record: &Record| Record { voucher: Voucher::Sealed([0; SEAL_BYTES]), ..record.clone() };
    let signed = |record: &Record| Record {
        voucher: Voucher::Signed(reader(dir.path()).unwrap().signed_checkpoint().to_vec()),
        ..record.clone()
    };
    let cases = [
        ("another entry", vec![forged(&ours[0], 50)]),
        ("another last entry", vec![ours[0].clone(), ours[1].clone(), forged(&ours[2], 50)]),
        ("no seal", vec![unsealed(&ours[0])]),
        ("an earlier signature", vec![signed(&ours[0])]),
        ("another history from the start", theirs.clone()),
        ("another history behind ours", vec![ours[0].clone(), theirs[1].clone(), theirs[2].clone()]),
    ];
    for (told, records) in cases {
        let forged = copy(dir.path());
        lay(forged.path(), &records);
        let content = || {
            let names = files(forged.path()).into_iter();
            names.map(|name| (fs::read(forged.path().join(&name)).unwrap(), name)).collect::<Vec<_>>()
        };
        let before = content();
        let error = open(forged.path(), key()).unwrap_err();
        assert!(matches!(&error, AuditError::ForeignRecord { path } if path.ends_with(JOURNAL)), "{told}: {error}");
        assert!(content() == before, "{told}");
    }
    assert_eq!(open(dir.path(), key()).unwrap().size(), TreeSize(6));
}

#[test]
fn a_lost_branch_in_the_journal_is_refused_before_anything_is_signed() {
    // Settled at one entry; one history went on in the journal, another was published.
    let settled = log_of(&[1]);
    let lost = copy(settled.path());
    let mut log = open(lost.path(), key()).unwrap();
    log.commit_all(&[fact(9)]).unwrap();
    kill(log);
    let mut log = open(settled.path(), key()).unwrap();
    let signed = fs::read(settled.path().join(SIGNED)).unwrap();
    log.append(&facts(1..4)).unwrap();
    log.close().unwrap();
    drop(log);
    fs::write(settled.path().join(SIGNED), signed).unwrap();
    fs::copy(lost.path().join(JOURNAL), settled.path().join(JOURNAL)).unwrap();
    let before = files(settled.path());
    assert!(matches!(open(settled.path(), key()), Err(AuditError::OutOfStep { .. })));
    assert_eq!(files(settled.path()), before);
    assert_holds(settled.path(), 4);
}

#[test]
fn a_log_that_was_closed_can_be_opened_by_another_version() {
    let dir = log_of(&[3]);
    for size in [3, 4] {
        let mut log = open(dir.path(), key()).unwrap();
        log.append(&facts(size..size + 1)).unwrap();
        log.close().unwrap();
        drop(log);
        let journal = fs::read(dir.path().join(JOURNAL)).unwrap();
        assert!(journal[..journal::BLOCK_BYTES].iter().all(|octet| *octet == 0));
        open(dir.path(), key()).unwrap().close().unwrap();
    }
    assert_holds(dir.path(), 5);
}

#[test]
fn a_journal_that_contradicts_what_was_signed_is_refused_before_anything_is_signed() {
    // Settled at three entries. One branch was sealed and lost; of another five were published, and cosigned.
    let settled = log_of(&[3]);
    let lost = copy(settled.path());
    let mut log = open(lost.path(), key()).unwrap();
    log.commit_all(&facts(20..25)).unwrap();
    kill(log);
    let (older, newer) = (copy(settled.path()), copy(settled.path()));
    let mut log = open(newer.path(), key()).unwrap();
    log.append(&facts(3..5)).unwrap();
    kill(log);
    fs::copy(lost.path().join(JOURNAL), older.path().join(JOURNAL)).unwrap();
    assert_eq!(open(copy(older.path()).path(), key()).unwrap().size(), TreeSize(8));
    // The lost one was put back, and one trace of the other is left: at a size that no record ends at.
    for left in ["checkpoints/5", WITNESSED] {
        let dir = copy(older.path());
        fs::copy(newer.path().join("checkpoints/5"), dir.path().join(left)).unwrap();
        let before = files(dir.path());
        let error = open(dir.path(), key()).unwrap_err();
        assert!(
            matches!(&error, AuditError::TwoHistories { witness, size: TreeSize(5) } if witness.ends_with(left)),
            "{left}: {error}"
        );
        assert_eq!(files(dir.path()), before, "{left}");
    }
    // The same of what was settled meanwhile: only the witnesses remember.
    let mut log = open(older.path(), key()).unwrap();
    log.settle().unwrap();
    drop(log);
    fs::copy(newer.path().join("checkpoints/5"), older.path().join(WITNESSED)).unwrap();
    assert!(matches!(open(older.path(), key()), Err(AuditError::TwoHistories { size: TreeSize(5), .. })));
}

#[test]
fn what_was_kept_vouches_for_what_was_sealed_where_a_power_cut_took_what_was_published() {
    let dir = log_of(&[3]);
    let mut log = open(dir.path(), key()).unwrap();
    log.append(&[fact(3)]).unwrap();
    log.commit_all(&[fact(4)]).unwrap();
    kill(log);
    fs::write(dir.path().join(CHECKPOINT), "").unwrap();
    // Nobody can vouch for the fifth but the key file.
    let error = open(dir.path(), Counted::new(false).0).unwrap_err();
    assert!(matches!(error, AuditError::SealedJournal { .. }), "{error}");
    let kept = records(dir.path(), 3).remove(0);
    lay(dir.path(), &[kept]);
    assert_eq!(open(dir.path(), Counted::new(false).0).unwrap().size(), TreeSize(4));
    assert_holds(dir.path(), 4);
}

#[test]
fn a_signed_record_explains_a_checkpoint_only_by_the_log_s_own_key() {
    let dir = log_of(&[3]);
    let mut log = open(dir.path(), Counted::new(false).0).unwrap();
    log.commit_all(&[fact(3)]).unwrap();
    kill(log);
    let committed = || reader(dir.path()).unwrap().committed().unwrap().len();
    assert_eq!(committed(), 1);
    let ours = records(dir.path(), 3).remove(0);
    let Voucher::Signed(signed) = &ours.voucher else { panic!("{ours:?}") };
    let present = parse_checkpoint(signed, dir.path(), key().verifier()).unwrap();
    let other = Key::new(SecretKey::from_seed(key().name().clone(), &[8; 32]).unwrap());
    let earlier = reader(dir.path()).unwrap().checkpoint().clone();
    let own = Key::new(key());
    for (told, signed) in [("another key", other.sign(&present)), ("another state", own.sign(&earlier))] {
        lay(dir.path(), &[Record { voucher: Voucher::Signed(signed.unwrap()), ..ours.clone() }]);
        assert_eq!(committed(), 0, "{told}");
    }
}

#[test]
fn another_purpose_or_another_key_gives_another_secret() {
    let secret = |key: &SecretKey, purpose| key.secret(purpose).unwrap();
    assert_eq!(secret(&key(), PURPOSE), secret(&key(), PURPOSE));
    assert_ne!(secret(&key(), PURPOSE), secret(&key(), "something else"));
    let other = SecretKey::from_seed(key().name().clone(), &[8; 32]).unwrap();
    assert_ne!(secret(&key(), PURPOSE), secret(&other, PURPOSE));
}

#[test]
fn a_journal_that_somebody_laid_there_hides_no_state_that_was_signed() {
    let dir = log_of(&[3]);
    let backup = copy(dir.path());
    let mut log = open(dir.path(), key()).unwrap();
    log.append(&facts(3..6)).unwrap();
    log.close().unwrap();
    // Put back, but for the checkpoint of six entries, and with three others in the journal.
    fs::copy(dir.path().join("checkpoints/6"), backup.path().join("checkpoints/6")).unwrap();
    assert_eq!(reader(backup.path()).unwrap().verify_all(None).unwrap().ahead.unwrap().size, TreeSize(6));
    let mut records = Vec::new();
    (3..6).for_each(|n| bundle::put(&mut records, &fact(n + 20).to_bytes(LeafIndex(n)).unwrap()));
    let batch = Batch { base: TreeSize(3), count: 3, records };
    lay(backup.path(), &[Record { batch, voucher: Voucher::Sealed([0; SEAL_BYTES]) }]);
    let verified = reader(backup.path()).unwrap().verify_all(None).unwrap();
    assert_eq!((verified.unpublished(), verified.ahead.unwrap().size), (Some(TreeSize(6)), TreeSize(6)));
    assert!(open(backup.path(), key()).is_err());
}

#[test]
fn what_was_sealed_before_an_alarm_waits_for_its_end() {
    let dir = log_of(&[3]);
    let mut log = open(dir.path(), key()).unwrap();
    log.commit_all(&[fact(3)]).unwrap();
    log.alarm.clone().raise("a fork").unwrap();
    log.publish();
    assert!(matches!(log.close(), Err(AuditError::Alarm { .. })));
    drop(log);
    assert_eq!(reader(dir.path()).unwrap().checkpoint().size, TreeSize(3));
    fs::remove_file(dir.path().join(super::super::alarm::ALARM)).unwrap();
    assert_eq!(open(dir.path(), key()).unwrap().size(), TreeSize(4));
    assert_holds(dir.path(), 4);
}

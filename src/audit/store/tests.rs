use std::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::super::alarm::ALARM;
use super::super::disk::fault::{Fault, Persisted};
pub(in super::super) use super::super::fixture::{at, fact};
use super::super::journal::JOURNAL_BYTES;
use super::super::recover::tests::failing;
use super::super::{ENTRY_MAX_BYTES, EvidenceStore, Kind, LogReader, OutcomeResult, Recorded, Verified};
use super::*;
use crate::keyring::SecretKey;
use crate::signed_note::NoteSigner;
use crate::tlog::{Hash, TlogError, empty_root, root_of};

/// In memory where the system offers that: these tests fail writes by themselves, and real syncs would take them minutes.
pub(in super::super) fn tempdir() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

fn key_of(name: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap()
}

pub(in super::super) fn key() -> SecretKey {
    key_of("police.example/log", 7)
}

pub(in super::super) fn create<S: NoteSigner + Send + 'static>(
    place: impl Into<Place>,
    signer: S,
) -> Result<Store, AuditError> {
    Store::create(place.into(), Key::new(signer))
}

pub(in super::super) fn open<S: NoteSigner + Send + 'static>(
    place: impl Into<Place>,
    signer: S,
) -> Result<Store, AuditError> {
    Store::open(place.into(), Key::new(signer))
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store of {}", self.size())
    }
}

impl Store {
    /// Commits a batch.
    pub(in super::super) fn commit_all(&mut self, entries: &[Entry]) -> Result<Vec<LeafIndex>, AuditError> {
        self.append_groups(&[entries])?.pop().unwrap()
    }

    /// Commits and publishes a batch.
    pub(in super::super) fn append(&mut self, entries: &[Entry]) -> Result<Vec<LeafIndex>, AuditError> {
        let written = self.commit_all(entries);
        self.publish();
        written
    }
}

pub(in super::super) fn facts(range: std::ops::Range<u64>) -> Vec<Entry> {
    range.map(fact).collect()
}

/// A log that was grown to each of these sizes in turn, and closed.
pub(in super::super) fn log_of(sizes: &[u64]) -> TempDir {
    let dir = tempdir();
    let mut log = create(dir.path(), key()).unwrap();
    for size in sizes {
        log.append(&facts(log.size().0..*size)).unwrap();
    }
    dir
}

pub(in super::super) fn reader(dir: &Path) -> Result<LogReader, AuditError> {
    LogReader::open(dir, &[key().verifier().clone()])
}

pub(in super::super) fn verify(dir: &Path) -> Result<Verified, AuditError> {
    reader(dir)?.verify_all(None)
}

/// The hashes of the first facts.
fn leaves() -> &'static [Hash] {
    static LEAVES: OnceLock<Vec<Hash>> = OnceLock::new();
    LEAVES.get_or_init(|| (0..320).map(|n| leaf_hash(&fact(n).to_bytes(LeafIndex(n)).unwrap())).collect())
}

/// Verifies the log, and that it holds these facts and no others: its root says so.
pub(in super::super) fn assert_holds(dir: &Path, size: u64) {
    let verified = verify(dir).unwrap();
    assert_eq!((verified.size, verified.root), (TreeSize(size), root_of(&leaves()[..size as usize])));
}

/// All files under `dir`, by their path in it.
pub(in super::super) fn files(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

pub(in super::super) fn copy(from: &Path) -> TempDir {
    let to = tempdir();
    for dir in [STAGING, CHECKPOINTS] {
        fs::create_dir_all(to.path().join(dir)).unwrap();
    }
    for name in files(from) {
        let target = to.path().join(&name);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(from.join(&name), target).unwrap();
    }
    to
}

#[test]
fn a_log_grows_one_by_one_over_the_end_of_a_tile_and_verifies_at_each_size() {
    let dir = tempdir();
    drop(create(dir.path(), key()).unwrap());
    assert_eq!(verify(dir.path()).unwrap().root, empty_root());
    let mut log = open(dir.path(), key()).unwrap();
    for n in 0..258 {
        assert_eq!(log.append(&[fact(n)]).unwrap(), [LeafIndex(n)]);
        let size = n + 1;
        if [1, 2, 255, 256, 257, 258].contains(&size) {
            assert_holds(dir.path(), size);
            drop(log);
            log = open(dir.path(), key()).unwrap();
            assert_eq!(log.size(), TreeSize(size));
        }
    }
    assert_eq!(verify(dir.path()).unwrap().checkpoints, 259);
    // The partial forms of what is full are gone, the others stay.
    let tiles: Vec<_> = files(dir.path()).into_iter().filter(|name| name.starts_with("tile/")).collect();
    assert_eq!(
        tiles,
        [
            "tile/0/000",
            "tile/0/001.p/1",
            "tile/0/001.p/2",
            "tile/1/000.p/1",
            "tile/entries/000",
            "tile/entries/001.p/1",
            "tile/entries/001.p/2"
        ]
    );
}

#[test]
fn batches_over_the_end_of_a_second_level_tile_verify_and_reopen() {
    let dir = log_of(&[0, 255, 257, 65_535, 65_536]);
    assert_eq!(verify(dir.path()).unwrap().size, TreeSize(65_536));
    let mut log = open(dir.path(), key()).unwrap();
    log.append(&[fact(65_536)]).unwrap();
    let checkpoint = log.checkpoint();
    drop(log);
    let verified = verify(dir.path()).unwrap();
    assert_eq!((verified.size, verified.root), (TreeSize(65_537), checkpoint.root));
    assert_eq!(verified.last, Some(at(65_536)));
    assert_eq!(open(dir.path(), key()).unwrap().checkpoint(), checkpoint);
    let reader = reader(dir.path()).unwrap();
    for index in [0, 1, 255, 256, 65_535, 65_536].map(LeafIndex) {
        let recorded = reader.entry(index).unwrap();
        assert_eq!(recorded.entry, fact(index.0));
        let leaf = leaf_hash(&recorded.entry.to_bytes(index).unwrap());
        let proof = reader.prove(index).unwrap();
        assert_eq!(proof.verify(&leaf, &checkpoint.root), Ok(()), "{index}");
    }
    let beyond = reader.entry(LeafIndex(65_537));
    assert!(matches!(beyond, Err(AuditError::NoSuchEntry(TlogError::NoSuchLeaf { .. }))));
    assert!(matches!(reader.prove(LeafIndex(65_537)), Err(AuditError::NoSuchEntry(_))));
}

#[test]
fn entries_are_read_back_as_they_were_written() {
    let dir = log_of(&[200, 300]);
    assert_holds(dir.path(), 300);
    let reader = reader(dir.path()).unwrap();
    for first in [0, 1, 255, 256, 299, 300, 1000] {
        let read: Vec<_> = reader.entries_from(LeafIndex(first)).unwrap().map(Result::unwrap).collect();
        let written: Vec<_> = (first..300).map(|n| Recorded { seq: LeafIndex(n), entry: fact(n) }).collect();
        assert_eq!(read, written, "from {first}");
    }
}

/// The files whose every octet counts in a log that is closed: of the journal none does.
fn files_that_count(dir: &Path) -> Vec<String> {
    files(dir).into_iter().filter(|name| name != JOURNAL).collect()
}

/// What the reader and then the writer say of a log, all causes in one text.
fn complaints(dir: &Path) -> Vec<String> {
    let told = |error: AuditError| {
        let mut text = error.to_string();
        let mut cause: Option<&dyn Error> = error.source();
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        text
    };
    let writer = open(dir, key()).map(drop);
    verify(dir).map(drop).err().into_iter().chain(writer.err()).map(told).collect()
}

#[test]
fn one_altered_bit_in_any_file_is_seen_and_the_file_is_named() {
    let dir = log_of(&[1, 255, 300, 302]);
    assert_eq!(complaints(dir.path()), [""; 0]);
    let mut altered = 0;
    for name in files_that_count(dir.path()) {
        let path = dir.path().join(&name);
        let good = fs::read(&path).unwrap();
        for at in [0, 1, good.len() / 3, good.len() / 2, good.len().saturating_sub(2), good.len().saturating_sub(1)] {
            let mut bent = good.clone();
            let Some(octet) = bent.get_mut(at) else { continue };
            *octet ^= 1 << (at % 8);
            fs::write(&path, bent).unwrap();
            let complaints = complaints(dir.path());
            assert!(complaints.iter().any(|text| text.contains(&name)), "{name}, octet {at}: {complaints:?}");
            altered += 1;
        }
        fs::write(&path, good).unwrap();
    }
    assert!(altered > 80, "{altered}");
    assert_eq!(complaints(dir.path()), [""; 0]);
}

#[test]
fn a_file_that_is_truncated_or_gone_is_seen_and_named() {
    let dir = log_of(&[1, 255, 300, 302]);
    for name in files_that_count(dir.path()) {
        let path = dir.path().join(&name);
        let good = fs::read(&path).unwrap();
        if good.is_empty() {
            continue;
        }
        for length in [0, 1, good.len() / 2, good.len() - 1] {
            fs::write(&path, &good[..length]).unwrap();
            let complaints = complaints(dir.path());
            assert!(complaints.iter().any(|text| text.contains(&name)), "{name} of {length}: {complaints:?}");
        }
        fs::write(&path, [good.as_slice(), b"\n"].concat()).unwrap();
        let grown = complaints(dir.path());
        assert!(grown.iter().any(|text| text.contains(&name)), "{name} grown: {grown:?}");
        fs::remove_file(&path).unwrap();
        let gone = complaints(dir.path());
        // What was only kept is not missed: an earlier checkpoint, a partial tile that the present size does not need.
        let kept = name.starts_with("checkpoints/") && name != "checkpoints/302" || name.ends_with(".p/44");
        assert!(kept || gone.iter().any(|text| text.contains(&name)), "{name} gone: {gone:?}");
        fs::write(&path, good).unwrap();
    }
    assert_eq!(complaints(dir.path()), [""; 0]);
}

#[test]
fn the_first_altered_entry_is_named_by_its_number() {
    let dir = log_of(&[300]);
    let path = dir.path().join("tile/entries/001.p/44");
    let mut bytes = fs::read(&path).unwrap();
    for name in [b"name-260.", b"name-270."] {
        let at = bytes.windows(name.len()).position(|window| window == name).unwrap();
        bytes[at + 5] = b'9';
    }
    fs::write(&path, bytes).unwrap();
    let error = verify(dir.path()).unwrap_err();
    assert!(matches!(error, AuditError::AlteredEntry { index: LeafIndex(260), path: named } if named == path));
    let read: Vec<_> = reader(dir.path()).unwrap().entries().unwrap().collect();
    assert_eq!(read.len(), 257);
    assert!(matches!(read[256], Err(AuditError::AlteredEntry { index: LeafIndex(260), .. })));
}

#[test]
fn a_rewritten_log_does_not_pass_for_the_old_one() {
    let dir = log_of(&[10, 20, 30]);
    let kept = |size: u64| fs::read(dir.path().join(format!("checkpoints/{size}"))).unwrap();
    for size in [0, 10, 20, 30] {
        let verified = reader(dir.path()).unwrap().verify_all(Some(&kept(size))).unwrap();
        assert_eq!(verified.checkpoints, 5, "{size}");
    }
    // The key's holder writes another history, the same up to entry 15, and forgets to keep his own old checkpoints.
    let forged = tempdir();
    let mut log = create(forged.path(), key()).unwrap();
    log.append(&facts(0..15)).unwrap();
    log.append(&facts(16..26)).unwrap();
    drop(log);
    let forger = reader(forged.path()).unwrap();
    assert_eq!(forger.verify_all(Some(&kept(10))).unwrap().size, TreeSize(25));
    let error = forger.verify_all(Some(&kept(20))).unwrap_err();
    let (size, agreed) = (TreeSize(20), TreeSize(15));
    assert!(matches!(error, AuditError::Rewritten { size: s, agreed: a, .. } if (s, a) == (size, agreed)), "{error}");
    let error = forger.verify_all(Some(&kept(30))).unwrap_err();
    assert!(matches!(error, AuditError::RolledBack { size: TreeSize(30), present: TreeSize(25), .. }), "{error}");
    // One of the true checkpoints among the forger's own gives him away as well.
    fs::write(forged.path().join("checkpoints/20"), kept(20)).unwrap();
    assert!(matches!(verify(forged.path()), Err(AuditError::Rewritten { .. })));
}

#[test]
fn an_old_checkpoint_that_was_put_back_is_not_taken_for_the_log() {
    let dir = log_of(&[10, 20]);
    fs::copy(dir.path().join("checkpoints/10"), dir.path().join("checkpoint")).unwrap();
    let error = open(dir.path(), key()).unwrap_err();
    assert!(matches!(error, AuditError::OutOfStep { published: TreeSize(10), present: TreeSize(20), .. }));
    assert_eq!(verify(dir.path()).unwrap().ahead.unwrap().size, TreeSize(20));
    fs::copy(dir.path().join("checkpoints/20"), dir.path().join("checkpoint")).unwrap();
    fs::copy(dir.path().join("checkpoints/10"), dir.path().join(SIGNED)).unwrap();
    let error = open(dir.path(), key()).unwrap_err();
    assert!(matches!(&error, AuditError::AlteredFile { path } if path.ends_with(JOURNAL)), "{error}");
    fs::remove_file(dir.path().join(JOURNAL)).unwrap();
    assert!(matches!(open(dir.path(), key()), Err(AuditError::Missing { path }) if path.ends_with(JOURNAL)));
    fs::write(dir.path().join(JOURNAL), vec![0; JOURNAL_BYTES as usize]).unwrap();
    assert!(matches!(open(dir.path(), key()), Err(AuditError::OutOfStep { .. })));
}

#[test]
fn a_log_has_one_writer_at_a_time() {
    let dir = tempdir();
    let mut first = create(dir.path(), key()).unwrap();
    let error = open(dir.path(), key()).unwrap_err();
    assert!(matches!(&error, AuditError::Locked { path } if path.ends_with(".state/lock")));
    assert!(error.to_string().contains("another process"));
    assert!(matches!(create(dir.path(), key()), Err(AuditError::Locked { .. })));
    // Reading needs no lock.
    assert_holds(dir.path(), 0);
    first.append(&[fact(0)]).unwrap();
    drop(first);
    assert_eq!(open(dir.path(), key()).unwrap().size(), TreeSize(1));
}

#[test]
fn a_writer_that_was_overtaken_does_not_sign_a_second_history() {
    let dir = log_of(&[1]);
    let mut log = open(dir.path(), key()).unwrap();
    let ahead = log_of(&[1, 2]);
    fs::copy(ahead.path().join(SIGNED), dir.path().join(SIGNED)).unwrap();
    assert!(matches!(log.append(&[fact(5)]), Err(AuditError::Overtaken { .. })));
    assert!(matches!(log.append(&[fact(5)]), Err(AuditError::Poisoned)));
}

#[test]
fn a_writer_whose_log_was_replaced_by_a_backup_changes_nothing_in_it() {
    type End = fn(&mut Store) -> Result<(), AuditError>;
    let publish: End = |log| {
        log.publish();
        log.failed.take().map_or(Ok(()), Err)
    };
    // What the first writer and the second append; the first one publishes at once, or only at its end.
    let cases: [(u64, u64, bool, End); 4] =
        [(1, 1, true, Store::close), (1, 1, false, publish), (1, 1, false, Store::close), (100, 1, false, publish)];
    for (ours, theirs, is_published, end) in cases {
        let dir = tempdir();
        let (place, aside) = (dir.path().join("log"), dir.path().join("aside"));
        let mut log = create(&place, key()).unwrap();
        log.append(&facts(0..2)).unwrap();
        drop(log);
        let backup = copy(&place);
        let mut log = open(&place, key()).unwrap();
        log.commit_all(&facts(2..2 + ours)).unwrap();
        if is_published {
            log.publish();
        }
        fs::rename(&place, aside).unwrap();
        fs::rename(backup.path(), &place).unwrap();
        let mut other = open(&place, key()).unwrap();
        other.append(&facts(9..9 + theirs)).unwrap();
        let before: Vec<_> = files(&place).iter().map(|name| fs::read(place.join(name)).unwrap()).collect();
        assert!(matches!(end(&mut log), Err(AuditError::Overtaken { .. })), "{ours} {theirs} {is_published}");
        drop(log);
        let after: Vec<_> = files(&place).iter().map(|name| fs::read(place.join(name)).unwrap()).collect();
        assert!(before == after, "{ours} {theirs} {is_published}");
        other.append(&[fact(50)]).unwrap();
        other.close().unwrap();
        drop(other);
        assert_eq!(verify(&place).unwrap().size, TreeSize(3 + theirs));
        assert_eq!(open(&place, key()).unwrap().size(), TreeSize(3 + theirs));
    }
}

#[test]
fn a_writer_that_has_settled_all_says_when_it_closes_that_its_log_was_replaced() {
    let dir = tempdir();
    let (place, aside) = (dir.path().join("log"), dir.path().join("aside"));
    drop(create(&place, key()).unwrap());
    let backup = copy(&place);
    let mut log = open(&place, key()).unwrap();
    log.append(&facts(0..2)).unwrap();
    log.settle().unwrap();
    fs::rename(&place, aside).unwrap();
    fs::rename(backup.path(), &place).unwrap();
    assert!(matches!(log.close(), Err(AuditError::Overtaken { .. })));
}

#[test]
fn what_is_not_this_log_is_refused_for_its_own_reason() {
    let dir = log_of(&[1]);
    let other = || key_of("court.example/log", 7);
    assert!(matches!(create(dir.path(), key()), Err(AuditError::AlreadyALog { .. })));
    let foreign = open(dir.path(), other()).unwrap_err();
    assert!(matches!(&foreign, AuditError::ForeignOrigin { found, .. } if found.as_str() == "police.example/log"));
    let foreign = LogReader::open(dir.path(), &[other().verifier().clone()]);
    assert!(matches!(foreign, Err(AuditError::ForeignOrigin { .. })));
    assert!(matches!(LogReader::open(dir.path(), &[]), Err(AuditError::Note { .. })));
    let twin = key_of("police.example/log", 8);
    let same_name = LogReader::open(dir.path(), std::slice::from_ref(twin.verifier()));
    assert!(matches!(same_name, Err(AuditError::Note { source: NoteError::NoKnownSignature { .. }, .. })));
    assert!(LogReader::open(dir.path(), &[twin.verifier().clone(), key().verifier().clone()]).is_ok());
    let same_name = open(dir.path(), twin);
    assert!(matches!(same_name, Err(AuditError::Note { .. })));

    let empty = tempdir();
    for missing in [empty.path().to_owned(), empty.path().join("nowhere")] {
        assert!(matches!(open(&missing, key()), Err(AuditError::NotALog { missing: SIGNED, .. })));
        assert!(matches!(reader(&missing), Err(AuditError::NotALog { missing: CHECKPOINT, .. })));
    }
    let stateless = log_of(&[1]);
    fs::remove_file(stateless.path().join(SIGNED)).unwrap();
    assert!(matches!(open(stateless.path(), key()), Err(AuditError::NotWritable { missing: SIGNED, .. })));
    assert!(reader(stateless.path()).is_ok_and(|log| log.verify_all(None).is_ok()));
    let file = empty.path().join("file");
    fs::write(&file, "").unwrap();
    for made in [create(&file, key()), create(&file.join("below"), key()), open(&file, key())] {
        let error = made.unwrap_err();
        assert!(matches!(&error, AuditError::Io { path, .. } if path.starts_with(&file)), "{error:?}");
    }
    assert!(matches!(reader(&file), Err(AuditError::Io { .. })));
}

#[test]
fn an_entry_that_is_refused_leaves_the_log_as_it_was() {
    let dir = log_of(&[5]);
    let mut log = open(dir.path(), key()).unwrap();
    let refused = |log: &mut Store, entries: &[Entry]| match log.append(entries).unwrap_err() {
        AuditError::Refused { index, source } => (index.0, source),
        other => panic!("{other}"),
    };
    let backwards = refused(&mut log, &[fact(5), fact(3)]);
    assert!(matches!(backwards, (6, EntryError::ClockBackwards { last, at: back }) if (last, back) == (at(5), at(3))));
    // The last time is known after opening, too.
    assert!(matches!(refused(&mut log, &[fact(3)]), (5, EntryError::ClockBackwards { .. })));
    let large = Entry { action: "x".repeat(ENTRY_MAX_BYTES), ..fact(5) };
    assert!(matches!(refused(&mut log, &[fact(5), large]), (6, EntryError::TooLarge { .. })));
    let outcome = |of| Entry { kind: Kind::Outcome { of: LeafIndex(of), result: OutcomeResult::Done }, ..fact(5) };
    assert!(matches!(refused(&mut log, &[outcome(5)]), (5, EntryError::OutcomeOf { .. })));
    let wide = Entry { action: "x".repeat(ENTRY_MAX_BYTES - 1000), ..fact(5) };
    let too_many = vec![wide; BATCH_MAX_BYTES / (ENTRY_MAX_BYTES - 1000) + 1];
    assert!(matches!(log.append(&too_many), Err(AuditError::BatchTooLarge { .. })));
    assert_eq!(log.append(&[]).unwrap(), []);
    assert_holds(dir.path(), 5);
    assert_eq!(log.append(&facts(5..7)).unwrap(), [LeafIndex(5), LeafIndex(6)]);
    // Time may stand still.
    log.append(&[Entry { at: at(6), ..fact(7) }]).unwrap();
    assert_eq!(verify(dir.path()).unwrap().size, TreeSize(8));
}

#[test]
fn a_disk_that_is_full_or_read_only_is_called_so_and_poisons_the_log() {
    type Expected = fn(&AuditError) -> bool;
    let cases: [(ErrorKind, Expected); 3] = [
        (ErrorKind::StorageFull, |e| matches!(e, AuditError::DiskFull { .. })),
        (ErrorKind::ReadOnlyFilesystem, |e| matches!(e, AuditError::ReadOnly { .. })),
        (ErrorKind::PermissionDenied, |e| matches!(e, AuditError::ReadOnly { .. })),
    ];
    for (kind, expected) in cases {
        let dir = log_of(&[3]);
        let mut log = open(dir.path(), key()).unwrap();
        log.disk.fault = Fault { at: Some((0, Persisted::No)), kind: Some(kind), steps: 0 };
        let error = log.append(&[fact(3)]).unwrap_err();
        assert!(expected(&error), "{kind}: {error:?}");
        assert!(error.to_string().contains(JOURNAL), "{error}");
        assert!(matches!(log.append(&[fact(3)]), Err(AuditError::Poisoned)));
        drop(log);
        assert_holds(dir.path(), 3);
        let mut log = open(dir.path(), key()).unwrap();
        log.append(&[fact(3)]).unwrap();
        assert_holds(dir.path(), 4);
    }
}

#[test]
fn evidence_that_is_cited_is_checked_with_the_log() {
    let dir = log_of(&[2]);
    let mut evidence = EvidenceStore::new(&dir.path().join("evidence"), &dir.path().join("private"));
    let cited = evidence.put("application/dns-message", b"answer").unwrap();
    let mut log = open(dir.path(), key()).unwrap();
    log.append(&[Entry { evidence: vec![cited.clone()], ..fact(2) }]).unwrap();
    let reader = reader(dir.path()).unwrap();
    assert!(
        matches!(reader.verify_evidence(&evidence).unwrap(), seen if seen.cited == 1 && seen.good() == 1 && seen.uncited == Some(0))
    );
    let path = evidence.path(&cited);
    fs::write(&path, b"Answer").unwrap();
    let bad = reader.verify_evidence(&evidence).unwrap().bad;
    assert!(
        matches!(bad.as_slice(), [(_, LeafIndex(2), AuditError::AlteredEvidence { path: named, .. })] if *named == path)
    );
}

struct Lost(VerifierKey);

impl NoteSigner for Lost {
    type Error = std::io::Error;

    fn verifier(&self) -> &VerifierKey {
        &self.0
    }

    fn sign(&self, _: &[u8]) -> Result<[u8; 64], std::io::Error> {
        Err(std::io::Error::other("the token was pulled out"))
    }
}

#[test]
fn a_key_that_cannot_sign_leaves_the_log_as_it_was() {
    let dir = log_of(&[3]);
    let mut log = open(dir.path(), Lost(key().verifier().clone())).unwrap();
    let error = log.append(&[fact(3)]).unwrap_err();
    assert!(matches!(&error, AuditError::Signer(source) if source.to_string().contains("pulled out")), "{error}");
    drop(log);
    assert_eq!(open(dir.path(), key()).unwrap().size(), TreeSize(3));
    assert_holds(dir.path(), 3);
    let place = dir.path().join("new");
    assert!(matches!(create(&place, Lost(key().verifier().clone())), Err(AuditError::Signer(_))));
    assert!(create(&place, key()).is_ok());
}

#[test]
fn an_alarm_stops_every_append_and_every_opening_until_a_person_removes_it() {
    let dir = log_of(&[3]);
    let mut log = open(dir.path(), key()).unwrap();
    let alarm = log.alarm.clone();
    log.append(&[fact(3)]).unwrap();
    thread::spawn(move || alarm.raise("the witness knows a larger log").unwrap()).join().unwrap();
    let refused = |result: Result<(), AuditError>| match result.unwrap_err() {
        AuditError::Alarm { path, reason } => (path, reason),
        other => panic!("{other}"),
    };
    let told = (dir.path().join(ALARM), "the witness knows a larger log".to_owned());
    assert_eq!(refused(log.append(&[fact(4)]).map(drop)), told);
    assert_eq!(refused(log.append(&[]).map(drop)), told);
    drop(log);
    assert_eq!(refused(open(dir.path(), key()).map(drop)), told);
    // Reading goes on, and nothing was lost.
    assert_holds(dir.path(), 4);
    fs::remove_file(dir.path().join(ALARM)).unwrap();
    let mut log = open(dir.path(), key()).unwrap();
    log.append(&[fact(4)]).unwrap();
    // Raised by a process that does not hold the log.
    Alarm::of(dir.path()).raise("from elsewhere").unwrap();
    assert_eq!(refused(log.append(&[fact(5)]).map(drop)).1, "from elsewhere");
    drop(log);
    assert_holds(dir.path(), 5);
}

#[test]
fn an_alarm_that_comes_between_refuses_all_of_an_append_or_nothing() {
    let with_copy = tempdir();
    let place =
        Place::from(&with_copy.path().join("log")).with_copy(CheckpointCopy::at(&with_copy.path().join("copy")));
    let (alone, up_to_full) = (tempdir(), 15);
    let cases = [(place, 3, 3, false), (Place::from(alone.path()), up_to_full, up_to_full + 1, true)];
    for (place, before, after, is_written) in cases {
        let mut log = create(place.clone(), key()).unwrap();
        (0..before).for_each(|n| drop(log.commit_all(&[fact(n)]).unwrap()));
        // After the append has looked for an alarm, and before its commit.
        let mut draft = Draft::new(log.size(), log.last);
        draft.add(&[fact(before)]).unwrap();
        log.alarm.clone().raise("a fork").unwrap();
        let written = log.commit(draft.batch);
        assert_eq!(written.is_ok(), is_written, "{written:?}");
        if is_written {
            log.beyond_commit(Store::settle);
            assert!(log.poisoned && matches!(log.failed, Some(AuditError::Alarm { .. })));
        }
        log.poisoned = true;
        drop(log);
        fs::remove_file(place.dir().join(ALARM)).unwrap();
        assert_eq!(open(place.clone(), key()).unwrap().size(), TreeSize(after));
        assert_holds(place.dir(), after);
    }
}

#[test]
fn an_alarm_that_cannot_be_written_stops_this_process_all_the_same_and_never_loses_the_log() {
    for step in 0.. {
        for persisted in [Persisted::No, Persisted::Yes] {
            let dir = log_of(&[2]);
            let mut log = open(dir.path(), key()).unwrap();
            let mut disk = Disk::new(dir.path(), STAGING);
            disk.fault = failing(step, persisted);
            log.alarm = Alarm::on(disk);
            if log.alarm.clone().raise("a fork").is_ok() {
                assert!(step >= 4, "{step}");
                return;
            }
            assert!(matches!(log.append(&[fact(2)]), Err(AuditError::Alarm { .. })), "{step} {persisted:?}");
            // Once more, and it is there.
            log.alarm.clone().raise("a fork").unwrap();
            drop(log);
            assert!(matches!(open(dir.path(), key()), Err(AuditError::Alarm { .. })));
            fs::remove_file(dir.path().join(ALARM)).unwrap();
            let mut log = open(dir.path(), key()).unwrap();
            log.append(&[fact(2)]).unwrap();
            assert_holds(dir.path(), 3);
        }
    }
}

#[test]
fn a_log_can_be_handed_to_another_thread() {
    fn sendable<T: Send>() {}
    sendable::<super::super::Log>();
    sendable::<Store>();
    sendable::<Alarm>();
    sendable::<LogReader>();
    sendable::<super::super::Entries>();
}

#[test]
fn groups_are_refused_one_by_one_and_the_others_written_together() {
    let dir = log_of(&[2]);
    let mut log = open(dir.path(), key()).unwrap();
    let large = Entry { action: "x".repeat(ENTRY_MAX_BYTES), ..fact(4) };
    let groups: [&[Entry]; 6] = [&facts(2..4), &[fact(1)], &[fact(4), large], &[], &[fact(4)], &[fact(5), fact(4)]];
    let steps = log.disk.fault.steps;
    let written = log.append_groups(&groups).unwrap();
    assert_eq!(reader(dir.path()).unwrap().checkpoint().size, TreeSize(2));
    assert_eq!(written[0].as_ref().unwrap(), &[LeafIndex(2), LeafIndex(3)]);
    let refused = |n: usize| match &written[n] {
        Err(AuditError::Refused { index, source }) => (index.0, source),
        other => panic!("{n}: {other:?}"),
    };
    assert!(matches!(refused(1), (4, EntryError::ClockBackwards { .. })));
    assert!(matches!(refused(2), (5, EntryError::TooLarge { .. })));
    assert_eq!(written[3].as_ref().unwrap(), &[]);
    assert_eq!(written[4].as_ref().unwrap(), &[LeafIndex(4)]);
    assert!(matches!(refused(5), (6, EntryError::ClockBackwards { .. })));
    // One commit: as many steps as one entry takes.
    let together = log.disk.fault.steps - steps;
    log.commit_all(&[fact(5)]).unwrap();
    assert_eq!(log.disk.fault.steps - steps - together, together);
    drop(log);
    assert_holds(dir.path(), 6);
}

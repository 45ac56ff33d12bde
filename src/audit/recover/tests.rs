//! Crashes and power cuts: whatever fails, and whatever is left of what was not synced, the log opens again with all that was
//! acknowledged.

use std::fs;
use std::ops::Range;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use proptest::prelude::*;
use tempfile::TempDir;

use super::super::Entry;
use super::super::disk::fault::{Fault, Persisted};
use super::super::journal::BLOCK_BYTES;
use super::super::key::tests::Counted;
use super::super::store::STATE;
use super::super::store::tests::{
    assert_holds, copy, create, fact, facts, files, key, log_of, open, reader, tempdir, verify,
};
use super::*;
use crate::signed_note::NoteSigner;

pub(in super::super) fn failing(step: usize, persisted: Persisted) -> Fault {
    Fault { at: Some((step, persisted)), ..Fault::default() }
}

/// A log with a copy of its checkpoint elsewhere, beside `dir`.
pub(in super::super) fn place(dir: &Path) -> Place {
    Place::from(dir).with_copy(CheckpointCopy::at(&copy_of(dir)))
}

pub(in super::super) fn copy_of(dir: &Path) -> PathBuf {
    let mut name = dir.as_os_str().to_owned();
    name.push(".copy");
    name.into()
}

/// Removes the copy at the end.
pub(in super::super) struct WithCopy(TempDir);

impl WithCopy {
    fn of(template: &Path) -> Self {
        let dir = copy(template);
        fs::copy(copy_of(template), copy_of(dir.path())).unwrap();
        Self(dir)
    }

    pub(in super::super) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for WithCopy {
    fn drop(&mut self) {
        let _ = fs::remove_file(copy_of(self.0.path()));
    }
}

/// A log with a copy, grown to each of these sizes in turn. It was not settled after the last of them.
pub(in super::super) fn log_with_copy(sizes: &[u64]) -> WithCopy {
    let dir = tempdir();
    let mut log = create(place(dir.path()), key()).unwrap();
    for size in sizes {
        log.append(&facts(log.size().0..*size)).unwrap();
    }
    Unsafe::after_kill(log);
    WithCopy(dir)
}

/// What a power cut may leave of files that were not synced: nothing, no octet, zeros, or what stood there before.
#[derive(Debug, Clone, Copy)]
enum Ruin {
    Gone,
    Empty,
    Zeros,
    Before,
}

const RUINS: [Ruin; 4] = [Ruin::Gone, Ruin::Empty, Ruin::Zeros, Ruin::Before];

/// What was not safe when a process ended.
struct Unsafe {
    unsynced: Vec<PathBuf>,
    /// What the journal held when it was synced last.
    journal: Vec<u8>,
}

impl Unsafe {
    /// The process is killed: nothing more is written.
    fn after_kill(mut log: Store) -> Self {
        log.poisoned = true;
        let journal = log.disk.synced.lock().unwrap().take();
        let journal = journal.unwrap_or_else(|| fs::read(log.disk.path(JOURNAL)).unwrap());
        Self { unsynced: log.disk.unsynced.keys().cloned().collect(), journal }
    }

    /// The power is cut: of each sector of the journal that was not synced the old or the new content is left, and of each
    /// file that was not synced its ruin. `before` is the log as it was when the process opened it.
    fn ruin(&self, dir: &Path, before: &Path, ruin: Ruin, mut torn: u64) {
        const SECTOR_BYTES: usize = 512;
        let path = dir.join(JOURNAL);
        let mut journal = fs::read(&path).unwrap();
        let old = self.journal.chunks(SECTOR_BYTES).chain(std::iter::repeat(&[0; SECTOR_BYTES][..]));
        for (new, old) in journal.chunks_mut(SECTOR_BYTES).zip(old) {
            if new != old {
                torn = torn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                if torn >> 63 == 0 {
                    new.copy_from_slice(&old[..new.len()]);
                }
            }
        }
        fs::write(path, journal).unwrap();
        for path in self.unsynced.iter().filter(|path| path.is_file()) {
            let earlier = before.join(path.strip_prefix(dir).unwrap());
            match ruin {
                Ruin::Before if earlier.is_file() => drop(fs::copy(earlier, path).unwrap()),
                Ruin::Gone | Ruin::Before => fs::remove_file(path).unwrap(),
                Ruin::Empty => fs::write(path, b"").unwrap(),
                Ruin::Zeros => fs::write(path, [0; 8]).unwrap(),
            }
        }
        if self.unsynced.contains(&dir.join(STATE)) && matches!(ruin, Ruin::Before) && before.join(SIGNED).is_file() {
            fs::copy(before.join(SIGNED), dir.join(SIGNED)).unwrap();
        }
    }
}

/// Opens a log whose journal is on the disk as it stands.
fn open_synced(dir: &Path, seals: bool) -> Store {
    let log = open(place(dir), Counted::new(seals).0).unwrap();
    log.disk.synced.lock().unwrap().get_or_insert(fs::read(log.disk.path(JOURNAL)).unwrap());
    log
}

/// How far a process came.
struct Grown {
    /// How many steps there were.
    steps: usize,
    /// The size up to which appends were acknowledged.
    acknowledged: u64,
    left: Unsafe,
}

/// Appends facts in two commits, publishes them and closes the log, with a fault at one step. The key seals, or only signs.
fn grow(dir: &Path, range: Range<u64>, fault: Fault, seals: bool) -> Grown {
    let mut log = open_synced(dir, seals);
    log.disk.fault = fault;
    let (mut acknowledged, middle) = (range.start, (range.start + range.end) / 2);
    for part in [range.start..middle, middle..range.end].into_iter().filter(|part| !part.is_empty()) {
        if log.commit_all(&facts(part.clone())).is_err() {
            break;
        }
        acknowledged = part.end;
    }
    log.publish();
    let closed = !log.poisoned && log.settle_what_is_left().is_ok();
    if !closed {
        // Whoever uses it next is told once what failed, and then that it did.
        log.poisoned = true;
        let _ = log.append(&[]);
        assert!(matches!(log.append(&[]), Err(AuditError::Poisoned)));
    }
    assert_eq!(fault.at.is_none(), closed, "{fault:?}");
    Grown { steps: log.disk.fault.steps, acknowledged, left: Unsafe::after_kill(log) }
}

/// The log opens again and holds what it must; its size then.
fn assert_recovers(dir: &Path, acknowledged: u64, after: u64, seals: bool, told: &str) -> u64 {
    let mut log = open(place(dir), Counted::new(seals).0).unwrap_or_else(|error| panic!("{told}: {error}"));
    let size = log.size().0;
    assert!((acknowledged..=after).contains(&size), "{told}: {size}, of {acknowledged} acknowledged");
    assert_holds(dir, size);
    assert_eq!(verify(dir).unwrap().ahead, None);
    assert_eq!(fs::read(copy_of(dir)).unwrap(), log.signed().unwrap(), "{told}");
    log.append(&facts(size..after + 1)).unwrap();
    log.close().unwrap();
    assert_holds(dir, after + 1);
    size
}

/// From one size to another.
const GROWTHS: [(&[u64], u64); 5] = [(&[0], 1), (&[1], 3), (&[250, 255], 256), (&[255], 257), (&[256, 257], 259)];

fn each_step(mut test: impl FnMut(&WithCopy, Range<u64>, usize, Persisted)) {
    for (sizes, after) in GROWTHS {
        let before = *sizes.last().unwrap();
        let template = log_with_copy(sizes);
        let steps = grow(WithCopy::of(template.path()).path(), before..after, Fault::default(), true).steps;
        assert!(steps > 20, "{steps}");
        for step in 0..steps {
            for persisted in [Persisted::No, Persisted::Yes] {
                test(&template, before..after, step, persisted);
            }
        }
    }
}

#[test]
fn an_append_that_fails_at_any_write_loses_nothing_that_was_acknowledged() {
    let mut kept = Vec::new();
    each_step(|template, Range { start, end }, step, persisted| {
        let dir = WithCopy::of(template.path());
        let seals = persisted == Persisted::No;
        let Grown { acknowledged, .. } = grow(dir.path(), start..end, failing(step, persisted), seals);
        // What is published verifies even before anybody has recovered it. Looking takes its time, so not each time.
        if step % 3 == 0 {
            let published = verify(dir.path()).unwrap().size.0;
            assert!((start..=end).contains(&published), "{published}");
        }
        if step == 0 && persisted == Persisted::No {
            kept.clear();
        }
        kept.push(assert_recovers(dir.path(), acknowledged, end, seals, &format!("{step} {persisted:?}")));
        // Lost before the commit, kept after it, and never lost again.
        assert!(kept.is_sorted() && kept[0] == start, "{kept:?}");
    });
}

#[test]
fn a_power_cut_at_any_write_loses_nothing_that_was_acknowledged() {
    each_step(|template, Range { start, end }, step, persisted| {
        // All of them in turn; the sectors that are left of the journal are others each time.
        for seed in [2 * step as u64, 2 * step as u64 + 5] {
            let ruin = RUINS[(seed as usize + usize::from(persisted == Persisted::Yes)) % RUINS.len()];
            let dir = WithCopy::of(template.path());
            drop(open(place(dir.path()), key()).unwrap());
            let before = copy(dir.path());
            let seals = seed.is_multiple_of(2);
            let Grown { acknowledged, left, .. } = grow(dir.path(), start..end, failing(step, persisted), seals);
            left.ruin(dir.path(), before.path(), ruin, seed);
            let told = format!("{start} to {end}, {step} {persisted:?} {ruin:?}");
            assert_recovers(dir.path(), acknowledged, end, seals, &told);
        }
    });
}

#[test]
fn a_record_that_was_whole_in_memory_only_is_durable_before_anybody_sees_it() {
    let template = log_with_copy(&[1, 2]);
    drop(open(place(template.path()), key()).unwrap());
    // Killed before the sync of the second entry's record: it is whole for whoever reads it, and nowhere on the disk.
    let mut log = open(place(template.path()), key()).unwrap();
    log.commit_all(&[fact(2)]).unwrap();
    log.disk.fault = failing(2, Persisted::No);
    let error = log.commit_all(&[fact(3)]).unwrap_err();
    assert!(error.to_string().contains("cannot sync") && error.to_string().contains(JOURNAL), "{error}");
    let killed = Unsafe::after_kill(log);
    assert_eq!(journal::read(&fs::read(template.path().join(JOURNAL)).unwrap(), TreeSize(2)).unwrap().records.len(), 2);
    assert_eq!(journal::read(&killed.journal, TreeSize(2)).unwrap().records.len(), 1);
    let mut sizes = Vec::new();
    for step in 0.. {
        for (seed, ruin) in (0..).zip(RUINS) {
            let dir = WithCopy::of(template.path());
            let mut disk = Disk::new(dir.path(), STAGING);
            disk.fault = failing(step, Persisted::Yes);
            *disk.synced.lock().unwrap() = Some(killed.journal.clone());
            let synced = std::sync::Arc::clone(&disk.synced);
            // The recovery is cut off, by the power.
            let opened = Store::open_on(disk, place(dir.path()).copy, Key::new(key()));
            let (is_open, seen) = (opened.is_ok(), reader(dir.path()).unwrap().checkpoint().size.0);
            let left = match opened {
                Ok(log) => Unsafe::after_kill(log),
                Err(_) => {
                    let journal = synced.lock().unwrap().clone().unwrap();
                    let unsynced = [STATE, "checkpoint", "checkpoints/3", "checkpoints/4", "tile/0/000.p/4"];
                    Unsafe { unsynced: unsynced.map(|name| dir.path().join(name)).to_vec(), journal }
                }
            };
            left.ruin(dir.path(), template.path(), if is_open { ruin } else { Ruin::Before }, seed);
            let copied = fs::read(copy_of(dir.path())).unwrap();
            let told = format!("{step} {ruin:?}");
            let size = assert_recovers(dir.path(), seen.max(3), 4, true, &told);
            assert!(size == 4 || !String::from_utf8_lossy(&copied).contains("\n4\n"), "{told}");
            sizes.push(size);
            if is_open && seed == 3 {
                assert_eq!((sizes.iter().min(), size), (Some(&3), 4));
                return;
            }
        }
    }
}

#[test]
fn the_first_record_that_is_torn_is_dropped_and_the_log_goes_on() {
    let large = Entry { subject: Some("x".repeat(2 * BLOCK_BYTES)), ..fact(2) };
    // Before it is whole: nothing of it, its first half, and all that is written where only the first block came to the disk.
    for (step, persisted, cut) in [(0, Persisted::No, None), (1, Persisted::No, None), (1, Persisted::Yes, Some(1))] {
        let template = log_with_copy(&[2]);
        let mut log = open(place(template.path()), key()).unwrap();
        assert!(log.journal.is_rewound());
        let before = fs::read(log.disk.path(JOURNAL)).unwrap();
        log.disk.fault = failing(step, persisted);
        log.commit_all(std::slice::from_ref(&large)).unwrap_err();
        let path = log.disk.path(JOURNAL);
        Unsafe::after_kill(log);
        if let Some(blocks) = cut {
            let torn = fs::read(&path).unwrap();
            let octets: usize = blocks * BLOCK_BYTES;
            fs::write(&path, [&torn[..octets], &before[octets..]].concat()).unwrap();
        }
        assert_eq!(assert_recovers(template.path(), 2, 2, true, &format!("{step} {persisted:?}")), 2);
    }
}

#[test]
fn what_an_interrupted_process_published_is_synced_by_the_opening_that_settles_it() {
    for (before, after) in [(2, 3), (255, 258)] {
        let log = log_of(&[before]);
        let earlier = copy(log.path());
        let mut killed = open(log.path(), key()).unwrap();
        killed.append(&facts(before..after)).unwrap();
        Unsafe::after_kill(killed);
        let published = files(log.path()).into_iter().filter(|name| !name.starts_with(STATE)).map(|name| {
            let path = log.path().join(&name);
            (fs::metadata(&path).unwrap().ino(), earlier.path().join(name), path)
        });
        let published: Vec<_> = published.collect();
        // The opening is killed in turn, once it has settled the log.
        Unsafe::after_kill(open(log.path(), key()).unwrap());
        // What the first process wrote and the opening did not was never synced, and the power is cut.
        for (inode, earlier, path) in published.into_iter().filter(|(_, _, path)| path.exists()) {
            if fs::metadata(&path).unwrap().ino() == inode && fs::read(earlier).ok() != fs::read(&path).ok() {
                fs::write(path, b"").unwrap();
            }
        }
        open(log.path(), key()).unwrap().close().unwrap();
        assert_holds(log.path(), after);
    }
}

#[test]
fn every_checkpoint_that_was_published_before_a_power_cut_is_kept_after_it() {
    let dir = log_of(&[2]);
    let mut killed = open(dir.path(), key()).unwrap();
    for nth in 2..6 {
        killed.append(&[fact(nth)]).unwrap();
    }
    let published = |size: u64| dir.path().join(format!("checkpoints/{size}"));
    let seen: Vec<_> = (3..=6).map(|size| fs::read(published(size)).unwrap()).collect();
    Unsafe::after_kill(killed);
    // None was synced.
    (3..=6).for_each(|size| fs::remove_file(published(size)).unwrap());
    fs::copy(published(2), dir.path().join("checkpoint")).unwrap();
    drop(open(dir.path(), key()).unwrap());
    let kept: Vec<_> = (3..=6).map(|size| fs::read(published(size)).unwrap()).collect();
    assert_eq!(kept, seen);
    assert_holds(dir.path(), 6);
}

#[test]
fn a_log_beside_which_a_tile_of_a_later_state_lies_is_refused() {
    for (size, later, left) in [
        (3, 5, "tile/0/000.p/5"),
        (3, 5, "tile/entries/000.p/5"),
        (3, 257, "tile/0/000"),
        (3, 257, "tile/entries/000"),
        (256, 258, "tile/entries/001.p/2"),
        (257, 258, "tile/0/001.p/2"),
    ] {
        let dir = log_of(&[size]);
        let ahead = log_of(&[size, later]);
        let name = dir.path().join(left);
        fs::create_dir_all(name.parent().unwrap()).unwrap();
        fs::copy(ahead.path().join(left), &name).unwrap();
        let error = open(dir.path(), key()).unwrap_err();
        assert!(matches!(&error, AuditError::CutShort { path, .. } if *path == name), "{left}: {error}");
        fs::remove_file(&name).unwrap();
        assert_eq!(open(dir.path(), key()).unwrap().size(), TreeSize(size));
    }
}

#[test]
fn a_power_cut_that_brings_back_tiles_that_were_removed_unsynced_does_no_harm() {
    let template = log_with_copy(&[255]);
    let steps = grow(WithCopy::of(template.path()).path(), 255..256, Fault::default(), true).steps;
    // The removal was to be synced last.
    let dir = WithCopy::of(template.path());
    grow(dir.path(), 255..256, failing(steps - 1, Persisted::No), true);
    assert!(!dir.path().join("tile/0/000.p").exists());
    // The partial tiles come back ruined.
    for partial in ["tile/0/000.p", "tile/entries/000.p"] {
        fs::create_dir(dir.path().join(partial)).unwrap();
        fs::write(dir.path().join(partial).join("255"), "").unwrap();
    }
    drop(open(dir.path(), key()).unwrap());
    assert_holds(dir.path(), 256);
}

#[test]
fn a_recovery_that_fails_at_any_write_is_recovered_from() {
    for (sizes, after) in [(&[1_u64][..], 3), (&[255], 257)] {
        let before = *sizes.last().unwrap();
        let template = log_with_copy(sizes);
        let steps = grow(WithCopy::of(template.path()).path(), before..after, Fault::default(), true).steps;
        // Every third step: what they leave differs in little, and recoveries have as many steps again.
        for step in (0..steps).step_by(3) {
            let broken = WithCopy::of(template.path());
            let seals = step.is_multiple_of(2);
            let Grown { acknowledged, .. } = grow(broken.path(), before..after, failing(step, Persisted::Yes), seals);
            for recovery_step in 0.. {
                let dir = WithCopy::of(broken.path());
                let mut disk = Disk::new(dir.path(), STAGING);
                disk.fault = failing(recovery_step, Persisted::Yes);
                let opened = Store::open_on(disk, place(dir.path()).copy, Key::new(Counted::new(seals).0));
                let end = opened.map(Unsafe::after_kill).is_ok();
                assert_recovers(dir.path(), acknowledged, after, seals, &format!("{step}, then {recovery_step}"));
                if end {
                    break;
                }
            }
        }
    }
}

#[test]
fn a_creation_that_fails_at_any_write_can_be_done_again_or_is_done() {
    for step in 0.. {
        for persisted in [Persisted::No, Persisted::Yes] {
            let dir = tempdir();
            let place = dir.path().join("operation/log");
            let mut disk = Disk::new(&place, STAGING);
            disk.fault = failing(step, persisted);
            if Store::create_on(disk, None, Key::new(key())).is_ok() {
                assert!(step > 10, "{step}");
                return;
            }
            let mut log = match create(&place, key()) {
                Err(AuditError::AlreadyALog { .. }) => open(&place, key()).unwrap(),
                made => made.unwrap(),
            };
            log.append(&facts(0..2)).unwrap();
            assert_holds(&place, 2);
        }
    }
}

#[test]
fn a_journal_that_does_not_continue_the_log_is_refused() {
    let dir = log_of(&[5]);
    let mut records = Vec::new();
    bundle::put(&mut records, &fact(9).to_bytes(LeafIndex(9)).unwrap());
    let signed = fs::read(dir.path().join(SIGNED)).unwrap();
    // Not the next entry; not signed for; settled long ago.
    for (base, refused) in [(9, true), (5, true), (4, false)] {
        let batch = Batch { base: TreeSize(base), count: 1, records: records.clone() };
        let record = Record { batch, voucher: Voucher::Signed(signed.clone()) };
        let mut bytes = record.to_bytes();
        bytes.resize(journal::JOURNAL_BYTES as usize, 0);
        fs::write(dir.path().join(JOURNAL), bytes).unwrap();
        let result = open(dir.path(), key());
        assert_eq!(result.is_err(), refused, "{base}: {result:?}");
        assert!(!refused || result.unwrap_err().to_string().contains(JOURNAL));
    }
}

#[test]
fn a_journal_that_was_damaged_before_its_end_is_refused_and_a_torn_end_is_dropped() {
    let log = log_with_copy(&[1, 2, 3]);
    let path = log.path().join(JOURNAL);
    let good = fs::read(&path).unwrap();
    let mut bent = good.clone();
    bent[100] ^= 1;
    fs::write(&path, &bent).unwrap();
    let error = open(place(log.path()), key()).unwrap_err();
    assert!(matches!(&error, AuditError::AlteredFile { path: named } if *named == path), "{error}");
    // Three entries are published and copied, so the last record cannot have been torn.
    let last = 2 * BLOCK_BYTES;
    let torn = [&good[..last + 100], &vec![0; good.len() - last - 100]].concat();
    fs::write(&path, torn).unwrap();
    let error = open(log.path(), key()).unwrap_err();
    assert!(matches!(error, AuditError::OutOfStep { published: TreeSize(3), present: TreeSize(2), .. }), "{error}");
    // One that is refused is left as it is: what was damaged can be mended.
    let mut bent = good.clone();
    bent[last + 100] ^= 1;
    fs::write(&path, &bent).unwrap();
    open(place(log.path()), key()).unwrap_err();
    open(log.path(), key()).unwrap_err();
    assert!(fs::read(&path).unwrap() == bent);
    // Cut off behind the last record, with the beginning of one.
    let mut begun = [&good[..last + BLOCK_BYTES], &good[..BLOCK_BYTES / 8]].concat();
    begun.resize(good.len(), 0);
    fs::write(&path, begun).unwrap();
    assert_eq!(open(place(log.path()), key()).unwrap().size(), TreeSize(3));
    assert_holds(log.path(), 3);
    assert_eq!(fs::metadata(&path).unwrap().len(), journal::JOURNAL_BYTES);
}

#[test]
fn a_journal_of_another_version_is_refused_and_left_as_it_is() {
    let log = log_of(&[3]);
    let path = log.path().join(JOURNAL);
    for other in ["impound journal 2\nwhatever it holds", "impound journal 3\n", "impound journal 40\n"] {
        fs::write(&path, other).unwrap();
        let error = open(log.path(), key()).unwrap_err();
        assert!(matches!(&error, AuditError::OtherJournal { path: named } if *named == path), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), other);
    }
    // A log that was closed has a blank one, which no version cuts short.
    for shorter in [0, journal::JOURNAL_BYTES as usize - 1] {
        fs::write(&path, vec![0; shorter]).unwrap();
        let error = open(log.path(), key()).unwrap_err();
        assert!(matches!(&error, AuditError::AlteredFile { path: named } if *named == path), "{error}");
    }
    fs::write(&path, vec![0; journal::JOURNAL_BYTES as usize]).unwrap();
    open(log.path(), key()).unwrap().append(&[fact(3)]).unwrap();
    assert_holds(log.path(), 4);
}

/// What happens to a log.
#[derive(Debug, Clone)]
enum Deed {
    /// Several commits of so many entries each.
    Commit(Vec<u8>),
    Publish,
    Close,
    Kill,
    /// The power is cut, after this step of an append.
    Cut {
        step: usize,
        persisted: bool,
        ruin: usize,
        torn: u64,
    },
    /// Somebody writes into the journal, behind the records that count: old blocks, or anything.
    Litter {
        at: usize,
        bytes: Vec<u8>,
        old: bool,
    },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let commit = prop::collection::vec(1..6_u8, 1..5).prop_map(Deed::Commit);
    let cut = (0..16_usize, any::<bool>(), 0..RUINS.len(), any::<u64>());
    let cut = cut.prop_map(|(step, persisted, ruin, torn)| Deed::Cut { step, persisted, ruin, torn });
    let litter = (0..16_usize, prop::collection::vec(any::<u8>(), 1..600), any::<bool>());
    let litter = litter.prop_map(|(at, bytes, old)| Deed::Litter { at, bytes, old });
    let deed = prop_oneof![
        6 => commit, 2 => Just(Deed::Publish), 1 => Just(Deed::Close), 2 => Just(Deed::Kill), 3 => cut, 2 => litter
    ];
    prop::collection::vec(deed, 1..14)
}

/// A log and what is known of it.
struct History {
    dir: TempDir,
    before: TempDir,
    log: Store,
    /// What was acknowledged, in order.
    entries: Vec<Entry>,
    /// What may have been committed after that.
    doubtful: Vec<Entry>,
    written: u64,
}

impl History {
    fn new() -> Self {
        let dir = tempdir();
        let log = create(dir.path(), key()).unwrap();
        let before = copy(dir.path());
        Self { dir, before, log, entries: Vec::new(), doubtful: Vec::new(), written: 0 }
    }

    /// No entry is like another, so that one that was lost is not taken for one that was written later.
    fn next(&mut self, count: u8) -> Vec<Entry> {
        self.written += u64::from(count);
        (self.written - u64::from(count)..self.written).map(fact).collect()
    }

    fn commit(&mut self, count: u8) {
        let next = self.next(count);
        match self.log.commit_all(&next) {
            Ok(_) => self.entries.extend(next),
            Err(error) => {
                assert!(self.log.disk.fault.at.is_some(), "{error}");
                self.doubtful = next;
            }
        }
    }

    /// Ends the process, does something to what it left, and opens the log again.
    fn reopen(&mut self, meddle: impl FnOnce(&Unsafe, &Path, &Path)) {
        let empty = tempdir();
        let none = create(empty.path(), key()).unwrap();
        let left = Unsafe::after_kill(std::mem::replace(&mut self.log, none));
        meddle(&left, self.dir.path(), self.before.path());
        self.log = open(self.dir.path(), key()).unwrap();
        self.before = copy(self.dir.path());
        let found: Vec<Entry> =
            reader(self.dir.path()).unwrap().entries().unwrap().map(|one| one.unwrap().entry).collect();
        let with_doubtful = [self.entries.clone(), std::mem::take(&mut self.doubtful)].concat();
        assert!(found == self.entries || found == with_doubtful, "{} of {}", found.len(), self.entries.len());
        self.entries = found;
        assert_eq!(verify(self.dir.path()).unwrap().size.0, self.entries.len() as u64);
    }

    fn does(&mut self, deed: &Deed) {
        match deed {
            Deed::Commit(counts) => counts.iter().for_each(|count| self.commit(*count)),
            Deed::Publish => self.log.publish(),
            Deed::Close => {
                self.log.close().unwrap();
                self.reopen(|_, _, _| {});
            }
            Deed::Kill => self.reopen(|_, _, _| {}),
            Deed::Cut { step, persisted, ruin, torn } => {
                self.log.disk.fault = failing(*step, if *persisted { Persisted::Yes } else { Persisted::No });
                self.commit(2);
                self.log.publish();
                self.reopen(|left, dir, before| left.ruin(dir, before, RUINS[*ruin], *torn));
            }
            Deed::Litter { at, bytes, old } => {
                let settled = read_checkpoint(&self.dir.path().join(SIGNED), key().verifier()).unwrap().1.size;
                self.reopen(|_, dir, _| {
                    let path = dir.join(JOURNAL);
                    let mut journal = fs::read(&path).unwrap();
                    let behind = journal::read(&journal, settled).unwrap().length;
                    let blocks = journal.len() / BLOCK_BYTES;
                    let to = (at % blocks * BLOCK_BYTES).max(behind);
                    let from = journal.clone();
                    let litter = if *old { &from[at * BLOCK_BYTES..(at + 1) * BLOCK_BYTES] } else { bytes };
                    journal.iter_mut().skip(to).zip(litter).for_each(|(to, from)| *to = *from);
                    fs::write(path, journal).unwrap();
                });
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    /// Nothing that was acknowledged is lost, and no record of an earlier round of the journal is ever applied.
    #[test]
    fn whatever_happens_to_a_log_it_holds_what_was_acknowledged_and_nothing_else(deeds in deeds()) {
        let mut history = History::new();
        deeds.iter().for_each(|deed| history.does(deed));
        history.reopen(|_, _, _| {});
    }
}

use super::super::fixture::{fact, key, log_of, reader};
use super::super::store::{CHECKPOINT, CHECKPOINTS, SIGNED};
use super::super::{Log, Recorded};
use super::*;

/// Flips a bit in the middle of a file.
fn bend(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn the_first_wrong_bundle_is_named_whichever_lane_finds_one_first() {
    let size = 40 * 256 + 7;
    let dir = log_of(&[size]);
    let bundles: Vec<PathBuf> = (0..41)
        .map(|index| Tile { kind: TileKind::Entries, index, width: 256.min(size - index * 256) })
        .map(|tile| dir.path().join(tile.path()))
        .collect();
    // From the last to the first, so that each time one more is wrong.
    for (index, path) in bundles.iter().enumerate().rev() {
        bend(path);
        match reader(dir.path()).verify_all(None).unwrap_err() {
            AuditError::AlteredEntry { index: entry, path: named } => {
                assert_eq!((entry.0 / 256, &named), (index as u64, path));
            }
            AuditError::TruncatedEntry { path: named, .. } => assert_eq!(&named, path),
            other => panic!("{index}: {other}"),
        }
    }
}

#[test]
fn every_file_of_a_log_of_several_lanes_is_compared() {
    let dir = log_of(&[3, 255, 256, 300, 1000, 1030]);
    let whole = reader(dir.path()).verify_all(None).unwrap();
    assert_eq!((whole.size, whole.checkpoints, &whole.ahead), (TreeSize(1030), 7, &None));
    assert_eq!(whole.last, Some(fact(1029).at));
    let mut open = vec![dir.path().join("tile"), dir.path().join(CHECKPOINTS)];
    let mut seen = 0;
    while let Some(next) = open.pop() {
        for (_, path) in list(&next).unwrap() {
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let good = fs::read(&path).unwrap();
            bend(&path);
            let error = reader(dir.path()).verify_all(None).unwrap_err();
            let names_it = error.to_string().contains(path.to_str().unwrap());
            assert!(names_it, "{}: {error}", path.display());
            fs::write(&path, good).unwrap();
            seen += 1;
        }
    }
    assert!(seen >= 20, "{seen}");
    assert_eq!(reader(dir.path()).verify_all(None).unwrap(), whole);
}

#[test]
fn the_entries_of_a_verified_log_are_those_that_were_written() {
    for size in [0, 1, 256, 700] {
        let dir = log_of(&[size]);
        let read: Vec<_> = reader(dir.path()).entries().unwrap().map(Result::unwrap).collect();
        let written: Vec<_> = (0..size).map(|nth| Recorded { seq: LeafIndex(nth), entry: fact(nth) }).collect();
        assert_eq!(read, written);
        let mut watched = Vec::new();
        reader(dir.path()).verify_watched(None, &mut |size| watched.push(size.0)).unwrap();
        assert_eq!(watched.last().copied().unwrap_or_default(), size);
        assert!(watched.is_sorted());
    }
}

#[test]
fn an_append_that_goes_on_is_not_taken_for_one_that_was_cut_short() {
    let dir = log_of(&[300]);
    let before = reader(dir.path());
    let mut log = Log::open(dir.path(), key()).unwrap();
    log.append(&[fact(300)]).unwrap();
    log.publish().unwrap();
    // Opened before the append, verified after it: as if the append had gone on meanwhile.
    let verified = before.verify_all(None).unwrap();
    assert_eq!((verified.size, verified.ahead), (TreeSize(300), None));
    // The older one is put back, after the log was closed: what was signed since is ahead.
    log.close().unwrap();
    fs::write(dir.path().join(CHECKPOINT), before.signed_checkpoint()).unwrap();
    assert_eq!(reader(dir.path()).verify_all(None).unwrap().ahead.unwrap().size, TreeSize(301));
}

#[test]
fn a_log_that_was_put_back_but_for_the_note_of_its_writer_is_told() {
    let (dir, older) = (log_of(&[3, 5]), log_of(&[3]));
    let signed = dir.path().join(SIGNED);
    // Settled, so that the journal explains nothing.
    Log::open(dir.path(), key()).unwrap().close().unwrap();
    fs::copy(&signed, older.path().join(SIGNED)).unwrap();
    let ahead = reader(older.path()).verify_all(None).unwrap().ahead;
    assert_eq!(ahead, Some(Ahead { path: older.path().join(SIGNED), size: TreeSize(5), is_signed: true }));
    // Damaged, it says nothing of the log.
    bend(&older.path().join(SIGNED));
    assert_eq!(reader(older.path()).verify_all(None).unwrap().ahead, None);
}

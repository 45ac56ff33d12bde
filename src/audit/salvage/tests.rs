#![expect(clippy::single_range_in_vec_init, reason = "one gap is a list of one range")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::super::fixture::{fact, log_of, reader};
use super::*;

/// What is told of a log: the numbers of its entries, what is lost, how many files were mended.
fn told(dir: &Path) -> (Vec<u64>, Vec<Range<u64>>, usize) {
    let (mut entries, mut lost, mut mended) = (Vec::new(), Vec::new(), 0);
    for salvaged in reader(dir).salvage().unwrap() {
        match salvaged.unwrap() {
            Salvaged::Entry(recorded) => {
                assert_eq!(recorded.entry, fact(recorded.seq.0));
                entries.push(recorded.seq.0);
            }
            Salvaged::Lost { entries, .. } => lost.push(entries),
            Salvaged::Mended(_) => mended += 1,
        }
    }
    (entries, lost, mended)
}

fn all_but(size: u64, lost: &[Range<u64>]) -> Vec<u64> {
    (0..size).filter(|nth| !lost.iter().any(|range| range.contains(nth))).collect()
}

/// Changes one file of a log.
fn change(dir: &Path, file: &str, how: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(dir.join(file)).unwrap();
    how(&mut bytes);
    fs::write(dir.join(file), bytes).unwrap();
}

/// Where the length of entry `nth` of a bundle stands.
fn start_of(bytes: &[u8], nth: usize) -> usize {
    let mut rest = bytes;
    for _ in 0..nth {
        bundle::take(&mut rest).unwrap();
    }
    bytes.len() - rest.len()
}

type Damage = fn(&Path);

#[test]
fn only_what_nothing_vouches_for_is_lost() {
    let cases: [(&str, Damage, Vec<Range<u64>>, usize); 14] = [
        ("nothing", |_| {}, vec![], 0),
        (
            "an octet of an entry",
            |dir| {
                change(dir, "tile/entries/001", |b| {
                    let at = start_of(b, 4);
                    b[at + 9] ^= 1;
                })
            },
            vec![260..261],
            0,
        ),
        (
            "an octet of a length",
            |dir| {
                change(dir, "tile/entries/001", |b| {
                    let at = start_of(b, 4);
                    b[at] ^= 1;
                })
            },
            vec![260..261],
            0,
        ),
        (
            "an entry is cut out, another put in",
            |dir| {
                change(dir, "tile/entries/000", |b| {
                    let (cut, end, other) = (start_of(b, 7), start_of(b, 8), start_of(b, 20));
                    let foreign = [b"\x00\x02{}".as_slice(), b"rubbish"].concat();
                    b.splice(other..other, foreign);
                    b.drain(cut..end);
                })
            },
            vec![7..8],
            0,
        ),
        (
            "a bundle ends early",
            |dir| change(dir, "tile/entries/001", |b| b.truncate(start_of(b, 200) + 5)),
            vec![456..512],
            0,
        ),
        ("a bundle is empty", |dir| change(dir, "tile/entries/001", Vec::clear), vec![256..512], 0),
        ("a bundle goes on", |dir| change(dir, "tile/entries/001", |b| b.extend(b"more")), vec![], 1),
        ("a bundle is gone", |dir| fs::remove_file(dir.join("tile/entries/000")).unwrap(), vec![0..256], 0),
        ("a full tile", |dir| change(dir, "tile/0/001", |b| b[40] ^= 1), vec![], 1),
        ("a full tile is gone", |dir| fs::remove_file(dir.join("tile/0/000")).unwrap(), vec![], 1),
        ("the tile at the edge", |dir| change(dir, "tile/0/002.p/88", |b| b[40] ^= 1), vec![], 1),
        (
            "both tiles at the edge",
            |dir| {
                change(dir, "tile/0/002.p/88", Vec::clear);
                fs::remove_file(dir.join("tile/1/000.p/2")).unwrap();
            },
            vec![],
            1,
        ),
        (
            "a tile and its bundle",
            |dir| {
                change(dir, "tile/0/001", |b| b[40] ^= 1);
                change(dir, "tile/entries/001", |b| b[40] ^= 1);
            },
            vec![256..512],
            0,
        ),
        (
            "the edge and the last bundle, as after a power cut",
            |dir| {
                change(dir, "tile/0/002.p/88", Vec::clear);
                change(dir, "tile/entries/002.p/88", Vec::clear);
            },
            vec![512..600],
            0,
        ),
    ];
    for (name, damage, lost, mended) in cases {
        let dir = log_of(&[3, 256, 512, 600]);
        damage(dir.path());
        assert_eq!(told(dir.path()), (all_but(600, &lost), lost, mended), "{name}");
    }
}

#[test]
fn what_is_not_a_log_any_more_is_lost_whole() {
    let dir = log_of(&[300]);
    fs::remove_dir_all(dir.path().join("tile")).unwrap();
    assert_eq!(told(dir.path()), (vec![], vec![0..300], 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_stands_in_the_files_nothing_is_told_that_was_not_written(
        which in prop::sample::select(vec!["tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"]),
        at in 0.0..1.0_f64,
        put in prop::collection::vec(any::<u8>(), 0..40),
        cut in 0_usize..2000,
    ) {
        let dir = log_of(&[256, 300]);
        change(dir.path(), which, |bytes| {
            let from = (bytes.len() as f64 * at) as usize;
            let to = (from + cut).min(bytes.len());
            bytes.splice(from..to, put);
        });
        // Each entry that is told is compared with what was written; together with what is lost they are all.
        let (entries, lost, _) = told(dir.path());
        prop_assert_eq!(entries, all_but(300, &lost));
    }

    #[test]
    fn any_bundle_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..4000), leaves in prop::collection::vec(any::<[u8; 32]>(), 0..300)) {
        let leaves: Vec<Hash> = leaves.into_iter().map(Hash).collect();
        prop_assert_eq!(matching(&bytes, &leaves), vec![None; leaves.len()]);
    }
}

use super::super::fixture::{leaves, log_of, reader};
use super::*;
use crate::tlog::{consistency_proof, inclusion_proof, verify_consistency};

#[test]
fn proofs_from_tiles_are_those_of_the_tree_in_memory_at_every_earlier_size() {
    // Two full tiles, one partial, and an edge on the second level.
    let dir = log_of(&[3, 256, 600]);
    let (reader, all) = (reader(dir.path()), leaves(0..600));
    let sizes = [0, 1, 2, 3, 100, 255, 256, 257, 511, 512, 513, 599, 600];
    for new in sizes {
        let tree = &all[..new];
        let new = TreeSize(new as u64);
        assert_eq!(reader.root_at(new).unwrap(), root_of(tree), "{new}");
        for index in [0, 1, 2, 99, 254, 255, 256, 257, 511, 512, 598, 599] {
            if index < new.0 {
                let index = LeafIndex(index);
                let proof = reader.prove_at(index, new).unwrap();
                assert_eq!(proof, inclusion_proof(tree, index).unwrap(), "{index} of {new}");
            }
        }
        for old in sizes.into_iter().filter(|old| *old <= tree.len()) {
            let (old_root, old) = (root_of(&all[..old]), TreeSize(old as u64));
            let path = reader.prove_consistency(old, new).unwrap();
            assert_eq!(path, consistency_proof(tree, old).unwrap(), "{old} to {new}");
            verify_consistency((old, &old_root), (new, &root_of(tree)), &path).unwrap();
        }
    }
}

#[test]
fn what_the_log_has_not_reached_is_not_proven() {
    let dir = log_of(&[5]);
    let reader = reader(dir.path());
    let shrunk = |old, new| TlogError::Shrunk { old: TreeSize(old), new: TreeSize(new) };
    let no_proof = |error| match error {
        AuditError::NoProof(source) => source,
        other => panic!("{other}"),
    };
    assert_eq!(no_proof(reader.prove_at(LeafIndex(0), TreeSize(6)).unwrap_err()), shrunk(6, 5));
    assert_eq!(no_proof(reader.prove_consistency(TreeSize(4), TreeSize(3)).unwrap_err()), shrunk(4, 3));
    assert_eq!(no_proof(reader.prove_consistency(TreeSize(4), TreeSize(u64::MAX)).unwrap_err()), shrunk(u64::MAX, 5));
    assert_eq!(no_proof(reader.root_at(TreeSize(6)).unwrap_err()), shrunk(6, 5));
    assert!(matches!(reader.prove_at(LeafIndex(3), TreeSize(3)), Err(AuditError::NoSuchEntry(_))));
}

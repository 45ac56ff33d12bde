//! The Merkle tree hash, inclusion and consistency proofs of RFC 6962 section 2.1, over any leaves.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::{Hash, LeafIndex, TlogError, TreeSize};

/// `SHA-256(0x00 || data)` (RFC 6962 section 2.1). The prefix keeps a leaf from passing for a node.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0x00]).chain_update(data).finalize().into())
}

/// `SHA-256(0x01 || left || right)` (RFC 6962 section 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    // One buffer and one update: there are as many nodes as leaves, and each counts when a million are verified.
    let mut data = [0x01; 65];
    let (first, second) = data.split_at_mut(33);
    if let Some(slot) = first.get_mut(1..) {
        slot.copy_from_slice(&left.0);
    }
    second.copy_from_slice(&right.0);
    Hash(Sha256::digest(data).into())
}

/// The root of the tree without leaves: `SHA-256("")` (RFC 6962 section 2.1).
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}

/// Joins the roots of perfect subtrees, the largest first, into the root of all; nothing for none.
fn join(peaks: &[Hash]) -> Option<Hash> {
    peaks.iter().rev().copied().reduce(|right, left| node_hash(&left, &right))
}

/// The least that must be remembered of a tree to let it grow: the roots of its perfect subtrees, the largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// How many leaves there are.
    pub fn size(&self) -> TreeSize {
        TreeSize(self.size)
    }

    /// Adds the hash of the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each one at the low end of the size is a perfect subtree that the new leaf completes to one of twice its size.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// Adds `roots`, each of a perfect subtree of `leaves` leaves (a power of two that divides the present size).
    pub fn push_subtrees(&mut self, roots: &[Hash], leaves: u64) {
        let leaves = leaves.max(1);
        let mut above = Self { size: self.size / leaves, peaks: std::mem::take(&mut self.peaks) };
        roots.iter().for_each(|root| above.push(*root));
        *self = Self { size: above.size * leaves, peaks: above.peaks };
    }

    /// The root of the whole.
    pub fn root(&self) -> Hash {
        join(&self.peaks).unwrap_or_else(empty_root)
    }
}

/// The Merkle tree hash of `leaves`, which are leaf hashes (RFC 6962 section 2.1).
pub fn root_of(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}

/// The largest power of two below `leaves`, which is at least two (RFC 6962 section 2.1, `k`).
fn split(leaves: u64) -> u64 {
    1 << leaves.saturating_sub(1).max(1).ilog2()
}

/// The subtrees whose roots make the proof for `index`, from the leaf to the root (RFC 6962 section 2.1.1).
///
/// Whoever keeps the tree in another form than a slice hashes these with [`subtree_hash`].
pub fn inclusion_ranges(index: LeafIndex, size: TreeSize) -> Result<Vec<Range<u64>>, TlogError> {
    if index.0 >= size.0 {
        return Err(TlogError::NoSuchLeaf { index, size });
    }
    let mut ranges = Vec::new();
    let Range { mut start, mut end } = 0..size.0;
    while end - start > 1 {
        let middle = start + split(end - start);
        if index.0 < middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    ranges.reverse();
    Ok(ranges)
}

/// The subtrees whose roots prove that a tree of `new` leaves continues one of `old` (RFC 6962 section 2.1.2).
pub fn consistency_ranges(old: TreeSize, new: TreeSize) -> Result<Vec<Range<u64>>, TlogError> {
    if old > new {
        return Err(TlogError::Shrunk { old, new });
    }
    let mut ranges = Vec::new();
    let Range { mut start, mut end } = 0..new.0;
    // Nothing proves that a tree continues the empty one: every tree does.
    while old.0 > 0 && old.0 != end {
        let middle = start + split(end - start);
        if old.0 <= middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    // The verifier has the old root; a part of the old tree that is not all of it must be told.
    if start > 0 {
        ranges.push(start..end);
    }
    ranges.reverse();
    Ok(ranges)
}

/// The root of the leaves `range`, from the roots of perfect subtrees: `node(level, n)` covers the leaves
/// `n * 2^level .. (n + 1) * 2^level`. For the ranges that this module hands out, which are aligned.
pub fn subtree_hash<E>(range: Range<u64>, mut node: impl FnMut(u32, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let mut peaks = Vec::new();
    let mut start = range.start;
    while start < range.end {
        let level = (range.end - start).ilog2();
        peaks.push(node(level, start >> level)?);
        start += 1 << level;
    }
    Ok(join(&peaks).unwrap_or_else(empty_root))
}

fn slice_root(leaves: &[Hash], range: Range<u64>) -> Option<Hash> {
    let range = usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?;
    leaves.get(range).map(root_of)
}

/// Shows that one leaf is in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// Which leaf.
    pub index: LeafIndex,
    /// Of a tree of how many.
    pub size: TreeSize,
    /// The roots of the neighbouring subtrees, from the leaf to the root.
    pub path: Vec<Hash>,
}

impl InclusionProof {
    /// Whether the leaf with this hash is in the tree with this root (RFC 9162 section 2.1.3.2). Takes at most 64 steps,
    /// however long the path is.
    pub fn verify(&self, leaf: &Hash, root: &Hash) -> Result<(), TlogError> {
        let refuse = || TlogError::NotIncluded { index: self.index, size: self.size };
        if self.index.0 >= self.size.0 {
            return Err(TlogError::NoSuchLeaf { index: self.index, size: self.size });
        }
        let (mut node, mut last) = (self.index.0, self.size.0 - 1);
        let mut hash = *leaf;
        for sibling in &self.path {
            if last == 0 {
                return Err(refuse());
            }
            if node & 1 == 1 || node == last {
                hash = node_hash(sibling, &hash);
                // A last node without a right neighbour moves up unchanged until it is one's right child.
                let lone = node.trailing_zeros();
                node = node.checked_shr(lone).unwrap_or(0);
                last = last.checked_shr(lone).unwrap_or(0);
            } else {
                hash = node_hash(&hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        if last == 0 && hash == *root { Ok(()) } else { Err(refuse()) }
    }
}

/// The proof that the leaf `index` is in the tree of `leaves`, which are leaf hashes.
pub fn inclusion_proof(leaves: &[Hash], index: LeafIndex) -> Result<InclusionProof, TlogError> {
    let size = TreeSize(leaves.len() as u64);
    let ranges = inclusion_ranges(index, size)?;
    let path = ranges.into_iter().filter_map(|range| slice_root(leaves, range)).collect();
    Ok(InclusionProof { index, size, path })
}

/// The proof that the tree of `leaves`, which are leaf hashes, continues the tree of its first `old` leaves.
pub fn consistency_proof(leaves: &[Hash], old: TreeSize) -> Result<Vec<Hash>, TlogError> {
    let ranges = consistency_ranges(old, TreeSize(leaves.len() as u64))?;
    Ok(ranges.into_iter().filter_map(|range| slice_root(leaves, range)).collect())
}

/// Whether `path` proves that the tree `new` continues the tree `old` (RFC 9162 section 2.1.4.2). Takes at most 64 steps.
pub fn verify_consistency(
    (old, old_root): (TreeSize, &Hash),
    (new, new_root): (TreeSize, &Hash),
    path: &[Hash],
) -> Result<(), TlogError> {
    if old > new {
        return Err(TlogError::Shrunk { old, new });
    }
    let good = if old.0 == 0 {
        // RFC 9162 leaves this case out; every tree continues the empty one.
        path.is_empty() && *old_root == empty_root()
    } else if old == new {
        path.is_empty() && old_root == new_root
    } else {
        both_roots(old.0, new.0, old_root, path) == Some((*old_root, *new_root))
    };
    if good { Ok(()) } else { Err(TlogError::NotConsistent { old, new }) }
}

/// The roots of both trees as `path` has them; nothing when it is too long or too short. `0 < old < new`.
fn both_roots(old: u64, new: u64, old_root: &Hash, path: &[Hash]) -> Option<(Hash, Hash)> {
    // A tree of a power of two is a subtree of the new one, and its root begins the path unsaid.
    let (first, rest) = if old.is_power_of_two() { (old_root, path) } else { path.split_first()? };
    let (mut node, mut last) = (old - 1, new - 1);
    let whole = node.trailing_ones();
    node >>= whole;
    last >>= whole;
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            let lone = node.trailing_zeros();
            node = node.checked_shr(lone).unwrap_or(0);
            last = last.checked_shr(lone).unwrap_or(0);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some((old_hash, new_hash))
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    use super::*;

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    /// The definition of RFC 6962 section 2.1, word for word.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            more => {
                let k = split(more.len() as u64) as usize;
                node_hash(&by_definition(&more[..k]), &by_definition(&more[k..]))
            }
        }
    }

    /// The eight leaves that the test suites of Certificate Transparency share, and the root at every size.
    #[test]
    fn the_roots_of_the_well_known_test_tree_come_out() {
        const LEAVES: [&str; 8] =
            ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        const ROOTS: [&str; 9] = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let hashes: Vec<Hash> =
            LEAVES.iter().map(|leaf| leaf_hash(&HEXLOWER.decode(leaf.as_bytes()).unwrap())).collect();
        for (size, root) in ROOTS.iter().enumerate() {
            assert_eq!(HEXLOWER.encode(&root_of(&hashes[..size]).0), *root, "{size} leaves");
        }
    }

    #[test]
    fn every_proof_of_every_small_tree_verifies() {
        let all = leaves(40);
        for size in 1..=all.len() {
            let (tree, root) = (&all[..size], root_of(&all[..size]));
            assert_eq!(root, by_definition(tree));
            for (index, leaf) in tree.iter().enumerate() {
                let proof = inclusion_proof(tree, LeafIndex(index as u64)).unwrap();
                assert_eq!(proof.verify(leaf, &root), Ok(()), "{index} of {size}");
            }
            for old in 0..=size {
                let proof = consistency_proof(tree, TreeSize(old as u64)).unwrap();
                let (old_root, old) = (root_of(&all[..old]), TreeSize(old as u64));
                let result = verify_consistency((old, &old_root), (TreeSize(size as u64), &root), &proof);
                assert_eq!(result, Ok(()), "{old} to {size}");
            }
        }
    }

    #[test]
    fn what_is_not_in_the_tree_has_no_proof() {
        let tree = leaves(5);
        let (index, size) = (LeafIndex(5), TreeSize(5));
        assert_eq!(inclusion_proof(&tree, index), Err(TlogError::NoSuchLeaf { index, size }));
        assert_eq!(
            inclusion_proof(&[], LeafIndex(0)),
            Err(TlogError::NoSuchLeaf { index: LeafIndex(0), size: TreeSize(0) })
        );
        let (old, new) = (TreeSize(6), TreeSize(5));
        assert_eq!(consistency_proof(&tree, old), Err(TlogError::Shrunk { old, new }));
        let root = root_of(&tree);
        let endless =
            InclusionProof { index: LeafIndex(u64::MAX - 1), size: TreeSize(u64::MAX), path: vec![root; 999] };
        assert!(matches!(endless.verify(&root, &root), Err(TlogError::NotIncluded { .. })));
        let huge = (TreeSize(u64::MAX - 1), &root);
        assert!(verify_consistency(huge, (TreeSize(u64::MAX), &root), &vec![root; 999]).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        #[test]
        fn a_proof_fails_for_any_other_leaf_root_index_or_path(size in 2usize..200, pick: usize, bit in 0usize..256, at: usize) {
            let tree = leaves(size);
            let index = pick % size;
            let root = root_of(&tree);
            let flip = |hash: &Hash| { let mut h = *hash; h.0[bit / 8] ^= 1 << (bit % 8); h };
            let proof = inclusion_proof(&tree, LeafIndex(index as u64)).unwrap();
            prop_assert!(proof.verify(&flip(&tree[index]), &root).is_err());
            prop_assert!(proof.verify(&tree[index], &flip(&root)).is_err());
            let elsewhere = InclusionProof { index: LeafIndex(((index + 1) % size) as u64), ..proof.clone() };
            prop_assert!(elsewhere.verify(&tree[index], &root).is_err());
            let at = at % proof.path.len();
            let mut bent = proof.clone();
            bent.path[at] = flip(&bent.path[at]);
            prop_assert!(bent.verify(&tree[index], &root).is_err());
            let mut short = proof.clone();
            short.path.remove(at);
            prop_assert!(short.verify(&tree[index], &root).is_err());
            let mut long = proof.clone();
            long.path.push(root);
            prop_assert!(long.verify(&tree[index], &root).is_err());
        }

        #[test]
        fn a_rewritten_tree_is_not_consistent_with_the_old_one(size in 2usize..200, pick: usize, changed: usize) {
            let before = leaves(size);
            let old = 1 + pick % (size - 1);
            let mut after = before.clone();
            after[changed % old] = leaf_hash(b"rewritten");
            let proof = consistency_proof(&after, TreeSize(old as u64)).unwrap();
            let old_tree = (TreeSize(old as u64), &root_of(&before[..old]));
            let new_tree = (TreeSize(size as u64), &root_of(&after));
            prop_assert!(verify_consistency(old_tree, new_tree, &proof).is_err());
        }

        #[test]
        fn hostile_proofs_are_answered(index: u64, size: u64, other: u64, path in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
            let path: Vec<Hash> = path.into_iter().map(Hash).collect();
            let root = empty_root();
            let proof = InclusionProof { index: LeafIndex(index), size: TreeSize(size), path: path.clone() };
            prop_assert!(proof.verify(&root, &root).is_err());
            let _ = verify_consistency((TreeSize(size), &root), (TreeSize(other), &root), &path);
            let _ = consistency_ranges(TreeSize(size), TreeSize(other));
            let _ = inclusion_ranges(LeafIndex(index), TreeSize(size));
        }
    }
}

//! Reading a log: no lock, no private state, only what is published.

use std::path::{Path, PathBuf};

use crate::signed_note::{KeyName, Note, NoteError, VerifierKey};
use crate::tlog::{Checkpoint, Hash, InclusionProof, LeafIndex, Receipt, TILE_WIDTH, TlogError, TreeSize};

use super::bundle::Bundle;
use super::citations::{Citations, EvidenceSeen};
use super::disk;
use super::entry::Recorded;
use super::error::AuditError;
use super::evidence::EvidenceStore;
use super::fsck::{self, Verified};
use super::store::{CHECKPOINT, CHECKPOINT_MAX_BYTES, CHECKPOINTS, SIGNED, STATE, parse_checkpoint, read_checkpoint};
use super::tiles::Tiles;

/// The last checkpoint that witnesses have signed as well as the log; not larger than the published one.
pub const WITNESSED: &str = "witnessed";

/// A log at its last published checkpoint.
#[derive(Debug, Clone)]
pub struct LogReader {
    dir: PathBuf,
    key: VerifierKey,
    signed: Vec<u8>,
    checkpoint: Checkpoint,
}

impl LogReader {
    /// Reads the checkpoint of the log in `dir` and verifies it under the key among `keys` that bears the log's name.
    pub fn open(dir: &Path, keys: &[VerifierKey]) -> Result<Self, AuditError> {
        let path = dir.join(CHECKPOINT);
        let signed = match disk::read(&path, CHECKPOINT_MAX_BYTES) {
            Err(AuditError::Missing { .. }) => {
                return Err(AuditError::NotALog { dir: dir.to_owned(), missing: CHECKPOINT });
            }
            read => read?,
        };
        let key = key_of(&signed, &path, keys)?.clone();
        let checkpoint = parse_checkpoint(&signed, &path, &key)?;
        Ok(Self { dir: dir.to_owned(), key, signed, checkpoint })
    }

    /// The same log as it is published now.
    pub(super) fn anew(&self) -> Result<Self, AuditError> {
        Self::open(&self.dir, std::slice::from_ref(&self.key))
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The log's key.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// What the log vouches for.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The checkpoint as it was published, with its signatures.
    pub fn signed_checkpoint(&self) -> &[u8] {
        &self.signed
    }

    /// The checkpoint of this size as it was first signed, from `checkpoints/`, verified under the log's key. Where it is of the
    /// published size, it must vouch for the same entries.
    pub fn kept_checkpoint(&self, size: TreeSize) -> Result<Vec<u8>, AuditError> {
        let path = self.dir.join(CHECKPOINTS).join(size.to_string());
        let (signed, kept) = read_checkpoint(&path, &self.key)?;
        let is_published = size == self.checkpoint.size;
        if kept.size != size || (is_published && kept.root != self.checkpoint.root) {
            return Err(AuditError::AlteredFile { path });
        }
        Ok(signed)
    }

    /// The sizes of the checkpoints that are kept in `checkpoints/`, up to the published one, ascending.
    pub fn kept_sizes(&self) -> Result<Vec<TreeSize>, AuditError> {
        let listed = fsck::list(&self.dir.join(CHECKPOINTS))?;
        let sizes = listed.iter().filter_map(|(name, _)| name.parse().ok()).map(TreeSize);
        let mut sizes: Vec<_> = sizes.filter(|size| *size <= self.checkpoint.size).collect();
        sizes.sort();
        Ok(sizes)
    }

    /// All entries in order, each verified against the signed root before it is handed out. One bundle at a time is in memory.
    pub fn entries(&self) -> Result<Entries, AuditError> {
        self.entries_from(LeafIndex(0))
    }

    /// The entries from `first` on.
    pub fn entries_from(&self, first: LeafIndex) -> Result<Entries, AuditError> {
        let tiles = Tiles::open(&self.dir, &self.checkpoint)?;
        Ok(Entries { dir: self.dir.clone(), tiles, next: first.0, ready: Vec::new().into_iter() })
    }

    /// One entry.
    pub fn entry(&self, index: LeafIndex) -> Result<Recorded, AuditError> {
        let size = self.checkpoint.size;
        let missing = AuditError::NoSuchEntry(TlogError::NoSuchLeaf { index, size });
        self.entries_from(index)?.next().unwrap_or(Err(missing))
    }

    /// The proof that entry `index` is in the log, from the tiles.
    pub fn prove(&self, index: LeafIndex) -> Result<InclusionProof, AuditError> {
        self.prove_at(index, self.checkpoint.size)
    }

    /// The proof that entry `index` is among the first `size`, from the tiles; `size` is at most that of the checkpoint.
    pub fn prove_at(&self, index: LeafIndex, size: TreeSize) -> Result<InclusionProof, AuditError> {
        Tiles::open(&self.dir, &self.checkpoint)?.inclusion_proof(index, size)
    }

    /// The proof that the log of the first `new` entries continues the log of the first `old` (RFC 6962 section 2.1.2), from
    /// the tiles; `new` is at most the size of the checkpoint.
    pub fn prove_consistency(&self, old: TreeSize, new: TreeSize) -> Result<Vec<Hash>, AuditError> {
        Tiles::open(&self.dir, &self.checkpoint)?.consistency_proof(old, new)
    }

    /// The bytes of one entry as they were written, verified against the signed root.
    pub fn entry_bytes(&self, index: LeafIndex) -> Result<Vec<u8>, AuditError> {
        let size = self.checkpoint.size;
        let missing = || AuditError::NoSuchEntry(TlogError::NoSuchLeaf { index, size });
        if index.0 >= size.0 {
            return Err(missing());
        }
        let mut tiles = Tiles::open(&self.dir, &self.checkpoint)?;
        let leaves = tiles.leaves(index.0 / TILE_WIDTH)?;
        let bundle = Bundle::read(&self.dir, index.0 / TILE_WIDTH, leaves.len() as u64)?;
        let within = usize::try_from(index.0 % TILE_WIDTH).unwrap_or(usize::MAX);
        bundle.entries(leaves)?.get(within).map(|bytes| bytes.to_vec()).ok_or_else(missing)
    }

    /// The receipt of entry `index`, with the bytes of the entry: under the checkpoint that witnesses have signed too, if there
    /// is one and the entry is in it, otherwise under the published one.
    pub fn receipt(&self, index: LeafIndex) -> Result<Receipt, AuditError> {
        let path = self.dir.join(WITNESSED);
        match disk::read(&path, CHECKPOINT_MAX_BYTES) {
            Err(AuditError::Missing { .. }) => {}
            read => {
                let signed = read?;
                if index.0 < parse_checkpoint(&signed, &path, &self.key)?.size.0 {
                    return self.receipt_under(index, &signed, &path);
                }
            }
        }
        self.receipt_under(index, &self.signed, &self.dir.join(CHECKPOINT))
    }

    /// The receipt of entry `index` under the checkpoint of `size` entries as it was first signed, which is what a time stamp over
    /// that checkpoint dates.
    pub fn receipt_at(&self, index: LeafIndex, size: TreeSize) -> Result<Receipt, AuditError> {
        let signed = self.kept_checkpoint(size)?;
        self.receipt_under(index, &signed, &self.dir.join(CHECKPOINTS).join(size.to_string()))
    }

    /// The receipt under `signed`, a checkpoint of this log that was read from `path`.
    fn receipt_under(&self, index: LeafIndex, signed: &[u8], path: &Path) -> Result<Receipt, AuditError> {
        let Checkpoint { size, root, .. } = parse_checkpoint(signed, path, &self.key)?;
        let present = self.checkpoint.size;
        if size > present {
            return Err(AuditError::RolledBack { witness: path.to_owned(), size, present });
        }
        let mut tiles = Tiles::open(&self.dir, &self.checkpoint)?;
        if tiles.root_at(size)? != root {
            return Err(AuditError::Rewritten { witness: path.to_owned(), size, agreed: TreeSize(0) });
        }
        let proof = tiles.inclusion_proof(index, size)?;
        let note = Note::parse(signed).map_err(|source| AuditError::Note { path: path.to_owned(), source })?;
        Receipt::new(Some(self.entry_bytes(index)?), proof, note).map_err(AuditError::Receipt)
    }

    /// The root of the first `size` entries, from the tiles; `size` is at most that of the checkpoint.
    pub fn root_at(&self, size: TreeSize) -> Result<Hash, AuditError> {
        Tiles::open(&self.dir, &self.checkpoint)?.root_at(size)
    }

    /// Recomputes everything from the raw entries and compares it with every file that the checkpoint vouches for; and with
    /// `older`, a signed checkpoint of this log that was kept elsewhere. Names the first wrong entry or file.
    ///
    /// On all cores, with a bounded share of memory however long the log is.
    pub fn verify_all(&self, older: Option<&[u8]>) -> Result<Verified, AuditError> {
        self.verify_watched(older, &mut |_| {})
    }

    /// The same; `watch` is told now and then how many entries were verified.
    pub fn verify_watched(
        &self,
        older: Option<&[u8]>,
        watch: &mut dyn FnMut(TreeSize),
    ) -> Result<Verified, AuditError> {
        fsck::verify(self, older, watch)
    }

    /// What lies in the directory and belongs to no log, in order; `beside` are the names of what is kept there with it.
    pub fn others(&self, beside: &[&str]) -> Result<Vec<PathBuf>, AuditError> {
        fsck::others(&self.dir, beside)
    }

    /// What is wrong with the writer's own note of where it settled the log last: a file that nobody else needs, without which
    /// the log is not written on. Nothing where the writer's own files are not there, as in a copy that was handed on.
    pub fn state_fault(&self) -> Option<AuditError> {
        self.dir.join(STATE).is_dir().then(|| read_checkpoint(&self.dir.join(SIGNED), &self.key).err()).flatten()
    }

    /// Reads every piece of evidence that an entry cites and checks its size and digest.
    pub fn verify_evidence(&self, evidence: &EvidenceStore) -> Result<EvidenceSeen, AuditError> {
        let mut citations = Citations::default();
        for recorded in self.entries()? {
            citations.note(&recorded?);
        }
        Ok(citations.seen_in(evidence))
    }
}

/// The key that bears the name of the log.
fn key_of<'k>(signed: &[u8], path: &Path, keys: &'k [VerifierKey]) -> Result<&'k VerifierKey, AuditError> {
    let note = Note::parse(signed).map_err(|source| AuditError::Note { path: path.to_owned(), source })?;
    let found = Checkpoint::parse(&note.text)
        .map_err(|source| AuditError::Checkpoint { path: path.to_owned(), source })?
        .origin;
    let named = || keys.iter().filter(|key| *key.name() == found);
    // Two keys of one name differ in their ID; the one that signed is meant.
    let signer = named().find(|key| note.signatures.iter().any(|line| line.name == found && line.id == key.id()));
    let Some(other) = keys.first() else {
        let source = NoteError::NoKnownSignature { signatures: note.signatures.len() };
        return Err(AuditError::Note { path: path.to_owned(), source });
    };
    signer.or_else(|| named().next()).ok_or_else(|| foreign(&note, path, found.clone(), keys, other.name()))
}

/// What is wrong with a checkpoint whose name is that of none of `keys`: it is of another log, or what is under it shows that it
/// was of one of these.
pub(super) fn foreign(
    note: &Note,
    path: &Path,
    found: KeyName,
    keys: &[VerifierKey],
    expected: &KeyName,
) -> AuditError {
    let path = path.to_owned();
    let is_under =
        |key: &&VerifierKey| note.signatures.iter().any(|line| line.name == *key.name() && line.id == key.id());
    match keys.iter().find(is_under) {
        Some(signer) => AuditError::AlteredOrigin { path, found, signer: signer.name().clone() },
        None => AuditError::ForeignOrigin { path, found, expected: expected.clone() },
    }
}

/// The entries of a log, in order. Ends after the first error.
pub struct Entries {
    dir: PathBuf,
    tiles: Tiles,
    next: u64,
    ready: std::vec::IntoIter<Recorded>,
}

impl Entries {
    /// Reads and verifies the rest of the bundle that holds the next entry.
    fn refill(&mut self) -> Result<(), AuditError> {
        let index = self.next / TILE_WIDTH;
        let leaves = self.tiles.leaves(index)?;
        let bundle = Bundle::read(&self.dir, index, leaves.len() as u64)?;
        let skip = self.next - bundle.first();
        let entries = (bundle.first()..).map(LeafIndex).zip(bundle.entries(leaves)?);
        let rest = entries.skip_while(|(index, _)| index.0 < bundle.first() + skip);
        let parsed = rest.map(|(index, bytes)| {
            Recorded::parse(bytes, index).map_err(|source| AuditError::BadEntry {
                index,
                path: bundle.path.clone(),
                source,
            })
        });
        self.ready = parsed.collect::<Result<Vec<_>, _>>()?.into_iter();
        Ok(())
    }
}

impl Iterator for Entries {
    type Item = Result<Recorded, AuditError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.len() == 0
            && self.next < self.tiles.size().0
            && let Err(error) = self.refill()
        {
            self.next = u64::MAX;
            return Some(Err(error));
        }
        self.next = self.next.saturating_add(1);
        self.ready.next().map(Ok)
    }
}

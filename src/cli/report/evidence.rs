//! The evidence beside a record, held against the digests that its entries cite.

use std::collections::BTreeMap;
use std::path::Path;

use crate::audit::{AuditError, EvidenceRef, EvidenceStore, Recorded};
use crate::cli::run::EVIDENCE;
use crate::digest::Digest;
use crate::report::{BadEvidence, EvidenceTold};

/// What the entries of a record cite.
#[derive(Debug, Clone, Default)]
pub(super) struct Cited {
    times: u64,
    /// Each file, and the first entry that cites it.
    files: BTreeMap<(Digest, u64), (u64, String)>,
}

impl Cited {
    pub(super) fn note(&mut self, recorded: &Recorded) {
        for piece in &recorded.entry.evidence {
            self.times += 1;
            let first = || (recorded.seq.0, piece.media.clone());
            self.files.entry((piece.digest, piece.bytes)).or_insert_with(first);
        }
    }

    /// Reads every file that is cited. Whether the directory is there at all is another matter than whether a file is.
    pub(super) fn verified(&self, dir: &Path) -> EvidenceTold {
        let dir = dir.join(EVIDENCE);
        if self.files.is_empty() || !dir.is_dir() {
            return if self.files.is_empty() {
                EvidenceTold::Checked { cited: 0, files: 0, bad: Vec::new(), uncited: 0 }
            } else {
                EvidenceTold::NotBeside
            };
        }
        let store = EvidenceStore::new(&dir);
        let bad = self.files.iter().filter_map(|((digest, bytes), (seq, media))| {
            let piece = EvidenceRef { bytes: *bytes, digest: *digest, media: media.clone() };
            let why = fault(&store.get(&piece).err()?);
            Some(BadEvidence { digest: *digest, seq: *seq, why })
        });
        let bad = bad.collect();
        let digests = self.files.keys().map(|(digest, _)| *digest).collect();
        // What nothing vouches for is only counted; a directory that cannot be listed is told where files cannot be read.
        let uncited = store.others(&digests).unwrap_or_default();
        EvidenceTold::Checked { cited: self.times, files: self.files.len() as u64, bad, uncited }
    }
}

fn fault(error: &AuditError) -> String {
    match error {
        AuditError::Missing { .. } => "the file is missing".to_owned(),
        AuditError::Length { .. } | AuditError::AlteredEvidence { .. } => "the file was altered".to_owned(),
        other => format!("the file cannot be read ({other})"),
    }
}

/// The files that are there and as they were recorded.
pub(super) fn files(dir: &Path, cited: &[EvidenceRef]) -> Vec<Vec<u8>> {
    let store = EvidenceStore::new(&dir.join(EVIDENCE));
    cited.iter().filter_map(|piece| store.get(piece).ok()).collect()
}

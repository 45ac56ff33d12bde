//! The evidence beside a record, held against the digests that its entries cite.

use crate::audit::{AuditError, Citations, EvidenceRef, EvidenceSeen, EvidenceStore};
use crate::report::{BadEvidence, ErasedEvidence, EvidenceTold};

/// Reads every file that is cited.
pub(super) fn told(citations: &Citations, store: &EvidenceStore) -> EvidenceTold {
    let EvidenceSeen { cited, files, bad, erased, shut, apart, uncited } = citations.seen_in(store);
    // Whether the directory is there at all is another matter than whether a file is. What was altered is told all the same.
    if apart > 0 && bad.is_empty() {
        return EvidenceTold::NotBeside;
    }
    let bad = bad.into_iter().map(|(digest, seq, error)| BadEvidence { digest, seq: seq.0, why: fault(&error) });
    let erased = erased.into_iter().map(|(digest, seq)| ErasedEvidence { digest, seq: seq.0 });
    // What nothing vouches for is only counted; a directory that cannot be listed is told where files cannot be read.
    let uncited = uncited.unwrap_or_default();
    EvidenceTold::Checked { cited, files, bad: bad.collect(), erased: erased.collect(), shut, apart, uncited }
}

fn fault(error: &AuditError) -> String {
    match error {
        AuditError::Missing { .. } => "the file is missing".to_owned(),
        AuditError::Length { .. } | AuditError::AlteredEvidence { .. } => "the file was altered".to_owned(),
        AuditError::NotSealed { .. } => "the file does not begin with a salt".to_owned(),
        AuditError::NotErased { erased, .. } => {
            format!("the file is there, but entry {erased} says that it was erased")
        }
        other => format!("the file cannot be read ({other})"),
    }
}

/// The files that are there and as they were recorded.
pub(super) fn files(store: &EvidenceStore, cited: &[EvidenceRef]) -> Vec<Vec<u8>> {
    cited.iter().filter_map(|piece| store.get(piece).ok()).collect()
}

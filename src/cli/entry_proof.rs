//! The best proof of one entry that a log gives: its receipt, a time stamp over it, and who says since when it is there.

use super::exit::OrFail;
use super::open::audit_failure;
use super::{Exit, Failure};
use crate::anchor::{Anchors, Authorities, stamp};
use crate::audit::LogReader;
use crate::keyring::LogPolicy;
use crate::signed_note::VerifierKey;
use crate::tlog::{LeafIndex, Receipt};
use crate::verify::judge_receipt;

/// Who says since when an entry is in the log; later ones are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dated {
    /// The log alone, which is nobody.
    Alone,
    /// A time stamp over this very checkpoint, of which it is not known who made it. Anybody can make such a one, so it never keeps
    /// a better proof from coming.
    Unjudged,
    /// Witnesses, as many as the policy asks for, or a time stamping authority that is believed.
    Others,
}

/// A receipt, the time stamp over its checkpoint, and who dates it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) receipt: Vec<u8>,
    pub(super) stamp: Option<Vec<u8>>,
    pub(super) dated: Dated,
}

/// Who is believed about the entries of a log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judges<'a> {
    /// The keys of the log.
    pub(super) keys: &'a [VerifierKey],
    /// Which witnesses must have cosigned; without it, no witness is believed.
    pub(super) policy: Option<&'a LogPolicy>,
    /// The certificate authorities of the time stamping authorities; without any, no time stamp is believed.
    pub(super) authorities: Option<&'a Authorities>,
}

impl Judges<'_> {
    /// The receipt as a proof, if it is as good as the policy asks. A time stamp that is of something else, or that those who are
    /// believed did not make, is left out.
    pub(super) fn proof(self, receipt: &Receipt, stamp: Option<Vec<u8>>) -> Option<Proof> {
        let bytes = receipt.to_string().into_bytes();
        judge_receipt(&bytes, self.keys, self.policy, None).recorded?;
        let is_witnessed = self.policy.is_some_and(|policy| matches!(policy.witnessed_by(receipt.note()), Ok(Some(_))));
        let stamp = stamp.filter(|stamp| self.holds(receipt, stamp));
        let dated = match (is_witnessed, &stamp, self.authorities) {
            (true, _, _) | (false, Some(_), Some(_)) => Dated::Others,
            (false, Some(_), None) => Dated::Unjudged,
            (false, None, _) => Dated::Alone,
        };
        Some(Proof { receipt: bytes, stamp, dated })
    }

    fn holds(self, receipt: &Receipt, response: &[u8]) -> bool {
        let stamped = receipt.checkpoint_by_log().to_string();
        stamp(response, stamped.as_bytes(), None, self.authorities).is_ok()
    }

    /// The best proof that the log gives at present: that of its newest checkpoint, unless a stamp over another one says more.
    pub(super) fn best(self, reader: &LogReader, index: LeafIndex) -> Result<Option<Proof>, Failure> {
        let published = reader.receipt(index).map_err(audit_failure)?;
        let mut best = self.proof(&published, None);
        let present = reader.checkpoint().size;
        for anchor in Anchors::beside(reader.dir()).list().or_fail(Exit::Environment)? {
            if best.as_ref().is_some_and(|best| best.dated == Dated::Others) {
                break;
            }
            if anchor.size.0 <= index.0 || anchor.size > present {
                continue;
            }
            let stamp = anchor.read().or_fail(Exit::Environment)?;
            let stamped = match anchor.size == published.checkpoint().size {
                true => self.proof(&published, Some(stamp)),
                false => self.proof(&reader.receipt_at(index, anchor.size).map_err(audit_failure)?, Some(stamp)),
            };
            best = better(best, stamped);
        }
        Ok(best)
    }
}

/// The one that says more; of two equal ones the first.
fn better(one: Option<Proof>, other: Option<Proof>) -> Option<Proof> {
    match (one, other) {
        (Some(one), Some(other)) if other.dated > one.dated => Some(other),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests;

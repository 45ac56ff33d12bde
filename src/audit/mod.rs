//! The audit log: what was done, when, by whom, on whose authority, so that it can be retold in court.
//!
//! An append-only Merkle log on the local disk, in the form of [C2SP tlog-tiles](https://c2sp.org/tlog-tiles); [`crate::tlog`]
//! has the arithmetic. [`Log`] writes it, [`LogReader`] reads and verifies it, [`EvidenceStore`] keeps the raw evidence that
//! entries cite. The log is also the operation's memory: there is no second store that could disagree with it.

mod alarm;
mod appender;
mod bundle;
mod citations;
mod committed;
mod disk;
mod entry;
mod error;
mod evidence;
mod fsck;
mod held;
mod journal;
mod key;
mod lanes;
mod log;
mod place;
mod read;
mod recover;
mod salvage;
mod scan;
mod sealed;
mod store;
mod tiles;

pub use alarm::{ALARM_REASON_MAX_BYTES, Alarm};
pub use appender::{Appended, Appender, Pending};
pub use citations::{Citations, ERASED, ERASED_EVIDENCE, ERASED_OPENINGS, Erased, EvidenceSeen};
pub use entry::{Actor, ENTRY_MAX_BYTES, Entry, EntryError, EvidenceRef, Kind, OutcomeResult, Recorded};
pub use error::AuditError;
pub use evidence::{EVIDENCE_MAX_BYTES, EvidenceStore};
pub use fsck::{Ahead, Verified};
pub use log::Log;
pub use place::{CheckpointCopy, Place};
pub use read::{Entries, LogReader, WITNESSED};
pub use salvage::{Salvage, Salvaged};
pub use sealed::{Commitment, Opening, Openings, SealedError, VALUE_MAX_BYTES, for_reading};

#[cfg(test)]
pub(crate) mod fixture;

//! All time stamps beside a log, held against the checkpoints that they are over.

use std::path::PathBuf;

use super::error::AnchorError;
use super::kept::{Anchor, Anchors};
use super::query::Query;
use super::signer::Authorities;
use super::stamp::{Stamp, stamp};
use crate::audit::{AuditError, LogReader};
use crate::tlog::TreeSize;

/// A time stamp that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// How many entries the checkpoint vouches for that it is over.
    pub size: TreeSize,
    /// The answer's file.
    pub response: PathBuf,
    /// What the authority says.
    pub stamp: Stamp,
}

/// A time stamp that does not hold, or cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum StampsError {
    /// The directory of time stamps is not read, or has something else in it.
    #[error(transparent)]
    List(AnchorError),
    /// It is over a checkpoint of more entries than there are.
    #[error("{}: its checkpoint is not among the published entries", response.display())]
    Ahead {
        /// The answer's file.
        response: PathBuf,
    },
    /// The checkpoint that it is over is not there, or not what the log has signed.
    #[error("{}", response.display())]
    Checkpoint {
        /// The answer's file.
        response: PathBuf,
        /// Why.
        source: AuditError,
    },
    /// It does not hold.
    #[error("{}", response.display())]
    Stamp {
        /// The answer's file.
        response: PathBuf,
        /// Why.
        source: AnchorError,
    },
}

/// Holds every time stamp beside a log against the bytes of its checkpoint, its query where that was kept, and the authorities
/// that are believed. The first that does not hold is the error. Nothing is asked over a network.
pub fn stamps(reader: &LogReader, authorities: Option<&Authorities>) -> Result<Vec<Stamped>, StampsError> {
    let kept = Anchors::beside(reader.dir()).list().map_err(StampsError::List)?;
    kept.into_iter().map(|anchor| held(reader, anchor, authorities)).collect()
}

fn held(reader: &LogReader, anchor: Anchor, authorities: Option<&Authorities>) -> Result<Stamped, StampsError> {
    let Anchor { size, response } = &anchor;
    let (size, response) = (*size, response.clone());
    if size > reader.checkpoint().size {
        return Err(StampsError::Ahead { response });
    }
    let checkpoint = match reader.kept_checkpoint(size) {
        Err(source) => return Err(StampsError::Checkpoint { response, source }),
        Ok(checkpoint) => checkpoint,
    };
    match judge(&anchor, &checkpoint, authorities) {
        Err(source) => Err(StampsError::Stamp { response, source }),
        Ok(stamp) => Ok(Stamped { size, response, stamp }),
    }
}

/// Holds one time stamp against the bytes of its checkpoint, and against its query where that was kept.
fn judge(anchor: &Anchor, checkpoint: &[u8], authorities: Option<&Authorities>) -> Result<Stamp, AnchorError> {
    let query = anchor.read_query()?.map(|bytes| Query::parse(&bytes)).transpose()?;
    stamp(&anchor.read()?, checkpoint, query.as_ref(), authorities)
}

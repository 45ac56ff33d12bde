//! The time stamps beside a log, verified without any network.

use std::error::Error;
use std::path::Path;

use super::verify::{Line, Outcome};
use crate::anchor::{Anchor, AnchorError, Anchors, Authorities, Query, Stamp, stamp};
use crate::audit::{LogReader, Verified};
use crate::cli::args::LogVerify;
use crate::cli::open::{audit_exit, read_bounded, read_exit};
use crate::cli::{Exit, Failure};

/// The largest file of certificate authorities that is read; the European list of all trust services is smaller.
const AUTHORITIES_MAX_BYTES: usize = 4 << 20;

const CHECK: &str = "anchors";

/// Every time stamp that is kept, held against the checkpoint that it is of and against the authorities that are believed.
pub(super) fn line(arguments: &LogVerify, reader: &LogReader, verified: &Verified) -> Result<Line, Failure> {
    let authorities = arguments.tsa_ca.as_deref().map(authorities).transpose()?;
    let kept = match Anchors::beside(reader.dir()).list() {
        Err(error) => return broken(None, &error, anchor_exit(&error)),
        Ok(kept) => kept,
    };
    let mut stamps = Vec::new();
    for anchor in &kept {
        if anchor.size > verified.size {
            let detail = format!("{}: its checkpoint is not among the published entries", anchor.response.display());
            return Ok(Line::new(CHECK, Outcome::Fail, detail));
        }
        let checkpoint = match reader.kept_checkpoint(anchor.size) {
            Err(error) => return broken(Some(anchor), &error, audit_exit(&error)),
            Ok(checkpoint) => checkpoint,
        };
        match judge(anchor, &checkpoint, authorities.as_ref()) {
            Err(error) => return broken(Some(anchor), &error, anchor_exit(&error)),
            Ok(stamp) => stamps.push((anchor, stamp)),
        }
    }
    Ok(told(&stamps, authorities.is_some()))
}

/// Holds one time stamp against the bytes of its checkpoint, and against its query where that was kept.
fn judge(anchor: &Anchor, checkpoint: &[u8], authorities: Option<&Authorities>) -> Result<Stamp, AnchorError> {
    let query = anchor.read_query()?.map(|bytes| Query::parse(&bytes)).transpose()?;
    stamp(&anchor.read()?, checkpoint, query.as_ref(), authorities)
}

/// A time stamp that does not hold is a finding; a disk that does not answer is none.
fn broken(anchor: Option<&Anchor>, error: &dyn Error, exit: Exit) -> Result<Line, Failure> {
    let mut words = anchor.map_or_else(String::new, |anchor| format!("{}: ", anchor.response.display()));
    words.push_str(&error.to_string());
    let mut source = error.source();
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    if exit == Exit::Environment { Err(Failure::new(exit, words)) } else { Ok(Line::new(CHECK, Outcome::Fail, words)) }
}

/// The newest entries that are covered, and the earliest word on them.
fn told(stamps: &[(&Anchor, Stamp)], is_vouched: bool) -> Line {
    let count = match stamps.len() {
        1 => "1 time stamp".to_owned(),
        other => format!("{other} time stamps"),
    };
    let newest = stamps.iter().min_by_key(|(anchor, stamp)| (std::cmp::Reverse(anchor.size), stamp.latest));
    let Some((anchor, Stamp { latest, authority, .. })) = newest else {
        return Line::new(CHECK, Outcome::NotChecked, "there is no time stamp beside the log");
    };
    let size = anchor.size;
    match is_vouched {
        true => {
            let detail = format!("entries before {size} existed before {latest}, says {authority}; {count}");
            Line::new(CHECK, Outcome::Pass, detail)
        }
        false => {
            let detail =
                format!("{count} fit; give --tsa-ca to know who says that {size} entries are of before {latest}");
            Line::new(CHECK, Outcome::NotChecked, detail)
        }
    }
}

/// Reads the certificate authorities that are believed.
pub(in crate::cli) fn authorities(path: &Path) -> Result<Authorities, Failure> {
    let pem = read_bounded(path, AUTHORITIES_MAX_BYTES)?;
    Authorities::from_pem(&pem)
        .map_err(|error| anchor_failure(error).help(format!("{} must hold certificates in PEM", path.display())))
}

/// The exit code of why there is no time stamp.
pub(super) fn anchor_failure(error: AnchorError) -> Failure {
    Failure::new(anchor_exit(&error), error)
}

fn anchor_exit(error: &AnchorError) -> Exit {
    use AnchorError as E;
    match error {
        E::Read(why) => read_exit(why),
        E::Write(_) | E::Directory { .. } | E::Numbers { .. } | E::NotGranted { .. } => Exit::Environment,
        E::Query { .. } | E::ForeignQuery | E::NoAuthorities | E::AuthoritiesMalformed { .. } | E::Authority { .. } => {
            Exit::Usage
        }
        _ => Exit::NotVerified,
    }
}

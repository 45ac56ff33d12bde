//! The time stamps beside a log, verified without any network.

use std::path::Path;

use super::line::{Line, Outcome};
use crate::anchor::{AnchorError, Authorities, Stamp, Stamped, StampsError, stamps};
use crate::audit::LogReader;
use crate::cli::args::LogVerify;
use crate::cli::open::{audit_exit, read_bounded, read_exit};
use crate::cli::{Exit, Failure};
use crate::words::counted;

/// The largest file of certificate authorities that is read; the European list of all trust services is smaller.
const AUTHORITIES_MAX_BYTES: usize = 4 << 20;

const CHECK: &str = "anchors";

/// Every time stamp that is kept, held against the checkpoint that it is of and against the authorities that are believed.
pub(super) fn line(arguments: &LogVerify, reader: &LogReader) -> Result<Line, Failure> {
    let authorities = arguments.tsa_ca.as_deref().map(authorities).transpose()?;
    match stamps(reader, authorities.as_ref()) {
        Ok(stamps) => Ok(told(&stamps, authorities.is_some())),
        Err(error) => broken(error).map(|words| Line::new(CHECK, Outcome::Fail, words)),
    }
}

/// A time stamp that does not hold is a finding, told in one line; a disk that does not answer is none.
pub(in crate::cli) fn broken(error: StampsError) -> Result<String, Failure> {
    let exit = match &error {
        StampsError::List(error) | StampsError::Stamp { source: error, .. } => anchor_exit(error),
        StampsError::Checkpoint { source, .. } => audit_exit(source),
        StampsError::Ahead { .. } => Exit::NotVerified,
    };
    let failure = Failure::new(exit, error);
    if exit == Exit::Environment { Err(failure) } else { Ok(failure.in_one_line()) }
}

/// The newest entries that are covered, and the earliest word on them.
fn told(stamps: &[Stamped], is_vouched: bool) -> Line {
    let count = match stamps.len() {
        1 => "1 time stamp".to_owned(),
        other => format!("{other} time stamps"),
    };
    let newest = stamps.iter().min_by_key(|one| (std::cmp::Reverse(one.size), one.stamp.latest));
    let Some(Stamped { size, stamp: Stamp { latest, authority, .. }, .. }) = newest else {
        return Line::new(CHECK, Outcome::NotChecked, "there is no time stamp beside the log");
    };
    match is_vouched {
        true => {
            let detail = format!("entries before {size} existed before {latest}, says {authority}; {count}");
            Line::new(CHECK, Outcome::Pass, detail)
        }
        false => {
            let entries = counted(size.0, "entry is", "entries are");
            let detail = format!("{count} fit; give --tsa-ca to know who says that {entries} of before {latest}");
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

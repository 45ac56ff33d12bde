//! `impound log export`: the entries for other tools, or some of them to be handed over.

use std::io::Write;

use super::disclose;
use crate::audit::{LogReader, Openings};
use crate::cli::args::{ExportForm, LogExport};
use crate::cli::exit::OrFail;
use crate::cli::open::{alarmed, audit_failure, openings, sealed_failure, verified_log, write_failure};
use crate::cli::progress::Progress;
use crate::cli::{Env, Exit, Failure};
use crate::export::{self, ExportError, Source, told};
use crate::whole_file::{Growing, Readers, WriteError};
use crate::words::counted;

/// A log of fewer entries is written within a second or two.
const PROGRESS_FROM: u64 = 50_000;

/// Writes the log in another form; it is verified whole first.
pub(super) fn run(arguments: &LogExport, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if arguments.with_evidence && arguments.disclose.is_none() {
        return Err(Failure::new(Exit::Usage, "--with-evidence goes with --disclose: the other forms name the files and hold none")
            .help("the evidence itself lies beside the log, in `evidence` and `private/evidence`, by the digests in the entries"));
    }
    let reader = verified_log(&arguments.log)?;
    let openings = if arguments.with_private { Some(openings(&arguments.log)?) } else { None };
    if let (Some(choice), Some(out)) = (&arguments.disclose, &arguments.output) {
        return disclose::run(arguments, &reader, choice, openings.as_ref(), out, env);
    }
    let form = arguments.form.unwrap_or(ExportForm::Timesketch);
    let Some(path) = &arguments.output else {
        write(&reader, openings.as_ref(), form, env.output, None).map_err(export_failure)?;
        env.output.flush().or_fail(Exit::Environment)?;
        return alarmed(&arguments.log.dir, env);
    };
    let mut file = Growing::begin(path, Readers::Owner).map_err(write_failure)?;
    let size = reader.checkpoint().size.0;
    let parts = usize::try_from(size).unwrap_or(usize::MAX);
    let progress = (size >= PROGRESS_FROM).then(|| Progress::start(env, "exporting entries", parts));
    let entries =
        write(&reader, openings.as_ref(), form, &mut file, progress.as_ref()).map_err(|error| match error {
            ExportError::Write(source) => write_failure(WriteError::Unwritable { path: path.clone(), source }),
            other => export_failure(other),
        })?;
    file.finish().map_err(write_failure)?;
    env.say(format!("{} written to {}", counted(entries, "entry", "entries"), path.display()));
    alarmed(&arguments.log.dir, env)
}

fn write(
    reader: &LogReader,
    openings: Option<&Openings>,
    form: ExportForm,
    out: &mut dyn Write,
    progress: Option<&Progress>,
) -> Result<u64, ExportError> {
    let write = match form {
        ExportForm::Timesketch => export::timesketch,
        ExportForm::Csv => export::csv,
        ExportForm::Case => export::case,
    };
    let entries = told(reader, openings)?;
    let entries = entries.inspect(|_| progress.into_iter().for_each(|progress| progress.advance(1)));
    write(Source::of(reader), entries, out)
}

/// The exit code of an export that failed.
pub(super) fn export_failure(error: ExportError) -> Failure {
    match error {
        ExportError::Log(error) => audit_failure(error),
        ExportError::Sealed(error) => sealed_failure(error),
        ExportError::Write(error) => Failure::new(Exit::Environment, error),
    }
}

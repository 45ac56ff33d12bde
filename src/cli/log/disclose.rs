//! `impound log export --disclose`: chosen entries in a directory to be handed over.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::Path;

use super::export::export_failure;
use crate::audit::{Citations, LogReader, Openings};
use crate::cli::args::LogExport;
use crate::cli::exit::OrFail;
use crate::cli::open::{alarmed, audit_failure, evidence_store, openings as openings_of};
use crate::cli::{Env, Exit, Failure};
use crate::export::{Along, CHECK_RECEIPT, Choice, Source, files_of, readme};
use crate::whole_file::{self, Readers, UNFINISHED, WriteError};
use crate::words::counted;

/// Writes the directory, whole or not at all.
pub(super) fn run(
    arguments: &LogExport,
    reader: &LogReader,
    choice: &Choice,
    openings: Option<&Openings>,
    out: &Path,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let store = evidence_store(&arguments.log.dir, openings_of(&arguments.log)?.dir());
    let along_too = arguments.with_evidence || openings.is_some();
    let citations = &if along_too { citations(reader)? } else { Citations::default() };
    let evidence = arguments.with_evidence.then_some(&store);
    let along = Along { openings, evidence, citations };
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let staged = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(parent);
    let staged = staged.map_err(|error| unwritable(out, error))?;
    let mut entries = 0;
    for index in choice.entries() {
        for (place, bytes) in files_of(reader, index, along).map_err(export_failure)? {
            put(staged.path(), &place, &bytes)?;
        }
        entries += 1;
    }
    put(staged.path(), Path::new("checkpoint"), reader.signed_checkpoint())?;
    let readme = readme(Source::of(reader), reader.key(), choice, along);
    put(staged.path(), Path::new("README.txt"), readme.as_bytes())?;
    put(staged.path(), Path::new("check-receipt.py"), CHECK_RECEIPT.as_bytes())?;
    // An empty directory may be in the place; anything else is an error.
    fs::rename(staged.path(), out).map_err(|error| unwritable(out, error))?;
    let _ = staged.keep();
    File::open(parent).and_then(|dir| dir.sync_all()).map_err(|error| unwritable(out, error))?;
    let entries = counted(entries as u64, "entry with its proof", "entries with their proofs");
    env.say(format!("{entries} in {}; README.txt says how to check that", out.display()));
    alarmed(&arguments.log.dir, env)
}

/// What the whole log cites, and says was erased.
fn citations(reader: &LogReader) -> Result<Citations, Failure> {
    let mut citations = Citations::default();
    for recorded in reader.entries().map_err(audit_failure)? {
        citations.note(&recorded.map_err(audit_failure)?);
    }
    Ok(citations)
}

/// Writes one file. Two entries may cite the same evidence: it is there then.
fn put(dir: &Path, place: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let path = dir.join(place);
    if let Some(parent) = path.parent() {
        DirBuilder::new().recursive(true).create(parent).map_err(|error| unwritable(parent, error))?;
    }
    match whole_file::create(&path, bytes, Readers::Owner) {
        Ok(()) | Err(WriteError::Exists { .. }) => Ok(()),
        failed => failed.or_fail(Exit::Environment),
    }
}

fn unwritable(path: &Path, source: io::Error) -> Failure {
    use io::ErrorKind as K;
    let path = path.to_owned();
    match source.kind() {
        K::DirectoryNotEmpty | K::AlreadyExists | K::NotADirectory => {
            Failure::new(Exit::Usage, WriteError::Exists { path }).help("name a directory that is not there yet")
        }
        _ => Failure::new(Exit::Environment, WriteError::Unwritable { path, source }),
    }
}

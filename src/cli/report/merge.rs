//! Several records as one series of entries: by time, then by record, then by number.
//!
//! Each record is verified under its own key. Where entries of one do not verify, they and no others are passed over, and the
//! series goes on with the next that do: a gap is that record's, and takes nothing from the others.

use std::path::{Path, PathBuf};

use crate::audit::{AuditError, LogReader, Recorded, Salvage, Salvaged, WITNESSED};
use crate::cli::log::verify::{Outcome, chain, witnessed};
use crate::cli::open::audit_failure;
use crate::cli::{Exit, Failure};
use crate::keyring::{LogPolicy, public_key_pem};
use crate::report::{EvidenceTold, Gap, LogTold};
use crate::signed_note::{KeyName, VerifierKey};
use crate::whole_file;

/// A record that is being read.
pub(super) struct Source {
    told: LogTold,
    reader: Option<LogReader>,
    entries: Option<Salvage>,
    ready: Option<Box<Recorded>>,
    /// A failure that is not the record's: the disk, or what was typed.
    failure: Option<Failure>,
}

/// Opens every record and verifies it whole. What does not verify is noted; what is no record at all ends the command.
pub(super) fn open(dirs: &[PathBuf], keys: &[VerifierKey]) -> Result<Vec<Source>, Failure> {
    let mut sources: Vec<Source> = Vec::new();
    for dir in dirs {
        let source = Source::open(dir, keys)?;
        let twin = sources.iter().find(|other| other.reader.is_some() && other.told.origin == source.told.origin);
        if let Some(twin) = twin.filter(|_| source.reader.is_some()) {
            let (one, other) = (&twin.told.dir, &source.told.dir);
            let message = format!("{one} and {other} are both the record {}", source.told.origin);
            return Err(Failure::new(Exit::Usage, message).help("name each record once"));
        }
        sources.push(source);
    }
    // Where nothing verifies there is nothing to tell.
    if sources.iter().all(|source| source.reader.is_none())
        && let Some(failure) = sources.iter_mut().find_map(|source| source.failure.take())
    {
        return Err(failure);
    }
    Ok(sources)
}

/// The next entry of all, and the record that has it.
pub(super) fn next(sources: &mut [Source]) -> Option<(usize, Recorded)> {
    for source in &mut *sources {
        source.fill();
    }
    let ready = sources.iter().enumerate().filter_map(|(log, source)| Some((source.ready.as_ref()?.entry.at, log)));
    let (_, log) = ready.min()?;
    Some((log, *sources.get_mut(log)?.ready.take()?))
}

impl Source {
    fn open(dir: &Path, keys: &[VerifierKey]) -> Result<Self, Failure> {
        let told = LogTold { dir: dir.display().to_string(), ..LogTold::default() };
        let mut source = Self { told, reader: None, entries: None, ready: None, failure: None };
        match LogReader::open(dir, keys) {
            Ok(reader) => source.verify(reader)?,
            Err(error) => {
                source.told.origin = claimed(dir);
                source.told.problems.push(match &error {
                    AuditError::ForeignOrigin { .. } => {
                        "No key was given for this log, so nothing of it was checked, and nothing of it is told. Give its key with \
                         --keys."
                            .to_owned()
                    }
                    error => sentence(error),
                });
                let failure = audit_failure(error);
                if failure.exit != Exit::NotVerified {
                    return Err(failure);
                }
                source.failure = Some(failure);
            }
        }
        Ok(source)
    }

    /// Something beside the record that is not as it should be. The record itself is told.
    pub(super) fn problem(&mut self, sentence: String) {
        if !self.told.problems.contains(&sentence) {
            self.told.problems.push(sentence);
        }
    }

    /// Recomputes the record, and gets ready to read it.
    fn verify(&mut self, reader: LogReader) -> Result<(), Failure> {
        let checkpoint = reader.checkpoint();
        self.told.origin = reader.key().name().to_string();
        self.told.size = checkpoint.size.0;
        self.told.root = checkpoint.root.to_string();
        self.told.checkpoint = String::from_utf8_lossy(reader.signed_checkpoint()).into_owned();
        self.told.pem = public_key_pem(reader.key());
        self.told.vkey = reader.key().to_string();
        match reader.verify_all(None) {
            Ok(verified) => {
                self.told.agreed = verified.checkpoints;
                self.told.committed = verified.unpublished.map(|size| size.0);
                if let Some(ahead) = verified.ahead {
                    let size = verified.size;
                    self.told.problems.push(format!(
                        "The checkpoint in use vouches for {size} entries, but one for {ahead} was signed: an older checkpoint was put \
                         back, and the entries behind it are not told here."
                    ));
                }
            }
            Err(error) => self.note(error)?,
        }
        self.entries = Some(reader.salvage().map_err(audit_failure)?);
        self.reader = Some(reader);
        Ok(())
    }

    /// Notes what does not verify. A failure of this machine says nothing about the record, and ends the command.
    fn note(&mut self, error: AuditError) -> Result<(), Failure> {
        let sentence = sentence(&error);
        let failure = audit_failure(error);
        if failure.exit != Exit::NotVerified {
            return Err(failure);
        }
        self.problem(sentence);
        self.failure.get_or_insert(failure);
        Ok(())
    }

    /// Reads on until there is an entry, or none is left.
    fn fill(&mut self) {
        while self.ready.is_none() {
            match self.entries.as_mut().and_then(Iterator::next) {
                Some(Ok(Salvaged::Entry(recorded))) => {
                    self.told.read += 1;
                    self.ready = Some(recorded);
                }
                Some(Ok(Salvaged::Lost { entries, why })) => {
                    self.told.gaps.push(Gap { entries, why: sentence(&why) });
                }
                Some(Ok(Salvaged::Mended(error))) => self.mended(&error),
                Some(Err(error)) => {
                    self.failure = Some(audit_failure(error));
                    self.entries = None;
                }
                None => return,
            }
        }
    }

    /// A file that is wrong and of which nothing is missing in what is told.
    fn mended(&mut self, error: &AuditError) {
        let sentence = sentence(error);
        self.told.problems.retain(|told| *told != sentence);
        self.problem(format!(
            "{sentence}. Nothing is left out here for it: what it holds was computed again from the other files, and agrees with the \
             signed root. Whoever asks this copy of the log for a proof that needs the file gets none."
        ));
    }

    /// Who else has signed the record, where a policy names them.
    fn witnesses(&mut self, policies: &[LogPolicy]) {
        let Some(reader) = &self.reader else { return };
        let policy = policies.iter().find(|policy| policy.logs().contains(reader.key()));
        let lies_there = reader.dir().join(WITNESSED).exists();
        let (is_bad, told) = match policy.map(|policy| witnessed(reader, policy)) {
            None if lies_there => {
                (false, "Cosignatures of witnesses lie beside the log. They were not checked: the policy that names the witnesses was not given.".to_owned())
            }
            None => (false, "No policy was given that names witnesses, and no cosignatures of any lie beside the log.".to_owned()),
            Some(Ok((Outcome::Pass, told))) => (false, format!("Cosigned, as the policy asks: {told}.")),
            Some(Ok((Outcome::Fail, told))) => (true, format!("Not cosigned as the policy asks: {told}.")),
            Some(Ok((_, told))) => (false, format!("Not cosigned: {told}.")),
            Some(Err(error)) => (true, format!("The cosignatures could not be checked: {}.", chain(error.as_ref()))),
        };
        if is_bad {
            self.problem(told.clone());
        }
        self.told.witnesses = told;
    }

    /// What is told of the record, now that it was read to its end.
    pub(super) fn told(mut self, evidence: EvidenceTold, policies: &[LogPolicy]) -> Result<LogTold, Failure> {
        self.witnesses(policies);
        match self.failure {
            Some(failure) if failure.exit != Exit::NotVerified => Err(failure),
            _ => {
                // What the walk over the whole log found first is told once, with the entries that it takes.
                let LogTold { problems, gaps, .. } = &mut self.told;
                problems.retain(|told| gaps.iter().all(|gap| gap.why != *told));
                Ok(LogTold { evidence, ..self.told })
            }
        }
    }
}

/// An error and its causes in one sentence.
fn sentence(error: &AuditError) -> String {
    let mut sentence = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        sentence.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    sentence
}

/// Whose record a directory says that it is. Nothing vouches for it.
fn claimed(dir: &Path) -> String {
    /// A checkpoint is four lines.
    const MAX_BYTES: usize = 64 << 10;
    let bytes = whole_file::read(&dir.join("checkpoint"), MAX_BYTES).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let name: Option<KeyName> = text.lines().next().and_then(|line| line.parse().ok());
    name.map_or_else(|| "a record without a name".to_owned(), |name| name.to_string())
}

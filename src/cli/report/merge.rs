//! Several records as one series of entries: by time, then by record, then by number.
//!
//! Each record is verified under its own key. Where entries of one do not verify, they and no others are passed over, and the
//! series goes on with the next that do: a gap is that record's, and takes nothing from the others.

use std::path::{Path, PathBuf};

use crate::anchor::{Authorities, stamps};
use crate::audit::{Ahead, Alarm, AuditError, LogReader, Recorded, Salvage, Salvaged, Verified};
use crate::cli::log::stamps_failure;
use crate::cli::open::audit_failure;
use crate::cli::{Exit, Failure};
use crate::keyring::{LogPolicy, public_key_pem};
use crate::report::{EvidenceTold, Gap, LogTold};
use crate::signed_note::{KeyName, VerifierKey};
use crate::whole_file;
use crate::witness::{Judgement, Standing};

/// The directory of the checkpoints that are kept.
const KEPT: &str = "checkpoints";

/// A record that is being read.
pub(super) struct Source {
    told: LogTold,
    reader: Option<LogReader>,
    entries: Option<Salvage>,
    ready: Option<Box<Recorded>>,
    /// A failure that is not the record's: the disk, or what was typed.
    failure: Option<Failure>,
}

/// What the records are held against.
#[derive(Default)]
pub(in crate::cli) struct Against {
    /// The keys of the records.
    pub keys: Vec<VerifierKey>,
    /// Who is to witness them; each policy names the records that it is for.
    pub policies: Vec<LogPolicy>,
    /// Checkpoints that were kept elsewhere: the file, whose it says that it is, and the note.
    pub older: Vec<(PathBuf, KeyName, Vec<u8>)>,
    /// The time stamping authorities that are believed.
    pub authorities: Option<Authorities>,
}

/// Opens every record and verifies it whole. What does not verify is noted; what is no record at all ends the command.
pub(super) fn open(dirs: &[PathBuf], against: &Against) -> Result<Vec<Source>, Failure> {
    let mut sources: Vec<Source> = Vec::new();
    for dir in dirs {
        let source = Source::open(dir, against)?;
        let twin = sources.iter().find(|other| other.reader.is_some() && other.told.origin == source.told.origin);
        if let Some(twin) = twin.filter(|_| source.reader.is_some()) {
            let (one, other) = (&twin.told.dir, &source.told.dir);
            let message = format!("{one} and {other} are both the record {}", source.told.origin);
            return Err(Failure::new(Exit::Usage, message).help("name each record once"));
        }
        sources.push(source);
    }
    let is_of_none = |origin: &KeyName| !sources.iter().any(|source| source.told.origin == origin.as_str());
    if let Some((path, origin, _)) = against.older.iter().find(|(_, origin, _)| is_of_none(origin)) {
        let message = format!("{} is a checkpoint of `{origin}`, which is none of these records", path.display());
        return Err(Failure::new(Exit::Usage, message));
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
    fn open(dir: &Path, against: &Against) -> Result<Self, Failure> {
        let told = LogTold { dir: dir.display().to_string(), ..LogTold::default() };
        let mut source = Self { told, reader: None, entries: None, ready: None, failure: None };
        match LogReader::open(dir, &against.keys) {
            Ok(reader) => source.verify(reader, against)?,
            Err(error) => {
                source.told.origin = claimed(dir);
                source.told.problems.push(unread(&error));
                let is_rest = matches!(error, AuditError::NotALog { .. }) && is_rest_of_a_log(dir);
                let failure = audit_failure(error);
                if failure.exit != Exit::NotVerified && !is_rest {
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
    fn verify(&mut self, reader: LogReader, against: &Against) -> Result<(), Failure> {
        let checkpoint = reader.checkpoint();
        self.told.origin = reader.key().name().to_string();
        self.told.size = checkpoint.size.0;
        self.told.root = checkpoint.root.to_string();
        self.told.checkpoint = String::from_utf8_lossy(reader.signed_checkpoint()).into_owned();
        self.told.pem = public_key_pem(reader.key());
        self.told.vkey = reader.key().to_string();
        let older = against.older.iter().find(|(_, origin, _)| origin == reader.key().name());
        match reader.verify_all(older.map(|(_, _, note)| note.as_slice())) {
            Ok(verified) => {
                self.told.agreed = verified.checkpoints;
                self.told.committed = verified.unpublished().map(|size| size.0);
                self.told.since = verified.older.map(|older| older.0);
                self.witnesses(&reader, &verified, against);
                self.stamps(&reader, against)?;
                self.told.problems.extend(cut(&verified));
            }
            Err(error) => self.note(error)?,
        }
        if let Some(why) = Alarm::of(reader.dir()).reason().map_err(audit_failure)? {
            self.problem(format!("The alarm of this log was raised, and nothing is signed in it any more: {why}"));
        }
        self.entries = Some(reader.salvage().map_err(audit_failure)?);
        self.reader = Some(reader);
        Ok(())
    }

    /// Reads what witnesses have cosigned.
    fn witnesses(&mut self, reader: &LogReader, verified: &Verified, against: &Against) {
        let policy = against.policies.iter().find(|policy| policy.logs().contains(reader.key()));
        let standing = Standing::of(reader, policy, &verified.left_behind);
        if standing.judgement == Judgement::Fail {
            self.problem(format!("The witnesses do not vouch for this log: {}.", standing.detail));
        }
        self.told.witnessed = Some(standing);
    }

    /// Reads the time stamps over its checkpoints.
    fn stamps(&mut self, reader: &LogReader, against: &Against) -> Result<(), Failure> {
        match stamps(reader, against.authorities.as_ref()) {
            Ok(stamps) => self.told.stamps = stamps,
            Err(error) => {
                let why = stamps_failure(error)?;
                self.problem(format!("A time stamp does not hold: {why}."));
            }
        }
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

    /// What is told of the record, now that it was read to its end.
    pub(super) fn told(mut self, evidence: EvidenceTold) -> Result<LogTold, Failure> {
        match self.failure {
            // Why a record was not opened is told beside the others.
            Some(failure) if failure.exit != Exit::NotVerified && self.reader.is_some() => Err(failure),
            _ => {
                // What the walk over the whole log found first is told once, with the entries that it takes.
                let LogTold { problems, gaps, .. } = &mut self.told;
                problems.retain(|told| gaps.iter().all(|gap| gap.why != *told));
                Ok(LogTold { evidence, ..self.told })
            }
        }
    }
}

/// What is missing at the end of a record, if it was put back.
fn cut(Verified { size, ahead, .. }: &Verified) -> Option<String> {
    let Ahead { path, size: ahead, is_signed } = ahead.as_ref()?;
    let (path, least) = (path.display(), if *is_signed { "" } else { "at least " });
    Some(format!(
        "The checkpoint in use vouches for {size} entries, but {path} is of {least}{ahead}: an older checkpoint was put back, and \
         the entries behind it are not told here."
    ))
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

/// Why nothing of a record is told.
fn unread(error: &AuditError) -> String {
    match error {
        AuditError::ForeignOrigin { .. } => {
            "No key was given for this log, so nothing of it was checked, and nothing of it is told. Give its key with --keys."
                .to_owned()
        }
        AuditError::NotALog { dir, missing } => format!(
            "{} is missing: without it nothing vouches for the entries, so nothing of this log was checked, and nothing of it is \
             told.",
            dir.join(missing).display()
        ),
        error => sentence(error),
    }
}

/// Whether a directory without a checkpoint holds other parts of a log. One that holds none was named by mistake.
fn is_rest_of_a_log(dir: &Path) -> bool {
    [KEPT, "tile"].iter().any(|part| dir.join(part).is_dir())
}

/// Whose record a directory says that it is: by its checkpoint, or by the newest that is kept. Nothing vouches for it.
fn claimed(dir: &Path) -> String {
    let kept = std::fs::read_dir(dir.join(KEPT)).into_iter().flatten().flatten();
    let newest = kept.filter_map(|file| Some((file.file_name().to_str()?.parse::<u64>().ok()?, file.path()))).max();
    let name = named_in(&dir.join("checkpoint")).or_else(|| named_in(&newest?.1));
    name.map_or_else(|| "a record without a name".to_owned(), |name| name.to_string())
}

/// The first line of a checkpoint.
fn named_in(checkpoint: &Path) -> Option<KeyName> {
    /// A checkpoint is four lines.
    const MAX_BYTES: usize = 64 << 10;
    let bytes = whole_file::read(checkpoint, MAX_BYTES).ok()?;
    String::from_utf8_lossy(&bytes).lines().next()?.parse().ok()
}

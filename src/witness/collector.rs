//! Collecting cosignatures on what a log publishes, beside its appends and never in their way.
//!
//! The collector looks at the published checkpoint about once a second, as anybody could, and asks every witness that has not
//! cosigned it yet. It shares nothing with the writer but the alarm.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::audit::{Alarm, AuditError, LogReader, WITNESSED};
use crate::clock::{Clock, UtcTime};
use crate::keyring::{LogPolicy, QuorumVerdict};
use crate::signed_note::{KeyName, Note, NoteError, VerifierKey};
use crate::tlog::{Checkpoint, TlogError, TreeSize};
use crate::whole_file::{self, ReadError, Readers, WriteError};
use crate::words::counted;

use super::client::{Client, ClientError, Conflict, Cosigned};

/// The largest such file that is read: a checkpoint and as many signatures as a note may have.
const WITNESSED_MAX_BYTES: usize = 64 * 1024;

/// How long after a look at the log the next one follows: an operation that appends many times a second asks its witnesses once.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The first and the longest pause after a witness did not cosign; each is twice the one before.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Why cosignatures cannot be collected or kept.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// A witness and the log exclude each other. The alarm is raised.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// What was witnessed is in the journal and not published any more: the power was cut, and the log not opened since.
    #[error(
        "{known} entries were witnessed, and the log in {} shows {present}; its journal has the others, so its writer was \
         interrupted: open it for writing once (`impound log add`, or the next run), then ask again",
        dir.display()
    )]
    Interrupted {
        /// The log.
        dir: PathBuf,
        /// How many were witnessed.
        known: TreeSize,
        /// How many are published.
        present: TreeSize,
    },
    /// The log is not read, or the alarm is not raised.
    #[error(transparent)]
    Log(#[from] AuditError),
    /// A checkpoint or its cosignatures are bad.
    #[error("{} is not a checkpoint with good cosignatures", path.display())]
    Note {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: NoteError,
    },
    /// A note that is no checkpoint.
    #[error("{} is not a checkpoint", path.display())]
    NotACheckpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: TlogError,
    },
    /// The file is not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file is not written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// How things stand after all witnesses that were due were asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The size of the published checkpoint.
    pub size: TreeSize,
    /// Who has cosigned it, and whether that is enough.
    pub verdict: QuorumVerdict,
    /// What went wrong with the others, one line each.
    pub troubles: Vec<String>,
}

/// Asks the witnesses of one log.
pub struct Collector {
    dir: PathBuf,
    log: VerifierKey,
    policy: LogPolicy,
    asked: Vec<Asked>,
    clock: Arc<dyn Clock>,
    alarm: Alarm,
}

/// A witness and what is known of it.
struct Asked {
    client: Client,
    /// The size that it is believed to know.
    known: TreeSize,
    cosigned: Option<Cosigned>,
    failures: u32,
    /// It is not asked before.
    next: Option<Instant>,
}

impl Collector {
    /// A collector for the log in `dir` with this key. The policy says how many of the witnesses must cosign. `alarm` is that
    /// of the writer, if this process has the log open for writing: it then stops even where it cannot be written down.
    ///
    /// A witness whose cosignature is in the kept file is believed to know the log up to there.
    ///
    /// # Errors
    ///
    /// The kept file is damaged or not of this log; or it is of more entries than the log has, and the alarm is raised.
    pub fn new(
        dir: &Path,
        log: VerifierKey,
        alarm: Alarm,
        policy: LogPolicy,
        clients: Vec<Client>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, CollectError> {
        let asked = |client| Asked { client, known: TreeSize(0), cosigned: None, failures: 0, next: None };
        let asked = clients.into_iter().map(asked).collect();
        let mut collector = Self { alarm, dir: dir.to_owned(), log, policy, asked, clock };
        collector.take_up()?;
        Ok(collector)
    }

    /// What the kept file says of the witnesses.
    fn take_up(&mut self) -> Result<(), CollectError> {
        let Some((note, checkpoint)) = read_witnessed(&self.dir, std::slice::from_ref(&self.log))? else {
            return Ok(());
        };
        let reader = LogReader::open(&self.dir, std::slice::from_ref(&self.log))?;
        let (present, known) = (reader.checkpoint().size, checkpoint.size);
        if known > present {
            if reader.committed()?.contains(&checkpoint) {
                return Err(CollectError::Interrupted { dir: self.dir.clone(), known, present });
            }
            let conflict = Conflict::PutBack { known, present };
            self.alarm.raise(&conflict.to_string())?;
            return Err(conflict.into());
        }
        let bad = |source| CollectError::Note { path: self.dir.join(WITNESSED), source };
        let cosigned = self.policy.witnessed(&note).map_err(bad)?.cosigned;
        for one in &mut self.asked {
            if cosigned.iter().any(|(name, _)| name == one.client.name()) {
                one.known = known;
            }
        }
        Ok(())
    }

    /// Asks every witness that has not cosigned the published checkpoint and whose pause is over, all at once, and keeps what
    /// they say as soon as the quorum is reached. It takes a few times [`super::ASK_LIMITS`] at most.
    ///
    /// # Errors
    ///
    /// A conflict, after the alarm was raised; a log that cannot be read; a file that cannot be written. That a witness does
    /// not answer is no error.
    pub async fn round(&mut self) -> Result<Round, CollectError> {
        let reader = LogReader::open(&self.dir, std::slice::from_ref(&self.log))?;
        let size = reader.checkpoint().size;
        let now = Instant::now();
        let mut troubles = Vec::new();
        let clock = Arc::clone(&self.clock);
        let due: FuturesUnordered<_> = self
            .asked
            .iter()
            .enumerate()
            .filter(|(_, one)| one.is_due(size, now))
            .map(|(index, one)| {
                let (client, known, clock, reader) = (one.client.clone(), one.known, &clock, &reader);
                async move { (index, client.cosign(clock.as_ref(), reader, known).await) }
            })
            .collect();
        let mut due = due;
        while let Some((index, outcome)) = due.next().await {
            match outcome {
                Err(ClientError::Conflict(conflict)) => self.on_conflict(&reader, conflict)?,
                Err(ClientError::Log(error)) => return Err(error.into()),
                outcome => troubles.extend(self.note(index, outcome)),
            }
            self.keep(&reader)?;
        }
        let verdict = self.policy_verdict(&reader)?.1;
        Ok(Round { size, verdict, troubles })
    }

    /// Writes down what a witness said; what was wrong with it.
    fn note(&mut self, index: usize, outcome: Result<Cosigned, ClientError>) -> Option<String> {
        let one = self.asked.get_mut(index)?;
        match outcome {
            Ok(cosigned) => {
                let forgot = cosigned.forgot.map(|stated| {
                    let (witness, had) = (one.client.name(), one.known);
                    format!(
                        "the witness `{witness}` has lost its state: it had cosigned {had} entries and knew of {stated}"
                    )
                });
                one.known = cosigned.size;
                one.cosigned = Some(cosigned);
                one.failures = 0;
                one.next = None;
                forgot
            }
            Err(error) => {
                let pause = PAUSES.0.saturating_mul(1 << one.failures.min(16)).min(PAUSES.1);
                one.failures = one.failures.saturating_add(1);
                one.next = Some(Instant::now() + pause);
                Some(error.to_string())
            }
        }
    }

    /// A witness that knows more than the reader does may have been asked by this very log meanwhile: the log is looked at once
    /// more. Otherwise the alarm is raised.
    fn on_conflict(&self, reader: &LogReader, conflict: Conflict) -> Result<(), CollectError> {
        if let Conflict::Larger { known, .. } = &conflict {
            let again = LogReader::open(&self.dir, std::slice::from_ref(&self.log))?;
            if again.checkpoint().size >= *known && again.checkpoint().size > reader.checkpoint().size {
                return Ok(());
            }
        }
        self.alarm.raise(&conflict.to_string())?;
        Err(conflict.into())
    }

    /// The published checkpoint with the cosignatures on it, and what they amount to.
    fn policy_verdict(&self, reader: &LogReader) -> Result<(Note, QuorumVerdict), CollectError> {
        let bad = |source| CollectError::Note { path: self.dir.join(WITNESSED), source };
        let mut note = Note::parse(reader.signed_checkpoint()).map_err(bad)?;
        let size = reader.checkpoint().size;
        let cosigned = self.asked.iter().filter_map(|one| one.cosigned.as_ref()).filter(|one| one.size == size);
        note.signatures.extend(cosigned.map(|one| one.line.clone()));
        let verdict = self.policy.witnessed(&note).map_err(bad)?.verdict;
        Ok((note, verdict))
    }

    /// Replaces the kept file when the quorum is reached.
    fn keep(&self, reader: &LogReader) -> Result<(), CollectError> {
        let (note, verdict) = self.policy_verdict(reader)?;
        if verdict.reached {
            whole_file::replace(&self.dir.join(WITNESSED), note.to_string().as_bytes(), Readers::Everyone)?;
        }
        Ok(())
    }

    /// Collects until `stop` becomes true or its sender is gone, and then once more, without pauses. Returns how things stand at
    /// the end, or the conflict that ended it. `tell` is given each trouble when it begins and when it is another one.
    pub async fn run(
        mut self,
        mut stop: watch::Receiver<bool>,
        mut tell: impl FnMut(&str),
    ) -> Result<Round, CollectError> {
        let mut told: Vec<String> = Vec::new();
        loop {
            tokio::select! {
                () = sleep(LOOK_EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
            let troubles = match self.round().await {
                Ok(round) => round.troubles,
                Err(conflict @ CollectError::Conflict(_)) => return Err(conflict),
                // A full disk, no file to spare: told, and tried again in the next round.
                Err(error) => vec![error.to_string()],
            };
            troubles.iter().filter(|trouble| !told.contains(trouble)).for_each(|trouble| tell(trouble));
            told.extend(troubles);
            told.truncate(TROUBLES_MAX);
        }
        self.finish().await
    }

    /// The last round: every witness that has not cosigned what is published now is asked, without pauses. Otherwise as
    /// [`Collector::round`].
    pub async fn finish(mut self) -> Result<Round, CollectError> {
        self.asked.iter_mut().for_each(|one| one.next = None);
        self.round().await
    }
}

/// The most different troubles that are remembered as told.
const TROUBLES_MAX: usize = 100;

impl Asked {
    fn is_due(&self, size: TreeSize, now: Instant) -> bool {
        let has_cosigned = self.cosigned.as_ref().is_some_and(|cosigned| cosigned.size == size);
        !has_cosigned && self.next.is_none_or(|next| next <= now)
    }
}

/// The kept checkpoint of the log in `dir`, signed by one of these log keys, with its cosignatures; `None` when there is none.
///
/// The cosignatures are not verified yet, which is up to the policy; nor is its tree compared with that of the log.
pub fn read_witnessed(dir: &Path, logs: &[VerifierKey]) -> Result<Option<(Note, Checkpoint)>, CollectError> {
    let path = dir.join(WITNESSED);
    let bytes = match whole_file::read(&path, WITNESSED_MAX_BYTES) {
        Err(ReadError::Missing { .. }) => return Ok(None),
        read => read?,
    };
    let bad = |source| CollectError::Note { path: path.clone(), source };
    let note = Note::parse(&bytes).map_err(bad)?;
    let not_one = |source| CollectError::NotACheckpoint { path: path.clone(), source };
    let checkpoint = Checkpoint::parse(&note.text).map_err(not_one)?;
    let named: Vec<VerifierKey> = logs.iter().filter(|log| *log.name() == checkpoint.origin).cloned().collect();
    note.verify(&named).map_err(bad)?;
    Ok(Some((note, checkpoint)))
}

impl Round {
    /// One line for people: what is witnessed, by whom, and what is not.
    pub fn summary(&self) -> String {
        let entries = counted(self.size.0, "entry", "entries");
        match self.verdict.reached {
            true => format!("{entries} witnessed: {}", self.verdict),
            false => format!("{entries}, NOT witnessed: {}", self.verdict),
        }
    }
}

/// Who cosigned and when, for people: `a.example/witness at 2027-…`.
pub fn cosigners(cosigned: &[(KeyName, UtcTime)]) -> String {
    let one = |(name, at): &(KeyName, UtcTime)| format!("{name} at {at}");
    cosigned.iter().map(one).collect::<Vec<_>>().join(", ")
}

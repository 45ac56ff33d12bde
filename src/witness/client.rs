//! Asking one witness.
//!
//! What ends the life of a log must be evidence, and not a word. A status and a size come over plain HTTP, perhaps, and perhaps
//! from something in between: a proxy that is set up wrongly, a machine that has the address now, somebody who wants the operation
//! to stop. So 409 with a larger size and 422 are claims. To each of them belongs a thing that can be checked: the checkpoint that
//! the witness says it has cosigned, which it shows at `<prefix>/<SHA-256 of the origin>/checkpoint` (tlog-witness). Only when it
//! bears the signature of this very log's key, and the cosignature of this witness, is it held against the log:
//!
//! - It is of more entries than there are: the log has signed what it does not have any more. It was put back.
//! - It is of as many or fewer, and the log has another root at that size: the log has signed two histories. It was forked.
//! - It is of as many or fewer, and the root is the log's: the two agree, and the claim came from nowhere.
//!
//! The first two raise the alarm. Nobody can bring them about without the log's key, and to whoever has that key an alarm is the
//! right answer. It does not matter over what the checkpoint came. Everything else is [`ClientError::Unproven`]: told loudly, tried
//! again, told again at the end, and nothing is stopped. What that costs: a witness of another make that shows no checkpoint finds
//! a log that was put back, and cannot prove it; a person must look. The copies of checkpoints beside the log
//! ([`crate::audit::WITNESSED`], [`crate::audit::CheckpointCopy`]) do not depend on any witness's answer.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use crate::audit::{AuditError, LogReader};
use crate::clock::{Clock, UtcTime};
use crate::domain::excerpt;
use crate::observe::{DnsClient, HttpLimits, Posted, ServiceUrl, Unknown, fetch, post};
use crate::signed_note::{KeyName, Note, NoteError, NoteSignature, VerifierKey};
use crate::tlog::{Checkpoint, TreeSize};

use super::request::{AddCheckpoint, parse_size};
use super::state::log_id;

/// How long a witness is given, and how large its answer may be: a few signature lines, or a checkpoint with some.
pub const ASK_LIMITS: HttpLimits = HttpLimits { time: Duration::from_secs(5), body_bytes: 64 * 1024 };

/// What a request is. The specification names no type.
const TEXT: &str = "text/plain; charset=utf-8";

/// One witness and how it is reached.
#[derive(Clone)]
pub struct Client {
    key: VerifierKey,
    url: ServiceUrl,
    dns: DnsClient,
}

/// A cosignature that was asked for and verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// Over the checkpoint of this size.
    pub size: TreeSize,
    /// The line under the checkpoint.
    pub line: NoteSignature,
    /// The time in it.
    pub at: UtcTime,
    /// The size that the witness stated, if that was less than what it had cosigned before: it has lost its state.
    pub forgot: Option<TreeSize>,
}

/// The log contradicts what it has signed before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The witness shows more entries than there are.
    #[error(
        "the witness `{witness}` has cosigned {known} entries, and the log has {present}: the log was put back; it shows a \
         checkpoint of {known} entries that this log signed"
    )]
    Larger {
        /// Which.
        witness: KeyName,
        /// How many entries its checkpoint is of.
        known: TreeSize,
        /// How many there are.
        present: TreeSize,
    },
    /// The witness shows other entries.
    #[error(
        "the witness `{witness}` knows another log of {known} entries than this one: the log was forked; it shows a \
         checkpoint of {known} entries that this log signed"
    )]
    Forked {
        /// Which.
        witness: KeyName,
        /// How many entries its checkpoint is of.
        known: TreeSize,
    },
    /// The log's own file of cosignatures is of more entries than there are.
    #[error("{known} entries were witnessed, and the log has {present}: the log was put back")]
    PutBack {
        /// How many were witnessed.
        known: TreeSize,
        /// How many there are.
        present: TreeSize,
    },
}

/// What an answer says against the log, without showing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// 409: the witness has cosigned this many entries, more than there are.
    Larger(TreeSize),
    /// 422, or 409 for the size that there is: the log does not continue what the witness has cosigned.
    Other,
}

impl std::fmt::Display for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Larger(size) => write!(f, "that it has cosigned {size} entries, more than there are"),
            Self::Other => f.write_str("that the log does not continue what it has cosigned"),
        }
    }
}

/// Why there is no cosignature.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The witness was not reached, or did not answer.
    #[error("the witness `{witness}` at {url} does not answer: {why}")]
    Unreachable {
        /// Which.
        witness: KeyName,
        /// Where.
        url: ServiceUrl,
        /// Why.
        why: Box<Unknown>,
    },
    /// It answered something else than a cosignature.
    #[error("the witness `{witness}` refuses with {status}: {text}")]
    Refused {
        /// Which.
        witness: KeyName,
        /// The status.
        status: StatusCode,
        /// The beginning of the body, escaped.
        text: String,
    },
    /// It answered 200 without a good cosignature of its own.
    #[error("the witness `{witness}` gave no good cosignature")]
    NoCosignature {
        /// Which.
        witness: KeyName,
        /// What is wrong with it.
        source: Option<NoteError>,
    },
    /// It says something against the log and does not show it.
    #[error(
        "the witness `{witness}` says {claim}, but {shown}: nothing is stopped; if it says so again, ask its operator, and \
         compare the log with its copies"
    )]
    Unproven {
        /// Which.
        witness: KeyName,
        /// What it says.
        claim: Claim,
        /// What it shows instead.
        shown: String,
    },
    /// It shows what the log contradicts.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// The log is not read.
    #[error(transparent)]
    Log(#[from] AuditError),
    /// The log's own checkpoint is not a note.
    #[error("the published checkpoint is not a signed note")]
    Note(#[source] NoteError),
}

impl Client {
    /// A witness with this key at this address, which is reached through the client's network.
    pub fn new(key: VerifierKey, url: ServiceUrl, dns: DnsClient) -> Self {
        Self { key, url, dns }
    }

    /// The witness's name.
    pub fn name(&self) -> &KeyName {
        self.key.name()
    }

    /// Asks for a cosignature on the published checkpoint. `known` is the size up to which the witness is believed to know the
    /// log, 0 if nothing is believed; the witness corrects it.
    ///
    /// # Errors
    ///
    /// [`ClientError::Conflict`] when the witness shows a checkpoint that the log has signed and contradicts; any other error is no
    /// more than a missing cosignature.
    pub async fn cosign(
        &self,
        clock: &dyn Clock,
        reader: &LogReader,
        known: TreeSize,
    ) -> Result<Cosigned, ClientError> {
        let present = reader.checkpoint().size;
        let mut old = known.min(present);
        let mut forgot = None;
        // The witness's size may move between two tries only if somebody else asks for the same log: once is enough.
        for _ in 0..3 {
            let reply = self.post(clock, reader, old).await?;
            match reply.status {
                StatusCode::OK => return Ok(Cosigned { forgot, ..self.cosigned(reader, &reply)? }),
                StatusCode::UNPROCESSABLE_ENTITY => return Err(self.contradicted(clock, reader, Claim::Other).await),
                StatusCode::CONFLICT => match stated_size(&reply) {
                    Some(stated) if stated > present => {
                        return Err(self.contradicted(clock, reader, Claim::Larger(stated)).await);
                    }
                    Some(stated) if stated != old => {
                        forgot = Some(stated).filter(|stated| *stated < known);
                        old = stated;
                    }
                    // Version 1.0.0 of tlog-witness: the same size, and another root.
                    Some(_) if old == present => return Err(self.contradicted(clock, reader, Claim::Other).await),
                    _ => return Err(self.refused(&reply)),
                },
                _ => return Err(self.refused(&reply)),
            }
        }
        Err(ClientError::NoCosignature { witness: self.name().clone(), source: None })
    }

    async fn post(&self, clock: &dyn Clock, reader: &LogReader, old: TreeSize) -> Result<Posted, ClientError> {
        let note = Note::parse(reader.signed_checkpoint()).map_err(ClientError::Note)?;
        let checkpoint = reader.checkpoint().clone();
        // The empty tree needs no proof, and has none.
        let proof = match old {
            TreeSize(0) => Vec::new(),
            old => reader.prove_consistency(old, checkpoint.size)?,
        };
        let request = AddCheckpoint { old, proof, note, checkpoint };
        let url = self.url.below("add-checkpoint");
        let body = Bytes::from(request.to_string());
        post(&self.dns, clock, &url, TEXT, body, ASK_LIMITS).await.map_err(|why| ClientError::Unreachable {
            witness: self.name().clone(),
            url: self.url.clone(),
            why: Box::new(why),
        })
    }

    /// The witness's own line, verified under the checkpoint that was sent. Lines of others are not looked at.
    fn cosigned(&self, reader: &LogReader, reply: &Posted) -> Result<Cosigned, ClientError> {
        let none = |source| ClientError::NoCosignature { witness: self.name().clone(), source };
        let sent = Note::parse(reader.signed_checkpoint()).map_err(ClientError::Note)?;
        let text = std::str::from_utf8(&reply.body).map_err(|_| none(None))?;
        let own = text.lines().filter_map(NoteSignature::parse);
        let mut own = own.filter(|line| line.name == *self.name() && line.id == self.key.id());
        let line = own.next_back().ok_or_else(|| none(None))?;
        let note = Note { text: sent.text, signatures: vec![line.clone()] };
        let found = note.cosignatures(std::slice::from_ref(&self.key)).map_err(|source| none(Some(source)))?;
        let at = found.first().map(|cosignature| cosignature.at).ok_or_else(|| none(None))?;
        Ok(Cosigned { size: reader.checkpoint().size, line, at, forgot: None })
    }

    fn refused(&self, reply: &Posted) -> ClientError {
        let text = excerpt(String::from_utf8_lossy(&reply.body).trim_end());
        ClientError::Refused { witness: self.name().clone(), status: reply.status, text }
    }

    /// What becomes of a claim: a conflict if the witness shows what the log contradicts.
    async fn contradicted(&self, clock: &dyn Clock, reader: &LogReader, claim: Claim) -> ClientError {
        let (witness, present) = (self.name().clone(), reader.checkpoint().size);
        let Some(checkpoint) = self.shown(clock, reader).await else {
            let shown = "it shows no checkpoint that it has cosigned and this log signed".to_owned();
            return ClientError::Unproven { witness, claim, shown };
        };
        let Checkpoint { size: known, root, .. } = checkpoint.clone();
        if known > present {
            // A power cut may take what was published and leave it in the journal, for the next opening to publish again.
            return match reader.committed() {
                Ok(committed) if committed.contains(&checkpoint) => {
                    let shown = format!(
                        "its {known} entries are in the journal of this log; the next opening for writing publishes them, \
                         if its key has sealed them there"
                    );
                    ClientError::Unproven { witness, claim, shown }
                }
                Ok(_) => Conflict::Larger { witness, known, present }.into(),
                Err(error) => error.into(),
            };
        }
        match reader.root_at(known) {
            Ok(own) if own == root => {
                let shown = format!("it shows a checkpoint of {known} entries, which this log continues");
                ClientError::Unproven { witness, claim, shown }
            }
            Ok(_) => Conflict::Forked { witness, known }.into(),
            Err(error) => error.into(),
        }
    }

    /// The checkpoint that the witness shows of this log, if the log has signed it and the witness has cosigned it.
    async fn shown(&self, clock: &dyn Clock, reader: &LogReader) -> Option<Checkpoint> {
        let url = self.url.below(&format!("{}/checkpoint", log_id(&reader.checkpoint().origin)));
        let reply = fetch(&self.dns, clock, &url, ASK_LIMITS).await.ok()?;
        let note = Note::parse(&reply.body).ok()?;
        note.verify(std::slice::from_ref(reader.key())).ok()?;
        let is_cosigned = note.cosignatures(std::slice::from_ref(&self.key)).is_ok_and(|by| !by.is_empty());
        let checkpoint = Checkpoint::parse(&note.text).ok().filter(|_| is_cosigned)?;
        (checkpoint.origin == reader.checkpoint().origin).then_some(checkpoint)
    }
}

/// The size in a 409.
fn stated_size(reply: &Posted) -> Option<TreeSize> {
    parse_size(std::str::from_utf8(&reply.body).ok()?.strip_suffix('\n')?)
}

//! Asking one witness.

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

/// The witness and the log do not agree on what the log is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The witness knows more entries than there are.
    #[error(
        "the witness `{witness}` has cosigned {known} entries, and the log has {present}: the log was put back{shown}"
    )]
    Larger {
        /// Which.
        witness: KeyName,
        /// How many entries it knows.
        known: TreeSize,
        /// How many there are.
        present: TreeSize,
        /// What it shows for it.
        shown: Shown,
    },
    /// The witness does not see that the log continues what it knows.
    #[error("the witness `{witness}` knows another log of {known} entries than this one: the log was forked{shown}")]
    Forked {
        /// Which.
        witness: KeyName,
        /// Up to which size it knows the log.
        known: TreeSize,
        /// What it shows for it.
        shown: Shown,
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

/// What a witness shows for a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Nothing that this log signed: its word stands alone.
    Nothing,
    /// A checkpoint of this size that this log's key has signed.
    Checkpoint(TreeSize),
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => f.write_str("; it shows no checkpoint that this log signed"),
            Self::Checkpoint(size) => write!(f, "; it shows a checkpoint of {size} entries that this log signed"),
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
    /// It does not agree with the log.
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
    /// [`ClientError::Conflict`] when the witness and the log exclude each other; any other error is no more than a missing
    /// cosignature.
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
                StatusCode::UNPROCESSABLE_ENTITY => return Err(self.forked(clock, reader, old).await),
                StatusCode::CONFLICT => match stated_size(&reply) {
                    Some(stated) if stated > present => return Err(self.larger(clock, reader, stated).await),
                    Some(stated) if stated != old => {
                        forgot = Some(stated).filter(|stated| *stated < known);
                        old = stated;
                    }
                    // Version 1.0.0 of tlog-witness: the same size, and another root.
                    Some(_) if old == present => return Err(self.forked(clock, reader, old).await),
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

    async fn larger(&self, clock: &dyn Clock, reader: &LogReader, known: TreeSize) -> ClientError {
        let (witness, present) = (self.name().clone(), reader.checkpoint().size);
        Conflict::Larger { witness, known, present, shown: self.shown(clock, reader).await }.into()
    }

    async fn forked(&self, clock: &dyn Clock, reader: &LogReader, known: TreeSize) -> ClientError {
        let witness = self.name().clone();
        Conflict::Forked { witness, known, shown: self.shown(clock, reader).await }.into()
    }

    /// What the witness has of this log, if it shows it and this log has signed it.
    async fn shown(&self, clock: &dyn Clock, reader: &LogReader) -> Shown {
        let url = self.url.below(&format!("{}/checkpoint", log_id(&reader.checkpoint().origin)));
        let Ok(reply) = fetch(&self.dns, clock, &url, ASK_LIMITS).await else { return Shown::Nothing };
        let signed =
            Note::parse(&reply.body).ok().filter(|note| note.verify(std::slice::from_ref(reader.key())).is_ok());
        match signed.and_then(|note| Checkpoint::parse(&note.text).ok()) {
            Some(checkpoint) if checkpoint.origin == reader.checkpoint().origin => Shown::Checkpoint(checkpoint.size),
            _ => Shown::Nothing,
        }
    }
}

/// The size in a 409.
fn stated_size(reply: &Posted) -> Option<TreeSize> {
    parse_size(std::str::from_utf8(&reply.body).ok()?.strip_suffix('\n')?)
}

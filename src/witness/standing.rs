//! How far a log is witnessed, as the file beside it says.

use std::error::Error;

use crate::audit::{LogReader, WITNESSED};
use crate::clock::UtcTime;
use crate::keyring::{LogPolicy, Witnessed};
use crate::signed_note::KeyName;
use crate::tlog::{Checkpoint, TreeSize};
use crate::words::counted;

use super::collector::{CollectError, cosigners, read_witnessed};

/// How far a log is witnessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What that amounts to.
    pub judgement: Judgement,
    /// How many entries the checkpoint vouches for that bears cosignatures, where there is one.
    pub size: Option<TreeSize>,
    /// Who has cosigned it and when, as far as the policy names them.
    pub cosigned: Vec<(KeyName, UtcTime)>,
    /// The same in words.
    pub detail: String,
}

/// What cosignatures amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// As many have cosigned as the policy asks for.
    Pass,
    /// Too few have, or what they cosigned is not this log.
    Fail,
    /// What they cosigned is committed and not all published: the writer was interrupted.
    Interrupted,
    /// Nobody asked, or there is nothing to check. This is not a pass.
    NotChecked,
}

impl Judgement {
    /// One word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Interrupted => "interrupted",
            Self::NotChecked => "not checked",
        }
    }
}

impl Standing {
    /// Reads the cosignatures beside a log, whose tiles were compared with its entries before. Without a policy it is still seen
    /// whether what was cosigned is this log, since the log's own key has signed it. `left_behind` are the
    /// checkpoints of what the journal holds beyond what is published.
    pub fn of(reader: &LogReader, policy: Option<&LogPolicy>, left_behind: &[Checkpoint]) -> Self {
        Self::read(reader, policy, left_behind)
            .unwrap_or_else(|error| Self::told(Judgement::Fail, chain(error.as_ref())))
    }

    fn told(judgement: Judgement, detail: impl Into<String>) -> Self {
        Self { judgement, size: None, cosigned: Vec::new(), detail: detail.into() }
    }

    fn read(
        reader: &LogReader,
        policy: Option<&LogPolicy>,
        left_behind: &[Checkpoint],
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let Some((note, witnessed)) = read_witnessed(reader.dir(), std::slice::from_ref(reader.key()))? else {
            return Ok(Self::none(policy));
        };
        let size = witnessed.size;
        let told = |judgement, detail| Self { size: Some(size), ..Self::told(judgement, detail) };
        // A log that grows is cosigned while it is verified.
        let newer = (size > reader.checkpoint().size)
            .then(|| LogReader::open(reader.dir(), std::slice::from_ref(reader.key())))
            .transpose()?;
        let reader = newer.as_ref().unwrap_or(reader);
        let present = reader.checkpoint().size;
        if size > present {
            let entries = counted(size.0, "entry was", "entries were");
            let entries = format!("{entries} witnessed, and the log has {present}");
            return Ok(match left_behind.contains(&witnessed) {
                true => told(Judgement::Interrupted, format!("{entries}: the journal holds the others")),
                false => told(Judgement::Fail, format!("{entries}: the log was put back")),
            });
        }
        if reader.root_at(size)? != witnessed.root {
            let entries = counted(size.0, "entry", "entries");
            let detail = format!("what was witnessed at {entries} is another log: this one was forked");
            return Ok(told(Judgement::Fail, detail));
        }
        let Some(policy) = policy else {
            let entries = counted(size.0, "entry bears", "entries bear");
            let detail = format!("{entries} cosignatures; give the policy that names the witnesses, with --keys");
            return Ok(told(Judgement::NotChecked, detail));
        };
        let path = reader.dir().join(WITNESSED);
        let bad = |source| CollectError::Note { path: path.clone(), source };
        let Witnessed { verdict, cosigned } = policy.witnessed(&note).map_err(bad)?;
        let newer = present.0 - size.0;
        let (judgement, detail) = match (verdict.need, verdict.reached) {
            (0, _) => (Judgement::NotChecked, "the policy asks for none".to_owned()),
            (_, false) => (Judgement::Fail, format!("{}: {size} entries: {verdict}", path.display())),
            (_, true) => (Judgement::Pass, format!("{size} entries by {}; {newer} are newer", cosigners(&cosigned))),
        };
        Ok(Self { cosigned, ..told(judgement, detail) })
    }

    /// No checkpoint with cosignatures is there.
    fn none(policy: Option<&LogPolicy>) -> Self {
        let Some(policy) = policy else {
            return Self::told(Judgement::NotChecked, "give the policy that names them, with --keys");
        };
        let judgement = if policy.asks_for_any() { Judgement::Fail } else { Judgement::NotChecked };
        Self::told(judgement, "no checkpoint with cosignatures lies beside the log")
    }
}

/// An error and its causes on one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

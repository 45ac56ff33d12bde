//! What a run writes into the log, and what it reads back from it.
//!
//! The words in `action`, each with its kind and what stands in its body:
//!
//! | action | kind | body |
//! |---|---|---|
//! | `run.open` | fact | `plan`: digest of the approved text; sealed evidence: the signed plan, the playbook |
//! | `run.compare` | fact | `same`, and `differences` where there are any |
//! | `gate` | fact | `opened`, `role`, `by`*, `why`* |
//! | `notice` | fact | `manifest`, `signed`: digests of a notice's text and of its note, before it is served; both are evidence |
//! | `instruct`, `publish`, `confirm` | intent | `task`, `what` |
//! | `outcome` | outcome | `how`, and `by`*, `why`* where a person said so |
//! | `refused` | fact | `task`, `why`: the order does not allow it now |
//! | `observe` | fact | `moment`, `list`, `state`, `verdict`, `findings`; evidence: raw answers |
//! | `visit` | fact | `place`, `genuine`, `verdict`, `summary`; evidence: what was served |
//! | `outsider` | fact | `clean`, `findings`, `visits`: a name that nobody ordered |
//! | `approval` | fact | `agency`, `role`, `approver`*, `key`* |
//! | `settle` | fact | `of`, `unsettled`, and `waiting` for the first of them: one round of waiting |
//! | `step.end` | fact | `reached` |
//! | `run.close` | fact | |
//! | `note` | fact | `text`*, `subject`* where it is no target: what a person wrote down; the run passes it over ([`note`]) |
//! | `erased` | fact | `evidence`, `openings`: what was removed, because the law asks for it ([`crate::audit::Erased`]) |
//!
//! What bears a `*` is about a person and stands there sealed ([`crate::audit::Commitment`]); `personal` says what is.

mod body;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::personal::sealed;
use super::seen::{Seen, Shown};
use crate::audit::{
    Alarm, AuditError, ERASED, Entry, EvidenceRef, EvidenceStore, Kind, Log, LogReader, Openings, OutcomeResult,
    Recorded, SealedError,
};
use crate::authority::OrderId;
use crate::check::{self, Exhibit, Finding, Look};
use crate::clock::UtcTime;
use crate::conduct::{DeedResult, Event, Progress, Task, TaskKey};
use crate::digest::Digest;
use crate::domain::DomainName;
use crate::notice::{Edition, LoggedNotice, NOTICE_ENTRY};
use crate::plan::{Approval, PlanId};
use crate::playbook::{Id, Target};
use crate::signed_note::{Note, VerifierKey};
use crate::tlog::LeafIndex;
use crate::verify::TurnedAway;
use body::{body, finding, told};

pub use crate::audit::Actor;

/// Why nothing could be written down, or what is written cannot be gone on from.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The log.
    #[error(transparent)]
    Log(#[from] AuditError),
    /// What is about a person could not be sealed.
    #[error("what a person said cannot be sealed, so it is not written")]
    Sealed(#[from] SealedError),
    /// An entry of a kind that the run rests on lacks a part. Passing it over could mean to give an instruction twice.
    #[error(
        "entry {seq} (`{action}`) lacks a part that the run rests on; it was written by another program or version"
    )]
    NotUnderstood {
        /// Its index.
        seq: u64,
        /// Its action.
        action: String,
    },
}

/// The action of what a person wrote down.
pub const NOTE: &str = "note";

/// The role of whoever writes the record of a rehearsal: nobody shall take it for the record of an operation.
pub const REHEARSAL: &str = "rehearsal";

/// This program and its version, as entries name it.
const TOOL: &str = concat!("impound ", env!("CARGO_PKG_VERSION"));

/// The log of an operation while it is being carried out: the only writer, and the progress that the log tells of.
pub struct Record {
    log: Log,
    evidence: EvidenceStore,
    openings: Openings,
    actor: Actor,
    progress: Progress,
    /// Whether there is an entry of a run: neither a person's note nor a notice, which can be entered before.
    begun: bool,
    /// The notes, by digest, of which an entry says that they are served.
    notices: BTreeSet<Digest>,
}

impl Record {
    /// Takes over a log that is open for writing; reads what it says so far.
    ///
    /// Raw evidence goes into `evidence`; what opens the sealed texts goes into `openings`.
    pub fn new(
        log: Log,
        evidence: EvidenceStore,
        openings: Openings,
        reader: &LogReader,
        actor: Actor,
    ) -> Result<Self, RecordError> {
        let (mut progress, mut begun, mut notices) = (Progress::default(), false, BTreeSet::new());
        for recorded in reader.entries()? {
            let recorded = recorded?;
            begun |= ![NOTE, NOTICE_ENTRY, ERASED].contains(&recorded.entry.action.as_str());
            notices.extend(LoggedNotice::of(&recorded.entry).map(|logged| logged.signed));
            if let Some(event) = event_of(&recorded)? {
                progress.note(event);
            }
        }
        Ok(Self { log, evidence, openings, actor, progress, begun, notices })
    }

    /// The alarm of the log, for whoever watches it beside the operation.
    pub fn alarm(&self) -> Alarm {
        self.log.alarm()
    }

    /// What the log says so far.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Lets steps begin again that ended without reaching what they are for.
    pub fn retry_unreached(&mut self) {
        self.progress.retry_unreached();
    }

    /// Writes that a plan is being carried out, with the plan itself and its signatures, and with the playbook that it names
    /// by digest: there stands which court ordered it, and under which law.
    pub fn open(&mut self, now: UtcTime, plan: PlanId, signed_plan: &[u8], playbook: &[u8]) -> Result<(), RecordError> {
        // Both name people: who may approve and who did, whom to call.
        let plan_and_signatures = self.evidence.seal("text/plain; charset=utf-8", signed_plan)?;
        let evidence = vec![plan_and_signatures, self.evidence.seal("application/toml", playbook)?];
        let body = body([("plan", json!(plan.to_string()))]);
        self.append(Entry { evidence, ..self.fact(now, "run.open", body) })?;
        Ok(())
    }

    /// Writes that the plan was drawn again, and what differed.
    pub fn compared(&mut self, now: UtcTime, differences: &[String]) -> Result<(), RecordError> {
        let mut body = body([("same", json!(differences.is_empty()))]);
        body.extend(told("differences", differences.iter().map(|line| json!(line))));
        self.append(self.fact(now, "run.compare", body))?;
        Ok(())
    }

    /// Writes what a person in the gate's role said.
    pub fn gate(&mut self, now: UtcTime, gate: &Gate<'_>) -> Result<(), RecordError> {
        let body = body([
            ("opened", json!(gate.opened)),
            ("role", json!(gate.role.as_str())),
            ("by", json!(gate.by)),
            ("why", json!(gate.why)),
        ]);
        self.append(Entry { step: Some(gate.step.to_string()), ..self.fact(now, "gate", body) })?;
        Ok(())
    }

    /// Writes that something is about to be done. It is durable when this returns.
    pub fn intent(&mut self, now: UtcTime, intent: &Intent<'_>) -> Result<LeafIndex, RecordError> {
        let body = body([("task", json!(intent.task.0)), ("what", json!(intent.what))]);
        self.append(Entry {
            authority: intent.authority.map(ToString::to_string),
            step: Some(intent.step.to_string()),
            kind: Kind::Intent,
            subject: Some(intent.task.0.clone()),
            ..self.fact(now, intent.action, body)
        })
    }

    /// Writes which notices are about to be served: their texts and signatures, each that was not written before. Whoever meets
    /// one can then be shown that it stands in the log: all of it is published when this returns.
    pub fn notices(&mut self, now: UtcTime, step: Option<&Id>, editions: &[Edition]) -> Result<(), RecordError> {
        let (mut entries, mut new) = (Vec::new(), Vec::new());
        for edition in editions {
            let Some(note) = edition.note().and_then(|note| Note::parse(note).ok()) else { continue };
            let logged = LoggedNotice::of_note(&note);
            if self.notices.contains(&logged.signed) || new.contains(&logged.signed) {
                continue;
            }
            let texts = [note.text.as_str().to_owned(), note.to_string()];
            let evidence = texts.map(|text| self.evidence.put("text/plain; charset=utf-8", text.as_bytes()));
            let evidence = evidence.into_iter().collect::<Result<_, _>>()?;
            let fact = self.fact(now, NOTICE_ENTRY, logged.body());
            entries.push(Entry {
                step: step.map(ToString::to_string),
                subject: Some(edition.id.clone()),
                evidence,
                ..fact
            });
            new.push(logged.signed);
        }
        self.write(&entries)?;
        self.notices.extend(new);
        // The proof of it comes from what is published.
        Ok(self.log.publish()?)
    }

    /// Writes what became of an intent.
    pub fn outcome(&mut self, now: UtcTime, of: u64, came: &Came<'_>) -> Result<(), RecordError> {
        let result = match came.result {
            DeedResult::Done => OutcomeResult::Done,
            DeedResult::NotDone => OutcomeResult::Failed,
        };
        let intent = self.progress.open_intent(of);
        let (step, subject) = (intent.map(|one| one.step.to_string()), intent.map(|one| one.task.0.clone()));
        let mut body = body([("how", json!(came.how))]);
        let said = [("by", came.by), ("why", came.why)];
        body.extend(said.into_iter().filter_map(|(key, text)| Some((key.to_owned(), json!(text?)))));
        let entry = self.fact(now, "outcome", body);
        self.append(Entry { step, subject, kind: Kind::Outcome { of: LeafIndex(of), result }, ..entry })?;
        Ok(())
    }

    /// Writes that an order does not allow a task now, so that it was not given.
    pub fn refused(&mut self, now: UtcTime, step: &Id, task: &Task, why: &str) -> Result<(), RecordError> {
        let entry = self.fact(now, "refused", body([("task", json!(task.key.0)), ("why", json!(why))]));
        let authority = Some(task.order.to_string());
        self.append(Entry { authority, step: Some(step.to_string()), subject: Some(task.key.0.clone()), ..entry })?;
        Ok(())
    }

    /// The entry that says what a look at a target found. Its raw answers are durable when this returns; the entry itself
    /// is written by [`Record::write`].
    pub fn seen(
        &mut self,
        now: UtcTime,
        step: &Id,
        target: &Target,
        look: &Look,
        seen: &Seen,
    ) -> Result<Entry, RecordError> {
        let evidence = self.keep(check::evidence(look))?;
        let mut body = body([
            ("moment", json!(seen.moment.word())),
            ("action", json!(target.means.action().word())),
            ("list", json!(seen.list.as_ref().map(Id::as_str))),
            ("state", json!(seen.state)),
            ("verdict", json!(check::verdict(&seen.findings).word())),
        ]);
        body.extend(told("findings", seen.findings.iter().map(finding)));
        Ok(Entry {
            authority: Some(target.order.to_string()),
            step: Some(step.to_string()),
            subject: Some(target.subject.to_string()),
            evidence,
            ..self.fact(now, "observe", body)
        })
    }

    /// The entry that says what a visitor was shown, as [`Record::seen`].
    pub fn shown(&mut self, now: UtcTime, step: &Id, subject: &str, shown: &Shown) -> Result<Entry, RecordError> {
        let evidence = self.keep(shown.visited.exhibits())?;
        let body = body([
            ("place", json!(format!("{} {}", shown.visited.scheme.as_str(), shown.visited.address))),
            ("genuine", json!(shown.is_right())),
            ("verdict", json!(shown.verdict().word())),
            ("summary", json!(shown.summary())),
        ]);
        Ok(Entry {
            step: Some(step.to_string()),
            subject: Some(subject.to_owned()),
            evidence,
            ..self.fact(now, "visit", body)
        })
    }

    /// Writes facts, all of them or none. They are durable when this returns.
    pub fn write(&mut self, facts: &[Entry]) -> Result<(), RecordError> {
        self.append_sealed(facts.to_vec())?;
        self.begun |= !facts.is_empty();
        Ok(())
    }

    /// Appends entries with everything personal in them sealed; as they were written, and their numbers.
    fn append_sealed(&mut self, entries: Vec<Entry>) -> Result<(Vec<Entry>, Vec<LeafIndex>), RecordError> {
        let entries = sealed(entries, &self.openings)?;
        let written = self.log.append(&entries);
        if let Err(AuditError::Refused { .. } | AuditError::Alarm { .. }) = written {
            // What cannot be taken back is found by `log verify`; why the log refuses is what must be told.
            let _ = self.openings.take_back(&entries);
        }
        Ok((entries, written?))
    }

    /// Writes how a name that nobody ordered was met.
    pub fn outsider(
        &mut self,
        now: UtcTime,
        step: &Id,
        name: &DomainName,
        findings: &[Finding],
        visits: &[TurnedAway],
        clean: bool,
    ) -> Result<(), RecordError> {
        let evidence = self.keep(visits.iter().flat_map(TurnedAway::exhibits))?;
        let mut body = body([("clean", json!(clean))]);
        body.extend(told("findings", findings.iter().map(finding)));
        body.extend(told("visits", visits.iter().map(|visit| json!(visit.summary()))));
        let entry = self.fact(now, "outsider", body);
        self.append(Entry { step: Some(step.to_string()), subject: Some(name.to_string()), evidence, ..entry })?;
        Ok(())
    }

    /// Whether anything was done yet. What people noted before does not count, nor do notices that they entered.
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    /// Writes who approved the plan, all in one.
    pub fn approvals(&mut self, now: UtcTime, approvals: &[Approval]) -> Result<(), RecordError> {
        let entry = |approval: &Approval| {
            let Approval { approver, agency, role, key } = approval;
            let parts = [
                ("approver", json!(approver.as_str())),
                ("agency", json!(agency.as_str())),
                ("role", json!(role.as_str())),
                ("key", json!(key.as_str())),
            ];
            self.fact(now, "approval", body(parts))
        };
        let entries: Vec<Entry> = approvals.iter().map(entry).collect();
        self.write(&entries)
    }

    /// Writes how far the changes have spread: of so many targets, these have not settled yet.
    pub fn settling(&mut self, now: UtcTime, step: &Id, of: usize, unsettled: &[Unsettled]) -> Result<(), RecordError> {
        let waiting =
            unsettled.iter().map(|one| json!({"subject": one.target.subject.to_string(), "for": one.reasons}));
        let mut body = body([("of", json!(of)), ("unsettled", json!(unsettled.len()))]);
        body.extend(told("waiting", waiting));
        self.append(Entry { step: Some(step.to_string()), ..self.fact(now, "settle", body) })?;
        Ok(())
    }

    /// Writes that a step is over.
    pub fn step_ended(&mut self, now: UtcTime, step: &Id, reached: bool) -> Result<(), RecordError> {
        let entry = self.fact(now, "step.end", body([("reached", json!(reached))]));
        self.append(Entry { step: Some(step.to_string()), ..entry })?;
        Ok(())
    }

    /// Writes that the plan is over.
    pub fn close(&mut self, now: UtcTime) -> Result<(), RecordError> {
        self.append(self.fact(now, "run.close", BTreeMap::new()))?;
        Ok(())
    }

    /// Closes the log: all of it is published and where it is kept when this returns.
    pub fn end(self) -> Result<(), RecordError> {
        Ok(self.log.close()?)
    }

    fn keep(&mut self, exhibits: impl IntoIterator<Item = Exhibit>) -> Result<Vec<EvidenceRef>, RecordError> {
        let keep = |exhibit: Exhibit| match exhibit.personal {
            true => Ok(self.evidence.seal(exhibit.media_type, &exhibit.bytes)?),
            false => Ok(self.evidence.put(exhibit.media_type, &exhibit.bytes)?),
        };
        exhibits.into_iter().map(keep).collect()
    }

    fn fact(&self, at: UtcTime, action: &str, body: BTreeMap<String, Value>) -> Entry {
        fact_of(at, self.actor.clone(), action, body)
    }

    /// Writes one entry durably, and only then lets it count.
    fn append(&mut self, entry: Entry) -> Result<LeafIndex, RecordError> {
        let first = LeafIndex(self.log.size().0);
        let (entries, written) = self.append_sealed(vec![entry])?;
        let seq = written.first().copied().unwrap_or(first);
        self.begun = true;
        for entry in entries {
            if let Some(event) = event_of(&Recorded { seq, entry })? {
                self.progress.note(event);
            }
        }
        Ok(seq)
    }
}

/// A target at which a change is not seen everywhere yet.
#[derive(Debug, Clone)]
pub struct Unsettled {
    /// The target.
    pub target: Target,
    /// What is waited for.
    pub reasons: Vec<String>,
}

/// What a person in a gate's role said.
#[derive(Debug, Clone, Copy)]
pub struct Gate<'a> {
    /// The step behind the gate.
    pub step: &'a Id,
    /// The role.
    pub role: &'a Id,
    /// Whether it may begin.
    pub opened: bool,
    /// Who said so.
    pub by: &'a str,
    /// Why not.
    pub why: &'a str,
}

/// What became of an intent, and on whose word.
#[derive(Debug, Clone, Copy)]
pub struct Came<'a> {
    /// Done or not.
    pub result: DeedResult,
    /// How that is known, in the program's own words.
    pub how: &'a str,
    /// Who said so, if a person did.
    pub by: Option<&'a str>,
    /// Why not, in that person's words.
    pub why: Option<&'a str>,
}

/// What is about to be done.
#[derive(Debug, Clone, Copy)]
pub struct Intent<'a> {
    /// `instruct`, `publish` or `confirm`.
    pub action: &'a str,
    /// For which step.
    pub step: &'a Id,
    /// To which task of it.
    pub task: &'a TaskKey,
    /// Under which order.
    pub authority: Option<&'a OrderId>,
    /// In words.
    pub what: &'a str,
}

/// What a person writes down: a fact that nothing in a run rests on. The caller adds what it is about.
pub fn note(at: UtcTime, actor: Actor, text: &str) -> Entry {
    fact_of(at, actor, NOTE, body([("text", json!(text))]))
}

/// That something was erased, because the law asks for it. The caller adds whose order it is.
pub fn erased<const N: usize>(at: UtcTime, actor: Actor, what: [(&str, Value); N]) -> Entry {
    fact_of(at, actor, ERASED, body(what))
}

/// Whoever holds the log's key, as operator of the agency that the key is named after.
pub fn signer(key: &VerifierKey) -> Actor {
    let name = key.name().to_string();
    let agency = name.split('/').next().unwrap_or(&name).to_owned();
    Actor { agency, key: Some(key.name().clone()), role: "operator".to_owned() }
}

fn fact_of(at: UtcTime, actor: Actor, action: &str, body: BTreeMap<String, Value>) -> Entry {
    Entry {
        at,
        actor,
        authority: None,
        step: None,
        kind: Kind::Fact,
        action: action.to_owned(),
        subject: None,
        body,
        evidence: Vec::new(),
        tool: TOOL.to_owned(),
    }
}

/// What the step engine needs to know of an entry; `None` for those that it does not need.
pub fn event_of(recorded: &Recorded) -> Result<Option<Event>, RecordError> {
    let entry = &recorded.entry;
    let lacking = || RecordError::NotUnderstood { seq: recorded.seq.0, action: entry.action.clone() };
    let step = || entry.step.as_deref().and_then(Id::parse).ok_or_else(lacking);
    let text = |key: &str| entry.body.get(key).and_then(Value::as_str).ok_or_else(lacking);
    let flag = |key: &str| entry.body.get(key).and_then(Value::as_bool).ok_or_else(lacking);
    let event = match (&entry.kind, entry.action.as_str()) {
        (Kind::Intent, _) => {
            Event::Intended { intent: recorded.seq.0, step: step()?, task: TaskKey(text("task")?.to_owned()) }
        }
        (Kind::Outcome { of, result: OutcomeResult::Done }, _) => Event::Came { of: of.0, result: DeedResult::Done },
        (Kind::Outcome { of, result: OutcomeResult::Failed }, _) => {
            Event::Came { of: of.0, result: DeedResult::NotDone }
        }
        (Kind::Fact, "run.open") => Event::Opened { plan: PlanId(text("plan")?.parse().map_err(|_| lacking())?) },
        (Kind::Fact, "run.compare") if flag("same")? => Event::Compared,
        (Kind::Fact, "gate") if flag("opened")? => Event::GateOpened { step: step()? },
        (Kind::Fact, "step.end") => Event::StepEnded { step: step()?, reached: flag("reached")? },
        (Kind::Fact, "run.close") => Event::Closed,
        // An outcome that is unknown leaves its intent in doubt, whoever wrote it down.
        (Kind::Outcome { result: OutcomeResult::Unknown, .. } | Kind::Fact, _) => return Ok(None),
    };
    Ok(Some(event))
}

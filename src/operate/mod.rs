//! Carries out what [`crate::conduct`] decides: looks, instructs, waits, asks, and records each of it.
//!
//! The same code runs on the day and in a rehearsal. What differs is handed in: the clock, the network inside the
//! [`Eyes`], and the [`Hands`] through which the world is changed. Before anything is changed, an intent is durable in the
//! record; after it, an outcome.

mod doubt;
mod hands;
mod personal;
mod record;
mod seen;
mod work;

pub use hands::{Answer, Hands, Instruction, Question, Reply};
pub use personal::sealed;
pub use record::{
    Actor, Came, Gate, Intent, REHEARSAL, Record, RecordError, Unsettled, erased, event_of, note, signer,
};
pub use seen::{Moment, Seen, Shown};

use std::sync::Arc;

use tokio::sync::watch;

use crate::check::{self, Eyes};
use crate::clock::{Clock, UtcTime};
use crate::conduct::{self, Next};
use crate::domain::DomainName;
use crate::notice::Edition;
use crate::plan::{self, NoticeDigest, Plan, PlanError, StartingState};
use crate::playbook::{Id, Playbook, Step};
use crate::verify::Trust;

/// An operation that is being carried out.
pub struct Operation<'a, H> {
    /// What is to be done.
    pub playbook: &'a Playbook,
    /// What was approved.
    pub plan: &'a Plan,
    /// Its bytes with the signatures, for the record.
    pub signed_plan: &'a [u8],
    /// The notices at each stage, signed: as they are first put up, then as each release step puts them up.
    pub stages: &'a [Vec<Edition>],
    /// Their digests, as the plan has them.
    pub notices: &'a [NoticeDigest],
    /// Who must have signed a notice for it to count.
    pub trust: &'a Trust,
    /// A name that nobody ordered, to see that it is not answered.
    pub outsider: &'a DomainName,
    /// What looks at the world.
    pub eyes: &'a Eyes,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What changes the world.
    pub hands: &'a mut H,
    /// Where everything is written down.
    pub record: &'a mut Record,
    /// Becomes true when the user wants to stop.
    pub stop: watch::Receiver<bool>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every step is over and reached what it is for.
    Finished,
    /// A step did not reach what it is for, and what is left needs it.
    Halted {
        /// The step.
        step: Id,
    },
    /// An order does not allow an instruction at the moment at which it was to be given.
    Refused {
        /// The step.
        step: Id,
        /// The instruction, and what the order says.
        why: String,
    },
    /// The user stopped it, or put a question off; it can be resumed.
    Stopped,
    /// The world is not what the plan says; nothing was changed.
    Differs {
        /// The lines that differ, `-` approved, `+` now.
        differences: Vec<String>,
    },
}

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum OperateError {
    /// The record cannot be written; nothing more is done.
    #[error("the record cannot be written, so nothing more is done")]
    Record(#[from] RecordError),
    /// The plan cannot be drawn again.
    #[error("the plan cannot be drawn again for comparison")]
    Redraw(#[from] PlanError),
    /// The record is of another plan.
    #[error("the record is of plan {recorded}; this is plan {given}")]
    OtherPlan {
        /// In the record.
        recorded: plan::PlanId,
        /// On the command line.
        given: plan::PlanId,
    },
    /// The plan was carried out already; a plan runs once.
    #[error("plan {plan} was carried out already; a plan runs once")]
    AlreadyRun {
        /// Which.
        plan: plan::PlanId,
    },
    /// The playbook that was approved has a step that it does not have now. Cannot happen while the digests agree.
    #[error("the playbook has no step `{step}`")]
    NoStep {
        /// The step.
        step: Id,
    },
}

impl<H: Hands> Operation<'_, H> {
    /// Carries the plan out, from wherever the record says it stands.
    pub async fn carry_out(&mut self) -> Result<Outcome, OperateError> {
        self.open()?;
        loop {
            if *self.stop.borrow() {
                return Ok(Outcome::Stopped);
            }
            let outcome = match conduct::next(self.playbook, self.record.progress(), self.clock.now()) {
                Next::Doubt(intents) => self.settle_doubts(&intents).await?,
                Next::Wait { step, until } => self.wait(&step, until).await,
                Next::Gate { step, role } => self.open_gate(&step, &role).await?,
                Next::Work { step } => self.begin(&step).await?,
                Next::Halted { step } => Some(Outcome::Halted { step }),
                Next::Finished => {
                    self.record.close(self.clock.now())?;
                    Some(Outcome::Finished)
                }
            };
            if let Some(outcome) = outcome {
                return Ok(outcome);
            }
        }
    }

    /// Ties the record to the plan, or finds it tied.
    fn open(&mut self) -> Result<(), OperateError> {
        let given = self.plan.id();
        match self.record.progress().plan() {
            None => Ok(self.record.open(self.clock.now(), given, self.signed_plan, self.playbook.text.as_bytes())?),
            Some(recorded) if recorded != given => Err(OperateError::OtherPlan { recorded, given }),
            Some(_) if self.record.progress().is_closed() => Err(OperateError::AlreadyRun { plan: given }),
            Some(_) => Ok(()),
        }
    }

    async fn wait(&mut self, step: &Id, until: UtcTime) -> Option<Outcome> {
        self.hands.tell(&format!("waiting until {until} for step `{step}`"));
        self.sleep_or_stop(until).await.then_some(Outcome::Stopped)
    }

    /// Waits; true when the user stopped it.
    async fn sleep_or_stop(&mut self, until: UtcTime) -> bool {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = self.clock.sleep_until(until) => false,
            stopped = stop.wait_for(|stop| *stop) => stopped.is_ok(),
        }
    }

    async fn open_gate(&mut self, step: &Id, role: &Id) -> Result<Option<Outcome>, OperateError> {
        let question = Question { role: Some(role), text: format!("May step `{step}` begin?") };
        match self.hands.ask(&question).await {
            Answer::Yes { by } => {
                self.record.gate(self.clock.now(), &Gate { step, role, opened: true, by: &by, why: "" })?;
                Ok(None)
            }
            Answer::No { by, why } => {
                self.record.gate(self.clock.now(), &Gate { step, role, opened: false, by: &by, why: &why })?;
                Ok(Some(Outcome::Stopped))
            }
            Answer::Later => Ok(Some(Outcome::Stopped)),
        }
    }

    /// Does a step's work. Before the first step that changes the world, the plan is drawn again.
    async fn begin(&mut self, id: &Id) -> Result<Option<Outcome>, OperateError> {
        let step = self.step(id)?.clone();
        if step.work.changes_the_world() && !self.record.progress().is_compared() {
            let differences = self.compare().await?;
            self.record.compared(self.clock.now(), &differences)?;
            if !differences.is_empty() {
                return Ok(Some(Outcome::Differs { differences }));
            }
        }
        self.hands.tell(&format!("step `{id}`: {}", step.work.word()));
        self.work(&step).await
    }

    fn step(&self, id: &Id) -> Result<&Step, OperateError> {
        let found = self.playbook.steps.iter().find(|step| step.id == *id);
        found.ok_or_else(|| OperateError::NoStep { step: id.clone() })
    }

    /// Looks at everything again and draws the plan again; the lines that differ.
    async fn compare(&mut self) -> Result<Vec<String>, OperateError> {
        self.hands.tell("drawing the plan again, to compare it with the approved one");
        let mut state = StartingState::default();
        for some in check::portions(self.playbook.all_targets()) {
            for (target, look) in some.iter().zip(check::looks(self.eyes, self.playbook, &some).await) {
                state.insert(target.subject.clone(), check::facts(&look, target));
            }
        }
        let authorizations = plan::authorize_all(self.playbook, self.playbook.operation.hour)?;
        let again = plan::draw(self.playbook, &authorizations, &state, self.notices, self.plan.drawn_at())?;
        Ok(self.plan.differences(&again))
    }
}

//! Intents without an outcome: what became of them is found out, never assumed.

use super::hands::{Answer, Question};
use super::record::Came;
use super::seen::Shown;
use super::{Hands, OperateError, Operation, Outcome};
use crate::check;
use crate::conduct::{self, DeedResult, OpenIntent};
use crate::playbook::{Step, Work};

impl<H: Hands> Operation<'_, H> {
    /// Settles each doubt by a look at the world, and where that does not tell, by asking a person.
    pub(super) async fn settle_doubts(&mut self, intents: &[OpenIntent]) -> Result<Option<Outcome>, OperateError> {
        for intent in intents {
            self.hands
                .tell(&format!("the last run ended in the middle of `{}` of step `{}`", intent.task.0, intent.step));
            let now = self.clock.now();
            if self.is_seen_done(intent).await? {
                let how = "seen in the world after a stop";
                let came = Came { result: DeedResult::Done, how, by: None, why: None };
                self.record.outcome(now, intent.intent, &came)?;
                continue;
            }
            let text = format!("Step `{}`: was `{}` done before the stop?", intent.step, intent.task.0);
            let (result, how, by) = match self.hands.ask(&Question { role: None, text }).await {
                Answer::Yes { by } => (DeedResult::Done, "not seen in the world yet; said to be done", by),
                Answer::No { by, .. } => (DeedResult::NotDone, "not seen in the world; said not to be done", by),
                Answer::Later => return Ok(Some(Outcome::Stopped)),
            };
            self.record.outcome(now, intent.intent, &Came { result, how, by: Some(&by), why: None })?;
        }
        Ok(None)
    }

    /// Whether every target of the task is already as the instruction wants it. What cannot be found out is not seen.
    async fn is_seen_done(&mut self, intent: &OpenIntent) -> Result<bool, OperateError> {
        let step = self.step(&intent.step)?.clone();
        if matches!(step.work, Work::Publish | Work::Release) {
            return Ok(self.is_published(&step).await);
        }
        let Some(task) = conduct::tasks(self.playbook, &step).into_iter().find(|task| task.key == intent.task) else {
            return Ok(false);
        };
        for target in task.targets() {
            let look = check::look(self.eyes, self.playbook, &target).await;
            if !check::settled(self.playbook, &target, &look, self.clock.now()).done {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether every notice host shows what the step puts up.
    async fn is_published(&self, step: &Step) -> bool {
        let stage = self.stage_of(step);
        let Some(editions) = self.stages.get(stage).or(self.stages.last()) else { return false };
        let visits = self.visit_hosts(editions, stage).await;
        !visits.is_empty() && visits.iter().all(|(_, shown)| !shown.is_empty() && shown.iter().all(Shown::is_right))
    }
}

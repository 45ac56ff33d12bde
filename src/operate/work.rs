//! The work of each kind of step.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::future::join_all;

use super::hands::{Answer, Instruction, Question, Reply};
use super::record::{Came, Intent, Unsettled};
use super::seen::{Moment, Seen, Shown};
use super::{Hands, OperateError, Operation, Outcome};
use crate::audit::Entry;
use crate::authority::Subject;
use crate::check::{self, Finding, Look, Verdict};
use crate::clock::UtcTime;
use crate::conduct::{self, DeedResult, Task, TaskKey};
use crate::digest::Digest;
use crate::language::LanguageTag;
use crate::notice::Edition;
use crate::observe::{Scheme, Visit};
use crate::playbook::{Id, Means, Step, Target, Work};
use crate::verify::{self, Stranger, TurnedAway};

/// How often a change is looked for while it settles, when no cache says when it will run out.
const LOOK_AGAIN: Duration = Duration::from_secs(300);

/// How a step's work ended.
enum Ended {
    /// What the step is for was reached, or not.
    Reached(bool),
    /// An order did not allow it.
    Refused(String),
    /// It was put off; the step begins again when the run is resumed.
    PutOff,
}

impl<H: Hands> Operation<'_, H> {
    /// Does the work of one step and records how it ended.
    pub(super) async fn work(&mut self, step: &Step) -> Result<Option<Outcome>, OperateError> {
        let ended = match &step.work {
            Work::Check => self.check(step).await?,
            Work::Publish | Work::Release => self.publish(step).await?,
            Work::Instruct { .. } => self.instruct(step).await?,
            Work::Settle { within } => self.settle(step, *within).await?,
            Work::Verify => self.verify(step).await?,
            Work::Confirm { what } => self.confirm(step, what).await?,
        };
        match ended {
            Ended::Reached(reached) => {
                self.record.step_ended(self.clock.now(), &step.id, reached)?;
                Ok(None)
            }
            Ended::Refused(why) => {
                self.record.step_ended(self.clock.now(), &step.id, false)?;
                Ok(Some(Outcome::Refused { step: step.id.clone(), why }))
            }
            Ended::PutOff => Ok(Some(Outcome::Stopped)),
        }
    }

    /// Which stage of the notices a step puts up: the first release step the second stage, and so on.
    pub(super) fn stage_of(&self, step: &Step) -> usize {
        if step.work != Work::Release {
            return 0;
        }
        let releases = self.playbook.steps.iter().filter(|step| step.work == Work::Release);
        releases.take_while(|release| release.id != step.id).count() + 1
    }

    /// Looks at every target; a blocker ends the operation before it begins. What is unknown blocks as well.
    async fn check(&mut self, step: &Step) -> Result<Ended, OperateError> {
        let mut clear = true;
        for some in check::portions(self.playbook.all_targets()) {
            let mut facts = Vec::new();
            for (target, look) in some.iter().zip(check::looks(self.eyes, self.playbook, &some).await) {
                let findings = check::before(self.playbook, target, &look, self.clock.now());
                clear &= check::verdict(&findings) == Verdict::Pass;
                facts.push(self.seen(step, target, &look, Moment::Before, findings)?);
            }
            self.record.write(&facts)?;
        }
        Ok(Ended::Reached(clear))
    }

    fn seen(
        &mut self,
        step: &Step,
        target: &Target,
        look: &Look,
        moment: Moment,
        findings: Vec<Finding>,
    ) -> Result<Entry, OperateError> {
        let list = self.playbook.list_of(&target.subject).map(|list| list.id.clone());
        let seen = Seen { moment, list, state: check::state_in_full(target, look), findings };
        for line in seen.lines() {
            self.hands.tell(&format!("  {}: {line}", target.subject));
        }
        Ok(self.record.seen(self.clock.now(), &step.id, target, look, &seen)?)
    }

    /// Has a stage of the notices put up, and looks at every notice host whether it is there.
    async fn publish(&mut self, step: &Step) -> Result<Ended, OperateError> {
        let (stage, stages) = (self.stage_of(step), self.stages);
        let Some(editions) = stages.get(stage).or(stages.last()) else { return Ok(Ended::Reached(true)) };
        let task = TaskKey(format!("site:{}", stage + 1));
        if !self.record.progress().is_done(&step.id, &task) {
            self.record.notices(self.clock.now(), Some(&step.id), editions)?;
            let what =
                format!("put up {}", editions.iter().map(|edition| edition.id.as_str()).collect::<Vec<_>>().join(", "));
            let intent = Intent { action: "publish", step: &step.id, task: &task, authority: None, what: &what };
            let intent = self.record.intent(self.clock.now(), &intent)?;
            let reply = self.hands.publish(editions).await;
            if let Some(ended) = self.note_reply(intent.0, reply)? {
                return Ok(ended);
            }
        }
        let mut facts = Vec::new();
        let mut up = true;
        for (target, visits) in self.visit_hosts(editions, stage).await {
            // Where there are notice hosts, an edition that was seen on none of them is not known to be up.
            up &= !visits.is_empty() || self.playbook.notice_hosts.is_empty();
            for shown in visits {
                up &= self.shown(step, &target.subject, &shown, &mut facts)?;
            }
        }
        self.record.write(&facts)?;
        Ok(Ended::Reached(up))
    }

    /// Visits one covered name of each edition at every address of every notice host.
    pub(super) async fn visit_hosts(&self, editions: &[Edition], stage: usize) -> Vec<(Target, Vec<Shown>)> {
        let hosts = self.playbook.notice_hosts.iter().flat_map(|host| host.addresses.iter().copied());
        let addresses: Vec<IpAddr> = hosts.collect();
        let mut all = Vec::new();
        for edition in editions {
            let covered = |target: &Target| {
                !matches!(target.subject, Subject::Server(_))
                    && edition.names.hosts.contains(&target.subject.to_string())
            };
            let Some(target) = self.playbook.all_targets().find(covered) else { continue };
            let visits = addresses.iter().map(|address| self.visit(Scheme::Http, &target, *address, stage));
            let visits = join_all(visits).await.into_iter().flatten().collect();
            all.push((target, visits));
        }
        all
    }

    /// Writes a reply down as the outcome of its intent. `None`: it was accepted.
    fn note_reply(&mut self, intent: u64, reply: Reply) -> Result<Option<Ended>, OperateError> {
        let (done, not_done) = (DeedResult::Done, DeedResult::NotDone);
        let (result, how, by, why, ended) = match &reply {
            Reply::Accepted { by } => (done, "accepted", Some(by), None, None),
            Reply::Declined { by, why } => (not_done, "declined", Some(by), Some(why), Some(Ended::Reached(false))),
            Reply::Later => (not_done, "put off; nothing was done", None, None, Some(Ended::PutOff)),
        };
        let came = Came { result, how, by: by.map(String::as_str), why: why.map(String::as_str) };
        self.record.outcome(self.clock.now(), intent, &came)?;
        Ok(ended)
    }

    /// Notes a visit among the facts; whether the visitor met the right notice.
    fn shown(
        &mut self,
        step: &Step,
        subject: &Subject,
        shown: &Shown,
        facts: &mut Vec<Entry>,
    ) -> Result<bool, OperateError> {
        if !shown.is_right() {
            self.hands.tell(&format!("  {subject}: {}", shown.summary()));
        }
        facts.push(self.record.shown(self.clock.now(), &step.id, &subject.to_string(), shown)?);
        Ok(shown.is_right())
    }

    /// Looks as visitors of every language of the notice do. `None`: a server has no page.
    async fn visit(&self, scheme: Scheme, target: &Target, address: IpAddr, stage: usize) -> Option<Shown> {
        let address = SocketAddr::new(address, scheme.port());
        let door = match &target.subject {
            Subject::Name(name) => Visit::new(scheme, name, address),
            Subject::Onion(name) => Visit::of_onion(name, address),
            Subject::Server(_) => return None,
        };
        let notice = target.means.notice().and_then(|notice| self.playbook.notice(notice))?;
        let languages: Vec<LanguageTag> = notice.texts.keys().cloned().collect();
        let visited = verify::look(self.eyes, &door, &languages, self.trust).await;
        Some(Shown { visited, due: self.due(&notice.id, stage) })
    }

    /// The edition of a notice that is to be seen at a stage.
    fn due(&self, notice: &Id, stage: usize) -> Option<String> {
        let prefix = format!("{}/{notice}/", self.playbook.operation.id);
        let editions = self.stages.get(stage).or(self.stages.last())?;
        editions.iter().find(|edition| edition.id.starts_with(&prefix)).map(|edition| edition.id.clone())
    }

    /// The stage at which the notices are now: one for each release step that is over.
    fn stage_now(&self) -> usize {
        let releases = self.playbook.steps.iter().filter(|step| step.work == Work::Release);
        releases.filter(|step| self.record.progress().ended(&step.id) == Some(true)).count()
    }

    /// Gives the step's instructions, one after the other; each is asked of its order once more, at the moment it is given.
    ///
    /// One that is declined does not hold up the others; the step is then not reached.
    async fn instruct(&mut self, step: &Step) -> Result<Ended, OperateError> {
        let mut all = true;
        for task in conduct::tasks(self.playbook, step) {
            if self.record.progress().is_done(&step.id, &task.key) {
                continue;
            }
            if *self.stop.borrow() {
                return Ok(Ended::PutOff);
            }
            if let Some(refusal) = self.refusal(&task) {
                self.record.refused(self.clock.now(), &step.id, &task, &refusal)?;
                return Ok(Ended::Refused(format!("{}: {refusal}", task.key.0)));
            }
            match self.instruct_one(step, &task).await? {
                None => {}
                Some(Ended::Reached(_)) => all = false,
                Some(ended) => return Ok(ended),
            }
        }
        Ok(Ended::Reached(all))
    }

    /// Gives one instruction, between its intent and its outcome. `None`: it was accepted.
    async fn instruct_one(&mut self, step: &Step, task: &Task) -> Result<Option<Ended>, OperateError> {
        let what = format!("{} {}", task.means.action(), task.key.0);
        let intent =
            Intent { action: "instruct", step: &step.id, task: &task.key, authority: Some(&task.order), what: &what };
        let intent = self.record.intent(self.clock.now(), &intent)?;
        let reply = self.hands.instruct(Instruction { task, playbook: self.playbook }).await;
        if let Reply::Declined { by, why } = &reply {
            self.hands.tell(&format!("  {}: declined by {by}: {why}", task.key.0));
        }
        self.note_reply(intent.0, reply)
    }

    /// Why the task's order does not allow it now, if it does not.
    fn refusal(&self, task: &Task) -> Option<String> {
        let Some(order) = self.playbook.order(&task.order) else { return Some(format!("no order `{}`", task.order)) };
        let now = self.clock.now();
        let refused = |subject| order.authorize(subject, task.means.action(), now).err();
        task.subjects.iter().find_map(refused).map(|refusal| refusal.to_string())
    }

    /// Looks until every instructed change is seen and no cache holds the old state, or the time is over. Each round is recorded,
    /// so that it can be told later how the change spread.
    async fn settle(&mut self, step: &Step, within: Duration) -> Result<Ended, OperateError> {
        let deadline = self.clock.now().plus(within);
        let mut waiting: Vec<Target> = self.playbook.all_targets().collect();
        let of = waiting.len();
        let mut told = 0;
        loop {
            let (still, until) = self.unsettled(waiting).await;
            self.record.settling(self.clock.now(), &step.id, of, &still)?;
            if still.is_empty() {
                return Ok(Ended::Reached(true));
            }
            if self.clock.now() >= deadline {
                for one in &still {
                    self.hands.tell(&format!("  {}: {}", one.target.subject, one.reasons.join("; ")));
                }
                return Ok(Ended::Reached(false));
            }
            // Once for each number, or a day of caches would fill the screen.
            if still.len() != told {
                told = still.len();
                self.hands.tell(&format!("  {told} not settled yet; looking again from {} on", until.min(deadline)));
            }
            if self.sleep_or_stop(until.min(deadline)).await {
                return Ok(Ended::PutOff);
            }
            waiting = still.into_iter().map(|one| one.target).collect();
        }
    }

    /// Which of the targets have not settled, and when it is worth looking again.
    async fn unsettled(&self, targets: Vec<Target>) -> (Vec<Unsettled>, UtcTime) {
        let mut until = self.clock.now().plus(LOOK_AGAIN);
        let mut still = Vec::new();
        for some in check::portions(targets.into_iter()) {
            let looks = check::looks(self.eyes, self.playbook, &some).await;
            for (target, look) in some.into_iter().zip(looks) {
                let settling = check::settled(self.playbook, &target, &look, self.clock.now());
                if !settling.done {
                    until = settling.until.map_or(until, |moment| moment.max(until));
                    still.push(Unsettled { target, reasons: settling.waiting_for });
                }
            }
        }
        (still, until)
    }

    /// Looks at every target: the DNS and registration, and the notice as a visitor meets it.
    async fn verify(&mut self, step: &Step) -> Result<Ended, OperateError> {
        let mut good = true;
        for some in check::portions(self.playbook.all_targets()) {
            good &= self.verify_some(step, &some).await?;
        }
        good &= self.turn_outsider_away(step).await?;
        Ok(Ended::Reached(good))
    }

    async fn verify_some(&mut self, step: &Step, targets: &[Target]) -> Result<bool, OperateError> {
        let looks = check::looks(self.eyes, self.playbook, targets).await;
        let stage = self.stage_now();
        let visits = targets.iter().zip(&looks).map(|(target, look)| self.visits(target, look, stage));
        let visits = join_all(visits).await;
        let (mut good, mut facts) = (true, Vec::new());
        for ((target, look), visits) in targets.iter().zip(&looks).zip(visits) {
            let findings = check::after(self.playbook, target, look, self.clock.now());
            good &= check::verdict(&findings) == Verdict::Pass;
            facts.push(self.seen(step, target, look, Moment::After, findings)?);
            for shown in visits {
                good &= self.shown(step, &target.subject, &shown, &mut facts)?;
            }
        }
        self.record.write(&facts)?;
        Ok(good)
    }

    /// Visits a target at every place where its visitors arrive, one after the other.
    async fn visits(&self, target: &Target, look: &Look, stage: usize) -> Vec<Shown> {
        let mut visits = Vec::new();
        for (scheme, address) in self.visitor_places(target, look) {
            visits.extend(self.visit(scheme, target, address, stage).await);
        }
        visits
    }

    /// Sees that a name that nobody ordered gets no DNS answer, no page and no certificate from us, wherever it is pointed.
    async fn turn_outsider_away(&mut self, step: &Step) -> Result<bool, OperateError> {
        let findings = check::outsider(self.eyes, self.playbook, self.outsider).await;
        let all = self.stages.iter().flatten().flat_map(|edition| edition.pages.values());
        let pages: BTreeSet<Digest> = all.map(Digest::of).collect();
        let mut visits = Vec::new();
        for address in self.playbook.notice_hosts.iter().flat_map(|host| host.addresses.iter()) {
            let door = |scheme: Scheme| SocketAddr::new(*address, scheme.port());
            let who =
                Stranger { host: self.outsider, http: door(Scheme::Http), https: door(Scheme::Https), pages: &pages };
            visits.push(verify::stranger(self.eyes, who).await);
        }
        let clean = check::verdict(&findings) == Verdict::Pass && visits.iter().all(TurnedAway::is_turned_away);
        if !clean {
            self.hands.tell(&format!("  {} is answered, and nobody ordered it", self.outsider));
        }
        self.record.outsider(self.clock.now(), &step.id, self.outsider, &findings, &visits, clean)?;
        Ok(clean)
    }

    /// Where a visitor of the target arrives: what the resolvers say, or what the playbook says where the DNS is not asked.
    fn visitor_places(&self, target: &Target, look: &Look) -> Vec<(Scheme, IpAddr)> {
        let notice_hosts = || self.playbook.notice_hosts.iter().flat_map(|host| host.addresses.iter().copied());
        let (schemes, addresses): (&[Scheme], Vec<IpAddr>) = match &target.means {
            Means::Redirect { .. } => (&[Scheme::Http, Scheme::Https], check::resolved_addresses(look)),
            Means::Host { addresses, .. } => (&[Scheme::Http, Scheme::Https], addresses.clone()),
            Means::Onion { .. } => (&[Scheme::Http], notice_hosts().collect()),
            Means::Suspend | Means::Sinkhole { .. } | Means::Block | Means::Offline => (&[], Vec::new()),
        };
        addresses.iter().flat_map(|address| schemes.iter().map(|scheme| (*scheme, *address))).collect()
    }

    /// Asks a person to do something outside the program and to say so.
    async fn confirm(&mut self, step: &Step, what: &str) -> Result<Ended, OperateError> {
        let task = TaskKey("confirm".to_owned());
        if self.record.progress().is_done(&step.id, &task) {
            return Ok(Ended::Reached(true));
        }
        let intent = Intent { action: "confirm", step: &step.id, task: &task, authority: None, what };
        let intent = self.record.intent(self.clock.now(), &intent)?;
        let question = Question { role: step.gate.as_ref(), text: format!("{what}: is it done?") };
        let reply = match self.hands.ask(&question).await {
            Answer::Yes { by } => Reply::Accepted { by },
            Answer::No { by, why } => Reply::Declined { by, why },
            Answer::Later => Reply::Later,
        };
        Ok(self.note_reply(intent.0, reply)?.unwrap_or(Ended::Reached(true)))
    }
}

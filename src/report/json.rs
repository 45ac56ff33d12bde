//! The report as JSON, for machines. `docs/audit-log.md` has the shape.

use serde_json::{Value, json};

use super::story::{FindingTold, Look, Story, VisitTold};
use super::{Deed, EvidenceTold, Gap, LogTold, Moment, Retold, Round};
use crate::anchor::Stamped;
use crate::audit::OutcomeResult;
use crate::check::Verdict;
use crate::witness::Standing;

/// The version of [`Retold::json`].
const REPORT_VERSION: u32 = 1;

impl Retold {
    /// The whole as JSON, for machines. Nothing is left out.
    pub fn json(&self) -> Value {
        let approvals = self.approvals.iter();
        json!({
            "version": REPORT_VERSION,
            "sound": self.is_sound(),
            "rehearsal": self.rehearsed,
            "title": self.title(),
            "logs": self.logs.iter().map(log).collect::<Vec<_>>(),
            "plan": self.plan(),
            "plans": self.opened.iter().map(|one| json!({"log": one.log, "seq": one.seq, "at": one.at, "plan": one.plan}))
                .collect::<Vec<_>>(),
            "operation": self.papers.playbook.as_ref().map(|paper| &paper.operation)
                .map(|one| json!({"title": one.title, "case": one.case, "lead": one.lead})),
            "orders": orders(self),
            "approvals": approvals.clone().map(|one| &one.approver).collect::<Vec<_>>(),
            "approved": approvals.map(|one| json!({"log": one.log, "seq": one.seq, "at": one.at, "approver": one.approver}))
                .collect::<Vec<_>>(),
            "signed": self.papers.signed.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "entries": self.entries,
            "from": self.span.map(|(from, _)| from),
            "to": self.span.map(|(_, to)| to),
            "closed": self.is_closed(),
            "counts": {
                "targets": self.stories.len(),
                "pass": self.count(Verdict::Pass),
                "fail": self.count(Verdict::Fail),
                "unknown": self.count(Verdict::Unknown),
            },
            "in_doubt": self.in_doubt().map(|deed| json!({"log": deed.log, "seq": deed.intent, "subject": deed.task}))
                .collect::<Vec<_>>(),
            "deeds": self.deeds.iter().map(deed).collect::<Vec<_>>(),
            "targets": self.stories.iter().map(story).collect::<Vec<_>>(),
            "rounds": self.rounds().iter().map(round).collect::<Vec<_>>(),
            "timeline": self.timeline.iter().map(moment).collect::<Vec<_>>(),
        })
    }
}

fn log(log: &LogTold) -> Value {
    let gap = |gap: &Gap| json!({"from": gap.entries.start, "to": gap.entries.end.saturating_sub(1), "why": gap.why});
    json!({
        "dir": log.dir,
        "origin": log.origin,
        "sound": log.is_sound(),
        "size": log.size,
        "root": log.root,
        "checkpoint": log.checkpoint,
        "checkpoints": log.agreed,
        "committed": log.committed,
        "since": log.since,
        "witnessed": log.witnessed.as_ref().map(witnessed),
        "anchors": log.stamps.iter().map(anchor).collect::<Vec<_>>(),
        "key": log.vkey,
        "entries": log.read,
        "problems": log.problems,
        "gaps": log.gaps.iter().map(gap).collect::<Vec<_>>(),
        "evidence": evidence(&log.evidence),
    })
}

fn witnessed(standing: &Standing) -> Value {
    let by = standing.cosigned.iter().map(|(name, at)| json!({"name": name, "at": at}));
    json!({
        "result": standing.judgement.word(),
        "size": standing.size.map(|size| size.0),
        "by": by.collect::<Vec<_>>(),
        "detail": standing.detail,
    })
}

fn anchor(Stamped { size, stamp, .. }: &Stamped) -> Value {
    json!({
        "size": size.0,
        "before": stamp.latest,
        "authority": stamp.authority,
        "serial": stamp.serial,
        "believed": stamp.is_vouched,
    })
}

fn evidence(evidence: &EvidenceTold) -> Value {
    match evidence {
        EvidenceTold::NotLookedAt | EvidenceTold::NotBeside => json!({"result": "not checked"}),
        EvidenceTold::Checked { cited, files, bad, erased, shut, apart, uncited } => {
            let bad_ones = bad.iter().map(|one| json!({"digest": one.digest, "seq": one.seq, "why": one.why}));
            let gone = erased.len() as u64 + shut + apart;
            let result = match bad.is_empty() {
                false => "fail",
                true if *shut > 0 || *files <= gone => "not checked",
                true => "pass",
            };
            let erased = erased.iter().map(|one| json!({"digest": one.digest, "seq": one.seq}));
            json!({
                "result": result,
                "cited": cited,
                "files": files,
                "bad": bad_ones.collect::<Vec<_>>(),
                "erased": erased.collect::<Vec<_>>(),
                "sealed_away": shut,
                "not_beside": apart,
                "uncited": uncited,
            })
        }
    }
}

fn orders(retold: &Retold) -> Vec<Value> {
    let planned = retold.papers.plan.iter().flat_map(|plan| &plan.orders);
    let told = planned.map(|order| {
        let paper = retold.papers.order(&order.id);
        json!({
            "id": order.id,
            "document": order.document,
            "issued": order.issued,
            "expires": order.expires,
            "kind": paper.map(|paper| &paper.kind),
            "issuer": paper.map(|paper| &paper.issuer),
            "jurisdiction": paper.map(|paper| &paper.jurisdiction),
            "reference": paper.map(|paper| &paper.reference),
            "statute": paper.map(|paper| &paper.statute),
        })
    });
    told.collect()
}

fn deed(deed: &Deed) -> Value {
    let result = |result: OutcomeResult| match result {
        OutcomeResult::Done => "done",
        OutcomeResult::Failed => "failed",
        OutcomeResult::Unknown => "unknown",
    };
    let outcome = deed.outcome.as_ref();
    let outcome =
        outcome.map(|one| json!({"seq": one.seq, "at": one.at, "result": result(one.result), "how": one.how}));
    json!({
        "log": deed.log,
        "seq": deed.intent,
        "at": deed.at,
        "action": deed.action,
        "step": deed.step,
        "subject": deed.task,
        "what": deed.what,
        "authority": deed.authority,
        "outcome": outcome,
    })
}

fn moment(moment: &Moment) -> Value {
    json!({
        "log": moment.log,
        "seq": moment.seq,
        "at": moment.at,
        "who": moment.who,
        "authority": moment.authority,
        "step": moment.step,
        "what": moment.what,
    })
}

fn round(round: &Round) -> Value {
    json!({
        "log": round.log,
        "seq": round.seq,
        "at": round.at,
        "step": round.step,
        "kind": round.kind.word(),
        "pass": round.good,
        "fail": round.not,
        "unknown": round.unknown,
        "whole": round.whole,
    })
}

fn story(story: &Story) -> Value {
    let (genuine, visits) = story.visits();
    let accounts = story.accounts.iter().map(|account| {
        let earlier = account.earlier.iter();
        let earlier = earlier.map(|(seq, at, verdict)| json!({"seq": seq, "at": at, "verdict": verdict.word()}));
        json!({
            "log": account.log,
            "before": account.before.as_ref().map(look),
            "earlier": earlier.collect::<Vec<_>>(),
            "after": account.after.as_ref().map(look),
        })
    });
    let after: Vec<&Look> = story.looks_after().collect();
    json!({
        "subject": story.subject,
        "list": story.list,
        "action": story.action,
        "order": story.order,
        "before": story.before(),
        "after": story.after(),
        "verdict": story.verdict().word(),
        "visits_genuine": genuine,
        "visits": visits,
        "findings": after.iter().flat_map(|look| look.lines()).collect::<Vec<_>>(),
        "entries": after.iter().flat_map(|look| look.exhibits().map(|(seq, _)| seq)).collect::<Vec<_>>(),
        "evidence": after.iter().flat_map(|look| look.exhibits().filter_map(|(_, digest)| digest)).collect::<Vec<_>>(),
        "accounts": accounts.collect::<Vec<_>>(),
    })
}

fn look(look: &Look) -> Value {
    json!({
        "seq": look.seq,
        "at": look.at,
        "state": look.state,
        "verdict": look.verdict.word(),
        "findings": look.findings.iter().map(finding).collect::<Vec<_>>(),
        "findings_left_out": look.left_out,
        "evidence": look.evidence,
        "visits": look.visits.iter().map(visit).collect::<Vec<_>>(),
    })
}

fn finding(finding: &FindingTold) -> Value {
    let FindingTold { code, severity, known, message } = finding;
    json!({"code": code, "severity": severity, "known": known, "message": message})
}

fn visit(visit: &VisitTold) -> Value {
    let VisitTold { seq, genuine, summary, evidence } = visit;
    json!({"seq": seq, "genuine": genuine, "summary": summary, "evidence": evidence})
}

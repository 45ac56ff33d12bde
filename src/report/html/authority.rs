//! The orders and the approvals.

use super::super::words::{brief, counted, listed, ordered};
use super::super::{Approved, Retold};
use super::When;
use crate::plan::{Contents, PlannedApprover, PlannedOrder};

/// An order.
pub(super) struct OrderRow {
    pub id: String,
    pub kind: Option<String>,
    pub issuer: Option<String>,
    pub jurisdiction: Option<String>,
    pub reference: Option<String>,
    pub statute: Option<String>,
    pub issued: When,
    pub expires: When,
    pub document: String,
    pub covers: Vec<String>,
}

/// Somebody who may approve, and whether they did.
pub(super) struct ApprovalRow {
    pub who: String,
    pub agency: String,
    pub role: String,
    pub key: String,
    /// What was checked here: the signature under the plan.
    pub signed: &'static str,
    /// When the log says it, and in which entry.
    pub noted: Vec<Noted>,
}

/// Where something is written down.
pub(super) struct Noted {
    pub seq: u64,
    pub at: When,
    pub log: String,
    /// Whether who it was is sealed there.
    pub sealed: bool,
}

pub(super) fn orders(retold: &Retold) -> Vec<OrderRow> {
    /// An operation has a handful; a plan that names more than this is told in part.
    const ORDERS_MAX: usize = 100;
    let Some(plan) = &retold.papers.plan else { return Vec::new() };
    plan.orders.iter().take(ORDERS_MAX).map(|order| row(retold, plan, order)).collect()
}

fn row(retold: &Retold, plan: &Contents, order: &PlannedOrder) -> OrderRow {
    let paper = retold.papers.order(&order.id);
    let some = |text: &String| (!text.is_empty()).then(|| brief(text));
    OrderRow {
        id: brief(&order.id),
        kind: paper.and_then(|paper| some(&paper.kind)).map(|kind| kind.replace('-', " ")),
        issuer: paper.and_then(|paper| some(&paper.issuer)),
        jurisdiction: paper.and_then(|paper| some(&paper.jurisdiction)),
        reference: paper.and_then(|paper| some(&paper.reference)),
        statute: paper.and_then(|paper| some(&paper.statute)),
        issued: When::day(order.issued),
        expires: When::day(order.expires),
        document: order.document.to_string(),
        covers: covers(plan, &order.id),
    }
}

/// What is planned under an order, one line for each action.
fn covers(plan: &Contents, order: &str) -> Vec<String> {
    let mut counts: Vec<(&str, u64)> = Vec::new();
    for target in plan.targets.iter().filter(|target| target.order == order) {
        match counts.iter_mut().find(|(action, _)| *action == target.action) {
            Some((_, count)) => *count += 1,
            None => counts.push((&target.action, 1)),
        }
    }
    let single =
        counts.iter().map(|(action, count)| format!("{} {}", counted(*count, "target", "targets"), ordered(action)));
    let lists = plan.lists.iter().filter(|list| list.order == order);
    let lists = lists.map(|list| {
        format!("the list {} of {} {}", brief(&list.id), counted(list.names, "name", "names"), ordered(&list.action))
    });
    single.chain(lists).collect()
}

/// What is missing in what is told of the orders.
pub(super) fn note(retold: &Retold) -> Option<String> {
    let note = match (&retold.papers.plan, &retold.papers.playbook) {
        (None, _) if !retold.is_of_a_run() => {
            "No plan was begun, so none names the orders. Where an entry rests on one, it gives its short name."
        }
        (None, _) => {
            "The approved plan is not among the evidence that could be read, so the orders cannot be told here. Entries name them by \
             their short names only. The plan and the playbook are sealed evidence: they are kept apart from the log."
        }
        (Some(_), None) => {
            "The playbook that the plan names is not among the evidence that could be read. It says which court issued each order, and \
             under which law; the plan has only short names, dates and the digests of the documents."
        }
        (Some(_), Some(_)) => return None,
    };
    Some(note.to_owned())
}

/// On whose order.
pub(super) fn sentence(retold: &Retold) -> Option<String> {
    let plan = retold.papers.plan.as_ref()?;
    let told = plan.orders.iter().take(10).map(|order| match retold.papers.order(&order.id) {
        Some(paper) => {
            format!("{} ({}, reference {})", brief(&paper.issuer), brief(&paper.jurisdiction), brief(&paper.reference))
        }
        None => format!("“{}”", brief(&order.id)),
    });
    let told: Vec<String> = told.collect();
    let orders = counted(plan.orders.len() as u64, "order", "orders");
    (!told.is_empty()).then(|| format!("It was done under {orders}: {}.", listed(&told)))
}

/// How many had to approve, in words.
pub(super) fn needed(retold: &Retold) -> Option<String> {
    let needed = retold.papers.plan.as_ref()?.needed.as_deref()?;
    let mut words = needed.split(' ');
    let people = words.next()?.parse().ok()?;
    let mut sentence = format!("The plan asks for the approval of at least {}", counted(people, "person", "people"));
    for word in words {
        if let Some(agencies) = word.strip_prefix("agencies=").and_then(|count| count.parse().ok()) {
            sentence.push_str(&format!(" of {}", counted(agencies, "agency", "agencies")));
        }
        if let Some(roles) = word.strip_prefix("roles=").filter(|roles| !roles.is_empty()) {
            let roles: Vec<String> = roles.split(',').map(brief).collect();
            sentence.push_str(&format!(", among them the roles {}", listed(&roles)));
        }
    }
    Some(format!("{sentence}."))
}

pub(super) fn approvals(retold: &Retold) -> Vec<ApprovalRow> {
    /// A plan has a handful of approvers.
    const APPROVERS_MAX: usize = 200;
    let planned = retold.papers.plan.iter().flat_map(|plan| &plan.approvers).take(APPROVERS_MAX);
    let mut rows: Vec<(&PlannedApprover, ApprovalRow)> = planned.map(|one| (one, planned_row(retold, one))).collect();
    let mut others = Vec::new();
    for approval in &retold.approvals {
        // Where the log has the key sealed, the approval is that of the next one of this agency and role who signed.
        let is_meant = |approver: &PlannedApprover, row: &ApprovalRow| match &approval.key {
            Some(key) => approver.key.as_ref().is_some_and(|one| one.name() == key),
            None => {
                let same = |told: &Option<String>, planned: &str| told.as_deref() == Some(planned);
                let is_free = row.noted.iter().all(|noted| noted.log != brief(retold.origin(approval.log)));
                is_free
                    && has_signed(retold, approver)
                    && same(&approval.agency, &approver.agency)
                    && same(&approval.role, &approver.role)
            }
        };
        match rows.iter_mut().find(|(approver, row)| is_meant(approver, row)) {
            Some((_, row)) => row.noted.push(noted_in(retold, approval)),
            None => others.push(unplanned_row(retold, approval)),
        }
    }
    others.truncate(APPROVERS_MAX);
    rows.into_iter().map(|(_, row)| row).chain(others).collect()
}

fn has_signed(retold: &Retold, approver: &PlannedApprover) -> bool {
    approver.key.as_ref().is_some_and(|key| retold.papers.signed.contains(key.name()))
}

fn planned_row(retold: &Retold, approver: &PlannedApprover) -> ApprovalRow {
    let agency = retold.papers.agency(&approver.agency).map_or(&approver.agency, |agency| &agency.name);
    ApprovalRow {
        who: brief(&approver.id),
        agency: brief(agency),
        role: brief(&approver.role),
        key: approver.key.as_ref().map_or("none".to_owned(), |key| brief(&key.name().to_string())),
        signed: if has_signed(retold, approver) { "signed; checked here" } else { "has not signed" },
        noted: Vec::new(),
    }
}

/// An approval of somebody whom no plan at hand names.
fn unplanned_row(retold: &Retold, approval: &Approved) -> ApprovalRow {
    let said = |told: &Option<String>| told.as_deref().map_or("not told".to_owned(), brief);
    ApprovalRow {
        who: brief(&approval.approver),
        agency: said(&approval.agency),
        role: said(&approval.role),
        key: approval.key.as_ref().map_or("sealed".to_owned(), |key| brief(&key.to_string())),
        signed: "not checked here",
        noted: vec![noted_in(retold, approval)],
    }
}

fn noted_in(retold: &Retold, approval: &Approved) -> Noted {
    Noted {
        seq: approval.seq,
        at: When::long(approval.at),
        log: brief(retold.origin(approval.log)),
        sealed: approval.key.is_none(),
    }
}

/// How many approved, and when, before anything was changed.
pub(super) fn approved_sentence(retold: &Retold) -> String {
    let signed = retold.papers.signed.len() as u64;
    if retold.papers.plan.is_none() {
        let told = counted(retold.approvals.len() as u64, "approval", "approvals");
        return format!(
            "The logs tell of {told}; the signatures could not be checked, because the plan could not be read."
        );
    }
    let people = counted(signed, "approver", "approvers");
    let first = retold.deeds.first().map(|deed| deed.at);
    let last = retold.approvals.iter().map(|approval| approval.at).max();
    let when = match (last, first) {
        (Some(last), Some(first)) if last <= first => ". The log notes this before the first thing was set about",
        (Some(_), Some(_)) => ". The log notes some of it only after the first thing was set about",
        _ => "",
    };
    format!("{people} signed the plan{when}.")
}

//! The orders and the approvals.

use super::super::Retold;
use super::super::words::{counted, listed, ordered, shown};
use super::When;
use crate::clock::UtcTime;
use crate::plan::{Contents, PlannedOrder};

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
}

pub(super) fn orders(retold: &Retold) -> Vec<OrderRow> {
    /// An operation has a handful; a plan that names more than this is told in part.
    const ORDERS_MAX: usize = 100;
    let Some(plan) = &retold.papers.plan else { return Vec::new() };
    plan.orders.iter().take(ORDERS_MAX).map(|order| row(retold, plan, order)).collect()
}

fn row(retold: &Retold, plan: &Contents, order: &PlannedOrder) -> OrderRow {
    let paper = retold.papers.order(&order.id);
    let some = |text: &String| (!text.is_empty()).then(|| shown(text));
    OrderRow {
        id: shown(&order.id),
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
        format!("the list {} of {} {}", shown(&list.id), counted(list.names, "name", "names"), ordered(&list.action))
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
             their short names only."
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
            format!("{} ({}, reference {})", shown(&paper.issuer), shown(&paper.jurisdiction), shown(&paper.reference))
        }
        None => format!("“{}”", shown(&order.id)),
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
            let roles: Vec<String> = roles.split(',').map(shown).collect();
            sentence.push_str(&format!(", among them the roles {}", listed(&roles)));
        }
    }
    Some(format!("{sentence}."))
}

pub(super) fn approvals(retold: &Retold) -> Vec<ApprovalRow> {
    /// A plan has a handful of approvers.
    const APPROVERS_MAX: usize = 200;
    let planned = retold.papers.plan.iter().flat_map(|plan| &plan.approvers);
    let mut rows: Vec<ApprovalRow> = Vec::new();
    let mut told = vec![false; retold.approvals.len()];
    for approver in planned.take(APPROVERS_MAX) {
        let key = approver.key.as_ref().map(|key| key.name().to_string());
        let mut noted = Vec::new();
        for (approval, told) in retold.approvals.iter().zip(&mut told) {
            if key.as_deref().is_some_and(|key| approval.approver.ends_with(&format!(" {key}"))) {
                *told = true;
                noted.push(noted_in(retold, approval.seq, approval.at, approval.log));
            }
        }
        let signed = approver.key.as_ref().is_some_and(|key| retold.papers.signed.contains(key.name()));
        let agency = retold.papers.agency(&approver.agency).map_or(&approver.agency, |agency| &agency.name);
        rows.push(ApprovalRow {
            who: shown(&approver.id),
            agency: shown(agency),
            role: shown(&approver.role),
            key: key.map_or("none".to_owned(), |key| shown(&key)),
            signed: if signed { "signed; checked here" } else { "has not signed" },
            noted,
        });
    }
    let others = retold.approvals.iter().zip(told).filter(|(_, told)| !told).take(APPROVERS_MAX);
    rows.extend(others.map(|(approval, _)| ApprovalRow {
        who: shown(&approval.approver),
        agency: "as the log says".to_owned(),
        role: "as the log says".to_owned(),
        key: "as the log says".to_owned(),
        signed: "not checked here",
        noted: vec![noted_in(retold, approval.seq, approval.at, approval.log)],
    }));
    rows
}

fn noted_in(retold: &Retold, seq: u64, at: UtcTime, log: usize) -> Noted {
    Noted { seq, at: When::long(at), log: shown(retold.origin(log)) }
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

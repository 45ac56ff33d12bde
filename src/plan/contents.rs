//! What a plan says, read back from its text: for whoever retells it later, when the playbook is not at hand.

use super::{Plan, PlanError};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::signed_note::VerifierKey;

/// What a plan names. Lines that are not understood are passed over: the text itself is what was approved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// The moment before which nothing is changed.
    pub hour: Option<UtcTime>,
    /// Digest of the playbook it was drawn from.
    pub playbook: Option<Digest>,
    /// The orders.
    pub orders: Vec<PlannedOrder>,
    /// How many approvers must sign.
    pub needed: Option<String>,
    /// Who may sign.
    pub approvers: Vec<PlannedApprover>,
    /// The targets, one by one.
    pub targets: Vec<PlannedTarget>,
    /// The lists of names.
    pub lists: Vec<PlannedList>,
}

/// An order, as a plan names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedOrder {
    /// Its short name.
    pub id: String,
    /// Digest of its document.
    pub document: Digest,
    /// From when it is in force.
    pub issued: UtcTime,
    /// Until when.
    pub expires: UtcTime,
}

/// Somebody who may approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedApprover {
    /// The short name.
    pub id: String,
    /// The agency's short name.
    pub agency: String,
    /// The role.
    pub role: String,
    /// The key, where one is known.
    pub key: Option<VerifierKey>,
}

/// A target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedTarget {
    /// What happens to it.
    pub action: String,
    /// The name or address.
    pub subject: String,
    /// The order's short name.
    pub order: String,
}

/// A list of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedList {
    /// What happens to its names.
    pub action: String,
    /// Its short name.
    pub id: String,
    /// How many names.
    pub names: u64,
    /// The order's short name.
    pub order: String,
}

impl Plan {
    /// What the plan says, as [`super::draw()`] wrote it.
    pub fn contents(&self) -> Contents {
        let mut contents = Contents::default();
        for line in self.text().as_str().lines() {
            if let Some((key, rest)) = line.split_once(": ") {
                contents.read(key, rest);
            }
        }
        contents
    }

    /// Reads a plan from the text of a note.
    pub fn of_text(text: &str) -> Result<Self, PlanError> {
        Self::parse(crate::signed_note::NoteText::new(text.to_owned())?)
    }
}

impl Contents {
    fn read(&mut self, key: &str, rest: &str) {
        let words: Vec<&str> = rest.split(' ').collect();
        match (key, words.as_slice()) {
            ("hour", [moment]) => self.hour = moment.parse().ok(),
            ("playbook", [digest]) => self.playbook = digest.parse().ok(),
            ("approvals", _) => self.needed = Some(rest.to_owned()),
            ("order", [id, document, issued, expires]) => {
                self.orders.extend(order(id, document, issued, expires));
            }
            ("approver", [id, agency, role, key]) => self.approvers.push(PlannedApprover {
                id: (*id).to_owned(),
                agency: value(agency, "agency="),
                role: value(role, "role="),
                key: key.parse().ok(),
            }),
            ("target", [action, subject, order, ..]) => self.targets.push(PlannedTarget {
                action: (*action).to_owned(),
                subject: (*subject).to_owned(),
                order: value(order, "order="),
            }),
            ("list", [action, id, names, _digest, order, ..]) => self.lists.push(PlannedList {
                action: (*action).to_owned(),
                id: (*id).to_owned(),
                names: value(names, "names=").parse().unwrap_or_default(),
                order: value(order, "order="),
            }),
            _ => {}
        }
    }
}

fn order(id: &str, document: &str, issued: &str, expires: &str) -> Option<PlannedOrder> {
    let (document, issued, expires) = (document.parse().ok()?, issued.parse().ok()?, expires.parse().ok()?);
    Some(PlannedOrder { id: id.to_owned(), document, issued, expires })
}

fn value(word: &str, key: &str) -> String {
    word.strip_prefix(key).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_back_as_it_was_drawn() {
        let digest = Digest::of("abc");
        let text = format!(
            "impound-plan/v1\noperation: op\ndrawn-at: 2026-11-23T16:00:00Z\nhour: 2026-11-24T10:00:00Z\nplaybook: {digest}\n\
             order: court {digest} 2026-11-20T00:00:00Z 2027-11-20T00:00:00Z\n\
             approvals: 2 agencies=2 roles=legal\napprover: ada agency=ppo role=legal no-key\nstep: check check\n\
             target: redirect a.example order=court notice=banner\nbefore: a.example ds=absent\n\
             list: block dga names=40 {digest} order=court\nsomething: else\n"
        );
        let contents = Plan::of_text(&text).unwrap().contents();
        assert_eq!(contents.hour.unwrap().to_string(), "2026-11-24T10:00:00Z");
        assert_eq!(contents.playbook, Some(digest));
        let [order] = contents.orders.as_slice() else { panic!("{contents:?}") };
        assert_eq!((order.id.as_str(), order.document), ("court", digest));
        let [ada] = contents.approvers.as_slice() else { panic!("{contents:?}") };
        assert_eq!((ada.agency.as_str(), ada.role.as_str(), &ada.key), ("ppo", "legal", &None));
        let [target] = contents.targets.as_slice() else { panic!("{contents:?}") };
        assert_eq!((target.action.as_str(), target.subject.as_str()), ("redirect", "a.example"));
        let [list] = contents.lists.as_slice() else { panic!("{contents:?}") };
        assert_eq!((list.names, list.order.as_str()), (40, "court"));
    }

    #[test]
    fn lines_that_are_cut_short_are_passed_over() {
        let text = "impound-plan/v1\noperation: op\ndrawn-at: 2026-11-23T16:00:00Z\norder: court\ntarget: x\nlist:\nhour: soon\n";
        assert_eq!(Plan::of_text(text).unwrap().contents(), Contents::default());
    }
}

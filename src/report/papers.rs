//! The plan and the playbook that a run keeps as evidence: who ordered what, and who may approve.
//!
//! They are believed as far as their digests are cited by the log: the plan by its entry, the playbook by the plan.

use serde::Deserialize;

use crate::digest::Digest;
use crate::plan::{Contents, Plan};
use crate::signed_note::{KeyName, Note};

/// What the papers of an operation say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Papers {
    /// What the plan names; `None` when it could not be read.
    pub plan: Option<Contents>,
    /// The keys that the plan names and that have signed it.
    pub signed: Vec<KeyName>,
    /// What the playbook says; `None` when it was not kept or is not the one that the plan names.
    pub playbook: Option<PlaybookPaper>,
}

/// The parts of a playbook that a report tells. What else stands in it is passed over, so that a playbook of a later form is
/// read as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct PlaybookPaper {
    /// What it is.
    pub operation: OperationPaper,
    /// Who takes part.
    pub agency: Vec<AgencyPaper>,
    /// The law.
    pub order: Vec<OrderPaper>,
}

/// What a playbook says of the operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OperationPaper {
    /// Its name for people.
    pub title: String,
    /// The short name of the lead agency.
    pub lead: String,
    /// The case number.
    pub case: Option<String>,
}

/// What a playbook says of an agency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AgencyPaper {
    /// Its short name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its country.
    pub country: String,
    /// Its domain.
    pub domain: String,
}

/// What a playbook says of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OrderPaper {
    /// Its short name.
    pub id: String,
    /// What it is: `court-order`, `warrant`.
    pub kind: String,
    /// Whose it is.
    pub issuer: String,
    /// The country.
    pub jurisdiction: String,
    /// Its reference.
    pub reference: String,
    /// The law that it rests on.
    pub statute: String,
}

impl Papers {
    /// Reads the plan among the files that the entry `run.open` cites, and the playbook that it names. What is not there or not
    /// readable is left out.
    pub fn read(plan: &str, files: &[Vec<u8>]) -> Self {
        let notes = files.iter().filter_map(|bytes| Note::parse(bytes).ok());
        let plans = notes.filter_map(|note| Some((Plan::parse(note.text.clone()).ok()?, note)));
        let Some((found, note)) = plans.into_iter().find(|(found, _)| found.id().to_string() == plan) else {
            return Self::default();
        };
        let contents = found.contents();
        let keys: Vec<_> = contents.approvers.iter().filter_map(|approver| approver.key.clone()).collect();
        let signed = note.verify(&keys).unwrap_or_default().into_iter().map(|key| key.name().clone()).collect();
        let playbook = files.iter().find(|bytes| contents.playbook == Some(Digest::of(bytes)));
        let playbook = playbook.and_then(|bytes| toml::from_slice(bytes).ok());
        Self { plan: Some(contents), signed, playbook }
    }

    /// An agency by its short name or its domain.
    pub fn agency(&self, name: &str) -> Option<&AgencyPaper> {
        self.playbook.as_ref()?.agency.iter().find(|agency| agency.id == name || agency.domain == name)
    }

    /// An order by its short name.
    pub fn order(&self, id: &str) -> Option<&OrderPaper> {
        self.playbook.as_ref()?.order.iter().find(|order| order.id == id)
    }
}

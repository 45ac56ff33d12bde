//! `register.json`: the list for programs.

use serde::{Deserialize, Serialize};

use super::build::{Published, Register};
use super::place::{home_of, note_name, proof_path};
use crate::digest::Digest;
use crate::notice::Statement;
use crate::verify::Named;

/// The whole list, version 1.
#[derive(Debug, Serialize)]
pub(super) struct List {
    version: Version,
    notes: Vec<Listed>,
}

/// The list as it is read: what it says of each note but the names, which in a list by anybody could be made to fill the memory.
#[derive(Debug, Deserialize)]
pub(super) struct Names {
    #[serde(rename = "version")]
    _version: Version,
    pub(super) notes: Vec<Named>,
}

/// The one version of `register.json`; another is refused by the reader of JSON, with its place.
#[derive(Debug, Serialize, Deserialize)]
enum Version {
    #[serde(rename = "impound-register/v1")]
    V1,
}

/// One note.
#[derive(Debug, Serialize)]
struct Listed {
    /// `notice`, `denial` or `advisory`.
    kind: String,
    id: String,
    issuer: String,
    begins: String,
    status: String,
    /// Of the text.
    digest: Digest,
    /// Of the file, signatures included.
    signed: Digest,
    supersedes: Vec<Digest>,
    /// The names that a notice lists, and no others.
    covers: Vec<String>,
    /// How many names it covers without telling them.
    sealed: Option<u64>,
    returned: Vec<String>,
    note: String,
    proof: Option<String>,
    signed_by: Vec<String>,
}

impl List {
    pub(super) fn of(register: &Register) -> Self {
        let notes = register.notes().into_iter().map(|(digest, one)| Listed::of(*digest, one)).collect();
        Self { version: Version::V1, notes }
    }

    /// As it is written: the same register gives the same bytes.
    pub(super) fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

impl Listed {
    fn of(digest: Digest, one: &Published) -> Self {
        let statement = &one.statement;
        let (covers, sealed, returned) = match statement {
            Statement::Notice(notice) => {
                let returned = notice.returned.iter().cloned().collect();
                (notice.hosts(), notice.sealed.map(|seal| seal.count), returned)
            }
            _ => (Vec::new(), None, Vec::new()),
        };
        Self {
            kind: statement.kind().to_owned(),
            id: statement.id(),
            issuer: statement.issuer().to_string(),
            begins: statement.begins().to_string(),
            status: statement.status().as_str().to_owned(),
            digest,
            signed: Digest::of(one.note.to_string()),
            supersedes: statement.supersedes().into_iter().collect(),
            covers,
            sealed,
            returned,
            note: format!("{}/{}", home_of(&digest), note_name(statement)),
            proof: one.proof.as_ref().map(|_| proof_path(&digest)),
            signed_by: one.note.signatures.iter().map(|line| line.name.to_string()).collect(),
        }
    }
}

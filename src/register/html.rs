//! The page for people.

use askama::Template;

use super::build::{Published, Register};
use super::place::{home_of, note_name, proof_path};
use crate::digest::Digest;
use crate::notice::{INDICATORS_CSV, Statement, Status};

#[derive(Template)]
#[template(path = "register.html")]
struct Page {
    notices: Vec<Row>,
    denials: Vec<Row>,
    advisories: Vec<Row>,
}

/// One note, in words.
struct Row {
    id: String,
    issuer: String,
    begins: String,
    /// Until when, withdrawn, or replaced by a later note.
    standing: String,
    is_over: bool,
    about: Vec<String>,
    returned: Vec<String>,
    note: String,
    proof: Option<String>,
    files: Vec<(String, String)>,
    signers: String,
}

/// The most names of one note that are shown; all of them stand in the note.
const NAMES_SHOWN: usize = 50;

pub(super) fn page(register: &Register) -> askama::Result<String> {
    let mut page = Page { notices: Vec::new(), denials: Vec::new(), advisories: Vec::new() };
    for (digest, one) in register.notes().into_iter().rev() {
        let row = row(register, digest, one);
        match one.statement {
            Statement::Notice(_) => page.notices.push(row),
            Statement::Denial(_) => page.denials.push(row),
            Statement::Advisory(_) => page.advisories.push(row),
            Statement::Listing(_) => {}
        }
    }
    page.render()
}

fn row(register: &Register, digest: &Digest, one: &Published) -> Row {
    let statement = &one.statement;
    let (standing, is_over) = standing(register, digest, statement);
    let home = home_of(digest);
    Row {
        id: statement.id(),
        issuer: statement.issuer().to_string(),
        begins: statement.begins().to_string(),
        standing,
        is_over,
        about: about(statement),
        returned: match statement {
            Statement::Notice(notice) => shortened(notice.returned.iter().cloned().collect()),
            _ => Vec::new(),
        },
        note: format!("{home}/{}", note_name(statement)),
        proof: one.proof.as_ref().map(|_| proof_path(digest)),
        files: one.files.keys().map(|name| (file_word(name), format!("{home}/{name}"))).collect(),
        signers: one.note.signatures.iter().map(|line| line.name.to_string()).collect::<Vec<_>>().join(", "),
    }
}

fn file_word(name: &str) -> String {
    if name == INDICATORS_CSV { "indicators".to_owned() } else { name.trim_end_matches(".txt").to_owned() }
}

fn standing(register: &Register, digest: &Digest, statement: &Statement) -> (String, bool) {
    if statement.status() == Status::Withdrawn {
        return ("withdrawal".to_owned(), true);
    }
    let standing = match (later(register, digest, statement), statement) {
        // A page that is written once cannot say that something is in force on the day on which it is read.
        (None, Statement::Notice(notice)) => return (format!("until {}", notice.not_after), false),
        (None, _) => return ("in force".to_owned(), false),
        (Some(later), _) if later.status() == Status::Withdrawn => format!("withdrawn on {}", later.begins()),
        (Some(later), _) => format!("replaced by {}", later.id()),
    };
    (standing, true)
}

/// What stands in its place, by the rule of `verify`: of a notice the last edition by the same issuer, whether or not it names the
/// ones before; of anything else the last that names its digest.
fn later<'r>(register: &'r Register, digest: &Digest, statement: &Statement) -> Option<&'r Statement> {
    let others = register.notes().into_iter().map(|(_, one)| &one.statement);
    let mut others = others.filter(|other| other.kind() == statement.kind() && other.issuer() == statement.issuer());
    match statement {
        Statement::Notice(notice) => others
            .filter_map(|other| match other {
                Statement::Notice(one) if one.id.is_of_same(&notice.id) && one.id.edition > notice.id.edition => {
                    Some((one.id.edition, other))
                }
                _ => None,
            })
            .max_by_key(|(edition, _)| *edition)
            .map(|(_, other)| other),
        _ => others.rfind(|other| other.supersedes().contains(digest)),
    }
}

fn about(statement: &Statement) -> Vec<String> {
    match statement {
        Statement::Notice(notice) => match notice.sealed {
            Some(seal) => vec![format!("{} names that it does not tell", seal.count)],
            None => shortened(notice.hosts()),
        },
        Statement::Denial(denial) => vec![denial.about(), format!("seen at {}", denial.seen_at)],
        Statement::Advisory(advisory) => match advisory.indicators {
            Some((count, _)) => vec![format!("{count} indicators")],
            None => Vec::new(),
        },
        Statement::Listing(_) => Vec::new(),
    }
}

fn shortened(mut names: Vec<String>) -> Vec<String> {
    let more = names.len().saturating_sub(NAMES_SHOWN);
    names.truncate(NAMES_SHOWN);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names
}

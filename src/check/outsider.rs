//! A name that nobody ordered, asked of the seizure name servers so that nobody gets a notice by pointing a name
//! there.

use std::net::SocketAddr;

use super::look::ask_servers;
use super::{Certainty, Check, Code, Eyes, Finding, Severity};
use crate::authority::Subject;
use crate::domain::DomainName;
use crate::observe::{DnsAnswer, Observation, RecordType, Unknown};
use crate::playbook::Playbook;

pub(super) static CHECK: Check = Check {
    code: Code::new(301),
    name: "answers-outsider",
    title: "A seizure name server answers for a name that nobody ordered.",
    explanation: "Anybody can delegate a name to the seizure name servers. A server that answers for every name shows \
                  the notice on names that were never seized, and the agency is said to have seized them.",
    advice: "Serve the zones of the signed site only and answer REFUSED to everything else; no wildcard, no default \
             zone.",
};

/// The response code REFUSED (RFC 1035 section 4.1.1).
const REFUSED: u16 = 5;

/// Asks every address of the seizure name servers about a name that nobody ordered. Nothing found is as it must be.
pub async fn outsider(eyes: &Eyes, playbook: &Playbook, name: &DomainName) -> Vec<Finding> {
    let answers = ask_servers(eyes, name, &playbook.name_servers, RecordType::A).await;
    judge(&Subject::Name(name.clone()), &answers)
}

fn judge(subject: &Subject, answers: &[Observation<DnsAnswer>]) -> Vec<Finding> {
    let found = answers.iter().filter_map(|seen| Some((seen.asked?, verdict_on(&seen.outcome)?)));
    let finding = |(server, (severity, certainty, said)): (SocketAddr, (Severity, Certainty, String))| Finding {
        code: CHECK.code,
        severity,
        certainty,
        subject: subject.clone(),
        message: format!("the name server {server} {said} for a name that is not in the order, instead of REFUSED"),
        evidence: Vec::new(),
    };
    found.map(finding).collect()
}

/// `None` when the server refused, as it must.
fn verdict_on(outcome: &Result<DnsAnswer, Unknown>) -> Option<(Severity, Certainty, String)> {
    match outcome {
        Err(Unknown::ServerFailure { rcode: REFUSED }) => None,
        Ok(answer) => Some((Severity::Blocker, Certainty::Seen, format!("answers `{}`", answer.status()))),
        Err(why @ Unknown::ServerFailure { .. }) => {
            Some((Severity::Warning, Certainty::Seen, format!("fails ({why})")))
        }
        Err(why) => Some((Severity::Blocker, Certainty::NotKnown, format!("gives nothing ({why})"))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Sketch, timeout, told};
    use super::*;

    #[test]
    fn only_refused_is_right() {
        let cases: [(Sketch, &[&str]); 4] = [
            (Sketch::new("other.example").server_fails("198.51.100.53", Unknown::ServerFailure { rcode: 5 }), &[]),
            (Sketch::new("other.example").server_answers("198.51.100.53"), &["C301 blocker"]),
            (
                Sketch::new("other.example").server_fails("198.51.100.53", Unknown::ServerFailure { rcode: 2 }),
                &["C301 warning"],
            ),
            (Sketch::new("other.example").server_fails("198.51.100.53", timeout()), &["C301 blocker (not known)"]),
        ];
        for (sketch, expected) in cases {
            let subject = sketch.subject();
            assert_eq!(told(&judge(&subject, &sketch.look().answers.servers)), expected);
        }
    }
}

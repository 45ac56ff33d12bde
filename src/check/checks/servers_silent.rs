//! A name server to which the name shall move does not answer.

use crate::check::parent::is_out_of_reach;
use crate::check::scene::{Scene, server_at};
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::Unknown;

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(111),
    name: "servers-silent",
    title: "A name server to which the name shall move does not answer.",
    explanation: "A delegation to a server that is not there leaves the name dead or, worse, open to whoever \
                  gets the address.",
    advice: "Start the server, open UDP and TCP port 53, and compare its addresses with the playbook's.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let answers = scene.look.answers.servers.iter();
    answers
        .filter_map(|seen| {
            let why = seen.outcome.as_ref().err()?;
            let server = seen.asked?;
            let name = server_at(scene.destination(), server).map(ToString::to_string).unwrap_or_default();
            let message = format!("{name} at {server}: {why}");
            match why {
                // Any reply shows that it lives; before the hour it need not know the name.
                Unknown::ServerFailure { .. } | Unknown::NotAuthoritative => None,
                why if is_out_of_reach(why) => Some(scene.not_known(&CHECK, Severity::Blocker, message)),
                _ => Some(scene.seen(&CHECK, Severity::Blocker, message)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, out_of_reach, redirect, timeout};

    #[test]
    fn any_reply_counts_as_alive() {
        let cases: [(Sketch, &[&str]); 4] = [
            (Sketch::new("shop.example").server_answers("198.51.100.53"), &[]),
            (Sketch::new("shop.example").server_fails("198.51.100.53", Unknown::ServerFailure { rcode: 5 }), &[]),
            (Sketch::new("shop.example").server_fails("198.51.100.53", timeout()), &["C111 blocker"]),
            (Sketch::new("shop.example").server_fails("2001:db8::53", out_of_reach()), &["C111 blocker (not known)"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected);
        }
    }
}

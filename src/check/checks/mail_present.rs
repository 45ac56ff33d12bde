//! The name receives mail, which will stop.

use std::collections::BTreeSet;

use crate::authority::Action;
use crate::check::evidence::Part;
use crate::check::parent::listed;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::{RecordData, RecordSet, RecordType};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(105),
    name: "mail-present",
    title: "The name receives mail, which will stop.",
    explanation: "Taking a name takes its mail with it, also that of people who have done nothing (a firm on a \
                  list of 400 names lost its e-mail).",
    advice: "Make sure that the order covers it and that the notice says whom to write to; look once more \
                  whether the name is the right one.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if !scene.is(&[Action::Redirect, Action::Suspend, Action::Sinkhole]) {
        return Vec::new();
    }
    let own = scene.look.child(RecordType::Mx);
    let evidence = scene.look.labels(Part::Child, RecordType::Mx);
    let answers = own.iter().copied().chain(scene.look.by_resolver(RecordType::Mx));
    let hosts: BTreeSet<String> = answers.filter_map(|(_, said)| said.ok()).flat_map(mail_hosts).collect();
    if !hosts.is_empty() {
        let message = format!("mail goes to {}", listed(hosts, ", "));
        return vec![scene.seen(&CHECK, Severity::Warning, message).resting_on(evidence)];
    }
    let is_delegated = !scene.look.delegated_to().is_empty();
    // Only the name's own servers can say that there is no mail; a resolver repeats what it has heard.
    if is_delegated && !own.iter().any(|(_, said)| said.is_ok()) {
        let message = "whether the name receives mail is unknown: none of its servers answered".to_owned();
        return vec![scene.not_known(&CHECK, Severity::Warning, message).resting_on(evidence)];
    }
    Vec::new()
}

/// The hosts that take mail; the null MX of RFC 7505 names none.
fn mail_hosts(records: &RecordSet) -> impl Iterator<Item = String> + '_ {
    records.data.iter().filter_map(|record| match record {
        RecordData::Mx { exchange, .. } if exchange.as_str() != "." => Some(exchange.to_string()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, null_mx, redirect, suspend, timeout};

    #[tokio::test]
    async fn mail_that_will_stop_is_told() {
        let shop = || Sketch::new("shop.example").delegated("192.0.2.10", &["ns1.old.test"]);
        let cases: [(Sketch, &[&str]); 6] = [
            (shop().child("192.0.2.20", RecordType::Mx, &["10 mail.old.test"]), &["C105 warning"]),
            (shop().child("192.0.2.20", RecordType::Mx, &[]), &[]),
            (shop().child_data("192.0.2.20", RecordType::Mx, null_mx().await), &[]),
            (shop().child_fails("192.0.2.20", RecordType::Mx, timeout()), &["C105 warning (not known)"]),
            (shop().resolver("192.0.2.1", RecordType::Mx, &[]), &["C105 warning (not known)"]),
            (shop().resolver("192.0.2.1", RecordType::Mx, &["10 mail.old.test"]), &["C105 warning"]),
        ];
        for (sketch, expected) in cases {
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected);
            assert_eq!(judged(judge, &suspend("shop.example"), &sketch), expected);
        }
    }
}

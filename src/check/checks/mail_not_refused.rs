//! The name does not say that it takes no mail.

use crate::authority::Action;
use crate::check::evidence::Part;
use crate::check::scene::Scene;
use crate::check::settle::what;
use crate::check::{Check, Code, Finding, Severity};
use crate::observe::{RecordData, RecordName, RecordSet, RecordType};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(209),
    name: "mail-not-refused",
    title: "The name does not say that it takes no mail.",
    explanation: "Without a null MX (RFC 7505), senders fall back to the addresses of the name (RFC 5321 \
                  section 5.1) and try to deliver other people's mail to the notice hosts.",
    advice: "Put `MX 0 .` into the zone.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    if scene.action() != Action::Redirect {
        return Vec::new();
    }
    let evidence = scene.look.labels(Part::Child, RecordType::Mx);
    let said = scene.look.child(RecordType::Mx).into_iter().filter_map(|(server, said)| Some((server, said.ok()?)));
    said.filter(|(_, records)| !is_null(records))
        .map(|(server, records)| {
            let message = format!("{server} gives MX {} instead of `0 .`", what(records));
            scene.seen(&CHECK, Severity::Warning, message).resting_on(evidence.clone())
        })
        .collect()
}

/// Exactly one record, `0 .` (RFC 7505 section 3).
fn is_null(records: &RecordSet) -> bool {
    let is_root = |exchange: &RecordName| exchange.as_str() == ".";
    records.data.len() == 1
        && records
            .data
            .iter()
            .all(|record| matches!(record, RecordData::Mx { preference: 0, exchange } if is_root(exchange)))
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{judged, null_mx, redirect, redirected, sinkhole};

    #[tokio::test]
    async fn only_a_null_mx_refuses_mail() {
        let server = "198.51.100.53";
        let target = redirect("shop.example");
        let null = null_mx().await;
        assert!(judged(judge, &target, &redirected().child_data(server, RecordType::Mx, null)).is_empty());
        for wrong in [&[][..], &["10 mail.old.test"], &["0 mail.old.test"]] {
            let sketch = redirected().child(server, RecordType::Mx, wrong);
            assert_eq!(judged(judge, &target, &sketch), ["C209 warning"], "{wrong:?}");
            assert!(judged(judge, &sinkhole("shop.example"), &sketch).is_empty());
        }
    }
}

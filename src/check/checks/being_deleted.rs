//! The registration is being deleted.

use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding, Severity};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(110),
    name: "being-deleted",
    title: "The registration is being deleted.",
    explanation: "A name in deletion cannot be changed (RFC 5731 section 2.3) and is free for anybody soon \
                  after.",
    advice: "Have the registry restore it under the order first, or block it once it is free.",
};

/// The stages of deletion (RFC 5731 section 2.3, RFC 3915 section 3.1), in the words of RFC 8056.
const STAGES: [&str; 3] = ["pending delete", "redemption period", "pending restore"];

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let Some(domain) = scene.registered().filter(|_| scene.is_in_parent_zone()) else { return Vec::new() };
    let stages: Vec<&str> = STAGES.into_iter().filter(|stage| domain.has_status(stage)).collect();
    if stages.is_empty() {
        return Vec::new();
    }
    let message = format!("the registry says: {}", stages.join(", "));
    vec![scene.seen(&CHECK, Severity::Blocker, message).resting_on(scene.look.rdap_labels())]
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect};

    #[test]
    fn a_name_in_deletion_is_told_in_either_spelling() {
        let cases: [(&[&str], &[&str]); 4] = [
            (&["active"], &[]),
            (&["pendingDelete"], &["C110 blocker"]),
            (&["pending delete", "redemption period"], &["C110 blocker"]),
            (&["pending transfer"], &[]),
        ];
        for (statuses, expected) in cases {
            let sketch = Sketch::new("shop.example").registered(statuses, &[]);
            assert_eq!(judged(judge, &redirect("shop.example"), &sketch), expected, "{statuses:?}");
        }
    }
}

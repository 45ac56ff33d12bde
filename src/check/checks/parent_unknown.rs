//! It is not known whether the parent zone has changed.

use super::delegation_unknown::about_parent;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(201),
    name: "parent-unknown",
    title: "It is not known whether the parent zone has changed.",
    explanation: "Without the word of the parent zone nobody can say that the action was carried out.",
    advice: "Ask again; name the parent's servers in the playbook's registry if resolvers do not find \
                  them.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    about_parent(scene, &CHECK)
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, judged, redirect, redirected};

    #[test]
    fn a_silent_parent_is_not_a_pass() {
        let target = redirect("shop.example");
        assert!(judged(judge, &target, &redirected()).is_empty());
        let one = redirected().parent_silent("192.0.2.12");
        assert_eq!(judged(judge, &target, &one), ["C201 warning (not known)"]);
        assert_eq!(judged(judge, &target, &Sketch::new("shop.example")), ["C201 blocker (not known)"]);
    }
}

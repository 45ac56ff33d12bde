//! The name of a taken server leads elsewhere.

use super::host_elsewhere::about_host;
use crate::check::scene::Scene;
use crate::check::{Check, Code, Finding};

pub(in crate::check) static CHECK: Check = Check {
    code: Code::new(215),
    name: "host-still-elsewhere",
    title: "The name of a taken server leads elsewhere.",
    explanation: "The former holder has moved the name to another server, or a resolver still has an older \
                  state; visitors do not see the notice.",
    advice: "Follow the name to its new server and extend the order, or order `redirect`.",
};

pub(in crate::check) fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    about_host(scene, &CHECK)
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::check::testing::{Sketch, host, judged};
    use crate::observe::RecordType;

    #[test]
    fn a_name_that_was_moved_away_is_told() {
        let target = host("shop.example", &["203.0.113.80"]);
        let stays = Sketch::new("shop.example").resolver("192.0.2.1", RecordType::A, &["203.0.113.80"]);
        assert!(judged(judge, &target, &stays).is_empty());
        let moved = Sketch::new("shop.example").resolver("192.0.2.1", RecordType::A, &["203.0.113.99"]);
        assert_eq!(judged(judge, &target, &moved), ["C215 blocker"]);
    }
}

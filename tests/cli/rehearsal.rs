//! Whole rehearsals, and what they leave.

use std::path::Path;

use impound::cli::Exit;
use serde_json::Value;

use crate::desk::{Desk, Ended};

/// Rehearses into `{}/left` and has everything checked that it leaves, by the commands that it prints.
async fn rehearse(desk: &Desk, playbook: &str) -> Ended {
    let ended = desk.run(&format!("rehearse {playbook} -o {{}}/left")).await;
    assert_eq!(ended.exit, Exit::Ok, "{ended}");
    let printed: Vec<&str> = ended.output.lines().filter_map(|line| line.trim().strip_prefix("impound ")).collect();
    assert!(printed.len() >= 4, "{ended}");
    for line in printed {
        let said = desk.ok(line).await;
        // The notice stands in the log, by the log's key as by the key list.
        if line.starts_with("verify ") {
            assert!(said.contains("\npass         log entry    entry "), "{line}\n{said}");
            assert!(said.contains(", of a rehearsal"), "{said}");
        }
    }
    for left in [
        "report.txt",
        "report.json",
        "keys/policy",
        "keys/log.policy",
        "report.html",
        "keys/keys.note",
        "keys/roots.policy",
        "keys/ca.pem",
    ] {
        let left = &format!("left/{left}");
        assert!(desk.path(left).is_file(), "{left}");
    }
    ended
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_operation_can_be_rehearsed_as_it_is_and_as_json() {
    let desk = Desk::new();
    desk.ok("init {}/op").await;
    let ended = rehearse(&desk, "{}/op").await;
    assert!(ended.output.lines().all(|line| line.chars().count() <= 80 || line.contains("left")), "{ended}");
    desk.run("rehearse {}/op -o {}/left").await.must(Exit::Usage, "is not empty");

    let told: Value = desk.json("rehearse {}/op -o {}/json").await;
    let targets = told["targets"].as_array().unwrap();
    assert_eq!(targets.len(), 3, "{told:#}");
    assert!(targets.iter().all(|target| target["verdict"] == "pass"), "{told:#}");
    // Nothing of it was written into the operation itself.
    assert!(!desk.path("op/log").exists() && !desk.path("op/site").exists() && !desk.path("op/plan.note").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_operation_passes_in_every_target_and_leaves_what_verifies() {
    let desk = Desk::new();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks/harbour-light");
    rehearse(&desk, &example.display().to_string()).await;
    let told: Value = serde_json::from_str(&desk.read("left/report.json")).unwrap();
    assert_eq!(told["orders"][0]["issuer"], "District Court of Noordhaven", "{told:#}");
    assert_eq!(told["signed"].as_array().unwrap().len(), 4, "{told:#}");
    assert_eq!(told["rehearsal"], true);
    assert!(desk.read("left/report.txt").contains("A REHEARSAL"));
    let page = desk.read("left/report.html");
    assert!(page.contains("This was a rehearsal"));
    for part in ["Amtsgericht Musterhafen", "2027/0412", "<bdi>greytide-büro.example</bdi>", "The list “dga”: 40 names"]
    {
        assert!(page.contains(part), "no {part} in\n{page}");
    }
    let targets = told["targets"].as_array().unwrap();
    assert!(targets.len() >= 12, "{told:#}");
    assert!(targets.iter().all(|target| target["verdict"] == "pass"), "{told:#}");
    // Its partners' witnesses ran, and both of them have cosigned the whole log.
    let told = desk.json("log verify {}/left/log --keys {}/left/keys/log.policy").await;
    let checks = told["checks"].as_array().unwrap();
    let line = checks.iter().find(|check| check["check"] == "witnesses").unwrap();
    let detail = line["detail"].as_str().unwrap();
    assert_eq!(line["result"], "pass", "{detail}");
    assert!(
        detail.starts_with(&format!("{} entries by ", told["entries"])) && detail.ends_with("0 are newer"),
        "{detail}"
    );
    assert!(detail.contains("fcd.example/witness at ") && detail.contains("bcn.example/witness at "), "{detail}");
}

//! Seals and pages of the agencies' own, from the playbook to what is served.

use impound::cli::Exit;
use impound::digest::Digest;

use crate::desk::Desk;
use crate::operation::{Operation, with_keys};
use crate::person::Word;

const SEAL: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 0h9v9z\"/></svg>\n";

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Seized</title><style>h1{color:#00234a}</style></head>\n\
    <body><h1>Seized by Example Police</h1><p><a href=\"/.well-known/seizure-notice/\">Check this notice</a>.</p>\n\
    <p>Object: objections@prosecution.example. Tips: tips@police.example.</p></body></html>\n";

/// The operation with a seal, and with a page of its own in place of ours where that is wanted.
async fn designed(own_page: bool) -> Desk {
    let desk = with_keys().await;
    std::fs::create_dir_all(desk.path("op/design")).unwrap();
    desk.write("op/design/police.svg", SEAL);
    desk.write("op/design/en.html", PAGE);
    let file = |path: &str, bytes: &str| format!("path = \"design/{path}\", sha256 = \"{}\"", Digest::of(bytes).hex());
    let seal = format!("seal = {{ {} }}\n# seal", file("police.svg", SEAL));
    desk.edit("op/playbook.toml", "# seal", &seal);
    if own_page {
        let page = format!("[[notice.page]]\nlanguage = \"en\"\nfile = {{ {} }}\n\n# A whole", file("en.html", PAGE));
        desk.edit("op/playbook.toml", "# A whole", &page);
    }
    desk.ok("lint {}/op").await;
    desk
}

async fn refused(operation: &Operation, exit: Exit, part: &str) {
    let ended = operation.run(|question| -> Word { panic!("nobody should be asked: {question}") }).await;
    ended.must(exit, part);
    assert!(!operation.desk.path("op/log").exists(), "not even a record is begun");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seal_or_a_page_that_is_changed_after_the_approval_stops_the_run() {
    let operation = Operation::ready_from(designed(true).await).await.approve().await;
    let desk = &operation.desk;
    let other_seal = SEAL.replace("9z", "8z");
    for (path, bytes, changed) in
        [("police.svg", SEAL, other_seal.clone()), ("en.html", PAGE, PAGE.replace("Seized by", "Frozen by"))]
    {
        desk.write(&format!("op/design/{path}"), &changed);
        refused(&operation, Exit::Usage, &format!("`design/{path}` has another digest")).await;
        std::fs::remove_file(desk.path(&format!("op/design/{path}"))).unwrap();
        refused(&operation, Exit::Usage, &format!("`design/{path}` does not exist")).await;
        desk.write(&format!("op/design/{path}"), bytes);
    }
    // With its digest in the playbook it is another playbook than the one that was approved.
    desk.write("op/design/police.svg", &other_seal);
    desk.edit("op/playbook.toml", &Digest::of(SEAL).hex(), &Digest::of(&other_seal).hex());
    refused(&operation, Exit::Refused, "was changed after the plan was drawn").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_ones_own_is_signed_and_published_as_it_is() {
    let desk = designed(true).await;
    desk.ok("notice build {}/op").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    assert_eq!(desk.read("op/site/banner/1/en/index.html"), PAGE);
    let stated = format!("content: en text/html {} en/index.html\n", Digest::of(PAGE));
    assert!(desk.read("op/site/banner/1/notice.txt").contains(&stated));
    let seen = desk
        .ok("verify {}/op/site/banner/1 --name seized.example --keys {}/police.vkey --at 2026-12-07T00:00:00Z")
        .await;
    assert!(seen.contains("in force"), "{seen}");
    desk.write("op/site/banner/1/en/index.html", PAGE.replace("tips@", "tip@"));
    let seen = desk
        .run("verify {}/op/site/banner/1 --name seized.example --keys {}/police.vkey --at 2026-12-07T00:00:00Z")
        .await;
    seen.must(Exit::NotVerified, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seal_stands_inside_our_own_page() {
    let desk = designed(false).await;
    desk.ok("notice build {}/op").await;
    let page = desk.read("op/site/banner/1/en/index.html");
    assert_eq!(page.matches("src=\"data:image/svg+xml,%3Csvg").count(), 2, "above the headline and beside the name");
}

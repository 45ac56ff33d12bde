//! The life of a notice: shown, amended, one name given back, withdrawn. Every edition stays what it was.

use std::fs;

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::{Serving, shown, sign, with_keys};

/// The target that is given back on one of the days.
const FORUM: &str =
    "[[target]]\nname = \"forum.seized.example\"\naction = \"redirect\"\norder = \"order\"\nnotice = \"banner\"\n";

/// Two names, one of them below the other; two agencies must sign.
async fn with_a_forum(sealed: bool) -> Desk {
    let desk = with_keys().await;
    desk.edit("op/playbook.toml", "# offline:", &format!("{FORUM}\n# offline:"));
    shown(&desk, sealed).await;
    desk
}

async fn verdict(desk: &Desk, what: &str, name: &str) -> (Exit, String) {
    let line = format!("verify {what} --keys {{}}/policy --name {name} --format json");
    let ended = desk.run(&line).await;
    let said: serde_json::Value = serde_json::from_str(&ended.output).unwrap_or_else(|_| panic!("{line}\n{ended}"));
    let codes =
        said["notices"].as_array().unwrap().iter().map(|one| one["report"]["verdict"]["code"].as_str().unwrap());
    (ended.exit, codes.collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn a_notice_is_amended_loses_a_name_and_is_withdrawn_and_the_old_editions_stay_what_they_were() {
    let desk = with_a_forum(false).await;
    let first = desk.read("op/site/banner/1/notice.note");
    assert_eq!(verdict(&desk, "{}/op/site", "seized.example").await, (Exit::Ok, "in-force".into()));

    // Amended: nothing that is signed is written over.
    desk.edit(
        "op/playbook.toml",
        "verify-at = \"https://police.example/notices\"",
        "verify-at = \"https://police.example/new\"",
    );
    desk.run("notice build {}/op").await.must(Exit::Refused, "impound notice amend");
    desk.run("notice sign {}/op --key {}/police.key")
        .await
        .must(Exit::Refused, "the playbook or the files have changed");
    assert_eq!(desk.read("op/site/banner/1/notice.note"), first);
    let amended = desk.ok("notice amend {}/op").await;
    assert!(amended.contains("/banner/2") && amended.contains("nobody yet"), "{amended}");
    sign(&desk).await;
    assert_eq!(desk.read("op/site/banner/1/notice.note"), first);
    let second = desk.read("op/site/banner/2/notice.txt");
    assert!(second.contains("\nsupersedes: ") && second.contains("/banner/1 sha256:"), "{second}");
    assert!(second.contains("\nnot-before: 2026-12-08T08:00:00Z\n"), "{second}");
    desk.run("serve {}/op/site --http 127.0.0.1:0 --edition 1").await.must(Exit::Refused, "stands in the place of");
    assert_eq!(verdict(&desk, "{}/op/site", "seized.example").await, (Exit::Ok, "superseded in-force".into()));
    an_edition_that_begins_later_stands_back_only_if_nothing_else_is_wrong(&desk).await;
    // Built again: the edition that stands now, and nothing else.
    desk.ok("notice build {}/op").await;
    sign(&desk).await;
    assert_eq!(desk.read("op/site/banner/2/notice.txt"), second);

    // One name is given back.
    desk.clock.advance_to("2026-12-10T08:00:00Z".parse().unwrap());
    desk.run("notice return {}/op --name forum.seized.example")
        .await
        .must(Exit::Refused, "is not a name that the notice loses");
    desk.edit("op/playbook.toml", FORUM, "");
    desk.run("notice amend {}/op").await.must(Exit::Refused, "forum.seized.example was covered");
    desk.run("notice return {}/op --name seized.example").await.must(Exit::Refused, "forum.seized.example was covered");
    desk.run("notice return {}/op --name a..b").await.must(Exit::Usage, "label");
    desk.ok("notice return {}/op --name forum.seized.example").await;
    sign(&desk).await;
    assert!(desk.read("op/site/banner/3/notice.txt").contains("\nreturned: forum.seized.example\n"));
    assert_eq!(
        verdict(&desk, "{}/op/site", "forum.seized.example").await,
        (Exit::NotVerified, "returned returned returned".into())
    );
    assert_eq!(
        verdict(&desk, "{}/op/site", "seized.example").await,
        (Exit::Ok, "superseded superseded in-force".into())
    );

    // Withdrawn.
    desk.clock.advance_to("2027-01-06T08:00:00Z".parse().unwrap());
    let line = "notice withdraw {}/op --notice banner --decision Court-131/2027";
    desk.run("notice withdraw {}/op --notice nothing").await.must(Exit::Usage, "there are: banner");
    desk.ok(line).await;
    sign(&desk).await;
    let last = desk.read("op/site/banner/4/notice.txt");
    assert!(last.contains("\norder: Court-131/2027\nstatus: withdrawn\n"), "{last}");
    assert_eq!(last.matches("supersedes: ").count(), 3);
    let (exit, codes) = verdict(&desk, "{}/op/site", "seized.example").await;
    assert_eq!((exit, codes.as_str()), (Exit::NotVerified, "withdrawn withdrawn withdrawn withdrawn"));
    // Asked for a day on which it was in force, and alone.
    let before = "{}/op/site/banner/1/notice.note --at 2026-12-07T00:00:00Z";
    desk.ok(&format!("verify {before} --keys {{}}/policy --name seized.example")).await;
    assert_eq!(desk.read("op/site/banner/1/notice.note"), first);
}

/// On the day before the second edition.
async fn an_edition_that_begins_later_stands_back_only_if_nothing_else_is_wrong(desk: &Desk) {
    let unnamed = "verify {}/op/site --keys {}/policy --at 2026-12-07T00:00:00Z";
    let named = format!("{unnamed} --name seized.example");
    desk.ok(&named).await;
    desk.run(unnamed).await.must(Exit::Findings, "give --name NAME");
    let (page, hidden) = (desk.path("op/site/banner/2/en/index.html"), desk.path("op/site/banner/2/en/index.xht"));
    let good = fs::read(&page).unwrap();
    for altered in [&page, &hidden] {
        fs::remove_file(&page).unwrap();
        fs::write(altered, "<p>pay here</p>").unwrap();
        for line in [unnamed, &named] {
            let ended = desk.run(line).await;
            assert_eq!(ended.exit, Exit::NotVerified, "{ended}");
            assert!(ended.output.contains("banner/2/notice.note: altered: "), "{ended}");
        }
        fs::remove_file(altered).unwrap();
        fs::write(&page, &good).unwrap();
    }
    desk.ok(&named).await;
}

#[tokio::test]
async fn what_is_served_of_a_withdrawn_notice_says_so_and_is_no_banner() {
    let desk = with_a_forum(false).await;
    desk.ok("notice withdraw {}/op").await;
    sign(&desk).await;
    let serving = Serving::start(&desk, "serve {}/op --http 127.0.0.1:0").await;
    let told = "op/banner/2 is served, and not in force: the notice was withdrawn at 2026-12-08T08:00:00Z\n";
    assert!(serving.messages.contains(told), "{}", serving.messages);
    let plain = serving.output.lines().find_map(|line| line.strip_prefix("http://")).unwrap();
    let mut direct = desk.twin();
    direct.network = impound::observe::Network::system(&[]);
    let line = format!("verify http://seized.example/ --keys {{}}/policy --connect {plain}");
    let ended = direct.run(&line).await;
    assert_eq!(ended.exit, Exit::NotVerified, "{ended}");
    assert!(ended.output.contains("status 410") && ended.output.contains("withdrawn: it is no longer"), "{ended}");
    assert_eq!(serving.stop(), Exit::Ok);
    let page = desk.read("op/site/banner/2/en/index.html");
    assert!(page.contains("This notice was withdrawn"), "{page}");
}

#[tokio::test]
async fn a_withdrawal_by_too_few_ends_nothing_and_leaves_a_doubt() {
    let desk = with_a_forum(false).await;
    desk.ok("notice withdraw {}/op").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    let serving = Serving::start(&desk, "serve {}/op --http 127.0.0.1:0").await;
    assert!(serving.messages.contains("op/banner/2 is not served yet: signed by 1 of 2"), "{}", serving.messages);
    assert_eq!(serving.stop(), Exit::Ok);
    let (_, codes) = verdict(&desk, "{}/op/site", "seized.example").await;
    assert_eq!(codes, "undetermined not-enough-signatures");
}

#[tokio::test]
async fn a_sealed_notice_gives_a_name_back_and_tells_it_only_to_its_holder() {
    let desk = with_a_forum(true).await;
    desk.edit("op/playbook.toml", FORUM, "");
    desk.ok("notice return {}/op --name forum.seized.example").await;
    sign(&desk).await;
    let second = desk.read("op/site/banner/2/notice.txt");
    assert!(second.contains("\nsealed: 1 ") && second.contains("\nreturned-sealed: 1 "), "{second}");
    assert!(!second.contains("seized.example"), "{second}");
    desk.ok("notice prove {}/op --name forum.seized.example -o {}/returned.proof").await;
    fs::create_dir(desk.path("handed")).unwrap();
    desk.write("handed/notice.note", desk.read("op/site/banner/2/notice.note"));
    desk.write("handed/coverage.proof", desk.read("returned.proof"));
    let handed = "{}/handed/notice.note";
    assert_eq!(verdict(&desk, handed, "forum.seized.example").await, (Exit::NotVerified, "returned".into()));
    assert_eq!(verdict(&desk, handed, "seized.example").await, (Exit::NotVerified, "not-covered".into()));
}

#[tokio::test]
async fn nothing_is_amended_that_nobody_has_signed() {
    let desk = with_keys().await;
    desk.run("notice amend {}/op").await.must(Exit::NotVerified, "notice build");
    desk.ok("notice build {}/op").await;
    for command in ["amend {}/op", "withdraw {}/op", "return {}/op --name seized.example"] {
        desk.run(&format!("notice {command}")).await.must(Exit::Refused, "no edition of notice `banner` is signed");
    }
    desk.run("notice return {}/op").await.must(Exit::Usage, "--name");
}

#[tokio::test]
async fn a_pending_withdrawal_is_replaced_with_a_word_and_once_signed_by_anybody_not_at_all() {
    let desk = with_a_forum(false).await;
    let last = || desk.read("op/site/banner/2/notice.txt");
    desk.ok("notice withdraw {}/op --decision Court-1").await;
    let replaced = "op/banner/2 withdraws the notice (order: Court-1); nobody has signed it, and it is replaced";
    desk.run("notice withdraw {}/op").await.must(Exit::Ok, replaced);
    assert!(!last().contains("\norder: Court-1\n"));
    desk.ok("notice withdraw {}/op --decision Court-1").await;
    desk.run("notice amend {}/op").await.must(Exit::Ok, replaced);
    assert!(last().contains("\nstatus: in-force\n"));
    desk.run("notice withdraw {}/op --decision Court-1").await.must(Exit::Ok, "op/banner/2 keeps the notice in force");

    desk.ok("notice sign {}/op --key {}/police.key").await;
    let signed = last();
    for line in ["amend {}/op", "withdraw {}/op --decision Court-2"] {
        let ended = desk.run(&format!("notice {line}")).await;
        ended.must(Exit::Refused, "is signed by police.example/notice");
        ended.must(Exit::Refused, "op/site/banner/2");
        assert!(last() == signed && !desk.path("op/site/banner/3").exists(), "{line}: {ended}");
    }
    // Given up by hand.
    fs::remove_dir_all(desk.path("op/site/banner/2")).unwrap();
    desk.run("notice amend {}/op").await.must(Exit::Ok, "nothing differs from op/banner/1");
}

#[tokio::test]
async fn an_amendment_that_changes_nothing_writes_nothing() {
    let desk = with_a_forum(false).await;
    let nothing = |number: u32| format!("nothing differs from op/banner/{number}, and nothing was written");
    desk.run("notice amend {}/op").await.must(Exit::Ok, &nothing(1));
    assert!(!desk.path("op/site/banner/2").exists());
    desk.edit("op/playbook.toml", "https://police.example/notices", "https://police.example/new");
    desk.run("notice amend {}/op").await.must(Exit::Ok, "wrote ");
    let second = desk.read("op/site/banner/2/notice.txt");
    for _ in ["pending", "signed"] {
        desk.clock.advance_to("2026-12-09T08:00:00Z".parse().unwrap());
        desk.run("notice amend {}/op").await.must(Exit::Ok, &nothing(2));
        assert_eq!(desk.read("op/site/banner/2/notice.txt"), second);
        sign(&desk).await;
    }
    assert!(!desk.path("op/site/banner/3").exists());
    // After a withdrawal it puts the notice up again.
    desk.ok("notice withdraw {}/op").await;
    sign(&desk).await;
    desk.clock.advance_to("2026-12-10T08:00:00Z".parse().unwrap());
    desk.run("notice amend {}/op").await.must(Exit::Ok, "wrote ");
    assert!(desk.read("op/site/banner/4/notice.txt").contains("\nstatus: in-force\n"));
}

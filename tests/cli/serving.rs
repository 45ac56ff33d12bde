//! `serve`: what it refuses to begin with, and that it ends at Ctrl-C.

use std::net::TcpListener;
use std::path::Path;

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::{Serving, shown, sign, with_keys};
use crate::register::with_an_embargo;

#[tokio::test]
async fn what_cannot_be_served_is_refused_before_a_port_is_opened() {
    let desk = with_keys().await;
    desk.run("serve {}/op --http 127.0.0.1:0").await.must(Exit::NotVerified, "notice build");
    desk.ok("notice build {}/op").await;
    desk.run("serve {}/op --http 127.0.0.1:0").await.must(Exit::Refused, "is not signed");
    desk.ok("notice sign {}/op --key {}/police.key").await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap();
    desk.write("text.pem", "no certificate\n");
    for (arguments, exit, said) in [
        ("", Exit::Usage, "no address to serve at"),
        (&*format!("--http {port}"), Exit::Environment, "stop the program that listens there"),
        (&*format!("--https {port}"), Exit::Environment, "stop the program that listens there"),
        ("--http 192.0.2.80:80", Exit::Environment, "192.0.2.80:80"),
        ("--http nowhere", Exit::Usage, "nowhere"),
        ("--https 127.0.0.1:0 --cert {}/nowhere.pem --cert-key {}/nowhere.pem", Exit::Usage, "nowhere.pem"),
        ("--https 127.0.0.1:0 --cert {}/text.pem --cert-key {}/text.pem", Exit::Usage, "text.pem"),
        ("--https 127.0.0.1:0 --cert {}/text.pem", Exit::Usage, "--cert-key"),
        ("--http 127.0.0.1:0 --edition 0", Exit::Usage, "0"),
        ("--http 127.0.0.1:0 --edition 7", Exit::Usage, "there is no edition 7; the last is 1"),
    ] {
        let ended = desk.run(&format!("serve {{}}/op {arguments}")).await;
        ended.must(exit, said);
    }
    std::fs::create_dir(desk.path("empty")).unwrap();
    desk.run("serve {}/empty --http 127.0.0.1:0").await.must(Exit::NotVerified, "empty holds no notice");
    desk.run("serve {}/nowhere --http 127.0.0.1:0").await.must(Exit::NotVerified, "nowhere");
}

#[tokio::test]
async fn a_signed_site_is_served_from_a_playbook_or_a_directory_until_ctrl_c() {
    let desk = with_keys().await;
    desk.ok("notice build {}/op").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    desk.clock.advance_to("2026-12-06T08:00:00Z".parse().unwrap());
    for what in ["{}/op", "{}/op/site", "{}/op/playbook.toml"] {
        let serving = Serving::start(&desk, &format!("serve {what} --http 127.0.0.1:0 --https 127.0.0.1:0")).await;
        let plain = serving.output.lines().find_map(|line| line.strip_prefix("http://")).unwrap();
        let verify = |name: &str| format!("verify http://{name}/ --keys {{}}/police.vkey --connect {plain}");
        let mut direct = desk.twin();
        direct.network = impound::observe::Network::system(&[]);
        direct.ok(&verify("seized.example")).await;
        let other = direct.run(&verify("spared.example")).await;
        assert_eq!(other.exit, Exit::NotVerified, "{other}");
        assert_eq!(serving.stop(), Exit::Ok);
    }
}

/// What `serve` says before it begins, line by line.
async fn told(desk: &Desk) -> Vec<String> {
    told_of(desk, "op/site").await
}

async fn told_of(desk: &Desk, what: &str) -> Vec<String> {
    let serving = Serving::start(desk, &format!("serve {{}}/{what} --http 127.0.0.1:0")).await;
    let lines = serving.messages.lines().filter(|line| !line.starts_with("serving")).map(ToOwned::to_owned).collect();
    assert_eq!(serving.stop(), Exit::Ok);
    lines
}

#[tokio::test]
async fn an_edition_that_is_not_in_force_is_served_and_told() {
    let desk = with_keys().await;
    desk.ok("notice build {}/op").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    let begins = "op/banner/1 is served, and not in force: it begins at 2026-12-06T08:00:00Z";
    assert_eq!(told(&desk).await, [begins]);
    desk.clock.advance_to("2026-12-06T08:00:00Z".parse().unwrap());
    assert!(told(&desk).await.is_empty());
    desk.clock.advance_to("2029-12-06T08:00:00Z".parse().unwrap());
    let [expired] = &told(&desk).await[..] else { panic!("one line for one edition") };
    assert!(expired.starts_with("op/banner/1 is served, and not in force: it expired at 20"), "{expired}");

    let desk = with_an_embargo().await;
    let [replaced] = &told(&desk).await[..] else { panic!("one line for one edition") };
    let why = "op/banner/1 is served, and not in force: op/banner/2 stands in its place since 2026-12-0";
    assert!(replaced.starts_with(why), "{replaced}");
}

#[tokio::test]
async fn a_row_of_editions_waits_as_a_whole_and_the_row_before_it_stands() {
    let desk = with_an_embargo().await;
    desk.edit("op/playbook.toml", "https://police.example/notices", "https://police.example/new");
    desk.ok("notice amend {}/op").await;
    for what in ["op", "op --edition 2"] {
        let lines = told_of(&desk, what).await;
        for (line, id) in lines.iter().zip([3, 4]) {
            let waits = format!("op/banner/{id} is not served yet: signed by 0 of 2");
            assert!(line.starts_with(&waits) && line.ends_with("; op/banner/1 is"), "{lines:?}");
        }
    }
    desk.run("serve {}/op --http 127.0.0.1:0 --edition 3").await.must(Exit::Usage, "the last is 2");
    // Of a row that is signed in part, nothing is known to stand.
    let pending = [desk.path("op/site/banner/4"), desk.path("pending")];
    copy(&pending[0], &pending[1]);
    sign(&desk).await;
    std::fs::rename(&pending[0], desk.path("signed")).unwrap();
    std::fs::rename(&pending[1], &pending[0]).unwrap();
    for what in ["op", "op/site"] {
        let line = format!("serve {{}}/{what} --http 127.0.0.1:0");
        desk.run(&line).await.must(Exit::Refused, "op/banner/4 is not signed");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

#[tokio::test]
async fn what_was_complete_once_never_waits_and_what_waits_is_not_recorded() {
    let desk = with_keys().await;
    shown(&desk, false).await;
    desk.edit("op/playbook.toml", "https://police.example/notices", "https://police.example/new");
    desk.ok("notice amend {}/op").await;
    let ended = desk.run("notice record {}/op --key {}/log.key").await;
    assert_eq!(ended.exit, Exit::Ok, "{ended}");
    assert_eq!(ended.output, "op/banner/1  proven\n");
    assert!(ended.messages.contains("op/banner/2 is not recorded yet: signed by 0 of 2"), "{ended}");
    // Complete by a policy of one; then the key of that one is replaced, and the edition before has one that counts.
    desk.edit("op/playbook.toml", "\nnotice = 2\n", "\nnotice = 1\n");
    desk.ok("notice sign {}/op --key {}/prosecution.key").await;
    desk.ok("key new prosecution.example/notice -o {}/other.key --unencrypted").await;
    let vkey = |file: &str| desk.read(&format!("{file}.vkey")).trim_end().to_owned();
    desk.edit("op/playbook.toml", &vkey("prosecution"), &vkey("other"));
    assert!(told_of(&desk, "op/site").await.iter().all(|line| !line.contains("yet")));
    desk.run("serve {}/op --http 127.0.0.1:0").await.must(Exit::NotVerified, "op/banner/2");
}

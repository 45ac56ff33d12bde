//! `serve`: what it refuses to begin with, and that it ends at Ctrl-C.

use std::net::TcpListener;

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::{Serving, with_keys};
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
    let serving = Serving::start(desk, "serve {}/op/site --http 127.0.0.1:0").await;
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

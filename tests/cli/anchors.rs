//! Time stamps that are not to be had, and what is typed to have them. Those that are: `tests/peers_anchor.rs`.

use std::fs;
use std::net::SocketAddr;

use impound::audit::Log;
use impound::cli::Exit;
use impound::keyring::{KeyFile, Role};
use impound::observe::Protocol;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::desk::Desk;

const ANCHOR: &str = "log anchor {}/log --keys {}/log.vkey";
const TSA: &str = "203.0.113.50:3180";

/// A desk with a log that has no entry yet.
async fn with_a_log() -> Desk {
    let desk = Desk::new();
    desk.ok("key new police.example/log/op -o {}/log.key --unencrypted").await;
    let key = KeyFile::read(&desk.path("log.key")).unwrap().unlock(Role::Log, None).unwrap();
    Log::create(&desk.path("log"), key).unwrap();
    desk
}

/// A server that answers every request with the same octets and hangs up.
async fn answering(desk: &Desk, answer: &'static [u8]) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at: SocketAddr = TSA.parse().unwrap();
    desk.network.route(Protocol::Tcp, at, listener.local_addr().unwrap()).unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut octets = [0; 4096];
            let _ = stream.read(&mut octets).await;
            let _ = stream.write_all(answer).await;
        }
    });
}

#[tokio::test]
async fn an_authority_that_gives_no_time_stamp_leaves_nothing_behind() {
    let desk = with_a_log().await;
    let line = format!("{ANCHOR} --tsa http://{TSA}/tsr");
    desk.run(&line).await.must(Exit::Environment, "http://203.0.113.50:3180/tsr gives no answer: ");
    desk.network.close(Protocol::Tcp, TSA.parse().unwrap()).unwrap();
    desk.run(&line).await.must(Exit::Environment, "take the query elsewhere with --query FILE");
    let by_name = format!("{ANCHOR} --tsa https://tsa.example/tsr");
    desk.run(&by_name).await.must(Exit::Environment, "there is no server to ask");
    for (answer, exit, said) in [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".as_slice(), Exit::Environment, "gives no answer"),
        (b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n", Exit::Environment, "HTTP status 302"),
        (b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n", Exit::Environment, "RFC 3161 queries?"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
            Exit::NotVerified,
            "the answer is not in the form of RFC 3161",
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n\x30\x05\x30\x03\x02\x01\x02",
            Exit::Environment,
            "the authority refuses, status 2",
        ),
    ] {
        answering(&desk, answer).await;
        desk.run(&line).await.must(exit, said);
    }
    assert!(!desk.path("log/anchors").exists());
}

#[tokio::test]
async fn what_is_typed_wrong_is_told_before_anybody_is_asked() {
    let desk = with_a_log().await;
    desk.write("ca.pem", "no certificate");
    for (line, exit, said) in [
        (ANCHOR.to_owned(), Exit::Usage, "--tsa <URL>"),
        (format!("{ANCHOR} --tsa tsa.example"), Exit::Usage, "is not the address of a service"),
        (format!("{ANCHOR} --tsa http://{TSA}/ --tsa-ca {{}}/ca.pem"), Exit::Usage, "must hold certificates in PEM"),
        (format!("{ANCHOR} --response {{}}/log.vkey"), Exit::NotVerified, "the answer is not in the form of RFC 3161"),
        (format!("{ANCHOR} --query {{}}/log.vkey"), Exit::Usage, "exists already"),
        (format!("{ANCHOR} --query {{}}/none/log.tsq"), Exit::Environment, "none/log.tsq"),
        ("log verify {}/log --keys {}/log.vkey --tsa-ca {}/ca.pem".to_owned(), Exit::Usage, "certificates in PEM"),
    ] {
        let ended = desk.run(&line).await;
        ended.must(exit, said);
        assert_eq!(ended.output, "", "{line}");
    }
    assert!(!desk.path("log/anchors").exists());
}

#[tokio::test]
async fn only_a_checkpoint_under_the_key_of_the_log_is_stamped() {
    let desk = with_a_log().await;
    let made = desk.json(&format!("{ANCHOR} --query {{}}/log.tsq")).await;
    assert_eq!((&made["origin"], &made["entries"]), (&"police.example/log/op".into(), &0.into()));
    desk.ok("key new police.example/log/op -o {}/same.key --unencrypted").await;
    let other = "log anchor {}/log --keys {}/same.vkey --query {}/other.tsq";
    desk.run(other).await.must(Exit::NotVerified, "checkpoint");
    // The checkpoint as it was first signed must still be there, since its very bytes are stamped.
    fs::remove_file(desk.path("log/checkpoints/0")).unwrap();
    desk.run(&format!("{ANCHOR} --query {{}}/other.tsq")).await.must(Exit::NotVerified, "checkpoints/0");
    assert!(!desk.path("other.tsq").exists());
}

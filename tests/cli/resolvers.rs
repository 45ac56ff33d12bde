//! Servers that give no usable answer: what cannot be found out is unknown, and never a pass.

use std::net::SocketAddr;

use impound::cli::Exit;
use impound::observe::{Network, Protocol};
use tokio::net::UdpSocket;

use crate::desk::Desk;
use crate::operation::with_keys;

/// What a server makes of a question.
type Reply = fn(&[u8]) -> Option<Vec<u8>>;

/// A name server on loopback that answers over UDP only, in one way.
async fn serve(reply: Reply) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut question = [0; 4096];
        while let Ok((octets, from)) = socket.recv_from(&mut question).await {
            if let Some(answer) = reply(&question[..octets]) {
                let _ = socket.send_to(&answer, from).await;
            }
        }
    });
    address
}

/// The question as an answer without records, with these two octets of flags (RFC 1035 section 4.1.1).
fn answer(question: &[u8], flags: [u8; 2]) -> Vec<u8> {
    let mut answer = question.to_vec();
    answer[2..4].copy_from_slice(&flags);
    answer
}

fn silent(_: &[u8]) -> Option<Vec<u8>> {
    None
}

fn garbage(_: &[u8]) -> Option<Vec<u8>> {
    Some(vec![0xff; 90])
}

fn for_another_question(question: &[u8]) -> Option<Vec<u8>> {
    let mut other = answer(question, [0x84, 0]);
    // The first letter of the name in the question.
    other[13] = if other[13] == b'x' { b'y' } else { b'x' };
    Some(other)
}

fn with_another_id(question: &[u8]) -> Option<Vec<u8>> {
    let mut other = answer(question, [0x84, 0]);
    other[0] ^= 0xff;
    Some(other)
}

/// Truncated, and nobody listens on TCP.
fn truncated(question: &[u8]) -> Option<Vec<u8>> {
    Some(answer(question, [0x86, 0]))
}

fn failing(question: &[u8]) -> Option<Vec<u8>> {
    Some(answer(question, [0x80, 2]))
}

fn refusing(question: &[u8]) -> Option<Vec<u8>> {
    Some(answer(question, [0x80, 5]))
}

/// An operation on a network whose resolver and registry both answer in this way, and where nothing else is.
async fn where_servers(reply: Reply) -> Desk {
    let mut desk = with_keys().await;
    let resolver: SocketAddr = "192.0.2.2:53".parse().unwrap();
    let registry: SocketAddr = "192.0.2.1:53".parse().unwrap();
    desk.network = Network::simulated(&[resolver]);
    let local = serve(reply).await;
    for world in [resolver, registry] {
        desk.network.route(Protocol::Udp, world, local).unwrap();
        desk.network.close(Protocol::Tcp, world).unwrap();
    }
    desk
}

async fn nothing_is_found_out(reply: Reply) -> Desk {
    let desk = where_servers(reply).await;
    let ended = desk.run("check {}/op").await;
    assert_eq!(ended.exit, Exit::Environment, "{ended}");
    assert!(!ended.output.contains(" pass"), "{ended}");
    desk
}

#[tokio::test]
async fn servers_that_do_not_answer_leave_everything_unknown() {
    nothing_is_found_out(silent).await;
}

#[tokio::test]
async fn servers_that_answer_garbage_leave_everything_unknown() {
    nothing_is_found_out(garbage).await;
}

#[tokio::test]
async fn answers_to_another_question_are_no_answers() {
    nothing_is_found_out(for_another_question).await;
}

#[tokio::test]
async fn answers_under_another_id_are_no_answers() {
    nothing_is_found_out(with_another_id).await;
}

#[tokio::test]
async fn truncated_answers_without_tcp_leave_everything_unknown() {
    nothing_is_found_out(truncated).await;
}

#[tokio::test]
async fn servers_that_fail_or_refuse_leave_everything_unknown() {
    nothing_is_found_out(failing).await;
    let desk = nothing_is_found_out(refusing).await;
    let after = desk.run("check {}/op --after").await;
    assert_eq!(after.exit, Exit::Environment, "{after}");
    // Nothing can be planned from it as if it were known.
    let plan = desk.run("plan {}/op").await;
    assert_ne!(plan.exit, Exit::Ok, "{plan}");
    let verified = desk.run("verify http://seized.example/ --keys {}/police.vkey").await;
    assert_eq!(verified.exit, Exit::Environment, "{verified}");
}

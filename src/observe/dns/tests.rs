use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hickory_proto::op::{Message, MessageType, Query, ResponseCode};
use hickory_proto::rr::RData;
use hickory_proto::rr::rdata::{MX, TXT};

use super::*;
use crate::observe::loopback::{
    Send, address, cname, name, name_server, noon, ns, octets, other, refusal, reply, send, soa, wire_name, world,
};
use crate::observe::{Finding, Protocol};

const SERVER: &str = "192.0.2.53:53";

fn quick() -> DnsLimits {
    DnsLimits { attempt: Duration::from_millis(100), tcp: Duration::from_millis(300), ..DnsLimits::default() }
}

fn patient() -> DnsLimits {
    DnsLimits { attempt: Duration::from_secs(20), tcp: Duration::from_secs(20), ..DnsLimits::default() }
}

/// What comes of asking `SERVER`, which answers as `answer` says, for the A records of `shop.example`.
async fn ask<F>(limits: DnsLimits, answer: F) -> Observation<DnsAnswer>
where
    F: Fn(Message, Protocol) -> Vec<Send> + Clone + std::marker::Send + Sync + 'static,
{
    let network = Network::simulated(&[]);
    let _server = name_server(&network, world(SERVER), answer).await;
    let query = DnsQuery::to_authority(world(SERVER), &name("shop.example"), RecordType::A);
    DnsClient::new(network, limits).query(&noon(), query).await
}

fn with_address(question: &Message) -> Message {
    let mut reply = reply(question);
    reply.add_answer(address("shop.example", "203.0.113.10"));
    reply
}

#[tokio::test]
async fn a_right_answer_is_told_with_its_octets_and_its_circumstances() {
    let seen = ask(patient(), |question, _| {
        let mut reply = with_address(&question);
        reply.add_authority(ns("shop.example", "ns1.shop.example"));
        reply.add_additional(address("ns1.shop.example", "192.0.2.53"));
        send(&reply)
    })
    .await;
    let answer = seen.outcome.clone().unwrap();
    assert_eq!(answer.status(), NameStatus::Exists);
    assert!(answer.authoritative);
    assert_eq!(answer.ttl(), Some(Duration::from_secs(300)));
    let zone = RecordName::from(&name("shop.example"));
    let server = answer.name_servers(&zone).pop_first().unwrap();
    assert_eq!(server.as_str(), "ns1.shop.example");
    assert_eq!(answer.glue(&server).len(), 1);
    assert_eq!(seen.line(), "A of shop.example: 203.0.113.10 [192.0.2.53:53 over UDP, 2026-11-22T12:00:00Z]");
    let evidence = seen.evidence();
    assert_eq!(evidence["version"], 1);
    assert_eq!(evidence["outcome"]["known"]["answers"][0]["data"], "203.0.113.10");
    assert_eq!(evidence["raw_bytes"], seen.raw.len());
    // What was kept is the message itself.
    let raw = Message::from_vec(&seen.raw).unwrap();
    assert_eq!(raw.answers.len(), 1);
}

#[tokio::test]
async fn a_question_is_spelt_at_random_and_offers_edns() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let network = Network::simulated(&[]);
    let heard = Arc::clone(&seen);
    let _server = name_server(&network, world(SERVER), move |question, _| {
        let spelling = question.queries[0].name().to_ascii();
        let edns = question.edns.as_ref().map(|edns| edns.max_payload());
        heard.lock().unwrap().push((spelling, edns, question.metadata.recursion_desired));
        send(&reply(&question))
    })
    .await;
    let client = DnsClient::new(network, patient());
    let long = name("a-name-of-many-letters.example");
    for _ in 0..4 {
        let query = DnsQuery::to_resolver(world(SERVER), &long, RecordType::A);
        assert!(client.query(&noon(), query).await.outcome.is_ok());
    }
    let seen = seen.lock().unwrap();
    assert!(seen.iter().all(|(_, edns, recursion)| *edns == Some(1232) && *recursion));
    assert!(seen.iter().all(|(spelling, ..)| spelling.eq_ignore_ascii_case("a-name-of-many-letters.example.")));
    // Four times the same spelling of 26 letters would be chance of one in 2^78.
    assert!(seen.iter().any(|(spelling, ..)| *spelling != seen[0].0));
}

#[tokio::test]
async fn negative_answers_are_told_apart() {
    let no_name = ask(patient(), |question, _| {
        let mut reply = refusal(&question, ResponseCode::NXDomain);
        reply.add_authority(soa("example"));
        send(&reply)
    })
    .await;
    let answer = no_name.outcome.unwrap();
    assert_eq!((answer.status(), answer.ttl()), (NameStatus::NxDomain, Some(Duration::from_secs(60))));

    let no_data = ask(patient(), |question, _| {
        let mut reply = reply(&question);
        reply.add_authority(soa("shop.example"));
        send(&reply)
    })
    .await;
    assert_eq!(no_data.outcome.unwrap().status(), NameStatus::NoData);

    let referral = ask(patient(), |question, _| {
        let mut reply = reply(&question);
        reply.metadata.authoritative = false;
        reply.add_authority(ns("shop.example", "ns1.elsewhere.test"));
        send(&reply)
    })
    .await;
    let answer = referral.outcome.unwrap();
    assert_eq!(answer.status(), NameStatus::Referral);
    assert_eq!(answer.in_words(), "referral of shop.example to ns1.elsewhere.test");

    let dangling = ask(patient(), |question, _| {
        let mut reply = refusal(&question, ResponseCode::NXDomain);
        reply.add_answer(cname("shop.example", "gone.test"));
        send(&reply)
    })
    .await;
    assert_eq!(dangling.outcome.unwrap().status(), NameStatus::Alias);
}

#[tokio::test]
async fn aliases_are_followed_within_the_answer_and_circles_end() {
    let seen = ask(patient(), |question, _| {
        let mut reply = reply(&question);
        reply.add_answer(cname("shop.example", "b.test")).add_answer(cname("b.test", "c.test"));
        reply.add_answer(address("c.test", "203.0.113.10")).add_answer(address("unrelated.test", "203.0.113.66"));
        send(&reply)
    })
    .await;
    let answer = seen.outcome.unwrap();
    assert_eq!(answer.canonical_name().as_str(), "c.test");
    assert_eq!(answer.in_words(), "203.0.113.10");

    let circle = ask(patient(), |question, _| {
        let mut reply = reply(&question);
        reply.add_answer(cname("shop.example", "b.test")).add_answer(cname("b.test", "shop.example"));
        send(&reply)
    })
    .await;
    assert_eq!(circle.outcome.unwrap().records().count(), 0);
}

#[tokio::test]
async fn a_server_that_says_it_cannot_or_will_not_has_said_nothing_about_the_name() {
    for (code, rcode, word) in [
        (ResponseCode::ServFail, 2, "SERVFAIL"),
        (ResponseCode::Refused, 5, "REFUSED"),
        (ResponseCode::FormErr, 1, "FORMERR"),
        (ResponseCode::NotImp, 4, "NOTIMP"),
    ] {
        let seen = ask(patient(), move |question, _| send(&refusal(&question, code))).await;
        assert_eq!(seen.outcome, Err(Unknown::ServerFailure { rcode }));
        assert!(seen.line().contains(&format!("unknown: the server answered {word}")), "{}", seen.line());
        assert!(!seen.raw.is_empty(), "a refusal is evidence too");
    }
    // Some servers refuse without repeating the question; a yes or no without it is not believed.
    let bare = |code| {
        move |question: Message, _| {
            let mut reply = refusal(&question, code);
            reply.queries.clear();
            send(&reply)
        }
    };
    let refused = ask(patient(), bare(ResponseCode::Refused)).await;
    assert_eq!(refused.outcome, Err(Unknown::ServerFailure { rcode: 5 }));
    let denied = ask(quick(), bare(ResponseCode::NXDomain)).await;
    assert!(matches!(denied.outcome, Err(Unknown::Mismatch { .. })));
}

#[tokio::test]
async fn silence_is_a_timeout_after_every_attempt() {
    let network = Network::simulated(&[]);
    let server = name_server(&network, world(SERVER), |_, _| Vec::new()).await;
    let query = DnsQuery::to_authority(world(SERVER), &name("shop.example"), RecordType::A);
    let seen = DnsClient::new(network, quick()).query(&noon(), query).await;
    assert_eq!(seen.outcome, Err(Unknown::Timeout { after: Duration::from_millis(300) }));
    assert_eq!(server.asked(), 3);
    assert_eq!(
        seen.evidence()["outcome"],
        serde_json::json!({"unknown": {"code": "timeout", "text": "no answer within 0.3 s"}})
    );
}

#[tokio::test]
async fn a_lost_datagram_is_sent_again() {
    let count = Arc::new(AtomicU32::new(0));
    let seen = ask(DnsLimits { attempt: Duration::from_millis(500), ..patient() }, move |question, _| {
        if count.fetch_add(1, Ordering::SeqCst) == 0 { Vec::new() } else { send(&with_address(&question)) }
    })
    .await;
    assert!(seen.outcome.is_ok(), "{}", seen.line());
}

#[tokio::test]
async fn what_is_not_the_answer_is_waited_past_and_named_when_nothing_else_comes() {
    type Wrong = fn(&Message) -> Send;
    let cases: [(&str, &str, Wrong); 7] = [
        ("garbage", "garbage", |_| Send::Octets(vec![0xff; 5])),
        ("nothing at all", "garbage", |_| Send::Octets(Vec::new())),
        ("another identifier", "mismatch", |question| {
            let mut reply = with_address(question);
            reply.metadata.id = reply.metadata.id.wrapping_add(1);
            octets(&reply)
        }),
        ("another name", "mismatch", |question| {
            let mut reply = with_address(question);
            reply.queries = vec![Query::query(wire_name("other.example"), hickory_proto::rr::RecordType::A)];
            octets(&reply)
        }),
        ("another type", "mismatch", |question| {
            let mut reply = with_address(question);
            let name = reply.queries[0].name().clone();
            reply.queries = vec![Query::query(name, hickory_proto::rr::RecordType::AAAA)];
            octets(&reply)
        }),
        ("a question back", "mismatch", |question| {
            let mut reply = with_address(question);
            reply.metadata.message_type = MessageType::Query;
            octets(&reply)
        }),
        ("another port", "timeout", |question| Send::FromAnotherPort(with_address(question).to_vec().unwrap())),
    ];
    for (case, code, wrong) in cases {
        let alone = ask(quick(), move |question, _| vec![wrong(&question)]).await;
        assert_eq!(alone.outcome.map_err(|why| why.code()), Err(code), "{case}");
        let before = ask(patient(), move |question, _| vec![wrong(&question), octets(&with_address(&question))]).await;
        assert!(before.outcome.is_ok(), "the right answer after {case}");
    }
}

#[tokio::test]
async fn a_flood_ends_the_attempt_and_not_the_program() {
    let limits = DnsLimits { attempts: 1, ..patient() };
    // Far more than is looked at, and the attempt does not wait for its time to pass.
    let seen = ask(limits, |_, _| (0..2_000).map(|_| Send::Octets(vec![7; 3])).collect()).await;
    assert!(matches!(seen.outcome, Err(Unknown::Garbage { .. })), "{}", seen.line());
    assert_eq!(seen.raw, [7; 3]);
}

#[tokio::test]
async fn a_long_answer_comes_over_tcp() {
    let seen = ask(patient(), |question, protocol| {
        let mut reply = reply(&question);
        match protocol {
            Protocol::Udp => reply.metadata.truncation = true,
            Protocol::Tcp => (0..100).for_each(|host| {
                reply.add_answer(address("shop.example", &format!("203.0.113.{host}")));
            }),
        }
        send(&reply)
    })
    .await;
    assert_eq!(seen.transport, Transport::Tcp);
    assert_eq!(seen.outcome.unwrap().data().len(), 100);
}

#[tokio::test]
async fn an_answer_cut_within_a_record_is_asked_for_over_tcp_as_well() {
    let seen = ask(patient(), |question, protocol| {
        let mut reply = with_address(&question);
        reply.metadata.truncation = protocol == Protocol::Udp;
        let mut octets = reply.to_vec().unwrap();
        if protocol == Protocol::Udp {
            octets.truncate(octets.len() - 2);
        }
        vec![Send::Octets(octets)]
    })
    .await;
    assert_eq!(seen.transport, Transport::Tcp);
    assert!(seen.outcome.is_ok(), "{}", seen.line());
}

#[tokio::test]
async fn a_cut_answer_is_never_taken_for_a_whole_one() {
    fn cut(question: &Message) -> Message {
        let mut reply = with_address(question);
        reply.metadata.truncation = true;
        reply
    }
    type Tcp = fn(&Message) -> Vec<Send>;
    let cases: [(&str, Tcp); 5] = [
        ("nothing", |_| Vec::new()),
        ("cut again", |question| send(&cut(question))),
        ("garbage", |_| vec![Send::Octets(vec![1, 2, 3])]),
        ("another identifier", |question| {
            let mut reply = with_address(question);
            reply.metadata.id = reply.metadata.id.wrapping_add(1);
            send(&reply)
        }),
        ("an empty message", |_| vec![Send::Octets(Vec::new())]),
    ];
    for (case, tcp) in cases {
        let limits = DnsLimits { tcp: quick().tcp, ..patient() };
        let seen = ask(limits, move |question, protocol| match protocol {
            Protocol::Udp => send(&cut(&question)),
            Protocol::Tcp => tcp(&question),
        })
        .await;
        assert!(matches!(seen.outcome, Err(Unknown::OnlyOverTcp(_))), "{case}: {}", seen.line());
    }
    // And where TCP is not even there.
    let network = Network::simulated(&[]);
    let _server = name_server(&network, world(SERVER), |question, _| send(&cut(&question))).await;
    network.unroute(Protocol::Tcp, world(SERVER));
    let query = DnsQuery::to_authority(world(SERVER), &name("shop.example"), RecordType::A);
    let seen = DnsClient::new(network, patient()).query(&noon(), query).await;
    let Err(Unknown::OnlyOverTcp(why)) = seen.outcome else { panic!("{}", seen.line()) };
    assert!(matches!(*why, Unknown::NotAllowed { protocol: Protocol::Tcp, .. }));
}

#[tokio::test]
async fn of_an_answer_that_ends_half_way_the_octets_that_came_are_kept() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let network = Network::simulated(&[]);
    let _server = name_server(&network, world(SERVER), |question, _| {
        let mut reply = with_address(&question);
        reply.metadata.truncation = true;
        send(&reply)
    })
    .await;
    network.unroute(Protocol::Tcp, world(SERVER));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    network.route(Protocol::Tcp, world(SERVER), listener.local_addr().unwrap()).unwrap();
    let half = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let length = stream.read_u16().await.unwrap();
        stream.read_exact(&mut vec![0; length.into()]).await.unwrap();
        stream.write_all(&[0, 100, 1, 2, 3]).await.unwrap();
    });
    let query = DnsQuery::to_authority(world(SERVER), &name("shop.example"), RecordType::A);
    let seen = DnsClient::new(network, patient()).query(&noon(), query).await;
    half.await.unwrap();
    assert_eq!(seen.outcome, Err(Unknown::OnlyOverTcp(Box::new(Unknown::Closed))));
    assert_eq!(seen.raw, [1, 2, 3]);
}

#[tokio::test]
async fn a_server_that_folds_case_is_asked_over_tcp() {
    let seen = ask(patient(), |question, _| {
        let mut reply = with_address(&question);
        reply.queries[0].set_name(wire_name("shop.example"));
        send(&reply)
    })
    .await;
    // With one chance in 2^11 the random spelling is all lower case, and UDP will do.
    assert!(seen.outcome.is_ok(), "{}", seen.line());
}

#[tokio::test]
async fn a_port_on_which_nobody_listens_is_refused_and_an_address_off_the_map_not_allowed() {
    let network = Network::simulated(&[]);
    let closed = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    network.route(Protocol::Udp, world(SERVER), closed).unwrap();
    let client = DnsClient::new(network, patient());
    let query = DnsQuery::to_authority(world(SERVER), &name("shop.example"), RecordType::A);
    assert_eq!(client.query(&noon(), query.clone()).await.outcome, Err(Unknown::Refused));
    let elsewhere = DnsQuery { server: world("198.51.100.1:53"), ..query };
    let seen = client.query(&noon(), elsewhere).await;
    assert_eq!(seen.outcome.map_err(|why| why.code()), Err("not-allowed"));
}

#[tokio::test]
async fn every_type_of_record_is_told_in_one_line() {
    let seen = ask(patient(), |question, _| {
        let mut reply = reply(&question);
        reply.add_answer(other("shop.example", RData::MX(MX::new(0, wire_name(".")))));
        let hostile = TXT::from_bytes(vec![b"v=spf1 -all", b"\x1b[31m\"\n"]);
        reply.add_answer(other("shop.example", RData::TXT(hostile)));
        reply.add_answer(soa("shop.example"));
        reply.add_answer(address("shop.example", "2001:db8::1"));
        send(&reply)
    })
    .await;
    let answer = seen.outcome.unwrap();
    let lines: Vec<String> = answer.answers.iter().map(|record| record.data.to_string()).collect();
    assert_eq!(lines, ["0 .", r#""v=spf1 -all" "\x1b[31m\"\n""#, "ns1.shop.example 2026", "2001:db8::1"]);
    // The answer holds no A record, so for the question it is empty.
    assert_eq!(answer.status(), NameStatus::NoData);
}

#[tokio::test]
async fn many_questions_are_answered_in_their_order_within_the_limits() {
    let network = Network::simulated(&[]);
    let (one, two) = (world(SERVER), world("198.51.100.53:53"));
    let echo = |question: Message, _| {
        let asked = question.queries[0].name().to_ascii().to_ascii_lowercase();
        let number: u32 = asked.trim_start_matches('n').split('.').next().unwrap().parse().unwrap();
        let mut reply = reply(&question);
        let host = std::net::Ipv4Addr::from(0xc633_6400 + number % 256).to_string();
        reply.add_answer(address(&asked, &host));
        send(&reply)
    };
    let _first = name_server(&network, one, echo).await;
    let _second = name_server(&network, two, echo).await;
    let limits = DnsLimits { in_flight: 8, in_flight_per_server: 3, ..patient() };
    let client = DnsClient::new(network, limits);
    let queries = (0..500u32).map(|number| {
        let server = if number % 3 == 0 { one } else { two };
        DnsQuery::to_authority(server, &name(&format!("n{number}.example")), RecordType::A)
    });
    let mut told = 0;
    let clock = noon();
    let work = client.query_each(&clock, queries, |seen| {
        let answer = seen.outcome.unwrap();
        assert_eq!(answer.name.as_str(), format!("n{told}.example"));
        assert_eq!(answer.in_words(), format!("198.51.100.{}", told % 256));
        told += 1;
    });
    fn can_be_spawned<T: std::marker::Send>(work: T) -> T {
        work
    }
    can_be_spawned(work).await;
    assert_eq!(told, 500);
}

proptest::proptest! {
    #[test]
    fn no_octets_make_the_reader_fail(octets in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
        let query = DnsQuery::to_authority(world(SERVER), &name("shop.example"), RecordType::A);
        let asked = Asked::new(&query).unwrap();
        let _ = asked.judge(&octets, Transport::Udp);
        if let Ok(message) = Message::from_vec(&octets) {
            let answer = DnsAnswer::from_wire(&query.name, query.record_type, &message);
            let _ = (answer.in_words(), answer.wire(), answer.ttl(), answer.data(), answer.referral());
        }
    }
}

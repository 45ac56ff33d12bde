//! A small DNS server: sockets on loopback around anything that can [`Answer`].

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, Record, RecordType};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{Semaphore, watch};

use super::WorldError;

/// The largest answer over UDP, whatever the client offers: what fits every path without fragments (DNS flag day 2020).
const UDP_MAX_BYTES: u16 = 1232;

/// The largest answer over UDP to a client that offers nothing (RFC 1035 section 4.2.1).
const UDP_PLAIN_MAX_BYTES: u16 = 512;

/// The largest DNS message there is: TCP prefixes it with two octets of length (RFC 1035 section 4.2.2).
const MESSAGE_MAX_BYTES: usize = 65_535;

/// Questions that one server works on at a time; more wait in the socket's buffer.
const IN_FLIGHT_MAX: usize = 256;

/// Connections that one server holds at a time; more wait in the listener's queue.
const CONNECTIONS_MAX: usize = 64;

/// How long a silent connection is kept (RFC 7766 section 6.2.3 advises a few seconds).
const IDLE_MAX: Duration = Duration::from_secs(10);

/// How long to leave a socket alone that has just failed, so that a lasting failure does not spin.
pub(super) const AFTER_FAILURE: Duration = Duration::from_millis(20);

/// How often a port is sought that is free for UDP and for TCP.
const BIND_ATTEMPTS: usize = 16;

/// Says when to stop: once it is true, or its sender is gone.
pub(super) type Stop = watch::Receiver<bool>;

/// Waits for the end. Servers look at this first (`biased`), so that after the end nothing is answered any more.
pub(super) async fn stopped(stop: &mut Stop) {
    // An error means that the sender is gone, and the world with it.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// What was asked.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// The name, spelled as the client spelled it.
    pub name: Name,
    /// The type of record.
    pub record_type: RecordType,
    /// Whether the client takes DNSSEC records (RFC 3225).
    pub dnssec_ok: bool,
}

/// What is answered.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub code: ResponseCode,
    pub authoritative: bool,
    pub recursion_available: bool,
    pub answers: Vec<Record>,
    pub authorities: Vec<Record>,
    pub additionals: Vec<Record>,
}

impl Reply {
    /// A reply that says nothing but this code.
    pub(super) fn code(code: ResponseCode) -> Self {
        Self {
            code,
            authoritative: false,
            recursion_available: false,
            answers: Vec::new(),
            authorities: Vec::new(),
            additionals: Vec::new(),
        }
    }
}

/// Whoever stands behind a server.
pub(super) trait Answer: Send + Sync + 'static {
    /// The answer to one question.
    fn answer(&self, question: &Question) -> impl Future<Output = Reply> + Send;
}

/// A name as the world's tables have it: lower case, no trailing dot, the root empty. Octets that host names do not
/// have are written `\DDD`, so that every dot is a border between labels.
pub(super) fn key(name: &Name) -> String {
    let mut key = String::with_capacity(name.len());
    for label in name.iter() {
        if !key.is_empty() {
            key.push('.');
        }
        for octet in label {
            match octet.to_ascii_lowercase() {
                plain @ (b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'*') => key.push(char::from(plain)),
                other => key.push_str(&format!("\\{other:03}")),
            }
        }
    }
    key
}

/// The name itself, its parent, and so on to the root, which is empty.
pub(super) fn ancestors(key: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(key), |name| match name.split_once('.') {
        Some((_, rest)) => Some(rest),
        None if name.is_empty() => None,
        None => Some(""),
    })
}

/// Whether `key` is `ancestor` or stands below it.
pub(super) fn is_within(key: &str, ancestor: &str) -> bool {
    ancestors(key).any(|name| name == ancestor)
}

/// The name of a key; `None` when it is too long for the wire.
pub(super) fn name_of(key: &str) -> Option<Name> {
    Name::from_ascii(format!("{key}.")).ok()
}

/// Starts a server on one loopback port, the same for UDP and TCP, and says which.
pub(super) async fn serve<A: Answer>(behind: Arc<A>, stop: Stop) -> Result<SocketAddr, WorldError> {
    let (datagrams, connections, local) = bind().await.map_err(|source| WorldError::Bind { source })?;
    tokio::spawn(serve_udp(datagrams, Arc::clone(&behind), stop.clone()));
    tokio::spawn(each_connection(connections, stop, move |stream| {
        let behind = Arc::clone(&behind);
        async move {
            // A broken or silent connection is the client's affair.
            let _ = converse(stream, &*behind).await;
        }
    }));
    Ok(local)
}

async fn bind() -> io::Result<(UdpSocket, TcpListener, SocketAddr)> {
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..BIND_ATTEMPTS {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let local = listener.local_addr()?;
        match UdpSocket::bind(local).await {
            Ok(socket) => return Ok((socket, listener, local)),
            // Somebody else has the port for UDP; the next one will do.
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn serve_udp<A: Answer>(socket: UdpSocket, behind: Arc<A>, mut stop: Stop) {
    let socket = Arc::new(socket);
    let permits = Arc::new(Semaphore::new(IN_FLIGHT_MAX));
    let mut buffer = vec![0; MESSAGE_MAX_BYTES];
    loop {
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
        let received = tokio::select! {
            biased;
            () = stopped(&mut stop) => return,
            received = socket.recv_from(&mut buffer) => received,
        };
        let Ok((length, from)) = received else {
            tokio::time::sleep(AFTER_FAILURE).await;
            continue;
        };
        let octets = buffer.get(..length).unwrap_or_default().to_vec();
        let (socket, behind) = (Arc::clone(&socket), Arc::clone(&behind));
        tokio::spawn(async move {
            if let Some(reply) = respond(&*behind, &octets, Some(UDP_MAX_BYTES)).await {
                // The client may be gone; it asks again if it is not.
                let _ = socket.send_to(&reply, from).await;
            }
            drop(permit);
        });
    }
}

/// Hands each connection to `converse`, a bounded number at a time, until the end.
pub(super) async fn each_connection<F>(listener: TcpListener, mut stop: Stop, converse: impl Fn(TcpStream) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
        let accepted = tokio::select! {
            biased;
            () = stopped(&mut stop) => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(AFTER_FAILURE).await;
            continue;
        };
        let (conversation, mut stop) = (converse(stream), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = stopped(&mut stop) => (),
                () = conversation => (),
            }
            drop(permit);
        });
    }
}

/// Answers one connection's questions, in order, until it ends, falls silent or talks nonsense.
async fn converse<A: Answer>(mut stream: TcpStream, behind: &A) -> io::Result<()> {
    loop {
        let read = tokio::time::timeout(IDLE_MAX, read_framed(&mut stream));
        let octets = read.await.map_err(|_| io::ErrorKind::TimedOut)??;
        let Some(reply) = respond(behind, &octets, None).await else { return Ok(()) };
        stream.write_all(&framed(&reply)).await?;
    }
}

/// One message of a connection.
pub(super) async fn read_framed(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let length = stream.read_u16().await?;
    let mut octets = vec![0; length.into()];
    stream.read_exact(&mut octets).await?;
    Ok(octets)
}

/// A message with its length before it. The codec makes none that is longer than [`MESSAGE_MAX_BYTES`].
pub(super) fn framed(message: &[u8]) -> Vec<u8> {
    let length = u16::try_from(message.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes(), message].concat()
}

/// The octets to send back; `None` for what deserves no answer. `limit` is given for UDP.
async fn respond<A: Answer>(behind: &A, octets: &[u8], limit: Option<u16>) -> Option<Vec<u8>> {
    let mut message = match admit(octets) {
        Admitted::Noise => return None,
        Admitted::Refused(message) => message,
        Admitted::Asked(question, mut message) => {
            let reply = behind.answer(&question).await;
            message.metadata.response_code = reply.code;
            message.metadata.authoritative = reply.authoritative;
            message.metadata.recursion_available = reply.recursion_available;
            message.answers = reply.answers;
            message.authorities = reply.authorities;
            message.additionals = reply.additionals;
            message
        }
    };
    let offered = message.edns.as_ref().map_or(UDP_PLAIN_MAX_BYTES, Edns::max_payload);
    if let Some(edns) = &mut message.edns {
        edns.set_max_payload(UDP_MAX_BYTES);
    }
    let whole = message.to_vec().ok()?;
    match limit {
        Some(limit) if whole.len() > offered.clamp(UDP_PLAIN_MAX_BYTES, limit).into() => {
            message.truncate().to_vec().ok()
        }
        _ => Some(whole),
    }
}

/// What a packet is.
enum Admitted {
    /// No question: silence is the only answer that cannot be turned against others.
    Noise,
    /// A question that gets this and no more.
    Refused(Message),
    /// A question, and its response with the sections still empty.
    Asked(Question, Message),
}

fn admit(octets: &[u8]) -> Admitted {
    // RFC 1035 section 4.1.1: identifier, then QR, opcode and more in the third octet.
    let Some(&[high, low, flags, _]) = octets.first_chunk::<4>().filter(|_| octets.len() >= 12) else {
        return Admitted::Noise;
    };
    if flags & 0x80 != 0 {
        return Admitted::Noise;
    }
    let id = u16::from_be_bytes([high, low]);
    let op_code = OpCode::from_u8((flags >> 3) & 0x0f);
    if op_code != OpCode::Query {
        return Admitted::Refused(Message::error_msg(id, op_code, ResponseCode::NotImp));
    }
    match Message::from_vec(octets) {
        Ok(message) => judge(message),
        Err(_) => Admitted::Refused(Message::error_msg(id, op_code, ResponseCode::FormErr)),
    }
}

fn judge(message: Message) -> Admitted {
    let mut response = Message::new(message.metadata.id, MessageType::Response, OpCode::Query);
    response.metadata.recursion_desired = message.metadata.recursion_desired;
    response.metadata.checking_disabled = message.metadata.checking_disabled;
    let dnssec_ok = message.edns.as_ref().is_some_and(|edns| edns.flags().dnssec_ok);
    let version = message.edns.as_ref().map_or(0, Edns::version);
    if let Some(offered) = &message.edns {
        let mut edns = Edns::new();
        edns.set_max_payload(offered.max_payload()).set_dnssec_ok(dnssec_ok);
        response.edns = Some(edns);
    }
    let [query] = message.queries.as_slice() else { return refused(response, ResponseCode::FormErr) };
    // The question goes back spelled as it came: clients compare the case (draft-vixie-dnsext-dns0x20).
    response.queries = vec![query.clone()];
    if version > 0 {
        return refused(response, ResponseCode::BADVERS);
    }
    match judge_query(query) {
        ResponseCode::NoError => {
            let question = Question { name: query.name().clone(), record_type: query.query_type(), dnssec_ok };
            Admitted::Asked(question, response)
        }
        code => refused(response, code),
    }
}

fn refused(mut response: Message, code: ResponseCode) -> Admitted {
    response.metadata.response_code = code;
    Admitted::Refused(response)
}

fn judge_query(query: &Query) -> ResponseCode {
    // Types 128 to 255 ask for zone transfers, for everything, and the like (RFC 6895 section 3.1); none is offered.
    match (query.query_class(), u16::from(query.query_type())) {
        (DNSClass::IN, 128..=255) => ResponseCode::NotImp,
        (DNSClass::IN, _) => ResponseCode::NoError,
        _ => ResponseCode::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says the text of its one record thirty times over.
    struct Talker;

    impl Answer for Talker {
        async fn answer(&self, question: &Question) -> Reply {
            let text = hickory_proto::rr::rdata::TXT::new(vec!["x".repeat(100)]);
            let record = |n| Record::from_rdata(question.name.clone(), n, hickory_proto::rr::RData::TXT(text.clone()));
            Reply { answers: (0..30).map(record).collect(), authoritative: true, ..Reply::code(ResponseCode::NoError) }
        }
    }

    fn query(name: &str) -> Message {
        let mut message = Message::new(7, MessageType::Query, OpCode::Query);
        message.add_query(Query::query(Name::from_ascii(name).unwrap(), RecordType::TXT));
        message
    }

    async fn ask(octets: &[u8], limit: Option<u16>) -> Option<Message> {
        respond(&Talker, octets, limit).await.map(|reply| Message::from_vec(&reply).unwrap())
    }

    #[tokio::test]
    async fn what_is_no_question_gets_silence_or_the_right_refusal() {
        let good = query("a.test.").to_vec().unwrap();
        let with = |index: usize, value: u8| {
            let mut octets = good.clone();
            octets[index] = value;
            octets
        };
        let mut other_class = query("a.test.");
        other_class.queries[0].set_query_class(DNSClass::CH);
        let mut transfer = query("a.test.");
        transfer.queries[0].set_query_type(RecordType::AXFR);
        let mut newer = query("a.test.");
        newer.set_edns(Edns::new().set_version(1).clone());
        let cases = [
            (Vec::new(), None),
            (vec![0; 11], None),
            (b"not a dns message at all"[..5].to_vec(), None),
            (with(2, 0x80), None),
            (with(2, 0x10), Some(ResponseCode::NotImp)),
            (with(2, 0x28), Some(ResponseCode::NotImp)),
            (with(2, 0x78), Some(ResponseCode::NotImp)),
            (with(5, 0), Some(ResponseCode::FormErr)),
            (with(5, 2), Some(ResponseCode::FormErr)),
            (with(12, 0xff), Some(ResponseCode::FormErr)),
            (good[..20.min(good.len() - 1)].to_vec(), Some(ResponseCode::FormErr)),
            (other_class.to_vec().unwrap(), Some(ResponseCode::Refused)),
            (transfer.to_vec().unwrap(), Some(ResponseCode::NotImp)),
            (newer.to_vec().unwrap(), Some(ResponseCode::BADVERS)),
            (good.clone(), Some(ResponseCode::NoError)),
        ];
        for (octets, expected) in cases {
            let reply = ask(&octets, None).await.map(|reply| u16::from(reply.metadata.response_code));
            assert_eq!(reply, expected.map(u16::from), "{octets:02x?}");
        }
    }

    #[tokio::test]
    async fn what_does_not_fit_is_cut_and_the_case_comes_back() {
        let mut asked = query("MiXeD.test.");
        let plain = ask(&asked.to_vec().unwrap(), Some(UDP_MAX_BYTES)).await.unwrap();
        assert!(plain.metadata.truncation && plain.answers.is_empty() && plain.edns.is_none());
        assert!(plain.queries[0].name().eq_case(asked.queries[0].name()));
        asked.set_edns(Edns::new().set_max_payload(4096).clone());
        let offered = ask(&asked.to_vec().unwrap(), Some(UDP_MAX_BYTES)).await.unwrap();
        assert!(offered.metadata.truncation && offered.edns.is_some());
        let over_tcp = ask(&asked.to_vec().unwrap(), None).await.unwrap();
        assert!(!over_tcp.metadata.truncation && over_tcp.answers.len() == 30);
    }

    proptest::proptest! {
        #[test]
        fn no_packet_is_too_strange(octets in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            if let Admitted::Refused(message) = admit(&octets) {
                proptest::prop_assert!(message.to_vec().is_ok());
            }
        }
    }

    #[test]
    fn keys_have_a_dot_only_between_labels() {
        let odd = Name::from_labels([b"A.b".as_slice(), b"Shop", b"example"]).unwrap();
        assert_eq!(key(&odd), "a\\046b.shop.example");
        assert_eq!(key(&Name::root()), "");
        assert_eq!(ancestors("a.b").collect::<Vec<_>>(), ["a.b", "b", ""]);
        assert!(is_within("a.b", "b") && is_within("b", "") && !is_within("ab", "b"));
    }
}

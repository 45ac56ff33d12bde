//! A thin DNS client: one question, one server, one answer with its octets.
//!
//! It is no resolver: it follows nothing and keeps nothing, so that each answer is evidence of what one server said at one
//! moment. The codec is hickory's; sockets, pacing and the matching of answers to questions are ours.
//!
//! Each attempt has its own connected socket with a port of the system's choice, its own identifier and its own spelling of
//! the name. A pool of longer-lived sockets would be faster; it fits behind [`DnsClient::query_each`] without a change to
//! callers.

mod answer;
mod message;
mod query_name;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub(crate) use answer::rcode_name;
pub use answer::{DnsAnswer, Ds, NameStatus, Record, RecordData, RecordName, RecordType};
pub use query_name::QueryName;

use super::network::Network;
use super::observation::{Observation, Question, Transport, Unknown};
use crate::clock::{Clock, UtcTime};
use crate::domain::DomainName;
use message::{Asked, Reply};

/// One question for one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsQuery {
    /// Whom to ask, as an address of the world.
    pub server: SocketAddr,
    /// About which name.
    pub name: QueryName,
    /// About which records.
    pub record_type: RecordType,
    /// Whether the server shall find out by itself: true for a resolver, false for an authority.
    pub recursion_desired: bool,
}

impl DnsQuery {
    /// A question to a server that holds the zone.
    pub fn to_authority(server: SocketAddr, name: &DomainName, record_type: RecordType) -> Self {
        Self { server, name: name.into(), record_type, recursion_desired: false }
    }

    /// A question to a recursive resolver.
    pub fn to_resolver(server: SocketAddr, name: &DomainName, record_type: RecordType) -> Self {
        Self { server, name: name.into(), record_type, recursion_desired: true }
    }
}

/// How long is waited, and how much is asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DnsLimits {
    /// How long one datagram is given.
    pub attempt: Duration,
    /// How many datagrams are sent before giving up.
    pub attempts: u32,
    /// How long a question over TCP is given, connection included.
    pub tcp: Duration,
    /// Questions in flight to one server: politeness, and below what makes rate limiting servers drop.
    pub in_flight_per_server: usize,
    /// Questions in flight in all: each holds a socket, and systems commonly allow 1,024.
    pub in_flight: usize,
}

impl Default for DnsLimits {
    fn default() -> Self {
        Self {
            // Resolvers commonly give a server between 1 and 2 seconds; a far one answers in 0.4.
            attempt: Duration::from_secs(2),
            attempts: 3,
            tcp: Duration::from_secs(5),
            in_flight_per_server: 32,
            in_flight: 256,
        }
    }
}

/// Datagrams that are not the answer, after which an attempt is given up: each costs a parse, and somebody may flood.
const STRAYS_MAX: u32 = 256;

/// Servers whose budget is remembered; beyond that, those with nothing in flight are forgotten.
const BUDGETS_MAX: usize = 4_096;

/// The longest datagram that is read. Servers are told 1,232, some go by an older default of 4,096.
const DATAGRAM_MAX_BYTES: usize = 4_096;

/// Asks DNS questions. Clones share the limits on what is in flight.
#[derive(Debug, Clone)]
pub struct DnsClient {
    network: Network,
    limits: DnsLimits,
    in_flight: Arc<Semaphore>,
    servers: Arc<Mutex<HashMap<SocketAddr, Arc<Semaphore>>>>,
}

/// What one question got: over what, which octets, saying what.
struct Got {
    transport: Transport,
    raw: Vec<u8>,
    outcome: Result<DnsAnswer, Unknown>,
}

impl Got {
    fn nothing(transport: Transport, why: Unknown) -> Self {
        Self { transport, raw: Vec::new(), outcome: Err(why) }
    }
}

/// The leave to have one question in flight.
struct Permit {
    _server: Option<OwnedSemaphorePermit>,
    _all: Option<OwnedSemaphorePermit>,
}

/// A question in flight that ends when nobody waits for it any more.
struct Flight {
    query: DnsQuery,
    at: UtcTime,
    task: JoinHandle<Got>,
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl DnsClient {
    /// A client on `network`. Limits of zero count as one.
    pub fn new(network: Network, limits: DnsLimits) -> Self {
        let in_flight = Arc::new(Semaphore::new(limits.in_flight.max(1)));
        Self { network, limits, in_flight, servers: Arc::default() }
    }

    /// The network it asks on.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Asks one question, over UDP and, when the answer does not fit, over TCP.
    pub async fn query(&self, clock: &dyn Clock, query: DnsQuery) -> Observation<DnsAnswer> {
        let permit = self.admit(query.server).await;
        let at = clock.now();
        let got = self.ask(&query).await;
        drop(permit);
        observed(query, at, got)
    }

    /// Asks many questions at once, within the limits, and hands the answers to `sink` in the order of the questions.
    ///
    /// At most [`DnsLimits::in_flight`] questions and answers are held at a time, however many there are. Questions to
    /// several servers go fastest when they are mixed: a server at its own limit holds up those behind it.
    pub async fn query_each<Q, S>(&self, clock: &dyn Clock, queries: Q, mut sink: S)
    where
        Q: IntoIterator<Item = DnsQuery>,
        S: FnMut(Observation<DnsAnswer>),
    {
        let mut flights: VecDeque<Flight> = VecDeque::new();
        for query in queries {
            if flights.len() >= self.limits.in_flight.max(1)
                && let Some(first) = flights.pop_front()
            {
                sink(landed(first).await);
            }
            flights.push_back(self.launch(clock, query).await);
        }
        while let Some(first) = flights.pop_front() {
            sink(landed(first).await);
        }
    }

    async fn launch(&self, clock: &dyn Clock, query: DnsQuery) -> Flight {
        let permit = self.admit(query.server).await;
        let (client, asked) = (self.clone(), query.clone());
        let task = tokio::spawn(async move {
            let got = client.ask(&asked).await;
            drop(permit);
            got
        });
        Flight { query, at: clock.now(), task }
    }

    /// Waits until one more question to `server` is within the limits. The semaphores are never closed, so both permits are
    /// always had.
    async fn admit(&self, server: SocketAddr) -> Permit {
        let of_server = self.budget(server).acquire_owned().await.ok();
        let of_all = Arc::clone(&self.in_flight).acquire_owned().await.ok();
        Permit { _server: of_server, _all: of_all }
    }

    fn budget(&self, server: SocketAddr) -> Arc<Semaphore> {
        let per_server = self.limits.in_flight_per_server.max(1);
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if servers.len() >= BUDGETS_MAX {
            // A permit holds a count of its own, so this keeps every server that is being asked.
            servers.retain(|_, budget| Arc::strong_count(budget) > 1);
        }
        Arc::clone(servers.entry(server).or_insert_with(|| Arc::new(Semaphore::new(per_server))))
    }

    async fn ask(&self, query: &DnsQuery) -> Got {
        let mut last = Got::nothing(Transport::Udp, Unknown::Timeout { after: Duration::ZERO });
        for _ in 0..self.limits.attempts.max(1) {
            match self.attempt(query).await {
                Ok(Attempt::Answered(got)) => return got,
                // TCP proves the peer by its handshake, so the spelling needs no proof there.
                Ok(Attempt::NeedsTcp) => return self.ask_tcp(query).await,
                // What was heard before is better evidence than a later silence.
                Ok(Attempt::Failed(got)) if got.raw.is_empty() && !last.raw.is_empty() => {}
                Ok(Attempt::Failed(got)) => last = got,
                Err(why) => last = Got::nothing(Transport::Udp, why),
            }
        }
        if let Err(Unknown::Timeout { after }) = &mut last.outcome {
            *after = self.limits.attempt.saturating_mul(self.limits.attempts.max(1));
        }
        last
    }

    /// One datagram and what comes back.
    async fn attempt(&self, query: &DnsQuery) -> Result<Attempt, Unknown> {
        let asked = Asked::new(query)?;
        let socket = self.network.udp(query.server).await?;
        socket.send(&asked.octets).await.map_err(|error| Unknown::from_io(&error))?;
        let mut noise = Noise::default();
        let waited = timeout(self.limits.attempt, async {
            let mut buffer = vec![0; DATAGRAM_MAX_BYTES];
            while noise.heard < STRAYS_MAX {
                let length = socket.recv(&mut buffer).await.map_err(|error| Unknown::from_io(&error))?;
                let octets = buffer.get(..length).unwrap_or_default();
                match asked.judge(octets, Transport::Udp) {
                    Reply::Answer(message) => {
                        let outcome = message::read(query, &message);
                        let got = Got { transport: Transport::Udp, raw: octets.to_vec(), outcome };
                        return Ok(Some(Attempt::Answered(got)));
                    }
                    Reply::Truncated | Reply::OtherCase => return Ok(Some(Attempt::NeedsTcp)),
                    Reply::Stray => noise.stray(octets),
                    Reply::Garbage(why) => noise.garbage(octets, why),
                }
            }
            Ok(None)
        });
        match waited.await {
            Ok(Ok(Some(attempt))) => Ok(attempt),
            Ok(Err(why)) => Err(why),
            Ok(Ok(None)) | Err(_) => Ok(Attempt::Failed(noise.into_got(self.limits.attempt))),
        }
    }

    async fn ask_tcp(&self, query: &DnsQuery) -> Got {
        let mut raw = Vec::new();
        let outcome = match timeout(self.limits.tcp, self.exchange_tcp(query, &mut raw)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Unknown::Timeout { after: self.limits.tcp }),
        };
        let outcome = outcome.map_err(|why| match why {
            // The server did answer over TCP, if only to say no.
            Unknown::ServerFailure { .. } => why,
            why => Unknown::OnlyOverTcp(Box::new(why)),
        });
        Got { transport: Transport::Tcp, raw, outcome }
    }

    /// One question over a connection of its own (RFC 7766): a length of two octets, then the message.
    async fn exchange_tcp(&self, query: &DnsQuery, raw: &mut Vec<u8>) -> Result<DnsAnswer, Unknown> {
        let asked = Asked::new(query)?;
        let mut stream = self.network.tcp(query.server).await?;
        let failed = |error: std::io::Error| Unknown::from_io(&error);
        // A question is shorter than 600 octets.
        let length = u16::try_from(asked.octets.len()).unwrap_or(u16::MAX);
        let framed = [&length.to_be_bytes(), asked.octets.as_slice()].concat();
        stream.write_all(&framed).await.map_err(failed)?;
        let length = stream.read_u16().await.map_err(failed)?;
        // What arrives goes into the evidence as it comes, and nothing else: the time may run out half way.
        (&mut stream).take(length.into()).read_to_end(raw).await.map_err(failed)?;
        if raw.len() < usize::from(length) {
            return Err(failed(std::io::ErrorKind::UnexpectedEof.into()));
        }
        match asked.judge(raw, Transport::Tcp) {
            Reply::Answer(message) => message::read(query, &message),
            Reply::Garbage(why) => Err(Unknown::Garbage { why }),
            Reply::Truncated => Err(Unknown::Garbage { why: "it is cut short even over TCP".to_owned() }),
            Reply::OtherCase | Reply::Stray => Err(Unknown::Mismatch { strays: 1 }),
        }
    }
}

enum Attempt {
    Answered(Got),
    NeedsTcp,
    Failed(Got),
}

/// What arrived that was not the answer; the last of it is kept as evidence.
#[derive(Default)]
struct Noise {
    heard: u32,
    strays: u32,
    why: Option<String>,
    last: Vec<u8>,
}

impl Noise {
    fn stray(&mut self, octets: &[u8]) {
        self.heard += 1;
        self.strays += 1;
        self.last = octets.to_vec();
    }

    fn garbage(&mut self, octets: &[u8], why: String) {
        self.heard += 1;
        self.why = Some(why);
        self.last = octets.to_vec();
    }

    fn into_got(self, waited: Duration) -> Got {
        let why = match self {
            Self { strays: 0, why: Some(why), .. } => Unknown::Garbage { why },
            Self { strays: 0, why: None, .. } => Unknown::Timeout { after: waited },
            Self { strays, .. } => Unknown::Mismatch { strays },
        };
        Got { transport: Transport::Udp, raw: self.last, outcome: Err(why) }
    }
}

async fn landed(mut flight: Flight) -> Observation<DnsAnswer> {
    let got = (&mut flight.task).await.unwrap_or_else(|_| {
        // The task neither panics nor is aborted while it is awaited; should it, then nothing is known.
        Got::nothing(Transport::Udp, Unknown::Local { kind: std::io::ErrorKind::Interrupted })
    });
    observed(flight.query.clone(), flight.at, got)
}

fn observed(query: DnsQuery, at: UtcTime, got: Got) -> Observation<DnsAnswer> {
    let DnsQuery { server, name, record_type, recursion_desired } = query;
    Observation {
        question: Question::Dns { name, record_type, recursion_desired },
        asked: Some(server),
        transport: got.transport,
        at,
        raw: got.raw,
        outcome: got.outcome,
    }
}

#[cfg(test)]
mod tests;

//! Counters, and nothing else: no visitor's address is kept.
//!
//! A page that people reach because they were victims, or customers, of a criminal service must not become a list of
//! them; and an address that is not stored cannot be demanded, leaked or lost. What an operator needs is told by counts.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::StatusCode;

use crate::language::LanguageTag;

/// What one counter counts: is the host ours, with which status and in which language was it answered.
type Kind = (bool, u16, Option<LanguageTag>);

/// One number that goes up. Clones are the same counter.
#[derive(Debug, Clone, Default)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    /// One more.
    pub fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// All counters of one server.
#[derive(Debug, Default)]
pub struct Tally {
    pub connections: Counter,
    pub peer_refusals: Counter,
    pub tls_refusals: Counter,
    pub tls_failures: Counter,
    pub accept_errors: Counter,
    /// Taken when responses are made ready, never for a request. Bounded by statuses times languages.
    requests: Mutex<BTreeMap<Kind, Counter>>,
}

impl Tally {
    /// The counter for one kind of answer; the same one each time, so that new content goes on counting.
    pub fn requests(&self, known: bool, status: StatusCode, language: Option<&LanguageTag>) -> Counter {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.entry((known, status.as_u16(), language.cloned())).or_default().clone()
    }

    /// The numbers as they stand.
    pub fn read(&self) -> Stats {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = requests.iter().map(|((known, status, language), counter)| RequestCount {
            known: *known,
            status: *status,
            language: language.clone(),
            count: counter.read(),
        });
        Stats {
            connections: self.connections.read(),
            peer_refusals: self.peer_refusals.read(),
            tls_refusals: self.tls_refusals.read(),
            tls_failures: self.tls_failures.read(),
            accept_errors: self.accept_errors.read(),
            requests: counted.filter(|requests| requests.count > 0).collect(),
        }
    }
}

/// What a server has done since it was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Connections taken.
    pub connections: u64,
    /// Connections closed at once because their peer had [`super::Options::connections_per_peer_max`] already.
    pub peer_refusals: u64,
    /// TLS clients that named no host of ours, and got no certificate.
    pub tls_refusals: u64,
    /// TLS handshakes that failed or took too long.
    pub tls_failures: u64,
    /// Times the system could not give a connection (no descriptors, for one).
    pub accept_errors: u64,
    /// Requests answered, by kind.
    pub requests: Vec<RequestCount>,
}

impl fmt::Display for Stats {
    /// One line: connections, requests for our names and for others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |known: bool| -> u64 {
            self.requests.iter().filter(|kind| kind.known == known).map(|kind| kind.count).sum()
        };
        let (connections, ours, others) = (self.connections, count(true), count(false));
        write!(f, "{connections} connections, {ours} requests for names of ours, {others} for others")
    }
}

/// How many requests were answered in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestCount {
    /// Whether the host is one of ours.
    pub known: bool,
    /// The status of the answer.
    pub status: u16,
    /// The language of the page; `None` for what is not a page.
    pub language: Option<LanguageTag>,
    /// How many.
    pub count: u64,
}

//! What was seen, and the many ways of not having seen it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use base64ct::{Base64, Encoding};
use serde::Serialize;

use super::network::Protocol;
use super::{QueryName, RdapBase, RecordType, Visit};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::DomainName;

/// One question put to the world, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation<T> {
    /// What was asked.
    pub question: Question,
    /// Who was asked, as an address of the world; `None` when the question failed before there was one to ask.
    pub asked: Option<SocketAddr>,
    /// Over what the last attempt went.
    pub transport: Transport,
    /// When the question was put.
    pub at: UtcTime,
    /// The octets received: the DNS message, or the body of the HTTP response. Bounded by the limits of each protocol.
    pub raw: Vec<u8>,
    /// What they say, or why nothing is known. [`Unknown`] is never a negative answer.
    pub outcome: Result<T, Unknown>,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// A DNS question.
    Dns {
        /// The name.
        name: QueryName,
        /// The type of record.
        record_type: RecordType,
        /// Whether the server was asked to find out by itself (a resolver), or only to say what it holds.
        recursion_desired: bool,
    },
    /// A registration data look-up.
    Rdap {
        /// The service.
        base: RdapBase,
        /// The name.
        name: DomainName,
    },
    /// A page.
    Web(Visit),
    /// Whether a TCP port takes connections.
    Knock,
}

/// Over what a question went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Datagrams.
    Udp,
    /// A plain connection.
    Tcp,
    /// A connection under TLS.
    Tls,
}

/// Why something could not be found out. None of these says anything about the thing that was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Unknown {
    /// No answer, or not all of it, within the time allowed.
    #[error("no answer within {} s", after.as_secs_f32())]
    Timeout {
        /// How long was waited, all attempts together.
        after: Duration,
    },
    /// The host says that nothing listens there.
    #[error("the connection was refused")]
    Refused,
    /// There is no way to the address.
    #[error("the address cannot be reached ({kind})")]
    Unreachable {
        /// What the system says.
        kind: io::ErrorKind,
    },
    /// The peer ended the connection before it had answered.
    #[error("the connection was closed before an answer")]
    Closed,
    /// This machine could not ask: out of sockets, no permission, no such kind of address.
    #[error("this machine could not ask ({kind})")]
    Local {
        /// What the system says.
        kind: io::ErrorKind,
    },
    /// A simulated network has no such address.
    #[error("the simulated network has no {protocol} address {address}")]
    NotAllowed {
        /// Which table was looked in.
        protocol: Protocol,
        /// The address of the world.
        address: SocketAddr,
    },
    /// An answer came that is not in the protocol's form.
    #[error("the answer cannot be read: {why}")]
    Garbage {
        /// What is wrong with it.
        why: String,
    },
    /// Only answers to other questions came, or with other identifiers: a confused server, or somebody guessing.
    #[error("{strays} answers came, none of them to this question")]
    Mismatch {
        /// How many.
        strays: u32,
    },
    /// The server says that it cannot or will not answer (RFC 1035 section 4.1.1: SERVFAIL, REFUSED, ...).
    #[error("the server answered {}", super::dns::rcode_name(*rcode))]
    ServerFailure {
        /// The response code.
        rcode: u16,
    },
    /// The server answered, but not as an authority for the zone that it was asked about: a lame delegation.
    #[error("the server is not an authority for the zone")]
    NotAuthoritative,
    /// The answer over UDP was cut short or spelt the name otherwise, and over TCP it could not be had.
    #[error("the answer over UDP cannot be used, and over TCP: {0}")]
    OnlyOverTcp(Box<Unknown>),
    /// No TLS session.
    #[error("TLS: {0}")]
    Tls(TlsFailure),
    /// More than is read.
    #[error("the answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit, in octets.
        limit_bytes: usize,
    },
    /// The service answered with an HTTP status that says neither yes nor no.
    #[error("the service answered with HTTP status {status}")]
    HttpStatus {
        /// The status.
        status: u16,
        /// When it asks to be asked again (RFC 9110 section 10.2.3, delay form).
        retry_after: Option<Duration>,
    },
    /// A redirect that is not followed: not to HTTPS, malformed, or one too many.
    #[error("the redirect to `{to}` is not followed")]
    Redirect {
        /// Where it leads, shortened and escaped.
        to: String,
    },
    /// The address of the host that was to be asked is unknown.
    #[error("the address of the host is unknown: {0}")]
    Host(Box<Unknown>),
    /// The host that was to be asked has no address.
    #[error("the host has no address")]
    NoAddress,
    /// There was nobody to ask.
    #[error("there is no server to ask")]
    NobodyToAsk,
}

/// Why there is no TLS session.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TlsFailure {
    /// The certificate is for other names.
    #[error("the certificate is not valid for the name: {0}")]
    WrongName(rustls::CertificateError),
    /// The certificate's issuer is not believed.
    #[error("the certificate's issuer is not known")]
    UnknownIssuer,
    /// The certificate is past its end, or before its beginning.
    #[error("the certificate is not valid at this time: {0}")]
    Validity(rustls::CertificateError),
    /// The certificate is bad in another way.
    #[error("the certificate is refused: {0}")]
    Certificate(rustls::CertificateError),
    /// The server ended the handshake with an alert, such as `UnrecognisedName`: it has nothing for this name.
    #[error("the server refused the handshake with the alert {0:?}")]
    Alert(rustls::AlertDescription),
    /// The server ended the connection within the handshake without saying why.
    #[error("the server closed the connection within the handshake")]
    Closed,
    /// No common version or suite, or a breach of protocol.
    #[error("{0}")]
    Protocol(rustls::Error),
}

impl TlsFailure {
    /// Whether the server itself declined to make a session for the name, as it must for a name that nobody ordered.
    /// A certificate that is refused by us is not that: the server did answer for the name.
    pub fn is_refusal_by_server(&self) -> bool {
        matches!(self, Self::Alert(_) | Self::Closed)
    }
}

impl From<rustls::Error> for TlsFailure {
    fn from(error: rustls::Error) -> Self {
        use rustls::CertificateError as Bad;
        match error {
            rustls::Error::AlertReceived(alert) => Self::Alert(alert),
            rustls::Error::InvalidCertificate(bad) => match bad {
                Bad::NotValidForName | Bad::NotValidForNameContext { .. } => Self::WrongName(bad),
                Bad::UnknownIssuer => Self::UnknownIssuer,
                Bad::Expired | Bad::ExpiredContext { .. } | Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                    Self::Validity(bad)
                }
                other => Self::Certificate(other),
            },
            other => Self::Protocol(other),
        }
    }
}

impl Unknown {
    /// What a failed system call says about the way to a peer.
    pub(super) fn from_io(error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::ConnectionRefused => Self::Refused,
            kind @ (Kind::NetworkUnreachable | Kind::HostUnreachable | Kind::NetworkDown) => Self::Unreachable { kind },
            Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => Self::Closed,
            // The system's own limit on connecting, which is longer than any of ours.
            Kind::TimedOut => Self::Unreachable { kind: Kind::TimedOut },
            kind => Self::Local { kind },
        }
    }

    /// A stable word for records and filters.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Timeout { .. } => "timeout",
            Self::Refused => "refused",
            Self::Unreachable { .. } => "unreachable",
            Self::Closed => "closed",
            Self::Local { .. } => "local",
            Self::NotAllowed { .. } => "not-allowed",
            Self::Garbage { .. } => "garbage",
            Self::Mismatch { .. } => "mismatch",
            Self::ServerFailure { .. } => "server-failure",
            Self::NotAuthoritative => "not-authoritative",
            Self::OnlyOverTcp(_) => "only-over-tcp",
            Self::Tls(failure) if failure.is_refusal_by_server() => "tls-refused",
            Self::Tls(_) => "tls",
            Self::TooLarge { .. } => "too-large",
            Self::HttpStatus { .. } => "http-status",
            Self::Redirect { .. } => "redirect",
            Self::Host(_) => "host-unknown",
            Self::NoAddress => "no-address",
            Self::NobodyToAsk => "nobody-to-ask",
        }
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
            Self::Tls => "TLS",
        })
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns { name, record_type, .. } => write!(f, "{record_type} of {name}"),
            Self::Rdap { name, .. } => write!(f, "registration of {name}"),
            Self::Web(visit) => write!(f, "{visit}"),
            Self::Knock => f.write_str("open port"),
        }
    }
}

/// An answer that can be told to people and kept as evidence.
pub trait Finding {
    /// In a few words, on one line, peer data escaped.
    fn in_words(&self) -> String;

    /// As JSON, for [`Observation::evidence`].
    fn wire(&self) -> serde_json::Value;
}

/// The largest raw answer that evidence holds within itself: any DNS message. Of a larger one it holds length and digest,
/// and the octets are kept beside it.
pub const EVIDENCE_RAW_MAX_BYTES: usize = 65_535;

/// The version of [`Evidence`].
const EVIDENCE_VERSION: u32 = 1;

#[derive(Serialize)]
struct Evidence {
    version: u32,
    question: serde_json::Value,
    asked: Option<String>,
    transport: String,
    at: UtcTime,
    outcome: EvidenceOutcome,
    raw_bytes: usize,
    raw_digest: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_base64: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum EvidenceOutcome {
    Known(serde_json::Value),
    Unknown { code: &'static str, text: String },
}

impl<T: Finding> Observation<T> {
    /// One line for people: question, answer, who was asked, over what, when.
    pub fn line(&self) -> String {
        let said = match &self.outcome {
            Ok(answer) => answer.in_words(),
            Err(unknown) => format!("unknown: {unknown}"),
        };
        let asked = self.asked.map_or_else(|| "nobody".to_owned(), |address| address.to_string());
        format!("{}: {said} [{asked} over {}, {}]", self.question, self.transport, self.at)
    }

    /// The observation as versioned JSON, without the octets: for where they are kept beside it.
    pub fn evidence_beside(&self) -> serde_json::Value {
        let mut evidence = self.evidence();
        if let Some(fields) = evidence.as_object_mut() {
            fields.remove("raw_base64");
        }
        evidence
    }

    /// The same without the octets, their number and their digest: nothing of what was left out can be guessed from it.
    pub fn evidence_without_raw(&self) -> serde_json::Value {
        let mut evidence = self.evidence_beside();
        if let Some(fields) = evidence.as_object_mut() {
            fields.remove("raw_bytes");
            fields.remove("raw_digest");
        }
        evidence
    }

    /// The observation as versioned JSON.
    pub fn evidence(&self) -> serde_json::Value {
        let outcome = match &self.outcome {
            Ok(answer) => EvidenceOutcome::Known(answer.wire()),
            Err(unknown) => EvidenceOutcome::Unknown { code: unknown.code(), text: unknown.to_string() },
        };
        let evidence = Evidence {
            version: EVIDENCE_VERSION,
            question: self.question.wire(),
            asked: self.asked.map(|address| address.to_string()),
            transport: self.transport.to_string(),
            at: self.at,
            outcome,
            raw_bytes: self.raw.len(),
            raw_digest: Digest::of(&self.raw),
            raw_base64: (self.raw.len() <= EVIDENCE_RAW_MAX_BYTES).then(|| Base64::encode_string(&self.raw)),
        };
        serde_json::json!(evidence)
    }
}

impl Question {
    fn wire(&self) -> serde_json::Value {
        match self {
            Self::Dns { name, record_type, recursion_desired } => serde_json::json!({
                "dns": {"name": name, "type": record_type.to_string(), "recursion_desired": recursion_desired}
            }),
            Self::Rdap { base, name } => serde_json::json!({"rdap": {"base": base.to_string(), "name": name}}),
            Self::Web(visit) => serde_json::json!({
                "web": {"url": visit.url(), "accept_language": visit.accept_language}
            }),
            Self::Knock => serde_json::json!("knock"),
        }
    }
}

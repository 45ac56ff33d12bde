//! What the program learns from the world: DNS, registration data, pages and ports.
//!
//! Everything here ends in an [`Observation`]: what was asked, whom, over what, when, the octets that came back, and either
//! what they say or why nothing is known. [`Unknown`] is never a negative answer: a name server that times out has not said
//! that the name is gone.
//!
//! Every socket is opened by [`Network`], so that a rehearsal runs this very code against servers on loopback.

mod delegation;
mod dns;
mod fetch;
mod host;
#[cfg(test)]
pub(crate) mod loopback;
mod network;
mod observation;
mod post;
mod rdap;
mod tcp;
mod web;

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::whole_file::ReadError;

pub use delegation::{
    CHILD_TYPES, Delegation, DsSet, NoParent, ParentSays, ParentZone, RESOLVED_TYPES, RecordSet, Said, Verdict,
    ZoneAnswers, ZoneState, ask_resolver, ask_zone, find_parent, fold, resolved,
};
pub use dns::{
    DnsAnswer, DnsClient, DnsLimits, DnsQuery, Ds, NameStatus, QueryName, Record, RecordData, RecordName, RecordType,
};
pub use fetch::{HttpLimits, Scheme, TlsSession};
pub use network::{DNS_PORT, Network, Protocol, RESOLV_CONF, resolvers_from};
pub use observation::{EVIDENCE_RAW_MAX_BYTES, Finding, Observation, Question, TlsFailure, Transport, Unknown};
pub use post::{Posted, ServiceUrl, fetch, post};
pub use rdap::{RDAP_LIMITS, RdapBase, RdapDomain, RdapStatus, Registrar, Registration, rdap_domain};
pub use tcp::{KNOCK_TIMEOUT, PortState, knock};
pub use web::{Page, Visit, WEB_LIMITS, WebHost, visit};

/// Why something cannot be asked at all, as it was configured.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    /// The list of resolvers is not read.
    #[error(transparent)]
    Resolvers(#[from] ReadError),
    /// The list of resolvers has a line that makes no sense.
    #[error("{path} is not in the form of resolv.conf")]
    ResolversMalformed {
        /// The file.
        path: PathBuf,
        /// Why.
        source: resolv_conf::ParseError,
    },
    /// A route was to be laid in the real network.
    #[error("{world} cannot be rerouted: this is not a simulated network")]
    NotSimulated {
        /// The address of the world.
        world: SocketAddr,
    },
    /// A route of a simulation was to leave the machine.
    #[error("{world} cannot be led to {local}: a simulation stays on loopback")]
    NotLoopback {
        /// The address of the world.
        world: SocketAddr,
        /// Where it was to lead.
        local: SocketAddr,
    },
    /// What was given as a certificate authority is none.
    #[error("the certificate authority cannot be used")]
    Authority {
        /// Why.
        source: rustls::Error,
    },
    /// Not the path of a page.
    #[error("`{path}` is not a path: it starts with a slash and holds no spaces")]
    Path {
        /// The text, shortened and escaped.
        path: String,
    },
    /// Not a list of languages that can be sent.
    #[error("`{value}` cannot be sent as Accept-Language")]
    AcceptLanguage {
        /// The text, shortened and escaped.
        value: String,
    },
    /// Not the address of a service to which something can be posted.
    #[error("`{url}` is not the address of a service: http or https, a host, and no fragment")]
    ServiceUrl {
        /// The text, shortened and escaped.
        url: String,
    },
    /// Not the address of an RDAP service.
    #[error("`{url}` is not the address of an RDAP service: https, a host name, and no query")]
    RdapBase {
        /// The text, shortened and escaped.
        url: String,
    },
}

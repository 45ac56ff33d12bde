//! A rehearsal: the whole operation against a simulated world.
//!
//! The world is real packets on loopback and invented content: a root, the parents of the targets with their
//! registration data, the former holders' name servers and sites, the seizure name servers, sinkholes, caching
//! resolvers and a certificate authority. The program meets it through [`crate::observe::Network`], which leads every
//! address of the world to a loopback port and refuses all others.

mod ca;
mod hosts;
mod invention;
mod rdap;
mod registry;
mod resolver;
#[cfg(test)]
mod tests;
mod wire;
mod world;
mod zones;

pub use ca::Issued;
pub use registry::{Instruction, RegistryRefusal};
pub use world::{Mapping, World};

use std::net::SocketAddr;

use crate::domain::{DomainError, DomainName};
use crate::observe::ObserveError;

/// Why there is no world, or why it does not do what it is told.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// No loopback port could be opened.
    #[error("no port could be opened on loopback")]
    Bind {
        /// What the system says.
        source: std::io::Error,
    },
    /// The world's authority could not make a certificate.
    #[error("a certificate of the simulated world could not be made")]
    Certificate {
        /// Why.
        source: rcgen::Error,
    },
    /// A TLS server of the world could not be set up.
    #[error("a TLS server of the simulated world could not be set up")]
    Tls {
        /// Why.
        source: rustls::Error,
    },
    /// A name that the world needs cannot be made, such as that of a name server in a zone with a very long name.
    #[error("a name of the simulated world cannot be made")]
    Name {
        /// Why.
        source: DomainError,
    },
    /// An address of the world could not be led to loopback.
    #[error("the simulated network could not be laid")]
    Network(#[from] ObserveError),
    /// A zone was to be activated of a name that the playbook does not redirect.
    #[error("{name} is not redirected, so the seizure name servers have no zone for it")]
    NotRedirected {
        /// The name.
        name: DomainName,
    },
    /// A server was to be taken off the net that is not on it.
    #[error("no server of the world stands open at {address}")]
    NotOpen {
        /// The address of the world.
        address: SocketAddr,
    },
    /// A server was to be handed over before there was a splash server.
    #[error("no splash server is attached to the world")]
    NoSplash,
}

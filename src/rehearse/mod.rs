//! A rehearsal: the whole operation against a simulated world.
//!
//! The world is real packets on loopback and invented content: a root, the parents of the targets with their registration
//! data, the former holders' name servers and sites, the seizure name servers, sinkholes, caching resolvers and a
//! certificate authority. The program meets it through [`crate::observe::Network`], which leads every address of the world
//! to a loopback port and refuses all others.

mod ca;
mod registry;
mod wire;
mod zones;

pub use ca::Issued;
pub use registry::{Instruction, RegistryRefusal};

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
}

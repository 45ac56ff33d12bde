//! What is needed to look.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::observe::{DnsClient, DnsLimits, HttpLimits, KNOCK_TIMEOUT, Network, RDAP_LIMITS};
use crate::playbook::Playbook;

/// The clients and the clock with which the world is looked at. Clones share the limits on what is in flight.
#[derive(Clone)]
pub struct Eyes {
    /// Asks DNS questions, on the network.
    pub dns: DnsClient,
    /// The network.
    pub network: Network,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How long an RDAP service is given.
    pub rdap_limits: HttpLimits,
    /// How long a port is given.
    pub knock_wait: Duration,
}

impl Eyes {
    /// Eyes with the limits that suit the real network.
    pub fn new(network: Network, clock: Arc<dyn Clock>) -> Self {
        Self {
            dns: DnsClient::new(network.clone(), DnsLimits::default()),
            network,
            clock,
            rdap_limits: RDAP_LIMITS,
            knock_wait: KNOCK_TIMEOUT,
        }
    }

    /// Whom to ask for ordinary look-ups: the playbook's resolvers, or else the network's.
    pub fn resolvers<'a>(&'a self, playbook: &'a Playbook) -> &'a [SocketAddr] {
        if playbook.resolvers.is_empty() { self.network.resolvers() } else { &playbook.resolvers }
    }
}

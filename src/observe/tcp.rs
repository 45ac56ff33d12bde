//! Whether a TCP port takes connections.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::timeout;

use super::network::Network;
use super::observation::{Finding, Observation, Question, Transport, Unknown};
use crate::clock::Clock;

/// How long a port is given to answer: a lost SYN is sent again after 1 and 3 seconds (RFC 6298 section 2).
pub const KNOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// What a port says to a stranger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortState {
    /// It takes connections.
    Open,
    /// The host answers that nothing listens there.
    Closed,
    /// Nothing answers: the host is off the net, or something before it swallows the question.
    Silent,
}

impl Finding for PortState {
    fn in_words(&self) -> String {
        match self {
            Self::Open => "open",
            Self::Closed => "closed (refused)",
            Self::Silent => "no answer",
        }
        .to_owned()
    }

    fn wire(&self) -> serde_json::Value {
        serde_json::json!(match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Silent => "silent",
        })
    }
}

/// Opens a connection to `address` and closes it again without a word.
///
/// Silence and refusal are answers here: of a port they are all that there is to learn.
pub async fn knock(
    network: &Network,
    clock: &dyn Clock,
    address: SocketAddr,
    wait: Duration,
) -> Observation<PortState> {
    let at = clock.now();
    let outcome = match timeout(wait, network.tcp(address)).await {
        Ok(Ok(_)) => Ok(PortState::Open),
        Ok(Err(Unknown::Refused)) => Ok(PortState::Closed),
        // The system gave up before we did: no answer to any SYN.
        Ok(Err(Unknown::Unreachable { kind: std::io::ErrorKind::TimedOut })) | Err(_) => Ok(PortState::Silent),
        Ok(Err(why)) => Err(why),
    };
    Observation {
        question: Question::Knock,
        asked: Some(address),
        transport: Transport::Tcp,
        at,
        raw: Vec::new(),
        outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::Protocol;
    use crate::observe::loopback::noon;

    #[tokio::test]
    async fn open_closed_and_not_on_the_network_are_three_things() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let local = listener.local_addr().unwrap();
        let world: SocketAddr = "198.51.100.7:443".parse().unwrap();
        let network = Network::simulated(&[]);
        let wait = Duration::from_secs(5);

        let elsewhere = knock(&network, &noon(), world, wait).await;
        assert_eq!(elsewhere.outcome, Err(Unknown::NotAllowed { protocol: Protocol::Tcp, address: world }));

        network.route(Protocol::Tcp, world, local).unwrap();
        let open = knock(&network, &noon(), world, wait).await;
        assert_eq!(open.line(), "open port: open [198.51.100.7:443 over TCP, 2026-11-22T12:00:00Z]");

        drop(listener);
        let closed = knock(&network, &noon(), world, wait).await;
        assert_eq!(closed.outcome, Ok(PortState::Closed));
        assert_ne!(closed.outcome.unwrap(), PortState::Open);
    }

    #[tokio::test]
    async fn a_port_that_says_nothing_is_silent() {
        // A backlog that is full does not answer further SYNs.
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        socket.bind(&"127.0.0.1:0".parse::<SocketAddr>().unwrap().into()).unwrap();
        socket.listen(0).unwrap();
        let local = socket.local_addr().unwrap().as_socket().unwrap();
        let world: SocketAddr = "198.51.100.7:443".parse().unwrap();
        let network = Network::simulated(&[]);
        network.route(Protocol::Tcp, world, local).unwrap();
        let _first = network.tcp(world).await.unwrap();
        let silent = knock(&network, &noon(), world, Duration::from_millis(100)).await;
        assert_eq!(silent.outcome, Ok(PortState::Silent));
    }
}

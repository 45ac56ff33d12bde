//! The seam through which every socket is opened.
//!
//! The rest of the program speaks of addresses of the world: `192.0.2.53:53` is a name server, `203.0.113.10:443` a notice
//! host. [`Network::system`] connects to them as they are. [`Network::simulated`] leads each one to a port on loopback and
//! refuses all others, so that a rehearsal runs the very code of the real day and nothing leaves the machine.

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use tokio::net::{TcpStream, UdpSocket};

use super::{ObserveError, Unknown};
use crate::whole_file;

/// Where Unix systems list their resolvers (resolv.conf(5)).
pub const RESOLV_CONF: &str = "/etc/resolv.conf";

/// The largest resolver list that is read; real ones hold a few hundred octets.
const RESOLV_CONF_MAX_BYTES: usize = 64 * 1024;

/// The port of DNS over UDP and TCP (RFC 1035 section 4.2).
pub const DNS_PORT: u16 = 53;

/// The two ways to an address; a simulated name server has different local ports for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Datagrams.
    Udp,
    /// Connections.
    Tcp,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
        })
    }
}

/// How addresses of the world are reached, which certificate authorities are believed, and whom to ask for ordinary look-ups.
///
/// Clones share one routing table.
#[derive(Debug, Clone)]
pub struct Network {
    routes: Routes,
    roots: Arc<RootCertStore>,
    resolvers: Arc<[SocketAddr]>,
}

#[derive(Debug, Clone)]
enum Routes {
    AsTheyAre,
    Simulated(Arc<RwLock<HashMap<(Protocol, SocketAddr), Route>>>),
}

/// What stands at an address of a simulated network.
#[derive(Debug, Clone, Copy)]
enum Route {
    To(SocketAddr),
    Closed,
}

impl Network {
    /// The real network, with Mozilla's roots. `resolvers` answer recursive questions; see [`resolvers_from`].
    pub fn system(resolvers: &[SocketAddr]) -> Self {
        Self::new(Routes::AsTheyAre, resolvers)
    }

    /// A network of which nothing can be reached until [`Network::route`] says how.
    pub fn simulated(resolvers: &[SocketAddr]) -> Self {
        Self::new(Routes::Simulated(Arc::default()), resolvers)
    }

    fn new(routes: Routes, resolvers: &[SocketAddr]) -> Self {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self { routes, roots: Arc::new(roots), resolvers: resolvers.into() }
    }

    /// The same network, believing only these certificate authorities.
    pub fn trusting(&self, authorities: &[CertificateDer<'_>]) -> Result<Self, ObserveError> {
        let mut roots = RootCertStore::empty();
        for authority in authorities {
            roots.add(authority.clone().into_owned()).map_err(|source| ObserveError::Authority { source })?;
        }
        Ok(Self { roots: Arc::new(roots), ..self.clone() })
    }

    /// Leads `world` to `local` from now on. Only a simulated network has routes, and they end on loopback.
    pub fn route(&self, protocol: Protocol, world: SocketAddr, local: SocketAddr) -> Result<(), ObserveError> {
        if !local.ip().is_loopback() {
            return Err(ObserveError::NotLoopback { world, local });
        }
        self.set(protocol, world, Route::To(local))
    }

    /// From now on nothing listens at `world`: the host answers that, as one does whose server was stopped. Unlike a local
    /// port that is merely closed, nobody else can come to listen there.
    pub fn close(&self, protocol: Protocol, world: SocketAddr) -> Result<(), ObserveError> {
        self.set(protocol, world, Route::Closed)
    }

    fn set(&self, protocol: Protocol, world: SocketAddr, route: Route) -> Result<(), ObserveError> {
        let Routes::Simulated(routes) = &self.routes else { return Err(ObserveError::NotSimulated { world }) };
        routes.write().unwrap_or_else(PoisonError::into_inner).insert((protocol, world), route);
        Ok(())
    }

    /// Takes `world` off a simulated network: from now on it is an address that does not exist, of which nothing can be
    /// found out. A server that was stopped is [`Network::close`]d instead.
    pub fn unroute(&self, protocol: Protocol, world: SocketAddr) {
        if let Routes::Simulated(routes) = &self.routes {
            routes.write().unwrap_or_else(PoisonError::into_inner).remove(&(protocol, world));
        }
    }

    /// The certificate authorities that are believed.
    pub fn roots(&self) -> &Arc<RootCertStore> {
        &self.roots
    }

    /// The recursive resolvers for ordinary look-ups, in order of preference; may be empty.
    pub fn resolvers(&self) -> &[SocketAddr] {
        &self.resolvers
    }

    /// Where a socket for `world` really connects.
    fn local(&self, protocol: Protocol, world: SocketAddr) -> Result<SocketAddr, Unknown> {
        match &self.routes {
            Routes::AsTheyAre => Ok(world),
            Routes::Simulated(routes) => {
                let routes = routes.read().unwrap_or_else(PoisonError::into_inner);
                match routes.get(&(protocol, world)) {
                    Some(Route::To(local)) => Ok(*local),
                    Some(Route::Closed) => Err(Unknown::Refused),
                    None => Err(Unknown::NotAllowed { protocol, address: world }),
                }
            }
        }
    }

    /// A datagram socket on a port of the system's choice, connected to `world`: what others send to it is not seen.
    pub async fn udp(&self, world: SocketAddr) -> Result<UdpSocket, Unknown> {
        let local = self.local(Protocol::Udp, world)?;
        let any: IpAddr = if local.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
        let socket = UdpSocket::bind((any, 0)).await.map_err(|error| Unknown::from_io(&error))?;
        socket.connect(local).await.map_err(|error| Unknown::from_io(&error))?;
        Ok(socket)
    }

    /// A connection to `world`. It waits as long as the system does; callers set their own limit.
    pub async fn tcp(&self, world: SocketAddr) -> Result<TcpStream, Unknown> {
        let local = self.local(Protocol::Tcp, world)?;
        let stream = TcpStream::connect(local).await.map_err(|error| Unknown::from_io(&error))?;
        // Requests are written whole; waiting for more of them (Nagle) would only delay the answer.
        stream.set_nodelay(true).map_err(|error| Unknown::from_io(&error))?;
        Ok(stream)
    }
}

/// The resolvers that `path` lists, in its order; usually of [`RESOLV_CONF`].
pub fn resolvers_from(path: &Path) -> Result<Vec<SocketAddr>, ObserveError> {
    let bytes = whole_file::read(path, RESOLV_CONF_MAX_BYTES)?;
    resolvers_in(&bytes).map_err(|source| ObserveError::ResolversMalformed { path: path.to_owned(), source })
}

/// A scoped address (`fe80::1%eth0`) is left out: its zone has no meaning outside this machine's evidence.
fn resolvers_in(bytes: &[u8]) -> Result<Vec<SocketAddr>, resolv_conf::ParseError> {
    let listed = resolv_conf::Config::parse(bytes)?.nameservers;
    Ok(listed
        .into_iter()
        .filter_map(|address| match address {
            resolv_conf::ScopedIp::V4(ip) => Some(SocketAddr::from((ip, DNS_PORT))),
            resolv_conf::ScopedIp::V6(ip, None) => Some(SocketAddr::from((ip, DNS_PORT))),
            resolv_conf::ScopedIp::V6(_, Some(_)) => None,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::whole_file::ReadError;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn a_simulated_network_reaches_what_is_routed_and_nothing_else() {
        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let network = Network::simulated(&[]);
        let world = address("192.0.2.80:80");
        let refusal = Unknown::NotAllowed { protocol: Protocol::Tcp, address: world };
        assert_eq!(network.tcp(world).await.unwrap_err(), refusal);

        let clone = network.clone();
        clone.route(Protocol::Tcp, world, server.local_addr().unwrap()).unwrap();
        assert!(network.tcp(world).await.is_ok(), "clones share the table");
        assert!(network.udp(world).await.is_err(), "each protocol has its own routes");
        // Loopback itself is no address of the world either.
        assert!(network.tcp(server.local_addr().unwrap()).await.is_err());

        network.close(Protocol::Tcp, world).unwrap();
        assert_eq!(network.tcp(world).await.unwrap_err(), Unknown::Refused);
        network.unroute(Protocol::Tcp, world);
        assert_eq!(network.tcp(world).await.unwrap_err(), refusal);
    }

    #[test]
    fn a_route_ends_on_loopback_and_belongs_to_a_simulation() {
        let simulated = Network::simulated(&[]);
        let world = address("192.0.2.53:53");
        let outside = simulated.route(Protocol::Udp, world, address("198.51.100.1:53"));
        assert!(matches!(outside, Err(ObserveError::NotLoopback { .. })));
        let system = Network::system(&[]);
        let real = system.route(Protocol::Udp, world, address("127.0.0.1:53"));
        assert!(matches!(real, Err(ObserveError::NotSimulated { .. })));
        assert!(matches!(system.close(Protocol::Udp, world), Err(ObserveError::NotSimulated { .. })));
    }

    #[test]
    fn resolvers_are_read_in_order_and_a_missing_list_is_not_an_empty_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("resolv.conf");
        assert!(matches!(resolvers_from(&path), Err(ObserveError::Resolvers(ReadError::Missing { .. }))));
        fs::write(&path, "# comment\nnameserver 192.0.2.1\nnameserver 2001:db8::1\nnameserver fe80::1%eth0\n").unwrap();
        let found = resolvers_from(&path).unwrap();
        assert_eq!(found, [address("192.0.2.1:53"), address("[2001:db8::1]:53")]);
        fs::write(&path, "nameserver not-an-address\n").unwrap();
        assert!(matches!(resolvers_from(&path), Err(ObserveError::ResolversMalformed { .. })));
        assert!(matches!(resolvers_from(dir.path()), Err(ObserveError::Resolvers(ReadError::NotAFile { .. }))));
    }

    #[test]
    fn an_authority_that_is_not_a_certificate_is_refused() {
        let refused = Network::simulated(&[]).trusting(&[CertificateDer::from(vec![1, 2, 3])]);
        assert!(matches!(refused, Err(ObserveError::Authority { .. })));
    }
}

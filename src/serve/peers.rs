//! How many connections each peer has. No address is kept longer than its connections are open.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// How many connections each peer has open. An address is in here as long as its connections are, and no longer.
#[derive(Debug)]
pub struct Peers {
    max: u32,
    open: Mutex<HashMap<IpAddr, u32>>,
}

/// One connection of a peer, counted until it is dropped.
pub struct PeerPlace {
    peers: Arc<Peers>,
    peer: Option<IpAddr>,
}

impl Peers {
    /// Each may have so many.
    pub fn at_most(max: u32) -> Self {
        Self { max, open: Mutex::default() }
    }

    /// `None` when the peer has as many as it may.
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> Option<PeerPlace> {
        let peer = peer(address);
        if let Some(peer) = peer {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let count = open.entry(peer).or_default();
            if *count >= self.max {
                return None;
            }
            *count += 1;
        }
        Some(PeerPlace { peers: Arc::clone(self), peer })
    }
}

impl Drop for PeerPlace {
    fn drop(&mut self) {
        let Some(peer) = self.peer else { return };
        let mut open = self.peers.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&peer) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&peer);
            }
        }
    }
}

/// Who counts as one peer: an IPv4 address, or the /64 that one IPv6 customer has at least. `None` for loopback.
fn peer(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        address if address.is_loopback() => None,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Some(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into())
        }
        address => Some(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_peer_has_so_many_connections_and_loopback_any_number() {
        let peers = Arc::new(Peers::at_most(2));
        for (address, same) in
            [("192.0.2.1", "192.0.2.1"), ("192.0.2.2", "::ffff:192.0.2.2"), ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2")]
        {
            let (address, same): (IpAddr, IpAddr) = (address.parse().unwrap(), same.parse().unwrap());
            let first = peers.enter(address).unwrap();
            let second = peers.enter(same).unwrap();
            assert!(peers.enter(address).is_none(), "{address}");
            drop(first);
            let third = peers.enter(address).unwrap();
            assert!(peers.enter(same).is_none(), "{address}");
            drop((second, third));
            assert!(peers.open.lock().unwrap().is_empty(), "no address is kept");
        }
        let many: Vec<_> = (0..9).map(|_| peers.enter("127.0.0.1".parse().unwrap()).unwrap()).collect();
        assert!(peers.open.lock().unwrap().is_empty());
        drop(many);
    }
}

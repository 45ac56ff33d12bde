//! The parent zone's word on a name, all its servers taken together.

use std::collections::BTreeSet;
use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;

use super::Look;
use crate::observe::{ParentSays, RecordName, Unknown};

/// How a name stands in its parent zone. Glue and lifetimes are no part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is delegated to these servers.
    Delegated(BTreeSet<RecordName>),
    /// It is not a zone of its own.
    NotDelegated,
    /// There is no such name.
    NxDomain,
}

impl From<&ParentSays> for Standing {
    fn from(says: &ParentSays) -> Self {
        match says {
            ParentSays::Delegated(delegation) => Self::Delegated(delegation.servers.keys().cloned().collect()),
            ParentSays::NotDelegated => Self::NotDelegated,
            ParentSays::NxDomain => Self::NxDomain,
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delegated(servers) => write!(f, "delegated to {}", listed(servers, ", ")),
            Self::NotDelegated => f.write_str("not delegated"),
            Self::NxDomain => f.write_str("no such name"),
        }
    }
}

/// Things in their order, with something between them.
pub(super) fn listed<T: fmt::Display>(things: impl IntoIterator<Item = T>, between: &str) -> String {
    let words: Vec<String> = things.into_iter().map(|thing| thing.to_string()).collect();
    words.join(between)
}

/// What the parent's servers say together.
#[derive(Debug, Clone, PartialEq)]
pub enum Parent {
    /// All who answered say this.
    Agreed(Standing),
    /// They contradict each other.
    Differ(BTreeSet<Standing>),
    /// Nobody answered; this is why.
    Unknown(Unknown),
}

impl Look {
    /// How the name stands in its parent zone.
    pub fn parent(&self) -> Parent {
        let said: BTreeSet<Standing> = self.parent_by_server().filter_map(|(_, says)| says.ok()).collect();
        let mut standings = said.iter();
        match (standings.next(), standings.next()) {
            (Some(standing), None) => Parent::Agreed(standing.clone()),
            (Some(_), Some(_)) => Parent::Differ(said),
            (None, _) => Parent::Unknown(self.why_no_parent()),
        }
    }

    /// What each server of the parent zone says.
    pub(super) fn parent_by_server(&self) -> impl Iterator<Item = (SocketAddr, Result<Standing, &Unknown>)> {
        let by_server = self.zone.iter().flat_map(|zone| zone.parent.by_server());
        by_server.map(|(server, says)| (server, says.map(Standing::from)))
    }

    /// The servers to which anybody of the parent delegates the name.
    pub(super) fn delegated_to(&self) -> BTreeSet<RecordName> {
        let standings = self.parent_by_server().filter_map(|(_, says)| says.ok());
        let servers = standings.filter_map(|standing| match standing {
            Standing::Delegated(servers) => Some(servers),
            _ => None,
        });
        servers.flatten().collect()
    }

    fn why_no_parent(&self) -> Unknown {
        let silent = self.parent_by_server().find_map(|(_, says)| says.err().cloned());
        let on_the_way = || self.answers.path.iter().rev().find_map(|seen| seen.outcome.as_ref().err().cloned());
        silent.or_else(on_the_way).unwrap_or(Unknown::NobodyToAsk)
    }
}

/// Whether this machine has no way to the address, as one without IPv6 has none to half of the world. It says nothing
/// about the server, and others answered for it or did not.
pub(super) fn is_out_of_reach(why: &Unknown) -> bool {
    let no_way = |kind: &ErrorKind| *kind != ErrorKind::TimedOut;
    match why {
        Unknown::Unreachable { kind } => no_way(kind),
        Unknown::Local { .. } => true,
        Unknown::OnlyOverTcp(why) => is_out_of_reach(why),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Sketch, name};
    use super::*;

    #[test]
    fn servers_that_answer_decide_and_contradictions_are_kept() {
        let a = Sketch::new("shop.example").delegated("192.0.2.10", &["ns1.old.test", "ns2.old.test"]);
        let both = BTreeSet::from([RecordName::from(&name("ns1.old.test")), RecordName::from(&name("ns2.old.test"))]);
        let one_silent = a.clone().parent_silent("192.0.2.11").look();
        assert_eq!(one_silent.parent(), Parent::Agreed(Standing::Delegated(both)));
        let differing = a.parent_nxdomain("192.0.2.11").look();
        assert!(matches!(differing.parent(), Parent::Differ(said) if said.len() == 2));
        let silent = Sketch::new("shop.example").parent_silent("192.0.2.10").look();
        assert!(matches!(silent.parent(), Parent::Unknown(Unknown::Timeout { .. })));
        assert_eq!(Sketch::new("shop.example").look().parent(), Parent::Unknown(Unknown::NobodyToAsk));
    }

    #[test]
    fn no_way_to_an_address_is_not_silence() {
        let cases = [
            (Unknown::Unreachable { kind: ErrorKind::NetworkUnreachable }, true),
            (Unknown::Unreachable { kind: ErrorKind::TimedOut }, false),
            (Unknown::Local { kind: ErrorKind::AddrNotAvailable }, true),
            (Unknown::OnlyOverTcp(Box::new(Unknown::Refused)), false),
            (Unknown::Refused, false),
        ];
        for (why, expected) in cases {
            assert_eq!(is_out_of_reach(&why), expected, "{why:?}");
        }
    }
}

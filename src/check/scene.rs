//! What a check is given: the playbook, one target, what was seen of it, and the time.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use super::look::destination;
use super::{Certainty, Check, Finding, Look, Severity};
use crate::authority::Action;
use crate::clock::UtcTime;
use crate::domain::DomainName;
use crate::observe::{RdapDomain, RecordName, Registration};
use crate::playbook::{NameServer, Playbook, Registry, Target};

/// The arguments of every check.
pub(super) struct Scene<'a> {
    pub(super) playbook: &'a Playbook,
    pub(super) target: &'a Target,
    pub(super) look: &'a Look,
    pub(super) now: UtcTime,
}

impl<'a> Scene<'a> {
    pub(super) fn action(&self) -> Action {
        self.target.means.action()
    }

    /// Whether the action is one of those.
    pub(super) fn is(&self, actions: &[Action]) -> bool {
        actions.contains(&self.action())
    }

    /// Whether the action is carried out in the parent zone.
    pub(super) fn is_in_parent_zone(&self) -> bool {
        self.is(&[Action::Redirect, Action::Suspend, Action::Sinkhole, Action::Block])
    }

    /// Whether the action moves the delegation to other servers.
    pub(super) fn moves_delegation(&self) -> bool {
        self.is(&[Action::Redirect, Action::Sinkhole])
    }

    /// The servers to which the action moves the delegation.
    pub(super) fn destination(&self) -> &'a [NameServer] {
        destination(self.playbook, &self.target.means)
    }

    /// Their names.
    pub(super) fn destination_names(&self) -> BTreeSet<RecordName> {
        names_of(self.destination())
    }

    /// Addresses where notices are served.
    pub(super) fn notice_addresses(&self) -> BTreeSet<IpAddr> {
        self.playbook.notice_hosts.iter().flat_map(|host| host.addresses.iter().copied()).collect()
    }

    pub(super) fn registry(&self) -> Option<&'a Registry> {
        match &self.target.subject {
            crate::authority::Subject::Name(name) => self.playbook.registry_of(name),
            _ => None,
        }
    }

    /// What the registry holds, when it is known and there is anything.
    pub(super) fn registered(&self) -> Option<&'a RdapDomain> {
        match self.look.registration() {
            Some(Ok(Registration::Registered(domain))) => Some(domain),
            _ => None,
        }
    }

    /// A finding that was seen.
    pub(super) fn seen(&self, check: &Check, severity: Severity, message: String) -> Finding {
        self.finding(check, severity, Certainty::Seen, message)
    }

    /// A finding that something could not be found out, which would weigh this much at worst.
    pub(super) fn not_known(&self, check: &Check, severity: Severity, message: String) -> Finding {
        self.finding(check, severity, Certainty::NotKnown, message)
    }

    fn finding(&self, check: &Check, severity: Severity, certainty: Certainty, message: String) -> Finding {
        let subject = self.target.subject.clone();
        Finding { code: check.code, severity, certainty, subject, message, evidence: Vec::new() }
    }
}

/// The names of name servers, as records have them.
pub(super) fn names_of(servers: &[NameServer]) -> BTreeSet<RecordName> {
    servers.iter().map(|server| RecordName::from(&server.name)).collect()
}

/// Whether any of the servers has the address.
pub(super) fn server_at(servers: &[NameServer], address: SocketAddr) -> Option<&DomainName> {
    servers.iter().find(|server| server.addresses.contains(&address.ip())).map(|server| &server.name)
}

//! The legal gate: orders, what they cover, and the proof that they were asked.
//!
//! An [`Authorization`] says that one order, in force at one moment, covers one subject and one action. Nothing but
//! [`Order::authorize`] makes one, and drawing a plan or signing a notice takes one, so a program that skips the law does
//! not compile:
//!
//! ```compile_fail
//! use impound::authority::{Action, Authorization, OrderId, Subject};
//! use impound::clock::UtcTime;
//!
//! fn skip_the_law(order: OrderId, subject: Subject) -> Authorization {
//!     // The fields are private: an authorization cannot be written down, only be given by an order.
//!     Authorization { order, subject, action: Action::Redirect, at: UtcTime::from_unix(0) }
//! }
//! ```
//!
//! The way that compiles is to ask the order:
//!
//! ```
//! use impound::authority::{Action, Authorization, Order, Refusal, Subject};
//! use impound::clock::UtcTime;
//!
//! fn ask_the_law(order: &Order, subject: &Subject, now: UtcTime) -> Result<Authorization, Refusal> {
//!     order.authorize(subject, Action::Redirect, now)
//! }
//! ```

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::{DomainName, NameList, OnionName};

/// What an order lets happen to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// The delegation moves to the seizure name servers.
    Redirect,
    /// The registry puts the name on hold.
    Suspend,
    /// The delegation moves to a named sinkhole.
    Sinkhole,
    /// An unregistered (generated) name is reserved or registered.
    Block,
    /// The server was taken, or its hoster puts up the notice; the DNS stays.
    Host,
    /// A server is taken off the net.
    Offline,
    /// An onion service whose key is held shows the notice.
    Onion,
}

impl Action {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 7] =
        [Self::Redirect, Self::Suspend, Self::Sinkhole, Self::Block, Self::Host, Self::Offline, Self::Onion];

    /// The word in playbooks, plans and logs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Redirect => "redirect",
            Self::Suspend => "suspend",
            Self::Sinkhole => "sinkhole",
            Self::Block => "block",
            Self::Host => "host",
            Self::Offline => "offline",
            Self::Onion => "onion",
        }
    }

    /// The action of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }

    /// Whether visitors are shown a notice.
    pub fn shows_notice(self) -> bool {
        matches!(self, Self::Redirect | Self::Host | Self::Onion)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What an action happens to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A domain name.
    Name(DomainName),
    /// An onion service.
    Onion(OnionName),
    /// A server, by address and port.
    Server(SocketAddr),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Onion(name) => name.fmt(f),
            Self::Server(address) => f.pad(&address.to_string()),
        }
    }
}

/// A short name for an order, used inside one operation: `court-118`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(Arc<str>);

impl OrderId {
    /// Wraps an identifier that the playbook has checked.
    pub(crate) fn new(id: String) -> Self {
        Self(id.into())
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// What gives an order its force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// A court's order.
    CourtOrder,
    /// A warrant.
    Warrant,
    /// A decision of another state's court, carried out on request (mutual legal assistance, European Investigation Order).
    LegalAssistance,
    /// A regulator's or other authority's decision.
    Regulatory,
    /// The holder of the name or server agreed in writing.
    Consent,
}

impl OrderKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::CourtOrder, Self::Warrant, Self::LegalAssistance, Self::Regulatory, Self::Consent];

    /// The word in playbooks.
    pub fn word(self) -> &'static str {
        match self {
            Self::CourtOrder => "court-order",
            Self::Warrant => "warrant",
            Self::LegalAssistance => "legal-assistance",
            Self::Regulatory => "regulatory",
            Self::Consent => "consent",
        }
    }

    /// The kind of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// The order's own paper, as a file of the operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Path as the playbook writes it, below the operation's directory.
    pub path: PathBuf,
    /// Digest of the file; compared when the playbook is loaded.
    pub digest: Digest,
}

/// What an order covers.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Exactly these names.
    pub names: BTreeSet<DomainName>,
    /// These names and every name below them.
    pub subtrees: Vec<DomainName>,
    /// Every name of these lists.
    pub lists: Vec<Arc<NameList>>,
    /// These onion services.
    pub onions: BTreeSet<OnionName>,
    /// Servers at these addresses, any port.
    pub servers: BTreeSet<IpAddr>,
    /// These actions and no other.
    pub actions: BTreeSet<Action>,
}

impl Scope {
    /// Whether the order names the subject, whatever the action.
    pub fn covers(&self, subject: &Subject) -> bool {
        match subject {
            Subject::Name(name) => {
                self.names.contains(name)
                    || self.subtrees.iter().any(|ancestor| name.is_within(ancestor))
                    || self.lists.iter().any(|list| list.contains(name))
            }
            Subject::Onion(name) => self.onions.contains(name),
            Subject::Server(address) => self.servers.contains(&address.ip()),
        }
    }
}

/// An order: who decided what, when, for how long, about which names.
#[derive(Debug, Clone)]
pub struct Order {
    /// Its short name in the operation.
    pub id: OrderId,
    /// What gives it force.
    pub kind: OrderKind,
    /// The court or authority that issued it.
    pub issuer: String,
    /// ISO 3166-1 alpha-2 code of the state whose law it is.
    pub jurisdiction: String,
    /// Its own reference, docket or file number.
    pub reference: String,
    /// The law it rests on.
    pub statute: String,
    /// In force from this moment.
    pub issued: UtcTime,
    /// In force before this moment.
    pub expires: UtcTime,
    /// When it must be looked at again.
    pub review: Option<UtcTime>,
    /// The paper.
    pub document: Document,
    /// What it covers.
    pub scope: Scope,
}

/// Why the law says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The order is not in force yet.
    #[error("order `{order}` is in force from {issued} only; it was asked about {at}")]
    NotYet {
        /// The order.
        order: OrderId,
        /// When it begins.
        issued: UtcTime,
        /// The moment asked about.
        at: UtcTime,
    },
    /// The order has expired.
    #[error("order `{order}` expired at {expires}; it was asked about {at}")]
    Expired {
        /// The order.
        order: OrderId,
        /// When it ended.
        expires: UtcTime,
        /// The moment asked about.
        at: UtcTime,
    },
    /// The order does not name the subject.
    #[error("order `{order}` does not cover {subject}")]
    Subject {
        /// The order.
        order: OrderId,
        /// What is not covered.
        subject: Subject,
    },
    /// The order covers the subject, but not for this action.
    #[error("order `{order}` does not allow `{action}`")]
    Action {
        /// The order.
        order: OrderId,
        /// What is not allowed.
        action: Action,
    },
}

impl Order {
    /// Asks the order whether it covers this subject and action at this moment.
    pub fn authorize(&self, subject: &Subject, action: Action, at: UtcTime) -> Result<Authorization, Refusal> {
        let order = || self.id.clone();
        if at < self.issued {
            return Err(Refusal::NotYet { order: order(), issued: self.issued, at });
        }
        if at >= self.expires {
            return Err(Refusal::Expired { order: order(), expires: self.expires, at });
        }
        if !self.scope.covers(subject) {
            return Err(Refusal::Subject { order: order(), subject: subject.clone() });
        }
        if !self.scope.actions.contains(&action) {
            return Err(Refusal::Action { order: order(), action });
        }
        Ok(Authorization { order: order(), subject: subject.clone(), action, at })
    }
}

/// The proof that an order in force covers a subject and an action. See the module's own page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    order: OrderId,
    subject: Subject,
    action: Action,
    at: UtcTime,
}

impl Authorization {
    /// The order that gave it.
    pub fn order(&self) -> &OrderId {
        &self.order
    }

    /// What it is about.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What it allows.
    pub fn action(&self) -> Action {
        self.action
    }

    /// The moment for which it was given.
    pub fn at(&self) -> UtcTime {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> UtcTime {
        text.parse().unwrap()
    }

    fn order() -> Order {
        Order {
            id: OrderId::new("court-1".into()),
            kind: OrderKind::CourtOrder,
            issuer: "Court".into(),
            jurisdiction: "NL".into(),
            reference: "1/2026".into(),
            statute: "Act".into(),
            issued: time("2026-01-01T00:00:00Z"),
            expires: time("2027-01-01T00:00:00Z"),
            review: None,
            document: Document { path: "order.txt".into(), digest: Digest::of("order") },
            scope: Scope {
                names: ["shop.example".parse().unwrap()].into(),
                subtrees: vec!["gang.example".parse().unwrap()],
                lists: vec![Arc::new(["listed.example".parse().unwrap()].into_iter().collect())],
                servers: ["192.0.2.7".parse().unwrap()].into(),
                actions: [Action::Redirect, Action::Offline].into(),
                ..Scope::default()
            },
        }
    }

    #[test]
    fn only_what_the_order_says_is_authorized() {
        let now = time("2026-06-01T00:00:00Z");
        let name = |text: &str| Subject::Name(text.parse().unwrap());
        let server = |text: &str| Subject::Server(text.parse().unwrap());
        let cases = [
            (name("shop.example"), Action::Redirect, true),
            (name("www.shop.example"), Action::Redirect, false),
            (name("gang.example"), Action::Redirect, true),
            (name("a.b.gang.example"), Action::Redirect, true),
            (name("notgang.example"), Action::Redirect, false),
            (name("listed.example"), Action::Redirect, true),
            (name("example"), Action::Redirect, false),
            (name("shop.example"), Action::Suspend, false),
            (server("192.0.2.7:443"), Action::Offline, true),
            (server("192.0.2.8:443"), Action::Offline, false),
        ];
        for (subject, action, allowed) in cases {
            assert_eq!(order().authorize(&subject, action, now).is_ok(), allowed, "{subject} {action}");
        }
    }

    #[test]
    fn an_order_is_in_force_from_its_first_second_to_before_its_last() {
        let subject = Subject::Name("shop.example".parse().unwrap());
        let ask = |at: &str| order().authorize(&subject, Action::Redirect, time(at));
        assert!(matches!(ask("2025-12-31T23:59:59Z"), Err(Refusal::NotYet { .. })));
        assert!(ask("2026-01-01T00:00:00Z").is_ok());
        assert!(ask("2026-12-31T23:59:59Z").is_ok());
        assert!(matches!(ask("2027-01-01T00:00:00Z"), Err(Refusal::Expired { .. })));
    }
}

//! Orders: their papers, their time and what they cover.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::authority::{Action, Document, Order, OrderId, OrderKind, Scope, Subject};
use crate::clock::UtcTime;
use crate::domain::NameList;

use super::Id;
use super::files::Folder;
use super::problem::{Code, Problems};
use super::source::Place;
use super::spec::{OrderSpec, Placed, ScopeSpec};
use super::targets::name_or_onion;
use super::values::{Defined, address, country, domain, identifier, time, unique};

/// What orders are read with.
pub(super) struct Surroundings<'a> {
    pub folder: &'a Folder,
    pub defined: &'a Defined,
    /// The lists that scopes refer to.
    pub lists: &'a BTreeMap<Id, Arc<NameList>>,
    pub hour: Option<UtcTime>,
}

pub(super) fn orders(problems: &mut Problems, around: &Surroundings<'_>, specs: &[Placed<OrderSpec>]) -> Vec<Order> {
    unique(problems, "order", specs.iter().map(|spec| &spec.id));
    specs.iter().filter_map(|spec| order(problems, around, spec)).collect()
}

fn order(problems: &mut Problems, around: &Surroundings<'_>, spec: &OrderSpec) -> Option<Order> {
    let id = identifier(problems, &spec.id);
    let kind = OrderKind::of_word(&spec.kind);
    let jurisdiction = country(problems, &spec.jurisdiction);
    let issued = time(problems, &spec.issued);
    let expires = time(problems, &spec.expires);
    let review = spec.review.as_ref().and_then(|moment| time(problems, moment));
    if let (Some(issued), Some(expires)) = (issued, expires) {
        period(problems, spec, issued, expires, review, around.hour);
    }
    let document = around.folder.known(problems, &spec.document);
    let scope = scope(problems, around, &spec.scope);
    let document = document.map(|file| Document { path: file.path, digest: file.digest });
    Some(Order {
        id: OrderId::new(id?.to_string()),
        kind: kind?,
        issuer: spec.issuer.value.clone(),
        jurisdiction: jurisdiction?,
        reference: spec.reference.value.clone(),
        statute: spec.statute.value.clone(),
        issued: issued?,
        expires: expires?,
        review,
        document: document?,
        scope,
    })
}

fn period(
    problems: &mut Problems,
    spec: &OrderSpec,
    issued: UtcTime,
    expires: UtcTime,
    review: Option<UtcTime>,
    hour: Option<UtcTime>,
) {
    if expires <= issued {
        problems.add(
            Code::OrderPeriod,
            &spec.expires,
            "the order expires before it is issued",
            "compare with the document",
        );
        problems.also(&spec.issued, "issued");
        return;
    }
    if let (Some(moment), Some(review)) = (&spec.review, review)
        && (review < issued || review > expires)
    {
        let help = format!("write a time from {issued} to {expires}");
        problems.add(Code::ReviewDate, moment, "the review is not while the order is in force", help);
    }
    let Some(hour) = hour else { return };
    let id = &spec.id.value;
    if hour < issued {
        let message = format!("order `{id}` is not in force yet at the hour, {hour}");
        problems.add(Code::OrderNotYet, &spec.issued, message, "move the hour, or correct the date");
    }
    if hour >= expires {
        let message = format!("order `{id}` has expired at the hour, {hour}");
        problems.add(Code::OrderExpired, &spec.expires, message, "have the order extended, or move the hour");
    }
}

fn scope(problems: &mut Problems, around: &Surroundings<'_>, spec: &Placed<ScopeSpec>) -> Scope {
    let mut scope = Scope::default();
    for text in &spec.names {
        match name_or_onion(problems, text) {
            Some(Subject::Name(name)) => drop(scope.names.insert(name)),
            Some(Subject::Onion(name)) => drop(scope.onions.insert(name)),
            _ => {}
        }
    }
    scope.subtrees = spec.subtrees.iter().filter_map(|text| domain(problems, text)).collect();
    let lists = around.defined.refer_all(problems, "list", &spec.lists);
    scope.lists = lists.iter().filter_map(|id| around.lists.get(id).cloned()).collect();
    scope.servers = spec.servers.iter().filter_map(|text| address(problems, text)).collect();
    scope.actions = spec.actions.iter().filter_map(|word| Action::of_word(word)).collect();
    if spec.actions.is_empty() {
        problems.add(
            Code::Lacks,
            spec,
            "the order allows no action",
            "write the actions it allows: actions = [\"redirect\"]",
        );
    }
    scope
}

/// The orders that could be read, and where their scopes stand, to hold targets against them.
pub(super) struct Gate<'a> {
    pub orders: &'a [Order],
    pub specs: &'a [Placed<OrderSpec>],
}

impl Gate<'_> {
    pub fn order(&self, id: &OrderId) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == *id)
    }

    fn scope_place(&self, id: &OrderId) -> Option<Place> {
        self.specs.iter().find(|spec| spec.id.value == id.as_str()).map(|spec| Place::from(&spec.scope))
    }

    /// Notes that an order does not cover a subject.
    pub fn outside(&self, problems: &mut Problems, place: Place, id: &OrderId, what: &str) {
        let help = "if the order names it, add it to the order's scope; if not, name the order that does";
        problems.add(Code::OutsideScope, place, format!("order `{id}` does not cover {what}"), help);
        self.show_scope(problems, id);
    }

    /// Notes when an order does not allow an action.
    pub fn allows(&self, problems: &mut Problems, place: Place, order: &Order, action: Action) {
        if order.scope.actions.contains(&action) {
            return;
        }
        let allowed: Vec<_> = order.scope.actions.iter().map(|action| format!("`{action}`")).collect();
        let message = format!("order `{}` does not allow `{action}`", order.id);
        let help = format!("the order allows {}; name one of these, or the order that allows it", allowed.join(", "));
        problems.add(Code::ActionNotAllowed, place, message, help);
        self.show_scope(problems, &order.id);
    }

    fn show_scope(&self, problems: &mut Problems, id: &OrderId) {
        if let Some(scope) = self.scope_place(id) {
            problems.also(scope, "the order's scope");
        }
    }
}

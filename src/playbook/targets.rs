//! Targets, one by one and by the thousand: what they are, how they are treated, and whether the law covers them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use icu_properties::CodePointMapData;
use icu_properties::props::Script;

use crate::authority::{Action, OrderId, Subject};
use crate::digest::Digest;
use crate::domain::{DomainName, ListProblem, ListProblemKind, NameList, NameListLimits, OnionName, excerpt};
use crate::words::counted;

use super::files::{Folder, LIST_MAX_BYTES, compare, digest};
use super::network::public;
use super::orders::Gate;
use super::problem::{Code, Problems};
use super::source::{Place, Source};
use super::spec::{ListSpec, Placed, PlaybookSpec, TargetSpec};
use super::values::{Defined, addresses, domain, identifier, socket, unique};
use super::{Exclusivity, Id, Means, Registry, Target, TargetList};

/// Bad lines of one list that are shown one by one; more would hide the other problems.
const LINES_SHOWN: usize = 20;

/// Bad lines of one list that are counted; a list with more is another kind of file.
const LINES_COUNTED: usize = 10_000;

/// A name of the DNS or an onion service.
pub(super) fn name_or_onion(problems: &mut Problems, text: &Placed<String>) -> Option<Subject> {
    if !text.trim_end_matches('.').to_ascii_lowercase().ends_with(".onion") {
        return domain(problems, text).map(Subject::Name);
    }
    match text.parse::<OnionName>() {
        Ok(name) => Some(Subject::Onion(name)),
        Err(error) => {
            problems.add(Code::Onion, text, error.to_string(), "copy the name again from the evidence");
            None
        }
    }
}

/// The files of all lists, by the lists' short names.
pub(super) fn read_lists(
    problems: &mut Problems,
    folder: &Folder,
    specs: &[Placed<ListSpec>],
) -> BTreeMap<Id, Arc<NameList>> {
    let mut lists = BTreeMap::new();
    for spec in specs {
        let names = read_list(problems, folder, spec);
        if let (Some(id), Some(names)) = (Id::parse(&spec.id), names) {
            lists.insert(id, Arc::new(names));
        }
    }
    lists
}

fn read_list(problems: &mut Problems, folder: &Folder, spec: &ListSpec) -> Option<NameList> {
    let written = digest(problems, &spec.sha256);
    let bytes = folder.read(problems, &spec.path, &Place::from(&spec.path), LIST_MAX_BYTES)?;
    let same = written.and_then(|written| compare(problems, &spec.sha256, written, Digest::of(&bytes), &spec.path));
    let limits = NameListLimits { problems: LINES_COUNTED, ..NameListLimits::default() };
    let (names, mut bad) = NameList::parse(&bytes, limits);
    let only = bad.len() == 1;
    // That no name is left says nothing new when every line is bad.
    bad.retain(|line| line.kind != ListProblemKind::Empty || only);
    show_lines(problems, folder, spec, &bytes, &bad);
    (same.is_some() && bad.is_empty()).then_some(names)
}

/// Shows the first bad lines in the list itself and counts the rest.
fn show_lines(problems: &mut Problems, folder: &Folder, spec: &ListSpec, bytes: &[u8], bad: &[ListProblem]) {
    let wanted: BTreeMap<usize, &ListProblem> = bad.iter().take(LINES_SHOWN).map(|bad| (bad.line, bad)).collect();
    let Some(last) = wanted.keys().next_back().copied() else { return };
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate().take(last) {
        /// A line longer than this is no name, and its beginning is enough to find it.
        const SHOWN: usize = 300;
        let Some(bad) = wanted.get(&(index + 1)) else { continue };
        let text = String::from_utf8_lossy(line.get(..SHOWN).unwrap_or(line)).trim_end().to_owned();
        let span = 0..text.len();
        let path = folder.root.join(&spec.path.value);
        let source = problems.source(Source { path, text, first_line: bad.line });
        let help = "correct the line, or remove it and write the new digest of the list";
        problems.add(Code::ListLine, Place { source, span }, bad.kind.to_string(), help);
    }
    if bad.len() > LINES_SHOWN {
        let more = if bad.len() == LINES_COUNTED { "or more" } else { "in all" };
        let message = format!("`{}` has {} bad lines {more}", excerpt(&spec.path), bad.len());
        problems.add(Code::ListLine, &spec.path, message, "is it a list of names, one a line?");
    }
}

pub(super) fn targets(
    problems: &mut Problems,
    defined: &Defined,
    gate: &Gate<'_>,
    specs: &[Placed<TargetSpec>],
) -> Vec<Target> {
    let mut seen: BTreeMap<Subject, Place> = BTreeMap::new();
    let mut targets = Vec::new();
    for spec in specs {
        let subject = subject(problems, spec);
        let order = defined.refer(problems, "order", &spec.order).map(|id| OrderId::new(id.to_string()));
        let given = Given::of_target(spec);
        let means = given.means(problems, defined, Place::from(spec));
        let Some(subject) = subject else { continue };
        let place = spec.name.as_ref().or(spec.server.as_ref()).map_or_else(|| Place::from(spec), Place::from);
        repeated(problems, &mut seen, &subject, &place);
        if let Subject::Name(name) = &subject {
            look_at_name(problems, name, &place);
        }
        let (Some(order), Some(means)) = (order, means) else { continue };
        if let Some(law) = gate.order(&order) {
            if !law.scope.covers(&subject) {
                gate.outside(problems, place, &order, &format!("`{subject}`"));
            }
            gate.allows(problems, Place::from(&spec.action), law, means.action());
        }
        targets.push(Target { subject, means, order });
    }
    targets
}

fn repeated(problems: &mut Problems, seen: &mut BTreeMap<Subject, Place>, subject: &Subject, place: &Place) {
    if let Some(first) = seen.get(subject) {
        problems.add(
            Code::DuplicateTarget,
            place.clone(),
            format!("`{subject}` is a target already"),
            "remove one of the two",
        );
        problems.also(first.clone(), "the first one");
    } else {
        seen.insert(subject.clone(), place.clone());
    }
}

fn subject(problems: &mut Problems, spec: &Placed<TargetSpec>) -> Option<Subject> {
    let action = Action::of_word(&spec.action)?;
    let subject = match (&spec.name, &spec.server) {
        (Some(name), None) => name_or_onion(problems, name)?,
        (None, Some(server)) => Subject::Server(socket(problems, server)?),
        (None, None) => {
            let help = "add name = \"shop.example\", or server = \"192.0.2.7:443\" for `offline`";
            problems.add(Code::Subject, spec, "the target has neither a name nor a server", help);
            return None;
        }
        (Some(_), Some(server)) => {
            let help = "make two targets of it: the name, and the server with action = \"offline\"";
            problems.add(Code::Subject, server, "the target has a name and a server", help);
            return None;
        }
    };
    let (code, message, help) = match (&subject, action) {
        (Subject::Server(_), Action::Offline) | (Subject::Onion(_), Action::Onion) => return Some(subject),
        (Subject::Name(_), Action::Onion) => {
            (Code::OnionInDns, "`onion` is for onion services; this is a domain name", "write another action")
        }
        (Subject::Name(_), Action::Offline) => (
            Code::Subject,
            "`offline` is for servers; this is a name",
            "write server = \"192.0.2.7:443\" instead of the name",
        ),
        (Subject::Name(_), _) => return Some(subject),
        (Subject::Onion(_), _) => (
            Code::OnionInDns,
            "an onion service is not in the DNS; no other action than `onion` can be done to it",
            "write action = \"onion\"",
        ),
        (Subject::Server(_), _) => {
            (Code::Subject, "this action is for names", "write action = \"offline\", or a name instead of the server")
        }
    };
    problems.add(code, &spec.action, message, help);
    None
}

/// What a target or list gives for its action.
struct Given<'a> {
    action: &'a Placed<String>,
    notice: Option<&'a Placed<String>>,
    sinkhole: Option<&'a Placed<String>>,
    addresses: Option<&'a Placed<Vec<Placed<String>>>>,
    exclusivity: Option<&'a Placed<String>>,
}

impl<'a> Given<'a> {
    fn of_target(spec: &'a TargetSpec) -> Self {
        Self {
            action: &spec.action,
            notice: spec.notice.as_ref(),
            sinkhole: spec.sinkhole.as_ref(),
            addresses: spec.addresses.as_ref(),
            exclusivity: spec.exclusivity.as_ref(),
        }
    }

    fn of_list(spec: &'a ListSpec) -> Self {
        let (notice, sinkhole) = (spec.notice.as_ref(), spec.sinkhole.as_ref());
        Self { action: &spec.action, notice, sinkhole, addresses: None, exclusivity: None }
    }

    /// The action with what it needs; what is lacking or too much is noted.
    fn means(&self, problems: &mut Problems, defined: &Defined, place: Place) -> Option<Means> {
        let action = Action::of_word(self.action)?;
        self.needed(problems, action, place);
        let notice = self.notice.and_then(|name| defined.refer(problems, "notice", name));
        let sinkhole = self.sinkhole.and_then(|name| defined.refer(problems, "sinkhole", name));
        let exclusivity = |word: &Placed<String>| Exclusivity::ALL.into_iter().find(|kind| kind.word() == word.value);
        Some(match action {
            Action::Redirect => Means::Redirect { notice: notice? },
            Action::Suspend => Means::Suspend,
            Action::Sinkhole => Means::Sinkhole { sinkhole: sinkhole? },
            Action::Block => Means::Block,
            Action::Host => {
                let texts = self.addresses?;
                public(problems, texts);
                Means::Host { notice: notice?, addresses: addresses(problems, texts) }
            }
            Action::Offline => Means::Offline,
            Action::Onion => Means::Onion { notice: notice?, exclusivity: self.exclusivity.and_then(exclusivity)? },
        })
    }

    fn needed(&self, problems: &mut Problems, action: Action, place: Place) {
        let parts = [
            ("notice", self.notice.map(Place::from), action.shows_notice(), "\"banner\""),
            ("sinkhole", self.sinkhole.map(Place::from), action == Action::Sinkhole, "\"partner\""),
            ("addresses", self.addresses.map(Place::from), action == Action::Host, "[\"192.0.2.7\"]"),
            ("exclusivity", self.exclusivity.map(Place::from), action == Action::Onion, "\"sole\""),
        ];
        for (key, given, wanted, example) in parts {
            match given {
                None if wanted => {
                    let help = format!("add `{key}`, for example {key} = {example}");
                    problems.add(Code::Lacks, place.clone(), format!("`{action}` needs `{key}`"), help);
                }
                Some(given) if !wanted => {
                    let onion = action == Action::Onion && key == "addresses";
                    let code = if onion { Code::OnionInDns } else { Code::Excess };
                    problems.add(
                        code,
                        given,
                        format!("`{action}` does not use `{key}`"),
                        format!("remove `{key}`, or correct the action"),
                    );
                }
                _ => {}
            }
        }
    }
}

/// Notes what is doubtful about a name as such.
fn look_at_name(problems: &mut Problems, name: &DomainName, place: &Place) {
    if name.registrable().is_none() {
        let message = format!("`{name}` is a public suffix: names of many owners are registered below it");
        problems.add(Code::PublicSuffix, place.clone(), message, "name the registered names below it instead");
    } else if name.is_under_private_suffix() {
        let message = format!("`{name}` belongs to a host with many tenants");
        problems.add(Code::PrivateSuffix, place.clone(), message, "make sure that the order is addressed to that host");
    }
    if mixes_scripts(name) {
        let message = format!("`{}` mixes scripts in one label", name.for_people());
        problems.add(Code::MixedScripts, place.clone(), message, format!("compare `{name}` with the evidence"));
    }
}

/// Whether a label has letters of scripts that are not written together (UTS 39 section 5.2, "highly restrictive").
fn mixes_scripts(name: &DomainName) -> bool {
    const TOGETHER: [&[Script]; 3] = [
        &[Script::Latin, Script::Han, Script::Hiragana, Script::Katakana],
        &[Script::Latin, Script::Han, Script::Bopomofo],
        &[Script::Latin, Script::Han, Script::Hangul],
    ];
    let of = CodePointMapData::<Script>::new();
    let mixed = |label: &str| {
        let scripts =
            label.chars().map(|c| of.get(c)).filter(|script| ![Script::Common, Script::Inherited].contains(script));
        let mut found: Vec<Script> = scripts.collect();
        found.dedup();
        let one = found.windows(2).all(|pair| pair.first() == pair.last());
        !one && !TOGETHER.iter().any(|group| found.iter().all(|script| group.contains(script)))
    };
    name.unicode().is_some_and(|unicode| unicode.split('.').any(mixed))
}

/// The lists, with their names already read, held against the targets, each other and the law.
pub(super) fn lists(
    problems: &mut Problems,
    defined: &Defined,
    gate: &Gate<'_>,
    names: &BTreeMap<Id, Arc<NameList>>,
    spec: &PlaybookSpec,
) -> Vec<TargetList> {
    unique(problems, "list", spec.list.iter().map(|spec| &spec.id));
    let mut lists = Vec::new();
    for list in &spec.list {
        let id = identifier(problems, &list.id);
        let order = defined.refer(problems, "order", &list.order).map(|id| OrderId::new(id.to_string()));
        let means = Given::of_list(list).means(problems, defined, Place::from(list));
        let Some((id, names)) = id.and_then(|id| names.get(&id).map(|names| (id, Arc::clone(names)))) else { continue };
        look_at_names(problems, list, &names, &spec.target);
        let (Some(order), Some(means)) = (order, means) else { continue };
        listed_names_are_covered(problems, gate, list, &order, &names, means.action());
        let Ok(digest) = format!("sha256:{}", list.sha256.value).parse() else { continue };
        lists.push(TargetList { id, path: list.path.value.as_str().into(), digest, names, means, order });
    }
    lists_are_apart(problems, &lists, &spec.list);
    lists
}

fn listed_names_are_covered(
    problems: &mut Problems,
    gate: &Gate<'_>,
    spec: &ListSpec,
    order: &OrderId,
    names: &Arc<NameList>,
    action: Action,
) {
    let Some(law) = gate.order(order) else { return };
    gate.allows(problems, Place::from(&spec.action), law, action);
    if law.scope.lists.iter().any(|list| Arc::ptr_eq(list, names)) {
        return;
    }
    let mut outside = names.iter().filter(|name| !law.scope.covers(&Subject::Name(name.clone())));
    if let Some(first) = outside.next() {
        let what = match outside.count() {
            0 => format!("`{first}` of the list"),
            more => format!("{} names of the list, `{first}` among them", 1 + more),
        };
        gate.outside(problems, Place::from(&spec.id), order, &what);
    }
}

fn look_at_names(problems: &mut Problems, spec: &ListSpec, names: &NameList, targets: &[Placed<TargetSpec>]) {
    // As many names are looked at closely as lines are shown; of the others, only public suffixes matter.
    let place = Place::from(&spec.path);
    let mut shown = 0;
    for name in names.iter().filter(|name| name.registrable().is_none() || mixes_scripts(name)) {
        look_at_name(problems, &name, &place);
        shown += 1;
        if shown == LINES_SHOWN {
            break;
        }
    }
    let tenants = names.iter().filter(DomainName::is_under_private_suffix).count();
    if tenants > 0 {
        let message = format!(
            "{} hosts with many tenants",
            counted(tenants as u64, "name of the list belongs to", "names of the list belong to")
        );
        problems.add(Code::PrivateSuffix, place, message, "make sure that the order is addressed to those hosts");
    }
    for target in targets.iter().filter_map(|target| target.name.as_ref()) {
        if DomainName::parse(target).is_ok_and(|name| names.contains(&name)) {
            let message = format!("`{}` is in the list `{}` as well", excerpt(target), spec.id.value);
            problems.add(Code::DuplicateTarget, target, message, "remove it here or in the list");
            problems.also(&spec.path, "the list");
        }
    }
}

fn lists_are_apart(problems: &mut Problems, lists: &[TargetList], specs: &[Placed<ListSpec>]) {
    for (index, second) in lists.iter().enumerate() {
        for first in lists.iter().take(index) {
            let (small, large) = if first.names.len() < second.names.len() { (first, second) } else { (second, first) };
            let mut both = small.names.iter().filter(|name| large.names.contains(name));
            let (Some(name), more) = (both.next(), both.count()) else { continue };
            let Some(spec) = specs.iter().find(|spec| spec.id.value == second.id.as_str()) else { continue };
            let message = match more {
                0 => format!("`{name}` is in the list `{}` as well", first.id),
                more => format!("{} names are in the list `{}` as well, `{name}` among them", more + 1, first.id),
            };
            problems.add(Code::DuplicateTarget, &spec.path, message, "remove them from one of the lists");
        }
    }
}

/// What targets need from the rest of the playbook.
pub(super) struct Infrastructure<'a> {
    pub registries: &'a [Registry],
    /// Name servers of the playbook and of its sinkholes, with their places.
    pub moved_to: Vec<(&'a Placed<String>, DomainName)>,
}

/// Notes what no single target can know: registries, name servers and notice hosts that are missing or in the way.
pub(super) fn infrastructure(
    problems: &mut Problems,
    around: &Infrastructure<'_>,
    lists: &[TargetList],
    spec: &PlaybookSpec,
) {
    let redirects = places_of(spec, &[Action::Redirect]);
    if let Some(place) = redirects.first().filter(|_| spec.name_server.is_empty()) {
        let help = "add [[name-server]] tables with name and addresses";
        problems.add(Code::NoNameServers, place.clone(), "there are no name servers to redirect to", help);
    }
    let shown = places_of(spec, &[Action::Redirect, Action::Onion]);
    if let Some(place) = shown.first().filter(|_| spec.notice_host.is_empty()) {
        problems.add(
            Code::NoNoticeHost,
            place.clone(),
            "there is no machine to serve the notice",
            "add a [[notice-host]]",
        );
    }
    // A notice host of onion services alone is visited by tor, which may run beside it.
    if !places_of(spec, &[Action::Redirect]).is_empty() {
        spec.notice_host.iter().for_each(|host| public(problems, &host.addresses));
    }
    if spec.target.is_empty() && spec.list.is_empty() {
        let place = Place::new(super::SourceId::PLAYBOOK, &(0..0));
        problems.add(Code::NoTargets, place, "the playbook has no targets", "add a [[target]] or a [[list]]");
    }
    registries_are_known(problems, around, lists, spec);
    name_servers_stay(problems, around, lists, spec);
}

/// Where the playbook asks for one of these actions.
fn places_of(spec: &PlaybookSpec, actions: &[Action]) -> Vec<Place> {
    let of_targets = spec.target.iter().map(|target| &target.action);
    let words = of_targets.chain(spec.list.iter().map(|list| &list.action));
    words
        .filter(|word| Action::of_word(word).is_some_and(|action| actions.contains(&action)))
        .map(Place::from)
        .collect()
}

fn registries_are_known(
    problems: &mut Problems,
    around: &Infrastructure<'_>,
    lists: &[TargetList],
    spec: &PlaybookSpec,
) {
    let known = |name: &DomainName| {
        around.registries.iter().any(|registry| *name != registry.zone && name.is_within(&registry.zone))
    };
    // One warning for each top-level zone; a mistake in a registry's own table is told there.
    let mut told: BTreeSet<String> = spec.registry.iter().map(|registry| registry.zone.to_ascii_lowercase()).collect();
    let mut tell = |problems: &mut Problems, name: &DomainName, place: Place| {
        if !known(name) && told.insert(name.tld().to_owned()) {
            let message = format!("no registry is given for `{name}`");
            problems.add(
                Code::NoRegistry,
                place,
                message,
                format!("add a [[registry]] with zone = \"{}\"", name.tld()),
            );
        }
    };
    for text in spec.target.iter().filter_map(|target| target.name.as_ref()) {
        if let Ok(name) = DomainName::parse(text) {
            tell(problems, &name, Place::from(text));
        }
    }
    for list in lists {
        let Some(spec) = spec.list.iter().find(|spec| spec.id.value == list.id.as_str()) else { continue };
        list.names.iter().for_each(|name| tell(problems, &name, Place::from(&spec.path)));
    }
}

fn name_servers_stay(problems: &mut Problems, around: &Infrastructure<'_>, lists: &[TargetList], spec: &PlaybookSpec) {
    // `host` leaves the DNS as it is, so a name server below such a name keeps working.
    let moving = spec.target.iter().filter(|target| *target.action.value != *Action::Host.word());
    let names: Vec<_> = moving
        .filter_map(|target| target.name.as_ref())
        .filter_map(|text| Some((text, DomainName::parse(text).ok()?)))
        .collect();
    for (place, server) in &around.moved_to {
        let message = format!("the name server `{server}` stands below a target");
        let help = "use a name server under a domain that the operation does not touch";
        if let Some((target, _)) = names.iter().find(|(_, name)| server.is_within(name)) {
            problems.add(Code::NameServerInTarget, *place, message, help);
            problems.also(*target, "the target");
        } else if lists.iter().any(|list| self_and_parents(server).any(|name| list.names.contains(&name))) {
            problems.add(Code::NameServerInTarget, *place, message, help);
        }
    }
}

/// Notes targets whose notice speaks for all names below them, though their order does not.
pub(super) fn subdomains_are_covered(problems: &mut Problems, gate: &Gate<'_>, spec: &PlaybookSpec) {
    let wide = |id: &str| spec.notice.iter().find(|notice| notice.id.value == id && notice.subdomains);
    for target in &spec.target {
        let notice = target.notice.as_ref().and_then(|id| wide(id));
        let law = gate.order(&OrderId::new(target.order.value.clone()));
        let (Some(notice), Some(law), Some(text)) = (notice, law, &target.name) else { continue };
        let Ok(name) = DomainName::parse(text) else { continue };
        let covered = law.scope.subtrees.iter().any(|ancestor| name.is_within(ancestor));
        if law.scope.covers(&Subject::Name(name)) && !covered {
            let message = format!("the notice `{}` covers every name below this, the order does not", notice.id.value);
            let help = "if the order covers them, write the name under `subtrees` in its scope; if not, leave `subdomains` out";
            problems.add(Code::SubdomainsOutside, text, message, help);
        }
    }
}

fn self_and_parents(name: &DomainName) -> impl Iterator<Item = DomainName> {
    std::iter::successors(Some(name.clone()), DomainName::parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_of_mixed_scripts_are_noticed() {
        for (name, mixed) in [
            ("shop.example", false),
            ("bücher.example", false),
            ("例えテスト.example", false),
            ("почта.example", false),
            ("pаypal.example", true), // the second letter is Cyrillic
            ("почта.shop.example", false),
            ("ελλάδα1.example", false),
        ] {
            assert_eq!(mixes_scripts(&name.parse().unwrap()), mixed, "{name}");
        }
    }
}

//! Every address of a URL's host, visited.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use http::Uri;

use super::VerifyError;
use super::report::{JSON_VERSION, Verdict, verdict_wire};
use super::trust::Trust;
use super::visitor::{Asker, Visited, exhibits_of, look_for};
use crate::check::{Exhibit, Eyes};
use crate::domain::{DomainName, excerpt};
use crate::language::LanguageTag;
use crate::observe::{DnsAnswer, DnsQuery, NameStatus, Observation, Question, RecordType, Scheme, Visit, WebHost};

/// The most addresses that are visited; names have a handful, and an answer of hundreds would keep us busy for hours.
const ADDRESSES_MAX: usize = 16;

/// The types of record that lead a visitor to an address.
const ADDRESS_TYPES: [RecordType; 2] = [RecordType::A, RecordType::Aaaa];

/// What visitors of a URL are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct UrlVisit {
    /// The URL, as it was understood.
    pub url: String,
    /// What the resolvers said; empty when an address was given.
    pub resolved: Vec<Observation<DnsAnswer>>,
    /// What each address shows.
    pub visits: Vec<Visited>,
    /// The worst of what was found.
    pub verdict: Verdict,
}

impl UrlVisit {
    /// Whether a genuine notice is shown at every address.
    pub fn is_genuine(&self) -> bool {
        self.verdict.is_good()
    }

    /// One line: URL, number of addresses, verdict.
    pub fn summary(&self) -> String {
        let addresses = match self.visits.len() {
            1 => "1 address".to_owned(),
            other => format!("{other} addresses"),
        };
        format!("{}, {addresses}: {}", self.url, self.verdict)
    }

    /// As JSON, version 1: `url`, `verdict`, `resolved` (the observations) and `visits`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "version": JSON_VERSION,
            "url": self.url,
            "verdict": verdict_wire(&self.verdict),
            "resolved": self.resolved.iter().map(Observation::evidence).collect::<Vec<_>>(),
            "visits": self.visits.iter().map(Visited::to_json).collect::<Vec<_>>(),
        })
    }

    /// What belongs into the log: the judgement with the resolvers' answers, and the exhibits of every visit.
    pub fn exhibits(&self) -> Vec<Exhibit> {
        let mut exhibits = exhibits_of(&self.to_json(), std::iter::empty());
        for visited in &self.visits {
            let of_visit = visited.exhibits().into_iter();
            exhibits.extend(of_visit.map(|one| Exhibit { label: format!("{}-{}", visited.address, one.label), ..one }));
        }
        exhibits
    }
}

impl fmt::Display for UrlVisit {
    /// For people: each visit, then one line for all of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visits.iter().try_for_each(|visited| writeln!(f, "{visited}"))?;
        writeln!(f, "{}", self.summary())
    }
}

/// A URL taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Address {
    scheme: Scheme,
    host: WebHost,
    port: u16,
    path: String,
}

impl Address {
    fn parse(url: &str) -> Result<Self, VerifyError> {
        let refuse = || VerifyError::Url { url: excerpt(url) };
        // Users type names in their own script, which a URI cannot hold; only its host may be so written.
        let uri: Uri = ascii_host(url).ok_or_else(refuse)?.parse().map_err(|_| refuse())?;
        let scheme = match uri.scheme_str() {
            Some("http") => Scheme::Http,
            Some("https") => Scheme::Https,
            _ => return Err(refuse()),
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(refuse)?;
        let host: Result<WebHost, _> = authority.host().parse();
        let host = host.map_err(|source| VerifyError::Host { url: excerpt(url), source })?;
        if matches!(host, WebHost::Onion(_)) && scheme == Scheme::Https {
            return Err(VerifyError::OnionTls { url: excerpt(url) });
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { scheme, host, port: authority.port_u16().unwrap_or(scheme.port()), path })
    }

    /// The visit to this URL at `address`; `port` is that of the URL even when the address is only a hop.
    fn door(&self, address: SocketAddr) -> Result<Visit, VerifyError> {
        let visit = match &self.host {
            WebHost::Domain(name) => Visit::new(self.scheme, name, address),
            WebHost::Onion(name) => Visit::of_onion(name, address),
        };
        visit.port(self.port).path(&self.path).map_err(|_| VerifyError::Url { url: excerpt(&self.path) })
    }

    fn url(&self) -> String {
        let port = if self.port == self.scheme.port() { String::new() } else { format!(":{}", self.port) };
        format!("{}://{}{port}{}", self.scheme.as_str(), self.host, self.path)
    }
}

/// The URL with its host in A-labels. What cannot be mapped is left for the caller to refuse.
fn ascii_host(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    let (host, tail) = rest.split_at_checked(end)?;
    let mapped = if host.is_ascii() { host.to_owned() } else { DomainName::parse(host).ok()?.to_string() };
    Some(format!("{scheme}://{mapped}{tail}"))
}

/// Visits `url` as readers of `languages`: at `connect` if it is given, otherwise at every address that the network's
/// resolvers give. The worst verdict counts, and so does what could not be resolved.
///
/// # Errors
///
/// Not a URL that can be visited, or an onion service without `connect`: nothing under `.onion` is ever looked up.
pub async fn of_url(
    eyes: &Eyes,
    url: &str,
    connect: Option<SocketAddr>,
    languages: &[LanguageTag],
    trust: &Trust,
) -> Result<UrlVisit, VerifyError> {
    let asked = Address::parse(url)?;
    let mut resolved = Vec::new();
    let mut verdict = None;
    let addresses = match (connect, &asked.host) {
        (Some(address), _) => vec![address],
        (None, WebHost::Onion(_)) => return Err(VerifyError::OnionLookup { url: excerpt(url) }),
        (None, WebHost::Domain(name)) => {
            resolved = resolve(eyes, name).await;
            verdict = unresolved(&resolved);
            addresses(&resolved).into_iter().map(|ip| SocketAddr::new(ip, asked.port)).collect()
        }
    };
    if addresses.len() > ADDRESSES_MAX {
        let what = format!("{} of {} addresses", addresses.len() - ADDRESSES_MAX, addresses.len());
        verdict = worse(verdict, Verdict::Undetermined { what });
    }
    let mut visits = Vec::new();
    for address in addresses.into_iter().take(ADDRESSES_MAX) {
        let visited = look_at_all(eyes, &asked.door(address)?, languages, trust).await;
        verdict = worse(verdict, visited.report.verdict.clone());
        visits.push(visited);
    }
    let verdict = verdict.unwrap_or_else(|| Verdict::NotShown { what: format!("{} has no address", asked.host) });
    Ok(UrlVisit { url: asked.url(), resolved, visits, verdict })
}

/// Looks as readers of `languages` do; where none is named, as somebody who says nothing about languages, and then, at a genuine
/// notice, as readers of every language that it has: a forger needs one altered page only.
async fn look_at_all(eyes: &Eyes, door: &Visit, languages: &[LanguageTag], trust: &Trust) -> Visited {
    let visited = look_for(eyes, door, languages, trust, Asker::Person).await;
    match visited.languages() {
        offered if languages.is_empty() && visited.is_genuine() && offered.len() > 1 => {
            look_for(eyes, door, &offered, trust, Asker::Person).await
        }
        _ => visited,
    }
}

fn worse(one: Option<Verdict>, other: Verdict) -> Option<Verdict> {
    Some(one.map_or_else(|| other.clone(), |one| one.worse(other.clone())))
}

/// Asks every resolver for every type, one after the other: there are few of both.
async fn resolve(eyes: &Eyes, name: &DomainName) -> Vec<Observation<DnsAnswer>> {
    let mut answers = Vec::new();
    for resolver in eyes.network.resolvers() {
        for record_type in ADDRESS_TYPES {
            let query = DnsQuery::to_resolver(*resolver, name, record_type);
            answers.push(eyes.dns.query(&*eyes.clock, query).await);
        }
    }
    answers
}

/// A referral is no answer of a resolver: it did not find out.
fn known(seen: &Observation<DnsAnswer>) -> Option<&DnsAnswer> {
    seen.outcome.as_ref().ok().filter(|answer| answer.status() != NameStatus::Referral)
}

fn addresses(resolved: &[Observation<DnsAnswer>]) -> BTreeSet<IpAddr> {
    let records = resolved.iter().filter_map(known).flat_map(DnsAnswer::records);
    records.filter_map(|record| record.data.address()).collect()
}

/// What no resolver said: visitors may be led where we did not look.
fn unresolved(resolved: &[Observation<DnsAnswer>]) -> Option<Verdict> {
    let is_known = |wanted| resolved.iter().filter_map(known).any(|answer| answer.record_type == wanted);
    let open = ADDRESS_TYPES.into_iter().find(|record_type| !is_known(*record_type))?;
    let of_type = resolved.iter().filter(|seen| is_about(seen, open));
    let why = of_type.filter_map(|seen| seen.outcome.as_ref().err()).next();
    let why = why.map_or_else(|| "there is no resolver to ask".to_owned(), ToString::to_string);
    Some(Verdict::Undetermined { what: format!("{open} records: {why}") })
}

fn is_about(seen: &Observation<DnsAnswer>, wanted: RecordType) -> bool {
    matches!(seen.question, Question::Dns { record_type, .. } if record_type == wanted)
}

#[cfg(test)]
mod tests;

//! Registration data: who the registry says a name belongs to, and what holds are on it (RDAP, RFC 9082 and 9083).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use http::{StatusCode, Uri};
use serde_json::Value;

use super::ObserveError;
use super::dns::{DnsClient, Ds, RecordName};
use super::fetch::{Ask, Head, HttpLimits, Scheme, ask};
use super::host::addresses_of;
use super::observation::{Finding, Observation, Question, Transport, Unknown};
use crate::clock::{Clock, UtcTime};
use crate::domain::{DomainName, excerpt};

/// How long one request is given, and how large its answer may be: real ones have 2 to 30 KiB.
pub const RDAP_LIMITS: HttpLimits = HttpLimits { time: Duration::from_secs(20), body_bytes: 1024 * 1024 };

/// The most redirects that are followed, each from HTTPS to HTTPS.
const REDIRECTS_MAX: usize = 3;

/// The most entries of each list in an answer that are read; real ones have under 20.
const ENTRIES_MAX: usize = 256;

/// The address of an RDAP service, `https://rdap.example/v1/`, or of an object in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RdapBase {
    host: DomainName,
    port: u16,
    path: String,
}

impl RdapBase {
    /// The URL of a domain object (RFC 9082 section 3.1.3).
    fn domain(&self, name: &DomainName) -> Self {
        Self { path: format!("{}domain/{name}", self.path), ..self.clone() }
    }

    /// What `Location` leads to from here: an absolute HTTPS URL, or a path on the same host.
    fn follow(&self, location: &str) -> Option<Self> {
        if location.starts_with('/') && !location.starts_with("//") {
            let path: Uri = location.parse().ok()?;
            return Some(Self { path: path.to_string(), ..self.clone() });
        }
        Self::locate(location)
    }

    fn locate(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let authority = uri.authority()?;
        if uri.scheme_str() != Some("https") || authority.as_str().contains('@') {
            return None;
        }
        Some(Self {
            host: DomainName::parse(authority.host()).ok()?,
            port: authority.port_u16().unwrap_or(Scheme::Https.port()),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }

    /// Host and port, the port of `https` left out.
    fn authority(&self) -> String {
        if self.port == Scheme::Https.port() { self.host.to_string() } else { format!("{}:{}", self.host, self.port) }
    }
}

impl FromStr for RdapBase {
    type Err = ObserveError;

    fn from_str(url: &str) -> Result<Self, ObserveError> {
        let mut base = Self::locate(url)
            .filter(|base| !base.path.contains('?') && !url.contains('#'))
            .ok_or_else(|| ObserveError::RdapBase { url: excerpt(url) })?;
        // RFC 9224 section 3: the base ends in a slash, and what is asked for is put behind it.
        if !base.path.ends_with('/') {
            base.path.push('/');
        }
        Ok(base)
    }
}

impl fmt::Display for RdapBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}{}", self.authority(), self.path)
    }
}

/// A status in RDAP's spelling (`server hold`), whichever spelling it was read in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RdapStatus(Box<str>);

impl RdapStatus {
    /// Reads `server hold` or EPP's `serverHold`.
    ///
    /// RFC 8056 section 2 maps EPP to RDAP: the words are taken apart, except that `ok` is `active` and `linked` is
    /// `associated`.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        match text.to_ascii_lowercase().as_str() {
            "ok" => return Self("active".into()),
            "linked" => return Self("associated".into()),
            _ => {}
        }
        let mut words = String::new();
        let mut previous = ' ';
        for letter in text.chars() {
            if letter.is_ascii_uppercase() && previous.is_ascii_lowercase() {
                words.push(' ');
            }
            words.push(letter.to_ascii_lowercase());
            previous = letter;
        }
        Self(excerpt(&words).into())
    }

    /// In RDAP's spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RdapStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The registrar that sponsors a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registrar {
    /// Its name, where the answer has one.
    pub name: Option<String>,
    /// Its number at IANA, where the answer has one.
    pub iana_id: Option<String>,
}

/// What the registry holds about a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RdapDomain {
    /// Holds, locks and stages (RFC 8056, RFC 9083 section 10.2.2).
    pub statuses: BTreeSet<RdapStatus>,
    /// When what happened: `registration`, `expiration`, `last changed`, `transfer`, ... the latest of each.
    pub events: BTreeMap<String, UtcTime>,
    /// The name servers.
    pub name_servers: BTreeSet<RecordName>,
    /// Whether the delegation is signed, where the answer says so.
    pub delegation_signed: Option<bool>,
    /// The delegation signers.
    pub ds: BTreeSet<Ds>,
    /// The registrar, where the answer names one.
    pub registrar: Option<Registrar>,
}

impl RdapDomain {
    /// Whether a status such as `server hold` is set; either spelling may be asked for.
    pub fn has_status(&self, status: &str) -> bool {
        self.statuses.contains(&RdapStatus::new(status))
    }
}

/// Whether a name is registered, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registration {
    /// The registry holds no such name.
    NotRegistered,
    /// The registry holds this about it.
    Registered(Box<RdapDomain>),
}

impl Finding for Registration {
    fn in_words(&self) -> String {
        let Self::Registered(domain) = self else { return "not registered".to_owned() };
        let statuses: Vec<&str> = domain.statuses.iter().map(RdapStatus::as_str).collect();
        let servers: Vec<&str> = domain.name_servers.iter().map(RecordName::as_str).collect();
        format!("registered; status {}; name servers {}", or_none(&statuses), or_none(&servers))
    }

    fn wire(&self) -> Value {
        let Self::Registered(domain) = self else { return serde_json::json!({"registered": false}) };
        let ds = domain.ds.iter().map(|ds| {
            serde_json::json!({
                "key_tag": ds.key_tag,
                "algorithm": ds.algorithm,
                "digest_type": ds.digest_type,
                "digest": data_encoding::HEXLOWER.encode(&ds.digest),
            })
        });
        let registrar = domain.registrar.as_ref();
        serde_json::json!({
            "registered": true,
            "statuses": domain.statuses.iter().map(RdapStatus::as_str).collect::<Vec<_>>(),
            "events": domain.events,
            "name_servers": domain.name_servers.iter().map(RecordName::as_str).collect::<Vec<_>>(),
            "delegation_signed": domain.delegation_signed,
            "ds": ds.collect::<Vec<_>>(),
            "registrar": registrar.map(|known| serde_json::json!({"name": known.name, "iana_id": known.iana_id})),
        })
    }
}

fn or_none(words: &[&str]) -> String {
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

/// Asks an RDAP service about a name. The service's host is looked up through the network's resolvers.
pub async fn rdap_domain(
    dns: &DnsClient,
    clock: &dyn Clock,
    base: &RdapBase,
    name: &DomainName,
    limits: HttpLimits,
) -> Observation<Registration> {
    let at = clock.now();
    let mut inquiry = Inquiry { dns, clock, at, limits, asked: None, raw: Vec::new() };
    let outcome = inquiry.run(base.domain(name), name).await;
    Observation {
        question: Question::Rdap { base: base.clone(), name: name.clone() },
        asked: inquiry.asked,
        transport: Transport::Tls,
        at,
        raw: inquiry.raw,
        outcome,
    }
}

/// One look-up on its way through redirects and addresses.
struct Inquiry<'a> {
    dns: &'a DnsClient,
    clock: &'a dyn Clock,
    at: UtcTime,
    limits: HttpLimits,
    asked: Option<SocketAddr>,
    raw: Vec<u8>,
}

impl Inquiry<'_> {
    async fn run(&mut self, start: RdapBase, name: &DomainName) -> Result<Registration, Unknown> {
        let mut url = start;
        for _ in 0..=REDIRECTS_MAX {
            let head = self.fetch(&url).await?;
            if !head.status.is_redirection() {
                return judge(&head, &self.raw, name);
            }
            let location = location_of(&head);
            url = url.follow(&location).ok_or_else(|| Unknown::Redirect { to: excerpt(&location) })?;
        }
        Err(Unknown::Redirect { to: excerpt(&url.to_string()) })
    }

    /// Tries the host's addresses until one of them speaks HTTP.
    async fn fetch(&mut self, url: &RdapBase) -> Result<Head, Unknown> {
        let addresses = addresses_of(self.dns, self.clock, &url.host).await?;
        let mut last = Unknown::NoAddress;
        for address in addresses {
            let address = SocketAddr::new(address, url.port);
            self.asked = Some(address);
            self.raw.clear();
            let asked = Ask {
                scheme: Scheme::Https,
                host: url.host.as_str(),
                authority: url.authority(),
                address,
                path: &url.path,
                headers: rdap_headers(),
                post: None,
            };
            match ask(self.dns.network(), self.at, asked, self.limits, &mut self.raw).await {
                Ok(head) => return Ok(head),
                Err(why) => last = why,
            }
        }
        Err(last)
    }
}

fn rdap_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    // RFC 7480 section 4.2.
    headers.insert(ACCEPT, HeaderValue::from_static("application/rdap+json, application/json;q=0.5"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers
}

fn location_of(head: &Head) -> String {
    let location = head.headers.get(LOCATION).map(HeaderValue::as_bytes).unwrap_or_default();
    String::from_utf8_lossy(location).into_owned()
}

/// 200 is an answer, 404 of an RDAP service is "no such name" (RFC 7480 sections 5.1 and 5.3), all else says nothing.
fn judge(head: &Head, body: &[u8], name: &DomainName) -> Result<Registration, Unknown> {
    match head.status {
        StatusCode::OK => Ok(Registration::Registered(Box::new(parse(body, name)?))),
        // A web server that knows nothing of RDAP also says 404, with a page of its own.
        StatusCode::NOT_FOUND if body.is_empty() || is_json(head) => Ok(Registration::NotRegistered),
        status => Err(Unknown::HttpStatus { status: status.as_u16(), retry_after: retry_after(head) }),
    }
}

fn is_json(head: &Head) -> bool {
    let kind = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind == "application/rdap+json"
}

fn retry_after(head: &Head) -> Option<Duration> {
    let seconds = head.headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Reads a domain object (RFC 9083 section 5.3). Services differ in many small ways, so a member that is missing is not
/// known; but one on which a verdict rests and that is there in a wrong form makes the whole answer unreadable.
fn parse(body: &[u8], name: &DomainName) -> Result<RdapDomain, Unknown> {
    let garbage = |why: &str| Unknown::Garbage { why: why.to_owned() };
    let object: Value =
        serde_json::from_slice(body).map_err(|error| Unknown::Garbage { why: format!("not JSON: {error}") })?;
    if object.get("objectClassName").and_then(Value::as_str) != Some("domain") {
        return Err(garbage("not a domain object"));
    }
    if let Some(other) = object.get("ldhName").and_then(Value::as_str)
        && DomainName::parse(other).as_ref() != Ok(name)
    {
        return Err(Unknown::Mismatch { strays: 1 });
    }
    let secure = object.get("secureDNS");
    Ok(RdapDomain {
        statuses: statuses(object.get("status")).ok_or_else(|| garbage("`status` is not a list of words"))?,
        events: loose(object.get("events")).iter().filter_map(event).fold(BTreeMap::new(), latest),
        name_servers: name_servers(object.get("nameservers"))
            .ok_or_else(|| garbage("`nameservers` is not a list of hosts with `ldhName`"))?,
        delegation_signed: secure.and_then(|secure| secure.get("delegationSigned")).and_then(Value::as_bool),
        ds: signers(secure.and_then(|secure| secure.get("dsData")))
            .ok_or_else(|| garbage("`dsData` is not a list of delegation signers"))?,
        registrar: loose(object.get("entities")).iter().find(|entity| has_role(entity, "registrar")).map(registrar),
    })
}

/// The entries of a list; a list that is not there has none, and what is no list, or too long a one, is `None`.
fn list(value: Option<&Value>) -> Option<&[Value]> {
    match value {
        None | Some(Value::Null) => Some(&[]),
        Some(Value::Array(entries)) if entries.len() <= ENTRIES_MAX => Some(entries),
        Some(_) => None,
    }
}

/// The same for members on which no verdict rests.
fn loose(value: Option<&Value>) -> &[Value] {
    list(value).unwrap_or_default()
}

/// Some services write a single status without its list.
fn statuses(value: Option<&Value>) -> Option<BTreeSet<RdapStatus>> {
    match value {
        Some(Value::String(one)) => Some(BTreeSet::from([RdapStatus::new(one)])),
        many => list(many)?.iter().map(|word| word.as_str().map(RdapStatus::new)).collect(),
    }
}

fn name_servers(value: Option<&Value>) -> Option<BTreeSet<RecordName>> {
    list(value)?.iter().map(|server| server.get("ldhName")?.as_str().map(RecordName::from_text)).collect()
}

fn signers(value: Option<&Value>) -> Option<BTreeSet<Ds>> {
    list(value)?.iter().map(signer).collect()
}

/// RFC 9083 section 4.5; any offset and fraction of RFC 3339 is read.
fn event(value: &Value) -> Option<(String, UtcTime)> {
    let action = value.get("eventAction")?.as_str()?;
    let moment: jiff::Timestamp = value.get("eventDate")?.as_str()?.parse().ok()?;
    Some((excerpt(&action.to_ascii_lowercase()), UtcTime::from_unix(moment.as_second())))
}

fn latest(mut events: BTreeMap<String, UtcTime>, (action, at): (String, UtcTime)) -> BTreeMap<String, UtcTime> {
    events.entry(action).and_modify(|known| *known = at.max(*known)).or_insert(at);
    events
}

/// RFC 9083 section 5.3, `dsData`. Some services write the numbers as strings.
fn signer(value: &Value) -> Option<Ds> {
    let number = |key: &str| match value.get(key)? {
        Value::String(digits) => digits.parse::<u64>().ok(),
        other => other.as_u64(),
    };
    let digest = value.get("digest")?.as_str()?;
    Some(Ds {
        key_tag: number("keyTag")?.try_into().ok()?,
        algorithm: number("algorithm")?.try_into().ok()?,
        digest_type: number("digestType")?.try_into().ok()?,
        digest: data_encoding::HEXLOWER_PERMISSIVE.decode(digest.as_bytes()).ok()?,
    })
}

fn has_role(entity: &Value, role: &str) -> bool {
    loose(entity.get("roles")).iter().any(|given| given.as_str() == Some(role))
}

fn registrar(entity: &Value) -> Registrar {
    let iana = loose(entity.get("publicIds"))
        .iter()
        .find(|id| id.get("type").and_then(Value::as_str) == Some("IANA Registrar ID"))
        .and_then(|id| id.get("identifier"));
    Registrar { name: full_name(entity), iana_id: iana.and_then(Value::as_str).map(excerpt) }
}

/// The property `fn` of a jCard, `["vcard", [["fn", {}, "text", "Name"], ...]]` (RFC 7095 section 3.3).
fn full_name(entity: &Value) -> Option<String> {
    let properties = entity.get("vcardArray")?.get(1);
    let named = loose(properties).iter().find(|property| property.get(0).and_then(Value::as_str) == Some("fn"))?;
    named.get(3)?.as_str().map(excerpt)
}

#[cfg(test)]
mod tests;

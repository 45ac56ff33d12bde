//! What agencies publish of their keys: the key lists on their sites, and the fingerprint of the roots in the DNS.
//!
//! What a site and a zone say of themselves is no proof. The lists are believed as far as the person who asks brought something
//! that came another way ([`VouchedBy`]): the roots, their fingerprint, or the list that was believed last. The DNS is asked beside
//! it, without checking DNSSEC: a record that names other roots leaves the keys in doubt, one that names the same proves nothing.

mod told;

use std::collections::BTreeSet;
use std::time::Duration;

use http::StatusCode;

use super::Trust;
use crate::check::Eyes;
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::DomainName;
use crate::keyring::{
    KEY_LIST_FILE_MAX_BYTES, KEY_LISTS_MAX, KEYS_LABEL, KeyList, KeyListChain, KeyListError, KeyListRefusal,
    KeysRecord, TrustError, TrustedKeys, VerifiedKeyList, list_file, roots_fingerprint,
};
use crate::observe::{
    DnsAnswer, DnsQuery, HttpLimits, NameStatus, QueryName, RecordData, RecordType, ServiceUrl, Unknown, fetch,
};
use crate::signed_note::{Note, NoteError};

/// How long one list is given, and how large it may be.
const LIST_LIMITS: HttpLimits = HttpLimits { time: Duration::from_secs(15), body_bytes: KEY_LIST_FILE_MAX_BYTES };

/// How long all the lists of one site are given: a chain of twenty years has [`KEY_LISTS_MAX`] lists, at a tenth of a second each.
const SITE_TIME: Duration = Duration::from_secs(120);

/// Why a list on a site is not at hand.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FetchError {
    /// The site gave no answer.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// It answered with something else than a file.
    #[error("the site answered with HTTP status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// Not a signed note.
    #[error("it is not a signed note: {0}")]
    Note(#[from] NoteError),
    /// Not a key list.
    #[error("it is not a key list: {0}: {problem}", problem = .0.problem)]
    List(#[from] KeyListError),
    /// A list of another number than its name says.
    #[error("it says that it is key list {found}")]
    Number {
        /// What it says.
        found: u32,
    },
    /// More lists than are read.
    #[error(transparent)]
    TooMany(KeyListRefusal),
}

/// What the site of one host shows.
#[derive(Debug, Clone, PartialEq)]
pub struct WebSays {
    /// The number of its newest list.
    pub newest: u32,
    /// The fingerprint of that list's roots.
    pub roots: Digest,
    /// The first earlier list that could not be had, from the newest down, and why; those before it were not asked for.
    pub missing: Option<(u32, FetchError)>,
}

/// What the DNS says of one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsSays {
    /// The fingerprints of roots; while roots are replaced there are two.
    Roots(BTreeSet<Digest>),
    /// There is a record, and it cannot be understood.
    Unclear,
    /// There is none.
    Nothing,
    /// It could not be found out.
    Unknown(String),
}

/// What one host publishes.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// The host.
    pub host: DomainName,
    /// Its site.
    pub web: Result<WebSays, FetchError>,
    /// Its zone.
    pub dns: DnsSays,
}

/// What somebody brought with whom the keys are held against it.
#[derive(Debug, Clone)]
pub enum VouchedBy {
    /// The roots.
    Roots(TrustedKeys),
    /// The fingerprint of the roots of one of the lists.
    Fingerprint(Digest),
    /// The list that was believed last.
    Since(Box<VerifiedKeyList>),
    /// Nothing.
    Nobody,
}

impl VouchedBy {
    /// The number after which lists are needed.
    fn after(&self) -> u32 {
        match self {
            Self::Since(believed) => believed.list().version,
            _ => 0,
        }
    }
}

/// Everything that the hosts publish, and who vouches for it.
#[derive(Debug, Clone)]
pub struct PublishedKeys {
    /// Host by host.
    pub channels: Vec<Channel>,
    /// Who vouches.
    pub by: VouchedBy,
    /// All the lists; a refusal when two of them contradict each other, or there is none.
    pub lists: Result<KeyListChain, KeyListRefusal>,
}

/// Fetches what `hosts` publish, the lists that `by` needs. What cannot be had is told, not guessed.
pub async fn fetch_key_lists(eyes: &Eyes, hosts: &[DomainName], by: VouchedBy) -> PublishedKeys {
    let (mut channels, mut notes) = (Vec::new(), Vec::new());
    for host in hosts {
        let found = tokio::time::timeout(SITE_TIME, site(eyes, host, by.after())).await;
        let found = found.unwrap_or_else(|_| Err(Unknown::Timeout { after: SITE_TIME }.into()));
        let web = found.map(|(says, found)| {
            notes.extend(found);
            says
        });
        channels.push(Channel { host: host.clone(), web, dns: zone(eyes, host).await });
    }
    PublishedKeys { channels, by, lists: KeyListChain::of(notes) }
}

/// The newest list of a site, and those before it down to `after` or to the first that is not there.
async fn site(eyes: &Eyes, host: &DomainName, after: u32) -> Result<(WebSays, Vec<Note>), FetchError> {
    let (note, list) = list(eyes, host, None).await?;
    let mut says = WebSays { newest: list.version, roots: roots_fingerprint(&list.roots), missing: None };
    let mut notes = vec![note];
    for number in (after.saturating_add(1)..list.version).rev() {
        let earlier = match notes.len() {
            KEY_LISTS_MAX => Err(FetchError::TooMany(KeyListRefusal::TooMany)),
            _ => self::list(eyes, host, Some(number)).await,
        };
        match earlier {
            Ok((note, _)) => notes.push(note),
            Err(why) => {
                says.missing = Some((number, why));
                break;
            }
        }
    }
    Ok((says, notes))
}

async fn list(eyes: &Eyes, host: &DomainName, number: Option<u32>) -> Result<(Note, KeyList), FetchError> {
    let url = format!("https://{host}/.well-known/{}", list_file(number));
    // A name of the DNS makes an address of a service, always.
    let url: ServiceUrl = url.parse().map_err(|_| Unknown::NoAddress)?;
    let answer = fetch(&eyes.dns, &*eyes.clock, &url, LIST_LIMITS).await?;
    if answer.status != StatusCode::OK {
        return Err(FetchError::Status { status: answer.status.as_u16() });
    }
    let note = Note::parse(&answer.body)?;
    let list: KeyList = note.text.as_str().parse()?;
    match number {
        Some(number) if number != list.version => Err(FetchError::Number { found: list.version }),
        _ => Ok((note, list)),
    }
}

/// What the first resolver that has an answer says of the host's roots.
async fn zone(eyes: &Eyes, host: &DomainName) -> DnsSays {
    let name = match QueryName::attribute(KEYS_LABEL, host) {
        Ok(name) => name,
        Err(error) => return DnsSays::Unknown(error.to_string()),
    };
    let mut why = Unknown::NobodyToAsk;
    for resolver in eyes.network.resolvers() {
        let (name, record_type) = (name.clone(), RecordType::Txt);
        let query = DnsQuery { server: *resolver, name, record_type, recursion_desired: true };
        match eyes.dns.query(&*eyes.clock, query).await.outcome {
            // A referral is no answer of a resolver: it did not find out.
            Ok(answer) if answer.status() != NameStatus::Referral => return said(&answer),
            Ok(_) => {}
            Err(unknown) => why = unknown,
        }
    }
    DnsSays::Unknown(why.to_string())
}

fn said(answer: &DnsAnswer) -> DnsSays {
    let (mut roots, mut is_unclear) = (BTreeSet::new(), false);
    for record in answer.records() {
        let RecordData::Txt(strings) = &record.data else { continue };
        match KeysRecord::parse(&strings.concat()) {
            KeysRecord::Roots(digest) => drop(roots.insert(digest)),
            KeysRecord::Unclear => is_unclear = true,
            KeysRecord::Other => {}
        }
    }
    match (roots.is_empty(), is_unclear) {
        (false, _) => DnsSays::Roots(roots),
        (true, true) => DnsSays::Unclear,
        (true, false) => DnsSays::Nothing,
    }
}

impl Channel {
    /// Whether the DNS names the roots with this fingerprint; `None` when it says nothing.
    fn agrees(&self, roots: Digest) -> Option<bool> {
        match &self.dns {
            DnsSays::Roots(named) => Some(named.contains(&roots)),
            DnsSays::Unclear | DnsSays::Nothing | DnsSays::Unknown(_) => None,
        }
    }
}

impl PublishedKeys {
    /// The newest list, if it follows from what was brought. With nothing brought, from itself.
    ///
    /// # Errors
    ///
    /// Why the list is not believed, whoever vouches.
    pub fn newest(&self) -> Result<VerifiedKeyList, KeyListRefusal> {
        let lists = self.lists.as_ref().map_err(Clone::clone)?;
        match &self.by {
            VouchedBy::Roots(roots) => lists.newest_under(roots),
            VouchedBy::Fingerprint(wanted) => lists.newest_with_roots(*wanted),
            VouchedBy::Since(believed) => lists.newest_after(believed),
            VouchedBy::Nobody => lists.newest_by_itself(),
        }
    }

    /// Why the keys on `newest` are not to be relied on at the moment `now`, if they are not.
    pub fn doubt(&self, newest: &VerifiedKeyList, now: UtcTime) -> Option<String> {
        let list = newest.list();
        if list.has_expired(now) {
            // Whoever shows an old list for ever is found out by this.
            return Some(format!("the published key list {} has expired at {}", list.version, list.expires));
        }
        let roots = roots_fingerprint(&list.roots);
        if let Some(channel) = self.channels.iter().find(|channel| channel.agrees(roots) == Some(false)) {
            return Some(format!("the DNS of {} names other roots than key list {}", channel.host, list.version));
        }
        match self.by {
            VouchedBy::Nobody => {
                Some("the keys were fetched, and nothing that came another way vouches for them".into())
            }
            VouchedBy::Roots(_) | VouchedBy::Fingerprint(_) | VouchedBy::Since(_) => None,
        }
    }

    /// The keys as they are to be used at the moment `now`: those that are doubtful let nothing pass.
    ///
    /// # Errors
    ///
    /// The keys of the list cannot be used together.
    pub fn trust(&self, newest: &VerifiedKeyList, now: UtcTime) -> Result<Trust, TrustError> {
        Ok(Trust { doubt: self.doubt(newest, now), ..Trust::of_list(newest.clone())? })
    }
}

#[cfg(test)]
mod tests;

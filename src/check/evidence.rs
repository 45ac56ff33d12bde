//! What was seen, as files for the record.

use serde::Serialize;

use super::Look;
use crate::observe::{DnsAnswer, EVIDENCE_RAW_MAX_BYTES, Observation, PortState, Question, RecordType, Registration};

/// One file of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibit {
    /// Its name within the look: `parent-ns-shop.example-192.0.2.10`.
    pub label: String,
    /// Its media type.
    pub media_type: &'static str,
    /// The octets as they were received.
    pub bytes: Vec<u8>,
    /// Whether it may tell of people, so that the record keeps it sealed.
    pub personal: bool,
}

/// The label of the exhibit that tells of all others.
const INDEX: &str = "look";

/// The version of the index.
const INDEX_VERSION: u32 = 1;

/// The index: every question, answered or not.
#[derive(Serialize)]
struct Index {
    version: u32,
    at: crate::clock::UtcTime,
    observations: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    label: String,
    observation: serde_json::Value,
}

/// On whose part something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Parent,
    Host,
    Child,
    Resolver,
    Server,
    ServerHost,
}

impl Part {
    const ALL: [Self; 7] =
        [Self::Path, Self::Parent, Self::Host, Self::Child, Self::Resolver, Self::Server, Self::ServerHost];

    fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Parent => "parent",
            Self::Host => "host",
            Self::Child => "child",
            Self::Resolver => "resolver",
            Self::Server => "server",
            Self::ServerHost => "server-host",
        }
    }
}

/// One file in JSON that tells of every question, the unanswered included, and holds every octet received in the DNS.
///
/// What a registry says has a file of its own beside it, since it may name the holder: the first file has no more of it than what
/// the checks rest on, and not its digest, which would let anybody try guesses at a short answer. Where the answer has more than
/// [`EVIDENCE_RAW_MAX_BYTES`], its octets are a third file.
pub fn evidence(look: &Look) -> impl Iterator<Item = Exhibit> {
    let mut beside = Vec::new();
    let mut observations = Vec::new();
    for part in Part::ALL {
        for seen in look.dns(part) {
            observations.push(Entry { label: dns_label(part, seen), observation: seen.evidence() });
        }
    }
    if let Some(seen) = &look.answers.rdap {
        let label = rdap_label(seen);
        observations.push(Entry { label: label.clone(), observation: seen.evidence_without_raw() });
        let personal = |media_type, bytes| Exhibit { label: label.clone(), media_type, bytes, personal: true };
        if !seen.raw.is_empty() {
            beside.push(personal("application/json", seen.evidence().to_string().into_bytes()));
        }
        if seen.raw.len() > EVIDENCE_RAW_MAX_BYTES {
            beside.push(personal("application/rdap+json", seen.raw.clone()));
        }
    }
    for seen in &look.answers.knocks {
        observations.push(Entry { label: knock_label(seen), observation: seen.evidence() });
    }
    let index = serde_json::json!(Index { version: INDEX_VERSION, at: look.at, observations });
    let bytes = index.to_string().into_bytes();
    let index = Exhibit { label: INDEX.to_owned(), media_type: "application/json", bytes, personal: false };
    [index].into_iter().chain(beside)
}

fn dns_label(part: Part, seen: &Observation<DnsAnswer>) -> String {
    let asked_for = match &seen.question {
        Question::Dns { name, record_type, .. } => format!("{record_type}-{name}").to_ascii_lowercase(),
        _ => String::new(),
    };
    let asked = seen.asked.map_or_else(|| "nobody".to_owned(), |server| server.ip().to_string());
    format!("{}-{asked_for}-{}", part.word(), without_colons(&asked))
}

fn rdap_label(seen: &Observation<Registration>) -> String {
    match &seen.question {
        Question::Rdap { name, .. } => format!("rdap-{name}"),
        _ => "rdap".to_owned(),
    }
}

fn knock_label(seen: &Observation<PortState>) -> String {
    let asked = seen.asked.map_or_else(|| "nobody".to_owned(), |address| address.to_string());
    format!("knock-{}", without_colons(&asked))
}

/// Labels become file names, and some file systems keep colons for themselves.
fn without_colons(address: &str) -> String {
    address.replace(':', "_").replace(['[', ']'], "")
}

impl Look {
    fn dns(&self, part: Part) -> &[Observation<DnsAnswer>] {
        let answers = &self.answers;
        match part {
            Part::Path => &answers.path,
            Part::Parent => &answers.zone.parent,
            Part::Host => &answers.zone.hosts,
            Part::Child => &answers.zone.child,
            Part::Resolver => &answers.resolvers,
            Part::Server => &answers.servers,
            Part::ServerHost => &answers.server_hosts,
        }
    }

    /// The labels of what a part said about a type.
    pub(super) fn labels(&self, part: Part, of_type: RecordType) -> Vec<String> {
        let of_that_type = self.dns(part).iter().filter(|seen| match seen.question {
            Question::Dns { record_type, .. } => record_type == of_type,
            _ => false,
        });
        of_that_type.map(|seen| dns_label(part, seen)).collect()
    }

    /// The label of what the registry said.
    pub(super) fn rdap_labels(&self) -> Vec<String> {
        self.answers.rdap.iter().map(rdap_label).collect()
    }

    /// The labels of what ports said.
    pub(super) fn knock_labels(&self) -> Vec<String> {
        self.answers.knocks.iter().map(knock_label).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::testing::{Sketch, timeout};
    use super::*;

    #[test]
    fn every_question_is_in_the_index_and_every_octet_is_kept() {
        let look = Sketch::new("shop.example")
            .delegated("192.0.2.10", &["ns1.old.test"])
            .parent_silent("2001:db8::10")
            .resolver("192.0.2.1", RecordType::A, &["203.0.113.99"])
            .rdap_fails(timeout())
            .port("203.0.113.99:443", Ok(PortState::Silent))
            .look();
        let exhibits: Vec<Exhibit> = evidence(&look).collect();
        assert_eq!(exhibits.len(), 1, "every answer here is small");
        let index: serde_json::Value = serde_json::from_slice(&exhibits[0].bytes).unwrap();
        let indexed: BTreeSet<&str> =
            index["observations"].as_array().unwrap().iter().map(|entry| entry["label"].as_str().unwrap()).collect();
        assert!(indexed.contains("parent-ns-shop.example-2001_db8__10"), "{indexed:?}");
        assert!(indexed.contains("knock-203.0.113.99_443"));
        assert_eq!(indexed.len(), 5);
        let held = index["observations"].as_array().unwrap().iter();
        let octets =
            held.filter(|entry| entry["observation"]["raw_base64"].as_str().is_some_and(|raw| !raw.is_empty()));
        assert_eq!(octets.count(), 2, "the two answers");
        assert!(!exhibits[0].personal);
    }

    #[test]
    fn what_a_registry_says_is_apart_and_cannot_be_guessed_from_the_rest() {
        for (raw, files) in [(&b"Ada Example"[..], 2), (&[b'x'; EVIDENCE_RAW_MAX_BYTES + 1], 3)] {
            let mut look = Sketch::new("shop.example").not_registered().look();
            let seen = look.answers.rdap.as_mut().unwrap();
            seen.raw = raw.to_vec();
            let (digest, whole) = (crate::digest::Digest::of(raw).to_string(), seen.evidence().to_string());
            let exhibits: Vec<Exhibit> = evidence(&look).collect();
            assert_eq!(exhibits.len(), files);
            let index = String::from_utf8(exhibits[0].bytes.clone()).unwrap();
            assert!(index.contains("rdap-shop.example") && !index.contains(&digest) && !index.contains("raw_bytes"));
            assert!(exhibits[1..].iter().all(|exhibit| exhibit.personal));
            assert_eq!(exhibits[1].bytes, whole.as_bytes());
        }
    }
}

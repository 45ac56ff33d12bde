//! A graph in the terms of CASE 1.5 and UCO, as JSON-LD: one node a line, each written once, before or after what refers to it.
//!
//! - the log as an `Investigation`, with the orders as `Authorization`s; a `Relationship` says which actions an order authorized,
//! - agencies as `Organization`s, the program as a `Tool`,
//! - each entry as an `InvestigativeAction`: when, by whom, with what, to what; an outcome was informed by its intent,
//! - targets as `DomainName`s (onion services too: UCO has no class for them), servers as `IPv4Address` or `IPv6Address`,
//! - evidence as `File`s with size and SHA-256, and for each entry a `ProvenanceRecord` whose exhibit number is the entry's number,
//! - the signed checkpoint as a `File` with its text, so that all of it can be traced back to the log and its root.
//!
//! Identifiers end in a UUID of version 5 (RFC 9562 section 5.5) made from the log's name and, say, the entry's number: the same
//! log always gives the same graph, and nothing is random.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::net::SocketAddr;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{ExportError, Source, kind};
use crate::audit::{Entry, EvidenceRef, Kind, OutcomeResult, Recorded};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::{DomainName, OnionName};
use crate::report::Moment;
use crate::words::counted;

/// What the node of the signed checkpoint is called.
const CHECKPOINT: &str = "checkpoint";

/// Writes the whole graph; how many entries.
pub fn write(
    source: Source<'_>,
    entries: impl Iterator<Item = Result<Recorded, ExportError>>,
    out: &mut dyn Write,
) -> Result<u64, ExportError> {
    let context = context(source.checkpoint.origin.as_str());
    write!(out, "{{\"@context\":{context},\n\"@graph\":[\n")?;
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, source.checkpoint.origin.as_str().as_bytes());
    let mut graph =
        Graph { out, origin: source.checkpoint.origin.as_str(), namespace, known: HashSet::new(), first: true };
    let mut course = Course::default();
    for recorded in entries {
        let recorded = recorded?;
        course.note(&recorded);
        graph.entry(&recorded)?;
    }
    graph.checkpoint(source)?;
    let orders = graph.authorizations(&course)?;
    graph.investigation(source, &course, &orders)?;
    write!(graph.out, "\n]}}\n")?;
    Ok(course.entries)
}

/// What the prefixes in the graph stand for.
fn context(origin: &str) -> Value {
    json!({
        "kb": base(origin),
        "case-investigation": "https://ontology.caseontology.org/case/investigation/",
        "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
        "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
        "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
        "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
        "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
        "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    })
}

/// What the nodes about the whole need to know of the entries.
#[derive(Default)]
struct Course {
    entries: u64,
    span: Option<(UtcTime, UtcTime)>,
    /// The entries under each order: eight octets an entry.
    under: BTreeMap<String, Vec<u64>>,
}

impl Course {
    fn note(&mut self, recorded: &Recorded) {
        let at = recorded.entry.at;
        self.entries += 1;
        self.span = Some((self.span.map_or(at, |(first, _)| first), at));
        if let Some(order) = &recorded.entry.authority {
            self.under.entry(order.clone()).or_default().push(recorded.seq.0);
        }
    }
}

/// The graph so far.
struct Graph<'g> {
    out: &'g mut dyn Write,
    origin: &'g str,
    namespace: Uuid,
    /// Nodes that several entries refer to and that are written: 16 octets for each agency, target and file.
    known: HashSet<Uuid>,
    first: bool,
}

impl Graph<'_> {
    /// The identifier of a node: always the same for the same thing of the same log.
    fn id(&self, class: &str, what: &str) -> String {
        format!("kb:{class}-{}", self.uuid(class, what))
    }

    fn uuid(&self, class: &str, what: &str) -> Uuid {
        Uuid::new_v5(&self.namespace, format!("{class} {what}").as_bytes())
    }

    fn reference(&self, class: &str, what: &str) -> Value {
        json!({"@id": self.id(class, what)})
    }

    fn write(&mut self, node: &Value) -> Result<(), ExportError> {
        let before = if std::mem::take(&mut self.first) { "" } else { ",\n" };
        Ok(write!(self.out, "{before}{node}")?)
    }

    /// Writes a node unless it is written already; the reference to it.
    fn once(&mut self, class: &str, what: &str, node: impl FnOnce(&Self, &str) -> Value) -> Result<Value, ExportError> {
        let id = self.id(class, what);
        if self.known.insert(self.uuid(class, what)) {
            self.write(&node(self, &id))?;
        }
        Ok(json!({"@id": id}))
    }

    fn entry(&mut self, recorded: &Recorded) -> Result<(), ExportError> {
        let (entry, seq) = (&recorded.entry, recorded.seq.to_string());
        let performer = self.once(
            "organization",
            &entry.actor.agency,
            |_, id| json!({"@id": id, "@type": "uco-identity:Organization", "uco-core:name": entry.actor.agency}),
        )?;
        let instrument = self.tool(&entry.tool)?;
        let object = self.target(entry.subject.as_deref())?;
        let mut files = Vec::new();
        for cited in &entry.evidence {
            files.push(self.file(cited)?);
        }
        let action = self.id("investigative-action", &seq);
        let exhibit = self.provenance(recorded, &action, &files)?;
        files.push(exhibit);
        let node = self.action(recorded, &action);
        let joined = json!({
            "uco-action:performer": performer,
            "uco-action:instrument": instrument,
            "uco-action:object": object,
            "uco-action:result": files,
        });
        self.write(&present(with(node, joined)))
    }

    /// The action by itself.
    fn action(&self, recorded: &Recorded, id: &str) -> Value {
        let entry = &recorded.entry;
        let informed = kind(entry.kind).1.map(|of| self.reference("investigative-action", &of.to_string()));
        json!({
            "@id": id,
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": entry.action,
            "uco-core:description": Moment::of(recorded).what,
            "uco-core:tag": tags(entry),
            "uco-action:startTime": moment(entry.at),
            "uco-action:endTime": moment(entry.at),
            "uco-action:actionStatus": status(entry.kind),
            "case-investigation:wasInformedBy": informed,
        })
    }

    /// Which entry of which log the action is, and what lies behind it.
    fn provenance(&mut self, recorded: &Recorded, action: &str, files: &[Value]) -> Result<Value, ExportError> {
        let seq = recorded.seq.to_string();
        let id = self.id("provenance-record", &seq);
        let body = Value::Object(recorded.entry.body.clone().into_iter().collect());
        let mut objects = vec![json!({"@id": action})];
        objects.extend(files.iter().cloned());
        let node = json!({
            "@id": id,
            "@type": "case-investigation:ProvenanceRecord",
            "uco-core:description": format!("entry {seq} of the log {}: {body}", self.origin),
            "uco-core:objectCreatedTime": moment(recorded.entry.at),
            "case-investigation:exhibitNumber": seq,
            "uco-core:object": objects,
        });
        self.write(&node)?;
        Ok(json!({"@id": id}))
    }

    /// The program: a name and a version.
    fn tool(&mut self, tool: &str) -> Result<Value, ExportError> {
        self.once("tool", tool, |_, id| {
            let (name, version) = tool.split_once(' ').map_or((tool, None), |(name, version)| (name, Some(version)));
            present(json!({"@id": id, "@type": "uco-tool:Tool", "uco-core:name": name, "uco-tool:version": version}))
        })
    }

    /// The target, where the subject is one; a list or another task of the program is none.
    fn target(&mut self, subject: Option<&str>) -> Result<Option<Value>, ExportError> {
        let Some(subject) = subject else { return Ok(None) };
        let Some((class, facet, property, value)) = observable(subject) else { return Ok(None) };
        let node = self.once("target", subject, |graph, id| {
            json!({
                "@id": id,
                "@type": format!("uco-observable:{class}"),
                "uco-core:name": subject,
                "uco-core:hasFacet": {
                    "@id": graph.id("target-facet", subject),
                    "@type": format!("uco-observable:{facet}"),
                    property: value,
                },
            })
        })?;
        Ok(Some(node))
    }

    fn file(&mut self, cited: &EvidenceRef) -> Result<Value, ExportError> {
        let hex = cited.digest.hex();
        let apart = if cited.sealed { "private/" } else { "" };
        let path = format!("{apart}evidence/{}/{hex}", hex.get(..2).unwrap_or_default());
        let EvidenceRef { digest, bytes, ref media, .. } = *cited;
        let told = FileTold { name: &hex, path: &path, digest, bytes, media, payload: None };
        self.once(
            "file",
            &hex,
            |graph, id| json!({"@id": id, "@type": "uco-observable:File", "uco-core:hasFacet": told.facets(graph)}),
        )
    }

    /// What the log vouches for, in its own words and with its signature.
    fn checkpoint(&mut self, source: Source<'_>) -> Result<(), ExportError> {
        let text = String::from_utf8_lossy(source.signed).into_owned();
        let (digest, bytes) = (Digest::of(source.signed), source.signed.len() as u64);
        let checkpoint = source.checkpoint;
        let entries = counted(checkpoint.size.0, "entry", "entries");
        let says = format!("log {}, {entries}, root {}", checkpoint.origin, checkpoint.root);
        let (name, path, media, payload) = (CHECKPOINT, CHECKPOINT, "text/plain; charset=utf-8", Some(text.as_str()));
        let told = FileTold { name, path, digest, bytes, media, payload };
        self.once("file", CHECKPOINT, |graph, id| {
            json!({
                "@id": id,
                "@type": "uco-observable:File",
                "uco-core:name": CHECKPOINT,
                "uco-core:description": format!("the signed checkpoint from which this was exported: {says}"),
                "uco-core:hasFacet": told.facets(graph),
            })
        })
        .map(drop)
    }

    /// The orders, and what was done under each.
    fn authorizations(&mut self, course: &Course) -> Result<Vec<Value>, ExportError> {
        let mut orders = Vec::new();
        for (order, entries) in &course.under {
            let authorization = self.once("authorization", order, |_, id| {
                json!({
                    "@id": id,
                    "@type": "case-investigation:Authorization",
                    "uco-core:name": order,
                    "case-investigation:authorizationIdentifier": order,
                })
            })?;
            let node = json!({
                "@id": self.id("relationship", order),
                "@type": "uco-core:Relationship",
                "uco-core:target": authorization,
                "uco-core:kindOfRelationship": "Authorized_By",
                "uco-core:isDirectional": true,
            });
            let actions = entries.iter().map(|seq| ("investigative-action", seq.to_string()));
            self.write_of_many(&node, "uco-core:source", actions)?;
            orders.push(authorization);
        }
        Ok(orders)
    }

    /// Writes a node whose last property refers to many others, by their class and what they are: in pieces, since there may be
    /// millions.
    fn write_of_many(
        &mut self,
        node: &Value,
        property: &str,
        others: impl Iterator<Item = (&'static str, String)>,
    ) -> Result<(), ExportError> {
        let node = node.to_string();
        write!(self.out, ",\n{},\"{property}\":[", node.strip_suffix('}').unwrap_or(&node))?;
        for (nth, (class, what)) in others.enumerate() {
            let (before, id) = (if nth == 0 { "" } else { "," }, self.id(class, &what));
            // A class and a UUID need no escaping.
            write!(self.out, "{before}{{\"@id\":\"{id}\"}}")?;
        }
        Ok(write!(self.out, "]}}")?)
    }

    /// The node that holds all.
    fn investigation(&mut self, source: Source<'_>, course: &Course, orders: &[Value]) -> Result<(), ExportError> {
        let node = present(json!({
            "@id": self.id("investigation", "log"),
            "@type": "case-investigation:Investigation",
            "uco-core:name": self.origin,
            "uco-core:description": format!("what the log {} tells in its {}", self.origin,
                counted(source.checkpoint.size.0, "entry", "entries")),
            "uco-core:startTime": course.span.map(|(from, _)| moment(from)),
            "uco-core:endTime": course.span.map(|(_, to)| moment(to)),
            "case-investigation:relevantAuthorization": orders,
        }));
        let of_entry = |seq: u64| ["investigative-action", "provenance-record"].map(|class| (class, seq.to_string()));
        let objects = [("file", CHECKPOINT.to_owned())].into_iter().chain((0..course.entries).flat_map(of_entry));
        self.write_of_many(&node, "uco-core:object", objects)
    }
}

/// The namespace of the graph's own nodes: the log's name as an IRI.
fn base(origin: &str) -> String {
    let plain = |octet: &u8| octet.is_ascii_alphanumeric() || b"-._~/".contains(octet);
    let escaped = |octet: u8| if plain(&octet) { char::from(octet).to_string() } else { format!("%{octet:02X}") };
    format!("https://{}#", origin.bytes().map(escaped).collect::<String>())
}

/// Class, facet, property and value of a target in UCO.
fn observable(subject: &str) -> Option<(&'static str, &'static str, &'static str, String)> {
    const VALUE: &str = "uco-observable:value";
    const ADDRESS: &str = "uco-observable:addressValue";
    if let Ok(server) = subject.parse::<SocketAddr>() {
        let address = server.ip().to_string();
        return Some(match server {
            SocketAddr::V4(_) => ("IPv4Address", "IPv4AddressFacet", ADDRESS, address),
            SocketAddr::V6(_) => ("IPv6Address", "IPv6AddressFacet", ADDRESS, address),
        });
    }
    let name = subject.parse::<OnionName>().map(|onion| onion.to_string());
    // A task of the program (`confirm`) is one word; a name has a dot.
    let name = name.or_else(|_| DomainName::parse(subject).map(|name| name.to_string()));
    let name = name.ok().filter(|name| name.contains('.'))?;
    Some(("DomainName", "DomainNameFacet", VALUE, name))
}

/// A file of which the graph tells.
struct FileTold<'f> {
    /// What it is called, and its nodes after it.
    name: &'f str,
    path: &'f str,
    digest: Digest,
    bytes: u64,
    media: &'f str,
    /// Its text, where it is short and stands in the graph.
    payload: Option<&'f str>,
}

impl FileTold<'_> {
    /// Its name and size, and its content with its hash.
    fn facets(&self, graph: &Graph<'_>) -> Value {
        let size = json!({"@type": "xsd:integer", "@value": self.bytes.to_string()});
        let file = json!({
            "@id": graph.id("file-facet", self.name),
            "@type": "uco-observable:FileFacet",
            "uco-observable:fileName": self.name,
            "uco-observable:filePath": self.path,
            "uco-observable:sizeInBytes": size,
        });
        let content = json!({
            "@id": graph.id("content-data-facet", self.name),
            "@type": "uco-observable:ContentDataFacet",
            "uco-observable:mimeType": self.media,
            "uco-observable:sizeInBytes": size,
            "uco-observable:dataPayload": self.payload,
            "uco-observable:hash": {
                "@id": graph.id("hash", self.name),
                "@type": "uco-types:Hash",
                "uco-types:hashMethod": "SHA256",
                "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": self.digest.hex()},
            },
        });
        json!([file, present(content)])
    }
}

/// What UCO has no property for, as tags.
fn tags(entry: &Entry) -> Vec<String> {
    let mut tags = vec![format!("kind:{}", kind(entry.kind).0), format!("role:{}", entry.actor.role)];
    tags.extend(entry.step.as_ref().map(|step| format!("step:{step}")));
    tags.extend(entry.actor.key.as_ref().map(|key| format!("key:{key}")));
    tags
}

/// The word of UCO's vocabulary of action states.
fn status(kind: Kind) -> &'static str {
    match kind {
        Kind::Intent => "Pending",
        Kind::Fact => "Complete/Finish",
        Kind::Outcome { result, .. } => match result {
            OutcomeResult::Done => "Success",
            OutcomeResult::Failed => "Fail",
            OutcomeResult::Unknown => "Unknown",
        },
    }
}

fn moment(at: UtcTime) -> Value {
    json!({"@type": "xsd:dateTime", "@value": at})
}

/// The node with more properties.
fn with(mut node: Value, more: Value) -> Value {
    if let (Value::Object(parts), Value::Object(more)) = (&mut node, more) {
        parts.extend(more);
    }
    node
}

/// The object without its nulls and its empty lists.
fn present(mut node: Value) -> Value {
    if let Value::Object(parts) = &mut node {
        parts.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|values| !values.is_empty()));
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_log_is_an_iri_whatever_it_holds() {
        for (origin, iri) in [
            ("police.example/log/op", "https://police.example/log/op#"),
            ("a<b>\"c{d}|e\\f^g`h", "https://a%3Cb%3E%22c%7Bd%7D%7Ce%5Cf%5Eg%60h#"),
            ("a#b?c%d", "https://a%23b%3Fc%25d#"),
        ] {
            assert_eq!(base(origin), iri);
        }
    }

    #[test]
    fn a_target_is_what_it_is_and_a_task_is_none() {
        const ONION: &str = "3frxlbrstqlzy5dkmeknxb3hpwdz6ozsdis47ahkzwl2qx7vl5xlmjad.onion";
        for (subject, class, value) in [
            ("shop.example", "DomainName", "shop.example"),
            (ONION, "DomainName", ONION),
            ("203.0.113.7:443", "IPv4Address", "203.0.113.7"),
            ("[2001:db8::1]:443", "IPv6Address", "2001:db8::1"),
        ] {
            let (found, _, _, holds) = observable(subject).unwrap();
            assert_eq!((found, holds.as_str()), (class, value));
        }
        for subject in ["", "confirm", "list:dga", "site:1", "a b.example"] {
            assert!(observable(subject).is_none(), "{subject}");
        }
    }
}

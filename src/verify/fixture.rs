//! Notices and keys for this module's tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::header::ACCEPT_LANGUAGE;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use rustls::ServerConfig;

use super::{PageSeen, Trust};
use crate::audit::{Actor, Entry, Kind};
use crate::check::Eyes;
use crate::clock::{SimulatedClock, UtcTime};
use crate::digest::Digest;
use crate::domain::OnionName;
use crate::keyring::{KeyList, KeyStatus, ListedKey, LogPolicy, SecretKey, TrustedKeys};
use crate::language::LanguageTag;
use crate::notice::{KIT_PATH, LoggedNotice, Manifest, NOTICE_ENTRY, Status};
use crate::observe::Network;
use crate::observe::loopback::{Answer, Standing, web_server};
use crate::signed_note::{Note, NoteSignature, NoteSigner as _, NoteText, VerifierKey};
use crate::tlog::{Checkpoint, LeafIndex, Receipt, TreeSize, inclusion_proof, leaf_hash, root_of};

/// A key's name and seed.
pub(super) type Signer = (&'static str, u8);

/// The issuer's notice key.
pub(super) const POLICE: Signer = ("police.example/notice", 1);
/// A second notice key of the issuer.
pub(super) const SPARE: Signer = ("police.example/notice/spare", 2);
/// The other agency's notice key.
pub(super) const COURT: Signer = ("court.example/notice", 3);
/// A known key that may approve plans and nothing else.
pub(super) const APPROVER: Signer = ("court.example/approval/jane-doe", 4);
/// A key that nobody knows.
pub(super) const STRANGER: Signer = ("police.example/notice", 9);

/// The issuer's root key.
pub(super) const POLICE_ROOT: Signer = ("police.example/root", 11);
/// The other agency's root key.
pub(super) const COURT_ROOT: Signer = ("court.example/root", 12);

/// The key of the log in which the notice stands.
pub(super) const LOG: Signer = ("police.example/log/harbour-light", 21);
/// Another agency, which cosigns that log.
pub(super) const WITNESS: Signer = ("court.example/witness", 22);
/// A second one.
pub(super) const OTHER_WITNESS: Signer = ("prosecutor.example/witness", 23);

pub(super) fn key((name, seed): Signer) -> SecretKey {
    SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap()
}

pub(super) fn public(signer: Signer) -> VerifierKey {
    key(signer).verifier().clone()
}

/// The policy that both agencies must sign. The approver's key is known as well.
pub(super) fn both() -> Trust {
    let known = [POLICE, SPARE, COURT, APPROVER].map(public);
    Trust::of_policy(TrustedKeys::at_least(2, &known).unwrap())
}

/// The list of their notice keys, all active, by which both agencies must sign.
pub(super) fn key_list() -> KeyList {
    let (not_before, not_after) = (time("2026-11-22T08:00:00Z"), time("2027-11-22T08:00:00Z"));
    let listed = |signer| ListedKey { key: public(signer), status: KeyStatus::Active, not_before, not_after };
    let (keys, expires) = ([POLICE, SPARE, COURT].map(listed).into(), time("2027-02-22T08:00:00Z"));
    let roots = [POLICE_ROOT, COURT_ROOT].map(public).into();
    KeyList { version: 1, issued: not_before, expires, threshold: 2, roots, quorum: 2, keys }.checked().unwrap()
}

pub(super) fn time(text: &str) -> UtcTime {
    text.parse().unwrap()
}

/// A moment within the notice's dates.
pub(super) fn noon() -> UtcTime {
    time("2026-11-22T12:00:00Z")
}

pub(super) fn tag(text: &str) -> LanguageTag {
    text.parse().unwrap()
}

/// The onion service that the notice covers.
pub(super) fn onion() -> OnionName {
    OnionName::of_key(&[7; 32])
}

/// The page in one of the notice's languages.
pub(super) fn page(language: &str) -> String {
    format!("<!doctype html><html lang={language}><title>{language}</title>")
}

/// The pages as they were signed: Arabic, German and English.
pub(super) fn pages() -> BTreeMap<LanguageTag, Digest> {
    ["ar", "de", "en"].iter().map(|language| (tag(language), Digest::of(page(language)))).collect()
}

/// Those pages as they are found.
pub(super) fn seen() -> Vec<PageSeen> {
    pages().into_iter().map(|(language, digest)| PageSeen { language: Some(language), digest, path: None }).collect()
}

/// A notice for `shop.example` and what is below it, and for an onion service.
pub(super) fn manifest() -> Manifest {
    let manifest = Manifest {
        id: "harbour-light/main/1".parse().unwrap(),
        issuer: "police.example".parse().unwrap(),
        order: "District Court of Havn, 118/2026".to_owned(),
        status: Status::InForce,
        domains: ["shop.example".parse().unwrap()].into(),
        onions: [onion()].into(),
        sealed: None,
        returned: [].into(),
        returned_sealed: None,
        subdomains: true,
        not_before: time("2026-11-22T08:00:00Z"),
        not_after: time("2027-11-22T08:00:00Z"),
        review: Some(time("2027-05-22T08:00:00Z")),
        verify_at: "https://www.police.example/notices/harbour-light".to_owned(),
        pages: pages(),
        supersedes: BTreeMap::new(),
    };
    manifest.checked().unwrap()
}

/// `text`, signed by each of `signers`.
pub(super) fn note(text: &str, signers: &[Signer]) -> Vec<u8> {
    let text = NoteText::new(text.to_owned()).unwrap();
    let sign = |signer: &Signer| NoteSignature::sign(&text, &key(*signer)).unwrap();
    let signatures = signers.iter().map(sign).collect();
    Note { text, signatures }.to_string().into_bytes()
}

/// The notice, signed by both agencies.
pub(super) fn good_note() -> Vec<u8> {
    note(&manifest().to_string(), &[POLICE, COURT])
}

/// A notice host: what it shows, and how.
#[derive(Clone)]
pub(super) struct House {
    /// The status of its pages.
    pub(super) status: u16,
    /// The page for each language; the first is for readers of none of them.
    pub(super) pages: Vec<(&'static str, String)>,
    /// What it says instead of the page's language; empty where it says nothing.
    pub(super) says: Option<&'static str>,
    /// The note, if it has one.
    pub(super) note: Option<Vec<u8>>,
    /// The further fields of its pages; one of a name that a page has anyway takes its place.
    pub(super) fields: Vec<(&'static str, &'static str)>,
}

impl House {
    /// One that does everything right.
    pub(super) fn good() -> Self {
        let pages = ["en", "de", "ar"].map(|language| (language, page(language))).into();
        Self { status: 451, pages, says: None, note: Some(good_note()), fields: Vec::new() }
    }

    /// What it answers; for strange hosts there is no difference.
    pub(super) fn answer(&self, request: &Request<Incoming>) -> Answer {
        if request.uri().path().starts_with(KIT_PATH) {
            let (status, note) = self.note.clone().map_or((404, Vec::new()), |note| (200, note));
            return Response::builder().status(status).body(Full::new(note.into())).unwrap();
        }
        let asked = request.headers().get(ACCEPT_LANGUAGE).map(|asked| asked.to_str().unwrap());
        let page = self.pages.iter().find(|(language, _)| Some(*language) == asked).unwrap_or(&self.pages[0]);
        let says = self.says.unwrap_or(page.0);
        let mut response = Response::new(Full::new(page.1.clone().into()));
        *response.status_mut() = self.status.try_into().unwrap();
        let own = [("content-type", "text/html; charset=utf-8"), ("content-language", says)];
        let own = own.into_iter().filter(|(_, value)| !value.is_empty());
        for (name, value) in own.chain(self.fields.iter().copied()) {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        response
    }

    /// Opens it at `at`, with TLS when it is given a configuration.
    pub(super) async fn open(self, network: &Network, at: &str, tls: Option<ServerConfig>) -> Standing {
        web_server(network, at.parse().unwrap(), tls, move |request| self.answer(&request)).await
    }
}

/// Eyes on `network` at [`noon`].
pub(super) fn eyes(network: &Network) -> Eyes {
    Eyes::new(network.clone(), Arc::new(SimulatedClock::new(noon())))
}

/// The entry that says that this note is served.
pub(super) fn logged(note: &[u8]) -> Entry {
    Entry {
        at: time("2026-11-22T07:30:00Z"),
        actor: Actor { agency: "police.example".into(), key: None, role: "operator".into() },
        authority: None,
        step: None,
        kind: Kind::Fact,
        action: NOTICE_ENTRY.into(),
        subject: Some(manifest().id.to_string()),
        body: LoggedNotice::of_note(&Note::parse(note).unwrap()).body(),
        evidence: Vec::new(),
        tool: "impound 0.1.0".into(),
    }
}

/// The receipt of an entry, the third of five, under a checkpoint by this log with these cosignatures.
pub(super) fn proof(entry: &Entry, log: Signer, cosigners: &[(Signer, UtcTime)]) -> Vec<u8> {
    let bytes = entry.to_bytes(LeafIndex(2)).unwrap();
    let mut leaves: Vec<_> = (0..5).map(|nth: u8| leaf_hash(&[nth])).collect();
    leaves[2] = leaf_hash(&bytes);
    let proof = inclusion_proof(&leaves, LeafIndex(2)).unwrap();
    let checkpoint = Checkpoint { origin: log.0.parse().unwrap(), size: TreeSize(5), root: root_of(&leaves) };
    let text = checkpoint.to_text().unwrap();
    let mut signatures = vec![NoteSignature::sign(&text, &key(log)).unwrap()];
    let cosign = |(signer, at): &(Signer, UtcTime)| NoteSignature::cosign(&text, *at, &key(*signer)).unwrap();
    signatures.extend(cosigners.iter().map(cosign));
    Receipt::new(Some(bytes), proof, Note { text, signatures }).unwrap().to_string().into_bytes()
}

/// The policy that the other agency must have cosigned the log.
pub(super) fn witnessed_log() -> LogPolicy {
    LogPolicy::at_least(1, &public(LOG), &[(public(WITNESS), None)]).unwrap()
}

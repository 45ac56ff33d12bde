//! The keys that stand on key lists, and the log with its witnesses.

use crate::desk::*;
use impound::audit::{Actor, Entry, Kind};
use impound::clock::UtcTime;
use impound::keyring::{KeyList, KeyStatus, ListedKey, SecretKey, TrustedKeys};
use impound::notice::{LoggedNotice, NOTICE_ENTRY};
use impound::signed_note::{Note, NoteSignature, NoteSigner};
use impound::tlog::{Checkpoint, Hash, LeafIndex, Receipt, TreeSize, inclusion_proof, leaf_hash, root_of};

/// The keys that stand on lists, and what is said with them.
pub struct Ring {
    pub police_root: SecretKey,
    pub court_root: SecretKey,
    pub log: SecretKey,
    pub witness: SecretKey,
    pub other_witness: SecretKey,
    pub own_witness: SecretKey,
}

impl Ring {
    pub fn new() -> Self {
        Self {
            police_root: key("police.example/root"),
            court_root: key("court.example/root"),
            log: key("police.example/log/harbour-light"),
            witness: key("court.example/witness"),
            other_witness: key("prosecutor.example/witness"),
            own_witness: key("police.example/witness"),
        }
    }

    pub fn roots(&self) -> String {
        let roots = [&self.police_root, &self.court_root].map(|key| key.verifier().clone());
        TrustedKeys::at_least(2, &roots).unwrap().to_string()
    }

    /// The list of both agencies' notice keys, and of these.
    pub fn list(&self, desk: &Desk, version: u32, further: &[(&SecretKey, KeyStatus)]) -> KeyList {
        let (not_before, not_after) = (time("2026-11-01T00:00:00Z"), time("2027-11-22T08:00:00Z"));
        let active = [&desk.police, &desk.spare, &desk.court].map(|key| (key, KeyStatus::Active));
        let listed = |(key, status): (&SecretKey, KeyStatus)| ListedKey {
            key: key.verifier().clone(),
            status,
            not_before,
            not_after,
        };
        let keys = active.into_iter().chain(further.iter().copied()).map(listed).collect();
        let roots = [&self.police_root, &self.court_root].map(|key| key.verifier().clone()).into();
        let expires = time("2027-02-22T08:00:00Z");
        KeyList { version, issued: not_before, expires, threshold: 2, roots, quorum: 2, keys }.checked().unwrap()
    }

    pub fn signed(&self, list: &KeyList) -> String {
        note(&list.to_string(), &[&self.police_root, &self.court_root])
    }

    /// The receipt of an entry, the third of five.
    pub fn proof(&self, entry: &Entry, log: &SecretKey, cosigners: &[(&SecretKey, &str)]) -> String {
        self.proof_of(entry.to_bytes(LeafIndex(2)).unwrap(), log, cosigners)
    }

    /// The same, of any octets in the place of an entry.
    pub fn proof_of(&self, bytes: Vec<u8>, log: &SecretKey, cosigners: &[(&SecretKey, &str)]) -> String {
        let mut leaves: Vec<Hash> = (0..5_u8).map(|nth| leaf_hash(&[nth])).collect();
        leaves[2] = leaf_hash(&bytes);
        let origin = log.verifier().name().clone();
        let text = Checkpoint { origin, size: TreeSize(5), root: root_of(&leaves) }.to_text().unwrap();
        let mut signatures = vec![NoteSignature::sign(&text, log).unwrap()];
        let cosign = |(signer, at): &(&SecretKey, &str)| NoteSignature::cosign(&text, time(at), *signer).unwrap();
        signatures.extend(cosigners.iter().map(cosign));
        let path = inclusion_proof(&leaves, LeafIndex(2)).unwrap();
        Receipt::new(Some(bytes), path, Note { text, signatures }).unwrap().to_string()
    }
}

pub fn time(text: &str) -> UtcTime {
    text.parse().unwrap()
}

pub fn entry_of(note: &str) -> Entry {
    Entry {
        at: time("2026-11-22T07:30:00Z"),
        actor: Actor { agency: "police.example".into(), key: None, role: "operator".into() },
        authority: None,
        step: Some("publish".into()),
        kind: Kind::Fact,
        action: NOTICE_ENTRY.into(),
        subject: Some("harbour-light/main/2 \u{fc}\u{2028}".into()),
        body: LoggedNotice::of_note(&Note::parse(note.as_bytes()).unwrap()).body(),
        evidence: Vec::new(),
        tool: "impound 0.1.0".into(),
    }
}

pub fn in_other_hands() -> KeyStatus {
    KeyStatus::Revoked { compromised_since: time("2026-11-22T10:00:00Z") }
}

pub fn with_status(mut list: KeyList, of: &SecretKey, status: KeyStatus) -> KeyList {
    list.keys.iter_mut().filter(|one| one.key == *of.verifier()).for_each(|one| one.status = status);
    list.checked().unwrap()
}

use proptest::prelude::*;

use super::*;
use crate::audit::fixture::plain;
use crate::clock::UtcTime;
use crate::keyring::SecretKey;
use crate::signed_note::{KeyType, Note, NoteSignature, NoteSigner};
use crate::tlog::{Hash, LeafIndex, TreeSize, inclusion_proof, root_of};

const LOG: &str = "police.example/log";

fn key(name: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap()
}

fn entry(nth: u64) -> Vec<u8> {
    plain("gate").to_bytes(LeafIndex(nth)).unwrap()
}

/// The receipt of entry 3 among five leaves, the fourth of which is `leaf`, signed by these.
fn receipt(leaf: &[u8], extra: Option<&[u8]>, origin: &str, signers: &[SecretKey]) -> String {
    let mut leaves: Vec<Hash> = (0..5).map(|nth| leaf_hash(&entry(nth))).collect();
    leaves[3] = leaf_hash(leaf);
    let proof = inclusion_proof(&leaves, LeafIndex(3)).unwrap();
    let checkpoint = Checkpoint { origin: origin.parse().unwrap(), size: TreeSize(5), root: root_of(&leaves) };
    let text = checkpoint.to_text().unwrap();
    let at: UtcTime = "2026-11-22T09:00:00Z".parse().unwrap();
    let sign = |signer: &SecretKey| match signer.verifier().key_type() {
        KeyType::Note => NoteSignature::sign(&text, signer).unwrap(),
        KeyType::Cosigner => NoteSignature::cosign(&text, at, signer).unwrap(),
    };
    let signatures = signers.iter().map(sign).collect();
    Receipt::new(extra.map(<[u8]>::to_vec), proof, Note { text, signatures }).unwrap().to_string()
}

fn good() -> String {
    receipt(&entry(3), Some(&entry(3)), LOG, &[key(LOG, 7)])
}

fn judge(receipt: &str, entry: Option<&[u8]>) -> JudgedReceipt {
    let known = [key("court.example/log", 9).verifier().clone(), key(LOG, 7).verifier().clone()];
    judge_receipt(receipt.as_bytes(), &known, None, entry)
}

#[test]
fn a_receipt_alone_or_with_its_entry_shows_that_the_entry_is_recorded() {
    let bare = receipt(&entry(3), None, LOG, &[key(LOG, 7)]);
    let witnessed = receipt(&entry(3), Some(&entry(3)), LOG, &[key(LOG, 7), key("court.example/witness", 3)]);
    for (receipt, given) in [(good(), None), (good(), Some(entry(3))), (bare, Some(entry(3))), (witnessed, None)] {
        let judged = judge(&receipt, given.as_deref());
        assert_eq!(judged.report.verdict.to_string(), "recorded: entry 3 of police.example/log", "{}", judged.report);
        assert_eq!(judged.recorded.unwrap().entry.action, "gate");
        assert!(judged.report.to_string().contains("not checked  evidence"), "{}", judged.report);
    }
}

#[test]
fn what_speaks_against_a_receipt_is_the_verdict() {
    let other = entry(2);
    let swapped = good().replace("\nindex 3", "\nindex 2");
    let altered = |seed| receipt(&entry(3), Some(&entry(3)), LOG, &[key(LOG, seed)]);
    // The root of another tree under the signature of the first.
    let torn = {
        let mut lines: Vec<String> = good().lines().map(str::to_owned).collect();
        let root = lines.iter().position(|line| line == "5").unwrap() + 1;
        lines[root] = leaf_hash(b"another").to_string();
        lines.join("\n") + "\n"
    };
    let notice = "police.example/notice";
    for (receipt, given, verdict, failed) in [
        ("".to_owned(), None, "malformed", Check::Receipt),
        (good()[..good().len() - 1].to_owned(), None, "malformed", Check::Receipt),
        (torn, None, "altered", Check::Checkpoint),
        (altered(8), None, "unknown-log", Check::Checkpoint),
        (receipt(&entry(3), None, notice, &[key(notice, 7)]), None, "unknown-log", Check::Checkpoint),
        (receipt(&entry(3), None, LOG, &[key("court.example/log", 9)]), None, "unknown-log", Check::Checkpoint),
        (swapped, None, "altered", Check::Included),
        (receipt(&entry(3), Some(&other), LOG, &[key(LOG, 7)]), None, "altered", Check::Included),
        (good(), Some(other.clone()), "altered", Check::Included),
        (receipt(&other, Some(&other), LOG, &[key(LOG, 7)]), None, "malformed", Check::Entry),
        (receipt(b"{ }", Some(b"{ }"), LOG, &[key(LOG, 7)]), None, "malformed", Check::Entry),
        // The given one is in the log, but the receipt says that another is.
        (receipt(&entry(3), Some(&other), LOG, &[key(LOG, 7)]), Some(entry(3)), "altered", Check::Entry),
    ] {
        let judged = judge(&receipt, given.as_deref());
        assert_eq!(judged.report.verdict.code(), verdict, "{}", judged.report);
        let line = judged.report.lines.iter().find(|line| line.is_failure()).unwrap();
        assert_eq!(line.check, failed, "{}", judged.report);
        assert_eq!(judged.recorded, None);
    }
    // Without the entry there is nothing to prove.
    let bare = judge(&receipt(&entry(3), None, LOG, &[key(LOG, 7)]), None);
    assert_eq!(bare.report.verdict.code(), "undetermined", "{}", bare.report);
}

#[test]
fn a_receipt_is_witnessed_as_the_policy_asks_or_not_believed() {
    let (log, court, other) = (key(LOG, 7), key("court.example/witness", 3), key("other.example/witness", 4));
    let of = |signers: &[SecretKey]| receipt(&entry(3), Some(&entry(3)), LOG, signers);
    let policy = |need| {
        let witnesses = [(court.verifier().clone(), None), (other.verifier().clone(), None)];
        LogPolicy::at_least(need, log.verifier(), &witnesses).unwrap()
    };
    let two = of(&[key(LOG, 7), key("court.example/witness", 3), key("other.example/witness", 4)]);
    let one = of(&[key(LOG, 7), key("court.example/witness", 3)]);
    let strange = of(&[key(LOG, 7), key("stranger.example/witness", 5)]);
    let later = one.replace("court.example", "other.example");
    for (receipt, need, verdict) in [
        (&two, 2, "recorded"),
        (&one, 1, "recorded"),
        (&one, 2, "not-enough-signatures"),
        (&strange, 1, "not-enough-signatures"),
        (&later, 1, "not-enough-signatures"),
        (&good(), 1, "not-enough-signatures"),
    ] {
        let keys = [log.verifier().clone()];
        let judged = judge_receipt(receipt.as_bytes(), &keys, Some(&policy(need)), None);
        assert_eq!(judged.report.verdict.code(), verdict, "{}", judged.report);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_bit_of_a_receipt_can_be_changed(at: prop::sample::Index, bit in 0..8) {
        let mut bytes = good().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        let judged = judge_receipt(&bytes, &[key(LOG, 7).verifier().clone()], None, None);
        prop_assert!(!judged.report.is_good(), "{}", String::from_utf8_lossy(&bytes));
    }
}

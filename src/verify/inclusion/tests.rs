use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::audit::Entry;
use crate::keyring::{KeyList, KeyStatus, ListedKey, TrustedKeys};
use crate::observe::WebHost;
use crate::verify::fixture::{
    COURT, COURT_ROOT, LOG, OTHER_WITNESS, POLICE, POLICE_ROOT, Signer, WITNESS, both, good_note, key_list, logged,
    manifest, noon, note, proof, public, seen, time, witnessed_log,
};
use crate::verify::{CheckResult, Expected, Papers, Report, judge};

/// A log of somebody else, and a witness of the agency whose log it is.
const OTHER_LOG: Signer = ("other.example/log", 31);
const OWN_WITNESS: Signer = ("police.example/witness", 32);
const BELOW: Signer = ("w.police.example/witness", 34);
const ABOVE: Signer = ("example/witness", 35);
const ALIKE: Signer = ("notpolice.example/witness", 36);
const STRANGE_WITNESS: Signer = ("court.example/witness", 33);

fn early() -> UtcTime {
    time("2026-11-22T08:30:00Z")
}

fn of(note: &[u8], proof: Option<&[u8]>, trust: &Trust) -> Report {
    let name: WebHost = "shop.example".parse().unwrap();
    let logged = Logged { proof, stamp: None };
    let papers = Papers { note, text: None, coverage: None, pages: &seen(), logged };
    judge(papers, Expected { trust, name: Some(&name), at: noon() })
}

fn with_key() -> Trust {
    both().with_logs(LogTrust { keys: vec![public(LOG)], policy: None, authorities: None })
}

fn with_policy() -> Trust {
    both().with_logs(LogTrust { keys: vec![public(LOG)], policy: Some(witnessed_log()), authorities: None })
}

#[track_caller]
fn line(report: &Report, check: Check) -> (&str, &str) {
    let line = report.line(check).unwrap_or_else(|| panic!("no line {check:?}\n{report}"));
    let word = match line.result {
        CheckResult::Pass => "pass",
        CheckResult::Fail(_) => "fail",
        CheckResult::NotChecked => "not checked",
    };
    (word, &line.detail)
}

#[test]
fn a_notice_in_the_log_is_told_with_its_place_and_without_the_proof_that_was_asked_for_there_is_no_good_verdict() {
    let note = good_note();
    let (bare, witnessed) = (proof(&logged(&note), LOG, &[]), proof(&logged(&note), LOG, &[(WITNESS, early())]));
    let stands = "entry 2 of police.example/log/harbour-light, written 2026-11-22T07:30:00Z";
    let unnamed = "there is a proof, but nobody said which log is believed";
    for (proof, trust, expected, code) in [
        (None, both(), ("not checked", NO_PROOF), "in-force"),
        (None, with_key(), ("not checked", NO_PROOF), "undetermined"),
        (None, with_policy(), ("not checked", NO_PROOF), "undetermined"),
        (Some(&bare), both(), ("not checked", unnamed), "in-force"),
        (Some(&bare), with_key(), ("pass", stands), "in-force"),
        (Some(&bare), with_policy(), ("pass", stands), "not-enough-signatures"),
        (Some(&witnessed), with_key(), ("pass", stands), "in-force"),
        (Some(&witnessed), with_policy(), ("pass", stands), "in-force"),
        (
            Some(&without_entry(&bare)),
            with_key(),
            ("not checked", "the receipt does not carry the entry"),
            "undetermined",
        ),
    ] {
        let report = of(&note, proof.map(Vec::as_slice), &trust);
        assert_eq!(line(&report, Check::Inclusion), expected, "{report}");
        assert_eq!(report.verdict.code(), code, "{report}");
    }
    // Logs that stand on a key list are looked at where there is a proof, and nobody asked for one.
    let mut listed = list_with(&[(LOG, KeyStatus::Active)]);
    listed.keys.iter_mut().for_each(|one| one.status = KeyStatus::Active);
    assert!(of(&note, None, &trusting(&listed)).is_good());
    let report = of(&note, Some(&witnessed), &with_policy());
    let cosigned = "1 of 1 needed; signed by court.example; court.example/witness at 2026-11-22T08:30:00Z";
    assert_eq!(line(&report, Check::Witnesses), ("pass", cosigned));
    let mut rehearsed = logged(&note);
    rehearsed.actor.role = REHEARSAL.into();
    let report = of(&note, Some(&proof(&rehearsed, LOG, &[])), &with_key());
    assert!(line(&report, Check::Inclusion).1.ends_with(", of a rehearsal"), "{report}");
}

/// The receipt without the entry in it.
fn without_entry(proof: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(proof).unwrap();
    text.split_inclusive('\n').filter(|line| !line.starts_with("extra ")).collect::<String>().into_bytes()
}

/// Certificates are made by `rcgen`: this one vouches for nothing that is looked at here.
fn an_authority() -> Authorities {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(["tsa.example".to_owned()]).unwrap().self_signed(&key).unwrap();
    Authorities::from_pem(certificate.pem().as_bytes()).unwrap()
}

#[test]
fn a_time_stamp_has_a_line_of_its_own_and_one_that_does_not_hold_is_no_good_verdict() {
    let note = good_note();
    let (bare, witnessed) = (proof(&logged(&note), LOG, &[]), proof(&logged(&note), LOG, &[(WITNESS, early())]));
    let believing = |trust: Trust| {
        let logs = LogTrust { authorities: Some(an_authority()), ..trust.logs.clone() };
        trust.with_logs(logs)
    };
    let judged = |proof: Option<&[u8]>, stamp: Option<&[u8]>, trust: &Trust| {
        let name: WebHost = "shop.example".parse().unwrap();
        let logged = Logged { proof, stamp };
        let papers = Papers { note: &note, text: None, coverage: None, pages: &seen(), logged };
        judge(papers, Expected { trust, name: Some(&name), at: noon() })
    };
    let junk: Option<&[u8]> = Some(b"junk");
    let none_believed = ("not checked", "no authority is believed");
    let of_nothing = ("not checked", "there is no proven entry that it could date");
    for (proof, stamp, trust, expected, code) in [
        (Some(&bare), junk, with_key(), none_believed, "in-force"),
        (Some(&bare), None, believing(with_key()), ("not checked", "none lies beside the proof"), "undetermined"),
        (Some(&witnessed), None, believing(with_policy()), ("not checked", "none lies beside the proof"), "in-force"),
        (None, junk, both(), of_nothing, "in-force"),
        (None, junk, believing(both()), of_nothing, "undetermined"),
        (None, None, believing(both()), ("not checked", "none was looked at"), "undetermined"),
    ] {
        let report = judged(proof.map(Vec::as_slice), stamp, &trust);
        assert_eq!(line(&report, Check::TimeStamp), expected, "{report}");
        assert_eq!(report.verdict.code(), code, "{report}");
    }
    for (proof, trust) in [(&bare, with_key()), (&witnessed, with_policy())] {
        let report = judged(Some(proof), junk, &believing(trust));
        let (word, detail) = line(&report, Check::TimeStamp);
        assert!(word == "fail" && detail.starts_with("it does not hold: "), "{report}");
        assert_eq!(line(&report, Check::Inclusion).0, "pass", "{report}");
        assert_eq!(report.verdict.to_string(), "altered: the time stamp over the checkpoint");
    }
    assert!(judged(Some(&bare), None, &with_key()).line(Check::TimeStamp).is_none(), "nobody speaks of one");
}

#[test]
fn what_does_not_prove_this_notice_is_never_a_pass() {
    let good = good_note();
    let entry = logged(&good);
    let other = note(&manifest().to_string().replace("118/2026", "119/2026"), &[POLICE, COURT]);
    // What the log cites as met on the net, or what a person noted, is not the operation's word.
    let cited = |action: &str| Entry { action: action.into(), ..logged(&good_note()) };
    let named = |key: &str, text: &str| {
        let mut entry = logged(&good_note());
        entry.body.insert(key.into(), json!(text));
        entry
    };
    let empty = Entry { body: BTreeMap::new(), ..entry.clone() };
    let text = |entry: &Entry| String::from_utf8(proof(entry, LOG, &[])).unwrap();
    for (proof, trust, code, said) in [
        (text(&logged(&other)), with_key(), "altered", "not that of this notice"),
        (text(&cited("visit")), with_key(), "altered", "not that of this notice"),
        (text(&cited("note")), with_key(), "altered", "not that of this notice"),
        (text(&empty), with_key(), "altered", "not that of this notice"),
        (text(&named("manifest", "x")), with_key(), "altered", "not that of this notice"),
        (String::from_utf8(proof(&entry, OTHER_LOG, &[])).unwrap(), with_key(), "unknown-log", "no trusted key"),
        (text(&entry).replace("\nindex 2", "\nindex 1"), with_key(), "altered", ""),
        (text(&entry).replace("\n5\n", "\n6\n"), with_key(), "altered", ""),
        (String::new(), with_key(), "malformed", ""),
    ] {
        let report = of(&good, Some(proof.as_bytes()), &trust);
        assert_eq!(report.verdict.code(), code, "{proof}\n{report}");
        let (word, detail) = line(&report, Check::Inclusion);
        assert!(word == "fail" && detail.contains(said), "{report}");
    }
    for cosigners in [vec![], vec![(STRANGE_WITNESS, early())]] {
        let report = of(&good, Some(&proof(&entry, LOG, &cosigners)), &with_policy());
        let missing = "0 of 1 needed; not signed by court.example";
        assert_eq!(line(&report, Check::Witnesses), ("fail", missing));
        assert_eq!(report.verdict.to_string(), format!("not enough signatures: witnesses: {missing}"));
    }
}

fn list_with(keys: &[(Signer, KeyStatus)]) -> KeyList {
    let list = key_list();
    let (not_before, not_after) = (time("2026-11-01T00:00:00Z"), time("2027-11-22T08:00:00Z"));
    let further =
        keys.iter().map(|(signer, status)| ListedKey { key: public(*signer), status: *status, not_before, not_after });
    let changed = |listed: ListedKey| match listed.key == public(COURT) {
        true => ListedKey { status: in_other_hands(), ..listed },
        false => listed,
    };
    let keys = list.keys.iter().cloned().map(changed).chain(further).collect();
    KeyList { keys, ..list }.checked().unwrap()
}

fn in_other_hands() -> KeyStatus {
    KeyStatus::Revoked { compromised_since: time("2026-11-22T10:00:00Z") }
}

fn trusting(list: &KeyList) -> Trust {
    let roots = TrustedKeys::at_least(2, &[POLICE_ROOT, COURT_ROOT].map(public)).unwrap();
    let signed = Note::parse(&note(&list.to_string(), &[POLICE_ROOT, COURT_ROOT])).unwrap();
    Trust::of_list(VerifiedKeyList::of(&signed, &roots).unwrap()).unwrap()
}

/// The court's key is in other hands since ten o'clock. Its signature counts only when somebody who is known says that it was
/// there before; every row tries to get round that, or is the honest way.
#[test]
fn a_revoked_key_counts_only_with_a_dated_proof_of_this_very_note() {
    use KeyStatus::{Active, Retired};
    let good = good_note();
    let entry = logged(&good);
    // The text was logged in time, and the court's signature put under it later.
    let before = note(&manifest().to_string(), &[POLICE]);
    let known = [(LOG, Active), (WITNESS, Active)];
    let late = time("2026-11-22T10:00:01Z");
    let at = |signer, at| proof(&entry, LOG, &[(signer, at)]);
    for (what, list, proof, code) in [
        ("a known witness in time", known.to_vec(), at(WITNESS, early()), "in-force"),
        ("at the very moment", known.to_vec(), at(WITNESS, time("2026-11-22T10:00:00Z")), "in-force"),
        ("a second later", known.to_vec(), at(WITNESS, late), "not-enough-signatures"),
        ("no witness", known.to_vec(), proof(&entry, LOG, &[]), "not-enough-signatures"),
        ("an unknown witness", known.to_vec(), at(OTHER_WITNESS, early()), "not-enough-signatures"),
        ("another key of its name", known.to_vec(), at(STRANGE_WITNESS, early()), "not-enough-signatures"),
        (
            "a witness of the log's own agency",
            vec![(LOG, Active), (OWN_WITNESS, Active)],
            at(OWN_WITNESS, early()),
            "not-enough-signatures",
        ),
        (
            "a witness below the log's agency",
            vec![(LOG, Active), (BELOW, Active)],
            at(BELOW, early()),
            "not-enough-signatures",
        ),
        (
            "a witness above the log's agency",
            vec![(LOG, Active), (ABOVE, Active)],
            at(ABOVE, early()),
            "not-enough-signatures",
        ),
        (
            "a witness whose name only ends like it",
            vec![(LOG, Active), (ALIKE, Active)],
            at(ALIKE, early()),
            "in-force",
        ),
        (
            "a revoked witness",
            vec![(LOG, Active), (WITNESS, in_other_hands())],
            at(WITNESS, early()),
            "not-enough-signatures",
        ),
        (
            "a witness before its time",
            known.to_vec(),
            at(WITNESS, time("2026-10-01T00:00:00Z")),
            "not-enough-signatures",
        ),
        ("a retired witness", vec![(LOG, Active), (WITNESS, Retired)], at(WITNESS, early()), "in-force"),
        ("no log on the list", vec![(WITNESS, Active)], at(WITNESS, early()), "not-enough-signatures"),
        ("another log", known.to_vec(), proof(&entry, OTHER_LOG, &[(WITNESS, early())]), "not-enough-signatures"),
        (
            "a revoked log, witnessed in time",
            vec![(LOG, in_other_hands()), (WITNESS, Active)],
            at(WITNESS, early()),
            "in-force",
        ),
        (
            "a revoked log, witnessed late",
            vec![(LOG, in_other_hands()), (WITNESS, Active)],
            at(WITNESS, late),
            "not-enough-signatures",
        ),
        (
            "the text with fewer signatures",
            known.to_vec(),
            proof(&logged(&before), LOG, &[(WITNESS, early())]),
            "not-enough-signatures",
        ),
        (
            "a visit that met it",
            known.to_vec(),
            proof(&Entry { action: "visit".into(), ..entry.clone() }, LOG, &[(WITNESS, early())]),
            "not-enough-signatures",
        ),
        ("garbage", known.to_vec(), b"c2sp.org/tlog-proof@v1\n".to_vec(), "not-enough-signatures"),
    ] {
        let report = of(&good, Some(&proof), &trusting(&list_with(&list)));
        assert_eq!(report.verdict.code(), code, "{what}\n{report}");
    }
}

#[test]
fn with_a_policy_as_many_witnesses_must_have_cosigned_in_time_as_it_asks_for() {
    let good = good_note();
    let witnesses = [(public(WITNESS), None), (public(OTHER_WITNESS), None)];
    let late = time("2026-11-22T11:00:00Z");
    for (need, cosigned, code) in [
        (2, vec![(WITNESS, early()), (OTHER_WITNESS, early())], "in-force"),
        (2, vec![(WITNESS, early()), (OTHER_WITNESS, late)], "not-enough-signatures"),
        (1, vec![(OTHER_WITNESS, late), (WITNESS, early())], "in-force"),
        (0, vec![(WITNESS, early())], "in-force"),
        (0, vec![], "not-enough-signatures"),
    ] {
        let policy = Some(LogPolicy::at_least(need, &public(LOG), &witnesses).unwrap());
        let logs = LogTrust { keys: vec![public(LOG)], policy, authorities: None };
        let trust = trusting(&list_with(&[])).with_logs(logs);
        let report = of(&good, Some(&proof(&logged(&good), LOG, &cosigned)), &trust);
        assert_eq!(report.verdict.code(), code, "{need} of {cosigned:?}\n{report}");
    }
}

#[test]
fn a_proof_of_a_log_whose_key_does_not_count_says_so_and_is_no_pass() {
    let good = good_note();
    let mut list = list_with(&[(LOG, in_other_hands()), (WITNESS, KeyStatus::Active)]);
    list.keys.iter_mut().filter(|one| one.key == public(COURT)).for_each(|one| one.status = KeyStatus::Active);
    let trust = trusting(&list);
    let report = of(&good, Some(&proof(&logged(&good), LOG, &[])), &trust);
    let (word, detail) = line(&report, Check::Inclusion);
    assert!(word == "not checked" && detail.contains("does not count (revoked: "), "{report}");
    let report = of(&good, Some(&proof(&logged(&good), LOG, &[(WITNESS, early())])), &trust);
    assert_eq!(line(&report, Check::Inclusion).0, "pass", "{report}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn no_bit_of_a_proof_can_be_changed_and_still_pass(at: prop::sample::Index, bit in 0..8) {
        let good = good_note();
        let mut bytes = proof(&logged(&good), LOG, &[(WITNESS, early())]);
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        let report = of(&good, Some(&bytes), &with_policy());
        prop_assert!(line(&report, Check::Inclusion).0 != "pass" || line(&report, Check::Witnesses).0 != "pass");
    }

    #[test]
    fn any_bytes_are_answered(bytes: Vec<u8>) {
        let logged = Logged { proof: Some(&bytes), stamp: Some(&bytes) };
        let note = Note::parse(&good_note()).unwrap();
        prop_assert!(inclusion(&note, logged, &with_policy()).proven_before.is_none());
    }
}

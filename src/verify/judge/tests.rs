use proptest::prelude::*;

use super::*;
use crate::keyring::{KeyList, KeyStatus, TrustedKeys, VerifiedKeyList};
use crate::signed_note::{KeyName, Note};
use crate::verify::LogTrust;
use crate::verify::fixture::{
    APPROVER, COURT, COURT_ROOT, LOG, POLICE, POLICE_ROOT, SPARE, STRANGER, Signer, WITNESS, both, good_note, key_list,
    logged, manifest, noon, note, onion, proof, public, seen, tag, time, witnessed_log,
};

const NAME: &str = "shop.example";

fn report(note: &[u8], pages: &[PageSeen], name: &str, at: UtcTime) -> Report {
    let (trust, name): (_, WebHost) = (both(), name.parse().unwrap());
    let papers = Papers { note, text: None, coverage: None, pages, logged: Logged::default() };
    judge(papers, Expected { trust: &trust, name: Some(&name), at })
}

fn of_note(note: &[u8]) -> Report {
    report(note, &seen(), NAME, noon())
}

fn signed_by(signers: &[Signer]) -> Report {
    of_note(&note(&manifest().to_string(), signers))
}

#[test]
fn a_good_notice_is_in_force_and_what_was_not_looked_at_is_said() {
    let report = of_note(&good_note());
    assert_eq!(report.verdict, Verdict::InForce { until: time("2027-11-22T08:00:00Z") });
    assert_eq!(report.notice.as_ref().unwrap().to_string(), "harbour-light/main/1");
    let expected = "\
pass         note         2 signatures
pass         signatures   good: police.example/notice, court.example/notice
pass         key roles    every key may sign notices
not checked  key list     no list of revoked keys was looked at
pass         quorum       2 of 2 needed; signed by court.example, police.example
pass         manifest     notice harbour-light/main/1 by police.example
pass         issuer       signed; to be checked at
                          https://www.police.example/notices/harbour-light
pass         name         shop.example is covered
pass         status       it says in-force
pass         dates        asked for 2026-11-22T12:00:00Z; valid from
                          2026-11-22T08:00:00Z until before 2027-11-22T08:00:00Z
pass         pages        3 of 3 pages as signed
not checked  later        whether it was replaced or withdrawn since was not
                          asked of a register
not checked  log entry    no proof of an entry in the log was looked at

in force until 2027-11-22T08:00:00Z
";
    assert_eq!(report.to_string(), expected);
}

#[test]
fn enough_different_agencies_must_have_signed_with_keys_for_notices() {
    let cases: &[(&[Signer], &str, &str)] = &[
        (&[POLICE, COURT], "in-force", ""),
        (&[SPARE, COURT], "in-force", ""),
        (&[POLICE, COURT, STRANGER], "in-force", ""),
        (&[POLICE], "not-enough-signatures", "1 of 2"),
        (&[POLICE, POLICE], "not-enough-signatures", "1 of 2"),
        (&[POLICE, SPARE], "not-enough-signatures", "1 of 2"),
        (&[POLICE, STRANGER], "not-enough-signatures", "1 of 2"),
        (&[POLICE, APPROVER], "not-enough-signatures", "1 of 2"),
        (&[COURT], "not-enough-signatures", "1 of 2"),
        (&[APPROVER], "unknown-keys", ""),
        (&[STRANGER], "unknown-keys", ""),
    ];
    for (signers, code, text) in cases {
        let report = signed_by(signers);
        assert_eq!(report.verdict.code(), *code, "{signers:?}");
        assert!(report.verdict.to_string().contains(text), "{signers:?}: {}", report.verdict);
    }
    let remark = signed_by(&[POLICE, COURT, APPROVER]);
    assert!(remark.is_good());
    assert!(remark.line(Check::Roles).unwrap().detail.contains("court.example/approval/jane-doe"));
}

#[test]
fn the_issuer_must_be_among_the_signers() {
    let text = manifest().to_string();
    let foreign = text.replace("police.example", "ministry.example");
    assert_eq!(of_note(&note(&foreign, &[POLICE, COURT])).verdict.code(), "not-enough-signatures");
    // A department below the signing agency's domain is the agency's.
    let below = text.replace("issuer: police", "issuer: cyber.police").replace("www.police", "www.cyber.police");
    assert!(of_note(&note(&below, &[POLICE, COURT])).is_good());
    let above = text.replace("police.example", "example");
    assert_eq!(of_note(&note(&above, &[POLICE, COURT])).verdict.code(), "not-enough-signatures");
}

#[test]
fn a_text_that_was_changed_after_signing_is_altered_and_nothing_in_it_is_believed() {
    let good = String::from_utf8(good_note()).unwrap();
    for (from, to) in [
        ("domain: shop.example", "domain: evil.example"),
        ("not-after: 2027", "not-after: 2037"),
        ("118/2026", "119/2026"),
        ("subdomains: yes\n", "subdomains: yes\nreview: none\n"),
    ] {
        let report = of_note(good.replacen(from, to, 1).as_bytes());
        assert_eq!(report.verdict.code(), "altered", "{to}");
        assert_eq!(report.notice, None);
        for check in ON_MANIFEST {
            assert_eq!(report.line(check).unwrap().result, super::super::CheckResult::NotChecked, "{check:?}");
        }
    }
}

#[test]
fn what_is_no_notice_is_malformed_even_when_it_is_signed() {
    let text = manifest().to_string();
    for bytes in [
        b"".to_vec(),
        b"hello".to_vec(),
        text.clone().into_bytes(),
        note("seizure-notice/v2\n", &[POLICE, COURT]),
        note(&text.replace("domain: shop.example", "domain: Shop.example"), &[POLICE, COURT]),
        note("go.sum database tree\n3\nx=\n", &[POLICE, COURT]),
    ] {
        let report = of_note(&bytes);
        assert_eq!(report.verdict.code(), "malformed", "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn the_name_that_counts_is_the_one_asked_about() {
    for (name, code) in [
        (NAME, "in-force"),
        ("SHOP.example.", "in-force"),
        ("www.shop.example", "in-force"),
        (onion().as_str(), "in-force"),
        ("myshop.example", "not-covered"),
        ("example", "not-covered"),
        ("evil.example", "not-covered"),
    ] {
        assert_eq!(report(&good_note(), &seen(), name, noon()).verdict.code(), code, "{name}");
    }
    let trust = both();
    let papers = Papers { note: &good_note(), text: None, coverage: None, pages: &seen(), logged: Logged::default() };
    let unasked = judge(papers, Expected { trust: &trust, name: None, at: noon() });
    assert_eq!(unasked.verdict.code(), "undetermined");
    assert!(unasked.verdict.to_string().contains("name: no name was asked about; it is for shop.example"));
}

#[test]
fn a_notice_counts_within_its_dates() {
    for (at, code) in [
        ("2026-11-22T07:59:59Z", "not-yet"),
        ("2026-11-22T08:00:00Z", "in-force"),
        ("2027-11-22T07:59:59Z", "in-force"),
        ("2027-11-22T08:00:00Z", "expired"),
    ] {
        assert_eq!(report(&good_note(), &seen(), NAME, time(at)).verdict.code(), code, "{at}");
    }
    let late = report(&good_note(), &seen(), NAME, time("2027-06-01T00:00:00Z"));
    assert!(late.line(Check::Dates).unwrap().detail.ends_with("its review was due at 2027-05-22T08:00:00Z"));
}

#[test]
fn every_page_is_the_one_that_was_signed_for_its_language() {
    let with = |pages: &[PageSeen]| report(&good_note(), pages, NAME, noon());
    let page = |language: Option<&str>, bytes: &str| PageSeen {
        language: language.map(tag),
        digest: Digest::of(bytes),
        path: None,
    };
    let english = crate::verify::fixture::page("en");
    for (pages, code, text) in [
        (seen(), "in-force", ""),
        (vec![], "undetermined", "none of 3 pages"),
        (seen()[..2].to_vec(), "in-force", ""),
        (vec![page(Some("de"), "<p>pay here</p>")], "altered", "de/index.html is not the page"),
        (vec![page(Some("de"), &english)], "altered", "de/index.html is not the page"),
        (vec![page(Some("fr"), &english)], "altered", "fr/index.html is not part of"),
        (vec![page(None, &english)], "in-force", ""),
        (vec![page(None, "<p>pay here</p>")], "altered", "none of those"),
    ] {
        let report = with(&pages);
        assert_eq!(report.verdict.code(), code, "{pages:?}");
        assert!(report.verdict.to_string().contains(text), "{}", report.verdict);
    }
    let one = with(&[page(None, &english)]);
    let pages = one.line(Check::Pages).unwrap();
    assert_eq!(pages.detail, "1 of 3 pages as signed; not at hand: ar/index.html, de/index.html");
}

#[test]
fn the_plain_copy_is_the_signed_text() {
    let (trust, name): (_, WebHost) = (both(), NAME.parse().unwrap());
    let text = manifest().to_string();
    for (copy, code) in [(text.as_str(), "in-force"), (&text.replace("2027", "2037"), "altered"), ("", "altered")] {
        let papers = Papers {
            note: &good_note(),
            text: Some(copy.as_bytes()),
            coverage: None,
            pages: &seen(),

            logged: Logged::default(),
        };
        let report = judge(papers, Expected { trust: &trust, name: Some(&name), at: noon() });
        assert_eq!(report.verdict.code(), code);
    }
}

#[test]
fn without_a_policy_one_listed_key_is_enough_and_the_report_says_so() {
    let keys = TrustedKeys::at_least(1, &[public(POLICE), public(COURT)]).unwrap();
    let trust = Trust { has_policy: false, ..Trust::of_policy(keys) };
    let name: WebHost = NAME.parse().unwrap();
    let bytes = note(&manifest().to_string(), &[POLICE]);
    let papers = Papers { note: &bytes, text: None, coverage: None, pages: &seen(), logged: Logged::default() };
    let report = judge(papers, Expected { trust: &trust, name: Some(&name), at: noon() });
    assert!(report.is_good());
    assert!(report.line(Check::Quorum).unwrap().detail.contains("one of the listed keys is enough"));
}

#[test]
fn a_policy_that_asks_for_nobody_still_needs_somebody_known() {
    let known = public(POLICE);
    let policy = format!("signer police {known}\nsigner jane {}\nquorum none\n", public(APPROVER));
    let trust = Trust::of_policy(policy.parse().unwrap());
    let name: WebHost = NAME.parse().unwrap();
    for (signer, code) in [(POLICE, "in-force"), (STRANGER, "unknown-keys"), (APPROVER, "unknown-keys")] {
        let bytes = note(&manifest().to_string(), &[signer]);
        let papers = Papers { note: &bytes, text: None, coverage: None, pages: &seen(), logged: Logged::default() };
        let report = judge(papers, Expected { trust: &trust, name: Some(&name), at: noon() });
        assert_eq!(report.verdict.code(), code, "{signer:?}");
    }
}

/// In other hands since an hour in which the notice was in force already.
fn in_other_hands() -> KeyStatus {
    KeyStatus::Revoked { compromised_since: time("2026-11-22T10:00:00Z") }
}

/// The notice, signed by these, under this list.
fn under(list: &KeyList, signers: &[Signer], at: &str) -> Report {
    under_with_proof(list, signers, at, None)
}

/// The same, with somebody who vouches for the time of the signatures.
fn under_with_proof(list: &KeyList, signers: &[Signer], at: &str, proven_before: Option<UtcTime>) -> Report {
    let roots = TrustedKeys::at_least(2, &[POLICE_ROOT, COURT_ROOT].map(public)).unwrap();
    let signed = Note::parse(&note(&list.to_string(), &[POLICE_ROOT, COURT_ROOT])).unwrap();
    let trust = Trust::of_list(VerifiedKeyList::of(&signed, &roots).unwrap()).unwrap();
    let (bytes, name): (_, WebHost) = (note(&manifest().to_string(), signers), NAME.parse().unwrap());
    let cosigner = |at: UtcTime| (WITNESS, at);
    let proof = proven_before.map(|at| proof(&logged(&bytes), LOG, &[cosigner(at)]));
    let logs = LogTrust { policy: Some(witnessed_log()), keys: vec![public(LOG)], authorities: None };
    // Whoever asks for the log has no good verdict without a proof.
    let trust = trust.with_logs(proof.as_ref().map_or_else(LogTrust::default, |_| logs));
    let logged = Logged { proof: proof.as_deref(), stamp: None };
    let papers = Papers { note: &bytes, text: None, coverage: None, pages: &seen(), logged };
    judge(papers, Expected { trust: &trust, name: Some(&name), at: time(at) })
}

#[test]
fn a_key_list_says_whose_signatures_count_and_when() {
    const NOON: &str = "2026-11-22T12:00:00Z";
    let with = |signer: Signer, change: fn(&mut crate::keyring::ListedKey)| {
        let mut list = key_list();
        list.keys.iter_mut().filter(|listed| listed.key == public(signer)).for_each(change);
        list.checked().unwrap()
    };
    let revoked = with(COURT, |listed| listed.status = in_other_hands());
    let retired = with(COURT, |listed| listed.status = KeyStatus::Retired);
    let retired_before = with(COURT, |listed| {
        (listed.status, listed.not_after) = (KeyStatus::Retired, time("2026-11-22T08:00:00Z"));
        listed.not_before = time("2025-11-22T08:00:00Z");
    });
    let early = with(COURT, |listed| listed.not_before = time("2027-01-01T00:00:00Z"));
    let over = with(COURT, |listed| listed.not_after = time("2026-11-22T09:00:00Z"));
    let spare_revoked = with(SPARE, |listed| listed.status = in_other_hands());
    let issuer_revoked = with(POLICE, |listed| listed.status = in_other_hands());
    let cases: &[(&KeyList, &[Signer], &str, &str, &str)] = &[
        (
            &key_list(),
            &[POLICE, COURT],
            NOON,
            "in-force",
            "version 1, until before 2027-02-22T08:00:00Z; roots: 2 of 2",
        ),
        (&key_list(), &[POLICE, COURT], "2027-02-22T07:59:59Z", "in-force", "version 1"),
        (&key_list(), &[POLICE, COURT], "2027-02-22T08:00:00Z", "key-list-expired", "version 1"),
        (
            &early,
            &[POLICE, COURT],
            "2027-02-22T08:00:00Z",
            "key-list-expired",
            "court.example/notice (not valid before",
        ),
        (&key_list(), &[POLICE], NOON, "not-enough-signatures", "version 1"),
        (&key_list(), &[STRANGER], NOON, "unknown-keys", "no signature can be relied on"),
        (&key_list(), &[POLICE_ROOT, COURT_ROOT], NOON, "unknown-keys", "no signature can be relied on"),
        (&revoked, &[POLICE, COURT], NOON, "not-enough-signatures", "not counted: court.example/notice (revoked: "),
        (&revoked, &[COURT], NOON, "not-enough-signatures", "not counted: court.example/notice (revoked: "),
        (&retired, &[POLICE, COURT], NOON, "in-force", "roots: 2 of 2"),
        (&retired_before, &[POLICE, COURT], NOON, "not-enough-signatures", "(not valid since 2026-11-22T08:00:00Z)"),
        (&early, &[POLICE, COURT], NOON, "not-enough-signatures", "(not valid before 2027-01-01T00:00:00Z)"),
        (&early, &[POLICE, COURT], "2027-01-01T00:00:00Z", "not-enough-signatures", "(not valid before 2027-01-01"),
        // Signed while the key was valid, looked at later.
        (&over, &[POLICE, COURT], NOON, "in-force", "roots: 2 of 2"),
        (&spare_revoked, &[POLICE, SPARE, COURT], NOON, "in-force", "police.example/notice/spare (revoked: "),
        (&issuer_revoked, &[POLICE, SPARE, COURT], NOON, "in-force", "police.example/notice (revoked: "),
    ];
    for (list, signers, at, code, said) in cases {
        let report = under(list, signers, at);
        assert_eq!(report.verdict.code(), *code, "{signers:?} at {at}\n{report}");
        assert!(report.line(Check::KeyList).unwrap().detail.contains(said), "{said}\n{report}");
    }
    let told = under(&revoked, &[POLICE, COURT], NOON);
    let why = "; not counted: court.example/notice (revoked: perhaps in other hands since 2026-11-22T10:00:00Z; a witness or \
               timestamp on the log would have to show that it signed before then)";
    assert!(told.verdict.to_string().ends_with(why), "{told}");
    for (proof, code) in [("2026-11-22T10:00:00Z", "in-force"), ("2026-11-22T10:00:01Z", "not-enough-signatures")] {
        let report = under_with_proof(&revoked, &[POLICE, COURT], NOON, Some(time(proof)));
        assert_eq!(report.verdict.code(), code, "{report}");
    }
    let nobody = under(&revoked, &[COURT], NOON);
    assert_eq!(nobody.notice, None, "what only a revoked key has signed is not believed");
}

#[test]
fn one_wrong_octet_in_a_signature_is_noticed() {
    let good = String::from_utf8(good_note()).unwrap();
    let at = good.rfind("— ").unwrap();
    let name: KeyName = COURT.0.parse().unwrap();
    let line = &good[at..];
    let last = line.trim_end().chars().rev().nth(4).unwrap();
    let other = if last == 'A' { 'B' } else { 'A' };
    let end = good.trim_end().len() - 5;
    let mut bad = good.clone();
    bad.replace_range(end..=end, &other.to_string());
    let report = of_note(bad.as_bytes());
    assert_eq!(report.verdict, Verdict::Altered { what: format!("the text is not the one that {name} signed") });
}

proptest! {
    #[test]
    fn any_bytes_get_a_verdict_and_never_the_good_one(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(!of_note(&bytes).is_good());
    }

    #[test]
    fn a_notice_with_a_piece_replaced_is_not_in_force_unless_the_lines_of_strangers_changed(
        at in 0usize..2000, cut in 0usize..40, piece in "\\PC{0,20}"
    ) {
        let mut bytes = good_note();
        let at = at.min(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, piece.bytes());
        let report = of_note(&bytes);
        prop_assert!(bytes == good_note() || !report.is_good(), "{}", report);
        // The text form holds for every detail.
        prop_assert!(!report.to_string().is_empty());
    }
}

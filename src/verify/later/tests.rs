use super::super::fixture::{
    COURT, COURT_ROOT, LOG, OTHER_WITNESS, POLICE, POLICE_ROOT, STRANGER, WITNESS, both, key_list, logged, manifest,
    noon, note, proof, public, time, witnessed_log,
};
use super::super::inclusion::NO_PROOF;
use super::super::{
    Complete, Expected, Lacking, LogTrust, Logged, Named, OtherNote, Others, Papers, Report, Trust, judge,
};
use super::*;
use crate::digest::Digest;
use crate::keyring::{KeyStatus, TrustedKeys, VerifiedKeyList};
use crate::notice::NoticeId;
use crate::observe::WebHost;

const NEXT_DAY: &str = "2026-11-23T08:00:00Z";

fn id(edition: u32) -> NoticeId {
    NoticeId { edition, ..manifest().id }
}

/// The edition of this number that begins on the next day and replaces `former`.
fn edition(number: u32, former: &[&Manifest]) -> Manifest {
    let supersedes = former.iter().map(|former| (former.id.clone(), former.digest())).collect();
    Manifest { id: id(number), not_before: time(NEXT_DAY), supersedes, ..manifest() }.checked().unwrap()
}

fn withdrawal(number: u32, former: &[&Manifest]) -> Manifest {
    Manifest { status: Status::Withdrawn, ..edition(number, former) }.checked().unwrap()
}

/// Without `shop.example`.
fn without_shop(number: u32, former: &[&Manifest]) -> Manifest {
    let returned = ["shop.example".to_owned()].into();
    Manifest { domains: ["forum.example".parse().unwrap()].into(), returned, ..edition(number, former) }
        .checked()
        .unwrap()
}

fn signed(manifest: &Manifest) -> Vec<u8> {
    note(&manifest.to_string(), &[POLICE, COURT])
}

fn beside(notes: impl IntoIterator<Item = OtherNote>, complete: Option<Complete>) -> Others {
    let mut others = Others::default();
    (others.place, others.complete) = (Some("the register".into()), complete);
    notes.into_iter().for_each(|note| others.add(note).unwrap());
    others
}

fn trust(notes: Vec<Vec<u8>>, complete: Option<Complete>) -> Trust {
    Trust { others: beside(notes.into_iter().map(OtherNote::from), complete), ..both() }
}

/// The first edition, judged at a moment with these notes beside it.
fn judged(judged: &Manifest, notes: Vec<Vec<u8>>, at: &str) -> Report {
    let name: WebHost = "shop.example".parse().unwrap();
    let trust = trust(notes, None);
    let note = signed(judged);
    let seen = super::super::fixture::seen();
    let papers = Papers { note: &note, text: None, coverage: None, pages: &seen, logged: Logged::default() };
    judge(papers, Expected { trust: &trust, name: Some(&name), at: time(at) })
}

#[test]
fn a_later_edition_replaces_withdraws_or_returns_from_its_own_beginning_on() {
    let first = manifest();
    for (later, before, after) in [
        (edition(2, &[&first]), "in-force", "superseded"),
        (withdrawal(2, &[&first]), "in-force", "withdrawn"),
        (without_shop(2, &[&first]), "in-force", "returned"),
        // The numbers between were never published.
        (withdrawal(7, &[&first]), "in-force", "withdrawn"),
    ] {
        let notes = || vec![signed(&later)];
        assert_eq!(judged(&first, notes(), "2026-11-23T07:59:59Z").verdict.code(), before, "{later}");
        assert_eq!(judged(&first, notes(), NEXT_DAY).verdict.code(), after, "{later}");
        // What it is itself.
        let itself = judged(&later, notes(), NEXT_DAY).verdict.code();
        assert_eq!(itself, if after == "superseded" { "in-force" } else { after }, "{later}");
    }
}

#[test]
fn of_several_later_editions_the_last_counts() {
    let first = manifest();
    let end = withdrawal(2, &[&first]);
    let again = edition(3, &[&first, &end]);
    let all = || vec![signed(&again), signed(&first), signed(&end)];
    assert_eq!(judged(&first, all(), NEXT_DAY).verdict, Verdict::Superseded { by: id(3) });
    assert_eq!(judged(&end, all(), NEXT_DAY).verdict.code(), "withdrawn", "it says so itself");
    assert_eq!(judged(&again, all(), NEXT_DAY).verdict.code(), "in-force", "an old withdrawal is not replayed to it");
    // A name that came back under a new order.
    let returned = without_shop(2, &[&first]);
    let back = edition(3, &[&first, &returned]);
    assert_eq!(judged(&back, vec![signed(&returned)], NEXT_DAY).verdict.code(), "in-force");
}

#[test]
fn a_later_edition_counts_only_as_the_notice_itself_does() {
    let first = manifest();
    let end = withdrawal(2, &[&first]);
    let text = end.to_string();
    let other_text = Manifest { order: "Another Court, 1/2026".into(), ..manifest() };
    let altered = String::from_utf8(signed(&end)).unwrap().replace("withdrawn", "in-force").into_bytes();
    let of_other = |from: &str, to: &str| note(&text.replace(from, to), &[POLICE, COURT]);
    for (what, later, code, said) in [
        ("too few agencies", note(&text, &[COURT]), "undetermined", "too few have signed it"),
        ("one agency twice", note(&text, &[POLICE, POLICE]), "undetermined", "too few have signed it"),
        ("strangers", note(&text, &[STRANGER]), "undetermined", "too few have signed it"),
        ("signatures of another text", altered, "undetermined", "too few have signed it"),
        ("another notice", of_other("/main/", "/other/"), "in-force", "no later edition"),
        ("another operation", of_other("harbour-light/", "other-light/"), "in-force", "no later edition"),
        (
            "another issuer, who has signed",
            of_other("police.example\n", "court.example\n").to_vec(),
            "in-force",
            "no later edition",
        ),
        ("no note", b"nonsense".to_vec(), "in-force", "no later edition"),
        ("an earlier edition", signed(&manifest()), "in-force", "no later edition"),
        ("one that replaces another text", signed(&withdrawal(2, &[&other_text])), "withdrawn", "does not know this"),
        ("the real one", signed(&end), "withdrawn", "withdraws it since"),
    ] {
        let report = judged(&first, vec![later], NEXT_DAY);
        assert_eq!(report.verdict.code(), code, "{what}\n{report}");
        assert!(report.line(Check::Later).unwrap().detail.contains(said), "{what}\n{report}");
    }
}

#[test]
fn that_there_is_nothing_later_is_shown_only_by_who_is_trusted_and_only_for_a_while() {
    let name: WebHost = "shop.example".parse().unwrap();
    let complete = Complete { at: noon(), until: time(NEXT_DAY) };
    for (complete, at, result) in [
        (None, "2026-11-22T12:00:00Z", "not checked"),
        (Some(complete), "2026-11-22T12:00:00Z", "pass"),
        (Some(complete), "2026-11-23T07:59:59Z", "pass"),
        (Some(complete), NEXT_DAY, "not checked"),
    ] {
        let trust = trust(Vec::new(), complete);
        let line = later(&manifest(), Expected { trust: &trust, name: Some(&name), at: time(at) });
        assert_eq!(line.result == CheckResult::Pass, result == "pass", "{line:?}");
        assert!(!line.is_failure());
    }
    let line = later(&manifest(), Expected { trust: &both(), name: Some(&name), at: noon() });
    assert!(line.detail.contains("was not asked of a register"), "{line:?}");
}

/// What a list says of an edition.
fn named(edition: &Manifest) -> Named {
    Named {
        kind: "notice".into(),
        id: edition.id.to_string(),
        issuer: edition.issuer.to_string(),
        begins: edition.not_before.to_string(),
        status: edition.status.as_str().into(),
        digest: edition.digest(),
        signed: Digest::of(signed(edition)),
        supersedes: edition.supersedes.values().copied().collect(),
    }
}

#[test]
fn a_later_edition_that_is_listed_and_not_there_leaves_the_notice_in_doubt_whoever_vouches() {
    let (first, name): (_, WebHost) = (manifest(), "shop.example".parse().unwrap());
    let end = withdrawal(2, &[&first]);
    let of = |change: &dyn Fn(&mut Named)| {
        let mut named = named(&end);
        change(&mut named);
        named
    };
    let in_doubt = |named: Named, is_vouched, at: &str| {
        let mut trust = trust(Vec::new(), None);
        trust.others.lacking = Lacking { is_vouched, notes: vec![named] };
        let line = later(&first, Expected { trust: &trust, name: Some(&name), at: time(at) });
        assert!(line.result != CheckResult::Pass, "{line:?}");
        (line.is_failure(), line.detail)
    };
    for (what, named, at, is_later) in [
        ("a withdrawal", of(&|_| ()), NEXT_DAY, true),
        ("a return", named(&without_shop(2, &[&first])), NEXT_DAY, true),
        ("by its number alone", of(&|named| named.supersedes.clear()), NEXT_DAY, true),
        ("by what it replaces alone", of(&|named| named.id = "harbour-light/other/1".into()), NEXT_DAY, true),
        ("before it begins", of(&|_| ()), "2026-11-23T07:59:59Z", false),
        ("another issuer", of(&|named| named.issuer = "court.example".into()), NEXT_DAY, false),
        ("another kind", of(&|named| named.kind = "denial".into()), NEXT_DAY, false),
        ("the notice itself", named(&first), NEXT_DAY, false),
    ] {
        for (is_vouched, said) in
            [(true, "the register lists "), (false, "the list of the register, for which nobody vouches, names ")]
        {
            let (fails, detail) = in_doubt(named.clone(), is_vouched, at);
            assert_eq!(fails, is_later, "{what}: {detail}");
            assert_eq!(detail.starts_with(said), is_later, "{what}: {detail}");
        }
    }
    let (_, detail) = in_doubt(of(&|_| ()), true, NEXT_DAY);
    assert!(detail.contains("/2 (withdrawn), and this copy does not have it: get the whole register"), "{detail}");
}

/// The court's key is in other hands since two days after the notice, and one day after its withdrawal.
const COMPROMISED: &str = "2026-11-24T08:00:00Z";

/// By this list both agencies must sign, and the court's key is revoked; the log and its witness are believed.
fn revoked() -> Trust {
    let mut list = key_list();
    let of_court = list.keys.iter_mut().filter(|listed| listed.key == public(COURT));
    of_court.for_each(|listed| listed.status = KeyStatus::Revoked { compromised_since: time(COMPROMISED) });
    let signed_list = Note::parse(&note(&list.to_string(), &[POLICE_ROOT, COURT_ROOT])).unwrap();
    let roots = TrustedKeys::at_least(2, &[POLICE_ROOT, COURT_ROOT].map(public)).unwrap();
    let trust = Trust::of_list(VerifiedKeyList::of(&signed_list, &roots).unwrap()).unwrap();
    trust.with_logs(LogTrust { keys: vec![public(LOG)], policy: Some(witnessed_log()), authorities: None })
}

/// The first edition, which was witnessed in time, judged on the next day with this beside it.
fn judged_after(trust: &Trust, other: Option<OtherNote>) -> Report {
    let (first, name): (_, WebHost) = (signed(&manifest()), "shop.example".parse().unwrap());
    let receipt = proof(&logged(&first), LOG, &[(WITNESS, noon())]);
    let complete = Some(Complete { at: noon(), until: time("2026-12-24T08:00:00Z") });
    let trust = Trust { others: beside(other, complete), ..trust.clone() };
    let logged = Logged { proof: Some(&receipt), stamp: None };
    let pages = super::super::fixture::seen();
    let papers = Papers { note: &first, text: None, coverage: None, pages: &pages, logged };
    judge(papers, Expected { trust: &trust, name: Some(&name), at: time("2026-11-25T08:00:00Z") })
}

#[test]
fn a_withdrawal_whose_key_was_revoked_since_counts_with_a_proof_from_before_and_is_never_forgotten() {
    let end = signed(&withdrawal(2, &[&manifest()]));
    let first = signed(&manifest());
    let of = |note: &[u8], cosigned: &[(super::super::fixture::Signer, &str)]| {
        let cosigned: Vec<_> = cosigned.iter().map(|(signer, at)| (*signer, time(at))).collect();
        Some(proof(&logged(note), LOG, &cosigned))
    };
    let (early, late) = ("2026-11-23T09:00:00Z", "2026-11-24T08:00:01Z");
    for (what, proof, code, said) in [
        ("witnessed in time", of(&end, &[(WITNESS, early)]), "withdrawn", "withdraws it since"),
        ("at the very moment", of(&end, &[(WITNESS, COMPROMISED)]), "withdrawn", "withdraws it since"),
        (
            "witnessed late",
            of(&end, &[(WITNESS, late)]),
            "undetermined",
            "it was in the log before 2026-11-24T08:00:01Z",
        ),
        ("a strange witness", of(&end, &[(OTHER_WITNESS, early)]), "undetermined", "0 of 1 needed"),
        ("the log's word alone", of(&end, &[]), "undetermined", "0 of 1 needed"),
        ("a proof of the first edition", of(&first, &[(WITNESS, early)]), "undetermined", "is not that of this notice"),
        ("garbage", Some(b"c2sp.org/tlog-proof@v1\n".to_vec()), "undetermined", "its proof is passed over: "),
        ("no proof", None, "undetermined", "too few have signed it with keys that count"),
    ] {
        let report = judged_after(&revoked(), Some(OtherNote { note: end.clone(), proof, stamp: None }));
        assert_eq!(report.verdict.code(), code, "{what}\n{report}");
        assert!(report.line(Check::Later).unwrap().detail.contains(said), "{what}\n{report}");
    }
    assert_eq!(judged_after(&revoked(), None).verdict.code(), "in-force");
}

#[test]
fn a_proof_of_something_else_takes_nothing_from_a_later_edition_that_counts() {
    let end = signed(&withdrawal(2, &[&manifest()]));
    let strange = proof(&logged(&signed(&manifest())), LOG, &[(WITNESS, noon())]);
    let trust =
        both().with_logs(LogTrust { keys: vec![public(LOG)], policy: Some(witnessed_log()), authorities: None });
    let report = judged_after(&trust, Some(OtherNote { note: end, proof: Some(strange), stamp: None }));
    assert_eq!(report.verdict.code(), "withdrawn");
    assert!(report.line(Check::Later).unwrap().detail.contains("its proof is passed over"), "{report}");
}

#[test]
fn of_a_note_without_a_proof_beside_it_the_registers_proof_counts() {
    let (first, name): (_, WebHost) = (signed(&manifest()), "shop.example".parse().unwrap());
    let good = proof(&logged(&first), LOG, &[(WITNESS, noon())]);
    let other = note(&manifest().to_string(), &[POLICE]);
    for (what, note, proof, code, said) in [
        ("of this note", &first, good.clone(), "in-force", "entry 2 of"),
        ("of the note with other signatures", &other, good, "not-enough-signatures", NO_PROOF),
        ("garbage", &first, b"garbage".to_vec(), "not-enough-signatures", "is passed over"),
    ] {
        let others = beside([OtherNote { note: note.clone(), proof: Some(proof), stamp: None }], None);
        let trust = Trust { others, ..revoked() };
        let pages = super::super::fixture::seen();
        let logged = Logged::default();
        let papers = Papers { note: &first, text: None, coverage: None, pages: &pages, logged };
        let report = judge(papers, Expected { trust: &trust, name: Some(&name), at: time("2026-11-25T08:00:00Z") });
        assert_eq!(report.verdict.code(), code, "{what}\n{report}");
        assert!(report.line(Check::Inclusion).unwrap().detail.contains(said), "{what}\n{report}");
    }
}

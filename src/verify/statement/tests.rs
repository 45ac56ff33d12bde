use super::super::fixture::{APPROVER, COURT, POLICE, STRANGER, Signer, both, note, time};
use super::super::{Others, Trust};
use super::*;
use crate::keyring::SecretKey;
use crate::notice::Advisory;
use crate::signed_note::{NoteSignature, NoteSigner as _, NoteText};

const AT: &str = "2026-12-05T00:00:00Z";

fn denial() -> Denial {
    let text = "banner-denial/v1\ndenial-id: false-1\nissuer: police.example\nissued: 2026-12-02T10:00:00Z\n\
                status: in-force\nseen-at: 2026-12-01T21:30:00Z\nname: fake.example\naddress: none\npage: none\n\
                verify-at: https://police.example/notices\nsupersedes: none\n";
    Denial::parse(text.as_bytes()).unwrap()
}

fn advisory() -> Advisory {
    let text = format!(
        "joint-advisory/v1\nadvisory-id: tools\nissuer: police.example\nissued: 2026-12-02T10:00:00Z\nstatus: in-force\n\
         verify-at: https://police.example/a\ntext: en text/plain {} en.txt\nindicators: none\nsupersedes: none\n",
        Digest::of("words")
    );
    Advisory::parse(text.as_bytes()).unwrap()
}

fn judged(note: &[u8], files: &[(&str, &str)], name: Option<&str>, others: Vec<Vec<u8>>) -> Report {
    let name: Option<WebHost> = name.map(|name| name.parse().unwrap());
    let mut beside = Others::default();
    beside.place = (!others.is_empty()).then(|| "the register".to_owned());
    others.into_iter().for_each(|note| beside.add(note.into()).unwrap());
    let trust = Trust { others: beside, ..both() };
    let files = files.iter().map(|(name, bytes)| ((*name).to_owned(), Digest::of(bytes))).collect();
    judge_statement(note, &files, Logged::default(), Expected { trust: &trust, name: name.as_ref(), at: time(AT) })
}

#[test]
fn a_denial_is_genuine_when_enough_agencies_have_signed_it_with_keys_for_notices() {
    let text = denial().to_string();
    let cases: [(&[Signer], &str); 6] = [
        (&[POLICE, COURT], "genuine"),
        (&[POLICE], "not-enough-signatures"),
        (&[POLICE, POLICE], "not-enough-signatures"),
        (&[POLICE, APPROVER], "not-enough-signatures"),
        (&[APPROVER], "unknown-keys"),
        (&[STRANGER], "unknown-keys"),
    ];
    for (signers, code) in cases {
        let report = judged(&note(&text, signers), &[], Some("fake.example"), Vec::new());
        assert_eq!(report.verdict.code(), code, "{report}");
    }
    let log = SecretKey::from_seed("police.example/log/op".parse().unwrap(), &[21; 32]).unwrap();
    let text = NoteText::new(text).unwrap();
    let signatures = vec![NoteSignature::sign(&text, &log).unwrap()];
    let by_log = Note { text, signatures }.to_string();
    let known = Trust::of_policy(crate::keyring::TrustedKeys::at_least(1, &[log.verifier().clone()]).unwrap());
    let expected = Expected { trust: &known, name: None, at: time(AT) };
    let report = judge_statement(by_log.as_bytes(), &BTreeMap::new(), Logged::default(), expected);
    assert_eq!(report.verdict.code(), "unknown-keys", "a log's key denies nothing\n{report}");
}

#[test]
fn a_denial_is_about_its_name_and_counts_from_when_it_was_stated() {
    let signed = note(&denial().to_string(), &[POLICE, COURT]);
    assert_eq!(judged(&signed, &[], None, Vec::new()).verdict.code(), "genuine");
    assert_eq!(judged(&signed, &[], Some("other.example"), Vec::new()).verdict.code(), "not-covered");
    let altered = String::from_utf8(signed).unwrap().replace("fake.example", "real.example");
    assert_eq!(judged(altered.as_bytes(), &[], None, Vec::new()).verdict.code(), "altered");
    let early = Denial { issued: time("2026-12-06T00:00:00Z"), ..denial() };
    assert_eq!(judged(&note(&early.to_string(), &[POLICE, COURT]), &[], None, Vec::new()).verdict.code(), "not-yet");
}

#[test]
fn a_denial_that_was_mistaken_is_ended_by_a_later_one_that_names_it() {
    let signed = note(&denial().to_string(), &[POLICE, COURT]);
    let first = Digest::of(denial().to_string());
    let end = |digest: Digest| Denial {
        id: crate::playbook::Id::parse("false-2").unwrap(),
        status: Status::Withdrawn,
        issued: time("2026-12-04T00:00:00Z"),
        supersedes: [digest].into(),
        ..denial()
    };
    let again = |end: Denial, signers: &[Signer]| {
        judged(&signed, &[], None, vec![note(&end.to_string(), signers)]).verdict.code()
    };
    assert_eq!(again(end(first), &[POLICE, COURT]), "withdrawn");
    assert_eq!(again(end(first), &[COURT]), "undetermined", "too few");
    assert_eq!(again(end(Digest::of("another")), &[POLICE, COURT]), "genuine", "for another");
    assert_eq!(again(Denial { status: Status::InForce, ..end(first) }, &[POLICE, COURT]), "superseded");
    assert_eq!(again(Denial { issued: time("2026-12-06T00:00:00Z"), ..end(first) }, &[POLICE, COURT]), "genuine");
    let itself = note(&end(first).to_string(), &[POLICE, COURT]);
    assert_eq!(judged(&itself, &[], None, Vec::new()).verdict.code(), "withdrawn");
}

#[test]
fn an_advisory_is_what_its_files_are() {
    let signed = note(&advisory().to_string(), &[POLICE, COURT]);
    for (files, code) in [
        (&[("en.txt", "words")][..], "genuine"),
        (&[("en.txt", "other words")], "altered"),
        (&[("de.txt", "words")], "undetermined"),
        (&[], "undetermined"),
    ] {
        assert_eq!(judged(&signed, files, None, Vec::new()).verdict.code(), code, "{files:?}");
    }
}

//! The public register of notices.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use data_encoding::BASE64;
use impound::digest::Digest;
use impound::language::LanguageTag;
use impound::notice::Statement;
use impound::register::{Published, Register, write_register};
use impound::signed_note::Note;
use impound::words::languages;

use crate::bench::Bench;
use crate::nothing_found_by_day_and_by_night;

fn published(text: &str, proof: bool) -> Published {
    let statement = Statement::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    let lines = ["ncu.example/notice", "npo.example/notice"].map(|name| format!("\u{2014} {name} aGVsbG8gd29ybGQ=\n"));
    let note = Note::parse(format!("{text}\n{}", lines.concat()).as_bytes()).unwrap();
    Published { statement, note, proof: proof.then(|| b"proof".to_vec()), stamp: None, files: BTreeMap::new() }
}

fn notice(id: &str, status: &str, names: &str, begins: &str, supersedes: &str) -> String {
    format!(
        "seizure-notice/v1\nnotice-id: harbour-light/{id}\nissuer: ncu.example\norder: 12 Gs 345/26\nstatus: {status}\n\
         {names}subdomains: yes\nnot-before: {begins}\nnot-after: 2027-11-22T08:00:00Z\nreview: none\n\
         verify-at: https://ncu.example/notices\ncontent: en text/html {} en/index.html\nsupersedes: {supersedes}\n",
        Digest::of("page")
    )
}

/// Notices that are replaced, withdrawn and in force, with many names, with names that are not told and with some that went
/// back; a denial; an advisory.
fn register() -> Register {
    let many: String = (100..160).map(|n| format!("domain: a-name-of-some-length-{n}.example\n")).collect();
    let first = notice("banner/1", "in-force", &many, "2026-11-22T08:00:00Z", "none");
    let of_first = format!("harbour-light/banner/1 {}", Digest::of(&first));
    let back = "domain: a-name-of-some-length-100.example\nreturned: forum.example\nreturned: xn--bcher-kva.example\n";
    let second = notice("banner/2", "in-force", back, "2026-12-01T08:00:00Z", &of_first);
    let seal = format!("sealed: 812345 {}\n", BASE64.encode(Digest::of("root").as_bytes()));
    let sealed = notice("avalanche/1", "in-force", &seal, "2026-11-22T08:00:00Z", "none");
    let of_sealed = format!("harbour-light/avalanche/1 {}", Digest::of(&sealed));
    let ended = notice("avalanche/2", "withdrawn", &seal, "2027-01-15T08:00:00Z", &of_sealed);
    let denial = format!(
        "banner-denial/v1\ndenial-id: false-banner-1\nissuer: ncu.example\nissued: 2026-12-02T10:00:00Z\nstatus: in-force\n\
         seen-at: 2026-12-01T21:30:00Z\nname: fake-shop.example\naddress: 2001:db8::99\npage: {}\n\
         verify-at: https://ncu.example/notices\nsupersedes: none\n",
        Digest::of("page")
    );
    let advisory = format!(
        "joint-advisory/v1\nadvisory-id: harbour-light-tools\nissuer: ncu.example\nissued: 2026-12-02T10:00:00Z\n\
         status: in-force\nverify-at: https://ncu.example/a\ntext: ar text/plain {0} ar.txt\ntext: en text/plain {0} en.txt\n\
         indicators: 1234 text/csv {0} indicators.csv\nsupersedes: none\n",
        Digest::of("words")
    );
    let mut register = Register::default();
    for (text, proof) in
        [(first, true), (second, true), (sealed, true), (ended, false), (denial, false), (advisory, true)]
    {
        register.add(published(&text, proof));
    }
    register
}

fn page(dir: &Path, language: &LanguageTag) -> String {
    let page = fs::read_to_string(dir.join(language.as_str()).join("index.html")).unwrap();
    // axe-core is a script, which the page itself lets nobody run.
    let (before, policy) = page.split_once("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
    let (policy, after) = policy.split_once('>').unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    format!("{before}{after}")
}

#[test]
fn the_register_is_in_every_language_and_breaks_no_rule_of_wcag() {
    let bench = Bench::new();
    let all: Vec<LanguageTag> = languages().collect();
    let dir = bench.path().join("register");
    write_register(&dir, &register(), &all).unwrap();
    let pages: BTreeMap<_, _> = all.iter().map(|language| (language.clone(), page(&dir, language))).collect();
    nothing_found_by_day_and_by_night(&bench, 10, &pages);
}

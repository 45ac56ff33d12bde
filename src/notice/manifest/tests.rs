use proptest::prelude::*;

use super::*;

const ONION: &str = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion";

pub(in crate::notice) fn good() -> String {
    format!(
        "seizure-notice/v1\n\
         notice-id: harbour-light/main/2\n\
         issuer: police.example\n\
         order: District Court of H%C3%A4fen, 118/2026\n\
         status: in-force\n\
         domain: shop.example\n\
         domain: xn--bcher-kva.example\n\
         onion: {ONION}\n\
         returned: forum.example\n\
         subdomains: yes\n\
         not-before: 2026-11-22T08:00:00Z\n\
         not-after: 2027-11-22T08:00:00Z\n\
         review: 2027-05-22T08:00:00Z\n\
         verify-at: https://www.police.example/notices/harbour-light\n\
         content: ar text/html {ar} ar/index.html\n\
         content: zh-Hans text/html {zh} zh-Hans/index.html\n\
         supersedes: harbour-light/main/1 {first}\n",
        ar = Digest::of("ar"),
        zh = Digest::of("zh"),
        first = Digest::of("first"),
    )
}

fn parse(text: &str) -> Result<Manifest, StatementError> {
    Manifest::parse(text.as_bytes())
}

#[test]
fn a_manifest_says_what_it_says_and_prints_to_the_same_bytes() {
    let manifest = parse(&good()).unwrap();
    assert_eq!(manifest.to_string(), good());
    assert_eq!(manifest.order, "District Court of Häfen, 118/2026");
    assert_eq!(manifest.id.edition, 2);
    assert_eq!(manifest.domains.len(), 2);
    assert_eq!(manifest.pages.len(), 2);
    assert_eq!(manifest.supersedes, [("harbour-light/main/1".parse().unwrap(), Digest::of("first"))].into());
    assert!(
        manifest.returns("FORUM.example.") && !manifest.returns("shop.example") && !manifest.returns("a.forum.example")
    );
    let line = format!("supersedes: harbour-light/main/1 {}", Digest::of("first"));
    let first = good().replace("main/2", "main/1").replace(&line, "supersedes: none");
    assert!(parse(&first).is_err(), "nothing was there to be returned");
    let first = first.replace("returned: forum.example\n", "");
    assert!(parse(&first).unwrap().supersedes.is_empty());
    let second = format!("supersedes: harbour-light/main/2 {}", Digest::of("second"));
    let third = good().replace("main/2\n", "main/3\n").replace(&line, &format!("{line}\n{second}"));
    assert_eq!(parse(&third).unwrap().supersedes.len(), 2);
    let end = good().replace("in-force", "withdrawn");
    assert_eq!(parse(&end).unwrap().status, Status::Withdrawn);
    assert!(parse(&end.replace(&line, "supersedes: none")).is_err(), "it ends nothing");
    let open = good().replace("review: 2027-05-22T08:00:00Z", "review: none");
    assert_eq!(parse(&open).unwrap().review, None);
}

#[test]
fn what_is_not_in_the_one_form_is_refused_at_its_line() {
    let names = format!("domain: shop.example\ndomain: xn--bcher-kva.example\nonion: {ONION}\n");
    let first = format!("supersedes: harbour-light/main/1 {}", Digest::of("first"));
    let seal = "2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let swapped = "domain: xn--bcher-kva.example\ndomain: shop.example\n";
    let cases: &[(&str, &str, usize, &str)] = &[
        ("seizure-notice/v1", "seizure-notice/v2", 1, "later version"),
        ("notice-id: harbour-light/main/2", "notice-id: harbour-light/main/0", 2, "operation/notice/edition"),
        ("notice-id: harbour-light/main/2", "notice-id: harbour-light/main/02", 2, "written"),
        ("notice-id: harbour-light/main/2", "notice-id: ../main/2", 2, "operation/notice/edition"),
        ("issuer: police.example", "issuer: Police.example", 3, "written `issuer: police.example`"),
        ("issuer: police.example", "issuer:police.example", 3, "`issuer: ` is due"),
        ("issuer: police.example\n", "", 3, "`issuer: ` is due"),
        ("%C3%A4", "%c3%a4", 4, "percent-encoded"),
        ("%C3%A4", "%C3", 4, "percent-encoded"),
        ("%C3%A4", "%41", 4, "written"),
        ("%C3%A4", "%", 4, "percent-encoded"),
        ("%C3%A4", "ä", 4, "0xc3"),
        ("order: District Court of H%C3%A4fen, 118/2026", "order:  ", 4, "percent-encoded"),
        ("domain: shop.example", "domain: shop.example.", 6, "written"),
        ("domain: shop.example", "domain: *.shop.example", 6, "host name"),
        ("domain: shop.example", "domain: SHOP.example", 6, "written"),
        ("domain: shop.example\n", "domain: shop.example\ndomain: shop.example\n", 7, "written"),
        ("domain: shop.example\ndomain: xn--bcher-kva.example\n", swapped, 6, "written"),
        ("domain: shop.example", &format!("domain: {ONION}"), 6, "onion"),
        (&format!("onion: {ONION}"), "onion: shop.example", 8, "onion name"),
        (&names, "", 6, "covers no name"),
        ("subdomains: yes", "subdomains: maybe", 10, "is not `yes` or `no`"),
        ("not-after: 2027-11-22T08:00:00Z", "not-after: 2026-11-22T08:00:00Z", 12, "not after its beginning"),
        ("not-after: 2027-11-22T08:00:00Z", "not-after: 2027-11-22", 12, "not a time"),
        ("review: 2027-05-22T08:00:00Z", "review: never", 13, "not a time"),
        ("https://www.police", "http://www.police", 14, "https address"),
        ("https://www.police.example/", "https://police.example.evil.test/", 14, "https address"),
        ("https://www.police.example/", "https://notpolice.example/", 14, "https address"),
        ("https://www.police.example/", "https://police.example@evil.test/", 14, "https address"),
        ("https://www.police.example/", "https://police.example:x@evil.test/", 14, "https address"),
        ("content: ar text/html", "content: ar text/plain", 15, "is not `LANGUAGE"),
        ("ar/index.html", "en/index.html", 15, "is not `LANGUAGE"),
        ("content: ar text/html", "content: AR text/html", 15, "is written `ar`"),
        ("supersedes: harbour-light/main/1", "supersedes: harbour-light/main/2", 17, "cannot replace"),
        ("supersedes: harbour-light/main/1", "supersedes: harbour-light/other/1", 17, "cannot replace"),
        (&format!("{first}\n"), &first, 17, "line feed"),
        (&format!("{first}\n"), &format!("{first}\n\n"), 18, "nothing follows"),
        (&format!("{first}\n"), &format!("{first}\nx: y\n"), 18, "nothing follows"),
        (&first, "supersedes: harbour-light/main/1", 17, "digest of its text"),
        (&first, &format!("supersedes: none\n{first}"), 18, "nothing follows"),
        (&first, &format!("{first}\n{first}"), 18, "written"),
        ("status: in-force", "status: none", 5, "is not `in-force`"),
        ("status: in-force\n", "", 5, "`status: ` is due"),
        ("returned: forum.example", "returned: shop.example", 18, "the notice covers it"),
        ("returned: forum.example", "returned: www.shop.example", 18, "the notice covers it"),
        ("returned: forum.example", "returned: Forum.example", 9, "written"),
        ("returned: forum.example", "returned: 192.0.2.1", 9, "not a name"),
        ("returned: forum.example", &format!("returned-sealed: {seal}"), 9, "not both"),
        (&names, &format!("sealed: {seal}\n"), 7, "not both"),
        ("subdomains: yes\n", "\nsubdomains: yes\n", 10, "`subdomains: ` is due"),
        ("subdomains: yes\n", "subdomains: yes\r\n", 10, "0x0d"),
        ("subdomains: yes", "subdomains:\tyes", 10, "0x09"),
        ("subdomains: yes", "subdomains: yes\u{7f}", 10, "0x7f"),
    ];
    for (from, to, line, reason) in cases {
        let text = good().replacen(from, to, 1);
        assert_ne!(text, good(), "{from} is not in the example");
        match parse(&text) {
            Err(error) => assert!(error.line == *line && error.to_string().contains(reason), "{to}: {error}"),
            Ok(_) => panic!("{to} was accepted"),
        }
    }
    assert!(parse("").is_err());
    assert!(parse(&format!("\u{feff}{}", good())).is_err());
    let no_pages: String =
        good().lines().filter(|line| !line.starts_with("content")).map(|l| format!("{l}\n")).collect();
    assert_eq!(parse(&no_pages).unwrap_err(), StatementProblem::NoPages.at(15));
}

#[test]
fn a_manifest_too_long_to_be_read_is_refused() {
    let many: String = (0..4000).map(|n| format!("domain: name{n:05}.example\n")).collect();
    let text = good().replace("domain: shop.example\n", &many);
    assert!(matches!(*parse(&text).unwrap_err().problem, StatementProblem::TooLarge { .. }));
}

#[test]
fn a_name_is_covered_exactly_or_below_when_the_notice_says_so() {
    let below = parse(&good()).unwrap();
    let exact = parse(&good().replace("subdomains: yes", "subdomains: no")).unwrap();
    for (host, with_subdomains, without) in [
        ("shop.example", true, true),
        ("SHOP.example.", true, true),
        ("bücher.example", true, true),
        ("www.shop.example", true, false),
        ("a.b.c.xn--bcher-kva.example", true, false),
        ("myshop.example", false, false),
        ("example", false, false),
        ("", false, false),
        ("192.0.2.1", false, false),
        ("shop.example:443", false, false),
        (ONION, true, true),
        (&ONION.to_uppercase(), true, true),
        (&format!("www.{ONION}"), false, false),
    ] {
        assert_eq!(below.covers(host), with_subdomains, "{host} with subdomains");
        assert_eq!(exact.covers(host), without, "{host} without");
    }
}

#[test]
fn a_notice_is_in_force_from_its_first_second_to_before_its_last() {
    let manifest = parse(&good()).unwrap();
    for (moment, in_force) in [
        ("2026-11-22T07:59:59Z", false),
        ("2026-11-22T08:00:00Z", true),
        ("2027-11-22T07:59:59Z", true),
        ("2027-11-22T08:00:00Z", false),
    ] {
        assert_eq!(manifest.is_in_force(moment.parse().unwrap()), in_force, "{moment}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_print_to_themselves(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(manifest) = Manifest::parse(&bytes) {
            prop_assert_eq!(manifest.to_string().into_bytes(), bytes);
        }
    }
}

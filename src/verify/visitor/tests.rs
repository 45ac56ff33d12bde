use super::*;
use crate::domain::DomainName;
use crate::observe::loopback::Authority;
use crate::observe::{Network, Protocol};
use crate::verify::CheckResult;
use crate::verify::fixture::{House, POLICE, both, eyes, good_note, manifest, note, onion, page, tag};

const PLAIN: &str = "203.0.113.10:80";
const TLS: &str = "203.0.113.10:443";

fn shop() -> DomainName {
    "shop.example".parse().unwrap()
}

fn plain(host: &DomainName) -> Visit {
    Visit::new(Scheme::Http, host, PLAIN.parse().unwrap())
}

async fn visited(network: &Network, door: &Visit, languages: &[&str]) -> Visited {
    let languages: Vec<LanguageTag> = languages.iter().map(|language| tag(language)).collect();
    look(&eyes(network), door, &languages, &both()).await
}

async fn plainly(house: House, languages: &[&str]) -> Visited {
    let network = Network::simulated(&[]);
    let _server = house.open(&network, PLAIN, None).await;
    visited(&network, &plain(&shop()), languages).await
}

fn result(visited: &Visited, check: Check) -> &CheckResult {
    &visited.report.line(check).unwrap().result
}

#[tokio::test]
async fn a_visitor_of_each_language_sees_the_notice_and_the_evidence_is_kept() {
    for languages in [&[][..], &["de"], &["ar", "de", "en"], &["ja"]] {
        let visited = plainly(House::good(), languages).await;
        assert!(visited.is_genuine(), "{languages:?}\n{}", visited.report);
    }
    let visited = plainly(House::good(), &["ar", "de"]).await;
    assert_eq!(visited.summary(), "http://shop.example at 203.0.113.10:80: in force until 2027-11-22T08:00:00Z");
    assert_eq!(visited.report.line(Check::Pages).unwrap().detail, "2 of 3 pages as signed; not at hand: en/index.html");
    assert_eq!(visited.report.line(Check::Language).unwrap().detail, "ar, de");
    assert_eq!(visited.report.line(Check::Certificate), None, "there is none over plain HTTP");
    let exhibits = visited.exhibits();
    let labels: Vec<&str> = exhibits.iter().map(|exhibit| exhibit.label.as_str()).collect();
    assert_eq!(labels, ["judgement", "page-1", "page-2", "note"]);
    assert_eq!(exhibits[2].bytes, page("de").into_bytes());
    assert_eq!(exhibits[3].bytes, good_note());
    assert_eq!(visited.to_json()["verdict"]["code"], "in-force");
}

#[tokio::test]
async fn what_a_visitor_is_shown_instead_of_the_notice_is_told_apart() {
    let good = House::good;
    let fake = || vec![("en", "<p>pay here</p>".to_owned())];
    let swapped = || vec![("en", page("de")), ("de", page("en"))];
    let one_agency = || Some(note(&manifest().to_string(), &[POLICE]));
    let with = |name, value| House { fields: vec![(name, value)], ..good() };
    let cases: [(House, &str, &str); 19] = [
        (House { status: 200, ..good() }, "in-force", ""),
        (House { status: 404, ..good() }, "not-shown", "404 Not Found for a reader of de"),
        (House { status: 302, ..good() }, "not-shown", "302 Found"),
        (
            House { status: 421, ..good() },
            "not-shown",
            "421 Misdirected Request: the server shows no notice for this name",
        ),
        (with("refresh", "0;url=http://pay.example/"), "not-shown", "sends its visitor on, with `Refresh`"),
        (with("location", "http://pay.example/"), "not-shown", "with `Location` for a reader of de"),
        (with("link", "<http://pay.example/a.css>; rel=stylesheet"), "not-shown", "`Link: <http://pay.example/a.css>"),
        (with("link", "<https://police.example/>; rel=\"blocked-by\""), "in-force", ""),
        (with("content-type", "text/plain; charset=utf-8"), "not-shown", "`Content-Type: text/plain"),
        (
            with("content-type", "text/html; charset=shift_jis"),
            "not-shown",
            "`Content-Type: text/html; charset=shift_jis`",
        ),
        (with("content-encoding", "gzip"), "not-shown", "`Content-Encoding: gzip`"),
        (with("content-disposition", "attachment"), "not-shown", "`Content-Disposition: attachment`"),
        (House { note: None, ..good() }, "not-shown", "notice.note is answered with 404"),
        (House { note: Some(b"<html>".to_vec()), ..good() }, "malformed", ""),
        (House { note: one_agency(), ..good() }, "not-enough-signatures", "1 of 2"),
        (House { pages: fake(), ..good() }, "altered", "en/index.html is not the page that was signed"),
        (House { pages: swapped(), ..good() }, "altered", "de/index.html is not the page that was signed"),
        (House { pages: vec![("en", page("en"))], ..good() }, "not-shown", "the page is in en for a reader of de"),
        (House { says: Some("en, de"), ..good() }, "not-shown", "Content-Language says `en, de`"),
    ];
    for (house, code, text) in cases {
        let visited = plainly(house, &["de"]).await;
        assert_eq!(visited.report.verdict.code(), code, "{}", visited.report);
        assert!(visited.report.verdict.to_string().contains(text), "{}", visited.report.verdict);
    }
}

/// As files on any web server are shown. The octets say which page it is.
#[tokio::test]
async fn a_page_of_whose_language_nothing_is_said_is_known_by_its_octets() {
    let silent = || House { says: Some(""), ..House::good() };
    let seen = plainly(silent(), &["de"]).await;
    assert!(seen.is_genuine(), "{}", seen.report);
    let line = seen.report.line(Check::Language).unwrap();
    assert_eq!(line.result, CheckResult::NotChecked);
    assert_eq!(line.detail, "no Content-Language is sent; the octets are those of the page in de");
    let one = House { pages: vec![("en", page("en"))], ..silent() };
    let other = House { pages: vec![("de", page("fr"))], ..silent() };
    for (house, code, said) in [(one, "not-shown", "in en for a reader of de"), (other, "altered", "none of those")] {
        let seen = plainly(house, &["de"]).await;
        assert_eq!(seen.report.verdict.code(), code, "{}", seen.report);
        assert!(seen.report.verdict.to_string().contains(said), "{}", seen.report);
    }
}

#[tokio::test]
async fn the_name_judged_is_the_one_in_the_address_bar() {
    let network = Network::simulated(&[]);
    let _server = House::good().open(&network, PLAIN, None).await;
    for (host, code) in
        [("shop.example", "in-force"), ("www.shop.example", "in-force"), ("copy.example", "not-covered")]
    {
        let visited = visited(&network, &plain(&host.parse().unwrap()), &[]).await;
        assert_eq!(visited.report.verdict.code(), code, "{host}");
    }
    let visited = visited(&network, &Visit::of_onion(&onion(), PLAIN.parse().unwrap()), &["de"]).await;
    assert!(visited.is_genuine(), "{}", visited.report);
    assert_eq!(visited.host, WebHost::Onion(onion()));
}

#[tokio::test]
async fn over_tls_the_certificate_is_a_check_of_its_own() {
    let (authority, other) = (Authority::new("ours"), Authority::new("others"));
    let network = Network::simulated(&[]).trusting(&[authority.certificate()]).unwrap();
    let door = Visit::new(Scheme::Https, &shop(), TLS.parse().unwrap());
    for (tls, code, text) in [
        (authority.server("shop.example", 2030, &["h2"]), "in-force", ""),
        (authority.server("other.example", 2030, &[]), "not-shown", "not valid for the name"),
        (authority.server("shop.example", 2026, &[]), "not-shown", "not valid at this time"),
        (other.server("shop.example", 2030, &[]), "not-shown", "issuer is not known"),
    ] {
        let _server = House::good().open(&network, TLS, Some(tls)).await;
        let visited = visited(&network, &door, &["de"]).await;
        assert_eq!(visited.report.verdict.code(), code, "{}", visited.report);
        assert!(visited.report.verdict.to_string().contains(text), "{}", visited.report.verdict);
        assert_eq!(*result(&visited, Check::Certificate) == CheckResult::Pass, code == "in-force");
    }
}

#[tokio::test]
async fn what_could_not_be_asked_is_neither_good_nor_bad() {
    let network = Network::simulated(&[]);
    for door in [plain(&shop()), Visit::new(Scheme::Https, &shop(), TLS.parse().unwrap())] {
        let visited = visited(&network, &door, &["de"]).await;
        assert_eq!(visited.report.verdict.code(), "undetermined", "{}", visited.report);
        assert!(visited.report.lines.iter().all(|line| line.result == CheckResult::NotChecked), "{}", visited.report);
        let whole: serde_json::Value = serde_json::from_slice(&visited.exhibits()[0].bytes).unwrap();
        assert_eq!(whole["observations"].as_object().unwrap().len(), 2, "the attempts are evidence too");
    }
    // A page without its note.
    let server = House::good().open(&network, PLAIN, None).await;
    let seen = visited(&network, &plain(&shop()), &[]).await;
    network.unroute(Protocol::Tcp, PLAIN.parse().unwrap());
    let gone = visited(&network, &plain(&shop()), &[]).await;
    let mixed = report(
        &plain(&shop()),
        &[Shown { asked: None, asker: Asker::Operation, seen: seen.pages[0].clone() }],
        &gone.note,
        (None, &[]),
        Expected { trust: &both(), name: None, at: gone.note.at },
    );
    assert_eq!(mixed.verdict.code(), "undetermined");
    assert_eq!(mixed.line(Check::Shown).unwrap().result, CheckResult::Pass);
    drop(server);
}

use hickory_proto::op::ResponseCode;
use proptest::prelude::*;

use super::*;
use crate::domain::OnionName;
use crate::observe::Network;
use crate::observe::loopback::{Standing, address, name_server, refusal, reply, send};
use crate::verify::Check;
use crate::verify::fixture::{House, both, eyes, onion, page};

const RESOLVER: &str = "192.0.2.53:53";
const ONE: &str = "203.0.113.10:80";
const TWO: &str = "[2001:db8::10]:80";

fn network() -> Network {
    Network::simulated(&[RESOLVER.parse().unwrap()])
}

/// A resolver that knows these addresses of `shop.example`, fails for AAAA if it is told so, and knows of nothing else.
async fn resolver(network: &Network, addresses: &'static [&'static str], fails: bool) -> Standing {
    name_server(network, RESOLVER.parse().unwrap(), move |question, _| {
        let query = &question.queries[0];
        let is_v6 = query.query_type() == hickory_proto::rr::RecordType::AAAA;
        if !query.name().to_ascii().eq_ignore_ascii_case("shop.example.") {
            return send(&refusal(&question, ResponseCode::NXDomain));
        }
        if is_v6 && fails {
            return send(&refusal(&question, ResponseCode::ServFail));
        }
        let mut answer = reply(&question);
        let fitting = addresses.iter().filter(|address| address.contains(':') == is_v6);
        fitting.for_each(|ip| {
            answer.add_answer(address("shop.example", ip));
        });
        send(&answer)
    })
    .await
}

async fn visited(network: &Network, url: &str, connect: Option<&str>) -> Result<UrlVisit, VerifyError> {
    let connect = connect.map(|address| address.parse().unwrap());
    of_url(&eyes(network), url, connect, &[], &both()).await
}

#[tokio::test]
async fn every_address_is_visited_and_the_worst_counts() {
    let network = network();
    let _resolver = resolver(&network, &["203.0.113.10", "2001:db8::10"], false).await;
    let _one = House::good().open(&network, ONE, None).await;
    let two = House::good().open(&network, TWO, None).await;
    let seen = visited(&network, "http://shop.example", None).await.unwrap();
    assert!(seen.is_genuine(), "{}", seen.summary());
    assert_eq!(seen.summary(), "http://shop.example/, 2 addresses: in force until 2027-11-22T08:00:00Z");
    let text = seen.to_string();
    assert!(
        text.starts_with("http://shop.example at 203.0.113.10:80\n\npass         page shown   status 451\n"),
        "{text}"
    );
    assert!(text.ends_with(&format!("{}\n", seen.summary())), "{text}");
    assert_eq!(seen.to_json()["visits"].as_array().unwrap().len(), 2);
    assert!(seen.exhibits().iter().any(|exhibit| exhibit.label == "203.0.113.10:80-page-1"));

    drop(two);
    let fake = House { pages: vec![("en", "<p>pay here</p>".to_owned())], ..House::good() };
    let _two = fake.open(&network, TWO, None).await;
    let seen = visited(&network, "http://shop.example", None).await.unwrap();
    assert_eq!(seen.verdict.code(), "altered");
}

/// Where only the page in one language is another, whoever says nothing about languages never sees it; or nobody else does.
#[tokio::test]
async fn every_language_of_a_genuine_notice_is_looked_at() {
    let network = network();
    let _one = House::good().open(&network, ONE, None).await;
    let seen = visited(&network, "http://shop.example/", Some(ONE)).await.unwrap();
    assert!(seen.to_string().contains("3 of 3 pages as signed"), "{seen}");
    // The first is for those who say nothing about languages.
    for altered in 0..3 {
        let mut fake = House::good();
        fake.pages[altered].1.push_str("<p>pay here</p>");
        if altered == 0 {
            fake.pages.insert(1, ("en", page("en")));
            fake.pages[0].0 = "";
        }
        let _two = fake.open(&network, TWO, None).await;
        let seen = visited(&network, "http://shop.example/", Some(TWO)).await.unwrap();
        assert_eq!(seen.verdict.code(), "altered", "{altered}: {seen}");
    }
}

/// Somebody else's web server, with one file for all. It is looked at as every reader all the same.
#[tokio::test]
async fn a_server_that_says_nothing_of_languages_may_show_one_page_to_all() {
    let network = network();
    let house = House { says: Some(""), pages: vec![("en", House::good().pages[0].1.clone())], ..House::good() };
    let _one = house.clone().open(&network, ONE, None).await;
    for path in ["", "en/"] {
        let seen = visited(&network, &format!("http://shop.example/{path}"), Some(ONE)).await.unwrap();
        assert!(seen.is_genuine(), "{seen}");
        let entry = seen.visits[0].report.line(Check::Inclusion).unwrap();
        assert_eq!(entry.detail, "there is a proof, but nobody said which log is believed");
    }
    let seen = visited(&network, "http://shop.example/ar/", Some(ONE)).await.unwrap();
    assert!(seen.verdict.to_string().contains("the page is in en, and ar by its address"), "{seen}");
    let mut fake = house.clone();
    fake.pages.push(("ar", "<p>pay here</p>".to_owned()));
    let _two = fake.open(&network, TWO, None).await;
    let seen = visited(&network, "http://shop.example/", Some(TWO)).await.unwrap();
    assert_eq!(seen.verdict.code(), "altered", "{seen}");
    let wrong = House { says: Some("ar"), ..house }.open(&network, "203.0.113.11:80", None).await;
    let seen = visited(&network, "http://shop.example/", Some("203.0.113.11:80")).await.unwrap();
    assert!(!seen.is_genuine(), "a field that is wrong is not one that is missing: {seen}");
    drop(wrong);
}

/// This server goes by the reader alone.
#[tokio::test]
async fn an_address_that_says_a_language_shows_no_other() {
    let network = network();
    let _house = House::good().open(&network, ONE, None).await;
    for (path, code, said) in [
        ("ar/", "not-shown", "the page is in en, and ar by its address"),
        ("en/", "not-shown", "the page is in ar for a reader of ar, and en by its address"),
        ("fr/", "in-force", ""),
        ("ar/deep/link", "in-force", ""),
        ("AR/", "in-force", ""),
    ] {
        let seen = visited(&network, &format!("http://shop.example/{path}"), Some(ONE)).await.unwrap();
        assert!(seen.verdict.code() == code && seen.verdict.to_string().contains(said), "{path}\n{seen}");
    }
}

#[tokio::test]
async fn what_no_resolver_says_is_open_and_a_name_without_address_shows_nothing() {
    let network = network();
    let _one = House::good().open(&network, ONE, None).await;
    let fails = resolver(&network, &["203.0.113.10"], true).await;
    let seen = visited(&network, "http://shop.example/", None).await.unwrap();
    assert_eq!(seen.verdict, Verdict::Undetermined { what: "AAAA records: the server answered SERVFAIL".into() });
    assert_eq!(seen.visits.len(), 1);
    drop(fails);
    let _knows = resolver(&network, &["203.0.113.10"], false).await;
    let seen = visited(&network, "http://gone.example/", None).await.unwrap();
    assert_eq!(seen.verdict.code(), "not-shown");
    let alone = visited(&Network::simulated(&[]), "http://shop.example/", None).await.unwrap();
    assert_eq!(alone.verdict.to_string(), "undetermined: not checked: A records: there is no resolver to ask");
}

#[tokio::test]
async fn an_address_that_is_given_is_visited_without_asking_anybody() {
    let network = Network::simulated(&[]);
    let _hop = House::good().open(&network, "203.0.113.10:8080", None).await;
    for url in ["http://shop.example/", &format!("http://{}", onion())] {
        let seen = visited(&network, url, Some("203.0.113.10:8080")).await.unwrap();
        assert!(seen.is_genuine() && seen.resolved.is_empty(), "{}", seen.summary());
    }
    let lookup = visited(&network, &format!("http://{}/", onion()), None).await;
    assert!(matches!(lookup, Err(VerifyError::OnionLookup { .. })));
}

proptest! {
    #[test]
    fn any_text_is_a_url_or_refused_and_what_is_read_reads_the_same_again(text in "(https?://)?\\PC{0,60}") {
        if let Ok(address) = Address::parse(&text) {
            prop_assert_eq!(Address::parse(&address.url()).unwrap(), address);
        }
    }
}

#[test]
fn a_url_is_read_as_a_person_types_it_or_refused_for_its_own_reason() {
    let onion = OnionName::of_key(&[7; 32]);
    for (typed, url) in [
        ("http://shop.example", "http://shop.example/"),
        ("https://SHOP.example:443/ja/?x=1", "https://shop.example/ja/?x=1"),
        ("https://shop.example:8443/", "https://shop.example:8443/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://shop.example/#top", "http://shop.example/"),
        (&format!("http://{onion}/"), &format!("http://{onion}/")),
    ] {
        assert_eq!(Address::parse(typed).unwrap().url(), url);
    }
    for bad in [
        "",
        "shop.example",
        "ftp://shop.example/",
        "http://",
        "http:///x",
        "http://a@shop.example/",
        "http://ex ample/",
    ] {
        assert!(matches!(Address::parse(bad), Err(VerifyError::Url { .. })), "{bad}");
    }
    for bad in ["http://192.0.2.1/", "http://[2001:db8::1]/", &format!("http://www.{onion}/"), "http://a_b.example/"] {
        assert!(matches!(Address::parse(bad), Err(VerifyError::Host { .. })), "{bad}");
    }
    let tls = Address::parse(&format!("https://{onion}/"));
    assert!(matches!(tls, Err(VerifyError::OnionTls { .. })));
}

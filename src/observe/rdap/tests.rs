use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use hyper::body::Incoming;

use super::*;
use crate::observe::loopback::{
    Answer, Authority, Standing, address, name, name_server, noon, refusal, reply, send, soa, web_server, world,
};
use crate::observe::{DnsLimits, Network};

const RESOLVER: &str = "203.0.113.53:53";
const SERVICE: &str = "192.0.2.80:443";

fn limits() -> HttpLimits {
    HttpLimits { time: Duration::from_secs(20), body_bytes: 10_000 }
}

fn base() -> RdapBase {
    "https://rdap.registry.example/v1".parse().unwrap()
}

/// A network with a resolver that knows `rdap.registry.example`, and a registry there that answers as `answer` says.
struct Registry {
    network: Network,
    authority: Authority,
    _resolver: Standing,
}

impl Registry {
    async fn new() -> Self {
        let authority = Authority::new("Test CA");
        let network = Network::simulated(&[world(RESOLVER)]).trusting(&[authority.certificate()]).unwrap();
        let resolver = name_server(&network, world(RESOLVER), |question, _| {
            let mut reply = reply(&question);
            match question.queries[0].query_type() {
                hickory_proto::rr::RecordType::A => reply.add_answer(address("rdap.registry.example", "192.0.2.80")),
                _ => reply.add_authority(soa("registry.example")),
            };
            send(&reply)
        })
        .await;
        Self { network, authority, _resolver: resolver }
    }

    async fn serve<F>(&self, answer: F) -> Standing
    where
        F: Fn(hyper::Request<Incoming>) -> Answer + Clone + Send + Sync + 'static,
    {
        let config = self.authority.server("rdap.registry.example", 2030, &["h2", "http/1.1"]);
        web_server(&self.network, world(SERVICE), Some(config), answer).await
    }

    async fn ask(&self) -> Observation<Registration> {
        let dns = DnsClient::new(self.network.clone(), DnsLimits { attempt: limits().time, ..DnsLimits::default() });
        rdap_domain(&dns, &noon(), &base(), &name("shop.example"), limits()).await
    }
}

fn json(status: u16, body: impl Into<Bytes>) -> Answer {
    let builder = Response::builder().status(status).header("content-type", "application/rdap+json; charset=utf-8");
    builder.body(Full::new(body.into())).unwrap()
}

/// A domain object in the shape that registries give it, with the spellings of both worlds.
const WHOLE: &str = r#"{
    "objectClassName": "domain", "handle": "D1-EXAMPLE", "ldhName": "SHOP.EXAMPLE",
    "status": ["serverHold", "server transfer prohibited", "clientUpdateProhibited", "ok"],
    "events": [
        {"eventAction": "registration", "eventDate": "2019-03-01T10:00:00Z"},
        {"eventAction": "last changed", "eventDate": "2026-11-20T10:00:00.5+01:00"},
        {"eventAction": "last changed", "eventDate": "2020-01-01T00:00:00Z"},
        {"eventAction": "expiration", "eventDate": "soon"},
        "not an event"
    ],
    "nameservers": [{"ldhName": "NS1.Seizure.test."}, {"ldhName": "ns2.seizure.test"}],
    "secureDNS": {"delegationSigned": true, "dsData": [
        {"keyTag": 4711, "algorithm": "13", "digestType": 2, "digest": "ABCD"}
    ]},
    "entities": [
        {"roles": ["registrant"]},
        {"roles": ["abuse", "registrar"], "publicIds": [{"type": "IANA Registrar ID", "identifier": "9999"}],
         "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Registrar Ltd"]]]}
    ]
}"#;

#[tokio::test]
async fn a_registered_name_is_read_in_either_spelling() {
    let registry = Registry::new().await;
    let _service = registry
        .serve(|request| {
            assert_eq!(request.uri().path(), "/v1/domain/shop.example");
            assert!(request.headers()["accept"].to_str().unwrap().starts_with("application/rdap+json"));
            json(200, WHOLE)
        })
        .await;
    let seen = registry.ask().await;
    assert_eq!((seen.asked, seen.transport), (Some(world(SERVICE)), Transport::Tls));
    assert_eq!(seen.raw, WHOLE.as_bytes());
    let Ok(Registration::Registered(domain)) = &seen.outcome else { panic!("{}", seen.line()) };
    assert!(domain.has_status("server hold") && domain.has_status("serverHold"));
    let statuses: Vec<&str> = domain.statuses.iter().map(RdapStatus::as_str).collect();
    assert_eq!(statuses, ["active", "client update prohibited", "server hold", "server transfer prohibited"]);
    assert_eq!(domain.events["registration"].to_string(), "2019-03-01T10:00:00Z");
    assert_eq!(domain.events["last changed"].to_string(), "2026-11-20T09:00:00Z");
    assert!(!domain.events.contains_key("expiration"), "a date that cannot be read is not known");
    let servers: Vec<&str> = domain.name_servers.iter().map(RecordName::as_str).collect();
    assert_eq!(servers, ["ns1.seizure.test", "ns2.seizure.test"]);
    assert_eq!(domain.delegation_signed, Some(true));
    assert_eq!(
        domain.ds.first().map(|ds| (ds.key_tag, ds.algorithm, ds.digest.as_slice())),
        Some((4711, 13, &[0xab, 0xcd][..]))
    );
    let registrar = domain.registrar.as_ref().unwrap();
    assert_eq!((registrar.name.as_deref(), registrar.iana_id.as_deref()), (Some("Registrar Ltd"), Some("9999")));
    assert!(
        seen.line().starts_with("registration of shop.example: registered; status active, client"),
        "{}",
        seen.line()
    );
    assert_eq!(seen.evidence()["outcome"]["known"]["statuses"][2], "server hold");
    assert_eq!(seen.evidence()["question"]["rdap"]["base"], "https://rdap.registry.example/v1/");
}

#[tokio::test]
async fn only_a_registry_that_says_so_makes_a_name_unregistered() {
    let registry = Registry::new().await;
    let html = |status: u16| {
        let builder =
            Response::builder().status(status).header("content-type", "text/html").header("retry-after", "30");
        builder.body(Full::new(Bytes::from_static(b"<h1>no</h1>"))).unwrap()
    };
    let outcome = async |answer: fn() -> Answer| {
        let _service = registry.serve(move |_| answer()).await;
        registry.ask().await.outcome
    };
    assert_eq!(outcome(|| json(404, r#"{"errorCode": 404}"#)).await, Ok(Registration::NotRegistered));
    assert_eq!(
        outcome(|| Response::builder().status(404).body(Full::default()).unwrap()).await,
        Ok(Registration::NotRegistered)
    );
    let retry_after = Some(Duration::from_secs(30));
    for status in [400, 401, 404, 429, 500, 503] {
        let _service = registry.serve(move |_| html(status)).await;
        assert_eq!(registry.ask().await.outcome, Err(Unknown::HttpStatus { status, retry_after }));
    }
}

#[tokio::test]
async fn redirects_go_from_https_to_https_three_times_and_no_further() {
    let registry = Registry::new().await;
    let moved = |to: String| Response::builder().status(302).header("location", to).body(Full::default()).unwrap();
    let hops = move |hops: usize| {
        move |request: hyper::Request<Incoming>| {
            let path = request.uri().path();
            let done = path.matches("/hop").count();
            if done == hops { json(200, WHOLE) } else { moved(format!("{path}/hop")) }
        }
    };
    let three = registry.serve(hops(3)).await;
    assert!(registry.ask().await.outcome.is_ok());
    assert_eq!(three.asked(), 4);
    let _four = registry.serve(hops(4)).await;
    assert!(matches!(registry.ask().await.outcome, Err(Unknown::Redirect { .. })));

    for to in [
        "http://rdap.registry.example/x",
        "//elsewhere.test/",
        "ftp://x.test/",
        "https://x@rdap.registry.example/",
        "",
        "https://192.0.2.80/",
    ] {
        let _service = registry.serve(move |_| moved(to.to_owned())).await;
        assert_eq!(registry.ask().await.outcome, Err(Unknown::Redirect { to: to.to_owned() }));
    }
    let absolute = registry.serve(move |request| match request.uri().path() {
        "/other/shop" => json(200, WHOLE),
        _ => moved("https://rdap.registry.example:443/other/shop".to_owned()),
    });
    let _absolute = absolute.await;
    assert!(registry.ask().await.outcome.is_ok());
}

#[tokio::test]
async fn an_answer_in_a_wrong_form_is_unknown_and_never_a_name_without_holds() {
    let registry = Registry::new().await;
    for (body, code) in [
        ("", "garbage"),
        ("<html>", "garbage"),
        ("[]", "garbage"),
        ("{}", "garbage"),
        (r#"{"objectClassName": "entity"}"#, "garbage"),
        (r#"{"objectClassName": "domain", "ldhName": "other.example"}"#, "mismatch"),
        (r#"{"objectClassName": "domain", "status": {"a": 1}}"#, "garbage"),
        (r#"{"objectClassName": "domain", "status": [1]}"#, "garbage"),
        (r#"{"objectClassName": "domain", "nameservers": "ns1.x.test"}"#, "garbage"),
        (r#"{"objectClassName": "domain", "nameservers": [{"handle": "X"}]}"#, "garbage"),
        (r#"{"objectClassName": "domain", "secureDNS": {"dsData": [{"keyTag": 70000}]}}"#, "garbage"),
    ] {
        let _service = registry.serve(move |_| json(200, body)).await;
        let outcome = registry.ask().await.outcome;
        assert_eq!(outcome.map_err(|why| why.code()), Err(code), "{body}");
    }
    let nested = Arc::new("[".repeat(9_000));
    let _service = registry.serve(move |_| json(200, nested.as_bytes().to_vec())).await;
    assert_eq!(registry.ask().await.outcome.map_err(|why| why.code()), Err("garbage"));
    let _service = registry.serve(move |_| json(200, vec![b' '; 10_001])).await;
    assert_eq!(registry.ask().await.outcome, Err(Unknown::TooLarge { limit_bytes: 10_000 }));
    let _service =
        registry.serve(move |_| json(200, r#"{"objectClassName": "domain", "status": "ok", "events": 7}"#)).await;
    let Ok(Registration::Registered(domain)) = registry.ask().await.outcome else { panic!() };
    assert!(domain.has_status("active") && domain.events.is_empty() && domain.registrar.is_none());
}

#[tokio::test]
async fn a_service_whose_host_cannot_be_found_or_trusted_is_unknown() {
    let dns = |network: &Network| {
        DnsClient::new(network.clone(), DnsLimits { attempt: limits().time, ..DnsLimits::default() })
    };
    let ask =
        async |network: &Network| rdap_domain(&dns(network), &noon(), &base(), &name("shop.example"), limits()).await;
    let nobody = ask(&Network::simulated(&[])).await;
    assert_eq!((nobody.outcome, nobody.asked), (Err(Unknown::NobodyToAsk), None));

    let network = Network::simulated(&[world(RESOLVER)]);
    let _failing = name_server(&network, world(RESOLVER), |question, _| {
        send(&refusal(&question, hickory_proto::op::ResponseCode::ServFail))
    })
    .await;
    let outcome = ask(&network).await.outcome;
    assert_eq!(outcome, Err(Unknown::Host(Box::new(Unknown::ServerFailure { rcode: 2 }))));
    let _empty = name_server(&network, world(RESOLVER), |question, _| send(&reply(&question))).await;
    assert_eq!(ask(&network).await.outcome, Err(Unknown::NoAddress));

    let registry = Registry::new().await;
    let config = Authority::new("Elsewhere").server("rdap.registry.example", 2030, &[]);
    let _impostor = web_server(&registry.network, world(SERVICE), Some(config), |_| json(404, "")).await;
    assert_eq!(registry.ask().await.outcome.map_err(|why| why.code()), Err("tls"));
}

#[test]
fn every_status_of_epp_has_its_spelling_in_rdap() {
    // RFC 8056 section 2, the whole table.
    for (epp, rdap) in [
        ("addPeriod", "add period"),
        ("autoRenewPeriod", "auto renew period"),
        ("clientDeleteProhibited", "client delete prohibited"),
        ("clientHold", "client hold"),
        ("clientRenewProhibited", "client renew prohibited"),
        ("clientTransferProhibited", "client transfer prohibited"),
        ("clientUpdateProhibited", "client update prohibited"),
        ("inactive", "inactive"),
        ("linked", "associated"),
        ("ok", "active"),
        ("pendingCreate", "pending create"),
        ("pendingDelete", "pending delete"),
        ("pendingRenew", "pending renew"),
        ("pendingRestore", "pending restore"),
        ("pendingTransfer", "pending transfer"),
        ("pendingUpdate", "pending update"),
        ("redemptionPeriod", "redemption period"),
        ("renewPeriod", "renew period"),
        ("serverDeleteProhibited", "server delete prohibited"),
        ("serverRenewProhibited", "server renew prohibited"),
        ("serverTransferProhibited", "server transfer prohibited"),
        ("serverUpdateProhibited", "server update prohibited"),
        ("serverHold", "server hold"),
        ("transferPeriod", "transfer period"),
    ] {
        assert_eq!(RdapStatus::new(epp).as_str(), rdap);
        assert_eq!(RdapStatus::new(rdap).as_str(), rdap);
    }
}

#[test]
fn the_address_of_a_service_is_https_with_a_host_name() {
    for (url, shown) in [
        ("https://rdap.example", "https://rdap.example/"),
        ("https://RDAP.example:8443/v1", "https://rdap.example:8443/v1/"),
        ("https://rdap.example:443/v1/", "https://rdap.example/v1/"),
    ] {
        assert_eq!(url.parse::<RdapBase>().unwrap().to_string(), shown);
    }
    for url in [
        "",
        "rdap.example",
        "http://rdap.example/",
        "https://192.0.2.1/",
        "https://u@rdap.example/",
        "https://rdap.example/?q=1",
        "https://rdap.example/#x",
        "https://abc.onion/",
        "https:///x",
    ] {
        assert!(url.parse::<RdapBase>().is_err(), "{url}");
    }
}

proptest::proptest! {
    #[test]
    fn no_octets_make_the_reader_fail(octets in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = parse(&octets, &name("shop.example"));
    }
}

use std::collections::BTreeMap;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::rdata::TXT;
use hickory_proto::rr::{RData, RecordType as WireType};
use http::Response;
use http_body_util::Full;
use serde_json::{Value, json};

use super::*;
use crate::keyring::dns_txt;
use crate::observe::loopback::{Authority, Standing, address, name_server, other, refusal, reply, send, world};
use crate::observe::{Network, TlsFailure};
use crate::verify::fixture::{COURT_ROOT, POLICE_ROOT, Signer, eyes, key_list, noon, note, public, time};
use crate::verify::{Check, Expected, Papers, Verdict, judge};

const RESOLVER: &str = "192.0.2.53:53";
const POLICE_SITE: &str = "203.0.113.20:443";
const COURT_SITE: &str = "203.0.113.21:443";
const NEW_ROOT: Signer = ("police.example/root/2027", 31);
const ROOTS: [Signer; 2] = [POLICE_ROOT, COURT_ROOT];

fn host(name: &str) -> DomainName {
    name.parse().unwrap()
}

/// The list with this number and these roots, signed.
fn list_of(version: u32, roots: &[Signer], signers: &[Signer]) -> Vec<u8> {
    let roots = roots.iter().map(|root| public(*root)).collect();
    note(&KeyList { version, roots, ..key_list() }.checked().unwrap().to_string(), signers)
}

fn fingerprint(roots: &[Signer]) -> Digest {
    roots_fingerprint(&roots.iter().map(|root| public(*root)).collect::<Vec<_>>())
}

/// What a zone says of such roots.
fn record(roots: &[Signer]) -> String {
    let line = dns_txt(&roots.iter().map(|root| public(*root)).collect::<Vec<_>>()).unwrap();
    line.split('"').nth(1).unwrap().to_owned()
}

/// Lists 1 to 3; with the third a new root takes over from the police's old one.
fn three_lists() -> BTreeMap<String, Vec<u8>> {
    let (old, new) = (ROOTS, [NEW_ROOT, COURT_ROOT]);
    let lists =
        [list_of(1, &old, &old), list_of(2, &old, &old), list_of(3, &new, &[POLICE_ROOT, COURT_ROOT, NEW_ROOT])];
    let mut files: BTreeMap<_, _> = (1..).map(|number| list_file(Some(number))).zip(lists.iter().cloned()).collect();
    files.insert(list_file(None), lists[2].clone());
    files
}

/// The agencies' sites and zones.
struct World {
    network: Network,
    authority: Authority,
    standing: Vec<Standing>,
}

impl World {
    /// A resolver that knows both sites, and these texts about the police's keys and the court's.
    async fn with_records(police: &[&str], court: &[&str]) -> Self {
        let network = Network::simulated(&[world(RESOLVER)]);
        let authority = Authority::new("Test CA");
        let network = network.trusting(&[authority.certificate()]).unwrap();
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let (police, court) = (texts(police), texts(court));
        let resolver = name_server(&network, world(RESOLVER), move |question, _| {
            send(&answer(
                &question,
                &[("police.example", "203.0.113.20", &police), ("court.example", "203.0.113.21", &court)],
            ))
        });
        let standing = vec![resolver.await];
        Self { network, authority, standing }
    }

    /// Opens a site with these files in `/.well-known/`.
    async fn site(mut self, name: &str, at: &str, files: BTreeMap<String, Vec<u8>>) -> Self {
        let tls = self.authority.server(name, 2030, &["h2"]);
        let site = crate::observe::loopback::web_server(&self.network, world(at), Some(tls), move |request| {
            let file = request.uri().path().strip_prefix("/.well-known/").and_then(|file| files.get(file));
            let (status, body) = file.map_or((404, Vec::new()), |file| (200, file.clone()));
            Response::builder().status(status).body(Full::new(body.into())).unwrap()
        });
        self.standing.push(site.await);
        self
    }

    async fn police(records: &[&str], files: BTreeMap<String, Vec<u8>>) -> Self {
        Self::with_records(records, &[]).await.site("police.example", POLICE_SITE, files).await
    }

    async fn fetch(&self, by: VouchedBy) -> PublishedKeys {
        fetch_key_lists(&eyes(&self.network), &[host("police.example")], by).await
    }
}

fn answer(question: &Message, known: &[(&str, &str, &Vec<String>)]) -> Message {
    let query = &question.queries[0];
    let name = query.name().to_ascii().to_ascii_lowercase();
    let Some((host, site, texts)) = known.iter().find(|(host, ..)| name.ends_with(&format!("{host}."))) else {
        return refusal(question, ResponseCode::NXDomain);
    };
    let mut answer = reply(question);
    let label = format!("{KEYS_LABEL}.{host}");
    match query.query_type() {
        WireType::A if name == format!("{host}.") => drop(answer.add_answer(address(host, site))),
        WireType::TXT if name == format!("{label}.") => texts.iter().for_each(|text| {
            // In two strings, as long records are.
            let (one, two) = text.split_at(text.len() / 2);
            answer.add_answer(other(&label, RData::TXT(TXT::from_bytes(vec![one.as_bytes(), two.as_bytes()]))));
        }),
        _ => {}
    }
    answer
}

fn since(number: u32) -> VouchedBy {
    let bytes = list_of(number, &ROOTS, &ROOTS);
    VouchedBy::Since(Box::new(VerifiedKeyList::believed(&Note::parse(&bytes).unwrap()).unwrap()))
}

fn both_roots() -> VouchedBy {
    VouchedBy::Roots(TrustedKeys::at_least(2, &ROOTS.map(public)).unwrap())
}

/// The number of the newest list, and the doubt about it.
fn outcome(published: &PublishedKeys) -> Result<(u32, Option<String>), KeyListRefusal> {
    let newest = published.newest()?;
    Ok((newest.list().version, published.doubt(&newest, noon())))
}

fn told(published: &PublishedKeys) -> String {
    let newest = published.newest().ok();
    published.rows(newest.as_ref(), noon()).into_iter().map(|(what, said)| format!("{what}: {said}\n")).collect()
}

#[tokio::test]
async fn the_lists_are_walked_up_from_whatever_somebody_brought() {
    let new = [NEW_ROOT, COURT_ROOT];
    let world = World::police(&[&record(&new)], three_lists()).await;
    for by in [
        since(1),
        since(2),
        both_roots(),
        VouchedBy::Fingerprint(fingerprint(&ROOTS)),
        VouchedBy::Fingerprint(fingerprint(&new)),
    ] {
        let published = world.fetch(by).await;
        assert_eq!(outcome(&published), Ok((3, None)), "{}", told(&published));
        assert!(told(&published).contains("agree: yes"), "{}", told(&published));
        let json = published.to_json(published.newest().ok().as_ref(), noon());
        assert_eq!((&json["agree"], &json["dnssec"], &json["doubt"]), (&json!(true), &json!("unknown"), &Value::Null));
    }
    // Only what is needed is asked for: list 3 and list 2.
    let before = world.standing[1].asked();
    world.fetch(since(1)).await;
    assert_eq!(world.standing[1].asked() - before, 2);
}

#[tokio::test]
async fn with_nothing_brought_site_and_zone_that_agree_prove_nothing() {
    let new = [NEW_ROOT, COURT_ROOT];
    let world = World::police(&[&record(&new)], three_lists()).await;
    let published = world.fetch(VouchedBy::Nobody).await;
    let (number, doubt) = outcome(&published).unwrap();
    assert!(number == 3 && doubt.unwrap().contains("nothing that came another way"));
    let text = told(&published);
    let shown = fingerprint(&new);
    assert!(
        text.contains(&format!("shows key list 3, roots {shown}")) && text.contains(&format!("names roots {shown}")),
        "{text}"
    );
    assert!(text.contains("agree: yes") && text.contains("DNSSEC") && text.contains("vouched: by nobody"), "{text}");

    // A notice that is good in every way under these keys is not in force under them.
    let newest = published.newest().unwrap();
    let judged = |trust: &Trust| {
        let bytes = crate::verify::fixture::good_note();
        let (logged, pages) = (Default::default(), &crate::verify::fixture::seen()[..]);
        let papers = Papers { note: &bytes, text: None, coverage: None, pages, logged };
        let name = "shop.example".parse().unwrap();
        judge(papers, Expected { trust, name: Some(&name), at: noon() })
    };
    let report = judged(&published.trust(&newest, noon()).unwrap());
    assert!(matches!(report.verdict, Verdict::Undetermined { .. }), "{report}");
    assert!(
        report.line(Check::KeyList).unwrap().is_failure()
            && report.line(Check::Quorum).unwrap().detail.contains("2 of 2")
    );
    let published = world.fetch(both_roots()).await;
    let report = judged(&published.trust(&published.newest().unwrap(), noon()).unwrap());
    assert!(matches!(report.verdict, Verdict::InForce { .. }), "{report}");
}

#[tokio::test]
async fn a_zone_that_names_other_roots_leaves_the_keys_in_doubt_and_a_silent_one_does_not() {
    let (old, new, stranger) = (record(&ROOTS), record(&[NEW_ROOT, COURT_ROOT]), record(&[NEW_ROOT]));
    for (records, is_doubted, said) in [
        (&[&*new][..], false, "agree: yes"),
        // While roots are replaced, the zone names both.
        (&[&*old, &*new, "v=spf1 -all"], false, "agree: yes"),
        (&[&*old], true, "agree: no"),
        (&[&*stranger], true, "agree: no"),
        (&["v=sk1; root=none"], false, "cannot be understood"),
        (&["v=spf1 -all"], false, "there is no record"),
        (&[], false, "agree: unknown"),
    ] {
        let published = World::police(records, three_lists()).await.fetch(both_roots()).await;
        let (number, doubt) = outcome(&published).unwrap();
        assert_eq!((number, doubt.is_some()), (3, is_doubted), "{records:?}");
        assert!(told(&published).contains(said), "{}", told(&published));
    }
}

#[tokio::test]
async fn an_old_list_is_found_out_by_its_end_and_by_what_was_believed_before() {
    let files = [(list_file(None), list_of(1, &ROOTS, &ROOTS))].into();
    let world = World::police(&[], files).await;
    let published = world.fetch(since(2)).await;
    assert_eq!(outcome(&published), Err(KeyListRefusal::Rollback { believed: 2, newest: 1 }));
    let published = world.fetch(since(1)).await;
    let newest = published.newest().unwrap();
    let end = time("2027-02-22T08:00:00Z");
    assert_eq!(published.doubt(&newest, noon()), None);
    assert!(published.doubt(&newest, end).unwrap().contains("has expired"));
}

#[tokio::test]
async fn lists_that_do_not_follow_from_what_was_brought_are_not_believed() {
    let (good, new) = (three_lists(), [NEW_ROOT, COURT_ROOT]);
    let with = |file: &str, bytes: Vec<u8>| {
        let mut files = good.clone();
        files.insert(file.to_owned(), bytes);
        files
    };
    let current = list_file(None);
    let mut gap = good.clone();
    gap.remove(&list_file(Some(2)));
    let alone: BTreeMap<_, _> = [(current.clone(), list_of(3, &new, &new))].into();
    for (files, by, is_so) in [
        (
            with(&current, list_of(3, &new, &new)),
            since(1),
            (|r| matches!(r, KeyListRefusal::FormerRoots { .. })) as fn(&_) -> bool,
        ),
        (gap, since(1), |r| *r == KeyListRefusal::Gap { after: 1, found: 3 }),
        (alone.clone(), VouchedBy::Fingerprint(fingerprint(&ROOTS)), |r| {
            matches!(r, KeyListRefusal::OtherRoots { newest: 3, .. })
        }),
        (alone, both_roots(), |r| matches!(r, KeyListRefusal::NotEnough { .. })),
        (with(&current, list_of(3, &new, &[POLICE_ROOT])), VouchedBy::Nobody, |r| {
            matches!(r, KeyListRefusal::FormerRoots { .. })
        }),
        (with(&current, list_of(1, &new, &new)), since(1), |r| *r == KeyListRefusal::Fork { version: 1 }),
    ] {
        let published = World::police(&[], files).await.fetch(by).await;
        let refusal = outcome(&published).unwrap_err();
        assert!(is_so(&refusal), "{refusal:?}\n{}", told(&published));
    }
}

#[tokio::test]
async fn what_a_site_shows_instead_of_a_list_is_told() {
    let current = list_file(None);
    let numbered = |bytes| [(current.clone(), list_of(2, &ROOTS, &ROOTS)), (list_file(Some(1)), bytes)].into();
    for (files, said) in [
        (BTreeMap::new(), "HTTP status 404"),
        ([(current.clone(), b"<html>".to_vec())].into(), "not a signed note"),
        ([(current.clone(), note("seizure-notice/v1\n", &ROOTS))].into(), "not a key list"),
        ([(current.clone(), vec![b'x'; KEY_LIST_FILE_MAX_BYTES + 1])].into(), "larger than"),
        (numbered(list_of(7, &ROOTS, &ROOTS)), "key list 1 could not be had: it says that it is key list 7"),
    ] {
        let published = World::police(&[], files).await.fetch(both_roots()).await;
        assert!(told(&published).contains(said), "{said}\n{}", told(&published));
    }
    let nowhere = World::with_records(&[], &[]).await;
    let published = nowhere.fetch(VouchedBy::Nobody).await;
    assert_eq!(outcome(&published), Err(KeyListRefusal::Nothing));
    // A certificate for another name is no site of the police's.
    let other = World::with_records(&[], &[]).await.site("court.example", POLICE_SITE, three_lists()).await;
    let published = other.fetch(both_roots()).await;
    let web = published.channels[0].web.as_ref().unwrap_err();
    assert!(matches!(web, FetchError::Unknown(Unknown::Tls(TlsFailure::WrongName(_)))), "{web:?}");
}

#[tokio::test]
async fn two_agencies_stand_for_each_other_and_may_not_contradict_each_other() {
    let new = record(&[NEW_ROOT, COURT_ROOT]);
    let fetch = async |court: BTreeMap<String, Vec<u8>>, of_court: &str| {
        let world = World::with_records(&[&new], &[of_court]).await;
        let world = world.site("police.example", POLICE_SITE, three_lists()).await;
        let world = world.site("court.example", COURT_SITE, court).await;
        let hosts = ["police.example", "court.example"].map(host);
        fetch_key_lists(&eyes(&world.network), &hosts, since(1)).await
    };
    assert_eq!(outcome(&fetch(three_lists(), &new).await), Ok((3, None)));
    // One that is behind, or silent, holds nobody up.
    let behind = [(list_file(None), list_of(2, &ROOTS, &ROOTS))].into();
    assert_eq!(outcome(&fetch(behind, &new).await), Ok((3, None)));
    assert_eq!(outcome(&fetch(BTreeMap::new(), &new).await), Ok((3, None)));
    let (_, doubt) = outcome(&fetch(three_lists(), &record(&ROOTS)).await).unwrap();
    assert_eq!(doubt.unwrap(), "the DNS of court.example names other roots than key list 3");
    let forked = [(list_file(None), list_of(3, &ROOTS, &ROOTS))].into();
    assert_eq!(outcome(&fetch(forked, &new).await), Err(KeyListRefusal::Fork { version: 3 }));
}

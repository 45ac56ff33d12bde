//! Notices from end to end: a playbook goes in, a signed site comes out.

mod editions;
mod pages;
mod signing;
mod sites;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::*;
use crate::authority::{Action, Authorization, Document, Order, OrderId, OrderKind, Scope, Subject};
use crate::design::Theme;
use crate::digest::Digest;
use crate::keyring::SecretKey;
use crate::language::LanguageTag;
use crate::playbook::*;
use crate::signed_note::{Note, NoteSigner};

const ONION: &str = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion";
const DECRYPTOR: &str = "https://ncu.example/files/greytide-decryptor.zip";
const PRESS_RELEASE: &str = "https://ncu.example/press/harbour-light";

/// The example operation's texts, read here by their own keys: the playbook's reader is another module's matter.
const TEXTS: [(&str, &str); 10] = [
    ("ar", include_str!("../../playbooks/harbour-light/texts/ar.toml")),
    ("de", include_str!("../../playbooks/harbour-light/texts/de.toml")),
    ("en", include_str!("../../playbooks/harbour-light/texts/en.toml")),
    ("es", include_str!("../../playbooks/harbour-light/texts/es.toml")),
    ("fr", include_str!("../../playbooks/harbour-light/texts/fr.toml")),
    ("ja", include_str!("../../playbooks/harbour-light/texts/ja.toml")),
    ("nl", include_str!("../../playbooks/harbour-light/texts/nl.toml")),
    ("pl", include_str!("../../playbooks/harbour-light/texts/pl.toml")),
    ("ru", include_str!("../../playbooks/harbour-light/texts/ru.toml")),
    ("zh-Hans", include_str!("../../playbooks/harbour-light/texts/zh-Hans.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TextsFile {
    #[serde(rename = "source-sha256")]
    _source: Option<String>,
    headline: String,
    happened: Vec<String>,
    authority: String,
    visitors: Vec<String>,
    objections: String,
    order_issuer: Option<String>,
    order_statute: Option<String>,
    help: BTreeMap<String, ItemFile>,
    press: BTreeMap<String, ItemFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemFile {
    title: String,
    text: String,
}

fn texts(file: &str) -> Texts {
    let file: TextsFile = toml::from_str(file).unwrap();
    let items = |items: BTreeMap<String, ItemFile>| {
        items.into_iter().map(|(key, item)| (id(&key), ItemTexts { title: item.title, text: item.text })).collect()
    };
    Texts {
        reviewed_by: None,
        is_out_of_date: false,
        headline: file.headline,
        happened: file.happened,
        authority: file.authority,
        visitors: file.visitors,
        objections: file.objections,
        order_issuer: file.order_issuer,
        order_statute: file.order_statute,
        help: items(file.help),
        press: items(file.press),
    }
}

fn key_of(name: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap()
}

fn ncu() -> SecretKey {
    key_of("ncu.example/notice", 1)
}

fn prosecutor() -> SecretKey {
    key_of("prosecutor.example/notice", 2)
}

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn tag(text: &str) -> LanguageTag {
    text.parse().unwrap()
}

fn agency(short: &str, name: &str, country: &str, domain: &str, key: Option<&SecretKey>) -> Agency {
    Agency {
        id: id(short),
        name: name.into(),
        names: BTreeMap::new(),
        country: country.into(),
        domain: domain.parse().unwrap(),
        notice_key: key.map(|key| key.verifier().clone()),
        seal: None,
    }
}

fn contact(purpose: ContactPurpose, email: &str) -> Contact {
    Contact {
        agency: id("ncu"),
        purpose,
        email: email.into(),
        phone: Some("+31 70 5550 118".into()),
        hours: Some("Mon–Fri 09:00–17:00 UTC".into()),
        hours_in: BTreeMap::new(),
    }
}

fn order() -> Order {
    Order {
        id: OrderId::new("court-118".into()),
        kind: OrderKind::CourtOrder,
        issuer: "District Court of Häfen".into(),
        jurisdiction: "NL".into(),
        reference: "118/2026".into(),
        statute: "Code of Criminal Procedure, section 125o".into(),
        issued: "2026-11-01T00:00:00Z".parse().unwrap(),
        expires: "2027-11-22T08:00:00Z".parse().unwrap(),
        review: Some("2027-05-22T08:00:00Z".parse().unwrap()),
        document: Document { path: "order.txt".into(), digest: Digest::of("order") },
        scope: Scope {
            names: ["shop.example", "bücher.example", "held.example"].map(|name| name.parse().unwrap()).into(),
            onions: [ONION.parse().unwrap()].into(),
            actions: [Action::Redirect, Action::Onion, Action::Suspend].into(),
            ..Scope::default()
        },
    }
}

fn notice() -> Notice {
    let file = KnownFile { path: "decryptor.zip".into(), digest: Digest::of("decryptor"), bytes: 4_812_331 };
    Notice {
        id: id("main"),
        issuer: id("ncu"),
        agencies: ["ncu", "prosecutor", "polis", "keisatsu", "cert"].map(id).into(),
        order: OrderId::new("court-118".into()),
        not_before: "2026-11-22T08:00:00Z".parse().unwrap(),
        not_after: "2027-11-22T08:00:00Z".parse().unwrap(),
        verify_at: "https://ncu.example/notices/harbour-light".into(),
        subdomains: true,
        sealed_names: false,
        status: NoticeStatus::UnavailableForLegalReasons,
        default_language: tag("en"),
        texts: TEXTS.iter().map(|(language, file)| (tag(language), texts(file))).collect(),
        help: vec![
            NoticeItem { id: id("report"), url: "https://ncu.example/report".into(), file: None, embargo: None },
            NoticeItem { id: id("decryptor"), url: DECRYPTOR.into(), file: Some(file), embargo: Some(id("tools")) },
        ],
        press: vec![NoticeItem {
            id: id("press-release"),
            url: PRESS_RELEASE.into(),
            file: Some(KnownFile { path: "press.txt".into(), digest: Digest::of("press"), bytes: 5 }),
            embargo: Some(id("news")),
        }],
        no_more_ransom: false,
        report: Vec::new(),
        theme: Theme::default(),
        pages: Vec::new(),
    }
}

fn target(subject: Subject, means: Means) -> Target {
    Target { subject, means, order: OrderId::new("court-118".into()) }
}

fn step(name: &str, work: Work) -> Step {
    Step { id: id(name), work, needs: Vec::new(), not_before: None, gate: None }
}

fn playbook() -> Playbook {
    let redirect = |name: &str| target(Subject::Name(name.parse().unwrap()), Means::Redirect { notice: id("main") });
    let onion = Means::Onion { notice: id("main"), exclusivity: Exclusivity::Sole };
    Playbook {
        root: "operation".into(),
        digest: Digest::of("playbook"),
        text: "playbook".into(),
        operation: Operation {
            id: id("harbour-light"),
            title: "Operation Harbour Light".into(),
            lead: id("ncu"),
            case: "2026-0042".into(),
            evidence_date: "2026-11-01T00:00:00Z".parse().unwrap(),
            hour: "2026-11-22T08:00:00Z".parse().unwrap(),
            language: None,
        },
        agencies: vec![
            agency("ncu", "National Cyber Unit", "NL", "ncu.example", Some(&ncu())),
            agency(
                "prosecutor",
                "Public Prosecutor’s Office of Häfen",
                "NL",
                "prosecutor.example",
                Some(&prosecutor()),
            ),
            agency("polis", "Nationella Cyberpolisen", "SE", "cyberpolis.example", None),
            agency("keisatsu", "警察庁サイバー局", "JP", "cyber-keisatsu.example", None),
            agency("cert", "Computer Emergency Centre", "CA", "cert.example", None),
        ],
        contacts: vec![
            contact(ContactPurpose::Tips, "tips@ncu.example"),
            contact(ContactPurpose::Objections, "objections@ncu.example"),
            contact(ContactPurpose::Technical, "night-desk@ncu.example"),
        ],
        orders: vec![order()],
        targets: vec![
            redirect("shop.example"),
            redirect("bücher.example"),
            target(Subject::Onion(ONION.parse().unwrap()), onion),
            target(Subject::Name("held.example".parse().unwrap()), Means::Suspend),
        ],
        lists: Vec::new(),
        registries: Vec::new(),
        name_servers: Vec::new(),
        sinkholes: Vec::new(),
        notice_hosts: Vec::new(),
        resolvers: Vec::new(),
        notices: vec![notice()],
        seed: None,
        witnesses: Vec::new(),
        approvers: Vec::new(),
        approvals: Approvals { plan: 1, roles: Vec::new(), agencies: 1, notice: 2, witnesses: 0 },
        steps: vec![
            step("publish", Work::Publish),
            step("settle", Work::Settle { within: Duration::from_secs(60) }),
            step("tools", Work::Release),
            step("unrelated", Work::Release),
            step("news", Work::Release),
        ],
    }
}

fn authorizations(playbook: &Playbook) -> Vec<Authorization> {
    let now = playbook.operation.hour;
    let ask = |target: Target| {
        playbook.order(&target.order).unwrap().authorize(&target.subject, target.means.action(), now).unwrap()
    };
    playbook.all_targets().map(ask).collect()
}

fn drafts(playbook: &Playbook) -> Vec<Draft> {
    editions(playbook, &playbook.notices[0], &authorizations(playbook)).unwrap()
}

fn page<'a>(draft: &'a Draft, language: &str) -> &'a str {
    std::str::from_utf8(&draft.pages()[&tag(language)]).unwrap()
}

fn everything(draft: &Draft) -> String {
    let mut all = draft.manifest().to_string();
    all.push_str(std::str::from_utf8(&publish(draft, None, BTreeMap::new()).unwrap().security_txt).unwrap());
    for language in draft.pages().keys() {
        all.push_str(page(draft, language.as_str()));
    }
    all
}

//! Notices from end to end: a playbook goes in, a signed site comes out.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::*;
use crate::authority::{Action, Authorization, Document, Order, OrderId, OrderKind, Scope, Subject};
use crate::design::{Partners, Seal, Theme};
use crate::digest::Digest;
use crate::keyring::SecretKey;
use crate::language::LanguageTag;
use crate::playbook::*;
use crate::signed_note::{Note, NoteSigner};
use crate::whole_file::ReadError;
use crate::words::{Words, WordsError, languages};

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
            HelpItem { id: id("report"), url: "https://ncu.example/report".into(), file: None, embargo: None },
            HelpItem { id: id("decryptor"), url: DECRYPTOR.into(), file: Some(file), embargo: Some(id("tools")) },
        ],
        press: vec![PressItem {
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

#[test]
fn a_release_makes_an_edition_and_nothing_of_it_is_known_before() {
    let playbook = playbook();
    let drafts = drafts(&playbook);
    let releases: Vec<_> = drafts.iter().map(|draft| draft.release().map(Id::as_str)).collect();
    assert_eq!(releases, [None, Some("tools"), Some("news")]);
    let ids: Vec<_> = drafts.iter().map(|draft| draft.manifest().id.to_string()).collect();
    assert_eq!(ids, ["harbour-light/main/1", "harbour-light/main/2", "harbour-light/main/3"]);
    for (number, draft) in drafts.iter().enumerate() {
        let former = drafts[..number].iter().map(|former| (former.manifest().id.clone(), former.manifest().digest()));
        assert_eq!(draft.manifest().supersedes, former.collect());
    }

    let [first, second, third] = [0, 1, 2].map(|index| everything(&drafts[index]));
    let digest = Digest::of("decryptor").hex();
    for (language, texts) in &playbook.notices[0].texts {
        let (tool, news) = (&texts.help[&id("decryptor")], &texts.press[&id("press-release")]);
        for secret in [DECRYPTOR, digest.as_str(), "decryptor.zip", tool.title.as_str(), tool.text.as_str()] {
            let secret = secret.replace('\'', "&#39;");
            assert!(!first.contains(&secret), "{language}: {secret} in edition 1");
            assert!(second.contains(&secret) || secret == "decryptor.zip", "{language}: {secret} not in edition 2");
        }
        for secret in [PRESS_RELEASE, news.title.as_str(), news.text.as_str()] {
            assert!(!first.contains(secret) && !second.contains(secret), "{language}: {secret} before edition 3");
            assert!(third.contains(secret), "{language}: {secret} not in edition 3");
        }
    }
    assert!(page(&drafts[0], "en").contains("More help will be published here."));
    assert!(!page(&drafts[1], "en").contains("More help will be published here."));
}

#[test]
fn an_embargo_that_no_release_ends_is_refused() {
    for step in ["publish", "nowhere"] {
        let mut playbook = playbook();
        playbook.notices[0].help[1].embargo = Some(id(step));
        let error = editions(&playbook, &playbook.notices[0], &authorizations(&playbook)).unwrap_err();
        assert!(matches!(error, DraftError::Embargo { .. }), "{error}");
    }
}

#[test]
fn what_is_under_embargo_and_not_written_is_not_announced() {
    for unwritten in [0, 1] {
        let mut playbook = playbook();
        let notice = &mut playbook.notices[0];
        match unwritten {
            0 => notice.help[1].file = None,
            _ => notice.press[0].file = None,
        }
        let error = editions(&playbook, &playbook.notices[0], &authorizations(&playbook)).unwrap_err();
        assert!(matches!(error, DraftError::Unwritten { .. }), "{error}");
    }
}

#[test]
fn the_same_playbook_gives_the_same_bytes() {
    assert_eq!(drafts(&playbook()), drafts(&playbook()));
}

#[test]
fn the_manifest_lists_the_names_that_show_the_notice_and_the_digests_of_the_pages() {
    let drafts = drafts(&playbook());
    let manifest = drafts[0].manifest();
    assert_eq!(manifest.hosts(), ["shop.example", "xn--bcher-kva.example", ONION]);
    assert!(manifest.covers("www.shop.example") && manifest.covers(ONION) && !manifest.covers("held.example"));
    assert_eq!(manifest.order, "District Court of Häfen, 118/2026");
    for (language, page) in drafts[0].pages() {
        assert_eq!(manifest.pages[language], Digest::of(page), "{language}");
    }
    assert_eq!(Manifest::parse(manifest.to_string().as_bytes()).unwrap(), *manifest);
}

#[test]
fn a_name_without_authorization_gets_into_no_notice() {
    let playbook = playbook();
    let all = authorizations(&playbook);
    let shop = Subject::Name("shop.example".parse().unwrap());
    let some: Vec<_> = all.iter().filter(|one| *one.subject() != shop).cloned().collect();
    let error = editions(&playbook, &playbook.notices[0], &some).unwrap_err();
    assert!(matches!(&error, DraftError::Unauthorized { names, .. } if *names == [shop]), "{error}");
    assert!(error.to_string().contains("shop.example"), "{error}");

    // An authorization for another action does not count.
    let mut held = playbook.clone();
    held.targets[3].means = Means::Redirect { notice: id("main") };
    let error = editions(&held, &held.notices[0], &all).unwrap_err();
    assert!(error.to_string().contains("held.example"), "{error}");

    let mut nothing = playbook;
    nothing.targets.truncate(0);
    let error = editions(&nothing, &nothing.notices[0], &all).unwrap_err();
    assert!(matches!(error, DraftError::NoTargets { .. }), "{error}");
}

#[test]
fn a_language_without_words_is_refused_and_not_filled_up_with_english() {
    let mut playbook = playbook();
    let english = playbook.notices[0].texts[&tag("en")].clone();
    playbook.notices[0].texts.insert(tag("sw"), english);
    let error = editions(&playbook, &playbook.notices[0], &authorizations(&playbook)).unwrap_err();
    let expected = WordsError::NoWords { language: tag("sw") };
    assert!(matches!(&error, DraftError::Page(PageError::Words(found)) if *found == expected), "{error}");
}

#[test]
fn a_notice_with_more_names_than_a_manifest_lists_is_refused() {
    let mut playbook = playbook();
    let names = (0..4_000).map(|n| format!("n{n}.gang.example").parse().unwrap()).collect::<Vec<_>>();
    playbook.orders[0].scope.names.extend(names.iter().cloned());
    let redirect = |name| target(Subject::Name(name), Means::Redirect { notice: id("main") });
    playbook.targets.extend(names.into_iter().map(redirect));
    let error = editions(&playbook, &playbook.notices[0], &authorizations(&playbook)).unwrap_err();
    assert!(matches!(error, DraftError::Manifest { .. }), "{error}");
}

#[test]
fn a_page_is_whole_in_itself_and_runs_nothing() {
    for draft in drafts(&playbook()) {
        for language in draft.pages().keys() {
            let page = page(&draft, language.as_str());
            for part in ["<script", " src=", "@import", "url(", " style=", "<img", "<iframe", "<form", " on"] {
                let found = page.match_indices(part).filter(|(at, _)| inside_a_tag_or_style(page, *at, part));
                assert_eq!(found.count(), 0, "{language}: {part}");
            }
            assert_eq!(page.matches("<link").count(), 1, "{language}: the empty icon");
            assert!(page.contains("<link rel=\"icon\" href=\"data:,\">"), "{language}");
            let outside: Vec<_> = page.match_indices("http").map(|(at, _)| &page[at.saturating_sub(6)..at]).collect();
            for before in outside {
                // The one address that is also shown as text is the one to type.
                assert!(before == "href=\"" || before.ends_with("ltr\">"), "{language}: {before}");
            }
        }
    }
}

/// ` on` and the like are words in a text; only in a tag or a style sheet do they do something.
fn inside_a_tag_or_style(page: &str, at: usize, part: &str) -> bool {
    let before = &page[..at];
    let in_tag = before.rfind('<') > before.rfind('>');
    let in_style = before.contains("<style>") && !before.contains("</style>");
    if part.starts_with(' ') {
        in_tag && page[at + part.len()..].trim_start_matches(char::is_alphabetic).starts_with('=')
    } else {
        in_tag || in_style || part.starts_with('<')
    }
}

const SEAL: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 0h9v9z\" fill=\"#123\"/></svg>";

/// The issuer and a partner have seals; victims in four countries have somewhere to report.
fn with_seals() -> Playbook {
    let mut playbook = playbook();
    playbook.operation.language = Some(tag("en"));
    let file = KnownFile { path: "seal.svg".into(), digest: Digest::of(SEAL), bytes: SEAL.len() as u64 };
    let seal = AgencySeal {
        file,
        seal: Seal::read(SEAL.as_bytes()).unwrap(),
        alt: [(tag("de"), "Ein \"Dreieck\"".into())].into(),
    };
    playbook.agencies[0].seal = Some(seal.clone());
    playbook.agencies[3].seal = Some(AgencySeal { alt: BTreeMap::new(), ..seal });
    let point = |country: &str, name: &str, language: &str, phone: Option<&str>| ReportPoint {
        country: country.into(),
        name: name.into(),
        language: Some(tag(language)),
        url: phone.is_none().then(|| "https://report.example/".into()),
        phone: phone.map(str::to_owned),
    };
    let notice = &mut playbook.notices[0];
    notice.no_more_ransom = true;
    notice.report = vec![
        point("SE", "Polisen", "sv", None),
        point("AT", "Meldestelle", "de", Some("+43 1 (555) 01-10")),
        point("NL", "Politie", "nl", None),
        point("JP", "通報窓口", "ja", None),
    ];
    playbook
}

#[test]
fn seals_stand_in_the_page_and_nothing_is_fetched_for_them() {
    let drafts = drafts(&with_seals());
    for language in drafts[0].pages().keys() {
        let page = page(&drafts[0], language.as_str());
        let pictures: Vec<_> = page.split("<img ").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
        // The issuer's above the headline, then each beside its agency's name.
        assert_eq!(pictures.len(), 3, "{language}");
        assert!(pictures[0].ends_with("alt=\"\" width=\"64\" height=\"64\""), "{}", pictures[0]);
        for picture in &pictures {
            assert!(picture.contains("src=\"data:image/svg+xml,%3Csvg%20xmlns="), "{language}: {picture}");
        }
        let own = format!("alt=\"{}\"", Words::of(language).unwrap().seal);
        assert!(pictures[2].contains(&own), "{language}: {}", pictures[2]);
    }
    assert!(page(&drafts[0], "de").contains("alt=\"Ein &#34;Dreieck&#34;\""));
}

#[test]
fn a_seal_that_is_changed_changes_every_page_and_so_the_manifest() {
    let before = drafts(&with_seals());
    let mut playbook = with_seals();
    playbook.agencies[3].seal.as_mut().unwrap().seal = Seal::read(SEAL.replace("#123", "#124").as_bytes()).unwrap();
    let after = drafts(&playbook);
    for (language, digest) in &before[0].manifest().pages {
        assert_ne!(after[0].manifest().pages[language], *digest, "{language}");
    }
}

#[test]
fn countries_stand_in_the_order_of_each_language() {
    let drafts = drafts(&with_seals());
    let order = |language: &str| {
        let page = page(&drafts[0], language);
        let list = page.split_once("class=\"points\"").unwrap().1.split_once("</ul>").unwrap().0;
        let names = ["Polisen", "Meldestelle", "Politie", "通報窓口"];
        let mut found: Vec<_> = names.into_iter().map(|name| (list.find(name).unwrap(), name)).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
    };
    // Austria, Japan, Netherlands, Sweden; Japan, Niederlande, Österreich, Schweden; Autriche, Japon, Pays-Bas, Suède;
    // アメリカ before スウェーデン, and 日本, a word in Chinese characters, behind the kana.
    assert_eq!(order("en"), ["Meldestelle", "通報窓口", "Politie", "Polisen"]);
    assert_eq!(order("de"), ["通報窓口", "Politie", "Meldestelle", "Polisen"]);
    assert_eq!(order("fr"), ["Meldestelle", "通報窓口", "Politie", "Polisen"]);
    assert_eq!(order("ja"), ["Meldestelle", "Politie", "Polisen", "通報窓口"]);
    let page = page(&drafts[0], "fr");
    assert!(page.contains("<bdi lang=\"de\">Meldestelle</bdi>") && page.contains("href=\"tel:+4315550110\""));
    assert!(page.contains("href=\"https://www.nomoreransom.org/\""));
}

/// WCAG 2.2, 3.1.2: a voice changes where the language does.
#[test]
fn words_in_another_language_than_the_page_say_so() {
    let drafts = drafts(&with_seals());
    let (english, german) = (page(&drafts[0], "en"), page(&drafts[0], "de"));
    for own in ["Operation Harbour Light", "National Cyber Unit", "Mon–Fri 09:00–17:00 UTC"] {
        assert!(german.contains(&format!("<bdi lang=\"en\">{own}</bdi>")), "{own}");
        assert!(english.contains(&format!("<bdi>{own}</bdi>")), "{own}");
    }
    // What is translated in the texts is said in their language.
    assert!(german.contains("<bdi>Bezirksgericht Noordhaven</bdi>") && !german.contains("District Court"));
    assert!(english.contains("<bdi>District Court of Häfen</bdi>"));
}

#[test]
fn partners_stand_where_the_theme_says_and_its_colours_are_those_of_the_page() {
    for layout in Partners::ALL {
        let mut playbook = with_seals();
        let theme = &mut playbook.notices[0].theme;
        theme.partners = layout;
        theme.dark.set(crate::design::Paint::Head, "#203040".parse().unwrap());
        let drafts = drafts(&playbook);
        let page = page(&drafts[0], "en");
        assert!(page.contains(&format!("<section id=\"agencies\" class=\"{}\">", layout.word())), "{layout:?}");
        let style = page.split_once("<style>").unwrap().1;
        assert!(style.starts_with(&playbook.notices[0].theme.style()) && style.contains("--head:#203040;"));
        let (agencies, check) = (page.find("id=\"agencies\"").unwrap(), page.find("id=\"check\"").unwrap());
        let side = page.find("class=\"side\"").unwrap();
        assert_eq!(agencies < side, layout == Partners::Row, "{layout:?}");
        assert!(agencies < check, "{layout:?}");
        assert_eq!(page.matches("id=\"agencies\"").count(), 1);
    }
}

#[test]
fn a_page_of_ones_own_takes_the_place_of_ours_byte_for_byte_from_its_step_on() {
    let mut playbook = playbook();
    let own = |language: &str, html: &str, embargo: Option<&str>| OwnPage {
        language: tag(language),
        file: KnownFile { path: "own.html".into(), digest: Digest::of(html), bytes: html.len() as u64 },
        html: html.into(),
        embargo: embargo.map(id),
    };
    playbook.notices[0].pages =
        vec![own("ja", "last", Some("news")), own("ja", "first", None), own("de", "only then", Some("tools"))];
    let drafts = drafts(&playbook);
    let bytes = |edition: usize, language: &str| page(&drafts[edition], language);
    assert_eq!([bytes(0, "ja"), bytes(1, "ja"), bytes(2, "ja")], ["first", "first", "last"]);
    assert!(bytes(0, "de").contains("<html lang=\"de\""));
    assert_eq!([bytes(1, "de"), bytes(2, "de")], ["only then"; 2]);
    assert!(bytes(2, "en").contains("<html lang=\"en\""));
    for draft in &drafts {
        for (language, page) in draft.pages() {
            assert_eq!(draft.manifest().pages[language], Digest::of(page));
        }
    }
    // An embargo of a page alone makes an edition too.
    for item in &mut playbook.notices[0].help {
        item.embargo = None;
    }
    playbook.notices[0].press.clear();
    playbook.notices[0].pages.retain(|page| page.embargo == Some(id("news")));
    let drafts = editions(&playbook, &playbook.notices[0], &authorizations(&playbook)).unwrap();
    assert_eq!(drafts.iter().map(|draft| draft.release().map(Id::as_str)).collect::<Vec<_>>(), [None, Some("news")]);
}

#[test]
fn every_field_of_a_playbook_is_escaped() {
    const EVIL: &str = "<script>\"&'";
    let mut playbook = playbook();
    let mut clean = playbook.clone();
    let evil = || EVIL.to_owned();
    playbook.operation.title = evil();
    playbook.agencies[0].name = evil();
    playbook.agencies[1].names.insert(tag("en"), evil());
    playbook.agencies[2].country = evil();
    for contact in &mut playbook.contacts {
        (contact.email, contact.phone, contact.hours) = (evil(), Some(evil()), Some(evil()));
    }
    (playbook.operation.language, clean.operation.language) = (Some(tag("fr")), Some(tag("fr")));
    let order = &mut playbook.orders[0];
    (order.issuer, order.reference, order.statute) = (evil(), evil(), evil());
    let notice = &mut playbook.notices[0];
    notice.texts.retain(|language, _| language.as_str() == "en");
    for item in &mut notice.help {
        (item.url, item.embargo) = (format!("https://ncu.example/{EVIL}"), None);
    }
    for item in &mut notice.press {
        (item.url, item.embargo) = (format!("https://ncu.example/{EVIL}"), None);
    }
    for texts in notice.texts.values_mut() {
        let fields = [&mut texts.headline, &mut texts.authority, &mut texts.objections];
        let paragraphs = texts.happened.iter_mut().chain(&mut texts.visitors);
        let items =
            texts.help.values_mut().chain(texts.press.values_mut()).flat_map(|item| [&mut item.title, &mut item.text]);
        fields.into_iter().chain(paragraphs).chain(items).for_each(|field| *field = evil());
    }
    // The clean page has the same items, so every element that the other has beyond it comes from a field.
    clean.notices[0].texts.retain(|language, _| language.as_str() == "en");
    clean.notices[0].help[1].embargo = None;
    clean.notices[0].press[0].embargo = None;
    clean.agencies[1].names.insert(tag("en"), "Prosecution".into());

    let (evil, clean) = (drafts(&playbook), drafts(&clean));
    let (evil, clean) = (page(&evil[0], "en"), page(&clean[0], "en"));
    assert!(!evil.contains("<script"));
    assert!(evil.matches("&#60;script&#62;&#34;&#38;&#39;").count() >= 25);
    for mark in ['<', '>', '"'] {
        assert_eq!(evil.matches(mark).count(), clean.matches(mark).count(), "{mark}");
    }
}

#[test]
fn an_address_that_runs_something_is_refused() {
    let mut playbook = playbook();
    playbook.notices[0].help[0].url = "javascript:alert(1)".into();
    let error = editions(&playbook, &playbook.notices[0], &authorizations(&playbook)).unwrap_err();
    assert!(matches!(error, DraftError::Page(PageError::Url { .. })), "{error}");
}

#[test]
fn a_page_says_its_language_its_direction_and_the_way_to_the_others() {
    let drafts = drafts(&playbook());
    for (language, direction) in [("ar", "rtl"), ("en", "ltr"), ("ja", "ltr"), ("zh-Hans", "ltr")] {
        let page = page(&drafts[0], language);
        assert!(page.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")), "{language}");
        assert!(page.contains("<a href=\"/ar/\" hreflang=\"ar\" lang=\"ar\" dir=\"rtl\""), "{language}");
        assert_eq!(page.matches("aria-current=\"page\"").count(), 1, "{language}");
        assert!(page.contains("<bdi dir=\"ltr\">ncu.example</bdi>"), "{language}");
        assert!(page.contains("<time datetime=\"2026-11-22T08:00:00Z\">"), "{language}");
    }
    assert!(page(&drafts[0], "ja").contains("オランダ"));
}

#[test]
fn headings_go_down_one_level_at_a_time() {
    let drafts = drafts(&playbook());
    for (language, _) in TEXTS {
        let page = page(&drafts[2], language);
        let digit = |(at, _): (usize, &str)| char::from(page.as_bytes()[at + 2]).to_digit(10);
        let levels: Vec<u32> = page.match_indices("<h").filter_map(digit).collect();
        assert_eq!(levels[0], 1, "{language}");
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{language}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{language}: {levels:?}");
    }
}

/// The example's texts and, for the languages in which it has none, those of a language that is written alike.
fn in_every_language() -> Playbook {
    let mut playbook = playbook();
    let own = playbook.notices[0].texts.clone();
    for language in languages() {
        let near = match language.as_str() {
            "zh-Hant" | "ko" => "zh-Hans",
            "fa" | "he" => "ar",
            "bg" | "uk" => "ru",
            "th" | "hi" => "ja",
            other if own.contains_key(&tag(other)) => other,
            _ => "de",
        };
        let texts = own[&tag(near)].clone();
        playbook.notices[0].texts.insert(language, texts);
    }
    playbook
}

#[test]
fn many_languages_are_folded_and_stand_in_the_order_of_their_names() {
    let every = drafts(&in_every_language());
    for language in languages() {
        let page = page(&every[0], language.as_str());
        let summary = page.split_once("<summary>").unwrap().1.split_once("</summary>").unwrap().0;
        let autonym = &Words::of(&language).unwrap().autonym;
        assert!(summary.contains(&format!("<b>{autonym}</b>")), "{language}");
        let links: Vec<_> = page.split(" hreflang=\"").skip(1).collect();
        assert_eq!(links.len(), 39);
        for link in &links {
            let tag: LanguageTag = link.split('"').next().unwrap().parse().unwrap();
            let direction = tag.direction().html();
            assert!(link.starts_with(&format!("{tag}\" lang=\"{tag}\" dir=\"{direction}\"")), "{link}");
        }
        let names: Vec<_> = links.iter().map(|link| link.split(['>', '<']).nth(1).unwrap()).collect();
        let place = |name: &str| names.iter().position(|own| *own == name).unwrap();
        assert!(names[0] == "Bahasa Indonesia" && place("Čeština") + 1 == place("Dansk"), "{names:?}");
        assert!(place("Türkçe") < place("Ελληνικά") && place("Українська") < place("العربية"), "{names:?}");
    }
    let few = page(&drafts_of_ten()[0], "en").to_owned();
    // Folded on a phone alone; the style sheet unfolds them on a desk.
    assert!(few.contains("class=\"languages few\"") && few.contains("hreflang=\"ja\""));
    let mut playbook = playbook();
    playbook.notices[0].texts.retain(|language, _| ["en", "ja"].contains(&language.as_str()));
    assert_eq!(playbook.notices[0].texts.len(), 2);
    let two = drafts(&playbook);
    assert!(!two[0].pages().values().any(|page| String::from_utf8_lossy(page).contains("<details>")));
}

fn drafts_of_ten() -> Vec<Draft> {
    drafts(&playbook())
}

#[test]
fn security_txt_has_what_rfc_9116_demands() {
    let edition = publish(&drafts(&playbook())[0], None, BTreeMap::new()).unwrap();
    assert_eq!(
        std::str::from_utf8(&edition.security_txt).unwrap(),
        "# Notice harbour-light/main/1: objections first, then victims and witnesses.\n\
         Contact: mailto:objections@ncu.example\n\
         Contact: mailto:tips@ncu.example\n\
         Expires: 2027-05-22T08:00:00Z\n\
         Preferred-Languages: ar, de, en, es, fr, ja, nl, pl, ru, zh-Hans\n\
         Canonical: https://shop.example/.well-known/security.txt\n\
         Canonical: https://xn--bcher-kva.example/.well-known/security.txt\n\
         Policy: https://ncu.example/notices/harbour-light\n"
    );
    let mut without = playbook();
    without.contacts.clear();
    let edition = publish(&drafts(&without)[0], None, BTreeMap::new()).unwrap();
    assert!(edition.security_txt.windows(36).any(|part| part == b"Contact: https://ncu.example/notices"));
}

#[test]
fn agencies_sign_one_after_the_other_and_the_lines_stand_in_their_order() {
    let draft = &drafts(&playbook())[0];
    let first = sign(draft, None, &prosecutor()).unwrap();
    let both = sign(draft, Some(&first), &ncu()).unwrap();
    let names: Vec<_> = both.signatures.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["ncu.example/notice", "prosecutor.example/notice"]);
    assert_eq!(both.text.as_str(), draft.manifest().to_string());
    let keys = [ncu().verifier().clone(), prosecutor().verifier().clone()];
    assert_eq!(both.verify(&keys).unwrap().len(), 2);
    assert_eq!(sign(draft, Some(&both), &ncu()).unwrap(), both, "signing again changes nothing");
}

#[test]
fn only_the_keys_on_the_notice_sign_and_only_this_edition() {
    let drafts = drafts(&playbook());
    for stranger in [key_of("other.example/notice", 3), key_of("ncu.example/notice", 3)] {
        assert!(matches!(sign(&drafts[0], None, &stranger), Err(SignError::NotAsked { .. })));
    }
    let of_second = sign(&drafts[1], None, &ncu()).unwrap();
    assert!(matches!(sign(&drafts[0], Some(&of_second), &prosecutor()), Err(SignError::OtherText { .. })));
    let mut forged = sign(&drafts[0], None, &ncu()).unwrap();
    forged.signatures[0].signature[5] ^= 1;
    assert!(matches!(sign(&drafts[0], Some(&forged), &prosecutor()), Err(SignError::Note { .. })));
    assert!(matches!(publish(&drafts[0], Some(&forged), BTreeMap::new()), Err(SignError::Note { .. })));
}

#[test]
fn the_kit_has_the_keys_of_those_who_signed_and_speaks_of_what_is_there() {
    let draft = &drafts(&playbook())[0];
    let howto = |edition: &Edition| String::from_utf8(edition.kit["HOWTO.txt"].clone()).unwrap();
    let unsigned = publish(draft, None, BTreeMap::new()).unwrap();
    assert_eq!(unsigned.note(), None);
    assert_eq!(unsigned.kit.keys().collect::<Vec<_>>(), ["HOWTO.txt", "notice.txt", "verify.html"]);
    assert!(howto(&unsigned).contains("not signed yet"));

    let note = sign(draft, None, &ncu()).unwrap();
    let further: BTreeMap<String, Vec<u8>> = ["notice.txt.ncu.minisig", "ncu.minisign.pub", "policy", "keys.note"]
        .map(|name| (name.to_owned(), b"x".to_vec()))
        .into();
    let signed = publish(draft, Some(&note), further).unwrap();
    assert_eq!(signed.note(), Some(note.to_string().as_bytes()));
    assert_eq!(signed.kit["ncu.vkey"], format!("{}\n", ncu().verifier()).into_bytes());
    assert!(!signed.kit.contains_key("prosecutor.vkey"));
    let text = howto(&signed);
    assert!(text.is_ascii() && text.contains("minisign -Vm") && !text.contains("ssh-keygen"), "{text}");
    assert!(
        text.contains("Save verify.html") && text.contains("policy says") && text.contains("keys.note says"),
        "{text}"
    );
    let prose = text.lines().filter(|line| !line.starts_with("    "));
    assert!(prose.into_iter().all(|line| line.len() <= 80), "{text}");

    for name in [
        "notice.txt",
        "HOWTO.txt",
        "verify.html",
        "edition.json",
        "security.txt",
        "../x.txt",
        ".x",
        "en",
        "",
        "a/b.txt",
    ] {
        let further = BTreeMap::from([(name.to_owned(), Vec::new())]);
        assert!(matches!(publish(draft, Some(&note), further), Err(SignError::KitName { .. })), "{name}");
    }
}

#[test]
fn the_page_that_checks_in_a_browser_runs_its_own_script_and_nothing_else() {
    let draft = &drafts(&playbook())[0];
    let kit = publish(draft, None, BTreeMap::new()).unwrap().kit;
    let page = std::str::from_utf8(&kit["verify.html"]).unwrap();
    let inside = |tag: &str| {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        assert_eq!((page.matches(&format!("<{tag}")).count(), page.matches(&close).count()), (1, 1), "{tag}");
        page.split_once(&open).unwrap().1.split_once(&close).unwrap().0
    };
    // After a change of the page, this is what its policy must say.
    for (tag, directive) in [("script", "script-src"), ("style", "style-src")] {
        let digest = data_encoding::BASE64.encode(Digest::of(inside(tag)).as_bytes());
        let allowed = format!("; {directive} 'sha256-{digest}';");
        assert!(page.contains(&allowed), "the policy in templates/verify.html must have `{allowed}`");
    }
    let policy = page.split_once("Content-Security-Policy\" content=\"").unwrap().1.split_once('"').unwrap().0;
    assert!(policy.starts_with("default-src 'none';") && policy.contains("; connect-src 'none';"), "{policy}");
    for outside in
        [" src=", " href=", "url(", "@import", "fetch(", "XMLHttpRequest", "WebSocket", "innerHTML", "eval(", "Storage"]
    {
        assert!(!page.contains(outside), "{outside}");
    }
}

/// Signed by two agencies; made once for all tests.
fn site() -> Vec<Edition> {
    static SITE: std::sync::LazyLock<Vec<Edition>> = std::sync::LazyLock::new(signed_site);
    SITE.clone()
}

fn signed_site() -> Vec<Edition> {
    let sign_both = |draft: &Draft| sign(draft, Some(&sign(draft, None, &ncu()).unwrap()), &prosecutor()).unwrap();
    let further = || BTreeMap::from([(ALLOWED_SIGNERS.to_owned(), b"keys\n".to_vec())]);
    drafts(&playbook()).iter().map(|draft| publish(draft, Some(&sign_both(draft)), further()).unwrap()).collect()
}

#[test]
fn a_site_is_read_as_it_was_written_signed_or_not() {
    let dir = tempfile::tempdir().unwrap();
    let unsigned: Vec<_> =
        drafts(&playbook()).iter().map(|draft| publish(draft, None, BTreeMap::new()).unwrap()).collect();
    write_site(dir.path(), &unsigned).unwrap();
    assert_eq!(read_site(dir.path()).unwrap(), unsigned);
    write_site(dir.path(), &site()).unwrap();
    assert_eq!(read_site(dir.path()).unwrap(), site());
    assert!(dir.path().join("main/2/zh-Hans/index.html").is_file());
    let note = Note::parse(site()[0].note().unwrap()).unwrap();
    assert_eq!(note.signatures.len(), 2);
}

#[test]
fn an_altered_missing_or_added_file_is_named() {
    type Change = fn(&std::path::Path);
    let altered: Change = |path| std::fs::write(path, b"other").unwrap();
    let missing: Change = |path| std::fs::remove_file(path).unwrap();
    let cases: &[(&str, Change, &str)] = &[
        ("main/1/en/index.html", altered, "altered"),
        ("main/1/ar/index.html", missing, "does not exist"),
        ("main/1/notice.note", altered, "altered"),
        ("main/2/notice.txt", missing, "does not exist"),
        ("main/2/security.txt", altered, "altered"),
        ("main/2/edition.json", altered, "understood"),
        ("main/2/edition.json", missing, "does not exist"),
        ("main/2/sv.txt", altered, "no part"),
        ("main/2/en/more.html", altered, "no part"),
        ("main/notes.txt", altered, "no part"),
        ("notes.txt", altered, "no part"),
    ];
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()).unwrap();
    for (file, change, what) in cases {
        let path = dir.path().join(file);
        let former = std::fs::read(&path);
        change(&path);
        let error = read_site(dir.path()).unwrap_err().to_string();
        assert!(error.contains(file) && error.contains(what), "{file}: {error}");
        match former {
            Ok(bytes) => std::fs::write(&path, bytes).unwrap(),
            Err(_) => std::fs::remove_file(&path).unwrap(),
        }
        assert!(read_site(dir.path()).is_ok(), "{file} restored");
    }
    let nowhere = tempfile::tempdir().unwrap().path().join("site");
    assert!(matches!(read_site(&nowhere), Err(SiteError::Read(ReadError::Missing { .. }))));
}

#[test]
fn a_manifest_or_note_that_was_exchanged_with_its_digest_is_still_noticed() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()).unwrap();
    let home = dir.path().join("main/1");
    let exchange = |name: &str, bytes: &[u8]| {
        let about = std::fs::read_to_string(home.join("edition.json")).unwrap();
        let former = Digest::of(std::fs::read(home.join(name)).unwrap()).to_string();
        std::fs::write(home.join("edition.json"), about.replace(&former, &Digest::of(bytes).to_string())).unwrap();
        std::fs::write(home.join(name), bytes).unwrap();
        read_site(dir.path()).unwrap_err().to_string()
    };
    let second = &site()[1];
    let error = exchange("notice.note", second.note().unwrap());
    assert!(error.contains("notice.note") && error.contains("notice.txt"), "{error}");
    exchange("notice.txt", &second.kit["notice.txt"]);
    let error = read_site(dir.path()).unwrap_err().to_string();
    assert!(error.contains("another directory"), "{error}");
}

#[test]
fn what_edition_json_names_is_read_only_from_the_edition_and_only_to_a_bound() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()).unwrap();
    let about = dir.path().join("main/1/edition.json");
    let good = std::fs::read_to_string(&about).unwrap();
    for (from, to, reason) in [
        ("\"HOWTO.txt\"", "\"../2/HOWTO.txt\"", "names a file"),
        ("\"HOWTO.txt\"", "\"/etc/hostname\"", "names a file"),
        ("impound-edition/v1", "impound-edition/v2", "understood"),
        ("\"status\"", "\"colour\": 1, \"status\"", "understood"),
        ("\"default_language\": \"en\"", "\"default_language\": \"sv\"", "no page"),
        ("\"release\": null", "\"release\": \"No Step\"", "not a step"),
    ] {
        assert!(good.contains(from), "{from}");
        std::fs::write(&about, good.replacen(from, to, 1)).unwrap();
        let error = read_site(dir.path()).unwrap_err().to_string();
        assert!(error.contains("main/1/edition.json") && error.contains(reason), "{to}: {error}");
    }
    std::fs::write(&about, vec![b' '; FILE_MAX_BYTES + 1]).unwrap();
    assert!(matches!(read_site(dir.path()), Err(SiteError::Read(ReadError::TooLarge { path, .. })) if path == about));
}

#[test]
#[cfg(unix)]
fn a_link_out_of_the_site_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()[..1]).unwrap();
    let page = dir.path().join("main/1/en/index.html");
    let elsewhere = tempfile::NamedTempFile::new().unwrap();
    std::fs::rename(&page, elsewhere.path()).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), &page).unwrap();
    assert!(matches!(read_site(dir.path()), Err(SiteError::Stray { path }) if path == page));
}

#[test]
fn a_writing_that_was_cut_off_is_made_good_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("main/1");
    std::fs::create_dir_all(&home).unwrap();
    std::fs::write(home.join(".impound-x1y2z3"), "half").unwrap();
    std::fs::write(home.join("notice.txt"), "from before").unwrap();
    write_site(dir.path(), &site()).unwrap();
    assert_eq!(read_site(dir.path()).unwrap(), site());
}

#[test]
fn writing_removes_what_an_earlier_writing_left_and_refuses_what_is_no_site() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()).unwrap();
    write_site(dir.path(), &site()[..1]).unwrap();
    assert_eq!(read_site(dir.path()).unwrap(), site()[..1]);
    assert!(!dir.path().join("main/2").exists());

    let other = tempfile::tempdir().unwrap();
    let diary = other.path().join("diary.txt");
    std::fs::write(&diary, "dear").unwrap();
    let error = write_site(other.path(), &site()).unwrap_err();
    assert!(matches!(&error, SiteError::Stray { path } if *path == diary), "{error}");
    assert_eq!(std::fs::read_dir(other.path()).unwrap().count(), 1, "nothing was written");
}

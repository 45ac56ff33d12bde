//! The pages that visitors see.

use super::*;
use crate::design::{Partners, Seal};
use crate::words::{Words, languages};

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
    let drafts = drafts(&in_every_language());
    for language in languages() {
        let page = page(&drafts[0], language.as_str());
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
    let two = super::drafts(&playbook);
    assert!(!two[0].pages().values().any(|page| String::from_utf8_lossy(page).contains("<details>")));
}

fn drafts_of_ten() -> Vec<Draft> {
    drafts(&playbook())
}

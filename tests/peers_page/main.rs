//! The pages for the public in Chromium, in every language that there are words for: what axe-core finds, whether they scroll
//! sideways, and whether the page of a notice prints on one page.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at once on what they did not expect"
)]

#[path = "../bench/mod.rs"]
mod bench;

mod register;
mod withdrawn;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bench::{Bench, good, refused};
use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use impound::language::LanguageTag;
use impound::signed_note::VerifierKey;
use impound::words::languages;
use serde::Deserialize;

const PLAYBOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/harbour-light");
const HARNESS: &str = include_str!("../bench/page.html");
const AGENCIES: [(&str, &str); 5] = [
    ("ncu", "ncu.example"),
    ("npo", "npo.example"),
    ("fcd", "fcd.example"),
    ("bcn", "bcn.example"),
    ("ncpa", "ncpa.example"),
];

/// One start of the browser looks at so many pages, so that it ends within the time that a tool has.
const PAGES_AT_ONCE: usize = 8;

/// A page on which each kind of look must find something.
const BAD: &str = "<!DOCTYPE html><html lang=\"en\" dir=\"ltr\"><head><title>Bad</title></head><body><main><h1>Bad</h1>\
    <p style=\"color:#999;background:#aaa\">Grey</p><img src=\"data:,\"><div style=\"width:2000px\">Wide</div>\
    <p style=\"width:5em;overflow-wrap:anywhere\">Beschlagnahmeanordnung</p><p style=\"text-align:right\">Right</p>\
    <ul class=\"items\"><li style=\"border-right:1px solid\">Item</li></ul></main></body></html>";

/// Texts of the example in further languages, for scripts and word lengths that it has not.
const TEXTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/texts");

/// The texts that stand in for those of a language in which there are none.
fn near(language: &str) -> &str {
    match language {
        "ar" | "de" | "en" | "es" | "fr" | "ja" | "nl" | "pl" | "ru" | "zh-Hans" => language,
        "el" | "fa" | "fi" | "he" | "hi" | "ko" | "th" => language,
        "zh-Hant" => "zh-Hans",
        "bg" | "uk" => "ru",
        // The longest of the example's texts in Latin letters.
        _ => "de",
    }
}

/// The pages of the example's last edition, in every language and with every agency's key on them.
fn pages(bench: &Bench) -> BTreeMap<LanguageTag, String> {
    pages_with(bench, "row")
}

/// The same, with the agencies at another place.
fn pages_with(bench: &Bench, partners: &str) -> BTreeMap<LanguageTag, String> {
    let operation = bench.path().join("operation");
    copy(Path::new(PLAYBOOK), &operation);
    copy(Path::new(TEXTS), &operation.join("texts"));
    let mut lines = String::new();
    for language in languages() {
        let texts = format!("texts/{}.toml", near(language.as_str()));
        lines.push_str(&format!("{language} = \"{texts}\"\n"));
    }
    let file = operation.join("playbook.toml");
    let text = fs::read_to_string(&file).unwrap();
    let (head, rest) = text.split_once("[notice.texts]\n").unwrap();
    let (_, tail) = rest.split_once("\n\n").unwrap();
    let mut text = format!("{head}[notice.texts]\n{lines}\n{tail}");
    for (seed, (id, domain)) in (1..).zip(AGENCIES) {
        let public = SigningKey::from_bytes(&[seed; 32]).verifying_key().to_bytes();
        let key = VerifierKey::new(format!("{domain}/notice").parse().unwrap(), &public).unwrap();
        let line = format!("domain = \"{domain}\"\n");
        assert!(text.contains(&line), "{id}");
        text = text.replacen(&line, &format!("{line}notice-key = \"{key}\"\n"), 1);
    }
    let row = "partners = \"row\"";
    assert!(text.contains(row));
    fs::write(file, text.replace(row, &format!("partners = \"{partners}\""))).unwrap();
    // Warnings about the languages for which nobody vouches, and nothing worse.
    let said = refused(&bench.run("impound", &["lint", "operation"], ""));
    assert!(said.contains("nobody vouches for the page in `sv`") && !said.contains("error["), "{said}");
    assert!(!said.contains("P102") && !said.contains("P103"), "{said}");
    good(&bench.run("impound", &["notice", "build", "operation", "--site", "site"], ""));
    let page = |language: LanguageTag| {
        let page = bench.read(&format!("site/banner/2/{language}/index.html"));
        (language, page)
    };
    languages().map(page).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn chromium(bench: &Bench, arguments: &[&str]) -> String {
    const HEADLESS: [&str; 8] = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=browser",
    ];
    good(&bench.run("chromium", &[&HEADLESS, arguments].concat(), ""))
}

#[derive(Deserialize)]
struct Looks {
    dark: bool,
    pages: BTreeMap<String, Look>,
}

#[derive(Deserialize)]
struct Look {
    lang: String,
    dir: String,
    passed: usize,
    found: Vec<String>,
}

fn axe() -> String {
    let path = std::env::var("IMPOUND_AXE").unwrap_or_else(|_| {
        panic!("IMPOUND_AXE is to be the path of axe.min.js; `npm install axe-core` brings it, and .ci/run does so")
    });
    assert!(Path::new(&path).is_file(), "{path} is not there");
    format!("file://{path}")
}

/// Looks at pages in a browser with these further arguments, and at a bad page among them.
fn look(bench: &Bench, pages: &[(&LanguageTag, &String)], arguments: &[&str]) -> Looks {
    let mut all: BTreeMap<String, &str> = pages.iter().map(|(tag, page)| (tag.to_string(), page.as_str())).collect();
    all.insert("bad".into(), BAD);
    let json = serde_json::to_string(&all).unwrap().replace('<', "\\u003c");
    let script = format!("const PAGES = {json}, AXE = \"{}\";", axe());
    bench.write("looks.html", &HARNESS.replace("const PAGES = {}, AXE = \"\";", &script));
    let address = format!("file://{}", bench.path().join("looks.html").display());
    let common = ["--allow-file-access-from-files", "--virtual-time-budget=100000000", "--dump-dom", &address];
    let said = chromium(bench, &[arguments, &common].concat());
    let (_, result) = said.split_once("<pre id=\"result\">").unwrap_or_else(|| panic!("no result: {said}"));
    let json = HEXLOWER.decode(result.split('<').next().unwrap().as_bytes()).unwrap();
    let looks: Looks = serde_json::from_slice(&json).unwrap();
    let bad = looks.pages["bad"].found.join("\n");
    for awaited in [
        "image-alt",
        "color-contrast",
        "at 320 it scrolls sideways",
        "with letters of twice the size at 390 it scrolls sideways",
        "at 320 a word is broken: Beschlagnahmeanordnung",
        "at 320 a text begins",
        "the bar of an item is at its end",
    ] {
        assert!(bad.contains(awaited), "nothing would be found: {bad}");
    }
    looks
}

fn nothing_found(looks: &Looks, pages: &[(&LanguageTag, &String)]) {
    nothing_found_by(15, looks, pages);
}

/// At least so many rules must have been tried at each width.
fn nothing_found_by(rules: usize, looks: &Looks, pages: &[(&LanguageTag, &String)]) {
    for (language, _) in pages {
        let look = &looks.pages[language.as_str()];
        assert_eq!(look.found, Vec::<String>::new(), "{language}");
        assert!(look.passed >= 3 * rules, "{language}: {} rules were tried", look.passed);
        assert_eq!((look.lang.as_str(), look.dir.as_str()), (language.as_str(), language.direction().html()));
    }
}

#[test]
fn no_page_breaks_a_rule_of_wcag_or_scrolls_sideways_in_any_language() {
    let bench = Bench::new();
    let pages = pages(&bench);
    assert!(pages.len() >= 39);
    let all: Vec<_> = pages.iter().collect();
    for some in all.chunks(PAGES_AT_ONCE) {
        let looks = look(&bench, some, &[]);
        assert!(!looks.dark);
        nothing_found(&looks, some);
    }
}

/// In every language by day, and in some by night.
fn nothing_found_by_day_and_by_night(bench: &Bench, rules: usize, pages: &BTreeMap<LanguageTag, String>) {
    assert!(pages.len() >= 39);
    let all: Vec<_> = pages.iter().collect();
    for some in all.chunks(PAGES_AT_ONCE) {
        nothing_found_by(rules, &look(bench, some, &[]), some);
    }
    let wanted = ["en", "ja", "ar", "de", "th"];
    let some: Vec<_> = all.into_iter().filter(|(tag, _)| wanted.contains(&tag.as_str())).collect();
    assert_eq!(some.len(), wanted.len());
    let looks = look(bench, &some, &["--blink-settings=preferredColorScheme=0"]);
    assert!(looks.dark, "the browser did not take the setting");
    nothing_found_by(rules, &looks, &some);
}

#[test]
fn no_page_breaks_a_rule_of_wcag_in_the_dark() {
    let bench = Bench::new();
    let pages = pages(&bench);
    let wanted = ["en", "ja", "ar", "de", "th"];
    let some: Vec<_> = pages.iter().filter(|(tag, _)| wanted.contains(&tag.as_str())).collect();
    assert_eq!(some.len(), wanted.len());
    let looks = look(&bench, &some, &["--blink-settings=preferredColorScheme=0"]);
    assert!(looks.dark, "the browser did not take the setting");
    nothing_found(&looks, &some);
}

#[test]
fn no_layout_of_the_agencies_in_other_colours_breaks_a_rule_of_wcag_by_day_or_by_night() {
    for partners in ["grid", "list"] {
        let bench = Bench::new();
        let pages = pages_with(&bench, partners);
        let wanted = ["en", "ja", "ar", "de", "th"];
        let mut some: BTreeMap<_, _> = pages.into_iter().filter(|(tag, _)| wanted.contains(&tag.as_str())).collect();
        // Colours that `impound lint` just lets pass.
        for page in some.values_mut() {
            assert!(page.contains("--head:#0d2238;"));
            *page = page.replace("--head:#0d2238;", "--head:#2f4a3c;").replace("--soft:#4a5665;", "--soft:#6b6b6b;");
        }
        let some: Vec<_> = some.iter().collect();
        nothing_found(&look(&bench, &some, &[]), &some);
        let dark = look(&bench, &some, &["--blink-settings=preferredColorScheme=0"]);
        assert!(dark.dark, "the browser did not take the setting");
        nothing_found(&dark, &some);
    }
}

/// With the longest texts of the example, five keys and five seals; on both sizes of paper that printers hold.
#[test]
fn a_page_prints_on_one_sheet_with_what_is_needed_to_check_it() {
    const MANY: &[&str] = &["en", "de", "ja", "ar", "th", "fi", "el", "hi", "ru", "he", "fa", "ko"];
    // Greek has the longest words of the page, and Letter is the shorter sheet.
    let cases = [
        ("row", vec![("A4", MANY), ("letter", MANY)]),
        ("grid", vec![("A4", &["el"]), ("letter", &["el"])]),
        ("list", vec![("A4", &["el"]), ("letter", &["el"])]),
    ];
    for (partners, papers) in cases {
        let bench = Bench::new();
        let pages = pages_with(&bench, partners);
        for (paper, language) in papers.into_iter().flat_map(|(paper, tags)| tags.iter().map(move |tag| (paper, tag))) {
            let language: LanguageTag = language.parse().unwrap();
            let page = &pages[&language];
            assert_eq!(page.matches("@page{").count(), 1);
            bench.write("page.html", &page.replace("@page{", &format!("@page{{size:{paper};")));
            let address = format!("file://{}", bench.path().join("page.html").display());
            chromium(&bench, &["--no-pdf-header-footer", "--print-to-pdf=page.pdf", &address]);
            let pdf = fs::read(bench.path().join("page.pdf")).unwrap();
            let sheets = String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count();
            assert_eq!(sheets, 1, "{language} on {paper}, {partners}");
            // An address may go over two lines.
            let printed = good(&bench.run("pdftotext", &["-raw", "page.pdf", "-"], "")).replace('\n', "");
            for fact in facts(page) {
                assert!(printed.contains(&fact), "{language} on {paper}, {partners}: {fact} is not in\n{printed}");
            }
        }
    }
}

/// What a person with nothing but the paper needs: to check the notice, to get help, to object. Addresses and digests alone, which
/// stand in the same letters in every language; they are read from the page's source.
fn facts(page: &str) -> Vec<String> {
    let between = |from: &'static str, to: &'static str| {
        page.split(from).skip(1).filter_map(move |rest| Some(rest.split_once(to)?.0.to_owned())).collect::<Vec<_>>()
    };
    let keys = between("<dl class=\"keys\">", "</dl>").concat();
    let groups: Vec<_> = keys.split("<span>").skip(1).filter_map(|rest| Some(rest.get(..8)?.to_owned())).collect();
    assert_eq!(groups.len(), 8 * AGENCIES.len());
    let named = AGENCIES.iter().map(|(_, domain)| format!("{domain}/notice"));
    let known = [
        "https://www.ncu.example/seizure-notices",
        "harbour-light/banner/2",
        "https://help.ncu.example/greytide/decryptor.txt",
        "https://report.ncu.example/",
        "https://www.nomoreransom.org/",
        "https://meldestelle.fcd.example/",
        "objections@npo.example",
        "tips@ncu.example",
        "https://www.ncu.example/news/harbour-light",
        "/.well-known/seizure-notice/HOWTO.txt",
        "2027/0412",
    ];
    groups.into_iter().chain(named).chain(known.map(str::to_owned)).collect()
}

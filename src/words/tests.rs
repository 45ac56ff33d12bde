//! What holds of every catalogue.

use std::collections::{BTreeMap, BTreeSet};

use icu_locale::subtags::Script;
use icu_properties::props::{NamedEnumeratedProperty, Script as LetterScript};
use icu_properties::script::ScriptWithExtensions;

use super::*;

/// Names of algorithms and units that are the same in every language.
const NEVER_TRANSLATED: [&str; 1] = ["SHA-256"];

fn tag(text: &str) -> LanguageTag {
    text.parse().unwrap()
}

/// Key and source text of every message, as it stands in the file.
fn raw(text: &str) -> BTreeMap<&str, String> {
    let mut messages: BTreeMap<&str, String> = BTreeMap::new();
    let mut last = "";
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.split_once('=').filter(|_| !line.starts_with(' ')) {
            Some((key, value)) => {
                last = key.trim();
                messages.insert(last, value.trim().to_owned());
            }
            None => messages.get_mut(last).unwrap().push_str(line.trim()),
        }
    }
    messages
}

#[test]
fn every_catalogue_has_every_word_and_says_that_nobody_has_reviewed_it() {
    let english = CATALOGUES.iter().find(|own| own.language == "en").unwrap();
    let source = raw(english.text);
    for Catalogue { language, text, .. } in &CATALOGUES {
        let words = Words::of(&tag(language)).unwrap_or_else(|error| panic!("{language}: {error:?}"));
        assert_eq!(words.reviewed_by, None, "{language}");
        assert!(!is_reviewed(&tag(language)), "{language}");
        let own = raw(text);
        let keys = |messages: &BTreeMap<&'static str, String>| messages.keys().copied().collect::<Vec<_>>();
        assert_eq!(keys(&own), keys(&source), "{language}");
        for (key, word) in &own {
            assert!(!word.is_empty(), "{language}: {key}");
            assert_eq!(word.contains("{ $count }"), source[key].contains("{ $count }"), "{language}: {key}");
            for term in NEVER_TRANSLATED {
                assert_eq!(word.contains(term), source[key].contains(term), "{language}: {key}: {term}");
            }
        }
    }
}

#[test]
fn no_word_has_mark_up_hidden_characters_or_the_wrong_quotation_marks() {
    // The zero-width non-joiner is a letter's shape in Persian and nothing anywhere else.
    let is_hidden = |language: &str, c: char| match c {
        '\u{200c}' => language != "fa",
        '\u{a0}' => false,
        _ => {
            c.is_control()
                || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}')
        }
    };
    for Catalogue { language, text, .. } in &CATALOGUES {
        for (key, word) in raw(text) {
            let found =
                word.chars().find(|c| matches!(c, '<' | '>' | '&' | '"' | '\'' | '`') || is_hidden(language, *c));
            // A select expression has an arrow of its own.
            let found = found.filter(|c| !(*c == '>' && word.contains("{ $count ->")));
            assert_eq!(found, None, "{language}: {key}: {word}");
            assert!(!word.contains("  ") && !word.ends_with(' '), "{language}: {key}");
        }
    }
}

/// The scripts of a language's letters, by ISO 15924.
fn scripts(language: &LanguageTag) -> Vec<LetterScript> {
    let script: Script = language.script().unwrap();
    let parse = |name: &str| LetterScript::try_from_str(name).unwrap();
    match script.as_str() {
        "Jpan" => ["Hani", "Hira", "Kana"].map(parse).into(),
        "Kore" => ["Hang", "Hani"].map(parse).into(),
        "Hans" | "Hant" => vec![LetterScript::Han],
        other => vec![parse(other)],
    }
}

#[test]
fn every_word_is_in_the_script_of_its_language() {
    const FOREIGN: [&str; 1] = ["SHA-256"];
    let known = ScriptWithExtensions::new();
    for Catalogue { language, text, .. } in &CATALOGUES {
        let own = scripts(&tag(language));
        for (key, word) in raw(text).into_iter().filter(|(key, _)| *key != "reviewed-by" && !key.starts_with("size-")) {
            let word = FOREIGN.iter().fold(word, |word, foreign| word.replace(foreign, ""));
            let letters = word.chars().filter(|c| c.is_alphabetic());
            let strange: String = letters.filter(|c| !own.iter().any(|own| known.has_script(*c, *own))).collect();
            assert_eq!(strange, "", "{language}: {key}");
        }
    }
}

/// A catalogue that was copied and not translated, or translated with the wrong key, shows here.
#[test]
fn no_two_languages_share_their_sentences_and_no_language_uses_one_twice() {
    let mut sentences: BTreeMap<String, &str> = BTreeMap::new();
    for Catalogue { language, text, .. } in &CATALOGUES {
        let own = raw(text);
        let mut seen = BTreeSet::new();
        for (key, word) in &own {
            assert!(seen.insert(word), "{language}: {key}: {word} stands twice");
        }
        for key in ["check-advice", "file-advice", "check-files", "help-later"] {
            let former = sentences.insert(own[key].clone(), language);
            assert_eq!(former, None, "{language}: {key}");
        }
    }
}

#[test]
fn sizes_have_every_plural_form_that_a_number_of_bytes_needs() {
    for Catalogue { language, .. } in &CATALOGUES {
        let words = Words::of(&tag(language)).unwrap();
        let rules = cardinal(&language.parse().unwrap()).unwrap();
        let needed: BTreeSet<_> = (0..1000_u32).map(|number| rules.category_for(number)).collect();
        let all: BTreeSet<_> = rules.categories().collect();
        let mut own: BTreeSet<_> = words.sizes.bytes.categories().unwrap_or_default().into_iter().collect();
        own.insert(PluralCategory::Other);
        assert!(needed.is_subset(&own) && own.is_subset(&all), "{language}: {needed:?} {own:?} {all:?}");
    }
}

#[test]
fn sizes_are_written_as_the_language_writes_numbers() {
    for (language, bytes, shown) in [
        ("fr", 0, "0 octet"),
        ("fr", 999, "999 octets"),
        ("fr", 1_000, "1 ko"),
        ("fr", 1_001, "1,1 ko"),
        ("fr", 4_812_331, "4,9 Mo"),
        ("en", 1, "1 byte"),
        ("en", 4_812_331, "4.9 MB"),
        ("en", 1_999_900_001, "2,000 MB"),
        ("pl", 2, "2 bajty"),
        ("pl", 5, "5 bajtów"),
        ("ro", 20, "20 de octeți"),
        ("lv", 0, "0 baitu"),
        ("lv", 21, "21 baits"),
        ("sl", 102, "102 bajta"),
        ("ga", 7, "7 mbeart"),
        ("fa", 4_812_331, "۴٫۹ مگابایت"),
        ("ar", 3, "3 بايتات"),
        ("ja", 999, "999 バイト"),
        ("en", u64::MAX, "18,446,744,073,709.6 MB"),
    ] {
        assert_eq!(Words::of(&tag(language)).unwrap().size(bytes).replace('\u{a0}', " "), shown, "{language}");
    }
}

#[test]
fn words_go_by_language_and_script_and_never_to_another_script() {
    for (language, autonym) in [
        ("en-GB", "English"),
        ("pt-BR", "Português"),
        ("zh", "简体中文"),
        ("zh-CN", "简体中文"),
        ("zh-TW", "繁體中文"),
        ("zh-Hant-HK", "繁體中文"),
        ("he", "עברית"),
    ] {
        assert_eq!(Words::of(&tag(language)).unwrap().autonym, autonym, "{language}");
    }
    for language in ["uk-Latn", "hi-Latn", "ur", "sr-Latn", "nn"] {
        let error = Words::of(&tag(language)).unwrap_err();
        assert_eq!(error, WordsError::NoWords { language: tag(language) });
    }
    assert_eq!(Words::of(&tag("pt-BR")).unwrap().autonym_of(&tag("pt-BR")), "Português (pt-BR)");
}

#[test]
fn the_languages_are_those_of_the_union_and_fifteen_more() {
    let union = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv";
    let more = "ar fa he hi id ja ko nb ru th tr uk vi zh-Hans zh-Hant";
    let mut wanted: Vec<_> = union.split(' ').chain(more.split(' ')).map(tag).collect();
    wanted.sort();
    assert_eq!(languages().collect::<Vec<_>>(), wanted);
}

#[test]
fn countries_are_named_in_every_language() {
    assert_eq!(country_name("NL", &tag("en")).unwrap(), "Netherlands");
    assert_eq!(country_name("NL", &tag("ar")).unwrap(), "هولندا");
    assert_eq!(country_name("NL", &tag("zh-Hans")).unwrap(), "荷兰");
    assert_eq!(country_name("NL", &tag("zh-TW")).unwrap(), "荷蘭");
    assert_eq!(country_name("ZZ", &tag("en")), None);
    assert_eq!(country_name("IO", &tag("mt")), None);
    let header = COUNTRIES.lines().nth(1).unwrap();
    let own: Vec<&str> = CATALOGUES.iter().map(|catalogue| catalogue.language).collect();
    assert_eq!(header, format!("code,{}", own.join(",")), "the columns are the catalogues, in their order");
    for (code, line) in countries() {
        let empty = line.iter().filter(|name| name.is_empty()).count();
        assert!(line.len() == 1 + own.len() && (empty == 0 || code == "IO" && empty == 1), "{code}");
    }
}

//! What stands where a notice was, once it is withdrawn.

use std::collections::BTreeMap;

use impound::digest::Digest;
use impound::language::LanguageTag;
use impound::notice::{Edition, Past, STATUS_GONE, publish, read_site, withdrawal};
use impound::playbook::load;
use impound::words::Words;

use crate::bench::Bench;
use crate::{nothing_found_by_day_and_by_night, pages};

/// The withdrawal of the example's notice, in every language.
fn withdrawn(bench: &Bench) -> Edition {
    pages(bench);
    let playbook = load(&bench.path().join("operation")).unwrap().playbook.unwrap();
    let editions = read_site(&bench.path().join("site")).unwrap();
    let past = Past::of(&editions, "2027-03-01T08:00:00Z".parse().unwrap());
    let draft = withdrawal(&playbook, &playbook.notices[0], &past, Some("Decision 131/2027 <b>")).unwrap();
    publish(&draft, None, BTreeMap::new()).unwrap()
}

#[test]
fn the_page_of_a_withdrawal_is_in_every_language_of_the_notice_and_breaks_no_rule_of_wcag() {
    let bench = Bench::new();
    let edition = withdrawn(&bench);
    assert_eq!((edition.status, edition.default_language.as_str()), (STATUS_GONE, "en"));
    let manifest = String::from_utf8(edition.kit["notice.txt"].clone()).unwrap();
    let text = |(tag, page): (&LanguageTag, &Vec<u8>)| (tag.clone(), String::from_utf8(page.clone()).unwrap());
    let pages: BTreeMap<_, _> = edition.pages.iter().map(text).collect();
    for (language, page) in &pages {
        let words = Words::of(language).unwrap();
        for told in [&words.withdrawn_title, &words.withdrawn_text, &words.withdrawn_on, &words.check_advice] {
            assert!(page.contains(told.as_str()), "{language}: {told}");
        }
        assert!(page.contains("Decision 131/2027 &#60;b&#62;") && page.contains("2027-03-01T08:00:00Z"), "{language}");
        for other in pages.keys() {
            assert!(page.contains(&format!("href=\"/{other}/\"")), "{language}: {other}");
        }
        assert!(manifest.contains(&format!("content: {language} text/html {} ", Digest::of(page))), "{language}");
        assert!(!page.contains("<script"));
    }
    nothing_found_by_day_and_by_night(&bench, 10, &pages);
}

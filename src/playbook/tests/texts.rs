//! The words of a notice in several languages.

use super::*;

#[test]
fn texts_in_another_language_that_lack_a_part_are_told_and_the_rest_is_read() {
    let copy = Copy::new();
    let german = made_from(&Digest::of(fs::read(copy.path("texts/en.toml")).unwrap()).hex());
    copy.write("texts/de.toml", german.split("[press").next().unwrap().as_bytes());
    let loaded = copy.load_text(&with_german());
    assert_eq!(loaded.problems.len(), 1, "{}", loaded.render(false));
    assert_eq!(loaded.problems[0].code, Code::TextMissing);
    assert!(loaded.render(false).contains("add [press.press-release] with title and text"));
}

#[test]
fn a_translation_of_another_source_than_the_present_one_is_out_of_date() {
    let copy = Copy::new();
    let source = fs::read_to_string(copy.path("texts/en.toml")).unwrap();
    let now = Digest::of(&source).hex();
    let languages = |loaded: &Loaded| {
        let notice = &loaded.playbook.as_ref().unwrap().notices[0];
        assert_eq!(notice.not_reviewed().count(), 0);
        notice.out_of_date().map(ToString::to_string).collect::<Vec<_>>()
    };
    for (german, told) in [
        (made_from(&now), None),
        (made_from(&Digest::of("before").hex()), Some("from another source than the present one")),
        (source.clone(), Some("do not say from which source")),
    ] {
        copy.write("texts/de.toml", german.as_bytes());
        let loaded = copy.load_text(&with_german());
        assert_eq!(loaded.problems.len(), usize::from(told.is_some()), "{}", loaded.render(false));
        let (shown, wanted) = (loaded.render(false), told.map(|_| "de".to_owned()));
        assert!(told.is_none_or(|told| shown.contains(told) && shown.contains(&now)), "{shown}");
        assert!(loaded.problems.iter().all(|problem| problem.code == Code::OutOfDate), "{shown}");
        assert_eq!(languages(&loaded), wanted.into_iter().collect::<Vec<_>>());
    }
    // The source need not be in the default language.
    let german_first =
        changed(&with_german(), "default-language = \"en\"", "default-language = \"en\"\nsource-language = \"de\"");
    let loaded = copy.load_text(&german_first);
    assert_eq!(languages(&loaded), ["en"], "{}", loaded.render(false));
    copy.write("texts/de.toml", made_from("not a digest").as_bytes());
    assert_eq!(found(&copy.load_text(&with_german()))[0].0, "P024");
}

#[test]
fn texts_that_do_not_fit_on_one_sheet_are_told_by_their_width() {
    let copy = Copy::new();
    let english = fs::read_to_string(copy.path("texts/en.toml")).unwrap();
    let told = |letters: &str, count: usize| {
        let texts = english.replacen("happened = [", &format!("happened = [\n  \"{}\",", letters.repeat(count)), 1);
        copy.write("texts/en.toml", texts.as_bytes());
        let loaded = copy.load();
        let problems = loaded.problems.iter().filter(|problem| problem.code == Code::LongTexts);
        problems.map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    let Some(message) = told("x", 2150).pop() else { panic!("nothing is told") };
    assert!(message.contains(" letters long, and 2150 fit"), "{message}");
    let letters: usize = message.split(' ').find_map(|word| word.parse().ok()).unwrap();
    let room = 2150 - (letters - 2150);
    assert_eq!(told("x", room), Vec::<String>::new());
    assert_eq!(told("x", room + 1).len(), 1);
    assert_eq!(told("字", room / 2), Vec::<String>::new());
    assert_eq!(told("字", room / 2 + 1).len(), 1);
}

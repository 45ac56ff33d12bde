//! What is drafted of a playbook: editions, their manifests, and what is refused.

use super::*;
use crate::words::WordsError;

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
fn an_edition_begins_when_its_release_may_so_that_the_one_before_is_in_force_until_then() {
    let mut playbook = playbook();
    let hour = playbook.operation.hour;
    let days = |count: u64| hour.plus(Duration::from_secs(count * 86_400));
    let begins = |playbook: &Playbook| {
        let drafts = drafts(playbook);
        drafts.iter().map(|draft| draft.manifest().not_before).collect::<Vec<_>>()
    };
    assert_eq!(begins(&playbook), [hour; 3], "without times of their own, they wait for the hour");
    // The tools come two days later, for their release waits for a step that does.
    playbook.steps[1].not_before = Some(days(2));
    playbook.steps[2].needs = vec![id("settle")];
    playbook.steps[4].needs = vec![id("publish")];
    assert_eq!(begins(&playbook), [hour, days(2), days(2)], "an edition never begins before the one that it replaces");
    playbook.steps[4].not_before = Some(days(5));
    assert_eq!(begins(&playbook), [hour, days(2), days(5)]);
    let [first, second, third] = drafts(&playbook).try_into().unwrap();
    assert!(first.manifest().is_in_force(days(1)) && !second.manifest().is_in_force(days(1)));
    assert!(second.manifest().is_in_force(days(2)) && third.manifest().is_in_force(days(5)));

    // The three are one row all the same, whatever order they are found in, and an amendment begins the next.
    let unsigned = |draft: &Draft| publish(draft, None, BTreeMap::new()).unwrap();
    let row = [&third, &first, &second].map(unsigned);
    let life = Life::of(row.clone());
    assert_eq!((life.past.len(), life.present().unwrap().0), (0, hour));
    let past = Past::of(&row, days(3));
    let next = editions_after(&playbook, &playbook.notices[0], &authorizations(&playbook), &past).unwrap();
    let next: Vec<_> = next.iter().map(unsigned).collect();
    let begun: Vec<_> = next.iter().map(|edition| manifest_of(edition).unwrap().not_before).collect();
    assert_eq!(begun, [days(3), days(3), days(5)]);
    let life = Life::of(row.into_iter().chain(next));
    assert_eq!((life.past.len(), life.present.len(), life.present().unwrap().0), (3, 3, days(3)));
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

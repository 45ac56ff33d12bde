//! The first view, as it goes over the line: the octets that this server sends for a page of the example, in every language.

use std::collections::BTreeMap;
use std::path::Path;

use super::Options;
use super::content::Site;
use super::encoding::Encoding;
use super::tally::Tally;
use crate::language::LanguageTag;
use crate::notice::{Edition, editions, publish};
use crate::plan::authorize_all;
use crate::playbook::{Playbook, Texts, load};
use crate::words::languages;

/// What TCP sends before it waits for the first answer: ten segments (RFC 6928), some 14 KiB.
const FIRST_FLIGHT: usize = 14 << 10;

/// The example, with its longest texts for the languages in which it has none.
fn example() -> Playbook {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks/harbour-light");
    let mut playbook = load(&path).unwrap().playbook.unwrap();
    let texts: &mut BTreeMap<LanguageTag, Texts> = &mut playbook.notices[0].texts;
    let longest = texts[&"ru".parse().unwrap()].clone();
    for language in languages() {
        texts.entry(language).or_insert_with(|| longest.clone());
    }
    // A key for each agency: their fingerprints stand on the page and compress to nothing.
    for (seed, agency) in (1..).zip(&mut playbook.agencies) {
        let name = format!("{}/notice", agency.domain).parse().unwrap();
        let public = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).verifying_key().to_bytes();
        agency.notice_key = Some(crate::signed_note::VerifierKey::new(name, &public).unwrap());
    }
    playbook
}

/// The last edition, which has everything.
fn last(playbook: &Playbook) -> Edition {
    let authorizations = authorize_all(playbook, playbook.operation.hour).unwrap();
    let drafts = editions(playbook, &playbook.notices[0], &authorizations).unwrap();
    publish(drafts.last().unwrap(), None, BTreeMap::new()).unwrap()
}

/// The octets of each language's page in an encoding.
fn sizes(playbook: &Playbook, encoding: Encoding) -> BTreeMap<LanguageTag, usize> {
    let site = Site::prepare(&[last(playbook)], &Options::default(), &Tally::default()).unwrap();
    let showing = site.showing(0).unwrap();
    let size = |language: &LanguageTag| showing.page(language).unwrap().shown(encoding).body.len();
    showing.languages.iter().map(|language| (language.clone(), size(language))).collect()
}

#[test]
fn the_first_view_comes_in_one_round_trip_in_every_language() {
    let whole = example();
    let mut without = whole.clone();
    without.agencies.iter_mut().for_each(|agency| agency.seal = None);
    for encoding in [Encoding::Gzip, Encoding::Brotli] {
        let (whole, without) = (sizes(&whole, encoding), sizes(&without, encoding));
        assert_eq!(whole.len(), languages().count());
        for (language, size) in &without {
            assert!(*size <= FIRST_FLIGHT, "{language}: {size} bytes in {encoding:?} without seals");
            // The seals of the example are simple drawings; the page with them is still sent at once.
            assert!(whole[language] <= FIRST_FLIGHT, "{language}: {} bytes in {encoding:?}", whole[language]);
            assert!(whole[language] > *size, "{language}: the seals are not there");
        }
    }
}

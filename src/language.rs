//! Languages: tags, writing direction, and the choice of one for a visitor.

use std::fmt;
use std::str::FromStr;

use icu_locale::subtags::{Language, Script, language};
use icu_locale::{
    DataLocale, LanguageIdentifier, Locale, LocaleCanonicalizer, LocaleDirectionality, LocaleExpander, LocaleFallbacker,
};

/// A canonical BCP 47 language tag of language, script and region: `en`, `zh-Hant`, `pt-BR`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LanguageTag {
    id: LanguageIdentifier,
    /// The script it is written in, said or likely.
    script: Option<Script>,
    text: Box<str>,
}

/// The text is not a language tag, or not in its canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LanguageError {
    /// Not well-formed (RFC 5646 section 2.1).
    #[error("`{text}` is not a language tag such as en, ja or zh-Hant")]
    Form {
        /// The text, shortened.
        text: String,
    },
    /// Well-formed, but another tag is the canonical one.
    #[error("`{text}` is written `{canonical}`")]
    NotCanonical {
        /// The text.
        text: String,
        /// What to write.
        canonical: String,
    },
}

/// Which way a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left: Arabic, Hebrew and others.
    RightToLeft,
}

impl Direction {
    /// The value of HTML's `dir` attribute.
    pub fn html(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

impl LanguageTag {
    /// The tag's text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The tag as the locale library has it.
    pub fn id(&self) -> &LanguageIdentifier {
        &self.id
    }

    /// The script it is written in, said or likely (CLDR likely subtags); `None`: CLDR does not know the language.
    pub fn script(&self) -> Option<Script> {
        self.script
    }

    /// Which way its script runs, by CLDR data.
    pub fn direction(&self) -> Direction {
        if LocaleDirectionality::new_extended().is_right_to_left(&self.id) {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        }
    }
}

impl FromStr for LanguageTag {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        /// RFC 5646 section 4.4.1: 35 characters hold every tag without extensions.
        const CHARS_MAX: usize = 35;
        let form = || LanguageError::Form { text: crate::domain::excerpt(text) };
        if text.len() > CHARS_MAX {
            return Err(form());
        }
        let id: LanguageIdentifier = text.replace('_', "-").parse().map_err(|_| form())?;
        let mut locale = Locale::from(id);
        LocaleCanonicalizer::new_extended().canonicalize(&mut locale);
        let id = locale.id;
        let canonical = id.to_string();
        if id.language.is_unknown() {
            return Err(form());
        }
        if canonical != text {
            return Err(LanguageError::NotCanonical { text: text.to_owned(), canonical });
        }
        let script = likely(&id).script;
        Ok(Self { id, script, text: canonical.into() })
    }
}

/// The tag with the subtags that it leaves unsaid: `zh-TW` is `zh-Hant-TW`, `pt` is `pt-Latn-BR` (CLDR likely subtags).
fn likely(id: &LanguageIdentifier) -> LanguageIdentifier {
    let mut whole = id.clone();
    LocaleExpander::new_extended().maximize(&mut whole);
    whole
}

/// The language to show to someone who asks with this `Accept-Language` field.
///
/// RFC 4647 section 3.4 (lookup) over the ranges in the order of their weights (RFC 9110 section 12.5.4), with four
/// changes that CLDR's data make possible: a range never finds a tag in another script (`zh-TW` finds `zh-Hant`, never
/// `zh-Hans`); a range without a region finds a tag with one (`pt` finds `pt-BR`); a range whose region is not offered
/// finds another region before the next range is tried (`en-GB` finds `en-US`); and a language that CLDR lets inherit from
/// another finds that one (`nn` finds `nb`). `*` finds the default, and so does a field that names nothing on offer: a notice
/// in some language is better than none.
pub fn choose<'a>(accept_language: &str, offered: &'a [LanguageTag], default: &'a LanguageTag) -> &'a LanguageTag {
    let (mut wanted, refused): (Vec<_>, Vec<_>) = weighted(accept_language).partition(|(_, weight)| *weight > 0);
    // A stable sort: equal weights keep the order of the field.
    wanted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    let is_welcome = |tag: &LanguageTag| !refused.iter().any(|(range, _)| is_in_range(&tag.text, range));
    for (range, _) in wanted {
        let welcome = offered.iter().filter(|tag| is_welcome(tag));
        let found = match range {
            "*" => Some(default).filter(|tag| is_welcome(tag)).or_else(|| welcome.clone().next()),
            _ => Range::parse(range).and_then(|range| range.lookup(welcome)),
        };
        if let Some(tag) = found {
            return tag;
        }
    }
    default
}

/// RFC 4647 section 3.3.1, basic filtering: what a range with weight 0 refuses.
fn is_in_range(tag: &str, range: &str) -> bool {
    match tag.split_at_checked(range.len()) {
        Some((front, rest)) => front.eq_ignore_ascii_case(range) && (rest.is_empty() || rest.starts_with('-')),
        None => false,
    }
}

/// The language, Bokmål taken as the Norwegian (`no`, a macrolanguage that some browsers ask for) that means it.
fn spoken(language: Language) -> Language {
    if language == language!("nb") { language!("no") } else { language }
}

/// The language and those whose texts stand in for its own, nearest first: CLDR's parent locales (UTS #35, "Locale
/// inheritance and matching"). Most languages have nobody to stand in for them; `nn` has `no`.
fn lineage(language: Language) -> Vec<Language> {
    /// CLDR's longest chain has four steps.
    const STEPS_MAX: usize = 8;
    let only_language: LanguageIdentifier = language.into();
    let mut steps = LocaleFallbacker::new().for_config(<_>::default()).fallback_for(DataLocale::from(only_language));
    let mut lineage = Vec::new();
    for _ in 0..STEPS_MAX {
        let parent = spoken(steps.get().language);
        if steps.get().is_unknown() {
            break;
        }
        if !lineage.contains(&parent) {
            lineage.push(parent);
        }
        steps.step();
    }
    lineage
}

/// A language range with what it leaves unsaid.
struct Range {
    said: LanguageIdentifier,
    likely: LanguageIdentifier,
    lineage: Vec<Language>,
}

/// How well a tag of the right language and script fits a range; best first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    SameRegion,
    NoRegion,
    LikelyRegion,
    OtherRegion,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        // RFC 4647 section 3.4: in a lookup, the wildcards inside an extended range are left out.
        let mut locale = Locale::try_from_str(&text.replace("-*", "")).ok()?;
        LocaleCanonicalizer::new_extended().canonicalize(&mut locale);
        // Extensions (`-u-…`, `-x-…`) are truncated first, so they are not looked at.
        let said = locale.id;
        Some(Self { likely: likely(&said), lineage: lineage(said.language), said })
    }

    fn lookup<'a>(&self, offered: impl Iterator<Item = &'a LanguageTag>) -> Option<&'a LanguageTag> {
        let distance = |tag: &LanguageTag| self.lineage.iter().position(|own| *own == spoken(tag.id.language));
        offered
            .filter(|tag| tag.script == self.likely.script)
            .filter_map(|tag| Some((distance(tag)?, self.fit(tag), tag)))
            .min_by(|(one, fit, _), (other, other_fit, _)| (one, fit).cmp(&(other, other_fit)))
            .map(|(.., tag)| tag)
    }

    fn fit(&self, tag: &LanguageTag) -> Fit {
        match tag.id.region {
            _ if tag.id == self.said => Fit::Same,
            None => Fit::NoRegion,
            region if region == self.said.region => Fit::SameRegion,
            region if region == self.likely.region => Fit::LikelyRegion,
            Some(_) => Fit::OtherRegion,
        }
    }
}

/// The items of a field with weights (RFC 9110 sections 5.6.1 and 12.4.2) and their weights in thousandths, in the order of
/// the field. An item without a weight has 1000; a malformed one is left out.
pub(crate) fn weighted(field: &str) -> impl Iterator<Item = (&str, u16)> {
    /// Browsers send under ten items; more than this is somebody's experiment.
    const ITEMS_MAX: usize = 32;
    bounded(field).split(',').take(ITEMS_MAX).filter_map(weighted_item)
}

/// The whole items in the first KiB.
fn bounded(field: &str) -> &str {
    /// Thirty-two items with weights fit; what is read for each request stays small.
    const BYTES_MAX: usize = 1024;
    if field.len() <= BYTES_MAX {
        return field;
    }
    let front = field.get(..field.floor_char_boundary(BYTES_MAX)).unwrap_or_default();
    front.rsplit_once(',').map_or("", |(whole, _)| whole)
}

fn weighted_item(item: &str) -> Option<(&str, u16)> {
    let mut parts = item.split(';').map(|part| part.trim_matches([' ', '\t']));
    let name = parts.next().filter(|name| !name.is_empty())?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Some((name, weight.map_or(Some(1000), thousandths)?))
}

/// RFC 9110 section 12.4.2: `0`, `0.5`, `0.123`, `1`, `1.000`; at most three digits after the point.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, digits) = weight.split_once('.').unwrap_or((weight, ""));
    if digits.len() > 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part = digits.bytes().zip([100, 10, 1]).map(|(digit, place)| u16::from(digit - b'0') * place).sum();
    match (whole, part) {
        ("0", part) => Some(part),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

impl PartialOrd for LanguageTag {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LanguageTag {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

impl serde::Serialize for LanguageTag {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> serde::Deserialize<'de> for LanguageTag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tags(list: &str) -> Vec<LanguageTag> {
        list.split(' ').filter(|text| !text.is_empty()).map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn tags_are_canonical_or_refused_with_the_canonical_one() {
        for good in ["en", "ja", "zh-Hant", "pt-BR", "sr-Latn"] {
            assert_eq!(good.parse::<LanguageTag>().unwrap().as_str(), good);
        }
        for (text, canonical) in [("EN", "en"), ("iw", "he"), ("zh-hant", "zh-Hant"), ("pt_BR", "pt-BR")] {
            let error = text.parse::<LanguageTag>().unwrap_err();
            assert_eq!(error, LanguageError::NotCanonical { text: text.into(), canonical: canonical.into() });
        }
        for bad in ["", "e", "english language", "und", "*", "en-", "zh-Hant-x-very-long-private-use-subtag-1"] {
            assert!(matches!(bad.parse::<LanguageTag>(), Err(LanguageError::Form { .. })), "{bad}");
        }
    }

    #[test]
    fn direction_goes_by_script() {
        for (tag, direction) in [
            ("ar", "rtl"),
            ("he", "rtl"),
            ("fa", "rtl"),
            ("yi", "rtl"),
            ("en", "ltr"),
            ("ja", "ltr"),
            ("ru", "ltr"),
            ("ku", "ltr"),
        ] {
            assert_eq!(tag.parse::<LanguageTag>().unwrap().direction().html(), direction, "{tag}");
        }
    }

    #[test]
    fn a_visitor_gets_the_language_asked_for_or_the_nearest_or_the_default() {
        const OFFERED: &str = "ar de en es fa fr he ja nl pt-BR ru sr-Latn uk zh-Hans zh-Hant";
        let long = format!("{}ja", "x".repeat(2000));
        let many = format!("{}ja", "tlh,".repeat(40));
        let cut = format!("{}de", "ja;q=0.1,".repeat(120));
        for (field, chosen) in [
            ("", "en"),
            ("ja", "ja"),
            ("JA-jp", "ja"),
            ("de-CH-1996,de;q=0.9", "de"),
            ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
            ("de;q=0.5,ru;q=0.8", "ru"),
            ("de;q=0.5,ru;q=0.5", "de"),
            ("de;q=0.001,en;q=0.0", "de"),
            ("en;q=0,de;q=0.1", "de"),
            ("*", "en"),
            ("*,de;q=0.5", "en"),
            ("en;q=0,*", "ar"),
            ("tlh,*;q=0.1", "en"),
            ("tlh,ja;q=0.1", "ja"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh-SG", "zh-Hans"),
            ("zh-TW", "zh-Hant"),
            ("zh-HK", "zh-Hant"),
            ("zh-MO", "zh-Hant"),
            ("zh-Hant-HK", "zh-Hant"),
            ("zh-Hans-TW", "zh-Hans"),
            ("zh-*-TW", "zh-Hant"),
            ("pt", "pt-BR"),
            ("pt-PT,fr;q=0.9", "pt-BR"),
            ("iw", "he"),
            ("sr-Latn-RS", "sr-Latn"),
            ("sh", "sr-Latn"),
            ("sr", "en"),
            ("de-DE-u-co-phonebk", "de"),
            ("es-419", "es"),
            ("de;q=2,ru;q=0.1", "ru"),
            ("de;q=0.1234,ru;q=0.1", "ru"),
            ("de;q=,ru;q=0.1", "ru"),
            ("de ; q=0.2 ,\tru ; q=0.3", "ru"),
            ("de_DE", "en"),
            (",,;q=1,-,--,a-,ja", "ja"),
            ("\u{202e}ja,\u{e9}", "en"),
            (&long, "en"),
            (&many, "en"),
            (&cut, "ja"),
        ] {
            let (offered, default) = (tags(OFFERED), "en".parse().unwrap());
            assert_eq!(choose(field, &offered, &default).as_str(), chosen, "{field}");
        }
    }

    #[test]
    fn among_regions_the_same_one_is_best_and_the_likely_one_next() {
        for (field, offered, chosen) in [
            ("zh-TW", "zh-Hans zh-Hant zh-Hant-HK zh-Hant-TW", "zh-Hant-TW"),
            ("zh-MO", "zh-Hans zh-Hant-HK zh-Hant", "zh-Hant"),
            ("zh-TW", "zh zh-Hans", "en"),
            ("zh-CN", "zh-Hant zh-Hant-HK", "en"),
            ("zh-CN", "zh-Hant zh", "zh"),
            ("pt", "pt-PT pt-BR", "pt-BR"),
            ("en-GB", "en-AU en-US", "en-AU"),
            ("en-GB", "en-AU en-GB en-001", "en-GB"),
            ("no", "nb", "nb"),
            ("nb-NO", "nb nn", "nb"),
            ("nb-NO", "nn no", "no"),
            ("nn", "no", "no"),
            ("nn-NO,en;q=0.5", "en nb", "nb"),
            ("nn", "nb nn no", "nn"),
            ("nn", "da sv", "en"),
            ("nb", "nn", "en"),
        ] {
            let (offered, default) = (tags(offered), "en".parse().unwrap());
            assert_eq!(choose(field, &offered, &default).as_str(), chosen, "{field} of {offered:?}");
        }
    }

    /// The languages of the catalogues. Every browser's usual fields must find the right one.
    #[test]
    fn among_thirty_nine_languages_each_visitor_finds_the_right_one() {
        const OFFERED: &str = "ar bg cs da de el en es et fa fi fr ga he hi hr hu id it ja ko lt lv mt nb nl pl pt ro ru sk sl sv \
                               th tr uk vi zh-Hans zh-Hant";
        let (offered, default) = (tags(OFFERED), "en".parse().unwrap());
        for tag in &offered {
            assert_eq!(choose(&tag.text, &offered, &default), tag);
            assert_eq!(choose(&format!("tlh,{tag};q=0.3,en;q=0.2"), &offered, &default), tag);
        }
        for (field, chosen) in [
            ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh-Hant"),
            ("zh-HK", "zh-Hant"),
            ("zh-CN,zh;q=0.9", "zh-Hans"),
            ("zh", "zh-Hans"),
            ("yue-HK,en;q=0.5", "en"),
            ("no,en;q=0.5", "nb"),
            ("no-NO", "nb"),
            ("nn-NO,nn;q=0.9,no;q=0.8,nb;q=0.7,en;q=0.6", "nb"),
            ("nb-NO", "nb"),
            ("pt-BR,pt;q=0.9", "pt"),
            ("pt-AO", "pt"),
            ("es-419,es;q=0.9", "es"),
            ("iw-IL", "he"),
            ("in-ID", "id"),
            ("mo", "ro"),
            ("ro-MD", "ro"),
            ("fa-AF", "fa"),
            // CLDR says of none of these that another language stands in for it.
            ("sr", "en"),
            ("sr-Latn", "en"),
            ("bs", "en"),
            ("bs-Cyrl", "en"),
            ("bs,hr;q=0.8", "hr"),
            ("be,ru;q=0.8", "ru"),
            ("ca,es;q=0.8", "es"),
            ("hi-Latn", "en"),
            ("uz-Arab", "en"),
            ("de-CH", "de"),
            ("gsw-CH,de;q=0.1", "de"),
            ("ms", "en"),
        ] {
            assert_eq!(choose(field, &offered, &default).as_str(), chosen, "{field}");
        }
    }

    proptest! {
        #[test]
        fn any_field_gets_a_language_on_offer(field in "\\PC{0,300}") {
            let (offered, default) = (tags("ar en ja zh-Hans zh-Hant"), "en".parse().unwrap());
            prop_assert!(offered.contains(choose(&field, &offered, &default)));
        }

        #[test]
        fn no_one_gets_chinese_in_a_script_not_asked_for(
            field in "(zh(-(Hans|Hant))?(-(TW|HK|MO|CN|SG))?(;q=0\\.[0-9]{1,3})?,){0,6}fr;q=0"
        ) {
            let (offered, default) = (tags("en zh-Hans zh-Hant"), "en".parse().unwrap());
            let chosen = choose(&field, &offered, &default);
            let mut scripts = weighted(&field).filter(|(_, weight)| *weight > 0);
            let asked = scripts.any(|(range, _)| Range::parse(range).unwrap().likely.script == chosen.script);
            prop_assert!(asked || *chosen == default);
        }
    }
}

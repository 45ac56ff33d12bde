//! What the header of an answer does to the page in it. A browser shows what the header says, not what the octets are: the signed page
//! as plain text, in another character set, under a style sheet of somebody else's, or as a file to be saved. None of that is what
//! was signed, so a field that brings it about is named.
//!
//! Fields that a page may well have, and that change nothing of what is shown, are nobody's concern here: caching, cookies, security
//! policies. A policy can take the page's style away, and can put nothing into its place.

use http::HeaderMap;
use http::header::{
    CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderName, LINK, LOCATION, REFRESH,
};

use crate::domain::excerpt;

/// The fields that an answer has once or not at all; of two, browsers take one or the other.
const ONCE: [HeaderName; 4] = [CONTENT_TYPE, CONTENT_LANGUAGE, CONTENT_ENCODING, CONTENT_DISPOSITION];

/// The relations of a `Link` for which a browser neither shows nor fetches anything: `blocked-by` of RFC 7725 section 4, and others
/// that only name another page. What is not among them (`stylesheet`, `preload`, `icon`, …) may change what is shown.
const HARMLESS_RELATIONS: [&str; 6] = ["alternate", "author", "blocked-by", "canonical", "describedby", "license"];

/// What is wrong with the header, in words that name the field; `None` when the page is shown as its octets are.
pub(super) fn fault(headers: &HeaderMap) -> Option<String> {
    let twice = ONCE.iter().find(|name| headers.get_all(*name).iter().count() > 1);
    twice
        .map(|name| format!("`{}` is there twice", written(name)))
        .or_else(|| sent_on(headers))
        .or_else(|| content_type(headers))
        .or_else(|| coding(headers))
        .or_else(|| disposition(headers))
        .or_else(|| links(headers))
}

/// Whether the body comes in a coding, so that its octets are not those of the page. None was asked for.
pub(super) fn is_coded(headers: &HeaderMap) -> bool {
    coding(headers).is_some()
}

/// As people write it: `Content-Type`.
fn written(name: &HeaderName) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    };
    name.as_str().split('-').map(word).collect::<Vec<_>>().join("-")
}

/// The value of a field, in characters that can be printed.
fn value(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// `Refresh` takes the visitor away from the page. `Location` does so in a redirect, and beside a page it can only mean that
/// somebody else's address is the right one.
fn sent_on(headers: &HeaderMap) -> Option<String> {
    let sends = |name: HeaderName| {
        headers.contains_key(&name).then(|| format!("the page sends its visitor on, with `{}`", written(&name)))
    };
    sends(REFRESH).or_else(|| sends(LOCATION))
}

/// HTML, in UTF-8 or in what the page says itself. Without a type browsers guess.
fn content_type(headers: &HeaderMap) -> Option<String> {
    let Some(text) = value(headers, &CONTENT_TYPE) else {
        return Some("there is no `Content-Type`, so browsers guess what the page is".to_owned());
    };
    let shown = |how: &str| Some(format!("`Content-Type: {}` shows the page {how}", excerpt(&text)));
    let lower = text.to_ascii_lowercase();
    let mut parts = lower.split(';').map(str::trim);
    if parts.next() != Some("text/html") {
        return shown("as something else than HTML");
    }
    let is_known = |part: &str| matches!(part, "" | "charset=utf-8" | "charset=\"utf-8\"");
    if parts.all(is_known) { None } else { shown("in another character set than UTF-8") }
}

/// What browsers undo is not looked at: the octets were asked for as they are (RFC 9110 section 12.5.3).
fn coding(headers: &HeaderMap) -> Option<String> {
    let text = value(headers, &CONTENT_ENCODING).filter(|text| !text.eq_ignore_ascii_case("identity"))?;
    let text = excerpt(&text);
    Some(format!("`Content-Encoding: {text}`, for which nobody asked: browsers show something else than these octets"))
}

/// RFC 6266 section 4.2: every type but `inline`, known or not, has the page saved and not shown.
fn disposition(headers: &HeaderMap) -> Option<String> {
    let text = value(headers, &CONTENT_DISPOSITION)?;
    let kind = text.split(';').next().unwrap_or_default().trim();
    let is_shown = kind.eq_ignore_ascii_case("inline");
    (!is_shown).then(|| format!("`Content-Disposition: {}` has the page saved and not shown", excerpt(&text)))
}

/// RFC 8288 section 3. What cannot be read is not taken for harmless.
fn links(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(LINK).iter();
    let texts = all.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let odd = texts.into_iter().find(|text| !are_harmless(text))?;
    Some(format!("`Link: {}` may change what is shown", excerpt(&odd)))
}

/// Whether every link of a field's value has relations, and only such as change nothing.
fn are_harmless(text: &str) -> bool {
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((_, after)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) else { return false };
        let end = end_of_link(after);
        let (parameters, next) = after.split_at_checked(end).unwrap_or((after, ""));
        if !has_harmless_relations(parameters) {
            return false;
        }
        rest = next.trim_start_matches(',').trim();
    }
    true
}

/// Where the next link begins: at the first comma that stands in no quotes.
fn end_of_link(text: &str) -> usize {
    let mut is_quoted = false;
    let end = text.char_indices().find(|(_, character)| {
        is_quoted ^= *character == '"';
        *character == ',' && !is_quoted
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// At least one `rel`, and nothing odd in any of them. A semicolon or an escape in quotes makes parts that are no relations, which
/// is refused.
fn has_harmless_relations(parameters: &str) -> bool {
    let lower = parameters.to_ascii_lowercase();
    let parts = lower.split(';').filter_map(|part| part.split_once('='));
    let relations: Vec<&str> =
        parts.filter(|(name, _)| name.trim().trim_end_matches('*') == "rel").map(|(_, value)| value.trim()).collect();
    let harmless = |value: &&str| {
        let words = value.trim_matches('"');
        !words.trim().is_empty() && words.split_ascii_whitespace().all(|word| HARMLESS_RELATIONS.contains(&word))
    };
    !relations.is_empty() && relations.iter().all(harmless)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn a_page_of_html_with_what_servers_add_is_shown_as_it_is() {
        let html = ("content-type", "text/html; charset=utf-8");
        for fields in [
            vec![html],
            vec![("content-type", "text/html")],
            vec![("content-type", "Text/HTML;charset=\"UTF-8\"")],
            vec![html, ("content-disposition", "inline; filename=notice.html"), ("content-encoding", "identity")],
            vec![html, ("link", "<https://police.example/>; rel=\"blocked-by\""), ("set-cookie", "a=b")],
            vec![
                html,
                ("link", "<https://a.example/,x>; title=\"a, b\"; rel=canonical, </de/>; rel=alternate; hreflang=de"),
            ],
            vec![html, ("content-security-policy", "default-src 'none'"), ("alt-svc", "clear"), ("link", "")],
        ] {
            assert_eq!(fault(&headers(&fields)), None, "{fields:?}");
        }
    }

    #[test]
    fn a_field_that_changes_what_is_shown_is_named() {
        for (name, value, said) in [
            ("content-type", "text/plain; charset=utf-8", "`Content-Type: text/plain"),
            ("content-type", "text/html; charset=utf-16", "another character set"),
            ("content-type", "text/html; charset=utf-8; charset=iso-2022-jp", "another character set"),
            ("content-type", "text/html, text/plain", "something else than HTML"),
            ("content-type", "application/xhtml+xml", "something else than HTML"),
            ("content-type", "", "something else than HTML"),
            ("content-encoding", "gzip", "`Content-Encoding: gzip`"),
            ("content-encoding", "gzip, gzip", "`Content-Encoding: gzip, gzip`"),
            ("content-encoding", "identity, br", "`Content-Encoding"),
            ("content-disposition", "attachment", "`Content-Disposition: attachment`"),
            ("content-disposition", "unheard-of", "saved and not shown"),
            ("content-disposition", "", "saved and not shown"),
            ("refresh", "5", "with `Refresh`"),
            ("location", "https://pay.example/", "with `Location`"),
            ("link", "<https://pay.example/a.css>; rel=stylesheet", "`Link: <https://pay.example/a.css>"),
            ("link", "</a>; rel=\"alternate stylesheet\"", "`Link: "),
            ("link", "</a>; rel=canonical, </b>; rel=preload; as=style", "`Link: "),
            ("link", "</a>; rel=canonical; rel=stylesheet", "`Link: "),
            ("link", "</a>; title=\"x; rel=canonical, y\"; rel=stylesheet", "`Link: "),
            ("link", "</a>; rel*=stylesheet", "`Link: "),
            ("link", "</a>", "`Link: "),
            ("link", "</a>; rel=\"\"", "`Link: "),
            ("link", "no link", "`Link: "),
        ] {
            let mut fields = headers(&[("content-type", "text/html")]);
            fields.insert(name, HeaderValue::from_str(value).unwrap());
            let found = fault(&fields).unwrap_or_default();
            assert!(found.contains(said), "{name}: {value}: {found}");
        }
        assert!(fault(&headers(&[])).unwrap().contains("no `Content-Type`"));
    }

    #[test]
    fn of_two_fields_nobody_knows_which_one_counts() {
        for name in ["content-type", "content-language", "content-encoding", "content-disposition"] {
            let mut fields = headers(&[("content-type", "text/html"), (name, "identity")]);
            fields.append(HeaderName::from_static(name), HeaderValue::from_static("identity"));
            assert!(fault(&fields).unwrap().ends_with(" is there twice"), "{name}");
        }
        let two = headers(&[("content-type", "text/html"), ("link", "</a>; rel=license"), ("link", "</b>; rel=icon")]);
        assert!(fault(&two).unwrap().contains("`Link: </b>; rel=icon`"));
    }

    proptest! {
        #[test]
        fn any_field_is_answered_and_a_style_sheet_is_never_harmless(before in "[ -~]{0,30}", after in "[ -~]{0,30}") {
            let value = |text: &str| HeaderValue::from_str(text).unwrap();
            let mut fields = HeaderMap::new();
            for name in [CONTENT_TYPE, CONTENT_ENCODING, CONTENT_DISPOSITION, LINK] {
                fields.insert(name, value(&before));
            }
            let _ = fault(&fields);
            // A link of its own, after whatever stands before it without quotes.
            prop_assume!(!before.contains(['"', '<', '>']));
            let field = format!("<{before}>; rel=license, <x>; rel=stylesheet{}", after.replace('"', ""));
            prop_assert!(!are_harmless(&field), "{}", field);
        }
    }
}

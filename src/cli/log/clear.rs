//! What of a person's words stands in the log in clear, for ever: only what has a form in which little can be said of people.

use std::net::{IpAddr, SocketAddr};

use crate::domain::{DomainName, OnionName};
use crate::playbook::Id;

/// The longest media type: two names of at most 127 characters (RFC 6838 section 4.2) are longer than any that is in use.
const MEDIA_MAX_BYTES: usize = 100;

/// The longest reference of an order to erase.
const ORDER_MAX_BYTES: usize = 64;

/// Why nothing else is written.
const FOR_EVER: &str = "it stands in the record for ever, and must not name a person";

/// A short name: a role, a step, an order of the playbook.
pub(super) fn short_name(what: &str, text: &str) -> Result<String, String> {
    match Id::parse(text) {
        Some(id) => Ok(id.to_string()),
        None => Err(format!(
            "{what} is a short name of at most {} of a-z, 0-9 and `-`, as in the playbook, such as `operator`: {FOR_EVER}",
            Id::CHARS_MAX
        )),
    }
}

/// An agency, by its domain.
pub(super) fn agency(text: &str) -> Result<String, String> {
    domain(text).ok_or_else(|| format!("an agency is named by its domain, such as `police.example`: {FOR_EVER}"))
}

/// What an entry is about, if it is a name, a server or a list; anything else may be about a person, and is sealed.
pub(super) fn target(text: &str) -> Option<String> {
    let onion = || text.parse::<OnionName>().ok().map(|name| name.to_string());
    let address = || text.parse::<IpAddr>().ok().map(|address| address.to_string());
    let server = || text.parse::<SocketAddr>().ok().map(|server| server.to_string());
    let list = || text.strip_prefix("list:").and_then(Id::parse).map(|id| format!("list:{id}"));
    onion().or_else(address).or_else(server).or_else(list).or_else(|| domain(text))
}

/// A domain name of more than one label: a single word may be anybody's name.
fn domain(text: &str) -> Option<String> {
    DomainName::parse(text).ok().map(|name| name.to_string()).filter(|name| name.contains('.'))
}

/// A media type: `type/subtype`, and at most one parameter (RFC 6838 section 4.2).
pub(super) fn media(text: &str) -> Result<String, String> {
    let token = |part: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
        !part.is_empty() && part.bytes().all(plain)
    };
    let pair = |text: &str, between| text.split_once(between).is_some_and(|(one, other)| token(one) && token(other));
    let (media, parameter) = text.split_once("; ").map_or((text, None), |(media, rest)| (media, Some(rest)));
    let good = text.len() <= MEDIA_MAX_BYTES && pair(media, '/') && parameter.is_none_or(|one| pair(one, '='));
    if good { Ok(text.to_owned()) } else { Err("a media type is such as `image/png`".to_owned()) }
}

/// The reference of an order to erase, as a court or authority gives it. Names of people have no digits.
pub(super) fn order(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-./:_".contains(&byte);
    let good =
        text.len() <= ORDER_MAX_BYTES && text.bytes().all(plain) && text.bytes().any(|byte| byte.is_ascii_digit());
    match good {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "the reference of an order is at most {ORDER_MAX_BYTES} of a-z, A-Z, 0-9 and `-./:_`, with a digit, such as \
             `12-Js-345/26`: {FOR_EVER}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_targets_stand_in_clear() {
        let onion = OnionName::of_key(&[7; 32]).to_string();
        for text in
            ["market.example", "192.0.2.1", "2001:db8::1", "192.0.2.1:443", "[2001:db8::1]:443", "list:dga", &onion]
        {
            assert_eq!(target(text).as_deref(), Some(text));
        }
        assert_eq!(target("Market.Example.").as_deref(), Some("market.example"));
        for text in
            ["Jane Doe, +49 170 123", "Jane", "list:Jane Doe", "site:Jane", "", "jane@mail.example", "+49170123"]
        {
            assert_eq!(target(text), None, "{text}");
        }
    }

    #[test]
    fn other_words_have_a_form_or_are_refused() {
        for text in ["Kommissar Max Muster", "", "-a", "LKA", "x".repeat(41).as_str()] {
            assert!(short_name("a role", text).unwrap_err().contains("must not name a person"), "{text}");
        }
        assert_eq!(short_name("a role", "liaison-2").as_deref(), Ok("liaison-2"));
        for text in ["Landeskriminalamt", "lka", "", "Max Muster", "192.0.2.1"] {
            assert!(agency(text).unwrap_err().contains("by its domain"), "{text}");
        }
        assert_eq!(agency("police.example").as_deref(), Ok("police.example"));
        for text in ["image/png", "text/plain; charset=utf-8", "application/vnd.tcpdump.pcap"] {
            assert_eq!(media(text).as_deref(), Ok(text));
        }
        for text in ["", "image", "image/", "Max Muster", "text/plain; by=Max Muster", "a/b/c"] {
            assert!(media(text).is_err(), "{text}");
        }
        for text in ["12-Js-345/26", "III.4:17_b"] {
            assert_eq!(order(text).as_deref(), Ok(text));
        }
        for text in ["", "Max", "Max Muster 1", "1".repeat(65).as_str()] {
            assert!(order(text).is_err(), "{text}");
        }
    }
}

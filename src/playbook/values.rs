//! The small values of a playbook: identifiers, references, times, durations, addresses, keys.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::time::Duration;

use toml::de::{DeTable, DeValue};

use crate::clock::UtcTime;
use crate::domain::{DomainError, DomainName, excerpt};
use crate::language::{LanguageError, LanguageTag};
use crate::signed_note::VerifierKey;

use super::Id;
use super::problem::{Code, Problems, suggest};
use super::source::Place;
use super::spec::{Moment, Placed};

/// A resolver without a port answers where all do (RFC 1035 section 4.2).
const DNS_PORT: u16 = 53;

/// The longest address that every browser takes.
const URL_MAX_CHARS: usize = 2000;

/// The most approvals, agencies or signatures that can be asked for; no operation has so many people.
const COUNT_MAX: u64 = 1000;

/// Nothing in an operation waits longer than a year.
const DURATION_MAX: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The names that the playbook defines, as they are written, so that a reference to something that has a mistake of its
/// own is not reported as a second mistake.
#[derive(Debug, Default)]
pub(super) struct Defined {
    names: BTreeMap<&'static str, BTreeSet<String>>,
    /// Keys in whose values something was mistaken and taken out, so that what is left may not be all.
    pub mistaken: BTreeSet<String>,
}

/// Tables whose elements are referred to, and the key that names them.
const DEFINING: [(&str, &str); 7] = [
    ("agency", "id"),
    ("order", "id"),
    ("notice", "id"),
    ("list", "id"),
    ("sinkhole", "id"),
    ("step", "id"),
    ("approver", "role"),
];

impl Defined {
    /// Collects the names from the file before anything is taken out of it.
    pub fn collect(table: &DeTable<'_>) -> Self {
        let of = |(kind, key): (&'static str, &str)| {
            let elements = table.get(kind).and_then(|value| value.get_ref().as_array());
            let names = elements.into_iter().flatten().filter_map(|element| text_at(element.get_ref(), key));
            (kind, names.map(str::to_owned).collect())
        };
        Self { names: DEFINING.into_iter().map(of).collect(), mistaken: BTreeSet::new() }
    }

    /// Follows a reference; `kind` is the table that defines the name.
    pub fn refer(&self, problems: &mut Problems, kind: &str, name: &Placed<String>) -> Option<Id> {
        let known = self.names.get(kind);
        if known.is_some_and(|known| known.contains(&name.value)) {
            // When this gives none, the definition was noted as malformed already.
            return Id::parse(name);
        }
        let what = if kind == "approver" { "approver in the role" } else { kind };
        let help = suggest(name, known.into_iter().flatten().map(String::as_str), &format!("add a [[{kind}]] table"));
        problems.add(Code::UnknownReference, name, format!("there is no {what} `{}`", excerpt(name)), help);
        None
    }

    /// Follows references; those that lead nowhere are noted and left out.
    pub fn refer_all(&self, problems: &mut Problems, kind: &str, names: &[Placed<String>]) -> Vec<Id> {
        names.iter().filter_map(|name| self.refer(problems, kind, name)).collect()
    }
}

fn text_at<'a>(value: &'a DeValue<'_>, key: &str) -> Option<&'a str> {
    value.as_table()?.get(key)?.get_ref().as_str()
}

/// A short name that is being defined.
pub(super) fn identifier(problems: &mut Problems, text: &Placed<String>) -> Option<Id> {
    let id = Id::parse(text);
    if id.is_none() {
        let help = format!("write lower-case letters, digits and inner hyphens, at most {}", Id::CHARS_MAX);
        problems.add(Code::Identifier, text, format!("`{}` is not a short name", excerpt(text)), help);
    }
    id
}

/// Notes every short name that stands twice.
pub(super) fn unique<'a>(problems: &mut Problems, kind: &str, names: impl Iterator<Item = &'a Placed<String>>) {
    let mut seen: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
    for name in names {
        if let Some(first) = seen.get(name.value.as_str()) {
            let message = format!("there is another {kind} `{}`", excerpt(name));
            let first = Place::new(super::SourceId::PLAYBOOK, first);
            problems.add(Code::DuplicateIdentifier, name, message, "give one of them another name");
            problems.also(first, "the first one");
        } else {
            seen.insert(&name.value, &name.span);
        }
    }
}

/// A moment in UTC.
pub(super) fn time(problems: &mut Problems, moment: &Placed<Moment>) -> Option<UtcTime> {
    moment_at(problems, &moment.value, &moment.span)
}

/// A moment in UTC whose place is known apart from it.
pub(super) fn moment_at(problems: &mut Problems, moment: &Moment, span: &Range<usize>) -> Option<UtcTime> {
    let text = moment.0.to_string();
    let time = text.parse().ok();
    if time.is_none() {
        let place = Place::new(super::SourceId::PLAYBOOK, span);
        let help = match text.parse::<jiff::Timestamp>() {
            Ok(instant) => format!("write {}", UtcTime::from_unix(instant.as_second())),
            Err(_) => "write a whole second in UTC that ends in Z: 2027-03-16T11:30:00Z".into(),
        };
        problems.add(Code::Time, place, format!("`{text}` is not a whole second in UTC"), help);
    }
    time
}

/// A duration: `90s`, `30m`, `2h`, `3d`.
pub(super) fn duration(problems: &mut Problems, text: &Placed<String>) -> Option<Duration> {
    let duration = parse_duration(text);
    if duration.is_none() {
        let message = format!("`{}` is not a duration", excerpt(text));
        problems.add(
            Code::Duration,
            text,
            message,
            "write a whole number and s, m, h or d: \"90s\", \"30m\", \"2h\", \"3d\"",
        );
    }
    duration
}

fn parse_duration(text: &str) -> Option<Duration> {
    let unit = text.chars().next_back()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return None,
    };
    let digits = text.strip_suffix(unit)?;
    let number: u64 = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
    let duration = Duration::from_secs(number.checked_mul(seconds)?);
    (number > 0 && duration <= DURATION_MAX).then_some(duration)
}

/// A number of approvals, agencies or signatures.
pub(super) fn count(problems: &mut Problems, number: Option<&Placed<u64>>, default: u64) -> Option<usize> {
    let value = number.map_or(default, |number| number.value);
    match number {
        Some(number) if value == 0 || value > COUNT_MAX => {
            let message = format!("`{value}` makes no sense here");
            problems.add(Code::Number, number, message, format!("write a number from 1 to {COUNT_MAX}"));
            None
        }
        _ => usize::try_from(value).ok(),
    }
}

/// An ISO 3166-1 alpha-2 code, by form.
pub(super) fn country(problems: &mut Problems, text: &Placed<String>) -> Option<String> {
    let good = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if !good {
        let message = format!("`{}` is not a country code", excerpt(text));
        problems.add(Code::Country, text, message, "write two capital letters (ISO 3166-1 alpha-2): NL, DE, JP");
    }
    good.then(|| text.value.clone())
}

/// A language tag.
pub(super) fn language(problems: &mut Problems, text: &Placed<String>) -> Option<LanguageTag> {
    let country = || format!("`{}` is the code of a country, and not of its language", excerpt(text));
    let (message, help) = match (text.parse::<LanguageTag>(), of_country(text)) {
        // CLDR knows every language in use; some of them have the code of a country that speaks another.
        (Ok(tag), meant) if meant.is_none() || tag.script().is_some() => return Some(tag),
        (Err(LanguageError::NotCanonical { canonical, .. }), Some(meant)) if !canonical.eq_ignore_ascii_case(text) => {
            (country(), format!("did you mean `{meant}`, or `{canonical}`?"))
        }
        (_, Some(meant)) => (country(), did_you_mean(meant)),
        (Err(error), None) => {
            let help = match &error {
                LanguageError::NotCanonical { canonical, .. } => format!("write {canonical}"),
                LanguageError::Form { .. } => "write a BCP 47 tag such as en, ja or zh-Hans".into(),
            };
            (error.to_string(), help)
        }
        // Taken above.
        (Ok(tag), None) => return Some(tag),
    };
    problems.add(Code::Language, text, message, help);
    None
}

/// Countries whose code is often written for their language, and is none or that of another.
const COUNTRIES: [(&str, &str); 13] = [
    ("cn", "zh-Hans"),
    ("cz", "cs"),
    ("dk", "da"),
    ("gr", "el"),
    ("il", "he"),
    ("in", "hi"),
    ("ir", "fa"),
    ("jp", "ja"),
    ("kr", "ko"),
    ("se", "sv"),
    ("tw", "zh-Hant"),
    ("ua", "uk"),
    ("vn", "vi"),
];

/// The language that is meant where somebody wrote the code of its country.
pub(super) fn of_country(text: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|(country, _)| text.eq_ignore_ascii_case(country)).map(|(_, language)| *language)
}

/// The help for that.
pub(super) fn did_you_mean(language: &str) -> String {
    format!("did you mean `{language}`?")
}

/// A text in several languages.
pub(super) fn in_languages(
    problems: &mut Problems,
    texts: &BTreeMap<Placed<String>, Placed<String>>,
) -> BTreeMap<LanguageTag, String> {
    texts.iter().filter_map(|(tag, text)| Some((language(problems, tag)?, text.value.clone()))).collect()
}

/// A domain name.
pub(super) fn domain(problems: &mut Problems, text: &Placed<String>) -> Option<DomainName> {
    let error = match DomainName::parse(text) {
        Ok(name) => return Some(name),
        Err(error) => error,
    };
    let (code, help) = match &error {
        DomainError::Onion { .. } => {
            (Code::OnionInDns, "onion services stand as targets with action = \"onion\", and in scope.names")
        }
        DomainError::Address { .. } => {
            (Code::Name, "write a name; a server is its own target: server = \"192.0.2.7:443\"")
        }
        _ => (Code::Name, "write a domain name such as shop.example"),
    };
    problems.add(code, text, error.to_string(), help);
    None
}

/// An IP address of a machine.
pub(super) fn address(problems: &mut Problems, text: &Placed<String>) -> Option<IpAddr> {
    match text.parse() {
        Ok(ip) if names_a_machine(ip) => Some(ip),
        Ok(ip) => refuse_address(problems, text, &format!("`{ip}` is not the address of one machine")),
        Err(_) => refuse_address(problems, text, &format!("`{}` is not an IP address", excerpt(text))),
    }
}

/// Addresses of which there must be one at least and none twice.
pub(super) fn addresses(problems: &mut Problems, texts: &Placed<Vec<Placed<String>>>) -> Vec<IpAddr> {
    if texts.is_empty() {
        problems.add(Code::Lacks, texts, "there is no address", "write at least one address: [\"192.0.2.7\"]");
    }
    let mut read = Vec::new();
    for text in texts.iter() {
        let Some(ip) = address(problems, text) else { continue };
        if read.contains(&ip) {
            problems.add(Code::Address, text, format!("`{ip}` stands here twice"), "remove one");
        }
        read.push(ip);
    }
    read
}

/// An address and port; the port may be left out when there is a usual one.
pub(super) fn socket(problems: &mut Problems, text: &Placed<String>) -> Option<SocketAddr> {
    match text.parse::<SocketAddr>() {
        Ok(socket) if socket.port() != 0 && names_a_machine(socket.ip()) => Some(socket),
        Ok(socket) => refuse_address(problems, text, &format!("`{socket}` is not the address of one machine")),
        Err(_) => refuse_address(problems, text, &format!("`{}` is not an address and port", excerpt(text))),
    }
}

/// A resolver: an address, or an address and port.
pub(super) fn resolver(problems: &mut Problems, text: &Placed<String>) -> Option<SocketAddr> {
    match text.parse::<IpAddr>() {
        Ok(_) => address(problems, text).map(|ip| SocketAddr::new(ip, DNS_PORT)),
        Err(_) => socket(problems, text),
    }
}

fn refuse_address<T>(problems: &mut Problems, text: &Placed<String>, message: &str) -> Option<T> {
    let help = "write an address such as 192.0.2.7 or 2001:db8::7; with a port 192.0.2.7:443 or [2001:db8::7]:443";
    problems.add(Code::Address, text, message, help);
    None
}

fn names_a_machine(ip: IpAddr) -> bool {
    !ip.is_unspecified() && !ip.is_multicast() && ip != IpAddr::V4(Ipv4Addr::BROADCAST)
}

/// An `https` address: its text, checked, and its host.
pub(super) fn https(problems: &mut Problems, text: &Placed<String>) -> Option<(String, DomainName)> {
    let host = host_of(text);
    if host.is_none() {
        let message = format!("`{}` is not an https address", excerpt(text));
        problems.add(
            Code::Url,
            text,
            message,
            "write https://, a host name and a path: https://police.example/notices",
        );
    }
    host.map(|host| (text.value.clone(), host))
}

/// Where a service is asked, over TLS or not: a host name or an IP address, a path, and no query.
pub(super) fn service(problems: &mut Problems, text: &Placed<String>) -> Option<String> {
    let plain = text.strip_prefix("http://").map(|rest| format!("https://{rest}"));
    let secured = plain.as_ref().unwrap_or(&text.value);
    let rest = secured.strip_prefix("https://").unwrap_or_default();
    let by_address = rest.split('/').next().is_some_and(is_address);
    if (host_of(secured).is_none() && !by_address) || text.contains(['?', '#']) {
        let message = format!("`{}` is not the address of a service", excerpt(text));
        problems.add(
            Code::Url,
            text,
            message,
            "write https://, a host name and a path: https://witness.court.example/",
        );
        return None;
    }
    Some(text.value.clone())
}

/// `192.0.2.1`, `192.0.2.1:8080`, `[2001:db8::1]` or `[2001:db8::1]:8080`.
fn is_address(authority: &str) -> bool {
    let bare = authority.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    authority.parse::<SocketAddr>().is_ok()
        || authority.parse::<Ipv4Addr>().is_ok()
        || bare.is_some_and(|bare| bare.parse::<std::net::Ipv6Addr>().is_ok())
}

fn host_of(text: &str) -> Option<DomainName> {
    let rest = text.strip_prefix("https://").filter(|_| text.len() <= URL_MAX_CHARS)?;
    // RFC 3986 section 2: what is not printed ASCII is written in percent form; quotation marks and brackets likewise.
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)) {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    port.parse::<u16>().ok().filter(|port| *port != 0)?;
    DomainName::parse(host).ok()
}

/// An e-mail address of the plain kind.
pub(super) fn email(problems: &mut Problems, text: &Placed<String>) -> Option<String> {
    // RFC 5321 section 4.5.3.1.1 gives the local part 64 octets; of its characters only those that need no quoting.
    let local_ok = |local: &str| {
        (1..=64).contains(&local.len())
            && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte))
    };
    let good = text.rsplit_once('@').is_some_and(|(local, host)| local_ok(local) && DomainName::parse(host).is_ok());
    if !good {
        let message = format!("`{}` is not an e-mail address", excerpt(text));
        problems.add(Code::Email, text, message, "write an address such as desk@police.example");
    }
    good.then(|| text.value.clone())
}

/// A public key, which must be named after the agency's domain.
pub(super) fn key(problems: &mut Problems, text: &Placed<String>, holder: Option<&DomainName>) -> Option<VerifierKey> {
    let key: VerifierKey = match text.parse() {
        Ok(key) => key,
        Err(error) => {
            problems.add(Code::Key, text, error.to_string(), "copy the line that `impound key show` prints");
            return None;
        }
    };
    let host = key.name().host();
    if let Some(domain) = holder.filter(|domain| domain.as_str() != host) {
        let message = format!("the key is named after `{}`, the agency's domain is `{domain}`", excerpt(host));
        problems.add(Code::KeyHost, text, message, format!("use a key whose name begins with {domain}/"));
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(text: &str) -> Placed<String> {
        Placed { value: text.to_owned(), span: 0..text.len() }
    }

    #[test]
    fn durations_have_one_number_and_one_unit() {
        for (text, seconds) in [("90s", 90), ("30m", 1800), ("2h", 7200), ("3d", 259_200), ("365d", 31_536_000)] {
            assert_eq!(parse_duration(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in [
            "",
            "s",
            "0s",
            "+1s",
            "1",
            "1.5h",
            "1 h",
            "366d",
            "99999999999999999999s",
            "18446744073709551615d",
            "1H",
            "1日",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn only_addresses_that_people_can_follow_are_shown_to_them() {
        for (text, host) in [
            ("https://police.example/a?b#c", "police.example"),
            ("https://police.example", "police.example"),
            ("https://police.example:8443/", "police.example"),
        ] {
            assert_eq!(host_of(text).unwrap().as_str(), host);
        }
        for text in [
            "http://police.example/",
            "https://",
            "https://192.0.2.1/",
            "https://police.example@evil.example/",
            "https://police.example:0/",
            "https://police.example/a b",
            "https://police.example/\"",
            "javascript:alert(1)",
        ] {
            assert_eq!(host_of(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_names_one_machine() {
        let problems = &mut Problems::default();
        for good in ["192.0.2.7", "2001:db8::7", "127.0.0.1"] {
            assert!(address(problems, &placed(good)).is_some(), "{good}");
        }
        for bad in [
            "",
            "192.0.2",
            "192.0.2.256",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
            "[::1]",
            "192.0.2.7:53",
        ] {
            assert!(address(problems, &placed(bad)).is_none(), "{bad}");
        }
        assert_eq!(resolver(problems, &placed("192.0.2.7")).unwrap().to_string(), "192.0.2.7:53");
        assert_eq!(resolver(problems, &placed("[2001:db8::7]:5353")).unwrap().to_string(), "[2001:db8::7]:5353");
        assert!(socket(problems, &placed("192.0.2.7:0")).is_none());
        assert!(socket(problems, &placed("192.0.2.7")).is_none());
    }

    #[test]
    fn mail_addresses_are_plain() {
        let problems = &mut Problems::default();
        assert!(email(problems, &placed("a.b+c@police.example")).is_some());
        for bad in
            ["", "@police.example", "a@", "a b@police.example", "a@b@", "a\"@police.example", "<a@police.example>"]
        {
            assert!(email(problems, &placed(bad)).is_none(), "{bad}");
        }
    }
}

//! Indicators: names, addresses and digests by which others find what an advisory speaks of.
//!
//! ```text
//! kind,value
//! address,203.0.113.7
//! domain,panel.example
//! onion,2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion
//! sha256,e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
//! ```
//!
//! A list has one form: this first line, the others sorted and each once, every line ended by a line feed. What people write is
//! taken in any order ([`Indicators::collect`]) and printed so.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde_json::Value;

use crate::digest::Digest;
use crate::domain::{DomainName, OnionName, excerpt};

/// The largest list that is read: more than a hundred thousand indicators.
pub const INDICATORS_MAX_BYTES: usize = 16 << 20;

const HEADER: &str = "kind,value";

/// One thing to look for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Indicator {
    /// An address on the network.
    Address(IpAddr),
    /// A name in the DNS.
    Domain(DomainName),
    /// An onion service.
    Onion(OnionName),
    /// The SHA-256 digest of a file.
    Sha256(Digest),
}

/// A list of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Indicators(BTreeSet<Indicator>);

/// A text is no list of indicators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndicatorsError {
    /// Larger than [`INDICATORS_MAX_BYTES`], or not text.
    #[error("it is not a text of at most {INDICATORS_MAX_BYTES} bytes")]
    NotText,
    /// A line that is no indicator.
    #[error("line {line}: `{text}` is not `address,IP`, `domain,NAME`, `onion,NAME` or `sha256,DIGEST`")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// Readable, but not in the one form.
    #[error("line {line} is not in its place or form: sorted, each once, as `impound notice advisory` writes them")]
    Form {
        /// Line number, from 1.
        line: usize,
    },
}

impl Indicators {
    /// Reads what a person has written: any order, empty lines, lines that start with `#`, with or without the first line.
    pub fn collect(bytes: &[u8]) -> Result<Self, IndicatorsError> {
        let text = text(bytes)?;
        let lines = text.lines().zip(1..).map(|(line, number)| (line.trim(), number));
        let lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#') && *line != HEADER);
        lines.map(indicator).collect::<Result<_, _>>().map(Self)
    }

    /// Reads a list; refuses whatever does not print to the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, IndicatorsError> {
        let text = text(bytes)?;
        let list = Self(text.lines().zip(1..).skip(1).map(indicator).collect::<Result<_, _>>()?);
        let printed = list.to_string();
        if printed == text {
            return Ok(list);
        }
        let same = text.split('\n').zip(printed.split('\n')).take_while(|(found, written)| found == written).count();
        Err(IndicatorsError::Form { line: same + 1 })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn text(bytes: &[u8]) -> Result<&str, IndicatorsError> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= INDICATORS_MAX_BYTES);
    text.ok_or(IndicatorsError::NotText)
}

fn indicator((text, line): (&str, usize)) -> Result<Indicator, IndicatorsError> {
    text.parse().map_err(|()| IndicatorsError::Line { line, text: excerpt(text) })
}

impl FromStr for Indicator {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(',').ok_or(())? {
            ("address", value) => value.parse().map(Self::Address).map_err(|_| ()),
            ("domain", value) => DomainName::parse(value).map(Self::Domain).map_err(|_| ()),
            ("onion", value) => value.parse().map(Self::Onion).map_err(|_| ()),
            ("sha256", value) => format!("sha256:{value}").parse().map(Self::Sha256).map_err(|_| ()),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Indicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => write!(f, "address,{address}"),
            Self::Domain(name) => write!(f, "domain,{name}"),
            Self::Onion(name) => write!(f, "onion,{name}"),
            Self::Sha256(digest) => write!(f, "sha256,{}", digest.hex()),
        }
    }
}

impl fmt::Display for Indicators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        self.0.iter().try_for_each(|one| writeln!(f, "{one}"))
    }
}

/// Everything in a text that reads as a host name, with the dots and schemes put back that people write so that nobody clicks
/// (`shop[.]example`, `hxxps://`): to see whether a text tells a name that must not be told.
fn hosts_in(text: &str) -> BTreeSet<String> {
    let text =
        ["[.]", "(.)", "{.}", "[dot]", "(dot)"].iter().fold(text.to_lowercase(), |text, dot| text.replace(dot, "."));
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '.'));
    let words = words.map(|word| word.trim_matches('.')).filter(|word| word.contains('.'));
    words.filter_map(host).collect()
}

/// The first of these names, or a name below one of them, that a JSON text tells: as it is written, and in any of its keys and
/// strings as they read, whatever escapes they are written with (RFC 8259 section 7). A string that holds JSON itself is read too.
/// What is no JSON is a text.
pub fn tells_in_json(names: &BTreeSet<String>, bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    tells(names, &text).or_else(|| tells_within(names, &text, NESTED_MAX))
}

/// How many texts within one another are read; nobody writes more by accident.
const NESTED_MAX: usize = 4;

fn tells_within(names: &BTreeSet<String>, text: &str, nested: usize) -> Option<String> {
    let mut open = vec![serde_json::from_str::<Value>(text).ok()?];
    while let Some(value) = open.pop() {
        let told = match value {
            Value::String(text) => tells(names, &text).or_else(|| {
                let deeper = nested.checked_sub(1).filter(|_| text.contains('\\'))?;
                tells_within(names, &text, deeper)
            }),
            Value::Object(members) => {
                let told = members.keys().find_map(|key| tells(names, key));
                open.extend(members.into_iter().map(|(_, value)| value));
                told
            }
            Value::Array(values) => {
                open.extend(values);
                None
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        };
        if told.is_some() {
            return told;
        }
    }
    None
}

/// The first of these names, or a name below one of them, that a text tells.
pub fn tells(names: &BTreeSet<String>, text: &str) -> Option<String> {
    let within = |host: &String| {
        let mut above = std::iter::successors(Some(host.as_str()), |name| name.split_once('.').map(|(_, above)| above));
        above.any(|name| names.contains(name))
    };
    hosts_in(text).into_iter().find(within)
}

fn host(word: &str) -> Option<String> {
    match word.parse::<OnionName>() {
        Ok(onion) => Some(onion.to_string()),
        Err(_) => DomainName::parse(word).ok().map(|name| name.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "kind,value\naddress,203.0.113.7\naddress,2001:db8::1\ndomain,panel.example\n\
                        sha256,e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n";

    #[test]
    fn a_list_has_one_form_and_is_collected_from_any() {
        let list = Indicators::parse(GOOD.as_bytes()).unwrap();
        assert_eq!((list.to_string(), list.len()), (GOOD.to_owned(), 4));
        let loose = "# ours\r\n\ndomain,PANEL.example.\naddress,2001:db8:0::1\ndomain,panel.example\naddress,203.0.113.7\n\
                     sha256,e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Indicators::collect(loose.as_bytes()).unwrap(), list);
        assert!(Indicators::parse(loose.as_bytes()).is_err());
        for bad in [
            "",
            "kind,value",
            "domain,a.example\n",
            "kind,value\nurl,https://a.example\n",
            "kind,value\ndomain,b.example\ndomain,a.example\n",
        ] {
            assert!(Indicators::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        let error = Indicators::collect(b"domain,a.example\nurl,x\n").unwrap_err();
        assert_eq!(error, IndicatorsError::Line { line: 2, text: "url,x".into() });
    }

    #[test]
    fn names_are_found_in_a_text_however_they_are_made_harmless() {
        let found =
            hosts_in("See hxxps://shop[.]example/a, (Forum.Example), b\u{fc}cher.example; and 192.0.2.1 or e.g. this.");
        for name in ["shop.example", "forum.example", "xn--bcher-kva.example"] {
            assert!(found.contains(name), "{name} in {found:?}");
        }
    }

    #[test]
    fn a_name_is_found_in_json_however_it_is_escaped() {
        let names = BTreeSet::from(["shop.example".to_owned()]);
        let told = |json: &str| tells_in_json(&names, json.as_bytes());
        for json in [
            r#"{"subject":"www.shop.example"}"#,
            r#"{"a":[{"b":"see \u0073hop\u002eexample"}]}"#,
            r#"{"\u0073hop.example":1}"#,
            r#"{"text":"{\"name\":\"\\u0073hop.example\"}"}"#,
            r#""\u0073hop[.]example""#,
            r#"not JSON, but shop.example"#,
        ] {
            assert!(told(json).is_some_and(|name| name.ends_with("shop.example")), "{json}");
        }
        for json in
            [r#"{"a":"\u0073hop.test"}"#, "{", "", r#"{"a":"\\u0073hop.example"}"#.replace("shop", "x").as_str()]
        {
            assert_eq!(told(json), None, "{json}");
        }
    }

    proptest! {
        #[test]
        fn names_are_looked_for_in_any_bytes_as_json(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _ = tells_in_json(&BTreeSet::new(), &bytes);
        }

        #[test]
        fn any_bytes_are_refused_or_print_to_themselves(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Indicators::collect(&bytes);
            if let Ok(list) = Indicators::parse(&bytes) {
                prop_assert_eq!(list.to_string().into_bytes(), bytes);
            }
        }

        #[test]
        fn a_list_with_a_piece_replaced_is_refused_or_prints_to_itself(
            at in 0usize..150, cut in 0usize..20, piece in "[ -~\n]{0,12}"
        ) {
            let mut text = GOOD.to_owned();
            let at = at.min(text.len());
            let end = (at + cut).min(text.len());
            text.replace_range(at..end, &piece);
            if let Ok(list) = Indicators::parse(text.as_bytes()) {
                prop_assert_eq!(list.to_string(), text);
            }
        }

        #[test]
        fn names_are_looked_for_in_any_text(text in "\\PC{0,80}") {
            let _ = hosts_in(&text);
        }
    }
}

//! Editions for the tests of this module.

use super::{Options, Splash};
use crate::domain::OnionName;
use crate::notice::Edition;

pub const STYLE: &str = "p{color:#000}";

pub fn onion() -> String {
    OnionName::of_key(&[7; 32]).as_str().to_owned()
}

pub fn page(language: &str, text: &str) -> Vec<u8> {
    let filler = "<p>Seized under a court order.</p>\n".repeat(40);
    format!("<!doctype html><html lang=\"{language}\"><style>{STYLE}</style><h1>{text}</h1>\n{filler}</html>\n").into()
}

fn edition(id: &str, status: u16, languages: &[&str], hosts: &[&str]) -> Edition {
    Edition {
        id: id.to_owned(),
        status,
        default_language: "en".parse().unwrap(),
        pages: languages.iter().map(|language| (language.parse().unwrap(), page(language, id))).collect(),
        kit: [("notice.txt", "the notice\n"), ("keys/allowed_signers", "police.example\n"), ("a.json", "{}\n")]
            .into_iter()
            .map(|(file, text)| (file.to_owned(), text.into()))
            .collect(),
        security_txt: b"Contact: mailto:appeal@police.example\n".to_vec(),
        hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        subdomains_of: Vec::new(),
        release: None,
    }
}

/// Two editions: one with 451 in five languages for `shop.example`, all below it and an onion service; one with 200.
pub fn editions() -> Vec<Edition> {
    let mut first = edition(
        "op/first/1",
        451,
        &["ar", "en", "ja", "zh-Hans", "zh-Hant"],
        &["shop.example", "xn--bcher-kva.example", &onion()],
    );
    first.subdomains_of = vec!["shop.example".parse().unwrap()];
    vec![first, edition("op/second/1", 200, &["en"], &["plain.test"])]
}

pub fn splash(options: Options) -> Splash {
    Splash::new(&editions(), None, options).unwrap()
}

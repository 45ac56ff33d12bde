//! Editions for the tests of this module.

use std::sync::Arc;

use super::{Options, Splash};
use crate::domain::OnionName;
use crate::notice::{Edition, Names};

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
        names: Arc::new(Names { hosts: hosts.iter().map(|host| (*host).to_owned()).collect(), ..Names::default() }),
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
    let hosts = first.names.hosts.clone();
    first.names = Arc::new(Names { hosts, subdomains: true, sealed: None });
    vec![first, edition("op/second/1", 200, &["en"], &["plain.test"])]
}

pub fn splash(options: Options) -> Splash {
    Splash::new(&editions(), None, options).unwrap()
}

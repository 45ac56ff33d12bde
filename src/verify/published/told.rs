//! What hosts publish of their keys, told to people and to programs.

use serde_json::{Value, json};

use super::{Channel, DnsSays, PublishedKeys, VouchedBy, WebSays};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::keyring::{KEYS_LABEL, VerifiedKeyList, roots_fingerprint};

impl VouchedBy {
    /// In words.
    fn in_words(&self) -> &'static str {
        match self {
            Self::Roots(_) => "the roots that were given",
            Self::Fingerprint(_) => "the fingerprint that was given",
            Self::Since(_) => "the key list that was believed before",
            Self::Nobody => "nobody: neither a site nor the DNS proves whose keys these are",
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Roots(_) => "roots",
            Self::Fingerprint(_) => "fingerprint",
            Self::Since(_) => "since",
            Self::Nobody => "nobody",
        }
    }
}

impl Channel {
    /// What was found, as rows: what it is about and what is said.
    fn rows(&self) -> Vec<(&'static str, String)> {
        let host = &self.host;
        let web = match &self.web {
            Ok(says) => format!("{host} shows key list {}, roots {}", says.newest, says.roots),
            Err(error) => format!("{host} gave no key list: {error}"),
        };
        let missing = self.web.as_ref().ok().and_then(|says| says.missing.as_ref());
        let missing = missing.map(|(number, why)| ("", format!("key list {number} could not be had: {why}")));
        let dns = match &self.dns {
            DnsSays::Roots(named) => {
                let named: Vec<_> = named.iter().map(ToString::to_string).collect();
                format!("{KEYS_LABEL}.{host} names roots {}", named.join(" and "))
            }
            DnsSays::Unclear => format!("the record at {KEYS_LABEL}.{host} cannot be understood"),
            DnsSays::Nothing => format!("there is no record at {KEYS_LABEL}.{host}"),
            DnsSays::Unknown(why) => format!("{KEYS_LABEL}.{host} is unknown: {why}"),
        };
        std::iter::once(("web", web)).chain(missing).chain([("dns", dns)]).collect()
    }

    fn to_json(&self) -> Value {
        let web = match &self.web {
            Ok(WebSays { newest, roots, missing }) => {
                let missing = missing.as_ref().map(|(number, why)| json!({"list": number, "why": why.to_string()}));
                json!({"list": newest, "roots": roots, "missing": missing})
            }
            Err(error) => json!({"unknown": error.to_string()}),
        };
        let dns = match &self.dns {
            DnsSays::Roots(roots) => json!({"roots": roots}),
            DnsSays::Unclear => json!({"unknown": "the record cannot be understood"}),
            DnsSays::Nothing => json!({"roots": []}),
            DnsSays::Unknown(why) => json!({"unknown": why}),
        };
        json!({"host": self.host, "web": web, "dns": dns})
    }
}

impl PublishedKeys {
    /// What was found and what it amounts to, as rows for people.
    pub fn rows(&self, newest: Option<&VerifiedKeyList>, now: UtcTime) -> Vec<(&'static str, String)> {
        let mut rows: Vec<_> = self.channels.iter().flat_map(Channel::rows).collect();
        if let Some(newest) = newest {
            let roots = roots_fingerprint(&newest.list().roots);
            rows.push(("agree", self.agreement(roots)));
            rows.push(("vouched", format!("by {}", self.by.in_words())));
            rows.extend(self.doubt(newest, now).map(|doubt| ("doubt", doubt)));
        }
        rows
    }

    /// How site and zone stand to each other. DNSSEC is never checked here, so that is always said.
    fn agreement(&self, roots: Digest) -> String {
        let said: Vec<bool> = self.channels.iter().filter_map(|channel| channel.agrees(roots)).collect();
        let agree = match (said.is_empty(), said.contains(&false)) {
            (true, _) => "unknown: the DNS says nothing that could be compared",
            (false, true) => "no: the DNS names other roots",
            (false, false) => "yes: the DNS names the roots of the newest list",
        };
        format!("{agree}; whether its answer is genuine (DNSSEC) is unknown, for that was not checked")
    }

    /// The same as JSON: `hosts`, `agree`, `dnssec`, `vouched_by`, and of the newest list `list`, `roots` and `doubt`.
    pub fn to_json(&self, newest: Option<&VerifiedKeyList>, now: UtcTime) -> Value {
        let roots = newest.map(|newest| roots_fingerprint(&newest.list().roots));
        let said: Vec<bool> =
            roots.into_iter().flat_map(|roots| self.channels.iter().filter_map(move |one| one.agrees(roots))).collect();
        json!({
            "hosts": self.channels.iter().map(Channel::to_json).collect::<Vec<_>>(),
            "agree": (!said.is_empty()).then(|| !said.contains(&false)),
            "dnssec": "unknown",
            "vouched_by": self.by.code(),
            "list": newest.map(|newest| newest.list().version),
            "roots": roots,
            "doubt": newest.and_then(|newest| self.doubt(newest, now)),
        })
    }
}

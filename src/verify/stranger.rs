//! A name that nobody ordered, pointed at our notice hosts. It must get nothing: a banner for a name that no order covers
//! says that the police did something which they did not do.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use http::StatusCode;

use super::headers;
use super::report::{Check, CheckLine, JSON_VERSION, Report, Verdict, verdict_wire};
use super::visitor::{NOTE_LIMITS, exhibits_of};
use crate::check::{Exhibit, Eyes};
use crate::digest::Digest;
use crate::domain::DomainName;
use crate::notice::{KIT_PATH, NOTICE_NOTE};
use crate::observe::{Observation, Page, Scheme, Unknown, Visit, WEB_LIMITS, visit};
use crate::signed_note::Note;

/// Who comes to which doors.
#[derive(Debug, Clone, Copy)]
pub struct Stranger<'a> {
    /// A name that no order covers.
    pub host: &'a DomainName,
    /// Where our host takes plain HTTP.
    pub http: SocketAddr,
    /// Where our host takes TLS.
    pub https: SocketAddr,
    /// The pages that it shows to those whom it knows; none of them may be shown to a stranger under any status.
    pub pages: &'a BTreeSet<Digest>,
}

/// What the stranger got, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnedAway {
    /// The name.
    pub host: DomainName,
    /// The judgement; its verdict is [`Verdict::TurnedAway`] or says why not.
    pub report: Report,
    /// The start page over plain HTTP.
    pub page: Observation<Page>,
    /// The kit over plain HTTP.
    pub kit: Observation<Page>,
    /// The start page over TLS.
    pub tls: Observation<Page>,
}

impl TurnedAway {
    /// Whether the stranger got nothing.
    pub fn is_turned_away(&self) -> bool {
        self.report.is_good()
    }

    /// One line: name and verdict.
    pub fn summary(&self) -> String {
        format!("{}: {}", self.host, self.report.verdict)
    }

    /// What belongs into the log.
    pub fn exhibits(&self) -> Vec<Exhibit> {
        let judgement = serde_json::json!({
            "version": JSON_VERSION,
            "stranger": self.host,
            "verdict": verdict_wire(&self.report.verdict),
            "report": self.report.to_json(),
        });
        let seen = [("http-page", &self.page), ("http-kit", &self.kit), ("tls", &self.tls)];
        let seen = seen.map(|(label, seen)| (label.to_owned(), "application/octet-stream", seen));
        exhibits_of(&judgement, seen.into_iter())
    }
}

/// Comes to our doors under a strange name. It is turned away when plain HTTP answers 421 or 404 without any of our pages
/// or our kit, and TLS ends the handshake.
pub async fn stranger(eyes: &Eyes, who: Stranger<'_>) -> TurnedAway {
    let (network, clock) = (&eyes.network, &*eyes.clock);
    let plain = Visit::new(Scheme::Http, who.host, who.http);
    // The path is a constant in the form of paths.
    let kit = plain.clone().path(&format!("{KIT_PATH}{NOTICE_NOTE}")).unwrap_or_else(|_| plain.clone());
    let page = visit(network, clock, plain, WEB_LIMITS).await;
    let kit = visit(network, clock, kit, NOTE_LIMITS).await;
    let tls = visit(network, clock, Visit::new(Scheme::Https, who.host, who.https), WEB_LIMITS).await;
    let lines = vec![
        refused(Check::StrangePage, &page, |body| who.pages.contains(&Digest::of(body)).then_some("our page")),
        refused(Check::StrangeKit, &kit, |body| Note::parse(body).is_ok().then_some("a signed note")),
        no_session(&tls),
    ];
    let report = Report::of(lines, Verdict::TurnedAway, None);
    TurnedAway { host: who.host.clone(), report, page, kit, tls }
}

/// RFC 9110 section 15.5.20: 421 says that this server does not answer for the name.
fn refused(check: Check, seen: &Observation<Page>, ours: impl Fn(&[u8]) -> Option<&'static str>) -> CheckLine {
    let page = match &seen.outcome {
        Ok(page) => page,
        Err(why) => return CheckLine::not_checked(check, why.to_string()),
    };
    if !matches!(page.status, StatusCode::MISDIRECTED_REQUEST | StatusCode::NOT_FOUND) {
        let what = format!("status {} over plain HTTP", page.status);
        return CheckLine::fail(check, Verdict::Answered { what: what.clone() }, what);
    }
    if headers::is_coded(&page.headers) {
        return CheckLine::not_checked(
            check,
            format!("status {}, with a body in a coding that was not asked for", page.status),
        );
    }
    match ours(&seen.raw) {
        Some(what) => {
            let what = format!("{what} under status {}", page.status);
            CheckLine::fail(check, Verdict::Answered { what: what.clone() }, what)
        }
        None => CheckLine::pass(check, format!("status {}", page.status)),
    }
}

/// A certificate that we refuse is an answer all the same: a browser shows its owner to the visitor.
fn no_session(seen: &Observation<Page>) -> CheckLine {
    match &seen.outcome {
        Err(Unknown::Tls(why)) if why.is_refusal_by_server() => CheckLine::pass(Check::StrangeTls, why.to_string()),
        Err(Unknown::Tls(why)) => {
            let what = format!("a TLS handshake ({why})");
            CheckLine::fail(Check::StrangeTls, Verdict::Answered { what }, why.to_string())
        }
        Ok(page) => {
            let what = format!("a TLS session and status {}", page.status);
            CheckLine::fail(Check::StrangeTls, Verdict::Answered { what: what.clone() }, what)
        }
        Err(why) => CheckLine::not_checked(Check::StrangeTls, why.to_string()),
    }
}

#[cfg(test)]
mod tests;

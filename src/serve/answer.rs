//! From a request to one of the finished responses. Pure: look-ups and nothing else.

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_LENGTH, ETAG, HOST, HeaderName, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use http_body_util::Full;

use super::content::{Finished, Page, Showing, Site};
use super::encoding::Encoding;
use super::hosts::{HostError, HostName};
use crate::language::{self, LanguageTag};
use crate::notice::KIT_PATH;

/// How a request came in.
#[derive(Debug, Clone)]
pub enum Door {
    /// Without TLS.
    Plain,
    /// Over TLS, with the host that the client named in its handshake.
    Tls(Box<HostName>),
}

/// Why a request is not answered with anything of ours.
enum Stray {
    /// No host, several, or a malformed one (RFC 9112 section 3.2).
    BadRequest,
    /// A host that is not ours, or not by this door (RFC 9110 section 15.5.20).
    Misdirected,
}

/// Finds the response.
pub fn answer<B>(site: &Site, door: &Door, request: &Request<B>) -> Response<Full<Bytes>> {
    let is_head = request.method() == Method::HEAD;
    match showing(site, door, request) {
        Err(Stray::BadRequest) => send(&site.bad_request, is_head),
        Err(Stray::Misdirected) => send(&site.misdirected, is_head),
        Ok(showing) => route(site, showing, door, request),
    }
}

fn showing<'a, B>(site: &'a Site, door: &Door, request: &Request<B>) -> Result<&'a Showing, Stray> {
    let host = named_host(request)?;
    if !is_right_door(door, &host, request.uri()) {
        return Err(Stray::Misdirected);
    }
    site.hosts.find(&host).and_then(|edition| site.showing(edition)).ok_or(Stray::Misdirected)
}

/// The one host that a request names, in its target or its `Host` field; where both do they must agree
/// (RFC 9112 section 3.2.2 would let the target win; RFC 9113 section 8.3.1 calls a difference malformed, and so do we).
fn named_host<B>(request: &Request<B>) -> Result<HostName, Stray> {
    let mut fields = request.headers().get_all(HOST).iter();
    let (field, second) = (fields.next(), fields.next());
    let may_be_missing = request.version() != Version::HTTP_11;
    if second.is_some() || (field.is_none() && !may_be_missing) {
        return Err(Stray::BadRequest);
    }
    let parse = |text: &[u8]| {
        HostName::parse(text).map_err(|error| match error {
            HostError::Malformed => Stray::BadRequest,
            HostError::Address => Stray::Misdirected,
        })
    };
    let field = field.map(|field| parse(field.as_bytes())).transpose()?;
    let target = request.uri().authority().map(|authority| parse(authority.as_str().as_bytes())).transpose()?;
    match (target, field) {
        (Some(target), Some(field)) if target != field => Err(Stray::BadRequest),
        (target, field) => target.or(field).ok_or(Stray::BadRequest),
    }
}

/// Whether the scheme and the host fit the way the request came.
fn is_right_door(door: &Door, host: &HostName, uri: &Uri) -> bool {
    match door {
        // RFC 9110 section 7.4: an https target is refused where it was not secured.
        Door::Plain => matches!(uri.scheme_str(), None | Some("http")),
        // A connection is for the host that its handshake named, and no certificate is for an onion service.
        Door::Tls(name) => matches!(uri.scheme_str(), None | Some("https")) && **name == *host && !host.is_onion(),
    }
}

fn route<B>(site: &Site, showing: &Showing, door: &Door, request: &Request<B>) -> Response<Full<Bytes>> {
    let headers = request.headers();
    let is_head = request.method() == Method::HEAD;
    let encoding = Encoding::choose(field(headers, ACCEPT_ENCODING));
    if !is_head && request.method() != Method::GET {
        return page(showing, "/", headers, |page| send_page(site, door, page.not_allowed(encoding), false));
    }
    let path = request.uri().path();
    // Service Workers section "Update": the script of the seized site's worker, whatever its path was.
    if headers.get("service-worker").is_some_and(|value| value == "script") {
        return send(&site.worker, is_head);
    }
    match fixed(site, showing, path) {
        Some(finished) if is_unchanged(finished, headers) => not_modified(site, finished),
        Some(finished) => send(finished, is_head),
        None => page(showing, path, headers, |page| match page.shown(encoding) {
            finished if is_unchanged(finished, headers) => not_modified(site, finished),
            finished => send_page(site, door, finished, is_head),
        }),
    }
}

/// What stands at a path of its own. Everything else is the notice: a seized site has years of deep links.
fn fixed<'a>(site: &'a Site, showing: &'a Showing, path: &str) -> Option<&'a Finished> {
    match path {
        "/robots.txt" => Some(&site.robots),
        "/favicon.ico" => Some(&site.favicon),
        "/.well-known/security.txt" => Some(&showing.security_txt),
        _ if path == KIT_PATH || Some(path) == KIT_PATH.strip_suffix('/') => Some(&showing.kit_index),
        _ => {
            let file = path.strip_prefix(KIT_PATH).and_then(|file| showing.kit.get(file));
            // RFC 8615: programs ask here and take a page for an answer; nobody links there.
            file.or_else(|| path.starts_with("/.well-known/").then_some(&site.not_found))
        }
    }
}

/// The page in the language of the path, else in the one that the visitor asks for.
fn page(
    showing: &Showing,
    path: &str,
    headers: &HeaderMap,
    send: impl FnOnce(&Page) -> Response<Full<Bytes>>,
) -> Response<Full<Bytes>> {
    let language = fixed_language(showing, path).unwrap_or_else(|| {
        language::choose(field(headers, ACCEPT_LANGUAGE), &showing.languages, &showing.default_language)
    });
    // Every language on offer has a page, by construction; an empty response would be the honest answer if not.
    showing.page(language).map_or_else(Response::default, send)
}

/// `/ja`, `/ja/` or `/ja/index.html`.
fn fixed_language<'a>(showing: &'a Showing, path: &str) -> Option<&'a LanguageTag> {
    let path = path.strip_prefix('/')?;
    let tag = path.strip_suffix("/index.html").or_else(|| path.strip_suffix('/')).unwrap_or(path);
    showing.languages.iter().find(|language| language.as_str() == tag)
}

/// The first field of a name as text; anything else counts as not said.
fn field(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// RFC 9110 section 13.1.2. Only where the answer would be a success (section 13.2.1), so never for a 451.
fn is_unchanged(finished: &Finished, headers: &HeaderMap) -> bool {
    let Some(tag) = finished.headers.get(ETAG).and_then(|tag| tag.to_str().ok()) else { return false };
    finished.status == StatusCode::OK
        && headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|list| {
            list.split(',').map(str::trim).any(|item| item == "*" || item.strip_prefix("W/").unwrap_or(item) == tag)
        })
}

/// RFC 9110 section 15.4.5: the same fields, no content and nothing said of its length.
fn not_modified(site: &Site, finished: &Finished) -> Response<Full<Bytes>> {
    site.not_modified.count();
    let mut response = respond(StatusCode::NOT_MODIFIED, finished.headers.clone(), Bytes::new());
    response.headers_mut().remove(CONTENT_LENGTH);
    response
}

fn send(finished: &Finished, is_head: bool) -> Response<Full<Bytes>> {
    finished.counter.count();
    let body = if is_head { Bytes::new() } else { finished.body.clone() };
    respond(finished.status, finished.headers.clone(), body)
}

/// A page over TLS also clears what the seized site left in the browser, and its other addresses (RFC 7838 section 3).
fn send_page(site: &Site, door: &Door, finished: &Finished, is_head: bool) -> Response<Full<Bytes>> {
    let mut response = send(finished, is_head);
    if matches!(door, Door::Tls(_)) {
        let headers = response.headers_mut();
        headers.insert("alt-svc", HeaderValue::from_static("clear"));
        if site.clear_site_data {
            headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
        }
    }
    response
}

fn respond(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

//! One response with its fields, ready to be sent.

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::tally::Counter;
use crate::digest::Digest;

/// Plain text.
pub const TEXT: &str = "text/plain; charset=utf-8";
/// A page.
pub const HTML: &str = "text/html; charset=utf-8";

/// What takes the place of a seized site's service worker, which otherwise goes on showing the old site from its cache: it
/// empties the caches, signs itself off, and loads the open pages again, now from here.
const WORKER: &str = "\
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil((async () => {
  for (const key of await caches.keys()) await caches.delete(key);
  await self.registration.unregister();
  for (const client of await self.clients.matchAll({ type: 'window' })) await client.navigate(client.url);
})()));
";

/// One response, ready to be sent.
#[derive(Debug)]
pub struct Finished {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub counter: Counter,
}

/// 405 with the notice in its body: somebody who sent a form to the seized site reads the same as everyone else.
pub fn not_allowed(page: &Finished, counter: Counter) -> Finished {
    let mut headers = page.headers.clone();
    headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    headers.remove(ETAG);
    Finished { status: StatusCode::METHOD_NOT_ALLOWED, headers, body: page.body.clone(), counter }
}

/// A response with what all have.
pub fn plain(status: StatusCode, media: &'static str, body: Bytes, counter: Counter) -> Finished {
    let mut headers = common();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    put(&mut headers, CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
    put(&mut headers, ETAG, &entity_tag(&body));
    Finished { status, headers, body, counter }
}

/// RFC 9110 section 15.3.5: no content, and so no length and no type.
pub fn empty(counter: Counter) -> Finished {
    Finished { status: StatusCode::NO_CONTENT, headers: common(), body: Bytes::new(), counter }
}

pub fn worker(counter: Counter) -> Finished {
    let body = Bytes::from_static(WORKER.as_bytes());
    let mut worker = plain(StatusCode::OK, "text/javascript; charset=utf-8", body, counter);
    // The old worker may have had a wider scope than its path; without this its update would be refused.
    let allowed = HeaderName::from_static("service-worker-allowed");
    worker.headers.insert(allowed, HeaderValue::from_static("/"));
    worker
}

/// There is no `Strict-Transport-Security` here: it would outlive the seizure and bind the site that gets its name back.
fn common() -> HeaderMap {
    let mut headers = HeaderMap::new();
    // RFC 7725 section 3 lets caches keep a 451. A court may order a name back at once; nobody may go on seeing the notice.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers
}

/// What goes in is ASCII that we wrote or checked; were it not, the header would be missing and the page still shown.
pub fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// RFC 9110 section 8.8.3, strong: half of the SHA-256 of exactly these octets.
fn entity_tag(body: &[u8]) -> String {
    let digits = Digest::of(body).hex();
    format!("\"{}\"", digits.get(..32).unwrap_or(&digits))
}

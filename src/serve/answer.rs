//! From a request to one of the finished responses. Pure: look-ups and nothing else.

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_LENGTH, ETAG, HOST, HeaderName, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use http_body_util::Full;

use super::content::{Page, Showing, Site};
use super::encoding::Encoding;
use super::finished::Finished;
use super::hosts::{HostError, HostName};
use crate::language::{self, LanguageTag};
use crate::notice::{COVERAGE_PROOF, KIT_PATH};

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
        Ok((host, showing)) => match proof(showing, &host, request) {
            Some(finished) => send(&finished, is_head),
            None => route(site, showing, door, request),
        },
    }
}

/// The proof that this host is covered, if that is what is asked for and the notice has one.
fn proof<B>(showing: &Showing, host: &HostName, request: &Request<B>) -> Option<Finished> {
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    let asked = request.uri().path().strip_prefix(KIT_PATH) == Some(COVERAGE_PROOF);
    (is_read && asked).then(|| showing.coverage_proof(host)).flatten()
}

fn showing<'a, B>(site: &'a Site, door: &Door, request: &Request<B>) -> Result<(HostName, &'a Showing), Stray> {
    let host = named_host(request)?;
    if !is_right_door(door, &host, request.uri()) {
        return Err(Stray::Misdirected);
    }
    let showing = site.hosts.find(&host).and_then(|edition| site.showing(edition)).ok_or(Stray::Misdirected)?;
    Ok((host, showing))
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
    match fixed(site, showing, path, headers) {
        Some(finished) if is_unchanged(finished, headers) => not_modified(site, finished),
        Some(finished) => send(finished, is_head),
        None => page(showing, path, headers, |page| match page.shown(encoding) {
            finished if is_unchanged(finished, headers) => not_modified(site, finished),
            finished => send_page(site, door, finished, is_head),
        }),
    }
}

/// What stands at a path of its own. Everything else is the notice: a seized site has years of deep links.
fn fixed<'a>(site: &'a Site, showing: &'a Showing, path: &str, headers: &HeaderMap) -> Option<&'a Finished> {
    match path {
        "/robots.txt" => Some(&site.robots),
        "/favicon.ico" => Some(&site.favicon),
        "/.well-known/security.txt" => Some(&showing.security_txt),
        _ if path == KIT_PATH || Some(path) == KIT_PATH.strip_suffix('/') => {
            showing.kit_index(asked_language(showing, headers))
        }
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
    let language = fixed_language(&showing.languages, path).unwrap_or_else(|| asked_language(showing, headers));
    // Every language on offer has a page, by construction; an empty response would be the honest answer if not.
    showing.page(language).map_or_else(Response::default, send)
}

fn asked_language<'a>(showing: &'a Showing, headers: &HeaderMap) -> &'a LanguageTag {
    language::choose(field(headers, ACCEPT_LANGUAGE), &showing.languages, &showing.default_language)
}

/// The language that a path says: `/ja`, `/ja/` or `/ja/index.html`.
pub fn fixed_language<'a>(offered: impl IntoIterator<Item = &'a LanguageTag>, path: &str) -> Option<&'a LanguageTag> {
    let path = path.strip_prefix('/')?;
    let tag = path.strip_suffix("/index.html").or_else(|| path.strip_suffix('/')).unwrap_or(path);
    offered.into_iter().find(|language| language.as_str() == tag)
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

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;
    use proptest::prelude::*;

    use super::super::encoding::tests::decode;
    use super::super::sample::{STYLE, editions, onion};
    use super::super::tally::Tally;
    use super::super::{Options, sample};
    use super::*;
    use crate::coverage::{CoverageProof, SealedNames, Seed};
    use crate::digest::Digest;
    use crate::domain::HostList;
    use crate::notice::Names;

    fn site() -> Site {
        let options = Options { blocked_by: Some("https://police.example/".to_owned()), ..Options::default() };
        Site::prepare(&editions(), &options, &Tally::default()).unwrap()
    }

    fn request(method: &str, target: &str, headers: &[(&str, &str)]) -> Request<()> {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap()
    }

    fn body(response: Response<Full<Bytes>>) -> Vec<u8> {
        let collected = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(response.collect());
        collected.unwrap().to_bytes().to_vec()
    }

    fn header<'a>(response: &'a Response<Full<Bytes>>, name: &str) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn tls(name: &str) -> Door {
        Door::Tls(Box::new(HostName::parse(name.as_bytes()).unwrap()))
    }

    #[test]
    fn each_of_thousands_of_sealed_names_has_the_notice_its_kit_and_its_own_proof_and_no_other_name_has_anything() {
        let hosts: HostList = (0..5000).map(|nth| format!("sealed-{nth}.example")).collect();
        let sealed = std::sync::Arc::new(SealedNames::seal(Seed::generate().unwrap(), hosts.iter()).unwrap());
        let seal = sealed.stated();
        let mut edition = editions().remove(0);
        edition.names = std::sync::Arc::new(Names { hosts, subdomains: false, sealed: Some(sealed) });
        let site = Site::prepare(&[edition], &Options::default(), &Tally::default()).unwrap();
        let ask = |host: &str, path: &str| answer(&site, &Door::Plain, &request("GET", path, &[("host", host)]));
        let proof_at = format!("{KIT_PATH}{COVERAGE_PROOF}");
        for nth in (0..5000).step_by(7) {
            let host = format!("sealed-{nth}.example");
            assert_eq!(ask(&host, "/any/old/link").status(), 451, "{host}");
            assert_eq!(body(ask(&host, &format!("{KIT_PATH}notice.txt"))), b"the notice\n");
            let proof = ask(&host, &proof_at);
            assert_eq!((proof.status(), header(&proof, "cache-control")), (StatusCode::OK, "no-store"));
            let octets = body(proof);
            assert!(octets.len() < 2048);
            let proof = CoverageProof::parse(&octets).unwrap();
            assert_eq!((proof.name.as_str(), proof.verify(&seal)), (host.as_str(), Ok(())));
        }
        // Whoever saves what is listed has it.
        let list = String::from_utf8(body(ask("sealed-7.example", KIT_PATH))).unwrap();
        assert!(list.contains(&format!("href=\"{proof_at}\"")), "{list}");
        for host in ["sealed-5000.example", "www.sealed-1.example", "example", "other.test"] {
            for path in ["/", KIT_PATH, &proof_at] {
                assert_eq!(ask(host, path).status(), 421, "{host}{path}");
            }
        }
    }

    #[test]
    fn every_path_of_a_covered_host_has_its_answer() {
        let site = site();
        for (method, path, status, media, part) in [
            ("GET", "/", 451, "text/html; charset=utf-8", "<html lang=\"en\">"),
            ("GET", "/forum/thread.php?id=7", 451, "text/html; charset=utf-8", "op/first/1"),
            ("GET", "//", 451, "text/html; charset=utf-8", "op/first/1"),
            ("GET", "/../../etc/passwd", 451, "text/html; charset=utf-8", "op/first/1"),
            ("GET", "/%2e%2e/", 451, "text/html; charset=utf-8", "op/first/1"),
            ("GET", "/ja", 451, "text/html; charset=utf-8", "<html lang=\"ja\">"),
            ("GET", "/ja/", 451, "text/html; charset=utf-8", "<html lang=\"ja\">"),
            ("GET", "/zh-Hant/index.html", 451, "text/html; charset=utf-8", "<html lang=\"zh-Hant\">"),
            ("GET", "/de/", 451, "text/html; charset=utf-8", "<html lang=\"en\">"),
            ("GET", "/ja/x", 451, "text/html; charset=utf-8", "<html lang=\"en\">"),
            ("GET", "/.well-known/seizure-notice/", 200, "text/html; charset=utf-8", "notice.txt"),
            ("GET", "/.well-known/seizure-notice", 200, "text/html; charset=utf-8", "keys/allowed_signers"),
            ("GET", "/.well-known/seizure-notice/notice.txt", 200, "text/plain; charset=utf-8", "the notice\n"),
            ("GET", "/.well-known/seizure-notice/keys/allowed_signers", 200, "text/plain; charset=utf-8", "police"),
            ("GET", "/.well-known/seizure-notice/a.json", 200, "application/json", "{}"),
            ("GET", "/.well-known/seizure-notice/none", 404, "text/plain; charset=utf-8", "Not found"),
            ("GET", "/.well-known/seizure-notice/../a.json", 404, "text/plain; charset=utf-8", "Not found"),
            ("GET", "/.well-known/change-password", 404, "text/plain; charset=utf-8", "Not found"),
            ("GET", "/.well-known/security.txt", 200, "text/plain; charset=utf-8", "Contact: "),
            ("GET", "/robots.txt", 200, "text/plain; charset=utf-8", "Disallow:\n"),
            ("GET", "/favicon.ico", 204, "", ""),
            ("POST", "/login", 405, "text/html; charset=utf-8", "op/first/1"),
            ("DELETE", "/.well-known/seizure-notice/notice.txt", 405, "text/html; charset=utf-8", "op/first/1"),
            ("OPTIONS", "*", 405, "text/html; charset=utf-8", "op/first/1"),
        ] {
            let response = answer(&site, &Door::Plain, &request(method, path, &[("host", "shop.example")]));
            assert_eq!(response.status(), status, "{method} {path}");
            assert_eq!(header(&response, "content-type"), media, "{method} {path}");
            assert_eq!(header(&response, "cache-control"), "no-store", "{method} {path}");
            assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{method} {path}");
            assert_eq!(header(&response, "allow"), if status == 405 { "GET, HEAD" } else { "" }, "{method} {path}");
            let text = String::from_utf8(body(response)).unwrap();
            assert!(text.contains(part), "{method} {path}: {text}");
        }
    }

    #[test]
    fn head_has_the_fields_of_get_and_no_body() {
        let site = site();
        for path in ["/", "/ja/", "/robots.txt", "/.well-known/seizure-notice/notice.txt", "/.well-known/none"] {
            let fields = [("host", "shop.example"), ("accept-encoding", "br")];
            let get = answer(&site, &Door::Plain, &request("GET", path, &fields));
            let head = answer(&site, &Door::Plain, &request("HEAD", path, &fields));
            assert_eq!((get.status(), get.headers()), (head.status(), head.headers()), "{path}");
            assert_eq!(body(head), b"", "{path}");
            assert_eq!(header(&get, "content-length"), body(get.clone()).len().to_string(), "{path}");
        }
    }

    #[test]
    fn a_page_says_what_a_browser_may_do_with_it() {
        let page = answer(&site(), &Door::Plain, &request("GET", "/", &[("host", "shop.example")]));
        let digest = data_encoding::BASE64.encode(Digest::of(STYLE).as_bytes());
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; frame-ancestors 'none'; \
             base-uri 'none'; form-action 'none'"
        );
        for (name, value) in [
            ("content-security-policy", policy.as_str()),
            ("referrer-policy", "no-referrer"),
            ("vary", "Accept-Language, Accept-Encoding"),
            ("content-language", "en"),
            ("link", "<https://police.example/>; rel=\"blocked-by\""),
            ("strict-transport-security", ""),
            ("server", ""),
            ("clear-site-data", ""),
        ] {
            assert_eq!(header(&page, name), value, "{name}");
        }
        assert_eq!(page.headers().get_all("content-security-policy").iter().count(), 1);
        let secure = answer(&site(), &tls("shop.example"), &request("GET", "/", &[("host", "shop.example")]));
        assert_eq!(header(&secure, "clear-site-data"), "\"cache\", \"storage\"");
        assert_eq!(header(&secure, "alt-svc"), "clear");
        let second = answer(&site(), &Door::Plain, &request("GET", "/", &[("host", "plain.test")]));
        assert_eq!((second.status().as_u16(), header(&second, "link")), (200, ""));
    }

    #[test]
    fn languages_and_encodings_are_negotiated_and_decode_to_the_very_page() {
        let site = site();
        let mut tags = Vec::new();
        for (language, tag) in
            [("ja-JP,en;q=0.5", "ja"), ("zh-TW", "zh-Hant"), ("zh-CN", "zh-Hans"), ("ar", "ar"), ("de", "en")]
        {
            for (encoding, token) in [("gzip, br", Some("br")), ("gzip", Some("gzip")), ("", None)] {
                let fields = [("host", "shop.example"), ("accept-language", language), ("accept-encoding", encoding)];
                let response = answer(&site, &Door::Plain, &request("GET", "/old/link", &fields));
                assert_eq!(header(&response, "content-language"), tag);
                assert_eq!(header(&response, "content-encoding"), token.unwrap_or_default());
                tags.push(header(&response, "etag").to_owned());
                assert_eq!(decode(token, &body(response)), sample::page(tag, "op/first/1"));
            }
        }
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 15, "one entity tag for each representation");
    }

    #[test]
    fn an_unchanged_success_is_not_sent_again_and_a_451_always_is() {
        let site = site();
        let text = "the notice\n";
        let tag = format!("\"{}\"", &Digest::of(text).hex()[..32]);
        let path = "/.well-known/seizure-notice/notice.txt";
        for (condition, status) in [
            (tag.as_str(), 304),
            (&format!("W/{tag}"), 304),
            (&format!("\"x\", {tag}"), 304),
            ("*", 304),
            ("\"x\"", 200),
            (&tag.replace('"', ""), 200),
            ("", 200),
        ] {
            let fields = [("host", "shop.example"), ("if-none-match", condition)];
            let response = answer(&site, &Door::Plain, &request("GET", path, &fields));
            assert_eq!(response.status(), status, "{condition}");
            assert_eq!(header(&response, "etag"), tag);
            assert_eq!(body(response), if status == 304 { "" } else { text }.as_bytes());
        }
        for (host, status) in [("plain.test", 304), ("shop.example", 451)] {
            let fields = [("host", host), ("if-none-match", "*")];
            assert_eq!(answer(&site, &Door::Plain, &request("GET", "/", &fields)).status(), status, "{host}");
        }
    }

    #[test]
    fn the_seized_sites_service_worker_is_replaced_by_one_that_ends_itself() {
        let fields = [("host", "shop.example"), ("service-worker", "script")];
        let response = answer(&site(), &tls("shop.example"), &request("GET", "/assets/sw.js?v=3", &fields));
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "content-type"), "text/javascript; charset=utf-8");
        assert_eq!(header(&response, "service-worker-allowed"), "/");
        assert!(String::from_utf8(body(response)).unwrap().contains("registration.unregister()"));
    }

    #[test]
    fn a_host_that_is_not_ours_sees_no_banner_and_not_its_name() {
        let site = site();
        let onion = onion();
        let long = format!("{}.example", "a".repeat(64));
        for (door, target, hosts, status) in [
            (Door::Plain, "/", &["shop.example"][..], 451),
            (Door::Plain, "/", &["SHOP.example.:8080"], 451),
            (Door::Plain, "/", &["www.shop.example"], 451),
            (Door::Plain, "/", &[&onion], 451),
            (Door::Plain, "http://shop.example/", &["shop.example"], 451),
            (Door::Plain, "http://shop.example:80/", &["shop.example"], 451),
            (tls("shop.example"), "https://shop.example/", &[], 400),
            (tls("shop.example"), "/", &["shop.example"], 451),
            (Door::Plain, "/", &["innocent.example"], 421),
            (Door::Plain, "/", &["myshop.example"], 421),
            (Door::Plain, "/", &["www.plain.test"], 421),
            (Door::Plain, "/", &["192.0.2.1"], 421),
            (Door::Plain, "/", &["[2001:db8::1]:80"], 421),
            (Door::Plain, "http://innocent.example/", &["innocent.example"], 421),
            (Door::Plain, "https://shop.example/", &["shop.example"], 421),
            (tls("shop.example"), "http://shop.example/", &["shop.example"], 421),
            (tls("shop.example"), "/", &["plain.test"], 421),
            (tls("innocent.example"), "/", &["innocent.example"], 421),
            (tls(&onion), "/", &[&onion], 421),
            (Door::Plain, "/", &[], 400),
            (Door::Plain, "/", &[""], 400),
            (Door::Plain, "/", &["shop.example", "shop.example"], 400),
            (Door::Plain, "/", &["shop.example", "innocent.example"], 400),
            (Door::Plain, "http://innocent.example/", &["shop.example"], 400),
            (Door::Plain, "http://shop.example/", &[], 400),
            (Door::Plain, "/", &["user@shop.example"], 400),
            (Door::Plain, "/", &["shop%2eexample"], 400),
            (Door::Plain, "/", &["shop.example:port"], 400),
            (Door::Plain, "/", &[&long], 400),
        ] {
            for method in ["GET", "HEAD", "POST"] {
                let fields: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
                let response = answer(&site, &door, &request(method, target, &fields));
                let expected = if method == "POST" && status == 451 { 405 } else { status };
                assert_eq!(response.status(), expected, "{method} {target} {hosts:?} {door:?}");
                if matches!(status, 400 | 421) {
                    let text = String::from_utf8(body(response)).unwrap();
                    assert!(text.len() < 30 && !text.contains("example"), "{text}");
                }
            }
        }
    }

    #[test]
    fn http2_and_http1_0_may_name_the_host_in_the_target_alone() {
        for version in [Version::HTTP_2, Version::HTTP_10] {
            let mut request = request("GET", "http://shop.example/", &[]);
            *request.version_mut() = version;
            assert_eq!(answer(&site(), &Door::Plain, &request).status(), 451, "{version:?}");
            *request.uri_mut() = "/".parse().unwrap();
            assert_eq!(answer(&site(), &Door::Plain, &request).status(), 400, "{version:?}");
        }
    }

    /// Parts of hosts, so that the texts made of them are often nearly right.
    const HOST_PARTS: &str =
        "(shop|example|shop\\.example|plain\\.test|innocent|www|onion|\\.|:|80|@|%2e|\\[|\\]|_|-|EXAMPLE|\\PC){0,5}";

    proptest! {
        #[test]
        fn no_request_gets_a_banner_for_a_name_that_is_not_ours(
            host in HOST_PARTS, sni in HOST_PARTS, path in "/[!-~]{0,40}", language in "\\PC{0,40}"
        ) {
            static SITE: std::sync::LazyLock<Site> = std::sync::LazyLock::new(site);
            let door = HostName::parse(sni.as_bytes()).map_or(Door::Plain, |name| Door::Tls(Box::new(name)));
            let built = Request::builder().uri(path).header("host", host.as_bytes()).header("accept-language", language);
            let Ok(request) = built.body(()) else { return Ok(()) };
            let response = answer(&SITE, &door, &request);
            let name = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
            let name = name.strip_suffix('.').unwrap_or(&name);
            let is_ours = ["shop.example", "plain.test"].contains(&name) || name.ends_with(".shop.example");
            prop_assert!(is_ours || matches!(response.status().as_u16(), 400 | 421), "{host} {}", response.status());
        }
    }
}

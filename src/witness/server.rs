//! The witness on the net: HTTP/1.1 without TLS, for the log hosts of partner agencies. Who wants TLS puts a reverse proxy in
//! front.
//!
//! - `POST /add-checkpoint`: as in tlog-witness.
//! - `GET /<SHA-256 of the origin in hex>/checkpoint`: the checkpoint that was cosigned last.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::clock::Clock;

use super::request::REQUEST_MAX_BYTES;
use super::state::{Answer, Witness};

/// Open connections; the next one waits until one ends. A log has one, and partners are dozens.
const CONNECTIONS_MAX: usize = 256;

/// The most octets of a request's head.
const HEAD_MAX_BYTES: usize = 16 * 1024;

/// From the start of a connection, or the last answer, until the next request's head is there.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// From the head to the last octet of the body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How old a connection may become: whoever takes no answers off must not hold its place.
const CONNECTION_AGE_MAX: Duration = Duration::from_secs(120);

/// How long open connections may still take when the server stops.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

const TEXT: &str = "text/plain; charset=utf-8";

/// The media type of a 409 (tlog-witness, "add-checkpoint").
pub(super) const SIZE_TYPE: &str = "text/x.tlog.size";

/// Serves until `shutdown` is done and the open connections have ended, or a few seconds have passed. No accept error ends it.
pub async fn serve(
    witness: Arc<Witness>,
    clock: Arc<dyn Clock>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    tokio::select! {
        () = shutdown => {}
        () = accept_loop(&witness, &clock, &listener, &places, &graceful) => {}
    }
    drop(listener);
    // Those that do not end in time are cut off; a log asks again.
    let _ = timeout(DRAIN_TIMEOUT, graceful.shutdown()).await;
}

async fn accept_loop(
    witness: &Arc<Witness>,
    clock: &Arc<dyn Clock>,
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    graceful: &GracefulShutdown,
) {
    /// Without descriptors or memory the same error would come back at once.
    const PAUSE: Duration = Duration::from_millis(100);
    loop {
        let Ok(place) = Arc::clone(places).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) if is_of_the_peer(&error) => continue,
            Err(_) => {
                sleep(PAUSE).await;
                continue;
            }
        };
        let connection = graceful.watch(connection(Arc::clone(witness), Arc::clone(clock), stream));
        tokio::spawn(async move {
            // A connection that breaks or is too slow is the peer's business.
            let _ = timeout(CONNECTION_AGE_MAX, connection).await;
            drop(place);
        });
    }
}

/// A connection that broke while it waited is no reason to pause.
fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind as E;
    matches!(error.kind(), E::ConnectionAborted | E::ConnectionReset | E::Interrupted)
}

fn connection(
    witness: Arc<Witness>,
    clock: Arc<dyn Clock>,
    stream: TcpStream,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    let service = service_fn(move |request: Request<Incoming>| {
        let (witness, clock) = (Arc::clone(&witness), Arc::clone(&clock));
        async move { Ok::<_, Infallible>(respond(witness, clock, request).await) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_MAX_BYTES);
    builder.serve_connection(TokioIo::new(stream), service)
}

async fn respond(witness: Arc<Witness>, clock: Arc<dyn Clock>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let path = request.uri().path().to_owned();
    if path == "/add-checkpoint" {
        return match *request.method() {
            Method::POST => add_checkpoint(witness, clock, request).await,
            _ => only(Method::POST),
        };
    }
    let log_id = path.strip_prefix('/').and_then(|rest| rest.strip_suffix("/checkpoint"));
    match (log_id, request.method()) {
        (None, _) => plain(StatusCode::NOT_FOUND, TEXT, "there is nothing here\n"),
        (Some(log_id), &Method::GET | &Method::HEAD) => match witness.latest(log_id) {
            Some(note) => plain(StatusCode::OK, TEXT, note),
            None => plain(StatusCode::NOT_FOUND, TEXT, "nothing was cosigned of such a log\n"),
        },
        (Some(_), _) => only(Method::GET),
    }
}

async fn add_checkpoint(
    witness: Arc<Witness>,
    clock: Arc<dyn Clock>,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let too_large = || plain(StatusCode::PAYLOAD_TOO_LARGE, TEXT, "the request is too large\n");
    if request.body().size_hint().lower() > REQUEST_MAX_BYTES as u64 {
        return too_large();
    }
    let body = Limited::new(request.into_body(), REQUEST_MAX_BYTES).collect();
    let body = match timeout(BODY_TIMEOUT, body).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => return too_large(),
        Ok(Err(_)) => return plain(StatusCode::BAD_REQUEST, TEXT, "the request is cut short\n"),
        Err(_) => return plain(StatusCode::REQUEST_TIMEOUT, TEXT, "the request did not come in time\n"),
    };
    // It waits for the disk.
    let answer = tokio::task::spawn_blocking(move || witness.add_checkpoint(&body, clock.now())).await;
    answer.map_or_else(|_| response(&Answer::Unable("the witness failed")), |answer| response(&answer))
}

fn response(answer: &Answer) -> Response<Full<Bytes>> {
    match answer {
        Answer::Cosigned(line) => plain(StatusCode::OK, TEXT, format!("{line}\n")),
        Answer::Malformed(why) => plain(StatusCode::BAD_REQUEST, TEXT, format!("{why}\n")),
        Answer::NotSigned => plain(StatusCode::FORBIDDEN, TEXT, "the checkpoint is not signed by its log\n"),
        Answer::UnknownLog => plain(StatusCode::NOT_FOUND, TEXT, "this log is not witnessed here\n"),
        Answer::OtherSize(size) => plain(StatusCode::CONFLICT, SIZE_TYPE, format!("{size}\n")),
        Answer::Inconsistent => {
            plain(StatusCode::UNPROCESSABLE_ENTITY, TEXT, "the checkpoint does not continue the one cosigned last\n")
        }
        Answer::Unable(why) => plain(StatusCode::INTERNAL_SERVER_ERROR, TEXT, format!("{why}\n")),
    }
}

fn only(method: Method) -> Response<Full<Bytes>> {
    let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, TEXT, format!("only {method} here\n"));
    if let Ok(value) = HeaderValue::from_str(method.as_str()) {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}

fn plain(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

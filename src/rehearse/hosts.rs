//! The former holders' machines: web sites, and ports that somebody will close.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::WorldError;
use super::wire::{AFTER_FAILURE, Stop, each_connection, stopped};

/// How long a client may take over a handshake or over the head of a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a web server of the world says.
pub(super) trait Pages: Send + Sync + 'static {
    /// The response to one request; bodies of requests are not read.
    fn page(&self, request: &Request<Incoming>) -> Response<Full<Bytes>>;
}

/// A response with this body.
pub(super) fn response(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// The site that stood there before the operation; the same for every name.
pub(super) struct OldSite;

impl Pages for OldSite {
    fn page(&self, _: &Request<Incoming>) -> Response<Full<Bytes>> {
        const PAGE: &str =
            "<!doctype html>\n<html lang=\"en\">\n<title>old site</title>\n<p>This is the old site.</p>\n</html>\n";
        response(StatusCode::OK, "text/html; charset=utf-8", PAGE)
    }
}

/// Starts a web server (HTTP/1.1) on a loopback port, with TLS if a configuration is given, and says which port.
pub(super) async fn serve_http<P: Pages>(
    pages: P,
    tls: Option<rustls::ServerConfig>,
    stop: Stop,
) -> Result<SocketAddr, WorldError> {
    let (listener, local) = listen().await?;
    let acceptor = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
    let pages = Arc::new(pages);
    tokio::spawn(each_connection(listener, stop, move |stream| {
        let (pages, acceptor) = (Arc::clone(&pages), acceptor.clone());
        async move { converse(stream, acceptor, &*pages).await }
    }));
    Ok(local)
}

async fn listen() -> Result<(TcpListener, SocketAddr), WorldError> {
    let bound = async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let local = listener.local_addr()?;
        Ok((listener, local))
    };
    bound.await.map_err(|source| WorldError::Bind { source })
}

/// One connection until its end. How it ends is the client's affair.
async fn converse<P: Pages>(stream: TcpStream, acceptor: Option<TlsAcceptor>, pages: &P) {
    let Some(acceptor) = acceptor else { return speak(stream, pages).await };
    if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
        speak(stream, pages).await;
    }
}

async fn speak<P: Pages>(stream: impl AsyncRead + AsyncWrite + Unpin, pages: &P) {
    let answer = service_fn(|request| async move { Ok::<_, std::convert::Infallible>(pages.page(&request)) });
    let mut builder = hyper::server::conn::http1::Builder::new();
    let connection =
        builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE).serve_connection(TokioIo::new(stream), answer);
    let _ = connection.await;
}

/// A port that takes connections until it is closed.
pub(super) struct Door {
    pub local: SocketAddr,
    close: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Door {
    pub(super) async fn open() -> Result<Self, WorldError> {
        let (listener, local) = listen().await?;
        let (close, mut closed) = watch::channel(false);
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    biased;
                    () = stopped(&mut closed) => return,
                    // What is accepted is hung up on at once: somebody was there.
                    accepted = listener.accept() => if accepted.is_err() {
                        tokio::time::sleep(AFTER_FAILURE).await;
                    },
                }
            }
        });
        Ok(Self { local, close, task })
    }

    /// Closes it. When this is done, connections are refused.
    pub(super) async fn close(self) {
        self.close.send_replace(true);
        // The task ends by itself and does not panic; the listener is gone either way.
        let _ = self.task.await;
    }
}

//! Listeners, connections and their limits.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use rustls::ServerConfig;
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::ServeError;
use super::answer::{Door, answer};
use super::content::Site;
use super::hosts::HostName;
use super::peers::{PeerPlace, Peers};
use super::tally::{Stats, Tally};
use super::tls::{Certificates, config, named_host};
use crate::notice::Edition;

/// The most octets of a request's head; looked at between reads, so that up to twice as many may pass. Nginx takes as many
/// (four buffers of 8 KiB): people come with the cookies of the seized site. Buffers begin small and grow at need.
const HEAD_MAX_BYTES: usize = 32 * 1024;

/// Limits of a server, and what it says beside the notice.
#[derive(Debug, Clone)]
pub struct Options {
    /// Open connections. Beyond it nobody is sent away: the next waits until one ends.
    pub connections_max: u32,
    /// Open connections from one IPv4 address or IPv6 /64. Many people share an address; a browser uses six. Loopback is
    /// exempt: every visitor of an onion service comes from there.
    pub connections_per_peer_max: u32,
    /// From the end of a response (or the start of a connection) until the next request's head is there.
    pub head_timeout: Duration,
    /// For a TLS handshake.
    pub handshake_timeout: Duration,
    /// The age at which a connection is asked to end, however busy.
    pub connection_age_max: Duration,
    /// How long a connection that was asked to end may still take; also the longest that a stop takes.
    pub drain_timeout: Duration,
    /// Who carries out the block, as an absolute URI, for `Link: …; rel="blocked-by"` on pages with 451 (RFC 7725
    /// section 4). It is not the authority that demanded it.
    pub blocked_by: Option<String>,
    /// Whether pages over TLS ask the browser to forget what the seized site stored in it. Without it, a service worker of
    /// that site may go on showing the old pages.
    pub clear_site_data: bool,
}

impl Default for Options {
    /// 16,384 connections, 256 of one peer; 10 s for a head, 10 s for a handshake, two minutes of age, 5 s to drain.
    fn default() -> Self {
        Self {
            connections_max: 16_384,
            connections_per_peer_max: 256,
            head_timeout: Duration::from_secs(10),
            handshake_timeout: Duration::from_secs(10),
            connection_age_max: Duration::from_secs(120),
            drain_timeout: Duration::from_secs(5),
            blocked_by: None,
            clear_site_data: true,
        }
    }
}

/// A splash server. Clones are the same server.
#[derive(Debug, Clone)]
pub struct Splash(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    site: RwLock<Arc<Site>>,
    tls: Option<Tls>,
    options: Options,
    tally: Tally,
    peers: Arc<Peers>,
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

#[derive(Debug)]
struct Tls {
    certificates: Arc<Certificates>,
    config: Arc<ServerConfig>,
}

/// What each connection needs besides its stream; given back when it ends.
struct Visit {
    stop: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
    _peer: PeerPlace,
}

#[derive(Debug, Clone, Copy)]
enum Port {
    Plain,
    Tls,
}

/// Listens on an address; port 0 takes any free one.
///
/// # Errors
///
/// The address is in use, or not allowed, or not one of this machine.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    listen(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::AddressInUse { address },
        io::ErrorKind::PermissionDenied => ServeError::NoPermission { address },
        _ => ServeError::Bind { address, source },
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    /// Connections that wait to be taken. The first minutes of a seizure bring everyone at once.
    const BACKLOG: u32 = 4096;
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    if address.is_ipv6() {
        // So that `[::]:80` and `0.0.0.0:80` can be listened on together, whatever the system's default.
        socket2::SockRef::from(&socket).set_only_v6(true)?;
    }
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

impl Splash {
    /// Makes all responses ready.
    ///
    /// # Errors
    ///
    /// A name in two editions or not a host name, an edition without its default page or with another status than 451 or
    /// 200, a kit file that cannot be asked for, or TLS settings that the library refuses.
    pub fn new(editions: &[Edition], tls: Option<Certificates>, options: Options) -> Result<Self, ServeError> {
        let tally = Tally::default();
        let site = Site::prepare(editions, &options, &tally)?;
        Ok(Self(Arc::new(Inner {
            site: RwLock::new(Arc::new(site)),
            tls: tls.map(Tls::new).transpose()?,
            http1: http1_builder(&options),
            http2: http2_builder(&options),
            peers: Arc::new(Peers::at_most(options.connections_per_peer_max)),
            options,
            tally,
        })))
    }

    /// Puts other editions in the place of all present ones, for every request from now on.
    ///
    /// # Errors
    ///
    /// As [`Splash::new`]; the present editions then stay.
    pub fn replace(&self, editions: &[Edition]) -> Result<(), ServeError> {
        let site = Arc::new(Site::prepare(editions, &self.0.options, &self.0.tally)?);
        *self.0.site.write().unwrap_or_else(PoisonError::into_inner) = site;
        Ok(())
    }

    /// How many names it answers for; a name that covers what is below it is one.
    pub fn names(&self) -> usize {
        self.0.site().hosts.len()
    }

    /// What the server has done so far.
    pub fn stats(&self) -> Stats {
        self.0.tally.read()
    }

    /// Serves until `shutdown` is done and the open connections have ended, or [`Options::drain_timeout`] has passed.
    ///
    /// Listeners for TLS close each connection at once if the server was made without certificates.
    pub async fn run(
        &self,
        plain: Vec<TcpListener>,
        tls: Vec<TcpListener>,
        shutdown: impl Future<Output = ()>,
    ) -> Stats {
        let places = Arc::new(Semaphore::new(self.0.options.connections_max as usize));
        let (stop, stopped) = watch::channel(false);
        let mut loops = JoinSet::new();
        let ports = plain.into_iter().map(|listener| (listener, Port::Plain));
        for (listener, port) in ports.chain(tls.into_iter().map(|listener| (listener, Port::Tls))) {
            loops.spawn(accept_loop(Arc::clone(&self.0), listener, port, Arc::clone(&places), stopped.clone()));
        }
        shutdown.await;
        stop.send_replace(true);
        while loops.join_next().await.is_some() {}
        // Every connection ends itself within the drain; the margin is for the scheduler.
        let margin = Duration::from_secs(1);
        let all_back = places.acquire_many(self.0.options.connections_max);
        let _ = timeout(self.0.options.drain_timeout + margin, all_back).await;
        self.stats()
    }
}

impl Tls {
    fn new(certificates: Certificates) -> Result<Self, ServeError> {
        let certificates = Arc::new(certificates);
        Ok(Self { config: config(Arc::clone(&certificates))?, certificates })
    }
}

/// HTTP/1 alone on plain ports: whoever detects the protocol waits for octets without a time limit.
///
/// `pipeline_flush` stays off: with it hyper 1.12 closes on a malformed request without sending its 400.
fn http1_builder(options: &Options) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(options.head_timeout).max_buf_size(HEAD_MAX_BYTES);
    builder
}

fn http2_builder(options: &Options) -> http2::Builder<TokioExecutor> {
    /// Windows of the least size that RFC 9113 section 6.9.2 starts with: no request body is ever read.
    const WINDOW_BYTES: u32 = 65_535;
    /// A page is one request; a browser asks for a few more. Each stream has its own task and buffers.
    const STREAMS_MAX: u32 = 32;
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(options.head_timeout)
        .keep_alive_timeout(options.head_timeout)
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_MAX_BYTES as u32)
        .initial_stream_window_size(WINDOW_BYTES)
        .initial_connection_window_size(WINDOW_BYTES);
    builder
}

/// Takes connections until it is told to stop. No error ends it.
async fn accept_loop(
    inner: Arc<Inner>,
    listener: TcpListener,
    port: Port,
    places: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
) {
    let mut told = stopped.clone();
    let mut pause = Duration::ZERO;
    loop {
        let next = async {
            sleep(pause).await;
            let (stream, from) = listener.accept().await?;
            // When all places are taken this one waits here, and those behind it in the kernel's queue.
            let place = Arc::clone(&places).acquire_owned().await.map_err(io::Error::other)?;
            Ok((stream, from, place))
        };
        let next = tokio::select! {
            next = next => next,
            _ = told.wait_for(|stop| *stop) => return,
        };
        pause = match next {
            Ok((stream, from, place)) => {
                welcome(&inner, stream, from, port, place, stopped.clone());
                Duration::ZERO
            }
            Err(error) => {
                inner.tally.accept_errors.count();
                pause_after(&error, pause)
            }
        };
    }
}

/// How long to wait after an accept error. A connection that broke while it waited is no reason to; without descriptors or
/// memory the same error would come back at once, and the loop would only burn time.
fn pause_after(error: &io::Error, before: Duration) -> Duration {
    const FIRST: Duration = Duration::from_millis(10);
    const LONGEST: Duration = Duration::from_secs(1);
    match error.kind() {
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted => {
            Duration::ZERO
        }
        _ => (before * 2).clamp(FIRST, LONGEST),
    }
}

fn welcome(
    inner: &Arc<Inner>,
    stream: TcpStream,
    from: SocketAddr,
    port: Port,
    place: OwnedSemaphorePermit,
    stop: watch::Receiver<bool>,
) {
    inner.tally.connections.count();
    let Some(peer) = inner.peers.enter(from.ip()) else {
        inner.tally.peer_refusals.count();
        return;
    };
    // Small responses leave at once. A socket that refuses is already gone, and the next read will say so.
    let _ = stream.set_nodelay(true);
    let visit = Visit { stop, _place: place, _peer: peer };
    let inner = Arc::clone(inner);
    match port {
        Port::Plain => drop(tokio::spawn(async move { inner.plain(stream, visit).await })),
        Port::Tls => drop(tokio::spawn(async move { inner.tls(stream, visit).await })),
    }
}

impl Inner {
    fn site(&self) -> Arc<Site> {
        Arc::clone(&self.site.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn plain(self: Arc<Self>, stream: TcpStream, visit: Visit) {
        self.serve_http1(stream, Door::Plain, visit).await;
    }

    async fn tls(self: Arc<Self>, stream: TcpStream, mut visit: Visit) {
        let shaken = tokio::select! {
            shaken = timeout(self.options.handshake_timeout, self.handshake(stream)) => shaken,
            _ = visit.stop.wait_for(|stop| *stop) => return,
        };
        let (stream, name) = match shaken {
            Ok(Ok(Some(shaken))) => shaken,
            Ok(Ok(None)) => return self.tally.tls_refusals.count(),
            Ok(Err(_)) | Err(_) => return self.tally.tls_failures.count(),
        };
        let door = Door::Tls(Box::new(name));
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            self.serve_http2(stream, door, visit).await;
        } else {
            self.serve_http1(stream, door, visit).await;
        }
    }

    /// `None` when the client named no host of ours: it is told so (RFC 6066 section 3) and sees no certificate.
    async fn handshake(&self, stream: TcpStream) -> io::Result<Option<(TlsStream<TcpStream>, HostName)>> {
        /// A fatal `unrecognized_name` alert (RFC 8446 sections 5.1 and 6.2), the whole record.
        const UNRECOGNIZED_NAME: [u8; 7] = [21, 3, 3, 0, 2, 2, 112];
        let Some(tls) = &self.tls else { return Ok(None) };
        let mut start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let named = named_host(&start.client_hello()).filter(|name| !name.is_onion());
        let known = named.filter(|name| self.site().hosts.find(name).is_some());
        match known.filter(|name| tls.certificates.find(name).is_some()) {
            Some(name) => Ok(Some((start.into_stream(Arc::clone(&tls.config)).await?, name))),
            None => {
                start.io.write_all(&UNRECOGNIZED_NAME).await?;
                start.io.shutdown().await?;
                Ok(None)
            }
        }
    }

    async fn serve_http1<S>(self: Arc<Self>, stream: S, door: Door, visit: Visit)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let connection = self.http1.serve_connection(TokioIo::new(stream), service(&self, door));
        tend(connection, &self.options, visit).await;
    }

    async fn serve_http2(self: Arc<Self>, stream: TlsStream<TcpStream>, door: Door, visit: Visit) {
        let connection = self.http2.serve_connection(TokioIo::new(stream), service(&self, door));
        tend(connection, &self.options, visit).await;
    }
}

/// What answers the requests of one connection, each from the content of its moment.
fn service(
    inner: &Arc<Inner>,
    door: Door,
) -> impl Service<Request<Incoming>, Response = Response<Full<Bytes>>, Error = Infallible, Future = Answered> + use<> {
    let inner = Arc::clone(inner);
    service_fn(move |request: Request<Incoming>| ready(Ok(answer(&inner.site(), &door, &request))))
}

type Answered = Ready<Result<Response<Full<Bytes>>, Infallible>>;

/// Carries a connection to its end, or to its greatest age or the server's stop and then at most the drain further.
async fn tend<C: GracefulConnection>(connection: C, options: &Options, mut visit: Visit) {
    let mut connection = pin!(connection);
    tokio::select! {
        // A connection that breaks is the peer's business.
        _ = connection.as_mut() => return,
        () = sleep(options.connection_age_max) => {}
        _ = visit.stop.wait_for(|stop| *stop) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(options.drain_timeout, connection).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accept_error_that_stays_is_met_with_ever_longer_pauses() {
        let full = io::Error::other("too many open files");
        let mut pause = Duration::ZERO;
        let mut pauses = Vec::new();
        for _ in 0..9 {
            pause = pause_after(&full, pause);
            pauses.push(pause.as_millis());
        }
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
        assert_eq!(pause_after(&io::ErrorKind::ConnectionAborted.into(), pause), Duration::ZERO);
    }
}

//! Certificates for the names in the table, and for no other.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SerialNumber};
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};
use zeroize::Zeroizing;

use super::hosts::HostName;
use crate::clock::UtcTime;
use crate::whole_file::{self, ReadError};

/// What a server shows to TLS clients: certificates given to it, or made by it for each name that is asked for.
///
/// Keys are held in memory only and never written.
#[derive(Debug)]
pub struct Certificates {
    /// By the names in their subject alternative names, `*.` entries included.
    given: HashMap<Box<str>, Arc<CertifiedKey>>,
    own: Option<SelfSigner>,
}

/// Why certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file is not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file has no PEM block of the kind looked for, or a damaged one.
    #[error("{} has no usable PEM {what}", path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// `certificate` or `private key`.
        what: &'static str,
        /// What the PEM reader said.
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    /// The key is of no kind that TLS uses, or it is not the certificate's key.
    #[error("the key in {} does not go with the certificate in {}", key.display(), chain.display())]
    Pair {
        /// The certificate chain.
        chain: PathBuf,
        /// The key.
        key: PathBuf,
        /// What the TLS library said.
        #[source]
        source: rustls::Error,
    },
    /// The first certificate of a chain cannot be read.
    #[error("a certificate cannot be read")]
    Leaf(#[source] webpki::Error),
    /// A certificate is for no DNS name.
    #[error("a certificate has no DNS name among its subject alternative names")]
    NoNames,
    /// A self-signed certificate could not be made.
    #[error("cannot make a self-signed certificate")]
    Make(#[from] rcgen::Error),
    /// The TLS library refused its settings or a key made here.
    #[error("cannot set up TLS")]
    Setup(#[from] rustls::Error),
}

/// The only crypto provider, always handed over by hand: a process default could be another one.
pub fn provider() -> CryptoProvider {
    aws_lc_rs::default_provider()
}

impl Certificates {
    /// Certificates given with their keys, each for the names in it.
    ///
    /// # Errors
    ///
    /// A certificate cannot be read or has no DNS name.
    pub fn from_keys(keys: impl IntoIterator<Item = Arc<CertifiedKey>>) -> Result<Self, CertificateError> {
        let mut given = HashMap::new();
        for key in keys {
            for name in dns_names(&key)? {
                given.insert(name, Arc::clone(&key));
            }
        }
        Ok(Self { given, own: None })
    }

    /// Reads pairs of PEM files: a certificate chain, leaf first, and its key.
    ///
    /// # Errors
    ///
    /// A file is missing, unreadable, too large or not PEM; a key is not that of its certificate.
    pub fn from_pem_files<'a>(pairs: impl IntoIterator<Item = (&'a Path, &'a Path)>) -> Result<Self, CertificateError> {
        let keys: Result<Vec<_>, _> =
            pairs.into_iter().map(|(chain, key)| read_pair(chain, key).map(Arc::new)).collect();
        Self::from_keys(keys?)
    }

    /// Self-signed certificates, valid from a day before `now` for 398 days; one key, made now.
    ///
    /// Each is made when its name is first asked for, and is for that name alone: a certificate with several names would
    /// tell every visitor of one of them the others, and the list may be sealed. A million names cost nothing at start.
    ///
    /// # Errors
    ///
    /// The key cannot be made.
    pub fn self_signed(now: UtcTime) -> Result<Self, CertificateError> {
        Ok(Self { given: HashMap::new(), own: Some(SelfSigner::new(now)?) })
    }

    /// These certificates, and self-signed ones for the names that they leave out.
    ///
    /// # Errors
    ///
    /// As [`Certificates::self_signed`].
    pub fn or_self_signed(self, now: UtcTime) -> Result<Self, CertificateError> {
        Ok(Self { own: Some(SelfSigner::new(now)?), ..self })
    }

    /// Whether there is a certificate given for this host, or one will be made for it.
    pub fn covers(&self, host: &str) -> bool {
        HostName::parse(host.as_bytes())
            .is_ok_and(|name| !name.is_onion() && (self.own.is_some() || self.given(&name).is_some()))
    }

    /// The certificate for a host that is in the table.
    pub(super) fn find(&self, name: &HostName) -> Option<Arc<CertifiedKey>> {
        self.given(name).cloned().or_else(|| self.own.as_ref()?.find(name.as_str()))
    }

    /// RFC 9525 section 6.3: a wildcard stands for exactly one label.
    fn given(&self, name: &HostName) -> Option<&Arc<CertifiedKey>> {
        let exact = self.given.get(name.as_str());
        exact.or_else(|| self.given.get(format!("*.{}", name.as_str().split_once('.')?.1).as_str()))
    }
}

fn dns_names(key: &CertifiedKey) -> Result<Vec<Box<str>>, CertificateError> {
    let leaf = key.end_entity_cert()?;
    let leaf = webpki::EndEntityCert::try_from(leaf).map_err(CertificateError::Leaf)?;
    let names: Vec<Box<str>> = leaf.valid_dns_names().map(|name| name.to_ascii_lowercase().into()).collect();
    if names.is_empty() { Err(CertificateError::NoNames) } else { Ok(names) }
}

fn read_pair(chain: &Path, key: &Path) -> Result<CertifiedKey, CertificateError> {
    let damaged = |path: &Path, what, source| CertificateError::Pem { path: path.to_owned(), what, source };
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(chain)?).collect();
    let certificates = certificates.map_err(|source| damaged(chain, "certificate", source))?;
    if certificates.is_empty() {
        return Err(damaged(chain, "certificate", rustls::pki_types::pem::Error::NoItemsFound));
    }
    let secret = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|source| damaged(key, "private key", source))?;
    CertifiedKey::from_der(certificates, secret, &provider()).map_err(|source| CertificateError::Pair {
        chain: chain.to_owned(),
        key: key.to_owned(),
        source,
    })
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    /// A chain of ten certificates with a hundred names each has about 60 KiB.
    const FILE_MAX_BYTES: usize = 1 << 20;
    whole_file::read_secret(whole_file::open(path)?, path, FILE_MAX_BYTES)
}

/// Makes a certificate for one name with the one key of this process.
struct SelfSigner {
    /// Signs the certificates.
    key: KeyPair,
    /// The same key as it signs handshakes; shared by all that is made.
    signing: Arc<dyn SigningKey>,
    not_before: UtcTime,
    made: Mutex<HashMap<Box<str>, Arc<CertifiedKey>>>,
}

impl SelfSigner {
    fn new(now: UtcTime) -> Result<Self, CertificateError> {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let key = KeyPair::generate()?;
        let secret = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing = provider().key_provider.load_private_key(secret)?;
        let own = Self { key, signing, not_before: now.minus(DAY), made: Mutex::default() };
        // Once now, so that what can fail fails at start.
        own.make("localhost")?;
        Ok(own)
    }

    fn find(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        /// About 20 MB. When it is full it is emptied: making one anew costs less than the handshake it is for.
        const MADE_MAX: usize = 16_384;
        if let Some(key) = self.made().get(name) {
            return Some(Arc::clone(key));
        }
        let key = Arc::new(self.make(name).ok()?);
        let mut made = self.made();
        if made.len() >= MADE_MAX {
            made.clear();
        }
        made.insert(name.into(), Arc::clone(&key));
        Some(key)
    }

    fn made(&self) -> std::sync::MutexGuard<'_, HashMap<Box<str>, Arc<CertifiedKey>>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn make(&self, name: &str) -> Result<CertifiedKey, CertificateError> {
        /// The longest validity that browsers take from anyone.
        const VALID: Duration = Duration::from_secs(398 * 24 * 60 * 60);
        let midnight = |time: UtcTime| {
            let date = time.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
            rcgen::date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
        };
        let mut params = CertificateParams::new([name.to_owned()])?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "self-signed");
        params.serial_number = Some(serial()?);
        params.not_before = midnight(self.not_before);
        params.not_after = midnight(self.not_before.plus(VALID));
        let certificate = params.self_signed(&self.key)?;
        Ok(CertifiedKey::new(vec![certificate.der().clone()], Arc::clone(&self.signing)))
    }
}

impl std::fmt::Debug for SelfSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SelfSigner").field("not_before", &self.not_before).finish_non_exhaustive()
    }
}

/// RFC 5280 section 4.1.2.2: unique for an issuer. Without one of its own each certificate would have the same number, and
/// Firefox refuses two such without a way round.
fn serial() -> Result<SerialNumber, CertificateError> {
    let mut octets = [0; 16];
    getrandom::fill(&mut octets).map_err(|_| rustls::Error::FailedToGetRandomBytes)?;
    Ok(SerialNumber::from_slice(&octets))
}

/// The server's side of TLS: certificates by name, tickets for resumption, h2 or HTTP/1.1 by ALPN.
pub fn config(certificates: Arc<Certificates>) -> Result<Arc<ServerConfig>, CertificateError> {
    let builder = ServerConfig::builder_with_provider(Arc::new(provider())).with_safe_default_protocol_versions()?;
    let mut config = builder.with_no_client_auth().with_cert_resolver(Arc::new(BySni(certificates)));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Sessions are kept by the clients, in tickets, so that memory does not grow with visitors.
    config.ticketer = aws_lc_rs::Ticketer::new()?;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(Arc::new(config))
}

/// The host that a client names in its handshake, when it is a well-formed name.
pub fn named_host(hello: &ClientHello<'_>) -> Option<HostName> {
    HostName::parse(hello.server_name()?.as_bytes()).ok()
}

/// Finds the certificate. Whether the name is in the host table was asked before, when the handshake began.
#[derive(Debug)]
struct BySni(Arc<Certificates>);

impl ResolvesServerCert for BySni {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.find(&named_host(&hello)?)
    }
}

//! A certificate authority made for the occasion; it ends with the world.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::WorldError;

/// Names on one certificate: what public CAs allow (RFC 8555 sets no limit, Let's Encrypt 100).
pub(super) const NAMES_PER_CERTIFICATE: usize = 100;

/// Certificates that a server of the old world keeps; beyond that it starts afresh.
const KEPT_MAX: usize = 1_000;

/// The world's certificate authority.
///
/// Its certificates are valid from 1975 to 4096 (the default of `rcgen`): the simulated clock may stand anywhere, and
/// the machine's own clock judges them too.
pub(super) struct Ca {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate with its key.
pub struct Issued {
    /// The names on it.
    pub names: Vec<String>,
    /// The certificate.
    pub certificate: CertificateDer<'static>,
    /// Its key, as PKCS#8.
    pub key: PrivateKeyDer<'static>,
    /// The certificate, PEM.
    pub certificate_pem: String,
    /// The key, PEM.
    pub key_pem: String,
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issued {{ names: {:?} }}", self.names)
    }
}

impl Issued {
    /// The pair as a TLS server wants it.
    pub fn certified_key(&self) -> Result<CertifiedKey, WorldError> {
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let chain = vec![self.certificate.clone()];
        CertifiedKey::from_der(chain, self.key.clone_key(), &provider).map_err(|source| WorldError::Tls { source })
    }
}

impl Ca {
    pub(super) fn new() -> Result<Self, WorldError> {
        Self::make().map_err(|source| WorldError::Certificate { source })
    }

    fn make() -> Result<Self, rcgen::Error> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, "impound rehearsal, not a real authority");
        Ok(Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate()?)? })
    }

    pub(super) fn root_pem(&self) -> String {
        self.issuer.pem()
    }

    pub(super) fn root_der(&self) -> CertificateDer<'static> {
        self.issuer.der().clone()
    }

    /// Certificates for all these names (or addresses), in batches of [`NAMES_PER_CERTIFICATE`].
    pub(super) fn issue(&self, names: &[String]) -> Result<Vec<Issued>, WorldError> {
        let batches = names.chunks(NAMES_PER_CERTIFICATE);
        batches.map(|batch| self.issue_one(batch).map_err(|source| WorldError::Certificate { source })).collect()
    }

    fn issue_one(&self, names: &[String]) -> Result<Issued, rcgen::Error> {
        let mut params = CertificateParams::new(names)?;
        // Without a subject, the names of the certificate are those of the extension alone (RFC 5280 section 4.1.2.6).
        params.distinguished_name = rcgen::DistinguishedName::new();
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Issued {
            names: names.to_vec(),
            certificate: certificate.der().clone(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
        })
    }
}

/// Gives a TLS server of the old world a certificate for whatever name it is asked for.
pub(super) struct OnDemand {
    ca: Arc<Ca>,
    kept: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl fmt::Debug for OnDemand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnDemand")
    }
}

impl OnDemand {
    pub(super) fn new(ca: Arc<Ca>) -> Self {
        Self { ca, kept: Mutex::default() }
    }

    /// A TLS configuration that uses it, for HTTP/1.1.
    pub(super) fn tls(self) -> Result<rustls::ServerConfig, WorldError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|source| WorldError::Tls { source })?;
        let mut config = builder.with_no_client_auth().with_cert_resolver(Arc::new(self));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

impl ResolvesServerCert for OnDemand {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name()?.to_ascii_lowercase();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.get(&name) {
            return Some(Arc::clone(found));
        }
        let issued = self.ca.issue_one(std::slice::from_ref(&name)).ok()?;
        let made = Arc::new(issued.certified_key().ok()?);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(name, Arc::clone(&made));
        Some(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_on_certificates_a_hundred_at_a_time() {
        let ca = Ca::new().unwrap();
        let names: Vec<String> = (0..201).map(|n| format!("n{n}.test")).collect();
        let issued = ca.issue(&names).unwrap();
        assert_eq!(issued.iter().map(|one| one.names.len()).collect::<Vec<_>>(), [100, 100, 1]);
        assert!(issued[2].certified_key().is_ok());
        assert!(issued[2].certificate_pem.contains("BEGIN CERTIFICATE"));
        assert!(ca.root_pem().contains("BEGIN CERTIFICATE"));
        assert!(ca.issue(&[]).unwrap().is_empty());
    }
}

//! A notice as it is served: pages, manifest, signatures and the kit for checking them.

use std::collections::BTreeMap;

use crate::domain::DomainName;
use crate::language::LanguageTag;

/// Where the kit stands on every covered name.
pub const KIT_PATH: &str = "/.well-known/seizure-notice/";

/// One edition of one notice, ready to be served. A later edition (an embargo has ended) replaces it whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// `operation/notice/number`: what the manifest calls itself.
    pub id: String,
    /// HTTP status of the pages: 451 or 200.
    pub status: u16,
    /// The language of those who ask for none of ours.
    pub default_language: LanguageTag,
    /// One whole HTML page for each language; the manifest has the digest of each.
    pub pages: BTreeMap<LanguageTag, Vec<u8>>,
    /// The kit: file name below [`KIT_PATH`] to bytes (`notice.txt`, `notice.note`, `allowed_signers`, …).
    pub kit: BTreeMap<String, Vec<u8>>,
    /// RFC 9116 contact file, served at `/.well-known/security.txt`.
    pub security_txt: Vec<u8>,
    /// Names for which it may be shown, onion services included as their host names.
    pub hosts: Vec<String>,
    /// Names whose subdomains it covers as well.
    pub subdomains_of: Vec<DomainName>,
}

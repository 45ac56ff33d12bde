//! The names for which a notice may be shown, and the file with those that it does not tell.

use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::site::SiteError;
use crate::coverage::{SealedNames, Seed};
use crate::domain::HostList;
use crate::whole_file;

/// The names of a notice that does not tell them, as a server needs them to prove each. Never served.
pub const COVERED_NAMES: &str = "covered.names";

/// Ten million names of fifty characters.
const NAMES_MAX_BYTES: usize = 512 << 20;

/// What ends the name of an onion service (RFC 7686).
const ONION_SUFFIX: &str = ".onion";

/// The names for which a notice may be shown; its editions share them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// As browsers write hosts, onion services included.
    pub hosts: HostList,
    /// Whether it may be shown for every name below the domains as well.
    pub subdomains: bool,
    /// What proves each of them, where the notice does not list them.
    pub sealed: Option<Arc<SealedNames>>,
}

impl Names {
    /// The domains below which every name is covered.
    pub fn subdomains_of(&self) -> impl Iterator<Item = &str> {
        self.hosts.iter().filter(|host| self.subdomains && !host.ends_with(ONION_SUFFIX))
    }
}

/// The seed as it is kept in a file, then the names, one a line.
pub(super) fn covered_names(sealed: &SealedNames, hosts: &HostList) -> Vec<u8> {
    let seed = sealed.seed().to_text();
    [seed.as_bytes(), hosts.as_text().as_bytes()].concat()
}

/// Reads the names of a notice that does not tell them.
///
/// # Errors
///
/// [`SiteError`]: the file is not read, or is not a seed and names.
pub fn sealed_names(path: &Path) -> Result<(SealedNames, HostList), SiteError> {
    let refuse = || SiteError::Contradiction { path: path.to_owned(), why: "it is not a seed and names, one a line" };
    let bytes = Zeroizing::new(whole_file::read(path, NAMES_MAX_BYTES)?);
    let (seed, hosts) = parse_names(&bytes).ok_or_else(refuse)?;
    let sealed = SealedNames::seal(seed, hosts.iter()).map_err(|_| refuse())?;
    Ok((sealed, hosts))
}

/// The names of which the file is, if they are among those that are known: sealing a million names takes as long as everything else
/// that is done with them.
pub(super) fn known_names(path: &Path, known: &[Arc<Names>]) -> Result<Option<Arc<Names>>, SiteError> {
    let bytes = Zeroizing::new(whole_file::read(path, NAMES_MAX_BYTES)?);
    let is_of = |names: &&Arc<Names>| {
        names.sealed.as_ref().is_some_and(|sealed| {
            let seed = sealed.seed().to_text();
            bytes.strip_prefix(seed.as_bytes()) == Some(names.hosts.as_text().as_bytes())
        })
    };
    Ok(known.iter().find(is_of).map(Arc::clone))
}

fn parse_names(bytes: &[u8]) -> Option<(Seed, HostList)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let end_of_seed = text.match_indices('\n').nth(1)?.0 + 1;
    let (seed, hosts) = text.split_at_checked(end_of_seed)?;
    Some((Seed::parse(seed.as_bytes()).ok()?, HostList::of_text(hosts.to_owned())?))
}

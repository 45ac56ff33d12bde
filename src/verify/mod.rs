//! Is this notice real, does it cover this name, is it in force?
//!
//! [`judge()`] answers from bytes alone. [`of_path`] hands it what lies in a file or directory, [`look`] what a visitor is
//! shown at one address, [`of_url`] what visitors are shown at every address of a name. [`stranger()`] looks the other way:
//! a name that nobody ordered, pointed at our hosts, must be turned away. [`judge_receipt`] asks whether an entry is in a log.
//!
//! All of them end in a [`Report`]: one line for each check, in the order of [`Check`], then one [`Verdict`]. A check that
//! was not made is never taken as passed. The name is always the one that was asked about, never one that the notice or the
//! page speaks of.

mod headers;
mod inclusion;
mod judge;
mod kit;
mod later;
mod others;
mod pages;
mod place;
mod published;
mod receipt;
mod report;
mod statement;
mod stranger;
mod trust;
mod url;
mod visitor;

use std::path::PathBuf;

use crate::keyring::{KeyListRefusal, TrustError};
use crate::notice::SiteError;
use crate::whole_file::ReadError;

pub use inclusion::{LogTrust, Logged};
pub use judge::{Expected, PageSeen, Papers, judge};
pub use others::{Complete, Lacking, Named, OTHERS_MAX, OTHERS_MAX_BYTES, OtherNote, Others, TooManyNotes};
pub use place::{PLACES_MAX, Placed, of_path, worst};
pub use published::{Channel, DnsSays, PublishedKeys, VouchedBy, WebSays, fetch_key_lists};
pub use receipt::{JudgedReceipt, judge_receipt};
pub use report::{Check, CheckLine, CheckResult, Report, Verdict};
pub use statement::{judge_note, judge_statement};
pub use stranger::{Stranger, TurnedAway, stranger};
pub use trust::{
    Trust, key_lists_beside, read_believed, read_key_lists, read_roots, read_trust, read_trust_after,
    read_trust_with_roots,
};
pub use url::{UrlVisit, of_url};
pub use visitor::{NOTE_LIMITS, Visited, look};

/// Why nothing can be verified at all. That a notice is bad is not an error but a [`Verdict`].
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A file or directory is not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The names of a notice that does not tell them cannot be used.
    #[error(transparent)]
    Names(#[from] SiteError),
    /// The directory holds no notice.
    #[error("{} holds no notice: no `notice.note` in it, and no NOTICE/EDITION/notice.note below it", path.display())]
    NoNotice {
        /// The directory.
        path: PathBuf,
    },
    /// The directory holds more than is looked at.
    #[error("{} holds more than {PLACES_MAX} files and directories", path.display())]
    TooMany {
        /// The directory.
        path: PathBuf,
    },
    /// The notes of a site are more than are held in memory.
    #[error("{} cannot be judged whole", path.display())]
    Others {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: TooManyNotes,
    },
    /// A page, where a note was to be given.
    #[error("{} is a web page", path.display())]
    WebPage {
        /// The file.
        path: PathBuf,
    },
    /// A file that holds the text of a statement, and not one signature.
    #[error("{} is the text of a {kind} without any signature, which anybody can write", path.display())]
    Unsigned {
        /// The file.
        path: PathBuf,
        /// Which kind of statement.
        kind: &'static str,
    },
    /// A secret key in place of its public half.
    #[error("{} holds a secret key, and public ones are needed here", path.display())]
    SecretKey {
        /// The file.
        path: PathBuf,
    },
    /// Keys in a form of other tools, which does not say whose they are, or no keys at all.
    #[error("{} holds {what}, and no verifier keys, no policy and no key list", path.display())]
    NotKeys {
        /// The file.
        path: PathBuf,
        /// What is in it, in words.
        what: &'static str,
    },
    /// The trusted keys are not UTF-8, so neither a policy nor keys.
    #[error("{} is neither a policy nor a list of keys", path.display())]
    NotTrust {
        /// The file.
        path: PathBuf,
    },
    /// The policy is refused.
    #[error("the policy {} is refused", path.display())]
    Policy {
        /// The file.
        path: PathBuf,
        /// Why.
        source: TrustError,
    },
    /// A line of a list of keys is no key.
    #[error("line {line} of {} is not a verifier key (name+12345678+base64), and no line of a policy", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: usize,
        /// Why.
        source: crate::signed_note::NoteError,
    },
    /// The keys of a list cannot be used together, or there is none.
    #[error("the keys in {} cannot be used", path.display())]
    Keys {
        /// The file.
        path: PathBuf,
        /// Why. Its line numbers count the keys.
        source: TrustError,
    },
    /// A signed key list without the roots under which it would be believed.
    #[error("{} is a signed key list, and nothing says whose roots are believed", path.display())]
    NoRoots {
        /// The file.
        path: PathBuf,
    },
    /// Roots for a file that they do not sign.
    #[error("{} is not a signed key list, so no roots vouch for it", path.display())]
    NotAKeyList {
        /// The file.
        path: PathBuf,
    },
    /// A key list that is not a signed note.
    #[error("the key list {} cannot be read", path.display())]
    KeyListNote {
        /// The file.
        path: PathBuf,
        /// Why.
        source: crate::signed_note::NoteError,
    },
    /// The key list is not believed.
    #[error("the key list {} is not believed", path.display())]
    KeyList {
        /// The file.
        path: PathBuf,
        /// Why.
        source: KeyListRefusal,
    },
    /// Not a URL that a visitor could open.
    #[error("`{url}` is not http:// or https:// with a host name")]
    Url {
        /// The text, shortened and escaped.
        url: String,
    },
    /// The host in the URL is no name that a notice can cover.
    #[error("the host of `{url}` cannot be visited")]
    Host {
        /// The text, shortened and escaped.
        url: String,
        /// Why.
        source: crate::domain::DomainError,
    },
    /// An onion service, which is never looked up.
    #[error("`{url}` is an onion service and is never looked up; say with --connect where to ask for it")]
    OnionLookup {
        /// The text, shortened and escaped.
        url: String,
    },
    /// An onion service over TLS.
    #[error("`{url}` is an onion service, which is visited over http")]
    OnionTls {
        /// The text, shortened and escaped.
        url: String,
    },
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod served;

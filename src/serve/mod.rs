//! The splash server: the notice over HTTP and HTTPS, for the names in its table and for no other.
//!
//! Everything is made ready at start: `content` holds finished responses for each edition, language and encoding, `hosts`
//! says which edition is for whom, `answer` goes from a request to one of them by look-ups alone, and `server` and `tls`
//! are the doors. A host that is not in the table gets no banner: 421 over HTTP and no certificate over TLS, because a
//! notice on a name that nobody seized is a false statement by an authority.
//!
//! Over HTTP there is no redirect to HTTPS: a seized name may never get a certificate that browsers trust, and the notice
//! must be seen all the same.

mod answer;
mod content;
mod encoding;
mod finished;
mod hosts;
mod kit;
mod peers;
mod server;
mod tls;
mod tally;
#[cfg(test)]
mod first_view;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

pub use answer::fixed_language;
pub use server::{Options, Splash, bind};
pub use tally::{RequestCount, Stats};
pub use tls::{CertificateError, Certificates};

/// Why the server cannot start or take new content.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A host in an edition is not a host name.
    #[error("`{name}` is not a host name that can be served")]
    Host {
        /// The text, shortened.
        name: String,
    },
    /// Two editions are for the same name.
    #[error("two editions are for `{name}`")]
    TwoEditions {
        /// The name.
        name: String,
    },
    /// More names than the table can hold, or more editions than it can number.
    #[error("more names than one server can hold")]
    TooManyNames,
    /// An edition has no page in its own default language.
    #[error("the edition `{edition}` has no page in its default language {language}")]
    NoDefaultPage {
        /// [`crate::notice::Edition::id`].
        edition: String,
        /// The language.
        language: crate::language::LanguageTag,
    },
    /// A notice is shown with 451 or 200, one that was withdrawn with 410, and nothing else.
    #[error("the edition `{edition}` has the status {status}; a notice has 451 or 200, or 410 when it was withdrawn")]
    Status {
        /// [`crate::notice::Edition::id`].
        edition: String,
        /// The status.
        status: u16,
    },
    /// A file of the kit has a name that could not be asked for.
    #[error("the edition `{edition}` has a kit file `{file}`: letters, digits, `.`, `-`, `_` and inner `/` only")]
    KitFile {
        /// [`crate::notice::Edition::id`].
        edition: String,
        /// The name, shortened.
        file: String,
    },
    /// The page that lists the files of its kit cannot be written.
    #[error("the list of the kit's files of the edition `{edition}` cannot be written")]
    KitIndex {
        /// [`crate::notice::Edition::id`].
        edition: String,
        /// Why.
        source: askama::Error,
    },
    /// [`Options::blocked_by`] is not an address that can stand in a header.
    #[error("`{text}` is not an absolute URI for the Link header")]
    BlockedBy {
        /// The text, shortened.
        text: String,
    },
    /// Another program listens there.
    #[error("{address} is in use")]
    AddressInUse {
        /// Where.
        address: SocketAddr,
    },
    /// Ports under 1024 need a right that this process does not have.
    #[error("no permission to listen on {address}")]
    NoPermission {
        /// Where.
        address: SocketAddr,
    },
    /// The address is not one of this machine, or the system refused otherwise.
    #[error("cannot listen on {address}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// TLS cannot be set up.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

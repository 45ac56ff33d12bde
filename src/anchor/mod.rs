//! Trusted time: RFC 3161 time stamps over the log's checkpoints.
//!
//! A time stamping authority signs the digest of a file together with the time at which it was shown it. Over a checkpoint,
//! such a token proves that the checkpoint, and with it every entry that it vouches for, existed before that time, whoever
//! holds the log's key.
//!
//! [`Query`] is what the authority is asked, [`stamp()`] judges what it answered, against the stamped bytes and, where they are
//! at hand, the query and the [`Authorities`] that are believed. [`Anchors`] keeps both as files beside the log, where
//! `openssl ts` reads them too. Nothing here uses the network.
//!
//! Answers are read in DER, as RFC 3161 section 2.4.2 demands. What is signed or digested is taken from the bytes that came,
//! never written anew: certificates and attributes that somebody else encoded oddly keep their digests.

mod beside;
mod cms;
mod error;
mod info;
mod kept;
mod members;
mod query;
mod response;
mod signer;
mod stamp;

pub use beside::{Stamped, StampsError, stamps};
pub use error::AnchorError;
pub use kept::{ANCHORS, Anchor, Anchors};
pub use query::Query;
pub use signer::Authorities;
pub use stamp::{RESPONSE_MAX_BYTES, Stamp, imprint_of, stamp};

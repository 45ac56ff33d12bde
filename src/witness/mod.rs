//! Witnesses: agencies that cosign each other's logs, so that none can take back or fork what it has published.
//!
//! A witness remembers of each log the largest tree that it has seen, and cosigns a larger one only with the proof that it
//! continues that tree ([C2SP tlog-witness](https://c2sp.org/tlog-witness)).
//!
//! - [`Witness`] is the witness: keys, logs and what was cosigned, durable before it is answered. [`serve()`] puts it on the net.
//! - [`Client`] asks one witness. [`Collector`] asks all witnesses of a log after it has published, beside the appends and never
//!   in their way, and keeps what they cosigned in the file [`crate::audit::WITNESSED`] beside the log.
//!
//! Two things stop a log: a checkpoint, signed by the log and cosigned by a witness, of more entries than there are (the log was
//! put back), or of other entries (the log was forked). [`Collector`] then raises the log's [`crate::audit::Alarm`]. That an answer
//! claims one of the two stops nothing; [`Client`]'s module says why.

mod client;
mod collector;
mod request;
mod server;
mod standing;
mod state;
#[cfg(test)]
mod tests;

pub use client::{ASK_LIMITS, Claim, Client, ClientError, Conflict, Cosigned};
pub use collector::{CollectError, Collector, Round, cosigners, read_witnessed};
pub use request::{AddCheckpoint, PROOF_LINES_MAX, REQUEST_MAX_BYTES, RequestError};
pub use server::serve;
pub use standing::{Judgement, Standing};
pub use state::{Answer, Witness, WitnessError};

//! The whole command line, run inside the test's own process: clock, streams and network are handed in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at once on what they did not expect"
)]

mod anchors;
mod building;
mod designs;
mod desk;
mod erased;
mod exports;
mod fetched_keys;
mod key_list;
mod keys;
mod life;
mod logs;
mod notes;
mod notice_life;
mod notices;
mod operation;
mod person;
mod plans;
mod playbooks;
mod printing;
mod proofs;
mod receipts;
mod refusals;
mod register;
mod rehearsal;
mod reports;
mod resolvers;
mod resume;
mod sealed;
mod serving;
mod signals;
mod usage;
mod witnesses;

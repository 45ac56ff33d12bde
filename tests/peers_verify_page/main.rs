//! The page of the kit that checks a notice in a browser, in a real browser, against `impound verify` on the same files.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at once on what they did not expect"
)]

#[path = "../bench/mod.rs"]
mod bench;
#[path = "../browser/mod.rs"]
mod browser;

mod desk;
mod entries;
mod looks;
mod notices;
mod proofs;
mod ring;
mod stamps;
mod statements;

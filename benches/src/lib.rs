//! Each measurement is a program in `src/bin`; `benches/run` builds them and runs them all. Here is what several need.

pub mod figures;
pub mod log;
pub mod operation;
pub mod program;
pub mod web;

/// What a measurement ends with.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

//! `impound` prepares, checks, serves, verifies and records lawful seizures of domains and servers.

pub mod whole_file;
pub mod clock;
pub mod domain;
pub mod digest;
pub mod language;
pub mod signed_note;
pub mod tlog;
pub mod coverage;
pub mod keyring;
pub mod audit;
pub mod authority;
pub mod playbook;
pub mod plan;
pub mod observe;
pub mod check;
pub mod notice;
pub mod serve;
pub mod verify;
pub mod anchor;
pub mod witness;
pub mod conduct;
pub mod operate;
pub mod rehearse;
pub mod report;
pub mod cli;

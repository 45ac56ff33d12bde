//! What can be typed after `impound log`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use crate::observe::ServiceUrl;

#[derive(Debug, Args)]
pub struct LogArg {
    /// The record
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
    /// The record's verifier key, or a file with it
    #[arg(long, value_name = "VKEY|FILE")]
    pub keys: String,
}

#[derive(Debug, Subcommand)]
pub enum Log {
    /// Print the entries, oldest first
    #[command(after_help = "Example: impound log show operations/harbour/log --keys log.vkey")]
    Show(LogArg),
    /// Recompute the whole record from its entries
    #[command(after_help = "Example: impound log verify operations/harbour/log --keys log.vkey")]
    Verify(LogVerify),
    /// Have a time stamping authority attest that the record existed (RFC 3161)
    #[command(
        after_help = "Example: impound log anchor operations/harbour/log --keys log.vkey --tsa http://tsa.example/tsr"
    )]
    Anchor(LogAnchor),
}

#[derive(Debug, Args)]
pub struct LogVerify {
    #[command(flatten)]
    pub log: LogArg,
    /// An older checkpoint of the same record, to prove that nothing was rewritten since
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub since: Option<PathBuf>,
    /// The certificate authorities of the time stamping authorities that are believed, PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub tsa_ca: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct LogAnchor {
    #[command(flatten)]
    pub log: LogArg,
    /// The time stamping authority; with --query or --response, only named and not asked
    #[arg(long, value_name = "URL", required_unless_present_any = ["query", "response"])]
    pub tsa: Option<ServiceUrl>,
    /// The certificate authorities that are believed, PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub tsa_ca: Option<PathBuf>,
    /// Write the query here and ask nobody; with --response, the query that was answered
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub query: Option<PathBuf>,
    /// Take this answer, which was fetched elsewhere
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub response: Option<PathBuf>,
}

//! What can be typed after `impound log`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::KeyArg;

#[derive(Debug, Args)]
pub struct LogArg {
    /// The record
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
    /// The record's verifier key, a file with it, or (`verify`) a policy that names its witnesses
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
    /// Cosign the logs of partners, over HTTP, until Ctrl-C
    #[command(after_help = "Example: impound log witness --key w.key --log log.vkey --state w --listen 127.0.0.1:7380")]
    Witness(LogWitness),
}

#[derive(Debug, Args)]
pub struct LogWitness {
    #[command(flatten)]
    pub key: KeyArg,
    /// The logs that are witnessed: a verifier key each, or a file with it
    #[arg(long, value_name = "VKEY|FILE", required = true)]
    pub log: Vec<String>,
    /// What was cosigned so far
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub state: PathBuf,
    /// Where to listen
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: SocketAddr,
    /// A log, by its name, that this witness has never witnessed; without it, a log whose state is missing is refused
    #[arg(long, value_name = "LOG")]
    pub first_start: Vec<String>,
}

#[derive(Debug, Args)]
pub struct LogVerify {
    #[command(flatten)]
    pub log: LogArg,
    /// An older checkpoint of the same record, to prove that nothing was rewritten since
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub since: Option<PathBuf>,
}

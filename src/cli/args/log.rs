//! What can be typed after `impound log`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueHint};

use super::KeyArg;

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
    /// Write a fact of your own into the record
    #[command(after_help = "Example: impound log add operations/harbour/log --key log.key --text confirmed")]
    Add(Box<LogAdd>),
}

#[derive(Debug, Args)]
pub struct LogVerify {
    #[command(flatten)]
    pub log: LogArg,
    /// An older checkpoint of the same record, to prove that nothing was rewritten since
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub since: Option<PathBuf>,
}

/// A copy of the last checkpoint, kept away from the record.
#[derive(Debug, Args)]
pub struct CopyArg {
    /// Keep a copy of the last checkpoint here, on another disk or machine, and compare: a record that was put back is refused
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub checkpoint_copy: Option<PathBuf>,
    /// Make the copy if it is missing, although the record has entries
    #[arg(long, requires = "checkpoint_copy")]
    pub new_checkpoint_copy: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["text", "lines"]))]
pub struct LogAdd {
    /// The record
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
    #[command(flatten)]
    pub key: KeyArg,
    /// What is to be written down
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Read it from standard input, one entry a line
    #[arg(long)]
    pub lines: bool,
    /// In which role you write
    #[arg(long = "as", value_name = "ROLE", default_value = "operator")]
    pub role: String,
    /// For which agency [default: that of the key's name]
    #[arg(long = "by", value_name = "AGENCY")]
    pub agency: Option<String>,
    /// What it is about: a name, a server, a person's office
    #[arg(long, value_name = "SUBJECT")]
    pub subject: Option<String>,
    /// The step of the playbook that it belongs to
    #[arg(long, value_name = "STEP")]
    pub step: Option<String>,
    /// The order that it rests on
    #[arg(long, value_name = "ORDER")]
    pub authority: Option<String>,
    /// Files to keep with it, as evidence
    #[arg(long, value_name = "FILE", num_args = 1.., value_hint = ValueHint::FilePath, conflicts_with = "lines")]
    pub evidence: Vec<PathBuf>,
    /// The media type of the evidence [default: by the ending of each file's name]
    #[arg(long, value_name = "TYPE", requires = "evidence")]
    pub media: Option<String>,
    /// Begin the record if there is none
    #[arg(long)]
    pub begin: bool,
    #[command(flatten)]
    pub copy: CopyArg,
}

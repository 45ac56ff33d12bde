//! What can be typed after `impound log`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use crate::export::Choice;

#[derive(Debug, Args)]
pub struct LogArg {
    /// The record
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
    /// The record's verifier key, or a file with it
    #[arg(long, value_name = "VKEY|FILE")]
    pub keys: String,
    /// The directory with what opens sealed texts [default: private, beside the record]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub private: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Log {
    /// Write the entries for other tools, or some of them to be handed over
    #[command(
        after_help = "Example: impound log export operations/harbour/log --keys log.vkey --as csv -o harbour.csv"
    )]
    Export(LogExport),
    /// Print the entries, oldest first
    #[command(after_help = "Example: impound log show operations/harbour/log --keys log.vkey")]
    Show(LogArg),
    /// Recompute the whole record from its entries
    #[command(after_help = "Example: impound log verify operations/harbour/log --keys log.vkey")]
    Verify(LogVerify),
    /// Write the receipt of one entry, which `impound verify` checks without the record
    #[command(after_help = "Example: impound log prove operations/harbour/log 7 --keys log.vkey -o entry-7.tlog-proof")]
    Prove(LogProve),
}

#[derive(Debug, Args)]
pub struct LogProve {
    #[command(flatten)]
    pub log: LogArg,
    /// The number of the entry
    #[arg(value_name = "INDEX", required_unless_present = "entry", conflicts_with = "entry")]
    pub index: Option<u64>,
    /// The entry itself, one line of `log show --format json`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub entry: Option<PathBuf>,
    /// Where to write the receipt [default: print it]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct LogVerify {
    #[command(flatten)]
    pub log: LogArg,
    /// An older checkpoint of the same record, to prove that nothing was rewritten since
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub since: Option<PathBuf>,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportForm {
    /// JSON Lines, one event an entry, for Timesketch.
    Timesketch,
    /// A table, for spreadsheets and Timesketch.
    Csv,
    /// JSON-LD in the terms of the CASE ontology.
    Case,
}

#[derive(Debug, Args)]
pub struct LogExport {
    #[command(flatten)]
    pub log: LogArg,
    /// The form
    #[arg(long = "as", value_enum, required_unless_present = "disclose", conflicts_with = "disclose")]
    pub form: Option<ExportForm>,
    /// Instead: these entries with their proofs, such as 3,17-20, into a new directory to be handed over
    #[arg(long, value_name = "ENTRIES", requires = "output")]
    pub disclose: Option<Choice>,
    /// Where to write it [default: the standard output]
    #[arg(short, long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    pub output: Option<PathBuf>,
    /// With the sealed texts, where what opens them is at hand
    #[arg(long)]
    pub with_private: bool,
    /// With the evidence that the entries cite
    #[arg(long, requires = "disclose")]
    pub with_evidence: bool,
}

//! What can be typed after `impound log`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueEnum, ValueHint};

use super::KeyArg;
use crate::digest::Digest;
use crate::export::Choice;
use crate::observe::ServiceUrl;

#[derive(Debug, Args)]
pub struct LogArg {
    /// The record
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
    /// The record's verifier key, a file with it, or a policy that names its witnesses as well
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
    /// Print the entries, oldest first, or one with everything that it says
    #[command(after_help = "Example: impound log show operations/harbour/log --keys log.vkey")]
    Show(LogShow),
    /// Recompute the whole record from its entries
    #[command(after_help = "Example: impound log verify operations/harbour/log --keys log.vkey")]
    Verify(LogVerify),
    /// Have a time stamping authority attest that the record existed (RFC 3161)
    #[command(
        after_help = "Example: impound log anchor operations/harbour/log --keys log.vkey --tsa http://tsa.example/tsr"
    )]
    Anchor(LogAnchor),
    /// Write a fact of your own into the record
    #[command(after_help = "Example: impound log add operations/harbour/log --key log.key --text confirmed")]
    Add(Box<LogAdd>),
    /// Erase evidence or sealed texts because the law asks for it, and write down that it was done
    #[command(after_help = "Example: impound log erase op/log --key log.key --order 12-Js-345/26
  --evidence sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    Erase(Box<LogErase>),
    /// Write the receipt of one entry, which `impound verify` checks without the record
    #[command(after_help = "Example: impound log prove operations/harbour/log 7 --keys log.vkey -o entry-7.tlog-proof")]
    Prove(LogProve),
    /// Cosign the logs of partners, over HTTP, until Ctrl-C
    #[command(after_help = "Example: impound log witness --key w.key --log log.vkey --state w --listen 127.0.0.1:7380")]
    Witness(LogWitness),
}

#[derive(Debug, Args)]
pub struct LogShow {
    #[command(flatten)]
    pub log: LogArg,
    /// Print this entry alone, with everything that it says
    #[arg(value_name = "INDEX")]
    pub index: Option<u64>,
    /// Print lines whole, also on a terminal, where they are cut to its width
    #[arg(long)]
    pub wide: bool,
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
    /// In which role you write, by its short name; kept in clear for ever, so never a person's name
    #[arg(long = "as", value_name = "ROLE", default_value = "operator")]
    pub role: String,
    /// For which agency, by its domain; kept in clear for ever [default: that of the key's name]
    #[arg(long = "by", value_name = "AGENCY")]
    pub agency: Option<String>,
    /// What it is about. A domain or onion name, an address or `list:ID` is kept in clear for ever; anything else is sealed
    #[arg(long, value_name = "SUBJECT")]
    pub subject: Option<String>,
    /// The step of the playbook that it belongs to, by its short name; kept in clear for ever
    #[arg(long, value_name = "STEP")]
    pub step: Option<String>,
    /// The order that it rests on, by its short name in the playbook; kept in clear for ever
    #[arg(long, value_name = "ORDER")]
    pub authority: Option<String>,
    /// Files to keep with it, as sealed evidence
    #[arg(long, value_name = "FILE", num_args = 1.., value_hint = ValueHint::FilePath, conflicts_with = "lines")]
    pub evidence: Vec<PathBuf>,
    /// Do not seal them: they are public, such as a notice, and tell of no person
    #[arg(long, requires = "evidence")]
    pub public: bool,
    /// The media type of the evidence [default: by the ending of each file's name]
    #[arg(long, value_name = "TYPE", requires = "evidence")]
    pub media: Option<String>,
    /// Begin the record if there is none
    #[arg(long)]
    pub begin: bool,
    /// Ask the witnesses of this policy, each at its address there, before anything is written and once all is
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub witnesses: Option<PathBuf>,
    #[command(flatten)]
    pub copy: CopyArg,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("erased").required(true).multiple(true).args(["evidence", "opening"]))]
pub struct LogErase {
    /// The record
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
    #[command(flatten)]
    pub key: KeyArg,
    /// Whose order it is, by its reference; kept in clear for ever, so never a person's name
    #[arg(long, value_name = "REFERENCE")]
    pub order: String,
    /// Evidence files, by the digests that entries cite
    #[arg(long, value_name = "DIGEST", num_args = 1..)]
    pub evidence: Vec<Digest>,
    /// Sealed texts, by the digests that stand for them in entries
    #[arg(long, value_name = "DIGEST", num_args = 1..)]
    pub opening: Vec<Digest>,
    /// The directory with what opens sealed texts [default: private, beside the record]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub private: Option<PathBuf>,
    /// Ask the witnesses of this policy, each at its address there, before anything is written and once all is
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub witnesses: Option<PathBuf>,
    #[command(flatten)]
    pub copy: CopyArg,
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
    #[arg(long)]
    pub with_evidence: bool,
}

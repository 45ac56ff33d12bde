//! What can be typed. Each command says what it does in one line and shows one example.

mod key;
mod log;
mod notice;
mod report;

pub use key::{
    Key, KeyExport, KeyForm, KeyList, KeyListFetch, KeyListNew, KeyListNext, KeyListPublish, KeyListShow, KeyListSign,
    KeyNew, KeyRevoke, KeyShow,
};
pub use log::{
    CopyArg, ExportForm, Log, LogAdd, LogAnchor, LogArg, LogErase, LogExport, LogProve, LogShow, LogVerify, LogWitness,
};
pub use notice::{
    Notice, NoticeAdvisory, NoticeAmend, NoticeBuild, NoticeBuildAnew, NoticeCountersign, NoticeDeny, NoticeProve,
    NoticeRecord, NoticeRegister, NoticeSign, NoticeWithdraw, StatementArgs,
};
pub use report::Report;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::clock::UtcTime;
use crate::digest::{Digest, DigestError};
use crate::domain::DomainName;

/// Prepares, checks, serves, verifies and records lawful seizures of domains and servers.
#[derive(Debug, Parser)]
#[command(name = "impound", version, about, propagate_version = true, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What is to be done
    #[command(subcommand)]
    pub command: Command,

    /// How results are printed
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

const EXIT_CODES: &str = "Exit codes:\n  \
    0  all well\n  \
    1  findings\n  \
    2  usage, a wrong passphrase or a playbook error\n  \
    3  refused by authority, approval or policy\n  \
    4  verification failed\n  \
    5  network, disk or permissions prevented an answer";

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, in 80 columns
    Text,
    /// For machines: one JSON object with a version; `log show` prints the entries, one JSON object a line
    Json,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new operation, commented and ready to be rehearsed
    #[command(after_help = "Example: impound init operations/harbour")]
    Init(Init),
    /// Tell every problem of a playbook, with its place and what to write instead
    #[command(after_help = "Example: impound lint playbooks/harbour-light")]
    Lint(PlaybookArg),
    /// Look at the world and write the exact plan, to be approved
    #[command(after_help = "Example: impound plan operations/harbour -o harbour.plan")]
    Plan(Plan),
    /// Sign a plan, or refuse it with a reason
    #[command(after_help = "Example: impound approve harbour.plan --key prosecutor.key")]
    Approve(Approve),
    /// Hold the world against what it should be, before or after
    #[command(after_help = "Example: impound check operations/harbour --after")]
    Check(Check),
    /// Build, sign and show the notices
    #[command(subcommand)]
    Notice(Notice),
    /// Serve the signed notices over HTTP and HTTPS; SIGHUP has them read again
    #[command(after_help = "Example: impound serve operations/harbour --http 192.0.2.80:80 --https 192.0.2.80:443")]
    Serve(Serve),
    /// Carry out an approved plan, at its hour; resumes after a stop
    #[command(after_help = "Example: impound run harbour.plan --playbook operations/harbour --key log.key")]
    Run(Run),
    /// Carry out the whole operation against a simulated world on this machine
    #[command(after_help = "Example: impound rehearse playbooks/harbour-light --keep")]
    Rehearse(Rehearse),
    /// Say whether a notice is real, covers a name, and is in force; or whether an entry is in a log
    #[command(after_help = "Example: impound verify https://shop.example/ --keys keys.policy\n\n\
                            Ends with 0 when a notice is real, in force and for the name in question; with 1 when nothing speaks \
                            against it and no --name was asked about; with 4 when it does not verify; with 5 when something needed \
                            could not be looked at.")]
    Verify(Verify),
    /// Read and check the record of an operation
    #[command(subcommand)]
    Log(Log),
    /// Retell an operation from its record, or from the records of several agencies
    #[command(after_help = "Example: impound report operations/harbour/log --keys log.vkey -o report.html")]
    Report(Report),
    /// Make and show keys
    #[command(subcommand)]
    Key(Key),
    /// Explain a code of a problem or finding, and what to do
    #[command(after_help = "Example: impound explain P020")]
    Explain(Explain),
    /// Print a completion script for a shell
    #[command(after_help = "Example: impound completions bash > /etc/bash_completion.d/impound")]
    Completions(Completions),
    /// Write the manual pages into a directory
    #[command(after_help = "Example: impound man man1")]
    Man(Man),
}

#[derive(Debug, Args)]
pub struct Init {
    /// An empty or new directory
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
pub struct PlaybookArg {
    /// A playbook, or the directory that holds playbook.toml
    #[arg(value_name = "PLAYBOOK", value_hint = ValueHint::AnyPath)]
    pub playbook: PathBuf,
}

#[derive(Debug, Args)]
pub struct Plan {
    #[command(flatten)]
    pub playbook: PlaybookArg,
    /// Where to write the plan [default: plan.note beside the playbook]
    #[arg(short, long, value_name = "PLAN", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Write over whatever file is there, even a plan that was signed: what was approved of it is lost
    #[arg(long)]
    pub anew: bool,
}

#[derive(Debug, Args)]
pub struct Approve {
    /// The plan
    #[arg(value_name = "PLAN", value_hint = ValueHint::FilePath)]
    pub plan: PathBuf,
    #[command(flatten)]
    pub key: KeyArg,
    /// Refuse the plan instead
    #[arg(long, requires = "reason")]
    pub refuse: bool,
    /// Why it is refused
    #[arg(long, value_name = "TEXT", requires = "refuse")]
    pub reason: Option<String>,
}

/// A key and the way to its passphrase. The passphrase itself is never an argument: other users could read it.
#[derive(Debug, Args)]
pub struct KeyArg {
    /// The key: a file, agent:NAME in an ssh-agent, or the pkcs11: URI of one on a token
    #[arg(long, value_name = "KEY", value_hint = ValueHint::FilePath)]
    pub key: PathBuf,
    #[command(flatten)]
    pub passphrase: PassphraseArg,
}

#[derive(Debug, Clone, Args)]
pub struct PassphraseArg {
    /// Read the passphrase from this open file descriptor instead of the terminal
    #[arg(long, value_name = "N")]
    pub passphrase_fd: Option<u32>,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub playbook: PlaybookArg,
    /// Hold it against what must be before the operation (the default)
    #[arg(long, conflicts_with = "after")]
    pub before: bool,
    /// Hold it against what must be after the operation
    #[arg(long)]
    pub after: bool,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// A playbook whose site beside it is signed, or the directory of a signed site
    #[arg(value_name = "PLAYBOOK|SITE", value_hint = ValueHint::AnyPath)]
    pub what: PathBuf,
    /// Addresses for HTTP
    #[arg(long, value_name = "ADDR:PORT")]
    pub http: Vec<SocketAddr>,
    /// Addresses for HTTPS
    #[arg(long, value_name = "ADDR:PORT")]
    pub https: Vec<SocketAddr>,
    /// Certificate chains, PEM; without any, certificates are self-signed
    #[arg(long, value_name = "FILE", requires = "cert_key", value_hint = ValueHint::FilePath)]
    pub cert: Vec<PathBuf>,
    /// Their keys, PEM, in the same order
    #[arg(long, value_name = "FILE", requires = "cert", value_hint = ValueHint::FilePath)]
    pub cert_key: Vec<PathBuf>,
    /// Serve this edition of the notices [default: the first, or the first after the last amendment]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub edition: Option<u32>,
}

#[derive(Debug, Args)]
pub struct Run {
    /// The approved plan
    #[arg(value_name = "PLAN", value_hint = ValueHint::FilePath)]
    pub plan: PathBuf,
    /// The playbook it was drawn from [default: the directory of the plan]
    #[arg(long, value_name = "PLAYBOOK", value_hint = ValueHint::AnyPath)]
    pub playbook: Option<PathBuf>,
    /// The record [default: log beside the playbook]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub log: Option<PathBuf>,
    #[command(flatten)]
    pub key: KeyArg,
    #[command(flatten)]
    pub copy: CopyArg,
    /// Begin steps again that ended without reaching what they are for
    #[arg(long)]
    pub retry: bool,
}

#[derive(Debug, Args)]
pub struct Rehearse {
    #[command(flatten)]
    pub playbook: PlaybookArg,
    /// Where log, site, public keys and report are left [default: a new directory for temporary files]
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: Option<PathBuf>,
    /// Leave the world standing until Ctrl-C, and print its addresses
    #[arg(long)]
    pub keep: bool,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// The address of a page, a notice.note, a directory with a notice and its pages, or the receipt of a log entry
    #[arg(value_name = "URL|FILE|DIR")]
    pub what: String,
    /// The name that it must cover, as it stands in the address bar; never taken from the notice [default for an address: the name in it]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The keys that are believed and how many must sign: a policy file, a list of verifier keys, or a signed key list,
    /// with the lists before it beside it: KEYS.note and KEYS.1.note, KEYS.2.note …; for a receipt, the log's verifier key
    #[arg(long, value_name = "FILE", required_unless_present = "fetch_keys", value_hint = ValueHint::FilePath)]
    pub keys: Option<PathBuf>,
    /// Fetch the key lists that this agency publishes on its site instead, and ask the DNS about their roots; more than one host
    /// may be given. Without --roots or --since nothing vouches for them, and nothing is good under them
    #[arg(long, value_name = "HOST", conflicts_with = "keys")]
    pub fetch_keys: Vec<DomainName>,
    #[command(flatten)]
    pub roots: RootsArg,
    /// The log in which the notice must stand, by the proof in its kit: its verifier key, or a policy that names its witnesses as well
    /// [default: no log must; a proof is held against those on the key list]
    #[arg(long, value_name = "VKEY|FILE")]
    pub log: Option<String>,
    /// The certificate authorities of the time stamping authorities that are believed, PEM; one of these must have dated the
    /// proof, where no witness has
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub tsa_ca: Option<PathBuf>,
    /// A copy of the agencies' register of notices: whether a later edition replaces or withdraws it
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub register: Option<PathBuf>,
    /// The moment at which it must be in force [default: now]
    #[arg(long, value_name = "TIME")]
    pub at: Option<UtcTime>,
    /// Connect to this address instead of asking the resolvers
    #[arg(long, value_name = "ADDR:PORT")]
    pub connect: Option<SocketAddr>,
    /// Believe the certificate authorities in this PEM file instead of Mozilla's
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca: Option<PathBuf>,
    /// The entry that a receipt must be of, as `log show --format json` printed it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "log", "tsa_ca", "at", "connect", "ca", "register"], value_hint = ValueHint::FilePath)]
    pub entry: Option<PathBuf>,
    /// The directory with what opens the sealed texts of a receipt's entry
    #[arg(long, value_name = "DIR", conflicts_with_all = ["name", "log", "tsa_ca", "at", "connect", "ca", "register"], value_hint = ValueHint::DirPath)]
    pub private: Option<PathBuf>,
}

/// Why a signed key list is believed.
#[derive(Debug, Args)]
pub struct RootsArg {
    /// The roots under which a signed key list is believed: a policy file, a list of verifier keys, or their fingerprint, as it
    /// is printed in an order
    #[arg(long, alias = "root", value_name = "FILE|sha256:HEX", value_hint = ValueHint::FilePath)]
    pub roots: Option<PathBuf>,
    /// The key list that was believed last: only it, or one that follows from it, is believed
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "roots")]
    pub since: Option<PathBuf>,
}

impl RootsArg {
    /// The fingerprint of the roots, if it is one that was given.
    pub fn fingerprint(&self) -> Result<Option<Digest>, DigestError> {
        let given = self.roots.as_deref().and_then(Path::to_str).filter(|text| text.starts_with(FINGERPRINT));
        given.map(str::parse).transpose()
    }
}

/// How a fingerprint begins, by which it is told from a file.
const FINGERPRINT: &str = "sha256:";

#[derive(Debug, Args)]
pub struct Explain {
    /// The code; without it, all are listed
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub struct Man {
    /// The directory
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
}

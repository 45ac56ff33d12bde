//! `impound notice`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::{KeyArg, PlaybookArg};

#[derive(Debug, Subcommand)]
pub enum Notice {
    /// Write the pages and the manifests of the notices, unsigned
    #[command(after_help = "Example: impound notice build operations/harbour")]
    Build(NoticeBuildAnew),
    /// Add an agency's signature to the notices
    #[command(after_help = "Example: impound notice sign operations/harbour --key police-notice.key")]
    Sign(NoticeSign),
    /// Show the notices: what they say, whom they cover, who has signed
    #[command(after_help = "Example: impound notice show operations/harbour")]
    Show(NoticeBuild),
    /// Write the next editions of a notice that was shown, unsigned: what the playbook says today replaces them
    #[command(after_help = "Example: impound notice amend operations/harbour")]
    Amend(NoticeAmend),
    /// Write the next editions of a notice without names that are given back to their holders
    #[command(after_help = "Example: impound notice return operations/harbour --name shop.example")]
    Return(NoticeReturn),
    /// Write the last edition of a notice, which ends it
    #[command(
        after_help = "Example: impound notice withdraw operations/harbour --decision \"District Court of Havn, 131/2027\""
    )]
    Withdraw(NoticeWithdraw),
    /// Write the proof that a notice covers one name, where it does not tell its names
    #[command(after_help = "Example: impound notice prove operations/harbour --name shop.example -o coverage.proof")]
    Prove(NoticeProve),
}

#[derive(Debug, Args)]
pub struct NoticeBuildAnew {
    #[command(flatten)]
    pub build: NoticeBuild,
    /// Write over editions that are signed and say something else; only if nobody outside has seen them
    #[arg(long)]
    pub anew: bool,
}

#[derive(Debug, Args)]
pub struct NoticeAmend {
    #[command(flatten)]
    pub build: NoticeBuild,
    /// Which notice, by its id [default: the only one]
    #[arg(long, value_name = "ID")]
    pub notice: Option<String>,
}

#[derive(Debug, Args)]
pub struct NoticeReturn {
    #[command(flatten)]
    pub amend: NoticeAmend,
    /// A name that is given back; every one that the playbook has no more
    #[arg(long, value_name = "NAME", required = true)]
    pub name: Vec<String>,
}

#[derive(Debug, Args)]
pub struct NoticeWithdraw {
    #[command(flatten)]
    pub amend: NoticeAmend,
    /// The decision that ends it, as people would cite it [default: the order itself]
    #[arg(long, value_name = "TEXT")]
    pub decision: Option<String>,
}

#[derive(Debug, Args)]
pub struct NoticeProve {
    #[command(flatten)]
    pub build: NoticeBuild,
    /// The name
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Where to write the proof [default: standard output]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct NoticeBuild {
    #[command(flatten)]
    pub playbook: PlaybookArg,
    /// The signed site [default: site beside the playbook]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub site: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct NoticeSign {
    #[command(flatten)]
    pub build: NoticeBuild,
    #[command(flatten)]
    pub key: KeyArg,
}

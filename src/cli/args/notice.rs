//! `impound notice`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueHint};

use super::{CopyArg, KeyArg, PassphraseArg, PlaybookArg, RootsArg};
use crate::clock::UtcTime;
use crate::language::LanguageTag;

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
    #[command(after_help = "Example: impound notice withdraw operations/harbour --decision 131/2027")]
    Withdraw(NoticeWithdraw),
    /// State, signed, that a banner somebody has seen is not ours
    #[command(
        after_help = "Example: impound notice deny --id false-1 --name fake.example --seen 2026-12-01T21:30:00Z --verify-at https://police.example/notices --key police-notice.key -o false-1.note"
    )]
    Deny(NoticeDeny),
    /// Write and sign a joint advisory: words, indicators, signatures
    #[command(
        after_help = "Example: impound notice advisory operations/harbour --id tools --text en=en.txt --indicators list.csv --verify-at https://police.example/advisories --key police-notice.key -o tools"
    )]
    Advisory(NoticeAdvisory),
    /// Add another agency's signature to a denial, an advisory or a register
    #[command(after_help = "Example: impound notice countersign tools/advisory.note --key court-notice.key")]
    Countersign(NoticeCountersign),
    /// Build the public register of notices, or add to it what is new
    #[command(
        after_help = "Example: impound notice register public --keys policy --site operations/harbour/site --note false-1.note"
    )]
    Register(NoticeRegister),
    /// Write the proof that a notice covers one name, where it does not tell its names
    #[command(after_help = "Example: impound notice prove operations/harbour --name shop.example -o coverage.proof")]
    Prove(NoticeProve),
    /// Enter the signed notices into the log, and put the proofs of it into their kits
    #[command(after_help = "Example: impound notice record operations/harbour --key log.key")]
    Record(NoticeRecord),
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("with").required(true).args(["key", "keys"]))]
pub struct NoticeRecord {
    #[command(flatten)]
    pub build: NoticeBuild,
    /// The record [default: log beside the playbook]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub log: Option<PathBuf>,
    /// The key of the log: a file, agent:NAME in an ssh-agent, or the pkcs11: URI of one on a token
    #[arg(long, value_name = "KEY", value_hint = ValueHint::FilePath)]
    pub key: Option<PathBuf>,
    #[command(flatten)]
    pub passphrase: PassphraseArg,
    /// Enter nothing, and put newer proofs into the kits: the log's verifier key, or a file with it
    #[arg(long, value_name = "VKEY|FILE")]
    pub keys: Option<String>,
    /// The certificate authorities of the time stamping authorities that are believed, PEM: only their stamps make a proof final
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub tsa_ca: Option<PathBuf>,
    #[command(flatten)]
    pub copy: CopyArg,
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

/// What every statement beside notices has.
#[derive(Debug, Args)]
pub struct StatementArgs {
    /// What it is called among its issuer's, in letters, digits and hyphens
    #[arg(long, value_name = "ID")]
    pub id: String,
    /// A page of the issuer that tells how to check it
    #[arg(long, value_name = "URL")]
    pub verify_at: String,
    /// The domain of the agency that leads [default: the one in the name of the key]
    #[arg(long, value_name = "DOMAIN")]
    pub issuer: Option<String>,
    /// Replace the statement in this note
    #[arg(long, value_name = "NOTE", value_hint = ValueHint::FilePath)]
    pub replaces: Option<PathBuf>,
    /// End the statement in this note
    #[arg(long, value_name = "NOTE", conflicts_with = "replaces", value_hint = ValueHint::FilePath)]
    pub withdraws: Option<PathBuf>,
    #[command(flatten)]
    pub key: KeyArg,
}

#[derive(Debug, Args)]
pub struct NoticeDeny {
    #[command(flatten)]
    pub statement: StatementArgs,
    /// When the banner was seen
    #[arg(long, value_name = "TIME")]
    pub seen: UtcTime,
    /// The name under which it was seen
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The address at which it was seen
    #[arg(long, value_name = "IP")]
    pub address: Option<IpAddr>,
    /// The page as it was saved: its digest is stated
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub page: Option<PathBuf>,
    /// Where to write the signed denial
    #[arg(short, long, value_name = "NOTE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct NoticeAdvisory {
    #[command(flatten)]
    pub playbook: PlaybookArg,
    #[command(flatten)]
    pub statement: StatementArgs,
    /// The words in one language: a file in UTF-8
    #[arg(long, value_name = "LANGUAGE=FILE", required = true)]
    pub text: Vec<String>,
    /// Names, addresses and digests, one a line: `domain,NAME`, `onion,NAME`, `address,IP`, `sha256,DIGEST`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub indicators: Option<PathBuf>,
    /// Tell names although a notice of the operation seals them
    #[arg(long)]
    pub tell_sealed: bool,
    /// The directory to write, which need not exist
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct NoticeCountersign {
    /// The signed note
    #[arg(value_name = "NOTE", value_hint = ValueHint::FilePath)]
    pub note: PathBuf,
    #[command(flatten)]
    pub key: KeyArg,
}

#[derive(Debug, Args)]
pub struct NoticeRegister {
    /// The directory of the register, which need not exist
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
    /// Whose signatures count, as for `impound verify`: nothing is published that does not count
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub keys: PathBuf,
    #[command(flatten)]
    pub roots: RootsArg,
    /// A signed site: its editions are published, those under embargo left out
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub site: Vec<PathBuf>,
    /// A step of the one site whose embargo is over
    #[arg(long, value_name = "STEP")]
    pub released: Vec<String>,
    /// A denial, or the note of an advisory with its files beside it
    #[arg(long, value_name = "NOTE", value_hint = ValueHint::FilePath)]
    pub note: Vec<PathBuf>,
    /// The audit log in which the notes are recorded: each gets the proof of its entry; a note without one is named, and the
    /// exit code is 1
    #[arg(long, value_name = "DIR", requires = "log_keys", value_hint = ValueHint::DirPath)]
    pub log: Option<PathBuf>,
    /// The log's verifier key
    #[arg(long, value_name = "VKEY|FILE", requires = "log")]
    pub log_keys: Option<String>,
    /// A language of its pages, the first at the start; without it all that the program has words for, English first
    #[arg(long, value_name = "TAG")]
    pub language: Vec<LanguageTag>,
    /// Sign that the register is complete, with this notice key
    #[arg(long, value_name = "KEY", requires_all = ["verify_at", "expires"], value_hint = ValueHint::FilePath)]
    pub key: Option<PathBuf>,
    #[command(flatten)]
    pub passphrase: PassphraseArg,
    /// A page of the issuer that tells how to check the register
    #[arg(long, value_name = "URL", requires = "key")]
    pub verify_at: Option<String>,
    /// When the next statement that it is complete is due at the latest
    #[arg(long, value_name = "TIME", requires = "key")]
    pub expires: Option<UtcTime>,
}

impl NoticeRegister {
    /// The key to sign with, if there is to be a signature.
    pub fn signing_key(&self) -> Option<KeyArg> {
        let passphrase = PassphraseArg { passphrase_fd: self.passphrase.passphrase_fd };
        self.key.clone().map(|key| KeyArg { key, passphrase })
    }
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

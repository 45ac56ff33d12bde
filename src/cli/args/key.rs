//! `impound key`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::{KeyArg, PassphraseArg, RootsArg};
use crate::clock::UtcTime;
use crate::domain::DomainName;

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key and write it under a passphrase
    #[command(after_help = "Example: impound key new police.example/notice -o police-notice.key")]
    New(KeyNew),
    /// Show the public half of a key in every form
    #[command(after_help = "Example: impound key show police-notice.key")]
    Show(KeyShow),
    /// Print the public half of a key in the form that another tool reads
    #[command(after_help = "Example: impound key export police.vkey --as minisign > police.minisign.pub")]
    Export(KeyExport),
    /// Write the list that follows, with a key on it that somebody else may have
    #[command(after_help = "Example: impound key revoke police.example/notice --list keys.note \
                            --compromised-since 2026-12-01T00:00:00Z --expires 2027-03-01T00:00:00Z -o keys.2.note")]
    Revoke(KeyRevoke),
    /// Write, sign and show the list of the keys that count
    #[command(subcommand)]
    List(KeyList),
}

#[derive(Debug, Subcommand)]
pub enum KeyList {
    /// Write a list, unsigned; dates and states of its keys can be edited until the first root signs it
    #[command(
        after_help = "Example: impound key list new --root police-root.vkey --root court-root.vkey --threshold 2 \
                            --quorum 2 --expires 2027-05-01T00:00:00Z -o keys.1.note police.vkey court.vkey"
    )]
    New(KeyListNew),
    /// Write the list that replaces another, unsigned: renewed, with keys and roots added or taken away
    #[command(after_help = "Example: impound key list next keys.note --add police-2027.vkey --retire police.vkey \
                            --expires 2027-08-01T00:00:00Z -o keys.2.note")]
    Next(KeyListNext),
    /// Add a root's signature to a list
    #[command(after_help = "Example: impound key list sign keys.note --key police-root.key")]
    Sign(KeyListSign),
    /// Show a list: which keys count, until when, and who has signed it
    #[command(after_help = "Example: impound key list show keys.note --roots roots.policy")]
    Show(KeyListShow),
    /// Fetch the lists that agencies publish on their sites, and hold their roots against the DNS
    #[command(after_help = "Example: impound key list fetch police.example --since keys.note -o keys.note")]
    Fetch(KeyListFetch),
    /// Write the files that an agency puts on its site, and print the record for its zone
    #[command(after_help = "Example: impound key list publish keys.note -o website")]
    Publish(KeyListPublish),
}

#[derive(Debug, Args)]
pub struct KeyListNew {
    /// The keys, or files with them
    #[arg(value_name = "VKEY|FILE", required = true)]
    pub keys: Vec<String>,
    /// A root, or a file with it; the roots sign this list and the next
    #[arg(long, value_name = "VKEY|FILE", required = true)]
    pub root: Vec<String>,
    /// How many of the roots must sign
    #[arg(long, value_name = "N")]
    pub threshold: usize,
    /// How many different agencies must sign a notice
    #[arg(long, value_name = "N")]
    pub quorum: usize,
    /// The list, and every key on it, counts before this moment
    #[arg(long, value_name = "TIME")]
    pub expires: UtcTime,
    /// The list
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct KeyListNext {
    /// The list that is replaced
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub list: PathBuf,
    /// A key that counts from now on, or a file with it
    #[arg(long, value_name = "VKEY|FILE")]
    pub add: Vec<String>,
    /// A key that signs no longer: its verifier key, a file with it, or its name
    #[arg(long, value_name = "KEY")]
    pub retire: Vec<String>,
    /// A key that somebody else may have
    #[arg(long, value_name = "KEY", requires = "compromised_since")]
    pub revoke: Vec<String>,
    /// From when on somebody else may have the revoked keys
    #[arg(long, value_name = "TIME", requires = "revoke")]
    pub compromised_since: Option<UtcTime>,
    /// A further root, or a file with it
    #[arg(long, value_name = "VKEY|FILE")]
    pub add_root: Vec<String>,
    /// A root that counts no longer once this list is signed
    #[arg(long, value_name = "KEY")]
    pub drop_root: Vec<String>,
    /// How many of the roots must sign [default: as before]
    #[arg(long, value_name = "N")]
    pub threshold: Option<usize>,
    /// How many different agencies must sign a notice [default: as before]
    #[arg(long, value_name = "N")]
    pub quorum: Option<usize>,
    /// The new list, and every key that counted as long as the old one, counts before this moment
    #[arg(long, value_name = "TIME")]
    pub expires: UtcTime,
    /// The new list
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct KeyRevoke {
    /// The key: its verifier key, a file with it, or its name
    #[arg(value_name = "KEY")]
    pub key: String,
    /// The list on which it stands
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub list: PathBuf,
    /// From when on somebody else may have it
    #[arg(long, value_name = "TIME")]
    pub compromised_since: UtcTime,
    /// The new list counts before this moment
    #[arg(long, value_name = "TIME")]
    pub expires: UtcTime,
    /// The new list
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct KeyListSign {
    /// The list
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub list: PathBuf,
    #[command(flatten)]
    pub key: KeyArg,
}

#[derive(Debug, Args)]
pub struct KeyListShow {
    /// The list
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub list: PathBuf,
    #[command(flatten)]
    pub roots: RootsArg,
}

#[derive(Debug, Args)]
pub struct KeyListFetch {
    /// The hosts of agencies
    #[arg(value_name = "HOST", required = true)]
    pub hosts: Vec<DomainName>,
    #[command(flatten)]
    pub roots: RootsArg,
    /// Write the newest list here, and those before it beside it: KEYS.note and KEYS.1.note, KEYS.2.note …
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Believe the certificate authorities in this PEM file instead of Mozilla's
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct KeyListPublish {
    /// The newest list, signed, with those before it beside it: KEYS.note and KEYS.1.note, KEYS.2.note …
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub list: PathBuf,
    /// The directory that the site's server serves; the lists go into `.well-known` in it
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct KeyNew {
    /// Its name: DOMAIN/ROLE or DOMAIN/ROLE/LABEL; roles are root, notice, approval, log, witness
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The key file; its verifier key is written beside it
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    #[command(flatten)]
    pub passphrase: PassphraseArg,
    /// Write the key without a passphrase, for machines that guard it in another way
    #[arg(long, conflicts_with = "passphrase_fd")]
    pub unencrypted: bool,
}

#[derive(Debug, Args)]
pub struct KeyExport {
    /// A key file, a verifier key file, agent:NAME, or a pkcs11: URI; or for dns-txt a key list, all of whose roots are meant, for
    /// allowed-signers and revoked-keys one, all of whose notice keys are
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// The form
    #[arg(long = "as", value_name = "FORM", value_enum)]
    pub form: KeyForm,
}

/// What other tools read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyForm {
    /// One line: name, ID and key, as in notes.
    Vkey,
    /// For `openssl pkeyutl -verify -pubin`.
    Pem,
    /// For `minisign -V -p`.
    Minisign,
    /// For `ssh-keygen -l`, and other programs that read OpenSSH's public keys.
    Ssh,
    /// For `ssh-keygen -Y verify -f`; of notice keys only. Of a key list with the dates between which each key counts.
    AllowedSigners,
    /// For `ssh-keygen -Y verify -r`, or `ssh-keygen -kf`: the revoked keys of a key list.
    RevokedKeys,
    /// For the zone of the agency; of roots only.
    DnsTxt,
}

#[derive(Debug, Args)]
pub struct KeyShow {
    /// A key file, a verifier key file, agent:NAME, or a pkcs11: URI
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
}

//! What can be typed after `impound report`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

#[derive(Debug, Args)]
pub struct Report {
    /// The record; where several agencies kept one, each of them
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath, required = true, num_args = 1..)]
    pub dirs: Vec<PathBuf>,
    /// The records' verifier keys, files with them, one a line, or policies that name witnesses as well; a record is read with
    /// the key that bears its name
    #[arg(long, value_name = "VKEY|FILE", required = true)]
    pub keys: Vec<String>,
    /// An older checkpoint of one of the records, to prove that nothing in it was rewritten since
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub since: Vec<PathBuf>,
    /// The certificate authorities of the time stamping authorities that are believed, PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub tsa_ca: Option<PathBuf>,
    /// The directories with what opens sealed texts, in the order of the records [default: private, beside each]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub private: Vec<PathBuf>,
    /// Write the report as one HTML file, to be read in a browser or printed
    #[arg(short, long, value_name = "FILE.html", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

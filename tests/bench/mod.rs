//! A directory in which other people's tools are run.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// How long a tool may take. The slowest, a browser's first start on a busy machine, takes ten seconds.
const TOOL_SECONDS: &str = "60";

/// The tools that a machine may lack, and the Debian packages that bring them.
const PACKAGES: &[(&str, &str)] = &[
    ("chromium", "chromium"),
    ("curl", "curl"),
    ("dig", "bind9-dnsutils"),
    ("minisign", "minisign"),
    ("named-checkzone", "bind9-utils"),
    ("openssl", "openssl"),
    ("pdftotext", "poppler-utils"),
    ("pkcs11-tool", "opensc"),
    ("softhsm2-util", "softhsm2"),
    ("python3", "python3"),
    ("ssh-agent", "openssh-client"),
    ("ssh-keygen", "openssh-client"),
    ("strace", "strace"),
];

/// A directory in which tools are run with nothing of this process's environment but a search path.
pub struct Bench(TempDir);

impl Bench {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Runs a tool to its end, or until its time is up.
    #[track_caller]
    pub fn run(&self, tool: &str, arguments: &[&str], input: &str) -> Output {
        if let Some((_, package)) = PACKAGES.iter().find(|(packed, _)| *packed == tool) {
            let there = self.command("sh", &["-c", "command -v \"$0\"", tool], "").output().unwrap();
            assert!(there.status.success(), "`{tool}` is not installed; on Debian: apt-get install {package}");
        }
        let bounded = [&["--kill-after=5", TOOL_SECONDS, tool], arguments].concat();
        self.command("timeout", &bounded, input).output().unwrap()
    }

    fn command(&self, tool: &str, arguments: &[&str], input: &str) -> Command {
        self.write("standard-input", input);
        let mut command = Command::new(tool);
        command.args(arguments).current_dir(self.path()).env_clear().env("LC_ALL", "C").env("HOME", self.path());
        let ours = Path::new(env!("CARGO_BIN_EXE_impound")).parent().unwrap();
        command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", ours.display()));
        command.stdin(Stdio::from(fs::File::open(self.path().join("standard-input")).unwrap()));
        command
    }
}

/// What a tool printed that was content.
#[track_caller]
pub fn good(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
    out.into_owned()
}

/// What a tool said that was not content. One that ran out of time has refused nothing.
#[track_caller]
pub fn refused(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!output.status.success(), "accepted: {out}");
    assert!(!matches!(output.status.code(), None | Some(124..=127)), "did not run: {}\n{err}", output.status);
    format!("{out}{err}")
}

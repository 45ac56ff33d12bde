//! An operation with a notice that seals a list of names, in many languages.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::{Outcome, program};

/// The languages of the notice: as many as the page has words in, up to this number.
pub const LANGUAGES: usize = 36;

/// Where its parts lie.
pub struct Operation {
    pub dir: PathBuf,
    pub key: PathBuf,
    pub vkey: PathBuf,
    pub site: PathBuf,
}

/// The name that the new operation has already, besides those of the list.
pub const OWN_NAME: &str = "seized.example";

/// One name of the list.
pub fn name(nth: usize) -> String {
    format!("shop-{nth:07}.example")
}

/// Makes the operation below `dir`, with so many names in its list and one more.
pub fn make(dir: &Path, names: usize) -> Outcome<Operation> {
    let (op, key) = (dir.join("op"), dir.join("notice.key"));
    let text = |path: &Path| path.to_str().map(ToOwned::to_owned).ok_or("a path that is no text");
    program::run(&["init", &text(&op)?])?;
    program::run(&["key", "new", "police.example/notice", "--unencrypted", "-o", &text(&key)?])?;
    let vkey = key.with_extension("vkey");
    let list = write_list(&op, names)?;
    let playbook = op.join("playbook.toml");
    let edited = edit(&fs::read_to_string(&playbook)?, fs::read_to_string(&vkey)?.trim(), &list)?;
    fs::write(&playbook, edited)?;
    Ok(Operation { site: op.join("site"), dir: op, key, vkey })
}

/// Writes the names, one a line; the digest of the file.
fn write_list(op: &Path, names: usize) -> Outcome<String> {
    let path = op.join("names.txt");
    let mut file = BufWriter::new(fs::File::create(&path)?);
    for nth in 0..names {
        writeln!(file, "{}", name(nth))?;
    }
    file.into_inner()?;
    // Read piece by piece: this process must stay small, see `program::run`.
    let mut hasher = <sha2::Sha256 as sha2::Digest>::new();
    std::io::copy(&mut fs::File::open(path)?, &mut Hashing(&mut hasher))?;
    Ok(sha2::Digest::finalize(hasher).iter().map(|octet| format!("{octet:02x}")).collect())
}

struct Hashing<'a>(&'a mut sha2::Sha256);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        sha2::Digest::update(self.0, bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The playbook with the list, the key, the seal, and the texts in every language.
fn edit(playbook: &str, vkey: &str, list: &str) -> Outcome<String> {
    let languages: Vec<String> = impound::words::languages().map(|tag| tag.to_string()).take(LANGUAGES).collect();
    let texts: Vec<String> = languages.iter().map(|tag| format!("{tag} = \"texts/en.toml\"")).collect();
    let list = format!(
        "[[list]]\nid = \"names\"\npath = \"names.txt\"\nsha256 = \"{list}\"\naction = \"redirect\"\norder = \"order\"\n\
         notice = \"banner\"\n\n[[registry]]"
    );
    let mut edited = playbook.to_owned();
    for (from, to) in [
        ("domain = \"police.example\"\n", format!("domain = \"police.example\"\nnotice-key = \"{vkey}\"\n")),
        ("names = [\"panel.example\"]\n", "names = [\"panel.example\"]\nlists = [\"names\"]\n".to_owned()),
        ("[[notice]]\n", "[[notice]]\nsealed-names = true\n".to_owned()),
        ("texts = { en = \"texts/en.toml\" }", format!("texts = {{ {} }}", texts.join(", "))),
        ("[[registry]]", list),
    ] {
        if !edited.contains(from) {
            return Err(format!("the new playbook has no `{from}`").into());
        }
        edited = edited.replacen(from, &to, 1);
    }
    Ok(edited)
}

/// What somebody has who looked at one page of a covered name: the note, the page, the proof.
pub struct Seen {
    pub note: Vec<u8>,
    pub page: Vec<u8>,
    pub proof: Vec<u8>,
}

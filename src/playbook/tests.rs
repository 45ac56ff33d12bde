//! Playbooks with one mistake each, with many, and with nothing but mistakes.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::whole_file::ReadError;

mod bounds;
mod designs;
mod documented;
mod files;
mod mistakes;
mod texts;

/// The example operation of this repository.
const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/harbour-light");

/// A copy of the example in which the notice has English words only, so that each test needs few files.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        for path in [
            "documents/nl-court-2027-0412.txt",
            "documents/de-warrant-77-gs-1093-27.txt",
            "lists/dga.txt",
            "files/greytide-decryptor.txt",
            "files/press-release.txt",
            "seals/bcn.svg",
            "seals/fcd.svg",
            "seals/ncpa.svg",
            "seals/ncu.svg",
            "seals/npo.svg",
            "texts/en.toml",
        ] {
            copy.write(path, &fs::read(Path::new(EXAMPLE).join(path)).unwrap());
        }
        copy.write(FILE_NAME, good().as_bytes());
        copy
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn load(&self) -> Loaded {
        load(self.0.path()).unwrap()
    }

    fn load_text(&self, text: &str) -> Loaded {
        self.write(FILE_NAME, text.as_bytes());
        self.load()
    }
}

/// The example's text, English only.
fn good() -> String {
    let text = fs::read_to_string(Path::new(EXAMPLE).join(FILE_NAME)).unwrap();
    let of_a_language = |line: &str| line.contains(" = \"texts/") || line.contains(" = \"Language service");
    let other = |line: &&str| of_a_language(line) && !line.starts_with("en = ");
    text.lines().filter(|line| !other(line)).map(|line| format!("{line}\n")).collect()
}

/// `text` with the only place of `from` replaced by `to`.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "`{from}` stands {} times", text.matches(from).count());
    text.replace(from, to)
}

/// `text` with the first place of `from` after the only place of `after` replaced by `to`.
fn changed_after(text: &str, after: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(after).count(), 1, "`{after}` stands {} times", text.matches(after).count());
    let (head, tail) = text.split_once(after).unwrap();
    assert!(tail.contains(from), "`{from}` does not stand after `{after}`");
    format!("{head}{after}{}", tail.replacen(from, to, 1))
}

/// Line and column of the mark `«`, and the text without it.
fn marked(text: &str) -> (String, Option<(usize, usize)>) {
    let place = text.split_once('«').map(|(before, _)| {
        let line = before.matches('\n').count() + 1;
        (line, before.rsplit('\n').next().unwrap().chars().count() + 1)
    });
    (text.replace('«', ""), place)
}

/// Code, line and column of every problem.
fn found(loaded: &Loaded) -> Vec<(&'static str, usize, usize)> {
    let one = |problem: &Problem| {
        let (_, line, column) = loaded.position(&problem.place).unwrap();
        (problem.code.number(), line, column)
    };
    loaded.problems.iter().map(one).collect()
}

#[test]
fn the_example_is_read_without_a_problem() {
    assert_eq!(Copy::new().load().render(false), "");
    let loaded = load(Path::new(EXAMPLE)).unwrap();
    assert_eq!(loaded.render(false), "");
    let playbook = loaded.playbook.unwrap();
    assert_eq!(playbook.notices[0].texts.len(), 10);
    assert!(playbook.targets.len() >= 14);
    assert_eq!(playbook.target_count(), playbook.targets.len() + 40);
    let used: BTreeSet<_> = playbook.all_targets().map(|target| target.means.action()).collect();
    assert_eq!(used, Action::ALL.into());
    let countries: BTreeSet<_> = playbook.agencies.iter().map(|agency| &agency.country).collect();
    assert_eq!((playbook.agencies.len(), countries.len()), (5, 4));
    let release = playbook.steps.iter().find(|step| step.work == Work::Release).unwrap();
    assert_eq!(release.not_before.unwrap().to_string(), "2027-03-16T13:00:00Z");
    for target in playbook.all_targets() {
        let order = playbook.order(&target.order).unwrap();
        order.authorize(&target.subject, target.means.action(), playbook.operation.hour).unwrap();
    }
}

/// `text` without the tables of that name, each of which is a paragraph or two.
fn without(text: &str, header: &str) -> String {
    let mut paragraphs: Vec<&str> = text.split("\n\n").collect();
    paragraphs.retain(|paragraph| !paragraph.contains(header));
    paragraphs.join("\n\n")
}

/// A good public key of that name.
fn vkey(name: &str, seed: u8) -> String {
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).verifying_key();
    VerifierKey::new(name.parse().unwrap(), key.as_bytes()).unwrap().to_string()
}

/// The digest that the example gives for its press release.
fn press_release() -> String {
    Digest::of(fs::read(Path::new(EXAMPLE).join("files/press-release.txt")).unwrap()).hex()
}

/// The example with German texts too, for which somebody vouches.
fn with_german() -> String {
    let text = changed(&good(), "en = \"texts/en.toml\"\n", "en = \"texts/en.toml\"\nde = \"texts/de.toml\"\n");
    changed(&text, "[notice.reviewed-by]\n", "[notice.reviewed-by]\nde = \"Somebody\"\n")
}

/// German texts that say from which source they were translated.
fn made_from(digest: &str) -> String {
    let english = fs::read_to_string(Path::new(EXAMPLE).join("texts/en.toml")).unwrap();
    format!("source-sha256 = \"{digest}\"\n{english}")
}

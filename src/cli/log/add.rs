//! `impound log add`: what a person did or saw, written into the record by hand.

use std::io::BufRead;
use std::path::Path;

use serde_json::json;

use super::clear;
use crate::audit::{
    Actor, AuditError, ENTRY_MAX_BYTES, EVIDENCE_MAX_BYTES, Entry, EvidenceRef, Log, Openings, WITNESSED,
};
use crate::cli::args::{Format, LogAdd};
use crate::cli::exit::OrFail;
use crate::cli::open::{
    audit_failure, evidence_store, log_place, open_or_begin, private_beside, read_bounded, say_unguarded,
    sealed_failure, unlock,
};
use crate::cli::witnesses::Panel;
use crate::cli::{Env, Exit, Failure};
use crate::clock::UtcTime;
use crate::keyring::Role;
use crate::operate::{note, sealed, signer};
use crate::signed_note::NoteSigner;
use crate::tlog::LeafIndex;

/// The longest line, and the longest text: half of what an entry may have, since some characters take two octets in it.
const TEXT_MAX_BYTES: usize = ENTRY_MAX_BYTES / 2;

/// What the endings of file names say. The rest is octets of some kind.
const MEDIA: [(&str, &str); 14] = [
    ("csv", "text/csv"),
    ("eml", "message/rfc822"),
    ("gif", "image/gif"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("md", "text/markdown; charset=utf-8"),
    ("mp3", "audio/mpeg"),
    ("pcap", "application/vnd.tcpdump.pcap"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("txt", "text/plain; charset=utf-8"),
];

/// Writes one fact, or one for each line of the input. Each is acknowledged once it is durable.
pub(super) async fn run(arguments: &LogAdd, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if let Some(text) = &arguments.text {
        check_text(text).or_fail(Exit::Usage)?;
    }
    let about = About::of(arguments).or_fail(Exit::Usage)?;
    let files = arguments.evidence.iter().map(|path| read_evidence(path)).collect::<Result<Vec<_>, _>>()?;
    let key = unlock(&arguments.key, Role::Log, env)?;
    let verifier = key.verifier().clone();
    // Read before anything is written: a policy that cannot be used is told while there is nothing to undo.
    let panel = arguments.witnesses.as_deref().map(|path| Panel::read(path, &verifier)).transpose()?;
    let signer = signer(&verifier);
    let actor = Actor { agency: about.agency.clone().unwrap_or(signer.agency), role: about.role.clone(), ..signer };
    let place = log_place(&arguments.dir, &arguments.copy)?;
    let mut log = if arguments.begin { open_or_begin(place, key)? } else { Log::open(place, key).map_err(no_log)? };
    evidence_store(&arguments.dir, &private_beside(&arguments.dir)?).clear_unfinished().map_err(audit_failure)?;
    if panel.is_none() && !arguments.dir.join(WITNESSED).exists() {
        say_unguarded(&arguments.copy, "--witnesses POLICY", env);
    }
    // Before anything is signed: of a log that was put back, the first entry would make a fork.
    let asking = match panel {
        Some(panel) => Some(panel.begin((&arguments.dir, &verifier, log.alarm()), env).await?),
        None => None,
    };
    let mut notes = Notes { arguments, about, actor, log: &mut log, format, written: 0 };
    match &arguments.text {
        Some(text) => {
            let evidence = notes.keep(files)?;
            notes.write(&[text.as_str()], &evidence, env)?;
        }
        None => notes.lines(env)?,
    }
    log.close().map_err(audit_failure)?;
    match asking {
        Some(asking) => asking.end(env).await.map(|()| Exit::Ok),
        None => Ok(Exit::Ok),
    }
}

fn no_log(error: AuditError) -> Failure {
    let missing = matches!(error, AuditError::NotALog { .. });
    let failure = audit_failure(error);
    if missing { failure.help("`impound run` begins the record; --begin does so without a run") } else { failure }
}

/// A text that is not empty, not too long, and of characters that people can read; or what is wrong with it.
fn check_text(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("the text is empty".to_owned());
    }
    if text.len() > TEXT_MAX_BYTES {
        let (bytes, instead) = (text.len(), "keep the whole in a file and give it with --evidence");
        return Err(format!(
            "the text has {bytes} bytes; at most {TEXT_MAX_BYTES} are written in one entry: {instead}"
        ));
    }
    plain(&text.replace(['\n', '\t'], " "))
}

/// No control characters: they could make a terminal show something else than what is written.
fn plain(text: &str) -> Result<(), String> {
    match text.chars().find(|char| char.is_control()) {
        None => Ok(()),
        Some(char) => Err(format!("the control character {char:?} is not written")),
    }
}

fn read_evidence(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    const MAX: usize = EVIDENCE_MAX_BYTES as usize;
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let known = MEDIA.iter().find(|(known, _)| *known == ending).map(|(_, media)| *media);
    Ok((known.unwrap_or("application/octet-stream").to_owned(), read_bounded(path, MAX)?))
}

/// What stands in every entry beside its text.
struct About {
    role: String,
    agency: Option<String>,
    step: Option<String>,
    authority: Option<String>,
    /// A target, in clear.
    subject: Option<String>,
    /// Whatever else it is about, to be sealed.
    sealed: Option<String>,
}

impl About {
    fn of(arguments: &LogAdd) -> Result<Self, String> {
        let LogAdd { role, agency, step, authority, subject, media, .. } = arguments;
        media.as_deref().map(clear::media).transpose()?;
        subject.as_deref().map_or(Ok(()), check_text)?;
        let target = subject.as_deref().and_then(clear::target);
        Ok(Self {
            role: clear::short_name("a role", role)?,
            agency: agency.as_deref().map(clear::agency).transpose()?,
            step: step.as_deref().map(|step| clear::short_name("a step", step)).transpose()?,
            authority: authority.as_deref().map(|order| clear::short_name("an order", order)).transpose()?,
            sealed: subject.clone().filter(|_| target.is_none()),
            subject: target,
        })
    }
}

/// The log, and what all notes of this command have in common.
struct Notes<'a> {
    arguments: &'a LogAdd,
    about: About,
    actor: Actor,
    log: &'a mut Log,
    format: Format,
    /// How many entries this command has written.
    written: usize,
}

impl Notes<'_> {
    /// Keeps the evidence, durably, before the entry that cites it. What is in it only its giver knows, so it is sealed unless
    /// that person says that it is public.
    fn keep(&self, files: Vec<(String, Vec<u8>)>) -> Result<Vec<EvidenceRef>, Failure> {
        let mut store = evidence_store(&self.arguments.dir, &private_beside(&self.arguments.dir)?);
        let media = |known: String| self.arguments.media.clone().unwrap_or(known);
        let keep = |(known, bytes): (String, Vec<u8>)| match self.arguments.public {
            true => store.put(&media(known), &bytes).map_err(audit_failure),
            false => store.seal(&media(known), &bytes).map_err(sealed_failure),
        };
        files.into_iter().map(keep).collect()
    }

    /// Reads lines as they come. Those that are there at one time share one commit.
    fn lines(&mut self, env: &mut Env<'_>) -> Result<(), Failure> {
        let mut lines = Lines::default();
        while !*env.stop.borrow() && lines.read(env.input)? {
            let (texts, wrong) = lines.whole();
            self.write_lines(&texts, wrong, env)?;
        }
        if *env.stop.borrow() {
            // Whoever stopped it has seen what was acknowledged; a line that was not is not written after that.
            return Ok(());
        }
        let (texts, wrong) = lines.rest();
        self.write_lines(&texts, wrong, env)
    }

    /// Those before a line that is wrong are written; it then ends the command.
    fn write_lines(&mut self, lines: &[String], wrong: Option<Failure>, env: &mut Env<'_>) -> Result<(), Failure> {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        self.write(&lines, &[], env)?;
        wrong.map_or(Ok(()), Err)
    }

    /// Writes texts in one commit, and acknowledges each.
    fn write(&mut self, texts: &[&str], evidence: &[EvidenceRef], env: &mut Env<'_>) -> Result<(), Failure> {
        let now = env.clock.now();
        let openings = Openings::new(&private_beside(&self.arguments.dir)?);
        let entries = texts.iter().map(|text| self.entry(now, text, evidence)).collect();
        let entries = sealed(entries, &openings).map_err(sealed_failure)?;
        let groups: Vec<&[Entry]> = entries.iter().map(std::slice::from_ref).collect();
        let written = self.log.append_groups(&groups).map_err(|error| {
            // After another error it is not known whether the entries were written.
            if matches!(error, AuditError::Alarm { .. } | AuditError::BatchTooLarge { .. }) {
                let _ = openings.take_back(&entries);
            }
            audit_failure(error)
        })?;
        let refused = entries.iter().zip(&written).filter(|(_, written)| written.is_err()).map(|(entry, _)| entry);
        let _ = openings.take_back(refused);
        self.written += written.iter().flatten().count();
        for written in written {
            for index in written.map_err(audit_failure)? {
                self.acknowledge(index, env).map_err(|failure| self.untold(failure))?;
            }
        }
        Ok(())
    }

    /// What is written stays written where it cannot be told.
    fn untold(&self, failure: Failure) -> Failure {
        // A reader that has gone wants to be told nothing.
        if failure.is_broken_pipe() {
            return failure;
        }
        let written = match self.written {
            1 => "the entry was written; that".to_owned(),
            many => format!("{many} entries were written; that all of them were"),
        };
        Failure::new(failure.exit, format!("{written} could not be told: {}", failure.in_one_line()))
            .help("do not write it again; `impound log show` prints what is in the log")
    }

    fn entry(&self, now: UtcTime, text: &str, evidence: &[EvidenceRef]) -> Entry {
        let About { step, authority, subject, sealed, .. } = &self.about;
        let mut entry = Entry {
            subject: subject.clone(),
            step: step.clone(),
            authority: authority.clone(),
            evidence: evidence.to_vec(),
            ..note(now, self.actor.clone(), text)
        };
        entry.body.extend(sealed.iter().map(|about| ("subject".to_owned(), json!(about))));
        entry
    }

    fn acknowledge(&self, index: LeafIndex, env: &mut Env<'_>) -> Result<(), Failure> {
        match self.format {
            Format::Text => env.print(format!("entry {index}\n")),
            // One object a line, so that a program can read them as they come.
            Format::Json => env.print(format!("{}\n", json!({"version": 1, "entry": index.0}))),
        }
    }
}

/// Lines of bounded length from an input, as many at a time as are there.
#[derive(Default)]
struct Lines {
    read: Vec<u8>,
    number: usize,
}

impl Lines {
    /// Reads what is there; waits when nothing is. False at the end.
    fn read(&mut self, input: &mut dyn BufRead) -> Result<bool, Failure> {
        let there = loop {
            match input.fill_buf() {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                there => break there.or_fail(Exit::Environment)?,
            }
        };
        self.read.extend_from_slice(there);
        let taken = there.len();
        input.consume(taken);
        Ok(taken > 0)
    }

    /// The lines that are whole, up to the first that is wrong, and what is wrong with it. Empty ones are passed over.
    fn whole(&mut self) -> (Vec<String>, Option<Failure>) {
        let end = self.read.iter().rposition(|octet| *octet == b'\n').map_or(0, |last| last + 1);
        let rest = self.read.split_off(end);
        let whole = std::mem::replace(&mut self.read, rest);
        let (texts, wrong) = self.texts(&whole);
        let endless = (self.read.len() > TEXT_MAX_BYTES)
            .then(|| self.failure(&format!("it is longer than {TEXT_MAX_BYTES} bytes")));
        (texts, wrong.or(endless))
    }

    /// The last line, which need not end as the others do.
    fn rest(&mut self) -> (Vec<String>, Option<Failure>) {
        let rest = std::mem::take(&mut self.read);
        self.texts(&rest)
    }

    fn texts(&mut self, octets: &[u8]) -> (Vec<String>, Option<Failure>) {
        let mut texts = Vec::new();
        for line in octets.split_inclusive(|octet| *octet == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            match std::str::from_utf8(line) {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => match check_text(text) {
                    Ok(()) => texts.push(text.to_owned()),
                    Err(wrong) => return (texts, Some(self.failure(&wrong))),
                },
                Err(_) => return (texts, Some(self.failure("it is not UTF-8"))),
            }
            self.number += 1;
        }
        (texts, None)
    }

    /// What is wrong with the line after those that were read.
    fn failure(&self, what: &str) -> Failure {
        Failure::new(Exit::Usage, format!("line {}: {what}", self.number + 1))
            .help("the lines before it were written and acknowledged; give the rest again")
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// The lines of an input that comes in pieces of `piece` octets, and what is said of the first that is wrong.
    fn lines(input: &[u8], piece: usize) -> (Vec<String>, Option<String>) {
        let mut input = BufReader::with_capacity(piece, input);
        let (mut lines, mut read) = (Lines::default(), Vec::new());
        while lines.read(&mut input).unwrap() {
            let (texts, wrong) = lines.whole();
            read.extend(texts);
            if let Some(wrong) = wrong {
                return (read, Some(wrong.to_string()));
            }
        }
        let (texts, wrong) = lines.rest();
        read.extend(texts);
        (read, wrong.map(|wrong| wrong.to_string()))
    }

    #[test]
    fn lines_are_the_same_however_they_come() {
        let long = format!("one\n{}\n", "x".repeat(TEXT_MAX_BYTES + 1));
        let endless = "x".repeat(3 * TEXT_MAX_BYTES);
        let cases: [(&[u8], &[&str], Option<&str>); 8] = [
            (b"", &[], None),
            (b"one\ntwo\r\n\n  \nthree", &["one", "two", "three"], None),
            ("\u{fc}ber\n".as_bytes(), &["\u{fc}ber"], None),
            (b"one\n\xff\nthree\n", &["one"], Some("line 2: it is not UTF-8")),
            (b"one\n\nx\x1b[2J\n", &["one"], Some("line 3: the control character")),
            (long.as_bytes(), &["one"], Some("line 2: ")),
            (endless.as_bytes(), &[], Some("line 1: ")),
            (b"\n\n\n", &[], None),
        ];
        for (input, expected, wrong) in cases {
            for piece in [1, 3, 8192, 100_000] {
                let (read, said) = lines(input, piece);
                assert_eq!(read, expected, "in pieces of {piece}");
                let said_so = said.as_deref().is_some_and(|said| wrong.is_some_and(|wrong| said.contains(wrong)));
                assert_eq!((said.is_some(), said_so), (wrong.is_some(), wrong.is_some()), "{said:?}");
            }
        }
    }
}

//! Some entries of a log, to be handed over with their proofs while the rest stays where it is.
//!
//! ```text
//! README.txt                    how to check it
//! check-receipt.py              the same in Python
//! checkpoint                    what the log vouches for
//! entries/17.json               the octets of entry 17, exactly
//! entries/17.tlog-proof         its receipt
//! private/<commitment>.json     what opens the sealed texts of these entries, if that is to be told
//! evidence/ab/ab12…             the evidence they cite, if that is asked for
//! private/evidence/ab/ab12…     the sealed evidence they cite, if both are
//! ```
//!
//! Of the other entries there is nothing but hashes on the paths of the proofs. Their texts about people are sealed with salts,
//! which no hash gives away.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::str::FromStr;

use super::{ExportError, Source};
use crate::audit::{Citations, EvidenceRef, EvidenceStore, LogReader, Opening, Openings, Recorded};
use crate::domain::excerpt;
use crate::signed_note::VerifierKey;
use crate::tlog::LeafIndex;
use crate::words::counted;

/// The most entries that are handed over one by one: each is two files in one directory. Who needs more hands over the log.
pub const CHOSEN_MAX: u64 = 10_000;

/// The text does not choose entries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// Not numbers and ranges.
    #[error("`{text}` is no entry and no range of entries, such as 3 or 17-20")]
    Form {
        /// The part.
        text: String,
    },
    /// More than [`CHOSEN_MAX`].
    #[error("more than {CHOSEN_MAX} entries are chosen; hand over the log itself")]
    TooMany,
}

/// Entries that are chosen: `3,17-20`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice(BTreeSet<u64>);

impl Choice {
    /// The entries, in order.
    pub fn entries(&self) -> impl Iterator<Item = LeafIndex> {
        self.0.iter().copied().map(LeafIndex)
    }
}

impl FromStr for Choice {
    type Err = ChoiceError;

    fn from_str(text: &str) -> Result<Self, ChoiceError> {
        let mut chosen = BTreeSet::new();
        for part in text.split(',') {
            let refuse = || ChoiceError::Form { text: excerpt(part) };
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let number = |text: &str| text.trim().parse::<u64>().map_err(|_| refuse());
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return Err(refuse());
            }
            // Before the range is walked.
            if last - first >= CHOSEN_MAX {
                return Err(ChoiceError::TooMany);
            }
            chosen.extend(first..=last);
            if chosen.len() as u64 > CHOSEN_MAX {
                return Err(ChoiceError::TooMany);
            }
        }
        Ok(Self(chosen))
    }
}

/// What goes along with the entries.
#[derive(Debug, Clone, Copy)]
pub struct Along<'a> {
    /// What opens their sealed texts.
    pub openings: Option<&'a Openings>,
    /// The evidence that they cite.
    pub evidence: Option<&'a EvidenceStore>,
    /// What the whole log cites and says was erased, which does not go along even where it is still there.
    pub citations: &'a Citations,
}

/// One file of the directory: its place in it, and its octets.
pub type File = (PathBuf, Vec<u8>);

/// The files of one entry.
pub fn files_of(reader: &LogReader, index: LeafIndex, along: Along<'_>) -> Result<Vec<File>, ExportError> {
    let receipt = reader.receipt(index)?;
    let bytes = receipt.extra().unwrap_or_default().to_vec();
    let recorded = reader.entry(index)?;
    let mut files = vec![
        (PathBuf::from(format!("entries/{index}.json")), bytes),
        (PathBuf::from(format!("entries/{index}.tlog-proof")), receipt.to_string().into_bytes()),
    ];
    files.extend(openings_of(&recorded, along)?);
    if let Some(evidence) = along.evidence {
        // What is sealed goes along with what opens sealed texts, and only if it is at hand.
        let at_hand = |cited: &EvidenceRef| along.openings.is_some() && evidence.path(cited).exists();
        let chosen =
            |cited: &&EvidenceRef| along.citations.erased(cited).is_none() && (!cited.sealed || at_hand(cited));
        for cited in recorded.entry.evidence.iter().filter(chosen) {
            files.push((evidence_path(cited), evidence.file(cited)?));
        }
    }
    Ok(files)
}

fn openings_of(recorded: &Recorded, along: Along<'_>) -> Result<Vec<File>, ExportError> {
    let Some(openings) = along.openings else { return Ok(Vec::new()) };
    let (_, opened) = openings.of_body(&recorded.entry.body)?;
    let kept = opened.iter().filter(|one| !along.citations.destroyed().contains_key(&one.commitment()));
    let file =
        |opening: &Opening| (PathBuf::from("private").join(opening.commitment().file_name()), opening.to_bytes());
    Ok(kept.map(file).collect())
}

fn evidence_path(cited: &EvidenceRef) -> PathBuf {
    let hex = cited.digest.hex();
    let place = PathBuf::from("evidence").join(hex.get(..2).unwrap_or_default()).join(&hex);
    if cited.sealed { PathBuf::from("private").join(place) } else { place }
}

/// How to check what is handed over, for somebody who has nothing else.
pub fn readme(source: Source<'_>, key: &VerifierKey, choice: &Choice, along: Along<'_>) -> String {
    let checkpoint = source.checkpoint;
    let numbers: Vec<String> = choice.entries().map(|index| index.to_string()).collect();
    let one = numbers.first().cloned().unwrap_or_default();
    let mut text = String::new();
    let _ = write!(
        text,
        "ENTRIES OF A LOG, WITH THEIR PROOFS\n\n\
         Log       {}\n\
         Entries   {}\n\
         Of        {}, root {}\n\n\
         Each entry is in entries/ as it was written, and beside it its receipt: the proof that it\n\
         stands in the log at this place, under the checkpoint that the log has signed.\n\n\
         To check one, with the log's key and nothing else, here entry {one}:\n\n    \
         impound verify entries/{one}.tlog-proof --keys log.vkey --entry entries/{one}.json\n\n\
         All of them, with Python 3 and openssl instead:\n\n    \
         python3 check-receipt.py log.vkey entries/*.tlog-proof\n\n\
         Take log.vkey from the agency that keeps the log, not from whoever gave you this. It should\n\
         read:\n\n    {key}\n\n\
         Other programs can check it too: the receipts are C2SP tlog-proof, the checkpoint is a C2SP\n\
         signed note, the hashes are those of RFC 6962 section 2.1. The first octet that is hashed of\n\
         an entry is 0, then come the octets of the file.\n",
        checkpoint.origin,
        numbers.join(", "),
        counted(checkpoint.size.0, "entry", "entries"),
        checkpoint.root
    );
    text.push_str(SEALED);
    text.push_str(if along.openings.is_some() { OPENED } else { STAYS_SEALED });
    text.push_str(if along.evidence.is_some() { EVIDENCE } else { NO_EVIDENCE });
    text
}

/// The program that checks receipts without `impound`.
pub const CHECK_RECEIPT: &str = include_str!("../../docs/check-receipt.py");

const SEALED: &str = "\n\
    Where an entry says {\"sealed\":\"sha256:...\"}, there is a text about a person that the log holds\n\
    only as a salted digest.\n";

const STAYS_SEALED: &str = "What would open it is not part of this.\n";

const OPENED: &str = "What opens those of these entries is in private/, as far as it was not destroyed. Add\n\
    --private private to the command above to see the texts and that they fit. By hand: the digest\n\
    is the SHA-256 of the line impound-sealed/v1 and its line feed, the 32 octets of the salt, then\n\
    field and value, each after its length in octets as 8 octets, the highest first.\n";

const EVIDENCE: &str = "\n\
    The evidence that these entries cite is in evidence/, each file named by its SHA-256:\n\n    \
    sha256sum evidence/*/*\n\n\
    Where an entry says \"sealed\":true of a file, it is in private/evidence/ if what opens sealed texts is\n\
    part of this, and not at all otherwise. It begins with a line that holds a salt: tail -n +2 FILE\n\
    shows the rest.\n";

const NO_EVIDENCE: &str = "\nThe evidence that these entries cite by its SHA-256 is not part of this.\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_chosen_by_number_and_range() {
        for (text, expected) in
            [("3", vec![3]), ("3,17-20", vec![3, 17, 18, 19, 20]), ("5, 5,4-5", vec![4, 5]), ("0-0", vec![0])]
        {
            let choice: Choice = text.parse().unwrap();
            assert_eq!(choice.entries().map(|index| index.0).collect::<Vec<_>>(), expected, "{text}");
        }
        for text in ["", ",", "a", "3-", "-3", "4-3", "1-2-3", "3;4", "18446744073709551616"] {
            assert!(matches!(text.parse::<Choice>(), Err(ChoiceError::Form { .. })), "{text}");
        }
        for text in ["0-10000", "0-18446744073709551615", "0-9999,10000"] {
            assert_eq!(text.parse::<Choice>(), Err(ChoiceError::TooMany), "{text}");
        }
        assert!("0-9999,5".parse::<Choice>().is_ok());
    }
}

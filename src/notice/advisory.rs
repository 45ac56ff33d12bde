//! A joint advisory: what several agencies tell others together, in words and as indicators.
//!
//! ```text
//! joint-advisory/v1
//! advisory-id: harbour-light-tools
//! issuer: police.example
//! issued: 2026-12-02T10:00:00Z
//! status: in-force
//! verify-at: https://police.example/advisories
//! text: de text/plain sha256:… de.txt
//! text: en text/plain sha256:… en.txt
//! indicators: 12 text/csv sha256:… indicators.csv
//! supersedes: none
//! ```
//!
//! The words are UTF-8 in the files, the indicators a list of one form ([`Indicators`]); both lie beside the note. A later advisory
//! that names the digest of an earlier one's text replaces it, or ends it with `status: withdrawn`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::indicators::Indicators;
use super::manifest::{Status, status};
use super::statement::{
    Lines, OrNone, StatementError, StatementProblem, address_of, each_or_none, file_line, identifier, parse,
    unless_none,
};
use crate::clock::UtcTime;
use crate::digest::Digest;
use crate::domain::DomainName;
use crate::language::LanguageTag;
use crate::playbook::Id;

/// The first line.
pub(super) const VERSION_LINE: &str = "joint-advisory/v1";
/// The name of the list of indicators.
pub const INDICATORS_CSV: &str = "indicators.csv";
/// The name of an advisory with its signatures.
pub const ADVISORY_NOTE: &str = "advisory.note";

/// What agencies tell together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advisory {
    /// What it calls itself among its issuer's advisories.
    pub id: Id,
    /// The domain from which the leading agency speaks.
    pub issuer: DomainName,
    /// When it was stated.
    pub issued: UtcTime,
    /// Whether it is upheld.
    pub status: Status,
    /// Where the issuer says how to check this: an `https` address on its own domain.
    pub verify_at: String,
    /// The digest of each language's words, which are at `<language>.txt`.
    pub texts: BTreeMap<LanguageTag, Digest>,
    /// How many indicators there are, and the digest of their list, which is at [`INDICATORS_CSV`].
    pub indicators: Option<(u64, Digest)>,
    /// The digests of earlier statements that this one replaces.
    pub supersedes: BTreeSet<Digest>,
}

impl Advisory {
    /// Reads an advisory; refuses whatever does not print to the same bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        parse(bytes, VERSION_LINE, read)
    }

    /// Checks an advisory made from parts, by the same rules as one that is read.
    pub fn checked(self) -> Result<Self, StatementError> {
        Self::parse(self.to_string().as_bytes())
    }

    /// Where the words of a language are, beside the note.
    pub fn text_path(language: &LanguageTag) -> String {
        format!("{language}.txt")
    }

    /// Every file that belongs to it, by its name, with its digest.
    pub fn files(&self) -> BTreeMap<String, Digest> {
        let texts = self.texts.iter().map(|(language, digest)| (Self::text_path(language), *digest));
        texts.chain(self.indicators.map(|(_, digest)| (INDICATORS_CSV.to_owned(), digest))).collect()
    }

    /// What is stated of a list of indicators.
    pub fn stated(indicators: &Indicators) -> (u64, Digest) {
        (indicators.len() as u64, Digest::of(indicators.to_string()))
    }
}

fn read(lines: &mut Lines<'_>) -> Result<Advisory, StatementError> {
    let id = lines.value("advisory-id", identifier)?;
    let issuer = lines.value("issuer", DomainName::parse)?;
    let issued = lines.value("issued", str::parse)?;
    let status = lines.value("status", status)?;
    let verify_at = lines.value("verify-at", |text| address_of(text, &issuer))?;
    let texts: BTreeMap<_, _> = lines.values("text", |text| {
        file_line(text, "text/plain", Advisory::text_path, "`LANGUAGE text/plain sha256:DIGEST LANGUAGE.txt`")
    })?;
    if texts.is_empty() {
        return Err(lines.refuse_next(StatementProblem::Empty { wanted: "text" }));
    }
    let indicators = lines.value("indicators", |text| unless_none(text, indicators))?;
    let supersedes: BTreeSet<_> = lines.last_values("supersedes", str::parse::<Digest>)?.into_iter().collect();
    if status == Status::Withdrawn && supersedes.is_empty() {
        return Err(lines.refuse(StatementProblem::Empty { wanted: "supersedes" }));
    }
    Ok(Advisory { id, issuer, issued, status, verify_at, texts, indicators, supersedes })
}

fn indicators(text: &str) -> Result<(u64, Digest), StatementProblem> {
    let refuse = || StatementProblem::value(text, "`COUNT text/csv sha256:DIGEST indicators.csv`");
    match text.split(' ').collect::<Vec<_>>().as_slice() {
        [count, "text/csv", digest, INDICATORS_CSV] => Ok((count.parse().map_err(|_| refuse())?, digest.parse()?)),
        _ => Err(refuse()),
    }
}

impl fmt::Display for Advisory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{VERSION_LINE}\nadvisory-id: {}\nissuer: {}", self.id, self.issuer)?;
        writeln!(f, "issued: {}\nstatus: {}\nverify-at: {}", self.issued, self.status.as_str(), self.verify_at)?;
        for (language, digest) in &self.texts {
            writeln!(f, "text: {language} text/plain {digest} {}", Self::text_path(language))?;
        }
        let list = self.indicators.map(|(count, digest)| format!("{count} text/csv {digest} {INDICATORS_CSV}"));
        writeln!(f, "indicators: {}", OrNone(list.as_ref()))?;
        each_or_none(f, "supersedes", self.supersedes.iter().map(Digest::to_string))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::notice) fn good() -> String {
        format!(
            "joint-advisory/v1\nadvisory-id: tools\nissuer: police.example\nissued: 2026-12-02T10:00:00Z\n\
             status: in-force\nverify-at: https://police.example/a\ntext: de text/plain {de} de.txt\n\
             text: en text/plain {en} en.txt\nindicators: 2 text/csv {list} indicators.csv\nsupersedes: {old}\n",
            de = Digest::of("de"),
            en = Digest::of("en"),
            list = Digest::of("list"),
            old = Digest::of("old"),
        )
    }

    #[test]
    fn an_advisory_names_its_files_in_one_form() {
        let advisory = Advisory::parse(good().as_bytes()).unwrap();
        assert_eq!(advisory.to_string(), good());
        assert_eq!(advisory.files().into_keys().collect::<Vec<_>>(), ["de.txt", "en.txt", "indicators.csv"]);
        for (from, to, reason) in [
            ("en.txt", "de.txt", "is not `LANGUAGE"),
            ("en.txt", "../en.txt", "is not `LANGUAGE"),
            ("text: de text/plain", "text: de text/html", "is not `LANGUAGE"),
            ("indicators: 2", "indicators: 02", "written"),
            ("indicators: 2", "indicators: -2", "COUNT"),
            ("indicators.csv", "other.csv", "COUNT"),
            ("supersedes: sha256", "supersedes: sha512", "digest"),
        ] {
            let text = good().replacen(from, to, 1);
            assert_ne!(text, good(), "{from}");
            let error = Advisory::parse(text.as_bytes()).expect_err(to).to_string();
            assert!(error.contains(reason), "{to}: {error}");
        }
        let wordless: String =
            good().lines().filter(|line| !line.starts_with("text")).map(|l| format!("{l}\n")).collect();
        assert!(Advisory::parse(wordless.as_bytes()).is_err());
    }
}

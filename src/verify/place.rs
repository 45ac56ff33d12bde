//! A notice that lies on disk: a note by itself, an edition with its pages, or a whole site. Nothing is asked of the network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use super::judge::{Expected, Papers, examine};
use super::kit;
use super::others::OtherNote;
use super::pages::{all_below, is_page, listed_below};
use super::report::{Check, JSON_VERSION, Report, Verdict};
use super::statement::{is_statement, judge_statement};
use super::trust::Trust;
use super::{Logged, VerifyError};
use crate::anchor::RESPONSE_MAX_BYTES;
use crate::coverage::PROOF_MAX_BYTES;
use crate::digest::Digest;
use crate::notice::{
    ADVISORY_NOTE, COVERAGE_PROOF, COVERED_NAMES, FILES_MAX, INCLUSION_PROOF, INCLUSION_STAMP, INDICATORS_MAX_BYTES,
    KIT_PATH, NOTICE_NOTE, NOTICE_TXT, NoticeId, REGISTER_JSON, REGISTER_JSON_MAX_BYTES, Statement, at_rest,
    refuse_stopped, sealed_names,
};
use crate::observe::WebHost;
use crate::signed_note::{NOTE_MAX_BYTES, Note};
use crate::tlog::RECEIPT_MAX_BYTES;
use crate::whole_file::{self, ReadError};

/// The most entries of a directory that are looked at: as many files as a site may have.
pub const PLACES_MAX: usize = FILES_MAX;

/// One notice that was found and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The note.
    pub note: PathBuf,
    /// The judgement.
    pub report: Report,
}

impl Placed {
    /// One line: the file and the verdict.
    pub fn summary(&self) -> String {
        format!("{}: {}", self.note.display(), self.report.verdict)
    }

    /// As JSON, version 1: the `note`'s path and the `report`.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "version": JSON_VERSION,
            "note": self.note.display().to_string(),
            "report": self.report.to_json(),
        })
    }
}

impl fmt::Display for Placed {
    /// For people: the file, then the report.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{}", self.note.display(), self.report)
    }
}

/// Judges what lies at `path`:
///
/// - a file is a note; `notice.txt`, the proof that it is in the log, and pages beside it (`de/index.html`) are judged with it;
/// - a directory with a `notice.note` is an edition with its kit;
/// - a note of another file name than `notice.note` may also be a denial, an advisory or a register's; a directory with an `advisory.note` is an advisory with its files;
/// - a directory with `.well-known/seizure-notice/notice.note` is a copy of what a web server showed;
/// - a directory with `NOTICE/EDITION/notice.note` is a site. When a name is asked about and some editions cover it, only
///   those are told. Editions that nobody has signed yet are passed over. An edition that a later one there replaces is told
///   as such; [`worst`] passes it over;
/// - a file that is a web page by its name is none of these.
pub fn of_path(path: &Path, expected: Expected<'_>) -> Result<Vec<Placed>, VerifyError> {
    let kind = fs::metadata(path).map_err(|source| ReadError::of(path, source))?;
    if !kind.is_dir() {
        if is_page(path) {
            return Err(VerifyError::WebPage { path: path.to_owned() });
        }
        refuse_unsigned(path)?;
        return Ok(vec![placed(path, None, expected)?]);
    }
    let copied = path.join(KIT_PATH.trim_start_matches('/')).join(NOTICE_NOTE);
    for note in [path.join(NOTICE_NOTE), copied, path.join(ADVISORY_NOTE)] {
        if note.is_file() {
            return Ok(vec![placed(&note, Some(path), expected)?]);
        }
    }
    at_rest(path, || of_site(path, expected))
}

fn of_site(path: &Path, expected: Expected<'_>) -> Result<Vec<Placed>, VerifyError> {
    let homes = homes(path)?;
    let trust = beside(&homes, expected.trust)?;
    let expected = Expected { trust: &trust, ..expected };
    let mut found = Vec::new();
    for home in homes {
        found.push(placed(&home.join(NOTICE_NOTE), Some(&home), expected)?);
    }
    if found.is_empty() {
        return Err(VerifyError::NoNotice { path: path.to_owned() });
    }
    let is_other = |one: &Placed| matches!(one.report.verdict, Verdict::NotCovered { .. });
    if !found.iter().all(is_other) {
        found.retain(|one| !is_other(one));
    }
    Ok(found)
}

/// The verdict that counts of what was found in one place: the worst. Of several editions of one notice the one that is in
/// force decides, also where only the name was not asked about, not those that have expired or begin later; nor those whose
/// place another of them has taken. What else is wrong with one of these is its verdict, and counts.
pub fn worst(found: &[Placed]) -> Option<Verdict> {
    let is_there = |id: &NoticeId| found.iter().any(|one| one.report.notice.as_ref() == Some(id));
    let is_in_force =
        |one: &Placed| matches!(one.report.verdict, Verdict::InForce { .. }) || one.report.lacks_only(Check::Name);
    let is_of = |one: &Placed, id: &NoticeId| one.report.notice.as_ref().is_some_and(|own| own.is_of_same(id));
    let counts = |one: &&Placed| match (&one.report.verdict, &one.report.notice) {
        (Verdict::Superseded { by }, _) => !is_there(by),
        (Verdict::NotYet { .. } | Verdict::Expired { .. }, Some(id)) => {
            !found.iter().any(|other| is_in_force(other) && is_of(other, id))
        }
        _ => true,
    };
    found.iter().filter(counts).map(|one| one.report.verdict.clone()).reduce(Verdict::worse)
}

/// The trust with every note of the site among the others: of an edition that was replaced, the site has what replaced it.
fn beside(homes: &[PathBuf], trust: &Trust) -> Result<Trust, VerifyError> {
    let mut trust = trust.clone();
    for home in homes {
        let path = home.join(NOTICE_NOTE);
        let (proof, stamp) = (proof_beside(&path)?, stamp_beside(&path)?);
        let other = OtherNote { note: whole_file::read(&path, NOTE_MAX_BYTES)?, proof, stamp };
        trust.others.add(other).map_err(|source| VerifyError::Others { path, source })?;
    }
    trust.others.place.get_or_insert_with(|| "this site".to_owned());
    Ok(trust)
}

/// The directories two below `site` with a note in them, in the order of their names.
fn homes(site: &Path) -> Result<Vec<PathBuf>, VerifyError> {
    refuse_stopped(site)?;
    let mut homes = Vec::new();
    for notice in entries(site)? {
        if notice.is_dir() {
            homes.extend(entries(&notice)?.into_iter().filter(|home| home.join(NOTICE_NOTE).is_file()));
        }
    }
    Ok(homes)
}

pub(super) fn entries(dir: &Path) -> Result<BTreeSet<PathBuf>, VerifyError> {
    let refused = |source| ReadError::of(dir, source);
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(dir).map_err(refused)? {
        if found.len() == PLACES_MAX {
            return Err(VerifyError::TooMany { path: dir.to_owned() });
        }
        found.insert(entry.map_err(refused)?.path());
    }
    Ok(found)
}

/// Judges a note with the pages beside it; of a directory in which all is its own with every page in that, and the rest of its kit.
fn placed(note: &Path, whole: Option<&Path>, expected: Expected<'_>) -> Result<Placed, VerifyError> {
    let bytes = whole_file::read(note, NOTE_MAX_BYTES)?;
    // What stands in a notice's place is judged as one: a genuine statement of another kind says nothing of the name and the pages.
    if note.file_name().is_none_or(|name| name != NOTICE_NOTE) && is_statement(&bytes) {
        let (proof, stamp) = (proof_beside(note)?, stamp_beside(note)?);
        let logged = Logged { proof: proof.as_deref(), stamp: stamp.as_deref() };
        let report = judge_statement(&bytes, &files_beside(note, &bytes)?, logged, expected);
        return Ok(Placed { note: note.to_owned(), report });
    }
    let text = unless_missing(whole_file::read(&note.with_file_name(NOTICE_TXT), NOTE_MAX_BYTES))?;
    let coverage = coverage(note, expected.name)?;
    let (proof, stamp) = (proof_beside(note)?, stamp_beside(note)?);
    let pages = match whole {
        Some(base) => all_below(base, note, &bytes)?,
        None => listed_below(beside_note(note))?,
    };
    let papers = Papers {
        note: &bytes,
        text: text.as_deref(),
        coverage: coverage.as_deref(),
        pages: &pages,
        logged: Logged { proof: proof.as_deref(), stamp: stamp.as_deref() },
    };
    let mut judged = examine(papers, expected);
    if whole.is_some() {
        judged.lines.extend(kit::of_dir(beside_note(note), &bytes, expected.trust)?);
    }
    Ok(Placed { note: note.to_owned(), report: judged.into_report() })
}

/// The receipt of its log entry that lies beside a note.
fn proof_beside(note: &Path) -> Result<Option<Vec<u8>>, ReadError> {
    unless_missing(whole_file::read(&note.with_file_name(INCLUSION_PROOF), RECEIPT_MAX_BYTES))
}

/// The time stamp over that receipt's checkpoint.
fn stamp_beside(note: &Path) -> Result<Option<Vec<u8>>, ReadError> {
    unless_missing(whole_file::read(&note.with_file_name(INCLUSION_STAMP), RESPONSE_MAX_BYTES))
}

/// The digests of the files beside an advisory or a register's note that it lists and that are there.
fn files_beside(note: &Path, bytes: &[u8]) -> Result<BTreeMap<String, Digest>, VerifyError> {
    let mut found = BTreeMap::new();
    let text = Note::parse(bytes).ok().and_then(|note| Statement::parse(note.text.as_str().as_bytes()).ok());
    let (names, most): (Vec<_>, _) = match text {
        Some(Statement::Advisory(advisory)) => (advisory.files().into_keys().collect(), INDICATORS_MAX_BYTES),
        Some(Statement::Listing(_)) => (vec![REGISTER_JSON.to_owned()], REGISTER_JSON_MAX_BYTES),
        Some(Statement::Notice(_) | Statement::Denial(_)) | None => return Ok(found),
    };
    for name in names {
        if let Some(file) = unless_missing(whole_file::read(&note.with_file_name(&name), most))? {
            found.insert(name, Digest::of(file));
        }
    }
    Ok(found)
}

/// The proof that a name is covered: the one that lies beside the note, or one made from the names that the publisher has there.
fn coverage(note: &Path, name: Option<&WebHost>) -> Result<Option<Vec<u8>>, VerifyError> {
    let beside = unless_missing(whole_file::read(&note.with_file_name(COVERAGE_PROOF), PROOF_MAX_BYTES))?;
    let names = note.with_file_name(COVERED_NAMES);
    match (beside, name) {
        (None, Some(name)) if names.is_file() => {
            let (sealed, _) = sealed_names(&names)?;
            Ok(sealed.prove_within(name.as_str()).map(|proof| proof.to_string().into_bytes()))
        }
        (beside, _) => Ok(beside),
    }
}

/// The directory in which a note lies.
pub(super) fn beside_note(note: &Path) -> &Path {
    note.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A text that nobody has signed is not judged: all that could be said of it is that it can be read.
fn refuse_unsigned(path: &Path) -> Result<(), VerifyError> {
    let bytes = whole_file::read(path, NOTE_MAX_BYTES)?;
    match Statement::parse(&bytes) {
        Ok(statement) => Err(VerifyError::Unsigned { path: path.to_owned(), kind: statement.kind() }),
        Err(_) => Ok(()),
    }
}

fn unless_missing(read: Result<Vec<u8>, ReadError>) -> Result<Option<Vec<u8>>, ReadError> {
    match read {
        Err(ReadError::Missing { .. }) => Ok(None),
        other => other.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::{FILE_MAX_BYTES, VERIFY_HTML};
    use crate::verify::CheckResult;
    use crate::verify::fixture::{COURT, POLICE, both, good_note, manifest, noon, page};

    fn verdicts(path: &Path, name: &str) -> Result<Vec<&'static str>, VerifyError> {
        let (trust, name): (_, WebHost) = (both(), name.parse().unwrap());
        let found = of_path(path, Expected { trust: &trust, name: Some(&name), at: noon() })?;
        Ok(found.iter().map(|placed| placed.report.verdict.code()).collect())
    }

    fn write(path: &Path, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn edition(home: &Path) {
        write(&home.join(NOTICE_NOTE), good_note());
        write(&home.join(NOTICE_TXT), manifest().to_string());
        for language in ["ar", "de", "en"] {
            write(&home.join(language).join("index.html"), page(language));
        }
    }

    #[test]
    fn an_edition_a_site_a_copy_and_a_single_note_are_all_understood() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("main/1");
        edition(&home);
        for path in [dir.path(), &home, &home.join(NOTICE_NOTE)] {
            assert_eq!(verdicts(path, "shop.example").unwrap(), ["in-force"], "{}", path.display());
            assert_eq!(verdicts(path, "other.example").unwrap(), ["not-covered"]);
        }
        let copy = tempfile::tempdir().unwrap();
        edition(copy.path());
        let kit = copy.path().join(".well-known/seizure-notice");
        fs::create_dir_all(&kit).unwrap();
        fs::rename(copy.path().join(NOTICE_NOTE), kit.join(NOTICE_NOTE)).unwrap();
        write(&kit.join(VERIFY_HTML), "the kit's own");
        write(&copy.path().join("index.html"), page("en"));
        assert_eq!(verdicts(copy.path(), "shop.example").unwrap(), ["in-force"]);
        // Wherever a visitor may have met it.
        for name in ["index.html", "EN/index.html", "de/other.HTML", "old/shop/pay.htm"] {
            write(&copy.path().join(name), "pay here");
            assert_eq!(verdicts(copy.path(), "shop.example").unwrap(), ["altered"], "{name}");
            write(&copy.path().join(name), page("en"));
        }
        for name in [VERIFY_HTML, ".well-known/seizure-notice/old/pay.html"] {
            write(&copy.path().join(name), "pay here");
            assert_eq!(verdicts(copy.path(), "shop.example").unwrap(), ["altered"], "{name}");
            fs::remove_file(copy.path().join(name)).unwrap();
        }
        // What is too large for a kit is not read, and a link that leads round is not followed.
        write(&kit.join("order.pdf"), vec![0; FILE_MAX_BYTES + 1]);
        std::os::unix::fs::symlink(".", copy.path().join("round")).unwrap();
        assert_eq!(verdicts(copy.path(), "shop.example").unwrap(), ["in-force"]);
        assert!(matches!(
            verdicts(&dir.path().join("none"), "shop.example"),
            Err(VerifyError::Read(ReadError::Missing { .. }))
        ));
        assert!(matches!(verdicts(&dir.path().join("main/1/de"), "a.test"), Err(VerifyError::NoNotice { .. })));
    }

    #[test]
    fn of_a_site_the_editions_that_cover_the_name_are_told() {
        let dir = tempfile::tempdir().unwrap();
        edition(&dir.path().join("main/1"));
        let other = manifest().to_string().replace("domain: shop.example", "domain: forum.example");
        let signers = [POLICE, COURT];
        edition(&dir.path().join("second/1"));
        write(&dir.path().join("second/1").join(NOTICE_NOTE), crate::verify::fixture::note(&other, &signers));
        write(&dir.path().join("second/1").join(NOTICE_TXT), other);
        write(&dir.path().join("unsigned/1").join(NOTICE_TXT), "");
        assert_eq!(verdicts(dir.path(), "shop.example").unwrap(), ["in-force"]);
        assert_eq!(verdicts(dir.path(), "forum.example").unwrap(), ["in-force"]);
        assert_eq!(verdicts(dir.path(), "stranger.example").unwrap(), ["not-covered", "not-covered"]);
    }

    #[test]
    fn every_file_of_an_edition_counts() {
        let altered = |path: &str, bytes: &str| {
            let dir = tempfile::tempdir().unwrap();
            edition(dir.path());
            write(&dir.path().join(path), bytes);
            verdicts(dir.path(), "shop.example").unwrap()
        };
        assert_eq!(altered("de/index.html", "<p>pay here</p>"), ["altered"]);
        assert_eq!(altered("fr/index.html", "<p>pay here</p>"), ["altered"], "a page that was not signed");
        assert_eq!(altered(NOTICE_TXT, "seizure-notice/v1\n"), ["altered"]);
        assert_eq!(altered(NOTICE_NOTE, ""), ["malformed"]);
        let dir = tempfile::tempdir().unwrap();
        edition(dir.path());
        fs::remove_file(dir.path().join("de/index.html")).unwrap();
        assert_eq!(verdicts(dir.path(), "shop.example").unwrap(), ["in-force"], "a visitor saved some of the pages");
        for language in ["ar", "en"] {
            fs::remove_file(dir.path().join(language).join("index.html")).unwrap();
        }
        assert_eq!(verdicts(dir.path(), "shop.example").unwrap(), ["undetermined"], "no page at all");
        // As a browser saves it.
        write(&dir.path().join("Notice.html"), page("en"));
        assert_eq!(verdicts(dir.path(), "shop.example").unwrap(), ["in-force"]);
        let large = dir.path().join("de/index.html");
        write(&large, vec![b' '; FILE_MAX_BYTES + 1]);
        assert!(matches!(verdicts(dir.path(), "shop.example"), Err(VerifyError::Read(ReadError::TooLarge { .. }))));
    }

    #[test]
    fn a_text_that_nobody_signed_is_no_notice_to_be_judged() {
        let dir = tempfile::tempdir().unwrap();
        edition(dir.path());
        let refused = verdicts(&dir.path().join(NOTICE_TXT), "shop.example");
        assert!(matches!(refused, Err(VerifyError::Unsigned { kind: "notice", .. })), "{refused:?}");
        // What is no statement either is judged as a note that cannot be read.
        write(&dir.path().join("other.txt"), "seizure-notice/v1\n");
        assert_eq!(verdicts(&dir.path().join("other.txt"), "shop.example").unwrap(), ["malformed"]);
    }

    #[test]
    fn a_page_in_the_place_of_a_note_is_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        edition(dir.path());
        let refused = verdicts(&dir.path().join("en/index.html"), "shop.example");
        assert!(matches!(refused, Err(VerifyError::WebPage { .. })), "{refused:?}");
    }

    /// Edition 1 or 2 of a notice, with its dates.
    fn edition_of(site: &Path, place: &str, (from, until): (&str, &str)) {
        let (notice, number) = place.split_once('/').unwrap();
        let text = manifest().to_string().replace("main/1", &format!("{notice}/{number}"));
        let text = text.replace("not-before: 2026-11-22T08", &format!("not-before: 2026-11-22T{from}"));
        let text = text.replace("not-after: 2027-11-22T08", &format!("not-after: {until}"));
        let first = format!("supersedes: harbour-light/{notice}/1 {}", Digest::of("first"));
        let text = if number == "1" { text } else { text.replace("supersedes: none", &first) };
        let text = text.replace("review: 2027-05-22T08:00:00Z", "review: none");
        let home = site.join(place);
        edition(&home);
        write(&home.join(NOTICE_TXT), &text);
        write(&home.join(NOTICE_NOTE), crate::verify::fixture::note(&text, &[POLICE, COURT]));
    }

    fn counts(site: &Path, name: Option<&str>) -> (Verdict, String) {
        let name: Option<WebHost> = name.map(|name| name.parse().unwrap());
        let found = of_path(site, Expected { trust: &both(), name: name.as_ref(), at: noon() }).unwrap();
        let told = found.iter().map(Placed::summary).collect::<Vec<_>>().join("\n");
        (worst(&found).unwrap(), told)
    }

    #[test]
    fn of_several_editions_of_a_notice_the_one_in_force_decides() {
        const SHOP: Option<&str> = Some("shop.example");
        for (what, first, second) in [
            ("not yet in force", ("08", "2027-11-22T08"), ("20", "2027-11-22T08")),
            ("expired", ("08", "2026-11-22T10"), ("10", "2027-11-22T08")),
            ("superseded", ("08", "2027-11-22T08"), ("10", "2027-11-22T08")),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let site = dir.path();
            edition_of(site, "main/1", first);
            edition_of(site, "main/2", second);
            let (verdict, told) = counts(site, SHOP);
            assert!(verdict.is_good() && told.contains(what), "{told}");
            let (verdict, told) = counts(site, None);
            assert_eq!(verdict.to_string().split(':').nth(2), Some(" name"), "{told}");
            // Neither its dates nor the later edition excuse what else is wrong with it.
            let other = if first.1 == second.1 && second.0 == "20" { "main/2" } else { "main/1" };
            for file in ["de/index.html", "de/index.xht", "police.vkey"] {
                let path = site.join(other).join(file);
                let former = fs::read(&path).ok();
                write(&path, "<p>pay here</p>");
                for name in [SHOP, None] {
                    let (verdict, told) = counts(site, name);
                    assert_eq!(verdict.code(), "altered", "{file}: {told}");
                    assert!(told.contains(&format!("{other}/notice.note: altered: ")), "{told}");
                }
                former.map_or_else(|| fs::remove_file(&path), |former| fs::write(&path, former)).unwrap();
            }
            assert!(counts(site, SHOP).0.is_good());
        }
        let dir = tempfile::tempdir().unwrap();
        edition_of(dir.path(), "main/1", ("08", "2027-11-22T08"));
        edition_of(dir.path(), "second/2", ("20", "2027-11-22T08"));
        assert_eq!(counts(dir.path(), SHOP).0.code(), "not-yet", "of another notice");
    }

    #[test]
    fn a_note_alone_says_that_the_pages_were_not_checked() {
        let dir = tempfile::tempdir().unwrap();
        let note = dir.path().join("mail.note");
        write(&note, good_note());
        let (trust, name): (_, WebHost) = (both(), "shop.example".parse().unwrap());
        let found = of_path(&note, Expected { trust: &trust, name: Some(&name), at: noon() }).unwrap();
        let report = &found[0].report;
        assert_eq!(report.verdict.code(), "undetermined");
        assert_eq!(report.line(Check::Pages).unwrap().result, CheckResult::NotChecked);
        assert_eq!(report.line(Check::Quorum).unwrap().result, CheckResult::Pass);
        assert!(found[0].to_string().ends_with("\nundetermined: not checked: pages: none of 3 pages at hand\n"));
        assert_eq!(found[0].to_json()["report"]["verdict"]["code"], "undetermined");
    }

    #[test]
    fn a_genuine_statement_of_another_kind_in_the_place_of_a_notice_is_no_notice() {
        let signers = [POLICE, COURT];
        let head = "issuer: police.example\nissued: 2026-11-22T10:00:00Z\n";
        let at = "verify-at: https://police.example/n\n";
        let digest = Digest::of("{}");
        let register = format!(
            "notice-register/v1\n{head}expires: 2026-11-29T10:00:00Z\n{at}list: 1 application/json {digest} register.json\n"
        );
        let advisory = format!(
            "joint-advisory/v1\nadvisory-id: a\n{head}status: in-force\n{at}text: en text/plain {digest} en.txt\n\
             indicators: none\nsupersedes: none\n"
        );
        for (text, file, own) in [(register, REGISTER_JSON, "register.note"), (advisory, "en.txt", ADVISORY_NOTE)] {
            let dir = tempfile::tempdir().unwrap();
            let kit = dir.path().join(".well-known/seizure-notice");
            let signed = crate::verify::fixture::note(&text, &signers);
            write(&kit.join(NOTICE_NOTE), &signed);
            write(&kit.join(file), "{}");
            let home = dir.path().join("main/1");
            write(&home.join(NOTICE_NOTE), &signed);
            write(&home.join(file), "{}");
            for path in [dir.path(), &kit, &kit.join(NOTICE_NOTE), &dir.path().join("main"), &home] {
                let found = verdicts(path, "shop.example");
                let is_none = matches!(found, Err(VerifyError::NoNotice { .. }));
                assert!(is_none || found.unwrap() == ["malformed"], "{}", path.display());
            }
            // Under its own name it is what it is, and for no name at all.
            let own = kit.join(own);
            write(&own, &signed);
            assert_eq!(verdicts(&own, "shop.example").unwrap(), ["not-covered"], "{text}");
            let judge = || {
                let found = of_path(&own, Expected { trust: &both(), name: None, at: noon() }).unwrap();
                found[0].report.verdict.code()
            };
            assert_eq!(judge(), "genuine", "{text}");
            write(&kit.join(file), "[]");
            assert_eq!(judge(), "altered", "{text}");
        }
    }
}

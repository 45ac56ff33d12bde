use std::fs;

use proptest::prelude::*;

use super::*;
use crate::language::LanguageTag;
use crate::notice::{Manifest, NoticeId, Statement, Status};
use crate::signed_note::{Note, NoteText};
use crate::words;

fn languages() -> Vec<LanguageTag> {
    ["en", "ar"].map(|tag| tag.parse().unwrap()).into()
}

fn denial(id: &str, supersedes: &str) -> Published {
    let text = format!(
        "banner-denial/v1\ndenial-id: {id}\nissuer: police.example\nissued: 2026-12-02T10:00:00Z\nstatus: in-force\n\
         seen-at: 2026-12-01T21:30:00Z\nname: <b>.example\naddress: none\npage: none\n\
         verify-at: https://police.example/notices\nsupersedes: {supersedes}\n"
    )
    .replace("<b>", "fake");
    let statement = Statement::parse(text.as_bytes()).unwrap();
    let line = "\u{2014} police.example/notice aGVsbG8gd29ybGQ=\n";
    let note = Note::parse(format!("{}\n{line}", NoteText::new(text).unwrap().as_str()).as_bytes()).unwrap();
    Published { statement, note, proof: None, stamp: None, files: Default::default() }
}

#[test]
fn what_is_written_is_read_back_and_the_same_register_is_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    assert!(read_register(&dir.path().join("none")).unwrap().is_empty());
    let mut register = Register::default();
    let first = denial("first", "none");
    let digest = first.statement.digest();
    register.add(first.clone());
    register.add(denial("second", &digest.to_string()));
    register.add(Published { proof: Some(b"proof".to_vec()), ..first });
    assert_eq!(register.len(), 2);
    let list = write_register(dir.path(), &register, &languages()).unwrap();
    assert_eq!(read_register(dir.path()).unwrap(), register);
    assert_eq!(write_register(dir.path(), &register, &languages()).unwrap(), list);
    let page = fs::read_to_string(dir.path().join("index.html")).unwrap();
    assert!(page.contains("Replaced by") && page.contains(">second<") && page.contains("log.tlog-proof"), "{page}");
    assert_eq!(register.get(&digest).unwrap().proof.as_deref(), Some(b"proof".as_slice()));
}

/// An edition; a later one names another text than that of the first.
fn notice(notice: &str, edition: u32, issuer: &str, status: Status) -> Published {
    let first = format!("harbour-light/{notice}/1").parse::<NoticeId>().unwrap();
    let manifest = Manifest {
        id: format!("harbour-light/{notice}/{edition}").parse().unwrap(),
        issuer: issuer.parse().unwrap(),
        order: "District Court of Havn, 118/2026".to_owned(),
        status,
        domains: [format!("{notice}.example").parse().unwrap()].into(),
        onions: [].into(),
        sealed: None,
        returned: [].into(),
        returned_sealed: None,
        subdomains: true,
        not_before: "2026-11-22T08:00:00Z".parse().unwrap(),
        not_after: "2027-11-22T08:00:00Z".parse().unwrap(),
        review: None,
        verify_at: format!("https://{issuer}/notices"),
        pages: [("en".parse().unwrap(), Digest::of("page"))].into(),
        supersedes: (1..edition.min(2)).map(|_| (first.clone(), Digest::of("another text"))).collect(),
    };
    let statement = Statement::parse(manifest.to_string().as_bytes()).unwrap();
    let note = format!("{manifest}\n\u{2014} {issuer}/notice aGVsbG8gd29ybGQ=\n");
    Published {
        statement,
        note: Note::parse(note.as_bytes()).unwrap(),
        proof: None,
        stamp: None,
        files: Default::default(),
    }
}

#[test]
fn the_page_says_until_when_a_notice_holds_and_what_ended_it_as_verify_does() {
    let standing = |notes: &[Published]| {
        let dir = tempfile::tempdir().unwrap();
        let mut register = Register::default();
        notes.iter().for_each(|one| register.add(one.clone()));
        write_register(dir.path(), &register, &languages()).unwrap();
        let page = fs::read_to_string(dir.path().join("index.html")).unwrap();
        let article = page.split("<article").find(|article| article.contains("harbour-light/main/1<")).unwrap();
        let standing = article.split("<div class=\"standing\">").nth(1).unwrap().split("</div>").next().unwrap();
        let texts = standing.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text);
        texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let of = |name, edition, status| notice(name, edition, "police.example", status);
    let first = of("main", 1, Status::InForce);
    for (what, later, said) in [
        ("nothing", vec![], "Valid until November 22, 2027"),
        (
            "a withdrawal that does not know this text",
            vec![of("main", 2, Status::Withdrawn)],
            "Withdrawn on November 22, 2026",
        ),
        (
            "the last of two",
            vec![of("main", 9, Status::Withdrawn), of("main", 10, Status::InForce)],
            "Replaced by harbour-light/main/10",
        ),
        ("another notice", vec![of("other", 2, Status::Withdrawn)], "Valid until November 22, 2027"),
        (
            "another issuer",
            vec![notice("main", 2, "court.example", Status::Withdrawn)],
            "Valid until November 22, 2027",
        ),
    ] {
        assert_eq!(standing(&[vec![first.clone()], later].concat()), said, "{what}");
    }
}

#[test]
fn there_is_a_page_in_every_language_that_is_asked_for_and_none_that_is_out_of_date() {
    let dir = tempfile::tempdir().unwrap();
    let mut register = Register::default();
    register.add(notice("main", 1, "police.example", Status::InForce));
    register.add(denial("first", "none"));
    write_register(dir.path(), &register, &languages()).unwrap();
    let read = |path: &str| fs::read_to_string(dir.path().join(path));
    let (start, english, arabic) = (read("index.html").unwrap(), read("en/index.html"), read("ar/index.html").unwrap());
    assert!(start.contains("<html lang=\"en\" dir=\"ltr\">") && arabic.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(start.contains("href=\"ar/index.html\"") && arabic.contains("href=\"../en/index.html\""), "{arabic}");
    let arabic_words = words::Words::of(&"ar".parse().unwrap()).unwrap();
    for word in [&arabic_words.register, &arabic_words.denials, &arabic_words.valid_until] {
        assert!(arabic.contains(word.as_str()), "{word}");
    }
    // Every file that a page speaks of is there.
    for (home, page) in [("", &start), ("en/", &english.unwrap()), ("ar/", &arabic)] {
        let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        let digest = data_encoding::BASE64.encode(Digest::of(style).as_bytes());
        assert!(
            page.contains(&format!("style-src &#39;sha256-{digest}"))
                || page.contains(&format!("style-src 'sha256-{digest}'"))
        );
        for link in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if let Some(anchor) = link.strip_prefix('#') {
                assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
            } else if link != "data:," {
                assert!(dir.path().join(home).join(link).is_file(), "{home}{link}");
            }
        }
    }
    write_register(dir.path(), &register, &["ja".parse().unwrap()]).unwrap();
    assert!(read("index.html").unwrap().contains("lang=\"ja\"") && read("ar/index.html").is_err());
    let none = write_register(dir.path(), &register, &[]);
    assert!(matches!(none, Err(RegisterError::NoLanguage)));
}

#[test]
fn a_note_under_the_digest_of_another_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (mut register, one) = (Register::default(), denial("first", "none"));
    register.add(one.clone());
    write_register(dir.path(), &register, &languages()).unwrap();
    let home = dir.path().join(one.statement.digest().hex());
    fs::write(home.join("denial.note"), denial("other", "none").note.to_string()).unwrap();
    assert!(matches!(read_register(dir.path()), Err(RegisterError::Altered { .. })));
    fs::write(home.join("denial.note"), "nonsense").unwrap();
    assert!(matches!(read_register(dir.path()), Err(RegisterError::Note { .. })));
    fs::remove_file(home.join("denial.note")).unwrap();
    assert!(matches!(read_register(dir.path()), Err(RegisterError::Lost { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_list_is_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("register.json"), bytes).unwrap();
        let _ = read_register(dir.path());
    }
}

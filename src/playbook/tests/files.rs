//! The files that a playbook names.

use super::*;

/// One mistake each in another file than the playbook: file, its new bytes, code, where the problem points.
#[test]
fn mistakes_in_the_files_that_a_playbook_names_are_found_in_those_files() {
    let english = fs::read_to_string(Path::new(EXAMPLE).join("texts/en.toml")).unwrap();
    let list = fs::read_to_string(Path::new(EXAMPLE).join("lists/dga.txt")).unwrap();
    let texts = "texts/en.toml";
    let headline = "headline = \"This site has been seized by the National Cyber Unit\"";
    let cases = [
        (texts, changed(&english, headline, ""), "P060", texts, "# What visitors"),
        (
            texts,
            changed(&english, "title = \"Press release on Operation Harbour Light\"\n", ""),
            "P060",
            texts,
            "[press.press-release]",
        ),
        (texts, changed(&english, "[help.report]", "[help.other]"), "P060", FILE_NAME, "\"texts/en.toml\""),
        (texts, changed(&english, "[help.report]", "[help.other]"), "P061", texts, "other]"),
        (texts, changed(&english, headline, "headline = \"a\\u202Eb\""), "P011", texts, "\"a\\u202Eb\""),
        (texts, changed(&english, headline, "headline = 1"), "P004", texts, "1\n"),
        (texts, changed(&english, headline, "headlin = \"x\""), "P002", texts, "headlin = "),
        (texts, changed(&english, headline, "headline = "), "P001", texts, "\nhappened"),
        (texts, "#".repeat(TEXTS_MAX_BYTES as usize + 1), "P023", FILE_NAME, "\"texts/en.toml\""),
        ("documents/nl-court-2027-0412.txt", "altered".into(), "P025", FILE_NAME, "\""),
        ("files/greytide-decryptor.txt", String::new(), "P025", FILE_NAME, "\""),
        ("files/press-release.txt", "altered".into(), "P025", FILE_NAME, "\""),
        ("seals/ncu.svg", "<svg/>".into(), "P025", FILE_NAME, "\""),
        ("seals/ncu.svg", " ".repeat(65 << 10), "P023", FILE_NAME, "\"seals/ncu.svg\""),
        ("lists/dga.txt", list.replace('\n', "\r\n"), "P025", FILE_NAME, "\""),
        (
            "lists/dga.txt",
            list.replace("hihagelado.test", "hiha gelado.test"),
            "P040",
            "lists/dga.txt",
            "hiha gelado.test",
        ),
        ("lists/dga.txt", "# nothing\n".into(), "P040", "lists/dga.txt", "# nothing"),
    ];
    for (file, text, code, place, at) in cases {
        let copy = Copy::new();
        copy.write(file, text.as_bytes());
        let loaded = copy.load();
        let hit = loaded.problems.iter().any(|problem| {
            let (source, ..) = loaded.position(&problem.place).unwrap();
            (problem.code.number(), source.path.as_path()) == (code, copy.path(place).as_path())
                && source.text[problem.place.span.start..].starts_with(at)
        });
        assert!(hit, "{code} in {place} at {at:?}, but:\n{}", loaded.render(false));
        assert!(loaded.playbook.is_none());
    }
}

#[test]
fn a_file_that_is_no_file_or_a_link_that_leads_out_is_refused() {
    let copy = Copy::new();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("dga.txt"), fs::read(copy.path("lists/dga.txt")).unwrap()).unwrap();
    fs::remove_file(copy.path("lists/dga.txt")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("dga.txt"), copy.path("lists/dga.txt")).unwrap();
    assert_eq!(found(&copy.load())[0].0, "P020");
    // A link that stays inside is a file like any other.
    fs::remove_file(copy.path("lists/dga.txt")).unwrap();
    copy.write("other.txt", &fs::read(elsewhere.path().join("dga.txt")).unwrap());
    std::os::unix::fs::symlink("../other.txt", copy.path("lists/dga.txt")).unwrap();
    assert_eq!(found(&copy.load()), []);
}

#[test]
fn bad_lines_of_a_list_are_shown_up_to_twenty_and_counted() {
    let copy = Copy::new();
    let list: String = (0..50).map(|n| format!("bad name {n}\n")).collect();
    copy.write("lists/dga.txt", list.as_bytes());
    let loaded = copy.load();
    let lines: Vec<_> = loaded.problems.iter().filter(|problem| problem.code == Code::ListLine).collect();
    assert_eq!(lines.len(), 21);
    assert!(lines.iter().any(|problem| problem.message == "`lists/dga.txt` has 50 bad lines in all"));
}

#[test]
fn a_name_in_two_lists_is_told() {
    let copy = Copy::new();
    copy.write("lists/more.txt", b"# more\nother.test\nhihagelado.test\n");
    let digest = Digest::of(fs::read(copy.path("lists/more.txt")).unwrap()).hex();
    let list = format!(
        "[[list]]\nid = \"more\"\npath = \"lists/more.txt\"\nsha256 = \"{digest}\"\naction = \"block\"\norder = \"de-warrant\"\n\n"
    );
    let text = changed(&good(), "lists = [\"dga\"]", "lists = [\"dga\", \"more\"]");
    let loaded = copy.load_text(&format!("{text}\n{list}"));
    assert_eq!(loaded.problems.len(), 1, "{}", loaded.render(false));
    assert_eq!(loaded.problems[0].code, Code::DuplicateTarget);
    assert!(loaded.problems[0].message.contains("`hihagelado.test`"));
}

#[test]
fn a_million_names_with_blank_lines_comments_and_cr_lf_are_read() {
    let copy = Copy::new();
    let mut list = String::from("\u{feff}# generated\r\n\r\n");
    for n in 0..1_000_000 {
        list.push_str(&format!("Name{n}.Test\r\n"));
    }
    copy.write("lists/dga.txt", list.as_bytes());
    let old = Digest::of(fs::read(Path::new(EXAMPLE).join("lists/dga.txt")).unwrap()).hex();
    let loaded = copy.load_text(&changed(&good(), &old, &Digest::of(&list).hex()));
    assert_eq!(loaded.render(false), "");
    assert_eq!(loaded.playbook.unwrap().lists[0].names.len(), 1_000_000);
}

//! What can hardly be read, and how much of it.

use super::*;

#[test]
fn what_cannot_be_read_at_all_is_an_error_of_its_own() {
    let copy = Copy::new();
    let error = |bytes: &[u8]| {
        copy.write(FILE_NAME, bytes);
        load(copy.0.path()).unwrap_err().to_string()
    };
    assert_eq!(error(b"version = 2\nnew-key = 1\n"), "this playbook is version 2; this program reads 1");
    assert!(error(b"version = 1\n# \xff\n").ends_with("is not UTF-8 at byte 14, line 2"));
    assert!(error(&vec![b'#'; PLAYBOOK_MAX_BYTES + 1]).contains("put names by the thousand into a list"));
    assert!(matches!(load(&copy.path("no.toml")), Err(LoadError::Read(ReadError::Missing { .. }))));
    fs::remove_file(copy.path(FILE_NAME)).unwrap();
    assert!(matches!(load(copy.0.path()), Err(LoadError::Read(ReadError::Missing { .. }))));
    fs::create_dir(copy.path(FILE_NAME)).unwrap();
    assert!(matches!(load(copy.0.path()), Err(LoadError::Read(ReadError::NotAFile { .. }))));
}

#[test]
fn an_empty_playbook_lacks_what_every_playbook_has() {
    let loaded = Copy::new().load_text("");
    let codes: Vec<_> = found(&loaded).into_iter().map(|(code, ..)| code).collect();
    assert_eq!(codes, ["P003", "P003", "P003", "P076"]);
}

#[test]
fn the_largest_playbook_is_read_and_its_problems_are_shown_up_to_a_bound() {
    let size = PLAYBOOK_MAX_BYTES;
    let tables = "[[target]]\nname = \"a b\"\n";
    let names = "\"a b\",";
    let one_line = format!("[observe]\nresolvers = [{}]", names.repeat(size / names.len() - 10));
    for text in [tables.repeat(size / tables.len()), one_line, "=".repeat(size), "[".repeat(size)] {
        let loaded = Copy::new().load_text(&text);
        assert!(loaded.problems.len() <= 500);
        assert!(loaded.has_errors() && loaded.playbook.is_none());
        assert!(loaded.problems.len() < 500 || loaded.untold > 100_000);
        assert!(loaded.render(false).len() < 1 << 20);
    }
}

proptest! {
    #[test]
    fn any_text_gives_problems_or_a_playbook(text in "\\PC{0,400}") {
        let loaded = Copy::new().load_text(&text);
        prop_assert!(loaded.playbook.is_some() || loaded.has_errors());
        loaded.render(false);
    }

    #[test]
    fn any_small_damage_gives_problems_or_a_playbook(at in 0..13_000_usize, cut in 0..40_usize, put in "[\\[\\]\"'={}#\\n.,a-z0-9ü\u{202e}]{0,6}") {
        let good = good();
        let start = good.floor_char_boundary(at);
        let end = good.ceil_char_boundary(start + cut);
        let text = format!("{}{put}{}", &good[..start], &good[end..]);
        let copy = Copy::new();
        copy.write(FILE_NAME, text.as_bytes());
        // A damaged version number may be a later version.
        if let Ok(loaded) = load(copy.0.path()) {
            prop_assert!(loaded.playbook.is_some() != loaded.has_errors());
            loaded.render(true);
            loaded.to_json();
        }
    }
}

//! The signed site on disk.

use super::*;
use crate::whole_file::ReadError;

/// Signed by two agencies; made once for all tests.
fn site() -> Vec<Edition> {
    static SITE: std::sync::LazyLock<Vec<Edition>> = std::sync::LazyLock::new(signed_site);
    SITE.clone()
}

fn signed_site() -> Vec<Edition> {
    let sign_both = |draft: &Draft| sign(draft, Some(&sign(draft, None, &ncu()).unwrap()), &prosecutor()).unwrap();
    let further = || BTreeMap::from([(ALLOWED_SIGNERS.to_owned(), b"keys\n".to_vec())]);
    drafts(&playbook()).iter().map(|draft| publish(draft, Some(&sign_both(draft)), further()).unwrap()).collect()
}

#[test]
fn a_site_is_read_as_it_was_written_signed_or_not() {
    let dir = tempfile::tempdir().unwrap();
    let unsigned: Vec<_> =
        drafts(&playbook()).iter().map(|draft| publish(draft, None, BTreeMap::new()).unwrap()).collect();
    write_site(dir.path(), &unsigned).unwrap();
    assert_eq!(read_site(dir.path()).unwrap(), unsigned);
    write_site(dir.path(), &site()).unwrap();
    assert_eq!(read_site(dir.path()).unwrap(), site());
    assert!(dir.path().join("main/2/zh-Hans/index.html").is_file());
    let note = Note::parse(site()[0].note().unwrap()).unwrap();
    assert_eq!(note.signatures.len(), 2);
}

#[test]
fn an_altered_missing_or_added_file_is_named() {
    type Change = fn(&std::path::Path);
    let altered: Change = |path| std::fs::write(path, b"other").unwrap();
    let missing: Change = |path| std::fs::remove_file(path).unwrap();
    let cases: &[(&str, Change, &str)] = &[
        ("main/1/en/index.html", altered, "altered"),
        ("main/1/ar/index.html", missing, "does not exist"),
        ("main/1/notice.note", altered, "altered"),
        ("main/2/notice.txt", missing, "does not exist"),
        ("main/2/security.txt", altered, "altered"),
        ("main/2/edition.json", altered, "understood"),
        ("main/2/edition.json", missing, "does not exist"),
        ("main/2/sv.txt", altered, "no part"),
        ("main/2/en/more.html", altered, "no part"),
        ("main/notes.txt", altered, "no part"),
        ("notes.txt", altered, "no part"),
    ];
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()).unwrap();
    for (file, change, what) in cases {
        let path = dir.path().join(file);
        let former = std::fs::read(&path);
        change(&path);
        let error = read_site(dir.path()).unwrap_err().to_string();
        assert!(error.contains(file) && error.contains(what), "{file}: {error}");
        match former {
            Ok(bytes) => std::fs::write(&path, bytes).unwrap(),
            Err(_) => std::fs::remove_file(&path).unwrap(),
        }
        assert!(read_site(dir.path()).is_ok(), "{file} restored");
    }
    let nowhere = tempfile::tempdir().unwrap().path().join("site");
    assert!(matches!(read_site(&nowhere), Err(SiteError::Read(ReadError::Missing { .. }))));
}

#[test]
fn a_manifest_or_note_that_was_exchanged_with_its_digest_is_still_noticed() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()).unwrap();
    let home = dir.path().join("main/1");
    let exchange = |name: &str, bytes: &[u8]| {
        let about = std::fs::read_to_string(home.join("edition.json")).unwrap();
        let former = Digest::of(std::fs::read(home.join(name)).unwrap()).to_string();
        std::fs::write(home.join("edition.json"), about.replace(&former, &Digest::of(bytes).to_string())).unwrap();
        std::fs::write(home.join(name), bytes).unwrap();
        read_site(dir.path()).unwrap_err().to_string()
    };
    let second = &site()[1];
    let error = exchange("notice.note", second.note().unwrap());
    assert!(error.contains("notice.note") && error.contains("notice.txt"), "{error}");
    exchange("notice.txt", &second.kit["notice.txt"]);
    let error = read_site(dir.path()).unwrap_err().to_string();
    assert!(error.contains("another directory"), "{error}");
}

#[test]
fn what_edition_json_names_is_read_only_from_the_edition_and_only_to_a_bound() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()).unwrap();
    let about = dir.path().join("main/1/edition.json");
    let good = std::fs::read_to_string(&about).unwrap();
    for (from, to, reason) in [
        ("\"HOWTO.txt\"", "\"../2/HOWTO.txt\"", "names a file"),
        ("\"HOWTO.txt\"", "\"/etc/hostname\"", "names a file"),
        ("impound-edition/v1", "impound-edition/v2", "understood"),
        ("\"status\"", "\"colour\": 1, \"status\"", "understood"),
        ("\"default_language\": \"en\"", "\"default_language\": \"sv\"", "no page"),
        ("\"release\": null", "\"release\": \"No Step\"", "not a step"),
    ] {
        assert!(good.contains(from), "{from}");
        std::fs::write(&about, good.replacen(from, to, 1)).unwrap();
        let error = read_site(dir.path()).unwrap_err().to_string();
        assert!(error.contains("main/1/edition.json") && error.contains(reason), "{to}: {error}");
    }
    std::fs::write(&about, vec![b' '; FILE_MAX_BYTES + 1]).unwrap();
    assert!(matches!(read_site(dir.path()), Err(SiteError::Read(ReadError::TooLarge { path, .. })) if path == about));
}

#[test]
#[cfg(unix)]
fn a_link_out_of_the_site_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()[..1]).unwrap();
    let page = dir.path().join("main/1/en/index.html");
    let elsewhere = tempfile::NamedTempFile::new().unwrap();
    std::fs::rename(&page, elsewhere.path()).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), &page).unwrap();
    assert!(matches!(read_site(dir.path()), Err(SiteError::Stray { path }) if path == page));
}

#[test]
fn a_writing_that_was_cut_off_is_made_good_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("main/1");
    std::fs::create_dir_all(&home).unwrap();
    std::fs::write(home.join(".impound-x1y2z3"), "half").unwrap();
    std::fs::write(home.join("notice.txt"), "from before").unwrap();
    write_site(dir.path(), &site()).unwrap();
    assert_eq!(read_site(dir.path()).unwrap(), site());
}

#[test]
fn writing_removes_what_an_earlier_writing_left_and_refuses_what_is_no_site() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()).unwrap();
    write_site(dir.path(), &site()[..1]).unwrap();
    assert_eq!(read_site(dir.path()).unwrap(), site()[..1]);
    assert!(!dir.path().join("main/2").exists());

    let other = tempfile::tempdir().unwrap();
    let diary = other.path().join("diary.txt");
    std::fs::write(&diary, "dear").unwrap();
    let error = write_site(other.path(), &site()).unwrap_err();
    assert!(matches!(&error, SiteError::Stray { path } if *path == diary), "{error}");
    assert_eq!(std::fs::read_dir(other.path()).unwrap().count(), 1, "nothing was written");
}

#[test]
fn a_command_that_was_stopped_between_two_moves_leaves_the_old_edition_or_the_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let place = |name: &str| dir.path().join(name);
    let rename = |from: &str, to: &str| {
        std::fs::create_dir_all(place(to).parent().unwrap()).unwrap();
        std::fs::rename(place(from), place(to)).unwrap();
    };
    let take = || drop(HeldSite::open(dir.path()).unwrap());
    // The lock and the notice.
    let must_be = |editions: &[Edition]| {
        assert!(read_site(dir.path()).unwrap() == editions);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2);
    };
    write_site(dir.path(), &site()).unwrap();
    // The old one is away, and the new one is not in its place.
    rename("main/1", ".impound-old/main/1");
    let error = read_site(dir.path()).unwrap_err();
    assert!(matches!(&error, SiteError::Stopped { path } if *path == place("main/1")), "{error}");
    std::fs::create_dir_all(place(".impound-new/main/1/en")).unwrap();
    std::fs::write(place(".impound-new/main/1/notice.txt"), "half").unwrap();
    take();
    must_be(&site());
    // The new one is in its place.
    std::fs::create_dir_all(place(".impound-old/main/1")).unwrap();
    std::fs::write(place(".impound-old/main/1/notice.txt"), "old").unwrap();
    take();
    must_be(&site());
    // What was removed for good is half gone.
    rename("main/2", ".impound-new/main/2");
    std::fs::remove_file(place(".impound-new/main/2/edition.json")).unwrap();
    take();
    let mut others = site();
    others.remove(1);
    must_be(&others);
    // Not yet for good.
    write_site(dir.path(), &site()).unwrap();
    rename("main/2", ".impound-old/main/2");
    put_proof(dir.path(), &site()[0].id, INCLUSION_PROOF, b"proof").unwrap();
    let mut proven = site();
    proven[0].kit.insert(INCLUSION_PROOF.to_owned(), b"proof".to_vec());
    must_be(&proven);
    // A proof that was being put there.
    std::fs::write(place("main/1/.impound-x1y2z3"), "half").unwrap();
    must_be(&proven);
    write_site(dir.path(), &read_site(dir.path()).unwrap()).unwrap();
    assert!(!place("main/1/.impound-x1y2z3").exists());
}

#[test]
fn an_edition_that_stays_the_same_is_not_touched() {
    use std::os::unix::fs::MetadataExt as _;
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path(), &site()).unwrap();
    let file = |home: &str| std::fs::metadata(dir.path().join(home).join("notice.note")).unwrap().ino();
    let (first, second) = (file("main/1"), file("main/2"));
    let mut changed = site();
    changed[1].security_txt = b"Contact: nobody\n".to_vec();
    write_site(dir.path(), &changed).unwrap();
    assert_eq!(read_site(dir.path()).unwrap(), changed);
    assert!(file("main/1") == first && file("main/2") != second);
}

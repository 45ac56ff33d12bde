use std::os::unix::fs::symlink;

use super::*;
use crate::verify::fixture::{both, good_note, noon, page};
use crate::verify::{Check, Expected, of_path};

const FAKE: &str = "<p>pay here</p>";

fn write(path: &Path, bytes: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// What is said of the notice with this done to its directory. Beside the pages lies a directory `pictures`, outside one with
/// a page that nobody signed, `fake`.
fn after(change: impl FnOnce(&Path)) -> (&'static str, String) {
    let dir = tempfile::tempdir().unwrap();
    let kit = dir.path().join("kit");
    write(&kit.join("notice.note"), std::str::from_utf8(&good_note()).unwrap());
    write(&kit.join("pictures/seal.png"), "png");
    write(&dir.path().join("fake/index.html"), FAKE);
    ["ar", "de", "en"].into_iter().for_each(|tag| write(&kit.join(tag).join(PAGE), &page(tag)));
    change(&kit);
    let name = "shop.example".parse().unwrap();
    let found = of_path(&kit, Expected { trust: &both(), name: Some(&name), at: noon() }).unwrap();
    let report = &found[0].report;
    (report.verdict.code(), report.line(Check::Pages).unwrap().detail.clone())
}

fn without(kit: &Path, tag: &str) {
    fs::remove_dir_all(kit.join(tag)).unwrap();
}

fn altered(path: &str) -> (&'static str, String) {
    ("altered", format!("{path} is none of the pages that were signed"))
}

/// One good page is enough, and no other may hide behind it.
#[test]
fn no_page_is_hidden_by_another_name() {
    for name in ["index.xht", "index.php", "index.MHTML", "index.txt", "index", ".html", ".hidden", "more/x.png"] {
        let path = format!("de/{name}");
        let seen = after(|kit| {
            without(kit, "de");
            write(&kit.join(&path), FAKE);
        });
        assert_eq!(seen, altered(&path));
    }
    for path in ["de/pay.txt", "de/pay", "de/.pay.html", "pay.svg", "pictures/pay.shtml", "pictures/pay.xml"] {
        assert_eq!(after(|kit| write(&kit.join(path), FAKE)), altered(path));
    }
    let seen = after(|kit| {
        without(kit, "de");
        fs::write(kit.join("de"), FAKE).unwrap();
    });
    assert_eq!(seen, altered("de"));
}

#[test]
fn no_page_is_hidden_behind_a_link() {
    for tag in ["de", "old"] {
        let seen = after(|kit| {
            let _ = fs::remove_dir_all(kit.join(tag));
            symlink("../fake", kit.join(tag)).unwrap();
        });
        assert_eq!(seen, altered(&format!("{tag} (a link)")));
    }
    for target in ["en", "nowhere"] {
        let seen = after(|kit| {
            without(kit, "de");
            symlink(target, kit.join("de")).unwrap();
        });
        assert_eq!(seen, altered("de (a link)"), "{target}");
    }
    assert_eq!(after(|kit| symlink("..", kit.join("up")).unwrap()), altered("up (a link)"));
    let socket = after(|kit| {
        fs::remove_file(kit.join("de").join(PAGE)).unwrap();
        std::os::unix::net::UnixListener::bind(kit.join("de").join(PAGE)).unwrap();
    });
    assert_eq!(socket, altered("de/index.html (no file)"));
}

#[test]
fn what_is_no_page_and_what_desks_leave_behind_is_none() {
    let all = ("in-force", "3 of 3 pages as signed".to_owned());
    for path in ["de/.DS_Store", "pictures/index.css", "fr/readme", "img/seal.png", "deed"] {
        assert_eq!(after(|kit| write(&kit.join(path), FAKE)), all, "{path}");
    }
    assert_eq!(after(|kit| symlink("pictures", kit.join("old")).unwrap()), all);
    // As signed, under whatever name it was saved.
    assert_eq!(after(|kit| write(&kit.join("de/Notice.xhtml"), &page("en"))), all);
    let some = ("in-force", "2 of 3 pages as signed; not at hand: de/index.html".to_owned());
    assert_eq!(after(|kit| without(kit, "de")), some);
    let empty = after(|kit| {
        without(kit, "de");
        fs::create_dir(kit.join("de")).unwrap();
    });
    assert_eq!(empty, some);
}

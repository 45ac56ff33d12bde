//! A module imports only from its left: the order of `lib.rs` is the order of the flow.

#![allow(clippy::unwrap_used, reason = "a test stops at once on what it did not expect")]

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn modules_import_only_from_their_left() {
    let order = modules();
    let mut wrong = Vec::new();
    for (place, module) in order.iter().enumerate() {
        for file in files_of(module) {
            let text = fs::read_to_string(&file).unwrap();
            for name in imports(&text) {
                match order.iter().position(|other| *other == name) {
                    Some(other) if other > place => wrong.push(format!("{} imports {name}", file.display())),
                    _ => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_stands_in_the_architecture_in_the_same_order() {
    let text = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let rows: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name)).collect();
    let listed: Vec<&str> = rows.into_iter().filter(|name| modules().iter().any(|module| module == name)).collect();
    assert_eq!(listed, modules());
    assert!(text.lines().count() < 200, "the architecture has grown past 200 lines");
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn modules() -> Vec<String> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let names = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert!(names.len() > 15, "lib.rs lists its modules");
    names
}

fn files_of(module: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let single = root().join("src").join(format!("{module}.rs"));
    if single.exists() {
        files.push(single);
    }
    collect(&root().join("src").join(module), &mut files);
    assert!(!files.is_empty(), "module {module} has no file");
    files
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The modules named after `crate::` outside comments, whether in a path or in braces. Tests may look to the right.
fn imports(text: &str) -> Vec<String> {
    let code: String = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| format!("{line}\n"))
        .collect();
    let word = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let mut names = Vec::new();
    for after in code.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            Some(braced) => {
                names.extend(braced.split('}').next().unwrap_or_default().split(',').map(|part| word(part.trim())))
            }
            None => names.push(word(after)),
        }
    }
    names
}

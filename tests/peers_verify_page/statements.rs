//! What agencies sign beside notices, and what a register says of notices: the page against the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use impound::digest::Digest;
use impound::notice::Statement;
use impound::register::{Published, Register, write_register};
use impound::signed_note::Note;

use crate::desk::*;

fn denial() -> String {
    format!(
        "banner-denial/v1\ndenial-id: false-1\nissuer: police.example\nissued: 2026-11-22T10:00:00Z\nstatus: in-force\n\
         seen-at: 2026-11-21T21:30:00Z\nname: fake.example\naddress: 2001:db8::99\npage: {}\n\
         verify-at: https://police.example/notices\nsupersedes: none\n",
        Digest::of("page")
    )
}

fn advisory() -> String {
    format!(
        "joint-advisory/v1\nadvisory-id: tools\nissuer: police.example\nissued: 2026-11-22T10:00:00Z\nstatus: in-force\n\
         verify-at: https://police.example/a\ntext: de text/plain {} de.txt\ntext: en text/plain {} en.txt\n\
         indicators: 1 text/csv {} indicators.csv\nsupersedes: none\n",
        Digest::of("de"),
        Digest::of("en"),
        Digest::of("list")
    )
}

fn listing(list: &[u8], count: usize) -> String {
    format!(
        "notice-register/v1\nissuer: police.example\nissued: 2026-11-22T10:00:00Z\nexpires: 2026-11-29T10:00:00Z\n\
         verify-at: https://police.example/n\nlist: {count} application/json {} register.json\n",
        Digest::of(list)
    )
}

impl Desk {
    /// A question about one signed text of this file name, with files beside it.
    fn about(&mut self, file: &str, text: &str, signers: &str, beside: &[(&str, &str)]) -> Question {
        self.cases += 1;
        let signed = self.by(signers, text);
        let dir = self.bench.path().join(format!("statement-{}", self.cases));
        write(&dir.join(file), signed);
        beside.iter().for_each(|(name, bytes)| write(&dir.join(name), bytes));
        Question { name: String::new(), ..Question::of(dir.join(file), self.policy()) }
    }

    /// A text signed by the police, the court, and a stranger who calls himself the police: their first letters.
    fn by(&self, signers: &str, text: &str) -> String {
        let key = |letter| match letter {
            'p' => &self.police,
            'c' => &self.court,
            _ => &self.stranger,
        };
        note(text, &signers.chars().map(key).collect::<Vec<_>>())
    }

    /// The page is given the whole folder, the program the file in it.
    #[track_caller]
    fn folder_says(&mut self, code: &str, question: &Question) {
        let report = self.program_says(question).unwrap();
        assert_eq!(report["verdict"]["code"], code, "{question:?}\n{report:#}");
        let folder = Question { files: question.files.parent().unwrap().to_owned(), ..question.clone() };
        let page = self.page_says(&folder);
        assert_eq!(page["verdict"]["code"], code, "{question:?}\n{page:#}\n{report:#}");
    }

    fn signed(&self, text: &str) -> String {
        self.by("pc", text)
    }

    /// A register of these notes, which the agencies have signed.
    fn register(&mut self, notes: &[String]) -> PathBuf {
        self.cases += 1;
        let dir = self.bench.path().join(format!("register-{}", self.cases));
        let mut register = Register::default();
        for note in notes {
            let note = Note::parse(note.as_bytes()).unwrap();
            let statement = Statement::parse(note.text.as_str().as_bytes()).unwrap();
            register.add(Published { statement, note, proof: None, stamp: None, files: BTreeMap::new() });
        }
        let list = write_register(&dir, &register, &["en".parse().unwrap()]).unwrap();
        write(&dir.join("register.note"), self.signed(&listing(&list, register.len())));
        dir
    }
}

#[test]
fn the_page_and_the_program_say_the_same_of_denials_and_advisories() {
    let mut desk = Desk::new();
    let both = "pc";
    let swapped = |text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    let old = format!("supersedes: {}", Digest::of("old"));
    let withdrawn = swapped(&swapped(&denial(), "in-force", "withdrawn"), "supersedes: none", &old);
    for (text, signers, name, at, code) in [
        (denial(), both, "", NOON, "genuine"),
        (denial(), both, "fake.example", NOON, "genuine"),
        (denial(), both, "shop.example", NOON, "not-covered"),
        (denial(), both, "", "2026-11-22T09:59:59Z", "not-yet"),
        (denial(), "p", "", NOON, "not-enough-signatures"),
        (denial(), "s", "", NOON, "unknown-keys"),
        (withdrawn, both, "", NOON, "withdrawn"),
        (swapped(&denial(), "issuer: police.example", "issuer: other.example"), both, "", NOON, "malformed"),
    ] {
        let question = desk.about("denial.note", &text, signers, &[]);
        let question = Question { name: name.into(), at: at.into(), ..question };
        desk.says_no_other(code, code, &question);
        desk.folder_says(code, &question);
    }
    // One form, as the program reads it; a text that is none of these is judged as a notice, which it is not.
    for (from, to, code) in [
        ("address: 2001:db8::99", "address: none", "genuine"),
        ("address: 2001:db8::99", "address: 192.0.2.1", "genuine"),
        ("address: 2001:db8::99", "address: ::ffff:192.0.2.1", "genuine"),
        ("address: 2001:db8::99", "address: 2001:db8:0:1:1:1:1:1", "genuine"),
        ("address: 2001:db8::99", "address: 2001:db8::1:0:0:1", "genuine"),
        ("address: 2001:db8::99", "address: ::", "genuine"),
        ("address: 2001:db8::99", "address: 2001:DB8::99", "malformed"),
        ("address: 2001:db8::99", "address: 2001:db8:0::99", "malformed"),
        ("address: 2001:db8::99", "address: 2001:db8:0:0:1::1", "malformed"),
        ("address: 2001:db8::99", "address: ::ffff:c000:201", "malformed"),
        ("address: 2001:db8::99", "address: ::1.2.3.4", "malformed"),
        ("address: 2001:db8::99", "address: 192.0.2.01", "malformed"),
        ("address: 2001:db8::99", "address: 192.0.2", "malformed"),
        ("address: 2001:db8::99", "address: 0x7f.1", "malformed"),
        ("address: 2001:db8::99", "address: [::1]", "malformed"),
        ("address: 2001:db8::99", "address: ::1%eth0", "malformed"),
        ("denial-id: false-1", "denial-id: False", "malformed"),
        ("denial-id: false-1", "denial-id: -a", "malformed"),
        ("seen-at: 2026-11-21", "seen-at: 2026-11-23", "malformed"),
        ("name: fake.example", "name: Fake.example", "malformed"),
        ("name: fake.example", "name: none", "genuine"),
        ("status: in-force", "status: withdrawn", "malformed"),
        ("https://police", "https://notpolice", "malformed"),
        ("supersedes: none", "supersedes: none\nsupersedes: none", "malformed"),
        ("supersedes: none", "supersedes: sha256:00", "malformed"),
        ("banner-denial/v1", "banner-denial/v2", "malformed"),
    ] {
        let question = desk.about("denial.note", &swapped(&denial(), from, to), both, &[]);
        desk.says_no_other(code, code, &question);
    }
    // In the place of a notice nothing else counts.
    let question = desk.about("notice.note", &denial(), both, &[]);
    desk.says_no_other("malformed", "malformed", &question);
    let files = [("de.txt", "de"), ("en.txt", "en"), ("indicators.csv", "list")];
    for (text, name, beside, code) in [
        (advisory(), "", files.to_vec(), "genuine"),
        (advisory(), "fake.example", files.to_vec(), "not-covered"),
        (advisory(), "", files[1..].to_vec(), "undetermined"),
        (advisory(), "", [&files[..2], &[("indicators.csv", "other")]].concat(), "altered"),
        (swapped(&advisory(), "indicators: 1", "indicators: 01"), "", files.to_vec(), "malformed"),
        (swapped(&advisory(), "indicators: 1", "indicators: 18446744073709551615"), "", files.to_vec(), "genuine"),
        (swapped(&advisory(), "indicators: 1", "indicators: 18446744073709551616"), "", files.to_vec(), "malformed"),
        (swapped(&advisory(), " en.txt", " de.txt"), "", files.to_vec(), "malformed"),
        (swapped(&advisory(), "text: en text/plain", "text: en text/html"), "", files.to_vec(), "malformed"),
        (swapped(&advisory(), "text: de", "text: fr"), "", files.to_vec(), "malformed"),
    ] {
        let question = desk.about("advisory.note", &text, both, &beside);
        desk.folder_says(code, &Question { name: name.into(), ..question });
    }
    // Alone, without its files, an advisory has been checked in part.
    let question = desk.about("advisory.note", &advisory(), both, &[]);
    let said = desk.says_no_other("undetermined", "undetermined", &question);
    assert!(said["verdict"]["text"].as_str().unwrap().contains("de.txt"), "{said}");
}

#[test]
fn the_page_and_the_program_say_the_same_of_register_lists() {
    let mut desk = Desk::new();
    let list = "{\"version\":\"impound-register/v1\",\"notes\":[]}\n";
    let text = listing(list.as_bytes(), 0);
    for (text, beside, at, code) in [
        (text.clone(), vec![("register.json", list)], NOON, "genuine"),
        (text.clone(), vec![("register.json", "{}")], NOON, "altered"),
        (text.clone(), vec![], NOON, "genuine"),
        (text.clone(), vec![], "2026-11-29T10:00:00Z", "expired"),
        (text.clone(), vec![], "2026-11-22T09:00:00Z", "not-yet"),
        (text.replace("expires: 2026-11-29", "expires: 2026-11-21"), vec![], NOON, "malformed"),
        (text.replace("list: 0 ", "list: 00 "), vec![], NOON, "malformed"),
        (text.replace(" register.json\n", " register.json\nlist: none\n"), vec![], NOON, "malformed"),
    ] {
        let question = desk.about("register.note", &text, "pc", &beside);
        desk.folder_says(code, &Question { at: at.into(), ..question });
    }
    let question = desk.about("register.note", &text, "p", &[("register.json", list)]);
    desk.folder_says("not-enough-signatures", &question);
    let shown = desk.browser.value("document.getElementById('answer').textContent");
    assert!(shown.as_str().unwrap().contains("A register list"), "{shown}");
}

/// A later edition: what it says, and by whom it is signed.
fn edition(number: u32, change: impl Fn(String) -> String) -> String {
    let text = manifest().replace("harbour-light/main/2\n", &format!("harbour-light/main/{number}\n"));
    let known = format!("supersedes: harbour-light/main/2 {}\n", Digest::of(manifest()));
    change(format!("{text}{known}").replace("2026-11-22T08:00:00Z", "2026-11-22T09:00:00Z"))
}

#[test]
fn the_page_and_the_program_learn_the_same_from_a_register() {
    let mut desk = Desk::new();
    let mut question = desk.good();
    let good = desk.good_note();
    let later = edition(3, |text| text);
    let gone = edition(3, |text| text.replace("status: in-force", "status: withdrawn"));
    let back = edition(3, |text| {
        let text = text.replace("domain: shop.example\n", "");
        text.replace("returned: forum.example\n", "returned: forum.example\nreturned: shop.example\n")
    });
    let other_issuer =
        later.replace("issuer: police.example", "issuer: court.example").replace("www.police", "www.court");
    let early = later.replace("not-before: 2026-11-22T09", "not-before: 2026-11-22T13");
    let both = |desk: &Desk, text: &str| desk.signed(text);
    let half = note(&gone, &[&desk.police]);
    for (name, notes, code, later) in [
        ("nothing else", vec![good.clone()], "in-force", "pass"),
        ("a later edition", vec![good.clone(), both(&desk, &later)], "superseded", "fail"),
        ("a withdrawal", vec![good.clone(), both(&desk, &gone)], "withdrawn", "fail"),
        ("a return", vec![good.clone(), both(&desk, &back)], "returned", "fail"),
        ("a withdrawal by too few", vec![good.clone(), half], "undetermined", "fail"),
        ("of another issuer", vec![good.clone(), both(&desk, &other_issuer)], "in-force", "pass"),
        ("that begins later", vec![good.clone(), both(&desk, &early)], "in-force", "pass"),
        ("not this one", vec![both(&desk, &denial())], "in-force", "pass"),
        ("the last of two", vec![both(&desk, &gone), both(&desk, &edition(4, |text| text))], "superseded", "fail"),
    ] {
        question.register = Some(desk.register(&notes));
        let page = desk.says_no_other(code, code, &question);
        let line = page["checks"].as_array().unwrap().iter().find(|line| line["check"] == "later").unwrap();
        assert_eq!(line["result"], later, "{name}: {page:#}");
        if code == "in-force" {
            let shown = desk.browser.value("document.querySelector('.verdict').textContent");
            let has = if name == "not this one" { "does not have this text" } else { "has this text" };
            assert!(shown.as_str().unwrap().contains(has), "{name}: {shown}");
        }
    }
    // What is missing, altered or out of date: no later edition is known, and nobody vouches that there is none.
    let whole = desk.register(&[good.clone(), desk.signed(&denial())]);
    let home = |text: &str| whole.join(Digest::of(text).hex());
    let result = |page: &serde_json::Value| {
        let line = page["checks"].as_array().unwrap().iter().find(|line| line["check"] == "later").unwrap().clone();
        line["result"].as_str().unwrap().to_owned()
    };
    question.register = Some(whole.clone());
    assert_eq!(result(&desk.says_no_other("in-force", "in-force", &question)), "pass");
    let late = Question { at: "2026-11-29T10:00:00Z".into(), ..question.clone() };
    assert_eq!(result(&desk.says_no_other("in-force", "in-force", &late)), "not checked");
    let one = home(&denial()).join("denial.note");
    for (file, bytes) in [
        (whole.join("register.json"), b"{}".to_vec()),
        (whole.join("register.note"), b"nothing".to_vec()),
        (whole.join("register.note"), note(&listing(b"", 2), &[&desk.police]).into_bytes()),
        (one.clone(), note(&denial(), &[&desk.police]).into_bytes()),
        (one.clone(), b"nothing".to_vec()),
    ] {
        let former = fs::read(&file).unwrap();
        fs::write(&file, &bytes).unwrap();
        let page = desk.page_says(&question);
        assert_eq!(page["verdict"]["code"], "in-force", "{}: {page:#}", file.display());
        assert_eq!(result(&page), "not checked", "{}", file.display());
        // The program refuses a list that it cannot read, where the page goes on without it.
        if let Ok(program) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| desk.program_says(&question))) {
            assert_eq!(program.unwrap()["verdict"]["code"], "in-force");
        }
        fs::write(&file, former).unwrap();
    }
    // A denial that a later one ends.
    let end = denial().replace("false-1", "false-2").replace("status: in-force", "status: withdrawn");
    let end = end.replace("supersedes: none", &format!("supersedes: {}", Digest::of(denial())));
    for (notes, code) in [
        (vec![desk.signed(&denial())], "genuine"),
        (vec![desk.signed(&denial()), desk.signed(&end)], "withdrawn"),
        (vec![desk.by("p", &end)], "undetermined"),
    ] {
        let asked = desk.about("denial.note", &denial(), "pc", &[]);
        let register = Some(desk.register(&notes));
        desk.says_no_other(code, code, &Question { register, ..asked });
    }
    // A folder that is no register is a fault of the third field, and no answer.
    question.register = Some(desk.kit(&good));
    assert!(desk.page_says(&question)["fault"].as_str().unwrap().contains("no register"));
}

#[test]
fn the_page_and_the_program_miss_the_same_in_a_copy_of_a_register() {
    let mut desk = Desk::new();
    let question = desk.good();
    let (good, denied) = (desk.good_note(), desk.signed(&denial()));
    let gone = edition(3, |text| text.replace("status: in-force", "status: withdrawn"));
    let home = |text: &str| Digest::of(text).hex();
    let left_out = |desk: &mut Desk, later: &str, left: &[&str]| {
        let register = desk.register(&[good.clone(), denied.clone(), desk.signed(later)]);
        for left in left {
            let path = register.join(left);
            if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
        }
        Some(register)
    };
    let early = gone.replace("not-before: 2026-11-22T09", "not-before: 2026-11-22T13");
    let [own, other] = [manifest(), denial()].map(|text| home(&text));
    for (later, left, code, said) in [
        (&gone, vec![home(&gone)], "undetermined", "the register lists harbour-light/main/3 (withdrawn)"),
        (&gone, vec![home(&gone), own.clone(), other.clone()], "undetermined", "the register lists"),
        (&gone, vec![home(&gone), "register.note".into()], "undetermined", "for which nobody vouches"),
        (&early, vec![home(&early)], "in-force", "not all that the agencies have listed"),
        (&early, vec![own], "in-force", "not all that the agencies have listed"),
        (&early, vec![home(&early), "register.note".into()], "in-force", "nobody vouches"),
        (&early, vec![], "in-force", "complete as of"),
    ] {
        let left: Vec<&str> = left.iter().map(String::as_str).collect();
        let register = left_out(&mut desk, later, &left);
        let page = desk.both_say(code, &Question { register, ..question.clone() });
        assert!(page.to_string().contains(said), "{left:?}: {page:#}");
        // Whoever has given a copy is not told to give one.
        let box_says = desk.browser.value("document.querySelector('.verdict').textContent").to_string();
        let is_told =
            ["Get a newer one, and the whole of it", "Get the whole register"].iter().any(|way| box_says.contains(way));
        assert!(is_told != said.starts_with("complete") && !box_says.contains("add a copy"), "{left:?}: {box_says}");
    }
    // Nor is one whose copy is out of date.
    let (register, at) = (Some(desk.register(std::slice::from_ref(&good))), "2026-11-29T10:00:00Z".into());
    desk.both_say("in-force", &Question { register, at, ..question.clone() });
    let said = desk.browser.value("document.querySelector('.verdict').textContent").to_string();
    assert!(said.contains("Get a newer one") && !said.contains("add a copy"), "{said}");
    // A denial that was withdrawn.
    let end = denial().replace("false-1", "false-2").replace("status: in-force", "status: withdrawn");
    let end = end.replace("supersedes: none", &format!("supersedes: {}", Digest::of(denial())));
    let register = left_out(&mut desk, &end, &[&home(&end)]);
    let asked = desk.about("denial.note", &denial(), "pc", &[]);
    let page = desk.says_no_other("undetermined", "undetermined", &Question { register, ..asked });
    assert!(page.to_string().contains("the register lists false-2 (withdrawn)"), "{page:#}");
}

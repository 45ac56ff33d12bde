//! Notices, good and bad: signatures, keys, names, pages.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use crate::bench::{good, refused};
use impound::signed_note::NoteSigner;

use crate::desk::*;
use impound::coverage::{SealedNames, Seed};
use impound::digest::Digest;
use impound::keyring::SecretKey;
use serde_json::Value;

#[test]
fn the_page_in_the_kit_of_a_signed_notice_says_yes_and_after_any_change_no() {
    let mut desk = Desk::new();
    let impound = |desk: &Desk, line: &str| good(&desk.bench.run("impound", &line.split(' ').collect::<Vec<_>>(), ""));
    impound(&desk, "init op");
    let mut playbook = desk.bench.read("op/playbook.toml");
    for agency in ["police", "prosecution"] {
        impound(&desk, &format!("key new {agency}.example/notice -o {agency}.key --unencrypted"));
        let line = format!("domain = \"{agency}.example\"\n");
        let vkey = desk.bench.read(&format!("{agency}.vkey"));
        playbook = playbook.replace(&line, &format!("{line}notice-key = \"{}\"\n", vkey.trim_end()));
    }
    desk.bench.write("op/playbook.toml", &playbook.replace("\nnotice = 1\n", "\nnotice = 2\n"));
    impound(&desk, "notice build op --site site");
    impound(&desk, "notice sign op --key police.key --site site");
    let kit = desk.bench.path().join("site/banner/1");
    let address = format!("file://{}", kit.join("verify.html").display());
    let policy = desk.bench.read("site/banner/1/policy");
    let manifest = desk.bench.read("site/banner/1/notice.txt");
    let at = manifest.split_once("not-before: ").unwrap().1.lines().next().unwrap().to_owned();
    let question =
        Question { name: "seized.example".into(), at: at.clone(), ..Question::of(kit.clone(), policy.clone()) };
    assert_eq!(desk.page_at_says(&address, &question)["verdict"]["code"], "not-enough-signatures");
    impound(&desk, "notice sign op --key prosecution.key --site site");
    assert_eq!(desk.page_at_says(&address, &question)["verdict"]["code"], "in-force");
    desk.both_say("in-force", &question);
    // The policy that lies in the kit is believed by nobody for lying there.
    let unsaid = Question { keys: String::new(), ..question.clone() };
    let said = desk.page_at_says(&address, &unsaid);
    assert_eq!(said["verdict"]["code"], "undetermined");
    assert!(said["verdict"]["text"].as_str().unwrap().contains("but you have not said whose keys you trust"), "{said}");
    refused(&desk.bench.run("impound", &["verify", "site", "--name", "seized.example", "--at", &at], ""));
    for file in ["notice.note", "notice.txt", "en/index.html"] {
        let former = fs::read(kit.join(file)).unwrap();
        let mut altered = former.clone();
        altered[former.len() / 2] ^= 1;
        fs::write(kit.join(file), &altered).unwrap();
        let said = desk.page_says(&question);
        let code = said["verdict"]["code"].as_str().unwrap();
        assert!(["altered", "malformed"].contains(&code), "{file}: {said}");
        desk.both_say(code, &question);
        fs::write(kit.join(file), &former).unwrap();
    }
}

#[test]
fn the_page_and_the_program_say_the_same_of_good_and_bad_notices() {
    let mut desk = Desk::new();
    let good = desk.good();
    let page = desk.both_say("in-force", &good);
    assert_eq!(page["checks"].as_array().unwrap().len(), 13);
    // What is foreign is shown with nothing hidden in it.
    let shown = desk.browser.value("document.getElementById('answer').textContent");
    assert!(shown.as_str().unwrap().contains("District Court of Häfen\\u{202e}, 118/2026"), "{shown}");
    for (name, code) in [
        ("SHOP.example.", "in-force"),
        ("www.shop.example", "in-force"),
        ("bücher.example", "in-force"),
        ("BÜCHER。example", "in-force"),
        (ONION, "in-force"),
        (&ONION.to_uppercase(), "in-force"),
        ("myshop.example", "not-covered"),
        ("example", "not-covered"),
        (&format!("www.{NAME}.evil.example"), "not-covered"),
        ("", "undetermined"),
        ("a..b", ""),
        ("192.0.2.1", ""),
        ("0x7f.0.0.1", ""),
        ("shop_.example", ""),
        ("ab--c.example", ""),
        ("shop\u{202e}.example", ""),
        ("xn--a.example", ""),
        ("XN--BCHER-KVA.example", "in-force"),
        ("xn--bcher-kva1.example", ""),
        ("[::1]", ""),
        (&ONION.replacen('2', "3", 1), ""),
        (&format!("www.{ONION}"), ""),
        (&format!("{}.example", "a".repeat(64)), ""),
    ] {
        desk.both_say(code, &Question { name: name.into(), ..good.clone() });
    }
    let pasted = Question { name: "https://me@www.shop.example:8443/path?x#y".into(), ..good.clone() };
    assert_eq!(desk.page_says(&pasted)["verdict"]["code"], "in-force");
    for (at, code) in [
        ("2026-11-22T07:59:59Z", "not-yet"),
        ("2026-11-22T08:00:00Z", "in-force"),
        ("2027-11-22T07:59:59Z", "in-force"),
        ("2027-11-22T08:00:00Z", "expired"),
    ] {
        desk.both_say(code, &Question { at: at.into(), ..good.clone() });
        let standing = desk.browser.value(STANDING);
        let standing = standing.as_str().unwrap();
        let says = match code {
            "not-yet" => "not yet in force: it begins at 2026-11-22T08:00:00Z",
            "expired" => "expired: it was valid until 2027-11-22T08:00:00Z",
            _ => "in force, as far as is known; whether it was replaced or withdrawn since was not asked of a register",
        };
        assert_eq!(standing, says);
    }
    desk.drop_says("A folder cannot be dropped here.", &[&good.files]);
    desk.drop_says(
        "notice.note the text with its signaturesindex.html a page",
        &[&good.files.join("notice.note"), &good.files.join("de/index.html")],
    );
    let alone = Question { files: desk.kit(&desk.good_note()).join("notice.note"), ..good.clone() };
    fs::remove_dir_all(alone.files.with_file_name("ar")).unwrap();
    let said = desk.page_says(&alone);
    assert_eq!(said["verdict"]["text"], "undetermined: not checked: pages: none of 3 pages at hand");
    let seen = alone.files.with_file_name("de").join("index.html");
    let visitor = desk.browser_with(&alone, &seen);
    assert_eq!(visitor["verdict"]["code"], "in-force", "a visitor sees one page: {visitor}");
    write(&seen, "<p>pay here</p>");
    assert_eq!(desk.browser_with(&alone, &seen)["verdict"]["code"], "altered");
}

/// How the notice stands, as the page shows it.
const STANDING: &str =
    "Array.from(document.querySelectorAll('#answer dt')).find(term => term.textContent === 'Standing now')
    .nextSibling.textContent";

#[test]
fn of_a_folder_with_some_of_the_pages_the_page_and_the_program_say_the_same() {
    let mut desk = Desk::new();
    let some = desk.good();
    for (left_out, seen) in [("ar", "2 of 3"), ("en", "1 of 3")] {
        fs::remove_dir_all(some.files.join(left_out)).unwrap();
        let said = desk.both_say("in-force", &some);
        assert!(said["checks"].to_string().contains(&format!("{seen} pages as signed; not at hand: ar/index.html")));
    }
    fs::remove_dir_all(some.files.join("de")).unwrap();
    desk.both_say("undetermined", &some);
    // As a browser saves it, beside the note.
    for name in ["index.html", "Notice.html"] {
        write(&some.files.join(name), page("de"));
        desk.both_say("in-force", &some);
        write(&some.files.join(name), "<p>pay here</p>");
        desk.both_say("altered", &some);
        fs::remove_file(some.files.join(name)).unwrap();
    }
}

/// One good page is enough, and no other may hide behind it.
#[test]
fn of_a_folder_in_which_a_page_is_hidden_the_page_and_the_program_say_the_same() {
    let mut desk = Desk::new();
    for (path, code) in [
        ("de/index.xht", "altered"),
        ("de/index.php", "altered"),
        ("de/index.txt", "altered"),
        ("de/index", "altered"),
        ("de/more/x.png", "altered"),
        ("de", "altered"),
        ("pay.xhtml", "altered"),
        ("pictures/pay.MHT", "altered"),
        ("deed", "in-force"),
        ("fr/readme", "in-force"),
    ] {
        let question = desk.good();
        fs::remove_dir_all(question.files.join("de")).unwrap();
        write(&question.files.join(path), "<p>pay here</p>");
        let said = desk.both_say(code, &question);
        assert_eq!(said["verdict"]["text"].as_str().unwrap().contains(path), code == "altered", "{said}");
        // As signed, under whatever name.
        write(&question.files.join(path), page("en"));
        desk.both_say("in-force", &question);
    }
    // Beside a page that is there, what desks leave behind is nothing; in its place it may be anything.
    let hidden = desk.good();
    write(&hidden.files.join("de/.DS_Store"), "desk");
    desk.both_say("in-force", &hidden);
    fs::remove_file(hidden.files.join("de/index.html")).unwrap();
    desk.both_say("altered", &hidden);
    // A browser gives nothing that lies behind a link. To the page it is not at hand, as it says; to the program it is a fault.
    let linked = desk.good();
    write(&desk.bench.path().join("pay/index.html"), "<p>pay here</p>");
    fs::remove_dir_all(linked.files.join("de")).unwrap();
    std::os::unix::fs::symlink(desk.bench.path().join("pay"), linked.files.join("de")).unwrap();
    assert_eq!(desk.program_says(&linked).unwrap()["verdict"]["code"], "altered");
    let said = desk.page_says(&linked);
    assert!(said["checks"].to_string().contains("2 of 3 pages as signed; not at hand: de/index.html"), "{said}");
    let shown = desk.browser.value("document.getElementById('answer').textContent");
    assert!(shown.as_str().unwrap().contains("If the page that you saw is not among them, save it"), "{shown}");
}

/// In a copy of a web server too, and whether the notice is in force or not.
#[test]
fn the_page_and_the_program_say_the_same_of_pages_in_a_copied_kit_and_out_of_their_time() {
    let mut desk = Desk::new();
    let copy = desk.good();
    let kit = copy.files.join(".well-known/seizure-notice");
    write(&kit.join("notice.note"), desk.good_note());
    fs::remove_file(copy.files.join("notice.note")).unwrap();
    for (path, code) in [
        (".well-known/seizure-notice/index.html", "in-force"),
        (".well-known/seizure-notice/verify.html", "in-force"),
        (".well-known/seizure-notice/pay.html", "altered"),
        (".well-known/seizure-notice/old/pay.html", "altered"),
        (".well-known/pay.svg", "altered"),
        ("verify.html", "altered"),
        ("de/pay.txt", "altered"),
    ] {
        write(&copy.files.join(path), "<p>pay here</p>");
        desk.both_say(code, &copy);
        for at in ["2026-11-22T07:59:59Z", "2027-11-22T08:00:00Z"] {
            let told = match (code, at) {
                ("altered", _) => "altered",
                (_, "2027-11-22T08:00:00Z") => "expired",
                _ => "not-yet",
            };
            desk.both_say(told, &Question { at: at.into(), ..copy.clone() });
        }
        fs::remove_file(copy.files.join(path)).unwrap();
    }
}

/// A page that was chosen by itself counts under any name that a page has.
#[test]
fn pages_that_are_chosen_by_themselves_count_under_every_name_of_a_page() {
    let mut desk = Desk::new();
    let alone = desk.good();
    let alone = Question { files: alone.files.join("notice.note"), ..alone };
    for name in ["page.xhtml", "page.xht", "page.htm", "page.mhtml", "page.php", "page.svg"] {
        let saved = alone.files.with_file_name(name);
        write(&saved, page("de"));
        assert_eq!(desk.browser_with(&alone, &saved)["verdict"]["code"], "in-force", "{name}");
        write(&saved, "<p>pay here</p>");
        assert_eq!(desk.browser_with(&alone, &saved)["verdict"]["code"], "altered", "{name}");
    }
}

impl Desk {
    /// What the page takes files for that are dropped on it.
    #[track_caller]
    fn drop_says(&mut self, text: &str, paths: &[&Path]) {
        self.browser.open(&format!("file://{PAGE}"));
        self.browser.awaited("document.documentElement.hasAttribute('data-ready')");
        self.browser.drop_on("#drop", paths);
        let shown = self.browser.awaited(TAKEN);
        assert!(shown.as_str().unwrap().starts_with(text), "{shown}");
    }

    /// What the page says of a note and a saved page that were chosen one after the other.
    #[track_caller]
    fn browser_with(&mut self, question: &Question, saved: &Path) -> Value {
        self.page_says(question);
        self.browser.value("document.getElementById('chosen').replaceChildren(); 0");
        self.browser.choose("#pick-files", &[saved]);
        self.browser.awaited(TAKEN);
        assert_eq!(
            self.browser.value("document.getElementById('answer').textContent"),
            "",
            "an answer before its question"
        );
        self.browser.value("document.querySelector('button.go').click(); 0");
        self.browser.awaited(ANSWER)
    }
}

#[test]
fn the_page_and_the_program_count_the_same_signatures() {
    let mut desk = Desk::new();
    let text = manifest();
    let [police, spare, court] = ["police", "spare", "court"];
    for (signers, code) in [
        (&[police, court][..], "in-force"),
        (&[spare, court], "in-force"),
        (&[police, court, "stranger", "jane"], "in-force"),
        (&[police], "not-enough-signatures"),
        (&[police, police], "not-enough-signatures"),
        (&[police, spare], "not-enough-signatures"),
        (&[police, "stranger"], "not-enough-signatures"),
        (&[court], "not-enough-signatures"),
        (&["jane"], "unknown-keys"),
        (&["stranger"], "unknown-keys"),
    ] {
        let signed = note(&text, &signers.iter().map(|name| desk.signer(name)).collect::<Vec<_>>());
        let question = desk.question(&signed);
        desk.both_say(code, &question);
    }
    let good = desk.good_note();
    // RFC 8032 section 5.1.7: S below the order; and neither the signature nor the key a point of small order.
    let malleable = resigned(&good, |octets| {
        let mut carry = 0;
        for (octet, add) in octets[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*octet) + u16::from(add) + carry;
            (*octet, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
    });
    let small = resigned(&good, |octets| octets[..32].copy_from_slice(&[[1].as_slice(), &[0; 31]].concat()));
    let zero = resigned(&good, |octets| octets.fill(0));
    let bit = resigned(&good, |octets| octets[40] ^= 1);
    for bad in [malleable, small, zero, bit] {
        let question = desk.question(&bad);
        desk.both_say("altered", &question);
    }
    let short = good.trim_end().rsplit_once(' ').unwrap().0.to_owned();
    let question = desk.question(&format!("{short} AAAAAAAA\n"));
    desk.both_say("not-enough-signatures", &question);
    // Of another issuer, whose key has not signed.
    let foreign = note(&text.replace("police.example", "ministry.example"), &[&desk.police, &desk.court]);
    let question = desk.question(&foreign);
    desk.both_say("not-enough-signatures", &question);
}

impl Desk {
    fn signer(&self, name: &str) -> &SecretKey {
        match name {
            "police" => &self.police,
            "spare" => &self.spare,
            "court" => &self.court,
            "jane" => &self.approver,
            _ => &self.stranger,
        }
    }
}

#[test]
fn the_page_and_the_program_believe_the_same_keys() {
    let mut desk = Desk::new();
    let good = desk.good();
    let [police, spare, court, jane, stranger] =
        [&desk.police, &desk.spare, &desk.court, &desk.approver, &desk.stranger].map(|key| key.verifier().to_string());
    let signers = format!("signer police {police}\nsigner court {court}\n");
    // The identity point: with a careless check every signature is good under it.
    let weak = "police.example/notice+9cf2ac14+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for (keys, code) in [
        (format!("{police}\n"), "in-force"),
        (format!("# both\n\n  {police}\n{court}\n"), "in-force"),
        (format!("{stranger}\n"), "unknown-keys"),
        (format!("{jane}\n"), "unknown-keys"),
        (format!("{court}\n"), "not-enough-signatures"),
        (format!("{police}\n{police}\n"), ""),
        (format!("{police}\nx\n"), ""),
        (police.replace("+", "+0"), ""),
        (format!("{weak}\n"), ""),
        ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n".into(), ""),
        (format!("{signers}group g all police court\nquorum g\n"), "in-force"),
        (format!("{signers}group g any police court\nquorum g\n"), "in-force"),
        (format!("{signers}quorum police\n"), "in-force"),
        (format!("{signers}quorum none\n"), "in-force"),
        (
            format!("signer p {police}\nsigner s {stranger}\nquorum s\n")
                .replace("police.example/notice+", "a.example/notice+"),
            "",
        ),
        (format!("{signers}signer jane {jane}\ngroup g 2 police court\ngroup h all g\nquorum h\n"), "in-force"),
        (format!("{signers}signer spare {spare}\nquorum spare\n"), "not-enough-signatures"),
        (format!("{signers}signer spare {spare}\ngroup g 2 police spare\nquorum g\n"), ""),
        (format!("{signers}signer spare {spare}\ngroup g any police court\ngroup h any spare\nquorum h\n"), ""),
        (format!("{signers}group g 3 police court\nquorum g\n"), ""),
        (format!("{signers}group g 02 police court\nquorum g\n"), ""),
        (format!("{signers}group g 2 police police\nquorum g\n"), ""),
        (format!("{signers}group g 2 police nobody\nquorum g\n"), ""),
        (format!("{signers}signer none {jane}\nquorum none\n"), ""),
        (format!("{signers}group g all police court\n"), ""),
        (format!("{signers}quorum police\nquorum court\n"), ""),
        (format!("{signers}signer again {police}\nquorum police\n"), ""),
        (format!("{signers}witness w {jane}\nquorum police\n"), ""),
        (format!("{signers}quorum pol\u{456}ce\n"), ""),
        (format!("signer __proto__ {police}\nquorum __proto__\n"), "in-force"),
        (format!("signer constructor {police}\nquorum toString\n"), ""),
    ] {
        desk.both_say(code, &Question { keys, ..good.clone() });
    }
}

#[test]
fn the_page_and_the_program_read_the_same_notices() {
    let mut desk = Desk::new();
    let text = manifest();
    let line = |key: &str| text.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
    let (onion, german) = (line("onion: "), line("content: de"));
    let cases: Vec<(String, String)> = [
        ("seizure-notice/v1", "seizure-notice/v2"),
        ("notice-id: harbour-light/main/2", "notice-id: harbour-light/main/02"),
        ("notice-id: harbour-light/main/2", "notice-id: harbour-light/main/4294967296"),
        ("notice-id: harbour-light/main/2", "notice-id: harbour-light/2"),
        ("issuer: police.example", "issuer: Police.example"),
        ("issuer: police.example", "issuer: police.example."),
        ("issuer: police.example", "issuer: "),
        ("%C3%A4", "%c3%a4"),
        ("%C3%A4", "%C3"),
        ("%C3%A4", "%41"),
        ("domain: shop.example\n", "domain: shop.example\ndomain: shop.example\n"),
        ("domain: shop.example\n", "domain: zoo.example\ndomain: shop.example\n"),
        ("domain: shop.example", "domain: *.shop.example"),
        ("domain: shop.example", "domain: 192.0.2.1"),
        ("domain: shop.example", "domain: xn--a.example"),
        ("onion: 2gz", "onion: 3gz"),
        ("onion: 2gz", "onion: 2GZ"),
        ("subdomains: yes", "subdomains: Yes"),
        ("subdomains: yes", "sealed: 2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nsubdomains: yes"),
        ("not-before: 2026-11-22T08:00:00Z", "not-before: 2026-11-22T08:00:00+00:00"),
        ("not-before: 2026-11-22T08:00:00Z", "not-before: 2026-02-30T08:00:00Z"),
        ("not-before: 2026-11-22T08:00:00Z", "not-before: 2026-11-22T08:00:60Z"),
        ("not-before: 2026-11-22T08:00:00Z", "not-before: 2026-11-22T24:00:00Z"),
        ("not-after: 2027-11-22", "not-after: 2026-11-22"),
        ("review: 2027", "review: none\nreview: 2027"),
        ("verify-at: https://www.police.example/", "verify-at: http://www.police.example/"),
        ("verify-at: https://www.police.example/", "verify-at: https://police.example@evil.example/"),
        ("verify-at: https://www.police.example/", "verify-at: https://notpolice.example/"),
        ("content: de text/html", "content: de-de text/html"),
        ("content: de text/html", "content: iw text/html"),
        ("de/index.html", "en/index.html"),
        ("content: de", "content:  de"),
        ("supersedes: harbour-light/main/1", "supersedes: harbour-light/main/2"),
        ("supersedes: harbour-light/main/1", "supersedes: other/main/1"),
        ("supersedes: harbour-light/main/1", "supersedes: none\nlog: police.example/log"),
        ("supersedes: harbour-light/main/1 sha256", "supersedes: harbour-light/main/1 sha512"),
        ("supersedes: harbour-light/main/1 ", "supersedes: harbour-light/main/1\nsupersedes: "),
        ("status: in-force", "status: returned"),
        ("status: in-force\n", ""),
        ("returned: forum.example", "returned: shop.example"),
        ("returned: forum.example", "returned: WWW.shop.example"),
        ("returned: forum.example", "returned: a b"),
        ("returned: forum.example", "returned-sealed: 2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("order: District", "order: D\u{131}strict"),
        ("order: District", "order: D%0Astrict"),
        ("order: District", "order: D%1B[2Jstrict"),
    ]
    .into_iter()
    .map(|(from, to)| (from.to_owned(), to.to_owned()))
    .chain([
        (format!("domain: shop.example\ndomain: xn--bcher-kva.example\n{onion}\n"), String::new()),
        (format!("{german}\n"), format!("{german}\n{german}\n")),
        (text.split_once("content: ").unwrap().1.to_owned(), "x\n".to_owned()),
        ("order: District".to_owned(), format!("order: {}", "x".repeat(70_000))),
    ])
    .collect();
    for (from, to) in cases {
        assert!(text.contains(&from), "{from}");
        let signed = note(&text.replacen(&from, &to, 1), &[&desk.police, &desk.court]);
        let question = desk.question(&signed);
        desk.both_say("malformed", &question);
    }
    let second = format!("harbour-light/main/2 {}", Digest::of("second"));
    let first = line("supersedes: ");
    for (code, text) in [
        ("in-force", text.replace("review: 2027-05-22T08:00:00Z", "review: none")),
        ("in-force", text.replace("main/2\n", "main/3\n").replace(&first, &format!("{first}\nsupersedes: {second}"))),
        ("malformed", text.replace("main/2\n", "main/3\n").replace(&first, &format!("supersedes: {second}\n{first}"))),
        ("malformed", text.replace(&first, "supersedes: none")),
        ("in-force", text.replace(&first, "supersedes: none").replace("returned: forum.example\n", "")),
        ("withdrawn", text.replace("in-force", "withdrawn")),
        ("returned", text.replace("domain: shop.example\n", "").replace("forum.example", "shop.example")),
    ] {
        let signed = note(&text, &[&desk.police, &desk.court]);
        let question = desk.question(&signed);
        desk.both_say(code, &question);
    }
}

/// Small damage at places all over a manifest, which is then signed, and over a signed note.
#[test]
fn the_page_and_the_program_come_to_the_same_about_any_small_damage() {
    const PIECES: [&str; 12] = ["", "\n", " ", "0", "A", ".", "-", "/", "%", "none", ": ", "\u{e9}"];
    let mut desk = Desk::new();
    let (text, good) = (manifest(), desk.good_note());
    for number in 0..120 {
        let (source, piece) = (if number % 2 == 0 { &text } else { &good }, PIECES[number % PIECES.len()]);
        // Steps that meet every line and, in time, every place within one.
        let at = number * 37 % (source.len() - 4);
        let Some((start, end)) = source.get(..at).zip(source.get(at + number % 3..)) else { continue };
        let damaged = format!("{start}{piece}{end}");
        let is_text = number % 2 == 0 && !damaged.contains("\n\n") && damaged.ends_with('\n');
        let signed = if is_text { note(&damaged, &[&desk.police, &desk.court]) } else { damaged };
        let question = desk.question(&signed);
        let (page, report) = (desk.page_says(&question), desk.program_says(&question).unwrap());
        let results = |said: &Value| -> Vec<String> {
            said["checks"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| format!("{} {}", line["check"], line["result"]))
                .collect()
        };
        assert_eq!(page["verdict"]["code"], report["verdict"]["code"], "{question:?}\n{page:#}\n{report:#}");
        assert_eq!(results(&page), results(&report), "{question:?}");
    }
}

#[test]
fn the_page_and_the_program_refuse_the_same_garbage() {
    let mut desk = Desk::new();
    let good = desk.good_note();
    let line = good.lines().last().unwrap().to_owned();
    for (bytes, code) in [
        (Vec::new(), "malformed"),
        (b"hello".to_vec(), "malformed"),
        (manifest().into_bytes(), "malformed"),
        (vec![0xff; 1000], "malformed"),
        ((0..=255).collect(), "malformed"),
        (format!("\u{feff}{good}").into_bytes(), "altered"),
        (good.replace('\n', "\r\n").into_bytes(), "malformed"),
        (good.replace("118/2026", "119/2026").into_bytes(), "altered"),
        (good.replace("118/2026", "118/2026\u{9b}").into_bytes(), "malformed"),
        (good.replace("118/2026", "118/\u{202e}2026").into_bytes(), "altered"),
        (good.trim_end().as_bytes().to_vec(), "malformed"),
        (good.replace("\n\n", "\n\n\n").into_bytes(), "malformed"),
        (good.replace("— ", "- ").into_bytes(), "malformed"),
        (format!("\n\n{line}\n").into_bytes(), "malformed"),
        (format!("{good}{}", format!("{line}\n").repeat(126)).into_bytes(), "in-force"),
        (format!("{good}{}", format!("{line}\n").repeat(127)).into_bytes(), "malformed"),
        (format!("{good}— {}\n", "x".repeat(201)).into_bytes(), "malformed"),
        (format!("{good}— a+b AAAAAAAA\n").into_bytes(), "malformed"),
        (format!("{good}— a AAAAAAB=\n").into_bytes(), "malformed"),
        (format!("{good}— __proto__ AAAAAAAA\n").into_bytes(), "in-force"),
    ] {
        let question = desk.good();
        write(&question.files.join("notice.note"), &bytes);
        desk.both_say(code, &question);
    }
    // A file too large is not read at all, and nothing is said of it.
    for (file, size) in [("notice.note", (1 << 24) + 1), ("de/index.html", (1 << 20) + 1)] {
        let question = desk.good();
        write(&question.files.join(file), vec![b'a'; size]);
        let said = desk.both_say("", &question);
        assert!(said["fault"].as_str().unwrap().contains(file), "{said}");
    }
    let with = |desk: &mut Desk, file: &str, bytes: &str| {
        let question = desk.good();
        write(&question.files.join(file), bytes);
        question
    };
    for (file, bytes, code) in [
        ("notice.txt", manifest().as_str(), "in-force"),
        ("notice.txt", "", "altered"),
        ("de/index.html", "<p>pay here</p>", "altered"),
        ("fr/index.html", "<p>pay here</p>", "altered"),
        ("index.html", "<p>pay here</p>", "altered"),
        ("EN/index.html", "<p>pay here</p>", "altered"),
        ("de/other.HTML", "<p>pay here</p>", "altered"),
        ("old/shop/pay.htm", "<p>pay here</p>", "altered"),
        ("pictures/index.html", "<p>pay here</p>", "altered"),
        ("pictures/seal.svg", "<svg/>", "altered"),
        ("pictures/seal.png", "png", "in-force"),
        ("img/seal.png", "png", "in-force"),
        ("xx/index.html", "<p>pay here</p>", "altered"),
        ("more/things/index.html", page("de").as_str(), "in-force"),
        ("verify.html", "<p>the kit's own</p>", "in-force"),
    ] {
        let question = with(&mut desk, file, bytes);
        desk.both_say(code, &question);
    }
}

#[test]
fn the_page_and_the_program_believe_the_same_proofs_of_sealed_names() {
    let mut desk = Desk::new();
    let seed = Seed::parse(b"seizure-coverage-seed/v1\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n").unwrap();
    for (count, other) in [(1, 0), (2, 1), (5, 2), (8, 3), (21, 20)] {
        let names: Vec<String> = (0..count).map(|n| format!("name-{n}.example")).chain([ONION.to_owned()]).collect();
        let sealed = SealedNames::seal(seed.clone(), names.iter().map(String::as_str)).unwrap();
        let listed = format!("domain: shop.example\ndomain: xn--bcher-kva.example\nonion: {ONION}\n");
        let gone = SealedNames::seal(seed.of_returned(), ["gone.example", "lost.example"]).unwrap();
        let seals = format!("sealed: {}\nreturned-sealed: {}\n", sealed.stated(), gone.stated());
        let text = manifest().replace(&format!("{listed}returned: forum.example\n"), &seals);
        let away = gone.prove("gone.example").unwrap().to_string();
        let signed = note(&text, &[&desk.police, &desk.court]);
        let proof = sealed.prove("name-0.example").unwrap().to_string();
        let further = sealed.prove(&format!("name-{other}.example")).unwrap_or_else(|| sealed.prove(ONION).unwrap());
        let of_onion = sealed.prove(ONION).unwrap().to_string();
        let mut cases = vec![
            (proof.clone(), "name-0.example", "in-force"),
            (proof.clone(), "www.name-0.example", "in-force"),
            (proof.clone(), "evil.example", "not-covered"),
            (of_onion, ONION, "in-force"),
            (away.clone(), "gone.example", "returned"),
            (away, "www.gone.example", "not-covered"),
        ];
        if count == 5 {
            let last = proof.trim_end().rsplit_once('\n').unwrap().0;
            cases.extend([
                (further.to_string(), "name-0.example", "not-covered"),
                (proof.replace("name-0", "name-1"), "name-1.example", "not-covered"),
                (format!("{last}\n"), "name-0.example", "not-covered"),
                (format!("{proof}{}\n", proof.lines().last().unwrap()), "name-0.example", "not-covered"),
                (proof.replace("index: ", "index: 0"), "name-0.example", "not-covered"),
                (proof.replace("index: ", "index: 99"), "name-0.example", "not-covered"),
                (proof.replace("coverage/v1", "coverage/v2"), "name-0.example", "not-covered"),
                (proof.replace("name-0", "NAME-0"), "name-0.example", "not-covered"),
                (proof.replace("salt: ", "salt:"), "name-0.example", "not-covered"),
                (proof.trim_end().to_owned(), "name-0.example", "not-covered"),
                (String::new(), "name-0.example", "not-covered"),
            ]);
        }
        for (proof, name, code) in cases {
            let question = Question { name: name.into(), ..desk.question(&signed) };
            desk.both_say("undetermined", &question);
            write(&question.files.join("coverage.proof"), proof);
            desk.both_say(code, &question);
        }
    }
}

/// Signatures need a secure context, so over plain HTTP the page can only say that it cannot.
#[test]
fn over_http_the_page_says_that_it_cannot_check_anything() {
    let mut desk = Desk::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        // Browsers open connections ahead of time, and close some of them without a word.
        let mut asked = [0; 4096];
        let mut asks = |stream: &mut TcpStream| stream.read(&mut asked).is_ok_and(|octets| octets > 0);
        let mut stream =
            listener.incoming().map(Result::unwrap).find_map(|mut one| asks(&mut one).then_some(one)).unwrap();
        let page = fs::read(PAGE).unwrap();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            page.len()
        );
        stream.write_all(&[head.as_bytes(), &page].concat()).unwrap();
    });
    desk.browser.open(&format!("http://seized.example:{port}/verify.html"));
    server.join().unwrap();
    desk.browser.awaited("!document.getElementById('insecure').hidden");
    let shown = desk.browser.value("document.querySelector('main').innerText");
    assert!(shown.as_str().unwrap().contains("Save the page and open it from disk"), "{shown}");
    assert_eq!(desk.browser.value("document.getElementById('form').hidden"), true);
}

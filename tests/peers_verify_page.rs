//! The page of the kit that checks a notice in a browser, in a real browser, against `impound verify` on the same files.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at once on what they did not expect"
)]

mod bench;
mod browser;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use bench::{Bench, good, refused};
use browser::Browser;
use impound::audit::{Actor, Entry, Kind};
use impound::clock::UtcTime;
use impound::coverage::{SealedNames, Seed};
use impound::digest::Digest;
use impound::keyring::{KeyList, KeyStatus, ListedKey, LogPolicy, SecretKey, TrustedKeys};
use impound::notice::{LoggedNotice, NOTICE_ENTRY};
use impound::observe::WebHost;
use impound::signed_note::{KeyType, Note, NoteSignature, NoteSigner, NoteText, VerifierKey};
use impound::tlog::{Checkpoint, Hash, LeafIndex, Receipt, TreeSize, inclusion_proof, leaf_hash, root_of};
use impound::verify::{Expected, LogTrust, Trust, of_path, read_trust};
use serde_json::{Value, json};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/verify.html");
const NAME: &str = "shop.example";
const NOON: &str = "2026-11-22T12:00:00Z";
const ONION: &str = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion";
const LANGUAGES: [&str; 3] = ["ar", "de", "en"];
/// The order of the base point (RFC 8032 section 5.1), least significant octet first.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Whether the page has taken what was chosen; it lists a directory in its own time.
const TAKEN: &str =
    "document.getElementById('chosen').textContent || document.getElementById('files-fault').textContent";

/// What the page answers: the verdict and every check, or what is wrong with what it was given.
const ANSWER: &str = "(() => {
    const text = element => element.textContent;
    const fault = Array.from(document.querySelectorAll('.fault'), text).join('');
    const answer = document.getElementById('answer');
    const checks = Array.from(answer.querySelectorAll('tbody tr'), row =>
      ({ check: row.dataset.check, result: row.dataset.result, detail: text(row.lastElementChild) }));
    const code = answer.dataset.verdict;
    return code ? { verdict: { code, text: text(answer.querySelector('.exact')) }, checks } : fault ? { fault } : null;
  })()";

/// Keys, a directory to work in, and a browser.
struct Desk {
    bench: Bench,
    browser: Browser,
    police: SecretKey,
    spare: SecretKey,
    court: SecretKey,
    approver: SecretKey,
    stranger: SecretKey,
    cases: usize,
}

/// What is asked of both: where the notice lies, for which name, with which keys, at which moment.
#[derive(Clone)]
struct Question {
    files: PathBuf,
    name: String,
    keys: String,
    /// The roots under which `keys` is believed, where it is a key list, or several, oldest first.
    roots: String,
    /// The logs that are believed.
    log: String,
    at: String,
}

fn key(name: &str) -> SecretKey {
    SecretKey::generate(name.parse().unwrap()).unwrap()
}

fn page(language: &str) -> String {
    format!("<!doctype html><html lang={language}><title>{language}</title>")
}

fn manifest() -> String {
    let contents: String = LANGUAGES
        .iter()
        .map(|tag| format!("content: {tag} text/html {} {tag}/index.html\n", Digest::of(page(tag))))
        .collect();
    format!(
        "seizure-notice/v1\nnotice-id: harbour-light/main/2\nissuer: police.example\n\
         order: District Court of H%C3%A4fen%E2%80%AE, 118/2026\nstatus: in-force\ndomain: shop.example\ndomain: xn--bcher-kva.example\n\
         onion: {ONION}\nreturned: forum.example\nsubdomains: yes\nnot-before: 2026-11-22T08:00:00Z\nnot-after: 2027-11-22T08:00:00Z\n\
         review: 2027-05-22T08:00:00Z\nverify-at: https://www.police.example/notices\n{contents}\
         supersedes: harbour-light/main/1 {}\n",
        Digest::of("first")
    )
}

/// A verifier key, or a policy.
fn logs(text: &str) -> Result<LogTrust, String> {
    match text.trim().parse::<VerifierKey>() {
        _ if text.is_empty() => Ok(LogTrust::default()),
        Ok(key) => Ok(LogTrust { keys: vec![key], ..LogTrust::default() }),
        Err(_) => {
            let policy: LogPolicy = text.parse().map_err(|error| format!("{error}"))?;
            Ok(LogTrust { keys: policy.logs().to_vec(), policy: Some(policy), authorities: None })
        }
    }
}

/// Any text with good signatures, which the program itself would never make.
fn note(text: &str, signers: &[&SecretKey]) -> String {
    let text = NoteText::new(text.to_owned()).unwrap();
    let signatures = signers.iter().map(|signer| NoteSignature::sign(&text, *signer).unwrap()).collect();
    Note { text, signatures }.to_string()
}

/// The note with other octets in its last signature.
fn resigned(note: &str, change: impl Fn(&mut [u8])) -> String {
    let mut note = Note::parse(note.as_bytes()).unwrap();
    change(&mut note.signatures.last_mut().unwrap().signature);
    note.to_string()
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

impl Desk {
    fn new() -> Self {
        let bench = Bench::new();
        let browser = Browser::start(&bench);
        let [police, spare] = ["police.example/notice", "police.example/notice/spare"].map(key);
        let [court, approver] = ["court.example/notice", "court.example/approval/jane-doe"].map(key);
        Self { bench, browser, police, spare, court, approver, stranger: key("police.example/notice"), cases: 0 }
    }

    /// The policy that both agencies must sign.
    fn policy(&self) -> String {
        let [police, spare, court, approver] =
            [&self.police, &self.spare, &self.court, &self.approver].map(NoteSigner::verifier);
        format!(
            "# both\nsigner police {police}\nsigner spare {spare}\nsigner court {court}\nsigner jane {approver}\n\
             group both 2 police spare court jane\nquorum both\n"
        )
    }

    /// A directory with a note and the pages.
    fn kit(&mut self, note: &str) -> PathBuf {
        self.cases += 1;
        let dir = self.bench.path().join(format!("kit-{}", self.cases));
        write(&dir.join("notice.note"), note);
        LANGUAGES.iter().for_each(|tag| write(&dir.join(tag).join("index.html"), page(tag)));
        dir
    }

    fn question(&mut self, note: &str) -> Question {
        let (files, keys) = (self.kit(note), self.policy());
        Question { files, name: NAME.into(), keys, roots: String::new(), log: String::new(), at: NOON.into() }
    }

    fn good_note(&self) -> String {
        note(&manifest(), &[&self.police, &self.court])
    }

    fn good(&mut self) -> Question {
        let note = self.good_note();
        self.question(&note)
    }

    /// What the page says, opened from disk.
    #[track_caller]
    fn page_says(&mut self, question: &Question) -> Value {
        self.page_at_says(&format!("file://{PAGE}"), question)
    }

    #[track_caller]
    fn page_at_says(&mut self, address: &str, question: &Question) -> Value {
        let browser = &mut self.browser;
        browser.open(address);
        browser.awaited("document.documentElement.hasAttribute('data-ready')");
        browser.value(&format!("Date.now = () => Date.parse('{}')", question.at));
        let input = if question.files.is_dir() { "#pick-folder" } else { "#pick-files" };
        browser.choose(input, &[&question.files]);
        browser.awaited(TAKEN);
        let fields =
            [("name", &question.name), ("keys", &question.keys), ("roots", &question.roots), ("log", &question.log)];
        for (field, text) in fields {
            browser.value(&format!("document.getElementById('{field}').value = {}; 0", json!(text)));
        }
        browser.value("document.querySelector('button.go').click(); 0");
        let answer = browser.awaited(ANSWER);
        assert_eq!(browser.complaints(), Vec::<&Value>::new());
        answer
    }

    /// What `impound verify` says; without an answer, why.
    fn program_says(&mut self, question: &Question) -> Result<Value, String> {
        let trust = self.trust(question)?;
        let name: Option<WebHost> = match question.name.as_str() {
            "" => None,
            name => Some(name.parse().map_err(|error| format!("{error}"))?),
        };
        let at: UtcTime = question.at.parse().unwrap();
        let placed = of_path(&question.files, Expected { trust: &trust, name: name.as_ref(), at });
        let [placed] = placed.map_err(|error| error.to_string())?.try_into().unwrap();
        let mut report = placed.report.to_json();
        // The page looks at the notice alone, and takes nothing from the other files of its kit.
        report["checks"].as_array_mut().unwrap().retain(|line| line["check"] != "kit");
        Ok(report)
    }

    fn trust(&self, question: &Question) -> Result<Trust, String> {
        let dir = self.bench.path().join(format!("trust-{}", self.cases));
        let _ = fs::remove_dir_all(&dir);
        let keys = dir.join("keys.note");
        const MARK: &str = "seizure-keys/";
        // Where there are several lists, the last is named and the others lie beside it.
        let lists: Vec<&str> = question.keys.split("\nseizure-keys/").collect();
        for (number, list) in lists.iter().enumerate().filter(|_| question.keys.starts_with(MARK)) {
            let mark = if number == 0 { "" } else { MARK };
            let end = if number + 1 == lists.len() { "" } else { "\n" };
            write(&dir.join(format!("keys.{number}.note")), format!("{mark}{list}{end}"));
        }
        match question.keys.starts_with(MARK) {
            true => fs::rename(dir.join(format!("keys.{}.note", lists.len() - 1)), &keys).unwrap(),
            false => write(&keys, &question.keys),
        }
        let roots = dir.join("roots");
        write(&roots, &question.roots);
        let roots = (!question.roots.is_empty()).then_some(roots.as_path());
        let trust = read_trust(&keys, roots).map_err(|error| error.to_string())?;
        Ok(trust.with_logs(logs(&question.log)?))
    }

    /// Both must say the same, to the word, and the verdict must be this one; an empty code is a refusal to answer.
    #[track_caller]
    fn both_say(&mut self, code: &str, question: &Question) -> Value {
        let page = self.page_says(question);
        match self.program_says(question) {
            Ok(report) => {
                assert_eq!(page["verdict"], report["verdict"], "{question:?}\n{page:#}\n{report:#}");
                assert_eq!(page["checks"], report["checks"], "{question:?}");
                assert_eq!(page["verdict"]["code"], code, "{question:?}\n{page:#}");
            }
            Err(why) => assert!(code.is_empty() && page["fault"].is_string(), "{question:?}: {why}, but {page:#}"),
        }
        page
    }
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let note = fs::read(self.files.join("notice.note")).unwrap_or_default();
        let note = String::from_utf8_lossy(&note).chars().take(3000).collect::<String>();
        write!(f, "{} at {} under\n{}\n{note}", self.name, self.at, self.keys)
    }
}

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
    let question = Question {
        files: kit.clone(),
        name: "seized.example".into(),
        keys: policy.clone(),
        roots: String::new(),
        log: String::new(),
        at: at.clone(),
    };
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
    }
    desk.drop_says("A folder cannot be dropped here.", &[&good.files]);
    desk.drop_says(
        "notice.note the notice with its signaturesindex.html a page",
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
        ("pictures/seal.svg", "<svg/>", "in-force"),
        ("xx/index.html", "<p>pay here</p>", "altered"),
        ("more/things/index.html", page("de").as_str(), "in-force"),
        ("verify.html", "<p>the kit's own</p>", "in-force"),
    ] {
        let question = with(&mut desk, file, bytes);
        desk.both_say(code, &question);
    }
    let question = desk.good();
    fs::remove_file(question.files.join("en/index.html")).unwrap();
    desk.both_say("undetermined", &question);
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
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 4096];
        assert!(stream.read(&mut asked).unwrap() > 0);
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

/// The keys that stand on lists, and what is said with them.
struct Ring {
    police_root: SecretKey,
    court_root: SecretKey,
    log: SecretKey,
    witness: SecretKey,
    other_witness: SecretKey,
    own_witness: SecretKey,
}

impl Ring {
    fn new() -> Self {
        Self {
            police_root: key("police.example/root"),
            court_root: key("court.example/root"),
            log: key("police.example/log/harbour-light"),
            witness: key("court.example/witness"),
            other_witness: key("prosecutor.example/witness"),
            own_witness: key("police.example/witness"),
        }
    }

    fn roots(&self) -> String {
        let roots = [&self.police_root, &self.court_root].map(|key| key.verifier().clone());
        TrustedKeys::at_least(2, &roots).unwrap().to_string()
    }

    /// The list of both agencies' notice keys, and of these.
    fn list(&self, desk: &Desk, version: u32, further: &[(&SecretKey, KeyStatus)]) -> KeyList {
        let (not_before, not_after) = (time("2026-11-01T00:00:00Z"), time("2027-11-22T08:00:00Z"));
        let active = [&desk.police, &desk.spare, &desk.court].map(|key| (key, KeyStatus::Active));
        let listed = |(key, status): (&SecretKey, KeyStatus)| ListedKey {
            key: key.verifier().clone(),
            status,
            not_before,
            not_after,
        };
        let keys = active.into_iter().chain(further.iter().copied()).map(listed).collect();
        let roots = [&self.police_root, &self.court_root].map(|key| key.verifier().clone()).into();
        let expires = time("2027-02-22T08:00:00Z");
        KeyList { version, issued: not_before, expires, threshold: 2, roots, quorum: 2, keys }.checked().unwrap()
    }

    fn signed(&self, list: &KeyList) -> String {
        note(&list.to_string(), &[&self.police_root, &self.court_root])
    }

    /// The receipt of an entry, the third of five.
    fn proof(&self, entry: &Entry, log: &SecretKey, cosigners: &[(&SecretKey, &str)]) -> String {
        let bytes = entry.to_bytes(LeafIndex(2)).unwrap();
        let mut leaves: Vec<Hash> = (0..5_u8).map(|nth| leaf_hash(&[nth])).collect();
        leaves[2] = leaf_hash(&bytes);
        let origin = log.verifier().name().clone();
        let text = Checkpoint { origin, size: TreeSize(5), root: root_of(&leaves) }.to_text().unwrap();
        let mut signatures = vec![NoteSignature::sign(&text, log).unwrap()];
        let cosign = |(signer, at): &(&SecretKey, &str)| NoteSignature::cosign(&text, time(at), *signer).unwrap();
        signatures.extend(cosigners.iter().map(cosign));
        let path = inclusion_proof(&leaves, LeafIndex(2)).unwrap();
        Receipt::new(Some(bytes), path, Note { text, signatures }).unwrap().to_string()
    }
}

fn time(text: &str) -> UtcTime {
    text.parse().unwrap()
}

fn entry_of(note: &str) -> Entry {
    Entry {
        at: time("2026-11-22T07:30:00Z"),
        actor: Actor { agency: "police.example".into(), key: None, role: "operator".into() },
        authority: None,
        step: Some("publish".into()),
        kind: Kind::Fact,
        action: NOTICE_ENTRY.into(),
        subject: Some("harbour-light/main/2 \u{fc}\u{2028}".into()),
        body: LoggedNotice::of_note(&Note::parse(note.as_bytes()).unwrap()).body(),
        evidence: Vec::new(),
        tool: "impound 0.1.0".into(),
    }
}

fn in_other_hands() -> KeyStatus {
    KeyStatus::Revoked { compromised_since: time("2026-11-22T10:00:00Z") }
}

fn with_status(mut list: KeyList, of: &SecretKey, status: KeyStatus) -> KeyList {
    list.keys.iter_mut().filter(|one| one.key == *of.verifier()).for_each(|one| one.status = status);
    list.checked().unwrap()
}

#[test]
fn the_page_and_the_program_believe_the_same_key_lists() {
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let good = desk.good();
    let list = ring.list(&desk, 1, &[(&ring.log, KeyStatus::Active), (&ring.witness, KeyStatus::Retired)]);
    let signed = ring.signed(&list);
    let roots = [&ring.police_root, &ring.court_root].map(NoteSigner::verifier);
    let [plain, one] = [format!("{}\n{}\n", roots[0], roots[1]), format!("{}\n", roots[0])];
    let early = {
        let mut list = list.clone();
        list.keys
            .iter_mut()
            .filter(|one| one.key == *desk.court.verifier())
            .for_each(|one| one.not_before = time("2027-01-01T00:00:00Z"));
        list.checked().unwrap()
    };
    let over = {
        let mut list = list.clone();
        list.keys
            .iter_mut()
            .filter(|one| one.key == *desk.court.verifier())
            .for_each(|one| one.not_after = time("2026-11-02T00:00:00Z"));
        list.checked().unwrap()
    };
    let half = note(&list.to_string(), &[&ring.police_root]);
    let strange = note(&list.to_string(), &[&desk.stranger]);
    let swapped = |from: &str, to: &str| {
        let text = list.to_string();
        assert!(text.contains(from), "{from}");
        note(&text.replacen(from, to, 1), &[&ring.police_root, &ring.court_root])
    };
    for (keys, roots, at, code) in [
        (signed.clone(), ring.roots(), NOON, "in-force"),
        (signed.clone(), plain.clone(), NOON, "in-force"),
        (signed.clone(), one, NOON, "in-force"),
        (signed.clone(), ring.roots(), "2027-02-22T08:00:00Z", "key-list-expired"),
        (signed.clone(), String::new(), NOON, ""),
        (signed.clone(), desk.policy(), NOON, ""),
        (desk.policy(), ring.roots(), NOON, ""),
        (half, ring.roots(), NOON, ""),
        (strange, ring.roots(), NOON, ""),
        (signed.replace("quorum: 2", "quorum: 1"), ring.roots(), NOON, ""),
        (list.to_string(), ring.roots(), NOON, ""),
        (
            ring.signed(&with_status(list.clone(), &desk.court, in_other_hands())),
            plain.clone(),
            NOON,
            "not-enough-signatures",
        ),
        (ring.signed(&with_status(list.clone(), &desk.spare, in_other_hands())), plain.clone(), NOON, "in-force"),
        (ring.signed(&with_status(list.clone(), &desk.court, KeyStatus::Retired)), plain.clone(), NOON, "in-force"),
        (ring.signed(&early), plain.clone(), NOON, "not-enough-signatures"),
        (ring.signed(&over), plain.clone(), NOON, "not-enough-signatures"),
        (swapped("version: 1", "version: 0"), plain.clone(), NOON, ""),
        (swapped("version: 1", "version: 01"), plain.clone(), NOON, ""),
        (swapped("threshold: 2", "threshold: 3"), plain.clone(), NOON, ""),
        (swapped("quorum: 2", "quorum: 3"), plain.clone(), NOON, ""),
        (swapped("quorum: 2\n", ""), plain.clone(), NOON, ""),
        (swapped("role=notice", "role=log"), plain.clone(), NOON, ""),
        (swapped("status=active", "status=revoked"), plain.clone(), NOON, ""),
        (swapped("status=active", "status=good"), plain.clone(), NOON, ""),
        (swapped("seizure-keys/v1", "seizure-keys/v2"), plain.clone(), NOON, ""),
        (swapped("role=witness", "role=witness "), plain.clone(), NOON, ""),
    ] {
        desk.both_say(code, &Question { keys, roots, at: at.into(), ..good.clone() });
    }
}

#[test]
fn the_page_and_the_program_walk_the_same_chains_of_key_lists() {
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let good = desk.good();
    let new_root = key("court.example/root/2");
    let first = ring.list(&desk, 1, &[]);
    let roots = [&ring.police_root, &new_root].map(|key| key.verifier().clone()).into();
    let second = KeyList { version: 2, roots, ..first.clone() }.checked().unwrap();
    let third = with_status(KeyList { version: 3, ..second.clone() }, &desk.court, in_other_hands());
    let one = ring.signed(&first);
    let two = note(&second.to_string(), &[&ring.police_root, &ring.court_root, &new_root]);
    let three = note(&third.to_string(), &[&ring.police_root, &new_root]);
    let by_new_alone = note(&second.to_string(), &[&ring.police_root, &new_root]);
    let backdated = KeyList { issued: time("2026-10-01T00:00:00Z"), ..second.clone() }.checked().unwrap();
    let backdated = note(&backdated.to_string(), &[&ring.police_root, &ring.court_root, &new_root]);
    let other = note(&first.to_string().replace("quorum: 2", "quorum: 1"), &[&ring.police_root, &ring.court_root]);
    let fourth = |list: KeyList| {
        let list = KeyList { version: 4, ..list }.checked().unwrap();
        note(&list.to_string(), &[&ring.police_root, &new_root])
    };
    let taken_back = fourth(with_status(third.clone(), &desk.court, KeyStatus::Active));
    let kept = fourth(third.clone());
    let mut renamed = third.clone();
    let court = desk.court.verifier().public_key();
    renamed.keys.retain(|listed| listed.key.public_key() != court);
    let as_log = VerifierKey::of_type(KeyType::Note, "court.example/log/second".parse().unwrap(), &court).unwrap();
    renamed.keys.extend(second.keys.first().map(|listed| ListedKey { key: as_log, ..listed.clone() }));
    renamed.quorum = 1;
    let renamed = fourth(renamed);
    for (lists, code) in [
        (vec![&one, &two], "in-force"),
        (vec![&one, &two, &three], "not-enough-signatures"),
        (vec![&one, &two, &three, &kept], "not-enough-signatures"),
        // A revoked key is active again; one that signed notices is that of a log.
        (vec![&one, &two, &three, &taken_back], ""),
        (vec![&one, &two, &three, &renamed], ""),
        (vec![&one, &one], "in-force"),
        (vec![&one, &three], ""),
        (vec![&three], ""),
        // The roots that are believed have signed the second as well.
        (vec![&two, &three], "not-enough-signatures"),
        (vec![&one, &by_new_alone], ""),
        (vec![&one, &backdated], ""),
        (vec![&one, &other], ""),
    ] {
        let keys = lists.into_iter().map(String::as_str).collect();
        desk.both_say(code, &Question { keys, roots: ring.roots(), ..good.clone() });
    }
}

#[test]
fn the_page_and_the_program_believe_the_same_proofs_that_a_notice_is_in_the_log() {
    use KeyStatus::Active;
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let good = desk.good_note();
    let entry = entry_of(&good);
    let (early, late) = ("2026-11-22T08:30:00Z", "2026-11-22T10:00:01Z");
    let vkey = format!("{}\n", ring.log.verifier());
    let witnesses =
        [(ring.witness.verifier().clone(), None), (ring.other_witness.verifier().clone(), Some("https://w.example/"))];
    let policy = |need| LogPolicy::at_least(need, ring.log.verifier(), &witnesses).unwrap().to_string();
    let bare = ring.proof(&entry, &ring.log, &[]);
    let cosigned = ring.proof(&entry, &ring.log, &[(&ring.witness, early)]);
    let two = ring.proof(&entry, &ring.log, &[(&ring.other_witness, late), (&ring.witness, early)]);
    let other = entry_of(&note(&manifest().replace("118/2026", "119/2026"), &[&desk.police]));
    let fewer = entry_of(&note(&manifest(), &[&desk.police]));
    let met = Entry { action: "visit".into(), ..entry.clone() };
    let rehearsed = Entry { actor: Actor { role: "rehearsal".into(), ..entry.actor.clone() }, ..entry.clone() };
    let stranger = key("other.example/log");
    let with_extra = |text: &str, replaced: &str| text.replacen("extra ", replaced, 1);
    for (proof, log, code) in [
        (bare.clone(), String::new(), "in-force"),
        (bare.clone(), vkey.clone(), "in-force"),
        (cosigned.clone(), vkey.clone(), "in-force"),
        (cosigned.clone(), policy(1), "in-force"),
        (cosigned.clone(), policy(0), "in-force"),
        (bare.clone(), policy(0), "in-force"),
        (two.clone(), policy(2), "in-force"),
        (cosigned.clone(), policy(2), "not-enough-signatures"),
        (bare.clone(), policy(1), "not-enough-signatures"),
        (ring.proof(&rehearsed, &ring.log, &[]), vkey.clone(), "in-force"),
        (ring.proof(&fewer, &ring.log, &[]), vkey.clone(), "in-force"),
        (ring.proof(&other, &ring.log, &[]), vkey.clone(), "altered"),
        (ring.proof(&met, &ring.log, &[]), vkey.clone(), "altered"),
        (ring.proof(&entry, &stranger, &[]), vkey.clone(), "unknown-log"),
        (bare.replace("\nindex 2", "\nindex 1"), vkey.clone(), "altered"),
        (bare.replace("\nindex 2", "\nindex 9"), vkey.clone(), "altered"),
        (bare.replace("\nindex 2", "\nindex 02"), vkey.clone(), "malformed"),
        (bare.replace("\n5\n", "\n6\n"), vkey.clone(), "altered"),
        (bare.replace("\n5\n", "\n05\n"), vkey.clone(), "malformed"),
        (with_extra(&bare, "extra !"), vkey.clone(), "malformed"),
        (with_extra(&bare, "extra AAAA"), vkey.clone(), "altered"),
        (with_extra(&bare, "extar "), vkey.clone(), "malformed"),
        (bare.replace("tlog-proof@v1", "tlog-proof@v2"), vkey.clone(), "malformed"),
        (bare.split_once("\n\n").unwrap().0.to_owned(), vkey.clone(), "malformed"),
        (bare.trim_end().to_owned(), vkey.clone(), "malformed"),
        (String::new(), vkey.clone(), "malformed"),
        (bare.clone(), "nonsense\n".into(), ""),
        (bare.clone(), format!("log {vkey}"), ""),
        (bare.clone(), format!("log {vkey}witness w {vkey}quorum w\n"), ""),
        (bare.clone(), format!("log {vkey}quorum none\n"), "in-force"),
    ] {
        let question = Question { log, ..desk.question(&good) };
        write(&question.files.join("inclusion.tlog-proof"), proof);
        desk.both_say(code, &question);
        if code == "in-force" {
            write(&question.files.join("inclusion.tsr"), "a stamp");
            desk.both_say(code, &question);
        }
    }
    // Without the entry in it a receipt proves nothing here.
    let lines: Vec<&str> = bare.split_inclusive('\n').filter(|line| !line.starts_with("extra ")).collect();
    let question = Question { log: vkey.clone(), ..desk.question(&good) };
    write(&question.files.join("inclusion.tlog-proof"), lines.concat());
    desk.both_say("undetermined", &question);
    // Nor does one that was left out, where somebody asked for it.
    for (log, code) in [(vkey.clone(), "undetermined"), (policy(1), "undetermined"), (String::new(), "in-force")] {
        let question = Question { log, ..desk.question(&good) };
        desk.both_say(code, &question);
        write(&question.files.join("inclusion.tsr"), "a stamp");
        desk.both_say(code, &question);
    }

    // The court's key is in other hands since ten.
    let known = [(&ring.log, Active), (&ring.witness, Active)];
    let [below, above, alike] = ["w.police.example/witness", "example/witness", "notpolice.example/witness"].map(key);
    let at = |signer, at| ring.proof(&entry, &ring.log, &[(signer, at)]);
    for (further, proof, code) in [
        (known.to_vec(), at(&ring.witness, early), "in-force"),
        (known.to_vec(), at(&ring.witness, "2026-11-22T10:00:00Z"), "in-force"),
        (known.to_vec(), at(&ring.witness, late), "not-enough-signatures"),
        (known.to_vec(), at(&ring.witness, "2026-10-01T00:00:00Z"), "not-enough-signatures"),
        (known.to_vec(), bare.clone(), "not-enough-signatures"),
        (known.to_vec(), at(&ring.other_witness, early), "not-enough-signatures"),
        (known.to_vec(), ring.proof(&fewer, &ring.log, &[(&ring.witness, early)]), "not-enough-signatures"),
        (known.to_vec(), ring.proof(&met, &ring.log, &[(&ring.witness, early)]), "not-enough-signatures"),
        (known.to_vec(), ring.proof(&entry, &stranger, &[(&ring.witness, early)]), "not-enough-signatures"),
        (vec![(&ring.log, Active), (&ring.own_witness, Active)], at(&ring.own_witness, early), "not-enough-signatures"),
        (vec![(&ring.log, Active), (&below, Active)], at(&below, early), "not-enough-signatures"),
        (vec![(&ring.log, Active), (&above, Active)], at(&above, early), "not-enough-signatures"),
        (vec![(&ring.log, Active), (&alike, Active)], at(&alike, early), "in-force"),
        (
            vec![(&ring.log, Active), (&ring.witness, in_other_hands())],
            at(&ring.witness, early),
            "not-enough-signatures",
        ),
        (vec![(&ring.witness, Active)], at(&ring.witness, early), "not-enough-signatures"),
        (vec![(&ring.log, in_other_hands()), (&ring.witness, Active)], at(&ring.witness, early), "in-force"),
        (
            vec![(&ring.log, in_other_hands()), (&ring.witness, Active)],
            at(&ring.witness, late),
            "not-enough-signatures",
        ),
    ] {
        let list = with_status(ring.list(&desk, 1, &further), &desk.court, in_other_hands());
        let question = Question { keys: ring.signed(&list), roots: ring.roots(), ..desk.question(&good) };
        write(&question.files.join("inclusion.tlog-proof"), proof);
        desk.both_say(code, &question);
    }
}

/// Small damage at places all over a proof and all over a key list that is then signed.
#[test]
fn the_page_and_the_program_come_to_the_same_about_damaged_proofs_and_lists() {
    const PIECES: [&str; 9] = ["", "\n", " ", "0", "A", "+", "-", ": ", "\u{e9}"];
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let good = desk.good_note();
    let proof = ring.proof(&entry_of(&good), &ring.log, &[(&ring.witness, "2026-11-22T08:30:00Z")]);
    let list = ring.list(&desk, 1, &[(&ring.log, KeyStatus::Active), (&ring.witness, KeyStatus::Active)]);
    let text = list.to_string();
    for number in 0..80 {
        let is_list = number % 2 == 0;
        let (source, piece) = (if is_list { &text } else { &proof }, PIECES[number % PIECES.len()]);
        let at = number * 41 % (source.len() - 4);
        let Some((start, end)) = source.get(..at).zip(source.get(at + number % 3..)) else { continue };
        let damaged = format!("{start}{piece}{end}");
        let is_text = !damaged.contains("\n\n") && damaged.ends_with('\n') && damaged.starts_with("seizure-keys/");
        if is_list && !is_text {
            continue;
        }
        let keys = if is_list { note(&damaged, &[&ring.police_root, &ring.court_root]) } else { ring.signed(&list) };
        let question = Question { keys, roots: ring.roots(), ..desk.question(&good) };
        write(&question.files.join("inclusion.tlog-proof"), if is_list { &proof } else { &damaged });
        let page = desk.page_says(&question);
        match desk.program_says(&question) {
            Ok(report) => {
                assert_eq!(page["verdict"]["code"], report["verdict"]["code"], "{question:?}\n{page:#}\n{report:#}");
                assert_eq!(page["checks"], report["checks"], "{question:?}\n{damaged}");
            }
            Err(why) => assert!(page["fault"].is_string(), "{question:?}: {why}, but {page:#}"),
        }
    }
}

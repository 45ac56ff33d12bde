//! A desk with keys and a browser, and the questions that are put to the page and to the program.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bench::Bench;
use crate::browser::Browser;
use impound::anchor::Authorities;
use impound::clock::UtcTime;
use impound::digest::Digest;
use impound::keyring::{LogPolicy, SecretKey};
use impound::observe::WebHost;
use impound::register::others;
use impound::signed_note::{Note, NoteSignature, NoteSigner, NoteText, VerifierKey};
use impound::verify::{Expected, LogTrust, Trust, of_path, read_trust};
use serde_json::{Value, json};

pub const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/verify.html");
pub const NAME: &str = "shop.example";
pub const NOON: &str = "2026-11-22T12:00:00Z";
pub const ONION: &str = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion";
pub const LANGUAGES: [&str; 3] = ["ar", "de", "en"];
/// The order of the base point (RFC 8032 section 5.1), least significant octet first.
pub const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Whether the page has taken what was chosen; it lists a directory in its own time.
pub const TAKEN: &str =
    "document.getElementById('chosen').textContent || document.getElementById('files-fault').textContent";

/// What the page answers: the verdict and every check, or what is wrong with what it was given.
pub const ANSWER: &str = "(() => {
    const text = element => element.textContent;
    const fault = Array.from(document.querySelectorAll('.fault'), text).join('');
    const answer = document.getElementById('answer');
    const checks = Array.from(answer.querySelectorAll('tbody tr'), row =>
      ({ check: row.dataset.check, result: row.dataset.result, detail: text(row.lastElementChild) }));
    const code = answer.dataset.verdict;
    return code ? { verdict: { code, text: text(answer.querySelector('.exact')) }, checks } : fault ? { fault } : null;
  })()";

/// Keys, a directory to work in, and a browser.
pub struct Desk {
    pub bench: Bench,
    pub browser: Browser,
    pub police: SecretKey,
    pub spare: SecretKey,
    pub court: SecretKey,
    pub approver: SecretKey,
    pub stranger: SecretKey,
    pub cases: usize,
}

/// What is asked of both: where the notice lies, for which name, with which keys, at which moment.
#[derive(Clone)]
pub struct Question {
    pub files: PathBuf,
    pub name: String,
    pub keys: String,
    /// The roots under which `keys` is believed, where it is a key list, or several, oldest first.
    pub roots: String,
    /// The logs that are believed.
    pub log: String,
    pub at: String,
    /// A copy of a register, where one is looked at.
    pub register: Option<PathBuf>,
    /// The certificate authorities of time stamps, PEM; the page takes none.
    pub authorities: Option<String>,
}

pub fn key(name: &str) -> SecretKey {
    SecretKey::generate(name.parse().unwrap()).unwrap()
}

pub fn page(language: &str) -> String {
    format!("<!doctype html><html lang={language}><title>{language}</title>")
}

pub fn manifest() -> String {
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
pub fn logs(text: &str) -> Result<LogTrust, String> {
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
pub fn note(text: &str, signers: &[&SecretKey]) -> String {
    let text = NoteText::new(text.to_owned()).unwrap();
    let signatures = signers.iter().map(|signer| NoteSignature::sign(&text, *signer).unwrap()).collect();
    Note { text, signatures }.to_string()
}

/// The note with other octets in its last signature.
pub fn resigned(note: &str, change: impl Fn(&mut [u8])) -> String {
    let mut note = Note::parse(note.as_bytes()).unwrap();
    change(&mut note.signatures.last_mut().unwrap().signature);
    note.to_string()
}

pub fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

impl Desk {
    pub fn new() -> Self {
        let bench = Bench::new();
        let browser = Browser::start(&bench);
        let [police, spare] = ["police.example/notice", "police.example/notice/spare"].map(key);
        let [court, approver] = ["court.example/notice", "court.example/approval/jane-doe"].map(key);
        Self { bench, browser, police, spare, court, approver, stranger: key("police.example/notice"), cases: 0 }
    }

    /// The policy that both agencies must sign.
    pub fn policy(&self) -> String {
        let [police, spare, court, approver] =
            [&self.police, &self.spare, &self.court, &self.approver].map(NoteSigner::verifier);
        format!(
            "# both\nsigner police {police}\nsigner spare {spare}\nsigner court {court}\nsigner jane {approver}\n\
             group both 2 police spare court jane\nquorum both\n"
        )
    }

    /// A directory with a note and the pages.
    pub fn kit(&mut self, note: &str) -> PathBuf {
        self.cases += 1;
        let dir = self.bench.path().join(format!("kit-{}", self.cases));
        write(&dir.join("notice.note"), note);
        LANGUAGES.iter().for_each(|tag| write(&dir.join(tag).join("index.html"), page(tag)));
        dir
    }

    pub fn question(&mut self, note: &str) -> Question {
        let (files, keys) = (self.kit(note), self.policy());
        Question::of(files, keys)
    }

    pub fn good_note(&self) -> String {
        note(&manifest(), &[&self.police, &self.court])
    }

    pub fn good(&mut self) -> Question {
        let note = self.good_note();
        self.question(&note)
    }

    /// What the page says, opened from disk.
    #[track_caller]
    pub fn page_says(&mut self, question: &Question) -> Value {
        self.page_at_says(&format!("file://{PAGE}"), question)
    }

    #[track_caller]
    pub fn page_at_says(&mut self, address: &str, question: &Question) -> Value {
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
        if let Some(register) = &question.register {
            browser.choose("#pick-register", &[register]);
            browser.awaited("document.getElementById('register-chosen').textContent");
        }
        browser.value("document.querySelector('button.go').click(); 0");
        let answer = browser.awaited(ANSWER);
        assert_eq!(browser.complaints(), Vec::<&Value>::new());
        answer
    }

    /// What `impound verify` says; without an answer, why.
    pub fn program_says(&mut self, question: &Question) -> Result<Value, String> {
        let mut trust = self.trust(question)?;
        let name: Option<WebHost> = match question.name.as_str() {
            "" => None,
            name => Some(name.parse().map_err(|error| format!("{error}"))?),
        };
        let at: UtcTime = question.at.parse().unwrap();
        trust.logs.authorities =
            question.authorities.as_ref().map(|pem| Authorities::from_pem(pem.as_bytes()).unwrap());
        if let Some(register) = &question.register {
            trust.others = others(register, Expected { trust: &trust, name: name.as_ref(), at }).unwrap();
        }
        let placed = of_path(&question.files, Expected { trust: &trust, name: name.as_ref(), at });
        let [placed] = placed.map_err(|error| error.to_string())?.try_into().unwrap();
        let mut report = placed.report.to_json();
        // The page looks at the notice alone, and takes nothing from the other files of its kit.
        report["checks"].as_array_mut().unwrap().retain(|line| line["check"] != "kit");
        Ok(report)
    }

    pub fn trust(&self, question: &Question) -> Result<Trust, String> {
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
    pub fn both_say(&mut self, code: &str, question: &Question) -> Value {
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

/// Whether an answer is a yes, a no or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Yes,
    CannotSay,
    No,
}

impl Answer {
    pub fn of(said: &Value) -> Self {
        match said["verdict"]["code"].as_str() {
            Some("in-force" | "genuine") => Self::Yes,
            Some("undetermined" | "key-list-expired") => Self::CannotSay,
            _ => Self::No,
        }
    }
}

impl Desk {
    /// The page may know less than the program and say that it cannot say, where `page` allows it; it never says yes to what the
    /// program denies, nor no to what the program affirms. Gives what the page says.
    #[track_caller]
    pub fn says_no_other(&mut self, program: &str, page: &str, question: &Question) -> Value {
        let seen = self.page_says(question);
        let report = self.program_says(question).unwrap();
        assert_eq!(report["verdict"]["code"], program, "{question:?}\n{report:#}\n{seen:#}");
        assert_eq!(seen["verdict"]["code"], page, "{question:?}\n{seen:#}\n{report:#}");
        if program != page {
            assert_eq!(Answer::of(&seen), Answer::CannotSay, "{question:?}\n{seen:#}\n{report:#}");
        }
        seen
    }
}

impl Question {
    /// About files under keys: the usual name, at noon.
    pub fn of(files: PathBuf, keys: String) -> Self {
        let (roots, log) = (String::new(), String::new());
        Self { files, name: NAME.into(), keys, roots, log, at: NOON.into(), register: None, authorities: None }
    }
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let note = fs::read(self.files.join("notice.note")).unwrap_or_default();
        let note = String::from_utf8_lossy(&note).chars().take(3000).collect::<String>();
        write!(f, "{} at {} under\n{}\n{note}", self.name, self.at, self.keys)
    }
}

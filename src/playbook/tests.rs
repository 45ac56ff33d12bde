//! Playbooks with one mistake each, with many, and with nothing but mistakes.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

/// The example operation of this repository.
const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/harbour-light");

/// A copy of the example in which the notice has English words only, so that each test needs few files.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        for path in [
            "documents/nl-court-2027-0412.txt",
            "documents/de-warrant-77-gs-1093-27.txt",
            "lists/dga.txt",
            "files/harbour-light-decryptor.txt",
            "texts/en.toml",
        ] {
            copy.write(path, &fs::read(Path::new(EXAMPLE).join(path)).unwrap());
        }
        copy.write(FILE_NAME, good().as_bytes());
        copy
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn load(&self) -> Loaded {
        load(self.0.path()).unwrap()
    }

    fn load_text(&self, text: &str) -> Loaded {
        self.write(FILE_NAME, text.as_bytes());
        self.load()
    }
}

/// The example's text, English only.
fn good() -> String {
    let text = fs::read_to_string(Path::new(EXAMPLE).join(FILE_NAME)).unwrap();
    let other = |line: &&str| line.contains(" = \"texts/") && !line.starts_with("en = ");
    text.lines().filter(|line| !other(line)).map(|line| format!("{line}\n")).collect()
}

/// `text` with the only place of `from` replaced by `to`.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "`{from}` stands {} times", text.matches(from).count());
    text.replace(from, to)
}

/// `text` with the first place of `from` after the only place of `after` replaced by `to`.
fn changed_after(text: &str, after: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(after).count(), 1, "`{after}` stands {} times", text.matches(after).count());
    let (head, tail) = text.split_once(after).unwrap();
    assert!(tail.contains(from), "`{from}` does not stand after `{after}`");
    format!("{head}{after}{}", tail.replacen(from, to, 1))
}

/// Line and column of the mark `«`, and the text without it.
fn marked(text: &str) -> (String, Option<(usize, usize)>) {
    let place = text.split_once('«').map(|(before, _)| {
        let line = before.matches('\n').count() + 1;
        (line, before.rsplit('\n').next().unwrap().chars().count() + 1)
    });
    (text.replace('«', ""), place)
}

/// Code, line and column of every problem.
fn found(loaded: &Loaded) -> Vec<(&'static str, usize, usize)> {
    let one = |problem: &Problem| {
        let (_, line, column) = loaded.position(&problem.place).unwrap();
        (problem.code.number(), line, column)
    };
    loaded.problems.iter().map(one).collect()
}

#[test]
fn the_example_is_read_without_a_problem() {
    let copy = Copy::new();
    let loaded = copy.load();
    assert_eq!(loaded.render(false), "");
    let playbook = loaded.playbook.unwrap();
    assert!(playbook.targets.len() >= 14);
    assert_eq!(playbook.target_count(), playbook.targets.len() + 40);
    let used: std::collections::BTreeSet<_> = playbook.all_targets().map(|target| target.means.action()).collect();
    assert_eq!(used, Action::ALL.into());
    let countries: std::collections::BTreeSet<_> = playbook.agencies.iter().map(|agency| &agency.country).collect();
    assert_eq!((playbook.agencies.len(), countries.len()), (5, 4));
    let release = playbook.steps.iter().find(|step| step.work == Work::Release).unwrap();
    assert_eq!(release.not_before.unwrap().to_string(), "2027-03-16T13:00:00Z");
    for target in playbook.all_targets() {
        let order = playbook.order(&target.order).unwrap();
        order.authorize(&target.subject, target.means.action(), playbook.operation.hour).unwrap();
    }
}

/// `text` without the tables of that name, each of which is a paragraph or two.
fn without(text: &str, header: &str) -> String {
    let mut paragraphs: Vec<&str> = text.split("\n\n").collect();
    paragraphs.retain(|paragraph| !paragraph.contains(header));
    paragraphs.join("\n\n")
}

/// A good public key of that name.
fn vkey(name: &str, seed: u8) -> String {
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).verifying_key();
    VerifierKey::new(name.parse().unwrap(), key.as_bytes()).unwrap().to_string()
}

/// One mistake each: the code it has, and the text with a mark where the problem must point.
fn mistakes() -> Vec<(&'static str, String)> {
    let text = good();
    let after = |after: &str, from: &str, to: &str| changed_after(&text, after, from, to);
    let plain = |from: &str, to: &str| changed(&text, from, to);
    let hour = "hour = 2027-03-16T11:30:00Z";
    let panel = "name = \"harbour-panel.example\"";
    vec![
        // The form of the file.
        ("P001", plain("version = 1\n", "version = «\n")),
        ("P001", after("id = \"npo\"\n", "name =", "«id =")),
        ("P002", plain("case = ", "«cese = \"x\"\ncase = ")),
        ("P003", plain("case = \"HL-2026-0187\"\n", "").replace("[operation]", "«[operation]")),
        ("P003", plain("version = 1\n", "")),
        ("P003", plain("hour = 2027-03-16T11:30:00Z\n", "").replace("[operation]", "«[operation]")),
        ("P004", plain("title = \"Operation Harbour Light\"", "title = «7")),
        ("P004", plain(hour, "hour = «\"2027-03-16T11:30:00Z\"")),
        ("P004", plain("subdomains = true", "subdomains = «\"yes\"")),
        ("P004", plain("plan = 3", "plan = «-3")),
        ("P004", after("id = \"publish\"", "needs = [\"check-before\"]", "needs = «\"check-before\"")),
        ("P005", plain("kind = \"warrant\"", "kind = «\"warant\"")),
        ("P005", plain("status = 451", "status = «404")),
        ("P005", plain("version = 1\n", "version = «0\n")),
        ("P005", plain("not-before = \"hour\"", "not-before = «\"noon\"")),
        // Small values.
        ("P006", plain("id = \"south\"", "id = «\"South Host\"")),
        ("P007", plain("id = \"south\"", "id = «\"north\"")),
        ("P008", plain("lead = \"nhcu\"", "lead = «\"nhcx\"")),
        ("P008", after("id = \"settle\"", "\"redirect\"", "«\"redirct\"")),
        ("P008", plain("gate = \"command\"", "gate = «\"commander\"")),
        ("P008", plain("lists = [\"dga\"]", "lists = [«\"dgb\", \"dga\"]")),
        ("P008", after(panel, "order = \"nl-court\"", "order = «\"nl-cort\"")),
        ("P008", after("name = \"harbour-light.test\"", "notice = \"banner\"", "notice = «\"baner\"")),
        ("P008", after("name = \"cdn-update-check.test\"", "sinkhole = \"harbour-watch\"", "sinkhole = «\"harbor\"")),
        ("P009", plain(hour, "hour = «2027-03-16T12:30:00+01:00")),
        ("P009", plain(hour, "hour = «2027-03-16")),
        ("P009", plain(hour, "hour = «2027-03-16T11:30:00.5Z")),
        ("P010", plain("within = \"3d\"", "within = «\"3 days\"")),
        ("P011", plain("\"Operation Harbour Light\"", "«\"Operation \\u202Ethgil\"")),
        ("P011", plain("\"Operation Harbour Light\"", "«\"Operation \\u001B[2J\"")),
        ("P011", plain("\"Operation Harbour Light\"", "«\"\"")),
        ("P012", plain("jurisdiction = \"DE\"", "jurisdiction = «\"Germany\"")),
        ("P013", plain("default-language = \"en\"", "default-language = «\"EN\"")),
        ("P014", plain("servers = [\"198.51.100.21\"", "servers = [«\"0.0.0.0\", \"198.51.100.21\"")),
        ("P014", plain("\"198.51.100.22:22\"", "«\"198.51.100.22:0\"")),
        ("P014", plain("[\"203.0.113.41\"]", "[«\"ff02::1\"]")),
        ("P015", plain("url = \"https://report.nhcu.example/\"", "url = «\"http://report.nhcu.example/\"")),
        ("P015", plain("\"https://rdap.names.test/v1/\"", "«\"https://rdap.names.test/v1\"")),
        ("P016", plain("\"tips@nhcu.example\"", "«\"tips at nhcu\"")),
        ("P017", plain("agencies = 2", "agencies = «0")),
        // Files.
        ("P020", plain("path = \"lists/dga.txt\"", "path = «\"../dga.txt\"")),
        ("P020", plain("path = \"lists/dga.txt\"", "path = «\"/etc/hostname\"")),
        ("P021", plain("path = \"documents/nl-", "path = «\"documents/xx-")),
        ("P021", plain("path = \"lists/dga.txt\"", "path = «\"lists/none.txt\"")),
        ("P022", plain("en = \"texts/en.toml\"", "en = «\"texts\"")),
        ("P024", after("path = \"lists/dga.txt\"", "sha256 = \"", "sha256 = «\"A")),
        // Names and targets.
        ("P030", plain(panel, "name = «\"harbour_panel.example\"")),
        ("P030", plain(panel, "name = «\"192.0.2.9\"")),
        ("P031", after("\n    \"harbour-panel.example\",\n", "    \"", "    «\"aa")),
        ("P032", after(panel, "action = \"suspend\"", "action = «\"onion\"")),
        ("P032", plain("subtrees = [\n", "subtrees = [\n«\"abc.onion\",\n")),
        ("P033", plain("name = \"harbour-light-news.example\"", "name = «\"Harbour-Light.EXAMPLE.\"")),
        ("P033", plain("name = \"harbour-light-shop.test\"\n", "name = «\"hihagelado.test\"\n")),
        ("P034", plain(panel, "name = «\"co.uk\"")),
        ("P035", plain(panel, "name = «\"someone.github.io\"")),
        ("P036", plain(panel, "name = «\"hаrbour-panel.example\"")),
        ("P037", plain("server = \"198.51.100.22:22\"\n", "").replace("[[target]]\naction", "«[[target]]\naction")),
        ("P037", after("server = \"198.51.100.22:22\"", "action = \"offline\"", "action = «\"suspend\"")),
        ("P037", plain(panel, "name = \"harbour-panel.example\"\nserver = «\"192.0.2.1:1\"")),
        ("P038", after("name = \"harbour-light.test\"", "notice = \"banner\"\n", "")),
        ("P038", plain("exclusivity = \"sole\"\n", "")),
        ("P038", plain("sinkhole = \"harbour-watch\"\n\n[[target]]\nname = \"tele", "\n[[target]]\nname = \"tele")),
        ("P038", plain("addresses = [\"203.0.113.41\"]\n", "")),
        ("P039", after(panel, "order = ", "notice = «\"banner\"\norder = ")),
        ("P039", after("id = \"verify\"", "needs", "within = «\"1h\"\nneeds")),
        ("P041", plain("\"ns1.seizures.nhcu.example\"", "«\"ns1.harbour-light.example\"")),
        ("P042", plain(panel, "name = «\"harbour-panel.invalid\"")),
        ("P043", without(&text, "[[name-server]]")),
        ("P044", without(&text, "[[notice-host]]")),
        // The law.
        ("P050", plain(panel, "name = «\"other-panel.example\"")),
        ("P051", after(panel, "action = \"suspend\"", "action = «\"block\"")),
        ("P052", plain("expires = 2027-09-10T00:00:00Z", "expires = «2027-03-16T11:30:00Z")),
        ("P053", plain("issued = 2027-03-10T00:00:00Z", "issued = «2027-03-16T11:30:01Z")),
        ("P054", plain("expires = 2027-09-10T00:00:00Z", "expires = «2027-03-01T00:00:00Z")),
        ("P055", plain("review = 2027-09-08T00:00:00Z", "review = «2029-09-08T00:00:00Z")),
        ("P056", plain("not-after = 2028-03-01T00:00:00Z", "not-after = «2029-03-01T00:00:00Z")),
        ("P057", plain("evidence-date = 2027-02-24T09:00:00Z", "evidence-date = «2026-02-24T09:00:00Z")),
        ("P058", plain("evidence-date = 2027-02-24T09:00:00Z", "evidence-date = «2027-03-24T09:00:00Z")),
        // Notices.
        ("P062", plain("default-language = \"en\"", "default-language = «\"de\"")),
        ("P063", plain("\"https://www.nhcu.example/seizure", "«\"https://www.police.example/seizure")),
        ("P063", plain("\"https://www.nhcu.example/seizure", "«\"http://www.nhcu.example/seizure")),
        ("P064", plain("not-after = 2028-03-01T00:00:00Z", "not-after = «2027-03-16T11:30:00Z")),
        ("P064", plain("not-before = 2027-03-16T11:30:00Z", "not-before = «2027-03-17T11:30:00Z")),
        ("P064", plain("not-before = 2027-03-16T11:30:00Z", "not-before = «2027-03-01T00:00:00Z")),
        ("P065", plain("[\"nhcu\", \"npo\", \"fcd\", \"bcn\", \"ncpa\"]", "«[\"npo\", \"fcd\", \"bcn\"]")),
        ("P066", after("id = \"press-release\"", "embargo = \"release\"", "embargo = «\"verify\"")),
        ("P067", after("url = \"https://report.nhcu.example/\"", "\n", "\nembargo = «\"release\"\n")),
        // Steps and approvals.
        ("P070", after("id = \"publish\"", "[\"check-before\"]", "[\"check-before\", \"redirect\"]")),
        ("P071", after("id = \"publish\"", "needs = [\"check-before\"]\n", "")),
        ("P072", after("id = \"settle\"", "\"redirect\", ", "")),
        ("P073", plain("plan = 3", "plan = «5")),
        ("P073", plain("agencies = 2", "agencies = «4")),
        ("P073", plain("notice = 3", "notice = «6")),
        ("P073", plain("roles = [\"legal\", \"command\"]", "roles = [\"legal\", «\"judge\"]")),
        ("P074", plain("not-before = \"hour\"", "not-before = «2027-03-16T11:29:59Z")),
        ("P075", plain("\"block\", \"offline\"]\nneeds", "\"block\"]\nneeds")),
        ("P076", without(&without(&without(&text, "[[target]]"), "[[list]]"), "lists = [\"dga\"]")),
        ("P077", plain("after-hour = \"90m\"", "not-before = \"hour\"\nafter-hour = «\"90m\"")),
        // Keys.
        ("P080", after("id = \"prosecutor\"", "\n", "\nkey = «\"npo.example/x+00000000+AAAA\"\n")),
        ("P081", after("id = \"prosecutor\"", "\n", &format!("\nkey = «\"{}\"\n", vkey("nhcu.example/x", 1)))),
        (
            "P082",
            after("id = \"prosecutor\"", "\n", &format!("\nkey = \"{}\"\n", vkey("npo.example/x", 1))).replace(
                "id = \"commander\"\n",
                &format!("id = \"commander\"\nkey = «\"{}\"\n", vkey("nhcu.example/y", 1)),
            ),
        ),
    ]
}

#[test]
fn each_mistake_has_its_code_and_place() {
    let copy = Copy::new();
    let mut wrong = Vec::new();
    for (code, text) in mistakes() {
        let (text, place) = marked(&text);
        let loaded = copy.load_text(&text);
        let found = found(&loaded);
        let hit =
            found.iter().any(|(number, line, column)| *number == code && place.is_none_or(|at| at == (*line, *column)));
        // A mistake may bring a warning or two with it, but no landslide.
        if !hit || found.len() > 4 || loaded.playbook.is_none() != loaded.has_errors() {
            wrong.push(format!("{code} at {place:?}, but:\n{}", loaded.render(false)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

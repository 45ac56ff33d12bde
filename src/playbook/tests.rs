//! Playbooks with one mistake each, with many, and with nothing but mistakes.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::whole_file::ReadError;

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
            "files/greytide-decryptor.txt",
            "files/press-release.txt",
            "seals/bcn.svg",
            "seals/fcd.svg",
            "seals/ncpa.svg",
            "seals/ncu.svg",
            "seals/npo.svg",
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
    let of_a_language = |line: &str| line.contains(" = \"texts/") || line.contains(" = \"Language service");
    let other = |line: &&str| of_a_language(line) && !line.starts_with("en = ");
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
    assert_eq!(Copy::new().load().render(false), "");
    let loaded = load(Path::new(EXAMPLE)).unwrap();
    assert_eq!(loaded.render(false), "");
    let playbook = loaded.playbook.unwrap();
    assert_eq!(playbook.notices[0].texts.len(), 10);
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

/// The digest that the example gives for its press release.
fn press_release() -> String {
    Digest::of(fs::read(Path::new(EXAMPLE).join("files/press-release.txt")).unwrap()).hex()
}

/// One mistake each: the code it has, and the text with a mark where the problem must point.
fn mistakes() -> Vec<(&'static str, String)> {
    let text = good();
    let after = |after: &str, from: &str, to: &str| changed_after(&text, after, from, to);
    let plain = |from: &str, to: &str| changed(&text, from, to);
    let hour = "hour = 2027-03-16T11:30:00Z";
    let panel = "name = \"greytide-panel.example\"";
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
        ("P008", plain("lead = \"ncu\"", "lead = «\"nhcx\"")),
        ("P008", after("id = \"settle\"", "\"redirect\"", "«\"redirct\"")),
        ("P008", plain("gate = \"command\"", "gate = «\"commander\"")),
        ("P008", plain("lists = [\"dga\"]", "lists = [«\"dgb\", \"dga\"]")),
        ("P008", after(panel, "order = \"nl-court\"", "order = «\"nl-cort\"")),
        ("P008", after("name = \"greytide.test\"", "notice = \"banner\"", "notice = «\"baner\"")),
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
        ("P015", plain("url = \"https://report.ncu.example/\"", "url = «\"http://report.ncu.example/\"")),
        ("P015", plain("\"https://rdap.names.test/v1/\"", "«\"https://rdap.names.test/v1\"")),
        ("P016", plain("\"tips@ncu.example\"", "«\"tips at ncu\"")),
        ("P017", plain("agencies = 2", "agencies = «0")),
        // Files.
        ("P020", plain("path = \"lists/dga.txt\"", "path = «\"../dga.txt\"")),
        ("P020", plain("path = \"lists/dga.txt\"", "path = «\"/etc/hostname\"")),
        ("P021", plain("path = \"documents/nl-", "path = «\"documents/xx-")),
        ("P021", plain("path = \"lists/dga.txt\"", "path = «\"lists/none.txt\"")),
        ("P022", plain("en = \"texts/en.toml\"", "en = «\"texts\"")),
        ("P024", after("path = \"lists/dga.txt\"", "sha256 = \"", "sha256 = «\"A")),
        // Names and targets.
        ("P030", plain(panel, "name = «\"greytide_panel.example\"")),
        ("P030", plain(panel, "name = «\"192.0.2.9\"")),
        ("P031", after("\n    \"greytide-panel.example\",\n", "    \"", "    «\"aa")),
        ("P032", after(panel, "action = \"suspend\"", "action = «\"onion\"")),
        ("P032", plain("subtrees = [\n", "subtrees = [\n«\"abc.onion\",\n")),
        ("P033", plain("name = \"greytide-news.example\"", "name = «\"GreyTide.EXAMPLE.\"")),
        ("P033", plain("name = \"greytide-shop.test\"\n", "name = «\"hihagelado.test\"\n")),
        ("P034", plain(panel, "name = «\"co.uk\"")),
        ("P035", plain(panel, "name = «\"someone.github.io\"")),
        ("P036", plain(panel, "name = «\"greytidе-panel.example\"")),
        ("P037", plain("server = \"198.51.100.22:22\"\n", "").replace("[[target]]\naction", "«[[target]]\naction")),
        ("P037", after("server = \"198.51.100.22:22\"", "action = \"offline\"", "action = «\"suspend\"")),
        ("P037", plain(panel, "name = \"greytide-panel.example\"\nserver = «\"192.0.2.1:1\"")),
        ("P038", after("name = \"greytide.test\"", "notice = \"banner\"\n", "")),
        ("P038", plain("exclusivity = \"sole\"\n", "")),
        ("P038", plain("sinkhole = \"harbour-watch\"\n\n[[target]]\nname = \"tele", "\n[[target]]\nname = \"tele")),
        ("P038", plain("addresses = [\"203.0.113.41\"]\n", "")),
        ("P039", after(panel, "order = ", "notice = «\"banner\"\norder = ")),
        ("P039", after("id = \"verify\"", "needs", "within = «\"1h\"\nneeds")),
        ("P041", plain("\"ns1.seizures.ncu.example\"", "«\"ns1.greytide.example\"")),
        ("P042", plain(panel, "name = «\"greytide-panel.invalid\"")),
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
        (
            "P059",
            plain("    \"greytide-news.example\",\n", "")
                .replace("names = [\n", "names = [\n    \"greytide-news.example\",\n")
                .replace("name = \"greytide-news.example\"", "name = «\"greytide-news.example\""),
        ),
        // Notices.
        ("P062", plain("default-language = \"en\"", "default-language = «\"de\"")),
        ("P063", plain("\"https://www.ncu.example/seizure", "«\"https://www.police.example/seizure")),
        ("P063", plain("\"https://www.ncu.example/seizure", "«\"http://www.ncu.example/seizure")),
        ("P064", plain("not-after = 2028-03-01T00:00:00Z", "not-after = «2027-03-16T11:30:00Z")),
        ("P064", plain("not-before = 2027-03-16T11:30:00Z", "not-before = «2027-03-17T11:30:00Z")),
        ("P064", plain("not-before = 2027-03-16T11:30:00Z", "not-before = «2027-03-01T00:00:00Z")),
        ("P065", plain("[\"ncu\", \"npo\", \"fcd\", \"bcn\", \"ncpa\"]", "«[\"npo\", \"fcd\", \"bcn\"]")),
        ("P066", after("id = \"press-release\"", "embargo = \"release\"", "embargo = «\"verify\"")),
        ("P067", after("url = \"https://report.ncu.example/\"", "\n", "\nembargo = «\"release\"\n")),
        (
            "P068",
            plain("purpose = \"objections\"", "purpose = \"legal\"").replace("id = \"banner\"", "id = «\"banner\""),
        ),
        ("P008", plain("default-language = \"en\"", "default-language = \"en\"\nsource-language = «\"de\"")),
        ("P008", plain("[notice.reviewed-by]\n", "[notice.reviewed-by]\n«de = \"x\"\n")),
        (
            "P100",
            plain("en = \"texts/en.toml\"", "en = \"texts/en.toml\"\ntlh = «\"texts/en.toml\"")
                .replace("en = \"Lang", "tlh = \"x\"\nen = \"Lang"),
        ),
        (
            "P101",
            plain("en = \"texts/en.toml\"", "en = «\"texts/en.toml\"")
                .replace("en = \"Language service of the NPO\"\n", ""),
        ),
        // Press items, reporting points, hours and looks.
        (
            "P067",
            plain(
                &format!(
                    "file = {{ path = \"files/press-release.txt\", sha256 = \"{}\" }}\nembargo = \"",
                    press_release()
                ),
                "embargo = «\"",
            ),
        ),
        ("P021", plain("\"files/press-release.txt\"", "«\"files/press-releases.txt\"")),
        (
            "P038",
            plain("name = \"サイバー犯罪通報窓口\"\n", "name = «\"x\"\n")
                .replace("url = \"https://tsuho.ncpa.example/\"\n", ""),
        ),
        ("P015", plain("\"https://tsuho.ncpa.example/\"", "«\"http://tsuho.ncpa.example/\"")),
        ("P011", plain("\"+49 30 5550 0110\"", "«\"at the desk\"")),
        ("P012", plain("country = \"PL\"", "country = «\"Poland\"")),
        ("P013", plain("language = \"pl\"", "language = «\"polish\"")),
        ("P013", plain("\nlanguage = \"en\"\n", "\nlanguage = «\"EN\"\n")),
        (
            "P038",
            after("email = \"tips@ncu.example\"", "hours = \"at any hour\"\n", "")
                .replace("ar = \"على مدار", "«ar = \"على مدار"),
        ),
        ("P021", plain("\"seals/npo.svg\"", "«\"seals/none.svg\"")),
        ("P005", plain("partners = \"row\"", "partners = «\"column\"")),
        ("P111", plain("light = { head = \"#0d2238\"", "light = { head = «\"navy\"")),
        ("P111", plain("light = { head = \"#0d2238\"", "light = { head = «\"#0d2238;}\"")),
        ("P112", plain("light = { head = \"#0d2238\"", "light = { head = «\"#cccccc\"")),
        ("P112", plain("link = \"#93c4f5\"", "link = «\"#2b4c6d\"")),
        ("P112", plain("mark = \"#a8842c\"", "mark = «\"#f5e6b8\"")),
        // Steps and approvals.
        ("P070", after("id = \"publish\"", "[\"check-before\"]", "[\"check-before\", «\"redirect\"]")),
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
        ("P081", after("id = \"prosecutor\"", "\n", &format!("\nkey = «\"{}\"\n", vkey("ncu.example/x", 1)))),
        (
            "P082",
            after("id = \"prosecutor\"", "\n", &format!("\nkey = \"{}\"\n", vkey("npo.example/x", 1))).replace(
                "id = \"commander\"\n",
                &format!("id = \"commander\"\nkey = «\"{}\"\n", vkey("ncu.example/y", 1)),
            ),
        ),
        // Witnesses.
        ("P073", plain("witnesses = 2", "witnesses = «3")),
        (
            "P083",
            plain(
                "\"https://witness.fcd.example/\"",
                &format!("\"https://w.fcd.example/\"\nkey = «\"{}\"", vkey("fcd.example/witness", 3)),
            ),
        ),
        ("P084", plain("\"https://witness.fcd.example/\"", "«\"http://192.0.2.7:8080/\"")),
        ("P015", plain("\"https://witness.fcd.example/\"", "«\"https://witness.fcd.example/?x\"")),
        ("P015", plain("\"https://witness.fcd.example/\"", "«\"ftp://witness.fcd.example/\"")),
        ("P085", plain("agency = \"fcd\"\nurl = \"https://w", "agency = «\"ncu\"\nurl = \"https://w")),
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

#[test]
fn the_hour_is_in_the_past_only_for_those_who_look_later() {
    let copy = Copy::new();
    let at = |time: &str| copy.load().at(time.parse().unwrap());
    assert_eq!(at("2027-03-16T11:30:00Z").problems.len(), 0);
    let late = at("2027-03-16T11:30:01Z");
    assert_eq!(late.problems.len(), 1);
    assert!(late.render(false).contains("hour = 2027-03-16T11:30:00Z\n"), "{}", late.render(false));
    assert!(late.playbook.is_some());
}

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

/// The example with German texts too, for which somebody vouches.
fn with_german() -> String {
    let text = changed(&good(), "en = \"texts/en.toml\"\n", "en = \"texts/en.toml\"\nde = \"texts/de.toml\"\n");
    changed(&text, "[notice.reviewed-by]\n", "[notice.reviewed-by]\nde = \"Somebody\"\n")
}

/// German texts that say from which source they were translated.
fn made_from(digest: &str) -> String {
    let english = fs::read_to_string(Path::new(EXAMPLE).join("texts/en.toml")).unwrap();
    format!("source-sha256 = \"{digest}\"\n{english}")
}

#[test]
fn texts_in_another_language_that_lack_a_part_are_told_and_the_rest_is_read() {
    let copy = Copy::new();
    let german = made_from(&Digest::of(fs::read(copy.path("texts/en.toml")).unwrap()).hex());
    copy.write("texts/de.toml", german.split("[press").next().unwrap().as_bytes());
    let loaded = copy.load_text(&with_german());
    assert_eq!(loaded.problems.len(), 1, "{}", loaded.render(false));
    assert_eq!(loaded.problems[0].code, Code::TextMissing);
    assert!(loaded.render(false).contains("add [press.press-release] with title and text"));
}

#[test]
fn a_translation_of_another_source_than_the_present_one_is_out_of_date() {
    let copy = Copy::new();
    let source = fs::read_to_string(copy.path("texts/en.toml")).unwrap();
    let now = Digest::of(&source).hex();
    let languages = |loaded: &Loaded| {
        let notice = &loaded.playbook.as_ref().unwrap().notices[0];
        assert_eq!(notice.not_reviewed().count(), 0);
        notice.out_of_date().map(ToString::to_string).collect::<Vec<_>>()
    };
    for (german, told) in [
        (made_from(&now), None),
        (made_from(&Digest::of("before").hex()), Some("from another source than the present one")),
        (source.clone(), Some("do not say from which source")),
    ] {
        copy.write("texts/de.toml", german.as_bytes());
        let loaded = copy.load_text(&with_german());
        assert_eq!(loaded.problems.len(), usize::from(told.is_some()), "{}", loaded.render(false));
        let (shown, wanted) = (loaded.render(false), told.map(|_| "de".to_owned()));
        assert!(told.is_none_or(|told| shown.contains(told) && shown.contains(&now)), "{shown}");
        assert!(loaded.problems.iter().all(|problem| problem.code == Code::OutOfDate), "{shown}");
        assert_eq!(languages(&loaded), wanted.into_iter().collect::<Vec<_>>());
    }
    // The source need not be in the default language.
    let german_first =
        changed(&with_german(), "default-language = \"en\"", "default-language = \"en\"\nsource-language = \"de\"");
    let loaded = copy.load_text(&german_first);
    assert_eq!(languages(&loaded), ["en"], "{}", loaded.render(false));
    copy.write("texts/de.toml", made_from("not a digest").as_bytes());
    assert_eq!(found(&copy.load_text(&with_german()))[0].0, "P024");
}

/// The example in which this file is the seal of the lead.
fn with_seal(copy: &Copy, path: &str, bytes: &[u8]) -> Loaded {
    copy.write(path, bytes);
    let old = Digest::of(fs::read(Path::new(EXAMPLE).join("seals/ncu.svg")).unwrap()).hex();
    let text = changed(&good(), "\"seals/ncu.svg\"", &format!("\"{path}\""));
    copy.load_text(&changed(&text, &old, &Digest::of(bytes).hex()))
}

#[test]
fn a_seal_that_acts_or_is_no_picture_is_refused_whatever_its_digest_and_name() {
    let copy = Copy::new();
    let svg = |inner: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">\n{inner}</svg>");
    for (path, bytes, part) in [
        ("seals/a.svg", svg("<script/>"), "line 2: the element `script` is refused"),
        ("seals/a.svg", svg("<g onload=\"x\"/>"), "the attribute `onload` is refused"),
        ("seals/a.png", svg("<image/>"), "the element `image` is refused"),
        ("seals/a.png", "\u{89}PNG".into(), "not an SVG"),
        ("seals/a.svg", format!("<!DOCTYPE svg>{}", svg("")), "document type"),
        ("seals/a.jpg", "JFIF".into(), "not an SVG"),
    ] {
        let loaded = with_seal(&copy, path, bytes.as_bytes());
        let shown = loaded.render(false);
        assert!(loaded.playbook.is_none() && shown.contains("error[P110]") && shown.contains(part), "{path}: {shown}");
        assert_eq!(loaded.problems.len(), 1, "{shown}");
    }
    let drawn = with_seal(&copy, "seals/a.svg", svg("<path d=\"M0 0h9v9z\"/>").as_bytes());
    assert_eq!(drawn.render(false), "");
    let seal = drawn.playbook.unwrap().agencies[0].seal.clone().unwrap();
    assert_eq!(seal.alt[&"ja".parse().unwrap()], "海を照らす灯台");
    // Each is small enough, and all of them are not.
    let many = svg(&format!("<title>{}</title>", "é".repeat(30_000)));
    let mut text = good();
    for agency in ["ncu", "npo", "fcd"] {
        let path = format!("seals/{agency}.svg");
        text = changed(
            &text,
            &Digest::of(fs::read(Path::new(EXAMPLE).join(&path)).unwrap()).hex(),
            &Digest::of(&many).hex(),
        );
        copy.write(&path, many.as_bytes());
    }
    let shown = copy.load_text(&text).render(false);
    assert!(shown.contains("error[P110]: the seals of this notice take"), "{shown}");
}

/// The example with a page of the agencies' own, in English, for each of these embargoes.
fn with_pages(copy: &Copy, pages: &[(&str, Option<&str>)]) -> Loaded {
    let mut text = good();
    for (number, (html, embargo)) in pages.iter().enumerate() {
        let path = format!("pages/{number}.html");
        copy.write(&path, html.as_bytes());
        let embargo = embargo.map(|step| format!("embargo = \"{step}\"\n")).unwrap_or_default();
        let file = format!("file = {{ path = \"{path}\", sha256 = \"{}\" }}", Digest::of(html).hex());
        let page = format!("[[notice.page]]\nlanguage = \"en\"\n{file}\n{embargo}\n");
        text = changed(&text, "[notice.theme]", &format!("{page}[notice.theme]"));
    }
    copy.load_text(&text)
}

#[test]
fn a_page_of_ones_own_is_whole_and_tells_what_visitors_must_know() {
    const GOOD: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Seized</title></head>\n<body><h1>Seized</h1>\
        <a href=\"https://www.ncu.example/seizure-notices\">Check</a>\n<a href=\"mailto:objections@npo.example\">Object</a>\
        <p>tips@ncu.example</p></body></html>\n";
    let copy = Copy::new();
    let told = |pages: &[(&str, Option<&str>)]| {
        let loaded = with_pages(&copy, pages);
        assert_eq!(loaded.playbook.is_none(), loaded.has_errors());
        found(&loaded)
    };
    let both = [(GOOD, None), (GOOD, Some("release"))];
    assert_eq!(told(&both), []);
    let playbook = with_pages(&copy, &both).playbook.unwrap();
    assert_eq!((playbook.notices[0].pages.len(), playbook.notices[0].pages[0].html.as_str()), (2, GOOD));
    // Each pointed at in the page itself: code, line.
    for (from, to, code, line) in [
        ("<h1>", "<script src=\"https://evil.example/x.js\"></script><h1>", "P113", 3),
        ("<h1>", "<img src=\"https://evil.example/x.png\" alt=\"\"><h1>", "P113", 3),
        ("</head>", "<link rel=\"stylesheet\" href=\"https://evil.example/x.css\"></head>", "P113", 2),
        ("<h1>", "<h1 onclick=\"x()\">", "P113", 3),
        ("<title>Seized</title>", "", "P114", 1),
        ("lang=\"en\"", "lang=\"de\"", "P114", 2),
        ("<!DOCTYPE html>", "", "P114", 1),
    ] {
        let page = GOOD.replace(from, to);
        let told = told(&[(&page, None), (GOOD, Some("release"))]);
        assert!(told.iter().any(|(found, at, _)| (*found, *at) == (code, line)), "{from} {to}: {told:?}");
    }
    for silent in ["https://www.ncu.example/seizure-notices", "objections@npo.example", "tips@ncu.example"] {
        let page = GOOD.replace(silent, "https://x.example/");
        let told = told(&[(&page, None), (GOOD, Some("release"))]);
        assert!(told.len() == 1 && told[0].0 == "P115", "{silent}: {told:?}");
    }
    assert_eq!(told(&[(GOOD, None)])[0].0, "P116", "what is released would not be shown");
    assert_eq!(told(&[(GOOD, None), (GOOD, Some("verify"))])[0].0, "P116");
    assert!(told(&[(GOOD, None), (GOOD, None)]).iter().any(|(code, ..)| *code == "P007"));
}

#[test]
fn pages_of_ones_own_are_for_languages_of_the_notice_and_told_where_they_are_missing() {
    let copy = Copy::new();
    let english = fs::read_to_string(copy.path("texts/en.toml")).unwrap();
    copy.write("texts/de.toml", made_from(&Digest::of(&english).hex()).as_bytes());
    copy.write("pages/a.html", b"x");
    let digest = Digest::of("x").hex();
    let page = |language: &str, path: &str, digest: &str| {
        let page = format!(
            "[[notice.page]]\nlanguage = \"{language}\"\nfile = {{ path = \"{path}\", sha256 = \"{digest}\" }}\n\n"
        );
        changed(&with_german(), "[notice.theme]", &format!("{page}[notice.theme]"))
    };
    let codes = |text: &str| found(&copy.load_text(text)).into_iter().map(|(code, ..)| code).collect::<Vec<_>>();
    assert!(codes(&page("fr", "pages/a.html", &digest)).contains(&"P008"));
    assert!(codes(&page("en", "pages/none.html", &digest)).contains(&"P021"));
    assert!(codes(&page("en", "pages/a.html", &press_release())).contains(&"P025"));
    let shown = copy.load_text(&page("en", "pages/a.html", &digest)).render(false);
    assert!(shown.contains("there is no page of your own in de"), "{shown}");
    copy.write("pages/a.html", b"\xff");
    assert!(codes(&page("en", "pages/a.html", &Digest::of(b"\xff").hex())).contains(&"P022"));
    copy.write("pages/a.html", &vec![b'x'; 513 << 10]);
    assert!(codes(&page("en", "pages/a.html", &digest)).contains(&"P023"));
}

#[test]
fn a_low_contrast_is_told_with_its_ratio_what_is_needed_and_a_colour_that_has_it() {
    let copy = Copy::new();
    let faint = changed(&good(), "link = \"#0a4a8a\"", "link = \"#8fa6bd\"");
    let shown = copy.load_text(&faint).render(false);
    assert!(shown.contains("error[P112]: light: `link` on `tint` has a contrast of 2.2"), "{shown}");
    assert!(shown.contains("to 1, and 4.5 is needed"), "{shown}");
    let (_, help) = shown.split_once("write link = \"").unwrap();
    let better = help.split('"').next().unwrap();
    assert_eq!(copy.load_text(&faint.replace("#8fa6bd", better)).render(false), "");
    // A ground that is changed is at fault itself where nothing else was.
    let dark_paper = changed(&good(), "mark = \"#d6b25c\"", "paper = \"#ffffff\"");
    let loaded = copy.load_text(&dark_paper);
    assert!(loaded.problems.iter().all(|problem| problem.code == Code::Contrast) && !loaded.problems.is_empty());
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
fn several_mistakes_are_told_at_once() {
    let mut text = good();
    for (from, to) in [
        ("title = \"Operation Harbour Light\"", "titel = \"Operation Harbour Light\""),
        ("lead = \"ncu\"", "lead = \"nhcx\""),
        ("country = \"FR\"\ndomain", "country = 33\ndomain"),
        ("kind = \"warrant\"", "kind = \"warant\""),
        ("name = \"greytide-panel.example\"", "name = \"harbour panel\""),
        ("exclusivity = \"sole\"\n", ""),
        ("within = \"3d\"", "within = \"soon\""),
        ("plan = 3", "plan = 9"),
    ] {
        text = changed(&text, from, to);
    }
    let loaded = Copy::new().load_text(&text);
    let codes: Vec<_> = found(&loaded).into_iter().map(|(code, ..)| code).collect();
    // The operation lacks its title, so it is left out, and what needs it with it; each of the others is told.
    assert_eq!(codes, ["P003", "P002", "P004", "P005", "P030", "P038", "P073", "P010"]);
    let shown = loaded.render(false);
    let first = "error[P003]: `title` is missing
  --> DIR/playbook.toml:18:1
   |
18 | [operation]
   | ^^^^^^^^^^^
   |
   = help: add `title`: Name of the operation for people";
    let dir = loaded.sources[0].path.parent().unwrap().to_string_lossy();
    assert_eq!(shown.replace(&*dir, "DIR").split("\n\n").next().unwrap(), first);
    assert!(shown.contains("= help: did you mean `title`?"), "{shown}");
    assert!(shown.contains("did you mean `warrant`?"));
    assert!(!shown.contains('\u{1b}'));
    assert!(loaded.render(true).contains('\u{1b}'));
    let json = loaded.to_json();
    assert_eq!(json["version"], 1);
    assert_eq!(json["problems"].as_array().unwrap().len(), codes.len());
    assert_eq!(json["problems"][1]["code"], "P002");
    assert_eq!(json["problems"][1]["line"], 20);
    assert_eq!(json["problems"][1]["column"], 1);
    assert_eq!(json["problems"][1]["help"], "did you mean `title`?");
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

#[test]
fn texts_that_do_not_fit_on_one_sheet_are_told_by_their_width() {
    let copy = Copy::new();
    let english = fs::read_to_string(copy.path("texts/en.toml")).unwrap();
    let told = |letters: &str, count: usize| {
        let texts = english.replacen("happened = [", &format!("happened = [\n  \"{}\",", letters.repeat(count)), 1);
        copy.write("texts/en.toml", texts.as_bytes());
        let loaded = copy.load();
        let problems = loaded.problems.iter().filter(|problem| problem.code == Code::LongTexts);
        problems.map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    let Some(message) = told("x", 2150).pop() else { panic!("nothing is told") };
    assert!(message.contains(" letters long, and 2150 fit"), "{message}");
    let letters: usize = message.split(' ').find_map(|word| word.parse().ok()).unwrap();
    let room = 2150 - (letters - 2150);
    assert_eq!(told("x", room), Vec::<String>::new());
    assert_eq!(told("x", room + 1).len(), 1);
    assert_eq!(told("字", room / 2), Vec::<String>::new());
    assert_eq!(told("字", room / 2 + 1).len(), 1);
}

#[test]
fn every_code_is_shown_by_a_test() {
    let tested: std::collections::BTreeSet<&str> = mistakes().into_iter().map(|(code, _)| code).collect();
    let elsewhere =
        ["P023", "P025", "P040", "P060", "P061", "P090", "P102", "P103", "P110", "P113", "P114", "P115", "P116"];
    let missing: Vec<_> = Code::ALL.iter().map(|code| code.number()).filter(|code| !tested.contains(code)).collect();
    assert_eq!(missing, elsewhere);
}

/// What must be kept in step with the program: a file of the repository and what it has to say.
fn current(path: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("IMPOUND_RENEW").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{} is not current: run the tests with IMPOUND_RENEW=1", path.display());
}

#[test]
fn the_schema_in_docs_is_current() {
    current("docs/playbook.schema.json", &format!("{:#}\n", schema()));
}

#[test]
fn the_list_of_problems_in_docs_is_current() {
    let mut text = String::from(
        "# Problems of playbooks\n\n`impound lint` shows these; `impound explain CODE` prints the same text. \
         A playbook with an error cannot be used; a warning asks someone to look.\n",
    );
    for code in Code::ALL {
        let (number, name, severity) = (code.number(), code.name(), code.severity().word());
        let (title, explanation) = (code.title(), code.explanation());
        text.push_str(&format!("\n## {number} {name} ({severity})\n\n**{title}**\n\n{explanation}\n"));
    }
    current("docs/problems.md", &text);
}

/// The rows of the table that documents one struct of the schema.
fn rows(table: &serde_json::Value) -> String {
    let required: Vec<&str> =
        table["required"].as_array().into_iter().flatten().filter_map(|key| key.as_str()).collect();
    let mut text = String::from("| Key | Type | Default | Meaning |\n|---|---|---|---|\n");
    for (key, value) in table["properties"].as_object().unwrap() {
        let default = match value.get("default") {
            _ if required.contains(&key.as_str()) => "required".to_owned(),
            Some(value) if *value != serde_json::json!([]) && *value != serde_json::json!({}) => format!("`{value}`"),
            _ => "none".to_owned(),
        };
        let meaning = value["description"].as_str().unwrap().replace('\n', " ");
        let words = words_of(value).map(|words| format!(" One of {words}.")).unwrap_or_default();
        text.push_str(&format!("| `{key}` | {} | {default} | {meaning}{words} |\n", type_of(value)));
    }
    text
}

fn words_of(value: &serde_json::Value) -> Option<String> {
    let words = value.get("enum").or_else(|| value["items"].get("enum"))?.as_array()?;
    Some(words.iter().map(|word| format!("`{}`", word.to_string().trim_matches('"'))).collect::<Vec<_>>().join(", "))
}

fn type_of(value: &serde_json::Value) -> String {
    match (value["type"].as_str(), value["format"].as_str(), value["$ref"].as_str()) {
        (_, Some("date-time"), _) => "time".into(),
        (Some("array"), ..) => format!("array of {}", type_of(&value["items"])),
        (Some("object"), ..) => format!("table of {}", type_of(&value["additionalProperties"])),
        (Some("string"), ..) => "text".into(),
        (Some("integer"), ..) => "number".into(),
        (Some("boolean"), ..) => "true or false".into(),
        (_, _, Some(path)) => format!("[{0}](#{0})", path.rsplit('/').next().unwrap()),
        _ => "time or text".into(),
    }
}

/// Every table of the language has a section `## name` in docs/playbook.md, with a table of its keys between two marks.
#[test]
fn every_key_is_documented() {
    let mut tables = vec![("playbook".to_owned(), schema())];
    let texts = shape::schema_of::<spec::TextsSpec>();
    let of = |schema: &serde_json::Value| schema["$defs"].as_object().unwrap().clone();
    tables.extend(of(&schema()));
    tables.push(("texts".to_owned(), texts.clone()));
    tables.extend(of(&texts));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/playbook.md");
    let mut text = fs::read_to_string(path).unwrap();
    for (name, table) in tables {
        let section = format!("\n## {name}\n");
        let (head, tail) =
            text.split_once(&section).unwrap_or_else(|| panic!("docs/playbook.md has no section {name}"));
        let (before, tail) = tail.split_once("<!-- keys -->\n").unwrap();
        let (_, rest) = tail.split_once("<!-- end of keys -->\n").unwrap();
        assert!(!before.contains("\n## "), "the section {name} has no table of keys");
        text = format!("{head}{section}{before}<!-- keys -->\n{}<!-- end of keys -->\n{rest}", rows(&table));
    }
    assert!(!text.contains("<!-- keys -->\n<!-- end"), "a section describes a table that the language does not have");
    current("docs/playbook.md", &text);
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

//! One mistake each: its code, and its place.

use super::*;

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
        ("P045", plain("\"192.0.2.53\"", "«\"10.0.0.53\"")),
        ("P045", plain("\"203.0.113.53\"", "«\"192.168.7.53\"")),
        ("P045", plain("\"192.0.2.80\"", "«\"127.0.0.1\"")),
        ("P045", plain("\"2001:db8:80::80\"", "«\"fd00::80\"")),
        ("P045", plain("\"203.0.113.41\"", "«\"169.254.0.41\"")),
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
fn the_hour_is_in_the_past_only_for_those_who_look_later() {
    let copy = Copy::new();
    let at = |time: &str| copy.load().at(time.parse().unwrap());
    assert_eq!(at("2027-03-16T11:30:00Z").problems.len(), 0);
    let late = at("2027-03-16T11:30:01Z");
    assert_eq!(late.problems.len(), 1);
    assert!(late.render(false).contains("hour = 2027-03-16T11:30:00Z\n"), "{}", late.render(false));
    assert!(late.playbook.is_some());
}

#[test]
fn every_code_is_shown_by_a_test() {
    let tested: BTreeSet<&str> = mistakes().into_iter().map(|(code, _)| code).collect();
    let elsewhere =
        ["P023", "P025", "P040", "P060", "P061", "P090", "P102", "P103", "P110", "P113", "P114", "P115", "P116"];
    let missing: Vec<_> = Code::ALL.iter().map(|code| code.number()).filter(|code| !tested.contains(code)).collect();
    assert_eq!(missing, elsewhere);
}

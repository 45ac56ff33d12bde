//! The public register, denials and advisories.

use std::fs;
use std::path::{Path, PathBuf};

use impound::cli::Exit;
use impound::digest::Digest;

use crate::desk::Desk;
use crate::operation::{shown, sign, with_keys};

const STATE: &str = "--verify-at https://police.example/notices --key {}/police.key";
const BUILD: &str = "notice register {}/register --keys {}/policy --site {}/op/site";

/// A notice that two agencies have signed, and was then withdrawn.
async fn withdrawn(sealed: bool) -> Desk {
    let desk = with_keys().await;
    shown(&desk, sealed).await;
    desk
}

/// The verdict and the result of the check for later editions.
async fn asked(desk: &Desk, what: &str, more: &str) -> (String, String) {
    let line = format!("verify {what} --keys {{}}/policy {more} --format json");
    let ended = desk.run(&line).await;
    let said: serde_json::Value = serde_json::from_str(&ended.output).unwrap_or_else(|_| panic!("{line}\n{ended}"));
    let report = &said["notices"][0]["report"];
    let later = report["checks"].as_array().unwrap().iter().find(|one| one["check"] == "later");
    let later = later.map(|one| one["result"].as_str().unwrap().to_owned()).unwrap_or_default();
    (report["verdict"]["code"].as_str().unwrap().to_owned(), later)
}

/// Builds a register of notes that no log proves: each is named, and the exit code says that there is more to do.
async fn unproven(desk: &Desk, line: &str) -> String {
    let built = desk.run(line).await;
    built.must(Exit::Findings, "no proof of ");
    built.output
}

fn home(desk: &Desk, register: &str, note: &str) -> PathBuf {
    let text = desk.read(note).split("\n\n").next().unwrap().to_owned() + "\n";
    desk.path(register).join(Digest::of(text).hex())
}

fn says(verdict: &str, later: &str) -> (String, String) {
    (verdict.to_owned(), later.to_owned())
}

#[tokio::test]
async fn a_register_says_of_an_old_notice_that_it_was_withdrawn_and_one_that_hides_it_proves_nothing() {
    let desk = withdrawn(false).await;
    let first = "{}/op/site/banner/1 --name seized.example";
    let built = unproven(&desk, BUILD).await;
    assert!(built.contains(": 1 notes, 1 of them new, 0 with a proof"), "{built}");
    assert_eq!(asked(&desk, first, "").await, says("in-force", "not checked"));
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("in-force", "not checked"));

    // Signed, it shows that there is nothing later; but not for ever, and not with too few signatures.
    let vouched = format!("{BUILD} {STATE} --expires 2026-12-15T08:00:00Z");
    unproven(&desk, &vouched).await;
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("in-force", "not checked"));
    desk.ok("notice countersign {}/register/register.note --key {}/prosecution.key").await;
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("in-force", "pass"));
    let after = "--register {}/register --at 2026-12-15T08:00:00Z";
    assert_eq!(asked(&desk, first, after).await, says("in-force", "not checked"));
    let told = desk.ok(&format!("verify {first} --keys {{}}/policy {after}")).await;
    let told = one_line(&told);
    assert!(
        told.contains("get a newer one, and the whole of it") && !told.contains("a copy of the agencies"),
        "{told}"
    );
    desk.ok("verify {}/register/register.note --keys {}/policy").await;
    // Built again with nothing new, nothing changes.
    unproven(&desk, BUILD).await;
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("in-force", "pass"));
    desk.copy_dir("register", "old");

    desk.ok("notice withdraw {}/op --decision Court-131/2027").await;
    sign(&desk).await;
    let built = unproven(&desk, BUILD).await;
    assert!(built.contains(": 2 notes, 1 of them new"), "{built}");
    assert!(!desk.path("register/register.note").exists(), "it is no longer true");
    desk.clock.advance_to("2026-12-09T08:00:00Z".parse().unwrap());
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("withdrawn", "fail"));
    assert_eq!(
        asked(&desk, "{}/op/site/banner/2 --name seized.example", "--register {}/register").await.0,
        "withdrawn"
    );
    let page = desk.read("register/index.html");
    assert!(
        page.contains("Withdrawn on</dt><dd><time datetime=\"2026-12-08T08:00:00Z\">") && !page.contains("<script"),
        "{page}"
    );

    // The withdrawal is left out: with the old list, or with a list that names it.
    let end = home(&desk, "register", "op/site/banner/2/notice.note");
    fs::remove_dir_all(&end).unwrap();
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("undetermined", "fail"));
    desk.run(BUILD.replace("--site {}/op/site", "").as_str()).await.must(Exit::NotVerified, "was published in");
    fs::copy(desk.path("old/register.json"), desk.path("register/register.json")).unwrap();
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("in-force", "not checked"));
    // The old copy as it was, with its signatures: good until it expires, and says as of when.
    assert_eq!(asked(&desk, first, "--register {}/old").await, says("in-force", "pass"));
    let after = "--register {}/old --at 2026-12-16T08:00:00Z";
    assert_eq!(asked(&desk, first, after).await, says("in-force", "not checked"));
    desk.run("verify {}/op/site/banner/1 --keys {}/policy --register {}/nowhere").await.must(Exit::Usage, "nowhere");
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Nobody can say whether a notice holds, and these words are said, wherever their lines end.
async fn must_say(desk: &Desk, check: &str, words: &str) {
    let ended = desk.run(check).await;
    let said = one_line(&ended.to_string());
    assert!(ended.exit == Exit::Environment && said.contains(words), "{ended}");
}

#[tokio::test]
async fn a_withdrawal_that_the_agencies_list_and_a_copy_does_not_have_leaves_the_notice_in_doubt() {
    let desk = withdrawn(false).await;
    let first = "{}/op/site/banner/1 --name seized.example";
    desk.ok("notice withdraw {}/op --decision Court-131/2027").await;
    sign(&desk).await;
    unproven(&desk, &format!("{BUILD} {STATE} --expires 2026-12-15T08:00:00Z")).await;
    desk.ok("notice countersign {}/register/register.note --key {}/prosecution.key").await;
    desk.clock.advance_to("2026-12-09T08:00:00Z".parse().unwrap());
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("withdrawn", "fail"));
    let end = home(&desk, "register", "op/site/banner/2/notice.note");
    let own = home(&desk, "register", "op/site/banner/1/notice.note");
    let check = format!("verify {first} --keys {{}}/policy --register {{}}/register");
    let lists = "(withdrawn), and this copy does not have it";
    // Garbage in its place, nothing at all, the list alone; and the list without those who vouch for it.
    fs::write(end.join("notice.note"), "nothing").unwrap();
    must_say(&desk, &check, lists).await;
    for gone in [end, own] {
        fs::remove_dir_all(gone).unwrap();
        assert_eq!(asked(&desk, first, "--register {}/register").await, says("undetermined", "fail"));
        must_say(&desk, &check, lists).await;
    }
    // It is no less true when the list has expired.
    let after = "--register {}/register --at 2026-12-16T08:00:00Z";
    assert_eq!(asked(&desk, first, after).await, says("undetermined", "fail"));
    fs::remove_file(desk.path("register/register.note")).unwrap();
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("undetermined", "fail"));
    must_say(&desk, &check, "nobody vouches").await;
}

#[tokio::test]
async fn a_withdrawal_whose_signatures_were_taken_off_leaves_the_notice_in_doubt() {
    let desk = withdrawn(false).await;
    let first = "{}/op/site/banner/1 --name seized.example";
    let vouched = format!("{BUILD} {STATE} --expires 2026-12-15T08:00:00Z");
    unproven(&desk, &vouched).await;
    desk.ok("notice countersign {}/register/register.note --key {}/prosecution.key").await;
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("in-force", "pass"));
    // The word that it is complete holds for the notes with their signatures.
    let note = home(&desk, "register", "op/site/banner/1/notice.note").join("notice.note");
    let good = fs::read_to_string(&note).unwrap();
    fs::write(&note, good.replace(line_of_police(&good), "")).unwrap();
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("in-force", "not checked"));
    fs::write(&note, good).unwrap();

    desk.ok("notice withdraw {}/op --decision Court-131/2027").await;
    sign(&desk).await;
    unproven(&desk, &vouched).await;
    desk.ok("notice countersign {}/register/register.note --key {}/prosecution.key").await;
    desk.clock.advance_to("2026-12-09T08:00:00Z".parse().unwrap());
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("withdrawn", "fail"));
    let note = home(&desk, "register", "op/site/banner/2/notice.note").join("notice.note");
    let good = fs::read_to_string(&note).unwrap();
    let line = line_of_police(&good);
    let (name, signature) = line.rsplit_once(' ').unwrap();
    let damaged = format!("{name} {}{}=\n", &signature[..6], "A".repeat(85));
    for (what, left) in [
        ("a line is gone", good.replace(line, "")),
        ("a line is damaged", good.replace(line, &damaged)),
        (
            "a stranger's alone",
            format!("{}\n\n\u{2014} stranger.example aGVsbG8gd29ybGQ=\n", good.split_once("\n\n").unwrap().0),
        ),
    ] {
        fs::write(&note, left).unwrap();
        assert_eq!(asked(&desk, first, "--register {}/register").await, says("undetermined", "fail"), "{what}");
    }
}

/// The signature by the police, with its end of line.
fn line_of_police(note: &str) -> &str {
    note.split_inclusive('\n').find(|line| line.starts_with("\u{2014} police.example")).unwrap()
}

#[tokio::test]
async fn a_register_only_grows_and_takes_nothing_that_does_not_count() {
    let desk = withdrawn(false).await;
    unproven(&desk, BUILD).await;
    let note = home(&desk, "register", "op/site/banner/1/notice.note").join("notice.note");
    let good = fs::read_to_string(&note).unwrap();
    fs::write(&note, good.replace("seized.example", "other.example")).unwrap();
    desk.run(BUILD).await.must(Exit::NotVerified, "altered");
    fs::remove_file(&note).unwrap();
    desk.run(BUILD).await.must(Exit::NotVerified, "not there any more");
    fs::write(&note, good).unwrap();
    unproven(&desk, BUILD).await;
    fs::write(desk.path("register/register.json"), "{}").unwrap();
    desk.run(BUILD).await.must(Exit::NotVerified, "register.json");
    fs::remove_file(desk.path("register/register.json")).unwrap();
    unproven(&desk, BUILD).await;

    // By one agency of two.
    desk.ok("notice withdraw {}/op").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    desk.run(BUILD).await.must(Exit::NotVerified, "not enough signatures");
    desk.run("notice register {}/register --keys {}/policy --note {}/policy")
        .await
        .must(Exit::NotVerified, "not published");
}

#[tokio::test]
async fn what_is_printed_of_a_sealed_notice_tells_no_name_in_either_form() {
    let desk = withdrawn(true).await;
    for line in
        ["notice show {}/op", "notice build {}/op", "notice sign {}/op --key {}/police.key", "notice withdraw {}/op"]
    {
        let shown = desk.json(line).await;
        assert!(!shown.to_string().contains("seized.example"), "{line}: {shown}");
        let edition = &shown["notices"][0];
        assert_eq!((&edition["sealed"], &edition["covers"]), (&true.into(), &serde_json::json!([])), "{line}");
        assert!(edition["sealed_count"].as_u64().unwrap() > 0, "{line}");
    }
    assert!(!desk.ok("notice show {}/op").await.contains("seized.example"));
    let desk = withdrawn(false).await;
    let edition = &desk.json("notice show {}/op").await["notices"][0];
    assert!(edition["covers"].to_string().contains("seized.example") && edition["sealed_count"].is_null());
}

#[tokio::test]
async fn a_register_never_tells_a_sealed_name_and_proves_what_the_log_records() {
    let desk = withdrawn(true).await;
    let log = "log add {}/op/log --key {}/log.key --begin --text Published --public --evidence {}/op/site/banner/1/notice.note";
    let proven = format!("{BUILD} --log {{}}/op/log --log-keys {{}}/log.vkey");
    desk.ok(&format!("{log} --subject www.seized.example")).await;
    let built = desk.run(&proven).await;
    built.must(Exit::Findings, "tells a sealed name");
    assert!(!format!("{built}").contains("seized.example"), "{built}");
    assert!(built.output.contains("0 with a proof"), "{built}");
    assert!(!everything(&desk.path("register")).contains("seized.example"));
    // Without the site nobody knows which names are sealed.
    let built = desk.run(&proven.replace(" --site {}/op/site", "")).await;
    built.must(Exit::Findings, "may tell a sealed name of");
    assert!(built.output.contains("0 with a proof"), "{built}");
    assert!(!everything(&desk.path("register")).contains("seized.example"));
    desk.run(&format!("{BUILD} --site {{}}/other --released end")).await.must(Exit::Usage, "several sites");

    let desk = withdrawn(true).await;
    desk.ok(log).await;
    let built = desk.ok(&proven).await;
    assert!(built.contains("1 with a proof in the log"), "{built}");
    assert!(!everything(&desk.path("register")).contains("seized.example"));
    let proof = home(&desk, "register", "op/site/banner/1/notice.note").join("log.tlog-proof");
    desk.ok(&format!("verify {} --keys {{}}/log.vkey", proof.display())).await;
    // What is recorded later does not take the proof away.
    desk.ok(BUILD).await;
    assert!(proof.is_file());
    let shown = desk.json(BUILD).await;
    assert_eq!(shown["notes"][0]["proven"], true);
    assert_eq!(shown["vouched"], false);
}

/// Every file below a directory, one after the other.
fn everything(dir: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        text += &if path.is_dir() { everything(&path) } else { fs::read_to_string(&path).unwrap() };
    }
    text
}

#[tokio::test]
async fn a_banner_that_is_not_ours_is_denied_by_several_agencies() {
    let desk = withdrawn(false).await;
    desk.write("seen.html", "<p>This site has been seized</p>");
    let deny = format!("notice deny --id false-1 {STATE} --seen 2026-12-07T21:30:00Z -o {{}}/false-1.note");
    desk.run(&deny).await.must(Exit::Usage, "about nothing");
    desk.run(&format!("{deny} --name a..b")).await.must(Exit::Usage, "label");
    desk.run(&format!("{deny} --name fake.example").replace("12-07T21", "12-09T21"))
        .await
        .must(Exit::Usage, "before it was stated");
    desk.run(&format!("{deny} --name fake.example").replace("police.key", "log.key")).await.must(Exit::Refused, "");
    desk.ok(&format!("{deny} --name Fake.example --address 203.0.113.99 --page {{}}/seen.html")).await;
    desk.run(&format!("{deny} --name fake.example")).await.must(Exit::Usage, "exists already");
    let check = "verify {}/false-1.note --keys {}/policy --name fake.example";
    assert_eq!(desk.run(check).await.exit, Exit::NotVerified, "one of two agencies");
    desk.run("notice register {}/register --keys {}/policy --note {}/false-1.note")
        .await
        .must(Exit::NotVerified, "not enough");
    let signed = desk.run("notice countersign {}/false-1.note --key {}/prosecution.key").await;
    signed.must(Exit::Ok, "\nname: fake.example\n");
    desk.ok(check).await;
    assert!(desk.read("false-1.note").contains(&Digest::of("<p>This site has been seized</p>").to_string()));
    assert_eq!(desk.run(&check.replace("--name fake", "--name other")).await.exit, Exit::NotVerified);
    let publish = "notice register {}/register --keys {}/policy --note {}/false-1.note";
    let built = desk.run(publish).await;
    built.must(Exit::Findings, "no proof of denial false-1: give the log");
    assert!(built.output.contains("1 notes, 1 of them new, 0 with a proof"), "{built}");
    // Recorded, it is proven; recorded by nobody, it is named once more.
    desk.ok("log add {}/op/log --key {}/log.key --begin --text Begun").await;
    let proven = format!("{publish} --log {{}}/op/log --log-keys {{}}/log.vkey");
    desk.run(&proven).await.must(Exit::Findings, "no proof of denial false-1: no entry of the log cites it");
    desk.ok("log add {}/op/log --key {}/log.key --text Denied --public --evidence {}/false-1.note").await;
    desk.ok(&proven).await;
    desk.ok(publish).await;
    assert!(desk.read("register/index.html").contains("fake.example"));
    // Beside it, the proof serves whoever names the log.
    let logged = format!("{check} --log {{}}/log.vkey");
    desk.run(&logged).await.must(Exit::Environment, "");
    let homes = fs::read_dir(desk.path("register")).unwrap().map(|home| home.unwrap().path().join("log.tlog-proof"));
    let [proof] = homes.filter(|proof| proof.exists()).collect::<Vec<_>>().try_into().unwrap();
    fs::copy(proof, desk.path("inclusion.tlog-proof")).unwrap();
    desk.ok(&logged).await;
    fs::remove_file(desk.path("inclusion.tlog-proof")).unwrap();

    // It was mistaken.
    desk.clock.advance_to("2026-12-09T08:00:00Z".parse().unwrap());
    let end = format!(
        "notice deny --id false-1-end {STATE} --seen 2026-12-07T21:30:00Z --name fake.example --withdraws {{}}/false-1.note \
         -o {{}}/end.note"
    );
    desk.ok(&end).await;
    desk.ok("notice countersign {}/end.note --key {}/prosecution.key").await;
    let end = unproven(&desk, "notice register {}/register --keys {}/policy --note {}/end.note").await;
    assert!(end.contains("2 notes, 1 of them new, 1 with a proof"), "{end}");
    assert_eq!(asked(&desk, "{}/false-1.note", "--register {}/register").await, says("withdrawn", "fail"));
    desk.run("notice countersign {}/op/site/banner/1/notice.note --key {}/police.key")
        .await
        .must(Exit::Usage, "notice sign");
    desk.run("notice countersign {}/policy --key {}/police.key").await.must(Exit::Usage, "is no signed statement");
}

#[tokio::test]
async fn a_joint_advisory_is_signed_by_several_agencies_and_tells_no_sealed_name_unless_told_to() {
    let desk = withdrawn(true).await;
    desk.write("en.txt", "Look for hxxps://www[.]seized[.]example and the files below.\n");
    desk.write("list.txt", format!("sha256,{}\naddress,203.0.113.7\n", Digest::of("tool").hex()));
    let advise = format!(
        "notice advisory {{}}/op --id tools {STATE} --text en={{}}/en.txt --indicators {{}}/list.txt -o {{}}/tools"
    );
    desk.run(&advise).await.must(Exit::Refused, "en.txt tells www.seized.example");
    assert!(!desk.path("tools").exists());
    desk.write("en.txt", "Look for the files below. \u{dc}ber alles Weitere sp\u{e4}ter.\n");
    desk.write("list.txt", "domain,seized.example\n");
    desk.run(&advise).await.must(Exit::Refused, "indicators.csv tells seized.example");
    desk.write("list.txt", "url,https://seized.example\n");
    desk.run(&advise).await.must(Exit::Usage, "line 1");
    desk.write("list.txt", format!("sha256,{}\naddress,203.0.113.7\n", Digest::of("tool").hex()));
    desk.run(&advise.replace("en={}/en.txt", "{}/en.txt")).await.must(Exit::Usage, "LANGUAGE=FILE");
    desk.ok(&advise).await;
    assert!(desk.read("tools/indicators.csv").starts_with("kind,value\naddress,203.0.113.7\nsha256,"));
    desk.ok("notice countersign {}/tools/advisory.note --key {}/prosecution.key").await;
    let check = "verify {}/tools --keys {}/policy";
    desk.ok(check).await;
    let publish = "notice register {}/register --keys {}/policy --note {}/tools/advisory.note";
    desk.run(publish).await.must(Exit::Findings, "no proof of advisory tools: give the log");
    desk.ok("log add {}/op/log --key {}/log.key --begin --text Advised --public --evidence {}/tools/advisory.note")
        .await;
    let built = desk.run(&format!("{publish} --log {{}}/op/log --log-keys {{}}/log.vkey --site {{}}/op/site")).await;
    built.must(Exit::Findings, "no proof of notice op/banner/1");
    assert!(!built.messages.contains("no proof of advisory tools"), "{built}");
    let published = home(&desk, "register", "tools/advisory.note");
    desk.ok(&format!("verify {} --keys {{}}/policy", published.display())).await;
    desk.write("tools/en.txt", "Look elsewhere.\n");
    assert_eq!(asked(&desk, "{}/tools", "").await.0, "altered");
    desk.run("notice register {}/register --keys {}/policy --note {}/tools/advisory.note")
        .await
        .must(Exit::NotVerified, "en.txt");
    desk.write("list.txt", "domain,seized.example\n");
    desk.ok(&advise.replace("-o {}/tools", "-o {}/told --tell-sealed")).await;
    assert!(desk.read("told/indicators.csv").contains("domain,seized.example"));
}

/// A site with an edition that a step releases, built and signed by both agencies.
pub async fn with_an_embargo() -> Desk {
    let desk = with_keys().await;
    fs::create_dir(desk.path("op/files")).unwrap();
    desk.write("op/files/press.txt", "Seized.\n");
    let digest = Digest::of("Seized.\n");
    let item = format!(
        "[[notice.press]]\nid = \"news\"\nurl = \"https://police.example/news\"\nembargo = \"release\"\n\
         file = {{ path = \"files/press.txt\", sha256 = \"{}\" }}\n\n",
        digest.hex()
    );
    let approver = "[[approver]]\nid = \"prosecutor\"\n";
    desk.edit("op/playbook.toml", approver, &format!("{item}{approver}"));
    let playbook =
        desk.read("op/playbook.toml") + "\n[[step]]\nid = \"release\"\ndo = \"release\"\nneeds = [\"verify\"]\n";
    desk.write("op/playbook.toml", playbook);
    let texts =
        desk.read("op/texts/en.toml") + "\n[press.news]\ntitle = \"What was seized\"\ntext = \"The whole story.\"\n";
    desk.write("op/texts/en.toml", texts);
    shown(&desk, false).await;
    desk
}

#[tokio::test]
async fn what_is_under_embargo_is_in_no_register_before_its_step_was_released() {
    let desk = with_an_embargo().await;
    for line in [BUILD.to_owned(), format!("{BUILD} --released other")] {
        let built = desk.run(&line).await;
        built.must(Exit::Findings, "op/banner/2 is under embargo until `release`; give --released release after it");
        assert!(built.output.contains(": 1 notes, "), "{built}");
    }
    let kept = everything(&desk.path("register"));
    assert!(!kept.contains("banner/2"), "{kept}");
    let first = "{}/op/site/banner/1 --name seized.example";
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("in-force", "not checked"));
    let built = desk.run(&format!("{BUILD} --released release")).await;
    built.must(Exit::Findings, "no proof of notice op/banner/2: give the log");
    assert!(built.output.contains(": 2 notes, 1 of them new"), "{built}");
    assert!(!built.messages.contains("embargo"), "{built}");
    assert_eq!(asked(&desk, first, "--register {}/register").await, says("superseded", "fail"));
}

/// The server shows the notice still, and the register knows better.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_on_the_web_is_held_against_the_register_too() {
    let operation = crate::operation::Operation::ready().await;
    let desk = &operation.desk;
    desk.clock.advance_to("2026-12-08T08:00:00Z".parse().unwrap());
    let build = "notice register {}/register --keys {}/police.vkey --site {}/op/site";
    let visit = "verify http://seized.example/ --connect 192.0.2.80:80 --keys {}/police.vkey";
    let later = async |more: &str| {
        let line = format!("{visit} {more} --format json");
        let ended = desk.run(&line).await;
        let said: serde_json::Value = serde_json::from_str(&ended.output).unwrap_or_else(|_| panic!("{line}\n{ended}"));
        let checks = said["visits"][0]["report"]["checks"].as_array().unwrap().clone();
        let later = checks.iter().find(|one| one["check"] == "later").unwrap()["result"].as_str().unwrap().to_owned();
        (ended.exit, said["verdict"]["code"].as_str().unwrap().to_owned(), later)
    };
    let expected = |exit, verdict: &str, later: &str| (exit, verdict.to_owned(), later.to_owned());
    unproven(desk, build).await;
    assert_eq!(later("").await, expected(Exit::Ok, "in-force", "not checked"));
    assert_eq!(later("--register {}/register").await, expected(Exit::Ok, "in-force", "not checked"));
    unproven(desk, &format!("{build} {STATE} --expires 2026-12-15T08:00:00Z")).await;
    assert_eq!(later("--register {}/register").await, expected(Exit::Ok, "in-force", "pass"));
    desk.ok("notice withdraw {}/op --decision Court-131/2027").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    unproven(desk, build).await;
    desk.clock.advance_to("2026-12-09T08:00:00Z".parse().unwrap());
    assert_eq!(later("--register {}/register").await, expected(Exit::NotVerified, "withdrawn", "fail"));
    assert_eq!(later("").await, expected(Exit::Ok, "in-force", "not checked"), "nobody was asked");
    desk.run(&format!("{visit} --register {{}}/nowhere")).await.must(Exit::Usage, "nowhere");
}

/// The withdrawal was recorded and witnessed; then the prosecution's key came into other hands.
#[tokio::test]
async fn a_register_dates_its_notes_with_the_proofs_of_the_log() {
    let desk = withdrawn(false).await;
    desk.ok("notice record {}/op --key {}/log.key").await;
    let built = desk.ok(&format!("{BUILD} --log {{}}/op/log --log-keys {{}}/log.vkey")).await;
    assert!(built.contains("1 with a proof in the log"), "{built}");
    // The entry by which it was served is the one that is taken, and so the register's proof stands for one in the kit.
    fs::remove_file(desk.path("op/site/banner/1/inclusion.tlog-proof")).unwrap();
    let line = "verify {}/op/site/banner/1 --name seized.example --keys {}/policy --log {}/log.vkey";
    let entry = async |more: &str| {
        let ended = desk.run(&format!("{line} {more} --format json")).await;
        let said: serde_json::Value = serde_json::from_str(&ended.output).unwrap_or_else(|_| panic!("{ended}"));
        let checks = said["notices"][0]["report"]["checks"].as_array().unwrap().clone();
        let entry = checks.iter().find(|one| one["check"] == "log entry").unwrap();
        (ended.exit, entry["result"].as_str().unwrap().to_owned())
    };
    assert_eq!(entry("").await, (Exit::Environment, "not checked".to_owned()));
    assert_eq!(entry("--register {}/register").await, (Exit::Ok, "pass".to_owned()));
}

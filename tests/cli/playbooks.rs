//! Playbooks that cannot be used: each is told with its place, and nothing else is done.

use std::fs;

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::with_keys;

#[tokio::test]
async fn what_is_no_playbook_at_all_ends_with_a_word_about_it() {
    let desk = Desk::new();
    desk.ok("init {}/op").await;
    fs::create_dir(desk.path("dir")).unwrap();
    fs::create_dir_all(desk.path("nested/playbook.toml")).unwrap();
    desk.write("latin.toml", b"version = 1\n# B\xfcro\n");
    desk.write("later.toml", "version = 2\n");
    desk.write("huge.toml", "# more\n".repeat(700_000));
    desk.write("later-and-wrong.toml", "version = 99\n[operation]\nwhen = 1\n");
    for (path, exit, said) in [
        ("nowhere.toml", Exit::Usage, "does not exist"),
        ("dir", Exit::Usage, "dir/playbook.toml"),
        ("nested", Exit::Environment, "is not a regular file"),
        ("latin.toml", Exit::Usage, "is not UTF-8 at byte 15, line 2"),
        ("later.toml", Exit::Usage, "this playbook is version 2; this program reads 1"),
        ("later-and-wrong.toml", Exit::Usage, "version 99"),
        ("huge.toml", Exit::Usage, "has more than 4194304 bytes"),
        ("op/texts/en.toml", Exit::Usage, "en.toml is no playbook: it holds the texts of a notice"),
        ("op/texts/en.toml", Exit::Usage, "may be {}/op/playbook.toml"),
        ("op/documents/order.txt", Exit::Usage, "order.txt is no playbook"),
    ] {
        for command in ["lint", "check", "plan", "notice build", "rehearse"] {
            let ended = desk.run(&format!("{command} {{}}/{path}")).await;
            ended.must(exit, &said.replace("{}", &desk.dir().display().to_string()));
            assert_eq!(ended.output, "", "{command} {path}");
        }
    }
}

/// A mistake in the playbook of `init`: what to replace, by what, and the problem that is told.
const MISTAKES: [(&str, &str, &str); 16] = [
    ("version = 1", "", "P003"),
    ("version = 1", "version = 1\nversoin = 1", "P002"),
    ("title = \"A new operation\"", "title = 7", "P004"),
    ("title = \"A new operation\"", "title = \"A new", "P001"),
    ("action = \"suspend\"", "action = \"explode\"", "P005"),
    ("name = \"panel.example\"", "name = \"pa nel.example\"", "is not a host name"),
    ("name = \"panel.example\"", "name = \"seized.example\"", "is a target already"),
    ("names = [\"panel.example\"]", "names = [\"other.example\"]", "panel.example"),
    ("actions = [\"redirect\", \"suspend\", \"offline\"]", "actions = [\"redirect\", \"offline\"]", "suspend"),
    ("notice = \"banner\"", "notice = \"baner\"", "baner"),
    ("texts/en.toml", "texts/de.toml", "texts/de.toml"),
    ("default-language = \"en\"", "default-language = \"de\"", "de"),
    ("needs = [\"check-before\"]", "needs = [\"verify\"]", "steps wait for each other"),
    ("plan = 2", "plan = 3", "3"),
    ("lead = \"police\"", "lead = \"navy\"", "navy"),
    ("order.txt\", sha256 = \"", "order.txt\", sha256 = \"0", "sha256"),
];

#[tokio::test]
async fn every_mistake_is_told_with_its_place_and_stops_every_command() {
    let desk = with_keys().await;
    let good = desk.read("op/playbook.toml");
    for (old, new, told) in MISTAKES {
        desk.write("op/playbook.toml", &good);
        desk.edit("op/playbook.toml", old, new);
        let ended = desk.run("lint {}/op").await;
        assert_eq!(ended.exit, Exit::Usage, "{new}\n{ended}");
        assert!(ended.output.contains("op/playbook.toml:"), "{new}\n{ended}");
        assert!(ended.output.contains(told), "no `{told}`\n{ended}");
        let json = desk.json("lint {}/op").await;
        assert!(!json["problems"].as_array().unwrap().is_empty(), "{json:#}");
        for command in ["plan {}/op", "notice build {}/op", "check {}/op", "rehearse {}/op -o {}/left"] {
            desk.run(command).await.must(Exit::Usage, "the playbook has errors");
        }
        assert!(!desk.path("op/plan.note").exists() && !desk.path("op/site").exists());
    }
}

#[tokio::test]
async fn an_empty_playbook_is_told_everything_that_it_lacks() {
    let desk = Desk::new();
    for text in ["", "\n\n", "\u{feff}", "# only a remark\n"] {
        desk.write("empty.toml", text);
        let ended = desk.run("lint {}/empty.toml").await;
        assert_eq!(ended.exit, Exit::Usage, "{ended}");
        assert!(ended.output.contains("P003"), "{ended}");
    }
}

#[tokio::test]
async fn a_warning_alone_ends_with_1_and_hinders_nothing() {
    let desk = with_keys().await;
    desk.clock.advance_to("2026-12-24T00:00:00Z".parse().unwrap());
    let ended = desk.run("lint {}/op").await;
    assert_eq!(ended.exit, Exit::Findings, "{ended}");
    assert!(ended.output.contains("has passed"), "{ended}");
    desk.ok("notice build {}/op").await;
}

#[tokio::test]
async fn a_new_operation_overwrites_nothing() {
    let desk = Desk::new();
    desk.write("file", "");
    desk.ok("init {}/op").await;
    desk.run("init {}/op").await.must(Exit::Usage, "is not empty");
    desk.run("init {}/file").await.must(Exit::Environment, "cannot be made");
    // All that it lacks is somebody who has read it.
    let linted = desk.run("lint {}/op").await;
    assert_eq!((linted.exit, linted.output.matches("warning[").count()), (Exit::Findings, 1), "{linted}");
    assert!(linted.output.contains("P101"), "{linted}");
}

#[tokio::test]
async fn lists_with_bad_lines_are_told_line_by_line() {
    let desk = with_keys().await;
    let target = "[[target]]\nname = \"panel.example\"";
    let list = |bytes: &[u8]| {
        desk.write("op/names.txt", bytes);
        let digest = impound::digest::Digest::of(bytes).hex();
        format!(
            "[[list]]\nid = \"dga\"\npath = \"names.txt\"\nsha256 = \"{digest}\"\naction = \"suspend\"\norder = \"order\"\n\n{target}"
        )
    };
    let good = desk.read("op/playbook.toml").replace("names = [\"panel", "lists = [\"dga\"]\nnames = [\"panel");
    let long = format!("{}.example\n", "a".repeat(64));
    let cases: [(&[u8], Option<&str>); 9] = [
        (b"# a remark\r\n\r\nOne.Example\r\ntwo.example\r\n", None),
        ("b\u{fc}cher.example\n例え.example\n".as_bytes(), None),
        (b"one.example\ntwo.example\nONE.example\n", Some("names.txt:3")),
        (b"one.example\nnot a name\n", Some("names.txt:2")),
        (long.as_bytes(), Some("names.txt:1")),
        (b"one.example\n\xff\xfe.example\n", Some("names.txt")),
        (b"http://one.example/\n", Some("names.txt:1")),
        (b"3frxlbrstqlzy5dkmeknxb3hpwdz6ozsdis47ahkzwl2qx7vl5xlmjad.onion\n", Some("names.txt:1")),
        (b"", Some("names.txt")),
    ];
    for (bytes, told) in cases {
        desk.write("op/playbook.toml", good.replace(target, &list(bytes)));
        let ended = desk.run("lint {}/op").await;
        let shown = String::from_utf8_lossy(bytes);
        match told {
            None => assert_eq!(ended.exit, Exit::Ok, "{shown}\n{ended}"),
            Some(told) => {
                assert_ne!(ended.exit, Exit::Ok, "{shown}\n{ended}");
                assert!(ended.output.contains(told), "{shown}\n{ended}");
            }
        }
    }
    desk.write("op/names.txt", "changed.example\n");
    let ended = desk.run("lint {}/op").await;
    assert_eq!(ended.exit, Exit::Usage, "{ended}");
}

/// How many problems are told, and what one of them says.
async fn told(desk: &Desk) -> (usize, String) {
    let json = desk.json("lint {}/op").await;
    (json["problems"].as_array().unwrap().len(), desk.run("lint {}/op").await.output)
}

#[tokio::test]
async fn a_header_that_is_nearly_right_is_told_once_with_the_right_one() {
    let desk = with_keys().await;
    let good = desk.read("op/playbook.toml");
    // Each leaves the steps or targets out, and nothing is said of that.
    for (old, new, problems, said) in [
        ("[[step]]", "[[steps]]", 1, "did you mean [[step]]?"),
        ("[[target]]", "[[targets]]", 1, "did you mean [[target]]?"),
        ("[[name-server]]", "[[nameserver]]", 1, "did you mean [[name-server]]?"),
        ("[[notice-host]]", "[[notice-hosts]]", 1, "did you mean [[notice-host]]?"),
        ("[operation]", "[[operation]]", 1, "write [operation]: there is one"),
        ("[[agency]]", "[agency]", 2, "write [[agency]], at each of them"),
        ("[[step]]", "[step]", 2, "`step` stands above already"),
        ("[observe]", "[oberve]", 1, "did you mean [observe]?"),
    ] {
        // Where one header is right before it, the parser only says that the others stand twice.
        let times = if new == "[agency]" { 1 } else { usize::MAX };
        desk.write("op/playbook.toml", good.replacen(old, new, times));
        let (count, output) = told(&desk).await;
        assert!(count == problems && output.contains(said), "{new}: {count}\n{output}");
        assert!(!output.contains("P076"), "{output}");
    }
    desk.write("op/playbook.toml", good.replace("action = \"", "action = \"x"));
    assert!(!told(&desk).await.1.contains("P076"));
}

#[tokio::test]
async fn the_code_of_a_country_is_not_taken_for_a_language() {
    let desk = with_keys().await;
    let good = desk.read("op/playbook.toml");
    for (country, said) in [
        ("jp", "did you mean `ja`?"),
        ("JP", "did you mean `ja`?"),
        ("cn", "did you mean `zh-Hans`?"),
        ("ua", "did you mean `uk`?"),
        ("gr", "did you mean `el`?"),
        ("cz", "did you mean `cs`?"),
        ("dk", "did you mean `da`?"),
        ("vn", "did you mean `vi`?"),
        ("il", "did you mean `he`?"),
        ("ir", "did you mean `fa`?"),
        ("in", "did you mean `hi`, or `id`?"),
        // Languages of their own, for which there are no words.
        ("kr", "did you mean `ko`?"),
        ("se", "did you mean `sv`?"),
    ] {
        desk.write(
            "op/playbook.toml",
            good.replace("texts = { en", &format!("texts = {{ {country} = \"texts/en.toml\", en")),
        );
        let (_, output) = told(&desk).await;
        assert!(output.contains(said), "{country}\n{output}");
    }
    desk.write("op/playbook.toml", good.replace("default-language = \"en\"", "default-language = \"jp\""));
    assert!(told(&desk).await.1.contains("`jp` is the code of a country"));
}

//! `verify` on files: notices that are not what they seem.

use std::fs;

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::with_keys;

/// A signed notice in `{}/site`, on a day on which it is in force.
async fn signed() -> Desk {
    let desk = with_keys().await;
    desk.ok("notice build {}/op --site {}/site").await;
    desk.ok("notice sign {}/op --key {}/police.key --site {}/site").await;
    desk.clock.advance_to("2026-12-06T08:00:00Z".parse().unwrap());
    desk
}

#[tokio::test]
async fn what_a_notice_says_in_a_language_that_nobody_vouches_for_or_that_is_out_of_date_is_told() {
    let desk = signed().await;
    let path = desk.path("op/playbook.toml");
    let before = fs::read_to_string(&path).unwrap();
    let english = fs::read_to_string(desk.path("op/texts/en.toml")).unwrap();
    desk.write("op/texts/sv.toml", &english);
    let vouched = |names: &str| {
        let text = before.replace("{ en = \"texts/en.toml\" }", "{ en = \"texts/en.toml\", sv = \"texts/sv.toml\" }");
        text.replace("{ en = \"Name, office\" }", &format!("{{ {names} }}"))
    };
    fs::write(&path, vouched("en = \"Somebody\"")).unwrap();
    let linted = desk.run("lint {}/op").await;
    assert_eq!(linted.exit, Exit::Findings);
    assert!(linted.output.contains("P101") && linted.output.contains("P102"), "{linted}");
    assert!(!linted.output.contains("in `en`"), "{linted}");
    desk.run("notice build {}/op --site {}/site").await.must(Exit::Refused, "--anew");
    let built = desk.ok("notice build {}/op --site {}/site --anew").await;
    assert!(built.contains("  not reviewed sv\n  out of date  sv\n"), "{built}");
    let shown = desk.json("notice show {}/op --site {}/site").await;
    assert_eq!(shown["notices"][0]["not_reviewed"], serde_json::json!(["sv"]));
    assert_eq!(shown["notices"][0]["out_of_date"], serde_json::json!(["sv"]));
    // When somebody vouches and the digest is the source's, there is nothing to tell.
    let source = impound::digest::Digest::of(&english).hex();
    desk.write("op/texts/sv.toml", format!("source-sha256 = \"{source}\"\n{english}"));
    fs::write(&path, vouched("en = \"Somebody\", sv = \"Someone\"")).unwrap();
    desk.ok("lint {}/op").await;
    let shown = desk.ok("notice show {}/op --site {}/site").await;
    assert!(!shown.contains("not reviewed") && !shown.contains("out of date"), "{shown}");
}

const GOOD: &str = "verify {}/site --keys {}/police.vkey --name seized.example";

#[tokio::test]
async fn a_notice_is_believed_under_the_right_keys_for_its_names_while_it_is_in_force() {
    let desk = signed().await;
    desk.ok(GOOD).await;
    desk.ok(&GOOD.replace("{}/site", "{}/site/banner/1")).await;
    desk.ok(&GOOD.replace("{}/site", "{}/site/banner/1/notice.note")).await;
    desk.ok(&format!("{GOOD} --at 2027-01-01T00:00:00Z")).await;
    desk.write("nonsense", "not a key\n");
    desk.write("remarks", "# nobody\n\n");
    desk.write("policy", "quorum nobody\n");
    for (line, exit, said) in [
        (GOOD.replace("police.vkey", "prosecution.vkey"), Exit::NotVerified, ""),
        (GOOD.replace("police.vkey", "log.vkey"), Exit::NotVerified, ""),
        (GOOD.replace("seized.example", "spared.example"), Exit::NotVerified, ""),
        (GOOD.replace("seized.example", "www.example"), Exit::NotVerified, ""),
        (format!("{GOOD} --at 2026-12-06T07:59:59Z"), Exit::NotVerified, ""),
        (format!("{GOOD} --at 2028-01-01T00:00:00Z"), Exit::NotVerified, ""),
        // Whether it covers a name was not asked, so it is not known.
        (GOOD.replace("--name seized.example", ""), Exit::Findings, "give --name NAME"),
        (GOOD.replace("seized.example", "not..a..name"), Exit::Usage, "label"),
        (GOOD.replace("seized.example", "http://seized.example/ja/"), Exit::Usage, "the name alone: seized.example"),
        (GOOD.replace("seized.example", "seized.example/ja/"), Exit::Usage, "the name alone: seized.example"),
        (format!("{GOOD} --at yesterday"), Exit::Usage, "yesterday"),
        (GOOD.replace("police.vkey", "nowhere"), Exit::Usage, "nowhere"),
        (GOOD.replace("police.vkey", "nonsense"), Exit::Usage, "line 1"),
        (GOOD.replace("police.vkey", "remarks"), Exit::Usage, "remarks"),
        (GOOD.replace("police.vkey", "policy"), Exit::Usage, "policy"),
        (GOOD.replace("{}/site", "{}/nowhere"), Exit::Usage, "does not exist"),
        (GOOD.replace("{}/site", "{}/op"), Exit::Usage, "holds no notice"),
        (GOOD.replace("{}/site", "ftp://seized.example/").replace("--name seized.example", ""), Exit::Usage, "ftp"),
        (GOOD.replace("{}/site", "http:///").replace("--name seized.example", ""), Exit::Usage, "http"),
        (GOOD.replace("{}/site", "http://seized.example/"), Exit::Usage, "--name is for files"),
    ] {
        let ended = desk.run(&line).await;
        assert_eq!(ended.exit, exit, "{line}\n{ended}");
        assert!(ended.messages.contains(said), "no `{said}`\n{line}\n{ended}");
    }
}

#[tokio::test]
async fn a_register_in_the_place_of_a_notice_is_told() {
    let desk = signed().await;
    desk.run("notice register {}/public --keys {}/police.vkey --site {}/site").await.must(Exit::Findings, "");
    let ended = desk.run("verify {}/public --keys {}/police.vkey").await;
    ended.must(Exit::Usage, "it is a register: impound verify ");
    assert!(ended.messages.contains("/public/register.note, or ") && ended.messages.contains("--register "), "{ended}");
}

/// What is in the kit is there to be compared; `verify` believes the keys that it is given.
#[tokio::test]
async fn the_kit_has_the_policy_and_the_key_list_of_the_operation() {
    let desk = signed().await;
    let policy = desk.read("site/banner/1/policy");
    assert!(policy.contains("signer police.example/notice police.example/notice+"), "{policy}");
    let own_keys = GOOD.replace("police.vkey", "site/banner/1/../1/policy");
    for what in ["{}/site", "{}/site/banner/1", "{}/site/banner/1/notice.note"] {
        let said = "a forged kit brings forged keys";
        desk.run(&own_keys.replace("{}/site --keys", &format!("{what} --keys"))).await.must(Exit::Ok, said);
        let apart = desk.run(&GOOD.replace("{}/site", what)).await;
        assert!(apart.exit == Exit::Ok && !apart.messages.contains("forged"), "{apart}");
    }
    desk.run(&GOOD.replace("--keys {}/police.vkey", "")).await.must(Exit::Usage, "--keys");
    assert!(!desk.path("site/banner/1/keys.note").exists());
    let sign = "notice sign {}/op --key {}/police.key --site {}/site";
    desk.write("op/keys.note", "nonsense");
    desk.run(sign).await.must(Exit::Usage, "keys.note");
    fs::remove_file(desk.path("op/keys.note")).unwrap();
    desk.ok("key new police.example/root -o {}/root.key --unencrypted").await;
    desk.ok("key list new --root {}/root.vkey --threshold 1 --quorum 1 --expires 2027-02-22T08:00:00Z {}/police.vkey -o {}/op/keys.note").await;
    desk.run(sign).await.must(Exit::Usage, "keys.note");
    desk.ok("key list sign {}/op/keys.note --key {}/root.key").await;
    desk.ok(sign).await;
    assert_eq!(desk.read("site/banner/1/keys.note"), desk.read("op/keys.note"));
    assert!(desk.read("site/banner/1/HOWTO.txt").contains("keys.note says which keys count today"));
    desk.ok(GOOD).await;
}

#[tokio::test]
async fn a_notice_of_which_any_octet_was_altered_is_not_believed() {
    let desk = signed().await;
    for file in ["notice.note", "notice.txt", "en/index.html"] {
        let path = desk.path("site/banner/1").join(file);
        let good = fs::read(&path).unwrap();
        for place in [0, good.len() / 2, good.len() - 2] {
            let mut bad = good.clone();
            bad[place] ^= 1;
            fs::write(&path, bad).unwrap();
            let ended = desk.run(GOOD).await;
            assert_eq!(ended.exit, Exit::NotVerified, "{file} at {place}\n{ended}");
        }
        for cut in [&good[..good.len() / 2], &[]] {
            fs::write(&path, cut).unwrap();
            let ended = desk.run(GOOD).await;
            assert_eq!(ended.exit, Exit::NotVerified, "{file} cut to {}\n{ended}", cut.len());
        }
        fs::write(&path, good).unwrap();
    }
    desk.ok(GOOD).await;
}

/// A notice that does not tell its names: built, signed, served from a playbook, and proven for one name.
#[tokio::test]
async fn a_notice_with_sealed_names_is_proven_for_one_name_at_a_time() {
    let desk = with_keys().await;
    desk.edit("op/playbook.toml", "[[notice]]\n", "[[notice]]\nsealed-names = true\n");
    desk.run("plan {}/op").await.must(Exit::Usage, "coverage.seed");
    desk.run("notice build {}/op --site {}/site").await.must(Exit::Ok, "made");
    let seed = desk.read("op/coverage.seed");
    desk.ok("notice build {}/op --site {}/site").await;
    assert_eq!(desk.read("op/coverage.seed"), seed, "a seed that is there is never replaced");
    desk.ok("notice sign {}/op --key {}/police.key --site {}/site").await;
    let manifest = desk.read("site/banner/1/notice.txt");
    assert!(manifest.contains("\nsealed: 1 ") && !manifest.contains("seized.example"), "{manifest}");
    assert!(desk.ok("notice show {}/op --site {}/site").await.contains("1 name, sealed"));

    desk.clock.advance_to("2026-12-06T08:00:00Z".parse().unwrap());
    desk.ok(GOOD).await;
    let spared = desk.run(&GOOD.replace("seized.example", "spared.example")).await;
    assert!(spared.exit == Exit::Environment && spared.output.contains("coverage.proof beside"), "{spared}");
    // Somebody who may know one name only.
    desk.ok("notice prove {}/op --site {}/site --name www.seized.example -o {}/coverage.proof").await;
    desk.run("notice prove {}/op --site {}/site --name spared.example").await.must(Exit::Findings, "spared.example");
    desk.run("notice prove {}/op --site {}/site --name a..b").await.must(Exit::Usage, "label");
    fs::create_dir(desk.path("handed")).unwrap();
    for file in ["notice.note", "notice.txt"] {
        desk.write(&format!("handed/{file}"), desk.read(&format!("site/banner/1/{file}")));
    }
    let handed = GOOD.replace("{}/site", "{}/handed/notice.note");
    desk.run(&handed).await.must(Exit::Environment, "");
    desk.write("handed/coverage.proof", desk.read("coverage.proof"));
    let shown = desk.run(&handed).await;
    assert!(shown.output.contains("one of 1"), "{shown}");
    desk.run(&handed.replace("seized.example", "spared.example")).await.must(Exit::NotVerified, "");

    // Another seed would make another notice: what was signed is held to the one that is there.
    fs::remove_file(desk.path("op/coverage.seed")).unwrap();
    desk.ok("notice build {}/op").await;
    desk.run("serve {}/op --http 127.0.0.1:0").await.must(Exit::Refused, "not signed");
    desk.write("op/coverage.seed", "nonsense");
    desk.run("lint {}/op").await.must(Exit::Usage, "");
}

#[tokio::test]
async fn a_name_without_http_is_no_file_and_the_help_says_what_to_type() {
    let desk = with_keys().await;
    for typed in ["shop.example", "www.shop.example/path", "SHOP.example:8080"] {
        let ended = desk.run(&format!("verify {typed} --keys {{}}/police.vkey")).await;
        ended.must(Exit::Usage, "if a site is meant, say how it is visited");
        assert!(ended.messages.contains("shop.example/ or https://"), "{ended}");
    }
    for missing in ["nowhere", "./shop.example", "a/shop.example", "192.0.2.1", "notice.note", "Notice.HTML"] {
        let ended = desk.run(&format!("verify {missing} --keys {{}}/police.vkey")).await;
        assert!(ended.exit == Exit::Usage && ended.messages.contains("does not exist"), "{ended}");
        assert!(!ended.messages.contains("http"), "{ended}");
    }
}

/// Whether a notice is for the site in question is for the person to ask, and is never taken from the notice.
#[tokio::test]
async fn what_is_given_in_place_of_a_name_a_note_or_keys_is_told_with_what_is_needed() {
    let desk = with_keys().await;
    desk.ok("notice build {}/op").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    for what in ["{}/op/site", "{}/op/site/banner/1", "{}/op/site/banner/1/notice.note"] {
        let at = "--at 2027-01-01T00:00:00Z --keys {}/police.vkey";
        let ended = desk.run(&format!("verify {what} {at}")).await;
        ended.must(Exit::Findings, "give --name NAME");
        assert!(ended.output.contains("not checked, and how it would be:\n"), "{ended}");
        assert!(ended.output.lines().all(|line| line.chars().count() <= 80), "{ended}");
        let named = desk.run(&format!("verify {what} {at} --name seized.example")).await;
        assert_eq!(named.exit, Exit::Ok, "{named}");
        assert!(!named.output.contains("--name"), "{named}");
        assert!(named.output.contains("--register DIR") && named.output.contains("--log VKEY"), "{named}");
    }
    // Where more than the name is open, it is not the name alone.
    fs::remove_file(desk.path("op/site/banner/1/en/index.html")).unwrap();
    let ended = desk.run("verify {}/op/site --at 2027-01-01T00:00:00Z --keys {}/police.vkey").await;
    assert_eq!(ended.exit, Exit::Environment, "{ended}");

    let kit = "{}/op/site/banner/1";
    let page = desk.run(&format!("verify {kit}/verify.html --keys {{}}/police.vkey")).await;
    page.must(Exit::Usage, "verify.html is a web page");
    assert!(page.messages.contains("give the notice.note that lies beside it, or the directory"), "{page}");
    let unsigned = desk.run(&format!("verify {kit}/notice.txt --keys {{}}/police.vkey")).await;
    unsigned.must(Exit::NotVerified, "is the text of a notice without any signature");
    unsigned.must(Exit::NotVerified, "the signed one is beside it: impound verify ");
    for (keys, said) in [
        ("police.pub.pem", "a public key in PEM"),
        ("police.minisign.pub", "a key for minisign"),
        ("allowed_signers", "keys for OpenSSH"),
        ("notice.txt", "holds a notice"),
    ] {
        let ended = desk.run(&format!("verify {kit} --keys {kit}/{keys}")).await;
        ended.must(Exit::Usage, said);
        ended.must(Exit::Usage, "have them from the agencies, never from the notice itself");
    }
}

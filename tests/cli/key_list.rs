//! Key lists: written, signed, shown, believed and not believed.

use std::fs;

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::with_keys;

const NEW: &str = "key list new --expires 2026-12-22T08:00:00Z --root {}/police-root.vkey \
                   --root {}/prosecution-root.vkey --threshold 2 {}/police.vkey {}/prosecution.vkey";
/// The day of the operation.
const NOON: &str = "2026-12-06T12:00:00Z";

/// An operation whose notice the police has signed, a list of both notice keys that both roots have signed, and the policy
/// `roots` by which they must.
pub async fn with_list() -> Desk {
    let desk = with_keys().await;
    desk.ok("notice build {}/op").await;
    desk.ok("notice sign {}/op --key {}/police.key").await;
    for agency in ["police", "prosecution"] {
        desk.ok(&format!("key new {agency}.example/root -o {{}}/{agency}-root.key --unencrypted")).await;
    }
    desk.ok(&format!("{NEW} --quorum 1 -o {{}}/unsigned.note")).await;
    signed(&desk, "keys.note", &["police-root", "prosecution-root"], |text| text).await;
    let [police, prosecution] = ["police-root.vkey", "prosecution-root.vkey"].map(|file| desk.read(file));
    desk.write("roots", format!("signer a {police}signer b {prosecution}group all all a b\nquorum all\n"));
    desk
}

/// Writes the unsigned list, edited, to another file and signs that.
async fn signed(desk: &Desk, file: &str, roots: &[&str], edit: impl Fn(String) -> String) {
    desk.write(file, edit(desk.read("unsigned.note")));
    for root in roots {
        desk.ok(&format!("key list sign {{}}/{file} --key {{}}/{root}.key")).await;
    }
}

/// What is said of the notice under a list and its roots at a moment.
async fn verify(desk: &Desk, list: &str, roots: &str, at: &str) -> (Exit, String) {
    let line = format!(
        "verify {{}}/op/site --name seized.example --keys {{}}/{list} --roots {{}}/{roots} --at {at} --format json"
    );
    let ended = desk.run(&line).await;
    (ended.exit, ended.output + &ended.messages)
}

#[tokio::test]
async fn a_list_is_written_signed_and_shown() {
    let desk = with_list().await;
    let shown = desk.ok("key list show {}/keys.note --roots {}/roots").await;
    for said in [
        "version 1\n",
        "expires    2026-12-22T08:00:00Z\n",
        "agencies   1 must sign a notice\n",
        "signed by  police.example/root, prosecution.example/root\nverified   2 of 2 needed",
        "  counts until before 2026-12-22T08:00:00Z\n",
    ] {
        assert!(shown.contains(said), "no `{said}` in\n{shown}");
    }
    assert!(desk.ok("key list show {}/keys.note").await.contains("prosecution.example/root (not verified)\n"));
    assert!(desk.ok("key list show {}/unsigned.note").await.contains("nobody yet"));
    let json = desk.json("key list show {}/keys.note --roots {}/roots").await;
    assert_eq!((json["number"].as_u64(), json["quorum"].as_u64()), (Some(1), Some(1)));
    assert_eq!((json["verified"].as_bool(), json["keys"][0]["counts"].as_bool()), (Some(true), Some(true)));
    assert_eq!(json["keys"][0]["vkey"], desk.read("police.vkey").trim_end());
    // Signing twice is signing once.
    let before = desk.read("keys.note");
    desk.ok("key list sign {}/keys.note --key {}/prosecution-root.key").await;
    assert_eq!(desk.read("keys.note"), before);
}

#[tokio::test]
async fn a_list_says_whose_signature_counts_and_when() {
    let desk = with_list().await;
    let both = ["police-root", "prosecution-root"];
    let revoke = |text: String| {
        let at = text.find("status=active").unwrap();
        let end = at + text[at..].find('\n').unwrap();
        let line = text[at..end].replace("active", "revoked") + " compromised-since=2026-12-01T00:00:00Z";
        format!("{}{line}{}", &text[..at], &text[end..])
    };
    signed(&desk, "revoked.note", &both, revoke).await;
    let retired = |text: String| text.replacen("status=active", "status=retired", 1);
    signed(&desk, "retired.note", &both, retired).await;
    let later = |text: String| text.replacen("not-before=2026-11-22", "not-before=2026-12-20", 1);
    signed(&desk, "later.note", &both, later).await;
    signed(&desk, "two.note", &both, |text| text.replace("quorum: 1", "quorum: 2")).await;
    for (list, at, exit, said) in [
        ("keys.note", NOON, Exit::Ok, "version 1, until before 2026-12-22T08:00:00Z; roots: 2 of 2 needed"),
        ("keys.note", "2026-12-22T08:00:00Z", Exit::NotVerified, "key list expired"),
        (
            "revoked.note",
            NOON,
            Exit::NotVerified,
            "police.example/notice (revoked: perhaps in other hands since 2026-12-01",
        ),
        ("retired.note", NOON, Exit::Ok, "in-force"),
        ("later.note", NOON, Exit::NotVerified, "police.example/notice (not valid before 2026-12-20T08:00:00Z)"),
        ("later.note", "2026-12-20T08:00:00Z", Exit::NotVerified, "(not valid before 2026-12-20T08:00:00Z)"),
        ("two.note", NOON, Exit::NotVerified, "not-enough-signatures"),
    ] {
        let (ended, output) = verify(&desk, list, "roots", at).await;
        assert!(ended == exit && output.contains(said), "{list} at {at}: {ended:?}\n{output}");
    }
    desk.clock.advance_to("2026-12-22T08:00:00Z".parse().unwrap());
    let shown = desk.run("key list show {}/keys.note --roots {}/roots").await;
    assert!(shown.exit == Exit::NotVerified && shown.output.contains("(has expired)"), "{shown}");
}

#[tokio::test]
async fn a_list_that_is_not_believed_lets_nothing_pass() {
    let desk = with_list().await;
    signed(&desk, "half.note", &["police-root"], |text| text).await;
    desk.write("altered.note", desk.read("keys.note").replace("quorum: 1", "quorum: 2"));
    desk.write("binary", [0xff; 40]);
    for (list, roots, exit, said) in [
        ("unsigned.note", "roots", Exit::NotVerified, "the note has no signatures"),
        ("half.note", "roots", Exit::NotVerified, "have signed key list 1: 1 of 2 needed"),
        ("altered.note", "roots", Exit::NotVerified, "the signature of `police.example/root` does not match the text"),
        ("keys.note", "police.vkey", Exit::NotVerified, "none of the note's 2 signatures is by a known key"),
        ("keys.note", "keys.note", Exit::Usage, "is not a verifier key"),
        ("keys.note", "binary", Exit::Usage, "neither a policy nor a list of keys"),
        ("keys.note", "nowhere", Exit::Usage, "nowhere does not exist"),
        ("nowhere", "roots", Exit::Usage, "nowhere does not exist"),
    ] {
        let (ended, output) = verify(&desk, list, roots, NOON).await;
        assert!(ended == exit && output.contains(said), "{list} {roots}: {ended:?}\n{output}");
        desk.run(&format!("key list show {{}}/{list} --roots {{}}/{roots}")).await.must(exit, said);
    }
    desk.run("verify {}/op/site --keys {}/keys.note").await.must(Exit::Usage, "with --roots");
    desk.run("verify {}/op/site --keys {}/police.vkey --roots {}/roots").await.must(Exit::Usage, "leave --roots out");
}

#[tokio::test]
async fn what_is_no_list_is_neither_written_nor_signed_nor_shown() {
    let desk = with_list().await;
    let before = desk.read("keys.note");
    for (line, exit, said) in [
        ("--quorum 1 -o {}/keys.note", Exit::Environment, "exists already"),
        ("--quorum 1 -o {}/nowhere/new.note", Exit::Environment, "nowhere"),
        ("--quorum 3 -o {}/new.note", Exit::Usage, "3 agencies must sign a notice, but the list has notice keys of 2"),
        ("--quorum 0 -o {}/new.note", Exit::Usage, "`0` is not a number from 1"),
        ("--quorum 1 --root {}/police.vkey -o {}/new.note", Exit::Usage, "has not the role root"),
        ("--quorum 1 --root {}/police-root.vkey -o {}/new.note", Exit::Usage, "stands above as well"),
        ("--quorum 1 {}/police.vkey -o {}/new.note", Exit::Usage, "stands above as well"),
        ("--quorum 1 {}/commander.vkey -o {}/new.note", Exit::Usage, "not one of notice, log and witness"),
        ("--quorum 1 {}/nowhere.vkey -o {}/new.note", Exit::Usage, "nowhere.vkey does not exist"),
    ] {
        desk.run(&format!("{NEW} {line}")).await.must(exit, said);
        assert!(!desk.path("new.note").exists(), "{line}");
    }
    desk.run("key list new --quorum 1 --expires 2026-11-22T08:00:00Z --root {}/police-root.vkey --threshold 1 {}/police.vkey -o {}/new.note")
        .await
        .must(Exit::Usage, "not after the beginning");
    let sign = "key list sign {}/keys.note --key {}/police.key";
    desk.run(sign).await.must(Exit::Refused, "a key of the role root is needed here");
    assert_eq!(desk.read("keys.note"), before);
    desk.write("typo.note", desk.read("unsigned.note").replace("status=active", "status=good"));
    desk.write("empty.note", "");
    desk.write("huge.note", "seizure-keys/v1\n".repeat(1 << 16));
    for (file, exit, said) in [
        ("typo.note", Exit::Usage, "line 9 of the key list cannot be used\n  because: `police.example/notice"),
        ("empty.note", Exit::Usage, "is not made by `impound key list new`"),
        ("police.vkey", Exit::Usage, "is not `seizure-keys/v1`"),
        ("huge.note", Exit::Usage, "huge.note has more than"),
        ("nowhere.note", Exit::Usage, "nowhere.note does not exist"),
    ] {
        desk.run(&format!("key list sign {{}}/{file} --key {{}}/police-root.key")).await.must(exit, said);
        desk.run(&format!("key list show {{}}/{file}")).await.must(exit, said);
    }
}

/// Lists 1 to 3 in `keys.N.note`, the third as `keys.note` too. With the second the prosecution's new root takes over from its
/// old one, in the third the police's notice key is revoked.
async fn with_chain() -> Desk {
    let desk = with_list().await;
    fs::rename(desk.path("keys.note"), desk.path("keys.1.note")).unwrap();
    desk.ok("key new prosecution.example/root/2 -o {}/new-root.key --unencrypted").await;
    let next = "key list next {}/keys.1.note --expires 2027-01-22T08:00:00Z --add-root {}/new-root.vkey";
    desk.ok(&format!("{next} --drop-root prosecution.example/root -o {{}}/keys.2.note")).await;
    let revoke = "key revoke police.example/notice --list {}/keys.2.note --compromised-since 2026-12-01T00:00:00Z";
    desk.ok(&format!("{revoke} --expires 2027-02-22T08:00:00Z -o {{}}/keys.3.note")).await;
    for (list, roots) in [(2, &["police-root", "prosecution-root", "new-root"][..]), (3, &["police-root", "new-root"])]
    {
        for root in roots {
            desk.ok(&format!("key list sign {{}}/keys.{list}.note --key {{}}/{root}.key")).await;
        }
    }
    fs::copy(desk.path("keys.3.note"), desk.path("keys.note")).unwrap();
    desk
}

#[tokio::test]
async fn old_roots_lead_to_the_newest_list_through_those_beside_it() {
    let desk = with_chain().await;
    let (exit, output) = verify(&desk, "keys.note", "roots", NOON).await;
    assert!(exit == Exit::NotVerified && output.contains("version 3, until before 2027-02-22T08:00:00Z"), "{output}");
    assert!(output.contains("police.example/notice (revoked: "), "{output}");
    let shown = desk.run("key list show {}/keys.1.note --roots {}/roots").await;
    // Asked for by the name of an old one, it stands alone: nothing lies beside a list of that name.
    assert!(shown.exit == Exit::Ok && shown.output.contains("version 1\n"), "{shown}");
    let shown = desk.ok("key list show {}/keys.note --since {}/keys.1.note").await;
    for said in [
        "version 3\n",
        "roots      2 of 2 must sign the list\n",
        "verified   2 of 2 needed; signed by police.example/root, prosecution.example/root/2\n",
        "  revoked, in doubt since 2026-12-01T00:00:00Z\n",
        "  counts until before 2027-02-22T08:00:00Z\n",
        "  root\n",
    ] {
        assert!(shown.contains(said), "no `{said}` in\n{shown}");
    }
    desk.ok("key list show {}/keys.note --since {}/keys.note").await;
    desk.run("key list show {}/keys.note --since {}/keys.1.note --roots {}/roots")
        .await
        .must(Exit::Usage, "cannot be used");
}

#[tokio::test]
async fn a_broken_chain_of_lists_is_refused_at_the_link_that_is_bad() {
    let desk = with_chain().await;
    let (second, third) = (desk.read("keys.2.note"), desk.read("keys.3.note"));
    let refused = async |said: &str| {
        let (exit, output) = verify(&desk, "keys.note", "roots", NOON).await;
        assert!(exit == Exit::NotVerified && output.contains(said), "{exit:?} without `{said}`\n{output}");
    };
    fs::remove_file(desk.path("keys.2.note")).unwrap();
    refused("key list 3 is at hand, but not key list 2, which it follows from").await;
    let without = |name: &str| {
        let lines = second.lines().filter(|line| !line.starts_with(&format!("— {name} ")));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    desk.write("keys.2.note", without("prosecution.example/root"));
    refused("not enough roots of key list 1 have signed key list 2").await;
    desk.write("keys.2.note", without("prosecution.example/root/2"));
    refused("not enough of its own roots have signed key list 2").await;
    desk.write("keys.2.note", &second);
    desk.ok("key list next {}/keys.1.note --expires 2027-01-23T08:00:00Z -o {}/keys.4.note").await;
    desk.ok("key list sign {}/keys.4.note --key {}/police-root.key").await;
    refused("there are two different key lists with the number 2").await;
    fs::remove_file(desk.path("keys.4.note")).unwrap();
    // An old list shown to somebody who has seen a newer one.
    desk.write("last.note", &third);
    fs::remove_file(desk.path("keys.3.note")).unwrap();
    desk.write("keys.note", &second);
    let put_back = desk.run("verify {}/op/site --name seized.example --keys {}/keys.note --since {}/last.note").await;
    put_back.must(Exit::NotVerified, "the newest key list at hand is 2, but key list 3 was believed already");
}

#[tokio::test]
async fn a_list_is_not_changed_by_what_is_not_on_it_or_not_clear() {
    let desk = with_list().await;
    desk.ok("key new police.example/notice -o {}/second.key --unencrypted").await;
    let next = "key list next {}/keys.note --expires 2027-01-22T08:00:00Z -o {}/new.note";
    for (options, exit, said) in [
        ("--retire court.example/notice", Exit::Usage, "court.example/notice does not exist"),
        ("--retire {}/second.vkey", Exit::Usage, "`police.example/notice` is not on key list 1"),
        ("--revoke police.example/notice", Exit::Usage, "--compromised-since"),
        ("--compromised-since 2026-12-01T00:00:00Z", Exit::Usage, "--revoke"),
        ("--drop-root police.example/root", Exit::Usage, "2 roots must sign the list, but it has 1"),
        ("--threshold 3", Exit::Usage, "3 roots must sign the list, but it has 2"),
        ("--add {}/commander.vkey", Exit::Usage, "not one of notice, log and witness"),
    ] {
        desk.run(&format!("{next} {options}")).await.must(exit, said);
        assert!(!desk.path("new.note").exists(), "{options}");
    }
    desk.ok(&format!("{next} --add {{}}/second.vkey")).await;
    let unclear = "key revoke police.example/notice --list {}/new.note --compromised-since 2026-12-01T00:00:00Z";
    let unclear = desk.run(&format!("{unclear} --expires 2027-01-22T08:00:00Z -o {{}}/newer.note")).await;
    unclear.must(Exit::Usage, "2 keys on the list are called `police.example/notice`");
    // Nothing is renewed by itself but what was to end with the list.
    let json = desk.json("key list show {}/new.note").await;
    assert_eq!((json["number"].as_u64(), json["threshold"].as_u64()), (Some(2), Some(2)));
    let ends = json["keys"].as_array().unwrap().iter().map(|key| key["not_after"].as_str().unwrap().to_owned());
    assert!(ends.eq(["2027-01-22T08:00:00Z"; 3]), "{json:#}");
}

#[tokio::test]
async fn the_lists_beside_the_playbook_go_into_the_kit_with_those_before() {
    let desk = with_list().await;
    let list = desk.read("keys.note");
    for name in ["op/keys.note", "op/keys.1.note"] {
        desk.write(name, list.clone());
    }
    desk.ok("notice sign {}/op --key {}/prosecution.key").await;
    let kits: Vec<_> = fs::read_dir(desk.path("op/site"))
        .unwrap()
        .flat_map(|notice| fs::read_dir(notice.unwrap().path()).into_iter().flatten())
        .map(|edition| edition.unwrap().path())
        .filter(|edition| edition.join("notice.txt").exists())
        .collect();
    assert!(!kits.is_empty());
    for kit in kits {
        for name in ["keys.note", "keys.1.note"] {
            assert_eq!(fs::read_to_string(kit.join(name)).unwrap(), list, "{}", kit.display());
        }
    }
    desk.write("op/keys.2.note", "no list");
    let ended = desk.run("notice sign {}/op --key {}/prosecution.key").await;
    assert_eq!(ended.exit, Exit::Usage);
    assert!(ended.messages.contains("keys.2.note is no signed key list"), "{}", ended.messages);
}

#[tokio::test]
async fn a_root_that_is_not_on_the_first_list_does_not_sign_it() {
    let desk = with_list().await;
    desk.ok("key new police.example/root/2 -o {}/other-root.key --unencrypted").await;
    let before = desk.read("keys.note");
    let ended = desk.run("key list sign {}/keys.note --key {}/other-root.key").await;
    ended.must(Exit::Refused, "is no root of this list");
    ended.must(Exit::Refused, "its roots are police.example/root+");
    assert_eq!(desk.read("keys.note"), before);
    // Of the second, the roots of the first sign as well: also one that is dropped.
    let next =
        "key list next {}/keys.note --expires 2027-01-22T08:00:00Z --threshold 1 --drop-root police.example/root";
    desk.ok(&format!("{next} -o {{}}/keys.2.note")).await;
    desk.ok("key list sign {}/keys.2.note --key {}/police-root.key").await;
}

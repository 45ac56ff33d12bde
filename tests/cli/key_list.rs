//! Key lists: written, signed, shown, believed and not believed.

use impound::cli::Exit;

use crate::desk::Desk;
use crate::operation::with_keys;

const NEW: &str = "key list new --expires 2026-12-22T08:00:00Z {}/police.vkey {}/prosecution.vkey";
/// The day of the operation.
const NOON: &str = "2026-12-06T12:00:00Z";

/// An operation whose notice the police has signed, a list of both notice keys that both roots have signed, and the policy
/// `roots` by which they must.
async fn with_list() -> Desk {
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
    let revoke = |text: String| text.replacen("status=active", "status=revoked", 1);
    signed(&desk, "revoked.note", &both, revoke).await;
    let later = |text: String| text.replacen("not-before=2026-11-22", "not-before=2026-12-20", 1);
    signed(&desk, "later.note", &both, later).await;
    signed(&desk, "two.note", &both, |text| text.replace("quorum: 1", "quorum: 2")).await;
    for (list, at, exit, said) in [
        ("keys.note", NOON, Exit::Ok, "version 1, until before 2026-12-22T08:00:00Z; roots: 2 of 2 needed"),
        ("keys.note", "2026-12-22T08:00:00Z", Exit::NotVerified, "key list expired"),
        ("revoked.note", NOON, Exit::NotVerified, "not counted: police.example/notice (revoked)"),
        ("later.note", NOON, Exit::NotVerified, "police.example/notice (not valid before 2026-12-20T08:00:00Z)"),
        ("later.note", "2026-12-20T08:00:00Z", Exit::Ok, "in-force"),
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
        ("half.note", "roots", Exit::NotVerified, "not enough roots have signed it: 1 of 2 needed"),
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
        ("--quorum 1 --number 0 -o {}/new.note", Exit::Usage, "`0` is not a number from 1"),
        ("--quorum 1 {}/police.vkey -o {}/new.note", Exit::Usage, "stands above as well"),
        ("--quorum 1 {}/commander.vkey -o {}/new.note", Exit::Usage, "not one of notice, log and witness"),
        ("--quorum 1 {}/nowhere.vkey -o {}/new.note", Exit::Usage, "nowhere.vkey does not exist"),
    ] {
        desk.run(&format!("{NEW} {line}")).await.must(exit, said);
        assert!(!desk.path("new.note").exists(), "{line}");
    }
    desk.run("key list new --quorum 1 --expires 2026-11-22T08:00:00Z {}/police.vkey -o {}/new.note")
        .await
        .must(Exit::Usage, "not after the beginning");
    let sign = "key list sign {}/keys.note --key {}/police.key";
    desk.run(sign).await.must(Exit::Refused, "a key of the role root is needed here");
    assert_eq!(desk.read("keys.note"), before);
    desk.write("typo.note", desk.read("unsigned.note").replace("status=active", "status=good"));
    desk.write("empty.note", "");
    desk.write("huge.note", "seizure-keys/v1\n".repeat(1 << 16));
    for (file, exit, said) in [
        ("typo.note", Exit::Usage, "line 6 of the key list cannot be used\n  because: `police.example/notice"),
        ("empty.note", Exit::Usage, "is not made by `impound key list new`"),
        ("police.vkey", Exit::Usage, "is not `seizure-keys/v1`"),
        ("huge.note", Exit::Usage, "huge.note has more than"),
        ("nowhere.note", Exit::Usage, "nowhere.note does not exist"),
    ] {
        desk.run(&format!("key list sign {{}}/{file} --key {{}}/police-root.key")).await.must(exit, said);
        desk.run(&format!("key list show {{}}/{file}")).await.must(exit, said);
    }
}

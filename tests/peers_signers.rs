//! Keys that are in no file: in OpenSSH's agent, and on a token of SoftHSM2; and passphrases that are typed or handed in.

#![allow(clippy::unwrap_used, reason = "tests stop at once on what they did not expect")]

mod bench;

use std::sync::atomic::{AtomicUsize, Ordering};

use bench::{Bench, good, refused};

/// Makes and signs a key list with the root that `ROOT` names, and checks it. The last line is what `list show` says.
const SIGN_A_LIST: &str = "set -e; \
    impound key export \"$ROOT\" --as vkey > root.vkey; \
    impound key new police.example/notice -o notice.key --unencrypted > shown; \
    impound key list new --root root.vkey --threshold 1 --quorum 1 --expires 2099-01-01T00:00:00Z -o keys.note notice.vkey > shown; \
    impound key list sign keys.note --key \"$ROOT\" --passphrase-fd 0 > shown; \
    impound key list show keys.note --roots root.vkey | grep verified";
const VERIFIED: &str = "verified   1 of 1 needed; signed by police.example/root\n";

/// Signs the notice of a new operation with the key that `NOTICE` names, and begins a log with the one that `LOG` names. Then
/// minisign and OpenSSH verify the notice, and `impound` both. The last lines are what they say.
const SIGN_A_NOTICE_AND_A_LOG: &str = "set -e; \
    impound key export \"$NOTICE\" --as vkey > notice.vkey; \
    impound key export \"$LOG\" --as vkey > log.vkey; \
    impound init op > shown 2>&1; \
    sed -i \"s|^domain = \\\"police.example\\\"|&\\nnotice-key = \\\"$(cat notice.vkey)\\\"|\" op/playbook.toml; \
    impound notice build op > shown 2>&1; \
    printf '%s' \"$PIN\" | impound notice sign op --key \"$NOTICE\" --passphrase-fd 0 > shown 2>&1; \
    printf '%s' \"$PIN\" | impound log add log --begin --key \"$LOG\" --passphrase-fd 0 --text hello > shown 2>&1; \
    impound log verify log --keys log.vkey > shown; \
    cd op/site/banner/1; \
    FROM=$(grep '^not-before: ' notice.txt | cut -d' ' -f2); \
    impound verify . --name seized.example --keys ../../../../notice.vkey --at $FROM | grep -o '^in force'; \
    minisign -Vqm notice.txt -p police.minisign.pub -x notice.txt.police.minisig; \
    ssh-keygen -Y verify -f allowed_signers -I police.example -n seizure-notice@police.example \
        -s notice.txt.police.sig < notice.txt | cut -d' ' -f1-2";
const BOTH_SIGNED: &str = "in force\nGood \"seizure-notice@police.example\"\n";

/// Runs `script` beside an agent that ends with it.
fn with_agent(bench: &Bench, script: &str) -> std::process::Output {
    // An agent removes its socket some time after its command ended: the next one has another.
    static AGENTS: AtomicUsize = AtomicUsize::new(0);
    let socket = bench.path().join(format!("agent-{}", AGENTS.fetch_add(1, Ordering::Relaxed)));
    bench.run("ssh-agent", &["-a", socket.to_str().unwrap(), "sh", "-c", script], "")
}

fn ssh_key(bench: &Bench, kind: &str, comment: &str, file: &str) {
    good(&bench.run("ssh-keygen", &["-q", "-t", kind, "-N", "", "-C", comment, "-f", file], ""));
}

#[test]
fn a_key_in_openssh_s_agent_signs_like_one_in_a_file() {
    let bench = Bench::new();
    ssh_key(&bench, "ed25519", "police.example/root", "root.ssh");
    ssh_key(&bench, "ed25519", "jane@laptop", "other.ssh");
    ssh_key(&bench, "ecdsa", "police.example/log", "ecdsa.ssh");
    let add = "ssh-add -q other.ssh root.ssh ecdsa.ssh && ROOT=agent:police.example/root";
    assert_eq!(good(&with_agent(&bench, &format!("{add}; {SIGN_A_LIST}"))), VERIFIED);
    // The same key as OpenSSH itself prints it.
    let ours = good(&bench.run("impound", &["key", "export", "root.vkey", "--as", "ssh"], ""));
    assert_eq!(ours, bench.read("root.ssh.pub"));
}

#[test]
fn keys_in_an_agent_sign_notices_and_logs() {
    let bench = Bench::new();
    ssh_key(&bench, "ed25519", "police.example/notice", "notice.ssh");
    ssh_key(&bench, "ed25519", "police.example/log/op", "log.ssh");
    let add =
        "ssh-add -q notice.ssh log.ssh && NOTICE=agent:police.example/notice LOG=agent:police.example/log/op PIN=";
    assert_eq!(good(&with_agent(&bench, &format!("{add}; {SIGN_A_NOTICE_AND_A_LOG}"))), BOTH_SIGNED);
}

#[test]
fn a_key_in_an_agent_is_named_by_its_fingerprint_too() {
    let bench = Bench::new();
    ssh_key(&bench, "ed25519", "police.example/root", "root.ssh");
    let add = "ssh-add -q root.ssh && ROOT=agent:$(ssh-add -l | cut -d' ' -f2)";
    assert_eq!(good(&with_agent(&bench, &format!("{add}; {SIGN_A_LIST}"))), VERIFIED);
}

#[test]
fn an_agent_that_lacks_the_key_or_refuses_signs_nothing() {
    let bench = Bench::new();
    ssh_key(&bench, "ed25519", "police.example/root", "root.ssh");
    ssh_key(&bench, "ed25519", "police.example/notice", "notice.ssh");
    ssh_key(&bench, "ecdsa", "police.example/root/2", "ecdsa.ssh");
    let first = format!("ssh-add -q root.ssh notice.ssh ecdsa.ssh && ROOT=agent:police.example/root; {SIGN_A_LIST}");
    good(&with_agent(&bench, &first));
    let before = bench.read("keys.note");
    for (before, key, said) in [
        ("ssh-add -q root.ssh", "agent:court.example/root", "the ssh-agent has no key `court.example/root`"),
        ("ssh-add -q notice.ssh", "agent:police.example/notice", "a key of the role root is needed here"),
        ("ssh-add -q ecdsa.ssh", "agent:police.example/root/2", "is not a plain Ed25519 key"),
        ("ssh-add -q root.ssh; ssh-add -q -D", "agent:police.example/root", "the ssh-agent has no key"),
        // A person has to confirm, and there is nobody to ask.
        ("ssh-add -q -c root.ssh", "agent:police.example/root", "the ssh-agent refused to sign with"),
    ] {
        let said_now = refused(&with_agent(&bench, &format!("{before}; impound key list sign keys.note --key {key}")));
        assert!(said_now.contains(said), "{said_now}");
    }
    let nobody =
        refused(&bench.run("impound", &["key", "list", "sign", "keys.note", "--key", "agent:a.example/root"], ""));
    assert!(nobody.contains("there is no ssh-agent"), "{nobody}");
    assert_eq!(bench.read("keys.note"), before);
}

/// Types on a terminal.
const TYPE: &str = include_str!("bench/type.py");
const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "246810";

/// A token of SoftHSM2 in the bench's own directory, with an Ed25519 key of this label.
fn token(bench: &Bench, label: &str) {
    std::fs::create_dir_all(bench.path().join(".config/softhsm2")).unwrap();
    std::fs::create_dir_all(bench.path().join("tokens")).unwrap();
    let configuration =
        format!("directories.tokendir = {}\nlog.level = ERROR\n", bench.path().join("tokens").display());
    bench.write(".config/softhsm2/softhsm2.conf", &configuration);
    let make = ["--init-token", "--free", "--label", "police", "--pin", PIN, "--so-pin", "13579111"];
    good(&bench.run("softhsm2-util", &make, ""));
    generate(bench, "EC:edwards25519", label, "01");
}

fn generate(bench: &Bench, kind: &str, label: &str, id: &str) {
    let generate = ["--module", MODULE, "--token-label", "police", "--login", "--pin", PIN, "--keypairgen"];
    let key = ["--key-type", kind, "--label", label, "--id", id];
    good(&bench.run("pkcs11-tool", &[&generate[..], &key].concat(), ""));
}

fn uri(label: &str) -> String {
    format!("pkcs11:token=police;object={label}?module-path={MODULE}")
}

#[test]
fn a_key_on_a_token_signs_like_one_in_a_file() {
    let bench = Bench::new();
    token(&bench, "police.example/root");
    let script = format!("ROOT='{}'; {SIGN_A_LIST}", uri("police.example/root"));
    assert_eq!(good(&bench.run("sh", &["-c", &script], &format!("{PIN}\n"))), VERIFIED);
}

#[test]
fn keys_on_a_token_sign_notices_and_logs() {
    let bench = Bench::new();
    token(&bench, "police.example/notice");
    generate(&bench, "EC:edwards25519", "police.example/log/op", "02");
    let keys = format!("NOTICE='{}' LOG='{}' PIN={PIN}", uri("police.example/notice"), uri("police.example/log/op"));
    let script = format!("{keys}; {SIGN_A_NOTICE_AND_A_LOG}");
    assert_eq!(good(&bench.run("sh", &["-c", &script], "")), BOTH_SIGNED);
}

#[test]
fn a_passphrase_comes_from_a_descriptor_or_is_asked_for_twice() {
    let bench = Bench::new();
    let new = |more: &str| format!("impound key new police.example/notice {more} 2>&1");
    good(&bench.run("sh", &["-c", &new("-o given.key --passphrase-fd 3 3<<E\nlong enough for a test\nE\n")], ""));
    let read = "openssl pkey -in given.key -passin 'pass:long enough for a test' -noout";
    good(&bench.run("sh", &["-c", read], ""));
    refused(&bench.run("sh", &["-c", &read.replace("long", "other")], ""));
    bench.write("type.py", TYPE);
    let typed = |lines: &str, file: &str| {
        let key = ["impound", "key", "new", "police.example/notice", "-o", file];
        bench.run("python3", &[&["type.py", lines], &key[..]].concat(), "")
    };
    let differs = refused(&typed("long enough for a test|long enough for a text", "differs.key"));
    assert!(!differs.contains("long enough"), "{differs}");
    assert!(!bench.path().join("differs.key").exists());
    let same = good(&typed("long enough for a test|long enough for a test", "typed.key"));
    assert!(!same.contains("long enough"), "{same}");
    good(&bench.run("sh", &["-c", &read.replace("given", "typed")], ""));
}

#[test]
fn a_token_with_a_wrong_pin_another_key_or_none_signs_nothing() {
    let bench = Bench::new();
    token(&bench, "police.example/root");
    let script = format!("ROOT='{}'; {SIGN_A_LIST}", uri("police.example/root"));
    good(&bench.run("sh", &["-c", &script], PIN));
    let before = bench.read("keys.note");
    generate(&bench, "EC:edwards25519", "police.example/notice", "02");
    generate(&bench, "EC:prime256v1", "police.example/root/2", "03");
    generate(&bench, "EC:edwards25519", "jane", "04");
    let with_token = |token: &str| uri("police.example/root").replace("token=police", token);
    for (key, pin, said) in [
        (uri("police.example/root"), "111111", "does not accept the PIN"),
        (uri("court.example/root"), PIN, "the token has 0 private keys with the label `court.example/root`"),
        (
            uri("police.example/root/2"),
            PIN,
            "the token has 0 private keys with the label `police.example/root/2` for Ed25519",
        ),
        (uri("police.example/notice"), PIN, "a key of the role root is needed here"),
        (uri("jane"), PIN, "is not HOST/ROLE"),
        (with_token("token=court"), PIN, "0 tokens are as the address of `police.example/root` says"),
        (with_token("serial=1"), PIN, "0 tokens are"),
        (uri("police.example/root") + "&pin-value=246810", PIN, "a PIN in the address could be read by others"),
        (uri("police.example/root").replace("softhsm2", "none"), PIN, "does not do its work"),
    ] {
        let sign = ["key", "list", "sign", "keys.note", "--passphrase-fd", "0", "--key", &key];
        let said_now = refused(&bench.run("impound", &sign, pin));
        assert!(said_now.contains(said), "{key}: {said_now}");
    }
    assert_eq!(bench.read("keys.note"), before);
}

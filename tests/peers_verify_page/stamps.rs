//! A notice under a key that was lost since, with no witness but a time stamp: the page checks none, and says so; what it says
//! to do instead works.

use impound::audit::Entry;
use impound::keyring::KeyStatus;

use crate::bench::{Bench, good, refused};
use crate::desk::*;
use crate::ring::*;

const CONFIG: &str = "\
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
serial = ./serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256
accuracy = secs:1
";

fn openssl(bench: &Bench, line: &str) -> String {
    good(&bench.run("openssl", &line.split(' ').collect::<Vec<_>>(), ""))
}

/// An authority of the test's own: its root as PEM.
fn authority(bench: &Bench) -> String {
    bench.write("config", CONFIG);
    bench.write("serial", "01");
    let new = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config config";
    openssl(
        bench,
        &format!("req -x509 {new} -keyout root.key -out root.pem -subj /CN=root -days 3650 -extensions root"),
    );
    openssl(bench, &format!("req -new {new} -keyout tsa.key -out tsa.csr -subj /CN=time"));
    openssl(
        bench,
        "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -set_serial 7 -days 365 -extfile config -extensions signer \
         -out tsa.pem",
    );
    bench.read("root.pem")
}

/// The time stamp over a digest.
fn stamp(bench: &Bench, digest: &str) -> Vec<u8> {
    openssl(bench, &format!("ts -query -digest {digest} -sha256 -cert -out query.tsq"));
    openssl(
        bench,
        "ts -reply -queryfile query.tsq -signer tsa.pem -inkey tsa.key -section tsa -config config -out answer.tsr",
    );
    std::fs::read(bench.path().join("answer.tsr")).unwrap()
}

fn lost_since(time: &str) -> KeyStatus {
    KeyStatus::Revoked { compromised_since: time.parse().unwrap() }
}

/// What the page tells to enter, as it stands there.
const COMMANDS: &str = "Array.from(document.querySelectorAll('.verdict pre'), one => one.textContent).join('\\n')";

#[test]
fn where_a_time_stamp_decides_the_page_cannot_say_and_tells_how_to_find_out() {
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let root = authority(&desk.bench);
    let (text, entry) = (desk.good_note(), entry_of(&desk.good_note()));
    assert_eq!(entry.action, "notice");
    let list = |desk: &Desk, since: &str| {
        ring.signed(&with_status(ring.list(desk, 1, &[(&ring.log, KeyStatus::Active)]), &desk.court, lost_since(since)))
    };
    let mut question = desk.question(&text);
    question.roots = ring.roots();
    // `openssl` stamps with the hour of the machine, which lies between these two.
    let (early, late) = ("2001-01-01T00:00:00Z", "9000-01-01T00:00:00Z");
    question.keys = list(&desk, late);
    write(&question.files.join("inclusion.tlog-proof"), ring.proof(&entry, &ring.log, &[]));
    // Without a stamp nothing is left to look at.
    desk.both_say("not-enough-signatures", &question);
    let digest = {
        write(&question.files.join("inclusion.tsr"), "not looked at here");
        desk.page_says(&question);
        let commands = desk.browser.value(COMMANDS);
        let commands = commands.as_str().unwrap();
        commands.split_once("-digest ").unwrap().1.split(' ').next().unwrap().to_owned()
    };
    write(&question.files.join("inclusion.tsr"), stamp(&desk.bench, &digest));
    // (what lies there, since when the key is lost, what the program says that believes the authority, what the page says)
    let (no, yes, open) = ("not-enough-signatures", "in-force", "undetermined");
    for (since, program, page) in [(late, yes, open), (early, no, open)] {
        question.keys = list(&desk, since);
        question.authorities = Some(root.clone());
        desk.says_no_other(program, page, &question);
        let shown = desk.browser.value("document.getElementById('answer').textContent");
        let shown = shown.as_str().unwrap();
        assert!(
            shown.contains("It hangs on a time stamp") && shown.contains(since) && shown.contains("--tsa-ca"),
            "{shown}"
        );
        // Without the authority the program does not count the signature; the page knows that a stamp is there.
        desk.says_no_other(no, page, &Question { authorities: None, ..question.clone() });
    }
    // What the page says to enter.
    let commands = desk.browser.value(COMMANDS);
    let files = question.files.display().to_string();
    let lines: Vec<&str> =
        commands.as_str().unwrap().lines().filter_map(|line| line.strip_prefix("openssl ")).collect();
    let [verify, show] = lines.as_slice() else { panic!("{commands}") };
    let (verify, show) = (verify.replace("tsa-ca.pem", "root.pem"), show.to_string());
    let here = |line: &str| line.replace("inclusion.tsr", &format!("{files}/inclusion.tsr"));
    openssl(&desk.bench, &here(&verify));
    assert!(openssl(&desk.bench, &here(&show)).contains("Time stamp: "));
    let other = here(&verify).replace(&digest, &digest.replace(['a', 'b', 'c'], "d"));
    refused(&desk.bench.run("openssl", &other.split(' ').collect::<Vec<_>>(), ""));
    // A stamp of a notice that is not this one, or with other signatures, decides nothing.
    question.keys = list(&desk, late);
    let fewer = entry_of(&note(&manifest(), &[&desk.police]));
    let met = Entry { action: "visit".into(), ..entry.clone() };
    for entry in [&fewer, &met] {
        write(&question.files.join("inclusion.tlog-proof"), ring.proof(entry, &ring.log, &[]));
        desk.both_say(no, &Question { authorities: None, ..question.clone() });
    }
    // Nor where other things are wrong as well: they are said.
    write(&question.files.join("inclusion.tlog-proof"), ring.proof(&entry, &ring.log, &[]));
    for (name, at, code) in [(NAME, "2028-01-01T00:00:00Z", "key-list-expired"), ("other.example", NOON, "not-covered")]
    {
        let question = Question { name: name.into(), at: at.into(), ..question.clone() };
        assert_eq!(desk.page_says(&question)["verdict"]["code"], code);
        assert_eq!(desk.program_says(&question).unwrap()["verdict"]["code"], code);
    }
}

//! The report of a rehearsal in a browser and on paper, and its own commands, by other people's tools: Chromium, OpenSSL,
//! sha256sum.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at once on what they did not expect"
)]

mod bench;

use std::process::{Command, Output};

use bench::{Bench, good, refused};

const PLAYBOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/harbour-light");

/// A browser without a window, with a profile of its own, that asks nobody for anything by itself.
const HEADLESS: &str = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --disable-quic --user-data-dir=browser";

/// Once for all checks: a rehearsal takes longer than all of them.
#[test]
fn the_report_of_a_rehearsal_is_shown_printed_and_checked_by_other_peoples_tools() {
    let bench = Bench::new();
    // Half a minute without optimisation on a slow machine; other tools have less time.
    let mut rehearsal = Command::new("timeout");
    rehearsal.args(["300", env!("CARGO_BIN_EXE_impound"), "rehearse", PLAYBOOK, "-o", "left"]);
    good(&rehearsal.current_dir(bench.path()).output().unwrap());
    a_browser_shows_it_and_asks_nobody(&bench);
    nothing_scrolls_sideways_on_a_small_phone(&bench);
    it_prints(&bench);
    its_own_commands_hold(&bench);
}

fn sh(bench: &Bench, script: &str) -> Output {
    bench.run("sh", &["-c", script], "")
}

/// What goes to the network goes nowhere: nobody listens at the proxy. The browser notes what it asked for, and on whose behalf.
fn shown(bench: &Bench, page: &str) -> (Output, Vec<String>) {
    let script = format!(
        "chromium {HEADLESS} --proxy-server=http://127.0.0.1:9 --log-net-log=net.json --enable-logging=stderr --dump-dom {page}"
    );
    let output = sh(bench, &script);
    let noted = bench.read("net.json");
    let askers = noted.split("\"initiator\":\"").skip(1).filter_map(|rest| rest.split('"').next());
    // What the browser asks for itself is no page's doing.
    (output, askers.filter(|asker| *asker != "not an origin").map(str::to_owned).collect())
}

fn a_browser_shows_it_and_asks_nobody(bench: &Bench) {
    bench.write("asking.html", "<img src=\"http://somewhere.example/\">");
    assert!(!shown(bench, "asking.html").1.is_empty(), "a page that asks for something is noticed");
    let (output, askers) = shown(bench, "left/report.html");
    assert!(askers.is_empty(), "the report asked for something: {askers:?}");
    let page = good(&output);
    assert!(page.contains("Operation Harbour Light") && page.contains("8. How to check this yourself"), "{page}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said.lines().find(|line| line.contains("CONSOLE")), None, "{said}");
}

/// A copy without the policy measures itself inside a frame of that width and tells its parent.
fn nothing_scrolls_sideways_on_a_small_phone(bench: &Bench) {
    const MEASURE: &str = "<script>addEventListener('load',()=>parent.postMessage([document.documentElement.scrollWidth,\
        innerWidth].join(' of '),'*'))</script></body>";
    let page = bench.read("left/report.html");
    let policy = page.lines().find(|line| line.contains("Content-Security-Policy")).unwrap();
    bench.write("measured.html", &page.replace(policy, "").replace("</body>", MEASURE));
    let frame = "<p id=out></p><script>onmessage=e=>out.textContent=e.data</script>\
        <iframe src=measured.html width=320 height=600 style='border:0'></iframe>";
    bench.write("frame.html", frame);
    let script = format!(
        "chromium {HEADLESS} --hide-scrollbars --virtual-time-budget=5000 --dump-dom \"file://$PWD/frame.html\""
    );
    let said = good(&sh(bench, &script));
    let told = said.split("<p id=\"out\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    assert_eq!(told, "320 of 320", "{said}");
}

fn it_prints(bench: &Bench) {
    let script = format!("chromium {HEADLESS} --no-pdf-header-footer --print-to-pdf=report.pdf left/report.html");
    good(&sh(bench, &script));
    let pdf = std::fs::read(bench.path().join("report.pdf")).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    let pages = text.matches("/Type /Page\n").count();
    assert!((10..=40).contains(&pages), "{pages} pages");
    assert!(text.contains("/MediaBox [0 0 594.95996 841.91998]"), "A4");
    // No column is so narrow that a word is broken in it.
    let printed = good(&bench.run("pdftotext", &["-raw", "report.pdf", "-"], ""));
    let approvals =
        printed.split("Noted in the log").nth(1).and_then(|rest| rest.split("3. What was done").next()).unwrap();
    let words: Vec<&str> = approvals.split_whitespace().collect();
    for word in ["prosecutor", "commander", "command", "technical", "ncu.example/approval/commander"] {
        assert!(words.contains(&word), "{word} in {approvals}");
    }
}

/// The commands as they are printed, with the names that they are printed with.
fn its_own_commands_hold(bench: &Bench) {
    let page = bench.read("left/report.html");
    let commands: Vec<String> = page
        .split("<pre tabindex=\"0\">")
        .skip(1)
        .map(|pre| {
            let text = pre.split("</pre>").next().unwrap();
            let named = [
                ("&gt;", ">"),
                ("&lt;", "<"),
                ("&#62;", ">"),
                ("&#60;", "<"),
                ("&amp;", "&"),
                ("&#38;", "&"),
                ("&#39;", "'"),
            ];
            named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
        })
        .collect();
    let commands: Vec<&String> = commands.iter().filter(|text| !text.contains("\n\n")).collect();
    let [with, signature, evidence] = commands.as_slice() else { panic!("{commands:#?}") };
    let there = "cp -r left/log left/private left/keys/log.vkey . 2>/dev/null; ";
    good(&sh(bench, &format!("set -e; {there}{with}")));
    assert!(bench.read("report.html").contains("</html>"));
    // The rehearsal knew who was to witness it.
    let with = with.replace("log.vkey", "left/keys/log.policy");
    good(&sh(bench, &format!("set -e; rm report.html; {with}")));
    assert_eq!(bench.read("report.html"), bench.read("left/report.html").replace("left/log", "log"));
    assert!(good(&sh(bench, signature)).contains("Signature Verified Successfully"));
    assert_eq!(good(&sh(bench, evidence)), "");

    let checkpoint = bench.read("log/checkpoint");
    let (origin, rest) = checkpoint.split_once('\n').unwrap();
    let (size, rest) = rest.split_once('\n').unwrap();
    bench.write("log/checkpoint", &format!("{origin}\n{size}0\n{rest}"));
    refused(&sh(bench, signature));
    let file = good(&sh(bench, "ls log/evidence/??/* | head -n 1"));
    bench.write(file.trim_end(), "other");
    refused(&sh(bench, evidence));
    // A log that cites none has no such directory.
    assert_eq!(good(&sh(bench, &format!("rm -r log/evidence; {evidence}"))), "");
}

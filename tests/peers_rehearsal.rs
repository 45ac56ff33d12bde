//! A rehearsal by the real binary, left standing, against the tools that other people look at it with: dig, curl, OpenSSL,
//! minisign, OpenSSH, Chromium; and one that is killed on its way.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at once on what they did not expect"
)]

mod bench;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use bench::{Bench, good, refused};

const IMPOUND: &str = env!("CARGO_BIN_EXE_impound");
const PLAYBOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/harbour-light");
const README: &str = include_str!("../README.md");

const NAME: &str = "greytide.example";
const SUSPENDED: &str = "greytide-panel.example";
const STRANGER: &str = "nobody-ordered-this.example";
const ONION: &str = "3frxlbrstqlzy5dkmeknxb3hpwdz6ozsdis47ahkzwl2qx7vl5xlmjad.onion";
const SIGNERS: [&str; 5] = ["ncu", "npo", "fcd", "bcn", "ncpa"];
const KIT: &str = "/.well-known/seizure-notice/";

/// A whole rehearsal takes half a minute without optimisation on a slow machine.
const REHEARSAL_MAX: Duration = Duration::from_secs(300);

/// How long the end may take after Ctrl-C.
const END_MAX: Duration = Duration::from_secs(20);

/// Started once for all checks, because it takes longer than all of them. Each check is told apart in what is printed, and one that
/// fails keeps none of the others from running.
#[test]
fn other_peoples_tools_agree_about_a_rehearsal_that_is_left_standing() {
    type Check = fn(&Standing);
    const CHECKS: [(&str, Check); 17] = [
        ("every printed command works as it is printed", every_printed_command_works),
        ("the parent delegates to the seizure name servers", the_parent_delegates),
        ("a suspended name is gone at the parent", a_suspended_name_is_gone),
        ("the seizure name server knows each record type", the_seizure_name_server_answers),
        ("the resolver answers over UDP and TCP", the_resolver_answers),
        ("no name server serves an onion name", onion_names_are_not_served),
        ("pages come in the visitor's language", pages_come_in_the_visitors_language),
        ("headers alone and compressed pages are the same page", every_form_is_the_same_page),
        ("unknown names get no notice", unknown_names_get_no_notice),
        ("the onion service shows the notice", the_onion_service_shows_the_notice),
        ("the kit is there, and the contact file", the_kit_is_there),
        ("the certificate is for the name", the_certificate_is_for_the_name),
        ("the README's recipe holds for every agency", the_recipe_of_the_readme_holds),
        ("what was tampered with is refused", tampered_texts_are_refused),
        ("the HOWTO of the kit holds", the_howto_holds),
        ("impound verify agrees", impound_verify_agrees),
        ("a browser shows the page", a_browser_shows_the_page),
    ];
    let standing = Standing::start();
    let fails = |check: Check| catch_unwind(AssertUnwindSafe(|| check(&standing))).is_err();
    let failed: Vec<_> = CHECKS.into_iter().filter(|(_, check)| fails(*check)).map(|(sentence, _)| sentence).collect();
    assert!(failed.is_empty(), "did not hold: {failed:#?}");
    standing.ends_well_on_ctrl_c();
}

/// A running command and what it says, results and messages alike. It ends with the test, however that ends.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(IMPOUND);
        command.args(arguments).env_clear().env("LC_ALL", "C");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, lines) = channel();
        listen(child.stdout.take().unwrap(), sender.clone());
        listen(child.stderr.take().unwrap(), sender);
        Self { child, lines }
    }

    /// What it says up to the first line that the listener has waited for.
    #[track_caller]
    fn until(&self, awaited: impl Fn(&str) -> bool) -> Vec<String> {
        let end = Instant::now() + REHEARSAL_MAX;
        let mut heard = Vec::new();
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => heard.push(line),
                Err(why) => panic!("{why} before the awaited line, after:\n{}", heard.join("\n")),
            }
            if heard.last().is_some_and(|line| awaited(line)) {
                return heard;
            }
        }
    }

    /// Waits for its end, which shows when it falls silent.
    #[track_caller]
    fn end(&mut self) -> ExitStatus {
        let end = Instant::now() + END_MAX;
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return self.child.wait().unwrap(),
                Err(RecvTimeoutError::Timeout) => panic!("still running after {END_MAX:?}"),
            }
        }
    }
}

/// Passes on each line until there are no more.
fn listen(voice: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || BufReader::new(voice).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A rehearsal that is over, its world still up.
struct Standing {
    running: Running,
    bench: Bench,
    /// What it said.
    printed: Vec<String>,
}

impl Standing {
    fn start() -> Self {
        let bench = Bench::new();
        let output = bench.path().join("rehearsal");
        let arguments = ["rehearse", PLAYBOOK, "--keep", "-o", output.to_str().unwrap()];
        let running = Running::start(&arguments);
        let mut printed = running.until(|line| line.contains("stays up until Ctrl-C"));
        // The last of the printed commands.
        printed.extend(running.until(|line| line.contains("curl -H 'Host: ")));
        let standing = Self { running, bench, printed };
        // curl finds the way by itself, so that recipes run as they are written.
        let way = |port: &str| format!("connect-to = \":{port}:127.0.0.1:{}\"\n", standing.port("notice host", port));
        standing.bench.write(".curlrc", &format!("{}max-time = 20\n", [way("80"), way("443")].concat()));
        standing
    }

    fn file(&self, name: &str) -> PathBuf {
        self.bench.path().join("rehearsal").join(name)
    }

    /// The loopback port of what stands at a port of the world, by the printed table.
    #[track_caller]
    fn port(&self, role: &str, world_port: &str) -> String {
        let is = |line: &&String| line.starts_with(role) && line.contains(&format!(":{world_port} "));
        let line = self.printed.iter().find(is).unwrap_or_else(|| panic!("no {role} in {:#?}", self.printed));
        line.rsplit_once("127.0.0.1:").unwrap().1.to_owned()
    }

    /// Runs a script, up to its first command that fails.
    fn sh(&self, script: &str) -> Output {
        self.bench.run("sh", &["-ec", script], "")
    }

    /// Everything dig says.
    fn dig(&self, role: &str, question: &[&str]) -> String {
        let port = self.port(role, "53");
        let arguments = [&["@127.0.0.1", "-p", &port, "+time=5", "+tries=2"], question].concat();
        good(&self.bench.run("dig", &arguments, ""))
    }

    /// The data of the answers alone, in order.
    fn answers(&self, role: &str, question: &[&str]) -> Vec<String> {
        let said = self.dig(role, &[question, &["+short"]].concat());
        let mut answers: Vec<_> = said.lines().map(str::to_owned).collect();
        answers.sort();
        answers
    }

    fn curl_bytes(&self, arguments: &[&str]) -> Output {
        let authority = self.file("keys/ca.pem");
        let port = |port| format!("::127.0.0.1:{}", self.port("notice host", port));
        let plain = arguments.iter().any(|argument| argument.starts_with("http://"));
        let way = port(if plain { "80" } else { "443" });
        // -q: the directory's own .curlrc is for the recipes.
        let ours = ["-q", "-sS", "--max-time", "20", "--cacert", authority.to_str().unwrap(), "--connect-to", &way];
        self.bench.run("curl", &[&ours, arguments].concat(), "")
    }

    fn curl(&self, arguments: &[&str]) -> String {
        good(&self.curl_bytes(arguments))
    }

    fn impound(&self, arguments: &[&str]) -> Output {
        self.bench.run("impound", arguments, "")
    }

    fn ends_well_on_ctrl_c(mut self) {
        let port = self.port("notice host", "80");
        let open = || TcpStream::connect(format!("127.0.0.1:{port}")).is_ok();
        assert!(open());
        let id = self.running.child.id().to_string();
        good(&self.bench.run("sh", &["-c", "kill -INT $0", &id], ""));
        assert_eq!(self.running.end().code(), Some(0));
        assert!(!open());
    }
}

/// The headline of the notice in a language, as the playbook has it.
fn headline(language: &str) -> String {
    let text = fs::read_to_string(format!("{PLAYBOOK}/texts/{language}.toml")).unwrap();
    let texts: toml::Table = text.parse().unwrap();
    texts["headline"].as_str().unwrap().to_owned()
}

fn every_printed_command_works(standing: &Standing) {
    const TOOLS: [(&str, &str); 5] = [
        ("dig ", ";; SERVER: 127.0.0.1"),
        ("curl ", "<html lang=\"en\""),
        ("openssl ", ""),
        ("chromium ", "This site has been seized"),
        ("impound ", ""),
    ];
    let mut count = 0;
    for line in standing.printed.iter().filter_map(|line| line.strip_prefix("  ")) {
        let Some((_, awaited)) = TOOLS.iter().find(|(tool, _)| line.starts_with(tool)) else { continue };
        let script = line.replacen("chromium ", &format!("chromium {HEADLESS} --dump-dom "), 1);
        let said = good(&standing.sh(&script));
        assert!(said.contains(awaited), "{script}\n{said}");
        count += 1;
    }
    assert!(count >= 12, "{count} commands in {:#?}", standing.printed);
}

fn the_parent_delegates(standing: &Standing) {
    for name in [NAME, "GreyTide.EXAMPLE", "xn--greytide-bro-mlb.example"] {
        let said = standing.dig("registry of example", &[name, "NS", "+noall", "+authority"]);
        let mut servers: Vec<_> = said.lines().filter_map(|line| line.split_whitespace().nth(4)).collect();
        servers.sort_unstable();
        assert_eq!(servers, ["ns1.seizures.ncu.example.", "ns2.seizures.fcd.example."], "{name}");
    }
    assert!(standing.answers("registry of example", &[NAME, "DS"]).is_empty());
}

fn a_suspended_name_is_gone(standing: &Standing) {
    let said = standing.dig("registry of example", &[SUSPENDED, "A"]);
    assert!(said.contains("status: NXDOMAIN"), "{said}");
    assert!(said.contains("SOA"), "{said}");
}

fn the_seizure_name_server_answers(standing: &Standing) {
    let answers = |kind| standing.answers("seizure name server", &[NAME, kind]);
    assert_eq!(answers("A"), ["192.0.2.80", "198.51.100.80"]);
    assert_eq!(answers("AAAA"), ["2001:db8:80::80", "2001:db8:81::80"]);
    assert_eq!(answers("MX"), ["0 ."]);
    assert_eq!(answers("TXT"), ["\"v=spf1 -all\""]);
    assert_eq!(answers("NS"), ["ns1.seizures.ncu.example.", "ns2.seizures.fcd.example."]);
    assert!(answers("SOA")[0].starts_with("ns1.seizures.ncu.example. "));
    let said = standing.dig("seizure name server", &[NAME, "SRV"]);
    assert!(said.contains("status: NOERROR") && said.contains("ANSWER: 0, AUTHORITY: 1"), "{said}");
    // The notice covers what is below the name.
    assert_eq!(
        standing.answers("seizure name server", &["www.greytide.example", "A"]),
        ["192.0.2.80", "198.51.100.80"]
    );
    let said = standing.dig("seizure name server", &[STRANGER, "A"]);
    assert!(said.contains("status: REFUSED"), "{said}");
}

fn the_resolver_answers(standing: &Standing) {
    for way in ["+notcp", "+tcp"] {
        for name in [NAME, "gReYtIdE.eXaMpLe"] {
            assert_eq!(
                standing.answers("resolver", &[name, "A", way]),
                ["192.0.2.80", "198.51.100.80"],
                "{way} {name}"
            );
        }
        assert!(standing.dig("resolver", &[SUSPENDED, "A", way]).contains("status: NXDOMAIN"));
    }
}

fn onion_names_are_not_served(standing: &Standing) {
    for (role, status) in [("resolver", "NXDOMAIN"), ("seizure name server", "REFUSED"), ("root", "NXDOMAIN")] {
        let said = standing.dig(role, &[ONION, "A"]);
        assert!(said.contains(&format!("status: {status}")) && said.contains("ANSWER: 0"), "{role}: {said}");
    }
}

fn pages_come_in_the_visitors_language(standing: &Standing) {
    for (asked, language, direction) in [
        ("ja", "ja", "ltr"),
        ("ar", "ar", "rtl"),
        ("fr-CA, en;q=0.5", "fr", "ltr"),
        ("zh-CN", "zh-Hans", "ltr"),
        ("tlh", "en", "ltr"),
    ] {
        for scheme in ["http", "https"] {
            let asks = format!("Accept-Language: {asked}");
            let url = format!("{scheme}://{NAME}/");
            let said = standing.curl(&["-H", &asks, "-w", "\nstatus %{http_code}", &url]);
            assert!(said.ends_with("status 451"), "{said}");
            let tag = format!("<html lang=\"{language}\" dir=\"{direction}\">");
            assert!(said.contains(&tag) && said.contains(&headline(language)), "{asked} over {scheme}: {said}");
        }
    }
}

fn every_form_is_the_same_page(standing: &Standing) {
    let url = format!("https://{NAME}/");
    let plain = standing.curl(&[&url]);
    for encoding in ["gzip", "br"] {
        let asks = format!("Accept-Encoding: {encoding}");
        assert_eq!(standing.curl(&["--compressed", "-H", &asks, &url]), plain, "{encoding}");
        let headers = standing.curl(&["-I", "-H", &asks, &url]);
        assert!(headers.contains(&format!("content-encoding: {encoding}")), "{headers}");
    }
    for version in ["--http1.1", "--http2"] {
        assert_eq!(standing.curl(&[version, &url]), plain, "{version}");
        let headers = standing.curl(&[version, "-I", &url]);
        assert!(headers.contains(" 451"), "{headers}");
        assert!(headers.contains(&format!("content-length: {}\r\n", plain.len())), "{headers}");
    }
}

fn unknown_names_get_no_notice(standing: &Standing) {
    let page = standing.curl(&["-w", "status %{http_code}", &format!("http://{STRANGER}/")]);
    assert!(page.ends_with("status 421") && page.len() < 100, "{page}");
    // A name that is known in the handshake and another in the request.
    let host = format!("Host: {STRANGER}");
    let page = standing.curl(&["-w", "status %{http_code}", "-H", &host, &format!("https://{NAME}/")]);
    assert!(page.ends_with("status 421") && page.len() < 100, "{page}");
    let output = standing.curl_bytes(&["--insecure", &format!("https://{STRANGER}/")]);
    // curl(1): 35, the TLS handshake failed.
    assert_eq!(output.status.code(), Some(35), "{}", refused(&output));
}

fn the_onion_service_shows_the_notice(standing: &Standing) {
    let url = format!("http://127.0.0.1:{}/", standing.port("onion service", "80"));
    let host = format!("Host: {ONION}");
    let page = good(&standing.bench.run("curl", &["-q", "-sSi", "--max-time", "20", "-H", &host, &url], ""));
    assert!(page.starts_with("HTTP/1.1 451 ") && page.contains(&headline("en")), "{page}");
}

fn the_kit_is_there(standing: &Standing) {
    let contacts = standing.curl(&["-f", &format!("https://{NAME}/.well-known/security.txt")]);
    assert!(
        contacts.contains("Contact: mailto:objections@npo.example") && contacts.contains("Expires: "),
        "{contacts}"
    );
    let list = standing.curl(&["-f", &format!("https://{NAME}{KIT}")]);
    let addresses = list.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let names: Vec<_> = addresses.filter(|address| address.starts_with(KIT)).collect();
    assert!(names.len() >= 4 + 5 * SIGNERS.len(), "{names:?}");
    for name in names {
        let served = standing.curl(&["-f", &format!("https://{NAME}{name}")]);
        let file = standing.file("site/banner/2").join(name.strip_prefix(KIT).unwrap());
        assert_eq!(served, fs::read_to_string(file).unwrap(), "{name}");
    }
}

fn the_certificate_is_for_the_name(standing: &Standing) {
    let (at, authority) = (format!("127.0.0.1:{}", standing.port("notice host", "443")), standing.file("keys/ca.pem"));
    let handshake = |sent, expected| {
        let arguments = ["s_client", "-brief", "-connect", &at, "-servername", sent, "-verify_hostname", expected];
        let further = ["-verify_return_error", "-CAfile", authority.to_str().unwrap()];
        standing.bench.run("openssl", &[arguments.as_slice(), &further].concat(), "")
    };
    for name in [NAME, "www.greytide.example", "xn--greytide-bro-mlb.example"] {
        let output = handshake(name, name);
        good(&output);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("Verification: OK"), "{said}");
    }
    refused(&handshake(NAME, STRANGER));
    refused(&handshake(STRANGER, STRANGER));
}

/// The commands of the README's section, as they are written there: those that fetch, and those that check.
fn recipe() -> (String, String) {
    let section = README.split("\n## ").find(|section| section.starts_with("Check a notice with tools")).unwrap();
    let commands = section.lines().filter_map(|line| line.strip_prefix("    ")).map(|line| format!("{line}\n"));
    commands.partition(|line| line.starts_with("curl"))
}

/// The recipe with another agency in the place of the one in the README.
fn recipe_for(agency: &str) -> (String, String) {
    let (fetch, check) = recipe();
    (fetch.replace("ncu", agency), check.replace("ncu", agency))
}

/// Lays ready what the reader of the recipe has from elsewhere.
fn lay_out_keys(standing: &Standing) {
    for entry in fs::read_dir(standing.file("keys")).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), standing.bench.path().join(entry.file_name())).unwrap();
    }
}

fn the_recipe_of_the_readme_holds(standing: &Standing) {
    lay_out_keys(standing);
    for agency in SIGNERS {
        let (fetch, check) = recipe_for(agency);
        good(&standing.sh(&fetch));
        let said = good(&standing.sh(&check));
        for awaited in ["Signature Verified Successfully", "Signature and comment signature verified", "Good \"seizure"]
        {
            assert!(said.contains(awaited), "{agency}: {said}");
        }
    }
}

fn tampered_texts_are_refused(standing: &Standing) {
    lay_out_keys(standing);
    let (fetch, check) = recipe();
    // OpenSSL is given the note in steps; the other two take the text as it is.
    let (alone, steps): (Vec<_>, Vec<_>) = check.lines().partition(|line| line.contains("notice.txt"));
    assert_eq!(alone.len(), 2);
    let checks = alone.into_iter().map(|line| ("notice.txt", line.to_owned()));
    for (file, script) in checks.chain([("notice.note", steps.join("\n"))]) {
        good(&standing.sh(&fetch));
        good(&standing.sh(&script));
        let text = standing.bench.read(file);
        assert!(text.contains(NAME));
        standing.bench.write(file, &text.replace(NAME, "greytidf.example"));
        refused(&standing.sh(&script));
    }
}

fn the_howto_holds(standing: &Standing) {
    let howto = standing.curl(&["-f", &format!("https://{NAME}{KIT}HOWTO.txt")]);
    // One page, as a printer prints it.
    assert!(howto.lines().count() <= 66, "{howto}");
    let recipe = howto.lines().skip_while(|line| !line.starts_with("    A="));
    let recipe = recipe.filter_map(|line| line.strip_prefix("    ")).collect::<Vec<_>>().join("\n");
    let kit = standing.file("site/banner/2");
    for agency in SIGNERS {
        // Word for word, but for the agency.
        let commands = recipe.replacen(&format!("A={}\n", SIGNERS[0]), &format!("A={agency}\n"), 1);
        assert!(commands.starts_with(&format!("A={agency}\n")), "{commands}");
        let script = format!("set -e\nrm -rf kit\ncp -r '{}' kit\ncd kit\n{commands}", kit.display());
        let said = good(&standing.sh(&script));
        for awaited in ["Signature Verified Successfully", "Signature and comment signature verified", "Good \"seizure"]
        {
            assert_eq!(said.matches(awaited).count(), 1, "{said}");
        }
        let fingerprint = said.split(' ').next().unwrap();
        assert!(howto.contains(&format!("    {agency}  {agency}.example/notice\n        {fingerprint}\n")), "{howto}");
    }
}

fn impound_verify_agrees(standing: &Standing) {
    let printed = |word: &str| standing.printed.iter().find(|line| line.starts_with(word)).unwrap().clone();
    let now = printed("The world stands at ").split(' ').nth(4).unwrap().to_owned();
    let (policy, ca) = (standing.file("keys/policy"), standing.file("keys/ca.pem"));
    let (policy, ca) = (policy.to_str().unwrap(), ca.to_str().unwrap());
    let log_key = standing.file("keys/log.vkey");
    let verify = |name: &str, port: &str, keys: &str| {
        let scheme = if port == "80" { "http" } else { "https" };
        let at = format!("127.0.0.1:{}", standing.port("notice host", port));
        let url = format!("{scheme}://{name}/");
        standing.impound(&["verify", &url, "--keys", keys, "--ca", ca, "--connect", &at, "--at", &now])
    };
    for (name, port) in [(NAME, "443"), (NAME, "80"), ("www.greytide.example", "443"), (ONION, "80")] {
        good(&verify(name, port, policy));
    }
    let wrong = verify(STRANGER, "80", policy);
    assert_eq!(wrong.status.code(), Some(4), "{}", refused(&wrong));
    let wrong = verify(NAME, "443", log_key.to_str().unwrap());
    assert_eq!(wrong.status.code(), Some(4), "{}", refused(&wrong));
    let log = standing.file("log");
    good(&standing.impound(&["log", "verify", log.to_str().unwrap(), "--keys", log_key.to_str().unwrap()]));
}

/// What makes Chromium run without a screen, as any user, and call nobody.
const HEADLESS: &str = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --enable-logging=stderr --v=0";

fn a_browser_shows_the_page(standing: &Standing) {
    let at = format!("127.0.0.1:{}", standing.port("notice host", "443"));
    for language in ["ja", "ar", "en"] {
        let script = format!(
            "chromium {HEADLESS} --user-data-dir=browser-{language} --accept-lang={language} --ignore-certificate-errors \
             --host-resolver-rules='MAP {NAME} {at}' --dump-dom https://{NAME}/"
        );
        let output = standing.sh(&script);
        let page = good(&output);
        assert!(page.contains(&format!("<html lang=\"{language}\"")) && page.contains(&headline(language)), "{page}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let told = |line: &&str| line.contains(":CONSOLE:") && !line.contains("Cleared data types");
        assert_eq!(said.lines().find(told), None);
    }
}

#[test]
fn the_record_of_a_rehearsal_that_is_killed_verifies_as_far_as_it_goes() {
    let mut last = 0;
    for awaited in ["step `publish`", "step `redirect`", "looking again"] {
        let bench = Bench::new();
        let output = bench.path().join("killed");
        let mut running = Running::start(&["rehearse", PLAYBOOK, "-o", output.to_str().unwrap()]);
        running.until(|line| line.contains(awaited));
        // On Unix this is SIGKILL.
        running.child.kill().unwrap();
        running.end();
        let (log, key) = (output.join("log"), output.join("keys/log.vkey"));
        let arguments = ["log", "verify", log.to_str().unwrap(), "--keys", key.to_str().unwrap()];
        let output = bench.run("impound", &arguments, "");
        let said = String::from_utf8(output.stdout).unwrap();
        // What was committed and not published yet is told, and is no fault.
        let is_interrupted = said.contains("verified as far as it is published");
        assert_eq!(output.status.code(), Some(i32::from(is_interrupted)), "{said}");
        let entries: u64 =
            said.split_whitespace().skip_while(|word| *word != "entries").nth(1).unwrap().parse().unwrap();
        assert!(entries > last, "{awaited}: {said}");
        last = entries;
    }
}

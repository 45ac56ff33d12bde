//! A notice that seals a million names, in 36 languages: built, signed, checked for one name, and served.
//!
//! `notice [NAMES]`. What is built, signed and served is done by `impound` itself, in processes of its own; every proof that the
//! server gives is checked.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use impound::clock::UtcTime;
use impound::coverage::CoverageProof;
use impound::digest::Digest;
use impound::notice::Manifest;
use impound::observe::WebHost;
use impound::verify::{Expected, Logged, PageSeen, Papers, Trust, judge, read_trust};
use impound_benches::Outcome;
use impound_benches::figures::{line, median, ms, quantile, s};
use impound_benches::operation::{self, OWN_NAME, Operation, Seen, name};
use impound_benches::program::{Server, run};
use impound_benches::web::Connection;

const NAMES: usize = 1_000_000;
/// How often one page is verified in this process, and how often by a process of its own.
const CHECKS: usize = 1001;
const PROCESSES: usize = 21;
/// How many names are asked for over one connection.
const REQUESTS: usize = 2000;
/// From one name to the next that is asked for: far apart, and every name is met before one comes again.
const STEP: usize = 7_919_999;
const PROOF: &str = "/.well-known/seizure-notice/coverage.proof";

fn main() -> Outcome<()> {
    let names = std::env::args().nth(1).map_or(Ok(NAMES), |names| names.parse())?;
    let dir = tempfile::tempdir()?;
    let operation = operation::make(dir.path(), names)?;
    println!("{} sealed names, one notice in {} languages", names + 1, operation::LANGUAGES);
    line("", "measured", "goal");
    publish(&operation)?;
    verify(&operation, dir.path(), names)?;
    let few = operation::make(&dir.path().join("few"), 1)?;
    publish_quietly(&few)?;
    serve(&operation, &few, names)
}

fn text(path: &Path) -> Outcome<&str> {
    path.to_str().ok_or_else(|| "a path that is no text".into())
}

fn publish(operation: &Operation) -> Outcome<()> {
    let build = run(&["notice", "build", text(&operation.dir)?])?;
    line("notice build", &build.told(), "");
    let sign = run(&["notice", "sign", text(&operation.dir)?, "--key", text(&operation.key)?])?;
    line("notice sign", &sign.told(), "");
    let (wall, peak) = (build.wall + sign.wall, build.peak_mib.max(sign.peak_mib));
    line("both", &format!("{}, {peak} MiB", s(wall)), "under 20 s, 1024 MiB");
    Ok(())
}

fn publish_quietly(operation: &Operation) -> Outcome<()> {
    run(&["notice", "build", text(&operation.dir)?])?;
    run(&["notice", "sign", text(&operation.dir)?, "--key", text(&operation.key)?]).map(drop)
}

/// One page with its proof, as somebody has them who visited one name.
fn verify(operation: &Operation, dir: &Path, names: usize) -> Outcome<()> {
    let asked = name(names / 3);
    let prove = run(&["notice", "prove", text(&operation.dir)?, "--name", &asked])?;
    line("a proof", &format!("{} bytes", prove.output.len()), "under 2048 bytes");
    line("notice prove, from the names", &prove.told(), "");
    let home = operation.site.join("banner/1");
    let seen = Seen {
        note: fs::read(home.join("notice.note"))?,
        page: fs::read(home.join("en/index.html"))?,
        proof: prove.output,
    };
    let at = Manifest::parse(note_text(&seen.note)?.as_bytes())?.not_before;
    in_this_process(&seen, &asked, &read_trust(&operation.vkey, None)?, at)?;
    let copy = dir.join("copy");
    copy_edition(&home, &copy)?;
    fs::write(copy.join("coverage.proof"), &seen.proof)?;
    let (at, keys) = (at.to_string(), text(&operation.vkey)?);
    let arguments = ["verify", text(&copy)?, "--name", &asked, "--keys", keys, "--at", &at];
    let runs = (0..PROCESSES).map(|_| run(&arguments)).collect::<Outcome<Vec<_>>>()?;
    let peak = runs.iter().map(|run| run.peak_mib).max().unwrap_or_default();
    let wall = median(runs.iter().map(|run| run.wall).collect());
    line("impound verify: a process, every page", &format!("{}, {peak} MiB", ms(wall)), "");
    Ok(())
}

/// The signed text: what stands before the last empty line.
fn note_text(note: &[u8]) -> Outcome<&str> {
    let (text, _) = std::str::from_utf8(note)?.rsplit_once("\n\n").ok_or("no note")?;
    note.get(..=text.len()).map(std::str::from_utf8).ok_or("no note")?.map_err(Into::into)
}

/// The judgement from bytes alone, the digest of the page included.
fn in_this_process(seen: &Seen, asked: &str, trust: &Trust, at: UtcTime) -> Outcome<()> {
    let name: WebHost = asked.parse()?;
    let mut times = Vec::new();
    for _ in 0..CHECKS {
        let start = Instant::now();
        let page = PageSeen { language: Some("en".parse()?), digest: Digest::of(&seen.page), path: None };
        let papers = Papers {
            note: &seen.note,
            text: None,
            coverage: Some(&seen.proof),
            pages: &[page],
            logged: Logged::default(),
        };
        let report = black_box(judge(papers, Expected { trust, name: Some(&name), at }));
        times.push(start.elapsed());
        if !report.is_good() {
            return Err(report.verdict.code().into());
        }
    }
    line("one page with its proof verified", &ms(median(times)), "under 5 ms");
    Ok(())
}

/// The note, the text and every page of an edition, as a visitor has them who saved everything.
fn copy_edition(home: &Path, copy: &Path) -> Outcome<()> {
    fs::create_dir(copy)?;
    for entry in fs::read_dir(home)? {
        let (from, to) = (entry.as_ref().map(|entry| entry.path()), entry.as_ref().map(|entry| entry.file_name()));
        let (from, to) = (from.map_err(|error| error.to_string())?, copy.join(to.map_err(|error| error.to_string())?));
        if from.is_dir() {
            fs::create_dir(&to)?;
            fs::copy(from.join("index.html"), to.join("index.html"))?;
        } else if from.extension().is_some_and(|ending| ending == "note" || ending == "txt") {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}

/// The server with all names, beside one with hardly any.
fn serve(operation: &Operation, few: &Operation, names: usize) -> Outcome<()> {
    let (memory_few, _) = start(few)?.memory()?;
    let server = start(operation)?;
    let (memory, peak) = server.memory()?;
    line("server ready", &format!("{}, {} CPU", s(server.ready), s(server.processor()?)), "under 3 s");
    let each = |bytes: u64| format!("{} bytes", bytes.saturating_sub(memory_few) / names as u64);
    line("memory for each name", &each(memory), "under 200 bytes");
    line("the same, at its peak", &each(peak), "");
    line("files open", &server.open_files()?.to_string(), "0");
    let at = server.said.strip_prefix("http://").ok_or("the server says no address")?;
    let seal = Manifest::parse(&fs::read(operation.site.join("banner/1/notice.txt"))?)?.sealed.ok_or("no seal")?;
    let mut web = Connection::open(at)?;
    let mut times = Vec::new();
    for nth in 0..REQUESTS {
        let host = name(nth * STEP % names);
        let start = Instant::now();
        let answer = web.get(&host, PROOF)?;
        times.push(start.elapsed());
        let proof = CoverageProof::parse(&answer.body)?;
        proof.verify(&seal)?;
        if proof.name != host {
            return Err(format!("{host} was given the proof of {}", proof.name).into());
        }
    }
    let slow = quantile(times.clone(), 0.99);
    line("a proof asked for over HTTP", &format!("{}, 99 % {}", ms(median(times)), ms(slow)), "");
    let page = |web: &mut Connection| web.get(OWN_NAME, "/");
    let pages = (0..REQUESTS).map(|_| {
        let start = Instant::now();
        page(&mut web).map(|answer| (answer.status, start.elapsed()))
    });
    let pages = pages.collect::<Outcome<Vec<_>>>()?;
    line("its page asked for over HTTP", &ms(median(pages.iter().map(|(_, time)| *time).collect())), "");
    let strangers = ["shop.example", "shop-9999999.example", "www.seized.example"].map(|host| web.get(host, "/"));
    for answer in strangers {
        let status = answer?.status;
        if status != 421 {
            return Err(format!("a stranger was answered with {status}").into());
        }
    }
    Ok(())
}

fn start(operation: &Operation) -> Outcome<Server> {
    Server::start(&["serve", text(&operation.site)?, "--http", "127.0.0.1:0"])
}

use serde_json::{Value, json};

use super::*;
use crate::audit::{Actor, Entry};
use crate::tlog::LeafIndex;

/// The entries of one agency's log, written one after the other.
struct Writer {
    agency: &'static str,
    minutes: u64,
    entries: Vec<Recorded>,
}

impl Writer {
    fn of(agency: &'static str) -> Self {
        Self { agency, minutes: 0, entries: Vec::new() }
    }

    fn write(&mut self, kind: Kind, action: &str, subject: Option<&str>, step: &str, body: Value) -> u64 {
        let seq = self.entries.len() as u64;
        let start: UtcTime = "2027-03-16T11:30:00Z".parse().unwrap();
        let entry = Entry {
            at: start.plus(std::time::Duration::from_secs(self.minutes * 60)),
            actor: Actor { agency: self.agency.into(), key: None, role: "operator".into() },
            authority: Some("court".into()),
            step: (!step.is_empty()).then(|| step.to_owned()),
            kind,
            action: action.into(),
            subject: subject.map(str::to_owned),
            body: serde_json::from_value(body).unwrap(),
            evidence: vec![EvidenceRef {
                sealed: false,
                bytes: 3,
                digest: crate::digest::Digest::of(format!("{seq}")),
                media: "application/json".into(),
            }],
            tool: "test".into(),
        };
        self.entries.push(Recorded { seq: LeafIndex(seq), entry });
        seq
    }

    fn look(&mut self, subject: &str, moment: &str, list: Option<&str>, verdict: &str) {
        let findings = json!([{"code": "C201", "severity": "error", "known": true, "message": "still there"}]);
        let findings = if verdict == "pass" { json!([]) } else { findings };
        let state = if moment == "before" { "NS ns1.old.test" } else { "NXDOMAIN" };
        let body = json!({"moment": moment, "action": "block", "list": list, "state": state, "verdict": verdict,
            "findings": findings});
        let step = if moment == "before" { "check" } else { "verify" };
        self.write(Kind::Fact, "observe", Some(subject), step, body);
    }

    fn instruct(&mut self, task: &str, result: Option<OutcomeResult>) {
        let body = json!({"task": task, "what": format!("block {task}")});
        let of = LeafIndex(self.write(Kind::Intent, "instruct", Some(task), "block", body));
        if let Some(result) = result {
            let kind = Kind::Outcome { of, result };
            self.write(kind, "outcome", Some(task), "block", json!({"how": "accepted by the registry"}));
        }
    }

    fn end(&mut self, step: &str, reached: bool) {
        self.write(Kind::Fact, "step.end", None, step, json!({"reached": reached}));
    }
}

/// Three targets: one as ordered, one not, one that nobody looked at afterwards.
fn small() -> Writer {
    let mut log = Writer::of("police.example");
    log.write(Kind::Fact, "run.open", None, "", json!({"plan": "sha256:00"}));
    for subject in ["good.example", "bad.example", "unseen.example"] {
        log.look(subject, "before", None, "pass");
        log.instruct(subject, Some(OutcomeResult::Done));
    }
    log.instruct("list:more", None);
    log.minutes = 60;
    log.write(Kind::Fact, "settle", None, "settle", json!({"of": 3, "unsettled": 2, "waiting": []}));
    log.minutes = 120;
    log.look("good.example", "after", None, "pass");
    let visit =
        json!({"place": "http", "genuine": true, "verdict": "pass", "summary": "http://good.example: in force"});
    log.write(Kind::Fact, "visit", Some("good.example"), "verify", visit);
    log.look("bad.example", "after", None, "fail");
    log.end("verify", false);
    log
}

fn told(origin: &str) -> LogTold {
    LogTold {
        dir: "log".into(),
        origin: origin.into(),
        size: 20,
        read: 20,
        checkpoint: format!("{origin}\n20\nroot\n\n— {origin} c2ln\n"),
        pem: "PEM\n".into(),
        evidence: EvidenceTold::Checked {
            cited: 20,
            files: 20,
            bad: Vec::new(),
            erased: Vec::new(),
            shut: 0,
            apart: 0,
            uncited: 0,
        },
        ..LogTold::default()
    }
}

fn retold(writers: &[Writer]) -> Retold {
    let mut all: Vec<(UtcTime, usize, &Recorded)> = Vec::new();
    for (log, writer) in writers.iter().enumerate() {
        all.extend(writer.entries.iter().map(|recorded| (recorded.entry.at, log, recorded)));
    }
    all.sort_by_key(|(at, log, recorded)| (*at, *log, recorded.seq));
    let mut retold = Retold::default();
    for (_, log, recorded) in all {
        retold.note(log, recorded);
    }
    retold.finish();
    retold.logs = writers.iter().map(|writer| told(&format!("{}/log", writer.agency))).collect();
    retold
}

#[test]
fn the_fold_counts_verdicts_rounds_and_doubts() {
    let retold = retold(&[small()]);
    let counts = [Verdict::Pass, Verdict::Fail, Verdict::Unknown].map(|verdict| retold.count(verdict));
    assert_eq!(counts, [1, 1, 1]);
    assert_eq!(retold.in_doubt().map(|deed| deed.task.as_str()).collect::<Vec<_>>(), ["list:more"]);
    let rounds: Vec<_> =
        retold.rounds().iter().map(|round| (round.kind, round.good, round.not, round.unknown, round.whole)).collect();
    assert_eq!(rounds, [(RoundKind::Waiting, 1, 2, 0, true), (RoundKind::Verification, 1, 1, 0, true)]);
    let good = &retold.stories[0];
    assert_eq!((good.visits(), good.before(), good.after()), ((1, 1), Some("NS ns1.old.test"), Some("NXDOMAIN")));
    assert!(!retold.is_closed());
}

#[test]
fn a_visit_that_met_no_notice_takes_its_target_out_of_those_as_ordered() {
    for (word, expected) in [("fail", (0, 1, 0)), ("unknown", (0, 0, 1)), ("pass", (0, 1, 0))] {
        let mut log = Writer::of("police.example");
        log.look("a.example", "after", None, "pass");
        let visit = json!({"place": "http", "genuine": false, "verdict": word, "summary": "something else"});
        log.write(Kind::Fact, "visit", Some("a.example"), "verify", visit);
        let retold = retold(&[log]);
        let [round] = retold.rounds() else { panic!("{word}") };
        assert_eq!((round.good, round.not, round.unknown), expected, "{word}");
        assert!(!round.whole, "the step has no end");
        assert!(retold.stories[0].looks_after().next().unwrap().lines().contains(&"something else".to_owned()));
    }
}

#[test]
fn the_worst_of_what_several_agencies_saw_counts_and_each_is_told_as_its_own() {
    for (one, other, expected) in [
        ("pass", "pass", Verdict::Pass),
        ("pass", "unknown", Verdict::Unknown),
        ("fail", "unknown", Verdict::Fail),
        ("pass", "fail", Verdict::Fail),
    ] {
        let (mut police, mut partner) = (Writer::of("police.example"), Writer::of("partner.example"));
        police.look("a.example", "after", None, one);
        partner.look("a.example", "after", None, other);
        let retold = retold(&[police, partner]);
        assert_eq!(retold.stories.len(), 1);
        assert_eq!(retold.stories[0].verdict(), expected, "{one} {other}");
        let page = html(&retold).unwrap();
        for origin in ["police.example/log", "partner.example/log"] {
            assert!(page.contains(&format!("<td><bdi>{origin}</bdi></td>")), "{origin}");
        }
        assert!(text(&retold).contains("told by partner.example/log"));
        assert_eq!(retold.json()["targets"][0]["accounts"].as_array().unwrap().len(), 2);
    }
}

/// Every tag that is not empty by nature is closed in order, and ids are used once.
fn well_formed(page: &str) {
    let void = ["meta", "link", "br", "line", "circle", "rect", "!doctype"];
    let mut open = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = rest.find('>').unwrap();
        let tag = &rest[..end];
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap().trim_end_matches('/').to_lowercase();
        match tag.starts_with('/') {
            true => assert_eq!(open.pop().as_deref(), Some(&*name), "…{}", &rest[..80.min(rest.len())]),
            false if tag.ends_with('/') || void.contains(&&*name) => {}
            false => open.push(name),
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    for (place, _) in page.match_indices(" id=\"") {
        let id = page[place + 5..].split('"').next().unwrap();
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
}

/// Headings as levels, in order.
fn headings(page: &str) -> Vec<u8> {
    let starts = page.match_indices("<h").filter_map(|(place, _)| page.as_bytes().get(place + 2).copied());
    starts.filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect()
}

#[test]
fn the_page_has_landmarks_headings_in_order_tables_with_scopes_and_nothing_from_elsewhere() {
    let page = html(&retold(&[small()])).unwrap();
    well_formed(&page);
    for part in [
        "<html lang=\"en\">",
        "<main id=\"report\"",
        "<a class=\"skip\" href=\"#report\">",
        "<header",
        "<nav ",
        "<footer>",
    ] {
        assert_eq!(page.matches(part).count(), 1, "{part}");
    }
    let levels = headings(&page);
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    assert_eq!(page.matches("<th ").count(), page.matches("<th scope=").count());
    assert_eq!(page.matches("<table").count(), page.matches("<caption").count());
    for foreign in ["<script", "src=", "@import", "url(", "javascript:", " style=\"", " onload"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("default-src &#39;none&#39;; style-src &#39;sha256-"));
    assert!(page.contains("<desc id=\"chart-description\">A line chart of 2 looks at all targets"));
    assert!(page.contains("What became of “block list:more” (entry 10): no entry says it."), "{page}");
    assert!(page.contains("Whether unseen.example is as ordered: nobody looked at it after the operation."));
    assert!(page.contains("16 March 2027, 13:30:00 UTC"));
}

#[test]
fn a_text_of_the_log_is_a_text_on_the_page_and_turns_nothing_around() {
    const HOSTILE: &str =
        "</title></style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u{202e}txt.exe\u{2066}";
    let mut log = Writer::of("police.example");
    log.write(Kind::Fact, "run.open", None, HOSTILE, json!({"plan": HOSTILE}));
    log.write(Kind::Fact, "approval", None, HOSTILE, json!({"approver": HOSTILE}));
    log.write(Kind::Fact, HOSTILE, Some(HOSTILE), HOSTILE, json!({}));
    for moment in ["before", "after"] {
        let findings = json!([{"code": HOSTILE, "severity": HOSTILE, "known": false, "message": HOSTILE}]);
        let body = json!({"moment": moment, "action": HOSTILE, "list": null, "state": HOSTILE, "verdict": HOSTILE,
            "findings": findings});
        log.write(Kind::Fact, "observe", Some(HOSTILE), HOSTILE, body.clone());
        let mut listed = body;
        listed["list"] = json!(HOSTILE);
        log.write(Kind::Fact, "observe", Some("in-list.example"), HOSTILE, listed);
    }
    let intent = json!({"task": HOSTILE, "what": HOSTILE});
    let of = LeafIndex(log.write(Kind::Intent, "instruct", Some(HOSTILE), HOSTILE, intent));
    let result = OutcomeResult::Failed;
    log.write(Kind::Outcome { of, result }, "outcome", Some(HOSTILE), HOSTILE, json!({"how": HOSTILE}));
    let mut retold = retold(&[log]);
    retold.logs[0].dir = HOSTILE.into();
    retold.logs[0].problems.push(HOSTILE.into());
    let operation = OperationPaper { title: HOSTILE.into(), lead: "x".into(), case: Some(HOSTILE.into()) };
    let agency = AgencyPaper { id: "x".into(), name: HOSTILE.into(), ..AgencyPaper::default() };
    retold.papers.playbook = Some(PlaybookPaper { operation, agency: vec![agency], order: Vec::new() });

    let page = html(&retold).unwrap();
    well_formed(&page);
    assert!(page.matches("&#60;script&#62;").count() >= 15, "{page}");
    assert!(!page.contains("<script") && !page.contains("<img"));
    assert_eq!(page.matches("<style>").count(), 2);
    for turned in ['\u{202e}', '\u{2066}'] {
        assert!(!page.contains(turned));
        assert!(!text(&retold).contains(turned));
    }
    assert!(page.contains("⟨U+202E⟩txt.exe⟨U+2066⟩"));
}

#[test]
fn ten_thousand_names_of_a_list_make_a_file_that_a_browser_opens_and_those_not_as_ordered_are_told_in_full() {
    let mut log = Writer::of("police.example");
    log.instruct("list:dga", Some(OutcomeResult::Done));
    for moment in ["before", "after"] {
        for n in 0..10_000 {
            let verdict = if moment == "after" && n % 2500 == 7 { "fail" } else { "pass" };
            log.look(&format!("name{n}.example"), moment, Some("dga"), verdict);
        }
    }
    log.end("verify", false);
    let retold = retold(&[log]);
    let begun = std::time::Instant::now();
    let page = html(&retold).unwrap();
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    assert!(page.len() < 1 << 20, "{} bytes", page.len());
    for n in [7, 2507, 5007, 7507] {
        assert!(page.contains(&format!("<h4><bdi>name{n}.example</bdi></h4>")), "{n}");
    }
    assert!(page.contains("9996 as ordered, 4 not, 0 not known"));
    assert!(page.contains("Left out here: 9746 names as ordered."));
    assert!(page.contains("What this file leaves out"));
    assert_eq!(retold.json()["targets"].as_array().unwrap().len(), 10_000);
}

#[test]
fn ten_thousand_targets_that_fail_one_by_one_are_told_as_far_as_a_file_has_room() {
    let mut log = Writer::of("police.example");
    for n in 0..10_000 {
        let name = format!("name{n}.example");
        log.instruct(&name, (n % 3 != 0).then_some(OutcomeResult::Failed));
        log.look(&name, "after", None, "fail");
        log.write(Kind::Fact, "refused", Some(&name), &format!("step{n}"), json!({"why": "x".repeat(8000)}));
    }
    let page = html(&retold(&[log])).unwrap();
    assert!(page.len() < 8 << 20, "{} bytes", page.len());
    assert!(page.contains("the stories of 9750 targets"));
}

#[test]
fn what_the_file_leaves_out_is_told_in_its_summary_and_the_other_forms_have_it() {
    let mut log = Writer::of("police.example");
    let long = "word ".repeat(1000);
    for n in 0..601 {
        let text = if n == 0 { long.clone() } else { format!("call {n}") };
        log.write(Kind::Fact, "note", None, "calls", json!({"text": text}));
    }
    let retold = retold(&[log]);
    assert_eq!(lines_left_out(&retold), 401);
    let page = html(&retold).unwrap();
    let (summary, rest) = page.split_once("Contents</h2>").unwrap();
    assert!(summary.contains("Not all of them stand in this file: 401 lines of the timeline left out"), "{summary}");
    let (_, end) = rest.split_once("What this file leaves out").unwrap();
    for part in ["401 lines of the timeline", "after the first 2000 characters of a text: 1 text that is longer"] {
        assert!(end.contains(part), "{part}\n{end}");
    }
    assert!(!page.contains(long.trim_end()) && page.contains("more characters)"));
    let told = text(&retold).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains(long.trim_end()) && told.contains("noted: call 600"));
    let what = retold.json()["timeline"][0]["what"].to_string();
    assert!(what.contains(long.trim_end()), "{what}");
}

#[test]
fn of_evidence_no_more_is_said_than_was_looked_at() {
    let mut log = told("police.example/log");
    let all = "Every evidence file that an entry cites was read";
    assert!(log.evidence_sentence().starts_with(all));
    let damages: [fn(&mut LogTold); 4] = [
        |log| log.gaps.push(Gap { entries: 3..5, why: "missing".into() }),
        |log| log.problems.push("wrong".into()),
        |log| log.committed = Some(21),
        |log| log.read = 19,
    ];
    for damage in damages {
        let mut damaged = log.clone();
        damage(&mut damaged);
        let sentence = damaged.evidence_sentence();
        assert!(sentence.starts_with("Every evidence file that one of the entries that are told cites"), "{sentence}");
    }
    log.gaps.push(Gap { entries: 3..5, why: "missing".into() });
    let EvidenceTold::Checked { shut, uncited, .. } = &mut log.evidence else { unreachable!() };
    (*shut, *uncited) = (1, 2);
    let sentence = log.evidence_sentence();
    for part in ["Of 20 evidence files that the entries that are told cite, 19 were read", "is not known"] {
        assert!(sentence.contains(part), "{sentence}");
    }
}

#[test]
fn lines_of_the_text_stay_within_80_columns_where_words_allow_it() {
    let mut retold = retold(&[small(), Writer::of("partner.example")]);
    retold.logs[1].problems.push("something is wrong with this log, and it takes many words to say what it is".into());
    let text = text(&retold);
    assert!(text.starts_with("THE OPERATION, RETOLD FROM ITS LOG\n\nNOT ALL OF THIS VERIFIES\n"), "{text}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

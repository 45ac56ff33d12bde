//! What was checked, how it came out, and the one verdict that follows.

use std::fmt;

use crate::clock::UtcTime;
use crate::columns;
use crate::notice::NoticeId;
use crate::signed_note::KeyName;
use crate::tlog::LeafIndex;

/// What is checked, in the order in which it is told. The first failure is the verdict, so what a later one builds on comes
/// first; those of dates and of later editions are it only where nothing else fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// The visitor's program accepts the server's certificate.
    Certificate,
    /// The server shows a page, with status 451 (RFC 7725) or 200.
    Shown,
    /// The note can be read as a signed note.
    Form,
    /// Every signature by a known key is good, and there is one.
    Signatures,
    /// The keys that signed may sign notices.
    Roles,
    /// The key list, if there is one, has not expired; it says which of the keys that signed do not count.
    KeyList,
    /// As many agencies signed as the policy asks for.
    Quorum,
    /// The signed text is a notice in its one written form.
    Manifest,
    /// The issuer is among the signers, and the address for checking is on its domain.
    Issuer,
    /// The name asked about is covered.
    Name,
    /// It says that it is in force, and not that it is withdrawn.
    Status,
    /// The moment lies within the notice's dates.
    Dates,
    /// `notice.txt`, which other people's tools check, is the signed text.
    Copy,
    /// The pages are those that were signed.
    Pages,
    /// The page is in the language that was asked for, and says so.
    Language,
    /// No later edition replaces it or withdraws it.
    Later,
    /// The notice stands in the audit log.
    Inclusion,
    /// As many witnesses have cosigned the checkpoint as the policy asks for.
    Witnesses,
    /// The time stamp over the checkpoint is good, and by an authority that is believed.
    TimeStamp,
    /// The other files of the kit, which other people's tools take, are what they should be.
    Kit,
    /// Over plain HTTP a strange name is turned away.
    StrangePage,
    /// Over plain HTTP a strange name gets no kit.
    StrangeKit,
    /// Over TLS a strange name gets no session.
    StrangeTls,
    /// The receipt can be read as one.
    Receipt,
    /// The checkpoint in it is signed by the log that it names.
    Checkpoint,
    /// The entry is in the tree that the checkpoint vouches for, where the receipt says.
    Included,
    /// It is an entry in its one written form, and says that it stands there.
    Entry,
    /// What the entry cites is what it was.
    Evidence,
}

impl Check {
    /// In one or two words; also the stable name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Shown => "page shown",
            Self::Form => "note",
            Self::Signatures => "signatures",
            Self::Roles => "key roles",
            Self::KeyList => "key list",
            Self::Quorum => "quorum",
            Self::Manifest => "manifest",
            Self::Issuer => "issuer",
            Self::Name => "name",
            Self::Status => "status",
            Self::Later => "later",
            Self::Dates => "dates",
            Self::Copy => "notice.txt",
            Self::Pages => "pages",
            Self::Language => "language",
            Self::Inclusion => "log entry",
            Self::Witnesses => "witnesses",
            Self::TimeStamp => "time stamp",
            Self::Kit => "kit",
            Self::StrangePage => "http page",
            Self::StrangeKit => "http kit",
            Self::StrangeTls => "tls",
            Self::Receipt => "receipt",
            Self::Checkpoint => "checkpoint",
            Self::Included => "inclusion",
            Self::Entry => "entry",
            Self::Evidence => "evidence",
        }
    }

    /// Whether a verdict needs it, even if nobody asked for it. The others are told, so that nobody takes them as done.
    fn is_always_needed(self) -> bool {
        let is_of_log = matches!(self, Self::Inclusion | Self::Witnesses | Self::TimeStamp | Self::Evidence);
        !is_of_log && !matches!(self, Self::KeyList | Self::Later | Self::Kit)
    }
}

/// How a check came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckResult {
    /// It is as it should be.
    Pass,
    /// It is not, and by itself this is what follows.
    Fail(Verdict),
    /// It could not be found out, or was not asked for. This is not a pass.
    NotChecked,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    /// Of what.
    pub check: Check,
    /// How it came out.
    pub result: CheckResult,
    /// What was found, in words; peer data escaped.
    pub detail: String,
    /// Whether there is no good verdict without it: it always is, or somebody asked for it.
    pub is_needed: bool,
}

impl CheckLine {
    pub(super) fn pass(check: Check, detail: impl Into<String>) -> Self {
        Self::of(check, CheckResult::Pass, detail)
    }

    pub(super) fn fail(check: Check, verdict: Verdict, detail: impl Into<String>) -> Self {
        Self::of(check, CheckResult::Fail(verdict), detail)
    }

    pub(super) fn not_checked(check: Check, detail: impl Into<String>) -> Self {
        Self::of(check, CheckResult::NotChecked, detail)
    }

    fn of(check: Check, result: CheckResult, detail: impl Into<String>) -> Self {
        Self { check, result, detail: detail.into(), is_needed: check.is_always_needed() }
    }

    /// The same, where somebody asked for it: what was asked for is needed.
    pub(super) fn needed_if(self, is_asked: bool) -> Self {
        Self { is_needed: self.is_needed || is_asked, ..self }
    }

    /// Whether it keeps a verdict from being good, though nothing speaks against it.
    fn is_lacking(&self) -> bool {
        self.is_needed && self.result == CheckResult::NotChecked
    }

    /// Whether it speaks against what was looked at.
    pub fn is_failure(&self) -> bool {
        matches!(self.result, CheckResult::Fail(_))
    }

    fn result_word(&self) -> &'static str {
        match self.result {
            CheckResult::Pass => "pass",
            CheckResult::Fail(_) => "FAIL",
            CheckResult::NotChecked => "not checked",
        }
    }

    fn wire(&self) -> serde_json::Value {
        serde_json::json!({
            "check": self.check.as_str(),
            "result": self.result_word().to_ascii_lowercase(),
            "detail": self.detail,
        })
    }
}

/// What it all comes to. Later variants are worse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The notice is real, covers the name and is in force.
    InForce {
        /// Its end.
        until: UtcTime,
    },
    /// A strange name is turned away, as it must be.
    TurnedAway,
    /// The entry is in the log.
    Recorded {
        /// The log's name.
        log: KeyName,
        /// The entry's number in it.
        index: LeafIndex,
    },
    /// A statement that is no notice is real: a denial, an advisory, a register.
    Genuine {
        /// What it says.
        what: String,
    },
    /// Nothing speaks against it, but something needed was not checked.
    Undetermined {
        /// What.
        what: String,
    },
    /// The notice is real and begins later.
    NotYet {
        /// Its beginning.
        from: UtcTime,
    },
    /// The notice was real.
    Expired {
        /// Its end.
        since: UtcTime,
    },
    /// The notice was real, and a later edition stands in its place.
    Superseded {
        /// The later edition.
        by: NoticeId,
    },
    /// The statement was real, and a later one stands in its place.
    Replaced {
        /// The later one.
        by: String,
    },
    /// The name was covered, and was returned to its holder.
    Returned {
        /// The name asked about.
        name: String,
        /// The edition that says so.
        by: NoticeId,
    },
    /// The notice was real, and those who signed it have withdrawn it.
    Withdrawn {
        /// Since when.
        since: UtcTime,
    },
    /// No notice is shown, or not as it should be.
    NotShown {
        /// What is there instead.
        what: String,
    },
    /// The notice is for other names.
    NotCovered {
        /// The name asked about.
        name: String,
    },
    /// The list that says whose keys count is too old to be believed.
    KeyListExpired {
        /// Its end.
        since: UtcTime,
    },
    /// Fewer agencies signed than must.
    NotEnoughSignatures {
        /// Which are missing.
        what: String,
    },
    /// Nobody known signed it as a notice.
    UnknownKeys,
    /// No log that is trusted signed the checkpoint.
    UnknownLog,
    /// Something is not what was signed.
    Altered {
        /// What.
        what: String,
    },
    /// It is no notice, or no receipt.
    Malformed {
        /// What is wrong with it.
        what: String,
    },
    /// A strange name got an answer from our hosts.
    Answered {
        /// Which.
        what: String,
    },
}

impl Verdict {
    /// A stable word for records and filters.
    pub fn code(&self) -> &'static str {
        self.rank_and_code().1
    }

    /// Whether all is well.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::InForce { .. } | Self::TurnedAway | Self::Recorded { .. } | Self::Genuine { .. })
    }

    /// The worse of two; of two equally bad the first.
    pub fn worse(self, other: Self) -> Self {
        if other.rank_and_code().0 > self.rank_and_code().0 { other } else { self }
    }

    fn rank_and_code(&self) -> (u8, &'static str) {
        match self {
            Self::InForce { .. } => (0, "in-force"),
            Self::TurnedAway => (0, "turned-away"),
            Self::Recorded { .. } => (0, "recorded"),
            Self::Genuine { .. } => (0, "genuine"),
            Self::Undetermined { .. } => (1, "undetermined"),
            Self::NotYet { .. } => (2, "not-yet"),
            Self::Expired { .. } => (3, "expired"),
            Self::Superseded { .. } => (4, "superseded"),
            Self::Replaced { .. } => (4, "superseded"),
            Self::Returned { .. } => (5, "returned"),
            Self::Withdrawn { .. } => (6, "withdrawn"),
            Self::NotShown { .. } => (7, "not-shown"),
            Self::NotCovered { .. } => (8, "not-covered"),
            Self::KeyListExpired { .. } => (9, "key-list-expired"),
            Self::NotEnoughSignatures { .. } => (10, "not-enough-signatures"),
            Self::UnknownKeys => (11, "unknown-keys"),
            Self::UnknownLog => (11, "unknown-log"),
            Self::Altered { .. } => (12, "altered"),
            Self::Malformed { .. } => (13, "malformed"),
            Self::Answered { .. } => (14, "answered"),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InForce { until } => write!(f, "in force until {until}"),
            Self::TurnedAway => f.write_str("turned away: the name gets no page, no kit and no TLS session"),
            Self::Recorded { log, index } => write!(f, "recorded: entry {index} of {log}"),
            Self::Genuine { what } => write!(f, "genuine: {what}"),
            Self::Undetermined { what } => write!(f, "undetermined: not checked: {what}"),
            Self::NotYet { from } => write!(f, "not yet in force: it begins at {from}"),
            Self::Expired { since } => write!(f, "expired: it was valid until {since}"),
            Self::Superseded { by } => write!(f, "superseded: {by} stands in its place"),
            Self::Replaced { by } => write!(f, "superseded: {by} stands in its place"),
            Self::Returned { name, by } => write!(f, "returned: {name} was given back to its holder, says {by}"),
            Self::Withdrawn { since } => write!(f, "withdrawn: it is no longer in force since {since}"),
            Self::NotShown { what } => write!(f, "not shown: {what}"),
            Self::NotCovered { name } => write!(f, "not covered: the notice is not for {name}"),
            Self::KeyListExpired { since } => {
                write!(f, "key list expired: it was to be believed until {since}; get the present one")
            }
            Self::NotEnoughSignatures { what } => write!(f, "not enough signatures: {what}"),
            Self::UnknownKeys => f.write_str("unknown keys: nobody who is trusted has signed this as a notice"),
            Self::UnknownLog => f.write_str("unknown log: no log whose key is trusted has signed this"),
            Self::Altered { what } => write!(f, "altered: {what}"),
            Self::Malformed { what } => write!(f, "malformed: {what}"),
            Self::Answered { what } => write!(f, "answered: a name that nobody ordered gets {what}"),
        }
    }
}

/// Every check and the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// In the order of [`Check`].
    pub lines: Vec<CheckLine>,
    /// What follows.
    pub verdict: Verdict,
    /// What the notice calls itself, where somebody who is trusted has signed that.
    pub notice: Option<NoticeId>,
}

/// The version of every JSON form of this module.
pub(super) const JSON_VERSION: u32 = 1;

impl Report {
    /// Sorts the lines and draws the verdict: the first failure; else the first needed check that was not made; else `good`.
    /// That its time has not come or is over is the verdict only of what nothing else is wrong with.
    pub(super) fn of(mut lines: Vec<CheckLine>, good: Verdict, notice: Option<NoticeId>) -> Self {
        lines.sort_by_key(|line| line.check);
        let is_of_time = |line: &CheckLine| matches!(line.check, Check::Dates | Check::Later);
        let failures = lines.iter().filter_map(|line| match &line.result {
            CheckResult::Fail(verdict) => Some((line, verdict)),
            CheckResult::Pass | CheckResult::NotChecked => None,
        });
        // `false` is less than `true`, and of equals the first is taken.
        let failure = failures.min_by_key(|(line, _)| is_of_time(line)).map(|(_, verdict)| verdict.clone());
        let open = || {
            let line = lines.iter().find(|line| line.is_lacking())?;
            Some(Verdict::Undetermined { what: format!("{}: {}", line.check.as_str(), line.detail) })
        };
        let verdict = failure.or_else(open).unwrap_or(good);
        Self { lines, verdict, notice }
    }

    /// Whether the verdict is the good one.
    pub fn is_good(&self) -> bool {
        self.verdict.is_good()
    }

    /// Whether nothing speaks against it, and this check is the only needed one that was not made.
    pub fn lacks_only(&self, check: Check) -> bool {
        let mut open = self.lines.iter().filter(|line| line.is_lacking()).map(|line| line.check);
        matches!(self.verdict, Verdict::Undetermined { .. }) && open.next() == Some(check) && open.next().is_none()
    }

    /// The line of one check, if it is part of this report.
    pub fn line(&self, check: Check) -> Option<&CheckLine> {
        self.lines.iter().find(|line| line.check == check)
    }

    /// As JSON, version 1: `version`, `notice`, `verdict` with `code` and `text`, `checks` with `check`, `result` and
    /// `detail` each.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "version": JSON_VERSION,
            "notice": self.notice.as_ref().map(ToString::to_string),
            "verdict": verdict_wire(&self.verdict),
            "checks": self.lines.iter().map(CheckLine::wire).collect::<Vec<_>>(),
        })
    }
}

/// The verdict's JSON form.
pub(super) fn verdict_wire(verdict: &Verdict) -> serde_json::Value {
    serde_json::json!({"code": verdict.code(), "text": verdict.to_string()})
}

impl fmt::Display for Report {
    /// For people: each check, then an empty line and the verdict, in 80 columns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            // The widest words are `not checked` and `certificate`.
            let head = format!("{:<11}  {:<11}  ", line.result_word(), line.check.as_str());
            f.write_str(&columns::row(&head, &line.detail))?;
        }
        writeln!(f)?;
        f.write_str(&columns::row("", &self.verdict.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::columns::COLUMNS;

    #[test]
    fn the_first_failure_is_the_verdict_and_what_is_needed_or_asked_for_and_was_not_checked_is_never_good() {
        let good = Verdict::InForce { until: UtcTime::from_unix(0) };
        let altered = Verdict::Altered { what: "de/index.html".into() };
        let fail = |check, verdict: &Verdict| CheckLine::fail(check, verdict.clone(), "no");
        let skip = |check| CheckLine::not_checked(check, "not asked");
        let pass = CheckLine::pass(Check::Form, "yes");
        for (lines, verdict) in [
            (vec![pass.clone()], "in-force"),
            // Nobody asked for a key list or the log; the lines say that neither was looked at.
            (vec![pass.clone(), skip(Check::KeyList), skip(Check::Inclusion)], "in-force"),
            (vec![pass.clone(), skip(Check::Inclusion).needed_if(false)], "in-force"),
            (vec![pass.clone(), skip(Check::Inclusion).needed_if(true)], "undetermined"),
            (vec![pass.clone(), skip(Check::TimeStamp).needed_if(true)], "undetermined"),
            (vec![pass.clone().needed_if(true)], "in-force"),
            (vec![pass.clone(), skip(Check::Name)], "undetermined"),
            (vec![pass.clone(), skip(Check::Name).needed_if(false)], "undetermined"),
            (vec![skip(Check::Name), fail(Check::Pages, &altered)], "altered"),
            (vec![fail(Check::Pages, &altered), fail(Check::Signatures, &Verdict::UnknownKeys)], "unknown-keys"),
        ] {
            let report = Report::of(lines, good.clone(), None);
            assert_eq!(report.verdict.code(), verdict);
            assert_eq!(report.is_good(), verdict == "in-force");
            assert!(report.lines.is_sorted_by_key(|line| line.check));
        }
        let of = |lines: Vec<CheckLine>| Report::of(lines, good.clone(), None).lacks_only(Check::Name);
        assert!(of(vec![pass.clone(), skip(Check::Name), skip(Check::Later)]));
        assert!(!of(vec![skip(Check::Name), skip(Check::Pages)]) && !of(vec![pass.clone()]));
        assert!(!of(vec![skip(Check::Name), skip(Check::Inclusion).needed_if(true)]));
        assert!(!of(vec![skip(Check::Name), fail(Check::Pages, &altered)]));
    }

    #[test]
    fn of_two_verdicts_the_worse_counts() {
        let good = Verdict::InForce { until: UtcTime::from_unix(0) };
        let open = Verdict::Undetermined { what: "pages".into() };
        let altered = Verdict::Altered { what: "en/index.html".into() };
        assert_eq!(good.clone().worse(open.clone()), open);
        assert_eq!(altered.clone().worse(open.clone()), altered);
        assert_eq!(open.worse(altered.clone()), altered);
    }

    #[test]
    fn a_report_fits_eighty_columns_and_says_the_same_in_json() {
        let long = "not signed by ".to_owned() + &["court.example,"; 12].join(" ");
        let lines = vec![
            CheckLine::pass(Check::Form, "2 signatures"),
            CheckLine::fail(Check::Quorum, Verdict::NotEnoughSignatures { what: "1 of 2".into() }, long.clone()),
            CheckLine::not_checked(Check::Certificate, ""),
        ];
        let report = Report::of(lines, Verdict::TurnedAway, None);
        let text = report.to_string();
        assert!(text.lines().all(|line| line.width() <= COLUMNS), "{text}");
        assert!(
            text.starts_with("not checked  certificate\npass         note         2 signatures\nFAIL         quorum")
        );
        assert!(text.ends_with("\n\nnot enough signatures: 1 of 2\n"), "{text}");
        let json = report.to_json();
        assert_eq!(json["version"], 1);
        assert_eq!(json["verdict"]["code"], "not-enough-signatures");
        assert_eq!(json["checks"][2]["result"], "fail");
        assert_eq!(json["checks"][2]["detail"], long);
        assert_eq!(json["checks"][0]["result"], "not checked");
    }
}

//! Whether a notice stands in the audit log, and how long it is known to have stood there.
//!
//! The receipt of an entry is judged by [`judge_receipt`]; here the entry must be the one that names this
//! very notice ([`LoggedNotice`]). That the log's own key has signed the checkpoint says where the notice stands, and nothing of
//! when: whoever holds the key writes the time. A moment before which it stood there comes from others alone: from witnesses, who
//! put the time into their cosignatures, or from a time stamp over the checkpoint (RFC 3161). It counts for the signatures under
//! the notice only when the entry names the note with these very signatures: of a text that was logged somebody could have
//! signed another copy later, with a key that he found.

use super::receipt::judge_receipt;
use super::report::{Check, CheckLine, Verdict};
use super::trust::Trust;
use crate::anchor::{AnchorError, Authorities, stamp};
use crate::audit::{Entry, Recorded};
use crate::clock::UtcTime;
use crate::keyring::{LogPolicy, Role, Standing, VerifiedKeyList};
use crate::notice::{LoggedNotice, Statement};
use crate::signed_note::{Cosignature, KeyName, Note, NoteError, VerifierKey};
use crate::tlog::Receipt;

/// What is said when there is nothing to look at.
pub(super) const NO_PROOF: &str = "no proof of an entry in the log was looked at";

/// The role in the entries of a rehearsal, by which `operate` marks them.
const REHEARSAL: &str = "rehearsal";

/// What shows that a notice stands in the log, as it lies in its kit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Logged<'a> {
    /// The receipt of its entry, `inclusion.tlog-proof`.
    pub proof: Option<&'a [u8]>,
    /// The time stamp over the receipt's checkpoint, `inclusion.tsr`.
    pub stamp: Option<&'a [u8]>,
}

/// Which logs are believed, and who says since when something is in them.
#[derive(Debug, Clone, Default)]
pub struct LogTrust {
    /// The keys of the logs.
    pub keys: Vec<VerifierKey>,
    /// The witnesses and how many must have cosigned, where somebody said so.
    pub policy: Option<LogPolicy>,
    /// The certificate authorities whose time stamping authorities are believed.
    pub authorities: Option<Authorities>,
}

/// What is found about the entry.
pub(super) struct Inclusion {
    pub(super) lines: Vec<CheckLine>,
    /// A moment before which the note, signatures included, was there.
    pub(super) proven_before: Option<UtcTime>,
}

impl From<CheckLine> for Inclusion {
    fn from(line: CheckLine) -> Self {
        Self { lines: vec![line], proven_before: None }
    }
}

impl Trust {
    /// Whether somebody said in which log a notice must stand. Without a proof of it there is then no good verdict: whoever copies a
    /// notice could leave it out.
    pub(super) fn asks_for_log(&self) -> bool {
        !self.logs.keys.is_empty()
    }

    /// The keys of the logs that are believed: those that were given, or else those on the key list.
    pub(super) fn log_keys(&self) -> Vec<VerifierKey> {
        match &self.list {
            Some(list) if self.logs.keys.is_empty() => listed(list, Role::Log),
            _ => self.logs.keys.clone(),
        }
    }
}

/// The keys of one role on a list.
fn listed(list: &VerifiedKeyList, role: Role) -> Vec<VerifierKey> {
    let keys = list.list().keys.iter().map(|listed| &listed.key);
    keys.filter(|key| Role::of(key.name()) == Some(role)).cloned().collect()
}

/// Judges the receipt that lies beside a paper, or, where none does, the one that a register or a site has of the same note. That one
/// may be of an entry that only cites the note, which shows nothing here and is nobody's fault.
pub(super) fn of_paper(note: &Note, bytes: &[u8], logged: Logged<'_>, trust: &Trust) -> Inclusion {
    if logged.proof.is_some() {
        return inclusion(note, logged, trust);
    }
    let Some(logged) = trust.others.logged(bytes) else { return inclusion(note, logged, trust) };
    let mut found = inclusion(note, logged, trust);
    let place = trust.others.place.as_deref().unwrap_or("beside it");
    let is_dated = found.proven_before.is_some();
    // Whoever handed on the register may have put a strange stamp there, and it takes nothing from the proof.
    for line in found.lines.iter_mut().filter(|line| line.check == Check::TimeStamp && line.is_failure()) {
        *line = open_stamp(format!("the one in {place} is passed over: {}", line.detail), is_dated, trust);
    }
    match found.lines.iter().find(|line| line.is_failure()) {
        None => found,
        Some(line) => {
            let why = format!("no proof beside it; the one in {place} is passed over: {}", line.detail);
            CheckLine::not_checked(Check::Inclusion, why).needed_if(trust.asks_for_log()).into()
        }
    }
}

/// Judges a receipt of a note, and the time stamp over it.
pub(super) fn inclusion(note: &Note, logged: Logged<'_>, trust: &Trust) -> Inclusion {
    let mut found = entry(note, logged, trust);
    let is_told = found.lines.iter().any(|line| line.check == Check::TimeStamp);
    if !is_told && logged.stamp.is_some() {
        found.lines.push(open_stamp("there is no proven entry that it could date", false, trust));
    } else if !is_told && trust.logs.authorities.is_some() {
        found.lines.push(open_stamp("none was looked at", false, trust));
    }
    found
}

/// Judges the receipt, and where it is one of this note, the witnesses and the time stamp.
fn entry(note: &Note, logged: Logged<'_>, trust: &Trust) -> Inclusion {
    let open = |why: String| CheckLine::not_checked(Check::Inclusion, why).needed_if(trust.asks_for_log()).into();
    let Some(proof) = logged.proof else { return open(NO_PROOF.to_owned()) };
    let keys = trust.log_keys();
    if keys.is_empty() {
        return open("there is a proof, but nobody said which log is believed".to_owned());
    }
    // The witnesses have a line of their own.
    let judged = judge_receipt(proof, &keys, None, None);
    let Some((recorded, receipt)) = judged.recorded.zip(Receipt::parse(proof).ok()) else {
        let failed = judged.report.lines.iter().find(|line| line.is_failure());
        return match failed {
            Some(line) => CheckLine::fail(Check::Inclusion, judged.report.verdict, line.detail.clone()).into(),
            None => open("the receipt does not carry the entry".to_owned()),
        };
    };
    let Some(is_whole) = names(&recorded.entry, note) else {
        let what = "the entry that is proven is not that of this notice".to_owned();
        return CheckLine::fail(Check::Inclusion, Verdict::Altered { what: what.clone() }, what).into();
    };
    let witnessed = witnessed(&receipt, trust);
    let (stamped, of_stamp) = stamped(&receipt, logged.stamp, witnessed.by.is_some(), trust);
    let known = witnessed.by.into_iter().chain(stamped).min();
    if let Some(standing) = objection(&receipt, &recorded, known, trust) {
        let log = &receipt.checkpoint().origin;
        return open(format!("the key of {log} does not count ({standing})"));
    }
    let copy = if is_whole { "" } else { ", with other signatures than these" };
    let stands = CheckLine::pass(Check::Inclusion, format!("{}{copy}", entry_words(&receipt, &recorded)));
    // A proof that lacks the witnesses that it must have dates nothing.
    let proven_before = known.filter(|_| is_whole && !witnessed.line.is_failure());
    let lines = [stands, witnessed.line].into_iter().chain(of_stamp).collect();
    Inclusion { lines, proven_before }
}

/// Whether an entry is of this note, signatures included; `None` when it is not of its text. A notice has an entry of its own kind,
/// by which it was served. For denials, advisories and registers there is none; an entry that cites the file is what they have.
fn names(entry: &Entry, note: &Note) -> Option<bool> {
    let this = LoggedNotice::of_note(note);
    match Statement::parse(note.text.as_str().as_bytes()) {
        Ok(Statement::Denial(_) | Statement::Advisory(_) | Statement::Listing(_)) => {
            let cites = |digest| entry.evidence.iter().any(|piece| piece.digest == digest);
            let is_whole = cites(this.signed);
            (is_whole || cites(this.manifest)).then_some(is_whole)
        }
        Ok(Statement::Notice(_)) | Err(_) => {
            let found = LoggedNotice::of(entry).filter(|found| found.manifest == this.manifest)?;
            Some(found == this)
        }
    }
}

/// Where the entry stands, in words.
fn entry_words(receipt: &Receipt, recorded: &Recorded) -> String {
    let entry = &recorded.entry;
    let rehearsal = if entry.actor.role == REHEARSAL { ", of a rehearsal" } else { "" };
    format!("entry {} of {}, written {}{rehearsal}", receipt.index(), receipt.checkpoint().origin, entry.at)
}

/// Why the log's key does not count, if it does not; only a key list says so.
fn objection(receipt: &Receipt, recorded: &Recorded, known: Option<UtcTime>, trust: &Trust) -> Option<Standing> {
    let list = trust.list.as_ref().filter(|_| trust.logs.keys.is_empty())?.list();
    let signed = |key: &&VerifierKey| receipt.note().signatures.iter().any(|line| key.is_of(line));
    let of_this_log =
        list.keys.iter().map(|listed| &listed.key).filter(|key| *key.name() == receipt.checkpoint().origin);
    let mut standings = of_this_log.filter(signed).map(|key| list.standing_of(key, recorded.entry.at, known));
    let first = standings.next().unwrap_or(Standing::Unlisted);
    let counts = |standing: &Standing| *standing == Standing::Counts;
    (!counts(&first) && !standings.any(|standing| counts(&standing))).then_some(first)
}

/// Who has cosigned, in words, and the moment by which enough had.
struct Witnessed {
    line: CheckLine,
    by: Option<UtcTime>,
}

fn witnessed(receipt: &Receipt, trust: &Trust) -> Witnessed {
    let altered = |error: NoteError| {
        let what = Verdict::Altered { what: "a cosignature under the checkpoint".to_owned() };
        Witnessed { line: CheckLine::fail(Check::Witnesses, what, error.to_string()), by: None }
    };
    match (&trust.logs.policy, &trust.list) {
        (Some(policy), _) => by_policy(receipt, policy).unwrap_or_else(altered),
        (None, Some(list)) if !trust.asks_for_log() => by_list(receipt, list).unwrap_or_else(altered),
        _ => {
            let why = "a policy that names witnesses was not given";
            Witnessed { line: CheckLine::not_checked(Check::Witnesses, why), by: None }
        }
    }
}

/// As many must have cosigned as the policy asks for.
fn by_policy(receipt: &Receipt, policy: &LogPolicy) -> Result<Witnessed, NoteError> {
    let found = policy.witnessed(receipt.note())?;
    let detail = found.verdict.to_string();
    let line = match cosigners(&found.cosigned) {
        _ if !found.verdict.reached => {
            let what = format!("witnesses: {detail}");
            CheckLine::fail(Check::Witnesses, Verdict::NotEnoughSignatures { what }, detail)
        }
        _ if found.cosigned.is_empty() => CheckLine::not_checked(Check::Witnesses, "the policy asks for none"),
        names => CheckLine::pass(Check::Witnesses, format!("{detail}; {names}")),
    };
    Ok(Witnessed { line, by: policy.witnessed_by(receipt.note())? })
}

/// A key list names witnesses and says nothing of how many must have cosigned: one is enough, if it is not of the agency whose
/// log it is. One that was revoked is not believed at all, since it says its own time.
///
/// Of one agency are two names of which one host is the other's, or stands below it, in either direction: whoever has a domain has
/// all that is below it. Hosts beside each other (`court.state.example`, `police.state.example`) are often of different
/// authorities, and no list of domains tells which; there it is for those who sign the key list, or write a policy, to say.
fn by_list(receipt: &Receipt, list: &VerifiedKeyList) -> Result<Witnessed, NoteError> {
    let keys = listed(list, Role::Witness);
    let counts = |one: &Cosignature<'_>| {
        let is_own = one.key.name().is_of_one_agency(&receipt.checkpoint().origin);
        !is_own && list.list().standing_of(one.key, one.at, None) == Standing::Counts
    };
    let cosigned: Vec<_> = receipt.note().cosignatures(&keys)?.into_iter().filter(counts).collect();
    let by = cosigned.iter().map(|one| one.at).min();
    let named: Vec<_> = cosigned.iter().map(|one| (one.key.name().clone(), one.at)).collect();
    let line = match named.is_empty() {
        true => CheckLine::not_checked(Check::Witnesses, "no witness on the key list has cosigned"),
        false => CheckLine::pass(Check::Witnesses, cosigners(&named)),
    };
    Ok(Witnessed { line, by })
}

fn cosigners(cosigned: &[(KeyName, UtcTime)]) -> String {
    let one = |(name, at): &(KeyName, UtcTime)| format!("{name} at {at}");
    cosigned.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The end of the time that a stamp over the checkpoint means, and its line, if there is anything to say. What was stamped is the
/// checkpoint as the log signed it, without the lines of others.
fn stamped(
    receipt: &Receipt,
    response: Option<&[u8]>,
    is_witnessed: bool,
    trust: &Trust,
) -> (Option<UtcTime>, Option<CheckLine>) {
    let checkpoint = || receipt.checkpoint_by_log().to_string();
    let line = match (response, &trust.logs.authorities) {
        (None, None) => return (None, None),
        (None, Some(_)) => open_stamp("none lies beside the proof", is_witnessed, trust),
        (Some(_), None) => open_stamp("no authority is believed", is_witnessed, trust),
        (Some(response), Some(believed)) => match stamp(response, checkpoint().as_bytes(), None, Some(believed)) {
            Ok(stamp) => {
                let line = CheckLine::pass(Check::TimeStamp, format!("before {} by {}", stamp.latest, stamp.authority));
                return (Some(stamp.latest), Some(line));
            }
            Err(error @ AnchorError::Chain { .. }) => {
                open_stamp(format!("it is of no authority that is believed: {error}"), is_witnessed, trust)
            }
            Err(error) => {
                let what = Verdict::Altered { what: "the time stamp over the checkpoint".to_owned() };
                CheckLine::fail(Check::TimeStamp, what, format!("it does not hold: {error}"))
            }
        },
    };
    (None, Some(line))
}

/// A time stamp that was not judged. Whoever says which authorities are believed asks for one, unless witnesses have said since when
/// the entry is there: of a log that has witnesses, most proofs have no time stamp.
fn open_stamp(why: impl Into<String>, is_witnessed: bool, trust: &Trust) -> CheckLine {
    let is_asked = trust.logs.authorities.is_some() && !is_witnessed;
    CheckLine::not_checked(Check::TimeStamp, why).needed_if(is_asked)
}

#[cfg(test)]
mod tests;

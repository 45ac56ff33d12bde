//! The proofs that notices stand in the log, put into their kits.
//!
//! A proof is put there once it is as good as the operation's policy asks: as soon as the entry is published where no witness has
//! to cosign, otherwise when enough have. Until then the kit has none, and `impound verify` says `not checked`. A proof that
//! somebody else dates (witnesses, a time stamp) replaces one that nobody does, and nothing replaces it: the older it is, the
//! more it proves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::entry_proof::{Dated, Judges, Proof};
use super::open::audit_failure;
use super::site::site_failure;
use super::{Env, Failure};
use crate::anchor::Authorities;
use crate::audit::LogReader;
use crate::digest::Digest;
use crate::keyring::LogPolicy;
use crate::notice::{Edition, INCLUSION_PROOF, INCLUSION_STAMP, LoggedNotice, put_proof, read_proof, remove_proof};
use crate::signed_note::{Note, VerifierKey};
use crate::tlog::{LeafIndex, Receipt};

/// How long witnesses are waited for before a notice is served without its proof. They cosign within a second or two.
const WITNESSES_WAIT: Duration = Duration::from_secs(5);

/// How often it is looked whether they have.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Where the proofs come from and where they go.
#[derive(Debug)]
pub(super) struct Proofs {
    /// The log.
    pub(super) log: PathBuf,
    /// Its key.
    pub(super) key: VerifierKey,
    /// Which witnesses must have cosigned.
    pub(super) policy: LogPolicy,
    /// Whose time stamps are believed.
    pub(super) authorities: Option<Authorities>,
    /// The signed site.
    pub(super) site: PathBuf,
}

/// How it stands with the proof of one edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is in the kit.
    Proven,
    /// The entry is there, and too few witnesses have cosigned.
    Waiting,
    /// The log has no entry of this notice with these signatures.
    NotLogged,
}

impl Standing {
    /// For people and for JSON.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Waiting => "waiting for witnesses",
            Self::NotLogged => "not in the log",
        }
    }
}

impl Proofs {
    /// Puts a proof into the kit of every edition that has none, or a worse one; on disk and in memory.
    pub(super) fn put(&self, editions: &mut [Edition]) -> Result<Vec<Standing>, Failure> {
        let reader = LogReader::open(&self.log, std::slice::from_ref(&self.key)).map_err(audit_failure)?;
        let logged = logged(&reader)?;
        editions.iter_mut().map(|edition| self.put_one(&reader, &logged, edition)).collect()
    }

    /// The same, and waits a little for the witnesses; whoever goes on without them can come back later.
    pub(super) async fn put_soon(&self, editions: &mut [Edition], env: &mut Env<'_>) -> Result<(), Failure> {
        let deadline = Instant::now() + WITNESSES_WAIT;
        loop {
            let standings = self.put(editions)?;
            let is_waiting = standings.contains(&Standing::Waiting);
            if !is_waiting || Instant::now() >= deadline || *env.stop.borrow() {
                if is_waiting {
                    env.say("the witnesses have not cosigned yet; the proof that the notice is in the log comes later");
                }
                return Ok(());
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// The same after a run, whose last entries are witnessed by now; says so when a server should read the site again. A site
    /// that cannot be written keeps nobody from the report: it is told, and the answer is whether it could.
    pub(super) fn put_last(&self, playbook: &Path, editions: &mut [Edition], env: &mut Env<'_>) -> bool {
        let before: Vec<_> = editions.iter().map(|edition| edition.kit.get(INCLUSION_PROOF).cloned()).collect();
        let put = self.put(editions);
        let is_new = |(edition, before): (&Edition, _)| edition.kit.get(INCLUSION_PROOF) != before;
        if editions.iter().zip(before.iter().map(Option::as_ref)).any(is_new) {
            env.say(format!("proofs: put into {}; have the servers read it again", self.site.display()));
        }
        match &put {
            Err(failure) => {
                env.say("proofs: not all of them could be put into the site");
                env.say(failure.to_string());
                self.say_later("once that is mended", playbook, env);
            }
            Ok(standings) if standings.contains(&Standing::Waiting) => {
                env.say(
                    "proofs: too few witnesses have cosigned, so the kits do not show yet that the notices are in the log",
                );
                self.say_later("once the witnesses answer", playbook, env);
            }
            Ok(_) => {}
        }
        put.is_ok()
    }

    fn say_later(&self, when: &str, playbook: &Path, env: &mut Env<'_>) {
        env.say(format!("  help: {when}, type this, and have the servers read the site again:"));
        env.say(format!("  {}", self.later(playbook)));
    }

    /// The command that asks the witnesses again and puts the proofs into the kits.
    fn later(&self, playbook: &Path) -> String {
        let Self { log, key, site, .. } = self;
        let playbook = playbook.display();
        let (log, site) = (quoted(&log.display().to_string()), quoted(&site.display().to_string()));
        format!("impound notice record {} --log {log} --site {site} --keys {key}", quoted(&playbook.to_string()))
    }

    fn put_one(
        &self,
        reader: &LogReader,
        logged: &BTreeMap<Digest, LeafIndex>,
        edition: &mut Edition,
    ) -> Result<Standing, Failure> {
        // What lies on the disk counts: the edition may have been read before a proof was put there.
        for name in [INCLUSION_PROOF, INCLUSION_STAMP] {
            let lies = read_proof(&self.site, &edition.id, name).map_err(site_failure)?;
            edition.kit.extend(lies.map(|bytes| (name.to_owned(), bytes)));
        }
        let note = edition.note().and_then(|note| Note::parse(note).ok());
        let Some(index) = note.and_then(|note| logged.get(&LoggedNotice::of_note(&note).signed)) else {
            return Ok(Standing::NotLogged);
        };
        let present = self.kept(*index, edition);
        if present.as_ref().is_some_and(|present| present.dated == Dated::Others) {
            return Ok(Standing::Proven);
        }
        let best = self.judges().best(reader, *index)?;
        match best.filter(|best| present.as_ref().is_none_or(|present| present.dated < best.dated)) {
            Some(best) => self.replace(edition, best)?,
            None if present.is_none() => return Ok(Standing::Waiting),
            None => {}
        }
        Ok(Standing::Proven)
    }

    /// A stamp is of one checkpoint, so one that was there before goes with its proof. Whoever reads between the two sees a stamp
    /// that does not fit, and takes it for none.
    fn replace(&self, edition: &mut Edition, proof: Proof) -> Result<(), Failure> {
        match proof.stamp {
            Some(stamp) => {
                put_proof(&self.site, &edition.id, INCLUSION_STAMP, &stamp).map_err(site_failure)?;
                edition.kit.insert(INCLUSION_STAMP.to_owned(), stamp);
            }
            None => {
                remove_proof(&self.site, &edition.id, INCLUSION_STAMP).map_err(site_failure)?;
                edition.kit.remove(INCLUSION_STAMP);
            }
        }
        put_proof(&self.site, &edition.id, INCLUSION_PROOF, &proof.receipt).map_err(site_failure)?;
        edition.kit.insert(INCLUSION_PROOF.to_owned(), proof.receipt);
        Ok(())
    }

    fn judges(&self) -> Judges<'_> {
        Judges {
            keys: std::slice::from_ref(&self.key),
            policy: Some(&self.policy),
            authorities: self.authorities.as_ref(),
        }
    }

    /// The proof that a kit has, if it is one of this entry and good.
    fn kept(&self, index: LeafIndex, edition: &Edition) -> Option<Proof> {
        let receipt = Receipt::parse(edition.kit.get(INCLUSION_PROOF)?).ok()?;
        let stamp = edition.kit.get(INCLUSION_STAMP).cloned();
        (receipt.index() == index).then(|| self.judges().proof(&receipt, stamp))?
    }
}

/// A word as a shell reads it back (POSIX, Shell Command Language, section 2.2.2).
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if word.chars().all(plain) && !word.is_empty() {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Every notice of which the log speaks, by the digest of its note, and the first entry that does.
fn logged(reader: &LogReader) -> Result<BTreeMap<Digest, LeafIndex>, Failure> {
    let mut found = BTreeMap::new();
    for recorded in reader.entries().map_err(audit_failure)? {
        let recorded = recorded.map_err(audit_failure)?;
        if let Some(logged) = LoggedNotice::of(&recorded.entry) {
            found.entry(logged.signed).or_insert(recorded.seq);
        }
    }
    Ok(found)
}

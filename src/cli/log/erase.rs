//! `impound log erase`: evidence and sealed texts removed because the law asks for it, so that the record says so.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::clear;
use crate::audit::{
    AuditError, Citations, Commitment, ERASED_EVIDENCE, ERASED_OPENINGS, Entry, EvidenceRef, EvidenceStore, Log,
    LogReader, Openings, SealedError,
};
use crate::cli::args::{Format, LogErase};
use crate::cli::exit::OrFail;
use crate::cli::open::{
    audit_exit, audit_failure, evidence_store, log_place, private_or_beside, sealed_failure, unlock, whole,
};
use crate::cli::witnesses::Panel;
use crate::cli::{Env, Exit, Failure};
use crate::keyring::Role;
use crate::operate::{erased, signer};
use crate::signed_note::NoteSigner;
use crate::tlog::LeafIndex;

/// How much one entry names: each is 74 octets of it.
const ERASED_MAX: usize = 100;

/// Writes what is erased, durably, and erases it then. What an entry says was erased and is still there, because the command was
/// stopped in between, is erased without another entry.
pub(super) async fn run(arguments: &LogErase, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let order = clear::order(&arguments.order).or_fail(Exit::Usage)?;
    let key = unlock(&arguments.key, Role::Log, env)?;
    let verifier = key.verifier().clone();
    let panel = arguments.witnesses.as_deref().map(|path| Panel::read(path, &verifier)).transpose()?;
    let mut log = Log::open(log_place(&arguments.dir, &arguments.copy)?, key).map_err(audit_failure)?;
    let reader = LogReader::open(&arguments.dir, std::slice::from_ref(&verifier)).map_err(audit_failure)?;
    // What is erased rests on every entry, and there is no way back.
    whole(&reader)?;
    let private = private_or_beside(&arguments.dir, arguments.private.as_deref())?;
    let (openings, mut store) = (Openings::new(&private), evidence_store(&arguments.dir, &private));
    store.clear_unfinished().map_err(audit_failure)?;
    let chosen = Chosen::of(arguments, &reader)?;
    chosen.check(&openings, &store)?;
    // On top of a log that was put back, the entry would make a fork.
    let asking = match panel {
        Some(panel) => Some(panel.begin((&arguments.dir, &verifier, log.alarm()), env).await?),
        None => None,
    };
    let mut entry = None;
    if !chosen.is_told() {
        let told = Entry { authority: Some(order), ..erased(env.clock.now(), signer(&verifier), chosen.body()) };
        entry = log.append(&[told]).map_err(audit_failure)?.first().copied();
    }
    // The entry is where everybody can see it, before there is nothing more to see.
    log.publish().map_err(audit_failure)?;
    let (mut files, mut gone) = (0, 0);
    for piece in &chosen.evidence {
        let was_there = store.erase(piece).map_err(audit_failure)?;
        if was_there { files += 1 } else { gone += 1 }
    }
    let texts = openings.destroy(chosen.openings.iter().copied()).map_err(sealed_failure)?.len();
    gone += chosen.openings.len() - texts;
    log.close().map_err(audit_failure)?;
    tell((entry, files, texts, gone), format, env)?;
    match asking {
        Some(asking) => asking.end(env).await.map(|()| Exit::Ok),
        None => Ok(Exit::Ok),
    }
}

/// What was done: the entry, if one was written, how many files and texts were erased, how many had not been there.
fn tell(done: (Option<LeafIndex>, usize, usize, usize), format: Format, env: &mut Env<'_>) -> Result<(), Failure> {
    let (entry, files, texts, gone) = done;
    match format {
        Format::Json => env.print_json(&json!({
            "version": 1,
            "entry": entry.map(|entry| entry.0),
            "evidence": files,
            "openings": texts,
            "not_there": gone,
        }))?,
        Format::Text => {
            let entry = entry.map_or("no new entry".to_owned(), |entry| format!("entry {entry}"));
            let erased = format!("evidence erased: {files}; openings erased: {texts}");
            env.print(format!("{entry}: {erased}; not there any more: {gone}\n"))?;
        }
    }
    env.say("note: copies elsewhere, in backups and with others, are not touched by this");
    Ok(())
}

/// What is to be erased.
struct Chosen {
    evidence: Vec<EvidenceRef>,
    openings: BTreeSet<Commitment>,
    /// What of it no entry says yet.
    new_evidence: Vec<EvidenceRef>,
    /// Each with the field that it opens.
    new_openings: BTreeSet<(Commitment, String)>,
}

impl Chosen {
    /// What was asked for, after it was found that entries cite it.
    fn of(arguments: &LogErase, reader: &LogReader) -> Result<Self, Failure> {
        let mut citations = Citations::default();
        let asked: BTreeSet<Commitment> = arguments.opening.iter().copied().map(Commitment::of_digest).collect();
        let mut cited = BTreeSet::<(Commitment, String)>::new();
        for recorded in reader.entries().map_err(audit_failure)? {
            let recorded = recorded.map_err(audit_failure)?;
            citations.note(&recorded);
            for (field, value) in &recorded.entry.body {
                let commitment = Commitment::in_value(value).filter(|one| asked.contains(one));
                cited.extend(commitment.map(|one| (one, field.clone())));
            }
        }
        if let Some(one) = asked.iter().find(|one| !cited.iter().any(|(cited, _)| cited == *one)) {
            return Err(uncited(&one.to_string()));
        }
        let mut chosen = Self {
            evidence: Vec::new(),
            new_openings: cited.into_iter().filter(|(one, _)| !citations.destroyed().contains_key(one)).collect(),
            openings: asked,
            new_evidence: Vec::new(),
        };
        for digest in &arguments.evidence {
            let pieces: Vec<&EvidenceRef> = citations.of(*digest).collect();
            if pieces.is_empty() {
                return Err(uncited(&digest.to_string()));
            }
            let new = pieces.iter().filter(|piece| citations.erased(piece).is_none());
            chosen.new_evidence.extend(new.copied().cloned());
            chosen.evidence.extend(pieces.into_iter().cloned());
        }
        if chosen.new_evidence.len() + chosen.new_openings.len() > ERASED_MAX {
            let help = "give them in several commands";
            return Err(Failure::new(Exit::Usage, format!("at most {ERASED_MAX} are erased at once")).help(help));
        }
        Ok(chosen)
    }

    /// Whether entries say all of it.
    fn is_told(&self) -> bool {
        self.new_evidence.is_empty() && self.new_openings.is_empty()
    }

    /// Refuses what is altered, or is not where it is looked for: the entry would excuse that for ever. What an entry says already
    /// may be gone.
    fn check(&self, openings: &Openings, store: &EvidenceStore) -> Result<(), Failure> {
        for piece in &self.new_evidence {
            store.file(piece).map_err(|error| not_whole(audit_exit(&error), error))?;
        }
        for (commitment, field) in &self.new_openings {
            match openings.open(field, *commitment) {
                Ok(Some(_)) => {}
                Ok(None) => {
                    let path = openings.dir().join(commitment.file_name());
                    return Err(not_whole(Exit::NotVerified, AuditError::Missing { path }));
                }
                Err(error @ (SealedError::NotAnOpening { .. } | SealedError::DoesNotFit { .. })) => {
                    return Err(not_whole(Exit::NotVerified, error));
                }
                Err(error) => return Err(sealed_failure(error)),
            }
        }
        Ok(())
    }

    fn body(&self) -> [(&'static str, Value); 2] {
        let evidence: BTreeSet<String> = self.new_evidence.iter().map(|piece| piece.digest.to_string()).collect();
        let openings: BTreeSet<String> = self.new_openings.iter().map(|(one, _)| one.to_string()).collect();
        [(ERASED_EVIDENCE, json!(evidence)), (ERASED_OPENINGS, json!(openings))]
    }
}

/// Why nothing was written and nothing erased.
fn not_whole(exit: Exit, error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    let failure = Failure::new(exit, error);
    match exit {
        Exit::NotVerified => failure.help(
            "nothing was erased: what is altered or missing cannot be erased as if it were whole. Put a whole copy back first; \
             if it is kept elsewhere, say where with --private",
        ),
        _ => failure,
    }
}

fn uncited(digest: &str) -> Failure {
    Failure::new(Exit::Usage, format!("no entry cites {digest}"))
        .help("`impound log show --format json` has the digests: `evidence`, and `sealed` in `body`")
}

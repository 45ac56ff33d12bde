//! `impound notice record`: signed notices entered into the log by hand, and the proofs of it in their kits.

use std::path::Path;

use serde_json::json;

use super::args::{Format, KeyArg, NoticeRecord};
use super::log::tsa_authorities;
use super::open::{audit_failure, log_keys, log_place, playbook, unlock};
use super::proofs::{Proofs, Standing};
use super::run::{actor, open_record, record_failure};
use super::witnesses::{self, Asking};
use super::{Env, Exit, Failure, look, pending, site};
use crate::audit::{Alarm, LogReader};
use crate::keyring::Role;
use crate::notice::Edition;
use crate::observe::Network;
use crate::playbook::Playbook;
use crate::signed_note::{NoteSigner, VerifierKey};

/// Enters what the log does not have yet, asks the witnesses once, and puts what is proven into the kits.
pub(super) async fn run(arguments: &NoticeRecord, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let playbook = playbook(&arguments.build.playbook.playbook, env)?;
    let dir = arguments.build.site.clone().unwrap_or_else(|| site::default_dir(&playbook));
    let mut editions = pending::read_signed(&playbook, &dir, "recorded", env)?;
    let log = arguments.log.clone().unwrap_or_else(|| playbook.root.join("log"));
    let network = look::eyes(&playbook, env)?.network;
    let (key, asking) = match &arguments.keys {
        Some(keys) => {
            let key = log_key(&log, keys)?;
            let asking = witnesses::ask(&playbook, (&log, &key, Alarm::of(&log)), &network, env).await?;
            (key, asking)
        }
        None => enter(arguments, &playbook, &log, (&editions, &network), env).await?,
    };
    if let Some(asking) = asking {
        asking.end(env).await?;
    }
    let authorities = arguments.tsa_ca.as_deref().map(tsa_authorities).transpose()?;
    let proofs = Proofs { log, policy: witnesses::policy(&playbook, &key)?, key, authorities, site: dir };
    let standings = proofs.put(&mut editions)?;
    print(&editions, &standings, format, env)?;
    let all = standings.iter().all(|standing| *standing == Standing::Proven);
    Ok(if all { Exit::Ok } else { Exit::Findings })
}

/// The key that bears the log's name.
fn log_key(log: &Path, keys: &str) -> Result<VerifierKey, Failure> {
    let (keys, _) = log_keys(keys)?;
    Ok(LogReader::open(log, &keys).map_err(audit_failure)?.key().clone())
}

/// The witnesses are asked before anything is signed: of a log that was put back, the first entry would make a fork.
async fn enter(
    arguments: &NoticeRecord,
    playbook: &Playbook,
    log: &Path,
    (editions, network): (&[Edition], &Network),
    env: &mut Env<'_>,
) -> Result<(VerifierKey, Option<Asking>), Failure> {
    let key = arguments.key.clone().unwrap_or_default();
    let passphrase = arguments.passphrase.clone();
    let key = unlock(&KeyArg { key, passphrase }, Role::Log, env)?;
    let verifier = key.verifier().clone();
    let mut record = open_record(log_place(log, &arguments.copy)?, key, actor(playbook, &verifier))?;
    let asking = witnesses::ask(playbook, (log, &verifier, record.alarm()), network, env).await?;
    record.notices(env.clock.now(), None, editions).map_err(record_failure)?;
    record.end().map_err(record_failure)?;
    Ok((verifier, asking))
}

fn print(editions: &[Edition], standings: &[Standing], format: Format, env: &mut Env<'_>) -> Result<(), Failure> {
    let each = editions.iter().zip(standings);
    match format {
        Format::Json => {
            let notices: Vec<_> =
                each.map(|(edition, standing)| json!({"id": edition.id, "log": standing.word()})).collect();
            env.print_json(&json!({"version": 1, "notices": notices}))
        }
        Format::Text => {
            for (edition, standing) in each {
                env.print(format!("{}  {}\n", edition.id, standing.word()))?;
            }
            Ok(())
        }
    }
}

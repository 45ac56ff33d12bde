//! The witnesses of an operation's log while it is carried out.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::exit::OrFail;
use super::open::audit_failure;
use super::{Env, Exit, Failure};
use crate::clock::Clock;
use crate::keyring::{LogPolicy, WitnessLine};
use crate::observe::{DnsClient, DnsLimits, Network};
use crate::playbook::Playbook;
use crate::signed_note::VerifierKey;
use crate::witness::{Client, CollectError, Collector, Round};

/// The most troubles that wait to be told; more are not told.
const UNTOLD_MAX: usize = 64;

/// The policy that a playbook sets for its log. Whoever verifies needs no addresses, so there are none in it.
pub(super) fn policy(playbook: &Playbook, log: &VerifierKey) -> Result<LogPolicy, Failure> {
    let mut witnesses = Vec::new();
    for witness in &playbook.witnesses {
        let Some(key) = &witness.key else {
            let message = format!("the key of the witness of `{}` is not in the playbook", witness.agency);
            return Err(Failure::new(Exit::Usage, message).help("add it to its [[witness]], or remove the witness"));
        };
        witnesses.push((key.clone(), None));
    }
    LogPolicy::at_least(playbook.approvals.witnesses, log, &witnesses).or_fail(Exit::Usage)
}

/// Every witness of a policy, at its address.
fn clients<'u>(
    policy: &LogPolicy,
    urls: impl Iterator<Item = &'u str>,
    network: &Network,
) -> Result<Vec<Client>, Failure> {
    let dns = DnsClient::new(network.clone(), DnsLimits::default());
    let at = |(line, url): (&WitnessLine, &str)| {
        Ok(Client::new(line.key.clone(), url.parse().or_fail(Exit::Usage)?, dns.clone()))
    };
    policy.witnesses().iter().zip(urls).map(at).collect()
}

/// Asks the witnesses of a playbook once about what the log has published, and says how it stands. Nothing where there are none.
pub(super) async fn ask_once(
    playbook: &Playbook,
    (dir, log): (&Path, &VerifierKey),
    network: &Network,
    env: &mut Env<'_>,
) -> Result<(), Failure> {
    if playbook.witnesses.is_empty() {
        return Ok(());
    }
    let policy = policy(playbook, log)?;
    let clients = clients(&policy, playbook.witnesses.iter().map(|witness| witness.url.as_str()), network)?;
    let clock = Arc::clone(&env.clock);
    let mut collector = Collector::new(dir, log.clone(), policy, clients, clock).map_err(collect_failure)?;
    tell(&collector.round().await.map_err(collect_failure)?, env);
    Ok(())
}

/// Says what is witnessed and what is not.
fn tell(round: &Round, env: &mut Env<'_>) {
    round.troubles.iter().for_each(|trouble| env.say(format!("warning: {trouble}")));
    env.say(format!("log: {}", round.summary()));
    if !round.verdict.reached {
        env.say(
            "  help: until the witnesses answer, nobody but you can tell that the newest entries are not rewritten",
        );
    }
}

/// Cosignatures being collected, beside the operation.
pub(super) struct Watching {
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<Round, CollectError>>,
    troubles: mpsc::Receiver<String>,
}

impl Watching {
    /// Asks every witness what it knows before anything is appended, and goes on asking until [`Watching::end`]. `None` when
    /// the playbook names no witness.
    ///
    /// # Errors
    ///
    /// A witness knows more than there is, or other entries: the log was put back or forked, and the alarm is raised.
    pub(super) async fn begin(
        playbook: &Playbook,
        (dir, log): (&Path, &VerifierKey),
        (network, clock): (&Network, Arc<dyn Clock>),
        env: &mut Env<'_>,
    ) -> Result<Option<Self>, Failure> {
        if playbook.witnesses.is_empty() {
            return Ok(None);
        }
        let urls = playbook.witnesses.iter().map(|witness| witness.url.as_str());
        let clients = clients(&policy(playbook, log)?, urls, network)?;
        let policy = policy(playbook, log)?;
        let mut collector = Collector::new(dir, log.clone(), policy, clients, clock).map_err(collect_failure)?;
        let first = collector.round().await.map_err(collect_failure)?;
        first.troubles.iter().for_each(|trouble| env.say(format!("warning: {trouble}")));
        let (stop, stopped) = watch::channel(false);
        let (tell, troubles) = mpsc::channel(UNTOLD_MAX);
        // What finds no room is not told; the end tells how things stand.
        let tell = move |trouble: &str| drop(tell.try_send(trouble.to_owned()));
        let task = tokio::spawn(collector.run(stopped, tell));
        Ok(Some(Self { stop, task, troubles }))
    }

    /// Asks once more, and says what is witnessed and what is not.
    pub(super) async fn end(mut self, env: &mut Env<'_>) -> Result<(), Failure> {
        self.stop.send_replace(true);
        let ended = self.task.await.or_fail(Exit::Environment)?;
        while let Ok(trouble) = self.troubles.try_recv() {
            env.say(format!("warning: {trouble}"));
        }
        tell(&ended.map_err(collect_failure)?, env);
        Ok(())
    }
}

/// The exit code of what collecting says.
fn collect_failure(error: CollectError) -> Failure {
    match error {
        CollectError::Log(error) => audit_failure(error),
        error @ CollectError::Conflict(_) => Failure::new(Exit::NotVerified, error)
            .help("the log signs no more; see `Witnesses` in docs/audit-log.md for what to do"),
        error @ (CollectError::Note { .. } | CollectError::NotACheckpoint { .. }) => {
            Failure::new(Exit::NotVerified, error)
        }
        error @ (CollectError::Read(_) | CollectError::Write(_)) => Failure::new(Exit::Environment, error),
    }
}

//! The witnesses of an operation's log while it is carried out.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::exit::OrFail;
use super::open::{audit_failure, log_keys};
use super::{Env, Exit, Failure, look};
use crate::audit::Alarm;
use crate::clock::Clock;
use crate::keyring::{LogPolicy, WitnessLine};
use crate::observe::{DnsClient, DnsLimits, Network, ServiceUrl};
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
fn clients(policy: &LogPolicy, urls: impl Iterator<Item = ServiceUrl>, network: &Network) -> Vec<Client> {
    let dns = DnsClient::new(network.clone(), DnsLimits::default());
    let at = |(line, url): (&WitnessLine, ServiceUrl)| Client::new(line.key.clone(), url, dns.clone());
    policy.witnesses().iter().zip(urls).map(at).collect()
}

/// Where the witnesses of a playbook are.
fn urls(playbook: &Playbook) -> Result<Vec<ServiceUrl>, Failure> {
    playbook.witnesses.iter().map(|witness| witness.url.parse().or_fail(Exit::Usage)).collect()
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
    let panel = Panel { policy: policy(playbook, log)?, urls: urls(playbook)? };
    panel.ask_over(network, (dir, log), env).await
}

/// The witnesses of a policy file, each with its address.
pub(super) struct Panel {
    policy: LogPolicy,
    urls: Vec<ServiceUrl>,
}

impl Panel {
    /// Reads a policy for this log. Nobody is asked yet.
    pub(super) fn read(path: &Path, log: &VerifierKey) -> Result<Self, Failure> {
        let refuse = |what: String, help: &str| Err(Failure::new(Exit::Usage, what).help(help.to_owned()));
        let (keys, policy) = log_keys(&path.to_string_lossy())?;
        let Some(policy) = policy.filter(|policy| !policy.witnesses().is_empty()) else {
            return refuse(format!("{} names no witness", path.display()), "add lines `witness NAME VKEY URL`");
        };
        if !keys.contains(log) {
            return refuse(
                format!("{} is a policy for another log than `{}`", path.display(), log.name()),
                "its `log` line has the log's verifier key",
            );
        }
        let mut urls = Vec::new();
        for witness in policy.witnesses() {
            let Some(url) = &witness.url else {
                let what = format!("the witness `{}` has no address in {}", witness.key.name(), path.display());
                return refuse(what, "write its address at the end of its line");
            };
            urls.push(url.parse().or_fail(Exit::Usage)?);
        }
        Ok(Self { policy, urls })
    }

    /// Asks each of them once about what the log has published, and says how it stands.
    ///
    /// # Errors
    ///
    /// A witness shows that the log was put back or forked. One that does not answer is no error.
    pub(super) async fn ask(self, (dir, log): (&Path, &VerifierKey), env: &mut Env<'_>) -> Result<(), Failure> {
        let network = match &env.network {
            Some(network) => network.clone(),
            None if self.urls.iter().all(ServiceUrl::is_address) => Network::system(&[]),
            None => look::machine()?,
        };
        self.ask_over(&network, (dir, log), env).await
    }

    async fn ask_over(
        self,
        network: &Network,
        (dir, log): (&Path, &VerifierKey),
        env: &mut Env<'_>,
    ) -> Result<(), Failure> {
        let clients = clients(&self.policy, self.urls.into_iter(), network);
        let clock = Arc::clone(&env.clock);
        let (log, alarm) = (log.clone(), Alarm::of(dir));
        let mut collector = Collector::new(dir, log, alarm, self.policy, clients, clock).map_err(collect_failure)?;
        tell(&collector.round().await.map_err(collect_failure)?, env);
        Ok(())
    }
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
    /// the playbook names no witness. The alarm is that of the log which is being written.
    ///
    /// # Errors
    ///
    /// A witness knows more than there is, or other entries: the log was put back or forked, and the alarm is raised.
    pub(super) async fn begin(
        playbook: &Playbook,
        (dir, log, alarm): (&Path, &VerifierKey, Alarm),
        (network, clock): (&Network, Arc<dyn Clock>),
        env: &mut Env<'_>,
    ) -> Result<Option<Self>, Failure> {
        if playbook.witnesses.is_empty() {
            return Ok(None);
        }
        let policy = policy(playbook, log)?;
        let clients = clients(&policy, urls(playbook)?.into_iter(), network);
        let collector = Collector::new(dir, log.clone(), alarm, policy, clients, clock);
        let mut collector = collector.map_err(collect_failure)?;
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
        error @ (CollectError::Interrupted { .. } | CollectError::Read(_) | CollectError::Write(_)) => {
            Failure::new(Exit::Environment, error)
        }
    }
}

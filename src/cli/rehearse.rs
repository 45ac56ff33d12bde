//! `impound rehearse`: the whole operation against a simulated world on this machine.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::args::{Format, Rehearse};
use super::exit::OrFail;
use super::kept::kept;
use super::open::{playbook, private_directory, write_whole};
use super::partners::Partners;
use super::plan_file::PlanFile;
use super::proofs::Proofs;
use super::serve::serve_failure;
use super::witnesses::{self, Watching};
use super::{Env, Exit, Failure, look, report, run as running, site};
use crate::authority::{Action, Subject};
use crate::check::{Eyes, facts};
use crate::clock::{Clock, SimulatedClock, UtcTime};
use crate::coverage::Seed;
use crate::domain::DomainName;
use crate::keyring::{
    KeyList, KeyStatus, ListedKey, Role, SecretKey, SshNamespace, TrustedKeys, allowed_signers, minisign_public_key,
    public_key_pem,
};
use crate::notice::{ALLOWED_SIGNERS, Draft, Edition, write_site};
use crate::operate::{Actor, Answer, Hands, Instruction, Operation, Question, REHEARSAL, Reply};
use crate::plan::StartingState;
use crate::playbook::{Means, Playbook};
use crate::rehearse::{self, RegistryRefusal, World, WorldError};
use crate::report::{Retold, text};
use crate::serve::{Certificates, Options, Splash, bind};
use crate::signed_note::{KeyName, Note, NoteSignature, NoteSigner, NoteText, VerifierKey};
use crate::verify::Trust;

/// How long before the hour the rehearsal begins.
const LEAD: Duration = Duration::from_secs(2 * 3600);

/// How long a registry takes from the instruction to the zone.
const REGISTRY_DELAY: Duration = Duration::from_secs(300);

/// How long the key list of a rehearsal is believed: a year, longer than anybody looks at its results.
const LIST_LIFE: Duration = Duration::from_secs(365 * 24 * 3600);

/// Rehearses, prints one line a target, and says where everything lies.
pub(super) async fn run(arguments: &Rehearse, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let mut playbook = playbook(&arguments.playbook.playbook, env)?;
    let output = output(arguments)?;
    let (keys, log_key) = Keys::make(&mut playbook)?;
    // Never the operation's own: what a rehearsal leaves behind is shown around.
    playbook.seed = Some(Seed::generate().or_fail(Exit::Environment)?);
    let clock = SimulatedClock::new(beginning(&playbook));
    env.say(format!("rehearsing `{}` from {}", playbook.operation.title, clock.now()));
    let world = World::start(&playbook, clock.clone()).await.map_err(world_failure)?;
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let partners =
        Partners::stand(&mut playbook, log_key.verifier(), (&world.network(), shared), &output.join("witnesses"))
            .await?;
    let stage = Stage::set(&playbook, &keys, &world, &output).await?;
    let company = Company { playbook: &playbook, keys: &keys, world: &world, clock: &clock, output: &output };
    let exit = stage.play(company, log_key, format, env).await?;
    if arguments.keep {
        keep(company, format, env).await?;
    }
    stage.close().await;
    partners.leave().await;
    world.stop();
    Ok(exit)
}

/// The directory asked for, which must be new or empty, or a new one for temporary files.
fn output(arguments: &Rehearse) -> Result<PathBuf, Failure> {
    let Some(dir) = &arguments.output else {
        return Ok(tempfile::Builder::new().prefix("impound-").tempdir().or_fail(Exit::Environment)?.keep());
    };
    let cannot =
        |error| Failure::new(Exit::Environment, format!("cannot use {} as a directory: {error}", dir.display()));
    private_directory(dir)?;
    if std::fs::read_dir(dir).map_err(cannot)?.next().is_some() {
        return Err(Failure::new(Exit::Usage, format!("{} is not empty", dir.display()))
            .help("name an empty or new directory; a rehearsal overwrites nothing"));
    }
    Ok(dir.clone())
}

/// Two hours before the hour, or later if an order begins later.
fn beginning(playbook: &Playbook) -> UtcTime {
    let issued = playbook.orders.iter().map(|order| order.issued).max();
    let before = playbook.operation.hour.minus(LEAD);
    issued.map_or(before, |issued| issued.max(before))
}

/// Throw-away keys: in memory only, gone at the end.
struct Keys {
    /// Of the lead agency and, where there is one, of another.
    roots: Vec<SecretKey>,
    notices: Vec<SecretKey>,
    approvals: Vec<SecretKey>,
}

/// What a play is about and with whom.
#[derive(Clone, Copy)]
struct Company<'c> {
    playbook: &'c Playbook,
    keys: &'c Keys,
    world: &'c World,
    clock: &'c SimulatedClock,
    output: &'c Path,
}

impl Keys {
    /// Makes all keys that the operation needs and puts their public halves into the playbook, in place of the real ones. The
    /// second is the key of the log.
    fn make(playbook: &mut Playbook) -> Result<(Self, SecretKey), Failure> {
        let key = |role: Role, domain: &DomainName, label: Option<&str>| -> Result<SecretKey, Failure> {
            let name: KeyName = role.key_name(domain, label).or_fail(Exit::Usage)?;
            SecretKey::generate(name).or_fail(Exit::Environment)
        };
        let lead = playbook.agency(&playbook.operation.lead).map(|agency| agency.domain.clone());
        let lead = lead.ok_or_else(|| Failure::new(Exit::Usage, "the lead agency is not an agency of the playbook"))?;
        let log = key(Role::Log, &lead, Some(playbook.operation.id.as_str()))?;
        let other = playbook.agencies.iter().map(|agency| &agency.domain).find(|domain| **domain != lead);
        let roots = [Some(&lead), other].into_iter().flatten().map(|domain| key(Role::Root, domain, None));
        let roots = roots.collect::<Result<_, _>>()?;
        let mut notices = Vec::new();
        for agency in &mut playbook.agencies {
            let made = key(Role::Notice, &agency.domain, None)?;
            agency.notice_key = Some(made.verifier().clone());
            notices.push(made);
        }
        let mut approvals = Vec::new();
        for approver in &mut playbook.approvers {
            let agency = playbook.agencies.iter().find(|agency| agency.id == approver.agency);
            let domain = agency.map_or(&lead, |agency| &agency.domain);
            let made = key(Role::Approval, domain, Some(approver.id.as_str()))?;
            approver.key = Some(made.verifier().clone());
            approvals.push(made);
        }
        Ok((Self { roots, notices, approvals }, log))
    }

    /// Leaves the public halves for whoever checks the rehearsal's results.
    fn write_public(&self, playbook: &Playbook, log: &SecretKey, trust: &Trust, dir: &Path) -> Result<(), Failure> {
        std::fs::create_dir_all(dir).or_fail(Exit::Environment)?;
        let line = |key: &SecretKey| format!("{}\n", key.verifier());
        write_whole(&dir.join("log.vkey"), line(log).as_bytes())?;
        write_whole(&dir.join("log.pem"), public_key_pem(log.verifier()).as_bytes())?;
        write_whole(&dir.join("policy"), trust.keys.to_string().as_bytes())?;
        let mut signers = String::new();
        for (agency, key) in playbook.agencies.iter().zip(&self.notices) {
            write_whole(&dir.join(format!("{}.vkey", agency.id)), line(key).as_bytes())?;
            write_whole(&dir.join(format!("{}.pem", agency.id)), public_key_pem(key.verifier()).as_bytes())?;
            let minisign = minisign_public_key(key.verifier());
            write_whole(&dir.join(format!("{}.minisign.pub", agency.id)), minisign.as_bytes())?;
            let namespace = SshNamespace::of_notices(key.name()).or_fail(Exit::Usage)?;
            signers.push_str(&allowed_signers(key.verifier(), &namespace).or_fail(Exit::Usage)?);
        }
        write_whole(&dir.join(ALLOWED_SIGNERS), signers.as_bytes())?;
        Ok(())
    }

    /// Leaves the list of the keys of notices, log and witnesses, signed by every root, and the policy under which it is believed.
    fn write_list(&self, playbook: &Playbook, log: &VerifierKey, now: UtcTime, dir: &Path) -> Result<(), Failure> {
        let expires = now.plus(LIST_LIFE);
        let listed = |key: &VerifierKey| {
            let (key, status) = (key.clone(), KeyStatus::Active);
            ListedKey { key, status, not_before: now, not_after: expires }
        };
        let witnesses = playbook.witnesses.iter().filter_map(|witness| witness.key.as_ref());
        let keys = self.notices.iter().map(NoteSigner::verifier).chain([log]).chain(witnesses).map(listed).collect();
        let roots: Vec<_> = self.roots.iter().map(|key| key.verifier().clone()).collect();
        let (threshold, quorum) = (roots.len(), playbook.approvals.notice);
        let list = KeyList { version: 1, issued: now, expires, threshold, roots: roots.clone(), quorum, keys };
        let list = list.checked().or_fail(Exit::Usage)?;
        let text = NoteText::new(list.to_string()).or_fail(Exit::Usage)?;
        let signatures = self.roots.iter().map(|key| NoteSignature::sign(&text, key));
        let signatures = signatures.collect::<Result<_, _>>().or_fail(Exit::Environment)?;
        write_whole(&dir.join("keys.note"), Note { text, signatures }.to_string().as_bytes())?;
        let policy = TrustedKeys::at_least(roots.len(), &roots).or_fail(Exit::Usage)?;
        write_whole(&dir.join("roots.policy"), policy.to_string().as_bytes())
    }
}

/// What the rehearsal itself brings into the world: the signed site and the server for it.
struct Stage {
    drafts: Vec<Draft>,
    editions: Vec<Edition>,
    splash: Splash,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Stage {
    /// Drafts and signs the notices, starts the splash server with nothing on it, and ties it into the world.
    async fn set(playbook: &Playbook, keys: &Keys, world: &World, output: &Path) -> Result<Self, Failure> {
        let drafts = site::drafts(playbook, None)?;
        let editions = sign_all(playbook, &drafts, keys)?;
        write_site(&output.join("site"), &editions).or_fail(Exit::Environment)?;
        let splash =
            Splash::new(&[], Some(certificates(world, &editions)?), Options::default()).map_err(serve_failure)?;
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let plain = bind(loopback).await.map_err(serve_failure)?;
        let tls = bind(loopback).await.map_err(serve_failure)?;
        let (plain_at, tls_at) =
            (plain.local_addr().or_fail(Exit::Environment)?, tls.local_addr().or_fail(Exit::Environment)?);
        let (stop, mut stopped) = watch::channel(false);
        let serving = splash.clone();
        let server = tokio::spawn(async move {
            let ended = async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            let _ = serving.run(vec![plain], vec![tls], ended).await;
        });
        world.attach_splash(plain_at, tls_at).map_err(world_failure)?;
        Ok(Self { drafts, editions, splash, stop, server })
    }

    /// Draws, approves and carries out the plan; leaves log, keys and report; prints the table.
    async fn play(
        &self,
        company: Company<'_>,
        log_key: SecretKey,
        format: Format,
        env: &mut Env<'_>,
    ) -> Result<Exit, Failure> {
        let Company { playbook, keys, world, clock, output } = company;
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let eyes = Eyes::new(world.network(), Arc::clone(&shared));
        let trust = Trust::of_policy(site::trusted(playbook)?);
        keys.write_public(playbook, &log_key, &trust, &output.join("keys"))?;
        keys.write_list(playbook, log_key.verifier(), clock.now(), &output.join("keys"))?;
        write_whole(&output.join("keys/ca.pem"), world.ca_root_pem().as_bytes())?;
        let file = approved_plan(company, &eyes, env).await?;
        let verdict = running::approved(playbook, &file)?;
        let (log_dir, log_verifier) = (output.join("log"), log_key.verifier().clone());
        let actor = Actor { role: REHEARSAL.to_owned(), ..running::actor(playbook, &log_verifier) };
        let mut record = running::open_record(&log_dir, log_key, actor)?;
        let witnesses = witnesses::policy(playbook, &log_verifier)?;
        write_whole(&output.join("keys/log.policy"), witnesses.to_string().as_bytes())?;
        let around = (&eyes.network, Arc::clone(&shared));
        let watching = Watching::begin(playbook, (&log_dir, &log_verifier, record.alarm()), around, env).await?;
        let (log, key) = (log_dir.clone(), log_verifier.clone());
        let proofs = Proofs { log, key, policy: witnesses, site: output.join("site") };
        running::note_approvals(&mut record, &verdict, clock.now())?;
        let outsider = match world.stranger() {
            Some(stranger) => stranger.clone(),
            None => running::OUTSIDER.parse().or_fail(Exit::Usage)?,
        };
        let outcome = Operation {
            playbook,
            plan: &file.plan,
            signed_plan: &file.bytes(),
            stages: &site::stages(playbook, &self.editions),
            notices: &site::digests(&self.drafts),
            trust: &trust,
            outsider: &outsider,
            eyes: &eyes,
            clock: shared,
            stop: env.stop.clone(),
            hands: &mut Simulated { world, splash: &self.splash, proofs: &proofs, env },
            record: &mut record,
        }
        .carry_out()
        .await;
        let ended = record.end().map_err(running::record_failure);
        if let Some(watching) = watching {
            watching.end(env).await?;
        }
        let outcome = outcome.map_err(running::operate_failure)?;
        ended?;
        proofs.put(&mut self.editions.clone())?;
        let retold = report::retell(&[log_dir], &[log_verifier], &[])?;
        report::write_html(&retold, &output.join("report.html"))?;
        write_whole(&output.join("report.txt"), text(&retold).as_bytes())?;
        write_whole(&output.join("report.json"), format!("{:#}\n", retold.json()).as_bytes())?;
        running::show(&retold, format, env)?;
        if format == Format::Text {
            env.print(places(output, playbook, &retold))?;
        }
        if world.onion_questions() > 0 {
            return Err(Failure::new(Exit::NotVerified, "a name under .onion was asked about in the DNS"));
        }
        Ok(running::exit_of(&outcome, &retold, env))
    }

    async fn close(self) {
        self.stop.send_replace(true);
        let _ = self.server.await;
    }
}

/// Every edition signed by every agency on it.
fn sign_all(playbook: &Playbook, drafts: &[Draft], keys: &Keys) -> Result<Vec<Edition>, Failure> {
    let mut editions = Vec::new();
    for draft in drafts {
        let notice = playbook.notice(&draft.manifest().id.notice);
        let asked: Vec<_> = notice.map(|notice| notice.agencies.clone()).unwrap_or_default();
        let signers = playbook.agencies.iter().zip(&keys.notices).filter(|(agency, _)| asked.contains(&agency.id));
        let mut edition = site::unsigned(draft)?;
        for (_, key) in signers {
            edition = site::sign(playbook, draft, Some(&edition), key)?;
        }
        editions.push(edition);
    }
    Ok(editions)
}

/// Certificates of the world's authority for every name that is to show a notice.
fn certificates(world: &World, editions: &[Edition]) -> Result<Certificates, Failure> {
    let mut names = BTreeSet::new();
    for edition in editions {
        let domains = edition.names.hosts.iter().filter(|host| !host.ends_with(".onion"));
        names.extend(domains.map(ToOwned::to_owned));
        names.extend(edition.names.subdomains_of().map(|name| format!("*.{name}")));
    }
    let issued = world.issue(&names.into_iter().collect::<Vec<_>>()).map_err(world_failure)?;
    let keys: Vec<_> =
        issued.iter().map(|one| one.certified_key().map(Arc::new)).collect::<Result<_, _>>().map_err(world_failure)?;
    Certificates::from_keys(keys).or_fail(Exit::Environment)
}

/// The plan, drawn from a look at the world and signed by every approver.
async fn approved_plan(company: Company<'_>, eyes: &Eyes, env: &mut Env<'_>) -> Result<PlanFile, Failure> {
    let Company { playbook, keys, clock, output, .. } = company;
    let mut state = StartingState::default();
    for (target, look) in look::at_all(playbook, eyes, env).await {
        state.insert(target.subject.clone(), facts(&look, &target));
    }
    let plan = super::plan::draw_at(playbook, &state, clock.now())?;
    let text = plan.text().clone();
    let signatures: Vec<NoteSignature> = keys
        .approvals
        .iter()
        .map(|key| NoteSignature::sign(&text, key))
        .collect::<Result<_, _>>()
        .or_fail(Exit::Environment)?;
    env.say(format!("plan {} approved by {}", plan.id(), signatures.len()));
    let file = PlanFile { path: output.join("plan.note"), plan, note: Some(Note { text, signatures }) };
    file.write()?;
    Ok(file)
}

/// Where everything lies, and the commands to look further.
fn places(output: &Path, playbook: &Playbook, retold: &Retold) -> String {
    let dir = output.display();
    let mut text = format!(
        "\nlog     {dir}/log ({} entries, verified)\n\
         site    {dir}/site\n\
         keys    {dir}/keys\n\
         report  {dir}/report.html\n\n\
         Look further:\n  \
         impound log verify {dir}/log --keys {dir}/keys/log.policy\n  \
         impound log show {dir}/log --keys {dir}/keys/log.vkey\n  \
         impound report {dir}/log --keys {dir}/keys/log.vkey\n",
        retold.entries
    );
    let shown = playbook.targets.iter().find(|target| target.means.action() == Action::Redirect);
    if let (Some(target), Some((_, at))) = (shown, retold.span) {
        let name = &target.subject;
        for keys in
            [format!("policy --log {dir}/keys/log.policy"), format!("keys.note --roots {dir}/keys/roots.policy")]
        {
            text.push_str(&format!("  impound verify {dir}/site --keys {dir}/keys/{keys} --name {name} --at {at}\n"));
        }
    }
    text
}

/// Prints where the world's parts are and waits for Ctrl-C. What a program reads stays one JSON document.
async fn keep(company: Company<'_>, format: Format, env: &mut Env<'_>) -> Result<(), Failure> {
    let Company { playbook, world, clock, output, .. } = company;
    // The other terminal may stand elsewhere.
    let output = std::path::absolute(output).or_fail(Exit::Environment)?;
    let text = kept(playbook, &world.addresses(), clock.now(), &output, env.columns);
    match format {
        Format::Text => env.print(text)?,
        Format::Json => env.say(text),
    }
    let mut stop = env.stop.clone();
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
    Ok(())
}

/// The hands of a rehearsal: simulated registries, hosters and approvers, and the real splash server.
struct Simulated<'s, 'e, 'a> {
    world: &'s World,
    splash: &'s Splash,
    proofs: &'s Proofs,
    env: &'e mut Env<'a>,
}

/// Why the simulated world did not do as it was told.
#[derive(Debug, thiserror::Error)]
enum Unwilling {
    #[error(transparent)]
    Registry(#[from] RegistryRefusal),
    #[error(transparent)]
    World(#[from] WorldError),
    #[error("the playbook has no sinkhole `{0}`")]
    NoSinkhole(crate::playbook::Id),
    #[error("{0} is not a subject of this action")]
    Subject(Subject),
}

impl Simulated<'_, '_, '_> {
    async fn act(&self, instruction: Instruction<'_>, subject: &Subject) -> Result<(), Unwilling> {
        let playbook = instruction.playbook;
        let to = |servers: &[crate::playbook::NameServer]| servers.iter().map(|server| server.name.clone()).collect();
        match (&instruction.task.means, subject) {
            (Means::Redirect { .. }, Subject::Name(name)) => {
                self.world.activate_zone(name)?;
                let name_servers = to(&playbook.name_servers);
                self.registry(rehearse::Instruction::Redirect { name: name.clone(), name_servers, remove_ds: true })
            }
            (Means::Suspend, Subject::Name(name)) => {
                self.registry(rehearse::Instruction::Suspend { name: name.clone() })
            }
            (Means::Sinkhole { sinkhole }, Subject::Name(name)) => {
                let found = playbook.sinkhole(sinkhole).ok_or_else(|| Unwilling::NoSinkhole(sinkhole.clone()))?;
                let name_servers = to(&found.name_servers);
                self.registry(rehearse::Instruction::Sinkhole { name: name.clone(), name_servers })
            }
            (Means::Block, Subject::Name(name)) => self.registry(rehearse::Instruction::Block { name: name.clone() }),
            (Means::Host { addresses, .. }, Subject::Name(_)) => {
                Ok(addresses.iter().try_for_each(|address| self.world.hand_over(*address))?)
            }
            (Means::Offline, Subject::Server(address)) => Ok(self.world.take_offline(*address).await?),
            // The service's key is held, and the notice hosts answer for it already.
            (Means::Onion { .. }, Subject::Onion(_)) => Ok(()),
            (_, other) => Err(Unwilling::Subject(other.clone())),
        }
    }

    fn registry(&self, told: rehearse::Instruction) -> Result<(), Unwilling> {
        self.world.registry_act(&told, REGISTRY_DELAY)?;
        Ok(())
    }
}

/// Who answers in a rehearsal.
const SIMULATED: &str = "the simulated recipient";

impl Hands for Simulated<'_, '_, '_> {
    async fn instruct(&mut self, instruction: Instruction<'_>) -> Reply {
        for subject in &instruction.task.subjects {
            if let Err(unwilling) = self.act(instruction, subject).await {
                return Reply::Declined { by: SIMULATED.to_owned(), why: unwilling.to_string() };
            }
        }
        Reply::Accepted { by: SIMULATED.to_owned() }
    }

    async fn publish(&mut self, editions: &[Edition]) -> Reply {
        let mut editions = editions.to_vec();
        if let Err(failure) = self.proofs.put_soon(&mut editions, self.env).await {
            self.env.say(failure.to_string());
        }
        match self.splash.replace(&editions) {
            Ok(()) => Reply::Accepted { by: "the splash server".to_owned() },
            Err(error) => Reply::Declined { by: "the splash server".to_owned(), why: error.to_string() },
        }
    }

    async fn ask(&mut self, question: &Question<'_>) -> Answer {
        let by = question.role.map_or("a simulated person".to_owned(), |role| format!("a simulated `{role}`"));
        Answer::Yes { by }
    }

    fn tell(&mut self, line: &str) {
        self.env.say(line);
    }
}

/// The exit code of what the world says: it could not be set up on this machine.
fn world_failure(error: WorldError) -> Failure {
    Failure::new(Exit::Environment, error)
}

//! `impound rehearse`: the whole operation against a simulated world on this machine.

mod hands;
mod keys;

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
use super::kit_lists::KitLists;
use super::open::{playbook, private_directory, write_whole};
use super::partners::Partners;
use super::plan_file::PlanFile;
use super::proofs::Proofs;
use super::serve::serve_failure;
use super::witnesses::{self, Watching};
use super::{Env, Exit, Failure, look, report, run as running, site};
use crate::authority::Action;
use crate::check::{Eyes, facts};
use crate::clock::{Clock, SimulatedClock, UtcTime};
use crate::coverage::Seed;
use crate::keyring::SecretKey;
use crate::notice::{Draft, Edition, write_site};
use crate::operate::{Actor, Operation, REHEARSAL};
use crate::plan::StartingState;
use crate::playbook::Playbook;
use crate::rehearse::{World, WorldError};
use crate::report::{Retold, text};
use crate::serve::{Certificates, Options, Splash, bind};
use crate::signed_note::{Note, NoteSignature, NoteSigner};
use crate::verify::Trust;
use hands::Simulated;
use keys::Keys;

/// How long before the hour the rehearsal begins.
const LEAD: Duration = Duration::from_secs(2 * 3600);

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
    let (list, list_note) = keys.list(&playbook, log_key.verifier(), clock.now())?;
    keys.write_list(&list_note, &output.join("keys"))?;
    let stage = Stage::set(&playbook, (&keys, &KitLists::only(&list, &list_note)), &world, &output).await?;
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

/// What a play is about and with whom.
#[derive(Clone, Copy)]
struct Company<'c> {
    playbook: &'c Playbook,
    keys: &'c Keys,
    world: &'c World,
    clock: &'c SimulatedClock,
    output: &'c Path,
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
    async fn set(
        playbook: &Playbook,
        (keys, lists): (&Keys, &KitLists),
        world: &World,
        output: &Path,
    ) -> Result<Self, Failure> {
        let drafts = site::drafts(playbook, None)?;
        let editions = sign_all(playbook, &drafts, (keys, lists))?;
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
        let proofs = Proofs { log, key, policy: witnesses, authorities: None, site: output.join("site") };
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
        let against = report::Against { keys: vec![log_verifier], policies: vec![proofs.policy], ..Default::default() };
        let retold = report::retell(&[log_dir], &against, &[])?;
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
fn sign_all(playbook: &Playbook, drafts: &[Draft], (keys, lists): (&Keys, &KitLists)) -> Result<Vec<Edition>, Failure> {
    let mut editions = Vec::new();
    for draft in drafts {
        let notice = playbook.notice(&draft.manifest().id.notice);
        let asked: Vec<_> = notice.map(|notice| notice.agencies.clone()).unwrap_or_default();
        let signers = playbook.agencies.iter().zip(&keys.notices).filter(|(agency, _)| asked.contains(&agency.id));
        let mut edition = site::unsigned(draft)?;
        for (_, key) in signers {
            edition = site::sign(playbook, draft, Some(&edition), (key, lists))?;
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
         impound report {dir}/log --keys {dir}/keys/log.policy\n",
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

/// The exit code of what the world says: it could not be set up on this machine.
fn world_failure(error: WorldError) -> Failure {
    Failure::new(Exit::Environment, error)
}

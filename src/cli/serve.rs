//! `impound serve`.

use std::net::SocketAddr;
use std::path::Path;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::args::Serve;
use super::exit::OrFail;
use super::open::{playbook, read_exit};
use super::{Env, Exit, Failure, pending, site};
use crate::clock::UtcTime;
use crate::notice::{Edition, Manifest, Status, manifest_of};
use crate::serve::{CertificateError, Certificates, Options, ServeError, Splash, bind};
use crate::words::counted;

/// Serves a signed site until Ctrl-C.
pub(super) async fn run(arguments: &Serve, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if arguments.http.is_empty() && arguments.https.is_empty() {
        return Err(
            Failure::new(Exit::Usage, "no address to serve at").help("give --http ADDR:PORT or --https ADDR:PORT")
        );
    }
    let editions = editions(arguments, env)?;
    let certificates = if arguments.https.is_empty() { None } else { Some(certificates(arguments, env)?) };
    let splash = Splash::new(&editions, certificates, Options::default()).map_err(serve_failure)?;
    // It has made of them what it needs, and runs for months.
    drop(editions);
    let plain = listen(&arguments.http, "http", env).await?;
    let tls = listen(&arguments.https, "https", env).await?;
    env.say(format!("serving {}; Ctrl-C stops", counted(splash.names() as u64, "name", "names")));
    let mut stop = env.stop.clone();
    let mut hangups = signal(SignalKind::hangup()).or_fail(Exit::Environment)?;
    let serving = splash.clone();
    // A task of its own: reading a large site again keeps no visitor waiting.
    let mut server = tokio::spawn(async move {
        let ended = async move {
            // A sender that is gone can never say stop: then the server runs until it is killed.
            if stop.wait_for(|stop| *stop).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        serving.run(plain, tls, ended).await
    });
    let stats = loop {
        tokio::select! {
            stats = &mut server => break stats.or_fail(Exit::Environment)?,
            Some(()) = hangups.recv() => reload(arguments, &splash, env),
        }
    };
    env.say(format!("stopped: {stats}"));
    Ok(Exit::Ok)
}

/// Reads the site again and shows it in place of what was shown: newer proofs in the kits, say. What cannot be served changes
/// nothing.
fn reload(arguments: &Serve, splash: &Splash, env: &mut Env<'_>) {
    let replaced = editions(arguments, env).and_then(|editions| splash.replace(&editions).map_err(serve_failure));
    match replaced {
        Ok(()) => {
            env.say(format!("read again: serving {}", counted(splash.names() as u64, "name", "names")));
        }
        Err(failure) => env.say(format!("still serving what was read before\n{failure}")),
    }
}

/// The editions to be shown. Of those that wait for signatures, and of those that are not in force now, it is told; where no
/// edition of a notice is signed, nothing is shown.
fn editions(arguments: &Serve, env: &mut Env<'_>) -> Result<Vec<Edition>, Failure> {
    let all = if is_playbook(&arguments.what) {
        let playbook = playbook(&arguments.what, env)?;
        let dir = site::default_dir(&playbook);
        site::some(pending::read_signed(&playbook, &dir, "served", env)?, &dir)?
    } else {
        let (standing, waiting) = pending::without(site::read_built(&arguments.what, Vec::new())?, None);
        pending::tell(&waiting, "served", env);
        standing
    };
    if let Some(edition) = all.iter().find(|edition| edition.note().is_none()) {
        return Err(Failure::new(Exit::Refused, format!("{} is not signed", edition.id))
            .help("sign it with `impound notice sign`"));
    }
    let stated: Vec<Manifest> = all.iter().filter_map(manifest_of).collect();
    let shown = match arguments.edition {
        None => present(all),
        Some(edition) => of_number(all, edition)?,
    };
    for manifest in shown.iter().filter_map(manifest_of) {
        if let Some(why) = not_in_force(&manifest, &stated, env.clock.now()) {
            env.say(format!("{} is served, and not in force: {why}", manifest.id));
        }
    }
    Ok(shown)
}

/// Why an edition is not in force at this moment, if it is not; `all` are the editions that the site has.
fn not_in_force(shown: &Manifest, all: &[Manifest], now: UtcTime) -> Option<String> {
    let Manifest { not_before, not_after, .. } = shown;
    if now < *not_before {
        return Some(format!("it begins at {not_before}"));
    }
    if shown.status == Status::Withdrawn {
        return Some(format!("the notice was withdrawn at {not_before}"));
    }
    if !shown.is_in_force(now) {
        return Some(format!("it expired at {not_after}"));
    }
    let is_later = |other: &&Manifest| other.id.is_of_same(&shown.id) && other.id.edition > shown.id.edition;
    let later =
        all.iter().filter(|other| other.not_before <= now).filter(is_later).max_by_key(|other| other.id.edition);
    later.map(|later| format!("{} stands in its place since {}", later.id, later.not_before))
}

/// Of each notice the first edition of its last row: what is shown before any embargo of it has ended.
fn present(all: Vec<Edition>) -> Vec<Edition> {
    let mut chosen: Vec<Edition> = Vec::new();
    for edition in all.into_iter().filter(|edition| edition.release.is_none()) {
        chosen.retain(|other| notice(other) != notice(&edition));
        chosen.push(edition);
    }
    chosen
}

/// Of each notice the edition of this number, or its last before it; but none that was amended or withdrawn since.
fn of_number(all: Vec<Edition>, wanted: u32) -> Result<Vec<Edition>, Failure> {
    let last = all.iter().filter_map(number).max().unwrap_or_default();
    if wanted > last {
        return Err(Failure::new(Exit::Usage, format!("there is no edition {wanted}; the last is {last}"))
            .help("`impound notice show` lists the editions"));
    }
    let rows = present(all.clone());
    let mut chosen: Vec<Edition> = Vec::new();
    for edition in all.into_iter().filter(|edition| number(edition).is_some_and(|number| number <= wanted)) {
        chosen.retain(|other| notice(other) != notice(&edition));
        chosen.push(edition);
    }
    let former = chosen.iter().find_map(|edition| {
        let row = rows.iter().find(|row| notice(row) == notice(edition))?;
        (number(edition) < number(row)).then_some((edition, row))
    });
    match former {
        Some((former, row)) => {
            Err(Failure::new(Exit::Refused, format!("{} stands in the place of {}", row.id, former.id))
                .help("serve it without --edition"))
        }
        None => Ok(chosen),
    }
}

fn is_playbook(path: &Path) -> bool {
    path.is_file() || path.join("playbook.toml").is_file()
}

fn number(edition: &Edition) -> Option<u32> {
    edition.id.rsplit('/').next()?.parse().ok()
}

fn notice(edition: &Edition) -> &str {
    pending::notice_of(&edition.id)
}

/// The certificates given, and self-signed ones for what they do not cover.
fn certificates(arguments: &Serve, env: &mut Env<'_>) -> Result<Certificates, Failure> {
    let now = env.clock.now();
    if arguments.cert.is_empty() {
        env.say("no certificates given: visitors over HTTPS will be warned of self-signed ones");
        return Certificates::self_signed(now).or_fail(Exit::Environment);
    }
    if arguments.cert.len() != arguments.cert_key.len() {
        return Err(Failure::new(Exit::Usage, "each --cert needs one --cert-key, in the same order"));
    }
    let pairs = arguments.cert.iter().zip(&arguments.cert_key).map(|(chain, key)| (chain.as_path(), key.as_path()));
    let given = Certificates::from_pem_files(pairs).map_err(certificate_failure)?;
    given.or_self_signed(now).or_fail(Exit::Environment)
}

/// The exit code of certificates that were given: what is in a file is the user's doing, the rest the machine's.
fn certificate_failure(error: CertificateError) -> Failure {
    use CertificateError as E;
    let exit = match &error {
        E::Read(error) => read_exit(error),
        E::Pem { .. } | E::Pair { .. } | E::Leaf(_) | E::NoNames => Exit::Usage,
        E::Make(_) | E::Setup(_) => Exit::Environment,
    };
    Failure::new(exit, error)
}

async fn listen(addresses: &[SocketAddr], what: &str, env: &mut Env<'_>) -> Result<Vec<TcpListener>, Failure> {
    let mut listeners = Vec::new();
    for address in addresses {
        let listener = bind(*address).await.map_err(serve_failure)?;
        let bound = listener.local_addr().or_fail(Exit::Environment)?;
        env.print(format!("{what}://{bound}\n"))?;
        listeners.push(listener);
    }
    Ok(listeners)
}

/// The exit code of what the server says.
pub(super) fn serve_failure(error: ServeError) -> Failure {
    match &error {
        ServeError::AddressInUse { .. } => {
            Failure::new(Exit::Environment, error).help("stop the program that listens there, or take another port")
        }
        ServeError::NoPermission { .. } => Failure::new(Exit::Environment, error)
            .help("ports under 1024 need CAP_NET_BIND_SERVICE, or a port forwarded to a higher one"),
        ServeError::Bind { .. } => Failure::new(Exit::Environment, error),
        _ => Failure::new(Exit::NotVerified, error),
    }
}

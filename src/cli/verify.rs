//! `impound verify`.

mod advice;

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};

use super::args::{Format, RootsArg, Verify};
use super::exit::OrFail;
use super::log::{entry, tsa_authorities};
use super::notice::register_failure;
use super::open::{log_keys, read_bounded, read_exit, secret_key_given, told};
use super::{Env, Exit, Failure, fetched_keys, look, site};
use crate::audit::Openings;
use crate::check::Eyes;
use crate::clock::{Clock, SimulatedClock};
use crate::columns;
use crate::keyring::KeyListRefusal;
use crate::notice::{NOTICE_NOTE, REGISTER_JSON, SiteError};
use crate::observe::{Network, WebHost};
use crate::register::{REGISTER_NOTE, others};
use crate::report::{Moment, line};
use crate::tlog::{RECEIPT_MARK, RECEIPT_MAX_BYTES};
use crate::verify::{
    Check, Expected, JudgedReceipt, LogTrust, Placed, Trust, Verdict, VerifyError, judge_receipt, of_path, of_url,
    read_trust, read_trust_after, read_trust_with_roots, worst,
};
use crate::whole_file;
use advice::advice;

/// The largest bundle of certificate authorities that is read; Mozilla's own is under 300 KiB.
const CA_MAX_BYTES: usize = 4 << 20;

/// Judges a notice in a file, a directory, or on the web; or the receipt of a log entry.
pub(super) async fn run(arguments: &Verify, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    if let Some(receipt) = receipt(arguments)? {
        return a_receipt(&receipt, arguments, format, env);
    }
    let (trust, fetched) = fetched_keys::trust_for(arguments, format, env).await?;
    let mut trust = trust.with_logs(logs(arguments)?);
    if let Some(register) = &arguments.register {
        let at = arguments.at.unwrap_or_else(|| env.clock.now());
        let expected = Expected { trust: &trust, name: None, at };
        trust.others = others(register, expected).map_err(register_failure)?;
    }
    if arguments.what.contains("://") {
        on_the_web(arguments, (&trust, fetched), format, env).await
    } else {
        on_disk(arguments, (&trust, fetched), format, env)
    }
}

/// Whose signatures count, and why that is believed.
pub(super) fn trust(keys: &Path, roots: &RootsArg) -> Result<Trust, Failure> {
    match (&roots.since, roots.fingerprint().or_fail(Exit::Usage)?) {
        (Some(believed), _) => read_trust_after(keys, believed),
        (None, Some(fingerprint)) => read_trust_with_roots(keys, fingerprint),
        (None, None) => read_trust(keys, roots.roots.as_deref()),
    }
    .map_err(verify_failure)
}

/// The logs that are believed besides those on a key list, and who dates what is in them.
fn logs(arguments: &Verify) -> Result<LogTrust, Failure> {
    let (keys, policy) = arguments.log.as_deref().map(log_keys).transpose()?.unwrap_or_default();
    let authorities = arguments.tsa_ca.as_deref().map(tsa_authorities).transpose()?;
    Ok(LogTrust { keys, policy, authorities })
}

/// The bytes of what is to be verified, if it is a receipt by its name or by its first line.
fn receipt(arguments: &Verify) -> Result<Option<Vec<u8>>, Failure> {
    let path = Path::new(&arguments.what);
    let named = path.extension().is_some_and(|extension| extension == "tlog-proof");
    let marked =
        || whole_file::read(path, RECEIPT_MAX_BYTES).is_ok_and(|bytes| bytes.starts_with(RECEIPT_MARK.as_bytes()));
    if named || (path.is_file() && marked()) {
        return Ok(Some(read_bounded(path, RECEIPT_MAX_BYTES)?));
    }
    match arguments.entry {
        None => Ok(None),
        Some(_) => Err(Failure::new(Exit::Usage, "--entry is for receipts")
            .help("a receipt is a file that `impound log prove` wrote, FILE.tlog-proof")),
    }
}

fn a_receipt(bytes: &[u8], arguments: &Verify, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let Verify { roots, log, tsa_ca, register, name, .. } = arguments;
    let of_notices =
        [roots.roots.is_some(), roots.since.is_some(), log.is_some(), tsa_ca.is_some(), register.is_some()];
    if of_notices.contains(&true) || name.is_some() {
        return Err(Failure::new(
            Exit::Usage,
            "--roots, --since, --log, --tsa-ca, --register and --name are for notices",
        )
        .help("a receipt is checked with the verifier key of its log, or a policy that names its witnesses"));
    }
    let Some(keys) = &arguments.keys else {
        return Err(Failure::new(Exit::Usage, "--fetch-keys is for notices")
            .help("give the verifier key of the receipt's log with --keys"));
    };
    let (keys, policy) = log_keys(&keys.to_string_lossy())?;
    let given = arguments.entry.as_deref().map(entry).transpose()?;
    let judged = judge_receipt(bytes, &keys, policy.as_ref(), given.as_deref());
    let JudgedReceipt { report, recorded } = &judged;
    let openings = arguments.private.as_deref().map(Openings::new);
    let told = recorded.clone().map(|recorded| told(recorded, openings.as_ref())).transpose()?;
    match format {
        Format::Json => {
            let entry = recorded.as_ref().and_then(|recorded| recorded.entry.to_bytes(recorded.seq).ok());
            let entry: Option<Value> = entry.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let receipt = &arguments.what;
            env.print_json(&json!({"version": 1, "receipt": receipt, "report": report.to_json(), "entry": entry}))?;
        }
        Format::Text => {
            env.print_checks(format!("{}\n{report}", arguments.what))?;
            if let Some(told) = told {
                env.print(format!("\n{}", line(&Moment::of(&told))))?;
            }
        }
    }
    Ok(exit_of(&report.verdict))
}

/// How names of files end that a notice comes in. No name in the DNS ends so.
const FILE_ENDINGS: [&str; 6] = ["htm", "html", "json", "note", "txt", "vkey"];

/// Whether what the judgement rests on lies in what is judged. A list that roots from elsewhere vouch for may lie there.
fn has_own_keys(arguments: &Verify) -> bool {
    let RootsArg { roots, since } = &arguments.roots;
    let believed = since.as_ref().or(roots.as_ref()).or(arguments.keys.as_ref());
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    let Some((believed, what)) = believed.and_then(|path| whole(path)).zip(whole(Path::new(&arguments.what))) else {
        return false;
    };
    let is_note = what.file_name().is_some_and(|name| name == NOTICE_NOTE);
    let kit = if is_note { what.parent() } else { Some(what.as_path()).filter(|what| what.is_dir()) };
    kit.is_some_and(|kit| believed.starts_with(kit))
}

/// The name that is asked about. Of an address that was typed in its place the name is told.
fn asked_name(typed: &str) -> Result<WebHost, Failure> {
    let refused = match typed.parse() {
        Ok(name) => return Ok(name),
        Err(error) => Failure::new(Exit::Usage, error),
    };
    let rest = typed.split_once("://").map_or(typed, |(_, rest)| rest);
    match rest.split(['/', '?', '#', ':']).next().map(str::parse::<WebHost>) {
        Some(Ok(host)) => Err(refused.help(format!("give the name alone: {host}"))),
        _ => Err(refused),
    }
}

/// A name that was typed as if it were an address: there is no such file, and its first part could be visited.
fn bare_name(what: &str) -> Option<Failure> {
    let host = what.split(['/', ':']).next().filter(|host| host.contains('.') && !Path::new(what).exists())?;
    let is_file = |ending: &OsStr| FILE_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    if Path::new(host).extension().is_some_and(is_file) {
        return None;
    }
    let host: WebHost = host.parse().ok()?;
    let message = format!("there is no file {what}; if a site is meant, say how it is visited");
    Some(Failure::new(Exit::Usage, message).help(format!("type http://{host}/ or https://{host}/")))
}

fn on_disk(
    arguments: &Verify,
    (trust, fetched): (&Trust, Option<Value>),
    format: Format,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    if let Some(failure) = bare_name(&arguments.what) {
        return Err(failure);
    }
    if has_own_keys(arguments) {
        env.say(
            "the keys were taken from the kit that is checked: a forged kit brings forged keys; take them from the agency",
        );
    }
    let name = arguments.name.as_deref().map(asked_name).transpose()?;
    let at = arguments.at.unwrap_or_else(|| env.clock.now());
    let expected = Expected { trust, name: name.as_ref(), at };
    let placed = of_path(Path::new(&arguments.what), expected).map_err(verify_failure)?;
    match format {
        Format::Json => {
            let notices: Vec<_> =
                placed.iter().map(|one| json!({"note": one.note, "report": one.report.to_json()})).collect();
            env.print_json(&fetched_keys::beside(json!({"version": 1, "notices": notices}), fetched))?;
        }
        Format::Text => {
            for one in &placed {
                env.print_checks(format!(
                    "{}\n{}{}\n",
                    one.note.display(),
                    one.report,
                    advice(&one.report, name.is_some(), arguments.register.is_some())
                ))?;
            }
            if placed.len() > 1 {
                env.print(placed.iter().map(|one| columns::row("", &one.summary())).collect::<String>())?;
            }
        }
    }
    if name.is_none() && lacks_only_the_name(&placed) {
        env.say(
            "nothing speaks against the notice; whether it is for the site in question was not asked: give --name NAME",
        );
        return Ok(Exit::Findings);
    }
    Ok(worst(&placed).map_or(Exit::NotVerified, |verdict| exit_of(&verdict)))
}

/// Whether all is well but that nobody said which name is asked about. It is never taken from the notice: a genuine notice for
/// another site proves nothing on this one.
fn lacks_only_the_name(placed: &[Placed]) -> bool {
    let is_open = matches!(worst(placed), Some(Verdict::Undetermined { .. }));
    let open = placed.iter().filter(|one| matches!(one.report.verdict, Verdict::Undetermined { .. }));
    is_open && open.into_iter().all(|one| one.report.lacks_only(Check::Name))
}

async fn on_the_web(
    arguments: &Verify,
    (trust, fetched): (&Trust, Option<Value>),
    format: Format,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    if arguments.name.is_some() {
        return Err(
            Failure::new(Exit::Usage, "--name is for files").help("a page is judged for the name in its address")
        );
    }
    let network = match &env.network {
        Some(network) => network.clone(),
        None if arguments.connect.is_some() => Network::system(&[]),
        None => look::machine()?,
    };
    let network = believing(network, arguments.ca.as_deref())?;
    let clock: Arc<dyn Clock> = match arguments.at {
        Some(at) => Arc::new(SimulatedClock::new(at)),
        None => Arc::clone(&env.clock),
    };
    let eyes = Eyes::new(network, clock);
    let visit = of_url(&eyes, &arguments.what, arguments.connect, &[], trust).await.map_err(verify_failure)?;
    match format {
        Format::Json => env.print_json(&fetched_keys::beside(visit.to_json(), fetched))?,
        Format::Text => {
            for visited in &visit.visits {
                let advice = advice(&visited.report, true, arguments.register.is_some());
                env.print_checks(format!("{} at {}\n{}{advice}\n", visit.url, visited.address, visited.report))?;
            }
            env.print(format!("{}\n", visit.summary()))?;
        }
    }
    Ok(exit_of(&visit.verdict))
}

/// The network with the certificate authorities in a file, if there is one, in place of its own.
pub(super) fn believing(network: Network, ca: Option<&Path>) -> Result<Network, Failure> {
    match ca {
        Some(path) => network.trusting(&authorities(path)?).or_fail(Exit::Usage),
        None => Ok(network),
    }
}

fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let bytes = read_bounded(path, CA_MAX_BYTES)?;
    let authorities: Vec<_> = CertificateDer::pem_slice_iter(&bytes).collect::<Result<_, _>>().or_fail(Exit::Usage)?;
    if authorities.is_empty() {
        return Err(Failure::new(Exit::Usage, format!("{} holds no certificate", path.display())));
    }
    Ok(authorities)
}

/// A good verdict is 0; what could not be determined is the environment's fault; everything else did not verify.
fn exit_of(verdict: &Verdict) -> Exit {
    match verdict {
        Verdict::Undetermined { .. } => Exit::Environment,
        verdict if verdict.is_good() => Exit::Ok,
        _ => Exit::NotVerified,
    }
}

/// The exit code of why nothing can be verified.
pub(super) fn verify_failure(error: VerifyError) -> Failure {
    match &error {
        VerifyError::Names(SiteError::Stopped { .. }) => {
            Failure::new(Exit::NotVerified, error).help(site::PUT_BACK)
        }
        VerifyError::Read(why) => Failure::new(read_exit(why), error),
        VerifyError::KeyList { source: KeyListRefusal::Text(_), .. } => Failure::new(Exit::Usage, error),
        VerifyError::KeyList { source, .. } => {
            let help = list_help(source);
            Failure::new(Exit::NotVerified, error).help(help)
        }
        VerifyError::KeyListNote { .. } => Failure::new(Exit::NotVerified, error).help("get the list again"),
        VerifyError::NoRoots { .. } => {
            Failure::new(Exit::Usage, error).help("give the roots, a policy or their verifier keys or their fingerprint, with --roots, or the list that you believed last with --since")
        }
        VerifyError::NoNotice { path } if path.join(REGISTER_JSON).is_file() => {
            let (dir, note) = (path.display(), path.join(REGISTER_NOTE));
            let help = format!(
                "it is a register: impound verify {}, or hold a notice against it with --register {dir}",
                note.display()
            );
            Failure::new(Exit::Usage, error).help(help)
        }
        VerifyError::WebPage { .. } => {
            Failure::new(Exit::Usage, error).help("give the notice.note that lies beside it, or the directory")
        }
        VerifyError::Unsigned { path, .. } => {
            let beside = path.with_file_name(NOTICE_NOTE);
            let help = match beside.is_file() {
                true => format!("the signed one is beside it: impound verify {}", beside.display()),
                false => "give the note with its signatures, notice.note in the same kit".to_owned(),
            };
            Failure::new(Exit::NotVerified, error).help(help)
        }
        VerifyError::SecretKey { path } => secret_key_given(&path.clone(), error),
        VerifyError::NotKeys { .. } | VerifyError::NotTrust { .. } => Failure::new(Exit::Usage, error).help(KEYS_HELP),
        VerifyError::Key { .. } | VerifyError::Keys { .. } => Failure::new(Exit::Usage, error).help(KEYS_HELP),
        VerifyError::Others { .. } => Failure::new(Exit::NotVerified, error).help("give one edition of it, NOTICE/EDITION"),
        VerifyError::NotAKeyList { .. } => Failure::new(Exit::Usage, error).help("leave --roots out, and --since"),
        VerifyError::OnionLookup { .. } => {
            Failure::new(Exit::Usage, error).help("give the local address of the service with --connect")
        }
        _ => Failure::new(Exit::Usage, error),
    }
}

/// What `--keys` takes.
const KEYS_HELP: &str = "give the agencies' verifier keys (NAME+12345678+BASE64, one a line; AGENCY.vkey in a kit), a policy of such \
                         keys, or their signed key list with --roots; and have them from the agencies, never from the notice itself";

/// What to do about a list that is not believed.
pub(super) fn list_help(refusal: &KeyListRefusal) -> &'static str {
    match refusal {
        KeyListRefusal::Gap { .. } | KeyListRefusal::Signature { .. } => {
            "get the lists in between, to lie beside it; or hold your roots against what the agencies print in their orders"
        }
        KeyListRefusal::Fork { .. } | KeyListRefusal::Rollback { .. } => {
            "somebody may be showing you other keys than everybody else; keep all files, and ask the agencies"
        }
        _ => "get the list again, and hold your roots against what the agencies print in their orders",
    }
}

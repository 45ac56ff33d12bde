//! `impound approve`.

use super::args::{Approve, Format};
use super::exit::OrFail;
use super::open::{held, unlock, write_whole};
use super::plan_file::PlanFile;
use super::{Env, Exit, Failure};
use crate::keyring::Role;
use crate::plan::refusal_text;
use crate::signed_note::{Note, NoteError, NoteSignature, NoteSigner, VerifierKey};
use serde_json::json;

/// Signs a plan, or a refusal of it.
pub(super) fn run(arguments: &Approve, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let mut file = PlanFile::read(&arguments.plan)?;
    signed_by(&file)?;
    if !agrees(arguments, &file, env)? {
        return Err(Failure::new(Exit::Refused, "nothing was signed")
            .help("to refuse it for the record: --refuse --reason TEXT"));
    }
    let key = unlock(&arguments.key, Role::Approval, env)?;
    must_be_approver(&file, key.verifier())?;
    match &arguments.reason {
        Some(reason) => refuse(&file, &key, reason)?,
        None => sign(&mut file, &key)?,
    }
    let (plan, verb) = (file.plan.id(), if arguments.refuse { "refused" } else { "approved" });
    let (key, signed) = (key.verifier().name(), signed_by(&file)?);
    match format {
        Format::Text => {
            env.print(format!("{key} {verb} plan {plan}\n"))?;
            let so_far = if signed.is_empty() { "nobody".to_owned() } else { signed.join(", ") };
            let needed = file.plan.contents().needed.map(|needed| format!("; needed: {needed}")).unwrap_or_default();
            env.say(format!("approved so far by {so_far}{needed}"));
        }
        Format::Json => env.print_json(
            &json!({"version": 1, "plan": plan.to_string(), "key": key, "decision": verb, "approved_by": signed}),
        )?,
    }
    Ok(Exit::Ok)
}

/// Which approvers have signed. A signature that does not hold is found now, and not at the hour.
fn signed_by(file: &PlanFile) -> Result<Vec<String>, Failure> {
    let Some(note) = &file.note else { return Ok(Vec::new()) };
    let keys: Vec<VerifierKey> =
        file.plan.contents().approvers.into_iter().filter_map(|approver| approver.key).collect();
    match note.verify(&keys) {
        Ok(good) => Ok(good.into_iter().map(|key| key.name().to_string()).collect()),
        Err(NoteError::NoKnownSignature { .. }) => Ok(Vec::new()),
        Err(error) => Err(Failure::new(Exit::NotVerified, error).help(
            "the plan was altered after it was signed, or the signature was made up: have the plan drawn and signed anew",
        )),
    }
}

/// Shows a person what is about to be signed, and asks. Without a person at the input, giving the command is the answer.
fn agrees(arguments: &Approve, file: &PlanFile, env: &mut Env<'_>) -> Result<bool, Failure> {
    if !env.interactive {
        return Ok(true);
    }
    env.say(file.plan.text().as_str());
    loop {
        env.say(if arguments.refuse { "Refuse exactly this? [yes/no]" } else { "Sign exactly this? [yes/no]" });
        let mut answer = String::new();
        let read = env.input.read_line(&mut answer).or_fail(Exit::Environment)?;
        match answer.trim() {
            "yes" => return Ok(true),
            "no" => return Ok(false),
            _ if read == 0 => return Ok(false),
            _ => env.say("please write the whole word"),
        }
    }
}

/// The plan lists who may approve it; a signature by anyone else would not count, and is not made.
fn must_be_approver(file: &PlanFile, key: &VerifierKey) -> Result<(), Failure> {
    let line_end = format!(" {key}");
    let lines = file.plan.text().as_str().lines();
    if lines.into_iter().any(|line| line.starts_with("approver: ") && line.ends_with(&line_end)) {
        return Ok(());
    }
    let message = format!("`{}` is not among the approvers of this plan", key.name());
    Err(Failure::new(Exit::Refused, message)
        .help("approvers and their keys stand in the playbook; after a change there the plan must be drawn again"))
}

fn sign<S: NoteSigner>(file: &mut PlanFile, key: &S) -> Result<(), Failure> {
    let text = file.plan.text().clone();
    let signature = NoteSignature::sign(&text, key).or_fail(Exit::Environment)?;
    // Another approver may have signed it since it was read, or sign it now.
    let _held = held(&file.path)?;
    let now = PlanFile::read(&file.path)?;
    if *now.plan.text() != text {
        let replaced = format!("{} was replaced by another plan meanwhile", file.path.display());
        return Err(Failure::new(Exit::Refused, replaced).help("read what it says now, and run this again"));
    }
    *file = now;
    let note = file.note.get_or_insert(Note { text, signatures: Vec::new() });
    // Signing twice is signing once.
    if !note.signatures.contains(&signature) {
        note.signatures.push(signature);
    }
    file.write()
}

fn refuse<S: NoteSigner>(file: &PlanFile, key: &S, reason: &str) -> Result<(), Failure> {
    let text = refusal_text(file.plan.id(), reason).or_fail(Exit::Usage)?;
    let signature = NoteSignature::sign(&text, key).or_fail(Exit::Environment)?;
    let note = Note { text, signatures: vec![signature] };
    write_whole(&file.refusal_path(key.verifier().name()), note.to_string().as_bytes())
}

//! Who takes part: the operation itself, agencies, contacts, approvers and approvals.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::clock::UtcTime;
use crate::signed_note::{KeyType, VerifierKey};

use super::designs;
use super::files::Folder;
use super::problem::{Code, Problems};
use super::source::Place;
use super::spec::{
    AgencySpec, ApprovalsSpec, ApproverSpec, ContactSpec, DEFAULT_APPROVALS, DEFAULT_APPROVING_AGENCIES,
    DEFAULT_NOTICE_SIGNATURES, DEFAULT_WITNESSES, OperationSpec, Placed, PlaybookSpec, WitnessSpec,
};
use super::values::{
    Defined, count, country, domain, email, identifier, in_languages, key, language, service, time, unique,
};
use super::{Agency, Approvals, Approver, Contact, ContactPurpose, Id, Notice, Operation, Witness};

/// Evidence older than this at the hour is doubted: names were seized from owners who had them for months only.
const EVIDENCE_MAX_AGE: Duration = Duration::from_secs(90 * 24 * 60 * 60);

pub(super) fn operation(problems: &mut Problems, defined: &Defined, spec: &OperationSpec) -> Option<Operation> {
    let id = identifier(problems, &spec.id);
    let lead = defined.refer(problems, "agency", &spec.lead);
    let evidence_date = time(problems, &spec.evidence_date);
    let hour = time(problems, &spec.hour);
    if let (Some(evidence), Some(hour)) = (evidence_date, hour) {
        evidence_is_fresh(problems, spec, evidence, hour);
    }
    Some(Operation {
        id: id?,
        title: spec.title.value.clone(),
        lead: lead?,
        case: spec.case.value.clone(),
        evidence_date: evidence_date?,
        hour: hour?,
        language: spec.language.as_ref().and_then(|tag| language(problems, tag)),
    })
}

fn evidence_is_fresh(problems: &mut Problems, spec: &OperationSpec, evidence: UtcTime, hour: UtcTime) {
    let days = hour.since(evidence).as_secs() / (24 * 60 * 60);
    if evidence > hour {
        let help = "write when the targets were last held against evidence, before the hour";
        problems.add(Code::EvidenceAfterHour, &spec.evidence_date, "the evidence is dated after the hour", help);
    } else if hour.since(evidence) > EVIDENCE_MAX_AGE {
        let help = "look again who uses each name, then write that date";
        problems.add(
            Code::EvidenceOld,
            &spec.evidence_date,
            format!("the evidence is {days} days old at the hour"),
            help,
        );
    } else {
        return;
    }
    problems.also(&spec.hour, "the hour");
}

pub(super) fn agencies(problems: &mut Problems, folder: &Folder, specs: &[Placed<AgencySpec>]) -> Vec<Agency> {
    unique(problems, "agency", specs.iter().map(|spec| &spec.id));
    specs.iter().filter_map(|spec| agency(problems, folder, spec)).collect()
}

fn agency(problems: &mut Problems, folder: &Folder, spec: &AgencySpec) -> Option<Agency> {
    let id = identifier(problems, &spec.id);
    let country = country(problems, &spec.country);
    let domain = domain(problems, &spec.domain);
    let notice_key = spec.notice_key.as_ref().and_then(|text| key(problems, text, domain.as_ref()));
    let names = in_languages(problems, &spec.names);
    // A seal that cannot be used is an error of its own; what refers to the agency is still checked.
    let seal = spec.seal.as_ref().and_then(|seal| designs::seal(problems, folder, seal));
    let name = spec.name.value.clone();
    Some(Agency { id: id?, name, names, country: country?, domain: domain?, notice_key, seal })
}

pub(super) fn contacts(problems: &mut Problems, defined: &Defined, specs: &[Placed<ContactSpec>]) -> Vec<Contact> {
    specs.iter().filter_map(|spec| contact(problems, defined, spec)).collect()
}

fn contact(problems: &mut Problems, defined: &Defined, spec: &ContactSpec) -> Option<Contact> {
    let agency = defined.refer(problems, "agency", &spec.agency);
    let email = email(problems, &spec.email);
    let purpose = ContactPurpose::ALL.into_iter().find(|purpose| purpose.word() == spec.purpose.value);
    let text = |text: &Option<Placed<String>>| text.as_ref().map(|text| text.value.clone());
    let (phone, hours, hours_in) = (text(&spec.phone), text(&spec.hours), in_languages(problems, &spec.hours_in));
    if let Some((tag, _)) = spec.hours_in.first_key_value().filter(|_| hours.is_none()) {
        problems.add(Code::Lacks, tag, "the hours are translated and not given", "add hours = \"…\"");
    }
    Some(Contact { agency: agency?, purpose: purpose?, email: email?, phone, hours, hours_in })
}

pub(super) fn approvers(
    problems: &mut Problems,
    defined: &Defined,
    agencies: &[Agency],
    specs: &[Placed<ApproverSpec>],
) -> Vec<Approver> {
    unique(problems, "approver", specs.iter().map(|spec| &spec.id));
    specs.iter().filter_map(|spec| approver(problems, defined, agencies, spec)).collect()
}

fn approver(problems: &mut Problems, defined: &Defined, agencies: &[Agency], spec: &ApproverSpec) -> Option<Approver> {
    let id = identifier(problems, &spec.id);
    let role = identifier(problems, &spec.role);
    let agency = defined.refer(problems, "agency", &spec.agency);
    let holder = agencies.iter().find(|known| agency.as_ref() == Some(&known.id)).map(|known| &known.domain);
    let key = spec.key.as_ref().and_then(|text| key(problems, text, holder));
    Some(Approver { id: id?, agency: agency?, role: role?, key })
}

pub(super) fn witnesses(
    problems: &mut Problems,
    defined: &Defined,
    agencies: &[Agency],
    spec: &PlaybookSpec,
) -> Vec<Witness> {
    unique(problems, "witness of", spec.witness.iter().map(|witness| &witness.agency));
    let lead = spec.operation.as_ref().map(|operation| &operation.lead);
    for own in spec.witness.iter().filter(|witness| Some(&witness.agency) == lead) {
        let message = "the agency that leads would witness its own log";
        problems.add(Code::OwnWitness, &own.agency, message, "name a partner, or remove the witness");
    }
    spec.witness.iter().filter_map(|spec| witness(problems, defined, agencies, spec)).collect()
}

fn witness(problems: &mut Problems, defined: &Defined, agencies: &[Agency], spec: &WitnessSpec) -> Option<Witness> {
    let agency = defined.refer(problems, "agency", &spec.agency);
    let holder = agencies.iter().find(|known| agency.as_ref() == Some(&known.id)).map(|known| &known.domain);
    let url = service(problems, &spec.url);
    if url.as_ref().is_some_and(|url| url.starts_with("http://")) {
        let message = "the witness is asked without encryption";
        problems.add(Code::PlainWitness, &spec.url, message, "write https://, unless the way there is encrypted");
    }
    let key = spec.key.as_ref().and_then(|text| Some((text, key(problems, text, holder)?)));
    if let Some((text, _)) = key.as_ref().filter(|(_, key)| key.key_type() != KeyType::Cosigner) {
        let help = "use the key that `impound key new DOMAIN/witness` has made";
        problems.add(Code::WitnessKey, *text, "this key signs notes, and is not a witness's", help);
    }
    Some(Witness { agency: agency?, url: url?, key: key.map(|(_, key)| key) })
}

/// Notes every key that stands twice, whoever holds it.
pub(super) fn keys_are_apart(problems: &mut Problems, spec: &PlaybookSpec) {
    let of_agencies = spec.agency.iter().filter_map(|agency| agency.notice_key.as_ref());
    let of_approvers = spec.approver.iter().filter_map(|approver| approver.key.as_ref());
    let of_witnesses = spec.witness.iter().filter_map(|witness| witness.key.as_ref());
    let mut seen: BTreeMap<[u8; 32], &Placed<String>> = BTreeMap::new();
    for text in of_agencies.chain(of_approvers).chain(of_witnesses) {
        let Ok(key) = text.parse::<VerifierKey>() else { continue };
        if let Some(first) = seen.get(&key.public_key()) {
            problems.add(
                Code::KeyReused,
                text,
                "this key is in use already",
                "make a key of its own: `impound key new`",
            );
            problems.also(*first, "here");
        } else {
            seen.insert(key.public_key(), text);
        }
    }
}

pub(super) fn approvals(
    problems: &mut Problems,
    spec: &Placed<ApprovalsSpec>,
    approvers: &[Approver],
    notices: &[Notice],
    witnesses: &[Witness],
) -> Option<Approvals> {
    let plan = count(problems, spec.plan.as_ref(), DEFAULT_APPROVALS);
    let agencies = count(problems, spec.agencies.as_ref(), DEFAULT_APPROVING_AGENCIES);
    let notice = count(problems, spec.notice.as_ref(), DEFAULT_NOTICE_SIGNATURES);
    let witnessed = count(problems, spec.witnesses.as_ref(), DEFAULT_WITNESSES);
    let place = |number: &Option<Placed<u64>>| number.as_ref().map_or_else(|| Place::from(spec), Place::from);
    let of_agencies = approvers.iter().map(|approver| &approver.agency).collect::<BTreeSet<_>>().len();
    at_most(problems, plan, approvers.len(), place(&spec.plan), "approvers for a plan");
    at_most(problems, agencies, of_agencies, place(&spec.agencies), "agencies with approvers");
    if spec.witnesses.is_some() {
        at_most(problems, witnessed, witnesses.len(), place(&spec.witnesses), "agencies that witness the log");
    }
    for signers in notices {
        let what = format!("agencies that can sign the notice `{}`", signers.id);
        at_most(problems, notice, signers.agencies.len(), place(&spec.notice), &what);
    }
    let roles = spec.roles.iter().filter_map(|text| role(problems, approvers, text)).collect();
    let witnesses = witnessed?.min(witnesses.len());
    Some(Approvals { plan: plan?, roles, agencies: agencies?, notice: notice?, witnesses })
}

fn at_most(problems: &mut Problems, wanted: Option<usize>, there: usize, place: Place, what: &str) {
    if let Some(wanted) = wanted.filter(|wanted| *wanted > there) {
        let message = format!("{wanted} are asked for; there are {there} {what}");
        problems.add(Code::Approvals, place, message, format!("write {there} at most, or add more"));
    }
}

fn role(problems: &mut Problems, approvers: &[Approver], text: &Placed<String>) -> Option<Id> {
    let role = identifier(problems, text)?;
    if !approvers.iter().any(|approver| approver.role == role) {
        let message = format!("no approver has the role `{role}`");
        problems.add(Code::Approvals, text, message, "add an [[approver]] in this role, or remove the role");
    }
    Some(role)
}

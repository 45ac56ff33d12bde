//! Plans from the example operation, and their approvals.

use std::path::Path;

use super::*;
use crate::authority::Action;
use crate::keyring::SecretKey;
use crate::playbook::{Playbook, load};
use crate::signed_note::{Note, NoteSignature, NoteSigner};

fn playbook() -> Playbook {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks/harbour-light");
    load(&path).unwrap().playbook.unwrap()
}

fn state(playbook: &Playbook) -> StartingState {
    let mut state = StartingState::default();
    for target in playbook.all_targets() {
        state.insert(target.subject, Facts::from([("delegation".to_owned(), "ns1.old.test".to_owned())]));
    }
    state
}

fn notices() -> Vec<NoticeDigest> {
    vec![NoticeDigest { id: "harbour-light/banner/1".to_owned(), digest: Digest::of("manifest") }]
}

fn drawn(playbook: &Playbook, state: &StartingState) -> Plan {
    let hour = playbook.operation.hour;
    let authorizations = authorize_all(playbook, hour).unwrap();
    draw(playbook, &authorizations, state, &notices(), hour).unwrap()
}

#[test]
fn the_same_world_gives_the_same_bytes_and_another_world_other_lines() {
    let playbook = playbook();
    let plan = drawn(&playbook, &state(&playbook));
    assert_eq!(drawn(&playbook, &state(&playbook)), plan);
    assert!(plan.text().as_str().is_ascii());
    let mut moved = state(&playbook);
    let first = playbook.targets[0].subject.clone();
    moved.insert(first.clone(), Facts::from([("delegation".to_owned(), "ns1.elsewhere.test".to_owned())]));
    assert_eq!(
        plan.differences(&drawn(&playbook, &moved)),
        [
            format!("- before: {first} delegation=ns1.old.test"),
            format!("+ before: {first} delegation=ns1.elsewhere.test")
        ]
    );
    // One name of a list changes one line as well.
    let listed = playbook.all_targets().last().unwrap().subject;
    let mut moved = state(&playbook);
    moved.insert(listed, Facts::from([("delegation".to_owned(), "unknown".to_owned())]));
    let differences = plan.differences(&drawn(&playbook, &moved));
    assert_eq!(differences.len(), 2, "{differences:?}");
    assert!(differences[1].ends_with(" unknown=1"), "{differences:?}");
}

#[test]
fn a_target_without_authorization_or_without_a_look_gets_into_no_plan() {
    let playbook = playbook();
    let hour = playbook.operation.hour;
    let authorizations = authorize_all(&playbook, hour).unwrap();
    let (last, rest) = authorizations.split_last().unwrap();
    let missing = draw(&playbook, rest, &state(&playbook), &notices(), hour);
    assert!(matches!(missing, Err(PlanError::Unauthorized { subject }) if subject == *last.subject()));
    let unseen = draw(&playbook, &authorizations, &StartingState::default(), &notices(), hour);
    assert!(matches!(unseen, Err(PlanError::NoState { .. })));
}

#[test]
fn an_order_that_is_over_authorizes_nothing_and_all_refusals_are_told() {
    let playbook = playbook();
    let after = playbook.orders.iter().map(|order| order.expires).max().unwrap();
    let Err(PlanError::NotAuthorized { refusals, targets }) = authorize_all(&playbook, after) else { panic!() };
    assert_eq!(refusals.len(), targets);
    assert_eq!(targets, playbook.target_count());
}

#[test]
fn an_authorization_for_another_action_does_not_count() {
    let playbook = playbook();
    let hour = playbook.operation.hour;
    let mut authorizations = authorize_all(&playbook, hour).unwrap();
    let subject = playbook.targets[0].subject.clone();
    let other = playbook.orders.iter().find_map(|order| {
        let actions = Action::ALL.into_iter().filter(|action| *action != playbook.targets[0].means.action());
        actions.filter_map(|action| order.authorize(&subject, action, hour).ok()).next()
    });
    authorizations.retain(|authorization| *authorization.subject() != subject);
    authorizations.extend(other);
    let drawn = draw(&playbook, &authorizations, &state(&playbook), &notices(), hour);
    assert!(matches!(drawn, Err(PlanError::Unauthorized { subject: refused }) if refused == subject));
}

#[test]
fn what_is_not_a_plan_is_refused_with_the_line() {
    for (text, line) in [
        ("impound-plan/v2\noperation: a\ndrawn-at: 2026-11-22T08:00:00Z\n", 1),
        ("impound-plan/v1\n", 2),
        ("impound-plan/v1\noperation: a\ndrawn-at: today\n", 3),
    ] {
        let text = NoteText::new(text.to_owned()).unwrap();
        assert!(matches!(Plan::parse(text), Err(PlanError::Line { line: found, .. }) if found == line));
    }
}

/// The example operation with keys for its approvers, in their order.
fn with_keys() -> (Playbook, Vec<SecretKey>) {
    let mut playbook = playbook();
    let mut keys = Vec::new();
    for (index, approver) in playbook.approvers.iter_mut().enumerate() {
        let name = format!("{}.example/approval/{}", approver.agency, approver.id).parse().unwrap();
        let key = SecretKey::from_seed(name, &[u8::try_from(index).unwrap() + 1; 32]).unwrap();
        approver.key = Some(key.verifier().clone());
        keys.push(key);
    }
    (playbook, keys)
}

fn signed(plan: &Plan, keys: &[&SecretKey]) -> Option<Note> {
    let text = plan.text().clone();
    let signatures: Vec<_> = keys.iter().map(|key| NoteSignature::sign(&text, *key).unwrap()).collect();
    (!signatures.is_empty()).then_some(Note { text, signatures })
}

#[test]
fn approvals_count_people_roles_and_agencies() {
    let (playbook, keys) = with_keys();
    let plan = drawn(&playbook, &state(&playbook));
    let at = |approver: &str| {
        let place = playbook.approvers.iter().position(|one| one.id.as_str() == approver).unwrap();
        &keys[place]
    };
    let stranger = SecretKey::from_seed("ncu.example/approval/stranger".parse().unwrap(), &[99; 32]).unwrap();
    let (prosecutor, commander, engineer, counsel) = (at("prosecutor"), at("commander"), at("engineer"), at("counsel"));
    let cases: Vec<(&str, Vec<&SecretKey>, &[&str])> = vec![
        ("nobody", vec![], &["0 of 3 approvers", "role `legal`", "role `command`", "0 of 2 agencies"]),
        ("two of three", vec![prosecutor, commander], &["2 of 3 approvers"]),
        (
            "one person three times",
            vec![prosecutor, prosecutor, prosecutor],
            &["1 of 3 approvers", "role `command`", "1 of 2 agencies"],
        ),
        ("nobody in command", vec![prosecutor, engineer, counsel], &["role `command`"]),
        ("a stranger does not count", vec![prosecutor, commander, &stranger], &["2 of 3 approvers"]),
        ("enough", vec![prosecutor, commander, engineer], &[]),
        ("all", vec![prosecutor, commander, engineer, counsel], &[]),
    ];
    for (what, signers, missing) in cases {
        let verdict = judge(&playbook, &plan, signed(&plan, &signers).as_ref(), &[]).unwrap();
        let told: Vec<String> = verdict.missing.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), missing.len(), "{what}: {told:?}");
        assert!(told.iter().zip(missing).all(|(told, part)| told.contains(part)), "{what}: {told:?}");
        assert_eq!(verdict.is_approved(), missing.is_empty(), "{what}");
    }
}

#[test]
fn signatures_under_another_plan_are_nothing_and_one_refusal_stops_it() {
    let (playbook, keys) = with_keys();
    let plan = drawn(&playbook, &state(&playbook));
    let all: Vec<&SecretKey> = keys.iter().collect();
    let mut moved = state(&playbook);
    moved.insert(playbook.targets[0].subject.clone(), Facts::new());
    let other = drawn(&playbook, &moved);
    let verdict = judge(&playbook, &plan, signed(&other, &all).as_ref(), &[]).unwrap();
    assert_eq!(verdict.approvals.len(), 0);

    let refusal = |about: PlanId, key: &SecretKey| {
        let text = refusal_text(about, "the order names\nanother site").unwrap();
        let signatures = vec![NoteSignature::sign(&text, key).unwrap()];
        Note { text, signatures }
    };
    let stranger = SecretKey::from_seed("ncu.example/approval/stranger".parse().unwrap(), &[99; 32]).unwrap();
    let enough = signed(&plan, &all);
    for (refusal, stops) in [
        (refusal(plan.id(), &keys[3]), true),
        (refusal(other.id(), &keys[3]), false),
        (refusal(plan.id(), &stranger), false),
    ] {
        let verdict = judge(&playbook, &plan, enough.as_ref(), &[refusal]).unwrap();
        assert_eq!(verdict.is_approved(), !stops);
        if stops {
            assert_eq!(verdict.refusals[0].reason, "the order names another site");
        }
    }
    let mut altered = enough.unwrap();
    altered.signatures[0].signature[5] ^= 1;
    assert!(judge(&playbook, &plan, Some(&altered), &[]).is_err(), "a bad signature by a known key refuses the note");
}

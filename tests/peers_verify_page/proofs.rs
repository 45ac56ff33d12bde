//! Key lists, and the proof that a notice stands in the log.

use crate::desk::*;
use crate::ring::*;
use impound::audit::{Actor, Entry};
use impound::keyring::{KeyList, KeyStatus, ListedKey, LogPolicy};
use impound::signed_note::{KeyType, NoteSigner, VerifierKey};

#[test]
fn the_page_and_the_program_believe_the_same_key_lists() {
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let good = desk.good();
    let list = ring.list(&desk, 1, &[(&ring.log, KeyStatus::Active), (&ring.witness, KeyStatus::Retired)]);
    let signed = ring.signed(&list);
    let roots = [&ring.police_root, &ring.court_root].map(NoteSigner::verifier);
    let [plain, one] = [format!("{}\n{}\n", roots[0], roots[1]), format!("{}\n", roots[0])];
    let early = {
        let mut list = list.clone();
        list.keys
            .iter_mut()
            .filter(|one| one.key == *desk.court.verifier())
            .for_each(|one| one.not_before = time("2027-01-01T00:00:00Z"));
        list.checked().unwrap()
    };
    let over = {
        let mut list = list.clone();
        list.keys
            .iter_mut()
            .filter(|one| one.key == *desk.court.verifier())
            .for_each(|one| one.not_after = time("2026-11-02T00:00:00Z"));
        list.checked().unwrap()
    };
    let half = note(&list.to_string(), &[&ring.police_root]);
    let strange = note(&list.to_string(), &[&desk.stranger]);
    let swapped = |from: &str, to: &str| {
        let text = list.to_string();
        assert!(text.contains(from), "{from}");
        note(&text.replacen(from, to, 1), &[&ring.police_root, &ring.court_root])
    };
    for (keys, roots, at, code) in [
        (signed.clone(), ring.roots(), NOON, "in-force"),
        (signed.clone(), plain.clone(), NOON, "in-force"),
        (signed.clone(), one, NOON, "in-force"),
        (signed.clone(), ring.roots(), "2027-02-22T08:00:00Z", "key-list-expired"),
        (signed.clone(), String::new(), NOON, ""),
        (signed.clone(), desk.policy(), NOON, ""),
        (desk.policy(), ring.roots(), NOON, ""),
        (half, ring.roots(), NOON, ""),
        (strange, ring.roots(), NOON, ""),
        (signed.replace("quorum: 2", "quorum: 1"), ring.roots(), NOON, ""),
        (list.to_string(), ring.roots(), NOON, ""),
        (
            ring.signed(&with_status(list.clone(), &desk.court, in_other_hands())),
            plain.clone(),
            NOON,
            "not-enough-signatures",
        ),
        (ring.signed(&with_status(list.clone(), &desk.spare, in_other_hands())), plain.clone(), NOON, "in-force"),
        (ring.signed(&with_status(list.clone(), &desk.court, KeyStatus::Retired)), plain.clone(), NOON, "in-force"),
        (ring.signed(&early), plain.clone(), NOON, "not-enough-signatures"),
        (ring.signed(&over), plain.clone(), NOON, "not-enough-signatures"),
        (swapped("version: 1", "version: 0"), plain.clone(), NOON, ""),
        (swapped("version: 1", "version: 01"), plain.clone(), NOON, ""),
        (swapped("threshold: 2", "threshold: 3"), plain.clone(), NOON, ""),
        (swapped("quorum: 2", "quorum: 3"), plain.clone(), NOON, ""),
        (swapped("quorum: 2\n", ""), plain.clone(), NOON, ""),
        (swapped("role=notice", "role=log"), plain.clone(), NOON, ""),
        (swapped("status=active", "status=revoked"), plain.clone(), NOON, ""),
        (swapped("status=active", "status=good"), plain.clone(), NOON, ""),
        (swapped("seizure-keys/v1", "seizure-keys/v2"), plain.clone(), NOON, ""),
        (swapped("role=witness", "role=witness "), plain.clone(), NOON, ""),
    ] {
        desk.both_say(code, &Question { keys, roots, at: at.into(), ..good.clone() });
    }
}

#[test]
fn the_page_and_the_program_walk_the_same_chains_of_key_lists() {
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let good = desk.good();
    let new_root = key("court.example/root/2");
    let first = ring.list(&desk, 1, &[]);
    let roots = [&ring.police_root, &new_root].map(|key| key.verifier().clone()).into();
    let second = KeyList { version: 2, roots, ..first.clone() }.checked().unwrap();
    let third = with_status(KeyList { version: 3, ..second.clone() }, &desk.court, in_other_hands());
    let one = ring.signed(&first);
    let two = note(&second.to_string(), &[&ring.police_root, &ring.court_root, &new_root]);
    let three = note(&third.to_string(), &[&ring.police_root, &new_root]);
    let by_new_alone = note(&second.to_string(), &[&ring.police_root, &new_root]);
    let backdated = KeyList { issued: time("2026-10-01T00:00:00Z"), ..second.clone() }.checked().unwrap();
    let backdated = note(&backdated.to_string(), &[&ring.police_root, &ring.court_root, &new_root]);
    let other = note(&first.to_string().replace("quorum: 2", "quorum: 1"), &[&ring.police_root, &ring.court_root]);
    let fourth = |list: KeyList| {
        let list = KeyList { version: 4, ..list }.checked().unwrap();
        note(&list.to_string(), &[&ring.police_root, &new_root])
    };
    let taken_back = fourth(with_status(third.clone(), &desk.court, KeyStatus::Active));
    let kept = fourth(third.clone());
    let mut renamed = third.clone();
    let court = desk.court.verifier().public_key();
    renamed.keys.retain(|listed| listed.key.public_key() != court);
    let as_log = VerifierKey::of_type(KeyType::Note, "court.example/log/second".parse().unwrap(), &court).unwrap();
    renamed.keys.extend(second.keys.first().map(|listed| ListedKey { key: as_log, ..listed.clone() }));
    renamed.quorum = 1;
    let renamed = fourth(renamed);
    for (lists, code) in [
        (vec![&one, &two], "in-force"),
        (vec![&one, &two, &three], "not-enough-signatures"),
        (vec![&one, &two, &three, &kept], "not-enough-signatures"),
        // A revoked key is active again; one that signed notices is that of a log.
        (vec![&one, &two, &three, &taken_back], ""),
        (vec![&one, &two, &three, &renamed], ""),
        (vec![&one, &one], "in-force"),
        (vec![&one, &three], ""),
        (vec![&three], ""),
        // The roots that are believed have signed the second as well.
        (vec![&two, &three], "not-enough-signatures"),
        (vec![&one, &by_new_alone], ""),
        (vec![&one, &backdated], ""),
        (vec![&one, &other], ""),
    ] {
        let keys = lists.into_iter().map(String::as_str).collect();
        desk.both_say(code, &Question { keys, roots: ring.roots(), ..good.clone() });
    }
}

#[test]
fn the_page_and_the_program_believe_the_same_proofs_that_a_notice_is_in_the_log() {
    use KeyStatus::Active;
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let good = desk.good_note();
    let entry = entry_of(&good);
    let (early, late) = ("2026-11-22T08:30:00Z", "2026-11-22T10:00:01Z");
    let vkey = format!("{}\n", ring.log.verifier());
    let witnesses =
        [(ring.witness.verifier().clone(), None), (ring.other_witness.verifier().clone(), Some("https://w.example/"))];
    let policy = |need| LogPolicy::at_least(need, ring.log.verifier(), &witnesses).unwrap().to_string();
    let bare = ring.proof(&entry, &ring.log, &[]);
    let cosigned = ring.proof(&entry, &ring.log, &[(&ring.witness, early)]);
    let two = ring.proof(&entry, &ring.log, &[(&ring.other_witness, late), (&ring.witness, early)]);
    let other = entry_of(&note(&manifest().replace("118/2026", "119/2026"), &[&desk.police]));
    let fewer = entry_of(&note(&manifest(), &[&desk.police]));
    let met = Entry { action: "visit".into(), ..entry.clone() };
    let rehearsed = Entry { actor: Actor { role: "rehearsal".into(), ..entry.actor.clone() }, ..entry.clone() };
    let stranger = key("other.example/log");
    let with_extra = |text: &str, replaced: &str| text.replacen("extra ", replaced, 1);
    for (proof, log, code) in [
        (bare.clone(), String::new(), "in-force"),
        (bare.clone(), vkey.clone(), "in-force"),
        (cosigned.clone(), vkey.clone(), "in-force"),
        (cosigned.clone(), policy(1), "in-force"),
        (cosigned.clone(), policy(0), "in-force"),
        (bare.clone(), policy(0), "in-force"),
        (two.clone(), policy(2), "in-force"),
        (cosigned.clone(), policy(2), "not-enough-signatures"),
        (bare.clone(), policy(1), "not-enough-signatures"),
        (ring.proof(&rehearsed, &ring.log, &[]), vkey.clone(), "in-force"),
        (ring.proof(&fewer, &ring.log, &[]), vkey.clone(), "in-force"),
        (ring.proof(&other, &ring.log, &[]), vkey.clone(), "altered"),
        (ring.proof(&met, &ring.log, &[]), vkey.clone(), "altered"),
        (ring.proof(&entry, &stranger, &[]), vkey.clone(), "unknown-log"),
        (bare.replace("\nindex 2", "\nindex 1"), vkey.clone(), "altered"),
        (bare.replace("\nindex 2", "\nindex 9"), vkey.clone(), "altered"),
        (bare.replace("\nindex 2", "\nindex 02"), vkey.clone(), "malformed"),
        (bare.replace("\n5\n", "\n6\n"), vkey.clone(), "altered"),
        (bare.replace("\n5\n", "\n05\n"), vkey.clone(), "malformed"),
        (with_extra(&bare, "extra !"), vkey.clone(), "malformed"),
        (with_extra(&bare, "extra AAAA"), vkey.clone(), "altered"),
        (with_extra(&bare, "extar "), vkey.clone(), "malformed"),
        (bare.replace("tlog-proof@v1", "tlog-proof@v2"), vkey.clone(), "malformed"),
        (bare.split_once("\n\n").unwrap().0.to_owned(), vkey.clone(), "malformed"),
        (bare.trim_end().to_owned(), vkey.clone(), "malformed"),
        (String::new(), vkey.clone(), "malformed"),
        (bare.clone(), "nonsense\n".into(), ""),
        (bare.clone(), format!("log {vkey}"), ""),
        (bare.clone(), format!("log {vkey}witness w {vkey}quorum w\n"), ""),
        (bare.clone(), format!("log {vkey}quorum none\n"), "in-force"),
    ] {
        let question = Question { log, ..desk.question(&good) };
        write(&question.files.join("inclusion.tlog-proof"), proof);
        desk.both_say(code, &question);
        if code == "in-force" {
            write(&question.files.join("inclusion.tsr"), "a stamp");
            desk.both_say(code, &question);
        }
    }
    // Without the entry in it a receipt proves nothing here.
    let lines: Vec<&str> = bare.split_inclusive('\n').filter(|line| !line.starts_with("extra ")).collect();
    let question = Question { log: vkey.clone(), ..desk.question(&good) };
    write(&question.files.join("inclusion.tlog-proof"), lines.concat());
    desk.both_say("undetermined", &question);
    // Nor does one that was left out, where somebody asked for it.
    for (log, code) in [(vkey.clone(), "undetermined"), (policy(1), "undetermined"), (String::new(), "in-force")] {
        let question = Question { log, ..desk.question(&good) };
        desk.both_say(code, &question);
        write(&question.files.join("inclusion.tsr"), "a stamp");
        desk.both_say(code, &question);
    }

    // The court's key is in other hands since ten.
    let known = [(&ring.log, Active), (&ring.witness, Active)];
    let [below, above, alike] = ["w.police.example/witness", "example/witness", "notpolice.example/witness"].map(key);
    let at = |signer, at| ring.proof(&entry, &ring.log, &[(signer, at)]);
    for (further, proof, code) in [
        (known.to_vec(), at(&ring.witness, early), "in-force"),
        (known.to_vec(), at(&ring.witness, "2026-11-22T10:00:00Z"), "in-force"),
        (known.to_vec(), at(&ring.witness, late), "not-enough-signatures"),
        (known.to_vec(), at(&ring.witness, "2026-10-01T00:00:00Z"), "not-enough-signatures"),
        (known.to_vec(), bare.clone(), "not-enough-signatures"),
        (known.to_vec(), at(&ring.other_witness, early), "not-enough-signatures"),
        (known.to_vec(), ring.proof(&fewer, &ring.log, &[(&ring.witness, early)]), "not-enough-signatures"),
        (known.to_vec(), ring.proof(&met, &ring.log, &[(&ring.witness, early)]), "not-enough-signatures"),
        (known.to_vec(), ring.proof(&entry, &stranger, &[(&ring.witness, early)]), "not-enough-signatures"),
        (vec![(&ring.log, Active), (&ring.own_witness, Active)], at(&ring.own_witness, early), "not-enough-signatures"),
        (vec![(&ring.log, Active), (&below, Active)], at(&below, early), "not-enough-signatures"),
        (vec![(&ring.log, Active), (&above, Active)], at(&above, early), "not-enough-signatures"),
        (vec![(&ring.log, Active), (&alike, Active)], at(&alike, early), "in-force"),
        (
            vec![(&ring.log, Active), (&ring.witness, in_other_hands())],
            at(&ring.witness, early),
            "not-enough-signatures",
        ),
        (vec![(&ring.witness, Active)], at(&ring.witness, early), "not-enough-signatures"),
        (vec![(&ring.log, in_other_hands()), (&ring.witness, Active)], at(&ring.witness, early), "in-force"),
        (
            vec![(&ring.log, in_other_hands()), (&ring.witness, Active)],
            at(&ring.witness, late),
            "not-enough-signatures",
        ),
    ] {
        let list = with_status(ring.list(&desk, 1, &further), &desk.court, in_other_hands());
        let question = Question { keys: ring.signed(&list), roots: ring.roots(), ..desk.question(&good) };
        write(&question.files.join("inclusion.tlog-proof"), proof);
        desk.both_say(code, &question);
    }
}

#[test]
fn of_a_genuine_notice_with_a_damaged_log_proof_it_is_said_that_the_proof_is_damaged() {
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let good = desk.good_note();
    let proof = ring.proof(&entry_of(&good), &ring.log, &[]);
    let cut = proof.len() - proof.len() / 3;
    let other = proof.replacen("index 2", "index 1", 1);
    for (what, damaged, code) in
        [("cut off", &proof[..cut], "malformed"), ("nonsense", "nothing", "malformed"), ("another", &other, "altered")]
    {
        let question = Question { log: ring.log.verifier().to_string(), ..desk.question(&good) };
        write(&question.files.join("inclusion.tlog-proof"), damaged);
        desk.both_say(code, &question);
        let said = desk.browser.value("document.querySelector('.verdict').textContent").to_string();
        assert!(
            said.contains("Its log proof, inclusion.tlog-proof, is damaged") && said.contains(code),
            "{what}: {said}"
        );
        assert!(!said.contains("This is no notice") && !said.contains("This has been altered"), "{what}: {said}");
    }
    // What is damaged in the note itself is no matter of the proof.
    let question = desk.good();
    write(&question.files.join("notice.note"), "nothing");
    desk.both_say("malformed", &question);
    let said = desk.browser.value("document.querySelector('.verdict').textContent").to_string();
    assert!(said.contains("This is no notice"), "{said}");
}

/// Small damage at places all over a proof and all over a key list that is then signed.
#[test]
fn the_page_and_the_program_come_to_the_same_about_damaged_proofs_and_lists() {
    const PIECES: [&str; 9] = ["", "\n", " ", "0", "A", "+", "-", ": ", "\u{e9}"];
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let good = desk.good_note();
    let proof = ring.proof(&entry_of(&good), &ring.log, &[(&ring.witness, "2026-11-22T08:30:00Z")]);
    let list = ring.list(&desk, 1, &[(&ring.log, KeyStatus::Active), (&ring.witness, KeyStatus::Active)]);
    let text = list.to_string();
    for number in 0..80 {
        let is_list = number % 2 == 0;
        let (source, piece) = (if is_list { &text } else { &proof }, PIECES[number % PIECES.len()]);
        let at = number * 41 % (source.len() - 4);
        let Some((start, end)) = source.get(..at).zip(source.get(at + number % 3..)) else { continue };
        let damaged = format!("{start}{piece}{end}");
        let is_text = !damaged.contains("\n\n") && damaged.ends_with('\n') && damaged.starts_with("seizure-keys/");
        if is_list && !is_text {
            continue;
        }
        let keys = if is_list { note(&damaged, &[&ring.police_root, &ring.court_root]) } else { ring.signed(&list) };
        let question = Question { keys, roots: ring.roots(), ..desk.question(&good) };
        write(&question.files.join("inclusion.tlog-proof"), if is_list { &proof } else { &damaged });
        let page = desk.page_says(&question);
        match desk.program_says(&question) {
            Ok(report) => {
                assert_eq!(page["verdict"]["code"], report["verdict"]["code"], "{question:?}\n{page:#}\n{report:#}");
                assert_eq!(page["checks"], report["checks"], "{question:?}\n{damaged}");
            }
            Err(why) => assert!(page["fault"].is_string(), "{question:?}: {why}, but {page:#}"),
        }
    }
}
